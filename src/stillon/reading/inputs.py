"""SOURCE, as the command line names it, to the single inputs in it: texts, pages, mails, PDFs and objects.

A SOURCE is a file, a folder, an http(s) url or "-". What fails is yielded as the error, in its place,
so that the rest goes on. Files and standard input are read as streams: a JSONL file may be of any
length, since the limit on size holds for each of its lines, and gzip is bounded as it unpacks.

Text and JSON must be UTF-8 (a byte order mark is passed over); other bytes are an error and not a
guess, since a wrong guess would change the words that every quote is traced to. Pages declare their
charset and are read as browsers read them.
"""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import re
import stat
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from stillon.errors import NotAnArticle, NotFoundInput, ReadError, TooLarge, UnknownFormat
from stillon.reading.archives import Archived, read_parquet, read_warc
from stillon.reading.fetching import Fetched, fetch
from stillon.reading.mail import is_mail, read_mail
from stillon.reading.pdf import MAGIC, read_pdf
from stillon.settings import Settings

STDIN = "-"
"""The SOURCE that stands for standard input."""
MAX_RATIO = 200
"""Most bytes that a gzip file may unpack to for each of its own, past the limit on size: news text
packs 3 to 5 times, a gzip bomb a thousand."""
MAX_SKIPPED_BYTES = 1 << 30
"""Most bytes of a line that is too long that are passed over to reach the next line."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_FRONT = rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,5}"
_HTML = re.compile(
    _FRONT + rb"<(?:!doctype html|(?:html|head|body|meta|title|main|article|section|div|p)\b)", re.I | re.S
)
_FEED = re.compile(_FRONT + rb"<(?:rss|feed|rdf:RDF)\b", re.I | re.S)
_JSON = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[{\]])")
_FORMATS = {
    ".txt": "text", ".text": "text", ".md": "text", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".json": "json", ".jsonl": "lines", ".ndjson": "lines", ".eml": "mail", ".pdf": "pdf",
    ".warc": "warc", ".parquet": "parquet",
}  # fmt: skip
_MEDIA_TYPES = {
    "text/html": "html", "application/xhtml+xml": "html", "application/json": "json",
    "application/x-ndjson": "lines", "application/jsonl": "lines", "application/pdf": "pdf",
    "message/rfc822": "mail", "text/plain": None, "": None,
}  # fmt: skip
_SURROGATE = re.compile("[\ud800-\udfff]")
_GZIP_MAGIC = b"\x1f\x8b"
_WARC_MAGIC = b"WARC/"
_PARQUET_MAGIC = b"PAR1"
_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing to read: a text, a page, or an object that holds a text."""

    about: str
    """How errors name it."""
    file: str
    """Its `file` when it has no id of its own."""
    content: str | bytes | Mapping[str, Any]
    """Plain text, the bytes of a page, or an object."""
    url: str | None = None
    """Where it was fetched from."""
    charset: str | None = None
    """Charset that the server gave for a page."""


def open_source(source: str, settings: Settings, stdin: BinaryIO | None = None) -> Iterator[Input | ReadError]:
    """Every input of `source` in order, and an error in the place of each that cannot be had."""
    if source == STDIN:
        if stdin is None:
            yield NotFoundInput("there is no standard input", about=source)
        else:
            yield from _guard(source, _from_stream(stdin, None, STDIN, source, settings))
    elif _URL.match(source):
        yield from _guard(source, _from_url(source, settings))
    else:
        yield from _guard(source, _from_path(source, settings))


def split_bytes(body: bytes, file: str, settings: Settings) -> Iterator[Input | ReadError]:
    """Every input in `body`, its format told by its bytes."""
    return _guard(file, _from_stream(io.BytesIO(body), None, file, file, settings))


def _guard(about: str, inputs: Iterator[Input | ReadError]) -> Iterator[Input | ReadError]:
    """`inputs`, whose own failure is yielded as the last."""
    try:
        yield from inputs
    except ReadError as error:
        yield error
    except FileNotFoundError:
        yield NotFoundInput("no such file", about=about)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield UnknownFormat(f"broken gzip: {error}", about=about)
    except OSError as error:
        yield ReadError(error.strerror or str(error), about=about)
    except ValueError as error:  # a name with a null character in it
        yield NotFoundInput(str(error), about=about)


def _from_url(url: str, settings: Settings) -> Iterator[Input | ReadError]:
    yield from _from_answer(fetch(url, settings), url, settings)


