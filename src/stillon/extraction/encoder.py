"""The one small encoder: a text to its attributions and event readings, by onnxruntime.

Weights lie in `weights/` beside this file (`training/` makes them, `weights/CARD.md` describes them).
Thresholds below were swept on the dev splits of PolNeAR and the labelled sentences.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from stillon.errors import ModelMissing
from stillon.extraction.heads import ROLES, EventScores, Floats, Heads, Pieces
from stillon.extraction.modality import status_in
from stillon.extraction.sentences import split_sentences
from stillon.extraction.windows import Window, cut_windows
from stillon.extraction.wording import gathering_name
from stillon.model import Attribution, EventReading, Kind, Span, Status

WEIGHTS = Path(__file__).parent / "weights"

CUE_BIAS, CONTENT_BIAS = 0.65, -0.1
"""Added to the score of beginning a cue, and to the log-odds that a piece is content."""
EVENT_BIAS = 0.0
"""Added to the score of beginning the words of an event."""
EVENT_LEAST = 0.4
"""Least probability that an anchor is an event with a status, for it to be put out with one on its own."""
EVENT_LEAST_OF = {Status.HELD: 0.85, Status.PROPOSED: 0.9, Status.GOING_AHEAD: 0.9, Status.IN_DOUBT: 0.76}
"""The same for statuses that are read into more than claims them; swept together on the dev sentences."""
CLAIM_LEAST = 0.4
"""Least probability that a statement claims a status, for the likeliest to be read; swept on the claims of stories."""
CLAIM_LEAST_OF = {Status.HELD: 0.7}
"""The same for the status that talk of what was is taken for most."""
CLAIM_PIECES = 2
"""Pieces that a statement must have in a window to be read there."""
PHRASE_WEIGHT = 0.7
"""Log-odds that a phrase of the status table adds to its status where it stands in the cue."""
HEADLINE_CHARACTERS = 120
"""Most characters of a first line that is taken for a headline; those of PolNeAR's dev part have 98 at most."""
JOIN_WORDS = 3
"""Most words between two pieces of one content that are taken into it."""
SWITCH_COST = 1.8
"""Log-odds it takes to begin or end a content inside a clause."""
SWITCH_AT_COMMA, SWITCH_AT_STOP = 0.6, 0.3
"""Shares of that cost behind a comma and its like, and behind a stop, a quotation mark or a line's end."""


class Told(NamedTuple):
    """What a statement tells of an event by its words, though it may name none."""

    status: Status | None
    """The status that it claims, None for none."""
    claims: float
    """How probably it claims any."""
    bears: float
    """How probably it bears on an event at all."""


class Mark(NamedTuple):
    """What tells the event of a reading from others, or what a statement is about, and where that stands."""

    values: Floats
    """Features that the trained heads compare."""
    place: int
    """Its first piece, counted over the windows of the text."""


