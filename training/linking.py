"""Make `stillon/linking/weights.toml` from stories with gold dossiers.

    python training/linking.py STORY_FOLDER... --out src/stillon/linking/weights.toml [--held-out NAME ...] \
        [--read [--shaken 3]] [--pool ../shared/data/pool.jsonl.gz --labels training/labels]

Every gold event of an article is a mention; mentions of one slug in one story are the same event. Each is
used as it stands and, several times over, damaged the way reading damages mentions: participants lost or
cut to the last name, place, date, status or kind lost or wrong, the name cut to a few of its words. With
`--read` the mentions that the package's own reader finds take part too, each as the gold event it is most
like, and with `--shaken` those that so many readers with other weights might find (shaken.py). Pairs that
share a block key are the examples of a logistic regression, save those of two stories that overlap. With
`--pool` what the reader finds in the articles of labels/dossiers.jsonl takes part, one event where
labels/links.jsonl says so. Held-out stories take no part, and are scored after.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from dossiers import load_dossiers
from shaken import shaken
from sklearn.linear_model import LogisticRegression

from stillon.errors import StillonError
from stillon.extraction import Reader, extract, load_reader, look_through
from stillon.extraction.nodes import Page
from stillon.extraction.plans import Considered, considered
from stillon.linking import events
from stillon.linking.entities import About, about
from stillon.model import Day, Kind, Mention, Precision, Report, Span, Status, When
from stillon.reading import read_source
from stillon.settings import Settings

DAMAGED_TIMES = 4
LIKE_LEAST = 1.2
READ_TIMES = 3  # what is really read, by however many readers, counts as much as this many damaged copies
PERIODS = ("2013-10", "2018-06", "2019-10")  # months of which readers saw every article, to tell which events are one
JOIN_AT = -3.0  # swept -3.3 to -2.4 on the stories, read by four readers (shaken.py): above it main events fall apart


def gold_mentions(folder: Path) -> Iterator[tuple[str, Mention]]:
    """(slug, mention) of every event of every article of the story."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    published = {a["id"]: Day.fromisoformat(a["published"][:10]) for a in map(json.loads, lines)}
    for dossier in gold["dossiers"]:
        for number, event in enumerate(dossier["events"]):
            place = event["place"]
            yield (
                f"{folder.name}/{event['id']}",
                Mention(
                    id=f"{folder.name}/{dossier['file']}#{number}",
                    report=f"{folder.name}/{dossier['file']}",
                    name=event["name"],
                    kind=Kind(event["kind"]),
                    participants=tuple(event["participants"]),
                    place=place["name"] if isinstance(place, dict) else place,
                    when=_when(event["date"]),
                    status=Status(event["status"]),
                    published=published[dossier["file"]],
                    spans=(Span(number, number + 1),),
                ),
            )


def _when(date: str | dict[str, str] | None) -> When | None:
    if date is None:
        return None
    start, end = (date, date) if isinstance(date, str) else (date["start"], date["end"])
    precision = Precision.DAY if start == end else Precision.WINDOW
    return When(start=Day.fromisoformat(start[:10]), end=Day.fromisoformat(end[:10]), precision=precision, text="")


def damaged(gold: list[tuple[str, Mention]], chance: random.Random) -> list[tuple[str, Mention]]:
    """The mentions as a poor reading of their reports might have given them."""
    named = defaultdict(list)
    for _, mention in gold:
        named[mention.report] += mention.participants
    return [(slug, _damaged(mention, named[mention.report], chance)) for slug, mention in gold]


def _damaged(mention: Mention, named: list[str], chance: random.Random) -> Mention:
    people = [p for p in mention.participants if chance.random() > 0.2]
    if named and chance.random() < 0.2:
        people.append(chance.choice(named))
    people = [p.split()[-1] if chance.random() < 0.3 and p[0].isupper() else p for p in people]
    when = mention.when
    if when and when.start and chance.random() < 0.3:
        when = None
    elif when and when.start and when.end and chance.random() < 0.07:
        off = datetime.timedelta(days=chance.choice([-7, -1, 1, 7]))
        when = dataclasses.replace(when, start=when.start + off, end=when.end + off)
    words = mention.name.split()
    if chance.random() < 0.6:
        keep = 0.5 if chance.random() < 0.5 else 0.25
        words = [w for w in words if chance.random() < keep] or [mention.kind.value]
    return dataclasses.replace(
        mention,
        name=" ".join(words) if chance.random() > 0.25 else f"the {mention.kind.value}",
        kind=_mistaken(mention.kind, chance) if chance.random() < 0.15 else mention.kind,
        participants=tuple(people),
        place=None if chance.random() < 0.4 else mention.place,
        when=when,
        status=chance.choice([*Status, None]) if chance.random() < 0.25 else mention.status,
        spans=(Span(0, 1 + chance.randrange(5)),) if chance.random() < 0.2 else mention.spans,
    )


