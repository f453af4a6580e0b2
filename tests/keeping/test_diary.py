from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillon.errors import NotFound, SettingsError
from stillon.keeping import answering, diary, exchanging, filing
from stillon.model import (
    Claim,
    Day,
    DiaryNote,
    Entry,
    EntryAnswer,
    Extraction,
    Kind,
    Mention,
    Precision,
    Report,
    Status,
    When,
)
from stillon.storing import Store, open_store

TODAY = date(2031, 3, 10)
MARCH_12, MARCH_20 = date(2031, 3, 12), date(2031, 3, 20)


def _when(day: Day, time: str | None = None, zone: str | None = None) -> When:
    precision = Precision.TIME if time else Precision.DAY
    return When(start=day, end=day, precision=precision, text="then", time=time, zone=zone)


def _entry(title: str = "Vote on the new quay", when: When | None = None, **fields: Any) -> Entry:
    own = {"id": f"{abs(hash(title)) % 10**8:08}", "diary": "desk", "uid": title, "title": title}
    return Entry(**{**own, "when": when or _when(MARCH_12), **fields})


@pytest.fixture
def put(store: Store, clock: Any, make_report: Callable[..., Report], make_claim: Callable[..., Claim]) -> Any:
    """Puts in a report of one claim on an event."""

    def build(
        status: Status = Status.SCHEDULED, when: When | None = None, *, name: str = "vote on the new quay",
        published: Day = date(2031, 3, 5), kind: Kind = Kind.VOTE, text: str | None = None, place: str | None = None,
        into: Store | None = None, id: str | None = None,
    ) -> str:  # fmt: skip
        own = {"id": id} if id else {}
        report = make_report(text or f"The {name} is {status}, says Ada Lund.", published=published, **own)
        mention = Mention(
            id=f"{report.id}.0", report=report.id, name=f"Karlsvik council {name}", kind=kind,
            participants=("Karlsvik council",), when=when, status=status, published=published, place=place,
        )  # fmt: skip
        claim = make_claim(
            status, text=report.text, id=f"{report.id}:0", report=report.id, mention=mention.id, published=published,
            publisher=report.publisher, when=when, place=place, sources=("Karlsvik council",),
        )  # fmt: skip
        extraction = Extraction(report=report, mentions=(mention,), claims=(claim,))
        filing.file_extraction(into or store, extraction, version="1", now=clock)
        return mention.id

    return build


@pytest.fixture
def plan(store: Store, clock: Any) -> Any:
    """Puts entries into the diary."""

    def build(*entries: Entry, replace_all: bool = False) -> diary.Imported:
        return diary.import_entries(store, entries, diary="desk", replace_all=replace_all, recorded_at=clock())

    return build


def _note(store: Store, as_of: Day = TODAY, **view: Any) -> DiaryNote:
    return diary.note_of(store, view=answering.View(as_of=as_of, **view), today=TODAY, most=20)


def _one(store: Store, as_of: Day = TODAY) -> EntryAnswer:
    (told,) = _note(store, as_of).entries
    return told


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (Status.CANCELLED, ("off",)),
        (Status.DENIED, ("off",)),
        (Status.POSTPONED, ("put off",)),
        (Status.ON_HOLD, ("put off",)),
        (Status.IN_DOUBT, ("in doubt",)),
        (Status.SCHEDULED, ()),
    ],
)
def test_an_entry_is_told_by_its_events_status(
    store: Store, put: Any, plan: Any, status: Status, what: tuple[str, ...]
) -> None:
    plan(_entry())
    put(status, _when(MARCH_12))
    told = _one(store)
    assert told.what == what
    assert told.claims[0].status is status
    assert told.reports[0].id == told.claims[0].report


def test_an_entry_that_moved_names_the_claim_that_gives_the_day(store: Store, put: Any, plan: Any) -> None:
    plan(_entry())
    put(Status.SCHEDULED, _when(MARCH_12))
    put(Status.RESCHEDULED, _when(MARCH_20), published=date(2031, 3, 8))
    told = _one(store)
    assert told.what == ("moved",)
    assert told.claims[0].when == _when(MARCH_20)
    assert _one(store, as_of=date(2031, 3, 7)).what == ()


