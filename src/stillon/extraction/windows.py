"""Text cut into windows for the encoder: word pieces, their characters, and what the pieces look like.

The encoder's vocabulary is lower-case, so what case and quotation marks say is given to it beside the
pieces, as small feature codes. A window holds whole paragraphs as far as they fit, behind the article's
title as context.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

MAX_PIECES = 256
"""Word pieces of a window, marks included (the length the attribution baseline was measured with)."""
TITLE_PIECES = 24
"""Word pieces of the title put in front of every window."""

LOWER, CAPITAL, UPPER, NUMBER = range(4)
OUTSIDE, INSIDE, MARK = range(3)
BODY, TITLE = range(2)

IntArray = npt.NDArray[np.int64]

_MARKS = re.compile("[\"“”«»\n]|``|''")
_SENTENCE_END = re.compile(r"[.!?]+[\"”’')\]]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One stretch of a text as the encoder sees it; all arrays have one entry per piece."""

    ids: IntArray
    """Vocabulary ids, [CLS] and [SEP] included."""
    case: IntArray
    """LOWER, CAPITAL, UPPER or NUMBER, of the whole word."""
    quote: IntArray
    """OUTSIDE or INSIDE quotation marks, or a MARK itself."""
    segment: IntArray
    """TITLE for the context in front, BODY for the rest."""
    offsets: IntArray
    """Shape (pieces, 2): half-open characters of the text; (-1, -1) for marks and the title's pieces."""
    begins_word: npt.NDArray[np.bool_]
    """True where a piece begins a word of the body."""


def cut_windows(text: str, tokenizer: Tokenizer, *, title: str | None = None, start: int = 0) -> list[Window]:
    """Windows over all pieces of `text` from `start` on, in order, each piece in exactly one.

    [] for text without pieces. Offsets count from the text's own beginning.
    """
    encoded = tokenizer.encode(text[start:], add_special_tokens=False)
    if not encoded.ids:
        return []
    ids = np.asarray(encoded.ids, dtype=np.int64)
    offsets = np.asarray(encoded.offsets, dtype=np.int64) + start
    begins = _word_starts(encoded.word_ids)
    case = _case_codes(text, offsets, begins)
    quote = _quote_codes(text, offsets)
    front = _front(tokenizer, title)
    budget = MAX_PIECES - len(front.ids) - 1
    sep = tokenizer.token_to_id("[SEP]")
    windows = []
    for first, last in _stretches(text, offsets, budget):
        size = last - first
        windows.append(
            Window(
                ids=np.concatenate([front.ids, ids[first:last], [sep]]),
                case=np.concatenate([front.case, case[first:last], [LOWER]]),
                quote=np.concatenate([front.quote, quote[first:last], [OUTSIDE]]),
                segment=np.concatenate([front.segment, np.full(size + 1, BODY)]),
                offsets=np.concatenate([front.offsets, offsets[first:last], [[-1, -1]]]),
                begins_word=np.concatenate([front.begins_word, begins[first:last], [False]]),
            )
        )
    return windows


def _front(tokenizer: Tokenizer, title: str | None) -> Window:
    """[CLS] and, where there is a title, its first pieces and [SEP]."""
    mark = [tokenizer.token_to_id("[CLS]")]
    ids, case, quote, size = np.asarray(mark), np.asarray([LOWER]), np.asarray([OUTSIDE]), 1
    if title and title.strip():
        encoded = tokenizer.encode(title, add_special_tokens=False)
        size = min(TITLE_PIECES, len(encoded.ids))
        offsets = np.asarray(encoded.offsets, dtype=np.int64).reshape(-1, 2)[:size]
        begins = _word_starts(encoded.word_ids)[:size]
        ids = np.concatenate([mark, encoded.ids[:size], [tokenizer.token_to_id("[SEP]")]])
        case = np.concatenate([[LOWER], _case_codes(title, offsets, begins), [LOWER]])
        quote = np.concatenate([[OUTSIDE], _quote_codes(title, offsets), [OUTSIDE]])
        size += 2
    return Window(
        ids=ids.astype(np.int64),
        case=case.astype(np.int64),
        quote=quote.astype(np.int64),
        segment=np.full(size, TITLE),
        offsets=np.full((size, 2), -1),
        begins_word=np.zeros(size, dtype=bool),
    )


def _word_starts(word_ids: list[int | None]) -> npt.NDArray[np.bool_]:
    """True for each piece whose word differs from the piece before."""
    words = np.asarray(word_ids, dtype=np.int64)
    starts = np.ones(len(words), dtype=bool)
    starts[1:] = words[1:] != words[:-1]
    return starts


def _case_codes(text: str, offsets: IntArray, begins: npt.NDArray[np.bool_]) -> IntArray:
    """Case code of the word that each piece belongs to."""
    codes = np.zeros(len(offsets), dtype=np.int64)
    starts = np.flatnonzero(begins)
    for index, first in enumerate(starts):
        last = starts[index + 1] if index + 1 < len(starts) else len(offsets)
        word = text[offsets[first, 0] : offsets[last - 1, 1]]
        if word[:1].isdigit():
            code = NUMBER
        elif not word[:1].isupper():
            continue
        else:
            code = UPPER if len(word) > 1 and word.isupper() else CAPITAL
        codes[first:last] = code
    return codes


def _quote_codes(text: str, offsets: IntArray) -> IntArray:
    """Quotation code of each piece: straight marks toggle, curly ones open and close, a paragraph ends all."""
    state = np.zeros(len(text) + 1, dtype=np.int64)
    inside, since = False, 0
    for match in _MARKS.finditer(text):
        mark, start, end = match.group(), match.start(), match.end()
        if inside:
            state[since:start] = INSIDE
        if mark == "\n":
            inside = False
        else:
            state[start:end] = MARK
            inside = not inside if mark == '"' else mark in "“«``"
        since = end
    if inside:
        state[since:] = INSIDE
    return state[offsets[:, 0]]


def _stretches(text: str, offsets: IntArray, budget: int) -> list[tuple[int, int]]:
    """Half-open piece ranges of at most `budget` pieces: whole paragraphs, long ones cut at a sentence's end."""
    breaks = np.asarray([match.start() for match in re.finditer(r"\n", text)], dtype=np.int64)
    paragraph = np.searchsorted(breaks, offsets[:, 0])
    edges = [0, *(np.flatnonzero(paragraph[1:] != paragraph[:-1]) + 1).tolist(), len(offsets)]
    stretches: list[tuple[int, int]] = []
    first = 0
    for start, end in itertools.pairwise(edges):
        if end - first <= budget:
            continue
        if start > first:
            stretches.append((first, start))
            first = start
        while end - first > budget:
            cut = _last_sentence_end(text, offsets, first, first + budget)
            stretches.append((first, cut))
            first = cut
    if first < len(offsets):
        stretches.append((first, len(offsets)))
    return stretches


def _last_sentence_end(text: str, offsets: IntArray, first: int, last: int) -> int:
    """The piece after the last sentence end in the second half of the range, else `last`."""
    for cut in range(last, first + (last - first) // 2, -1):
        between = text[offsets[cut - 1, 1] : offsets[cut, 0]] if cut < len(offsets) else " "
        if between.strip() != between and _SENTENCE_END.search(text[offsets[cut - 1, 0] : offsets[cut - 1, 1]]):
            return cut
    return last