def _mistaken(kind: Kind, chance: random.Random) -> Kind:
    near = [other for other in Kind if other != kind and events.kin(kind, other)]
    return chance.choice(near) if near and chance.random() < 0.8 else chance.choice(list(Kind))


def read_mentions(folder: Path, gold: list[tuple[str, Mention]], reader: Reader) -> Iterator[tuple[str, Mention]]:
    """(slug, mention) of what the reader finds in the story's articles, as far as it is like a gold event."""
    of_report = defaultdict(list)
    for slug, mention in gold:
        of_report[mention.report].append((slug, mention))
    for report in read_source(str(folder / "articles.jsonl"), Settings()):
        if isinstance(report, StillonError):
            continue
        id = f"{folder.name}/{report.file}"
        found = extract(report, reader).mentions
        for i, j in pairs_of([known for _, known in of_report[id]], found):
            yield of_report[id][i][0], dataclasses.replace(found[j], id=f"{id}#read{j}", report=id)


def pool_mentions(
    pool: Path, labels: Path, reader: Reader
) -> tuple[dict[str, list[tuple[str, Mention]]], dict[str, About]]:
    """By period, (slug, mention) of what the reader finds of the pool's labelled events; what its reports are about.

    Readers told which events of a period are one; of two periods nothing is known.
    """
    lines = (labels / "links.jsonl").read_text(encoding="utf-8").splitlines()
    linked = {tuple(one): number for number, row in enumerate(map(json.loads, lines)) for one in row}
    found: defaultdict[str, list[tuple[str, Mention]]] = defaultdict(list)
    of = {}
    for dossier in load_dossiers(pool, labels / "dossiers.jsonl"):
        report, event_at = dossier.report, dossier.event_at()
        of[report.id] = about(report)
        for mention in extract(report, reader).mentions:
            votes = Counter(event_at.get((False, span.start)) for span in mention.spans)
            number = votes.most_common(1)[0][0] if votes else None
            if number is not None and number < len(dossier.events):
                period = _period(report.published)
                slug = linked.get((report.id, number), f"{report.id}.{number}")
                found[period].append((f"{period}/{slug}", mention))
    return found, of


def _period(day: Day | None) -> str:
    """One of PERIODS, or "rest" for the other months, which readers saw together."""
    month = f"{day:%Y-%m}" if day else ""
    return month if month in PERIODS else "rest"


def considered_in(folder: Path, reader: Reader) -> Iterator[tuple[list[Mention], Page, list[Considered]]]:
    """Of each article of a story: its annotated mentions, the page as read, every event that the reader considers."""
    of_report = defaultdict(list)
    for _, mention in gold_mentions(folder):
        of_report[mention.report].append(mention)
    for report in read_source(str(folder / "articles.jsonl"), Settings()):
        if not isinstance(report, StillonError):
            page, readings = look_through(report, reader)
            yield of_report[f"{folder.name}/{report.file}"], page, considered(page, readings)


