"""Records as JSON and back: every frozen record of the model, exactly.

What a record does not say (a field at its default) is left out, so that a field added later reads as not said.
"""

from __future__ import annotations

import datetime
import functools
import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from stillon.model import Span

Record = TypeVar("Record")
Data = Any
"""What JSON holds."""


def to_data(value: object) -> Data:
    """The record as dicts, lists and strings."""
    if isinstance(value, Span):
        return [value.start, value.end]
    if is_dataclass(value):
        shown = ((each.name, getattr(value, each.name), each) for each in fields(value))
        return {name: to_data(own) for name, own, each in shown if each.default is MISSING or own != each.default}
    if isinstance(value, datetime.datetime):
        return write_instant(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_data(each) for each in value]
    return str(value) if isinstance(value, StrEnum) else value


def from_data(of_type: type[Record], data: Data) -> Record:
    """The record of a type that `to_data` made `data` of. Raises TypeError or ValueError where it does not fit."""
    read: Callable[[Data], Record] = _reader(cast(Any, of_type))
    return read(data)


def dump(value: object) -> str:
    """The record as one line of JSON."""
    return json.dumps(to_data(value), ensure_ascii=True, separators=(",", ":"))


def load(of_type: type[Record], text: str) -> Record:
    """The record that `dump` wrote."""
    return from_data(of_type, json.loads(text))


def write_instant(instant: datetime.datetime) -> str:
    """The instant in UTC, always with microseconds: sorts as text as it does in time."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a zone: {instant}")
    return instant.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_instant(text: str) -> datetime.datetime:
    """The aware instant, in UTC."""
    return datetime.datetime.fromisoformat(text).astimezone(datetime.UTC)


@functools.cache
def _reader(of_type: Any) -> Callable[[Data], Any]:
    """How a value of a type is read; worked out once for each type."""
    origin = get_origin(of_type)
    if of_type is Span:
        return lambda data: Span(*data)
    if is_dataclass(of_type):
        return _record_reader(of_type)
    if of_type is datetime.datetime:
        return read_instant
    if of_type is datetime.date:
        return datetime.date.fromisoformat
    if origin is tuple:
        return _tuple_reader(get_args(of_type))
    if origin in (Union, types.UnionType):
        inner = _reader(next(each for each in get_args(of_type) if each is not type(None)))
        return lambda data: None if data is None else inner(data)
    if isinstance(of_type, type) and issubclass(of_type, StrEnum):
        return of_type
    if of_type in (str, int, float, bool) or origin is Literal:
        return lambda data: data
    raise TypeError(f"no way to read {of_type}")


def _record_reader(of_type: Any) -> Callable[[Data], Any]:
    hints = get_type_hints(of_type)
    readers = {each.name: _reader(hints[each.name]) for each in fields(of_type)}

    def read(data: Data) -> Any:
        return of_type(**{name: readers[name](own) for name, own in data.items() if name in readers})

    return read


def _tuple_reader(inside: tuple[Any, ...]) -> Callable[[Data], Any]:
    if len(inside) == 2 and inside[1] is Ellipsis:
        every = _reader(inside[0])
        return lambda data: tuple(every(each) for each in data)
    each_reader = [_reader(one) for one in inside]
    return lambda data: tuple(read(each) for read, each in zip(each_reader, data, strict=True))
