"""What is drawn, as places on paper; the templates put the lines, words and links there.

Lengths are in the drawing's own units, which are pixels at its natural size.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stillon.model import Assessment, Claim, Day, Dossier, Report, Status
from stillon.publishing.terminal import clean, cut_to

ON, DOUBT, OFF, DONE = "on", "doubt", "off", "done"
TONE: Mapping[Status, str] = {
    Status.PROPOSED: ON,
    Status.ANNOUNCED: ON,
    Status.SCHEDULED: ON,
    Status.GOING_AHEAD: ON,
    Status.RESCHEDULED: ON,
    Status.UNDER_WAY: ON,
    Status.IN_DOUBT: DOUBT,
    Status.ON_HOLD: DOUBT,
    Status.POSTPONED: DOUBT,
    Status.CANCELLED: OFF,
    Status.DENIED: OFF,
    Status.HELD: DONE,
    Status.LAPSED: DOUBT,
}
"""How a status looks: its colour, and its shape for whoever does not see colours."""

WIDTH = 1000.0
LABELS = 230.0
"""Room for the names of the lanes."""
LANE = 26.0
BAND = 24.0
MOST_LANES = 14
MOST_POINTS = 160
_STEPS = (1, 2, 7, 14, 30, 61, 91, 182, 365, 730, 1826)
"""Days between two ticks of a time axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A status while it held."""

    x: float
    width: float
    status: Status
    on: Day | None
    """Day from which it held."""
    label: str
    """Its name where there is room for it, else nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One claim on the timeline."""

    x: float
    y: float
    claim: Claim
    tone: str
    decides: bool
    """True for a claim that decides the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One source on the timeline."""

    y: float
    name: str
    """The name, as far as there is room."""
    whole: str
    """The whole name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One day on a time axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Who said what of one event, and when; above it what the answer was."""

    width: float
    height: float
    stretches: tuple[Stretch, ...]
    lanes: tuple[Lane, ...]
    points: tuple[Point, ...]
    ticks: tuple[Tick, ...]
    planned: tuple[float, float] | None
    """Left and right end of the days planned, where they are on the paper."""
    left_out: int
    """Claims that there was no room for."""


def timeline(assessment: Assessment, dossier: Dossier) -> Timeline | None:
    """The timeline of one event; None where no claim on it has a day and a status."""
    own = set(assessment.event.mentions)
    told = [
        claim
        for claim in dossier.claims
        if claim.mention in own and claim.status is not None and not claim.implied and claim.said_on is not None
    ]
    if not told:
        return None
    told.sort(key=lambda claim: (claim.said_on, claim.rank, claim.id))
    days = [day for claim in told if (day := claim.said_on)]
    first = min([*days, *(step.on for step in assessment.history if step.on)])
    last = max([*days, assessment.as_of or days[-1]])
    when = assessment.when
    ahead = when.end if when and when.end and when.end > last else None
    length = max((last - first).days, 1)
    if ahead is not None and (ahead - last).days <= 2 * length + 14:
        last = ahead
    length = max((last - first).days, 1)
    room = WIDTH - LABELS - 50

    def at(day: Day) -> float:
        return round(LABELS + 12 + room * min(max((day - first).days / length, 0.0), 1.0), 1)

    names = _lane_names(told, set(assessment.because))
    y_of = {name: BAND + 30 + LANE * number for number, name in enumerate(names)}
    points: list[Point] = []
    taken: dict[tuple[str, float], int] = {}
    for claim in told[-MOST_POINTS:]:
        name = speaker(claim)
        name = name if name in y_of else _OTHERS
        assert claim.said_on is not None
        assert claim.status is not None
        x = at(claim.said_on)
        number = taken.get((name, x), 0)
        taken[name, x] = number + 1
        side = 1 if x < WIDTH - 60 else -1
        points.append(
            Point(
                x=x + side * min(number, 5) * 12,
                y=y_of[name],
                claim=claim,
                tone=TONE[claim.status],
                decides=claim.id in assessment.because,
            )
        )
    planned = None
    if when is not None and when.start is not None and when.start <= last and (when.end or when.start) >= first:
        planned = (at(max(when.start, first)), at(min(when.end or when.start, last)))
    return Timeline(
        width=WIDTH,
        height=BAND + 30 + LANE * len(names) + 14,
        stretches=tuple(_stretches(assessment, at, at(max(min(assessment.as_of or last, last), first)))),
        lanes=tuple(Lane(y=y, name=cut_to(name, 30), whole=name) for name, y in y_of.items()),
        points=tuple(points),
        ticks=tuple(_ticks(first, last, at)),
        planned=planned,
        left_out=max(0, len(told) - MOST_POINTS),
    )


_OTHERS = "others"


def speaker(claim: Claim) -> str:
    """Who says it: the origin, with the body it speaks for; the publisher for the report's own voice."""
    origin = claim.origin
    if origin is None:
        return clean(claim.publisher or "the report itself")
    name = clean(origin.known_as)
    body = clean(origin.org or "")
    known = body.casefold() in name.casefold() or name.casefold() in body.casefold()
    return f"{name} ({body})" if body and not known else name


