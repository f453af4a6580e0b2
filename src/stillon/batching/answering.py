"""The answers of a run, a bucket of components at a time, by the store's own way of answering; and the data sets.

A bucket's reports, mentions, claims and links are put into a store in memory, so that revisions, copies and days count
there exactly as they do for `stillon add`.
"""

from __future__ import annotations

import functools
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillon.batching.components import read_connected
from stillon.batching.extracting import ReadReport, load_read
from stillon.batching.job import Job, load_parts, units
from stillon.batching.linking import DROPPED, ODDS, revisions, texts
from stillon.batching.tables import BucketWriter, Numbers, bucket_of, column, read_bucket, read_table, whole
from stillon.keeping.answering import AT_ONCE, View, dossier_of
from stillon.keeping.exchanging import rows_of
from stillon.keeping.filing import address_of, dated
from stillon.linking.copies import copy_groups
from stillon.model import Claim, Copy, Day, Dossier, Mention, Report
from stillon.storing import KeptCopy, KeptPair, Store, Writer, codec, open_store
from stillon.storing.rows import batches

TOLD = pa.schema([("report", pa.int64()), ("record", pa.large_binary())])
DATED = pa.schema([("day", pa.date32()), ("id", pa.string()), ("row", pa.large_binary())])
DATA_SETS: Mapping[str, pa.Schema] = {
    "reports": pa.schema(
        [
            ("id", pa.string()), ("file", pa.string()), ("url", pa.string()), ("publisher", pa.string()),
            ("published", pa.date32()), ("published_at", pa.timestamp("us", "UTC")),
            ("modified_at", pa.timestamp("us", "UTC")), ("title", pa.string()),
            ("authors", pa.list_(pa.string())), ("agency", pa.string()), ("text", pa.string()), ("cut", pa.bool_()),
            ("address", pa.string()), ("revision", pa.int32()), ("counts_from", pa.date32()),
        ]
    ),
    "claims": pa.schema(
        [
            ("id", pa.string()), ("report", pa.string()), ("mention", pa.string()), ("event", pa.string()),
            ("status", pa.string()), ("text", pa.string()), ("start", pa.int32()), ("end", pa.int32()),
            ("in_title", pa.bool_()), ("cue", pa.string()), ("quote", pa.string()), ("origin", pa.string()),
            ("standing", pa.string()), ("hedged", pa.bool_()), ("said_on", pa.date32()), ("published", pa.date32()),
            ("publisher", pa.string()), ("record", pa.string()),
        ]
    ),
    "links": pa.schema(
        [
            ("kind", pa.string()), ("report", pa.string()), ("mention", pa.string()), ("event", pa.string()),
            ("original", pa.string()), ("containment", pa.float64()),
        ]
    ),
    "assessments": pa.schema(
        [
            ("event", pa.string()), ("name", pa.string()), ("kind", pa.string()), ("participants", pa.string()),
            ("place", pa.string()), ("start", pa.date32()), ("end", pa.date32()), ("precision", pa.string()),
            ("status", pa.string()), ("since", pa.date32()), ("likelihood", pa.string()),
            ("reliability", pa.string()), ("credibility", pa.int32()), ("origins", pa.int32()),
            ("publishers", pa.int32()), ("contradictions", pa.int32()), ("first_known", pa.date32()),
            ("because", pa.list_(pa.string())), ("record", pa.string()),
        ]
    ),
}  # fmt: skip
"""Columns of each data set; its `day` is the name of the folder a row lies in, `record` the whole record as JSON."""


class _Out:
    """Rows of the data sets, on their way to their days."""

    def __init__(self, job: Job, writer: str) -> None:
        self._job = job
        self._writers = {
            name: BucketWriter(job.linked / "rows" / f"{writer}.{name}", DATED, job.buckets) for name in DATA_SETS
        }

    def __enter__(self) -> _Out:
        for each in self._writers.values():
            each.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        for each in self._writers.values():
            each.__exit__(*error)

    def add(self, name: str, rows: Iterable[tuple[Day | None, str, Mapping[str, object]]]) -> None:
        """Puts in rows of a data set with their day and what they are ordered by."""
        some = list(rows)
        data = [{"day": day, "id": id, "row": json.dumps(row, default=str).encode()} for day, id, row in some]
        days = np.array([day.toordinal() if day else 0 for day, _, _ in some], dtype=np.int64)
        self._writers[name].add_rows(data, bucket_of(days, self._job.buckets).tolist())


