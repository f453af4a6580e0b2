"""What many articles lie in: web archives (WARC, ISO 28500) by FastWARC, and Parquet tables by pyarrow.

Both are read record by record within the limits on size, whatever the archive's own length. The two libraries come
with `pip install 'stillon[batch]'`.
"""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from stillon.errors import ReadError, TooLarge, UnknownFormat
from stillon.settings import Settings

COLUMNS = ("id", "text", "title", "url", "publisher", "outlet", "published", "modified", "authors", "before")
"""Columns of a Parquet table that are read; others are left where they are."""
ROWS_AT_ONCE = 64
"""Rows of a Parquet table that are held at one time."""
MAX_HEADER_BYTES = 64_000
"""Longest headers of one record of a web archive."""
_PAGES = {"text/html", "application/xhtml+xml", "text/plain", ""}
_CHUNK_BYTES = 1 << 16


class Stream(Protocol):
    """Bytes to be read, bounded and unpacked already."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`; empty at the end."""
        ...

    def tell(self) -> int:
        """How many bytes were read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """One page of a web archive."""

    about: str
    """How errors name it: the archive, the record's number and its url."""
    number: int
    """Number of the record among those that hold something to read, from 1."""
    url: str | None
    """Where it was fetched from."""
    body: bytes
    """The page, unpacked."""
    charset: str | None
    """Charset that the server gave."""
    media_type: str
    """Media type that the server gave, in lower case; empty when not given."""


def read_warc(stream: Stream, about: str, settings: Settings) -> Iterator[Archived | ReadError]:
    """The pages of a web archive in order, and an error in the place of each that cannot be had.

    Records of requests, metadata and the archive itself are passed over. Raises UnknownFormat where the archive is
    broken from some record on, or FastWARC is not installed.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        raise UnknownFormat("web archives need FastWARC: pip install 'stillon[batch]'", about=about) from error
    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    number = 0
    try:
        records: Any = ArchiveIterator(
            stream,  # type: ignore[arg-type]  # it asks for no more than `read`
            record_types=wanted, parse_http=True, auto_decode="transfer", max_header_len=MAX_HEADER_BYTES,
            stream_detect=False, fsspec_args=False,
        )  # fmt: skip
        for record in records:
            number += 1
            url = (record.headers.get("WARC-Target-URI") or "").strip("<>") or None
            where = f"{about}:{number}" + (f" ({url[:200]})" if url else "")
            try:
                yield _page(record, where, number, url, settings)
            except ReadError as error:
                yield error
    except ReadError:
        raise
    except (GeneratorExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # what FastWARC's Rust stumbles over comes as no Exception
        raise UnknownFormat(f"a broken web archive behind record {number}: {error}", about=about) from error
    if not number:
        raise UnknownFormat("a web archive without a page", about=about)


def _page(record: Any, about: str, number: int, url: str | None, settings: Settings) -> Archived:
    """One record; what is not a page that a server gave is refused."""
    headers: Mapping[str, str] = record.http_headers if record.http_headers is not None else {}
    status = getattr(headers, "status_code", None)
    if status is not None and status != 200:
        raise UnknownFormat(f"the server answered {status}", about=about)
    media_type = (record.http_content_type or record.headers.get("Content-Type", "") or "").split(";")[0]
    media_type = media_type.strip().lower()
    if media_type.startswith("application/http"):
        media_type = ""
    if media_type not in _PAGES:
        raise UnknownFormat(f"{media_type} is not read", about=about)
    return Archived(
        about=about,
        number=number,
        url=url,
        body=_body(
            record.reader,
            None if "Transfer-Encoding" in headers else record.content_length,
            headers.get("Content-Encoding", "") or "",
            about,
            settings,
        ),
        charset=record.http_charset,
        media_type=media_type,
    )


def _body(reader: Any, length: int | None, encoding: str, about: str, settings: Settings) -> bytes:
    """The body within the limit on size, unpacked; `length` says how much of it there must be."""
    encoding = encoding.strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise UnknownFormat(f"a body in the encoding {encoding!r}", about=about)
    inflater = None if encoding in {"", "identity"} else zlib.decompressobj(zlib.MAX_WBITS | 32)
    body = bytearray()
    taken = 0
    try:
        while chunk := reader.read(_CHUNK_BYTES):
            taken += len(chunk)
            body += inflater.decompress(chunk, settings.max_bytes + 1 - len(body)) if inflater else chunk
            if len(body) > settings.max_bytes:
                raise TooLarge(f"longer than {settings.max_bytes} bytes", about=about)
    except zlib.error as error:
        raise UnknownFormat(f"a body that cannot be unpacked: {error}", about=about) from error
    if (length is not None and taken < length) or (inflater and not inflater.eof):
        raise UnknownFormat("the page breaks off", about=about)
    return bytes(body)


def read_parquet(stream: BinaryIO, about: str, settings: Settings, *, max_ratio: int) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet table as objects; days and instants as ISO 8601.

    Raises UnknownFormat for a broken table or one without a column `text`, TooLarge for one that unpacks to more
    than `max_ratio` times its size.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise UnknownFormat("Parquet needs pyarrow: pip install 'stillon[batch]'", about=about) from error
    size = stream.seek(0, 2)
    stream.seek(0)
    try:
        table = pq.ParquetFile(stream)
        columns = [name for name in COLUMNS if name in table.schema_arrow.names]
        if "text" not in columns:
            raise UnknownFormat('a Parquet table without a column "text"', about=about)
        unpacked = sum(table.metadata.row_group(each).total_byte_size for each in range(table.num_row_groups))
        if unpacked > settings.max_bytes and unpacked > max_ratio * size:
            raise TooLarge(f"Parquet that unpacks to more than {max_ratio} times its size", about=about)
        for batch in table.iter_batches(batch_size=ROWS_AT_ONCE, columns=columns):
            for row in batch.to_pylist():
                yield {name: _plain(value) for name, value in row.items() if value is not None}
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnknownFormat(f"a broken Parquet table: {error}", about=about) from error


def _plain(value: Any) -> Any:
    """The value as JSON would hold it; an instant at midnight without a zone is a day."""
    if isinstance(value, datetime.datetime) and value.tzinfo is None and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else value
