"""Rows as Parquet, typed, for pandas, Polars, DuckDB and R. Needs pyarrow: `pip install "stillon[parquet]"`."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from stillon.errors import PublishError

COLUMNS: Mapping[str, str] = {
    "day": "date32",
    "event": "string",
    "name": "string",
    "kind": "string",
    "participants": "string",
    "place": "string",
    "start": "date32",
    "end": "date32",
    "precision": "string",
    "status": "string",
    "since": "date32",
    "likelihood": "string",
    "reliability": "string",
    "credibility": "int8",
    "origins": "int16",
    "publishers": "int16",
    "contradictions": "int16",
    "first_known": "date32",
}
"""Each column with its Arrow type; the same columns as CSV has, in its order."""
AT_ONCE = 10_000
"""Rows of one group of the file."""


def render(rows: Iterable[Mapping[str, object]]) -> bytes:
    """The rows as one file, also for no row. Raises PublishError where pyarrow is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise PublishError('needs pyarrow: pip install "stillon[parquet]"', about="parquet") from error
    schema = pyarrow.schema([(name, getattr(pyarrow, kind)()) for name, kind in COLUMNS.items()])
    written = io.BytesIO()
    remaining = iter(rows)
    with pyarrow.parquet.ParquetWriter(written, schema, compression="zstd") as writer:
        while some := list(itertools.islice(remaining, AT_ONCE)):
            columns = {name: [_plain(row[name]) for row in some] for name in COLUMNS}
            writer.write_table(pyarrow.table(columns, schema=schema))
    return written.getvalue()


def _plain(value: object) -> Any:
    """Words of the enumerations as strings, and strings as UTF-8 can carry them."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
