"""Who takes part where it is learned, and where rules say so."""

from __future__ import annotations

import pytest

from stillon.extraction.joining import Group
from stillon.extraction.lexicon import load_table
from stillon.extraction.nodes import Page
from stillon.extraction.parties import SORTS, signs_of_parties, taking_part
from stillon.extraction.plans import considered
from stillon.model import Kind, Status
from tests.extraction.story import Story

LAUNCH = "Jon Voss liked the weather. Ada Lund will launch the new ferry line on Friday. Fjordby is rainy."


def _found(story: Story) -> tuple[Page, Group]:
    page = story.page()
    return page, considered(page, story.readings)[0].group


def test_the_one_named_beside_a_launch_takes_part_though_no_reading_says_so() -> None:
    story = Story(LAUNCH).event(
        "launch the new ferry line", Kind.LAUNCH, Status.SCHEDULED, "will launch", when="Friday"
    )
    page, group = _found(story)
    assert taking_part(page, group, Kind.LAUNCH) == ("Ada Lund",)


def test_every_sign_has_a_weight_and_lies_between_none_and_one() -> None:
    story = Story(LAUNCH).event(
        "launch the new ferry line", Kind.LAUNCH, Status.SCHEDULED, "will launch", who=["Ada Lund"]
    )
    signs = signs_of_parties(*_found(story), ("Ada Lund",))
    assert set(signs) == {"Ada Lund", "Jon Voss"}
    for told in signs.values():
        assert set(told) == set(load_table("parties")["weights"])
        assert all(0 <= value <= 1 for value in told.values())
        assert sum(told[sort] for sort in SORTS) == 1
    assert signs["Ada Lund"]["close"] > signs["Jon Voss"]["close"]


@pytest.mark.parametrize("kind", [Kind.MEETING, Kind.VISIT, Kind.TALKS])
def test_kinds_with_rules_of_their_own_keep_them(kind: Kind) -> None:
    story = Story("Ada Lund will see Jon Voss on Friday, said Mira Kant.")
    story.event("see Jon Voss", kind, Status.SCHEDULED, "will see", who=["Ada Lund"], when="Friday")
    assert taking_part(*_found(story), kind) == ("Ada Lund", "Jon Voss")


def test_a_vote_on_the_floor_is_no_committees() -> None:
    story = Story("The Senate Harbour Committee met. The Senate will hold a floor vote on Friday, said the Senate.")
    story.event(
        "a floor vote", Kind.VOTE, Status.SCHEDULED, "will hold", who=["Senate Harbour Committee", "The Senate"]
    )
    assert story.read().mentions[0].participants == ("Senate",)


def test_a_bill_is_aimed_at_no_other_country() -> None:
    for noun, parties in (("bill", {"Norway"}), ("ban", {"Norway", "Sweden"})):
        story = Story(f"Norway put off its {noun} in talks with Sweden.")
        story.event(f"its {noun}", Kind.MEASURE, Status.POSTPONED, "put off", who=["Norway"])
        assert set(story.read().mentions[0].participants) == parties


def test_testimony_to_a_chamber_is_before_its_only_committee_that_is_named() -> None:
    story = Story("Ada Lund will testify to the Senate. Her testimony to the Senate Harbour Committee may be long.")
    story.event("testify to the Senate", Kind.TESTIMONY, Status.SCHEDULED, "will", who=["Ada Lund", "Senate"])
    words = "Her testimony to the Senate Harbour Committee"
    story.event(words, Kind.TESTIMONY, Status.SCHEDULED, "may", who=["Senate Harbour Committee"])
    assert story.read().mentions[0].participants == ("Ada Lund", "Senate Harbour Committee")


def test_a_vote_in_committee_is_the_committees() -> None:
    story = Story("The Senate Harbour Committee will hold a committee vote on Friday, said the Senate.")
    story.event("a committee vote", Kind.VOTE, Status.SCHEDULED, "will", who=["Senate Harbour Committee", "the Senate"])
    assert story.read().mentions[0].participants == ("Senate Harbour Committee",)
