"""A desk's own diary to its entries: iCalendar, CSV with named columns, JSON of Superdesk Planning's and ninjs' kind.

A day that may be two ("3/4/2031") is an error and not a guess. A series of iCalendar becomes its occurrences from
`PAST_DAYS` before the day of the import to `AHEAD_DAYS` after it.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stillon.errors import NotAnArticle, NotFoundInput, ReadError, TooLarge, UnknownFormat
from stillon.model import Day, Entry, Precision, When
from stillon.reading.metadata import parse_published
from stillon.settings import Settings

PAST_DAYS = 31
"""Days before the import of which a series' occurrences are kept."""
AHEAD_DAYS = 400
"""Days after it."""
MAX_ENTRIES = 50_000
"""Entries of one file."""
NOTES_CHARS = 500
"""Characters of an entry's notes that are kept."""
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "uid": ("uid", "id", "guid"),
    "title": ("title", "event", "subject", "summary", "name", "headline", "what"),
    "start": ("day", "date", "start", "start date", "startdate", "from", "when"),
    "time": ("time", "start time", "starttime"),
    "end": ("end", "end date", "enddate", "last day", "to", "until"),
    "zone": ("zone", "timezone", "time zone", "tz"),
    "place": ("place", "location", "venue", "where"),
    "names": ("names", "people", "participants", "who", "guests"),
    "notes": ("notes", "description", "details", "comment"),
    "status": ("status", "state"),
}
"""Each field = the names of columns that hold it, in lower case; the first that is there counts."""
_OFF = ("cancelled", "canceled", "spiked", "killed", "eos6", "called off")
"""Words of a planner's status by which an entry is called off."""
_CLOCK = re.compile(r"(?i)\s*(\d{1,2})[:.](\d{2})(?::\d{2})?\s*([ap])?\.?(?:m\.?)?\s*")
_SLASHED = re.compile(r"\s*(\d{1,2})[/.](\d{1,2})[/.](\d{4})\s*")
_SUB_DAILY = ("SECONDLY", "MINUTELY", "HOURLY")

Row = Mapping[str, Any]


def read_diary(file: str, *, diary: str | None, today: Day, settings: Settings) -> Iterator[Entry | ReadError]:
    """The entries of a calendar file, and an error in the place of each that cannot be read.

    `diary` names the diary, else the file's name without its ending does. Raises ReadError for a file that cannot
    be read at all.
    """
    path = Path(file)
    try:
        if path.stat().st_size > settings.max_bytes:
            raise TooLarge(f"longer than {settings.max_bytes} bytes", about=file)
        body = path.read_bytes()
    except FileNotFoundError:
        raise NotFoundInput("no such file", about=file) from None
    except OSError as error:
        raise ReadError(error.strerror or str(error), about=file) from error
    name = diary or path.stem
    return entries_of(body, suffix=path.suffix.lower(), diary=name, today=today, about=file)


