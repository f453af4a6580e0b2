"""Readings joined into events, and those kept apart: with readings made by hand."""

from __future__ import annotations

from dataclasses import replace

from stillon.extraction.plans import considered, told_of
from stillon.model import Kind, Status
from tests.extraction.story import Story


def _groups(story: Story) -> list[set[str]]:
    found = considered(story.page(), story.readings)
    return [{node.reading.event.of(story.report.text) for node in each.group.nodes} for each in found]


def test_a_news_conference_is_not_the_meeting_that_it_is_about() -> None:
    story = Story("Ada Lund met Jon Voss in Fjordby. At a news conference with Jon Voss she was in good spirits.")
    story.event("met Jon Voss", Kind.MEETING, Status.HELD, "met", who=["Ada Lund", "Jon Voss"], where="Fjordby")
    story.event("news conference", Kind.CONFERENCE, Status.HELD, "At", who=["Jon Voss", "Ada Lund"])
    assert len(_groups(story)) == 2


def test_testimonies_of_two_are_two() -> None:
    story = Story("Ada Lund will testify on Friday. Jon Voss is to give testimony on Friday.")
    story.event("testify", Kind.TESTIMONY, Status.SCHEDULED, "will", who=["Ada Lund"], when="Friday")
    story.event("testimony", Kind.TESTIMONY, Status.SCHEDULED, "is to", who=["Jon Voss"])
    assert len(_groups(story)) == 2


def test_hearings_of_one_on_two_days_are_two() -> None:
    story = Story("Ada Lund will testify on March 6. Ada Lund will also give testimony on March 9.")
    story.event("testify", Kind.TESTIMONY, Status.SCHEDULED, "will", who=["Ada Lund"], when="March 6")
    story.event("testimony", Kind.TESTIMONY, Status.SCHEDULED, "will also", when="March 9")
    assert len(_groups(story)) == 2


def test_two_indefinite_things_of_one_sentence_are_two() -> None:
    story = Story("Ada Lund and Jon Voss plan a dinner and a larger dinner with officials.")
    story.event("a dinner", Kind.MEETING, Status.ANNOUNCED, "plan", who=["Ada Lund", "Jon Voss"])
    story.event("a larger dinner", Kind.MEETING, Status.ANNOUNCED, "plan", who=["Ada Lund", "Jon Voss"])
    assert len(_groups(story)) == 2


def test_visits_to_two_countries_are_two() -> None:
    story = Story("Ada Lund cancelled her trip to Norway. Ada Lund will go on a trip to Sweden.")
    story.event("trip to Norway", Kind.VISIT, Status.CANCELLED, "cancelled", who=["Ada Lund"], where="Norway")
    story.event("trip to Sweden", Kind.VISIT, Status.ANNOUNCED, "will", where="Sweden")
    assert len(_groups(story)) == 2


def test_groups_that_come_to_fit_are_made_one() -> None:
    story = Story(
        "A speech is planned. It rained. It rained again. It snowed. It hailed. It thawed. "
        "Ada Lund will give a speech on Friday. It froze. Her speech on Friday will be her first."
    )
    story.event("A speech", Kind.SPEECH, Status.ANNOUNCED, "planned")
    story.event("a speech on Friday", Kind.SPEECH, Status.SCHEDULED, "will give", who=["Ada Lund"], when="Friday")
    story.event("Her speech", Kind.SPEECH, Status.SCHEDULED, "will be", who=["Ada Lund"])
    groups = _groups(story)
    assert {"a speech on Friday", "Her speech"} <= groups[-1]


def test_an_event_that_no_reading_is_sure_of_has_the_likeliest_status() -> None:
    story = Story("Ada Lund and Jon Voss are to hold talks in Fjordby on Friday.")
    story.event("talks", Kind.TALKS, None, "are to", who=["Ada Lund", "Jon Voss"], where="Fjordby", when="Friday")
    scores = (("none", 0.4), ("scheduled", 0.35), ("announced", 0.2))
    story.readings[0] = replace(story.readings[0], score=0.6, status_scores=scores)
    found = considered(story.page(), story.readings)
    assert found[0].mention.status is None
    assert told_of(found[0]).mention.status is Status.SCHEDULED


