"""Who takes part in what one reading of an event speaks of: whom its words name, and who of them only speaks of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stillon.extraction.lexicon import load_table
from stillon.extraction.people import OF_RELATIVE, Entity, Names, country_of, is_office
from stillon.extraction.sources import Saying
from stillon.extraction.wording import LEAD, gathering_nouns, parties_in
from stillon.model import EventReading, Kind, Report, Span

HEARS = re.compile(
    r"\b(?:committee|subcommittee|congress|senate|house|parliament|court|council|assembly|commons|panel|bundestag"
    r"|duma|legislature|commission|board|cabinet|lords|knesset|chamber)\b",
    re.IGNORECASE,
)
"""Words of a body that votes or hears."""
FLOOR = re.compile(r"\bfloor\b|\bfull\s(?:\w+\s)?(?:House|Senate|chamber|vote)\b")
"""Words of a vote that a whole chamber takes."""
PANEL = re.compile(r"\b(?:sub)?committee\b|\bpanel\b", re.IGNORECASE)
"""Words of a committee, or of its vote."""
REACH = 40
"""How far, in characters, a mention may reach over the edge of the words read."""
_LEAD_ALONE = re.compile(r"(?:the|a|an|his|her|its|their|our)", re.IGNORECASE).fullmatch
_ABOUT = re.compile(r"\s(?:on|over|about|against)\s", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|me|us|my|My|our|Our)\b")
_PAPER = re.compile(
    r"(?:[’']s?)?\s(?:\w+\s)?(?:report|probe|investigation|inquiry|findings|dossier|affair|memo|nomination)\b"
)
"""What follows the name of one whose report or affair it is."""
_I = re.compile(r"I|me|[Mm]yself")
OFFICES = re.compile(r"\b(?:presidents?|leaders?|ministers?|officials|diplomats|sides)\b")
_ROLES = (
    r"(?:presidents|leaders|ministers|officials|diplomats|sides|negotiators|envoys|deputies|advisers|advisors|aides"
    r"|experts|delegations|teams|lawmakers|lawyers|delegates|commanders|generals|representatives)"
)
_OTHERS = re.compile(
    rf"\b(?:of|between|among)\s(?:[\w’'-]+\s){{0,4}}?{_ROLES}\b(?!\s[A-Z])|^(?:[Tt]he\s)?(?:\w+\s)?{_ROLES}[’']"
)
"""Words of an event's that give it to people."""
ALONE = frozenset({Kind.SPEECH, Kind.TESTIMONY})
"""Kinds of event in which one is heard, each for himself."""
_FROM = re.compile(r"\s(?:by|from|of)\s(?:[\w.,’'-]+\s){0,4}")
"""What stands between a speech or testimony and whose it is."""
_FROM_ALONE = re.compile(r"\b(?:by|from|of)\s(?:\w+\.\s)?$")
"""The same without words between."""
_OWNS = re.compile(r"[’']s?\s")
"""What follows the name of whose speech it is."""
_TOGETHER = re.compile(r",?\s(?:(?:and|or|as well as|along with)\s)?")
_ALONG_WITH = re.compile(r",?\s(?:along|together|alongside)(?:\swith)?\s")
"""What stands between what somebody does and who does it, too."""
_SERVES = re.compile(
    r"\b(?:aides?|advis[eo]rs?|assistants?|lawyers?|attorneys?|counsel|deput(?:y|ies)|allies)\s(?:to|of|for)\s(?:the\s|then-)?(?:[A-Z]\w+\s)?$"
)
"""What stands before the name of one whom somebody serves, who is the one that is spoken of."""
_OFFICE_OF = re.compile(r"(?:[’']s?)?(?:\s(?!(?:and|or|with|to|for|by|from)\s)[\w.’'-]+){1,4}\s")
"""What stands between a body and the person who holds an office of it."""
TWO_SIDES = frozenset({Kind.MEETING, Kind.CALL, Kind.TALKS})
"""Kinds of event that have two sides."""
ONE_BODY = frozenset({Kind.VOTE, Kind.HEARING, Kind.TESTIMONY})
"""Kinds of event before one body, or of one: those before others are other events."""
HEARD = frozenset({Kind.HEARING, Kind.TESTIMONY})
"""Kinds of one sitting: who is called there may stay away from it."""
BY_MANY = frozenset({Kind.PROTEST, Kind.STRIKE, Kind.CEREMONY, Kind.CONFERENCE})
"""Kinds of event that people hold together who have no name."""
_MANY = re.compile(r"(?:[\w’'.-]+\s){0,4}[\w’'-]*[a-z]s(?:\s(?:of|from|in)\s[\w\s’'-]{1,30})?")
MOSTLY = 0.7
"""Share of a name's mentions that are read as an event, from which it is taken for the name of one."""
_DECREES = re.compile(
    r"\b(?:announc|order|declar|impos|threat|unveil|suspend|shelv|withdr[ae]w|sign|reject|refus|approv|block|veto)",
    re.IGNORECASE,
)
"""Cues of who takes a measure in saying so."""
_AS_SEAT = re.compile(
    r"\s(?:nominees?|nominations?|vacanc(?:y|ies)|seats?|picks?|candidates?|justices?|appointments?|appointees?)\b"
    r"|(?<=Court)\sconfirmation\b"
)
"""What follows a body that is named as what somebody is to have a seat in."""
_WITH_PEOPLE = re.compile(
    rf"\bwith\s(?:(?:the|his|her|their|its|senior|top)\s)*(?P<land>[A-Z][\w.]+(?:\s[A-Z]\w+)?)\s(?:[a-z]+\s)?{_ROLES}\b"
)
"""People of a land, with whom something is."""
_ATTENDS = re.compile(
    r"\b(?:attend(?:s|ed|ing)?|skip(?:s|ped|ping)?|boycott(?:s|ed|ing)?|go(?:es|ing)?\sto)[”\"]?\s(?:the|such\san?|an?|that|this|his)?\s?$"
)
"""What stands before an event that somebody else holds."""
_YOU = re.compile(r"\b[Yy]ou(?:r|rs)?\b")
_ADDRESSED = re.compile(r"\b(?:letter|memo|e-?mail|message|wrote|writing|sent|note)\b[^.;“”]{0,40}\sto\s(?:\w+\.?\s)?$")
"""What stands before the name of whom a letter is to."""
_MEETS = re.compile(
    r"\s(?:\w+ly\s)?(?:(?:has|have|had|will|would|could|may|might|can)\s(?:\w+ly\s)?)?(?:miss|meet|met|fac|ignor|let|blow|blew|beat)"
    r"(?:e?s|e?d|es|ing|e)?\s(?:(?:a|an|the|his|her|its|their|that|this)\s)?(?:[\w-]+\s)?$"
)
"""A verb right in front of a deadline, with what leads in the deadline."""
_HEAD_OF = re.compile(
    r"(?:[’']s)?\s(?:[a-z-]+\s)?(?:director|chief|head|boss|judge|justice|chair(?:man|woman)?)\b(?![’'-]?\w|\s[A-Z])"
)
"""What follows a body where who leads it is meant, and not named."""
_TO_DO = re.compile(
    r"(?:(?:an?|the|their|his|her|its)\s(?:\w+\s)?(?:invitation|request|offer|subpoena|call|chance|demand)s?\s"
    r"(?:(?:from|by|of)\s(?:[\w’'-]+\s){1,6}?)?)?(?:(?:[Nn]ot|[Nn]ever)\s)?"
    r"(?:(?:[Tt]o\s)?(?:[Rr]efus|[Dd]eclin|[Aa]gree|[Cc]ontinu|[Tt]r|[Ff]ail|[Aa]ttempt)(?:y|e|es|ed|ing)?\s)?(?:[Tt]o\s)?(?:not\s)?"
)
"""What stands between a saying's first word and what its speaker does."""
_POINTS_BACK = re.compile(r"(?:their|his|her|its|these|those|both|the two)\b", re.IGNORECASE)
_PEOPLE = re.compile(rf"^(?:[\w’'.-]+\s){{0,3}}{_ROLES}(?:\s(?:of|from)\s.*)?$")
"""Words for people by what they do."""
_FIRST_CLAUSE = re.compile(r"(?:Before|After|When|While|As|Since|Although|Though|If|Once|Unless)\s[^,;:—]{3,120},\s")
"""A clause in front of its sentence's main one."""
_SHORT_BODY = re.compile(
    r"(?P<lead>[Tt]he|[Hh]is|[Hh]er|[Tt]heir)\s(?P<noun>panel|(?:sub)?committee|department|ministry|agency|commission|board|council)"
)
"""A body by its noun alone."""
_CLIENT = re.compile(r"(?:[Hh]is|[Hh]er|[Tt]heir|[Mm]y|[Oo]ur)\sclients?")
"""Whom a lawyer speaks for."""
_LAWYER = re.compile(
    r"(?:[’']s?)?\s(?:[a-z]+\s)?(?:lawyer|attorney|counsel)s?\b(?P<for>(?:,?\s[A-Z][\w.’'-]+){0,3},?\s(?:for|representing)\b)?"
)
"""A lawyer, behind the name of whose lawyer he is ("Lund’s lawyer"), or in front of it ("a lawyer for Lund")."""
LAWYER_CHARACTERS = 1500
"""How far before "her client" it may stand whose lawyer she is."""
_CHAIR_OF = re.compile(
    r"(?P<before>(?:[A-Z][\w’'&-]*\s(?:(?:and|on|for)\s)?)*[A-Z][\w’'&-]*)\s[Cc]hair(?:man|woman|person)?\b"
    r"|\b[Cc]hair(?:man|woman|person)?\sof\sthe\s(?P<behind>(?:[A-Z][\w’'&-]*\s?(?:(?:and|on|for)\s)?)+)"
)
"""Who chairs what: "Harbour Committee Chairman", "chair of the Harbour Committee"."""
_OF_BOTH = re.compile(r"(?P<chamber>House|Senate)\s(?P<rest>.*\b(?:[Ss]ubc|[Cc])ommittee)s\b")
"""Committees of one name in both chambers ("the Senate and House Budget Committees")."""
_PANELS = ("committee", "subcommittee", "panel")
"""Nouns of the bodies that somebody chairs, any of which stands for another."""
_CHAMBERS = {"House of Representatives": "House", "House": "House", "Senate": "Senate"}


