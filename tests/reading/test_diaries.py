import json
from datetime import date

import pytest

from stillon.errors import ReadError, UnknownFormat
from stillon.model import Entry, Precision
from stillon.reading import diaries

TODAY = date(2031, 3, 4)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"


def _read(body: str, suffix: str) -> list[Entry | ReadError]:
    return list(diaries.entries_of(body.encode(), suffix=suffix, diary="desk", today=TODAY, about="desk" + suffix))


def _entries(body: str, suffix: str) -> list[Entry]:
    found = _read(body, suffix)
    assert all(isinstance(each, Entry) for each in found), found
    return [each for each in found if isinstance(each, Entry)]


def _ics(*events: str) -> str:
    inside = "".join(f"BEGIN:VEVENT\r\n{each}\r\nEND:VEVENT\r\n" for each in events)
    return f"{HEAD}{inside}END:VCALENDAR\r\n"


def test_an_event_of_icalendar_is_an_entry() -> None:
    (entry,) = _entries(
        _ics(
            "UID:1@desk\r\nSUMMARY:Vote on the quay\r\nDTSTART;TZID=Europe/Oslo:20310312T190000\r\n"
            "DTEND;TZID=Europe/Oslo:20310312T210000\r\nLOCATION:Town hall\\, Karlsvik\r\nDESCRIPTION:Ring Ada"
        ),
        ".ics",
    )
    assert (entry.uid, entry.title, entry.place, entry.notes) == (
        "1@desk", "Vote on the quay", "Town hall, Karlsvik", "Ring Ada",
    )  # fmt: skip
    assert entry.when.start == entry.when.end == date(2031, 3, 12)
    assert (entry.when.time, entry.when.zone, entry.when.precision) == ("19:00", "Europe/Oslo", Precision.TIME)


def test_the_last_day_of_whole_days_is_included() -> None:
    (entry,) = _entries(
        _ics("UID:1\r\nSUMMARY:Fair\r\nDTSTART;VALUE=DATE:20310312\r\nDTEND;VALUE=DATE:20310315"), ".ics"
    )
    assert (entry.when.start, entry.when.end, entry.when.time) == (date(2031, 3, 12), date(2031, 3, 14), None)


def test_a_series_is_its_occurrences_one_of_them_moved() -> None:
    found = _entries(
        _ics(
            "UID:w\r\nSUMMARY:Council\r\nDTSTART:20310306T100000\r\nRRULE:FREQ=WEEKLY;COUNT=3",
            "UID:w\r\nSUMMARY:Council\r\nRECURRENCE-ID:20310313T100000\r\nDTSTART:20310314T100000",
        ),
        ".ics",
    )
    assert [(each.uid, each.when.start) for each in found] == [
        ("w/2031-03-06", date(2031, 3, 6)),
        ("w/2031-03-13", date(2031, 3, 14)),
        ("w/2031-03-20", date(2031, 3, 20)),
    ]


def test_an_endless_series_ends_and_one_by_the_minute_is_refused() -> None:
    daily = _entries(_ics("UID:d\r\nSUMMARY:Call\r\nDTSTART:20310101T100000\r\nRRULE:FREQ=DAILY"), ".ics")
    assert len(daily) <= diaries.PAST_DAYS + diaries.AHEAD_DAYS + 2
    (error,) = _read(_ics("UID:m\r\nSUMMARY:Call\r\nDTSTART:20310101T100000\r\nRRULE:FREQ=MINUTELY"), ".ics")
    assert isinstance(error, UnknownFormat)
    assert "more than one a day" in error.reason


def test_a_rule_that_makes_no_sense_is_named_and_the_rest_is_read() -> None:
    bad = "UID:1\r\nSUMMARY:Call\r\nDTSTART:20310312T100000\r\nRRULE:FREQ=Europe/Berlin:20310412"
    entry, error = _read(_ics(bad, "UID:2\r\nSUMMARY:Fair\r\nDTSTART;VALUE=DATE:20310312"), ".ics")
    assert isinstance(entry, Entry)
    assert isinstance(error, UnknownFormat)
    assert "cannot be worked out" in error.reason


