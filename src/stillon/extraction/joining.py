"""Nodes of one report joined into groups, one for each event.

Nodes are taken in the order of the text; each joins the group it fits best, or opens a new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from stillon.extraction.casting import ALONE, FLOOR, HEARD, ONE_BODY, PANEL, TWO_SIDES, hears
from stillon.extraction.nodes import ENDED, Likeness, Node
from stillon.extraction.people import Entity, country_of, same_entity_name
from stillon.extraction.wording import WORD, generic, kin, nouns
from stillon.model import Kind, Status, When, share_a_day

JOIN_LEAST = 1.25
"""Least score at which a reading joins a mention.

The weights below are the best of a random search of some 60 steps on 15 development stories; this was swept on all
20 from 1.06 to 1.45, with MERGE_LEAST."""
KIND_SHARED, KIN_SHARED, NEAR, POINTS_BACK = 0.6, 0.2, 0.5, 0.3
"""What the same kind adds, and a kind of its kin; standing near, and half of it a little farther; pointing back."""
WHO_SHARED, WHO_ALL, WHO_SPARE, WHO_APART = 0.6, 0.6, 1.2, 1.6
"""What sharing a participant adds, sharing all, each one that is not shared takes away, and sharing none takes away."""
PLACE_SHARED, WHEN_SHARED, MOVED_APART = 0.6, 0.7, 0.2
"""What the same place and a shared day add; what another day takes away of what is moved."""
NOUN_SHARED, VERB_SHARED, LEAD_SHARED = 0.4, 0.2, 0.3
"""What the same noun adds, the same noun by a verb ("meet"), and being first in the text and in the title."""
POINTING_SHARED = 0.5
"""What another noun of the same kind adds where the words only point back."""
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


OF_BODIES = frozenset({Kind.HEARING, Kind.VOTE})
"""Kinds that are told apart by their bodies alone."""
_OF_ANY_BODY = frozenset(
    "the of on and u s us congress parliament committee subcommittee panel select permanent representatives".split()
)


@dataclass(slots=True)
class Group:
    """Readings of one event."""

    nodes: list[Node] = field(default_factory=list)

    def kinds(self) -> Counter[Kind]:
        """How many readings give each kind."""
        return Counter(n.reading.kind for n in self.nodes)

    def kind(self) -> Kind:
        """What most readings say it is, the first of those that tie."""
        return self.kinds().most_common(1)[0][0]

    def nouns(self) -> set[str]:
        """What its readings call it."""
        return {n.noun for n in self.nodes if n.noun}

    def who(self) -> list[Entity]:
        """Who takes part, in the order of the text."""
        return list(dict.fromkeys(e for n in self.nodes for e in n.who))

    def gathering(self) -> str | None:
        """The standing gathering that its readings name, the first of them."""
        return next((n.gathering for n in self.nodes if n.gathering), None)

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
        naming = [set(n.whose) for n in self.nodes if n.whose]
        votes = Counter(e for who in naming for e in who)
        return {e for e, count in votes.items() if 3 * count > len(naming)}


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
    return _merged(groups, likeness)


MERGE_LEAST = 0.7
"""Least mean score of the readings of one group in another for the two to be one.

