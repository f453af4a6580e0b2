"""The templates: everything that comes from a report or a person is text in them, never markup."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from stillon import __version__
from stillon.model import Assessment, Claim, Day, Report, Status, When
from stillon.publishing import note, summary
from stillon.publishing.terminal import (
    CREDIBILITY,
    PLAN_GONE,
    RELIABILITY,
    chain_words,
    clean,
    quoted_words,
    when_words,
    window,
)
from stillon.serving import drawing, pages
from stillon.serving.desk import Asked, Shown

STATIC = Path(__file__).parent / "static"
_SYMBOLS = {drawing.ON: "●", drawing.DOUBT: "◆", drawing.OFF: "✕", drawing.DONE: "✓"}


class Templates:
    """The pages' templates, loaded once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("stillon.serving"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "clean": clean,
            "quoted": quoted_words,
            "day": _long_day,
            "short": _short_day,
            "when": when_words,
            "planned": _planned,
            "chain": chain_words,
            "tone": _tone,
            "web": _web_address,
            "segment": lambda words: quote(words, safe=""),
            "plural": _plural,
            "iso": lambda day: day.isoformat() if day else "",
        }
        self._environment.globals |= {
            "version": __version__,
            "files": _digests(),
            "reliability": RELIABILITY,
            "credibility": CREDIBILITY,
            "symbols": _SYMBOLS,
            "speaker": drawing.speaker,
            "footnote": summary.footnote,
            "paragraph": note.paragraph,
            "correction_words": note.correction_words,
            "edit_lines": note.edit_lines,
            "place_of": _place_of,
            "printed": _printed,
            "was_words": _was_words,
        }
        self.version = hashlib.blake2b(
            b"".join(
                path.read_bytes()
                for folder in (STATIC, STATIC.parent / "templates")
                for path in sorted(folder.iterdir())
            ),
            digest_size=8,
        ).hexdigest()
        """Changes with every template and file, so that nobody keeps an old page."""

    def render(self, shown: Shown, asked: Asked, *, form: str, page: Any = None) -> str:
        """The page as HTML; `form` is what its forms carry."""

        today, some_day = pages.link(asked, as_of=None), pages.link(asked, as_of="DAY")

        def at(day: Day | None) -> str:
            return some_day.replace("as_of=DAY", f"as_of={day.isoformat()}") if day and day != asked.today else today

        kept = asked.query.get("as_of")
        tail = f"?as_of={kept.isoformat()}" if kept else ""
        return self._environment.get_template(shown.template).render(
            shown=shown,
            title=shown.title,
            asked=asked,
            caller=asked.caller,
            query=asked.query,
            as_of=asked.as_of,
            today=asked.today,
            page=page,
            csrf=form,
            link=lambda **changed: pages.link(asked, **changed),
            at=at,
            tail=tail,
            here=asked.request.scope.get("asked_path", ""),
            **shown.values,
        )


def _digests() -> Mapping[str, str]:
    """A short digest of each file, which its url carries so that it can be kept for good."""
    return {path.name: hashlib.blake2b(path.read_bytes(), digest_size=5).hexdigest() for path in STATIC.iterdir()}


def _long_day(day: Day | None) -> str:
    return f"{day:%A} {window(day, day)}" if day else ""


def _short_day(day: Day | None, year: int | None = None) -> str:
    if day is None:
        return ""
    return f"{day.day} {day:%b}" if day.year == year else f"{day.day} {day:%b} {day.year}"


def _planned(assessment: Assessment) -> str:
    """The day as far as it is the plan; in words that say so where it is no longer."""
    words = when_words(assessment.when)
    if not words:
        return ""
    return f"was planned for {words}" if assessment.status in PLAN_GONE else words


def _tone(status: Status | None) -> str:
    return drawing.TONE[status] if status else "none"


def _web_address(url: str | None) -> str | None:
    """The url where it is one of the web, else None: nothing else may become a link."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _plural(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _place_of(assessment: Assessment) -> str:
    return clean(assessment.place or assessment.event.place or "")


def _printed(claim: Claim, reports: Mapping[str, Report]) -> str:
    """Who printed a claim, and when."""
    report = reports.get(claim.report)
    name = clean((report.publisher or report.file) if report else claim.publisher or "")
    return f"{name}, {_short_day(claim.published)}" if claim.published else name


def _was_words(was: tuple[When, ...]) -> list[str]:
    return [when_words(when) for when in was]
