"""The board a page at a time, as of any day and instant, so that nothing is shown twice or left out while reports
come in.

A page leads on by its last event and by the instant at which the first page was asked: what was recorded since does
not move anything. Answers kept for today serve any view for the components in which nothing differs between the two;
the others are worked out anew, and where they are many kept in memory.
"""

from __future__ import annotations

import datetime
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import sqlalchemy as sa

from stillon.keeping.answering import AT_ONCE, Filter, View, bring_up_to_date, rows_of
from stillon.keeping.changing import touched
from stillon.model import Day, Status
from stillon.storing import AnswerRow, Snapshot, Store
from stillon.storing.rows import batches
from stillon.storing.schema import answer as answer_table
from stillon.storing.schema import reading as reading_table
from stillon.storing.schema import report as report_table

MANY = 100
"""Components from which on what is worked out anew for a page is kept in memory."""
VIEWS_KEPT = 6
"""Views of which it is, those last asked for."""
_TO_COME, _NO_DAY, _PAST = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The place of an event in the board's order."""

    part: int
    """0 to come, 1 without a day, 2 past."""
    end: Day | None
    """Its last day."""
    reports: int
    """How many reports speak of it."""
    event: str
    """Its id."""

    @property
    def key(self) -> tuple[int, int, int, str]:
        """Sorts as the board does: next day first, then those without a day, then the past, newest first."""
        days = self.end.toordinal() if self.end else 0
        return (self.part, -days if self.part == _PAST else days, -self.reports, self.event)

    def after(self) -> sa.ColumnElement[bool]:
        """The kept answers of the same part that come after."""
        table = answer_table.c
        later = sa.and_(
            table.end.is_(None) if self.end is None else table.end == self.end,
            sa.or_(table.reports < self.reports, sa.and_(table.reports == self.reports, table.event > self.event)),
        )
        if self.end is None:
            return later
        return sa.or_(table.end < self.end if self.part == _PAST else table.end > self.end, later)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """Some of the board's events, in order."""

    view: View
    """What they hold for."""
    rows: tuple[AnswerRow, ...]
    """The events with their answers."""
    tally: Mapping[Status, int]
    """How many there are on all pages, by status."""
    last: Mark | None
    """The last event of the page; None where no page follows."""

    @property
    def total(self) -> int:
        """How many there are on all pages."""
        return sum(self.tally.values())


