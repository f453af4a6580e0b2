"""Who stands behind each statement: attributions as found turned into sayings with their chains.

An attribution gives three spans, source, cue and content. What is added here is read from the words
around them: the outlet told, the agency that reported it, whom "the official" means, who is cited,
whose belief is told inside the statement, when it was said, and what stands in quotation marks.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stillon.extraction.lexicon import load_table
from stillon.extraction.people import (
    Entity,
    Mention,
    Names,
    body_in,
    country_of,
    is_office,
    is_owner,
    role_before,
    same_entity_name,
)
from stillon.model import (
    Attribution,
    Day,
    Precision,
    QuoteType,
    Report,
    Source,
    SourceKind,
    Span,
    TimeExpression,
)

FAR_CHARS = 30
"""A source this many characters from its verb gives way to a name right beside the verb."""

TAG_CHARS = 220
"""How far before "Z reported", in characters, the tag of the quotation may begin that Z reports."""

NEAR_CHARS = 60
"""How far from source or cue, in characters, the day of a saying may stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One statement and everybody it comes through. Spans point into text, or title where `in_title`."""

    content: tuple[Span, ...]
    """Pieces of what is said, quotation marks, "that" and white space at the edges left out."""
    span: Span
    """From the first piece's start to the last one's end."""
    cue: str | None = None
    """Words that attribute it, the first piece of them; None where none do."""
    cue_span: Span | None = None
    """Where those words stand."""
    quote: QuoteType = "indirect"
    """Direct: all in quotation marks; mixed: some of it; indirect: none."""
    sources: tuple[Source, ...] = ()
    """The chain, nearest to the publisher first, the origin last; empty where no source is named."""
    also: tuple[Source, ...] = ()
    """Who said it together with the origin."""
    on: Day | None = None
    """Day it was said, when the words around tell it."""
    hedged: bool = False
    """The words around mark it as uncertain ("reportedly")."""
    in_title: bool = False
    """True when the spans point into the title."""
    nested: bool = False
    """True when it stands inside the content of another saying, as somebody's words or belief told there."""
    score: float = 1.0
    """The attribution's own score."""


_PLANNED = r"(?:\w+ly\s)?(?:expected|scheduled|slated|due|set|supposed|planned)"
_EXPECTED = re.compile(rf"(?:(?:is|are|was|were|be|been|being)\s)?{_PLANNED}\b")
_PASSIVE = re.compile(rf"\b(?:is|are|was|were|be|been|being|the|a|an|his|her|its|their)\s{_PLANNED}(?:\sto)?$")
"""What is expected of somebody, or planned: he need not have said it."""


def chain_sayings(
    report: Report,
    attributions: Sequence[Attribution],
    names: Names,
    times: Sequence[TimeExpression] = (),
    *,
    in_title: bool = False,
) -> list[Saying]:
    """The sayings of a text, in its order; of the title with `in_title`.

    One attribution gives one saying, more where outlets are credited side by side and where its content
    tells what another holds. Every source's name is the text of its span. Never raises for odd spans: those
    that hold nothing are left out.
    """
    text = (report.title or "") if in_title else report.text
    return _Chainer(report, text, names, times, in_title).run(attributions)


