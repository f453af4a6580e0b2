"""Reading and writing the rows of a store as records; what is read comes in the order it was recorded."""

from __future__ import annotations

import datetime
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from stillon.model import Assessment, Claim, Correction, Day, Entry, EntryLink, Mention, Report
from stillon.storing import codec
from stillon.storing.schema import (
    answer,
    answer_body,
    block,
    claim,
    copy,
    correction,
    entry,
    entry_link,
    fact,
    gram,
    mention,
    pair,
    reading,
    report,
    stale,
)

Item = TypeVar("Item")
Run = tuple[int, int]
"""First and last month of a stretch, counted from the year 0."""
MOST_VALUES = 500
"""Values given to one statement; SQLite's older versions allow 999."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReport:
    """A report as recorded."""

    seq: int
    """Its number in the store."""
    id: str
    """The report's id."""
    address: str
    """What its revisions have in common: its url without ornaments, else its own id."""
    revision: int
    """1 for the first text found at the address."""
    counts_from: Day | None
    """Day from which this revision is what stands at the address; None where it always was."""
    recorded_at: datetime.datetime
    """When the store came to know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReading:
    """What one version of the extraction read in a report."""

    seq: int
    """Its number in the store."""
    report: int
    """Number of the report."""
    version: str
    """Version of the extraction."""
    recorded_at: datetime.datetime
    """When it was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMention:
    """A mention as recorded."""

    seq: int
    """Its number in the store."""
    reading: int
    """Number of the reading."""
    component: int
    """Number of the component: mentions of two components are never of one event."""
    mention: Mention
    """The mention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPair:
    """Two mentions compared: a link, or the opposite."""

    a: int
    """Number of the one mention."""
    b: int
    """Number of the other."""
    odds: float
    """Log odds that they are one event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCopy:
    """Two reports that share text."""

    a: int
    """Number of the original."""
    b: int
    """Number of the other."""
    containment: float
    """Share of the shorter text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """An event's answer as it is kept until something changes."""

    component: int
    """Number of the component."""
    assessment: Assessment
    """The answer."""
    reports: int
    """How many reports speak of the event."""
    good_until: Day
    """Last day on which the answer is the same but for its date."""


