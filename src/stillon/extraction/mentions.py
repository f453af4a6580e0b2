"""The event that a group of nodes speaks of: kind, name, who takes part, place, days, what it prepares."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from stillon.extraction.casting import ONE_BODY, TWO_SIDES, may_hear
from stillon.extraction.joining import Group
from stillon.extraction.lexicon import load_table
from stillon.extraction.nodes import Page
from stillon.extraction.parties import LEARNED, heard_together, taking_part
from stillon.extraction.passing import seats
from stillon.extraction.people import Entity, country_of, same_entity_name
from stillon.extraction.planned import OFF
from stillon.extraction.wording import IN, adjective_of, generic, nouns, parties_in, preparing
from stillon.model import Kind, Mention, Span, Status, When

WORTH_LEAST, MAIN_SURE = -2.2, 0.9
"""Least log-odds of an event to be put out; what a report is most about is, where it was read so surely.

Swept on the development stories: at -2.0 0.804 of their events are found, 0.58 of those put out known; at -2.5 0.810
and 0.53."""


def mention_of(page: Page, group: Group) -> Mention:
    """The event that the readings of a group speak of."""
    first = min(group.nodes, key=lambda n: (n.number, n.reading.event.start))
    kind = _kind(group)
    persons = frozenset(e.name for e in page.names.persons)
    people = taking_part(page, group, kind)
    place = _most(n.place for n in group.nodes) or _place_near(page, group, kind)
    when, was = _days(group)
    return Mention(
        id=f"{page.report.id}.{'t' if first.reading.in_title else ''}{first.reading.event.start}",
        report=page.report.id,
        name=_name(group, kind, people, place, persons),
        kind=kind,
        participants=people,
        place=place,
        when=when,
        was=was,
        status=next((n.reading.status for n in reversed(group.nodes) if n.reading.status), None),
        published=page.report.published,
        spans=tuple(sorted(n.reading.event for n in group.nodes if not n.reading.in_title)),
    )


def with_parties_of_talks(mentions: Sequence[Mention]) -> list[Mention]:
    """The events, a deadline of one country with the countries that it talks to."""
    talks = [[n for n in m.participants if country_of(n) == n] for m in mentions if m.kind is Kind.TALKS]

    def parties(mention: Mention) -> tuple[str, ...]:
        own = mention.participants
        if mention.kind is not Kind.DEADLINE or len(own) != 1:
            return own
        return next((tuple(dict.fromkeys([*own, *theirs])) for theirs in talks if own[0] in theirs), own)

    return [replace(mention, participants=parties(mention)) for mention in mentions]


def _place_near(page: Page, group: Group, kind: Kind) -> str | None:
    """Where the readings give no place: the town or house that the sentences around them say something is in.

    It must stand in a reading's own sentence, or twice near them, and more often than any other.
    """
    if kind not in _SOMEWHERE:
        return None
    votes: Counter[str] = Counter()
    for node in group.nodes:
        for span, entity, inside in page.named_near(node.reading, PLACE_CHARACTERS):
            if _is_town_or_house(entity) and IN.search(page.report.text, max(0, span.start - 8), span.start):
                votes[entity.name] += 2 if inside else 1
    (first, most), (_, next_most) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
    return first if most >= 2 and most > next_most else None


@functools.cache
def _regions() -> frozenset[str]:
    """Names of places too wide for an event to take place there."""
    return frozenset(load_table("events")["regions"]["names"]) | frozenset(load_table("places")["states"])


def _is_town_or_house(entity: Entity) -> bool:
    if entity.name in seats():
        return True
    return entity.kind == "place" and country_of(entity.name) is None and entity.name not in _regions()


def related(page: Page, groups: Sequence[Group], mentions: dict[int, Mention]) -> tuple[Mention, ...]:
    """The mentions with what each prepares, in the order of the groups."""
    targets: dict[int, set[str]] = {id(g): set() for g in groups}
    needs: dict[int, set[str]] = {id(g): set() for g in groups}
    for match in preparing().finditer(page.report.text):
        here = page.number(match.start(), False)
        source = _nearest(groups, match.start(), here)
        target = _after(page, groups, match.end(), source)
        if source and target and source is not target:
            targets[id(source)].add(mentions[id(target)].id)
            needs[id(target)].add(mentions[id(source)].id)
    return tuple(
        replace(mentions[id(g)], prepares=tuple(sorted(targets[id(g)])), requires=tuple(sorted(needs[id(g)])))
        for g in groups
    )


def _after(page: Page, groups: Sequence[Group], offset: int, source: Group | None) -> Group | None:
    """The group spoken of right behind `offset`: read there, or named by those who take part."""
    sentence = page.names.sentence_at(offset)
    for group in groups:
        if any(not n.reading.in_title and offset <= n.reading.event.start < sentence.end for n in group.nodes):
            return group
    named = {e for _, e in page.names.within(Span(offset, max(offset + 1, sentence.end)))}
    shared = [(len(named & set(g.who())), g) for g in groups if g is not source]
    best = max(shared, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] >= 2 else None


def _nearest(groups: Sequence[Group], offset: int, here: int) -> Group | None:
    """The group read last before `offset`, in its sentence or the one before."""
    chosen = [
        (n.reading.event.start, i)
        for i, g in enumerate(groups)
        for n in g.nodes
        if not n.reading.in_title and n.reading.event.end <= offset and n.number >= here - 1
    ]
    return groups[max(chosen)[1]] if chosen else None


def _most(values: Iterable[str | None]) -> str | None:
    """The value that most agree on, the longer and earlier of equals; names within names count together."""
    known = [v for v in values if v]
    if not known:
        return None
    votes = {v: sum(same_entity_name(v, other) for other in known) for v in dict.fromkeys(known)}
    return max(votes, key=lambda v: (votes[v], len(v)))


def _kind(group: Group) -> Kind:
    """The kind most readings give; the head noun's kind breaks a tie. A sitting at which two are heard is a hearing."""
    if heard_together(group):
        return Kind.HEARING
    votes: Counter[Kind] = Counter()
    for node in group.nodes:
        votes[node.reading.kind] += 2
        if node.noun and node.noun not in generic():
            votes[nouns()[node.noun]] += 1
    return votes.most_common(1)[0][0]


