"""Hands notices over: to a command, a webhook, or whatever the apprise library can reach, e-mail among it."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from stillon.errors import NoticeFailed, ReadError
from stillon.model import Notice
from stillon.publishing import notice as rendering
from stillon.reading.fetching import post_json
from stillon.settings import Settings
from stillon.watching.config import Target

COMMAND_TIMEOUT_S = 60.0
"""Seconds that a command may take over one notice."""


def tell(
    target: Target, notices: Sequence[Notice], *, settings: Settings
) -> Iterator[tuple[Notice, NoticeFailed | None]]:
    """Hands over the notices of one rule, and yields each with what went wrong.

    What is more than the target's limit goes as one last message that counts it. A notice that fails is not sent
    again: whoever took it may have got it all the same.
    """
    for notice in notices[: target.most]:
        title, words = rendering.render_text(notice)
        yield notice, _send(target, rendering.to_data(notice), title, words, settings)
    rest = notices[target.most :]
    if rest:
        title, words = rendering.render_rest(rest)
        data = {"rule": target.rule.name, "more": len(rest), "text": words}
        failure = _send(target, data, title, words, settings)
        for notice in rest:
            yield notice, failure


def _send(target: Target, data: Mapping[str, Any], title: str, words: str, settings: Settings) -> NoticeFailed | None:
    """Sends one message every way that the target has; gives what went wrong."""
    reasons = []
    if target.command:
        reasons.append(_run(target.command, data))
    if target.webhook:
        reasons.append(_post(target.webhook, data, settings))
    if target.to:
        reasons.append(_notify(target.to, title, words))
    failed = [reason for reason in reasons if reason]
    return NoticeFailed("; ".join(failed), about=target.rule.name) if failed else None


def _run(command: Sequence[str], data: Mapping[str, Any]) -> str | None:
    line = json.dumps(data, ensure_ascii=False) + "\n"
    try:
        done = subprocess.run(
            command,
            input=line.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the command {command[0]} was not done after {COMMAND_TIMEOUT_S:g} s"
    except OSError as error:
        return f"the command {command[0]} cannot be run: {error.strerror or error}"
    if done.returncode == 0:
        return None
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"the command {command[0]} ended with {done.returncode}" + (f": {said[-1][:200]}" if said else "")


def _post(url: str, data: Mapping[str, Any], settings: Settings) -> str | None:
    """Whoever names a webhook means its address, be it private."""
    try:
        post_json(url, json.dumps(data, ensure_ascii=False).encode(), replace(settings, allow_private_hosts=True))
    except ReadError as error:
        return f"the webhook was not taken: {error.reason}"
    return None


def _notify(addresses: Sequence[str], title: str, words: str) -> str | None:
    """Addresses hold passwords, so that no message names one but by its kind."""
    import apprise

    failed = []
    for address in addresses:
        kind = address.partition("://")[0]
        log = _Log()
        apprise.logger.addHandler(log)
        try:
            sender = apprise.Apprise()
            if not sender.add(address):
                failed.append(f"{kind}:// is no address that apprise knows")
            elif not sender.notify(title=title, body=words, body_format=apprise.NotifyFormat.TEXT):
                failed.append(f"the message by {kind}:// was not taken")
        finally:
            apprise.logger.removeHandler(log)
    return "; ".join(failed) or None


class _Log(logging.Handler):
    """Takes the words of apprise, which may hold a password, off standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Drops them."""
