import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stillon.model import Dossier, Precision, When
from stillon.publishing import superdesk
from stillon.reading.diaries import entries_of

FIELDS = set(
    "guid type state pubstatus version firstcreated versioncreated language name slugline definition_short "
    "definition_long dates occur_status state_reason ednote links event_contact_info calendars subject reference "
    "internal_note _time_to_be_confirmed location participant".split()
)
"""Fields of an event in Superdesk Planning."""


def _ingested(body: bytes) -> dict[str, Any]:
    """What Superdesk's parser "json_event" does with a file, step by step, with an empty database behind it."""
    event = json.loads(body)
    assert event.get("type") == "event"
    assert event.get("guid")
    assert {item["qcode"] for item in event["subject"]} == set()
    for item in event.get("location", []):
        item["_id"] = item["qcode"]
    event["occur_status"] = {"qcode": event["occur_status"]["qcode"], "name": "as the desk's own vocabulary has it"}
    event["event_contact_info"] = [item["_id"] for item in event["event_contact_info"]]
    for field in ("firstcreated", "versioncreated"):
        event[field] = datetime.datetime.strptime(event[field], "%Y-%m-%dT%H:%M:%S%z")
    for field in ("start", "end"):
        event["dates"][field] = datetime.datetime.strptime(event["dates"][field], "%Y-%m-%dT%H:%M:%S%z")
    return event


def test_the_ingest_follows_one_event_by_its_guid(ferry: Callable[[date], Dossier]) -> None:
    seen = []
    for day in (6, 10, 12, 14):
        ((id, body),) = superdesk.files(ferry(date(2031, 3, day)))
        event = _ingested(body)
        assert set(event) <= FIELDS
        assert (id, event["reference"]) == ("post.11", "post.11")
        seen.append((event["guid"], event["state"], event["occur_status"]["qcode"], event["ednote"].split(", ")[0]))
    assert len({guid for guid, *_ in seen}) == 1
    assert [each[1:] for each in seen] == [
        ("scheduled", "eocstat:eos5", "stillon: scheduled"),
        ("rescheduled", "eocstat:eos5", "stillon: rescheduled"),
        ("scheduled", "eocstat:eos2", "stillon: in doubt"),
        ("cancelled", "eocstat:eos6", "stillon: cancelled"),
    ]


def test_whole_days_run_from_their_first_moment_to_their_last(ferry: Callable[[date], Dossier]) -> None:
    whole, timed = (_ingested(next(superdesk.files(ferry(date(2031, 3, day))))[1]) for day in (6, 10))
    assert (whole["dates"]["all_day"], whole["_time_to_be_confirmed"]) == (True, True)
    assert whole["dates"]["end"] - whole["dates"]["start"] == datetime.timedelta(days=1, seconds=-1)
    assert timed["dates"]["start"] == datetime.datetime(2031, 3, 25, 14, tzinfo=datetime.UTC)
    assert (timed["dates"]["no_end_time"], timed["_time_to_be_confirmed"]) == (True, False)


def test_an_event_without_named_days_is_left_out_and_counted(dossier: Dossier) -> None:
    assert [event["reference"] for event in superdesk.to_data(dossier)] == ["launch"]
    assert superdesk.left_out(dossier) == 2
    week = When(start=date(2031, 3, 10), end=date(2031, 3, 16), precision=Precision.WEEK, text="next week")
    planned = replace(dossier, assessments=(replace(dossier.assessments[0], when=week),))
    assert superdesk.to_data(planned) == []


def test_the_status_is_where_an_editor_sees_it(dossier: Dossier) -> None:
    (event,) = superdesk.to_data(dossier)
    assert event["name"] == "POSTPONED: Launch of the ferry Tidewater"
    assert event["state_reason"] == "“the new engines failed their trial”"
    assert event["ednote"] == "stillon: postponed, B3, 1 origin"
    assert event["links"] == ["https://news.example/wire", "https://news.example/echo"]
    assert "Ada Lund" in [each["name"] for each in event["participant"]]


def test_each_line_is_one_event_that_a_desks_diary_reads_back(ferry: Callable[[date], Dossier]) -> None:
    (line,) = superdesk.render([ferry(date(2031, 3, 14))]).splitlines()
    (entry,) = entries_of(line.encode(), suffix=".json", diary="desk", today=date(2031, 3, 1), about="x.json")
    assert (entry.title, entry.when.start, entry.off) == (
        "CANCELLED: Launch of the ferry Tidewater", date(2031, 3, 25), True,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["half \ud83d", "a \u0000 b"])
def test_odd_characters_do_not_break_a_file(ferry: Callable[[date], Dossier], text: str) -> None:
    dossier = ferry(date(2031, 3, 6))
    claims = tuple(replace(claim, text=text) for claim in dossier.claims)
    assert json.loads(next(superdesk.files(replace(dossier, claims=claims)))[1])["guid"]
