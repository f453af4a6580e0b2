"""Run by test_kill.py: brings a store up to date, and says so after each statement; killed somewhere in between."""

import sys

import sqlalchemy as sa

from stillon.storing import open_store


@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def _tell(*_: object) -> None:
    print("done", flush=True)


open_store(sys.argv[1], create=True).close()
