"""What changed, told as one editor tells another: what it is now, what it was, who says so, in their words."""

from __future__ import annotations

import difflib
import functools
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
    Day,
    Edit,
    Note,
    Report,
    Status,
    When,
)
from stillon.publishing.ndjson import claim_data, dump_json, event_data
from stillon.publishing.terminal import chain_words, clean, quoted_words, short_day, when_words, window

_NOW: dict[Status, str] = {
    Status.PROPOSED: "{is} proposed",
    Status.ANNOUNCED: "{is} announced",
    Status.SCHEDULED: "{is} scheduled",
    Status.GOING_AHEAD: "{is} going ahead",
    Status.IN_DOUBT: "{is} in doubt",
    Status.ON_HOLD: "{is} on hold",
    Status.POSTPONED: "{is} put off",
    Status.RESCHEDULED: "{has} a new date",
    Status.CANCELLED: "{is} off",
    Status.DENIED: "{is} denied",
    Status.UNDER_WAY: "{has} begun",
    Status.HELD: "took place",
    Status.LAPSED: "should have taken place",
}
"""What is said of an event that has come to a status."""
_WAS: dict[Status, str] = {
    Status.POSTPONED: "been put off",
    Status.RESCHEDULED: "had a new date",
    Status.CANCELLED: "been called off",
    Status.UNDER_WAY: "been under way",
    Status.HELD: "been taken to have happened",
    Status.LAPSED: "gone by in silence",
}
"""What an event had done or been, where that is not simply its status."""
_OFF = {Status.CANCELLED, Status.ON_HOLD, Status.POSTPONED, Status.DENIED}
_SHAKEN = {*_OFF, Status.IN_DOUBT}
_PLANNED = {Status.SCHEDULED, Status.ANNOUNCED, Status.GOING_AHEAD, Status.PROPOSED}
_OVER = {Status.HELD, Status.LAPSED}
_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()
_HEAD_ENDS = re.compile(r" (?:in|of|on|with|between|about|for|at|to|over|against|by|near|from) |,")
"""Where the part of a name that says what it is comes to its end."""
_SENTENCE = re.compile(r"(?<=[.!?”\"])\s+(?=[\"“‘(]?[A-Z])|\n+")
"""Where one sentence ends and the next begins, well enough to quote by."""
MOST_LINES = 8
"""Lines of an edit that are shown."""


def render_text(note: Note, *, width: int) -> str:
    """The note as paragraphs of `width` columns."""
    news = [each for each in note.changes if not _is_past(each, note.since)]
    past = [each.after for each in note.changes if _is_past(each, note.since) and each.after]
    told = [_first_words(note, news)]
    told += [paragraph(change, note.until.year) for change in news]
    if past:
        told.append(f"Only looked back on: {_series([_past(each, note.until.year) for each in past])}.")
    if note.edits:
        number = len(note.edits)
        told.append(f"{_capital(_number(number))} report{' was' if number == 1 else 's were'} edited:")
        told += [_edit(edit) for edit in note.edits]
    told += [correction_words(made) for made in note.corrections]
    return "\n\n".join(_filled(each, width) for each in told) + "\n"


def _filled(paragraph: str, width: int) -> str:
    """A paragraph's lines, those after the first further in."""
    first, *rest = paragraph.split("\n")
    fill = functools.partial(textwrap.fill, width=width, break_long_words=False, break_on_hyphens=False)
    return "\n".join([fill(first), *(fill(line, initial_indent="  ", subsequent_indent="    ") for line in rest)])


def render_json(note: Note) -> str:
    """The note as one object; events and claims as in a dossier."""
    return dump_json(to_data(note))


