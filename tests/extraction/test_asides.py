"""Links and advertisements that a page set into its prose are read over, and every offset stays."""

import pytest

from stillon.extraction.asides import read_over

NAMED = (
    "The vote was put off by Ines Varga Ines (Nessa) Maria VargaCouncil drops ferry plan Harbour strike ends | Mayor "
    "calls election MORE after a night of talks."
)


def test_headlines_pasted_behind_a_name_are_blanked() -> None:
    read = read_over(NAMED)
    assert len(read) == len(NAMED)
    assert " ".join(read.split()) == "The vote was put off by Ines Varga after a night of talks."


@pytest.mark.parametrize(
    "line",
    ["ADVERTISEMENT", "Story Continued Below", "Read more: Harbour strike is off", "SEE ALSO: The mayor resigns"],
)
def test_a_line_that_announces_a_link_is_blanked(line: str) -> None:
    text = f"The vote is on Friday.\n{line}\nIt may be put off."
    assert read_over(text) == f"The vote is on Friday.\n{' ' * len(line)}\nIt may be put off."


@pytest.mark.parametrize(
    "text",
    [
        "The mayor spoke to Varga. Varga said MORE would follow.",
        "McVarga and MacIntyre met; MORE than 40 came.",
    ],
)
def test_prose_stays(text: str) -> None:
    assert read_over(text) == text


def test_a_long_line_of_names_costs_no_more_than_its_length() -> None:
    text = "Varga " * 200_000
    assert read_over(text) == text
