"""Make the weights of `stillon/extraction/lexicon/bearing.toml` from stories with gold dossiers.

    python training/bearing.py STORY_FOLDER... --table src/stillon/extraction/lexicon/bearing.toml [--held-out NAME ...]

Every saying of an article that names no event is an example; it bears on an event when a claim of the gold
dossier has its words (half of the words of both together), required or optional. A logistic regression over
`Claims.signs` learns which. Held-out stories take no part. Printed: the average precision over stories that
took no part in the fit.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from stillon.errors import StillonError
from stillon.extraction import load_reader, look_through
from stillon.extraction.plans import claims_of
from stillon.reading import read_source
from stillon.settings import Settings

STRENGTH = 0.3
"""Inverse of the regularisation; 0.1 to 1 fit alike."""
SAME_WORDS = 0.5


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("stories", nargs="+", type=Path)
    ask.add_argument("--held-out", nargs="*", default=[])
    ask.add_argument("--table", type=Path, required=True)
    args = ask.parse_args()
    reader = load_reader(Settings())
    signs, bears, stories = [], [], []
    for folder in args.stories:
        gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
        known = {one["file"]: [_words(claim["text"]) for claim in one["claims"]] for one in gold["dossiers"]}
        for report in read_source(str(folder / "articles.jsonl"), Settings()):
            if isinstance(report, StillonError):
                continue
            claims = claims_of(*look_through(report, reader))
            for saying, group in claims.silent():
                if group is None:
                    continue
                words = _words(saying.span.of(claims.page.text(saying.in_title)))
                signs.append(claims.signs(saying, group))
                bears.append(any(_shared(words, told) >= SAME_WORDS for told in known.get(report.file, [])))
                stories.append(folder.name)
    names = list(signs[0])
    table, right, story = np.array([[s[n] for n in names] for s in signs]), np.array(bears), np.array(stories)
    odds = np.zeros(len(right))
    for name in set(stories):
        odds[story == name] = _fit(table[story != name], right[story != name]).decision_function(table[story == name])
    print(f"{len(right)} sayings, {right.sum()} bear; average precision {average_precision_score(right, odds):.3f}")
    taught = ~np.isin(story, args.held_out)
    weights = _fit(table[taught], right[taught]).coef_[0]
    fresh = "[weights]\n" + "".join(f"{name} = {weight:.2f}\n" for name, weight in zip(names, weights, strict=True))
    written = args.table.read_text(encoding="utf-8")
    args.table.write_text(re.sub(r"\[weights\]\n(?:.+\n)*", fresh, written), encoding="utf-8")


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))


def _shared(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def _fit(table: np.ndarray, right: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=2000).fit(table, right)


if __name__ == "__main__":
    main()
