"""A dossier for a person at a terminal: the status first and large, then what carries it.

Right at 40 columns and more, with and without colour; words of reports are cleaned of control
characters, so that no report can steer the terminal.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from stillon.model import (
    Assessment,
    Claim,
    Contradiction,
    Day,
    Dossier,
    Precision,
    Reason,
    Report,
    Source,
    Status,
    When,
)

COLOURS = {
    Status.PROPOSED: "blue",
    Status.ANNOUNCED: "cyan",
    Status.SCHEDULED: "green",
    Status.GOING_AHEAD: "green",
    Status.RESCHEDULED: "green",
    Status.UNDER_WAY: "bright_green",
    Status.HELD: "white",
    Status.IN_DOUBT: "yellow",
    Status.ON_HOLD: "yellow",
    Status.POSTPONED: "yellow",
    Status.LAPSED: "magenta",
    Status.CANCELLED: "red",
    Status.DENIED: "red",
}
"""One of the terminal's own sixteen colours for each status, so that any theme can show it."""

RELIABILITY = {
    "A": "reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "not to be judged",
}
"""The words for the Admiralty letters (NATO AJP-2.1)."""

CREDIBILITY = {
    1: "confirmed",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "not to be judged",
}
"""The words for the Admiralty numbers (NATO AJP-2.1)."""

PLAN_GONE = {Status.ON_HOLD, Status.POSTPONED, Status.CANCELLED, Status.DENIED}
"""Statuses under which the last planned day no longer holds."""

WIDEST = 100
"""Columns beyond which lines get hard to read."""
FEW_REPORTS = 8
"""Up to this many reports every event but past ones is shown whole; beyond, only those of two reports or more."""
QUOTE_LENGTH = 240
"""Characters of a claim that are shown."""
PAIRS_SHOWN = 3
"""Contradicting pairs of one event that are shown."""
LABEL = 12
"""Columns of the labels in front of facts."""


