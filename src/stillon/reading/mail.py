"""Mail (RFC 5322 with MIME) as the object that a report is made of: subject, day, sender and the words.

Attachments are not read; their names are told.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from stillon.errors import NotAnArticle, ReadError, UnknownFormat
from stillon.reading.html import read_page
from stillon.reading.lines import join_lines

STUB_CHARS = 200
"""A plain part shorter than this beside a page is taken for "view this mail in your browser"."""
_HEADER = re.compile(rb"(?i)(?:return-path|received|delivered-to|mime-version|message-id|dkim-signature):[ \t]")
_FORMER = ("mail.", "email.", "news.", "press.", "smtp.", "mx.", "lists.", "list.", "newsletter.")
"""Beginnings of a host's name that say what the host is for, and not whose it is."""
_SUBJECT = re.compile(r"(?i)^(?:\s*(?:re|fwd?|aw|wg|tr)\s*(?:\[\d+\])?\s*:)+\s*")


def is_mail(body: bytes) -> bool:
    """True for bytes that begin with a header which only mail has."""
    return _HEADER.match(body.lstrip()) is not None


def read_mail(body: bytes, about: str) -> Mapping[str, Any]:
    """The mail's `text`, with `title`, `published`, `publisher` and `left_out` where it gives them.

    `published` is the Date header as written; `publisher` the Organization header, else the sender's domain;
    `left_out` names the attachments. Raises UnknownFormat for what is no mail or is encrypted, NotAnArticle for
    a mail without words.
    """
    message = email.message_from_bytes(body, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnknownFormat("no mail: it has no headers", about=about)
    if message.get_content_type() in {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}:
        raise UnknownFormat("an encrypted mail; save it decrypted", about=about)
    attached = [part for part in message.walk() if part.is_attachment()]
    names = [_header(part.get_filename()) or part.get_content_type() for part in attached]
    try:
        text = _text(message, about)
    except NotAnArticle as error:
        more = f"; its attachments ({', '.join(names)}) are not read: save them and give them by name" if names else ""
        raise NotAnArticle(f"{error.reason}{more}", about=about) from error
    return {
        "text": text,
        "title": _SUBJECT.sub("", _header(_get(message, "Subject"))) or None,
        "published": _header(_get(message, "Date")) or None,
        "publisher": _sender(message),
        "left_out": names,
    }


def _text(message: EmailMessage, about: str) -> str:
    """The words of the mail: its plain part, or its page where the plain part only points to it."""
    plain = (_part(message, "plain", about) or "").strip()
    page = _part(message, "html", about)
    if page and len(plain) < STUB_CHARS:
        try:
            return read_page(page, url=None, about=about).text
        except ReadError:
            if not plain:
                raise
    if not plain:
        raise NotAnArticle("the mail holds no words", about=about)
    return join_lines(plain)


def _part(message: EmailMessage, subtype: str, about: str) -> str | None:
    """The text of the mail's part of a subtype, None where it has none."""
    try:
        part = message.get_body(preferencelist=(subtype,))
        if part is None:
            return None
        if part.get_content_type() != f"text/{subtype}":
            return None
        words: object = part.get_content()
    except (LookupError, ValueError, AttributeError, RecursionError) as error:
        raise UnknownFormat(f"a mail whose text cannot be decoded: {error}", about=about) from error
    return words.replace("\r\n", "\n") if isinstance(words, str) else None


def _get(message: EmailMessage, name: str) -> object:
    """The header, None where there is none or where it is broken past reading."""
    try:
        return message.get(name)
    except (ValueError, LookupError, AttributeError, TypeError, ArithmeticError):  # faults of the library
        return None


def _header(value: object) -> str:
    """The header as one line."""
    return " ".join(str(value or "").split()).encode("utf-8", "replace").decode("utf-8")


def _sender(message: EmailMessage) -> str | None:
    """Who sent it: the Organization header, else the domain of the sender's address."""
    for name in ("Organization", "Organisation", "X-Organization"):
        if own := _header(_get(message, name)):
            return own
    _, address = parseaddr(_header(_get(message, "From")) or _header(_get(message, "Sender")))
    host = address.rpartition("@")[2].strip().lower()
    for former in _FORMER:
        if host.startswith(former) and host.count(".") >= 2:
            return host.removeprefix(former)
    return host or None
