"""Who is who in one report: the names it uses, whom each stands for, and whom its pronouns mean.

The small model's entities are taken as evidence of which words are names; every place where a name
stands is then found again in the words themselves, so that one miss or wrong label of the model costs
nothing. Nothing here knows a person: titles, offices, countries and given names come from tables.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from stillon.extraction.lexicon import load_table
from stillon.extraction.sentences import split_sentences
from stillon.model import Report, Span

EntityKind = Literal["person", "body", "place", "group", "outlet"]
Gender = Literal["m", "f"]

CHUNK_CHARS = 100_000
"""Longest stretch given to the model at once; spaCy refuses texts of a million characters."""


class _Doc(Protocol):
    @property
    def ents(self) -> Sequence[Any]: ...


class Recogniser(Protocol):
    """What is asked of spaCy: a call that gives a document with entities."""

    def __call__(self, text: str) -> _Doc:
        """The document read, with its entities."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Somebody or something that the report names."""

    name: str
    """Fullest name the report gives, without titles."""
    kind: EntityKind
    """What it is."""
    spans: tuple[Span, ...] = ()
    """Where the text names it (names only, no pronouns), in order."""
    title_spans: tuple[Span, ...] = ()
    """Where the title names it."""
    roles: tuple[str, ...] = ()
    """Titles and offices the report gives it, in its words ("Secretary of State")."""
    org: str | None = None
    """Body or country it speaks for, when a role says so ("White House", "Russia")."""
    gender: Gender | None = None
    """Told by a title, an office, a given name or the pronouns that follow."""
    government_of: str | None = None
    """Country whose government the name may stand for (a capital, a country, a seat of government)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place where the report speaks of entities: a name, an office or a pronoun."""

    span: Span
    """Where it stands."""
    entities: tuple[Entity, ...]
    """Whom it means; more than one for "the two leaders"."""
    by: Literal["name", "office", "pronoun"]
    """How it is spoken of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Who is who in one report."""

    entities: tuple[Entity, ...] = ()
    """Everybody named, in the order of the first naming, title last."""
    mentions: tuple[Mention, ...] = ()
    """Every mention in the text, in order, none overlapping another."""
    title_mentions: tuple[Mention, ...] = ()
    """The same in the title."""
    text: str = ""
    """The text read."""
    title: str = ""
    """The title read, empty where there is none."""
    _starts: tuple[int, ...] = field(default=(), repr=False)
    _pages: tuple[_Page, _Page] = field(default_factory=lambda: (_Page(""), _Page("")), repr=False, compare=False)

    def sentence_at(self, offset: int, *, in_title: bool = False) -> Span:
        """The sentence that holds `offset`, with the white space after it."""
        page = self._pages[in_title]
        number = page.sentence_at(offset)
        end = page.starts[number + 1] if number + 1 < len(page.starts) else len(page.text)
        return Span(min(page.starts[number], offset), end)

    def sentence_number(self, offset: int, *, in_title: bool = False) -> int:
        """Number of the sentence that holds `offset`, from 0."""
        return self._pages[in_title].sentence_at(offset)

    def quoted_in(self, span: Span, *, in_title: bool = False) -> tuple[Span, ...]:
        """What of `span` stands inside quotation marks, marks left out, cut at line ends."""
        pieces = (Span(max(s, span.start), min(e, span.end)) for s, e in self._pages[in_title].quoted)
        return tuple(p for p in pieces if p.start < p.end)

    def mentions_in(self, span: Span, *, in_title: bool = False) -> tuple[Mention, ...]:
        """The mentions that lie in `span`, in order."""
        if in_title:
            return tuple(m for m in self.title_mentions if span.covers(m.span))
        low, high = bisect_left(self._starts, span.start), bisect_right(self._starts, span.end)
        return tuple(m for m in self.mentions[low:high] if span.covers(m.span))

    def within(self, span: Span, in_title: bool = False) -> list[tuple[Span, Entity]]:
        """Whom the words of `span` speak of, by name, office or pronoun, in order.

        A mention of two ("the two leaders") gives two entries with the same span.
        """
        return [(m.span, e) for m in self.mentions_in(span, in_title=in_title) for e in m.entities]

    def resolve(self, span: Span, in_title: bool = False) -> Entity | None:
        """The one entity that the words of `span` as a whole stand for, None where they name none.

        A named person wins over a body or place of the same words ("White House aide Ann Lee").
        """
        found = self.resolve_all(span, in_title)
        return found[0] if found else None

    def resolve_all(self, span: Span, in_title: bool = False) -> tuple[Entity, ...]:
        """As `resolve`, all of them where the words stand for several ("the two leaders")."""
        mentions = self.mentions_in(span, in_title=in_title)
        if not mentions:
            return ()
        text = self.title if in_title else self.text
        named = [m for m in mentions if m.by == "name" and m.entities[0].kind == "person"]
        for mention in named:
            if not is_owner(text, mention.span, span):
                return mention.entities
        whole = [m for m in mentions if m.by != "name" and _bare(m.span.of(text)) == _bare(span.of(text))]
        if whole:
            return whole[0].entities
        for mention in mentions:
            if mention.by == "name" and _bare(mention.span.of(text)) == _bare(span.of(text)):
                return mention.entities
            if mention.by == "office" and mention.span.start - span.start <= _OFFICE_LEAD:
                return mention.entities
        return ()

    def named(self, name: str) -> Entity | None:
        """The entity of that name, or of one that fits it; None when there is none."""
        exact = next((e for e in self.entities if e.name == name), None)
        return exact or next((e for e in self.entities if same_entity_name(e.name, name)), None)

    @property
    def persons(self) -> tuple[Entity, ...]:
        """The persons among the entities."""
        return tuple(e for e in self.entities if e.kind == "person")


_OFFICE_LEAD = 12
"""An office phrase may begin this many characters into a source's words ("But the president")."""


def find_names(report: Report, nlp: Recogniser) -> Names:
    """Everybody that the report names, in text and title, and every place where it speaks of them.

    Never raises for odd text: returns no names. Offsets are characters into `report.text`, or into
    `report.title` for all that has "title" in its name.
    """
    text, title = report.text, report.title or ""
    body, head = _Page(text), _Page(title)
    found = [*_recognised(nlp, text), *(each for each in _recognised(nlp, title) if not _runs_on(*each, body))]
    register = _Register.of(found, [body, head])
    body_marks, head_marks = register.mark(body), register.mark(head, loose=True)
    entities = _describe(register, body, body_marks, head, head_marks)
    mentions = _Reader(body, body_marks, entities).read()
    title_mentions = _Reader(head, head_marks, entities).read()
    used = sorted(
        {m.who for m in (*body_marks, *head_marks)},
        key=lambda k: (0, entities[k].spans[0]) if entities[k].spans else (1, entities[k].title_spans[0]),
    )
    return Names(
        entities=tuple(entities[k] for k in used),
        mentions=tuple(mentions),
        title_mentions=tuple(title_mentions),
        text=text,
        title=title,
        _starts=tuple(m.span.start for m in mentions),
        _pages=(body, head),
    )


