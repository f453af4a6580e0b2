"""A whole archive at once: read by all cores or a cluster, linked and answered a bucket at a time, put out as Parquet.

A run is a row of steps, each of many tasks that know nothing of one another. A task that is done has left its file, and
is not done again: that is all a rerun needs to know, and all that a lost worker costs.
"""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stillon.batching.answering import DATA_SETS
from stillon.batching.components import connect_copies, connect_mentions
from stillon.batching.engines import Engine, Here, Local
from stillon.batching.job import Job, Part, Parts, dump_parts, units
from stillon.batching.splitting import Group, as_rejected, find_groups, put_group
from stillon.batching.tables import read_facts, write_text
from stillon.errors import BatchFailed, StillonError
from stillon.keeping.filing import Now, version_of
from stillon.metrics import Metrics
from stillon.model import Day
from stillon.settings import Settings

__all__ = [
    "DATA_SETS", "Here", "Local", "Summary", "Tick", "metrics_of", "read_rejected", "run_batch", "write_text",
]  # fmt: skip

SHARE = 2_000
"""Reports whose rows make a bucket, in the mean: what one worker holds in memory at a time."""
MOST_BUCKETS = 1_000
"""Most buckets, since each is looked for in the file of each unit; beyond two million reports buckets grow instead."""
_LINKING = ("scatter", "admit", "share", "measure", "meet", "compare", "route", "gather", "answer", "finish")
_SETTINGS = ("spacy_pipeline", "max_bytes", "max_chars")
"""Settings that decide what is read in a report."""

Tick = Callable[[str, int, int], None]
"""Told the step, how many of its tasks are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a run did."""

    inputs: int
    """Inputs found."""
    reports: int
    """Reports read, repeated ones among them."""
    rejected: int
    """Inputs that could not be read, each in the side file."""
    again: bool
    """True where a run before had done it all."""


def run_batch(
    sources: Sequence[str],
    out: Path,
    *,
    engine: Engine,
    settings: Settings,
    now: Now,
    published: Day | None = None,
    publisher: str | None = None,
    as_of: Sequence[Day] = (),
    tick: Tick = lambda _step, _done, _total: None,
) -> Summary:
    """Reads the sources and puts reports, claims, links and assessments into data sets under `out`.

    A run into a folder of an earlier one does what is missing. Without `as_of` the answers hold at the end of the
    latest publication day. Raises BatchFailed where the run cannot go on; what is done stays done.
    """
    try:
        with _alone(out):
            return _run(sources, out, engine, settings, now, published, publisher, as_of, tick)
    except OSError as error:
        raise BatchFailed(
            f"{error.strerror or error}; run it again to go on", about=str(error.filename or out)
        ) from error


def metrics_of(done: Summary, seconds: Mapping[str, float]) -> Metrics:
    """What a run did, and how long each step took."""
    metrics = Metrics()
    metrics.gauge("batch_inputs", "Inputs of the last run.")
    metrics.gauge("batch_reports", "Reports of the last run that were read.")
    metrics.gauge("batch_rejected", "Inputs of the last run that could not be read.")
    metrics.gauge("batch_step_seconds", "Seconds that each step of the last run took.")
    metrics.put("batch_inputs", done.inputs)
    metrics.put("batch_reports", done.reports)
    metrics.put("batch_rejected", done.rejected)
    for step, taken in seconds.items():
        metrics.put("batch_step_seconds", taken, step=step)
    return metrics


def _run(
    sources: Sequence[str], out: Path, engine: Engine, settings: Settings, now: Now, published: Day | None,
    publisher: str | None, as_of: Sequence[Day], tick: Tick,
) -> Summary:  # fmt: skip
    before = _state(out)
    job = Job(
        out=out,
        settings=replace(settings, threads=settings.threads or 1),
        published=published,
        publisher=publisher,
        recorded_at=datetime.datetime.fromisoformat(before["recorded_at"]) if before else now(),
        version=_digest(version_of("extraction"), version_of("reading"), published, publisher,
                        *(getattr(settings, name) for name in _SETTINGS)),
    )  # fmt: skip
    _put_state(out, {**before, "recorded_at": job.recorded_at.isoformat()})
    groups, missing = find_groups(sources)
    parts, inputs = _read_all(job, groups, engine, tick)
    facts = [read_facts(job.read / f"{name}.arrow") for name in parts]
    job = _with_answers(job, parts, facts, as_of)
    again = before.get("generation") == job.generation
    if not again:
        _link_all(job, engine, tick)
        _put_out(job)
    rejected = _put_rejected(job, groups, parts, missing)
    _put_state(out, {"recorded_at": job.recorded_at.isoformat(), "generation": job.generation})
    return Summary(inputs=inputs, reports=sum(each["reports"] for each in facts), rejected=rejected, again=again)


