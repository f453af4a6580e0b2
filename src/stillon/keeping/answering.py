"""Answers from a store: as of a day, and as known to the store by an instant.

Mentions of two *components* have nothing to do with one another, so that an answer needs no more of the store than
the component of its event. What was worked out for today is kept until something of the component changes.
"""

from __future__ import annotations

import datetime
import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from stillon import pipeline
from stillon.errors import NotFound, NotWritable
from stillon.linking import copy_groups, events
from stillon.linking.copies import COPIED
from stillon.model import (
    Assessment,
    Claim,
    Copy,
    Correction,
    CorrectionKind,
    Day,
    Dossier,
    Event,
    Extraction,
    Kind,
    Links,
    Mention,
    Status,
)
from stillon.storing import AnswerRow, KeptCopy, KeptMention, KeptReading, KeptReport, Snapshot, Store, Writer
from stillon.storing.rows import batches, is_doubtful, words_of
from stillon.storing.schema import answer as answer_table
from stillon.weighing import correct

ALWAYS = datetime.date.max
"""Last day of an answer that no day changes."""
AT_ONCE = 200
"""Components that are worked out between two looks at the store."""
_PERSONS_SPLIT = -1e6
"""Log odds of two mentions that a person has split: no evidence outweighs it."""
_SHORTEST_PREFIX = 6
"""Characters of an id by which an event may be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What counts: the two clocks, and whose reading."""

    as_of: Day | None
    """Published by the end of this day; None for everything."""
    known_by: datetime.datetime | None = None
    """Recorded by this instant; None for everything."""
    reread: bool = False
    """True to answer a past day with the newest reading of a report, and not with the one of that day."""

    def knows(self, recorded_at: datetime.datetime) -> bool:
        """True for what was recorded by then."""
        return self.known_by is None or recorded_at <= self.known_by

    def reaches(self, day: Day | None) -> bool:
        """True for what counts from the day on."""
        return self.as_of is None or day is None or day <= self.as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which events a board shows; what is None or empty filters nothing."""

    kind: Kind | None = None
    status: Status | None = None
    person: str | None = None
    """Part of the name of a participant or host."""
    place: str | None = None
    """Part of the name of the place."""
    start: Day | None = None
    """First day; an event without a day is not shown where there is one."""
    end: Day | None = None
    """Last day."""
    doubtful: bool = False
    """True for those alone that may be wrong: contradicted, in doubt, badly sourced, lapsed."""
    words: str | None = None
    """Words that all stand in the event's name, its participants, hosts or place."""

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The filter over the kept answers."""
        table = answer_table.c
        wanted: list[sa.ColumnElement[bool]] = [table.status.is_not(None)]
        if self.kind:
            wanted.append(table.kind == str(self.kind))
        if self.status:
            wanted.append(table.status == str(self.status))
        if self.person:
            wanted.append(table.who.contains(self.person.lower(), autoescape=True))
        if self.place:
            wanted.append(table.place.contains(self.place.lower(), autoescape=True))
        if self.start:
            wanted.append(table.end >= self.start)
        if self.end:
            wanted.append(table.start <= self.end)
        if self.doubtful:
            wanted.append(table.doubtful)
        wanted += [table.words.contains(each.lower(), autoescape=True) for each in (self.words or "").split()]
        return wanted

    def admits(self, given: Assessment) -> bool:
        """The same for one answer."""
        event, when = given.event, given.when
        start, end = (when.start, when.end or when.start) if when else (None, None)
        return (
            given.status is not None
            and (self.kind is None or event.kind is self.kind)
            and (self.status is None or given.status is self.status)
            and (not self.person or self.person.lower() in " · ".join((*event.participants, *event.host)).lower())
            and (not self.place or self.place.lower() in (given.place or event.place or "").lower())
            and (self.start is None or (end is not None and end >= self.start))
            and (self.end is None or (start is not None and start <= self.end))
            and (not self.doubtful or is_doubtful(given))
            and all(each.lower() in words_of(given) for each in (self.words or "").split())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Events and their answers."""

    as_of: Day | None
    """The answers hold at the end of this day."""
    answers: tuple[Assessment, ...]
    """Those to come first, next day first; then those without a day; then the past, newest first."""
    total: int
    """How many there are in all."""


# -- the board ------------------------------------------------------------------------------------


