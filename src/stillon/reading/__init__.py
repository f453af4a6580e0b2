"""Reading: from what the caller names (a file, a folder, a url, bytes) to reports.

`read` makes one report of one thing at hand; `read_source` makes reports of everything a SOURCE holds,
and yields an error in the place of each that cannot be read, so that one bad input ends nothing.
`read_objects` gives the same inputs before they are made into reports.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from stillon.errors import NotAnArticle, ReadError, UnknownFormat, UnknownLanguage
from stillon.model import Day, Report
from stillon.reading.fetching import Fetched
from stillon.reading.html import decode_html, read_page
from stillon.reading.inputs import STDIN, Input, open_source, split_answer, split_bytes
from stillon.reading.language import is_english
from stillon.reading.metadata import find_agency, parse_published, read_front, split_authors
from stillon.settings import Settings

__all__ = [
    "STDIN", "Input", "open_source", "parse_published", "read", "read_answer", "read_input", "read_objects",
    "read_source",
]  # fmt: skip

_PARAGRAPH_END = re.compile(r"\n")
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s")


def read(
    raw: str | bytes | Mapping[str, Any],
    *,
    file: str = STDIN,
    url: str | None = None,
    published: Day | None = None,
    publisher: str | None = None,
    settings: Settings | None = None,
) -> Report:
    """The report in `raw`: plain text, an object with `text`, or bytes of either or of a page.

    `file` names it where it has no id; `url`, `published` and `publisher` hold where it does not say
    itself. Raises ReadError: NotAnArticle, UnknownFormat, UnknownLanguage or TooLarge.
    """
    settings = settings or Settings()
    if not isinstance(raw, bytes):
        about = str(raw.get("id") or file) if isinstance(raw, Mapping) else file
        each: Input | ReadError = Input(about=about, file=_own_id(raw) or file, content=raw, url=url)
    else:
        found = list(split_bytes(raw, file, settings))
        if len(found) > 1:
            raise UnknownFormat("several objects where one report is read", about=file)
        each = found[0]
    if isinstance(each, ReadError):
        raise each
    return _report(replace(each, url=each.url or url), settings, published, publisher)


def read_answer(
    answer: Fetched, url: str, settings: Settings, *, published: Day | None = None, publisher: str | None = None
) -> Report:
    """The report in what a server answered to `url`; raises ReadError as `read` does."""
    found = list(split_answer(answer, url, settings))
    if len(found) > 1:
        raise UnknownFormat("several objects where one report is read", about=url)
    if isinstance(found[0], ReadError):
        raise found[0]
    return _report(found[0], settings, published, publisher)


def read_source(
    source: str,
    settings: Settings,
    *,
    published: Day | None = None,
    publisher: str | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Report | ReadError]:
    """Every report of `source` in order, and an error in the place of each input that cannot be read.

    `source` is a file (text, HTML, JSON, JSON lines, Parquet, WARC, mail, PDF, each also gzipped), a folder (all files
    in it, by name, hidden ones left out), an http(s) url, or "-" for `stdin`. `published` and `publisher` hold for
    input that does not say itself. Raises nothing of its own.
    """
    for each in open_source(source, settings, stdin):
        try:
            yield each if isinstance(each, ReadError) else _report(each, settings, published, publisher)
        except ReadError as error:
            yield error


def read_input(each: Input, settings: Settings, *, published: Day | None, publisher: str | None) -> Report:
    """The report of one input of `open_source`; raises ReadError as `read` does."""
    return _report(each, settings, published, publisher)


def read_objects(
    source: str, settings: Settings, *, stdin: BinaryIO | None = None
) -> Iterator[dict[str, Any] | ReadError]:
    """Every input of `source` as an object with `id` and `text`, and whatever else it gives.

    JSON objects come as they are, in any language and with all their keys; a text or a page comes with
    `title`, `url`, `publisher` and `published` (a day) as read from it.
    """
    for each in open_source(source, settings, stdin):
        try:
            if isinstance(each, ReadError):
                yield each
            elif isinstance(each.content, Mapping):
                yield {**each.content, "id": each.file, "text": _text_of(each.content, each.about)}
            else:
                report = _report(each, settings, None, None)
                yield {
                    "id": report.file,
                    "text": report.text,
                    "title": report.title,
                    "url": report.url,
                    "publisher": report.publisher,
                    "published": report.published and report.published.isoformat(),
                }
        except ReadError as error:
            yield error


def _report(each: Input, settings: Settings, published: Day | None, publisher: str | None) -> Report:
    """One input as a report; `published` and `publisher` fill what it leaves out."""
    if isinstance(each.content, Mapping):
        report = _from_object(each.content, each)
    elif isinstance(each.content, bytes):
        report = _from_page(each.content, each)
    else:
        report = Report(id="", file=each.file, text=each.content, url=each.url)
    if not report.text.strip():
        raise NotAnArticle("it holds no text", about=each.about)
    if not is_english(report.text):
        raise UnknownLanguage("the text is not English", about=each.about)
    text = _cut(report.text, settings.max_chars)
    front = read_front(text, report.title)
    authors = report.authors or front.authors
    url = report.url or front.url
    return replace(
        report,
        id=_digest(url or report.file, *([report.publisher] if url and report.publisher else []), text),
        text=text,
        cut=len(text) < len(report.text),
        url=url,
        title=report.title or front.title,
        publisher=report.publisher or front.publisher or publisher or front.credit,
        published=report.published or front.published or published,
        published_at=report.published_at or (None if report.published else front.published_at),
        authors=authors,
        agency=find_agency(text, authors),
        body_start=front.body_start,
    )


def _from_object(content: Mapping[str, Any], each: Input) -> Report:
    """The report of a JSON object; fields of another type than they should have count as not given."""
    published, published_at = parse_published(content.get("published"))
    return Report(
        id="",
        file=each.file,
        text=_text_of(content, each.about),
        title=_words(content.get("title")),
        url=_words(content.get("url")) or each.url,
        publisher=_words(content.get("publisher")) or _words(content.get("outlet")),
        published=published,
        published_at=published_at,
        modified_at=parse_published(content.get("modified"))[1],
        authors=split_authors(content.get("authors")),
        before=_words(content.get("before")),
        left_out=tuple(name for name in _list(content.get("left_out")) if isinstance(name, str)),
    )


def _from_page(body: bytes, each: Input) -> Report:
    """The report of a page."""
    page = read_page(decode_html(body, each.charset), url=each.url, about=each.about)
    return Report(
        id="",
        file=each.file,
        text=page.text,
        title=page.title,
        url=each.url or page.url,
        publisher=page.publisher,
        published=page.published,
        published_at=page.published_at,
        modified_at=page.modified_at,
        authors=page.authors,
    )


def _text_of(content: Mapping[str, Any], about: str) -> str:
    """The text of a JSON object; NotAnArticle when it has none."""
    text = content.get("text")
    if not isinstance(text, str) or not text.strip():
        raise NotAnArticle("the object has no text", about=about)
    return text


def _own_id(raw: object) -> str | None:
    """The id that an object gives itself."""
    own = raw.get("id") if isinstance(raw, Mapping) else None
    return str(own) if isinstance(own, int | str) and not isinstance(own, bool) and str(own).strip() else None


def _words(value: object) -> str | None:
    """`value` when it is a string with anything in it, as given."""
    return value if isinstance(value, str) and value.strip() else None


def _list(value: object) -> list[object]:
    """`value` when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def _cut(text: str, max_chars: int) -> str:
    """`text` up to its last paragraph or sentence that ends within `max_chars`."""
    if len(text) <= max_chars:
        return text
    for end in (_PARAGRAPH_END, _SENTENCE_END):
        # A break in the first half would throw away more than the limit asks for.
        last = max((match.end() for match in end.finditer(text, max_chars // 2, max_chars)), default=0)
        if last:
            return text[:last]
    return text[:max_chars]


def _digest(*parts: str) -> str:
    """Sixteen hexadecimal digits that stand for where a text came from and the text itself."""
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8)
    return digest.hexdigest()
