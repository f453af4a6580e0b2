"""How far a long run is, in words: what is done, how fast it goes, and how long it will take."""

from __future__ import annotations

from collections.abc import Callable, Mapping

EVERY_S = 10.0
"""Seconds between two lines of a run whose words go to no terminal."""
_STEPS = {
    "split": "finding inputs",
    "read": "reading",
    "scatter": "filing",
    "admit": "finding revisions",
    "share": "finding shared text",
    "measure": "measuring copies",
    "meet": "finding events",
    "compare": "comparing events",
    "route": "sorting links",
    "gather": "gathering",
    "answer": "answering",
    "finish": "writing",
}


class Pace:
    """Tells how a step goes whenever there is something new to tell."""

    def __init__(self, say: Callable[[str], None], *, clock: Callable[[], float], every_s: float = EVERY_S) -> None:
        """`clock` counts seconds; `say` is given a line."""
        self._say = say
        self._clock = clock
        self._every_s = every_s
        self._step = ""
        self._began_at = self._told_at = clock()
        self._before = 0
        self._taken: dict[str, float] = {}

    def tick(self, step: str, done: int, total: int) -> None:
        """A step has done so many of its tasks; those done when it began were done by a run before."""
        now = self._clock()
        if self._step:
            self._taken[self._step] = now - self._began_at
        if step != self._step:
            self._step, self._began_at, self._told_at, self._before = step, now, now, done
            return
        if now - self._told_at < self._every_s:
            return
        self._told_at = now
        self._say(f"{_STEPS[step]}: {in_words(done, total, done - self._before, now - self._began_at)}")

    def seconds(self) -> Mapping[str, float]:
        """How long each step took, as far as was told."""
        return dict(self._taken)


def in_words(done: int, total: int, done_now: int, taken_s: float) -> str:
    """How far it is: "1,200 of 5,000, 9.8 a second, 6 min left"."""
    words = f"{done:,} of {total:,}"
    if done_now <= 0 or taken_s <= 0:
        return words
    rate = done_now / taken_s
    return f"{words}, {rate:.1f} a second, {_duration((total - done) / rate)} left"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
