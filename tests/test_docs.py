"""The pages say what the program has: every command, option, setting, format, key, status and public name.

What there is, is asked of the program, so that a new thing cannot be forgotten. Parts of pages that stand between
`<!-- NAME -->` and `<!-- end of NAME -->` are made from the code; `make stories` writes them anew.
"""

import argparse
import ast
import asyncio
import importlib.util
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from starlette.routing import Route

import stillon
from stillon import Kind, Settings, Standing, Status, assisting
from stillon.arguments import build_parser
from stillon.reading import inputs
from stillon.serving import make_app
from stillon.serving.deeds import DEEDS
from stillon.serving.routes import PAGES as READS
from stillon.watching import config as watching
from stillon.weighing import sourcing, standing

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CLI_PAGE = DOCS / "cli.md"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
WRITERS = [
    Path(stillon.__file__).parent / each
    for each in (
        *(f"publishing/{name}.py" for name in ("ndjson", "board", "note", "notice", "diary", "feeds", "evidence")),
        "keeping/exchanging.py",
        "inspection.py",
    )
]
"""Modules that write objects of our own keys."""


def _commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with its parser, the program itself first."""
    yield from _below("stillon", build_parser())


def _below(name: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, command in action.choices.items():
                yield from _below(f"{name} {word}", command)


@pytest.mark.parametrize(("name", "parser"), list(_commands()), ids=lambda each: each if isinstance(each, str) else "")
def test_the_help_of_each_command_stands_in_the_page(
    name: str, parser: argparse.ArgumentParser, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make stories` writes it anew."""
    monkeypatch.setenv("COLUMNS", "100")
    block = f"## {name}\n\n```\n$ {name} --help\n{parser.format_help()}```\n"
    if request.config.getoption("--rewrite-golden"):
        page = CLI_PAGE.read_text(encoding="utf-8")
        pattern = rf"## {name}\n(\n```\n\$ {name} --help\n.*?```\n)?"
        CLI_PAGE.write_text(re.sub(pattern, lambda _: block, page, count=1, flags=re.DOTALL), encoding="utf-8")
    assert block in CLI_PAGE.read_text(encoding="utf-8")


