import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stillon.model import Dossier, Precision, Status, When
from stillon.publishing import ninjs
from stillon.reading.diaries import entries_of

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "ninjs-event.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
Z = "https://desk.example/"


def _valid(rendered: str) -> list[dict[str, Any]]:
    events = json.loads(rendered)
    for each in events:
        VALIDATOR.validate(each)
    return events


def test_every_event_keeps_to_the_rules_of_ninjs(dossier: Dossier) -> None:
    launch, trial, keel = _valid(ninjs.render([dossier], url_of=lambda id: Z + id))
    assert launch["eventDetails"]["eventStatus"] == "http://cv.iptc.org/newscodes/eventoccurstatus/eos2"
    assert launch["renditions"][0]["href"] == f"{Z}launch"
    assert launch["events"] == [{"uri": trial["uri"], "id": "trial", "rel": "requires"}]
    assert "dates" not in trial["eventDetails"]
    assert keel["places"] == [{"name": "Karlsvik", "rel": "venue"}]


def test_the_rules_are_strict_enough_to_refuse_what_ninjs_does(dossier: Dossier) -> None:
    (launch, *_) = json.loads(ninjs.render([dossier]))
    for broken in ({"status": "on hold"}, {"type": "summit"}, {"eventDetails": {"dates": {"start": "2031"}}}):
        assert not VALIDATOR.is_valid({**launch, **broken})


def test_our_own_answer_stands_under_its_rels(dossier: Dossier) -> None:
    launch = _valid(ninjs.render([dossier]))[0]
    own = {each["rel"]: each["name"] for each in launch["subjects"] if "literal" in each}
    assert own == {
        "kind": "launch", "status": "postponed", "since": "2031-03-09", "likelihood": "unlikely", "precision": "day",
        "admiralty-scale": "B3", "independent-origins": "1", "contradictions": "2",
    }  # fmt: skip
    because = [each for each in launch["descriptions"] if each["role"].startswith("because ")]
    assert [each["role"] for each in because] == [
        f"because {claim.report}#text={claim.span.start},{claim.span.end}" for claim in dossier.claims[:2]
    ]
    assert [each["name"] for each in launch["infoSources"]] == [
        "Coastline Press → a senior yard official", "a senior yard official", "Coastline Press", "Evening Echo",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "precision", "text", "dates"),
    [
        ("2031-01-01", "2031-12-31", Precision.YEAR, "in 2031", {"expectedStartDate": "2031"}),
        ("2031-03-01", "2031-03-31", Precision.MONTH, "in March", {"expectedStartDate": "2031-03"}),
        ("2031-12-01", "2031-12-31", Precision.MONTH, "in December", {"expectedStartDate": "2031-12"}),
        ("2031-03-18", "2031-03-18", Precision.DAY, "March 18", {"expectedStartDate": "2031-03-18"}),
        ("2031-03-10", "2031-03-16", Precision.WEEK, "next week",
         {"expectedStartDate": "2031-03-10", "expectedEndDate": "2031-03-16"}),
    ],
)  # fmt: skip
def test_dates_are_as_exact_as_the_words(
    dossier: Dossier, start: str, end: str, precision: Precision, text: str, dates: dict[str, str]
) -> None:
    when = When(start=date.fromisoformat(start), end=date.fromisoformat(end), precision=precision, text=text)
    first = replace(dossier.assessments[0], when=when)
    (event,) = _valid(ninjs.render([replace(dossier, assessments=(first,))]))
    assert event["eventDetails"]["dates"] == dates


def test_answers_of_several_days_are_versions_of_one_uri(ferry: Callable[[date], Dossier]) -> None:
    events = _valid(ninjs.render([ferry(date(2031, 3, day)) for day in (6, 10, 14)]))
    assert len({event["uri"] for event in events}) == 1
    versions = [int(event["version"]) for event in events]
    assert versions == sorted(set(versions))
    assert events[1]["eventDetails"]["dates"] == {"startDate": "2031-03-25T14:00:00Z"}
    assert [each["value"] for each in events[2]["descriptions"] if each["role"] == "formerly"] == [
        "Tuesday 18 March 2031"
    ]


def test_a_desks_diary_reads_it_back(ferry: Callable[[date], Dossier]) -> None:
    body = ninjs.render([ferry(date(2031, 3, 14))]).encode()
    (entry,) = entries_of(body, suffix=".json", diary="desk", today=date(2031, 3, 1), about="x.json")
    assert (entry.title, entry.when.start, entry.off) == ("Launch of the ferry Tidewater", date(2031, 3, 25), True)


def test_a_cancelled_event_is_still_a_usable_item(ferry: Callable[[date], Dossier]) -> None:
    (event,) = _valid(ninjs.render([ferry(date(2031, 3, 14))]))
    assert event["pubStatus"] == "usable"
    assert event["eventDetails"]["eventStatus"].endswith("/eos6")
    assert Status.CANCELLED in [each["name"] for each in event["subjects"]]