def test_an_entry_of_yesterday_that_moved_ahead_is_told(store: Store, put: Any, plan: Any) -> None:
    plan(
        _entry("Karlsvik council: vote on the new quay", _when(date(2031, 3, 9))),
        _entry("Fair of boats", _when(date(2031, 3, 9))),
    )
    put(Status.RESCHEDULED, _when(MARCH_20))
    assert [each.what for each in _note(store).entries] == [("moved",)]


@pytest.mark.parametrize(
    ("ours", "theirs", "what"),
    [
        (("19:00", "Europe/Oslo"), ("20:00", None), ("time",)),
        (("19:00", None), ("20:00", "local time"), ("time",)),
        (("19:00", None), ("19:00", None), ()),
        (("18:00", "UTC"), ("20:00", None), ()),
        (("19:00", "Europe/Oslo"), ("20:00", "ET"), ()),
    ],
)
def test_a_new_time_is_told_where_both_are_of_one_clock(
    store: Store, put: Any, plan: Any, ours: tuple[str, str], theirs: tuple[str, str], what: tuple[str, ...]
) -> None:
    plan(_entry(when=_when(MARCH_12, *ours)))
    put(Status.SCHEDULED, _when(MARCH_12, *theirs))
    assert _one(store).what == what


def test_a_new_place_is_told(store: Store, put: Any, plan: Any) -> None:
    plan(_entry(place="Town hall, Karlsvik"))
    text = "The vote moves from the town hall to the concert house."
    put(Status.SCHEDULED, _when(MARCH_12), place="Concert house", text=text)
    told = _one(store)
    assert told.what == ("place",)
    assert told.claims[0].place == "Concert house"


def test_what_nobody_reports_and_what_the_diary_lacks(store: Store, put: Any, plan: Any) -> None:
    plan(_entry(), _entry("Fair of boats", _when(date(2031, 3, 25))))
    lacking = put(name="launch of the ferry", when=_when(MARCH_20), kind=Kind.LAUNCH)
    put(name="trial of a smuggler", when=_when(date(2031, 4, 20)), kind=Kind.TRIAL)
    put(Status.CANCELLED, name="race of sledges", when=_when(MARCH_20), kind=Kind.MATCH)
    note = _note(store)
    assert [each.answer for each in note.entries] == [None, None]
    assert [each.event.id for each in note.lacking] == [lacking]
    assert note.lacking_total == 1


def test_an_import_of_a_known_uid_updates_the_entry(store: Store, plan: Any) -> None:
    first = plan(_entry(), _entry("Fair of boats"))
    assert (first.new, first.changed, first.same, first.gone) == (2, 0, 0, 0)
    moved = _entry(when=_when(MARCH_20))
    second = plan(moved)
    assert (second.new, second.changed, second.same, second.gone) == (0, 1, 0, 0)
    third = plan(moved, replace_all=True)
    assert (third.new, third.changed, third.same, third.gone) == (0, 0, 1, 1)
    assert [each.entry for each in _note(store).entries] == [moved]
    with store.read() as snapshot:
        assert len(snapshot.entries()) == 4


def test_an_entry_that_the_diary_called_off_is_not_told_and_its_event_not_lacking(
    store: Store, put: Any, plan: Any
) -> None:
    plan(_entry(off=True), _entry("Fair of boats", _when(date(2031, 3, 25))))
    put(Status.SCHEDULED, _when(MARCH_12))
    note = _note(store)
    assert [each.entry.title for each in note.entries] == ["Fair of boats"]
    assert note.lacking == ()


def test_a_person_says_which_event_an_entry_is(store: Store, put: Any, plan: Any, clock: Any) -> None:
    entry = _entry("Big night at the harbour")
    plan(entry)
    event = put(Status.CANCELLED, _when(MARCH_12))
    assert _one(store).answer is None
    said = {"by": "Kim Berg", "because": "I asked them", "recorded_at": clock()}
    diary.link_entry(store, entry.id[:6], event, **said)
    told = _one(store)
    assert (told.what, told.score) == (("off",), 1.0)
    assert told.link is not None
    assert told.link.by == "Kim Berg"
    diary.link_entry(store, entry.uid, "none", **{**said, "recorded_at": clock()})
    assert _one(store).answer is None


