"""The pages as data: as of any day, a page at a time, and not sent twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import feedparser
import icalendar
import pytest

from stillon.keeping import correcting, paging
from stillon.keeping.answering import Filter, View
from stillon.keeping.paging import Pages, rows_anew
from stillon.model import CorrectionKind
from stillon.publishing.formats import MEDIA_TYPES
from stillon.serving.formats import FEEDS
from stillon.serving.routes import PAGES

TODAY = date(2031, 3, 20)
READ = [page for page in PAGES if not page.is_door]


def _through(site: Any, url: str, name: str, between: Any = lambda _page: None) -> list[str]:
    """Ids on all pages of a list; `between` is called after each page."""
    found: list[str] = []
    following: str | None = url
    number = 0
    while following:
        data = site.json(following)
        found += [each["id"] for each in data[name]]
        following = data["next"]
        number += 1
        between(number)
    return found


def test_the_board_goes_on_where_a_page_ended(site: Any) -> None:
    site.schedule_many(12)
    site.schedule("Nodaya", None)
    site.schedule("Pastor", TODAY - timedelta(days=20))
    whole = [each["id"] for each in site.json("/board?limit=200")["events"]]
    for limit in (1, 4, 5, 13, 14):
        assert _through(site, f"/board?limit={limit}", "events") == whole


def test_the_board_stays_as_it_was_while_reports_come_in(site: Any) -> None:
    """What comes in between two pages: new events, moved ones, one merged, one called off."""
    site.schedule_many(12)
    events = site.json("/board?limit=200")["events"]
    whole = [each["id"] for each in events]

    def between(page: int) -> None:
        if page == 1:
            site.schedule("Newcomer", TODAY + timedelta(days=1), published=TODAY)
            site.schedule("Secondcomer", TODAY + timedelta(days=8), published=TODAY)
            _correct(site, CorrectionKind.DATE, whole[0], (TODAY + timedelta(days=11)).isoformat())
            _correct(site, CorrectionKind.DATE, whole[11], TODAY.isoformat())
        if page == 2:
            _correct(site, CorrectionKind.MERGE, whole[6], whole[10])
            _correct(site, CorrectionKind.STATUS, whole[8], "cancelled")

    assert _through(site, "/board?limit=3", "events", between) == whole
    assert site.json("/board")["total"] == 13


def _correct(site: Any, kind: CorrectionKind, *about: str) -> None:
    correcting.correct_store(site.store, kind, about, by="Kim Berg", because="so", on=TODAY, recorded_at=site.clock())


def test_the_reports_stay_as_they_were_while_others_come_in(site: Any) -> None:
    for number in range(7):
        site.add(f"The launch is scheduled, says Ada Lund. {number}.", published=TODAY - timedelta(days=number // 2))
    whole = [each["id"] for each in site.json("/reports?limit=200")["reports"]]

    def between(page: int) -> None:
        site.add(f"The regatta is scheduled, says Ada Lund. {page}.", published=TODAY - timedelta(days=page))

    assert _through(site, "/reports?limit=2", "reports", between) == whole


def test_a_cursor_of_nobody_is_refused(site: Any) -> None:
    site.schedule_many(3)
    for after in ("x", "bm8", "W10", "WzEsMiwzLDQsNSw2XQ", "é", "A" * 3000):
        assert site.client.get("/board.json", params={"after": after}).status_code in (400, 404)
        assert site.client.get("/reports.json", params={"after": after}).status_code in (400, 404)


@pytest.mark.parametrize("read", READ, ids=lambda read: read.name)
def test_every_page_answers_as_of_a_day_and_nothing_later_changes_it(site: Any, read: Any) -> None:
    first = site.add("The launch is scheduled, says Ada Lund.", published=date(2031, 3, 4))
    id = site.event("launch")
    path = read.path.replace("{id}", id if read.name == "event" else first.id)
    url = f"{path}?as_of=2031-03-05"
    before = site.json(url)
    site.add(
        "The launch is postponed, says Ada Lund. The regatta is scheduled, says Ada Lund.", published=date(2031, 3, 10)
    )
    _correct(site, CorrectionKind.STATUS, id, "cancelled")
    assert site.json(url) == before
    assert site.json(path) != before


def test_what_was_not_known_then_is_not_there(site: Any) -> None:
    report = site.add("The launch is scheduled, says Ada Lund.")
    id = site.event("launch")
    for path in (f"/events/{id}", f"/reports/{report.id}"):
        assert site.client.get(f"{path}.json?as_of=2031-03-03").status_code == 404
    assert site.json("/board?as_of=2031-03-03")["total"] == 0


def test_the_board_of_any_day_is_the_one_worked_out_anew(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether few or many parts of the store differ from today's."""
    site.schedule_many(6)
    site.schedule("Pastor", TODAY - timedelta(days=9))
    for day in (2, 7, 12, 15, 19):
        site.add(
            f"The launch{day} is scheduled, says Ada Lund. The launch2 is in doubt, says Ada Lund.",
            published=date(2031, 3, day),
        )
    site.add("The launch2 is postponed, says Ada Lund.", published=TODAY + timedelta(days=4))
    _correct(site, CorrectionKind.STATUS, site.event("Alona"), "in doubt")
    for many in (paging.MANY, 0):
        monkeypatch.setattr(paging, "MANY", many)
        pages = Pages(site.store)
        for number in range(-9, 30):
            view = View(as_of=TODAY - timedelta(days=number))
            page = pages.page(wanted=Filter(), view=view, today=TODAY, most=100)
            small = pages.page(wanted=Filter(), view=view, today=TODAY, most=1)
            ids = [row.assessment.event.id for row in small.rows]
            while small.last:
                small = pages.page(wanted=Filter(), view=view, today=TODAY, most=1, after=small.last)
                ids += [row.assessment.event.id for row in small.rows]
            assert ids == [row.assessment.event.id for row in page.rows]
            with site.store.read() as snapshot:
                anew = rows_anew(snapshot, snapshot.every_component(), view)
            shown = {row.assessment.event.id: (row.assessment.status, row.reports) for row in page.rows}
            assert shown == {
                row.assessment.event.id: (row.assessment.status, row.reports) for row in anew if row.assessment.status
            }
            assert page.total == len(shown)


