"""Make `stillon/extraction/lexicon/parties.toml` from stories with gold dossiers and labelled dossiers of the pool.

    python training/parties.py STORY_FOLDER... --pool ../shared/data/pool.jsonl.gz \\
        --labels training/labels/dossiers.jsonl --table src/stillon/extraction/lexicon/parties.toml

Everybody who is named in or near the readings of an event is an example; they take part where the gold says so. A
logistic regression over `signs_of_parties` learns who, from the kinds of events for which it is used; those of the
stories, where only events that were found tell (with the table as it stood, so that a second fit differs a little),
count twice. Printed: F1 of the names of those who take part, by the
rules and as learned, in articles and stories that took no part in the fit.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from dossiers import load_dossiers
from linking import considered_in, pairs_of
from sklearn.linear_model import LogisticRegression

from stillon.extraction import Reader, load_reader, look_through
from stillon.extraction.nodes import Page
from stillon.extraction.parties import LEARNED, PARTIES_MOST, PARTY_LEAST, by_rule, party_of, signs_of_parties
from stillon.extraction.people import same_entity_name
from stillon.extraction.plans import Considered, considered
from stillon.settings import Settings

STRENGTH = 0.3
"""Inverse of the regularisation; 0.1 to 1 fit alike."""
FOLDS, STORY_WEIGHT = 5, 2.0


@dataclass(frozen=True, slots=True)
class Example:
    """One event: who takes part, whom the rules take, and the signs of everybody near it."""

    fold: int
    story: bool
    right: frozenset[str]
    missing: int
    """How many take part who are not named near it."""
    ruled: tuple[str, ...]
    signs: dict[str, dict[str, float]]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("stories", nargs="+", type=Path)
    ask.add_argument("--pool", type=Path, required=True)
    ask.add_argument("--labels", type=Path, required=True)
    ask.add_argument("--table", type=Path, required=True)
    args = ask.parse_args()
    reader = load_reader(Settings())
    examples = [*_of_pool(args.pool, args.labels, reader), *_of_stories(args.stories, reader)]
    names = list(next(iter(examples[0].signs.values())))
    table = np.array([list(s.values()) for e in examples for s in e.signs.values()])
    right = np.array([name in e.right for e in examples for name in e.signs])
    fold = np.array([e.fold for e in examples for _ in e.signs])
    weight = np.array([STORY_WEIGHT if e.story else 1.0 for e in examples for _ in e.signs])
    chance = np.zeros(len(right))
    for part in range(FOLDS):
        own = fold == part
        chance[own] = _fit(table[~own], right[~own], weight[~own]).predict_proba(table[own])[:, 1]
    scores: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    at = 0
    for each in examples:
        likely = dict(zip(each.signs, chance[at : at + len(each.signs)], strict=True))
        at += len(each.signs)
        ranked = sorted(likely, key=lambda name, likely=likely: -likely[name])
        taken = [name for name in ranked if likely[name] >= PARTY_LEAST][:PARTIES_MOST] or ranked[:1]
        scores[each.story].append((_f1(each, each.ruled), _f1(each, taken)))
    for story, pairs in scores.items():
        ruled, learned = np.mean(pairs, axis=0).round(3)
        print(
            json.dumps(
                {"from": "stories" if story else "pool", "events": len(pairs), "rules": ruled, "learned": learned}
            )
        )
    model = _fit(table, right, weight)
    lines = [
        "# Who of all that are named near an event takes part in it: logistic regression over signs from 0 to 1.",
        "# Made by training/parties.py.",
        "[weights]",
        *(
            f"{json.dumps(name) if ' ' in name else name} = {w:.2f}"
            for name, w in zip(names, model.coef_[0], strict=True)
        ),
        "",
        "[least]",
        f"intercept = {model.intercept_[0]:.2f}",
    ]
    args.table.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _of_pool(pool: Path, labels: Path, reader: Reader) -> Iterator[Example]:
    """The events of the labelled articles, each as read by the group with most of its labelled places."""
    for dossier in load_dossiers(pool, labels):
        page, readings = look_through(dossier.report, reader)
        event_at = dossier.event_at()
        for found in considered(page, readings):
            told = [event_at.get((n.reading.in_title, n.reading.event.start)) for n in found.group.nodes]
            votes = Counter(number for number in told if number is not None and number < len(dossier.events))
            if not votes:
                continue
            spans = [tuple(span) for span in dossier.events[votes.most_common(1)[0][0]].get("who", [])]
            entities = [e for e in page.names.entities if any((s.start, s.end) in spans for s in e.spans)]
            fold = zlib.crc32(dossier.report.id.encode()) % FOLDS
            yield from _example(page, found, fold, False, {party_of(e) for e in entities})


def _of_stories(folders: list[Path], reader: Reader) -> Iterator[Example]:
    """The events of the stories that are found as they are read."""
    for number, folder in enumerate(folders):
        for known, page, found in considered_in(folder, reader):
            for i, j in pairs_of(known, [each.mention for each in found]):
                yield from _example(page, found[j], number % FOLDS, True, set(known[i].participants))


def _example(page: Page, found: Considered, fold: int, story: bool, wanted: set[str]) -> Iterator[Example]:
    if found.mention.kind not in LEARNED or not wanted:
        return
    ruled = by_rule(page, found.group, found.mention.kind)
    signs = signs_of_parties(page, found.group, ruled)
    right = {name for name in signs if any(same_entity_name(name, each) for each in wanted)}
    missing = sum(not any(same_entity_name(name, each) for name in signs) for each in wanted)
    if signs:
        yield Example(fold, story, frozenset(right), missing, ruled, signs)


def _f1(example: Example, taken: Iterable[str]) -> float:
    names = list(taken)
    hit = sum(name in example.right for name in names)
    return 2 * hit / (len(example.right) + example.missing + len(names))


def _fit(table: np.ndarray, right: np.ndarray, weight: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=2000).fit(table, right, sample_weight=weight)


if __name__ == "__main__":
    main()
