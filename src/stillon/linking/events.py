"""The same planned event across reports.

Each mention is read once into a `Sketch`. Mentions that share a block key are compared, each pair by
itself (`evidence`, weighed by the table weights.toml into log odds); then mentions are gathered, surest
pairs first, as long as two gathered groups agree on average and no pair between them is ruled out. The
keys of a mention and the odds of a pair depend on those mentions alone, so a new report touches only
the mentions it shares a key with, and the order in which reports came in changes nothing.
"""

from __future__ import annotations

import datetime
import heapq
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import combinations

from stillon.linking.entities import About, Actor, actor, content, likeness, place_keys, place_likeness
from stillon.model import Day, Event, Kind, Mention, Status, When

_WORDS = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
_TABLE = tomllib.loads((files(__package__) / "weights.toml").read_text(encoding="utf-8"))
WEIGHTS: Mapping[str, float] = _TABLE["weights"]
"""Log odds by piece of evidence; made by training/linking.py."""
JOIN_AT: float = _TABLE["join_at"]
"""Mean log odds from which two groups of mentions are one event."""
TOLD_APART = 6.0
"""Log odds that two mentions lose because one report tells them apart, which is never enough to join the two.

A report that is read badly, or tells of an old day and a new one, has one event twice. What other reports say
may join them; swept 3 to 10 on the development stories."""
ALIKE = 0.5
"""Log odds below which nothing joins two mentions of one report.

On the development stories B3 of linking is 0.626 without it, 0.627 at 0, 0.633 at 0.5 and 0.615 at 1, checkpoints are
0.710, 0.708, 0.699 and 0.664."""
OF_MANY = frozenset({Kind.VISIT, Kind.TALKS, Kind.OTHER})
"""Kinds of which a report and its neighbours tell of many alike, so that more is asked for two to be one."""
OF_MANY_LESS = 0.6
"""What that takes away, in log odds; 0.4 to 0.8 do the same on the development stories."""
HELD_BEFORE = 8.0
"""Log odds that two mentions lose because the one was held on days before those for which a later report has the other.

Where either is read badly, others outweigh it. From 5 to 10 all the same on the development stories, where B3 of
linking is 0.657 (0.651 at 20, or where this rules the two out), one_event 0.823 (0.813), checkpoints 0.696 (0.703)."""
SAME_ACTOR = 0.3
"""Likeness from which two names may stand for one actor."""
RULED_OUT = -1000.0
"""Log odds of a pair that no other evidence can join."""
NEAR_DAYS = 3
"""Days that a loosely reported date may be off."""
PLAN_DAYS = 400
"""Farthest planned day, in days from its report, up to which a mention is looked for in all months between."""
LIFE_DAYS = 62
"""Days from its report for which a mention without a date is looked for."""


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


UNTOLD = About({}, frozenset(), frozenset())
NO_REPORTS: Mapping[str, About] = {}
_FAMILIES: tuple[frozenset[Kind], ...] = (
    frozenset({Kind.MEETING, Kind.TALKS, Kind.CALL, Kind.VISIT, Kind.CONFERENCE, Kind.CEREMONY}),
    frozenset({Kind.HEARING, Kind.TESTIMONY, Kind.TRIAL}),
    frozenset({Kind.VOTE, Kind.MEASURE, Kind.DEADLINE, Kind.DEBATE}),
    frozenset({Kind.SPEECH, Kind.RALLY, Kind.CONFERENCE, Kind.DEBATE, Kind.VISIT}),
    frozenset({Kind.PROTEST, Kind.PARADE, Kind.STRIKE, Kind.RALLY}),
    frozenset({Kind.CEREMONY, Kind.LAUNCH, Kind.PARADE}),
)
_OVER = frozenset({Status.HELD, Status.UNDER_WAY})
_AHEAD = frozenset(
    {
        Status.PROPOSED,
        Status.ANNOUNCED,
        Status.SCHEDULED,
        Status.GOING_AHEAD,
        Status.RESCHEDULED,
        Status.IN_DOUBT,
    }
)
_MOVED = frozenset({Status.POSTPONED, Status.RESCHEDULED, Status.ON_HOLD, Status.CANCELLED, Status.IN_DOUBT})
_PARTED = (
    "kind_clash", "place_clash", "person_clash", "body_clash", "vote_part", "day_apart", "day_past_then_ahead",
    "held_apart", "over_then_ahead", "mark_clash",
)  # fmt: skip
_TOLD_APART_BY = (
    "kind_near", "kind_clash", "head_clash", "mark_clash", "person_clash", "body_clash", "body_part", "vote_part",
)  # fmt: skip
_HEADS: Mapping[str, str] = {_stem(word): head for head, words in _WORDS["heads"].items() for word in words}
_MARKS = frozenset(_WORDS["event_words"]["marks"])
_PLAIN = frozenset(_WORDS["event_words"]["plain"])


