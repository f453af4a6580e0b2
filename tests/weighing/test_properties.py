"""What holds for every answer, whatever the claims."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stillon.model import Assessment, Claim, Event, Kind, Precision, Source, SourceKind, Span, Status, When
from stillon.weighing import weigh
from stillon.weighing.status import LAPSES

DAY = datetime.date(2031, 5, 1)
EVENT = Event(
    id="e1",
    name="Valdoria–Norland summit",
    kind=Kind.MEETING,
    mentions=("m1",),
    participants=("Ilse Varga", "Tomas Brandt"),
    host=("Port Authority of Velm",),
)


def day(number: int) -> datetime.date:
    """The day so many days after the first."""
    return DAY + datetime.timedelta(days=number)


def on_day(number: int, last: int | None = None) -> When:
    """An event's day, or a window of days."""
    precision = Precision.DAY if last is None else Precision.WINDOW
    return When(start=day(number), end=day(number if last is None else last), precision=precision, text="then")


def named(name: str, kind: SourceKind = SourceKind.PERSON, org: str | None = None) -> Source:
    return Source(name=name, kind=kind, org=org)


PARTY = named("Ilse Varga")
OTHER_PARTY = named("Tomas Brandt")
OFFICIAL = named("a senior official", SourceKind.UNNAMED, org="Port Authority of Velm")
BYSTANDER = named("an analyst", SourceKind.UNNAMED)


def claim(id: str, status: Status | None, number: int | None, *sources: Source, **fields: Any) -> Claim:
    """A claim of the report `id` up to its "#", published so many days after the first."""
    report = id.partition("#")[0]
    return Claim(
        **{
            "id": id,
            "report": report,
            "mention": "m1",
            "status": status,
            "text": f"words of {id}",
            "span": Span(0, 20),
            "sources": sources,
            "published": None if number is None else day(number),
            "publisher": f"Gazette-{report}x",
            **fields,
        }
    )


STATUSES = [status for status in Status if status is not Status.LAPSED]
SOURCES = [
    (),
    (PARTY,),
    (OTHER_PARTY,),
    (named("Velm Herald", SourceKind.OUTLET), OFFICIAL),
    (OFFICIAL,),
    (BYSTANDER,),
    (named("Velm Herald", SourceKind.OUTLET),),
]


@st.composite
def some_claims(draw: st.DrawFn) -> list[Claim]:
    """Up to nine claims of up to four reports over ten days, some without a day, source, status or date."""
    published = {report: draw(st.one_of(st.none(), st.integers(0, 10)), label=f"day of {report}") for report in "abcd"}
    made = []
    for number in range(draw(st.integers(0, 9))):
        report = draw(st.sampled_from("abcd"))
        said = draw(st.one_of(st.none(), st.integers(0, 10)))
        starts = draw(st.one_of(st.none(), st.integers(0, 20)))
        made.append(
            claim(
                f"{report}#{number}",
                draw(st.one_of(st.none(), st.sampled_from(STATUSES))),
                published[report],
                *draw(st.sampled_from(SOURCES)),
                on=None if said is None else day(said),
                when=None if starts is None else on_day(starts, starts + draw(st.integers(0, 5))),
                hedged=draw(st.booleans()),
                place=draw(st.sampled_from([None, "Velm", "Norhaven"])),
                rank=draw(st.integers(0, 5)),
            )
        )
    return made


AS_OF = st.integers(0, 25).map(day)
FAST = settings(max_examples=40, deadline=None)


def answer(claims: list[Claim], as_of: object = None, copy_of: dict[str, str] | None = None) -> Assessment:
    return weigh(EVENT, claims, as_of=as_of, copy_of=copy_of or {})  # type: ignore[arg-type]


@FAST
@given(some_claims(), AS_OF, st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(claims, as_of, random) -> None:
    shuffled = random.sample(claims, len(claims))
    assert answer(shuffled, as_of) == answer(claims, as_of)


@FAST
@given(some_claims(), AS_OF)
def test_the_same_claim_twice_is_one_claim(claims, as_of) -> None:
    assert answer([*claims, *claims], as_of) == answer(claims, as_of)


@FAST
@given(some_claims(), AS_OF)
def test_what_is_published_later_changes_no_earlier_answer(claims, as_of) -> None:
    by_then = [claim for claim in claims if (claim.published or claim.on or as_of) <= as_of]
    assert answer(claims, as_of) == answer(by_then, as_of)


@FAST
@given(some_claims(), AS_OF)
def test_every_status_is_claimed_by_a_claim_that_decides(claims, as_of) -> None:
    found = answer(claims, as_of)
    statuses = {claim.status for claim in claims if claim.id in found.because}
    if found.status is Status.LAPSED:
        assert statuses & (LAPSES | {Status.UNDER_WAY})  # or told too early
    elif found.status is Status.IN_DOUBT and Status.IN_DOUBT not in statuses:
        assert len(statuses) > 1
    elif found.status is Status.GOING_AHEAD and Status.GOING_AHEAD not in statuses:
        assert statuses & {Status.ANNOUNCED, Status.SCHEDULED, Status.UNDER_WAY}  # back on, or told too early
    elif found.status is not None:
        assert found.status in statuses
    else:
        assert not found.because


@FAST
@given(some_claims(), AS_OF)
def test_a_copied_report_adds_nothing_and_never_raises_credibility(claims, as_of) -> None:
    copied = [
        replace(claim, id=f"copy of {claim.id}", report=f"copy of {claim.report}", publisher="The Reprint")
        for claim in claims
    ]
    copy_of = {f"copy of {report}": report for report in {claim.report for claim in claims}}
    assert answer([*claims, *copied], as_of, copy_of) == answer(claims, as_of)


@FAST
@given(some_claims(), AS_OF)
def test_claims_that_bear_on_another_event_change_nothing(claims, as_of) -> None:
    others = [replace(claim, id=f"x{claim.id}", mention="m2") for claim in claims]
    assert answer([*claims, *others], as_of) == answer(claims, as_of)


@FAST
@given(some_claims(), AS_OF)
def test_a_silent_claim_without_a_day_or_a_place_changes_no_status(claims, as_of) -> None:
    silent = [replace(claim, id=f"x{claim.id}", status=None, when=None, place=None, sources=()) for claim in claims]
    with_them, without = answer([*claims, *silent], as_of), answer(claims, as_of)
    assert (with_them.status, with_them.since, with_them.because) == (
        without.status,
        without.since,
        without.because,
    )


@FAST
@given(some_claims(), AS_OF)
def test_removing_a_report_removes_only_what_it_supported(claims, as_of) -> None:
    found = answer(claims, as_of)
    without = answer([claim for claim in claims if claim.report != "a"], as_of)
    gone = {claim.id for claim in claims if claim.report == "a"}
    assert not gone & set(without.because)
    assert not gone & {id for step in without.history for id in step.claims}
    assert not gone & {id for each in without.contradictions for id in each.claims}
    if not gone:
        assert found == without


@FAST
@given(some_claims(), AS_OF)
def test_every_figure_stays_within_its_scale(claims, as_of) -> None:
    found = answer(claims, as_of)
    assert 1 <= found.credibility <= 6
    assert found.reliability in "ABCDEF"
    assert found.origins <= len(found.because)
    assert found.credibility > 1 or found.origins > 1
    assert found.since is None or found.since <= as_of
    assert [step.on or DAY.min for step in found.history] == sorted(step.on or DAY.min for step in found.history)
    for contradiction in found.contradictions:
        assert len(set(contradiction.claims)) == 2
