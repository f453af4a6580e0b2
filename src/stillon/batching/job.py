"""What a run is, and where its files lie: all that a worker must be told, whatever machine it works on."""

from __future__ import annotations

import datetime
import functools
import json
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from stillon.model import Day
from stillon.settings import Settings

PART = 25
"""Inputs in a part, the least that is done again after a stop: some seconds of reading."""
LATEST = "latest"
"""Stands for the latest publication day among the reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run as every worker knows it."""

    out: Path
    """Folder of the run."""
    settings: Settings
    """What is set."""
    published: Day | None
    """Publication day of input that states none."""
    publisher: str | None
    """Publisher of input that states none."""
    recorded_at: datetime.datetime
    """When the run was begun, aware UTC; a rerun keeps it."""
    version: str
    """Stands for everything that decides what is read in a report."""
    generation: str = ""
    """Stands for everything that decides the answers; empty until all is read."""
    as_of: tuple[Day | None, ...] = ()
    """Days of the answers; None where no report has a day."""
    buckets: int = 1
    """Into how many buckets the rows are cut."""
    share: int = 1
    """How many reports one task takes on at least, where it takes on whole parts."""

    @property
    def work(self) -> Path:
        """Where the run keeps what it needs to go on."""
        return self.out / "_work"

    @property
    def inputs(self) -> Path:
        """Inputs cut into parts, until they are read."""
        return self.work / f"inputs-{self.version}"

    @property
    def read(self) -> Path:
        """What was read, a file a part."""
        return self.work / f"read-{self.version}"

    @property
    def linked(self) -> Path:
        """What is worked out of all that was read; goes when the run is done."""
        return self.work / f"link-{self.generation}"


@dataclass(frozen=True, slots=True)
class Part:
    """What was read of one part."""

    name: str
    """Its name."""
    reports: int
    """How many reports it holds."""
    mentions: int
    """How many mentions they have."""


class Parts:
    """All parts that were read, in the order of the inputs; reports and mentions are numbered through."""

    def __init__(self, parts: list[Part]) -> None:
        self.all = parts
        self._index = {part.name: at for at, part in enumerate(parts)}
        self._units: list[list[Part]] = []
        self._reports = [0]
        self._mentions = [0]
        for part in parts:
            self._reports.append(self._reports[-1] + part.reports)
            self._mentions.append(self._mentions[-1] + part.mentions)

    def units(self, share: int) -> list[list[Part]]:
        """Neighbouring parts together, so that each unit but the last has `share` reports or more."""
        if not self._units:
            held = share
            for part in self.all:
                if held >= share:
                    self._units.append([])
                    held = 0
                self._units[-1].append(part)
                held += part.reports
        return self._units

    @property
    def reports(self) -> int:
        """How many reports there are."""
        return self._reports[-1]

    @property
    def mentions(self) -> int:
        """How many mentions there are."""
        return self._mentions[-1]

    def first_report(self, name: str) -> int:
        """Number of the first report of a part."""
        return self._reports[self._index[name]]

    def first_mention(self, name: str) -> int:
        """Number of the first mention of a part."""
        return self._mentions[self._index[name]]

    def of_report(self, number: int) -> tuple[str, int]:
        """The part of a report, and its row there."""
        at = bisect_right(self._reports, number) - 1
        return self.all[at].name, number - self._reports[at]

    def of_mention(self, number: int) -> tuple[str, int]:
        """The part of a mention, and its place among the part's mentions."""
        at = bisect_right(self._mentions, number) - 1
        return self.all[at].name, number - self._mentions[at]


def dump_parts(parts: Parts) -> str:
    """The parts as JSON."""
    return json.dumps([[part.name, part.reports, part.mentions] for part in parts.all])


def units(job: Job) -> list[list[Part]]:
    """The parts, those together that one task takes on."""
    return load_parts(job).units(job.share)


@functools.lru_cache(maxsize=2)
def load_parts(job: Job) -> Parts:
    """The parts of the run; every worker reads them once."""
    return Parts([Part(*each) for each in json.loads((job.linked / "parts.json").read_text(encoding="utf-8"))])
