"""A change told to somebody who asked: a headline, what it is now, what it was, and the claim that caused it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stillon.model import Change, Notice
from stillon.publishing.ndjson import claim_data, event_data
from stillon.publishing.note import paragraph
from stillon.publishing.terminal import clean


def render_text(notice: Notice) -> tuple[str, str]:
    """A headline and the words below it, with the urls of the reports."""
    change = notice.change
    lines = paragraph(change, _year(change)).split("\n")
    lines += [report.url for report in change.reports if report.url]
    return _headline(change), "\n".join(lines)


def render_rest(notices: Sequence[Notice]) -> tuple[str, str]:
    """One message for notices that are too many to tell each."""
    words = f"{len(notices)} more change{'' if len(notices) == 1 else 's'}"
    days = [given.as_of for each in notices if (given := each.change.after or each.change.before) and given.as_of]
    since = f" `stillon changes --since {min(days)}` tells them all." if days else ""
    names = "\n".join(_headline(each.change) for each in notices[:50])
    return f"stillon: {words}", f"{words} that you asked to be told of.{since}\n{names}"


def to_data(notice: Notice) -> dict[str, Any]:
    """The notice as data; events and claims as in a dossier."""
    change = notice.change
    given = change.after or change.before
    assert given is not None
    title, words = render_text(notice)
    return {
        "id": notice.id,
        "rule": notice.rule,
        "title": title,
        "text": words,
        "what": list(change.what),
        "before": event_data(change.before) if change.before else None,
        "after": event_data(change.after) if change.after else None,
        "claims": [claim_data(claim, given.event.id) for claim in change.claims],
        "reports": [
            {"id": each.id, "url": each.url, "publisher": each.publisher, "title": each.title,
             "published": each.published.isoformat() if each.published else None}
            for each in change.reports
        ],
    }  # fmt: skip


def _headline(change: Change) -> str:
    given = change.after or change.before
    assert given is not None
    now = str(given.status) if change.after else "no report speaks of it any more"
    return f"{clean(given.event.name)}: {now}"


def _year(change: Change) -> int:
    given = change.after or change.before
    assert given is not None
    return given.as_of.year if given.as_of else 0
