"""What one report says of each planned event: readings joined into mentions, sayings made claims about them.

A *reading* is an event as one sentence speaks of it. Readings are taken in the order of the text; each joins
the mention it fits best or opens a new one. A saying bears on the event read inside it, else on the one that
the sentences around it speak of. What no saying covers is the report's own voice.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from stillon.extraction.lexicon import load_table
from stillon.extraction.people import Entity, Names, country_of, same_entity_name
from stillon.extraction.sentences import split_sentences
from stillon.extraction.sources import Saying
from stillon.extraction.when import find_times, when_of
from stillon.model import (
    Claim,
    EventReading,
    Extraction,
    Kind,
    Mention,
    Report,
    SourceKind,
    Span,
    Status,
    TimeExpression,
    When,
)

JOIN_LEAST = 1.04
"""Least score at which a reading joins a mention.

This and the weights below: the best of a random search of some 60 steps on 15 development stories."""
VOTES_SHARE = 1.5
"""A participant is named by at least one for so many readings that name the one most named."""
WORTH_LEAST = 0.99
"""Least of an event's evidence: its surest reading, what is known of it, and how often it is spoken of."""
WHO_SHARED, WHO_SPARE, WHO_APART = 0.6, 1.2, 1.6
"""What sharing a participant adds, each one that is not shared takes away, and sharing none takes away."""
PLACE_APART, WHEN_APART, ENDED_APART, SERIES_APART = 0.5, 0.37, 0.77, 1.2
"""What another place, another day, being over or not, and another number of a series take away."""
SILENT_MOST = 16
"""Most sayings of a report that name no event and are taken to bear on one: a reader has no use for more."""
LEAST_WORDS = 3
"""Words that a piece of a saying must have to be a claim of its own."""
NEAR_SENTENCES = 2
"""How many sentences an anaphor or a saying may look back for its event."""
ENDED = frozenset({Status.HELD, Status.UNDER_WAY})
_AHEAD: dict[Status | None, bool] = {
    Status.SCHEDULED: True,
    Status.RESCHEDULED: True,
    Status.ANNOUNCED: True,
    Status.GOING_AHEAD: True,
    Status.HELD: False,
}
"""Statuses that tell whether the event's day lies ahead of the report or behind."""
DATED = frozenset({Status.SCHEDULED, Status.RESCHEDULED, Status.HELD, Status.UNDER_WAY})
"""Statuses that speak of a day."""
OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.ON_HOLD, Status.DENIED, Status.IN_DOUBT})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """One reading with what its words stand for."""

    reading: EventReading
    words: str
    """The words that name it."""
    noun: str | None
    """Its head noun, or that of its verb; None where the table has neither."""
    who: tuple[Entity, ...]
    """Who takes part."""
    named: tuple[Entity, ...]
    """Persons and bodies inside the words that name it: whose event it is."""
    bodies: tuple[str, ...]
    """Participants' words that name no known entity."""
    place: str | None
    when: When | None
    was: When | None
    series: str | None
    """"next" or "last" where the words set it apart from others of a series."""
    anaphor: bool
    """True when the words point back ("the meeting") and bring nothing of their own."""
    number: int
    """Number of its sentence; the title's is -1."""
    around: tuple[Entity, ...]
    """Whom else the sentence names."""
    core: str
    """The noun with what tells its sort ("trade talks"), names and empty words left out."""
    topic: str
    """What follows the noun, names what it is about ("on the tax bill")."""


@dataclass(slots=True)
class _Group:
    """Readings of one event."""

    nodes: list[_Node] = field(default_factory=list)

    def kinds(self) -> Counter[Kind]:
        return Counter(n.reading.kind for n in self.nodes)

    def who(self) -> list[Entity]:
        return list(dict.fromkeys(e for n in self.nodes for e in n.who))

    def persons(self) -> set[str]:
        return {e.name for n in self.nodes for e in (*n.who, *n.around) if e.kind == "person"}

    def core(self) -> set[Entity]:
        """Whom at least a third of the readings that name anybody name."""
        naming = [set(n.named or n.who) for n in self.nodes if n.named or n.who]
        votes = Counter(e for who in naming for e in who)
        return {e for e, count in votes.items() if 3 * count >= len(naming)}


