"""HTML to the text and the facts of one article, by trafilatura.

The text is what trafilatura takes for the article, paragraphs parted by a newline; offsets point into
it. The day of publication and the instant of the last edit are kept apart: they are read here from
JSON-LD and meta tags, and only a missing day is left to trafilatura's search in the markup.
"""

from __future__ import annotations

import codecs
import datetime
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin

from stillon.errors import NotAnArticle, TooLarge, UnknownFormat
from stillon.model import Day
from stillon.reading.metadata import parse_published, split_authors

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_PUBLISHED_META = (
    "article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "pubdate",
    "publishdate", "publish-date", "date.issued", "dc.date.issued", "dcterms.created", "sailthru.date",
    "date",
)  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "dcterms.modified")
_ARTICLE = re.compile(r"(?:Article|Report|Posting|NewsArticle)$")
_PROSE_LINE = re.compile(r"[.!?…][\"”’')\]]*\s*$")

MAX_ELEMENTS = 50_000
"""Most elements of a page that is read: pages of news have a few thousand, and ten times this takes a minute."""
MIN_WORDS_MARKED = 8
"""Words in whole sentences that make an article of a page that calls itself one: a one-line brief."""
MIN_WORDS_UNMARKED = 40
"""The same for any other page: a menu or a login page with its terms has fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says of its article."""

    text: str
    """The article's text, paragraphs parted by a newline."""
    title: str | None
    """Headline."""
    url: str | None
    """The page's canonical url, when it names one."""
    publisher: str | None
    """Name of the site or its publisher."""
    authors: tuple[str, ...]
    """Byline names."""
    published: Day | None
    """Day of publication."""
    published_at: datetime.datetime | None
    """Instant of publication, aware UTC."""
    modified_at: datetime.datetime | None
    """Instant of the last edit, aware UTC."""


def decode_html(body: bytes, charset: str | None = None) -> str:
    """The characters of a page: by byte order mark, `charset`, its meta tag, UTF-8, else Windows-1252.

    As in a browser (WHATWG, "determining the character encoding"), bytes that do not fit become U+FFFD.
    """
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    declared = _META_CHARSET.search(body[:4096])
    for name in (charset, declared[1].decode("ascii") if declared else None):
        if name:
            try:
                return body.decode(name, "replace")
            # A codec of another sort than text ("zlib", "hex") fails with its own error.
            except (LookupError, UnicodeError, ValueError):
                continue
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def read_page(markup: str, *, url: str | None, about: str) -> Page:
    """The article of a page.

    Raises NotAnArticle when it holds none, TooLarge for one of too many elements, UnknownFormat when the markup
    cannot be read at all.
    """
    # Slow to import (half a second), and only pages need it.
    import trafilatura

    try:
        tree: Any = trafilatura.load_html(markup)
        if tree is not None and next(itertools.islice(tree.iter(), MAX_ELEMENTS, None), None) is not None:
            raise TooLarge(f"a page of more than {MAX_ELEMENTS} elements", about=about)
        meta = {} if tree is None else _take_meta_tags(tree)
        document: Any = tree is not None and trafilatura.bare_extraction(
            tree,
            url=url,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            # A far last day, since by default the search reads the clock.
            date_extraction_params={
                "original_date": True, "extensive_search": False, "max_date": "2999-12-31",
            },
        )  # fmt: skip
    except TooLarge:
        raise
    except Exception as error:  # trafilatura and lxml have no error class of their own for bad markup
        raise UnknownFormat(f"broken HTML: {type(error).__name__}: {error}", about=about) from error
    text = (document.text or "").strip() if document else ""
    article = next(_articles(tree), {}) if document else {}
    marked = bool(article) or meta.get("og:type") == "article" or (document and tree.find(".//article") is not None)
    prose_words = sum(len(line.split()) for line in text.splitlines() if _PROSE_LINE.search(line))
    if prose_words < (MIN_WORDS_MARKED if marked else MIN_WORDS_UNMARKED):
        raise NotAnArticle("no article in this page", about=about)
    published, published_at = _first_day([article.get("datePublished"), *map(meta.get, _PUBLISHED_META)])
    _, modified_at = _first_day([article.get("dateModified"), *map(meta.get, _MODIFIED_META)])
    return Page(
        text=text,
        title=document.title or None,
        url=document.url or None,
        publisher=_name(article.get("publisher")) or meta.get("og:site_name") or _site(tree, document),
        authors=_names(article.get("author")) or split_authors((document.author or "").replace(";", "\n")),
        published=published or parse_published(document.date)[0],
        published_at=published_at,
        modified_at=modified_at,
    )


