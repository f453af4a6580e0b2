"""A day, a week or a near month makes an event scheduled; the day beside an event that is off is its former one."""

from dataclasses import replace
from datetime import date

import pytest

from stillon.extraction.planned import (
    by_former_day,
    by_its_days,
    by_new_day,
    day_it_was_for,
    is_stamp,
)
from stillon.extraction.when import find_times, when_of
from stillon.model import EventReading, Kind, Span, Status

PUBLISHED = date(2031, 5, 6)


def reading(text: str, event: str, status: Status) -> EventReading:
    start = text.index(event)
    return EventReading(event=Span(start, start + len(event)), kind=Kind.VOTE, status=status, score=0.9)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("on Friday", Status.SCHEDULED),
        ("next week", Status.SCHEDULED),
        ("in June", Status.SCHEDULED),
        ("on December 12", Status.SCHEDULED),
        ("in December", Status.ANNOUNCED),
        ("in 2033", Status.ANNOUNCED),
        ("later this year", Status.ANNOUNCED),
    ],
)
@pytest.mark.parametrize("read", [Status.SCHEDULED, Status.ANNOUNCED])
def test_the_days_decide(words: str, wanted: Status, read: Status) -> None:
    text = f"The council will vote {words}."
    when = when_of(text, Span(21, len(text) - 1), find_times(text, published=PUBLISHED, ahead=True))
    assert by_its_days(read, when, PUBLISHED) is wanted


def test_without_days_a_sentence_alone_announces() -> None:
    assert by_its_days(Status.SCHEDULED, None, PUBLISHED, alone=True) is Status.ANNOUNCED
    assert by_its_days(Status.SCHEDULED, None, PUBLISHED) is Status.SCHEDULED
    assert by_its_days(Status.CANCELLED, None, PUBLISHED, alone=True) is Status.CANCELLED
    assert by_its_days(None, None, PUBLISHED) is None


@pytest.mark.parametrize(
    ("text", "event", "day"),
    [
        ("The council cancelled the vote on Friday.", "the vote", "Friday"),
        ("The council cancelled Monday’s vote.", "Monday’s vote", "Monday"),
        ("The vote that was scheduled for June 3 was scrapped.", "The vote", "June 3"),
        ("The council cancelled the vote after a storm on Friday.", "the vote", None),
        ("The council cancelled the vote.", "the vote", None),
    ],
)
def test_the_day_beside_an_event_that_is_off(text: str, event: str, day: str | None) -> None:
    found = day_it_was_for(reading(text, event, Status.CANCELLED), text, find_times(text, published=PUBLISHED))
    assert (found.of(text) if found else None) == day


def test_a_former_day_read_in_part_is_taken_whole() -> None:
    text = "The council put off the vote that was set for this weekend."
    part = replace(reading(text, "the vote", Status.POSTPONED), was=Span(text.index("this"), text.index("this") + 4))
    found = day_it_was_for(part, text, find_times(text, published=PUBLISHED))
    assert found is not None
    assert found.of(text) == "this weekend"


def test_the_day_of_what_is_cancelled_is_its_former_one() -> None:
    text = "The council cancelled the vote for Friday."
    read = replace(
        reading(text, "the vote", Status.CANCELLED), when=Span(text.index("Friday"), text.index("Friday") + 6)
    )
    assert day_it_was_for(read, text, find_times(text, published=PUBLISHED)) == read.when


def test_one_that_is_on_keeps_its_days_as_read() -> None:
    text = "The council will hold the vote on Friday."
    times = find_times(text, published=PUBLISHED)
    assert day_it_was_for(reading(text, "the vote", Status.SCHEDULED), text, times) is None


@pytest.mark.parametrize(
    ("text", "when", "was", "left"),
    [
        ("We had previously scheduled the vote for Friday.", "Friday", None, (None, "Friday")),
        ("The vote, originally planned for June 3, is set for June 9.", "June 9", "June 3", ("June 9", "June 3")),
        ("The vote was moved from Friday.", "Friday", "Friday", (None, "Friday")),
        ("The council scheduled the vote for Friday.", "Friday", None, ("Friday", None)),
    ],
)
def test_a_day_that_is_said_to_be_former_is_no_new_one(
    text: str, when: str, was: str | None, left: tuple[str | None, str | None]
) -> None:
    read = reading(text, "vote", Status.RESCHEDULED if was else Status.SCHEDULED)
    former = Span(text.index(was), text.index(was) + len(was)) if was else None
    at = text.rindex(when)
    found = by_former_day(replace(read, when=Span(at, at + len(when)), was=former), text)
    assert (found.when and found.when.of(text), found.was and found.was.of(text)) == left


def test_the_day_of_a_quoted_post_is_not_that_of_what_it_speaks_of() -> None:
    text = "Talks go on! — Ada Lund (@adalund) May 5, 2031. Talks go on until May 9."
    assert is_stamp(text, Span(text.index("May 5"), text.index("May 5") + 5))
    assert not is_stamp(text, Span(text.index("May 9"), text.index("May 9") + 5))


@pytest.mark.parametrize(
    ("text", "new", "wanted"),
    [
        ("The council put off the vote until Friday.", "Friday", Status.RESCHEDULED),
        ("The council put off the vote to the week of June 2.", "the week of June 2", Status.RESCHEDULED),
        ("The council put off the vote until autumn.", "autumn", Status.POSTPONED),
        ("The council put off the vote until after the talks on Friday.", "Friday", Status.POSTPONED),
        ("The council put off the vote on Friday.", "Friday", Status.POSTPONED),
    ],
)
def test_a_delay_to_a_day_is_a_move_to_it(text: str, new: str, wanted: Status) -> None:
    start = text.index(new)
    read = replace(reading(text, "the vote", Status.POSTPONED), when=Span(start, start + len(new)))
    when = when_of(text, Span(start, start + len(new)), find_times(text, published=PUBLISHED, ahead=True))
    assert by_new_day(read, when, text).status is wanted