def split_answer(answer: Fetched, url: str, settings: Settings) -> Iterator[Input | ReadError]:
    """Every input in what a server answered to `url`."""
    return _guard(url, _from_answer(answer, url, settings))


def _from_answer(answer: Fetched, url: str, settings: Settings) -> Iterator[Input | ReadError]:
    if answer.media_type not in _MEDIA_TYPES:
        _refuse_markup(answer.body, url)
        raise UnknownFormat(f"{answer.media_type} is not read", about=url)
    form = _MEDIA_TYPES[answer.media_type]
    for each in _from_stream(io.BytesIO(answer.body), form, url, url, settings):
        if isinstance(each, Input):
            yield Input(about=each.about, file=each.file, content=each.content, url=answer.url, charset=answer.charset)
        else:
            yield each


def _from_path(source: str, settings: Settings) -> Iterator[Input | ReadError]:
    path = Path(source)
    mode = path.stat().st_mode
    if not stat.S_ISDIR(mode):
        yield from _from_file(path, source, settings)
        return
    empty = True
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            empty = False
            file = Path(folder, name)
            yield from _guard(str(file), _from_folder(file, settings))
    if empty:
        raise NotFoundInput("nothing to read in this folder", about=source)


def _from_folder(file: Path, settings: Settings) -> Iterator[Input | ReadError]:
    # Whoever names a pipe or device means it; one that lies in a folder would hold up the run.
    if not file.is_file():
        if not file.exists():
            raise FileNotFoundError
        raise UnknownFormat("not a regular file", about=str(file))
    yield from _from_file(file, str(file), settings)


def _from_file(path: Path, about: str, settings: Settings) -> Iterator[Input | ReadError]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = bool(suffixes) and suffixes[-1] == ".gz"
    suffix = "".join((suffixes[:-1] if packed else suffixes)[-1:])
    with path.open("rb") as stream:
        if packed and stream.peek(2)[:2] not in {_GZIP_MAGIC, b""}:
            raise UnknownFormat("broken gzip: it does not begin as one", about=about)
        yield from _from_stream(stream, _FORMATS.get(suffix), path.name, about, settings)


def _from_stream(
    stream: BinaryIO, form: str | None, file: str, about: str, settings: Settings
) -> Iterator[Input | ReadError]:
    """The inputs of one file, unpacked where it is gzip; `form` None is told by the bytes."""
    source = _Bounded(stream, settings.max_bytes, about)
    if form == "lines":
        yield from _objects(_lines(source), file, about)
        return
    if form == "warc" or (form is None and source.begins(_WARC_MAGIC)):
        yield from _from_warc(source, file, about, settings)
        return
    if form == "parquet" or (form is None and source.begins(_PARQUET_MAGIC)):
        yield from _from_parquet(source, stream, file, about, settings)
        return
    if form in {"json", None}:
        first = source.line()
        if (form == "json" or _JSON.match(first)) and isinstance(_json_or_none(first), dict):
            yield from _objects(itertools.chain([first], _lines(source)), file, about)
            return
        body = first + source.rest(len(first))
    else:
        body = source.rest(0)
    if not body.strip():
        raise NotAnArticle("it is empty", about=about)
    if form == "pdf" or (form in {None, "text"} and body.startswith(MAGIC)):
        yield Input(about=about, file=file, content=read_pdf(body, about))
        return
    if form == "mail" or (form is None and is_mail(body)):
        yield Input(about=about, file=file, content=read_mail(body, about))
        return
    if form is None and _HTML.match(body):
        form = "html"
    if form == "json" or (form is None and _JSON.match(body)):
        yield from _document(body, file, about, plain=form is None)
        return
    _refuse_binary(body, about)
    if form == "html":
        yield Input(about=about, file=file, content=body)
        return
    _refuse_markup(body, about)
    yield Input(about=about, file=file, content=_decode(body, about))


def _from_warc(source: _Bounded, file: str, about: str, settings: Settings) -> Iterator[Input | ReadError]:
    for each in read_warc(source, about, settings):
        if isinstance(each, ReadError):
            yield each
            continue
        try:
            yield _archived(each, file)
        except ReadError as error:
            yield error


