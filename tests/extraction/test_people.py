"""Who is who in a report: with a recogniser made by hand, that finds what each test lists."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillon.extraction.people import Names, country_of, find_names, role_after, role_before, same_entity_name
from stillon.model import Report, Span


@dataclass
class Found:
    """An entity as spaCy gives it."""

    text: str
    label_: str


@dataclass
class Doc:
    """A document as spaCy gives it."""

    ents: list[Found]


def recogniser(**labels: str) -> Callable[[str], Doc]:
    """A recogniser that finds the words listed per label, separated by "|"."""

    def read(text: str) -> Doc:
        return Doc(
            [
                Found(m.group(), label)
                for label, words in labels.items()
                for word in words.split("|")
                for m in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)
            ]
        )

    return read


def names_of(text: str, *, title: str | None = None, **labels: str) -> Names:
    return find_names(Report(id="r", file="r", text=text, title=title), recogniser(**labels))


def meant(names: Names, words: str, *, nth: int = 0) -> str | None:
    start = [m.start() for m in re.finditer(re.escape(words), names.text)][nth]
    entity = names.resolve(Span(start, start + len(words)))
    return entity.name if entity else None


def test_a_surname_stands_for_the_full_name_found_anywhere() -> None:
    names = names_of("Lundqvist spoke. Later Astrid Lundqvist left.", PERSON="Astrid Lundqvist")
    assert meant(names, "Lundqvist") == "Astrid Lundqvist"
    assert len(names.entities) == 1
    assert len(names.entities[0].spans) == 2


def test_a_full_name_in_the_title_alone_is_enough() -> None:
    names = names_of("Lundqvist spoke on Monday.", title="Astrid Lundqvist speaks", PERSON="Astrid Lundqvist")
    assert meant(names, "Lundqvist") == "Astrid Lundqvist"
    assert names.entities[0].title_spans


def test_short_given_names_and_initials_are_one_person() -> None:
    names = names_of("William B. Oakes met staff. Bill Oakes left.", PERSON="William B. Oakes|Bill Oakes")
    assert len(names.persons) == 1


def test_two_people_of_one_surname_stay_two() -> None:
    names = names_of("Astrid Moe met Peter Moe.", PERSON="Astrid Moe|Peter Moe")
    assert [e.name for e in names.persons] == ["Astrid Moe", "Peter Moe"]


def test_two_surnames_joined_by_a_hyphen_are_two_persons() -> None:
    text = "Ada Berg will meet Cato Holm. The Berg-Holm summit is on."
    names = names_of(text, PERSON="Ada Berg|Cato Holm|Berg-Holm")
    start = text.index("Berg-Holm")
    assert [e.name for _, e in names.within(Span(start, start + 9))] == ["Ada Berg", "Cato Holm"]


def test_a_double_surname_stays_one() -> None:
    names = names_of("Iria Souto-Paz spoke. Souto-Paz left.", PERSON="Iria Souto-Paz")
    assert [e.name for e in names.persons] == ["Iria Souto-Paz"]


def test_titles_are_no_part_of_a_name_but_are_kept_as_roles() -> None:
    names = names_of("French Foreign Minister Odile Marchand arrived.", PERSON="Minister Odile Marchand")
    entity = names.entities[-1]
    assert (entity.name, entity.roles, entity.org) == ("Odile Marchand", ("French Foreign Minister",), "France")


def test_a_role_between_commas_is_kept() -> None:
    names = names_of("Odile Marchand, the Kremlin spokeswoman, said so.", PERSON="Odile Marchand")
    assert (names.persons[0].roles, names.persons[0].org) == (("Kremlin spokeswoman",), "Kremlin")
    assert names.persons[0].gender == "f"


def test_a_title_makes_a_person_of_what_the_model_takes_for_a_body() -> None:
    names = names_of("Mr. Quillon left. Quillon will return.", ORG="Quillon")
    assert [(e.name, e.kind) for e in names.entities] == [("Quillon", "person")]


def test_possessives_and_articles_are_no_part_of_a_name() -> None:
    names = names_of("the Harbour Board’s plan", ORG="the Harbour Board’s")
    assert [e.name for e in names.entities] == ["Harbour Board"]


def test_a_capital_says_whose_government_it_stands_for() -> None:
    names = names_of("Oslo refused.", GPE="Oslo")
    assert (names.entities[0].kind, names.entities[0].government_of) == ("place", "Norway")


@pytest.mark.parametrize(
    ("text", "pronoun", "name"),
    [
        ("Astrid Lund met Peter Moe. She said that it went well.", "She", "Astrid Lund"),
        ("Astrid Lund met Peter Moe. He said that it went well.", "He", "Peter Moe"),
        ("Peter Moe praised Karl Ek. “It is on,” he said.", "he", "Peter Moe"),
        ("“It is on,” said Karl Ek, who met Peter Moe. He said that a date is set.", "He", "Karl Ek"),
    ],
)
def test_pronouns_mean_the_one_who_spoke_or_led_the_sentence(text: str, pronoun: str, name: str) -> None:
    assert meant(names_of(text, PERSON="Astrid Lund|Peter Moe|Karl Ek"), pronoun) == name


def test_an_office_means_its_holder_and_its_country_decides() -> None:
    text = "Danish President Per Juhl met Polish President Ewa Nowak. The Polish president agreed. The president left."
    names = names_of(text, PERSON="Per Juhl|Ewa Nowak")
    assert meant(names, "The Polish president") == "Ewa Nowak"


def test_the_two_leaders_are_the_two_named_last() -> None:
    text = "Per Juhl will meet Ewa Nowak. The two leaders spoke."
    names = names_of(text, PERSON="Per Juhl|Ewa Nowak")
    start = text.index("The two leaders")
    assert [e.name for e in names.resolve_all(Span(start, start + 15))] == ["Per Juhl", "Ewa Nowak"]


def test_one_who_only_owns_the_source_is_not_meant() -> None:
    names = names_of("Per Juhl’s spokesman declined.", PERSON="Per Juhl")
    assert names.resolve(Span(0, len("Per Juhl’s spokesman"))) is None


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("the longtime Juhl ally Ewa Nowak", "Ewa Nowak"),
        ("the woman accusing President Per Juhl", None),
        ("a lawyer representing Ewa Nowak", None),
        ("Per Juhl and Ewa Nowak", "Per Juhl"),
    ],
)
def test_one_who_only_tells_of_the_source_is_not_meant(source: str, wanted: str | None) -> None:
    text = f"Per Juhl met Ewa Nowak. On Friday {source} declined."
    start = text.index(source)
    entity = names_of(text, PERSON="Per Juhl|Ewa Nowak|Juhl").resolve(Span(start, start + len(source)))
    assert (entity.name if entity else None) == wanted


def test_a_common_word_at_a_sentence_start_is_no_surname() -> None:
    text = "Ina Short spoke. Short talks followed; the talks were short."
    names = names_of(text, PERSON="Ina Short")
    assert len(names.persons[0].spans) == 1


def test_capitals_in_a_headline_find_the_name() -> None:
    names = names_of("Ina Varga spoke.", title="VARGA TO SPEAK", PERSON="Ina Varga")
    assert names.persons[0].title_spans == (Span(0, 5),)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Ina Varga", "Varga", True),
        ("Mr. Varga", "Ina Varga", True),
        ("Bill Oakes", "William Oakes", True),
        ("Ina Varga", "Ola Varga", False),
        ("the Harbour Board", "Harbour Board", True),
        ("", "Varga", False),
    ],
)
def test_names_fit_when_the_shorter_stands_in_the_longer(a: str, b: str, same: bool) -> None:
    assert same_entity_name(a, b) is same


@pytest.mark.parametrize(
    ("words", "country"),
    [
        ("Norwegian", "Norway"),
        ("Oslo", "Norway"),
        ("the Kremlin", "Russia"),
        ("U.S.", "United States"),
        ("Varga", None),
    ],
)
def test_a_country_is_known_by_people_capital_and_seat(words: str, country: str | None) -> None:
    assert country_of(words) == country


def test_roles_stop_at_another_name_and_at_a_verb() -> None:
    text = "Minister Ina Varga and Foreign Minister Per Juhl, head of the board, met."
    role = role_before(text, text.index("Per"), floor=text.index(" and"))
    assert role is not None
    assert role.of(text) == "Foreign Minister"
    after = role_after(text, text.index(", head"))
    assert after is not None
    assert after.of(text) == "head of the board"


PIECES = st.sampled_from(
    ["Mr. ", "Ina Varga", "Varga", "’s", "'s ", "\n\n", '"', "“", "”", " said ", "the two leaders ", "The president ",
     " he ", "She ", "Varga-Juhl ", "\u2028", "\x00", "e\u0301", "U.S.", ", the senator, ", "MAY ", "May 5", "٣", "😀",
     "Sen. Bo Li (R-Tex.) ", "of ", ". ", "("]
)  # fmt: skip


@given(st.lists(PIECES, max_size=20).map("".join) | st.text(max_size=60), st.text(max_size=20))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_every_span_lies_in_it(text: str, title: str) -> None:
    names = names_of(text, title=title, PERSON="Ina Varga|Bo Li|Varga", ORG="U.S.|May")
    for entity in names.entities:
        assert all(0 <= s.start < s.end <= len(text) for s in entity.spans)
        assert all(0 <= s.start < s.end <= len(title) for s in entity.title_spans)
        assert entity.spans or entity.title_spans
    ends = [(m.span.start, m.span.end) for m in names.mentions]
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends))
    for span, entity in names.within(Span(0, max(1, len(text)))):
        assert span.of(text)
        assert entity in names.entities


def test_a_mister_is_not_the_woman_of_his_name() -> None:
    names = names_of("Anna Moe spoke. Mr. Moe was not there, Ms. Moe said.", PERSON="Anna Moe")
    assert meant(names, "Mr. Moe") == "Moe"
    assert meant(names, "Ms. Moe") == "Anna Moe"


def test_an_office_is_not_that_of_the_relative_who_alone_is_named_in_full() -> None:
    names = names_of("First lady Anna Moe arrived. President Moe will follow.", PERSON="Anna Moe")
    assert meant(names, "President Moe") == "Moe"


def test_a_relative_has_the_surname_of_whose_relative_it_is() -> None:
    names = names_of("Peter Moe’s wife, Anna, will speak. Anna is glad.", PERSON="Peter Moe|Anna")
    assert meant(names, "Anna", nth=1) == "Anna Moe"


def test_a_verb_of_a_headline_is_no_part_of_a_name() -> None:
    names = names_of("Lundqvist met staff.", title="Lundqvist Scolds Staff", PERSON="Lundqvist Scolds|Lundqvist")
    assert [e.name for e in names.persons] == ["Lundqvist"]


def test_a_committee_with_and_in_its_name_is_one() -> None:
    names = names_of("The House Ports and Harbours Committee met.", ORG="House Ports and Harbours Committee")
    assert [e.name for e in names.entities] == ["House Ports and Harbours Committee"]


def test_a_family_name_in_front_means_who_was_named_before_another_of_that_surname() -> None:
    text = "Pak Jo Rim wants talks. Pak said so in May. Three sailors, Tony Pak among them, came home."
    names = names_of(text, PERSON="Pak Jo Rim|Pak|Tony Pak")
    at = text.index("Pak said")
    entity = names.resolve(Span(at, at + 3))
    assert entity is not None
    assert entity.name == "Pak Jo Rim"


def test_the_two_countries_are_no_two_persons() -> None:
    text = "Per Juhl met Ewa Nowak. The two countries agreed."
    names = names_of(text, PERSON="Per Juhl|Ewa Nowak")
    start = text.index("The two")
    assert names.resolve_all(Span(start, start + len("The two countries"))) == ()


def test_a_storm_is_nobody() -> None:
    names = names_of("Hurricane Agda neared. Ships fled from Agda.", PERSON="Agda")
    assert names.entities == ()


def test_a_pronoun_in_front_of_its_sentences_subject_means_the_subject() -> None:
    text = "Jon Voss waited. In his speech, Karel Brod thanked the crew."
    assert meant(names_of(text, PERSON="Jon Voss|Karel Brod"), "his") == "Karel Brod"


def test_a_pronoun_before_anybody_is_named_means_whom_the_sentence_names_first() -> None:
    text = "A day after his talk with Jon Voss went wrong, a defiant Mayor Karel Brod said it had been great."
    assert meant(names_of(text, PERSON="Jon Voss|Karel Brod"), "his") == "Karel Brod"


def test_who_wrote_the_report_is_not_meant() -> None:
    text = (
        "Jon Voss and Ada Lund\n\nFJORDBY - A day after his talk went wrong, Mayor Karel Brod said it had been great."
    )
    assert meant(names_of(text, PERSON="Jon Voss|Ada Lund|Karel Brod"), "his") == "Karel Brod"


def test_nobody_meets_himself() -> None:
    text = "A day after his talk with Jon Voss, President Karel Brod said he had a row with the Danish leader."
    assert meant(names_of(text, PERSON="Karel Brod|Jon Voss", NORP="Danish"), "the Danish leader") == "Jon Voss"


def test_an_office_nobody_is_said_to_hold_is_of_the_only_one_without_an_office() -> None:
    text = "Senator Ada Lund wrote to Jon Voss, asking the former Harbour Bureau director to appear."
    names = names_of(text, PERSON="Ada Lund|Jon Voss", ORG="Harbour Bureau")
    assert meant(names, "the former Harbour Bureau director") == "Jon Voss"


def test_a_law_and_half_a_name_are_no_bodies() -> None:
    names = names_of("Obamacare and Ways stood.", ORG="Obamacare|Ways")
    assert names.entities == ()