def _runs_on(words: str, label: str, body: _Page) -> bool:
    """True for a headline's "Lund Scolds": the text knows its first word as a name, and its last word not."""
    first, *more = _untitled(_trim(words).split()) or [""]
    spoken = {token[2] for token in body.tokens}
    return label == "PERSON" and bool(more) and first in spoken and more[-1] not in spoken


# --- names compared -----------------------------------------------------------------------------


def same_entity_name(a: str, b: str) -> bool:
    """True when the two may name one: the words of the shorter all stand in the longer.

    Titles, articles, possessives and initials are left out of account; so are given names in their
    short forms ("Bill" and "William").
    """
    x, y = _name_words(a), _name_words(b)
    if not x or not y:
        return False
    short, long = (x, y) if len(x) <= len(y) else (y, x)
    return short <= long


def country_of(words: str) -> str | None:
    """The country that a name, capital, demonym or seat of government stands for ("Russian" → "Russia")."""
    return _countries().get(_fold(words))


def is_title(words: str) -> bool:
    """True for a title that stands in front of names ("Mrs")."""
    return words.casefold().rstrip(".") in _titles()


def is_office(words: str) -> bool:
    """True for a title or an office ("press secretary")."""
    return words.casefold() in _offices() or words.casefold().rsplit(" ", 1)[-1] in _offices()


def _name_words(name: str) -> set[str]:
    titles, short = _titles(), _short_forms()
    tokens = [_fold(t) for t in re.findall(r"[^\W_]+", re.sub(r"[’']s?\b", "", name))]
    kept = {short.get(t, t) for t in tokens if t not in titles and t not in _SMALL and len(t) > 1}
    return kept or set(tokens)


_SMALL = frozenset(["the", "a", "an", "of", "and", "for", "jr", "sr", "ii", "iii"])


def _fold(words: str) -> str:
    return re.sub(r"[\s.]+", " ", words.replace("’", "'")).strip().removeprefix("the ").casefold().strip()


def _bare(words: str) -> str:
    return _fold(re.sub(r"^\W+|\W+$", "", re.sub(r"[’']s?$", "", words.strip())))


# --- tables -------------------------------------------------------------------------------------


@functools.cache
def _titles() -> dict[str, str]:
    table = load_table("people")["titles"]
    return {word: gender for gender, words in table.items() for word in words}


@functools.cache
def _offices() -> dict[str, str]:
    table = load_table("people")["offices"]
    return {word: gender for gender, words in table.items() for word in words}


@functools.cache
def _short_forms() -> dict[str, str]:
    return {short: full for full, shorts in load_table("people")["nicknames"].items() for short in shorts}


@functools.cache
def _given_genders() -> dict[str, str]:
    table = load_table("people")["given"]
    both = set(table["m"]) & set(table["f"])
    return {word: gender for gender, words in table.items() for word in words if word not in both}


@functools.cache
def _countries() -> dict[str, str]:
    table = load_table("places")
    out: dict[str, str] = {}
    for country, row in table["countries"].items():
        for words in (country, *row["capitals"], *row.get("also", ()), *row["people"]):
            out.setdefault(_fold(words), country)
            out.setdefault(_fold(words) + "s", country)
    for body, row in table["bodies"].items():
        if row["of"]:
            for words in (body, *row.get("also", ())):
                out.setdefault(_fold(words), row["of"])
    return out


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    kind: EntityKind
    government_of: str | None = None


@functools.cache
def _known_names() -> dict[tuple[str, ...], _Known]:
    """Names of the tables, by their tokens as written."""
    places = load_table("places")
    out: dict[tuple[str, ...], _Known] = {}

    def put(words: str, known: _Known) -> None:
        out.setdefault(_tokens_of(words), known)

    for outlet, others in load_table("sources")["outlets"].items():
        for words in (outlet, *others):
            put(words, _Known(outlet, "outlet"))
    for body, row in places["bodies"].items():
        government = row["of"] if body in _SEATS else None
        for words in (body, *row.get("also", ())):
            put(words, _Known(body, "body", government))
    for country, row in places["countries"].items():
        for words in (country, *row.get("also", ())):
            put(words, _Known(country, "place", country))
        for capital in row["capitals"]:
            put(capital, _Known(capital, "place", country))
        for people in row["people"]:
            plural = people if people.endswith(("s", "ese", "sh", "ch")) else people + "s"
            put(plural, _Known(plural, "group", country))
    for state, short in places["states"].items():
        put(state, _Known(state, "place"))
        if short.count(".") > 1:
            put(short, _Known(state, "place"))
    for party in ("Democrats", "Republicans", "Tories"):
        put(party, _Known(party, "group"))
    # One word that is an adjective as often as a name gives no entity by itself.
    for country, row in places["countries"].items():
        for people in row["people"]:
            if people not in (country, *row.get("also", ())) and not people.endswith(("s",)):
                out.pop(_tokens_of(people), None)
    return out


_SEATS = frozenset({"White House", "Kremlin", "Downing Street", "Blue House", "Elysee", "Zhongnanhai"})