# -- a part's reports to the buckets of their components ------------------------------------------


def gather(job: Job, unit: str) -> None:
    """Hands what the reports of some parts say to the buckets of their components, and puts out the reports."""
    with (
        BucketWriter(job.linked / "told" / unit, TOLD, job.buckets) as told,
        _Out(job, f"unit-{unit}") as out,
    ):
        for part in units(job)[int(unit)]:
            for each in load_read(job, part.name):
                _gather_one(job, part.name, each, told, out)


def _gather_one(job: Job, name: str, each: ReadReport, told: BucketWriter, out: _Out) -> None:
    parts = load_parts(job)
    number, first = parts.first_report(name) + each.row, parts.first_mention(name) + each.first_mention
    revised = revisions(job).get(number)
    if revised and revised.revision == DROPPED:
        return
    report, mentions, claims = each.extraction.report, each.extraction.mentions, each.extraction.claims
    if revised and revised.before >= 0:
        claims = tuple(dated(claims, texts(job).report(revised.before), revised.counts_from))
    own = read_connected(job.linked / "components")[first : first + len(mentions)]
    told.add_rows(*_told(job, number, report, mentions, claims, first, own))
    counts_from = revised.counts_from if revised else report.published
    row = _report_row(report, each.address, revised.revision if revised else 1, counts_from)
    out.add("reports", [(report.published, report.id, row)])
    known = {mention.id for mention in mentions}
    lost = [claim for claim in claims if claim.mention not in known]
    out.add("claims", [(claim.published, claim.id, _claim_row(claim, None)) for claim in lost])
    if read_connected(job.linked / "families")[number] == number:
        out.add("links", _copy_rows(job, number))


def _told(
    job: Job,
    number: int,
    report: Report,
    mentions: Sequence[Mention],
    claims: Sequence[Claim],
    first: int,
    own: Numbers,
) -> tuple[list[dict[str, object]], list[int]]:
    """What the report says, a row for each bucket that one of its mentions belongs to."""
    bucket = bucket_of(own, job.buckets).tolist()
    rows = []
    for wanted in sorted(set(bucket)):
        inside = [place for place, each in enumerate(bucket) if each == wanted]
        ids = {mentions[place].id for place in inside}
        record = {
            "report": codec.to_data(_light(report)),
            "mentions": [[first + place, int(own[place]), codec.to_data(mentions[place])] for place in inside],
            "claims": [codec.to_data(claim) for claim in claims if claim.mention in ids],
        }
        rows.append({"report": number, "record": json.dumps(record).encode()})
    return rows, sorted(set(bucket))


def _light(report: Report) -> Report:
    """The report without its words: of its text, answers need no more than how long it is."""
    return replace(report, text=" " * len(report.text))


def _copy_rows(job: Job, family: int) -> Iterator[tuple[Day | None, str, Mapping[str, object]]]:
    """Which reports of a family are whose copy."""
    pairs = _pairs_of(job, family)
    if not pairs:
        return
    reports = {number: texts(job).report(number) for each in pairs for number in each[:2]}
    copies = [Copy(a=reports[a].id, b=reports[b].id, containment=shared) for a, b, shared in pairs]
    by_id = {report.id: report for report in reports.values()}
    best = {frozenset((each.a, each.b)): each.containment for each in copies}
    for copy, original in copy_groups(reports.values(), copies).items():
        row: dict[str, object] = {
            "kind": "copy", "report": copy, "mention": None, "event": None, "original": original,
            "containment": best.get(frozenset((copy, original))),
        }  # fmt: skip
        yield by_id[copy].published, copy, row


@functools.lru_cache(maxsize=1)
def _families(job: Job) -> tuple[Numbers, pa.Table]:
    table = read_table(job.linked / "families.arrow")
    return column(table, "family"), table


def _pairs_of(job: Job, family: int) -> list[tuple[int, int, float]]:
    """The copied pairs of a family: the two reports, and how much they share."""
    families, table = _families(job)
    start, end = bisect_left(families, family), bisect_right(families, family)
    rows = table.slice(start, end - start)
    return list(zip(*(rows.column(name).to_pylist() for name in ("a", "b", "containment")), strict=True))


# -- the answers of a bucket ----------------------------------------------------------------------


