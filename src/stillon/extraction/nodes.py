"""An event as one sentence speaks of it: its words, and whom, where and when they mean.

A *reading* is what the encoder finds; a *node* is the reading with its names, place and days resolved.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stillon.extraction.casting import ALONE, OFFICES, REACH, is_party, names_event
from stillon.extraction.dating import Dates, day_of_another
from stillon.extraction.encoder import Statements, Told
from stillon.extraction.heads import WITHIN, away_from
from stillon.extraction.lexicon import load_table
from stillon.extraction.people import Entity, Names, is_title
from stillon.extraction.planned import OFF, by_former_day, by_new_day
from stillon.extraction.sources import Saying
from stillon.extraction.turns import by_its_words
from stillon.extraction.wording import (
    LEAD,
    WORD,
    empty,
    generic,
    head_noun,
    kin,
    nouns,
    parties_in,
    preparing_last,
    series,
    unneeded,
    verb_in,
    verbs,
)
from stillon.model import EventReading, Kind, Report, Span, Status, TimeExpression, When

ENDED = frozenset({Status.HELD, Status.UNDER_WAY})


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
    whose: tuple[Entity, ...]
    """By whom it is told from others: of a speech or testimony who is heard, else whose it is or who takes part."""
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
    indefinite: bool
    """True for "a meeting" and "another one"."""
    gathering: str | None
    """The standing gathering that the words name ("the G-20 summit")."""
    to_press: bool
    """True for a conference or briefing to the press, which is no part of what it is about."""


@functools.cache
def _no_places() -> frozenset[str]:
    """Words that are read as a place and name none."""
    return frozenset(load_table("events")["no_places"]["words"])


_TOPIC = re.compile(r"\s+((?:on|over|about|of|against|for)\s(?:\S+\s){0,5}\S+)")
TOPIC_WORDS = 6
"""Most words of what an event is about that its name keeps."""
_INDEFINITE = re.compile(r"(?:an?|another)\s", re.IGNORECASE)
_BILLS = frozenset({"law", "legislation", "act", "measure"})
"""What a bill is called as well."""
_TO_PRESS = re.compile(r"\b(?:press|news|media)\s(?:conference|briefing|availability)|\bpresser\b", re.IGNORECASE)
_AT_EVENT = re.compile(r"(?:[a-z’'-]+\s){1,4}(?:in|at)\s(?:the\s)?([A-Z].*)")
"""An event with its place, read whole as a place ("their summit in Vienna")."""
_PLACE = re.compile(
    r"[A-Z]|\b(?:palace|hall|stadium|arena|court(?:house|room)?|headquarters|embassy|consulate|hotel|square|airport|church"
    r"|mosque|cathedral|campus|school|cent(?:er|re)|park|theat(?:er|re)|building|hospital|base|resort|library|museum"
    r"|office|chamber|plaza|ballroom|prison|jail|port|island|border|villa|estate|ranch)s?\b"
)
"""Words for a place: a name, or a venue."""
_NO_VENUE = re.compile(r"\b(?:Department|Committee|Agency|Bureau|Party|Association|Commission|Administration)\b")
"""Bodies that are no place, though they carry a place's name."""
_SPEAK_TO = re.compile(
    r"(?:to )?(?:sp(?:ea|o)k(?:e|en|ing|s)?|talk(?:ed|ing)?)\b.*\b(?:to|with|phone|telephone)\b"
    r"(?!\s(?:the\s)?(?:reporters|media|press|journalists|supporters|crowds?|students|workers|employees|public)\b)"
)
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
_PARTICLES = frozenset({"up", "out", "off", "down", "over", "away", "back"})
"""What belongs to a verb ("ratchet up")."""
_DETERMINED = re.compile(r"\s(?:the|a|an|its|his|her|their|this|that)\s")
MODIFIERS = 2
"""Most words before an event's noun that its name keeps."""
_POINTS = re.compile(r"^(?:the|this|that|these|those|it|its|his|her|their|such)\b", re.IGNORECASE)
_POINTED = re.compile(r"\b(?:[Tt]he|[Tt]h(?:is|at|ese|ose)|[Tt]heir) $")
_WORK_ON = re.compile(
    r"\b(?:work|working|preparations?|planning|plans)\s(?:on|for|towards?)(?:\s(?:the|a|an|its|their))?\s$"
)


