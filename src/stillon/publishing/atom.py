"""What changed, as an Atom feed (RFC 4287): one entry for each change of an event, newest first.

An entry's id is made of the event, the change and the day it was said on, so that no reader shows it twice, and its
`updated` is the publication that brought it: an entry does not change once it is out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable

from lxml import etree

from stillon.model import Assessment, Dossier
from stillon.publishing.editions import NEVER, Editions, Turning
from stillon.publishing.note import credited
from stillon.publishing.saying import answered
from stillon.publishing.standards import CALLED, EOCSTAT, instant_text, uri_of
from stillon.publishing.terminal import clean, when_words, window

ATOM = "http://www.w3.org/2005/Atom"
STATUSES = "https://pypi.org/project/stillon#status"
"""Scheme of the categories that hold our own word for a status."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot carry."""
UrlOf = Callable[[str], str]


def render(
    dossiers: Iterable[Dossier],
    *,
    title: str = "Is it still on? What changed",
    feed_url: str | None = None,
    url_of: UrlOf | None = None,
    most: int | None = None,
) -> bytes:
    """The changes of all events of all dossiers in one feed, in UTF-8; each once, the newest `most` of them.

    `feed_url` is where the feed will stand, `url_of` gives the page of an event by its id.
    """
    entries: dict[str, tuple[Turning, Assessment, Editions]] = {}
    for dossier in dossiers:
        editions = Editions(dossier)
        for given in answered(dossier):
            for turning in editions.turnings(given):
                entries[_id(given, turning)] = (turning, given, editions)
    newest = sorted(entries.items(), key=lambda each: (each[1][0].at, each[0]), reverse=True)[:most]
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    _put(feed, "id", feed_url or uri_of("feed", title))
    _put(feed, "title", title)
    _put(feed, "updated", instant_text(max((turning.at for _, (turning, _, _) in newest), default=NEVER)))
    _put(_put(feed, "author"), "name", "stillon")
    if feed_url:
        _put(feed, "link", rel="self", href=feed_url, type="application/atom+xml")
    for id, (turning, given, editions) in newest:
        _entry(feed, id, turning, given, editions, url_of)
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def _id(given: Assessment, turning: Turning) -> str:
    day = turning.on.isoformat() if turning.on else ""
    days = (
        f"{turning.when.start}/{turning.when.end}/{turning.when.time}"
        if turning.what == "date" and turning.when
        else ""
    )
    return uri_of("change", given.event.id, turning.what, str(turning.status), day, days)  # fmt: skip


def _entry(
    feed: etree._Element, id: str, turning: Turning, given: Assessment, editions: Editions, url_of: UrlOf | None
) -> None:
    reports = editions.reports
    entry = _put(feed, "entry")
    _put(entry, "id", id)
    _put(entry, "title", _title(turning, given))
    _put(entry, "updated", instant_text(turning.at))
    _put(entry, "published", instant_text(turning.at))
    told = [reports[claim.report] for claim in turning.claims if claim.report in reports]
    urls = dict.fromkeys(report.url for report in told if report.url)
    if url_of:
        _put(entry, "link", rel="alternate", href=url_of(given.event.id))
    for number, url in enumerate(urls):
        _put(entry, "link", rel="via" if url_of or number else "alternate", href=xml_text(url))
    _put(entry, "category", term=str(turning.status), scheme=STATUSES)
    _put(entry, "category", term=CALLED[turning.status].eocstat, scheme=EOCSTAT)
    _put(entry, "category", term=str(given.event.kind), scheme="https://pypi.org/project/stillon#kind")
    year = turning.at.year
    words = [credited(claim, reports, year) for claim in turning.claims]
    words = words or ["Its day passed, and no report says what happened."]
    facts = _facts(turning, given)
    _put(entry, "summary", xml_text(" ".join([*facts, *words])))
    body = "".join(f"<p>{html.escape(each)}</p>" for each in facts)
    for claim, quoted in zip(turning.claims, words, strict=False):
        report = reports.get(claim.report)
        read = f' <a href="{html.escape(report.url)}">{html.escape(clean(report.title or report.url))}</a>' if (
            report and report.url
        ) else ""  # fmt: skip
        body += f"<blockquote>{html.escape(quoted)}{read}</blockquote>"
    if not turning.claims:
        body += f"<p>{html.escape(words[0])}</p>"
    _put(entry, "content", xml_text(body), type="html")


def _title(turning: Turning, given: Assessment) -> str:
    name = clean(given.event.name)
    if turning.what == "date":
        return f"{name}: now {when_words(turning.when, short=True)}"
    return f"{name}: {turning.status}"


def _facts(turning: Turning, given: Assessment) -> list[str]:
    """What it is from then on, since which day, for which days, and which ones it was planned for before."""
    since = f" since {window(turning.on, turning.on)}" if turning.on else ""
    facts = [f"{turning.status}{since}."]
    if turning.when is not None:
        facts.append(f"When: {when_words(turning.when)}.")
    former = [claim.was for claim in turning.claims if claim.was is not None]
    if not former and (turning.what == "date" or turning.when == given.when):
        former = list(given.was)
    for was in {when_words(was): was for was in former}:
        facts.append(f"Before that: {was}.")
    place = given.place or given.event.place
    if place:
        facts.append(f"Where: {clean(place)}.")
    return facts


def _put(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text is not None:
        element.text = xml_text(text)
    return element


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 cannot carry."""
    return _NO_XML.sub("", text)