def test_the_filter_finds_by_each_of_its_fields(site: Any) -> None:
    site.schedule_many(6)
    site.add("The launch is in doubt, says Ada Lund.")
    for query, total in (
        ("q=alona+club", 1),
        ("kind=launch", 1),
        ("status=in+doubt", 1),
        ("person=alv", 1),
        ("place=karlsvik", 1),
        ("from=2031-03-22&to=2031-03-24", 3),
        ("doubtful=true", 1),
        ("q=&kind=&status=", 7),
        ("q=nothing+of+it", 0),
    ):
        assert site.json(f"/board?{query}")["total"] == total, query


@pytest.mark.parametrize(
    "query",
    ["as_of=soon", "as_of=2031-02-30", "kind=party", "status=maybe", "limit=0", "limit=201", "doubtful=yes", "q=a&q=b"],
)
def test_a_query_that_does_not_fit_is_refused_by_name(site: Any, query: str) -> None:
    answer = site.client.get(f"/board.json?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(query.partition("=")[0])


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_days_too(site: Any, day: str) -> None:
    site.schedule_many(2)
    for page in READ:
        path = page.path.replace("{id}", "x")
        for suffix in (".json", ".html"):
            assert site.client.get(f"{path}{suffix}?as_of={day}").status_code in (200, 404)


def test_a_page_that_is_as_it_was_is_not_sent_again(site: Any) -> None:
    site.add("The launch is scheduled, says Ada Lund.")
    id = site.event("launch")
    for path in (
        "/",
        "/board.json",
        f"/events/{id}",
        f"/events/{id}.json",
        "/calendar",
        "/changes.json",
        "/diary",
        "/reports",
    ):
        etag = site.client.get(path).headers["etag"]
        again = site.client.get(path, headers={"if-none-match": f'"other", W/{etag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert site.client.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    etag = site.client.get("/board.json").headers["etag"]
    site.add("The regatta is scheduled, says Ada Lund.")
    assert site.client.get("/board.json", headers={"if-none-match": etag}).status_code == 200


def test_the_same_url_gives_what_is_accepted(site: Any) -> None:
    for accept, media in (
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("application/json;q=0.9, text/html;q=0.5", "application/json"),
        ("application/*", "application/json"),
        ("*/*", "text/html"),
        ("text/html;q=0, */*", "application/json"),
        ("", "text/html"),
    ):
        answer = site.client.get("/board", headers={"accept": accept})
        assert answer.headers["content-type"].startswith(media), accept
        assert "Accept" in answer.headers["vary"]
    assert site.client.get("/board", headers={"accept": "image/png"}).status_code == 406
    assert site.client.get("/board.json", headers={"accept": "image/png"}).status_code == 200


def test_what_goes_wrong_is_told_in_the_format_that_is_wanted(site: Any) -> None:
    assert site.client.get("/events/nothing.json").json() == {"error": "No event nothing: no event of that id."}
    assert "<h1>Not here</h1>" in site.client.get("/events/nothing").text
    assert site.client.get("/nowhere", headers={"accept": "application/json"}).json() == {
        "error": "there is no such page"
    }


def test_a_fault_of_ours_tells_nothing_of_itself(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(site.desk.pages, "page", fail)
    answer = site.client.get("/board")
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_the_desk_says_whether_it_is_well(site: Any) -> None:
    assert site.client.get("/health").json()["status"] == "ok"
    site.store.close()


def test_an_event_is_a_dossier_as_the_contract_has_it(site: Any) -> None:
    site.add("The launch is scheduled, says Ada Lund.")
    data = site.json(f"/events/{site.event('launch')}")
    assert {"as_of", "reports", "events", "claims"} <= set(data)
    assert data["events"][0]["because"] == [data["claims"][0]["id"]]
    assert data["summary"][0]["claims"] == data["events"][0]["because"]


def test_what_moved_since_the_last_visit_is_told(site: Any) -> None:
    site.add("The launch is scheduled, says Ada Lund.", published=date(2031, 3, 4))
    site.add("The launch is postponed, says Ada Lund.", published=date(2031, 3, 18))
    first = site.visitor()
    page = first.get("/").text
    assert "since Friday 14 March 2031" in page
    assert "was scheduled" in page
    back = site.visitor()
    back.cookies.set("stillon_visit", "2031-03-19")
    page = back.get("/").text
    assert "was scheduled" not in page
    assert "stillon_visit=2031-03-20.2031-03-19" in back.get("/").headers["set-cookie"]


def test_the_text_of_a_report_stands_there_whole_and_marked(site: Any) -> None:
    text = "Much before. The launch is scheduled, says Ada Lund. " + "And so on. " * 6000
    report = site.add(text)
    data = site.json(f"/reports/{report.id}")
    assert data["report"]["text"] == text
    first = site.client.get(f"/reports/{report.id}").text
    assert "m-claim" in first
    assert len(first) < 100_000
    assert site.client.get(f"/reports/{report.id}?part=3").status_code == 200
    assert site.client.get(f"/reports/{report.id}?part=9").status_code == 404


def test_revisions_are_shown_as_what_was_taken_out_and_put_in(site: Any) -> None:
    url = "https://news.example/launch"
    site.add("The launch is scheduled, says Ada Lund. Bring cake.", url=url)
    site.add("The launch is postponed, says Ada Lund. Bring cake.", url=url, published=date(2031, 3, 5))
    second = site.json("/reports")["reports"][0]["id"]
    data = site.json(f"/reports/{second}")
    assert len(data["revisions"]) == 2
    assert data["edits"][0]["lines"] == [
        "− The launch is scheduled, says Ada Lund.",
        "+ The launch is postponed, says Ada Lund.",
    ]
    page = site.client.get(f"/reports/{second}").text
    assert "<del>The launch is scheduled, says Ada Lund.</del>" in page
    assert "<ins>The launch is postponed, says Ada Lund.</ins>" in page


def test_a_calendar_and_a_feed_reader_can_subscribe_to_a_filter(site: Any) -> None:
    site.schedule("Alona", TODAY + timedelta(days=2))
    site.schedule("Borvik", TODAY + timedelta(days=3))
    calendar = icalendar.Calendar.from_ical(site.client.get("/board.ics?q=Alona").content)
    assert [str(each["summary"]).startswith("Alona") for each in calendar.walk("VEVENT")] == [True]
    feed = feedparser.parse(site.client.get("/board.atom").content)
    assert len(feed.entries) >= 2
    assert not feed.bozo


@pytest.mark.parametrize("format", FEEDS)
def test_the_board_and_an_event_come_in_every_format_of_dossiers(site: Any, format: str) -> None:
    site.schedule("Alona", TODAY + timedelta(days=2))
    for path in ("/board", f"/events/{site.event('Alona')}"):
        answer = site.client.get(f"{path}.{format}?as_of=2031-03-19")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == MEDIA_TYPES[format]
        assert b"Alona" in answer.content
        assert site.client.get(f"{path}.{format}?as_of=2031-01-01").status_code in (200, 404)
