"""Who takes part in what one reading speaks of: with readings made by hand."""

from __future__ import annotations

import pytest

from stillon.model import Kind, Status
from tests.extraction.story import Story


def _who(story: Story) -> set[str]:
    page = story.page()
    (reading,) = page.sorted_out(story.readings)
    return {entity.name for entity in page.node(reading).who}


@pytest.mark.parametrize(
    ("text", "event", "who", "heard"),
    [
        ("Ada Lund will not let Jon Voss testify on Friday.", "testify", ["Ada Lund", "Jon Voss"], {"Jon Voss"}),
        (
            "Ada Lund and Jon Voss will testify on Friday.",
            "testify",
            ["Ada Lund", "Jon Voss"],
            {"Ada Lund", "Jon Voss"},
        ),
        ("Ada Lund blocked the testimony of Jon Voss.", "testimony", ["Ada Lund", "Jon Voss"], {"Jon Voss"}),
        ("Ada Lund wants to hear from Jon Voss.", "hear from Jon Voss", ["Ada Lund", "Jon Voss"], {"Jon Voss"}),
        ("Ada Lund lets Jon Voss testify.", "Jon Voss testify", ["Ada Lund", "Jon Voss"], {"Jon Voss"}),
        ("Ada Lund will testify, along with Jon Voss, on Friday.", "testify", ["Ada Lund"], {"Ada Lund", "Jon Voss"}),
        (
            "An adviser to Ada Lund and Jon Voss will testify.",
            "testify",
            ["An adviser to Ada Lund", "Jon Voss"],
            {"Jon Voss"},
        ),
    ],
)
def test_of_a_testimony_only_who_is_heard_takes_part(text: str, event: str, who: list[str], heard: set[str]) -> None:
    assert _who(Story(text).event(event, Kind.TESTIMONY, Status.PROPOSED, event, who=who)) == heard


def test_who_refuses_to_appear_is_who_would() -> None:
    story = Story("Ada Lund refused to appear before the Senate Harbour Committee.")
    story.event("appear", Kind.TESTIMONY, Status.DENIED, "refused", who=["Ada Lund"]).said("to appear", "Ada Lund")
    assert _who(story) == {"Ada Lund"}


def test_who_tells_others_to_appear_only_speaks() -> None:
    story = Story("Ada Lund told Jon Voss not to appear before the Senate Harbour Committee.")
    story.event("appear", Kind.TESTIMONY, Status.DENIED, "told", who=["Ada Lund", "Jon Voss"])
    story.said("not to appear", "Ada Lund")
    assert _who(story) == {"Jon Voss"}


def test_the_body_of_an_officer_or_a_seat_does_not_meet() -> None:
    story = Story("Senate Harbour Committee chairman Ada Lund will meet Jon Voss on Friday.")
    story.event(
        "meet Jon Voss", Kind.MEETING, Status.SCHEDULED, "will", who=["Senate Harbour Committee chairman Ada Lund"]
    )
    assert _who(story) == {"Ada Lund", "Jon Voss"}


def test_a_relative_takes_part_and_not_whose_relative_it_is() -> None:
    story = Story("Jon Voss’s wife, Ada Lund, will meet Mira Kant on Friday.")
    story.event(
        "meet Mira Kant", Kind.MEETING, Status.SCHEDULED, "will", who=["Jon Voss’s wife", "Ada Lund"], when="Friday"
    )
    assert _who(story) == {"Ada Lund", "Mira Kant"}


def test_what_is_always_read_as_an_event_is_nobody() -> None:
    story = Story("Ada Lund put off the Address of the Isles. The next Address of the Isles is not planned.")
    story.event("the Address of the Isles", Kind.SPEECH, Status.POSTPONED, "put off", who=["Ada Lund"])
    story.event("The next Address of the Isles", Kind.SPEECH, Status.DENIED, "not planned")
    page = story.page()
    nodes = [page.node(reading) for reading in page.sorted_out(story.readings)]
    assert {entity.name for node in nodes for entity in node.who} == {"Ada Lund"}


def test_people_without_a_name_who_act_together_are_put_out_in_their_words() -> None:
    story = Story("Thousands of dockers will march in Fjordby on Friday.")
    story.event(
        "march", Kind.PROTEST, Status.SCHEDULED, "will", who=["Thousands of dockers"], where="Fjordby", when="Friday"
    )
    (mention,) = story.read().mentions
    assert mention.participants == ("Thousands of dockers",)


def test_a_testimony_of_people_without_a_name_is_theirs_and_not_before_them() -> None:
    story = Story("Five ministry officials will testify behind closed doors on Friday.")
    story.event("testify", Kind.TESTIMONY, Status.SCHEDULED, "will", who=["Five ministry officials"], when="Friday")
    (mention,) = story.read().mentions
    assert "before" not in mention.name


def test_who_presides_over_a_hearing_is_not_heard() -> None:
    story = Story("Senate Harbour Committee Chairman Jon Voss will hold a hearing with Ada Lund on Friday.")
    story.event("a hearing", Kind.HEARING, Status.SCHEDULED, "will hold", who=["Jon Voss", "Ada Lund"])
    assert _who(story) == {"Ada Lund"}


def test_whose_report_a_testimony_is_about_takes_no_part() -> None:
    story = Story("Ada Lund’s testimony on Jon Voss’s report was put off.")
    story.event(
        "Ada Lund’s testimony on Jon Voss’s report", Kind.TESTIMONY, Status.POSTPONED, "put off", who=["Ada Lund"]
    )
    assert _who(story) == {"Ada Lund"}


