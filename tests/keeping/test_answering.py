from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from stillon.errors import NotFound, StoreError
from stillon.keeping import answering, tending
from stillon.model import Kind, Status
from stillon.storing import Store

Desk = Any
TODAY = date(2031, 3, 20)
NOW = answering.View(as_of=TODAY)
MARCH_4, MARCH_10, MARCH_12 = date(2031, 3, 4), date(2031, 3, 10), date(2031, 3, 12)


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A launch that was scheduled, put off and called off; and a parade."""
    desk.add("The launch is scheduled.", MARCH_4)
    desk.add("The launch is postponed, says Ada Lund.", MARCH_10)
    desk.add("The launch is cancelled. The parade is scheduled.", MARCH_12)
    return desk


def test_the_board_has_every_event_with_its_status(told: Desk) -> None:
    assert told.statuses() == {"launch": "cancelled", "parade": "scheduled"}


def test_the_board_as_of_a_day_knows_nothing_later(told: Desk) -> None:
    assert told.statuses(as_of=MARCH_10) == {"launch": "postponed"}
    assert told.statuses(as_of=date(2031, 3, 3)) == {}


def test_the_kept_answers_are_the_answers_worked_out_anew(told: Desk) -> None:
    kept = told.board()
    anew = answering.board(
        told.store,
        wanted=answering.Filter(),
        view=answering.View(as_of=TODAY, reread=True),
        today=TODAY,
        most=None,
    )
    assert kept == anew


def test_a_new_report_changes_the_kept_answer(told: Desk) -> None:
    assert told.statuses()["launch"] == "cancelled"
    told.add("The launch is going ahead.", date(2031, 3, 14))
    assert told.statuses()["launch"] == "going ahead"


def test_what_is_published_tomorrow_waits_for_its_day(told: Desk) -> None:
    told.add("The launch is held.", TODAY + timedelta(days=1))
    assert told.statuses()["launch"] == "cancelled"
    tomorrow = TODAY + timedelta(days=1)
    assert told.statuses(as_of=tomorrow, today=tomorrow)["launch"] == "held"


def test_an_event_lapses_on_the_board_when_its_day_has_passed(desk: Desk, make_extraction: Callable[..., Any]) -> None:
    make_extraction(desk, day=date(2031, 3, 22))
    assert list(desk.statuses().values()) == ["scheduled"]
    later = date(2031, 3, 23)
    assert list(desk.statuses(as_of=later, today=later).values()) == ["lapsed"]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"kind": Kind.LAUNCH}, {"launch", "parade"}),
        ({"kind": Kind.VOTE}, set()),
        ({"status": Status.CANCELLED}, {"launch"}),
        ({"person": "ada l"}, {"launch", "parade"}),
        ({"person": "PARADE"}, {"parade"}),
        ({"place": "karlsvik l"}, {"launch"}),
        ({"place": "%"}, set()),
        ({"start": MARCH_4}, set()),
    ],
)
def test_the_board_is_filtered_the_same_way_from_kept_answers_and_anew(
    told: Desk, wanted: dict[str, Any], names: set[str]
) -> None:
    assert set(told.statuses(**wanted)) == names
    assert set(told.statuses(**wanted, as_of=date(2031, 3, 19))) == names


def test_a_day_filter_keeps_what_touches_the_days(desk: Desk, make_extraction: Callable[..., Any]) -> None:
    make_extraction(desk, day=date(2031, 5, 2))
    assert len(desk.board(start=date(2031, 5, 2), end=date(2031, 5, 2)).answers) == 1
    assert desk.board(start=date(2031, 5, 3)).answers == ()
    assert desk.board(end=date(2031, 5, 1)).answers == ()


def test_the_board_shows_those_to_come_first_and_says_how_many_there_are(
    desk: Desk, make_extraction: Callable[..., Any]
) -> None:
    days = [date(2031, 3, 1), date(2031, 6, 1), date(2031, 4, 1), None]
    for number, day in enumerate(days):
        make_extraction(desk, day=day, name=f"Regatta{number}")
    board = desk.board()
    assert [each.when and each.when.end for each in board.answers] == [days[2], days[1], None, days[0]]
    short = desk.board(most=2)
    assert (len(short.answers), short.total) == (2, 4)
    assert short.answers == board.answers[:2]


def test_an_event_is_found_by_its_id_the_beginning_of_it_and_words(told: Desk) -> None:
    (id, *_) = answering.find_events(told.store, "parade", view=NOW, today=TODAY)
    assert answering.find_events(told.store, id, view=NOW, today=TODAY) == [id]
    assert id in answering.find_events(told.store, id[:-2], view=NOW, today=TODAY)
    assert told.answer("Parade Tidewater").event.id == id


def test_an_event_is_found_by_the_words_of_its_reports(told: Desk) -> None:
    assert told.answer("postponed").event.name.startswith("launch")


def test_words_by_which_an_event_was_known_as_of_the_day_mean_that_event(
    desk: Desk, make_extraction: Callable[..., Any], make_report: Callable[..., Any]
) -> None:
    for number in (1, 2):
        report = make_report(f"The Parade, {number}, goes past the Regatta of Karlsvik.", published=date(2031, 2, 20))
        make_extraction(desk, day=date(2031, 6, 1), name="Parade", report=report)
    report = make_report("The Regatta of Karlsvik is on.", published=date(2031, 2, 20))
    make_extraction(desk, day=date(2031, 5, 1), name="Regatta", place="Karlsvik", report=report)
    (id,) = answering.find_events(desk.store, "regatta karlsvik", view=NOW, today=TODAY)
    desk.correct("place", id, "Oslo")
    then = answering.View(as_of=MARCH_10)
    assert answering.find_events(desk.store, "regatta karlsvik", view=then, today=TODAY) == [id]


def test_words_that_mean_nothing_are_not_found(told: Desk) -> None:
    for words in ("regatta", '"', "*", "launch) OR (regatta", "%"):
        with pytest.raises(NotFound):
            answering.find_events(told.store, words, view=NOW, today=TODAY)


def test_an_event_is_not_known_before_its_first_report(told: Desk) -> None:
    with pytest.raises(NotFound, match="then"):
        told.event("parade", as_of=MARCH_10)


def test_an_event_answers_from_what_the_store_knew(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    then = desk.clock()
    desk.add("The launch is cancelled.", MARCH_10)
    assert desk.answer("launch", known_by=then).status is Status.SCHEDULED
    assert desk.answer("launch").status is Status.CANCELLED
    with pytest.raises(NotFound):
        desk.event("launch", known_by=then - timedelta(days=1))


def test_a_dossier_holds_the_reports_that_speak_of_the_event_alone(told: Desk) -> None:
    dossier = told.event("parade")
    assert len(dossier.reports) == 1
    assert [each.event.name.split()[0] for each in dossier.assessments] == ["parade"]
    assert len(told.event("launch").reports) == 3


def test_a_copy_confirms_nothing(desk: Desk) -> None:
    text = "The launch is cancelled, says Ada Lund. The ferry will not sail this month, and its crew goes home again."
    desk.add(text, MARCH_4, publisher="One")
    desk.add(text, MARCH_10, publisher="Other")
    dossier = desk.event("launch")
    assert len(dossier.copy_of) == 1
    assert dossier.assessments[0].origins == 1


def test_the_id_of_an_event_follows_its_earliest_report_and_the_old_one_still_leads_to_it(desk: Desk) -> None:
    desk.add("The launch is postponed.", MARCH_10)
    old = desk.answer("launch").event.id
    desk.add("The launch is scheduled.", MARCH_4)
    new = desk.answer("launch").event.id
    assert new != old
    assert desk.answer(old).event.id == new


def _make_read_only(store: Store) -> None:
    """Has the database refuse every write, as it does where the file or the account may only read."""
    kind = store._engine.dialect.name
    refuse = "PRAGMA query_only = 1" if kind == "sqlite" else "SET default_transaction_read_only = on"

    def on_checkout(connection: Any, *_: object) -> None:
        connection.cursor().execute(refuse)
        if kind == "postgresql":
            connection.commit()

    sa.event.listen(store._engine, "checkout", on_checkout)


def test_a_store_that_cannot_be_written_answers_for_the_day_all_the_same(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    assert desk.statuses() == {"launch": "scheduled"}
    desk.add("The launch is cancelled. The parade is scheduled.", MARCH_10)
    _make_read_only(desk.store)
    assert desk.statuses() == {"launch": "cancelled", "parade": "scheduled"}
    assert desk.statuses(status=Status.CANCELLED) == {"launch": "cancelled"}
    assert desk.answer("parade").status is Status.SCHEDULED
    with pytest.raises(StoreError, match="read-only"):
        desk.add("The launch is held.", MARCH_12)
    assert tending.check_store(desk.store).counts["report"] == 2
    assert tending.check_store(desk.store).faults == ()


def test_a_full_disk_is_told_and_loses_nothing(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    if desk.store.url.startswith("sqlite"):
        # SQLite's own limit on pages answers as a full disk does
        engine = desk.store._engine
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
        with pytest.raises(StoreError, match="disk is full"):
            desk.add("The launch is cancelled. " + "word " * 20000, MARCH_10)
    assert tending.check_store(desk.store).faults == ()
    assert desk.answer("launch").status is Status.SCHEDULED


def test_a_whole_dossier_holds_the_events_asked_for_with_their_claims_and_reports(
    desk: Desk, make_extraction: Callable[..., Any]
) -> None:
    told = (("Regatta", 25, Status.SCHEDULED), ("Fair", 22, Status.CANCELLED), ("Derby", 2, Status.SCHEDULED))
    for name, day, status in told:
        make_extraction(desk, day=date(2031, 3, day), name=name, status=status)
    view = answering.View(as_of=TODAY)
    whole = answering.whole_dossier(desk.store, wanted=answering.Filter(), view=view)
    assert [each.event.name.split()[0] for each in whole.assessments] == ["Fair", "Regatta", "Derby"]
    assert [each.event.id for each in whole.assessments] == [each.event.id for each in desk.board().answers]
    claims = {claim.id: claim for claim in whole.claims}
    reports = {report.id for report in whole.reports}
    for each in whole.assessments:
        assert each.because
        assert {claims[id].report for id in each.because} <= reports
    off = answering.whole_dossier(desk.store, wanted=answering.Filter(status=Status.CANCELLED), view=view)
    assert [each.event.name.split()[0] for each in off.assessments] == ["Fair"]
    assert (len(off.reports), len(off.claims)) == (1, 1)
    early = answering.whole_dossier(desk.store, wanted=answering.Filter(), view=answering.View(as_of=date(2031, 1, 1)))
    assert (early.assessments, early.claims, early.reports) == ((), (), ())
