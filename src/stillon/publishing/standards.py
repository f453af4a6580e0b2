"""What our statuses, days and ids are called elsewhere: the one table that every other format is made by.

No other format can say all of a status; each loses what docs/formats.md lists, and carries our own word beside its own.
"""

from __future__ import annotations

import datetime
import uuid
import zoneinfo
from dataclasses import dataclass
from typing import Literal

from stillon.model import Day, Precision, Status, When

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://pypi.org/project/stillon")
"""Namespace of the uris of events and changes (RFC 9562, version 5)."""
EOCSTAT = "http://cv.iptc.org/newscodes/eventoccurstatus/"
"""IPTC's vocabulary of how certain an event is to occur, alias eocstat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A status as others say it."""

    eocstat: Literal["eos1", "eos2", "eos3", "eos5", "eos6"]
    """Code of IPTC's eventoccurstatus."""
    schema: Literal["EventScheduled", "EventPostponed", "EventRescheduled", "EventCancelled"] | None
    """schema.org's eventStatus; None where it has none that fits."""
    vevent: Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
    """STATUS of a VEVENT (RFC 5545, 3.8.1.11)."""
    vtodo: Literal["NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "CANCELLED"] = "NEEDS-ACTION"
    """STATUS of a VTODO."""


CALLED: dict[Status, Called] = {
    Status.PROPOSED: Called(eocstat="eos3", schema=None, vevent="TENTATIVE"),
    Status.ANNOUNCED: Called(eocstat="eos1", schema=None, vevent="TENTATIVE"),
    Status.SCHEDULED: Called(eocstat="eos5", schema="EventScheduled", vevent="CONFIRMED"),
    Status.GOING_AHEAD: Called(eocstat="eos5", schema="EventScheduled", vevent="CONFIRMED"),
    Status.IN_DOUBT: Called(eocstat="eos2", schema="EventScheduled", vevent="TENTATIVE"),
    Status.ON_HOLD: Called(eocstat="eos2", schema="EventPostponed", vevent="TENTATIVE"),
    Status.POSTPONED: Called(eocstat="eos2", schema="EventPostponed", vevent="TENTATIVE"),
    Status.RESCHEDULED: Called(eocstat="eos5", schema="EventRescheduled", vevent="CONFIRMED"),
    Status.CANCELLED: Called(eocstat="eos6", schema="EventCancelled", vevent="CANCELLED", vtodo="CANCELLED"),
    Status.DENIED: Called(eocstat="eos2", schema=None, vevent="CANCELLED", vtodo="CANCELLED"),
    Status.UNDER_WAY: Called(eocstat="eos5", schema="EventScheduled", vevent="CONFIRMED", vtodo="IN-PROCESS"),
    Status.HELD: Called(eocstat="eos5", schema="EventScheduled", vevent="CONFIRMED", vtodo="COMPLETED"),
    Status.LAPSED: Called(eocstat="eos2", schema=None, vevent="TENTATIVE"),
}
"""Every status as others say it; docs/formats.md shows the same table."""

EOCSTAT_NAMES = {
    "eos1": "Planned, occurrence planned only",
    "eos2": "Planned, occurrence highly uncertain",
    "eos3": "Planned, may occur",
    "eos5": "Planned, occurs certainly",
    "eos6": "Planned, then cancelled",
}
"""IPTC's names of the codes that are used."""

_ZONES = {
    "GMT": "Etc/GMT",
    "UTC": "Etc/UTC",
    "ET": "America/New_York",
    "Eastern": "America/New_York",
    "EDT": "Etc/GMT+4",
    "EST": "Etc/GMT+5",
    "CT": "America/Chicago",
    "CDT": "Etc/GMT+5",
    "MT": "America/Denver",
    "MDT": "Etc/GMT+6",
    "PT": "America/Los_Angeles",
    "Pacific": "America/Los_Angeles",
    "PDT": "Etc/GMT+7",
    "CET": "Etc/GMT-1",
    "CEST": "Etc/GMT-2",
    "EET": "Etc/GMT-2",
    "MSK": "Etc/GMT-3",
    "JST": "Etc/GMT-9",
}
"""Zones as reports write them that mean one offset only. BST, IST, CST, MST, PST, Central and local are several
zones' names (Britain and Bangladesh, India and Ireland and Israel, ...), and no offset is made of them."""


def uri_of(*parts: str) -> str:
    """A uri for what the parts name, the same for ever: `urn:uuid:` of their digest."""
    return uuid.uuid5(NAMESPACE, "\0".join(parts)).urn


def fixed_days(when: When | None) -> tuple[Day, Day] | None:
    """The first and last day where the words name them; None where the event is on some day of a stretch, or on none.

    "On March 18" and "March 12 to 14" name days. "Next week", "in mid-March" and "in the coming weeks" do not, and
    no format is given a day for them.
    """
    if when is None or when.start is None or when.end is None:
        return None
    if when.precision in (Precision.TIME, Precision.DAY):
        return when.start, when.end
    if when.precision is Precision.WINDOW and _names(when.text, when.start) and _names(when.text, when.end):
        return when.start, when.end
    return None


def _names(words: str, day: Day) -> bool:
    """True where the words hold the day's number or its day of the week."""
    numbers = "".join(each if each.isdigit() else " " for each in words).split()
    return str(day.day) in (number.lstrip("0") for number in numbers) or f"{day:%A}".lower() in words.lower()


def instant_of(when: When | None) -> datetime.datetime | None:
    """When it begins, in UTC; None where no clock time is named, or in no zone of one meaning.

    A clock time without a zone is local to where the event is, which no reader's calendar knows: such an event is
    one of the whole day, with its time in words.
    """
    days = fixed_days(when)
    if when is None or days is None or when.time is None or when.zone is None:
        return None
    name = when.zone.strip("() ")
    for ending in (" daylight time", " standard time", " time"):
        name = name.removesuffix(ending)
    zone = _ZONES.get(name if name in ("Eastern", "Pacific") else name.upper())
    if zone is None:
        return None
    hour, minute = (int(part) for part in when.time.split(":")[:2])
    local = datetime.datetime.combine(days[0], datetime.time(hour, minute), zoneinfo.ZoneInfo(zone))
    return local.astimezone(datetime.UTC)


def instant_text(instant: datetime.datetime) -> str:
    """The instant as 2025-10-22T09:00:00Z (RFC 3339)."""
    return instant.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
