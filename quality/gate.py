#!/usr/bin/env python3
"""Measures stillon on the development data and holds every figure against its floor.

    make gate                              all of it
    python quality/gate.py --only seed     one part
    python quality/gate.py --raise         write higher figures as the new floors
    python quality/gate.py --allow-regression   write lower ones too, on purpose: say why in the commit

Needs the folder `../shared` beside the repository, with the scorers and the data; where it is absent there
is nothing to measure, and the gate says so and passes. Exit status 1 when a figure is below its floor.
The bars and goals beside the figures are those of `../shared/data/README.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors.json"
SHARED = HERE.parent.parent / "shared"
TOLERANCE = 0.002
"""A figure may lie this far under its floor: the quantised encoder rounds a little differently on each processor."""
DEV_DOCUMENTS = 40
"""Documents of the development part of the dates, drawn with seed 7."""

Figures = dict[str, float]

BARS: dict[str, dict[str, tuple[float | None, float | None]]] = {
    "seed": {
        "event_recall": (1.0, 1.0), "event_precision": (0.7, 1.0), "status": (1.0, 1.0), "participants": (0.95, 1.0),
        "place": (1.0, 1.0), "date": (1.0, 1.0), "date_unknown": (1.0, 1.0), "claim_recall": (0.9, 1.0),
        "claim_origin": (0.9, 1.0), "claim_chain": (0.8, 1.0), "claim_event": (0.9, 1.0), "claim_status": (0.85, 1.0),
    },
    "stories": {
        "event_recall": (0.80, 0.95), "event_precision": (0.50, 0.75), "status": (0.70, 0.93),
        "participants": (0.75, 0.85), "place": (0.55, 0.70), "date": (0.70, 0.92), "date_unknown": (0.85, 0.97),
        "claim_recall": (0.75, 0.88), "claim_origin": (0.70, 0.86), "claim_chain": (0.60, 0.82),
        "claim_event": (0.80, 0.93), "claim_status": (0.70, 0.95), "claim_silent": (0.70, 0.92),
        "checkpoint": (0.65, 0.90), "checkpoint_date": (0.60, 0.90), "one_event": (0.80, 0.95),
    },
    "linking": {"b3_f1": (0.65, 0.90), "apart": (0.98, 1.0)},
    "sentences": {
        "event_f1": (0.78, 0.93), "status_f1": (0.70, 0.88), "coarse_f1": (0.75, 0.92), "quiet": (0.82, 0.95),
        "kind": (0.85, 0.93), "when": (0.70, 0.92), "who": (0.70, 0.88), "where": (0.65, 0.85),
        "was": (0.55, 0.80), "why": (0.40, 0.75), "if": (0.40, 0.75),
    },
    "dates": {"value_f1": (0.80, 0.86), "relaxed_f1": (0.90, 0.94)},
    "attribution": {"content overlap": (0.795, 0.82), "end-to-end": (0.735, 0.77)},
    "copies": {"pair_f1": (0.95, None)},
}  # fmt: skip
"""Bar and goal of each figure that has them, by part."""


class Bench:
    """Runs one command of stillon and the scorers on it, in a scratch folder."""

    def __init__(self, command: str, scratch: Path) -> None:
        self.command = command
        self.scratch = scratch
        self.data = SHARED / "data"

    def stillon(self, name: str, *arguments: str) -> Path:
        """The file with what the command put out; exit status 1 (some input unread) is let pass but shown."""
        out = self.scratch / name
        with out.open("wb") as stream:
            done = subprocess.run(
                [*self.command.split(), *arguments], stdout=stream, stderr=subprocess.PIPE, check=False
            )
        said = done.stderr.decode("utf-8", "replace").strip()
        if said:
            print(said, file=sys.stderr)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{self.command} {' '.join(arguments)}: exit {done.returncode}")
        return out

    def score(self, scorer: str, *arguments: str | Path) -> str:
        """The last line that a scorer prints."""
        done = subprocess.run(
            [sys.executable, SHARED / "bench" / scorer, *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise SystemExit(f"{scorer}: exit {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout.strip().splitlines()[-1]

    def seed(self) -> Figures:
        out = self.stillon("seed.json", "read", "--format", "json", str(SHARED / "seed" / "budapest-summit.txt"))
        return _figures(self.score("score_dossier.py", SHARED / "seed" / "gold.json", out))

    def stories(self) -> Figures:
        line = self.score("score_story.py", *self._stories(), "--command", self.command)
        return _figures(line.removeprefix("all "))

    def linking(self) -> Figures:
        return _figures(self.score("score_linking.py", *self._stories(), "--command", self.command))

    def sentences(self) -> Figures:
        out = self.stillon("sentences.jsonl", "inspect", "sentences", str(self.data / "sentences" / "dev.jsonl"))
        return _figures(self.score("score_sentences.py", self.data / "sentences" / "dev_labels.jsonl", out))

    def dates(self) -> Figures:
        gold = [json.loads(line) for line in _lines(self.data / "dates" / "gold.jsonl")]
        chosen = set(random.Random(7).sample(sorted(each["id"] for each in gold), DEV_DOCUMENTS))
        part = self.scratch / "dates-gold.jsonl"
        part.write_text("".join(json.dumps(each) + "\n" for each in gold if each["id"] in chosen), encoding="utf-8")
        texts = self.scratch / "dates-text.jsonl"
        given = [line for line in _lines(self.data / "dates" / "text.jsonl") if json.loads(line)["id"] in chosen]
        texts.write_text("\n".join(given) + "\n", encoding="utf-8")
        return _figures(self.score("score_dates.py", part, self.stillon("dates.jsonl", "inspect", "dates", str(texts))))

    def attribution(self) -> Figures:
        folder = self.data / "attribution"
        out = self.stillon("attributions.jsonl", "inspect", "attributions", str(folder / "text_dev.jsonl"))
        line = self.score("score_attribution.py", folder / "gold_dev.jsonl", out, folder / "text_dev.jsonl", "--json")
        rows = json.loads(line)["rows"]
        return {name: f1 for name, (_, _, f1) in rows.items() if name in BARS["attribution"]}

    def copies(self) -> Figures:
        out = self.stillon("copies.jsonl", "inspect", "copies", str(self.data / "copies" / "articles.jsonl"))
        return _figures(self.score("score_copies.py", self.data / "copies" / "pairs.jsonl", out))

    def _stories(self) -> list[Path]:
        return sorted(path.parent for path in (self.data / "stories").glob("*/gold.json"))


PARTS: dict[str, Callable[[Bench], Figures]] = {
    "seed": Bench.seed,
    "dates": Bench.dates,
    "copies": Bench.copies,
    "sentences": Bench.sentences,
    "attribution": Bench.attribution,
    "linking": Bench.linking,
    "stories": Bench.stories,
}


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", action="append", choices=PARTS, metavar="NAME", help=f"one of {', '.join(PARTS)}")
    ask.add_argument("--command", default=f"{sys.executable} -m stillon", help="how stillon is started")
    ask.add_argument("--raise", dest="raise_floors", action="store_true", help="write higher figures as floors")
    ask.add_argument("--allow-regression", action="store_true", help="write the figures as floors, lower ones too")
    options = ask.parse_args()
    if not (SHARED / "bench").is_dir():
        print("The gate has nothing to measure: there is no folder ../shared with scorers and data. Passed.")
        return 0
    stored = json.loads(FLOORS.read_text(encoding="utf-8"))
    if stored["data"] and stored["data"] != _digest():
        print("The data is another than the floors were measured on: look at what changed before trusting them.")
    floors: dict[str, Figures] = stored["floors"]
    below = []
    print(f"{'figure':<28} {'floor':>7} {'now':>7} {'bar':>7} {'goal':>7}")
    for name in options.only or PARTS:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as scratch:
            figures = PARTS[name](Bench(options.command, Path(scratch)))
        for figure, now in figures.items():
            floor = floors.get(name, {}).get(figure)
            bar, goal = BARS[name].get(figure, (None, None))
            is_below = floor is not None and now < floor - TOLERANCE
            if is_below:
                below.append(f"{name} {figure}")
            note = "below its floor" if is_below else "under the bar" if bar is not None and now < bar else ""
            print(
                f"{name + ' ' + figure:<28} {_shown(floor)} {_shown(now)} {_shown(bar)} {_shown(goal)}  {note}".rstrip()
            )
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
        floors[name] = _new_floors(floors.get(name, {}), figures, options.raise_floors, options.allow_regression)
    if options.raise_floors or options.allow_regression:
        text = json.dumps({"data": _digest(), "floors": floors}, indent=2, sort_keys=True)
        FLOORS.write_text(text + "\n", encoding="utf-8")
        print(f"Floors written to {FLOORS.relative_to(HERE.parent)}.")
    if below and not options.allow_regression:
        print("Below the floor:", ", ".join(below))
        return 1
    return 0


def _new_floors(floors: Figures, figures: Figures, raise_floors: bool, allow_regression: bool) -> Figures:
    """The floors after a run: higher where asked to raise them, lower only where regression is allowed."""
    new = dict(floors)
    for figure, now in figures.items():
        is_higher = figure not in floors or now > floors[figure]
        if allow_regression or (raise_floors and is_higher):
            new[figure] = round(now, 3)
    return new


def _figures(line: str) -> Figures:
    return {name: float(value) for name, value in json.loads(line).items()}


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _shown(value: float | None) -> str:
    return f"{value:7.3f}" if value is not None else f"{'':>7}"


def _digest() -> str:
    """A digest of everything that is scored against."""
    digest = hashlib.sha256()
    for path in sorted(SHARED.rglob("*")):
        if path.is_file() and (path.parent.name == "bench" or "gold" in path.name or path.suffix == ".jsonl"):
            digest.update(path.relative_to(SHARED).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
