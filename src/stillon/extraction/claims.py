"""Sayings made claims about the events of a report; what no saying covers is the report's own voice.

A saying bears on the event read inside it, else on the one that the sentences around it speak of.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from stillon.extraction.casting import hears
from stillon.extraction.joining import Group
from stillon.extraction.lexicon import load_table
from stillon.extraction.nodes import Node, Page
from stillon.extraction.people import Entity
from stillon.extraction.planned import OFF
from stillon.extraction.sentences import split_sentences
from stillon.extraction.sources import Saying
from stillon.extraction.wording import WORD, nouns, verbs
from stillon.model import Claim, Kind, Mention, Span, Status, TimeExpression, share_a_day

CLAIMS_MOST, SILENT_LEAST = 25, 10
"""Sayings that name no event are taken to bear on one until a report has so many claims, but so many at least."""
NOBODY_SURE = 0.5
"""Share of "none" from which the encoder does not say which event a statement is about."""
BEFORE = 3
"""Sentences before such a statement in which its event may stand."""
LEAST_WORDS = 3
"""Words that a piece of a saying must have to be a claim of its own."""


@functools.cache
def _bearing_words(sort: str) -> frozenset[str]:
    """Words of planning ("plan"), of what may or must be ("modal"), or of who speaks ("we")."""
    return frozenset(load_table("bearing")["words"][sort])


_JOINED_ON = re.compile(
    r"[,;]?\s+(?:and|but|or)\s+that\s+"
    r"|[,;]?\s+(?:and|but)\s+(?=[“\"])"
    r"|,\s+(?=(?:which|who|when|where|while|although|though|even though)\s[^,;—]*$)"
    r"|,\s+(?=(?:leaving|adding|implying|coinciding|noting|saying)\s[^,;—]*$)"
    r"|\s+even though\s+|\s+[—–]\s+(?=while\s)"
)
"""What joins one more statement on to a statement."""


def _statements(text: str, sentence: Span) -> list[Span]:
    """The statements of a sentence, cut where one more is joined on; scraps stay with their neighbours."""
    cuts = [sentence.start]
    for joint in _JOINED_ON.finditer(text, sentence.start, sentence.end):
        before, behind = text[cuts[-1] : joint.start()], text[joint.end() : sentence.end]
        if min(len(before.split()), len(behind.split())) >= LEAST_WORDS:
            cuts += [joint.start(), joint.end()]
    cuts.append(sentence.end)
    return [Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=True)]


class Points(NamedTuple):
    """What the words of a statement, and who makes it, tell of its event beside what the encoder makes of them."""

    bodies: frozenset[Entity]
    """Bodies named that hear or vote."""
    days: tuple[TimeExpression, ...]
    speaker: frozenset[Entity]

    def fit(self, group: Group) -> float:
        """By what the share of an event is multiplied."""
        who, fit = set(group.who()), 1.0
        if self.bodies & who:
            fit *= BODY_NAMED
        windows = [w for n in group.nodes for w in (n.when, n.was) if w and w.start and w.end]
        if self.days and windows:
            fit *= DAY_NAMED if any(share_a_day(day, w) for day in self.days for w in windows) else 1 / DAY_NAMED
        if self.speaker & who and group.is_over() and group.kind() in HEARD_AT:
            fit *= SETTING
        return fit


BODY_NAMED, DAY_NAMED, SETTING = 2.0, 1.5, 0.3
"""By what it is likelier that a statement is about an event before a body that it names, or of a day that it names;
and that it is about the speech or call in which it was made."""
DOUBTFUL = 0.5
"""The same for an event that may not be worth its place."""
HEARD_AT = frozenset({Kind.SPEECH, Kind.CONFERENCE, Kind.CALL})
"""Kinds of event at which things are said of other events."""


class Claims:
    """Makes the claims of one report."""

    def __init__(
        self, page: Page, groups: Sequence[Group], mentions: dict[int, Mention], doubtful: Collection[int] = ()
    ) -> None:
        self.doubtful = doubtful
        self.page = page
        self.groups = groups
        self.mentions = mentions
        self.read = sorted(
            ((n, g) for g in groups for n in g.nodes),
            key=lambda pair: (pair[0].number, pair[0].reading.event.start),
        )
        self.main = max(groups, key=Group.weight, default=None)
        self._about: dict[tuple[bool, Span], dict[int, float]] = {}
        self.parts = [(part, self._inside(part)) for whole in page.sayings for part in self._parts(whole)]
        """What is said, cut into statements, each with what is read inside it."""
        self.spoken = Counter(s.sources[-1].name for s in page.sayings if s.sources)

    def all(self) -> tuple[Claim, ...]:
        """Claims of sayings and of the report's own voice, title first, then in the order of the text."""
        made: list[Claim] = []
        told: set[int] = set()
        for saying, inside in self.parts:
            told.update(id(n) for n, _ in inside)
            for node, group in inside:
                if self._aside(node, group):
                    part = node.reading.event
                    made.append(self._claim(replace(saying, content=(part,), span=part), node, group))
            made += self._said(saying, [(n, g) for n, g in inside if not self._aside(n, g)])
        own = self._in_own_voice(told)
        silent = self.silent()
        ranked = sorted(((self._bearing(s, g), i) for i, (s, g) in enumerate(silent) if g), reverse=True)
        bearing = {i for _, i in ranked[: max(SILENT_LEAST, CLAIMS_MOST - len(made) - len(own))]}
        made += [self._claim(s, None, g if i in bearing else None) for i, (s, g) in enumerate(silent)]
        made += own
        made.sort(key=lambda c: (not c.in_title, c.span.start, c.span.end, len(c.sources)))
        seen: Counter[str] = Counter()
        out = []
        for rank, claim in enumerate(made):
            seen[claim.id] += 1
            again = f".{seen[claim.id]}" if seen[claim.id] > 1 else ""
            out.append(replace(claim, id=claim.id + again, rank=rank))
        return tuple(out)

    def _in_own_voice(self, told: set[int]) -> list[Claim]:
        """What the report says itself of its events, outside of what is `told` by others; no claim twice."""
        made: list[Claim] = []
        said: set[tuple[int, object]] = set()
        for node, group in self.read:
            reading = node.reading
            if id(node) in told or (reading.status is None and not self._alone_dates(node, group)):
                continue
            news = {(id(group), each) for each in (reading.status, node.when, node.was, node.place) if each}
            if not news <= said or reading.why or reading.condition:  # what it repeats is no second claim
                made.append(self._own(node, group))
                said |= news
        return made

    def _alone_dates(self, node: Node, group: Group) -> bool:
        """True for a reading without a status that gives the day of an event, of which no other does."""
        return bool(node.when and node.when.start) and not any(n.when for n in group.nodes if n.reading.status)

    def silent(self) -> list[tuple[Saying, Group | None]]:
        """The sayings that name no event, each with the one it may bear on."""
        return [(s, self._near(s)) for s, inside in self.parts if all(self._aside(n, g) for n, g in inside)]

    def _aside(self, node: Node, group: Group) -> bool:
        """True for an event that a saying names in passing: one that is over, where the report is of one to come."""
        over = node.reading.status is Status.HELD and group is not self.main
        return node.reading.passing or (over and self.main is not None and not self.main.is_over())

    def _inside(self, saying: Saying) -> list[tuple[Node, Group]]:
        return [(n, g) for n, g in self.read if n.reading.in_title == saying.in_title and self._holds(saying, n)]

    def _parts(self, saying: Saying) -> list[Saying]:
        """The saying cut into its sentences and pieces, since a claim is one statement; scraps left out."""
        text = self.page.text(saying.in_title)
        parts = [
            part
            for piece in saying.content
            for s in split_sentences(piece.of(text))
            for part in _statements(text, Span(piece.start + s.start, piece.start + s.end))
            if len(part.of(text).split()) >= LEAST_WORDS
        ]
        return [replace(saying, content=(part,), span=part) for part in parts] or [saying]

    def _holds(self, saying: Saying, node: Node) -> bool:
        """True when the saying's words carry the reading: its name or its cue stands in them."""
        event, cue = node.reading.event, node.reading.cue
        return any(p.overlaps(event) for p in saying.content) or (
            cue is not None and any(p.covers(cue) for p in saying.content)
        )

    def _is_shared(self, saying: Saying, node: Node) -> bool:
        """True when one says the name of the event and another the words that carry its status."""
        event, cue = node.reading.event, node.reading.cue
        if cue is None:
            return False
        named = any(p.overlaps(event) for p in saying.content)
        told = any(p.covers(cue) for p in saying.content)
        missing = cue if named else event
        others = (
            part
            for other, _ in self.parts
            if other is not saying and other.in_title == saying.in_title
            for part in other.content
            if not any(p.covers(part) for p in saying.content)
        )
        return named != told and any(part.overlaps(missing) for part in others)

    def _said(self, saying: Saying, inside: Sequence[tuple[Node, Group]]) -> list[Claim]:
        by_group: dict[int, tuple[Node, Group]] = {}
        for node, group in inside:
            known = by_group.get(id(group))
            if known is None or (known[0].reading.status is None and node.reading.status is not None):
                by_group[id(group)] = (node, group)
        return [self._claim(saying, node, group) for node, group in by_group.values()]

    def _shares(self, saying: Saying) -> dict[int, float]:
        """How likely a saying is to be about each group, by its identity; empty where nothing is known."""
        place = (saying.in_title, saying.span)
        if place not in self._about:
            shares = self.page.spoken_of(saying.span, saying.in_title, [n.reading for n, _ in self.read])
            of_group: dict[int, float] = {}
            for (_, group), share in zip(self.read, shares, strict=False):
                of_group[id(group)] = of_group.get(id(group), 0.0) + share
            self._about[place] = of_group
        return self._about[place]

    def _near(self, saying: Saying) -> Group | None:
        """The event that the saying is most likely about, as the encoder has it.

        Where that is not known: the one that its sentence speaks of, else the one that the report speaks of most.
        """
        if shares := self._shares(saying):
            told = self._points(saying)
            if 1 - sum(shares.values()) > NOBODY_SURE and not told.bodies and not told.days:
                return self._last_read(saying) or self.main
            return max(self.groups, key=lambda g: shares.get(id(g), 0.0) * told.fit(g) * self._doubt(g))
        here = self.page.number(saying.span.start, saying.in_title)
        near = [
            g
            for n, g in self.read
            if n.number == here and n.reading.in_title == saying.in_title and not self._aside(n, g)
        ]
        return near[-1] if near else self.main

    def _doubt(self, group: Group) -> float:
        return DOUBTFUL if id(group) in self.doubtful else 1.0

    def _points(self, saying: Saying) -> Points:
        named = {e for part in saying.content for _, e in self.page.names.within(part, saying.in_title)}
        origin = saying.sources[-1].span if saying.sources else None
        return Points(
            frozenset(e for e in named if hears(e)),
            self.page.times_in(saying.content, saying.in_title),
            frozenset(self.page.named(origin, saying.in_title) if origin else ()),
        )

    def _last_read(self, saying: Saying) -> Group | None:
        """The event that the sentences right before a saying speak of last."""
        here = self.page.number(saying.span.start, saying.in_title)
        near = [
            (n.number, n.reading.event.start, i)
            for i, (n, g) in enumerate(self.read)
            if not n.reading.in_title and here - BEFORE <= n.number <= here and not self._aside(n, g)
        ]
        return self.read[max(near)[2]][1] if near else None

    def _bearing(self, saying: Saying, group: Group) -> float:
        """How likely what is said bears on whether, when or why an event takes place; weights in bearing.toml."""
        weights = load_table("bearing")["weights"]
        return float(sum(weights[sign] * value for sign, value in self.signs(saying, group).items()))

    def signs(self, saying: Saying, group: Group) -> dict[str, float]:
        """What tells that a saying bears on an event, each from 0 to 1."""
        words = {w.lower() for w in WORD.findall(saying.span.of(self.page.text(saying.in_title)))}
        here = self.page.number(saying.span.start, saying.in_title)
        gap = min(abs(here - n.number) for n in group.nodes)
        told = min((n.number for n in group.nodes if n.reading.status), default=0)
        origin = saying.sources[-1] if saying.sources else None
        words_tell = self.page.told_by(saying.span, saying.in_title)
        return {
            "next_sentence": float(gap == 1),
            "two_away": float(gap in (2, 3)),
            "before": float(here < told),
            "early": 1.0 / (1.0 + here / 5.0),
            "event_noun": float(bool(words & {n.noun for n in group.nodes if n.noun})),
            "any_noun": float(not (words.isdisjoint(nouns()) and words.isdisjoint(verbs()))),
            "plan_word": float(not words.isdisjoint(_bearing_words("plan"))),
            "modal": float(not words.isdisjoint(_bearing_words("modal"))),
            "we": float(not words.isdisjoint(_bearing_words("we"))),
            "you": float("you" in words),
            "short": float(len(words) < 6),
            "direct": float(saying.quote == "direct"),
            "mixed": float(saying.quote == "mixed"),
            "unsourced": float(origin is None),
            "talkative": min(self.spoken[origin.name], 5) / 5 if origin else 0.0,
            "group": min(len(group.nodes), 6) / 6,
            "about": max(self._shares(saying).values(), default=0.0),
            "claims": words_tell.claims,
            "bears": words_tell.bears,
        }

    def _claim(self, saying: Saying, node: Node | None, group: Group | None) -> Claim:
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
        if node is not None:
            claim = _with_reading(claim, node, text)
        silent, shared = claim.status is None, node is not None and self._is_shared(saying, node)
        if claim.sources and group is not None and (silent or shared):
            status = self.page.told_by(saying.span, saying.in_title).status
            read = node is not None and node.reading.cue is not None
            claim = replace(claim, status=status or claim.status, implied=silent and status is not None and not read)
        return claim

    def _own(self, node: Node, group: Group) -> Claim:
        """The report's own voice: the sentence that carries the reading."""
        span = node.reading.sentence or node.reading.event
        saying = Saying(content=(span,), span=span, in_title=node.reading.in_title)
        return self._claim(saying, node, group)


def _with_reading(claim: Claim, node: Node, text: str) -> Claim:
    """The claim with what the reading says of its event."""
    reading = node.reading
    when, was = node.when, node.was
    if was is not None and when is None and reading.status in OFF:
        when, was = was, None
    status = reading.status
    if status is Status.ANNOUNCED and when is not None and when.precision.fixes:
        status = Status.SCHEDULED
    if status is Status.SCHEDULED and when is not None and when.start is None:
        status = Status.ANNOUNCED  # "soon" is no day
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