def _archived(each: Archived, file: str) -> Input:
    """One page of a web archive; its bytes tell whether it is a page or a text, where the server did not."""
    body = each.body
    if not body.strip():
        raise NotAnArticle("it is empty", about=each.about)
    name = f"{file}:{each.number}"
    _refuse_binary(body, each.about)
    if each.media_type in {"text/html", "application/xhtml+xml"} or _HTML.match(body):
        return Input(about=each.about, file=name, content=body, url=each.url, charset=each.charset)
    _refuse_markup(body, each.about)
    return Input(about=each.about, file=name, content=_decode(body, each.about), url=each.url)


def _from_parquet(
    source: _Bounded, stream: BinaryIO, file: str, about: str, settings: Settings
) -> Iterator[Input | ReadError]:
    """The rows of a table, read where it lies if that can be sought in, else from memory."""
    table = stream
    if source.packed or not stream.seekable():
        table = io.BytesIO(source.rest(0))
    rows = read_parquet(table, about, settings, max_ratio=MAX_RATIO)
    for number, row in enumerate(rows, start=1):
        yield _object(_whole(row), f"{file}:{number}", f"{about}:{number}")


class _Bounded:
    """A stream read within the limit on size, unpacked where it begins as gzip."""

    def __init__(self, stream: BinaryIO, max_bytes: int, about: str) -> None:
        self._counter = _Counting(stream)
        self._max_bytes = max_bytes
        self._about = about
        self._unpacked_bytes = 0
        self.ended = False  # True behind what nothing can follow
        packed = io.BufferedReader(self._counter)
        self.packed = packed.peek(2)[:2] == _GZIP_MAGIC
        self._stream = gzip.GzipFile(fileobj=packed) if self.packed else packed

    def begins(self, magic: bytes) -> bool:
        """True where the stream begins so; nothing of it is taken."""
        return self._stream.peek(len(magic))[: len(magic)] == magic

    def read(self, size: int = _CHUNK_BYTES) -> bytes:
        """The next bytes of an input that is cut into records by whoever reads it."""
        # no more than is at hand, so that what comes before a fault is had
        piece = self._stream.read1(_CHUNK_BYTES if size < 0 else size)
        self._refuse_bomb(len(piece))
        return piece

    def tell(self) -> int:
        """How many bytes were taken, unpacked."""
        return self._unpacked_bytes

    def line(self) -> bytes:
        """The next line with its end, empty at the end of the stream.

        Raises TooLarge for a line that is too long, and stands behind it then.
        """
        line = self._stream.readline(self._max_bytes + 1)
        if len(line) > self._max_bytes:
            self._skip_line(line)
        return self._checked(line, 0)

    def _skip_line(self, piece: bytes) -> None:
        skipped_bytes = 0
        while piece and not piece.endswith(b"\n"):
            piece = self._stream.readline(_CHUNK_BYTES)
            self._refuse_bomb(len(piece))
            skipped_bytes += len(piece)
            if skipped_bytes > MAX_SKIPPED_BYTES:
                self.ended = True
                raise TooLarge(f"a line without an end, longer than {MAX_SKIPPED_BYTES} bytes", about=self._about)

    def rest(self, before: int) -> bytes:
        """What is left, `before` bytes of the same input having been read."""
        pieces = bytearray()
        while piece := self._stream.read(_CHUNK_BYTES):
            pieces += piece
            self._checked(piece, before + len(pieces) - len(piece))
        return bytes(pieces)

    def _checked(self, piece: bytes, before: int) -> bytes:
        """`piece`, when it keeps the input of which `before` bytes were read within the limits."""
        if before + len(piece) > self._max_bytes:
            raise TooLarge(f"longer than {self._max_bytes} bytes", about=self._about)
        self._refuse_bomb(len(piece))
        return piece

    def _refuse_bomb(self, more_bytes: int) -> None:
        """Raises where gzip unpacks to far more than it takes."""
        self._unpacked_bytes += more_bytes
        if (
            self.packed
            and self._unpacked_bytes > self._max_bytes
            and self._unpacked_bytes > MAX_RATIO * self._counter.taken_bytes
        ):
            self.ended = True
            raise TooLarge(f"gzip that unpacks to more than {MAX_RATIO} times its size", about=self._about)


class _Counting(io.RawIOBase):
    """A stream that counts the bytes taken from it, and leaves it open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._source = stream
        self.taken_bytes = 0

    def readable(self) -> bool:
        """True: that is all it can."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills `buffer` from the stream; 0 at its end."""
        piece = self._source.read(len(buffer))
        buffer[: len(piece)] = piece
        self.taken_bytes += len(piece)
        return len(piece)


