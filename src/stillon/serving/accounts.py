"""Who may come in: passwords, sign-ins, tokens, and whether a form is one of ours.

Passwords are kept as argon2id hashes (RFC 9106, the library's own costs); of cookies and tokens the store has the
SHA-256 alone, so that whoever reads the store can sign in as nobody.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import hmac
import re
import secrets
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from stillon.serving.desk import EDITOR, ROLES, Caller, Desk
from stillon.serving.refusing import InTheWay, NotAllowed, NotHere, SignInFirst, TooOften, WrongUse
from stillon.storing import Snapshot, Writer, accounts
from stillon.storing.accounts import KeptAccount, KeptSession, KeptToken

SESSION_COOKIE = "stillon_session"
FORM_COOKIE = "stillon_form"
SESSION_LASTS = datetime.timedelta(days=7)
"""How long a sign-in holds."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 512
TOKEN_PREFIX = "stillon_"
"""What a token begins with, so that it is known where it turns up."""
_NAME = re.compile(r"[^\W_](?:[\w .’'-]{0,58}[\w.])?")
_HASHES_AT_ONCE = Semaphore(2)
"""Each hash takes 64 MiB; more at once would let a stranger exhaust the memory."""


def who_asks(desk: Desk, *, cookie: str | None, authorization: str | None, now: datetime.datetime) -> Caller:
    """Whoever the token, or else the cookie, stands for. Raises SignInFirst for a token that does not hold."""
    if authorization is not None:
        return _of_token(desk, authorization)
    if not cookie:
        return Caller()
    with desk.store.read() as snapshot:
        session = accounts.session_of(snapshot, _digest(cookie))
        if session is None or session.ends_at <= now:
            return Caller()
        account = accounts.account_of(snapshot, session.account)
    if account is None or account.closed_at is not None:
        return Caller()
    return Caller(name=account.name, role=account.role, form=session.form)


def _of_token(desk: Desk, authorization: str) -> Caller:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise SignInFirst("the header Authorization takes: Bearer TOKEN")
    with desk.store.read() as snapshot:
        token = accounts.token_of(snapshot, _digest(given.strip()))
        account = accounts.account_of(snapshot, token.account) if token else None
    if token is None or token.revoked_at is not None or account is None or account.closed_at is not None:
        raise SignInFirst("the token does not hold")
    may_edit = token.role == EDITOR and account.role == EDITOR
    return Caller(name=account.name, role=EDITOR if may_edit else "reader")


def is_new(desk: Desk) -> bool:
    """True while there is no account."""
    with desk.store.read() as snapshot:
        return not accounts.accounts(snapshot)


def check_form(given: str | None, own: str | None) -> None:
    """Raises NotAllowed where a form does not carry what the sign-in, or the cookie, has."""
    if not own or not given or not hmac.compare_digest(given.encode(), own.encode()):
        raise NotAllowed("the form is too old, or none of this desk's: load the page again")


def sign_in(desk: Desk, *, name: str, password: str, address: str, now: datetime.datetime) -> str:
    """The secret of a new sign-in's cookie. Raises NotAllowed for a wrong name or password, TooOften."""
    keys = (f"name {name}", f"address {address}")
    if desk.throttle.holds_back(*keys, now=now):
        raise TooOften("too many failed tries: wait ten minutes")
    with desk.store.read() as snapshot:
        account = accounts.account_of(snapshot, name)
    is_open = account is not None and account.closed_at is None
    fits = _fits(account.secret if account and is_open else _nobodys(), password)
    if account is None or not is_open or not fits:
        desk.throttle.failed(*keys, now=now)
        raise NotAllowed("the name or the password is wrong")
    desk.throttle.passed(keys[0])
    return open_session(desk, account.name, now=now)


def open_session(desk: Desk, name: str, *, now: datetime.datetime) -> str:
    """Signs an account in; gives the secret of the cookie."""
    secret = secrets.token_urlsafe(32)
    kept = KeptSession(
        digest=_digest(secret), account=name, form=secrets.token_urlsafe(24), ends_at=now + SESSION_LASTS
    )
    desk.store.write(lambda writer: accounts.put_session(writer, kept, now=now))
    return secret


def sign_out(desk: Desk, cookie: str) -> None:
    """Ends the sign-in of a cookie."""
    desk.store.write(lambda writer: accounts.end_sessions(writer, digest=_digest(cookie)))


def make_first(desk: Desk, *, code: str, name: str, password: str, now: datetime.datetime) -> None:
    """Makes the first editor, for whoever has the code. Raises NotAllowed for another, NotHere once there is one."""
    if not hmac.compare_digest(code.encode(), desk.setup_code.encode()):
        raise NotAllowed("the code is not the one that was printed where the desk was started")
    kept = _new(name, password, EDITOR, now)

    def work(writer: Writer) -> None:
        if accounts.accounts(writer):
            raise NotHere("the first account is made already")
        accounts.put_account(writer, kept)

    desk.store.write(work)