def refresh(store: Store, *, today: Day, tick: Callable[[int], None] = lambda _done: None) -> int:
    """Works out the answers that are missing or no longer hold; gives how many components there were.

    `tick` is told the size of each batch done. Raises StoreError where the store cannot be written.
    """
    with store.read() as snapshot:
        wanted = sorted({*snapshot.stale(), *snapshot.outdated(today)})
    for some in batches(wanted, AT_ONCE):
        store.write(functools.partial(_refresh, components=some, today=today))
        tick(len(some))
    return len(wanted)


def _refresh(writer: Writer, *, components: Sequence[int], today: Day) -> None:
    writer.put_answers(components, rows_of(writer, components, View(as_of=today)), made_for=today)


def board(store: Store, *, wanted: Filter, view: View, today: Day, most: int | None) -> Board:
    """The events that the filter admits, as of the view.

    As of today the kept answers are used and brought up to date; any other view works out every event anew.
    """
    if view.as_of != today or view.known_by is not None or view.reread:
        return _board_anew(store, wanted=wanted, view=view, most=most)
    anew = bring_up_to_date(store, today)
    with store.read() as snapshot:
        rows, total = _in_order(snapshot, [*wanted.conditions(), *anew.conditions()], today, most)
    more = [row for row in anew.rows if wanted.admits(row.assessment)]
    answers = [row.assessment for row in rows]
    if more:
        answers = sorted([*answers, *(row.assessment for row in more)], key=lambda each: _coming_first(each, today))
    answers = [replace(each, as_of=today) for each in answers]
    return Board(as_of=today, answers=tuple(answers[:most] if most else answers), total=total + len(more))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """Answers worked out for this once, since the store cannot be written."""

    components: Sequence[int] = ()
    """The components that they are of."""
    rows: Sequence[AnswerRow] = ()
    """The answers."""

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Leaves out the kept answers whose place they take."""
        return [answer_table.c.component.not_in(self.components)] if self.components else []


def bring_up_to_date(store: Store, today: Day) -> Anew:
    """Brings the kept answers up to date; where they cannot be written, gives those that would be."""
    try:
        refresh(store, today=today)
    except NotWritable:
        pass
    else:
        return Anew()
    with store.read() as snapshot:
        wanted = sorted({*snapshot.stale(), *snapshot.outdated(today)})
        view = View(as_of=today)
        rows = [row for some in batches(wanted, AT_ONCE) for row in rows_of(snapshot, some, view)]
        return Anew(components=wanted, rows=rows)


def _in_order(
    snapshot: Snapshot, conditions: list[sa.ColumnElement[bool]], today: Day, most: int | None
) -> tuple[list[AnswerRow], int]:
    """The kept answers to come, then those without a day, then the past, each part by its own index."""
    end = answer_table.c.end
    rows: list[AnswerRow] = []
    total = 0
    parts = (([end >= today], False), ([end.is_(None)], False), ([end < today], True))
    for part, newest_first in parts:
        room = None if most is None else max(0, most - len(rows))
        found, count = snapshot.answers([*conditions, *part], most=room, newest_first=newest_first)
        rows += found
        total += count
    return rows, total


def _board_anew(store: Store, *, wanted: Filter, view: View, most: int | None) -> Board:
    with store.read() as snapshot:
        found = [
            given
            for some in batches(snapshot.every_component(), AT_ONCE)
            for given in dossier_of(snapshot, some, view).assessments
            if wanted.admits(given)
        ]
    found.sort(key=lambda each: _coming_first(each, view.as_of or ALWAYS))
    return Board(as_of=view.as_of, answers=tuple(found[:most] if most else found), total=len(found))


def _coming_first(given: Assessment, today: Day) -> tuple[int, int, str]:
    end = (given.when.end or given.when.start) if given.when else None
    if end is None:
        return (1, 0, given.event.id)
    return (0, end.toordinal(), given.event.id) if end >= today else (2, -end.toordinal(), given.event.id)


def rows_of(snapshot: Snapshot, components: Sequence[int], view: View) -> list[AnswerRow]:
    """The answers of components as of a view, with what the board sorts by and how long they hold."""
    last = view.as_of or ALWAYS
    component_of = {each.mention.id: each.component for each in snapshot.mentions(components=components)}
    known = _gathered(snapshot, components, view)
    dossier = _dossier(snapshot, known, view)
    next_day: dict[int, Day] = {}
    for component, day in known.later:
        next_day[component] = min(next_day.get(component, ALWAYS), day - datetime.timedelta(days=1))
    for given in dossier.assessments:
        end = given.when.end if given.when else None
        if end is not None and end >= last:
            component = component_of[given.event.id]
            next_day[component] = min(next_day.get(component, ALWAYS), end)
    told: defaultdict[str, set[str]] = defaultdict(set)
    event_of = dict(dossier.event_of)
    for each in known.live:
        if each.mention.id in event_of:
            told[event_of[each.mention.id]].add(each.mention.report)
    return [
        AnswerRow(
            component=component_of[given.event.id],
            assessment=given,
            reports=len(told[given.event.id]),
            good_until=next_day.get(component_of[given.event.id], ALWAYS),
        )
        for given in dossier.assessments
    ]


# -- one event ------------------------------------------------------------------------------------


def find_events(store: Store, words: str, *, view: View, today: Day, most: int = 20) -> list[str]:
    """Ids of the events meant by an id, by the beginning of one, or by words; the first is the likeliest.

    Words are looked for in the names of today's events, then in the reports, whose events are meant where none of
    them was so named as of the view. Raises NotFound where nothing is meant.
    """
    with store.read() as snapshot:
        if snapshot.components(ids=[words]):
            return [words]
        if len(words) >= _SHORTEST_PREFIX and " " not in words:
            ids = snapshot.mention_ids(words, most=most)
            if ids:
                return ids
    anew = bring_up_to_date(store, today)
    with store.read() as snapshot:
        table = answer_table.c
        stated = [table.status.is_not(None), *anew.conditions()]
        named = [table.words.contains(each.lower(), autoescape=True) for each in words.split()]
        rows, _ = _in_order(snapshot, [*stated, *named], today, most)
        rows += [row for row in anew.rows if all(each.lower() in words_of(row.assessment) for each in words.split())]
        rows.sort(key=lambda row: -row.reports)
        found = [row.assessment.event.id for row in rows]
        if not found:
            components = sorted(snapshot.components(reports=snapshot.found(words)[:most]))
            told = [each for each in dossier_of(snapshot, components, view).assessments if each.status is not None]
            so_named = [each for each in told if all(word.lower() in words_of(each) for word in words.split())]
            found = [each.event.id for each in so_named or told]
    if not found:
        raise NotFound("no event of that id or those words", about=words)
    return found


def event_dossier(store: Store, id: str, *, view: View) -> Dossier:
    """The dossier of one event: its answer, those of the events it needs or prepares, and their claims and reports.

    `id` may be that of any of its mentions. Raises NotFound where it is not known as of the view.
    """
    with store.read() as snapshot:
        components = snapshot.components(ids=[id])
        if not components:
            raise NotFound("no event of that id", about=id)
        report_of = _report_of(snapshot, components)
        whole, heirs = dossier_and_heirs(snapshot, sorted(components), view)
    event_of = dict(whole.event_of)
    id = id if id in event_of else heirs.get(id, id)
    if id not in event_of:
        raise NotFound("nothing was known of it then", about=id)
    return _part(whole, [event_of[id]], report_of)


def whole_dossier(store: Store, *, wanted: Filter, view: View) -> Dossier:
    """One dossier of every event that the filter admits, with those that they need, their claims and their reports.

    Events stand as on a board: those to come first, next day first.
    """
    parts = []
    with store.read() as snapshot:
        for some in batches(snapshot.every_component(), AT_ONCE):
            told = dossier_of(snapshot, some, view)
            ids = [given.event.id for given in told.assessments if wanted.admits(given)]
            if ids:
                parts.append(_part(told, ids, _report_of(snapshot, some)))
    answers = [given for part in parts for given in part.assessments]
    answers.sort(key=lambda each: _coming_first(each, view.as_of or ALWAYS))
    return Dossier(
        as_of=view.as_of,
        reports=tuple({report.id: report for part in parts for report in part.reports}.values()),
        assessments=tuple(answers),
        claims=tuple(claim for part in parts for claim in part.claims),
        event_of=tuple(each for part in parts for each in part.event_of),
        copy_of=tuple(dict(each for part in parts for each in part.copy_of).items()),
    )


def _report_of(snapshot: Snapshot, components: Iterable[int]) -> dict[str, str]:
    """From each mention of some components to its report."""
    return {each.mention.id: each.mention.report for each in snapshot.mentions(components=components)}


def _part(whole: Dossier, ids: Sequence[str], report_of: Mapping[str, str]) -> Dossier:
    """The dossier of some events and those they are tied to; `report_of` leads from a mention to its report."""
    by_id = {each.event.id: each for each in whole.assessments}
    tied = [*ids, *(other for id in ids for other in (*by_id[id].event.requires, *by_id[id].event.prepares))]
    answers = [by_id[each] for each in dict.fromkeys(tied) if each in by_id]
    inside = {each.event.id for each in answers}
    event_of = tuple((mention, event) for mention, event in whole.event_of if event in inside)
    mentions = {mention for mention, _ in event_of}
    claims = tuple(claim for claim in whole.claims if claim.mention in mentions)
    spoken = {report_of[mention] for mention in mentions}
    reports = tuple(report for report in whole.reports if report.id in spoken)
    known = {report.id for report in reports}
    return replace(
        whole,
        reports=reports,
        assessments=tuple(answers),
        claims=claims,
        event_of=event_of,
        copy_of=tuple((copy, original) for copy, original in whole.copy_of if copy in known),
    )


# -- components -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What counts of some components as of a view."""

    live: Sequence[KeptMention]
    """The mentions of readings that count."""
    reports: Sequence[KeptReport]
    """The reports that count."""
    corrections: Sequence[Correction]
    """The corrections that count, in the order they were made."""
    later: Sequence[tuple[int, Day]]
    """(component, day) on which something will count that does not yet."""
    heirs: Mapping[str, str]
    """From a mention that counts no longer (its text was edited, read anew or withdrawn) to the one that is likest."""


