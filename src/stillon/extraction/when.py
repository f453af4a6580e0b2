"""Time expressions of news, resolved against the day of publication.

One pass of one compiled pattern finds them; a rule each gives the TIMEX3 value (TimeML 1.2.1) and the
days it covers. The two are kept apart on purpose: TIMEX3 calls "early next year" 2019, a diary needs its
first months. Days are inclusive at both ends; a week is Monday to Sunday; early, mid and late cut a month
at the 10th and the 20th; seasons begin in March, June, September and December.

Nothing here raises for odd text: what is no date ("February 31") is no time expression.
"""

from __future__ import annotations

import calendar
import datetime
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stillon.extraction.holidays import EVERY_YEARS, HOLIDAYS
from stillon.extraction.tense import lean
from stillon.model import Day, Precision, Span, TimeExpression, When

Match = re.Match[str]
Type = Literal["DATE", "TIME", "DURATION", "SET"]

AGAINST_TENSE = 4
"""How many times nearer a month or date must be to be taken against what the verb says."""
UNTOLD_AHEAD = 2
"""The same for one that lies ahead where no verb speaks: news tells more of what was."""
NEAR_QUARTER_CHARS = 400
"""How far before "a year earlier" a quarter may stand that it then means (business reports)."""
ANY_DAY = Day(2001, 1, 1)
"""Stands in for an unknown day of publication; nothing resolved against it is put out."""


# --- what an expression comes to ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Type, value and days of an expression; `undated` is its value where publication is not known."""

    type: Type = "DATE"
    value: str
    start: Day | None = None
    end: Day | None = None
    precision: Precision = Precision.VAGUE
    time: str | None = None
    zone: str | None = None
    undated: str | None = None
    """None for an absolute expression, which needs no day of publication."""
    echo: bool = False
    """True for "a year earlier", which later words such as "the quarter" do not take up."""
    length: int = 0
    """Characters it takes, where that is fewer than its rule matched."""


def _day(day: Day, undated: str | None = None) -> _Reading:
    return _Reading(value=day.isoformat(), start=day, end=day, precision=Precision.DAY, undated=undated)


def _week(day: Day, undated: str | None = "XXXX-WXX") -> _Reading:
    monday = day - datetime.timedelta(days=day.weekday())
    return _Reading(
        value=_week_value(day),
        start=monday,
        end=monday + datetime.timedelta(days=6),
        precision=Precision.WEEK,
        undated=undated,
    )


def _week_value(day: Day) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _weekend(day: Day) -> _Reading:
    saturday = day - datetime.timedelta(days=day.weekday() - 5)
    return _Reading(
        value=f"{_week_value(day)}-WE",
        start=saturday,
        end=saturday + datetime.timedelta(days=1),
        precision=Precision.WINDOW,
        undated="XXXX-WXX-WE",
    )


def _month(year: int, month: int, undated: str | None = None) -> _Reading:
    return _Reading(
        value=f"{year:04}-{month:02}",
        start=Day(year, month, 1),
        end=Day(year, month, calendar.monthrange(year, month)[1]),
        precision=Precision.MONTH,
        undated=undated,
    )


def _months(year: int, month: int, count: int, value: str, undated: str | None = None) -> _Reading:
    """`count` months from one on, as a window; `month` may run over the year's ends."""
    first, last = _shift_month(year, month, 0), _shift_month(year, month, count - 1)
    return _Reading(
        value=value,
        start=_month(*first).start,
        end=_month(*last).end,
        precision=Precision.WINDOW,
        undated=undated,
    )


def _quarter(year: int, quarter: int, undated: str | None = "XXXX-QX") -> _Reading:
    return _months(year, 3 * quarter - 2, 3, f"{year:04}-Q{quarter}", undated)


def _season(year: int, season: str, undated: str | None) -> _Reading:
    code, month = _SEASONS[season]
    reading = _months(year, month, 3, f"{year:04}-{code}", undated)
    return replace(reading, precision=Precision.SEASON)


def _year(year: int, undated: str | None = None) -> _Reading:
    return _Reading(
        value=f"{year:04}", start=Day(year, 1, 1), end=Day(year, 12, 31), precision=Precision.YEAR, undated=undated
    )


def _decade(year: int, undated: str | None = None) -> _Reading:
    return _months(year, 1, 120, f"{year // 10:03}", undated)


def _vague(value: str, type: Type = "DATE") -> _Reading:
    return _Reading(type=type, value=value, undated=value)


def _shift_month(year: int, month: int, by: int) -> tuple[int, int]:
    year, month = divmod(year * 12 + month - 1 + by, 12)
    return year, month + 1


