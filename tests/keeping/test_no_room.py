"""A store on a disk that is full, and one in a folder that may not be written: told by name, and nothing is lost."""

import contextlib
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stillon.errors import NotWritable
from stillon.keeping import exchanging, tending
from stillon.model import Report
from stillon.storing import open_store
from tests.keeping.conftest import Desk

MARCH_4, MARCH_10 = date(2031, 3, 4), date(2031, 3, 10)
NOBODY = 65534
MakeDesk = Callable[[str], Desk]


@pytest.fixture
def open_desk(clock: Any, make_report: Callable[..., Report], plain_extraction: None) -> Iterator[MakeDesk]:
    """Opens an SQLite file as a desk's store; a url that ends in "?" is opened to be asked, as a command does."""
    opened = []

    def build(path: str) -> Desk:
        opened.append(open_store(path.removesuffix("?"), create=not path.endswith("?")))
        return Desk(opened[-1], clock, make_report)

    yield build
    for store in opened:
        store.close()


@contextlib.contextmanager
def _no_file_longer_than(length: int) -> Iterator[None]:
    """Has the system refuse what a full disk refuses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def _as_anybody() -> Iterator[None]:
    """Without the right of root to write anywhere."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(mine)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that anybody may enter."""
    with tempfile.TemporaryDirectory(prefix="stillon-") as name:
        Path(name).chmod(0o755)
        yield Path(name)
        Path(name).chmod(0o755)


def _lines(desk: Desk) -> list[Any]:
    return list(exchanging.export_lines(desk.store))


def test_a_write_that_the_system_refuses_is_told_and_loses_nothing(open_desk: MakeDesk, folder: Path) -> None:
    desk = open_desk(str(folder / "desk.db"))
    desk.add("The launch is scheduled.", MARCH_4)
    desk.store.close()  # which empties the writer's log
    before = _lines(desk)
    with _no_file_longer_than(60_000):
        with pytest.raises(NotWritable, match="disk is full or failing"):
            desk.add("The launch is cancelled. " + "word " * 50_000, MARCH_10)
        assert desk.statuses() == {"launch": "scheduled"}
        assert _lines(desk) == before
    assert tending.check_store(desk.store).faults == ()
    desk.add("The launch is cancelled. " + "word " * 50_000, MARCH_10)
    assert desk.statuses() == {"launch": "cancelled"}


def test_a_store_in_a_folder_that_may_only_be_read_is_asked_and_not_written(open_desk: MakeDesk, folder: Path) -> None:
    path = str(folder / "desk.db")
    desk = open_desk(path)
    desk.add("The launch is scheduled.", MARCH_4)
    assert desk.statuses() == {"launch": "scheduled"}
    desk.add("The launch is cancelled.", MARCH_10)  # whose answer is still to be worked out
    before = _lines(desk)
    desk.store.close()
    folder.chmod(0o555)
    with _as_anybody():
        kept = open_desk(f"{path}?")
        assert kept.statuses() == {"launch": "cancelled"}
        assert kept.note(MARCH_10).changes[0].what == ("status",)
        assert tending.check_store(kept.store).faults == ()
        with pytest.raises(NotWritable, match="read-only"):
            kept.add("The launch is held.", date(2031, 3, 12))
        with pytest.raises(NotWritable, match="read-only"):
            open_desk(path).add("The launch is held.", date(2031, 3, 12))
    assert _lines(open_desk(path)) == before


def test_what_was_written_last_and_is_out_of_reach_is_told(open_desk: MakeDesk, folder: Path) -> None:
    """A file and its log copied to where SQLite cannot take the one into the other: no answer is better than an old."""
    desk = open_desk(str(folder / "desk.db"))
    desk.add("The launch is scheduled.", MARCH_4)
    copied = folder / "copy"
    copied.mkdir()
    for name in ("desk.db", "desk.db-wal"):
        (copied / name).write_bytes((folder / name).read_bytes())
    copied.chmod(0o555)
    with _as_anybody(), pytest.raises(NotWritable, match="where it may be written"):
        open_desk(f"{copied / 'desk.db'}?")
    copied.chmod(0o755)
    assert open_desk(f"{copied / 'desk.db'}?").statuses() == {"launch": "scheduled"}