class _Chainer:
    """Goes through the attributions of one text once, and keeps which sources were named so far."""

    def __init__(
        self, report: Report, text: str, names: Names, times: Sequence[TimeExpression], in_title: bool
    ) -> None:
        self.report = report
        self.text = text
        self.names = names
        self.times = times
        self.in_title = in_title
        self.own = _own_names(report)
        self.past: list[tuple[Span, tuple[Source, ...]]] = []
        """(span of the source, whole chain) of each saying so far."""
        self.told: tuple[Span, ...] = ()
        """What is said by whom is being worked out."""

    def run(self, attributions: Sequence[Attribution]) -> list[Saying]:
        """All sayings, by the start of their content."""
        cleaned = [k for k in (self._cleaned(a) for a in attributions) if k is not None]
        kept = [k for k in map(self._mended, cleaned) if not self._by_plan(k)]
        kept = self._passed_on(self._handed_over(kept))
        kept.extend(self._signed(kept))
        kept.sort(key=lambda a: min(p.start for p in (*a.source, *a.cue, *a.content)))
        out: list[Saying] = []
        for attribution in kept:
            outer = self._outer(attribution, kept)
            out.extend(self._sayings(attribution, outer, kept))
        found = {(s.span, tuple(x.known_as for x in s.sources)): s for s in reversed(out)}
        return sorted(found.values(), key=lambda s: (s.span.start, s.span.end, len(s.sources)))

    # --- one attribution ------------------------------------------------------------------------

    def _cleaned(self, attribution: Attribution) -> Attribution | None:
        """The attribution with spans inside the text and none of them blank; None without content."""
        source, cue = self._inside(attribution.source), self._inside(attribution.cue)
        content = self._inside(attribution.content)
        return replace(attribution, source=source, cue=cue, content=content) if content else None

    def _inside(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        cut = (_shrink(self.text, max(0, s.start), min(s.end, len(self.text))) for s in spans)
        return tuple(sorted(s for s in cut if s is not None))

    def _mended(self, attribution: Attribution) -> Attribution:
        """The attribution with a source that lost words made whole, and one that is missing or far off found."""
        cue = attribution.cue[0] if attribution.cue else None
        source = attribution.source
        if cue is not None and (led := self._as_saying(cue)):
            content = tuple(replace(p, start=max(p.start, led.end())) for p in attribution.content if p.end > led.end())
            attribution = replace(attribution, content=content or attribution.content)
        if cue is not None and (not source or min(_gap(cue, s) for s in source) > FAR_CHARS):
            beside = self._subject(cue)
            if beside is not None and not any(beside.overlaps(c) for c in attribution.content):
                return replace(attribution, source=(beside,))
        if not source:
            return attribution
        whole = self._whole(
            _hull(source) if len(source) > 1 and _hull(source).end - source[0].start < 200 else source[0]
        )
        clear = not any(whole.overlaps(p) for p in (*attribution.content, *attribution.cue))
        return replace(attribution, source=(whole,)) if clear else attribution

    def _subject(self, cue: Span) -> Span | None:
        """Who stands right before a verb of saying, or right after it ("said Ann Lee"), or leads its clause."""
        low = self._sentence(cue.start).start
        lead = _SUBJECT_GAP.search(self.text, low, cue.start)
        edge = lead.start() if lead else cue.start
        word = _SUBJECT_WORD.search(self.text[low:edge])
        if word is not None:
            return Span(low + word.start(1), low + word.end(1))
        before = self.names.mentions_in(Span(low, cue.start), in_title=self.in_title) if low < cue.start else ()
        speakers = [m for m in before if m.entities[0].kind in ("person", "body", "group", "outlet")]
        if speakers and not self.text[speakers[-1].span.end : edge].strip():
            return speakers[-1].span
        phrase = _UNNAMED_SUBJECT.search(self.text[low:edge])
        if phrase is not None and phrase["head"].casefold() in _unnamed():
            return Span(low + phrase.start(), low + phrase.end())
        high = self._sentence(cue.start).end
        after = self.names.mentions_in(Span(cue.end, high), in_title=self.in_title) if cue.end < high else ()
        if after and after[0].entities[0].kind == "person" and after[0].by == "name":
            role = role_before(self.text, after[0].span.start, floor=cue.end)
            start = role.start if role else after[0].span.start
            if self.text[cue.end : start].strip() in ("", "the"):
                return Span(start, after[0].span.end)
        if re.match(r"\w+ing\b", self.text[cue.start : cue.end]):
            leading = [m for m in speakers if not self.names.quoted_in(m.span, in_title=self.in_title)]
            persons = [m for m in leading if m.entities[0].kind == "person"]
            return (persons or leading)[0].span if leading else None
        return None

    def _whole(self, span: Span) -> Span:
        """The span with the rest of a name that it cuts, and of the words that it begins or breaks off in."""
        sentence = self._sentence(span.start)
        start, end = span.start, span.end
        for mention in self.names.mentions_in(sentence, in_title=self.in_title):
            if mention.by != "pronoun" and mention.span.overlaps(span):
                start, end = min(start, mention.span.start), max(end, mention.span.end)
            elif mention.by == "name" and mention.entities[0].kind == "person" and mention.span.start >= end:
                role = role_before(self.text, mention.span.start, floor=sentence.start)
                if role is not None and role.start <= span.start and end <= role.end:
                    end = mention.span.end
        end = max(end, self._named_behind(Span(start, end), sentence))
        opening = re.match(r"(?:for|of|in|at|on|with|from)\s", self.text[start:end])
        if opening is not None:
            lead = re.search(r"(?:\b(?:[Aa]n?|[Tt]he|[Oo]ne)\s)(?:[\w’'-]+\s){1,4}$", self.text[sentence.start : start])
            start = sentence.start + lead.start() if lead else start
        return Span(start, end)

    def _named_behind(self, span: Span, sentence: Span) -> int:
        """Where the name ends that stands behind a role: "Ford's lawyer" + ", Ann Lee,", "Dole" + "aide Ann Lee"."""
        after = Span(span.end, max(span.end, sentence.end))
        name = next(iter(self.names.mentions_in(after, in_title=self.in_title)), None)
        if name is None or name.by != "name" or name.entities[0].kind != "person":
            return span.end
        between, words = self.text[span.end : name.span.start], span.of(self.text)
        if between == ", ":
            head = _head_phrase(words)[-1:]
            beside = self.text[name.span.end : name.span.end + 1] == "," and words.casefold().endswith(tuple(head))
            return name.span.end if head and beside and _is_role(head[0]) else span.end
        role = re.fullmatch(r"(?:\s[a-z][\w-]+){0,3}\s([a-z][\w-]+)\s", between)
        return name.span.end if role and words[:1].isupper() and _is_role(role[1]) else span.end

    def _by_plan(self, attribution: Attribution) -> bool:
        """True for what nobody said: "according to plan", and what somebody "is expected to" do."""
        words = " ".join(s.of(self.text) for s in attribution.source)
        if words in _documents() and any("according" in c.of(self.text).casefold() for c in attribution.cue):
            return True
        cue = attribution.cue[0] if attribution.cue else None
        if cue is None or not all(s.end <= cue.start for s in attribution.source):
            return False
        passive = _PASSIVE.search(self.text, max(0, cue.start - 40), cue.end)
        return passive is not None and _EXPECTED.match(self.text, cue.start) is not None

    def _signed(self, kept: Sequence[Attribution]) -> list[Attribution]:
        """Posts that carry their writer's name below ("— Ann Lee (@annlee) June 3, 2019"), of writers not known yet."""
        out, last = [], 0
        for match in _SIGNED.finditer(self.text):
            start = max(last, self.text.rfind("\n", 0, match.start()) + 1)
            if not self.text[start : match.start()].strip():
                start = max(last, self.text.rfind("\n", 0, max(0, match.start() - 2)) + 1)
            content = _shrink(self.text, start, match.start())
            last = match.end()
            writer = Span(match.start("name"), match.end("name"))
            if content is not None and not any(s.overlaps(writer) for a in kept for s in a.source):
                out.append(Attribution(source=(writer,), cue=(), content=(content,), score=0.9))
        return out

    def _handed_over(self, kept: Sequence[Attribution]) -> list[Attribution]:
        """Contents that run on into a sentence and hand it over in mid-clause to another's: it is that one's."""
        out = list(kept)
        for at, one in enumerate(kept):
            last = max(one.content, key=lambda p: p.end)
            for place, other in enumerate(kept):
                first = min(other.content)
                edge = self._sentence(first.start).start
                own = one.cue and one.cue[0].end <= edge and other.cue and edge <= other.cue[0].start
                if own and last.start < edge < last.end and not self.text[last.end : first.start].strip():
                    before = _shrink(self.text, last.start, edge, tail=" .")
                    if before is not None and last.end <= first.start:
                        out[at] = replace(one, content=(*(p for p in one.content if p != last), before))
                        rest = (p for p in other.content if p != first)
                        out[place] = replace(other, content=(Span(edge, first.end), *rest))
        return out

    def _passed_on(self, kept: Sequence[Attribution]) -> list[Attribution]:
        """What one source says of another's words made whole: "A said that B, according to C" is C's, and all of B A's.

        The scores give each word to one of the two, so that the inner statement may break off where the outer begins.
        """
        out = list(kept)
        for at, inner in enumerate(kept):
            last = max(inner.content, key=lambda p: p.end)
            led = inner.source and inner.cue and max(inner.source[-1].end, inner.cue[-1].end) <= inner.content[0].start
            for place, outer in enumerate(kept):
                first = outer.content[0]
                behind = outer.cue and outer.cue[0].start >= outer.content[-1].end
                behind = behind and "according" in outer.cue[0].of(self.text).casefold()
                touches = 0 <= first.start - last.end <= 2 and self._sentence(last.start) == self._sentence(first.start)
                if led and behind and touches and re.fullmatch(r"\s?[“\"]?", self.text[last.end : first.start]):
                    out[at] = replace(inner, content=(*(p for p in inner.content if p != last), _hull((last, first))))
                    out[place] = replace(
                        outer, content=(_hull((*inner.source, *inner.cue, *inner.content, first)), *outer.content[1:])
                    )
        return out

    def _outer(self, inner: Attribution, kept: Sequence[Attribution]) -> Attribution | None:
        """The smallest other attribution in whose content this one stands whole, source and all."""
        if not inner.source:
            return None
        hull = _hull((*inner.source, *inner.cue, *inner.content))
        around = [
            a
            for a in kept
            if a is not inner and any(p.covers(hull) and p != hull for p in a.content) and a.content != inner.content
        ]
        return min(around, key=lambda a: _hull(a.content).end - _hull(a.content).start, default=None)

    def _sayings(
        self, attribution: Attribution, outer: Attribution | None, kept: Sequence[Attribution]
    ) -> list[Saying]:
        frame = self._frame(attribution, kept)
        self.told = attribution.content
        named = self._named_sources(attribution)
        before: tuple[Source, ...] = ()
        if outer is not None:
            before = next((c for s, c in reversed(self.past) if outer.source and s == _hull(outer.source)), ())
        base = self._bare_saying(attribution, frame)
        if not named:
            through = self._through(frame, attribution, [])
            chains = [(*before, *through)] if through else [before]
            also: tuple[Source, ...] = ()
        else:
            chains, also = self._chains(attribution, named, frame, before)
        teller = self._teller(attribution)
        if teller is not None:
            chains = [(*chain, teller) for chain in chains]
        out = []
        for chain in chains:
            chain = self._known_once(chain)
            if chain and attribution.source:
                self.past.append((_hull(attribution.source), chain))
            said = replace(base, sources=chain, also=also, nested=outer is not None)
            out.append(said)
            if not any(self._outer(a, [attribution]) for a in kept if a is not attribution):
                out.extend(self._beliefs(said))
        return out

    def _teller(self, attribution: Attribution) -> Source | None:
        """Whose words they are where the source only reports them: "Z quoted X as saying", "…,” X said, Z reported"."""
        if not attribution.cue or not attribution.source:
            return None
        cue, source = attribution.cue[-1], _hull(attribution.source)
        if quoted := self._as_saying(cue):
            return self._source(Span(*quoted.span("who")))
        edge, first = min(cue.start, source.start), min(p.start for p in attribution.content)
        said = _SAID_BEFORE.search(self.text, max(first, edge - TAG_CHARS), edge) if first < edge else None
        return None if said is None else self._source(Span(*said.span("who")))

    def _as_saying(self, cue: Span) -> re.Match[str] | None:
        """The words behind "quoted" that say whom: "X as saying"."""
        return _AS_SAYING.match(self.text, cue.end) if _QUOTES.search(cue.of(self.text)) else None

    def _bare_saying(self, attribution: Attribution, frame: Sequence[Span]) -> Saying:
        content, quote = self._quoted(attribution.content)
        cue = attribution.cue[0] if attribution.cue else None
        words = " ".join(s.of(self.text) for s in (*frame, *attribution.cue)).casefold()
        return Saying(
            content=content,
            span=_hull(content),
            cue=cue.of(self.text) if cue else None,
            cue_span=cue,
            quote=quote,
            on=self._said_on(attribution, frame),
            hedged=bool(_HEDGE.search(words)),
            in_title=self.in_title,
            score=attribution.score,
        )

    def _quoted(self, content: tuple[Span, ...]) -> tuple[tuple[Span, ...], QuoteType]:
        """The content without marks at its edges, and how much of it is quoted."""
        quoted = [q for p in content for q in self._quotes_in(p)]
        inside = sum(len(re.findall(r"\w", q.of(self.text))) for q in quoted)
        whole = sum(len(re.findall(r"\w", p.of(self.text))) for p in content)
        pieces = tuple(p for p in (self._bared(p, all_quoted=inside >= whole) for p in content) if p) or content
        if not inside:
            return pieces, "indirect"
        return pieces, "direct" if inside >= whole else "mixed"

    def _quotes_in(self, span: Span) -> list[Span]:
        return [Span(q.start, q.end) for q in self.names.quoted_in(span, in_title=self.in_title)]

    def _bared(self, piece: Span, *, all_quoted: bool) -> Span | None:
        lead = _LEAD_IN.match(piece.of(self.text))
        start, end = piece.start + (lead.end() if lead else 0), piece.end
        words = self.text[start:end]
        if all_quoted:
            start += len(words) - len(words.lstrip(_MARKS + " \n\t"))
            end -= len(words) - len(words.rstrip(_MARKS + " \n\t"))
            while end > start and self.text[end - 1] in _MARKS + " \n\t":
                end -= 1
            return _shrink(self.text, start, end, tail=",")
        if words[:1] in _OPEN_MARKS and not any(m in words[1:] for m in _CLOSE_MARKS):
            start += 1
        return _shrink(self.text, start, end, tail=" ,;:")

    # --- the words around -----------------------------------------------------------------------

    def _frame(self, attribution: Attribution, kept: Sequence[Attribution]) -> list[Span]:
        """The stretches of the sentences of source and cue that belong to no source or content, in order."""
        own = (*attribution.source, *attribution.cue, *attribution.content)
        ends: set[Span] = set()
        for piece in (*attribution.source, *attribution.cue):
            ends.add(self._sentence(piece.start))
        for piece in attribution.content:
            ends.add(self._sentence(piece.start))
            ends.add(self._sentence(max(piece.start, piece.end - 1)))
        reach = [Span(s.start, s.end) for s in sorted(ends)]
        taken = [*attribution.source, *attribution.content]
        for other in kept:
            if other is attribution or not any(r.overlaps(p) for p in other.content for r in reach):
                continue
            hull = _hull((*other.source, *other.cue, *other.content))
            if not any(hull.overlaps(p) for p in own):
                taken.append(hull)
        return _minus(reach, taken)

    def _sentence(self, offset: int) -> Span:
        return self.names.sentence_at(offset, in_title=self.in_title)

    def _said_on(self, attribution: Attribution, frame: Sequence[Span]) -> Day | None:
        anchors = (*attribution.source, *attribution.cue)
        near = []
        for time in self.times:
            firm = time.precision in (Precision.DAY, Precision.TIME) and time.type in ("DATE", "TIME")
            if not firm or time.start is None or time.start != time.end:
                continue
            if self.report.published is not None and time.start > self.report.published:
                continue
            if not any(s.covers(time.span) for s in (*frame, *attribution.cue)):
                continue
            gap = min((_gap(time.span, a) for a in anchors), default=NEAR_CHARS + 1)
            if gap <= NEAR_CHARS:
                near.append((gap, time.span.start, time.start))
        return min(near)[2] if near else None

    # --- sources --------------------------------------------------------------------------------

    def _named_sources(self, attribution: Attribution) -> list[Source]:
        """The attribution's own source, split where several are named side by side."""
        if not attribution.source:
            return []
        span = _hull(attribution.source)
        if span.end - span.start > 4 * sum(s.end - s.start for s in attribution.source):
            span = attribution.source[0]
        return [s for s in (self._source(p) for p in self._coordinates(span)) if s is not None]

    def _coordinates(self, span: Span) -> list[Span]:
        """The span apart at "and" and commas where each part names somebody of its own."""
        mentions = [m for m in self.names.mentions_in(span, in_title=self.in_title) if m.by == "name"]
        outlets = [m for m in mentions if m.entities[0].kind == "outlet"]
        persons = [m for m in mentions if m.entities[0].kind == "person" and not is_owner(self.text, m.span, span)]
        cuts = list(re.finditer(r",?\s+(?:and|as well as|or)\s+|,\s+|\s+&\s+", span.of(self.text)))
        if not cuts:
            return [span]
        parts, at = [], span.start
        for cut in cuts:
            parts.append(Span(at, span.start + cut.start()))
            at = span.start + cut.end()
        parts.append(Span(at, span.end))
        parts = [p for p in parts if p.start < p.end]
        group = outlets if len(outlets) > 1 else persons if len(persons) > 1 else []
        whole = [p for p in parts if any(p.covers(m.span) for m in group)]
        if len(whole) < 2 or (group is persons and len(whole) != len(parts)):
            last = [c for c in cuts if "," not in c.group() or "and" in c.group()]
            if len(last) == 1 and not persons:
                left = Span(span.start, span.start + last[0].start())
                right = Span(span.start + last[0].end(), span.end)
                if self._has_head(left) and self._has_head(right):
                    return [left, right]
            return [span]
        return whole if group is outlets else parts

    def _has_head(self, span: Span) -> bool:
        words = span.of(self.text).split()
        return len(words) > 1 and (words[-1].casefold().strip(".,") in _unnamed() or words[-1].casefold() in _bodies())

    def _source(self, span: Span) -> Source | None:
        """The source that the words of `span` name, None for none (blank, or the report's own "we")."""
        shrunk = self._source_words(span)
        if shrunk is None:
            return None
        name, first = shrunk.of(self.text), shrunk.of(self.text).casefold()
        if first in ("we", "us", "our", "i", "me", "my", "you", "one’s self"):
            return self._speaker(shrunk)
        if first in ("who", "whom", "which", "that", "whose"):
            return self._relative(shrunk)
        if first in _PRONOUNS:
            return self._pronoun(shrunk)
        back = self._back_reference(shrunk)
        if back is not None:
            return back
        entity = self.names.resolve(shrunk, self.in_title)
        if entity is not None and entity.kind == "person":
            return self._person(shrunk, entity)
        outlet = self._outlet(shrunk)
        if outlet is not None:
            return outlet
        return self._by_head(shrunk, name, entity)

    def _source_words(self, span: Span) -> Span | None:
        """The span without marks, verbs of a relative clause and what follows a comma that adds no name."""
        line = self.text.rfind("\n", span.start, span.end)  # a caption's end is no part of the name below it
        shrunk = _shrink(
            self.text, max(span.start, line + 1), span.end, tail=" ,;:.–—-(" + _MARKS, head=" .,;:–—-)" + _MARKS
        )
        if shrunk is None:
            return None
        words = shrunk.of(self.text)
        cut = re.search(
            r"(?:,\s+|\s+[–—-]+\s+|\s+\()(?:who|which|whose|speaking|citing|noting|adding|including)\b", words
        )
        end = shrunk.start + cut.start() if cut and cut.start() > 1 else shrunk.end
        lead = re.match(r"(?:and|but|while|as|by|even|meanwhile,?|however,?|from)\s+", words, re.IGNORECASE)
        start = shrunk.start + lead.end() if lead and shrunk.start + lead.end() < end else shrunk.start
        if re.search(r"(?<=\w)[’']s?$", self.text[start:end]) and not self.text[start:end].endswith("s'"):
            end = start + len(re.sub(r"[’']s?$", "", self.text[start:end]))
        return _shrink(self.text, start, end)

    def _person(self, span: Span, entity: Entity) -> Source:
        name = span.of(self.text)
        full = entity.name if name != entity.name else None
        return Source(name=name, kind=SourceKind.PERSON, span=span, resolved=full, org=entity.org)

    def _pronoun(self, span: Span) -> Source | None:
        word = span.of(self.text).casefold()
        plural, thing = word in ("they", "them", "both"), word in ("it",)
        entity = self.names.resolve(span, self.in_title)
        last = self._last_source(unnamed=True)
        if plural or thing:
            kinds = (SourceKind.ORGANISATION, SourceKind.OUTLET, SourceKind.DOCUMENT)
            for _, chain in reversed(self.past[-4:]):
                origin = chain[-1]
                several = origin.kind in (SourceKind.UNNAMED, SourceKind.OUTLETS) and _is_plural(origin.known_as)
                if (plural and (several or origin.kind is SourceKind.ORGANISATION)) or (thing and origin.kind in kinds):
                    return self._as(span, origin)
            body = self._recent_body(span) if thing else None
            if body is not None:
                return Source(name=span.of(self.text), kind=SourceKind.ORGANISATION, span=span, resolved=body.name)
            kind = SourceKind.UNNAMED if plural else SourceKind.ORGANISATION
            return Source(
                name=span.of(self.text), kind=kind, span=span, resolved=self._plural(span) if plural else None
            )
        if last is not None and self._nearer(last, entity, span):
            return self._as(span, last)
        if entity is not None and self._spoken_of(entity):
            entity = self._speaker_before(entity)
        if entity is None:
            return Source(name=span.of(self.text), kind=SourceKind.PERSON, span=span)
        return self._person(span, entity)

    def _spoken_of(self, entity: Entity) -> bool:
        """True when what is said names the person: seldom does anybody call himself so."""
        spans = entity.title_spans if self.in_title else entity.spans
        return any(piece.covers(span) for piece in self.told for span in spans)

    def _speaker_before(self, other: Entity) -> Entity | None:
        """The person last quoted who is another one, and may be called by the same pronoun."""
        for _, chain in reversed(self.past[-3:]):
            known = self.names.named(chain[-1].known_as) if chain[-1].kind is SourceKind.PERSON else None
            if known is not None and known != other and not self._spoken_of(known):
                clash = known.gender and other.gender and known.gender != other.gender
                return None if clash else known
        return None

    def _nearer(self, last: Source, entity: Entity | None, span: Span) -> bool:
        """True when a pronoun means the unnamed source last quoted rather than the person last named."""
        if last.span is None or _is_plural(last.name):
            return False
        if entity is None:
            return True
        since = [s for s in entity.spans if last.span.start < s.start < span.start]
        return not since and self._sentences_between(last.span.start, span.start) <= 1

    def _sentences_between(self, start: int, end: int) -> int:
        count, at = 0, start
        while count < 6:
            sentence = self._sentence(at)
            if sentence.end > end or sentence.end <= at:
                break
            at, count = sentence.end, count + 1
        return count

    def _plural(self, span: Span) -> str | None:
        """The plural noun phrase last before "they" that can speak ("school officials")."""
        low = max(0, span.start - 250)
        phrases = [
            m for m in _PLURAL_PHRASE.finditer(self.text, low, span.start) if _unnamed() & {m["head"].casefold()}
        ]
        return " ".join(phrases[-1].group().split()) if phrases else None

    def _recent_body(self, span: Span) -> Entity | None:
        low = max(0, span.start - 400)
        near = self.names.mentions_in(Span(low, span.start), in_title=self.in_title) if low < span.start else ()
        for mention in reversed(near):
            if mention.by == "name" and mention.entities[0].kind == "body":
                return mention.entities[0]
        return None

    def _as(self, span: Span, other: Source) -> Source:
        return replace(other, name=span.of(self.text), span=span, resolved=other.known_as)

    def _last_source(self, *, unnamed: bool = False) -> Source | None:
        for _, chain in reversed(self.past[-3:]):
            if chain and (not unnamed or chain[-1].kind is SourceKind.UNNAMED):
                return chain[-1]
        return None

    def _speaker(self, span: Span) -> Source | None:
        """Whom "I" means: the speaker of the quotation around it; None where the writer speaks."""
        inside = self.names.quoted_in(span, in_title=self.in_title)
        if inside and self.past:
            return self._as(span, self.past[-1][1][-1])
        return None

    def _relative(self, span: Span) -> Source | None:
        """Whom "who" means: the name, or else the noun phrase, right before it."""
        low = self._sentence(span.start).start
        if low >= span.start:
            return None
        before = self.names.mentions_in(Span(low, span.start), in_title=self.in_title)
        beside = before and before[-1].by == "name" and not self.text[before[-1].span.end : span.start].strip(" ,")
        if beside and before[-1].entities[0].kind != "person" and (known := self._source(before[-1].span)):
            return self._as(span, known)
        persons = [m for m in before if m.entities[0].kind == "person"]
        phrase = re.search(
            r"(?:\b[Aa]n?|\b[Tt]he|\b[Ss]ome|\b[Oo]ne)\s[^,.;:“”\"]{2,60}?,?\s*$", self.text[low : span.start]
        )
        if phrase is not None:
            held = _shrink(self.text, low + phrase.start(), span.start, tail=" ,")
            head = held.of(self.text).split() if held else []
            if (
                held
                and any(w.casefold() in _unnamed() for w in head)
                and not any(held.overlaps(m.span) for m in persons)
            ):
                known = self._by_head(held, held.of(self.text), None)
                return self._as(span, known) if known else None
        if persons:
            return self._person(span, persons[-1].entities[0])
        return Source(name=span.of(self.text), kind=SourceKind.PERSON, span=span)

    def _back_reference(self, span: Span) -> Source | None:
        """ "The official", "the same source", "the spokesman": the one of that noun last quoted."""
        words = span.of(self.text).split()
        match = re.fullmatch(
            r"(?:the|that|this)\s+(?:same\s+|second\s+|first\s+|senior\s+|unnamed\s+)?(?:[\w.’'-]+\s+){0,3}?(\w+)",
            " ".join(words),
            re.IGNORECASE,
        )
        if match is None:
            return None
        head = match.group(1).casefold()
        if head not in _unnamed() | _documents() | _bodies() | _outlet_nouns():
            return None
        extra = {w.casefold() for w in words[1:-1]} - {"same", "unnamed"}
        for _, chain in reversed(self.past):
            origin = chain[-1]
            known = origin.known_as
            if origin.kind is SourceKind.UNNAMED or (origin.kind is SourceKind.DOCUMENT and head in _documents()):
                mine = [w.casefold().strip(".,’'") for w in known.split()]
                same = _single(head) in {_single(w) for w in mine}
                loose = head in ("source", "sources", "person") and "same" in [w.casefold() for w in words]
                if (same or loose) and extra <= set(mine) and len(mine) > len(words) - 1 and mine[0] != "the":
                    return self._as(span, origin)
        if head in _bodies():
            return self._back_body(span, head, extra)
        if head == "report" or head in _outlet_nouns():
            return next(
                (self._as(span, s) for _, c in reversed(self.past) for s in c if s.kind is SourceKind.OUTLET), None
            )
        return None

    def _back_body(self, span: Span, head: str, extra: set[str]) -> Source | None:
        """ "The committee": the named body with that noun that stands last before it."""
        if any(m.entities[0].kind in ("body", "outlet") for m in self.names.mentions_in(span, in_title=self.in_title)):
            return None
        best: tuple[int, Entity] | None = None
        for entity in self.names.entities:
            folded = {w.casefold() for w in entity.name.split()}
            if entity.kind != "body" or _single(head) not in {_single(w) for w in folded} or not extra <= folded:
                continue
            places = [s.start for s in (entity.title_spans if self.in_title else entity.spans) if s.start < span.start]
            if places and (best is None or places[-1] > best[0]):
                best = (places[-1], entity)
        if best is None:
            return None
        return Source(name=span.of(self.text), kind=SourceKind.ORGANISATION, span=span, resolved=best[1].name)

    def _outlet(self, span: Span) -> Source | None:
        """The outlet or outlets that the span as a whole names."""
        name = span.of(self.text)
        plain = re.sub(r"^(?:the|a|an)\s+", "", name, flags=re.IGNORECASE)
        folded = plain.casefold()
        for mention in self.names.mentions_in(span, in_title=self.in_title):
            entity = mention.entities[0]
            if mention.by != "name" or entity.kind != "outlet":
                continue
            lead = self.text[span.start : mention.span.start]
            rest = self.text[mention.span.end : span.end]
            if len(rest.split()) <= 3 and not _ends_in(rest, _unnamed()) and not _ends_in(rest, _documents()):
                if len(lead.split()) > 6:
                    continue
                full = None if same_entity_name(plain, entity.name) and len(plain) >= len(entity.name) else entity.name
                return Source(name=name, kind=SourceKind.OUTLET, span=span, resolved=full)
        words = folded.split()
        if plain[:1].isupper() and len(words) > 1 and words[-1] in _outlet_ends() and not _ends_in(name, _unnamed()):
            return Source(name=name, kind=SourceKind.OUTLET, span=span)
        table = load_table("sources")["outlet_words"]
        if any(folded == w or folded.endswith(" " + w) for w in table["many"]) and len(words) <= 8:
            return Source(name=name, kind=SourceKind.OUTLETS, span=span)
        if any(folded == w or folded.endswith(" " + w) for w in table["one"]) and len(words) <= 8:
            return Source(name=name, kind=SourceKind.OUTLET, span=span)
        return None

    def _by_head(self, span: Span, name: str, entity: Entity | None) -> Source:
        """Unnamed person, document or body, by the noun at the head of the words."""
        head_words = _head_phrase(name)
        head = head_words[-1] if head_words else ""
        org = self._org(span, name)
        if entity is not None and entity.kind in ("body", "place", "group"):
            full = entity.name if entity.name.casefold() not in name.casefold() else None
            if entity.kind == "group" and entity.government_of:
                full = entity.government_of
            state = f"government of {entity.government_of}" if entity.kind == "place" and entity.government_of else None
            return Source(name=name, kind=SourceKind.ORGANISATION, span=span, resolved=full, org=state)
        if head in _unnamed():
            reason = self._anonymity(span)
            if head in load_table("sources")["unnamed"]["parties"] and len(name.split()) <= 3:
                return Source(name=name, kind=SourceKind.ORGANISATION, span=span)
            return Source(name=name, kind=SourceKind.UNNAMED, span=span, org=org, anonymity=reason)
        if head in _documents():
            return Source(name=name, kind=SourceKind.DOCUMENT, span=span, org=org)
        if head in _bodies():
            return Source(name=name, kind=SourceKind.ORGANISATION, span=span)
        if any(w in _unnamed() for w in name.casefold().split()):
            return Source(name=name, kind=SourceKind.UNNAMED, span=span, org=org, anonymity=self._anonymity(span))
        if name[:1].isupper() and len(name.split()) > 1 and all(w[:1].isupper() for w in name.split()):
            return Source(name=name, kind=SourceKind.PERSON, span=span)
        kind = SourceKind.UNNAMED if name[:1].islower() else SourceKind.ORGANISATION
        return Source(name=name, kind=kind, span=span, org=org)

    def _org(self, span: Span, name: str) -> str | None:
        """Body or country that an unnamed source speaks for."""
        found = body_in(name)
        if found is not None:
            official = re.search(r"\bofficials?\b", name) and country_of(found) == found != "European Union"
            return f"government of {found}" if official else found
        for mention in self.names.mentions_in(span, in_title=self.in_title):
            if mention.by == "name" and mention.entities[0].kind in ("body", "place"):
                entity = mention.entities[0]
                return entity.government_of or entity.name
        return country_of(name)

    def _anonymity(self, span: Span) -> str | None:
        """Why the source is not named, in the words of its sentence or the next."""
        sentence = self._sentence(span.start)
        after = self._sentence(min(sentence.end, max(0, len(self.text) - 1)))
        match = _ANONYMITY.search(self.text, span.start, max(sentence.end, min(after.end, sentence.end + 200)))
        return " ".join(match.group().split()) if match else None

    # --- chains ---------------------------------------------------------------------------------

    def _chains(
        self, attribution: Attribution, named: list[Source], frame: Sequence[Span], before: tuple[Source, ...]
    ) -> tuple[list[tuple[Source, ...]], tuple[Source, ...]]:
        """(chains, joint sayers): one chain per outlet credited side by side, else one."""
        outlets = [s for s in named if s.kind is SourceKind.OUTLET]
        cited = self._cited(frame, attribution)
        if len(outlets) > 1 and len(outlets) == len(named):
            return [(*before, s, *cited) for s in outlets], ()
        first, through = named[0], self._through(frame, attribution, named)
        reporter = self._reporter_outlet(first)
        if first.kind in (SourceKind.OUTLET, SourceKind.OUTLETS) or (reporter and cited):
            cited = cited or self._cited(frame, attribution, _ACCORDING)
            chain = (*before, *(reporter if cited else ()), first, *cited)
        else:
            passed_on = cited if any(s.kind is SourceKind.OUTLET for s in through) else ()
            chain = (*before, *(self._inherited(first, through) or through), *passed_on, first)
        return [chain], tuple(named[1:])

    def _inherited(self, source: Source, through: Sequence[Source]) -> tuple[Source, ...]:
        """The outlets through which a source that is only referred back to spoke before."""
        if through or source.kind is not SourceKind.UNNAMED or source.resolved is None:
            return ()
        for _, chain in reversed(self.past):
            if chain[-1].known_as == source.resolved:
                return chain[:-1]
        return ()

    def _reporter_outlet(self, source: Source) -> tuple[Source, ...]:
        """The outlet in the words of a reporter ("NBC News correspondent Garrett Haake")."""
        if source.span is None:
            return ()
        for mention in self.names.mentions_in(source.span, in_title=self.in_title):
            if mention.entities[0].kind == "outlet" and mention.span != source.span:
                return (self._outlet_source(mention),)
        return ()

    def _outlet_source(self, mention: Mention) -> Source:
        """The outlet named at a mention, with a programme right behind it ("ABC’s “This Week”")."""
        end = mention.span.end
        known = mention.entities[0].name
        tail = _PROGRAMME.match(self.text, end, end + 40)
        if tail is not None and re.search(r"[\"“]", tail.group()):
            end = tail.end()
        span = Span(mention.span.start, end)
        name = span.of(self.text)
        return Source(
            name=name,
            kind=SourceKind.OUTLET,
            span=span,
            resolved=known if known != name and end == mention.span.end else None,
        )

    def _through(self, frame: Sequence[Span], attribution: Attribution, named: Sequence[Source]) -> tuple[Source, ...]:
        """Outlets, and others, between the report and the source: told, appeared on, reported by, according to."""
        found: list[tuple[int, Source]] = []
        held = [s.span for s in named if s.span]
        for stretch in frame:
            for mention in self.names.mentions_in(stretch, in_title=self.in_title):
                entity = mention.entities[0]
                if mention.by != "name" or any(mention.span.overlaps(h) for h in held):
                    continue
                if entity.kind == "person":
                    found.extend(self._reporter(mention, entity))
                if entity.kind != "outlet":
                    continue
                if self._is_own(entity.name) or not self._carries(mention.span, stretch):
                    continue
                found.append((mention.span.start, self._outlet_source(mention)))
            found.extend(self._unlisted(stretch, held))
            accord = self._according(stretch, attribution, held)
            if accord is not None:
                found.append((accord.span.start if accord.span else 0, accord))
        found.extend(self._block(attribution))
        found.sort(key=lambda row: row[0])
        out: list[Source] = []
        for _, source in found:
            if not any(source.span and o.span and source.span.overlaps(o.span) for o in out) and not any(
                same_entity_name(source.known_as, o.known_as) for o in out
            ):
                out.append(source)
        return tuple(out[:3])

    def _block(self, attribution: Attribution) -> list[tuple[int, Source]]:
        """The outlet whose words a paragraph copies, when the line before ends in "the paper reports:"."""
        first = min(p.start for p in (*attribution.source, *attribution.content))
        line = self.text.rfind("\n", 0, first)
        lead = self.text[: max(line, 0)].rstrip()
        if not lead.endswith(":"):
            return []
        sentence = self._sentence(len(lead) - 1)
        for mention in self.names.mentions_in(Span(sentence.start, len(lead)), in_title=self.in_title):
            known = mention.entities[0]
            if (
                known.kind == "outlet"
                and not self._is_own(known.name)
                and _BLOCK_LEAD.match(self.text, mention.span.end)
            ):
                return [(mention.span.start, self._outlet_source(mention))]
        return []

    def _carries(self, span: Span, stretch: Span) -> bool:
        """True when the words around an outlet's name say that the statement came through it."""
        before = self.text[max(stretch.start - 40, span.start - 60, 0) : span.start]
        after = self.text[span.end : min(len(self.text), span.end + 40)]
        if _NOT_THROUGH.search(before):
            return False
        if _THROUGH_BEFORE.search(before):
            return True
        return bool(_THROUGH_AFTER.match(after))

    def _unlisted(self, stretch: Span, held: Sequence[Span]) -> list[tuple[int, Source]]:
        """Outlets that no table lists: told "a local TV station", "the Daily Bugle"."""
        out = []
        for match in _TOLD_WHOM.finditer(self.text, stretch.start, stretch.end):
            span = _shrink(self.text, match.start("whom"), match.end("whom"), tail=" ,.;:" + _MARKS)
            if span is None or any(span.overlaps(h) for h in held):
                continue
            mentions = self.names.mentions_in(span, in_title=self.in_title)
            if any(m.entities[0].kind in ("person", "outlet") for m in mentions):
                continue
            source = self._outlet(span)
            if source is not None and source.kind is SourceKind.OUTLET and not self._is_own(source.name):
                out.append((span.start, source))
        for match in _OUTLETS_REPORT.finditer(self.text, stretch.start, stretch.end):
            span = _shrink(self.text, match.start("whom"), match.end("whom"), head=" ,", tail=" ,")
            if span is None or any(span.overlaps(h) for h in held):
                continue
            source = self._outlet(span)
            if source is not None and source.kind is SourceKind.OUTLETS:
                out.append((span.start, source))
        return out

    def _according(self, stretch: Span, attribution: Attribution, held: Sequence[Span]) -> Source | None:
        """Whom "according to" names where the attribution has another source."""
        match = _ACCORDING.search(self.text, stretch.start, stretch.end)
        if match is None or any("according" in c.of(self.text).casefold() for c in attribution.cue):
            return None
        span = self._noun_phrase(match.end(), stretch.end)
        if span is None or any(span.overlaps(h) for h in (*held, *attribution.content)):
            return None
        source = self._source(span)
        if source is None or self._is_own(source.known_as) or source.name in _documents():
            return None
        return source

    def _cited(
        self, frame: Sequence[Span], attribution: Attribution, pattern: re.Pattern[str] | None = None
    ) -> tuple[Source, ...]:
        """Whom the source cites ("…, citing senior officials"), or `pattern` leads to."""
        own = [_hull(attribution.source)] if attribution.source else []
        for stretch in frame:
            match = (pattern or _CITING).search(self.text, stretch.start, stretch.end)
            if match is None:
                continue
            span = self._noun_phrase(match.end(), stretch.end)
            if span is None or any(span.overlaps(o) for o in own):
                continue
            source = self._source(span)
            if source is not None:
                return (source,)
        return ()

    def _reporter(self, mention: Mention, entity: Entity) -> list[tuple[int, Source]]:
        """A reporter who passes a statement on ("NBC News correspondent Ann Lee reported that"), after the outlet."""
        role = role_before(self.text, mention.span.start)
        if role is None or not _REPORTS.match(self.text, mention.span.end):
            return []
        outlet = self._reporter_outlet(
            replace(self._person(mention.span, entity), span=Span(role.start, mention.span.end))
        )
        if not outlet or outlet[0].span is None:
            return []
        return [(outlet[0].span.start, outlet[0]), (mention.span.start, self._person(mention.span, entity))]

    def _noun_phrase(self, start: int, end: int) -> Span | None:
        """From `start` to the first mark, clause word or line end."""
        match = _PHRASE.match(self.text, start, end)
        if match is None:
            return None
        stop = match.end()
        for mention in self.names.mentions_in(Span(start, stop), in_title=self.in_title):
            if mention.entities[0].kind == "outlet" and re.match(r"\s[A-Z]", self.text[mention.span.end : stop]):
                stop = mention.span.end
                break
        return _shrink(self.text, start, stop, tail=" ,.;:" + _MARKS)

    def _is_own(self, name: str) -> bool:
        return any(same_entity_name(name, own) for own in self.own)

    def _known_once(self, chain: tuple[Source, ...]) -> tuple[Source, ...]:
        """The chain without a link that names the same one twice; the later stands, unless it but points back."""
        out: list[Source] = []
        for source in chain:
            if out and _points_to(source, out[-1]):
                continue
            out = [o for o in out if not (o.kind is source.kind and same_entity_name(o.known_as, source.known_as))]
            out.append(source)
        return tuple(out)

    # --- what a statement tells of others ---------------------------------------------------------

    def _beliefs(self, said: Saying) -> list[Saying]:
        """What the content tells as somebody's words or belief: longer chains, for the same words' inside."""
        out = []
        for piece in said.content:
            for mention in self.names.mentions_in(piece, in_title=self.in_title):
                if not any(e.kind in ("person", "body", "group") for e in mention.entities):
                    continue
                match = _BELIEVES.match(self.text, mention.span.end, piece.end)
                if match is None or (
                    mention.by == "pronoun" and mention.span.of(self.text).casefold() in ("his", "her", "him")
                ):
                    continue
                end = min(piece.end, self._sentence(match.end() - 1).end)
                span = _shrink(self.text, match.end(), end, tail=" ,;:")
                if span is None or len(span.of(self.text).split()) < 3:
                    continue
                holder = self._source(mention.span)
                if holder is None or any(same_entity_name(holder.known_as, s.known_as) for s in said.sources):
                    continue
                content, quote = self._quoted((span,))
                cue = _shrink(self.text, match.start(1), match.end(1))
                out.append(
                    replace(
                        said,
                        content=content,
                        span=_hull(content),
                        quote=quote,
                        cue=match.group(1),
                        cue_span=cue,
                        sources=(*said.sources, holder),
                        also=(),
                        nested=True,
                    )
                )
                break
        return out


# --- words and patterns -------------------------------------------------------------------------

_MARKS = "\"“”„«»'‘’"
_OPEN_MARKS = '"“„«'
_CLOSE_MARKS = '"”»'
_PRONOUNS = frozenset(["he", "she", "they", "it", "him", "her", "them", "his", "their", "both"])

_SUBJECT_GAP = re.compile(
    r"\s(?:(?:has|had|have|also|later|then|first|instead|again|repeatedly|already|earlier|reportedly|is|was|will|would)\s)*$"
)
_UNNAMED_SUBJECT = re.compile(
    r"(?:\b(?!(?:and|but|that|as|the|while)\b)[\w’'-]+\s){0,2}\b(?P<head>[A-Za-z]+)(?:\sfamiliar)?$"
)
_SUBJECT_WORD = re.compile(r"\b(who|[Hh]e|[Ss]he|[Tt]hey|[Ii]t)$")
_SIGNED = re.compile(r"[—–]\s?(?P<name>[^\n()—–]{2,40}?)\s\(@\w+\)(?:\s[A-Z][a-z]+ \d{1,2}, \d{4})?")

_HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|apparently|supposedly|purportedly|rumou?red|unconfirmed|hinted|suggested|appeared to)\b"
)
_THROUGH_BEFORE = re.compile(
    r"(?:\b(?:told|tells|telling|informed|confirmed to|confirming to|said to)\s+(?:[\w’'.-]+\s){0,3}"
    r"|\b(?:interview(?:ed)?|interviews|appearance|appearing|appeared|spoke|speaking|talking|talked|speech|comments|remarks|statement|op-ed"
    r"|column|email|e-mail|phone call)\s+(?:[\w’'.-]+\s){0,3}?(?:with|on|by|for|to|in|from)\s+(?:[\w’'.-]+\s){0,3}?"
    r"|\b(?:on|via)\s+(?:[\w’'.-]+[’']s\s)?"
    r"|\b(?:confirmed|said|disclosed|revealed|described|explained)\s(?:\w+\s){0,2}to\s+"
    r"|\b(?:wrote|writing|writes|written|piece|article)\s(?:\w+\s){0,2}in\s+|\bin\san?\s+"
    r"|\b(?:according to|(?:reported|quoted|cited|carried|published) by|(?:reported|reports|published) in)\s+)"
    r"(?:the\s|an?\s|its\s)?[\"“]?$",
    re.IGNORECASE,
)
_NOT_THROUGH = re.compile(
    r"\b(?:seen|obtained|reviewed|conducted|aired|owned|viewed|provided|shown|watching|watch|read|sued|against|attacked"
    r"|criticized)\s"
    r"(?:by\s|to\s|with\s)?(?:the\s)?$",
    re.IGNORECASE,
)
_THROUGH_AFTER = re.compile(
    r"(?:[’']s\s[\w\s.]{1,25})?,?\s*(?:first\s|also\s|has\s|had\s)?(?:reported|reports|quoted|quotes|cited)\b"
    r"|\s(?:radio\s|TV\s|television\s)?interview\b",
)
_PROGRAMME = re.compile(r"[’']s\s+[\"“‘']?((?:[A-Z0-9&][\w&]*|the|and|of)(?:\s(?:[A-Z0-9&][\w&]*|the|and|of))*)")
_PLURAL_PHRASE = re.compile(
    r"(?:\b(?!(?:the|and|that|of|to|in|by|with|on|from|said|as|but|for)\b)[\w’'-]+\s){0,2}\b(?P<head>[a-z]+s|people|men|women)\b"
)
_BLOCK_LEAD = re.compile(r"[^.\n]{0,30}\b(?:reports|reported|writes|wrote|notes|says|said|adds|explains)\b")
_REPORTS = re.compile(r"\s+(?:also\s|first\s|has\s)?(?:reported|reports|reporting|writes|wrote)\b")
_TOLD_WHOM = re.compile(
    r"\b(?:told|tells|confirmed to|interview with|interview on)\s+(?P<whom>(?:the|a|an)?\s?[^,.;:“”\"\n]{3,50}?)"
    r"(?=\s+(?:that|on|in|last|this|after|before|during|[A-Z][a-z]+day)\b|[,.;:“”\"\n]|$)"
)
_OUTLETS_REPORT = re.compile(
    r"(?:^|(?<=[,;:\n“”\"])|(?<=[.!?]\s))\s*(?P<whom>[^,;:“”\"\n]{4,60}?)\s(?:have\s)?(?:reported|report|say|said)\b"
)
_LEAD_IN = re.compile(
    r"[\s:,–—-]*(?:(?:(?:just\s+)?\w+\s+(?:earlier|later|ago)\s+|(?:earlier|later|again)\s+)?that\s+(?=\S+\s+\S))?"
)
"""What stands between a cue and what is said: marks, when it was said, "that"."""
_QUOTES = re.compile(r"\bquot(?:ed|es|ing)$", re.IGNORECASE)
_AS_SAYING = re.compile(r"\s+(?P<who>[^,.;:“”\"\n]{2,60}?)\s+as\s+(?:saying|telling|warning|declaring|adding)\b,?\s*")
_SAID_BEFORE = re.compile(
    r"[,.!?][”\"’']?\s+(?P<who>[^,.;:“”\"\n]{2,60}?)\s(?:\w+ly\s)?"
    r"(?:said|says|told\s[^,“”\"\n]{2,40}|wrote|added|warned|replied|tweeted|argued|insisted|explained|declared)\b"
    r"[^,.“”\"\n]{0,120},?\s*$"
)
_CITING = re.compile(r"\b(?:citing|quoting|attributing (?:it|the \w+) to)\s+", re.IGNORECASE)
_ACCORDING = re.compile(r"\baccording to\s+", re.IGNORECASE)
_PHRASE = re.compile(r"(?:(?!\s(?:that|who|which|said|says|on|after|and said|but|while|whose)\s)(?![,;:“”\"()\n]).)+")


