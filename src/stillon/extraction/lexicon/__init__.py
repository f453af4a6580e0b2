"""Tables of words, one TOML file each, as a newsroom's style book would list them."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any


@functools.cache
def load_table(name: str) -> dict[str, Any]:
    """The table `name`.toml of this folder, read once; do not change it. FileNotFoundError for no such table."""
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
