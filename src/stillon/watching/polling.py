"""One go through the feeds: asks those that are due, and puts the articles that are new or edited into the store.

Each host has a thread of its own, so that a slow one holds up no other; all storing is done by the caller's thread.
What was seen is kept in the store after the article is, so that a watcher killed in between only looks again.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import itertools
import queue
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from stillon.errors import Busy, FetchFailed, ReadError, TooLarge
from stillon.extraction import Reader
from stillon.keeping.filing import Filed, Now, add_reports, plain_url
from stillon.model import FeedHealth, Report
from stillon.pipeline import OnError, raise_error
from stillon.reading import read_answer
from stillon.reading.feeds import Entry, Feed, read_feed
from stillon.reading.fetching import Fetched, Validators
from stillon.settings import Settings
from stillon.storing import Store, Writer, watched
from stillon.storing.watched import Sighting
from stillon.watching.config import FeedPlan
from stillon.watching.manners import Manners

Task = TypeVar("Task")
Result = TypeVar("Result")
HOSTS_AT_ONCE = 8
"""Hosts asked at the same time."""
WAITING = 32
"""Answers that may wait to be stored; then the threads wait too, and memory stays flat."""
SITEMAPS_AT_ONCE = 20
"""Sitemaps of an index that are read at one time, the ones changed last."""
TRIES = 5
"""Times in a row that an article is asked for before it is given up, until its feed says that it was changed."""
SHORTEST_PAUSE = datetime.timedelta(minutes=1)
"""Shortest time that is doubled for what fails again and again."""
LONGEST_PAUSE = datetime.timedelta(days=1)
"""Longest time that a failing feed is left alone."""
LONGEST_WAIT = datetime.timedelta(days=7)
"""Longest time that a server's Retry-After is taken at its word."""
FRESH = datetime.timedelta(hours=1)
"""How long a new article is looked at again whenever its feed is asked: most edits come in the first hour. From then
on it is looked at when it is twice as old as it was the last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of one article."""

    url: str
    """Its url."""
    outcome: Literal["new", "revised", "known", "unchanged", "failed"]
    """Put in as new or as an edit; there already; not changed says its server; or it could not be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a feed answered."""

    plan: FeedPlan
    health: FeedHealth
    answer: Fetched | None = None
    feed: Feed | None = None
    error: ReadError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One article to be looked at."""

    plan: FeedPlan
    address: str
    url: str
    entry: Entry | None
    before: Sighting | None


def poll(
    store: Store,
    feeds: Sequence[FeedPlan],
    *,
    manners: Manners,
    settings: Settings,
    now: Now,
    load: Callable[[], Reader] | None = None,
    everything: bool = False,
    on_error: OnError = raise_error,
) -> Iterator[Looked]:
    """Goes through the feeds that are due, with `everything` through all that are not paused.

    Yields each article looked at once it is stored. `load` gives the models when the first article needs them: who
    polls again and again lets it remember them. What cannot be read is told to `on_error`, an article once until it
    changes; a store that fails raises StoreError, and what was put in before stays.
    """
    with store.read() as snapshot:
        known = watched.feeds(snapshot)
    due = [
        (plan, known.get(plan.url, FeedHealth(url=plan.url)))
        for plan in feeds
        if _is_due(known.get(plan.url), now(), everything=everything)
    ]
    looks: dict[str, _Look] = {}
    pages: list[tuple[_Look, Fetched]] = []
    validators: dict[str, Validators] = {}
    ask = functools.partial(_ask, manners=manners, settings=settings)
    with _by_host(due, lambda task: _host_of(task[0].url), ask) as answers:
        for asked in answers:
            health = _after(asked, now())
            if asked.feed is not None and asked.answer is not None:
                # Kept when all its articles are: a watcher that is killed before must not be told "not changed".
                validators[asked.plan.url] = asked.answer.validators
            store.write(functools.partial(watched.put_feed, health=health))
            if asked.error is not None:
                on_error("read", asked.plan.url, asked.error)
            elif health.kind == "page":
                if asked.answer is not None and not asked.answer.unchanged:
                    pages.append((_page_look(store, asked.plan), asked.answer))
            else:
                own, rest = _looks(store, asked, now())
                if rest or (asked.feed is not None and asked.feed.more):  # an index may stay as it is
                    validators.pop(asked.plan.url, None)
                for look in own:
                    looks.setdefault(look.address, look)
    look_at = functools.partial(_look_at, manners=manners, busy={}, lock=threading.Lock())
    with _by_host(list(looks.values()), lambda look: _host_of(look.url), look_at) as seen:
        filer = _Filer(
            store,
            functools.partial(add_reports, store, settings=settings, now=now, load=load, on_error=on_error),
            settings,
            now,
            on_error,
        )
        yield from filer.file(itertools.chain(pages, seen))
    for url, given in validators.items():
        if url not in filer.said_busy:
            store.write(functools.partial(_put_validators, url=url, given=given))


def _put_validators(writer: Writer, *, url: str, given: Validators) -> None:
    health = watched.feeds(writer)[url]
    watched.put_feed(writer, replace(health, etag=given.etag, modified=given.modified))


def health_of(store: Store, feeds: Sequence[FeedPlan]) -> list[FeedHealth]:
    """How each feed does, in their order."""
    with store.read() as snapshot:
        known = watched.feeds(snapshot)
    return [known.get(each.url, FeedHealth(url=each.url)) for each in feeds]


def next_due(store: Store, feeds: Sequence[FeedPlan], *, now: datetime.datetime) -> datetime.datetime:
    """When the next feed is due; now where one is already."""
    with store.read() as snapshot:
        known = watched.feeds(snapshot)
    return min((known[each.url].next_at or now) if each.url in known else now for each in feeds)


def _is_due(health: FeedHealth | None, now: datetime.datetime, *, everything: bool) -> bool:
    if health is None or health.next_at is None or health.next_at <= now:
        return True
    return everything and not health.paused


# -- feeds ----------------------------------------------------------------------------------------


def _ask(task: tuple[FeedPlan, FeedHealth], *, manners: Manners, settings: Settings) -> _Asked:
    """Asks one feed, and the sitemaps of an index; never raises a ReadError."""
    plan, health = task
    try:
        answer = manners.fetch(plan.url, known=Validators(etag=health.etag, modified=health.modified))
        if answer.unchanged:
            return _Asked(plan=plan, health=health, answer=answer)
        kind = plan.kind or ("links" if plan.include and _looks_like_page(answer, plan, settings) else None)
        feed = read_feed(answer, plan.url, settings, kind=kind)
        entries, failures = list(feed.entries), []
        for more in feed.more[:SITEMAPS_AT_ONCE]:
            try:
                entries += read_feed(manners.fetch(more), more, settings, kind="sitemap").entries
            except ReadError as error:
                failures.append(error)
        if failures and len(failures) == len(feed.more[:SITEMAPS_AT_ONCE]):
            raise failures[0]
        return _Asked(plan=plan, health=health, answer=answer, feed=replace(feed, entries=tuple(entries)))
    except ReadError as error:
        return _Asked(plan=plan, health=health, error=error)


def _looks_like_page(answer: Fetched, plan: FeedPlan, settings: Settings) -> bool:
    """True for a page; with patterns of what to include its links are meant, and not itself."""
    try:
        return read_feed(answer, plan.url, settings).kind == "page"
    except ReadError:
        return False


def _after(asked: _Asked, now: datetime.datetime) -> FeedHealth:
    """How a feed does, now that it was asked."""
    health, every = asked.health, asked.plan.every
    if asked.error is not None:
        busy = isinstance(asked.error, Busy)
        return replace(
            health,
            asked_at=now,
            next_at=now + (_patience(asked.error, every) if busy else _pause(every, health.failures)),
            paused=busy or health.failures > 0,  # once is no rule
            failures=health.failures + 1,
            error=asked.error.reason,
        )
    health = replace(health, asked_at=now, answered_at=now, next_at=now + every, paused=False, failures=0, error=None)
    if asked.feed is None or asked.answer is None:
        return health
    return replace(
        health,
        kind=asked.feed.kind,
        title=asked.feed.title or health.title,
        changed_at=now,
        items=len(asked.feed.entries),
        etag=None,
        modified=None,
    )


def _pause(every: datetime.timedelta, failures: int) -> datetime.timedelta:
    """How long to leave alone what has failed so many times before: twice as long each time."""
    return min(max(every, SHORTEST_PAUSE) * (1 << min(failures, 20)), LONGEST_PAUSE)


def _patience(error: ReadError, every: datetime.timedelta) -> datetime.timedelta:
    """How long a server asks to be left alone; as long as usual where it does not say."""
    asked_s = error.retry_after_s if isinstance(error, Busy) else None
    return max(every, SHORTEST_PAUSE) if asked_s is None else min(datetime.timedelta(seconds=asked_s), LONGEST_WAIT)


# -- articles -------------------------------------------------------------------------------------


def _looks(store: Store, asked: _Asked, now: datetime.datetime) -> tuple[list[_Look], int]:
    """The articles of a feed that are to be looked at, and how many have to wait for the next time.

    These are the new ones, those that the feed says were changed, and those due again.
    """
    plan = asked.plan
    named: dict[str, Entry] = {}
    for entry in asked.feed.entries if asked.feed else ():
        if entry.url and plan.admits(entry.url, entry.published):
            named.setdefault(plain_url(entry.url), entry)
    with store.read() as snapshot:
        before = watched.sightings(snapshot, named)
        again = {each.address: each for each in watched.due_sightings(snapshot, plan.url, now, most=plan.most)}
    looks = []
    for address, entry in named.items():
        known = before.get(address)
        assert entry.url is not None
        if known is None or (known.mark != entry.mark and known.feed == plan.url and not known.failures):
            looks.append(_Look(plan=plan, address=address, url=entry.url, entry=entry, before=known))
    # What was published last goes first where not all can be taken; it is put in as it happened.
    looks.sort(key=lambda look: look.entry.published.toordinal() if look.entry and look.entry.published else 0)
    taken, rest = looks[-plan.most :], len(looks) - plan.most
    chosen = {look.address for look in taken}
    for address, known in again.items():
        if address not in chosen:
            taken.append(_Look(plan=plan, address=address, url=known.url, entry=named.get(address), before=known))
    return taken, max(0, rest)


def _page_look(store: Store, plan: FeedPlan) -> _Look:
    address = plain_url(plan.url)
    with store.read() as snapshot:
        before = watched.sightings(snapshot, [address]).get(address)
    return _Look(plan=plan, address=address, url=plan.url, entry=None, before=before)


def _look_at(
    look: _Look, *, manners: Manners, busy: dict[str, Busy], lock: threading.Lock
) -> tuple[_Look, Fetched | ReadError]:
    """Asks for one article; a host that asked for patience is not asked again."""
    host = _host_of(look.url)
    with lock:
        if host in busy:
            return look, busy[host]
    known = Validators(etag=look.before.etag, modified=look.before.modified) if look.before else None
    try:
        return look, manners.fetch(look.url, known=known)
    except Busy as error:
        with lock:
            busy[host] = error
        return look, error
    except ReadError as error:
        return look, error


class _Filer:
    """Puts answers into the store, each with what is known of it from then on."""

    def __init__(
        self, store: Store, add: Callable[[Iterator[Report]], Iterator[Filed]], settings: Settings, now: Now,
        on_error: OnError,
    ) -> None:  # fmt: skip
        self._store = store
        self._add = add
        self._settings = settings
        self._now = now
        self._on_error = on_error
        self.said_busy: set[str] = set()
        self._looked: list[Looked] = []
        self._at_hand: tuple[_Look, Fetched] | None = None

    def file(self, answers: Iterable[tuple[_Look, Fetched | ReadError]]) -> Iterator[Looked]:
        """Files the answers one after the other; yields what came of each."""
        for each in self._add(self._reports(answers)):
            assert self._at_hand is not None
            look, answer = self._at_hand
            self._at_hand = None
            self._keep(look, answer, stored=each.outcome in ("new", "revised"))
            self._looked.append(Looked(url=look.url, outcome=each.outcome))
            yield from self._told()
        yield from self._told()

    def _told(self) -> Iterator[Looked]:
        while self._looked:
            yield self._looked.pop(0)

    def _reports(self, answers: Iterable[tuple[_Look, Fetched | ReadError]]) -> Iterator[Report]:
        """The reports in the answers; what holds none is settled here."""
        for look, answer in answers:
            if isinstance(answer, ReadError):
                self._fail(look, answer)
                continue
            if answer.unchanged:
                self._keep(look, answer, stored=False)
                self._looked.append(Looked(url=look.url, outcome="unchanged"))
                continue
            told = look.entry or look.before
            published = told.published if told else None
            try:
                report = read_answer(
                    answer,
                    look.url,
                    self._settings,
                    published=published,
                    publisher=look.plan.publisher,
                )
            except ReadError as error:
                self._fail(look, error)
                continue
            self._at_hand = (look, answer)
            yield report
            if self._at_hand is not None:  # it was told to on_error that nothing could be made of it
                self._at_hand = None
                self._give_up(look, "nothing could be made of it")

    def _keep(self, look: _Look, answer: Fetched, *, stored: bool) -> None:
        """An article was had: when to look again, and what to ask with."""
        now = self._now()
        first_at = look.before.first_at if look.before else now
        age = now - first_at
        gap = datetime.timedelta(0) if age < FRESH else max(look.plan.every, age)
        next_at = now + gap if age + gap <= look.plan.follow else None
        held = Validators() if look.before is None else Validators(etag=look.before.etag, modified=look.before.modified)
        given = held if answer.unchanged else answer.validators
        seen = replace(
            self._sighting(look, now), next_at=next_at, failures=0, error=None, etag=given.etag, modified=given.modified
        )
        self._put(seen, of=look.plan.url if stored else None, now=now)

    def _fail(self, look: _Look, error: ReadError) -> None:
        """An article could not be had: to be tried again where that can help."""
        self._looked.append(Looked(url=look.url, outcome="failed"))
        if isinstance(error, Busy):
            self._wait(look, error)
            return
        self._on_error("read", look.url, error)
        failures = (look.before.failures if look.before else 0) + 1
        if not isinstance(error, FetchFailed | TooLarge) or failures >= TRIES:  # too large may be too slow
            self._give_up(look, error.reason)
            return
        now = self._now()
        next_at = now if failures == 1 else now + _pause(look.plan.every, failures - 2)
        seen = replace(self._sighting(look, now), next_at=next_at, failures=failures, error=error.reason)
        self._put(seen, of=None, now=now)

    def _wait(self, look: _Look, error: Busy) -> None:
        """The host asked for patience: the feed is left alone that long, and the article stays to be looked at."""
        url = look.plan.url
        if url in self.said_busy:
            return
        self.said_busy.add(url)
        self._on_error("read", look.url, error)
        next_at = self._now() + _patience(error, look.plan.every)

        def work(writer: Writer) -> None:
            health = watched.feeds(writer).get(url, FeedHealth(url=url))
            # Without its validators, so that it names the articles again that were not had.
            watched.put_feed(
                writer, replace(health, next_at=next_at, paused=True, error=error.reason, etag=None, modified=None)
            )

        self._store.write(work)

    def _give_up(self, look: _Look, reason: str) -> None:
        now = self._now()
        self._put(replace(self._sighting(look, now), next_at=None, failures=0, error=reason), of=None, now=now)

    def _sighting(self, look: _Look, now: datetime.datetime) -> Sighting:
        """What is known of an article but for how it went."""
        seen = look.before or Sighting(
            address=look.address, url=look.url, feed=look.plan.url, first_at=now, looked_at=now
        )
        if look.entry is not None and look.plan.url == seen.feed:
            seen = replace(seen, mark=look.entry.mark, published=look.entry.published or seen.published)
        return replace(seen, looked_at=now)

    def _put(self, seen: Sighting, *, of: str | None, now: datetime.datetime) -> None:
        """Keeps what is known of an article, and counts it for the feed that it was stored from."""

        def work(writer: Writer) -> None:
            watched.put_sightings(writer, [seen])
            if of is not None:
                health = watched.feeds(writer).get(of, FeedHealth(url=of))
                watched.put_feed(writer, replace(health, articles=health.articles + 1, stored_at=now))

        self._store.write(work)


# -- threads --------------------------------------------------------------------------------------


def _host_of(url: str) -> str:
    return urlsplit(url).netloc.lower()


@contextlib.contextmanager
def _by_host(
    tasks: Sequence[Task], host_of: Callable[[Task], Hashable], work: Callable[[Task], Result]
) -> Iterator[Iterator[Result]]:
    """The results of the tasks as they come: one thread for each host, its tasks in their order.

    Whoever leaves early leaves the tasks that were not begun undone.
    """
    queues: dict[Hashable, list[Task]] = {}
    for task in tasks:
        queues.setdefault(host_of(task), []).append(task)
    results: queue.Queue[Result | BaseException | None] = queue.Queue(WAITING)
    left = threading.Event()

    def give(result: Result | BaseException | None) -> None:
        given = False
        while not given and not left.is_set():
            with contextlib.suppress(queue.Full):
                results.put(result, timeout=0.2)
                given = True

    def run(own: list[Task]) -> None:
        try:
            for task in own:
                if left.is_set():
                    return
                give(work(task))
        except BaseException as error:  # a fault of ours: told to whoever waits, rather than lost in a thread
            give(error)
        finally:
            give(None)

    def arriving() -> Iterator[Result]:
        open_hosts = len(queues)
        while open_hosts:
            result = results.get()
            if result is None:
                open_hosts -= 1
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result

    with ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="watch") as pool:
        for own in queues.values():
            pool.submit(run, own)
        try:
            yield arriving()
        finally:
            left.set()
            pool.shutdown(wait=False, cancel_futures=True)
