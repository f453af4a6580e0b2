"""A store: one database, opened; everything in it is read in a `Snapshot` and written in a `Writer`.

Every database error is translated here. A write is one transaction, tried again where another writer was in the
way or the database went away for a moment; writers go one after the other, so that each sees what was linked before.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError

from stillon.errors import NotAStore, NotWritable, SettingsError, StoreError
from stillon.storing.migrating import check_number, migrate
from stillon.storing.rows import Snapshot, Writer

Result = TypeVar("Result")
DEFAULT_URL = "sqlite:///stillon.db"
BUSY_TIMEOUT_S = 30
"""Seconds that SQLite waits for another writer before the transaction is tried anew."""
TRIES = 7
"""Tries of a write; the waits between them add up to some 30 seconds, in which a database can restart."""
FIRST_WAIT_S = 0.5
"""Seconds before the second try; each wait is twice the one before."""
_LOCK = 0x5711104E
"""Number of the advisory lock that PostgreSQL's writers take; any number of our own would do."""
_PASSING = ("locked", "busy", "connect", "terminat", "shutting down", "starting up", "closed", "recovery", "deadlock")
"""Words of database errors after which trying again can help."""


class Store:
    """An open store; `url` names it in messages, without a password."""

    def __init__(self, engine: sa.Engine, url: str) -> None:
        self._engine = engine
        self.url = url

    @contextmanager
    def read(self) -> Iterator[Snapshot]:
        """Reads from one consistent state of the store. Raises StoreError."""
        with self._translated(), self._engine.connect() as connection:
            yield Snapshot(connection)

    def write(self, work: Callable[[Writer], Result]) -> Result:
        """What `work` returns, all its writing in one transaction: done as a whole, or not at all.

        `work` may run more than once, so that it must do nothing but write. Raises StoreError.
        """
        wait_s = FIRST_WAIT_S
        for attempt in range(TRIES):
            try:
                return self._write_once(work)
            except DBAPIError as error:
                if attempt == TRIES - 1 or not _passing(error):
                    raise self._error(error) from error
            except SQLAlchemyError as error:
                raise self._error(error) from error
            time.sleep(wait_s)
            wait_s *= 2
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def _write_once(self, work: Callable[[Writer], Result]) -> Result:
        with self._engine.connect().execution_options(writes=True) as connection:
            if connection.dialect.name == "postgresql":
                # each statement must see what was committed while this writer waited for its turn
                connection = connection.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                return work(Writer(connection))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise self._error(error) from error

    def _error(self, error: SQLAlchemyError) -> StoreError:
        """The database's error as one of ours, with what to do about it."""
        reason = _reason(error)
        lowered = reason.lower()
        if "readonly" in lowered or "read-only" in lowered:
            return NotWritable("it cannot be written: the file, its folder or the account is read-only", about=self.url)
        if "disk is full" in lowered or "no space left" in lowered or "disk i/o error" in lowered:
            return NotWritable(f"the disk is full or failing ({reason}); nothing was half-written", about=self.url)
        if "unable to open" in lowered:
            if _may_only_be_read(self._engine.url):
                return NotWritable(
                    "its folder is read-only; what was written last can only be read where it may be written",
                    about=self.url,
                )
            return StoreError("the file cannot be opened: check that the folder exists and is yours", about=self.url)
        if "not a database" in lowered or "malformed" in lowered:
            return NotAStore(f"not a store, or a damaged one ({reason})", about=self.url)
        return StoreError(reason, about=self.url)


def open_store(url: str = DEFAULT_URL, *, create: bool = False) -> Store:
    """The store at `url`: "sqlite:///file" or "postgresql://user@host/name", or the path of an SQLite file.

    With `create` a missing or older store is made or brought up to date. Raises SettingsError for a url of another
    kind, NotAStore where there is none, SchemaTooOld where it must be migrated first, StoreError where it fails.
    """
    given = url if "://" in url else f"sqlite:///{url}"
    engine, shown = _engine(given)
    store = Store(engine, shown)
    try:
        if create:
            store.write(lambda writer: migrate(writer.connection, about=shown))
        else:
            _refuse_missing_file(engine, shown)
            with store.read() as snapshot:
                check_number(snapshot.connection, about=shown)
    except StoreError:
        store.close()
        raise
    return store


def _engine(url: str) -> tuple[sa.Engine, str]:
    """The engine for a url, and the url without its password."""
    kind = url.partition("://")[0].partition("+")[0]
    try:
        made = sa.make_url(url)
        if kind == "sqlite":
            engine = _sqlite_engine(made)
            sa.event.listen(engine, "connect", _set_up_sqlite)
            sa.event.listen(engine, "begin", _begin_sqlite)
        elif kind in ("postgresql", "postgres"):
            made = made.set(drivername="postgresql+psycopg")
            engine = sa.create_engine(made, pool_pre_ping=True, isolation_level="REPEATABLE READ")
        else:
            raise SettingsError("neither sqlite:///FILE nor postgresql://HOST/NAME", about=url)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(f"no url of a store: {error}", about=url) from error
    except ImportError as error:
        raise SettingsError(
            "PostgreSQL needs the package psycopg: pip install 'stillon[postgres]'", about=url
        ) from error
    return engine, made.set(drivername=kind).render_as_string(hide_password=True)


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    """The engine of an SQLite file, also of one in a folder where SQLite cannot put its own files beside it.

    There nobody writes while the last writer's log is empty, so that the file alone is read, as it stands.
    """
    given: dict[str, Any] = {"timeout": BUSY_TIMEOUT_S, "isolation_level": None}
    if not _may_only_be_read(url):
        return sa.create_engine(url, connect_args=given)
    path = Path(str(url.database)).absolute()
    log = path.with_name(f"{path.name}-wal")

    def connect() -> sqlite3.Connection:
        alone = not log.exists() or log.stat().st_size == 0
        name = f"{path.as_uri()}{'?immutable=1' if alone else ''}"
        opened: sqlite3.Connection = sqlite3.connect(name, uri=True, check_same_thread=False, **given)
        return opened

    return sa.create_engine(url, creator=connect, poolclass=sa.NullPool)


def _may_only_be_read(url: sa.URL) -> bool:
    """True for an SQLite file that is there, in a folder that may not be written."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return False
    path = Path(str(url.database))
    asked = {"effective_ids": True} if os.access in os.supports_effective_ids else {}
    return path.exists() and not os.access(path.absolute().parent, os.W_OK, **asked)


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Readers and a writer do not wait for one another, and a commit is on the disk when it returns."""
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except Exception as error:
        if "readonly" not in str(error).lower():  # a store that may only be read has its mode already
            raise
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """A writer takes its turn at once, since a reader that turns writer could only fail."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refuse_missing_file(engine: sa.Engine, shown: str) -> None:
    """Raises NotAStore where an SQLite file is not there, rather than make an empty one."""
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name and name != ":memory:" and not Path(name).exists():
        raise NotAStore("there is no store: `stillon add` makes one", about=shown)


def _reason(error: SQLAlchemyError) -> str:
    """The database's own words, on one line."""
    original = getattr(error, "orig", None)
    return " ".join(str(original or error).split()) or type(error).__name__


def _passing(error: DBAPIError) -> bool:
    """True for what may be over in a moment: another writer, a server that restarts."""
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlstate", None) or ""
    if code in ("40001", "40P01") or code.startswith(("08", "57P")):
        return True
    return isinstance(error, OperationalError) and any(word in _reason(error).lower() for word in _PASSING)
