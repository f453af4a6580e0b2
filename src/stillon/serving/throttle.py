"""Holds back whoever guesses passwords."""

from __future__ import annotations

import datetime
from collections import OrderedDict, deque
from threading import Lock

MOST_FAILURES = 8
"""Failed sign-ins of one name or address within the window before it must wait."""
WINDOW = datetime.timedelta(minutes=10)
"""How long a failed sign-in counts."""
MOST_KEPT = 10_000
"""Names and addresses that are remembered."""


class Throttle:
    """Remembers failed sign-ins, in memory, for a while."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, deque[datetime.datetime]] = OrderedDict()
        self._lock = Lock()

    def holds_back(self, *keys: str, now: datetime.datetime) -> bool:
        """True where one of the keys has failed too often of late."""
        with self._lock:
            return any(len(self._recent(key, now)) >= MOST_FAILURES for key in keys)

    def failed(self, *keys: str, now: datetime.datetime) -> None:
        """Counts a failure against each key."""
        with self._lock:
            for key in keys:
                recent = self._recent(key, now)
                recent.append(now)
                self._failed[key] = recent
                self._failed.move_to_end(key)
            while len(self._failed) > MOST_KEPT:
                self._failed.popitem(last=False)

    def passed(self, key: str) -> None:
        """Forgets the failures of a key."""
        with self._lock:
            self._failed.pop(key, None)

    def _recent(self, key: str, now: datetime.datetime) -> deque[datetime.datetime]:
        recent = self._failed.get(key, deque())
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        return recent
