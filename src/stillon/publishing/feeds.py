"""How watched feeds do, for a person and as JSON."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from stillon.model import FeedHealth
from stillon.publishing.ndjson import Data, dump_json
from stillon.publishing.terminal import clean, cut_to


def state_of(health: FeedHealth) -> str:
    """One word, or two: "well", "failing", "left alone", "not yet asked"."""
    if health.asked_at is None:
        return "not yet asked"
    if health.paused:
        return "left alone"
    return "failing" if health.failures else "well"


def render_text(feeds: Sequence[FeedHealth], *, width: int) -> str:
    """Some lines for each feed: its state and url, what came of it, when it is asked, and what is wrong with it."""
    lines = []
    widest = max((len(state_of(each)) for each in feeds), default=0)
    for each in feeds:
        indent = " " * (widest + 2)
        lines.append(cut_to(f"{state_of(each).upper():<{widest}}  {clean(each.url)}", width))
        facts = [each.kind or "kind unknown"]
        if each.answered_at:
            facts.append(f"{each.items} item{'' if each.items == 1 else 's'}")
        facts.append(f"{each.articles} stored" + (f", last {_minute(each.stored_at)}" if each.stored_at else ""))
        lines.append(cut_to(indent + " · ".join(facts), width))
        if each.asked_at and each.next_at:
            lines.append(cut_to(f"{indent}asked {_minute(each.asked_at)} · next {_minute(each.next_at)}", width))
        if each.error:
            often = f" ({each.failures} times in a row)" if each.failures > 1 else ""
            since = f"; last well {_minute(each.answered_at)}" if each.answered_at and each.failures else ""
            lines.append(cut_to(f"{indent}{clean(each.error)}{often}{since}", width))
    return "\n".join(lines) + "\n"


def render_json(feeds: Iterable[FeedHealth]) -> str:
    """The feeds as one object."""
    return dump_json({"feeds": [_data(each) for each in feeds]})


def _data(health: FeedHealth) -> Data:
    return {
        "url": health.url,
        "state": state_of(health),
        "kind": health.kind,
        "title": health.title,
        "items": health.items,
        "articles": health.articles,
        "failures": health.failures,
        "error": health.error,
        "asked_at": _instant(health.asked_at),
        "answered_at": _instant(health.answered_at),
        "changed_at": _instant(health.changed_at),
        "stored_at": _instant(health.stored_at),
        "next_at": _instant(health.next_at),
    }


def _minute(instant: datetime.datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%MZ}" if instant else "never"


def _instant(instant: datetime.datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z") if instant else None
