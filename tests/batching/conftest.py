"""An archive of made-up reports, and a run over it in this process."""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from stillon.batching import Summary, run_batch
from stillon.batching.engines import Engine, Here
from stillon.settings import Settings

NOW = datetime.datetime(2031, 5, 1, 9, tzinfo=datetime.UTC)
REST = (
    "The people of the islands have waited for the ferry since the spring, and the council of the harbour says that "
    "nobody can tell what the winter will bring to the piers of the old town or to those who live from them {}."
)


def _article(number: int, words: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"a{number}",
        "text": f"{words} {REST.format(number)}",
        "published": f"2031-03-{number % 28 + 1:02d}",
        "publisher": ["The Harbour Post", "Evening Echo", "Island Wire"][number % 3],
        **fields,
    }


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with all that an archive holds: revisions, copies, repeated reports, broken ones, two formats."""
    folder = tmp_path / "archive"
    folder.mkdir()
    launch = [
        _article(1, "The launch is scheduled, says Ada Lund."),
        _article(2, "The launch is postponed, says Ada Lund. The parade is announced."),
        _article(9, "The parade is cancelled, says Ines Holm. The regatta is odd."),
        {**_article(2, "The launch is postponed, says Ada Lund. The parade is announced."), "id": "a2"},
        _article(4, "The vote is in doubt, says Per Dahl.", url="https://post.example/vote?utm_source=x"),
        _article(6, "The vote is going ahead, says Per Dahl.", url="https://post.example/vote"),
        {"id": "empty", "text": "  "},
        _article(7, "broken is what this is."),
    ]
    lines = "".join(f"{json.dumps(each)}\n" for each in launch) + "{no json\n"
    (folder / "one.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    copied = [
        _article(3, "The launch is scheduled, says Ada Lund."),
        _article(5, "The strike is announced, says Kai Berg."),
    ]
    copied[0]["text"] = launch[0]["text"] + " It was so told."
    (folder / "two.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in copied))
    (folder / "z.txt").write_text(
        f"Published: 2031-03-20\n\nThe strike is cancelled, says Kai Berg. {REST.format(99)}\n"
    )
    return folder


@pytest.fixture
def make_article() -> Callable[..., dict[str, Any]]:
    """Builds one object of JSON lines from a number and the words that it claims."""
    return _article


@pytest.fixture
def begun_at() -> datetime.datetime:
    """The instant at which every run and store here says that it knows of things."""
    return NOW


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Summary]:
    """Runs over sources into the folder `out` beside them."""

    def run(*sources: Path | str, out: Path | None = None, engine: Engine | None = None, **more: Any) -> Summary:
        return run_batch(
            [str(each) for each in sources],
            out or tmp_path / "out",
            engine=engine or Here(),
            settings=Settings(),
            now=lambda: NOW,
            **more,
        )

    return run


@pytest.fixture
def rows() -> Callable[[Path, str], list[Mapping[str, Any]]]:
    """Reads the rows of a data set, each with its day."""
    import pyarrow.parquet as pq

    def read(out: Path, name: str) -> list[Mapping[str, Any]]:
        found = []
        for file in sorted((out / name).glob("day=*/*.parquet")):
            day = file.parent.name.removeprefix("day=")
            found += [{**row, "day": day} for row in pq.ParquetFile(file).read().to_pylist()]
        return found

    return read
