"""Files of a run: written beside their place and moved there whole, and tables cut into buckets.

A *bucket* holds the rows whose key has one hash, so that whoever works on a bucket sees all rows of a key, and no more
than the bucket's share of all. Each writer puts the rows of all buckets into one Arrow file, a batch a bucket, of which
a reader maps the batches it wants.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.int64]
MOST_ROWS = 250_000
"""Rows that a writer holds before it puts them into the file."""
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio, odd: spreads bits when multiplied


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write at; what is written stands at `path` once all of it is on the disk, and not before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield beside
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name, too, must outlive a crash
        finally:
            os.close(folder)
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Puts a text at `path`, whole."""
    with whole(path) as beside:
        beside.write_text(text, encoding="utf-8")


def write_table(path: Path, table: pa.Table, *, packed: bool, facts: Mapping[str, object] | None = None) -> None:
    """Puts a table at `path`, whole; what is not packed can be read row by row without the rest."""
    if facts is not None:
        table = table.replace_schema_metadata({"facts": json.dumps(facts)})
    options = pa.ipc.IpcWriteOptions(compression="zstd" if packed else None)
    with (
        whole(path) as beside,
        pa.OSFile(str(beside), "wb") as sink,
        pa.ipc.new_file(sink, table.schema, options=options) as file,
    ):
        file.write_table(table)


def read_table(path: Path) -> pa.Table:
    """The table at `path`, mapped where it is not packed."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def read_facts(path: Path) -> dict[str, Any]:
    """What `write_table` was told beside the table."""
    with pa.memory_map(str(path)) as source:
        facts: dict[str, Any] = json.loads(pa.ipc.open_file(source).schema.metadata[b"facts"])
        return facts


class BucketWriter:
    """Writes rows of one schema into an Arrow file, cut into buckets; a context that puts the file in its place."""

    def __init__(self, path: Path, schema: pa.Schema, buckets: int) -> None:
        self._path = path
        self._schema = schema
        self._buckets = buckets
        self._held: list[tuple[Numbers, pa.RecordBatch]] = []
        self._rows = 0

    def __enter__(self) -> BucketWriter:
        self._place = whole(self._path)
        self._sink = pa.OSFile(str(self._place.__enter__()), "wb")
        self._file = pa.ipc.new_file(self._sink, self._schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))
        return self

    def __exit__(self, *error: Any) -> None:
        if error[0] is None:
            self._flush()
        self._file.close()
        self._sink.close()
        self._place.__exit__(*error)

    def add(self, bucket: Numbers, rows: pa.RecordBatch) -> None:
        """Puts in rows, each with the number of its bucket."""
        self._held.append((bucket, rows))
        self._rows += len(bucket)
        if self._rows >= MOST_ROWS:
            self._flush()

    def add_rows(self, rows: Sequence[Mapping[str, object]], bucket: Sequence[int]) -> None:
        """The same for rows at hand."""
        if rows:
            self.add(np.asarray(bucket, dtype=np.int64), pa.RecordBatch.from_pylist(list(rows), schema=self._schema))

    def _flush(self) -> None:
        """One round of batches: a batch for each bucket, in order, empty where it has no rows."""
        if not self._held:
            return
        bucket = np.concatenate([each for each, _ in self._held])
        table = pa.Table.from_batches([rows for _, rows in self._held], schema=self._schema)
        order = np.argsort(bucket, kind="stable")
        table = table.take(pa.array(order)).combine_chunks()
        ends = np.searchsorted(bucket[order], np.arange(self._buckets + 1))
        for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            some = table.slice(start, end - start).to_batches()
            self._file.write_batch(some[0] if some else pa.RecordBatch.from_pylist([], schema=self._schema))
        self._held, self._rows = [], 0


def read_bucket(paths: Iterable[Path], bucket: int, buckets: int, schema: pa.Schema) -> pa.Table:
    """The rows of a bucket in the files of all its writers, in the order of the files."""
    return pa.Table.from_batches(
        [batch for path in paths for batch in _batches(path, bucket, buckets)], schema=schema
    ).combine_chunks()


def _batches(path: Path, bucket: int, buckets: int) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(str(path)) as source:
        file = pa.ipc.open_file(source)
        for number in range(bucket, file.num_record_batches, buckets):
            batch = file.get_batch(number)
            if batch.num_rows:
                yield batch


def column(table: pa.Table, name: str) -> Numbers:
    """A column of whole numbers."""
    values: Numbers = table.column(name).to_numpy().astype(np.int64, copy=False)
    return values


def bucket_of(keys: Numbers, buckets: int) -> Numbers:
    """The bucket of each key; spreads keys that follow one another."""
    mixed = keys.astype(np.uint64) * _MIX
    return np.asarray((mixed >> np.uint64(32)) % np.uint64(buckets), dtype=np.int64)