@dataclass(frozen=True, slots=True)
class Statements:
    """What the statements of one text claim, whether or not they name an event, and what tells its events apart."""

    heads: Heads | None = None
    """The trained heads; None where nothing is known."""
    names: tuple[str, ...] = ()
    """Names of what a statement may claim, none last."""
    windows: tuple[tuple[Window, Floats], ...] = ()
    """The windows of the text with their hidden states."""
    marks: Mapping[Span, Mark] = field(default_factory=dict)
    """The mark of each reading, by the words that name its event."""

    def spoken(self, span: Span) -> Mark | None:
        """What the statement at `span` is about; None where no window holds enough of it."""
        if self.heads is None or not (found := self._pieces(span)):
            return None
        hidden, place = found
        return Mark(self.heads.spoken(hidden), place)

    def told_by(self, span: Span) -> Told:
        """What the words of `span` tell."""
        if self.heads is None or not (found := self._pieces(span)):
            return Told(None, 0.0, 0.0)
        shares, bears = self.heads.claimed(found[0])
        sure, status = float(1 - shares[-1]), Status(self.names[int(shares[:-1].argmax())])
        return Told(status if sure >= CLAIM_LEAST_OF.get(status, CLAIM_LEAST) else None, sure, bears)

    def _pieces(self, span: Span) -> tuple[Floats, int] | None:
        """The hidden states of the pieces of `span` in the first window with enough of it, and its first piece."""
        before = 0
        for window, hidden in self.windows:
            inside = np.flatnonzero((window.offsets[:, 0] >= span.start) & (window.offsets[:, 1] <= span.end))
            if len(inside) >= CLAIM_PIECES:
                return hidden[inside], before + int(inside[0])
            before += len(window.ids)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the encoder finds in one text, in its order."""

    attributions: list[Attribution]
    """Who said what, as spans."""
    events: list[EventReading]
    """Events as single sentences speak of them; those only named have status None."""
    statements: Statements = Statements()
    """What statements of it claim."""


class Encoder:
    """A loaded model; safe to share between threads for reading."""

    def __init__(self, folder: Path = WEIGHTS, *, threads: int = 0) -> None:
        """Loads the model of `folder`; raises ModelMissing where it lies not whole."""
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
            with np.load(folder / "heads.npz") as parameters:
                self._heads = Heads(dict(parameters))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime and tokenizers raise bare exceptions of their own
            raise ModelMissing(f"the encoder's weights cannot be loaded: {error}", about=str(folder)) from error
        self._statuses: list[str] = labels["statuses"]
        self._kinds: list[str] = labels["kinds"]
        self._claims: tuple[str, ...] = tuple(labels["claims"])

    def read(
        self,
        text: str,
        *,
        title: str | None = None,
        before: str | None = None,
        start: int = 0,
        in_title: bool = False,
        least: float | None = None,
        bias: float = EVENT_BIAS,
    ) -> Findings:
        """Attributions and events of `text`; `title` and `before` (the sentence before) are context only.

        Where there is no title a headline in the first line that is read stands for it, as in training. What stands
        in front of `start` is not read. With `in_title` the text is itself a title, and the readings say so. An event
        less probable than `least` has no status, and gatherings are read by their names, whatever they are taken for;
        without it each status asks for its own (EVENT_LEAST_OF). `bias` is as EVENT_BIAS. Never raises for odd text.
        """
        lead = f"{before.strip()} " if before and before.strip() else ""
        whole = lead + text
        attributions, events, windows = [], [], []
        marks: dict[Span, Mark] = {}
        pieces = 0
        sentences = split_sentences(whole) if not before else [Span(len(lead), len(whole))]
        title = title or (None if in_title else _headline(text[start:]))
        for window in cut_windows(whole, self._tokenizer, title=title, start=start):
            hidden = self._hidden(window)
            attributions += self._attributions(window, hidden, whole)
            for reading, mark in self._events(window, hidden, sentences, in_title, whole, least, bias):
                events.append(reading)
                marks[reading.event] = mark._replace(place=mark.place + pieces)
            windows.append((window, hidden))
            pieces += len(window.ids)
        if lead:
            return _shifted(Findings(attributions=attributions, events=events), len(lead))
        told = Statements(self._heads, self._claims, tuple(windows), marks)
        return Findings(attributions=attributions, events=events, statements=told)

    def _hidden(self, window: Window) -> Floats:
        """Hidden states of a window, shape (pieces, 384)."""
        feed = {
            "ids": window.ids[None],
            "case": window.case[None],
            "quote": window.quote[None],
            "segment": window.segment[None],
        }
        out: Floats = self._session.run(None, feed)[0][0]
        return out

    def _attributions(self, window: Window, hidden: Floats, text: str) -> list[Attribution]:
        cues = _tagged(self._heads.cue_logits(hidden), window, CUE_BIAS)
        if not cues:
            return []
        ranges = [cue for cue, _ in cues]
        scores = self._heads.said(hidden, ranges)
        body = window.offsets[:, 0] >= 0
        content = np.where(body, scores[..., 1] + np.float32(CONTENT_BIAS), np.float32(-20.0))
        owner = _owners(content, _switch_costs(window, text))
        found = []
        for index, (cue, score) in enumerate(cues):
            mine = (owner == index) & body
            mine[cue[0] : cue[1]] = False
            source = _best_range(_by_word(np.where(body, scores[index, :, 0], -20.0), window))
            if not mine.any():
                continue
            found.append(
                Attribution(
                    source=_spans([source], window, text) if source else (),
                    cue=_spans([cue], window, text),
                    content=_spans(_joined(mine, window, cue, source), window, text),
                    score=score,
                )
            )
        return found

    def _events(
        self,
        window: Window,
        hidden: Floats,
        sentences: Sequence[Span],
        in_title: bool,
        text: str,
        least: float | None,
        bias: float,
    ) -> list[tuple[EventReading, Mark]]:
        scopes = _scopes(window, sentences)
        ranges = _touching(_tagged(self._heads.event_logits(hidden), window, bias))
        by_name = set(_named(window, text, ranges)) if least is not None else set()
        ranges = sorted([*ranges, *by_name])
        tagged = [
            (anchor, scope)
            for anchor in ranges
            if (scope := next(((p, s) for p, s in scopes if p[0] <= anchor[0] < p[1]), None))
        ]
        if not tagged:
            return []
        anchors = [(first, min(last, scope[0][1])) for (first, last), scope in tagged]
        scores = self._heads.events(hidden, anchors, [scope[0] for _, scope in tagged])
        readings = []
        for index, (anchor, (found, (_, sentence))) in enumerate(zip(anchors, tagged, strict=True)):
            named = found in by_name
            if reading := self._event(index, anchor, scores, window, sentence, in_title, text, least, named=named):
                readings.append((reading, Mark(scores.marks[index], anchor[0])))
        return readings

    def _event(
        self,
        index: int,
        anchor: Pieces,
        scores: EventScores,
        window: Window,
        sentence: Span,
        in_title: bool,
        text: str,
        least: float | None,
        *,
        named: bool,
    ) -> EventReading | None:
        found: dict[str, Span | None] = {}
        for place, role in enumerate(ROLES):
            best = _best_range(_by_word(scores.roles[index, :, place], window)) if role != "who" else None
            found[role] = _span(best, window) if best else None
        shares = self._with_phrase(scores.status[index], found["cue"], text)
        order = np.argsort(-shares)
        ranked = tuple((self._statuses[i], float(shares[i])) for i in order)
        claimed = [(name, share) for name, share in ranked if name in CLAIMS]
        sure = sum(share for _, share in claimed)
        likeliest = Status(claimed[0][0])
        asked = EVENT_LEAST_OF.get(likeliest, EVENT_LEAST) if least is None else least
        status = likeliest if sure >= asked else None
        if status is None and ranked[0][0] == "no event" and not named:
            return None
        who = _by_word(scores.roles[index, :, ROLES.index("who")], window) > 0
        return EventReading(
            event=_span(anchor, window),
            kind=Kind(self._kinds[int(scores.kind[index].argmax())]),
            status=status,
            cue=found["cue"],
            who=tuple(_span(each, window) for each in _runs(who)),
            where=found["where"],
            when=found["when"],
            was=found["was"],
            why=found["why"],
            condition=found["if"],
            hedged=bool(scores.hedged[index] > 0.5),
            sentence=sentence,
            in_title=in_title,
            score=sure,
            status_scores=ranked[:4],
        )

    def _with_phrase(self, shares: Floats, cue: Span | None, text: str) -> Floats:
        """The probabilities of the statuses, with what a phrase in the cue says for one of them."""
        told = status_in(cue.of(text)) if cue else None
        if told is None:
            return shares
        raised = shares.copy()
        raised[self._statuses.index(told)] *= np.exp(PHRASE_WEIGHT)
        return np.asarray(raised / raised.sum(), dtype=np.float32)


CLAIMS = frozenset(status.value for status in Status)
"""Names of statuses among what a reading may be: the others claim nothing."""


def _headline(text: str) -> str | None:
    """The first line of several, where it is no paragraph."""
    first, _, rest = text.strip().partition("\n")
    return first if rest and len(first) <= HEADLINE_CHARACTERS else None


@functools.cache
def _no_step() -> Floats:
    """Transition scores of outside, begin, inside: inside follows begin or inside only."""
    steps = np.zeros((3, 3), dtype=np.float32)
    steps[0, 2] = -1e4
    return steps


def _tagged(logits: Floats, window: Window, bias: float) -> list[tuple[Pieces, float]]:
    """Ranges tagged begin-inside by the best path (Viterbi), widened to whole words, with their probability."""
    raised = np.exp(logits - logits.max(-1, keepdims=True))
    outside = raised[:, 0] / raised.sum(-1)
    scores = np.log(raised / raised.sum(-1, keepdims=True) + 1e-9)
    scores[:, 1] += bias
    scores[window.offsets[:, 0] < 0, 1:] = -1e4
    if not (scores[:, 0] < np.maximum(scores[:, 1], scores[:, 2])).any():
        return []
    steps, best = _no_step(), scores[0] + np.array([0.0, 0.0, -1e4], dtype=np.float32)
    back = np.zeros(scores.shape, dtype=np.int64)
    for place in range(1, len(scores)):
        reached = best[:, None] + steps
        back[place] = reached.argmax(0)
        best = reached.max(0) + scores[place]
    path = [int(best.argmax())]
    for place in range(len(scores) - 1, 0, -1):
        path.append(int(back[place, path[-1]]))
    path.reverse()
    ranges: list[Pieces] = []
    for place, tag in enumerate(path):
        if tag == 1 and not (ranges and ranges[-1][1] == place and not window.begins_word[place]):
            ranges.append((place, place + 1))
        elif tag:
            ranges[-1] = (ranges[-1][0], place + 1)
    whole = [_whole_words(each, window) for each in ranges]
    return [(each, float(1.0 - outside[each[0] : each[1]].min())) for each in whole]


def _named(window: Window, text: str, ranges: Sequence[Pieces]) -> list[Pieces]:
    """Where gatherings stand by their names ("Lakeside Security Conference"), outside of the ranges."""
    body = np.flatnonzero(window.offsets[:, 0] >= 0)
    if not len(body):
        return []
    first, last = int(window.offsets[body[0], 0]), int(window.offsets[body[-1], 1])
    names = [Span(*match.span()) for match in gathering_name().finditer(text, first, last)]
    found = [pieces for pieces, _ in _scopes(window, names)]
    return [(start, end) for start, end in found if not any(a < end and start < b for a, b in ranges)]


def _touching(tagged: Iterable[tuple[Pieces, float]]) -> list[Pieces]:
    """The ranges, those without a gap between them made one: a name is seldom followed at once by another."""
    out: list[Pieces] = []
    for (start, end), _ in tagged:
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _whole_words(pieces: Pieces, window: Window) -> Pieces:
    """The range widened to the edges of its words."""
    start, end = pieces
    while start > 0 and not window.begins_word[start] and window.offsets[start - 1, 0] >= 0:
        start -= 1
    while end < len(window.ids) and not window.begins_word[end] and window.offsets[end, 0] >= 0:
        end += 1
    return start, end


def _by_word(scores: Floats, window: Window) -> Floats:
    """Each piece's score replaced by the mean over its word, along the last axis."""
    word = np.cumsum(window.begins_word | (window.offsets[:, 0] < 0)) - 1
    first = np.searchsorted(word, np.arange(word[-1] + 1)) if len(word) else word
    sums = np.add.reduceat(scores, first, axis=-1)
    sizes = np.diff(np.append(first, len(word)))
    return np.asarray((sums / sizes)[..., word], dtype=np.float32)


