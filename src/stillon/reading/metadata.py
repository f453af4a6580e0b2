"""What a text says of itself in front and at its end: day, publisher, byline, dateline, agency credit.

Nothing is cut from the text: what is found is told by `body_start`, the offset at which the prose
starts. A line counts as front matter only when it says so by a label ("Published: ..."), or is nothing
but a day, a byline, or a name and a day.
"""

from __future__ import annotations

import datetime
import email.utils
import re
from dataclasses import dataclass, replace

from stillon.model import Day

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

AGENCIES = {
    "AP": ("The Associated Press", "Associated Press"),
    "Reuters": ("Thomson Reuters",),
    "AFP": ("Agence France-Presse", "Agence France Presse"),
    "UPI": ("United Press International",),
    "dpa": ("Deutsche Presse-Agentur", "DPA"),
    "PA": ("PA Media", "Press Association"),
    "CP": ("The Canadian Press", "Canadian Press"),
    "AAP": ("Australian Associated Press",),
    "EFE": ("Agencia EFE",),
    "ANSA": (),
    "TASS": ("ITAR-TASS", "Tass"),
    "Interfax": (),
    "RIA Novosti": ("RIA",),
    "Xinhua": ("Xinhua News Agency",),
    "Kyodo": ("Kyodo News",),
    "Yonhap": ("Yonhap News Agency",),
    "PTI": ("Press Trust of India",),
    "ANI": ("Asian News International",),
    "Anadolu": ("Anadolu Agency", "AA"),
    "Bloomberg": ("Bloomberg News",),
    "TNS": ("Tribune News Service",),
}
"""News agencies as a style book lists them: the short credit, then the other names it goes by."""

_NAME_OF = {name: short for short, others in AGENCIES.items() for name in (short, *others)}
_LONGEST_FIRST = "|".join(re.escape(name) for name in sorted(_NAME_OF, key=len, reverse=True))

_MONTH = r"(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s+)?"
_ZONE = r"(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})"
_ISO = rf"\d{{4}}[-/]\d{{2}}[-/]\d{{2}}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?\s?{_ZONE}?)?"
_CLOCK = (
    r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\b\.?)?"
    r"(?:\s?(?:GMT|UTC|BST|CET|ET|EST|EDT|CT|PT|PST|PDT)\b)?)?"
)
_WRITTEN = (
    rf"{_WEEKDAY}(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH},?\s+\d{{4}}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})\b{_CLOCK}"
)
_DAY = rf"(?P<day>(?i:{_ISO}|{_WRITTEN}))"
_END = r"[ \t*_]*(?:\n|\Z)"
_NAME = r"[A-Z0-9][^\n|.:]{1,58}?"

