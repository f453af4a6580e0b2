"""Who takes part in the event that a group of nodes speaks of.

Rules say so from what the readings name, and what each kind of event asks for. Of the kinds for which the rules know
little it is learned who of all that are named near an event takes part (parties.toml, made by training/parties.py).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from stillon.extraction.casting import FLOOR, HEARD, HEARS, ONE_BODY, PANEL, TWO_SIDES, hears, may_hear, names_event
from stillon.extraction.joining import Group
from stillon.extraction.lexicon import load_table
from stillon.extraction.nodes import Page
from stillon.extraction.people import Entity, country_of
from stillon.model import Kind

VOTES_SHARE = 1.5
"""A participant is named by at least one for so many readings that name the one most named."""
PARTY_LEAST, PARTIES_MOST = 0.35, 6
"""Least probability that somebody takes part where it is learned (the likeliest always does), and the most who do."""
NEAR_CHARACTERS = 300
"""How far from an event's sentence those who take part may be named, where it names none."""


def taking_part(page: Page, group: Group, kind: Kind) -> tuple[str, ...]:
    """Full names of who takes part, persons before offices and bodies, most named first."""
    ruled = by_rule(page, group, kind)
    if kind not in LEARNED or heard_together(group):
        return ruled
    persons = frozenset(e.name for e in page.names.persons)
    table = load_table("parties")
    found = signs_of_parties(page, group, ruled)
    odds = {
        name: table["least"]["intercept"] + sum(table["weights"][sign] * told for sign, told in signs.items())
        for name, signs in found.items()
    }
    ranked = sorted(odds, key=lambda name: -odds[name])
    least = math.log(PARTY_LEAST / (1 - PARTY_LEAST))
    kept = [name for name in ranked if odds[name] >= least][:PARTIES_MOST] or ranked[:1]
    return tuple(sorted(kept, key=lambda name: name not in persons))


def heard_together(group: Group) -> list[str]:
    """Who is heard at a sitting at which two are or more, most often named first; [] for every other event.

    Some readings call it a hearing and others a testimony; two readings name each, or one testimony has them together.
    """
    if not group.kinds().keys() >= HEARD:
        return []
    told = [(node, [e.name for e in node.who if e.kind == "person"]) for node in group.nodes]
    testify = [names for node, names in told if node.reading.kind is Kind.TESTIMONY]
    together = {name for names in testify if len(names) > 1 for name in names}
    votes = Counter(name for _, names in told for name in names)
    heard = [name for name, count in votes.most_common() if count > 1 or name in together]
    return heard if len(heard) > 1 else []


def by_rule(page: Page, group: Group, kind: Kind) -> tuple[str, ...]:
    """Who takes part by the rules: whom the readings name, else, for most kinds, who is named most near them."""
    named = _participants(page, group, kind)
    if kind is Kind.VOTE and not any(may_hear(name) for name in named):
        named = _parties_near(page, group, kind) or named  # whom they vote on takes no part
    if kind is Kind.MEASURE and len(named) == 1 and country_of(named[0]):
        return (*named, *_whose_goods(page, group, named[0]))
    return named or (() if group.others() else _parties_near(page, group, kind))


def _whose_goods(page: Page, group: Group, land: str) -> list[str]:
    """The other country of a measure on a country's goods ("a tax on Brodish imports")."""
    sentences = [n.reading.sentence.of(page.text(n.reading.in_title)) for n in group.nodes if n.reading.sentence]
    lands = [country_of(found["land"]) for words in sentences for found in _GOODS.finditer(words)]
    return [name for name, _ in Counter(other for other in lands if other and other != land).most_common(1)]


_GOODS = re.compile(
    r"\b(?P<land>[A-Z][a-z]+)\s(?:\w+\s)?(?:goods|imports|exports|products|steel|cars|autos|vehicles|companies|citizens)\b"
)


