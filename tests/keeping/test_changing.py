from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from stillon.model import Span, Status
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
    assert "it had been scheduled since 4 March" in words
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
    assert "has a new date, 9 May;" in words
    assert "The day had been 2 May." in words


def test_a_report_that_came_late_is_a_change_by_the_clock_of_the_store(desk: Desk) -> None:
    desk.clock.set(MARCH_4)
    desk.add("The launch is scheduled.", MARCH_4)
    desk.clock.set(MARCH_12)
    desk.add("The launch is cancelled.", MARCH_10)
    desk.correct("status", desk.answer("launch").event.id, "postponed", on=MARCH_10)
    assert desk.note(MARCH_12).changes == ()
    told = desk.note(MARCH_12, clock="store")
    (change,) = told.changes
    assert (change.before.status, change.after.status) == (Status.SCHEDULED, Status.POSTPONED)
    assert (told.reports, len(told.corrections)) == (1, 1)
    assert "one report came in by the store's own clock; one event" in note.render_text(told, width=200)


def test_a_note_of_old_is_told_as_the_store_knew_it_then(desk: Desk) -> None:
    desk.clock.set(MARCH_10)
    desk.add("The launch is scheduled.", MARCH_4)
    desk.add("The launch is postponed.", MARCH_10)
    then = desk.clock()
    told = desk.note(MARCH_10)
    desk.clock.set(MARCH_12)
    desk.add("The launch is cancelled.", MARCH_12)
    assert [each.after.status for each in desk.note(MARCH_10).changes] == [Status.CANCELLED]
    assert desk.note(MARCH_10, known_by=then) == told
    assert desk.note(MARCH_10, clock="store", known_by=then).reports == 2


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


def test_what_was_long_over_is_no_news(desk: Desk, make_extraction: Callable[..., Any]) -> None:
    make_extraction(desk, day=date(2031, 2, 2), published=MARCH_10, status=Status.HELD)
    make_extraction(desk, day=MARCH_10, published=MARCH_10, status=Status.HELD, name="Parade")
    words = note.render_text(desk.note(MARCH_10), width=200)
    assert "one event is new" in words
    assert "New: the Parade of Paradeville took place on 10 March." in words
    assert words.rstrip().endswith("Only looked back on: the Regatta of Regattaville (2 February).")


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("talks", Status.SCHEDULED, Status.CANCELLED, "The talks of talksville are off (they were planned for 2 May);"),
        ("talks", Status.POSTPONED, Status.SCHEDULED, "The talks of talksville are on again, scheduled for 2 May;"),
        ("talks", Status.CANCELLED, Status.SCHEDULED, "of talksville are going ahead after all, planned for 2 May;"),
        ("Fair", Status.SCHEDULED, Status.GOING_AHEAD, "The Fair of Fairville is going ahead, planned for 2 May; it"),
        ("Fair", Status.IN_DOUBT, Status.GOING_AHEAD, "Fair of Fairville is going ahead after all, planned for 2 May;"),
        ("Fair", Status.RESCHEDULED, Status.ON_HOLD, "is on hold (it was planned for 2 May); it had had a new date"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_whole_sentences(
    desk: Desk, make_extraction: Callable[..., Any], name: str, before: Status, after: Status, told: str
) -> None:
    make_extraction(desk, day=date(2031, 5, 2), name=name, published=MARCH_4, status=before)
    make_extraction(desk, day=date(2031, 5, 2), name=name, published=MARCH_10, status=after)
    assert told in note.render_text(desk.note(MARCH_10), width=200)


def test_words_that_say_nothing_by_themselves_are_quoted_with_their_sentence(
    make_claim: Callable[..., Any], make_report: Callable[..., Any]
) -> None:
    text = "The quay is new. A meeting of the U.S. and the union, due on Monday, has been put off, he said. All agree."
    report = make_report(text, id="r1")
    start, cue = text.index("A meeting"), text.index("put off")
    claim = make_claim(
        Status.POSTPONED,
        text="A meeting of the U.S. and the union",
        span=Span(start, start + 35),
        status_span=Span(cue, cue + 7),
    )
    assert note.credited(claim, {"r1": report}, 2031) == (
        "Ada Lund: “A meeting of the U.S. and the union, due on Monday, has been put off, he said.”"
        " (The Harbour Post, 4 March)"
    )