# Blanks, separators, and the marks of Markdown.
_SPACE = re.compile(r"(?:[\s|;·•*]|#+(?=[ #]))*")
_LABELLED_DAY = re.compile(
    r"(?i:(?P<updated>last updated|updated|modified)|publication date|published date|date published"
    r"|date of publication|first published|published|posted|date|for (?:immediate )?release)"
    rf"(?i:\s+on)?(?:\s*:)?[\s*]*{_DAY}"
    rf"(?:\s+by\s+(?P<name>{_NAME}){_END}|{_END}|[ \t]*[|;·•]|[.,]?\s+(?=[A-Z\"“‘(]|(?i:publish)))"
)
_LABELLED_WORDS = re.compile(
    r"(?i:(?P<label>publisher|published by|publication|outlet|source|title|headline|authors?|byline|url|link"
    r"|dateline)\s*:)[ \t*]*(?P<value>[^\n|]{1,200}?)"
    r"[ \t*]*(?:\n|\||\Z|(?=\s(?i:date|published|publisher|title|author|url)\s*:))"
)
_PUBLISHER_LINE = re.compile(rf"(?i:publisher)\s+(?P<name>{_NAME}){_END}")
_DAY_LINES = (
    re.compile(rf"{_DAY}{_END}"),
    re.compile(rf"(?P<name>{_NAME})(?:,\s+|\s+[|–—·•-]\s+){_DAY}(?:{_END}|:[ \t]+)"),
    re.compile(rf"{_DAY}(?:,\s+|\s+[|–—·•-]\s+)(?P<name>{_NAME}){_END}"),
    re.compile(rf"{_DAY}(?:\s+[–—-]|:)\s+(?=[A-Z\"“‘])"),
)
_WITH_DAY = (_LABELLED_DAY, *_DAY_LINES)
_BYLINE = re.compile(
    r"(?:By|BY)[ \t]+(?P<names>[A-Z][\w.’'-]*(?:[ \t]+(?:and|de|van|von|der|al|bin|[A-Z][\w.’'-]*))*"
    rf"(?:,[ \t]+[A-Z][^\n,.|]{{1,40}}){{0,4}})(?:{_END}|[ \t]*\|)"
)
# What is left of "Published 4 March" where the day itself stood in markup.
_BARE_LABEL = re.compile(rf"(?i:published|updated|posted|share)\s*:?{_END}")
_HEADLINE = re.compile(r"(?P<title>[^\n]{4,160}[^\s.,;:—-])[ \t]*\n")
_OUTLET = re.compile(
    r"(?:[A-Z][\w&.’'-]*\s+){0,4}(?:Chronicle|Courier|Dispatch|Globe|Gazette|Guardian|Herald|Journal|Mail"
    r"|Mirror|News|Observer|Post|Press|Record|Review|Standard|Star|Sun|Telegraph|Times|Tribune)"
)

_CAPS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+"
_PLACE = (
    rf"(?:{_CAPS}(?:[ /]{_CAPS})*|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){{0,2}}(?=[ ,][^\n]{{0,30}}\())"
    r"(?:, (?!(?i:" + _MONTH + r"))[A-Z][\w.’']*(?: [A-Z][\w.’']*)?)?"
)
_DASH = r"\s*\.?(?:-{1,2}|[–—―_])(?=\s|[A-Z“\"])\s*"
_DAY_OF_YEAR = rf"(?P<day>(?i:{_MONTH}\s+\d{{1,2}}(?:,\s+\d{{4}})?|\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?))"
_DATELINES = (
    re.compile(
        rf"(?:{_PLACE})?(?:,?\s*{_DAY_OF_YEAR})?"
        rf"(?:\s*\((?P<credit>[A-Z][\w.&’'/ -]{{1,40}}|dpa)\)|\.?\s*/(?P<between>TASS|Xinhua|PTI)/\.?)"
        rf"(?:{_DASH}|\s+(?=[A-Z“\"]))"
    ),
    re.compile(
        rf"{_CAPS}(?:[ /]{_CAPS})*(?:, [A-Z][\w.’']*(?: [A-Z][\w.’']*)?)?(?:,?\s+{_DAY_OF_YEAR})?"
        r"(?:\s+(?:--|[–—―-])\s+|—)(?=[A-Z“\"])"
    ),
)
_IN_PARENTHESES = re.compile(rf"\(({_LONGEST_FIRST})\)|/(TASS|Xinhua|PTI)/")
_CREDIT = re.compile(
    rf"\b(?P<before>{_LONGEST_FIRST})\b[^.\n]{{0,80}}\bcontributed\b"
    rf"|\b(?i:copyright|©)[^\n]{{0,20}}?\b(?P<owner>{_LONGEST_FIRST})\b"
    rf"|\n[^\w\n]*(?P<last>{_LONGEST_FIRST})[^\w\n]*\s*\Z"
)

