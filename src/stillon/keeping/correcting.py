"""A person's corrections: signed, kept for good, taken back only by another."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from stillon.errors import NotFound, SettingsError
from stillon.keeping.answering import View, dossier_and_heirs, dossier_of
from stillon.model import Correction, CorrectionKind, Day, Precision, Status, When
from stillon.storing import Snapshot, Store, Writer
from stillon.storing.codec import dump


def correct_store(
    store: Store,
    kind: CorrectionKind,
    about: Sequence[str],
    *,
    by: str,
    because: str,
    on: Day,
    recorded_at: datetime.datetime,
) -> Correction:
    """The correction, put into the store. `about` by kind:

    merge EVENT EVENT; split EVENT REPORT...; status EVENT STATUS; date EVENT DAY [LAST DAY] or "none";
    place EVENT PLACE; withdraw REPORT; undo CORRECTION. An event is named by its id or the beginning of one.

    It counts from `on`. Raises SettingsError for wrong use, NotFound for what the store does not know.
    """
    if not by.strip() or not because.strip():
        raise SettingsError("a correction is signed and gives its reason", about="--by and --because")
    bare = Correction(id="", kind=kind, by=by.strip(), because=because.strip(), on=on, recorded_at=recorded_at)

    def work(writer: Writer) -> Correction:
        made = _filled(writer, bare, list(about))
        made = replace(made, id=hashlib.blake2b(dump(made).encode(), digest_size=4).hexdigest())
        put_correction(writer, made)
        return made

    return store.write(work)


def put_correction(writer: Writer, made: Correction) -> None:
    """Puts in a correction, and says of whatever it touches that it must be worked out anew."""
    writer.add_correction(made)
    touched = [made]
    if made.undoes:
        touched += [each for each in writer.corrections() if each.id == made.undoes]
    components: set[int] = set()
    for each in touched:
        inside = writer.components(ids=(*each.mentions, *each.apart))
        if each.kind is CorrectionKind.MERGE and inside:
            inside = {writer.join(inside)}
        if each.report:
            (of,) = writer.reports(ids=[each.report]) or (None,)
            revisions = writer.reports(addresses=[of.address]) if of else []
            inside |= writer.components(reports=[revision.seq for revision in revisions])
        components |= inside
    writer.mark_stale(components)


def _filled(writer: Writer, bare: Correction, about: list[str]) -> Correction:
    """The correction with what it is about. Raises SettingsError or NotFound."""
    kind = bare.kind
    needed = {
        CorrectionKind.MERGE: "EVENT EVENT",
        CorrectionKind.SPLIT: "EVENT REPORT...",
        CorrectionKind.STATUS: "EVENT STATUS",
        CorrectionKind.DATE: "EVENT DAY [LAST DAY], or EVENT none",
        CorrectionKind.PLACE: "EVENT PLACE",
        CorrectionKind.WITHDRAW: "REPORT",
        CorrectionKind.UNDO: "CORRECTION",
    }[kind]
    least, most = (1, 1) if kind in (CorrectionKind.WITHDRAW, CorrectionKind.UNDO) else (2, 2)
    if kind in (CorrectionKind.SPLIT, CorrectionKind.DATE):
        most = 3 if kind is CorrectionKind.DATE else len(about)
    if not least <= len(about) <= most:
        raise SettingsError(f"takes {needed}", about=f"correct {kind}")
    if kind is CorrectionKind.WITHDRAW:
        return replace(bare, report=_report(writer, about[0]))
    if kind is CorrectionKind.UNDO:
        if about[0] not in {each.id for each in writer.corrections()}:
            raise NotFound("no correction of that id", about=about[0])
        return replace(bare, undoes=about[0])
    anchor = event_id_of(writer, about[0])
    if kind is CorrectionKind.MERGE:
        other = event_id_of(writer, about[1])
        if other == anchor:
            raise SettingsError("the two are one event already", about="correct merge")
        return replace(bare, mentions=(anchor, other))
    if kind is CorrectionKind.SPLIT:
        return _split(writer, bare, anchor, [_report(writer, each) for each in about[1:]])
    if kind is CorrectionKind.STATUS:
        return replace(bare, mentions=(anchor,), status=_status(about[1]))
    if kind is CorrectionKind.PLACE:
        return replace(bare, mentions=(anchor,), place=about[1])
    return replace(bare, mentions=(anchor,), when=_when(about[1:]))


def _split(writer: Writer, bare: Correction, anchor: str, reports: Sequence[str]) -> Correction:
    """The split of an event's mentions in some reports from its others."""
    components = sorted(writer.components(ids=[anchor]))
    dossier = dossier_of(writer, components, View(as_of=None))
    event_of = dict(dossier.event_of)
    together = [mention for mention, event in event_of.items() if event == event_of[anchor]]
    of_report = {each.mention.id: each.mention.report for each in writer.mentions(components=components)}
    off = tuple(sorted(each for each in together if of_report[each] in reports))
    rest = tuple(sorted(each for each in together if of_report[each] not in reports))
    if not off or not rest:
        raise SettingsError("the event must be spoken of in these reports and in others", about="correct split")
    return replace(bare, mentions=off, apart=rest)


def event_id_of(snapshot: Snapshot, id: str) -> str:
    """The id of the event that an id, or the beginning of one, stands for."""
    found = [id] if snapshot.components(ids=[id]) else snapshot.mention_ids(id, most=2)
    if not found:
        raise NotFound("no event of that id", about=id)
    if len(found) > 1:
        raise SettingsError("more than one event begins so", about=id)
    dossier, heirs = dossier_and_heirs(snapshot, sorted(snapshot.components(ids=found)), View(as_of=None))
    event_of = dict(dossier.event_of)
    event = event_of.get(found[0]) or event_of.get(heirs.get(found[0], ""))
    if event is None:
        raise NotFound("no report that counts speaks of that event", about=id)
    return event


def _report(snapshot: Snapshot, id: str) -> str:
    if not snapshot.reports(ids=[id]):
        raise NotFound("no report of that id", about=id)
    return id


def _status(words: str) -> Status:
    if words not in set(Status) - {Status.LAPSED}:
        raise SettingsError(f"{words!r} is no status that can be set", about="correct status")
    return Status(words)


def _when(days: Sequence[str]) -> When:
    """The days set; "none" for none named yet."""
    if list(days) == ["none"]:
        return When(start=None, end=None, precision=Precision.VAGUE, text="none named")
    try:
        first, last = Day.fromisoformat(days[0]), Day.fromisoformat(days[-1])
    except ValueError:
        raise SettingsError(f"{' '.join(days)!r} is no day like 2025-10-22", about="correct date") from None
    if last < first:
        raise SettingsError("the last day comes before the first", about="correct date")
    precision = Precision.DAY if first == last else Precision.WINDOW
    return When(start=first, end=last, precision=precision, text=" to ".join(days))
