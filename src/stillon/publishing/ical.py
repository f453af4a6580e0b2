"""Answers as iCalendar (RFC 5545), to be subscribed to: one event keeps one UID through all its changes.

A day is put out only where words name it. An event with named days is a VEVENT, all day or, where its clock time
stands with a zone, timed; one planned for a week, a month, a season, a part of a month, or for no day at all, is a
VTODO that is due at the end of that time, and nothing where no end is known.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

import icalendar

from stillon.model import Assessment, Dossier
from stillon.publishing.editions import NEVER, Editions
from stillon.publishing.saying import answered, headed, joined, lines
from stillon.publishing.standards import CALLED, fixed_days, instant_of
from stillon.publishing.terminal import clean, when_words

REFRESH = datetime.timedelta(hours=1)
"""How often a client that asks is told to look again (RFC 7986, 5.7)."""
_DAY = datetime.timedelta(days=1)
UrlOf = Callable[[str], str]


def render(
    dossiers: Iterable[Dossier],
    *,
    keep_cancelled: bool = False,
    name: str = "Is it still on?",
    url_of: UrlOf | None = None,
) -> bytes:
    """A calendar for each dossier, one after the other (RFC 5545, 3.4), in UTF-8.

    With `keep_cancelled` what is off stays in sight: Google Calendar takes an event of STATUS:CANCELLED out of a
    subscribed calendar. Its STATUS is then left out, since no other would be true; its name begins with the status.
    """  # fmt: skip
    calendars = [_calendar(dossier, keep_cancelled, name, url_of) for dossier in dossiers]
    return b"".join(each.to_ical() for each in calendars)


def uid_of(event: str) -> str:
    """The UID of an event, from its id."""
    return f"{event}@stillon"


def _calendar(dossier: Dossier, keep_cancelled: bool, name: str, url_of: UrlOf | None) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//stillon//Is it still on?//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for property in ("name", "x-wr-calname"):
        calendar.add(property, name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{REFRESH // datetime.timedelta(hours=1)}H")
    if dossier.as_of:
        calendar.add("x-stillon-as-of", dossier.as_of.isoformat())
    editions = Editions(dossier)
    undated = 0
    for given in answered(dossier):
        entry = _entry(given, editions, keep_cancelled, url_of)
        undated += entry.name == "VTODO"
        calendar.add_component(entry)
    if undated:
        told = f"{undated} event{' has' if undated == 1 else 's have'} no named day: tasks (VTODO), not events"
        calendar.add("description", told)
        calendar.add("x-stillon-undated", str(undated))
    return calendar


def _entry(given: Assessment, editions: Editions, keep_cancelled: bool, url_of: UrlOf | None) -> icalendar.Component:
    assert given.status is not None
    days, called = fixed_days(given.when), CALLED[given.status]
    edition = editions.of(given)
    entry: icalendar.Component = icalendar.Event() if days else icalendar.Todo()
    entry.add("uid", uid_of(given.event.id))
    entry.add("sequence", edition.number)
    entry.add("dtstamp", edition.at)
    if edition.at != NEVER:
        entry.add("last-modified", edition.at)
        entry.add("created", edition.first_at)
    _add_days(entry, given)
    off = called.vevent == "CANCELLED"
    if not (off and keep_cancelled):
        entry.add("status", called.vevent if days else called.vtodo)
    if days:
        entry.add("transp", "TRANSPARENT" if off or called.vevent == "TENTATIVE" else "OPAQUE")
    entry.add("summary", _summary(given))
    entry.add("description", joined(lines(given, editions)))
    place = given.place or given.event.place
    if place:
        entry.add("location", clean(place))
    entry.add("categories", [str(given.event.kind)])
    _add_own(entry, given)
    for id in given.event.requires:
        entry.add("related-to", uid_of(id), parameters={"RELTYPE": "DEPENDS-ON"})  # RFC 9253, 5
    url = url_of(given.event.id) if url_of else None
    if url:
        entry.add("url", url)
    return entry


def _add_days(entry: icalendar.Component, given: Assessment) -> None:
    """The named days; for a VTODO the stretch that it is planned for, as far as it has bounds."""
    days, when = fixed_days(given.when), given.when
    if days:
        start = instant_of(when)
        entry.add("dtstart", start or days[0])
        if start is None:
            entry.add("dtend", days[1] + _DAY)
        elif days[1] > days[0]:
            entry.add("dtend", start + (days[1] - days[0]))
    elif when is not None and when.end is not None:
        if when.start is not None and when.start < when.end:
            entry.add("dtstart", when.start)
        entry.add("due", when.end)


def _summary(given: Assessment) -> str:
    """The name behind its status; with a clock time that could not be placed, and words that name no day."""
    summary, when = headed(given), given.when
    if when is None:
        return f"{summary} (no day named)"
    if fixed_days(when) is None:
        return f"{summary} ({when_words(when, short=True)})"
    if when.time and instant_of(when) is None:
        return f"{summary} ({when.time}{f' {clean(when.zone)}' if when.zone else ' there'})"
    return summary


def _add_own(entry: icalendar.Component, given: Assessment) -> None:
    """Our own words beside the standard's, which cannot say them."""
    entry.add("x-stillon-status", str(given.status))
    entry.add("x-stillon-sourcing", f"{given.reliability}{given.credibility}")
    if given.since:
        entry.add("x-stillon-since", given.since.isoformat())
    if given.likelihood:
        entry.add("x-stillon-likelihood", given.likelihood)
    if given.when:
        entry.add("x-stillon-precision", str(given.when.precision))
        entry.add("x-stillon-when", clean(given.when.text))
    for was in given.was:
        bounds = "/".join(dict.fromkeys(day.isoformat() for day in (was.start, was.end) if day))
        entry.add("x-stillon-formerly", bounds or clean(was.text))
    for each in given.contradictions:
        entry.add("x-stillon-contradicted", f"{each.about}: {' '.join(each.claims)}")