def test_who_says_i_takes_part() -> None:
    story = Story("Ada Lund said I will speak on Friday.")
    story.event("speak", Kind.SPEECH, Status.SCHEDULED, "will", who=["I"]).said("I will speak on Friday", "Ada Lund")
    assert _who(story) == {"Ada Lund"}


def test_who_he_is_gives_the_speech_and_not_whom_the_letter_was_sent_to() -> None:
    story = Story("Jon Voss sent a letter to Karel Brod saying he would speak on Friday.")
    story.event("speak", Kind.SPEECH, Status.SCHEDULED, "would", who=["Jon Voss", "Karel Brod"])
    assert _who(story) == {"Jon Voss"}


def test_his_panel_is_the_committee_that_he_chairs() -> None:
    story = Story(
        "Harbour Committee Chairman Karel Brod spoke. Ada Lund praised him. Jon Voss will testify to his panel."
    )
    story.event("testify to his panel", Kind.TESTIMONY, Status.ANNOUNCED, "will", who=["Jon Voss", "his panel"])
    assert _who(story) == {"Jon Voss", "Harbour Committee"}


@pytest.mark.parametrize(
    "lawyer", ["Jon Voss’s lawyer, Ada Lund,", "Jon Voss attorney Ada Lund", "Ada Lund, a lawyer for Jon Voss,"]
)
def test_her_client_is_whose_lawyer_she_is(lawyer: str) -> None:
    story = Story(f"{lawyer} said her client was willing to testify. Jon Voss was silent.")
    story.event("testify", Kind.TESTIMONY, Status.PROPOSED, "willing", who=["her client"])
    assert _who(story) == {"Jon Voss"}


def test_the_committee_is_the_one_named_last() -> None:
    story = Story("The Senate Harbour Committee sat. Jon Voss will testify to the committee.")
    story.event("testify", Kind.TESTIMONY, Status.ANNOUNCED, "will", who=["Jon Voss", "the committee"])
    assert _who(story) == {"Jon Voss", "Senate Harbour Committee"}


def test_committees_of_one_name_in_both_chambers_are_two() -> None:
    story = Story("Jon Voss will testify before the House and Senate Harbour Committees.")
    story.event(
        "testify", Kind.TESTIMONY, Status.ANNOUNCED, "will", who=["Jon Voss", "the House", "Senate Harbour Committees"]
    )
    assert _who(story) >= {"Jon Voss", "House Harbour Committee", "Senate Harbour Committee"}


def test_a_speech_is_its_owners() -> None:
    story = Story("Jon Voss set the stage for Ada Lund’s address.")
    story.event("Ada Lund’s address", Kind.SPEECH, Status.ANNOUNCED, "set", who=["Jon Voss", "Ada Lund"])
    assert _who(story) == {"Ada Lund"}


def test_who_must_meet_a_deadline_stands_before_its_verb() -> None:
    story = Story("The board wrote to Jon Voss. It will act if he misses a Friday deadline.")
    story.event("a Friday deadline", Kind.DEADLINE, Status.SCHEDULED, "Friday", when="Friday")
    assert _who(story) == {"Jon Voss"}


def test_you_are_the_one_to_whom_the_letter_is() -> None:
    story = Story("“Your refusal to give a deposition is serious,” Ada Lund warned in a letter to Mr. Jon Voss.")
    story.event("a deposition", Kind.TESTIMONY, Status.DENIED, "refusal")
    story.said("Your refusal to give a deposition is serious", "Ada Lund")
    assert _who(story) == {"Jon Voss"}


def test_who_goes_to_anothers_rally_does_not_hold_it() -> None:
    story = Story("Ada Lund would not attend the rally.")
    story.event("the rally", Kind.RALLY, None, "attend", who=["Ada Lund"])
    assert _who(story) == set()


def test_whom_another_sentence_names_takes_no_part() -> None:
    story = Story("Ada Lund left. The council votes on Friday.")
    story.event("votes", Kind.VOTE, Status.SCHEDULED, "votes", who=["Ada Lund"])
    assert _who(story) == set()


def test_who_threatens_to_refuse_is_who_would_appear() -> None:
    story = Story("Ada Lund threatened to refuse to testify before the Senate Harbour Committee.")
    story.event("testify", Kind.TESTIMONY, Status.DENIED, "refuse", who=["Ada Lund"])
    story.said("to refuse to testify before the Senate Harbour Committee", "Ada Lund")
    assert _who(story) == {"Ada Lund"}


def test_people_of_a_land_are_its_side() -> None:
    story = Story("Ada Lund will hold talks with Danish officials on Friday.")
    story.event("talks with Danish officials", Kind.TALKS, Status.SCHEDULED, "will hold", who=["Ada Lund"])
    page = story.page()
    (reading,) = page.sorted_out(story.readings)
    assert [entity.name for entity in page.node(reading).named] == ["Denmark"]


def test_a_panel_that_meets_to_vote_only_votes() -> None:
    story = Story("The Senate Harbour Committee will meet at 9 a.m. on Friday to vote on the bill.")
    story.event("meet", Kind.MEETING, Status.SCHEDULED, "will meet").event(
        "vote on the bill", Kind.VOTE, Status.SCHEDULED, "will"
    )
    assert [reading.kind for reading in story.page().sorted_out(story.readings)] == [Kind.VOTE]
