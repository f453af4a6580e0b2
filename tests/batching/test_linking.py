"""Pairs within keys, and which of them are compared."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillon.batching import linking
from stillon.batching.components import connect, read_connected
from stillon.batching.linking import _most_like, _pairs_within, _rows_that_meet
from stillon.keeping.filing import MOST_NEIGHBOURS

NUMBERS = st.integers(-5, 5)


def _numbers(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=40), st.integers(1, 4))
def test_all_pairs_of_each_key_and_no_others_are_found(rows: list[tuple[int, int]], group: int) -> None:
    rows = sorted(set(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linking, "_GROUP", group)
        pieces = list(_pairs_within(_numbers([key for key, _ in rows]), _numbers([member for _, member in rows])))
    found = sorted(tuple(pair) for piece in pieces for pair in piece.tolist())
    assert found == sorted((a, b) for (j, a), (k, b) in combinations(rows, 2) if j == k)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(0, 4)), max_size=30))
def test_rows_meet_once_where_they_share_a_key_and_a_month(rows: list[tuple[int, int, int]]) -> None:
    key, since = (_numbers([row[at] for row in rows]) for at in (0, 1))
    until = since + _numbers([row[2] for row in rows])
    pieces = list(_rows_that_meet(key, since, until))
    found = sorted(
        tuple(sorted(pair)) for one, other in pieces for pair in zip(one.tolist(), other.tolist(), strict=True)
    )
    together = [
        (a, b)
        for a, b in combinations(range(len(rows)), 2)
        if key[a] == key[b] and since[a] <= until[b] and since[b] <= until[a]
    ]
    assert found == together


def test_a_mention_is_compared_with_those_most_like_it_and_of_these_the_newest() -> None:
    many = MOST_NEIGHBOURS + 10
    earlier, later = _numbers([*range(many), 0]), _numbers([many] * many + [1])
    shared = _numbers([9 if number < 5 else 1 for number in range(many)] + [1])
    found = [tuple(pair) for pair in _most_like(earlier, later, shared).tolist()]
    of_the_last = {a for a, b in found if b == many}
    assert of_the_last == {*range(5), *range(many - MOST_NEIGHBOURS + 5, many)}
    assert (0, 1) in found
    assert _most_like(_numbers([]), _numbers([]), _numbers([])).shape == (0, 2)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
@settings(deadline=None)
def test_what_is_connected_has_one_least_number(links: list[tuple[int, int]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        connect(Path(folder, "c"), 12, [_numbers([]).reshape(0, 2), np.array(links, np.int64).reshape(-1, 2)])
        root = np.array(read_connected(Path(folder, "c")))
    groups = {number: {number} for number in range(12)}
    for a, b in links:
        joined = groups[a] | groups[b]
        for each in joined:
            groups[each] = joined
    assert root.tolist() == [min(groups[number]) for number in range(12)]
