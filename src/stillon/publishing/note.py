"""What changed, told as one editor tells another: what it is now, what it was, who says so, in their words."""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from stillon.model import (
    Assessment,
    Change,
    Claim,
    Correction,
    CorrectionKind,
    Edit,
    Note,
    Report,
    Status,
)
from stillon.publishing.ndjson import claim_data, dump_json, event_data
from stillon.publishing.terminal import chain_words, clean, quoted_words, short_day, when_words, window

NOW: dict[Status, str] = {
    Status.PROPOSED: "is proposed",
    Status.ANNOUNCED: "is announced",
    Status.SCHEDULED: "is scheduled",
    Status.GOING_AHEAD: "is going ahead after all",
    Status.IN_DOUBT: "is in doubt",
    Status.ON_HOLD: "is on hold",
    Status.POSTPONED: "is put off",
    Status.RESCHEDULED: "has a new date",
    Status.CANCELLED: "is off",
    Status.DENIED: "is denied",
    Status.UNDER_WAY: "has begun",
    Status.HELD: "has taken place",
    Status.LAPSED: "should have taken place, and no report says whether it did",
}
"""What is said of an event that has come to a status."""
_OFF = {Status.CANCELLED, Status.ON_HOLD, Status.POSTPONED, Status.DENIED}
MOST_LINES = 8
"""Lines of an edit that are shown."""


