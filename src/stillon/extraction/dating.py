"""When what one reading speaks of is to be: the days that its words give, and those that its sentence leaves to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from stillon.extraction.casting import REACH, Cast
from stillon.extraction.people import Names
from stillon.extraction.planned import WEEK, day_it_was_for, is_stamp
from stillon.extraction.sources import Saying
from stillon.extraction.when import find_times, when_of
from stillon.model import EventReading, Kind, Precision, Report, Span, Status, TimeExpression, When

_AHEAD: dict[Status | None, bool] = {
    Status.SCHEDULED: True,
    Status.RESCHEDULED: True,
    Status.ANNOUNCED: True,
    Status.GOING_AHEAD: True,
    Status.CANCELLED: True,
    Status.POSTPONED: True,
    Status.DENIED: True,
    Status.IN_DOUBT: True,
    Status.ON_HOLD: True,
    Status.HELD: False,
}
"""Statuses that tell whether the event's day lies ahead of the report or behind."""
DATED = frozenset({Status.SCHEDULED, Status.RESCHEDULED, Status.HELD, Status.UNDER_WAY})
"""Statuses that speak of a day."""
_NO_DAYS = re.compile(
    r"\btime soon$|^(?:(?:at|around|about|by|from)\s)?\d{1,2}(?::\d\d)?\s?[ap]\.?m\.?(?:\s[A-Z]{2,4})?$"
)
"""What is said of no day at all ("not any time soon", "at 9 p.m.")."""
_SAID_ON = re.compile(
    r"\b(?:said|says|told|announced|tweeted|wrote|reported|added|warned|declined)\b(?:\s[\w’'.]+){0,3}\s$"
)
"""What stands before the day on which somebody said something."""
ONLY_CHARACTERS = 100
"""Farthest, in characters, that the only day of a sentence stands from an event that it is the day of."""
LONG = timedelta(days=9)
"""Longest time of which it is not asked how much is left of it: a week and its edges."""
_WEEKDAY = re.compile(r"(?:on\s|for\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s\w+)?")
_GOES_UNTIL = re.compile(r"\s(?:through|until|till)\s(?:the\s)?")
_WEEK = re.compile(r"\b(last|this|next)\sweek\b", re.IGNORECASE)
_END_OF = re.compile(r"\bend[ -]of\b|[’']s end\b", re.IGNORECASE)


def _gap(a: Span, b: Span) -> int:
    """Characters between two stretches of a text."""
    return max(0, a.start - b.end, b.start - a.end)


def day_of_another(reading: EventReading, readings: Sequence[EventReading]) -> bool:
    """True when the day of an event that is only named is read as the day of one of which its sentence claims more."""
    when = reading.when
    return (
        when is not None
        and reading.status is None
        and any(
            other.status is not None
            and other.when is not None
            and other.in_title == reading.in_title
            and other.when.overlaps(when)
            for other in readings
        )
    )


