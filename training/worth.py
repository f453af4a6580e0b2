"""Make `stillon/extraction/lexicon/worth.toml` from stories with gold dossiers.

    python training/worth.py STORY_FOLDER... --out src/stillon/extraction/lexicon/worth.toml [--held-out NAME ...]

Every event that the package's own reader considers in an article is an example; it is worth its place when
it is like a required event of the article's gold dossier (as in linking.py), those like an optional one left out. A
logistic regression over `signs_of_worth` learns which. Held-out stories take no part. Printed: the share of the
events found that stay, and how many of those put out are known, at each cut, over stories that took no part in the fit.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from linking import considered_in, pairs_of
from sklearn.linear_model import LogisticRegression

from stillon.extraction import load_reader
from stillon.extraction.mentions import signs_of_worth
from stillon.settings import Settings

STRENGTH = 0.3
"""Inverse of the regularisation; 0.1 to 1 fit alike."""
CUTS = (-1.5, -1.3, -1.1, -1.0, -0.9, -0.7)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("stories", nargs="+", type=Path)
    ask.add_argument("--held-out", nargs="*", default=[])
    ask.add_argument("--out", type=Path, required=True)
    args = ask.parse_args()
    reader = load_reader(Settings())
    signs, known, stories = [], [], []
    for folder in args.stories:
        spare = optional_events(folder)
        for gold, _, found in considered_in(folder, reader):
            matched = {j: gold[i].id for i, j in pairs_of(gold, [each.mention for each in found])}
            weighed = [at for at in range(len(found)) if matched.get(at) not in spare]
            signs += [signs_of_worth(*found[at]) for at in weighed]
            known += [at in matched for at in weighed]
            stories += [folder.name] * len(weighed)
    names = list(signs[0])
    table, right, story = np.array([[s[n] for n in names] for s in signs]), np.array(known), np.array(stories)
    odds = np.zeros(len(right))
    for name in set(stories):
        odds[story == name] = _fit(table[story != name], right[story != name]).decision_function(table[story == name])
    for cut in CUTS:
        out = odds >= cut
        print(json.dumps({"cut": cut, "kept": (out & right).sum() / right.sum(), "known": right[out].mean()}))
    taught = ~np.isin(story, args.held_out)
    model = _fit(table[taught], right[taught])
    lines = [
        "# How likely it is that a careful reader puts an event on record: logistic regression over signs from 0 to 1.",
        "# Made by training/worth.py.",
        "[weights]",
        *(f"{name} = {weight:.2f}" for name, weight in zip(names, model.coef_[0], strict=True)),
        "",
        "[least]",
        f"intercept = {model.intercept_[0]:.2f}",
    ]
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def optional_events(folder: Path) -> set[str]:
    """The ids (as in `linking.gold_mentions`) of events that a dossier may do without."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return {
        f"{folder.name}/{dossier['file']}#{number}"
        for dossier in gold["dossiers"]
        for number, event in enumerate(dossier["events"])
        if event.get("optional")
    }


def _fit(table: np.ndarray, right: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=2000).fit(table, right)


if __name__ == "__main__":
    main()
