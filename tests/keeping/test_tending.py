from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from stillon import pipeline
from stillon.keeping import tending
from stillon.model import Extraction, Status
from stillon.settings import Settings
from stillon.storing.schema import claim, pair, reading, report

Desk = Any
MARCH_4, MARCH_10 = date(2031, 3, 4), date(2031, 3, 10)


def test_a_sound_store_has_no_faults(desk: Desk) -> None:
    desk.add("The launch is scheduled, says Ada Lund.", MARCH_4)
    health = tending.check_store(desk.store)
    assert health.faults == ()
    assert (health.old_readings, health.old_links) == (0, False)
    assert health.counts["claim"] == 1


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (report.update().values(body=sa.func.replace(report.c.body, "launch is", "parade is")), "do not stand"),
        (report.update().values(body="{"), "cannot be read"),
        (claim.update().values(body="{}"), "cannot be read"),
        (reading.update().values(report=99), "readings of no report"),
        (pair.insert().values(a=98, b=99, odds=1.0, recorded_at=None), "pairs of no mention"),
        (sa.text("DROP TABLE stale"), "table stale is missing"),
    ],
    ids=["span", "report", "claim", "reading", "pair", "table"],
)
def test_what_is_wrong_is_told(desk: Desk, spoil: Any, fault: str) -> None:
    desk.add("The launch is scheduled, says Ada Lund.", MARCH_4)
    with desk.store._engine.connect() as connection:
        if desk.store.url.startswith("sqlite"):
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        if fault == "pairs of no mention":
            spoil = spoil.values(recorded_at=desk.clock())
        connection.execute(spoil)
        connection.commit()
    if fault.startswith("table"):
        with desk.store.read() as snapshot:
            assert fault in list(tending._missing(snapshot))
        return
    assert any(fault in each for each in tending.check_store(desk.store).faults)


def _better(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extraction of a later version, which reads "scheduled" as what it is: going ahead."""
    plain: Callable[..., Extraction] = pipeline.extract

    def extract(report: Any, reader: Any) -> Extraction:
        import dataclasses

        found = plain(report, reader)
        claims = tuple(dataclasses.replace(each, status=Status.GOING_AHEAD) for each in found.claims)
        return dataclasses.replace(found, claims=claims)

    monkeypatch.setattr(pipeline, "extract", extract)
    versions = {"extraction": "better", "linking": tending.version_of("linking")}
    monkeypatch.setattr(tending, "version_of", versions.__getitem__)


def _reread(desk: Desk) -> int:
    return len(list(tending.reread_store(desk.store, settings=Settings(), now=desk.clock)))


def test_a_better_reading_answers_today_and_the_old_one_the_days_of_old(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.clock.set(MARCH_4)
    desk.add("The launch is scheduled.", MARCH_4)
    desk.clock.set(MARCH_10)
    _better(monkeypatch)
    assert tending.check_store(desk.store).old_readings == 1
    assert _reread(desk) == 1
    assert desk.statuses() == {"launch": "going ahead"}
    assert desk.answer("launch", as_of=date(2031, 3, 9)).status is Status.SCHEDULED
    assert desk.answer("launch", as_of=date(2031, 3, 9), reread=True).status is Status.GOING_AHEAD
    health = tending.check_store(desk.store)
    assert (health.counts["reading"], health.old_readings, health.faults) == (2, 0, ())


def test_what_is_read_anew_is_not_read_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    assert _reread(desk) == 0
    _better(monkeypatch)
    assert _reread(desk) == 1
    assert _reread(desk) == 0


def test_a_correction_outlives_a_reading_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.correct("status", desk.answer("launch").event.id, "cancelled")
    _better(monkeypatch)
    _reread(desk)
    assert desk.answer("launch").status is Status.CANCELLED


def test_links_made_anew_are_the_links_there_were(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.add("The launch is postponed. The parade is scheduled.", MARCH_10)
    desk.correct("merge", desk.answer("launch").event.id, desk.answer("parade").event.id)
    before = desk.board()
    counts = tending.check_store(desk.store).counts
    tending.relink(desk.store, recorded_at=desk.clock())
    assert desk.board() == before
    assert tending.check_store(desk.store).counts == counts


def test_links_of_another_version_are_told_and_made_anew(desk: Desk) -> None:
    desk.add("The launch is scheduled.", MARCH_4)
    desk.store.write(lambda writer: writer.set_fact("linking", "old"))
    assert tending.check_store(desk.store).old_links
    _reread(desk)
    assert not tending.check_store(desk.store).old_links
