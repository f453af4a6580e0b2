"""What the network is taught by: cross-entropies against targets that may be soft, over a batch of lessons."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
from lessons import EventSoft, Labels, Lesson, SaidSoft, runs, sight_of
from network import Network, distance_buckets
from torch import Tensor
from torch.nn import functional

Soft = TypeVar("Soft", SaidSoft, EventSoft)

WEIGHT = {
    "cue": 3.0,
    "content": 2.0,
    "source": 3.0,
    "event": 3.0,
    "roles": 2.0,
    "status": 0.4,
    "kind": 0.2,
    "hedged": 0.12,
}
"""Of each loss: about one for each nat of a piece, so that the few anchors do not outweigh the many pieces."""
PAIR_SCALE = 0.04
"""Of the sum over a window's pieces of what a pair head loses on one anchor."""
MOST_WRONG = 4
"""Anchors per window that the network found and that are none, to be taught so."""


@dataclass
class Anchors:
    """The anchors of a batch on the device: window, pieces, first and last of each."""

    row: Tensor
    pieces: Tensor  # (anchors, length), of sum one
    first: Tensor
    last: Tensor

    @staticmethod
    def of(groups: list[tuple[int, list[int]]], length: int, device: torch.device) -> Anchors:
        pieces = np.zeros((len(groups), length), dtype=np.float32)
        for k, (_, group) in enumerate(groups):
            pieces[k, group] = 1.0 / len(group)
        table = np.array([(row, min(group), max(group)) for row, group in groups], dtype=np.int64)
        row, first, last = (moved(column.copy(), device) for column in table.T)
        return Anchors(row, moved(pieces, device), first, last)

    def means(self, h: Tensor) -> Tensor:
        return torch.einsum("kt,kth->kh", self.pieces.to(h.dtype), h[self.row])

    def buckets(self) -> Tensor:
        return distance_buckets(self.first, self.last, self.pieces.shape[1])


def moved(values: npt.NDArray[np.generic], device: torch.device) -> Tensor:
    return torch.from_numpy(values).to(device, non_blocking=True)


def stacked(rows: list[npt.NDArray[np.generic]], length: int, device: torch.device) -> Tensor:
    """Arrays of shape (window's length, ...) as one padded tensor of floats, or of flags."""
    out = np.zeros((len(rows), length, *rows[0].shape[1:]), dtype=rows[0].dtype)
    for k, row in enumerate(rows):
        out[k, : len(row)] = row
    tensor = moved(out, device)
    return tensor if tensor.dtype == torch.bool else tensor.float()


def wrong_anchors(
    guesses: npt.NDArray[np.int64], rows: list[int], known: list[list[list[int]]]
) -> list[tuple[int, list[int]]]:
    """(window, pieces) of what was tagged and touches no anchor that is known."""
    out = []
    for row, anchors in zip(rows, known, strict=True):
        taken = {piece for anchor in anchors for piece in anchor}
        out += [(row, run) for run in runs(guesses[row]) if not taken & set(run)][:MOST_WRONG]
    return out


def soft_entropy(logits: Tensor, target: Tensor, dim: int) -> Tensor:
    return -(target * functional.log_softmax(logits.float(), dim)).sum(dim)


def windows_with(targets: list[Soft | None], h: Tensor) -> tuple[list[int], list[Soft], Tensor]:
    """The rows of a batch that have targets for a task, the targets, and the hidden states of those rows."""
    taught = [(row, soft) for row, soft in enumerate(targets) if soft is not None]
    rows = [row for row, _ in taught]
    return rows, [soft for _, soft in taught], h[moved(np.array(rows, dtype=np.int64), h.device)]


def sight_mask(sights: list[tuple[int, int]], length: int, device: torch.device) -> Tensor:
    """True where a piece lies in the sentence of an anchor, (anchors, length)."""
    mask = np.zeros((len(sights), length), dtype=bool)
    for k, (start, end) in enumerate(sights):
        mask[k, start:end] = True
    return moved(mask, device)


