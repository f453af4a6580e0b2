"""How near a claim's origin stands to the event, and how far it can be trusted.

Whom an event belongs to is read from the event itself (its participants and hosts); the words by which a report
says on whose behalf somebody speaks stand in `standing.toml`.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from stillon.model import Claim, Event, Source, SourceKind, Standing

_TABLE: dict[str, list[str]] = tomllib.loads(
    files("stillon.weighing").joinpath("standing.toml").read_text(encoding="utf-8")
)
_SPEAKS_FOR = frozenset(_TABLE["speaks_for"])
_OPINES = frozenset(_TABLE["opines"])
_GOVERNS = re.compile(r"\b(?:" + "|".join(map(re.escape, _TABLE["governs"])) + r")\b")
_SMALL = frozenset(["the", "a", "an", "of", "and", "for", "to", "at", "in", "s", "mr", "mrs", "ms", "dr", "us", "u"])
_NEAREST_FIRST = list(Standing)


def standing_of(claim: Claim, event: Event) -> Standing:
    """Where the claim's origin stands toward the event (rule 3 of docs/rules.md).

    Own voice when the report says it itself, unhedged. Deciding when the origin is a participant or host, or is
    said to speak for one ("a spokesman for the council", `org`), named or not. A government body and those who
    speak for one decide too: a report seldom spells out whose minister or spokesman it is. Comment by the words
    of `standing.toml`, or where the report doubts it itself. All else is informed. A standing that was set
    nearer (by a person, or where the report says more) stays.
    """
    return min(claim.standing, _standing(claim, event), key=_NEAREST_FIRST.index)


def _standing(claim: Claim, event: Event) -> Standing:
    origin = claim.origin
    if origin is None:
        return Standing.INFORMED if claim.hedged else Standing.OWN_VOICE
    parties = [words_of(name) for name in (*event.participants, *event.host)]
    speakers = [words_of(each.known_as) for each in (origin, *claim.also)]
    body = words_of(origin.org)
    if any(_same(a, party) for a in (*speakers, body) for party in parties):
        return Standing.DECIDING
    words = speakers[0] | words_of(origin.name) | body
    speaks = not words.isdisjoint(_SPEAKS_FOR)
    if speaks and any(words & party - _SPEAKS_FOR for party in parties):
        return Standing.DECIDING
    named = " ".join((origin.name, origin.known_as, origin.org or "")).lower()
    if _GOVERNS.search(named) and (speaks or origin.org or origin.kind is not SourceKind.PERSON):
        return Standing.DECIDING
    return Standing.COMMENT if claim.hedged or words & _OPINES else Standing.INFORMED


def words_of(name: str | None) -> frozenset[str]:
    """The lower-case words of a name that tell it from others."""
    return frozenset(re.findall(r"\w+", (name or "").lower())) - _SMALL


def _same(a: frozenset[str], b: frozenset[str]) -> bool:
    """The words of one name all stand in the other, and there is one."""
    return bool(a) and bool(b) and (a <= b or b <= a)


def reliability(claim: Claim, standing: Standing) -> str:
    """Admiralty letter of the claim's source, A (reliable) to F (nothing known), by kind and standing.

    A party on the record is A; a party's unnamed official, and a report's own voice, B; others with knowledge C
    on the record and D unnamed; comment D and E. F for a voice of which nothing is known.
    """
    origin = claim.origin
    if origin is None:
        return ("B" if standing is Standing.OWN_VOICE else "C") if claim.publisher else "F"
    if not words_of(origin.known_as):
        return "F"
    unnamed = origin.kind in (SourceKind.UNNAMED, SourceKind.OUTLETS)
    return _LETTERS[standing][unnamed]


_LETTERS = {
    Standing.DECIDING: "AB",
    Standing.OWN_VOICE: "BC",
    Standing.INFORMED: "CD",
    Standing.COMMENT: "DE",
}
"""Letter of a source on the record, and of an unnamed one."""


def is_outlet(source: Source) -> bool:
    """True for a source that carries what others said."""
    return source.kind in (SourceKind.OUTLET, SourceKind.OUTLETS)
