"""The tables of a store, the same on SQLite and PostgreSQL.

What was read and said is only ever added to: `report`, `reading`, `mention`, `claim`, `pair`, `copy` and
`correction`, each row with the instant it was recorded. `block` and `gram` are their indexes. `answer` and `stale`
are derived, and may be thrown away at any time. `feed`, `sighting` and `notice` are the watcher's own notes;
`account`, `session` and `token` are the desk's, and say who may come in. The words of reports are indexed in `words`,
which each database does its own way (see the migrations).
"""

from __future__ import annotations

import datetime

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from stillon.storing.codec import read_instant, write_instant


class Instant(TypeDecorator[datetime.datetime]):
    """An aware instant in UTC, kept as text that sorts as it does."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, _dialect: sa.Dialect) -> str | None:
        """To the text."""
        return None if value is None else write_instant(value)

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> datetime.datetime | None:
        """From the text."""
        return None if value is None else read_instant(value)


METADATA = sa.MetaData()
_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _serial() -> sa.Column[int]:
    return sa.Column("seq", _SERIAL, primary_key=True)


def _recorded() -> sa.Column[datetime.datetime]:
    return sa.Column("recorded_at", Instant, nullable=False)


report = sa.Table(
    "report",
    METADATA,
    _serial(),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("address", sa.Text, nullable=False),  # url without its ornaments; the report's own id where it has none
    sa.Column("revision", sa.Integer, nullable=False),  # 1 for the first text found at the address
    sa.Column("published", sa.Date),
    sa.Column("counts_from", sa.Date),  # a first revision's publication, a later one's edit; None: always
    sa.Column("grams", sa.Integer, nullable=False),
    _recorded(),
    sa.Column("body", sa.Text, nullable=False),
    sa.UniqueConstraint("address", "revision", name="report_revision"),
    sa.Index("report_counts_from", "counts_from"),
    sa.Index("report_recorded", "recorded_at"),
)

reading = sa.Table(
    "reading",
    METADATA,
    _serial(),
    sa.Column("report", sa.BigInteger, sa.ForeignKey("report.seq"), nullable=False),
    sa.Column("version", sa.Text, nullable=False),  # of the extraction that made it
    _recorded(),
    sa.Column("about", sa.Text, nullable=False),  # what linking needs to know of the whole report
    sa.UniqueConstraint("report", "version", name="reading_version"),
    sa.Index("reading_recorded", "recorded_at"),
)

mention = sa.Table(
    "mention",
    METADATA,
    _serial(),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("reading", sa.BigInteger, sa.ForeignKey("reading.seq"), nullable=False),
    sa.Column(
        "component", sa.BigInteger, nullable=False
    ),  # events of two components have nothing to do with one another
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("mention_id", "id"),
    sa.Index("mention_reading", "reading"),
    sa.Index("mention_component", "component"),
)

claim = sa.Table(
    "claim",
    METADATA,
    _serial(),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("reading", sa.BigInteger, sa.ForeignKey("reading.seq"), nullable=False),
    sa.Column("mention", sa.BigInteger, sa.ForeignKey("mention.seq")),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("claim_reading", "reading"),
    sa.Index("claim_mention", "mention"),
)

block = sa.Table(
    "block",
    METADATA,
    sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("until", sa.Integer, primary_key=True, autoincrement=False),  # last month, counted from the year 0
    sa.Column("mention", sa.BigInteger, sa.ForeignKey("mention.seq"), primary_key=True, autoincrement=False),
    sa.Column("since", sa.Integer, nullable=False),  # first month
    sqlite_with_rowid=False,
)

pair = sa.Table(
    "pair",
    METADATA,
    sa.Column("a", sa.BigInteger, sa.ForeignKey("mention.seq"), primary_key=True, autoincrement=False),
    sa.Column("b", sa.BigInteger, sa.ForeignKey("mention.seq"), primary_key=True, autoincrement=False),
    sa.Column("odds", sa.Double, nullable=False),
    _recorded(),
    sqlite_with_rowid=False,
)

gram = sa.Table(
    "gram",
    METADATA,
    sa.Column("hash", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("report", sa.BigInteger, sa.ForeignKey("report.seq"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

copy = sa.Table(
    "copy",
    METADATA,
    sa.Column("a", sa.BigInteger, sa.ForeignKey("report.seq"), primary_key=True, autoincrement=False),
    sa.Column("b", sa.BigInteger, sa.ForeignKey("report.seq"), primary_key=True, autoincrement=False),
    sa.Column("containment", sa.Double, nullable=False),
    _recorded(),
    sa.Index("copy_b", "b"),
    sqlite_with_rowid=False,
)

correction = sa.Table(
    "correction",
    METADATA,
    _serial(),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    _recorded(),
    sa.Column("body", sa.Text, nullable=False),
)

entry = sa.Table(  # of a desk's diary; each import of a changed entry is a row, and the last of an id counts
    "entry",
    METADATA,
    _serial(),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("diary", sa.Text, nullable=False),
    _recorded(),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("entry_id", "id"),
)

entry_link = sa.Table(  # a person's word on which event an entry is; the last of an entry counts
    "entry_link",
    METADATA,
    _serial(),
    sa.Column("entry", sa.Text, nullable=False),
    _recorded(),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("entry_link_entry", "entry"),
)

answer = sa.Table(
    "answer",
    METADATA,
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("component", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("status", sa.Text),
    sa.Column("start", sa.Date),
    sa.Column("end", sa.Date),
    sa.Column("doubtful", sa.Boolean, nullable=False),
    sa.Column("who", sa.Text, nullable=False),  # participants and hosts, in lower case
    sa.Column("place", sa.Text, nullable=False),  # in lower case
    sa.Column("words", sa.Text, nullable=False),  # name, participants, hosts and place, in lower case
    sa.Column("reports", sa.Integer, nullable=False),
    sa.Column("made_for", sa.Date, nullable=False),  # the day it was worked out for
    sa.Column("good_until", sa.Date, nullable=False),  # the last day on which nothing but the date changes
    sa.Index("answer_component", "component"),
    sa.Index("answer_good_until", "good_until"),
    sa.Index("answer_end", "end"),
    sa.Index("answer_made_for", "made_for"),
    sa.Index("answer_status", "status"),
)

answer_body = sa.Table(  # apart from `answer`, so that a look through all answers need not pass over it
    "answer_body",
    METADATA,
    sa.Column("event", sa.Text, sa.ForeignKey("answer.event"), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

stale = sa.Table("stale", METADATA, sa.Column("component", sa.BigInteger, primary_key=True, autoincrement=False))

feed = sa.Table(  # how each watched feed does
    "feed",
    METADATA,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

sighting = sa.Table(  # the articles that feeds named, and when to look at each again
    "sighting",
    METADATA,
    sa.Column("address", sa.Text, primary_key=True),  # url without its ornaments
    sa.Column("feed", sa.Text, nullable=False),
    sa.Column("next_at", Instant),  # None: not of itself
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("sighting_due", "feed", "next_at"),
)

notice = sa.Table(  # the changes that somebody was told of
    "notice",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("rule", sa.Text, nullable=False),
    _recorded(),
    sa.Column("error", sa.Text),  # why it could not be handed over
    sa.Index("notice_recorded", "recorded_at"),
)

account = sa.Table(  # whoever may sign in to the desk
    "account",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),  # the password's argon2id hash
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),  # None: open
)

session = sa.Table(  # who is signed in
    "session",
    METADATA,
    sa.Column("digest", sa.Text, primary_key=True),  # of the cookie's secret
    sa.Column("account", sa.Text, sa.ForeignKey("account.name"), nullable=False),
    sa.Column("form", sa.Text, nullable=False),  # what every form of the session carries
    sa.Column("ends_at", Instant, nullable=False),
    sa.Index("session_account", "account"),
)

token = sa.Table(  # what programs sign in with
    "token",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("account", sa.Text, sa.ForeignKey("account.name"), nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),  # None: it holds
    sa.Index("token_account", "account"),
)

fact = sa.Table(  # of the store itself: number of the last migration, version of the linking, how far notices have come
    "fact",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
