from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from stillon.model import Status
from stillon.publishing import note

Desk = Any
MARCH_4, MARCH_10, MARCH_12 = date(2031, 3, 4), date(2031, 3, 10), date(2031, 3, 12)
URL = "https://post.example/ferry"


def test_a_change_of_status_is_told_with_the_claim_that_brought_it(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.add("The launch is postponed, says Ada Lund.", MARCH_10)
    told = desk.note(MARCH_10)
    (change,) = told.changes
    assert change.what == ("status",)
    assert (change.before.status, change.after.status) == (Status.SCHEDULED, Status.POSTPONED)
    assert change.claims[0].origin.known_as == "Ada Lund"
    words = note.render_text(told, width=200)
    assert "is put off" in words
    assert "until now it was scheduled" in words
    assert "Ada Lund: “The launch is postponed, says Ada Lund.” (The Harbour Post, 10 March)" in words


def test_what_is_new_is_told_as_new(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.add("The launch is scheduled. The parade is cancelled.", MARCH_10)
    (change,) = desk.note(MARCH_10).changes
    assert change.what == ("new",)
    assert "New: " in note.render_text(desk.note(MARCH_10), width=80)


def test_nothing_changed_is_said_so(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.add("The launch is scheduled. Again.", MARCH_10)
    told = desk.note(MARCH_10)
    assert told.changes == ()
    assert "nothing has changed" in note.render_text(told, width=80)


def test_nothing_after_the_last_day_is_told(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.add("The launch is postponed.", MARCH_10)
    desk.add("The launch is cancelled.", MARCH_12)
    (change,) = desk.note(MARCH_10, MARCH_10).changes
    assert change.after.status is Status.POSTPONED


def test_the_passing_of_a_day_in_silence_is_a_change(desk: Desk, make_extraction: Callable[..., Any]) -> None:
    make_extraction(desk, day=MARCH_10)
    (change,) = desk.note(MARCH_10 + timedelta(days=1), MARCH_12).changes
    assert change.after.status is Status.LAPSED
    assert desk.note(MARCH_12, MARCH_12).changes == ()


def test_a_new_day_is_told_with_the_day_before(desk: Desk, make_extraction: Callable[..., Any]) -> None:
    make_extraction(desk, day=date(2031, 5, 2), published=MARCH_4)
    make_extraction(desk, day=date(2031, 5, 9), published=MARCH_10, status=Status.RESCHEDULED)
    (change,) = desk.note(MARCH_10).changes
    assert set(change.what) == {"status", "when"}
    words = note.render_text(desk.note(MARCH_10), width=200)
    assert "has a new date for 9 May 2031" in words
    assert "The day was 2 May 2031." in words


def test_a_silent_edit_is_told_with_what_was_taken_out_and_put_in(desk: Desk) -> None:
    desk.add("The launch is scheduled. The band will play.", MARCH_4, url=URL, title="The ferry")
    desk.clock.set(MARCH_10)
    desk.add("The launch is cancelled. The band will play.", MARCH_4, url=URL, title="The ferry")
    told = desk.note(MARCH_10)
    (edit,) = told.edits
    assert note.edit_lines(edit) == ["− The launch is scheduled.", "+ The launch is cancelled."]
    assert "The ferry, The Harbour Post:" in note.render_text(told, width=80)
    assert [each.what for each in told.changes] == [("status",)]


def test_an_event_of_withdrawn_reports_is_told_to_be_gone(desk: Desk) -> None:
    desk.correct("withdraw", desk.add("The launch is scheduled.", MARCH_4).report.id, on=MARCH_10)
    told = desk.note(MARCH_10)
    assert [each.what for each in told.changes] == [("gone",)]
    assert "Kim Berg withdrew report" in note.render_text(told, width=200)


def test_a_correction_is_a_change_with_who_signed_it(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.correct("status", desk.answer("launch").event.id, "cancelled", on=MARCH_10)
    words = note.render_text(desk.note(MARCH_10), width=200)
    assert "is off" in words
    assert "Kim Berg: “they rang us”" in words


def test_no_line_of_a_note_is_wider_than_asked(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.add("The launch is postponed, says Ada Lund. The parade is cancelled.", MARCH_10)
    for width in (40, 72):
        assert max(map(len, note.render_text(desk.note(MARCH_10), width=width).splitlines())) <= width
