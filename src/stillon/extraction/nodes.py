"""An event as one sentence speaks of it: its words, and whom, where and when they mean.

A *reading* is what the encoder finds; a *node* is the reading with its names, place and days resolved.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stillon.extraction.encoder import Statements, Told
from stillon.extraction.heads import WITHIN, away_from
from stillon.extraction.lexicon import load_table
from stillon.extraction.people import Entity, Names, country_of
from stillon.extraction.planned import by_former_day, day_it_was_for, is_stamp, not_moved
from stillon.extraction.sources import Saying
from stillon.extraction.when import find_times, when_of
from stillon.model import EventReading, Kind, Report, Span, Status, TimeExpression, When

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
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
    verb: bool
    """True when a verb names it ("meet", "testify")."""
    leads: bool
    """True for the first of the text, and for the title's."""
    series: str | None
    """"next" or "last" where the words set it apart from others of a series."""
    bare: bool
    """True when the words point back ("the meeting") and name nobody."""
    anaphor: bool
    """True when they bring no day either."""
    others: bool
    """True when the words give it to people they do not name ("a meeting of the deputies")."""
    number: int
    """Number of its sentence; the title's is -1."""
    around: tuple[Entity, ...]
    """Whom else the sentence names."""
    core: str
    """The noun with what tells its sort ("trade talks"), names and empty words left out."""
    topic: str
    """What follows the noun, names what it is about ("on the tax bill")."""
    phrase: str
    """The words that name it, whole, for where no noun of the table does ("end the program")."""
    doing: bool
    """True where the phrase begins with a verb that stands behind "to" or "will"."""


@functools.cache
def nouns() -> dict[str, str]:
    """Kind by noun that names an event."""
    return {noun: kind for kind, nouns in load_table("events")["nouns"].items() for noun in nouns}


@functools.cache
def verbs() -> dict[str, str]:
    """Noun by verb that names an event."""
    return {verb: noun for noun, verbs in load_table("events")["verbs"].items() for verb in verbs}


@functools.cache
def _series() -> dict[str, str]:
    return {word: which for which, words in load_table("events")["series"].items() for word in words}


@functools.cache
def generic() -> frozenset[str]:
    """Nouns that may stand for an event of any kind once it has been named."""
    return frozenset(load_table("events")["generic"]["words"])


@functools.cache
def _no_names() -> frozenset[str]:
    """Words with a capital at a sentence's start that name nobody, and titles without a name."""
    return frozenset(load_table("events")["no_names"]["words"])


@functools.cache
def preparing() -> re.Pattern[str]:
    """What is said between an event and the one it prepares."""
    cues = "|".join(map(re.escape, load_table("events")["prepares"]["cues"]))
    return re.compile(rf"\b(?:{cues})\b")


@functools.cache
def _preparing_last() -> re.Pattern[str]:
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


def parties_in(words: str) -> list[str]:
    """The parties whose gathering the words name by an adjective ("the Labour conference")."""
    return [name for name, pattern in _gatherings().items() if pattern.search(words)]


def names_event(entity: Entity) -> bool:
    """True where a name is that of an event ("Lakeside Security Conference"), not of a body."""
    return entity.kind == "body" and entity.name.rpartition(" ")[2].lower() in _named_events()


def _is_party(entity: Entity) -> bool:
    return entity.kind == "body" and entity.name.endswith(" Party")


@functools.cache
def _named_events() -> frozenset[str]:
    """Nouns that end the name of an event, and of no body."""
    return frozenset(load_table("events")["named"]["nouns"])


@functools.cache
def _no_places() -> frozenset[str]:
    """Words that are read as a place and name none."""
    return frozenset(load_table("events")["no_places"]["words"])


@functools.cache
def _empty() -> frozenset[str]:
    """Words beside the noun that tell one event from another by nothing."""
    return frozenset(load_table("events")["empty"]["words"])


@functools.cache
def _no_name() -> frozenset[str]:
    """Words beside the noun that its name does without."""
    return _empty() | frozenset(load_table("events")["empty"]["of_name"])


def _names_somebody(words: str) -> bool:
    """True for words with a capital that are no bare office."""
    return words[:1].isupper() and len(words) > 2 and words.lower() not in _no_names()


