"""Readings joined into events, and sayings made claims about them: with readings made by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from stillon.extraction.claims import CLAIMS_MOST
from stillon.extraction.encoder import Statements, Told
from stillon.extraction.sentences import split_sentences
from stillon.model import EventReading, Kind, Span, Status
from tests.extraction.story import Story


def test_a_later_the_meeting_is_the_meeting_named_before() -> None:
    story = Story("Ada Lund will meet Jon Voss on Friday. The meeting was put off, an aide said.")
    story.event(
        "meet Jon Voss", Kind.MEETING, Status.SCHEDULED, "will meet", who=["Ada Lund", "Jon Voss"], when="Friday"
    )
    story.event("The meeting", Kind.MEETING, Status.POSTPONED, "put off")
    found = story.read()
    assert len(found.mentions) == 1
    assert set(found.mentions[0].participants) == {"Ada Lund", "Jon Voss"}
    assert [c.status for c in found.claims] == [Status.SCHEDULED, Status.POSTPONED]


def test_a_meeting_of_others_on_another_day_is_another_event() -> None:
    story = Story("Ada Lund will meet Jon Voss on Friday. Mira Kant met Karel Brod on March 1.")
    story.event(
        "meet Jon Voss", Kind.MEETING, Status.SCHEDULED, "will meet", who=["Ada Lund", "Jon Voss"], when="Friday"
    )
    story.event("met Karel Brod", Kind.MEETING, Status.HELD, "met", who=["Mira Kant", "Karel Brod"], when="March 1")
    assert len(story.read().mentions) == 2


def test_a_bare_summit_does_not_bring_the_people_of_its_sentence_with_it() -> None:
    story = Story(
        "Ada Lund will hold a meeting with Jon Voss. Mira Kant and Karel Brod must agree before the summit can be set."
    )
    story.event("a meeting with Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will hold", who=["Ada Lund", "Jon Voss"])
    story.event("the summit", Kind.MEETING, Status.ANNOUNCED, "can be set", who=["Mira Kant", "Karel Brod"])
    (mention,) = story.read().mentions
    assert set(mention.participants) == {"Ada Lund", "Jon Voss"}


def test_who_stands_in_a_clause_before_the_main_one_does_not_take_part() -> None:
    story = Story("Before Ada Lund and Jon Voss sit down, Mira Kant will meet Karel Brod on Friday.")
    story.event(
        "meet Karel Brod",
        Kind.MEETING,
        Status.SCHEDULED,
        "will meet",
        who=["Ada Lund", "Jon Voss", "Mira Kant", "Karel Brod"],
        when="Friday",
    )
    (mention,) = story.read().mentions
    assert set(mention.participants) == {"Mira Kant", "Karel Brod"}


def test_people_who_are_only_described_meet_apart_from_those_named() -> None:
    story = Story("Ada Lund will meet Jon Voss in May. Senior advisers will meet next week to prepare the ground.")
    story.event("meet Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will meet", who=["Ada Lund", "Jon Voss"], when="May")
    story.readings.append(
        EventReading(
            event=story.span("meet", 40),
            kind=Kind.MEETING,
            status=Status.SCHEDULED,
            cue=story.span("will meet next"),
            who=(story.span("Senior advisers"),),
            when=story.span("next week"),
            sentence=split_sentences(story.report.text)[1],
        )
    )
    first, second = story.read().mentions
    assert set(first.participants) == {"Ada Lund", "Jon Voss"}
    assert second.participants == ("Senior advisers",)


def test_what_is_only_prepared_gets_no_status_from_the_meeting_that_prepares_it() -> None:
    story = Story("Ada Lund and Jon Voss are scheduled to meet on Friday to prepare the vote of the Senate.")
    story.event("meet", Kind.MEETING, Status.SCHEDULED, "scheduled", who=["Ada Lund", "Jon Voss"], when="Friday")
    story.event("the vote", Kind.VOTE, Status.SCHEDULED, "scheduled")
    claims = story.read().claims
    assert [c.status for c in claims if c.status] == [Status.SCHEDULED]


def test_a_place_behind_the_name_of_another_event_is_that_events() -> None:
    story = Story("Ada Lund will meet Jon Voss on Friday to discuss the march in Arden Square.")
    story.event(
        "meet Jon Voss",
        Kind.MEETING,
        Status.SCHEDULED,
        "will meet",
        who=["Ada Lund", "Jon Voss"],
        when="Friday",
        where="Arden Square",
    )
    story.event("the march", Kind.PROTEST, Status.ANNOUNCED, "discuss", where="Arden Square")
    places = {m.kind: m.place for m in story.read().mentions}
    assert places[Kind.MEETING] is None


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("in Arden Square", "Arden Square"),
        ("in the capital", None),
        ("at the old courthouse", "old courthouse"),
        ("in their summit in Westholm", "Westholm"),
        ("in a harsh tone", None),
    ],
)
def test_only_words_for_a_place_are_a_place(where: str, place: str | None) -> None:
    story = Story(f"Ada Lund will meet Jon Voss on Friday {where}.")
    story.event("meet Jon Voss", Kind.MEETING, Status.SCHEDULED, "will meet", who=["Ada Lund", "Jon Voss"], where=where)
    assert story.read().mentions[0].place == place


def test_where_nobody_is_named_a_vote_is_of_the_body_named_near_it() -> None:
    story = Story("The Senate Harbour Committee has read the bill. A vote on the harbour bill is set for Friday.")
    story.event("A vote on the harbour bill", Kind.VOTE, Status.SCHEDULED, "is set", when="Friday")
    assert story.read().mentions[0].participants == ("Senate Harbour Committee",)


def test_what_a_report_is_most_about_is_put_out_and_a_thin_thing_beside_it_is_not() -> None:
    story = Story("The strike has been called off. " + "It rained. " * 20 + "Some kind of get-together may come.")
    story.event("The strike", Kind.STRIKE, Status.CANCELLED, "called off")
    story.event("get-together", Kind.OTHER, Status.PROPOSED, "may come")
    story.readings[1] = replace(story.readings[1], score=0.5)
    assert [m.kind for m in story.read().mentions] == [Kind.STRIKE]


def test_a_saying_claims_what_is_read_inside_it() -> None:
    story = Story("The strike has been called off, Ada Lund said. It is a good day.")
    story.event("The strike", Kind.STRIKE, Status.CANCELLED, "called off")
    story.said("The strike has been called off", "Ada Lund")
    (claim,) = story.read().claims
    assert claim.status is Status.CANCELLED
    assert claim.sources[0].name == "Ada Lund"
    assert claim.span.of(story.report.text) == claim.text


def test_what_no_saying_covers_is_the_reports_own_voice() -> None:
    story = Story("The strike has been called off.")
    story.event("The strike", Kind.STRIKE, Status.CANCELLED, "called off")
    (claim,) = story.read().claims
    assert claim.sources == ()
    assert claim.status is Status.CANCELLED


def test_a_saying_near_an_event_bears_on_it_without_a_status() -> None:
    story = Story("The strike has been called off. “It is a good day,” Ada Lund said.")
    story.event("The strike", Kind.STRIKE, Status.CANCELLED, "called off")
    story.said("It is a good day", "Ada Lund")
    silent = [c for c in story.read().claims if c.sources]
    assert [c.status for c in silent] == [None]
    assert silent[0].mention is not None


def test_the_former_day_of_what_was_put_off_stays_its_day() -> None:
    story = Story("The vote planned for March 10 has been postponed.")
    story.event("The vote", Kind.VOTE, Status.POSTPONED, "postponed", was="March 10")
    (claim,) = story.read().claims
    assert claim.when is not None
    assert claim.when.start == date(2031, 3, 10)
    assert claim.was is None


def test_a_testimony_is_before_the_body_that_its_sentence_names() -> None:
    story = Story("Ada Lund will testify on ferries. The Senate Harbour Committee set the testimony for Friday.")
    story.event("testify on ferries", Kind.TESTIMONY, Status.ANNOUNCED, "will", who=["Ada Lund"])
    story.event("the testimony", Kind.TESTIMONY, Status.SCHEDULED, "set", when="Friday")
    (mention,) = story.read().mentions
    assert mention.participants == ("Ada Lund", "Senate Harbour Committee")
    assert mention.name == "Ada Lund’s testimony before the Senate Harbour Committee on ferries"


def test_a_meeting_has_the_other_side_that_its_sentence_names() -> None:
    story = Story("Ada Lund plans a meeting next month, and Jon Voss has agreed to come.")
    story.event("a meeting", Kind.MEETING, Status.ANNOUNCED, "plans", who=["Ada Lund"], when="next month")
    (mention,) = story.read().mentions
    assert mention.participants == ("Ada Lund", "Jon Voss")
    assert mention.name == "Lund–Voss meeting"


def test_what_is_announced_for_a_day_is_scheduled() -> None:
    story = Story("Ada Lund will speak on Friday.")
    story.event("speak", Kind.SPEECH, Status.ANNOUNCED, "will", who=["Ada Lund"], when="Friday")
    (claim,) = story.read().claims
    assert claim.status is Status.SCHEDULED


def test_the_only_day_of_a_sentence_is_the_day_of_what_is_fixed() -> None:
    story = Story("It is fixed for Friday, the vote.")
    story.event("the vote", Kind.VOTE, Status.SCHEDULED, "fixed")
    (claim,) = story.read().claims
    assert claim.when is not None
    assert claim.when.start == date(2031, 3, 7)


def test_what_a_report_repeats_of_its_own_is_one_claim() -> None:
    story = Story("Ada Lund will meet Jon Voss. Ada Lund will see Jon Voss.")
    story.event("meet Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will meet", who=["Ada Lund", "Jon Voss"])
    story.event("see Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will see", who=["Ada Lund", "Jon Voss"])
    assert len(story.read().claims) == 1


def test_what_no_noun_names_bears_the_words_of_the_report() -> None:
    story = Story("Ada Lund will close the old pier on Friday.")
    story.event("close the old pier", Kind.MEASURE, Status.SCHEDULED, "will close", who=["Ada Lund"], when="Friday")
    assert story.read().mentions[0].name == "Ada Lund to close the old pier"


def test_a_name_that_is_cut_off_goes_on_to_its_noun() -> None:
    story = Story("The reopening of the old pier is near, said Mira Kant.")
    story.event("The reopening of the", Kind.LAUNCH, Status.ANNOUNCED, "is near")
    assert story.read().mentions[0].name.endswith("reopening of the old pier")


@dataclass(frozen=True)
class Claiming(Statements):
    """Statements of a text of which one claims a status."""

    span: Span | None = None
    status: Status | None = None

    def told_by(self, span: Span) -> Told:
        return Told(self.status, 0.9, 0.9) if span == self.span else Told(None, 0.1, 0.1)


def test_a_statement_that_names_no_event_claims_a_status_of_the_one_spoken_of() -> None:
    story = Story(
        "Ada Lund will meet Jon Voss. It is not happening on Friday, said Mira Kant. It rained, said Karel Brod."
    )
    story.event("meet Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will meet", who=["Ada Lund", "Jon Voss"])
    story.said("It is not happening on Friday", "Mira Kant").said("It rained", "Karel Brod")
    story.statements = Claiming(span=story.span("It is not happening on Friday"), status=Status.POSTPONED)
    told = {claim.text: claim for claim in story.read().claims}
    claim = told["It is not happening on Friday"]
    assert (claim.status, claim.implied) == (Status.POSTPONED, True)
    assert claim.mention == told["Ada Lund will meet Jon Voss."].mention
    assert (told["It rained"].status, told["It rained"].implied) == (None, False)


def test_an_event_that_is_over_leaves_the_saying_that_names_it_to_the_one_to_come() -> None:
    story = Story("Ada Lund will meet Jon Voss. While their call on Monday went well, he is not ready, said Mira Kant.")
    story.event("meet Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will meet", who=["Ada Lund", "Jon Voss"])
    story.event("their call", Kind.CALL, Status.HELD, "went well", when="on Monday")
    story.said("While their call on Monday went well, he is not ready", "Mira Kant")
    told = {claim.text: claim.mention for claim in story.read().claims}
    assert told["While their call on Monday went well, he is not ready"] == told["Ada Lund will meet Jon Voss."]
    assert told["their call"] not in (None, told["Ada Lund will meet Jon Voss."])


def test_a_status_whose_words_another_says_is_read_off_each_statement() -> None:
    story = Story(
        "The meeting of Ada Lund and Jon Voss goes on, said Mira Kant, though the plans are on hold, said Karel Brod."
    )
    story.event("The meeting of Ada Lund and Jon Voss", Kind.MEETING, Status.GOING_AHEAD, "are on hold")
    story.said("The meeting of Ada Lund and Jon Voss goes on", "Mira Kant").said("the plans are on hold", "Karel Brod")
    story.statements = Claiming(span=story.span("the plans are on hold"), status=Status.ON_HOLD)
    told = {claim.text: claim for claim in story.read().claims}
    assert told["The meeting of Ada Lund and Jon Voss goes on"].status is Status.GOING_AHEAD
    assert (told["the plans are on hold"].status, told["the plans are on hold"].implied) == (Status.ON_HOLD, False)


def test_work_on_an_event_is_under_way_and_the_event_is_not() -> None:
    story = Story("Officials have begun to prepare for the meeting of Ada Lund and Jon Voss.")
    story.event("the meeting of Ada Lund and Jon Voss", Kind.MEETING, Status.UNDER_WAY, "have begun")
    assert [claim.status for claim in story.read().claims] == [Status.GOING_AHEAD]


def test_the_day_of_an_event_is_not_that_of_one_only_named_beside_it() -> None:
    story = Story("Ada Lund will see Jon Voss on Friday to speak of the Lakeside Security Conference.")
    story.event(
        "see Jon Voss", Kind.MEETING, Status.SCHEDULED, "will see", who=["Ada Lund", "Jon Voss"], when="on Friday"
    )
    story.event("the Lakeside Security Conference", Kind.CONFERENCE, None, "speak", when="on Friday")
    days = {mention.name: mention.when for mention in story.read().mentions}
    assert [when is not None for name, when in days.items() if "Conference" in name] in ([], [False])


def test_soon_is_no_day_that_schedules() -> None:
    story = Story("Ada Lund is to meet Jon Voss soon.")
    story.event(
        "meet Jon Voss", Kind.MEETING, Status.SCHEDULED, "is to meet", who=["Ada Lund", "Jon Voss"], when="soon"
    )
    assert [claim.status for claim in story.read().claims] == [Status.ANNOUNCED]


def test_of_much_talk_around_an_event_only_what_bears_most_on_it_is_kept_with_it() -> None:
    said = [f"it rains here in year {number}" for number in range(40)]
    text = "Ada Lund will meet Jon Voss. " + " ".join(f"Mira Kant said {words}." for words in said)
    story = Story(text + " Karel Brod said the meeting would go on.")
    story.event("meet Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will meet", who=["Ada Lund", "Jon Voss"])
    for words in (*said, "the meeting would go on"):
        story.said(words, "Mira Kant" if words in said else "Karel Brod")
    claims = story.read().claims
    assert len([claim for claim in claims if claim.sources]) == 41
    assert sum(claim.mention is not None for claim in claims) == CLAIMS_MOST
    assert claims[-1].mention is not None


@pytest.mark.parametrize(
    ("words", "name", "who"),
    [
        ("the Conservative convention", "Conservative convention", ("Conservatives",)),
        ("the first day of the GOP debate", "GOP debate", ("Republicans",)),
        ("the Democratic National Rally", "Democratic National Rally", ("Democrats",)),
    ],
)
def test_a_partys_adjective_says_whose_gathering_it_is(words: str, name: str, who: tuple[str, ...]) -> None:
    story = Story(f"In Karlsvik {words} has been postponed by a week.")
    story.event(words, Kind.CONFERENCE, Status.POSTPONED, "postponed")
    (mention,) = story.read().mentions
    assert mention.participants == who
    assert mention.name.startswith(name)


def test_what_a_vote_is_on_takes_no_part_in_it() -> None:
    words = "vote on the Senate Harbour Committee and Ada Lund"
    story = Story(f"Parliament puts off its {words}.")
    story.event(words, Kind.VOTE, Status.POSTPONED, "puts off")
    node = story.page().node(story.readings[0])
    assert (node.who, node.named, node.around) == ((), (), ())
    story = Story(f"Parliament puts off its {words.replace('on', 'by', 1)}.")
    story.event(words.replace("on", "by", 1), Kind.VOTE, Status.POSTPONED, "puts off")
    assert len(story.page().node(story.readings[0]).named) == 2


def test_the_name_of_an_event_does_without_words_of_praise_and_number() -> None:
    story = Story("Ada Lund and Jon Voss will hold another historic meeting in Fjordby on Friday.").event(
        "another historic meeting", Kind.MEETING, Status.SCHEDULED, "will hold", who=["Ada Lund", "Jon Voss"],
        where="Fjordby", when="Friday",
    )  # fmt: skip
    (mention,) = story.read().mentions
    assert mention.name == "Lund–Voss meeting in Fjordby"


def test_the_name_of_an_event_is_nobody_who_takes_part() -> None:
    story = Story("The Lakeside Security Conference has been postponed.")
    story.event("The Lakeside Security Conference", Kind.CONFERENCE, Status.POSTPONED, "postponed")
    (mention,) = story.read().mentions
    assert mention.participants == ()
    assert mention.name == "Lakeside Security Conference"


NEAR_BY = "Mira Kant spoke of fish. {} The hall in Fjordby is small."


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("Ada Lund and Jon Voss will meet in May. Nobody in Fjordby knew.", "Fjordby"),  # twice near it
        ("Ada Lund and Jon Voss will meet in May. The ships are old.", None),  # once near it
        ("Ada Lund and Jon Voss will meet in May. It is cold in Europe, and dark in Europe.", None),  # no town
    ],
)
def test_an_event_without_a_place_has_the_town_that_is_spoken_of_around_it(sentence: str, place: str | None) -> None:
    story = Story(NEAR_BY.format(sentence))
    story.event("meet", Kind.MEETING, Status.SCHEDULED, "will", who=["Ada Lund", "Jon Voss"], when="in May")
    (mention,) = story.read().mentions
    assert mention.place == place


def test_what_lays_the_ground_for_another_prepares_it() -> None:
    story = Story("Ada Lund meets Jon Voss on Friday to prepare for the harbour summit.")
    story.event("meets Jon Voss", Kind.MEETING, Status.SCHEDULED, "meets", who=["Ada Lund", "Jon Voss"])
    story.event("the harbour summit", Kind.CONFERENCE, Status.ANNOUNCED, "prepare for")
    first, second = story.read().mentions
    assert first.prepares == (second.id,)
    assert second.requires == (first.id,)


@pytest.mark.parametrize("text", ["", "No event here.", "\n\n"])
def test_a_text_without_readings_has_no_events(text: str) -> None:
    assert Story(text).read().mentions == ()


def test_speaking_to_somebody_is_a_call_and_no_meeting_of_others() -> None:
    story = Story("Ada Lund will meet Jon Voss in Oslo. Mira Kant will speak to Jon Voss on Friday.")
    story.event("meet Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will meet", who=["Ada Lund", "Jon Voss"])
    story.event("speak to Jon Voss", Kind.MEETING, Status.SCHEDULED, "will speak", who=["Mira Kant"], when="Friday")
    assert [m.kind for m in story.read().mentions] == [Kind.MEETING, Kind.CALL]


def test_whom_a_condition_names_takes_no_part() -> None:
    story = Story("Ada Lund will meet Jon Voss if Mira Kant agrees.")
    story.event(
        "meet Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will meet",
        who=["Ada Lund", "Jon Voss", "Mira Kant"], condition="if Mira Kant agrees",
    )  # fmt: skip
    assert set(story.read().mentions[0].participants) == {"Ada Lund", "Jon Voss"}


def test_one_reading_that_names_everybody_does_not_join_two_meetings() -> None:
    story = Story(
        "Ada Lund will meet Jon Voss. They meet on Friday, Ada Lund and Jon Voss said. "
        "Ada Lund and Jon Voss and Mira Kant and Karel Brod may gather. Mira Kant will see Karel Brod."
    )
    story.event("meet Jon Voss", Kind.MEETING, Status.ANNOUNCED, "will meet", who=["Ada Lund", "Jon Voss"])
    story.event("meet on Friday", Kind.MEETING, Status.SCHEDULED, "meet", who=["Ada Lund", "Jon Voss"])
    everybody = ["Ada Lund", "Jon Voss", "Mira Kant", "Karel Brod"]
    story.event("gather", Kind.MEETING, Status.ANNOUNCED, "may", who=everybody)
    story.event("see Karel Brod", Kind.MEETING, Status.ANNOUNCED, "will see", who=["Mira Kant", "Karel Brod"])
    assert {"Mira Kant", "Karel Brod"} in [set(m.participants) for m in story.read().mentions]


def test_a_deadline_of_one_country_is_that_of_those_it_talks_to() -> None:
    story = Story("Norway and Sweden go on with their talks. Norway has a deadline on Friday.")
    story.event("their talks", Kind.TALKS, Status.UNDER_WAY, "go on", who=["Norway", "Sweden"])
    story.event("a deadline", Kind.DEADLINE, Status.SCHEDULED, "has", who=["Norway"], when="Friday")
    deadline = next(m for m in story.read().mentions if m.kind is Kind.DEADLINE)
    assert set(deadline.participants) == {"Norway", "Sweden"}


def test_a_day_of_it_called_off_is_not_the_whole() -> None:
    story = Story("The Harbour Board canceled the first day of the fair.")
    story.event("the fair", Kind.CEREMONY, Status.CANCELLED, "canceled")
    page = story.page()
    assert page.node(story.readings[0]).reading.status is None


def test_a_party_s_gathering_bears_its_adjective() -> None:
    story = Story("The Labour conference opens on Friday.")
    story.event("The Labour conference", Kind.CONFERENCE, Status.SCHEDULED, "opens", when="Friday")
    assert story.read().mentions[0].name == "Labour conference"


def test_the_name_of_a_bill_says_which_and_not_what_is_done_to_it() -> None:
    story = Story("Ada Lund brought in a harbour bill. Ada Lund is now withdrawing the bill.")
    story.event("withdrawing the bill", Kind.MEASURE, Status.CANCELLED, "withdrawing", who=["Ada Lund"])
    assert story.read().mentions[0].name.endswith("harbour bill")
    story = Story("Ada Lund will withdraw her harbour bill.")
    story.event("withdraw her harbour bill", Kind.MEASURE, Status.CANCELLED, "withdraw", who=["Ada Lund"])
    assert story.read().mentions[0].name.endswith("harbour bill")


def test_nobody_testifies_before_a_seat_of_government() -> None:
    story = Story("The White House let Ada Lund testify on Friday.")
    story.event("testify", Kind.TESTIMONY, Status.SCHEDULED, "let", who=["The White House", "Ada Lund"], when="Friday")
    assert story.read().mentions[0].participants == ("Ada Lund",)


def test_speaking_with_reporters_is_no_call() -> None:
    story = Story("Ada Lund will speak with reporters on Friday.")
    story.event("speak with reporters", Kind.SPEECH, Status.SCHEDULED, "will", who=["Ada Lund"], when="Friday")
    assert story.read().mentions[0].kind is Kind.SPEECH


@pytest.mark.parametrize(
    ("text", "cue", "status"),
    [
        ("Ada Lund speaks to the harbour union in Fjordby, March 2, 2031.", "speaks", Status.HELD),
        ("Ada Lund speaks to the harbour union in Fjordby, March 6, 2031.", "speaks", Status.SCHEDULED),
        ("Ada Lund speaks to the harbour union as had been planned for March 2, 2031.", "planned", Status.SCHEDULED),
    ],
)
def test_what_no_plan_is_told_of_was_held_on_a_day_gone_by(text: str, cue: str, status: Status) -> None:
    story = Story(text)
    when = text.partition("2031")[0][-9:] + "2031"
    story.event("speaks", Kind.SPEECH, Status.SCHEDULED, cue, who=["Ada Lund"], when=when)
    assert story.read().mentions[0].status is status
