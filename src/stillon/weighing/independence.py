"""How many separate origins stand behind claims, and which claims are copies of another.

The graph runs report → the report whose copy it is → cited outlet → source. The rules that count roots:
a named person or a body is one origin, however many outlets quote it; unnamed officials of one body are one
origin, since nothing shows that they are two; unnamed sources of no body are one for each outlet that has
them; an outlet's own voice and "the outlet reported" are that outlet; and a report's own voice that names
somebody for the same status is that somebody, not one more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stillon.model import Claim, SourceKind
from stillon.weighing.standing import is_outlet, words_of

Origin = tuple[str, frozenset[str]]
"""Kind of root, and the words that tell it from others."""


def origin_of(claim: Claim) -> Origin:
    """The root that stands behind a claim."""
    origin = claim.origin
    outlet = next((each for each in reversed(claim.sources) if is_outlet(each)), None)
    carrier = words_of(outlet.known_as) if outlet else words_of(claim.publisher) or frozenset({claim.report})
    if origin is None or origin is outlet:
        return ("outlet", carrier)
    if origin.kind is SourceKind.UNNAMED:
        return ("body", words_of(origin.org)) if origin.org else ("unnamed", carrier | {"?"})
    if origin.kind is SourceKind.ORGANISATION:
        return ("body", words_of(origin.known_as))
    return ("name", words_of(origin.known_as))


def independent_origins(claims: Iterable[Claim]) -> int:
    """How many roots stand behind `claims`; 0 for none. Copies must have been taken out."""
    claims = list(claims)
    credited = {(claim.report, claim.status) for claim in claims if claim.sources}
    roots: list[Origin] = []
    for kind, words in sorted(
        {origin_of(claim) for claim in claims if claim.sources or (claim.report, claim.status) not in credited},
        key=lambda root: (root[0], sorted(root[1])),
    ):
        if not any(kind == other and (words <= known or known <= words) for other, known in roots):
            roots.append((kind, words))
    return len(roots)


def without_copies(claims: Iterable[Claim], copy_of: Mapping[str, str]) -> list[Claim]:
    """`claims`, less those that repeat a claim of the report theirs is a copy of (rule 2).

    A claim is repeated when the other has the same words, or the same origin and the same status. What a
    copied report adds of its own stays. Of copies whose original has no such claim, the earliest published stays.
    """
    kept: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: (_published(claim), claim.report in copy_of, claim.id)):
        root = copy_of.get(claim.report, claim.report)
        family = kept.setdefault(root, [])
        if not any(other.report != claim.report and _repeats(claim, other) for other in family):
            family.append(claim)
    return sorted((claim for family in kept.values() for claim in family), key=lambda claim: claim.id)


def _published(claim: Claim) -> tuple[bool, str]:
    return (claim.published is None, claim.published.isoformat() if claim.published else "")


def _repeats(claim: Claim, other: Claim) -> bool:
    if claim.text.split() == other.text.split():
        return True
    return (
        claim.status is not None
        and claim.status is other.status
        and bool(claim.sources) == bool(other.sources)
        and (not claim.sources or origin_of(claim) == origin_of(other))
    )
