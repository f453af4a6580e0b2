"""Copies: who shares text with whom, and whose text it is."""

from __future__ import annotations

import datetime
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from stillon.linking.copies import COPIED, CopyIndex, copy_groups, find_copies
from stillon.model import Copy, Report

DAY = datetime.date(2031, 3, 3)
SYLLABLES = ("ba", "cor", "den", "fi", "gul", "mar", "nes", "pol", "ri", "sta", "tem", "vo")


def prose(seed: int, words: int = 120) -> str:
    draw = random.Random(seed)
    return " ".join("".join(draw.choices(SYLLABLES, k=3)) for _ in range(words))


def report(name: str, text: str, day: datetime.date | None = DAY, agency: str | None = None) -> Report:
    return Report(id=name, file=name, text=text, published=day, agency=agency)


def pairs(reports: list[Report]) -> dict[tuple[str, str], float]:
    return {(copy.a, copy.b): copy.containment for copy in find_copies(reports)}


def test_a_reprint_is_a_copy_of_the_report_published_before() -> None:
    later = report("later", prose(1), DAY + datetime.timedelta(days=1))
    assert pairs([later, report("first", prose(1))]) == {("first", "later"): 1.0}


def test_a_brief_inside_a_longer_report_counts_in_full() -> None:
    brief = prose(1, 60)
    long = f"{prose(2, 400)} {brief} {prose(3, 400)}"
    assert pairs([report("brief", brief), report("long", long)])[("long", "brief")] == 1.0


def test_of_one_day_the_report_that_credits_an_agency_is_the_original() -> None:
    found = find_copies([report("a", prose(1) + " more"), report("wire", prose(1), agency="Newswire")])
    assert [(copy.a, copy.b) for copy in found] == [("wire", "a")]


def test_a_report_without_a_day_is_not_taken_for_the_original() -> None:
    found = pairs([report("undated", prose(1), None), report("dated", prose(1))])
    assert list(found) == [("dated", "undated")]


def test_reports_of_their_own_words_share_nothing() -> None:
    assert pairs([report(str(seed), prose(seed)) for seed in range(8)]) == {}


def test_quotations_that_two_reports_share_are_no_copy() -> None:
    speech = f"“{prose(9, 100)}”"
    assert pairs([report("a", f"{prose(1, 60)} {speech}"), report("b", f"{prose(2, 60)} {speech}")]) == {}


def test_a_copied_text_with_a_long_quotation_in_it_is_a_copy() -> None:
    text = f"{prose(1, 60)} “{prose(9, 100)}” she said."
    assert pairs([report("a", text), report("b", text)])[("a", "b")] > COPIED


def test_a_text_printed_in_quotation_marks_by_another_is_its_copy() -> None:
    letter = prose(9, 200)
    assert ("b", "letter") in pairs([report("letter", letter), report("b", f"{prose(2, 40)} “{letter}”")])


def test_a_quotation_with_no_closing_mark_ends_with_its_paragraph() -> None:
    text = f"“{prose(1, 30)}\n\n{prose(2, 100)}"
    assert pairs([report("a", text), report("b", text)]) == {("a", "b"): 1.0}


def test_texts_shorter_than_a_gram_share_nothing() -> None:
    assert pairs([report("a", "too short"), report("b", "too short"), report("c", "")]) == {}


def test_all_copies_of_a_story_have_one_root() -> None:
    days = [DAY + datetime.timedelta(days=number) for number in range(3)]
    reports = [
        report("wire", prose(1, 200), days[0]),
        report("reprint", prose(1, 200) + " " + prose(2, 150), days[1]),
        report("late", prose(2, 150) + " " + prose(3, 60), days[2]),
    ]
    assert copy_groups(reports, find_copies(reports)) == {"reprint": "wire", "late": "wire"}


def test_a_round_up_of_two_stories_does_not_make_them_one() -> None:
    reports = [report("one", prose(1)), report("two", prose(2)), report("both", prose(1) + " " + prose(2))]
    late = [*reports[:2], report("both", reports[2].text, DAY + datetime.timedelta(days=1))]
    assert copy_groups(late, find_copies(late)).keys() == {"both"}


def test_a_report_that_shares_less_than_half_has_no_root() -> None:
    reports = [report("a", prose(1)), report("b", prose(2))]
    assert copy_groups(reports, [Copy(a="a", b="b", containment=0.4)]) == {}


def test_the_index_finds_a_copied_half_from_its_sample() -> None:
    index = CopyIndex()
    for seed in range(50):
        index.add(report(str(seed), prose(seed, 300)))
    new = report("new", " ".join(prose(7, 300).split()[:200]) + " " + prose(99, 100))
    best = index.candidates(new)[0]
    assert best[0] == "7"
    assert best[1] > COPIED
    assert len(index) == 50


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_reports_does_not_matter(order: list[int]) -> None:
    texts = [prose(1), prose(1) + prose(2), prose(2), "“" + prose(1) + "”", prose(3), prose(3, 60)]
    reports = [report(str(number), text) for number, text in enumerate(texts)]
    assert find_copies([reports[number] for number in order]) == find_copies(reports)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=4))
def test_no_text_raises(texts: list[str]) -> None:
    for copy in find_copies([report(str(number), text) for number, text in enumerate(texts)]):
        assert 0 < copy.containment <= 1