@functools.cache
def _words_of(table: str) -> frozenset[str]:
    return frozenset(load_table("sources")[table]["words"])


def _unnamed() -> frozenset[str]:
    return _words_of("unnamed")


def _documents() -> frozenset[str]:
    return _words_of("documents")


def _bodies() -> frozenset[str]:
    return _words_of("bodies")


@functools.cache
def _outlet_nouns() -> frozenset[str]:
    return frozenset(load_table("sources")["outlet_words"]["one"])


def _is_role(word: str) -> bool:
    return word in _unnamed() or is_office(word)


def _outlet_ends() -> frozenset[str]:
    return _words_of("outlet_ends")


_BELIEVES = re.compile(
    r"\s+(?:himself\s|herself\s|also\s|still\s|now\s|personally\s|had\s|has\s|strongly\s){0,2}"
    r"(" + "|".join(load_table("sources")["belief"]["words"]) + r")\s+(?:that\s+|to\s+)?"
)
_ANONYMITY = re.compile(
    r"(?:(?:who\s)?(?:spoke|speaking|talked|discussed\s[\w\s]{1,30})\s)?(?:"
    + "|".join(map(re.escape, load_table("sources")["anonymity"]["phrases"]))
    + r")(?:[^.;\n]{0,120}?(?=[.;\n,]|$))"
)


