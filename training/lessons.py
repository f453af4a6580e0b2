"""Lessons: windows with targets, hard ones from labels and soft ones from teachers, and batches of them.

Nothing here needs the package, so that a file of examples can be trained on where it is not installed.
"""

from __future__ import annotations

import pickle
import random
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Halves = npt.NDArray[np.float16]
Flags = npt.NDArray[np.bool_]
FOLDS = 4
"""Parts of the articles, of which each teacher leaves one out to teach it."""
SMOOTHING = 0.05
"""Share of a labelled status that is spread over all."""


@dataclass
class SaidTarget:
    """One attribution as pieces of a window."""

    cue: list[int]
    source: list[int]
    content: list[int]


@dataclass
class EventTarget:
    """One event as pieces of a window; status and kind as places in the lists of labels."""

    anchor: list[int]
    roles: dict[str, list[int]]
    status: int
    kind: int
    hedged: bool


@dataclass
class Example:
    """A window, with what is labelled in it; None where it is not labelled for a task."""

    article: str
    ids: npt.NDArray[np.uint16]
    case: npt.NDArray[np.uint8]
    quote: npt.NDArray[np.uint8]
    segment: npt.NDArray[np.uint8]
    sentences: list[tuple[int, int]]  # half-open pieces of each of its sentences
    said: list[SaidTarget] | None = None
    loose: list[int] = field(default_factory=list)  # content whose cue stands in another window
    scopes: list[tuple[int, int]] = field(default_factory=list)  # labelled sentences, half-open pieces
    events: list[EventTarget] | None = None
    weight: float = 1.0

    @property
    def fold(self) -> int:
        return zlib.crc32(self.article.encode()) % FOLDS


@dataclass
class Whole:
    """An article of which is known which anchors name one event, and of which event each statement speaks."""

    article: str
    windows: list[Example]
    titles: list[bool]
    """Whether each window is the title, read alone."""
    anchors: list[tuple[int, list[int]]]
    """The window and the pieces of each anchor."""
    events: list[int]
    """The number of the event of each anchor; below zero where it is of none that is listed."""
    statements: list[tuple[int, list[int]]]
    about: list[int]
    """The number of the event of each statement; NOBODY for none, UNKNOWN for one that no anchor names."""
    claims: list[int]
    """The status that it claims, as a place in the list of labels; that of "none" for none."""

    @property
    def fold(self) -> int:
        return zlib.crc32(self.article.encode()) % FOLDS

    @property
    def apart(self) -> bool:
        return is_apart(self.article)


NOBODY, UNKNOWN = -1, -2


def is_apart(article: str) -> bool:
    """True for an article in ten, whose links are not learned but measured, and what is said of them weighed."""
    return zlib.crc32(b"apart" + article.encode()) % 10 == 0


@dataclass
class Labels:
    """Names of what the heads put out, in their order."""

    statuses: tuple[str, ...]
    kinds: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def no_event(self) -> int:
        return self.statuses.index("no event")


@dataclass
class SaidSoft:
    """What the heads of attribution should put out for a window of `length` pieces."""

    tags: Halves  # (length, 3): outside, begin, inside a cue
    use: Flags  # (length,): pieces whose owner counts
    cues: list[list[int]]
    source: Halves  # (cues, length)
    owner: Halves  # (cues + 1, length): nobody first


@dataclass
class EventSoft:
    """What the heads of events should put out."""

    tags: Halves  # (length, 3)
    use: Flags  # (length,): labelled pieces
    anchors: list[list[int]]
    sights: list[tuple[int, int]]  # the sentence of each
    roles: Halves  # (anchors, length, roles)
    status: Halves  # (anchors, statuses)
    kind: Halves  # (anchors, kinds)
    hedged: Halves  # (anchors,)
    real: Halves  # (anchors,): how far each is an event, so that its roles and kind count


@dataclass
class Lesson:
    """An example with its targets; None where nobody says."""

    example: Example
    said: SaidSoft | None
    events: EventSoft | None


