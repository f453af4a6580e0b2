"""What a store of a thousand, ten thousand and a hundred thousand reports costs: adding, the board, one event.

`python bench/store.py [--sizes 1000 10000 100000]` files a thousand made-up readings (no model is loaded) into an
SQLite file as `stillon add` does. The larger stores hold the same stories under other names: their rows are copied
within the database, each name, id and key another one each time. Then the same new reports go into every store, one
after the other, so that whatever else the machine does weighs on all sizes alike. Printed for each size: the median
of adding one report, of `board`, and of `event` by id and by words; growth is the ratio of adding to the smallest
size. CPU time is this process's own, wall time is what a clock shows. Memory is the peak of a process that adds,
asks for the board and for events.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import itertools
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stillon.keeping import answering, filing, tending
from stillon.model import (
    Assessment,
    Claim,
    Extraction,
    Kind,
    Mention,
    Precision,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
    When,
)
from stillon.storing import Store, Writer, open_store

TODAY = datetime.date(2031, 6, 1)
VIEW = answering.View(as_of=TODAY)
DAYS = 360
"""Days over which the reports are spread, up to today."""
PER_STORY = 8
"""Reports of one story, within two weeks."""
FILED = 1000
"""Reports that are filed; all beyond are copies of these under other names."""
MEASURED = 60
"""Reports whose adding is measured at each size."""
ASKED = 25
"""Times that the board and one event of it are asked for at each size."""
MOST = 50
"""Events that a board shows."""
NAME = "zzz"
"""What stands in every name, place and id, and is another three letters in each copy."""
FIRST = [a + b for a in "Bal Dor Fen Gar Hol Jur Kel Lom Mor Nel Ost Per Quil Ros Sel Tav".split() for b in
         "an eth io us ara en is ov".split()]  # fmt: skip
FAMILY = [a + NAME + b for a in "Bran Cald Drev Esk Farn Grim Hald Ives Jorn Kest Lund Marr Nord Okon Pell Rask".split()
          for b in "berg dal holm kov man quist sen ström wick zon".split()]  # fmt: skip
KINDS = [Kind.MEETING, Kind.VOTE, Kind.HEARING, Kind.STRIKE, Kind.LAUNCH, Kind.TALKS]
FILL = """the council heard on that day what had been known for weeks and nobody wanted to say before the budget was
agreed and the harbour dredged while farmers of the plain waited for rain and for the price of barley to rise again
after a spring that had brought neither boats nor buyers nor any word from the ministry of works""".split()


# -- made-up readings -----------------------------------------------------------------------------


def extractions(since: datetime.date | None = None, per_day: int = 10) -> Iterator[Extraction]:
    """Readings without end: stories of a few reports each, all stories mixed, spread evenly over the days.

    With `since` they come in the order of time, `per_day` on each day from it on.
    """
    for number in itertools.count():
        chance = random.Random(number // PER_STORY)
        people = tuple(f"{chance.choice(FIRST)} {chance.choice(FAMILY)}" for _ in range(2))
        place = f"{chance.choice(FIRST)}{NAME}{chance.choice(['ville', 'by', 'stad', 'port'])}"
        begins = TODAY - datetime.timedelta(days=chance.randrange(DAYS))
        if since is not None:
            begins = since + datetime.timedelta(days=number // PER_STORY * PER_STORY // per_day)
        planned = begins + datetime.timedelta(days=chance.randrange(5, 60))
        kind = chance.choice(KINDS)
        chance = random.Random(-1 - number)
        published = min(TODAY, begins + datetime.timedelta(days=number % PER_STORY * 2))
        status = chance.choice([Status.SCHEDULED, Status.GOING_AHEAD, Status.POSTPONED, Status.IN_DOUBT])
        said = f"The {kind} of {people[0]} and {people[1]} in {place} is {status}, an aide said."
        text = f"{said} {' '.join(chance.choices(FILL, k=250))}. {place} and {people[0]} wait. {people[1]} does not."
        yield _extraction(f"b{NAME}{number}", number, text, said, published, people, place, planned, kind, status)


def _extraction(
    id: str, number: int, text: str, said: str, published: datetime.date, people: tuple[str, ...], place: str,
    planned: datetime.date, kind: Kind, status: Status,
) -> Extraction:  # fmt: skip
    report = Report(id=id, file=id, text=text, publisher=f"Paper {number % 40}", published=published)
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


# -- larger stores --------------------------------------------------------------------------------

_XOR = "(({0} | {1}) - ({0} & {1}))"
_COPIES = (
    "INSERT INTO report SELECT seq + :report, {id}, {address}, revision, published, counts_from, grams, recorded_at,"
    " {body} FROM report WHERE seq <= :report_max",
    "INSERT INTO words (rowid, body) SELECT seq + :report, replace(json_extract(body, '$.text'), :old, :new)"
    " FROM report WHERE seq <= :report_max",
    "INSERT INTO reading SELECT seq + :reading, report + :report, version, recorded_at, {about} FROM reading"
    " WHERE seq <= :reading_max",
    "INSERT INTO mention SELECT seq + :mention, {id}, reading + :reading, component + :mention, {body} FROM mention"
    " WHERE seq <= :mention_max",
    "INSERT INTO claim SELECT seq + :claim, {id}, reading + :reading, mention + :mention, {body} FROM claim"
    " WHERE seq <= :claim_max",
    f"INSERT INTO block (key, since, until, mention) SELECT {_XOR.format('key', ':mask')}, since, until,"
    " mention + :mention FROM block WHERE mention <= :mention_max",
    "INSERT INTO pair SELECT a + :mention, b + :mention, odds, recorded_at FROM pair WHERE b <= :mention_max"
    " AND a <= :mention_max",
    f"INSERT INTO gram (hash, report) SELECT {_XOR.format('hash', ':mask')}, report + :report FROM gram"
    " WHERE report <= :report_max",
    "INSERT INTO answer (event, component, kind, status, start, \"end\", doubtful, who, place, words, reports,"
    " made_for, good_until) SELECT {event}, component + :mention, kind, status, start, \"end\", doubtful, {who},"
    " {place}, {words}, reports, made_for, good_until FROM answer WHERE component <= :mention_max",
    "INSERT INTO answer_body SELECT {event}, {body} FROM answer_body WHERE instr(event, :old)",
)  # fmt: skip
"""How the rows of the filed reports are copied: numbers moved on, names and ids changed, keys of other bits."""
_RENAMED = ("id", "address", "body", "about", "event", "who", "place", "words")


def grow(store: Store, size: int) -> None:
    """Makes a store of the filed reports one of `size`."""
    tables = ("report", "reading", "mention", "claim")
    with store.read() as snapshot:
        last = {
            each: snapshot.connection.exec_driver_sql(f"SELECT max(seq) FROM {each}").scalar_one() for each in tables
        }
    for number in range(1, size // FILED):
        values: dict[str, object] = {"old": NAME, "new": _letters(number)}
        values["mask"] = random.Random(number).getrandbits(62)
        for table, highest in last.items():
            values |= {f"{table}_max": highest, table: highest * number}
        store.write(functools.partial(_copy, values=values))


def _copy(writer: Writer, *, values: dict[str, object]) -> None:
    renamed = {column: f"replace({column}, :old, :new)" for column in _RENAMED}
    for statement in _COPIES:
        writer.connection.exec_driver_sql(statement.format(**renamed), values)


def _letters(number: int) -> str:
    """Another three letters for each number, as long as those they stand for, so that every span still fits."""
    return chr(ord("a") + number // 26) + chr(ord("a") + number % 26) + "y"


# -- measuring ------------------------------------------------------------------------------------


@dataclass
class Spent:
    """Times in ms."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def measure(self, work: Callable[[], object]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.cpu.append(1000 * (time.process_time() - cpu))
        self.wall.append(1000 * (time.perf_counter() - wall))

    def __str__(self) -> str:
        return f"{statistics.median(self.cpu):7.1f} {statistics.median(self.wall):7.1f}"


