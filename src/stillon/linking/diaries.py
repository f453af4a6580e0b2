"""Which event an entry of a desk's diary is: by day, names, words of the title, sort of happening, and place.

A planner writes few words, and no report stands behind them, so that the weights of `events` do not hold; an entry
is drawn as they draw a mention, and weighed by a table of its own. An event that is planned for another day than the
entry is taken for it only where no entry fits its own day.
"""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stillon.linking.entities import TABLE, Actor, content, likeness, place_likeness
from stillon.linking.events import NEAR_DAYS, Sketch, kin, sketches
from stillon.model import Assessment, Day, Entry, Kind, Mention, Status

WEIGHTS: Mapping[str, float] = {
    "always": -5.54,
    "day_same": 0.96,
    "day_wide": 0.0,
    "day_near": -0.69,
    "day_unknown": -0.73,
    "day_week": -0.92,
    "day_far": -2.07,
    "names": 1.15,
    "title_told": 1.48,
    "name_told": 1.92,
    "words_shared": 4.09,
    "sort_clash": -1.49,
    "place_clash": -1.14,
    "mark_clash": -1.40,
    "mark_one": -1.16,
}
"""Log odds by piece of evidence, made by training/diaries.py: logistic regression over the events of 20 development
stories, the title of an entry being another report's name for its event with words dropped, put in and changed."""
MATCH_AT = 0.25
"""Score (probability) from which an entry and an event are the same: on stories that the weights were not made from
(four folds, 275 entries, printed by the same script), 0.88 of the matches are right and 0.59 of the events are found
where the report is read well, 0.77 and 0.27 where it is read so poorly that names and days are lost; at 0.5, 0.89 and
0.52, and 0.82 and 0.19."""
MATCH_ELSEWHEN_AT = 0.5
"""The same where the event is planned for another day, and nothing says that it moved."""
WEEK_DAYS = 10
"""Days apart up to which two days are a week apart and not far."""
FAR_DAYS = 92
"""Days apart from which an event is never the entry's."""
_MOVED = frozenset({Status.POSTPONED, Status.RESCHEDULED, Status.ON_HOLD, Status.CANCELLED, Status.IN_DOUBT})
_KIND_OF: Mapping[str, Kind] = {
    "summit": Kind.MEETING, "talks": Kind.TALKS, "round": Kind.TALKS, "meal": Kind.MEETING, "call": Kind.CALL,
    "visit": Kind.VISIT, "vote": Kind.VOTE, "hearing": Kind.HEARING, "trial": Kind.TRIAL, "speech": Kind.SPEECH,
    "rally": Kind.RALLY, "strike": Kind.STRIKE, "debate": Kind.DEBATE, "election": Kind.ELECTION,
    "convention": Kind.CONFERENCE, "ceremony": Kind.CEREMONY, "launch": Kind.LAUNCH, "deadline": Kind.DEADLINE,
    "measure": Kind.MEASURE, "match": Kind.MATCH,
}  # fmt: skip
"""Kind of event for each head of names.toml that has one."""
_UNKNOWN = 0.5
"""What a share counts where there is nothing to take it of."""
Window = tuple[Day, Day]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """An entry or an event as the two are compared."""

    sketch: Sketch
    """As linking draws a mention."""
    telling: frozenset[str]
    """Words of its name that say which it is."""
    bag: frozenset[str]
    """All its words, and the names of the countries that they speak of."""


def match(entries: Iterable[Entry], answers: Iterable[Assessment]) -> dict[str, tuple[str, float]]:
    """(id of the event, score) for each entry, by id, that an event fits with `MATCH_AT` or more.

    Several entries of one day may be one event. The result depends on neither order.
    """
    drawn_events = {each.event.id: _draw_event(each) for each in answers}
    drawn_entries = {each.id: _draw_entry(each) for each in entries}
    pairs = []
    for entry, event in _candidates(drawn_entries, drawn_events):
        one, other = drawn_entries[entry], drawn_events[event]
        score = _score(one, other)
        apart = not _same_day(one.sketch, other.sketch)
        stated = not other.sketch.days or bool(other.sketch.was) or other.sketch.status in _MOVED
        if score >= (MATCH_ELSEWHEN_AT if apart and not stated else MATCH_AT):
            pairs.append((apart, -score, entry, event))
    found: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for apart, lost, entry, event in sorted(pairs):
        if entry not in found and not (apart and event in taken):
            found[entry] = (event, -lost)
            taken.add(event)
    return found