def _participants(page: Page, group: Group, kind: Kind) -> tuple[str, ...]:
    """Whom the readings name, persons before offices and bodies, most named first.

    Where the kind asks for one more (the other side of a meeting, the body that votes or hears) than the
    readings name, it is the one their sentences name most.
    """
    votes: Counter[str] = Counter()
    order: dict[str, tuple[bool, int]] = {}
    for place, node in enumerate(group.nodes):
        for entity in node.who:
            name = party_of(entity)
            votes[name] += 1
            order.setdefault(name, (entity.kind != "person", place))
        for body in node.bodies:
            votes[body] += 1
            order.setdefault(body, (True, place))
    most = max(votes.values(), default=0)
    order = {name: place for name, place in order.items() if VOTES_SHARE * votes[name] >= most}
    persons = [name for name in order if not order[name][0]]
    seats = {c for name in order if (c := country_of(name))}
    kept = [n for n in order if n in persons or not (len(persons) >= 2 and (n in seats or country_of(n)))]
    if kind in ONE_BODY:
        fits = _votes if kind is Kind.VOTE else hears
        bodies = [n for n in kept if may_hear(n)] or [n for n in votes if may_hear(n)] or _named_around(group, fits)
        if kind is Kind.VOTE and any(FLOOR.search(n.words) for n in group.nodes):  # committees vote elsewhere
            whole = [n for n in [*bodies, *_named_around(group, fits)] if not PANEL.search(n)]
            bodies = list(dict.fromkeys(whole)) or bodies
        elif kind is Kind.VOTE and any(PANEL.search(n.words) for n in group.nodes):
            named = [*bodies, *(n for n in votes if may_hear(n)), *_named_around(group, fits)]
            bodies = list(dict.fromkeys(n for n in named if PANEL.search(n))) or bodies
        if kind is Kind.HEARING and (heard := heard_together(group)):
            persons = kept = heard
        if bodies:
            kept = bodies if kind is Kind.VOTE else [*(n for n in kept if n in persons), *_heard_by(bodies)]
        elif kind is Kind.TESTIMONY:
            kept = [n for n in kept if n in persons]  # others hear nobody
    elif kind in TWO_SIDES and len(kept) == 1:
        sort = _is_person if persons else _is_country
        kept += [n for n in _named_around(group, sort) if n not in kept][:1]
    elif kind is Kind.MEASURE:
        lands = list(dict.fromkeys(land for n in kept if (land := country_of(n))))
        others = [n for n in _named_around(group, _is_country) if country_of(n) not in lands]
        aimed = not group.nouns() & _AT_HOME
        kept = (lands + (others[: max(0, 2 - len(lands))] if aimed else [])) or kept
    known_persons = {e.name for e in page.names.persons}
    for name in kept:
        order.setdefault(name, (name not in known_persons, 99))
    return tuple(sorted(kept, key=lambda n: (order[n][0], -votes[n], order[n][1])))[:PARTIES_MOST]


def _heard_by(bodies: Sequence[str]) -> list[str]:
    """The closest of some bodies, and the committee of its name in the other chamber where that is named, too."""
    first = _closest(bodies)
    rest = first.partition(" ")[2]
    return [first, *(n for n in bodies if n != first and rest and PANEL.search(rest) and n.partition(" ")[2] == rest)]


def _closest(bodies: Sequence[str]) -> str:
    """The first of some bodies, or the committee of it that is among them, where that is the only one."""
    panels = [name for name in bodies if PANEL.search(name)]
    return panels[0] if len(panels) == 1 and _within(panels[0], bodies[0]) else bodies[0]


def _within(part: str, whole: str) -> bool:
    """True for a committee of a chamber, or of Congress."""
    chamber = whole.partition(" ")[0]
    return whole == "Congress" or part.startswith(chamber + " ")


_AT_HOME = frozenset({"bill", "law", "legislation", "rule", "tax"})
"""Measures that a country takes for itself; others are aimed at one."""


def party_of(entity: Entity) -> str:
    """The name under which an entity takes part: a place stands for its government."""
    return entity.government_of or entity.name if entity.kind == "place" else entity.name


def _named_around(group: Group, fits: Callable[[Entity], bool]) -> list[str]:
    """Who of a sort stands in the sentences of an event's readings, most named first."""
    votes = Counter(party_of(e) for n in group.nodes for e in n.around if fits(e))
    return [name for name, _ in votes.most_common()]


def _parties_near(page: Page, group: Group, kind: Kind) -> tuple[str, ...]:
    """Where the readings name nobody: who of the sort that the kind asks for is named most near them."""
    votes: dict[str, Counter[str]] = {sort: Counter() for sort in _ASKS.get(kind, ())}
    for node in group.nodes:
        for _, entity, inside in page.named_near(node.reading, NEAR_CHARACTERS):
            for sort in votes:
                if _SORTS[sort](entity) and entity.name != node.place:
                    votes[sort][party_of(entity)] += 3 if inside else 1
    found = next((v for v in votes.values() if v), Counter())
    return tuple(name for name, _ in found.most_common(2 if kind in TWO_SIDES else 1))


def _votes(entity: Entity) -> bool:
    return hears(entity) and not entity.name.endswith("Court")  # the one that a judge is confirmed for


def _is_person(entity: Entity) -> bool:
    return entity.kind == "person"


def _is_country(entity: Entity) -> bool:
    return entity.kind == "place" and country_of(party_of(entity)) is not None


def _is_body(entity: Entity) -> bool:
    return entity.kind == "body" and not names_event(entity) and not entity.government_of


