"""What holds for any input: only ReadError comes out, and texts are kept to the letter."""

from __future__ import annotations

import gzip
import io
import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stillon.errors import ReadError
from stillon.model import Report
from stillon.reading import read, read_objects, read_source
from stillon.reading.metadata import parse_published
from stillon.settings import Settings

SETTINGS = Settings(max_bytes=10_000)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Texts of a few English words so that they pass for English whatever stands between them.
WORDS = st.lists(
    st.sampled_from(["the council", "Published:", "2031-03-04", "(AP) —", "\n", "By Ina Marlow", "“", "\r\n"])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    max_size=12,
)
TAGS = st.lists(
    st.sampled_from(
        ["<html>", "<p>", "</p>", "<article>", "<!--", "<script type='application/ld+json'>", "{}", "</script>",
         "<meta charset=x>", "<time datetime='2031-03-04'>", "<table>", "The council met on Thursday. "]
    )
    | st.text(max_size=8),
    max_size=30,
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "text", "title", "url", "published", "authors", "outlet", "publisher"]), inner
        )
    ),
    max_leaves=8,
)


def holds(body: bytes) -> None:
    """Everything read from `body` is a report with its frames in order, or a ReadError."""
    for each in read_source("-", SETTINGS, stdin=io.BytesIO(body)):
        assert isinstance(each, Report | ReadError)
        if isinstance(each, Report):
            assert each.text.strip()
            assert 0 <= each.body_start <= len(each.text)
            each.text.encode()
    for item in read_objects("-", SETTINGS, stdin=io.BytesIO(body)):
        assert isinstance(item, ReadError) or (item["id"] and item["text"])


@given(st.binary(max_size=200))
@example(b"\x1f\x8b")
@example(b"\x1f\x8b\x08\x00")
@example(b"{}")
@example(b"{\n}")
@example(b'{"id": 1}{')
def test_no_bytes_raise(body: bytes) -> None:
    holds(body)


@given(st.binary(max_size=60), st.integers(0, 20), st.binary(max_size=4))
def test_no_broken_gzip_raises(body: bytes, lost: int, junk: bytes) -> None:
    packed = gzip.compress(body)
    holds(packed[: len(packed) - lost] + junk)


@given(VALUES)
def test_no_json_raises(value: object) -> None:
    holds(json.dumps(value).encode())


@FEW
@given(TAGS)
def test_no_page_raises(pieces: list[str]) -> None:
    holds(("<!doctype html>" + "".join(pieces)).encode("utf-8", "surrogatepass"))


@given(WORDS)
def test_the_text_of_an_object_is_kept_to_the_letter(pieces: list[str]) -> None:
    text = " ".join([*pieces, "The council met."])
    for ascii_only in (True, False):
        body = json.dumps({"text": text}, ensure_ascii=ascii_only).encode()
        for each in read_source("-", SETTINGS, stdin=io.BytesIO(body)):
            assert isinstance(each, ReadError) or each.text == text


@given(WORDS)
def test_the_text_of_a_file_is_kept_to_the_letter(pieces: list[str]) -> None:
    text = " ".join(["The council met.", *pieces])
    for each in read_source("-", SETTINGS, stdin=io.BytesIO(text.encode())):
        assert isinstance(each, ReadError) or each.text == text


@given(st.text(max_size=400), st.integers(1, 100))
def test_a_cut_text_is_a_beginning_within_the_limit(text: str, max_chars: int) -> None:
    whole = "The council met. " + text
    try:
        report = read(whole, settings=Settings(max_chars=max_chars))
    except ReadError:
        return
    assert whole.startswith(report.text)
    assert 0 < len(report.text) <= max_chars
    assert report.cut is (len(report.text) < len(whole))


@given(st.text(max_size=30) | st.from_regex(r"\d{1,4}[-/ ]\d{1,2}[-/ ]\d{1,4}(T\d\d:\d\d(Z|[+-]\d\d:\d\d)?)?"))
def test_no_day_raises(value: str) -> None:
    day, instant = parse_published(value)
    assert instant is None or (day is not None and instant.utcoffset() is not None)