def render(dossier: Dossier, *, width: int = 80, colour: bool = False) -> str:
    """The dossier as text for a terminal of `width` columns, ended by a line's end."""
    width = max(40, min(width, WIDEST))
    console = Console(
        file=io.StringIO(),
        width=width + 1,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    page = _Page(dossier, width=width, colour=colour, console=console)
    page.write()
    lines = []
    for line in page.lines:
        with console.capture() as captured:
            console.print(line, end="", soft_wrap=True)
        lines.append(captured.get().rstrip())
    return "\n".join(lines) + "\n"


class _Page:
    """Collects the lines of one dossier."""

    def __init__(self, dossier: Dossier, *, width: int, colour: bool, console: Console) -> None:
        self.dossier = dossier
        self.width = width
        self.colour = colour
        self.console = console
        self.lines: list[Text] = []
        self.claims = {claim.id: claim for claim in dossier.claims}
        self.reports = {report.id: report for report in dossier.reports}
        self.by_event = {assessment.event.id: assessment for assessment in dossier.assessments}
        event_of = dict(dossier.event_of)
        told = {(event_of.get(claim.mention or ""), claim.report) for claim in dossier.claims}
        self.told_by = Counter(event for event, _ in told if event)
        self.year = dossier.as_of.year if dossier.as_of else None

    def write(self) -> None:
        """All of the page."""
        self.header()
        answered = [each for each in self.dossier.assessments if each.status]  # others show where one needs them
        if not answered:
            self.add("")
            self.add("No planned event is spoken of.")
        if len(answered) > 1:
            self.overview(answered)
        whole = [each for each in answered if not self.is_brief(each)]
        brief = [each for each in answered if self.is_brief(each)]
        for assessment in whole:
            self.whole_event(assessment)
        if brief:
            self.heading("Also spoken of")
            for assessment in brief:
                self.brief_event(assessment)
        if len(self.dossier.reports) > 1:
            self.report_list()

    def is_brief(self, assessment: Assessment) -> bool:
        """True for what needs three lines only: events past, or named by one report of many."""
        if assessment.contradictions or len(assessment.history) > 1:
            return False
        if assessment.status is Status.HELD:
            return True
        return len(self.dossier.reports) > FEW_REPORTS and self.told_by[assessment.event.id] < 2

    # -- the parts of the page ------------------------------------------------------------------

    def header(self) -> None:
        as_of, reports = self.dossier.as_of, self.dossier.reports
        question = Text("Is it still on?", style="bold")
        question.append(f"  As of the end of {_long_day(as_of)}" if as_of else "  No day known", style="not bold")
        self.add(question)
        publishers = {report.publisher for report in reports if report.publisher}
        days = [report.published for report in reports if report.published]
        said = _count(len(reports), "report")
        if publishers:
            said += f" by {_count(len(publishers), 'publisher')}"
        if days:
            said += f", {window(min(days), max(days))}"
        if self.dossier.copy_of:
            said += f"; {_count(len(self.dossier.copy_of), 'copy', 'copies')} of another report"
        self.add(said, style="dim")
        undated = [clean(report.file) for report in reports if report.published is None]
        if undated:
            names = ", ".join(undated[:3]) + (f" and {len(undated) - 3} more" if len(undated) > 3 else "")
            told = f"{_count(len(undated), 'report')} without a publication day: relative dates left open"
            self.add(f"{told} ({names})", style="yellow", hang=2)

        cut = [clean(report.file) for report in reports if report.cut]
        if cut:
            self.add(f"Too long, only the beginning was read: {', '.join(cut)}", style="yellow", hang=2)

    def overview(self, answered: Sequence[Assessment]) -> None:
        self.add("")
        widest = max(cell_len(_status_words(each.status)) for each in answered)
        for assessment in answered:
            words = _status_words(assessment.status)
            line = Text("  ")
            line.append(words, style=_colour(assessment.status))
            line.append(" " * (widest - cell_len(words) + 2))
            when = when_words(assessment.when, short=True)
            room = self.width - cell_len(line.plain) - (cell_len(when) + 2 if when else 0)
            name = cut_to(clean(assessment.event.name), room)
            line.append(name)
            if when:
                line.append(" " * (self.width - cell_len(line.plain) - cell_len(when)))
                line.append(when, style="dim")
            self.lines.append(line)

    def whole_event(self, assessment: Assessment) -> None:
        self.badge(assessment)
        self.facts(assessment)
        self.history(assessment)
        self.contradictions(assessment)
        self.questions(assessment)

    def badge(self, assessment: Assessment) -> None:
        """The status in a box of three lines, the name and the since beside it."""
        words = _status_words(assessment.status)
        inside = cell_len(words) + 4
        style = f"bold {_colour(assessment.status)}" + (" reverse" if self.colour else "")
        if self.colour:
            box = [" " * (inside + 2), f"   {words}   ", " " * (inside + 2)]
        else:
            box = [f"┌{'─' * inside}┐", f"│  {words}  │", f"└{'─' * inside}┘"]
        beside = self.wrap(Text(clean(assessment.event.name), style="bold"), self.width - inside - 4)
        since = [f"since {_long_day(assessment.since)}"] if assessment.since else []
        if assessment.likelihood:
            since.append(f"outlook: {assessment.likelihood}")
        below = self.wrap(Text(" · ".join(since)), self.width - inside - 4)
        rows = [*beside, *below]
        if len(rows) < 3:
            rows = [Text(""), *rows]
        self.add("")
        for number in range(max(3, len(rows))):
            line = Text(box[number] if number < 3 else " " * (inside + 2), style=style if number < 3 else "")
            if number < len(rows) and rows[number].plain:
                line = Text.assemble(line, "  ", rows[number])
            self.lines.append(line)

    def facts(self, assessment: Assessment) -> None:
        event = assessment.event
        who = ", ".join(map(clean, event.participants))
        if event.host:
            who += ("; " if who else "") + "host " + ", ".join(map(clean, event.host))
        self.fact("Who", who)
        self.fact("Where", clean(assessment.place or event.place or ""))
        self.fact("When", self.planned(assessment))
        for was in assessment.was[-3:]:
            self.fact("", f"before that, {when_words(was)}")
        self.fact("Sourcing", _sourcing(assessment))
        for number, reason in enumerate(assessment.reasons):
            self.fact("Why" if number == 0 else "", self.reason(reason))
        for number, condition in enumerate(assessment.conditions):
            met = {True: "met", False: "not met", None: "not known whether met"}[condition.met]
            self.fact("Hangs on" if number == 0 else "", f"{self.reason(condition)}; {met}")
        self.related("Needs", event.requires)
        self.related("Prepares", event.prepares)

    def planned(self, assessment: Assessment) -> str:
        words = when_words(assessment.when)
        if assessment.when is None:
            return "" if assessment.status is Status.HELD else "no day given"
        return f"was planned for {words}" if assessment.status in PLAN_GONE else words

    def related(self, label: str, events: Iterable[str]) -> None:
        for number, id in enumerate(each for each in events if each in self.by_event):
            other = self.by_event[id]
            line = Text.assemble(
                clean(other.event.name), ": ", (_status_words(other.status).lower(), _colour(other.status))
            )
            self.fact(label if number == 0 else "", line)

    def history(self, assessment: Assessment) -> None:
        if not assessment.history:
            return
        self.subheading("How it got here")
        for number, step in enumerate(assessment.history):
            claims = [self.claims[id] for id in step.claims if id in self.claims]
            claims.sort(key=lambda claim: claim.id not in assessment.because)
            last = number == len(assessment.history) - 1
            shown = _unlike(claims)[: 2 if last else 1]
            lead = f"  {short_day(step.on, self.year) or 'no day':<7} "
            indent = " " * max(cell_len(lead), 10)
            lead = lead.ljust(len(indent))
            for place, claim in enumerate(shown):
                more = len(claims) - len(shown) if place == len(shown) - 1 else 0
                line = Text()
                if place == 0:
                    line.append(str(step.status), style=f"bold {_colour(step.status)}")
                    line.append(" — ")
                line.append(self.told(claim))
                if more:
                    line.append(f" and {more} more", style="dim")
                self.add(line, first=lead if place == 0 else indent, rest=indent)
                self.add(_quoted(claim), first=indent, rest=indent)
            if not shown:
                line = Text(str(step.status), style=f"bold {_colour(step.status)}")
                if step.status is Status.LAPSED:
                    line.append(": its day passed and no report says what happened", style="not bold")
                self.add(line, first=lead, rest=indent)

    def contradictions(self, assessment: Assessment) -> None:
        pairs = self.distinct_pairs(assessment.contradictions)
        if not pairs:
            return
        for about, left, right in pairs[:PAIRS_SHOWN]:
            self.subheading(f"Two accounts of the {about}")
            self.side_by_side(self.account(left), self.account(right))
        if len(pairs) > PAIRS_SHOWN:
            self.add(f"  and {len(pairs) - PAIRS_SHOWN} more such pairs", style="dim")

    def distinct_pairs(self, contradictions: Iterable[Contradiction]) -> list[tuple[str, Claim, Claim]]:
        """The pairs, one for each two origins that part in the same way."""
        seen: set[object] = set()
        pairs: list[tuple[str, Claim, Claim]] = []
        for each in contradictions:
            left, right = (self.claims.get(id) for id in each.claims)
            if left is None or right is None:
                continue
            key = (each.about, *((_origin(claim), claim.status) for claim in (left, right)))
            if key not in seen:
                seen.add(key)
                pairs.append((each.about, left, right))
        return pairs

    def account(self, claim: Claim) -> list[Text]:
        """One side of a contradiction."""
        head = Text(str(claim.status or "no status").upper(), style=f"bold {_colour(claim.status)}")
        day = short_day(claim.said_on, self.year)
        if day:
            head.append(f"  {day}", style="not bold dim")
        return [head, _quoted(claim), Text(self.told(claim), style="dim")]

    def side_by_side(self, left: Sequence[Text], right: Sequence[Text]) -> None:
        column = (self.width - 2 - 3) // 2
        if column < 30:
            for text in (*left, Text(""), *right):
                self.add(text, first="  ", rest="  ")
            return
        rows_left = [row for text in left for row in self.wrap(text, column)]
        rows_right = [row for text in right for row in self.wrap(text, column)]
        for number in range(max(len(rows_left), len(rows_right))):
            a = rows_left[number] if number < len(rows_left) else Text("")
            b = rows_right[number] if number < len(rows_right) else Text("")
            gap = " " * (column - cell_len(a.plain))
            self.lines.append(Text.assemble("  ", a, gap, " │ ", b))

    def questions(self, assessment: Assessment) -> None:
        if not assessment.open_questions:
            return
        self.subheading("Open")
        for each in assessment.open_questions:
            line = Text(clean(each.question))
            line.append(f" Settled by {clean(each.settled_by)}", style="dim")
            self.add(line, first="  ? ", rest="    ")

    def brief_event(self, assessment: Assessment) -> None:
        event = assessment.event
        line = Text.assemble(
            (_status_words(assessment.status), f"bold {_colour(assessment.status)}"),
            "  ",
            (clean(event.name), "bold"),
        )
        facts = [self.planned(assessment), clean(assessment.place or event.place or "")]
        facts.append(", ".join(map(clean, event.participants)))
        for fact in facts:
            if fact:
                line.append(f" · {fact}", style="not bold")
        self.add(line, first="  ", rest="    ")
        claim = next((self.claims[id] for id in assessment.because if id in self.claims), None)
        if claim:
            self.add(f"{quoted_words(claim.text)} — {self.told(claim)}", first="    ", rest="    ", style="dim")

    def report_list(self) -> None:
        self.heading("Reports")
        reports = sorted(self.dossier.reports, key=lambda report: report.published or Day.min)
        copy_of = dict(self.dossier.copy_of)
        widest = min(24, max(cell_len(clean(report.publisher or report.file)) for report in reports))
        for report in reports:
            day = short_day(report.published, self.year) or "no day"
            by = cut_to(clean(report.publisher or report.file), widest)
            line = f"  {day:<7}  {by}{' ' * (widest - cell_len(by))}  "
            told = clean(report.title or "") or clean(report.file)
            if report.id in copy_of and copy_of[report.id] in self.reports:
                told = f"(copy of {self.printed(self.reports[copy_of[report.id]])}) {told}"
            self.lines.append(Text(line + cut_to(told, self.width - cell_len(line))))

    # -- words ----------------------------------------------------------------------------------

    def told(self, claim: Claim) -> str:
        """The chain of a claim, then in brackets where it was printed; the report alone for its own voice."""
        report = self.reports.get(claim.report)
        if not claim.sources:
            return self.printed(report, own_voice=True) if report else "the report itself"
        return chain_words(claim) + (f" ({self.printed(report)})" if report else "")

    def printed(self, report: Report, *, own_voice: bool = False) -> str:
        """Publisher, else file, and day of a report."""
        day = short_day(report.published, self.year)
        name = clean(report.publisher or report.file) + (" itself" if own_voice else "")
        return f"{name}, {day}" if day else name

    def reason(self, reason: Reason) -> str:
        claim = self.claims.get(reason.claim)
        return quoted_words(reason.text) + (f" — {self.told(claim)}" if claim else "")

    # -- lines ----------------------------------------------------------------------------------

    def heading(self, words: str) -> None:
        self.add("")
        self.add(words, style="bold underline" if self.colour else "bold")

    def subheading(self, words: str) -> None:
        self.add("")
        self.add(f"  {words}", style="bold")

    def fact(self, label: str, words: str | Text) -> None:
        """A labelled fact; nothing where there is none."""
        if words:
            self.add(words, first=f"  {label:<{LABEL - 2}}", rest=" " * LABEL)

    def add(self, words: str | Text, *, first: str = "", rest: str = "", hang: int = 0, style: str = "") -> None:
        """Adds words, wrapped to the width; `first` stands in front of the first line, `rest` of the others."""
        text = words if isinstance(words, Text) else Text(words, style=style)
        rest = rest or " " * hang
        room = self.width - max(cell_len(first), cell_len(rest))
        for number, row in enumerate(self.wrap(text, room)):
            lead = first if number == 0 else rest
            self.lines.append(Text.assemble((lead, "bold" if number == 0 and lead.strip() else ""), row))

    def wrap(self, text: Text, width: int) -> list[Text]:
        """The text in rows of at most `width` columns; nothing for an empty text."""
        rows = list(text.wrap(self.console, max(10, width)))
        for row in rows:
            row.rstrip()
        return rows or [Text("")]


def _status_words(status: Status | None) -> str:
    return str(status).upper() if status else "NOTHING CLAIMED"


def _colour(status: Status | None) -> str:
    return COLOURS[status] if status else "dim"


def _sourcing(assessment: Assessment) -> str:
    """Counts of origins and publishers, and the Admiralty grade with its words."""
    words = f"{_count(assessment.origins, 'independent origin')}, {_count(assessment.publishers, 'publisher')}; "
    words += f"source {assessment.reliability} ({RELIABILITY.get(assessment.reliability, 'unknown')}), "
    return words + f"answer {assessment.credibility} ({CREDIBILITY.get(assessment.credibility, 'unknown')})"


def chain_words(claim: Claim) -> str:
    """The chain nearest to the publisher first: NBC News → Garrett Haake → a senior official."""
    chain = " → ".join(_source_name(source) for source in claim.sources)
    also = ", ".join(_source_name(source) for source in claim.also)
    return f"{chain} with {also}" if also else chain


def _source_name(source: Source) -> str:
    return clean(source.known_as)


def _origin(claim: Claim) -> str:
    return _source_name(claim.sources[-1]).lower() if claim.sources else ""


def _unlike(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, one for each origin and each text."""
    kept: list[Claim] = []
    for claim in claims:
        same = ((_origin(claim) and _origin(claim) == _origin(other)) or claim.text == other.text for other in kept)
        if not any(same):
            kept.append(claim)
    return kept


def _quoted(claim: Claim) -> Text:
    """The words of a claim in quotation marks, those that carry its status in bold."""
    text = Text(quoted_words(claim.text))
    cue = clean(claim.status_cue or "")
    at = text.plain.find(cue) if cue else -1
    if at >= 0:
        text.stylize("bold", at, at + len(cue))
    return text


def quoted_words(text: str) -> str:
    """Words of a report in quotation marks, those inside turned to single ones, cut to a readable length."""
    words = clean(text)
    if len(words) > QUOTE_LENGTH:
        words = words[:QUOTE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"
    if words[:1] in '“"' and words[-1:] in '”"' and len(words) > 1:
        words = words[1:-1]
    words = re.sub(r'(?<!\w)"(?=\w)', "‘", words).replace("“", "‘").replace("”", "’").replace('"', "’")
    return f"“{words}”"


def clean(text: str) -> str:
    """The text on one line, without control characters or marks that turn the direction of writing."""
    visible = "".join(
        " " if unicodedata.category(each) in {"Cc", "Zl", "Zp", "Cs"} else each
        for each in text
        if each not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    )
    return " ".join(visible.split())


def cut_to(text: str, columns: int) -> str:
    """The text, cut with an ellipsis where it is wider than `columns`."""
    if cell_len(text) <= columns:
        return text
    while text and cell_len(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _long_day(day: Day) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_day(day: Day | None, year: int | None, *, month: str = "%b") -> str:
    """The day and month, with the year where it is another than `year`; nothing for no day."""
    if day is None:
        return ""
    return f"{day.day} {day:{month}}" if day.year == year else f"{day.day} {day:{month}} {day.year}"


def window(start: Day, end: Day, *, month: str = "%B") -> str:
    """A stretch of days, said as short as it can be: 11–20 October 2025."""
    last = f"{end.day} {end:{month}} {end.year}"
    if start == end:
        return last
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{last}"
    if start.year == end.year:
        return f"{start.day} {start:{month}} – {last}"
    return f"{start.day} {start:{month}} {start.year} – {last}"


def when_words(when: When | None, *, short: bool = False, month: str | None = None) -> str:
    """The days in words, no firmer than they are, with the report's own words where those are loose."""
    if when is None:
        return ""
    month = month or ("%b" if short else "%B")
    if when.start is None or when.end is None:
        return f"“{clean(when.text)}”" if short else f"“{clean(when.text)}”, no day named"
    if when.precision in {Precision.MONTH, Precision.YEAR} and not short:
        words = f"{when.start:%B %Y}" if when.precision is Precision.MONTH else f"{when.start.year}"
    elif when.start == when.end:
        words = window(when.start, when.end, month=month) if short else _long_day(when.start)
    else:
        words = window(when.start, when.end, month=month)
        if not short:
            words += f" (“{clean(when.text)}”)"
    if when.time:
        words += f", {when.time}" + (f" {clean(when.zone)}" if when.zone else "")
    return words