@dataclass(frozen=True, slots=True)
class Sketch:
    """A mention as it is compared."""

    id: str
    """The mention's id."""
    report: str
    """Its report's id."""
    kind: Kind
    """Its kind."""
    status: Status | None
    """Its status."""
    published: Day | None
    """Day of publication."""
    actors: tuple[Actor, ...]
    """Participants, then hosts not among them."""
    place: str | None
    """Its place."""
    days: tuple[Day, Day] | None
    """First and last day planned, None when unknown or wider than a year's quarter."""
    was: tuple[tuple[Day, Day], ...]
    """Former days."""
    heads: frozenset[str]
    """What its name calls it: "summit" and "meeting" are one head."""
    marks: frozenset[str]
    """Words of its name that tell it from its neighbours: "second", "final", "committee", a year."""
    topic: frozenset[str]
    """The other words of its name, without its participants and place."""
    name_words: frozenset[str]
    """All words of its name."""
    company: frozenset[str]
    """Keys of whoever and wherever the other mentions of its report name, and it does not."""
    leads: bool
    """True for the mention that its report speaks of first."""
    about: About
    """What its report is about."""


def _window(when: When | None) -> tuple[Day, Day] | None:
    if when is None or when.start is None:
        return None
    end = when.end or when.start
    return (when.start, end) if (end - when.start).days <= 92 else None


def _of(one: Actor, countries: Mapping[str, str]) -> Actor:
    """The actor with the country that its report gives it."""
    if one.sort != "person" or one.state is not None:
        return one
    return replace(one, state=countries.get(one.keys[0]))


def _keys(mention: Mention) -> frozenset[str]:
    """Keys of everyone and every place that the mention names."""
    names = (*mention.participants, *mention.host)
    places = place_keys(mention.place) if mention.place else ()
    return frozenset((*(key for name in names for key in actor(name).keys), *places))


def sketches(mentions: Iterable[Mention], reports: Mapping[str, About] = NO_REPORTS) -> dict[str, Sketch]:
    """The mentions as they are compared, by id. All mentions of a report must be given together.

    `reports` holds, by id, what the reports are about.
    """
    by_report: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_report[mention.report].append(mention)
    found = {}
    for told in by_report.values():
        report = reports.get(told[0].report, UNTOLD)
        keys = {m.id: _keys(m) for m in told}
        everyone = frozenset().union(*keys.values())
        first = min(told, key=lambda m: (m.spans[:1], m.id)).id
        for m in told:
            found[m.id] = _sketch(m, report, company=everyone - keys[m.id], leads=m.id == first)
    return found


