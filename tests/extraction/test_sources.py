"""Who stands behind a statement: with attributions made by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from stillon.extraction.people import find_names
from stillon.extraction.sources import Saying, chain_sayings
from stillon.extraction.when import find_times
from stillon.model import Attribution, Report, SourceKind, Span

PEOPLE = "Ina Varga|Per Juhl|Ola Brandt"


@dataclass
class Found:
    """An entity as spaCy gives it."""

    text: str
    label_: str


@dataclass
class Doc:
    """A document as spaCy gives it."""

    ents: list[Found]


def recognise(text: str) -> Doc:
    return Doc([Found(m.group(), "PERSON") for m in re.finditer(PEOPLE, text)])


class Text:
    """A text and what was attributed in it, by words."""

    def __init__(self, text: str, *, publisher: str | None = None) -> None:
        self.report = Report(id="r", file="r", text=text, publisher=publisher, published=date(2031, 3, 6))
        self.found: list[Attribution] = []

    def span(self, words: str, nth: int = 0) -> Span:
        start = -1
        for _ in range(nth + 1):
            start = self.report.text.index(words, start + 1)
        return Span(start, start + len(words))

    def said(self, source: str | None, cue: str | None, *content: str, nth: int = 0) -> Text:
        self.found.append(
            Attribution(
                source=(self.span(source, nth),) if source else (),
                cue=(self.span(cue, nth),) if cue else (),
                content=tuple(self.span(c) for c in content),
            )
        )
        return self

    def read(self) -> list[Saying]:
        names = find_names(self.report, recognise)
        times = find_times(self.report.text, published=self.report.published)
        return chain_sayings(self.report, self.found, names, times)


def chain(saying: Saying) -> list[str]:
    return [s.name for s in saying.sources]


def test_the_outlet_told_stands_before_the_person() -> None:
    text = Text("Ina Varga told Reuters that the vote is off.").said("Ina Varga", "told", "that the vote is off")
    (saying,) = text.read()
    assert chain(saying) == ["Reuters", "Ina Varga"]
    assert [s.kind for s in saying.sources] == [SourceKind.OUTLET, SourceKind.PERSON]
    assert saying.span.of(text.report.text) == "the vote is off"


def test_the_reports_own_publisher_is_not_in_the_chain() -> None:
    text = Text("Ina Varga told the BBC that the vote is off.", publisher="BBC News")
    (saying,) = text.said("Ina Varga", "told", "that the vote is off").read()
    assert chain(saying) == ["Ina Varga"]


def test_a_title_before_a_name_stays_in_the_words_and_the_name_is_resolved() -> None:
    text = Text("Kremlin spokesman Per Juhl said the visit stands.")
    (saying,) = text.said("Kremlin spokesman Per Juhl", "said", "the visit stands").read()
    source = saying.sources[-1]
    assert (source.name, source.resolved, source.org) == ("Kremlin spokesman Per Juhl", "Per Juhl", "Kremlin")


def test_an_unnamed_official_confirms_to_an_agency() -> None:
    text = Text("A White House representative confirmed to Reuters that “there are no plans.”")
    (saying,) = text.said("A White House representative", "confirmed", "“there are no plans.”").read()
    assert chain(saying) == ["Reuters", "A White House representative"]
    assert (saying.sources[-1].kind, saying.sources[-1].org) == (SourceKind.UNNAMED, "White House")
    assert saying.quote == "direct"
    assert saying.span.of(text.report.text) == "there are no plans."


def test_the_same_source_is_the_one_before_and_speaks_through_the_same_outlet() -> None:
    text = Text("A palace aide told Reuters the visit is off. The same source added that no day is set.")
    text.said("A palace aide", "told", "the visit is off").said("The same source", "added", "that no day is set")
    first, second = text.read()
    assert chain(second) == ["Reuters", "The same source"]
    assert second.sources[-1].resolved == first.sources[-1].name == "A palace aide"


def test_a_reporter_stands_between_the_outlet_and_the_official() -> None:
    text = Text("NBC News correspondent Ola Brandt reported that, according to a senior official, the summit is off.")
    (saying,) = text.said("a senior official", "according to", "the summit is off").read()
    assert chain(saying)[0].startswith("NBC")
    assert chain(saying)[1:] == ["Ola Brandt", "a senior official"]


def test_outlets_that_cite_officials_are_not_the_origin() -> None:
    text = Text("The visit is off, several foreign outlets report, citing senior palace officials.")
    (saying,) = text.said("several foreign outlets", "report", "The visit is off").read()
    assert [(s.name, s.kind) for s in saying.sources] == [
        ("several foreign outlets", SourceKind.OUTLETS),
        ("senior palace officials", SourceKind.UNNAMED),
    ]


def test_according_to_puts_the_second_source_first() -> None:
    text = Text("Ina Varga said the vote stands, according to Xinhua.")
    (saying,) = text.said("Ina Varga", "said", "the vote stands").read()
    assert chain(saying) == ["Xinhua", "Ina Varga"]


def test_outlets_side_by_side_give_one_saying_each() -> None:
    text = Text("Similar reports were carried by the BBC, CBS News and Xinhua.")
    sayings = text.said("the BBC, CBS News and Xinhua", "carried by", "Similar reports").read()
    assert sorted(chain(s)[0] for s in sayings) == ["CBS News", "Xinhua", "the BBC"]
    assert len({s.span for s in sayings}) == 1


def test_two_who_speak_together_are_one_saying() -> None:
    text = Text("Ina Varga and Per Juhl said the treaty will be signed.")
    (saying,) = text.said("Ina Varga and Per Juhl", "said", "the treaty will be signed").read()
    assert chain(saying) == ["Ina Varga"]
    assert [s.name for s in saying.also] == ["Per Juhl"]


def test_a_belief_told_in_a_statement_is_a_longer_chain_of_its_own() -> None:
    text = Text("An aide explained that Ina Varga believes the talks are not ready.")
    sayings = text.said("An aide", "explained", "that Ina Varga believes the talks are not ready").read()
    assert [chain(s) for s in sayings] == [["An aide"], ["An aide", "Ina Varga"]]
    assert sayings[1].nested
    assert sayings[1].span.of(text.report.text) == "the talks are not ready"


def test_an_attribution_inside_anothers_content_inherits_its_source() -> None:
    words = "Ina Varga said the vote is off"
    text = Text(f"Reuters reported that {words}.").said("Reuters", "reported", f"that {words}")
    sayings = text.said("Ina Varga", "said", "the vote is off").read()
    assert sorted(chain(s) for s in sayings) == [["Reuters"], ["Reuters", "Ina Varga"]]


def test_whom_an_agency_quotes_is_the_origin_and_no_part_of_what_is_said() -> None:
    text = Text("Ola Brandt waited. On Monday Xinhua quoted Ina Varga as saying, “the vote will not come.”")
    (saying,) = text.said("Xinhua", "quoted", "Ina Varga as saying, “the vote will not come.”").read()
    assert chain(saying) == ["Xinhua", "Ina Varga"]
    assert saying.span.of(text.report.text) == "the vote will not come."


def test_who_said_what_an_outlet_reports_behind_it_is_the_origin() -> None:
    text = Text("“The vote will not come,” Ina Varga said on Monday, according to Reuters.")
    (saying,) = text.said("Reuters", "according to", "“The vote will not come,”").read()
    assert chain(saying) == ["Reuters", "Ina Varga"]


def test_a_pronoun_is_resolved_to_the_speaker() -> None:
    text = Text("Per Juhl said it is on. He added that a day is set.")
    text.said("Per Juhl", "said", "it is on").said("He", "added", "that a day is set")
    assert text.read()[1].sources[-1].resolved == "Per Juhl"


def test_they_are_the_officials_last_named() -> None:
    text = Text("School officials denied it. They said the talk stands.")
    text.said("School officials", "denied", "it").said("They", "said", "the talk stands")
    assert text.read()[1].sources[-1].resolved == "School officials"


def test_a_document_is_a_document_and_a_ministry_an_organisation() -> None:
    text = Text("A letter said the hearing is off. The foreign ministry said it stands.")
    text.said("A letter", "said", "the hearing is off").said("The foreign ministry", "said", "it stands")
    assert [s.sources[-1].kind for s in text.read()] == [SourceKind.DOCUMENT, SourceKind.ORGANISATION]


def test_the_reason_for_no_name_is_kept() -> None:
    reason = "spoke on condition of anonymity because no decision was made"
    text = Text(f"An aide, who {reason}, said the trip is off.")
    (saying,) = text.said("An aide", "said", "the trip is off").read()
    assert saying.sources[-1].anonymity == f"who {reason}"


def test_the_day_it_was_said_is_read_beside_the_cue() -> None:
    text = Text("Ina Varga said on Tuesday that the vote is off.")
    (saying,) = text.said("Ina Varga", "said", "that the vote is off").read()
    assert saying.on == date(2031, 3, 4)


def test_a_day_in_the_content_is_not_the_day_it_was_said() -> None:
    text = Text("Ina Varga said the vote was on Tuesday.")
    (saying,) = text.said("Ina Varga", "said", "the vote was on Tuesday").read()
    assert saying.on is None


def test_reportedly_hedges_and_partly_quoted_words_are_mixed() -> None:
    text = Text("Ina Varga reportedly said that the talks were “unnecessary at this stage.”")
    (saying,) = text.said("Ina Varga", "said", "that the talks were “unnecessary at this stage.”").read()
    assert saying.hedged
    assert saying.quote == "mixed"
    assert saying.span.of(text.report.text) == "the talks were “unnecessary at this stage.”"


def test_a_name_behind_a_role_is_whom_the_role_means() -> None:
    text = "Ina Varga stayed away. Varga’s lawyer, Per Juhl, said the trial is off."
    for source in ("Varga’s lawyer, Per Juhl,", "Varga’s lawyer"):
        (saying,) = Text(text).said(source, "said", "the trial is off").read()
        assert saying.sources[-1].resolved == "Per Juhl"
        assert saying.also == ()
    words = "Varga campaign finance director Per Juhl"
    (saying,) = Text(f"Ina Varga paused. {words} said the rally is off.").said(words, "said", "the rally is off").read()
    assert saying.sources[-1].resolved == "Per Juhl"


def test_a_caption_above_is_no_part_of_a_source() -> None:
    text = Text("Photo: Ola Brandt\n\nIna Varga said the vote is off.")
    (saying,) = text.said("Ola Brandt\n\nIna Varga", "said", "the vote is off").read()
    assert chain(saying) == ["Ina Varga"]


def test_nobody_is_taken_for_who_speaks_of_him_by_name() -> None:
    text = Text("Ola Brandt said the vote is off. Per Juhl nodded. “Mr. Juhl will not give up,” he added.")
    text.said("Ola Brandt", "said", "the vote is off").said("he", "added", "“Mr. Juhl will not give up,”")
    assert [saying.sources[-1].resolved or saying.sources[-1].name for saying in text.read()] == ["Ola Brandt"] * 2


def test_what_a_source_says_of_anothers_words_is_told_through_it() -> None:
    text = Text("Ina Varga wrote that the council would put off the vote until May, according to two aides.")
    text.said("Ina Varga", "wrote", "that the council would put off").said(
        "two aides", "according to", "the vote until May"
    )
    told = {tuple(chain(saying)): saying.span.of(text.report.text) for saying in text.read()}
    assert told["two aides", "Ina Varga"] == "the council would put off the vote until May"
    assert told["two aides",].startswith("Ina Varga wrote")


def test_who_wrote_at_length_to_others_is_the_origin_of_what_a_paper_reports() -> None:
    text = Text(
        "“The vote is off,” Ina Varga wrote late on Monday to the chairman of the council (a liberal) and the deputies"
        " of the opposition, according to Reuters."
    )
    (saying,) = text.said("Reuters", "according to", "“The vote is off,”").read()
    assert chain(saying) == ["Reuters", "Ina Varga"]


def test_a_content_that_runs_on_hands_a_sentence_over_whole() -> None:
    text = Text("Ina Varga said the vote is off. The rally of Ola Brandt stays where it is, Per Juhl wrote.")
    text.said("Ina Varga", "said", "the vote is off. The rally of").said(
        "Per Juhl", "wrote", "Ola Brandt stays where it is"
    )
    told = {chain(saying)[0]: saying.span.of(text.report.text) for saying in text.read()}
    assert told == {"Ina Varga": "the vote is off", "Per Juhl": "The rally of Ola Brandt stays where it is"}


def test_a_signed_post_is_its_writers_though_it_tells_of_others() -> None:
    text = Text("Deputies advised to be ready for votes tomorrow.\n— Ina Varga (@inavarga) March 5, 2031")
    text.said("Deputies", "advised", "to be ready for votes tomorrow")
    assert ["Ina Varga"] in [chain(saying) for saying in text.read()]


def test_who_after_a_group_is_the_group() -> None:
    text = Text("Per Juhl, speaking before he left, pushed back at Democrats who called for the vote to be put off.")
    (saying,) = text.said("who", "called for", "the vote to be put off").read()
    assert saying.sources[-1].resolved == "Democrats"


def test_the_official_behind_a_senior_official_is_no_further_source() -> None:
    text = Text(
        "CNN correspondent Per Juhl reported that, according to a senior official, “the visit is off.” "
        "The official added that it was too soon."
    )
    text.said("The official", "added", "“the visit is off.”", "that it was too soon")
    assert chain(text.read()[0]) == ["CNN", "Per Juhl", "a senior official"]


def test_a_copied_block_comes_through_the_paper_that_introduces_it() -> None:
    text = Text("The Daily Mail reports:\n\nIna Varga said the vote is off.")
    (saying,) = text.said("Ina Varga", "said", "the vote is off").read()
    assert chain(saying) == ["Daily Mail", "Ina Varga"]


def test_a_letter_seen_by_an_agency_was_not_told_to_it() -> None:
    text = Text("Ina Varga wrote in a letter seen by Reuters that the vote is off.")
    (saying,) = text.said("Ina Varga", "wrote", "that the vote is off").read()
    assert chain(saying) == ["Ina Varga"]


def test_one_who_was_attributed_nothing_gives_no_saying() -> None:
    report = Report(id="r", file="r", text="Nothing here.")
    empty = [Attribution(source=(), cue=(), content=()), Attribution(source=(), cue=(), content=(Span(90, 99),))]
    assert chain_sayings(report, empty, find_names(report, recognise)) == []


PIECES = st.sampled_from(
    ["Ina Varga", "’s ", "\n\n", '"', "“", "”", " said ", "told CNN ", "the two leaders ", "The president ", " he ",
     "according to Reuters", ", an official, ", "the official ", "citing aides ", "I ", "who ", "they ", "it ", "of ",
     "BBC, CBS News and Reuters ", "\x00", "e\u0301", ". ", " believes that the vote is off ", "a letter ", "😀"]
)  # fmt: skip
SPANS = st.builds(lambda start, size: Span(start, start + size), st.integers(-2, 150), st.integers(0, 40))
FOUND = st.builds(
    lambda source, cue, content: Attribution(source=tuple(source), cue=tuple(cue), content=tuple(content)),
    st.lists(SPANS, max_size=2),
    st.lists(SPANS, max_size=1),
    st.lists(SPANS, min_size=1, max_size=2),
)


@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60), st.lists(FOUND, max_size=5))
@settings(max_examples=200, deadline=None)
def test_any_spans_are_read_and_every_source_is_words_of_the_text(text: str, found: list[Attribution]) -> None:
    report = Report(id="r", file="r", text=text)
    for saying in chain_sayings(report, found, find_names(report, recognise)):
        for source in (*saying.sources, *saying.also):
            assert source.span is not None
            assert source.name.strip()
            assert source.span.of(text) == source.name
        assert all(0 <= p.start < p.end <= len(text) for p in saying.content)
        assert saying.span.covers(saying.content[0])
        assert saying.cue is None or saying.cue_span is not None
