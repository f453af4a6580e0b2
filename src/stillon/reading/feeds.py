"""Feeds to the items in them: RSS and Atom by feedparser, JSON Feed, sitemaps, and the links of a page.

XML is refused where it is broken, and where it declares entities: no feed needs any, and ten lines of them
can stand for gigabytes. What an item says of itself is taken as a hint; the article is read from its own page.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import urljoin

from stillon.errors import NotAnArticle, TooLarge, UnknownFormat
from stillon.model import Day
from stillon.reading.fetching import Fetched
from stillon.reading.html import decode_html, find_links
from stillon.reading.metadata import parse_published
from stillon.settings import Settings

FeedKind = Literal["rss", "atom", "json", "sitemap", "links", "page"]
FEED_KINDS: tuple[FeedKind, ...] = get_args(FeedKind)
_PROLOG = re.compile(rb"(?:\s|\xef\xbb\xbf|<\?.{0,1000}?\?>|<!--.{0,5000}?-->|<!DOCTYPE[^>\[]{0,500}>)*", re.S | re.I)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ROOTS: Mapping[str, FeedKind] = {
    "rss": "rss", "rdf": "rss", "feed": "atom", "urlset": "sitemap", "sitemapindex": "sitemap",
}  # fmt: skip
_ENTITY = re.compile(rb"<\x00?!\x00?E\x00?N\x00?T\x00?I\x00?T\x00?Y", re.I)
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed."""

    url: str | None
    """Where its article is; None where the item has no link."""
    title: str | None = None
    """Its headline."""
    published: Day | None = None
    """Day of publication as the feed gives it."""
    published_at: datetime.datetime | None = None
    """Instant of publication, aware UTC."""
    mark: str = ""
    """Digest of what the feed says of the item: another mark means that the item was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed holds."""

    kind: FeedKind
    """What it is."""
    title: str | None = None
    """What it calls itself."""
    entries: tuple[Entry, ...] = ()
    """Its items in its own order."""
    more: tuple[str, ...] = ()
    """For an index of sitemaps: the sitemaps, the one changed last first."""


def read_feed(answer: Fetched, url: str, settings: Settings, *, kind: FeedKind | None = None) -> Feed:
    """The feed that a server answered with; `kind` holds where it is given, else its bytes tell.

    A page is a feed of kind "page" without entries unless `kind` is "links". Raises UnknownFormat for broken XML
    or JSON, for XML that declares entities, and for what is no feed; TooLarge for gzip that unpacks to too much.
    """
    body = _unpacked(answer.body, url, settings)
    if not body.strip():
        raise NotAnArticle("it is empty", about=url)
    found = _kind_of(body)
    if kind in {"links", "page"} and found == "page":
        found = kind
    if found is None or (kind is not None and kind != found):
        said = {None: "no feed, sitemap or page", "page": "a page", "sitemap": "a sitemap"}.get(found, f"{found} feed")
        raise UnknownFormat(f"it is {said}" + (f", and not {kind} as it should be" if kind else ""), about=url)
    if found == "page":
        return Feed(kind="page")
    if found == "links":
        links = find_links(decode_html(body, answer.charset), url=answer.url, about=url)
        return Feed(kind="links", entries=tuple(Entry(url=link, title=words or None) for link, words in links))
    if found == "json":
        return _read_json(body, answer.url, url)
    if _ENTITY.search(body):
        raise UnknownFormat("XML that declares entities is not read: they can stand for gigabytes", about=url)
    return _read_sitemap(body, answer.url, url) if found == "sitemap" else _read_xml(body, answer, url, found)


def _unpacked(body: bytes, url: str, settings: Settings) -> bytes:
    """The bytes, unpacked where they are gzip themselves, as sitemaps are."""
    if not body.startswith(_GZIP_MAGIC):
        return body
    try:
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        unpacked = inflater.decompress(body, settings.max_bytes + 1)
    except zlib.error as error:
        raise UnknownFormat(f"broken gzip: {error}", about=url) from error
    if len(unpacked) > settings.max_bytes:
        raise TooLarge(f"longer than {settings.max_bytes} bytes", about=url)
    if not inflater.eof:
        raise UnknownFormat("broken gzip: it breaks off", about=url)
    return unpacked


def _kind_of(body: bytes) -> FeedKind | None:
    """What the bytes look like; None for no feed at all."""
    head = body[:20_000]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return "json"
    prolog = _PROLOG.match(head)
    rest = head[prolog.end() :] if prolog else head
    if re.match(rb"<!DOCTYPE\s+[\w:]+\s*\[", rest, re.I):  # an internal subset: its root element stands in front
        name = rest.split(None, 2)[1].rpartition(b":")[2].strip(b"[")
        return _ROOTS.get(name.decode("ascii", "replace").lower(), "rss")
    root = _ROOT.match(rest)
    if root and (kind := _ROOTS.get(root[1].decode("ascii", "replace").lower())):
        return kind
    return "page" if re.search(rb"<(?:!doctype\s+html|html|head|body|main|article|p|div|a)\b", head, re.I) else None