def dossier_of(snapshot: Snapshot, components: Sequence[int], view: View) -> Dossier:
    """The dossier of everything in some components, as of a view."""
    return dossier_and_heirs(snapshot, components, view)[0]


def dossier_and_heirs(snapshot: Snapshot, components: Sequence[int], view: View) -> tuple[Dossier, Mapping[str, str]]:
    """The dossier of some components, and for mentions that count no longer those that stand for them."""
    known = _gathered(snapshot, components, view)
    return _dossier(snapshot, known, view), known.heirs


def _gathered(snapshot: Snapshot, components: Sequence[int], view: View) -> _Known:
    members = snapshot.mentions(components=components)
    own = {each.seq: each for each in snapshot.readings_of({each.reading for each in members})}
    corrections = effective(snapshot.corrections(), view)
    spoken = snapshot.reports(seqs={each.report for each in own.values()})
    revisions = snapshot.reports(addresses={each.address for each in spoken})
    address = {each.id: each.address for each in revisions}
    withdrawn = {address.get(each.report or "") for each in corrections if each.kind is CorrectionKind.WITHDRAW}
    standing: dict[str, KeptReport] = {}
    for each in revisions:
        if each.address not in withdrawn and view.knows(each.recorded_at) and view.reaches(each.counts_from):
            standing[each.address] = each
    reports = list(standing.values())
    readings = readings_that_count(snapshot.readings([each.seq for each in reports]), view)
    live = [each for each in members if each.reading in readings]
    component_of = {own[each.reading].report: each.component for each in members}
    by_address = {each.address: component_of[each.seq] for each in spoken}
    later = [
        (by_address[each.address], each.counts_from)
        for each in revisions
        if each.counts_from is not None and not view.reaches(each.counts_from)
    ]
    later += _corrections_to_come(snapshot.corrections(), members, view)
    inside = {each.seq for each in spoken}
    address_of = {each.seq: each.address for each in spoken}
    reached = {each.seq for each in spoken if view.knows(each.recorded_at) and view.reaches(each.counts_from)}
    return _Known(
        live=live,
        reports=[each for each in reports if each.seq in inside],
        corrections=corrections,
        later=later,
        heirs=_heirs(
            snapshot,
            members,
            live,
            {
                seq: (own[reading].report in reached, address_of[own[reading].report])
                for seq, reading in ((each.seq, each.reading) for each in members)
            },
        ),
    )