_SORTS: dict[str, Callable[[Entity], bool]] = {
    "person": _is_person,
    "body": _is_body,
    "country": _is_country,
    "hearing body": hears,
    "voting body": _votes,
}
_ASKS: dict[Kind, tuple[str, ...]] = {
    Kind.MEETING: ("person", "country"),
    Kind.CALL: ("person",),
    Kind.VISIT: ("person",),
    Kind.TALKS: ("country", "person"),
    Kind.VOTE: ("voting body",),
    Kind.HEARING: ("hearing body",),
    Kind.TESTIMONY: ("person",),
    Kind.SPEECH: ("person",),
    Kind.RALLY: ("person",),
    Kind.PARADE: ("person", "country"),
    Kind.DEADLINE: ("country", "body", "person"),
    Kind.MEASURE: ("country", "body"),
    Kind.CONFERENCE: ("person", "body"),
}
"""What sort of party takes part in an event of each kind, best first."""
LEARNED = frozenset(
    {Kind.CEREMONY, Kind.ELECTION, Kind.LAUNCH, Kind.OTHER, Kind.TRIAL, Kind.RALLY, Kind.SPEECH, Kind.HEARING}
)
"""Kinds of which it is learned who takes part; for others the rules do no worse on the development stories."""


@dataclass(slots=True)
class _Seen:
    """How somebody is named in and around the readings of an event."""

    sort: str
    counts: Counter[str] = field(default_factory=Counter)
    distance: int | None = None
    """Characters from the event, where its sentence names them."""


def signs_of_parties(page: Page, group: Group, ruled: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """What tells that each who is named in or near the readings takes part, from 0 to 1; `ruled` is what rules say."""
    seen = _seen_near(page, group)
    spoken: Counter[str] = Counter()
    for entity in page.names.entities:
        spoken[party_of(entity)] += len(entity.spans)
    titled = {party_of(e) for e in page.names.entities if e.title_spans}
    most_spoken = max(spoken.values(), default=0) or 1
    most_told = max((each.counts["who"] for each in seen.values()), default=0)
    readings = len(group.nodes)
    found = {}
    for name, each in seen.items():
        counts = each.counts
        signs = {
            "who": min(1.0, counts["who"] / readings),
            "who_any": float(counts["who"] > 0),
            "who_most": float(0 < counts["who"] == most_told),
            "who_others": float(most_told > 0 and not counts["who"]),
            "named": float(counts["named"] > 0),
            "bodies": float(counts["bodies"] > 0),
            "around": min(1.0, counts["around"] / readings),
            "near": min(1.0, counts["near"] / (2 * readings)),
            "near_any": float(counts["near"] > 0),
            "before": float(counts["before"] > 0),
            "behind": float(counts["behind"] > 0),
            "close": 0.0 if each.distance is None else 1 / (1 + each.distance / 30),
            "spoken": spoken[name] / most_spoken,
            "most_spoken": float(spoken[name] == most_spoken),
            "ruled": float(name in ruled),
            "ruled_alone": float(ruled == (name,)),
            "some_ruled": float(bool(ruled)),
            "small": float(name[:1].islower()),
            "title": float(name in titled),
            "speaks": float(counts["speaks"] > 0),
        }
        found[name] = signs | {sort: float(sort == each.sort) for sort in SORTS}
    return found


SORTS = ("person", "country", "hearing body", "body", "group", "outlet", "words")
"""What somebody is: words are of people whom the report does not name."""


def _sort_of(entity: Entity) -> str:
    if _is_person(entity):
        return "person"
    if country_of(party_of(entity)):
        return "country"
    return "hearing body" if HEARS.search(party_of(entity)) else entity.kind


def _seen_near(page: Page, group: Group) -> dict[str, _Seen]:
    """Everybody who is named in or near the readings of an event; places that are no countries left out."""
    seen: dict[str, _Seen] = {}

    def told(entity: Entity) -> _Seen:
        return seen.setdefault(party_of(entity), _Seen(_sort_of(entity)))

    for node in group.nodes:
        for entity in dict.fromkeys(node.who):
            told(entity).counts["who"] += 1
        for entity in dict.fromkeys(node.named):
            told(entity).counts["named"] += 1
        for body in dict.fromkeys(node.bodies):
            seen.setdefault(body, _Seen("country" if country_of(body) else "words")).counts["bodies"] += 1
        for entity in dict.fromkeys(node.around):
            if not _is_spot(entity):
                told(entity).counts["around"] += 1
        speakers = page.speakers(node.reading)
        for span, entity, inside in page.named_near(node.reading, NEAR_CHARACTERS):
            if _is_spot(entity):
                continue
            each = told(entity)
            each.counts["speaks"] += any(span.overlaps(speaker) for speaker in speakers)
            each.counts["near"] += 1
            if inside:
                away = span.start - node.reading.event.start
                each.counts["before" if away < 0 else "behind"] += 1
                each.distance = abs(away) if each.distance is None else min(each.distance, abs(away))
    return seen


def _is_spot(entity: Entity) -> bool:
    return entity.kind == "place" and not _is_country(entity)