def score_of(entry: Entry, answer: Assessment) -> float:
    """How surely the event is the entry's, 0 to 1."""
    return _score(_draw_entry(entry), _draw_event(answer))


def _draw_entry(entry: Entry) -> _Drawn:
    mention = Mention(
        id=entry.id,
        report=entry.id,
        name=entry.title,
        kind=Kind.OTHER,
        participants=entry.names,
        place=entry.place,
        when=entry.when,
    )
    sketch = sketches([mention])[entry.id]
    said = [entry.title, *entry.names, entry.place or "", entry.notes or ""]
    return _Drawn(sketch, sketch.topic, frozenset(word for each in said for word in _words(each)))


def _draw_event(answer: Assessment) -> _Drawn:
    event = answer.event
    mention = Mention(
        id=event.id,
        report=event.id,
        name=event.name,
        kind=event.kind,
        participants=event.participants,
        host=event.host,
        place=answer.place or event.place,
        when=answer.when,
        was=answer.was,
        status=answer.status,
    )
    sketch = sketches([mention])[event.id]
    said = [event.name, *event.participants, *event.host, answer.place or "", event.place or ""]
    return _Drawn(sketch, sketch.topic, frozenset(word for each in said for word in _words(each)))


def _words(text: str) -> set[str]:
    """The words of a text without endings, and the countries that they stand for."""
    words = content(text)
    found = {_bare(word) for word in words}
    for size in (1, 2, 3):
        for at in range(len(words) - size + 1):
            state = TABLE.state_of.get(words[at : at + size])
            if state is not None:
                found.update(_bare(word) for word in content(state))
    return found


def _bare(word: str) -> str:
    """The word as a sketch has it: without the s of its plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _candidates(entries: Mapping[str, _Drawn], events: Mapping[str, _Drawn]) -> set[tuple[str, str]]:
    """Pairs of ids that share a telling word or a name, and are not months apart."""
    by_word: defaultdict[str, defaultdict[int | None, list[str]]] = defaultdict(lambda: defaultdict(list))
    for id, drawn in events.items():
        months: set[int | None] = {month for window in _windows(drawn.sketch) for month in _months(window, 0)}
        for word in _keys(drawn):
            for month in months or {None}:
                by_word[word][month].append(id)
    found: set[tuple[str, str]] = set()
    for id, drawn in entries.items():
        near = [None, *(month for window in _windows(drawn.sketch)[:1] for month in _months(window, FAR_DAYS))]
        for word in drawn.bag:
            if word in by_word:
                found.update((id, event) for month in near for event in by_word[word].get(month, ()))
    return found


def _keys(drawn: _Drawn) -> frozenset[str]:
    names = {_bare(word) for one in drawn.sketch.actors for key in one.keys for word in key.split()}
    return drawn.telling | names


def _windows(sketch: Sketch) -> list[Window]:
    return [*([sketch.days] if sketch.days else ()), *sketch.was]


def _months(window: Window, more_days: int) -> range:
    more = datetime.timedelta(days=more_days)
    first, last = window[0] - more, window[1] + more
    return range(12 * first.year + first.month, 12 * last.year + last.month + 1)


def _same_day(entry: Sketch, event: Sketch) -> bool:
    return entry.days is not None and any(_apart_days(entry.days, own) == 0 for own in _windows(event))


def _apart_days(a: Window, b: Window) -> int:
    """Days between two windows, 0 where they overlap."""
    return max((b[0] - a[1]).days, (a[0] - b[1]).days, 0)


def _score(entry: _Drawn, event: _Drawn) -> float:
    """The probability that the two are one; 0 where they are months apart or no word or name says so."""
    found = _evidence(entry, event)
    if found is None:
        return 0.0
    return 1 / (1 + math.exp(-sum(WEIGHTS[name] * value for name, value in found.items())))


def _evidence(entry: _Drawn, event: _Drawn) -> dict[str, float] | None:
    windows = _windows(event.sketch)
    days = entry.sketch.days
    apart = min((_apart_days(days, own) for own in windows), default=None) if days else None
    names = _named(entry, event)
    title_told, name_told = _told(entry.telling, event.bag), _told(event.telling, entry.bag)
    if (apart is not None and apart > FAR_DAYS) or not (names or title_told or name_told):
        return None
    ours, theirs = entry.sketch.marks - event.bag, event.sketch.marks - entry.bag
    both = entry.sketch.name_words & event.sketch.name_words
    return {
        "always": 1.0,
        _day(apart, windows): 1.0,
        "names": _UNKNOWN if names is None else names,
        "title_told": _UNKNOWN if title_told is None else title_told,
        "name_told": _UNKNOWN if name_told is None else name_told,
        "words_shared": len(both) / len(entry.sketch.name_words | event.sketch.name_words),
        "sort_clash": float(_sort_clashes(entry.sketch, event.sketch)),
        "place_clash": float(_place_clashes(entry, event)),
        "mark_clash": float(bool(ours and theirs)),
        "mark_one": float(bool(ours) != bool(theirs)),
    }


def _day(apart: int | None, windows: Sequence[Window]) -> str:
    """Which piece of evidence the days are; an event of some weeks' width that holds the entry says nothing."""
    if apart is None:
        return "day_unknown"
    if apart == 0:
        return "day_same" if any(a == b or (b - a).days == 1 for a, b in windows) else "day_wide"
    return "day_near" if apart <= NEAR_DAYS else "day_week" if apart <= WEEK_DAYS else "day_far"