def pairs_of(gold: Sequence[Mention], read: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """Places of the annotated and the read mentions of one article that are one event, the most alike first."""
    pairs = ((_alike(known, found), i, j) for i, known in enumerate(gold) for j, found in enumerate(read))
    taken: set[tuple[str, int]] = set()
    for likeness, i, j in sorted(pairs, reverse=True):
        if likeness >= LIKE_LEAST and not taken & {("gold", i), ("read", j)}:
            taken |= {("gold", i), ("read", j)}
            yield i, j


def _alike(known: Mention, read: Mention) -> float:
    """How alike two mentions of one article are: shares of names, words, kind, place and days that agree."""
    people, others = ({n.split()[-1].lower() for n in m.participants} for m in (known, read))
    words, more = (set(m.name.lower().split()) for m in (known, read))
    days = known.when is not None and read.when is not None and known.when.start == read.when.start
    same_place = bool(known.place) and known.place == read.place
    return (
        2 * len(people & others) / max(1, len(people) + len(others))
        + len(words & more) / max(1, len(words | more))
        + 0.5 * (known.kind is read.kind)
        + 0.7 * days
        + 0.7 * same_place
    )


def read_about(folders: Iterable[Path]) -> dict[str, About]:
    """By report id, what the report is about."""
    found = {}
    for folder in folders:
        for article in map(json.loads, (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()):
            id = f"{folder.name}/{article['id']}"
            found[id] = about(Report(id=id, file=id, text=article["text"], title=article.get("title")))
    return found


def overlapping(gold: dict[str, list[tuple[str, Mention]]]) -> set[frozenset[str]]:
    """Pairs of stories that tell of an event in common, as far as equal annotations show it."""
    told = defaultdict(set)
    for story, mentions in gold.items():
        for _, m in mentions:
            told[m.kind, frozenset(m.participants), m.place, m.when].add(story)
    return {frozenset(pair) for stories in told.values() for pair in combinations(sorted(stories), 2)}


def examples(
    mentions: list[tuple[str, Mention]], of: dict[str, About], apart: set[frozenset[str]]
) -> Iterator[tuple[dict[str, float], bool]]:
    """(evidence, same event) of each pair that linking would compare, save between stories of `apart`."""
    slug_of = {mention.id: slug for slug, mention in mentions}
    drawn = events.sketches((mention for _, mention in mentions), of)
    for a, b in sorted(events.candidates(drawn.values())):
        stories = frozenset(slug_of[one].partition("/")[0] for one in (a, b))
        alone = drawn[a].report == drawn[b].report
        if stories not in apart and not alone and not events.ruled_out(drawn[a], drawn[b]):
            yield events.evidence(drawn[a], drawn[b]), slug_of[a] == slug_of[b]


def fitted(rows: list[tuple[dict[str, float], bool]]) -> dict[str, float]:
    """Weight of each piece of evidence."""
    names = sorted({name for found, _ in rows for name in found} - {"always"})
    table = np.array([[found.get(name, 0.0) for name in names] for found, _ in rows])
    model = LogisticRegression(C=0.3, max_iter=3000)
    model.fit(table, [same for _, same in rows])
    weights = dict(zip(names, model.coef_[0], strict=True))
    return {"always": float(model.intercept_[0])} | {n: float(w) for n, w in weights.items()}


def b_cubed(slug_of: dict[str, str], mentions: Iterable[Mention], of: dict[str, About]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the mentions of events that stand in two articles or more."""
    groups = defaultdict(set)
    for mention, slug in slug_of.items():
        groups[slug].add(mention)
    counted = {m for group in groups.values() if len(group) > 1 for m in group}
    precision = recall = 0.0
    for event in events.same_events(mentions, of):
        own = counted & set(event.mentions)
        for mention in own:
            gold = groups[slug_of[mention]]
            precision += len(own & gold) / len(own) / len(counted)
            recall += len(own & gold) / len(gold) / len(counted)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("stories", nargs="+", type=Path)
    ask.add_argument("--held-out", nargs="*", default=[])
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--read", action="store_true", help="learn from what the reader finds, too")
    ask.add_argument("--shaken", type=int, default=0)
    ask.add_argument("--pool", type=Path, help="learn from its labelled articles, too")
    ask.add_argument("--labels", type=Path, default=Path("training/labels"))
    args = ask.parse_args()
    chance = random.Random(20)
    folders = [f for f in args.stories if f.is_dir()]
    told = {f.name: list(gold_mentions(f)) for f in folders}
    of = read_about(folders)
    apart = overlapping(told)
    gold = [pair for name, pairs in told.items() if name not in args.held_out for pair in pairs]
    rows = list(examples(gold, of, apart))
    for _ in range(DAMAGED_TIMES):
        rows += examples(damaged(gold, chance), of, apart)
    read: dict[str, list[tuple[str, Mention]]] = {}
    if args.pool or args.read:
        reader = load_reader(Settings())
    if args.pool:
        labelled, about_those = pool_mentions(args.pool, args.labels, reader)
        unknown = {frozenset(pair) for pair in combinations(labelled, 2)}
        rows += examples([pair for pairs in labelled.values() for pair in pairs], about_those, unknown)
    if args.read:
        readers = [*shaken(reader, args.shaken), reader]
        for each in readers:
            read = {f.name: list(read_mentions(f, told[f.name], each)) for f in folders}
            seen = [pair for name, pairs in read.items() if name not in args.held_out for pair in pairs]
            rows += list(examples(seen, of, apart)) * max(1, READ_TIMES // len(readers))
    weights = fitted(rows)
    lines = [
        f"# Made by training/linking.py: logistic regression over {len(rows)} pairs of mentions of the stories, as",
        f"# annotated, damaged {DAMAGED_TIMES} times over and read, and of the labelled pool. Log odds by evidence.",
        f"join_at = {JOIN_AT}",
        "",
        "[weights]",
        *(f"{name} = {weight:.2f}" for name, weight in weights.items()),
    ]
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    events.WEIGHTS, events.JOIN_AT = weights, JOIN_AT
    for label, held in (("developed on", False), ("held out", True)):
        gold = [pair for name, pairs in told.items() if (name in args.held_out) == held for pair in pairs]
        poor = damaged(gold, chance)
        seen = [pair for name, pairs in read.items() if (name in args.held_out) == held for pair in pairs]
        for state, pairs in (("as annotated", gold), ("damaged", poor), ("as read", seen)):
            if not pairs:
                continue
            figures = b_cubed({m.id: slug for slug, m in pairs}, [m for _, m in pairs], of)
            print(label, state, " ".join(f"{figure:.3f}" for figure in figures))


if __name__ == "__main__":
    main()
