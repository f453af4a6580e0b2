"""What is killed at any moment leaves a sound store, and a rerun ends where an undisturbed run ends.

STILLON_KILLS and STILLON_KILL_REPORTS make more of it: the figures of `docs/store.md` are of 50 and 500.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from stillon.errors import NotAStore
from stillon.keeping import exchanging, tending
from stillon.model import Extraction, Kind, Mention, Report
from stillon.storing import open_store
from stillon.storing.codec import dump

KILLS = int(os.environ.get("STILLON_KILLS", "4"))
REPORTS = int(os.environ.get("STILLON_KILL_REPORTS", "40"))
SCRIPT = Path(__file__).parent / "kill_writer.py"


def _extraction(number: int) -> Extraction:
    """A report of one of a few stories, every seventh an edit of the one before."""
    story = f"Ferry{number % 5}"
    report = Report(
        id=f"r{number}",
        file=f"{number}.txt",
        text=f"The council of {story} met for the {number}th time to speak of the launch and of nothing else at all.",
        url=f"https://post.example/{number - (number % 7 == 6)}",
        published=date(2031, 3, 1) + timedelta(days=number % 20),
    )
    mention = Mention(
        id=f"r{number}.0",
        report=report.id,
        name=f"launch of {story}",
        kind=Kind.LAUNCH,
        participants=(f"{story} Council",),
        place=story,
        published=report.published,
    )
    return Extraction(report=report, mentions=(mention,))


def _content(url: str) -> list[str]:
    """The export without the instants at which things were recorded, and the days seen that follow from them."""
    store = open_store(url)
    lines = []
    for line in exchanging.export_lines(store):
        data = json.loads(json.dumps(line))
        data.pop("recorded_at", None)
        data.pop("counts_from", None)
        for reading in data.get("readings", []):
            reading.pop("recorded_at")
        lines.append(json.dumps(data))
    store.close()
    return lines


def _sound(url: str) -> None:
    try:
        store = open_store(url)
    except NotAStore:  # killed before the first migration was done
        return
    assert tending.check_store(store).faults == ()
    store.close()


@pytest.mark.timeout(1800)
def test_a_killed_run_leaves_a_sound_store_and_a_rerun_ends_as_an_undisturbed_one(
    new_url: Callable[[], str], tmp_path: Path
) -> None:
    path = tmp_path / "readings.jsonl"
    path.write_text("".join(dump(_extraction(number)) + "\n" for number in range(REPORTS)))
    undisturbed, killed = new_url(), new_url()

    def run(url: str) -> Any:
        return subprocess.Popen([sys.executable, SCRIPT, url, path], stdout=subprocess.PIPE, text=True)

    started = time.monotonic()
    with run(undisturbed) as process:
        assert process.wait() == 0
    length_s = time.monotonic() - started
    chance = random.Random(6)
    for _ in range(KILLS):
        with run(killed) as process:
            if chance.random() < 0.8:
                process.stdout.readline()  # the modules are loaded, the writing begins
                time.sleep(chance.random() * length_s / KILLS)
            else:
                time.sleep(chance.random() * length_s)
            process.kill()
        _sound(killed)
    with run(killed) as process:
        assert process.wait() == 0
    _sound(killed)
    assert _content(killed) == _content(undisturbed)
