"""Run by test_kill.py: puts readings into a store until it is done, or killed."""

import datetime
import sys
from pathlib import Path

from stillon.keeping import filing
from stillon.model import Extraction
from stillon.storing import open_store
from stillon.storing.codec import load

url, path = sys.argv[1:]
lines = Path(path).read_text(encoding="utf-8").splitlines()
store = open_store(url, create=True)
print("begun", flush=True)
for line in lines:
    filing.file_extraction(store, load(Extraction, line), version="1", now=lambda: datetime.datetime.now(datetime.UTC))
print("done", flush=True)
