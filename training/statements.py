"""Trains the head that reads off a statement's words alone what status it claims, and adds it to the shipped heads.

    python training/statements.py --examples training/out/examples.pkl --weights src/stillon/extraction/weights \\
        --pool ../shared/data/pool.jsonl.gz --dossiers training/labels/dossiers.jsonl

Somebody's words often claim a status and name no event ("It's not happening on the 29th"). Each labelled sentence is
an example: the one status of its events, or none. The words that name an event are left out of it seven times in ten,
so that the rest must tell. So is each statement of the labelled dossiers: the status that it claims, or none, and
whether it bears on an event at all, which one more output learns. The encoder stays as exported (run again after each
export); the head is four attentions over the pieces and their mean, one layer of features, and a softmax. Takes five
minutes on one processor core.
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
from dossiers import Dossier, load_dossiers
from lessons import Example, Halves, Labels, load_examples
from network import STUDENT
from tokenizers import Tokenizer
from torch import Tensor, nn

from stillon.extraction.encoder import CLAIM_PIECES
from stillon.extraction.windows import Window, cut_windows

ATTENTIONS, FEATURES, DROPOUT = 4, 128, 0.3
EPOCHS, RATE, BATCH = 4, 1e-3, 64
DOSSIER_WEIGHT = 0.6
"""What a statement of a dossier counts for, beside a labelled sentence."""
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
    bears: float | None = None
    """Whether it bears on an event; None where no label says."""


class Head(nn.Module):
    """The names of its parameters are those of `stillon.extraction.heads`."""

    def __init__(self, claims: int) -> None:
        super().__init__()
        self.claim_ask = nn.Linear(STUDENT.hidden, ATTENTIONS)
        self.claim_in = nn.Linear(STUDENT.hidden * (ATTENTIONS + 1), FEATURES)
        self.claim = nn.Linear(FEATURES, claims)
        self.bears = nn.Linear(FEATURES, 1)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        attention = self.claim_ask(hidden).masked_fill(~mask[..., None], -1e4).softmax(1)
        seen = torch.einsum("btk,bth->bkh", attention, hidden).flatten(1)
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        features = torch.relu(self.claim_in(self.dropout(torch.cat([seen, mean], dim=1))))
        return self.claim(self.dropout(features)), self.bears(self.dropout(features))[:, 0]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--examples", type=Path, required=True)
    ask.add_argument("--weights", type=Path, required=True)
    ask.add_argument("--pool", type=Path, help="unlabelled articles, of which there are")
    ask.add_argument("--dossiers", type=Path, help="these labelled dossiers")
    ask.add_argument("--seed", type=int, default=3)
    args = ask.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    labels, parts = load_examples(args.examples)
    claims = [name for name in labels.statuses if name not in PASSED_OVER] + [NONE]
    session = onnxruntime.InferenceSession(str(args.weights / "encoder.onnx"), providers=["CPUExecutionProvider"])
    train, dev = (statements(parts[name], labels, claims, session) for name in ("train", "dev"))
    if args.dossiers:
        tokenizer = Tokenizer.from_file(str(args.weights / "tokenizer.json"))
        for dossier in load_dossiers(args.pool, args.dossiers):
            train += spoken(dossier, tokenizer, claims, session)
    print(f"{len(train)} statements", flush=True)
    head = Head(len(claims))
    optimizer = torch.optim.AdamW(head.parameters(), RATE, weight_decay=0.01)
    for epoch in range(EPOCHS):
        optimizer.param_groups[0]["lr"] = RATE * (1 - epoch / EPOCHS)
        order = sorted(train, key=lambda each: len(each.hidden) + 12 * rng.random())
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        rng.shuffle(batches)
        for batch in batches:
            hidden, mask = padded(batch, rng)
            told, bears = head(hidden, mask)
            loss = nn.functional.cross_entropy(told, torch.tensor([each.claim for each in batch]), reduction="none")
            loss = loss * torch.tensor([each.weight for each in batch])
            known = torch.tensor([each.bears is not None for each in batch])
            wanted = torch.tensor([each.bears or 0.0 for each in batch])
            loss = loss + known * nn.functional.binary_cross_entropy_with_logits(bears, wanted, reduction="none")
            loss.mean().backward()
            optimizer.step()
            optimizer.zero_grad()
        print(f"epoch {epoch + 1}: right on {right(head, dev):.3f} of {len(dev)} sentences of dev", flush=True)
    with np.load(args.weights / "heads.npz") as shipped:
        heads = dict(shipped)
    heads |= {name: value.numpy().astype(np.float16) for name, value in head.state_dict().items()}
    np.savez_compressed(args.weights / "heads.npz", **heads)
    known = json.loads((args.weights / "labels.json").read_text(encoding="utf-8"))
    (args.weights / "labels.json").write_text(json.dumps({**known, "claims": claims}) + "\n", encoding="utf-8")


def hidden_of(window: Example | Window, session: onnxruntime.InferenceSession) -> Halves:
    """The encoder's states of the pieces of a window."""
    feed = {name: getattr(window, name).astype(np.int64)[None] for name in ("ids", "case", "quote", "segment")}
    hidden: Halves = session.run(None, feed)[0][0].astype(np.float16)
    return hidden


def statements(
    examples: list[Example], labels: Labels, claims: list[str], session: onnxruntime.InferenceSession
) -> list[Statement]:
    """The labelled sentences of some windows; those whose events claim different things left out."""
    out = []
    for example in examples:
        if example.events is None:
            continue
        hidden = hidden_of(example, session)
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


def spoken(
    dossier: Dossier, tokenizer: Tokenizer, claims: list[str], session: onnxruntime.InferenceSession
) -> list[Statement]:
    """The statements of a labelled article, each in the first window that holds it, as the package reads."""
    report, out = dossier.report, []
    told = [(each, 1.0) for each in dossier.claims] + [(each, 0.0) for each in dossier.rest]
    for in_title in (False, True):
        text, title = ((report.title or ""), None) if in_title else (report.text, report.title)
        windows = []
        for window in cut_windows(text, tokenizer, title=title):
            windows.append((window.offsets, hidden_of(window, session)))
        for each, bears in told:
            if bool(each.get("in_title")) is not in_title:
                continue
            start, end = each["span"]
            for offsets, hidden in windows:
                inside = (offsets[:, 0] >= start) & (offsets[:, 1] <= end)
                if inside.sum() >= CLAIM_PIECES:
                    claim = claims.index(each.get("status") or NONE)
                    out.append(
                        Statement(hidden[inside], np.zeros(inside.sum(), dtype=bool), claim, DOSSIER_WEIGHT, bears)
                    )
                    break
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
        hits += int((head(*padded(batch))[0].argmax(-1) == torch.tensor([each.claim for each in batch])).sum())
    head.train()
    return hits / len(dev)


if __name__ == "__main__":
    main()
