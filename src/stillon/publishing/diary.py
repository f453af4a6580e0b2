"""A desk's diary in the morning: what is not as planned and who says so, what nobody reports, what it lacks."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from stillon.model import Assessment, DiaryNote, Entry, EntryAnswer
from stillon.publishing.ndjson import claim_data, dump_json, event_data, report_data, when_data
from stillon.publishing.note import credited
from stillon.publishing.terminal import clean, when_words, window

HEADS: tuple[tuple[str, str], ...] = (
    ("off", "Called off"),
    ("put off", "Put off, no new day"),
    ("moved", "Moved"),
    ("time", "At another time"),
    ("place", "In another place"),
    ("in doubt", "In doubt"),
    ("contradicted", "As planned, but contradicted"),
)
"""The groups of entries that are not as planned, the worst first; an entry stands in the first that fits."""
MOST_CLAIMS = 2
"""Claims quoted for an entry."""


def render_text(note: DiaryNote, *, width: int) -> str:
    """The note as groups of entries, in lines of `width` columns."""
    if note.first is None or note.last is None:
        return "The diary is empty: `stillon diary import FILE` fills it.\n"
    differing = [each for each in note.entries if each.what]
    planned = [each for each in note.entries if each.answer is not None and not each.what]
    silent = [each for each in note.entries if each.answer is None]
    days = f"As of the end of {window(note.as_of, note.as_of)}"
    if note.last < note.first and not note.entries:
        return f"{days}: the diary ends on {window(note.last, note.last)}.\n"
    lines = [
        f"{days}: of {len(note.entries)} entries to come, {len(differing)} {'is' if len(differing) == 1 else 'are'} "
        f"not as planned, and nobody reports on {len(silent)}."
    ]
    for what, head in HEADS:
        lines += _group(head, [each for each in differing if each.what[0] == what], _differing, note, width)
    lines += _group("As planned", planned, _planned, note, width)
    lines += _group("Nobody reports on", silent, lambda each, _year: [_line(each.entry)], note, width)
    if note.lacking:
        more = "" if len(note.lacking) == note.lacking_total else f" ({len(note.lacking)} of {note.lacking_total})"
        lines += ["", f"Reported, and not in the diary{more}:"]
        for answer in note.lacking:
            lines += _filled([_event_line(answer)], width)
    return "\n".join([*textwrap.wrap(lines[0], width), *lines[1:]]) + "\n"


def _group(
    head: str,
    entries: Sequence[EntryAnswer],
    told: Callable[[EntryAnswer, int], list[str]],
    note: DiaryNote,
    width: int,
) -> list[str]:
    if not entries:
        return []
    lines = ["", f"{head}:"]
    for each in entries:
        lines += _filled(told(each, note.as_of.year), width)
    return lines


def _filled(lines: Iterable[str], width: int) -> list[str]:
    """The lines as paragraphs, those after the first further in."""
    found: list[str] = []
    for number, line in enumerate(lines):
        indent = "    " if number else "  "
        wrapped = textwrap.wrap(
            line, width, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False,
            break_on_hyphens=False,
        )  # fmt: skip
        found += wrapped
    return found


def _line(entry: Entry) -> str:
    """The entry as the diary has it."""
    words = when_words(entry.when, short=True)
    words = f"{words} {entry.when.time}" if entry.when.time and entry.when.time not in words else words
    place = f", {clean(entry.place)}" if entry.place else ""
    return f"{words}: {clean(entry.title)}{place} [{entry.id}]"


def _event_line(answer: Assessment) -> str:
    place = clean(answer.place or answer.event.place or "")
    name = clean(answer.event.name)
    where = f", {place}" if place and place.casefold() not in name.casefold() else ""
    return f"{when_words(answer.when, short=True)}: {name}{where}, {answer.status} [{answer.event.id}]"


def _differing(told: EntryAnswer, year: int) -> list[str]:
    """The entry, what is reported instead, and who says so."""
    assert told.answer is not None
    answer = told.answer
    since = f" since {window(answer.since, answer.since)}" if answer.since else ""
    said = f"{answer.status}{since}"
    if "moved" in told.what or "time" in told.what:
        words = when_words(answer.when, short=True)
        at = answer.when.time if answer.when else None
        said += f"; now {words} {at}" if at and at not in words else f"; now {words}"
    if "place" in told.what:
        said += f"; in {clean(answer.place or answer.event.place or '')}"
    if "contradicted" in told.what:
        said += "; others say otherwise"
    reports = {report.id: report for report in told.reports}
    lines = [_line(told.entry), f"{said} [{answer.event.id}]"]
    lines += [credited(claim, reports, year) for claim in told.claims[:MOST_CLAIMS]]
    if told.link is not None:
        lines.append(f"{clean(told.link.by)} says that this is the event: {clean(told.link.because)}")
    return lines


def _planned(told: EntryAnswer, _year: int) -> list[str]:
    assert told.answer is not None
    return [f"{_line(told.entry)}: {told.answer.status} [{told.answer.event.id}]"]


def render_json(note: DiaryNote) -> str:
    """The note as one object; events, claims and reports as in a dossier."""
    return dump_json(to_data(note))


def to_data(note: DiaryNote) -> dict[str, Any]:
    """The same as plain dicts and lists."""
    return {
        "as_of": f"{note.as_of.isoformat()}T23:59:59Z",
        "first": note.first.isoformat() if note.first else None,
        "last": note.last.isoformat() if note.last else None,
        "entries": [_entry_data(each) for each in note.entries],
        "lacking": [event_data(each) for each in note.lacking],
        "lacking_total": note.lacking_total,
    }


def _entry_data(told: EntryAnswer) -> dict[str, Any]:
    entry, link = told.entry, told.link
    event = told.answer.event.id if told.answer else None
    return {
        "id": entry.id,
        "diary": entry.diary,
        "uid": entry.uid,
        "title": entry.title,
        "when": when_data(entry.when),
        "place": entry.place,
        "what": list(told.what),
        "event": event_data(told.answer) if told.answer else None,
        "score": round(told.score, 3),
        "link": {"by": link.by, "because": link.because, "event": link.mention} if link else None,
        "claims": [claim_data(claim, event) for claim in told.claims],
        "reports": [report_data(report, None) for report in told.reports],
    }
