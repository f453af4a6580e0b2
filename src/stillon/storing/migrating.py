"""Makes a database a store, and an older store one of today: numbered SQL files, each in one transaction."""

from __future__ import annotations

import re
from importlib.resources import files

import sqlalchemy as sa

from stillon.errors import NotAStore, SchemaTooOld, StoreError
from stillon.storing.schema import fact

_FILE = re.compile(r"(\d{3})-[a-z0-9-]+\.(sqlite|postgresql)\.sql")
NUMBER = "migration"
"""Name of the fact that holds the number of the last migration."""


def migrations(dialect: str) -> list[tuple[int, str]]:
    """(number, SQL) of every migration for a database, in order."""
    found = []
    for path in (files("stillon.storing") / "migrations").iterdir():
        match = _FILE.fullmatch(path.name)
        if match and match[2] == dialect:
            found.append((int(match[1]), path.read_text(encoding="utf-8")))
    return sorted(found)


def statements(sql: str) -> list[str]:
    """The statements of a migration; none of them has a semicolon at a line's end inside."""
    lines = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
    return [each.strip() for each in re.split(r";\s*(?:\n|$)", lines) if each.strip()]


def number_of(connection: sa.Connection, *, about: str) -> int:
    """The number of the last migration that the store has seen; 0 for an empty database.

    Raises NotAStore for a database that holds other things.
    """
    tables = set(sa.inspect(connection).get_table_names())
    if not tables:
        return 0
    if not {"fact", "report", "reading"} <= tables:
        raise NotAStore("the database holds other tables, and no store", about=about)
    value = connection.execute(sa.select(fact.c.value).where(fact.c.name == NUMBER)).scalar()
    return int(value or 0)


def migrate(connection: sa.Connection, *, about: str) -> None:
    """Applies what is missing, within the transaction of `connection`. Raises as `check_number` does."""
    number = number_of(connection, about=about)
    newest = 0
    for newest, sql in migrations(connection.dialect.name):
        if newest > number:
            for statement in statements(sql):
                connection.exec_driver_sql(statement)
    if newest < number:
        raise StoreError("a newer stillon made this store: upgrade this one", about=about)
    if newest > number:
        connection.execute(fact.delete().where(fact.c.name == NUMBER))
        connection.execute(fact.insert().values(name=NUMBER, value=str(newest)))


def check_number(connection: sa.Connection, *, about: str) -> None:
    """Raises SchemaTooOld, NotAStore, or StoreError for a store of a newer stillon; else nothing."""
    number = number_of(connection, about=about)
    newest = max(each for each, _ in migrations(connection.dialect.name))
    if number == 0:
        raise NotAStore("the database is empty: `stillon add` makes a store of it", about=about)
    if number < newest:
        raise SchemaTooOld("an older stillon made this store: `stillon check --migrate` brings it up", about=about)
    if number > newest:
        raise StoreError("a newer stillon made this store: upgrade this one", about=about)
