"""Words that a page's own machinery set into the prose: read over, so that no name or event is made of them."""

from __future__ import annotations

import re

MOST = 900
"""Most characters of links that are pasted behind a name."""
_PASTED_LINKS = re.compile(
    r"\b(?P<last>[A-Z][\w’'-]+) (?P<aside>(?:[\w().,’'\"“”-]+ ){1,6}?(?P=last)(?=[A-Z0-9“\"':])"
    rf"[^\n]{{0,{MOST}}}? MORE\b)"
)
"""A name, then its bearer's full name with the headlines of other reports run on to it, up to the link "MORE"."""
_LINE = re.compile(
    r"^[ \t]*(?:advertisement|story continued below|(?:related|read more|see also|watch|more)\s?:[^\n]{0,200})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line of its own that announces a link or an advertisement."""


def read_over(text: str) -> str:
    """The text with such words made blanks: as long as before, so that every offset still holds."""
    text = _PASTED_LINKS.sub(lambda m: f"{m['last']} {' ' * len(m['aside'])}", text)
    return _LINE.sub(lambda m: " " * len(m[0]), text)
