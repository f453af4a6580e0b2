"""The API's description (OpenAPI 3.1), made from the tables of pages and deeds."""

from __future__ import annotations

from collections.abc import Sequence

from stillon import __version__
from stillon.model import CorrectionKind, Kind, Precision, SourceKind, Standing, Status
from stillon.serving.deeds import Deed
from stillon.serving.desk import Data
from stillon.serving.queries import AFTER
from stillon.serving.routes import Page

_TEXT: Data = {"type": "string"}
_MAYBE: Data = {"type": ["string", "null"]}
_DAY: Data = {"type": ["string", "null"], "format": "date"}
_SPAN: Data = {"type": ["array", "null"], "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
_IDS: Data = {"type": "array", "items": _TEXT}
_COUNT: Data = {"type": "integer", "minimum": 0}
_INSTANT: Data = {"type": "string", "format": "date-time"}


def describe(pages: Sequence[Page], deeds: Sequence[Deed]) -> Data:
    """The whole description."""
    paths: dict[str, Data] = {}
    for page in pages:
        if not page.is_door:
            paths.setdefault(f"{page.path}.json", {})["get"] = _reading(page)
    for deed in deeds:
        if deed.by_token:
            paths.setdefault(deed.path, {})["post"] = _writing(deed)
    paths["/health"] = {
        "get": {
            "operationId": "health",
            "summary": "Whether the desk and its store answer.",
            "responses": {
                "200": _answer("It does.", _record(status=_TEXT, version=_TEXT)),
                "503": _problem("The store does not answer."),
            },
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "stillon",
            "version": __version__,
            "description": "Is it still on? What reports say of planned events. Every page of the desk gives the same "
            "as JSON: under its own url with the suffix .json, or with the header `Accept: application/json`. Every "
            "page that is read answers as of any day (`as_of`).",
        },
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _reading(page: Page) -> Data:
    parameters: list[Data] = [_path_parameter(each) for each in _names_in(page.path)]
    parameters += [
        {"name": each.name, "in": "query", "description": each.says, "schema": each.schema} for each in page.query
    ]
    answers: Data = {
        "200": _answer("What the page shows.", {"$ref": f"#/components/schemas/{_capital(page.name)}"}),
        "304": {"description": "It is as the reader has it (If-None-Match)."},
        "400": _problem("A value of the query is wrong."),
        "401": _problem("Reading is closed to whoever is not signed in, or the token does not hold."),
        "503": _problem("The store does not answer."),
    }
    if "{" in page.path:
        answers["404"] = _problem("There is none of that id, or it was not known then.")
    elif AFTER in page.query:
        answers["404"] = _problem("There is no such page of the list.")
    return {
        "operationId": page.name,
        "summary": page.says,
        "parameters": parameters,
        "responses": answers,
        "security": [{}, {"token": []}],
    }


def _writing(deed: Deed) -> Data:
    return {
        "operationId": deed.name,
        "summary": deed.says,
        "parameters": [_path_parameter(each) for each in _names_in(deed.path)],
        "requestBody": {"required": True, "content": {"application/json": {"schema": deed.schema}}},
        "responses": {
            "201": _answer("It is done.", {"type": "object"}),
            "400": _problem("The body is wrong, or what it asks for does not fit."),
            "401": _problem("No token that holds."),
            "403": _problem("The account may not."),
            "404": _problem("There is no event, report, correction or entry of that id."),
            "413": _problem("The body is too long."),
            "415": _problem("The body is no JSON."),
            "503": _problem("The store does not answer."),
        },
        "security": [{"token": []}],
    }


def _path_parameter(name: str) -> Data:
    schema: Data = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _names_in(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _answer(says: str, schema: Data) -> Data:
    return {"description": says, "content": {"application/json": {"schema": schema}}}


def _problem(says: str) -> Data:
    return _answer(says, {"$ref": "#/components/schemas/Problem"})


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _record(*optional: str, **fields: Data) -> Data:
    """An object with all these fields, but for those that may be missing."""
    return {
        "type": "object",
        "properties": fields,
        "required": [name for name in fields if name not in optional],
    }


def _list(name: str) -> Data:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def _or_null(name: str) -> Data:
    return {"anyOf": [{"$ref": f"#/components/schemas/{name}"}, {"type": "null"}]}


def _one_of(values: Sequence[str], *, null: bool = False) -> Data:
    return {"enum": [*values, *([None] if null else [])]}


def _schemas() -> Data:
    statuses = list(map(str, Status))
    return {
        "Problem": _record(error=_TEXT),
        "When": _record(
            start=_DAY, end=_DAY, precision=_one_of(list(map(str, Precision))), time=_MAYBE, zone=_MAYBE, text=_TEXT
        ),
        "EventRecord": _record(
            "reports",
            id=_TEXT,
            name=_TEXT,
            kind=_one_of(list(map(str, Kind))),
            participants=_IDS,
            host=_IDS,
            place=_MAYBE,
            when=_or_null("When"),
            was=_list("When"),
            status=_one_of(statuses, null=True),
            since=_DAY,
            standing=_one_of(list(map(str, Standing)), null=True),
            reliability=_one_of(list("ABCDEF")),
            credibility={"type": "integer", "minimum": 1, "maximum": 6},
            likelihood=_MAYBE,
            history={"type": "array", "items": _record(status=_one_of(statuses), on=_DAY, claims=_IDS)},
            because=_IDS,
            origins=_COUNT,
            publishers=_COUNT,
            contradictions={"type": "array", "items": _record(about=_TEXT, claims=_IDS)},
            reasons={"type": "array", "items": _record(text=_TEXT, claim=_TEXT)},
            conditions={
                "type": "array",
                "items": _record(text=_TEXT, claim=_TEXT, met={"type": ["boolean", "null"]}),
            },
            requires=_IDS,
            prepares=_IDS,
            open_questions={"type": "array", "items": _record(question=_TEXT, settled_by=_TEXT)},
            reports=_COUNT,
        ),
        "Source": _record(
            name=_TEXT,
            kind=_one_of(list(map(str, SourceKind))),
            resolved=_MAYBE,
            org=_MAYBE,
            span=_SPAN,
            anonymity=_MAYBE,
        ),
        "Claim": _record(
            "in",
            id=_TEXT,
            report=_TEXT,
            event=_MAYBE,
            mention=_MAYBE,
            status=_one_of(statuses, null=True),
            text=_TEXT,
            span=_SPAN,
            cue=_MAYBE,
            cue_span=_SPAN,
            status_cue=_MAYBE,
            status_span=_SPAN,
            quote=_one_of(["direct", "indirect", "mixed"]),
            sources=_list("Source"),
            **{"with": _list("Source"), "in": _one_of(["title"])},
            standing=_one_of(list(map(str, Standing))),
            on=_DAY,
            hedged={"type": "boolean"},
            when=_or_null("When"),
            was=_or_null("When"),
            place=_MAYBE,
            reason=_SPAN,
            condition=_SPAN,
        ),
        "ReportRecord": _record(
            id=_TEXT,
            file=_TEXT,
            url=_MAYBE,
            publisher=_MAYBE,
            published=_DAY,
            published_at=_MAYBE,
            title=_MAYBE,
            authors=_IDS,
            agency=_MAYBE,
            copy_of=_MAYBE,
        ),
        "Correction": _record(
            id=_TEXT,
            kind=_one_of(list(map(str, CorrectionKind))),
            by=_TEXT,
            because=_TEXT,
            on=_DAY,
            mentions=_IDS,
            apart=_IDS,
            report=_MAYBE,
            status=_one_of(statuses, null=True),
            when=_or_null("When"),
            place=_MAYBE,
            undoes=_MAYBE,
            counts={"type": "boolean"},
        ),
        "Board": _record(
            as_of=_INSTANT,
            total=_COUNT,
            statuses={"type": "object", "additionalProperties": _COUNT, "propertyNames": {"enum": statuses}},
            events=_list("EventRecord"),
            next=_MAYBE,
        ),
        "Calendar": _record(as_of=_INSTANT, month=_TEXT, total=_COUNT, events=_list("EventRecord")),
        "Changes": _record(
            since={"type": "string", "format": "date"},
            until={"type": "string", "format": "date"},
            reports=_COUNT,
            changes={
                "type": "array",
                "items": _record(
                    what=_IDS, before=_or_null("EventRecord"), after=_or_null("EventRecord"), claims=_list("Claim")
                ),
            },
            edits={"type": "array", "items": {"type": "object"}},
            corrections={"type": "array", "items": {"type": "object"}},
        ),
        "Event": _record(
            as_of=_INSTANT,
            reports=_list("ReportRecord"),
            events=_list("EventRecord"),
            claims=_list("Claim"),
            corrections=_list("Correction"),
            summary={"type": "array", "items": _record(text=_TEXT, claims=_IDS)},
        ),
        "Reports": _record(as_of=_INSTANT, reports=_list("ReportRecord"), next=_MAYBE),
        "Report": _record(
            as_of=_INSTANT,
            report={"allOf": [{"$ref": "#/components/schemas/ReportRecord"}, _record(text=_TEXT, revision=_COUNT)]},
            withdrawn=_or_null("Correction"),
            events=_list("EventRecord"),
            mentions={"type": "array", "items": _record(id=_TEXT, name=_TEXT, event=_MAYBE, spans={"type": "array"})},
            claims=_list("Claim"),
            revisions=_list("ReportRecord"),
            edits={"type": "array", "items": _record(before=_TEXT, after=_TEXT, counts_from=_DAY, lines=_IDS)},
            copies={
                "type": "array",
                "items": {
                    "allOf": [
                        {"$ref": "#/components/schemas/ReportRecord"},
                        _record(containment={"type": "number"}, original={"type": "boolean"}),
                    ]
                },
            },
        ),
        "Diary": _record(
            as_of=_INSTANT,
            first=_DAY,
            last=_DAY,
            entries={"type": "array", "items": {"type": "object"}},
            lacking=_list("EventRecord"),
            lacking_total=_COUNT,
        ),
        "Corrections": _record(as_of=_INSTANT, corrections=_list("Correction")),
    }
