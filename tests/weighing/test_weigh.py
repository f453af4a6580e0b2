"""The rule of status, case by case."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from stillon.model import (
    Assessment,
    Claim,
    Event,
    Kind,
    Precision,
    Source,
    SourceKind,
    Span,
    Standing,
    Status,
    When,
)
from stillon.weighing import standing_of, weigh
from stillon.weighing.independence import independent_origins
from stillon.weighing.sourcing import credibility, likelihood
from stillon.weighing.standing import reliability

EVENT = Event(
    id="e1",
    name="Valdoria–Norland summit",
    kind=Kind.MEETING,
    mentions=("m1",),
    participants=("Ilse Varga", "Tomas Brandt"),
    host=("Port Authority of Velm",),
)


def day(number: int) -> datetime.date:
    return datetime.date(2031, 5, number)


def on_day(number: int, last: int | None = None) -> When:
    precision = Precision.DAY if last is None else Precision.WINDOW
    return When(start=day(number), end=day(number if last is None else last), precision=precision, text="then")


def source(name: str, kind: SourceKind = SourceKind.PERSON, org: str | None = None) -> Source:
    return Source(name=name, kind=kind, org=org)


VARGA = source("Ilse Varga")
BRANDT = source("Tomas Brandt")
OFFICIAL = source("a senior official", SourceKind.UNNAMED, org="Port Authority of Velm")
HERALD = source("Velm Herald", SourceKind.OUTLET)
ANALYST = source("an analyst", SourceKind.UNNAMED)
ENGINEER = source("Mara Lund")


def claim(report: str, status: Status | None, published: int | None, *sources: Source, **fields: Any) -> Claim:
    rank = fields.get("rank", 0)
    defaults: dict[str, Any] = {
        "id": f"{report}#{rank}{status}{len(sources)}",
        "report": report,
        "mention": "m1",
        "status": status,
        "text": f"{report} says {status}",
        "span": Span(0, 20),
        "sources": sources,
        "published": None if published is None else day(published),
        "publisher": f"Gazette-{report}x",
    }
    return Claim(**(defaults | fields))


def answer(*claims: Claim, as_of: int = 30, event: Event = EVENT, **options: Any) -> Assessment:
    return weigh(event, claims, as_of=day(as_of), **options)


def test_an_event_of_which_nothing_is_claimed_has_no_status() -> None:
    found = answer(claim("a", None, 1))
    assert (found.status, found.since, found.because, found.credibility) == (None, None, (), 6)


def test_what_words_only_imply_decides_nothing() -> None:
    planned = claim("a", Status.SCHEDULED, 1)
    off = claim("b", Status.CANCELLED, 2, source("Ada Lund"), implied=True)
    assert answer(planned, off) == answer(planned, claim("b", None, 2, source("Ada Lund")))
    assert answer(off).status is None


def test_the_newest_own_voice_decides() -> None:
    found = answer(claim("a", Status.SCHEDULED, 1), claim("b", Status.CANCELLED, 3))
    assert (found.status, found.since) == (Status.CANCELLED, day(3))
    assert [step.status for step in found.history] == [Status.SCHEDULED, Status.CANCELLED]


def test_a_retold_older_claim_does_not_renew_it() -> None:
    retold = claim("b", Status.SCHEDULED, 5, on=day(1))
    found = answer(claim("a", Status.POSTPONED, 3), retold)
    assert (found.status, found.since) == (Status.POSTPONED, day(3))


def test_a_claim_is_not_newer_than_its_report() -> None:
    assert answer(claim("a", Status.CANCELLED, 2, on=day(9))).since == day(2)


def test_within_a_report_the_first_claim_is_its_account() -> None:
    found = answer(claim("a", Status.CANCELLED, 3), claim("a", Status.SCHEDULED, 3, rank=4))
    assert found.status is Status.CANCELLED


def test_own_voice_goes_before_a_party_on_one_day() -> None:
    found = answer(claim("a", Status.POSTPONED, 3), claim("b", Status.GOING_AHEAD, 3, VARGA))
    assert found.status is Status.POSTPONED


def test_a_party_that_speaks_later_than_the_own_voice_decides() -> None:
    found = answer(claim("a", Status.SCHEDULED, 3), claim("b", Status.POSTPONED, 4, VARGA))
    assert (found.status, found.standing, found.reliability) == (Status.POSTPONED, Standing.DECIDING, "A")


def test_parties_that_part_on_the_newest_day_leave_it_in_doubt() -> None:
    found = answer(claim("a", Status.GOING_AHEAD, 4, VARGA), claim("b", Status.CANCELLED, 4, BRANDT))
    assert found.status is Status.IN_DOUBT
    assert len(found.because) == 2
    assert [each.about for each in found.contradictions] == ["status"]


def test_a_party_that_wants_what_another_ended_does_not_revive_it() -> None:
    found = answer(claim("a", Status.CANCELLED, 4, VARGA), claim("a", Status.GOING_AHEAD, 4, BRANDT, rank=2))
    assert found.status is Status.CANCELLED


def test_comment_alone_does_not_undo_what_is_planned() -> None:
    found = answer(claim("a", Status.SCHEDULED, 3), claim("b", Status.CANCELLED, 5, ANALYST))
    assert found.status is Status.SCHEDULED


def test_comment_of_two_independent_origins_is_news() -> None:
    found = answer(
        claim("a", Status.SCHEDULED, 3),
        claim("b", Status.HELD, 5, ANALYST),
        claim("c", Status.HELD, 5, source("a critic", SourceKind.UNNAMED)),
    )
    assert found.status is Status.HELD


def test_an_informed_source_decides_where_its_day_has_nothing_nearer() -> None:
    found = answer(claim("a", Status.PROPOSED, 3), claim("b", Status.POSTPONED, 5, ENGINEER))
    assert (found.status, found.standing) == (Status.POSTPONED, Standing.INFORMED)


def test_a_vaguer_claim_leaves_a_firmer_one_in_place() -> None:
    found = answer(claim("a", Status.SCHEDULED, 3, when=on_day(20)), claim("b", Status.ANNOUNCED, 5), as_of=6)
    assert (found.status, found.since) == (Status.SCHEDULED, day(3))


@pytest.mark.parametrize(
    ("kind", "status"),
    [(Kind.ELECTION, Status.SCHEDULED), (Kind.DEADLINE, Status.SCHEDULED), (Kind.MEETING, Status.ANNOUNCED)],
)
def test_elections_and_deadlines_have_a_day_though_no_report_gives_it(kind: Kind, status: Status) -> None:
    told = claim("a", Status.ANNOUNCED, 3)
    found = weigh(replace(EVENT, kind=kind), [told], as_of=day(4))
    assert (found.status, [step.status for step in found.history]) == (status, [Status.ANNOUNCED])


def test_a_vaguer_claim_counts_once_the_day_has_passed() -> None:
    found = answer(claim("a", Status.SCHEDULED, 3, when=on_day(5)), claim("b", Status.ANNOUNCED, 9))
    assert (found.status, found.when) == (Status.ANNOUNCED, None)


def test_a_wish_does_not_revive_what_was_called_off() -> None:
    found = answer(claim("a", Status.CANCELLED, 3), claim("b", Status.PROPOSED, 5))
    assert found.status is Status.CANCELLED


def test_what_was_held_stays_held() -> None:
    found = answer(claim("a", Status.HELD, 3), claim("b", Status.SCHEDULED, 5))
    assert found.status is Status.HELD


def test_what_is_said_to_be_held_before_it_was_due_is_misread() -> None:
    planned = claim("a", Status.SCHEDULED, 1, when=on_day(20))
    assert answer(planned, claim("b", Status.HELD, 5), as_of=6).status is Status.SCHEDULED


def test_what_was_held_on_a_day_before_the_one_still_planned_is_another_one() -> None:
    planned, held = claim("a", Status.SCHEDULED, 1, when=on_day(20)), claim("b", Status.HELD, 5, when=on_day(4))
    assert answer(planned, held, as_of=6).status is Status.SCHEDULED
    assert answer(planned, held, as_of=6).when == planned.when
    assert answer(claim("b", Status.HELD, 21, when=on_day(20)), planned, as_of=21).status is Status.HELD
    earlier = claim("b", Status.HELD, 5, when=on_day(4))
    assert answer(claim("a", Status.SCHEDULED, 6, when=on_day(20)), earlier, as_of=5).status is Status.HELD


@pytest.mark.parametrize("status", [Status.HELD, Status.UNDER_WAY])
def test_what_is_planned_for_a_day_to_come_was_not_held_before(status: Status) -> None:
    early, to_come = claim("a", status, 3), claim("b", Status.SCHEDULED, 5, when=on_day(20))
    assert answer(early, to_come, as_of=6).status is Status.SCHEDULED
    assert answer(early, to_come, as_of=4).status is status
    assert answer(claim("c", Status.HELD, 20), to_come, as_of=21).status is Status.HELD


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (Status.SCHEDULED, Status.LAPSED),
        (Status.GOING_AHEAD, Status.LAPSED),
        (Status.RESCHEDULED, Status.LAPSED),
        (Status.ANNOUNCED, Status.LAPSED),
        (Status.PROPOSED, Status.PROPOSED),
        (Status.POSTPONED, Status.POSTPONED),
        (Status.IN_DOUBT, Status.IN_DOUBT),
        (Status.UNDER_WAY, Status.UNDER_WAY),
    ],
)
def test_silence_after_the_last_day_lapses_plans_alone(status: Status, after: Status) -> None:
    told = claim("a", status, 4, when=on_day(4, 8))
    assert answer(told, as_of=8).status is status
    assert answer(told, as_of=9).status is after


def test_a_lapsed_event_asks_what_happened() -> None:
    found = answer(claim("a", Status.SCHEDULED, 1, when=on_day(4)), as_of=9)
    assert (found.since, found.credibility) == (day(5), 6)
    assert found.open_questions[0].question == "Did it take place on 2031-05-04?"


def test_without_a_day_of_asking_nothing_lapses() -> None:
    found = weigh(EVENT, [claim("a", Status.SCHEDULED, 1, when=on_day(4))], as_of=None)
    assert found.status is Status.SCHEDULED


def test_an_undated_report_counts_but_is_never_the_newest() -> None:
    undated = claim("b", Status.CANCELLED, None)
    assert answer(undated).status is Status.CANCELLED
    assert answer(undated, claim("a", Status.SCHEDULED, 1)).status is Status.SCHEDULED


def test_what_most_reports_of_a_day_say_goes_before_one() -> None:
    found = answer(claim("a", Status.CANCELLED, 3), claim("b", Status.POSTPONED, 3), claim("c", Status.POSTPONED, 3))
    assert found.status is Status.POSTPONED


def test_the_day_stays_when_it_is_called_off() -> None:
    found = answer(claim("a", Status.SCHEDULED, 1, when=on_day(12)), claim("b", Status.CANCELLED, 3))
    assert (found.when, found.was) == (on_day(12), ())


def test_a_day_that_another_replaced_is_a_former_day() -> None:
    found = answer(claim("a", Status.SCHEDULED, 1, when=on_day(12)), claim("b", Status.RESCHEDULED, 3, when=on_day(20)))
    assert (found.when, found.was) == (on_day(20), (on_day(12),))


def test_a_vaguer_window_leaves_the_day_it_holds() -> None:
    found = answer(
        claim("a", Status.SCHEDULED, 1, when=on_day(12)), claim("b", Status.SCHEDULED, 3, when=on_day(9, 15))
    )
    assert found.when == on_day(12)


def test_a_plan_told_for_a_day_gone_by_does_not_replace_the_one_to_come() -> None:
    to_come = claim("a", Status.SCHEDULED, 5, when=on_day(20))
    gone_by = claim("a", Status.SCHEDULED, 5, when=on_day(2), rank=3)
    assert answer(to_come, gone_by, as_of=6).when == on_day(20)
    assert answer(to_come, claim("b", Status.SCHEDULED, 6, when=on_day(2)), as_of=6).when == on_day(20)


def test_the_opening_day_does_not_narrow_several_days() -> None:
    found = answer(
        claim("a", Status.SCHEDULED, 1, when=on_day(12, 15)),
        claim("b", Status.UNDER_WAY, 12, when=on_day(12)),
    )
    assert found.when == on_day(12, 15)


def test_the_place_of_most_claims_is_given_by_its_fullest_name() -> None:
    found = answer(
        claim("a", Status.SCHEDULED, 1, place="Velm"),
        claim("b", Status.SCHEDULED, 2, place="Velm"),
        claim("c", Status.SCHEDULED, 3, place="Harbour Hall, Velm"),
        claim("d", Status.SCHEDULED, 4, place="Norhaven"),
    )
    assert found.place == "Harbour Hall, Velm"


@pytest.mark.parametrize(
    ("sources", "standing"),
    [
        ((), Standing.OWN_VOICE),
        ((VARGA,), Standing.DECIDING),
        ((source("Ms. Varga"),), Standing.DECIDING),
        ((OFFICIAL,), Standing.DECIDING),
        ((HERALD, OFFICIAL), Standing.DECIDING),
        ((source("a spokesman for Brandt"),), Standing.DECIDING),
        ((source("the foreign ministry", SourceKind.ORGANISATION),), Standing.DECIDING),
        ((source("Ole Dahl", org="White House"),), Standing.DECIDING),
        ((HERALD,), Standing.INFORMED),
        ((ENGINEER,), Standing.INFORMED),
        ((source("an official", SourceKind.UNNAMED),), Standing.INFORMED),
        ((ANALYST,), Standing.COMMENT),
        ((source("critics", SourceKind.UNNAMED),), Standing.COMMENT),
    ],
)
def test_standing_is_read_from_the_origin(sources: tuple[Source, ...], standing: Standing) -> None:
    assert standing_of(claim("a", Status.CANCELLED, 1, *sources), EVENT) is standing


def test_a_hedged_own_voice_is_only_informed() -> None:
    assert standing_of(claim("a", Status.CANCELLED, 1, hedged=True), EVENT) is Standing.INFORMED


def test_a_nearer_standing_that_was_set_stays() -> None:
    corrected = claim("a", Status.CANCELLED, 1, ANALYST, standing=Standing.DECIDING)
    assert standing_of(corrected, EVENT) is Standing.DECIDING


def test_a_named_source_quoted_by_many_outlets_is_one_origin() -> None:
    assert independent_origins(claim(report, Status.HELD, 1, VARGA) for report in "abcdef") == 1


def test_unnamed_officials_of_one_body_are_one_origin() -> None:
    claims = [claim("a", Status.HELD, 1, HERALD, OFFICIAL), claim("b", Status.HELD, 1, OFFICIAL)]
    assert independent_origins(claims) == 1


def test_unnamed_sources_of_no_body_are_one_for_each_outlet() -> None:
    someone = source("a person who knows", SourceKind.UNNAMED)
    claims = [claim("a", Status.HELD, 1, HERALD, someone), claim("b", Status.HELD, 1, HERALD, someone)]
    assert independent_origins(claims) == 1
    assert independent_origins([*claims, claim("c", Status.HELD, 1, someone)]) == 2


def test_what_an_outlet_is_said_to_report_is_that_outlet() -> None:
    own = claim("x", Status.HELD, 1, publisher="Velm Herald")
    assert independent_origins([own, claim("b", Status.HELD, 1, HERALD)]) == 1


def test_a_report_that_names_its_source_is_not_one_more_origin() -> None:
    assert independent_origins([claim("a", Status.HELD, 1), claim("a", Status.HELD, 1, VARGA, rank=2)]) == 1


def test_two_reports_of_their_own_confirm() -> None:
    found = answer(claim("a", Status.CANCELLED, 3), claim("b", Status.CANCELLED, 3))
    assert (found.origins, found.publishers, found.credibility) == (2, 2, 1)
    assert found.likelihood == "almost no chance"


def test_two_copies_of_one_wire_story_count_once() -> None:
    copies = [claim(report, Status.CANCELLED, 3, text="the same words") for report in ("wire", "x", "y")]
    found = answer(*copies, copy_of={"x": "wire", "y": "wire"})
    assert (found.origins, found.credibility) == (1, 2)
    assert len(found.because) == 1


def test_what_a_reprint_adds_of_its_own_counts() -> None:
    found = answer(
        claim("wire", Status.SCHEDULED, 3),
        claim("x", Status.CANCELLED, 4),
        claim("x", Status.SCHEDULED, 4, rank=3),
        copy_of={"x": "wire"},
    )
    assert found.status is Status.CANCELLED


def test_a_dissenting_party_is_a_contradiction_until_it_says_otherwise() -> None:
    called_off = claim("a", Status.CANCELLED, 3)
    dissent = claim("b", Status.GOING_AHEAD, 3, BRANDT)
    found = answer(called_off, dissent)
    assert [each.claims for each in found.contradictions] == [(called_off.id, dissent.id)]
    assert found.credibility == 3
    assert answer(called_off, dissent, claim("c", Status.CANCELLED, 4, BRANDT)).contradictions == ()


def test_what_was_said_before_the_change_is_no_contradiction() -> None:
    assert answer(claim("a", Status.SCHEDULED, 1, VARGA), claim("b", Status.CANCELLED, 3)).contradictions == ()


def test_a_claim_of_the_eve_that_a_report_sets_beside_the_answer_contradicts_it() -> None:
    called_off = claim("a", Status.ON_HOLD, 3)
    hours_earlier = claim("a", Status.GOING_AHEAD, 3, HERALD, rank=3, on=day(2))
    weeks_earlier = claim("a", Status.ANNOUNCED, 3, VARGA, rank=4, on=day(1))
    found = answer(called_off, hours_earlier, weeks_earlier)
    assert [each.claims for each in found.contradictions] == [(called_off.id, hours_earlier.id)]


def test_one_who_denies_any_plan_contradicts_its_existence() -> None:
    found = answer(claim("a", Status.SCHEDULED, 3), claim("b", Status.DENIED, 4, ANALYST))
    assert [each.about for each in found.contradictions] == ["existence"]


def test_two_days_that_cannot_both_be_right_are_a_contradiction() -> None:
    found = answer(
        claim("a", Status.SCHEDULED, 3, when=on_day(12)),
        claim("b", Status.SCHEDULED, 3, VARGA, when=on_day(14)),
    )
    assert [each.about for each in found.contradictions] == ["date"]
    assert "Which day is right?" in [each.question for each in found.open_questions]


def test_the_old_day_of_what_was_put_off_is_not_in_dispute() -> None:
    found = answer(claim("a", Status.POSTPONED, 3, when=on_day(12)), claim("b", Status.POSTPONED, 4, when=on_day(20)))
    assert found.contradictions == ()


def test_places_without_a_common_word_on_one_day_are_a_contradiction() -> None:
    hall = claim("a", Status.SCHEDULED, 3, when=on_day(12), place="Harbour Hall, Velm")
    velm = claim("b", Status.SCHEDULED, 3, VARGA, when=on_day(12), place="Velm")
    norhaven = claim("c", Status.SCHEDULED, 3, VARGA, when=on_day(12), place="Norhaven")
    assert answer(hall, velm).contradictions == ()
    assert [each.about for each in answer(hall, norhaven).contradictions] == ["place"]


def test_reasons_for_an_earlier_status_are_history() -> None:
    told = {"reason": Span(90, 95), "reason_text": "because of the storm"}
    found = answer(claim("a", Status.POSTPONED, 3, **told), claim("b", Status.GOING_AHEAD, 5))
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("when", "question"),
    [
        (on_day(12), None),
        (on_day(12, 14), None),
        (on_day(12, 19), "On which day does it take place?"),
        (None, "When does it take place?"),
    ],
)
def test_a_loose_date_is_asked_for(when: When | None, question: str | None) -> None:
    found = answer(claim("a", Status.SCHEDULED, 3, when=when), as_of=5)
    assert [each.question for each in found.open_questions] == ([question] if question else [])


def test_a_reason_is_given_in_the_words_of_its_claim() -> None:
    text = "the meeting is off because of the storm"
    found = answer(claim("a", Status.CANCELLED, 3, text=text, span=Span(100, 100 + len(text)), reason=Span(119, 139)))
    assert [each.text for each in found.reasons] == ["because of the storm"]


def test_a_condition_is_open_until_a_later_report_says_that_it_is_met() -> None:
    told = claim("a", Status.ANNOUNCED, 3, condition=Span(90, 95), condition_text="if the ferry strike ends")
    found = answer(told)
    assert [(each.text, each.met) for each in found.conditions] == [("if the ferry strike ends", None)]
    assert any("ferry strike" in each.question for each in found.open_questions)
    met = answer(told, claim("b", None, 4, text="The ferry strike ends tonight"))
    assert [each.met for each in met.conditions] == [True]
    broken = answer(told, claim("b", None, 4, text="No sign that the ferry strike ends"))
    assert [each.met for each in broken.conditions] == [False]


def test_a_prerequisite_put_off_raises_a_question_and_never_the_status() -> None:
    first = answer(
        claim("a", Status.POSTPONED, 3),
        event=Event(id="p", name="Envoys' talks", kind=Kind.TALKS, mentions=("m1",)),
    )
    found = answer(claim("b", Status.SCHEDULED, 3, when=on_day(29)), as_of=4, requires=[first])
    assert found.status is Status.SCHEDULED
    assert any("Envoys' talks" in each.question for each in found.open_questions)


def test_an_event_that_is_over_leaves_no_question() -> None:
    assert answer(claim("a", Status.HELD, 3)).open_questions == ()


def test_every_question_names_what_would_settle_it() -> None:
    found = answer(claim("a", Status.ON_HOLD, 3), claim("b", Status.GOING_AHEAD, 4, ANALYST))
    assert [each.question for each in found.open_questions] == [
        "Is there a new date?",
        "Does it take place at all?",
        "Who is right about whether it goes ahead?",
    ]
    assert all(each.settled_by for each in found.open_questions)


def test_a_contradiction_costs_a_grade_of_credibility() -> None:
    facts: dict[str, Any] = {"status": Status.CANCELLED, "standing": Standing.DECIDING}
    assert credibility(origins=2, contradicted=False, **facts) == 1
    assert credibility(origins=2, contradicted=True, **facts) == 2
    assert credibility(origins=1, contradicted=True, **facts) == 3


def test_likelihood_nears_even_as_the_sourcing_weakens() -> None:
    assert [likelihood(Status.SCHEDULED, grade) for grade in (1, 3, 5)] == [
        "very likely",
        "likely",
        "roughly even chance",
    ]
    assert likelihood(Status.HELD, 1) is None
    assert likelihood(None, 6) is None


def test_a_voice_without_a_name_cannot_be_rated() -> None:
    assert reliability(claim("a", Status.HELD, 1, publisher=None), Standing.OWN_VOICE) == "F"


def test_what_was_off_and_is_planned_for_its_old_day_again_goes_ahead() -> None:
    planned = claim("a", Status.SCHEDULED, 1, when=on_day(20))
    off = claim("b", Status.CANCELLED, 3)
    again = claim("c", Status.SCHEDULED, 5, when=on_day(20))
    assert answer(planned, off, again, as_of=6).status is Status.GOING_AHEAD
    assert answer(planned, off, claim("c", Status.SCHEDULED, 5, when=on_day(28)), as_of=6).status is Status.SCHEDULED
    assert answer(planned, off, claim("c", Status.SCHEDULED, 5), as_of=6).status is Status.SCHEDULED


def test_a_party_that_doubts_the_plan_a_report_tells_puts_it_in_doubt() -> None:
    plan = claim("a", Status.SCHEDULED, 3, when=on_day(20))
    doubt = claim("a", Status.IN_DOUBT, 3, VARGA, rank=1)
    assert answer(plan, doubt, as_of=4).status is Status.IN_DOUBT
    assert set(answer(plan, doubt, as_of=4).because) == {plan.id, doubt.id}
    assert answer(plan, claim("b", Status.IN_DOUBT, 3, VARGA), as_of=4).status is Status.SCHEDULED
    assert answer(plan, claim("a", Status.IN_DOUBT, 3, ANALYST, rank=1), as_of=4).status is Status.SCHEDULED
    held = claim("a", Status.HELD, 3)
    assert answer(held, doubt, as_of=4).status is Status.HELD


def test_a_vague_first_claim_of_others_gives_way_to_a_nearer_one_with_a_day() -> None:
    vague = claim("a", Status.ANNOUNCED, 3, ENGINEER)
    firm = claim("a", Status.CANCELLED, 3, rank=1, when=on_day(20))
    assert answer(vague, firm, as_of=4).status is Status.CANCELLED
    dated = claim("a", Status.ANNOUNCED, 3, ENGINEER, when=on_day(20))
    assert answer(dated, firm, as_of=4).status is Status.SCHEDULED


def test_a_denial_lifts_no_postponement() -> None:
    assert answer(claim("a", Status.POSTPONED, 1), claim("b", Status.DENIED, 3), as_of=4).status is Status.POSTPONED
    assert answer(claim("a", Status.SCHEDULED, 1), claim("b", Status.DENIED, 3), as_of=4).status is Status.DENIED


def test_the_day_of_what_is_off_is_the_old_one() -> None:
    off = claim("a", Status.POSTPONED, 3, when=on_day(10))
    on = claim("b", Status.SCHEDULED, 3, VARGA, when=on_day(20))
    assert answer(off, on, as_of=4).when == on.when


def test_what_is_under_way_before_its_days_goes_ahead_save_on_their_eve() -> None:
    planned = claim("a", Status.SCHEDULED, 1, when=on_day(20))
    assert answer(planned, claim("b", Status.UNDER_WAY, 5), as_of=6).status is Status.GOING_AHEAD
    assert answer(planned, claim("b", Status.UNDER_WAY, 19), as_of=19).status is Status.UNDER_WAY


def test_a_plan_made_later_leaves_what_was_held_its_day() -> None:
    held = claim("a", Status.HELD, 5, when=on_day(4))
    assert answer(held, claim("b", Status.PROPOSED, 8), as_of=9).when == held.when


def test_a_headline_without_a_day_gives_way_to_the_day_for_which_the_report_schedules_it() -> None:
    headline, planned = claim("a", Status.PROPOSED, 3), claim("a", Status.SCHEDULED, 3, rank=1, when=on_day(20))
    assert answer(headline, planned, as_of=4).status is Status.SCHEDULED
    doubted = claim("a", Status.IN_DOUBT, 3, rank=1, when=on_day(20))
    assert answer(claim("a", Status.SCHEDULED, 3, when=on_day(20)), doubted, as_of=4).status is Status.SCHEDULED


def test_what_a_report_calls_off_and_puts_off_is_put_off() -> None:
    off, put_off = claim("a", Status.CANCELLED, 3), claim("a", Status.POSTPONED, 3, rank=1)
    assert answer(off, put_off, as_of=4).status is Status.POSTPONED
    assert answer(off, claim("b", Status.POSTPONED, 2), as_of=4).status is Status.CANCELLED


def test_a_doubt_does_not_bring_back_what_was_put_off() -> None:
    put_off, doubt = claim("a", Status.POSTPONED, 1), claim("b", Status.IN_DOUBT, 3)
    assert answer(put_off, doubt, as_of=4).status is Status.POSTPONED


def test_a_headline_is_left_behind_by_the_day_on_which_the_report_says_it_took_place() -> None:
    headline = claim("a", Status.ANNOUNCED, 3, in_title=True)
    assert answer(headline, claim("a", Status.HELD, 3, rank=1, when=on_day(3))).status is Status.HELD
    assert answer(headline, claim("a", Status.HELD, 3, rank=1), as_of=4).status is Status.ANNOUNCED
    assert answer(headline, claim("a", Status.CANCELLED, 3, rank=1), as_of=4).status is Status.ANNOUNCED
    going = claim("a", Status.GOING_AHEAD, 3, in_title=True)
    assert answer(going, claim("a", Status.CANCELLED, 3, rank=1), as_of=4).status is Status.CANCELLED


def test_what_is_put_off_and_planned_for_a_later_day_in_the_same_report_is_moved() -> None:
    put_off = claim("a", Status.POSTPONED, 3, when=on_day(5))
    assert (
        answer(put_off, claim("a", Status.SCHEDULED, 3, rank=1, when=on_day(9)), as_of=4).status is Status.RESCHEDULED
    )
    assert answer(put_off, claim("a", Status.SCHEDULED, 3, rank=1, when=on_day(5)), as_of=4).status is Status.POSTPONED
