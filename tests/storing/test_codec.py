import dataclasses
import datetime
import json
import types
import typing
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillon import model
from stillon.model import Assessment, Claim, Correction, Mention, Report, Span
from stillon.storing.codec import dump, load, read_instant, write_instant

TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("\0\n”’—é"), max_size=12)
INSTANTS = st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2090, 1, 1), timezones=st.just(datetime.UTC))
SPANS = st.tuples(st.integers(0, 50), st.integers(1, 50)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


def records(of_type: type) -> st.SearchStrategy:
    """Any record of a type, from the types of its fields."""
    hints = typing.get_type_hints(of_type)
    return st.builds(of_type, **{each.name: values(hints[each.name]) for each in dataclasses.fields(of_type)})


def values(of_type: object) -> st.SearchStrategy:
    origin, inside = typing.get_origin(of_type), typing.get_args(of_type)
    if of_type is Span:
        return SPANS
    if of_type is datetime.datetime:
        return INSTANTS
    if origin is tuple:
        if inside[-1] is Ellipsis:
            return st.lists(values(inside[0]), max_size=2).map(tuple)
        return st.tuples(*map(values, inside))
    if origin in (typing.Union, types.UnionType):
        return st.none() | values(next(each for each in inside if each is not type(None)))
    if origin is typing.Literal:
        return st.sampled_from(inside)
    if isinstance(of_type, type) and issubclass(of_type, StrEnum):
        return st.sampled_from(list(of_type))
    if of_type is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if dataclasses.is_dataclass(of_type):
        return records(of_type)  # type: ignore[arg-type]
    return {str: TEXT, int: st.integers(0, 10**6), bool: st.booleans(), model.Day: st.dates()}[of_type]  # type: ignore[index]


@pytest.mark.parametrize("of_type", [Report, Mention, Claim, Assessment, Correction])
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_record_comes_back_as_it_was(of_type: type, data: st.DataObject) -> None:
    record = data.draw(records(of_type))
    assert load(of_type, dump(record)) == record


def test_what_a_record_does_not_say_is_left_out() -> None:
    data = json.loads(dump(Report(id="r", file="r.txt", text="Words.")))
    assert data == {"id": "r", "file": "r.txt", "text": "Words."}


def test_a_field_that_is_not_known_is_passed_over() -> None:
    assert load(Report, '{"id":"r","file":"f","text":"t","of later":1}') == Report(id="r", file="f", text="t")


@given(INSTANTS, INSTANTS)
def test_instants_sort_as_text_as_they_do_in_time(a: datetime.datetime, b: datetime.datetime) -> None:
    assert read_instant(write_instant(a)) == a
    assert (write_instant(a) < write_instant(b)) == (a < b)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        write_instant(datetime.datetime(2031, 3, 4))
