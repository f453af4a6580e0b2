"""Run by test_kill.py in a process of its own: puts readings into a store until it is done, or killed."""

import datetime
import sys
from pathlib import Path

from stillon.keeping import filing
from stillon.model import Extraction
from stillon.storing import open_store
from stillon.storing.codec import load


def write(url: str, path: str) -> None:
    """Puts in the readings of a file."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    store = open_store(url, create=True)
    for line in lines:
        filing.file_extraction(
            store, load(Extraction, line), version="1", now=lambda: datetime.datetime.now(datetime.UTC)
        )
    store.close()
    sys.exit(0)
