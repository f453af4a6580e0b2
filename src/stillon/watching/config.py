"""FEEDS.toml: what is watched, how often, and who is told of what."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from stillon.errors import SettingsError
from stillon.keeping.answering import Filter
from stillon.keeping.changing import What
from stillon.keeping.noticing import Rule
from stillon.model import Day, Kind, Status
from stillon.reading.feeds import FEED_KINDS, FeedKind

EVERY = datetime.timedelta(minutes=15)
"""How often a feed is asked where nothing is said."""
DELAY = datetime.timedelta(seconds=1)
"""Between two requests to one host where nothing is said."""
FOLLOW = datetime.timedelta(days=7)
"""How long an article is looked at again for edits where nothing is said."""
MOST_ITEMS = 100
"""Articles taken from one feed at one time where nothing is said; the rest waits for the next time."""
MOST_NOTICES = 20
"""Notices that one rule gives at one time where nothing is said; a last one counts the rest."""
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlan:
    """One feed or page to watch."""

    url: str
    """Where it is."""
    kind: FeedKind | None = None
    """What it is; None to tell by its bytes."""
    publisher: str | None = None
    """Publisher of articles that state none."""
    every: datetime.timedelta = EVERY
    """How often it is asked."""
    follow: datetime.timedelta = FOLLOW
    """How long after it was first seen an article is looked at again for edits."""
    include: tuple[str, ...] = ()
    """Parts of urls, one of which must stand in an article's; `*` stands for anything. Empty admits all."""
    exclude: tuple[str, ...] = ()
    """The same for articles left out."""
    since: Day | None = None
    """First day of publication; articles of earlier days, as the feed gives them, are left out."""
    most: int = MOST_ITEMS
    """Most articles taken at one time."""

    def admits(self, url: str, published: Day | None) -> bool:
        """True for an article that is to be read."""
        early = self.since is not None and published is not None and published < self.since
        included = not self.include or any(_stands_in(each, url) for each in self.include)
        return not early and included and not any(_stands_in(each, url) for each in self.exclude)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the notices of one rule go; any of the three."""

    rule: Rule
    """Which changes."""
    command: tuple[str, ...] = ()
    """Program and arguments that get each notice as JSON on standard input."""
    webhook: str | None = None
    """Url that gets each notice as a POST of JSON."""
    to: tuple[str, ...] = ()
    """Addresses as the apprise library writes them: mailto://, slack://, ..."""
    most: int = MOST_NOTICES
    """Most notices at one time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The whole of FEEDS.toml."""

    feeds: tuple[FeedPlan, ...]
    """What is watched."""
    targets: tuple[Target, ...] = ()
    """Who is told."""
    delay: datetime.timedelta = DELAY
    """Least time between two requests to one host."""


