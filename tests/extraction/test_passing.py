"""Happenings named in passing."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from stillon.extraction.passing import read_passing
from stillon.extraction.people import find_names
from stillon.extraction.when import find_times
from stillon.model import EventReading, Kind, Report, Span, Status


def recognise(text: str) -> SimpleNamespace:
    """What spaCy would find, by words."""
    named = [("Ada Lund", "PERSON"), ("Jon Voss", "PERSON"), ("Norway", "GPE")]
    return SimpleNamespace(ents=[SimpleNamespace(text=name, label_=label) for name, label in named if name in text])


def read(text: str, known: list[EventReading] | None = None) -> list[tuple[str, Kind, Status | None]]:
    report = Report(id="r1", file="r1", text=text, published=date(2031, 3, 4))
    times = find_times(text, published=report.published)
    found = read_passing(report, find_names(report, recognise), times, known or [])
    assert all(reading.passing and reading.sentence for reading in found)
    return [(reading.event.of(text), reading.kind, reading.status) for reading in found]


def test_what_took_place_has_its_place_and_day() -> None:
    text = "Ada Lund will meet Jon Voss again. Their first meeting took place in Norway on February 3."
    report = Report(id="r1", file="r1", text=text, published=date(2031, 3, 4))
    times = find_times(text, published=report.published)
    (found,) = read_passing(report, find_names(report, recognise), times, [])
    assert found.event.of(text) == "Their first meeting"
    assert found.where is not None
    assert found.where.of(text) == "Norway"
    assert found.when is not None
    assert "February 3" in found.when.of(text)


def test_a_call_of_two_that_is_over_is_held() -> None:
    text = "The mood rose after Ada Lund’s phone call with Jon Voss."
    assert read(text) == [("Ada Lund’s phone call with Jon Voss", Kind.CALL, Status.HELD)]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lund has proposed a call with Jon Voss.",
        "After the storm Ada Lund plans talks with Jon Voss.",
        "The call was long.",
        "Ada Lund likes the harbour, and Jon Voss the hills.",
        "",
    ],
)
def test_what_is_to_come_or_names_nobody_is_left_alone(text: str) -> None:
    assert read(text) == []


def test_what_the_encoder_has_read_is_left_alone() -> None:
    text = "The mood rose after Ada Lund’s phone call with Jon Voss."
    start = text.index("phone call")
    reading = EventReading(event=Span(start, start + 10), kind=Kind.CALL, status=Status.SCHEDULED, cue=None)
    assert read(text, [reading]) == []


@pytest.mark.parametrize(
    ("text", "event", "kind"),
    [
        (
            "Ada Lund said during a news conference with Jon Voss that it was over.",
            "a news conference",
            Kind.CONFERENCE,
        ),
        (
            "At Tuesday’s hearing senators pressed Ada Lund. She told Jon Voss at the hearing.",
            "the hearing",
            Kind.HEARING,
        ),
    ],
)
def test_what_something_was_said_at_was_held(text: str, event: str, kind: Kind) -> None:
    assert (event, kind, Status.HELD) in read(text)


def test_what_is_said_at_nothing_that_is_over_is_left_alone() -> None:
    assert read("Ada Lund will speak during a news conference.") == []


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Norway wants a new trade accord by the end of June.", "a new trade accord"),
        ("The mandate expires on June 30.", "The mandate expires"),
    ],
)
def test_what_is_due_by_a_day_is_a_deadline(text: str, event: str) -> None:
    report = Report(id="r1", file="r1", text=text, published=date(2031, 3, 4))
    times = find_times(text, published=report.published)
    (found,) = read_passing(report, find_names(report, recognise), times, [])
    assert (found.event.of(text), found.kind, found.status) == (event, Kind.DEADLINE, Status.SCHEDULED)
    assert found.when is not None


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "The Senate and the House differ. Leaders hope to get a bill to Mr. Brod’s desk by June.",
            "get a bill to Mr. Brod’s desk",
        ),
        ("The Senate and the House differ. Both chambers must approve it.", None),
        ("The Senate and the House differ, and both chambers must approve it.", "both chambers must approve"),
    ],
)
def test_a_bill_on_its_way_to_be_law_is_a_vote_of_both_chambers(text: str, event: str | None) -> None:
    report = Report(id="r1", file="r1", text=text, published=date(2031, 3, 4))
    times = find_times(text, published=report.published)
    found = read_passing(report, find_names(report, recognise), times, [])
    votes = [r.event.of(text) for r in found if (r.kind, r.status) == (Kind.VOTE, Status.ANNOUNCED)]
    assert votes == ([event] if event else [])


def test_a_bill_that_was_sent_is_none_on_its_way() -> None:
    assert read("The Senate and the House differ. They sent the bill to the president’s desk.") == []


def test_a_setting_that_opens_its_sentence_is_of_whom_it_tells() -> None:
    text = "At a news conference on Monday, Ada Lund argued for the bridge."
    assert ("a news conference", Kind.CONFERENCE, Status.HELD) in read(text)
