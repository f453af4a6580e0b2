"""A report with readings made by hand, found in it by their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stillon.extraction.encoder import Statements
from stillon.extraction.nodes import Page
from stillon.extraction.people import find_names
from stillon.extraction.plans import assemble
from stillon.extraction.sentences import split_sentences
from stillon.extraction.sources import Saying
from stillon.extraction.when import find_times
from stillon.model import EventReading, Extraction, Kind, Report, Source, SourceKind, Span, Status


@dataclass
class Ent:
    """An entity as spaCy gives it."""

    text: str
    label_: str


@dataclass
class Doc:
    """A document as spaCy gives it."""

    ents: list[Ent]


PERSONS = ("Ada Lund", "Jon Voss", "Mira Kant", "Karel Brod")


BODIES = (
    "Senate Harbour Committee",
    "Senate Harbour Committees",
    "Lakeside Security Conference",
    "Democratic National Rally",
    "Address of the Isles",
)


def recognise(text: str) -> Doc:
    return Doc(
        [Ent(name, "PERSON") for name in PERSONS if name in text]
        + [Ent(name, "ORG") for name in BODIES if name in text]
        + [Ent(name, "GPE") for name in ("Fjordby", "Europe") if name in text]
    )


class Story:
    """A report and readings found in it by their words."""

    def __init__(self, text: str) -> None:
        self.report = Report(id="r1", file="r1", text=text, published=date(2031, 3, 4))
        self.readings: list[EventReading] = []
        self.sayings: list[Saying] = []
        self.statements = Statements()

    def span(self, words: str, after: int = 0) -> Span:
        start = self.report.text.index(words, after)
        return Span(start, start + len(words))

    def event(self, words: str, kind: Kind, status: Status | None, cue: str, **parts: str | list[str]) -> Story:
        event = self.span(words)
        who = parts.pop("who", [])
        self.readings.append(
            EventReading(
                event=event,
                kind=kind,
                status=status,
                cue=self.span(cue),
                who=tuple(self.span(w) for w in who),
                sentence=next(s for s in split_sentences(self.report.text) if s.overlaps(event)),
                **{k: self.span(v) for k, v in parts.items() if isinstance(v, str)},  # type: ignore[arg-type]
            )
        )
        return self

    def said(self, content: str, source: str) -> Story:
        span, who = self.span(content), self.span(source)
        chain = (Source(name=source, kind=SourceKind.PERSON, span=who),)
        self.sayings.append(Saying(content=(span,), span=span, cue="said", sources=chain))
        return self

    def page(self) -> Page:
        names = find_names(self.report, recognise)
        times = find_times(self.report.text, published=self.report.published)
        return Page(self.report, names, times, self.sayings, statements=(self.statements, Statements()))

    def read(self) -> Extraction:
        return assemble(self.page(), self.readings)
