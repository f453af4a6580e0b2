import datetime
import random
import threading
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillon import pipeline
from stillon.errors import StillonError
from stillon.keeping import answering, filing, tending
from stillon.model import Extraction, Kind, Mention, Precision, Report, Status, When
from stillon.settings import Settings
from stillon.storing import Store, open_store

Desk = Any
"""The desk of conftest.py."""
TODAY = date(2031, 3, 20)
MakeReport = Callable[..., Report]
URL = "https://post.example/ferry"


def test_a_report_is_put_in_once(desk: Desk, make_report: MakeReport) -> None:
    report = make_report("The launch is scheduled.")
    assert [each.outcome for each in desk.add_all([report, report])] == ["new", "known"]
    assert desk.add_all([report])[0].outcome == "known"
    assert tending.check_store(desk.store).counts["report"] == 1


def test_another_text_at_the_same_url_is_a_revision(desk: Desk) -> None:
    desk.add("The launch is scheduled.", url=URL)
    assert desk.add("The launch is cancelled.", url=URL + "?utm_source=feed#top").outcome == "revised"
    assert tending.check_store(desk.store).counts["report"] == 2


def test_two_urls_are_two_reports(desk: Desk) -> None:
    desk.add("The launch is scheduled.", url=URL + "?id=1")
    assert desk.add("The launch is cancelled.", url=URL + "?id=2").outcome == "new"


def test_texts_without_a_url_are_never_revisions_of_one_another(desk: Desk) -> None:
    desk.add("The launch is scheduled.", file="a.txt")
    assert desk.add("The launch is cancelled.", file="a.txt").outcome == "new"


def test_a_silent_edit_counts_from_the_day_it_was_seen(desk: Desk) -> None:
    desk.add("The launch is scheduled.", published=date(2031, 3, 4), url=URL)
    desk.clock.set(date(2031, 3, 9))
    desk.add("The launch is cancelled.", published=date(2031, 3, 4), url=URL)
    assert desk.answer("launch", as_of=date(2031, 3, 8)).status is Status.SCHEDULED
    after = desk.answer("launch", as_of=date(2031, 3, 9))
    assert (after.status, after.since) == (Status.CANCELLED, date(2031, 3, 9))


def test_an_edit_that_the_page_admits_counts_from_the_day_it_says(desk: Desk) -> None:
    desk.add("The launch is scheduled.", published=date(2031, 3, 4), url=URL)
    admitted = datetime.datetime(2031, 3, 6, 8, tzinfo=datetime.UTC)
    desk.add("The launch is cancelled.", published=date(2031, 3, 4), url=URL, modified_at=admitted)
    assert desk.answer("launch", as_of=date(2031, 3, 5)).status is Status.SCHEDULED
    assert desk.answer("launch", as_of=date(2031, 3, 6)).status is Status.CANCELLED


def test_what_an_edit_leaves_standing_keeps_its_day(desk: Desk) -> None:
    desk.add("The launch is scheduled.", published=date(2031, 3, 4), url=URL)
    desk.clock.set(date(2031, 3, 9))
    desk.add("The launch is scheduled. The band will play.", published=date(2031, 3, 4), url=URL)
    assert desk.answer("launch").since == date(2031, 3, 4)


def test_a_report_that_fails_is_told_and_the_rest_put_in(desk: Desk, make_report: MakeReport) -> None:
    told: list[tuple[str, str, StillonError]] = []
    reports = [make_report("The launch is broken.", file="bad.txt"), make_report("The launch is held.")]
    filed = filing.add_reports(
        desk.store, reports, settings=Settings(), now=desk.clock, on_error=lambda *failure: told.append(failure)
    )
    assert [each.outcome for each in filed] == ["new"]
    assert told[0][:2] == ("extract", "bad.txt")


def test_text_of_any_characters_is_kept(desk: Desk) -> None:
    text = "The launch is scheduled. \0 \ud800 ’ é 火 " + "x" * 5000
    desk.add(text, title="\0Tide\ud800water")
    assert desk.event("launch").reports[0].text == text
    assert tending.check_store(desk.store).faults == ()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("HTTPS://Post.Example/A?b=1&utm_medium=x#c", "https://post.example/A?b=1"),
        ("https://post.example/a?fbclid=1", "https://post.example/a"),
        ("https://[bad", "https://[bad"),
    ],
)
def test_an_address_is_the_url_without_its_ornaments(make_report: MakeReport, url: str, address: str) -> None:
    assert filing.address_of(make_report(url=url)) == address