def _tokens_of(words: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", words))


# --- the words of a page ------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\W_]+")
BYLINE_WORDS = 8
"""Most words of a line above the text that names who wrote it."""
_OPENERS, _CLOSERS = "“«„", "”»"


class _Page:
    """A text cut into tokens and sentences, with what stands inside quotation marks marked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text)]
        self.token_starts = [t[0] for t in self.tokens]
        self.starts = [s.start for s in split_sentences(text)] or [0]
        self.quoted = self._quoted()
        self._lead: int | None = None

    def _quoted(self) -> list[tuple[int, int]]:
        out: list[tuple[int, int]] = []
        opened: int | None = None
        for mark in re.finditer(r"[“”«»„\"]|\n", self.text):
            sign = mark.group()
            if sign == "\n":
                if opened is not None and opened < mark.start():
                    out.append((opened, mark.start()))
                opened = None
            elif sign in _OPENERS or (sign == '"' and opened is None):
                opened = mark.end()
            elif opened is not None:
                out.append((opened, mark.start()))
                opened = None
        return out

    def sentence_at(self, offset: int) -> int:
        """Number of the sentence that holds `offset`."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def in_quote(self, offset: int) -> bool:
        """True when `offset` lies inside quotation marks."""
        place = bisect_right(self.quoted, (offset, len(self.text) + 1)) - 1
        return place >= 0 and self.quoted[place][0] <= offset < self.quoted[place][1]

    def in_byline(self, offset: int) -> bool:
        """True for what stands above the first line that holds a sentence, in a short line of its own."""
        if self._lead is None:
            ends = re.search(r"[^\n]*[.!?][”\"’)]*\s*(?:\n|$)", self.text)
            self._lead = ends.start() if ends else 0
        if offset >= self._lead:
            return False
        line = self.text[self.text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
        return len(line.split()) <= BYLINE_WORDS

    def gap(self, index: int) -> str:
        """What stands between token `index` and the next."""
        return self.text[self.tokens[index][1] : self.tokens[index + 1][0]]

    def joined(self, index: int, count: int) -> bool:
        """True when the `count` tokens from `index` on can be one name: nothing but small marks between."""
        return all(_NAME_GAP.fullmatch(self.gap(k)) for k in range(index, index + count - 1))


_NAME_GAP = re.compile(r"[ \t\u00a0]{1,2}|[-’'&./‑]|\. |’ |' | & ")


def _recognised(nlp: Recogniser, text: str) -> list[tuple[str, str]]:
    """(words, label) of the model's entities."""
    out = []
    for start in range(0, len(text), CHUNK_CHARS):
        for ent in nlp(text[start : start + CHUNK_CHARS]).ents:
            out.append((str(ent.text), str(ent.label_)))
    return out


# --- which words are names ----------------------------------------------------------------------

_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "al",
        "el",
        "bin",
        "bint",
        "ibn",
        "ben",
        "abu",
        "y",
        "e",
        "ul",
    ]
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_PERSON_SHARE = 0.3
"""A name of one word is a person's when the model says so this often; it takes surnames for bodies a lot."""


def _trim(words: str) -> str:
    """An entity's words without what the model took along: articles, possessives, later lines, marks."""
    words = words.strip().split("\n")[0]
    words = re.sub(r"[’']s?$", "", words.strip(' \t,.;:()[]"“”‘-–—'))
    words = re.sub(r"^(?:the|The|THE|a|A|an|An)\s+", "", words)
    return words.strip(' \t,;:()[]"“”‘-–—')


def _untitled(words: list[str]) -> list[str]:
    """The words of a person's name without the titles in front."""
    titles, offices = _titles(), _offices()
    while len(words) > 1:
        for size in (2, 1):
            head = " ".join(w.rstrip(".").casefold() for w in words[:size])
            if len(words) > size and (
                head in titles or head in offices or (country_of(head) is not None and size == 1)
            ):
                words = words[size:]
                break
        else:
            break
    return words


def _is_name_word(word: str) -> bool:
    return word[:1].isupper() or word.casefold().strip(".") in _PARTICLES or word.startswith(("al-", "el-", "d'", "d’"))


def _person_name(words: str) -> str | None:
    """The name in words that the model calls a person, None when they cannot be one."""
    trimmed = re.split(r"[’']s\s", _trim(words))[0]
    if re.search(r"[\d@/\"“”:;!?]", trimmed):
        return None
    parts = _untitled(trimmed.split())
    while parts and not parts[-1][:1].isupper():
        parts.pop()
    while parts and parts[0].islower() and parts[0] not in _PARTICLES:
        parts.pop(0)
    if not parts or len(parts) > 5 or not all(_is_name_word(w) for w in parts):
        return None
    never = _never_persons()
    if any(w.casefold().strip(".,") in never for w in parts):
        return None
    if len(parts) == 1 and parts[0].rstrip(".").casefold() in _titles():
        return None
    name = " ".join(parts).strip(",")
    if len(name) < 2 or (name.isupper() and len(parts) == 1 and len(name) > 2):
        return None
    return name


@functools.cache
def _never_persons() -> frozenset[str]:
    return frozenset(load_table("people")["never_persons"]["words"])


_TITLED = re.compile(
    r"\b(?P<title>Mr|Mrs|Ms|Miss|Dr|Sen|Rep|Gov|Gen|Lt|Col|Adm|Sir|Prof|Judge|Justice|President|Senator|Congressman"
    r"|Congresswoman|Chancellor|Premier|Prime Minister|Secretary|Chairman|Chairwoman|Speaker|Governor|Mayor"
    r"|Ambassador|Representative|Vice President|Ayatollah|Pope|King|Queen|Prince|Princess|Director|Minister"
    r"|spokesman|spokeswoman|leader|Leader)\.? (?P<name>[A-Z][\w’'-]+)"
    r"(?P<more>(?: (?:[A-Z]\.|[A-Z][\w’'-]+)){0,3})"
)


_STORM = re.compile(
    r"\b(?:[Hh]urricane|[Tt]yphoon|[Cc]yclone|[Ss]torm|[Dd]epression)\s(?P<name>[A-Z][a-z]+)\b(?!\s[A-Z])"
)
"""A storm that bears a person's name."""


@dataclass(slots=True)
class _Mark:
    span: Span
    who: int


class _Register:
    """The names of a report: which tokens stand for which entity."""

    def __init__(self) -> None:
        self.keys: list[_Known] = []
        self.by_tokens: dict[tuple[str, ...], list[int]] = {}
        self.firsts: dict[str, int] = {}
        self.common: frozenset[str] = frozenset()

    @classmethod
    def of(cls, found: Iterable[tuple[str, str]], pages: Sequence[_Page]) -> _Register:
        register = cls()
        spoken = {t[2] for page in pages for t in page.tokens}
        register.common = frozenset(w for w in spoken if w.islower())
        persons, others = cls._candidates(found, pages, spoken)
        register._add_persons(persons, pages[0].text)
        for words, kind in others.items():
            register._add(words, _Known(words, kind))
        for tokens, known in _known_names().items():
            if tokens[0] in spoken or tokens[0].upper() in spoken:
                register._add_known(tokens, known)
                short = known.kind == "outlet" and tokens[-1] in _SHORT_OUTLETS
                if short and any(" ".join(tokens) in page.text for page in pages):
                    register.by_tokens.pop(tokens[-1:], None)
                    register._add_known(tokens[-1:], known)
        return register

    @staticmethod
    def _candidates(
        found: Iterable[tuple[str, str]], pages: Sequence[_Page], spoken: set[str]
    ) -> tuple[Counter[str], dict[str, EntityKind]]:
        known = _known_names()
        persons: Counter[str] = Counter()
        labels: dict[str, Counter[str]] = defaultdict(Counter)
        kinds: dict[str, EntityKind] = {
            "ORG": "body",
            "FAC": "place",
            "GPE": "place",
            "LOC": "place",
            "NORP": "group",
        }
        for words, label in found:
            for piece in _pieces(words, spoken):
                if label == "PERSON":
                    name = _person_name(piece)
                    if name and _tokens_of(name) not in known:
                        persons[name] += 1
                        labels[name]["PERSON"] += 1
                elif label in kinds:
                    trimmed = _trim(piece)
                    if trimmed[:1].isupper() and len(trimmed) > 1 and _tokens_of(trimmed) not in known:
                        labels[trimmed][label] += 1
        for name in {match["name"] for page in pages for match in _STORM.finditer(page.text)}:
            persons.pop(name, None)
            labels.pop(name, None)
        titled: set[str] = set()
        for page in pages:
            for match in _TITLED.finditer(page.text):
                words = re.sub(r"[’']s?\b", "", match["name"] + match["more"]).strip()
                first = re.sub(r"[’']s?$", "", match["name"])
                if words in persons or first in labels or match["title"] in ("Mr", "Mrs", "Ms", "President"):
                    name = words if words in persons else first
                    if name.casefold() not in _never_persons() and _tokens_of(name) not in known and len(name) > 1:
                        persons[name] += 1
                        titled.add(name)
        for page in pages:
            for match in _RELATIVE.finditer(page.text):
                surname, given = match["of"].split()[-1], match["given"]
                if given in persons and given.casefold() in _given_genders():
                    persons[f"{given} {surname}"] += persons[given]
        surnames = {name.split()[-1] for name in persons if len(name.split()) > 1}
        firsts = {name.split()[0] for name in persons if len(name.split()) > 1}
        others: dict[str, EntityKind] = {}
        for words, counts in labels.items():
            person = counts["PERSON"] / counts.total()
            single = len(words.split()) == 1
            if words in titled or (
                single and (words in surnames or words in firsts) and _tokens_of(words) not in known
            ):
                persons[words] += counts.total() - counts["PERSON"]
                continue
            if person >= (_PERSON_SHARE if single else 0.5):
                continue
            persons.pop(words, None)
            label = max((n, k) for k, n in counts.items() if k != "PERSON")[1]
            if _may_name(words, label):
                others[words] = kinds[label]
        return persons, others

    def _add(self, words: str, known: _Known) -> None:
        tokens = _tokens_of(words)
        if not tokens or len(tokens) > 10 or tokens in self.by_tokens:
            return
        self.keys.append(known)
        self._point(tokens, len(self.keys) - 1)

    def _add_known(self, tokens: tuple[str, ...], known: _Known) -> None:
        if tokens in self.by_tokens:
            return
        same = next((k for k, old in enumerate(self.keys) if old == known), None)
        if same is None:
            self.keys.append(known)
            same = len(self.keys) - 1
        self._point(tokens, same)

    def _point(self, tokens: tuple[str, ...], who: int) -> None:
        if len(tokens) == 1 and _PRONOUN.fullmatch(tokens[0]):
            return
        held = self.by_tokens.setdefault(tokens, [])
        if who not in held:
            held.append(who)
        first = tokens[0].casefold()
        self.firsts[first] = max(self.firsts.get(first, 0), len(tokens))

    def _add_persons(self, persons: Counter[str], text: str) -> None:
        """Joins the names of one person: "Ann B. Lee", "Ann Lee", "Annie Lee" and, later, "Lee"."""
        full = [n for n in persons if len(n.split()) > 1]
        groups: list[list[str]] = []
        for name in full:
            group = next((g for g in groups if any(_same_person(name, other) for other in g)), None)
            if group is None:
                groups.append([name])
            else:
                group.append(name)
        singles = [n for n in persons if len(n.split()) == 1]
        families = self._families(groups, text)
        for group in groups:
            best = max(group, key=lambda n: (persons[n], -full.index(n)))
            self.keys.append(_Known(best, "person"))
            who = len(self.keys) - 1
            for name in group:
                self._point(_tokens_of(name), who)
                surname = _surname(name)
                self._point(_tokens_of(surname), who)
        for name in full:
            who = self.by_tokens[_tokens_of(name)][0]
            first = name.split()[0]
            others = [self.keys[k].name for k in self.by_tokens.get(_tokens_of(first), [])]
            taken = any(text.find(other) <= text.find(name) for other in others)  # the surname of one named before
            if first in singles and not taken and _opens_with(text, name, first):
                self._point(_tokens_of(first), who)
        for name in singles:
            self._add(name, _Known(name, "person"))
        for surname in families:
            self.keys.append(_Known(surname, "person"))
            self._point(_tokens_of(surname), len(self.keys) - 1)

    @staticmethod
    def _families(groups: Sequence[Sequence[str]], text: str) -> list[str]:
        """Surnames with a title in the text that nobody can have whom it names in full ("Mr." for an Ann)."""
        full: dict[str, list[str]] = defaultdict(list)
        for name in (name for group in groups for name in group):
            full[_surname(name)].append(name)
        titled = dict.fromkeys((m["name"], m["title"].casefold()) for m in _BEFORE_SURNAME.finditer(text))
        alone = [
            name for name, title in titled if name in full and not any(_may_be(title, one, text) for one in full[name])
        ]
        return list(dict.fromkeys(alone))

    def mark(self, page: _Page, *, loose: bool = False) -> list[_Mark]:
        """Where the page names them, longest name first; `loose` also takes words all in capitals."""
        marks: list[_Mark] = []
        last: dict[int, int] = {}
        index = 0
        while index < len(page.tokens):
            size, who = self._longest(page, index, last, loose=loose)
            if who is None:
                index += 1
                continue
            end = page.tokens[index + size - 1][1]
            if _DOTTED.search(page.text[max(0, end - 3) : end]) and page.text[end : end + 1] == ".":
                end += 1
            marks.append(_Mark(Span(page.tokens[index][0], end), who))
            last[who] = index
            index += size
        return marks

    def _longest(self, page: _Page, index: int, last: dict[int, int], *, loose: bool) -> tuple[int, int | None]:
        word = page.tokens[index][2]
        longest = self.firsts.get(word.casefold(), 0)
        for size in range(min(longest, len(page.tokens) - index), 0, -1):
            tokens = tuple(t[2] for t in page.tokens[index : index + size])
            held = self.by_tokens.get(tokens)
            if held is None and word.isupper() and len(word) > 2:
                held = self._capitals(tokens)
            if held is None or not page.joined(index, size):
                continue
            if size == 1 and self._plain_word(page, index, held[0], loose=loose):
                continue
            if size == 1 and len(held) > 1 and (title := _title_before(page.text, page.tokens[index][0])):
                fitting = [k for k in held if _may_be(title, self.keys[k].name, page.text)]
                held = [k for k in fitting if " " in self.keys[k].name] or fitting or held
            return size, max(held, key=lambda k: (last.get(k, -1), -k))
        return 1, None

    def _capitals(self, tokens: tuple[str, ...]) -> list[int] | None:
        folded = tuple(t.capitalize() for t in tokens) if all(t.isupper() for t in tokens) else ()
        return self.by_tokens.get(folded)

    def _plain_word(self, page: _Page, index: int, who: int, *, loose: bool) -> bool:
        """True when a one-word name is here an ordinary word that begins a sentence, or a month."""
        start, end, word = page.tokens[index]
        if self.keys[who].kind != "person":
            return False
        if word in _MONTH_NAMES:
            before = page.text[max(0, start - 12) : start].split()
            if re.match(r"\s+\d", page.text[end : end + 4]) or (before and before[-1].casefold() in _MONTH_LEADS):
                return True
        if loose or word.casefold() not in self.common:
            return False
        opening = start in page.starts or not re.search(r"\w[\s,]*$", page.text[max(0, start - 3) : start])
        return opening and not re.match(r"[’']s\b|,? (?:said|told|says|added)\b", page.text[end : end + 8])


_TITLE_OF_ONE = r"(?P<title>Mrs?|Ms|Miss|President|Vice President|Sen|Senator|Gov|Governor|Secretary)\.?"
_BEFORE_SURNAME = re.compile(rf"\b{_TITLE_OF_ONE}\s(?P<name>[A-Z][\w’'-]*?)(?=[’']s?\b|[^\w’'-]|$)(?!\s[A-Z])")
_TITLE_LAST = re.compile(rf"\b{_TITLE_OF_ONE}\s$")
_RELATIVES = r"(?:wife|husband|daughter|son|sister|brother|mother|father)"
_RELATIVE = re.compile(
    rf"(?P<of>[A-Z][\w-]+(?:\s[A-Z][\w-]+)?)[’']s?\s(?:\w+\s)?{_RELATIVES},?\s(?P<given>[A-Z][a-z]+)(?!\s[A-Z]|[’'\w-])"
)
"""A relative named by a given name alone ("Mr. Lund’s wife, Ann, said")."""
OF_RELATIVE = re.compile(rf"(?:[’']s?)?\s(?:\w+\s)?{_RELATIVES},?\s[A-Z]")
"""What follows a name where a relative is meant, who is named behind."""
_KIN = r"(?:[Ff]irst [Ll]ady|[Ww]ife|[Hh]usband|[Dd]aughter|[Ss]on|[Ss]ister|[Bb]rother|[Mm]other|[Ff]ather),?\s"


def _title_before(text: str, start: int) -> str | None:
    """The title or office right before a surname that begins at `start`."""
    found = _TITLE_LAST.search(text, max(0, start - 16), start)
    return found["title"].casefold() if found else None


def _may_be(title: str, name: str, text: str) -> bool:
    """False where a title is not that of whom the text names: of the other gender, or the office of a relative."""
    first = name.split()[0].casefold().strip(".")
    if len(name.split()) < 2:
        return True
    gender = {"mr": "m", "mrs": "f", "ms": "f", "miss": "f"}.get(title)
    if gender:
        return _given_genders().get(first, gender) == gender
    return not re.search(rf"\b{_KIN}{re.escape(name)}\b", text)


_SHORT_OUTLETS = frozenset({"Post", "Times", "Journal", "Herald", "Tribune", "Globe", "Telegraph", "Chronicle", "Mail"})
_DOTTED = re.compile(r"[A-Z]\.[A-Z]$")
_MONTH_NAMES = frozenset({"May", "April", "June", "August", "March"})
_MONTH_LEADS = frozenset(
    ["in", "of", "since", "until", "by", "last", "next", "early", "late", "mid", "this", "from", "to"]
)


def _may_name(words: str, label: str) -> bool:
    """False for what the model takes for a name of a body, place or group and is none."""
    if _OWNED.search(words) and _tokens_of(_OWNED.split(words)[0]) in _known_names():
        return False
    if len(words.split()) > 8 or words in _no_bodies() or (words.isupper() and len(words) > 5):
        return False
    return label != "NORP" or words.endswith("s")


_OWNED = re.compile(r"[’']s? ")


@functools.cache
def _no_bodies() -> frozenset[str]:
    return frozenset(load_table("people")["no_bodies"]["words"])


def _pieces(words: str, spoken: set[str]) -> list[str]:
    """An entity's words apart where they hold two names: "Lee-Park", "Ann Lee and Bo Park", "Lee/Park"."""
    out = []
    for piece in _halves(words):
        halves = re.split(r"[-–‑]", piece.strip())
        apart = len(halves) == 2 and all(_tokens_of(h)[-1:] and _tokens_of(h)[-1][0].isupper() for h in halves)
        if apart and " " not in piece.strip() and all(h in spoken for h in halves) and _stand_alone(halves, spoken):
            out.extend(halves)
        else:
            out.append(piece)
    return out


def _halves(words: str) -> list[str]:
    """An entity's words apart at "and" and its like; a body whose one noun stands last has but one name."""
    halves = re.split(r"\s+(?:and|&|vs\.?)\s+(?=[A-Z])|/|\s[–—-]\s", words)
    nouns = [bool(_BODY_NOUN.search(_trim(half))) for half in halves]
    return [words] if nouns[-1] and not any(nouns[:-1]) and " and " in words else halves


_BODY_NOUN = re.compile(
    r"\b(?:[Ss]ubc|C)ommittee$|\b(?:Commission|Department|Ministry|Agency|Administration|Bureau|Council|Board|Association"
    r"|Authority|Institute|Office|Service|Society)$"
)
"""The noun that ends the name of a body with "and" in it ("Ways and Means Committee")."""


def _stand_alone(halves: list[str], spoken: set[str]) -> bool:
    return all(len(h) > 2 for h in halves) and len(spoken.intersection(halves)) == len(halves)


def _opens_with(text: str, name: str, first: str) -> bool:
    """True when the full name stands before its first word alone does, as where the family's name leads, or nowhere."""
    return text.find(first) >= text.find(name)


def _core(name: str) -> list[str]:
    return [w.casefold().strip(".,") for w in name.split() if w.casefold().strip(".,") not in _SUFFIXES]


def _surname(name: str) -> str:
    """The last word of a full name with the small words before it ("von der Leyen")."""
    words = [w for w in name.split() if w.casefold().strip(".,") not in _SUFFIXES] or name.split()
    at = len(words) - 1
    while at > 1 and words[at - 1].islower():
        at -= 1
    return " ".join(words[at:]).strip(",")


def _same_person(a: str, b: str) -> bool:
    """True when two full names can be one person's: the same last word, given names that fit."""
    x, y = _core(a), _core(b)
    if len(x) < 2 or len(y) < 2:
        return False
    if x == y:
        return True
    short = _short_forms()
    if x[-1] != y[-1]:
        small, large = sorted((x, y), key=len)
        return len(small) < len(large) and set(small) < set(large)
    first, second = x[0], y[0]
    fits = first == second or short.get(first, first) == short.get(second, second)
    initial = (len(first) == 1 or len(second) == 1) and first[0] == second[0]
    middle = first in y or second in x
    return fits or initial or middle


# --- what is said of them -----------------------------------------------------------------------


def role_before(text: str, start: int, *, floor: int = 0) -> Span | None:
    """The office named right before a name that begins at `start` ("White House press secretary"), if any.

    Words before `floor` (the end of another person's name) belong to no role of this one.
    """
    low = max(floor, start - 110, 0)
    left = text[low:start]
    match = re.search(r"[^.,;:!?()\n\"“”–—]*(?:\b[A-Z]\.(?:[A-Z]\.)*[^.,;:!?()\n\"“”–—]*|\b(?:Sen|Rep|Gov|Gen|Lt|Col|Adm|Dr|Mr|Mrs|Ms)\. )*$", left)  # fmt: skip # noqa: E501
    if match is None or not match.group().strip():
        return None
    base = low + match.start()
    words = [(base + m.start(), base + m.end(), m.group()) for m in re.finditer(r"[^\s]+", match.group())]
    if not words or not text[words[-1][1] : start].isspace():
        return None
    head = _office_size(words)
    if head == 0:
        return None
    at = len(words) - head
    while at > 0 and _belongs_to_role(words[at - 1][2], at - 1 == 0):
        at -= 1
    while at < len(words) - head and words[at][2].casefold() in _ROLE_EDGE:
        at += 1
    return Span(words[at][0], words[-1][1])


_ROLE_EDGE = frozenset(["the", "and", "of", "for", "his", "her", "their", "its", "a", "an"])


def _office_size(words: list[tuple[int, int, str]]) -> int:
    for size in (3, 2, 1):
        if len(words) >= size:
            head = " ".join(w[2].rstrip(".").casefold() for w in words[-size:])
            if head in _offices() or head in _titles():
                return size
    return 0


def _belongs_to_role(word: str, first: bool) -> bool:
    plain = word.casefold().strip(".,").removesuffix("’s").removesuffix("'s")
    if plain in _modifiers() or plain in _offices() or plain in _titles():
        return True
    return word[:1].isupper() and plain not in _NO_ROLE and not (first and plain in _STARTERS)


@functools.cache
def _modifiers() -> frozenset[str]:
    return frozenset(load_table("people")["modifiers"]["words"])


_NO_ROLE = frozenset(
    [
        "but",
        "while",
        "when",
        "after",
        "before",
        "on",
        "in",
        "as",
        "if",
        "that",
        "and",
        "with",
        "by",
        "then",
        "said",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "meanwhile",
    ]
)
_STARTERS = frozenset(
    [
        "earlier",
        "both",
        "although",
        "though",
        "since",
        "because",
        "however",
        "instead",
        "also",
        "still",
        "here",
    ]
)

_APPOSED = re.compile(
    r",? ?(?:\([^)]{1,40}\))?, (?P<role>(?:the|a|an|who is the|his|her|their|its)?"
    r" ?[^,.;:\n\"“”()]{3,90})(?=[,.;\n])"
)


def role_after(text: str, end: int) -> Span | None:
    """The office given between commas after a name that ends at `end` (", the minister,"), if any."""
    match = _APPOSED.match(text, end)
    if match is None:
        return None
    role = match["role"]
    words = role.split()
    first = words[0].casefold()
    if first not in ("the", "a", "an", "his", "her", "their", "its") and not words[0][:1].isupper() and first not in _modifiers() and first not in _offices():  # fmt: skip # noqa: E501
        return None
    lead = re.split(r"\s(?:of|for|at|in|to|who|on|from|and|with)\s", role)[0]
    size = _office_size([(0, 0, w) for w in lead.split()])
    if not size or len(words) > 14:
        return None
    start = match.start("role") + len(role) - len(role.lstrip())
    if first in ("the", "a", "an"):
        start += len(words[0]) + 1
    cut = re.search(r"\s(?:who|which|that)\s", text[start : match.end("role")])
    return Span(start, start + cut.start() if cut else match.end("role"))


def body_in(role: str) -> str | None:
    """The body or country that the words of an office name ("Kremlin spokesman" → "Kremlin"), if any."""
    known = _known_names()
    tokens = [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(role)]
    country = None
    for at in range(len(tokens)):
        for size in range(min(5, len(tokens) - at), 0, -1):
            words = tuple(t[2] for t in tokens[at : at + size])
            hit = known.get(words)
            if hit is not None and hit.kind == "body":
                return hit.name
            if country is None and words[0][0].isupper():
                country = country_of(role[tokens[at][0] : tokens[at + size - 1][1]])
    capital = re.search(r"(?:[A-Z][\w’'-]+ )+(?:Department|Ministry|Committee|Commission|Council|Agency|Office)", role)
    return capital.group() if capital else country


def _describe(
    register: _Register, body: _Page, body_marks: list[_Mark], head: _Page, head_marks: list[_Mark]
) -> list[Entity]:
    """One entity per key of the register, with roles, body and gender."""
    spans: dict[int, list[Span]] = defaultdict(list)
    title_spans: dict[int, list[Span]] = defaultdict(list)
    roles: dict[int, list[str]] = defaultdict(list)
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for page, marks, put in ((body, body_marks, spans), (head, head_marks, title_spans)):
        floor = 0
        for mark in marks:
            put[mark.who].append(mark.span)
            if register.keys[mark.who].kind != "person":
                continue
            before = role_before(page.text, mark.span.start, floor=floor)
            floor = mark.span.end
            for role in (before, role_after(page.text, mark.span.end)):
                if role is None:
                    continue
                words = " ".join(role.of(page.text).split())
                gender = _gender_of_role(words)
                if gender:
                    votes[mark.who][gender] += 3
                if words.rstrip(".").casefold() not in ("mr", "mrs", "ms", "miss") and words not in roles[mark.who]:
                    roles[mark.who].append(words)
    _pronoun_votes(body, [m for m in body_marks if register.keys[m.who].kind == "person"], votes)
    out = []
    for who, key in enumerate(register.keys):
        org = next((b for b in map(body_in, roles[who]) if b), None)
        out.append(
            Entity(
                name=key.name,
                kind=key.kind,
                spans=tuple(spans[who]),
                title_spans=tuple(title_spans[who]),
                roles=tuple(roles[who]),
                org=org,
                gender=_gender(key, votes[who]),
                government_of=key.government_of,
            )
        )
    return out


def _gender_of_role(role: str) -> str | None:
    words = role.rstrip(".").casefold().split()
    for table in (_titles(), _offices()):
        for size in (2, 1):
            told = table.get(" ".join(words[-size:]))
            if told in ("m", "f"):
                return told
    return None


def _pronoun_votes(page: _Page, marks: list[_Mark], votes: dict[int, Counter[str]]) -> None:
    """A sentence that opens with "he" or "she" tells the gender of the only person in the one before."""
    alone: dict[int, set[int]] = defaultdict(set)
    for mark in marks:
        alone[page.sentence_at(mark.span.start)].add(mark.who)
    for number, start in enumerate(page.starts[1:], start=1):
        match = re.match(r"(He|She)\b", page.text[start : start + 4])
        if match and len(alone[number - 1]) == 1:
            votes[next(iter(alone[number - 1]))]["m" if match.group() == "He" else "f"] += 1


def _gender(key: _Known, votes: Counter[str]) -> Gender | None:
    if key.kind != "person":
        return None
    words = key.name.casefold().split()
    if len(words) > 1:
        told = _given_genders().get(words[0].strip("."))
        if told in ("m", "f"):
            votes[told] += 2
    if votes["m"] == votes["f"]:
        return None
    return "m" if votes["m"] > votes["f"] else "f"


# --- whom pronouns and offices mean -------------------------------------------------------------

_PRONOUN = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:[Tt]he|[Tt]hat|[Tt]his)\s(?P<words>(?:[\w’'.-]+\s){0,4}?|(?:(?:[A-Z\d][\w’'.-]*|of|and|for)\s){5,8})"
    r"(?P<head>OFFICES)\b(?![’'-]?\w|\s+[A-Z][a-z])"
)
_SPEAKS_AFTER = re.compile(
    r",?\s(?:said|says|told|added|adds|tweeted|wrote|announced|argued|warned|asked|called|noted)\b"
)
_SPEAKS_BEFORE = re.compile(r"\b(?:said|says|added|adds|told|wrote|according to)\s(?:\w+\.?\s)?$")
_IN_FRONT = re.compile(
    r"[“\"]?(?:In|During|After|Before|At|With|On|Following|Despite|Throughout|Ahead of)\s(?:\w+\s){0,3}?"
    r"(?P<own>his|her)\s[^,;:.\n”\"]{2,70},\s"
)
"""Words with "his" or "her" in front of a sentence's subject."""
_DEPENDS = re.compile(r"\b(?:with|of|by|from|for|to|against|about|on|and|than|like|between)\s+(?:\w+\.?\s)?$")
"""What stands before a name that is no subject."""
_EARLIER, _DECAY, _OTHERS, _IN_QUOTE, _SPEAKS = 0.55, 0.5, 0.15, 0.2, 2.0
_PARAGRAPH = 0.5
"""Share that a person of an earlier paragraph keeps where the new one has named another before the pronoun."""
_REACH = 4
"""Sentences back in which a pronoun's person may stand."""


