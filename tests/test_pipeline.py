import re
from collections.abc import Callable
from datetime import date

import pytest

from stillon import pipeline
from stillon.errors import ExtractError, NotFoundInput, StillonError
from stillon.model import Dossier, Extraction, Report, Standing, Status

pytestmark = pytest.mark.usefixtures("plain_extraction")
MakeReport = Callable[..., Report]

MARCH_4, MARCH_10, MARCH_12 = date(2031, 3, 4), date(2031, 3, 10), date(2031, 3, 12)


@pytest.fixture
def reports(make_report: MakeReport) -> list[Report]:
    return [
        make_report("The launch is scheduled.", published=MARCH_4),
        make_report("The launch is postponed, says Ada Lund.", published=MARCH_10),
        make_report("The launch is cancelled.", published=MARCH_12),
    ]


def _answers(reports: list[Report], **options: object) -> list[Dossier]:
    return list(pipeline.dossiers(reports, reader=None, **options))  # type: ignore[arg-type]


def _statuses(dossiers: list[Dossier]) -> list[Status | None]:
    return [dossier.assessments[0].status if dossier.assessments else None for dossier in dossiers]


def test_without_a_day_the_answer_is_of_the_latest_publication(reports: list[Report]) -> None:
    (dossier,) = _answers(reports)
    assert dossier.as_of == MARCH_12
    assert _statuses([dossier]) == [Status.CANCELLED]


def test_each_day_is_answered_from_what_was_published_by_then(reports: list[Report]) -> None:
    answers = _answers(reports, as_of=[MARCH_4, date(2031, 3, 11)])
    assert _statuses(answers) == [Status.SCHEDULED, Status.POSTPONED]
    assert [len(answer.reports) for answer in answers] == [1, 2]


def test_a_later_report_never_changes_an_earlier_answer(reports: list[Report]) -> None:
    assert _answers(reports, as_of=[MARCH_10]) == _answers(reports[:2], as_of=[MARCH_10])


def test_the_order_of_the_reports_does_not_matter(reports: list[Report]) -> None:
    assert _answers(reports) == _answers(reports[::-1])


def test_a_report_given_twice_counts_once(reports: list[Report]) -> None:
    assert _answers([*reports, *reports]) == _answers(reports)


def test_a_report_without_a_day_counts_always(make_report: MakeReport) -> None:
    undated = make_report("The launch is announced.", published=None)
    (dossier,) = _answers([undated])
    assert dossier.as_of is None
    assert _statuses([dossier]) == [Status.ANNOUNCED]
    assert _answers([undated], as_of=[MARCH_4])[0].reports == (undated,)


def test_each_report_alone_has_a_dossier_that_names_its_file(reports: list[Report]) -> None:
    answers = _answers(reports, each=True)
    assert [answer.file for answer in answers] == [report.file for report in reports]
    assert [answer.as_of for answer in answers] == [MARCH_4, MARCH_10, MARCH_12]
    assert _statuses(answers) == [Status.SCHEDULED, Status.POSTPONED, Status.CANCELLED]


def test_a_report_of_a_later_day_has_an_empty_dossier_that_still_names_its_file(reports: list[Report]) -> None:
    answers = _answers(reports, each=True, as_of=[MARCH_10])
    assert [answer.file for answer in answers] == [report.file for report in reports]
    assert answers[2].reports == ()


def test_with_each_the_first_dossier_does_not_wait_for_the_last_report(reports: list[Report]) -> None:
    given = []

    def watched() -> object:
        for report in reports:
            given.append(report)
            yield report

    next(pipeline.dossiers(watched(), reader=None, each=True))  # type: ignore[arg-type]
    assert len(given) == 1


def test_no_reports_make_an_empty_dossier() -> None:
    (dossier,) = _answers([])
    assert dossier == Dossier(as_of=None)


def test_deciding_claims_come_first_then_those_with_a_status(make_report: MakeReport) -> None:
    text = "The launch is odd. The launch is scheduled, says Per Holm. The launch is cancelled."
    (dossier,) = _answers([make_report(text)])
    because = dossier.assessments[0].because
    ids = [claim.id for claim in dossier.claims]
    assert set(ids[: len(because)]) == set(because)
    assert [claim.status is None for claim in dossier.claims] == [False, False, True]


def test_a_claim_carries_its_standing_toward_its_event(reports: list[Report]) -> None:
    (dossier,) = _answers(reports)
    by_text = {claim.text: claim.standing for claim in dossier.claims}
    assert by_text["The launch is scheduled."] is Standing.OWN_VOICE
    assert by_text["The launch is postponed, says Ada Lund."] is Standing.DECIDING


def test_an_event_of_which_nothing_is_claimed_is_left_out(make_report: MakeReport) -> None:
    (dossier,) = _answers([make_report("The launch is odd. The parade is scheduled.")])
    assert [answer.event.participants[1] for answer in dossier.assessments] == ["parade"]
    assert len(dossier.claims) == 2


def test_a_report_that_fails_is_told_and_the_rest_done(reports: list[Report], make_report: MakeReport) -> None:
    told: list[tuple[str, str, StillonError]] = []
    broken = make_report("The launch is broken.", file="bad.txt")
    answers = _answers([broken, *reports], on_error=lambda *failure: told.append(failure))
    assert _statuses(answers) == [Status.CANCELLED]
    ((stage, about, error),) = told
    assert (stage, about) == ("extract", "bad.txt")
    assert isinstance(error, ExtractError)
    assert isinstance(error.__cause__, ZeroDivisionError)


def test_by_default_the_first_failure_is_raised(make_report: MakeReport) -> None:
    with pytest.raises(ExtractError, match="a fault"):
        _answers([make_report("The launch is broken.")])


def test_an_input_that_cannot_be_read_is_told_and_the_rest_read(tmp_path: object) -> None:
    from pathlib import Path

    from stillon.settings import Settings

    good = Path(str(tmp_path)) / "good.txt"
    good.write_text("The council will meet on Tuesday to vote on the new harbour wall, the mayor said.")
    told: list[tuple[str, str, StillonError]] = []
    found = list(
        pipeline.read_articles(
            [str(good.with_name("missing.txt")), str(good)],
            settings=Settings(),
            on_error=lambda *failure: told.append(failure),
        )
    )
    assert [report.file for report in found] == ["good.txt"]
    assert isinstance(told[0][2], NotFoundInput)


def test_a_report_that_takes_too_long_is_left_out_and_the_rest_goes_on(
    make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where it is a regular expression that does not come to an end."""

    def extract(report: Report, _reader: object) -> Extraction:
        if "odd" in report.text:
            re.match(r"(a|aa)+$", "a" * 200 + "b")
        return Extraction(report=report)

    monkeypatch.setattr(pipeline, "extract", extract)
    monkeypatch.setattr(pipeline, "LONGEST_S", 0.2)
    told: list[tuple[str, str, str]] = []
    reports = [make_report("one"), make_report("odd"), make_report("three")]
    found = pipeline.extract_all(reports, None, lambda *each: told.append((each[0], each[1], each[2].reason)))  # type: ignore[arg-type]
    assert [each.report.text for each in found] == ["one", "three"]
    assert told == [("extract", reports[1].file, "it takes more than 0.2 s")]
