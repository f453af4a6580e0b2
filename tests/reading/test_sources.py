"""Files, folders and standard input: what is read, in which order, under which name."""

from __future__ import annotations

import gzip
import io
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from stillon.errors import NotAnArticle, NotFoundInput, ReadError, TooLarge, UnknownFormat, UnknownLanguage
from stillon.model import Report
from stillon.reading import read, read_objects, read_source
from stillon.settings import Settings


def reports(source: object, settings: Settings, **options: Any) -> list[Report]:
    found = list(read_source(str(source), settings, **options))
    assert not [each for each in found if isinstance(each, ReadError)]
    return [each for each in found if isinstance(each, Report)]


def failure(source: object, settings: Settings, **options: Any) -> ReadError:
    (found,) = read_source(str(source), settings, **options)
    assert isinstance(found, ReadError)
    return found


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a", "a.TXT", "a.gz"])
def test_a_text_file_is_kept_as_given(tmp_path: Path, settings: Settings, prose: str, name: str) -> None:
    body = prose.encode()
    (tmp_path / name).write_bytes(gzip.compress(body) if name.endswith(".gz") else body)
    (report,) = reports(tmp_path / name, settings)
    assert (report.text, report.file, report.url) == (prose, name, None)


def test_line_ends_and_blanks_are_kept_and_a_byte_order_mark_is_none(tmp_path: Path, settings: Settings) -> None:
    text = "\r\n  The council met.\r\n\tIt\u00a0adjourned.  \n\n"
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert reports(tmp_path / "a.txt", settings)[0].text == text


@pytest.mark.parametrize("name", ["a.html", "a.htm", "page"])
def test_a_page_file_is_read_as_a_page(tmp_path: Path, settings: Settings, page: str, name: str) -> None:
    (tmp_path / name).write_text(page, encoding="utf-8")
    (report,) = reports(tmp_path / name, settings)
    assert (report.file, report.title) == (name, "Ferry vote moved")
    assert "will meet on Thursday" in report.text
    assert "Sport" not in report.text


def test_an_object_gives_every_field(tmp_path: Path, settings: Settings) -> None:
    given = {
        "id": "ferry-7",
        "title": "Ferry vote moved",
        "url": "https://courier.example/ferry",
        "outlet": "The Ellery Courier",
        "published": "2031-03-04T23:30:00-05:00",
        "authors": "Ina Marlow, Tomas Quill and Bea Rudd",
        "before": "The council met.",
        "text": "It will vote on Friday.",
    }
    (tmp_path / "a.json").write_text(json.dumps(given, indent=1), encoding="utf-8")
    (report,) = reports(tmp_path / "a.json", settings)
    assert (report.file, report.title, report.url) == ("ferry-7", given["title"], given["url"])
    assert report.publisher == "The Ellery Courier"
    assert report.authors == ("Ina Marlow", "Tomas Quill", "Bea Rudd")
    assert report.before == "The council met."
    assert report.published == date(2031, 3, 4)
    assert report.published_at == datetime(2031, 3, 5, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "a"])
def test_lines_of_objects_are_read_one_by_one(tmp_path: Path, settings: Settings, name: str) -> None:
    lines = '{"id": 7, "text": "One."}\n\n{"text": "Two."}\n{"text": "Three.", "url": "https://c.example/3"}\n'
    (tmp_path / name).write_text(lines, encoding="utf-8")
    assert [each.file for each in reports(tmp_path / name, settings)] == ["7", f"{name}:3", f"{name}:4"]


def test_a_lone_object_without_id_has_the_name_of_its_file(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n', encoding="utf-8")
    assert reports(tmp_path / "a.jsonl", settings)[0].file == "a.jsonl"


def test_a_list_of_objects_is_read_one_by_one(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "a.json").write_text('[{"id": "x", "text": "One."},\n {"text": "Two."}]', encoding="utf-8")
    assert [each.file for each in reports(tmp_path / "a.json", settings)] == ["x", "a.json:2"]


def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, settings: Settings) -> None:
    lines = [
        b'{"id": "a", "text": "One."}',
        b'{"id": "b", "text": ',
        b'{"id": "c", "title": "no text"}',
        b'"d"',
        b'{"id": "e", "text": "caf\xe9"}',
        b'{"id": "f", "text": "Two."}',
    ]
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(lines))
    found = list(read_source(str(path), settings))
    assert [type(each) for each in found] == [
        Report,
        UnknownFormat,
        NotAnArticle,
        UnknownFormat,
        UnknownFormat,
        Report,
    ]
    errors = [each for each in found if isinstance(each, ReadError)]
    assert [each.about for each in errors] == [f"{path}:2", f"{path}:3 (c)", f"{path}:4", f"{path}:5"]