def assemble(
    report: Report,
    readings: Sequence[EventReading],
    sayings: Sequence[Saying],
    names: Names,
    times: Sequence[TimeExpression],
    *,
    title_times: Sequence[TimeExpression] = (),
) -> Extraction:
    """The mentions and claims of a report, claims in the order of the text, title first."""
    page = _Page(report, names, times, title_times, sayings)
    nodes = [page.node(r) for r in readings]
    groups = [g for g in _joined(nodes) if _worth(g)]
    mentions = {id(g): page.mention(g) for g in groups}
    claims = _Claims(page, groups, mentions).all(sayings)
    found = page.related(groups, mentions)
    return Extraction(report=report, mentions=found, claims=claims)


# --- a reading's words --------------------------------------------------------------------------


@functools.cache
def _nouns() -> dict[str, str]:
    return {noun: kind for kind, nouns in load_table("events")["nouns"].items() for noun in nouns}


@functools.cache
def _verbs() -> dict[str, str]:
    return {verb: noun for noun, verbs in load_table("events")["verbs"].items() for verb in verbs}


@functools.cache
def _series() -> dict[str, str]:
    return {word: which for which, words in load_table("events")["series"].items() for word in words}


@functools.cache
def _kin() -> frozenset[frozenset[str]]:
    groups = load_table("events")["kin"]["groups"]
    return frozenset(frozenset((a, b)) for group in groups for a in group for b in group)


@functools.cache
def _bearing_words(sort: str) -> frozenset[str]:
    """Words of planning ("plan") or of change and doubt ("change")."""
    return frozenset(load_table("bearing")["words"][sort])


@functools.cache
def _generic() -> frozenset[str]:
    """Nouns that may stand for an event of any kind once it has been named."""
    return frozenset(load_table("events")["generic"]["words"])


@functools.cache
def _no_names() -> frozenset[str]:
    """Words with a capital at a sentence's start that name nobody, and titles without a name."""
    return frozenset(load_table("events")["no_names"]["words"])


@functools.cache
def _empty() -> frozenset[str]:
    """Words beside the noun that tell one event from another by nothing."""
    return frozenset(load_table("events")["empty"]["words"])


def _names_somebody(words: str) -> bool:
    """True for words with a capital that are no bare office, and no people's adjective with or without one."""
    land, _, office = words.partition(" ")
    if country_of(land) and (not office or _OFFICES.fullmatch(office)):
        return False
    return words[:1].isupper() and len(words) > 2 and words.lower() not in _no_names()