def _lines(source: _Bounded) -> Iterator[bytes | TooLarge]:
    """The lines, and an error in the place of each that is too long."""
    while True:
        try:
            line = source.line()
        except TooLarge as error:
            if source.ended:
                raise
            yield error
            continue
        if not line:
            return
        yield line


def _objects(lines: Iterator[bytes | TooLarge], file: str, about: str) -> Iterator[Input | ReadError]:
    """The objects of JSON lines; each bad line is an error of its own."""
    numbered = ((n, line) for n, line in enumerate(lines, start=1) if isinstance(line, TooLarge) or line.strip())
    first = next(numbered, None)
    if first is None:
        raise NotAnArticle("it is empty", about=about)
    second = next(numbered, None)
    alone = second is None
    for number, line in itertools.chain([first], [second] if second else [], numbered):
        where = about if alone else f"{about}:{number}"
        if isinstance(line, TooLarge):
            yield TooLarge(line.reason, about=where)
            continue
        try:
            yield _object(_parse(line, where), file if alone else f"{file}:{number}", where)
        except ReadError as error:
            yield error


def _document(body: bytes, file: str, about: str, *, plain: bool) -> Iterator[Input | ReadError]:
    """The objects of one JSON document: an object, a list of them, or lines after all.

    `plain` says that only its look suggests JSON: then what is no JSON is a text.
    """
    try:
        value = _parse(body, about)
    except ReadError:
        lines = [line for line in body.splitlines() if line.strip()]
        if len(lines) > 1 and any(isinstance(_json_or_none(line), dict) for line in lines):
            yield from _objects(iter(body.splitlines(keepends=True)), file, about)
            return
        if not plain or body.lstrip().startswith(b"{"):
            raise
        _refuse_binary(body, about)
        yield Input(about=about, file=file, content=_decode(body, about))
        return
    if not isinstance(value, list):
        yield _object(value, file, about)
        return
    if not value:
        raise NotAnArticle("it is an empty list", about=about)
    for number, each in enumerate(value, start=1):
        where = f"{about}:{number}" if len(value) > 1 else about
        try:
            yield _object(each, f"{file}:{number}" if len(value) > 1 else file, where)
        except ReadError as error:
            yield error


def _object(value: Any, file: str, about: str) -> Input:
    """One JSON value as an input, named by its own id."""
    if not isinstance(value, dict):
        raise UnknownFormat("not a JSON object", about=about)
    own = value.get("id")
    if isinstance(own, int | str) and not isinstance(own, bool) and str(own).strip():
        return Input(about=f"{about} ({str(own)[:80]})", file=str(own), content=value)
    return Input(about=about, file=file, content=value)


def _parse(body: bytes, about: str) -> Any:
    """The JSON value of `body`, lone surrogates replaced by U+FFFD, one character for one.

    Text with lone surrogates cannot be put out as UTF-8 nor given to a tokenizer.
    """
    try:
        value = json.loads(_decode(body, about))
    except json.JSONDecodeError as error:
        raise UnknownFormat(f"broken JSON: {error}", about=about) from error
    except (RecursionError, ValueError) as error:
        raise UnknownFormat("broken JSON: too deep, or a number too long", about=about) from error
    return _whole(value) if b"\\u" in body else value


def _whole(value: Any) -> Any:
    """`value` without lone surrogates in its strings."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(each) for name, each in value.items()}
    return value


def _json_or_none(line: bytes) -> Any:
    """The JSON value of a line, None when it is none."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _decode(body: bytes, about: str) -> str:
    """`body` as UTF-8, a byte order mark passed over."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnknownFormat(f"not UTF-8 (byte {error.start})", about=about) from error


def _refuse_binary(body: bytes, about: str) -> None:
    """Raises UnknownFormat for bytes that are no text: control characters other than blanks."""
    head = body[:_CHUNK_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnknownFormat("UTF-16 is not read; convert it to UTF-8", about=about)
    controls = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in head)
    if b"\x00" in head or controls > 0.01 * len(head) or head.startswith(b"PK\x03\x04"):
        raise UnknownFormat("a binary file", about=about)


def _refuse_markup(body: bytes, about: str) -> None:
    """Raises UnknownFormat for a feed or other XML."""
    head = body[:_CHUNK_BYTES]
    if _FEED.match(head):
        raise UnknownFormat("a feed, not an article", about=about)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise UnknownFormat("XML is not read", about=about)
