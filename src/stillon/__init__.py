"""Is it still on? Reads news reports and keeps the status of every planned event they speak of.

The front door: every public name can be imported from here. Records and errors are loaded at once, a stage
when it is first asked for, since its models take a second: `import stillon` and `stillon --help` do not wait.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from stillon.errors import (
    Busy,
    ExtractError,
    FetchFailed,
    ModelMissing,
    NotAnArticle,
    NotAStore,
    NotFound,
    NotFoundInput,
    NoticeFailed,
    NotWritable,
    PrivateAddress,
    PublishError,
    ReadError,
    RefusedByRobots,
    SchemaTooOld,
    SettingsError,
    StillonError,
    StoreError,
    TooLarge,
    UnknownFormat,
    UnknownLanguage,
)
from stillon.model import (
    Assessment,
    Attribution,
    Change,
    Claim,
    Contradiction,
    Copy,
    Correction,
    CorrectionKind,
    Day,
    DiaryNote,
    Dossier,
    Edit,
    Entry,
    EntryAnswer,
    EntryLink,
    Event,
    EventReading,
    Extraction,
    FeedHealth,
    Kind,
    Links,
    Mention,
    Note,
    Notice,
    OpenQuestion,
    Precision,
    Reason,
    Report,
    Source,
    SourceKind,
    Span,
    Standing,
    Status,
    Step,
    TimeExpression,
    When,
)
from stillon.settings import Settings, load_settings

__version__ = "0.1.0"

if TYPE_CHECKING:
    from stillon.extraction import Reader, extract, load_reader
    from stillon.linking import link
    from stillon.pipeline import dossier, dossiers, read_articles
    from stillon.reading import read
    from stillon.storing import Store, open_store
    from stillon.weighing import weigh

__all__ = [
    "Assessment",
    "Attribution",
    "Busy",
    "Change",
    "Claim",
    "Contradiction",
    "Copy",
    "Correction",
    "CorrectionKind",
    "Day",
    "DiaryNote",
    "Dossier",
    "Edit",
    "Entry",
    "EntryAnswer",
    "EntryLink",
    "Event",
    "EventReading",
    "ExtractError",
    "Extraction",
    "FeedHealth",
    "FetchFailed",
    "Kind",
    "Links",
    "Mention",
    "ModelMissing",
    "NotAStore",
    "NotAnArticle",
    "NotFound",
    "NotFoundInput",
    "NotWritable",
    "Note",
    "Notice",
    "NoticeFailed",
    "OpenQuestion",
    "Precision",
    "PrivateAddress",
    "PublishError",
    "ReadError",
    "Reader",
    "Reason",
    "RefusedByRobots",
    "Report",
    "SchemaTooOld",
    "Settings",
    "SettingsError",
    "Source",
    "SourceKind",
    "Span",
    "Standing",
    "Status",
    "Step",
    "StillonError",
    "Store",
    "StoreError",
    "TimeExpression",
    "TooLarge",
    "UnknownFormat",
    "UnknownLanguage",
    "When",
    "dossier",
    "dossiers",
    "extract",
    "link",
    "load_reader",
    "load_settings",
    "open_store",
    "read",
    "read_articles",
    "weigh",
]

_STAGES = {
    "Reader": "stillon.extraction",
    "extract": "stillon.extraction",
    "load_reader": "stillon.extraction",
    "link": "stillon.linking",
    "Store": "stillon.storing",
    "dossier": "stillon.pipeline",
    "dossiers": "stillon.pipeline",
    "read_articles": "stillon.pipeline",
    "open_store": "stillon.storing",
    "read": "stillon.reading",
    "weigh": "stillon.weighing",
}
"""Where the names live that are loaded when they are first asked for."""


def __getattr__(name: str) -> Any:
    """A stage, loaded from its room."""
    if name not in _STAGES:
        raise AttributeError(f"module 'stillon' has no attribute {name!r}")
    value = getattr(importlib.import_module(_STAGES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
