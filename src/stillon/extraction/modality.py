"""What the words around an event claim for it: a phrase of the status table, tried most telling first."""

from __future__ import annotations

import functools
import re

from stillon.extraction.lexicon import load_table
from stillon.model import Status


@functools.cache
def _phrases() -> tuple[tuple[Status, re.Pattern[str]], ...]:
    return tuple(
        (Status(entry["status"]), re.compile("|".join(f"(?:{words})" for words in entry["words"])))
        for entry in load_table("statuses")["phrase"]
    )


def status_in(words: str) -> Status | None:
    """The status that a phrase of the table gives to `words`; None where none stands in them."""
    lower = words.lower()
    return next((status for status, pattern in _phrases() if pattern.search(lower)), None)
