"""Make `stillon/extraction/lexicon/worth.toml` from stories with gold dossiers.

    python training/worth.py STORY_FOLDER... --out src/stillon/extraction/lexicon/worth.toml \
        [--held-out NAME ...] [--shaken 3]

Every event that the package's own reader considers in an article is an example; it is worth its place when
it is like a required event of the article's gold dossier (as in linking.py), those like an optional one left out. A
logistic regression over `signs_of_worth` learns which. With `--shaken` the articles are read so many times more by
readers that other weights might make (shaken.py). Held-out stories take no part. Printed, of the first reading
alone: the share of the events found that stay, and how many of those put out are known, at each cut, over stories
that took no part in the fit.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from linking import considered_in, pairs_of
from shaken import shaken
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from stillon.extraction import load_reader
from stillon.extraction.mentions import signs_of_worth
from stillon.settings import Settings

STRENGTH = 0.3
"""Inverse of the regularisation; 0.1 to 1 fit alike."""
CUTS = (-2.3, -2.1, -1.9, -1.7, -1.5, -1.3, -1.1)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("stories", nargs="+", type=Path)
    ask.add_argument("--held-out", nargs="*", default=[])
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--shaken", type=int, default=0)
    args = ask.parse_args()
    reader = load_reader(Settings())
    signs, known, stories, first = [], [], [], 0
    for each in (reader, *shaken(reader, args.shaken)):
        for folder in args.stories:
            spare = optional_events(folder)
            for gold, _, found in considered_in(folder, each):
                matched = {j: gold[i].id for i, j in pairs_of(gold, [event.mention for event in found])}
                weighed = [at for at in range(len(found)) if matched.get(at) not in spare]
                signs += [signs_of_worth(*found[at]) for at in weighed]
                known += [at in matched for at in weighed]
                stories += [folder.name] * len(weighed)
        first = first or len(known)
    names = list(signs[0])
    table, right, story = np.array([[s[n] for n in names] for s in signs]), np.array(known), np.array(stories)
    odds = np.zeros(first)
    for name in set(stories):
        own = np.flatnonzero(story[:first] == name)
        odds[own] = _fit(table[story != name], right[story != name]).decision_function(table[own])
    print(json.dumps({"average precision": average_precision_score(right[:first], odds)}))
    for cut in CUTS:
        out, good = odds >= cut, right[:first]
        print(json.dumps({"cut": cut, "kept": (out & good).sum() / good.sum(), "known": good[out].mean()}))
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