_HEAD_END = re.compile(r",|\s(?:" + "|".join(load_table("sources")["head_ends"]["words"]) + r")\s")


def _head_phrase(name: str) -> list[str]:
    """The words up to the head noun: before the first preposition, relative word or comma."""
    lead = _HEAD_END.split(" " + name.casefold() + " ")[0].split()
    words = [re.sub(r"[^\w’'-]", "", w) for w in lead]
    return [w for w in words if w]


def _ends_in(words: str, table: frozenset[str]) -> bool:
    head = _head_phrase(words)
    return bool(head) and head[-1] in table


def _points_to(source: Source, before: Source) -> bool:
    """True for "the official" behind "a senior official"."""
    words, mine = before.name.casefold().split(), source.name.casefold().split()
    return (
        source.kind is before.kind is SourceKind.UNNAMED
        and (words[0], mine[0]) in {("a", "the"), ("an", "the")}
        and words[-1] == mine[-1]
    )


def _single(word: str) -> str:
    word = word.casefold()
    if word == "people":
        return "person"
    if word.endswith("men"):
        return word[:-3] + "man"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _is_plural(name: str) -> bool:
    head = _head_phrase(name)
    return bool(head) and (head[-1] in ("people", "men", "women", "some", "many", "others") or head[-1].endswith("s"))