def test_a_persons_word_goes_against_the_machine(store: Store, put: Any, plan: Any, clock: Any) -> None:
    entry = _entry()
    plan(entry)
    put(Status.CANCELLED, _when(MARCH_12))
    assert _one(store).what == ("off",)
    diary.link_entry(store, entry.id, "none", by="Kim Berg", because="another quay", recorded_at=clock())
    assert _one(store).answer is None


def test_a_link_needs_what_there_is(store: Store, put: Any, plan: Any, clock: Any) -> None:
    entry = _entry()
    plan(entry)
    event = put()
    said = {"by": "Kim Berg", "because": "so", "recorded_at": clock()}
    with pytest.raises(NotFound, match="entry"):
        diary.link_entry(store, "zzz", event, **said)
    with pytest.raises(NotFound, match="event"):
        diary.link_entry(store, entry.id, "zzz", **said)
    with pytest.raises(SettingsError, match="signed"):
        diary.link_entry(store, entry.id, event, **{**said, "by": " "})


def test_an_empty_diary_says_so(store: Store, put: Any) -> None:
    put()
    assert _note(store).first is None


def test_a_diary_goes_with_the_export(
    store: Store, new_store: Callable[[], Store], put: Any, plan: Any, clock: Any
) -> None:
    entry = _entry()
    plan(entry)
    plan(replace(entry, place="Karlsvik"))
    event = put(Status.CANCELLED, _when(MARCH_12))
    diary.link_entry(store, entry.id, event, by="Kim Berg", because="so", recorded_at=clock())
    lines = [json.dumps(each) for each in exchanging.export_lines(store)]
    other = new_store()
    for _ in range(2):
        exchanging.import_lines(other, lines, about="export")
    assert [json.dumps(each) for each in exchanging.export_lines(other)] == lines
    assert _note(other) == _note(store)


def test_the_diary_is_answered_by_what_the_store_knew(store: Store, put: Any, plan: Any, clock: Any) -> None:
    plan(_entry())
    known_by = clock()
    put(Status.CANCELLED, _when(MARCH_12))
    assert [each.what for each in _note(store, known_by=known_by).entries] == [()]
    assert [each.what for each in _note(store).entries] == [("off",)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.tuples(st.sampled_from(["vote on the new quay", "launch of the ferry"]), st.sampled_from(list(Status)[:10]),
                  st.integers(0, 8)), min_size=1, max_size=5,
    ),
    cut=st.integers(0, 8),
)  # fmt: skip
def test_nothing_later_leaks_into_the_rows_of_a_day(
    new_url: Callable[[], str], put: Any, told: list[tuple[str, Status, int]], cut: int
) -> None:
    """The rows up to a day are the same whether or not anything was published after it."""
    first = date(2031, 3, 1)
    end = first + timedelta(days=cut)
    whole, part = open_store(new_url(), create=True), open_store(new_url(), create=True)
    for number, (name, status, day) in enumerate(told):
        published = first + timedelta(days=day)
        for into in (whole, part) if day <= cut else (whole,):
            text = f"The {name} is {status}, number {number}."
            report_id = f"r-{number}"
            _put_as(put, into, report_id, name=name, status=status, published=published, text=text)
    rows = [sorted(map(_comparable, exchanging.per_day(each, until=end))) for each in (whole, part)]
    assert rows[0] == rows[1]
    later = sorted(map(_comparable, exchanging.per_day(whole, until=end + timedelta(days=20))))
    assert [row for row in later if row[0] <= end.isoformat()] == rows[0]
    whole.close()
    part.close()


def _comparable(row: Any) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in row.values())


def _put_as(put: Any, into: Store, id: str, **fields: Any) -> None:
    put(fields["status"], name=fields["name"], published=fields["published"], text=fields["text"], into=into, id=id)
