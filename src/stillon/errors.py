"""What can go wrong, as a tree.

StillonError
├── ReadError              an input could not be read; carries the input's name
│   ├── NotFoundInput      no such file, or a url that answers with an error
│   ├── NotAnArticle       no prose in it, or nothing that says it is an article
│   ├── UnknownFormat      bytes of no format that stillon reads, or broken ones
│   ├── UnknownLanguage    prose in a language it does not read
│   ├── TooLarge           more bytes or more time than the limits allow
│   ├── PrivateAddress     a url that leads into a private network
│   ├── RefusedByRobots    a url that its site's robots.txt keeps us from
│   └── FetchFailed        the network or the server failed
│       └── Busy           the server asks us to come back later (429, 503)
├── ExtractError           a report could not be worked on
│   └── ModelMissing       a model or spaCy pipeline is not installed
├── StoreError             the store failed
│   ├── NotAStore          the file or url holds no store
│   ├── SchemaTooOld       the store needs `stillon` to migrate it
│   ├── NotWritable        the store may only be read, or its disk is full
│   └── NotFound           no event, report or claim of that id
├── PublishError           an answer could not be put into a format
│   └── NoticeFailed       a notice of a change could not be handed over
└── SettingsError          a setting or option is wrong
"""

from __future__ import annotations


class StillonError(Exception):
    """Base of every error of stillon; `about` names the input, id or setting it concerns."""

    def __init__(self, reason: str, *, about: str | None = None) -> None:
        self.reason = reason
        self.about = about
        super().__init__(f"{about}: {reason}" if about else reason)


class ReadError(StillonError):
    """An input could not be read; `about` is the input as the caller named it."""


class NotFoundInput(ReadError):
    """There is no such file, or the server says that there is no such page. Check the name."""


class NotAnArticle(ReadError):
    """The input holds no prose that could be read. Give the article's own page or text."""


class UnknownFormat(ReadError):
    """The bytes are of no format that stillon reads, or they are broken. Convert or re-fetch them."""


class UnknownLanguage(ReadError):
    """The prose is in a language that stillon does not read. Leave it out, or translate it."""


class TooLarge(ReadError):
    """The input is longer, or took longer, than the limits allow. Raise the limit in the settings."""


class PrivateAddress(ReadError):
    """The url leads to a private or local address. Set `allow_private_hosts` if that is meant."""


class RefusedByRobots(ReadError):
    """The site's robots.txt keeps programs from this url. Ask its publisher, or leave it out."""


class FetchFailed(ReadError):
    """The network or the server failed; `status` is the server's answer, None where there was none. Try again later."""

    def __init__(self, reason: str, *, about: str | None = None, status: int | None = None) -> None:
        self.status = status
        super().__init__(reason, about=about)


class Busy(FetchFailed):
    """The server asks for patience; `retry_after_s` says how long, None where it does not. Try again then."""

    def __init__(
        self, reason: str, *, about: str | None = None, status: int | None = None, retry_after_s: float | None = None
    ) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(reason, about=about, status=status)


class ExtractError(StillonError):
    """A report could not be worked on; `about` is the report's id."""


class ModelMissing(ExtractError):
    """A model is not installed. Install the package that the reason names."""


class StoreError(StillonError):
    """The store failed; `about` is its url."""


class NotAStore(StoreError):
    """The file or url holds no store of stillon's."""


class SchemaTooOld(StoreError):
    """The store was made by an older version and must be migrated first."""


class NotWritable(StoreError):
    """The store may only be read, or its disk is full: nothing was half-written. It can still be asked."""


class NotFound(StoreError):
    """There is no event, report or claim of that id."""


class PublishError(StillonError):
    """An answer could not be put into the format."""


class NoticeFailed(PublishError):
    """A notice of a change was not taken by the command, webhook or service; `about` is the rule's name."""


class SettingsError(StillonError):
    """A setting or option is wrong; `about` is its name."""