At 0.3 a hundredth more of the claims stand with the right event, and a hundredth fewer of the events are found."""


def _merged(groups: list[Group], likeness: Likeness) -> list[Group]:
    """The groups, those made one whose readings fit each other now that it is known who takes part."""
    known: dict[tuple[int, int, int, int], float] = {}

    def fit(a: Group, b: Group) -> float:
        pair = (id(a), len(a.nodes), id(b), len(b.nodes))  # a group only grows
        if pair not in known:
            fits = [_fit(node, b, likeness) for node in a.nodes] if _may_merge(a, b) else [-9.0]
            known[pair] = sum(fits) / len(fits)
        return known[pair]

    while True:
        scored = [
            (fit(a, b), -i, -j)
            for i, b in enumerate(groups)
            for j, a in enumerate(groups)
            if i != j and len(a.nodes) <= len(b.nodes)
        ]
        best = max(scored, default=(-9.0, 0, 0))
        if best[0] < MERGE_LEAST:
            return groups
        keep, gone = sorted((-best[1], -best[2]))
        groups[keep].nodes += groups[gone].nodes
        groups[keep].nodes.sort(key=lambda n: (n.number, n.reading.event.start))
        del groups[gone]


def _may_merge(a: Group, b: Group) -> bool:
    """True for two groups of one kind and one noun, or of the same two, given no days that keep them apart."""
    kinds = [group.kind() for group in (a, b)]
    alike = kinds[0] is kinds[1] and (bool(a.nouns() & b.nouns()) or not a.nouns() or not b.nouns())
    alike = alike or {*kinds} == HEARD
    related = kinds[0] is kinds[1] or frozenset(str(k) for k in kinds) in kin()
    alike = alike or (related and len(a.core() & b.core()) > 1 and not any(n.indefinite or n.series for n in a.nodes))
    return alike and all(_when_fit(n, b) >= 0 for n in a.nodes)


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
    if node.reading.kind is Kind.MEASURE:
        return node
    like = [g for g in groups if node.reading.kind in g.kinds() and g.core()]
    before = [(max(n.number for n in g.nodes), i) for i, g in enumerate(like)]
    if not before:
        return node
    return replace(node, who=tuple(sorted(like[max(before)[1]].core(), key=lambda e: e.name)))


def _fit(node: Node, group: Group, likeness: Likeness) -> float:
    """How well a reading fits a group of readings; see JOIN_LEAST."""
    kinds = group.kinds()
    theirs = group.nouns()
    if _set_apart(node, group, kinds, theirs):
        return -9.0
    score = 0.0
    if node.reading.kind in kinds:
        score += KIND_SHARED
    elif any(frozenset((node.reading.kind.value, k.value)) in kin() for k in kinds):
        score += KIN_SHARED
    elif node.noun not in theirs and not (node.anaphor and node.noun in generic()):
        return -9.0
    if node.noun in theirs:
        verbs = node.verb or all(n.verb for n in group.nodes)
        score += VERB_SHARED if verbs else NOUN_SHARED
    elif node.bare and nouns().get(node.noun or "") in {nouns().get(noun) for noun in theirs}:
        score += POINTING_SHARED  # "the summit", of the meeting named before
    if node.leads and any(n.leads and n.reading.in_title != node.reading.in_title for n in group.nodes):
        score += LEAD_SHARED
    who = _who_fit(node, group)
    if _same_bill(node, group):
        who = max(who, WHO_SHARED)  # who withdraws it, and whose it is
    score += who + _place_fit(node, group) + _when_fit(node, group)
    ended = node.reading.status in ENDED
    others = {n.reading.status in ENDED for n in group.nodes if n.reading.status}
    if node.reading.status and others and ended not in others and not _are_talks(node, kinds):
        score -= ENDED_APART
    series = {n.series for n in group.nodes}
    if node.series not in series:
        score -= SERIES_APART * (1 if None in {*series, node.series} else 2)
    gap = min(abs(node.number - n.number) for n in group.nodes)
    near = NEAR if gap <= NEAR_SENTENCES else NEAR / 2 if gap <= 3 * NEAR_SENTENCES else 0.0
    score += near
    if node.anaphor:
        score += POINTS_BACK + near
    told = ENCODER * _likeness(node, group, likeness)
    return score + (min(0.0, told) if who < 0 else told)  # it joins nothing against the names


def _set_apart(node: Node, group: Group, kinds: Counter[Kind], theirs: set[str]) -> bool:
    """True where a reading's words alone say that it is of another event than the group's."""
    if node.to_press is not any(n.to_press for n in group.nodes) and not (node.anaphor and node.noun in theirs):
        return True
    if node.gathering != group.gathering() and not node.bare and node.reading.kind in GATHERINGS:
        return True
    if node.indefinite and any(n.indefinite and n.number == node.number for n in group.nodes):
        return True  # "a larger meeting, and a dinner"
    kind = node.reading.kind
    stage = _stage(node)
    if stage and any(other not in (stage, None) for other in map(_stage, group.nodes)):
        return True  # a committee's vote, and the whole chamber's
    same = (kind in ALONE and kind in kinds) or (kind in HEARD and not HEARD.isdisjoint(kinds))
    if same and _was_heard(node, group):
        return True
    if {kind, *kinds} == SPOKEN_AT and not node.to_press and node.noun not in theirs:
        return True  # a speech is given at a convention
    if kind is Kind.OTHER and set(kinds) == {kind} and node.noun and theirs and node.noun not in theirs:
        return not ({node.noun} | theirs) & generic()
    if kind in AT_PLACES and kind in kinds and node.place:
        here, lands = country_of(node.place), {country_of(n.place) for n in group.nodes if n.place}
        return bool(here and lands) and not lands & {here, None}
    return False


def _same_bill(node: Node, group: Group) -> bool:
    """True for a measure that the text calls by the same words ("harbour bill") as the group's."""
    return " " in node.core and node.reading.kind is Kind.MEASURE and any(node.core == n.core for n in group.nodes)


