"""The API keeps what its description says."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth

from stillon.serving.deeds import DEEDS
from stillon.serving.openapi import describe
from stillon.serving.routes import PAGES


@pytest.fixture
def api(site: Any) -> Any:
    """The description of a desk that has something to tell."""
    site.schedule_many(4)
    site.add("The launch is scheduled, says Ada Lund.")
    site.make("Kim Berg")
    schema = schemathesis.openapi.from_asgi("/openapi.json", site.app)
    schema.bearer = {"Authorization": f"Bearer {site.token('Kim Berg')}"}
    return schema


OPERATIONS = [(path, method) for path, methods in describe(PAGES, DEEDS)["paths"].items() for method in methods]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda each: each)
def test_whatever_is_asked_the_answer_is_as_described(api: Any, path: str, method: str, mode: GenerationMode) -> None:
    """By schemathesis: statuses, types and schemas; wrong values are refused, right ones taken."""
    operation = api[path][method.upper()]
    if mode is GenerationMode.NEGATIVE and path == "/health":
        return  # it takes nothing that could be wrong

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        case.call_and_validate(headers=api.bearer, excluded_checks=[ignored_auth])

    check()


def test_every_page_and_deed_of_the_api_is_described(site: Any) -> None:
    paths = site.client.get("/openapi.json").json()["paths"]
    for page in PAGES:
        assert (f"{page.path}.json" in paths) is not page.is_door
    for deed in DEEDS:
        assert ("post" in paths.get(deed.path, {})) is deed.by_token


def test_every_page_that_is_read_takes_as_of(site: Any) -> None:
    for path, methods in site.client.get("/openapi.json").json()["paths"].items():
        if path != "/health" and "get" in methods:
            assert "as_of" in [each["name"] for each in methods["get"]["parameters"]], path


def test_what_real_pages_give_is_as_described(site: Any) -> None:
    """Filled pages, which made-up ids do not reach."""
    import jsonschema

    site.schedule_many(3)
    report = site.add("The launch is scheduled, says Ada Lund.", url="https://news.example/a")
    site.add(
        "The launch is in doubt, says Ada Lund. So it is.", url="https://news.example/a", published=report.published
    )
    site.add("The launch is postponed, says Kim Berg.", published=report.published)
    described = site.client.get("/openapi.json").json()
    for path, name in (
        ("/board", "Board"),
        ("/calendar", "Calendar"),
        ("/changes?since=2031-02-01", "Changes"),
        (f"/events/{site.event('launch')}", "Event"),
        ("/reports", "Reports"),
        (f"/reports/{report.id}", "Report"),
        ("/diary", "Diary"),
        ("/corrections", "Corrections"),
    ):
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        jsonschema.Draft202012Validator(schema).validate(site.json(path))