def _is_such(noun: str, name: str) -> bool:
    """True for a body whose name holds a noun; a panel is a committee."""
    nouns = _PANELS if noun in _PANELS else (noun,)
    return any(word in name.lower().split() for word in nouns)


def _of_both_chambers(found: list[Entity]) -> list[Entity]:
    """The entities, a chamber and the committees of one name that stand beside it made the two committees."""
    pairs = [(m, e) for e in found if e.kind == "body" and (m := _OF_BOTH.fullmatch(e.name))]
    for match, both in pairs:
        other = next((e for e in found if _CHAMBERS.get(e.name) not in (None, match["chamber"])), None)
        if other is None:
            continue
        rest = match["rest"]
        two = [Entity(name=f"{chamber} {rest}", kind="body") for chamber in (_CHAMBERS[other.name], match["chamber"])]
        found = [e for e in found if e not in (other, both)] + two
    return found


def names_event(entity: Entity) -> bool:
    """True where a name is that of an event ("Lakeside Security Conference"), not of a body."""
    return entity.kind == "body" and entity.name.rpartition(" ")[2].lower() in gathering_nouns()


def may_hear(name: str) -> bool:
    """True for the name of a body before which one testifies, or that votes."""
    return bool(HEARS.search(name)) and name != "White House"


def hears(entity: Entity) -> bool:
    """True for a body before which one testifies, or that votes."""
    return entity.kind == "body" and may_hear(entity.name)


