import datetime
import json
from collections.abc import Callable
from dataclasses import replace

from stillon.model import Claim, Dossier, Report
from stillon.publishing import ndjson

EVENT_KEYS = (
    "id name kind participants host place when was status since standing reliability credibility likelihood history "
    "because origins publishers contradictions reasons conditions requires prepares open_questions"
).split()
REPORT_KEYS = "id file url publisher published title copy_of".split()
CLAIM_KEYS = "id report event status text span cue cue_span quote sources on hedged when".split()
SOURCE_KEYS = "name kind resolved org span".split()


def test_the_json_of_a_dossier_is_the_golden_one(dossier: Dossier, golden: Callable[[str, str], None]) -> None:
    golden("dossier.json", ndjson.render_json([dossier]) + "\n")


def test_every_key_of_the_contract_is_there(dossier: Dossier) -> None:
    data = ndjson.to_data(dossier)
    assert list(data) == ["as_of", "reports", "events", "claims"]
    assert set(REPORT_KEYS) <= set(data["reports"][0])
    assert set(EVENT_KEYS) <= set(data["events"][0])
    assert set(CLAIM_KEYS) <= set(data["claims"][0])
    assert set(SOURCE_KEYS) <= set(data["claims"][0]["sources"][0])
    assert set(data["events"][0]["when"]) == {"start", "end", "precision", "time", "zone", "text"}
    assert set(data["events"][0]["history"][0]) == {"status", "on", "claims"}
    assert set(data["events"][0]["conditions"][0]) == {"text", "claim", "met"}


def test_a_day_ends_at_its_last_second(dossier: Dossier) -> None:
    assert ndjson.to_data(dossier)["as_of"] == "2031-03-10T23:59:59Z"


def test_no_day_at_all_is_null(empty_dossier: Dossier) -> None:
    assert ndjson.to_data(replace(empty_dossier, as_of=None))["as_of"] is None


def test_an_instant_is_put_out_in_utc(empty_dossier: Dossier, make_report: Callable[..., Report]) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=2))
    report = make_report(published_at=datetime.datetime(2031, 3, 4, 1, 30, tzinfo=zone))
    data = ndjson.to_data(replace(empty_dossier, reports=(report,)))
    assert data["reports"][0]["published_at"] == "2031-03-03T23:30:00Z"


def test_one_dossier_is_an_object_and_several_are_a_list(dossier: Dossier, empty_dossier: Dossier) -> None:
    assert json.loads(ndjson.render_json([dossier]))["events"]
    assert len(json.loads(ndjson.render_json([dossier, empty_dossier]))["dossiers"]) == 2
    assert json.loads(ndjson.render_json([])) == {"dossiers": []}


def test_a_line_is_one_line_and_names_its_file_where_it_is_of_one_report(dossier: Dossier) -> None:
    line = ndjson.render_line(replace(dossier, file="post.txt"))
    assert "\n" not in line
    assert json.loads(line)["file"] == "post.txt"


def test_a_claim_read_from_a_title_says_so(empty_dossier: Dossier, make_claim: Callable[..., Claim]) -> None:
    claims = (make_claim(in_title=True), make_claim())
    titled, plain = ndjson.to_data(replace(empty_dossier, claims=claims))["claims"]
    assert titled["in"] == "title"
    assert "in" not in plain


def test_a_claim_on_no_event_put_out_has_a_null_event(empty_dossier: Dossier, make_claim: Callable[..., Claim]) -> None:
    claims = (make_claim(mention=None), make_claim(mention="left out"))
    assert [each["event"] for each in ndjson.to_data(replace(empty_dossier, claims=claims))["claims"]] == [None, None]


def test_a_lone_surrogate_does_not_break_the_output(empty_dossier: Dossier, make_claim: Callable[..., Claim]) -> None:
    line = ndjson.render_line(replace(empty_dossier, claims=(make_claim(text="half \ud83d of a pair"),)))
    assert json.loads(line.encode("utf-8"))["claims"][0]["text"] == "half ? of a pair"
