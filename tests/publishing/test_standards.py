from datetime import date
from pathlib import Path

import pytest

from stillon.model import Precision, Status, When
from stillon.publishing import formats
from stillon.publishing.standards import CALLED, EOCSTAT_NAMES, fixed_days, instant_of, uri_of

PAGE = Path(__file__).parents[2] / "docs" / "formats.md"


def test_every_status_has_a_word_elsewhere_and_the_page_shows_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert set(CALLED) == set(Status)
    for status, called in CALLED.items():
        assert called.eocstat in EOCSTAT_NAMES
        row = f"| {status} | {called.eocstat} | {called.schema or '—'} | {called.vevent} | {called.vtodo} |"
        assert row in page, row


def test_every_format_stands_in_the_page_with_what_it_cannot_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for format in (*formats.READ, *formats.EXPORT):
        assert f"`{format}`" in page
    for heading in ("iCalendar", "Atom", "schema.org JSON-LD", "ninjs", "EventsML-G2", "Superdesk", "CSV and Parquet"):
        section = page.partition(f"\n## {heading}")[2].partition("\n## ")[0]
        assert "| It cannot say |" in section, heading


def test_every_format_has_a_media_type() -> None:
    assert set(formats.MEDIA_TYPES) | {"text"} == {*formats.READ, *formats.EXPORT}


def test_a_format_that_is_none_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        formats.render("papyrus", [])


@pytest.mark.parametrize(
    ("precision", "text", "named"),
    [
        (Precision.DAY, "on the 8th", True),
        (Precision.WINDOW, "from 8 to 12 March", True),
        (Precision.WINDOW, "between March 08 and 12", True),
        (Precision.WINDOW, "Saturday through Wednesday", True),
        (Precision.WINDOW, "in early March", False),
        (Precision.WINDOW, "by March 12", False),
        (Precision.WEEK, "the week of March 8 to 12", False),
        (Precision.MONTH, "March 8 12", False),
    ],
)
def test_days_are_fixed_where_the_words_name_both_of_them(precision: Precision, text: str, named: bool) -> None:
    last = date(2031, 3, 8 if precision is Precision.DAY else 12)
    when = When(start=date(2031, 3, 8), end=last, precision=precision, text=text)
    assert (fixed_days(when) is not None) == named


def test_an_hour_in_a_zone_of_summer_time_follows_the_zone_and_not_the_season_of_its_name() -> None:
    day = date(2031, 7, 1)
    summer = When(start=day, end=day, precision=Precision.TIME, text="x", time="09:00", zone="ET")
    standard = When(start=day, end=day, precision=Precision.TIME, text="x", time="09:00", zone="EST")
    assert [instant.hour for when in (summer, standard) if (instant := instant_of(when))] == [13, 14]


def test_a_uri_is_the_same_for_ever() -> None:
    assert uri_of("event", "launch") == "urn:uuid:580d3fe9-9712-51c9-8dc4-0e19e94741f3"
    assert uri_of("event", "a", "b") != uri_of("event", "ab")
