"""Urls: what is read, what is refused, and that every fetch ends."""

from __future__ import annotations

import socket
from datetime import UTC, date, datetime
from typing import Any

import pytest

from stillon.errors import (
    FetchFailed,
    NotFoundInput,
    PrivateAddress,
    ReadError,
    TooLarge,
    UnknownFormat,
)
from stillon.model import Report
from stillon.reading import read_source
from stillon.reading.fetching import _is_public
from stillon.settings import Settings


def one(source: str, settings: Settings) -> Report | ReadError:
    (only,) = read_source(source, settings)
    return only


@pytest.mark.parametrize("path", ["/page", "/packed", "/moved"])
def test_a_page_is_read_with_what_it_says_of_itself(server: str, settings: Settings, path: str) -> None:
    report = one(server + path, settings)
    assert isinstance(report, Report)
    assert (report.title, report.publisher, report.authors) == (
        "Ferry vote moved",
        "The Ellery Courier",
        ("Ina Marlow",),
    )
    assert report.published == date(2031, 3, 4)
    assert report.published_at == datetime(2031, 3, 5, 3, 30, tzinfo=UTC)
    assert report.modified_at == datetime(2031, 3, 6, 8, 0, tzinfo=UTC)


def test_a_report_has_the_url_after_redirects(server: str, settings: Settings) -> None:
    report = one(server + "/moved", settings)
    assert isinstance(report, Report)
    assert report.url == server + "/page"


def test_the_charset_of_the_server_is_used(server: str, settings: Settings) -> None:
    report = one(server + "/latin", settings)
    assert isinstance(report, Report)
    assert report.authors == ("Ina Marlôw",)


def test_text_and_json_are_read_from_urls(server: str, settings: Settings, prose: str) -> None:
    text, ferry = one(server + "/text", settings), one(server + "/json", settings)
    assert isinstance(text, Report)
    assert isinstance(ferry, Report)
    assert (text.text, text.file, text.url) == (prose, server + "/text", server + "/text")
    assert (ferry.file, ferry.url) == ("ferry", server + "/json")


@pytest.mark.parametrize(
    ("path", "error", "reason"),
    [
        ("/nowhere", NotFoundInput, "404"),
        ("/broken", FetchFailed, "500"),
        ("/round", FetchFailed, "redirects"),
        ("/away", UnknownFormat, "scheme 'file'"),
        ("/image", UnknownFormat, "image/png"),
        ("/feed", UnknownFormat, "feed"),
        ("/bomb", TooLarge, "bytes"),
        ("/endless", TooLarge, "bytes"),
        ("/short", FetchFailed, "breaks off"),
    ],
)
def test_what_cannot_be_read_says_why(
    server: str, settings: Settings, path: str, error: type[ReadError], reason: str
) -> None:
    found = one(server + path, settings)
    assert type(found) is error
    assert reason in found.reason
    assert found.about == server + path


@pytest.mark.parametrize(
    ("path", "error"), [("/silent", FetchFailed), ("/dripping", TooLarge), ("/dripping_head", FetchFailed)]
)
def test_a_slow_server_is_left_at_the_deadline(server: str, hasty: Settings, path: str, error: type[ReadError]) -> None:
    found = one(server + path, hasty)
    assert type(found) is error
    assert "0.3 s" in found.reason


def test_private_addresses_are_refused_by_default(server: str) -> None:
    assert type(one(server + "/page", Settings())) is PrivateAddress


def test_a_name_with_any_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(0, 0, 0, "", ("93.184.216.34", 80)), (0, 0, 0, "", ("10.0.0.7", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    found = one("http://inside.example/", Settings())
    assert type(found) is PrivateAddress
    assert "10.0.0.7" in found.reason


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_public_addresses_are_told_from_private_ones(address: str, public: bool) -> None:
    assert _is_public(address) is public


@pytest.mark.parametrize(
    "url",
    ["http://", "http://[", "http://a:b/", "https://\u2100.example/", "http://" + "a" * 70 + ".example/"],
)
def test_a_url_that_is_none_is_a_failed_fetch(url: str, settings: Settings) -> None:
    assert type(one(url, settings)) is FetchFailed


def test_a_name_that_does_not_resolve_is_a_failed_fetch(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert type(one("http://nobody.invalid/", settings)) is FetchFailed


def test_other_schemes_are_not_read(settings: Settings) -> None:
    assert type(one("ftp://files.example/a.txt", settings)) is UnknownFormat


def test_a_closed_port_is_a_failed_fetch(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert type(one(f"http://127.0.0.1:{port}/", settings)) is FetchFailed