def presides(entity: Entity) -> bool:
    """True for the chair of a body that hears."""
    chairs = [role for role in entity.roles if _CHAIR.search(role)]
    return bool(chairs) and (entity.org is None or any(HEARS.search(words) for words in (entity.org, *chairs)))


_CHAIR = re.compile(r"\bchair(?:man|woman|person)?\b", re.IGNORECASE)


def is_party(entity: Entity) -> bool:
    """True for a political party by its name."""
    return entity.kind == "body" and entity.name.endswith(" Party")


@functools.cache
def _no_names() -> frozenset[str]:
    """Words with a capital at a sentence's start that name nobody, and titles without a name."""
    return frozenset(load_table("events")["no_names"]["words"])


def _names_somebody(words: str) -> bool:
    """True for words with a capital that are no bare office."""
    plain = words.lower()
    return words[:1].isupper() and len(words) > 2 and plain not in _no_names() and not is_office(plain.rstrip("."))


def _people(words: str) -> bool:
    """True for words that say what sort of people they are, and do not point back to others."""
    return bool(_PEOPLE.match(LEAD.sub("", words).strip())) and not _POINTS_BACK.match(words)


class Parties(NamedTuple):
    """Who takes part in an event, by one reading."""

    who: tuple[Entity, ...]
    """Those who have a name."""
    named: tuple[Entity, ...]
    """Persons and bodies inside the words that name the event, and parties whose gathering it is."""
    bodies: tuple[str, ...]
    """Words for others."""
    others: bool
    """True when the words give it to people they do not name ("a meeting of the deputies")."""


