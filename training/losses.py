"""What the network is taught by: cross-entropies against targets that may be soft, over a batch of lessons."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
from lessons import NOBODY, EventSoft, Labels, Lesson, SaidSoft, Whole, runs, sight_of
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
    "same": 1.0,
    "about": 0.3,
    "claim": 0.3,
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


def far(first: int, second: int, titles: tuple[bool, bool]) -> int:
    """Bucket of the way from one place of an article to another, in pieces: see PLACES."""
    if titles[0] != titles[1]:
        return 25 + titles[0]
    away = second - first
    step = min(11, abs(away).bit_length())
    return 12 + step if away > 0 else 12 - step


INSIDE = 27
"""Bucket of an anchor that stands in the statement."""


def whole_loss(net: Network, wholes: list[Whole], h: Tensor) -> dict[str, Tensor]:
    """Losses of the links of whole articles; `h` of all their windows, one behind the other."""
    length, device = h.shape[1], h.device
    links = net.links
    groups, sights, talks, firsts = [], [], [], [0]
    for whole in wholes:
        base = firsts[-1]
        groups += [(base + row, pieces) for row, pieces in whole.anchors]
        sights += [sight_of(whole.windows[row].sentences, pieces) for row, pieces in whole.anchors]
        talks += [(base + row, pieces) for row, pieces in whole.statements]
        firsts.append(base + len(whole.windows))
    if not groups:
        return {}
    anchors = Anchors.of(groups, length, device)
    means = anchors.means(h)
    scores = net.role(means, h, anchors.row, anchors.buckets())
    marks = links.marks(net.read_for_links(means, scores, sight_mask(sights, length, device), h, anchors.row))
    loss: dict[str, Tensor] = {}
    pairs, away, same = [], [], []
    at = 0
    for whole in wholes:
        places = [_place(whole, each) for each in whole.anchors]
        for i in range(len(places)):
            for j in range(i + 1, len(places)):
                a, b = whole.events[i], whole.events[j]
                if a >= 0 or b >= 0:
                    pairs.append((at + i, at + j))
                    away.append(far(places[i][0], places[j][0], (places[i][1], places[j][1])))
                    same.append(float(a == b))
        at += len(places)
    if pairs:
        left, right = moved(np.array(pairs, dtype=np.int64).T.copy(), device)
        told = links.one(marks[left], marks[right], moved(np.array(away, dtype=np.int64), device)).float()
        wanted = moved(np.array(same, dtype=np.float32), device)
        loss["same"] = functional.binary_cross_entropy_with_logits(told, wanted)
    if talks:
        inside = np.zeros((len(talks), length), dtype=bool)
        for k, (_, pieces) in enumerate(talks):
            inside[k, pieces] = True
        rows = moved(np.array([row for row, _ in talks], dtype=np.int64), device)
        spoken = links.spoken(h[rows], moved(inside, device))
        wide = max(len(whole.anchors) for whole in wholes)
        table, near, slot = [], [], []
        target = np.zeros((len(talks), wide + 1), dtype=np.float32)
        k = at = 0
        for whole in wholes:
            places = [_place(whole, each) for each in whole.anchors]
            for (row, pieces), about in zip(whole.statements, whole.about, strict=True):
                mine = _place(whole, (row, pieces))
                for j, place in enumerate(places):
                    within = whole.anchors[j][0] == row and bool(set(whole.anchors[j][1]) & set(pieces))
                    near.append(INSIDE if within else far(mine[0], place[0], (mine[1], place[1])))
                    table.append((k, at + j))
                    slot.append(j + 1)
                    target[k, j + 1] = about >= 0 and whole.events[j] == about
                target[k, 0] = about == NOBODY
                k += 1
            at += len(places)
        full = torch.full((len(talks), wide + 1), -1e4, device=device)
        full[:, 0] = links.nobody(spoken)[:, 0].float()
        if table:
            who, which = moved(np.array(table, dtype=np.int64).T.copy(), device)
            fit = links.spoken_of(spoken[who], marks[which], moved(np.array(near, dtype=np.int64), device)).float()
            full = full.index_put((who, moved(np.array(slot, dtype=np.int64), device)), fit)
        aims = moved(target, device)
        known = aims.sum(-1) > 0
        right_share = (functional.log_softmax(full, -1) + torch.log(aims + 1e-9)).logsumexp(-1)
        loss["about"] = -(right_share * known).sum() / known.sum().clamp(min=1)
        claims = moved(np.array([c for whole in wholes for c in whole.claims], dtype=np.int64), device)
        loss["claim"] = functional.cross_entropy(links.claim(spoken).float(), claims, label_smoothing=0.05)
    return loss


def _place(whole: Whole, at: tuple[int, list[int]]) -> tuple[int, bool]:
    """Where in its article something begins, in pieces, and whether that is the title."""
    row, pieces = at
    before = sum(len(whole.windows[k].ids) for k in range(row) if not whole.titles[k])
    return before + pieces[0], whole.titles[row]


def total_loss(losses: dict[str, Tensor]) -> Tensor:
    return torch.stack([WEIGHT[key] * value for key, value in losses.items()]).sum()
