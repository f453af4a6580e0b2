"""The doctor: what is wrong with a store; and reading it anew when the extraction has improved."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from stillon import pipeline
from stillon.keeping.filing import LINKING, Now, dated, link_reading, put_reading, version_of
from stillon.model import Claim, Extraction, Report, Span
from stillon.pipeline import OnError, raise_error
from stillon.settings import Settings
from stillon.storing import KeptMention, KeptReport, Snapshot, Store, Writer
from stillon.storing.rows import MOST_VALUES
from stillon.storing.schema import METADATA, claim, copy, mention, pair, reading, report


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the doctor found."""

    counts: Mapping[str, int]
    """How many reports, readings, mentions, claims, pairs, copies and corrections there are."""
    stale: int
    """Parts whose answers will be worked out when somebody asks."""
    old_readings: int
    """Reports whose newest reading was made by another version of the extraction."""
    old_links: bool
    """True where another version of the linking made the links."""
    faults: tuple[str, ...] = ()
    """What is wrong, one sentence each."""


def check_store(store: Store) -> Health:
    """The state of a store: missing tables, rows that lead nowhere, spans that do not match, unreadable records."""
    with store.read() as snapshot:
        faults = [*_missing(snapshot), *_damaged(snapshot), *_orphans(snapshot), *_unreadable(snapshot)]
        current = version_of("extraction")
        newest = sa.select(sa.func.max(reading.c.seq)).group_by(reading.c.report)
        old = sa.select(sa.func.count()).select_from(reading)
        return Health(
            counts=snapshot.count(),
            stale=len(snapshot.stale()),
            old_readings=snapshot.connection.execute(
                old.where(reading.c.seq.in_(newest), reading.c.version != current)
            ).scalar_one(),
            old_links=snapshot.fact(LINKING) not in (None, version_of("linking")),
            faults=tuple(faults),
        )


def _missing(snapshot: Snapshot) -> Iterator[str]:
    there = sa.inspect(snapshot.connection)
    tables = set(there.get_table_names())
    for table in METADATA.sorted_tables:
        if table.name not in tables:
            yield f"table {table.name} is missing"
            continue
        columns = {each["name"] for each in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in columns:
                yield f"column {column.name} of table {table.name} is missing"


def _damaged(snapshot: Snapshot) -> Iterator[str]:
    """What the database itself finds wrong."""
    if snapshot.connection.dialect.name == "sqlite":
        for said in snapshot.connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars():
            if said != "ok":
                yield f"the database is damaged: {said}"


def _orphans(snapshot: Snapshot) -> Iterator[str]:
    """Rows that lead to nothing, and reports that nothing was read in."""
    for name, table, column, target in (
        ("readings of no report", reading, reading.c.report, report.c.seq),
        ("mentions of no reading", mention, mention.c.reading, reading.c.seq),
        ("claims of no reading", claim, claim.c.reading, reading.c.seq),
        ("claims on no mention", claim, claim.c.mention, mention.c.seq),
        ("pairs of no mention", pair, pair.c.a, mention.c.seq),
        ("pairs of no mention", pair, pair.c.b, mention.c.seq),
        ("copies of no report", copy, copy.c.a, report.c.seq),
        ("copies of no report", copy, copy.c.b, report.c.seq),
    ):
        query = sa.select(sa.func.count()).select_from(table).where(column.is_not(None), ~_exists(column, target))
        number = snapshot.connection.execute(query).scalar_one()
        if number:
            yield f"{number} {name}"
    unread = sa.select(report.c.id).where(~_exists(report.c.seq, reading.c.report)).order_by(report.c.id)
    for id in snapshot.connection.execute(unread).scalars():
        yield f"report {id}: nothing was read in it"
    unindexed = sa.select(sa.func.count()).select_from(report)
    words = sa.text(
        "SELECT count(*) FROM words_docsize"
        if snapshot.connection.dialect.name == "sqlite"
        else "SELECT count(*) FROM words"
    )
    missing = snapshot.connection.execute(unindexed).scalar_one() - snapshot.connection.execute(words).scalar_one()
    if missing:
        yield f"{missing} reports are not in the full-text index"


def _exists(column: sa.Column[int], target: sa.Column[int]) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(sa.literal(1)).where(target == column))