def said_loss(net: Network, lessons: list[Lesson], h: Tensor) -> dict[str, Tensor]:
    """Losses of the heads of attribution over the windows that have targets for them."""
    rows, softs, own = windows_with([lesson.said for lesson in lessons], h)
    if not rows:
        return {}
    length, device = h.shape[1], h.device
    body = stacked([lessons[row].example.segment == 0 for row in rows], length, device)
    tags = stacked([soft.tags for soft in softs], length, device)
    logits = net.cue_tag(own)
    loss = {"cue": soft_entropy(logits[body], tags[body], -1).mean()}
    guesses = (logits.detach().argmax(-1) * body).cpu().numpy()
    right = [(k, cue) for k, soft in enumerate(softs) for cue in soft.cues]
    wrong = wrong_anchors(guesses, list(range(len(rows))), [soft.cues for soft in softs])
    if not right + wrong:
        return loss
    anchors = Anchors.of(right + wrong, length, device)
    scores = net.said(anchors.means(own), own, anchors.row, anchors.buckets()).float()
    source = torch.zeros(scores.shape[:2], device=device)
    if right:
        source[: len(right)] = stacked([each for soft in softs for each in soft.source], length, device)
    seen = body[anchors.row]
    each = functional.binary_cross_entropy_with_logits(scores[..., 0], source, reduction="none")
    loss["source"] = (each * seen).sum() / len(scores) * PAIR_SCALE
    slots, places = [0] * len(rows), []
    for row, _ in right + wrong:
        slots[row] += 1
        places.append(slots[row])
    table = torch.full((len(rows), max(slots) + 1, length), -1e4, device=device)
    table[:, 0] = 0.0
    table = table.index_put((anchors.row, moved(np.array(places), device)), scores[..., 1])
    wanted = np.zeros((len(rows), max(slots) + 1, length), dtype=np.float16)
    for k, soft in enumerate(softs):
        wanted[k, : len(soft.owner), : soft.owner.shape[1]] = soft.owner
    use = stacked([soft.use for soft in softs], length, device)
    loss["content"] = soft_entropy(table, moved(wanted, device).float(), 1)[use].mean()
    return loss


def event_loss(net: Network, lessons: list[Lesson], h: Tensor, labels: Labels, rng: random.Random) -> dict[str, Tensor]:
    """Losses of the heads of events over the windows that have targets for them."""
    rows, softs, own = windows_with([lesson.events for lesson in lessons], h)
    if not rows:
        return {}
    length, device = h.shape[1], h.device
    scope = stacked([soft.use for soft in softs], length, device)
    tags = stacked([soft.tags for soft in softs], length, device)
    weight = moved(np.array([lessons[row].example.weight for row in rows], dtype=np.float32), device)
    logits = net.event_tag(own)
    share = weight[:, None].expand(-1, length)[scope]
    loss = {"event": (soft_entropy(logits[scope], tags[scope], -1) * share).mean()}
    guesses = (logits.detach().argmax(-1) * scope).cpu().numpy()
    right = [(k, anchor) for k, soft in enumerate(softs) for anchor in soft.anchors]
    wrong = wrong_anchors(guesses, list(range(len(rows))), [soft.anchors for soft in softs])
    sentences = [lessons[row].example.scopes or lessons[row].example.sentences for row in rows]
    wrong += [(k, words) for k, soft in enumerate(softs) if (words := random_words(sentences[k], soft, rng))]
    if not right + wrong:
        return loss
    anchors = Anchors.of(right + wrong, length, device)
    means = anchors.means(own)
    scores = net.role(means, own, anchors.row, anchors.buckets())
    sights = [sight for soft in softs for sight in soft.sights] + [sight_of(sentences[k], g) for k, g in wrong]
    seen = sight_mask(sights, length, device)
    features = net.status_features(means, scores, seen, own, anchors.row)
    none = np.zeros((len(wrong), len(labels.statuses)), dtype=np.float16)
    none[:, labels.no_event] = 1.0
    statuses = moved(np.concatenate([*(soft.status for soft in softs), none]), device).float()
    # of unlabelled windows status and kind are not learned: teachers were surer of words than of those
    known = np.array([lessons[row].example.events is not None for row in rows], dtype=np.float32)
    worth = (weight * moved(known, device))[anchors.row]
    loss["status"] = (soft_entropy(net.status(features), statuses, -1) * worth).sum() / worth.sum().clamp(min=1.0)
    if right:
        count = len(right)
        real = moved(np.concatenate([soft.real for soft in softs]), device).float()
        total = real.sum().clamp(min=1.0)
        wanted = stacked([each for soft in softs for each in soft.roles], length, device)
        each = functional.binary_cross_entropy_with_logits(
            scores[:count, :, : wanted.shape[-1]].float(), wanted, reduction="none"
        )
        each = (each * seen[:count, :, None]).sum((1, 2))
        loss["roles"] = (each * real).sum() / total * PAIR_SCALE
        kinds = moved(np.concatenate([soft.kind for soft in softs]), device).float()
        loss["kind"] = (soft_entropy(net.kind(features[:count]), kinds, -1) * real * worth[:count]).sum() / total
        hedged = moved(np.concatenate([soft.hedged for soft in softs]), device).float()
        hedge = functional.binary_cross_entropy_with_logits(
            net.hedged(features[:count])[:, 0].float(), hedged, reduction="none"
        )
        loss["hedged"] = (hedge * real).sum() / total
    return loss


def random_words(sentences: list[tuple[int, int]], soft: EventSoft, rng: random.Random) -> list[int]:
    """For every other window a few words that name no event."""
    if rng.random() < 0.5:
        return []
    start, end = rng.choice(sentences)
    at = rng.randrange(start, end)
    words = list(range(at, min(end, at + rng.randint(1, 5))))
    return [] if {piece for anchor in soft.anchors for piece in anchor} & set(words) else words


def total_loss(losses: dict[str, Tensor]) -> Tensor:
    return torch.stack([WEIGHT[key] * value for key, value in losses.items()]).sum()
