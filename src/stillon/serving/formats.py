"""The formats that a page comes in, and which of them a request wants: by a suffix of its path, or by `Accept`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stillon.publishing import formats
from stillon.publishing.ndjson import dump_json
from stillon.serving.desk import Shown
from stillon.serving.refusing import NoSuchFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format of a page."""

    media: str
    """Its media type, as `Content-Type` has it."""
    render: Callable[[Shown], str | bytes] | None
    """The page in the format; None for HTML, which the app's templates make."""

    @property
    def type(self) -> str:
        """The media type without its parameters."""
        return self.media.partition(";")[0]


FEEDS = ("ics", "ics-visible", "atom", "jsonld", "ninjs", "eventsml")
"""Formats of calendars, feed readers, search engines and planning systems: whole dossiers, to subscribe to."""


def _of_dossier(name: str) -> Callable[[Shown], str | bytes]:
    """Puts what a page shows out in a format of dossiers."""

    def render(shown: Shown) -> str | bytes:
        assert shown.dossier is not None, "a page in this format has a dossier"
        return formats.render(name, [shown.dossier()])

    return render


FORMATS: Mapping[str, Format] = {
    "html": Format(media="text/html; charset=utf-8", render=None),
    "json": Format(media="application/json", render=lambda shown: dump_json(shown.data())),
    **{name: Format(media=formats.MEDIA_TYPES[name], render=_of_dossier(name)) for name in FEEDS},
}
"""Every format by the suffix that asks for it. A page says in the table of routes which of them it comes in."""


def suffix_of(path: str) -> tuple[str, str | None]:
    """The path without the suffix of a format, and that suffix; None where it has none."""
    stem, dot, suffix = path.rpartition(".")
    if dot and suffix in FORMATS and stem and not stem.endswith("/"):
        return stem, suffix
    return path, None


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """The format among those offered that `Accept` likes best, the first where it likes several as well.

    Raises NoSuchFormat where it likes none (RFC 9110, section 12.5.1).
    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = [_range(each) for each in accept.split(",") if each.strip()]
    best = max(offered, key=lambda name: (_quality(FORMATS[name].type, ranges), -offered.index(name)))
    if _quality(FORMATS[best].type, ranges) <= 0:
        raise NoSuchFormat(f"the page comes in: {', '.join(FORMATS[name].type for name in offered)}")
    return best


def _range(words: str) -> tuple[str, float]:
    """A media range and its quality; an odd quality is none."""
    name, *parameters = (each.strip() for each in words.split(";"))
    quality = 1.0
    for each in parameters:
        key, _, value = each.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return name.lower(), quality


def _quality(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """How much a media type is liked: by its own name, else by its family, else by any."""
    family = f"{media.partition('/')[0]}/*"
    for wanted in (media, family, "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
