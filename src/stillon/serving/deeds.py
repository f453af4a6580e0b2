"""What can be done at the desk: correcting, saying which event an entry is, signing in, accounts and tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from stillon.errors import NotFound, SettingsError
from stillon.keeping import answering, correcting, diary
from stillon.model import Correction, CorrectionKind, Day
from stillon.serving import accounts
from stillon.serving.desk import EDITOR, READER, Asked, Data
from stillon.serving.pages import correction_data
from stillon.serving.refusing import NotHere, WrongUse

Fields = Mapping[str, Sequence[str]]
"""What a form holds: each field's values."""
MOST_WORDS = 2000
"""Characters of a reason, a place or a name in a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a deed."""

    to: str
    """Where a person is led next."""
    data: Data
    """What a program is told."""
    status: int = 200
    """The status that a program is told."""
    sign_in: str | None = None
    """The secret of a new sign-in's cookie."""
    sign_out: bool = False
    """True where the sign-in has ended."""
    shown: Mapping[str, Any] | None = None
    """What a person is shown at once in place of being led on, since it is told only this once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that can be done, for the table of routes."""

    path: str
    """Its path."""
    name: str
    """What it is called."""
    do: Callable[[Asked, Fields], Done]
    """Does it."""
    needs: str | None
    """The role that it needs: "reader", "editor", or None for whoever is not signed in yet."""
    says: str
    """What it does, for the API's description."""
    schema: Data
    """JSON schema of its body."""
    by_token: bool = True
    """False for what a person alone may do, signed in."""


# -- correcting -------------------------------------------------------------------------------------


def correct(asked: Asked, fields: Fields) -> Done:
    """Puts in a correction, signed by whoever is signed in."""
    words = _one(fields, "kind")
    try:
        kind = CorrectionKind(words)
    except ValueError:
        raise WrongUse(f"kind: one of {', '.join(CorrectionKind)}") from None
    about = [each for each in fields.get("about", ()) if each] or _about(kind, fields)
    made = _put(asked, kind, about, because=_one(fields, "because"), on=_day(fields, asked))
    return _corrected(made, fields)


def undo(asked: Asked, fields: Fields) -> Done:
    """Takes a correction back."""
    made = _put(asked, CorrectionKind.UNDO, [asked.path("id")], because=_one(fields, "because"), on=_day(fields, asked))
    return _corrected(made, fields)


def _about(kind: CorrectionKind, fields: Fields) -> list[str]:
    """What a page's form says that the correction is about."""
    event = _some(fields, "event")
    if kind is CorrectionKind.MERGE:
        return [*event, *_some(fields, "other")]
    if kind is CorrectionKind.SPLIT:
        return [*event, *_some(fields, "report")]
    if kind is CorrectionKind.STATUS:
        return [*event, *_some(fields, "status")]
    if kind is CorrectionKind.DATE:
        days = [*_some(fields, "first"), *_some(fields, "last")]
        return [*event, *(days or ["none"])]
    if kind is CorrectionKind.PLACE:
        return [*event, *_some(fields, "place")]
    if kind is CorrectionKind.WITHDRAW:
        return _some(fields, "report")
    return _some(fields, "correction")


def _put(asked: Asked, kind: CorrectionKind, about: list[str], *, because: str, on: Day) -> Correction:
    desk = asked.desk
    try:
        made = correcting.correct_store(
            desk.store, kind, about, by=asked.caller.name or "", because=because, on=on, recorded_at=asked.now
        )
    except SettingsError as error:
        raise WrongUse(str(error)) from error
    except NotFound as error:
        raise NotHere(str(error)) from error
    answering.refresh(desk.store, today=asked.today)
    return made


def _corrected(made: Correction, fields: Fields) -> Done:
    to = _next(fields) or (f"/events/{quote(made.mentions[0])}#corrections" if made.mentions else "/corrections")
    return Done(to=to, data=correction_data(made, made.kind is not CorrectionKind.UNDO), status=201)


def say_entry(asked: Asked, fields: Fields) -> Done:
    """Says which event an entry of the diary is."""
    try:
        made = diary.link_entry(
            asked.desk.store,
            _one(fields, "entry"),
            _one(fields, "event"),
            by=asked.caller.name or "",
            because=_one(fields, "because"),
            recorded_at=asked.now,
        )
    except SettingsError as error:
        raise WrongUse(str(error)) from error
    except NotFound as error:
        raise NotHere(str(error)) from error
    return Done(
        to="/diary",
        data={"entry": made.entry, "event": made.mention, "by": made.by, "because": made.because},
        status=201,
    )


