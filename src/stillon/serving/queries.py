"""The values that a url may carry behind the question mark, each with its type, for pages and their description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from stillon.keeping.answering import Filter
from stillon.model import Day, Kind, Status
from stillon.serving.desk import Data
from stillon.serving.refusing import WrongUse

LONGEST_VALUE = 2000
"""Characters of one value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One value of a query."""

    name: str
    """What it is called."""
    read: Callable[[str], Any]
    """Its value of the words; raises ValueError."""
    schema: Data
    """Its JSON schema."""
    says: str
    """What it does."""


def read_query(given: QueryParams, known: Sequence[Query]) -> dict[str, Any]:
    """The values that are given and not empty, by name; what no page knows is left. Raises WrongUse."""
    values: dict[str, Any] = {}
    for each in known:
        words = given.getlist(each.name)
        if len(words) > 1:
            raise WrongUse(f"{each.name}: given more than once")
        if not words or not words[0]:
            continue
        if len(words[0]) > LONGEST_VALUE:
            raise WrongUse(f"{each.name}: longer than {LONGEST_VALUE} characters")
        try:
            values[each.name] = each.read(words[0])
        except ValueError as error:
            raise WrongUse(f"{each.name}: {error}") from None
    return values


def _day(words: str) -> Day:
    try:
        if len(words) != len("2025-10-22"):
            raise ValueError
        return Day.fromisoformat(words)
    except ValueError:
        raise ValueError(f"{words!r} is no day like 2025-10-22") from None


def _kind(words: str) -> Kind:
    try:
        return Kind(words)
    except ValueError:
        raise ValueError(f"{words!r} is no kind of event") from None


def _status(words: str) -> Status:
    try:
        return Status(words)
    except ValueError:
        raise ValueError(f"{words!r} is no status") from None


def _flag(words: str) -> bool:
    if words not in ("true", "false"):
        raise ValueError("neither true nor false")
    return words == "true"


def _text(words: str) -> str:
    if any(ord(each) < 32 or 0xD800 <= ord(each) < 0xE000 for each in words):
        raise ValueError("holds control characters")
    return words.strip()


def _within(least: int, most: int) -> Callable[[str], int]:
    def read(words: str) -> int:
        if not (words.isascii() and words.isdecimal() and len(words) <= len(str(most)) and least <= int(words) <= most):
            raise ValueError(f"no number from {least} to {most}")
        return int(words)

    return read


def _or_empty(schema: Data) -> Data:
    """A form that leaves a field empty sends it all the same."""
    return {"anyOf": [schema, {"type": "string", "maxLength": 0}]}


def _day_query(name: str, says: str) -> Query:
    return Query(name=name, read=_day, schema=_or_empty({"type": "string", "format": "date"}), says=says)


_TEXT: Data = {"type": "string", "maxLength": LONGEST_VALUE, "pattern": "^[^\\u0000-\\u001f]*$"}


def _text_query(name: str, says: str) -> Query:
    return Query(name=name, read=_text, schema=_TEXT, says=says)


AS_OF = _day_query("as_of", "answers as of the end of that day, from what was published by then; default: today")
SINCE = _day_query("since", "first day of the changes; default: six days before as_of")
AFTER = Query(
    name="after",
    read=_text,
    schema={"type": "string"},
    says="cursor of the page before, as its `next` has it; opaque",
)
LIMIT = Query(
    name="limit",
    read=_within(1, 200),
    schema=_or_empty({"type": "integer", "minimum": 1, "maximum": 200}),
    says="at most so many; default: 50",
)
PART = Query(
    name="part",
    read=_within(1, 10000),
    schema=_or_empty({"type": "integer", "minimum": 1, "maximum": 10000}),
    says="part of a long text, from 1",
)
MONTH = Query(
    name="month",
    read=lambda words: _day(f"{words}-01"),
    schema=_or_empty({"type": "string", "pattern": r"^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])$"}),
    says="month of the calendar; default: that of as_of",
)
WORDS = _text_query("q", "words that all stand in the event's name, who takes part, or the place")
SEARCH = _text_query("q", "words that all stand in the report")
FILTERS = (
    WORDS,
    Query(
        name="kind",
        read=_kind,
        schema={"type": "string", "enum": ["", *map(str, Kind)]},
        says="events of a kind",
    ),
    Query(
        name="status",
        read=_status,
        schema={"type": "string", "enum": ["", *map(str, Status)]},
        says="events of a status",
    ),
    _text_query("person", "part of the name of a person or body that takes part or hosts"),
    _text_query("place", "part of the name of the place"),
    _day_query("from", "planned for that day or later"),
    _day_query("to", "planned for that day or earlier"),
    Query(
        name="doubtful",
        read=_flag,
        schema={"type": "string", "enum": ["", "true", "false"]},
        says="true: those alone that may be wrong (contradicted, in doubt, badly sourced, lapsed)",
    ),
)


def filter_of(values: Mapping[str, Any]) -> Filter:
    """The filter that the values ask for."""
    return Filter(
        kind=values.get("kind"),
        status=values.get("status"),
        person=values.get("person"),
        place=values.get("place"),
        start=values.get("from"),
        end=values.get("to"),
        doubtful=values.get("doubtful", False),
        words=values.get("q"),
    )
