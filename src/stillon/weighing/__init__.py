"""From an event's claims to the answer as of a day: pure, and the same for any order of the claims."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from stillon.model import Assessment, Claim, Day, Event, Kind, Status, Step, When
from stillon.weighing.corrections import correct
from stillon.weighing.disagreement import contradictions
from stillon.weighing.independence import independent_origins, without_copies
from stillon.weighing.loose_ends import TOOK_PLACE, conditions, questions, reasons
from stillon.weighing.planned import is_fixed, last_place, last_planned
from stillon.weighing.sourcing import credibility, likelihood
from stillon.weighing.standing import reliability, standing_of
from stillon.weighing.status import LAPSES, Heard, Turn, turns

__all__ = ["correct", "standing_of", "weigh"]


def weigh(
    event: Event,
    claims: Iterable[Claim],
    *,
    as_of: Day | None,
    copy_of: Mapping[str, str] | None = None,
    requires: Sequence[Assessment] = (),
) -> Assessment:
    """The answer for `event` at the end of `as_of`, from the claims published by then.

    `claims` may be those of many events: the ones that bear on the event's mentions count. `copy_of` leads
    from a report to its original. `requires` are the answers, as of the same day, for events that must come first;
    they raise questions and never change the status. Without `as_of` everything counts and nothing lapses.
    """
    heard = _not_too_early(_of_this(_heard(event, claims, as_of, copy_of or {})))

    history = turns(heard, lambda day: last_planned(each for each in heard if each.day < day)[0])
    answer = history[-1] if history else None
    when, was = last_planned(heard)
    parted = contradictions(heard, answer)
    because = _because(heard, answer)
    origins = independent_origins(because)
    standing = answer.by[0].standing if answer else None
    lapsed = answer is not None and answer.status in LAPSES and _passed(when, as_of)
    status = Status.LAPSED if lapsed else answer.status if answer else None
    if status is Status.ANNOUNCED and (is_fixed(when) or event.kind in DAY_LAID_DOWN):
        status = Status.SCHEDULED  # its day is known by another claim, or to everybody
    number = credibility(
        status=status,
        standing=standing,
        origins=origins,
        contradicted=any(each.about in ("status", "existence") for each in parted),
    )
    hangs_on = conditions(heard, status)
    return Assessment(
        event=event,
        as_of=as_of,
        status=status,
        since=_since(answer, when, lapsed),
        when=when,
        was=was,
        place=last_place(heard) or event.place,
        standing=standing,
        reliability=reliability(answer.by[0].claim, answer.by[0].standing) if answer else "F",
        credibility=number,
        likelihood=likelihood(status, number),
        because=tuple(claim.id for claim in because),
        origins=origins,
        publishers=len({claim.publisher or claim.report for claim in because}),
        history=_steps(history),
        contradictions=parted,
        reasons=reasons(heard, answer),
        conditions=hangs_on,
        open_questions=questions(status=status, when=when, parted=parted, hangs_on=hangs_on, requires=requires),
    )


def _heard(event: Event, claims: Iterable[Claim], as_of: Day | None, copy_of: Mapping[str, str]) -> list[Heard]:
    """The claims that count as of the day, with their standing; by id, so that their order is nothing."""
    mentions = frozenset(event.mentions)
    told = (claim for claim in claims if claim.mention in mentions and not _later(claim, as_of))
    known = {claim.id: replace(claim, status=None) if claim.implied else claim for claim in told}
    kept = {claim.id for claim in without_copies(known.values(), copy_of)}
    return [
        Heard(claim, standing_of(claim, event), copied=claim.id not in kept)
        for claim in sorted(known.values(), key=lambda claim: claim.id)
    ]


def _of_this(heard: Sequence[Heard]) -> list[Heard]:
    """Without those by whom it took place on days after which it was still planned for later, fixed ones.

    They speak of another occurrence. So they do where another report had it planned for days that lie ahead of them.
    """
    plans = [
        (each, each.claim.when.start)
        for each in heard
        if each.claim.status in LAPSES and each.claim.when and each.claim.when.start and each.claim.when.precision.fixes
    ]

    def is_other(each: Heard) -> bool:
        when = each.claim.when
        if each.claim.status not in TOOK_PLACE or when is None or when.end is None:
            return False
        return any(
            start > when.end and (plan.day > when.end or (start > each.day and plan.claim.report != each.claim.report))
            for plan, start in plans
            if plan.day <= each.day
        )

    return [each for each in heard if not is_other(each)]


def _not_too_early(heard: Sequence[Heard]) -> list[Heard]:
    """Without those by whom it was over before the days on which it now is planned began: they speak of another.

    What is said to be under way before them goes ahead; on their eve it may be under way.
    """
    when = last_planned(heard)[0]
    start = when.start if when else None
    kept = []
    for each in heard:
        if start is None or each.claim.status not in TOOK_PLACE or each.day >= start:
            kept.append(each)
        elif each.claim.status is Status.UNDER_WAY:
            eve = start - each.day <= EVE
            kept.append(each if eve else replace(each, claim=replace(each.claim, status=Status.GOING_AHEAD)))
    return kept


DAY_LAID_DOWN = frozenset({Kind.ELECTION, Kind.DEADLINE})
"""Kinds that have a day from the first, laid down by a law or by whoever sets them, though a report may not give it.

Of 66 elections that labelled reports only announce, readers take 57 as scheduled and 41 as announced, of 12 deadlines 7
and 3."""
EVE = datetime.timedelta(days=1)
"""How long before its first planned day an event may be under way."""


def _later(claim: Claim, as_of: Day | None) -> bool:
    """True when the claim was not known by then; one without any day always was."""
    known_from = claim.published or claim.on
    return as_of is not None and known_from is not None and known_from > as_of


def _because(heard: Sequence[Heard], answer: Turn | None) -> list[Claim]:
    """The claims that decide, then those that say the same since; of in doubt by disagreement both sides."""
    if answer is None:
        return []
    deciding = [each.claim for each in answer.by]
    also = [
        each.claim
        for each in sorted(heard, key=lambda each: (each.day, each.claim.report, each.claim.rank, each.claim.id))
        if each.claim.status is answer.status and each.day >= answer.day and not each.copied
    ]
    return deciding + [claim for claim in also if claim not in deciding]


def _passed(when: When | None, as_of: Day | None) -> bool:
    return as_of is not None and when is not None and when.end is not None and when.end < as_of


def _since(answer: Turn | None, when: When | None, lapsed: bool) -> Day | None:
    if answer is None:
        return None
    if lapsed and when is not None:
        return when.end + datetime.timedelta(days=1) if when.end else None
    return answer.day if answer.day != Day.min else None


def _steps(history: Sequence[Turn]) -> tuple[Step, ...]:
    return tuple(
        Step(
            status=turn.status,
            on=turn.day if turn.day != Day.min else None,
            claims=tuple(each.claim.id for each in turn.by),
        )
        for turn in history
    )
