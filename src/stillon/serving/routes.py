"""The table of pages: where each is, what it may be asked, which formats it comes in, who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stillon.serving import doors, pages
from stillon.serving.desk import EDITOR, READER, Asked, Shown
from stillon.serving.formats import FEEDS
from stillon.serving.queries import AFTER, AS_OF, FILTERS, LIMIT, MONTH, PART, SEARCH, SINCE, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, for the table of routes."""

    path: str
    """Its path, without the suffix of a format."""
    name: str
    """What it is called, and what its JSON is called in the API's description."""
    show: Callable[[Asked], Shown]
    """What it shows."""
    says: str
    """What it is, for the API's description."""
    query: tuple[Query, ...] = ()
    """What it may be asked."""
    formats: tuple[str, ...] = ("html", "json")
    """The formats it comes in, the one for whoever does not say first."""
    needs: str | None = None
    """The role that it needs; None where it follows the setting for reading."""
    is_door: bool = False
    """True for a page about coming in: it is open whatever the setting, kept by nobody, and not in the API."""


PAGES: tuple[Page, ...] = (
    Page(
        path="/board",
        name="board",
        show=pages.board,
        says="The events of the store with their answers, those to come first, next day first.",
        query=(AS_OF, *FILTERS, AFTER, LIMIT),
        formats=("html", "json", *FEEDS),
    ),
    Page(
        path="/calendar",
        name="calendar",
        show=pages.month,
        says="The events planned for days of one month.",
        query=(AS_OF, MONTH, *(each for each in FILTERS if each.name not in ("from", "to"))),
    ),
    Page(
        path="/changes",
        name="changes",
        show=pages.changes,
        says="What changed between two days, and because of which claims.",
        query=(AS_OF, SINCE),
    ),
    Page(
        path="/events/{id}",
        name="event",
        show=pages.event,
        says="The dossier of one event, by its id or that of one of its mentions.",
        query=(AS_OF,),
        formats=("html", "json", *FEEDS),
    ),
    Page(
        path="/reports",
        name="reports",
        show=pages.reports,
        says="The reports of the store, the last published first.",
        query=(AS_OF, SEARCH, AFTER, LIMIT),
    ),
    Page(
        path="/reports/{id}",
        name="report",
        show=pages.report,
        says="One report with its text, and everything that was read in it.",
        query=(AS_OF, PART),
    ),
    Page(
        path="/diary",
        name="diary",
        show=pages.diary_page,
        says="The desk's own diary: which entries are touched, and who says so.",
        query=(AS_OF, LIMIT),
    ),
    Page(
        path="/corrections",
        name="corrections",
        show=pages.corrections,
        says="Every correction, the last first.",
        query=(AS_OF,),
    ),
    Page(path="/sign-in", name="sign_in", show=doors.sign_in, says="The form to sign in.", is_door=True),
    Page(path="/setup", name="setup", show=doors.set_up, says="The form that makes the first editor.", is_door=True),
    Page(
        path="/account",
        name="account",
        show=doors.own_account,
        says="One's own account and its tokens.",
        needs=READER,
        is_door=True,
    ),
    Page(
        path="/accounts",
        name="accounts",
        show=doors.every_account,
        says="Everybody's accounts.",
        needs=EDITOR,
        is_door=True,
    ),
)
"""Every page; the app, the API's description and the tests go through this table."""
