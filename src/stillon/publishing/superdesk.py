"""Answers as the JSON that Superdesk Planning's ingest reads (its parser "json_event"), one event an object.

Superdesk needs a first and a last moment. An event has them where words name its days; whatever has none is no item
of a planning system yet, and is left out and counted. What is off is put out all the same: Superdesk keeps what it
has until it is told otherwise.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from typing import Any

from stillon.model import Assessment, Dossier, Status
from stillon.publishing.editions import Editions
from stillon.publishing.ndjson import dump_line
from stillon.publishing.saying import answered, headed, joined, lines, status_line
from stillon.publishing.standards import CALLED, EOCSTAT_NAMES, fixed_days, instant_of, uri_of
from stillon.publishing.terminal import clean, quoted_words

Data = dict[str, Any]
_STATES = {
    Status.CANCELLED: "cancelled",
    Status.DENIED: "cancelled",
    Status.POSTPONED: "postponed",
    Status.ON_HOLD: "postponed",
    Status.RESCHEDULED: "rescheduled",
}
"""Superdesk's workflow states for the statuses that have one; "scheduled" for the others. Its parser sets every item
to "ingested", so the status is in the name and the editor's note too."""


def render(dossiers: Iterable[Dossier]) -> str:
    """One event a line; each line is a file as Superdesk's parser takes it."""
    return "\n".join(dump_line(event) for dossier in dossiers for event in to_data(dossier))


def files(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    """Each event as a file of its own, with its id."""
    for event in to_data(dossier):
        yield event["reference"], json.dumps(event, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def to_data(dossier: Dossier) -> list[Data]:
    """The events with named days."""
    editions = Editions(dossier)
    return [_event(given, editions) for given in answered(dossier) if fixed_days(given.when)]


def left_out(dossier: Dossier) -> int:
    """How many events no day is named for."""
    return sum(fixed_days(given.when) is None for given in answered(dossier))


def _event(given: Assessment, editions: Editions) -> Data:
    assert given.status is not None
    event, edition = given.event, editions.of(given)
    code = CALLED[given.status].eocstat
    data: Data = {
        "guid": uri_of("event", event.id),
        "type": "event",
        "state": _STATES.get(given.status, "scheduled"),
        "pubstatus": "usable",
        "version": str(edition.number),
        "firstcreated": _moment(edition.first_at),
        "versioncreated": _moment(edition.at),
        "language": "en",
        "name": headed(given),
        "slugline": clean(event.name),
        "definition_short": status_line(given),
        "definition_long": joined(lines(given, editions)),
        "dates": _dates(given),
        "occur_status": {
            "qcode": f"eocstat:{code}",
            "name": EOCSTAT_NAMES[code],
            "label": EOCSTAT_NAMES[code].removeprefix("Planned, "),
            "stillon": str(given.status),  # lost where Superdesk has the code: `ednote` keeps it
        },
        "state_reason": "; ".join(quoted_words(each.text) for each in given.reasons) or None,
        "ednote": f"stillon: {given.status}, {given.reliability}{given.credibility}, {_origins(given.origins)}",
        "links": editions.urls(given),
        "event_contact_info": [],  # its parser fails where this is missing
        "calendars": [],
        "subject": [],
        "reference": event.id,
        "internal_note": f"because of {', '.join(given.because)}" if given.because else None,
        "_time_to_be_confirmed": instant_of(given.when) is None,
    }
    place = given.place or event.place
    if place:
        data["location"] = [{"name": clean(place), "qcode": uri_of("place", clean(place).casefold())}]
    if event.participants:
        data["participant"] = [
            {"qcode": uri_of("name", clean(name).casefold()), "name": clean(name)} for name in event.participants
        ]
    return data


def _dates(given: Assessment) -> Data:
    """The first and last moment; an event of whole days runs from the first's beginning to the last's end."""
    days, instant = fixed_days(given.when), instant_of(given.when)
    assert days is not None
    if instant:
        last = instant + (days[1] - days[0])
        return {"start": _moment(instant), "end": _moment(last), "tz": "UTC", "all_day": False, "no_end_time": True}
    start = datetime.datetime.combine(days[0], datetime.time(), datetime.UTC)
    end = datetime.datetime.combine(days[1], datetime.time(23, 59, 59), datetime.UTC)
    return {"start": _moment(start), "end": _moment(end), "tz": None, "all_day": True, "no_end_time": True}


def _origins(number: int) -> str:
    return f"{number} origin{'' if number == 1 else 's'}"


def _moment(instant: datetime.datetime) -> str:
    """As Superdesk writes it: 2031-03-18T09:00:00+0000."""
    return instant.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
