"""The network's heads in numpy: what the encoder's hidden states say of cues, sources, events and statuses.

Parameters carry the names of `training/network.py`, which trains them; shapes are theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Pieces = tuple[int, int]
"""A half-open range of pieces of a window."""

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
"""Buckets of distance."""

ROLES = ("cue", "who", "where", "when", "was", "why", "if")
"""What is read for an event, in the order of the head's outputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventScores:
    """What the heads say of some anchors; one row per anchor."""

    roles: Floats
    """Log-odds of each role, shape (anchors, pieces, len(ROLES))."""
    status: Floats
    """Probability of each status, shape (anchors, statuses)."""
    kind: Floats
    """Probability of each kind, shape (anchors, kinds)."""
    hedged: Floats
    """Probability of a hedge, shape (anchors,)."""
    marks: Floats
    """What tells the event of each anchor from others, shape (anchors, features)."""


MATCH = 64
"""Width of the product that matches a piece to its anchor, per role."""


class Heads:
    """The trained heads; all methods take the hidden states of one window, shape (pieces, 384)."""

    def __init__(self, parameters: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self._p = {name: np.asarray(value, dtype=np.float32) for name, value in parameters.items()}

    def cue_logits(self, hidden: Floats) -> Floats:
        """Log-scores of outside, begin, inside of a cue, shape (pieces, 3)."""
        return self._linear("cue_tag", hidden)

    def event_logits(self, hidden: Floats) -> Floats:
        """The same of words that name an event."""
        return self._linear("event_tag", hidden)

    def said(self, hidden: Floats, cues: Sequence[Pieces]) -> Floats:
        """Log-odds of being source and content of each cue, shape (cues, pieces, 2)."""
        return self._pair("said", hidden, self._means(hidden, cues), cues)

    def events(self, hidden: Floats, anchors: Sequence[Pieces], scopes: Sequence[Pieces]) -> EventScores:
        """Roles, status, kind and hedge of each anchor, read within its scope (its sentence)."""
        means = self._means(hidden, anchors)
        scores = self._pair("role", hidden, means, anchors)
        place = np.arange(len(hidden))
        inside = np.stack([(place >= start) & (place < end) for start, end in scopes])
        attention = _softmax(np.where(inside, scores[..., -1], -1e4))
        cue = _sigmoid(scores[..., 0]) * inside
        cue = cue / (cue.sum(-1, keepdims=True) + 1.0)
        read = np.concatenate([means, attention @ hidden, cue @ hidden], axis=-1)
        features = np.maximum(self._linear("status_in", read), 0.0)
        return EventScores(
            roles=np.where(inside[..., None], scores[..., : len(ROLES)], np.float32(-20.0)),
            status=_softmax(self._linear("status", features)),
            kind=_softmax(self._linear("kind", features)),
            hedged=_sigmoid(self._linear("hedged", features))[:, 0],
            marks=self._marks(hidden, means, scores, attention, inside),
        )

    def one(self, first: Floats, second: Floats, away: Places) -> Floats:
        """Log-odds that the anchors of two lists of marks name one event, shape (first, second).

        `away` is how far the second lie from the first: see `away_from`.
        """
        mixed = self._linear("links.each", first)[:, None] + self._linear("links.each", second)[None]
        mixed = mixed + self._linear("links.both", first[:, None] * second[None])
        mixed = mixed + self._linear("links.apart", np.abs(first[:, None] - second[None]))
        mixed = mixed + self._p["links.away.weight"][away]
        return self._linear("links.same", np.maximum(mixed, 0.0))[..., 0]

    def spoken(self, hidden: Floats) -> Floats:
        """What a statement is about, shape (features,); `hidden` is of its pieces alone."""
        return self._pooled("links.spoken", hidden)

    def about(self, spoken: Floats, marks: Floats, near: Places) -> tuple[float, Floats]:
        """How well a statement fits no event, and each of some anchors: log-scores, to be compared."""
        mixed = self._linear("links.told", spoken) + self._linear("links.of", marks)
        mixed = mixed + self._linear("links.match", spoken * marks) + self._p["links.near.weight"][near]
        return float(self._linear("links.nobody", spoken)[0]), self._linear("links.about", np.maximum(mixed, 0.0))[:, 0]

    def _marks(self, hidden: Floats, means: Floats, scores: Floats, attention: Floats, inside: Flags) -> Floats:
        shares = _sigmoid(scores[..., :4]) * inside[..., None]
        shares = shares / (shares.sum(1, keepdims=True) + 1.0)
        seen = np.einsum("ktr,th->krh", shares, hidden, optimize=True).reshape(len(means), -1)
        read = np.concatenate([means, attention @ hidden, seen], axis=-1)
        return np.maximum(self._linear("links.mark_in", read), 0.0)

    def claimed(self, hidden: Floats) -> tuple[Floats, float]:
        """Probability of each status, and last of none, that a statement claims, and that it bears on an event.

        `hidden` is of its pieces alone.
        """
        features = self._pooled("claim", hidden)
        return _softmax(self._linear("claim", features)), float(_sigmoid(self._linear("bears", features))[0])

    def _pooled(self, name: str, hidden: Floats) -> Floats:
        """Features of a statement: what its attentions see of its pieces, and their mean."""
        attention = _softmax(self._linear(f"{name}_ask", hidden).T)
        read = np.concatenate([(attention @ hidden).ravel(), hidden.mean(0)])
        return np.maximum(self._linear(f"{name}_in", read), 0.0)

    def _linear(self, name: str, values: Floats) -> Floats:
        out: Floats = values @ self._p[f"{name}.weight"].T
        bias = self._p.get(f"{name}.bias")
        return out if bias is None else out + bias

    def _means(self, hidden: Floats, anchors: Sequence[Pieces]) -> Floats:
        return np.stack([hidden[start:end].mean(0) for start, end in anchors])

    def _pair(self, name: str, hidden: Floats, means: Floats, anchors: Sequence[Pieces]) -> Floats:
        buckets = np.stack([_distance_buckets(start, end, len(hidden)) for start, end in anchors])
        mixed = self._linear(f"{name}.anchor", means)[:, None, :] + self._linear(f"{name}.piece", hidden)
        mixed = mixed + self._p[f"{name}.distance.weight"][buckets]
        ask = self._linear(f"{name}.ask", means).reshape(len(means), -1, MATCH)
        answer = self._linear(f"{name}.answer", hidden).reshape(len(hidden), -1, MATCH)
        match = np.einsum("krm,trm->ktr", ask, answer, optimize=True) / 8.0
        return np.asarray(self._linear(f"{name}.role", np.maximum(mixed, 0.0)) + match, dtype=np.float32)


def away_from(first: tuple[int, bool], second: tuple[int, bool]) -> int:
    """Bucket of the way from one place of an article to another, each its piece and whether it is in the title.

    0 to 24 for places of one text, signed and logarithmic, 12 for the same; 25 from the text to the title, 26 back.
    """
    if first[1] != second[1]:
        return 25 + first[1]
    away = second[0] - first[0]
    step = min(11, abs(away).bit_length())
    return 12 + step if away > 0 else 12 - step


WITHIN = 27
"""The bucket of an anchor inside of a statement."""


def _distance_buckets(start: int, end: int, length: int) -> npt.NDArray[np.int64]:
    """Bucket 0 to 16 of each piece's distance from the anchor, signed and logarithmic; 8 is inside."""
    place = np.arange(length)
    before, after = np.maximum(start - place, 0), np.maximum(place - (end - 1), 0)
    step = np.minimum(np.floor(np.log2(np.maximum(before + after, 1))).astype(np.int64), 7) + 1
    return np.where(before > 0, 8 - step, np.where(after > 0, 8 + step, 8))


def _softmax(values: Floats) -> Floats:
    raised = np.exp(values - values.max(-1, keepdims=True))
    out: Floats = raised / raised.sum(-1, keepdims=True)
    return out


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -30.0, 30.0))), dtype=np.float32)
