"""A report to what it says of planned events: who said it, which event it is, and what is claimed for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from stillon.errors import ModelMissing
from stillon.extraction.asides import read_over
from stillon.extraction.encoder import Encoder, Findings
from stillon.extraction.nodes import Page
from stillon.extraction.passing import may_name_happenings, read_passing
from stillon.extraction.people import find_names
from stillon.extraction.plans import assemble
from stillon.extraction.sources import chain_sayings
from stillon.extraction.tags import read_lead, read_tags
from stillon.extraction.when import find_times
from stillon.model import EventReading, Extraction, Report
from stillon.settings import Settings

__all__ = ["Reader", "extract", "load_reader"]

NOT_NEEDED = ("tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer")
"""Pipes of a spaCy pipeline that are left out: only its names of people, bodies and places are used."""


READ_LEAST = 0.58
"""Least probability of an event with a status in a whole report, where the rest of it is weighed as well."""
READ_BIAS = 0.7
"""Added there to the score of beginning the words of an event: what speaks of none is weighed, too."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What is loaded once: the encoder, and a spaCy pipeline for names."""

    nlp: Any
    """spaCy `Language` with entity recognition."""
    encoder: Encoder
    """The trained encoder with its heads."""


def load_reader(settings: Settings) -> Reader:
    """The loaded models; raises ModelMissing when the pipeline or the weights are not installed."""
    import spacy  # here, so that asking for help or a version need not wait for it

    try:
        nlp = spacy.load(settings.spacy_pipeline, exclude=list(NOT_NEEDED))
    except (OSError, ImportError) as error:
        raise ModelMissing(f"no such spaCy pipeline is installed: {error}", about=settings.spacy_pipeline) from error
    for name, pipe in nlp.pipeline:
        if getattr(pipe, "listening_components", None) == []:  # vectors that nobody left uses
            nlp.remove_pipe(name)
    return Reader(nlp=nlp, encoder=Encoder(threads=settings.threads))


def extract(report: Report, reader: Reader) -> Extraction:
    """The events a report speaks of and its claims about them; empty where it speaks of none.

    Never raises for odd text. Every span of the result is in the frame that `in_title` names.
    """
    heard = _hear(report, reader.encoder)
    if not heard.events and not may_name_happenings(heard.prose):  # the names are the other half of the work
        return Extraction(report=report)
    return assemble(*_look_through(heard, reader))


def look_through(report: Report, reader: Reader) -> tuple[Page, list[EventReading]]:
    """What the encoder, the names and the times find in a report, before events are made of it."""
    return _look_through(_hear(report, reader.encoder), reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A report with what the encoder finds in it."""

    report: Report
    prose: Report
    """The same without what its page pastes into it."""
    title: Findings
    body: Findings

    @property
    def events(self) -> list[EventReading]:
        return self.title.events + self.body.events


def _hear(report: Report, encoder: Encoder) -> _Heard:
    prose = replace(report, text=read_over(report.text))
    return _Heard(
        report=report,
        prose=prose,
        title=encoder.read(report.title or "", in_title=True, least=READ_LEAST, bias=READ_BIAS),
        body=encoder.read(prose.text, title=report.title, start=report.body_start, least=READ_LEAST, bias=READ_BIAS),
    )


def _look_through(heard: _Heard, reader: Reader) -> tuple[Page, list[EventReading]]:
    report, text, title = heard.report, heard.prose.text, heard.report.title or ""
    names = find_names(heard.prose, reader.nlp)
    times = find_times(text, published=report.published)
    title_times = find_times(title, published=report.published)
    told = heard.body.attributions
    sayings = chain_sayings(report, told + read_tags(text, told, start=report.body_start), names, times)
    headed = heard.title.attributions
    sayings += chain_sayings(report, headed + read_lead(title, headed, names), names, title_times, in_title=True)
    passing = read_passing(heard.prose, names, times, heard.body.events)
    statements = (heard.body.statements, heard.title.statements)
    page = Page(report, names, times, sayings, title_times=title_times, statements=statements)
    return page, heard.events + passing
