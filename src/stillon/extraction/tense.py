"""Whether the words around a day look ahead or back, without a tagger.

News leaves the direction of "Tuesday" to the verb: "voted Tuesday", "will vote Tuesday". The nearest
words with a direction decide, those before the day ahead of those after it.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from stillon.extraction.lexicon import load_table

REACH_CHARS = 110
"""How far to either side of a day its verb is looked for, in characters."""
AFTER_WEIGHT = 0.7
"""Weight of a word after the day beside one as near before it."""
CLAUSE_WEIGHT = 0.5
"""What is left of a word's weight for each comma or conjunction between it and the day."""
LEAST = 0.08
"""Sum of weights below which the words count as silent."""

_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?|['’]ll\b|[,;:—–]|--|[.!?](?=\s+[\"“A-Z])|[.!?]?[\"“”\n]")
_MODALS = frozenset(
    "will would 'll ’ll shall could may might must should can to be won't won’t wouldn't wouldn’t".split()
)
_CLAUSE = frozenset(
    ", ; : — – -- that which who because after before when while and but as if whether although though".split()
)
_NOT_INFINITIVE = frozenset("the a an this that his her its their our my your some any all each no".split())


class _Words(NamedTuple):
    ahead: frozenset[str]
    ahead_before_to: frozenset[str]
    behind: frozenset[str]


@functools.cache
def _words() -> _Words:
    table = load_table("times")["tense"]
    return _Words(*(frozenset(table[key]) for key in _Words._fields))


def lean(text: str, start: int, end: int) -> int:
    """1 when the words around `text[start:end]` look ahead, -1 when they look back, 0 when they are silent."""
    before = _WORD.findall(text, max(0, start - REACH_CHARS), start)
    after = _WORD.findall(text, end, end + REACH_CHARS)
    score = _side(before, forward=False) + AFTER_WEIGHT * _side(after, forward=True)
    return (score > LEAST) - (score < -LEAST)


def _side(words: list[str], *, forward: bool) -> float:
    table = _words()
    score, weight = 0.0, 1.0
    order = range(len(words)) if forward else range(len(words) - 1, -1, -1)
    for step, at in enumerate(order):
        word = words[at]
        if word[-1] in '.!?"“”\n':
            break
        low = word.lower()
        if low in _CLAUSE:
            weight *= CLAUSE_WEIGHT
            continue
        score += weight * _direction(words, at, low, table) / (1 + step)
    return score


def _direction(words: list[str], at: int, low: str, table: _Words) -> float:
    if low in table.ahead:
        return 1.0
    following = words[at + 1].lower() if at + 1 < len(words) else ""
    if low in table.ahead_before_to and following in ("to", "for", "on"):
        return 1.0
    if low == "to" and following and following not in _NOT_INFINITIVE and words[at + 1][0].islower():
        return 0.6
    if low in table.behind or (low.endswith("ed") and len(low) > 3):
        # In "will be held" or "to be announced" the modal speaks, not the participle.
        if any(words[k].lower() in _MODALS for k in range(max(0, at - 3), at)):
            return 0.0
        return -1.0
    return 0.0