def _was_heard(node: Node, group: Group) -> bool:
    """True where one was heard and the other, of the same person, was called off or is in doubt."""
    mine, theirs = {node.reading.status}, {n.reading.status for n in group.nodes if n.reading.status}
    return bool(theirs) and any(a == {Status.HELD} and b <= _NOT_GIVEN for a, b in ((mine, theirs), (theirs, mine)))


_NOT_GIVEN = frozenset({Status.DENIED, Status.CANCELLED, Status.POSTPONED, Status.IN_DOUBT})
"""Statuses of a speech or testimony that was not given when the report came out."""
ON_A_DAY = frozenset({Kind.TESTIMONY, Kind.HEARING, Kind.VOTE, Kind.SPEECH, Kind.RALLY})
"""Kinds of event that take a day, so that those of two days are mostly two."""
DAYS_APART = 1.2
"""What it takes away that they are on two days."""
SPOKEN_AT = frozenset({Kind.SPEECH, Kind.CONFERENCE})
"""Kinds of what is said, and of where it is."""
GATHERINGS = frozenset({Kind.MEETING, Kind.CONFERENCE, Kind.TALKS, Kind.VISIT})
"""Kinds of which one at a standing gathering ("the G-20 summit") is another than one that is not."""
PAUSE = timedelta(days=3)
"""Longest pause in talks after which they still are the same."""
AT_PLACES = frozenset({Kind.VISIT, Kind.RALLY, Kind.PARADE})
"""Kinds of which those in different countries are different events."""


def _likeness(node: Node, group: Group, likeness: Likeness) -> float:
    """What the encoder says of a reading and those of a group: halfway from the mean to the most."""
    odds = [max(-MOST_ODDS, min(MOST_ODDS, o)) for o in likeness.of(node.reading, (n.reading for n in group.nodes))]
    return (sum(odds) / len(odds) + max(odds)) / 2 if odds else 0.0


def _who_fit(node: Node, group: Group) -> float:
    mine, theirs = set(node.named if node.bare else node.whose), group.core()
    if not mine and not theirs:
        same = {body.lower() for body in node.bodies} & {body.lower() for n in group.nodes for body in n.bodies}
        return WHO_SHARED if same else 0.0
    if not mine or not theirs:
        return -OTHERS_APART if bool(mine or node.others) and bool(theirs or group.others()) else 0.0
    if node.reading.kind in ALONE and node.reading.kind in group.kinds():
        heard, others = ({e for e in side if e.kind == "person"} for side in (mine, theirs))
        if heard and others and not heard & others:
            return -WHO_APART
    if node.reading.kind in ONE_BODY and _before_another(node, group):
        return -WHO_APART
    fit = _sides_fit(node, mine, theirs)
    # who schedules, backs or is the subject of a vote is read as taking part: persons tell no two apart
    return max(fit, 0.0) if node.reading.kind in OF_BODIES and node.reading.kind in group.kinds() else fit


