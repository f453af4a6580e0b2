"""Claims that stand at the same time and cannot both be true (rule 8 of docs/rules.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from stillon.model import Claim, Contradiction, Day, Status
from stillon.weighing.independence import independent_origins, origin_of
from stillon.weighing.planned import dates_part, places_part
from stillon.weighing.status import ENDS, KEEPS_ON, Heard, Turn

About = Literal["status", "date", "place", "existence"]

_SETTLED = frozenset({Status.HELD, Status.UNDER_WAY})


def contradictions(heard: Iterable[Heard], answer: Turn | None) -> tuple[Contradiction, ...]:
    """Pairs of claims that part, each pair of sources once for each thing they part on.

    A claim stands from the day of the answer on (what was said before it is history, not dissent), until its
    own source says something newer; so does one of the eve that a report still sets beside the answer. What has
    happened settles the rest.
    """
    if answer is None:
        return ()
    standing = _standing(heard, answer)
    deciding = [each.claim for each in answer.by]
    rest = [each.claim for each in standing if each.claim not in deciding]
    found: dict[tuple[About, frozenset[object]], Contradiction] = {}
    for a, b in _pairs(deciding, rest):
        about = _about(a, b)
        if about is None or independent_origins((a, b)) < 2 or (about == "status" and answer.status in _SETTLED):
            continue
        key = (about, frozenset((origin_of(a), origin_of(b))))
        found.setdefault(key, Contradiction(about=about, claims=(a.id, b.id)))
    return tuple(found.values())


def _standing(heard: Iterable[Heard], answer: Turn) -> Sequence[Heard]:
    """Claims said since the answer holds that their own source has not replaced, oldest first."""
    newest: dict[object, Heard] = {}
    recent = [each for each in heard if _recent(each, answer.day) and not each.copied]
    ordered = sorted(recent, key=lambda each: (each.day, each.claim.report, -each.claim.rank, each.claim.id))
    for each in ordered:
        if each.claim.status is not None:
            newest[origin_of(each.claim)] = each
    silent = [each for each in ordered if each.claim.status is None]
    return sorted((*newest.values(), *silent), key=lambda each: (each.day, each.claim.report, each.claim.rank))


def _recent(heard: Heard, day: Day) -> bool:
    """True for what was said from the day on, and on its eve ("hours earlier") as told from the day on."""
    told = heard.claim.published
    return heard.day >= day or (told is not None and told >= day and (day - heard.day).days == 1)


def _pairs(deciding: Sequence[Claim], rest: Sequence[Claim]) -> Iterable[tuple[Claim, Claim]]:
    """Deciding claims against one another, then the first of them against the rest."""
    yield from ((a, b) for place, a in enumerate(deciding) for b in deciding[place + 1 :])
    yield from ((deciding[0], b) for b in rest)


def _about(a: Claim, b: Claim) -> About | None:
    """What two claims part on, or None."""
    statuses = {a.status, b.status}
    if Status.DENIED in statuses and statuses & KEEPS_ON:
        return "existence"
    if statuses & KEEPS_ON and statuses & (ENDS | {Status.IN_DOUBT}):
        return "status"
    if not statuses <= KEEPS_ON:
        return None  # a day or place that nobody keeps is not in dispute
    if dates_part(a, b):
        return "date"
    return "place" if places_part(a, b) else None
