"""Who may come in to the desk: accounts, those signed in, and the tokens of programs. No secret is kept as it is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import sqlalchemy as sa

from stillon.storing.rows import Snapshot, Writer
from stillon.storing.schema import account, session, token


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAccount:
    """An account as recorded."""

    name: str
    """Whom corrections are signed by."""
    role: str
    """What it may do: "reader" or "editor"."""
    secret: str
    """The password's hash, with its salt and costs."""
    made_at: datetime.datetime
    """When it was made."""
    closed_at: datetime.datetime | None
    """Since when nobody may sign in with it; None while it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSession:
    """A sign-in as recorded."""

    digest: str
    """Digest of the cookie's secret."""
    account: str
    """Name of the account."""
    form: str
    """What every form of the session carries, so that no other site can send one."""
    ends_at: datetime.datetime
    """When it ends by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptToken:
    """A program's token as recorded."""

    id: str
    """What it is called by."""
    digest: str
    """Digest of the token."""
    account: str
    """Name of the account that it acts for."""
    label: str
    """What it is for."""
    role: str
    """The most that it may do."""
    made_at: datetime.datetime
    """When it was made."""
    revoked_at: datetime.datetime | None
    """Since when it holds no longer; None while it does."""


def accounts(snapshot: Snapshot) -> list[KeptAccount]:
    """Every account, by name."""
    rows = snapshot.connection.execute(sa.select(account).order_by(account.c.name))
    return [KeptAccount(**row._mapping) for row in rows]


def account_of(snapshot: Snapshot, name: str) -> KeptAccount | None:
    """The account of a name."""
    row = snapshot.connection.execute(sa.select(account).where(account.c.name == name)).first()
    return KeptAccount(**row._mapping) if row else None


def put_account(writer: Writer, kept: KeptAccount) -> None:
    """Puts in an account, or replaces what is known of it."""
    values = {name: getattr(kept, name) for name in KeptAccount.__slots__}
    if account_of(writer, kept.name):
        writer.connection.execute(account.update().where(account.c.name == kept.name).values(values))
    else:
        writer.connection.execute(account.insert().values(values))


def session_of(snapshot: Snapshot, digest: str) -> KeptSession | None:
    """The sign-in of a cookie."""
    row = snapshot.connection.execute(sa.select(session).where(session.c.digest == digest)).first()
    return KeptSession(**row._mapping) if row else None


def put_session(writer: Writer, kept: KeptSession, *, now: datetime.datetime) -> None:
    """Puts in a sign-in; those that have ended go."""
    writer.connection.execute(session.delete().where(session.c.ends_at <= now))
    writer.connection.execute(session.insert().values({name: getattr(kept, name) for name in KeptSession.__slots__}))


def end_sessions(writer: Writer, *, digest: str | None = None, of: str | None = None) -> None:
    """Ends the sign-in of a cookie, or all of an account."""
    wanted = session.c.digest == digest if digest is not None else session.c.account == of
    writer.connection.execute(session.delete().where(wanted))


def tokens(snapshot: Snapshot, *, of: str) -> list[KeptToken]:
    """The tokens of an account, the newest first."""
    query = sa.select(token).where(token.c.account == of).order_by(token.c.made_at.desc(), token.c.id)
    return [KeptToken(**row._mapping) for row in snapshot.connection.execute(query)]


def token_of(snapshot: Snapshot, digest: str) -> KeptToken | None:
    """The token of a digest."""
    row = snapshot.connection.execute(sa.select(token).where(token.c.digest == digest)).first()
    return KeptToken(**row._mapping) if row else None


def put_token(writer: Writer, kept: KeptToken) -> None:
    """Puts in a token."""
    writer.connection.execute(token.insert().values({name: getattr(kept, name) for name in KeptToken.__slots__}))


def revoke_token(writer: Writer, id: str, *, of: str, now: datetime.datetime) -> bool:
    """Revokes a token of an account; False where it has none of that id that holds."""
    query = token.update().where(token.c.id == id, token.c.account == of, token.c.revoked_at.is_(None))
    return writer.connection.execute(query.values(revoked_at=now)).rowcount > 0
