"""The commands; the only file that prints or exits.

Data goes to standard output, everything else to standard error. Exit status: 0 done; 1 some input could
not be read (each is named with the reason, the rest is done); 2 wrong use.
"""

from __future__ import annotations

import argparse
import difflib
import functools
import io
import itertools
import os
import shutil
import signal
import sys
import threading
import time as clock
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stillon import __version__, logs
from stillon.errors import PublishError, SettingsError, StillonError, StoreError
from stillon.model import CorrectionKind, Kind, Status
from stillon.publishing import formats
from stillon.settings import Settings, load_settings

if TYPE_CHECKING:  # rich, spaCy and the stages are imported where they are used: --help must not wait for them
    from stillon.batching.engines import Engine
    from stillon.keeping.answering import Filter, View
    from stillon.model import Dossier, Report
    from stillon.storing import Store
    from stillon.watching import Watch

Item = TypeVar("Item")
DONE, SOME_UNREAD, WRONG_USE, STOPPED = 0, 1, 2, 130
INSPECTED = ("attributions", "dates", "sentences", "copies")
MOST_NAMED = 20
"""Inputs of a batch that are named on standard error where they cannot be read; the rest stands in its side file."""
PROGRESS_AFTER_S = 2.0
"""Seconds of work after which a terminal is told how far it is."""
STORE_WAIT_S = 5.0
"""Seconds until a watcher tries a store again that failed; each time twice as long."""
LONGEST_STORE_WAIT_S = 300.0
"""Longest such wait."""
LONGEST_WATCH_WAIT_S = 60.0
"""Longest sleep of a watcher, who tells of days that pass too."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status."""
    parser = build_parser()
    given = sys.argv[1:] if arguments is None else list(arguments)
    _refuse_no_command(parser, given)
    options = parser.parse_args(given)
    _set_streams(options)
    failures = _Failures()
    try:
        settings = load_settings()
        _VOICE.as_json = settings.log == "json"
        with _stopped_alike():
            _COMMANDS[options.command](options, settings, failures)
        sys.stdout.flush()
    except SettingsError as error:
        _say(f"stillon: {error}", level="error", error=type(error).__name__)
        return WRONG_USE
    except StillonError as error:
        _say(f"stillon: {error} ({type(error).__name__})", level="error", error=type(error).__name__)
        return SOME_UNREAD
    except BrokenPipeError:
        # whoever read our output has had enough; the interpreter must not complain when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        _say("stillon: stopped; what was done stays done")
        return STOPPED
    return failures.conclude()


def _refuse_no_command(parser: argparse.ArgumentParser, given: Sequence[str]) -> None:
    """Ends with the help where no command is given, and with the likeliest one where there is none of that name."""
    if not given:
        parser.print_help(sys.stderr)
        parser.exit(WRONG_USE)
    if not given[0].startswith("-") and given[0] not in _COMMANDS:
        near = difflib.get_close_matches(given[0], _COMMANDS, n=1)
        hint = f"did you mean {near[0]}?" if near else "`stillon --help` names them all"
        parser.error(f"there is no command {given[0]!r}; {hint}")


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
            progress.over(failures.tell_left_out(reports)),
            reader=pipeline.load_reader(settings),
            as_of=options.as_of,
            each=options.each,
            on_error=failures.add,
        )
        if options.format == "ndjson":
            for dossier in answers:
                _put(ndjson.render_line(dossier), progress)
        elif options.format == "text":
            _put_text((each for each in answers if each.reports or not failures.classes), progress)
        else:
            dossiers = list(answers)
            _put_whole(formats.render(options.format, dossiers), progress)
            if options.format in formats.PER_EVENT:
                _tell_missing(sum(formats.left_out(options.format, each) for each in dossiers))


def _put_text(dossiers: Iterable[Dossier], progress: _Progress) -> None:
    """Dossiers for a person, a line between two."""
    from stillon.publishing import terminal

    width = shutil.get_terminal_size((80, 24)).columns
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    for number, dossier in enumerate(dossiers):
        between = f"\n{'═' * min(width, terminal.WIDEST)}\n\n" if number else ""
        _put(between + terminal.render(dossier, width=width, colour=colour).rstrip("\n"), progress)


def _put_whole(rendered: str | bytes, progress: _Progress | None = None) -> None:
    """Prints one piece of data: words with a line's end, bytes as they are."""
    if progress is not None and sys.stdout.isatty():
        progress.stop()
    if isinstance(rendered, str):
        print(rendered.removesuffix("\n"))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(rendered)


def _tell_missing(events: int) -> None:
    """Says how many events a format has no room for."""
    if events:
        words = f"{events} event{'' if events == 1 else 's'}"
        print(f"stillon: left out, since no day is named: {words}", file=sys.stderr)


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