def _switch_costs(window: Window, text: str) -> Floats:
    """What it costs to change the owner before each piece; inside a word it is not to be had."""
    costs = np.full(len(window.ids), 1e4, dtype=np.float32)
    for place in np.flatnonzero(window.begins_word).tolist():
        start = int(window.offsets[place, 0])
        behind = text[max(0, start - 2) : start]
        mark = behind.strip()[-1:] or text[start : start + 1]
        share = 1.0
        if "\n" in behind or mark in _STOPS or text[start : start + 1] in _STOPS:
            share = SWITCH_AT_STOP
        elif mark in _COMMAS or text[start : start + 1] in _COMMAS:
            share = SWITCH_AT_COMMA
        costs[place] = SWITCH_COST * share
    costs[window.offsets[:, 0] < 0] = 0.0
    return costs


_STOPS = frozenset('.!?"“”«»')
_COMMAS = frozenset(",;:—–-()")


def _owners(content: Floats, costs: Floats) -> npt.NDArray[np.int64]:
    """Which cue owns each piece, -1 for none: the best path over pieces, changes at their cost (Viterbi)."""
    scores = np.concatenate([np.zeros((1, content.shape[1]), dtype=np.float32), content]).T
    best, back = scores[0].copy(), np.zeros(scores.shape, dtype=np.int64)
    states = np.arange(scores.shape[1])
    for place in range(1, len(scores)):
        top = int(best.argmax())
        change = best[top] - costs[place]
        stay = best >= change
        back[place] = np.where(stay, states, top)
        best = np.where(stay, best, change) + scores[place]
    path = np.zeros(len(scores), dtype=np.int64)
    path[-1] = int(best.argmax())
    for place in range(len(scores) - 1, 0, -1):
        path[place - 1] = back[place, path[place]]
    return path - 1