FRONT_CHARS = 3_000
"""Front matter is looked for in this many characters, so that no text of any kind takes long."""
HEAD_CHARS = 400
"""A credit in parentheses counts when it stands within these first characters (a caption may come first)."""
TAIL_CHARS = 600
"""A credit in words ("... contributed to this report") counts within these last characters."""
MAX_LINES = 12
"""Pieces of front matter looked for at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What a text says of itself; every field None or empty where it says nothing."""

    published: Day | None = None
    """Day of publication."""
    published_at: datetime.datetime | None = None
    """Instant of publication, aware UTC, when given with its zone."""
    publisher: str | None = None
    """Who printed it."""
    title: str | None = None
    """Headline, when it stands above front matter or is labelled."""
    authors: tuple[str, ...] = ()
    """Byline names."""
    url: str | None = None
    """Where it was published."""
    credit: str | None = None
    """Who signs the dateline: an agency or an outlet."""
    body_start: int = 0
    """Offset at which the prose starts."""


def read_front(text: str, title: str | None = None) -> Front:
    """What stands in front of the prose of `text`, which may begin with its `title`; never raises."""
    text = text[:FRONT_CHARS]
    start = _skip_space(text, 0)
    if title and text.startswith(title, start) and text[start + len(title) :].lstrip(" \t").startswith("\n"):
        start = _skip_space(text, start + len(title))
    front = _labels(text, Front(body_start=start))
    if front.body_start == start and (headline := _HEADLINE.match(text, start)):
        below = _skip_space(text, headline.end())
        under = _labels(text, Front(body_start=below))
        if under.published or under.publisher or under.authors:
            front = _with_top_line(text, under, headline["title"].strip())
    return _dateline(text, front)


def find_agency(text: str, authors: tuple[str, ...] = ()) -> str | None:
    """The agency that the byline, the dateline or the foot of `text` credits, by its short name."""
    for author in authors:
        for name in _NAME_OF:
            if re.search(rf"\b{re.escape(name)}\b", author):
                return _NAME_OF[name]
    head = _IN_PARENTHESES.search(text, 0, HEAD_CHARS)
    if head:
        return _NAME_OF[head[1] or head[2]]
    foot = _CREDIT.search(text, max(0, len(text) - TAIL_CHARS))
    return _NAME_OF[foot["before"] or foot["owner"] or foot["last"]] if foot else None


def parse_published(value: object) -> tuple[Day | None, datetime.datetime | None]:
    """The day of `value` as written, and its instant in UTC when it gives a zone.

    Reads ISO 8601 (day, or instant with or without zone), RFC 5322 and written dates ("12 March 2024",
    "Oct. 22, 2025"). The day is that of the value's own zone, since "on Friday" in the report is meant
    in it. (None, None) for anything else: a day is never guessed.
    """
    if not isinstance(value, str):
        return None, None
    words = re.sub(r"^(\d{4})/(\d{2})/(\d{2})\b", r"\1-\2-\3", value.strip())
    try:
        moment = datetime.datetime.fromisoformat(re.sub(r"\s?(?:UTC|GMT)$", "Z", words))
    except ValueError:
        pass
    else:
        return moment.date(), _utc(moment)
    if day := _written_day(words):
        return day, None
    try:
        moment = email.utils.parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, None
    return moment.date(), _utc(moment)


def split_authors(value: object) -> tuple[str, ...]:
    """Names of a byline given as a string ("A, B and C") or as a list."""
    if isinstance(value, str):
        pieces = re.split(r"\s*[,;\n]\s*(?:and\s+)?|\s+and\s+", re.sub(r"^\s*[Bb]y\s+", "", value))
    elif isinstance(value, list):
        pieces = [piece for piece in value if isinstance(piece, str)]
    else:
        return ()
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def _labels(text: str, front: Front) -> Front:
    """`front` with the pieces of front matter that follow its `body_start`."""
    for _ in range(MAX_LINES):
        at = front.body_start
        name = None
        if match := next((found for form in _WITH_DAY if (found := form.match(text, at))), None):
            day, instant = parse_published(_strip_clock(match["day"]))
            if day is None:
                return front
            if not front.published and not match.groupdict().get("updated"):
                front = replace(front, published=day, published_at=instant)
            name = match.groupdict().get("name")
        elif match := _LABELLED_WORDS.match(text, at):
            front = _with_label(front, match["label"].lower(), match["value"].strip())
        elif match := _PUBLISHER_LINE.match(text, at):
            name = match["name"]
        elif match := _BYLINE.match(text, at):
            name = "by " + match["names"]
        elif not (match := _BARE_LABEL.match(text, at)):
            return front
        if name:
            front = _with_name(front, name.strip())
        front = replace(front, body_start=_skip_space(text, match.end()))
    return front


