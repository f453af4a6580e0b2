#!/usr/bin/env python3
"""Times the reading of articles beside bare spaCy on the same texts, in one run.

    python bench/read.py [ARTICLES...] [--rounds 5] [--json]

Without articles the example story is read. Prints per article: bare spaCy (all of en_core_web_sm), stillon's extraction
alone, and extraction with linking and weighing, each as the median of the rounds, taken in turn so that a slow spell of
the machine meets all; the ratios to bare spaCy; then peak memory of each in a process of its own, and the wall time of
a cold `stillon read` of one article.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "budapest"


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("articles", nargs="*", default=[str(EXAMPLES)], help="files or folders")
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--memory-of", choices=MEMORY_OF, help=argparse.SUPPRESS)
    options = ask.parse_args()
    if options.memory_of:
        MEMORY_OF[options.memory_of](options.articles)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    figures = measure(options.articles, options.rounds)
    if options.json:
        print(json.dumps(figures))
        return 0
    for name, value in figures.items():
        print(f"{name:<42} {value:10.2f}")
    return 0


def measure(articles: list[str], rounds: int) -> dict[str, float]:
    """The figures by name."""
    import spacy

    from stillon import extract, load_reader, load_settings
    from stillon.pipeline import dossier, read_articles

    settings = load_settings()
    reports = list(read_articles(articles, settings=settings))
    words = sum(len(report.text.split()) for report in reports)
    bare = spacy.load(settings.spacy_pipeline)
    reader = load_reader(settings)

    def spacy_alone() -> None:
        for report in reports:
            bare(report.text)

    def extraction() -> None:
        for report in reports:
            extract(report, reader)

    def whole() -> None:
        for report in reports:
            dossier([extract(report, reader)], as_of=report.published)

    times: dict[str, list[float]] = {"bare spaCy": [], "extraction": [], "extraction, linking, weighing": []}
    steps: list[Callable[[], None]] = [spacy_alone, extraction, whole]
    for step in steps:
        step()
    for _ in range(rounds):
        for name, step in zip(times, steps, strict=True):
            started = time.perf_counter()
            step()
            times[name].append((time.perf_counter() - started) / len(reports))
    medians = {name: statistics.median(each) for name, each in times.items()}
    base = medians["bare spaCy"]
    figures = {"articles": float(len(reports)), "words per article": words / len(reports)}
    for name, seconds in medians.items():
        figures[f"{name}, ms per article"] = 1000 * seconds
        figures[f"{name}, words per second"] = words / len(reports) / seconds
        if seconds != base:
            figures[f"{name}, times bare spaCy"] = seconds / base
    for name in MEMORY_OF:
        figures[f"peak memory of {name}, MiB"] = float(_own_process(name, articles))
    figures["cold read of one article, s"] = statistics.median(_cold(articles[0]) for _ in range(3))
    return figures


def _bare(articles: list[str]) -> None:
    import spacy

    from stillon import load_settings
    from stillon.pipeline import read_articles

    settings = load_settings()
    bare = spacy.load(settings.spacy_pipeline)
    for report in read_articles(articles, settings=settings):
        bare(report.text)


def _stillon(articles: list[str]) -> None:
    from stillon import dossiers, load_reader, load_settings, read_articles

    settings = load_settings()
    for _ in dossiers(read_articles(articles, settings=settings), reader=load_reader(settings)):
        pass


MEMORY_OF: dict[str, Callable[[list[str]], None]] = {"bare spaCy": _bare, "stillon": _stillon}


def _own_process(name: str, articles: list[str]) -> str:
    command = [sys.executable, __file__, *articles, "--memory-of", name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _cold(source: str) -> float:
    """Seconds from the start of the command to its end, for one article."""
    path = Path(source)
    article = min(path.iterdir()) if path.is_dir() else path
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "stillon", "read", str(article)], capture_output=True, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