def entries_of(body: bytes, *, suffix: str, diary: str, today: Day, about: str) -> Iterator[Entry | ReadError]:
    """The entries in `body`, by the ending of its name, else by its first characters. Raises ReadError."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnknownFormat(f"not UTF-8 (byte {error.start})", about=about) from error
    if not text.strip():
        raise NotAnArticle("it is empty", about=about)
    if suffix in {".ics", ".ical", ".ifb"} or text.lstrip().startswith("BEGIN:VCALENDAR"):
        found = _from_icalendar(body, diary, today, about)
    elif suffix in {".json", ".jsonl", ".ndjson"} or text.lstrip()[:1] in {"{", "["}:
        found = _from_json(text, diary, about)
    elif suffix in {".csv", ".tsv", ".txt", ""}:
        found = _from_csv(text, diary, about)
    else:
        raise UnknownFormat("no calendar: .ics, .csv and .json are read", about=about)
    return _limited(found, about)


def _limited(found: Iterable[Entry | ReadError], about: str) -> Iterator[Entry | ReadError]:
    for number, each in enumerate(found, start=1):
        if number > MAX_ENTRIES:
            yield TooLarge(f"more than {MAX_ENTRIES} entries: the rest is left out", about=about)
            return
        yield each


def entry_id(diary: str, uid: str) -> str:
    """Eight hexadecimal digits for an entry of a diary."""
    return hashlib.blake2b(f"{diary}\0{uid}".encode("utf-8", "replace"), digest_size=4).hexdigest()


def _entry(diary: str, uid: str, **fields: Any) -> Entry:
    return Entry(id=entry_id(diary, uid), diary=diary, uid=uid, **fields)


# -- iCalendar ------------------------------------------------------------------------------------


def _from_icalendar(body: bytes, diary: str, today: Day, about: str) -> Iterator[Entry | ReadError]:
    """The events of iCalendar data (RFC 5545); a series as its occurrences."""
    import icalendar  # this and the next take long to import, and most runs need neither
    import recurring_ical_events

    try:
        calendars = icalendar.Calendar.from_ical(body, multiple=True)
    except (ValueError, IndexError, KeyError, AttributeError) as error:
        raise UnknownFormat(f"broken iCalendar: {error}", about=about) from error
    if not calendars:
        raise UnknownFormat("no calendar in it", about=about)
    since, until = today - datetime.timedelta(days=PAST_DAYS), today + datetime.timedelta(days=AHEAD_DAYS)
    for calendar in calendars:
        called_off = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        series: dict[str, list[Any]] = {}
        for number, event in enumerate(calendar.walk("VEVENT"), start=1):
            uid = str(event.get("UID") or "").strip()
            where = f"{about} ({uid[:80] or f'event {number}'})"
            if any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID")) and uid:
                series.setdefault(uid, []).append(event)
                continue
            yield from _guarded(event, uid, diary, where, called_off)
        for uid, events in series.items():
            where = f"{about} ({uid[:80]})"
            own = icalendar.Calendar()
            for each in [*calendar.walk("VTIMEZONE"), *events]:
                own.add_component(each)
            try:
                if any(_too_often(event) for event in events):
                    yield UnknownFormat("a series of more than one a day is no entry of a diary", about=where)
                    continue
                found = recurring_ical_events.of(own).between(since, until + datetime.timedelta(days=1))
                occurrences = [(f"{uid}/{_series_day(each)}", each) for each in sorted(found, key=_start_words)]
            except Exception as error:  # the libraries raise as it comes for rules that make no sense
                yield UnknownFormat(f"a series that cannot be worked out: {error}", about=where)
                continue
            for id, each in occurrences:
                yield from _guarded(each, id, diary, where, called_off)


def _too_often(event: Any) -> bool:
    rules = event.get("RRULE") or []
    for rule in rules if isinstance(rules, list) else [rules]:
        parts = " ".join(str(each).upper() for values in rule.values() for each in values)
        hours = len(rule.get("BYHOUR", [])) + len(rule.get("BYMINUTE", [])) + len(rule.get("BYSECOND", []))
        if hours > 3 or any(word in parts for word in _SUB_DAILY):
            return True
    return False


def _start_day(event: Any) -> Day:
    start = event.decoded("DTSTART")
    return start.date() if isinstance(start, datetime.datetime) else start


def _start_words(event: Any) -> str:
    return str(_start_day(event))


def _series_day(event: Any) -> Day:
    """The day that names an occurrence: the one of the rule, also where it was moved."""
    if "RECURRENCE-ID" in event:
        at = event.decoded("RECURRENCE-ID")
        return at.date() if isinstance(at, datetime.datetime) else at
    return _start_day(event)


def _guarded(event: Any, uid: str, diary: str, where: str, called_off: bool) -> Iterator[Entry | ReadError]:
    """The entry of one event, or the error that it is."""
    try:
        title = _words(event.get("SUMMARY"))
        when = _when_of_event(event, where)
        if not title:
            raise UnknownFormat("it has no title", about=where)
        yield _entry(
            diary,
            uid or f"{title}/{when.start}",
            title=title,
            when=when,
            place=_words(event.get("LOCATION")),
            notes=_notes(event.get("DESCRIPTION")),
            off=called_off or str(event.get("STATUS", "")).upper() == "CANCELLED",
        )
    except ReadError as error:
        yield error
    except (ValueError, KeyError, AttributeError, TypeError, OverflowError) as error:
        yield UnknownFormat(f"it has no start that can be read: {error}", about=where)


def _when_of_event(event: Any, where: str) -> When:
    if "DTSTART" not in event:
        raise UnknownFormat("it has no start", about=where)
    start = event.decoded("DTSTART")
    end = event.decoded("DTEND") if "DTEND" in event else None
    if end is None and "DURATION" in event:
        end = start + event.decoded("DURATION")
    if not isinstance(start, datetime.datetime):
        last = end - datetime.timedelta(days=1) if end is not None and end > start else start
        return _when(start, last.date() if isinstance(last, datetime.datetime) else last)
    last = end.date() if end is not None else start.date()
    if isinstance(end, datetime.datetime) and end.time() == datetime.time() and last > start.date():
        last -= datetime.timedelta(days=1)
    zone = event["DTSTART"].params.get("TZID") or getattr(start.tzinfo, "key", None) or start.tzname()
    return _when(start.date(), last, f"{start:%H:%M}", str(zone) if zone else None)


def _when(start: Day, end: Day | None = None, time: str | None = None, zone: str | None = None) -> When:
    """The days, both included, and the clock time of the first."""
    last = end if end is not None and end >= start else start
    precision = Precision.WINDOW if last > start else Precision.TIME if time else Precision.DAY
    text = " to ".join(dict.fromkeys((start.isoformat(), last.isoformat()))) + (f" {time}" if time else "")
    return When(start=start, end=last, precision=precision, text=text, time=time, zone=zone)


# -- CSV ------------------------------------------------------------------------------------------


def _from_csv(text: str, diary: str, about: str) -> Iterator[Entry | ReadError]:
    """The rows of CSV (RFC 4180, or parted by semicolons or tabs) under named columns."""
    head = text.lstrip().splitlines()[0]
    separator = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    column = {field: next((names[n] for n in own if n in names), None) for field, own in _COLUMNS.items()}
    missing = [field for field in ("title", "start") if column[field] is None]
    if missing:
        asked = " and ".join(f"a column {'title' if field == 'title' else 'day'}" for field in missing)
        raise UnknownFormat(f"no diary: it needs {asked} (its columns: {', '.join(names) or 'none'})", about=about)
    try:
        told = [
            (rows.line_num, {field: _words(row.get(name or "")) for field, name in column.items()})
            for row in rows
            if any(isinstance(value, str) and value.strip() for value in row.values())
        ]
    except csv.Error as error:
        raise UnknownFormat(f"broken CSV: {error}", about=about) from error
    day_first = _day_first(row["start"] or "" for _, row in told)
    often = Counter((row["title"] or "").casefold() for _, row in told)
    for number, row in told:
        where = f"{about}:{number}"
        try:
            yield _from_row(row, diary, where, day_first, often[(row["title"] or "").casefold()] > 1)
        except ReadError as error:
            yield error


def _day_first(values: Iterable[str]) -> bool | None:
    """Whether "3/4/2031" is in April, by days above 12 in the file; None where it may be either, or is both."""
    pairs = [(int(match[1]), int(match[2])) for value in values if (match := _SLASHED.match(value))]
    first, second = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    return None if first is second else first


def _from_row(row: Row, diary: str, where: str, day_first: bool | None, repeated: bool) -> Entry:
    title = row["title"]
    if not title:
        raise UnknownFormat("it has no title", about=where)
    if not row["start"]:
        raise UnknownFormat("it has no day", about=where)
    start, time, zone = _moment(row["start"], day_first, where)
    end = _moment(row["end"], day_first, where)[0] if row["end"] and not _CLOCK.fullmatch(row["end"]) else None
    time = _clock(row["time"], where) or time
    # without an id a row is known by its title, so that its day may change; by its day too where titles repeat
    uid = row["uid"] or (f"{title.casefold()}/{start}" if repeated else title.casefold())
    return _entry(
        diary,
        uid,
        title=title,
        when=_when(start, end, time, row["zone"] or zone),
        place=row["place"],
        names=tuple(name.strip() for name in re.split(r"[;|]|,(?=\s)", row["names"] or "") if name.strip()),
        notes=_notes(row["notes"]),
        off=_is_off(row["status"]),
    )


def _moment(value: str, day_first: bool | None, where: str) -> tuple[Day, str | None, str | None]:
    """The day of a written date, and its clock time and zone where it has them."""
    if slashed := _SLASHED.match(value):
        a, b, year = (int(part) for part in slashed.groups())
        if a != b and day_first is None:
            raise UnknownFormat(f"{value!r} may be two days: write it {year}-{b:02}-{a:02}", about=where)
        try:
            day = Day(year, *((b, a) if day_first else (a, b)))
        except ValueError:
            raise UnknownFormat(f"{value!r} is no day", about=where) from None
        return day, _clock(value[slashed.end() :], where), None
    own, at = parse_published(value)
    if own is None:
        raise UnknownFormat(f"{value!r} is no day like 2031-03-04", about=where)
    clock = re.search(r"[T ](\d{2}:\d{2})", value)
    return own, clock[1] if clock else None, "UTC" if at is not None and _is_utc(value) else None


def _is_utc(value: str) -> bool:
    return re.search(r"(?:Z|UTC|GMT|[+-]00:?00)\s*$", value) is not None


def _clock(value: str | None, where: str) -> str | None:
    """ "9:30 pm" as "21:30", None where nothing is said."""
    if not value or not value.strip():
        return None
    match = _CLOCK.fullmatch(value)
    hour, minute = (int(match[1]), int(match[2])) if match else (99, 0)
    if match and match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    if hour > 23 or minute > 59:
        raise UnknownFormat(f"{value!r} is no time like 21:30", about=where)
    return f"{hour:02}:{minute:02}"


# -- JSON -----------------------------------------------------------------------------------------


def _from_json(text: str, diary: str, about: str) -> Iterator[Entry | ReadError]:
    """The objects of a JSON document, of an answer with `_items`, or of JSON lines."""
    try:
        data: Any = json.loads(text)
    except RecursionError as error:
        raise UnknownFormat("broken JSON: too deep", about=about) from error
    except ValueError:
        try:
            data = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise UnknownFormat(f"broken JSON: {error}", about=about) from error
    if isinstance(data, dict):
        inside = next((data[name] for name in ("_items", "items", "events") if isinstance(data.get(name), list)), None)
        dated = any(name in data for name in _DATED)
        data = [data] if inside is None or dated else inside
    if not isinstance(data, list):
        raise UnknownFormat("no list of entries", about=about)
    for number, each in enumerate(data, start=1):
        where = f"{about}:{number}"
        try:
            if not isinstance(each, dict):
                raise UnknownFormat("not a JSON object", about=where)
            yield _from_object(each, diary, where)
        except ReadError as error:
            yield error


_DATED = ("dates", "planning_date", "startDate", "start", "start_date", "datetime", "event_start", "date", "day")
"""Keys that give an entry's beginning: Superdesk's two, then those of ninjs of several houses and of plain objects."""
_ENDED = ("endDate", "end", "end_date", "enddatetime", "event_end", "last_day")


def _from_object(data: Row, diary: str, where: str) -> Entry:
    """An event or planning item of Superdesk Planning's, a ninjs item, or a plain object."""
    title = _first(data, "name", "title", "headline", "slugline", "summary", "subject") or _headline(data)
    title = title or _first(data, "definition_short", "description_text")
    if not title:
        raise UnknownFormat("it has no title", about=where)
    when = _when_of_object(data, where)
    codes = (_first(_dict(data, "occur_status"), "qcode"), _first(_dict(data, "eventDetails"), "eventStatus"))
    state = " ".join(filter(None, (_first(data, "state", "pubstatus", "status"), *codes)))
    uid = _first(data, "guid", "uid", "uri", "_id", "id") or f"{title.casefold()}/{when.start}"
    return _entry(
        diary,
        uid,
        title=title,
        when=when,
        place=_place(data),
        names=tuple(
            dict.fromkeys(
                name
                for key in ("participant", "participants", "person", "people", "organisation", "organisations", "names")
                for name in _names(data.get(key))
            )
        ),
        notes=_notes(_first(data, "definition_short", "definition_long", "description_text", "description", "notes")),
        off=_is_off(state),
    )