def _sides_fit(node: Node, mine: set[Entity], theirs: set[Entity]) -> float:
    """How well who takes part in a reading fits who takes part in an event."""
    shared = _shared(mine, theirs) if node.reading.kind in TWO_SIDES else len(mine & theirs)
    if shared:
        spare = min(len(mine), len(theirs)) - shared
        return WHO_SHARED + WHO_ALL * shared / min(len(mine), len(theirs)) - WHO_SPARE * spare
    if any(e.kind == "person" for e in mine) and any(e.kind == "person" for e in theirs):
        return -WHO_APART
    lands = {country_of(e.name) or e.org for e in mine} & {country_of(e.name) or e.org for e in theirs} - {None}
    return 0.1 if lands else -WHO_APART


def _shared(mine: set[Entity], theirs: set[Entity]) -> int:
    """How many stand on both sides; a country and who speaks for it are one."""
    left = theirs - mine
    shared = len(mine & theirs)
    for one in sorted(mine - theirs, key=lambda e: e.name):
        land = _land(one)
        like = [e for e in left if land and _land(e) == land and (e.kind == "person") is not (one.kind == "person")]
        like = [e for e in like if land in (one.name, e.name)]
        if like:
            left.remove(min(like, key=lambda e: e.name))
            shared += 1
    return shared


def _land(entity: Entity) -> str | None:
    """The country that somebody is or speaks for."""
    return country_of(entity.name) or (country_of(entity.org) if entity.org else None)


def _before_another(node: Node, group: Group) -> bool:
    """True where the body that votes or hears is named, and is none of those that the group's readings name."""
    mine = [words for e in node.who if hears(e) and (words := _of_body(e.name))]
    theirs = [words for n in group.nodes for e in n.who if hears(e) and (words := _of_body(e.name))]
    return bool(mine and theirs) and not any(a <= b or b <= a for a in mine for b in theirs)


def _stage(node: Node) -> str | None:
    """Where a vote is taken, as far as a reading tells: in a committee ("panel") or by a whole chamber ("floor")."""
    if node.reading.kind is not Kind.VOTE:
        return None
    if FLOOR.search(node.words):
        return "floor"
    return "panel" if PANEL.search(node.words) or any(PANEL.search(e.name) for e in node.who if hears(e)) else None


def _of_body(name: str) -> frozenset[str]:
    """The words that tell a body from others; none for Congress, whose committees and chambers all are it."""
    return frozenset(WORD.findall(name.lower())) - _OF_ANY_BODY


def _place_fit(node: Node, group: Group) -> float:
    theirs = [n.place for n in group.nodes if n.place]
    if not node.place or not theirs:
        return 0.0
    return PLACE_SHARED if any(same_entity_name(node.place, p) for p in theirs) else -PLACE_APART


def _when_fit(node: Node, group: Group) -> float:
    mine = [w for w in (node.when, node.was) if w and w.start and w.end]
    theirs = [w for n in group.nodes for w in (n.when, n.was) if w and w.start and w.end]
    if not mine or not theirs:
        return 0.0
    if any(share_a_day(a, b) for a in mine for b in theirs):
        return WHEN_SHARED
    if not (_planned(node) and any(_planned(n) for n in group.nodes)):
        return 0.0  # the day that it was moved from tells no two apart
    if _are_talks(node, group.kinds()) and any(share_a_day(_widened(a), b) for a in mine for b in theirs):
        return 0.0
    moved = {node.reading.status, *(n.reading.status for n in group.nodes)}
    if moved & {Status.RESCHEDULED, Status.POSTPONED}:
        return -MOVED_APART
    days = all(w.start == w.end for w in (*mine, *theirs))
    return -DAYS_APART if days and node.reading.kind in ON_A_DAY else -WHEN_APART


def _planned(node: Node) -> bool:
    """True where a reading gives the days that it is for now."""
    return bool(node.when and node.when.start and node.when.end)


def _widened(when: When) -> When:
    """The days with those of a pause around them."""
    assert when.start
    assert when.end
    return replace(when, start=when.start - PAUSE, end=when.end + PAUSE)


def _are_talks(node: Node, kinds: Counter[Kind]) -> bool:
    """True for talks, which go on over days and are held and to go on at once."""
    return node.reading.kind is Kind.TALKS and Kind.TALKS in kinds