class Cast:
    """A report with whom it names, and who of them says what."""

    def __init__(self, report: Report, names: Names, sayings: Sequence[Saying]) -> None:
        self.report = report
        self.names = names
        self.sayings = sayings
        self._happenings: frozenset[Entity] = frozenset()

    def named_near(self, reading: EventReading, reach: int) -> Iterator[tuple[Span, Entity, bool]]:
        """Whom the text names up to `reach` characters from a reading's sentence, and whether in it; not for titles."""
        sentence = reading.sentence
        if reading.in_title or sentence is None:
            return
        for span, entity in self.names.within(Span(max(0, sentence.start - reach), sentence.end + reach)):
            if not OF_RELATIVE.match(self.report.text, span.end):
                yield span, entity, sentence.covers(span)

    def text(self, in_title: bool) -> str:
        """The title or the text."""
        return (self.report.title or "") if in_title else self.report.text

    def _is_happening(self, entity: Entity) -> bool:
        """True for what looks like a body, and is the name of an event."""
        return names_event(entity) or entity in self._happenings

    def hear_of(self, readings: Sequence[EventReading]) -> None:
        """Learns which names, taken for bodies, are those of events: what is nearly always read as one."""
        found = set()
        for entity in self.names.entities:
            if entity.kind != "body" or hears(entity) or entity.government_of or entity.org:
                continue
            places = [(span, False) for span in entity.spans] + [(span, True) for span in entity.title_spans]
            read = sum(any(r.in_title == t and r.event.overlaps(span) for r in readings) for span, t in places)
            if read >= 2 and read >= MOSTLY * len(places):
                found.add(entity)
        self._happenings = frozenset(found)

    def parties(self, reading: EventReading, words: str) -> Parties:
        """Who takes part in what a reading speaks of; `words` are those that name it."""
        who: list[Entity] = []
        bodies: list[str] = []
        for span in self._taking_part(reading):
            meant = self._body_meant(span, reading.in_title)
            if meant is None:
                meant = self._client_meant(span, reading.in_title)
            if meant is not None:
                who += meant
                continue
            here = self.named(span, reading.in_title) or self._who_says(span, reading)
            who += [e for e in here if e.kind != "place" or e.government_of] or here
            if not here and not reading.in_title and (body := self._unnamed(reading, span)):
                bodies.append(body)
        if reading.kind is Kind.RALLY and _ATTENDS.search(self.text(reading.in_title), 0, reading.event.start):
            who = []  # who goes to another's rally
        if reading.kind in ALONE and not any(e.kind == "person" for e in who):
            who += self._spoken_to(reading)
        if reading.kind in HEARD:
            who += self._along_with(reading)
        if reading.kind is Kind.DEADLINE and not who:
            who += self._who_must_meet(reading)
        parties = self._parties(words)
        about = self._spoken_of(reading)
        inside = [e for e in self.named(reading.event, reading.in_title) if e not in about]
        inside = [e for e in inside if not self._is_happening(e) and not (parties and is_party(e))]
        who = _of_both_chambers([e for e in who if not self._is_happening(e)])
        inside = _of_both_chambers(inside)
        if reading.kind in HEARD:  # who presides is not heard
            who = [e for e in who if not presides(e)]
            inside = [e for e in inside if not presides(e)]
        others = bool(_OTHERS.search(words)) and not [e for e in inside if e.kind != "place"]
        if others:
            who = []
        others = others or (not who and any(body[:1].islower() for body in bodies))
        who += [e for e in inside if e.kind == "person" or (e.kind == "body" and not who)] + parties
        named = [*dict.fromkeys(e for e in inside if e.kind in ("person", "body")), *parties]
        if reading.kind in TWO_SIDES and not named and (land := self._land_met(words)):
            named = [land]
        return Parties(tuple(dict.fromkeys(who)), tuple(named), tuple(dict.fromkeys(bodies)), others)

    def _land_met(self, words: str) -> Entity | None:
        """The country whose people an event's words say it is with ("talks with Brodish officials")."""
        found = _WITH_PEOPLE.search(words)
        land = country_of(found["land"]) if found else None
        return (self.names.named(land) or Entity(name=land, kind="place", government_of=land)) if land else None

    def _along_with(self, reading: EventReading) -> list[Entity]:
        """Who is heard with the others, behind what they do ("is to testify, along with Lund")."""
        with_whom = _ALONG_WITH.match(self.text(reading.in_title), reading.event.end)
        if with_whom is None:
            return []
        behind = Span(with_whom.end(), with_whom.end() + REACH)
        found = self.names.mentions_in(behind, in_title=reading.in_title)
        return [e for m in found if m.span.start == behind.start for e in m.entities if e.kind == "person"]

    def _who_must_meet(self, reading: EventReading) -> list[Entity]:
        """Whom a verb in front of a deadline says to meet or to miss it ("if she misses the deadline")."""
        text, start = self.text(reading.in_title), reading.event.start
        verb = _MEETS.search(text, max(0, start - REACH), start)
        if verb is None:
            return []
        before = self.names.mentions_in(Span(max(0, verb.start() - REACH), verb.start()), in_title=reading.in_title)
        return [e for m in before if m.span.end == verb.start() for e in m.entities]

    def _body_meant(self, span: Span, in_title: bool) -> list[Entity] | None:
        """The body that "his panel" or "the department" at `span` means; [] where it is not told, None for other words.

        "His" is the chair's whom the text names last before it; "the" is the last one named with that noun.
        """
        text = self.text(in_title)
        found = None if in_title else _SHORT_BODY.fullmatch(span.of(text).strip())
        if found is None:
            return None
        noun = found["noun"].lower()
        before = [(at, e) for e in self.names.entities for at in e.spans if at.end <= span.start]
        chaired = [(at.start, body) for at, e in before if (body := self._chaired_by(e))]
        named = [(at.start, e) for at, e in before if e.kind == "body" and _is_such(noun, e.name)]
        of_chair = found["lead"].lower() in ("his", "her")
        told = ([] if of_chair else named) + (chaired if noun in _PANELS else [])
        return [max(told, key=lambda each: each[0])[1]] if told else []

    def _client_meant(self, span: Span, in_title: bool) -> list[Entity] | None:
        """Whom "her client" at `span` means: whose lawyer the text names last before it; None for other words."""
        text = self.text(in_title)
        if in_title or not _CLIENT.fullmatch(span.of(text).strip()):
            return None
        whose: list[Entity] = []
        for found in _LAWYER.finditer(text, max(0, span.start - LAWYER_CHARACTERS), span.start):
            around = Span(max(0, found.start() - REACH), min(span.start, found.end() + REACH))
            persons = [m for m in self.names.mentions_in(around) if m.entities[0].kind == "person"]
            behind = found["for"] is not None
            named = [m for m in persons if (m.span.start >= found.end() if behind else m.span.end == found.start())]
            whose = list(named[0].entities) if named else whose
        return whose

    def _chaired_by(self, entity: Entity) -> Entity | None:
        """The committee that somebody chairs, by the offices that the report gives him."""
        for role in entity.roles:
            if found := _CHAIR_OF.search(role):
                words = found["before"] or found["behind"]
                name = words if _is_such("committee", words) else f"{words} Committee"
                return self.names.named(name) or Entity(name=name, kind="body")
        return None

    def _who_says(self, span: Span, reading: EventReading) -> list[Entity]:
        """Who says "I" or "me" at `span`."""
        if not _I.fullmatch(span.of(self.text(reading.in_title))):
            return []
        for saying in self.sayings:
            origin = saying.sources[-1].span if saying.sources else None
            if origin and saying.in_title == reading.in_title and any(p.covers(span) for p in saying.content):
                return [e for e in self.named(origin, reading.in_title) if e.kind == "person"]
        return []

    def _spoken_to(self, reading: EventReading) -> list[Entity]:
        """Whom a saying of a reading calls "you", where its sentence says to whom ("in a letter to Lee")."""
        text, sentence = self.text(reading.in_title), reading.sentence
        said = [p for s in self.sayings if s.in_title == reading.in_title for p in s.content if p.covers(reading.event)]
        if sentence is None or not any(_YOU.search(p.of(text)) for p in said):
            return []
        return [
            e
            for m in self.names.mentions_in(sentence, in_title=reading.in_title)
            if _ADDRESSED.search(text, sentence.start, m.span.start) and not any(p.overlaps(m.span) for p in said)
            for e in m.entities
            if e.kind == "person"
        ][:1]

    def _unnamed(self, reading: EventReading, span: Span) -> str | None:
        """The words of who takes part and has no name that is known; None where they say nothing of who it is."""
        words = span.of(self.text(reading.in_title))
        plain = re.sub(r"^[’']s?\s+", "", LEAD.sub("", words).strip())
        people, _, office = plain.partition(" ")
        land = country_of(people)
        if land and (not office or OFFICES.fullmatch(office)):
            return land
        many = reading.kind in BY_MANY and _MANY.fullmatch(words.strip())
        return plain if many or _names_somebody(plain) or _people(words) else None

    def _spoken_of(self, reading: EventReading) -> set[Entity]:
        """Whom an event's words name behind "on" or "over" and who takes no part in it.

        That is a body; before those who hear or vote it is anybody, and whose report or affair it is about.
        """
        words = reading.event.of(self.text(reading.in_title))
        if not (topic := _ABOUT.search(words)):
            return set()
        behind = Span(reading.event.start + topic.end(), reading.event.end)
        found = self.names.mentions_in(behind, in_title=reading.in_title)
        text = self.text(reading.in_title)
        anybody = reading.kind in ONE_BODY
        return {e for m in found for e in m.entities if anybody or e.kind == "body" or _PAPER.match(text, m.span.end)}

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
        spans = [s for s in spans if not OF_RELATIVE.match(text, s.end)]  # "the president's daughter Ann"
        sentence = reading.sentence
        spans = [s for s in spans if sentence is None or sentence.overlaps(s)]
        if reading.kind in ALONE:
            spans = self._who_is_heard(reading, spans)
        if sentence is None or not (clause := _FIRST_CLAUSE.match(text, sentence.start, reading.event.start)):
            return spans
        behind = [s for s in spans if s.start >= clause.end()]
        return behind or spans

    def _who_is_heard(self, reading: EventReading, spans: list[Span]) -> list[Span]:
        """Of the persons named with a speech or a testimony: those right behind it ("by", "from"), else nearest before.

        Who is named farther in front lets, asks or keeps them from it; bodies stay.
        """
        text = self.text(reading.in_title)
        persons = [s for s in spans if any(e.kind == "person" for e in self.named(s, reading.in_title))]
        inside = [s for s in persons if s.overlaps(reading.event)]
        owners = [s for s in inside if _OWNS.match(text, s.end)]
        if reading.kind is Kind.TESTIMONY and not owners:  # "lets Lund testify", "hear from Lund"
            owners = [
                s
                for s in inside
                if s.start == reading.event.start or _FROM_ALONE.search(text, max(0, s.start - REACH), s.start)
            ]
        if not owners and (meant := self._meant_by_pronoun(persons, reading)):
            return [s for s in spans if s not in persons or s in meant]
        behind = [s for s in persons if _FROM.fullmatch(text, reading.event.end, max(reading.event.end, s.start))]
        before = sorted(s for s in persons if s.end <= reading.event.start)
        together = before[-1:]
        for earlier in reversed(before[:-1]):
            if not _TOGETHER.fullmatch(text, earlier.end, together[0].start):
                break
            together.insert(0, earlier)
        kept = owners or behind or together
        inside = [] if owners else inside
        return [s for s in spans if s not in persons or s in kept or s in inside] if kept else spans

    def _meant_by_pronoun(self, persons: list[Span], reading: EventReading) -> list[Span]:
        """Of the persons named before a speech or testimony those whom the last "he" or "she" in front of it means."""
        text = self.text(reading.in_title)
        before = [s for s in persons if s.end <= reading.event.start]
        if not before or len(persons) < 2:
            return []
        between = Span(max(s.end for s in before), reading.event.start)
        found = [m for m in self.names.mentions_in(between, in_title=reading.in_title) if m.by == "pronoun"]
        subjects = [m for m in found if m.span.of(text).lower() in ("he", "she")]
        meant = set(subjects[-1].entities) if subjects else set()
        return [s for s in before if meant & set(self.named(s, reading.in_title))]

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
                if self._does_it(reading, source.span, saying):
                    continue
                if not spoken_of & set(self.named(source.span, reading.in_title)):
                    found.append(source.span)
        return found

    def _does_it(self, reading: EventReading, source: Span, saying: Saying) -> bool:
        """True where who speaks is who does it: "refused to appear", "announced a ban"; not "told aides to appear"."""
        text, start = self.text(reading.in_title), reading.event.start
        if reading.kind is Kind.MEASURE and saying.cue and _DECREES.search(saying.cue):
            return True
        if reading.kind not in ALONE:
            return False
        led = any(_TO_DO.fullmatch(text, part.start, start) for part in saying.content if part.start <= start)
        return led and not any(source.end <= span.start and span.end <= start for span in reading.who)

    def around(self, reading: EventReading) -> tuple[Entity, ...]:
        """Persons, bodies and countries that the sentence of a reading names."""
        sentence = reading.sentence
        if sentence is None or reading.in_title:
            return ()
        text = self.report.text
        beside = (_AS_SEAT, OF_RELATIVE)
        acting = ((s, e) for s, e in self.names.within(sentence) if not any(p.match(text, s.end) for p in beside))
        apart = self._spoken_of(reading) | self._happenings
        named = _of_both_chambers([e for _, e in acting if e.kind in ("person", "body", "place", "group")])
        return tuple(e for e in dict.fromkeys(named) if e not in apart)

    def whole(self, span: Span, in_title: bool) -> Span:
        """The span widened to the end of a name that it cuts."""
        around = Span(max(0, span.start - REACH), span.end + REACH)
        cut = [m.span for m in self.names.mentions_in(around, in_title=in_title) if m.span.overlaps(span)]
        return Span(min([span.start, *(c.start for c in cut)]), max([span.end, *(c.end for c in cut)]))

    def named(self, span: Span, in_title: bool) -> list[Entity]:
        """Whom the words at `span` speak of, a mention that reaches over its edges included."""
        around = Span(max(0, span.start - REACH), span.end + REACH)
        found = self.names.mentions_in(around, in_title=in_title)
        text = self.text(in_title)
        beside = [m for m in found if any(p.match(text, m.span.end) for p in (_AS_SEAT, OF_RELATIVE))]
        beside += [m for m in found if m.entities[0].kind == "body" and _HEAD_OF.match(text, m.span.end)]
        beside += [m for m in found if _SERVES.search(text, max(0, m.span.start - REACH), m.span.start)]
        found = tuple(m for m in found if m.span.overlaps(span))
        persons = [m.span.start for m in found if m.entities[0].kind == "person"]
        found = tuple(m for m in found if m not in beside)
        here = [
            e
            for m in found
            if m.entities[0].kind == "person" or not any(_OFFICE_OF.fullmatch(text, m.span.end, p) for p in persons)
            for e in m.entities
        ]
        # the capitals of a headline make names of other words: only what the text names too is believed
        return [e for e in here if e.spans or not in_title]
