"""The desk in a real Chromium, with and without JavaScript: every page and everything that can be done there.

The bundled example is read once, with the trained extraction; two reports of our own add an edit.
"""

from __future__ import annotations

import datetime
import functools
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import uvicorn
from argon2 import PasswordHasher
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from stillon import pipeline
from stillon.keeping import diary, filing
from stillon.model import Entry, Precision, Report, When
from stillon.serving import Desk, accounts, listen, make_app
from stillon.settings import Settings
from stillon.storing import open_store

EXAMPLE = Path(__file__).parents[2] / "examples" / "budapest"
TODAY = date(2025, 10, 22)
PASSWORD = "correct horse battery"
LARGEST_PAGE = 300_000
"""Bytes of a page with everything that it loads."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: `make browser` installs Debian's"),
    pytest.mark.timeout(600),
]
EDITED = "Published: {}\n\nThe Harbour Regatta, planned for October 30 in Karlsvik, has been {}, Mayor Ada Lund said."


@dataclass
class Served:
    """A desk that answers on a socket."""

    url: str
    desk: Desk
    sizes: dict[str, int] = field(default_factory=dict)
    """Bytes of each page with everything that it loads."""

    def json(self, path: str) -> Any:
        """What a path gives as JSON."""
        with urlopen(self.url + path) as answer:
            return json.load(answer)

    def event(self, words: str) -> str:
        """Path of the event with the words in its name."""
        return f"/events/{self.json(f'/board.json?q={words}')['events'][0]['id']}"

    def report(self, words: str) -> str:
        """Path of the report with the words in its text."""
        return f"/reports/{self.json(f'/reports.json?q={words}')['reports'][0]['id']}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The example, read once and served."""
    settings = Settings(threads=1)
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('desk') / 'desk.db'}", create=True)
    now = functools.partial(datetime.datetime.now, datetime.UTC)
    reader = pipeline.load_reader(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "load_reader", lambda _settings: reader)
        list(filing.add_articles(store, [str(EXAMPLE)], settings=settings, now=now))
        url = "https://news.example/regatta"
        for day, words in (("2025-10-21", "scheduled"), ("2025-10-22", "cancelled")):
            text = EDITED.format(day, words)
            report = Report(
                id=f"edited-{day}", file=f"{day}.txt", text=text, title="The regatta", url=url, publisher="Quay News",
                published=date.fromisoformat(day), body_start=text.index("The Harbour"),
            )  # fmt: skip
            list(filing.add_reports(store, [report], settings=settings, now=now))
    _fill_diary(store, now())
    desk = Desk(store, settings=settings, now=now, today=lambda: TODAY)
    with pytest.MonkeyPatch.context() as patch:
        cheap = functools.partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(accounts, "PasswordHasher", cheap)
        listening = listen("127.0.0.1", 0)
        server = uvicorn.Server(uvicorn.Config(make_app(desk), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield Served(url=f"http://127.0.0.1:{listening.getsockname()[1]}", desk=desk)
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()
    store.close()


def _fill_diary(store: Any, now: datetime.datetime) -> None:
    days = {
        "Trump and Putin, summit in Budapest": (date(2025, 10, 23), "Budapest"),
        "Harbour fair": (date(2025, 10, 25), None),
    }
    entries = [
        Entry(
            id=f"entry{number}",
            diary="desk",
            uid=f"uid{number}",
            title=title,
            when=When(start=day, end=day, precision=Precision.DAY, text=day.isoformat()),
            place=place,
        )
        for number, (title, (day, place)) in enumerate(days.items())
    ]
    diary.import_entries(store, entries, diary="desk", replace_all=False, recorded_at=now)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; what is expected of a page is waited for, as it may be on its way after a click."""
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES.split())
        yield browser
        browser.close()


@pytest.fixture
def open_tab(chromium: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Opens tabs, each with no cookies; anything that the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> Page:
        context = chromium.new_context(base_url=served.url, locale="en-GB", **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
        return tab

    yield make
    for context in contexts:
        context.close()
    meant = (
        "the server responded with a status of 40",  # a form refused on purpose
        "htmx:sendAbort",  # a newer question took the place of one not yet answered
        "htmx:afterRequest",
    )
    assert [each for each in complaints if not any(words in each for words in meant)] == []


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def tab(request: pytest.FixtureRequest, open_tab: Callable[..., Page]) -> Page:
    """A tab, with JavaScript and without."""
    made = open_tab(java_script_enabled=request.param, viewport={"width": 1200, "height": 900})
    made.scripted = request.param  # type: ignore[attr-defined]
    return made


def _sign_in(tab: Page, served: Served, name: str = "Kim Berg", role: str = "editor") -> None:
    """Signs in, with an account that is made where there is none."""
    if accounts.is_new(served.desk) or name not in _names(served):
        accounts.make_account(served.desk, name=name, password=PASSWORD, role=role, now=served.desk.now())
    tab.goto("/sign-in")
    tab.get_by_label("Name").fill(name)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("main").get_by_role("button", name="Sign in").click()
    tab.get_by_role("button", name="Sign out").wait_for()


def _names(served: Served) -> list[str]:
    from stillon.storing import accounts as kept

    with served.desk.store.read() as snapshot:
        return [each.name for each in kept.accounts(snapshot)]


# -- the first start comes first --------------------------------------------------------------------


def test_the_first_start_makes_an_editor_who_is_signed_in(open_tab: Callable[..., Page], served: Served) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.goto("/sign-in")
    expect(tab.locator("main")).to_contain_text("no account yet", use_inner_text=True)
    tab.goto(f"/setup?code={served.desk.setup_code}")
    tab.get_by_label("Name").fill("Kim Berg")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Make it").click()
    expect(tab.get_by_role("link", name="Kim Berg")).to_be_visible()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("link", name="Sign in")).to_be_visible()
    answer = tab.goto("/setup")
    assert isinstance(answer, Response)
    assert answer.status == 404


# -- reading ----------------------------------------------------------------------------------------


def test_the_board_shows_what_is_coming_and_filters(tab: Page) -> None:
    tab.goto("/")
    expect(tab.get_by_role("heading", name="This week")).to_be_visible()
    row = tab.locator(".event", has_text="Trump–Putin meeting in Budapest")
    expect(row).to_contain_text("in doubt", use_inner_text=True)
    expect(row).to_contain_text("contradicted", use_inner_text=True)
    tab.get_by_role("searchbox").fill("call")
    tab.get_by_role("button", name="Show").last.click()
    tab.locator(".event", has_text="Trump–Putin meeting in Budapest").wait_for(state="detached")
    expect(tab.locator(".event")).to_have_count(4)
    tab.get_by_role("link", name="Clear").click()
    tab.locator(".event", has_text="Trump–Putin meeting in Budapest").wait_for()
    tab.get_by_text("Filter", exact=True).click()
    tab.get_by_label("Status", exact=True).select_option("held")
    tab.get_by_label("Person or body").fill("lavrov")
    tab.get_by_role("button", name="Show").last.click()
    tab.locator(".event").nth(1).wait_for(state="detached")
    expect(tab.locator(".event")).to_have_count(1)
    assert "status=held" in tab.url
    tab.goto("/")
    tab.locator(".tally a", has_text="in doubt").click()
    tab.locator(".event", has_text="call").first.wait_for(state="detached")
    expect(tab.locator(".event").first).to_be_attached()


def test_the_board_is_asked_as_of_another_day(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_label("As it was known").fill("2025-10-18")
    tab.get_by_role("button", name="Show").first.click()
    tab.wait_for_url("**as_of=2025-10-18*")
    tab.get_by_text("Saturday 18 October 2025").first.wait_for()
    expect(tab.locator(".board")).not_to_contain_text("in doubt", use_inner_text=True)
    tab.get_by_role("link", name="17 Oct 2025:").click(force=True)
    tab.wait_for_url("**as_of=2025-10-17*")
    tab.get_by_role("link", name="Back to today").click()
    tab.locator(".event", has_text="in doubt").first.wait_for()


def test_the_slider_moves_through_the_days(open_tab: Callable[..., Page]) -> None:
    tab = open_tab()
    tab.goto("/")
    slider = tab.get_by_role("slider")
    slider.focus()
    for _ in range(4):
        slider.press("ArrowLeft")
    tab.wait_for_url("**as_of=2025-10-*")
    tab.locator(".event", has_text="in doubt").wait_for(state="detached")
    tab.go_back()
    tab.locator(".event", has_text="in doubt").first.wait_for()


def test_the_board_goes_on(tab: Page) -> None:
    tab.goto("/?limit=2")
    expect(tab.locator(".event")).to_have_count(2)
    first = tab.locator(".event .name").first.inner_text()
    tab.get_by_role("link", name="More events").click()
    tab.wait_for_url("**after=*")
    tab.locator(".event .name").first.filter(has_not_text=first).wait_for()


def test_the_calendar_shows_a_month(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_role("link", name="Calendar").click()
    tab.get_by_role("heading", name="October 2025").wait_for()
    expect(tab.locator("table")).to_contain_text("Trump–Putin", use_inner_text=True)
    tab.get_by_role("link", name="Month before").click()
    tab.get_by_role("heading", name="September 2025").wait_for()


def test_what_changed_is_told_with_its_claims(tab: Page) -> None:
    tab.goto("/changes")
    tab.get_by_label("From").fill("2025-10-19")
    tab.get_by_role("button", name="Show").click()
    tab.get_by_text("From Sunday 19 October").wait_for()
    change = tab.locator(".change", has_text="Trump–Putin meeting in Budapest")
    expect(change).to_contain_text("→", use_inner_text=True)
    expect(change).to_contain_text("in doubt", use_inner_text=True)
    expect(change.locator("q").first).to_be_attached()
    change.get_by_role("link").first.click()
    tab.wait_for_url("**/events/*")


def test_an_event_shows_why_one_may_believe_it(tab: Page, served: Served) -> None:
    event = served.event("Trump")
    tab.goto(event)
    expect(tab.locator(".verdict")).to_contain_text("in doubt", use_inner_text=True)
    pair = tab.locator(".pair blockquote")
    expect(pair.nth(0)).to_contain_text("going ahead", use_inner_text=True)
    expect(pair.nth(1)).to_contain_text("on hold", use_inner_text=True)
    assert tab.locator(".timeline .point").count() > 5
    because = served.json(f"{event}.json")["events"][0]["because"]
    assert len(because) >= 2
    expect(tab.locator(".timeline .point.decides")).to_have_count(len(because))
    assert tab.locator(".origins .node").count() > 5
    assert "Lakeside Tribune" in tab.locator(".origins").text_content()  # type: ignore[operator]
    expect(tab.locator("dl.facts")).to_contain_text("If the foreign ministers agree", use_inner_text=True)
    expect(tab.locator(".open li").first).to_be_attached()
    assert tab.locator(".summary sup a").count() >= 2
    expect(tab.locator("main")).to_contain_text("state no status", use_inner_text=True)
    tab.locator(".timeline .point.decides").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#*")
    expect(tab.locator(".claims > li:target")).to_have_count(1)
    tab.locator(".claims > li:target a").first.click()
    tab.wait_for_url("**/reports/**")


def test_an_event_is_asked_as_of_another_day(tab: Page, served: Served) -> None:
    tab.goto(served.event("Trump"))
    tab.get_by_label("As it was known").fill("2025-10-18")
    tab.get_by_role("button", name="Show").first.click()
    tab.wait_for_url("**as_of=2025-10-18*")
    tab.get_by_text("Saturday 18 October 2025").first.wait_for()
    expect(tab.locator(".verdict")).to_contain_text("going ahead", use_inner_text=True)
    expect(tab.locator(".pair")).to_have_count(0)


def test_the_summary_is_copied_with_its_footnotes(tab: Page, served: Served) -> None:
    tab.goto(served.event("Trump"))
    if tab.scripted:  # type: ignore[attr-defined]
        tab.get_by_role("button", name="Copy").click()
        tab.get_by_role("button", name="Copied").wait_for()
    tab.get_by_text("As text, with its footnotes").click()
    text = tab.get_by_label("The summary as text").input_value()
    assert "is in doubt" in text
    assert "[1]" in text.split("\n\n")[1]


def test_a_report_shows_what_was_read_where_it_stands(tab: Page, served: Served) -> None:
    tab.goto(served.report("preparations+obstacles"))
    text = tab.locator(".text").inner_text()
    assert "preparations for the summit of Vladimir Putin and Donald Trump in Budapest are continuing" in text
    for kind in ("claim", "source", "cue", "status", "event"):
        expect(tab.locator(f".text .m-{kind}").first).to_be_attached()
    expect(tab.locator(".text .m-date").first).to_be_attached()
    mark = tab.locator(".text a.mark").first
    mark.focus()
    if tab.scripted:  # type: ignore[attr-defined]
        expect(tab.locator("aside li.lit")).to_have_count(1)
        tab.locator("aside li").nth(2).hover()
        expect(tab.locator(".text .lit").first).to_be_attached()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#note-*")
    tab.locator("aside .jump").first.click()
    tab.wait_for_url(re.compile(r"#(?!note-)"))


def test_a_report_shows_its_revisions_and_its_copies(tab: Page, served: Served) -> None:
    tab.goto("/reports/edited-2025-10-22")
    expect(tab.locator(".diff del", has_text="scheduled").first).to_be_visible()
    expect(tab.locator(".diff ins", has_text="cancelled").first).to_be_visible()
    tab.get_by_role("link", name="1", exact=True).click()
    tab.wait_for_url("**/reports/edited-2025-10-21*")
    tab.goto(served.report("lakeside"))
    copies = tab.locator("section", has_text="Shares text with")
    expect(copies).to_contain_text("Harbour Gazette", use_inner_text=True)
    expect(copies).to_contain_text("published first", use_inner_text=True)


def test_reports_are_searched(tab: Page) -> None:
    tab.goto("/reports")
    total = tab.locator(".reports li").count()
    assert total > 5
    tab.get_by_role("searchbox").fill("szijjarto")
    tab.get_by_role("button", name="Search").click()
    tab.wait_for_url("**q=szijjarto*")
    tab.locator(".reports li").nth(total - 1).wait_for(state="detached")
    assert 1 <= tab.locator(".reports li").count() < total
    tab.goto("/reports?limit=4")
    tab.get_by_role("link", name="More reports").click()
    tab.wait_for_url("**after=*")
    expect(tab.locator(".reports li")).to_have_count(4)


def test_the_diary_shows_which_entries_are_touched(tab: Page, served: Served) -> None:
    tab.goto("/diary")
    expect(tab.locator(".change", has_text="in doubt")).to_contain_text(
        "Trump and Putin, summit in Budapest", use_inner_text=True
    )
    expect(tab.locator("section", has_text="Nobody reports on")).to_contain_text("Harbour fair", use_inner_text=True)
    _sign_in(tab, served)
    tab.goto("/diary")
    entry = tab.locator("li", has_text="Harbour fair")
    entry.get_by_text("Another event").click()
    entry.get_by_label("The event’s id").fill("none")
    entry.get_by_label("Because").fill("a fair of our own")
    entry.get_by_role("button", name="Say so").click()
    tab.wait_for_url("**/diary")


# -- doing ------------------------------------------------------------------------------------------


def test_a_wrong_password_is_told_and_the_right_one_leads_on(tab: Page, served: Served) -> None:
    _sign_in(tab, served)
    tab.get_by_role("button", name="Sign out").click()
    path = served.event("Trump")
    tab.goto(path)
    tab.get_by_role("main").get_by_role("link", name="Sign in").click()
    tab.get_by_label("Name").fill("Kim Berg")
    tab.get_by_label("Password").fill("wrong horse battery")
    tab.get_by_role("main").get_by_role("button", name="Sign in").click()
    tab.get_by_text("the name or the password is wrong").wait_for()
    tab.go_back()
    tab.get_by_label("Name").fill("Kim Berg")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("main").get_by_role("button", name="Sign in").click()
    tab.wait_for_url(f"**{path}")


CORRECTED: dict[str, tuple[str, Callable[[Page], None], str]] = {
    "status": ("Set the status", lambda tab: _choose(tab, "Status", "cancelled"), "cancelled"),
    "date": ("Fix the day", lambda tab: tab.get_by_label("Day empty").fill("2025-11-05"), "5 November 2025"),
    "place": ("Fix the place", lambda tab: tab.get_by_label("Place").fill("Vienna"), "Vienna"),
    "split": ("Split reports off", lambda tab: tab.get_by_label("Trump says he").first.check(), "split an event"),
}


def _choose(tab: Page, label: str, value: str) -> None:
    tab.locator("details[open]").get_by_label(label).select_option(value)


@pytest.mark.parametrize("kind", CORRECTED)
def test_an_editor_corrects_an_event_and_takes_it_back(tab: Page, served: Served, kind: str) -> None:
    _sign_in(tab, served)
    head, fill, expected = CORRECTED[kind]
    tab.goto(served.event("Trump"))
    before = tab.locator("dl.facts").inner_text(), tab.locator(".verdict").inner_text()
    tab.get_by_text(head, exact=True).first.click()
    fill(tab)
    opened = tab.locator("details.correct[open]")
    opened.get_by_label("Because").fill("they rang us")
    opened.get_by_role("button", name=head).click()
    tab.locator("#corrections li", has_text="they rang us").first.wait_for()
    expect(tab.locator("main")).to_contain_text(expected, use_inner_text=True)
    expect(tab.locator("#corrections li").first).to_contain_text("Kim Berg", use_inner_text=True)
    row = tab.locator("#corrections li", has=tab.get_by_role("button", name="Undo")).first
    row.get_by_placeholder("why it is taken back").fill("they did not")
    row.get_by_role("button", name="Undo").click()
    tab.locator("#corrections li", has_text="took back").first.wait_for()
    tab.goto(served.event("Trump"))
    assert (tab.locator("dl.facts").inner_text(), tab.locator(".verdict").inner_text()) == before


def test_an_editor_merges_two_events_and_takes_it_back(tab: Page, served: Served) -> None:
    _sign_in(tab, served)
    total = served.json("/board.json")["total"]
    other = served.event("Alaska").rpartition("/")[2]
    tab.goto(served.event("Orban"))
    tab.get_by_text("Merge with another event").first.click()
    tab.get_by_label("The other event’s id").fill(other)
    tab.locator("details[open]").get_by_label("Because").fill("one and the same")
    tab.get_by_role("button", name="Merge with another event").click()
    tab.locator("#corrections li", has_text="one and the same").first.wait_for()
    assert served.json("/board.json")["total"] == total - 1
    tab.goto("/corrections")
    row = tab.locator("li", has=tab.get_by_role("button", name="Undo")).first
    row.get_by_placeholder("why it is taken back").fill("they are two")
    row.get_by_role("button", name="Undo").click()
    tab.locator("li", has_text="they are two").first.wait_for()
    assert served.json("/board.json")["total"] == total


def test_an_editor_withdraws_a_report_and_takes_it_back(tab: Page, served: Served) -> None:
    _sign_in(tab, served)
    path = served.report("preparations+obstacles")
    event = served.event("Trump")
    tab.goto(path)
    tab.get_by_text("Withdraw this report").first.click()
    tab.get_by_label("Because").fill("a hoax")
    tab.get_by_role("button", name="Withdraw this report").click()
    tab.get_by_text("Withdrawn:").wait_for()
    assert served.json(f"{event}.json")["events"][0]["status"] != "in doubt"
    tab.get_by_label("Why it counts again").fill("no hoax")
    tab.get_by_role("button", name="Undo the withdrawal").click()
    tab.get_by_text("Withdraw this report").first.wait_for()
    assert served.json(f"{event}.json")["events"][0]["status"] == "in doubt"


def test_an_editor_makes_accounts_and_tokens(tab: Page, served: Served) -> None:
    _sign_in(tab, served)
    name = "Lee Holt" if tab.scripted else "Lee Holt Two"  # type: ignore[attr-defined]
    tab.get_by_role("link", name="Accounts").click()
    tab.get_by_label("Name", exact=True).fill(name)
    tab.get_by_label("Password 10").fill(PASSWORD)
    tab.get_by_label("Role", exact=True).select_option("reader")
    tab.get_by_role("button", name="Make the account").click()
    tab.locator("li", has_text=name).first.wait_for()
    tab.get_by_label(f"State of {name}", exact=True).select_option("closed")
    tab.get_by_role("button", name=f"Save {name}", exact=True).click()
    tab.locator("li", has_text=f"{name} reader, closed").first.wait_for()
    tab.get_by_role("link", name="Kim Berg").click()
    tab.get_by_label("What it is for").fill("the wall screen")
    tab.get_by_role("button", name="Make a token").click()
    assert tab.locator(".token code").inner_text().startswith("stillon_")
    tab.goto("/account")
    tab.get_by_role("button", name="Revoke").first.click()
    tab.get_by_text("revoked").first.wait_for()
    tab.get_by_label("Old password").fill(PASSWORD)
    tab.get_by_label("New password").fill(PASSWORD)
    tab.get_by_role("button", name="Change it").click()
    tab.wait_for_url("**/account")


def test_a_reader_sees_nothing_to_correct(tab: Page, served: Served) -> None:
    _sign_in(tab, served, name="Rea Der", role="reader")
    tab.goto(served.event("Trump"))
    expect(tab.locator(".forms")).to_have_count(0)
    expect(tab.get_by_role("link", name="Accounts")).to_have_count(0)


# -- for everybody ----------------------------------------------------------------------------------


def test_the_board_is_gone_through_by_keys(open_tab: Callable[..., Page]) -> None:
    tab = open_tab()
    tab.goto("/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "To the page"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    second = tab.locator(".event .name a").nth(1).inner_text()
    assert tab.evaluate("document.activeElement.textContent") == second
    tab.keyboard.press("k")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.type") == "search"


def _everywhere(served: Served) -> list[str]:
    fixed = "/ /calendar /changes /diary /reports /corrections /sign-in /nowhere /reports/edited-2025-10-22"
    found = served.event("Trump"), served.event("Rubio"), served.report("preparations+obstacles")
    return [*fixed.split(), *found]


LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 380, "height": 800}},
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_serious_on_any_page(open_tab: Callable[..., Page], served: Served, look: str) -> None:
    """For whoever reads, and on the pages of an editor; nor does a phone have to scroll sideways."""
    tab = open_tab(bypass_csp=True, **LOOKS[look])
    _sign_in(tab, served)
    found = []
    for path in [*_everywhere(served), "/account", "/accounts"]:
        tab.goto(path)
        for details in tab.locator("details").all():
            details.evaluate("each => each.open = true")
        for each in Axe().run(tab).response["violations"]:
            if each["impact"] in ("serious", "critical"):
                found.append((path, each["id"], [node["html"][:200] for node in each["nodes"]][:3]))
        assert tab.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth + 1"), path
    assert found == []


def test_no_page_is_large(open_tab: Callable[..., Page], served: Served) -> None:
    """With everything that it loads, nothing kept from before."""
    sizes = {}
    for path in _everywhere(served):
        tab = open_tab()
        got: list[int] = []
        tab.on("response", lambda answer, got=got: got.append(len(answer.body())))
        tab.goto(path, wait_until="networkidle")
        sizes[path] = sum(got)
        tab.context.close()
    assert max(sizes.values()) < LARGEST_PAGE, sizes


def test_a_page_prints_without_what_is_for_the_screen(open_tab: Callable[..., Page], served: Served) -> None:
    tab = open_tab()
    tab.goto(served.event("Trump"))
    tab.emulate_media(media="print")
    expect(tab.locator("nav").first).to_be_hidden()
    expect(tab.locator(".asof")).to_be_hidden()
    expect(tab.locator(".verdict")).to_be_visible()
    expect(tab.locator(".timeline")).to_be_visible()
    assert len(tab.pdf()) > 10_000