def answer(job: Job, bucket: str) -> None:
    """Answers every component of a bucket, for each day asked for."""
    told_by = [job.linked / "told" / str(unit) for unit in range(len(units(job)))]
    told = read_bucket(told_by, int(bucket), job.buckets, TOLD)
    routed = [job.linked / "routed" / str(each) for each in range(job.buckets)]
    odds = read_bucket(routed, int(bucket), job.buckets, ODDS)
    store = open_store("sqlite:///:memory:", create=True)
    try:
        store.write(lambda writer: _Filling(job, writer).fill(told, odds))
        with _Out(job, f"bucket-{bucket}") as out:
            _answer_all(job, store, out)
    finally:
        store.close()


class _Filling:
    """Puts what is known of a bucket into a store."""

    def __init__(self, job: Job, writer: Writer) -> None:
        self._job = job
        self._writer = writer
        self._seqs: dict[int, int] = {}

    def fill(self, told: pa.Table, odds: pa.Table) -> None:
        """Reports with what they say, those that stand beside them, and links."""
        mentions: dict[int, int] = {}
        components: dict[int, set[int]] = {}
        for number, record in zip(column(told, "report").tolist(), told.column("record"), strict=True):
            data = json.loads(record.as_py())
            seq = self._put(number, codec.from_data(Report, data["report"]))
            kept = self._writer.add_reading(
                seq,
                version=self._job.version,
                about="{}",
                mentions=[codec.from_data(Mention, each) for _, _, each in data["mentions"]],
                claims=[codec.from_data(Claim, each) for each in data["claims"]],
                recorded_at=self._job.recorded_at,
            )
            for (own, component, _), each in zip(data["mentions"], kept, strict=True):
                mentions[own] = each.seq
                components.setdefault(component, set()).add(each.component)
        for joined in components.values():
            if len(joined) > 1:
                self._writer.join(joined)
        pairs = zip(
            column(odds, "a").tolist(), column(odds, "b").tolist(), odds.column("odds").to_pylist(), strict=True
        )
        kept_pairs = (KeptPair(a=mentions[a], b=mentions[b], odds=value) for a, b, value in pairs)
        for some in batches(kept_pairs, AT_ONCE):
            self._writer.add_pairs(some, recorded_at=self._job.recorded_at)
        self._put_beside(set(self._seqs))

    def _put(self, number: int, report: Report) -> int:
        if number not in self._seqs:
            revised = revisions(self._job).get(number)
            self._seqs[number] = self._writer.add_report(
                report,
                address=address_of(report),
                revision=revised.revision if revised else 1,
                counts_from=revised.counts_from if revised else report.published,
                grams=(),
                recorded_at=self._job.recorded_at,
            )
        return self._seqs[number]

    def _put_beside(self, inside: set[int]) -> None:
        """The other texts of the reports' addresses, and the families of copies that they are of."""
        addresses = {each.first for number in inside if (each := revisions(self._job).get(number))}
        beside = {
            number
            for number, each in revisions(self._job).items()
            if addresses and each.first in addresses and each.revision != DROPPED
        }
        family = read_connected(self._job.linked / "families")
        pairs = {pair for each in {int(family[number]) for number in inside} for pair in _pairs_of(self._job, each)}
        beside |= {number for a, b, _ in pairs for number in (a, b)}
        for number in sorted(beside - inside):
            self._put(number, _light(texts(self._job).report(number)))
        self._writer.add_copies(
            (KeptCopy(a=self._seqs[a], b=self._seqs[b], containment=shared) for a, b, shared in sorted(pairs)),
            recorded_at=self._job.recorded_at,
        )


def _answer_all(job: Job, store: Store, out: _Out) -> None:
    with store.read() as snapshot:
        for some in batches(snapshot.every_component(), AT_ONCE):
            for day in job.as_of:
                dossier = dossier_of(snapshot, some, View(as_of=day))
                out.add("assessments", _assessment_rows(dossier, day))
            published = {each.id: each.published for each in dossier.reports}
            event_of = dict(dossier.event_of)
            members = snapshot.mentions(components=some)
            told = {claim.id: claim for own in snapshot.claims_on(m.seq for m in members).values() for claim in own}
            told |= {claim.id: claim for claim in dossier.claims}  # with their standing, where they count
            out.add("claims", ((each.published, each.id, _claim_row(each, event_of)) for each in told.values()))
            report_of = {each.mention.id: each.mention.report for each in members}
            out.add(
                "links",
                (
                    (published.get(report_of[mention]), mention, _event_row(report_of[mention], mention, event))
                    for mention, event in dossier.event_of
                ),
            )


