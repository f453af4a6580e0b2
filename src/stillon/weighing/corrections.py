"""A person's corrections laid over an answer; what reports say against them since then is shown beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from stillon.model import (
    Assessment,
    Claim,
    Contradiction,
    Correction,
    CorrectionKind,
    Source,
    SourceKind,
    Span,
    Standing,
    Status,
    Step,
)
from stillon.weighing.independence import origin_of
from stillon.weighing.planned import dates_part
from stillon.weighing.sourcing import likelihood
from stillon.weighing.standing import words_of
from stillon.weighing.status import said_on

_HEARD_CREDIBILITY = 2
"""Credibility of what one person sets: probably true, as of any one near source."""


def correct(
    assessment: Assessment, corrections: Iterable[Correction], claims: Iterable[Claim]
) -> tuple[Assessment, tuple[Claim, ...]]:
    """The answer with a person's corrections of status, date and place, and the corrections as claims.

    Of two on one matter the one made last holds. `claims` are those on the event; whoever has said otherwise
    since the correction's day stands in the contradictions, and changes nothing else.
    """
    last: dict[CorrectionKind, Correction] = {}
    for each in sorted(corrections, key=lambda each: (each.on, each.recorded_at, each.id)):
        last[each.kind] = each
    told = sorted(claims, key=lambda claim: claim.id)
    signed = []
    for kind in (CorrectionKind.STATUS, CorrectionKind.DATE, CorrectionKind.PLACE):
        if kind in last:
            made = last[kind]
            claim = as_claim(made, assessment.event.mentions[0])
            signed.append(claim)
            assessment = _laid_over(assessment, made, claim)
            parted = _dissent(made, claim, told)
            assessment = replace(assessment, contradictions=(*assessment.contradictions, *parted))
    return assessment, tuple(signed)


def as_claim(correction: Correction, mention: str) -> Claim:
    """The correction as a claim of whoever signed it; its text is the reason given."""
    return Claim(
        id=f"correction:{correction.id}",
        report=f"correction:{correction.id}",
        mention=mention,
        status=correction.status,
        text=correction.because,
        span=Span(0, len(correction.because)),
        sources=(Source(name=correction.by, kind=SourceKind.PERSON),),
        on=correction.on,
        when=correction.when,
        place=correction.place,
        published=correction.on,
        standing=Standing.DECIDING,
    )


def _laid_over(assessment: Assessment, made: Correction, claim: Claim) -> Assessment:
    """The answer with one correction."""
    if made.kind is CorrectionKind.DATE:
        moved = assessment.when is not None and assessment.when != made.when
        was = (*assessment.was, assessment.when) if moved and assessment.when else assessment.was
        status = assessment.status
        if status is Status.LAPSED and made.when and made.when.end and assessment.as_of:
            # a day still to come brings back the status that silence had ended
            status = assessment.history[-1].status if made.when.end >= assessment.as_of else status
        return replace(
            assessment,
            when=made.when,
            was=was,
            status=status,
            likelihood=likelihood(status, assessment.credibility),
        )
    if made.kind is CorrectionKind.PLACE:
        return replace(assessment, place=made.place)
    if made.status is None:
        return assessment
    return replace(
        assessment,
        status=made.status,
        since=made.on,
        standing=claim.standing,
        reliability="A",
        credibility=_HEARD_CREDIBILITY,
        likelihood=likelihood(made.status, _HEARD_CREDIBILITY),
        because=(claim.id,),
        origins=1,
        publishers=0,
        history=(*assessment.history, Step(status=made.status, on=made.on, claims=(claim.id,))),
    )


def _dissent(made: Correction, signed: Claim, told: Sequence[Claim]) -> list[Contradiction]:
    """The newest claim of each origin that has said otherwise since the correction's day."""
    newest: dict[object, Claim] = {}
    for claim in sorted(told, key=lambda claim: (said_on(claim), claim.report, -claim.rank, claim.id)):
        if said_on(claim) >= made.on and _speaks_of(made.kind, claim):
            newest[origin_of(claim)] = claim
    about: Literal["status", "date", "place"] = "status"
    if made.kind is not CorrectionKind.STATUS:
        about = "date" if made.kind is CorrectionKind.DATE else "place"
    return [
        Contradiction(about=about, claims=(signed.id, claim.id))
        for claim in newest.values()
        if _parts(made.kind, signed, claim)
    ]


def _speaks_of(kind: CorrectionKind, claim: Claim) -> bool:
    if kind is CorrectionKind.STATUS:
        return claim.status is not None
    return (claim.when if kind is CorrectionKind.DATE else claim.place) is not None


def _parts(kind: CorrectionKind, signed: Claim, claim: Claim) -> bool:
    if kind is CorrectionKind.STATUS:
        return claim.status is not signed.status
    if kind is CorrectionKind.DATE:
        return dates_part(signed, claim)
    return words_of(signed.place).isdisjoint(words_of(claim.place))