def _lane_names(told: Sequence[Claim], deciding: set[str]) -> list[str]:
    """The sources in the order in which they first spoke; where there are too many, the busiest, and the rest."""
    counts: dict[str, float] = {}
    for claim in told:
        name = speaker(claim)
        counts[name] = counts.get(name, 0) + 1 + 100 * (claim.id in deciding)
    if len(counts) <= MOST_LANES:
        return list(counts)
    kept = set(sorted(counts, key=lambda name: -counts[name])[: MOST_LANES - 1])
    return [*(name for name in counts if name in kept), _OTHERS]


def _stretches(assessment: Assessment, at: object, end: float) -> Iterable[Stretch]:
    assert callable(at)
    steps = [step for step in assessment.history if step.on is not None]
    for number, step in enumerate(steps):
        assert step.on is not None
        x = at(step.on)
        later = steps[number + 1].on if number + 1 < len(steps) else None
        right = at(later) if later else max(end, x + 8)
        width = max(round(right - x, 1), 3.0)
        yield Stretch(
            x=x,
            width=width,
            status=step.status,
            on=step.on,
            label=str(step.status) if width > 7.2 * len(str(step.status)) + 10 else "",
        )


def _ticks(first: Day, last: Day, at: object) -> Iterable[Tick]:
    assert callable(at)
    length = max((last - first).days, 1)
    step = next((each for each in _STEPS if length / each <= 7), _STEPS[-1])
    for number in range(length // step + 1):
        day = first + datetime.timedelta(days=number * step)
        label = f"{day.day} {day:%b}" if step < 182 else f"{day:%b %Y}"
        yield Tick(x=at(day), label=label)


# -- origins ----------------------------------------------------------------------------------------

ROOM = (300.0, 180.0, 210.0, 200.0)
"""Widths of the boxes: sources, who passed it on, reports, copies."""
GAP = 36.0
ROW = 34.0
MOST_ROWS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One box."""

    x: float
    y: float
    width: float
    label: str
    whole: str
    """The whole label."""
    tone: str
    """How its claim looks; "" for a report or an outlet."""
    report: str | None = None
    """Id of the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Where what is said comes from: sources, outlets that passed it on, the reports, and their copies."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    paths: tuple[str, ...]
    """The lines between the boxes, as SVG path data."""
    left_out: int
    """Claims that there was no room for."""


def origins(assessment: Assessment, dossier: Dossier) -> Origins | None:
    """The graph behind an answer: the claims that decide, then the others with a status; None where there is none."""
    own = set(assessment.event.mentions)
    reports = {report.id: report for report in dossier.reports}
    told = [
        claim
        for claim in dossier.claims
        if claim.mention in own and claim.status is not None and not claim.implied and claim.report in reports
    ]
    told.sort(key=lambda claim: (claim.id not in assessment.because, claim.published or Day.max, claim.id))
    copy_of = dict(dossier.copy_of)
    said: dict[str, dict[Status, None]] = {}
    for claim in told:
        if claim.status is not None:
            said.setdefault(speaker(claim), {})[claim.status] = None
    columns: list[dict[str, tuple[str, str, str | None]]] = [{}, {}, {}, {}]
    lines: set[tuple[int, str, int, str]] = set()
    left_out = 0
    for claim in told:
        root = copy_of.get(claim.report, claim.report)
        if root not in reports:
            root = claim.report
        first = speaker(claim)
        passing = " → ".join(clean(each.known_as) for each in claim.sources[:-1])
        wanted = [(0, first), (2, root)]
        if passing:
            wanted.insert(1, (1, passing))
        if any(key not in columns[column] and len(columns[column]) >= MOST_ROWS for column, key in wanted):
            left_out += 1
            continue
        assert claim.status is not None
        whole = f"{first}: {', '.join(map(str, said[first]))}"
        words = {
            0: (whole, TONE[claim.status], None),
            1: (passing, "", None),
            2: (_printed(reports[root]), "", root),
        }
        for column, key in wanted:
            columns[column].setdefault(key, words[column])
        lines |= {(*a, *b) for a, b in itertools.pairwise(wanted)}
        if root != claim.report and len(columns[3]) < MOST_ROWS:
            columns[3].setdefault(claim.report, (_printed(reports[claim.report]), "", claim.report))
            lines.add((2, root, 3, claim.report))
    if not columns[0]:
        return None
    used = [number for number, column in enumerate(columns) if column]
    left, places = 0.0, {}
    for number in used:
        places[number] = left
        left += ROOM[number] + GAP
    tallest = max(len(column) for column in columns)
    y_of = {
        (number, key): 26 + ROW * (row + (tallest - len(columns[number])) / 2)
        for number in used
        for row, key in enumerate(columns[number])
    }
    nodes = [
        Node(
            x=places[number],
            y=y_of[number, key],
            width=ROOM[number],
            label=cut_to(label, int((ROOM[number] - 16) / 7)),
            whole=label,
            tone=tone,
            report=report,
        )
        for number in used
        for key, (label, tone, report) in columns[number].items()
    ]
    return Origins(
        width=left - GAP,
        height=26 + ROW * tallest,
        nodes=tuple(nodes),
        paths=tuple(
            _curve(places[a] + ROOM[a], y_of[a, one] + 13, places[b], y_of[b, other] + 13)
            for a, one, b, other in sorted(lines)
        ),
        left_out=left_out,
    )


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    half = round((x + to_x) / 2, 1)
    return f"M{x:g} {y:g}C{half:g} {y:g} {half:g} {to_y:g} {to_x:g} {to_y:g}"


def _printed(report: Report) -> str:
    name = clean(report.publisher or report.file)
    return f"{name}, {report.published.day} {report.published:%b}" if report.published else name


# -- days -------------------------------------------------------------------------------------------

DAYS_SHOWN = 60
EARLIEST = Day(1000, 1, 1)
STRIP_WIDTH = 960.0
WIDEST_BAR = 36.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day of the strip."""

    day: Day
    number: int
    """Reports that count from it."""
    x: float
    height: float
    """0 to 30."""
    chosen: bool
    """True for the day that the answers hold for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The days of which one may be chosen, each as tall as it has reports."""

    width: float
    step: float
    """Width of one day."""
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


FEW_DAYS = 14
"""Longest strip on which every other day is named; on a longer one it is each Monday, and the day chosen."""
LABEL_DAYS = 4
"""How many days wide a day's name is there."""


def strip_days(as_of: Day, today: Day, known: tuple[Day, Day] | None) -> tuple[Day, Day]:
    """First and last day of a strip on which `as_of` can be seen; `known` are the first and last day with reports."""
    oldest, newest = known or (as_of, as_of)
    last = min(today, max(newest, as_of)) if as_of <= today else as_of
    if (last - as_of).days >= DAYS_SHOWN:
        last = as_of + datetime.timedelta(days=DAYS_SHOWN // 2)
    earliest = min(oldest, as_of) - datetime.timedelta(days=3) if min(oldest, as_of) > EARLIEST else Day.min
    back = min(DAYS_SHOWN - 1, max((last - earliest).days, 0))
    return last - datetime.timedelta(days=back), last


def strip(counts: Mapping[Day, int], first: Day, last: Day, as_of: Day) -> Strip:
    """The strip of the days from first to last."""
    most = max([*counts.values(), 1])
    bars = []
    ticks = []
    days = (last - first).days + 1
    step = round(min(STRIP_WIDTH / days, WIDEST_BAR), 1)
    for number in range(days):
        day = first + datetime.timedelta(days=number)
        count = counts.get(day, 0)
        height = 3 + 27 * math.log1p(count) / math.log1p(most) if count else 2
        bars.append(Bar(day=day, number=count, x=number * step, height=round(height, 1), chosen=day == as_of))
        off = (day - as_of).days
        if off == 0 or (off % 2 == 0 if days <= FEW_DAYS else day.weekday() == 0 and abs(off) >= LABEL_DAYS):
            ticks.append(Tick(x=number * step, label=f"{day.day} {day:%b}"))
    return Strip(width=days * step, step=step, bars=tuple(bars), ticks=tuple(ticks))