class Pages:
    """The pages of one store's board."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._views: OrderedDict[tuple[object, ...], Sequence[AnswerRow]] = OrderedDict()
        self._lock = Lock()

    def page(self, *, wanted: Filter, view: View, today: Day, most: int, after: Mark | None = None) -> BoardPage:
        """At most `most` events that the filter admits, as of the view, after a mark."""
        anew = bring_up_to_date(self._store, today)
        with self._store.read() as snapshot:
            differing = differing_components(snapshot, view, today) | set(anew.components)
            others = self._others(snapshot, differing, view)
            return _mixed(snapshot, others, differing, wanted=wanted, view=view, after=after, most=most)

    def _others(self, snapshot: Snapshot, differing: set[int], view: View) -> Sequence[AnswerRow]:
        """The answers of the components that differ, from memory where nothing has come in since."""
        if len(differing) < MANY:
            return rows_anew(snapshot, sorted(differing), view)
        key = (state_of(snapshot), view)
        with self._lock:
            if key in self._views:
                self._views.move_to_end(key)
                return self._views[key]
        rows = rows_anew(snapshot, sorted(differing), view)
        with self._lock:
            self._views[key] = rows
            while len(self._views) > VIEWS_KEPT:
                self._views.popitem(last=False)
        return rows


def rows_anew(snapshot: Snapshot, components: Sequence[int], view: View) -> list[AnswerRow]:
    """The answers of components as of a view."""
    return [row for some in batches(components, AT_ONCE) for row in rows_of(snapshot, some, view)]


def state_of(snapshot: Snapshot) -> tuple[object, ...]:
    """What changes whenever anything that an answer may rest on is put into the store."""
    names = ("report", "reading", "correction", "entry", "entry_link")
    query = sa.text("SELECT " + ", ".join(f"(SELECT max(seq) FROM {name})" for name in names))
    return (*snapshot.connection.execute(query).one(), snapshot.fact("linking"))


def differing_components(snapshot: Snapshot, view: View, today: Day) -> set[int]:
    """The components whose answers as of the view may differ from those kept for today."""
    as_of = today if view.as_of is None else view.as_of
    wanted: list[sa.ColumnElement[bool]] = []
    if as_of != today:
        wanted.append(report_table.c.counts_from > min(as_of, today))
    if view.known_by is not None:
        wanted.append(report_table.c.recorded_at > view.known_by)
    reports: set[int] = set()
    for each in wanted:
        reports |= set(snapshot.connection.execute(sa.select(report_table.c.seq).where(each)).scalars())
    reports |= _read_anew(snapshot, view, as_of, today)
    reports = _with_copies(snapshot, reports)
    corrections = [each for each in snapshot.corrections() if not (view.knows(each.recorded_at) and each.on <= as_of)]
    if not reports and not corrections and as_of == today:
        return set()
    since = as_of + datetime.timedelta(days=1) if as_of < today else today
    return touched(snapshot, reports, corrections, since, max(as_of, today))


def _read_anew(snapshot: Snapshot, view: View, as_of: Day, today: Day) -> set[int]:
    """Reports of which another reading may count as of the view than does today."""
    table = reading_table
    bounds = [view.known_by] if view.known_by else []
    if as_of < today and not view.reread:
        bounds.append(datetime.datetime.combine(as_of, datetime.time.max, datetime.UTC))
    if not bounds:
        return set()
    earlier = table.alias()
    query = (
        sa.select(table.c.report)
        .join(earlier, sa.and_(earlier.c.report == table.c.report, earlier.c.seq < table.c.seq))
        .where(table.c.recorded_at > min(bounds))
    )
    return set(snapshot.connection.execute(query).scalars())


def _with_copies(snapshot: Snapshot, reports: set[int]) -> set[int]:
    """The reports, and all that share text with one of them: whose copy each is may differ."""
    found, fresh = set(reports), set(reports)
    while fresh:
        fresh = {seq for each in snapshot.copies(fresh) for seq in (each.a, each.b)} - found
        found |= fresh
    return found


def _mark(row: AnswerRow, day: Day) -> Mark:
    when = row.assessment.when
    end = (when.end or when.start) if when else None
    part = _NO_DAY if end is None else _TO_COME if end >= day else _PAST
    return Mark(part=part, end=end, reports=row.reports, event=row.assessment.event.id)


def _tally(rows: Iterable[AnswerRow], kept: Mapping[str, int] | None = None) -> dict[Status, int]:
    """How many answers there are of each status, in the order of the statuses."""
    counts = Counter({Status(name): number for name, number in (kept or {}).items()})
    counts.update(row.assessment.status for row in rows if row.assessment.status)
    return {status: counts[status] for status in Status if counts[status]}


def _mixed(
    snapshot: Snapshot, others: Sequence[AnswerRow], differing: set[int], *, wanted: Filter, view: View,
    after: Mark | None, most: int,
) -> BoardPage:  # fmt: skip
    """A page of the kept answers, with those worked out anew in the place of what is kept of their components."""
    day = view.as_of or datetime.date.max
    end = answer_table.c.end
    conditions = wanted.conditions()
    more = [(_mark(row, day), row) for row in others if wanted.admits(row.assessment)]
    found = [each for each in more if after is None or each[0].key > after.key]
    for part, of_part in ((_TO_COME, end >= day), (_NO_DAY, end.is_(None)), (_PAST, end < day)):
        if after is not None and part < after.part:
            continue
        begun = after if after is not None and part == after.part else None
        rows = _kept_after(snapshot, [*conditions, of_part], differing, begun, day, most=most + 1, part=part)
        found += [(_mark(row, day), row) for row in rows]
        if len(found) > most and part != _PAST and sum(mark.part <= part for mark, _ in found) > most:
            break
    found.sort(key=lambda each: each[0].key)
    kept = Counter(snapshot.tally(conditions))
    for some in batches(sorted(differing), AT_ONCE):
        kept.subtract(snapshot.tally([*conditions, answer_table.c.component.in_(some)]))
    return BoardPage(
        view=view,
        rows=tuple(replace(row, assessment=replace(row.assessment, as_of=view.as_of)) for _, row in found[:most]),
        tally=_tally((row for _, row in more), kept),
        last=found[most - 1][0] if len(found) > most else None,
    )


def _kept_after(
    snapshot: Snapshot, conditions: Sequence[sa.ColumnElement[bool]], differing: set[int], after: Mark | None, day: Day,
    *, most: int, part: int,
) -> list[AnswerRow]:  # fmt: skip
    """The first kept answers of a part of the board after a mark, those of some components left out."""
    found: list[AnswerRow] = []
    while True:
        bounds = [after.after()] if after else []
        rows = snapshot.answers_after([*conditions, *bounds], most=most, newest_first=part == _PAST)
        found += [row for row in rows if row.component not in differing]
        if len(rows) < most or len(found) >= most:
            return found[:most]
        after = _mark(rows[-1], day)
