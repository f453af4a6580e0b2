"""Who is told of which change: once, with the claim that caused it, by every way there is."""

from __future__ import annotations

import json
import socketserver
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stillon.keeping import correcting, noticing
from stillon.keeping.answering import Filter
from stillon.model import CorrectionKind, Notice, Status
from stillon.storing import Store, watched
from stillon.watching import Target, tell
from tests.watching.conftest import Answer, Site, Watcher

PLANNED = "The launch is scheduled, says Ada Lund."
PUT_OFF = "The launch is postponed, says Ada Lund."
ANY = noticing.Rule(name="any")


class Told:
    """A watcher with rules: what it would tell after each report."""

    def __init__(self, watcher: Watcher, make_report: Any) -> None:
        self.watcher = watcher
        self.make_report = make_report
        noticing.begin(watcher.store, now=watcher.now)

    def after(self, text: str, *rules: noticing.Rule, **fields: Any) -> list[Notice]:
        """The notices after a report has come in."""
        from stillon.keeping import filing

        self.watcher.later(days=1)
        day = self.watcher.now.date()
        filler = " The people of the islands will have to wait for the ferry."
        report = self.make_report(text + filler, published=day, **fields)
        list(
            filing.add_reports(
                self.watcher.store, [report], settings=self.watcher.settings, now=lambda: self.watcher.now
            )
        )
        return self.take(*rules)

    def take(self, *rules: noticing.Rule) -> list[Notice]:
        """The notices that are due."""
        self.watcher.later(minutes=1)
        return noticing.take(self.watcher.store, rules or [ANY], now=self.watcher.now)


@pytest.fixture
def told(watcher: Watcher, make_report: Any) -> Told:
    return Told(watcher, make_report)


def test_a_change_is_told_once_with_its_claim(told: Told) -> None:
    (first,) = told.after(PLANNED)
    assert first.change.what == ("new",)
    assert told.after(f"{PLANNED} Nothing else is known.") == []
    (second,) = told.after(PUT_OFF)
    assert second.change.what == ("status",)
    assert [claim.text for claim in second.change.claims] == [PUT_OFF]
    assert told.take() == []
    assert told.after(f"{PUT_OFF} So it is.") == []


def test_what_the_store_knew_before_anybody_asked_is_not_told(watcher: Watcher, make_report: Any) -> None:
    before = Told.__new__(Told)
    before.watcher, before.make_report = watcher, make_report
    assert before.after(PLANNED) == []
    told = Told(watcher, make_report)
    assert told.take() == []
    assert len(told.after(PUT_OFF)) == 1


@pytest.mark.parametrize(
    ("fields", "admitted"),
    [
        ({"wanted": Filter(status=Status.POSTPONED)}, True),
        ({"wanted": Filter(status=Status.CANCELLED)}, False),
        ({"wanted": Filter(person="ada")}, True),
        ({"wanted": Filter(person="Bo")}, False),
        ({"wanted": Filter(place="karlsvik")}, True),
        ({"words": ("ferry", "LAUNCH")}, True),
        ({"words": ("ferry", "airship")}, False),
        ({"what": ("when",)}, False),
        ({"event": "nothing"}, False),
    ],
)
def test_a_rule_chooses_by_event_and_sort_of_change(told: Told, fields: dict[str, Any], admitted: bool) -> None:
    told.after(PLANNED)
    assert bool(told.after(PUT_OFF, noticing.Rule(name="mine", **fields))) is admitted


def test_two_watchers_tell_a_change_once(told: Told, watcher: Watcher) -> None:
    """The other looks and claims after the one has looked, and before it claims."""
    told.after(PLANNED)
    whole = watcher.store.write
    others: list[Notice] = []

    def write(work: Any) -> Any:
        if getattr(work, "__qualname__", "").startswith("take") and not others:
            patched.undo()
            others.extend(noticing.take(watcher.store, [ANY], now=watcher.now))
        return whole(work)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(watcher.store, "write", write)
        mine = told.after(PUT_OFF)
    assert (len(others), mine) == (1, [])


def test_a_report_that_came_late_into_the_store_is_told(told: Told, watcher: Watcher) -> None:
    """It was recorded before the last notices were looked for, by a writer that was held up."""
    told.after(PLANNED)
    watcher.later(days=5)
    assert told.take() == []
    watcher.later(days=-4)
    (late,) = told.after(PUT_OFF)
    assert late.change.what == ("status",)


