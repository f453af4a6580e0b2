"""What a store of a thousand, ten thousand and more reports costs: adding one report, the board, one event.

`python bench/store.py [--sizes 1000 10000] [--store URL]` fills a new store with made-up readings (no model is
loaded), and prints for each size the median of adding one more, of `board` and `event`, and the memory used.
Growth is the ratio to the smallest size.
"""

from __future__ import annotations

import argparse
import datetime
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from stillon.keeping import answering, filing
from stillon.model import Claim, Extraction, Kind, Mention, Precision, Report, Source, SourceKind, Span, Status, When
from stillon.storing import Store, open_store

TODAY = datetime.date(2031, 6, 1)
DAYS = 360
"""Days over which the reports are spread, up to today."""
PER_STORY = 8
"""Reports of one story, within two weeks."""
MEASURED = 100
"""Reports whose adding is measured at each size."""
FIRST = [a + b for a in "Bal Dor Fen Gar Hol Jur Kel Lom Mor Nel Ost Per Quil Ros Sel Tav".split() for b in
         "an eth io us ara en is ov".split()]  # fmt: skip
FAMILY = [a + b for a in "Bran Cald Drev Esk Farn Grim Hald Ives Jorn Kest Lund Marr Nord Okon Pell Rask".split()
          for b in "berg dal holm kov man quist sen ström wick zon".split()]  # fmt: skip
KINDS = [Kind.MEETING, Kind.VOTE, Kind.HEARING, Kind.STRIKE, Kind.LAUNCH, Kind.TALKS]
FILL = """the council heard on that day what had been known for weeks and nobody wanted to say before the budget was
agreed and the harbour dredged while farmers of the plain waited for rain and for the price of barley to rise again
after a spring that had brought neither boats nor buyers nor any word from the ministry of works""".split()


def extractions() -> Iterator[Extraction]:
    """Readings without end: stories of a few reports each, all stories mixed, spread evenly over the days."""
    number = 0
    while True:
        chance = random.Random(number // PER_STORY)
        people = tuple(f"{chance.choice(FIRST)} {chance.choice(FAMILY)}" for _ in range(2))
        place = f"{chance.choice(FIRST)}{chance.choice(['ville', 'by', 'stad', 'port'])}"
        begins = TODAY - datetime.timedelta(days=chance.randrange(DAYS))
        planned = begins + datetime.timedelta(days=chance.randrange(5, 60))
        kind = chance.choice(KINDS)
        chance = random.Random(-1 - number)
        published = min(TODAY, begins + datetime.timedelta(days=number % PER_STORY * 2))
        status = chance.choice([Status.SCHEDULED, Status.GOING_AHEAD, Status.POSTPONED, Status.IN_DOUBT])
        said = f"The {kind} of {people[0]} and {people[1]} in {place} is {status}, an aide said."
        text = f"{said} {' '.join(chance.choices(FILL, k=250))}. {place} and {people[0]} wait. {people[1]} does not."
        yield _extraction(f"b{number}", text, said, published, people, place, planned, kind, status)
        number += 1


def _extraction(
    id: str, text: str, said: str, published: datetime.date, people: tuple[str, ...], place: str,
    planned: datetime.date, kind: Kind, status: Status,
) -> Extraction:  # fmt: skip
    report = Report(id=id, file=id, text=text, publisher=f"Paper {hash(text) % 40}", published=published)
    when = When(start=planned, end=planned, precision=Precision.DAY, text="that day")
    mentions = tuple(
        Mention(
            id=f"{id}.{at}",
            report=id,
            name=name,
            kind=of,
            participants=who,
            place=place,
            when=day,
            status=said_of,
            published=published,
        )
        for at, (name, of, who, day, said_of) in enumerate(
            [
                (f"{kind} of {people[0]} and {people[1]}", kind, people, when, status),
                (f"visit of {people[0]}", Kind.VISIT, people[:1], None, None),
                (f"speech of {people[1]}", Kind.SPEECH, people[1:], None, Status.HELD),
            ]
        )
    )
    claim = Claim(
        id=f"{id}:0",
        report=id,
        mention=mentions[0].id,
        status=status,
        text=said,
        span=Span(0, len(said)),
        sources=(Source(name="an aide", kind=SourceKind.UNNAMED, org=people[0]),),
        when=when,
        published=published,
        publisher=report.publisher,
    )
    return Extraction(report=report, mentions=mentions, claims=(claim,))


def _now() -> datetime.datetime:
    return datetime.datetime(2031, 6, 1, 9, tzinfo=datetime.UTC)


def _median_ms(work: Callable[[], object], times: int) -> float:
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return 1000 * statistics.median(spent)


def measure(store: Store, more: Iterator[Extraction]) -> tuple[float, float, float]:
    """Medians in ms: adding one report, the board, one event."""
    add_ms = _median_ms(lambda: filing.file_extraction(store, next(more), version="bench", now=_now), MEASURED)
    answering.refresh(store, today=TODAY)
    view = answering.View(as_of=TODAY)

    def board() -> answering.Board:
        return answering.board(store, wanted=answering.Filter(), view=view, today=TODAY, most=50)

    ids = [each.event.id for each in board().answers]
    board_ms = _median_ms(board, 15)
    chosen = iter(ids * 2)
    event_ms = _median_ms(lambda: answering.event_dossier(store, next(chosen), view=view), min(50, len(ids)))
    return add_ms, board_ms, event_ms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--store", help="an empty database; default: an SQLite file in a temporary folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        store = open_store(options.store or f"sqlite:///{path}", create=True)
        more = extractions()
        kept, first = 0, 0.0
        print("reports   add ms  growth  board ms  event ms  answers s  memory MB  file MB")
        for size in sorted(options.sizes):
            while kept < size:
                filing.file_extraction(store, next(more), version="bench", now=_now)
                kept += 1
            begun = time.perf_counter()
            answering.refresh(store, today=TODAY)
            answers_s = time.perf_counter() - begun
            add_ms, board_ms, event_ms = measure(store, more)
            kept += MEASURED
            first = first or add_ms
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            megabytes = path.stat().st_size / 1e6 if path.exists() else 0.0
            print(
                f"{size:7} {add_ms:8.1f} {add_ms / first:7.2f} {board_ms:9.1f} {event_ms:9.1f} {answers_s:10.1f}"
                f" {memory:10.0f} {megabytes:8.0f}",
                flush=True,
            )
        store.close()


if __name__ == "__main__":
    main()
