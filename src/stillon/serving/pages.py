"""What each page shows: the board, the calendar, what changed, an event, a report, the diary, the corrections."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from stillon.errors import NotFound
from stillon.keeping import answering, changing, diary, reporting
from stillon.keeping.answering import View
from stillon.keeping.paging import BoardPage, state_of
from stillon.model import Change, Claim, Correction, Day, Dossier, Kind, Note, Status
from stillon.publishing import diary as diary_rendering
from stillon.publishing import note as note_rendering
from stillon.publishing import summary
from stillon.publishing.ndjson import claim_data, event_data, report_data, to_data, when_data
from stillon.serving import drawing, grouping, marking
from stillon.serving.cursors import BoardCursor, ReportsCursor
from stillon.serving.desk import Asked, Data, Desk, Shown
from stillon.serving.queries import FILTERS, filter_of
from stillon.serving.refusing import NotHere

PER_PAGE = 50
"""Events or reports on a page."""
MOST_CALENDAR = 400
"""Events on one month's calendar."""
PART_CHARS = 24_000
"""Characters of a report's text on one page: marked up, they stay well under the largest page."""
MOST_CLAIMS = 60
"""Claims on an event's page; the others stand on their reports' pages and in the data."""
SINCE_DAYS = 7
"""Days of changes that the board looks back on where the reader was not here before."""
LONGEST_VISIT_DAYS = 14
"""Days after which a last visit counts no longer."""
MOST_TOLD = 8
"""Changes told on the board."""
MOST_FRESH = 300
"""Reports in the days since the last visit up to which the board tells the changes by itself."""
VISIT_COOKIE = "stillon_visit"


# -- the board --------------------------------------------------------------------------------------


def board(asked: Asked) -> Shown:
    """The events that the filter admits, those to come first; what changed since the reader was last here."""
    found, next_url, cursor = _board_page(asked)
    as_of = found.view.as_of or asked.as_of
    since = _last_visit(asked, as_of)
    note = None if cursor else _short_note(asked.desk, since, as_of, asked.today)
    changed = _changed(note)

    def data() -> Data:
        return {
            "as_of": _end_of(as_of),
            "total": found.total,
            "statuses": {str(status): number for status, number in found.tally.items()},
            "events": [{**event_data(row.assessment), "reports": row.reports} for row in found.rows],
            "next": next_url,
        }

    return Shown(
        template="board.html",
        title="The board",
        values={
            **_choices(asked),
            "found": found,
            "groups": grouping.by_week(found.rows, as_of),
            "next_url": next_url,
            "first_page": cursor is None,
            "changed": changed,
            "note": note,
            "moved": _moved(note),
            "since": since,
            "strip": _strip(asked, as_of),
        },
        data=data,
        as_of=as_of,
        dossier=lambda: answering.whole_dossier(asked.desk.store, wanted=filter_of(asked.query), view=found.view),
    )


def _board_page(asked: Asked) -> tuple[BoardPage, str | None, BoardCursor | None]:
    """The page asked for, the url of the next, and the cursor given."""
    given = asked.query.get("after")
    cursor = BoardCursor.read(given) if given else None
    view = View(as_of=cursor.as_of, known_by=cursor.known_by) if cursor else asked.view
    wanted = filter_of(asked.query)
    most = asked.query.get("limit", PER_PAGE)
    found = asked.desk.pages.page(
        wanted=wanted, view=view, today=asked.today, most=most, after=cursor.mark if cursor else None
    )
    if found.last is None:
        return found, None, cursor
    known_by = cursor.known_by if cursor else asked.now
    following = BoardCursor(mark=found.last, as_of=view.as_of or asked.today, known_by=known_by)
    return found, link(asked, after=following.write()), cursor


