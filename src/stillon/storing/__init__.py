"""The store: everything read and said, kept for good, on SQLite or PostgreSQL."""

from __future__ import annotations

from stillon.storing.rows import (
    AnswerRow,
    KeptCopy,
    KeptMention,
    KeptPair,
    KeptReading,
    KeptReport,
    Snapshot,
    Writer,
)
from stillon.storing.store import DEFAULT_URL, Store, open_store

__all__ = [
    "DEFAULT_URL",
    "AnswerRow",
    "KeptCopy",
    "KeptMention",
    "KeptPair",
    "KeptReading",
    "KeptReport",
    "Snapshot",
    "Store",
    "Writer",
    "open_store",
]
