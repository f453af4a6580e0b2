"""The days and the place an event is planned for, as the claims up to a day have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from stillon.model import Claim, Day, Standing, Status, When, share_a_day
from stillon.weighing.standing import words_of
from stillon.weighing.status import ENDS, LAPSES, VAGUE, Heard


def last_planned(heard: Iterable[Heard]) -> tuple[When | None, tuple[When, ...]]:
    """The last days planned (or held on), and the former days that others replaced, oldest first.

    The newest report's days count, its first claim of a status before others, and a nearer standing before a
    farther one. A vaguer window that holds the day known before ("next week" after "on Tuesday") leaves it. A
    plan made after the day has passed, without a day of its own, has none, save where it was held.
    """
    last: When | None = None
    over = False
    former: list[When] = []
    for each in _in_time(heard):
        claim = each.claim
        over = over or claim.status is Status.HELD
        if claim.was is not None and claim.was.start is not None:
            former.append(claim.was)
        if claim.when is None:
            if claim.status in VAGUE and each.near and _past(last, each.day) and not over:
                former, last = [*former, *([last] if last else [])], None
        elif last is None or _days(claim.when) is None:
            last = last or claim.when
        elif claim.status is Status.UNDER_WAY and not _apart(last, claim.when):
            continue  # "opens today" names one day of several
        elif claim.status in LAPSES and _past(claim.when, each.day):
            continue  # nobody plans for a day gone by: it is the plan as it was, or a misread date
        elif _days(last) is None or not _within(last, claim.when):
            if claim.status is Status.RESCHEDULED and _apart(last, claim.when):
                former.append(last)
            last = claim.when
    return last, tuple(_distinct(when for when in former if last is None or _apart(when, last)))


def _past(when: When | None, day: Day) -> bool:
    return when is not None and when.end is not None and when.end < day


def is_fixed(when: When | None) -> bool:
    """True when a day or week is known: what is announced is then scheduled."""
    return when is not None and when.start is not None and when.precision.fixes


def last_place(heard: Iterable[Heard]) -> str | None:
    """The place that most claims give, the newest of them where they are even, by its fullest name."""
    newest = [each.claim.place for each in reversed(_in_time(heard)) if each.claim.place]
    counts = Counter(newest)
    place = max(newest, key=lambda place: counts[place], default=None)
    fuller = [other for other in newest if words_of(place) < words_of(other)]
    return max(fuller, key=lambda place: counts[place], default=place)


def _in_time(heard: Iterable[Heard]) -> Sequence[Heard]:
    """Oldest first; of one day the decisive last: those near the event, then a report's first words on it."""

    def bearing(each: Heard) -> tuple[Day, bool, bool, bool, bool, bool, int, str]:
        claim = each.claim
        own = each.standing is Standing.OWN_VOICE
        to_come = not (claim.status in LAPSES and _past(claim.when, each.day))
        on = claim.status not in ENDS  # what is off gives the old day
        return (each.day, to_come, on, each.near, claim.status is not None, own, -claim.rank, claim.id)

    return sorted((each for each in heard if not each.copied), key=bearing)


def _days(when: When) -> tuple[Day, Day] | None:
    return (when.start, when.end or when.start) if when.start is not None else None


def _within(inner: When, outer: When) -> bool:
    """True when `inner` lies in `outer` and is the more precise of the two, or the same.

    Of a long window that is under way only what is left is told: it need but reach into `inner`.
    """
    a, b = _days(inner), _days(outer)
    if a is None or b is None:
        return False
    rest = b[1] - b[0] > LONG and a[0] <= b[0] <= a[1] < b[1]
    return rest or (b[0] <= a[0] and a[1] <= b[1])


LONG = timedelta(days=31)
"""Longest window, in days from first to last, that is not taken for what is left of a longer one."""


def _apart(a: When, b: When) -> bool:
    """True when both give days, and share none."""
    return a.start is not None and b.start is not None and not share_a_day(a, b)


def dates_part(a: Claim, b: Claim) -> bool:
    """True when the days that two claims give cannot both be right."""
    return a.when is not None and b.when is not None and _apart(a.when, b.when)


def places_part(a: Claim, b: Claim) -> bool:
    """True when two claims give the same day but places of no common word.

    A hall and its town have no word in common either, so this asks too often rather than too seldom.
    """
    if a.when is None or b.when is None or _days(a.when) != _days(b.when):
        return False
    return bool(a.place and b.place) and words_of(a.place).isdisjoint(words_of(b.place))


def _distinct(whens: Iterable[When]) -> list[When]:
    """Each stretch of days once, in the order of the days."""
    by_days: dict[tuple[Day, Day] | None, When] = {}
    for when in whens:
        by_days.setdefault(_days(when), when)
    return sorted(by_days.values(), key=lambda when: when.start or Day.min)
