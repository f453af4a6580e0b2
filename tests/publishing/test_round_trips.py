"""One launch through its life as two strangers see it: a calendar client and a feed reader, by the files alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import pytest
import recurring_ical_events

from stillon.model import Dossier
from stillon.publishing import formats

DAYS = (date(2031, 3, 4), date(2031, 3, 6), date(2031, 3, 10), date(2031, 3, 12), date(2031, 3, 14))
MARCH = (date(2031, 3, 1), date(2031, 4, 1))


@pytest.fixture
def files(ferry: Callable[[date], Dossier], tmp_path: Path) -> Callable[[str], list[bytes]]:
    """The files of a format, one for each day of the story, written and read again."""

    def made(format: str) -> list[bytes]:
        bodies = []
        for day in DAYS:
            rendered = formats.render(format, [ferry(day)])
            path = tmp_path / f"{day}.{format}"
            path.write_bytes(rendered if isinstance(rendered, bytes) else rendered.encode())
            bodies.append(path.read_bytes())
        return bodies

    return made


class Client:
    """A calendar that takes over a component where its SEQUENCE is greater (RFC 5546, 2.1.5)."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.taken: list[Any] = []

    def look(self, body: bytes) -> None:
        """Reads a file as it is subscribed to."""
        for each in icalendar.Calendar.from_ical(body).walk():
            if each.name in ("VEVENT", "VTODO"):
                known = self.known.get(str(each["UID"]))
                if known is None or each["SEQUENCE"] > known["SEQUENCE"]:
                    self.known[str(each["UID"])] = each
                    self.taken.append(each)


def test_a_calendar_client_follows_one_launch_through_all_its_changes(files: Callable[[str], list[bytes]]) -> None:
    client = Client()
    for body in files("ics"):
        client.look(body)
    assert len(client.known) == 1
    assert [each["X-STILLON-STATUS"] for each in client.taken] == [
        "announced", "scheduled", "rescheduled", "in doubt", "cancelled",
    ]  # fmt: skip
    sequences = [each["SEQUENCE"] for each in client.taken]
    assert sequences == sorted(set(sequences))
    first, planned, moved, doubted, off = client.taken
    assert (first.name, "DTSTART" in first, "DUE" in first) == ("VTODO", False, False)
    assert (planned["DTSTART"].dt, planned["DTEND"].dt, planned["STATUS"]) == (
        date(2031, 3, 18), date(2031, 3, 19), "CONFIRMED",
    )  # fmt: skip
    assert moved["DTSTART"].dt == datetime(2031, 3, 25, 14, tzinfo=UTC)
    assert "DTEND" not in moved
    for each in (moved, doubted, off):
        assert each["X-STILLON-FORMERLY"] == "2031-03-18"
        assert "Before that: Tuesday 18 March 2031" in each["DESCRIPTION"]
    assert (doubted["STATUS"], doubted["SUMMARY"]) == ("TENTATIVE", "IN DOUBT: Launch of the ferry Tidewater")
    assert (off["STATUS"], off["SUMMARY"]) == ("CANCELLED", "CANCELLED: Launch of the ferry Tidewater")


def test_a_months_view_shows_the_launch_on_the_day_that_holds(files: Callable[[str], list[bytes]]) -> None:
    shown = [
        [(each["DTSTART"].dt, str(each["SUMMARY"])) for each in recurring_ical_events.of(calendar).between(*MARCH)]
        for calendar in map(icalendar.Calendar.from_ical, files("ics"))
    ]
    moved = datetime(2031, 3, 25, 14, tzinfo=UTC)
    assert shown == [
        [],
        [(date(2031, 3, 18), "Launch of the ferry Tidewater")],
        [(moved, "Launch of the ferry Tidewater")],
        [(moved, "IN DOUBT: Launch of the ferry Tidewater")],
        [(moved, "CANCELLED: Launch of the ferry Tidewater")],
    ]


def _as_google_does(body: bytes) -> list[str]:
    """What a client shows that takes cancelled events out of a subscribed calendar."""
    events = icalendar.Calendar.from_ical(body).walk("VEVENT")
    return [str(each["SUMMARY"]) for each in events if each.get("STATUS") != "CANCELLED"]


def test_only_the_visible_feed_still_shows_a_cancelled_launch_where_clients_drop_them(
    files: Callable[[str], list[bytes]],
) -> None:
    assert _as_google_does(files("ics")[-1]) == []
    (visible,) = icalendar.Calendar.from_ical(files("ics-visible")[-1]).walk("VEVENT")
    assert _as_google_does(files("ics-visible")[-1]) == ["CANCELLED: Launch of the ferry Tidewater"]
    assert "STATUS" not in visible
    assert (visible["TRANSP"], visible["X-STILLON-STATUS"]) == ("TRANSPARENT", "cancelled")
    assert files("ics-visible")[:-1] == files("ics")[:-1]


def test_a_feed_reader_is_told_of_each_change_once(files: Callable[[str], list[bytes]]) -> None:
    seen: dict[str, Any] = {}
    told = []
    for body in files("atom"):
        feed = feedparser.parse(body)
        assert not feed.bozo
        fresh = [entry for entry in reversed(feed.entries) if entry.id not in seen]
        told.append([entry.title.rpartition(": ")[2] for entry in fresh])
        for entry in feed.entries:
            assert seen.setdefault(entry.id, entry) == entry, "an entry that is out does not change"
        assert feed.feed.updated == max(entry.updated for entry in feed.entries)
    assert told == [["announced"], ["scheduled"], ["rescheduled"], ["in doubt"], ["cancelled"]]


def test_a_feeds_entry_says_who_says_so_and_the_day_before(files: Callable[[str], list[bytes]]) -> None:
    off, doubted, moved, *_ = feedparser.parse(files("atom")[-1]).entries
    assert "Ada Lund: “the launch has moved to March 25 at 2 p.m. GMT” (The Echo, 10 March)" in moved.summary
    assert "When: Tuesday 25 March 2031, 14:00 GMT." in moved.summary
    assert "Before that: Tuesday 18 March 2031." in moved.summary
    assert moved.link == "https://news.example/echo"
    assert [tag.term for tag in moved.tags] == ["rescheduled", "eos5", "launch"]
    assert [tag.term for tag in off.tags][:2] == ["cancelled", "eos6"]
    assert "&lt;made up for&gt;" in off.content[0].value
    assert doubted.updated_parsed[:3] == (2031, 3, 12)
