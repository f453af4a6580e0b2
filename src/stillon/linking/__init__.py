"""Which reports speak of the same event, and which are copies of one another."""

from __future__ import annotations

from collections.abc import Sequence

from stillon.linking.copies import copy_groups, find_copies
from stillon.linking.entities import about
from stillon.linking.events import same_events
from stillon.model import Extraction, Links

__all__ = ["copy_groups", "find_copies", "link", "same_events"]


def link(extractions: Sequence[Extraction]) -> Links:
    """The events and copies among the reports; the same for any order of `extractions`.

    A report given twice counts once. Pure: as of an earlier day, give only what was published by then.
    """
    by_report = {one.report.id: one for one in extractions}
    reports = [one.report for one in by_report.values()]
    copies = find_copies(reports)
    return Links(
        events=same_events(
            (mention for one in by_report.values() for mention in one.mentions),
            {report.id: about(report) for report in reports},
        ),
        copies=tuple(copies),
        copy_of=tuple(sorted(copy_groups(reports, copies).items())),
    )
