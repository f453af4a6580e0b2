"""No way through the program leads to a private address, unless a setting allows it."""

from __future__ import annotations

import ast
import contextlib
import datetime
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import stillon
from stillon.errors import FetchFailed, PrivateAddress, ReadError, StillonError
from stillon.reading import fetching, read, read_source
from stillon.reading.feeds import read_feed
from stillon.reading.fetching import Fetched, fetch, post_json
from stillon.settings import Settings
from stillon.watching import Manners

PACKAGE = Path(stillon.__file__).parent
SPECIAL = [
    # IANA IPv4 Special-Purpose Address Registry
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.0.1", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    # where clouds keep what their machines may know: AWS, Azure, Google, Alibaba, Oracle
    "169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fe80::a9fe:a9fe",
    # IANA IPv6 Special-Purpose Address Registry, and what wraps an IPv4 address
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1",
]  # fmt: skip
SPELLINGS = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://017700000001/",
    "http://0/", "http://localhost/", "http://LOCALHOST./", "http://[::1]/", "http://[::ffff:7f00:1]/",
    "http://user:word@127.0.0.1/", "http://127.0.0.1:22/", "https://127.0.0.1/", "http://①②⑦.⓪.⓪.①/",
    "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://127.0.0.1%00.example/",
]  # fmt: skip
SCHEMES = ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "data:text/plain,x", "jar:http://x/!/"]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The addresses that anything was connected to; no connection is made."""
    asked: list[Any] = []

    def connect(_socket: socket.socket, address: Any) -> None:
        asked.append(address)
        raise ConnectionRefusedError("nothing answers in this test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return asked


def _resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Makes every name mean the answers, one after the other, the last for good; gives the names asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        address = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        place = (address, port, 0, 0) if ":" in address else (address, port)
        return [(family, socket.SOCK_STREAM, 6, "", place)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def _by_reading(url: str, settings: Settings) -> None:
    (found,) = read_source(url, settings)
    assert isinstance(found, ReadError)
    raise found


def _by_watching(url: str, settings: Settings) -> None:
    Manners(settings, delay=datetime.timedelta(), sleep=lambda _s: None).fetch(url)


WAYS: dict[str, Callable[[str, Settings], object]] = {
    "read": _by_reading,
    "fetch": lambda url, settings: fetch(url, settings),
    "watch": _by_watching,
    "post": lambda url, settings: post_json(url, b"{}", settings),
}
"""Every function that is given a url to ask."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("address", SPECIAL)
def test_a_name_that_means_a_private_address_is_not_asked(
    way: str, address: str, connected: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _resolving(monkeypatch, address)
    with pytest.raises((PrivateAddress, FetchFailed), match="private address"):
        WAYS[way]("http://news.example/story", Settings())
    assert connected == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_of_a_private_address_is_asked(way: str, url: str, connected: list[Any]) -> None:
    with pytest.raises(ReadError):
        WAYS[way](url, Settings())
    assert connected == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("url", SCHEMES)
def test_nothing_but_http_is_asked(way: str, url: str, connected: list[Any]) -> None:
    with pytest.raises(ReadError):
        WAYS[way](url, Settings())
    assert connected == []


def test_a_name_is_resolved_once_and_that_address_is_asked(
    connected: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that means another address a moment later (DNS rebinding) gains nothing."""
    asked = _resolving(monkeypatch, "93.184.216.34", "127.0.0.1")
    with pytest.raises(FetchFailed):
        fetch("http://rebinding.example/", Settings())
    assert asked == ["rebinding.example"]
    assert connected == [("93.184.216.34", 80)]


@pytest.mark.parametrize("goal", ["http://169.254.169.254/", "http://10.0.0.1/x", "http://[::1]/", "//192.168.0.1/"])
def test_a_redirect_to_a_private_address_is_not_followed(goal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the server of this test passes for public."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        public = fetching._is_public
        monkeypatch.setattr(fetching, "_is_public", lambda address: address == "127.0.0.1" or public(address))
        answered = _answering(server, f"HTTP/1.1 302 Found\r\nLocation: {goal}\r\nContent-Length: 0\r\n\r\n")
        with pytest.raises(PrivateAddress, match="private address"):
            fetch(f"http://127.0.0.1:{port}/", Settings())
        answered()


def test_a_redirect_is_checked_anew_when_the_name_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        public = fetching._is_public
        monkeypatch.setattr(fetching, "_is_public", lambda address: address == "127.0.0.1" or public(address))
        _resolving(monkeypatch, "127.0.0.1", "10.0.0.7")
        goal = f"http://same.example:{port}/again"
        answered = _answering(server, f"HTTP/1.1 302 Found\r\nLocation: {goal}\r\nContent-Length: 0\r\n\r\n")
        with pytest.raises(PrivateAddress, match=r"10\.0\.0\.7"):
            fetch(f"http://same.example:{port}/", Settings())
        answered()


def _answering(server: socket.socket, words: str) -> Callable[[], None]:
    """Answers one request with the words; call what it gives to wait for that."""
    import threading

    def answer() -> None:
        client, _ = server.accept()
        with client:
            client.recv(65536)
            client.sendall(words.encode())

    worker = threading.Thread(target=answer, daemon=True)
    worker.start()
    return lambda: worker.join(10)


def test_the_setting_allows_it(connected: list[Any]) -> None:
    with pytest.raises(FetchFailed):
        fetch("http://127.0.0.1/", Settings(allow_private_hosts=True))
    assert connected == [("127.0.0.1", 80)]


NAMING = "http://169.254.169.254/latest/"
PROSE = "<p>The harbour council will meet on Thursday to vote on the ferry, its chair said on Monday.</p>" * 4
DOCUMENTS = {
    "page": f'<!doctype html><link rel=stylesheet href="{NAMING}a"><base href="{NAMING}"><article><img src="{NAMING}b">'
    f'<iframe src="{NAMING}c"></iframe><script src="{NAMING}d"></script>{PROSE}</article>',
    "doctype": f'<!DOCTYPE html SYSTEM "{NAMING}x.dtd"><html><body><article>{PROSE}</article></body></html>',
    "refresh": f'<!doctype html><meta http-equiv=refresh content="0;url={NAMING}"><article>{PROSE}</article>',
    "mail": f'MIME-Version: 1.0\nContent-Type: message/external-body; access-type=URL; URL="{NAMING}"\n\nThe council.',
}
FEEDS = {
    "entity": f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e SYSTEM "{NAMING}">]><rss><channel>&e;</channel></rss>',
    "dtd": f'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "{NAMING}"><rss><channel><title>x</title></channel></rss>',
    "schema": f'<urlset xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="{NAMING} {NAMING}"/>',
    "include": f'<urlset xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="{NAMING}"/></urlset>',
    "style": f'<?xml-stylesheet href="{NAMING}"?><rss><channel><title>x</title></channel></rss>',
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_names_is_not_fetched(name: str, connected: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _resolving(monkeypatch, "93.184.216.34")
    with contextlib.suppress(StillonError):
        read(DOCUMENTS[name].encode(), url="http://news.example/")
    assert (asked, connected) == ([], [])


@pytest.mark.parametrize("name", FEEDS)
def test_what_a_feed_names_is_not_fetched(name: str, connected: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _resolving(monkeypatch, "93.184.216.34")
    answer = Fetched(url="http://news.example/", body=FEEDS[name].encode(), media_type="application/xml", charset=None)
    with contextlib.suppress(StillonError):
        read_feed(answer, "http://news.example/", Settings())
    assert (asked, connected) == ([], [])


CLIENTS = {
    "socket", "ssl", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib",
    "imaplib", "poplib", "telnetlib", "xmlrpc.client", "websockets", "pycurl", "apprise", "fsspec",
}  # fmt: skip
MAY_USE = {
    "reading/fetching.py": {"socket", "ssl", "http.client"},
    "watching/telling.py": {"apprise"},
    "serving/running.py": {"socket"},
}
"""The one place that asks servers; whoever hands notices over to addresses that the operator wrote down; and the
desk, which listens."""
ASKING = {"fetch_url", "urlopen", "urlretrieve", "fetch_response", "create_connection", "URLFile", "from_url"}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_one_place_alone_asks_servers(path: Path) -> None:
    name = str(path.relative_to(PACKAGE))
    assert set(_imported(path)) & CLIENTS <= MAY_USE.get(name, set())
    names = {
        node.attr for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)
    }
    assert not names & ASKING


FORBIDDEN = {"eval", "exec", "compile", "__import__", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load",
             "shelve.open", "os.system", "os.popen", "joblib.load"}  # fmt: skip


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_runs_what_was_read(path: Path) -> None:
    """No eval, no pickle, no shell; arrays are loaded without objects in them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in FORBIDDEN
            for keyword in node.keywords:
                wanted = ast.unparse(keyword.value)
                assert (keyword.arg, wanted) not in {("shell", "True"), ("allow_pickle", "True")}
