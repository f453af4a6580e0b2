"""What the desk's board and event pages cost with few and with very many reports.

`python bench/serve.py [--sizes 400 100000]` makes a store of made-up stories (no model is loaded), copies its rows
under other ids until there are as many reports as asked for (so that filling takes seconds; the indexes that only
adding needs are left out), and prints the medians of whole requests, answered in process: the board, its second page,
a filtered board, the board of yesterday, an event, a report; on the clock, and in the processor's own time, which other
work on the machine does not lengthen. Growth is the ratio of the latter to the smallest size.
"""

from __future__ import annotations

import argparse
import datetime
import re
import resource
import statistics
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from starlette.testclient import TestClient
from store import PER_STORY, TODAY, extractions

from stillon.keeping import answering, filing
from stillon.model import Extraction
from stillon.serving import Desk, make_app
from stillon.settings import Settings
from stillon.storing import Store, Writer, codec, open_store

BASE = 400
"""Reports that are filed and answered as they would be; the rest are copies of their rows."""
MEASURED = 40
"""Requests of each kind."""


def _now() -> datetime.datetime:
    return datetime.datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=datetime.UTC)


def fill(store: Store) -> None:
    """Files the base, with ids that can be told apart from all other words."""
    for number, extraction in zip(range(BASE), extractions(), strict=False):
        text = re.sub(r'"b(?=\d)', '"@0@', codec.dump(extraction))
        assert number // PER_STORY < BASE
        filing.file_extraction(store, codec.load(Extraction, text), version="bench", now=_now)
    answering.refresh(store, today=TODAY)


def copy(writer: Writer, number: int) -> None:
    """Copies the rows of the base once more, under ids of their own."""
    most = 10_000_000
    run = writer.connection.exec_driver_sql
    by, to = "'@0@'", f"'@{number}@'"
    base = f"seq < {most}"
    up = number * most
    run(f"INSERT INTO report SELECT seq + {up}, replace(id, {by}, {to}), replace(address, {by}, {to}), revision,"
        f" published, counts_from, grams, recorded_at, replace(body, {by}, {to}) FROM report WHERE {base}")  # fmt: skip
    run(f"INSERT INTO words (rowid, body) SELECT seq + {up}, json_extract(body, '$.text') FROM report WHERE {base}")
    run(f"INSERT INTO reading SELECT seq + {up}, report + {up}, version, recorded_at, about FROM reading WHERE {base}")
    run(f"INSERT INTO mention SELECT seq + {up}, replace(id, {by}, {to}), reading + {up}, component + {up},"
        f" replace(body, {by}, {to}) FROM mention WHERE {base}")  # fmt: skip
    run(f"INSERT INTO claim SELECT seq + {up}, replace(id, {by}, {to}), reading + {up}, mention + {up},"
        f" replace(body, {by}, {to}) FROM claim WHERE {base}")  # fmt: skip
    run(f"INSERT INTO pair SELECT a + {up}, b + {up}, odds, recorded_at FROM pair WHERE a < {most}")
    run(f"INSERT INTO answer SELECT replace(event, {by}, {to}), component + {up}, kind, status, start,"
        ' "end", doubtful, who, place, words, reports, made_for, good_until FROM answer'
        f" WHERE component < {most}")  # fmt: skip
    run(f"INSERT INTO answer_body SELECT replace(event, {by}, {to}), replace(body, {by}, {to}) FROM answer_body"
        f" WHERE event LIKE '@0@%'")  # fmt: skip


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


def measure(store: Store) -> dict[str, Figures]:
    """The figures for each kind of request."""
    client = TestClient(make_app(Desk(store, settings=Settings(), now=_now, today=lambda: TODAY)))
    first = client.get("/board.json").json()
    events = [each["id"] for each in first["events"]][:MEASURED]
    reports = [each["id"] for each in client.get("/reports.json").json()["reports"]][:MEASURED]
    next_page = client.get("/board.json?limit=10").json()["next"].replace("/board.json", "/board")
    yesterday = (TODAY - datetime.timedelta(days=1)).isoformat()
    asked = {
        "board": ["/"] * MEASURED,
        "next page": [next_page] * MEASURED,
        "filtered": ["/board?status=in+doubt&kind=strike"] * MEASURED,
        "yesterday": [f"/board?as_of={yesterday}"] * 5,
        "event": [f"/events/{id}" for id in events],
        "report": [f"/reports/{id}" for id in reports],
    }
    return {name: _median_ms(client, urls) for name, urls in asked.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[BASE, 100_000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'bench.db'}", create=True)
        fill(store)
        copies, first = 1, {}
        for size in sorted(options.sizes):
            while copies * BASE < size:
                store.write(lambda writer, number=copies: copy(writer, number))
                copies += 1
            store.write(lambda writer: writer.connection.execute(sa.text("ANALYZE")))
            found = measure(store)
            first = first or found
            print(f"{copies * BASE} reports, {copies} times {BASE}")
            for name, (ms, cpu_ms, largest) in found.items():
                growth = cpu_ms / first[name][1]
                print(f"  {name:10} {ms:8.1f} ms  cpu {cpu_ms:7.1f} ms  growth {growth:5.2f}  {largest / 1000:6.1f} kB")
            print(f"  memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", flush=True)
        store.close()


if __name__ == "__main__":
    main()
