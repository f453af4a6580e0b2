"""The desk: the store as web pages, and the same pages as data."""

from __future__ import annotations

from stillon.serving.accounts import is_new
from stillon.serving.app import make_app
from stillon.serving.desk import Desk
from stillon.serving.running import listen, serve

__all__ = ["Desk", "is_new", "listen", "make_app", "serve"]
