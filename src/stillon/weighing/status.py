"""The rule of status: which claim decides, day by day (docs/rules.md)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from stillon.model import Claim, Day, Standing, Status, When, share_a_day
from stillon.weighing.independence import independent_origins

KEEPS_ON = frozenset(
    {
        Status.ANNOUNCED,
        Status.SCHEDULED,
        Status.RESCHEDULED,
        Status.GOING_AHEAD,
        Status.UNDER_WAY,
        Status.HELD,
    }
)
"""Statuses by which it takes place. A proposal keeps nothing on: there is no plan yet."""
ENDS = frozenset({Status.ON_HOLD, Status.POSTPONED, Status.CANCELLED, Status.DENIED})
"""Statuses by which it does not, or not then."""
LAPSES = frozenset({Status.ANNOUNCED, Status.SCHEDULED, Status.RESCHEDULED, Status.GOING_AHEAD})
"""Statuses that silence after the last day turns into lapsed (rule 7)."""
PLANS = frozenset({Status.PROPOSED, Status.ANNOUNCED, Status.SCHEDULED})
"""Statuses that tell of a plan."""
VAGUE, _PLANNED = PLANS - {Status.SCHEDULED}, PLANS - {Status.PROPOSED}
"""Those that a plan without a day has, and those by which there is one."""
_CALLED_OFF = ENDS - {Status.POSTPONED}
"""Statuses that leave the day as it was; what is postponed gets another one."""
_LEFT_BEHIND = {
    Status.ANNOUNCED: frozenset({Status.HELD}),
    Status.GOING_AHEAD: frozenset({Status.HELD, Status.CANCELLED}),
}
"""Status of a headline to those of the text beneath that came after it; a new plan may follow on one called off."""
VAGUER = {
    Status.PROPOSED: KEEPS_ON | ENDS | {Status.IN_DOUBT},
    Status.ANNOUNCED: frozenset({Status.SCHEDULED, Status.RESCHEDULED, Status.GOING_AHEAD, Status.UNDER_WAY}),
    Status.DENIED: frozenset({Status.POSTPONED, Status.ON_HOLD}),
    Status.IN_DOUBT: frozenset({Status.POSTPONED, Status.ON_HOLD}),
}
"""Status to those firmer ones that a later claim of it leaves in place (rule 6)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A claim that counts, with its standing toward the event."""

    claim: Claim
    standing: Standing
    copied: bool = False
    """It repeats a claim of the report that its own is a copy of."""

    @property
    def day(self) -> Day:
        """Day from which it counts; the first of all days where the report has none: never the newest."""
        return said_on(self.claim)

    @property
    def near(self) -> bool:
        """True for a deciding party and for the report's own voice."""
        return self.standing in (Standing.DECIDING, Standing.OWN_VOICE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A status, the day from which it holds, and the claims that brought it."""

    status: Status
    day: Day
    by: tuple[Heard, ...]


def said_on(claim: Claim) -> Day:
    """Day from which the claim counts: the day it was said, never after its publication (rule 1)."""
    days = [day for day in (claim.on, claim.published) if day is not None]
    return min(days, default=datetime.date.min)


def turns(heard: Iterable[Heard], planned_before: Callable[[Day], When | None]) -> list[Turn]:
    """The statuses in order of time, each from the day on which its claim was said.

    `planned_before` gives the days that the event was planned for by what had been said before a day. What is
    said to have been held before it was due has been misread, and does not count.
    """
    by_day: defaultdict[Day, list[Heard]] = defaultdict(list)
    for each in heard:
        if each.claim.status is not None and not _before_due(each, planned_before):
            by_day[each.day].append(each)
    history: list[Turn] = []
    for day in sorted(by_day):
        before = history[-1] if history else None
        turn = _back_on(_answer(by_day[day], day, before), before, planned_before)
        if turn is None or (before is not None and _stays(before, turn, planned_before)):
            continue
        history.append(turn)
    return history


def _answer(heard: Sequence[Heard], day: Day, before: Turn | None) -> Turn | None:
    """What the claims of one day say together (rules 3 to 5)."""
    accounts = _accounts(heard)
    own = [each for each in accounts if each.standing is Standing.OWN_VOICE]
    if own:
        return _doubted(_strongest(own, day, before), heard)
    parties = [each for each in accounts if each.standing is Standing.DECIDING]
    if parties:
        return _parted(heard, parties, day) or _strongest(parties, day, before)
    informed = [each for each in accounts if each.standing is Standing.INFORMED]
    if informed:
        return _strongest(informed, day, before)
    if before is not None:
        accounts = [each for each in accounts if _confirmed(each, accounts)]
    return _strongest(accounts, day, before) if accounts else None


def _doubted(turn: Turn, heard: Iterable[Heard]) -> Turn:
    """In doubt, where reports of themselves tell the plan alone, and in one of them somebody who knows doubts it."""
    if turn.status not in PLANS:
        return turn
    reports = {each.claim.report for each in turn.by}
    for each in sorted(heard, key=_in_text):
        knows = each.standing in (Standing.DECIDING, Standing.INFORMED) and not each.copied
        if knows and each.claim.status is Status.IN_DOUBT and each.claim.report in reports:
            return Turn(Status.IN_DOUBT, turn.day, (turn.by[0], each))
    return turn


def _back_on(turn: Turn | None, before: Turn | None, planned_before: Callable[[Day], When | None]) -> Turn | None:
    """Going ahead, where what was off is planned for its old days again."""
    if turn is None or before is None or before.status not in _CALLED_OFF or turn.status not in _PLANNED:
        return turn
    planned, named = planned_before(turn.day), [each.claim.when for each in turn.by if each.claim.when]
    same = planned is not None and bool(named) and share_a_day(planned, named[0])
    return replace(turn, status=Status.GOING_AHEAD) if same else turn


def _accounts(heard: Iterable[Heard]) -> list[Heard]:
    """Each report's account, none where it is copied; see `_account`."""
    told: defaultdict[str, list[Heard]] = defaultdict(list)
    for each in sorted(heard, key=_in_text):
        told[each.claim.report].append(each)
    accounts = [_account(claims) for claims in told.values()]
    return [each for each in accounts if not each.copied]


def _account(claims: Sequence[Heard]) -> Heard:
    """A report's first claim that is no comment, title first, or the nearer one that says it more exactly.

    A plan without a day gives way to the first nearer claim with one: of somebody who only knows of it to any, else
    to one that schedules it. What is called off, and put off by a nearer claim of the same report, is put off.
    A headline's plan without a day gives way to the report's own word of the day on which it took
    place, or that what was going ahead was called off since.
    """
    first, near = claims[0], [each for each in claims if each.near]
    more_exact: Iterable[Heard] = ()
    if first.claim.status is Status.POSTPONED and (moved := _new_day(first, claims)):
        return moved
    if first.claim.in_title and first.claim.when is None and first.claim.status in _LEFT_BEHIND:
        own = (each for each in claims if each.standing is Standing.OWN_VOICE and not each.claim.in_title)
        told = (each for each in own if each.claim.status in _LEFT_BEHIND[first.claim.status])
        later = next((each for each in told if each.claim.when or each.claim.status is Status.CANCELLED), None)
        if later is not None:
            return later
    if first.claim.status in VAGUE and first.claim.when is None:
        informed = first.standing is Standing.INFORMED
        dated = (each for each in near if each.claim.when is not None)
        more_exact = (each for each in dated if informed or each.claim.status is Status.SCHEDULED)
    elif first.claim.status in (Status.CANCELLED, Status.DENIED):
        more_exact = (each for each in near if each.claim.status is Status.POSTPONED)
    return next(iter(more_exact), first)


def _new_day(off: Heard, claims: Iterable[Heard]) -> Heard | None:
    """The first claim that schedules what is put off for later days than those it was for, as one that moves it."""
    last = off.claim.when.end or off.claim.when.start if off.claim.when else None
    for each in claims:
        when = each.claim.when
        knows = each.standing is not Standing.COMMENT and each.claim.status is Status.SCHEDULED
        if knows and last is not None and when is not None and when.start is not None and when.start > last:
            return replace(each, claim=replace(each.claim, status=Status.RESCHEDULED))
    return None


def _in_text(heard: Heard) -> tuple[str, bool, int, str]:
    return (heard.claim.report, heard.standing is Standing.COMMENT, heard.claim.rank, heard.claim.id)


def _confirmed(heard: Heard, others: Iterable[Heard]) -> bool:
    """True when two independent origins say the same."""
    return independent_origins(other.claim for other in others if other.claim.status is heard.claim.status) > 1


def _parted(heard: Iterable[Heard], accounts: Sequence[Heard], day: Day) -> Turn | None:
    """In doubt, where one deciding party keeps it on and another doubts or ends it (rule 5).

    Within one report only what comes after counts against its account: a report that says who called it off
    and then who wants it tells no disagreement about whether it is on.
    """
    for keeps in accounts:
        if keeps.claim.status not in KEEPS_ON:
            continue
        for ends in sorted(heard, key=_in_text):
            if (
                ends.standing is Standing.DECIDING
                and ends.claim.status in ENDS | {Status.IN_DOUBT}
                and not ends.copied
                and (ends in accounts or ends.claim.report == keeps.claim.report)
                and independent_origins((keeps.claim, ends.claim)) > 1
            ):
                return Turn(Status.IN_DOUBT, day, (keeps, ends))
    return None


def _strongest(accounts: Sequence[Heard], day: Day, before: Turn | None) -> Turn:
    """Among one day's accounts, what most of them say; then what is news; then what was published last."""
    saying: defaultdict[Status, list[Heard]] = defaultdict(list)
    for each in accounts:
        if each.claim.status is not None:
            saying[each.claim.status].append(each)
    status = max(
        saying,
        key=lambda status: (
            len(saying[status]),
            before is None or status is not before.status,
            max(_instant(each) for each in saying[status]),
            str(status),
        ),
    )
    by = sorted(saying[status], key=lambda each: (_instant(each), each.claim.id))
    return Turn(status, day, tuple(by))


def _instant(heard: Heard) -> float:
    return heard.claim.published_at.timestamp() if heard.claim.published_at else 0.0


def _stays(before: Turn, turn: Turn, planned_before: Callable[[Day], When | None]) -> bool:
    """True when `turn` leaves the status before it: it repeats it, is vaguer, or comes after the end."""
    if turn.status is before.status:
        return True
    if before.status is Status.HELD:
        return True  # it is over
    if before.status not in VAGUER.get(turn.status, frozenset()):
        return False
    planned = planned_before(turn.day)
    return planned is None or planned.end is None or planned.end >= turn.day


def _before_due(heard: Heard, planned_before: Callable[[Day], When | None]) -> bool:
    """True for a claim that it was held, made before the day it gives, or else before the day planned."""
    if heard.claim.status is not Status.HELD:
        return False
    when = heard.claim.when or planned_before(heard.day)
    return when is not None and when.start is not None and when.start > heard.day