def render_text(note: Note, *, width: int) -> str:
    """The note as paragraphs of `width` columns."""
    days = window(note.since, note.until)
    told = [_first_words(note, days)]
    told += [paragraph(change, note.until.year) for change in note.changes]
    if note.edits:
        told.append("Edited without a word:" if len(note.edits) > 1 else "One report was edited:")
        told += [_edit(edit) for edit in note.edits]
    told += [correction_words(made) for made in note.corrections]
    paragraphs = []
    for each in told:
        lines = each.split("\n")
        filled = [textwrap.fill(lines[0], width, break_long_words=False, break_on_hyphens=False)]
        filled += [
            textwrap.fill(
                line,
                width,
                initial_indent="  ",
                subsequent_indent="    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
            for line in lines[1:]
        ]
        paragraphs.append("\n".join(filled))
    return "\n\n".join(paragraphs) + "\n"


def render_json(note: Note) -> str:
    """The note as one object; events and claims as in a dossier."""
    return dump_json(to_data(note))


def to_data(note: Note) -> dict[str, Any]:
    """The same as plain dicts and lists."""
    return {
        "since": note.since.isoformat(),
        "until": note.until.isoformat(),
        "reports": note.reports,
        "changes": [
            {
                "what": list(each.what),
                "before": event_data(each.before) if each.before else None,
                "after": event_data(each.after) if each.after else None,
                "claims": [claim_data(claim, (each.after or each.before).event.id) for claim in each.claims],  # type: ignore[union-attr]
            }
            for each in note.changes
        ],
        "edits": [
            {
                "url": each.after.url,
                "before": each.before.id,
                "after": each.after.id,
                "counts_from": each.counts_from.isoformat(),
                "lines": edit_lines(each),
            }
            for each in note.edits
        ],
        "corrections": [
            {"id": each.id, "kind": str(each.kind), "by": each.by, "because": each.because, "on": each.on.isoformat()}
            for each in note.corrections
        ],
    }


def _first_words(note: Note, days: str) -> str:
    came = f"{note.reports} report{'' if note.reports == 1 else 's'} came in"
    if not note.changes:
        return f"{days}: {came}, and nothing has changed."
    fresh = sum("new" in each.what for each in note.changes)
    moved = len(note.changes) - fresh
    parts = [f"{moved} event{' has' if moved == 1 else 's have'} changed"] if moved else []
    parts += [f"{fresh} {'is' if fresh == 1 else 'are'} new"] if fresh else []
    return f"{days}: {came}; {' and '.join(parts)}."


def paragraph(change: Change, year: int) -> str:
    """One event, line by line: what it is now, what it was, then who says so and who does not; days of `year` alone."""
    if change.after is None:
        assert change.before is not None
        return f"{_the(change.before)}: no report that still counts speaks of it."
    after = change.after
    lines = [" ".join([*_said(change, after, year), f"[{after.event.id}]"])]
    claims = {claim.id: claim for claim in change.claims}
    reports = {report.id: report for report in change.reports}
    lines += _because(change, after, claims, reports, year)
    if "contradiction" in change.what:
        lines += _parted(change, after, claims, reports, year)
    return "\n".join(lines)


def _said(change: Change, after: Assessment, year: int) -> list[str]:
    name, before = _the(after), change.before
    assert after.status is not None
    words = f"{name} {NOW[after.status]}"
    if "new" in change.what:
        told = [f"New: {words}{_planned(after)}."]
    elif "status" in change.what and before is not None and before.status is not None:
        since = f" since {short_day(before.since, year, month='%B')}" if before.since else ""
        told = [f"{words}{_planned(after)}; until now it was {before.status}{since}."]
    else:
        told = [f"{words}, as before." if change.what == ("contradiction",) else f"{words}{_planned(after)}."]
    if "when" in change.what and before is not None and before.when is not None:
        told.append(f"The day was {when_words(before.when, short=True)}.")
    elif "when" in change.what and before is not None and "status" not in change.what:
        told.append("It had no day before.")
    if "place" in change.what and before is not None:
        told.append(f"The place is now {clean(after.place or '')}; it was {clean(before.place or '')}.")
    return told


def _planned(after: Assessment) -> str:
    """The day, as far as it is still the plan."""
    if after.when is None or (after.when.start is None and not after.when.text):
        return ", with no day named" if after.status in (Status.ANNOUNCED, Status.SCHEDULED) else ""
    days = when_words(after.when, short=True)
    return (
        f" (it was planned for {days})" if after.status in _OFF else f" for {days}" if _ahead(after) else f" ({days})"
    )


def _ahead(after: Assessment) -> bool:
    return after.status in (Status.SCHEDULED, Status.RESCHEDULED, Status.ANNOUNCED, Status.GOING_AHEAD)


def _because(
    change: Change, after: Assessment, claims: dict[str, Claim], reports: dict[str, Report], year: int
) -> list[str]:
    """The first claim behind it in its own words, and how many more origins say so."""
    deciding = [claims[id] for id in after.because if id in claims]
    if "when" in change.what and "status" not in change.what:
        deciding = [claim for claim in change.claims if claim.when is not None and claim.when == after.when] or deciding
    elif "place" in change.what and "status" not in change.what:
        deciding = [claim for claim in change.claims if claim.place == after.place] or deciding
    if not deciding:
        return []
    line = credited(deciding[0], reports, year)
    more = after.origins - 1
    if more > 0 and "new" not in change.what:
        line += f" {more} more independent {'origin says' if more == 1 else 'origins say'} so."
    lines = [line]
    lines += [f"The reason given: {quoted_words(each.text)}." for each in after.reasons[:1]]
    return lines


def _parted(
    change: Change, after: Assessment, claims: dict[str, Claim], reports: dict[str, Report], year: int
) -> list[str]:
    known = {each.claims for each in change.before.contradictions} if change.before else set()
    fresh = [each for each in after.contradictions if each.claims not in known]
    return [
        f"Against that: {credited(claims[each.claims[1]], reports, year)}"
        for each in fresh[:2]
        if each.claims[1] in claims
    ]


def credited(claim: Claim, reports: Mapping[str, Report], year: int) -> str:
    """Who says it, its words, and where they were printed."""
    report = reports.get(claim.report)
    printed = clean(report.publisher or report.file) if report else ""
    day = short_day(claim.said_on, year, month="%B")
    words = quoted_words(claim.text)
    if not claim.sources:
        return (
            f"{printed or 'The report'} says so itself, {day}: {words}" if day else f"{printed} says so itself: {words}"
        )
    where = ", ".join(each for each in (printed, day) if each)
    return f"{_capital(chain_words(claim))}: {words}" + (f" ({where})" if where else "")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _the(given: Assessment) -> str:
    """The event's name, and its place where the name does not say it."""
    name = clean(given.event.name)
    place = clean(given.place or given.event.place or "")
    if place and place.casefold() not in name.casefold():
        name += f" in {place}"
    return _capital(name)


def _edit(edit: Edit) -> str:
    """What an edit took out and put in, line by line."""
    name = clean(edit.after.title or edit.after.url or edit.after.file)
    by = f", {clean(edit.after.publisher)}" if edit.after.publisher else ""
    lines = edit_lines(edit)
    more = [f"and {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    return "\n".join([f"{name}{by}:", *lines[:MOST_LINES], *more])


def edit_lines(edit: Edit) -> list[str]:
    """The sentences that differ, those taken out after a minus, those put in after a plus."""
    old, new = ([*_sentences(each.title or ""), *_sentences(each.text)] for each in (edit.before, edit.after))
    shown = []
    for line in difflib.unified_diff(old, new, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            shown.append(f"{'−' if line[0] == '-' else '+'} {clean(line[1:])}")
    return shown


def _sentences(text: str) -> Sequence[str]:
    return [part for part in re.split(r"(?<=[.!?”\"])\s+|\n+", text) if part.strip()]


def correction_words(made: Correction) -> str:
    """Who corrected what, and why."""
    did = {
        CorrectionKind.MERGE: "made two events one",
        CorrectionKind.SPLIT: "split an event",
        CorrectionKind.STATUS: f"set the status to {made.status}",
        CorrectionKind.DATE: f"set the day to {when_words(made.when, short=True)}",
        CorrectionKind.PLACE: f"set the place to {clean(made.place or '')}",
        CorrectionKind.WITHDRAW: f"withdrew report {made.report}",
        CorrectionKind.UNDO: f"took back correction {made.undoes}",
    }[made.kind]
    about = f" of {made.mentions[0]}" if made.mentions else ""
    return f"{clean(made.by)} {did}{about}: {quoted_words(made.because)} [correction {made.id}]"
