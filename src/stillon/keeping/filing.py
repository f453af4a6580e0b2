"""Puts reports into a store: each is read before, and then kept, read and linked in one transaction."""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import BinaryIO, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from stillon import pipeline
from stillon.extraction import Reader
from stillon.linking import copies as copying
from stillon.linking import entities, events
from stillon.model import Claim, Day, Extraction, Mention, Report
from stillon.pipeline import OnError, raise_error
from stillon.settings import Settings
from stillon.storing import KeptCopy, KeptMention, KeptPair, Snapshot, Store, Writer, codec

Now = Callable[[], datetime.datetime]
"""Tells the instant, aware."""
LINKING = "linking"
"""Name of the fact that holds the version of the linking that made the links."""
MOST_NEIGHBOURS = 150
"""Mentions that a new one is compared with, those most like it: where one name is in the news every day, what shares
no more than that name is passed over, and a report costs no more in a store of years."""
KEPT_SKETCHED = 2_000
"""Readings whose sketches stay at hand: reports that follow one another have the same neighbours."""
_ORNAMENTS = ("utm_", "fbclid", "gclid", "cmpid", "ref_src", "mc_cid", "mc_eid")
"""Beginnings of url parameters that say where a reader came from, and not what is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What became of a report that was given to the store."""

    report: Report
    """The report."""
    outcome: Literal["new", "revised", "known"]
    """Put in as new, put in as a revision of its url's text, or there already."""


def add_articles(
    store: Store,
    sources: Iterable[str],
    *,
    settings: Settings,
    now: Now,
    published: Day | None = None,
    publisher: str | None = None,
    stdin: BinaryIO | None = None,
    on_error: OnError = raise_error,
) -> Iterator[Filed]:
    """Puts the reports of the sources into the store, each as soon as it is read; yields what became of each.

    A report that is there already is not read again. One that cannot be read is told to `on_error`; a store that
    fails raises StoreError, and what was put in before stays.
    """
    reports = pipeline.read_articles(
        sources, settings=settings, published=published, publisher=publisher, stdin=stdin, on_error=on_error
    )
    yield from add_reports(store, reports, settings=settings, now=now, on_error=on_error)


def add_reports(
    store: Store,
    reports: Iterable[Report],
    *,
    settings: Settings,
    now: Now,
    load: Callable[[], Reader] | None = None,
    on_error: OnError = raise_error,
) -> Iterator[Filed]:
    """As `add_articles`, for reports at hand. The models are loaded, by `load`, when the first report needs them."""
    version = version_of("extraction")
    reader = None
    for report in reports:
        with store.read() as snapshot:
            known = bool(snapshot.reports(ids=[report.id]))
        if known:
            yield Filed(report=report, outcome="known")
            continue
        reader = reader or _Loaded(load() if load else pipeline.load_reader(settings))
        for extraction in pipeline.extract_all([report], reader.reader, on_error):
            yield file_extraction(store, extraction, version=version, now=now)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The reader, even where a test's is None."""

    reader: Reader


def file_extraction(store: Store, extraction: Extraction, *, version: str, now: Now) -> Filed:
    """Puts one report that was read into the store, in one transaction; safe to be called twice."""
    grams = copying.sampled_grams(extraction.report)
    recorded_at = now()
    return store.write(lambda writer: _file(writer, extraction, version, grams, recorded_at))


def _file(
    writer: Writer, extraction: Extraction, version: str, grams: Sequence[int], recorded_at: datetime.datetime
) -> Filed:
    report = extraction.report
    if writer.reports(ids=[report.id]):
        return Filed(report=report, outcome="known")
    address = address_of(report)
    earlier = writer.reports(addresses=[address])
    last = earlier[-1] if earlier else None
    counts_from = report.published if last is None else edited_on(report, last.counts_from, recorded_at)
    if last is not None:
        before = writer.texts([last.seq])[last.seq]
        extraction = replace(extraction, claims=tuple(dated(extraction.claims, before, counts_from)))
    put_report(writer, report, address, last.revision + 1 if last else 1, counts_from, grams, recorded_at)
    put_reading(writer, extraction, version=version, recorded_at=recorded_at)
    return Filed(report=report, outcome="new" if last is None else "revised")


