"""What can go wrong, as a tree.

StillonError
├── ReadError              an input could not be read; carries the input's name
│   ├── NotFoundInput      no such file, or a url that answers with an error
│   ├── NotAnArticle       no prose in it, or nothing that says it is an article
│   ├── UnknownFormat      bytes of no format that stillon reads, or broken ones
│   ├── UnknownLanguage    prose in a language it does not read
│   ├── TooLarge           more bytes or more time than the limits allow
│   ├── PrivateAddress     a url that leads into a private network
│   └── FetchFailed        the network or the server failed
├── ExtractError           a report could not be worked on
│   └── ModelMissing       a model or spaCy pipeline is not installed
├── StoreError             the store failed
│   ├── NotAStore          the file or url holds no store
│   ├── SchemaTooOld       the store needs `stillon` to migrate it
│   └── NotFound           no event, report or claim of that id
├── PublishError           an answer could not be put into a format
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


class FetchFailed(ReadError):
    """The network or the server failed. Try again later."""


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


class NotFound(StoreError):
    """There is no event, report or claim of that id."""


class PublishError(StillonError):
    """An answer could not be put into the format."""


class SettingsError(StillonError):
    """A setting or option is wrong; `about` is its name."""
