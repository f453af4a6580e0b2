"""Where sentences begin and end."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillon.extraction.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The talks begin on Monday. Nobody objects.", ["The talks begin on Monday.", "Nobody objects."]),
        ("Sen. Ada Lund met Dr. Voss. They agreed.", ["Sen. Ada Lund met Dr. Voss.", "They agreed."]),
        ("A U.S. Secretary of State came.", ["A U.S. Secretary of State came."]),
        ("“It is off.” She left.", ["“It is off.”", "She left."]),
        ("Polls close at 8 p.m. Friday. It rained.", ["Polls close at 8 p.m. Friday.", "It rained."]),
        ("Polls close at 8 p.m. Nobody came.", ["Polls close at 8 p.m.", "Nobody came."]),
        ("No stop\nA new line", ["No stop", "A new line"]),
        ('He said "no!" Then he left', ['He said "no!"', "Then he left"]),
        ('It ended the deal."We waited," she said.', ["It ended the deal.", '"We waited," she said.']),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_a_text_is_split_where_a_reader_would(text: str, wanted: list[str]) -> None:
    assert [span.of(text) for span in split_sentences(text)] == wanted


@given(st.text(alphabet=st.sampled_from('Ab. !?\n"“”’ 1\u00a0é')))
def test_sentences_are_in_order_and_leave_out_white_space_alone(text: str) -> None:
    spans = split_sentences(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
    assert all(span.of(text) == span.of(text).strip() for span in spans)
