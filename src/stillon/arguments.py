"""What the command line may be asked: every command with its options, and how their words are read."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, time, timedelta

from stillon import __version__
from stillon.model import CorrectionKind, Kind, Status
from stillon.publishing import formats

INSPECTED = ("attributions", "dates", "sentences", "copies")

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
