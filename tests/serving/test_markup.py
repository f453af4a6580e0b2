"""Markup in anything that is read or written comes out as text, on every page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from stillon.keeping import correcting, diary, filing
from stillon.model import (
    Claim,
    CorrectionKind,
    Entry,
    Extraction,
    Kind,
    Mention,
    Precision,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
    When,
)
from stillon.serving.routes import PAGES

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\" onfocus='alert(1)' {{7*7}}</textarea></title>"
JAVASCRIPT = "javascript:alert(1)//"
DAY = date(2031, 3, 19)


class _Tags(HTMLParser):
    """Every tag with its attributes, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _parsed(html: str) -> _Tags:
    tags = _Tags()
    tags.feed(html)
    return tags


def _check(html: str, where: str) -> None:
    for tag, attributes in _parsed(html).tags:
        assert tag not in ("img", "style", "iframe", "object", "embed", "base"), (where, tag)
        if tag == "script":
            assert (attributes.get("src") or "").startswith("/static/"), (where, attributes)
        for name, value in attributes.items():
            assert not name.startswith("on"), (where, tag, name)
            assert name != "style", (where, tag)
            if name in ("href", "src", "action", "formaction", "xlink:href"):
                assert not (value or "").strip().lower().startswith(("javascript:", "data:", "vbscript:")), (
                    where,
                    value,
                )


def _planted(number: int) -> Extraction:
    """A report and what was read in it, with markup wherever there are words."""
    text = f"{EVIL} is on, {EVIL} said. Number {number}."
    report = Report(
        id=f"evil{number}",
        file=EVIL,
        text=text,
        title=EVIL,
        url=JAVASCRIPT if number else f"https://news.example/{EVIL}",
        publisher=EVIL,
        published=DAY,
        authors=(EVIL,),
        agency=EVIL,
    )
    when = When(
        start=date(2031, 3, 25), end=date(2031, 3, 25), precision=Precision.DAY, text=EVIL, time=EVIL, zone=EVIL
    )
    vague = When(start=None, end=None, precision=Precision.VAGUE, text=EVIL)
    mention = Mention(
        id=f"evil{number}.0",
        report=report.id,
        name=EVIL,
        kind=Kind.MEETING,
        participants=(EVIL, "Ada Lund"),
        host=(EVIL,),
        place=EVIL,
        when=when,
        was=(vague,),
        status=Status.SCHEDULED,
        published=DAY,
        spans=(Span(0, len(EVIL)),),
    )
    source = Source(
        name=EVIL, kind=SourceKind.UNNAMED, span=Span(len(EVIL) + 8, 2 * len(EVIL) + 8), resolved=f"{EVIL} II",
        org=EVIL, anonymity=EVIL,
    )  # fmt: skip
    claim = Claim(
        id=f"evil{number}:<b>",
        report=report.id,
        mention=mention.id,
        status=Status.SCHEDULED if number else Status.CANCELLED,
        text=text[: len(EVIL) + 6],
        span=Span(0, len(EVIL) + 6),
        cue=EVIL,
        sources=(source, replace(source, name="Ada Lund", resolved=None, span=None)),
        when=when,
        was=vague,
        reason_text=EVIL,
        condition_text=EVIL,
        reason=Span(0, 10),
        condition=Span(0, len(EVIL)),
        place=EVIL,
        published=DAY,
        publisher=EVIL,
    )
    return Extraction(report=report, mentions=(mention,), claims=(claim,))


@pytest.fixture
def planted(site: Any) -> Any:
    """A site with markup planted everywhere."""
    for number in (0, 1):
        filing.file_extraction(site.store, _planted(number), version="1", now=site.clock)
    edited = replace(_planted(0).report, id="evil0b", text=f"{EVIL} is off. {EVIL}", url=f"https://news.example/{EVIL}")
    filing.file_extraction(site.store, Extraction(report=edited), version="1", now=site.clock)
    when = When(start=date(2031, 3, 25), end=date(2031, 3, 25), precision=Precision.DAY, text=EVIL)
    entries = [
        Entry(id=f"e{each}", diary=EVIL, uid=EVIL, title=EVIL, when=when, place=EVIL, names=("Ada Lund",), notes=EVIL)
        for each in (1, 2)
    ]
    diary.import_entries(site.store, entries, diary=EVIL, replace_all=False, recorded_at=site.clock())
    id = site.json("/board")["events"][0]["id"]
    for kind, about in ((CorrectionKind.PLACE, EVIL), (CorrectionKind.STATUS, "in doubt")):
        correcting.correct_store(site.store, kind, [id, about], by=EVIL, because=EVIL, on=DAY, recorded_at=site.clock())
    diary.link_entry(site.store, "e1", id, by=EVIL, because=EVIL, recorded_at=site.clock())
    site.id = id
    return site


def test_markup_in_what_is_read_comes_out_as_text(planted: Any) -> None:
    """As a stranger and as an editor, on every page there is."""
    editor = planted.make("Kim Berg")
    planted.post(editor, "/account/tokens", label=EVIL[:80], role="reader")
    seen = 0
    for visitor in (planted.client, editor):
        for page in PAGES:
            paths = [page.path]
            if page.path == "/events/{id}":
                paths = [f"/events/{planted.id}"]
            elif page.path == "/reports/{id}":
                paths = [f"/reports/{id}" for id in ("evil0", "evil1", "evil0b")]
            for path in paths:
                answer = visitor.get(path, params={"as_of": "2031-03-20"}, headers={"accept": "text/html"})
                if answer.status_code != 200:
                    continue
                _check(answer.text, path)
                shown = "<script>alert(1)</script><img src=x onerror=alert(1)>" in "".join(_parsed(answer.text).words)
                seen += shown
                if not page.is_door and page.name not in ("calendar",):
                    assert shown, f"nothing of what was planted is shown on {path}"
    assert seen > 16


@pytest.mark.parametrize("name", ["q", "person", "place", "as_of", "kind", "after", "next", "code", "month", "since"])
def test_markup_in_a_url_comes_out_as_text(planted: Any, name: str) -> None:
    for path in (
        "/board",
        "/calendar",
        "/changes",
        "/reports",
        "/diary",
        "/sign-in",
        "/setup",
        f"/events/{planted.id}",
    ):
        answer = planted.client.get(path, params={name: EVIL}, headers={"accept": "text/html"})
        assert answer.status_code in (200, 400, 404)
        _check(answer.text, f"{path}?{name}")
    answer = planted.client.get(f"/events/{EVIL.replace('/', '')}", headers={"accept": "text/html"})
    assert answer.status_code == 404
    _check(answer.text, "an event of that id")


def test_markup_in_a_form_that_is_refused_comes_out_as_text(planted: Any) -> None:
    editor = planted.make("Kim Berg")
    for fields in ({"kind": EVIL}, {"kind": "status", "event": EVIL, "status": EVIL, "because": "x"}):
        answer = planted.post(editor, "/corrections", **fields)
        assert answer.status_code in (400, 404)
        _check(answer.text, str(fields))


def test_only_addresses_of_the_web_become_links(planted: Any) -> None:
    page = planted.client.get("/reports/evil1").text
    assert JAVASCRIPT in page
    assert f'href="{JAVASCRIPT}' not in page


def test_every_answer_forbids_scripts_in_the_page(planted: Any) -> None:
    for path in ("/", "/board.json", "/events/nothing", "/static/desk.css", "/health", "/openapi.json", "/nowhere"):
        headers = planted.client.get(path).headers
        policy = dict(each.strip().partition(" ")[::2] for each in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
