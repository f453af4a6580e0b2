from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import icalendar
import pytest

from stillon.model import Dossier, Precision, Status, When
from stillon.publishing import ical


def _with(dossier: Dossier, when: When | None, status: Status = Status.SCHEDULED) -> icalendar.Component:
    """The first event with another date, as a calendar reads it."""
    first = replace(dossier.assessments[0], when=when, status=status)
    body = ical.render([replace(dossier, assessments=(first,))])
    return icalendar.Calendar.from_ical(body).subcomponents[0]


def _when(start: date | None, end: date | None, precision: Precision, text: str, **clock: str) -> When:
    return When(start=start, end=end, precision=precision, text=text, **clock)


def test_the_calendar_is_the_golden_one(dossier: Dossier, golden: Callable[[str, str], None]) -> None:
    golden("calendar.ics", ical.render([dossier]).decode().replace("\r\n", "\n"))


def test_the_same_answer_gives_the_same_bytes_on_any_day(dossier: Dossier) -> None:
    later = replace(dossier, as_of=date(2031, 3, 15))
    first, second = (ical.render([each]).splitlines() for each in (dossier, later))
    assert [a for a, b in zip(first, second, strict=True) if a != b] == [b"X-STILLON-AS-OF:2031-03-10"]


def test_lines_are_folded_and_parted_as_the_standard_wants(dossier: Dossier) -> None:
    body = ical.render([dossier])
    assert body.count(b"\n") == body.count(b"\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        (_when(date(2031, 3, 18), date(2031, 3, 18), Precision.DAY, "March 18"), date(2031, 3, 18), date(2031, 3, 19)),
        (
            _when(date(2031, 3, 12), date(2031, 3, 14), Precision.WINDOW, "March 12-14"),
            date(2031, 3, 12),
            date(2031, 3, 15),
        ),
        (
            _when(date(2031, 3, 14), date(2031, 3, 16), Precision.WINDOW, "Friday to Sunday"),
            date(2031, 3, 14),
            date(2031, 3, 17),
        ),
    ],
)
def test_named_days_are_an_event_of_whole_days(dossier: Dossier, when: When, start: date, end: date) -> None:
    event = _with(dossier, when)
    assert (event.name, event["DTSTART"].dt, event["DTEND"].dt) == ("VEVENT", start, end)


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("EDT", datetime(2031, 3, 18, 18, 30, tzinfo=UTC)),
        ("ET", datetime(2031, 3, 18, 18, 30, tzinfo=UTC)),
        ("Eastern time", datetime(2031, 3, 18, 18, 30, tzinfo=UTC)),
        ("(GMT)", datetime(2031, 3, 18, 14, 30, tzinfo=UTC)),
        ("CET", datetime(2031, 3, 18, 13, 30, tzinfo=UTC)),
    ],
)
def test_a_clock_time_with_its_zone_is_an_instant(dossier: Dossier, zone: str, instant: datetime) -> None:
    day = date(2031, 3, 18)
    event = _with(dossier, _when(day, day, Precision.TIME, "2:30 p.m.", time="14:30", zone=zone))
    assert event["DTSTART"].dt == instant
    assert "DTEND" not in event


@pytest.mark.parametrize(
    ("zone", "shown"), [(None, "(14:30 there)"), ("BST", "(14:30 BST)"), ("local", "(14:30 local)")]
)
def test_a_clock_time_of_no_known_offset_is_told_in_words_on_its_day(
    dossier: Dossier, zone: str | None, shown: str
) -> None:
    day = date(2031, 3, 18)
    event = _with(dossier, When(start=day, end=day, precision=Precision.TIME, text="x", time="14:30", zone=zone))
    assert event["DTSTART"].dt == day
    assert event["SUMMARY"].endswith(shown)


@pytest.mark.parametrize(
    ("when", "due"),
    [
        (_when(date(2031, 3, 10), date(2031, 3, 16), Precision.WEEK, "next week"), date(2031, 3, 16)),
        (_when(date(2031, 3, 11), date(2031, 3, 20), Precision.WINDOW, "mid-March"), date(2031, 3, 20)),
        (_when(date(2031, 3, 1), date(2031, 3, 31), Precision.MONTH, "in March"), date(2031, 3, 31)),
        (_when(None, None, Precision.VAGUE, "soon"), None),
        (None, None),
    ],
)
def test_where_no_day_is_named_there_is_a_task_and_no_event(
    dossier: Dossier, when: When | None, due: date | None
) -> None:
    task = _with(dossier, when)
    assert task.name == "VTODO"
    assert ("DUE" in task) == (due is not None)
    if due and when:
        assert (task["DTSTART"].dt, task["DUE"].dt) == (when.start, due)
    assert task["SUMMARY"].endswith(")")


@pytest.mark.parametrize(
    ("status", "as_task"),
    [(Status.HELD, "COMPLETED"), (Status.UNDER_WAY, "IN-PROCESS"), (Status.DENIED, "CANCELLED"),
     (Status.LAPSED, "NEEDS-ACTION")],
)  # fmt: skip
def test_a_task_has_the_status_of_tasks(dossier: Dossier, status: Status, as_task: str) -> None:
    assert _with(dossier, None, status)["STATUS"] == as_task


def test_the_calendar_says_how_many_events_have_no_day(dossier: Dossier) -> None:
    calendar = icalendar.Calendar.from_ical(ical.render([dossier]))
    assert calendar["X-STILLON-UNDATED"] == "2"
    assert len(calendar.walk("VTODO")) == 2


def test_what_must_come_first_is_related_by_its_uid(dossier: Dossier) -> None:
    (launch,) = icalendar.Calendar.from_ical(ical.render([dossier])).walk("VEVENT")
    assert launch["RELATED-TO"] == "trial@stillon"
    assert launch["RELATED-TO"].params["RELTYPE"] == "DEPENDS-ON"


def test_each_dossier_is_a_calendar_of_its_own(dossier: Dossier, empty_dossier: Dossier) -> None:
    calendars = icalendar.Calendar.from_ical(ical.render([dossier, empty_dossier]), multiple=True)
    assert [len(calendar.subcomponents) for calendar in calendars] == [3, 0]


def test_an_event_of_no_status_is_in_no_calendar(dossier: Dossier) -> None:
    named = replace(dossier.assessments[0], status=None)
    assert b"VEVENT" not in ical.render([replace(dossier, assessments=(named,))])


def test_an_event_has_the_page_that_the_caller_gives_it(dossier: Dossier) -> None:
    body = ical.render([dossier], url_of=lambda id: f"https://desk.example/events/{id}")
    (launch,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert launch["URL"] == "https://desk.example/events/launch"
