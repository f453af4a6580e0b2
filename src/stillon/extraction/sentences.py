"""Where sentences begin and end in a text."""

from __future__ import annotations

import re

from stillon.model import Span

_END = re.compile(
    r"(?<=[.!?…])[\"”’»')\]]*[ \t\u00a0]+(?=[\"“‘«'(\[]*[^\sa-z,;])|\s*\n\s*"
    r"|(?<=[a-z]{3}[.!?])(?=[\"“][A-Z])|(?<=[a-z]{3}[.!?])”(?=[A-Z][a-z])"
)
"""An end with white space behind it; or none, as texts have it that lost what parts their paragraphs."""
_CLOCK = re.compile(r"\d\s?[ap]\.m\.$")
_DAY_OR_ZONE = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.|GMT|BST|CET|E[SD]T|Eastern|Pacific|Central|local)\b"
)
"""What goes on behind the time of a day."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Sen|Sens|Rep|Reps|Gov|Govs|Gen|Lt|Col|Maj|Sgt|Capt|Adm|Prof|Rev|Hon|Pres|Jr|Sr"
    r"|No|vs|v|Inc|Corp|Co|Ltd|Bros|Ave|Blvd|Ft|Mt|approx|est|Jan|Feb|Aug|Sept|Oct|Nov|Dec"
    r"|Mass|Calif|Ariz|Fla|Conn|Tenn|Pa|Va|Ky|Ore|Ind|Ill|Mich|Minn|Wis|Okla|Wash|Ga|Colo|Kan|Neb|Nev"
    r"|[DRI]-[A-Z][a-z]*)|\b[A-Z](?:\.[A-Z])*)\.$"
)


def split_sentences(text: str) -> list[Span]:
    """The sentences of a text in order, without white space at their edges; a paragraph's end ends one.

    Together they cover every character that is no white space. A stop after a title, an initial or a
    shortened state or month does not end a sentence, nor does that of "p.m." in front of a day or a zone.
    """
    spans, start = [], 0
    for cut in _END.finditer(text):
        of_paragraph = "\n" in cut.group()
        if not of_paragraph and _is_shortened(text, cut):
            continue
        marks = 0 if of_paragraph else len(cut.group()) - len(cut.group().lstrip("\"”’»')]"))
        spans.append((start, cut.start() + marks))
        start = cut.end()
    spans.append((start, len(text)))
    return [span for first, last in spans if (span := _trimmed(text, first, last))]


def _is_shortened(text: str, cut: re.Match[str]) -> bool:
    """True for a stop that ends a shortened word, or the time of a day that goes on ("8 p.m. Friday")."""
    if _ABBREVIATION.search(text, max(0, cut.start() - 12), cut.start()):
        return True
    clock = _CLOCK.search(text, max(0, cut.start() - 8), cut.start())
    return bool(clock and _DAY_OR_ZONE.match(text, cut.end()))


def _trimmed(text: str, start: int, end: int) -> Span | None:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    return Span(start, end) if end > start else None
