"""Every format by its name, and what puts it out: the one list that the commands, the web and the docs go by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from stillon.model import Dossier

READ = ("text", "json", "ndjson", "html", "ics", "ics-visible", "atom", "jsonld", "ninjs", "eventsml", "superdesk")
"""Formats of dossiers; text is for a terminal and is put out by `terminal`, as ndjson line by line."""
WHOLE = ("json", *READ[3:])
"""Those that are put out in one piece."""
ROWS = ("csv", "parquet")
"""Formats of rows, one for each event, or for each event and day."""
EXPORT = ("jsonl", *ROWS, *WHOLE)
"""Formats of a whole store: its lines, its answers as rows, or its answers as dossiers."""
PER_EVENT = ("eventsml", "superdesk")
"""Those that a planning system takes as one file for each event."""
MEDIA_TYPES = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "jsonl": "application/x-ndjson",
    "html": "text/html; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "ics-visible": "text/calendar; charset=utf-8",
    "atom": "application/atom+xml",
    "jsonld": "application/ld+json",
    "ninjs": "application/json",
    "eventsml": "application/vnd.iptc.g2.newsmessage+xml",
    "superdesk": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
"""What each is called on the web."""


def render(format: str, dossiers: Iterable[Dossier]) -> str | bytes:
    """Dossiers in a format of WHOLE. Raises KeyError for another."""
    return _renderer(format)(dossiers)


def _renderer(format: str) -> Callable[[Iterable[Dossier]], str | bytes]:
    """What puts a format out; a format's libraries are loaded only where it is asked for."""
    if format == "json":
        from stillon.publishing import ndjson

        return ndjson.render_json
    if format == "html":
        from stillon.publishing import page

        return page.render
    if format in ("ics", "ics-visible"):
        from stillon.publishing import ical

        return lambda dossiers: ical.render(dossiers, keep_cancelled=format == "ics-visible")
    if format == "atom":
        from stillon.publishing import atom

        return atom.render
    if format == "jsonld":
        from stillon.publishing import jsonld

        return jsonld.render
    if format == "ninjs":
        from stillon.publishing import ninjs

        return ninjs.render
    if format == "eventsml":
        from stillon.publishing import eventsml

        return eventsml.render
    if format == "superdesk":
        from stillon.publishing import superdesk

        return superdesk.render
    raise KeyError(format)


def left_out(format: str, dossier: Dossier) -> int:
    """How many events a format of PER_EVENT cannot hold, since it wants days that no words name."""
    from stillon.publishing import eventsml, superdesk

    return eventsml.left_out(dossier) if format == "eventsml" else superdesk.left_out(dossier)


def files(format: str, dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    """Each event of a format of PER_EVENT as a file of its own: the file's name and its bytes."""
    from stillon.publishing import eventsml, superdesk

    made, ending = (eventsml.files, "xml") if format == "eventsml" else (superdesk.files, "json")
    for event, body in made(dossier):
        name = "".join(each if each.isascii() and (each.isalnum() or each in "-_") else "-" for each in event)
        yield f"{name}.{ending}", body
