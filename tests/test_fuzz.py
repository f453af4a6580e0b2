"""Whatever bytes come in, nothing but the program's own errors comes out.

Each target is given documents of its own kind with pieces taken out, doubled, swapped and strewn with junk. A few of
each in `make test`; `make fuzz` goes on for ten minutes with each. What was ever found stays here as an example.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillon.errors import ReadError, StillonError
from stillon.extraction import Reader, load_reader
from stillon.extraction.when import find_times
from stillon.keeping import exchanging
from stillon.linking import link
from stillon.model import Day, Entry, Report
from stillon.pipeline import answer, extract_all
from stillon.publishing import ndjson, terminal
from stillon.reading import read_source
from stillon.reading.diaries import read_diary
from stillon.reading.feeds import read_feed
from stillon.reading.fetching import Fetched
from stillon.reading.metadata import parse_published, read_front
from stillon.settings import Settings
from stillon.storing import open_store
from stillon.watching import load_watch

FUZZ_S = float(os.environ.get("STILLON_FUZZ_S", "0"))
"""Seconds for each target; 0 for a few examples."""
pytestmark = pytest.mark.timeout(int(120 + 3 * FUZZ_S))
SETTINGS = Settings(max_bytes=100_000, max_chars=5_000)
PROSE = (
    "KARLSVIK, March 4 (Reuters) - The launch of the ferry Tidewater, planned for April 12, has been postponed, Minister "
    "Ada Lund said on Tuesday. “We will not sail before the piers are ready,” she said. The council's vote is still on, "
    "two officials said, unless the strike that the union announced for next week goes ahead.\n\nBy Ina Marlow\n"
)
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ferry | Echo</title><script type="application/'
    'ld+json">{"@type": "NewsArticle", "datePublished": "2031-03-04T22:30:00-05:00", "author": [{"name": "A"}]}</script>'
    f"</head><body><article><h1>Ferry</h1><p>{PROSE}</p><ul><li>One.</li></ul></article></body></html>"
)
RSS = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Echo</title><item><title>Ferry</title>'
    "<link>https://e.example/1</link><pubDate>Tue, 04 Mar 2031 10:00:00 GMT</pubDate><description>x</description></item>"
    "</channel></rss>"
)
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://e.example/1</loc><lastmod>2031-03-04'
    "</lastmod></url></urlset>"
)
MAIL = f"From: Desk <desk@e.example>\nSubject: Re: Ferry\nDate: Tue, 4 Mar 2031 10:00:00 +0100\nMIME-Version: 1.0\n\n{PROSE}"
WARC = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://e.example/\r\nWARC-Date: 2031-03-05T00:00:00Z\r\n"
    "WARC-Record-ID: <urn:uuid:0>\r\nContent-Type: application/http\r\nContent-Length: {length}\r\n\r\n{block}\r\n\r\n"
)
BLOCK = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE}"
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Ferry\r\nDTSTAMP:20310301"
    "T000000Z\r\nDTSTART;TZID=Europe/Berlin:20310412T100000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
JUNK = [
    b"\0", b"\xff", b"\r", b"\n", b"\x1b[2J", "\u202e".encode(), "\u2028".encode(), b"<", b">", b"&", b"&#x110000;", b'"',
    b"{", b"[", b"]}", b"-1", b"1e999", b"9" * 40, b"0000-99-99", b"9999-12-31", b"<![CDATA[", b"<!--", b"]]>", b"\\u0000",
    b"\\ud800", b"null", b"%", b"=?utf-8?q?=00?=", b"; charset=x", b"Content-Length: -1\r\n", b"a" * 300, b"((((", b"\xed\xa0\x80",
]  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A document with up to eight faults."""
    body = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 60)))
        put = draw(st.sampled_from(JUNK) | st.binary(max_size=8) | st.just(body[start:end] * 2) | st.just(b""))
        body = body[:start] + put + body[end:]
    return body[:50_000]


def _parquet() -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table({"text": [PROSE, None], "published": ["2031-03-04", "x"]}), made)
    return made.getvalue()


def _read(body: bytes) -> list[Report]:
    """The reports among what is read of some bytes; each is whole."""
    found = list(read_source("-", SETTINGS, stdin=io.BytesIO(body)))
    for each in found:
        assert isinstance(each, Report | ReadError)
    reports = [each for each in found if isinstance(each, Report)]
    for each in reports:
        assert each.text.strip()
        assert 0 <= each.body_start <= len(each.text) <= SETTINGS.max_chars
        each.text.encode()
    return reports


def _named(suffix: str) -> Callable[[bytes], object]:
    """Reads a file of that kind."""
    import tempfile

    def read(body: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, f"a{suffix}")
            file.write_bytes(body)
            for each in read_source(str(file), SETTINGS):
                assert isinstance(each, Report | ReadError)

    return read


def _feed(body: bytes) -> None:
    answer = Fetched(url="https://e.example/feed", body=body, media_type="application/xml", charset=None)
    try:
        feed = read_feed(answer, "https://e.example/feed", SETTINGS)
    except StillonError:
        return
    for entry in feed.entries:
        assert entry.url is None or entry.url.lower().startswith(("http://", "https://"))


def _diary(suffix: str) -> Callable[[bytes], object]:
    import tempfile

    def read(body: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, f"a{suffix}")
            file.write_bytes(body)
            with contextlib.suppress(StillonError):
                for each in read_diary(str(file), diary="d", today=Day(2031, 3, 4), settings=SETTINGS):
                    assert isinstance(each, Entry | ReadError)

    return read


