"""What one report says of each planned event: readings joined into mentions, sayings made claims about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from stillon.extraction.claims import Claims
from stillon.extraction.encoder import CLAIMS
from stillon.extraction.joining import Group, joined
from stillon.extraction.mentions import MAIN_SURE, WORTH_LEAST, mention_of, related, with_parties_of_talks, worth
from stillon.extraction.nodes import Page
from stillon.model import EventReading, Extraction, Mention, Status


class Considered(NamedTuple):
    """An event that a report may speak of."""

    group: Group
    """Its readings."""
    mention: Mention
    """What they make of it."""
    share: float
    """Its part, from 0 to 1, of all that the report says of events."""


def assemble(page: Page, readings: Sequence[EventReading]) -> Extraction:
    """The mentions and claims of a report, claims in the order of the text, title first."""
    claims = claims_of(page, readings)
    return Extraction(report=page.report, mentions=related(page, claims.groups, claims.mentions), claims=claims.all())


def claims_of(page: Page, readings: Sequence[EventReading]) -> Claims:
    """What makes the claims of a report about the events that are worth putting out, and about what they prepare."""
    found = considered(page, readings)
    main = max(found, key=lambda each: each.share, default=None)
    groups, mentions = [each.group for each in found], {id(each.group): each.mention for each in found}
    told = {
        mention.id: mention.prepares
        for each, mention in zip(found, related(page, groups, mentions), strict=True)
        if worth(*each) >= WORTH_LEAST or (each is main and each.group.surest() >= MAIN_SURE)
    }
    needed = told.keys() | {target for targets in told.values() for target in targets}
    kept = [told_of(each) for each in found if each.mention.id in needed]
    doubtful = {id(each.group) for each in kept if worth(*each) < SURE_WORTH and each is not main}
    return Claims(page, [each.group for each in kept], {id(each.group): each.mention for each in kept}, doubtful)


def told_of(each: Considered) -> Considered:
    """The event, where no reading of it was sure of a status with the likeliest status of the surest one."""
    nodes = each.group.nodes
    best = max(range(len(nodes)), key=lambda place: nodes[place].reading.score)
    if any(node.reading.status for node in nodes) or nodes[best].reading.score < TOLD_LEAST:
        return each
    status = next((Status(name) for name, _ in nodes[best].reading.status_scores if name in CLAIMS), None)
    told = replace(nodes[best], reading=replace(nodes[best].reading, status=status))
    group = Group([*nodes[:best], told, *nodes[best + 1 :]])
    return each._replace(group=group, mention=replace(each.mention, status=status))


SURE_WORTH = -1.3
"""Log-odds of its worth below which an event is doubtful, so that statements which name none are less likely its."""
TOLD_LEAST = 0.2
"""Least probability that a reading of an event that is put out claims any status, for its likeliest to be taken."""


def considered(page: Page, readings: Sequence[EventReading]) -> list[Considered]:
    """Every event that some reading speaks of, in the order of the text, title first."""
    kept = page.sorted_out(readings)
    groups = joined([page.node(r) for r in kept], page.likeness(kept))
    whole = sum(g.weight() for g in groups) or 1.0
    mentions = with_parties_of_talks([mention_of(page, g) for g in groups])
    return [Considered(g, m, g.weight() / whole) for g, m in zip(groups, mentions, strict=True)]