def _choices(asked: Asked) -> dict[str, Any]:
    """What the form of the filter offers, and what is chosen in it."""
    chosen = {each.name: asked.query.get(each.name) for each in FILTERS}
    return {
        "kinds": list(Kind),
        "statuses": list(Status),
        "chosen": chosen,
        "filtered": any(value for value in chosen.values()),
    }


def _last_visit(asked: Asked, as_of: Day) -> Day:
    """The day from which changes are told: that of the visit before this day's, as far as it is of use."""
    earliest = _days_before(as_of, LONGEST_VISIT_DAYS)
    before = _days_before(as_of, SINCE_DAYS - 1)
    visit = previous_visit(asked.request.cookies.get(VISIT_COOKIE), asked.today)
    if visit is not None and earliest <= visit <= as_of and as_of == asked.today:
        return visit
    return before


def previous_visit(cookie: str | None, today: Day) -> Day | None:
    """The last day before today on which the reader was here, as the cookie has it: "last day,the one before"."""
    for words in (cookie or "").split("."):
        try:
            day = Day.fromisoformat(words)
        except ValueError:
            continue
        if day < today:
            return day
    return None


def visit_cookie(cookie: str | None, today: Day) -> str:
    """The cookie after a visit today."""
    before = previous_visit(cookie, today)
    return f"{today.isoformat()}.{before.isoformat()}" if before else today.isoformat()


def _short_note(desk: Desk, since: Day, until: Day, today: Day) -> Note | None:
    """What changed since a day; None where so much came in that it has a page of its own."""
    since = max(since, Day.min + datetime.timedelta(days=1))
    with desk.store.read() as snapshot:
        state = state_of(snapshot)
        fresh = sum(reporting.reports_by_day(snapshot, since, until).values())
    if fresh > MOST_FRESH:
        return None
    return desk.remembered(
        ("note", state, since, until, today),
        lambda: changing.note_of(desk.store, since=since, until=until, today=today),
    )


def _changed(note: Note | None) -> Mapping[str, Change]:
    """The changes of a note by their event."""
    return {each.after.event.id: each for each in note.changes if each.after is not None} if note else {}


def _moved(note: Note | None) -> list[Change]:
    """The changes that are told on the board: of events known before, then new ones that are not over."""
    told = [
        each
        for each in (note.changes if note else ())
        if each.after is not None and ("new" not in each.what or each.after.status is not Status.HELD)
    ]
    return sorted(told, key=lambda each: "new" in each.what)[:MOST_TOLD]


def _strip(asked: Asked, as_of: Day) -> drawing.Strip | None:
    """The days to choose from; None for a store without days."""
    with asked.desk.store.read() as snapshot:
        days = reporting.days_of_reports(snapshot)
        if days is None:
            return None
        first, last = drawing.strip_days(as_of, asked.today, days)
        counts = asked.desk.remembered(
            ("days", state_of(snapshot), first, last), lambda: reporting.reports_by_day(snapshot, first, last)
        )
    return drawing.strip(counts, first, last, as_of)


# -- the calendar -----------------------------------------------------------------------------------


def month(asked: Asked) -> Shown:
    """The events of one month, in its weeks."""
    given: Day | None = asked.query.get("month")
    first = (given or asked.as_of).replace(day=1)
    first = first.replace(year=min(max(first.year, 2), 9998))
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    wanted = filter_of({**asked.query, "from": first, "to": last})
    found = asked.desk.pages.page(wanted=wanted, view=asked.view, today=asked.today, most=MOST_CALENDAR)

    def data() -> Data:
        return {
            "as_of": _end_of(asked.as_of),
            "month": f"{first:%Y-%m}",
            "total": found.total,
            "events": [{**event_data(row.assessment), "reports": row.reports} for row in found.rows],
        }

    return Shown(
        template="calendar.html",
        title=f"{first:%B %Y}",
        values={
            **_choices(asked),
            "found": found,
            "weeks": grouping.month_of(found.rows, first),
            "first": first,
            "before": link(asked, month=f"{first - datetime.timedelta(days=1):%Y-%m}"),
            "after": link(asked, month=f"{last + datetime.timedelta(days=1):%Y-%m}"),
            "strip": _strip(asked, asked.as_of),
        },
        data=data,
        as_of=asked.as_of,
    )