def _people(words: str) -> bool:
    """True for words that say what sort of people they are, and do not point back to others."""
    return bool(_PEOPLE.match(LEAD.sub("", words).strip())) and not _POINTS_BACK.match(words)


REACH = 40
"""How far, in characters, a mention may reach over the edge of the words read."""
LEAD = re.compile(r"^(?:the|a|an|this|that|these|those|its|his|her|their|our|any|such|no|to)\s+", re.IGNORECASE)
_LEAD_ALONE = re.compile(r"(?:the|a|an|his|her|its|their|our)", re.IGNORECASE).fullmatch
_TOPIC = re.compile(r"\s+((?:on|over|about|of|against|for)\s(?:\S+\s){0,5}\S+)")
_ABOUT = re.compile(r"\s(?:on|over|about|against)\s")
TOPIC_WORDS = 6
"""Most words of what an event is about that its name keeps."""
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|me|us|my|My|our|Our)\b")
_OFFICES = re.compile(r"\b(?:presidents?|leaders?|ministers?|officials|diplomats|sides)\b")
_ROLES = (
    r"(?:presidents|leaders|ministers|officials|diplomats|sides|negotiators|envoys|deputies|advisers|advisors|aides"
    r"|experts|delegations|teams|lawmakers|lawyers|delegates|commanders|generals|representatives)"
)
_OTHERS = re.compile(
    rf"\b(?:of|between|among)\s(?:[\w’'-]+\s){{0,4}}?{_ROLES}\b(?!\s[A-Z])|^(?:[Tt]he\s)?(?:\w+\s)?{_ROLES}[’']"
)
"""Words of an event's that give it to people."""
_POINTS_BACK = re.compile(r"(?:their|his|her|its|these|those|both|the two)\b", re.IGNORECASE)
_PEOPLE = re.compile(rf"^(?:[\w’'.-]+\s){{0,3}}{_ROLES}(?:\s(?:of|from)\s.*)?$")
"""Words for people by what they do."""
_FIRST_CLAUSE = re.compile(r"(?:Before|After|When|While|As|Since|Although|Though|If|Once|Unless)\s[^,;:—]{3,120},\s")
"""A clause in front of its sentence's main one."""
_AT_EVENT = re.compile(r"(?:[a-z’'-]+\s){1,4}(?:in|at)\s(?:the\s)?([A-Z].*)")
"""An event with its place, read whole as a place ("their summit in Vienna")."""
_PLACE = re.compile(
    r"[A-Z]|\b(?:palace|hall|stadium|arena|court(?:house|room)?|headquarters|embassy|consulate|hotel|square|airport|church"
    r"|mosque|cathedral|campus|school|cent(?:er|re)|park|theat(?:er|re)|building|hospital|base|resort|library|museum"
    r"|office|chamber|plaza|ballroom|prison|jail|port|island|border|villa|estate|ranch)s?\b"
)
"""Words for a place: a name, or a venue."""
_NO_DAYS = re.compile(
    r"\btime soon$|^(?:(?:at|around|about|by|from)\s)?\d{1,2}(?::\d\d)?\s?[ap]\.?m\.?(?:\s[A-Z]{2,4})?$"
)
"""What is said of no day at all ("not any time soon", "at 9 p.m.")."""
_NO_VENUE = re.compile(r"\b(?:Department|Committee|Agency|Bureau|Party|Association|Commission|Administration)\b")
"""Bodies that are no place, though they carry a place's name."""
_SPEAK_TO = re.compile(r"(?:to )?(?:sp(?:ea|o)k(?:e|en|ing|s)?|talk(?:ed|ing)?)\b.*\b(?:to|with|phone|telephone)\b")
PHRASE_WORDS = 8
"""Most words of a name that is taken from the text as it stands."""
_CUT_OFF = re.compile(
    r"(?:the|an?|its|his|her|their|of|to|for|on|in|at|by|with|from|and|or|as|that|which|over|about|into|under|any|some)",
    re.IGNORECASE,
)
"""Words that no phrase ends with."""
_GOES_ON = re.compile(
    r"(?:\s+(?!(?:is|are|was|were|will|would|has|have|had|can|could|may|might|must|should|that|which|who)\b)[\w’'$%-]+){0,3}"
)
_DO = re.compile(r"(?:\b(?:to|will|would|could|may|might|can|should|must|shall|not|never)|n[’']t|[’']ll)\s$")
"""What stands in front of a verb in its plain form."""
MODIFIERS = 2
"""Most words before an event's noun that its name keeps."""
_POINTS = re.compile(r"^(?:the|this|that|these|those|it|its|his|her|their|such)\b", re.IGNORECASE)
_POINTED = re.compile(r"\b(?:[Tt]he|[Tt]h(?:is|at|ese|ose)|[Tt]heir) $")
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def head_noun(words: str) -> str | None:
    """The noun of the table that names the event: the last one before a preposition, else the last one."""
    front = re.split(r"\b(?:of|with|in|at|on|between|for|before|to|from|about|over|by|against)\b", words, maxsplit=1)[0]
    for part in (front, words):
        words_of_part = [w for word in WORD.findall(part.lower()) for w in (word, word.rsplit("-", 1)[-1])]
        for word in reversed(words_of_part):
            if word in nouns():
                return str(word)
    return None


