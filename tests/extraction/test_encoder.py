"""Windows over a text, and what the shipped weights find in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from stillon.errors import ModelMissing
from stillon.extraction.encoder import WEIGHTS, Encoder, Told, _best_range, _headline
from stillon.extraction.windows import INSIDE, MAX_PIECES, UPPER, cut_windows
from stillon.model import Span, Status

STORY = (
    "The harbour council will meet the dockers’ union on Friday, Mayor Ada Lund said.\n\n"
    "“We have put off the vote until next month,” said Jon Voss, a spokesman for the council. “It was too soon.”\n\n"
    "According to two people briefed on the talks, the strike planned for Monday has been called off."
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(threads=1)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))


def test_every_piece_of_a_text_stands_in_exactly_one_window(tokenizer: Tokenizer) -> None:
    text = (STORY + "\n\n") * 12
    windows = cut_windows(text, tokenizer, title="Vote put off")
    offsets = [tuple(o) for w in windows for o in w.offsets.tolist() if o[0] >= 0]
    assert offsets == tokenizer.encode(text, add_special_tokens=False).offsets
    assert all(len(w.ids) <= MAX_PIECES for w in windows)


def test_pieces_tell_case_and_quotation(tokenizer: Tokenizer) -> None:
    text = "NATO said “yes” then"
    window = cut_windows(text, tokenizer)[0]
    words = [text[s:e] if s >= 0 else "" for s, e in window.offsets.tolist()]
    assert window.case[words.index("NATO")] == UPPER
    assert window.quote[words.index("yes")] == INSIDE
    assert window.quote[words.index("then")] != INSIDE


def test_the_best_range_is_the_largest_sum() -> None:
    assert _best_range(np.array([-1, 2, -1, 3, -5, 1], dtype=np.float32)) == (1, 4)
    assert _best_range(np.array([-1, -2], dtype=np.float32)) is None


def test_sources_cues_and_contents_are_found(encoder: Encoder) -> None:
    found = encoder.read(STORY).attributions
    sources = [" ".join(s.of(STORY) for s in a.source) for a in found]
    assert any("Ada Lund" in s for s in sources)
    assert any("Jon Voss" in s for s in sources)
    assert any("two people briefed on the talks" in s for s in sources)


def test_events_carry_their_status_and_its_words(encoder: Encoder) -> None:
    events = encoder.read(STORY).events
    strike = next(e for e in events if "strike" in e.event.of(STORY))
    assert strike.status is Status.CANCELLED, strike.status_scores
    assert strike.cue is not None
    assert "called off" in strike.cue.of(STORY)


def test_a_statement_claims_a_status_though_it_names_no_event(encoder: Encoder) -> None:
    text = "Ada Lund said they would go ahead on Friday as planned. She said the weather had been mild."
    told = encoder.read(text).statements
    plan = told.told_by(_at(text, "they would go ahead on Friday as planned"))
    weather = told.told_by(_at(text, "the weather had been mild"))
    assert plan.status is Status.GOING_AHEAD
    assert weather.status is None
    assert 0 <= weather.claims < plan.claims <= 1
    assert 0 <= weather.bears < plan.bears <= 1
    assert told.told_by(Span(len(text), len(text) + 9)) == Told(None, 0.0, 0.0)


def _at(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def test_a_headline_in_the_first_line_stands_for_a_title(encoder: Encoder) -> None:
    line, rest = "Harbour summit put off", "The mayor said that the talks would wait. Nobody knew for how long."
    without, with_one = encoder.read(f"{line}\n{rest}"), encoder.read(f"{line}\n{rest}", title=line)
    assert without.attributions == with_one.attributions
    assert without.events == with_one.events
    front = "Published: 2031-05-06\n"
    behind = encoder.read(f"{front}{line}\n{rest}", start=len(front))
    assert behind.events == encoder.read(f"{front}{line}\n{rest}", title=line, start=len(front)).events


def test_a_paragraph_or_a_single_line_is_no_headline() -> None:
    paragraph = "The mayor said that the talks would wait. " * 3
    assert _headline(f"{paragraph}\nNobody knew for how long.") is None
    assert _headline("Harbour summit put off") is None
    assert _headline("\nHarbour summit put off\nNobody knew for how long.") == "Harbour summit put off"


def test_what_stands_before_is_context_only(encoder: Encoder) -> None:
    text = "It has been postponed until May."
    found = encoder.read(text, before="The dockers’ union had planned a strike for Monday.")
    assert all(0 <= e.event.start < e.event.end <= len(text) for e in found.events)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_no_text_raises_and_every_span_lies_inside_it(text: str) -> None:
    found = _shared().read(text, title=text[:20])
    spans = [s for a in found.attributions for s in (*a.source, *a.cue, *a.content)]
    spans += [s for e in found.events for s in (e.event, e.cue, *e.who, e.where, e.when) if s]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*STORY.split(" "), "“", "”", "said", "\n"]), max_size=60).map(" ".join))
def test_no_content_overlaps_its_own_cue(text: str) -> None:
    for found in _shared().read(text).attributions:
        assert not any(c.overlaps(p) for c in found.cue for p in found.content)


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=str(tmp_path)):
        Encoder(tmp_path)


_LOADED: list[Encoder] = []


def _shared() -> Encoder:
    if not _LOADED:
        _LOADED.append(Encoder(threads=1))
    return _LOADED[0]


def test_spans_are_half_open_characters() -> None:
    assert Span(1, 3).of("abcd") == "bc"


def test_a_gathering_is_read_by_its_name_in_a_whole_report(encoder: Encoder) -> None:
    text = "Her uncle once kept a drawing of the Lakeside Harbour Forum above the stove."
    assert [reading.event.of(text) for reading in encoder.read(text, least=0.5).events] == ["Lakeside Harbour Forum"]
    assert encoder.read(text).events == []
