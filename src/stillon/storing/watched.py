"""The watcher's own notes in a store: how feeds do, which articles they named, and what was told to whom."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from stillon.model import Correction, Day, FeedHealth
from stillon.storing import codec
from stillon.storing.rows import MOST_VALUES, KeptReport, Snapshot, Writer, batches
from stillon.storing.schema import correction, feed, notice, report, sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An article as a feed named it, and how looking at it went."""

    address: str
    """Its url without ornaments: the same for every feed that names it."""
    url: str
    """Its url as the feed gives it."""
    feed: str
    """Url of the feed that named it first."""
    first_at: datetime.datetime
    """When it was first looked at."""
    looked_at: datetime.datetime
    """When it was last looked at."""
    next_at: datetime.datetime | None = None
    """When to look again; None for not of itself, but only where a feed says that it was changed."""
    mark: str = ""
    """What the feed said of it, as a digest."""
    published: Day | None = None
    """Day of publication as the feed gives it."""
    failures: int = 0
    """How many times in a row it could not be had."""
    error: str | None = None
    """Why it could not be read."""
    etag: str | None = None
    """Entity tag to ask with."""
    modified: str | None = None
    """Last-Modified to ask with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNotice:
    """A notice as recorded."""

    id: str
    """Digest of the rule and the change."""
    rule: str
    """Name of the rule."""
    recorded_at: datetime.datetime
    """When it was taken up."""
    error: str | None
    """Why it could not be handed over; None where it was, or was about to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far a store has come: the last report and the last correction."""

    report: int
    """Number of the last report."""
    correction: int
    """Number of the last correction."""


def feeds(snapshot: Snapshot) -> dict[str, FeedHealth]:
    """Every feed ever watched, by its url."""
    rows = snapshot.connection.execute(sa.select(feed).order_by(feed.c.url))
    return {row.url: codec.load(FeedHealth, row.body) for row in rows}


def put_feed(writer: Writer, health: FeedHealth) -> None:
    """Replaces what is known of a feed."""
    writer.connection.execute(feed.delete().where(feed.c.url == health.url))
    writer.connection.execute(feed.insert().values(url=health.url, body=codec.dump(health)))


def sightings(snapshot: Snapshot, addresses: Iterable[str]) -> dict[str, Sighting]:
    """The articles named before, by address."""
    return {
        row.address: codec.load(Sighting, row.body)
        for some in batches(dict.fromkeys(addresses), MOST_VALUES)
        for row in snapshot.connection.execute(sa.select(sighting).where(sighting.c.address.in_(some)))
    }


def due_sightings(snapshot: Snapshot, of: str, now: datetime.datetime, *, most: int) -> list[Sighting]:
    """The articles of a feed that are to be looked at again by now, the longest due first."""
    query = sa.select(sighting.c.body).where(sighting.c.feed == of, sighting.c.next_at <= now)
    rows = snapshot.connection.execute(query.order_by(sighting.c.next_at).limit(most))
    return [codec.load(Sighting, row.body) for row in rows]


def put_sightings(writer: Writer, seen: Iterable[Sighting]) -> None:
    """Replaces what is known of articles."""
    for each in seen:
        writer.connection.execute(sighting.delete().where(sighting.c.address == each.address))
        writer.connection.execute(
            sighting.insert().values(address=each.address, feed=each.feed, next_at=each.next_at, body=codec.dump(each))
        )


def place(snapshot: Snapshot) -> Place:
    """The last report and correction that were recorded; writers go one after the other, so all before them are too."""
    last = [snapshot.connection.execute(sa.select(sa.func.max(table.c.seq))).scalar() for table in (report, correction)]
    return Place(report=last[0] or 0, correction=last[1] or 0)


def reports_after(snapshot: Snapshot, seq: int) -> list[KeptReport]:
    """The reports recorded after report number `seq`."""
    numbers = snapshot.connection.execute(sa.select(report.c.seq).where(report.c.seq > seq).order_by(report.c.seq))
    return snapshot.reports(seqs=numbers.scalars())


def corrections_after(snapshot: Snapshot, seq: int) -> list[Correction]:
    """The corrections recorded after correction number `seq`."""
    query = sa.select(correction.c.body).where(correction.c.seq > seq).order_by(correction.c.seq)
    return [codec.load(Correction, row.body) for row in snapshot.connection.execute(query)]


def claim_notice(writer: Writer, id: str, *, rule: str, recorded_at: datetime.datetime) -> bool:
    """Puts in a notice; False where it is there already, so that whoever put it in alone hands it over."""
    if writer.connection.execute(sa.select(notice.c.id).where(notice.c.id == id)).first():
        return False
    writer.connection.execute(notice.insert().values(id=id, rule=rule, recorded_at=recorded_at))
    return True


def fail_notice(writer: Writer, id: str, error: str) -> None:
    """Says why a notice could not be handed over."""
    writer.connection.execute(notice.update().where(notice.c.id == id).values(error=error))


def notices(snapshot: Snapshot, *, most: int) -> list[KeptNotice]:
    """The last notices, newest first."""
    query = sa.select(notice).order_by(notice.c.recorded_at.desc(), notice.c.id).limit(most)
    return [KeptNotice(**row._mapping) for row in snapshot.connection.execute(query)]
