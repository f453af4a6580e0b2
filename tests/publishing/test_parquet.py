import io
import sys
from datetime import date
from typing import Any

import pyarrow.parquet
import pytest

from stillon.errors import PublishError
from stillon.keeping.exchanging import rows_of
from stillon.model import Dossier
from stillon.publishing import parquet


def _read(body: bytes) -> Any:
    return pyarrow.parquet.read_table(io.BytesIO(body))


def test_rows_are_read_back_with_their_types(dossier: Dossier) -> None:
    table = _read(parquet.render(rows_of(dossier.assessments, day=date(2031, 3, 10))))
    assert {field.name: str(field.type).partition("[")[0] for field in table.schema} == dict(parquet.COLUMNS)
    launch, trial, _ = table.to_pylist()
    assert (launch["day"], launch["start"], launch["status"]) == (date(2031, 3, 10), date(2031, 3, 18), "postponed")
    assert (launch["credibility"], launch["contradictions"]) == (3, 2)
    assert (trial["start"], trial["precision"], trial["place"]) == (None, "vague", None)


def test_the_columns_are_those_of_csv_in_their_order(dossier: Dossier) -> None:
    for row in rows_of(dossier.assessments, day=None):
        assert list(row) == list(parquet.COLUMNS)


def test_no_row_is_a_file_with_columns_and_no_row() -> None:
    table = _read(parquet.render([]))
    assert (table.num_rows, table.column_names) == (0, list(parquet.COLUMNS))


def test_the_same_rows_give_the_same_bytes(dossier: Dossier) -> None:
    first, second = (parquet.render(rows_of(dossier.assessments, day=None)) for _ in range(2))
    assert first == second


def test_many_rows_are_written_in_groups(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "AT_ONCE", 2)
    body = parquet.render(rows_of([*dossier.assessments, *dossier.assessments], day=None))
    assert pyarrow.parquet.ParquetFile(io.BytesIO(body)).num_row_groups == 3


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(PublishError, match=r"stillon\[parquet\]"):
        parquet.render([])


def test_a_lone_surrogate_is_replaced(dossier: Dossier) -> None:
    (row, *_) = rows_of(dossier.assessments, day=None)
    assert _read(parquet.render([{**row, "name": "half \ud83d"}])).to_pylist()[0]["name"] == "half ?"
