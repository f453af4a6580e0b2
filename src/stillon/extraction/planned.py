"""What the days beside an event's words make of it: scheduled or announced, and when it was to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from stillon.model import EventReading, Span, Status, TimeExpression, When

OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.ON_HOLD, Status.DENIED, Status.IN_DOUBT})
"""Statuses that keep the day that was planned."""

WEEK, MONTH = timedelta(days=7), timedelta(days=31)
"""Longest windows, in days from first to last, that fix an event's day: any week, and a month that is near."""
SOON = timedelta(days=92)
"""How far off such a month may begin: three months, by the guide of the labelled sentences."""


def by_its_days(
    status: Status | None, when: When | None, published: date | None, *, alone: bool = False
) -> Status | None:
    """What `status` is by the event's days: a day, a week or a near month makes it scheduled, others announced.

    Every other status, and one whose days or publication are not known, stays as it is; one for which no days are
    given at all is announced where the sentence stands `alone`, and stays as it is where others may give them.
    """
    if status not in (Status.ANNOUNCED, Status.SCHEDULED):
        return status
    if when is None:
        return Status.ANNOUNCED if alone else status
    if published is None or when.start is None or when.end is None:
        return status
    window = when.end - when.start
    fixed = window <= WEEK or (window <= MONTH and when.start - published <= SOON)
    return Status.SCHEDULED if fixed else Status.ANNOUNCED


def by_new_day(reading: EventReading, when: When | None, text: str) -> EventReading:
    """A delay "until" a day or a week is a move to it; one to a wider time, or to after something, is put off.

    So the labelled sentences have it: of delays with such a day 47 of 50 are moves, with a wider one none of 39.
    """
    if reading.when is None or when is None or when.start is None or when.end is None:
        return reading
    led = text[max(0, reading.when.start - NEAR_CHARACTERS) : reading.when.end]
    near = when.end - when.start <= WEEK
    if reading.status is Status.POSTPONED and near and _UNTIL.search(led) and not _AFTER.search(led):
        return replace(reading, status=Status.RESCHEDULED)
    return replace(reading, status=Status.POSTPONED) if reading.status is Status.RESCHEDULED and not near else reading


def by_former_day(reading: EventReading, text: str) -> EventReading:
    """The reading without a new day where the one that was read is the former one.

    It is where the same words were read as both, and where they say so ("had previously scheduled it for Friday").
    """
    if reading.when is None:
        return reading
    if reading.was is not None and reading.when.overlaps(reading.was):
        return replace(reading, when=None)
    start = max(reading.sentence.start if reading.sentence else 0, reading.when.start - FORMER_CHARACTERS)
    if reading.status is Status.SCHEDULED and _FORMERLY.search(text, start, reading.when.start):
        return replace(reading, when=None, was=reading.was or reading.when)
    return reading


def is_stamp(text: str, day: Span) -> bool:
    """True for the day on which a quoted post was made, behind its author's handle."""
    return bool(_HANDLE.search(text, max(0, day.start - HANDLE_CHARACTERS), day.start))


HANDLE_CHARACTERS = 40
"""Most characters of a handle in front of the day."""
_HANDLE = re.compile(r"\(@\w+\)\s*$")
FORMER_CHARACTERS = 70
"""How far before a day may stand what makes it a former one."""
_FORMERLY = re.compile(r"\b(?:previously|originally|initially)\s(?:been\s)?(?:scheduled|planned|set|slated|due)\b")
NEAR_CHARACTERS = 30
"""How far before a day may stand what leads it in."""
_UNTIL = re.compile(r"\b(?:until|till|to)\s", re.IGNORECASE)
_AFTER = re.compile(r"\bafter\b", re.IGNORECASE)
_PLANNED_FOR = re.compile(
    r"[\s,]*(?:(?:that|which)\s(?:was|were|had\sbeen)\s)?"
    r"(?:(?:originally\s|previously\s)?(?:scheduled|planned|set|slated|expected|due|to\sbe\sheld|to\stake\splace)\s)?"
    r"(?:(?:on|for|in|at)\s)?"
)
"""What may stand between the words of an event and its day."""


def day_it_was_for(reading: EventReading, text: str, times: Sequence[TimeExpression]) -> Span | None:
    """Where the day of an event that is off stands in its words or right behind them, when none was read as its day.

    A day read in part is taken whole, and what is cancelled has no other day than its former one.
    """
    read = reading.was or (reading.when if reading.status is Status.CANCELLED else None)
    if read is not None:
        return next((time.span for time in times if time.span.covers(read)), read)
    if reading.status not in OFF or reading.status is Status.IN_DOUBT or reading.when:
        return None
    event = reading.event
    for time in times:
        if time.type in ("DURATION", "SET") or time.value == "PRESENT_REF":
            continue  # "for a year" is no day, and now is not to come
        behind = time.span.start >= event.end and _PLANNED_FOR.fullmatch(text, event.end, time.span.start)
        if event.start <= time.span.start < event.end or behind:
            return time.span
    return None
