"""A whole run: the same answers as the store's, each report once, and no step done twice."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from stillon import cli
from stillon.batching import Summary
from stillon.batching.engines import STEPS, Here
from stillon.batching.job import Job
from stillon.errors import BatchFailed, StillonError
from stillon.keeping import answering, filing
from stillon.model import Assessment, Claim
from stillon.settings import Settings
from stillon.storing import codec, open_store

Run = Callable[..., Summary]
Rows = Callable[[Path, str], list[Mapping[str, Any]]]
pytestmark = pytest.mark.usefixtures("plain_extraction")
DAY = datetime.date(2031, 3, 20)


def _added(
    archive: Path, day: datetime.date, at: datetime.datetime
) -> tuple[dict[str, Assessment], dict[str, tuple[Claim, str | None]]]:
    """What a store of the same archive answers: assessments by event, and claims with their event."""
    store = open_store("sqlite:///:memory:", create=True)
    failed: list[StillonError] = []
    for _ in filing.add_articles(
        store,
        [str(archive)],
        settings=Settings(),
        now=lambda: at,
        on_error=lambda _stage, _about, error: failed.append(error),
    ):
        pass
    with store.read() as snapshot:
        dossier = answering.dossier_of(snapshot, snapshot.every_component(), answering.View(as_of=day))
    store.close()
    event_of = dict(dossier.event_of)
    answers = {each.event.id: each for each in dossier.assessments}
    return answers, {each.id: (each, event_of.get(each.mention or "")) for each in dossier.claims}


@pytest.mark.parametrize("day", [datetime.date(2031, 3, 5), DAY])
def test_a_run_answers_as_the_store_does(
    archive: Path, run: Run, rows: Rows, tmp_path: Path, begun_at: datetime.datetime, day: datetime.date
) -> None:
    run(archive, as_of=[day])
    answers, claims = _added(archive, day, begun_at)
    got = {row["event"]: row for row in rows(tmp_path / "out", "assessments")}
    assert len(answers) >= 2
    assert {id: codec.load(Assessment, row["record"]) for id, row in got.items()} == answers
    put_out = {row["id"]: row for row in rows(tmp_path / "out", "claims")}
    for id, (claim, event) in claims.items():
        assert codec.load(Claim, put_out[id]["record"]) == claim
        assert put_out[id]["event"] == event


def test_a_run_over_many_buckets_answers_the_same(
    archive: Path, run: Run, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(archive, out=tmp_path / "whole")
    monkeypatch.setattr("stillon.batching.SHARE", 2)
    monkeypatch.setattr("stillon.batching.splitting.PART", 2)
    for kept in ("KEPT_PARTS", "KEPT_TEXTS", "KEPT_SKETCHES"):
        monkeypatch.setattr(f"stillon.batching.linking.{kept}", 1)
    run(archive, out=tmp_path / "cut")
    for name in ("reports", "claims", "links", "assessments"):
        assert rows(tmp_path / "cut", name) == rows(tmp_path / "whole", name)
        assert rows(tmp_path / "cut", name)


def test_each_report_is_put_out_once_by_the_day_of_its_publication(
    archive: Path, run: Run, rows: Rows, tmp_path: Path
) -> None:
    run(archive)
    found = rows(tmp_path / "out", "reports")
    assert sorted(row["file"] for row in found) == ["a1", "a2", "a3", "a4", "a5", "a6", "a9", "z.txt"]
    assert all(row["day"] == row["published"].isoformat() for row in found)
    revised = {row["file"]: (row["revision"], row["counts_from"]) for row in found}
    assert revised["a4"] == (1, datetime.date(2031, 3, 5))
    assert revised["a6"] == (2, datetime.date(2031, 3, 7))


def test_copies_are_told_among_the_links(archive: Path, run: Run, rows: Rows, tmp_path: Path) -> None:
    run(archive)
    file_of = {row["id"]: row["file"] for row in rows(tmp_path / "out", "reports")}
    copies = {
        (file_of[row["report"]], file_of[row["original"]])
        for row in rows(tmp_path / "out", "links")
        if row["kind"] == "copy"
    }
    assert ("a3", "a1") in copies


def test_what_cannot_be_read_stands_in_the_side_file(archive: Path, run: Run, tmp_path: Path) -> None:
    done = run(archive, archive / "missing.jsonl")
    told = [json.loads(line) for line in (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()]
    assert [(each["stage"], each["error"]) for each in told] == [
        ("read", "NotFoundInput"), ("read", "UnknownFormat"), ("read", "NotAnArticle"), ("extract", "ExtractError"),
    ]  # fmt: skip
    assert all(each["reason"] for each in told)
    assert (done.rejected, done.reports, done.inputs) == (4, 9, 12)


class _Stopped(Exception):
    """Stands for a run that is killed."""


class _Counting(Here):
    """Counts the tasks that are done, and stops before one of them."""

    def __init__(self, stop_before: int | None = None) -> None:
        self.done: list[tuple[str, str]] = []
        self._stop_before = stop_before

    def run(self, step: str, job: Job, tasks: Sequence[str]) -> Iterator[str]:
        for task in tasks:
            if len(self.done) == self._stop_before:
                raise _Stopped
            STEPS[step](job, task)
            self.done.append((step, task))
            yield task


@pytest.mark.timeout(600)
def test_a_run_that_is_stopped_anywhere_goes_on_where_it_was(
    archive: Path, run: Run, rows: Rows, tmp_path: Path
) -> None:
    whole = _Counting()
    run(archive, out=tmp_path / "whole", engine=whole)
    for stop in range(0, len(whole.done), 4):
        first, second = _Counting(stop), _Counting()
        out = tmp_path / f"out-{stop}"
        with pytest.raises(_Stopped):
            run(archive, out=out, engine=first)
        run(archive, out=out, engine=second)
        assert sorted([*first.done, *second.done]) == sorted(whole.done)
        for name in ("reports", "claims", "links", "assessments"):
            assert rows(out, name) == rows(tmp_path / "whole", name)


def test_a_task_that_is_given_out_twice_does_no_harm(
    archive: Path, run: Run, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Twice(Here):
        def run(self, step: str, job: Job, tasks: Sequence[str]) -> Iterator[str]:
            for task in tasks:
                STEPS[step](job, task)
                STEPS[step](job, task)
                yield task

    run(archive, out=tmp_path / "whole")
    run(archive, out=tmp_path / "twice", engine=Twice())
    for name in ("reports", "claims", "links", "assessments"):
        assert rows(tmp_path / "twice", name) == rows(tmp_path / "whole", name)


def test_a_run_again_does_nothing(archive: Path, run: Run, tmp_path: Path) -> None:
    run(archive)
    again = _Counting()
    assert run(archive, engine=again).again
    assert again.done == []


def test_a_run_with_a_new_file_reads_that_file_alone(
    archive: Path, run: Run, rows: Rows, tmp_path: Path, make_article: Callable[..., dict[str, Any]]
) -> None:
    big = "".join(f"{json.dumps(make_article(10, 'The race is held, says Eva Dorn.', note='x' * 2**20))}\n")
    (archive / "0.jsonl").write_text(big)
    run(archive)
    (archive / "zz.jsonl").write_text(big.replace("The race", "The match").replace("a10", "a11"))
    more = _Counting()
    run(archive, engine=more)
    assert [step for step, _ in more.done].count("read") == 1
    assert {"a10", "a11"} <= {row["file"] for row in rows(tmp_path / "out", "reports")}


def test_globs_and_single_files_name_inputs_too(archive: Path, run: Run, tmp_path: Path) -> None:
    assert run(f"{archive}/*.jsonl", archive / "z.txt").reports == 3


def test_a_folder_of_other_things_is_left_alone(archive: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "diary.txt").write_text("mine")
    with pytest.raises(BatchFailed, match=r"diary\.txt"):
        run(archive)


def test_an_empty_archive_gives_empty_data_sets(run: Run, rows: Rows, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("")
    done = run(tmp_path / "none.jsonl")
    assert (done.reports, done.rejected) == (0, 1)
    assert rows(tmp_path / "out", "assessments") == []


def test_the_command_names_what_is_rejected_and_leaves_counts(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = tmp_path / "batch.prom"
    arguments = ["batch", str(archive), str(tmp_path / "out"), "--workers", "1", "--metrics", str(counts)]
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert "cannot read" in said
    assert re.search(r"\d+ inputs, 9 reports read, 3 rejected", said)
    assert "stillon_batch_reports 9\n" in counts.read_text()
    assert cli.main(arguments) == 1
    assert "a run before had done it all" in capsys.readouterr().err
    assert cli.main(["batch", str(archive), str(tmp_path / "other"), "--address", "ray://x"]) == 2