def _sketch(mention: Mention, report: About, *, company: frozenset[str], leads: bool) -> Sketch:
    actors = tuple(dict.fromkeys(_of(actor(name), report.countries) for name in (*mention.participants, *mention.host)))
    words = content(mention.name)
    known = {_stem(w) for one in actors for w in one.words}
    known |= {_stem(w) for one in actors if one.state for w in content(one.state)}
    known |= {_stem(w) for w in content(mention.place or "")}
    stems = [_stem(w) for w in words]
    marks = frozenset(w for w in stems if w not in known and (w in _MARKS or w.isdigit()))
    heads = frozenset(_HEADS[w] for w in stems if w in _HEADS)
    topic = frozenset(w for w in stems if w not in known and w not in _HEADS and w not in marks and w not in _PLAIN)
    return Sketch(
        id=mention.id,
        report=mention.report,
        kind=mention.kind,
        status=mention.status,
        published=mention.published,
        actors=actors,
        place=mention.place,
        days=_window(mention.when),
        was=tuple(w for w in map(_window, mention.was) if w is not None),
        heads=heads,
        marks=marks,
        topic=topic,
        name_words=frozenset(stems),
        company=company,
        leads=leads,
        about=report,
    )


def kin(a: Kind, b: Kind) -> bool:
    """True when the two kinds are easily taken for one another."""
    return any(a in family and b in family for family in _FAMILIES)


def _gap_days(a: tuple[Day, Day], b: tuple[Day, Day]) -> int:
    """Days between two windows, 0 where they overlap."""
    return max((b[0] - a[1]).days, (a[0] - b[1]).days, 0)


def _in_name(one: Actor, other: Sketch) -> bool:
    """True when the other mention's name, though not its participants, speaks of the actor."""
    if one.sort == "body":
        return {_stem(w) for w in one.words} <= other.name_words
    return any(set(map(_stem, key.split())) <= other.name_words for key in one.keys)


def _who(a: Sketch, b: Sketch) -> dict[str, float]:
    """Evidence of the participants."""
    if not a.actors or not b.actors:
        some = a.actors or b.actors
        other = b if a.actors else a
        named = any(_in_name(one, other) for one in some)
        return {"who_unknown": 1.0, "who_named": float(named)}
    rows = [[likeness(x, y) for y in b.actors] for x in a.actors]
    best_a = [max(row) for row in rows]
    best_b = [max(column) for column in zip(*rows, strict=True)]
    for best, own, other in ((best_a, a, b), (best_b, b, a)):
        for at, one in enumerate(own.actors):
            if best[at] == 0 and _in_name(one, other):
                best[at] = 0.7
    mean = (sum(best_a) + sum(best_b)) / (len(best_a) + len(best_b))
    fewer = min(sum(best_a) / len(best_a), sum(best_b) / len(best_b))
    more = max(sum(best_a) / len(best_a), sum(best_b) / len(best_b))
    found: dict[str, float] = {"who_mean": mean, "who_fewer": fewer, "who_more": more}
    for sort in ("person", "body"):
        mine = [best for best, one in zip(best_a, a.actors, strict=True) if one.sort == sort]
        theirs = [best for best, one in zip(best_b, b.actors, strict=True) if one.sort == sort]
        if mine and theirs:
            found[f"{sort}_clash"] = float(max(*mine, *theirs) < SAME_ACTOR)
            found[f"{sort}_missed"] = float(max(*mine, *theirs) >= SAME_ACTOR > max(min(mine), min(theirs)))
            if sort == "body" and max(*mine, *theirs) < 0.6:
                found["vote_part" if a.kind is b.kind is Kind.VOTE else "body_part"] = 1.0
            found[f"{sort}_whole"] = float(min(mine) >= 0.8 and min(theirs) >= 0.8)
    found["who_two"] = float(min(sum(best >= 0.8 for best in side) for side in (best_a, best_b)) >= 2)
    return found


