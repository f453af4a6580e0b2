"""The packages that the project runs with, with all that they need, pinned as they are installed here.

    python quality/lock.py > requirements.lock

Follows the requirements of pyproject.toml (run time, `postgres`, `batch` and `ray`) through what is installed, so that
other packages in the same environment stay out of it.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

EXTRAS = ("postgres", "batch", "ray")


def main() -> int:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(each for name in EXTRAS for each in project["optional-dependencies"][name])]
    found, missing = closure(wanted)
    print("# Made by `make lock`: what the tests of this version ran with. pip install -r requirements.lock")
    for name, version in sorted(found.items()):
        print(f"{name}=={version}")
    for name in missing:
        print(f"not installed: {name}", file=sys.stderr)
    return 1 if missing else 0


def closure(wanted: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Versions by name of all that the requirements need, and what of it is not installed."""
    found: dict[str, str] = {}
    missing: list[str] = []
    seen: set[tuple[str, str]] = set()
    waiting = [(each, "") for each in wanted]
    while waiting:
        words, extra = waiting.pop()
        need = Requirement(words)
        if need.marker and not need.marker.evaluate({"extra": extra}):
            continue
        name = re.sub(r"[-_.]+", "-", need.name).lower()
        try:
            installed = distribution(need.name)
        except PackageNotFoundError:
            missing.append(name)
            continue
        found[name] = installed.version
        for own in ("", *need.extras):
            if (name, own) not in seen:
                seen.add((name, own))
                waiting += [(each, own) for each in installed.requires or ()]
    return found, missing


if __name__ == "__main__":
    sys.exit(main())
