"""Training examples as windows with targets, from PolNeAR attributions and labelled sentences."""

from __future__ import annotations

import collections
import gzip
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from stillon.extraction.windows import BODY, Window, cut_windows
from stillon.model import Kind, Status

ROLES = ("cue", "who", "where", "when", "was", "why", "if")
STATUSES = (*(s.value for s in Status if s is not Status.LAPSED), "none", "other", "no event")
KINDS = tuple(k.value for k in Kind)


@dataclass
class SaidTarget:
    cue: list[int]
    source: list[int]
    content: list[int]


@dataclass
class EventTarget:
    anchor: list[int]
    roles: dict[str, list[int]]
    status: int
    kind: int
    hedged: bool


@dataclass
class Example:
    window: Window
    said: list[SaidTarget] | None = None
    loose: list[int] = field(default_factory=list)  # content whose cue stands in another window
    scopes: list[tuple[int, int]] = field(default_factory=list)  # labelled sentences, half-open pieces
    events: list[EventTarget] | None = None
    weight: float = 1.0


def jsonl(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def pieces_of(window: Window, spans: list[tuple[int, int]]) -> list[int]:
    """Body pieces that share a character with one of the spans."""
    starts, ends = window.offsets[:, 0], window.offsets[:, 1]
    hit = np.zeros(len(starts), dtype=bool)
    for s, e in spans:
        hit |= (starts < e) & (ends > s) & (starts >= 0)
    return np.flatnonzero(hit).tolist()


def attribution_examples(folder: Path, split: str, tokenizer: Tokenizer) -> list[Example]:
    texts = {d["id"]: d["text"] for d in jsonl(folder / f"text_{split}.jsonl")}
    out = []
    for gold in jsonl(folder / f"gold_{split}.jsonl"):
        text = texts[gold["id"]]
        title = next((line for line in text.splitlines() if line.strip()), None)
        for window in cut_windows(text, tokenizer, title=title):
            example = Example(window=window, said=[])
            for a in gold["attributions"]:
                cue, source, content = (pieces_of(window, a.get(r) or []) for r in ("cue", "source", "content"))
                if cue:
                    example.said.append(SaidTarget(cue, source, content))
                else:
                    example.loose += content
            out.append(example)
    return out


def nearest(text: str, words: str, start: int, end: int, near: int) -> tuple[int, int] | None:
    """The occurrence of `words` within [start, end) that is nearest to `near`, on word edges if possible."""
    found = [m.start() for m in re.finditer(re.escape(words), text[start:end])]
    if not found or not words:
        return None
    edge = [
        f
        for f in found
        if (f == 0 or not text[start + f - 1].isalnum() or not words[0].isalnum())
        and (
            start + f + len(words) >= len(text) or not text[start + f + len(words)].isalnum() or not words[-1].isalnum()
        )
    ]
    best = min(edge or found, key=lambda f: abs(start + f - near))
    return start + best, start + best + len(words)


def sentence_texts(items: list[dict]) -> list[tuple[str, str | None, list[tuple[dict, int, int]]]]:
    """(text, title, [(item, start, end)]) per article: its sentences and those before them, as paragraphs."""
    groups: dict[str, list[dict]] = collections.defaultdict(list)
    for item in items:
        groups[item["id"].rsplit(":", 1)[0]].append(item)
    out = []
    for group in groups.values():
        text, places, seen = "", [], ""
        for item in group:
            before = item.get("before") or ""
            if before and before != seen:
                text += before + " "
            places.append((item, len(text), len(text) + len(item["text"])))
            text += item["text"] + "\n\n"
            seen = item["text"]
        out.append((text, group[0].get("title"), places))
    return out


def event_target(window: Window, text: str, label: dict, start: int, end: int) -> EventTarget | None:
    event = nearest(text, label["event"], start, end, start)
    if event is None:
        return None
    anchor = pieces_of(window, [event])
    if not anchor:
        return None
    roles = {}
    for role in ROLES:
        value = label.get(role)
        words = value if isinstance(value, list) else [value] if value else []
        spans = [s for s in (nearest(text, w, start, end, event[0]) for w in words) if s]
        roles[role] = pieces_of(window, spans)
    return EventTarget(
        anchor, roles, STATUSES.index(label["status"]), KINDS.index(label["kind"]), bool(label.get("hedged"))
    )


def sentence_examples(
    items: list[dict], labels: dict[str, list[dict]], tokenizer: Tokenizer, weight: float = 1.0
) -> list[Example]:
    out = []
    for text, title, places in sentence_texts(items):
        for window in cut_windows(text, tokenizer, title=title):
            example = Example(window=window, events=[], weight=weight)
            for item, start, end in places:
                inside = pieces_of(window, [(start, end)])
                if not inside:
                    continue
                example.scopes.append((inside[0], inside[-1] + 1))
                for label in labels[item["id"]]:
                    if target := event_target(window, text, label, start, end):
                        example.events.append(target)
            if example.scopes:
                out.append(example)
    return out


def labelled_sentences(folder: Path, split: str, tokenizer: Tokenizer) -> list[Example]:
    labels = {d["id"]: d["events"] for d in jsonl(folder / f"{split}_labels.jsonl")}
    return sentence_examples(jsonl(folder / f"{split}.jsonl"), labels, tokenizer)


__all__ = [
    "BODY",
    "KINDS",
    "ROLES",
    "STATUSES",
    "Example",
    "attribution_examples",
    "extra_examples",
    "labelled_sentences",
    "written_examples",
]


def extra_examples(pool: Path, labels: Path, tokenizer: Tokenizer) -> list[Example]:
    """Examples of sentences of the pool labelled by reading: offsets into its articles, no text.

    `labels`: JSONL of {"article": id, "sentence": [start, end], "before": [start, end] | null, "events":
    [{"event": [s, e], "kind", "status", "cue": [s, e], "who": [[s, e]], ...}]}, offsets into the article's text.
    """
    wanted = jsonl(labels)
    texts = {}
    with gzip.open(pool, "rt", encoding="utf-8") as lines:
        for line in lines:
            d = json.loads(line)
            texts[d["id"]] = d
    items, found = [], {}
    for number, row in enumerate(wanted):
        article = texts[row["article"]]
        text = article["text"]
        start, end = row["sentence"]
        key = f"{row['article']}:{number}"
        before = text[slice(*row["before"])] if row.get("before") else ""
        items.append({"id": key, "title": article.get("title"), "before": before, "text": text[start:end]})
        events = []
        for event in row["events"]:
            words = {k: text[slice(*v)] for k, v in event.items() if k in ("event", *ROLES) and k != "who" and v}
            words["who"] = [text[slice(*v)] for v in event.get("who") or []]
            events.append(
                {**words, "kind": event["kind"], "status": event["status"], "hedged": event.get("hedged", False)}
            )
        found[key] = events
    return sentence_examples(items, found, tokenizer)


def written_examples(path: Path, tokenizer: Tokenizer) -> list[Example]:
    """Examples of sentences written for this project, with their labels in one file.

    `path`: JSONL of {"title", "before", "text", "headline": true, "events": [...]}, labels as in the sentences.
    """
    rows = [{**row, "id": f"{path.stem}.{number}:0"} for number, row in enumerate(jsonl(path))]
    return sentence_examples(rows, {row["id"]: row["events"] for row in rows}, tokenizer)
