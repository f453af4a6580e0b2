"""Nodes of one report joined into groups, one for each event.

Nodes are taken in the order of the text; each joins the group it fits best, or opens a new one.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from stillon.extraction.lexicon import load_table
from stillon.extraction.nodes import ENDED, Likeness, Node, generic
from stillon.extraction.people import Entity, country_of, same_entity_name
from stillon.model import Kind, Status, When

JOIN_LEAST = 1.06
"""Least score at which a reading joins a mention.

This and the weights below: the best of a random search of some 60 steps on 15 development stories."""
WHO_SHARED, WHO_SPARE, WHO_APART = 0.6, 1.2, 1.6
"""What sharing a participant adds, each one that is not shared takes away, and sharing none takes away."""
NOUN_SHARED, VERB_SHARED, LEAD_SHARED = 0.4, 0.2, 0.3
"""What the same noun adds, the same noun by a verb ("meet"), and being first in the text and in the title."""
OTHERS_APART = 1.4
"""What it takes away that one has named people, and the other people who are not named."""
PLACE_APART, WHEN_APART, ENDED_APART, SERIES_APART = 0.5, 0.37, 0.77, 1.2
"""What another place, another day, being over or not, and another number of a series take away."""
ENCODER = 0.35
"""What a nat of the encoder's log-odds that two readings are of one event adds; beyond MOST_ODDS it is no surer.

Swept on the development stories from 0 to 0.4."""
MOST_ODDS = 4.0
NEAR_SENTENCES = 2
"""How many sentences an anaphor or a saying may look back for its event."""


@dataclass(slots=True)
class Group:
    """Readings of one event."""

    nodes: list[Node] = field(default_factory=list)

    def kinds(self) -> Counter[Kind]:
        """How many readings give each kind."""
        return Counter(n.reading.kind for n in self.nodes)

    def who(self) -> list[Entity]:
        """Who takes part, in the order of the text."""
        return list(dict.fromkeys(e for n in self.nodes for e in n.who))

    def weight(self) -> float:
        """How much the report is about it: its readings, the sure and early ones most, and the title's."""
        told = sum(n.reading.score / (1 + max(0, n.number) / 8) for n in self.nodes if n.reading.status)
        return told + any(n.reading.in_title for n in self.nodes)

    def surest(self) -> float:
        """The score of its surest reading with a status."""
        return max((n.reading.score for n in self.nodes if n.reading.status), default=0.0)

    def is_over(self) -> bool:
        """True when every status that it is read with says that it took place."""
        told = [n.reading.status for n in self.nodes if n.reading.status]
        return bool(told) and all(status is Status.HELD for status in told)

    def others(self) -> bool:
        """True when it is given to people who are not named."""
        return any(n.others for n in self.nodes) and not self.who()

    def core(self) -> set[Entity]:
        """Whom more than a third of the readings that name anybody name."""
        naming = [set(n.named or n.who) for n in self.nodes if n.named or n.who]
        votes = Counter(e for who in naming for e in who)
        return {e for e, count in votes.items() if 3 * count > len(naming)}


@functools.cache
def _kin() -> frozenset[frozenset[str]]:
    groups = load_table("events")["kin"]["groups"]
    return frozenset(frozenset((a, b)) for group in groups for a in group for b in group)


def _led(nodes: Sequence[Node]) -> list[Node]:
    """The nodes, the first of the text marked."""
    body = [n for n in nodes if not n.reading.in_title]
    first = min(body, key=lambda n: n.reading.event.start, default=None)
    return [replace(n, leads=True) if n is first else n for n in nodes]


def joined(nodes: Sequence[Node], likeness: Likeness) -> list[Group]:
    """Groups of nodes that speak of one event, in the order of their first node."""
    groups: list[Group] = []
    for node in sorted(_led(nodes), key=lambda n: (n.anaphor and n.number < 0, n.number, n.reading.event.start)):
        scored = [(_fit(node, g, likeness), i) for i, g in enumerate(groups)]
        best = max(scored, default=(0.0, -1))
        if best[0] >= JOIN_LEAST:
            group = groups[best[1]]
            group.nodes.append(_pointing_back(node, group) if node.bare else node)
        else:
            groups.append(Group([_with_series(node, groups)]))
    return groups


def _pointing_back(node: Node, group: Group) -> Node:
    """The node, whose words name nobody ("the meeting"), with those alone who are known to take part."""
    core = group.core()
    if not core:
        return replace(node, who=(), bodies=()) if group.others() else node
    known = tuple(e for e in node.who if e in core)
    return replace(node, who=known, bodies=node.bodies if known else ())


