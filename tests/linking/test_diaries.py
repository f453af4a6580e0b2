from datetime import date
from typing import Any

import pytest

from stillon.linking import diaries
from stillon.model import Assessment, Day, Entry, Event, Kind, Precision, Status, When

MARCH_12, MARCH_13, MARCH_19 = date(2031, 3, 12), date(2031, 3, 13), date(2031, 3, 19)


def _when(day: Day) -> When:
    return When(start=day, end=day, precision=Precision.DAY, text="then")


def _entry(title: str = "Council vote on the new quay", day: Day = MARCH_12, **fields: Any) -> Entry:
    return Entry(**{"id": f"{title}/{day}", "diary": "desk", "uid": "1", "title": title, "when": _when(day), **fields})


def _answer(
    name: str = "Karlsvik council vote on the new quay", day: Day | None = MARCH_12, **fields: Any
) -> Assessment:
    event = {"id": f"{name}/{day}", "name": name, "kind": Kind.VOTE, "mentions": ("m",), **fields.pop("event", {})}
    given = {"status": Status.SCHEDULED, "when": _when(day) if day else None, **fields}
    return Assessment(event=Event(**event), as_of=None, **given)


def test_an_entry_is_the_event_of_its_day_and_words() -> None:
    entry, answer = _entry(), _answer()
    found = diaries.match([entry], [answer, _answer("Trial of the quay's former builder")])
    assert found[entry.id][0] == answer.event.id
    assert found[entry.id][1] == pytest.approx(diaries.score_of(entry, answer))


@pytest.mark.parametrize(
    "answer",
    [
        _answer("Launch of the ferry Tidewater", event={"kind": Kind.LAUNCH}),
        _answer("Vote on the school budget"),
        _answer(day=date(2031, 9, 30)),
    ],
)
def test_another_matter_or_another_season_is_no_match(answer: Assessment) -> None:
    assert diaries.match([_entry()], [answer]) == {}


def test_names_tell_where_titles_do_not() -> None:
    event = {"kind": Kind.MEETING, "participants": ("Ada Lund", "Per Holm"), "place": "Karlsvik"}
    answer = _answer("Lund–Holm meeting in Karlsvik", event=event)
    entry = _entry("Lund/Holm summit", place="Town hall, Karlsvik")
    assert diaries.match([entry], [answer])[entry.id][0] == answer.event.id


def test_an_event_that_moved_is_found_by_its_former_day() -> None:
    answer = _answer(day=date(2031, 4, 30), status=Status.RESCHEDULED, was=(_when(MARCH_12),))
    assert diaries.match([_entry()], [answer])


def test_a_weekly_event_is_not_taken_for_the_one_before() -> None:
    """The event of the 19th is the entry's of the 19th, and not the one of the 12th moved."""
    this, following = _entry(day=MARCH_12), _entry(day=MARCH_19)
    found = diaries.match([this, following], [_answer(day=MARCH_19)])
    assert list(found) == [following.id]


def test_the_order_of_entries_and_events_does_not_matter() -> None:
    entries = [_entry(), _entry(day=MARCH_19), _entry("Vote on the school budget")]
    answers = [_answer(), _answer(day=MARCH_19), _answer("Vote on the school budget", day=MARCH_13)]
    assert diaries.match(entries, answers) == diaries.match(entries[::-1], answers[::-1])


def test_first_and_second_are_two() -> None:
    entry, answer = _entry("Second vote on the new quay"), _answer("First vote on the new quay")
    assert diaries.score_of(entry, answer) < diaries.score_of(entry, _answer("Second vote on the new quay"))


def test_a_place_differs_only_where_reports_or_countries_tell() -> None:
    answer = _answer(place="Concert house")
    entry = _entry(place="Town hall, Karlsvik")
    assert not diaries.differs_in_place(entry, answer, ["The vote is in the concert house."])
    assert diaries.differs_in_place(entry, answer, ["The vote moves from the town hall to the concert house."])
    assert not diaries.differs_in_place(entry, _answer(place="Karlsvik"), ["in the town hall"])
    assert diaries.differs_in_place(_entry(place="Oslo"), _answer(place="Helsinki"), [])
