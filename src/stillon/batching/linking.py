"""What belongs together among all that was read, found a bucket at a time; no step holds all of it.

`scatter` files every report under its address, its grams and the keys of its mentions, `admit` finds repeated reports
and revisions, `share` and `measure` the copies, `meet` and `compare` the mentions of one event. Each is a function of
files to one file, the same whatever order or machine it runs in.
"""

from __future__ import annotations

import functools
import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from stillon.batching.extracting import load_read
from stillon.batching.job import Job, load_parts, units
from stillon.batching.tables import BucketWriter, Numbers, bucket_of, column, read_bucket, read_table, write_table
from stillon.keeping.filing import MOST_NEIGHBOURS, edited_on, keys_of, load_about, runs_of
from stillon.linking import copies as copying
from stillon.linking import events
from stillon.model import Day, Mention, Report
from stillon.storing import codec

ADDRESSES = pa.schema([("hash", pa.int64()), ("report", pa.int64()), ("address", pa.string()), ("id", pa.string())])
GRAMS = pa.schema([("gram", pa.int64()), ("report", pa.int64()), ("size", pa.int32())])
KEYS = pa.schema([("key", pa.int64()), ("since", pa.int32()), ("until", pa.int32()), ("mention", pa.int64())])
TIES = pa.schema([("a", pa.int64()), ("b", pa.int64())])
DRAWN = pa.schema(
    [("body", pa.large_binary()), ("about", pa.large_binary()), ("mentions", pa.large_binary()),
     ("mention_count", pa.int32())]
)  # fmt: skip
ADMITTED = pa.schema(
    [("report", pa.int64()), ("first", pa.int64()), ("revision", pa.int32()), ("counts_from", pa.date32()),
     ("before", pa.int64())]
)  # fmt: skip
SHARED = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("count", pa.int32()), ("least", pa.int32())])
COPIES = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("containment", pa.float64())])
MET = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("count", pa.int64())])
ODDS = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("odds", pa.float64())])
KEPT_SKETCHES = 1_000
"""Reports whose sketches a worker keeps at hand."""
KEPT_TEXTS = 500
"""Reports whose texts a worker keeps at hand."""
KEPT_PARTS = 64
"""Parts whose files a worker keeps open."""
DROPPED = 0
"""Revision of a report that is there already."""
_GROUP = 1_000
"""Members of one key that are paired at one time: some half a million pairs."""


def scatter(job: Job, unit: str) -> None:
    """Files the reports of some parts under all that others may share with them."""
    folder = job.linked / "scatter"
    ties: list[dict[str, int]] = []
    with (
        BucketWriter(folder / f"{unit}.addresses", ADDRESSES, job.buckets) as addresses,
        BucketWriter(folder / f"{unit}.grams", GRAMS, job.buckets) as grams,
        BucketWriter(folder / f"{unit}.keys", KEYS, job.buckets) as keys,
    ):
        for part in units(job)[int(unit)]:
            first_report, first_mention = (
                load_parts(job).first_report(part.name),
                load_parts(job).first_mention(part.name),
            )
            drawn = []
            for each in load_read(job, part.name):
                number, first = first_report + each.row, first_mention + each.first_mention
                own, told = each.extraction.report, each.extraction.mentions
                hashed = _hash(each.address)
                addresses.add_rows(
                    [{"hash": hashed, "report": number, "address": each.address, "id": own.id}],
                    bucket_of(np.array([hashed]), job.buckets).tolist(),
                )
                _add_grams(grams, own, number, job.buckets)
                _add_keys(keys, told, each.about, first, job.buckets)
                ties += _ties(told, first)
                drawn.append(
                    {"body": codec.dump(own).encode(), "about": each.about.encode(),
                     "mentions": codec.dump(told).encode(), "mention_count": len(told)}
                )  # fmt: skip
            write_table(folder / f"{part.name}.drawn", pa.Table.from_pylist(drawn, schema=DRAWN), packed=False)
    write_table(folder / f"{unit}.ties", pa.Table.from_pylist(ties, schema=TIES), packed=True)