def _whose(kind: Kind, told: tuple[Entity, ...], heard: Sequence[tuple[Entity, ...]]) -> tuple[Entity, ...]:
    """By whom an event is told from others; of a speech nobody, where those it is read of only listen."""
    if kind in ALONE and (heard[0] or heard[1]):
        return heard[0] or heard[1]
    return () if kind is Kind.SPEECH else told


def _series_of(words: Sequence[str], kind: Kind) -> str | None:
    """ "next" or "last" where words set an event apart from others of a series; "new tariffs" are no further ones."""
    telling = (series()[w] for w in words if w in series() and not (kind is Kind.MEASURE and w in _NEW))
    return next(telling, None)


def _gathering(words: str) -> str | None:
    """The standing gathering that words name, in capitals and figures alone."""
    found = _GATHERING.search(words)
    return re.sub(r"[^A-Za-z0-9]", "", found[0]).upper() if found else None


_GATHERING = re.compile(
    r"\b(?:[Gg]-?\s?\d+|[Gg]roup of \w+|NATO|Nato|APEC|ASEAN|E\.?U\b\.?|U\.?N\b\.?|OPEC|BRICS|Olympics?|World Cup)"
)
_OWN_SUMMIT = re.compile(r"\b[A-Z0-9][\w’'-]*\sSummit\b")
"""A summit by a name of its own ("the Harbour 100 Summit")."""
_GOES_ON_WITH = re.compile(r"\b(?:continu|resum|extend|go(?:es)? on|ongoing)", re.IGNORECASE)
_PART_OF = re.compile(r"(?:an?\s|the\s)?\w+\s(?:day|round|hour|week)s?\sof\b", re.IGNORECASE)
"""A part of one event ("a second day of talks"), that is no further one."""
_PART_BEFORE = re.compile(
    _PART_OF.pattern + r"\s(?:(?:the|a|an|its|his|her|their|(?:[\w’'.-]+\s){0,2}\w+[’']s?)\s)?$", re.IGNORECASE
)
_MOVES_BILL = re.compile(
    r"(?:to\s)?(?:mov|pass|push|get|tak|bring|pull|rush|ram|advanc)(?:e|es|ed|ing|s)?\s"
    r".*\b(?:through|out of|to the floor of|up in|in|from)\s"
    r"(?:the\s|either\s|both\s|each\s)?(?:House|Senate|Congress|[Cc]hambers?|[Pp]arliament|[Cc]ommittee|floor)\b",
    re.IGNORECASE,
)
_MEET = re.compile(r"(?:to\s)?(?:meets?|met|meeting|convenes?|convened)")
_IN_ORDER_TO = re.compile(r"[^;“”]{0,60}?\s(?:to|and)\s")
"""What stands between a body's meeting and the step for which it meets."""
_NEW = frozenset({"new", "additional", "further"})


_PLANNED = frozenset({Status.SCHEDULED, Status.ANNOUNCED, Status.GOING_AHEAD})
_WAS_TO_BE = re.compile(
    r"\b(?:schedul|plan|suppos|set|due|expect|slated|announc|originally|would|could|might|to\b|want|invit|hope)",
    re.IGNORECASE,
)
"""Words of a plan that may have come to nothing."""
_THE = re.compile(r"(?:the|this|that)\s[\w-]+$", re.IGNORECASE)


def _is_kin(kind: Kind, noun: str | None) -> bool:
    """True where a noun may name an event of the kind, or one of any."""
    other = nouns().get(noun or "")
    return other is None or noun in generic() or other is kind or frozenset((str(other), str(kind))) in kin()


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