class Snapshot:
    """One consistent state of a store, to be read."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    # -- reports and readings ---------------------------------------------------------------------

    def reports(
        self, *, seqs: Iterable[int] | None = None, ids: Iterable[str] = (), addresses: Iterable[str] = ()
    ) -> list[KeptReport]:
        """The reports by any of number, id or address, without their text."""
        columns = (report.c.seq, report.c.id, report.c.address, report.c.revision, report.c.counts_from)
        query = sa.select(*columns, report.c.recorded_at).order_by(report.c.seq)
        rows: dict[int, KeptReport] = {}
        for column, values in ((report.c.seq, seqs or ()), (report.c.id, ids), (report.c.address, addresses)):
            for row in self._in(query, column, values):
                rows[row.seq] = KeptReport(**row._mapping)
        return [rows[seq] for seq in sorted(rows)]

    def every_report(self) -> list[KeptReport]:
        """All reports, without their text."""
        columns = (report.c.seq, report.c.id, report.c.address, report.c.revision, report.c.counts_from)
        rows = self.connection.execute(sa.select(*columns, report.c.recorded_at).order_by(report.c.seq))
        return [KeptReport(**row._mapping) for row in rows]

    def texts(self, seqs: Iterable[int]) -> dict[int, Report]:
        """The reports themselves by number."""
        rows = self._in(sa.select(report.c.seq, report.c.body), report.c.seq, seqs)
        return {row.seq: codec.load(Report, row.body) for row in rows}

    def reports_since(self, since: Day, until: Day) -> list[KeptReport]:
        """The reports and revisions that count from a day in between, both ends included."""
        columns = (report.c.seq, report.c.id, report.c.address, report.c.revision, report.c.counts_from)
        query = sa.select(*columns, report.c.recorded_at).where(report.c.counts_from.between(since, until))
        return [KeptReport(**row._mapping) for row in self.connection.execute(query.order_by(report.c.seq))]

    def reports_recorded(self, since: datetime.datetime, until: datetime.datetime) -> list[KeptReport]:
        """The reports and revisions that the store came to know between two instants, both included."""
        columns = (report.c.seq, report.c.id, report.c.address, report.c.revision, report.c.counts_from)
        query = sa.select(*columns, report.c.recorded_at).where(report.c.recorded_at.between(since, until))
        return [KeptReport(**row._mapping) for row in self.connection.execute(query.order_by(report.c.seq))]

    def readings(self, reports: Iterable[int]) -> list[KeptReading]:
        """The readings of reports, in the order they were recorded."""
        columns = (reading.c.seq, reading.c.report, reading.c.version, reading.c.recorded_at)
        rows = self._in(sa.select(*columns), reading.c.report, reports)
        return sorted((KeptReading(**row._mapping) for row in rows), key=lambda each: each.seq)

    def readings_of(self, readings: Iterable[int]) -> list[KeptReading]:
        """The readings by their own numbers."""
        columns = (reading.c.seq, reading.c.report, reading.c.version, reading.c.recorded_at)
        rows = self._in(sa.select(*columns), reading.c.seq, readings)
        return sorted((KeptReading(**row._mapping) for row in rows), key=lambda each: each.seq)

    def about(self, readings: Iterable[int]) -> dict[int, str]:
        """What linking knows of the report of each reading."""
        rows = self._in(sa.select(reading.c.seq, reading.c.about), reading.c.seq, readings)
        return {row.seq: row.about for row in rows}

    def found(self, words: str) -> list[int]:
        """Numbers of the reports whose text or title has all the words, best first."""
        if self.connection.dialect.name == "sqlite":
            query = sa.text("SELECT rowid FROM words WHERE words MATCH :words ORDER BY rank")
            quoted = " ".join('"' + each.replace('"', '""') + '"' for each in words.split())
            return list(self.connection.execute(query, {"words": quoted}).scalars())
        query = sa.text(
            "SELECT report FROM words, plainto_tsquery('english', :words) AS asked WHERE body @@ asked"
            " ORDER BY ts_rank(body, asked) DESC, report"
        )
        return list(self.connection.execute(query, {"words": words}).scalars())

    # -- mentions, claims and links ---------------------------------------------------------------

    def mentions(
        self,
        *,
        seqs: Iterable[int] = (),
        readings: Iterable[int] = (),
        components: Iterable[int] = (),
        ids: Iterable[str] = (),
    ) -> list[KeptMention]:
        """The mentions by any of number, reading, component or id, in the order they were recorded."""
        found: dict[int, KeptMention] = {}
        by = (
            (mention.c.seq, seqs),
            (mention.c.reading, readings),
            (mention.c.component, components),
            (mention.c.id, ids),
        )
        for column, values in by:
            for row in self._in(sa.select(mention), column, values):
                found[row.seq] = KeptMention(
                    seq=row.seq,
                    reading=row.reading,
                    component=row.component,
                    mention=codec.load(Mention, row.body),
                )
        return [found[seq] for seq in sorted(found)]

    def readings_with(self, mentions: Iterable[int]) -> set[int]:
        """Numbers of the readings that hold one of the mentions."""
        rows = self._in(sa.select(mention.c.reading).distinct(), mention.c.seq, mentions)
        return {row.reading for row in rows}

    def mention_records(self, readings: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
        """The mentions of each reading in the order they were recorded: number, and record as `codec.load` reads it."""
        found: dict[int, list[tuple[int, str]]] = {}
        query = sa.select(mention.c.seq, mention.c.reading, mention.c.body).order_by(mention.c.seq)
        for row in self._in(query, mention.c.reading, readings):
            found.setdefault(row.reading, []).append((row.seq, row.body))
        return found

    def mention_ids(self, start: str, *, most: int) -> list[str]:
        """Ids of mentions that begin with `start`, at most so many."""
        query = sa.select(mention.c.id).distinct()
        if self.connection.dialect.name == "sqlite":  # which compares by code point, so that its index serves
            query = query.where(mention.c.id >= start, mention.c.id < start + "\U0010ffff")
        else:
            query = query.where(mention.c.id.startswith(start, autoescape=True))
        return list(self.connection.execute(query.order_by(mention.c.id).limit(most)).scalars())

    def components(
        self, *, mentions: Iterable[int] = (), reports: Iterable[int] = (), ids: Iterable[str] = ()
    ) -> set[int]:
        """Components that hold one of the mentions (by number or id), or a mention in one of the reports."""
        found: set[int] = set()
        by_report = sa.select(mention.c.component).join(reading, reading.c.seq == mention.c.reading)
        plain = sa.select(mention.c.component)
        for query, column, values in (
            (plain, mention.c.seq, mentions),
            (plain, mention.c.id, ids),
            (by_report, reading.c.report, reports),
        ):
            found.update(row.component for row in self._in(query.distinct(), column, values))
        return found

    def every_component(self) -> list[int]:
        """All components."""
        return list(self.connection.execute(sa.select(mention.c.component).distinct().order_by("component")).scalars())

    def claims(self, readings: Iterable[int]) -> dict[int, list[tuple[int | None, Claim]]]:
        """The claims of each reading with the number of the mention they bear on, in their order."""
        found: dict[int, list[tuple[int | None, Claim]]] = {}
        for row in self._in(sa.select(claim).order_by(claim.c.seq), claim.c.reading, readings):
            found.setdefault(row.reading, []).append((row.mention, codec.load(Claim, row.body)))
        return found

    def claims_on(self, mentions: Iterable[int]) -> dict[int, list[Claim]]:
        """The claims that bear on each mention, in their order."""
        found: dict[int, list[Claim]] = {}
        for row in self._in(sa.select(claim).order_by(claim.c.seq), claim.c.mention, mentions):
            found.setdefault(row.mention, []).append(codec.load(Claim, row.body))
        return found

    def neighbours(self, keys: Iterable[int], runs: Iterable[Run], *, most: int) -> set[int]:
        """Numbers of the mentions filed under one of the keys for a month of one of the runs.

        At most so many: those that share most of the keys, of these the newest.
        """
        shared: Counter[int] = Counter()
        keys = list(keys)
        number = sa.func.count().label("number")
        for since, until in runs:
            query = sa.select(block.c.mention, number).where(block.c.until >= since, block.c.since <= until)
            query = query.group_by(block.c.mention).order_by(number.desc(), block.c.mention.desc()).limit(most)
            for row in self._in(query, block.c.key, keys):
                shared[row.mention] += row.number
        return set(heapq.nlargest(most, shared, key=lambda each: (shared[each], each)))

    def pairs(self, mentions: Iterable[int]) -> list[KeptPair]:
        """The compared pairs within a set of mentions."""
        inside = set(mentions)
        columns = (pair.c.a, pair.c.b, pair.c.odds)
        rows = self._in(sa.select(*columns), pair.c.a, inside)
        return [KeptPair(**row._mapping) for row in rows if row.b in inside]

    def sharing(self, hashes: Iterable[int]) -> dict[int, int]:
        """How many of the grams each report has, for the reports that have any."""
        counts: dict[int, int] = {}
        query = sa.select(gram.c.report, sa.func.count().label("shared")).group_by(gram.c.report)
        for row in self._in(query, gram.c.hash, hashes):
            counts[row.report] = counts.get(row.report, 0) + row.shared
        return counts

    def gram_counts(self, reports: Iterable[int]) -> dict[int, int]:
        """How many sampled grams each report has."""
        return {row.seq: row.grams for row in self._in(sa.select(report.c.seq, report.c.grams), report.c.seq, reports)}

    def copies(self, reports: Iterable[int]) -> list[KeptCopy]:
        """The pairs that one of the reports shares text in."""
        wanted = list(reports)
        found: dict[tuple[int, int], KeptCopy] = {}
        columns = (copy.c.a, copy.c.b, copy.c.containment)
        for column in (copy.c.a, copy.c.b):
            for row in self._in(sa.select(*columns), column, wanted):
                found[row.a, row.b] = KeptCopy(**row._mapping)
        return [found[key] for key in sorted(found)]

    # -- corrections and answers ------------------------------------------------------------------

    def corrections(self) -> list[Correction]:
        """Every correction, also those undone, in the order they were made."""
        rows = self.connection.execute(
            sa.select(correction.c.body).order_by(correction.c.recorded_at, correction.c.seq)
        )
        return [codec.load(Correction, row.body) for row in rows]

    def entries(self, *, id: str | None = None) -> list[tuple[Entry, datetime.datetime]]:
        """Every entry of a diary, or the one of an id, as it was ever imported, with the instant, in that order."""
        query = sa.select(entry.c.body, entry.c.recorded_at).order_by(entry.c.recorded_at, entry.c.seq)
        rows = self.connection.execute(query if id is None else query.where(entry.c.id == id))
        return [(codec.load(Entry, row.body), row.recorded_at) for row in rows]

    def entry_links(self) -> list[EntryLink]:
        """Every person's word on which event an entry is, in the order they were given."""
        rows = self.connection.execute(
            sa.select(entry_link.c.body).order_by(entry_link.c.recorded_at, entry_link.c.seq)
        )
        return [codec.load(EntryLink, row.body) for row in rows]

    def stale(self) -> list[int]:
        """Components whose answers must be worked out anew."""
        return list(self.connection.execute(sa.select(stale.c.component).order_by("component")).scalars())

    def outdated(self, day: Day) -> list[int]:
        """Components with an answer that does not hold on the day."""
        query = sa.select(answer.c.component)
        either = (answer.c.good_until < day, answer.c.made_for > day)  # each by its own index
        return sorted(
            {component for each in either for component in self.connection.execute(query.where(each)).scalars()}
        )

    def answers(
        self, where: Sequence[sa.ColumnElement[bool]], *, most: int | None, newest_first: bool = False
    ) -> tuple[list[AnswerRow], int]:
        """The kept answers that fulfil all conditions, by the day planned, and how many there are in all.

        Of one day, what most reports speak of comes first.
        """
        return self.answers_after(where, most=most, newest_first=newest_first), self.count_answers(where)

    def count_answers(self, where: Sequence[sa.ColumnElement[bool]]) -> int:
        """How many kept answers fulfil all conditions."""
        return int(self.connection.execute(sa.select(sa.func.count()).select_from(answer).where(*where)).scalar_one())

    def tally(self, where: Sequence[sa.ColumnElement[bool]]) -> dict[str, int]:
        """How many kept answers fulfil all conditions, by their status."""
        query = sa.select(answer.c.status, sa.func.count()).where(*where).group_by(answer.c.status)
        return {status: number for status, number in self.connection.execute(query) if status is not None}

    def answers_after(
        self, where: Sequence[sa.ColumnElement[bool]], *, most: int | None, newest_first: bool = False
    ) -> list[AnswerRow]:
        """The kept answers as `answers` gives them, uncounted."""
        end = answer.c.end.desc() if newest_first else answer.c.end
        chosen = sa.select(answer).where(*where).order_by(end, answer.c.reports.desc(), answer.c.event)
        rows = self.connection.execute(chosen if most is None else chosen.limit(most)).all()
        bodies = {
            row.event: row.body
            for row in self._in(sa.select(answer_body), answer_body.c.event, (r.event for r in rows))
        }
        return [
            AnswerRow(
                component=row.component,
                assessment=codec.load(Assessment, bodies[row.event]),
                reports=row.reports,
                good_until=row.good_until,
            )
            for row in rows
        ]

    def fact(self, name: str) -> str | None:
        """A fact of the store itself."""
        return self.connection.execute(sa.select(fact.c.value).where(fact.c.name == name)).scalar()

    def count(self) -> Mapping[str, int]:
        """Rows of each table that is never derived."""
        tables = (report, reading, mention, claim, pair, copy, correction)
        return {
            table.name: self.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in tables
        }

    def _in(self, query: Any, column: sa.Column[Any], values: Iterable[object]) -> Iterator[Any]:
        """The rows of `query` whose column has one of the values, a batch of values at a time."""
        for some in batches(dict.fromkeys(values), MOST_VALUES):
            yield from self.connection.execute(query.where(column.in_(some)))


