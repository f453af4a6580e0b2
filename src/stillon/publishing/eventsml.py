"""Answers as EventsML-G2: NewsML-G2 2.33 concept items, several of them in a news message.

`occurStatus` is read and written here; Superdesk writes eos5 for whatever it reads, so our own word stands in a note
too. `start` and `end` are as exact as the words: ApproximateDateTime may be a year or a month. The standard wants a
start: an event that is planned for no time with bounds is left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from stillon.model import Assessment, Dossier
from stillon.publishing.atom import xml_text
from stillon.publishing.editions import Editions
from stillon.publishing.ninjs import dates_of
from stillon.publishing.saying import answered, date_line, joined, lines, status_line
from stillon.publishing.standards import CALLED, EOCSTAT_NAMES, instant_text, uri_of
from stillon.publishing.terminal import clean, when_words

NAR = "http://iptc.org/std/nar/2006-10-01/"
"""Namespace of NewsML-G2."""
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"
"""Where IPTC's aliases (eocstat, cpnat, ...) are resolved."""
DETAILS = "https://pypi.org/project/stillon#"
"""Namespace of roles that IPTC has none for."""


def render(dossiers: Iterable[Dossier]) -> bytes:
    """A news message (NewsML-G2, 7) with one concept item for each event, in UTF-8."""
    message = etree.Element(_q("newsMessage"), nsmap={None: NAR})
    header = _put(message, "header")
    items = etree.Element(_q("itemSet"))
    sent = ""
    for dossier in dossiers:
        for _, item in _items(dossier):
            items.append(item)
            sent = max(sent, item.findtext(f"{_q('itemMeta')}/{_q('versionCreated')}") or "")
    _put(header, "sent", sent or "1970-01-01T00:00:00Z")
    if len(items):
        message.append(items)
    return _written(message)


def files(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    """Each event as a file of its own, with its id: what a planning system's file feed takes."""
    for id, item in _items(dossier):
        yield id, _written(item)


def left_out(dossier: Dossier) -> int:
    """How many events are planned for no time with bounds."""
    return sum(not dates_of(given.when) for given in answered(dossier))


def _items(dossier: Dossier) -> Iterator[tuple[str, etree._Element]]:
    editions = Editions(dossier)
    for given in answered(dossier):
        if not dates_of(given.when):
            continue
        yield given.event.id, _item(given, editions)


def _item(given: Assessment, editions: Editions) -> etree._Element:
    assert given.status is not None
    event, edition = given.event, editions.of(given)
    uri = uri_of("event", event.id)
    item = etree.Element(
        _q("conceptItem"), nsmap={None: NAR}, guid=uri, version=str(edition.number + 1), standard="NewsML-G2",
        standardversion="2.33", conformance="power",
    )  # fmt: skip
    item.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    _put(item, "catalogRef", href=CATALOG)
    meta = _put(item, "itemMeta")
    _put(meta, "itemClass", qcode="cinat:concept")
    _put(meta, "provider", literal="stillon")
    _put(meta, "versionCreated", instant_text(edition.at))
    _put(meta, "firstCreated", instant_text(edition.first_at))
    _put(meta, "pubStatus", qcode="stat:usable")
    _put(meta, "edNote", status_line(given))
    content = _put(item, "contentMeta")
    _put(content, "contentModified", instant_text(edition.at))
    _put(content, "language", tag="en")
    concept = _put(item, "concept")
    _put(concept, "conceptId", uri=uri)
    _put(concept, "type", qcode="cpnat:event")
    _put(concept, "name", clean(event.name))
    _put(concept, "definition", _short(given), roleuri=f"{DETAILS}short")
    _put(concept, "definition", joined(lines(given, editions)), roleuri=f"{DETAILS}answer")
    for role, words in _notes(given):
        _put(concept, "note", words, roleuri=f"{DETAILS}{role}")
    for url in editions.urls(given):
        _put(concept, "remoteInfo", rel="irel:seeAlso", href=xml_text(url), contenttype="text/html")
    for id in event.requires:
        _put(concept, "related", uri=uri_of("event", id), reluri=f"{DETAILS}requires")
    _details(concept, given)
    return item


def _details(concept: etree._Element, given: Assessment) -> None:
    assert given.status is not None
    details = _put(concept, "eventDetails")
    dates = dates_of(given.when)
    element = _put(details, "dates")
    _put(element, "start", dates.get("startDate") or dates["expectedStartDate"])
    if "expectedEndDate" in dates:
        _put(element, "end", dates["expectedEndDate"])
    code = CALLED[given.status].eocstat
    _put(_put(details, "occurStatus", qcode=f"eocstat:{code}"), "name", EOCSTAT_NAMES[code])
    _named(details, "subject", [str(given.event.kind)])
    place = given.place or given.event.place
    _named(details, "location", [place] if place else [])
    _named(details, "participant", given.event.participants)
    _named(details, "organiser", given.event.host)


def _named(details: etree._Element, element: str, names: Iterable[str]) -> None:
    for name in names:
        _put(_put(details, element, literal=clean(name)), "name", clean(name))


def _short(given: Assessment) -> str:
    date = date_line(given)
    return f"{status_line(given)}. {date}." if date else f"{status_line(given)}."


def _notes(given: Assessment) -> Iterator[tuple[str, str]]:
    """Our own answer, each part in a role of its own."""
    yield "status", str(given.status)
    if given.since:
        yield "since", given.since.isoformat()
    if given.likelihood:
        yield "likelihood", given.likelihood
    yield "sourcing", f"{given.reliability}{given.credibility}"
    if given.when:
        yield "precision", str(given.when.precision)
        yield "when", when_words(given.when)
    for was in given.was:
        yield "formerly", when_words(was)


def _q(name: str) -> str:
    return f"{{{NAR}}}{name}"


def _put(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, _q(name), {key: xml_text(value) for key, value in attributes.items()})
    if text is not None:
        element.text = xml_text(text)
    return element


def _written(element: etree._Element) -> bytes:
    written: bytes = etree.tostring(element, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written