def _read_xml(body: bytes, answer: Fetched, url: str, kind: FeedKind) -> Feed:
    """An RSS or Atom feed."""
    import feedparser

    given = f"{answer.media_type or 'application/xml'}" + (f"; charset={answer.charset}" if answer.charset else "")
    try:
        parsed: Any = feedparser.parse(
            io.BytesIO(body),  # bytes as such may be taken for the name of a file
            response_headers={"content-type": given, "content-location": answer.url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser has no error class of its own for odd input
        raise UnknownFormat(f"broken XML: {type(error).__name__}: {error}", about=url) from error
    fault = parsed.get("bozo_exception")
    # What is only odd, such as another charset than the server's, comes as other errors, and was dealt with.
    if fault is not None and type(fault).__name__.startswith("SAX"):
        where = f" (line {fault.getLineNumber()})" if hasattr(fault, "getLineNumber") else ""
        words = fault.getMessage() if hasattr(fault, "getMessage") else str(fault)
        raise UnknownFormat(f"broken XML: {words}{where}", about=url)
    entries = tuple(_xml_entry(each, answer.url) for each in parsed.entries)
    return Feed(kind=kind, title=_words(parsed.feed.get("title")), entries=entries)


def _xml_entry(item: Any, base: str) -> Entry:
    published, published_at = _day(item.get("published"), item.get("updated"))
    content = [part.get("value") for part in item.get("content") or ()]
    return Entry(
        url=_absolute(item.get("link"), base),
        title=_words(item.get("title")),
        published=published,
        published_at=published_at,
        mark=_mark(item.get("title"), item.get("updated"), item.get("summary"), *content),
    )


def _read_json(body: bytes, base: str, url: str) -> Feed:
    """A JSON Feed (jsonfeed.org, version 1 and 1.1)."""
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnknownFormat(f"broken JSON: {error}", about=url) from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise UnknownFormat("JSON that is no feed: it has no items", about=url)
    entries = tuple(_json_entry(each, base) for each in items if isinstance(each, dict))
    return Feed(kind="json", title=_words(data.get("title")), entries=entries)


def _json_entry(item: dict[str, Any], base: str) -> Entry:
    published, published_at = _day(item.get("date_published"), item.get("date_modified"))
    own = item.get("id")
    link = item.get("url") or item.get("external_url") or (own if isinstance(own, str) and "://" in own else None)
    says = [item.get(name) for name in ("title", "date_modified", "summary", "content_text", "content_html")]
    return Entry(
        url=_absolute(link, base),
        title=_words(item.get("title")),
        published=published,
        published_at=published_at,
        mark=_mark(*says),
    )


def _read_sitemap(body: bytes, base: str, url: str) -> Feed:
    """A sitemap (sitemaps.org), with what Google News adds, or an index of sitemaps."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnknownFormat(f"broken XML: {error}", about=url) from error
    found = [_facts(node) for node in root if isinstance(node.tag, str)]
    if etree.QName(root).localname == "sitemapindex":
        found.sort(key=lambda facts: facts.get("lastmod", ""), reverse=True)
        links = (_absolute(facts.get("loc"), base) for facts in found)
        return Feed(kind="sitemap", more=tuple(dict.fromkeys(link for link in links if link)))
    return Feed(kind="sitemap", entries=tuple(_sitemap_entries(found, base)))


def _facts(node: Any) -> dict[str, str]:
    """The text of the elements below a node by their names without namespace, the first of each."""
    facts: dict[str, str] = {}
    for each in node.iter():
        if isinstance(each.tag, str) and (text := (each.text or "").strip()):
            facts.setdefault(each.tag.rpartition("}")[2], text)
    return facts


def _sitemap_entries(found: Iterable[dict[str, str]], base: str) -> Iterator[Entry]:
    for facts in found:
        published, published_at = parse_published(facts.get("publication_date"))
        yield Entry(
            url=_absolute(facts.get("loc"), base),
            title=facts.get("title"),
            published=published,
            published_at=published_at,
            mark=_mark(facts.get("lastmod"), facts.get("title")),
        )


def _day(*values: object) -> tuple[Day | None, datetime.datetime | None]:
    """Day and instant of the first value that gives a day."""
    for value in values:
        day, instant = parse_published(value) if isinstance(value, str) else (None, None)
        if day:
            return day, instant
    return None, None


def _absolute(link: object, base: str) -> str | None:
    """The link as an http(s) url; None for anything else."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        target = urljoin(base, link.strip())
    except ValueError:
        return None
    return target if target.lower().startswith(("http://", "https://")) else None


def _mark(*says: object) -> str:
    """Sixteen hexadecimal digits that stand for what was said."""
    told = json.dumps([each if isinstance(each, str) else None for each in says])
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _words(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