class Writer(Snapshot):
    """One transaction; nothing is written until it is done as a whole."""

    def add_report(
        self, kept: Report, *, address: str, revision: int, counts_from: Day | None, grams: Sequence[int],
        recorded_at: datetime.datetime,
    ) -> int:  # fmt: skip
        """The number of a report put in, with its words and its grams."""
        seq = self._insert(
            report,
            id=kept.id,
            address=address,
            revision=revision,
            published=kept.published,
            counts_from=counts_from,
            grams=len(grams),
            recorded_at=recorded_at,
            body=codec.dump(kept),
        )
        self._many(gram, [{"hash": each, "report": seq} for each in grams])
        words = storable(f"{kept.title or ''}\n{kept.text}")
        if self.connection.dialect.name == "sqlite":
            query = sa.text("INSERT INTO words (rowid, body) VALUES (:report, :words)")
        else:
            query = sa.text("INSERT INTO words (report, body) VALUES (:report, to_tsvector('english', :words))")
        self.connection.execute(query, {"report": seq, "words": words})
        return seq

    def add_reading(
        self, of: int, *, version: str, about: str, mentions: Sequence[Mention], claims: Sequence[Claim],
        recorded_at: datetime.datetime,
    ) -> list[KeptMention]:  # fmt: skip
        """The mentions of a reading put in for report number `of`; each is a component of its own."""
        seq = self._insert(reading, report=of, version=version, recorded_at=recorded_at, about=about)
        kept = []
        for each in mentions:
            own = self._insert(mention, id=each.id, reading=seq, component=0, body=codec.dump(each))
            kept.append(KeptMention(seq=own, reading=seq, component=own, mention=each))
        self.connection.execute(mention.update().where(mention.c.reading == seq).values(component=mention.c.seq))
        number = {each.mention.id: each.seq for each in kept}
        self._many(
            claim,
            [
                {"id": each.id, "reading": seq, "mention": number.get(each.mention or ""), "body": codec.dump(each)}
                for each in claims
            ],
        )
        self.mark_stale(each.component for each in kept)
        return kept

    def add_blocks(self, of: int, keys: Iterable[int], runs: Sequence[Run]) -> None:
        """Files mention number `of` under keys, for the months of the runs."""
        self._many(
            block,
            [{"key": key, "since": a, "until": b, "mention": of} for key in sorted(set(keys)) for a, b in runs],
        )

    def add_pairs(self, pairs: Iterable[KeptPair], *, recorded_at: datetime.datetime) -> None:
        """Puts in compared pairs."""
        self._many(pair, [{"a": p.a, "b": p.b, "odds": p.odds, "recorded_at": recorded_at} for p in pairs])

    def add_copies(self, copies: Iterable[KeptCopy], *, recorded_at: datetime.datetime) -> None:
        """Puts in pairs of reports that share text."""
        self._many(
            copy,
            [{"a": c.a, "b": c.b, "containment": c.containment, "recorded_at": recorded_at} for c in copies],
        )

    def add_correction(self, made: Correction) -> None:
        """Puts in a correction; one that is there already is left."""
        if not self.connection.execute(sa.select(correction.c.seq).where(correction.c.id == made.id)).first():
            self._insert(correction, id=made.id, recorded_at=made.recorded_at, body=codec.dump(made))

    def add_entries(self, entries: Iterable[Entry], *, recorded_at: datetime.datetime) -> None:
        """Puts in entries of a diary as they are now."""
        self._many(
            entry,
            [{"id": e.id, "diary": e.diary, "recorded_at": recorded_at, "body": codec.dump(e)} for e in entries],
        )

    def add_entry_link(self, made: EntryLink) -> None:
        """Puts in a person's word on which event an entry is."""
        self._insert(entry_link, entry=made.entry, recorded_at=made.recorded_at, body=codec.dump(made))

    def join(self, components: Iterable[int]) -> int:
        """Makes several components one, and gives its number; the one with most mentions keeps its own."""
        joined = sorted(set(components))
        if len(joined) == 1:
            self.mark_stale(joined)
            return joined[0]
        sizes = {
            row.component: row.size
            for some in batches(joined, MOST_VALUES)
            for row in self.connection.execute(
                sa.select(mention.c.component, sa.func.count().label("size"))
                .where(mention.c.component.in_(some))
                .group_by(mention.c.component)
            )
        }
        keep = max(joined, key=lambda each: (sizes.get(each, 0), -each))
        gone = [each for each in joined if each != keep]
        for some in batches(gone, MOST_VALUES):
            self.connection.execute(mention.update().where(mention.c.component.in_(some)).values(component=keep))
            self.connection.execute(stale.delete().where(stale.c.component.in_(some)))
        self._forget(gone)
        self.mark_stale([keep])
        return keep

    def mark_stale(self, components: Iterable[int]) -> None:
        """Says that the answers of components must be worked out anew."""
        wanted = set(components)
        there = {row.component for row in self._in(sa.select(stale.c.component), stale.c.component, wanted)}
        self._many(stale, [{"component": each} for each in sorted(wanted - there)])

    def put_answers(self, components: Iterable[int], rows: Sequence[AnswerRow], *, made_for: Day) -> None:
        """Replaces the answers of components, which are no longer stale."""
        components = list(components)
        self._forget(components)
        for some in batches(components, MOST_VALUES):
            self.connection.execute(stale.delete().where(stale.c.component.in_(some)))
        self._many(answer, [_answer_values(row, made_for) for row in rows])
        self._many(
            answer_body,
            [{"event": row.assessment.event.id, "body": codec.dump(row.assessment)} for row in rows],
        )

    def forget_links(self) -> None:
        """Throws away what was worked out of the mentions: keys, pairs, components and answers."""
        for table in (answer_body, answer, stale, pair, block):
            self.connection.execute(table.delete())
        self.connection.execute(mention.update().values(component=mention.c.seq))

    def set_fact(self, name: str, value: str) -> None:
        """Sets a fact of the store itself."""
        self.connection.execute(fact.delete().where(fact.c.name == name))
        self.connection.execute(fact.insert().values(name=name, value=value))

    def _forget(self, components: Iterable[int]) -> None:
        for some in batches(list(components), MOST_VALUES):
            events = sa.select(answer.c.event).where(answer.c.component.in_(some))
            self.connection.execute(answer_body.delete().where(answer_body.c.event.in_(events)))
            self.connection.execute(answer.delete().where(answer.c.component.in_(some)))

    def _insert(self, table: sa.Table, **values: object) -> int:
        result = self.connection.execute(table.insert().values(**values).returning(table.c.seq))
        return int(result.scalar_one())

    def _many(self, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            self.connection.execute(table.insert(), rows)


def batches(values: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The values in lists of at most `size`."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def _answer_values(row: AnswerRow, made_for: Day) -> Mapping[str, object]:
    """The columns by which an answer is looked for."""
    given = row.assessment
    event = given.event
    place = given.place or event.place or ""
    who = " · ".join((*event.participants, *event.host))
    return {
        "event": event.id,
        "component": row.component,
        "kind": str(event.kind),
        "status": None if given.status is None else str(given.status),
        "start": given.when.start if given.when else None,
        "end": (given.when.end or given.when.start) if given.when else None,
        "doubtful": is_doubtful(given),
        "who": storable(who.lower()),
        "place": storable(place.lower()),
        "words": words_of(given),
        "reports": row.reports,
        "made_for": made_for,
        "good_until": row.good_until,
    }


def words_of(given: Assessment) -> str:
    """The words by which an event is found, in lower case."""
    event = given.event
    named = (event.name, *event.participants, *event.host, given.place or event.place or "")
    return storable(" · ".join(named).lower())


def storable(text: str) -> str:
    """The text without what a database's text cannot hold; records are kept whole, as JSON."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def is_doubtful(given: Assessment) -> bool:
    """True for an answer that may be wrong: contradicted, in doubt, badly sourced, or lapsed."""
    return bool(given.contradictions) or str(given.status) in ("in doubt", "lapsed") or given.credibility >= 4