def verb_in(words: str) -> str | None:
    """The verb of the table that the words begin with, where it is not a noun as well."""
    first = words.split(maxsplit=1)[0] if words else ""
    return first if first in verbs() and first not in nouns() else None


_WORK_ON = re.compile(
    r"\b(?:work|working|preparations?|planning|plans)\s(?:on|for|towards?)(?:\s(?:the|a|an|its|their))?\s$"
)


def _day_of_another(reading: EventReading, readings: Sequence[EventReading]) -> bool:
    """True when the day of an event that is only named is read as the day of one of which its sentence claims more."""
    when = reading.when
    return (
        when is not None
        and reading.status is None
        and any(
            other.status is not None
            and other.when is not None
            and other.in_title == reading.in_title
            and other.when.overlaps(when)
            for other in readings
        )
    )


class Likeness:
    """Log-odds that two readings of a report name one event; unknown for what the encoder has not read."""

    def __init__(self, statements: tuple[Statements, Statements], readings: Sequence[EventReading]) -> None:
        known = [(r, mark) for r in readings if (mark := statements[r.in_title].marks.get(r.event))]
        self._at = {(r.in_title, r.event): row for row, (r, _) in enumerate(known)}
        heads = next((each.heads for each in statements if each.heads), None)
        if known and heads:
            marks = np.stack([mark.values for _, mark in known])
            places = [(mark.place, r.in_title) for r, mark in known]
            away = np.array([[away_from(a, b) for b in places] for a in places])
            odds = heads.one(marks, marks, away)
            self._odds = (odds + odds.T) / 2

    def of(self, reading: EventReading, others: Iterable[EventReading]) -> list[float]:
        """Those of a reading and each of some others, as far as they are known."""
        row = self._at.get((reading.in_title, reading.event))
        if row is None:
            return []
        rows = [at for r in others if (at := self._at.get((r.in_title, r.event))) is not None]
        return [float(self._odds[row, at]) for at in rows]