_SHORT_OFFICE = re.compile(r"\b(?P<words>)(?P<head>POTUS|FLOTUS|VPOTUS)\b")
"""Offices as posts write them."""


@functools.cache
def _office_pattern() -> re.Pattern[str]:
    heads = sorted(_offices(), key=len, reverse=True)
    names = "|".join(re.escape(h) for h in heads)
    titled = "|".join(re.escape(h.capitalize()) for h in heads)
    return re.compile(_OFFICE.pattern.replace("OFFICES", f"{names}|{titled}"))


@functools.cache
def _pair_pattern() -> re.Pattern[str]:
    phrases = sorted((p for p in load_table("people")["pronouns"]["pair"] if p != "both"), key=len, reverse=True)
    of_things = r"(?<=[Tt]wo)\s(?:countries|nations|states|governments|parties|houses|chambers|bills|days|weeks)\b"
    return re.compile(r"\b(?i:" + "|".join(map(re.escape, phrases)) + rf")\b(?!\s+[A-Z]|{of_things})")


class _Reader:
    """Reads a page once, from the top, and keeps who was spoken of last."""

    def __init__(self, page: _Page, marks: list[_Mark], entities: list[Entity]) -> None:
        self.page = page
        self.entities = entities
        self.marks = marks
        self.past: list[tuple[int, int, float, bool]] = []
        """(sentence, who, weight) of each person spoken of so far."""

    def read(self) -> list[Mention]:
        page = self.page
        steps: list[tuple[Span, str, Any]] = [(m.span, "name", m.who) for m in self.marks]
        taken = [m.span for m in self.marks]
        starts = [s.start for s in taken]
        patterns: list[tuple[str, re.Pattern[str]]] = [
            ("pair", _pair_pattern()),
            ("office", _office_pattern()),
            ("office", _SHORT_OFFICE),
            ("pronoun", _PRONOUN),
        ]
        for how, pattern in patterns:
            fresh = []
            for match in pattern.finditer(page.text):
                span = Span(match.start(), match.end())
                if how == "office":
                    if _blocks_office(match):
                        continue
                elif _touches(taken, starts, span):
                    continue
                fresh.append((span, how, match))
            steps.extend(fresh)
            if how != "office":
                taken = sorted([*taken, *(s for s, _, _ in fresh)])
                starts = [s.start for s in taken]
        steps.sort(key=lambda s: (s[0].start, -s[0].end))
        out: list[Mention] = []
        for span, how, what in steps:
            mention = self._step(span, how, what)
            if mention is None:
                continue
            while out and out[-1].span.overlaps(mention.span) and mention.by == "office":
                out.pop()
            if not out or not out[-1].span.overlaps(mention.span):
                out.append(mention)
        return out

    def _step(self, span: Span, how: str, what: Any) -> Mention | None:
        if how == "name":
            entity = self.entities[what]
            if entity.kind == "person":
                self._remember(span, what)
            return Mention(span=span, entities=(entity,), by="name")
        if how == "pair":
            two = self._last_pair(span)
            return Mention(span=span, entities=tuple(self.entities[k] for k in two), by="office") if two else None
        if how == "office":
            held = self._officer(span, what)
            if held is None:
                return None
            self._remember(span, held)
            return Mention(span=span, entities=(self.entities[held],), by="office")
        gender: Gender = "f" if what.group().casefold() in ("she", "her", "hers", "herself") else "m"
        meant = self._subject_behind(span, gender)
        if meant is None:
            meant = self._antecedent(span, gender)
        if meant is None:
            meant = self._named_behind(span, gender)
        if meant is None:
            return None
        self._remember(span, meant)
        return Mention(span=span, entities=(self.entities[meant],), by="pronoun")

    def _subject_behind(self, span: Span, gender: Gender) -> int | None:
        """Whom "his" or "her" means in words before the subject of their sentence: "In his speech, Lee said"."""
        text = self.page.text
        front = _IN_FRONT.match(text, self.page.starts[self.page.sentence_at(span.start)])
        if front is None or front.start("own") != span.start:
            return None
        mark = next((m for m in self.marks if m.span.start >= front.end()), None)
        if mark is None or self.entities[mark.who].kind != "person":
            return None
        role = role_before(text, mark.span.start, floor=front.end())
        starts = (role.start if role else mark.span.start) == front.end()
        return mark.who if starts and self.entities[mark.who].gender in (gender, None) else None

    def _named_behind(self, span: Span, gender: Gender) -> int | None:
        """Whom the sentence names behind its pronoun, where nobody has been spoken of: "A day after his talk, Lee"."""
        sentence = self.page.sentence_at(span.start)
        for mark in self.marks:
            if mark.span.start < span.end or self.entities[mark.who].kind != "person":
                continue
            if self.page.sentence_at(mark.span.start) != sentence:
                break
            role = role_before(self.page.text, mark.span.start, floor=span.end)
            start = role.start if role else mark.span.start
            fits = self.entities[mark.who].gender in (gender, None)
            if fits and not _DEPENDS.search(self.page.text, max(span.end, start - 14), start):
                return mark.who
        return None

    def _remember(self, span: Span, who: int) -> None:
        page = self.page
        if page.text[span.start - 1 : span.start] == "/" or page.in_byline(span.start):  # the credit of a picture
            return
        sentence = page.sentence_at(span.start)
        weight = 1.0
        before = page.text[max(0, span.start - 14) : span.start]
        after = page.text[span.end : span.end + 12]
        if not any(s == sentence and not page.in_quote(span.start) for s, *_ in self.past[-6:]):
            weight *= 1.4
        if re.match(r"[’']s?\s", after):
            weight *= 0.6
        if _DEPENDS.search(before):
            weight *= 0.6
        if _SPEAKS_AFTER.match(after) or _SPEAKS_BEFORE.search(before):
            weight *= _SPEAKS
        elif re.match(r",?\s(?:has|had|was|is|will|also)\b", after):
            weight *= 1.4
        quoted = page.in_quote(span.start)
        self.past.append((sentence, who, weight * _IN_QUOTE if quoted else weight, quoted))

    def _antecedent(self, span: Span, gender: Gender) -> int | None:
        sentence = self.page.sentence_at(span.start)
        scores: dict[int, float] = defaultdict(float)
        best: dict[int, float] = defaultdict(float)
        fresh = "\n" in self.page.text[self.page.starts[sentence] - 2 : self.page.starts[sentence]]
        here = fresh and any(
            at == sentence and self.entities[who].gender in (gender, None) for at, who, *_ in self.past
        )
        inside = self.page.in_quote(span.start)
        for at, who, weight, quoted in reversed(self.past):
            if sentence - at > _REACH:
                break
            if inside and quoted and at == sentence:  # whom the same quotation names counts in full
                weight /= _IN_QUOTE
            if here and at != sentence:  # a new paragraph has named somebody of its own
                weight *= _PARAGRAPH
            told = self.entities[who].gender
            if told is not None and told != gender:
                continue
            known = 1.0 if told == gender else 0.7
            score = weight * known * (1.0 if at == sentence else _EARLIER * _DECAY ** (sentence - at - 1))
            scores[who] += _OTHERS * score
            best[who] = max(best[who], score)
        return max(best, key=lambda k: best[k] + scores[k], default=None)

    def _last_pair(self, span: Span) -> tuple[int, ...]:
        """The two who were spoken of most of late, in the order of the text."""
        sentence = self.page.sentence_at(span.start)
        scores: dict[int, float] = defaultdict(float)
        for at, who, weight, _ in self.past:
            if sentence - at <= 2 * _REACH:
                scores[who] += weight
        for who in list(scores):  # a spokesman is not one of the two that he speaks of
            if any("spokes" in role.casefold() for role in self.entities[who].roles):
                del scores[who]
        words = span.of(self.page.text).casefold().split()
        if offices := load_table("people")["pairs"].get(words[-1]):
            holders = {w: s for w, s in scores.items() if _office_fit(self.entities[w], tuple(offices), "", None)}
            if len(holders) < 2:  # nobody's office is told, or only some people's
                holders |= {w: s for w, s in scores.items() if not self.entities[w].roles}
            scores = holders
        two = sorted(scores, key=lambda who: -scores[who])[:2]
        return tuple(who for who in scores if who in two) if len(two) == 2 else ()

    def _officer(self, span: Span, match: re.Match[str]) -> int | None:
        """Whom "the senator" or "the Russian leader" means: office and land must fit."""
        head, words = match["head"].casefold(), match["words"]
        wanted = tuple(load_table("people")["same_office"].get(head, (head,)))
        land = next((c for c in (country_of(w) for w in _lands(words)) if c), None)
        state = next((s for s in load_table("places")["states"] if s in words), None)
        sentence = self.page.sentence_at(span.start)
        scores: dict[int, float] = defaultdict(float)
        recent: dict[int, float] = defaultdict(float)
        for at, who, weight, _ in self.past:
            recent[who] += weight * 0.7 ** (sentence - at)
        here = list(dict.fromkeys(who for at, who, *_ in self.past if at == sentence))
        beside = land and here and _BESIDE.search(self.page.text, max(0, span.start - 8), span.start)
        other = self.past[-1][1] if beside else None
        for who in recent:
            fits = _office_fit(self.entities[who], wanted, words, land)
            if fits and not (who == other and fits < 1):  # nobody meets himself
                scores[who] = fits * (1 + recent[who])
        if scores:
            return max(scores, key=lambda k: scores[k])
        if land or re.search(r"[A-Z]", words) or words.startswith(("former ", "ex-")):
            unknown = [who for who in here if not self.entities[who].roles and not self.entities[who].org]
            if len(unknown) == 1:
                return unknown[0]
        if state or head in _LOOSE_OFFICES:
            near = [(w, k) for k, w in recent.items() if w > 0.2]
            return max(near)[1] if near else None
        return None