_REACH = 40
"""How far, in characters, a mention may reach over the edge of the words read."""
_LEAD = re.compile(r"^(?:the|a|an|this|that|these|those|its|his|her|their|our|any|such|no|to)\s+", re.IGNORECASE)
_TOPIC = re.compile(r"\s+((?:on|over|about|of|against|for)\s(?:\S+\s){0,5}\S+)")
TOPIC_WORDS = 6
"""Most words of what an event is about that its name keeps."""
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|me|us|my|My|our|Our)\b")
_OFFICES = re.compile(r"\b(?:presidents?|leaders?|ministers?|officials|diplomats|sides)\b")
_SPEAK_TO = re.compile(r"(?:to )?(?:sp(?:ea|o)k|talk)\w*\b.*\b(?:to|with|phone|telephone)\b")
MODIFIERS = 2
"""Most words before an event's noun that its name keeps."""
_POINTS = re.compile(r"^(?:the|this|that|these|those|it|its|his|her|their|such)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def _head_noun(words: str) -> str | None:
    """The noun of the table that names the event: the last one before a preposition, else the last one."""
    front = re.split(r"\b(?:of|with|in|at|on|between|for|before|to|from|about|over|by|against)\b", words, maxsplit=1)[0]
    for part in (front, words):
        words_of_part = [w for word in _WORD.findall(part.lower()) for w in (word, word.rsplit("-", 1)[-1])]
        for word in reversed(words_of_part):
            if word in _nouns():
                return str(word)
    return None


def _verb(words: str) -> str | None:
    """The verb of the table that the words begin with, where it is not a noun as well."""
    first = words.split(maxsplit=1)[0] if words else ""
    return first if first in _verbs() and first not in _nouns() else None


class _Page:
    """A report with what is known of its names and times."""

    def __init__(
        self,
        report: Report,
        names: Names,
        times: Sequence[TimeExpression],
        title_times: Sequence[TimeExpression],
        sayings: Sequence[Saying],
    ) -> None:
        self.report = report
        self.names = names
        self._sayings = sayings
        self._times = (times, title_times)

    def text(self, in_title: bool) -> str:
        return (self.report.title or "") if in_title else self.report.text

    def days(self, span: Span | None, reading: EventReading) -> When | None:
        """The days that the words at `span` give; a bare weekday lies where the reading's status puts it."""
        if span is None:
            return None
        text, ahead = self.text(reading.in_title), _AHEAD.get(reading.status)
        if ahead is None or reading.sentence is None or not reading.sentence.covers(span):
            return when_of(text, span, self._times[reading.in_title])
        start = reading.sentence.start
        times = find_times(reading.sentence.of(text), published=self.report.published, ahead=ahead)
        return when_of(reading.sentence.of(text), Span(span.start - start, span.end - start), times)

    def _only_time(self, reading: EventReading) -> Span | None:
        """The one day that the sentence of a fixed event gives, where no words were read as its time."""
        if reading.sentence is None or reading.status not in DATED:
            return None
        days = [t for t in self._times[reading.in_title] if reading.sentence.covers(t.span) and t.precision.fixes]
        return days[0].span if len(days) == 1 else None

    def number(self, offset: int, in_title: bool) -> int:
        """Number of the sentence at `offset`, -1 for the title."""
        return -1 if in_title else self.names.sentence_number(offset)

    def node(self, reading: EventReading) -> _Node:
        """The reading with names, place and days resolved."""
        text, in_title = self.text(reading.in_title), reading.in_title
        words = self._whole(reading.event, in_title).of(text)
        who: list[Entity] = []
        bodies: list[str] = []
        speakers = self._speakers(reading)
        for span in reading.who:
            if any(span.overlaps(speaker) for speaker in speakers):
                continue
            here = self._named(span, in_title)
            who += [e for e in here if e.kind != "place" or e.government_of] or here
            bare = _LEAD.sub("", span.of(text)).strip()
            if not here and not in_title and _names_somebody(bare):
                bodies.append(bare)
        inside = self._named(reading.event, in_title)
        who += [e for e in inside if e.kind == "person" or (e.kind == "body" and not who)]
        place = self._place(reading)
        first = [w.lower() for w in _WORD.findall(words)[:4]]
        verb = _verb(words)
        noun = _verbs()[verb] if verb else _head_noun(words)
        if spoken_to := reading.kind is Kind.SPEECH and bool(_SPEAK_TO.match(reading.event.of(text))):
            reading, noun = replace(reading, kind=Kind.CALL), "call"
        when, was = self.days(reading.when or self._only_time(reading), reading), self.days(reading.was, reading)
        own = [w for w in _WORD.findall(_LEAD.sub("", words).lower()) if w != noun and w not in _empty()]
        core, topic = ("call", "") if spoken_to else self._core(reading.event, noun, in_title)
        anaphor = bool(_POINTS.match(words)) and noun is not None and not (own or when or was)
        return _Node(
            reading=reading,
            words=words,
            noun=noun,
            who=tuple(e for e in dict.fromkeys(who) if e.name != place),
            named=tuple(dict.fromkeys(e for e in inside if e.kind in ("person", "body"))),
            bodies=tuple(dict.fromkeys(bodies)),
            place=place,
            when=when,
            was=was,
            series=next((_series()[w] for w in first if w in _series()), None),
            anaphor=anaphor,
            number=self.number(reading.event.start, in_title),
            around=self._around(reading),
            core=core,
            topic=topic,
        )

    def _speakers(self, reading: EventReading) -> list[Span]:
        """Where those stand who say what a reading is of, and not of themselves: they need not take part in it."""
        text, found = self.text(reading.in_title), []
        for saying in self._sayings:
            if saying.in_title != reading.in_title or not any(p.overlaps(reading.event) for p in saying.content):
                continue
            spoken_of = {e for p in saying.content for _, e in self.names.within(p, reading.in_title)}
            own = any(_FIRST_PERSON.search(p.of(text)) for p in saying.content)
            for source in saying.sources:
                if source.span is None or own or any(p.overlaps(source.span) for p in saying.content):
                    continue
                if not spoken_of & set(self._named(source.span, reading.in_title)):
                    found.append(source.span)
        return found

    def _around(self, reading: EventReading) -> tuple[Entity, ...]:
        """Persons, bodies and countries that the sentence of a reading names."""
        sentence = reading.sentence
        if sentence is None or reading.in_title:
            return ()
        named = (e for _, e in self.names.within(sentence) if e.kind in ("person", "body", "place", "group"))
        return tuple(dict.fromkeys(named))

    def _core(self, event: Span, noun: str | None, in_title: bool) -> tuple[str, str]:
        """The noun with its modifiers, and what follows it, of the words that name an event."""
        words = event.of(self.text(in_title))
        if verb := _verb(words):
            rest = " ".join(words[len(verb) :].split()[:TOPIC_WORDS])
            about = (
                rest if _TOPIC.match(f" {rest}") else f"on {_LEAD.sub('', rest)}" if _verbs()[verb] == "vote" else ""
            )
            return _verbs()[verb], about if rest else ""
        at = words.lower().find(noun) if noun else -1
        if noun is None or at < 0:
            return "", ""
        spare = [m.span for m in self.names.mentions_in(event, in_title=in_title)]
        spare += [t.span for t in self._times[in_title] if event.covers(t.span)]
        kept = [
            m[0]
            for m in _WORD.finditer(words, 0, at)
            if not any(s.overlaps(Span(event.start + m.start(), event.start + m.end())) for s in spare)
            and len(m[0]) > 1
            and m[0].lower() not in _empty()
            and not _LEAD.match(m[0] + " ")
        ]
        topic = _TOPIC.match(words, at + len(noun))
        behind = Span(event.start + at, event.end)
        people = topic and topic[1].startswith("of ") and (self._named(behind, in_title) or _OFFICES.search(topic[1]))
        about = re.sub(r"(?:\s(?:in|on|at|of|and|the|to|with|for|by|from))+$", "", topic[1]) if topic else ""
        return " ".join([*kept[-MODIFIERS:], noun]), "" if people else about

    def _whole(self, span: Span, in_title: bool) -> Span:
        """The span widened to the end of a name that it cuts."""
        around = Span(max(0, span.start - _REACH), span.end + _REACH)
        cut = [m.span for m in self.names.mentions_in(around, in_title=in_title) if m.span.overlaps(span)]
        return Span(min([span.start, *(c.start for c in cut)]), max([span.end, *(c.end for c in cut)]))

    def _named(self, span: Span, in_title: bool) -> list[Entity]:
        """Whom the words at `span` speak of, a mention that reaches over its edges included."""
        around = Span(max(0, span.start - _REACH), span.end + _REACH)
        found = self.names.mentions_in(around, in_title=in_title)
        here = [e for m in found if m.span.overlaps(span) for e in m.entities]
        # the capitals of a headline make names of other words: only what the text names too is believed
        return [e for e in here if e.spans or not in_title]

    def _place(self, reading: EventReading) -> str | None:
        text = self.text(reading.in_title)
        if reading.where is None:
            inside = self.names.within(reading.event, reading.in_title)
            tail = [
                e.name for s, e in inside
                if e.kind == "place" and re.search(r"\b(?:in|at)\s+(?:the\s+)?$", text[reading.event.start : s.start])
            ]  # fmt: skip
            return tail[0] if tail else None
        words = re.sub(r"^(?:in|at|on|to|near|inside|outside|the)\s+", "", reading.where.of(text).strip())
        words = re.sub(r"['’]s?$", "", words)
        entity = self.names.resolve(reading.where, reading.in_title)
        if entity is not None and entity.kind == "person":
            return None
        if entity is not None and entity.kind == "place" and len(words.split()) <= len(entity.name.split()) + 1:
            return entity.name
        return words or None

    # --- a group's mention ----------------------------------------------------------------------

    def mention(self, group: _Group) -> Mention:
        """The event that the readings of a group speak of."""
        first = min(group.nodes, key=lambda n: (n.number, n.reading.event.start))
        kind = _kind(group)
        people = _participants(group, kind)
        place = _most(n.place for n in group.nodes)
        when, was = _days(group)
        return Mention(
            id=f"{self.report.id}.{'t' if first.reading.in_title else ''}{first.reading.event.start}",
            report=self.report.id,
            name=_name(group, kind, people, place),
            kind=kind,
            participants=people,
            place=place,
            when=when,
            was=was,
            status=next((n.reading.status for n in reversed(group.nodes) if n.reading.status), None),
            published=self.report.published,
            spans=tuple(sorted(n.reading.event for n in group.nodes if not n.reading.in_title)),
        )

    def related(self, groups: Sequence[_Group], mentions: dict[int, Mention]) -> tuple[Mention, ...]:
        """The mentions with what each prepares, in the order of the groups."""
        cues = "|".join(map(re.escape, load_table("events")["prepares"]["cues"]))
        targets: dict[int, set[str]] = {id(g): set() for g in groups}
        needs: dict[int, set[str]] = {id(g): set() for g in groups}
        for match in re.finditer(rf"\b(?:{cues})\b", self.report.text):
            here = self.number(match.start(), False)
            source = _nearest(groups, match.start(), here)
            target = self._after(groups, match.end(), source)
            if source and target and source is not target:
                targets[id(source)].add(mentions[id(target)].id)
                needs[id(target)].add(mentions[id(source)].id)
        return tuple(
            replace(mentions[id(g)], prepares=tuple(sorted(targets[id(g)])), requires=tuple(sorted(needs[id(g)])))
            for g in groups
        )

    def _after(self, groups: Sequence[_Group], offset: int, source: _Group | None) -> _Group | None:
        """The group spoken of right behind `offset`: read there, or named by those who take part."""
        sentence = self.names.sentence_at(offset)
        for group in groups:
            if any(not n.reading.in_title and offset <= n.reading.event.start < sentence.end for n in group.nodes):
                return group
        named = {e for _, e in self.names.within(Span(offset, max(offset + 1, sentence.end)))}
        shared = [(len(named & set(g.who())), g) for g in groups if g is not source]
        best = max(shared, key=lambda pair: pair[0], default=(0, None))
        return best[1] if best[0] >= 2 else None


def _nearest(groups: Sequence[_Group], offset: int, here: int) -> _Group | None:
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


def _kind(group: _Group) -> Kind:
    """The kind most readings give; the head noun's kind breaks a tie."""
    votes: Counter[Kind] = Counter()
    for node in group.nodes:
        votes[node.reading.kind] += 2
        if node.noun and node.noun not in _generic() and _nouns()[node.noun] in set(Kind):
            votes[Kind(_nouns()[node.noun])] += 1
    return votes.most_common(1)[0][0]


def _participants(group: _Group, kind: Kind) -> tuple[str, ...]:
    """Full names of who takes part, persons before offices and bodies, most named first.

    Where the kind asks for one more (the other side of a meeting, the body that votes or hears) than the
    readings name, it is the one their sentences name most.
    """
    votes: Counter[str] = Counter()
    order: dict[str, tuple[bool, int]] = {}
    for place, node in enumerate(group.nodes):
        for entity in node.who:
            name = _party(entity)
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
    if kind in _ONE_BODY:
        bodies = [n for n in kept if _HEARS.search(n)] or _named_around(group, _hears)
        if bodies:
            kept = bodies if kind is Kind.VOTE else [*(n for n in kept if n in persons), *bodies[:1]]
    elif kind in _TWO_SIDES and len(kept) == 1:
        sort = _is_person if persons else _is_country
        kept += [n for n in _named_around(group, sort) if n not in kept][:1]
    elif kind is Kind.MEASURE:
        lands = [n for n in kept if country_of(n)]
        kept = lands + [n for n in _named_around(group, _is_country) if n not in lands][: 2 - len(lands)] or kept
    for name in kept:
        order.setdefault(name, (name not in group.persons(), 99))
    return tuple(sorted(kept, key=lambda n: (order[n][0], -votes[n], order[n][1])))[:6]


def _party(entity: Entity) -> str:
    """The name under which an entity takes part: a place stands for its government."""
    return entity.government_of or entity.name if entity.kind == "place" else entity.name


def _named_around(group: _Group, fits: Callable[[Entity], bool]) -> list[str]:
    """Who of a sort stands in the sentences of an event's readings, most named first."""
    votes = Counter(_party(e) for n in group.nodes for e in n.around if fits(e))
    return [name for name, _ in votes.most_common()]


_HEARS = re.compile(
    r"\b(?:committee|subcommittee|congress|senate|house|parliament|court|council|assembly|commons|panel|bundestag"
    r"|duma|legislature|commission|board|cabinet|lords|knesset|chamber)\b",
    re.IGNORECASE,
)
"""Words of a body that votes or hears."""


def _hears(entity: Entity) -> bool:
    return entity.kind == "body" and bool(_HEARS.search(entity.name)) and entity.name != "White House"


def _is_person(entity: Entity) -> bool:
    return entity.kind == "person"


def _is_country(entity: Entity) -> bool:
    return entity.kind == "place" and country_of(_party(entity)) is not None


def _days(group: _Group) -> tuple[When | None, tuple[When, ...]]:
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


def _name(group: _Group, kind: Kind, people: Sequence[str], place: str | None) -> str:
    """A short natural name: who, what, with or before whom, on what, where."""
    cores = Counter(n.core for n in group.nodes if n.core and n.noun not in _generic())
    what = max(cores, key=lambda c: (cores[c], len(c)), default="")
    if not what and kind is not Kind.OTHER:
        what = str(kind)
    if not what:
        return " ".join(_LEAD.sub("", " ".join(group.nodes[0].words.split())).split()[:NAME_WORDS])
    topic = next((n.topic for n in group.nodes if n.topic), "")
    where = f"in {place}" if place and place.lower() not in f"{what} {topic}".lower() else ""
    persons = [p for p in people if p in group.persons()]
    others = [p for p in people if p not in persons]
    if kind in _ONE_BODY and others:
        lead, rest = (persons[:1], f"before {_the(others[0])}") if kind is Kind.TESTIMONY else (others[:1], "")
        if kind is Kind.HEARING and persons:
            rest = f"with {persons[0]}"
        return " ".join(filter(None, [_owner(lead, kind), what, rest, topic]))
    sides = (persons if len(persons) > 1 else list(people))[:2]
    if kind in _TWO_SIDES and len(sides) == 2:
        short = [p.split()[-1] if p in persons else _SHORT.get(p, p) for p in sides]
        return " ".join(filter(None, ["–".join(short), what, topic, where]))
    return " ".join(filter(None, [_owner(list(people[:1]), kind), what, topic, where]))


def _owner(who: Sequence[str], kind: Kind) -> str:
    """The words that say whose event it is, in front of its noun."""
    if not who:
        return ""
    plain = kind in (Kind.VOTE, Kind.HEARING) or who[0] in _SHORT
    return _SHORT.get(who[0], who[0]) if plain else f"{who[0]}’s"


def _the(body: str) -> str:
    """The body with its article, as English has it."""
    return body if body in ("Congress", "Parliament") or body.lower().startswith("the ") else f"the {body}"


_TWO_SIDES = frozenset({Kind.MEETING, Kind.CALL, Kind.TALKS})
_ONE_BODY = frozenset({Kind.VOTE, Kind.HEARING, Kind.TESTIMONY})
_SHORT = {"United States": "U.S.", "United Kingdom": "U.K."}
NAME_WORDS = 8
"""Most words of a name that is taken from the text as it stands."""


def _worth(group: _Group) -> bool:
    """True when enough stands behind an event to put it out: see WORTH_LEAST."""
    nodes = group.nodes
    known = any(n.who for n in nodes) + any(n.when for n in nodes) + any(n.place for n in nodes)
    sure = max((n.reading.score for n in group.nodes if n.reading.status), default=0.0)
    titled = any(n.reading.in_title for n in group.nodes)
    return sure + 0.15 * known + 0.1 * min(len(group.nodes) - 1, 3) + 0.2 * titled >= WORTH_LEAST


# --- readings joined ----------------------------------------------------------------------------


def _joined(nodes: Sequence[_Node]) -> list[_Group]:
    """Groups of nodes that speak of one event, in the order of their first node."""
    groups: list[_Group] = []
    for node in sorted(nodes, key=lambda n: (n.anaphor and n.number < 0, n.number, n.reading.event.start)):
        scored = [(_fit(node, g), i) for i, g in enumerate(groups)]
        best = max(scored, default=(0.0, -1))
        if best[0] >= JOIN_LEAST:
            groups[best[1]].nodes.append(node)
        else:
            groups.append(_Group([_with_series(node, groups)]))
    return groups


def _with_series(node: _Node, groups: Sequence[_Group]) -> _Node:
    """The node, one of a series that names nobody ("their first") with those of the event spoken of before it."""
    if node.who or node.series is None:
        return node
    before = [(max(n.number for n in g.nodes), i) for i, g in enumerate(groups) if g.core()]
    if not before:
        return node
    return replace(node, who=tuple(sorted(groups[max(before)[1]].core(), key=lambda e: e.name)))


def _fit(node: _Node, group: _Group) -> float:
    """How well a reading fits a group of readings; see JOIN_LEAST."""
    kinds = group.kinds()
    nouns = {n.noun for n in group.nodes if n.noun}
    score = 0.0
    if node.reading.kind in kinds:
        score += 0.6
    elif any(frozenset((node.reading.kind.value, k.value)) in _kin() for k in kinds):
        score += 0.2
    elif node.noun not in nouns - {None} and not (node.anaphor and node.noun in _generic()):
        return -9.0
    if node.noun and nouns:
        score += 0.4 if node.noun in nouns else 0.0
    score += _who_fit(node, group) + _place_fit(node, group) + _when_fit(node, group)
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
    return score


def _who_fit(node: _Node, group: _Group) -> float:
    mine, theirs = set(node.named if node.anaphor else node.named or node.who), group.core()
    if not mine or not theirs:
        return 0.0
    shared = len(mine & theirs)
    if shared:
        spare = min(len(mine), len(theirs)) - shared
        return WHO_SHARED + 0.6 * shared / min(len(mine), len(theirs)) - WHO_SPARE * spare
    if any(e.kind == "person" for e in mine) and any(e.kind == "person" for e in theirs):
        return -WHO_APART
    lands = {country_of(e.name) or e.org for e in mine} & {country_of(e.name) or e.org for e in theirs} - {None}
    return 0.1 if lands else -WHO_APART


def _place_fit(node: _Node, group: _Group) -> float:
    theirs = [n.place for n in group.nodes if n.place]
    if not node.place or not theirs:
        return 0.0
    return 0.6 if any(same_entity_name(node.place, p) for p in theirs) else -PLACE_APART


def _when_fit(node: _Node, group: _Group) -> float:
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


# --- claims -------------------------------------------------------------------------------------


class _Claims:
    """Makes the claims of one report."""

    def __init__(self, page: _Page, groups: Sequence[_Group], mentions: dict[int, Mention]) -> None:
        self.page = page
        self.mentions = mentions
        self.read = sorted(
            ((n, g) for g in groups for n in g.nodes),
            key=lambda pair: (pair[0].number, pair[0].reading.event.start),
        )
        self.main = max(groups, key=lambda g: (len(g.nodes), -g.nodes[0].number), default=None)

    def all(self, sayings: Sequence[Saying]) -> tuple[Claim, ...]:
        """Claims of sayings and of the report's own voice, title first, then in the order of the text."""
        made: list[Claim] = []
        told: set[int] = set()
        silent: list[tuple[Saying, _Group | None]] = []
        for saying in (part for whole in sayings for part in self._parts(whole)):
            inside = [(n, g) for n, g in self.read if n.reading.in_title == saying.in_title and self._holds(saying, n)]
            told.update(id(n) for n, _ in inside)
            for node, group in inside:
                if node.reading.passing:
                    part = node.reading.event
                    made.append(self._claim(replace(saying, content=(part,), span=part), node, group))
            inside = [(n, g) for n, g in inside if not n.reading.passing]
            if inside:
                made += self._said(saying, inside)
            else:
                silent.append((saying, self._near(saying)))
        ranked = sorted(((self._bearing(s, g), i) for i, (s, g) in enumerate(silent) if g), reverse=True)
        bearing = {i for _, i in ranked[:SILENT_MOST]}
        made += [self._claim(s, None, g if i in bearing else None) for i, (s, g) in enumerate(silent)]
        said: set[tuple[int, object]] = set()
        for node, group in self.read:
            reading = node.reading
            if id(node) in told or reading.status is None:
                continue
            news = {(id(group), each) for each in (reading.status, node.when, node.was, node.place) if each}
            if not news <= said or reading.why or reading.condition:  # what it repeats is no second claim
                made.append(self._own(node, group))
                said |= news
        made.sort(key=lambda c: (not c.in_title, c.span.start, c.span.end, len(c.sources)))
        seen: Counter[str] = Counter()
        out = []
        for rank, claim in enumerate(made):
            seen[claim.id] += 1
            again = f".{seen[claim.id]}" if seen[claim.id] > 1 else ""
            out.append(replace(claim, id=claim.id + again, rank=rank))
        return tuple(out)

    def _parts(self, saying: Saying) -> list[Saying]:
        """The saying cut into its sentences and pieces, since a claim is one statement; scraps left out."""
        text = self.page.text(saying.in_title)
        parts = [
            Span(piece.start + s.start, piece.start + s.end)
            for piece in saying.content
            for s in split_sentences(piece.of(text))
            if len(s.of(piece.of(text)).split()) >= LEAST_WORDS
        ]
        return [replace(saying, content=(part,), span=part) for part in parts] or [saying]

    def _holds(self, saying: Saying, node: _Node) -> bool:
        """True when the saying's words carry the reading: its name or its cue stands in them."""
        event, cue = node.reading.event, node.reading.cue
        return any(p.overlaps(event) for p in saying.content) or (
            cue is not None and any(p.covers(cue) for p in saying.content)
        )

    def _said(self, saying: Saying, inside: Sequence[tuple[_Node, _Group]]) -> list[Claim]:
        by_group: dict[int, tuple[_Node, _Group]] = {}
        for node, group in inside:
            known = by_group.get(id(group))
            if known is None or (known[0].reading.status is None and node.reading.status is not None):
                by_group[id(group)] = (node, group)
        return [self._claim(saying, node, group) for node, group in by_group.values()]

    def _near(self, saying: Saying) -> _Group | None:
        """The event that the saying's sentence speaks of, else the one that the report speaks of most."""
        here = self.page.number(saying.span.start, saying.in_title)
        near = [
            g
            for n, g in self.read
            if n.number == here and n.reading.in_title == saying.in_title and not n.reading.passing
        ]
        return near[-1] if near else self.main

    def _bearing(self, saying: Saying, group: _Group) -> float:
        """How likely what is said bears on whether, when or why an event takes place; weights in bearing.toml."""
        weights = load_table("bearing")["weights"]
        return float(sum(weights[sign] * value for sign, value in self.signs(saying, group).items()))

    def signs(self, saying: Saying, group: _Group) -> dict[str, float]:
        """What tells that a saying bears on an event, each from 0 to 1."""
        words = {w.lower() for w in _WORD.findall(saying.span.of(self.page.text(saying.in_title)))}
        here = self.page.number(saying.span.start, saying.in_title)
        gap = min(abs(here - n.number) for n in group.nodes)
        origin = saying.sources[-1] if saying.sources else None
        return {
            "same_sentence": float(gap == 0),
            "next_sentence": float(gap == 1),
            "two_away": float(gap in (2, 3)),
            "event_noun": float(bool(words & {n.noun for n in group.nodes if n.noun})),
            "any_noun": float(not (words.isdisjoint(_nouns()) and words.isdisjoint(_verbs()))),
            "plan_word": float(not words.isdisjoint(_bearing_words("plan"))),
            "change_word": float(not words.isdisjoint(_bearing_words("change"))),
            "early": 1.0 / (1.0 + here / 5.0),
            "short": float(len(words) < 6),
            "direct": float(saying.quote == "direct"),
            "unnamed": float(origin is not None and origin.kind is SourceKind.UNNAMED),
            "group": min(len(group.nodes), 6) / 6,
        }

    def _claim(self, saying: Saying, node: _Node | None, group: _Group | None) -> Claim:
        text = self.page.text(saying.in_title)
        claim = Claim(
            id=f"{self.page.report.id}:{'t' if saying.in_title else ''}{saying.span.start}-{saying.span.end}",
            report=self.page.report.id,
            mention=self.mentions[id(group)].id if group else None,
            status=None,
            text=saying.span.of(text),
            span=saying.span,
            in_title=saying.in_title,
            cue=saying.cue,
            cue_span=saying.cue_span,
            quote=saying.quote,
            sources=saying.sources,
            also=saying.also,
            on=saying.on,
            hedged=saying.hedged,
            published=self.page.report.published,
            published_at=self.page.report.published_at,
            publisher=self.page.report.publisher,
        )
        return _with_reading(claim, node, text) if node else claim

    def _own(self, node: _Node, group: _Group) -> Claim:
        """The report's own voice: the sentence that carries the reading."""
        span = node.reading.sentence or node.reading.event
        saying = Saying(content=(span,), span=span, in_title=node.reading.in_title)
        return self._claim(saying, node, group)


def _with_reading(claim: Claim, node: _Node, text: str) -> Claim:
    """The claim with what the reading says of its event."""
    reading = node.reading
    when, was = node.when, node.was
    if was is not None and when is None and reading.status in OFF:
        when, was = was, None
    status = reading.status
    if status is Status.ANNOUNCED and when is not None and when.precision.fixes:
        status = Status.SCHEDULED
    return replace(
        claim,
        status=status,
        status_cue=reading.cue.of(text) if reading.cue else None,
        status_span=reading.cue,
        hedged=claim.hedged or reading.hedged,
        when=when,
        was=was,
        reason=reading.why,
        condition=reading.condition,
        reason_text=reading.why.of(text) if reading.why else None,
        condition_text=reading.condition.of(text) if reading.condition else None,
        place=node.place,
    )
