"""What an answer hangs on and what nobody knows yet: reasons, conditions, open questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stillon.model import (
    Assessment,
    Claim,
    Contradiction,
    OpenQuestion,
    Reason,
    Span,
    Status,
    When,
)
from stillon.weighing.standing import words_of
from stillon.weighing.status import LAPSES, Heard, Turn

TOOK_PLACE = frozenset({Status.HELD, Status.UNDER_WAY})
"""Statuses by which it began."""
_OVER = frozenset({Status.HELD, Status.CANCELLED, Status.DENIED})
_NEGATIONS = frozenset(
    ["not", "no", "never", "without", "refused", "rejected", "failed", "fails", "declined", "cannot"]
)
_SMALL = 4
"""Words of a condition shorter than this are not asked for when a later claim is compared with it."""


def reasons(heard: Iterable[Heard], answer: Turn | None) -> tuple[Reason, ...]:
    """Why the answer is what it is, as told since it holds, in that order; the same words once."""
    found: dict[frozenset[str], Reason] = {}
    for claim in _in_order(heard):
        text = _words(claim, claim.reason, claim.reason_text)
        if text and answer is not None and (claim.published is None or claim.published >= answer.day):
            found.setdefault(words_of(text), Reason(text=text, claim=claim.id))
    return tuple(found.values())


def conditions(heard: Sequence[Heard], status: Status | None) -> tuple[Reason, ...]:
    """What it depends on, nothing once it is off. Met once it takes place or a later claim says so, else unmet."""
    if status in (Status.CANCELLED, Status.DENIED):
        return ()
    found: dict[frozenset[str], Reason] = {}
    claims = _in_order(heard)
    for place, claim in enumerate(claims):
        text = _words(claim, claim.condition, claim.condition_text)
        if text:
            met = True if status in TOOK_PLACE else _met(text, claim, claims[place + 1 :])
            found.setdefault(words_of(text), Reason(text=text, claim=claim.id, met=met))
    return tuple(found.values())


def questions(
    *,
    status: Status | None,
    when: When | None,
    parted: Sequence[Contradiction],
    hangs_on: Sequence[Reason],
    requires: Sequence[Assessment],
) -> tuple[OpenQuestion, ...]:
    """What is not known as of the day, each with what would settle it; none once it is over."""
    if status is None or status in _OVER:
        return ()
    asked = []

    def ask(question: str, settled_by: str) -> None:
        asked.append(OpenQuestion(question=question, settled_by=settled_by))

    about_date = _about_date(status, when)
    if about_date:
        ask(about_date, _SETTLES_DATE if status is not Status.LAPSED else "a report of what happened that day")
    if status in (Status.PROPOSED, Status.IN_DOUBT, Status.ON_HOLD):
        ask("Does it take place at all?", "word from a deciding party, or the event itself")
    for about in dict.fromkeys(each.about for each in parted):
        ask(_ABOUT[about], "a later claim by one of the sources that part, or the event itself")
    for condition in hangs_on:
        if not condition.met:
            ask(f"Is the condition met: “{condition.text}”?", "a claim that it is, or is not")
    for needed in requires:
        if needed.status is not Status.HELD:
            ask(
                f"Does {needed.event.name} come first? It stands at: {needed.status or 'nothing known'}.",
                "that event's being held",
            )
    return tuple(asked)


def _in_order(heard: Iterable[Heard]) -> list[Claim]:
    ordered = sorted(heard, key=lambda each: (each.day, each.claim.report, each.claim.rank, each.claim.id))
    return [each.claim for each in ordered if not each.copied]


def _words(claim: Claim, span: Span | None, told: str | None) -> str | None:
    """The words of a part of the claim; None where it has none, or where they are not at hand."""
    if span is None or told:
        return told
    return (
        Span(span.start - claim.span.start, span.end - claim.span.start).of(claim.text)
        if claim.span.covers(span)
        else None
    )


def _met(text: str, claim: Claim, later: Iterable[Claim]) -> bool | None:
    """What the newest later report says of a condition, when it repeats most of its words as a fact."""
    wanted = {word for word in words_of(text) - _NEGATIONS if len(word) >= _SMALL}
    met = None
    for other in later:
        said = words_of(other.text)
        if other.report != claim.report and other.condition is None and len(wanted & said) >= max(2, 0.6 * len(wanted)):
            met = not said & _NEGATIONS
    return met


def _about_date(status: Status, when: When | None) -> str | None:
    """What is not known of its day, or None."""
    if status is Status.LAPSED:
        return f"Did it take place {_by(when)}?"
    if status in (Status.POSTPONED, Status.ON_HOLD):
        return "Is there a new date?"
    if status is Status.UNDER_WAY:
        return None
    if when is None or when.start is None or when.end is None:
        return "When does it take place?"
    if status in LAPSES and (when.end - when.start).days >= _SEVERAL_DAYS:
        return "On which day does it take place?"
    return None


_SETTLES_DATE = "a day named by a deciding party"
_SEVERAL_DAYS = 4
"""From so many days on, a stretch of days is a loose date and not the length of the event."""
_ABOUT = {
    "status": "Who is right about whether it goes ahead?",
    "existence": "Is there such a plan at all?",
    "date": "Which day is right?",
    "place": "Which place is right?",
}


def _by(when: When | None) -> str:
    if when is None or when.end is None:
        return "as planned"
    return f"on {when.end.isoformat()}" if when.start == when.end else f"by {when.end.isoformat()}"
