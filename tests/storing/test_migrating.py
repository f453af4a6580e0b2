from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from stillon.errors import NotAStore, SchemaTooOld, SettingsError, StoreError
from stillon.storing import migrating, open_store
from stillon.storing.schema import METADATA


def _drawn(connection: sa.Connection) -> dict[str, object]:
    """Every table with its columns, keys and indexes, as the database tells."""
    there = sa.inspect(connection)
    return {
        name: {
            "columns": [(each["name"], str(each["type"]), each["nullable"]) for each in there.get_columns(name)],
            "key": there.get_pk_constraint(name)["constrained_columns"],
            "foreign": sorted(
                (each["constrained_columns"], each["referred_table"]) for each in there.get_foreign_keys(name)
            ),
            "unique": sorted(each["column_names"] for each in there.get_unique_constraints(name)),
            "indexes": sorted((each["name"], each["column_names"]) for each in there.get_indexes(name)),
        }
        for name in sorted(there.get_table_names())
        if not name.startswith("words")
    }


def _engine(url: str) -> sa.Engine:
    return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool)


def test_the_migrations_make_the_schema(new_url: Callable[[], str]) -> None:
    migrated, made = new_url(), new_url()
    open_store(migrated, create=True).close()
    METADATA.create_all(_engine(made))
    with _engine(migrated).connect() as one, _engine(made).connect() as other:
        assert _drawn(one) == _drawn(other)


def test_both_databases_have_the_same_migrations() -> None:
    numbers = [[number for number, _ in migrating.migrations(kind)] for kind in ("sqlite", "postgresql")]
    assert numbers[0] == numbers[1] == list(range(1, len(numbers[0]) + 1))


def test_a_store_is_opened_again_as_it_was(new_url: Callable[[], str]) -> None:
    url = new_url()
    open_store(url, create=True).close()
    open_store(url, create=True).close()
    open_store(url).close()


def test_a_migration_that_fails_leaves_nothing(new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    url = new_url()
    whole = migrating.migrations
    monkeypatch.setattr(migrating, "migrations", lambda kind: [*whole(kind), (99, "CREATE TABLE odd (;\n")])
    with pytest.raises(StoreError):
        open_store(url, create=True)
    monkeypatch.undo()
    with pytest.raises(NotAStore, match="empty"):
        open_store(url)
    open_store(url, create=True).close()


def test_an_older_store_must_be_migrated(new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    url = new_url()
    open_store(url, create=True).close()
    whole = migrating.migrations
    added = (99, "CREATE TABLE later (\n  seq INTEGER\n);\n")
    monkeypatch.setattr(migrating, "migrations", lambda kind: [*whole(kind), added])
    with pytest.raises(SchemaTooOld, match="check --migrate"):
        open_store(url)
    open_store(url, create=True).close()
    monkeypatch.undo()
    with pytest.raises(StoreError, match="newer stillon"):
        open_store(url)


def test_a_database_of_other_things_is_no_store(new_url: Callable[[], str]) -> None:
    url = new_url()
    with _engine(url).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE recipe (name TEXT)")
    for create in (False, True):
        with pytest.raises(NotAStore, match="other tables"):
            open_store(url, create=create)


def test_a_file_of_other_bytes_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, the ferry does not sail today. " * 100)
    with pytest.raises(NotAStore, match="not a database"):
        open_store(f"sqlite:///{path}")


def test_a_missing_file_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotAStore, match="stillon add"):
        open_store(f"sqlite:///{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder"):
        open_store(f"sqlite:///{tmp_path / 'no' / 'store.db'}", create=True)


@pytest.mark.parametrize("url", ["mysql://localhost/x", "http://example.org/store"])
def test_a_url_of_another_kind_is_wrong_use(url: str) -> None:
    with pytest.raises(SettingsError):
        open_store(url)


def test_a_password_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stillon.storing.store.TRIES", 1)
    with pytest.raises(StoreError) as told:
        open_store("postgresql://ada:secret@127.0.0.1:1/store")
    assert "secret" not in str(told.value)