def _unreadable(snapshot: Snapshot) -> Iterator[str]:
    """Records that cannot be read, and claims whose words do not stand where they say."""
    last = 0
    while True:
        query = sa.select(report.c.seq, report.c.id).where(report.c.seq > last).order_by(report.c.seq)
        rows = snapshot.connection.execute(query.limit(MOST_VALUES)).all()
        if not rows:
            return
        last = rows[-1].seq
        for row in rows:
            try:
                yield from _mismatches(snapshot, row.seq)
            except (ValueError, TypeError, KeyError) as error:
                yield f"report {row.id}: a record cannot be read ({error})"


def _mismatches(snapshot: Snapshot, seq: int) -> Iterator[str]:
    text = snapshot.texts([seq])[seq]
    readings = [each.seq for each in snapshot.readings([seq])]
    snapshot.mentions(readings=readings)
    for told in snapshot.claims(readings).values():
        for _, each in told:
            if each.span.of(_frame(text, each)) != each.text:
                yield f"claim {each.id}: its words do not stand at its span"
            elif not _spans_fit(text, each):
                yield f"claim {each.id}: a span lies outside the text"


def _frame(text: Report, claim: Claim) -> str:
    return (text.title or "") if claim.in_title else text.text


def _spans_fit(text: Report, claim: Claim) -> bool:
    spans = [claim.cue_span, claim.status_span, claim.reason, claim.condition, *(each.span for each in claim.sources)]
    longest = max(len(text.text), len(text.title or ""))
    return all(0 <= span.start < span.end <= longest for span in spans if isinstance(span, Span))


def reread_store(store: Store, *, settings: Settings, now: Now, on_error: OnError = raise_error) -> Iterator[Report]:
    """Reads anew each report whose newest reading another version of the extraction made; yields what was read.

    The old reading stays. Safe to be stopped and begun again.
    """
    version = version_of("extraction")
    if _needs_links(store):
        relink(store, recorded_at=now())
    with store.read() as snapshot:
        kept = snapshot.every_report()
        readings = snapshot.readings(each.seq for each in kept)
    done = {each.report for each in readings if each.version == version}
    wanted = [each for each in kept if each.seq not in done]
    reader = pipeline.load_reader(settings) if wanted else None
    for each in wanted:
        with store.read() as snapshot:
            text = snapshot.texts([each.seq])[each.seq]
        for extraction in pipeline.extract_all([text], reader, on_error):  # type: ignore[arg-type]
            _put_anew(store, each, extraction, version, now())
            yield text


def _put_anew(
    store: Store, kept: KeptReport, extraction: Extraction, version: str, recorded_at: datetime.datetime
) -> None:
    def work(writer: Writer) -> None:
        if any(each.version == version for each in writer.readings([kept.seq])):
            return
        own = extraction
        if kept.revision > 1:
            former = [each for each in writer.reports(addresses=[kept.address]) if each.revision < kept.revision][-1]
            before = writer.texts([former.seq])[former.seq]
            own = replace(own, claims=tuple(dated(own.claims, before, kept.counts_from)))
        put_reading(writer, own, version=version, recorded_at=recorded_at)

    store.write(work)


def _needs_links(store: Store) -> bool:
    with store.read() as snapshot:
        return snapshot.fact(LINKING) not in (None, version_of("linking"))


def relink(store: Store, *, recorded_at: datetime.datetime) -> None:
    """Links all mentions anew by the linking of today, in one transaction."""

    def work(writer: Writer) -> None:
        writer.forget_links()
        writer.set_fact(LINKING, version_of("linking"))
        by_id: dict[str, list[KeptMention]] = {}
        for each in writer.every_report():
            for own in writer.readings([each.seq]):
                mentions = writer.mentions(readings=[own.seq])
                link_reading(writer, mentions, recorded_at=recorded_at)
                for kept in mentions:
                    by_id.setdefault(kept.mention.id, []).append(kept)
        for same in by_id.values():
            writer.join(writer.components(mentions=[kept.seq for kept in same]))
        for made in writer.corrections():
            if len(made.mentions) > 1:
                writer.join(writer.components(ids=made.mentions))

    store.write(work)
