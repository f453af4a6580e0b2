"""Counts and states of a run, in the text that Prometheus reads (exposition format 0.0.4).

A name is a word of the program's own; a label's value may be anything. Safe to be used by several threads.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Literal

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_Labels = tuple[tuple[str, str], ...]
MOST_SERIES = 1_000
"""Most sets of labels under one name; what comes beyond is counted under "other", so that no input can fill memory."""


class Metrics:
    """What is counted, under names that begin with "stillon_"."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._about: dict[str, tuple[Literal["counter", "gauge"], str]] = {}
        self._values: dict[str, dict[_Labels, float]] = {}

    def counter(self, name: str, about: str) -> None:
        """Declares what only grows; its name ends in "_total" as the format asks for."""
        self._declare(name, "counter", about)

    def gauge(self, name: str, about: str) -> None:
        """Declares what goes up and down."""
        self._declare(name, "gauge", about)

    def add(self, name: str, value: float = 1.0, **labels: str) -> None:
        """Adds to a counter or gauge. Raises KeyError for a name that was not declared."""
        with self._lock:
            series = self._values[name]
            key = self._key(series, labels)
            series[key] = series.get(key, 0.0) + value

    def put(self, name: str, value: float, **labels: str) -> None:
        """Sets a gauge."""
        with self._lock:
            series = self._values[name]
            series[self._key(series, labels)] = value

    def value(self, name: str, **labels: str) -> float:
        """What a name stands at; 0 where nothing was counted."""
        with self._lock:
            return self._values[name].get(tuple(sorted(labels.items())), 0.0)

    def render(self) -> str:
        """All of it as text, in an order of its own."""
        lines = []
        with self._lock:
            for name, (kind, about) in sorted(self._about.items()):
                lines += [f"# HELP stillon_{name} {_plain(about)}", f"# TYPE stillon_{name} {kind}"]
                for labels, value in sorted(self._values[name].items()):
                    shown = ",".join(f'{label}="{_quoted(words)}"' for label, words in labels)
                    lines.append(f"stillon_{name}{{{shown}}} {value:.17g}" if shown else f"stillon_{name} {value:.17g}")
        return "".join(f"{line}\n" for line in lines)

    def _declare(self, name: str, kind: Literal["counter", "gauge"], about: str) -> None:
        if not _NAME.fullmatch(name) or (kind == "counter") != name.endswith("_total"):
            raise ValueError(f"{name!r} is no name of a {kind}")
        with self._lock:
            self._about[name] = (kind, about)
            self._values.setdefault(name, {})

    @staticmethod
    def _key(series: Mapping[_Labels, float], labels: Mapping[str, str]) -> _Labels:
        key = tuple(sorted(labels.items()))
        return key if key in series or len(series) < MOST_SERIES else tuple((label, "other") for label, _ in key)


def _plain(words: str) -> str:
    return words.replace("\\", r"\\").replace("\n", r"\n")


def _quoted(words: str) -> str:
    return _plain(words).replace('"', r"\"")
