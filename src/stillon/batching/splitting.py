"""What is to be read, cut into parts: files into groups that do not depend on one another, their inputs into parts."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from stillon.batching.job import PART, Job
from stillon.batching.tables import read_table, write_table, write_text
from stillon.errors import NotFoundInput, ReadError, StillonError
from stillon.reading import Input, open_source

SMALL_BYTES = 1 << 20
"""A file below this is read in one group with its neighbours."""
_GLOB = ("*", "?", "[")
_SCHEMA = pa.schema(
    [
        ("about", pa.string()), ("file", pa.string()), ("url", pa.string()), ("charset", pa.string()),
        ("form", pa.string()), ("content", pa.large_binary()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Files that are cut into parts together."""

    key: str
    """Stands for the files as they are; another where one of them changes."""
    files: tuple[str, ...]
    """Their names."""


def find_groups(sources: Iterable[str]) -> tuple[list[Group], list[StillonError]]:
    """The files of all sources (files, folders, globs) in groups, in their order, and what is not there.

    A new file among old ones makes one group new and leaves the others: small neighbours share a group, whose end
    is told by a file's own name.
    """
    groups: list[Group] = []
    missing: list[StillonError] = []
    held: list[tuple[str, str]] = []

    def close() -> None:
        if held:
            digest = hashlib.blake2b("\n".join(mark for _, mark in held).encode(), digest_size=8).hexdigest()
            groups.append(Group(key=digest, files=tuple(name for name, _ in held)))
            held.clear()

    seen: set[str] = set()
    for source in sources:
        found = False
        for name in _files(source):
            found = True
            if name in seen:
                continue
            seen.add(name)
            try:
                state = Path(name).stat()
            except OSError:
                missing.append(NotFoundInput("no such file", about=name))
                continue
            mark = f"{name}\0{state.st_size}\0{state.st_mtime_ns}\0{PART}"
            if state.st_size >= SMALL_BYTES:
                close()
                held.append((name, mark))
                close()
                continue
            held.append((name, mark))
            if hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % 64 == 0:
                close()
        close()
        if not found:
            missing.append(NotFoundInput("no such file, or nothing in it", about=source))
    return groups, missing


def _files(source: str) -> Iterator[str]:
    """The files of one source in the order in which `stillon add` reads them."""
    path = Path(source)
    if not path.exists() and any(sign in source for sign in _GLOB):
        for name in sorted(glob.glob(source, recursive=True)):  # noqa: PTH207 (Path.glob takes no absolute pattern)
            if Path(name).exists():  # no link that leads nowhere
                yield from _files(name)
        return
    if not path.exists():
        return
    if not stat.S_ISDIR(path.stat().st_mode):
        yield source
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if not name.startswith(".") and file.is_file():
                yield str(file)


def put_group(job: Job, group: Group) -> None:
    """Tells whoever splits a group what is in it."""
    write_text(job.inputs / group.key / "group.json", json.dumps(group.files))


def split_group(job: Job, key: str) -> None:
    """Cuts the inputs of a group's files into parts on the disk; done where the group's list of them is there."""
    folder = job.inputs / key
    group = Group(key=key, files=tuple(json.loads((folder / "group.json").read_text(encoding="utf-8"))))
    rejected: list[Mapping[str, str]] = []
    inputs = _inputs(group, job, rejected)
    parts = total = 0
    while some := list(islice(inputs, PART)):
        write_table(folder / f"{parts:06d}.arrow", _table(some), packed=True)
        parts += 1
        total += len(some)
    write_text(folder / "rejected.jsonl", "".join(f"{json.dumps(each)}\n" for each in rejected))
    write_text(folder / "done.json", json.dumps({"parts": parts, "inputs": total, "rejected": len(rejected)}))


def _inputs(group: Group, job: Job, rejected: list[Mapping[str, str]]) -> Iterator[Input]:
    for name in group.files:
        for each in open_source(name, job.settings):
            if isinstance(each, ReadError):
                rejected.append(as_rejected("read", each.about or name, each))
            else:
                yield each


def as_rejected(stage: str, about: str, error: StillonError) -> Mapping[str, str]:
    """One line of the side file."""
    return {"about": about, "stage": stage, "error": type(error).__name__, "reason": error.reason}


def _table(inputs: Iterable[Input]) -> pa.Table:
    return pa.Table.from_pylist([_row(each) for each in inputs], schema=_SCHEMA)


def _row(each: Input) -> dict[str, Any]:
    if isinstance(each.content, bytes):
        form, content = "page", each.content
    elif isinstance(each.content, str):
        form, content = "text", each.content.encode("utf-8", "surrogatepass")
    else:
        form, content = "object", json.dumps(each.content).encode()
    return {
        "about": _storable(each.about), "file": _storable(each.file), "url": each.url and _storable(each.url),
        "charset": each.charset, "form": form, "content": content,
    }  # fmt: skip


def _storable(name: str) -> str:
    """A file's name may hold bytes that are no UTF-8."""
    return name.encode("utf-8", "replace").decode()


def load_part(path: Path) -> Iterator[Input]:
    """The inputs of a part as they were read."""
    for row in read_table(path).to_pylist():
        content: str | bytes | Mapping[str, Any] = row["content"]
        if row["form"] == "text":
            content = row["content"].decode("utf-8", "surrogatepass")
        elif row["form"] == "object":
            content = json.loads(row["content"])
        yield Input(about=row["about"], file=row["file"], content=content, url=row["url"], charset=row["charset"])
