"""A local server of feeds that does what real ones do, and a watcher with a clock of its own."""

from __future__ import annotations

import datetime
import gzip
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stillon.errors import StillonError
from stillon.settings import Settings
from stillon.storing import Store
from stillon.watching import FeedPlan, Looked, Manners, poll

START = datetime.datetime(2031, 3, 10, 9, 0, tzinfo=datetime.UTC)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><rss><channel><title>&i;</title></channel></rss>"
)


@dataclass
class Answer:
    """What the server says to a path."""

    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    gzip: bool = False
    chunked: bool = False
    drip_s: float | None = None
    endless: bool = False
    before: Callable[[], None] | None = None
    """What happens while the asker waits."""


class Site:
    """What the server has, changed at will; it notes what was asked for."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.at: list[float] = []

    def put(self, path: str, *answers: Answer) -> None:
        """Sets what is answered: each once, the last for good."""
        self.answers[path] = list(answers)

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(each == path for each, _, _ in self.asked)

    def article(self, path: str, sentences: str, *, day: str = "2031-03-10", **answer: Any) -> None:
        """Puts an article."""
        self.put(path, Answer(body=page(sentences, day).encode(), **answer))

    def rss(self, path: str, items: Sequence[str], *, updated: str = "", **answer: Any) -> None:
        """Puts an RSS feed of links."""
        body = "".join(
            f"<item><title>Item {link}</title><link>{self.base}{link}</link><guid>{link}</guid>"
            f"<pubDate>Mon, 10 Mar 2031 08:00:00 GMT</pubDate><description>{updated}</description></item>"
            for link in items
        )
        text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Posts</title>{body}</channel></rss>'
        self.put(path, Answer(body=text.encode(), **{"media_type": "application/rss+xml", **answer}))


def page(sentences: str, day: str) -> str:
    """A page with one article."""
    return f"""<!doctype html><html lang="en"><head><title>About the ferry</title>
<meta property="og:type" content="article"><meta property="og:site_name" content="The Harbour Post">
<meta property="article:published_time" content="{day}T08:00:00Z"></head><body><article><h1>About the ferry</h1>
<p>{sentences}</p><p>The people of the islands have waited for the new ferry line for more than three years now, and
the harbour has a new pier for it.</p></article></body></html>"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        length = int(self.headers.get("Content-Length") or 0)
        site.asked.append((self.path, dict(self.headers), self.rfile.read(length)))
        site.at.append(time.monotonic())
        answers = site.answers.get(self.path)
        if not answers:
            self._send(Answer(body=b"no such page", status=404))
            return
        self._send(answers.pop(0) if len(answers) > 1 else answers[0])

    do_POST = do_GET

    def _send(self, answer: Answer) -> None:
        if answer.before:
            answer.before()
        if answer.etag and self.headers.get("If-None-Match") == answer.etag:
            self.send_response(304)
            self.send_header("ETag", answer.etag)
            self.end_headers()
            return
        body = gzip.compress(answer.body) if answer.gzip else answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.etag:
            self.send_header("ETag", answer.etag)
        if answer.gzip:
            self.send_header("Content-Encoding", "gzip")
        endless = answer.endless or answer.drip_s is not None
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif not endless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self._put(body, answer, endless=endless)
        except OSError:
            self.close_connection = True

    def _put(self, body: bytes, answer: Answer, *, endless: bool) -> None:
        if answer.chunked:
            for at in range(0, len(body), 100):
                piece = body[at : at + 100]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        elif endless:
            self.close_connection = True
            while not self.server.stopping.is_set():  # type: ignore[attr-defined]
                self.wfile.write(body or b"<p>and on it goes</p>" * 500)
                if answer.drip_s:
                    self.server.stopping.wait(answer.drip_s)  # type: ignore[attr-defined]
        else:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests say what happened."""


@pytest.fixture
def site() -> Iterator[Site]:
    """The server's site, empty."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    httpd.stopping = threading.Event()  # type: ignore[attr-defined]
    httpd.site = Site(f"http://127.0.0.1:{httpd.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield httpd.site  # type: ignore[attr-defined]
    httpd.stopping.set()  # type: ignore[attr-defined]
    httpd.shutdown()
    httpd.server_close()
    thread.join()


class Watcher:
    """A watcher that polls a store when told to."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.now = START
        self.slept: list[float] = []
        self.errors: list[StillonError] = []
        self.delay = datetime.timedelta(0)

    def later(self, **time: float) -> None:
        """Lets time pass."""
        self.now += datetime.timedelta(**time)

    def poll(self, *feeds: FeedPlan, everything: bool = False) -> list[Looked]:
        """Goes through the feeds once."""
        self.errors.clear()
        return list(
            poll(
                self.store,
                feeds,
                manners=Manners(self.settings, delay=self.delay, sleep=self.slept.append),
                settings=self.settings,
                now=lambda: self.now,
                everything=everything,
                on_error=lambda _stage, _about, error: self.errors.append(error),
            )
        )

    def outcomes(self, *feeds: FeedPlan, everything: bool = False) -> list[str]:
        """What came of each article, sorted."""
        return sorted(each.outcome for each in self.poll(*feeds, everything=everything))

    def reasons(self) -> str:
        """What was told to be wrong in the last go."""
        return "\n".join(f"{type(each).__name__} {each}" for each in self.errors)

    def texts(self) -> list[str]:
        """The texts in the store in the order they came."""
        with self.store.read() as snapshot:
            return [each.text for each in snapshot.texts(kept.seq for kept in snapshot.every_report()).values()]


@pytest.fixture
def settings() -> Settings:
    """Settings under which the test's server may be read, with little patience."""
    return Settings(allow_private_hosts=True, fetch_timeout_s=2.0, max_bytes=300_000)


@pytest.fixture
def watcher(store: Store, settings: Settings, plain_extraction: None) -> Watcher:
    """A watcher over an empty store."""
    return Watcher(store, settings)


@pytest.fixture
def plan(site: Site) -> Callable[..., FeedPlan]:
    """Builds the plan of a feed by its path."""

    def build(path: str = "/feed", **fields: Any) -> FeedPlan:
        return FeedPlan(url=site.base + path, **fields)

    return build


@pytest.fixture
def http_date() -> Callable[[datetime.datetime], str]:
    """An instant as HTTP writes it."""
    return lambda instant: format_datetime(instant, usegmt=True)