def test_a_mention_is_compared_with_those_that_share_most_with_it(
    desk: Desk, make_extraction: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a name is in the news all the time."""
    monkeypatch.setattr(filing, "MOST_NEIGHBOURS", 2)
    day = date(2031, 5, 2)
    for place in ("Oslo", "Vienna", "Vienna", "Oslo", "Vienna"):
        make_extraction(desk, day=day, place=place)
    with desk.store.read() as snapshot:
        mentions = snapshot.mentions(components=snapshot.every_component())
        pairs = snapshot.pairs(each.seq for each in mentions)
    place_of = {each.seq: each.mention.place for each in mentions}
    last = [pair for pair in pairs if pair.b == mentions[-1].seq]
    assert [place_of[pair.a] for pair in last] == ["Vienna", "Vienna"]
    assert len(pairs) == 1 + 2 + 2 + 2


def test_two_writers_at_once_lose_nothing_and_make_no_event_twice(
    new_url: Callable[[], str], make_report: MakeReport, clock: Any, plain_extraction: None
) -> None:
    url = new_url()
    open_store(url, create=True).close()
    reports = [make_report(f"The launch is scheduled. Number {number}.") for number in range(12)]
    failed: list[Exception] = []

    def work(seed: int) -> None:
        mine = list(reports)
        random.Random(seed).shuffle(mine)
        store = open_store(url)
        try:
            for report in mine:
                list(filing.add_reports(store, [report], settings=Settings(), now=clock))
        except Exception as error:
            failed.append(error)
        finally:
            store.close()

    threads = [threading.Thread(target=work, args=[seed]) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    store = open_store(url)
    assert tending.check_store(store).counts["report"] == 12
    found = answering.board(store, wanted=answering.Filter(), view=answering.View(as_of=TODAY), today=TODAY, most=None)
    assert [len(each.event.mentions) for each in found.answers] == [12]
    store.close()


def _mentions(report: Report, drawn: list[tuple[str, Kind, tuple[str, ...], str | None, int | None, Status | None]]):
    for number, (name, kind, who, place, off, status) in enumerate(drawn):
        day = None if off is None else date(2031, 5, 1) + datetime.timedelta(days=off)
        yield Mention(
            id=f"{report.id}.{number}",
            report=report.id,
            name=name,
            kind=kind,
            participants=who,
            place=place,
            when=day and When(start=day, end=day, precision=Precision.DAY, text="then"),
            status=status,
            published=report.published,
            requires=(f"{report.id}.0",) if number == 2 else (),
        )


DRAWN = st.tuples(
    st.sampled_from(["Okonkwo–Lind summit", "the meeting", "second summit", "vote on the harbour bill", "hearing"]),
    st.sampled_from([Kind.MEETING, Kind.TALKS, Kind.VOTE, Kind.HEARING]),
    st.lists(st.sampled_from(["Dara Okonkwo", "Lind", "House Budget Committee", "Norway"]), max_size=2).map(tuple),
    st.sampled_from([None, "Oslo", "Vienna"]),
    st.sampled_from([None, 0, 3, 40]),
    st.sampled_from([None, Status.SCHEDULED, Status.POSTPONED, Status.HELD]),
)
WORDS = "The council of Ostby argued over the harbour bill for hours and then went home without any vote at all."


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(DRAWN, max_size=3), st.sampled_from([0, 2, 50, 400]), st.booleans()), max_size=6))
def test_one_by_one_gives_the_same_answers_as_all_at_once(
    new_store: Callable[[], Store], make_claim: Callable[..., object], given_: list
) -> None:
    """Whatever is compared and gathered report by report, in any order, is what linking all of them finds."""
    extractions = []
    for number, (drawn, off, copied) in enumerate(given_):
        report = Report(
            id=f"r{number}",
            file=f"{number}.txt",
            text=f"{WORDS} {WORDS if copied else number}",
            publisher=f"P{number}",
            published=date(2031, 4, 1) + datetime.timedelta(days=off),
        )
        mentions = tuple(_mentions(report, drawn))
        claims = tuple(
            make_claim(
                each.status, id=f"{each.id}:c", report=report.id, mention=each.id, published=report.published, rank=at
            )
            for at, each in enumerate(mentions)
        )
        extractions.append(Extraction(report=report, mentions=mentions, claims=claims))  # type: ignore[arg-type]
    store = new_store()
    now = datetime.datetime(2031, 3, 20, tzinfo=datetime.UTC)
    for each in extractions:
        filing.file_extraction(store, each, version="1", now=lambda: now)
    for as_of in (None, date(2031, 4, 10), date(2032, 6, 1)):
        whole = pipeline.dossier(extractions, as_of=as_of)
        with store.read() as snapshot:
            found = answering.dossier_of(snapshot, snapshot.every_component(), answering.View(as_of=as_of))
        assert {each.event.id: each for each in found.assessments} == {
            each.event.id: each for each in whole.assessments
        }
        assert set(found.claims) == set(whole.claims)
        spoken = {each.id for each in found.reports}
        assert _families(found.copy_of, spoken) == _families(whole.copy_of, spoken)


def _families(copy_of: Iterable[tuple[str, str]], reports: set[str]) -> set[frozenset[str]]:
    """The reports of each story, those alone left out."""
    root = {report: report for report in reports} | dict(copy_of)
    families = {frozenset(each for each in reports if root[each] == own) for own in root.values()}
    return {family for family in families if len(family) > 1}
