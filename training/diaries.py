"""Make the weights of `stillon/linking/diaries.py` from stories with gold dossiers.

    python training/diaries.py STORY_FOLDER...

No desk's diary is at hand, so that entries are made of the stories: the title of an entry is the name that one
report gives an event, with words dropped, put in and changed as planners write them; the event it is held against is
the same event as another report tells of it, read well or poorly. Every pair that matching would look at is an
example of a logistic regression. Printed are the weights over all stories, and how many of the matches are right and
how many of the events are found on stories that took no part (four folds), for several least scores.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from linking import damaged, gold_mentions
from sklearn.linear_model import LogisticRegression

from stillon.linking import diaries
from stillon.model import Assessment, Entry, Event, Mention, Status, When

FOLDS = 4
TIMES = 3  # entries made of each event, each of another report's name where there are so many
PUT_IN = "coverage presser TBC live briefing media photocall day session date watch statement expected local".split()
CHANGED = {
    "meeting": "summit", "summit": "meeting", "vote": "ballot", "hearing": "testimony", "testimony": "hearing",
    "visit": "trip", "talks": "negotiations", "rally": "event", "election": "poll", "speech": "address",
}  # fmt: skip
LEAST = (0.1, 0.25, 0.5, 0.75)

Told = Mapping[str, Sequence[Mention]]
"""The mentions of each event."""


def entries_of(told: Told, chance: random.Random) -> Iterator[tuple[str, Entry, Mention]]:
    """(event, entry, the mention that it was made of), for events with a day that two reports speak of."""
    for slug, mentions in sorted(told.items()):
        dated = [each for each in mentions if each.when is not None and each.when.start is not None]
        if len({each.report for each in mentions}) < 2 or not dated:
            continue
        for number, made_of in enumerate(chance.sample(dated, min(TIMES, len(dated)))):
            words = [CHANGED.get(word, word) if chance.random() < 0.3 else word for word in made_of.name.split()]
            words = [word for word in words if chance.random() > 0.2] or made_of.name.split()
            if chance.random() < 0.4:
                words.insert(chance.randrange(len(words) + 1), chance.choice(PUT_IN))
            when = made_of.when
            assert isinstance(when, When)
            yield (
                slug,
                Entry(
                    id=f"{slug}/{number}",
                    diary="made",
                    uid=f"{slug}/{number}",
                    title=" ".join(words),
                    when=when,
                    names=tuple(name for name in made_of.participants if chance.random() < 0.3),
                    place=made_of.place if chance.random() < 0.5 else None,
                ),
                made_of,
            )


def answer_of(slug: str, mention: Mention) -> Assessment:
    """The answer of an event of which this one mention tells."""
    event = Event(
        id=slug,
        name=mention.name,
        kind=mention.kind,
        participants=mention.participants,
        host=mention.host,
        place=mention.place,
        mentions=(mention.id,),
    )
    return Assessment(
        event=event, as_of=None, status=mention.status or Status.ANNOUNCED, when=mention.when, was=mention.was
    )


def answers_of(
    told: Told, made_of: Mapping[str, set[str]], chance: random.Random, *, poorly: bool
) -> dict[str, Assessment]:
    """An answer for each event, out of a report that no entry of it was made of, where there is one."""
    found = {}
    for slug, mentions in sorted(told.items()):
        others = [each for each in mentions if each.report not in made_of.get(slug, set())] or list(mentions)
        chosen = chance.choice(others)
        if poorly:
            ((_, chosen),) = damaged([(slug, chosen)], chance)
        found[slug] = answer_of(slug, chosen)
    return found


@dataclasses.dataclass(frozen=True)
class Desk:
    """A diary and the answers that it is held against."""

    entries: Mapping[str, Entry]
    is_event: Mapping[str, str]
    answers: Mapping[str, Assessment]


def desks(told: Told, chance: random.Random) -> Iterator[Desk]:
    """The same diary against answers read well, and read poorly."""
    made = list(entries_of(told, chance))
    made_of = defaultdict(set)
    for slug, _, mention in made:
        made_of[slug].add(mention.report)
    for poorly in (False, True):
        yield Desk(
            entries={entry.id: entry for _, entry, _ in made},
            is_event={entry.id: slug for slug, entry, _ in made},
            answers=answers_of(told, made_of, chance, poorly=poorly),
        )


def examples(desk: Desk) -> Iterator[tuple[Mapping[str, float], bool]]:
    """(evidence, same) of each pair that matching would look at."""
    entries = {id: diaries._draw_entry(entry) for id, entry in desk.entries.items()}
    events = {id: diaries._draw_event(answer) for id, answer in desk.answers.items()}
    for entry, event in sorted(diaries._candidates(entries, events)):
        evidence = diaries._evidence(entries[entry], events[event])
        if evidence is not None:
            yield evidence, desk.is_event[entry] == event


def fitted(rows: Sequence[tuple[Mapping[str, float], bool]]) -> dict[str, float]:
    names = [
        name for name in diaries.WEIGHTS if name not in ("always", "day_wide")
    ]  # day_wide is what others part from
    model = LogisticRegression(C=0.3, max_iter=3000)
    model.fit([[found.get(name, 0.0) for name in names] for found, _ in rows], [same for _, same in rows])
    weights = {"always": float(model.intercept_[0]), "day_wide": 0.0}
    return weights | {name: float(weight) for name, weight in zip(names, model.coef_[0], strict=True)}


def counted(desk: Desk, weights: Mapping[str, float], least: float) -> tuple[int, int, int]:
    """How many matches there are, how many of them are right, and how many there should be."""
    diaries.WEIGHTS, diaries.MATCH_AT = weights, least
    diaries.MATCH_ELSEWHEN_AT = max(least, 0.5)
    found = diaries.match(desk.entries.values(), desk.answers.values())
    right = sum(desk.is_event[entry] == event for entry, (event, _) in found.items())
    return len(found), right, len(desk.entries)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("stories", nargs="+", type=Path)
    ask.add_argument("--seed", type=int, default=31)
    args = ask.parse_args()
    shipped = dict(diaries.WEIGHTS)
    folders = sorted(folder for folder in args.stories if (folder / "gold.json").exists())

    def told_in(chosen: Iterable[Path]) -> Told:
        told = defaultdict(list)
        for folder in chosen:
            for slug, mention in gold_mentions(folder):
                told[slug].append(mention)
        return told

    def made_of(chosen: Iterable[Path]) -> list[Desk]:
        return list(desks(told_in(chosen), random.Random(args.seed)))

    print(f"{len(folders)} stories, {sum(1 for _ in made_of(folders)[0].entries)} entries")
    print("[weights]")
    for name, weight in fitted([row for desk in made_of(folders) for row in examples(desk)]).items():
        print(f"{name} = {weight:.2f}  # shipped: {shipped[name]:.2f}")
    tallies: dict[tuple[str, str, float], list[int]] = defaultdict(lambda: [0, 0, 0])
    for fold in range(FOLDS):
        kept = folders[fold::FOLDS]
        others = [folder for folder in folders if folder not in kept]
        weights = fitted([row for desk in made_of(others) for row in examples(desk)])
        for state, desk in zip(("read well", "read poorly"), made_of(kept), strict=True):
            for label, own in (("made without them", weights), ("shipped", shipped)):
                for least in LEAST:
                    for at, number in enumerate(counted(desk, own, least)):
                        tallies[label, state, least][at] += number
    for (label, state, least), (matches, right, wanted) in sorted(tallies.items()):
        print(f"{label}, {state}, {least}: right {right / max(1, matches):.3f}, found {right / wanted:.3f} of {wanted}")


if __name__ == "__main__":
    main()