def save(path: Path, labels: Labels, parts: Mapping[str, Sequence[Example | Lesson | Whole]]) -> None:
    """One file of what there is to train on: the parts train and dev, and pool where that is still to be taught."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps((labels, dict(parts)), protocol=5))


def load_examples(path: Path) -> tuple[Labels, dict[str, list[Example]]]:
    """The parts of a file of corpus.py."""
    labels, parts = pickle.loads(path.read_bytes())
    return labels, parts


def load(path: Path) -> tuple[Labels, dict[str, list[Lesson]]]:
    """The parts of a file; what has no soft targets yet with those that its labels state."""
    labels, parts = load_examples(path)
    made = {
        name: [hard_lesson(each, labels) if isinstance(each, Example) else each for each in part]
        for name, part in parts.items()
    }
    return labels, made


def bio(groups: list[list[int]], length: int) -> Halves:
    """One-hot tags outside, begin, inside."""
    tags = np.zeros(length, dtype=np.int64)
    for group in groups:
        for place, piece in enumerate(sorted(group)):
            if tags[piece] == 0:
                tags[piece] = 1 if place == 0 or piece - 1 not in group else 2
    return np.eye(3, dtype=np.float16)[tags]


def hard_lesson(example: Example, labels: Labels) -> Lesson:
    """The targets that an example's labels state."""
    length = len(example.ids)
    body = example.segment == 0
    said = events = None
    if example.said is not None:
        source = np.zeros((len(example.said), length), dtype=np.float16)
        owner = np.zeros((len(example.said) + 1, length), dtype=np.float16)
        of = np.zeros(length, dtype=np.int64)
        for k, target in enumerate(example.said):
            source[k, target.source] = 1
            of[target.content] = k + 1
        owner[of, np.arange(length)] = 1
        use = body.copy()
        use[example.loose] = False
        cues = [t.cue for t in example.said]
        said = SaidSoft(bio(cues, length), use, cues, source, owner)
    if example.events is not None:
        count = len(example.events)
        use = np.zeros(length, dtype=bool)
        for start, end in example.scopes:
            use[start:end] = True
        roles = np.zeros((count, length, len(labels.roles)), dtype=np.float16)
        status = np.full((count, len(labels.statuses)), SMOOTHING / len(labels.statuses), dtype=np.float16)
        kind = np.zeros((count, len(labels.kinds)), dtype=np.float16)
        for k, event in enumerate(example.events):
            status[k, event.status] += 1 - SMOOTHING
            kind[k, event.kind] = 1
            for r, role in enumerate(labels.roles):
                roles[k, event.roles[role], r] = 1
        anchors = [event.anchor for event in example.events]
        events = EventSoft(
            bio(anchors, length), use, anchors, [sight_of(example.scopes, a) for a in anchors], roles, status, kind,
            np.array([float(event.hedged) for event in example.events], dtype=np.float16),
            np.ones(count, dtype=np.float16),
        )  # fmt: skip
    return Lesson(example, said, events)


def sight_of(sentences: list[tuple[int, int]], anchor: list[int]) -> tuple[int, int]:
    """The sentence that an anchor begins in."""
    return next(((s, e) for s, e in sentences if s <= anchor[0] < e), sentences[0])


def batches(lessons: list[Lesson], pieces: int, rng: random.Random) -> list[list[Lesson]]:
    """Shuffled batches of windows of like length, about `pieces` pieces each, padding included."""
    order = sorted(lessons, key=lambda e: len(e.example.ids) + rng.uniform(0, 24))
    out: list[list[Lesson]] = []
    batch: list[Lesson] = []
    for lesson in order:
        longest = max([len(lesson.example.ids), *(len(e.example.ids) for e in batch)])
        if batch and longest * (len(batch) + 1) > pieces:
            out.append(batch)
            batch = []
        batch.append(lesson)
    out.append(batch)
    rng.shuffle(out)
    return out


def articles(wholes: list[Whole], pieces: int, rng: random.Random) -> list[list[Whole]]:
    """Shuffled batches of whole articles, about `pieces` pieces each, padding included."""
    out: list[list[Whole]] = []
    room = 0
    for whole in sorted(wholes, key=lambda _: rng.random()):
        size = len(whole.windows) * max(len(window.ids) for window in whole.windows)
        if not out or size > room:
            out.append([])
            room = pieces
        out[-1].append(whole)
        room -= size
    return out


def padded(examples: list[Example], device: str) -> dict[str, Tensor]:
    """The encoder's input for a batch, on the device."""
    length = max(len(e.ids) for e in examples)
    out = {k: np.zeros((len(examples), length), dtype=np.int64) for k in ("ids", "case", "quote", "segment")}
    mask = np.zeros((len(examples), length), dtype=bool)
    for row, e in enumerate(examples):
        for key, table in out.items():
            table[row, : len(e.ids)] = getattr(e, key)
        mask[row, : len(e.ids)] = True
    tensors = {key: torch.from_numpy(table) for key, table in out.items()} | {"mask": torch.from_numpy(mask)}
    return {key: tensor.to(device, non_blocking=True) for key, tensor in tensors.items()}


def runs(inside: npt.NDArray[np.int64]) -> list[list[int]]:
    """Groups of pieces under one B I* of a row of tags."""
    out: list[list[int]] = []
    for piece in np.flatnonzero(inside).tolist():
        if inside[piece] == 1 or not (out and out[-1][-1] == piece - 1):
            out.append([piece])
        else:
            out[-1].append(piece)
    return out
