"""A desk's own diary: put in, matched with the store's events, and answered as of a day.

The diary is what the desk plans, and no claim: it is asked as it was last imported, and held against what was
published by the day of the view.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stillon.errors import NotFound, ReadError, SettingsError, StillonError
from stillon.keeping.answering import AT_ONCE, Filter, View, board, dossier_of
from stillon.keeping.correcting import event_id_of
from stillon.linking import diaries
from stillon.linking.entities import place_likeness
from stillon.model import (
    Assessment,
    Claim,
    Day,
    DiaryNote,
    Dossier,
    Entry,
    EntryAnswer,
    EntryLink,
    Precision,
    Status,
    When,
)
from stillon.reading.diaries import read_diary
from stillon.settings import Settings
from stillon.storing import Snapshot, Store, Writer
from stillon.storing.rows import batches

_OFF = frozenset({Status.CANCELLED, Status.DENIED})
_PUT_OFF = frozenset({Status.POSTPONED, Status.ON_HOLD})
_DONE = frozenset({*_OFF, Status.HELD, Status.LAPSED})
_UTC = frozenset({"utc", "gmt", "z", "etc/utc"})
NOT_IN_STORE = "none"
"""What stands for "no event of the store's" where a person says which event an entry is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the entries of one import."""

    new: int = 0
    """Entries that were not there."""
    changed: int = 0
    """Entries that are not as they were."""
    same: int = 0
    """Entries as they were."""
    gone: int = 0
    """Entries that were taken out."""


def read_entries(file: str, *, diary: str, today: Day, settings: Settings) -> Iterator[Entry | StillonError]:
    """The entries of a calendar file, and an error in the place of each that cannot be read, or of the file."""
    try:
        yield from read_diary(file, diary=diary, today=today, settings=settings)
    except ReadError as error:
        yield error


# -- putting in -----------------------------------------------------------------------------------


def import_entries(
    store: Store, entries: Iterable[Entry], *, diary: str, replace_all: bool, recorded_at: datetime.datetime
) -> Imported:
    """Puts in the entries of a diary, in one transaction; what an entry was before is kept.

    With `replace_all` the entries are the whole diary: those that it had besides are taken out of it.
    """
    wanted = {each.id: each for each in entries}

    def work(writer: Writer) -> Imported:
        known = {each.id: each for each, _ in writer.entries()}
        fresh = [each for id, each in wanted.items() if known.get(id) != each]
        dropped = [
            replace(each, gone=True)
            for id, each in known.items()
            if replace_all and each.diary == diary and id not in wanted and not each.gone
        ]
        writer.add_entries([*fresh, *dropped], recorded_at=recorded_at)
        new = sum(each.id not in known for each in fresh)
        return Imported(new=new, changed=len(fresh) - new, same=len(wanted) - len(fresh), gone=len(dropped))

    return store.write(work)


def link_entry(
    store: Store, entry: str, event: str, *, by: str, because: str, recorded_at: datetime.datetime
) -> EntryLink:
    """A person's word on which event an entry is, put into the store; "none" for no event of its.

    An entry is named by its id, the beginning of it, or its uid; an event by its id or the beginning of one. Raises
    SettingsError for wrong use, NotFound for what the store does not know.
    """
    if not by.strip() or not because.strip():
        raise SettingsError("a link is signed and gives its reason", about="--by and --because")

    def work(writer: Writer) -> EntryLink:
        made = EntryLink(
            entry=_entry_id(writer, entry),
            mention=None if event == NOT_IN_STORE else event_id_of(writer, event),
            by=by.strip(),
            because=because.strip(),
            recorded_at=recorded_at,
        )
        writer.add_entry_link(made)
        return made

    return store.write(work)


def _entry_id(snapshot: Snapshot, words: str) -> str:
    current = entries_of(snapshot, View(as_of=None))
    exact = [each.id for each in current if words in (each.id, each.uid)]
    found = exact or [each.id for each in current if each.id.startswith(words)]
    if not found:
        raise NotFound("no entry of that id; `stillon diary` shows the ids", about=words)
    if len(found) > 1:
        raise SettingsError("more than one entry begins so", about=words)
    return found[0]


# -- answering ------------------------------------------------------------------------------------


def entries_of(snapshot: Snapshot, view: View) -> list[Entry]:
    """The entries as last imported by the instant of the view, without those taken out; by day."""
    current = {each.id: each for each, recorded_at in snapshot.entries() if view.knows(recorded_at)}
    return sorted((each for each in current.values() if not each.gone), key=_order)


def note_of(store: Store, *, view: View, today: Day, most: int | None) -> DiaryNote:
    """What is reported of the diary's entries from the view's day on, and at most `most` events that it lacks.

    An entry before that day is told where its event has moved past it. Entries that the diary itself has called off
    match, so that their events are not lacking, and are not told.
    """
    day = view.as_of or today
    with store.read() as snapshot:
        entries = entries_of(snapshot, view)
        links = {each.entry: each for each in snapshot.entry_links() if view.knows(each.recorded_at)}
    if not entries:
        return DiaryNote(as_of=day, first=None, last=None)
    last = max(_days(each)[1] for each in entries)
    near = datetime.timedelta(days=diaries.FAR_DAYS)
    known = board(store, wanted=Filter(), view=view, today=today, most=None).answers
    asked = [each for each in entries if _days(each)[1] >= day - near]
    answers = [each for each in known if _may_be_asked(each, day - 2 * near, last + near)]
    by_id = {each.event.id: each for each in known}
    event_of = {mention: each.event.id for each in known for mention in each.event.mentions}
    fixed = {
        id: (event_of[link.mention], 1.0)
        for id, link in links.items()
        if link.mention is not None and link.mention in event_of
    }
    free = [each for each in asked if each.id not in links]
    matched = {**diaries.match(free, answers), **fixed}
    told = _told(store, asked, {id: by_id[event] for id, (event, _) in matched.items()}, view)
    shown = tuple(
        replace(each, score=matched.get(each.entry.id, ("", 0.0))[1], link=links.get(each.entry.id))
        for each in told
        if _is_shown(each, day)
    )
    taken = {event for event, _ in matched.values()}
    lacking = [each for each in known if each.event.id not in taken and _is_lacking(each, day, last)]
    lacking.sort(key=lambda each: (_end(each.when), each.event.id))
    return DiaryNote(
        as_of=day,
        first=day,
        last=last,
        entries=shown,
        lacking=tuple(lacking[:most] if most is not None else lacking),
        lacking_total=len(lacking),
    )


def _days(entry: Entry) -> tuple[Day, Day]:
    start = entry.when.start or datetime.date.max
    return start, entry.when.end or start


def _order(entry: Entry) -> tuple[Day, str, str, str]:
    return (_days(entry)[0], entry.when.time or "", entry.title, entry.id)


def _may_be_asked(answer: Assessment, first: Day, last: Day) -> bool:
    """True for an event that has no day, or one (now or formerly) in a stretch of days."""
    windows = [when for when in (answer.when, *answer.was) if when is not None and when.start is not None]
    return not windows or any((w.end or w.start) >= first and w.start <= last for w in windows)  # type: ignore[operator]


def _is_shown(told: EntryAnswer, day: Day) -> bool:
    if told.entry.off:
        return False
    if _days(told.entry)[1] >= day:
        return True
    return "moved" in told.what and told.answer is not None and _end(told.answer.when) >= day


def _end(when: When | None) -> Day:
    return (when.end or when.start or datetime.date.min) if when else datetime.date.min


def _is_lacking(answer: Assessment, first: Day, last: Day) -> bool:
    """True for an event still to come, with firm days inside the stretch."""
    when = answer.when
    if answer.status in _DONE or when is None or when.start is None:
        return False
    if not when.precision.fixes and when.precision is not Precision.WINDOW:
        return False
    return when.start >= first and (when.end or when.start) <= last


def _told(store: Store, entries: Sequence[Entry], matched: dict[str, Assessment], view: View) -> list[EntryAnswer]:
    """Each entry with what is reported of it."""
    dossiers = _dossiers(store, {each.event.id for each in matched.values()}, view)
    return [
        _compare(each, *dossiers[matched[each.id].event.id]) if each.id in matched else EntryAnswer(entry=each)
        for each in entries
    ]


def _dossiers(store: Store, events: set[str], view: View) -> dict[str, tuple[Assessment, Dossier]]:
    """The answer of each event, and the dossier that it stands in."""
    found: dict[str, tuple[Assessment, Dossier]] = {}
    with store.read() as snapshot:
        for some in batches(sorted(snapshot.components(ids=events)), AT_ONCE):
            dossier = dossier_of(snapshot, some, view)
            found |= {each.event.id: (each, dossier) for each in dossier.assessments if each.event.id in events}
    return found


def _compare(entry: Entry, answer: Assessment, dossier: Dossier) -> EntryAnswer:
    """How the answer for an event differs from the diary, with the claims that say so."""
    own = [claim for claim in dossier.claims if claim.mention in answer.event.mentions]
    spoken = {claim.report for claim in own}
    reports = [report for report in dossier.reports if report.id in spoken]
    by_id = {claim.id: claim for claim in dossier.claims}
    deciding = [by_id[id] for id in answer.because if id in by_id]
    what: list[str] = []
    claims: list[Claim] = []
    if answer.status in _OFF:
        what.append("off")
    elif answer.status in _PUT_OFF:
        what.append("put off")
    elif answer.status is Status.IN_DOUBT:
        what.append("in doubt")
    elif answer.status is not None:
        if _moved(entry, answer):
            what.append("moved")
        elif _other_time(entry, answer):
            what.append("time")
        if what:
            claims += [claim for claim in own if claim.when is not None and _same_days(claim.when, answer.when)]
        if diaries.differs_in_place(entry, answer, [f"{report.title or ''} {report.text}" for report in reports]):
            what.append("place")
            claims += [claim for claim in own if claim.place and _is_place(claim.place, answer)]
    parted = [id for each in answer.contradictions if each.about in ("status", "existence") for id in each.claims]
    if answer.status not in _DONE and parted and "in doubt" not in what:
        what.append("contradicted")
    claims += deciding
    if parted:
        claims += [by_id[id] for id in parted if id in by_id]
    if not what:
        claims = deciding[:1]
    told = {claim.id: claim for claim in claims}
    return EntryAnswer(
        entry=entry,
        what=tuple(what),  # type: ignore[arg-type]
        answer=answer,
        claims=tuple(told.values()),
        reports=tuple(report for report in reports if report.id in {claim.report for claim in told.values()}),
    )


def _is_place(place: str, answer: Assessment) -> bool:
    return bool(place_likeness(place, answer.place or answer.event.place or ""))


def _moved(entry: Entry, answer: Assessment) -> bool:
    """True where the event is planned for days that the entry's are not among."""
    when = answer.when
    if when is None or when.start is None or when.precision is Precision.VAGUE:
        return False
    first, last = _days(entry)
    return when.start > last or (when.end or when.start) < first


def _other_time(entry: Entry, answer: Assessment) -> bool:
    """True where both give a clock time of one clock, and the times differ.

    A time without a zone is that of the place, and so is an entry's in the zone of its own calendar; of an entry in
    UTC, or of two zones by name, nothing is said.
    """
    when = answer.when
    if when is None or when.start != entry.when.start or not when.time or not entry.when.time:
        return False
    ours, theirs = (entry.when.zone or "").casefold(), (when.zone or "").casefold()
    if "local" in theirs:
        theirs = ""
    same_clock = (ours in _UTC and theirs in _UTC) or ours == theirs or (not theirs and ours not in _UTC)
    return same_clock and entry.when.time != when.time


def _same_days(a: When, b: When | None) -> bool:
    return b is not None and (a.start, a.end, a.time) == (b.start, b.end, b.time)
