"""A report's text with what was read in it marked in place: a run of text for every change of what covers it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from stillon.model import Claim, Mention, Span

KINDS = ("claim", "source", "cue", "status", "date", "event")
"""What a mark may be, the widest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing read in a text."""

    span: Span
    """Where it stands."""
    kind: str
    """One of KINDS."""
    of: str
    """Id of the claim, or of the mention, that it belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text that the same marks cover."""

    text: str
    """Its characters, exactly."""
    kinds: tuple[str, ...]
    """What covers it, the widest first."""
    claims: tuple[str, ...]
    """Ids of the claims that cover it."""
    begins: tuple[str, ...]
    """Ids of the claims that begin with it."""
    mention: str | None
    """Id of the mention that it names."""


def marks_of(claims: Sequence[Claim], mentions: Sequence[Mention], text: str, *, in_title: bool) -> list[Mark]:
    """The marks of a report's text, or of its title."""
    marks: list[Mark] = []
    for claim in claims:
        if claim.in_title != in_title:
            continue
        marks.append(Mark(span=claim.span, kind="claim", of=claim.id))
        marks += [
            Mark(span=source.span, kind="source", of=claim.id)
            for source in (*claim.sources, *claim.also)
            if source.span is not None
        ]
        for span, kind in ((claim.cue_span, "cue"), (claim.status_span, "status")):
            if span is not None:
                marks.append(Mark(span=span, kind=kind, of=claim.id))
        for when in (claim.when, claim.was):
            at = text.find(when.text, claim.span.start, claim.span.end) if when is not None and when.text else -1
            if when is not None and at >= 0:
                marks.append(Mark(span=Span(at, at + len(when.text)), kind="date", of=claim.id))
    if not in_title:
        marks += [Mark(span=span, kind="event", of=mention.id) for mention in mentions for span in mention.spans]
    return [each for each in marks if 0 <= each.span.start < each.span.end <= len(text)]


def runs_of(text: str, marks: Sequence[Mark], start: int = 0, end: int | None = None) -> list[Run]:
    """The characters of `text` from `start` to `end` as runs, every character in exactly one."""
    end = len(text) if end is None else end
    inside = [each for each in marks if each.span.start < end and each.span.end > start]
    cuts = sorted({start, end, *(at for each in inside for at in (each.span.start, each.span.end) if start < at < end)})
    opened = sorted(inside, key=lambda each: each.span.start)
    live: list[Mark] = []
    runs: list[Run] = []
    next_mark = 0
    for first, last in itertools.pairwise(cuts):
        live = [each for each in live if each.span.end > first]
        while next_mark < len(opened) and opened[next_mark].span.start <= first:
            live.append(opened[next_mark])
            next_mark += 1
        live = [each for each in live if each.span.end > first]
        kinds = {each.kind for each in live}
        claims = dict.fromkeys(each.of for each in live if each.kind == "claim")
        others = dict.fromkeys(each.of for each in live if each.kind not in ("claim", "event"))
        begins = tuple(each.of for each in live if each.kind == "claim" and max(each.span.start, start) == first)
        runs.append(
            Run(
                text=text[first:last],
                kinds=tuple(kind for kind in KINDS if kind in kinds),
                claims=tuple(dict.fromkeys((*claims, *others))),
                begins=begins,
                mention=next((each.of for each in live if each.kind == "event"), None),
            )
        )
    return runs