_SOMEWHERE = frozenset(
    {
        Kind.MEETING, Kind.TALKS, Kind.CONFERENCE, Kind.RALLY, Kind.PARADE, Kind.SPEECH, Kind.CEREMONY, Kind.PROTEST,
    }
)  # fmt: skip
PLACE_CHARACTERS = 450
"""How far from an event's sentence its place may be named, where it names none."""


def _days(group: Group) -> tuple[When | None, tuple[When, ...]]:
    """The last days planned and the former ones, in the order of the text."""
    last: When | None = None
    former: list[When] = []
    for node in group.nodes:
        was = node.was
        if was and node.when is None and node.reading.status in OFF:
            last = last or was
        elif was:
            former.append(was)
        if node.when and (last is None or (last.start is None) or node.reading.status is Status.RESCHEDULED):
            last = node.when
    return last, tuple(former)


def _name(group: Group, kind: Kind, people: Sequence[str], place: str | None, known_persons: frozenset[str]) -> str:
    """A short natural name: who, what, with or before whom, on what, where."""
    cores = Counter(n.core for n in group.nodes if n.core and n.noun not in generic())
    what = max(cores, key=lambda c: (_is_name(c), cores[c], len(c)), default="")
    if not what and kind in _BY_PHRASE:
        told = max((n for n in group.nodes if n.phrase), key=lambda n: (not n.bare, n.reading.score), default=None)
        if told is not None and told.doing:
            return f"{_SHORT.get(people[0], people[0])} to {told.phrase}" if people else told.phrase
        what = told.phrase if told else ""
    what = what or str(kind)
    topic = next((n.topic for n in group.nodes if n.topic), "")
    where = f"in {place}" if place and place.lower() not in f"{what} {topic}".lower() else ""
    persons = [p for p in people if p in known_persons]
    others = [p for p in people if p not in persons]
    bodies = [name for name in others if kind is not Kind.TESTIMONY or may_hear(name)]
    if kind in ONE_BODY and bodies:
        lead, rest = (persons[:1], f"before {_the(bodies[0])}") if kind is Kind.TESTIMONY else (bodies[:1], "")
        if kind is Kind.HEARING and persons:
            rest = f"with {persons[0]}"
        return " ".join(filter(None, [_owner(lead, kind, persons), what, rest, topic]))
    if _is_name(what) or parties_in(what):
        return " ".join(filter(None, [what, where]))
    sides = (persons if len(persons) > 1 else list(people))[:2]
    if kind in TWO_SIDES and len(sides) == 2 and all(side[:1].isupper() for side in sides):
        short = [p.split()[-1] if p in persons else _SHORT.get(p, p) for p in sides]
        return " ".join(filter(None, ["–".join(short), what, topic, where]))
    whose = f"of {people[0]}" if people and people[0][:1].islower() and not topic else ""
    owner = (adjective_of(people[0], what.split()[-1]) if people else None) or _owner(people[:1], kind, persons)
    return " ".join(filter(None, [owner, what, whose, topic, where]))


