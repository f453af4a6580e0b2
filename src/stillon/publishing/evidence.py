"""One event's answer as data in which every statement carries its claims in full, not their ids alone.

For readers that take one part and leave the rest, as assistants do. What follows from silence and from no claim is
marked "derived".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stillon.model import Assessment, Change, Claim, Dossier, Reason, Report, Status
from stillon.publishing.ndjson import source_data, when_data
from stillon.publishing.note import paragraph

Data = dict[str, Any]
AROUND_CHARS = 160
"""Characters of the report's text that are shown before and after a quote."""
LAPSED = "derived: its day passed, and no report says what happened"
GONE = "derived: no report that still counts speaks of it; it was withdrawn, edited, or read anew"


def short(dossier: Dossier) -> Data:
    """The answer for the first event of a dossier, with the claims that decide it."""
    told = _Told(dossier)
    return told.head(dossier.assessments[0])


def whole(dossier: Dossier) -> Data:
    """All of the answer for the first event of a dossier, each statement with its claims."""
    told, given = _Told(dossier), dossier.assessments[0]
    by_id = {each.event.id: each for each in dossier.assessments}
    return told.head(given) | {
        "history": [
            {"status": str(step.status), "on": _iso(step.on), "claims": told.claims(step.claims)}
            for step in given.history
        ],
        "contradictions": [
            {"about": each.about, "claims": told.claims(each.claims)} for each in given.contradictions
        ],
        "reasons": told.reasons(given.reasons),
        "conditions": [
            {**data, "met": each.met}
            for data, each in zip(told.reasons(given.conditions), given.conditions, strict=True)
        ],
        "requires": [told.head(by_id[id]) for id in given.event.requires if id in by_id],
        "prepares": [told.head(by_id[id]) for id in given.event.prepares if id in by_id],
        "open_questions": [
            {"question": each.question, "settled_by": each.settled_by, "derived": "from what no claim says"}
            for each in given.open_questions
        ],
    }  # fmt: skip


def every(dossier: Dossier) -> Data:
    """The answer for the first event of a dossier, and every claim on it with the words around the quote."""
    told, given = _Told(dossier), dossier.assessments[0]
    event_of = dict(dossier.event_of)
    own = [claim for claim in dossier.claims if event_of.get(claim.mention or "") == given.event.id]
    return {
        "event": given.event.id,
        "name": given.event.name,
        "as_of": _iso(given.as_of),
        "status": str(given.status) if given.status else None,
        "claims": [
            told.claim(claim) | {"decides": claim.id in given.because} | told.around(claim) for claim in own
        ],
    }  # fmt: skip


def change_data(change: Change, year: int) -> Data:
    """A change in words, with the answers before and after it and the claims that brought it."""
    given = change.after or change.before
    assert given is not None
    reports = {report.id: report for report in change.reports}
    data: Data = {
        "event": given.event.id,
        "name": given.event.name,
        "what": list(change.what),
        "before": str(change.before.status) if change.before else None,
        "after": str(change.after.status) if change.after else None,
        "told": paragraph(change, year),
        "claims": [claim_evidence(claim, reports) for claim in change.claims],
    }
    if change.after is None:
        data["derived"] = GONE
    elif change.after.status is Status.LAPSED:
        data["derived"] = LAPSED
    return data


class _Told:
    """A dossier with its claims and reports by their ids."""

    def __init__(self, dossier: Dossier) -> None:
        self._claims = {claim.id: claim for claim in dossier.claims}
        self._reports = {report.id: report for report in dossier.reports}

    def head(self, given: Assessment) -> Data:
        """The event, its answer, and the claims that decide it."""
        event = given.event
        data: Data = {
            "id": event.id,
            "name": event.name,
            "kind": str(event.kind),
            "participants": list(event.participants),
            "host": list(event.host),
            "place": given.place or event.place,
            "as_of": _iso(given.as_of),
            "status": str(given.status) if given.status else None,
            "since": _iso(given.since),
            "when": when_data(given.when),
            "was": [when_data(was) for was in given.was],
            "likelihood": given.likelihood,
            "sourcing": f"{given.reliability}{given.credibility}",
            "independent_origins": given.origins,
            "contradicted": bool(given.contradictions),
            "because": self.claims(given.because),
        }
        if given.status is Status.LAPSED:
            data["derived"] = LAPSED
        return data

    def claims(self, ids: Iterable[str]) -> list[Data]:
        """The claims of these ids."""
        return [self.claim(self._claims[id]) for id in ids if id in self._claims]

    def claim(self, claim: Claim) -> Data:
        """One claim."""
        return claim_evidence(claim, self._reports)

    def reasons(self, reasons: Iterable[Reason]) -> list[Data]:
        """Reasons or conditions with the claim that gives each."""
        return [{"text": each.text, "claims": self.claims([each.claim])} for each in reasons]

    def around(self, claim: Claim) -> Data:
        """The words around a quote; nothing where the report's text is not at hand."""
        report = self._reports.get(claim.report)
        if report is None:
            return {}
        text, span = report.title or "" if claim.in_title else report.text, claim.span
        return {
            "before": text[max(0, span.start - AROUND_CHARS) : span.start],
            "after": text[span.end : span.end + AROUND_CHARS],
        }


def claim_evidence(claim: Claim, reports: Mapping[str, Report]) -> Data:
    """A claim on its own: its words, where they stand in which report, who says so, and what it claims."""
    report = reports.get(claim.report)
    return {
        "id": claim.id,
        "quote": claim.text,
        "in": "title" if claim.in_title else "text",
        "start": claim.span.start,
        "end": claim.span.end,
        "status": str(claim.status) if claim.status else None,
        "when": when_data(claim.when),
        "on": _iso(claim.said_on),
        "hedged": claim.hedged,
        "standing": str(claim.standing),
        "sources": [source_data(source) for source in (*claim.sources, *claim.also)],
        "report": {
            "id": claim.report,
            "publisher": report.publisher if report else claim.publisher,
            "published": _iso(report.published if report else claim.published),
            "title": report.title if report else None,
            "url": report.url if report else None,
        },
    }


def _iso(day: object) -> str | None:
    return str(day) if day else None
