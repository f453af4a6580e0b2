from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillon.model import Claim, Dossier, Event, Extraction, Kind, Links, Report, Status
from stillon.pipeline import answer
from stillon.publishing.editions import NEVER, Editions

STATED = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([*Status])), min_size=1, max_size=7)
FIRST = date(2031, 3, 1)


def _story(told: list[tuple[int, Status]]) -> tuple[list[Extraction], tuple[str, ...]]:
    extractions = []
    for number, (after, status) in enumerate(told):
        day = FIRST + timedelta(days=after)
        report = Report(id=f"r{number}", file="x", text="x", publisher=f"P{number}", published=day)
        claim = Claim(
            id=f"c{number}",
            report=report.id,
            mention=f"m{number}",
            status=status,
            text="x",
            span=_span(),
            published=day,
        )
        extractions.append(Extraction(report=report, claims=(claim,)))
    return extractions, tuple(f"m{number}" for number in range(len(told)))


def _span():  # type: ignore[no-untyped-def]
    from stillon.model import Span

    return Span(0, 1)


@given(STATED.filter(lambda told: all(status is not Status.LAPSED for _, status in told)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_number_of_an_edition_grows_with_every_change_and_never_falls(told: list[tuple[int, Status]]) -> None:
    extractions, mentions = _story(told)
    event = Event(id="m0", name="Launch", kind=Kind.LAUNCH, mentions=mentions)
    last = None
    for day in (FIRST + timedelta(days=number) for number in range(11)):
        known = [each for each in extractions if each.report.published and each.report.published <= day]
        if not known:
            continue
        dossier = answer(known, Links(events=(event,)), as_of=day)
        if not dossier.assessments:
            continue
        found = dossier.assessments[0]
        number = Editions(dossier).of(found).number
        if last is not None:
            assert number >= last[0]
            if (found.status, found.history) != last[1]:
                assert number > last[0]
        last = (number, (found.status, found.history))


def test_a_day_that_passed_in_silence_is_an_edition(ferry: Callable[[date], Dossier]) -> None:
    planned = ferry(date(2031, 3, 10))
    lapsed = replace(planned.assessments[0], status=Status.LAPSED, since=date(2031, 3, 26))
    editions = Editions(planned)
    before, after = editions.of(planned.assessments[0]), editions.of(lapsed)
    assert after.number == before.number + 1
    assert after.at == datetime(2031, 3, 26, tzinfo=UTC)
    assert [each.status for each in editions.turnings(lapsed)][-1] is Status.LAPSED
    assert editions.turnings(lapsed)[-1].claims == ()


def test_a_second_change_of_one_day_is_an_edition_of_its_own(ferry: Callable[[date], Dossier]) -> None:
    once = ferry(date(2031, 3, 4))
    claim = replace(once.claims[0], id="more", report="more", status=Status.CANCELLED)
    twice = replace(once, claims=(*once.claims, claim))
    assert Editions(twice).of(once.assessments[0]).number > Editions(once).of(once.assessments[0]).number


def test_a_new_day_without_a_new_status_is_a_turning(ferry: Callable[[date], Dossier]) -> None:
    moved = ferry(date(2031, 3, 10))
    given_day = next(claim for claim in moved.claims if claim.status is Status.RESCHEDULED)
    steps = tuple(step for step in moved.assessments[0].history if step.status is not Status.RESCHEDULED)
    quiet = replace(moved.assessments[0], history=steps, status=Status.SCHEDULED)
    last = Editions(moved).turnings(quiet)[-1]
    assert (last.what, last.claims, last.when) == ("date", (given_day,), given_day.when)


def test_without_any_day_the_edition_stands_at_the_epoch(
    dossier: Dossier, make_claim: Callable[..., Claim], make_report: Callable[..., Report]
) -> None:
    trial = dossier.assessments[1]
    assert Editions(dossier).of(trial).at == NEVER
