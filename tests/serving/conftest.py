"""A desk over a small store of made-up reports, asked in process."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from stillon.keeping import filing
from stillon.model import Claim, Extraction, Kind, Mention, Precision, Report, Status, When
from stillon.serving import Desk, accounts, make_app
from stillon.settings import Settings
from stillon.storing import Store, open_store

TODAY = date(2031, 3, 20)
PASSWORD = "correct horse battery"


class Site:
    """A desk, and whoever asks it."""

    def __init__(self, store: Store, clock: Any, make_report: Callable[..., Report], settings: Settings) -> None:
        self.store = store
        self.clock = clock
        self.make_report = make_report
        self.desk = Desk(store, settings=settings, now=clock, today=lambda: TODAY)
        self.app = make_app(self.desk)
        self.client = self.visitor()

    def visitor(self) -> TestClient:
        """Somebody with no cookies yet."""
        return TestClient(self.app, base_url="http://desk.test", raise_server_exceptions=False, follow_redirects=False)

    def add(self, text: str, published: date = date(2031, 3, 4), **fields: Any) -> Report:
        """Puts a report in that the plain extraction reads."""
        report = self.make_report(text, published=published, **fields)
        list(filing.add_reports(self.store, [report], settings=Settings(), now=self.clock))
        return report

    def json(self, url: str, **headers: str) -> Any:
        """What a url gives as JSON."""
        answer = self.client.get(url, headers={"accept": "application/json", **headers})
        assert answer.status_code == 200, (url, answer.status_code, answer.text)
        return answer.json()

    def event(self, words: str) -> str:
        """Id of the first event with the words in its name."""
        return str(self.json(f"/board?q={words}")["events"][0]["id"])

    def make(self, name: str, role: str = "editor") -> TestClient:
        """An account, signed in."""
        accounts.make_account(self.desk, name=name, password=PASSWORD, role=role, now=self.clock())
        visitor = self.visitor()
        form = self.form(visitor, "/sign-in")
        answer = visitor.post("/sign-in", data={"name": name, "password": PASSWORD, "csrf": form})
        assert answer.status_code == 303, answer.text
        return visitor

    @staticmethod
    def form(visitor: TestClient, url: str) -> str:
        """What the forms of a page carry."""
        page = visitor.get(url).text
        return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]

    def post(self, visitor: TestClient, url: str, _from: str = "/account", **fields: Any) -> Any:
        """Sends a form from a page as a browser does."""
        return visitor.post(url, data={"csrf": self.form(visitor, _from), **fields})

    def token(self, name: str, role: str = "editor") -> str:
        """A token of an account."""
        return accounts.make_token(self.desk, name, label="a test", role=role, may="editor", now=self.clock())

    def schedule(self, name: str, day: date | None, *, published: date = date(2031, 2, 20), **fields: Any) -> Report:
        """Puts in a report that schedules an event of a name for a day."""
        report = self.make_report(f"The {name} is on.", published=published, **fields)
        when = When(start=day, end=day, precision=Precision.DAY, text="that day") if day else None
        mention = Mention(
            id=f"{report.id}.0",
            report=report.id,
            name=f"{name} of {name}ville",
            kind=Kind.MATCH,
            participants=(f"{name} Club",),
            place=f"{name}ville",
            when=when,
            status=Status.SCHEDULED,
            published=published,
        )
        claim = Claim(
            id=f"{report.id}:0",
            report=report.id,
            mention=mention.id,
            status=Status.SCHEDULED,
            text=report.text,
            span=_whole(report.text),
            when=when,
            published=published,
            publisher=report.publisher,
        )
        extraction = Extraction(report=report, mentions=(mention,), claims=(claim,))
        filing.file_extraction(self.store, extraction, version="1", now=self.clock)
        return report

    def schedule_many(self, number: int) -> None:
        """Puts in so many events, a day apart from tomorrow on."""
        for each in range(number):
            self.schedule(NAMES[each], TODAY + timedelta(days=1 + each))


NAMES = [a + b for a in ("Al", "Bor", "Cim", "Dun", "Esk") for b in ("ona", "vik", "rath", "mere")]


def _whole(text: str) -> Any:
    from stillon.model import Span

    return Span(0, len(text))


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little, for tests that make many."""
    monkeypatch.setattr(
        accounts, "PasswordHasher", functools.partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)
    )


@pytest.fixture
def lite_store(tmp_path: Path) -> Store:
    """An empty store in a file."""
    return open_store(f"sqlite:///{tmp_path / 'desk.db'}", create=True)


@pytest.fixture
def site(
    lite_store: Store, clock: Any, make_report: Callable[..., Report], plain_extraction: None, cheap_hashes: None
) -> Site:
    """A desk with an empty store."""
    return Site(lite_store, clock, make_report, Settings())


@pytest.fixture
def closed_site(
    lite_store: Store, clock: Any, make_report: Callable[..., Report], plain_extraction: None, cheap_hashes: None
) -> Site:
    """A desk that only those with an account may read."""
    return Site(lite_store, clock, make_report, Settings(open_reading=False))
