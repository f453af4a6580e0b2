"""Watching: feeds and pages asked when they are due, their articles put into the store, changes told to whoever asked.

`load_watch` reads FEEDS.toml, `poll` goes through the feeds once, `tell` hands a notice over.
"""

from __future__ import annotations

from stillon.watching.config import FeedPlan, Target, Watch, load_watch
from stillon.watching.manners import Manners
from stillon.watching.polling import Looked, health_of, next_due, poll
from stillon.watching.telling import tell

__all__ = ["FeedPlan", "Looked", "Manners", "Target", "Watch", "health_of", "load_watch", "next_due", "poll", "tell"]