def _when(a: Sketch, b: Sketch) -> dict[str, float]:
    """Evidence of the dates, given the days of publication and the statuses."""
    found: dict[str, float] = {}
    early, late = sorted((a, b), key=lambda one: (one.published or datetime.date.min, one.id))
    gap = (late.published - early.published).days if early.published and late.published else 0
    found["gap_weeks"] = min(gap / 7, 12.0)
    if a.days and b.days:
        apart = _gap_days(a.days, b.days)
        wide = max((a.days[1] - a.days[0]).days, (b.days[1] - b.days[0]).days)
        if a.days == b.days:
            found["day_equal" if wide == 0 else "window_equal"] = 1.0
        elif apart == 0:
            found["day_within" if wide <= 14 else "day_within_month"] = 1.0
        else:
            moved = any(_gap_days(x, y) == 0 for x in (a.days, *a.was) for y in (b.days, *b.was))
            over = early.status in _OVER and late.status in _OVER
            if moved:
                found["day_moved"] = 1.0
            elif over:
                found["held_near" if apart <= NEAR_DAYS else "held_apart"] = 1.0
            elif early.status in _OVER or (
                early.published
                and late.published
                and early.days
                and (late.days and early.days[1] < late.published < late.days[1] and late.status not in _MOVED)
            ):
                found["day_past_then_ahead"] = 1.0
            elif early.status in _MOVED or late.status in _MOVED:
                found["day_apart_moved_near" if apart <= 31 else "day_apart_moved"] = 1.0
            else:
                found["day_near" if apart <= NEAR_DAYS else "day_apart"] = 1.0
            found["day_far"] = float(apart > 120)
    else:
        found["day_unknown_one" if a.days or b.days else "day_unknown"] = 1.0
        known = early.days or late.days
        if known:
            other = late if early.days else early
            off = _gap_days(known, (other.published, other.published)) if other.published else 0
            found["day_long_off"] = float(off > 45)
    if gap > 0 and early.status in _OVER and late.status in _AHEAD:
        found["over_then_ahead"] = 1.0
    if gap > 30 and early.status is Status.HELD and late.status is Status.HELD and not (a.days and b.days):
        found["held_long_ago"] = 1.0
    return found


def _named(a: Sketch, b: Sketch) -> dict[str, float]:
    """Evidence of the words of the two names."""
    found: dict[str, float] = {}
    if a.topic and b.topic:
        both = len(a.topic & b.topic)
        found["topic_same"] = both / len(a.topic | b.topic)
        found["topic_within"] = both / min(len(a.topic), len(b.topic))
        found["topic_clash"] = float(both == 0)
    else:
        found["topic_one" if a.topic or b.topic else "topic_none"] = 1.0
    if a.heads and b.heads:
        found["head_same"] = float(bool(a.heads & b.heads))
        found["head_clash"] = float(not a.heads & b.heads)
    found["mark_same"] = float(bool(a.marks & b.marks))
    if a.marks ^ b.marks:
        found["mark_clash" if a.marks - b.marks and b.marks - a.marks else "mark_one"] = 1.0
    return found


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the fewer words that the two sets have in common; 0 where one is empty."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def evidence(a: Sketch, b: Sketch) -> dict[str, float]:
    """The evidence that two mentions are one event, by name; symmetric."""
    found = {"always": 1.0}
    found["kind_same" if a.kind == b.kind else "kind_near" if kin(a.kind, b.kind) else "kind_clash"] = 1.0
    if Kind.OTHER in (a.kind, b.kind) and a.kind != b.kind:
        found["kind_other"] = 1.0
    place = place_likeness(a.place, b.place) if a.place and b.place else None
    if place is None:
        found["place_unknown"] = 1.0
    else:
        found["place_same"] = place
        found["place_clash"] = float(place == 0)
    found |= _who(a, b)
    found |= _when(a, b)
    found |= _named(a, b)
    found["company"] = min(len(a.company & b.company), 5) / 5
    parted = any(found.get(name) for name in _PARTED)
    found["lead_both"] = float(a.leads and b.leads and not parted)
    names = _shared(a.about.names, b.about.names)
    words = _shared(a.about.words, b.about.words)
    found |= {"about_names": names, "about_words": words}
    if not a.actors or not b.actors:
        found |= {"bare": 1.0, "bare_about_names": names, "bare_about_words": words}
    if found["lead_both"]:
        found |= {"lead_about_names": names, "lead_about_words": words}
    found["lead_one"] = float(a.leads != b.leads)
    return found