def _with_name(front: Front, name: str) -> Front:
    """`front` with a name that stands beside a day: a publisher, or a byline with or without one."""
    if not name.lower().startswith("by "):
        return replace(front, publisher=front.publisher or name)
    pieces = split_authors(name)
    outlets = [piece for piece in pieces if piece.startswith("The ") and piece not in _NAME_OF]
    return replace(
        front,
        authors=front.authors or tuple(piece for piece in pieces if piece not in outlets),
        publisher=front.publisher or (outlets[0] if outlets else None),
    )


def _with_top_line(text: str, front: Front, line: str) -> Front:
    """`front` with the line above it: the name of an outlet when a headline follows, else the headline."""
    headline = _HEADLINE.match(text, front.body_start)
    if headline and not front.publisher and _OUTLET.fullmatch(line):
        return replace(
            front,
            publisher=line,
            title=front.title or headline["title"].strip(),
            body_start=_skip_space(text, headline.end()),
        )
    return replace(front, title=front.title or line)


def _with_label(front: Front, label: str, value: str) -> Front:
    """`front` with one labelled value, the first of a kind kept."""
    if label == "dateline":
        day = re.search(_DAY, value)
        return replace(front, published=front.published or (parse_published(day["day"])[0] if day else None))
    if label in {"title", "headline"}:
        return replace(front, title=front.title or value)
    if label in {"author", "authors", "byline"}:
        return replace(front, authors=front.authors or split_authors(value.removesuffix(".")))
    if label in {"url", "link"}:
        return replace(front, url=front.url or value)
    return replace(front, publisher=front.publisher or value.removesuffix("."))


def _dateline(text: str, front: Front) -> Front:
    """`front` with the dateline at its `body_start`, if one stands there."""
    match = next((found for form in _DATELINES if (found := form.match(text, front.body_start))), None)
    if not match:
        return front
    signed = match.groupdict()
    credit = signed.get("credit") or signed.get("between")
    # A dateline mostly leaves out its year; then it gives no day.
    return replace(
        front,
        published=front.published or _written_day(match["day"] or ""),
        credit=_NAME_OF.get(credit, credit) if credit else None,
        body_start=match.end(),
    )


def _written_day(words: str) -> Day | None:
    """The day of words such as "12 March 2024" or "Wed, Oct. 22, 2025", None when they give none."""
    match = re.fullmatch(
        rf"(?i){_WEEKDAY}(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m>{_MONTH})"
        rf"|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?),?\s+(?P<y>\d{{4}})",
        words.strip(),
    )
    if not match:
        return None
    month = _MONTHS[(match["m"] or match["m2"]).lower().rstrip(".")]
    try:
        return Day(int(match["y"]), month, int(match["d"] or match["d2"]))
    except ValueError:
        return None


def _strip_clock(words: str) -> str:
    """`words` of a written day without the clock time behind it; ISO instants stay whole."""
    if re.match(r"\d{4}[-/]", words):
        return words
    return re.sub(rf"(?<=\d{{4}})(?i:{_CLOCK})\Z", "", words)


def _utc(moment: datetime.datetime) -> datetime.datetime | None:
    """`moment` in UTC, None when it has no zone or leaves the calendar by it."""
    if moment.tzinfo is None:
        return None
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError:
        return None


def _skip_space(text: str, at: int) -> int:
    """Offset of the first character at or after `at` that is neither blank nor a separator."""
    match = _SPACE.match(text, at)
    return match.end() if match else at
