"""What is connected by links found before: mentions to components, copied reports to families.

The one step that goes over all links in one process. It holds eight bytes a mention, in a file that the system keeps in
memory as far as there is room.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from stillon.batching.job import Job, load_parts, units
from stillon.batching.linking import COPIES, ODDS
from stillon.batching.tables import BucketWriter, Numbers, bucket_of, column, read_table, whole, write_table
from stillon.linking import events
from stillon.linking.copies import COPIED

FAMILIES = pa.schema([("family", pa.int64()), ("a", pa.int64()), ("b", pa.int64()), ("containment", pa.float64())])
_AT_ONCE = 1 << 20


def connect_mentions(job: Job) -> None:
    """Puts down the component of every mention: mentions of two components are never of one event."""
    parts = load_parts(job)

    def links() -> Iterator[Numbers]:
        for unit in range(len(units(job))):
            ties = read_table(job.linked / "scatter" / f"{unit}.ties")
            yield np.stack([column(ties, "a"), column(ties, "b")], axis=1)
        for bucket in range(job.buckets):
            odds = read_table(job.linked / "odds" / str(bucket))
            sure = odds.column("odds").to_numpy() >= events.JOIN_AT
            yield np.stack([column(odds, "a"), column(odds, "b")], axis=1)[sure]

    connect(job.linked / "components", parts.mentions, links())


def connect_copies(job: Job) -> None:
    """Puts down the pairs of reports of which one is the other's copy, those of one family together."""
    tables = [read_table(job.linked / "copies" / str(bucket)) for bucket in range(job.buckets)]
    copies = pa.concat_tables(tables) if tables else pa.Table.from_pylist([], schema=COPIES)
    copies = copies.filter(pa.array(copies.column("containment").to_numpy() >= COPIED))
    both = np.stack([column(copies, "a"), column(copies, "b")], axis=1)
    connect(job.linked / "families", load_parts(job).reports, [both])
    family = read_connected(job.linked / "families")[both[:, 0]]
    table = pa.Table.from_arrays([pa.array(family), *copies.columns], schema=FAMILIES)
    table = table.take(pa.array(np.lexsort((both[:, 1], both[:, 0], family))))
    write_table(job.linked / "families.arrow", table, packed=False)


def connect(path: Path, size: int, links: Iterable[Numbers]) -> None:
    """Puts down, for each number below `size`, the least one that it is connected with."""
    with whole(path) as beside:
        if not size:
            beside.touch()
            return
        kept = np.memmap(beside, dtype=np.int64, mode="w+", shape=(size,))
        root = np.asarray(kept)  # the same memory, without the cost of a map at each look
        for at in range(0, size, _AT_ONCE):
            root[at : at + _AT_ONCE] = np.arange(at, min(size, at + _AT_ONCE))
        for some in links:
            for a, b in some.tolist():
                one, other = _root(root, a), _root(root, b)
                root[max(one, other)] = min(one, other)
        for at in range(0, size, _AT_ONCE):  # roots are the least of their group, so that those before are done
            for number in range(at, min(size, at + _AT_ONCE)):
                root[number] = root[root[number]]
        kept.flush()


def _root(root: Numbers, number: int) -> int:
    while (above := int(root[number])) != number:
        root[number] = root[above]
        number = int(root[number])
    return number


@functools.lru_cache(maxsize=2)
def read_connected(path: Path) -> Numbers:
    """What `connect` put down, mapped."""
    return np.memmap(path, dtype=np.int64, mode="r") if path.stat().st_size else np.zeros(0, np.int64)


def route(job: Job, bucket: str) -> None:
    """Hands the compared pairs of a bucket to the buckets of their components; pairs of two components part."""
    odds = read_table(job.linked / "odds" / bucket)
    component = read_connected(job.linked / "components")
    a, b = column(odds, "a"), column(odds, "b")
    own = component[a]
    within = own == component[b]
    with BucketWriter(job.linked / "routed" / bucket, ODDS, job.buckets) as writer:
        for rows in odds.filter(pa.array(within)).combine_chunks().to_batches():
            writer.add(bucket_of(own[within], job.buckets), rows)