def test_a_person_s_correction_is_a_change(told: Told, watcher: Watcher) -> None:
    (first,) = told.after(PLANNED)
    assert first.change.after is not None
    correcting.correct_store(
        watcher.store,
        CorrectionKind.STATUS,
        [first.change.after.event.id, "cancelled"],
        by="Kim Berg",
        because="they rang us",
        on=watcher.now.date(),
        recorded_at=watcher.now,
    )
    (notice,) = told.take()
    assert notice.change.after is not None
    assert notice.change.after.status is Status.CANCELLED


# -- handing over ---------------------------------------------------------------------------------


@pytest.fixture
def notices(told: Told) -> list[Notice]:
    """One notice, of a launch put off."""
    told.after(PLANNED)
    return told.after(PUT_OFF, url="https://post.example/launch")


def test_a_command_gets_the_notice_on_its_standard_input(
    notices: list[Notice], watcher: Watcher, tmp_path: Path
) -> None:
    path = tmp_path / "told.jsonl"
    program = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read())"
    target = Target(rule=ANY, command=(sys.executable, "-c", program, str(path)))
    assert [failure for _, failure in tell(target, notices, settings=watcher.settings)] == [None]
    data = json.loads(path.read_text())
    assert data["what"] == ["status"]
    assert data["after"]["status"] == "postponed"
    assert data["claims"][0]["text"] == PUT_OFF
    assert PUT_OFF.rstrip(".") in data["text"]
    assert data["reports"][0]["url"] == "https://post.example/launch"
    assert "https://post.example/launch" in data["text"]


def test_a_webhook_gets_the_notice_as_json(notices: list[Notice], watcher: Watcher, site: Site) -> None:
    site.put("/hook", Answer(status=204))
    target = Target(rule=ANY, webhook=site.base + "/hook")
    assert [failure for _, failure in tell(target, notices, settings=watcher.settings)] == [None]
    ((_, headers, body),) = site.asked
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["after"]["status"] == "postponed"


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ({"command": (sys.executable, "-c", "import sys; sys.exit('no paper')")}, "ended with 1: no paper"),
        ({"command": ("/nowhere/told",)}, "cannot be run: No such file"),
        ({"webhook": "/missing"}, "the server answers 404"),
        ({"to": ("pigeon://user:secret@loft",)}, "pigeon:// is no address"),
        ({"to": ("mailto://user:secret@127.0.0.1:9?from=a@post.example&to=b@post.example",)}, "was not taken"),
    ],
)
def test_what_is_not_taken_says_why_and_hides_passwords(
    notices: list[Notice], watcher: Watcher, site: Site, way: dict[str, Any], reason: str
) -> None:
    if "webhook" in way:
        way = {"webhook": site.base + way["webhook"]}
    ((_, failure),) = tell(Target(rule=ANY, **way), notices, settings=watcher.settings)
    assert failure is not None
    assert reason in failure.reason
    assert "secret" not in str(failure)


def test_more_notices_than_the_limit_are_counted(notices: list[Notice], watcher: Watcher, site: Site) -> None:
    site.put("/hook", Answer())
    target = Target(rule=ANY, webhook=site.base + "/hook", most=1)
    done = list(tell(target, notices * 3, settings=watcher.settings))
    assert len(done) == 3
    bodies = [json.loads(body) for _, _, body in site.asked]
    assert len(bodies) == 2
    assert bodies[1]["more"] == 2
    assert "stillon changes --since 2031-03-12" in bodies[1]["text"]


def test_a_notice_that_failed_is_kept_with_the_reason(notices: list[Notice], store: Store) -> None:
    noticing.fail(store, notices[0], "no paper")
    with store.read() as snapshot:
        assert [each.error for each in watched.notices(snapshot, most=1)] == ["no paper"]


class _Mail(socketserver.StreamRequestHandler):
    """Takes one mail, as a mail server does."""

    def handle(self) -> None:
        self.wfile.write(b"220 post.example\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (line := self.rfile.readline()) != b".\r\n":
                    self.server.mail.append(line)  # type: ignore[attr-defined]
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 well\r\n")


@pytest.fixture
def mail() -> Iterator[Any]:
    """A mail server that keeps what it gets."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail) as server:
        server.mail = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_e_mail_tells_the_change(notices: list[Notice], watcher: Watcher, mail: Any) -> None:
    address = f"mailto://127.0.0.1:{mail.server_address[1]}?from=desk@post.example&to=ada@post.example&mode=insecure"
    assert [failure for _, failure in tell(Target(rule=ANY, to=(address,)), notices, settings=watcher.settings)] == [
        None
    ]
    text = b"".join(mail.mail).decode()
    assert "ada@post.example" in text
    assert "postponed" in text
