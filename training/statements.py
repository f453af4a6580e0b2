"""Trains the head that reads off a statement's words alone what status it claims, and adds it to the shipped heads.

    python training/statements.py --examples training/out/examples.pkl --weights src/stillon/extraction/weights

Somebody's words often claim a status and name no event ("It's not happening on the 29th"). Each labelled sentence is
an example: the one status of its events, or none. The words that name an event are left out of it seven times in ten,
so that the rest must tell. The encoder stays as exported (run again after each export); the head is four attentions
over the pieces and their mean, one layer of features, and a softmax. Takes two minutes on one processor core.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from lessons import Example, Halves, Labels, load_examples
from network import STUDENT
from torch import Tensor, nn

ATTENTIONS, FEATURES, DROPOUT = 4, 128, 0.3
EPOCHS, RATE, BATCH = 6, 1e-3, 64
BARE = 0.7
"""How often the words that name the event are left out."""
NONE = "none"
PASSED_OVER = (NONE, "other", "no event")


@dataclass
class Statement:
    """A labelled sentence: hidden states of its pieces, which of them name an event, and what it claims."""

    hidden: Halves
    named: np.ndarray
    claim: int
    weight: float


class Head(nn.Module):
    """The names of its parameters are those of `stillon.extraction.heads`."""

    def __init__(self, claims: int) -> None:
        super().__init__()
        self.claim_ask = nn.Linear(STUDENT.hidden, ATTENTIONS)
        self.claim_in = nn.Linear(STUDENT.hidden * (ATTENTIONS + 1), FEATURES)
        self.claim = nn.Linear(FEATURES, claims)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        attention = self.claim_ask(hidden).masked_fill(~mask[..., None], -1e4).softmax(1)
        seen = torch.einsum("btk,bth->bkh", attention, hidden).flatten(1)
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        features = torch.relu(self.claim_in(self.dropout(torch.cat([seen, mean], dim=1))))
        out: Tensor = self.claim(self.dropout(features))
        return out


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--examples", type=Path, required=True)
    ask.add_argument("--weights", type=Path, required=True)
    ask.add_argument("--seed", type=int, default=1)
    args = ask.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    labels, parts = load_examples(args.examples)
    claims = [name for name in labels.statuses if name not in PASSED_OVER] + [NONE]
    session = onnxruntime.InferenceSession(str(args.weights / "encoder.onnx"), providers=["CPUExecutionProvider"])
    train, dev = (statements(parts[name], labels, claims, session) for name in ("train", "dev"))
    head = Head(len(claims))
    optimizer = torch.optim.AdamW(head.parameters(), RATE, weight_decay=0.01)
    for epoch in range(EPOCHS):
        optimizer.param_groups[0]["lr"] = RATE * (1 - epoch / EPOCHS)
        order = sorted(train, key=lambda each: len(each.hidden) + 12 * rng.random())
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        rng.shuffle(batches)
        for batch in batches:
            hidden, mask = padded(batch, rng)
            loss = nn.functional.cross_entropy(
                head(hidden, mask), torch.tensor([each.claim for each in batch]), reduction="none"
            )
            (loss * torch.tensor([each.weight for each in batch])).mean().backward()
            optimizer.step()
            optimizer.zero_grad()
        print(f"epoch {epoch + 1}: right on {right(head, dev):.3f} of {len(dev)} sentences of dev", flush=True)
    with np.load(args.weights / "heads.npz") as shipped:
        heads = dict(shipped)
    heads |= {name: value.numpy().astype(np.float16) for name, value in head.state_dict().items()}
    np.savez_compressed(args.weights / "heads.npz", **heads)
    known = json.loads((args.weights / "labels.json").read_text(encoding="utf-8"))
    (args.weights / "labels.json").write_text(json.dumps({**known, "claims": claims}) + "\n", encoding="utf-8")


def statements(
    examples: list[Example], labels: Labels, claims: list[str], session: onnxruntime.InferenceSession
) -> list[Statement]:
    """The labelled sentences of some windows; those whose events claim different things left out."""
    out = []
    for example in examples:
        if example.events is None:
            continue
        feed = {name: getattr(example, name).astype(np.int64)[None] for name in ("ids", "case", "quote", "segment")}
        hidden = session.run(None, feed)[0][0].astype(np.float16)
        for start, end in example.scopes:
            own = [each for each in example.events if start <= each.anchor[0] < end]
            told = {labels.statuses[each.status] for each in own} - set(PASSED_OVER)
            if len(told) > 1:
                continue
            named = np.zeros(end - start, dtype=bool)
            named[[piece - start for each in own for piece in each.anchor if piece < end]] = True
            claim = claims.index(next(iter(told), NONE))
            out.append(Statement(hidden[start:end], named & ~named.all(), claim, example.weight))
    return out


def padded(batch: list[Statement], rng: random.Random | None = None) -> tuple[Tensor, Tensor]:
    """Hidden states, and which of them count; with `rng` often without those that name an event."""
    length = max(len(each.hidden) for each in batch)
    hidden = np.zeros((len(batch), length, STUDENT.hidden), dtype=np.float32)
    mask = np.zeros((len(batch), length), dtype=bool)
    for row, each in enumerate(batch):
        hidden[row, : len(each.hidden)] = each.hidden
        bare = rng is not None and rng.random() < BARE
        mask[row, : len(each.hidden)] = ~each.named if bare else True
    return torch.from_numpy(hidden), torch.from_numpy(mask)


@torch.no_grad()
def right(head: Head, dev: list[Statement]) -> float:
    head.eval()
    hits = 0
    for at in range(0, len(dev), BATCH):
        batch = dev[at : at + BATCH]
        hits += int((head(*padded(batch)).argmax(-1) == torch.tensor([each.claim for each in batch])).sum())
    head.train()
    return hits / len(dev)


if __name__ == "__main__":
    main()
