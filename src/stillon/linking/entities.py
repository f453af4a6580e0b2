"""The same person, body or place across reports, from the names alone.

A name is read once into an `Actor` (what sort it is, and the words that count), a place into its words
and the places it stands in. Two are compared by `likeness` and `place_likeness`, from 0 (nothing says
that they are the same) to 1 (the same). The tables stand in names.toml: what a style book lists.
Never raises for odd names.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from stillon.model import Report

Sort = Literal["person", "state", "body", "group", "office"]

SAME_FAMILY_NAME = 0.9
"""A family name alone against a full name: the same unless the reports know two of that name."""
PART_OF = 0.4
"""A chamber against its committee, a congress against its chamber, a person against their state."""

CHAMBERS: tuple[str, ...] = ("house", "senate", "commons", "lords", "congress", "congressional", "parliament")
"""Words that make a body a chamber or a part of one, nearest first."""

_STOP = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "for",
        "on",
        "in",
        "at",
        "to",
        "and",
        "with",
        "by",
        "from",
        "its",
        "his",
        "her",
        "their",
        "s",
    ]
)


def folded(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without accents, possessives and the dots of "U.S."."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower().replace("’", "'")
    plain = re.sub(r"\b(?:[a-z]\.){2,}", lambda m: m.group().replace(".", "") + " ", plain)
    plain = re.sub(r"'s\b|(?<=s)'", "", plain)
    return tuple(re.findall(r"[a-z0-9]+(?:'[a-z]+)?", plain))


def content(name: str) -> tuple[str, ...]:
    """The folded words of a name without articles and prepositions."""
    return tuple(word for word in folded(name) if word not in _STOP)


@dataclass(frozen=True, slots=True)
class Actor:
    """A participant's name as it is compared."""

    sort: Sort
    """What the name looks like; an office is "the president" with no name to it."""
    words: tuple[str, ...]
    """The words that count: a person's names, a body's words in the table's spelling."""
    state: str | None = None
    """Country it speaks for, in the table's spelling, when the name says so."""
    chamber: str | None = None
    """The chamber or congress that a body is, or is a part of."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Words under which the same actor is looked up whatever the form of its name."""
        if self.sort == "state" and self.state:
            return (" ".join(folded(self.state)),)
        if self.sort == "person":
            own = self.words[0] if self.words[0] in TABLE.family_first else self.words[-1]
            return (own, " ".join(folded(self.state))) if self.state else (own,)
        return tuple(dict.fromkeys(w for w in (self.chamber, " ".join(sorted(self.words))) if w))


class _Table:
    """names.toml, folded once for look-up."""

    def __init__(self) -> None:
        raw = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
        self.state_of: dict[tuple[str, ...], str] = {}
        self.capital_of: dict[tuple[str, ...], tuple[str, ...]] = {}
        for state, others in raw["states"].items():
            for other in (state, *others):
                self.state_of[content(other)] = state
            if others and len(others) > 1:
                self.capital_of[content(others[-1])] = content(state)
        self.body_of = {
            content(other): content(body) for body, others in raw["bodies"].items() for other in (body, *others)
        }
        self.chamber_of = {content(part)[-1]: content(whole)[-1] for part, whole in raw["chambers"].items()}
        self.venue_in = {content(venue): content(place) for venue, place in raw["venues"].items()}
        words = raw["words"]
        self.titles = frozenset(w for title in words["titles"] for w in folded(title))
        self.bodies = frozenset(words["bodies"])
        self.common = frozenset(" ".join(words["common"]).split())
        self.people_of = frozenset(words["people_of"])
        self.family_first = frozenset(w.lower() for w in words["family_first"])
        self.short_name: dict[str, str] = {n.lower(): names[0].lower() for names in words["short_names"] for n in names}
        states = "|".join(
            sorted((re.escape(o) for state, others in raw["states"].items() for o in (state, *others)), key=len)[::-1]
        )
        offices = "|".join(words["offices"])
        name = r"(?:[A-Z][\w’'.-]*\s?){1,4}"
        self.office_holder = re.compile(
            rf"\b(?P<before>{states})(?:['’]s?)?\s+(?:[\w-]+\s+){{0,2}}?(?i:{offices}),?\s+(?P<name>{name})"
            rf"|\b(?i:{offices})\s+(?P<named>{name})of\s+(?P<after>{states})\b"
        )
        self.longest = max(map(len, (*self.state_of, *self.body_of)))


