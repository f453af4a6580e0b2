"""Reporting tags behind what they report."""

from __future__ import annotations

import pytest

from stillon.extraction.people import find_names
from stillon.extraction.tags import read_lead, read_tags
from stillon.model import Attribution, Report, Span
from tests.extraction.story import recognise


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        (
            "Plans for the harbour summit have been shelved, several local outlets report, citing port officials.",
            "several local outlets",
            "report",
            "Plans for the harbour summit have been shelved",
        ),
        (
            "The ferry strike will begin at midnight, the union said.",
            "the union",
            "said",
            "The ferry strike will begin at midnight",
        ),
    ],
)
def test_a_tag_at_the_end_credits_the_whole_clause(text: str, source: str, cue: str, content: str) -> None:
    (found,) = read_tags(text, [])
    assert [span.of(text) for span in (*found.source, *found.cue, *found.content)] == [source, cue, content]


def test_what_is_credited_already_is_left_alone() -> None:
    text = "The ferry strike will begin at midnight, the union said."
    known = Attribution(source=(Span(41, 50),), cue=(Span(51, 55),), content=(Span(0, 39),))
    assert read_tags(text, [known]) == []


def test_nothing_is_read_before_the_start() -> None:
    text = "The ferry strike will begin at midnight, the union said. It rains."
    assert read_tags(text, [], start=57) == []


@pytest.mark.parametrize("text", ["", "   ", "He said.", "The ferry leaves at nine, and the crew is tired."])
def test_a_sentence_without_a_tag_gives_nothing(text: str) -> None:
    assert read_tags(text, []) == []


@pytest.mark.parametrize(
    ("title", "source", "content"),
    [
        ("Moscow: preparations for Fjordby go on", "Moscow", "preparations for Fjordby go on"),
        ("White House: no summit this year", "White House", "no summit this year"),
        ("Ada Lund: harbour summit still on", "Ada Lund", "harbour summit still on"),
        ("Norway: harbour summit put off", None, None),  # what it is about
        ("Harbour summit: talks go on", None, None),
        ("Ada Lund: What to know about the summit", None, None),
    ],
)
def test_a_headline_may_begin_with_who_says_it(title: str, source: str | None, content: str | None) -> None:
    text = "The mayor Ada Lund spoke. Moscow said that it would wait. The White House knew nothing. Norway looked on."
    names = find_names(Report(id="r1", file="r1", text=text, title=title), recognise)
    found = read_lead(title, [], names)
    assert [(each.source[0].of(title), each.content[0].of(title)) for each in found] == (
        [(source, content)] if source else []
    )
    assert not found or not read_lead(title, found, names)
