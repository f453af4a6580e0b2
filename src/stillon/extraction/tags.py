"""Who says it where the encoder found nobody: a tag behind a sentence ("…, two outlets report"), a headline's lead."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from stillon.extraction.lexicon import load_table
from stillon.extraction.people import Entity, Names
from stillon.extraction.sentences import split_sentences
from stillon.model import Attribution, Span

SURE = 0.8
"""Score of what the pattern finds."""


def read_tags(text: str, known: Sequence[Attribution], *, start: int = 0) -> list[Attribution]:
    """Attributions of sentences of `text`, from `start`, in which none of `known` has its content."""
    spoken = [span for each in known for span in each.content]
    found = []
    for sentence in split_sentences(text):
        if sentence.end <= start:
            continue
        begin = max(sentence.start, start)
        match = _tag().match(text[begin : sentence.end])
        if match is None or any(span.overlaps(Span(begin, sentence.end)) for span in spoken):
            continue
        parts = (Span(*match.span(part)) for part in ("source", "cue", "content"))
        source, cue, content = (Span(begin + part.start, begin + part.end) for part in parts)
        found.append(Attribution(source=(source,), cue=(cue,), content=(content,), score=SURE))
    return found


def read_lead(title: str, known: Sequence[Attribution], names: Names) -> list[Attribution]:
    """The attribution of a headline that begins with who says it ("Kremlin: no talks this week"), if it does.

    A country in front of the colon is what the headline is about, a capital speaks for its government.
    """
    if known or (match := _LEAD.match(title)) is None:
        return []
    source, cue, content = (Span(*match.span(part)) for part in ("source", "cue", "content"))
    said_by = names.resolve(source, True)
    if said_by is None or not _speaks(said_by):
        return []
    return [Attribution(source=(source,), cue=(cue,), content=(content,), score=SURE)]


_LEAD = re.compile(
    r"(?P<source>[^:?“”\"]{2,40})(?P<cue>:)\s+"
    r"(?!(?:What|Who|When|Where|Why|How|Is|Are|Live|The latest|Here|Everything|\d+)\b)(?P<content>\S.{9,})$"
)


def _speaks(entity: Entity) -> bool:
    if entity.kind == "place":
        return entity.government_of is not None and entity.name != entity.government_of
    return entity.kind in ("person", "body", "outlet")


@functools.cache
def _tag() -> re.Pattern[str]:
    verbs = "|".join(load_table("sources")["tags"]["verbs"])
    return re.compile(
        rf"\s*(?P<content>[^“”\"]{{25,}}?),\s(?P<source>(?:[\w.’'-]+\s){{0,7}}[\w.’'-]+)\s(?P<cue>{verbs})"
        r"(?:\s(?:on\s)?[A-Z]\w+day)?(?:,\sciting\s[^.]{3,80})?\.?\s*$"
    )
