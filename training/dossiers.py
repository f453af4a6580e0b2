"""The labelled dossiers of the pool: which readings of an article are of one event, and what its sayings claim.

`labels/dossiers.jsonl` holds places alone; the articles are those of the unlabelled pool.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from stillon.model import Report

Place = tuple[bool, int]
"""In the title or not, and the offset at which a reading begins."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One article with what is labelled in it."""

    report: Report
    events: list[dict[str, Any]]
    other: list[list[dict[str, Any]]]
    claims: list[dict[str, Any]]
    """Statements that bear on an event, with the status they claim for it, None for none."""
    rest: list[dict[str, Any]]
    """Statements that bear on none."""

    def event_at(self) -> dict[Place, int]:
        """The event that stands at each labelled place; happenings that are not listed have numbers of their own."""
        groups = [*(each["spans"] for each in self.events), *self.other]
        return {
            (bool(at.get("in_title")), at["span"][0]): number for number, spans in enumerate(groups) for at in spans
        }


def load_pool(pool: Path) -> dict[str, dict[str, Any]]:
    """The articles of the pool by id, in its order."""
    with gzip.open(pool, "rt", encoding="utf-8") as lines:
        return {row["id"]: row for row in map(json.loads, lines)}


def load_dossiers(pool: Path, labels: Path) -> Iterator[Dossier]:
    """The labelled articles, in the order of their labels."""
    rows = load_pool(pool)
    for line in labels.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        row = rows[told["article"]]
        report = Report(
            id=row["id"],
            file=row["id"],
            text=row["text"],
            title=row["title"],
            url=row["url"],
            publisher=row["outlet"],
            published=date.fromisoformat(row["published"][:10]),
            body_start=0,
        )
        yield Dossier(report, told["events"], told["other"], told["claims"], told["rest"])
