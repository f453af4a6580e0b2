"""Phrases that carry a status."""

import pytest

from stillon.extraction.modality import status_in
from stillon.model import Status


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("has been called off", Status.CANCELLED),
        ("was put off until May", Status.POSTPONED),
        ("is on hold", Status.ON_HOLD),
        ("could be cancelled", Status.IN_DOUBT),
        ("has not been cancelled", Status.GOING_AHEAD),
        ("will go ahead as planned", Status.GOING_AHEAD),
        ("there are no plans for", Status.DENIED),
        ("was rescheduled for", Status.RESCHEDULED),
        ("is scheduled for", Status.SCHEDULED),
        ("took place", Status.HELD),
        ("the weather was fine", None),
    ],
)
def test_a_phrase_gives_its_status_and_what_turns_it_comes_first(words: str, status: Status | None) -> None:
    assert status_in(words) is status
