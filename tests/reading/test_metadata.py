"""What stands in front of the prose and at its foot."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from stillon.reading import read
from stillon.reading.metadata import find_agency, parse_published, read_front, split_authors

PROSE = "The harbour council will meet on Thursday. It has not met since May 2, 2030."
DAY = date(2031, 3, 4)


@pytest.mark.parametrize(
    ("front", "published", "publisher"),
    [
        ("date 2031-03-04 ", DAY, None),
        (" date 2031-03-04 ", DAY, None),
        ("Date: 2031-03-04\n\n", DAY, None),
        ("Published: 4 March 2031\n", DAY, None),
        ("PUBLISHED: Tuesday, March 4, 2031, 9:30 a.m. EST\n\n", DAY, None),
        ("Published on 4th of March 2031\n", DAY, None),
        ("Posted: Mar. 4, 2031 | ", DAY, None),
        ("Publisher: The Ellery Courier\nPublished: March 4, 2031\n\n", DAY, "The Ellery Courier"),
        ("Published: March 4, 2031 Publisher: The Ellery Courier\n\n", DAY, "The Ellery Courier"),
        ("Published: March 4, 2031; Publisher: The Ellery Courier\n\n", DAY, "The Ellery Courier"),
        ("Published: March 4, 2031\nUpdated: March 6, 2031\n\n", DAY, None),
        ("Updated: March 6, 2031\nPublished: March 4, 2031\n\n", DAY, None),
        ("Source: The Ellery Courier\n\n", None, "The Ellery Courier"),
        ("March 4, 2031\n\n", DAY, None),
        ("2031-03-04\n", DAY, None),
        ("The Ellery Courier, 4 March 2031\n\n", DAY, "The Ellery Courier"),
        ("The Ellery Courier | Tuesday, March 4, 2031\n\n", DAY, "The Ellery Courier"),
        ("March 4, 2031 — The Ellery Courier\n\n", DAY, "The Ellery Courier"),
        ("The Ellery Courier, 4 March 2031: ", DAY, "The Ellery Courier"),
        ("4 March 2031 - ", DAY, None),
        ("date: 2031/03/04\n", DAY, None),
        ("Published 4 March 2031 by The Ellery Courier\n\n", DAY, "The Ellery Courier"),
        ("published 2031-03-04T10:00:00Z publisher The Ellery Courier\n\n", DAY, "The Ellery Courier"),
        ("Publisher: The Ellery Courier. Published: 2031-03-04. ", DAY, "The Ellery Courier"),
        ("Publication: The Ellery Courier\nDate published: 2031-03-04\n\n", DAY, "The Ellery Courier"),
        ("Dateline: Port Ellery, 4 March 2031\n\n", DAY, None),
        ("By Ina Marlow | The Ellery Courier | March 4, 2031\n\n", DAY, "The Ellery Courier"),
        ("By Ina Marlow, The Ellery Courier\nMarch 4, 2031\n\n", DAY, "The Ellery Courier"),
        ("PORT ELLERY, 4 March 2031 — ", DAY, None),
        ("PORT ELLERY—", None, None),
        ("PORT ELLERY, Calif., Jan. 1 (UPI) — ", None, "UPI"),
        ("PORT ELLERY, March 4. /TASS/. ", None, "TASS"),
        ("Port Ellery (dpa) - ", None, "dpa"),
        ("PORT ELLERY (AA) — ", None, "Anadolu"),
        ("PORT ELLERY, March 4 (Reuters) - ", None, "Reuters"),
        ("PORT ELLERY, March 4, 2031 (Reuters) - ", DAY, "Reuters"),
        ("PORT ELLERY, Ohio (AP) — ", None, "AP"),
        ("PORT ELLERY/LOWMOUTH (Reuters) - ", None, "Reuters"),
        ("Port Ellery (CNN) ", None, "CNN"),
        ("(Reuters) - ", None, "Reuters"),
        ("PORT ELLERY — ", None, None),
        ("ST. ELLERY, Ohio -- ", None, None),
        ("Published: March 4, 2031\n\nPORT ELLERY (AP) — ", DAY, "AP"),
    ],
)
def test_day_and_publisher_in_front_are_read_and_the_prose_starts_behind(
    front: str, published: date | None, publisher: str | None
) -> None:
    report = read(front + PROSE)
    assert report.text == front + PROSE
    assert report.text[report.body_start :] == PROSE
    assert (report.published, report.publisher) == (published, publisher)


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "Published reports on 4 March 2031 say that the council met.",
        "Published on 4 March 2031, the report blames the council.",
        "March 4, 2031, is the day of the vote.",
        "On March 4, 2031\nthe council met.",
        "By Thursday the council will have met.",
        "Date nights are on the rise, the Courier found on 4 March 2031.",
        "The council (AP has learned) met.",
        "The Council - a body of nine - met.",
        "NATO, a body of many, met.",
        "#FerryNow is back.",
        "Ferry vote moved\nThe council met.",
        "Published: 31 February 2031 is no day.",
    ],
)
def test_prose_is_not_taken_for_front_matter(text: str) -> None:
    front = read_front(text)
    assert (front.body_start, front.published, front.publisher) == (0, None, None)


def test_a_headline_above_front_matter_is_the_title() -> None:
    text = f"Ferry vote moved to Friday\n\nBy Ina Marlow and Tomas Quill\nMarch 4, 2031\n\n{PROSE}"
    report = read(text)
    assert (report.title, report.authors) == ("Ferry vote moved to Friday", ("Ina Marlow", "Tomas Quill"))
    assert report.published == DAY
    assert report.text[report.body_start :] == PROSE


def test_an_outlet_above_day_and_headline_is_the_publisher() -> None:
    report = read(f"The Ellery Courier\nMarch 4, 2031\n\nFerry vote moved\n\n{PROSE}")
    assert (report.publisher, report.title, report.published) == ("The Ellery Courier", "Ferry vote moved", DAY)
    assert report.text[report.body_start :] == PROSE


def test_marks_of_markdown_are_no_part_of_what_is_read() -> None:
    report = read(f"# Ferry vote moved\n\n*Published: 4 March 2031*\n\n{PROSE}")
    assert (report.title, report.published) == ("Ferry vote moved", DAY)
    assert report.text[report.body_start :] == PROSE


def test_a_title_that_the_text_repeats_is_passed_over() -> None:
    report = read({"title": "Ferry vote moved", "text": f"Ferry vote moved\nPublished\n{PROSE}"})
    assert report.text[report.body_start :] == PROSE


def test_labels_give_title_authors_and_url() -> None:
    report = read(f"Title: Ferry vote moved\nAuthor: Ina Marlow\nURL: https://c.example/1\n\n{PROSE}")
    assert (report.title, report.authors, report.url) == (
        "Ferry vote moved",
        ("Ina Marlow",),
        "https://c.example/1",
    )


def test_what_an_object_says_goes_before_its_text() -> None:
    report = read({"text": "date 2031-03-09 " + PROSE, "published": "2031-03-04", "publisher": "The Post"})
    assert (report.published, report.publisher, report.body_start) == (DAY, "The Post", 16)


def test_a_stated_publisher_goes_before_the_dateline() -> None:
    report = read(f"PORT ELLERY (AP) — {PROSE}", publisher="The Post")
    assert (report.publisher, report.agency) == ("The Post", "AP")


@pytest.mark.parametrize(
    ("text", "authors", "agency"),
    [
        (f"PORT ELLERY (AP) — {PROSE}", (), "AP"),
        (f"A ferry in port. (Reuters)\n{PROSE}", (), "Reuters"),
        (f"{PROSE}\n\nThe Associated Press contributed to this report.", (), "AP"),
        (f"{PROSE}\n\nReuters and Agence France-Presse contributed.", (), "Reuters"),
        (f"{PROSE}\n\nCopyright 2031 The Associated Press. All rights reserved.", (), "AP"),
        (f"{PROSE}\n\n— Reuters", (), "Reuters"),
        (PROSE, ("Ina Marlow, Associated Press",), "AP"),
        (PROSE, ("Ina Marlow",), None),
        (f"{PROSE} An AP reporter saw it.", (), None),
        (f"{PROSE} He told Reuters so.", (), None),
    ],
)
def test_an_agency_is_credited_by_dateline_byline_or_foot(
    text: str, authors: tuple[str, ...], agency: str | None
) -> None:
    assert find_agency(text, authors) == agency


@pytest.mark.parametrize(
    ("value", "day", "instant"),
    [
        ("2031-03-04", DAY, None),
        ("20310304", DAY, None),
        ("2031-03-04T10:00:00", DAY, None),
        ("2031-03-04T10:00:00Z", DAY, datetime(2031, 3, 4, 10, tzinfo=UTC)),
        ("2031-03-04 10:00:00 UTC", DAY, datetime(2031, 3, 4, 10, tzinfo=UTC)),
        ("2031-03-04T23:00:00-05:00", DAY, datetime(2031, 3, 5, 4, tzinfo=UTC)),
        ("2031-03-04T23:00:00.000-0500", DAY, datetime(2031, 3, 5, 4, tzinfo=UTC)),
        ("Tue, 04 Mar 2031 10:00:00 GMT", DAY, datetime(2031, 3, 4, 10, tzinfo=UTC)),
        ("4 March 2031", DAY, None),
        ("March 4th, 2031", DAY, None),
        ("Tuesday, Mar. 4, 2031", DAY, None),
        ("03/04/2031", None, None),
        ("0001-01-01T00:00:00+23:00", date(1, 1, 1), None),
        ("yesterday", None, None),
        ("", None, None),
        (None, None, None),
        (1930000000, None, None),
    ],
)
def test_a_published_day_keeps_its_zone_and_is_never_guessed(
    value: object, day: date | None, instant: datetime | None
) -> None:
    assert parse_published(value) == (day, instant)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("By Ina Marlow", ("Ina Marlow",)),
        ("Ina Marlow, Tomas Quill, and Bea Rudd", ("Ina Marlow", "Tomas Quill", "Bea Rudd")),
        (["Ina Marlow", 5, " ", "Ina Marlow"], ("Ina Marlow",)),
        (None, ()),
    ],
)
def test_authors_come_as_a_line_or_a_list(value: object, names: tuple[str, ...]) -> None:
    assert split_authors(value) == names