@dataclass
class Desk:
    """A store of some size, and what was measured of it."""

    size: int
    path: Path
    adding: Spent = field(default_factory=Spent)
    board: Spent = field(default_factory=Spent)
    event: Spent = field(default_factory=Spent)
    words: Spent = field(default_factory=Spent)

    def __post_init__(self) -> None:
        self.store = open_store(str(self.path))

    def add(self, extraction: Extraction) -> None:
        self.adding.measure(lambda: filing.file_extraction(self.store, extraction, version="bench", now=_now))
        answering.refresh(self.store, today=TODAY)

    def ask(self, number: int) -> None:
        """The board, and one event of it by id and by words."""
        self.board.measure(self.first)
        found = self.first()
        chosen = found[number % len(found)].event
        self.event.measure(lambda: answering.event_dossier(self.store, chosen.id, view=VIEW))
        self.words.measure(lambda: self._find(" ".join(chosen.participants)))

    def first(self) -> Sequence[Assessment]:
        return answering.board(self.store, wanted=answering.Filter(), view=VIEW, today=TODAY, most=MOST).answers

    def _find(self, words: str) -> object:
        id, *_ = answering.find_events(self.store, words, view=VIEW, today=TODAY)
        return answering.event_dossier(self.store, id, view=VIEW)


