import csv
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from stillon.errors import StoreError
from stillon.keeping import exchanging, tending
from stillon.publishing import board
from stillon.storing import Store

Desk = Any
MARCH_4, MARCH_10, TODAY = date(2031, 3, 4), date(2031, 3, 10), date(2031, 3, 20)


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A store with everything in it that there can be."""
    url = "https://post.example/ferry"
    desk.add("The launch is scheduled. \0 “The” é \ud800", MARCH_4, url=url, title="The ferry")
    desk.clock.set(MARCH_10)
    desk.add("The launch is cancelled, says Ada Lund.", MARCH_4, url=url)
    desk.add("The parade is scheduled.", None)
    desk.add("Nothing is said here.", MARCH_4)
    desk.correct("merge", desk.answer("launch").event.id, desk.answer("parade").event.id)
    made = desk.correct("place", desk.answer("launch").event.id, "Ostby")
    desk.correct("undo", made.id)
    return desk


def _lines(store: Store) -> list[str]:
    return [json.dumps(line) for line in exchanging.export_lines(store)]


def test_a_store_taken_elsewhere_is_the_same_store(told: Desk, new_store: Callable[[], Store]) -> None:
    lines = _lines(told.store)
    other = new_store()
    assert exchanging.import_lines(other, lines, about="a.jsonl") == 4
    assert _lines(other) == lines
    assert tending.check_store(other).faults == ()
    assert tending.check_store(other).counts == tending.check_store(told.store).counts
    before = told.board()
    told.store = other
    assert told.board() == before


def test_what_is_put_in_twice_is_there_once(told: Desk) -> None:
    lines = _lines(told.store)
    assert exchanging.import_lines(told.store, lines, about="a.jsonl") == 0
    assert _lines(told.store) == lines


def test_a_line_that_is_none_is_named_by_its_number(store: Store) -> None:
    for bad in ("{", "[]", '{"report": {}}', '{"stillon": 99}', '{"correction": {"kind": "odd"}}'):
        with pytest.raises(StoreError, match=r"line 2|another version"):
            exchanging.import_lines(store, ['{"stillon": 1}', bad], about="a.jsonl")


def test_another_text_as_the_same_revision_is_refused(told: Desk) -> None:
    line = json.loads(_lines(told.store)[1])
    line["report"]["id"] = "another"
    with pytest.raises(StoreError, match="another text"):
        exchanging.import_lines(told.store, [json.dumps(line)], about="a.jsonl")


def test_one_row_per_event_and_day_has_nothing_later_in_it(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.add("The launch is cancelled. The parade is scheduled.", date(2031, 3, 6))
    rows = list(csv.DictReader(board.render_rows(exchanging.per_day(desk.store, until=date(2031, 3, 7)))))
    told = [(row["day"], row["name"].split()[0], row["status"]) for row in rows]
    assert sorted(told) == [
        ("2031-03-04", "launch", "scheduled"),
        ("2031-03-05", "launch", "scheduled"),
        ("2031-03-06", "launch", "cancelled"),
        ("2031-03-06", "parade", "scheduled"),
        ("2031-03-07", "launch", "cancelled"),
        ("2031-03-07", "parade", "scheduled"),
    ]
    assert rows[0]["first_known"] == "2031-03-04"


def test_no_cell_is_taken_for_a_formula() -> None:
    rows = [{"name": "=1+1", "origins": -1, "place": None, "because": "said “no”, twice"}]
    assert list(board.render_rows(rows)) == ["name,origins,place,because", '\'=1+1,-1,,"said “no”, twice"']