# -- what changed -----------------------------------------------------------------------------------


def changes(asked: Asked) -> Shown:
    """What changed from a day on, up to the day that is asked for."""
    until = asked.as_of
    since: Day = asked.query.get("since") or _days_before(until, SINCE_DAYS - 1)
    since, until = (max(each, Day.min + datetime.timedelta(days=1)) for each in (since, until))
    with asked.desk.store.read() as snapshot:
        state = state_of(snapshot)
    note = asked.desk.remembered(
        ("note", state, since, until, asked.today),
        lambda: (
            changing.note_of(asked.desk.store, since=since, until=until, today=asked.today)
            if since <= until
            else Note(since=since, until=until)
        ),
    )
    return Shown(
        template="changes.html",
        title="What changed",
        values={"note": note, "since": since, "until": until, "most": 150},
        data=lambda: note_rendering.to_data(note),
        as_of=until,
    )


# -- one event --------------------------------------------------------------------------------------


def event(asked: Asked) -> Shown:
    """One event: the answer, and everything that it rests on."""
    id = asked.path("id")
    try:
        dossier = answering.event_dossier(asked.desk.store, id, view=asked.view)
    except NotFound as error:
        raise NotHere(f"No event {id}: {error.reason}.") from error
    assessment = dossier.assessments[0]
    own = set(assessment.event.mentions)
    told = [claim for claim in dossier.claims if claim.mention in own]
    spoken = {claim.report for claim in told}
    with asked.desk.store.read() as snapshot:
        made = reporting.corrections_on(snapshot, assessment.event.mentions, sorted(spoken))
        corrections = [each for each in made if each.on <= asked.as_of]
        counting = {each.id for each in answering.effective(snapshot.corrections(), asked.view)}
    sentences = summary.summarise(assessment, dossier)
    copy_of = dict(dossier.copy_of)
    by_day: dict[Day, int] = {}
    for report in dossier.reports:
        if report.published and report.id in spoken:
            by_day[report.published] = by_day.get(report.published, 0) + 1
    first, last = drawing.strip_days(asked.as_of, asked.today, (min(by_day), max(by_day)) if by_day else None)

    def data() -> Data:
        found = to_data(dossier)
        found["corrections"] = [correction_data(each, each.id in counting) for each in corrections]
        found["summary"] = [{"text": each.text, "claims": list(each.claims)} for each in sentences]
        return found

    return Shown(
        template="event.html",
        title=assessment.event.name,
        values={
            "assessment": assessment,
            "event": assessment.event,
            "claims": {claim.id: claim for claim in dossier.claims},
            "reports": {report.id: report for report in dossier.reports},
            "answers": {each.event.id: each for each in dossier.assessments},
            "own_claims": [each for each in told if each.status is not None][:MOST_CLAIMS],
            "other_claims": [each for each in told if each.status is None][:MOST_CLAIMS],
            "own_claims_total": len(told),
            "own_reports": sorted(
                (each for each in dossier.reports if each.id in spoken),
                key=lambda each: (each.published or Day.min, each.id),
                reverse=True,
            ),
            "copy_of": copy_of,
            "pairs": _pairs(dossier),
            "timeline": drawing.timeline(assessment, dossier),
            "origins": drawing.origins(assessment, dossier),
            "sentences": sentences,
            "footnotes": summary.footnotes(sentences),
            "note": summary.render_text(assessment, dossier),
            "corrections": list(reversed(corrections)),
            "counting": counting,
            "statuses": [each for each in Status if each is not Status.LAPSED],
            "strip": drawing.strip(by_day, first, last, asked.as_of),
        },
        data=data,
        as_of=asked.as_of,
        dossier=lambda: dossier,
    )


