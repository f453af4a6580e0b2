"""When what one reading speaks of is to be: with readings made by hand, of a report of Tuesday, March 4, 2031."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from stillon.model import Kind, Status, When
from tests.extraction.story import Story


def _days(when: When | None) -> tuple[date | None, date | None] | None:
    return when and (when.start, when.end)


def _when(story: Story, number: int = 0) -> tuple[date | None, date | None] | None:
    page = story.page()
    return _days(page.node(page.sorted_out(story.readings)[number]).when)


@pytest.mark.parametrize(
    ("words", "status", "wanted"),
    [
        ("last week", Status.HELD, (date(2031, 2, 24), date(2031, 3, 2))),
        ("this week", Status.HELD, (date(2031, 2, 24), date(2031, 3, 2))),
        ("this week", Status.SCHEDULED, (date(2031, 3, 3), date(2031, 3, 9))),
        ("next week", Status.SCHEDULED, (date(2031, 3, 3), date(2031, 3, 9))),
    ],
)
def test_a_sundays_week_is_the_one_that_ends_or_the_one_ahead(
    words: str, status: Status, wanted: tuple[date, date]
) -> None:
    story = Story(f"The fair is on {words}.")
    story.report = replace(story.report, published=date(2031, 3, 2))
    story.event("The fair", Kind.CEREMONY, status, "is on", when=words)
    assert _when(story) == wanted


def test_a_day_that_ends_a_range_brings_the_first_one() -> None:
    story = Story("The fair runs from Thursday through Saturday.")
    story.event("The fair", Kind.CEREMONY, Status.SCHEDULED, "runs", when="through Saturday")
    assert _when(story) == (date(2031, 3, 6), date(2031, 3, 8))


def test_a_deadline_at_the_end_of_a_month_is_its_last_day() -> None:
    story = Story("Norway has a deadline for the accord at the end of March.")
    story.event("a deadline", Kind.DEADLINE, Status.SCHEDULED, "has", who=["Norway"], when="the end of March")
    assert _when(story) == (date(2031, 3, 31), date(2031, 3, 31))


def test_a_day_behind_the_event_goes_before_that_of_another_in_front() -> None:
    story = Story("A first payment is due on April 1, with a deadline for the rest on July 1.")
    story.event("A first payment", Kind.MEASURE, Status.SCHEDULED, "due", when="April 1")
    story.event("a deadline for the rest", Kind.DEADLINE, Status.SCHEDULED, "with", when="April 1")
    assert _when(story, 1) == (date(2031, 7, 1), date(2031, 7, 1))


def test_the_day_on_which_it_was_said_is_not_the_events() -> None:
    story = Story("The council will vote on the bridge, the mayor said Monday.")
    story.event("vote on the bridge", Kind.VOTE, Status.SCHEDULED, "will")
    assert _when(story) is None


def test_of_a_year_under_way_what_is_to_come_has_the_rest() -> None:
    story = Story("The council will vote on the bridge this year.")
    story.event("vote on the bridge", Kind.VOTE, Status.ANNOUNCED, "will", when="this year")
    assert _when(story) == (date(2031, 3, 4), date(2031, 12, 31))


def test_a_bare_weekday_of_what_was_called_off_is_the_nearest() -> None:
    story = Story("The council cancelled the vote that was set for Monday.")
    story.event("the vote", Kind.VOTE, Status.CANCELLED, "cancelled", was="Monday")
    page = story.page()
    assert _days(page.node(story.readings[0]).was) == (date(2031, 3, 3), date(2031, 3, 3))


def test_two_days_later_counts_from_the_sentence_before() -> None:
    story = Story("The talks begin on March 6. Two days later the ministers will meet.")
    story.event("meet", Kind.MEETING, Status.SCHEDULED, "will meet", when="Two days later")
    assert _when(story) == (date(2031, 3, 8), date(2031, 3, 8))