def _is_name(what: str) -> bool:
    """True for the name of an event ("Lakeside Security Conference"), which needs nobody to own it."""
    return " " in what and what[:1].isupper() and what.rpartition(" ")[2][:1].isupper()


def _owner(who: Sequence[str], kind: Kind, persons: Sequence[str]) -> str:
    """The words that say whose event it is, in front of its noun."""
    if not who or not who[0][:1].isupper():
        return ""
    if kind in (Kind.VOTE, Kind.HEARING) or who[0] in _SHORT:
        return _SHORT.get(who[0], who[0])
    return f"{who[0]}’" if who[0].endswith("s") and who[0] not in persons else f"{who[0]}’s"


def _the(body: str) -> str:
    """The body with its article, as English has it."""
    return body if body in ("Congress", "Parliament") or body.lower().startswith("the ") else f"the {body}"


_BY_PHRASE = frozenset({Kind.MEASURE, Kind.LAUNCH, Kind.DEADLINE, Kind.CEREMONY, Kind.ELECTION, Kind.OTHER})
"""Kinds whose word alone names nothing ("measure"), so that the report's own words do."""
_SHORT = {"United States": "U.S.", "United Kingdom": "U.K.", "House of Representatives": "House"}


def worth(group: Group, mention: Mention, share: float) -> float:
    """How likely it is that a careful reader puts an event on record, as log-odds; weights in worth.toml.

    `share` is the event's part, from 0 to 1, of all that the report says of events.
    """
    table = load_table("worth")
    weighed = sum(table["weights"][sign] * value for sign, value in signs_of_worth(group, mention, share).items())
    return float(table["least"]["intercept"] + weighed)


def signs_of_worth(group: Group, mention: Mention, share: float) -> dict[str, float]:
    """What tells that an event is worth its place, each from 0 to 1."""
    nodes = group.nodes
    scores = sorted((n.reading.score for n in nodes if n.reading.status), reverse=True)
    told = [n.reading.status for n in nodes if n.reading.status]
    named = {*group.who(), *(body for n in nodes for body in n.bodies)}
    parties = named if mention.kind in LEARNED else mention.participants
    return {
        "surest": scores[0] if scores else 0.0,
        "second": scores[1] if len(scores) > 1 else 0.0,
        "more": min(len(nodes) - 1, 3) / 3,
        "party": float(bool(parties)),
        "parties": float(len(parties) > 1),
        "place": float(bool(mention.place)),
        "when": float(mention.when is not None),
        "day": float(mention.when is not None and mention.when.precision.fixes),
        "noun": float(any(n.noun for n in nodes)),
        "words": min(len(nodes[0].words.split()), 8) / 8,
        "title": float(any(n.reading.in_title for n in nodes)),
        "early": 1.0 / (1.0 + max(0, min(n.number for n in nodes)) / 4.0),
        "over": float(group.is_over()),
        "proposed": sum(status is Status.PROPOSED for status in told) / max(1, len(told)),
        "share": share,
        **_signs_of_days(mention),
        **{str(kind): float(mention.kind is kind) for kind in Kind},
    }


def _signs_of_days(mention: Mention) -> dict[str, float]:
    """How far an event's days lie from its report's."""
    when, told = mention.when, mention.published
    if when is None or when.start is None or when.end is None or told is None:
        return dict.fromkeys(("long_ago", "ago", "soon", "far", "wide"), 0.0)
    start, end = (when.start - told).days, (when.end - told).days
    return {
        "long_ago": float(end < -AGO_DAYS[1]),
        "ago": float(-AGO_DAYS[1] <= end < -AGO_DAYS[0]),
        "soon": float(end >= -EVE_DAYS and start <= SOON_DAYS),
        "far": float(start > FAR_DAYS),
        "wide": float(end - start > WIDE_DAYS),
    }


AGO_DAYS = (7, 60)
"""From how many days on an event is some time ago, and long ago."""
EVE_DAYS, SOON_DAYS, FAR_DAYS = 3, 14, 200
"""Days after its end and before its start within which it is near, and from which on it is far off."""
WIDE_DAYS = 92
"""Longest window of days that is no wide one."""
