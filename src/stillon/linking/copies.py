"""Which reports share text, and whose copy a report is.

Measured by containment: the word 8-grams that two texts share over the 8-grams of the shorter one. A short
wire story inside a longer article counts in full, which the Jaccard similarity of whole texts (and so the
usual MinHash LSH over it) would miss. Instead every known 8-gram of a stable sample ("0 mod p", Manber 1994;
Schleimer, Wilkerson and Aiken 2003) stands in one sorted index, and a new text is looked up gram by gram.
"""

from __future__ import annotations

import datetime
import re
import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from stillon.model import Copy, Report

GRAM_WORDS = 8
"""Words in a gram: long enough that two writers do not hit on the same by chance."""
REPORTED = 0.25
"""Least containment that is put out as shared text."""
COPIED = 0.5
"""Least containment at which a report counts as a copy: half of it is another's text."""
ONE_IN = 4
"""Share of the grams that a `CopyIndex` keeps: one in so many. At 4, a copied half of a 60-word text is
missed with a probability under 0.1 %, and 100,000 reports of 500 words take about 150 MB."""

Grams = NDArray[np.uint64]
Owners = NDArray[np.uint32]
_Block = tuple[Grams, Owners]
"""Grams in order, and whose each is: twice the report's number, plus one where it lies in quotation marks."""

_WORD = re.compile(r"\w+|[“”\"]|\n\s*\n")
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio, odd: spreads bits when multiplied


def find_copies(reports: Iterable[Report]) -> list[Copy]:
    """Every pair of reports that share a quarter or more of the shorter one's text, original first.

    Pairs that share only quotations are left out. Same pairs for any order of the reports.
    """
    ordered = sorted({report.id: report for report in reports}.values(), key=_originality)
    index = CopyIndex(one_in=1)
    copies = []
    for report in ordered:
        copies += [
            Copy(a=known, b=report.id, containment=round(shared, 3)) for known, shared in index.candidates(report)
        ]
        index.add(report)
    return copies


def copy_groups(reports: Iterable[Report], copies: Iterable[Copy]) -> dict[str, str]:
    """Report id to the id of its original, for reports that share half or more with one published before.

    A report points to the original that it shares most with, and that one's own original in turn, so that all
    copies of a story have one root; a round-up of two stories does not make the two one.
    """
    place = {report.id: number for number, report in enumerate(sorted(reports, key=_originality))}
    best: dict[str, tuple[float, int, str]] = {}
    for copy in copies:
        if copy.containment < COPIED or copy.a not in place or copy.b not in place:
            continue
        first, second = sorted((copy.a, copy.b), key=lambda each: place[each])
        choice = (-copy.containment, place[first], first)
        best[second] = min(best.get(second, choice), choice)
    roots: dict[str, str] = {}
    for report in sorted(best, key=lambda each: place[each]):
        original = best[report][2]
        roots[report] = roots.get(original, original)
    return roots