class Page(Dates):
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
        super().__init__(report, names, times, sayings, title_times=title_times)
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

    def number(self, offset: int, in_title: bool) -> int:
        """Number of the sentence at `offset`, -1 for the title."""
        return -1 if in_title else self.names.sentence_number(offset)

    def sorted_out(self, readings: Sequence[EventReading]) -> list[EventReading]:
        """The readings without what belongs to another one of their sentence.

        A place right behind the name of another event is that event's, and what is said of a meeting that
        prepares an event is not said of the event.
        """
        readings = [r for r in readings if not self._meets_for(r, readings)]
        self.hear_of(readings)
        self.know(readings)
        placed = [replace(r, where=None) if self._of_another(r, readings) else r for r in readings]
        meant = [replace(r, status=None) if self._prepared(r, readings) else r for r in placed]
        return [replace(r, when=None) if day_of_another(r, meant) else r for r in meant]

    def _meets_for(self, reading: EventReading, readings: Sequence[EventReading]) -> bool:
        """True where a body only meets to take another one's step: "the panel will meet on Friday to vote on it"."""
        text = self.text(reading.in_title)
        if reading.kind is not Kind.MEETING or not _MEET.fullmatch(reading.event.of(text)):
            return False
        return any(
            other.in_title == reading.in_title
            and other.kind in (Kind.VOTE, Kind.HEARING)
            and _IN_ORDER_TO.fullmatch(text, reading.event.end, max(reading.event.end, other.event.start))
            for other in readings
        )

    def _prepared(self, reading: EventReading, readings: Sequence[EventReading]) -> bool:
        before = self.text(reading.in_title)[max(0, reading.event.start - REACH) : reading.event.start]
        return bool(preparing_last().search(before)) and any(
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
        reading = by_former_day(by_its_words(reading, text), text)
        before = text[max(0, reading.event.start - REACH) : reading.event.start]
        goes_on = reading.cue is not None and _GOES_ON_WITH.search(reading.cue.of(text))
        if reading.kind is Kind.TALKS and reading.status is Status.GOING_AHEAD and goes_on:
            reading = replace(reading, status=Status.UNDER_WAY)
        if reading.status is Status.UNDER_WAY and (_WORK_ON.search(before) or preparing_last().search(before)):
            reading = replace(reading, status=Status.GOING_AHEAD)  # what is under way is the work on it
        words = self.whole(reading.event, in_title).of(text)
        parties = self.parties(reading, words)
        place = self._place(reading)
        first = [w.lower() for w in WORD.findall(words)[:4]]
        verb = verb_in(words)
        called = verbs()[verb] if verb else head_noun(words)
        noun = "bill" if called in _BILLS else called
        if reading.kind is Kind.MEASURE and _MOVES_BILL.match(words):
            reading = replace(reading, kind=Kind.VOTE)
        pale = reading.status is None and _THE.match(words) is not None and not _is_kin(reading.kind, noun)
        if noun in nouns() and (reading.kind is Kind.OTHER or pale):
            reading = replace(reading, kind=nouns()[noun])
        if (
            reading.kind is Kind.CONFERENCE
            and noun == "summit"
            and not (_gathering(words) or _OWN_SUMMIT.search(words))
        ):
            reading = replace(reading, kind=Kind.MEETING)
        if reading.status in OFF and (_PART_OF.match(words) or _PART_BEFORE.search(before)):
            reading = replace(reading, status=None, score=0.0)  # a day of it is not the whole
        spoken_to = reading.kind in (Kind.SPEECH, Kind.MEETING) and bool(_SPEAK_TO.match(reading.event.of(text)))
        if spoken_to:
            reading, noun = replace(reading, kind=Kind.CALL), "call"
        when = self.when(reading)
        reading = by_new_day(reading, when, text)
        was = self.was(reading)
        if reading.status in ENDED and self.lies_ahead(when):
            reading = replace(reading, status=Status.SCHEDULED)  # what lies ahead was not held
        cue = reading.cue.of(text) if reading.cue else ""
        if reading.status in _PLANNED and self.lies_behind(when) and not _WAS_TO_BE.search(cue):
            reading = replace(reading, status=Status.HELD)  # and what lies behind is no plan
        own = [w for w in WORD.findall(LEAD.sub("", words).lower()) if w != noun and w not in empty()]
        core, topic = ("call", "") if spoken_to else self._core(reading.event, called, in_title)
        phrase = self._phrase(reading.event, in_title)
        bare = bool(_POINTS.match(words) or _POINTED.search(before)) and noun is not None and not own
        anaphor = bare and not ((when and when.start) or was)
        who = tuple(e for e in parties.who if e.name != place)
        heard = [tuple(e for e in each if e.kind == "person") for each in (parties.named, who)]
        return Node(
            reading=reading,
            words=words,
            noun=noun,
            who=who,
            named=parties.named,
            whose=_whose(reading.kind, parties.named or who, heard),
            bodies=parties.bodies,
            place=place,
            when=when,
            was=was,
            verb=verb is not None,
            leads=in_title,
            series=None if reading.kind is Kind.TALKS and _PART_OF.match(words) else _series_of(first, reading.kind),
            bare=bare,
            anaphor=anaphor,
            others=parties.others,
            number=self.number(reading.event.start, in_title),
            around=self.around(reading),
            core=core,
            topic=topic,
            phrase=phrase,
            doing=bool(_DO.search(before)),
            indefinite=bool(_INDEFINITE.match(words) or re.search(r"\b[Aa]n?\s$", before)),
            gathering=_gathering(words),
            to_press=bool(_TO_PRESS.search(words)),
        )

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
        if own := next((e.name for e in self.named(event, in_title) if names_event(e)), None):
            return own, ""
        whose = bool(parties_in(words))
        spare = [
            m.span for m in self.names.mentions_in(event, in_title=in_title) if not (whose and is_party(m.entities[0]))
        ]
        times = [t for t in self._times[in_title] if event.covers(t.span)]
        spare += [t.span for t in times]
        kept = [
            m[0]
            for m in WORD.finditer(words, 0, at)
            if not any(s.overlaps(Span(event.start + m.start(), event.start + m.end())) for s in spare)
            and len(m[0]) > 1
            and m[0].lower() not in unneeded()
            and not (m[0][0].isupper() and is_title(m[0]))
            and not LEAD.match(m[0] + " ")
        ]
        if kept and words.startswith(kept[0]) and self._is_done(event, kept[0], in_title):
            kept = kept[1:]  # "withdraw the harbour bill"
            kept = kept[1:] if kept and kept[0] in _PARTICLES else kept
        kept = kept[len(kept) - kept[::-1].index("of") :] if "of" in kept else kept
        if not kept and noun in _BILLS | {"bill"} and not in_title:
            kept = self._introduced(noun, event.start)
        topic = _TOPIC.match(words, at + len(noun))
        if topic and any(t.span.start - event.start in range(topic.start(1), topic.start(1) + 8) for t in times):
            topic = None  # "on March 4" is when, and not what about
        behind = Span(event.start + at, event.end)
        named = self.named(behind, in_title) if topic else []
        people = topic and topic[1].startswith("of ") and (named or OFFICES.search(topic[1]))
        people = people or (topic and topic[1].startswith("for ") and any(e.kind == "person" for e in named))
        about = re.sub(r"(?:\s(?:in|on|at|of|and|the|to|with|for|by|from))+$", "", topic[1]) if topic else ""
        return " ".join([*kept[-MODIFIERS:], noun]), "" if people else about

    def _is_done(self, event: Span, verb: str, in_title: bool) -> bool:
        """True where an event's words begin with what is done to it, and not with a word of its name."""
        text = self.text(in_title)
        if _DO.search(text, max(0, event.start - REACH), event.start):
            return True
        return verb.endswith("ing") and bool(_DETERMINED.match(text, event.start + len(verb)))

    def _introduced(self, noun: str, before: int) -> list[str]:
        """The words with which the text brought in what it calls "the bill": "an extradition bill"."""
        found = [
            m[1].split() for m in re.finditer(rf"\b[Aa]n?\s((?:[a-z-]+\s){{1,2}}){noun}\b", self.report.text[:before])
        ]
        return [word for word in found[-1] if word not in unneeded()] if found else []

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

    def _place(self, reading: EventReading) -> str | None:
        text = self.text(reading.in_title)
        if reading.where is None:
            inside = self.names.within(reading.event, reading.in_title)
            tail = [
                e.name for s, e in inside
                if e.kind == "place" and re.search(r"\b(?:in|at)\s+(?:the\s+)?$", text[reading.event.start : s.start])
            ]  # fmt: skip
            return tail[0] if tail else None
        where = self.whole(reading.where, reading.in_title)
        words = re.sub(r"^(?:(?:in|at|on|to|of|near|inside|outside|led)\s+)?(?:the\s+)?", "", where.of(text).strip())
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