def test_a_bad_event_is_named_and_the_rest_is_read() -> None:
    good = "UID:2\r\nSUMMARY:Fair\r\nDTSTART;VALUE=DATE:20310312\r\nSTATUS:CANCELLED"
    bad, entry = _read(_ics("UID:1\r\nSUMMARY:No start", good), ".ics")
    assert isinstance(bad, ReadError)
    assert "1" in str(bad.about)
    assert isinstance(entry, Entry)
    assert entry.off


def test_rows_of_named_columns_are_entries() -> None:
    body = (
        "Subject,Start Date,Start Time,Location,Participants,Description\n"
        '"Vote, second reading",2031-03-12,7:30 PM,"Town hall, Karlsvik",Ada Lund; Per Holm,live\n'
        "Fair,13 March 2031,,,,\n"
    )
    vote, fair = _entries(body, ".csv")
    assert (vote.title, vote.when.time, vote.names) == ("Vote, second reading", "19:30", ("Ada Lund", "Per Holm"))
    assert fair.when.start == date(2031, 3, 13)


def test_an_entry_without_an_id_keeps_it_when_its_day_changes() -> None:
    before, after = (_entries(f"title;day\nVote;{day}\n", ".csv")[0] for day in ("2031-03-12", "2031-03-20"))
    assert before.id == after.id
    twice = _entries("title,day\nVote,2031-03-12\nVote,2031-03-13\n", ".csv")
    assert twice[0].id != twice[1].id


def test_a_day_that_may_be_two_is_an_error_unless_the_file_tells() -> None:
    (error,) = _read("title,day\nVote,3/4/2031\n", ".csv")
    assert isinstance(error, UnknownFormat)
    assert "may be two days" in error.reason
    first, _ = _entries("title,day\nVote,3/4/2031\nFair,25/4/2031\n", ".csv")
    assert first.when.start == date(2031, 4, 3)


def test_a_file_without_the_columns_says_which() -> None:
    with pytest.raises(UnknownFormat, match="a column day"):
        _read("title,colour\nVote,red\n", ".csv")


def test_an_event_of_superdesk_is_read_in_its_own_zone() -> None:
    event = {
        "guid": "urn:newsml:1",
        "name": "Vote on the quay",
        "definition_short": "Second reading",
        "dates": {"start": "2031-03-12T23:30:00+0000", "end": "2031-03-13T01:00:00+0000", "tz": "Europe/Oslo"},
        "location": [{"name": "Town hall", "address": {"locality": "Karlsvik", "country": "Norway"}}],
        "participant": [{"name": "Ada Lund"}],
        "occur_status": {"qcode": "eocstat:eos5"},
        "state": "scheduled",
    }
    (entry,) = _entries(json.dumps({"_items": [event]}), ".json")
    assert (entry.uid, entry.title, entry.place) == ("urn:newsml:1", "Vote on the quay", "Town hall, Karlsvik, Norway")
    assert (entry.when.start, entry.when.time, entry.when.zone) == (date(2031, 3, 13), "00:30", "Europe/Oslo")
    assert entry.names == ("Ada Lund",)
    assert not entry.off
    (off,) = _entries(json.dumps({**event, "state": "cancelled"}), ".json")
    assert off.off


def test_a_ninjs_item_is_an_entry() -> None:
    item = {
        "uri": "http://news.example/1",
        "headlines": [{"role": "main", "value": "Vote on the quay"}],
        "datetime": "2031-03-12T19:00:00",
        "places": [{"name": "Karlsvik"}],
        "people": [{"name": "Ada Lund"}],
    }
    (entry,) = _entries(json.dumps(item), ".json")
    assert (entry.uid, entry.title, entry.place, entry.when.time) == (
        "http://news.example/1", "Vote on the quay", "Karlsvik", "19:00",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "suffix"),
    [("{", ".json"), ("BEGIN:VCALENDAR\nodd", ".ics"), ("words", ".docx"), ('"a', ".json"), ("[3]", ".json")],
)
def test_a_broken_file_is_an_error_that_names_it(body: str, suffix: str) -> None:
    try:
        (error,) = _read(body, suffix)
    except ReadError as raised:
        error = raised
    assert isinstance(error, ReadError)
    assert "desk" in str(error.about)