# -- coming in --------------------------------------------------------------------------------------


def sign_in(asked: Asked, fields: Fields) -> Done:
    """Signs in by name and password."""
    client = asked.request.client
    name = " ".join(_one(fields, "name").split())
    secret = accounts.sign_in(
        asked.desk, name=name, password=_one(fields, "password"), address=client.host if client else "", now=asked.now
    )
    return Done(to=_next(fields) or "/", data={"name": name}, sign_in=secret)


def sign_out(asked: Asked, _fields: Fields) -> Done:
    """Signs out."""
    accounts.sign_out(asked.desk, asked.request.cookies.get(accounts.SESSION_COOKIE, ""))
    return Done(to="/", data={"name": None}, sign_out=True)


def set_up(asked: Asked, fields: Fields) -> Done:
    """Makes the first editor."""
    if not accounts.is_new(asked.desk):
        raise NotHere("the first account is made already")
    name = " ".join(_one(fields, "name").split())
    accounts.make_first(
        asked.desk, code=_one(fields, "code"), name=name, password=_one(fields, "password"), now=asked.now
    )
    secret = accounts.open_session(asked.desk, name, now=asked.now)
    return Done(to="/", data={"name": name, "role": EDITOR}, status=201, sign_in=secret)


def change_password(asked: Asked, fields: Fields) -> Done:
    """Sets one's own password; every sign-in of the account ends but this one, which begins anew."""
    name = asked.caller.name or ""
    accounts.change_password(asked.desk, name, old=_one(fields, "old"), new=_one(fields, "new"), now=asked.now)
    secret = accounts.open_session(asked.desk, name, now=asked.now)
    return Done(to="/account", data={"name": name}, sign_in=secret)


def make_token(asked: Asked, fields: Fields) -> Done:
    """Makes a token for a program."""
    token = accounts.make_token(
        asked.desk,
        asked.caller.name or "",
        label=_one(fields, "label"),
        role=_one(fields, "role"),
        may=asked.caller.role,
        now=asked.now,
    )
    return Done(to="/account", data={"token": token}, status=201, shown={"token": token})


def revoke_token(asked: Asked, _fields: Fields) -> Done:
    """Revokes a token."""
    accounts.revoke(asked.desk, asked.caller.name or "", asked.path("id"), now=asked.now)
    return Done(to="/account", data={"revoked": asked.path("id")})


def make_account(asked: Asked, fields: Fields) -> Done:
    """Makes an account."""
    name, role = " ".join(_one(fields, "name").split()), _one(fields, "role")
    accounts.make_account(asked.desk, name=name, password=_one(fields, "password"), role=role, now=asked.now)
    return Done(to="/accounts", data={"name": name, "role": role}, status=201)


def change_account(asked: Asked, fields: Fields) -> Done:
    """Changes an account's role, sets its password, closes it or opens it again."""
    name = asked.path("name")
    state = _maybe(fields, "state")
    if state not in (None, "open", "closed"):
        raise WrongUse("state: open or closed")
    accounts.change_account(
        asked.desk,
        name,
        role=_maybe(fields, "role"),
        password=_maybe(fields, "password"),
        closed=None if state is None else state == "closed",
        now=asked.now,
    )
    return Done(to="/accounts", data={"name": name})


# -- fields -----------------------------------------------------------------------------------------


def _one(fields: Fields, name: str) -> str:
    words = _maybe(fields, name)
    if words is None:
        raise WrongUse(f"{name}: missing")
    return words


def _maybe(fields: Fields, name: str) -> str | None:
    values = fields.get(name, ())
    if len(values) > 1:
        raise WrongUse(f"{name}: given more than once")
    if not values or not values[0].strip():
        return None
    if len(values[0]) > MOST_WORDS:
        raise WrongUse(f"{name}: longer than {MOST_WORDS} characters")
    return values[0]


def _some(fields: Fields, name: str) -> list[str]:
    return [each.strip() for each in fields.get(name, ()) if each.strip()]


def _day(fields: Fields, asked: Asked) -> Day:
    words = _maybe(fields, "on")
    if words is None:
        return asked.today
    try:
        return Day.fromisoformat(words)
    except ValueError:
        raise WrongUse(f"on: {words!r} is no day like 2025-10-22") from None


def _next(fields: Fields) -> str | None:
    """Where the form leads next: a path of this desk, and of no other host."""
    to = _maybe(fields, "next")
    if to is None or not to.startswith("/") or to.startswith(("//", "/\\")) or any(ord(each) < 33 for each in to):
        return None
    return to


