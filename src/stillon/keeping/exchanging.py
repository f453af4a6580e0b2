"""A whole store as lines of JSON and back, exactly; and its answers as rows, one per event or per event and day."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stillon.errors import StoreError
from stillon.keeping.answering import AT_ONCE, Filter, View, dossier_of
from stillon.keeping.correcting import put_correction
from stillon.keeping.filing import put_reading, put_report
from stillon.linking.copies import sampled_grams
from stillon.model import Assessment, Claim, Correction, Day, Entry, EntryLink, Extraction, Mention, Report
from stillon.storing import KeptReport, Snapshot, Store, Writer
from stillon.storing.codec import from_data, read_instant, to_data, write_instant
from stillon.storing.rows import batches

Line = Mapping[str, Any]
FORMAT = 1
"""Version of the lines."""
EVERYTHING = Filter()
"""Admits every event that a status is claimed for."""


def export_lines(store: Store) -> Iterator[Line]:
    """Everything that was ever put into the store: a head, reports with their readings, corrections, and diaries.

    In the order of what they are, not of when they came, so that two stores of the same reports put out the same
    lines but for the instants they were recorded at. Links and answers follow from these lines and are left out.
    """
    with store.read() as snapshot:
        yield {"stillon": FORMAT, "linking": snapshot.fact("linking")}
        kept = sorted(snapshot.every_report(), key=lambda each: (each.address, each.revision))
        for some in batches(kept, AT_ONCE):
            yield from _report_lines(snapshot, some)
        for made in sorted(snapshot.corrections(), key=lambda each: (each.recorded_at, each.id)):
            yield {"correction": to_data(made)}
        for entry, recorded_at in sorted(snapshot.entries(), key=lambda each: (each[0].id, each[1])):
            yield {"entry": to_data(entry), "recorded_at": write_instant(recorded_at)}
        for link in snapshot.entry_links():
            yield {"entry_link": to_data(link)}


def _report_lines(snapshot: Snapshot, kept: list[KeptReport]) -> Iterator[Line]:
    texts = snapshot.texts(each.seq for each in kept)
    readings = snapshot.readings(each.seq for each in kept)
    numbers = [each.seq for each in readings]
    about, claims = snapshot.about(numbers), snapshot.claims(numbers)
    mentions: dict[int, list[Mention]] = {}
    for each in snapshot.mentions(readings=numbers):
        mentions.setdefault(each.reading, []).append(each.mention)
    for report in kept:
        yield {
            "report": to_data(texts[report.seq]),
            "address": report.address,
            "revision": report.revision,
            "counts_from": report.counts_from.isoformat() if report.counts_from else None,
            "recorded_at": write_instant(report.recorded_at),
            "readings": [
                {
                    "version": each.version,
                    "recorded_at": write_instant(each.recorded_at),
                    "about": json.loads(about[each.seq]),
                    "mentions": [to_data(mention) for mention in mentions.get(each.seq, [])],
                    "claims": [to_data(claim) for _, claim in claims.get(each.seq, [])],
                }
                for each in readings
                if each.report == report.seq
            ],
        }


def import_lines(store: Store, lines: Iterable[str], *, about: str) -> int:
    """Puts in what `export_lines` put out, each line in one transaction, and gives how many reports were new.

    What is there already is left as it is. Raises StoreError for a line that is none of an export, by its number.
    """
    added = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            if "stillon" in data:
                _check_head(data, about)
            elif "correction" in data:
                made = from_data(Correction, data["correction"])
                store.write(lambda writer, made=made: put_correction(writer, made))  # type: ignore[misc]
            elif "entry" in data:
                _import_entry(store, from_data(Entry, data["entry"]), read_instant(data["recorded_at"]))
            elif "entry_link" in data:
                _import_entry_link(store, from_data(EntryLink, data["entry_link"]))
            else:
                added += _import_report(store, data)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StoreError(f"line {number} is none of an export: {error}", about=about) from error
    return added


def _check_head(data: Line, about: str) -> None:
    if data["stillon"] != FORMAT:
        raise StoreError("another version of stillon made this export", about=about)


def _import_entry(store: Store, entry: Entry, recorded_at: datetime.datetime) -> None:
    def work(writer: Writer) -> None:
        if (entry, recorded_at) not in writer.entries(id=entry.id):
            writer.add_entries([entry], recorded_at=recorded_at)

    store.write(work)


def _import_entry_link(store: Store, link: EntryLink) -> None:
    def work(writer: Writer) -> None:
        if link not in writer.entry_links():
            writer.add_entry_link(link)

    store.write(work)


def _import_report(store: Store, data: Line) -> bool:
    """Puts in one report with its readings; true where it was not there."""
    report = from_data(Report, data["report"])
    readings = [
        (
            Extraction(
                report=report,
                mentions=tuple(from_data(Mention, mention) for mention in each["mentions"]),
                claims=tuple(from_data(Claim, claim) for claim in each["claims"]),
            ),
            str(each["version"]),
            read_instant(each["recorded_at"]),
            json.dumps(each["about"], sort_keys=True, separators=(",", ":")),
        )
        for each in data["readings"]
    ]
    address, revision = str(data["address"]), int(data["revision"])
    counts_from = Day.fromisoformat(data["counts_from"]) if data["counts_from"] else None
    recorded_at = read_instant(data["recorded_at"])
    grams = sampled_grams(report)

    def work(writer: Writer) -> bool:
        if writer.reports(ids=[report.id]):
            return False
        if any(each.revision == revision for each in writer.reports(addresses=[address])):
            raise StoreError("the store holds another text as this revision", about=f"{address}, revision {revision}")
        put_report(writer, report, address, revision, counts_from, grams, recorded_at)
        for extraction, version, at, known in readings:
            put_reading(writer, extraction, version=version, recorded_at=at, about=known)
        return True

    return store.write(work)


def rows_of(assessments: Iterable[Assessment], *, day: Day | None) -> Iterator[Mapping[str, object]]:
    """One flat row for each answer."""
    for each in assessments:
        when = each.when
        yield {
            "day": day,
            "event": each.event.id,
            "name": each.event.name,
            "kind": each.event.kind,
            "participants": "; ".join(each.event.participants),
            "place": each.place or each.event.place,
            "start": when.start if when else None,
            "end": when.end if when else None,
            "precision": when.precision if when else None,
            "status": each.status,
            "since": each.since,
            "likelihood": each.likelihood,
            "reliability": each.reliability,
            "credibility": each.credibility,
            "origins": each.origins,
            "publishers": each.publishers,
            "contradictions": len(each.contradictions),
            "first_known": each.history[0].on if each.history else None,
        }


def per_day(store: Store, *, until: Day, wanted: Filter = EVERYTHING) -> Iterator[Mapping[str, object]]:
    """One row per event and day, from the day an event was first known to `until`; nothing later leaks in.

    A day has a row for an event where the filter admits its answer of that day, and the row is that answer. The id
    of an event is that of its earliest mention by that day.
    """
    with store.read() as snapshot:
        for some in batches(snapshot.every_component(), 1):
            for day in _days_of(snapshot, some, until):
                yield from rows_of(
                    (each for each in dossier_of(snapshot, some, View(as_of=day)).assessments if wanted.admits(each)),
                    day=day,
                )


def _days_of(snapshot: Snapshot, components: list[int], until: Day) -> Iterator[Day]:
    """The days from a component's first report on."""
    readings = snapshot.readings_of({each.reading for each in snapshot.mentions(components=components)})
    days = [each.counts_from for each in snapshot.reports(seqs={each.report for each in readings})]
    known = [day for day in days if day is not None]
    if not known:
        return
    day = min(known)
    while day <= until:
        yield day
        day += datetime.timedelta(days=1)
