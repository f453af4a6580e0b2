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
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stillon import logs
from stillon.arguments import build_parser
from stillon.errors import PublishError, SettingsError, StillonError, StoreError
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


def _set_streams(options: argparse.Namespace) -> None:
    """Makes output safe: JSON is UTF-8 whatever the locale, and text never fails on a character."""
    is_text = getattr(options, "format", "json") == "text"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            utf8 = stream is sys.stdout and not is_text
            stream.reconfigure(encoding="utf-8" if utf8 else None, errors="replace")