def _words_of(page: str) -> set[str]:
    """What stands in backticks on a page, each word of it."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return {word for quoted in re.findall(r"`([^`\n]+)`", text) for word in re.split(r"[\s,]+", quoted)}


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def _settings() -> str:
    """The settings with their defaults and the words that stand below each in the code."""
    tree = ast.parse(Path(stillon.settings.__file__).read_text(encoding="utf-8"))
    (record,) = (each for each in tree.body if isinstance(each, ast.ClassDef))
    meaning = {
        field.target.id: " ".join(words.value.value.split())
        for field, words in zip(record.body, record.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        and isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant)
    }  # fmt: skip
    return _table(
        ("setting", "environment", "default", "what it is"),
        (
            (f"`{each.name}`", f"`STILLON_{each.name.upper()}`", f"`{_toml(each.default)}`", meaning[each.name])
            for each in fields(Settings)
        ),
    )


def _toml(value: object) -> str:
    return f"{value:_}" if isinstance(value, int) and not isinstance(value, bool) else json.dumps(value)


def _letters() -> str:
    return _table(
        ("standing", "on the record, or in its own voice", "unnamed, or with a hedge"),
        ((each, *standing._LETTERS[each]) for each in Standing),
    )


def _numbers() -> str:
    def grade(standing: Standing, origins: int, contradicted: bool) -> int:
        return sourcing.credibility(
            status=Status.SCHEDULED, standing=standing, origins=origins, contradicted=contradicted
        )

    return _table(
        ("the deciding claim is", "two origins or more", "one origin", "two, contradicted", "one, contradicted"),
        (
            (words, *(grade(standing, origins, contradicted) for contradicted in (False, True) for origins in (2, 1)))
            for words, standing in (
                ("deciding, or own voice", Standing.DECIDING),
                ("informed", Standing.INFORMED),
                ("comment", Standing.COMMENT),
            )
        ),
    )


def _likelihood() -> str:
    return _table(
        ("status", "1 and 2", "3", "4 to 6"),
        (
            (each, *(sourcing.likelihood(each, number) for number in (1, 3, 4)))
            for each in Status
            if sourcing.likelihood(each, 1)
        ),
    )


def _reads() -> str:
    return _table(
        ("page", "what it is", "formats", "asks", "who"),
        (
            (
                f"`GET {each.path}`",
                each.says,
                ", ".join(each.formats),
                ", ".join(f"`{query.name}`" for query in each.query),
                each.needs or ("anybody" if each.is_door else "reader, or anybody where reading is open"),
            )
            for each in READS
        ),
    ) + (
        "\n`GET /` is the board. `GET /health` says whether the desk and its store answer, "
        "`GET /openapi.json` describes all of this.\n"
    )


def _queries() -> str:
    says: dict[str, set[str]] = {}
    for page in READS:
        for query in page.query:
            says.setdefault(query.name, set()).add(query.says)
    return _table(("name", "what it does"), ((f"`{name}`", "; or: ".join(sorted(says[name]))) for name in says))


def _writes() -> str:
    return _table(
        ("what", "does", "needs", "by token"),
        ((f"`POST {each.path}`", each.says, each.needs or "nobody", "yes" if each.by_token else "") for each in DEEDS),
    )


def _figures() -> str:
    floors = json.loads((ROOT / "quality" / "floors.json").read_text(encoding="utf-8"))["floors"]
    rows = []
    for part, bars in _gate().BARS.items():
        for name, (bar, goal) in bars.items():
            now = floors[part][name]
            under = " (under the bar)" if bar is not None and now < bar else ""
            rows.append((part, name.replace("_", " "), f"{now:.3f}{under}", _plain(bar), _plain(goal)))
    return _table(("part", "figure", "now", "bar", "goal"), rows)


def _misses() -> str:
    found = json.loads((ROOT / "quality" / "floors.json").read_text(encoding="utf-8"))["floors"]["stories"]
    events, statuses = (round(100 * found[name]) for name in ("event_recall", "status"))
    return (
        f"- It misses and misreads. On the development stories it finds {events} of 100 events that a careful reader "
        f"would put on record, {statuses} of them with the right status ([quality](quality.md)). "
        "Read the quote beside an answer before you act on it.\n"
    )


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _gate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gate", ROOT / "quality" / "gate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("page", "name", "make"),
    [
        ("settings.md", "settings", _settings),
        ("rules.md", "letters", _letters),
        ("rules.md", "numbers", _numbers),
        ("rules.md", "likelihood", _likelihood),
        ("quality.md", "figures", _figures),
        ("index.md", "misses", _misses),
        ("api.md", "reads", _reads),
        ("api.md", "queries", _queries),
        ("api.md", "writes", _writes),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_made_from_the_code_is_as_the_code_is(
    page: str, name: str, make: object, request: pytest.FixtureRequest
) -> None:
    assert callable(make)
    path = DOCS / page
    text = path.read_text(encoding="utf-8")
    now, found = re.subn(
        rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)",
        lambda match: match[1] + make() + match[2],
        text,
        flags=re.DOTALL,
    )
    assert found == 1
    if request.config.getoption("--rewrite-golden"):
        path.write_text(now, encoding="utf-8")
        text = now
    assert text == now


def test_every_route_is_described() -> None:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    routes = [each for each in make_app(cast(Any, None)).routes if isinstance(each, Route)]
    assert len(routes) > len(READS)
    for route in routes:
        for method in (route.methods or set()) - {"HEAD"}:
            assert f"`{method} {route.path}`" in page, f"{method} {route.path}"


def test_every_tool_for_assistants_is_described() -> None:
    server = assisting.build_server(cast(Any, None), today=cast(Any, None))
    tools = {tool.name for tool in asyncio.run(server.list_tools())}
    assert tools
    assert tools <= _words_of("mcp.md")


def test_every_extra_that_can_be_installed_is_described() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert {f"stillon[{extra}]" for extra in extras} <= _words_of("quickstart.md")


def test_every_format_of_every_command_is_described() -> None:
    described = _words_of("data.md") | _words_of("formats.md")
    for name, parser in _commands():
        for action in parser._actions:
            if "--format" in action.option_strings:
                for format in action.choices or ():
                    assert format == "text" or format in described, f"{name} --format {format}"


def test_every_format_that_is_read_is_described() -> None:
    assert set(inputs._FORMATS) <= _words_of("data.md")


def _keys(path: Path) -> Iterator[str]:
    """The keys of the dicts that a module writes down, less those that fill words in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)]
    filling = {node for call in calls if call.func.attr == "format" for node in ast.walk(call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and node not in filling:
            for key in node.keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and not key.value.isupper():
                    yield key.value


def test_every_key_that_is_put_out_is_described() -> None:
    keys = {key for path in WRITERS for key in _keys(path)}
    assert {"because", "first_known", "containment"} <= keys
    assert keys - _words_of("data.md") == set()


def test_every_public_name_is_described_from_its_code() -> None:
    page = (DOCS / "python.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^::: stillon\.(\w+)$", page, re.MULTILINE)) == stillon.__all__


def test_everything_that_a_file_of_feeds_may_say_is_described() -> None:
    tree = ast.parse(Path(watching.__file__).read_text(encoding="utf-8"))
    asked = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) in ("top", "table") and node.args and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    assert {"feed", "notify", "every", "webhook"} <= asked
    page = (DOCS / "watch.md").read_text(encoding="utf-8")
    for name in asked:
        assert re.search(rf"^{name} = |^\[\[{name}\]\]|; also: (\w+.*?, )?{name}\b|`{name}`", page, re.MULTILINE), name


def test_every_status_and_kind_stands_in_the_glossary() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for status in Status:
        assert f"| {status} |" in page
    for kind in Kind:
        assert re.search(rf"\b{kind}\b", page)


def test_the_readme_names_the_two_make_commands_and_stillon_read() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in page
    assert "make test" in page
    assert "stillon read" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_make_target_has_a_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    for target in set(phony.split()) - {"help"}:
        assert f"make {target} " in makefile


def test_a_change_not_yet_released_is_one_file_with_one_sentence() -> None:
    for path in (ROOT / "changelog.d").glob("*.md"):
        if path.name != "README.md":
            assert re.fullmatch(r"\d+-[a-z0-9-]+\.md", path.name)
            assert len(path.read_text(encoding="utf-8").strip().splitlines()) == 1