def to_data(note: Note) -> dict[str, Any]:
    """The same as plain dicts and lists."""
    return {
        "since": note.since.isoformat(),
        "until": note.until.isoformat(),
        "clock": note.clock,
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


def _first_words(note: Note, news: Sequence[Change]) -> str:
    days = window(note.since, note.until)
    came = f"{_number(note.reports)} report{'' if note.reports == 1 else 's'} came in"
    came += " by the store's own clock" if note.clock == "store" else ""
    if not news:
        return f"{days}: {came}, and nothing has changed."
    fresh = sum("new" in each.what for each in news)
    moved = len(news) - fresh
    parts = [f"{_number(moved)} event{' has' if moved == 1 else 's have'} changed"] if moved else []
    what = "" if moved else " event" if fresh == 1 else " events"
    parts += [f"{_number(fresh)}{what} {'is' if fresh == 1 else 'are'} new"] if fresh else []
    return f"{days}: {came}; {' and '.join(parts)}."


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _series(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _is_past(change: Change, since: Day) -> bool:
    """True for an event that was over before the note begins, and is now heard of for the first time."""
    given = change.after
    if "new" not in change.what or given is None or given.status not in _OVER:
        return False
    end = (given.when.end or given.when.start) if given.when else None
    return end is None or end < since


def _past(given: Assessment, year: int) -> str:
    return f"{_the(given)} ({_days(given.when, year)})" if given.when else _the(given)


def paragraph(change: Change, year: int) -> str:
    """One event, line by line: what it is now and was, then who says so and who does not; days of `year` alone."""
    if change.after is None:
        assert change.before is not None
        return f"{_capital(_the(change.before))}: no report that still counts speaks of it.\n[{change.before.event.id}]"
    after = change.after
    claims = {claim.id: claim for claim in change.claims}
    reports = {report.id: report for report in change.reports}
    lines = [" ".join(_said(change, after, year))]
    lines += _because(change, after, claims, reports, year)
    if "contradiction" in change.what:
        lines += _parted(change, after, claims, reports, year)
    return "\n".join([*lines, f"[{after.event.id}]"])


def _said(change: Change, after: Assessment, year: int) -> list[str]:
    before = change.before
    words = f"{_the(after)} {_now(change, after, year)}"
    if "new" in change.what:
        return [f"New: {words}."]
    told = [words]
    if "status" in change.what and before is not None and before.status is not None:
        told = [f"{words}; {_had_been(before, year)}"]
    elif change.what == ("contradiction",):
        told = [f"{words}, as before, and somebody says otherwise"]
    told = [f"{_capital(told[0])}."]
    if "when" in change.what and before is not None:
        told.append(_day_before(before, year, had_status="status" in change.what))
    if "place" in change.what and before is not None:
        told.append(f"The place is now {clean(after.place or '')}; it was {clean(before.place or '')}.")
    return [each for each in told if each]


def _now(change: Change, after: Assessment, year: int) -> str:
    """What the event is, with its day as far as that is known."""
    assert after.status is not None
    several = is_plural(after)
    words = state_words(after.status, several=several)
    shaken = change.before is not None and change.before.status in _SHAKEN
    if shaken and after.status is Status.GOING_AHEAD:
        words += " after all"
    elif shaken and after.status in (Status.SCHEDULED, Status.ANNOUNCED):
        words = f"{'are' if several else 'is'} on again, {after.status}"
    days = _days(after.when, year)
    firm = after.when is not None and after.when.start is not None
    if after.status is Status.LAPSED:
        day = f" {_on(after.when)} {days}" if firm else ""
        return f"{words}{day}, and no report says whether {'they' if several else 'it'} did"
    if not days:
        return f"{words}, with no day named" if after.status in (Status.ANNOUNCED, Status.SCHEDULED) else words
    if after.status is Status.HELD and firm:
        return f"{words} {_on(after.when)} {days}"
    if after.status is Status.RESCHEDULED:
        return f"{words}, {days}"
    if after.status in _PLANNED:
        planned = ", planned for" if after.status is Status.GOING_AHEAD else " for"
        return f"{words}{planned} {days}" if firm else f"{words} ({days})"
    planned = f"{'they were' if several else 'it was'} planned for " if after.status in _OFF else ""
    planned = "planned for " if after.status is Status.IN_DOUBT else planned
    return f"{words} ({planned}{days})"


def state_words(status: Status, *, several: bool = False) -> str:
    """What is said of an event, or of several things that are one, that has come to a status."""
    return _NOW[status].format(**({"is": "are", "has": "have"} if several else {"is": "is", "has": "has"}))


def _had_been(before: Assessment, year: int) -> str:
    assert before.status is not None
    since = f" since {short_day(before.since, year, month='%B')}" if before.since else ""
    had = _WAS.get(before.status, f"been {before.status}")
    return f"{'they' if is_plural(before) else 'it'} had {had}{since}"


def _day_before(before: Assessment, year: int, *, had_status: bool) -> str:
    """What had been said of the day."""
    if before.when is None:
        return "" if had_status else "Until now no day was named."
    if before.when.start is None:
        return f"Until now the day was only given as {_days(before.when, year)}."
    return f"The day had been {_days(before.when, year)}."


def _days(when: When | None, year: int) -> str:
    """The days of a plan, without the year where it is the note's own; words where they give none."""
    if when is None or (when.start is None and not when.text):
        return ""
    return when_words(when, short=True, month="%B").replace(f" {year}", "")


def _on(when: When | None) -> str:
    """What goes before a day that has come: "on" a day, "in" a stretch of days."""
    return "on" if when is not None and when.start == when.end else "in the days of"


def _because(
    change: Change, after: Assessment, claims: dict[str, Claim], reports: dict[str, Report], year: int
) -> list[str]:
    """The claim behind it that says it best, in the words of its report, and how many more origins say so."""
    deciding = [claims[id] for id in after.because if id in claims]
    if "when" in change.what and "status" not in change.what:
        deciding = [claim for claim in change.claims if claim.when is not None and claim.when == after.when] or deciding
    elif "place" in change.what and "status" not in change.what:
        deciding = [claim for claim in change.claims if claim.place == after.place] or deciding
    if not deciding:
        return []
    line = credited(min(deciding, key=lambda claim: _poorly_said(claim, after)), reports, year)
    if after.status is Status.LAPSED:
        return [f"Last heard: {line}"]
    more = after.origins - 1
    if more > 0 and "new" not in change.what:
        line += f" {_capital(_number(more))} more independent {'source says' if more == 1 else 'sources say'} so."
    return [line, *(f"The reason given: {quoted_words(each.text)}." for each in after.reasons[:1])]


def _poorly_said(claim: Claim, after: Assessment) -> tuple[bool, bool, bool]:
    """Sorts claims by how well they tell the answer: those that say it, in the text, in whole clauses."""
    own = claim.status_span is not None and claim.span.start <= claim.status_span.start <= claim.span.end
    return (claim.status is not after.status, claim.in_title, not own)


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
    words = quoted_words(_whole(claim, report))
    if not claim.sources:
        return f"{', '.join(each for each in (printed or 'The report', day) if each)}: {words}"
    where = ", ".join(each for each in (printed, day) if each)
    return f"{_capital(chain_words(claim))}: {words}" + (f" ({where})" if where else "")


def _whole(claim: Claim, report: Report | None) -> str:
    """The claim's words; where those that carry its status stand beside them, the sentence or headline of both."""
    status = claim.status_span
    if report is None or status is None or (claim.span.start <= status.start and status.end <= claim.span.end):
        return claim.text
    text = (report.title or "") if claim.in_title else report.text
    start, end = min(claim.span.start, status.start), max(claim.span.end, status.end)
    if claim.span.of(text) != claim.text:
        return claim.text
    breaks = [match.span() for match in _SENTENCE.finditer(text)]
    first = max((after for _, after in breaks if after <= start), default=0)
    last = min((before for before, _ in breaks if before >= end), default=len(text))
    return text[first:last]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _the(given: Assessment) -> str:
    """The event by its name as it stands within a sentence, with its place where the name does not say it."""
    name = clean(given.event.name)
    place = clean(given.place or given.event.place or "")
    if place and place.casefold() not in name.casefold():
        name += f" in {place}"
    first = _head(name)
    named = re.match(r"(?:the|an?|any|his|her|its|their)\b", first, re.IGNORECASE) or re.search(r"\w['’]s\b", first)
    return name if named else f"the {name}"


def _head(name: str) -> str:
    """The part of a name that says what it is: "Lund–Berg meeting" of "Lund–Berg meeting in Karlsvik"."""
    return _HEAD_ENDS.split(name, maxsplit=1)[0]


def is_plural(given: Assessment) -> bool:
    """True for talks, hearings and elections."""
    last = _head(clean(given.event.name)).rpartition(" ")[2]
    return bool(re.search(r"[a-z](?<!s)(?<!u)(?<!i)s$", last))


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