def _told(words: frozenset[str], bag: frozenset[str]) -> float | None:
    """The share of the words that the bag holds, None where there are none."""
    return len(words & bag) / len(words) if words else None


def _named(entry: _Drawn, event: _Drawn) -> float | None:
    """How many of the event's first participants the entry names: two of them are enough."""
    actors = event.sketch.actors
    if not actors:
        return None
    best = sorted((_named_one(one, entry) for one in actors), reverse=True)
    enough = best[: min(len(best), 2)]
    return sum(enough) / len(enough)


def _named_one(one: Actor, entry: _Drawn) -> float:
    for key in one.keys:
        if {_bare(word) for word in key.split()} <= entry.bag:
            return 1.0
    if {_bare(word) for word in one.words} <= entry.bag:
        return 1.0
    return max((likeness(one, other) for other in entry.sketch.actors), default=0.0)


def _sort_clashes(entry: Sketch, event: Sketch) -> bool:
    """True where the two are called different sorts of happening."""
    if not entry.heads or entry.heads & event.heads:
        return False
    kinds = {_KIND_OF[head] for head in entry.heads if head in _KIND_OF}
    return not any(kind is event.kind or kin(kind, event.kind) for kind in kinds)


def _place_clashes(entry: _Drawn, event: _Drawn) -> bool:
    """True where the two are in places of which neither can be the other."""
    ours, theirs = entry.sketch.place, event.sketch.place
    if not ours or not theirs or {_bare(word) for word in content(theirs)} <= entry.bag:
        return False
    return place_likeness(ours, theirs) == 0


def differs_in_place(entry: Entry, answer: Assessment, texts: Sequence[str]) -> bool:
    """True where the event is put elsewhere than the entry.

    A venue and a town cannot be told apart by their names, so that two places differ only where `texts`, the
    reports of the event, speak of the entry's place too, or where both lie in countries that are known and differ.
    """
    place = answer.place or answer.event.place
    if not entry.place or not place or place_likeness(entry.place, place) != 0:
        return False
    own, theirs = _countries(entry.place), _countries(place)
    if own and theirs:
        return not own & theirs
    wanted = " ".join(content(entry.place.split(",")[0]))
    return bool(wanted) and any(wanted in " ".join(content(text)) for text in texts)


def _countries(place: str) -> frozenset[str]:
    words = content(place)
    return frozenset(
        state
        for size in (1, 2, 3)
        for at in range(len(words) - size + 1)
        if (state := TABLE.state_of.get(words[at : at + size])) is not None
    )