class Dates(Cast):
    """A report with whom it names and the times that it gives."""

    def __init__(
        self,
        report: Report,
        names: Names,
        times: Sequence[TimeExpression],
        sayings: Sequence[Saying],
        *,
        title_times: Sequence[TimeExpression] = (),
    ) -> None:
        super().__init__(report, names, sayings)
        self._times = (times, title_times)
        self._readings: tuple[EventReading, ...] = ()

    def know(self, readings: Sequence[EventReading]) -> None:
        """Learns all that is read, so that each keeps its own days."""
        self._readings = tuple(readings)

    def times_in(self, parts: Sequence[Span], in_title: bool) -> tuple[TimeExpression, ...]:
        """The time expressions in some parts of the text that give a day or days."""
        times = self._times[in_title]
        return tuple(t for t in times if t.start and t.end and any(part.covers(t.span) for part in parts))

    def when(self, reading: EventReading) -> When | None:
        """The days on which what a reading speaks of is to be, or was."""
        words = self._its_own(reading) or reading.when or self._only_time(reading)
        return self._to_come(self._due(self.days(words, reading), reading), reading)

    def was(self, reading: EventReading) -> When | None:
        """The days for which it was planned before."""
        text, times = self.text(reading.in_title), self._times[reading.in_title]
        return self._nearest(self.days(day_it_was_for(reading, text, times), reading))

    def days(self, span: Span | None, reading: EventReading) -> When | None:
        """The days that the words at `span` give; a bare weekday lies where the reading's status puts it."""
        text = self.text(reading.in_title)
        if span is None or _NO_DAYS.search(span.of(text)) or is_stamp(text, span):
            return None
        span = self._range(span, text, reading.in_title)
        ahead = _AHEAD.get(reading.status)
        if ahead is None or reading.sentence is None or not reading.sentence.covers(span):
            return self._of_sunday(when_of(text, span, self._times[reading.in_title]), ahead)
        start = reading.sentence.start
        times = find_times(reading.sentence.of(text), published=self.report.published, ahead=ahead)
        when = when_of(reading.sentence.of(text), Span(span.start - start, span.end - start), times)
        if when is None or when.start is None:  # "two days later" counts from a day of the text before
            told = when_of(text, span, self._times[reading.in_title])
            when = told if told and told.start else when
        return self._of_sunday(when, ahead)

    def _of_sunday(self, when: When | None, ahead: bool | None) -> When | None:
        """The days; of a Sunday's paper "last week" is the one that ends, "this week" of what is to come the next."""
        published = self.report.published
        if when is None or when.start is None or when.end is None or published is None or published.weekday() != 6:
            return when
        found = _WEEK.search(when.text)
        if found is None or when.end - when.start != timedelta(days=6):
            return when
        monday = published + timedelta(days=1)
        if found[1].lower() == "last" or (found[1].lower() == "this" and not ahead):
            monday -= timedelta(days=7)
        return replace(when, start=monday, end=monday + timedelta(days=6))

    def _its_own(self, reading: EventReading) -> Span | None:
        """A day right behind the event, where the one read stands before it and is another event's."""
        read, sentence = reading.when, reading.sentence
        if read is None or sentence is None or read.end > reading.event.start or not self._is_of_another(read, reading):
            return None
        behind = Span(reading.event.end, max(reading.event.end + 1, min(sentence.end, reading.event.end + REACH)))
        days = (t.span for t in self._times[reading.in_title] if behind.covers(t.span) and t.precision.fixes)
        return next((day for day in days if not self._is_of_another(day, reading)), None)

    def _only_time(self, reading: EventReading) -> Span | None:
        """The one day that the sentence of a fixed event gives, where no words were read as its time."""
        if reading.sentence is None or reading.status not in DATED:
            return None
        days = [t for t in self._times[reading.in_title] if reading.sentence.covers(t.span) and t.precision.fixes]
        only = days[0].span if len(days) == 1 else None
        if only and (self._is_of_another(only, reading) or _gap(only, reading.event) > ONLY_CHARACTERS):
            return None
        if only and _SAID_ON.search(self.text(reading.in_title), reading.sentence.start, only.start):
            return None
        return None if only and reading.was and only.overlaps(reading.was) else only

    def _range(self, span: Span, text: str, in_title: bool) -> Span:
        """The words of a day, with those of the first one where it is the last of a range."""
        led = _GOES_UNTIL.search(text, max(0, span.start - REACH), min(len(text), span.start + len("through ")))
        before = [t.span for t in self._times[in_title] if led and t.span.end == led.start()]
        return Span(before[0].start, span.end) if before and led and led.end() >= span.start else span

    def _nearest(self, was: When | None) -> When | None:
        """The former day; a bare weekday the nearest one, since what is called off may lie ahead or behind."""
        published = self.report.published
        if (
            was is None
            or was.start is None
            or was.end is None
            or published is None
            or not _WEEKDAY.fullmatch(was.text.strip())
        ):
            return was
        away = (was.start - published).days
        shift = timedelta(days=-7 if away > 3 else 7 if away < -3 else 0)
        return replace(was, start=was.start + shift, end=was.end + shift)

    def _due(self, when: When | None, reading: EventReading) -> When | None:
        """The days, of a deadline at the end of a time its last one."""
        if reading.kind is not Kind.DEADLINE or when is None or when.end is None or reading.when is None:
            return when
        words = self.text(reading.in_title)[max(0, reading.when.start - len("end of ")) : reading.when.end]
        return replace(when, start=when.end, precision=Precision.DAY) if _END_OF.search(words) else when

    def _to_come(self, when: When | None, reading: EventReading) -> When | None:
        """The days, of a long time in which something is to come those that are left of it ("this year")."""
        published, ahead = self.report.published, _AHEAD.get(reading.status) or reading.status is Status.PROPOSED
        if when is None or published is None or when.start is None or when.end is None or not ahead:
            return when
        under_way = when.start < published <= when.end and when.end - when.start > LONG
        return replace(when, start=published) if under_way else when

    def _is_of_another(self, day: Span, reading: EventReading) -> bool:
        """True for words that are read as the day of another event of the sentence."""
        others = (r for r in self._readings if r.sentence == reading.sentence and r.event != reading.event)
        return any(
            each.overlaps(day) for r in others if r.in_title == reading.in_title for each in (r.when, r.was) if each
        )

    def lies_behind(self, when: When | None) -> bool:
        """True for days, a week at most, that were over before the day of publication."""
        published = self.report.published
        if when is None or when.start is None or when.end is None or published is None:
            return False
        return when.end < published and when.end - when.start <= WEEK

    def lies_ahead(self, when: When | None) -> bool:
        """True for days after the report's."""
        published = self.report.published
        return bool(when and when.start and published and when.start > published)
