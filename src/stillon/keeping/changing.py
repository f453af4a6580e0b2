"""What changed between two days, and because of which claim."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Literal

import sqlalchemy as sa

from stillon.keeping.answering import AT_ONCE, View, bring_up_to_date, dossier_and_heirs, dossier_of
from stillon.model import Assessment, Change, Claim, Clock, Correction, Day, Dossier, Edit, Note, Status, When
from stillon.storing import Snapshot, Store
from stillon.storing.rows import batches
from stillon.storing.schema import answer

What = Literal["new", "status", "when", "place", "contradiction", "gone"]
_WEIGHS: dict[Status | None, int] = {
    Status.CANCELLED: 0,
    Status.DENIED: 0,
    Status.POSTPONED: 1,
    Status.ON_HOLD: 1,
    Status.IN_DOUBT: 2,
    Status.RESCHEDULED: 2,
    Status.LAPSED: 3,
}
"""How early an event of a status stands in a note: bad news first."""


def note_of(
    store: Store,
    *,
    since: Day,
    until: Day,
    today: Day,
    clock: Clock = "published",
    known_by: datetime.datetime | None = None,
) -> Note:
    """What changed from the beginning of `since` to the end of `until`, by what was published in between.

    By the clock "store", what changed for whoever asked this store at both ends: a report published last week that
    came in since is told, too. Nothing that was recorded after `known_by` counts. Every event that a report, an edit,
    a correction or the passing of its day can have changed is worked out at both ends and compared.
    """
    anew = bring_up_to_date(store, today)
    eve = since - datetime.timedelta(days=1)
    begin, end = datetime.datetime.combine(since, datetime.time.min, datetime.UTC), _end_of(until)
    before, after = View(as_of=eve, known_by=known_by), View(as_of=until, known_by=known_by)
    if clock == "store":
        before = View(as_of=eve, known_by=_earlier(_end_of(eve), known_by))
        after = View(as_of=until, known_by=_earlier(end, known_by))
    with store.read() as snapshot:
        fresh = snapshot.reports_since(since, until)  # also those known before, of a day that was to come
        corrections = [each for each in snapshot.corrections() if since <= each.on <= until]
        if clock == "store":
            counted = {each.seq for each in fresh}
            fresh += [each for each in snapshot.reports_recorded(begin, end) if each.seq not in counted]
            own = {each.id for each in corrections}
            made = [each for each in snapshot.corrections() if begin <= each.recorded_at <= end]
            corrections += [each for each in made if each.id not in own]
        fresh = [each for each in fresh if after.knows(each.recorded_at) and after.reaches(each.counts_from)]
        corrections = [each for each in corrections if after.knows(each.recorded_at)]
        components = touched(snapshot, [each.seq for each in fresh], corrections, since, until)
        components |= set(anew.components)
        changes: list[Change] = []
        for some in batches(sorted(components), AT_ONCE):
            changes += compare(dossier_of(snapshot, some, before), *dossier_and_heirs(snapshot, some, after))
        changes.sort(key=_weight)
        return Note(
            since=since,
            until=until,
            changes=tuple(changes),
            edits=tuple(_edits(snapshot, [each.seq for each in fresh if each.revision > 1])),
            corrections=tuple(corrections),
            reports=len(fresh),
            clock=clock,
        )


def _end_of(day: Day) -> datetime.datetime:
    """The last instant of a day."""
    return datetime.datetime.combine(day, datetime.time.max, datetime.UTC)


def _earlier(instant: datetime.datetime, other: datetime.datetime | None) -> datetime.datetime:
    return instant if other is None else min(instant, other)


def compare(before: Dossier, after: Dossier, heirs: Mapping[str, str]) -> list[Change]:
    """How the events of the later dossier differ from those of the earlier, and the events that are gone.

    An event is the same where the two share a mention, or a later mention stands for an earlier one (`heirs`).
    """
    earlier = {each.event.id: each for each in before.assessments}
    is_in = dict(after.event_of)
    was: dict[str, list[str]] = {}
    for mention, event in before.event_of:
        now = is_in.get(mention) or is_in.get(heirs.get(mention, ""))
        if now:
            was.setdefault(now, []).append(event)
    changes = []
    for each in after.assessments:
        own = was.get(each.event.id, [])
        known = earlier[own[0]] if own else None
        what = _what(known, each)
        if what:
            changes.append(_change(what, known, each, after, before))
    still = {event for own in was.values() for event in own}
    for known in before.assessments:
        if known.status is not None and known.event.id not in still:
            changes.append(_change(("gone",), known, None, after, before))
    return changes


def _what(before: Assessment | None, after: Assessment) -> tuple[What, ...]:
    if after.status is None:
        return ()
    if before is None or before.status is None:
        return ("new",)
    what: list[What] = []
    if before.status is not after.status:
        what.append("status")
    if after.when is not None and _days(before.when) != _days(after.when):
        what.append("when")
    if before.place and after.place and before.place.casefold() != after.place.casefold():
        what.append("place")
    if {each.claims for each in after.contradictions} - {each.claims for each in before.contradictions}:
        what.append("contradiction")
    return tuple(what)


def _days(when: When | None) -> tuple[Day | None, Day | None, str | None]:
    return (when.start, when.end, when.time) if when else (None, None, None)


def _change(
    what: tuple[What, ...], before: Assessment | None, after: Assessment | None, now: Dossier, then: Dossier
) -> Change:
    """The change with the claims that brought it: those that decide, then those that part."""
    claims = {claim.id: claim for claim in (*then.claims, *now.claims)}
    reports = {report.id: report for report in (*then.reports, *now.reports)}
    shown: list[Claim] = []
    if after is not None:
        wanted, told = list(after.because), set(after.event.mentions)
        if "when" in what:
            wanted += [id for id, claim in claims.items() if _gives(claim, after)]
        if "place" in what:
            wanted += [id for id, claim in claims.items() if claim.mention in told and claim.place == after.place]
        wanted += [id for each in after.contradictions for id in each.claims]
        shown = [claims[id] for id in dict.fromkeys(wanted) if id in claims]
    spoken = dict.fromkeys(claim.report for claim in shown)
    return Change(
        what=what,
        before=before,
        after=after,
        claims=tuple(shown),
        reports=tuple(reports[id] for id in spoken if id in reports),
    )


def _gives(claim: Claim, after: Assessment) -> bool:
    """True for a claim on the event that gives the day planned."""
    return claim.mention in after.event.mentions and claim.when is not None and _days(claim.when) == _days(after.when)


def _weight(change: Change) -> tuple[int, int, int, str]:
    answer = change.after or change.before
    assert answer is not None
    kinds: list[What] = ["status", "when", "place", "new", "contradiction", "gone"]
    return (
        min(kinds.index(each) for each in change.what),
        _WEIGHS.get(answer.status, 4),
        -len(answer.event.mentions),
        answer.event.id,
    )


def touched(
    snapshot: Snapshot, reports: Iterable[int], corrections: Iterable[Correction], since: Day, until: Day
) -> set[int]:
    """The components that can have changed between two days."""
    fresh = snapshot.reports(seqs=reports)
    revisions = snapshot.reports(addresses={each.address for each in fresh})
    components = snapshot.components(reports=[each.seq for each in revisions])
    ids = [id for each in corrections for id in each.mentions]
    withdrawn = [each.report for each in corrections if each.report]
    undone = {each.undoes for each in corrections}
    for each in snapshot.corrections():
        if each.id in undone:
            ids += each.mentions
            withdrawn += [each.report] if each.report else []
    components |= snapshot.components(ids=ids)
    components |= snapshot.components(reports=[each.seq for each in snapshot.reports(ids=withdrawn)])
    passed = sa.and_(answer.c.end >= since - datetime.timedelta(days=1), answer.c.end < until)
    rows, _ = snapshot.answers([passed], most=None)
    return components | {row.component for row in rows}


def _edits(snapshot: Snapshot, revisions: Iterable[int]) -> list[Edit]:
    """The edits by which these revisions came to be."""
    found = []
    for each in snapshot.reports(seqs=revisions):
        own = {other.revision: other for other in snapshot.reports(addresses=[each.address])}
        former = own[each.revision - 1]
        texts = snapshot.texts([former.seq, each.seq])
        found.append(
            Edit(
                before=texts[former.seq],
                after=texts[each.seq],
                counts_from=each.counts_from or each.recorded_at.date(),
                recorded_at=each.recorded_at,
            )
        )
    return found