def _add(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    """`stillon add`: reads into the store."""
    from stillon.keeping import answering, filing

    counts: Counter[str] = Counter()
    with _opened(options, settings, create=True) as store, _Progress() as progress:
        filed = filing.add_articles(
            store,
            options.sources,
            settings=settings,
            now=_now,
            published=options.published,
            publisher=options.publisher,
            stdin=sys.stdin.buffer if sys.stdin else None,
            on_error=failures.add,
        )
        for each in progress.over(filed, name=lambda each: each.report.file):
            counts[each.outcome] += 1
            list(failures.tell_left_out([each.report]))
        answering.refresh(store, today=_now().date())
    _say(f"{counts['new']} new, {counts['revised']} edited, {counts['known']} known already")


def _board(options: argparse.Namespace, settings: Settings, _failures: _Failures) -> None:
    """`stillon board`: the events and their answers."""
    from stillon.keeping import answering, exchanging
    from stillon.publishing import board

    with _opened(options, settings) as store:
        view = _view(options)
        found = answering.board(
            store,
            wanted=_filter(options),
            view=view,
            today=_now().date(),
            most=None if options.limit == 0 else options.limit,
        )
    if options.format == "json":
        print(board.render_json(found.answers, as_of=found.as_of, total=found.total))
    elif options.format == "csv":
        for line in board.render_rows(exchanging.rows_of(found.answers, day=found.as_of)):
            print(line)
    else:
        width = min(shutil.get_terminal_size((80, 24)).columns, 100)
        print(board.render_text(found.answers, as_of=found.as_of, total=found.total, width=width), end="")


def _filter(options: argparse.Namespace) -> Filter:
    """The events that the options name."""
    from stillon.keeping.answering import Filter

    return Filter(
        kind=options.kind,
        status=options.status,
        person=options.person,
        place=options.place,
        start=options.first,
        end=options.last,
        doubtful=options.doubtful,
    )


def _event(options: argparse.Namespace, settings: Settings, _failures: _Failures) -> None:
    """`stillon event`: one event's dossier."""
    from stillon.keeping import answering
    from stillon.publishing import ndjson

    with _opened(options, settings) as store:
        words = " ".join(options.words)
        view = _view(options)
        found = answering.find_events(store, words, view=view, today=_now().date())
        dossier = answering.event_dossier(store, found[0], view=view)
    if len(found) > 1:
        others = ", ".join(found[1:6]) + (", …" if len(found) > 6 else "")
        _say(f"stillon: {words} may also mean {others}")
    if options.format == "json":
        print(ndjson.render_json([dossier]))
    else:
        _put_text([dossier], _Progress())


def _changes(options: argparse.Namespace, settings: Settings, _failures: _Failures) -> None:
    """`stillon changes`: what changed, and because of which claim."""
    from stillon.keeping import changing
    from stillon.publishing import note

    today = _now().date()
    until = options.until or max(today, options.since)
    if until < options.since:
        raise SettingsError("the last day comes before the first", about="--until")
    with _opened(options, settings) as store:
        told = changing.note_of(
            store, since=options.since, until=until, today=today, clock=options.clock, known_by=options.known_by
        )
    if options.format == "json":
        print(note.render_json(told))
    else:
        width = min(shutil.get_terminal_size((80, 24)).columns, 100)
        print(note.render_text(told, width=width), end="")


def _correct(options: argparse.Namespace, settings: Settings, _failures: _Failures) -> None:
    """`stillon correct`: a person's word against the machine's."""
    from stillon.keeping import answering, correcting

    now = _now()
    with _opened(options, settings) as store:
        made = correcting.correct_store(
            store,
            options.what,
            options.about,
            by=options.by,
            because=options.because,
            on=options.on or now.date(),
            recorded_at=now,
        )
        answering.refresh(store, today=now.date())
    _say(f"correction {made.id}; `stillon correct undo {made.id}` takes it back")


def _export(options: argparse.Namespace, settings: Settings, _failures: _Failures) -> None:
    """`stillon export`: the whole store, its answers as rows, or its answers in a format of others."""
    from stillon.keeping import answering, exchanging
    from stillon.publishing import board, ndjson

    today = _now().date()
    if options.per_day and options.format not in formats.ROWS:
        raise SettingsError("needs --format csv or parquet", about="--per-day")
    if options.out and options.format not in formats.PER_EVENT:
        raise SettingsError(f"needs --format {' or '.join(formats.PER_EVENT)}", about="--out")
    wanted = _filter(options)
    if options.format == "jsonl" and wanted != answering.Filter():
        raise SettingsError("jsonl is the whole store: no event is chosen", about="--format")
    with _opened(options, settings) as store:
        if options.format == "jsonl":
            for line in exchanging.export_lines(store):
                print(ndjson.dump_line(dict(line)))
            return
        view = answering.View(as_of=options.as_of or today)
        if options.format in formats.WHOLE:
            _export_dossier(options, answering.whole_dossier(store, wanted=wanted, view=view))
            return
        if options.per_day:
            rows = exchanging.per_day(store, until=options.as_of or today, wanted=wanted)
        else:
            found = answering.board(store, wanted=wanted, view=view, today=today, most=None)
            rows = exchanging.rows_of(found.answers, day=found.as_of)
        if options.format == "parquet":
            from stillon.publishing import parquet

            _put_whole(parquet.render(rows))
            return
        for row in board.render_rows(rows):
            print(row)


def _export_dossier(options: argparse.Namespace, dossier: Dossier) -> None:
    """The answers in one piece, or with --out as one file for each event."""
    if options.format in formats.PER_EVENT:
        _tell_missing(formats.left_out(options.format, dossier))
    if not options.out:
        _put_whole(formats.render(options.format, [dossier]))
        return
    folder = Path(options.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = 0
        for name, body in formats.files(options.format, dossier):
            (folder / name).write_bytes(body)
            number += 1
    except OSError as error:
        raise PublishError(error.strerror or str(error), about=options.out) from error
    print(f"{number} file{'' if number == 1 else 's'} in {folder}", file=sys.stderr)


def _diary(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    """`stillon diary`: the desk's own entries, and what is reported of them."""
    if options.action == "import":
        _diary_import(options, settings, failures)
    elif options.action == "link":
        _diary_link(options, settings)
    else:
        _diary_note(options, settings)


def _diary_note(options: argparse.Namespace, settings: Settings) -> None:
    from stillon.keeping import diary as keeping
    from stillon.publishing import diary

    most = None if options.limit == 0 else options.limit
    with _opened(options, settings) as store:
        note = keeping.note_of(store, view=_view(options), today=_now().date(), most=most)
    if options.format == "json":
        print(diary.render_json(note))
    else:
        print(diary.render_text(note, width=min(shutil.get_terminal_size((80, 24)).columns, 100)), end="")


def _diary_import(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    from stillon.keeping import diary

    now = _now()
    name = options.diary or Path(options.file).stem
    entries = []
    for each in diary.read_entries(options.file, diary=name, today=now.date(), settings=settings):
        if isinstance(each, StillonError):
            failures.add("read", each.about or options.file, each)
        else:
            entries.append(each)
    if options.replace and failures.classes:
        raise SettingsError(
            "some entries cannot be read, and would be taken out: nothing was changed", about="--replace"
        )
    with _opened(options, settings, create=True) as store:
        done = diary.import_entries(store, entries, diary=name, replace_all=options.replace, recorded_at=now)
    _say(f"diary {name}: {done.new} new, {done.changed} changed, {done.same} as before, {done.gone} taken out")


def _diary_link(options: argparse.Namespace, settings: Settings) -> None:
    from stillon.keeping import diary

    with _opened(options, settings) as store:
        made = diary.link_entry(
            store, options.entry, options.event, by=options.by, because=options.because, recorded_at=_now()
        )
    _say(f"entry {made.entry} is {f'event {made.mention}' if made.mention else 'no event of the store'}")


def _import(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    """`stillon import`: what `export --format jsonl` put out, put in."""
    from stillon.keeping import answering, exchanging

    with _opened(options, settings, create=True) as store:
        for source in options.sources:
            try:
                with nullcontext(sys.stdin) if source == "-" else Path(source).open(encoding="utf-8") as lines:
                    added = exchanging.import_lines(store, lines, about=source)
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or str(error)
                failures.add("import", source, StillonError(reason, about=source))
            else:
                _say(f"{source}: {added} new reports")
        answering.refresh(store, today=_now().date())


def _check(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    """`stillon check`: what is wrong with the store."""
    from stillon.errors import StoreError
    from stillon.keeping import tending

    with _opened(options, settings, create=options.migrate) as store:
        health = tending.check_store(store)
    for name, number in health.counts.items():
        print(f"{number:>9} {name}{'' if number == 1 else 's' if name != 'copy' else ''}")
    if health.stale:
        print(f"{health.stale} parts of the store will be answered anew when somebody asks")
    if health.old_readings:
        print(f"{health.old_readings} reports were read by another version: `stillon reread` reads them anew")
    if health.old_links:
        print("another version linked the reports: `stillon reread` links them anew")
    for fault in health.faults:
        failures.add("vouch for", store.url, StoreError(fault, about=store.url))
    if not health.faults:
        print("nothing is wrong")


def _mcp(options: argparse.Namespace, settings: Settings, _failures: _Failures) -> None:
    """`stillon mcp`: serves assistants over standard input and output."""
    from stillon import assisting

    with _opened(options, settings) as store:
        assisting.serve(store, today=lambda: _now().date())


def _reread(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    """`stillon reread`: reads anew what an older version of the extraction read."""
    from stillon.keeping import answering, tending

    with _opened(options, settings) as store, _Progress() as progress:
        done = tending.reread_store(store, settings=settings, now=_now, on_error=failures.add)
        number = sum(1 for _ in progress.over(done))
        answering.refresh(store, today=_now().date())
    _say(f"{number} reports read anew")


def _watch(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    """`stillon watch`: follows feeds and pages, and tells of changes."""
    from stillon.publishing import feeds as rendering
    from stillon.watching import health_of, load_watch

    if options.format != "text" and not options.health:
        raise SettingsError("needs --health", about="--format")
    watch = load_watch(Path(options.feeds))
    if options.health:
        with _opened(options, settings) as store:
            known = health_of(store, watch.feeds)
        width = min(shutil.get_terminal_size((100, 24)).columns, 120)
        text = rendering.render_text(known, width=width)
        print(rendering.render_json(known) if options.format == "json" else text.rstrip("\n"))
        return
    with _opened(options, settings, create=True) as store:
        _Watcher(store, watch, settings, failures).run(once=options.once)


class _Watcher:
    """Goes through the feeds once or for good."""

    def __init__(self, store: Store, watch: Watch, settings: Settings, failures: _Failures) -> None:
        from stillon import pipeline
        from stillon.watching import Manners

        self._store = store
        self._watch = watch
        self._settings = settings
        self._failures = failures
        self._manners = Manners(settings, delay=watch.delay, sleep=clock.sleep)
        self._load = functools.cache(lambda: pipeline.load_reader(settings))

    def run(self, *, once: bool) -> None:
        """Until it is stopped; a store that fails is tried again, unless it is for once."""
        from stillon.watching import next_due

        wait_s = STORE_WAIT_S
        while True:
            try:
                self._go(once=once)
                due = next_due(self._store, self._watch.feeds, now=_now())
            except StoreError as error:
                if once:
                    raise
                _say(f"stillon: {error}; trying again in {wait_s:g} s", level="warning")
                clock.sleep(wait_s)
                wait_s = min(2 * wait_s, LONGEST_STORE_WAIT_S)
                continue
            wait_s = STORE_WAIT_S
            if once:
                return
            clock.sleep(min(max((due - _now()).total_seconds(), 1.0), LONGEST_WATCH_WAIT_S))

    def _go(self, *, once: bool) -> None:
        """One go: what is due, then the answers, then whoever is to be told."""
        from stillon.keeping import answering, noticing
        from stillon.watching import health_of, poll, tell

        began = _now()
        if self._watch.targets:
            noticing.begin(self._store, now=began)
        if once:
            for feed in health_of(self._store, self._watch.feeds):
                if feed.paused and feed.next_at and feed.next_at > began:
                    until = f"{feed.next_at:%Y-%m-%d %H:%M:%SZ}"
                    _say(f"stillon: {feed.url} is left alone until {until}: {feed.error}")
        counts: Counter[str] = Counter()
        with _Progress("looked at") as progress:
            looked = poll(
                self._store,
                self._watch.feeds,
                manners=self._manners,
                settings=self._settings,
                now=_now,
                load=self._load,
                everything=once,
                on_error=self._failures.add,
            )
            for each in progress.over(looked, name=lambda each: each.url):
                counts[each.outcome] += 1
            answering.refresh(self._store, today=_now().date())
        told = 0
        if self._watch.targets:
            notices = noticing.take(self._store, [each.rule for each in self._watch.targets], now=_now())
            for target in self._watch.targets:
                own = [each for each in notices if each.rule == target.rule.name]
                for notice, failure in tell(target, own, settings=self._settings):
                    told += failure is None
                    if failure is not None:
                        noticing.fail(self._store, notice, failure.reason)
                        self._failures.add("tell", target.rule.name, failure)
        if once or counts["new"] or counts["revised"] or told:
            same = counts["known"] + counts["unchanged"]
            words = f"{counts['new']} new, {counts['revised']} edited, {same} as before"
            words += f", {told} told" if told else ""
            _say(words)


def _batch(options: argparse.Namespace, settings: Settings, failures: _Failures) -> None:
    """`stillon batch`: a whole archive into data sets."""
    from stillon import batching
    from stillon.progress import EVERY_S, Pace

    live = sys.stderr.isatty() and not _VOICE.as_json
    pace = Pace(
        (lambda words: print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)) if live else _say,
        clock=clock.monotonic,
        every_s=0.5 if live else EVERY_S,
    )
    engine = _engine(options)
    try:
        done = batching.run_batch(
            options.sources,
            Path(options.out),
            engine=engine,
            settings=settings,
            now=_now,
            published=options.published,
            publisher=options.publisher,
            as_of=options.as_of,
            tick=pace.tick,
        )
    finally:
        engine.close()
        print("\r\x1b[K" if live else "", end="", file=sys.stderr)
    if options.metrics:
        batching.write_text(Path(options.metrics), batching.metrics_of(done, pace.seconds()).render())
    for each in itertools.islice(batching.read_rejected(Path(options.out)), MOST_NAMED):
        failures.add(each["stage"], each["about"], StillonError(each["reason"]), of=each["error"])
    more = done.rejected - MOST_NAMED
    if more > 0:
        _say(f"stillon: {more} more are named in {Path(options.out, 'rejected.jsonl')}")
    before = "; a run before had done it all" if done.again else ""
    _say(f"{done.inputs} inputs, {done.reports} reports read, {done.rejected} rejected{before}")


def _engine(options: argparse.Namespace) -> Engine:
    from stillon.batching.engines import Here, Local

    workers = options.workers or len(os.sched_getaffinity(0))
    if options.engine == "ray":
        from stillon.batching.over_ray import OverRay

        return OverRay(workers, options.address)
    if options.address:
        raise SettingsError("needs --engine ray", about="--address")
    return Local(workers) if workers > 1 else Here()


def _serve(options: argparse.Namespace, settings: Settings, _failures: _Failures) -> None:
    """`stillon serve`: the desk, as web pages and as data."""
    from stillon import serving

    with _opened(options, settings, create=True) as store:
        desk = serving.Desk(store, settings=settings, now=_now, today=lambda: options.today or _now().date())
        listening = serving.listen(options.host, options.port)
        name = f"[{options.host}]" if ":" in options.host else options.host
        address = f"http://{name}:{listening.getsockname()[1]}"
        print(f"the desk is at {address}/", file=sys.stderr, flush=True)
        if serving.is_new(desk):
            to = f"{address}/setup?code={desk.setup_code}"
            print(f"no account yet: {to} makes the first editor, once", file=sys.stderr, flush=True)
        serving.serve(desk, listening)


_COMMANDS = {
    "batch": _batch,
    "read": _read,
    "inspect": _inspect,
    "add": _add,
    "watch": _watch,
    "board": _board,
    "event": _event,
    "changes": _changes,
    "correct": _correct,
    "diary": _diary,
    "export": _export,
    "import": _import,
    "mcp": _mcp,
    "check": _check,
    "reread": _reread,
    "serve": _serve,
}


@contextmanager
def _opened(options: argparse.Namespace, settings: Settings, *, create: bool = False) -> Iterator[Store]:
    """The store that the options or the settings name, open."""
    from stillon.storing import open_store

    store = open_store(options.store or settings.store, create=create)
    try:
        yield store
    finally:
        store.close()


def _view(options: argparse.Namespace) -> View:
    """The clocks that the options set; without them, the end of today."""
    from stillon.keeping.answering import View

    return View(as_of=options.as_of or _now().date(), known_by=options.known_by, reread=options.reread)


@contextmanager
def _stopped_alike() -> Iterator[None]:
    """Takes the signal of a service manager as Ctrl-C is taken: the report in hand is undone, the rest stays."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # which alone is told of signals
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@dataclass(slots=True)
class _Voice:
    """How what is not data is said."""

    as_json: bool = False


_VOICE = _Voice()


def _say(words: str, *, level: str = "info", **facts: object) -> None:
    """One line on standard error, for a person or for a machine that gathers them; never a secret."""
    line = logs.as_line(words, level=level, at=_now(), facts=facts) if _VOICE.as_json else logs.as_words(words)
    print(line, file=sys.stderr, flush=True)


def _now() -> datetime:
    return datetime.now(UTC)


class _Failures:
    """Collects what could not be read, and says so at once."""

    def __init__(self) -> None:
        self.classes: Counter[str] = Counter()

    def tell_left_out(self, reports: Iterable[Report]) -> Iterator[Report]:
        """The same reports; names on standard error what was in them and is not read, which is no failure."""
        for report in reports:
            if report.cut:
                _say(f"stillon: {report.file}: too long; read up to character {len(report.text):,}")
            if report.left_out:
                names = ", ".join(report.left_out)
                _say(f"stillon: {report.file}: attachments are not read: {names}")
            yield report

    def add(self, stage: str, about: str, error: StillonError, *, of: str | None = None) -> None:
        """Names one input and the reason on standard error; `of` is the error's class where it comes from a file."""
        self.classes[of or type(error).__name__] += 1
        kind = of or type(error).__name__
        _say(f"stillon: cannot {stage} {about}: {error.reason}", level="warning", stage=stage, about=about, error=kind)

    def conclude(self) -> int:
        """The exit status, after a tally by class."""
        if not self.classes:
            return DONE
        tally = ", ".join(f"{number} {name}" for name, number in sorted(self.classes.items()))
        _say(f"stillon: {sum(self.classes.values())} not done: {tally}")
        return SOME_UNREAD


class _Progress:
    """Tells a terminal on standard error how far the work is, once it takes long; else does nothing."""

    def __init__(self, done: str = "reports read") -> None:
        self._live = sys.stderr.isatty()
        self._done = done

    def __enter__(self) -> _Progress:
        if self._live:
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            words = TextColumn(f"{{task.completed}} {self._done}  {{task.description}}", markup=False)
            console = Console(stderr=True)
            self._bar = Progress(SpinnerColumn(), TimeElapsedColumn(), words, console=console, transient=True)
            self._task = self._bar.add_task("", total=None)
            self._timer = threading.Timer(PROGRESS_AFTER_S, self._bar.start)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def over(
        self, items: Iterable[Item], *, name: Callable[[Item], str] = lambda item: getattr(item, "file", "")
    ) -> Iterator[Item]:
        """The same items, reports or what became of them, counted as they pass."""
        for item in items:
            if self._live:
                self._bar.update(self._task, description=name(item))
            yield item
            if self._live:
                self._bar.advance(self._task)

    def stop(self) -> None:
        """Takes the progress off the screen for good."""
        if self._live:
            self._live = False
            self._timer.cancel()
            self._bar.stop()


_BEGIN_WITH = """\
begin with:
  stillon read article.txt        the answers over an article, or over any files, folders and URLs
  stillon add articles/           keep what they say
  stillon board                   what is coming, and whether it is still on
  stillon COMMAND --help          what a command can do

exit status: 0 done; 1 some input could not be read, each is named, the rest done; 2 wrong use"""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command line; the page docs/cli.md is held against it."""
    parser = argparse.ArgumentParser(
        prog="stillon",
        description="Is it still on? Reads news reports and keeps the status of every planned event.",
        epilog=_BEGIN_WITH,
        formatter_class=argparse.RawDescriptionHelpFormatter,
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
    read.add_argument(
        "--format",
        choices=formats.READ,
        default="text",
        metavar="FORMAT",
        help=f"{', '.join(formats.READ)} (default: text)",
    )
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
    _add_batch(commands)
    _add_store_commands(commands)
    return parser


def _add_batch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    batch = commands.add_parser(
        "batch",
        help="a whole archive into Parquet data sets",
        description="Reads an archive on all cores or a cluster, and puts its reports, claims, links and assessments "
        "into Parquet data sets, a folder a day. Run again, it does what is missing.",
    )
    batch.add_argument(
        "sources", nargs="+", metavar="IN", help="file (JSON lines, Parquet, WARC, or any that `read` takes), folder "
        "or glob"
    )  # fmt: skip
    batch.add_argument("out", metavar="OUT", help="folder of the run")
    batch.add_argument("--engine", choices=("local", "ray"), default="local", help="default: local")
    batch.add_argument("--workers", type=_number, default=0, metavar="N", help="default: one a core")
    batch.add_argument("--address", metavar="ADDRESS", help="ray: of a cluster (default: workers started here)")
    batch.add_argument(
        "--as-of", type=_day, action="append", default=[], metavar="DAY",
        help="the answers at the end of that day; may be repeated (default: the latest publication day)",
    )  # fmt: skip
    batch.add_argument("--metrics", metavar="FILE", help="leave counts and times there as Prometheus reads them")
    batch.add_argument("--published", type=_day, metavar="DAY", help="publication day of input that states none")
    batch.add_argument("--publisher", metavar="NAME", help="publisher of input that states none")


def _add_store_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands that need a store."""
    add = _store_command(commands, "add", "read into the store", "Reads articles and keeps them, each once.")
    _add_sources(add)
    add.add_argument("--published", type=_day, metavar="DAY", help="publication day of input that states none")
    add.add_argument("--publisher", metavar="NAME", help="publisher of input that states none")

    watch = _store_command(
        commands,
        "watch",
        "follow feeds and pages",
        "Follows the feeds, sitemaps and pages that FEEDS.toml names, puts their articles and every edit of them into "
        "the store, and tells of changes whoever asked to be told.",
    )
    watch.add_argument("feeds", metavar="FEEDS.toml", help="what is watched, how often, and who is told of what")
    watch.add_argument("--once", action="store_true", help="go through all feeds once and end, as cron wants it")
    watch.add_argument("--health", action="store_true", help="ask nothing, show how each feed does")
    watch.add_argument("--format", choices=("text", "json"), default="text", help="of --health; default: text")

    board = _store_command(
        commands,
        "board",
        "the events and their statuses",
        "The events of the store: those to come first, next day first.",
    )
    _add_filter(board)
    board.add_argument("--limit", type=_number, default=50, metavar="N", help="at most N events; 0: all (default: 50)")
    board.add_argument("--format", choices=("text", "json", "csv"), default="text", help="default: text")
    _add_clocks(board)

    event = _store_command(
        commands,
        "event",
        "one event's dossier",
        "The dossier of one event, named by its id, the beginning of it, or words.",
    )
    event.add_argument("words", nargs="+", metavar="ID|WORDS", help="id, beginning of an id, or words of its name")
    event.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    _add_clocks(event)

    changes = _store_command(
        commands,
        "changes",
        "what changed, and because of which claim",
        "What changed between two days, and because of what.",
    )
    changes.add_argument("--since", type=_day, required=True, metavar="DAY", help="first day of the changes")
    changes.add_argument("--until", type=_day, metavar="DAY", help="last day of the changes (default: today)")
    changes.add_argument(
        "--clock",
        choices=("published", "store"),
        default="published",
        help="by what was published in between, or by what came into the store, whenever published "
        "(default: published)",
    )
    _add_known_by(changes)
    changes.add_argument("--format", choices=("text", "json"), default="text", help="default: text")

    correct = _store_command(
        commands,
        "correct",
        "a person's correction, signed and reversible",
        "Sets right what the machine got wrong: merge EVENT EVENT, split EVENT REPORT..., status EVENT STATUS, "
        "date EVENT DAY [LAST DAY], date EVENT none, place EVENT PLACE, withdraw REPORT, undo CORRECTION. No run "
        "undoes it; whoever says otherwise later is shown beside it.",
    )
    correct.add_argument(
        "what", type=_correction_kind, choices=list(CorrectionKind), metavar="WHAT", help=", ".join(CorrectionKind)
    )
    correct.add_argument(
        "about", nargs="+", metavar="ABOUT", help="ids of events, reports or a correction, and what is set"
    )
    correct.add_argument("--by", required=True, metavar="NAME", help="who signs it")
    correct.add_argument("--because", required=True, metavar="TEXT", help="the reason")
    correct.add_argument("--on", type=_day, metavar="DAY", help="day from which it counts (default: today)")

    _add_diary(commands)

    export = _store_command(
        commands,
        "export",
        "the whole store, or its answers as rows or in a format of others",
        "The whole store as lines of JSON (jsonl), or answers as rows (csv, parquet) or in a format of others.",
    )
    export.add_argument(
        "--format",
        choices=formats.EXPORT,
        default="jsonl",
        metavar="FORMAT",
        help=f"{', '.join(formats.EXPORT)} (default: jsonl)",
    )
    export.add_argument(
        "--per-day", action="store_true", help="csv, parquet: one row per event and day, nothing later in it"
    )
    export.add_argument("--out", metavar="FOLDER", help="eventsml, superdesk: one file for each event, in FOLDER")
    _add_filter(export)
    export.add_argument(
        "--as-of", type=_day, metavar="DAY", help="the answers at the end of that day (default: today); not of jsonl"
    )

    put_in = _store_command(
        commands, "import", "put in what export put out", "Puts in what `stillon export --format jsonl` put out."
    )
    put_in.add_argument("sources", nargs="+", metavar="FILE", help="file of JSON lines, or - for standard input")

    check = _store_command(
        commands, "check", "what is wrong with the store", "Looks for anything wrong with the store."
    )
    check.add_argument("--migrate", action="store_true", help="bring a store of an older version up to date first")

    _store_command(
        commands,
        "mcp",
        "serve assistants over MCP, on standard input and output",
        "Lets an assistant ask the board over the Model Context Protocol, on standard input and output: find events, "
        "one event's answer as of a day, its evidence, what changed. Read only. Needs stillon[mcp].",
    )

    _store_command(
        commands,
        "reread",
        "read anew what an older version read",
        "Reads anew each report that another version read. The old readings stay, and answer the days of old.",
    )

    serve = _store_command(
        commands,
        "serve",
        "the desk: web pages, and the same as data",
        "Opens the desk: the board, events, reports, the diary and corrections as web pages, and the same as JSON. "
        "Where there is no account yet it prints a link that makes the first.",
    )
    serve.add_argument("--host", default="127.0.0.1", metavar="HOST", help="address to listen at (default: 127.0.0.1, "
                       "this machine alone)")  # fmt: skip
    serve.add_argument("--port", type=_number, default=8000, metavar="PORT", help="0: any that is free (default: 8000)")
    serve.add_argument(
        "--today", type=_day, metavar="DAY", help="take DAY for today: for a store of past reports (default: today)"
    )


def _add_diary(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    diary = _store_command(
        commands,
        "diary",
        "your own diary: what is not as planned",
        "What is reported of the entries of your own diary from the day on: moved, in doubt, called off, or at another "
        "time or place, and who says so; entries nobody reports on; events reported that the diary lacks.",
    )
    diary.add_argument("--limit", type=_number, default=20, metavar="N", help="at most N events that the diary lacks; "
                       "0: all (default: 20)")  # fmt: skip
    diary.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    _add_clocks(diary)
    actions = diary.add_subparsers(dest="action", metavar="ACTION")
    put_in = actions.add_parser(
        "import",
        help="put in a calendar file",
        description="Puts in the entries of a calendar: .ics, .csv with named columns (title, day, time, end, place, "
        "names, notes, uid), .json as Superdesk Planning or ninjs have it. An entry of a uid that is known is updated.",
    )
    put_in.add_argument("file", metavar="FILE", help="file .ics, .csv or .json")
    put_in.add_argument("--diary", metavar="NAME", help="name of the diary (default: the file's name)")
    put_in.add_argument(
        "--replace", action="store_true", help="the file is the whole diary: take out the entries it lacks"
    )
    link = actions.add_parser(
        "link",
        help="say which event an entry is",
        description="Says which event an entry is, signed, against the machine; a later word replaces an earlier one.",
    )
    link.add_argument("entry", metavar="ENTRY", help="id of the entry as `stillon diary` shows it, or its uid")
    link.add_argument(
        "event", metavar="EVENT", help="id of the event or the beginning of it; none: no event of the store"
    )
    link.add_argument("--by", required=True, metavar="NAME", help="who signs it")
    link.add_argument("--because", required=True, metavar="TEXT", help="the reason")
    for action in (put_in, link):
        _add_store(action, default=argparse.SUPPRESS)  # else it would undo a --store given before the action


def _add_filter(command: argparse.ArgumentParser) -> None:
    """Which events are shown."""
    command.add_argument("--kind", type=_kind, metavar="KIND", help="events of a kind, as meeting")
    command.add_argument("--status", type=_status, metavar="STATUS", help="of a status, as postponed or 'in doubt'")
    command.add_argument("--person", metavar="NAME", help="with NAME in the name of a participant or host")
    command.add_argument("--place", metavar="NAME", help="with NAME in the name of the place")
    command.add_argument("--from", dest="first", type=_day, metavar="DAY", help="planned for DAY or later")
    command.add_argument("--to", dest="last", type=_day, metavar="DAY", help="planned for DAY or earlier")
    command.add_argument(
        "--doubtful",
        action="store_true",
        help="those alone that may be wrong: contradicted, in doubt, badly sourced, lapsed",
    )


def _store_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, short: str, long: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=short, description=long)
    _add_store(command, default=None)
    return command


def _add_store(command: argparse.ArgumentParser, *, default: str | None) -> None:
    command.add_argument(
        "--store",
        metavar="URL",
        default=default,
        help="sqlite:///FILE or postgresql://USER@HOST/NAME (default: STILLON_STORE, else sqlite:///stillon.db)",
    )


def _add_clocks(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--as-of", type=_day, metavar="DAY", help="the answer at the end of that day, from what was published by then"
    )
    _add_known_by(command)
    command.add_argument(
        "--reread", action="store_true", help="answer a past day by the newest reading, not by the one of that day"
    )


def _add_known_by(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--known-by",
        type=_instant,
        metavar="DAY",
        help="from what the store knew by the end of that day, or by an instant like 2025-10-22T09:00Z",
    )


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="file (.txt .html .json .jsonl .parquet .warc .eml .pdf, or gzip of these), folder, URL, or - for "
        "standard input",
    )


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words!r} is no day like 2025-10-22") from None


def _instant(words: str) -> datetime:
    """The end of a day, or an instant with its zone."""
    try:
        if len(words) == len("2025-10-22"):
            return datetime.combine(date.fromisoformat(words) + timedelta(days=1), time(), UTC) - timedelta(
                microseconds=1
            )
        instant = datetime.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words!r} is no day like 2025-10-22, nor an instant") from None
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{words!r} has no zone: 2025-10-22T09:00Z")
    return instant.astimezone(UTC)


def _number(words: str) -> int:
    if not words.isdecimal():
        raise argparse.ArgumentTypeError(f"{words!r} is no number")
    return int(words)


def _kind(words: str) -> Kind:
    if words not in set(Kind):
        raise argparse.ArgumentTypeError(f"{words!r} is none of {', '.join(Kind)}")
    return Kind(words)


def _status(words: str) -> Status:
    if words not in set(Status):
        raise argparse.ArgumentTypeError(f"{words!r} is none of {', '.join(Status)}")
    return Status(words)


def _correction_kind(words: str) -> CorrectionKind:
    """The kind; "set" is the status, for whoever remembers it so."""
    return CorrectionKind("status" if words == "set" else words)


def _set_streams(options: argparse.Namespace) -> None:
    """Makes output safe: JSON is UTF-8 whatever the locale, and text never fails on a character."""
    is_text = getattr(options, "format", "json") == "text"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            utf8 = stream is sys.stdout and not is_text
            stream.reconfigure(encoding="utf-8" if utf8 else None, errors="replace")
