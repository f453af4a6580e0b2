"""A desk with a store of its own, and a plain extraction in the place of the trained one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from stillon.keeping import answering, changing, correcting, filing
from stillon.model import (
    Assessment,
    Claim,
    Correction,
    CorrectionKind,
    Dossier,
    Extraction,
    Kind,
    Mention,
    Note,
    Precision,
    Report,
    Status,
    When,
)
from stillon.settings import Settings
from stillon.storing import Store

TODAY = date(2031, 3, 20)


class Desk:
    """Short words for what tests do with a store."""

    def __init__(self, store: Store, clock: Any, make_report: Callable[..., Report]) -> None:
        self.store = store
        self.clock = clock
        self.make_report = make_report

    def add(self, text: str, published: date | None = date(2031, 3, 4), **fields: Any) -> filing.Filed:
        """Puts one report in."""
        (filed,) = self.add_all([self.make_report(text, published=published, **fields)])
        return filed

    def add_all(self, reports: list[Report]) -> list[filing.Filed]:
        """Puts reports in."""
        return list(filing.add_reports(self.store, reports, settings=Settings(), now=self.clock))

    def board(
        self, as_of: date = TODAY, today: date = TODAY, most: int | None = None, **wanted: Any
    ) -> answering.Board:
        """The board as of a day."""
        view = answering.View(as_of=as_of)
        return answering.board(self.store, wanted=answering.Filter(**wanted), view=view, today=today, most=most)

    def statuses(self, **options: Any) -> dict[str, str]:
        """Status by the event's last word of name."""
        return {each.event.name.split()[0]: str(each.status) for each in self.board(**options).answers}

    def event(self, words: str, **view: Any) -> Dossier:
        """The dossier of the event that the words mean most likely."""
        asked = answering.View(**{"as_of": TODAY, **view})
        (id, *_) = answering.find_events(self.store, words, view=asked, today=TODAY)
        return answering.event_dossier(self.store, id, view=asked)

    def answer(self, words: str, **view: Any) -> Assessment:
        """The answer for the event that the words mean most likely."""
        dossier = self.event(words, **view)
        return dossier.assessments[0]

    def correct(self, kind: str, *about: str, on: date = TODAY) -> Correction:
        """Puts in a correction by Kim Berg."""
        return correcting.correct_store(
            self.store,
            CorrectionKind(kind),
            about,
            by="Kim Berg",
            because="they rang us",
            on=on,
            recorded_at=self.clock(),
        )

    def note(self, since: date, until: date = TODAY, **options: Any) -> Note:
        """What changed."""
        return changing.note_of(self.store, since=since, until=until, today=TODAY, **options)


@pytest.fixture
def desk(store: Store, clock: Any, make_report: Callable[..., Report], plain_extraction: None) -> Desk:
    """A desk with an empty store."""
    return Desk(store, clock, make_report)


@pytest.fixture
def make_extraction(make_report: Callable[..., Report], make_claim: Callable[..., Claim]) -> Callable[..., Extraction]:
    """Puts a report in that schedules an event for a day, in a store of the desk's."""

    def build(
        desk: Desk, *, day: date | None, name: str = "Regatta", place: str | None = None, version: str = "1",
        published: date = date(2031, 2, 20), status: Status = Status.SCHEDULED, report: Report | None = None,
    ) -> Extraction:  # fmt: skip
        report = report or make_report(f"The {name} is on.", published=published)
        when = When(start=day, end=day, precision=Precision.DAY, text="that day") if day else None
        mention = Mention(
            id=f"{report.id}.0",
            report=report.id,
            name=f"{name} of {name}ville",
            kind=Kind.MATCH,
            participants=(f"{name} Club",),
            place=place,
            when=when,
            status=status,
            published=report.published,
        )
        claim = make_claim(
            status,
            text=report.text,
            report=report.id,
            mention=mention.id,
            published=report.published,
            publisher=report.publisher,
            sources=(f"{name} Club",),
            when=when,
            place=place,
        )
        extraction = Extraction(report=report, mentions=(mention,), claims=(claim,))
        filing.file_extraction(desk.store, extraction, version=version, now=desk.clock)
        return extraction

    return build
