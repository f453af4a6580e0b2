"""The pages say what the program does: every command, option, format, status and word."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillon import Kind, Status, cli

ROOT = Path(__file__).parent.parent
CLI_PAGE = ROOT / "docs" / "cli.md"


def _commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with its parser, the program itself first."""
    yield from _below("stillon", cli.build_parser())


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


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
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
