"""A dossier as one page of HTML that needs nothing beside itself: no script, no image, no font from elsewhere.

Everything that a report says is escaped. Every quote is a link to its sentence in the report's text, which stands
below, marked there; beside it is a link to the publisher's page that asks the browser to scroll to the same words.
"""

from __future__ import annotations

import html
import itertools
import urllib.parse
from collections import defaultdict
from collections.abc import Iterable, Sequence

from stillon.model import Assessment, Claim, Day, Dossier, Report, Span, Status
from stillon.publishing.saying import answered, date_line, sourcing_line, status_line
from stillon.publishing.terminal import chain_words, clean, quoted_words, short_day, when_words, window

_COLOURS = {
    Status.PROPOSED: "#3b5b92",
    Status.ANNOUNCED: "#1f6f7a",
    Status.SCHEDULED: "#1d6b35",
    Status.GOING_AHEAD: "#1d6b35",
    Status.RESCHEDULED: "#1d6b35",
    Status.UNDER_WAY: "#1d6b35",
    Status.HELD: "#4a4a4a",
    Status.IN_DOUBT: "#8a5a00",
    Status.ON_HOLD: "#8a5a00",
    Status.POSTPONED: "#8a5a00",
    Status.LAPSED: "#7a3b78",
    Status.CANCELLED: "#a11d1d",
    Status.DENIED: "#a11d1d",
}
"""Colour of each status on white; all have a contrast of 5 to 1 or more with it (WCAG 2.2, 1.4.3)."""
_STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:52rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin:2.5rem 0 .25rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}
.status{display:inline-block;color:#fff;padding:.1rem .6rem;border-radius:.2rem;font-weight:700;margin-right:.5rem}
blockquote{margin:.25rem 0 .75rem;padding-left:.75rem;border-left:3px solid #bbb}
blockquote a{color:inherit}cite,.by{font-style:normal;color:#555}
dl{display:grid;grid-template-columns:8rem 1fr;gap:.2rem .75rem}
dt{font-weight:600}dd{margin:0}.text{white-space:pre-wrap;border-top:1px solid #ccc;padding-top:.5rem}
mark{background:#fff3b0;color:inherit}a:target+mark{background:#ffd257;outline:2px solid #8a5a00}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
@media(max-width:34rem){dl,.pair{grid-template-columns:1fr}}
@media print{a{color:inherit}.status{color:#000;border:1px solid}}
"""
FRAGMENT_CHARS = 120
"""Characters of a quote that the link to the publisher's page looks for."""


def render(dossiers: Iterable[Dossier], *, title: str = "Is it still on?") -> str:
    """All dossiers in one page, each under the day that it answers for."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>",
    ]
    for number, dossier in enumerate(dossiers):
        parts += _Sheet(dossier, number).parts()
    parts.append("</body></html>")
    return "\n".join(parts) + "\n"


class _Sheet:
    """One dossier; ids of the page begin with its number."""

    def __init__(self, dossier: Dossier, number: int) -> None:
        self.dossier = dossier
        self.number = number
        self.claims = {claim.id: claim for claim in dossier.claims}
        self.reports = {report.id: report for report in dossier.reports}
        self.year = dossier.as_of.year if dossier.as_of else None
        self.shown: dict[str, Claim] = {}

    def parts(self) -> list[str]:
        """The sheet, its answers first, then the texts that they lead to."""
        as_of, events = self.dossier.as_of, answered(self.dossier)
        day = f"As of the end of {window(as_of, as_of)}" if as_of else "No day known"
        count = len(self.dossier.reports)
        found = [f"<h1>Is it still on?</h1><p>{day}, from {count} report{'' if count == 1 else 's'}.</p>"]
        if not events:
            found.append("<p>No planned event is spoken of.</p>")
        if len(events) > 1:
            items = "".join(
                f'<li><a href="#{self._event_id(each)}">{_text(each.event.name)}</a>: {_text(each.status)}</li>'
                for each in events
            )
            found.append(f"<ul>{items}</ul>")
        for given in events:
            found += self._event(given)
        found += self._texts()
        return found

    def _event_id(self, given: Assessment) -> str:
        return _id(f"d{self.number}-event-{given.event.id}")

    def _event(self, given: Assessment) -> list[str]:
        assert given.status is not None
        badge = f'<span class="status" style="background:{_COLOURS[given.status]}">{_text(given.status).upper()}</span>'
        found = [
            f'<section id="{self._event_id(given)}"><h2>{badge}{_text(given.event.name)}</h2>',
            f"<p>{_text(status_line(given))}. {_text(sourcing_line(given))}.</p>",
            self._facts(given),
        ]
        if given.history:
            found.append("<h3>How it got here</h3>")
            for step in given.history:
                day = short_day(step.on, self.year) or "no day"
                found.append(f"<p><strong>{day}: {_text(step.status)}</strong></p>")
                found += [self._quote(id) for id in step.claims]
        more = [id for id in given.because if not any(id in step.claims for step in given.history)]
        if more:
            found.append("<h3>Who says the same</h3>")
            found += [self._quote(id) for id in more]
        for each in given.contradictions:
            found.append(f"<h3>Two accounts of the {_text(each.about)}</h3>")
            found.append(f'<div class="pair">{"".join(self._quote(id) for id in each.claims)}</div>')
        for heading, reasons in (("Why", given.reasons), ("What it hangs on", given.conditions)):
            if reasons:
                found.append(f"<h3>{heading}</h3>")
                found += [self._quote(each.claim, words=each.text) for each in reasons]
        if given.open_questions:
            items = "".join(
                f"<li>{_text(each.question)} Settled by {_text(each.settled_by)}</li>" for each in given.open_questions
            )
            found.append(f"<h3>Open</h3><ul>{items}</ul>")
        return [*found, "</section>"]

    def _facts(self, given: Assessment) -> str:
        facts = [("Who", ", ".join(given.event.participants)), ("Host", ", ".join(given.event.host))]
        facts.append(("Where", given.place or given.event.place or ""))
        facts.append(("When", date_line(given) or ""))
        facts += [("Before that", when_words(was)) for was in given.was]
        rows = "".join(
            f"<dt>{name}</dt><dd>{_text(words.removeprefix('When: '))}</dd>" for name, words in facts if words
        )
        return f"<dl>{rows}</dl>"  # fmt: skip

    def _quote(self, id: str, *, words: str | None = None) -> str:
        """A claim's words as a link to where they stand, and who says so; words alone where they stand nowhere."""
        claim = self.claims.get(id)
        if claim is None:
            return f"<blockquote>{_text(quoted_words(words))}</blockquote>" if words else ""
        report = self.reports.get(claim.report)
        quoted = _text(quoted_words(words or claim.text))
        if report is not None:
            self.shown[claim.id] = claim
            quoted = f'<a href="#{self._claim_id(claim)}">{quoted}</a>'
        return f"<blockquote>{quoted}<br><cite>{self._by(claim, report)}</cite></blockquote>"

    def _claim_id(self, claim: Claim) -> str:
        return _id(f"d{self.number}-claim-{claim.id}")

    def _by(self, claim: Claim, report: Report | None) -> str:
        """The chain, then where and when it was printed, with a link to the words on the publisher's page."""
        who = _text(chain_words(claim)) if claim.sources else "the report itself"
        if report is None:
            return who
        day = short_day(report.published, self.year)
        printed = _text(report.publisher or report.file) + (f", {day}" if day else "")
        url = _safe_url(report.url)
        if url:
            fragment = urllib.parse.quote(_first_words(claim.text), safe="").replace("-", "%2D")
            printed = f'<a href="{_text(url)}#:~:text={fragment}" rel="noopener noreferrer">{printed}</a>'
        return f"{who} ({printed})"

    def _texts(self) -> list[str]:
        """The reports that are quoted, each with its quotes marked."""
        by_report: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in self.shown.values():
            by_report[claim.report].append(claim)
        if not by_report:
            return []
        found = ["<h2>The reports</h2>"]
        order = sorted(by_report, key=lambda id: (self.reports[id].published or Day.min, id))
        for report, claims in ((self.reports[id], by_report[id]) for id in order):
            day = f", {window(report.published, report.published)}" if report.published else ""
            title = self._marked(report.title or report.file, [each for each in claims if each.in_title])
            body = self._marked(report.text, [each for each in claims if not each.in_title])
            found.append(f'<article><h3>{title}</h3><p class="by">{_text(report.publisher or report.file)}{day}</p>')
            found.append(f'<div class="text">{body}</div></article>')
        return found

    def _marked(self, text: str, claims: Sequence[Claim]) -> str:
        """The text, escaped, with an anchor before each claim and its words marked; claims may overlap."""
        spans = [Span(min(each.span.start, len(text)), min(each.span.end, len(text))) for each in claims]
        cuts = sorted({0, len(text), *(cut for span in spans for cut in (span.start, span.end))})
        found = []
        for start, end in itertools.pairwise([*cuts, len(text)]):  # the last one holds whatever begins at the end
            found += [
                f'<a id="{self._claim_id(claim)}"></a>'
                for claim, span in zip(claims, spans, strict=True)
                if span.start == start
            ]
            inside = any(span.start <= start and end <= span.end for span in spans)
            words = _text(text[start:end], keep=True)
            found.append(f"<mark>{words}</mark>" if inside and words else words)
        return "".join(found)


def _text(value: object, *, keep: bool = False) -> str:
    """Escaped, on one line unless its lines are kept; lone surrogates and control characters are replaced."""
    text = str(value)
    if keep:
        text = "".join(each if each in "\n\t" or each.isprintable() else " " for each in text)
    else:
        text = clean(text)
    return html.escape(text.encode("utf-8", "replace").decode("utf-8"))


def _id(words: str) -> str:
    """The words as an id that needs no escape in a fragment."""
    return "".join(each if each.isascii() and (each.isalnum() or each in "-._") else "_" for each in words)


def _safe_url(url: str | None) -> str | None:
    """The url where it is one of the web: no report can put a script behind a link."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _first_words(text: str) -> str:
    words = clean(text)
    return words if len(words) <= FRAGMENT_CHARS else words[:FRAGMENT_CHARS].rsplit(" ", 1)[0]
