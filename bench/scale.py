"""Whether linking, weighing and the store stay level as reports come in, up to 100,000 and more.

    python bench/scale.py store [--reports 100000]      seconds of processor for each thousand put into one store
    python bench/scale.py batch [--sizes 1000 2000 4000]  the same for whole runs over that many reports

Readings are made up as in store.py: stories of eight reports, names, days and places drawn anew for each, so that no
model is loaded. Seconds are of processor, which other work on the machine does not spoil. A run of batch goes over all
reports once for each step, so that under its line stands what the first and the last fifth of each step's tasks took,
in seconds a thousand reports. The last line is the ratio of the last to the first, and the peak of memory at both ends.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import store as made

from stillon import batching
from stillon.batching import extracting
from stillon.batching.engines import Here
from stillon.batching.job import PART, Job
from stillon.batching.tables import read_facts, write_table
from stillon.keeping import answering, filing
from stillon.model import Extraction
from stillon.settings import Settings
from stillon.storing import open_store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("store", "batch"))
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--step", type=int, default=1_000)
    parser.add_argument("--per-day", type=int, default=10, help="how dense the archive is")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 2_000, 4_000])
    options = parser.parse_args()
    print("reports   seconds a thousand   peak MB", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        if options.what == "store":
            points = list(_store(Path(folder), options.reports, options.step, options.per_day))
        else:
            points = [_batch(Path(folder), size, options.per_day) for size in options.sizes]
    (first, small), (last, large) = points[0], points[-1]
    print(f"last to first {last / first:.2f}; memory {small:.0f} to {large:.0f} MB")


def _readings(reports: int, per_day: int) -> Iterator[Extraction]:
    """Those of an archive that ends today."""
    return made.extractions(made.TODAY - datetime.timedelta(days=reports // per_day), per_day)


def _told(reports: int, seconds: float) -> tuple[float, float]:
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(f"{reports:>7} {seconds:>20.2f} {peak:>9.0f}", flush=True)
    return seconds, peak


def _store(folder: Path, reports: int, step: int, per_day: int) -> Iterator[tuple[float, float]]:
    """Adds reports one by one, and answers after each step."""
    store = open_store(f"sqlite:///{folder / 'scale.db'}", create=True)
    more = _readings(reports, per_day)
    for done in range(step, reports + 1, step):
        began = time.process_time()
        for extraction in itertools.islice(more, step):
            filing.file_extraction(store, extraction, version="bench", now=made._now)
        answering.refresh(store, today=made.TODAY)
        yield _told(done, 1000 / step * (time.process_time() - began))
    store.close()


def _batch(folder: Path, reports: int, per_day: int) -> tuple[float, float]:
    """Links and answers that many reports that were read before."""
    out = folder / f"out-{reports}"
    job = Job(out=out, settings=Settings(), published=None, publisher=None, recorded_at=made._now(), version="bench")
    names = []
    more = _readings(reports, per_day)
    for number in range(0, reports, PART):
        some = [extracting._row(each) for each in itertools.islice(more, min(PART, reports - number))]
        facts = {"reports": len(some), "mentions": sum(each["mention_count"] for each in some),
                 "latest": made.TODAY.isoformat(), "rejected": 0}  # fmt: skip
        names.append(f"made-{number:08d}")
        table = pa.Table.from_pylist(some, schema=extracting._SCHEMA)
        write_table(job.read / f"{names[-1]}.arrow", table, packed=True, facts=facts)
    job = batching._with_answers(job, names, [read_facts(job.read / f"{name}.arrow") for name in names], [])
    began = time.process_time()
    ticks: dict[str, list[float]] = {}
    batching._link_all(job, Here(), lambda step, _done, _total: ticks.setdefault(step, []).append(time.process_time()))
    told = _told(reports, 1000 / reports * (time.process_time() - began))
    for step, times in ticks.items():
        tasks = len(times) - 1
        part = max(1, tasks // 5)
        rate = 1000 / reports * tasks / part
        print(f"  {step:<10} {rate * (times[part] - times[0]):.2f} {rate * (times[-1] - times[-1 - part]):.2f}")
    return told


if __name__ == "__main__":
    sys.exit(main())
