"""What is made to hurt whoever reads it ends with a clear word, and what stands beside it is read all the same."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from stillon.errors import NotAnArticle, ReadError, TooLarge, UnknownFormat
from stillon.model import Extraction, Report
from stillon.pipeline import dossier
from stillon.publishing import terminal
from stillon.reading import read_source
from stillon.reading.feeds import read_feed
from stillon.reading.fetching import Fetched
from stillon.reading.html import MAX_ELEMENTS
from stillon.settings import Settings

SMALL = Settings(max_bytes=1_000_000, max_chars=20_000)
PROSE = "The harbour council will meet on Thursday to vote on the new ferry line, its chair said. "
PAGE = "<!doctype html><html><body><article><p>" + PROSE * 3 + "</p>"


def _read(body: bytes, settings: Settings = SMALL) -> list[Report | ReadError]:
    return list(read_source("-", settings, stdin=io.BytesIO(body)))


def _only(body: bytes) -> Report | ReadError:
    (found,) = _read(body)
    return found


def _zip(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("body", "error", "reason"),
    [
        (gzip.compress(b" " * 50_000_000), TooLarge, "times its size"),
        (gzip.compress(gzip.compress(PROSE.encode() * 100)), UnknownFormat, "binary"),
        (gzip.compress(PROSE.encode() * 100)[:-9], UnknownFormat, "broken gzip"),
        (_zip("a.txt", b" " * 50_000_000), UnknownFormat, "binary"),
        (b"The council met.\0 " + PROSE.encode(), UnknownFormat, "binary"),
        (PROSE.encode("utf-16"), UnknownFormat, "UTF-16"),
        (b"The council " + b"\xff\xfe\xfd", UnknownFormat, "not UTF-8"),
        (b'{"text": "x", "a": ' + b"[" * 400_000 + b"]" * 400_000 + b"}", UnknownFormat, "broken JSON"),
        (b'{"text": ' + b'{"a":' * 150_000, UnknownFormat, "broken JSON"),
        (b'{"text": "The council met.", "n": ' + b"9" * 900_000 + b"}", UnknownFormat, "number too long"),
        (b'{"text": "' + b"a" * 1_100_000 + b'"}', TooLarge, "longer than 1000000 bytes"),
        (("<!doctype html>" + "<p>a</p>" * (MAX_ELEMENTS + 1)).encode(), TooLarge, "elements"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', UnknownFormat, "XML"),
        (b"<p>" + b"<!--" * 200_000, NotAnArticle, "no article"),
        (b"%PDF-1.7\n" + b"1 0 obj << /Kids [1 0 R] >>\n" * 1000, UnknownFormat, "PDF"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 9_000, NotAnArticle, "words"),
    ],
    ids=["gzip", "gzip in gzip", "broken gzip", "zip", "null", "utf-16", "not utf-8", "deep list", "deep object",
         "long number", "long line", "many elements", "entities", "comments", "pdf", "mail"],
)  # fmt: skip
def test_it_is_refused_with_a_clear_word(body: bytes, error: type[ReadError], reason: str) -> None:
    found = _only(body)
    assert isinstance(found, ReadError)
    assert (type(found), reason in found.reason) == (error, True), found


@pytest.mark.parametrize(
    "markup",
    [
        PAGE + "<div>" * 40_000,
        PAGE + "<ul><li>" * 20_000 + PROSE,
        PAGE + "<b><i>" * 20_000 + PROSE,
        PAGE + "<table><tr><td>" * 10_000,
        PAGE + f"<p title='{'x' * 800_000}'>" + PROSE,
        PAGE + "&amp;" * 100_000,
    ],
    ids=["div", "list", "bold", "table", "attribute", "entities"],
)
def test_a_deep_page_is_read_or_refused(markup: str) -> None:
    found = _only(markup.encode())
    assert isinstance(found, Report | NotAnArticle | TooLarge | UnknownFormat)


def test_a_line_too_long_does_not_lose_those_beside_it() -> None:
    lines = [json.dumps({"id": each, "text": PROSE}) for each in ("first", "last")]
    huge = json.dumps({"id": "huge", "text": "a" * 1_100_000})
    found = _read(
        "\n".join([lines[0], "{broken", '{"id": "nul", "text": "The council\\u0000 met."}', lines[1]]).encode()
    )
    assert [type(each) for each in found] == [Report, UnknownFormat, Report, Report]
    cut_off = _read("\n".join([lines[0], huge, lines[1]]).encode())
    assert [type(each) for each in cut_off] == [Report, TooLarge, Report]
    assert isinstance(cut_off[1], TooLarge)
    assert cut_off[1].about == "-:2"


def test_a_text_too_long_is_cut_with_a_word() -> None:
    found = _only((PROSE * 10_000).encode())
    assert isinstance(found, Report)
    assert found.cut
    assert len(found.text) <= SMALL.max_chars
    assert found.text.endswith("said. ")
    shown = terminal.render(dossier([Extraction(report=found)], as_of=None), width=80)
    assert "only the beginning was read" in shown


BIDI = "\u202e\u2066\u200f\u061c"


def test_marks_that_turn_the_writing_keep_their_place_in_data_and_not_on_a_screen() -> None:
    text = PROSE + f"The vote is{BIDI} postponed, he said. \x1b[31mRed.\x07"
    found = _only(json.dumps({"text": text, "title": f"Vote{BIDI}\x1b]0;owned\x07"}).encode())
    assert isinstance(found, Report)
    assert found.text == text
    shown = terminal.render(dossier([Extraction(report=found)], as_of=None), width=80, colour=False)
    assert not set(shown) & {*BIDI, "\x1b", "\x07"}


def test_a_feed_whose_entities_grow_is_refused() -> None:
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    wide = '<!ENTITY a "' + "a" * 50_000 + '">'
    for declared, used in ((f'<!ENTITY e0 "ha">{grown}', "&e9;"), (wide, "&a;" * 50_000)):
        for root in ("rss", "urlset"):
            body = f'<?xml version="1.0"?><!DOCTYPE {root} [{declared}]><{root}>{used}</{root}>'.encode()
            with pytest.raises(UnknownFormat, match="entities"):
                read_feed(Fetched(url="http://f.example/", body=body, media_type="", charset=None), "f", SMALL)


def test_a_feed_that_unpacks_to_too_much_is_refused() -> None:
    body = gzip.compress(b"<rss>" + b" " * 5_000_000)
    with pytest.raises(TooLarge):
        read_feed(Fetched(url="http://f.example/", body=body, media_type="", charset=None), "f", SMALL)
