"""Assistants ask the board: through the SDK's own client, over the standard input and output of the real command."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from stillon import assisting, cli
from stillon.errors import PublishError
from stillon.keeping import filing
from stillon.model import Claim, Extraction, Kind, Mention, Report, Span, Status
from stillon.storing import Store, open_store

LAUNCH = {
    "name": "Launch of the ferry Tidewater",
    "kind": Kind.LAUNCH,
    "participants": ("Ada Lund",),
    "place": "Karlsvik",
}
PARADE = {"name": "Parade of the guards", "kind": Kind.PARADE, "participants": ("Kim Berg",), "place": "Osthafen"}
SAID: tuple[tuple[date, dict[str, Any], Status, str, str], ...] = (
    (date(2031, 3, 4), LAUNCH, Status.SCHEDULED, "Ada Lund", "The launch is set for March 18, said Ada Lund."),
    (date(2031, 3, 6), PARADE, Status.HELD, "Kim Berg", "The guards paraded in Osthafen, said Kim Berg."),
    (date(2031, 3, 10), LAUNCH, Status.POSTPONED, "Ada Lund", "The launch is put off, said Ada Lund."),
    (date(2031, 3, 11), LAUNCH, Status.GOING_AHEAD, "Per Odegard", "All is well with the launch, said Per Odegard."),
)
FRONT, BEHIND = "Some words in front. ", " More words behind."
AS_OF = {"as_of": "2031-03-12"}
TOOLS = ["changes_since", "event_answer", "event_evidence", "find_events"]


@pytest.fixture
def url(tmp_path: Path, clock: Any, make_report: Callable[..., Report], make_claim: Callable[..., Claim]) -> str:
    """A store with four reports on two events."""
    url = f"sqlite:///{tmp_path / 's.db'}"
    store = open_store(url, create=True)
    for day, event, status, speaker, words in SAID:
        report = make_report(FRONT + words + BEHIND, published=day, url=f"https://news.example/{day}")
        mention = Mention(id=f"{report.id}.0", report=report.id, published=day, status=status, **event)
        span = Span(len(FRONT), len(FRONT + words))
        claim = make_claim(
            status, words, report=report.id, mention=mention.id, span=span, published=day, sources=(speaker,)
        )
        extraction = Extraction(report=report, mentions=(mention,), claims=(claim,))
        filing.file_extraction(store, extraction, version="1", now=clock)
    store.close()
    return url


@pytest.fixture
def opened(url: str) -> Iterator[Store]:
    """The same store, opened here to hold against what comes over the wire."""
    store = open_store(url)
    yield store
    store.close()


def _over_stdio(url: str, talk: Callable[[Client], Awaitable[Any]]) -> Any:
    """What `talk` gives, with a client of the SDK that has started `stillon mcp` itself."""

    async def run() -> Any:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "stillon", "mcp", "--store", url], env=dict(os.environ)
        )
        async with Client(stdio_client(command)) as client:
            return await talk(client)

    return asyncio.run(run())


async def _ask(client: Client, tool: str, **arguments: Any) -> Any:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


def _claims_in(data: Any) -> Iterator[dict[str, Any]]:
    """Every claim in an answer, wherever it stands."""
    if isinstance(data, list):
        for each in data:
            yield from _claims_in(each)
    elif isinstance(data, dict):
        if "quote" in data:
            yield data
        for each in data.values():
            yield from _claims_in(each)


def _statements_without_claims(data: Any) -> Iterator[dict[str, Any]]:
    """Every part that states a status, a reason or a contradiction and carries neither claims nor "derived"."""
    if isinstance(data, list):
        for each in data:
            yield from _statements_without_claims(each)
    elif isinstance(data, dict):
        states = {"status", "text", "about", "question", "told"} & set(data) and "quote" not in data
        if states and data.get("precision") is None and not (
            data.get("claims") or data.get("because") or data.get("derived")
        ):  # fmt: skip
            yield data
        for each in data.values():
            yield from _statements_without_claims(each)


def test_an_assistant_finds_an_event_its_answer_of_a_day_and_the_evidence(url: str, opened: Store) -> None:
    async def talk(client: Client) -> dict[str, Any]:
        tools = await client.list_tools()
        found = await _ask(client, "find_events", words="launch", **AS_OF)
        id = found["events"][0]["id"]
        early = await _ask(client, "event_answer", event=id, as_of="2031-03-05")
        late = await _ask(client, "event_answer", event=id, **AS_OF)
        evidence = await _ask(client, "event_evidence", event=id, **AS_OF)
        changes = await _ask(client, "changes_since", since="2031-03-10", until="2031-03-12")
        wrong = await client.call_tool("event_answer", {"event": "no such thing"})
        bad_day = await client.call_tool("event_answer", {"event": id, "as_of": "tomorrow"})
        return {"tools": tools.tools, "instructions": client.instructions, "found": found, "early": early, "late": late,
                "evidence": evidence, "changes": changes, "wrong": wrong, "bad day": bad_day}  # fmt: skip

    said = _over_stdio(url, talk)
    assert sorted(tool.name for tool in said["tools"]) == TOOLS
    assert all(tool.annotations.read_only_hint for tool in said["tools"])
    assert "as_of" in said["instructions"]
    assert said["found"]["events"][0]["name"].startswith("Launch")
    assert (said["early"]["status"], said["early"]["as_of"]) == ("scheduled", "2031-03-05")
    assert [step["status"] for step in said["late"]["history"]] == ["scheduled", "postponed", "going ahead"]
    assert len(said["evidence"]["claims"]) == 3
    assert any(claim["decides"] for claim in said["evidence"]["claims"])
    assert [change["name"] for change in said["changes"]["changes"]] == [said["late"]["name"]]
    assert said["wrong"].is_error
    assert "no event" in said["wrong"].content[0].text
    assert said["bad day"].is_error
    answers = [said[name] for name in ("found", "early", "late", "evidence", "changes")]
    assert not list(_statements_without_claims(answers))
    texts = _texts(opened)
    claims = list(_claims_in(answers))
    assert len(claims) >= 8
    for claim in claims:
        assert texts[claim["report"]["id"]][claim["start"] : claim["end"]] == claim["quote"]
        assert claim["sources"][-1]["name"] in claim["quote"]
        assert claim["report"]["url"].startswith("https://news.example/2031")
    assert "2031-03-10" not in json.dumps(said["early"])


def _texts(store: Store) -> dict[str, str]:
    with store.read() as snapshot:
        kept = snapshot.every_report()
        return {report.id: report.text for report in snapshot.texts(each.seq for each in kept).values()}


@pytest.fixture
def assistant(opened: Store) -> assisting.Assistant:
    """The tools without the wire."""
    return assisting.Assistant(opened, today=lambda: date(2031, 3, 12))


def test_the_boards_filters_hold(assistant: assisting.Assistant) -> None:
    def names(**wanted: Any) -> list[str]:
        return [event["name"].split()[0] for event in assistant.find_events(**wanted)["events"]]

    assert sorted(names()) == ["Launch", "Parade"]
    assert names(status="held") == ["Parade"]
    assert names(place="osthafen") == ["Parade"]
    assert names(person="ada lund") == ["Launch"]
    assert names(kind="strike") == []
    assert names(words="launch", status="held") == []
    assert names(words="nothing of the kind") == []
    assert assistant.find_events(limit=1)["total"] == 2
    assert len(assistant.find_events(limit=0)["events"]) == 1


def test_what_was_not_known_then_is_not_found(assistant: assisting.Assistant) -> None:
    assert assistant.find_events(words="launch", as_of=date(2031, 3, 1))["events"] == []
    assert assistant.find_events(as_of=date(2031, 3, 5))["total"] == 1


def test_evidence_has_the_words_around_the_quote(assistant: assisting.Assistant) -> None:
    (claim,) = assistant.event_evidence("launch", as_of=date(2031, 3, 5))["claims"]
    assert (claim["before"], claim["after"]) == (FRONT, BEHIND)


def test_an_end_before_its_beginning_is_an_error(assistant: assisting.Assistant) -> None:
    with pytest.raises(Exception, match="before the first"):
        assistant.changes_since(date(2031, 3, 10), until=date(2031, 3, 1))


def test_without_the_sdk_the_extra_is_named(
    opened: Store, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(PublishError, match=r"stillon\[mcp\]"):
        assisting.build_server(opened, today=lambda: date(2031, 3, 12))
    assert cli.main(["mcp", "--store", url]) == 1
    assert "stillon[mcp]" in capsys.readouterr().err
