"""The words that name an event: its nouns and verbs, what stands beside them, what points back (events.toml)."""

from __future__ import annotations

import functools
import re

from stillon.extraction.lexicon import load_table
from stillon.model import Kind

LEAD = re.compile(r"^(?:the|a|an|this|that|these|those|its|his|her|their|our|any|such|no|to)\s+", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
IN = re.compile(r"\b(?:in|at)\s(?:the\s)?$")
"""What stands right in front of where something takes place."""


@functools.cache
def nouns() -> dict[str, Kind]:
    """Kind by noun that names an event."""
    return {noun: Kind(kind) for kind, nouns in load_table("events")["nouns"].items() for noun in nouns}


@functools.cache
def verbs() -> dict[str, str]:
    """Noun by verb that names an event."""
    return {verb: noun for noun, verbs in load_table("events")["verbs"].items() for verb in verbs}


@functools.cache
def series() -> dict[str, str]:
    """ "next" or "last" by the word that sets an event apart from others of its series."""
    return {word: which for which, words in load_table("events")["series"].items() for word in words}


@functools.cache
def generic() -> frozenset[str]:
    """Nouns that may stand for an event of any kind once it has been named."""
    return frozenset(load_table("events")["generic"]["words"])


@functools.cache
def kin() -> frozenset[frozenset[str]]:
    """Kinds that may name one and the same happening, by two."""
    groups = load_table("events")["kin"]["groups"]
    return frozenset(frozenset((a, b)) for group in groups for a in group for b in group)


@functools.cache
def preparing() -> re.Pattern[str]:
    """What is said between an event and the one it prepares."""
    cues = "|".join(map(re.escape, load_table("events")["prepares"]["cues"]))
    return re.compile(rf"\b(?:{cues})\b")


@functools.cache
def preparing_last() -> re.Pattern[str]:
    """The same at the end of a text, right in front of the event."""
    return re.compile(rf"{preparing().pattern}(?:\s(?:the|a|an|his|her|their|its|for))?\s$")


@functools.cache
def _gatherings() -> dict[str, re.Pattern[str]]:
    """What an adjective in front of a gathering's noun looks like, by the party that it stands for."""
    table = load_table("events")["parties"]
    nouns = "|".join(table["nouns"])
    return {
        name: re.compile(rf"\b(?:{'|'.join(map(re.escape, adjectives))})(?:\s[A-Z]\w+)*\s(?i:{nouns})\b")
        for name, adjectives in table["names"].items()
    }


@functools.cache
def gathering_nouns() -> frozenset[str]:
    """Nouns that end the name of a gathering, and of no body."""
    return frozenset(load_table("events")["named"]["nouns"])


@functools.cache
def gathering_name() -> re.Pattern[str]:
    """The name of a gathering, all in capitals; a caucus is as often a body."""
    nouns = sorted(noun.capitalize() for noun in gathering_nouns() if not noun.startswith("caucus"))
    return re.compile(rf"\b(?:[A-Z][\w.’'&-]*\s){{1,5}}(?:{'|'.join(nouns)})\b")


def parties_in(words: str) -> list[str]:
    """The parties whose gathering the words name by an adjective ("the Labour conference")."""
    return [name for name, pattern in _gatherings().items() if pattern.search(words)]


def adjective_of(party: str, noun: str) -> str | None:
    """What a party's gathering is called by ("Tory", of "conference"); None for other names and nouns."""
    table = load_table("events")["parties"]
    adjectives = table["names"].get(party)
    return adjectives[0] if adjectives and noun.lower() in table["nouns"] else None


@functools.cache
def empty() -> frozenset[str]:
    """Words beside the noun that tell one event from another by nothing."""
    return frozenset(load_table("events")["empty"]["words"])


@functools.cache
def unneeded() -> frozenset[str]:
    """Words beside the noun that its name does without."""
    return empty() | frozenset(load_table("events")["empty"]["of_name"])


def head_noun(words: str) -> str | None:
    """The noun of the table that names the event: the last one before a preposition, else the last one.

    Of "signing the bill" it is what is done.
    """
    first = words.partition(" ")[0].lower()
    if first in verbs() and first in nouns():
        return verbs()[first]  # "signing the bill"
    front = re.split(r"\b(?:of|with|in|at|on|between|for|before|to|from|about|over|by|against)\b", words, maxsplit=1)[0]
    for part in (front, words):
        words_of_part = [w for word in WORD.findall(part.lower()) for w in (word, word.rsplit("-", 1)[-1])]
        for word in reversed(words_of_part):
            if word in nouns():
                return str(word)
            if (one := _singular(word)) in nouns():
                return one
    return None


def _singular(word: str) -> str:
    """A noun without the ending of its plural."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses")) else word.removesuffix("s")


def verb_in(words: str) -> str | None:
    """The verb of the table that the words begin with, where it is not a noun as well."""
    first = words.split(maxsplit=1)[0].lower() if words else ""
    return first if first in verbs() and first not in nouns() else None
