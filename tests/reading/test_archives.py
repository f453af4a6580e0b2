"""Web archives and tables: each page and row a report, each bad one an error of its own."""

from __future__ import annotations

import datetime
import gzip
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillon.errors import NotAnArticle, ReadError, TooLarge, UnknownFormat
from stillon.model import Report
from stillon.reading import read_source
from stillon.settings import Settings

PROSE = "The harbour council will meet on Thursday to vote on the new ferry line, its chair said on Tuesday. "
PAGE = (
    '<!doctype html><html><head><title>Vote</title><meta property="article:published_time" content="2031-03-04">'
    f"</head><body><article><p>{PROSE}</p><p>{PROSE}</p></article></body></html>"
).encode()
SETTINGS = Settings(max_bytes=1_000_000)


SITE = "https://post.example"


def _record(path: str, body: bytes, *, kind: str = "response", head: str = "", media: str = "text/html") -> bytes:
    block = body
    if kind == "response":
        block = (head or f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n\r\n").encode() + body
    media = "application/http" if kind == "response" else media
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {SITE}/{path}", "WARC-Date: 2031-03-05T00:00:00Z",
             "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>", f"Content-Type: {media}",
             f"Content-Length: {len(block)}"]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def _all(path: Path) -> list[Report | ReadError]:
    return list(read_source(str(path), SETTINGS))


@pytest.fixture
def warc() -> bytes:
    """An archive of good pages and bad ones, as crawlers leave them."""
    packed = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    return b"".join(
        [
            _record(
                "https://post.example/info", b"software: a crawler", kind="warcinfo", media="application/warc-fields"
            ),
            _record("a", PAGE),
            _record("b", gzip.compress(PAGE), head=packed),
            _record("c", b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE), head=chunked),
            _record("d", (PROSE * 3).encode(), kind="conversion", media="text/plain"),
            _record(
                "https://post.example/request", b"GET / HTTP/1.1\r\n\r\n", kind="request", media="application/http"
            ),
            _record(
                "https://post.example/gone", PAGE, head="HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n"
            ),
            _record("logo", b"\x89PNG", media="image/png"),
            _record("empty", b""),
            _record("bomb", gzip.compress(b" " * 9_000_000), head=packed),
            _record("broken", gzip.compress(PAGE)[:60] + b"x" * 60, head=packed),
            _record("last", PAGE),
        ]
    )


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed by record"])
def test_each_page_of_a_web_archive_is_a_report(warc: bytes, tmp_path: Path, packed: bool) -> None:
    file = tmp_path / ("a.warc.gz" if packed else "a.warc")
    records = warc.split(b"WARC/1.0\r\n")[1:]
    file.write_bytes(b"".join(gzip.compress(b"WARC/1.0\r\n" + each) for each in records) if packed else warc)
    found = _all(file)
    read = [each for each in found if isinstance(each, Report)]
    assert [each.url for each in read] == [f"https://post.example/{name}" for name in ("a", "b", "c", "d", "last")]
    assert [each.published for each in read] == [datetime.date(2031, 3, 4)] * 3 + [None, datetime.date(2031, 3, 4)]
    assert all(PROSE.strip() in each.text for each in read)
    failed = [(type(each), each.reason) for each in found if isinstance(each, ReadError)]
    assert failed[:4] == [
        (UnknownFormat, "the server answered 404"), (UnknownFormat, "image/png is not read"),
        (NotAnArticle, "it is empty"), (TooLarge, "longer than 1000000 bytes"),
    ]  # fmt: skip
    assert failed[4][0] is UnknownFormat
    assert all("https://post.example/" in (each.about or "") for each in found if isinstance(each, ReadError))


def test_a_web_archive_is_told_by_its_bytes(warc: bytes) -> None:
    found = list(read_source("-", SETTINGS, stdin=io.BytesIO(gzip.compress(warc))))
    assert sum(isinstance(each, Report) for each in found) == 5


def test_a_web_archive_that_breaks_off_keeps_what_came_before(warc: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(warc)[:-400])
    found = _all(tmp_path / "a.warc.gz")
    assert any(isinstance(each, Report) for each in found)
    assert isinstance(found[-1], ReadError)


def test_an_archive_without_a_page_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(_record("info", b"x", kind="warcinfo"))
    (tmp_path / "b.warc").write_bytes(b"no archive at all")
    assert [type(each) for name in ("a", "b") for each in _all(tmp_path / f"{name}.warc")] == [UnknownFormat] * 2


def _table(**columns: Any) -> pa.Table:
    return pa.table({"text": [PROSE, PROSE, None], **columns})


def test_each_row_of_a_table_is_a_report(tmp_path: Path) -> None:
    day, instant = datetime.date(2031, 3, 4), datetime.datetime(2031, 3, 4, 23, 30, tzinfo=datetime.UTC)
    table = _table(
        id=["a", "b", "c"], published=[day, None, day], outlet=["Echo"] * 3, modified=pa.array([instant, None, None]),
        authors=[["Ina Marlow"], None, None], other=[{"x": 1}] * 3,
    )  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    one, other, bad = _all(tmp_path / "a.parquet")
    assert isinstance(one, Report)
    assert isinstance(other, Report)
    assert (one.file, one.published, one.publisher, one.authors) == ("a", day, "Echo", ("Ina Marlow",))
    assert one.modified_at == instant
    assert (other.file, other.published) == ("b", None)
    assert isinstance(bad, NotAnArticle)
    packed = tmp_path / "a.parquet.gz"
    packed.write_bytes(gzip.compress((tmp_path / "a.parquet").read_bytes()))
    assert len(_all(packed)) == 3


def test_a_midnight_without_a_zone_is_a_day(tmp_path: Path) -> None:
    pq.write_table(_table(published=[datetime.datetime(2031, 3, 4)] * 3), tmp_path / "a.parquet")
    first = _all(tmp_path / "a.parquet")[0]
    assert isinstance(first, Report)
    assert (first.published, first.published_at) == (datetime.date(2031, 3, 4), None)


def test_tables_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    pq.write_table(pa.table({"words": ["x"]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1" + b"\xff" * 40 + b"PAR1")
    pq.write_table(pa.table({"text": ["a" * 2_000_000] * 20}), tmp_path / "c.parquet", compression="zstd")
    a, b, c = (_all(tmp_path / f"{name}.parquet")[0] for name in "abc")
    assert isinstance(a, UnknownFormat)
    assert 'without a column "text"' in a.reason
    assert isinstance(b, UnknownFormat)
    assert isinstance(c, TooLarge)
