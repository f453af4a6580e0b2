"""What is killed at any moment leaves a sound store, and a rerun ends where an undisturbed run ends.

STILLON_KILLS and STILLON_KILL_REPORTS make more of it, STILLON_KILLS_READING and STILLON_KILL_ARTICLES the same with
the reading: the figures of `docs/store.md` are of 50 and 500, and of 3 and 500.
"""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stillon.errors import NotAStore, SchemaTooOld, StoreError
from stillon.keeping import exchanging, filing, tending
from stillon.model import Extraction, Kind, Mention, Report
from stillon.storing import migrating, open_store
from stillon.storing.codec import dump
from tests.keeping import kill_writer

KILLS = int(os.environ.get("STILLON_KILLS", "4"))
REPORTS = int(os.environ.get("STILLON_KILL_REPORTS", "40"))
STORIES = max(5, REPORTS // 8)
KILLS_READING = int(os.environ.get("STILLON_KILLS_READING", "1"))
ARTICLES = int(os.environ.get("STILLON_KILL_ARTICLES", "6"))
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.keeping.kill_writer"])
MIGRATOR = Path(__file__).parent / "kill_migrator.py"


def _extraction(number: int) -> Extraction:
    """A report of one of some stories, every seventh an edit of the one before."""
    story = f"Ferry{number % STORIES}"
    report = Report(
        id=f"r{number}",
        file=f"{number}.txt",
        text=f"The council of {story} met for the {number}th time to speak of the launch at {story} and nothing else.",
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
    except (NotAStore, SchemaTooOld):  # killed before the migration was done
        return
    assert tending.check_store(store).faults == ()
    store.close()


@pytest.mark.timeout(7200)
def test_a_killed_run_leaves_a_sound_store_and_a_rerun_ends_as_an_undisturbed_one(
    new_url: Callable[[], str], tmp_path: Path
) -> None:
    path = tmp_path / "readings.jsonl"
    path.write_text("".join(dump(_extraction(number)) + "\n" for number in range(REPORTS)))
    undisturbed, killed = new_url(), new_url()

    def run(url: str) -> Any:
        process = PROCESSES.Process(target=kill_writer.write, args=(url, str(path)))
        process.start()
        return process

    open_store(killed, create=True).close()
    first = run(killed)  # from now on the modules are loaded where processes come from
    first.kill()
    first.join()
    started = time.monotonic()
    process = run(undisturbed)
    process.join()
    assert process.exitcode == 0
    length_s = time.monotonic() - started
    chance = random.Random(6)
    cut_short = 0
    for number in range(KILLS):
        process = run(killed)
        # most of them soon after they have gone on from where the last was killed, some wherever they are
        process.join(chance.random() * length_s * (1 if number % 5 == 4 else 2 / KILLS))
        process.kill()
        process.join()
        cut_short += process.exitcode == -signal.SIGKILL
        _sound(killed)
    process = run(killed)
    process.join()
    assert process.exitcode == 0
    assert cut_short
    _sound(killed)
    assert _content(killed) == _content(undisturbed)


def _stored(url: str) -> int:
    """How many reports there are by now."""
    try:
        store = open_store(url)
    except StoreError:
        return 0
    with store.read() as snapshot:
        number = snapshot.count()["report"]
    store.close()
    return number


def _article(number: int) -> str:
    story = ["Lindholm", "Marrick", "Osterby", "Tavendale", "Quillport"][number % 5]
    status = ["will meet the harbour union on June 3", "postponed its meeting with the harbour union"][number // 5 % 2]
    day = date(2031, 5, 1) + timedelta(days=number % 20)
    return f"""Title: {story} and its harbour, part {number}
Published: {day}
Publisher: The {story} Post

{story.upper()} — The city council of {story} {status}, a spokeswoman said on {day:%A}, {number} days into the dispute.

Mayor Anna Berg said that the talks about pay in {story} would go on. A union official, who asked not to be named,
said that a strike had been put off until the council has voted.
"""


@pytest.mark.timeout(7200)
def test_a_run_killed_while_it_reads_ends_as_an_undisturbed_one(new_url: Callable[[], str], tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"{number:04}.txt").write_text(_article(number))
    undisturbed, killed = new_url(), new_url()

    def run(url: str) -> Any:
        command = [sys.executable, "-m", "stillon", "add", folder, "--store", url]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    with run(undisturbed) as process:
        assert (process.communicate()[1], process.returncode) == (f"{ARTICLES} new, 0 edited, 0 known already\n", 0)
    chance = random.Random(8)
    for _ in range(KILLS_READING):
        wanted = chance.randrange(_stored(killed), ARTICLES)
        with run(killed) as process:
            while _stored(killed) < wanted and process.poll() is None:
                time.sleep(0.02)
            time.sleep(chance.random() * 0.3)
            process.kill()
        _sound(killed)
    with run(killed) as process:
        told = process.communicate()[1]
    assert (told.endswith(" known already\n"), process.returncode) == (True, 0), told
    _sound(killed)
    assert _stored(killed) == ARTICLES
    assert _content(killed) == _content(undisturbed)


@pytest.mark.timeout(7200)
def test_a_migration_killed_after_any_statement_is_done_by_the_next_run(
    new_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an empty database, and of a store of the first version that holds reports."""
    old, killed, new, empty = (new_url() for _ in range(4))
    whole = migrating.migrations
    with monkeypatch.context() as patched:
        patched.setattr(migrating, "migrations", lambda kind: whole(kind)[:1])
        for url in (old, killed):
            store = open_store(url, create=True)
            for number in range(20):
                filing.file_extraction(store, _extraction(number), version="1", now=lambda: datetime.now(UTC))
            store.close()

    def run(url: str) -> Any:
        return subprocess.Popen([sys.executable, MIGRATOR, url], stdout=subprocess.PIPE, text=True)

    chance = random.Random(7)
    for undisturbed, disturbed in ((old, killed), (new, empty)):
        with run(undisturbed) as process:
            statements = len(process.stdout.readlines())
        for moment in chance.sample(range(statements), min(KILLS, statements)):
            with run(disturbed) as process:
                for _ in range(moment):
                    process.stdout.readline()
                process.kill()
            _sound(disturbed)
        open_store(disturbed, create=True).close()
        _sound(disturbed)
        assert _content(disturbed) == _content(undisturbed)
