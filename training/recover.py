"""Reads the weights that are shipped back as a checkpoint, from which training can go on.

    python training/recover.py src/stillon/extraction/weights --out training/out/shipped.pt

Products come back to within their seven bits, the rest as it was: the checkpoint reads as the shipped weights do.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
import onnx
import torch
from lessons import Labels
from network import STUDENT, new_network
from onnx import numpy_helper
from torch import Tensor


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("weights", type=Path)
    ask.add_argument("--out", type=Path, required=True)
    args = ask.parse_args()
    labels = json.loads((args.weights / "labels.json").read_text(encoding="utf-8"))
    net = new_network(STUDENT, Labels(tuple(labels["statuses"]), tuple(labels["kinds"]), tuple(labels["roles"])))
    with np.load(args.weights / "heads.npz") as heads:
        state = {name: torch.from_numpy(heads[name]).float() for name in heads.files}
    state |= encoder_state(onnx.load(str(args.weights / "encoder.onnx")))
    net.load_state_dict(state)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({name: value.half() for name, value in state.items()}, args.out)


def encoder_state(model: onnx.ModelProto) -> dict[str, Tensor]:
    """The encoder's parameters out of what export.py made of them."""
    given = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}

    def whole(name: str) -> np.ndarray:
        return (given[f"{name}_quantized"].astype(np.float32) - given[f"{name}_zero_point"]) * given[f"{name}_scale"]

    state = {name: value for name, value in given.items() if re.fullmatch(r"encoder\.\S+\.(weight|bias)", name)}
    for table in ("word", "position", "case", "quote", "segment"):
        state[f"encoder.{table}.weight"] = whole(f"encoder.{table}.weight")
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            _, _, layer, part, _ = node.name.split("/")
            state[f"encoder.{layer}.{part}.weight"] = whole(node.input[1].removesuffix("_quantized")).T
    return {name: torch.from_numpy(np.array(value)) for name, value in state.items()}


if __name__ == "__main__":
    main()