class Page:
    """A report with what is known of its names and times; makes its nodes."""

    def __init__(
        self,
        report: Report,
        names: Names,
        times: Sequence[TimeExpression],
        sayings: Sequence[Saying],
        *,
        title_times: Sequence[TimeExpression] = (),
        statements: tuple[Statements, Statements] = (Statements(), Statements()),
    ) -> None:
        self.report = report
        self.names = names
        self.sayings = sayings
        self._times = (times, title_times)
        self._statements = statements

    def told_by(self, span: Span, in_title: bool) -> Told:
        """What a statement tells by its words, though it may name no event."""
        return self._statements[in_title].told_by(span)

    def spoken_of(self, span: Span, in_title: bool, readings: Sequence[EventReading]) -> list[float]:
        """How likely a statement is to be about each of some readings; [] where nothing is known.

        What is missing from a sum of one is how likely it is to be about none.
        """
        spoken, heads = self._statements[in_title].spoken(span), self._statements[in_title].heads
        if spoken is None or heads is None or not readings:
            return []
        marks = [(row, r, self._statements[r.in_title].marks.get(r.event)) for row, r in enumerate(readings)]
        known = [(row, r, mark) for row, r, mark in marks if mark is not None]
        out = [0.0] * len(readings)
        if known:
            near = [
                WITHIN
                if r.in_title == in_title and r.event.overlaps(span)
                else away_from((spoken.place, in_title), (mark.place, r.in_title))
                for _, r, mark in known
            ]
            nobody, fits = heads.about(spoken.values, np.stack([mark.values for *_, mark in known]), np.array(near))
            shares = np.exp(np.append(fits, nobody) - max(nobody, float(fits.max())))
            for (row, *_), share in zip(known, shares / shares.sum(), strict=False):
                out[row] = float(share)
        return out

    def likeness(self, readings: Sequence[EventReading]) -> Likeness:
        """How likely each two of some readings are to name one event."""
        return Likeness(self._statements, readings)

    def named_near(self, reading: EventReading, reach: int) -> Iterator[tuple[Span, Entity, bool]]:
        """Whom the text names up to `reach` characters from a reading's sentence, and whether in it; not for titles."""
        sentence = reading.sentence
        if reading.in_title or sentence is None:
            return
        for span, entity in self.names.within(Span(max(0, sentence.start - reach), sentence.end + reach)):
            yield span, entity, sentence.covers(span)

    def text(self, in_title: bool) -> str:
        """The title or the text."""
        return (self.report.title or "") if in_title else self.report.text

    def days(self, span: Span | None, reading: EventReading) -> When | None:
        """The days that the words at `span` give; a bare weekday lies where the reading's status puts it."""
        text = self.text(reading.in_title)
        if span is None or _NO_DAYS.search(span.of(text)) or is_stamp(text, span):
            return None
        ahead = _AHEAD.get(reading.status)
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
        only = days[0].span if len(days) == 1 else None
        return None if only and reading.was and only.overlaps(reading.was) else only

    def _lies_ahead(self, when: When | None) -> bool:
        published = self.report.published
        return bool(when and when.start and published and when.start > published)

    def number(self, offset: int, in_title: bool) -> int:
        """Number of the sentence at `offset`, -1 for the title."""
        return -1 if in_title else self.names.sentence_number(offset)

    def sorted_out(self, readings: Sequence[EventReading]) -> list[EventReading]:
        """The readings without what belongs to another one of their sentence.

        A place right behind the name of another event is that event's, and what is said of a meeting that
        prepares an event is not said of the event.
        """
        placed = [replace(r, where=None) if self._of_another(r, readings) else r for r in readings]
        meant = [replace(r, status=None) if self._prepared(r, readings) else r for r in placed]
        return [replace(r, when=None) if _day_of_another(r, meant) else r for r in meant]

    def _prepared(self, reading: EventReading, readings: Sequence[EventReading]) -> bool:
        before = self.text(reading.in_title)[max(0, reading.event.start - REACH) : reading.event.start]
        return bool(_preparing_last().search(before)) and any(
            other.in_title == reading.in_title
            and other.sentence == reading.sentence
            and other.event.end <= reading.event.start
            and other.status is reading.status
            for other in readings
        )

    def _of_another(self, reading: EventReading, readings: Sequence[EventReading]) -> bool:
        where, text = reading.where, self.text(reading.in_title)
        return where is not None and any(
            other.in_title == reading.in_title
            and reading.event.end <= other.event.start
            and other.event.end <= where.start
            and len(text[other.event.end : where.start].split()) < 2
            for other in readings
        )

    def node(self, reading: EventReading) -> Node:
        """The reading with names, place and days resolved."""
        text, in_title = self.text(reading.in_title), reading.in_title
        reading = by_former_day(not_moved(reading, text), text)
        before = text[max(0, reading.event.start - REACH) : reading.event.start]
        if reading.status is Status.UNDER_WAY and (_WORK_ON.search(before) or _preparing_last().search(before)):
            reading = replace(reading, status=Status.GOING_AHEAD)  # what is under way is the work on it
        words = self._whole(reading.event, in_title).of(text)
        who: list[Entity] = []
        bodies: list[str] = []
        for span in self._taking_part(reading):
            here = self._named(span, in_title)
            who += [e for e in here if e.kind != "place" or e.government_of] or here
            plain = LEAD.sub("", span.of(text)).strip()
            if here or in_title:
                continue
            people, _, office = plain.partition(" ")
            land = country_of(people)
            if land and (not office or _OFFICES.fullmatch(office)):
                bodies.append(land)
            elif _names_somebody(plain) or _people(span.of(text)):
                bodies.append(plain)
        parties = self._parties(words)
        about = self._spoken_of(reading)
        inside = [e for e in self._named(reading.event, in_title) if not names_event(e) and e not in about]
        inside = [e for e in inside if not (parties and _is_party(e))]
        who = [e for e in who if not names_event(e)]
        others = bool(_OTHERS.search(words)) and not [e for e in inside if e.kind != "place"]
        if others:
            who = []
        others = others or (not who and any(body[:1].islower() for body in bodies))
        who += [e for e in inside if e.kind == "person" or (e.kind == "body" and not who)] + parties
        place = self._place(reading)
        first = [w.lower() for w in WORD.findall(words)[:4]]
        verb = verb_in(words)
        noun = verbs()[verb] if verb else head_noun(words)
        spoken_to = reading.kind in (Kind.SPEECH, Kind.MEETING) and bool(_SPEAK_TO.match(reading.event.of(text)))
        if spoken_to:
            reading, noun = replace(reading, kind=Kind.CALL), "call"
        when = self.days(reading.when or self._only_time(reading), reading)
        was = self.days(day_it_was_for(reading, text, self._times[in_title]), reading)
        if reading.status in ENDED and self._lies_ahead(when):
            reading = replace(reading, status=Status.SCHEDULED)  # what lies ahead was not held
        own = [w for w in WORD.findall(LEAD.sub("", words).lower()) if w != noun and w not in _empty()]
        core, topic = ("call", "") if spoken_to else self._core(reading.event, noun, in_title)
        phrase = self._phrase(reading.event, in_title)
        bare = bool(_POINTS.match(words) or _POINTED.search(before)) and noun is not None and not own
        anaphor = bare and not (when or was)
        return Node(
            reading=reading,
            words=words,
            noun=noun,
            who=tuple(e for e in dict.fromkeys(who) if e.name != place),
            named=tuple(dict.fromkeys(e for e in inside if e.kind in ("person", "body"))) + tuple(parties),
            bodies=tuple(dict.fromkeys(bodies)),
            place=place,
            when=when,
            was=was,
            verb=verb is not None,
            leads=in_title,
            series=next((_series()[w] for w in first if w in _series()), None),
            bare=bare,
            anaphor=anaphor,
            others=others,
            number=self.number(reading.event.start, in_title),
            around=tuple(e for e in self._around(reading) if e not in about),
            core=core,
            topic=topic,
            phrase=phrase,
            doing=bool(_DO.search(before)),
        )

    def _spoken_of(self, reading: EventReading) -> set[Entity]:
        """Whom an event's words name behind "on" or "over": a body, with a vote anybody, who takes no part in it."""
        words = reading.event.of(self.text(reading.in_title))
        if not (topic := _ABOUT.search(words)):
            return set()
        behind = Span(reading.event.start + topic.end(), reading.event.end)
        found = self.names.mentions_in(behind, in_title=reading.in_title)
        return {e for m in found for e in m.entities if e.kind == "body" or reading.kind is Kind.VOTE}

    def _parties(self, words: str) -> list[Entity]:
        """Those of `parties_in`, as the report's names have them where they do."""
        names = parties_in(words)
        known = {name: e for name in names for e in self.names.entities if e.name == name}
        return [known.get(name) or Entity(name=name, kind="group") for name in names]

    def _taking_part(self, reading: EventReading) -> list[Span]:
        """The words read as who takes part, without those of who only speaks, or does something else before it.

        Whom its condition or its reason names does something else, too.
        """
        text, speakers = self.text(reading.in_title), self.speakers(reading)
        beside = [*speakers, *(part for part in (reading.condition, reading.why) if part)]
        spans = [s for s in reading.who if not any(s.overlaps(part) for part in beside) and not _LEAD_ALONE(s.of(text))]
        spans = [s for s in spans if text[s.end : s.end + 1] != ":"]  # "Kremlin: no talks this week"
        sentence = reading.sentence
        if sentence is None or not (clause := _FIRST_CLAUSE.match(text, sentence.start, reading.event.start)):
            return spans
        behind = [s for s in spans if s.start >= clause.end()]
        return behind or spans

    def speakers(self, reading: EventReading) -> list[Span]:
        """Where those stand who say what a reading is of, and not of themselves: they need not take part in it."""
        text, found = self.text(reading.in_title), []
        for saying in self.sayings:
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
        if verb := verb_in(words):
            rest = " ".join(words[len(verb) :].split()[:TOPIC_WORDS])
            about = rest if _TOPIC.match(f" {rest}") else f"on {LEAD.sub('', rest)}" if verbs()[verb] == "vote" else ""
            return verbs()[verb], about if rest else ""
        at = words.lower().find(noun) if noun else -1
        if noun is None or at < 0:
            return "", ""
        if own := next((e.name for e in self._named(event, in_title) if names_event(e)), None):
            return own, ""
        whose = bool(parties_in(words))
        spare = [
            m.span for m in self.names.mentions_in(event, in_title=in_title) if not (whose and _is_party(m.entities[0]))
        ]
        spare += [t.span for t in self._times[in_title] if event.covers(t.span)]
        kept = [
            m[0]
            for m in WORD.finditer(words, 0, at)
            if not any(s.overlaps(Span(event.start + m.start(), event.start + m.end())) for s in spare)
            and len(m[0]) > 1
            and m[0].lower() not in _no_name()
            and not LEAD.match(m[0] + " ")
        ]
        kept = kept[len(kept) - kept[::-1].index("of") :] if "of" in kept else kept
        topic = _TOPIC.match(words, at + len(noun))
        behind = Span(event.start + at, event.end)
        named = self._named(behind, in_title) if topic else []
        people = topic and topic[1].startswith("of ") and (named or _OFFICES.search(topic[1]))
        people = people or (topic and topic[1].startswith("for ") and any(e.kind == "person" for e in named))
        about = re.sub(r"(?:\s(?:in|on|at|of|and|the|to|with|for|by|from))+$", "", topic[1]) if topic else ""
        return " ".join([*kept[-MODIFIERS:], noun]), "" if people else about

    def _phrase(self, event: Span, in_title: bool) -> str:
        """The words that name an event, short, without what leads in; to the next noun where they are cut off."""
        words = LEAD.sub("", event.of(self.text(in_title)).strip()).split()
        goes_on = _GOES_ON.match(self.text(in_title), event.end)
        if goes_on and words and _CUT_OFF.fullmatch(words[-1]):
            words += goes_on[0].split()
        words = words[:PHRASE_WORDS]
        while words and _CUT_OFF.fullmatch(words[-1]):
            words.pop()
        return " ".join(words).strip(' ,;:.“”"()[]')

    def _whole(self, span: Span, in_title: bool) -> Span:
        """The span widened to the end of a name that it cuts."""
        around = Span(max(0, span.start - REACH), span.end + REACH)
        cut = [m.span for m in self.names.mentions_in(around, in_title=in_title) if m.span.overlaps(span)]
        return Span(min([span.start, *(c.start for c in cut)]), max([span.end, *(c.end for c in cut)]))

    def _named(self, span: Span, in_title: bool) -> list[Entity]:
        """Whom the words at `span` speak of, a mention that reaches over its edges included."""
        around = Span(max(0, span.start - REACH), span.end + REACH)
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
        where = self._whole(reading.where, reading.in_title)
        words = re.sub(r"^(?:(?:in|at|on|to|near|inside|outside)\s+)?(?:the\s+)?", "", where.of(text).strip())
        words = re.sub(r"['’]s?$", "", words).rstrip(" ,;:")
        if behind := _AT_EVENT.match(words):
            words = behind[1] if head_noun(words[: behind.start(1)]) else words
        entity = self.names.resolve(where, reading.in_title)
        if entity is not None and (entity.kind in ("person", "group") or _NO_VENUE.search(entity.name)):
            return None
        if entity is not None and entity.kind == "place" and len(words.split()) <= len(entity.name.split()) + 1:
            return entity.name
        speaker = reading.in_title and text[where.end : where.end + 1] == ":"
        return None if speaker or words.lower() in _no_places() or not _PLACE.search(words) else words
