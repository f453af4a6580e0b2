"""Who is to be told of which change: each is found once, however many watchers look, and claimed before it is told."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from stillon.keeping.answering import AT_ONCE, Filter, View, dossier_and_heirs, dossier_of, refresh
from stillon.keeping.changing import What, compare, touched
from stillon.model import Assessment, Change, Notice, Status
from stillon.storing import Snapshot, Store, Writer, watched
from stillon.storing.codec import read_instant, write_instant
from stillon.storing.rows import batches

TOLD = "told"
"""Name of the fact that holds how far notices have come: an instant, the last report, the last correction."""
_TICK = datetime.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which changes somebody asked to be told of."""

    name: str
    """How it is called in messages; rules of one name share what was told."""
    wanted: Filter = field(default_factory=Filter)
    """Which events, as they are after the change."""
    event: str | None = None
    """Id of the one event, or the beginning of it."""
    words: tuple[str, ...] = ()
    """Words that must all stand in the event's name, people and place, or in a claim behind the change."""
    what: tuple[What, ...] = ("new", "status", "when", "place", "contradiction", "gone")
    """Which sorts of change."""

    def admits(self, change: Change) -> bool:
        """True for a change to be told; an event that is over is no news when it comes in as new."""
        given = change.after or change.before
        assert given is not None
        if not set(change.what) & set(self.what) or ("new" in change.what and _is_over(given)):
            return False
        ids = [id for each in (change.before, change.after) if each for id in (each.event.id, *each.event.mentions)]
        if self.event and not any(id.startswith(self.event) for id in ids):
            return False
        event = given.event
        said = " ".join((event.name, *event.participants, *event.host, given.place or event.place or ""))
        said = " ".join((said, *(claim.text for claim in change.claims))).casefold()
        return all(word.casefold() in said for word in self.words) and self.wanted.admits(given)


def begin(store: Store, *, now: datetime.datetime) -> None:
    """Sets where notices begin, where none was ever looked for: nothing that the store knows by now is told."""

    def work(writer: Writer) -> None:
        if writer.fact(TOLD) is None:
            writer.set_fact(TOLD, _dump(now, watched.place(writer)))

    with store.read() as snapshot:
        begun = snapshot.fact(TOLD) is not None
    if not begun:
        store.write(work)


def take(store: Store, rules: Sequence[Rule], *, now: datetime.datetime) -> list[Notice]:
    """The changes since the last time that a rule asks for, each claimed: whoever gets it must hand it over now.

    A change is what `stillon changes` would call one: of an event that a report, an edit or a correction has come in
    for since, or whose day has passed. Where another watcher was faster the list is empty.
    """
    refresh(store, today=now.date())
    with store.read() as snapshot:
        told = snapshot.fact(TOLD)
        here = watched.place(snapshot)
        changes = _changes(snapshot, told, now) if told else []
    found: dict[str, Notice] = {}
    for rule in rules:
        for change in changes:
            if rule.admits(change):
                notice = Notice(id=_digest(rule, change), rule=rule.name, change=change)
                found[notice.id] = notice

    def claim(writer: Writer) -> list[Notice]:
        if writer.fact(TOLD) != told:
            return []
        writer.set_fact(TOLD, _dump(now, here))
        return [
            each for each in found.values() if watched.claim_notice(writer, each.id, rule=each.rule, recorded_at=now)
        ]

    return store.write(claim)


def fail(store: Store, notice: Notice, reason: str) -> None:
    """Keeps why a notice could not be handed over; it is not tried again, since it may have been taken all the same."""
    store.write(lambda writer: watched.fail_notice(writer, notice.id, reason))


def _changes(snapshot: Snapshot, told: str, now: datetime.datetime) -> list[Change]:
    """What has changed since what `told` says."""
    data = json.loads(told)
    since = read_instant(data["at"])
    fresh = watched.reports_after(snapshot, data["report"])
    corrections = watched.corrections_after(snapshot, data["correction"])
    # Whoever came late into the store may have been recorded before: the answer of before must do without it.
    recorded = [*(each.recorded_at for each in fresh), *(each.recorded_at for each in corrections)]
    since = min([since, *(each - _TICK for each in recorded)])
    before, after = View(as_of=since.date(), known_by=since), View(as_of=now.date())
    tomorrow = since.date() + datetime.timedelta(days=1)
    come_to_count = snapshot.reports_since(tomorrow, now.date())  # known before, but of a day that was to come
    numbers = [each.seq for each in (*fresh, *come_to_count)]
    components = touched(snapshot, numbers, corrections, tomorrow, now.date())
    changes: list[Change] = []
    for some in batches(sorted(components), AT_ONCE):
        changes += compare(dossier_of(snapshot, some, before), *dossier_and_heirs(snapshot, some, after))
    return changes


def _is_over(given: Assessment) -> bool:
    end = (given.when.end or given.when.start) if given.when else None
    past = end is not None and given.as_of is not None and end < given.as_of
    return past or given.status in (Status.HELD, Status.LAPSED)


def _digest(rule: Rule, change: Change) -> str:
    """What makes a change the one it is for a rule: the event, and both answers as far as a change is made of them."""
    told = [rule.name, list(change.what)]
    for given in (change.before, change.after):
        if given is None:
            told.append([])
            continue
        when = given.when and [str(given.when.start), str(given.when.end), given.when.time]
        parted = sorted(each.claims for each in given.contradictions) if "contradiction" in change.what else []
        told.append([given.event.id, str(given.status), when, given.place, parted, sorted(given.because)])  # type: ignore[list-item]
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=8).hexdigest()


def _dump(now: datetime.datetime, place: watched.Place) -> str:
    return json.dumps({"at": write_instant(now), "report": place.report, "correction": place.correction})
