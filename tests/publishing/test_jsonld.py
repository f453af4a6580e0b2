import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec_schemaorg.enums.intangible.EventStatusType import EventStatusType
from msgspec_schemaorg.models import Claim, Event, NewsArticle, Organization, Place
from pyld import jsonld as processor

from stillon.model import Dossier, Precision, Status, When
from stillon.publishing import jsonld

SCHEMA, OWN = "http://schema.org/", "https://pypi.org/project/stillon#"
CONTEXT = json.loads((Path(__file__).parent / "schemas" / "schema-org.context.json").read_text(encoding="utf-8"))


def _load(url: str, _options: object) -> dict[str, Any]:
    """The one document that a processor asks for, from the bundled copy; anything else is an error."""
    assert url.rstrip("/") == "https://schema.org"
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXT}


def _nodes(rendered: str) -> list[dict[str, Any]]:
    """The nodes of a graph as a JSON-LD processor sees them, every term a full IRI."""
    (graph,) = processor.expand(json.loads(rendered), {"documentLoader": _load})
    return graph["@graph"]


def _events(rendered: str) -> list[dict[str, Any]]:
    return [node for node in _nodes(rendered) if any(kind.endswith("Event") for kind in node["@type"])]


def _value(node: dict[str, Any], term: str) -> list[Any]:
    return [each.get("@value", each.get("@id")) for each in node.get(term, [])]


def test_the_graph_is_the_golden_one(dossier: Dossier, golden: Callable[[str, str], None]) -> None:
    golden("graph.jsonld", jsonld.render([dossier]) + "\n")


def test_a_processor_drops_no_term_and_leaves_none_without_a_vocabulary(dossier: Dossier) -> None:
    def keys(data: Any) -> set[str]:
        if isinstance(data, list):
            return set().union(*map(keys, data))
        return {*data, *(key for value in data.values() for key in keys(value))} if isinstance(data, dict) else set()

    written = keys(json.loads(jsonld.render([dossier]))["@graph"])
    expanded = keys(_nodes(jsonld.render([dossier])))
    wanted = {term.replace("stillon:", OWN) if ":" in term else SCHEMA + term for term in written if term[0] != "@"}
    assert wanted <= expanded
    assert all(term.startswith((SCHEMA, OWN, "@")) for term in expanded)


@pytest.mark.parametrize(
    ("day", "status", "start", "previous"),
    [
        (4, None, [], []),
        (6, "EventScheduled", ["2031-03-18"], []),
        (10, "EventRescheduled", ["2031-03-25T14:00:00Z"], ["2031-03-18"]),
        (12, "EventScheduled", ["2031-03-25T14:00:00Z"], ["2031-03-18"]),
        (14, "EventCancelled", ["2031-03-25T14:00:00Z"], ["2031-03-18"]),
    ],
)
def test_the_status_and_the_former_day_are_schema_orgs_and_ours_stands_beside(
    ferry: Callable[[date], Dossier], day: int, status: str | None, start: list[str], previous: list[str]
) -> None:
    (event,) = _events(jsonld.render([ferry(date(2031, 3, day))]))
    assert _value(event, f"{SCHEMA}eventStatus") == ([f"https://schema.org/{status}"] if status else [])
    assert _value(event, f"{SCHEMA}startDate") == start
    assert _value(event, f"{SCHEMA}previousStartDate") == previous
    assert _value(event, f"{OWN}status") == [str(ferry(date(2031, 3, day)).assessments[0].status)]


def test_of_what_is_put_off_the_last_day_is_a_former_one(dossier: Dossier) -> None:
    launch = _events(jsonld.render([dossier]))[0]
    assert _value(launch, f"{SCHEMA}eventStatus") == ["https://schema.org/EventPostponed"]
    assert _value(launch, f"{SCHEMA}previousStartDate") == ["2031-03-18"]
    assert f"{SCHEMA}startDate" not in launch


def test_a_week_gives_no_start_and_several_days_give_an_end(dossier: Dossier) -> None:
    week = When(start=date(2031, 3, 10), end=date(2031, 3, 16), precision=Precision.WEEK, text="next week")
    days = replace(week, precision=Precision.WINDOW, text="March 10 to 16")
    for when, bounds in ((week, ([], [])), (days, (["2031-03-10"], ["2031-03-16"]))):
        first = replace(dossier.assessments[0], when=when, status=Status.SCHEDULED)
        event = _events(jsonld.render([replace(dossier, assessments=(first,))]))[0]
        assert (_value(event, f"{SCHEMA}startDate"), _value(event, f"{SCHEMA}endDate")) == bounds
        (own,) = event[f"{OWN}when"]
        assert _value(own, f"{OWN}text") == [when.text]


def test_every_answer_leads_to_its_claims_and_each_claim_to_its_report_and_offsets(
    ferry: Callable[[date], Dossier],
) -> None:
    dossier = ferry(date(2031, 3, 14))
    nodes = {node["@id"]: node for node in _nodes(jsonld.render([dossier]))}
    (event,) = [node for node in nodes.values() if f"{SCHEMA}Event" in node["@type"]]
    assert len(event[f"{OWN}because"]) == 1
    for each in event[f"{OWN}because"]:
        claim = nodes[each["@id"]]
        article = nodes[claim[f"{SCHEMA}appearance"][0]["@id"]]
        (report,) = [one for one in dossier.reports if one.id == _value(article, f"{SCHEMA}identifier")[0]]
        start, end = _value(claim, f"{OWN}start")[0], _value(claim, f"{OWN}end")[0]
        assert report.text[start:end] == _value(claim, f"{SCHEMA}text")[0]
        (chain,) = claim[f"{OWN}chain"]
        assert [_value(source, f"{SCHEMA}name") for source in chain["@list"]] == [["Ada Lund"]]


def test_every_property_and_status_is_one_of_schema_orgs_vocabulary(
    dossier: Dossier, ferry: Callable[[date], Dossier]
) -> None:
    types = {"Event": Event, "Claim": Claim, "NewsArticle": NewsArticle, "Place": Place, "Organization": Organization}
    for node in _typed(json.loads(jsonld.render([dossier, *(ferry(date(2031, 3, day)) for day in (4, 10, 14))]))):
        own = set(types[node["@type"]].__struct_encode_fields__)
        assert {key for key in node if key[0] != "@" and ":" not in key} <= own
        if "eventStatus" in node:
            assert node["eventStatus"].removeprefix("https://schema.org/") in EventStatusType.__members__
        for day in (node.get("previousStartDate"), node.get("endDate")):
            assert day is None or date.fromisoformat(day)


def _typed(data: Any) -> Iterator[dict[str, Any]]:
    """Every node that has a type, wherever it stands."""
    if isinstance(data, dict) and "@type" in data:
        yield data
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _typed(each)


def test_one_dossier_is_a_graph_and_several_are_a_list(dossier: Dossier, empty_dossier: Dossier) -> None:
    assert json.loads(jsonld.render([])) == []
    graphs = json.loads(jsonld.render([dossier, empty_dossier]))
    assert [len(each["@graph"]) for each in graphs] == [len(graphs[0]["@graph"]), 0]


def test_an_event_has_the_page_that_the_caller_gives_it(dossier: Dossier) -> None:
    rendered = jsonld.render([dossier], url_of=lambda id: f"https://desk.example/{id}")
    assert _value(_events(rendered)[0], f"{SCHEMA}url") == ["https://desk.example/launch"]
