"""The events of a store in one table: for a person, as JSON, or as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from stillon.model import Assessment, Day
from stillon.publishing.ndjson import dump_json, event_data
from stillon.publishing.terminal import clean, cut_to, when_words, window

ID_LENGTH = 22
"""Characters of an event's id that the table shows; most ids are no longer."""


def render_text(answers: Sequence[Assessment], *, as_of: Day | None, total: int, width: int) -> str:
    """The events as lines of `width` columns: status, day, name; below each its id, place and doubts."""
    if not answers:
        return "No event.\n"
    lines = [f"As of the end of {window(as_of, as_of)}" if as_of else "Everything that is known", ""]
    widest = max(len(str(each.status)) for each in answers)
    for each in answers:
        days = when_words(each.when, short=True)
        status = str(each.status).upper()
        room = width - widest - 2 - (cell_len(days) + 2 if days else 0)
        name = cut_to(clean(each.event.name), room)
        line = f"{status:<{widest}}  {name}"
        if days:
            line += " " * (width - cell_len(line) - cell_len(days)) + days
        lines.append(line)
        lines.append(cut_to(" " * (widest + 2) + " · ".join(_facts(each)), width))
    if total > len(answers):
        lines += ["", f"{len(answers)} of {total} events; --limit shows more, 0 all"]
    return "\n".join(lines) + "\n"


def _facts(given: Assessment) -> list[str]:
    facts = [given.event.id]
    place = given.place or given.event.place
    if place:
        facts.append(clean(place))
    if given.since:
        facts.append(f"since {window(given.since, given.since, month='%b')}")
    facts.append(f"{given.reliability}{given.credibility}")
    if given.contradictions:
        facts.append("contradicted")
    return facts


def render_json(answers: Iterable[Assessment], *, as_of: Day | None, total: int) -> str:
    """The events as one object; each event as in a dossier."""
    return dump_json(
        {
            "as_of": f"{as_of.isoformat()}T23:59:59Z" if as_of else None,
            "total": total,
            "events": [event_data(each) for each in answers],
        }
    )


def render_rows(rows: Iterable[Mapping[str, object]]) -> Iterable[str]:
    """Flat rows as lines of CSV (RFC 4180), the names of the columns first; nothing for no rows."""
    first = True
    for row in rows:
        if first:
            yield _line(row)
            first = False
        yield _line(_plain(value) for value in row.values())


def _line(values: Iterable[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(list(values))
    return written.getvalue()


def _plain(value: object) -> object:
    """A value that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = clean(str(value))
    return "'" + text if text[:1] in ("=", "+", "-", "@") else text