def _with_series(node: Node, groups: Sequence[Group]) -> Node:
    """The node, one of a series that names nobody ("their first") with those of the event spoken of before it."""
    if node.who or node.series is None:
        return node
    before = [(max(n.number for n in g.nodes), i) for i, g in enumerate(groups) if g.core()]
    if not before:
        return node
    return replace(node, who=tuple(sorted(groups[max(before)[1]].core(), key=lambda e: e.name)))


def _fit(node: Node, group: Group, likeness: Likeness) -> float:
    """How well a reading fits a group of readings; see JOIN_LEAST."""
    kinds = group.kinds()
    nouns = {n.noun for n in group.nodes if n.noun}
    score = 0.0
    if node.reading.kind in kinds:
        score += 0.6
    elif any(frozenset((node.reading.kind.value, k.value)) in _kin() for k in kinds):
        score += 0.2
    elif node.noun not in nouns and not (node.anaphor and node.noun in generic()):
        return -9.0
    if node.noun in nouns:
        verbs = node.verb or all(n.verb for n in group.nodes)
        score += VERB_SHARED if verbs else NOUN_SHARED
    if node.leads and any(n.leads and n.reading.in_title != node.reading.in_title for n in group.nodes):
        score += LEAD_SHARED
    who = _who_fit(node, group)
    score += who + _place_fit(node, group) + _when_fit(node, group)
    ended = node.reading.status in ENDED
    others = {n.reading.status in ENDED for n in group.nodes if n.reading.status}
    if node.reading.status and others and ended not in others:
        score -= ENDED_APART
    series = {n.series for n in group.nodes}
    if node.series not in series:
        score -= SERIES_APART * (1 if None in {*series, node.series} else 2)
    gap = min(abs(node.number - n.number) for n in group.nodes)
    near = 0.5 if gap <= NEAR_SENTENCES else 0.25 if gap <= 3 * NEAR_SENTENCES else 0.0
    score += near
    if node.anaphor:
        score += 0.3 + near
    told = ENCODER * _likeness(node, group, likeness)
    return score + (min(0.0, told) if who < 0 else told)  # it joins nothing against the names


def _likeness(node: Node, group: Group, likeness: Likeness) -> float:
    """What the encoder says of a reading and those of a group: halfway from the mean to the most."""
    odds = [max(-MOST_ODDS, min(MOST_ODDS, o)) for o in likeness.of(node.reading, (n.reading for n in group.nodes))]
    return (sum(odds) / len(odds) + max(odds)) / 2 if odds else 0.0


def _who_fit(node: Node, group: Group) -> float:
    mine, theirs = set(node.named if node.bare else node.named or node.who), group.core()
    if not mine or not theirs:
        return -OTHERS_APART if bool(mine or node.others) and bool(theirs or group.others()) else 0.0
    shared = len(mine & theirs)
    if shared:
        spare = min(len(mine), len(theirs)) - shared
        return WHO_SHARED + 0.6 * shared / min(len(mine), len(theirs)) - WHO_SPARE * spare
    if any(e.kind == "person" for e in mine) and any(e.kind == "person" for e in theirs):
        return -WHO_APART
    lands = {country_of(e.name) or e.org for e in mine} & {country_of(e.name) or e.org for e in theirs} - {None}
    return 0.1 if lands else -WHO_APART


def _place_fit(node: Node, group: Group) -> float:
    theirs = [n.place for n in group.nodes if n.place]
    if not node.place or not theirs:
        return 0.0
    return 0.6 if any(same_entity_name(node.place, p) for p in theirs) else -PLACE_APART


def _when_fit(node: Node, group: Group) -> float:
    mine = [w for w in (node.when, node.was) if w and w.start and w.end]
    theirs = [w for n in group.nodes for w in (n.when, n.was) if w and w.start and w.end]
    if not mine or not theirs:
        return 0.0
    if any(_meet(a, b) for a in mine for b in theirs):
        return 0.7
    moved = {node.reading.status, *(n.reading.status for n in group.nodes)}
    return -0.2 if moved & {Status.RESCHEDULED, Status.POSTPONED} else -WHEN_APART


def _meet(a: When, b: When) -> bool:
    return bool(a.start and a.end and b.start and b.end and a.start <= b.end and b.start <= a.end)
