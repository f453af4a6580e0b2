"""What is said on standard error, as words or as lines of JSON, and without the secrets that it may name.

A url can hold a password, and a header or a query a token; none of them is ever of use to whoever reads a log.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping

HIDDEN = "***"
_USER = re.compile(r"(?P<scheme>\b[A-Za-z][A-Za-z0-9+.-]*://)(?P<user>[^\s/?#@]*)@")
_NAMED = re.compile(
    r"(?i)(?P<name>\b(?:api[_-]?key|apikey|access[_-]?token|auth[_-]?token|token|password|passwd|pwd|secret|signature|sig"
    r"|x-amz-signature|x-amz-credential|session[_-]?id)\b[\"']?\s*[=:]\s*[\"']?)(?P<value>[^\s&\"',;]+)"
)
_HEADER = re.compile(
    r"(?i)(?P<name>\b(?:authorization|proxy-authorization|cookie|set-cookie)\s*:\s*)(?P<value>[^\r\n]+)"
)
_BEARER = re.compile(r"(?i)(?P<name>\b(?:bearer|basic)\s+)(?P<value>[A-Za-z0-9+/=_.~-]{8,})")


def without_secrets(words: str) -> str:
    """The words, with passwords and tokens taken out."""
    words = _USER.sub(lambda found: f"{found['scheme']}{HIDDEN}@", words)
    for pattern in (_HEADER, _BEARER, _NAMED):
        words = pattern.sub(lambda found: f"{found['name']}{HIDDEN}", words)
    return words


def as_line(words: str, *, level: str, at: datetime.datetime, facts: Mapping[str, object]) -> str:
    """One line of JSON: when, how bad, what, and the facts by name. Control characters are escaped as JSON has it."""
    told = {name: without_secrets(value) if isinstance(value, str) else value for name, value in facts.items()}
    line = {"at": at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "level": level,
            "message": without_secrets(words), **told}  # fmt: skip
    return json.dumps(line, ensure_ascii=False, default=str)


def as_words(words: str) -> str:
    """One line for a person, without secrets and without what could move a terminal's cursor."""
    return "".join(each if each.isprintable() else " " for each in without_secrets(words))
