"""What the desk's board and event pages cost with few and with very many reports.

`python bench/serve.py [--sizes 1000 100000] [--store URL --as-of DAY]` makes stores of made-up stories as
bench/store.py does (no model is loaded), or takes a store that there is, and prints the medians of whole requests,
answered in process: the board, its second page, a filtered board, the board of the day before, an event, a report; on
the clock, and in the processor's own time, which other work on the machine does not lengthen. Growth is the ratio of
the latter to the smallest size. "first" is the first time that a page of the day before is asked for.
"""

from __future__ import annotations

import argparse
import datetime
import resource
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from starlette.testclient import TestClient
from store import TODAY, filed, grow

from stillon.serving import Desk, make_app
from stillon.settings import Settings
from stillon.storing import Store, open_store

MEASURED = 40
"""Requests of each kind."""


Figures = tuple[float, float, int]
"""Median on the clock in ms, median of the processor's time in ms, bytes of the largest answer."""


def _median_ms(client: TestClient, urls: list[str]) -> Figures:
    spent, worked, largest = [], [], 0
    for url in urls:
        begun, begun_work = time.perf_counter(), time.process_time()
        answer = client.get(url)
        spent.append(time.perf_counter() - begun)
        worked.append(time.process_time() - begun_work)
        assert answer.status_code == 200, (url, answer.status_code)
        largest = max(largest, len(answer.content))
    return 1000 * statistics.median(spent), 1000 * statistics.median(worked), largest


def measure(store: Store, today: datetime.date) -> dict[str, Figures]:
    """The figures for each kind of request."""

    def now() -> datetime.datetime:
        return datetime.datetime(today.year, today.month, today.day, 9, tzinfo=datetime.UTC)

    client = TestClient(make_app(Desk(store, settings=Settings(), now=now, today=lambda: today)))
    first = client.get("/board.json").json()
    events = [each["id"] for each in first["events"]][:MEASURED]
    reports = [each["id"] for each in client.get("/reports.json").json()["reports"]][:MEASURED]
    next_page = client.get("/board.json?limit=10").json()["next"].replace("/board.json", "/board")
    yesterday = f"/board?as_of={today - datetime.timedelta(days=1)}"
    asked = {
        "board": ["/"] * MEASURED,
        "next page": [next_page] * MEASURED,
        "filtered": ["/board?status=in+doubt&kind=strike"] * MEASURED,
        "first": [yesterday],
        "yesterday": [yesterday] * 5,
        "event": [f"/events/{id}" for id in events],
        "report": [f"/reports/{id}" for id in reports],
    }
    return {name: _median_ms(client, urls) for name, urls in asked.items()}


def show(told: str, found: dict[str, Figures], first: dict[str, Figures]) -> None:
    """Prints the figures of one store."""
    print(told)
    for name, (ms, cpu_ms, largest) in found.items():
        growth = cpu_ms / first[name][1]
        print(f"  {name:10} {ms:8.1f} ms  cpu {cpu_ms:7.1f} ms  growth {growth:5.2f}  {largest / 1000:6.1f} kB")
    print(f"  memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000], help="thousands")
    parser.add_argument("--store", help="a store that there is")
    parser.add_argument("--as-of", type=datetime.date.fromisoformat, default=TODAY, help="today, for that store")
    options = parser.parse_args()
    if options.store:
        found = measure(open_store(options.store), options.as_of)
        show(options.store, found, found)
        return
    with tempfile.TemporaryDirectory() as folder:
        base = filed(Path(folder))
        first: dict[str, Figures] = {}
        for size in sorted(options.sizes):
            path = Path(folder) / f"{size}-reports.db"
            shutil.copy(base, path)
            store = open_store(str(path))
            grow(store, size)
            found = measure(store, TODAY)
            first = first or found
            show(f"{size} reports", found, first)
            store.close()


if __name__ == "__main__":
    main()
