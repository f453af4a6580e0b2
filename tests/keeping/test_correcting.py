from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from stillon.errors import NotFound, SettingsError
from stillon.keeping import correcting
from stillon.model import CorrectionKind, Precision, Status

Desk = Any
MARCH_4, MARCH_10, TODAY = date(2031, 3, 4), date(2031, 3, 10), date(2031, 3, 20)


def _id(desk: Desk, words: str) -> str:
    return desk.answer(words).event.id


def test_a_status_that_a_person_sets_stands_and_is_signed(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    made = desk.correct("status", _id(desk, "launch"), "cancelled")
    dossier = desk.event("launch")
    (answer,) = dossier.assessments
    assert (answer.status, answer.since) == (Status.CANCELLED, TODAY)
    (signed,) = [claim for claim in dossier.claims if claim.id in answer.because]
    assert signed.id == f"correction:{made.id}"
    assert signed.origin.known_as == "Kim Berg"
    assert signed.text == "they rang us"


def test_later_disagreement_is_shown_and_undoes_nothing(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.correct("status", _id(desk, "launch"), "cancelled", on=MARCH_10)
    desk.add("The launch is going ahead, says Per Holm.", date(2031, 3, 12))
    answer = desk.answer("launch")
    assert answer.status is Status.CANCELLED
    assert [each.about for each in answer.contradictions] == ["status"]


def test_a_correction_changes_no_answer_of_a_day_before_it(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.correct("status", _id(desk, "launch"), "cancelled")
    assert desk.answer("launch", as_of=date(2031, 3, 19)).status is Status.SCHEDULED


def test_a_correction_waits_for_the_day_from_which_it_counts(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    tomorrow = date(2031, 3, 21)
    desk.correct("status", _id(desk, "launch"), "cancelled", on=tomorrow)
    assert desk.statuses() == {"launch": "scheduled"}
    assert desk.statuses(as_of=tomorrow, today=tomorrow) == {"launch": "cancelled"}


def test_an_undone_correction_leaves_the_machines_answer_and_the_past_as_it_was(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    made = desk.correct("status", _id(desk, "launch"), "cancelled")
    then = desk.clock()
    undo = desk.correct("undo", made.id)
    assert desk.answer("launch").status is Status.SCHEDULED
    assert desk.answer("launch", known_by=then).status is Status.CANCELLED
    desk.correct("undo", undo.id)
    assert desk.answer("launch").status is Status.CANCELLED


def test_a_day_is_set_and_one_to_come_brings_back_what_had_lapsed(
    desk: Desk, make_extraction: Callable[..., Any]
) -> None:
    make_extraction(desk, day=MARCH_10)
    assert desk.answer("regatta").status is Status.LAPSED
    desk.correct("date", _id(desk, "regatta"), "2031-04-02", "2031-04-03")
    answer = desk.answer("regatta")
    assert (answer.when.start, answer.when.end) == (date(2031, 4, 2), date(2031, 4, 3))
    assert answer.when.precision is Precision.WINDOW
    assert [each.end for each in answer.was] == [MARCH_10]
    assert answer.status is Status.SCHEDULED


def test_a_day_can_be_set_to_none_named(desk: Desk, make_extraction: Callable[..., Any]) -> None:
    make_extraction(desk, day=date(2031, 5, 1))
    desk.correct("date", _id(desk, "regatta"), "none")
    assert desk.answer("regatta").when.start is None


def test_a_place_is_set(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.correct("place", _id(desk, "launch"), "Ostby")
    assert desk.answer("launch").place == "Ostby"
    assert len(desk.board(place="ostby").answers) == 1


def test_two_events_are_made_one_and_stay_so(desk: Desk) -> None:
    desk.add("The launch is scheduled. The parade is cancelled.", MARCH_4)
    desk.correct("merge", _id(desk, "launch"), _id(desk, "parade"))
    (answer,) = desk.board().answers
    assert len(answer.event.mentions) == 2
    desk.add("The launch is scheduled. The parade is cancelled. More of it.", date(2031, 3, 11))
    assert [len(each.event.mentions) for each in desk.board().answers] == [4]
    assert len(desk.board(as_of=date(2031, 3, 19)).answers) == 2


def test_an_event_is_split_and_stays_so(desk: Desk) -> None:
    reports = [desk.add("The launch is scheduled.", MARCH_4, publisher=each).report.id for each in "AB"]
    assert len(desk.board().answers) == 1
    made = desk.correct("split", _id(desk, "launch"), reports[1])
    assert sorted(len(each.event.mentions) for each in desk.board().answers) == [1, 1]
    desk.add("The launch is postponed.", date(2031, 3, 12))
    assert sorted(len(each.event.mentions) for each in desk.board().answers) == [1, 2]
    desk.correct("undo", made.id)
    assert [len(each.event.mentions) for each in desk.board().answers] == [3]


def test_of_merge_and_split_the_later_holds(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    later = desk.add("The launch is scheduled. The parade is cancelled.", MARCH_10).report.id
    desk.correct("merge", _id(desk, "launch"), _id(desk, "parade"))
    assert [len(each.event.mentions) for each in desk.board().answers] == [3]
    desk.correct("split", _id(desk, "launch"), later)
    assert sorted(len(each.event.mentions) for each in desk.board().answers) == [1, 1, 1]


def test_a_correction_outlives_an_edit_of_the_report_that_it_is_about(desk: Desk) -> None:
    url = "https://post.example/ferry"
    desk.add("The launch is scheduled.", MARCH_4, url=url)
    old = _id(desk, "launch")
    desk.correct("status", old, "cancelled")
    desk.add("The launch is scheduled. The band will play.", MARCH_4, url=url)
    assert desk.answer(old).event.id != old
    assert desk.answer(old).status is Status.CANCELLED


def test_a_withdrawn_report_counts_no_longer(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    wrong = desk.add("The launch is cancelled.", MARCH_10).report.id
    made = desk.correct("withdraw", wrong)
    assert desk.statuses() == {"launch": "scheduled"}
    desk.correct("undo", made.id)
    assert desk.statuses() == {"launch": "cancelled"}


def test_an_event_of_withdrawn_reports_alone_is_gone_from_the_board(desk: Desk) -> None:
    desk.correct("withdraw", desk.add("The launch is scheduled.", MARCH_4).report.id)
    assert desk.board().answers == ()


@pytest.mark.parametrize(
    ("kind", "about", "error"),
    [
        ("status", ["EVENT", "flying"], SettingsError),
        ("status", ["EVENT", "lapsed"], SettingsError),
        ("status", ["EVENT"], SettingsError),
        ("status", ["nothing", "held"], NotFound),
        ("date", ["EVENT", "tomorrow"], SettingsError),
        ("date", ["EVENT", "2031-04-02", "2031-04-01"], SettingsError),
        ("merge", ["EVENT", "EVENT"], SettingsError),
        ("split", ["EVENT", "r-none"], NotFound),
        ("withdraw", ["r-none"], NotFound),
        ("undo", ["none"], NotFound),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(
    desk: Desk, kind: str, about: list[str], error: type[Exception]
) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    event = _id(desk, "launch")
    with pytest.raises(error):
        desk.correct(kind, *(event if each == "EVENT" else each for each in about))
    with desk.store.read() as snapshot:
        assert snapshot.corrections() == []


def test_a_correction_is_signed_and_has_a_reason(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    for by, because in (("", "so"), ("Kim", " ")):
        with pytest.raises(SettingsError):
            correcting.correct_store(
                desk.store,
                CorrectionKind.STATUS,
                [_id(desk, "launch"), "held"],
                by=by,
                because=because,
                on=TODAY,
                recorded_at=desk.clock(),
            )
