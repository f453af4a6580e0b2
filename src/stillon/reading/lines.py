"""Lines that were broken to fit a page or a screen, joined to paragraphs again."""

from __future__ import annotations

import re
from statistics import quantiles

SHORT = 0.7
"""A line shorter than this share of the text's wide lines ends its paragraph, unless the next goes on in lower case."""
_ITEM = re.compile(r"\s*(?:[-–—•*▪◦·]|\d{1,3}[.)])\s+\S|\s*>")
_LABEL = re.compile(r"\s*[A-Z][A-Za-z ]{2,24}:\s")


def join_lines(text: str) -> str:
    """The text with the lines of each paragraph joined; blank lines, lists and labelled lines stay apart.

    A word parted by a hyphen at a line's end is made whole where the next line goes on in lower case.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")]
    filled = sorted(len(line) for line in lines if line.strip())
    if len(filled) < 2:
        return text
    wide = quantiles(filled, n=10)[-1]
    joined: list[str] = []
    before = ""
    for line in lines:
        if joined and before.strip() and _goes_on(before, line, wide):
            own = line.strip()
            if re.search(r"[a-z]-$", joined[-1]) and own[:1].islower():
                joined[-1] = joined[-1][:-1] + own
            else:
                joined[-1] += " " + own
        else:
            joined.append(line)
        before = line
    return "\n".join(joined)


def _goes_on(before: str, line: str, wide: float) -> bool:
    """True where a line goes on with the sentence or the paragraph of the line before."""
    if not line.strip() or _ITEM.match(line) or _LABEL.match(line):
        return False
    if line.lstrip()[:1].islower() or before.endswith(","):
        return True
    return len(before) >= SHORT * wide