def _pairs(dossier: Dossier) -> list[tuple[str, Claim, Claim]]:
    """The contradictions of the first answer, one for each two sources that part in the same way."""
    claims = {claim.id: claim for claim in dossier.claims}
    seen: set[object] = set()
    pairs: list[tuple[str, Claim, Claim]] = []
    for each in dossier.assessments[0].contradictions:
        left, right = (claims.get(id) for id in each.claims)
        if left is None or right is None:
            continue
        key = (each.about, *((drawing.speaker(claim), claim.status) for claim in (left, right)))
        if key not in seen:
            seen.add(key)
            pairs.append((each.about, left, right))
    return pairs


# -- reports ----------------------------------------------------------------------------------------


def reports(asked: Asked) -> Shown:
    """The reports, the last published first."""
    given = asked.query.get("after")
    cursor = ReportsCursor.read(given) if given else None
    known_by = cursor.known_by if cursor else asked.now
    words = asked.query.get("q", "")
    found = reporting.reports_page(
        asked.desk.store,
        view=View(as_of=asked.as_of, known_by=known_by if cursor else None),
        words=words,
        after=(cursor.day, cursor.seq) if cursor else None,
        most=asked.query.get("limit", PER_PAGE),
    )
    next_url = None
    if found.last is not None:
        next_url = link(asked, after=ReportsCursor(day=found.last[0], seq=found.last[1], known_by=known_by).write())

    def data() -> Data:
        return {
            "as_of": _end_of(asked.as_of),
            "reports": [report_data(report, None) for report in found.reports],
            "next": next_url,
        }

    return Shown(
        template="reports.html",
        title="Reports",
        values={"reports": found.reports, "next_url": next_url, "words": words, "strip": _strip(asked, asked.as_of)},
        data=data,
        as_of=asked.as_of,
    )


def report(asked: Asked) -> Shown:
    """One report, with everything that was read in it marked in its place."""
    id = asked.path("id")
    try:
        found = reporting.report_view(asked.desk.store, id, view=asked.view)
    except NotFound as error:
        raise NotHere(f"No report {id}: {error.reason}.") from error
    own = found.report
    parts = max(1, math.ceil(len(own.text) / PART_CHARS))
    part = asked.query.get("part", 1)
    if part > parts:
        raise NotHere(f"The text has {parts} part{'s' if parts > 1 else ''}.")
    start, end = (part - 1) * PART_CHARS, min(part * PART_CHARS, len(own.text))
    text_marks = marking.marks_of(found.claims, found.mentions, own.text, in_title=False)
    title_marks = marking.marks_of(found.claims, found.mentions, own.title or "", in_title=True)
    shown = [each for each in found.claims if each.in_title or (each.span.start < end and each.span.end > start)]
    mentions = {each.id: each for each in found.mentions}
    answers = [found.answers[id] for id in dict.fromkeys(found.event_of.values()) if id in found.answers]

    def data() -> Data:
        return {
            "as_of": _end_of(asked.as_of),
            "report": {**report_data(own, _original(found)), "text": own.text, "revision": found.revision},
            "withdrawn": correction_data(found.withdrawn, True) if found.withdrawn else None,
            "events": [event_data(each) for each in answers],
            "mentions": [
                {"id": each.id, "name": each.name, "event": found.event_of.get(each.id),
                 "spans": [[span.start, span.end] for span in each.spans]}
                for each in found.mentions
            ],
            "claims": [claim_data(claim, found.event_of.get(claim.mention or "")) for claim in found.claims],
            "revisions": [report_data(each, None) for each in found.revisions],
            "edits": [
                {"before": each.before.id, "after": each.after.id, "counts_from": each.counts_from.isoformat(),
                 "lines": note_rendering.edit_lines(each)}
                for each in found.edits
            ],
            "copies": [
                {**report_data(each.report, None), "containment": round(each.containment, 3),
                 "original": each.is_original}
                for each in found.copies
            ],
        }  # fmt: skip

    return Shown(
        template="report.html",
        title=own.title or own.publisher or own.file,
        values={
            "found": found,
            "report": own,
            "head_runs": marking.runs_of(own.text, text_marks, 0, min(own.body_start, end)) if part == 1 else [],
            "runs": marking.runs_of(own.text, text_marks, max(start, min(own.body_start, end)), end),
            "title_runs": marking.runs_of(own.title, title_marks) if own.title else [],
            "claims": shown,
            "numbers": {claim.id: number for number, claim in enumerate(found.claims, start=1)},
            "mentions": mentions,
            "part": part,
            "parts": parts,
            "edits": [(each, note_rendering.edit_lines(each)) for each in found.edits],
        },
        data=data,
        as_of=asked.as_of,
    )