def find_links(markup: str, *, url: str, about: str) -> list[tuple[str, str]]:
    """The links of a page as (url without its fragment, words), each url once, in their order.

    Raises UnknownFormat when the markup cannot be read at all.
    """
    import trafilatura

    try:
        tree: Any = trafilatura.load_html(markup)
    except Exception as error:  # as in `read_page`
        raise UnknownFormat(f"broken HTML: {type(error).__name__}: {error}", about=about) from error
    found: dict[str, str] = {}
    for tag in () if tree is None else tree.iter("a"):
        try:
            target = urldefrag(urljoin(url, (tag.get("href") or "").strip())).url
        except ValueError:  # a broken address, as "http://[" is
            continue
        words = " ".join(tag.text_content().split())
        if target.startswith(("http://", "https://")) and target != urldefrag(url).url:
            found[target] = found.get(target) or words
    return list(found.items())


def _take_meta_tags(tree: Any) -> dict[str, str]:
    """Content of the page's meta tags by name or property in lower case, the first of each.

    Those that tell the last edit are taken out of `tree`: the search for a day of publication would
    settle for them.
    """
    found: dict[str, str] = {}
    for tag in list(tree.iter("meta")):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").strip().lower()
        content = (tag.get("content") or "").strip()
        if name and content:
            found.setdefault(name, content)
        if name in _MODIFIED_META and tag.getparent() is not None:
            tag.drop_tree()
    return found


def _articles(tree: Any) -> Iterator[dict[str, Any]]:
    """JSON-LD objects of the page that describe an article; broken JSON-LD is passed over."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            pending = [json.loads(script.text or "")]
        except (ValueError, RecursionError):
            continue
        while pending:
            node = pending.pop(0)
            if isinstance(node, list):
                pending.extend(node)
            elif isinstance(node, dict):
                kinds = node.get("@type")
                kinds = kinds if isinstance(kinds, list) else [kinds]
                if any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds):
                    yield node
                pending.append(node.get("@graph"))


def _first_day(values: list[Any]) -> tuple[Day | None, datetime.datetime | None]:
    """Day and instant of the first of `values` that gives a day."""
    for value in values:
        day, instant = parse_published(value)
        if day:
            return day, instant
    return None, None


def _site(tree: Any, document: Any) -> str | None:
    """The site's name: as the page's title adds it to the headline, else as trafilatura finds it."""
    whole, headline = (tree.findtext(".//title") or "").strip(), document.title or ""
    added = re.fullmatch(r"\s+[|–—-]\s+([^|]{2,40})", whole.removeprefix(headline)) if headline else None
    return added[1].strip() if added else document.sitename or None


def _name(node: Any) -> str | None:
    """The name of a JSON-LD person or body."""
    if isinstance(node, list):
        node = node[0] if node else None
    name = node.get("name") if isinstance(node, dict) else node
    return name.strip() or None if isinstance(name, str) else None


def _names(node: Any) -> tuple[str, ...]:
    """The names of one or several JSON-LD persons or bodies."""
    nodes = node if isinstance(node, list) else [node]
    return tuple(dict.fromkeys(name for each in nodes if (name := _name(each)) and "://" not in name))