def put_report(
    writer: Writer, report: Report, address: str, revision: int, counts_from: Day | None, grams: Sequence[int],
    recorded_at: datetime.datetime,
) -> None:  # fmt: skip
    """Puts in a report's text, and what other reports share of it; answers over the text before are stale."""
    former = writer.reports(addresses=[address])
    writer.mark_stale(writer.components(reports=[each.seq for each in former]))
    shared = writer.sharing(grams)
    sizes = writer.gram_counts(shared)
    # the sample may be out by its own root: half of what is put out is enough to be measured whole
    near = [seq for seq, count in shared.items() if count >= copying.REPORTED / 2 * min(sizes[seq], len(grams))]
    seq = writer.add_report(
        report, address=address, revision=revision, counts_from=counts_from, grams=grams, recorded_at=recorded_at
    )
    numbers = {report.id: seq}
    found = []
    for other, text in writer.texts(near).items():
        numbers[text.id] = other
        found += copying.find_copies([report, text])
    writer.add_copies(
        (KeptCopy(a=numbers[each.a], b=numbers[each.b], containment=each.containment) for each in found),
        recorded_at=recorded_at,
    )


def put_reading(
    writer: Writer, extraction: Extraction, *, version: str, recorded_at: datetime.datetime, about: str | None = None
) -> None:
    """Puts in what was read in a report that is there, and links it to what is known.

    `about` is what linking knew of the report where that is known, else it is taken from the text.
    """
    (report,) = writer.reports(ids=[extraction.report.id])
    former = writer.readings([report.seq])
    mentions = writer.add_reading(
        report.seq,
        version=version,
        about=about or dump_about(entities.about(extraction.report)),
        mentions=extraction.mentions,
        claims=extraction.claims,
        recorded_at=recorded_at,
    )
    link_reading(writer, mentions, recorded_at=recorded_at)
    if former:
        _keep_together(writer, mentions, writer.mentions(readings=[each.seq for each in former]))


def link_reading(writer: Writer, mentions: Sequence[KeptMention], *, recorded_at: datetime.datetime) -> None:
    """Compares the mentions of one reading with those filed under a key of theirs, and joins what belongs together."""
    if writer.fact(LINKING) is None:
        writer.set_fact(LINKING, version_of("linking"))
    if not mentions:
        return
    drawn = draw(writer, [each.seq for each in mentions])
    own = {each.seq for each in mentions}
    near: dict[int, set[int]] = {}
    for each in mentions:
        sketch = drawn[each.seq]
        keys, runs = keys_of(sketch), runs_of(events.months(sketch))
        # those before it in its own reading are filed already
        near[each.seq] = writer.neighbours(keys, runs, most=MOST_NEIGHBOURS)
        writer.add_blocks(each.seq, keys, runs)
    drawn |= draw(writer, {other for others in near.values() for other in others} - own)
    report = mentions[0].mention.report
    pairs = []
    for seq, others in near.items():
        for other in sorted(others):
            known = drawn[other]
            if other not in own and known.report == report:
                # another reading of the same report: never asked together, but one may stand for the other
                known = replace(known, report="")
            pairs.append(KeptPair(a=other, b=seq, odds=events.log_odds(known, drawn[seq])))
    writer.add_pairs(pairs, recorded_at=recorded_at)
    _join(writer, [(pair.a, pair.b) for pair in pairs if pair.odds >= events.JOIN_AT], mentions)


def _join(writer: Writer, linked: Sequence[tuple[int, int]], mentions: Sequence[KeptMention]) -> None:
    """Makes one component of mentions that are linked, or of which one needs the other."""
    number = {each.mention.id: each.seq for each in mentions}
    edges = list(linked)
    for each in mentions:
        others = (*each.mention.requires, *each.mention.prepares)
        edges += [(each.seq, number[other]) for other in others if other in number]
    for group in _connected(edges):
        writer.join(writer.components(mentions=group))


