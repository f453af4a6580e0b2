"""Happenings that are named in passing, which the encoder, made to find statements, leaves out.

Four patterns: something of a kind that "took place" or went some way, a noun of the table with the two who take part
in it ("Lund and Voss's phone call", "talks with Brod"), what somebody said something at ("told reporters during a news
conference"), and what is due by a day. Nouns and verbs stand in events.toml.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from itertools import chain

from stillon.extraction.lexicon import load_table
from stillon.extraction.people import Names
from stillon.extraction.wording import IN
from stillon.model import EventReading, Kind, Report, Span, Status, TimeExpression

SURE = 0.9
"""Score of what the patterns find: somewhat under what the encoder is sure of."""
MODIFIERS = 3
"""Most words between whose event it is and its noun ("Lund's first White House talks")."""


def may_name_happenings(report: Report) -> bool:
    """False where no pattern can find anything, whoever its names are."""
    patterns = (_noun(), _happened(), _setting(), _DUE, _MADE_LAW)
    return any(pattern.search(report.text, report.body_start) for pattern in patterns)


def read_passing(
    report: Report, names: Names, times: Sequence[TimeExpression], known: Sequence[EventReading]
) -> list[EventReading]:
    """Readings of the patterns in the text of `report`, save where one of `known` stands."""
    taken = [r.event for r in known if not r.in_title]
    found = []
    patterns = (_took_place(report, names, times), _between(report, names), _where_said(report, names, times))
    for reading in chain(*patterns, _due(report, names, times), _made_law(report, names, times)):
        if not any(reading.event.overlaps(span) for span in taken):
            taken.append(reading.event)
            found.append(reading)
    return found


@functools.cache
def _kinds() -> dict[str, Kind]:
    table = load_table("events")
    named = {kind: table["nouns"][kind] for kind in table["passing"]["kinds"]}
    named["conference"] = table["passing"]["settings"]["conference"]
    return {noun: Kind(kind) for kind, nouns in named.items() for noun in nouns}


@functools.cache
def _noun() -> re.Pattern[str]:
    nouns = "|".join(sorted(map(re.escape, _kinds()), key=len, reverse=True))
    return re.compile(rf"\b(?:{nouns})\b", re.IGNORECASE)


@functools.cache
def _happened() -> re.Pattern[str]:
    """A noun phrase or a bare ordinal, then a verb that says it happened."""
    series = "|".join(load_table("events")["series"]["last"])
    verbs = "|".join(load_table("events")["passing"]["happened"])
    return re.compile(
        rf"\b(?P<event>(?:the|their|its|his|her|a|an|that|this)\s+(?:[\w’'-]+\s+){{0,4}}?"
        rf"(?:{_noun().pattern}|(?:{series})))\s+(?P<cue>{verbs})\b",
        re.IGNORECASE,
    )


def _took_place(report: Report, names: Names, times: Sequence[TimeExpression]) -> Iterable[EventReading]:
    for match in _happened().finditer(report.text, report.body_start):
        event, cue = Span(*match.span("event")), Span(*match.span("cue"))
        sentence = names.sentence_at(event.start)
        behind = Span(cue.end, max(cue.end, sentence.end))
        places = [s for s, e in names.within(behind) if e.kind == "place"]
        days = [t.span for t in times if behind.covers(t.span)]
        noun = _noun().search(event.of(report.text))
        yield EventReading(
            event=event,
            kind=_kinds()[noun[0].lower()] if noun else Kind.MEETING,
            status=Status.HELD,
            cue=cue,
            who=(event,) if noun is None else (),
            where=places[0] if places else None,
            when=days[0] if days else None,
            sentence=sentence,
            passing=True,
            score=SURE,
        )


def _between(report: Report, names: Names) -> Iterable[EventReading]:
    text = report.text
    for match in _noun().finditer(text, report.body_start):
        noun = Span(*match.span())
        sentence = names.sentence_at(noun.start)
        owners = _owners(names, text, sentence, noun)
        others = _others(names, text, sentence, noun)
        who = [*owners, *others]
        people = {e for span in who for _, e in names.within(span) if e.kind in ("person", "place")}
        if len(people) < 2 or not _is_over(text, sentence, min([noun, *owners]), noun):
            continue
        start = min([s.start for s in owners] or [noun.start])
        yield EventReading(
            event=Span(start, max([noun.end, *(s.end for s in others)])),
            kind=_kinds()[match[0].lower()],
            status=Status.HELD,
            cue=noun,
            who=tuple(who),
            where=next((s for s, e in names.within(Span(start, noun.end)) if e.name in seats()), None),
            sentence=sentence,
            passing=True,
            score=SURE,
        )


def _where_said(report: Report, names: Names, times: Sequence[TimeExpression]) -> Iterable[EventReading]:
    """What somebody said something at: "Lund told reporters during a news conference with Brod in Oslo"."""
    text = report.text
    for match in _setting().finditer(text, report.body_start):
        event = Span(*match.span("event"))
        sentence = names.sentence_at(event.start)
        if not _SAID.search(text, sentence.start, sentence.end):
            continue
        persons = [
            m.span
            for m in names.mentions_in(Span(sentence.start, max(sentence.start + 1, event.start)))
            if any(e.kind == "person" for e in m.entities)
        ]
        if not persons and text[sentence.start : match.start()].strip(' "“') == "":
            persons = _whom_it_is_told_of(names, text, Span(event.end, max(event.end + 1, sentence.end)))
        who = [*persons[-1:], *_others(names, text, sentence, event)]
        if not who:
            continue
        behind = Span(event.end, max(event.end + 1, min(sentence.end, event.end + SETTING_CHARACTERS)))
        days = [t.span for t in times if behind.covers(t.span) or event.covers(t.span)]
        places = [s for s, e in names.within(behind) if e.kind == "place" and IN.search(text, behind.start, s.start)]
        yield EventReading(
            event=event,
            kind=_setting_kinds()[match["noun"].lower()],
            status=Status.HELD,
            cue=Span(*match.span("how")),
            who=tuple(who),
            where=places[0] if places else None,
            when=days[0] if days else None,
            sentence=sentence,
            passing=True,
            score=SURE,
        )


def _whom_it_is_told_of(names: Names, text: str, behind: Span) -> list[Span]:
    """Who stands first behind the comma of a setting that opens its sentence ("At a hearing on Monday, Lund said")."""
    comma = text.find(", ", behind.start, min(behind.end, behind.start + SETTING_CHARACTERS))
    if comma < 0:
        return []
    near = names.mentions_in(Span(comma, min(behind.end, comma + SETTING_CHARACTERS)))
    return [m.span for m in near if any(e.kind == "person" for e in m.entities)][:1]


def _due(report: Report, names: Names, times: Sequence[TimeExpression]) -> Iterable[EventReading]:
    """What is to be agreed by a day, or ends on one: "an accord by the end of June", "its mandate expires Friday"."""
    days = {t.span.start: t.span for t in times if t.start}
    for match in _DUE.finditer(report.text, report.body_start):
        if when := days.get(match.end()):
            event = Span(*match.span("event"))
            yield EventReading(
                event=event,
                kind=Kind.DEADLINE,
                status=Status.SCHEDULED,
                cue=Span(*match.span("cue")),
                when=when,
                sentence=names.sentence_at(event.start),
                score=SURE,
            )


_DUE = re.compile(
    r"(?P<event>\b(?:(?!(?:by|and|or|but|that|which|to|for)\b)[\w’'-]+\s){0,3}"
    r"(?:(?:deal|agreement|accord|framework|pact|treaty|compromise)(?=\s(?:[\w’'-]+\s){0,4}?by\s)"
    r"|(?:expires?|lapses?|runs?\sout)(?=\s)))\s(?:[\w’'-]+\s){0,4}?(?P<cue>by|on|at)\s(?=\w)"
)


def _made_law(report: Report, names: Names, times: Sequence[TimeExpression]) -> Iterable[EventReading]:
    """The last vote on a bill, told without the noun: "get a bill to the president's desk", "both houses must pass it".

    It is the vote of the chambers that the report names.
    """
    text = report.text
    chambers = [e.spans[0] for e in names.entities if e.spans and e.name in _chambers()]
    for match in _MADE_LAW.finditer(text, report.body_start):
        event = Span(*match.span(match.lastgroup or 0))
        sentence = names.sentence_at(event.start)
        behind = Span(event.end, max(event.end + 1, min(sentence.end, event.end + SETTING_CHARACTERS)))
        if len(chambers) > 1:
            yield EventReading(
                event=event,
                kind=Kind.VOTE,
                status=Status.ANNOUNCED,
                cue=event,
                who=tuple(chambers[:2]),
                when=next((t.span for t in times if behind.covers(t.span)), None),
                sentence=sentence,
                score=SURE,
            )


@functools.cache
def _chambers() -> frozenset[str]:
    """Names of the chambers of parliaments."""
    return frozenset(load_table("events")["passing"]["chambers"])


_MADE_LAW = re.compile(
    r"\b(?:to|can|could|will|would|must|should|may|might|is|be|gets?|and)\s"
    r"(?P<event>(?:get|send|sent|put|deliver|delivered)\s(?:[\w’'-]+\s){0,6}?(?:to|on|onto)\s"
    r"(?:the\s(?:president|governor)|(?:[A-Z][\w.]*\s){0,2}[A-Z][\w’'-]+?)[’']s?\sdesk)\b"
    r"|\b(?P<both>(?:both|each)\s(?:chambers?|houses?)(?:\sof\s(?:Congress|[Pp]arliament))?\s"
    r"(?:must|will|would|needs?\sto|ha(?:s|ve)\sto)\s(?:still\s|then\s|now\s)?(?:pass|approve|adopt|vote))\b"
)


@functools.cache
def _setting_kinds() -> dict[str, Kind]:
    settings = load_table("events")["passing"]["settings"]
    return {noun: Kind(kind) for kind, nouns in settings.items() for noun in nouns}


@functools.cache
def _setting() -> re.Pattern[str]:
    nouns = "|".join(sorted(map(re.escape, _setting_kinds()), key=len, reverse=True))
    return re.compile(
        rf"\b(?P<how>during|at|in|after|following)\s"
        rf"(?P<event>(?:an?|the|his|her|their|this|that|\w+day[’']s)\s(?:[\w’'-]+\s){{0,3}}?(?P<noun>{nouns}))\b",
        re.IGNORECASE,
    )


_SAID = re.compile(
    r"\b(?:said|told|asked|added|called|declared|insisted|repeated|noted|responded|answered|refused|announced|vowed"
    r"|warned|acknowledged|defended|criticized|dismissed|declined|suggested|pressed|grilled|challenged|testified"
    r"|offered|argued|explained|pledged|promised|urged|spoke|described|praised|attacked|blasted|questioned|made)\b"
)
SETTING_CHARACTERS = 60
"""How far behind an event where something was said its place and day may stand."""


def _owners(names: Names, text: str, sentence: Span, noun: Span) -> list[Span]:
    """Who stands before the noun as its owner: "his", "Lund’s", "Lund and Voss’s"."""
    before = [m for m in names.mentions_in(Span(sentence.start, noun.start)) if m.span.end <= noun.start]
    owner = next((m for m in reversed(before) if _owns(text, m.span, noun)), None)
    if owner is None:
        return []
    first = before[before.index(owner) - 1] if before.index(owner) else None
    joined = first is not None and re.fullmatch(r"\s*(?:and|–|-)\s*", text[first.span.end : owner.span.start])
    return [first.span, owner.span] if first is not None and joined else [owner.span]


def _owns(text: str, owner: Span, noun: Span) -> bool:
    between = text[owner.end : noun.start]
    mark = re.match(r"['’]s?\s", between)
    if mark is None and owner.of(text).lower() not in ("his", "her", "their", "its"):
        return False
    return len(between[mark.end() if mark else 0 :].split()) <= MODIFIERS and not re.search(r"[,;:.]", between)


def _others(names: Names, text: str, sentence: Span, noun: Span) -> list[Span]:
    """Who stands behind it: "between A and B", "with C"."""
    link = re.match(r"\s+(?:between|with)\s+", text[noun.end : sentence.end])
    if link is None:
        return []
    start, found = noun.end + link.end(), []
    for mention in names.mentions_in(Span(start, sentence.end)):
        gap = text[start : mention.span.start]
        if len(gap.split()) > 5 or re.search(r"[;:.]\s|\b(?:to|on|in|at|that|which|about|over|was|were|is)\b", gap):
            break
        found.append(mention.span)
        start = mention.span.end
        if len(found) == 2:
            break
    return found


@functools.cache
def _over() -> re.Pattern[str]:
    return re.compile("|".join(load_table("events")["passing"]["over"]), re.IGNORECASE)


@functools.cache
def _to_come() -> re.Pattern[str]:
    return re.compile("|".join(load_table("events")["passing"]["to_come"]), re.IGNORECASE)


def _is_over(text: str, sentence: Span, first: Span, noun: Span) -> bool:
    """True when the words around an event say that it lies behind; of those before it, the nearest decides."""
    before = text[max(sentence.start, first.start - NEAR) : noun.start]
    over = max((m.end() for m in _over().finditer(before)), default=-1)
    to_come = max((m.end() for m in _to_come().finditer(before)), default=-1)
    if over < 0 and to_come < 0:
        return bool(_WENT.search(text[noun.end : sentence.end]))
    return over > to_come


NEAR = 30
"""Characters before an event in which words may say that it is over."""
_WENT = re.compile(r"^[^,;.]{0,60}\b(?:went|ended|concluded|lasted)\b")


@functools.cache
def seats() -> frozenset[str]:
    """Houses that give a meeting its place."""
    return frozenset(load_table("events")["passing"]["seats"])
