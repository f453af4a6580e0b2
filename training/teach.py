"""Makes lessons out of examples: what teachers say of every window, mixed with its labels where it has some.

    python training/teach.py --examples training/out/examples.pkl --out training/out/lessons.pkl \\
        --teachers training/out/teacher{0,1,2,3}/final.pt
    python training/teach.py --examples training/out/examples.pkl --out training/out/polish.pkl --shape student \\
        --teachers A.pt B.pt C.pt --together --labelled 5500 --unlabelled 1600 --temperature 0.5

Teacher number k has not seen fold k of the labelled articles, and alone speaks of its windows; of the
unlabelled ones all speak, and their mean counts. With `--together` nobody left anything out, so that the
labelled windows keep their labels alone; with `--fill` teachers tell of them what no label says.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
from lessons import (
    EventSoft,
    Example,
    Halves,
    Labels,
    Lesson,
    SaidSoft,
    batches,
    load,
    padded,
    runs,
    save,
    sight_of,
)
from losses import Anchors, sight_mask
from network import SHAPES, Network, load_checkpoint, new_network
from torch import Tensor

GOLD = 0.6
"""Share of the label in a target where there is one."""
LENIENT = 1.5
"""Log-odds by which teachers favour the inside of an anchor: doubtful ones are taught as doubtful."""


def mixed(gold: Halves, told: Halves, share: float) -> Halves:
    return (share * gold.astype(np.float32) + (1 - share) * told.astype(np.float32)).astype(np.float16)


def found(tags: Halves, body: np.ndarray) -> list[list[int]]:
    """Anchors by the tags of teachers, doubtful ones among them."""
    raised = np.log(tags.astype(np.float32) + 1e-6)
    raised[:, 1:] += LENIENT
    return runs(raised.argmax(-1) * body)


class Council:
    """Teachers that speak of batches of windows as one."""

    def __init__(
        self,
        teachers: list[Network],
        labels: Labels,
        device: str,
        temperature: float = 1.0,
        gold: float = GOLD,
        halves: bool = False,
    ) -> None:
        self.teachers, self.labels, self.device, self.halves = teachers, labels, device, halves
        self.temperature, self.gold = temperature, gold

    def hidden(self, examples: list[Example]) -> list[Tensor]:
        inputs = padded(examples, self.device)
        return [net.encoder(**inputs) for net in self.teachers]

    def mean(self, values: list[Tensor]) -> np.ndarray:
        return torch.stack([value.float() for value in values]).mean(0).cpu().numpy()

    def share(self, values: list[Tensor]) -> np.ndarray:
        """Mean of probabilities over the last axis, sharpened."""
        mean = torch.stack([value.float() for value in values]).mean(0) ** (1 / self.temperature)
        return (mean / mean.sum(-1, keepdim=True)).cpu().numpy()

    def odds(self, values: list[Tensor]) -> np.ndarray:
        """Mean of probabilities each of its own, sharpened."""
        mean = torch.stack([value.float() for value in values]).mean(0)
        return self.share([torch.stack([1 - mean, mean], dim=-1)])[..., 1]

    def tags(self, hiddens: list[Tensor], head: str) -> np.ndarray:
        return self.share(
            [getattr(net, head)(h).float().softmax(-1) for net, h in zip(self.teachers, hiddens, strict=True)]
        )

    def said(self, groups: list[tuple[int, list[int]]], hiddens: list[Tensor]) -> np.ndarray:
        """Mean log-odds of source and content, (anchors, length, 2)."""
        anchors = Anchors.of(groups, hiddens[0].shape[1], hiddens[0].device)
        pairs = zip(self.teachers, hiddens, strict=True)
        scores = [net.said(anchors.means(h), h, anchors.row, anchors.buckets()) for net, h in pairs]
        return self.mean(scores) / self.temperature

    def events(
        self, groups: list[tuple[int, list[int]]], sights: list[tuple[int, int]], hiddens: list[Tensor]
    ) -> list[np.ndarray]:
        """Mean probabilities of roles (anchors, length, roles), statuses, kinds and hedges."""
        length = hiddens[0].shape[1]
        anchors = Anchors.of(groups, length, hiddens[0].device)
        seen = sight_mask(sights, length, hiddens[0].device)
        each: list[list[Tensor]] = [[], [], [], []]
        for net, h in zip(self.teachers, hiddens, strict=True):
            means = anchors.means(h)
            scores = net.role(means, h, anchors.row, anchors.buckets())
            features = net.status_features(means, scores, seen, h, anchors.row)
            each[0].append(scores[..., : len(self.labels.roles)].float().sigmoid())
            each[1].append(net.status(features).float().softmax(-1))
            each[2].append(net.kind(features).float().softmax(-1))
            each[3].append(net.hedged(features)[:, 0].float().sigmoid())
        return [self.odds(each[0]), self.share(each[1]), self.share(each[2]), self.odds(each[3])]

    @torch.no_grad()
    def taught(self, batch: list[Lesson]) -> list[Lesson]:
        """The lessons with soft targets for both tasks."""
        examples = [lesson.example for lesson in batch]
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.halves):
            hiddens = self.hidden(examples)
            saids, events = self._said(batch, hiddens), self._events(batch, hiddens)
        return [Lesson(e, said, event) for e, said, event in zip(examples, saids, events, strict=True)]

    def _said(self, batch: list[Lesson], hiddens: list[Tensor]) -> list[SaidSoft]:
        tags = self.tags(hiddens, "cue_tag").astype(np.float16)
        cues = [
            lesson.said.cues
            if lesson.said
            else found(tags[row, : len(lesson.example.ids)], lesson.example.segment == 0)
            for row, lesson in enumerate(batch)
        ]
        groups = [(row, cue) for row, each in enumerate(cues) for cue in each]
        scores = self.said(groups, hiddens) if groups else np.zeros((0, 1, 2), dtype=np.float32)
        out, at = [], 0
        for row, lesson in enumerate(batch):
            length = len(lesson.example.ids)
            mine = scores[at : at + len(cues[row]), :length]
            at += len(cues[row])
            source = 1 / (1 + np.exp(-mine[..., 0]))
            table = np.concatenate([np.zeros((1, length), dtype=np.float32), mine[..., 1].reshape(-1, length)])
            table = np.exp(table - table.max(0))
            soft = SaidSoft(
                tags[row, :length], lesson.example.segment == 0, cues[row], source.astype(np.float16),
                (table / table.sum(0)).astype(np.float16),
            )  # fmt: skip
            if gold := lesson.said:
                soft = SaidSoft(
                    mixed(gold.tags, soft.tags, self.gold), gold.use, gold.cues,
                    mixed(gold.source, soft.source, self.gold), mixed(gold.owner, soft.owner, self.gold),
                )  # fmt: skip
            out.append(soft)
        return out

    def _events(self, batch: list[Lesson], hiddens: list[Tensor]) -> list[EventSoft]:
        tags = self.tags(hiddens, "event_tag").astype(np.float16)
        anchors, sights = [], []
        for row, lesson in enumerate(batch):
            own = lesson.events
            body = lesson.example.segment == 0
            anchors.append(own.anchors if own else found(tags[row, : len(body)], body))
            sights.append(own.sights if own else [sight_of(lesson.example.sentences, a) for a in anchors[row]])
        groups = [(row, anchor) for row, each in enumerate(anchors) for anchor in each]
        if groups:
            roles, status, kind, hedged = self.events(groups, [s for each in sights for s in each], hiddens)
        else:
            roles, status, kind, hedged = (
                np.zeros((0, hiddens[0].shape[1], len(self.labels.roles))), np.zeros((0, len(self.labels.statuses))),
                np.zeros((0, len(self.labels.kinds))), np.zeros(0),
            )  # fmt: skip
        out, at = [], 0
        for row, lesson in enumerate(batch):
            length, mine = len(lesson.example.ids), slice(at, at + len(anchors[row]))
            at += len(anchors[row])
            soft = EventSoft(
                tags[row, :length], lesson.example.segment == 0, anchors[row], sights[row],
                roles[mine, :length].astype(np.float16), status[mine].astype(np.float16),
                kind[mine].astype(np.float16), hedged[mine].astype(np.float16),
                (1 - status[mine, self.labels.no_event]).astype(np.float16),
            )  # fmt: skip
            if gold := lesson.events:
                soft = EventSoft(
                    mixed(gold.tags, soft.tags, self.gold), gold.use, gold.anchors, gold.sights,
                    mixed(gold.roles, soft.roles, self.gold), mixed(gold.status, soft.status, self.gold),
                    mixed(gold.kind, soft.kind, self.gold), mixed(gold.hedged, soft.hedged, self.gold), gold.real,
                )  # fmt: skip
            out.append(soft)
        return out


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--examples", type=Path, required=True)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--teachers", type=Path, nargs="+", required=True, help="checkpoints, one for each fold")
    ask.add_argument("--shape", choices=SHAPES, default="teacher")
    ask.add_argument("--together", action="store_true", help="labelled windows are left as labelled")
    ask.add_argument("--labelled", type=int, help="so many of the labelled windows, by chance, with --together")
    ask.add_argument("--fill", action="store_true", help="teachers tell of labelled windows what no label says")
    ask.add_argument("--unlabelled", type=int, help="so many of the unlabelled windows, by chance")
    ask.add_argument("--temperature", type=float, default=1.0, help="below one, targets are sharper than their mean")
    ask.add_argument("--seed", type=int, default=0, help="of the chance by which windows are taken")
    ask.add_argument("--pieces", type=int, default=16384)
    ask.add_argument("--bfloat16", action="store_true", help="products as on a graphics card")
    ask.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = ask.parse_args()
    labels, parts = load(args.examples)
    nets = []
    for path in args.teachers:
        net = new_network(SHAPES[args.shape], labels)
        net.load_state_dict(load_checkpoint(path))
        nets.append(net.to(args.device).eval())
    pool = parts["pool"]
    if args.unlabelled:
        pool = random.Random(args.seed).sample(pool, args.unlabelled)
    groups = [(nets, pool)]
    lessons: list[Lesson] = []
    if args.together:
        labelled = random.Random(args.seed + 1).sample(parts["train"], args.labelled or len(parts["train"]))
        if args.fill:
            groups.append((nets, labelled))
        else:
            lessons += labelled
    else:
        groups = [([net], [e for e in parts["train"] if e.example.fold == k]) for k, net in enumerate(nets)] + groups
    began, halves = time.time(), args.bfloat16 or args.device == "cuda"
    for teachers, own in groups:
        council = Council(teachers, labels, args.device, args.temperature, 1.0 if args.together else GOLD, halves)
        for batch in batches(own, args.pieces, random.Random(0)):
            lessons += council.taught(batch)
        print(f"{len(lessons)} windows, {time.time() - began:.0f} s", flush=True)
    save(args.out, labels, {"train": lessons, "dev": parts["dev"], "whole": parts.get("whole", [])})


if __name__ == "__main__":
    main()