def _object(required: Sequence[str], **properties: Data) -> Data:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_PRINTED = r"[^\u0000-\u001f]*"
_WORDS: Data = {"type": "string", "maxLength": MOST_WORDS, "pattern": f"^{_PRINTED}[A-Za-z0-9]{_PRINTED}$"}
_ROLE: Data = {"type": "string", "enum": [READER, EDITOR]}
_PASSWORD: Data = {"type": "string", "minLength": accounts.SHORTEST_PASSWORD, "maxLength": accounts.LONGEST_PASSWORD}

_NUMBER = {
    CorrectionKind.MERGE: (2, 2),
    CorrectionKind.SPLIT: (2, 200),
    CorrectionKind.STATUS: (2, 2),
    CorrectionKind.DATE: (2, 3),
    CorrectionKind.PLACE: (2, 2),
    CorrectionKind.WITHDRAW: (1, 1),
    CorrectionKind.UNDO: (1, 1),
}
"""How many things each kind of correction is about, least and most."""


def _correction(kind: CorrectionKind, least: int, most: int) -> Data:
    return _object(
        ("kind", "about", "because"),
        kind={"const": str(kind)},
        about={"type": "array", "items": _WORDS, "minItems": least, "maxItems": most},
        because=_WORDS,
        on={"type": "string", "format": "date"},
    )


DEEDS: tuple[Deed, ...] = (
    Deed(
        path="/corrections",
        name="correct",
        do=correct,
        needs=EDITOR,
        says="Puts in a correction, signed by the account. `about` by kind: merge EVENT EVENT; split EVENT REPORT...; "
        "status EVENT STATUS; date EVENT DAY [LAST DAY] or none; place EVENT PLACE; withdraw REPORT; undo CORRECTION.",
        schema={"oneOf": [_correction(kind, *number) for kind, number in _NUMBER.items()]},
    ),
    Deed(
        path="/corrections/{id}/undo",
        name="undo",
        do=undo,
        needs=EDITOR,
        says="Takes a correction back; an undo can be taken back too.",
        schema=_object(("because",), because=_WORDS, on={"type": "string", "format": "date"}),
    ),
    Deed(
        path="/diary/links",
        name="say_entry",
        do=say_entry,
        needs=EDITOR,
        says='Says which event an entry of the diary is; `event` "none" for no event of the store.',
        schema=_object(("entry", "event", "because"), entry=_WORDS, event=_WORDS, because=_WORDS),
    ),
    Deed(
        path="/sign-in",
        name="sign_in",
        do=sign_in,
        needs=None,
        says="Signs in.",
        schema=_object(("name", "password"), name=_WORDS, password=_WORDS, next=_WORDS),
        by_token=False,
    ),
    Deed(
        path="/sign-out",
        name="sign_out",
        do=sign_out,
        needs=READER,
        says="Signs out.",
        schema=_object(()),
        by_token=False,
    ),
    Deed(
        path="/setup",
        name="set_up",
        do=set_up,
        needs=None,
        says="Makes the first editor, with the code that is printed where the desk is started.",
        schema=_object(("code", "name", "password"), code=_WORDS, name=_WORDS, password=_PASSWORD),
        by_token=False,
    ),
    Deed(
        path="/account/password",
        name="change_password",
        do=change_password,
        needs=READER,
        says="Sets one's own password.",
        schema=_object(("old", "new"), old=_WORDS, new=_PASSWORD),
        by_token=False,
    ),
    Deed(
        path="/account/tokens",
        name="make_token",
        do=make_token,
        needs=READER,
        says="Makes a token for a program.",
        schema=_object(("label", "role"), label=_WORDS, role=_ROLE),
        by_token=False,
    ),
    Deed(
        path="/account/tokens/{id}/revoke",
        name="revoke_token",
        do=revoke_token,
        needs=READER,
        says="Revokes a token.",
        schema=_object(()),
        by_token=False,
    ),
    Deed(
        path="/accounts",
        name="make_account",
        do=make_account,
        needs=EDITOR,
        says="Makes an account.",
        schema=_object(("name", "password", "role"), name=_WORDS, password=_PASSWORD, role=_ROLE),
        by_token=False,
    ),
    Deed(
        path="/accounts/{name}",
        name="change_account",
        do=change_account,
        needs=EDITOR,
        says="Changes an account's role, sets its password, closes it or opens it again.",
        schema=_object((), role=_ROLE, password=_PASSWORD, state={"type": "string", "enum": ["open", "closed"]}),
        by_token=False,
    ),
)
"""Everything that can be done, and what it needs; the API's description and the tests go through this table."""