def _shift(day: Day, count: int, unit: str) -> _Reading:
    """The day, week, month, quarter, year or decade `count` units from the one `day` lies in."""
    if unit == "day":
        return _day(day + datetime.timedelta(days=count), "XXXX-XX-XX")
    if unit in ("week", "fortnight"):
        return _week(day + datetime.timedelta(weeks=count * (2 if unit == "fortnight" else 1)))
    if unit == "weekend":
        return _weekend(day + datetime.timedelta(weeks=count))
    if unit == "month":
        return _month(*_shift_month(day.year, day.month, count), undated="XXXX-XX")
    if unit == "quarter":
        year, month = _shift_month(day.year, day.month, 3 * count)
        return _quarter(year, (month + 2) // 3)
    if unit == "year":
        return _year(day.year + count, "XXXX")
    if unit == "decade":
        return _decade((day.year // 10 + count) * 10, "XXX")
    return _Reading(value=f"{day.year // 100 + count:02}", undated="XX")


def _part(reading: _Reading, part: str | None, published: Day) -> _Reading:
    """The early, mid, late, earlier or later part of a span of days; the TIMEX3 value stays."""
    if part is None or reading.start is None or reading.end is None:
        return reading
    start, end, part = reading.start, reading.end, part.lower()
    third = _PARTS.get(part)
    if part == "later":
        start = max(start, published)
    elif part == "earlier":
        end = min(end, published)
    elif reading.precision in (Precision.DAY, Precision.TIME) or third is None:
        return reading
    elif reading.precision is Precision.MONTH:
        days = ((1, 10), (11, 20), (21, end.day))[third]
        start, end = start.replace(day=days[0]), end.replace(day=days[1])
    elif reading.precision is Precision.WEEK:
        first, last = ((0, 2), (2, 3), (3, 6))[third]
        start, end = start + datetime.timedelta(days=first), start + datetime.timedelta(days=last)
    else:
        days_long = (end - start).days + 1
        start, end = (
            start + datetime.timedelta(days=days_long * third // 3),
            start + datetime.timedelta(days=days_long * (third + 1) // 3 - 1),
        )
    if start > end or (start, end) == (reading.start, reading.end):
        return reading
    return replace(reading, start=start, end=end, precision=Precision.WINDOW)


_PARTS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "midway": 1, "late": 2, "end": 2}

# --- words -------------------------------------------------------------------------------------------

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {
    "spring": ("SP", 3),
    "summer": ("SU", 6),
    "fall": ("FA", 9),
    "autumn": ("FA", 9),
    "winter": ("WI", 12),
}
_DAYTIMES = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "overnight": "NI", "midday": "MI"}
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_ONES += "seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split()
_ORDINALS += "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
_NUMBERS = {word: n for n, word in enumerate(_ONES)} | {word: 10 * n + 20 for n, word in enumerate(_TENS)}
_ISO_UNIT = {
    "second": "TS", "minute": "TM", "hour": "TH", "day": "D", "night": "D", "week": "W", "fortnight": "W",
    "weekend": "W", "month": "M", "quarter": "Q", "year": "Y", "decade": "E", "century": "C", "centurie": "C",
    "millennium": "L",
}  # fmt: skip
_ZONES = (
    "EDT|EST|ET|CDT|CST|CT|MDT|MST|MT|PDT|PST|PT|GMT|UTC|BST|CET|CEST|EET|MSK|JST|IST|Eastern|Central|Pacific|local"
)


def _number(words: str) -> float | None:
    """The number that words or digits stand for; None for "several" and the like."""
    words = re.sub(r"\s+", " ", words.lower().strip())
    words = re.sub(r"^(?:a |another |an )(?=(?:couple|dozen|hundred|half)\b)", "", words)
    if words in ("a", "an", "another", "each", "every", "the", "an additional", "a full", "an entire", "a whole"):
        return 1.0
    if words.startswith("couple") or words == "both":
        return 2.0
    if words == "half":
        return 0.5
    if words == "dozen":
        return 12.0
    if found := re.fullmatch(r"([\d,]+(?:\.\d+)?)(?:[ -](\d)/(\d))?", words):
        whole = float(found[1].replace(",", "") or 0)
        return whole + (int(found[2]) / int(found[3]) if found[3] and found[3] != "0" else 0.0)
    total = 0
    for word in re.split(r"[ -]", words):
        if word in _NUMBERS:
            total += _NUMBERS[word]
        elif word == "hundred":
            total = max(total, 1) * 100
        elif word == "thousand":
            total = max(total, 1) * 1000
        else:
            return None
    return float(total)


def _ordinal(words: str) -> int | None:
    low = words.lower()
    if found := re.match(r"\d+", low):
        return int(found[0])
    if low in _ORDINALS:
        return _ORDINALS.index(low) + 1
    tens, _, ones = low.replace(" ", "-").partition("-")
    if tens in _TENS and ones in _ORDINALS[:9]:
        return _NUMBERS[tens] + _ORDINALS.index(ones) + 1
    return 30 if low == "thirtieth" else None


def _month_number(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def _unit(word: str) -> str:
    low = word.lower().rstrip("s")
    return "century" if low == "centurie" else low


# --- the rules ---------------------------------------------------------------------------------------


class _Text:
    """The text being read, and what has been found in it so far."""

    def __init__(self, text: str, published: Day, ahead: bool | None) -> None:
        self.text = text
        self.published = published
        self.ahead = ahead
        self.last_day: Day | None = None
        self.last: _Reading | None = None
        self.last_quarter: tuple[int, _Reading] | None = None

    def lean(self, found: Match) -> int:
        if self.ahead is not None:
            return 1 if self.ahead else -1
        return lean(self.text, found.start(), found.end())

    def capital(self, found: Match, group: str | int = 0) -> bool:
        """True when the first character of the group's words is a capital."""
        at = found.start(group)
        return self.text[at : at + 1].isupper()

    def before(self, found: Match, chars: int = 24) -> str:
        return self.text[max(0, found.start() - chars) : found.start()].lower()

    def after(self, found: Match, chars: int = 24) -> str:
        return self.text[found.end() : found.end() + chars].lower()

    def note(self, at: int, reading: _Reading) -> None:
        self.last = reading
        if reading.start is not None and reading.start == reading.end:
            self.last_day = reading.start
        if "-Q" in reading.value and not reading.echo:
            self.last_quarter = (at, reading)

    def quarter_before(self, at: int) -> _Reading | None:
        if self.last_quarter and at - self.last_quarter[0] < NEAR_QUARTER_CHARS:
            return self.last_quarter[1]
        return None


Rule = Callable[[Match, _Text], _Reading | None]
_RULES: list[tuple[re.Pattern[str], Rule]] = []
_PIECES: list[str] = []

_SHORT = {
    "<WD>": r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
    "<MON>": r"(?:January|February|(?:March|May)|April|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)",
    "<YEAR>": r"(?:1[5-9]|20)\d\d(?![\d,]\d|\d)",
    "<NUM>": r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?:[ -]\d/\d)?"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four"
    r"|five|six|seven|eight|nine))?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|(?:a|one|two|three|four|five|six|several) (?:hundred|thousand)|(?:a )?dozen)",
    "<UNIT>": r"(?:second|minute|hour|day|night|weekend|week|fortnight|month|quarter|year|decade|centurie|century)s?\b",
    "<CAL>": r"(?:day|weekend|week|month|quarter|year|decade|century)",
    "<SEASON>": r"(?:spring|summer|fall|autumn|winter)",
    "<DAYTIME>": r"(?:morning|afternoon|evening|night)",
    "<CLOCK>": r"(?:(?:2[0-3]|[01]?\d)(?:[:.][0-5]\d)?(?: |-)?(?:a\.m\b\.?|p\.m\b\.?|am\b|pm\b)|(?:2[0-3]"
    r"|[01]?\d):[0-5]\d(?![\d:])"
    r"|(?:1[0-2]|[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve) o['’]clock|noon\b|midnight\b|midday\b)",
    "<ZONE>": rf"(?:\(?(?:{_ZONES})\b(?: (?:daylight |standard )?time)?\)?)",
    "<ABOUT>": r"(?:about |around |nearly |almost |roughly |some |approximately |at least |at most "
    r"|more than |less than "
    r"|fewer than |just over |just under |over |under |up to |no more than |no less than )",
}


def _rule(pattern: str) -> Callable[[Rule], Rule]:
    """Adds a rule; rules added earlier win.

    Patterns are matched against lower-cased text, as an exact literal is many times faster to reject than
    one without regard to case. A space in a pattern is one to three characters of white space.
    """
    for short, full in _SHORT.items():
        pattern = pattern.replace(short, full)
    pattern = pattern.lower().replace("(?p<", "(?P<").replace("[ -]", "[-\\s]")
    pattern = pattern.replace(" ?", r"\s{0,3}").replace(" ", r"\s{1,3}")

    def add(rule: Rule) -> Rule:
        _RULES.append((re.compile(pattern), rule))
        _PIECES.append(re.sub(r"\(\?P<\w+>", "(?:", pattern))
        return rule

    return add


def _date(year: int, month: int, day: int, undated: str | None = None) -> _Reading | None:
    try:
        return _day(Day(year, month, day), undated)
    except ValueError:
        return None


def _nearest(candidates: list[Day], published: Day, direction: int) -> Day | None:
    """The candidate nearest to publication, one on the side the verb speaks against counting as farther."""

    def distance(day: Day) -> int:
        gap = (day - published).days
        return abs(gap) * _reluctance(gap, direction)

    return min(candidates, key=distance, default=None)


def _reluctance(gap: int, direction: int) -> int:
    if (gap < 0 < direction) or (direction < 0 < gap):
        return AGAINST_TENSE
    return UNTOLD_AHEAD if gap > 0 and direction == 0 else 1


def _undated_year(month: int, day: int, found: Match, here: _Text) -> _Reading | None:
    candidates = [
        reading.start
        for year in range(max(1, here.published.year - 1), min(9999, here.published.year + 2))
        if (reading := _date(year, month, day)) and reading.start
    ]
    chosen = _nearest(candidates, here.published, here.lean(found))
    return _day(chosen, f"XXXX-{month:02}-{day:02}") if chosen else None


def _year_words(words: str | None, here: _Text) -> int | None:
    """The year that "2018", "last year" or "next year" behind a date names."""
    if not words:
        return None
    if digits := re.search(r"\d{4}", words):
        return int(digits[0])
    low = words.lower()
    return here.published.year + (1 if "next" in low else -1 if "last" in low or "previous" in low else 0)


_OF_YEAR = r"(?P<year>,? <YEAR>|,? (?:of )?(?:last|next|this|the previous) year)"


@_rule(
    r"\b(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:[T ](?P<clock>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?"
    r"(?P<z>Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
def _iso(found: Match, _: _Text) -> _Reading | None:
    reading = _date(int(found["y"]), int(found["m"]), int(found["d"]))
    return _with_clock(reading, found["clock"], "UTC" if found["z"] == "z" else found["z"]) if reading else None


@_rule(
    r"\b(?<![\d.,:/-])(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{4}|\d\d)(?! ?%)(?: "
    r"(?P<clock>\d{4})(?P<zone><ZONE>))?(?![\d/-])"
)
def _figures(found: Match, here: _Text) -> _Reading | None:
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    if year < 100:
        year += 1900 if year + 2000 > here.published.year + 10 else 2000
    if month > 12 and day <= 12:
        month, day = day, month
    reading = _date(year, month, day) if month <= 12 else None
    if reading and (clock := found["clock"]):
        return _with_clock(reading, f"{clock[:2]}:{clock[2:]}", _zone(found, here))
    return reading


_DATE_OF_MONTH = r"(?:(?P<wd><WD>|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.),? (?:the )?)?"


@_rule(
    _DATE_OF_MONTH
    + (
        r"(?P<mon><MON>) (?:the )?(?P<d>[0-3]?\d(?:st|nd|rd|th)?\b(?![:.,/]?\d| ?[ap]\.?m\b|%"
        r"| percent)|(?:twenty|thirty)-\w+|<ORD>)"
    ).replace("<ORD>", "|".join([*sorted(_ORDINALS, key=len, reverse=True), "thirtieth"]))
    + rf"(?:{_OF_YEAR})?"
)
def _month_day(found: Match, here: _Text) -> _Reading | None:
    month, day = _month_number(found["mon"]), _ordinal(found["d"])
    if day is None or not here.capital(found, "mon"):
        return None
    year = _year_words(found["year"], here)
    if year is not None:
        relative = not re.search(r"\d", found["year"])
        return _date(year, month, day, f"XXXX-{month:02}-{day:02}" if relative else None)
    return _undated_year(month, day, found, here)


@_rule(_DATE_OF_MONTH + rf"(?:the )?(?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? (?P<mon><MON>)(?![a-z])(?: ?{_OF_YEAR})?")
def _day_month(found: Match, here: _Text) -> _Reading | None:
    return _month_day(found, here)


@_rule(
    r"(?P<unit>the week|the weekend) (?:of|beginning|starting) (?P<mon><MON>) (?P<d>[0-3]?\d)"
    r"(?:st|nd|rd|th)?\b(?:,? (?P<year><YEAR>))?"
)
def _week_of(found: Match, here: _Text) -> _Reading | None:
    reading = _month_day(found, here)
    if reading is None or reading.start is None:
        return None
    if found["unit"].lower().endswith("end"):
        return _weekend(reading.start)
    return _week(reading.start, None if found["year"] else "XXXX-WXX")


_PART = (
    r"(?:(?P<part>early|mid|late|earlier|later)(?: in(?: the)?| on)?[ -]"
    r"|(?:the |at the )?(?:very )?(?P<edge>end|beginning|start|middle)[ -]of[ -](?:the )?)"
)


def _edge(found: Match) -> str | None:
    part = found["part"] or found["edge"]
    return part.lower() if part else None


@_rule(rf"{_PART}?(?P<mon><MON>)(?: of)?(?P<year>,? <YEAR>| (?:of )?(?:last|next|this|the previous) year)(?!-)")
def _month_year(found: Match, here: _Text) -> _Reading | None:
    year, month = _year_words(found["year"], here), _month_number(found["mon"])
    if year is None or not here.capital(found, "mon"):
        return None
    relative = not re.search(r"\d", found["year"])
    return _part(_month(year, month, f"XXXX-{month:02}" if relative else None), _edge(found), here.published)


_IN_MONTH = re.compile(
    r"(?:\b(?:in|since|until|till|by|of|for|from|to|through|during|before|after|between|each|every)|[(–—-])\s*$"
)


def _surely_a_month(found: Match, here: _Text) -> bool:
    """False for "May" and "March" without a preposition, and for "Jan" and its like without a point."""
    word = found["mon"]
    if word in ("may", "march"):
        after = here.text[found.end() : found.end() + 4]
        return bool(_IN_MONTH.search(here.before(found))) and not re.match(r"\s+(?:on\b|[A-Z])", after)
    return len(word) > 4 or word in ("june", "july") or word.endswith(".")


@_rule(
    rf"{_PART}?(?:(?P<which>last|next|this past|this coming|this|the following|the previous"
    r"|the coming) )?(?P<mon><MON>)(?![a-z])(?!\.? \d)"
)
def _bare_month(found: Match, here: _Text) -> _Reading | None:
    """A month without a year. "May" and "March" are also a verb and a noun, "Jan" a name."""
    which = found["which"] or ""
    if not here.capital(found, "mon"):
        return None
    if not which and _edge(found) is None and not _surely_a_month(found, here):
        return None
    month, published = _month_number(found["mon"]), here.published
    back = (published.month - month) % 12
    if which in ("last", "this past", "the previous"):
        offset = -(back or 12)
    elif which in ("next", "this coming", "the coming", "the following"):
        offset = (-back) % 12 or 12
    elif which == "this":
        offset = month - published.month
    else:
        direction = here.lean(found)
        offset = min(
            (-back, (-back) % 12),
            key=lambda gap: abs(gap) * _reluctance(gap, direction),
        )
    year, month = _shift_month(published.year, published.month, offset)
    return _part(_month(year, month, f"XXXX-{month:02}"), _edge(found), published)


_HOLIDAY = "|".join(
    re.escape(name).replace("'", "['’]").replace(r"\ ", " ") for name in sorted(HOLIDAYS, key=len, reverse=True)
)


@_rule(rf"(?:(?P<which>last|next|this) )?\b(?P<name>{_HOLIDAY})\b(?P<week> week(?:end)?\b)?(?:,? (?P<year><YEAR>))?")
def _holiday(found: Match, here: _Text) -> _Reading | None:
    if not here.capital(found, "name"):
        return None
    name = re.sub(r"\s+", " ", found["name"].lower().replace("’", "'"))
    falls, which = HOLIDAYS[name], (found["which"] or "").lower()
    period, remainder = EVERY_YEARS.get(name, (1, 0))
    if found["year"]:
        day = falls(int(found["year"]))
    else:
        first = here.published.year
        years = [y for y in range(max(1583, first - period), min(9999, first + period + 1)) if y % period == remainder]
        days = [falls(y) for y in years]
        direction = {"last": -1, "next": 1}.get(which, here.lean(found))
        if which in ("last", "next"):
            days = [d for d in days if (d - here.published).days * direction > 0] or days
        chosen = _nearest(days, here.published, direction)
        if chosen is None:
            return None
        day = chosen
    undated = None if found["year"] else "XXXX-XX-XX"
    if found["week"]:
        return (
            _weekend(day + datetime.timedelta(days=2 * (day.weekday() == 0) * -1))
            if "end" in found["week"].lower()
            else _week(day)
        )
    return _day(day, undated)


# Clock times.


def _zone(found: Match, here: _Text) -> str | None:
    """The zone as written, without brackets."""
    return here.text[slice(*found.span("zone"))].strip("() \n") if found["zone"] else None


def _with_clock(reading: _Reading, clock: str | None, zone: str | None) -> _Reading:
    time = _clock_time(clock) if clock else None
    if time is None or reading.start is None or reading.start != reading.end:
        return reading
    undated = f"{reading.undated}T{time}" if reading.undated else None
    return replace(
        reading, type="TIME", value=f"{reading.start.isoformat()}T{time}", precision=Precision.TIME, time=time,
        zone=zone, undated=undated,
    )  # fmt: skip


def _clock_time(words: str) -> str | None:
    low = words.lower()
    if "noon" in low or "midday" in low:
        return "12:00"
    if "midnight" in low:
        return "24:00"  # the end of its day, as deadlines mean it
    found = re.match(r"(\d{1,2})(?:[:.](\d\d))?|(\w+)", low)
    if found is None:
        return None
    hour = int(found[1]) if found[1] else _NUMBERS.get(found[3], -1)
    if re.search(r"p\.?m", low) and hour < 12:
        hour += 12
    elif re.search(r"a\.?m", low) and hour == 12:
        hour = 0
    return f"{hour:02}:{found[2] or '00'}" if 0 <= hour < 24 else None


_CLOCK_DAY = (
    r"(?P<day>(?P<rel>today|tomorrow|yesterday|tonight|last night|(?:this|tomorrow|yesterday"
    r"|on)? ?(?:the )?(?:morning|afternoon|evening))"
    r"|(?:(?:last|next|this) )?(?P<wd><WD>)(?:,? (?P<mon><MON>) (?P<d>[0-3]?\d)\b(?:,? (?P<year><YEAR>))?)?"
    r"|(?P<mon2><MON>) (?P<d2>[0-3]?\d)\b(?:,? (?P<year2><YEAR>))?)"
)


@_rule(rf"(?P<clock><CLOCK>)(?:,? ?(?P<zone><ZONE>))?,? (?:in the )?{_CLOCK_DAY}")
def _clock_and_day(found: Match, here: _Text) -> _Reading | None:
    month, day, year = found["mon"] or found["mon2"], found["d"] or found["d2"], found["year"] or found["year2"]
    reading: _Reading | None
    if month:
        number = _month_number(month)
        reading = _date(int(year), number, int(day)) if year else _undated_year(number, int(day), found, here)
    elif found["wd"]:
        reading = _weekday_reading(found["wd"], found["day"].lower(), found, here)
    else:
        low = found["rel"].lower()
        base = here.published
        if "morning" in low or "afternoon" in low or "evening" in low:
            base = base if "this" in low else here.last_day or base
        step = -1 if low.startswith(("yesterday", "last")) else 1 if low.startswith("tomorrow") else 0
        reading = _day(base + datetime.timedelta(days=step), "XXXX-XX-XX")
        if re.search(r"afternoon|evening|night", low) and not re.search(r"[ap]\.?m", found["clock"].lower()):
            return _with_clock(reading, f"{found['clock']} pm", _zone(found, here))
    return _with_clock(reading, found["clock"], _zone(found, here)) if reading else None


@_rule(r"(?:the )?(?P<clock>(?<![\d.,:/$£€-])<CLOCK>)(?:,? ?(?P<zone><ZONE>))?")
def _clock(found: Match, here: _Text) -> _Reading | None:
    clock = found["clock"].lower()
    day = here.published
    gap = here.text[max(0, found.start() - 40) : found.start()]
    if (
        here.last
        and here.last_day
        and re.search(
            r"(?:day|\d|night|tomorrow|today)s?\s*,?\s+(?:at|around|about|by|from|starting at|shortly "
            r"(?:before|after))?\s*(?:about\s+)?$",
            gap.lower(),
        )
    ):
        day = here.last_day
    # A bare "3:15" is as often a score or a verse as a time of day.
    bare = re.fullmatch(r"\d{1,2}:\d\d", clock) and not found["zone"]
    if bare and not re.search(r"\b(?:at|by|from|until|around|to)\s+$", gap):
        return None
    return _with_clock(_day(day, "XXXX-XX-XX"), found["clock"], _zone(found, here))


# Days by name and by distance.


def _weekday_reading(word: str, which: str, found: Match, here: _Text) -> _Reading:
    number = _WEEKDAYS.index(word.lower())
    published = here.published
    back = (published.weekday() - number) % 7
    if re.search(r"\blast\b|\bprevious\b", which) or re.search(r"\bthis past\b", which):
        offset = -(back or 7)
    elif ("following" in which and here.last_day) or (
        not which and here.last_day and _GOES_UNTIL.search(here.before(found))
    ):
        gap = (number - here.last_day.weekday()) % 7 or 7
        return _day(here.last_day + datetime.timedelta(days=gap), f"XXXX-WXX-{number + 1}")
    elif re.search(r"\bnext\b", which):
        # "Next Friday" is the one of next week, Monday to Sunday.
        offset = 7 - published.weekday() + number
    elif re.search(r"\b(?:this|coming)\b", which):
        offset = (-back) % 7
    elif back == 0:
        offset = 0
    else:
        offset = (-back) % 7 if here.lean(found) > 0 else -back
    day = published + datetime.timedelta(days=offset)
    return _day(day, f"XXXX-WXX-{number + 1}")


_GOES_UNTIL = re.compile(r"day (?:through|to|until|till) $")
"""What stands between the first and the last day of a range ("Tuesday through Thursday")."""


def _at_daytime(reading: _Reading, daytime: str | None) -> _Reading:
    if not daytime:
        return reading
    code = f"T{_DAYTIMES[daytime.lower().rstrip('s')]}"
    undated = reading.undated + code if reading.undated else None
    return replace(reading, type="TIME", value=reading.value + code, undated=undated)


_NAMED_AFTER_DAY = (
    r"(?! (?:Times|Telegraph|Mirror|Post|Mail|Herald|Express|Night Live|Night Football|Morning Post|Review))"
)


@_rule(
    r"(?:(?P<part>early|late|later|earlier|mid)(?: on)? )?(?:(?P<which>last|next|this past"
    r"|this coming|this|the following|the previous|the coming|coming|each|every) )?"
    rf"(?:(?P<wd><WD>))(?P<plural>s\b)?{_NAMED_AFTER_DAY}"
    r"(?:(?: |-)(?P<daytime><DAYTIME>)(?P<nights>s\b)?(?![a-z]))?(?P<week>,? (?:of )?"
    r"(?P<weekwhich>next|last|this) week\b)?"
)
def _weekday(found: Match, here: _Text) -> _Reading:
    which = (found["which"] or "").lower()
    number = _WEEKDAYS.index(found["wd"].lower()) + 1
    if which in ("each", "every") or found["plural"] or found["nights"]:
        return _at_daytime(_vague(f"XXXX-WXX-{number}", "SET"), found["daytime"])
    if found["week"]:
        step = {"next": 7, "last": -7, "this": 0}[found["weekwhich"].lower()]
        day = here.published + datetime.timedelta(days=step + number - 1 - here.published.weekday())
        return _at_daytime(_day(day, f"XXXX-WXX-{number}"), found["daytime"])
    return _at_daytime(_weekday_reading(found["wd"], which, found, here), found["daytime"])


@_rule(r"(?P<count><NUM>|a) (?P<unit>days?|weeks?) from (?P<day>today|tomorrow|(?:next |this )?(?P<wd><WD>))")
def _from_day(found: Match, here: _Text) -> _Reading | None:
    count = _number(found["count"])
    # Whatever the verb, one counts from the day to come.
    coming = found["day"] if found["day"].startswith("next") else "this"
    base = _weekday_reading(found["wd"], coming, found, here) if found["wd"] else _day(here.published)
    if count is None or base.start is None or count > 1000:
        return None
    step = count * (7 if _unit(found["unit"]) == "week" else 1) + (found["day"].lower() == "tomorrow")
    return _day(base.start + datetime.timedelta(days=int(step)), "XXXX-XX-XX")


@_rule(r"(?:the )?(?P<base>day (?:after tomorrow|before yesterday))\b")
def _day_but_one(found: Match, here: _Text) -> _Reading:
    return _day(here.published + datetime.timedelta(days=2 if "after" in found["base"].lower() else -2), "XXXX-XX-XX")


@_rule(
    r"(?:(?P<part>early|late|later|earlier)(?: on)? )?(?P<base>today|tomorrow|yesterday)\b(?: "
    r"(?P<daytime>morning|afternoon|evening|night))?"
    r"|(?P<tonight>tonight)\b|(?P<lastnight>(?:late |early )?last (?:night|evening))\b"
    r"|(?:(?:early|late|later) )?this (?P<this>morning|afternoon|evening)\b|(?P<overnight>overnight)\b(?!-)"
    r"|(?P<inday>later in the day)\b"
)
def _near_day(found: Match, here: _Text) -> _Reading | None:
    today = _day(here.published, "XXXX-XX-XX")
    if found["inday"]:
        return today if _TO_COME.search(here.before(found, 60)) else None
    if found["tonight"]:
        return _at_daytime(today, "night")
    if found["lastnight"]:
        return _at_daytime(_day(here.published - datetime.timedelta(days=1), "XXXX-XX-XX"), "night")
    if found["this"]:
        return _at_daytime(today, found["this"])
    if found["overnight"]:
        return _at_daytime(today, "night")
    base = found["base"].lower()
    if base == "today" and _TODAY_AT_LARGE.search(here.before(found, 30)):
        return _vague("PRESENT_REF")
    step = {"today": 0, "tomorrow": 1, "yesterday": -1}[base]
    return _at_daytime(_day(here.published + datetime.timedelta(days=step), "XXXX-XX-XX"), found["daytime"])


_TO_COME = re.compile(r"\b(?:will|would|is to|are to|was to|were to|expected to|due to|plans? to)\b[^.]*$")
_TODAY_AT_LARGE = re.compile(r"\b(?:world|society|of|america|generation|kids|in use|exists?)\s+$")


@_rule(
    r"(?:the|that) (?:very )?(?P<which>same|next|following|previous) (?P<unit>day|morning"
    r"|afternoon|evening|night)\b|(?:earlier |later )?(?:that|the same) (?:same )?(?P<that>day"
    r"|morning|afternoon|evening|night)\b"
)
def _other_day(found: Match, here: _Text) -> _Reading | None:
    which = (found["which"] or "same").lower()
    step = {"same": 0, "next": 1, "following": 1, "previous": -1}[which]
    unit = (found["unit"] or found["that"]).lower()
    if here.last_day is None:
        return _vague("XXXX-XX-XX")
    reading = _day(here.last_day + datetime.timedelta(days=step), "XXXX-XX-XX")
    return _at_daytime(reading, None if unit == "day" else unit)


@_rule(
    r"(?:the )?(?P<d>(?:[12]?\d|3[01])(?:st|nd|rd|th))(?: of (?P<which>this|next|last) month)?"
    r"(?= ?(?:[.,;:)—–]|$|\n|(?:and|at|in|as|to|but|or|with|for|when|after|before)\b))"
)
def _day_of_month(found: Match, here: _Text) -> _Reading | None:
    if not re.search(
        r"\b(?:on|by|until|till|before|after|since|from|for|to|through|and|between)\s+$", here.before(found)
    ):
        return None
    if not found.group().lower().startswith("the") or re.match(r"\s*(?:century|anniversary|time)", here.after(found)):
        return None
    day = _ordinal(found["d"]) or 0
    which = (found["which"] or "").lower()
    steps = {"this": [0], "next": [1], "last": [-1]}.get(which, [-1, 0, 1])
    candidates = []
    for step in steps:
        year, month = _shift_month(here.published.year, here.published.month, step)
        if (reading := _date(year, month, day)) and reading.start:
            candidates.append(reading.start)
    chosen = _nearest(candidates, here.published, here.lean(found))
    return _day(chosen, f"XXXX-XX-{day:02}") if chosen else None


# Quarters, halves, seasons, years.

_NTH = r"(?P<n>first|second|third|fourth|1st|2nd|3rd|4th)"


@_rule(
    r"(?:(?P<lead>the|its|their|last year['’]s|this year['’]s|next year['’]s|the current"
    r"|the latest|(?:the )?(?P<ylead><YEAR>)(?:['’]s)?) )?(?:the )?(?:fiscal[ -])?(?:year-"
    rf"(?P<ago>ago|earlier) )?{_NTH}[ -](?P<unit>quarter|half)\b"
    r"(?P<tail>(?: of| in)? (?:fiscal )?<YEAR>| of (?:last|next|this|the) year| last year"
    r"| next year| this year| a year (?:ago|earlier))?"
    rf"|\b(?:Q)(?P<q>[1-4])\b(?: (?:of )?(?P<qyear><YEAR>))?"
)
def _numbered_quarter(found: Match, here: _Text) -> _Reading | None:
    published = here.published
    number = int(found["q"]) if found["q"] else "first second third fourth".split().index(_nth_word(found["n"])) + 1
    words = " ".join(filter(None, (found["lead"], found["tail"], found["qyear"]))).lower()
    half = bool(found["unit"]) and found["unit"].lower() == "half"
    if half and number > 2:
        return None
    if half and not (re.search(r"year|\d", words)):
        return None  # the first half of a match
    undated: str | None = f"XXXX-Q{number}"
    echo = bool(found["ago"]) or bool(re.search(r"last year|a year", words))
    if digits := re.search(r"\d{4}", words):
        year, undated = int(digits[0]), None
    elif echo:
        year = published.year - 1
    elif "next year" in words:
        year = published.year + 1
    else:
        # The fourth quarter is reported in the next year's first months.
        year = published.year - (number == 4 and published.month <= 6 and here.lean(found) <= 0)
    if half:
        return _months(year, 6 * number - 5, 6, f"{year}-H{number}", undated)
    return replace(_quarter(year, number, undated), echo=echo or year != published.year)


def _nth_word(word: str) -> str:
    return {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth"}.get(word.lower(), word.lower())


@_rule(
    r"(?:the )?(?:(?P<which>latest|same|comparable|corresponding|prior|year-ago|year-earlier"
    r"|recent|most recent|(?P<year><YEAR>)) )(?:year-ago |year-earlier )?(?:fiscal )?"
    r"(?P<unit>quarter|period)\b(?P<tail> last year| a year (?:ago|earlier))?"
    r"|the (?P<unit2>quarter)\b(?P<tail2> a year (?:ago|earlier))?|(?P<lead>last year['’]s) (?P<unit3>quarter)\b"
)
def _such_quarter(found: Match, here: _Text) -> _Reading | None:
    """The quarter a business report speaks of: the one it named last, or the last that ended."""
    words = found.group().lower()
    base = here.quarter_before(found.start())
    back = bool(re.search(r"year-ago|year-earlier|last year|a year|comparable|corresponding|same|prior", words))
    if base is None or base.start is None:
        if back:
            return replace(_year(here.published.year - 1, "XXXX"), echo=True)
        if "period" in words:
            return None
        base = _shift(here.published, -1, "quarter")
    assert base.start is not None
    year, quarter = base.start.year, (base.start.month + 2) // 3
    if found["year"]:
        return _quarter(int(found["year"]), quarter, None)
    if back:
        here_quarter = int(base.value[-1]) if base.value[-1].isdigit() else quarter
        return replace(_quarter(min(year, here.published.year - 1), here_quarter), echo=True)
    return base


@_rule(
    rf"{_PART}?(?:(?P<which>last|next|this past|this coming|this|the|that|in the|the following"
    r"|the previous|the coming) )?(?P<season><SEASON>)\b(?!ing)(?: of| in|,)?(?P<year> <YEAR>"
    r"| (?:of )?(?:last|next|this) year)?"
)
def _season_rule(found: Match, here: _Text) -> _Reading | None:
    season, which, published = found["season"].lower(), (found["which"] or "").lower(), here.published
    year = _year_words(found["year"], here)
    code, first = _SEASONS[season]
    relative = not (found["year"] and re.search(r"\d", found["year"]))
    if (
        year is None
        and not which
        and _edge(found) is None
        and (season in ("fall", "spring") or here.capital(found, "season"))
    ):
        return None
    if (
        year is None
        and season in ("fall", "spring")
        and which == "the"
        and not re.search(r"\b(?:in|by|since|until|during|for|through|before|after|of)\s+$", here.before(found))
    ):
        return None
    if year is None:
        options = [y for y in (published.year - 1, published.year, published.year + 1) if 1 <= y < 9999]
        if which in ("last", "this past", "the previous"):
            year = max(
                (y for y in options if Day(y, first, 1) + datetime.timedelta(days=80) < published),
                default=published.year,
            )
        elif which in ("next", "this coming", "the coming", "the following"):
            year = min((y for y in options if Day(y, first, 1) > published), default=published.year)
        elif which == "this":
            year = published.year - (season == "winter" and published.month <= 2)
        else:
            day = _nearest([Day(y, first, 1) for y in options], published, here.lean(found))
            year = day.year if day else published.year
    return _part(_season(year, season, f"XXXX-{code}" if relative else None), _edge(found), published)


@_rule(
    r"(?:the )?(?:(?P<part>early|mid|late)(?: |-))?(?:the )?(?:(?P<decade>(?:1[5-9]"
    r"|20)\d0)['’]?s\b|['’](?P<short>\d0)['’]?s\b)"
)
def _decade_rule(found: Match, here: _Text) -> _Reading:
    year = int(found["decade"]) if found["decade"] else 1900 + int(found["short"])
    return _part(_decade(year), found["part"], here.published)


@_rule(rf"(?:the )?(?P<n>\d\d?(?:st|nd|rd|th)|{'|'.join(_ORDINALS[9:])}|twenty[ -]first)[ -]century\b")
def _century(found: Match, _: _Text) -> _Reading | None:
    number = _ordinal(found["n"])
    return _Reading(value=f"{number - 1:02}") if number and number <= 99 else None


_NO_YEAR_AFTER = re.compile(
    r"(?:\.\d|,\d|[-–]\d{1,3}\b(?!\d)|%|\s*(?:people|troops|soldiers|miles|feet|meters|metres"
    r"|dollars|percent|km|kilometers|"
    r"pounds|points|votes|members|workers|jobs|employees|tons|acres|yards|shares|square|others|more)\b)"
)
_SPELLED = (
    r"(?P<spelled>(?:nineteen|eighteen|twenty)[ -](?:(?:twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|ten"
    r"|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen))"
)


@_rule(
    rf"(?:fiscal(?: year)? |calendar(?: year)? |the year )?{_PART}?(?:(?P<y>"
    rf"(?<![\d.,:/$£€#-])<YEAR>)|(?<=post-)(?P<y2><YEAR>)|(?<=pre-)(?P<y3><YEAR>)|{_SPELLED}\b)"
    r"(?!\w)"
)
def _year_rule(found: Match, here: _Text) -> _Reading | None:
    if found["spelled"]:
        parts = re.split(r"[\s-]+", found["spelled"].lower(), maxsplit=1)
        if parts[0] == "twenty" and not re.search(r"\b(?:in|of|since|until|by)\s+(?:\w+\s+)?$", here.before(found)):
            return None
        year = _NUMBERS[parts[0]] * 100 + int(_number(parts[1]) or 0)
    else:
        year = int(found["y"] or found["y2"] or found["y3"])
        if _NO_YEAR_AFTER.match(here.text, found.end()) or re.search(
            r"(?:\bno\.|#|\$|\babout|\bsome|\bnearly|\bmore than)\s*$", here.before(found)
        ):
            return None
    return _part(_year(year), _edge(found), here.published)


# Units: "last week", "two years ago", "the next few days", "three days", "daily".


@_rule(r"the [“\"]?(?P<first>first of the (?:new )?|new )year\b(?! resolution|[’'])")
def _new_year(found: Match, here: _Text) -> _Reading | None:
    """ "After the first of the year" is in the coming year, whose first day is not meant."""
    published = here.published
    year = published.year + (0 if published.month == 1 else 1)
    day = found["first"].startswith("first") and not here.before(found).endswith(("after ", "following "))
    return _day(Day(year, 1, 1)) if day else _year(year, "XXXX")


@_rule(
    rf"{_PART}?(?P<which>last|next|this past|this coming|this|the past|the last|the next"
    r"|the coming|the following|the previous|the current|the prior|that same|that|the same"
    r"|the present|coming|past|current|previous)"
    r" (?P<cal><CAL>)(?P<end>['’]s end\b)?\b(?!-|s\b)(?: (?P<daytime>or (?:so|two)))?"
)
def _which_unit(found: Match, here: _Text) -> _Reading | None:
    which, unit, published = found["which"].lower(), found["cal"].lower(), here.published
    edge = _edge(found) or ("end" if found["end"] else None)
    if which in ("coming", "past", "current", "previous") and unit in ("day", "week", "month", "quarter"):
        if which == "current":
            return _vague("PRESENT_REF")
        if not re.search(r"\b(?:the|this|a|his|her|its)\s+$", here.before(found)):
            return _vague(f"P1{_ISO_UNIT[unit]}", "DURATION")
    if unit == "day":
        return None
    if unit == "century" or (
        unit == "decade" and which in ("the past", "past", "the last", "last", "the next", "next", "this past")
    ):
        years = 10 if unit == "decade" else 100
        sign = 1 if "next" in which else 0 if which.startswith("this") and "past" not in which else -1
        if unit == "century" and sign == 0:
            return _shift(published, 0, unit)
        return _over(f"P{years}Y", sign, years, "year", published)
    step = (
        1 if re.search(r"next|coming|following", which) else -1 if re.search(r"last|past|previous|prior", which) else 0
    )
    base = published
    if re.search(r"following|that|same|previous|prior", which) and here.last and here.last.start:
        base = here.last.start
    stretch = unit in ("year", "month") or (unit == "week" and which != "the next")
    if stretch and which in ("the past", "the last", "the next"):
        return _over(f"P1{_ISO_UNIT[unit]}", step, 1, unit, published)
    reading = _shift(base, step, unit)
    return _part(reading, edge, published)


def _over(value: str, sign: int, count: int, unit: str, published: Day) -> _Reading:
    """A stretch of time that ends (sign -1) or begins (1) on the day of publication."""
    try:
        far = _moved(published, sign * count, unit)
    except (ValueError, OverflowError):
        return _vague(value, "DURATION")
    start, end = min(far, published), max(far, published)
    return _Reading(type="DURATION", value=value, start=start, end=end, precision=Precision.WINDOW, undated=value)


def _moved(day: Day, count: int, unit: str) -> Day:
    if unit in ("month", "quarter", "year", "decade", "century"):
        months = count * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
        year, month = _shift_month(day.year, day.month, months)
        return Day(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    days = {"week": 7, "fortnight": 14, "weekend": 7}.get(unit, 1 if unit in ("day", "night") else 0)
    return day + datetime.timedelta(days=count * days)


def _length(count: float | None, unit: str) -> str:
    """The ISO 8601 length of `count` units; X where the words give no number."""
    code = _ISO_UNIT[unit]
    t, letter = ("T", code[1]) if code[0] == "T" else ("", code)
    if letter in ("E", "C") and count is not None:
        count, letter = count * (10 if letter == "E" else 100), "Y"
    if letter == "E":
        letter = "Y"
    if unit == "fortnight" and count is not None:
        count *= 2
    if count is None:
        return f"P{t}X{letter}"
    whole, rest = int(count), count - int(count)
    if rest and letter in ("Y", "H", "M") and abs(rest - 0.5) < 0.01:
        small = {"Y": "6M", "H": "30M", "M": "30S" if t else "15D"}[letter]
        return f"P{t}{whole}{letter}{small}" if whole else f"P{t}{small}"
    return f"P{t}{whole if not rest else round(count, 2)}{letter}"


_COUNT = (
    r"(?P<count>an? additional|another|an?|<NUM>(?: and (?:a|one)[ -]half)?|(?:a )?(?:couple"
    r"|dozen)(?: of)?|a few|few|several|many|some|a number of|half an?|both)"
)
_TO_COUNT = r"(?:(?: to | or |-|–)(?P<to><NUM>))?"


@_rule(
    rf"(?:<ABOUT>)?{_COUNT}{_TO_COUNT}(?: (?:more|full|whole|short|long|straight"
    r"|consecutive))?[ -](?P<unit><UNIT>)(?: or (?:so|more|two))? (?P<way>ago|earlier|later"
    r"|before|after|from now|hence|away|out|back|prior)\b"
    rf"|(?P<few><UNIT>) (?P<way2>ago|earlier|later|away)\b"
)
def _distance(found: Match, here: _Text) -> _Reading | None:
    way, unit = (found["way"] or found["way2"]).lower(), _unit(found["unit"] or found["few"])
    count = None if found["few"] else _count(found)
    value = _length(count, unit)
    if way in ("out", "back", "before", "after", "prior"):
        short = len(found.group()) - len(found["way"]) - 1
        return replace(_vague(value, "DURATION"), length=len(found.group()[:short].rstrip()))
    if found["few"] and not found["few"].lower().endswith("s"):
        return None
    forward = way in ("later", "from now", "hence", "away")
    if count is None or count > 5000:
        return _vague(value if way != "ago" else "PAST_REF", "DURATION" if way != "ago" else "DATE")
    if way == "ago" or (way == "earlier" and unit == "year"):
        quarter = here.quarter_before(found.start())
        if quarter and quarter.start and unit == "year" and count == 1:
            digit = quarter.value[-1]
            return (
                replace(_quarter(min(quarter.start.year, here.published.year - 1), int(digit)), echo=True)
                if digit.isdigit()
                else quarter
            )
        base = here.published
    elif way in ("from now", "hence", "away"):
        base = here.published
    elif here.last_day:
        base = here.last_day
    else:
        return _vague(value, "DURATION")
    if unit in ("second", "minute", "hour"):
        return _vague(value, "DURATION")
    if unit == "night":
        unit = "day"
    try:
        if count != int(count):
            return _vague(value, "DURATION")
        if unit == "decade":
            unit, count = "year", 10 * count
        return _shift(base, int(count) if forward else -int(count), unit)
    except (ValueError, OverflowError):
        return _vague(value, "DURATION")


def _count(found: Match) -> float | None:
    words = found["count"].lower()
    if found["to"]:
        words = found["to"]
    if half := re.sub(r"\s+and\s+(?:a|one)[\s-]half$", "", words):
        count = _number(re.sub(r"^half an?$", "half", re.sub(r"\s+of$", "", half)))
        return count + 0.5 if count is not None and half != words else count
    return None


@_rule(
    r"(?:(?P<lead>the|these|over the|in the|within the) )?(?P<which>past|last|next|previous"
    rf"|first|coming|following|final|latest|recent|future|remaining)(?: (?P<count><NUM>{''}|few"
    rf"|several|couple of|couple|many))?{_TO_COUNT}(?: (?:full|straight|consecutive))?[ -]"
    r"(?P<unit>(?:second|minute|hour|day|weekend|week|month|quarter|year|decade|centurie)s)\b"
    r"(?: or so)?"
)
def _stretch(found: Match, here: _Text) -> _Reading:
    which, unit = found["which"].lower(), _unit(found["unit"])
    count = _number(found["to"] or found["count"]) if found["count"] else None
    if found["count"] is None:
        if which == "recent":
            return _vague("PAST_REF") if unit == "year" else _vague(_length(None, unit), "DURATION")
        if which == "future":
            return _vague("FUTURE_REF")
        if which in ("past", "previous") and not found["lead"]:
            return _vague("PAST_REF")
        return _vague(_length(None, unit), "DURATION")
    value = _length(count, unit)
    if count is None or count > 5000 or count != int(count):
        return _vague(value, "DURATION")
    sign = (
        1 if which in ("next", "coming", "following") else -1 if which in ("past", "last", "previous", "recent") else 0
    )
    if sign == 0 or unit in ("second", "minute", "hour"):
        return _vague(value, "DURATION")
    return _over(value, sign, int(count), unit, here.published)


@_rule(
    r"(?:each|every) (?:(?P<count><NUM>|other|few|single) )?(?P<unit><UNIT>)(?! of)"
    r"|each of the (?:past|last|next) (?P<of><NUM>) (?P<unit2>years|months|weeks|days"
    r"|quarters)"
)
def _every(found: Match, _: _Text) -> _Reading | None:
    if found["of"]:
        return _vague(_length(_number(found["of"]), _unit(found["unit2"])), "DURATION")
    words = (found["count"] or "one").lower()
    count = {"other": 2.0, "single": 1.0}.get(words, None if words == "few" else _number(words))
    return _vague(_length(count, _unit(found["unit"])), "SET")


@_rule(r"(?P<how>daily|weekly|monthly|yearly|annually|hourly|nightly|biweekly|semiannually)\b")
def _rate(found: Match, here: _Text) -> _Reading | None:
    after = here.text[found.end() : found.end() + 2].strip()
    if here.capital(found) or after.isupper():
        return None  # "Daily News"
    values = {
        "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "monthly": "P1M", "yearly": "P1Y", "annually": "P1Y",
        "hourly": "PT1H", "biweekly": "P2W", "semiannually": "P6M",
    }  # fmt: skip
    return _vague(values[found["how"]], "SET")


_AGE_AFTER = re.compile(r"(?:\s+|-)old\b|(?:\s+|-)olds?\b|\s+of\s+age\b", re.IGNORECASE)


@_rule(
    rf"(?:in (?P<in>)|within (?P<within>))?(?:<ABOUT>)?(?:the )?{_COUNT}{_TO_COUNT}(?: (?:more"
    r"|full|whole|straight|consecutive|trading|business|working|calendar|legislative|crucial"
    r"|long|solid))?[ -](?P<unit><UNIT>)(?P<time>['’] time|['’]s time)?(?P<half> and a half)?"
    r"(?:-long|-term)?(?: or (?:so|more))?"
)
def _duration(found: Match, here: _Text) -> _Reading | None:
    words, unit = found["count"].lower(), _unit(found["unit"])
    if _AGE_AFTER.match(here.text, found.end()):
        return None
    if unit in ("weekend", "night") and words in ("a", "an"):
        return None
    if unit == "second" and words in ("a", "an", "another", "few", "the"):
        return None
    if unit == "quarter" and (words in ("a", "an", "one", "three") or re.search(r"\d", words)):
        return None
    count = _count(found)
    if count is not None and found["half"]:
        count += 0.5
    value = _length(count, unit)
    lead = re.match(r"(?:in|within)\s+", found.group(), re.IGNORECASE)
    if words in ("a", "an") and re.search(
        r"(?:\b(?:once|twice|times|cents|percent|dollars|million|billion)|[\d%])\s+$", here.before(found)
    ):
        return _vague(value, "SET")
    ahead = bool(found["time"]) or bool(lead and here.lean(found) > 0)
    if (
        ahead
        and count is not None
        and count == int(count)
        and count <= 1000
        and unit not in ("second", "minute", "hour")
    ):
        reading = _ahead(
            value,
            int(count),
            "day" if unit == "night" else unit,
            here.published,
            within="within" in found.group().lower()[:8],
        )
    else:
        reading = _vague(value, "DURATION")
    return replace(reading, length=-lead.end()) if lead else reading


def _ahead(value: str, count: int, unit: str, published: Day, *, within: bool) -> _Reading:
    """The days that "in two weeks" or "within ten days" points to."""
    window = _over(value, 1, count, unit, published)
    if within or window.start is None:
        return window
    try:
        target = _shift(published, count, unit)
    except (ValueError, OverflowError):
        return window
    return replace(window, start=target.start, end=target.end, precision=target.precision)


@_rule(
    r"(?:over |through |for |in |within |throughout |during |after |until )?(?:the )?"
    r"(?P<unit>years|months|weeks|days|hours|decades|centuries)(?P<tail>-long| (?:before|after"
    r"|ahead|prior to|to come|of))?(?![\w-])"
)
def _bare_units(found: Match, here: _Text) -> _Reading | None:
    words = found.group().lower()
    unit = _unit(found["unit"])
    tail = (found["tail"] or "").strip().lower()
    lead = re.match(
        r"(?:over|through|for|in|within|throughout|during|after|until)\s+(?!the\b)|(?:over|through"
        r"|throughout|during|in|within)\s+(?=the\b)",
        words,
    )
    if not lead and not tail and not words.startswith("the "):
        return None
    if (words.startswith("the ") and not tail) or re.match(r"\s*old\b", here.after(found)):
        return None
    if tail == "of" and not words.startswith(("after ", "for ")):
        return None
    start = lead.end() if lead else 0
    end = len(found.group()) - (len(found["tail"]) if found["tail"] and tail != "-long" else 0)
    return (
        replace(_vague(_length(None, unit), "DURATION"), length=-start if end == len(found.group()) else end)
        if start == 0 or end == len(found.group())
        else replace(_vague(_length(None, unit), "DURATION"), length=-start)
    )


@_rule(
    rf"{_PART}(?:the )?(?P<cal><CAL>)\b|(?:the )?year(?:['’]s)?[ -]end\b|(?P<cal2>the (?:full "
    r"|fiscal |whole |entire )?(?:year|week|month|weekend))\b(?! (?:old|before|after|later)|-)"
    r"(?P<ended> (?:ended|ending))?|(?:the )?(?P<ago>year-(?:ago|earlier))\b(?: period"
    r"| quarter)?|end-of-(?:the-)?year\b"
)
def _this_unit(found: Match, here: _Text) -> _Reading | None:
    published, words = here.published, found.group().lower()
    if found["ago"]:
        quarter = here.quarter_before(found.start())
        if quarter and quarter.start and quarter.value[-1].isdigit():
            return replace(_quarter(min(quarter.start.year, published.year - 1), int(quarter.value[-1])), echo=True)
        return _year(published.year - 1, "XXXX")
    if found["ended"]:
        return replace(
            _vague("P1Y" if "year" in words else f"P1{_ISO_UNIT[words.split()[1]]}", "DURATION"),
            length=len(found["cal2"]),
        )
    if found["cal2"]:
        unit = words.split()[-1]
        if unit == "weekend":
            ahead = here.lean(found) > 0 or published.weekday() >= 5
            return _weekend(published if ahead else published - datetime.timedelta(days=7))
        return _shift(published, 0, unit)
    if found["cal"] is None:
        return _part(_year(published.year, "XXXX"), "end", published)
    if found["cal"].lower() in ("day", "century", "decade"):
        return None
    return _part(_shift(published, 0, found["cal"].lower()), _edge(found), published)


_REFERENCES = {
    "now": "PRESENT_REF", "right now": "PRESENT_REF", "currently": "PRESENT_REF", "nowadays": "PRESENT_REF",
    "these days": "PRESENT_REF", "at the moment": "PRESENT_REF", "at present": "PRESENT_REF", "current": "PRESENT_REF",
    "recently": "PAST_REF", "lately": "PAST_REF", "the past": "PAST_REF",
    "the recent past": "PAST_REF", "soon": "FUTURE_REF", "the future": "FUTURE_REF", "the near future": "FUTURE_REF",
    "the foreseeable future": "FUTURE_REF", "the near term": "FUTURE_REF", "the short term": "FUTURE_REF",
    "a later date": "FUTURE_REF", "some point": "FUTURE_REF", "the not-too-distant future": "FUTURE_REF",
}  # fmt: skip


@_rule(
    r"(?P<ref>right now|now|currently|nowadays|these days|at present|current|recently|lately|the (?:recent )?past|soon"
    r"|the (?:near |foreseeable |not-too-distant |immediate |distant )?future|the near term"
    r"|the short term|a later date)\b(?!-)"
)
def _reference(found: Match, here: _Text) -> _Reading | None:
    words = re.sub(r"\s+", " ", found["ref"].lower())
    if words == "the past" and re.match(r"\s+(?:\w+\s+)?(?:years?|months?|weeks?|days?|decades?)\b", here.after(found)):
        return None
    if words == "soon" and re.match(r"\s+(?:after|as|to be|thereafter|enough|became)\b", here.after(found)):
        return None
    if words == "now" and re.match(r"\s*(?:that\b|-)", here.after(found)):
        return None
    return _vague(_REFERENCES.get(words, "FUTURE_REF" if words.endswith("future") else "PRESENT_REF"))


@_rule(r"(?:the |mid[ -])?(?P<daytime><DAYTIME>)\b(?![- ]?(?:club|time|mare|fall|life))")
def _bare_daytime(found: Match, here: _Text) -> _Reading | None:
    if not re.search(r"\b(?:in|by|during|until|since|for|at|mid|through|into|later|on)\s+$", here.before(found)):
        return None
    if found["daytime"].lower() == "night" or here.capital(found):
        return None
    return _at_daytime(_day(here.last_day or here.published, "XXXX-XX-XX"), found["daytime"])


_ALL = re.compile("|".join(f"(?P<r{i}>{piece})" for i, piece in enumerate(_PIECES)))

_TOKEN = re.compile(r"\w+")
_LOWER = str.maketrans({chr(n): chr(n + 32) for n in range(ord("A"), ord("Z") + 1)} | {"\u00a0": " "})

_HEADS = frozenset(
    """
    second minute hour day night weekend week fortnight month quarter year decade century midday noon midnight
    clock am pm a p
    today tomorrow tonight yesterday overnight morning afternoon evening spring summer fall autumn winter half period
    now currently current nowadays present recently recent lately past previously soon future term date daily
    weekly monthly
    yearly annually hourly nightly biweekly semiannually centuries
    """.split()
    + [unit + "s" for unit in "second minute hour day night weekend week fortnight month quarter year decade".split()]
    + [name + ending for name in _WEEKDAYS for ending in ("", "s")]
    + [name.lower() for name in calendar.month_name if name]
    + [*_MONTHS, "sept", "q1", "q2", "q3", "q4"]
    + [word for name in HOLIDAYS for word in re.findall(r"\w+", name) if len(word) > 3]
    + [*_TENS, *_ORDINALS, "nineteen", "eighteen"]
)
"""Words without one of which, or a figure, there is no time expression."""
_REACH = 7
"""Words before such a word at which its expression may begin ("just over a year and a half")."""
_STARTS = _HEADS.union(
    """
    the a an about around nearly almost roughly some approximately at more less fewer just over under up no early late
    mid later earlier end beginning start middle last next this that these same following previous coming each
    every another
    couple few several many number dozen both in within through for throughout during after until first final latest
    remaining its their fiscal calendar right comparable corresponding prior most very not immediate foreseeable near
    distant st new martin mlk all guy columbus tues wed thurs thu fri sat sun mon hundred thousand what
    """.split()
    + _ONES
    + [name.split(" ")[0].partition("'")[0] for name in HOLIDAYS]
)
"""Words with which an expression may begin, beside figures."""


def _starts(text: str) -> list[int]:
    """Offsets at which an expression may begin."""
    tokens = [(found.start(), found.group()) for found in _TOKEN.finditer(text)]
    starts = []
    reach = 0
    for start, word in reversed(tokens):
        if word in _HEADS or word[0].isdigit():
            reach = _REACH + 1
        if reach:
            reach -= 1
            if word in _STARTS or word[0].isdigit():
                starts.append(start)
    starts.reverse()
    return starts


def _read(lower: str, at: int, here: _Text) -> tuple[Match, _Reading, Rule] | None:
    """What the first rule that fits at `at` makes of it."""
    found = _ALL.match(lower, at)
    if found is None:
        return None
    for pattern, rule in _RULES[int((found.lastgroup or "r0")[1:]) :]:
        inner = pattern.match(lower, at)
        if inner is None:
            continue
        try:
            reading = rule(inner, here)
        except (ValueError, OverflowError):
            continue  # a day before year 1 or after 9999
        if reading is not None:
            return inner, reading, rule
    return None


_RANGE_TAIL = re.compile(
    r"\s?(?:-|–|—|to|and|or|through|until)\s?(?:the\s)?(?P<d>[0-3]?\d)(?:st|nd|rd|th)?\b"
    r"(?P<year>,?\s(?:1[5-9]|20)\d\d\b)?(?![:.,/]?\d|\s?(?:percent|%|people|others"
    r"|[ap]\.?m\b))"
)
_RANGE_END = re.compile(r"\s*(?:[.,;:)?!—–]|$|\n|(?:in|at|as|for|with|to|but|when|before|after)\b)")


# --- the front door ----------------------------------------------------------------------------------


def find_times(text: str, *, published: Day | None, ahead: bool | None = None) -> list[TimeExpression]:
    """Every time expression of `text`, in order and without overlaps; never raises for odd text.

    Offsets are characters into `text`. Relative expressions are resolved against `published`; where it is
    None they keep a value of X's and no days. `ahead` tells, where the caller knows it, whether bare
    weekdays and dates without a year lie ahead of publication (True) or behind it (False); left out, the
    verbs around each decide.
    """
    here = _Text(text, published or ANY_DAY, ahead)
    lower = text.translate(_LOWER)
    dated = published is not None
    times: list[TimeExpression] = []
    done = 0
    for at in _starts(lower):
        if at < done or text[at - 1 : at] in _NO_DATE_AFTER:
            continue
        read = _read(lower, at, here)
        if read is None:
            continue
        found, reading, rule = read
        span = _span(found, reading)
        here.note(span.start, reading)
        times.append(_expression(text, span, reading, dated=dated))
        done = span.end
        if rule is _month_day and (tail := _RANGE_TAIL.match(lower, span.end)):
            last = _range_end(lower, reading, tail)
            if last is not None:
                if tail["year"] and reading.start and last.start:
                    first = _day(reading.start.replace(year=last.start.year))
                    times[-1] = _expression(text, span, first, dated=dated)
                span = Span(tail.start("d"), tail.end())
                here.note(span.start, last)
                times.append(_expression(text, span, last, dated=dated))
                done = span.end
    return times


_NO_DATE_AFTER = frozenset("$£€#")


def _span(found: Match, reading: _Reading) -> Span:
    start, end = found.span()
    if reading.length > 0:
        return Span(start, start + reading.length)
    return Span(start - reading.length, end)


def _range_end(text: str, first: _Reading, tail: Match) -> _Reading | None:
    """The last day of "June 12-14"; None where the number is no day of that month."""
    if first.start is None or first.start != first.end:
        return None
    loose = re.match(r"\s?(?:and|or)\b", tail.group())
    if loose and not _RANGE_END.match(text, tail.end()):
        return None
    day = int(tail["d"])
    year = int(tail["year"][-4:]) if tail["year"] else first.start.year
    absolute = bool(tail["year"]) or first.undated is None
    if day <= first.start.day:
        return None
    return _date(year, first.start.month, day, None if absolute else f"XXXX-{first.start.month:02}-{day:02}")


def _expression(text: str, span: Span, reading: _Reading, *, dated: bool) -> TimeExpression:
    known = dated or reading.undated is None
    return TimeExpression(
        span=span,
        text=span.of(text),
        type=reading.type,
        value=reading.value if known or reading.undated is None else reading.undated,
        start=reading.start if known else None,
        end=reading.end if known else None,
        precision=reading.precision if known and reading.start else Precision.VAGUE,
        time=reading.time,
        zone=reading.zone,
    )


def to_when(expression: TimeExpression) -> When:
    """The days of one expression; no bounds where its words give none."""
    return When(
        start=expression.start,
        end=expression.end,
        precision=expression.precision,
        text=expression.text,
        time=expression.time,
        zone=expression.zone,
    )


_RANGE_WORDS = re.compile(r"^\W*(?:to|through|until|till|and|-|–|—)\W*$", re.IGNORECASE)


def when_of(text: str, span: Span, times: Sequence[TimeExpression]) -> When | None:
    """The days that the words of `span` give, from the expressions of `times` that lie in it.

    A clock time joins its day, a range runs from its first day to its last; of several days that are no
    range the first one counts. None where no expression overlaps the span.
    """
    inside = [time for time in times if time.span.overlaps(span)]
    if not inside:
        return None
    words = span.of(text)
    dated = [time for time in inside if time.start is not None and time.end is not None]
    clock = next((time for time in inside if time.time is not None), None)
    days = [time for time in dated if time.time is None] or dated
    if not days:
        return replace(to_when(inside[0]), text=words)
    first = days[0]
    start, end, precision = first.start, first.end, first.precision
    assert start is not None
    assert end is not None
    for left, right in itertools.pairwise(days):
        between = text[left.span.end : right.span.start]
        if right.end is None or right.start is None:
            break
        if right.start <= start <= right.end and start == end:
            continue  # "June 12, next week": the nearer words stand
        if start <= right.start and right.end <= end and between.strip(" ,(") in ("", "of", "on"):
            start, end, precision = right.start, right.end, right.precision
            continue
        opens = re.search(r"\b(?:between|from)\W+$", text[max(0, first.span.start - 12) : first.span.start].lower())
        if (
            right.end >= start and _RANGE_WORDS.match(between) and (opens or not re.search(r"\band\b", between.lower()))
        ) or (
            right.end >= start and re.fullmatch(r"\W*(?:and|or)\W*", between.lower()) and (right.start - end).days <= 1
        ):
            end, precision = right.end, Precision.WINDOW
        break
    time, zone = (clock.time, clock.zone) if clock else (None, None)
    if time and start == end and precision is Precision.DAY:
        precision = Precision.TIME
    return When(start=start, end=end, precision=precision, text=words, time=time, zone=zone)