def ruled_out(a: Sketch, b: Sketch) -> bool:
    """True when two mentions cannot be one event whatever else agrees.

    What was held on days far apart was held twice; names with different years mean different years; conferences
    of two bodies are two, calls of two other persons, and what two of one family name do; a committee and its
    chamber that vote on two days vote twice.
    """
    if {a.kind, b.kind} == _SPOKEN_AT:
        return True  # a speech is given at a convention
    if _of_one_family(a, b):
        return True
    if a.kind is b.kind is Kind.CONFERENCE and _who(a, b).get("body_clash"):
        return True  # each party holds its own
    if (
        a.kind is b.kind is Kind.CALL
        and min(len(_persons(a)), len(_persons(b))) > 1
        and _who(a, b).get("person_missed")
    ):
        return True  # two are on the line
    years = [{m for m in one.marks if len(m) == 4 and m.isdigit()} for one in (a, b)]
    if all(years) and not years[0] & years[1]:
        return True
    if a.days and b.days and a.status in _OVER and b.status in _OVER:
        return _gap_days(a.days, b.days) > 31
    if a.kind is b.kind is Kind.VOTE and a.days and b.days and _gap_days(a.days, b.days) > 0:
        return "vote_part" in _who(a, b)
    return False


def _persons(one: Sketch) -> list[Actor]:
    """The persons that the mention names."""
    return [each for each in one.actors if each.sort == "person"]


def _of_one_family(a: Sketch, b: Sketch) -> bool:
    """True when no person of the one is of the other, yet two have their family name in common ("Ann", "Tom Lund").

    A third report that has the family name alone would else make the two one.
    """
    mine, theirs = _persons(a), _persons(b)
    if any(likeness(x, y) >= SAME_ACTOR for x in mine for y in theirs):
        return False
    return any(x.keys[0] == y.keys[0] for x in mine for y in theirs)


def _held_before(a: Sketch, b: Sketch) -> bool:
    """True when `a` was held on known days, and a report of after them has `b` ahead, on later ones."""
    if a.status is not Status.HELD or b.status not in _AHEAD or not (a.days and b.days and b.published):
        return False
    return a.days[1] <= b.published and (b.days[0] - a.days[1]).days > NEAR_DAYS


_SPOKEN_AT = frozenset({Kind.SPEECH, Kind.CONFERENCE})
_HEARD = frozenset({Kind.HEARING, Kind.TESTIMONY})
"""Kinds that may be one of one day even in one report: the hearing, and the testimony given there."""


def log_odds(a: Sketch, b: Sketch) -> float:
    """Log odds that two mentions are one event; symmetric, from the two alone.

    One report tells apart what it gives another kind, noun, number or other people, and what is not much alike.
    """
    if ruled_out(a, b):
        return RULED_OUT
    found = evidence(a, b)
    odds = sum(WEIGHTS.get(name, 0.0) * value for name, value in found.items())
    odds -= OF_MANY_LESS * (not OF_MANY.isdisjoint({a.kind, b.kind}))
    odds -= HELD_BEFORE * (_held_before(a, b) or _held_before(b, a))
    sitting = a.days and a.days == b.days and {a.kind, b.kind} == _HEARD and found.get("who_more", 0.0) > 0
    if a.report != b.report or sitting:
        return odds
    apart = any(found.get(name) for name in _TOLD_APART_BY) or odds < ALIKE
    return RULED_OUT if apart else min(odds - TOLD_APART, JOIN_AT - 0.1)


