"""Pages: their text, their days, their charset."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from stillon.errors import NotAnArticle
from stillon.reading import read
from stillon.reading.html import decode_html

PROSE = (
    "<p>The harbour council of Port Ellery will meet on Thursday to vote on the new ferry line.</p>"
    "<p>The vote had been put off after two members asked for more time to read a report by auditors.</p>"
)


def page(head: str, body: str = PROSE) -> bytes:
    return f"<!doctype html><html><head>{head}</head><body><article>{body}</article></body></html>".encode()


def test_paragraphs_are_parted_by_line_ends() -> None:
    text = read(page("<title>Ferry</title>")).text
    assert text.splitlines() == [
        "The harbour council of Port Ellery will meet on Thursday to vote on the new ferry line.",
        "The vote had been put off after two members asked for more time to read a report by auditors.",
    ]


def test_publication_and_edit_are_kept_apart_in_meta_tags() -> None:
    report = read(
        page(
            '<meta property="article:published_time" content="2031-03-04T10:00:00+01:00">'
            '<meta property="article:modified_time" content="2031-03-09T10:00:00+01:00">'
        )
    )
    assert report.published == date(2031, 3, 4)
    assert report.published_at == datetime(2031, 3, 4, 9, tzinfo=UTC)
    assert report.modified_at == datetime(2031, 3, 9, 9, tzinfo=UTC)


def test_a_page_that_only_tells_its_edit_has_no_day_of_publication() -> None:
    report = read(page('<meta property="article:modified_time" content="2031-03-09T10:00:00Z">'))
    assert (report.published, report.published_at) == (None, None)
    assert report.modified_at == datetime(2031, 3, 9, 10, tzinfo=UTC)


def test_the_day_of_a_time_element_is_found() -> None:
    report = read(page("<title>Ferry</title>", f'<time datetime="2021-03-04">March 4</time>{PROSE}'))
    assert report.published == date(2021, 3, 4)


def test_a_page_without_any_day_has_none() -> None:
    assert read(page("<title>Ferry</title>", PROSE + "<p>© 2019 The Courier. It was so.</p>")).published is None


def test_broken_structured_data_is_passed_over() -> None:
    report = read(
        page(
            '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
            '<script type="application/ld+json">[1, {"@type": ["NewsArticle"], "datePublished": 5,'
            ' "author": {"name": ["x"]}, "publisher": {"name": "The Post"}}]</script>'
        )
    )
    assert (report.publisher, report.published, report.authors) == ("The Post", None, ())


def test_the_name_of_the_site_is_taken_from_the_title_of_the_page() -> None:
    report = read(page("<title>Ferry vote moved - The Courier</title>", f"<h1>Ferry vote moved</h1>{PROSE}"))
    assert (report.title, report.publisher) == ("Ferry vote moved", "The Courier")


def test_a_brief_of_one_sentence_is_an_article_when_the_page_says_so() -> None:
    brief = "<p>The harbour council has put off its vote on the ferry line to Friday.</p>"
    assert read(page("<title>Ferry</title>", brief)).text.startswith("The harbour council")
    with pytest.raises(NotAnArticle):
        read(f"<html><body>{brief}</body></html>".encode())


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li><a href='/a'>Ferries</a></li><li><a href='/b'>Ports and harbours of the county</a></li></ul>",
        "<form><label>Your name</label><input><button>Log in</button></form>",
        "<p>Please turn on scripts.</p>",
    ],
)
def test_a_page_without_prose_is_no_article(body: str) -> None:
    with pytest.raises(NotAnArticle):
        read(page("<title>Ferries</title>", body))


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("<p>Marlôw".encode(), None, "<p>Marlôw"),
        ("<p>Marlôw".encode("cp1252"), None, "<p>Marlôw"),
        ("<p>Marlôw".encode("cp1252"), "no-such-charset", "<p>Marlôw"),
        ("<p>Marlôw".encode("cp1252"), "zlib", "<p>Marlôw"),
        ("<p>Марлов".encode("koi8-r"), "koi8-r", "<p>Марлов"),
        ('<meta charset="koi8-r"><p>Марлов'.encode("koi8-r"), None, '<meta charset="koi8-r"><p>Марлов'),
        ("<p>Marlôw".encode("utf-16"), None, "<p>Marlôw"),
        ("\ufeff<p>Marlôw".encode(), "koi8-r", "<p>Marlôw"),
        (b"<p>Marl\xffw", "utf-8", "<p>Marl\ufffdw"),
    ],
)
def test_pages_are_decoded_as_browsers_do(body: bytes, charset: str | None, text: str) -> None:
    assert decode_html(body, charset) == text
