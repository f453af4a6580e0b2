"""The board for assistants, over the Model Context Protocol: read only, and nothing without its claims.

Every status, day, reason and contradiction that a tool gives carries the claims behind it (`publishing.evidence`).
Needs the SDK: `pip install "stillon[mcp]"`.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from stillon.errors import NotFound, PublishError, StillonError
from stillon.keeping import answering, changing
from stillon.model import Day, Dossier, Kind, Status
from stillon.publishing import evidence
from stillon.storing import Store

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

Data = dict[str, Any]
Given = ParamSpec("Given")
Result = TypeVar("Result")
MOST = 50
"""Events or changes that one call gives at most."""
INSTRUCTIONS = """\
stillon reads news reports and answers, for every planned event: is it still on? Ask find_events first, then
event_answer or event_evidence with an event's id. Every answer carries claims: `quote` is the exact words of a report,
`start` and `end` their offsets into its text (or its title, where `in` says so), `sources` the chain of who says so,
the origin last; none means that the report says so itself. Quote them and name the source when you repeat an answer.
`as_of` asks for the answer of a past day, from what was published by then. An unknown is null: do not fill it in.
"""


def serve(store: Store, *, today: Callable[[], Day]) -> None:
    """Serves a store over standard input and output until the client goes. Raises PublishError without the SDK."""
    build_server(store, today=today).run("stdio")


def build_server(store: Store, *, today: Callable[[], Day]) -> MCPServer[Any]:
    """The server with its tools. Raises PublishError where the SDK is not installed."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise PublishError('needs the SDK of MCP: pip install "stillon[mcp]"', about="mcp") from error

    server: MCPServer[Any] = MCPServer("stillon", title="Is it still on?", instructions=INSTRUCTIONS)
    board = Assistant(store, today=today)
    for tool in (board.find_events, board.event_answer, board.event_evidence, board.changes_since):
        hints = ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        )  # fmt: skip
        server.add_tool(_telling(tool, ToolError), annotations=hints)
    return server


def _telling(tool: Callable[Given, Result], error_class: type[Exception]) -> Callable[Given, Result]:
    """The tool, with our errors told to the assistant as the protocol wants it."""

    @functools.wraps(tool)
    def told(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return tool(*args, **kwargs)
        except StillonError as error:
            raise error_class(f"{error} ({type(error).__name__})") from error

    return told


class Assistant:
    """The tools, as functions of what the client asks; their docstrings are what it reads of them."""

    def __init__(self, store: Store, *, today: Callable[[], Day]) -> None:
        self._store = store
        self._today = today

    def find_events(
        self,
        words: str | None = None,
        kind: Kind | None = None,
        status: Status | None = None,
        person: str | None = None,
        place: str | None = None,
        first_day: datetime.date | None = None,
        last_day: datetime.date | None = None,
        doubtful: bool = False,
        as_of: datetime.date | None = None,
        limit: int = 10,
    ) -> Data:
        """Find planned events: by words of their name or reports, kind, status, person, place or days planned.

        Each comes with its status and the claims that decide it; next day first, or with `words` the likeliest first.
        `doubtful` gives those alone that may be wrong. `as_of` (YYYY-MM-DD) answers as on the evening of that day;
        without it, today.
        """
        view, most = self._view(as_of), max(1, min(limit, MOST))
        wanted = answering.Filter(
            kind=kind, status=status, person=person, place=place, start=first_day, end=last_day, doubtful=doubtful
        )
        if words is None:
            board = answering.board(self._store, wanted=wanted, view=view, today=self._today(), most=most)
            dossiers = [answering.event_dossier(self._store, each.event.id, view=view) for each in board.answers]
            total = board.total
        else:
            dossiers = self._named(words, wanted, view)
            total = len(dossiers)
        return {"as_of": str(view.as_of), "total": total, "events": [evidence.short(each) for each in dossiers[:most]]}

    def event_answer(self, event: str, as_of: datetime.date | None = None) -> Data:
        """Is it still on? The whole answer for one event, named by its id or by words, as of a day (YYYY-MM-DD).

        Status, since when, the days planned and those before, the history, contradictions with both sides, reasons,
        conditions, what must come first, and what nobody knows yet; each with its claims.
        """
        return evidence.whole(self._dossier(event, self._view(as_of)))

    def event_evidence(self, event: str, as_of: datetime.date | None = None) -> Data:
        """Every claim on one event published by a day: the quote, its offsets, its report, and who says so.

        `before` and `after` are the words around the quote; `decides` tells whether the answer rests on the claim.
        """
        return evidence.every(self._dossier(event, self._view(as_of)))

    def changes_since(self, since: datetime.date, until: datetime.date | None = None, limit: int = 20) -> Data:
        """What changed from the beginning of `since` to the end of `until` (today without it), worst news first.

        Each change comes with the answer before and after, in words, and with the claims that brought it.
        """
        last = until or max(self._today(), since)
        if last < since:
            raise NotFound("the last day comes before the first", about=str(last))
        note = changing.note_of(self._store, since=since, until=last, today=self._today())
        shown = note.changes[: max(1, min(limit, MOST))]
        return {
            "since": str(since),
            "until": str(last),
            "total": len(note.changes),
            "changes": [evidence.change_data(each, last.year) for each in shown],
        }

    def _view(self, as_of: Day | None) -> answering.View:
        return answering.View(as_of=as_of or self._today())

    def _dossier(self, event: str, view: answering.View) -> Dossier:
        """The dossier of the event that an id or words mean. Raises NotFound."""
        found = answering.find_events(self._store, event, view=view, today=self._today())
        return answering.event_dossier(self._store, found[0], view=view)

    def _named(self, words: str, wanted: answering.Filter, view: answering.View) -> list[Dossier]:
        """Those of the events meant by words that the filter admits and that were known by then."""
        try:
            ids = answering.find_events(self._store, words, view=view, today=self._today(), most=MOST)
        except NotFound:
            return []
        found = {}
        for id in ids:
            try:
                dossier = answering.event_dossier(self._store, id, view=view)
            except NotFound:
                continue
            if wanted.admits(dossier.assessments[0]):
                found[dossier.assessments[0].event.id] = dossier
        return list(found.values())