def months(one: Sketch) -> set[int]:
    """Months, counted from the year 0, in which the mention is looked for."""
    planned = [w for w in (one.days, *one.was) if w]
    windows = list(planned)
    if one.published:
        # reports between the one that plans and the day planned may give none
        far = datetime.timedelta(days=PLAN_DAYS)
        windows += [(one.published, last) for _, last in planned if one.published < last < one.published + far]
        windows.append((one.published, one.published + datetime.timedelta(days=LIFE_DAYS)))
    return {month for a, b in windows for month in range(12 * a.year + a.month, 12 * b.year + b.month + 1)} or {0}


def traits(one: Sketch) -> frozenset[str]:
    """Two traits of the mention each, one of them a name: what it must share with another to be compared."""
    names = dict.fromkeys(key for each in one.actors[:6] for key in each.keys)
    places = place_keys(one.place)[:3] if one.place else ()
    named = [
        *(f"who:{n}" for n in names),
        *(f"at:{p}" for p in places),
        *(f"on:{t}" for t in sorted(one.topic)[:5]),
    ]
    sorts = [f"kind:{one.kind}", *(f"head:{head}" for head in sorted(one.heads))]
    pairs = [f"{x}|{y}" for x, y in combinations(named, 2)]
    pairs += [f"{x}|{sort}" for x in (*named, *(f"in:{name}" for name in one.about.names)) for sort in sorts]
    return frozenset(pairs)


def block_keys(one: Sketch) -> frozenset[str]:
    """Keys under which the mention is indexed: two of its traits and a month.

    Two mentions are compared only when they share a key. Their number does not grow with the store.
    """
    return frozenset(f"{pair}|{month}" for pair in traits(one) for month in months(one))


def candidates(mentions: Iterable[Sketch]) -> set[tuple[str, str]]:
    """Pairs of ids that share a block key, smaller id first."""
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    for mention in mentions:
        for key in block_keys(mention):
            blocks[key].append(mention.id)
    return {(min(a, b), max(a, b)) for block in blocks.values() for a, b in combinations(block, 2)}


def gather(odds: Mapping[tuple[str, str], float]) -> list[frozenset[str]]:
    """Groups of ids, surest pairs first; two groups are joined while they agree on average.

    `odds` holds the compared pairs, smaller id first; a pair not compared says nothing, a pair ruled out
    keeps its groups apart. The result depends on `odds` alone, not on its order.
    """
    groups: dict[str, set[str]] = {}
    between: defaultdict[str, dict[str, tuple[float, int]]] = defaultdict(dict)
    for (a, b), value in odds.items():
        groups.setdefault(a, {a})
        groups.setdefault(b, {b})
        between[a][b] = between[b][a] = (value, 1)
    heap = [(-value, a, b) for (a, b), value in odds.items() if value >= JOIN_AT]
    heapq.heapify(heap)
    while heap:
        least, a, b = heapq.heappop(heap)
        if a not in groups or b not in groups or b not in between[a]:
            continue
        total, count = between[a][b]
        if -total / count != least:
            continue
        keep, gone = min(a, b), max(a, b)
        groups[keep] |= groups.pop(gone)
        for other, (add, n) in between.pop(gone).items():
            del between[other][gone]
            if other == keep:
                continue
            total, count = between[keep].get(other, (0.0, 0))
            joined = (total + add, count + n)
            between[keep][other] = between[other][keep] = joined
            if joined[0] / joined[1] >= JOIN_AT:
                x, y = min(keep, other), max(keep, other)
                heapq.heappush(heap, (-joined[0] / joined[1], x, y))
        between[keep].pop(gone, None)
    return sorted((frozenset(group) for group in groups.values()), key=min)


def _event(mentions: Sequence[Mention]) -> Event:
    """The event that some mentions, earliest first, speak of; relations are left to `same_events`."""
    kind = Counter(m.kind for m in mentions).most_common(1)[0][0]
    participants = _names([m.participants for m in mentions])
    places = Counter(m.place for m in mentions if m.place)

    def backing(place: str) -> int:
        return sum(times for other, times in places.items() if place_likeness(place, other))

    return Event(
        id=mentions[0].id,
        name=_name(mentions, kind, participants),
        kind=kind,
        mentions=tuple(m.id for m in mentions),
        participants=participants,
        host=_names([m.host for m in mentions]),
        place=max(places, key=lambda p: (backing(p), places[p], p), default=None),
    )


