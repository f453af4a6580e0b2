"""What every page of the desk stands on, and what a page is: what it was asked, and what it shows."""

from __future__ import annotations

import datetime
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar, cast

from starlette.requests import Request

from stillon.keeping.answering import View
from stillon.keeping.paging import Pages
from stillon.model import Day, Dossier
from stillon.serving.throttle import Throttle
from stillon.settings import Settings
from stillon.storing import Store

Data = dict[str, Any]
Thing = TypeVar("Thing")
MOST_REMEMBERED = 32
"""Notes of changes that are kept in memory."""


class Desk:
    """One store, served; it reads no clock but those it is given."""

    def __init__(
        self, store: Store, *, settings: Settings, now: Callable[[], datetime.datetime], today: Callable[[], Day]
    ) -> None:
        self.store = store
        self.settings = settings
        self.now = now
        self.today = today
        self.pages = Pages(store)
        self.throttle = Throttle()
        self._remembered: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()
        self.setup_code = secrets.token_urlsafe(24)
        """What the first editor is made with, told to whoever started the desk and to nobody else."""

    def remembered(self, key: Hashable, work: Callable[[], Thing]) -> Thing:
        """What `work` gives, worked out once for a key; the key must hold everything that it depends on."""
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
                return cast("Thing", self._remembered[key])
        made = work()
        with self._lock:
            self._remembered[key] = made
            while len(self._remembered) > MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks."""

    name: str | None = None
    """Name of the account; None for somebody not signed in."""
    role: str | None = None
    """What it may do: "reader" or "editor"."""
    form: str | None = None
    """What forms of the session carry; None where a token was given, or nobody is signed in."""

    @property
    def may_edit(self) -> bool:
        """True for an editor."""
        return self.role == EDITOR


READER, EDITOR = "reader", "editor"
ROLES = (READER, EDITOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, understood."""

    desk: Desk
    """The desk asked."""
    request: Request
    """The request itself."""
    caller: Caller
    """Who asks."""
    query: Mapping[str, Any]
    """The values of the query by name, each of its type; what is not given is not in it."""
    now: datetime.datetime
    """The instant of the request."""
    today: Day
    """The desk's day."""

    @property
    def as_of(self) -> Day:
        """The day that the answers hold for."""
        given: Day | None = self.query.get("as_of")
        return given or self.today

    @property
    def view(self) -> View:
        """What counts for the answers."""
        return View(as_of=self.as_of)

    def path(self, name: str) -> str:
        """A parameter of the path."""
        return str(self.request.path_params[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows, for whichever format is wanted."""

    template: str
    """The template that shows it to a person."""
    values: Mapping[str, Any]
    """What the template is given."""
    data: Callable[[], Data]
    """The same as data."""
    title: str
    """What it is, in a few words."""
    as_of: Day | None = None
    """The day that its answers hold for."""
    dossier: Callable[[], Dossier] | None = None
    """The dossier that it shows, for the formats of calendars, feeds and planning systems; None where it has none."""