def _now() -> datetime.datetime:
    return datetime.datetime(2031, 6, 1, 9, tzinfo=datetime.UTC)


def filed(folder: Path) -> Path:
    """A store of the reports that are really filed, its answers worked out."""
    path = folder / f"{FILED}.db"
    store = open_store(str(path), create=True)
    for extraction in itertools.islice(extractions(), FILED):
        filing.file_extraction(store, extraction, version="bench", now=_now)
    answering.refresh(store, today=TODAY)
    store.close()
    return path


def peak(path: Path) -> None:
    """Prints the most memory, in MB, that adding, the board and events take."""
    desk = Desk(0, path)
    for number, extraction in enumerate(itertools.islice(extractions(), FILED + MEASURED, FILED + MEASURED + 20)):
        desk.add(extraction)
        desk.ask(number)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000], help="thousands; default: 1000 10000")
    parser.add_argument("--check", action="store_true", help="look into the largest store as `stillon check` does")
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        peak(options.peak)
        return
    with tempfile.TemporaryDirectory() as folder:
        base = filed(Path(folder))
        desks = []
        for size in sorted(options.sizes):
            path = Path(folder) / f"{size}-reports.db"
            shutil.copy(base, path)
            desk = Desk(size, path)
            grow(desk.store, size)
            desks.append(desk)
        for extraction in itertools.islice(extractions(), FILED, FILED + MEASURED):
            for desk in desks:
                desk.add(extraction)
        for number in range(ASKED):
            for desk in desks:
                desk.ask(number)
        print("                add ms  growth          board ms        event ms     by words ms")
        print("reports    cpu    wall   (cpu)       cpu    wall     cpu    wall     cpu    wall   memory MB  file MB")
        for desk in desks:
            desk.store.close()
            command = [sys.executable, __file__, "--peak", str(desk.path)]
            memory = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
            growth = statistics.median(desk.adding.cpu) / statistics.median(desks[0].adding.cpu)
            print(
                f"{desk.size:7} {desk.adding} {growth:7.2f}   {desk.board} {desk.event} {desk.words} {memory:>11}"
                f" {desk.path.stat().st_size / 1e6:8.0f}",
                flush=True,
            )
        if options.check:
            for fault in tending.check_store(open_store(str(desks[-1].path))).faults or ("nothing is wrong",):
                print(fault)


if __name__ == "__main__":
    main()