def _words(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    day, instant = parse_published(text[:60])
    assert instant is None or day is not None
    read_front(text, None)
    for each in find_times(text, published=Day(2031, 3, 4)):
        assert each.span.of(text) == each.text


def _import(body: bytes) -> None:
    store = open_store("sqlite:///:memory:", create=True)
    try:
        exchanging.import_lines(store, body.decode("utf-8", "replace").splitlines(), about="a.jsonl")
    except StillonError:
        pass
    finally:
        store.close()


def _watch(body: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "feeds.toml")
        file.write_bytes(body)
        with contextlib.suppress(StillonError):
            load_watch(file)


TOML = (
    'every = "15m"\ndelay = "1s"\n[[feed]]\nurl = "https://e.example/rss"\ninclude = ["/x/*"]\nsince = 2031-01-01\nmost = 5\n'
    '[[notify]]\nname = "all"\nwebhook = "https://e.example/hook"\nkinds = ["vote"]\n'
)
EXPORT = [
    '{"stillon": 1, "linking": null}',
    json.dumps({"report": {"id": "r", "file": "f", "text": PROSE}, "address": "r", "revision": 1, "counts_from": None,
                "recorded_at": "2031-03-04T00:00:00.000000Z", "readings": []}),
]  # fmt: skip
OBJECT = json.dumps(
    {"id": "a", "text": PROSE, "title": "Ferry", "published": "2031-03-04T10:00:00Z", "authors": ["A", 1]}
)
TARGETS: Mapping[str, tuple[Callable[[bytes], object], list[bytes]]] = {
    "any": (_read, [b"", PROSE.encode(), PAGE.encode(), OBJECT.encode(), MAIL.encode(), RSS.encode()]),
    "gzip": (_read, [gzip.compress(PROSE.encode()), gzip.compress(OBJECT.encode()) * 2]),
    "html": (_named(".html"), [PAGE.encode(), b"<p>" + PROSE.encode()]),
    "json": (_named(".json"), [OBJECT.encode(), f"[{OBJECT}, {OBJECT}]".encode()]),
    "jsonl": (_named(".jsonl"), [f"{OBJECT}\n{OBJECT}\n".encode()]),
    "mail": (_named(".eml"), [MAIL.encode(), f"Content-Type: multipart/alternative; boundary=b\n{MAIL}\n--b--".encode()]),
    "pdf": (_named(".pdf"), [b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
                             b"/Count 1>>endobj\ntrailer<</Root 1 0 R/Size 3>>\n%%EOF"]),
    "warc": (_named(".warc"), [WARC.format(length=len(BLOCK), block=BLOCK).encode() * 2]),
    "parquet": (_named(".parquet"), [_parquet()]),
    "feed": (_feed, [RSS.encode(), SITEMAP.encode(), PAGE.encode(), b'{"version": "1", "items": [{"url": "x"}]}',
                     RSS.replace("rss", "feed").encode(), gzip.compress(SITEMAP.encode())]),
    "diary.ics": (_diary(".ics"), [ICS.encode()]),
    "diary.csv": (_diary(".csv"), [b"title,day,time\nFerry,2031-04-12,10:00\n\"a\nb\",12.4.2031,\n"]),
    "diary.json": (_diary(".json"), [b'[{"name": "Ferry", "dates": {"start": "2031-04-12T10:00:00+0000"}, "guid": "1"}]']),
    "words": (_words, [PROSE.encode(), b"next week on Tuesday at 10 p.m. EST, Q2 2031, the 1990s, in two days' time"]),
    "import": (_import, ["\n".join(EXPORT).encode()]),
    "watch": (_watch, [TOML.encode()]),
}  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_break_a_parser(name: str) -> None:
    work, seeds = TARGETS[name]
    _go_on(mangled(seeds), work, few=15)


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The trained models."""
    return load_reader(Settings(threads=1))


def test_no_text_breaks_reading_to_answering(reader: Reader) -> None:
    """From bytes to what is put out, with every span where its words are."""

    def work(body: bytes) -> None:
        reports = list({each.id: each for each in _read(body)}.values())
        failed: list[StillonError] = []
        known = list(extract_all(reports, reader, lambda _stage, _about, error: failed.append(error)))
        assert failed == []
        dossier = answer(known, link(known), as_of=Day(2031, 3, 20))
        texts = {each.id: each for each in dossier.reports}
        for claim in dossier.claims:
            frame = texts[claim.report].title if claim.in_title else texts[claim.report].text
            assert claim.span.of(frame or "") == claim.text
        json.loads(ndjson.render_json([dossier]))
        assert "\x1b" not in terminal.render(dossier, width=60)

    _go_on(mangled([PROSE.encode(), OBJECT.encode(), PAGE.encode(), f"{OBJECT}\n{OBJECT}".encode()]), work, few=8)


def _go_on(bodies: st.SearchStrategy[bytes], work: Callable[[bytes], object], *, few: int) -> None:
    """A few examples, or new ones until the time is over."""

    def run(examples: int) -> None:
        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=not FUZZ_S,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(bodies)
        def check(body: bytes) -> None:
            work(body)

        check()

    until = time.monotonic() + FUZZ_S
    run(few)
    while time.monotonic() < until:
        run(200)
