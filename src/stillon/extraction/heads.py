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
        )

    def claimed(self, hidden: Floats) -> tuple[Floats, float]:
        """Probability of each status, and last of none, that a statement claims, and that it bears on an event.

        `hidden` is of its pieces alone.
        """
        attention = _softmax(self._linear("claim_ask", hidden).T)
        read = np.concatenate([(attention @ hidden).ravel(), hidden.mean(0)])
        features = np.maximum(self._linear("claim_in", read), 0.0)
        return _softmax(self._linear("claim", features)), float(_sigmoid(self._linear("bears", features))[0])

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