def make_account(desk: Desk, *, name: str, password: str, role: str, now: datetime.datetime) -> None:
    """Makes an account. Raises WrongUse, or InTheWay where there is one of the name."""
    kept = _new(name, password, role, now)

    def work(writer: Writer) -> None:
        if accounts.account_of(writer, kept.name):
            raise InTheWay(f"there is an account {kept.name} already")
        accounts.put_account(writer, kept)

    desk.store.write(work)


def change_account(
    desk: Desk, name: str, *, role: str | None = None, password: str | None = None, closed: bool | None = None,
    now: datetime.datetime,
) -> None:  # fmt: skip
    """Changes the role, sets a password, closes or opens an account; ends its sign-ins.

    Raises NotHere where there is none, WrongUse, InTheWay where no editor would be left.
    """
    if role is not None and role not in ROLES:
        raise WrongUse(f"a role is one of: {', '.join(ROLES)}")
    secret = _hashed(password) if password is not None else None

    def work(writer: Writer) -> None:
        account = _the(writer, name)
        changed = KeptAccount(
            name=account.name,
            role=role or account.role,
            secret=secret or account.secret,
            made_at=account.made_at,
            closed_at=account.closed_at if closed is None else now if closed else None,
        )
        others = [each for each in accounts.accounts(writer) if each.name != name]
        if not any(each.role == EDITOR and each.closed_at is None for each in (*others, changed)):
            raise InTheWay("no editor would be left")
        accounts.put_account(writer, changed)
        accounts.end_sessions(writer, of=name)

    desk.store.write(work)


def change_password(desk: Desk, name: str, *, old: str, new: str, now: datetime.datetime) -> None:
    """Sets an account's own password; ends its sign-ins. Raises NotAllowed where the old one is wrong."""
    key = f"name {name}"
    if desk.throttle.holds_back(key, now=now):
        raise TooOften("too many failed tries: wait ten minutes")
    with desk.store.read() as snapshot:
        account = _the(snapshot, name)
    if not _fits(account.secret, old):
        desk.throttle.failed(key, now=now)
        raise NotAllowed("the old password is wrong")
    change_account(desk, name, password=new, now=now)


def make_token(desk: Desk, name: str, *, label: str, role: str, may: str | None, now: datetime.datetime) -> str:
    """A new token of an account, which is told this once. Raises WrongUse, NotAllowed for more than the account may."""
    if role not in ROLES:
        raise WrongUse(f"a role is one of: {', '.join(ROLES)}")
    if role == EDITOR and may != EDITOR:
        raise NotAllowed("a reader's token is a reader's")
    if not label.strip() or len(label) > 80:
        raise WrongUse("say in at most 80 characters what the token is for")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    kept = KeptToken(
        id=secrets.token_hex(4), digest=_digest(token), account=name, label=label.strip(), role=role, made_at=now,
        revoked_at=None,
    )  # fmt: skip
    desk.store.write(lambda writer: accounts.put_token(writer, kept))
    return token


def revoke(desk: Desk, name: str, id: str, *, now: datetime.datetime) -> None:
    """Revokes a token of an account. Raises NotHere where it has none of that id."""
    if not desk.store.write(lambda writer: accounts.revoke_token(writer, id, of=name, now=now)):
        raise NotHere("no token of that id that holds")


def _the(snapshot: Snapshot, name: str) -> KeptAccount:
    account = accounts.account_of(snapshot, name)
    if account is None:
        raise NotHere("no account of that name")
    return account


def _new(name: str, password: str, role: str, now: datetime.datetime) -> KeptAccount:
    name = " ".join(name.split())
    if not _NAME.fullmatch(name):
        raise WrongUse(
            "a name has letters, digits, spaces and . ’ - and at most 60 of them: corrections are signed by it"
        )
    if role not in ROLES:
        raise WrongUse(f"a role is one of: {', '.join(ROLES)}")
    return KeptAccount(name=name, role=role, secret=_hashed(password), made_at=now, closed_at=None)


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WrongUse(f"a password has at least {SHORTEST_PASSWORD} characters")
    with _HASHES_AT_ONCE:
        return PasswordHasher().hash(password)


def _fits(secret: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        with _HASHES_AT_ONCE:
            return PasswordHasher().verify(secret, password)
    except (Argon2Error, InvalidHashError):
        return False


@functools.cache
def _nobodys() -> str:
    """The hash that a password for no account is held against, so that it takes as long."""
    return PasswordHasher().hash(secrets.token_urlsafe(16))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
