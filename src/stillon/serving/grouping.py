"""The board by week and day, and the calendar by month."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stillon.model import Day, When
from stillon.publishing.terminal import window
from stillon.storing import AnswerRow


@dataclass(slots=True, kw_only=True)
class Group:
    """Events under one heading."""

    head: str
    """The week, or what the events have in common."""
    days: list[tuple[str, list[AnswerRow]]] = field(default_factory=list)
    """Headings of days, "" for what has no single day, each with its events."""


def by_week(rows: Iterable[AnswerRow], as_of: Day) -> list[Group]:
    """The events of a board in its order, under their weeks and days.

    What is planned for a stretch of days stands in the first week in which it may still be.
    """
    groups: dict[str, Group] = {}
    weeks: dict[str, Day] = {}
    for row in rows:
        when = row.assessment.when
        head, day = _head(when, as_of), _day(when)
        group = groups.setdefault(head, Group(head=head))
        end = _end(when)
        if end is not None and end >= as_of:
            weeks[head] = min(weeks.get(head, Day.max), _earliest(when, end, as_of))
        if not group.days or group.days[-1][0] != day:
            group.days.append((day, []))
        group.days[-1][1].append(row)
    return sorted(groups.values(), key=lambda group: weeks.get(group.head, Day.max))


def _head(when: When | None, as_of: Day) -> str:
    end = _end(when)
    if end is None:
        return "No day named"
    if end < as_of:
        return f"Past: {end:%B %Y}"
    monday = as_of - datetime.timedelta(days=min(as_of.weekday(), (as_of - Day.min).days))
    end = _earliest(when, end, as_of)
    weeks = (end - monday).days // 7
    if weeks == 0:
        return "This week"
    if weeks == 1:
        return "Next week"
    if weeks < 6:
        first = monday + datetime.timedelta(days=7 * weeks)
        last = (
            min(first + datetime.timedelta(days=6), Day.max) if first <= Day.max - datetime.timedelta(days=6) else end
        )
        return f"Week of {window(first, last)}"
    return f"{end:%B %Y}"


LONGEST_STRETCH = 31
"""Longest stretch, in days, that stands where it begins; a longer one says no more than its end."""


def _end(when: When | None) -> Day | None:
    return (when.end or when.start) if when else None


def _earliest(when: When | None, end: Day, as_of: Day) -> Day:
    """The first day still to come on which it may be."""
    start = when.start if when else None
    return max(start, as_of) if start and (end - start).days <= LONGEST_STRETCH else end


def _day(when: When | None) -> str:
    if when is None or when.start is None or when.start != (when.end or when.start):
        return ""
    return f"{when.start:%A} {when.start.day} {when.start:%B}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day of the calendar."""

    day: Day
    inside: bool
    """True for a day of the month shown."""
    rows: tuple[AnswerRow, ...]
    """The events planned for this day alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week of the calendar."""

    cells: tuple[Cell, ...]
    spread: tuple[AnswerRow, ...]
    """The events planned for a stretch of days that touches the week."""


def month_of(rows: Sequence[AnswerRow], first: Day) -> list[Week]:
    """The weeks of the month that begins with `first`, Monday first."""
    weeks = []
    for days in calendar.Calendar().monthdatescalendar(first.year, first.month):
        cells = tuple(
            Cell(day=day, inside=day.month == first.month, rows=tuple(row for row in rows if _is_on(row, day)))
            for day in days
        )
        spread = tuple(row for row in rows if _touches(row, days[0], days[-1]))
        weeks.append(Week(cells=cells, spread=spread))
    return weeks


def _is_on(row: AnswerRow, day: Day) -> bool:
    when = row.assessment.when
    return when is not None and when.start == day and (when.end or day) == day


def _touches(row: AnswerRow, first: Day, last: Day) -> bool:
    when = row.assessment.when
    if when is None or when.start is None or when.end is None or when.start == when.end:
        return False
    return when.start <= last and when.end >= first
