"""`stillon watch` as a person calls it."""

from __future__ import annotations

import datetime
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stillon import cli
from stillon.keeping import tending
from stillon.storing import open_store
from tests.conftest import PostgresServer
from tests.watching.conftest import START, Answer, Site

PLANNED = "The launch is scheduled, says Ada Lund."


class Desk:
    """A folder with FEEDS.toml and a store."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.now = START
        self.url = f"sqlite:///{folder / 'desk.db'}"
        program = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"
        command = json.dumps([sys.executable, "-c", program, str(folder / "told.jsonl")])
        (folder / "feeds.toml").write_text(
            f'delay = "0s"\n[[feed]]\nurl = "{site.base}/feed"\n[[notify]]\non = ["status"]\ncommand = {command}\n'
        )

    def watch(self, *options: str) -> int:
        """Runs the command."""
        return cli.main(["watch", str(self.folder / "feeds.toml"), "--store", self.url, *options])

    def told(self) -> list[str]:
        """The texts of the notices."""
        path = self.folder / "told.jsonl"
        return [json.loads(line)["text"] for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def desk(tmp_path: Path, site: Site, plain_extraction: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path, site)
    monkeypatch.setenv("STILLON_ALLOW_PRIVATE_HOSTS", "true")
    monkeypatch.setattr(cli, "_now", lambda: made.now)
    return made


def test_once_stores_and_tells_and_ends(desk: Desk, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("/a", PLANNED)
    site.rss("/feed", ["/a"])
    assert desk.watch("--once") == 0
    assert capsys.readouterr() == ("", "1 new, 0 edited, 0 as before\n")
    site.article("/a", "The launch is postponed, says Ada Lund.")
    desk.now = START.replace(minute=15)
    assert desk.watch("--once") == 0
    assert capsys.readouterr().err == "0 new, 1 edited, 0 as before, 1 told\n"
    assert desk.watch("--once") == 0
    (text,) = desk.told()
    assert "The launch is postponed" in text
    assert site.base + "/a" in text


def test_health_tells_how_each_feed_does(desk: Desk, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.put("/feed", Answer(status=500))
    assert desk.watch("--once") == 1
    assert "cannot read" in capsys.readouterr().err
    assert desk.watch("--once") == 1
    capsys.readouterr()
    assert desk.watch("--once") == 0
    assert "is left alone until 2031-03-10 09:30:00Z: the server answers 500" in capsys.readouterr().err
    assert desk.watch("--health") == 0
    out = capsys.readouterr().out
    assert out.startswith("LEFT ALONE  http://127.0.0.1")
    assert "the server answers 500 (2 times in a row)" in out
    assert desk.watch("--health", "--format", "json") == 0
    (feed,) = json.loads(capsys.readouterr().out)["feeds"]
    assert (feed["state"], feed["failures"], feed["next_at"]) == ("left alone", 2, "2031-03-10T09:30:00Z")


def test_a_watcher_goes_on_where_the_store_comes_back(
    desk: Desk, site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from stillon.errors import StoreError
    from stillon.storing import watched

    site.article("/a", PLANNED)
    site.rss("/feed", ["/a"])
    whole = watched.feeds
    failing = [True]
    slept: list[float] = []

    def feeds(snapshot: object) -> object:
        if failing:
            failing.pop()
            raise StoreError("the server closed the connection", about="postgresql://desk")
        return whole(snapshot)  # type: ignore[arg-type]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) > 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(watched, "feeds", feeds)
    monkeypatch.setattr("stillon.cli.clock.sleep", sleep)
    assert desk.watch() == 130
    err = capsys.readouterr().err
    assert "the server closed the connection; trying again in 5 s" in err
    assert "1 new, 0 edited" in err
    assert slept == [5.0, 60.0]


@pytest.mark.parametrize("down_for_long", [False, True])
def test_a_watcher_goes_on_by_itself_where_postgresql_restarts(
    desk: Desk, site: Site, postgres_server: PostgresServer, new_database: Callable[[], str], down_for_long: bool,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Once while an article is fetched; and once for longer than a write is tried for, until the watcher waits.

    It may wait where the outage is short, too: a read that is cut off is not tried again by itself.
    """
    desk.url = new_database()
    names = [f"/{name}" for name in "abcde"]
    for name in names:
        site.article(name, f"{PLANNED} This is article {name}.")
    site.rss("/feed", names)
    assert desk.watch("--health") == 1  # no store yet
    capsys.readouterr()

    def restart() -> None:
        site.answers["/c"][0].before = None
        postgres_server.stop()
        if not down_for_long:
            postgres_server.start()

    site.answers["/c"][0].before = restart
    whole, waits = time.sleep, []

    def sleep(seconds: float) -> None:
        if seconds < (5 if down_for_long else 60):  # between tries of a write: a busy machine is slow
            whole(seconds)
            return
        waits.append(seconds)
        if down_for_long and len(waits) == 1:
            postgres_server.start()
        elif _stored(desk.url) == len(names) or len(waits) > 30:
            raise KeyboardInterrupt
        desk.now += datetime.timedelta(seconds=seconds)

    monkeypatch.setattr("stillon.cli.clock.sleep", sleep)
    if down_for_long:
        monkeypatch.setattr("stillon.storing.store.TRIES", 2)
    assert desk.watch() == 130
    told = capsys.readouterr().err
    assert not down_for_long or "trying again in 5 s" in told
    store = open_store(desk.url)
    with store.read() as snapshot:
        urls = sorted(each.address for each in snapshot.every_report())
    assert urls == [site.base + name for name in names]
    assert tending.check_store(store).faults == ()
    store.close()


def _stored(url: str) -> int:
    store = open_store(url)
    with store.read() as snapshot:
        number = snapshot.count()["report"]
    store.close()
    return number


def test_a_wrong_file_is_wrong_use(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    (desk.folder / "feeds.toml").write_text("[[feed]]\n")
    assert desk.watch("--once") == 2
    assert "feed 1: it needs a url" in capsys.readouterr().err
    assert desk.watch("--once", "--format", "json") == 2