def _names(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The fullest form of each name that more than a third of the mentions with names give, most given first.

    A mention that only says what sort of people they are ("senior advisers") gives no name where another does.
    """
    named = [names for names in lists if any(name[:1].isupper() for name in names)]
    lists = named or lists
    groups: list[list[str]] = []
    for names in lists:
        for name in names:
            at = max(groups, key=lambda g: max(likeness(actor(name), actor(n)) for n in g), default=None)
            if at is not None and max(likeness(actor(name), actor(n)) for n in at) >= 0.8:
                at.append(name)
            else:
                groups.append([name])
    given = sum(bool(names) for names in lists)
    often = [g for g in groups if 3 * len(g) > given]
    often.sort(key=lambda g: -len(g))
    return tuple(max(Counter(g).items(), key=lambda n: (len(actor(n[0]).words), n[1], n[0]))[0] for g in often)


OWN_NAME = 0.5
"""What it counts that words are an event's own name, all in capitals ("Lakeside Forum in Geneva")."""
_PROPER = re.compile(r"(?:[A-Z][\w.-]*\s)+[A-Z]\w+(?:\sin\s|$)")


def _name(mentions: Sequence[Mention], kind: Kind, participants: Sequence[str]) -> str:
    """The name that says most: of the event's kind, its own, sharing words with the other names, not too long."""
    names = {m.name: {_stem(w) for w in content(m.name)} for m in mentions}
    words = Counter(w for m in mentions for w in names[m.name])
    known = {_stem(w) for name in participants for w in content(name)}

    def telling(mention: Mention) -> tuple[float, int, str]:
        own = names[mention.name]
        shared = sum(words[w] / len(mentions) + 0.5 * (w in known) for w in sorted(own))  # the same to the last bit
        fits = (mention.kind == kind) + OWN_NAME * bool(_PROPER.match(mention.name))
        return fits + shared / (2 + len(own)) * 2, -len(own), mention.name

    return max(mentions, key=telling).name


def same_events(mentions: Iterable[Mention], reports: Mapping[str, About] = NO_REPORTS) -> tuple[Event, ...]:
    """The events that the mentions speak of, earliest first; each mention is in exactly one.

    The same for any order of `mentions`. `reports` as for `sketches`.
    """
    by_id = {m.id: m for m in mentions}
    drawn = sketches(by_id.values(), reports)
    odds = {(a, b): log_odds(drawn[a], drawn[b]) for a, b in candidates(drawn.values())}
    return events_of(by_id.values(), gather(odds))


def events_of(mentions: Iterable[Mention], groups: Iterable[frozenset[str]]) -> tuple[Event, ...]:
    """The events that groups of mention ids stand for, earliest first; a mention in no group is one alone."""
    by_id = {m.id: m for m in mentions}
    groups = list(groups)
    alone = by_id.keys() - {one for group in groups for one in group}
    ordered = [
        _event(sorted((by_id[one] for one in group), key=_earliest))
        for group in (*groups, *(frozenset({one}) for one in alone))
    ]
    event_of = {mention: event.id for event in ordered for mention in event.mentions}

    def of(event: Event, ids: Iterable[str]) -> tuple[str, ...]:
        others = (event_of[one] for one in ids if one in event_of)
        return tuple(sorted({other for other in others if other != event.id}))

    ordered = [
        replace(
            event,
            requires=of(event, (i for m in event.mentions for i in by_id[m].requires)),
            prepares=of(event, (i for m in event.mentions for i in by_id[m].prepares)),
        )
        for event in ordered
    ]
    return tuple(sorted(ordered, key=lambda event: _earliest(by_id[event.id])))


def _earliest(mention: Mention) -> tuple[Day, str]:
    return (mention.published or datetime.date.max, mention.id)
