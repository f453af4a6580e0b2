"""What one report says of each planned event: readings joined into mentions, sayings made claims about them."""

from __future__ import annotations

from collections.abc import Sequence

from stillon.extraction.claims import Claims
from stillon.extraction.joining import Group, joined
from stillon.extraction.mentions import MAIN_SURE, WORTH_LEAST, mention_of, related, worth
from stillon.extraction.nodes import Page
from stillon.extraction.people import Names
from stillon.extraction.sources import Saying
from stillon.model import EventReading, Extraction, Report, TimeExpression


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
    page = Page(report, names, times, title_times, sayings)
    read = joined([page.node(r) for r in page.sorted_out(readings)])
    mentions = {id(g): mention_of(page, g) for g in read}
    whole = sum(g.weight() for g in read) or 1.0
    main = max(read, key=Group.weight, default=None)
    groups = [
        g for g in read
        if worth(g, mentions[id(g)], g.weight() / whole) >= WORTH_LEAST or (g is main and g.surest() >= MAIN_SURE)
    ]  # fmt: skip
    claims = Claims(page, groups, mentions).all(sayings)
    return Extraction(report=report, mentions=related(page, groups, mentions), claims=claims)
