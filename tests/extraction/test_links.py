"""What the encoder says of two readings, and of a statement and the events of its report."""

from __future__ import annotations

import numpy as np
import pytest

from stillon.extraction.encoder import Encoder, Statements
from stillon.extraction.heads import Heads, away_from
from stillon.extraction.nodes import Likeness
from stillon.model import EventReading, Kind, Span

WIDTH, PAIR = 6, 4


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(threads=1)


@pytest.mark.parametrize(
    ("first", "second", "bucket"),
    [
        ((10, False), (10, False), 12),
        ((10, False), (11, False), 13),
        ((11, False), (10, False), 11),
        ((0, False), (5000, False), 23),
        ((5000, False), (0, False), 1),
        ((3, False), (40, True), 25),
        ((3, True), (40, False), 26),
        ((3, True), (4, True), 13),
    ],
)
def test_ways_between_places(first: tuple[int, bool], second: tuple[int, bool], bucket: int) -> None:
    assert away_from(first, second) == bucket


@pytest.fixture
def heads() -> Heads:
    rng = np.random.default_rng(5)
    shapes = {
        "each.weight": (PAIR, WIDTH), "each.bias": (PAIR,), "both.weight": (PAIR, WIDTH), "apart.weight": (PAIR, WIDTH),
        "away.weight": (29, PAIR), "same.weight": (1, PAIR), "same.bias": (1,), "told.weight": (PAIR, WIDTH),
        "told.bias": (PAIR,), "of.weight": (PAIR, WIDTH), "match.weight": (PAIR, WIDTH), "near.weight": (29, PAIR),
        "about.weight": (1, PAIR), "about.bias": (1,), "nobody.weight": (1, WIDTH), "nobody.bias": (1,),
    }  # fmt: skip
    return Heads({f"links.{name}": rng.normal(size=shape) for name, shape in shapes.items()})


def test_two_marks_are_alike_whichever_comes_first(heads: Heads) -> None:
    marks = np.random.default_rng(6).normal(size=(3, WIDTH)).astype(np.float32)
    away = np.full((3, 3), 12)
    odds = heads.one(marks, marks, away)
    assert odds.shape == (3, 3)
    np.testing.assert_allclose(odds, odds.T, rtol=1e-4)
    assert heads.one(marks, marks, away + 1)[0, 1] != pytest.approx(float(odds[0, 1]))


def test_a_statement_is_weighed_against_each_mark_alone(heads: Heads) -> None:
    rng = np.random.default_rng(7)
    spoken, marks = rng.normal(size=WIDTH).astype(np.float32), rng.normal(size=(3, WIDTH)).astype(np.float32)
    nobody, fits = heads.about(spoken, marks, np.array([12, 13, 27]))
    again, last = heads.about(spoken, marks[2:], np.array([27]))
    assert nobody == again
    assert fits.shape == (3,)
    assert float(fits[2]) == pytest.approx(float(last[0]), rel=1e-4)


def test_nothing_is_known_of_readings_without_marks() -> None:
    reading = EventReading(event=Span(0, 4), kind=Kind.MEETING, status=None)
    assert Likeness((Statements(), Statements()), [reading, reading]).of(reading, [reading]) == []


def test_the_shipped_heads_tell_the_same_hearing_from_another_event(encoder: Encoder) -> None:
    text = (
        "The city council will hold a hearing on the bridge on Friday. The hearing on the bridge was put off. "
        "In June the harbour will launch a new ferry."
    )
    found = encoder.read(text, least=0.1)
    hearings = [r for r in found.events if "hearing" in r.event.of(text)]
    others = [r for r in found.events if "launch" in r.event.of(text) or "ferry" in r.event.of(text)]
    likeness = Likeness((found.statements, Statements()), found.events)
    assert len(hearings) == 2
    assert others
    (same,), (other,) = likeness.of(hearings[0], hearings[1:]), likeness.of(hearings[0], others[:1])
    assert same > other
    spoken = found.statements.spoken(hearings[1].sentence or hearings[1].event)
    assert spoken is not None
    assert spoken.values.shape == found.statements.marks[hearings[1].event].values.shape
