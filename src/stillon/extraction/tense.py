"""Whether the words around a day look ahead or back, without a tagger.

News leaves the direction of "Tuesday" to the verb: "voted Tuesday", "will vote Tuesday". The nearest
words with a direction decide, those before the day ahead of those after it.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from stillon.extraction.lexicon import load_table

REACH_CHARS = 150
"""How far to either side of a day its verb is looked for, in characters."""
AFTER_WEIGHT = 0.5
"""Weight of a word after the day beside one before it."""
NEXT_WEIGHT = 0.35
"""What is left of a word's weight for each word with a direction that stands nearer."""
DISTANCE_WEIGHT = 0.96
"""What is left of it for each word between."""
CLAUSE_WEIGHT = 0.5
"""What is left of it for each comma or conjunction between."""
WEAK_WEIGHT = 0.6
"""Weight of an infinitive, of a present tense and of "by" beside a verb that says its time."""
LEAST = 0.05
"""Sum of weights below which the words count as silent."""
LEAST_OF_POSSESSIVE = 0.3
"""The same for "Tuesday's", which names its event by its day whatever the verb says."""

_WORD = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Reps|Sens|Gov|Gen|Lt|Col|St|Jr|Sr|No|vs)\.|(?:[A-Za-z]\.){2,}"
    r"|[A-Za-z]+(?:['’][a-z]+)?|['’]ll\b|\d[\d.,]*|[,;:—–]|--|[.!?](?=\s+[\"“A-Z])|[.!?,]?[\n\"“”]|[.!?,]?(?:''|``)"
)
_MODALS = frozenset(
    "will would 'll ’ll shall could may might must should can to be won't won’t wouldn't wouldn’t".split()
)
_CLAUSE = frozenset(
    ", ; : — – -- \" “ ” '' `` that which who because after when while and but as if whether although though".split()
)
_NOT_INFINITIVE = frozenset(
    "the a an this that his her its their our my your some any all each no on in at from about more less".split()
)
_DETERMINERS = frozenset("the a an this that his her its their our my your of and in with by".split())


class _Words(NamedTuple):
    ahead: frozenset[str]
    ahead_before_to: frozenset[str]
    present: frozenset[str]
    behind: frozenset[str]


@functools.cache
def _words() -> _Words:
    table = load_table("times")["tense"]
    return _Words(*(frozenset(table[key]) for key in _Words._fields))


def lean(text: str, start: int, end: int) -> int:
    """1 when the words around `text[start:end]` look ahead, -1 when they look back, 0 when they are silent."""
    before = _WORD.findall(text, max(0, start - REACH_CHARS), start)
    after = _WORD.findall(text, end, end + REACH_CHARS)
    score = _before(before) + AFTER_WEIGHT * _after(after)
    least = LEAST_OF_POSSESSIVE if text[end : end + 2] in ("'s", "’s") else LEAST
    return (score > least) - (score < -least)


def _before(words: list[str]) -> float:
    score, weight = 0.0, 1.0
    for at in range(len(words) - 1, -1, -1):
        if _ends_sentence(words[at]):
            break
        low = words[at].lower()
        direction = _direction(words, at, low)
        if (low in ("by", "for") and at == len(words) - 1) or (low == "to" and _is_infinitive(words, at)):
            direction = WEAK_WEIGHT
        elif low in ("soon", "early") and words[at + 1 : at + 2] == ["as"]:
            direction = 2.0
        elif low in _CLAUSE:
            weight *= CLAUSE_WEIGHT
        score += weight * direction
        weight *= NEXT_WEIGHT if direction else DISTANCE_WEIGHT
    return score


def _after(words: list[str]) -> float:
    score, weight = 0.0, 1.0
    for at, word in enumerate(words):
        if _ends_sentence(word):
            break
        low = word.lower()
        if low in _CLAUSE:
            weight *= CLAUSE_WEIGHT
        direction = _direction(words, at, low)
        score += weight * direction
        weight *= NEXT_WEIGHT if direction else DISTANCE_WEIGHT
    return score


def _ends_sentence(word: str) -> bool:
    return word[0] in ".!?\n"


def _is_infinitive(words: list[str], at: int) -> bool:
    """True for "to meet", false for "to Paris" and for "declined to meet", which its own verb places."""
    following = words[at + 1] if at + 1 < len(words) else ""
    if at and _direction(words, at - 1, words[at - 1].lower()) < 0:
        return False
    return following[:1].islower() and following not in _NOT_INFINITIVE


def _direction(words: list[str], at: int, low: str) -> float:
    table = _words()
    if low in table.ahead:
        return 1.0
    if low in table.ahead_before_to and words[at + 1 : at + 2] in (["to"], ["for"]):
        return 1.0
    if low in table.present:
        return WEAK_WEIGHT
    participle = low.endswith("ed") and len(low) > 4 and words[max(0, at - 1)].lower() not in _DETERMINERS
    if low in table.behind or participle:
        # In "will be held" or "to be announced" the modal speaks, not the participle.
        if any(words[k].lower() in _MODALS for k in range(max(0, at - 3), at)):
            return 0.0
        return -1.0
    return 0.0
