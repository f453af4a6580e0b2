import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from stillon.model import Dossier, Report, Status
from stillon.publishing import terminal


def test_the_dossier_at_eighty_columns_is_the_golden_one(dossier: Dossier, golden: Callable[[str, str], None]) -> None:
    golden("dossier-80.txt", terminal.render(dossier, width=80))


def test_the_dossier_on_a_narrow_terminal_is_the_golden_one(
    dossier: Dossier, golden: Callable[[str, str], None]
) -> None:
    golden("dossier-50.txt", terminal.render(dossier, width=50))


@pytest.mark.parametrize("width", [20, 40, 57, 80, 100, 250])
@pytest.mark.parametrize("colour", [False, True])
def test_no_line_is_wider_than_the_terminal(dossier: Dossier, long_dossier: Dossier, width: int, colour: bool) -> None:
    for each in (dossier, long_dossier):
        for line in terminal.render(each, width=width, colour=colour).splitlines():
            assert cell_len(_without_colour(line)) <= max(40, width)


def test_colour_changes_nothing_but_colour(dossier: Dossier) -> None:
    plain = terminal.render(dossier, colour=False)
    coloured = terminal.render(dossier, colour=True)
    assert "\x1b[" not in plain
    assert "\x1b[" in coloured
    boxes = str.maketrans("", "", "┌┐└┘─│ \n")
    assert _without_colour(coloured).translate(boxes) == plain.translate(boxes)


def test_the_words_that_carry_a_status_stand_out(dossier: Dossier) -> None:
    claims = (replace(dossier.claims[0], status_cue="will not happen"), *dossier.claims[1:])
    assert "\x1b[1mwill not happen\x1b[0m" in terminal.render(replace(dossier, claims=claims), colour=True)


def test_wide_characters_take_two_columns(dossier: Dossier) -> None:
    first, *rest = dossier.assessments
    named = replace(first, event=replace(first.event, name="東京" * 40, place="東" * 60))
    for line in terminal.render(replace(dossier, assessments=(named, *rest)), width=60).splitlines():
        assert cell_len(line) <= 60


def test_a_report_cannot_steer_the_terminal(dossier: Dossier) -> None:
    evil = replace(dossier.claims[0], text="the launch\x1b[2J is \u202eoff\x07\n today")
    text = terminal.render(replace(dossier, claims=(evil, *dossier.claims[1:])))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "is off today" in text


def test_a_report_without_a_day_is_named(dossier: Dossier) -> None:
    assert "1 report without a publication day: relative dates left open (note.txt)" in terminal.render(dossier)


def test_a_dossier_without_events_says_so(empty_dossier: Dossier) -> None:
    assert "No planned event is spoken of." in terminal.render(empty_dossier)


def test_an_event_of_which_nothing_is_claimed_shows_only_where_another_needs_it(dossier: Dossier) -> None:
    launch, trial, keel = dossier.assessments
    unanswered = replace(trial, status=None, because=(), history=())
    text = terminal.render(replace(dossier, assessments=(launch, unanswered, keel)))
    assert "Needs     Sea trial of the Tidewater: nothing claimed" in text
    assert text.count("Sea trial of the Tidewater") == 1


def test_a_dossier_without_reports_says_so() -> None:
    assert "0 reports" in terminal.render(Dossier(as_of=None))


def test_two_claims_of_one_origin_make_one_contradicting_pair(dossier: Dossier) -> None:
    assert terminal.render(dossier).count("Two accounts of the status") == 1


def test_thirty_reports_stay_readable(long_dossier: Dossier) -> None:
    """What only one of many reports names takes four lines at most, its line in the list of reports among them."""
    text = terminal.render(long_dossier)
    assert "Also spoken of" in text
    assert len(text.splitlines()) < 60 + 4 * 30


def test_a_text_that_was_cut_is_named(empty_dossier: Dossier, make_report: Callable[..., Report]) -> None:
    text = terminal.render(replace(empty_dossier, reports=(make_report(cut=True, file="long.txt"),)))
    assert "Too long, only the beginning was read: long.txt" in text


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_colour(status: Status) -> None:
    assert status in terminal.COLOURS


def _without_colour(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