def _heirs(
    snapshot: Snapshot,
    members: Sequence[KeptMention],
    counting: Sequence[KeptMention],
    standing: Mapping[int, tuple[bool, str]],
) -> dict[str, str]:
    """For each mention that does not count, the one that does and is surest to be of the same event.

    `standing` tells of each mention whether its report was known by then, and the report's address. For one that
    was not, only an earlier text of the same address can stand.
    """
    id_of = {each.seq: each.mention.id for each in members}
    live = {each.seq for each in counting}
    dead = {seq for seq, id in id_of.items() if id not in {each.mention.id for each in counting}}
    if not dead or not live:
        return {}
    best: dict[str, tuple[float, str]] = {}
    for pair in snapshot.pairs(id_of):
        for gone, other in ((pair.a, pair.b), (pair.b, pair.a)):
            if (
                gone in dead
                and other in live
                and pair.odds >= events.JOIN_AT
                and (standing[gone][0] or standing[gone][1] == standing[other][1])
            ):
                id = id_of[gone]
                best[id] = max(best.get(id, (pair.odds, id_of[other])), (pair.odds, id_of[other]))
    return {id: heir for id, (_, heir) in best.items()}


def readings_that_count(readings: Sequence[KeptReading], view: View) -> set[int]:
    """Numbers of the readings that count, one for each report.

    A past day is answered by the reading of that day, else by the first: a better reading made later does not
    change what was answered then, unless the view asks for it.
    """
    chosen: dict[int, KeptReading] = {}
    for each in readings:
        of_the_day = view.reread or view.as_of is None or each.recorded_at.date() <= view.as_of
        if view.knows(each.recorded_at) and (each.report not in chosen or of_the_day):
            chosen[each.report] = each
    return {each.seq for each in chosen.values()}