def load_watch(path: Path) -> Watch:
    """What `path` says; raises SettingsError that names the file, the entry and the word that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(getattr(error, "strerror", None) or str(error), about=str(path)) from error
    top = _Table(data, str(path))
    every, follow = top.time("every", EVERY), top.time("follow", FOLLOW)
    delay = top.time("delay", DELAY)
    publisher = top.words("publisher")
    feeds = [
        _feed(_Table(each, f"{path}: feed {number}"), every, follow, publisher) for number, each in top.many("feed")
    ]
    targets = [_target(_Table(each, f"{path}: notify {number}"), number) for number, each in top.many("notify")]
    top.refuse_others()
    if not feeds:
        raise SettingsError("it names no feed: [[feed]] with a url", about=str(path))
    twice = [url for url in {each.url for each in feeds} if sum(each.url == url for each in feeds) > 1]
    if twice:
        raise SettingsError(f"{sorted(twice)[0]} stands in it twice", about=str(path))
    names = [each.rule.name for each in targets]
    twice = [name for name in set(names) if names.count(name) > 1]
    if twice:
        raise SettingsError(f"two [[notify]] of it are named {sorted(twice)[0]!r}", about=str(path))
    return Watch(feeds=tuple(feeds), targets=tuple(targets), delay=delay)


def _feed(table: _Table, every: datetime.timedelta, follow: datetime.timedelta, publisher: str | None) -> FeedPlan:
    url = table.words("url")
    if url is None or not re.match(r"https?://[^/\s]", url, re.I):
        raise SettingsError("it needs a url that begins with http:// or https://", about=table.about)
    kind = table.words("kind")
    if kind is not None and kind not in FEED_KINDS:
        raise SettingsError(f"kind {kind!r} is none of {', '.join(FEED_KINDS)}", about=table.about)
    plan = FeedPlan(
        url=url,
        kind=kind,
        publisher=table.words("publisher") or publisher,
        every=table.time("every", every),
        follow=table.time("follow", follow),
        include=table.strings("include"),
        exclude=table.strings("exclude"),
        since=table.day("since"),
        most=table.number("most", MOST_ITEMS),
    )
    table.refuse_others()
    return plan


def _target(table: _Table, number: int) -> Target:
    filtered = Filter(
        kind=table.one_of("kind", Kind),
        status=table.one_of("status", Status),
        person=table.words("person"),
        place=table.words("place"),
    )
    what = table.strings("on")
    known = get_args(What)
    for each in what:
        if each not in known:
            raise SettingsError(f"on {each!r} is none of {', '.join(known)}", about=table.about)
    rule = Rule(
        name=table.words("name") or f"notify {number}",
        wanted=filtered,
        event=table.words("event"),
        words=tuple((table.words("words") or "").split()),
        what=cast(tuple[What, ...], what or known),
    )
    target = Target(
        rule=rule,
        command=table.strings("command"),
        webhook=table.words("webhook"),
        to=table.strings("to"),
        most=table.number("most", MOST_NOTICES),
    )
    table.refuse_others()
    if not (target.command or target.webhook or target.to):
        raise SettingsError("it needs a command, a webhook or an address (to)", about=table.about)
    return target


class _Table:
    """One table of the file, each name asked for once; what was not asked for is a mistake."""

    def __init__(self, data: object, about: str) -> None:
        if not isinstance(data, Mapping):
            raise SettingsError("no table", about=about)
        self._data: dict[str, Any] = dict(data)
        self.about = about

    def words(self, name: str) -> str | None:
        """A string, None where it is not given."""
        value = self._data.pop(name, None)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise SettingsError(f"{name} is no string with anything in it", about=self.about)
        return value

    def strings(self, name: str) -> tuple[str, ...]:
        """Strings; one alone may be given as such."""
        value = self._data.pop(name, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise SettingsError(f"{name} is no list of strings", about=self.about)
        return tuple(value)

    def many(self, name: str) -> list[tuple[int, object]]:
        """The tables of a name with their numbers."""
        value = self._data.pop(name, [])
        if not isinstance(value, list):
            raise SettingsError(f"{name} must be written [[{name}]]", about=self.about)
        return list(enumerate(value, start=1))

    def time(self, name: str, default: datetime.timedelta) -> datetime.timedelta:
        """A length of time: "30s", "15m", "2h", "1d", or a number of seconds."""
        value = self._data.pop(name, None)
        if value is None:
            return default
        match = re.fullmatch(r"\s*(\d{1,7})\s*([smhd]?)\s*", str(value))
        if isinstance(value, bool) or not match:
            raise SettingsError(f'{name} = {value!r} is no length of time like "15m" or "2h"', about=self.about)
        return datetime.timedelta(seconds=int(match[1]) * _SECONDS[match[2] or "s"])

    def day(self, name: str) -> Day | None:
        """A day, written with or without quotes."""
        value = self._data.pop(name, None)
        try:
            return None if value is None else Day.fromisoformat(str(value))
        except ValueError:
            raise SettingsError(f"{name} = {value!r} is no day like 2025-10-22", about=self.about) from None

    def number(self, name: str, default: int) -> int:
        """A number from 1 on."""
        value = self._data.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise SettingsError(f"{name} = {value!r} is no number from 1 on", about=self.about)
        return value

    def one_of(self, name: str, choices: Any) -> Any:
        """A member of an enumeration by its word."""
        value = self._data.pop(name, None)
        try:
            return None if value is None else choices(value)
        except ValueError:
            raise SettingsError(f"{name} {value!r} is none of {', '.join(choices)}", about=self.about) from None

    def refuse_others(self) -> None:
        """Raises for names that nobody asked for."""
        if self._data:
            raise SettingsError(f"there is no {', '.join(sorted(self._data))} in such an entry", about=self.about)


def _stands_in(pattern: str, url: str) -> bool:
    """True where the pattern's pieces stand in the url one after the other."""
    at = 0
    for piece in pattern.split("*"):
        at = url.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True
