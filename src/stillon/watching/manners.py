"""How a guest behaves: robots.txt is read and kept to, and no host is asked twice in a breath."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from stillon.errors import Busy, FetchFailed, NotFoundInput, ReadError, RefusedByRobots
from stillon.reading.fetching import Fetched, Validators, fetch
from stillon.settings import Settings

ROBOTS_FOR_S = 24 * 3600.0
"""Seconds that a robots.txt is held to before it is read again (RFC 9309, section 2.4)."""
ROBOTS_MISSING_FOR_S = 600.0
"""The same where it could not be had: until then nothing is fetched from the host (section 2.3.1.4)."""
ROBOTS_BYTES = 512_000
"""As much of a robots.txt as is read (section 2.5)."""
PATIENCE_S = 10.0
"""Longest Retry-After that is waited for on the spot, once."""
LONGEST_DELAY_S = 60.0
"""Longest pause between two requests that a robots.txt can ask for."""


@dataclass(slots=True)
class _Host:
    """What is known of a host."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Any = None
    failure: str | None = None
    read_until: float = float("-inf")
    free_at: float = float("-inf")


class Manners:
    """Fetches as a guest; used by several threads, of which one at a time asks a host."""

    def __init__(self, settings: Settings, *, delay: datetime.timedelta, sleep: Callable[[float], object]) -> None:
        """`sleep` is given seconds to wait between two requests to a host."""
        self._settings = settings
        self._delay_s = delay.total_seconds()
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def fetch(self, url: str, *, known: Validators | None = None) -> Fetched:
        """As `reading.fetching.fetch`, when the host is free again. Raises RefusedByRobots too."""
        self._check(url)
        try:
            return self._fetch(url, known)
        except Busy as error:
            if error.retry_after_s is None or error.retry_after_s > PATIENCE_S:
                raise
            self._sleep(error.retry_after_s)
            return self._fetch(url, known)

    def _fetch(self, url: str, known: Validators | None) -> Fetched:
        host = self._host(url)
        wait_s = host.free_at - time.monotonic()
        if wait_s > 0:
            self._sleep(wait_s)
        try:
            return fetch(url, self._settings, known=known, check=self._check)
        finally:
            self._keep_free(host)

    def _keep_free(self, host: _Host) -> None:
        """Says when the host may be asked again."""
        asked_s = host.rules.crawl_delay(self._settings.user_agent) if host.rules else None
        host.free_at = time.monotonic() + max(self._delay_s, min(float(asked_s or 0.0), LONGEST_DELAY_S))

    def _check(self, url: str) -> None:
        """Raises where robots.txt keeps us from a url, or cannot be had."""
        host = self._host(url)
        with host.lock:
            if time.monotonic() >= host.read_until:
                self._read_robots(host, url)
                self._keep_free(host)
        if host.failure:
            raise FetchFailed(f"robots.txt of its host cannot be had: {host.failure}", about=url)
        if host.rules is not None and not host.rules.can_fetch(url, self._settings.user_agent):
            raise RefusedByRobots("the site's robots.txt keeps programs from it", about=url)

    def _read_robots(self, host: _Host, url: str) -> None:
        from protego import Protego

        parts = urlsplit(url)
        host.rules, host.failure = None, None
        lasts_s = ROBOTS_FOR_S
        try:
            answer = fetch(f"{parts.scheme}://{parts.netloc}/robots.txt", self._settings)
            host.rules = Protego.parse(answer.body[:ROBOTS_BYTES].decode("utf-8", "replace"))
        except NotFoundInput:
            pass  # no robots.txt: everything is allowed
        except FetchFailed as error:
            if error.status is None or error.status == 429 or error.status >= 500:
                host.failure, lasts_s = error.reason, ROBOTS_MISSING_FOR_S
        except ReadError as error:
            host.failure, lasts_s = error.reason, ROBOTS_MISSING_FOR_S
        host.read_until = time.monotonic() + lasts_s

    def _host(self, url: str) -> _Host:
        parts = urlsplit(url)
        with self._lock:
            return self._hosts.setdefault(f"{parts.scheme}://{parts.netloc}".lower(), _Host())
