"""Where a page of a list ended, as opaque words in a url."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from dataclasses import dataclass

from stillon.keeping.paging import Mark
from stillon.model import Day
from stillon.serving.refusing import NotHere

_WRONG = "there is no such page of the list: begin with its first"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCursor:
    """Where a page of the board ended."""

    mark: Mark
    """Its last event."""
    as_of: Day
    """The day of the first page."""
    known_by: datetime.datetime
    """The instant at which the first page was asked."""

    def write(self) -> str:
        """The cursor as words."""
        mark = self.mark
        end = mark.end.isoformat() if mark.end else None
        return _pack([self.as_of.isoformat(), self.known_by.isoformat(), mark.part, end, mark.reports, mark.event])

    @classmethod
    def read(cls, words: str) -> BoardCursor:
        """The cursor of the words. Raises NotHere."""
        try:
            as_of, known_by, part, end, reports, event = _unpack(words)
            mark = Mark(part=int(part), end=Day.fromisoformat(end) if end else None, reports=int(reports), event=event)
            instant = datetime.datetime.fromisoformat(known_by).astimezone(datetime.UTC)
            fits = mark.part in (0, 1, 2) and (mark.part == 1) == (mark.end is None) and 0 <= mark.reports < 2**31
            if not fits or not event.isprintable():
                raise NotHere(_WRONG)
            return cls(mark=mark, as_of=Day.fromisoformat(as_of), known_by=instant)
        except (ValueError, TypeError, OverflowError, AttributeError):
            raise NotHere(_WRONG) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsCursor:
    """Where a page of the reports ended."""

    day: Day
    """Day of its last report."""
    seq: int
    """Number of its last report."""
    known_by: datetime.datetime
    """The instant at which the first page was asked."""

    def write(self) -> str:
        """The cursor as words."""
        return _pack([self.day.isoformat(), self.seq, self.known_by.isoformat()])

    @classmethod
    def read(cls, words: str) -> ReportsCursor:
        """The cursor of the words. Raises NotHere."""
        try:
            day, seq, known_by = _unpack(words)
            instant = datetime.datetime.fromisoformat(known_by).astimezone(datetime.UTC)
            if not -(2**62) < int(seq) < 2**62:
                raise NotHere(_WRONG)
            return cls(day=Day.fromisoformat(day), seq=int(seq), known_by=instant)
        except (ValueError, TypeError, OverflowError, AttributeError):
            raise NotHere(_WRONG) from None


def _pack(values: list[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _unpack(words: str) -> list[str]:
    try:
        packed = base64.b64decode(words + "=" * (-len(words) % 4), altchars=b"-_", validate=True)
        values = json.loads(packed)
    except (binascii.Error, UnicodeError, ValueError, RecursionError):
        raise NotHere(_WRONG) from None
    if not isinstance(values, list):
        raise NotHere(_WRONG)
    return values