class CopyIndex:
    """The grams of all known reports: tells which of them a new report shares text with.

    Grams stand in sorted blocks; a block is merged with the one before it once it has grown as large, so that
    there are few blocks and adding costs the logarithm of what is known. Nothing is ever removed.
    """

    def __init__(self, *, one_in: int = ONE_IN) -> None:
        self._one_in = np.uint64(one_in)
        self._ids: list[str] = []
        self._sizes: list[int] = []
        self._blocks: list[_Block] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, report: Report) -> None:
        """Makes `report` known. Adding the same report twice makes it a copy of itself."""
        prose, quoted = self._sampled(report)
        number = len(self._ids)
        self._ids.append(report.id)
        self._sizes.append(len(prose) + len(quoted))
        grams = np.concatenate([prose, quoted])
        if not len(grams):
            return
        owners = np.full(len(grams), 2 * number, dtype=np.uint32)
        owners[len(prose) :] += np.uint32(1)
        order = np.argsort(grams)
        block = (grams[order], owners[order])
        while self._blocks and len(self._blocks[-1][0]) <= 2 * len(block[0]):
            block = _merged(self._blocks.pop(), block)
        self._blocks.append(block)

    def candidates(self, report: Report, *, least: float = REPORTED) -> list[tuple[str, float]]:
        """(id, containment) of the known reports that share `least` or more with `report`, most first.

        Exact when every gram is kept (`one_in=1`), else estimated from the sample. Shared quotations are no
        copy: where more than half of what two share stands in quotation marks in both, only the rest is
        measured (against no less than half the shorter text, so that a stray line does not make a copy).
        Words quoted in one and prose in the other are that other's own, and count.
        """
        prose, quoted = self._sampled(report)
        with_prose, with_quoted = self._owners(prose), self._owners(quoted)
        all_shared = np.bincount(np.concatenate([with_prose, with_quoted]) // 2, minlength=len(self._ids))
        all_quoted = np.bincount(with_quoted[with_quoted % 2 == 1] // 2, minlength=len(self._ids))
        numbers = np.flatnonzero(all_shared)
        shared, only_quoted = all_shared[numbers], all_quoted[numbers]
        known = np.array([self._sizes[number] for number in numbers], dtype=np.int64)
        shorter = np.minimum(known, len(prose) + len(quoted))
        in_prose = (shared - only_quoted) / np.maximum(shorter - only_quoted, shorter / 2)
        containment = np.where(2 * only_quoted > shared, in_prose, shared / shorter)
        found = [(self._ids[numbers[at]], float(containment[at])) for at in np.flatnonzero(containment >= least)]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def _sampled(self, report: Report) -> tuple[Grams, Grams]:
        """The sampled grams of the report's prose, and of its quotations."""
        prose, quoted = _grams(report)
        return prose[prose % self._one_in == 0], quoted[quoted % self._one_in == 0]

    def _owners(self, grams: Grams) -> Owners:
        """Who has any of `grams`, once for each gram that it has."""
        found = [np.zeros(0, dtype=np.uint32)]
        for known, owners in self._blocks:
            left = np.searchsorted(known, grams, side="left")
            hit = np.flatnonzero(known[np.minimum(left, len(known) - 1)] == grams)
            left = left[hit]
            runs = np.searchsorted(known, grams[hit], side="right") - left
            before = np.cumsum(runs) - runs
            found.append(owners[np.repeat(left - before, runs) + np.arange(int(runs.sum()))])
        return np.concatenate(found)


def sampled_grams(report: Report) -> list[int]:
    """The sampled grams of a report, for an index kept on disk; each fits a signed number of 64 bits.

    Two reports that share a quarter of these are worth measuring by `find_copies`.
    """
    grams = np.concatenate(_grams(report))
    return [int(gram) for gram in grams[grams % np.uint64(ONE_IN) == 0].view(np.int64)]


def _merged(a: _Block, b: _Block) -> _Block:
    """Two sorted blocks as one."""
    grams = np.concatenate([a[0], b[0]])
    order = np.argsort(grams, kind="stable")
    return grams[order], np.concatenate([a[1], b[1]])[order]


def _grams(report: Report) -> tuple[Grams, Grams]:
    """The distinct grams of a report, those that touch its prose and those that lie within quotation marks.

    A quotation ends at its closing mark, or at the paragraph's end where the mark is missing. The hash is the
    same on every run and machine: CRC-32 of each word, mixed by place.
    """
    words: list[int] = []
    inside: list[bool] = []
    open_quote = False
    for token in _WORD.findall(report.text[report.body_start :].lower()):
        if token == "“":
            open_quote = True
        elif token == "”":
            open_quote = False
        elif token == '"':
            open_quote = not open_quote
        elif token.isspace():
            open_quote = False
        else:
            words.append(zlib.crc32(token.encode()))
            inside.append(open_quote)
    count = len(words) - GRAM_WORDS + 1
    if count < 1:
        empty = np.zeros(0, dtype=np.uint64)
        return empty, empty
    hashes = np.array(words, dtype=np.uint64)
    grams = np.zeros(count, dtype=np.uint64)
    for offset in range(GRAM_WORDS):
        grams = (grams ^ hashes[offset : offset + count]) * _MIX
        grams ^= grams >> np.uint64(29)
    quoted_words = np.concatenate([[0], np.cumsum(np.array(inside, dtype=np.int64))])
    within = quoted_words[GRAM_WORDS:] - quoted_words[:-GRAM_WORDS] == GRAM_WORDS
    prose = np.unique(grams[~within])
    return prose, np.setdiff1d(grams[within], prose)


def _originality(report: Report) -> tuple[datetime.date, float, bool, int, str]:
    """Sorts originals first: the earlier published, then the one that credits an agency, then the longer.

    A report without a day comes last: nothing shows that it was first.
    """
    instant = report.published_at.timestamp() if report.published_at else float("inf")
    day = report.published or datetime.date.max
    return (day, instant, report.agency is None, -len(report.text), report.id)
