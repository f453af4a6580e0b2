"""One answer in plain lines, for formats that have room for words: status, days, who says so, who does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stillon.model import Assessment, Claim, Dossier, Report, Status
from stillon.publishing.editions import Editions
from stillon.publishing.note import credited
from stillon.publishing.terminal import CREDIBILITY, PLAN_GONE, RELIABILITY, clean, quoted_words, when_words, window

MOST_CLAIMS = 4
"""Claims that are quoted for an answer, and as many of those that speak against it."""
_PLAIN = {Status.ANNOUNCED, Status.SCHEDULED, Status.GOING_AHEAD, Status.RESCHEDULED, Status.HELD}
"""Statuses that a calendar's entry does not need to say in front of its name."""


def headed(given: Assessment) -> str:
    """The event's name, behind its status where that is not what one expects of an entry: "IN DOUBT: Summit"."""
    name = clean(given.event.name)
    if given.status is None or given.status in _PLAIN:
        return name
    return f"{str(given.status).upper()}: {name}"


def status_line(given: Assessment) -> str:
    """ "in doubt since 22 October 2025; outlook: roughly even chance"."""
    words = str(given.status)
    if given.since:
        words += f" since {window(given.since, given.since)}"
    return words + (f"; outlook: {given.likelihood}" if given.likelihood else "")


def date_line(given: Assessment) -> str | None:
    """ "Planned for Tuesday 18 March 2031", or that it was; None where no day was ever named."""
    if given.when is None:
        return None
    words = when_words(given.when)
    if given.when.start is None:
        return f"When: {words}"
    return f"{'Was planned for' if given.status in PLAN_GONE else 'When:'} {words}"


def sourcing_line(given: Assessment) -> str:
    """The Admiralty grade in words, with how many independent origins stand behind it."""
    origins = f"{given.origins} independent origin{'' if given.origins == 1 else 's'}"
    return (
        f"Sourcing: {given.reliability}{given.credibility} (source {RELIABILITY.get(given.reliability, 'unknown')}, "
        f"answer {CREDIBILITY.get(given.credibility, 'unknown')}), {origins}"
    )


def lines(given: Assessment, editions: Editions) -> list[str]:
    """The whole answer: status, days and former days, people, claims that decide and that part, reasons, questions."""
    claims, reports = editions.claims, editions.reports
    year = given.as_of.year if given.as_of else 0
    found = [f"Status: {status_line(given)}"]
    date = date_line(given)
    if date:
        found.append(date)
    found += [f"Before that: {when_words(was)}" for was in given.was]
    if given.event.participants:
        found.append(f"Who: {', '.join(clean(name) for name in given.event.participants)}")
    found += [_with_url(claim, reports, year) for claim in editions.deciding(given)[:MOST_CLAIMS]]
    against = dict.fromkeys(id for each in given.contradictions for id in each.claims if id not in given.because)
    found += [f"But: {_with_url(claims[id], reports, year)}" for id in list(against)[:MOST_CLAIMS] if id in claims]
    found += [f"Why: {quoted_words(each.text)}" for each in given.reasons]
    found += [f"Hangs on: {quoted_words(each.text)}" for each in given.conditions]
    found += [f"Open: {clean(each.question)}" for each in given.open_questions]
    found.append(sourcing_line(given))
    return found


def _with_url(claim: Claim, reports: Mapping[str, Report], year: int) -> str:
    report = reports.get(claim.report)
    return credited(claim, reports, year) + (f" {clean(report.url)}" if report and report.url else "")


def answered(dossier: Dossier) -> list[Assessment]:
    """The events that a status is claimed for, in the order of the dossier."""
    return [each for each in dossier.assessments if each.status is not None]


def joined(words: Iterable[str]) -> str:
    """Lines as one text."""
    return "\n".join(words)
