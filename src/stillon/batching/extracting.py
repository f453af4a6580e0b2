"""One part read: its inputs made reports, and what each says, put on the disk as one file."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from stillon import pipeline
from stillon.batching.job import Job
from stillon.batching.splitting import as_rejected, load_part
from stillon.batching.tables import read_table, write_table, write_text
from stillon.errors import ReadError, StillonError
from stillon.extraction import Reader
from stillon.keeping.filing import address_of, dump_about
from stillon.linking import entities
from stillon.model import Claim, Extraction, Mention, Report
from stillon.reading import read_input
from stillon.settings import Settings
from stillon.storing import codec

_SCHEMA = pa.schema(
    [
        ("id", pa.string()), ("address", pa.string()), ("published", pa.date32()),
        ("body", pa.large_binary()), ("about", pa.large_binary()),
        ("mentions", pa.large_binary()), ("claims", pa.large_binary()), ("mention_count", pa.int32()),
    ]
)  # fmt: skip


@functools.lru_cache(maxsize=1)
def loaded(settings: Settings) -> Reader:
    """The models, loaded once for each worker."""
    return pipeline.load_reader(settings)


def read_part(job: Job, name: str) -> None:
    """Reads one part; done where its file is there, and then its inputs are no longer needed."""
    file = job.read / f"{name}.arrow"
    key, _, number = name.rpartition("-")
    inputs = job.inputs / key / f"{number}.arrow"
    rejected: list[Mapping[str, str]] = []

    def reject(stage: str, about: str, error: StillonError) -> None:
        rejected.append(as_rejected(stage, about, error))

    if not inputs.exists() and file.exists():  # done by a worker that died before it could say so
        return
    rows = [_row(each) for each in pipeline.extract_all(_reports(job, inputs, reject), loaded(job.settings), reject)]
    days = [row["published"] for row in rows if row["published"]]
    facts = {
        "reports": len(rows),
        "mentions": sum(row["mention_count"] for row in rows),
        "latest": max(days).isoformat() if days else None,
        "rejected": len(rejected),
    }
    write_text(job.read / f"{name}.rejected.jsonl", "".join(f"{json.dumps(each)}\n" for each in rejected))
    write_table(file, pa.Table.from_pylist(rows, schema=_SCHEMA), packed=True, facts=facts)
    inputs.unlink(missing_ok=True)


def _reports(job: Job, inputs: Path, reject: pipeline.OnError) -> Iterator[Report]:
    for each in load_part(inputs):
        try:
            yield read_input(each, job.settings, published=job.published, publisher=job.publisher)
        except ReadError as error:
            reject("read", error.about or each.about, error)


def _row(extraction: Extraction) -> dict[str, Any]:
    report = extraction.report
    return {
        "id": report.id,
        "address": address_of(report),
        "published": report.published,
        "body": codec.dump(report).encode(),
        "about": dump_about(entities.about(report)).encode(),
        "mentions": json.dumps([codec.to_data(each) for each in extraction.mentions]).encode(),
        "claims": json.dumps([codec.to_data(each) for each in extraction.claims]).encode(),
        "mention_count": len(extraction.mentions),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """A report that was read, with what it says."""

    row: int
    """Its row in its part."""
    first_mention: int
    """Place of its first mention among those of its part."""
    address: str
    """What its revisions share."""
    about: str
    """What linking needs to know of it."""
    extraction: Extraction
    """The report, its mentions and its claims."""


def load_read(job: Job, name: str) -> Iterator[ReadReport]:
    """The reports of a part that was read, in their order."""
    first = 0
    for row, each in enumerate(read_table(job.read / f"{name}.arrow").to_pylist()):
        yield ReadReport(
            row=row,
            first_mention=first,
            address=each["address"],
            about=each["about"].decode(),
            extraction=Extraction(
                report=codec.load(Report, each["body"].decode()),
                mentions=tuple(codec.from_data(Mention, own) for own in json.loads(each["mentions"])),
                claims=tuple(codec.from_data(Claim, own) for own in json.loads(each["claims"])),
            ),
        )
        first += each["mention_count"]