_BESIDE = re.compile(r"\b(?:with|and|to)\s$")
_LOOSE_OFFICES = frozenset({"lawmaker", "congressman", "congresswoman", "legislator"})


def _lands(words: str) -> list[str]:
    parts = [w.removesuffix("’s").removesuffix("'s") for w in words.split()]
    return [" ".join(parts[k : k + 2]) for k in range(len(parts) - 1)] + [p for p in parts if p[:1].isupper()]


def _office_fit(entity: Entity, wanted: tuple[str, ...], words: str, land: str | None) -> float:
    best = 0.0
    for role in entity.roles:
        folded = role.casefold()
        if not any(re.search(rf"(?<!\w){re.escape(w)}(?:\b|(?<=-))", folded) for w in wanted):
            continue
        fit = 1.0
        vice = "vice " in folded or "deputy" in folded
        if vice and "vice" not in words and "deputy" not in words:
            fit *= 0.2
        lands = {c for c in (country_of(w) for w in _lands(role)) if c}
        if land is not None:
            fit *= 3.0 if land in lands else (0.15 if lands else 0.6)
        elif lands:
            fit *= 0.6
        shared = {w.casefold() for w in words.split()} & set(folded.split())
        fit *= 1 + 0.5 * len(shared)
        best = max(best, fit)
    return best