def _connected(edges: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The groups of numbers that edges connect."""
    group_of: dict[int, set[int]] = {}
    for a, b in edges:
        one, other = group_of.setdefault(a, {a}), group_of.setdefault(b, {b})
        if one is not other:
            one |= other
            for each in other:
                group_of[each] = one
    return list({id(group): group for group in group_of.values()}.values())


def _keep_together(writer: Writer, mentions: Sequence[KeptMention], former: Sequence[KeptMention]) -> None:
    """A mention read anew stays in the component of the reading before, so that its event keeps its place."""
    writer.mark_stale(writer.components(mentions=[each.seq for each in former]))
    before: dict[str, list[int]] = {}
    for each in former:
        before.setdefault(each.mention.id, []).append(each.seq)
    for each in mentions:
        if each.mention.id in before:
            writer.join(writer.components(mentions=[each.seq, *before[each.mention.id]]))


def draw(snapshot: Snapshot, mentions: Iterable[int]) -> dict[int, events.Sketch]:
    """The sketches of mentions by number; a sketch needs all mentions of its reading."""
    wanted = set(mentions)
    readings = snapshot.readings_with(wanted)
    about = snapshot.about(readings)
    drawn: dict[int, events.Sketch] = {}
    for reading, records in snapshot.mention_records(readings).items():
        sketches = _sketched(about[reading], tuple(record for _, record in records))
        drawn |= {seq: sketch for (seq, _), sketch in zip(records, sketches, strict=True) if seq in wanted}
    return drawn


@functools.lru_cache(maxsize=KEPT_SKETCHED)
def _sketched(about: str, records: tuple[str, ...]) -> tuple[events.Sketch, ...]:
    """The sketches of a reading's mentions, from what the store holds of them and of what their report is about."""
    mentions = [codec.load(Mention, record) for record in records]
    sketches = events.sketches(mentions, {mentions[0].report: load_about(about)})
    return tuple(sketches[each.id] for each in mentions)


def keys_of(sketch: events.Sketch) -> list[int]:
    """The keys that a mention is filed under, as signed numbers of 64 bits."""
    return [
        int.from_bytes(hashlib.blake2b(pair.encode(), digest_size=8).digest(), "big", signed=True)
        for pair in events.traits(sketch)
    ]


def runs_of(months: Iterable[int]) -> list[tuple[int, int]]:
    """The months as stretches without a gap."""
    runs: list[tuple[int, int]] = []
    for month in sorted(months):
        if runs and runs[-1][1] == month - 1:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs


def address_of(report: Report) -> str:
    """What all revisions of a report share: its url without ornaments; the report's own id where it has none."""
    return report.id if report.url is None else plain_url(report.url)


def plain_url(url: str) -> str:
    """The url without its fragment, and without parameters that say where a reader came from."""
    try:
        parts = urlsplit(url.strip())
        asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)
                 if not name.lower().startswith(_ORNAMENTS)]  # fmt: skip
    except ValueError:
        return url
    return parts._replace(
        scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), query=urlencode(asked), fragment=""
    ).geturl()


def edited_on(report: Report, before: Day | None, recorded_at: datetime.datetime) -> Day:
    """Day from which a revision stands: as its page admits it, else the day on which it was seen.

    `before` is the day from which the text before it stood.
    """
    admitted = [report.modified_at.date() if report.modified_at else None, report.published]
    days = [day for day in admitted if day is not None and before is not None and day > before]
    return max(days, default=recorded_at.astimezone(datetime.UTC).date())


def dated(claims: Iterable[Claim], before: Report, counts_from: Day | None) -> Iterator[Claim]:
    """The claims of a revision; what the text before did not say counts from the day of the edit."""
    for claim in claims:
        said_before = claim.text in before.text or (before.title is not None and claim.text in before.title)
        yield claim if said_before else replace(claim, published=counts_from, published_at=None)


def dump_about(about: entities.About) -> str:
    """What a report is about, as JSON."""
    data = {"countries": dict(about.countries), "names": sorted(about.names), "words": sorted(about.words)}
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def load_about(text: str) -> entities.About:
    """What `dump_about` wrote."""
    data = json.loads(text)
    return entities.About(data["countries"], frozenset(data["names"]), frozenset(data["words"]))


def version_of(stage: Literal["reading", "extraction", "linking", "weighing"]) -> str:
    """Eight digits that stand for a stage's code and tables; of its large files only the size counts."""
    digest = hashlib.blake2b(digest_size=4)
    for name, each in sorted(_files(files(f"stillon.{stage}"))):
        digest.update(name.encode())
        content = each.read_bytes() if name.endswith((".py", ".toml", ".md", ".json")) else None
        digest.update(content if content is not None else str(_size(each)).encode())
    return digest.hexdigest()


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            yield from _files(each, f"{prefix}{each.name}/")
        elif each.is_file():
            yield prefix + each.name, each


def _size(file: Traversable) -> int:
    with file.open("rb") as opened:
        return opened.seek(0, 2)