def effective(corrections: Sequence[Correction], view: View) -> list[Correction]:
    """The corrections that count as of a view: made by then, and not taken back by then."""
    made = [each for each in corrections if view.knows(each.recorded_at) and view.reaches(each.on)]
    undone: set[str | None] = set()
    for each in reversed(made):  # a later undo may take back an earlier one
        if each.kind is CorrectionKind.UNDO and each.id not in undone:
            undone.add(each.undoes)
    return [each for each in made if each.id not in undone and each.kind is not CorrectionKind.UNDO]


def _corrections_to_come(
    corrections: Iterable[Correction], members: Iterable[KeptMention], view: View
) -> list[tuple[int, Day]]:
    component_of = {each.mention.id: each.component for each in members}
    of_report = {each.mention.report: each.component for each in members}
    found = []
    for each in corrections:
        if not view.reaches(each.on):
            about = {component_of[id] for id in each.mentions if id in component_of}
            about |= {of_report[each.report]} if each.report in of_report else set()
            found += [(component, each.on) for component in about]
    return found


def _dossier(snapshot: Snapshot, known: _Known, view: View) -> Dossier:
    """The answers over what counts, with a person's corrections."""
    copies, copy_of = _copies(snapshot, known, view)
    links = Links(events=_events(snapshot, known), copies=copies, copy_of=copy_of)
    claims = snapshot.claims_on(each.seq for each in known.live)
    texts = snapshot.texts(each.seq for each in known.reports)
    told: defaultdict[str, list[Claim]] = defaultdict(list)
    mentions: defaultdict[str, list[Mention]] = defaultdict(list)
    for each in known.live:
        mentions[each.mention.report].append(each.mention)
        told[each.mention.report] += claims.get(each.seq, [])
    extractions = [
        Extraction(
            report=report,
            mentions=tuple(mentions[report.id]),
            claims=tuple(sorted(told[report.id], key=lambda claim: claim.rank)),
        )
        for report in sorted(texts.values(), key=lambda report: (report.published or Day.min, report.id))
        if report.id in mentions
    ]
    dossier = pipeline.answer(extractions, links, as_of=view.as_of)
    return _corrected(dossier, known)


def _events(snapshot: Snapshot, known: _Known) -> tuple[Event, ...]:
    """The events of the mentions that count: as the machine links them, then as persons do."""
    mentions = [each.mention for each in known.live]
    id_of = {each.seq: each.mention.id for each in known.live}
    odds: dict[tuple[str, str], float] = {}
    for pair in snapshot.pairs(id_of):
        a, b = sorted((id_of[pair.a], id_of[pair.b]))
        odds[a, b] = pair.odds
    split: dict[frozenset[str], int] = {}
    for number, made in enumerate(known.corrections):
        if made.kind is CorrectionKind.SPLIT:
            off, rest = (_standing_for(ids, known.heirs) for ids in (made.mentions, made.apart))
            split |= {frozenset((a, b)): number for a in off for b in rest if a != b}
    live = set(id_of.values())
    for both in split:
        if both <= live:
            a, b = sorted(both)
            odds[a, b] = _PERSONS_SPLIT
    return events.events_of(mentions, _merged(events.gather(odds), known, split, live))


