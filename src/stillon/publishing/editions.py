"""Which edition of an answer somebody holds: a number that grows with each change, and when it changed last."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stillon.model import Assessment, Claim, Day, Dossier, Report, Status, When

NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
"""Stands for the instant of an answer from reports without any day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which one of an event's answers this is."""

    number: int
    """0 for the first; greater after every change, by one or more."""
    at: datetime.datetime
    """When it came to be, aware UTC: publication of the newest report that counts, or the day on which it lapsed."""
    first_at: datetime.datetime
    """Publication of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """One change in an event's life, as the answer of a later day tells it."""

    what: Literal["status", "date"]
    """What changed."""
    status: Status
    """Status from then on."""
    on: Day | None
    """Day from which it counts."""
    at: datetime.datetime
    """When it was published first, aware UTC."""
    when: When | None
    """Days planned that its claims give."""
    claims: tuple[Claim, ...]
    """The claims that brought it; empty for lapsed, which silence brings."""


class Editions:
    """The editions and turnings of a dossier's events; its claims and reports by their ids."""

    def __init__(self, dossier: Dossier) -> None:
        self.claims: Mapping[str, Claim] = {claim.id: claim for claim in dossier.claims}
        self.reports: Mapping[str, Report] = {report.id: report for report in dossier.reports}
        event_of = dict(dossier.event_of)
        told: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in dossier.claims:
            if claim.mention in event_of:
                told[event_of[claim.mention]].append(claim)
        self._told: Mapping[str, Sequence[Claim]] = told

    def of(self, given: Assessment) -> Edition:
        """The edition of an answer.

        Twice the number of reports that state a status, day or place for the event, less two, and one more when it
        has lapsed. Whatever changes an answer is such a report or the passing of its day, and reports only come in:
        so the number grows with every change, also of one day, and never falls. It may grow where a report changes
        nothing, and falls only where a person takes a report or a correction back.
        """
        stating = [each for each in self._told.get(given.event.id, ()) if each.status or each.when or each.place]
        reports = {claim.report for claim in stating}
        lapsed = given.status is Status.LAPSED
        instants = sorted(self._published(claim) for claim in stating)
        at = instants[-1] if instants else NEVER
        if lapsed and given.since:
            at = max(at, _start_of(given.since))
        return Edition(number=max(0, 2 * len(reports) - 2 + lapsed), at=at, first_at=instants[0] if instants else NEVER)

    def deciding(self, given: Assessment) -> list[Claim]:
        """The claims that decide an answer."""
        return [self.claims[id] for id in given.because if id in self.claims]

    def urls(self, given: Assessment) -> list[str]:
        """Where the reports that decide an answer were published, each once."""
        told = (self.reports.get(claim.report) for claim in self.deciding(given))
        return list(dict.fromkeys(report.url for report in told if report and report.url))

    def turnings(self, given: Assessment) -> tuple[Turning, ...]:
        """The changes of an event up to an answer, oldest first, the last of them the present one."""
        found = []
        for step in given.history:
            claims = tuple(self.claims[id] for id in step.claims if id in self.claims)
            at = min((self._published(claim) for claim in claims), default=_start_of(step.on))
            when = next((claim.when for claim in claims if claim.when), None)
            found.append(Turning(what="status", status=step.status, on=step.on, at=at, when=when, claims=claims))
        if given.status is Status.LAPSED:
            on = given.since
            found.append(
                Turning(what="status", status=given.status, on=on, at=_start_of(on), when=given.when, claims=())
            )
        moved = self._moved(given, found)
        return tuple(sorted([*found, *moved], key=lambda each: (each.at, each.on or Day.min, each.what)))

    def _moved(self, given: Assessment, steps: Sequence[Turning]) -> list[Turning]:
        """The change of day that no change of status tells."""
        when, status = given.when, given.status
        if not given.was or when is None or status is None:
            return []
        giving = [claim for claim in self._told.get(given.event.id, ()) if _same_days(claim.when, when)]
        shown = {claim.id for each in steps for claim in each.claims}
        if not giving or any(claim.id in shown for claim in giving):
            return []
        first = min(giving, key=lambda claim: (self._published(claim), claim.id))
        return [
            Turning(
                what="date", status=first.status or status, on=first.said_on, at=self._published(first), when=when,
                claims=(first,),
            )
        ]  # fmt: skip

    def _published(self, claim: Claim) -> datetime.datetime:
        report = self.reports.get(claim.report)
        return claim.published_at or _published_at(report) or _start_of(claim.published)


def _published_at(report: Report | None) -> datetime.datetime | None:
    return report.published_at if report else None


def _same_days(a: When | None, b: When) -> bool:
    return a is not None and (a.start, a.end, a.time) == (b.start, b.end, b.time)


def _start_of(day: Day | None) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC) if day else NEVER
