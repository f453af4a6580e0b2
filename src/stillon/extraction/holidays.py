"""Named days and the rules by which they fall (United States first, with the common Christian and civil ones)."""

from __future__ import annotations

import datetime
from collections.abc import Callable

Day = datetime.date


def easter(year: int) -> Day:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return Day(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> Day:
    """The `n`th Monday (weekday 0) to Sunday (6) of a month."""
    first = Day(year, month, 1)
    return first + datetime.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def last_weekday(year: int, month: int, weekday: int) -> Day:
    """The last Monday (weekday 0) to Sunday (6) of a month."""
    last = Day(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)
    return last - datetime.timedelta(days=(last.weekday() - weekday) % 7)


def _fixed(month: int, day: int) -> Callable[[int], Day]:
    return lambda year: Day(year, month, day)


def _nth(month: int, weekday: int, n: int) -> Callable[[int], Day]:
    return lambda year: nth_weekday(year, month, weekday, n)


def _from_easter(days: int) -> Callable[[int], Day]:
    return lambda year: easter(year) + datetime.timedelta(days=days)


HOLIDAYS: dict[str, Callable[[int], Day]] = {
    "new year's eve": _fixed(12, 31),
    "new year's day": _fixed(1, 1),
    "new year's": _fixed(1, 1),
    "martin luther king jr. day": _nth(1, 0, 3),
    "martin luther king day": _nth(1, 0, 3),
    "mlk day": _nth(1, 0, 3),
    "groundhog day": _fixed(2, 2),
    "valentine's day": _fixed(2, 14),
    "presidents day": _nth(2, 0, 3),
    "presidents' day": _nth(2, 0, 3),
    "president's day": _nth(2, 0, 3),
    "international women's day": _fixed(3, 8),
    "st. patrick's day": _fixed(3, 17),
    "april fools' day": _fixed(4, 1),
    "april fool's day": _fixed(4, 1),
    "ash wednesday": _from_easter(-46),
    "palm sunday": _from_easter(-7),
    "maundy thursday": _from_easter(-3),
    "good friday": _from_easter(-2),
    "holy saturday": _from_easter(-1),
    "easter sunday": _from_easter(0),
    "easter monday": _from_easter(1),
    "easter": _from_easter(0),
    "pentecost": _from_easter(49),
    "whit monday": _from_easter(50),
    "tax day": _fixed(4, 15),
    "earth day": _fixed(4, 22),
    "may day": _fixed(5, 1),
    "victory day": _fixed(5, 9),
    "mother's day": _nth(5, 6, 2),
    "memorial day": lambda year: last_weekday(year, 5, 0),
    "juneteenth": _fixed(6, 19),
    "father's day": _nth(6, 6, 3),
    "canada day": _fixed(7, 1),
    "independence day": _fixed(7, 4),
    "fourth of july": _fixed(7, 4),
    "july fourth": _fixed(7, 4),
    "bastille day": _fixed(7, 14),
    "labor day": _nth(9, 0, 1),
    "constitution day": _fixed(9, 17),
    "columbus day": _nth(10, 0, 2),
    "halloween": _fixed(10, 31),
    "all saints' day": _fixed(11, 1),
    "guy fawkes night": _fixed(11, 5),
    "veterans day": _fixed(11, 11),
    "veterans' day": _fixed(11, 11),
    "veteran's day": _fixed(11, 11),
    "armistice day": _fixed(11, 11),
    "remembrance day": _fixed(11, 11),
    "remembrance sunday": _nth(11, 6, 2),
    "thanksgiving day": _nth(11, 3, 4),
    "thanksgiving": _nth(11, 3, 4),
    "black friday": lambda year: nth_weekday(year, 11, 3, 4) + datetime.timedelta(days=1),
    "christmas eve": _fixed(12, 24),
    "christmas day": _fixed(12, 25),
    "christmas": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
    # The Tuesday after the first Monday of November (2 U.S.C. § 7).
    "election day": lambda year: nth_weekday(year, 11, 0, 1) + datetime.timedelta(days=1),
    "inauguration day": _fixed(1, 20),
}
"""Name in lower case, with a straight apostrophe, to the day it falls on in a year."""

EVERY_YEARS: dict[str, tuple[int, int]] = {"inauguration day": (4, 1), "election day": (2, 0)}
"""Days that do not come every year: (period, remainder) of the years they fall in, by the years' number."""
