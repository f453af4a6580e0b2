"""A dossier as JSON, in the shape that the contract fixes; one a line, or all in one object.

Days are ISO 8601, instants UTC with Z, spans [start, end) into the text of the claim's report, or into
its title where the claim carries `"in": "title"`. What is not known is null or an empty list.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from typing import Any

from stillon.model import Assessment, Claim, Day, Dossier, Reason, Report, Source, Span, When

Data = dict[str, Any]


def render_line(dossier: Dossier) -> str:
    """The dossier as one line of JSON, without the line's end."""
    return dump_line(to_data(dossier))


def render_json(dossiers: Iterable[Dossier]) -> str:
    """One dossier as an object; several, or none, as `{"dossiers": [...]}`."""
    data = [to_data(dossier) for dossier in dossiers]
    return _dump(data[0] if len(data) == 1 else {"dossiers": data}, indent=1)


def to_data(dossier: Dossier) -> Data:
    """The dossier as plain dicts and lists, keys in the contract's order."""
    event_of = dict(dossier.event_of)
    copy_of = dict(dossier.copy_of)
    data: Data = {
        "as_of": f"{dossier.as_of.isoformat()}T23:59:59Z" if dossier.as_of else None,
        "reports": [report_data(report, copy_of.get(report.id)) for report in dossier.reports],
        "events": [event_data(assessment) for assessment in dossier.assessments],
        "claims": [claim_data(claim, event_of.get(claim.mention or "")) for claim in dossier.claims],
    }
    return data if dossier.file is None else {"file": dossier.file, **data}


def dump_json(data: Data | list[Data]) -> str:
    """One object, or a list of them, as indented JSON."""
    return _dump(data, indent=1)


def dump_line(data: Data) -> str:
    """One object as one line of JSON, without the line's end."""
    return _dump(data, indent=None)


def _dump(data: Data | list[Data], *, indent: int | None) -> str:
    """JSON text that any UTF-8 stream can carry: lone surrogates are replaced, all else kept as is."""
    text = json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def report_data(report: Report, copy_of: str | None) -> Data:
    """A report without its text, in the contract's shape."""
    return {
        "id": report.id,
        "file": report.file,
        "url": report.url,
        "publisher": report.publisher,
        "published": _day(report.published),
        "published_at": _instant(report.published_at),
        "title": report.title,
        "authors": list(report.authors),
        "agency": report.agency,
        "copy_of": copy_of,
    }


def event_data(assessment: Assessment) -> Data:
    """An event with its answer, in the contract's shape."""
    event = assessment.event
    return {
        "id": event.id,
        "name": event.name,
        "kind": str(event.kind),
        "participants": list(event.participants),
        "host": list(event.host),
        "place": assessment.place or event.place,
        "when": when_data(assessment.when),
        "was": [when_data(when) for when in assessment.was],
        "status": _text(assessment.status),
        "since": _day(assessment.since),
        "standing": _text(assessment.standing),
        "reliability": assessment.reliability,
        "credibility": assessment.credibility,
        "likelihood": assessment.likelihood,
        "history": [
            {"status": str(step.status), "on": _day(step.on), "claims": list(step.claims)}
            for step in assessment.history
        ],
        "because": list(assessment.because),
        "origins": assessment.origins,
        "publishers": assessment.publishers,
        "contradictions": [{"about": each.about, "claims": list(each.claims)} for each in assessment.contradictions],
        "reasons": [{"text": reason.text, "claim": reason.claim} for reason in assessment.reasons],
        "conditions": [_condition(condition) for condition in assessment.conditions],
        "requires": list(event.requires),
        "prepares": list(event.prepares),
        "open_questions": [
            {"question": each.question, "settled_by": each.settled_by} for each in assessment.open_questions
        ],
    }


def claim_data(claim: Claim, event: str | None) -> Data:
    """A claim with the event it bears on, in the contract's shape."""
    data: Data = {
        "id": claim.id,
        "report": claim.report,
        "event": event,
        "mention": claim.mention,
        "status": _text(claim.status),
        "text": claim.text,
        "span": _span(claim.span),
        "cue": claim.cue,
        "cue_span": _span(claim.cue_span),
        "implied": claim.implied,
        "status_cue": claim.status_cue,
        "status_span": _span(claim.status_span),
        "quote": claim.quote,
        "sources": [source_data(source) for source in claim.sources],
        "with": [source_data(source) for source in claim.also],
        "standing": str(claim.standing),
        "on": _day(claim.on),
        "hedged": claim.hedged,
        "when": when_data(claim.when),
        "was": when_data(claim.was),
        "place": claim.place,
        "reason": _span(claim.reason),
        "condition": _span(claim.condition),
    }
    if claim.in_title:
        data["in"] = "title"
    return data


def source_data(source: Source) -> Data:
    """A link of a claim's chain, in the contract's shape."""
    return {
        "name": source.name,
        "kind": str(source.kind),
        "resolved": source.resolved,
        "org": source.org,
        "span": _span(source.span),
        "anonymity": source.anonymity,
    }


def _condition(condition: Reason) -> Data:
    return {"text": condition.text, "claim": condition.claim, "met": condition.met}


def when_data(when: When | None) -> Data | None:
    """A date, in the contract's shape."""
    if when is None:
        return None
    return {
        "start": _day(when.start),
        "end": _day(when.end),
        "precision": str(when.precision),
        "time": when.time,
        "zone": when.zone,
        "text": when.text,
    }


def _day(day: Day | None) -> str | None:
    return day.isoformat() if day else None


def _instant(instant: datetime.datetime | None) -> str | None:
    return instant.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant else None


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