def _assessment_rows(dossier: Dossier, day: Day | None) -> Iterator[tuple[Day | None, str, Mapping[str, object]]]:
    rows = rows_of(dossier.assessments, day=day)
    for row, each in zip(rows, dossier.assessments, strict=True):
        more = {"because": list(each.because), "record": codec.dump(each)}
        yield day, each.event.id, {**row, **more}


def _report_row(report: Report, address: str, revision: int, counts_from: Day | None) -> dict[str, object]:
    return {
        "id": report.id, "file": report.file, "url": report.url, "publisher": report.publisher,
        "published": report.published, "published_at": _instant(report.published_at),
        "modified_at": _instant(report.modified_at), "title": report.title, "authors": list(report.authors),
        "agency": report.agency, "text": report.text, "cut": report.cut, "address": address, "revision": revision,
        "counts_from": counts_from,
    }  # fmt: skip


def _instant(at: Any) -> str | None:
    return None if at is None else codec.write_instant(at)


def _claim_row(claim: Claim, event_of: Mapping[str, str] | None) -> dict[str, object]:
    return {
        "id": claim.id, "report": claim.report, "mention": claim.mention,
        "event": (event_of or {}).get(claim.mention or ""), "status": claim.status, "text": claim.text,
        "start": claim.span.start, "end": claim.span.end, "in_title": claim.in_title, "cue": claim.cue,
        "quote": claim.quote, "origin": claim.origin.resolved or claim.origin.name if claim.origin else None,
        "standing": claim.standing if event_of else None, "hedged": claim.hedged, "said_on": claim.said_on,
        "published": claim.published, "publisher": claim.publisher, "record": codec.dump(claim),
    }  # fmt: skip


def _event_row(report: str, mention: str, event: str) -> dict[str, object]:
    return {
        "kind": "event", "report": report, "mention": mention, "event": event, "original": None, "containment": None,
    }  # fmt: skip


# -- the data sets --------------------------------------------------------------------------------


def finish(job: Job, bucket: str) -> None:
    """Puts the rows of a bucket of days into the data sets: a file a day, in order."""
    for name, schema in DATA_SETS.items():
        writers = [f"unit-{unit}" for unit in range(len(units(job)))] if name != "assessments" else []
        writers += [f"bucket-{each}" for each in range(job.buckets)] if name != "reports" else []
        rows = read_bucket(
            [job.linked / "rows" / f"{each}.{name}" for each in writers], int(bucket), job.buckets, DATED
        )
        rows = rows.sort_by([("day", "ascending"), ("id", "ascending")])
        days = rows.column("day").to_pylist()
        start = 0
        while start < len(days):
            end = start
            while end < len(days) and days[end] == days[start]:
                end += 1
            _write_day(job.linked / "out" / name, days[start], rows.column("row").slice(start, end - start), schema)
            start = end
    (job.linked / "finished").mkdir(exist_ok=True)
    (job.linked / "finished" / bucket).touch()


def _write_day(folder: Path, day: Day | None, rows: pa.ChunkedArray, schema: pa.Schema) -> None:
    """One day of a data set, as Hive, DuckDB, Spark and pandas name a part of one."""
    place = folder / f"day={day.isoformat() if day else '__HIVE_DEFAULT_PARTITION__'}"
    data = [json.loads(row.as_py()) for row in rows]
    columns = [_column([each[field.name] for each in data], field.type) for field in schema]
    with whole(place / "part-0.parquet") as beside:
        pq.write_table(pa.Table.from_arrays(columns, schema=schema), beside, compression="zstd")


def _column(values: list[Any], of_type: pa.DataType) -> pa.Array:
    """A column; days and instants came as words."""
    if pa.types.is_date(of_type):
        return pa.array([None if each is None else Day.fromisoformat(each) for each in values], of_type)
    if pa.types.is_timestamp(of_type):
        return pa.array([None if each is None else codec.read_instant(each) for each in values], of_type)
    if pa.types.is_string(of_type):  # a database's text, and Arrow's, holds no lone surrogate
        return pa.array([each and each.encode("utf-8", "replace").decode() for each in values], of_type)
    return pa.array(values, of_type)
