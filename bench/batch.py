"""What `stillon batch` does in a second with one worker and with two, beside bare spaCy, on the same articles.

    python bench/batch.py ARTICLES.jsonl[.gz] [--articles 500] [--workers 1 2]

All in one run, each a process of its own over the first articles; bare spaCy has all its components on. Two figures
each: articles a second by the wall clock, and by the seconds of processor that the run and its workers took, which
other work on the machine does not spoil. Starting up, which a run over an archive does once a worker, is measured by a
run over one article, and taken off.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = """
import json, sys, spacy
from stillon import load_settings
nlp = spacy.load(load_settings().spacy_pipeline)
for line in open(sys.argv[1], encoding="utf-8"):
    nlp(json.loads(line)["text"])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--articles", dest="number", type=int, default=500)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), options.articles, options.number, options.workers)
    for name, value in figures.items():
        print(f"{name:<60} {value:8.2f}")


def measure(folder: Path, source: Path, number: int, workers: list[int]) -> dict[str, float]:
    """The figures by name."""
    opened = gzip.open if source.suffix == ".gz" else open
    with opened(source, "rt", encoding="utf-8") as lines:
        some = list(itertools.islice(lines, number))
    many, one = folder / "many.jsonl", folder / "one.jsonl"
    many.write_text("".join(some), encoding="utf-8")
    one.write_text(some[0], encoding="utf-8")
    figures: dict[str, float] = {"articles": len(some)}
    wall, cpu = _spent(["-c", BARE, str(many)], ["-c", BARE, str(one)])
    figures["bare spaCy, articles a second of processor"] = bare = len(some) / cpu
    for count in workers:
        wall, cpu = _spent(
            ["-m", "stillon", "batch", str(many), str(folder / f"many-{count}"), "--workers", str(count)],
            ["-m", "stillon", "batch", str(one), str(folder / f"one-{count}"), "--workers", str(count)],
        )
        figures[f"{count} workers, articles a second"] = len(some) / wall
        figures[f"{count} workers, articles a second of processor"] = len(some) / cpu
        figures[f"{count} workers, times bare spaCy by processor"] = len(some) / cpu / bare
        if count != workers[0]:
            first = figures[f"{workers[0]} workers, articles a second"]
            figures[f"{count} workers, times {workers[0]}"] = len(some) / wall / first
    return figures


def _spent(work: list[str], start: list[str]) -> tuple[float, float]:
    """Seconds by the wall clock and of processor, without those of the start."""
    (wall, cpu), (start_wall, start_cpu) = _timed(work), _timed(start)
    return max(wall - start_wall, 1e-3), max(cpu - start_cpu, 1e-3)


def _timed(arguments: list[str]) -> tuple[float, float]:
    before, began = _cpu(), time.perf_counter()
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "STILLON_THREADS": "1"}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return time.perf_counter() - began, _cpu() - before


def _cpu() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    main()
