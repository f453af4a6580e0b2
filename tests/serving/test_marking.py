"""A report's text comes out whole, whatever was read in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stillon.model import Span
from stillon.serving.marking import KINDS, Mark, runs_of

TEXT = "The council meets on Tuesday, the mayor said. It may not."
spans = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, len(TEXT))).map(
    lambda both: Span(min(both[0], both[1] - 1), max(both[0] + 1, both[1]))
)
marks = st.lists(st.builds(Mark, span=spans, kind=st.sampled_from(KINDS), of=st.sampled_from("abc")), max_size=12)


@given(marks, st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_the_runs_are_the_text_character_by_character(found: list[Mark], one: int, other: int) -> None:
    start, end = sorted((one, other))
    runs = runs_of(TEXT, found, start, end)
    assert "".join(run.text for run in runs) == TEXT[start:end]


@given(marks)
def test_each_run_has_what_covers_all_of_it(found: list[Mark]) -> None:
    at = 0
    for run in runs_of(TEXT, found):
        own = Span(at, at + len(run.text))
        covering = [each for each in found if each.span.covers(own)]
        assert set(run.kinds) == {each.kind for each in covering}
        assert not [each for each in found if each.span.overlaps(own) and not each.span.covers(own)]
        at += len(run.text)


@given(marks)
def test_each_claim_begins_once(found: list[Mark]) -> None:
    claims = [each for each in found if each.kind == "claim"]
    begun = [id for run in runs_of(TEXT, found) for id in run.begins]
    assert len(begun) == len(claims)