def _standing_for(ids: Iterable[str], heirs: Mapping[str, str]) -> list[str]:
    """The mentions, or those that stand for them now."""
    return [heirs.get(id, id) for id in ids]


def _merged(
    groups: Iterable[frozenset[str]], known: _Known, split: Mapping[frozenset[str], int], live: set[str]
) -> list[frozenset[str]]:
    """The groups with those joined that a person has merged, and not split since."""
    found = {id: group for group in groups for id in group}
    for number, made in enumerate(known.corrections):
        if made.kind is not CorrectionKind.MERGE:
            continue
        ids = [id for id in _standing_for(made.mentions, known.heirs) if id in live]
        if split.get(frozenset(ids), -1) > number:
            continue
        joined = frozenset(each for id in ids for each in found.get(id, frozenset({id})))
        found |= dict.fromkeys(joined, joined)
    return list(dict.fromkeys(found.values()))


def _copies(snapshot: Snapshot, known: _Known, view: View) -> tuple[tuple[Copy, ...], tuple[tuple[str, str], ...]]:
    """The copies among the reports that count, and whose copy each is.

    Two may be copies of a third that speaks of none of these events: they are one family all the same, and the
    first of them stands for it.
    """
    inside = {each.seq for each in known.reports}
    family, found = _families(snapshot, inside, view)
    if not found:
        return (), ()
    reports = snapshot.texts(family)
    copies = tuple(Copy(a=reports[each.a].id, b=reports[each.b].id, containment=each.containment) for each in found)
    groups = copy_groups(reports.values(), copies)
    own = {reports[seq].id for seq in inside if seq in reports}
    first: dict[str, str] = {root: root for root in groups.values() if root in own}
    for report in sorted((reports[seq] for seq in family), key=lambda report: (report.published or ALWAYS, report.id)):
        if report.id in own and report.id in groups:
            first.setdefault(groups[report.id], report.id)
    copy_of = {id: first[root] for id, root in groups.items() if id in own and first[root] != id}
    return tuple(each for each in copies if {each.a, each.b} <= own), tuple(sorted(copy_of.items()))


def _families(snapshot: Snapshot, inside: set[int], view: View) -> tuple[set[int], list[KeptCopy]]:
    """The reports that share half or more with one of these, or with one that does, and the pairs."""
    family: set[int] = set()
    fresh = inside
    found: dict[tuple[int, int], KeptCopy] = {}
    while fresh:
        pairs = [each for each in snapshot.copies(fresh) if each.containment >= COPIED]
        near = snapshot.reports(seqs={seq for each in pairs for seq in (each.a, each.b)} - inside)
        seen = inside | {each.seq for each in near if view.knows(each.recorded_at) and view.reaches(each.counts_from)}
        pairs = [each for each in pairs if each.a in seen and each.b in seen]
        found |= {(each.a, each.b): each for each in pairs}
        fresh = {seq for each in pairs for seq in (each.a, each.b)} - family - fresh
        family |= {seq for each in pairs for seq in (each.a, each.b)}
    return family, list(found.values())


def _corrected(dossier: Dossier, known: _Known) -> Dossier:
    """The dossier with the statuses, dates and places that persons set."""
    event_of = dict(dossier.event_of)
    made: defaultdict[str, list[Correction]] = defaultdict(list)
    for each in known.corrections:
        if each.kind in (CorrectionKind.MERGE, CorrectionKind.SPLIT, CorrectionKind.WITHDRAW):
            continue
        anchor = each.mentions[0]
        event = event_of.get(anchor) or event_of.get(known.heirs.get(anchor, anchor))
        if event:
            made[event].append(each)
    if not made:
        return dossier
    told: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in dossier.claims:
        told[event_of.get(claim.mention or "", "")].append(claim)
    answers = []
    signed: list[Claim] = []
    for given in dossier.assessments:
        answer, claims = correct(given, made[given.event.id], told[given.event.id])
        answers.append(answer)
        signed += claims
    return replace(dossier, assessments=tuple(answers), claims=(*signed, *dossier.claims))
