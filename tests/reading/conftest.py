"""Texts, pages and a small server to read from, all of our own making."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stillon.settings import Settings

PROSE = (
    "The harbour council of Port Ellery will meet on Thursday to vote on the new ferry line, its chair said.\n\n"
    "The vote had been planned for last week, but it was put off after two members asked for more time.\n"
)

PAGE = """<!doctype html>
<html lang="en"><head><title>Ferry vote moved | The Ellery Courier</title>
<meta property="og:site_name" content="The Ellery Courier">
<script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle",
 "headline": "Ferry vote moved", "datePublished": "2031-03-04T22:30:00-05:00",
 "dateModified": "2031-03-06T08:00:00Z", "author": [{"@type": "Person", "name": "Ina Marlow"}]}]}
</script></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Ferry vote moved</h1>
<p>The harbour council of Port Ellery will meet on Thursday to vote on the new ferry line, its chair said.</p>
<p>The vote had been planned for last week, but it was put off after two members asked for more time to read
the report of the auditors.</p>
<p>“We will not vote on what we have not read,” said Tomas Quill, one of the two, on Tuesday evening.</p>
</article></body></html>"""


class _Answers(BaseHTTPRequestHandler):
    """What the server says to each path."""

    def do_GET(self) -> None:
        name = self.path.strip("/").split("/")[0]
        getattr(self, f"_{name}", self._missing)()

    def _page(self) -> None:
        self._send(PAGE.encode(), "text/html; charset=utf-8")

    def _packed(self) -> None:
        self._send(gzip.compress(PAGE.encode()), "text/html", {"Content-Encoding": "gzip"})

    def _bomb(self) -> None:
        self._send(gzip.compress(b" " * 5_000_000), "text/html", {"Content-Encoding": "gzip"})

    def _latin(self) -> None:
        self._send(PAGE.replace("Marlow", "Marlôw").encode("latin-1", "replace"), "text/html; charset=latin-1")

    def _text(self) -> None:
        self._send(PROSE.encode(), "text/plain")

    def _json(self) -> None:
        self._send(b'{"id": "ferry", "text": "The council met on Tuesday."}', "application/json")

    def _image(self) -> None:
        self._send(b"\x89PNG\r\n\x1a\n", "image/png")

    def _feed(self) -> None:
        self._send(b"<?xml version='1.0'?><rss></rss>", "application/rss+xml")

    def _moved(self) -> None:
        self._send(b"", "text/html", {"Location": "/page"}, status=301)

    def _round(self) -> None:
        self._send(b"", "text/html", {"Location": "/round"}, status=302)

    def _away(self) -> None:
        self._send(b"", "text/html", {"Location": "file:///etc/hostname"}, status=302)

    def _broken(self) -> None:
        self._send(b"no", "text/html", status=500)

    def _short(self) -> None:
        self._send(b"<html>", "text/html", {"Content-Length": "1000"})

    def _silent(self) -> None:
        self.server.stopping.wait(5)  # type: ignore[attr-defined]

    def _endless(self) -> None:
        self._start()
        self._forever(b"<p>and on</p>" * 1000, 0.0)

    def _dripping(self) -> None:
        self._start()
        self._forever(b"a", 0.02)

    def _dripping_head(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Wait: ")
        self._forever(b"a", 0.02)

    def _missing(self) -> None:
        self._send(b"no such page", "text/html", status=404)

    def _start(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def _forever(self, piece: bytes, pause_s: float) -> None:
        while not self.server.stopping.is_set():  # type: ignore[attr-defined]
            try:
                self.wfile.write(piece)
            except OSError:
                return
            time.sleep(pause_s)

    def _send(self, body: bytes, media_type: str, headers: dict[str, str] | None = None, status: int = 200) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", media_type)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests say what happened."""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a running server."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    httpd.daemon_threads = True
    httpd.stopping = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.stopping.set()  # type: ignore[attr-defined]
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def settings() -> Settings:
    """Settings under which the server of the tests may be read, with little patience."""
    return Settings(allow_private_hosts=True, fetch_timeout_s=5.0, max_bytes=1_000_000)


@pytest.fixture
def hasty(settings: Settings) -> Settings:
    """The same with next to no patience."""
    return Settings(allow_private_hosts=True, fetch_timeout_s=0.3, max_bytes=settings.max_bytes)


@pytest.fixture
def prose() -> str:
    """A short article."""
    return PROSE


@pytest.fixture
def page() -> str:
    """The same as a page."""
    return PAGE
