"""What each stage sees on its own, as plain objects: for `stillon inspect` and the measuring of quality."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from stillon.errors import StillonError
from stillon.extraction import Reader, load_reader
from stillon.extraction.planned import by_former_day, by_its_days, by_new_day, day_it_was_for
from stillon.extraction.turns import by_its_words
from stillon.extraction.when import find_times, when_of
from stillon.linking import find_copies
from stillon.model import Attribution, EventReading, Report, Span, TimeExpression
from stillon.pipeline import OnError, raise_error
from stillon.reading import read_objects
from stillon.reading.metadata import parse_published
from stillon.settings import Settings

Data = dict[str, Any]


def read_inputs(
    sources: Iterable[str],
    *,
    settings: Settings,
    stdin: BinaryIO | None = None,
    on_error: OnError = raise_error,
) -> Iterator[Report]:
    """The inputs of files, folders, urls and "-", single sentences and texts in any language among them."""
    for source in sources:
        for found in read_objects(source, settings, stdin=stdin):
            if isinstance(found, StillonError):
                on_error("read", found.about or source, found)
            else:
                yield _as_report(found)


def inspect(what: str, reports: Iterable[Report], *, settings: Settings) -> Iterator[Data]:
    """What the stage named `what` sees: one object per report, for "copies" one per pair that shares text."""
    if what == "copies":
        yield from _copies(list(reports))
        return
    if what == "dates":
        for report in reports:
            times = find_times(report.text, published=report.published)
            yield {"id": report.file, "dates": [_time(time) for time in times]}
        return
    see = _SEEN_BY_THE_ENCODER[what]
    reader = load_reader(settings)
    for report in reports:
        yield see(report, reader)


def _attributions(report: Report, reader: Reader) -> Data:
    found = reader.encoder.read(report.text, title=report.title).attributions
    return {"id": report.file, "attributions": [_attribution(each) for each in found]}


def _sentences(report: Report, reader: Reader) -> Data:
    found = reader.encoder.read(report.text, title=report.title, before=report.before).events
    times = find_times(report.text, published=report.published, ahead=True)

    def settled(reading: EventReading) -> EventReading:
        reading = by_its_words(reading, report.text)
        when = when_of(report.text, reading.when, times) if reading.when else None
        reading = by_new_day(reading, when, report.text)
        status = by_its_days(reading.status, when, report.published, alone=reading.when is None)
        was = day_it_was_for(reading, report.text, times)
        return by_former_day(replace(reading, status=status, was=was), report.text)

    return {"id": report.file, "events": [_reading(settled(each), report.text) for each in found]}


_SEEN_BY_THE_ENCODER: dict[str, Callable[[Report, Reader], Data]] = {
    "attributions": _attributions,
    "sentences": _sentences,
}


def _copies(reports: list[Report]) -> Iterator[Data]:
    file = {report.id: report.file for report in reports}
    for copy in find_copies(reports):
        yield {"a": file[copy.a], "b": file[copy.b], "containment": copy.containment}


def _as_report(given: Data) -> Report:
    """The input object as a report; fields of another type than they should have count as not given."""
    published, published_at = parse_published(given.get("published"))
    return Report(
        id=str(given["id"]),
        file=str(given["id"]),
        text=given["text"],
        title=_words(given.get("title")),
        before=_words(given.get("before")),
        published=published,
        published_at=published_at,
    )


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _time(time: TimeExpression) -> Data:
    return {
        "span": [time.span.start, time.span.end],
        "text": time.text,
        "type": time.type,
        "value": time.value,
        "start": time.start.isoformat() if time.start else None,
        "end": time.end.isoformat() if time.end else None,
        "precision": str(time.precision),
    }


def _attribution(attribution: Attribution) -> Data:
    return {
        "source": _spans(attribution.source),
        "cue": _spans(attribution.cue),
        "content": _spans(attribution.content),
        "score": round(attribution.score, 3),
    }


def _reading(reading: EventReading, text: str) -> Data:
    def words(span: Span | None) -> str | None:
        return span.of(text) if span else None

    return {
        "event": reading.event.of(text),
        "kind": str(reading.kind),
        "status": str(reading.status) if reading.status else None,
        "cue": words(reading.cue),
        "who": [span.of(text) for span in reading.who],
        "where": words(reading.where),
        "when": words(reading.when),
        "was": words(reading.was),
        "why": words(reading.why),
        "if": words(reading.condition),
        "hedged": reading.hedged,
        "score": round(reading.score, 3),
    }


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