TABLE = _Table()


def _state_in(words: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """(the first country named in `words`, the words without it)."""
    for size in range(TABLE.longest, 0, -1):
        for at in range(len(words) - size + 1):
            state = TABLE.state_of.get(words[at : at + size])
            if state is not None:
                return state, words[:at] + words[at + size :]
    return None, words


def _body_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """A body's words in the table's spelling, longest known name first."""
    for size in range(min(TABLE.longest, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            body = TABLE.body_of.get(words[at : at + size])
            if body is not None and (size > 1 or len(words) == 1 or words[at] not in {"commission", "lords"}):
                return words[:at] + body + words[at + size :]
    return words


@lru_cache(maxsize=16384)
def actor(name: str) -> Actor:
    """What a participant's name stands for, as far as the name tells."""
    words = content(name)
    if words in TABLE.state_of:
        return Actor("state", words, TABLE.state_of[words])
    state, rest = _state_in(words)
    if words in TABLE.body_of or any(w in TABLE.bodies for w in words):
        if state and all(w in TABLE.people_of for w in rest):
            return Actor("state", content(state), state)
        body = _body_words(tuple("committee" if w in {"panel", "subcommittee"} else w for w in words))
        body = tuple(w for w in body if w not in {"select", "permanent", "standing", "full"}) or body
        chamber = next((w for w in CHAMBERS if w in body), None)
        return Actor("body", body, state, "congress" if chamber == "congressional" else chamber)
    if state and all(w in TABLE.people_of for w in rest):
        return Actor("state", content(state), state)
    named = tuple(w for w in rest if w not in TABLE.titles and len(w) > 1)
    written = {word for part in re.findall(r"[A-Z][\w'’.-]*", name) for word in folded(part)}
    if not named:
        return Actor("office", words or folded(name) or ("?",), state)
    if len(named) <= 4 and all(w in written for w in named):
        return Actor("person", named, state)
    return Actor("group", words, state)


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about, as far as its words tell."""

    countries: Mapping[str, str]
    """The country that a person speaks for, by family name in lower case."""
    names: frozenset[str]
    """The names it uses most, as single words in lower case."""
    words: frozenset[str]
    """The other words it uses most."""


ABOUT_NAMES = 10
"""Names that say what a report is about; the more there are, the more two reports of other matters share."""
ABOUT_WORDS = 14
"""Other words that do."""


def about(report: Report) -> About:
    """What the report is about."""
    counts: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for word in re.findall(r"[^\W\d_][\w’'-]{2,}", f"{report.title or ''} {report.text}"):
        low = word.lower().replace("’", "'").removesuffix("'s")
        counts[low] += 1
        capital[low] += word[0].isupper()
    ranked = [w for w, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if w not in TABLE.common]
    names = [w for w in ranked if 2 * capital[w] > counts[w] and w not in TABLE.titles]
    words = [w for w in ranked if 2 * capital[w] <= counts[w] and len(w) > 3]
    return About(countries_of(report.text), frozenset(names[:ABOUT_NAMES]), frozenset(words[:ABOUT_WORDS]))


def countries_of(text: str) -> dict[str, str]:
    """The country that a person speaks for, by family name in lower case, as a report's text tells it.

    Read from "Freedonian President Dara Okonkwo", "Freedonia's prime minister, Dara Okonkwo" and "President
    Dara Okonkwo of Freedonia". A name given to two countries is left out.
    """
    told: dict[str, set[str]] = {}
    for match in TABLE.office_holder.finditer(text):
        state = TABLE.state_of.get(content(match["before"] or match["after"]))
        named = actor(match["name"] or match["named"])
        if state is not None and named.sort == "person":
            told.setdefault(named.keys[0], set()).add(state)
    return {name: states.pop() for name, states in told.items() if len(states) == 1}


def _same_first(a: str, b: str) -> bool:
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return TABLE.short_name.get(a, a) == TABLE.short_name.get(b, b)


def _persons(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Likeness of two persons' names without titles."""
    if a == b:
        return 1.0
    short, long = sorted((a, b), key=len)
    if len(short) == 1:
        if short[0] == (long[0] if long[0] in TABLE.family_first else long[-1]):
            return SAME_FAMILY_NAME
        return SAME_FAMILY_NAME / 2 if short[0] in long else 0.0
    if set(short) <= set(long):
        return 1.0
    if short[-1] == long[-1]:
        return 1.0 if _same_first(short[0], long[0]) else 0.0
    if short[0] == long[0]:  # a married or second family name, or another romanisation of the given name
        return 0.6 if short[0] in TABLE.family_first else 0.0
    return 0.0


def _bodies(a: Actor, b: Actor) -> float:
    """Likeness of two bodies: a committee is a part of its chamber, and no other committee."""
    x, y = set(a.words), set(b.words)
    if x == y:
        return 1.0
    if a.chamber and b.chamber and a.chamber != b.chamber:
        whole = {a.chamber, b.chamber}
        return PART_OF if any({part, of} == whole for part, of in TABLE.chamber_of.items()) else 0.0
    small, large = sorted((x, y), key=len)
    if small <= large:
        return PART_OF if small <= {a.chamber, b.chamber} else SAME_FAMILY_NAME
    if "committee" in x and "committee" in y:
        x, y = x - {"committee", a.chamber}, y - {"committee", b.chamber}
        return SAME_FAMILY_NAME if x and y and (x <= y or y <= x) else 0.0
    both = len(x & y) / len(x | y)
    return both if both >= 0.5 else 0.0


def _initials(a: Actor, b: Actor) -> bool:
    short, long = sorted((a.words, b.words), key=len)
    return len(short) == 1 and len(long) > 2 and short[0] == "".join(w[0] for w in long)


@lru_cache(maxsize=32768)
def likeness(a: Actor, b: Actor) -> float:
    """How far two names may stand for the same actor, 0 to 1; symmetric."""
    if a.sort == b.sort == "person":
        return _persons(a.words, b.words)
    if a.sort == b.sort == "state":
        return 1.0 if a.state == b.state else 0.0
    if a.sort == b.sort == "body":
        return _bodies(a, b)
    if "state" in (a.sort, b.sort):
        return PART_OF if a.state is not None and a.state == b.state else 0.0
    if a.sort == b.sort == "office" and a.state and b.state and a.state != b.state:
        return 0.0
    if "office" in (a.sort, b.sort) and "person" in (a.sort, b.sort):
        return PART_OF if a.state is not None and a.state == b.state else 0.0
    if set(a.words) == set(b.words) or _initials(a, b):
        return 1.0
    small, large = sorted((set(a.words), set(b.words)), key=len)
    if small <= large:
        return 0.8
    both = len(small & large) / len(small | large)
    return both if both >= 0.5 else 0.0


def _standing_in(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Places that a place stands in, nearest first, as the tables know them."""
    seen: set[tuple[str, ...]] = {words}
    while True:
        whole = TABLE.venue_in.get(words) or TABLE.capital_of.get(words)
        if whole is None or whole in seen:
            return
        seen.add(whole)
        yield whole
        words = whole


@lru_cache(maxsize=16384)
def place_keys(place: str) -> tuple[str, ...]:
    """Names under which a place is looked up: its own, then each place it is known to stand in.

    "palace in Helsinki" stands in Helsinki and Finland, "Lyon, France" in Lyon and France.
    """
    names = [content(place), *(content(part) for part in re.split(r",|\b(?:in|at|near|outside)\b", place))]
    names += [whole for name in tuple(names) for whole in _standing_in(name)]
    return tuple(dict.fromkeys(" ".join(name) for name in names if name))


@lru_cache(maxsize=32768)
def place_likeness(a: str, b: str) -> float | None:
    """How far two places may be one, 0 to 1; None when either has no words. Symmetric."""
    x, y = content(a), content(b)
    if not x or not y:
        return None
    if set(x) <= set(y) or set(y) <= set(x):
        return 1.0
    if " ".join(x) in place_keys(b) or " ".join(y) in place_keys(a):
        return 0.7
    return 0.5 if 2 * len(set(x) & set(y)) >= min(len(set(x)), len(set(y))) else 0.0