def test_whom_a_vote_is_read_of_parts_no_two_votes_of_one_body() -> None:
    story = Story("Ada Lund set a vote for Friday. Jon Voss opposes the vote.")
    story.event("a vote", Kind.VOTE, Status.SCHEDULED, "set", who=["Ada Lund"], when="Friday")
    story.event("the vote", Kind.VOTE, Status.IN_DOUBT, "opposes", who=["Jon Voss"])
    assert _groups(story) == [{"a vote", "the vote"}]


def test_a_hearing_and_the_testimony_given_at_it_are_one() -> None:
    story = Story("Ada Lund will testify on Friday. It rained. The hearing of Ada Lund on Friday may run long.")
    story.event("testify", Kind.TESTIMONY, Status.SCHEDULED, "will", who=["Ada Lund"], when="Friday")
    story.event("The hearing of Ada Lund", Kind.HEARING, Status.SCHEDULED, "may", who=["Ada Lund"])
    assert len(_groups(story)) == 1


def test_a_testimony_that_was_given_is_not_the_one_that_was_refused() -> None:
    story = Story("Ada Lund testified before the Senate Harbour Committee. Ada Lund refused to testify again.")
    story.event("testified", Kind.TESTIMONY, Status.HELD, "testified", who=["Ada Lund"])
    story.event("testify again", Kind.TESTIMONY, Status.DENIED, "refused", who=["Ada Lund"])
    assert len(_groups(story)) == 2


def test_talks_held_one_day_and_to_go_on_the_next_are_one() -> None:
    story = Story("Norway and Sweden held talks on March 3. The talks of Norway and Sweden will go on on March 5.")
    story.event("talks", Kind.TALKS, Status.HELD, "held", who=["Norway", "Sweden"], when="March 3")
    story.event("The talks", Kind.TALKS, Status.SCHEDULED, "will", who=["Norway", "Sweden"], when="March 5")
    assert len(_groups(story)) == 1


def test_a_meeting_at_a_standing_gathering_is_another_one() -> None:
    story = Story("Ada Lund will skip the G-20 summit. Ada Lund cancelled her summit with Jon Voss.")
    story.event("the G-20 summit", Kind.MEETING, Status.SCHEDULED, "will", who=["Ada Lund"])
    story.event("her summit with Jon Voss", Kind.MEETING, Status.CANCELLED, "cancelled", who=["Ada Lund", "Jon Voss"])
    assert len(_groups(story)) == 2


def test_new_tariffs_are_no_further_ones() -> None:
    story = Story("Norway put off new tariffs on March 3. Norway delayed the tariffs to May 9.")
    story.event("new tariffs", Kind.MEASURE, Status.POSTPONED, "put off", who=["Norway"])
    story.event("the tariffs", Kind.MEASURE, Status.RESCHEDULED, "delayed", who=["Norway"], when="May 9")
    assert len(_groups(story)) == 1


def test_a_hearing_held_without_the_witness_is_not_his_testimony() -> None:
    story = Story("Ada Lund refused to testify. The hearing without Ada Lund was held.")
    story.event("testify", Kind.TESTIMONY, Status.DENIED, "refused", who=["Ada Lund"])
    story.event("The hearing without Ada Lund", Kind.HEARING, Status.HELD, "was held", who=["Ada Lund"])
    assert len(_groups(story)) == 2


def test_a_former_day_tells_no_two_apart() -> None:
    story = Story("Ada Lund will hold a rally on March 8. Ada Lund moved the rally from March 7.")
    story.event("a rally", Kind.RALLY, Status.SCHEDULED, "will hold", who=["Ada Lund"], when="March 8")
    story.event("the rally", Kind.RALLY, None, "moved", who=["Ada Lund"], was="March 7")
    assert _groups(story) == [{"a rally", "the rally"}]


