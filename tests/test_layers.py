"""Who may import whom: records flow through stages that do not know each other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import stillon

PACKAGE = Path(stillon.__file__).parent
RECORDS = {"model", "errors", "settings"}
STAGES = {"reading", "extraction", "linking", "weighing"}
MAY_IMPORT = {
    "model": set(),
    "errors": set(),
    "settings": {"errors"},
    "reading": RECORDS,
    "extraction": RECORDS,
    "linking": RECORDS,
    "weighing": RECORDS,
    "publishing": RECORDS,
    "pipeline": RECORDS | STAGES,
    "storing": RECORDS,
    "keeping": RECORDS | STAGES | {"storing", "pipeline"},
    "watching": RECORDS | STAGES | {"pipeline", "storing", "keeping", "publishing"},
    "assisting": RECORDS | {"keeping", "publishing", "storing"},
    "progress": set(),
    "logs": set(),
    "metrics": set(),
    "batching": RECORDS | STAGES | {"pipeline", "storing", "keeping", "metrics"},
    "serving": RECORDS | {"", "keeping", "publishing", "storing"},
    "inspection": RECORDS | STAGES | {"pipeline"},
    "arguments": RECORDS | {"", "publishing"},
    "cli": RECORDS
    | {
        "",
        "arguments",
        "assisting",
        "batching",
        "inspection",
        "keeping",
        "logs",
        "metrics",
        "pipeline",
        "progress",
        "publishing",
    }
    | {"serving", "storing", "watching"},
    "__main__": {"cli"},
    "": RECORDS | STAGES | {"pipeline", "storing"},
}
"""What each room may import beside itself; "" is the front door, `stillon` itself."""

FILES = sorted(PACKAGE.rglob("*.py"))


def _room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def _imports(path: Path) -> Iterator[str]:
    """Rooms of stillon that the file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            modules = [node.module or ""]
            if node.module == "stillon":
                modules = [f"stillon.{alias.name}" if _is_room(alias.name) else "stillon" for alias in node.names]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            package, _, rest = module.partition(".")
            if package == "stillon":
                yield rest.partition(".")[0]


def _is_room(name: str) -> bool:
    return (PACKAGE / f"{name}.py").exists() or (PACKAGE / name).is_dir()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_what_its_room_may(path: Path) -> None:
    room = _room(path)
    assert room in MAY_IMPORT, f"{room} is a new room: say here what it may import"
    assert set(_imports(path)) - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    names = {
        node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    }
    if _room(path) not in {"cli", "__main__"}:
        assert not names & {"print", "exit", "quit", "sys.exit", "os._exit"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_reads_the_clock(path: Path) -> None:
    """Time comes in as an argument; the command line alone knows what day it is."""
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    clocks = {
        f"{prefix}{name}"
        for prefix in ("", "datetime.")
        for name in ("date.today", "datetime.now", "datetime.utcnow", "datetime.today", "Day.today")
    } | {"time.time", "Day.today"}
    if _room(path) != "cli":
        assert not calls & clocks