def _hash(address: str) -> int:
    digest = hashlib.blake2b(address.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _add_grams(writer: BucketWriter, report: Report, number: int, buckets: int) -> None:
    grams = np.array(copying.sampled_grams(report), dtype=np.int64)
    rows = pa.RecordBatch.from_arrays(
        [pa.array(grams), pa.array(np.full(len(grams), number)), pa.array(np.full(len(grams), len(grams), np.int32))],
        schema=GRAMS,
    )
    writer.add(bucket_of(grams, buckets), rows)


def _add_keys(writer: BucketWriter, mentions: Sequence[Mention], about: str, first: int, buckets: int) -> None:
    drawn = events.sketches(mentions, {each.report: load_about(about) for each in mentions[:1]})
    rows: list[tuple[int, int, int, int]] = []
    for place, each in enumerate(mentions):
        sketch = drawn[each.id]
        runs = runs_of(events.months(sketch))
        rows += [(key, since, until, first + place) for key in sorted(set(keys_of(sketch))) for since, until in runs]
    if rows:
        table = np.array(rows, dtype=np.int64)
        batch = pa.RecordBatch.from_arrays(
            [pa.array(table[:, at]).cast(KEYS.field(at).type) for at in range(4)], schema=KEYS
        )
        writer.add(bucket_of(table[:, 0], buckets), batch)


def _ties(mentions: Iterable[Mention], first: int) -> list[dict[str, int]]:
    """Mentions of which one needs the other."""
    number = {each.id: first + place for place, each in enumerate(mentions)}
    return [
        {"a": number[each.id], "b": number[other]}
        for each in mentions
        for other in (*each.requires, *each.prepares)
        if other in number
    ]


def _scattered(job: Job, kind: str) -> list[Path]:
    return [job.linked / "scatter" / f"{unit}.{kind}" for unit in range(len(units(job)))]


# -- repeated reports and revisions ---------------------------------------------------------------


def admit(job: Job, bucket: str) -> None:
    """Finds the reports of a bucket of addresses that are there already, and those that are a revision."""
    rows = read_bucket(_scattered(job, "addresses"), int(bucket), job.buckets, ADDRESSES)
    by_address: dict[str, list[tuple[int, str]]] = {}
    for number, address, id in zip(
        rows.column("report").to_pylist(), rows.column("address").to_pylist(), rows.column("id").to_pylist(),
        strict=True,
    ):  # fmt: skip
        by_address.setdefault(address, []).append((number, id))
    found = [row for told in by_address.values() if len(told) > 1 for row in _revisions(job, sorted(told))]
    write_table(job.linked / "admitted" / bucket, pa.Table.from_pylist(found, schema=ADMITTED), packed=True)


def _revisions(job: Job, told: list[tuple[int, str]]) -> Iterator[dict[str, object]]:
    """The reports of one address in the order of the inputs: each is the first, a revision, or there already."""
    first, before, counts_from, revision = told[0][0], -1, None, 0
    seen: set[str] = set()
    for number, id in told:
        if id in seen:
            yield {"report": number, "first": first, "revision": DROPPED, "counts_from": None, "before": -1}
            continue
        seen.add(id)
        own = texts(job).report(number)
        counts_from = own.published if not revision else edited_on(own, counts_from, job.recorded_at)
        revision += 1
        yield {
            "report": number, "first": first, "revision": revision, "counts_from": counts_from, "before": before,
        }  # fmt: skip
        before = number


@dataclass(frozen=True, slots=True)
class Revision:
    """A report of an address that has several texts, or one that is there already."""

    first: int
    """Number of the first report of the address."""
    revision: int
    """Its number among the texts, from 1; DROPPED for one that is there already."""
    counts_from: Day | None
    """Day from which it stands."""
    before: int
    """Number of the text before it, -1 for none."""


@functools.lru_cache(maxsize=1)
def revisions(job: Job) -> dict[int, Revision]:
    """The reports that are not simply the one text of their address, by number."""
    found = {}
    for bucket in range(job.buckets):
        for row in read_table(job.linked / "admitted" / str(bucket)).to_pylist():
            number = row.pop("report")
            found[number] = Revision(**row)
    return found


@functools.lru_cache(maxsize=1)
def _dropped(job: Job) -> tuple[Numbers, Numbers]:
    """Numbers of the reports that are there already, and of all their mentions, in order."""
    reports = sorted(number for number, each in revisions(job).items() if each.revision == DROPPED)
    parts = load_parts(job)
    mentions: list[int] = []
    for number in reports:
        name, row = parts.of_report(number)
        first = parts.first_mention(name)
        firsts = texts(job).firsts(name)
        mentions += range(first + int(firsts[row]), first + int(firsts[row + 1]))
    return np.array(reports, dtype=np.int64), np.array(mentions, dtype=np.int64)


# -- copies ---------------------------------------------------------------------------------------


def share(job: Job, bucket: str) -> None:
    """Counts the grams of a bucket that each two reports share."""
    rows = read_bucket(_scattered(job, "grams"), int(bucket), job.buckets, GRAMS)
    gram, report, size = column(rows, "gram"), column(rows, "report"), column(rows, "size")
    keep = ~np.isin(report, _dropped(job)[0])
    gram, report, size = gram[keep], report[keep], size[keep]
    size_of = dict(zip(report.tolist(), size.tolist(), strict=True))
    order = np.lexsort((report, gram))
    with BucketWriter(job.linked / "shared" / bucket, SHARED, job.buckets) as writer:
        for pairs in _pairs_within(gram[order], report[order]):
            both, counts = np.unique(pairs, axis=0, return_counts=True)
            least = [min(size_of[a], size_of[b]) for a, b in both.tolist()]
            batch = pa.RecordBatch.from_arrays(
                [pa.array(both[:, 0]), pa.array(both[:, 1]), pa.array(counts.astype(np.int32)),
                 pa.array(least, pa.int32())], schema=SHARED,
            )  # fmt: skip
            writer.add(bucket_of(both[:, 0] ^ bucket_of(both[:, 1], 1 << 30), job.buckets), batch)


def _pairs_within(keys: Numbers, members: Numbers) -> Iterator[Numbers]:
    """Pairs (smaller, larger) of the members of each key, keys being in order; in pieces of bounded size.

    A pair comes once for each key that it shares.
    """
    starts = np.flatnonzero(np.r_[len(keys) > 0, keys[1:] != keys[:-1]])
    ends = np.r_[starts, len(keys)][1:]
    held: list[Numbers] = []
    rows = 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for piece in _pairs(members[start:end]) if end - start > 1 else ():
            held.append(piece)
            rows += len(piece)
            if rows > _GROUP * _GROUP // 2:
                yield np.concatenate(held)
                held, rows = [], 0
    if held:
        yield np.concatenate(held)


def _pairs(members: Numbers) -> Iterator[Numbers]:
    """All pairs of some members, those of large groups in pieces."""
    members = np.unique(members)
    for at in range(0, len(members), _GROUP):
        some = members[at : at + _GROUP]
        first, second = np.triu_indices(len(some), 1)
        yield np.stack([some[first], some[second]], axis=1)
        for later in range(at + _GROUP, len(members), _GROUP):
            others = members[later : later + _GROUP]
            yield np.stack([np.repeat(some, len(others)), np.tile(others, len(some))], axis=1)


def measure(job: Job, bucket: str) -> None:
    """Measures how much text each two reports share, of the pairs of a bucket that are worth it."""
    rows = read_bucket([job.linked / "shared" / str(each) for each in range(job.buckets)], int(bucket),
                       job.buckets, SHARED)  # fmt: skip
    counts = rows.group_by(["a", "b"]).aggregate([("count", "sum"), ("least", "min")])
    a, b = column(counts, "a"), column(counts, "b")
    # the sample may be out by its own root: half of what is put out is enough to be measured whole
    near = column(counts, "count_sum") >= copying.REPORTED / 2 * column(counts, "least_min")
    found = []
    number: dict[str, int] = {}
    for one, other in sorted(zip(a[near].tolist(), b[near].tolist(), strict=True)):
        both = [texts(job).report(one), texts(job).report(other)]
        number |= {both[0].id: one, both[1].id: other}
        found += [
            {"a": number[each.a], "b": number[each.b], "containment": each.containment}
            for each in copying.find_copies(both)
        ]
    write_table(job.linked / "copies" / bucket, pa.Table.from_pylist(found, schema=COPIES), packed=True)


# -- events ---------------------------------------------------------------------------------------


def meet(job: Job, bucket: str) -> None:
    """Pairs the mentions that are filed under a key of a bucket for a month in common."""
    rows = read_bucket(_scattered(job, "keys"), int(bucket), job.buckets, KEYS)
    keep = ~np.isin(column(rows, "mention"), _dropped(job)[1])
    key, mention = column(rows, "key")[keep], column(rows, "mention")[keep]
    since, until = column(rows, "since")[keep], column(rows, "until")[keep]
    with BucketWriter(job.linked / "met" / bucket, MET, job.buckets) as writer:
        for one, other in _rows_that_meet(key, since, until):
            several = mention[one] != mention[other]
            both = np.sort(np.stack([mention[one[several]], mention[other[several]]], axis=1), axis=1)
            both, counts = np.unique(both, axis=0, return_counts=True)
            batch = pa.RecordBatch.from_arrays(
                [pa.array(both[:, 0]), pa.array(both[:, 1]), pa.array(counts)], schema=MET
            )
            writer.add(bucket_of(both[:, 1] // _GROUP, job.buckets), batch)


def _rows_that_meet(key: Numbers, since: Numbers, until: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """Pairs of rows with one key and a month in common, each once, in pieces of bounded size.

    They are paired month by month, so that what is years apart is never paired to be told so.
    """
    lengths = until - since + 1
    row = np.repeat(np.arange(len(key)), lengths)
    month = since[row] + np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    order = np.lexsort((row, month, key[row]))
    row, month = row[order], month[order]
    group = np.cumsum(np.r_[False, (key[row[1:]] != key[row[:-1]]) | (month[1:] != month[:-1])][: len(row)])
    for pairs in _pairs_within(group, np.arange(len(row))):
        one, other = row[pairs[:, 0]], row[pairs[:, 1]]
        first = month[pairs[:, 0]] == np.maximum(since[one], since[other])  # of the months in common
        yield one[first], other[first]


def compare(job: Job, bucket: str) -> None:
    """Weighs how surely each mention of a bucket and those before it that are most like it are one event."""
    met = [job.linked / "met" / str(each) for each in range(job.buckets)]
    counts = read_bucket(met, int(bucket), job.buckets, MET).group_by(["a", "b"]).aggregate([("count", "sum")])
    both = _most_like(column(counts, "a"), column(counts, "b"), column(counts, "count_sum"))
    sketches = Sketches(job)
    odds = [events.log_odds(sketches.of(a), sketches.of(b)) for a, b in both.tolist()]
    table = pa.Table.from_arrays(
        [pa.array(both[:, 0]), pa.array(both[:, 1]), pa.array(odds, pa.float64())], schema=ODDS
    )
    write_table(job.linked / "odds" / bucket, table, packed=True)


def _most_like(earlier: Numbers, later: Numbers, shared: Numbers) -> Numbers:
    """The pairs with, for each later mention, the earlier ones that share most keys with it, of these the newest.

    As a store has it, which compares a mention with so many when it comes in.
    """
    order = np.lexsort((-earlier, -shared, later))
    earlier, later = earlier[order], later[order]
    starts = np.flatnonzero(np.r_[len(later) > 0, later[1:] != later[:-1]])
    rank = np.arange(len(later)) - np.repeat(starts, np.diff(np.r_[starts, len(later)]))
    both = np.stack([earlier, later], axis=1)[rank < MOST_NEIGHBOURS]
    return np.asarray(both[np.lexsort((both[:, 1], both[:, 0]))])


class Sketches:
    """The sketches of mentions by number, drawn when they are asked for; some are kept."""

    def __init__(self, job: Job) -> None:
        self._parts = load_parts(job)
        self._drawn = Drawn(job)
        self._kept: OrderedDict[tuple[str, int], list[events.Sketch]] = OrderedDict()

    def of(self, number: int) -> events.Sketch:
        """The sketch of a mention."""
        name, place = self._parts.of_mention(number)
        row, within = self._drawn.row_of(name, place)
        kept = self._kept.get((name, row))
        if kept is None:
            told = self._drawn.mentions(name, row)
            sketches = events.sketches(told, {told[0].report: load_about(self._drawn.about(name, row))})
            kept = self._kept[name, row] = [sketches[each.id] for each in told]
            if len(self._kept) > KEPT_SKETCHES:
                self._kept.popitem(last=False)
        return kept[within]


class Drawn:
    """The reports as `scatter` left them, each to be had by itself."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._opened: OrderedDict[str, tuple[pa.Table, Numbers]] = OrderedDict()
        self._kept: OrderedDict[int, Report] = OrderedDict()

    def row_of(self, name: str, place: int) -> tuple[int, int]:
        """The row of the report that a mention of a part is in, and the mention's place there."""
        firsts = self.firsts(name)
        row = int(np.searchsorted(firsts, place, side="right")) - 1
        return row, place - int(firsts[row])

    def firsts(self, name: str) -> Numbers:
        """Place of the first mention of each report of a part, and of the end."""
        return self._part(name)[1]

    def mentions(self, name: str, row: int) -> tuple[Mention, ...]:
        """The mentions of a report."""
        return codec.load(tuple[Mention, ...], self._text(name, row, "mentions"))

    def about(self, name: str, row: int) -> str:
        """What linking knows of a report."""
        return self._text(name, row, "about")

    def report(self, number: int) -> Report:
        """A report by its number."""
        if number not in self._kept:
            name, row = load_parts(self._job).of_report(number)
            self._kept[number] = codec.load(Report, self._text(name, row, "body"))
            if len(self._kept) > KEPT_TEXTS:
                self._kept.popitem(last=False)
        return self._kept[number]

    def _text(self, name: str, row: int, column: str) -> str:
        words: bytes = self._part(name)[0].column(column)[row].as_py()
        return words.decode()

    def _part(self, name: str) -> tuple[pa.Table, Numbers]:
        """A part's table, and the places of first mentions; of some parts kept open."""
        found = self._opened.get(name)
        if found is None:
            table = read_table(self._job.linked / "scatter" / f"{name}.drawn")
            found = self._opened[name] = table, np.r_[0, np.cumsum(column(table, "mention_count"))]
            if len(self._opened) > KEPT_PARTS:
                self._opened.popitem(last=False)
        return found


@functools.lru_cache(maxsize=1)
def texts(job: Job) -> Drawn:
    """The reports of the run, some kept at hand."""
    return Drawn(job)