def _best_range(scores: Floats) -> Pieces | None:
    """The range with the largest sum of log-odds (Kadane), None where no piece is above zero."""
    best, best_sum, start, running = None, 0.0, 0, 0.0
    for place, score in enumerate(scores.tolist()):
        if running <= 0:
            start, running = place, 0.0
        running += score
        if running > best_sum:
            best, best_sum = (start, place + 1), running
    return best


def _runs(chosen: npt.NDArray[np.bool_]) -> list[Pieces]:
    """Half-open ranges of true entries."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _joined(mine: npt.NDArray[np.bool_], window: Window, cue: Pieces, source: Pieces | None) -> list[Pieces]:
    """The runs of one content, small gaps between them taken in unless the cue or source stands there."""
    out: list[Pieces] = []
    for start, end in _runs(mine):
        if out:
            gap = (out[-1][1], start)
            parts = any(p and p[0] < gap[1] and gap[0] < p[1] for p in (cue, source))
            if not parts and int(window.begins_word[gap[0] : gap[1]].sum()) <= JOIN_WORDS:
                out[-1] = (out[-1][0], end)
                continue
        out.append((start, end))
    return out


def _scopes(window: Window, sentences: Sequence[Span]) -> list[tuple[Pieces, Span]]:
    """The pieces of every sentence that the window holds."""
    body = np.flatnonzero(window.offsets[:, 0] >= 0)
    starts = window.offsets[body, 0]
    out = []
    for sentence in sentences:
        first, last = np.searchsorted(starts, [sentence.start, sentence.end])
        if first < last:
            out.append(((int(body[first]), int(body[last - 1]) + 1), sentence))
    return out


def _span(pieces: Pieces, window: Window) -> Span:
    """The characters of a range of pieces."""
    return Span(int(window.offsets[pieces[0], 0]), int(window.offsets[pieces[1] - 1, 1]))


def _spans(ranges: Iterable[Pieces], window: Window, text: str) -> tuple[Span, ...]:
    """The characters of ranges, those without a letter or figure left out unless nothing else is there."""
    spans = [_span(each, window) for each in ranges]
    return tuple([s for s in spans if any(map(str.isalnum, s.of(text)))] or spans)


def _shifted(found: Findings, by: int) -> Findings:
    """The findings that lie wholly behind the first `by` characters, counted from there."""

    def back(span: Span | None) -> Span | None:
        return None if span is None or span.start < by else Span(span.start - by, span.end - by)

    def several(spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple(kept for each in spans if (kept := back(each)))

    attributions = [
        Attribution(source=several(a.source), cue=several(a.cue), content=several(a.content), score=a.score)
        for a in found.attributions
        if several(a.cue) and several(a.content)
    ]
    events = [
        EventReading(
            event=event, kind=e.kind, status=e.status, cue=back(e.cue), who=several(e.who), where=back(e.where),
            when=back(e.when), was=back(e.was), why=back(e.why), condition=back(e.condition), hedged=e.hedged,
            sentence=back(e.sentence), in_title=e.in_title, score=e.score, status_scores=e.status_scores,
        )
        for e in found.events
        if (event := back(e.event))
    ]  # fmt: skip
    return Findings(attributions=attributions, events=events)
