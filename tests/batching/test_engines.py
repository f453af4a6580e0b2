"""The engines: the same rows from each, and what a killed worker changes."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Rows = Callable[[Path, str], list[Mapping[str, Any]]]
NAMES = ("Ada Lund", "Per Dahl", "Ines Holm", "Kai Berg")
pytestmark = pytest.mark.timeout(900)
SETS = ("reports", "claims", "links", "assessments")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short articles on four events, in the words of newspapers: three parts of them."""
    file = tmp_path_factory.mktemp("news") / "news.jsonl"
    with file.open("w") as lines:
        for number in range(60):
            name = NAMES[number % 4]
            text = (
                f"The harbour council's hearing with Minister {name} has been postponed to April {number % 9 + 1}, "
                f"a spokesman for the council said on Tuesday. The hearing was planned for March 28 in Karlsvik. "
                f"{name} did not comment. It was the {number}th day of talks."
            )
            data = {"id": f"n{number}", "text": text, "published": f"2031-03-{number % 20 + 1:02d}", "outlet": "Echo"}
            lines.write(json.dumps(data) + "\n")
    return file


def _batch(*arguments: object) -> subprocess.Popen[str]:
    """The command, in a process group of its own."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(
        [sys.executable, "-m", "stillon", "batch", *map(str, arguments)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def _done(process: subprocess.Popen[str]) -> str:
    """What the command said, once it has ended well."""
    _, said = process.communicate(timeout=600)
    assert process.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def alone(news: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over the news in one process."""
    out = tmp_path_factory.mktemp("alone") / "out"
    _done(_batch(news, out, "--workers", 1))
    return out


def _same(one: Path, other: Path, rows: Rows) -> None:
    for name in SETS:
        assert rows(one, name) == rows(other, name)
        assert rows(one, name)


def _processes(group: int) -> dict[int, str]:
    """The processes of a session, with the names they go by."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == group:
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:  # it ended while we looked
                continue
    return found


def _kill_one_that_reads(process: subprocess.Popen[str], out: Path, name: str) -> int:
    """Kills a worker, known by a part of its name, once the first part is read and others are in hand."""
    while process.poll() is None:
        if list(out.glob("_work/read-*/*.arrow")):
            workers = [pid for pid, words in _processes(process.pid).items() if name in words]
            for pid in workers[:1]:
                os.kill(pid, signal.SIGKILL)
                return pid
        time.sleep(0.05)
    raise AssertionError(process.communicate()[1])


def test_two_workers_put_out_the_rows_of_one(news: Path, alone: Path, rows: Rows, tmp_path: Path) -> None:
    _done(_batch(news, tmp_path / "out", "--workers", 2))
    _same(tmp_path / "out", alone, rows)


def test_a_killed_worker_changes_nothing(news: Path, alone: Path, rows: Rows, tmp_path: Path) -> None:
    process = _batch(news, tmp_path / "out", "--workers", 2)
    _kill_one_that_reads(process, tmp_path / "out", "spawn_main")
    _done(process)
    _same(tmp_path / "out", alone, rows)


def test_a_run_that_is_asked_to_stop_stops_and_goes_on_later(
    news: Path, alone: Path, rows: Rows, tmp_path: Path
) -> None:
    process = _batch(news, tmp_path / "out", "--workers", 2)
    while process.poll() is None and not list((tmp_path / "out").glob("_work/read-*/*.arrow")):
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert not [words for words in _processes(process.pid).values() if "spawn_main" in words]
    _done(_batch(news, tmp_path / "out", "--workers", 2))
    _same(tmp_path / "out", alone, rows)


ray = pytest.mark.skipif(
    not os.environ.get("STILLON_RAY") or importlib.util.find_spec("ray") is None,
    reason="Ray takes some minutes on two processors: pip install stillon[ray], and set STILLON_RAY=1",
)


@ray
def test_ray_puts_out_the_rows_of_one_process_though_a_worker_is_killed(
    news: Path, alone: Path, rows: Rows, tmp_path: Path
) -> None:
    process = _batch(news, tmp_path / "out", "--engine", "ray", "--workers", 2)
    _kill_one_that_reads(process, tmp_path / "out", "_Worker")
    _done(process)
    _same(tmp_path / "out", alone, rows)
