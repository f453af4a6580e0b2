"""What the pages show is what the program puts out: every session on a page is run again.

A block marked `console` holds commands after `$ ` and what they put out; one marked `pycon` holds Python after
`>>> `. A page begins with no store, in a folder that holds the examples. `make stories` writes what is shown anew.
"""

import contextlib
import datetime
import doctest
import functools
import io
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import stillon
from stillon import cli, pipeline
from stillon.model import Extraction, Report

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```(console|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHOWING = [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))]
LATER = datetime.datetime(2035, 1, 1, 9, tzinfo=datetime.UTC)
"""When the pages are read: years on, so that nothing shown depends on the reader's day."""


@pytest.fixture(scope="module")
def _extract_once() -> Iterator[None]:
    """Lets the model read each report once for all pages: what it finds in a report never changes."""
    extract, load = pipeline.extract, functools.cache(pipeline.load_reader)
    found: dict[Report, Extraction] = {}

    def remember(report: Report, reader: Any) -> Extraction:
        if report not in found:
            found[report] = extract(report, reader)
        return found[report]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "extract", remember)
        patch.setattr(pipeline, "load_reader", load)
        patch.setattr(stillon, "load_reader", load)
        yield


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _extract_once: None) -> None:
    """Somebody in a folder with the examples, at a terminal of 80 columns."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("STILLON_STORE", raising=False)
    monkeypatch.delenv("STILLON_SETTINGS", raising=False)
    monkeypatch.setattr(cli, "_now", lambda: LATER)


@pytest.mark.parametrize("page", SHOWING, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_shows_what_the_program_puts_out(page: Path, request: pytest.FixtureRequest, newcomer: None) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    run: dict[str, Callable[[str], str]] = {
        "console": _run_console,
        "pycon": functools.partial(_run_python, names=names),
    }
    text = page.read_text(encoding="utf-8")
    now = BLOCK.sub(lambda block: f"```{block[1]}\n{run[block[1]](block[2])}```", text)
    if request.config.getoption("--rewrite-golden"):
        page.write_text(now, encoding="utf-8")
        text = now
    assert text == now


def test_the_pages_for_each_kind_of_user_show_the_program_at_work() -> None:
    shown = {str(page.relative_to(ROOT)) for page in SHOWING}
    assert {"README.md", "docs/quickstart.md", *(f"docs/howto/{user}.md" for user in USERS)} <= shown


USERS = ("desk", "analyst", "forecaster", "researcher")


def _run_console(block: str) -> str:
    """The block with each command's output as it is now."""
    shown = []
    for command in re.findall(r"^\$ (.*(?<!\\)(?:\\\n.*)*)$", block, re.MULTILINE):
        out = _run_command(command.replace("\\\n", " "))
        shown.append("\n".join([f"$ {command}", *(line.rstrip() for line in out.splitlines())]) + "\n")
    return "".join(shown)


def _run_command(command: str) -> str:
    """What a shell would show: stillon is run here, whatever it is piped into by the shell."""
    words, pipe, rest = command.partition(" | ")
    if not pipe:
        words, into, rest = command.partition(" > ")
        rest = f"cat > {rest}" if into else "cat"
    if not words.startswith("stillon "):
        return _run_shell(command, "")
    data, err = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(data, encoding="utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.suppress(SystemExit):
        cli.main(shlex.split(words)[1:])
    out.flush()
    return err.getvalue() + _run_shell(rest, data.getvalue().decode("utf-8"))


def _run_shell(command: str, given: str) -> str:
    done = subprocess.run(["sh", "-c", command], input=given, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _run_python(block: str, *, names: dict[str, Any]) -> str:
    """The block with the output of each statement as it is now."""
    shown = []
    for example in doctest.DocTestParser().get_examples(block):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(example.source, "<page>", "single"), names)
        first, *more = example.source.splitlines()
        shown += [f">>> {first}", *(f"... {line}".rstrip() for line in more), *out.getvalue().splitlines()]
    return "".join(f"{line.rstrip()}\n" for line in shown)