def _own_names(report: Report) -> tuple[str, ...]:
    """Names under which the report's own publisher may be credited in it."""
    names = [n for n in (report.publisher, report.agency) if n]
    for outlet, others in load_table("sources")["outlets"].items():
        if any(n.casefold() in (x.casefold() for x in (outlet, *others)) for n in tuple(names)):
            names.extend((outlet, *others))
    return tuple(names)


# --- spans --------------------------------------------------------------------------------------


def _hull(spans: Sequence[Span]) -> Span:
    return Span(min(s.start for s in spans), max(s.end for s in spans))


def _shrink(text: str, start: int, end: int, *, tail: str = "", head: str = "") -> Span | None:
    """The span without white space (and marks given) at its edges, None when nothing is left."""
    while start < end and (text[start].isspace() or text[start] in head):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in tail):
        end -= 1
    return Span(start, end) if start < end else None


def _gap(a: Span, b: Span) -> int:
    return max(0, a.start - b.end, b.start - a.end)


def _minus(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """The stretches of `spans`, joined where they touch, that no span of `taken` covers."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    for cut in sorted(taken):
        left: list[Span] = []
        for span in joined:
            if not span.overlaps(cut):
                left.append(span)
                continue
            left.extend(Span(s, e) for s, e in ((span.start, cut.start), (cut.end, span.end)) if s < e)
        joined = left
    return joined
