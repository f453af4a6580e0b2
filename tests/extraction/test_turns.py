"""A word far from the event turns its status: a refusal, a decision, a question left open, the verb that follows."""

from dataclasses import replace

import pytest

from stillon.extraction.turns import by_its_words
from stillon.model import EventReading, Kind, Span, Status

ON, AHEAD, DOUBT = Status.SCHEDULED, Status.GOING_AHEAD, Status.IN_DOUBT
OFF, LATER, HELD = Status.CANCELLED, Status.POSTPONED, Status.HELD


def turned(
    text: str, event: str, cue: str, status: Status, kind: Kind = Kind.CEREMONY, when: str = ""
) -> Status | None:
    def at(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    read = EventReading(event=at(event), kind=kind, status=status, cue=at(cue) if cue else None, score=0.9)
    return by_its_words(replace(read, when=at(when) if when else None), text).status


@pytest.mark.parametrize(
    ("text", "event", "cue", "read", "wanted"),
    [
        ("The fair has not been given a new date.", "The fair", "given a new date", Status.RESCHEDULED, LATER),
        ("The fair has been given a new date.", "The fair", "given a new date", Status.RESCHEDULED, Status.RESCHEDULED),
        ("A judge rejected a motion to delay the trial.", "the trial", "rejected a motion to delay", DOUBT, AHEAD),
        ("The city refused to cancel the parade.", "the parade", "cancel", DOUBT, AHEAD),
        ("The city may cancel the parade.", "the parade", "may cancel", DOUBT, DOUBT),
        ("The mayor, who refused a loan, cancelled the parade.", "the parade", "cancelled", OFF, OFF),
        ("The fair, which had been put off twice, ended on a high note.", "The fair", "put off", LATER, HELD),
        ("The fair, which had been put off twice, opened in the rain.", "The fair", "put off", LATER, Status.UNDER_WAY),
        ("The fair, which had been put off twice, drew nobody.", "The fair", "put off", LATER, LATER),
        ("The matches were still held.", "The matches", "were still held", AHEAD, HELD),
        ("No witness, not even Ada Lund, has agreed to appear.", "appear", "has agreed to", ON, DOUBT),
        ("Both have agreed to appear.", "appear", "have agreed to", ON, ON),
        ("Neighbours tried to block the fair.", "the fair", "block", OFF, DOUBT),
        ("He filed suit in an effort to have the fair cancelled.", "the fair", "cancelled", OFF, DOUBT),
        ("The mayor threatened to skip the fair.", "the fair", "skip", OFF, DOUBT),
        ("Ada Lund is not yet scheduled to speak.", "speak", "not yet scheduled", Status.DENIED, Status.PROPOSED),
        ("She has not yet responded to an invitation to speak.", "speak", "invitation", ON, Status.PROPOSED),
        ("The mayor agreed not to close the fair.", "close the fair", "agreed", Status.ANNOUNCED, OFF),
        ("A third fair?", "A third fair", "", HELD, Status.PROPOSED),
        ("The visit is up in the air.", "The visit", "is up in the air", ON, DOUBT),
        ("It is unclear when the fair opens.", "the fair", "unclear when", ON, DOUBT),
        ("The firm will not go ahead with the launch.", "the launch", "go ahead", AHEAD, OFF),
        ("The fair is not happening.", "The fair", "not happening", AHEAD, OFF),
        ("The fair won’t happen until May.", "The fair", "won’t happen until", AHEAD, AHEAD),
        ("The debate was pulled from the calendar.", "The debate", "pulled from", ON, OFF),
        ("She pulled out of the debate.", "the debate", "pulled out of", ON, ON),
        ("The fair has yet to be cancelled.", "The fair", "cancelled", OFF, AHEAD),
        ("The fair had not formally been called off.", "The fair", "called off", OFF, AHEAD),
        ("The briefing was cancelled, then reinstated.", "The briefing", "cancelled", OFF, AHEAD),
        ("The briefing was cancelled, then forgotten.", "The briefing", "cancelled", OFF, OFF),
        ("Unions asked the city to postpone the fair.", "the fair", "postpone", LATER, DOUBT),
        ("Unions and the city agreed to postpone the fair.", "the fair", "postpone", LATER, LATER),
    ],
)
def test_what_stands_beside_a_status_turns_it(text: str, event: str, cue: str, read: Status, wanted: Status) -> None:
    assert turned(text, event, cue, read) is wanted


def test_a_decision_not_to_go_calls_the_visit_off() -> None:
    text = "He defended the decision not to visit Oslo next week."
    assert turned(text, "visit Oslo", "decision", Status.ANNOUNCED, Kind.VISIT) is OFF


def test_a_deal_that_averts_a_measure_calls_it_off() -> None:
    text = "A deal was reached with Brod to avert the tariffs due on Monday."
    assert turned(text, "the tariffs", "due", ON, Kind.MEASURE) is OFF
    assert turned("Talks on a deal to avert the tariffs go on.", "the tariffs", "avert", ON, Kind.MEASURE) is ON


def test_a_measure_made_official_is_to_come() -> None:
    text = "The city made official its ban on cars."
    assert turned(text, "its ban on cars", "made official", HELD, Kind.MEASURE) is Status.ANNOUNCED


def test_a_vote_with_its_count_was_held() -> None:
    assert (
        turned("It was tabled on a vote of 24 to 17.", "a vote of 24 to 17", "tabled", Status.PROPOSED, Kind.VOTE)
        is HELD
    )


def test_the_present_with_a_day_is_to_come() -> None:
    assert turned("The court meets on Monday.", "meets", "meets", HELD, Kind.MEETING, "Monday") is ON
    assert turned("The court meets.", "meets", "meets", HELD, Kind.MEETING) is HELD
