"""The answer for one event as a few plain sentences, each with the claims that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stillon.model import Assessment, Claim, Dossier, Report, Status
from stillon.publishing.note import is_plural, state_words
from stillon.publishing.terminal import PLAN_GONE, chain_words, clean, quoted_words, short_day, when_words, window

MOST_SIDES = 2
"""Contradictions that are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a summary."""

    text: str
    """The sentence, without its footnotes."""
    claims: tuple[str, ...]
    """Ids of the claims that it rests on; empty only for what no claim says."""


def summarise(assessment: Assessment, dossier: Dossier) -> list[Sentence]:
    """The answer, the day, who parts from it, why, what it hangs on and what is open, for whoever writes a note."""
    claims = {claim.id: claim for claim in dossier.claims}
    reports = {report.id: report for report in dossier.reports}
    told = [_answer(assessment)]
    told += _said(assessment, claims, reports)
    told += _sides(assessment, claims, reports)
    told += [
        Sentence(text=f"The reason given: {quoted_words(each.text)}.", claims=(each.claim,))
        for each in assessment.reasons[:1]
    ]
    for each in assessment.conditions[:2]:
        met = {True: "it is met", False: "it is not met", None: "whether it is met is not known"}[each.met]
        told.append(Sentence(text=f"It hangs on a condition, {quoted_words(each.text)}; {met}.", claims=(each.claim,)))
    if assessment.open_questions:
        asked = assessment.open_questions[0]
        told.append(Sentence(text=f"Open: {clean(asked.question)}", claims=()))
    return told


def render_text(assessment: Assessment, dossier: Dossier) -> str:
    """The sentences with their footnotes as numbers, and below them what each number stands for."""
    sentences = summarise(assessment, dossier)
    claims = {claim.id: claim for claim in dossier.claims}
    reports = {report.id: report for report in dossier.reports}
    numbers = footnotes(sentences)
    lines = [" ".join(each.text + "".join(f"[{numbers[id]}]" for id in each.claims) for each in sentences), ""]
    for id, number in numbers.items():
        if id in claims:
            lines.append(f"[{number}] {footnote(claims[id], reports)}")
    return "\n".join(lines).strip() + "\n"


def footnotes(sentences: Sequence[Sentence]) -> dict[str, int]:
    """A number for each claim, in the order in which they are named."""
    named = dict.fromkeys(id for each in sentences for id in each.claims)
    return {id: number for number, id in enumerate(named, start=1)}


def footnote(claim: Claim, reports: Mapping[str, Report]) -> str:
    """A claim as a footnote: who says it, its words, where they were printed."""
    report = reports.get(claim.report)
    where = [clean(report.publisher or report.file)] if report else []
    if claim.published:
        where.append(window(claim.published, claim.published))
    if report and report.url:
        where.append(clean(report.url))
    who = f"{chain_words(claim)}: " if claim.sources else ""
    return f"{who}{quoted_words(claim.text)}" + (f" ({', '.join(where)})" if where else "")


def _answer(assessment: Assessment) -> Sentence:
    name = clean(assessment.event.name)
    name = name[:1].upper() + name[1:]
    if assessment.status is None:
        return Sentence(text=f"{name}: no report says whether it is on.", claims=())
    days = ""
    when = assessment.when
    if when is not None and (when.start is not None or when.text):
        if assessment.status in PLAN_GONE:
            days = f"; it was planned for {when_words(when, short=True)}"
        elif assessment.status in (Status.HELD, Status.UNDER_WAY):
            days = f", {when_words(when, short=True)}"
        elif assessment.status is not Status.LAPSED:
            days = f"; it is planned for {when_words(when, short=True)}"
    place = clean(assessment.place or assessment.event.place or "")
    where = f" in {place}" if place and place.casefold() not in name.casefold() else ""
    since = ""
    if assessment.since and assessment.status not in (Status.HELD, Status.LAPSED):
        since = f" since {window(assessment.since, assessment.since)}"
    now = state_words(assessment.status, several=is_plural(assessment))
    return Sentence(text=f"{name}{where} {now}{since}{days}.", claims=assessment.because)


def _said(assessment: Assessment, claims: Mapping[str, Claim], reports: Mapping[str, Report]) -> list[Sentence]:
    """Who says so, and how many origins there are."""
    deciding = [claims[id] for id in assessment.because if id in claims]
    if not deciding:
        return []
    first = deciding[0]
    report = reports.get(first.report)
    who = chain_words(first) or (clean(report.publisher or report.file) if report else "a report")
    origins = f"{assessment.origins} independent origin{'' if assessment.origins == 1 else 's'}"
    return [Sentence(text=f"That rests on {origins}, {who} first: {quoted_words(first.text)}.", claims=(first.id,))]


def _sides(assessment: Assessment, claims: Mapping[str, Claim], reports: Mapping[str, Report]) -> list[Sentence]:
    """Who says otherwise."""
    told: list[Sentence] = []
    deciding = set(assessment.because)
    for each in assessment.contradictions:
        other = next((claims[id] for id in reversed(each.claims) if id in claims and id not in deciding), None)
        if other is None or len(told) == MOST_SIDES:
            continue
        report = reports.get(other.report)
        who = chain_words(other) or (clean(report.publisher or report.file) if report else "a report")
        year = assessment.as_of.year if assessment.as_of else None
        day = short_day(other.said_on, year, month="%B")
        said = f"{who}{f', {day}' if day else ''}: {quoted_words(other.text)}."
        if (other.id,) not in [one.claims for one in told]:
            told.append(Sentence(text=f"Against that on the {each.about}, {said}", claims=(other.id,)))
    return told