def test_a_name_that_ends_as_a_gathering_does_is_none() -> None:
    story = Story("Ada Lund will meet Pak Un on Friday. The summit with Pak Un will be in Fjordby.")
    story.event("meet Pak Un", Kind.MEETING, Status.SCHEDULED, "will", who=["Ada Lund"], when="Friday")
    story.event("The summit with Pak Un", Kind.MEETING, Status.SCHEDULED, "will be", where="Fjordby")
    assert [node.gathering for node in map(story.page().node, story.readings)] == [None, None]


def test_the_vote_of_a_committee_is_not_the_vote_of_the_whole_chamber() -> None:
    story = Story("The committee vote on Tuesday set up a full vote by the Senate. The floor vote is near.")
    story.event("The committee vote", Kind.VOTE, Status.HELD, "set up")
    story.event("a full vote by the Senate", Kind.VOTE, Status.ANNOUNCED, "set up")
    story.event("The floor vote", Kind.VOTE, Status.ANNOUNCED, "is near")
    assert {"The committee vote"} in _groups(story)


def test_a_pale_reading_is_of_the_kind_of_its_noun() -> None:
    story = Story("Ada Lund holds a rally in Fjordby on Friday. Nobody went to the rally.")
    story.event("a rally", Kind.RALLY, Status.SCHEDULED, "holds", who=["Ada Lund"], when="Friday")
    story.event("the rally", Kind.CONFERENCE, None, "went to")
    assert _groups(story) == [{"a rally", "the rally"}]


def test_a_bill_is_one_whoever_is_said_to_withdraw_it() -> None:
    story = Story("Ada Lund withdrew the harbour bill on Friday. Norway brought in a harbour bill in May.")
    story.event("the harbour bill", Kind.MEASURE, Status.CANCELLED, "withdrew", who=["Ada Lund"])
    story.event("a harbour bill", Kind.MEASURE, Status.ANNOUNCED, "brought in", who=["Norway"])
    assert len(story.read().mentions) == 1


def test_a_speech_is_not_the_convention_at_which_it_is_given() -> None:
    story = Story("Ada Lund gave a short speech. The day before had opened the convention.")
    story.event("a short speech", Kind.SPEECH, Status.HELD, "gave")
    story.event("the convention", Kind.CONFERENCE, Status.HELD, "opened")
    assert {each.kind for each in story.read().mentions} == {Kind.SPEECH, Kind.CONFERENCE}


def test_a_sitting_at_which_two_testify_is_a_hearing_of_both() -> None:
    story = Story(
        "The Harbour Committee set a hearing for Friday. "
        "Ada Lund and Jon Voss will testify before the Harbour Committee."
    )
    story.event("a hearing", Kind.HEARING, Status.SCHEDULED, "set", who=["Harbour Committee"], when="Friday")
    both = ["Ada Lund", "Jon Voss", "Harbour Committee."]
    story.event("testify before", Kind.TESTIMONY, Status.ANNOUNCED, "will", who=both)
    (found,) = story.read().mentions
    assert (found.kind, set(found.participants)) == (Kind.HEARING, {"Ada Lund", "Jon Voss", "Harbour Committee"})


def test_a_summit_is_a_meeting_save_of_a_standing_gathering_or_a_name_of_its_own() -> None:
    told = {
        "her summit with Norway": Kind.MEETING,
        "the G-20 summit": Kind.CONFERENCE,
        "the Harbour 100 Summit": Kind.CONFERENCE,
    }
    for words, kind in told.items():
        story = Story(f"Ada Lund will go to {words} on Friday.")
        story.event(words, Kind.CONFERENCE, Status.SCHEDULED, "will", who=["Ada Lund"], when="Friday")
        assert [each.kind for each in story.read().mentions] == [kind]
