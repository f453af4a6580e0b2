"""One report as the store knows it: its text, what was read in it, its revisions and copies; and lists of reports."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from stillon.errors import NotFound
from stillon.keeping.answering import View, dossier_of, effective, readings_that_count
from stillon.model import Assessment, Claim, Correction, CorrectionKind, Day, Edit, Mention, Report
from stillon.storing import Snapshot, Store
from stillon.storing.schema import report as report_table

MOST_FOUND = 400
"""Reports that a search for words looks at, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedText:
    """Another report that shares text with one."""

    report: Report
    """The other report."""
    containment: float
    """Share of the shorter text, 0 to 1."""
    is_original: bool
    """True where the other is the one published first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """Everything known of one report as of a day."""

    report: Report
    """The report."""
    address: str
    """What its revisions have in common."""
    revision: int
    """Which of them it is, from 1."""
    recorded_at: datetime.datetime
    """When the store came to know it."""
    revisions: tuple[Report, ...]
    """All texts found at the address by then, oldest first."""
    edits: tuple[Edit, ...]
    """How each became the next."""
    copies: tuple[SharedText, ...]
    """The reports that share text with it."""
    mentions: tuple[Mention, ...]
    """The events that it speaks of, as it does."""
    claims: tuple[Claim, ...]
    """What was read in it, in the order of the text, title first."""
    event_of: Mapping[str, str]
    """From a mention's id to its event's."""
    answers: Mapping[str, Assessment]
    """The answers for these events, by their id; none where the report does not count."""
    withdrawn: Correction | None
    """The correction that withdrew it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """Some of the store's reports."""

    reports: tuple[Report, ...]
    """The reports, the last published first."""
    last: tuple[Day, int] | None
    """Day and number of the last one; None where no page follows."""


def report_view(store: Store, id: str, *, view: View) -> ReportView:
    """One report, with all that was read in it. Raises NotFound where it is not known as of the view."""
    with store.read() as snapshot:
        kept = next((each for each in snapshot.reports(ids=[id]) if view.knows(each.recorded_at)), None)
        if kept is None:
            raise NotFound("no report of that id", about=id)
        if not view.reaches(kept.counts_from):
            raise NotFound("it was published later", about=id)
        revisions = [
            each
            for each in snapshot.reports(addresses=[kept.address])
            if view.knows(each.recorded_at) and view.reaches(each.counts_from)
        ]
        texts = snapshot.texts(each.seq for each in revisions)
        edits = tuple(
            Edit(
                before=texts[former.seq],
                after=texts[later.seq],
                counts_from=later.counts_from or later.recorded_at.date(),
                recorded_at=later.recorded_at,
            )
            for former, later in itertools.pairwise(revisions)
        )
        readings = readings_that_count(snapshot.readings([kept.seq]), view)
        mentions = snapshot.mentions(readings=readings)
        claims = [claim for own in snapshot.claims(readings).values() for _, claim in own]
        answers, event_of = _answers(snapshot, {each.component for each in mentions}, view)
        ids = {each.id for each in revisions}
        withdrawn = [
            each
            for each in effective(snapshot.corrections(), view)
            if each.kind is CorrectionKind.WITHDRAW and each.report in ids
        ]
        return ReportView(
            report=texts[kept.seq],
            address=kept.address,
            revision=kept.revision,
            recorded_at=kept.recorded_at,
            revisions=tuple(texts[each.seq] for each in revisions),
            edits=edits,
            copies=_copies(snapshot, kept.seq, view),
            mentions=tuple(each.mention for each in mentions),
            claims=tuple(sorted(claims, key=lambda claim: claim.rank)),
            event_of={each.mention.id: event_of[each.mention.id] for each in mentions if each.mention.id in event_of},
            answers=answers,
            withdrawn=withdrawn[-1] if withdrawn else None,
        )


def _answers(snapshot: Snapshot, components: set[int], view: View) -> tuple[dict[str, Assessment], dict[str, str]]:
    dossier = dossier_of(snapshot, sorted(components), view)
    return {each.event.id: each for each in dossier.assessments}, dict(dossier.event_of)


def _copies(snapshot: Snapshot, seq: int, view: View) -> tuple[SharedText, ...]:
    """The reports known by then that share text with report number `seq`, those that share most first."""
    found = {(each.b if each.a == seq else each.a): each for each in snapshot.copies([seq])}
    known = [
        each for each in snapshot.reports(seqs=found) if view.knows(each.recorded_at) and view.reaches(each.counts_from)
    ]
    texts = snapshot.texts(each.seq for each in known)
    shared = [
        SharedText(
            report=texts[each.seq], containment=found[each.seq].containment, is_original=found[each.seq].b == seq
        )
        for each in known
    ]
    return tuple(sorted(shared, key=lambda each: (-each.containment, each.report.id)))


def reports_page(
    store: Store, *, view: View, words: str = "", after: tuple[Day, int] | None = None, most: int
) -> ReportPage:
    """At most `most` reports as of a view, those with all the words where words are given, after a day and number.

    In the order of their publication, the last first; those without a day last of all.
    """
    with store.read() as snapshot:
        table = report_table.c
        day = sa.func.coalesce(table.counts_from, sa.literal(datetime.date.min, sa.Date))
        query = sa.select(table.seq, day.label("day")).order_by(day.desc(), table.seq.desc())
        if view.as_of is not None:
            query = query.where(sa.or_(table.counts_from.is_(None), table.counts_from <= view.as_of))
        if view.known_by is not None:
            query = query.where(table.recorded_at <= view.known_by)
        if after is not None:
            query = query.where(sa.or_(day < after[0], sa.and_(day == after[0], table.seq < after[1])))
        if words:
            query = query.where(table.seq.in_(snapshot.found(words)[:MOST_FOUND]))
        rows = snapshot.connection.execute(query.limit(most + 1)).all()
        texts = snapshot.texts(row.seq for row in rows[:most])
        last = (rows[most - 1].day, rows[most - 1].seq) if len(rows) > most else None
        return ReportPage(reports=tuple(texts[row.seq] for row in rows[:most]), last=last)


def reports_by_day(snapshot: Snapshot, first: Day, last: Day) -> dict[Day, int]:
    """How many reports and revisions count from each day of a stretch."""
    column = report_table.c.counts_from
    query = sa.select(column, sa.func.count()).where(column.between(first, last)).group_by(column)
    return {row[0]: row[1] for row in snapshot.connection.execute(query)}


def days_of_reports(snapshot: Snapshot) -> tuple[Day, Day] | None:
    """The first and the last day from which a report counts; None where no report has a day."""
    column = report_table.c.counts_from
    first, last = (snapshot.connection.execute(sa.select(each(column))).scalar() for each in (sa.func.min, sa.func.max))
    return (first, last) if first is not None and last is not None else None


def corrections_on(snapshot: Snapshot, mentions: Sequence[str], reports: Sequence[str]) -> list[Correction]:
    """Every correction that touches one of the mentions or reports, and those that take one back, oldest first."""
    about, of = set(mentions), set(reports)
    found: list[Correction] = []
    for each in snapshot.corrections():
        ids = {made.id for made in found}
        if about & {*each.mentions, *each.apart} or each.report in of or each.undoes in ids:
            found.append(each)
    return found