def _read_all(job: Job, groups: Sequence[Group], engine: Engine, tick: Tick) -> tuple[list[str], int]:
    """The names of all parts, each read, in the order of the inputs; and how many inputs there are."""
    whole = [group for group in groups if not (job.inputs / group.key / "done.json").exists()]
    for group in whole:
        put_group(job, group)
    _do(engine, "split", job, [group.key for group in whole], len(groups), tick)
    parts, inputs = [], 0
    for group in groups:
        done = json.loads((job.inputs / group.key / "done.json").read_text(encoding="utf-8"))
        parts += [f"{group.key}-{number:06d}" for number in range(done["parts"])]
        inputs += done["inputs"] + done["rejected"]
    _do(engine, "read", job, [name for name in parts if not _done(job, "read", name)], len(parts), tick)
    return parts, inputs


def _with_answers(job: Job, names: Sequence[str], facts: Sequence[Mapping[str, Any]], as_of: Sequence[Day]) -> Job:
    """The job, with all that follows from what was read."""
    parts = Parts([Part(name, each["reports"], each["mentions"]) for name, each in zip(names, facts, strict=True)])
    latest = max((each["latest"] for each in facts if each["latest"]), default=None)
    days: tuple[Day | None, ...] = tuple(sorted(set(as_of))) or (Day.fromisoformat(latest) if latest else None,)
    job = replace(
        job,
        as_of=days,
        buckets=max(1, min(MOST_BUCKETS, -(-parts.reports // SHARE))),
        share=max(SHARE, parts.reports // MOST_BUCKETS),
        generation=_digest(job.version, version_of("linking"), version_of("weighing"), days, dump_parts(parts)),
    )
    write_text(job.linked / "parts.json", dump_parts(parts))
    return job


def _link_all(job: Job, engine: Engine, tick: Tick) -> None:
    for step in _LINKING:
        if step == "route":
            for name, work in (("components", connect_mentions), ("families.arrow", connect_copies)):
                if not (job.linked / name).exists():
                    work(job)
        number = len(units(job)) if step in ("scatter", "gather") else job.buckets
        tasks = [str(each) for each in range(number) if not _done(job, step, str(each))]
        _do(engine, step, job, tasks, number, tick)


def _done(job: Job, step: str, task: str) -> bool:
    """True where a task has left the last of its files."""
    last = {
        "read": job.read / f"{task}.arrow",
        "scatter": job.linked / "scatter" / f"{task}.ties",
        "admit": job.linked / "admitted" / task,
        "share": job.linked / "shared" / task,
        "measure": job.linked / "copies" / task,
        "meet": job.linked / "met" / task,
        "compare": job.linked / "odds" / task,
        "route": job.linked / "routed" / task,
        "gather": job.linked / "told" / task,
        "answer": job.linked / "rows" / f"bucket-{task}.assessments",
        "finish": job.linked / "finished" / task,
    }
    return last[step].exists()


def _do(engine: Engine, step: str, job: Job, tasks: Sequence[str], total: int, tick: Tick) -> None:
    done = total - len(tasks)
    tick(step, done, total)
    for _ in engine.run(step, job, tasks):
        done += 1
        tick(step, done, total)


def _put_out(job: Job) -> None:
    """Puts the data sets in the place of those of an earlier run, and throws away what made them."""
    for name in DATA_SETS:
        made, place, former = job.linked / "out" / name, job.out / name, job.linked / "former" / name
        if made.exists() or not (job.linked / "swapped" / name).exists():
            if place.exists() and not former.exists():
                former.parent.mkdir(exist_ok=True)
                place.rename(former)
            made.mkdir(parents=True, exist_ok=True)  # a data set may be empty
            (job.linked / "swapped" / name).mkdir(parents=True, exist_ok=True)
            made.rename(place)
    for folder in job.work.glob("link-*"):
        shutil.rmtree(folder)


def _put_rejected(job: Job, groups: Sequence[Group], parts: Sequence[str], missing: Sequence[StillonError]) -> int:
    """Gathers what could not be read into one side file; gives how many lines it has."""
    lines = [json.dumps(as_rejected("read", error.about or "", error)) for error in missing]
    files = [job.inputs / group.key / "rejected.jsonl" for group in groups]
    files += [job.read / f"{name}.rejected.jsonl" for name in parts]
    for file in files:
        lines += file.read_text(encoding="utf-8").splitlines()
    write_text(job.out / "rejected.jsonl", "".join(f"{line}\n" for line in lines))
    return len(lines)


def read_rejected(out: Path) -> Iterator[Mapping[str, str]]:
    """The lines of a run's side file: what could not be read, at which stage, and why."""
    with (out / "rejected.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Raises BatchFailed where another run works in the folder."""
    (out / "_work").mkdir(parents=True, exist_ok=True)
    with (out / "_work" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BatchFailed("another run works in this folder", about=str(out)) from error
        yield


def _state(out: Path) -> dict[str, Any]:
    """What an earlier run left; empty for a folder without one. Raises BatchFailed for a folder of other things."""
    file = out / "run.json"
    if file.exists():
        state: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return state
    others = sorted(each.name for each in out.iterdir() if each.name != "_work")
    if others:
        raise BatchFailed(f"the folder holds other things ({', '.join(others[:3])})", about=str(out))
    return {}


def _put_state(out: Path, state: Mapping[str, Any]) -> None:
    write_text(out / "run.json", json.dumps(state, indent=1) + "\n")


def _digest(*values: object) -> str:
    return hashlib.blake2b("\0".join(map(str, values)).encode(), digest_size=6).hexdigest()