def _original(found: reporting.ReportView) -> str | None:
    """Id of the report that this one is a copy of."""
    return next((each.report.id for each in found.copies if each.is_original and each.containment >= 0.5), None)


# -- the diary, the corrections ---------------------------------------------------------------------


def diary_page(asked: Asked) -> Shown:
    """The desk's own diary: which of its entries are touched, and who says so."""
    note = diary.note_of(asked.desk.store, view=asked.view, today=asked.today, most=asked.query.get("limit", PER_PAGE))
    groups = []
    for what, head in diary_rendering.HEADS:
        entries = [each for each in note.entries if each.what and each.what[0] == what]
        if entries:
            groups.append((what, head, entries))
    return Shown(
        template="diary.html",
        title="The diary",
        values={
            "note": note,
            "groups": groups,
            "planned": [each for each in note.entries if each.answer is not None and not each.what],
            "silent": [each for each in note.entries if each.answer is None],
        },
        data=lambda: diary_rendering.to_data(note),
        as_of=asked.as_of,
    )


def corrections(asked: Asked) -> Shown:
    """Every correction, the last first."""
    with asked.desk.store.read() as snapshot:
        made = [each for each in snapshot.corrections() if each.on <= asked.as_of]
        counting = {each.id for each in answering.effective(made, asked.view)}
    made.reverse()
    return Shown(
        template="corrections.html",
        title="Corrections",
        values={"corrections": made[:MOST_LISTED], "total": len(made), "counting": counting},
        data=lambda: {
            "as_of": _end_of(asked.as_of),
            "corrections": [correction_data(each, each.id in counting) for each in made],
        },
        as_of=asked.as_of,
    )


MOST_LISTED = 200
"""Corrections on their page."""


def correction_data(made: Correction, counts: bool) -> Data:
    """A correction as data; `counts` is false for one taken back, and for an undo."""
    return {
        "id": made.id,
        "kind": str(made.kind),
        "by": made.by,
        "because": made.because,
        "on": made.on.isoformat(),
        "mentions": list(made.mentions),
        "apart": list(made.apart),
        "report": made.report,
        "status": str(made.status) if made.status else None,
        "when": when_data(made.when),
        "place": made.place,
        "undoes": made.undoes,
        "counts": counts,
    }


# -- words and links --------------------------------------------------------------------------------


def link(asked: Asked, **changed: str | None) -> str:
    """The url of the page with other values in its query; None takes one out, and any change begins a list anew."""
    query = {name: value for name, value in asked.request.query_params.items() if value and name not in changed}
    if "after" not in changed:
        query.pop("after", None)
    query |= {name: value for name, value in changed.items() if value is not None}
    path = asked.request.scope.get("asked_path") or asked.request.url.path
    return f"{path}?{urlencode(query)}" if query else str(path)


def _end_of(day: Day) -> str:
    return f"{day.isoformat()}T23:59:59Z"


def _days_before(day: Day, days: int) -> Day:
    return day - datetime.timedelta(days=min(days, (day - Day.min).days))
