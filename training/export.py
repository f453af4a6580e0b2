"""Writes trained weights as the package ships them: encoder as int8 ONNX, heads as numpy arrays, labels.

    python training/export.py training/out/final.pt src/stillon/extraction/weights [--float]

The matrix products of the encoder are quantised per channel to seven bits (`reduce_range`: eight bits
overflow on processors with AVX2 and no VNNI), activations at run time; the word table by row to int8.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from corpus import KINDS, ROLES, STATUSES, load_tokenizer
from lessons import Labels
from network import STUDENT, Network, load_checkpoint, new_network
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn


class Bare(nn.Module):
    """The encoder for one unpadded batch, attention written out for the export."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.encoder = net.encoder

    def forward(self, ids: Tensor, case: Tensor, quote: Tensor, segment: Tensor) -> Tensor:
        return self.encoder(ids, case, quote, segment, torch.ones_like(ids, dtype=torch.bool))


def averaged(checkpoint: Path, others: list[tuple[Path, float]]) -> dict[str, Tensor]:
    """The parameters of a checkpoint, mixed with those of others of the same descent by their shares."""
    state = load_checkpoint(checkpoint)
    rest = 1.0 - sum(share for _, share in others)
    mixed = {key: rest * value for key, value in state.items()}
    for path, share in others:
        for key, value in load_checkpoint(path).items():
            mixed[key] = mixed[key] + share * value
    return mixed


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("checkpoint", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument(
        "--average",
        nargs=2,
        action="append",
        default=[],
        metavar=("CHECKPOINT", "SHARE"),
        help="mixed in, by its share",
    )
    ask.add_argument("--float", action="store_true", help="no quantisation, to measure what it costs")
    args = ask.parse_args()
    net = new_network(STUDENT, Labels(STATUSES, KINDS, ROLES))
    net.load_state_dict(averaged(args.checkpoint, [(Path(path), float(share)) for path, share in args.average]))
    net.eval()
    args.out.mkdir(parents=True, exist_ok=True)
    sample = torch.ones(1, 8, dtype=torch.long)
    names = ["ids", "case", "quote", "segment"]
    axes = {n: {0: "batch", 1: "pieces"} for n in [*names, "hidden"]}
    with tempfile.TemporaryDirectory() as folder:
        raw, ready = Path(folder) / "raw.onnx", Path(folder) / "ready.onnx"
        torch.onnx.export(
            Bare(net),
            (sample, sample * 0, sample * 0, sample * 0),
            str(raw),
            input_names=names,
            output_names=["hidden"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        if args.float:
            shutil.copy(raw, args.out / "encoder.onnx")
        else:
            quant_pre_process(str(raw), str(ready), skip_symbolic_shape=True)
            quantize_dynamic(
                str(ready),
                str(args.out / "encoder.onnx"),
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Gather"],
                extra_options={"MatMulConstBOnly": True},
            )
    left = ("encoder.", "links.claim.")  # what a statement claims is read off by the head of statements.py
    heads = {k: v.numpy().astype(np.float16) for k, v in net.state_dict().items() if not k.startswith(left)}
    np.savez_compressed(args.out / "heads.npz", **heads)
    (args.out / "labels.json").write_text(json.dumps({"statuses": STATUSES, "kinds": KINDS, "roles": ROLES}) + "\n")
    load_tokenizer().save(str(args.out / "tokenizer.json"), pretty=False)
    for path in sorted(args.out.iterdir()):
        print(path.name, path.stat().st_size)
    print("operators:", sorted({n.op_type for n in onnx.load(str(args.out / "encoder.onnx")).graph.node}))


if __name__ == "__main__":
    main()
