"""The text layer of a PDF, by pypdf, as the object that a report is made of; what is drawn is not read."""

from __future__ import annotations

import io
import logging
import re
import threading
from collections.abc import Mapping
from typing import Any

from stillon.errors import NotAnArticle, ReadError, TooLarge, UnknownFormat
from stillon.reading.lines import join_lines

MAGIC = b"%PDF-"
MAX_PAGES = 100
"""Pages that are read; an advisory has a few."""
TIMEOUT_S = 30.0
"""Seconds allowed for one file: a few hundred bytes can be made to keep a reader busy for hours."""
MIN_CHARS = 20
"""Characters below which the pages are taken for images."""
_FILE_NAME = re.compile(r"(?i)(?:^microsoft word\b|\.(?:docx?|pdf|indd|odt|pages|rtf)$|^untitled|^document\d*$)")


def read_pdf(body: bytes, about: str) -> Mapping[str, Any]:
    """The `text` of a PDF's pages, and its `title` where its data give one that is no file name.

    Raises UnknownFormat for a broken or an encrypted file, NotAnArticle for pages that are images, TooLarge for too
    many pages or too long a work.
    """
    found: list[Mapping[str, Any]] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            found.append(_read(body, about))
        except Exception as error:
            failed.append(error)

    worker = threading.Thread(target=work, daemon=True)  # a daemon, since a thread cannot be stopped
    worker.start()
    worker.join(TIMEOUT_S)
    if found:
        return found[0]
    if failed:
        if isinstance(failed[0], ReadError):
            raise failed[0]
        raise UnknownFormat(f"a broken PDF: {failed[0] or type(failed[0]).__name__}", about=about) from failed[0]
    raise TooLarge(f"a PDF that takes longer than {TIMEOUT_S:.0f} seconds", about=about)


def _read(body: bytes, about: str) -> Mapping[str, Any]:
    import pypdf  # takes long to import, and most runs need none
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every oddity that it mends
    reader = pypdf.PdfReader(io.BytesIO(body))
    try:
        closed = reader.is_encrypted and not reader.decrypt("")
    except (DependencyError, NotImplementedError):
        closed = True
    if closed:
        raise UnknownFormat("an encrypted PDF; save it without its password", about=about)
    if len(reader.pages) > MAX_PAGES:
        raise TooLarge(f"a PDF of more than {MAX_PAGES} pages", about=about)
    pages = [page.extract_text() for page in reader.pages]
    text = "\n\n".join(join_lines(page).strip() for page in pages if page.strip())
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    if len(text.strip()) < MIN_CHARS:
        raise NotAnArticle("a PDF of images: it has no text layer; run it through character recognition", about=about)
    title = " ".join(str((reader.metadata.title if reader.metadata else None) or "").split())
    return {"text": text, "title": None if _FILE_NAME.search(title) else title or None}