def test_a_folder_is_read_by_name_without_what_is_hidden(tmp_path: Path, settings: Settings, prose: str) -> None:
    for name in ["b.txt", "a/z.txt", ".git/c.txt", ".hidden.txt", "a/y.txt"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(prose, encoding="utf-8")
    (tmp_path / "c.bin").write_bytes(bytes(range(256)))
    (tmp_path / "d.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "e.txt")
    found = list(read_source(str(tmp_path), settings))
    assert [each.file for each in found if isinstance(each, Report)] == ["b.txt", "y.txt", "z.txt"]
    assert [(type(each), each.about) for each in found if isinstance(each, ReadError)] == [
        (UnknownFormat, str(tmp_path / "c.bin")),
        (NotFoundInput, str(tmp_path / "d.txt")),
        (UnknownFormat, str(tmp_path / "e.txt")),
    ]


def test_an_empty_folder_says_so(tmp_path: Path, settings: Settings) -> None:
    assert type(failure(tmp_path, settings)) is NotFoundInput


@pytest.mark.parametrize(
    ("name", "body", "error", "reason"),
    [
        ("a.txt", b"", NotAnArticle, "empty"),
        ("a.txt", b" \n\n", NotAnArticle, "empty"),
        ("a.json", b"", NotAnArticle, "empty"),
        ("a.jsonl", b"\n\n", NotAnArticle, "empty"),
        ("a.txt.gz", b"", NotAnArticle, "empty"),
        ("a.txt", b"The caf\xe9 is shut.", UnknownFormat, "not UTF-8 (byte 7)"),
        ("a.txt", b"\xff\xfeT\x00h\x00e\x00", UnknownFormat, "UTF-16"),
        ("a.txt", b"The \x00 council", UnknownFormat, "binary"),
        ("a.pdf", b"%PDF-1.7 and so on", UnknownFormat, "broken PDF"),
        ("a.txt", b"a" * 1_000_001, TooLarge, "1000000 bytes"),
        ("a.jsonl", b'{"text": "' + b"a" * 1_000_000 + b'"}', TooLarge, "1000000 bytes"),
        ("a.txt.gz", b"The council met.", UnknownFormat, "broken gzip"),
        ("a.txt.gz", gzip.compress(b"The council met." * 99, mtime=0)[:-9], UnknownFormat, "broken gzip"),
        ("a.txt.gz", gzip.compress(b"a" * 1_100_000, mtime=0), TooLarge, "1000000 bytes"),
        ("a.jsonl.gz", gzip.compress(b"\n" * 1_100_000, mtime=0), TooLarge, "200 times"),
        ("a.html", b"<html><body><ul><li><a href='/'>Home</a></li></ul></body></html>", NotAnArticle, "page"),
        ("a.html", b"<html></html>", NotAnArticle, "page"),
        ("a.json", b'{"id": "x", "title": "no text"}', NotAnArticle, "no text"),
        ("a.json", b'{"text": 5}', NotAnArticle, "no text"),
        ("a.json", b'{"text": "  "}', NotAnArticle, "no text"),
        ("a.json", b"[]", NotAnArticle, "empty list"),
        ("a.json", b'{"text": "The', UnknownFormat, "broken JSON"),
        ("a.json", b"[" * 200_000, UnknownFormat, "broken JSON"),
        ("a.json", b"5", UnknownFormat, "not a JSON object"),
        ("a.xml", b"<?xml version='1.0'?><rss version='2.0'></rss>", UnknownFormat, "feed"),
        ("a.xml", b"<?xml version='1.0'?><newsItem/>", UnknownFormat, "XML"),
        ("a.warc", b"WARC/1.0\r\n", UnknownFormat, "archive"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, settings: Settings, name: str, body: bytes, error: type[ReadError], reason: str
) -> None:
    (tmp_path / name).write_bytes(body)
    found = failure(tmp_path / name, settings)
    assert type(found) is error
    assert reason in found.reason
    assert str(tmp_path / name) in str(found)


@pytest.mark.parametrize("source", ["no/such/file.txt", "a\0b"])
def test_a_missing_file_is_not_found(settings: Settings, source: str) -> None:
    assert type(failure(source, settings)) is NotFoundInput


def test_a_text_in_another_language_is_said_so(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "a.txt").write_text(
        "Le conseil du port se réunira jeudi pour voter sur la nouvelle ligne de ferry, a annoncé mardi sa "
        "présidente, qui espère que les travaux commenceront avant la fin de l'année.",
        encoding="utf-8",
    )
    assert type(failure(tmp_path / "a.txt", settings)) is UnknownLanguage


def test_a_file_of_lines_may_be_longer_than_one_input(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One and two."}\n' * 100, encoding="utf-8")
    assert len(reports(tmp_path / "a.jsonl", Settings(max_bytes=100))) == 100


def test_standard_input_is_told_by_its_bytes(settings: Settings, prose: str, page: str) -> None:
    def from_stdin(body: bytes) -> Report:
        return reports("-", settings, stdin=io.BytesIO(body))[0]

    assert from_stdin(prose.encode()).text == prose
    assert from_stdin(gzip.compress(prose.encode())).text == prose
    assert from_stdin(page.encode()).title == "Ferry vote moved"
    assert from_stdin(b'{"text": "One."}\n').text == "One."
    assert from_stdin(b'{\n "text": "One."}\n').text == "One."
    assert from_stdin(b'[{"text": "One."}]').text == "One."
    assert from_stdin(b"[Editor's note] The council met.").text.startswith("[Editor")
    assert from_stdin(prose.encode()).file == "-"


def test_standard_input_stays_open(settings: Settings, prose: str) -> None:
    stream = io.BytesIO(prose.encode())
    reports("-", settings, stdin=stream)
    assert not stream.closed


def test_what_the_caller_states_fills_gaps_alone(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"text": "One."}\n{"text": "Two.", "published": "2031-03-04", "publisher": "The Ellery Courier"}\n',
        encoding="utf-8",
    )
    one, two = reports(tmp_path / "a.jsonl", settings, published=date(2030, 1, 1), publisher="The Post")
    assert (one.published, one.publisher) == (date(2030, 1, 1), "The Post")
    assert (two.published, two.publisher) == (date(2031, 3, 4), "The Ellery Courier")


def test_a_long_text_is_cut_at_a_paragraph_or_sentence_and_says_so(prose: str) -> None:
    cut = read(prose * 3, settings=Settings(max_chars=len(prose) + 50))
    assert (cut.text, cut.cut) == (prose, True)
    sentence = read("The council met. It voted. It went home.", settings=Settings(max_chars=30))
    assert (sentence.text, sentence.cut) == ("The council met. It voted. ", True)
    assert not read(prose).cut


def test_the_id_stands_for_place_and_text(prose: str) -> None:
    same = read(prose, file="a.txt").id
    assert read(prose.encode(), file="a.txt").id == same
    assert read({"text": prose}, file="a.txt", published=date(2031, 3, 4)).id == same
    assert len({same, read(prose, file="b.txt").id, read(prose + "More.", file="a.txt").id}) == 3


def test_one_text_of_two_publishers_under_one_url_is_two_reports(prose: str) -> None:
    page = {"text": prose, "url": "https://wire.example/quay"}
    ids = [read({**page, "outlet": outlet}).id for outlet in ("The Wire", "The Ellery Courier", "The Wire")]
    assert (len(set(ids)), ids[0]) == (2, ids[2])


def test_bytes_of_several_objects_are_no_single_report() -> None:
    with pytest.raises(UnknownFormat):
        read(b'{"text": "One."}\n{"text": "Two."}\n')


def test_a_lone_surrogate_becomes_one_other_character(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "a.json").write_bytes(b'{"text": "The \\ud800 council \\ud83d\\ude00 met."}')
    assert reports(tmp_path / "a.json", settings)[0].text == "The \ufffd council \U0001f600 met."


def test_objects_come_as_they_are(tmp_path: Path, settings: Settings, prose: str) -> None:
    given = {"id": "s:1", "text": "Le conseil", "before": "Oui.", "title": None, "more": [1]}
    (tmp_path / "a.jsonl").write_text(json.dumps(given) + '\n{"text": ""}\n', encoding="utf-8")
    (tmp_path / "b.txt").write_text("Published: 4 March 2031\n\n" + prose, encoding="utf-8")
    found, empty, text = read_objects(str(tmp_path), settings)
    assert found == given
    assert type(empty) is NotAnArticle
    assert isinstance(text, dict)
    assert (text["id"], text["published"]) == ("b.txt", "2031-03-04")