def _blocks_office(match: re.Match[str]) -> bool:
    """True when the words before the office noun show that another noun owns the phrase."""
    words = match["words"].split()
    return any(
        w.casefold() in _NOT_IN_OFFICE or (w.casefold().endswith(("’s", "'s")) and not w[:1].isupper()) for w in words
    )


_NOT_IN_OFFICE = frozenset(
    [
        "to",
        "that",
        "who",
        "said",
        "says",
        "is",
        "was",
        "will",
        "has",
        "had",
        "by",
        "with",
        "from",
        "a",
        "an",
        "the",
        "on",
        "at",
        "in",
        "but",
        "as",
        "it",
        "he",
        "she",
        "and",
        "or",
        "same",
        "other",
    ]
)


def _touches(taken: list[Span], starts: list[int], span: Span) -> bool:
    place = bisect_right(starts, span.start)
    around = taken[max(0, place - 1) : place + 1]
    return any(t.overlaps(span) for t in around)


def is_owner(text: str, mention: Span, span: Span) -> bool:
    """True when the name only tells about whom it is ("Lee's spokesman", "an aide to Lee", "Lee ally Ann Day")."""
    after = text[mention.end : min(span.end, mention.end + 4)]
    role = role_before(text, mention.start, floor=span.start)
    before = text[max(span.start, mention.start - 40) : role.start if role else mention.start]
    return bool(
        (re.match(r"[’']s?\s", after) and mention.end + 3 < span.end)
        or re.search(r"\b(?:to|for|of|with|by|from|in|at|on|near|about)\s+(?:\w+\.?\s){0,3}$", before)
        or _ACTING_ON.search(before)
        or _ALLY_OF.match(text, mention.end, span.end)
    )


_ACTING_ON = re.compile(
    r"\b(?:accus|represent|su|challeng|succeed|replac|back|support|oppos|advis|investigat|defend)ing\s(?:\w+\.?\s){0,3}$"
)
"""What somebody does to the one whose name follows ("the woman accusing Judge Lee")."""
_ALLY_OF = re.compile(
    r"(?:\s(?!(?:and|or|of|to|with|who|as|for|from|by|on|in|at|said|told)\b)[a-z-]+){1,3}\s(?=[A-Z][a-z]+\s[A-Z])"
)
"""What somebody is to the one whose name stands before, followed by a full name ("Lee ally Ann Day")."""