def _when_of_object(data: Row, where: str) -> When:
    dates = _dict(data, "dates") or _dict(_dict(data, "eventDetails"), "dates")  # the latter from ninjs 3.0 on
    start = _first(dates, "start", "startDate", "expectedStartDate")
    start = start or _first(data, *(name for name in _DATED if name != "dates"))
    end = _first(dates, "end", "endDate", "expectedEndDate") or _first(data, *_ENDED)
    if not start:
        raise UnknownFormat("it has no day", about=where)
    day, time, zone = _moment(start, None, where)
    last = _moment(end, None, where)[0] if end and not dates.get("no_end_time") else None
    own = _zone(_first(dates, "tz") or _first(data, "tz", "timezone"))
    if own is not None and zone is not None:  # Superdesk gives UTC, and beside it the zone that is meant
        moment = parse_published(start)[1]
        assert moment is not None
        local = moment.astimezone(own)
        day, time, zone = local.date(), f"{local:%H:%M}", str(own)
        ended = parse_published(end)[1] if end else None
        last = ended.astimezone(own).date() if ended is not None and not dates.get("no_end_time") else last
    return _when(day, last, None if dates.get("all_day") else time, zone)


def _zone(name: str | None) -> datetime.tzinfo | None:
    """The zone of a name like "Europe/Oslo", None for none."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return None


def _place(data: Row) -> str | None:
    """The place with the town and country of its address."""
    for key in ("location", "place", "places", "venue"):
        value = data.get(key)
        some = value if isinstance(value, list) else [value]
        for each in some:
            if isinstance(each, str) and each.strip():
                return _words(each)
            if isinstance(each, dict):
                address = _dict(each, "address")
                towns = [_first(address, name) for name in ("locality", "city", "area", "country")]
                parts = [_first(each, "name", "title", "literal"), *towns]
                known = dict.fromkeys(part for part in parts if part)
                if known:
                    return ", ".join(known)
    return None


def _names(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        name = each if isinstance(each, str) else _first(each, "name", "literal", "title") if each else None
        if name and name.strip():
            yield name.strip()


def _headline(data: Row) -> str | None:
    """The headline of ninjs 2 and later."""
    found = data.get("headlines")
    heads: Sequence[Any] = found if isinstance(found, list) else []
    return next((own for each in heads if (own := _first(each, "value"))), None)


def _dict(data: Row, key: str) -> Row:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _first(data: object, *keys: str) -> str | None:
    """The first of the keys' values that is a string or a number."""
    if isinstance(data, Mapping):
        for key in keys:
            value = data.get(key)
            if isinstance(value, str | int) and not isinstance(value, bool) and (own := _words(value)):
                return own
    return None


def _is_off(words: str | None) -> bool:
    return any(word in (words or "").lower() for word in _OFF)


def _words(value: object) -> str | None:
    """The value as one line, None where there is nothing in it."""
    if value is None or isinstance(value, list):
        return None
    line = " ".join(str(value).split()).encode("utf-8", "replace").decode("utf-8")
    return line or None


def _notes(value: object) -> str | None:
    words = _words(re.sub(r"<[^<>]{1,500}>", " ", str(value)) if value is not None else None)
    return words[:NOTES_CHARS] if words else None
