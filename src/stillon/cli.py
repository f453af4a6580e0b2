"""The commands; the only file that prints or exits.

Data goes to standard output, everything else to standard error. Exit status: 0 done; 1 some input could
not be read (each is named with the reason, the rest is done); 2 wrong use.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from stillon import __version__
from stillon.errors import SettingsError, StillonError
from stillon.settings import Settings, load_settings

if TYPE_CHECKING:  # rich, spaCy and the stages are imported where they are used: --help must not wait for them
    from stillon.model import Dossier, Report

DONE, SOME_UNREAD, WRONG_USE = 0, 1, 2
FORMATS = ("text", "json", "ndjson")
INSPECTED = ("attributions", "dates", "sentences", "copies")
PROGRESS_AFTER_S = 2.0
"""Seconds of work after which a terminal is told how far it is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    _set_streams(options)
    failures = _Failures()
    try:
        settings = load_settings()
        if options.command == "read":
            _read(options, settings, failures)
        else:
            _inspect(options, settings, failures)
        sys.stdout.flush()
    except SettingsError as error:
        print(f"stillon: {error}", file=sys.stderr)
        return WRONG_USE
    except StillonError as error:
        print(f"stillon: {error} ({type(error).__name__})", file=sys.stderr)
        return SOME_UNREAD
    except BrokenPipeError:
        # whoever read our output has had enough; the interpreter must not complain when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130
    return failures.conclude()


def _read(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    """`stillon read`: the dossier of articles."""
    from stillon import pipeline
    from stillon.publishing import ndjson

    with _Progress() as progress:
        reports = pipeline.read_articles(
            options.sources,
            settings=settings,
            published=options.published,
            publisher=options.publisher,
            stdin=sys.stdin.buffer if sys.stdin else None,
            on_error=failures.add,
        )
        answers = pipeline.dossiers(
            progress.over(reports),
            reader=pipeline.load_reader(settings),
            as_of=options.as_of,
            each=options.each,
            on_error=failures.add,
        )
        if options.format == "json":
            _put(ndjson.render_json(answers), progress)
        elif options.format == "ndjson":
            for dossier in answers:
                _put(ndjson.render_line(dossier), progress)
        else:
            _put_text(answers, progress)


def _put_text(dossiers: Iterable[Dossier], progress: _Progress) -> None:
    """Dossiers for a person, a line between two."""
    from stillon.publishing import terminal

    width = shutil.get_terminal_size((80, 24)).columns
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    for number, dossier in enumerate(dossiers):
        between = f"\n{'═' * min(width, terminal.WIDEST)}\n\n" if number else ""
        _put(between + terminal.render(dossier, width=width, colour=colour).rstrip("\n"), progress)


def _inspect(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    """`stillon inspect`: what a stage sees, one JSON object a line."""
    from stillon import inspection
    from stillon.publishing import ndjson

    with _Progress() as progress:
        objects = inspection.read_inputs(
            options.sources, settings=settings, stdin=sys.stdin.buffer if sys.stdin else None, on_error=failures.add
        )
        for seen in inspection.inspect(options.what, progress.over(objects), settings=settings):
            _put(ndjson.dump_line(seen), progress)


def _put(text: str, progress: _Progress) -> None:
    """Prints data, with the progress out of the way where both go to one terminal."""
    if sys.stdout.isatty():
        progress.stop()
    print(text)


class _Failures:
    """Collects what could not be read, and says so at once."""

    def __init__(self) -> None:
        self.classes: Counter[str] = Counter()

    def add(self, stage: str, about: str, error: StillonError) -> None:
        """Names one input and the reason on standard error."""
        self.classes[type(error).__name__] += 1
        print(f"stillon: cannot {stage} {about}: {error.reason}", file=sys.stderr)

    def conclude(self) -> int:
        """The exit status, after a tally by class."""
        if not self.classes:
            return DONE
        tally = ", ".join(f"{number} {name}" for name, number in sorted(self.classes.items()))
        print(f"stillon: {sum(self.classes.values())} not done: {tally}", file=sys.stderr)
        return SOME_UNREAD


class _Progress:
    """Tells a terminal on standard error how far the work is, once it takes long; else does nothing."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()

    def __enter__(self) -> _Progress:
        if self._live:
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            words = TextColumn("{task.completed} reports read  {task.description}", markup=False)
            console = Console(stderr=True)
            self._bar = Progress(SpinnerColumn(), TimeElapsedColumn(), words, console=console, transient=True)
            self._task = self._bar.add_task("", total=None)
            self._timer = threading.Timer(PROGRESS_AFTER_S, self._bar.start)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def over(self, reports: Iterable[Report]) -> Iterator[Report]:
        """The same reports, counted as they pass."""
        for report in reports:
            if self._live:
                self._bar.update(self._task, description=report.file)
            yield report
            if self._live:
                self._bar.advance(self._task)

    def stop(self) -> None:
        """Takes the progress off the screen for good."""
        if self._live:
            self._live = False
            self._timer.cancel()
            self._bar.stop()


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command line; the page docs/cli.md is held against it."""
    parser = argparse.ArgumentParser(
        prog="stillon",
        description="Is it still on? Reads news reports and keeps the status of every planned event.",
        epilog="exit status: 0 done; 1 some input could not be read, each is named, the rest done; 2 wrong use",
    )
    parser.add_argument("--version", action="version", version=f"stillon {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    read = commands.add_parser(
        "read",
        help="dossier of articles, nothing stored",
        description="Reads articles and answers, for every planned event they speak of: is it still on, "
        "since when, and who says so?",
    )
    _add_sources(read)
    read.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    read.add_argument("--each", action="store_true", help="one dossier per report instead of one for all")
    read.add_argument(
        "--as-of",
        type=_day,
        action="append",
        default=[],
        metavar="DAY",
        help="the answer at the end of that day (2025-10-22), from what was published by then; may be repeated. "
        "Without it: the latest publication day among the reports, with --each that of the report",
    )
    read.add_argument("--published", type=_day, metavar="DAY", help="publication day of input that states none")
    read.add_argument("--publisher", metavar="NAME", help="publisher of input that states none")

    inspect = commands.add_parser(
        "inspect",
        help="what the stages see, one JSON object a line",
        description="What the stages see, one JSON object a line and input: who said what (attributions), "
        "time expressions (dates), events in single sentences (sentences), texts shared by inputs (copies).",
    )
    inspect.add_argument("what", metavar="WHAT", choices=INSPECTED, help=", ".join(INSPECTED))
    _add_sources(inspect)
    return parser


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="file (.txt .html .json .jsonl, or gzip of these), folder, URL, or - for standard input",
    )


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words!r} is no day like 2025-10-22") from None


def _set_streams(options: argparse.Namespace) -> None:
    """Makes output safe: JSON is UTF-8 whatever the locale, and text never fails on a character."""
    is_text = getattr(options, "format", "json") == "text"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            utf8 = stream is sys.stdout and not is_text
            stream.reconfigure(encoding="utf-8" if utf8 else None, errors="replace")
