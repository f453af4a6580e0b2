"""The stages in order, for one report or many; the caller says what happens where one fails."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO

from stillon.errors import ExtractError, StillonError
from stillon.extraction import Reader, extract, load_reader
from stillon.linking import link
from stillon.model import Assessment, Claim, Day, Dossier, Event, Extraction, Links, Report
from stillon.reading import read_source
from stillon.settings import Settings
from stillon.weighing import standing_of, weigh

__all__ = ["OnError", "answer", "dossier", "dossiers", "extract_all", "load_reader", "raise_error", "read_articles"]

LONGEST_S = 120.0
"""Seconds of processor that one report may take: some ten times what the longest text that is read does."""
OnError = Callable[[str, str, StillonError], None]
"""Told the stage ("read", "extract"), the input's name and the error; returns to go on, raises to stop."""


def raise_error(_stage: str, _about: str, error: StillonError) -> None:
    """Stops at the first failure."""
    raise error


def read_articles(
    sources: Iterable[str],
    *,
    settings: Settings,
    published: Day | None = None,
    publisher: str | None = None,
    stdin: BinaryIO | None = None,
    on_error: OnError = raise_error,
) -> Iterator[Report]:
    """The reports of files, folders, urls and "-"; `published` and `publisher` hold where one says none."""
    for source in sources:
        for found in read_source(source, settings, published=published, publisher=publisher, stdin=stdin):
            if isinstance(found, StillonError):
                on_error("read", found.about or source, found)
            else:
                yield found


def dossiers(
    reports: Iterable[Report],
    *,
    reader: Reader,
    as_of: Sequence[Day] = (),
    each: bool = False,
    on_error: OnError = raise_error,
) -> Iterator[Dossier]:
    """One dossier of all reports for each day of `as_of`, or with `each` one per report and day.

    Without `as_of` the day is the latest publication day among the reports (with `each`, that report's).
    A report counts from its publication day on, one without a day always. Every report is extracted once,
    and with `each` its dossier comes before the next report is read.
    """
    extractions = extract_all(reports, reader, on_error)
    if each:
        for extraction in extractions:
            for day in as_of or (extraction.report.published,):
                yield dossier([extraction], as_of=day, file=extraction.report.file)
        return
    known = list({extraction.report.id: extraction for extraction in extractions}.values())
    latest = max((each.report.published for each in known if each.report.published), default=None)
    for day in as_of or (latest,):
        yield dossier(known, as_of=day)


def dossier(extractions: Iterable[Extraction], *, as_of: Day | None, file: str | None = None) -> Dossier:
    """The answers over the reports published by `as_of`: links them, and weighs every event.

    Never looks at a report of a later day. Events of which nothing is claimed are left out, unless another
    event needs them.
    """
    known = sorted(
        (each for each in extractions if _counts(each.report, as_of)),
        key=lambda each: each.report.published or Day.min,
    )
    return answer(known, link(known), as_of=as_of, file=file)


def answer(known: Sequence[Extraction], links: Links, *, as_of: Day | None, file: str | None = None) -> Dossier:
    """The answers over reports that are linked already, all of them published by `as_of`."""
    event_of = {mention: event for event in links.events for mention in event.mentions}
    claims = [_with_standing(claim, event_of) for extraction in known for claim in extraction.claims]
    told: dict[str, list[Claim]] = {event.id: [] for event in links.events}
    for claim in claims:
        if claim.mention in event_of:
            told[event_of[claim.mention].id].append(claim)
    answers = _needed(_weigh_all(links, told, as_of))
    answers.sort(key=lambda each: _prominence(each, told[each.event.id]))
    return Dossier(
        as_of=as_of,
        reports=tuple(each.report for each in known),
        assessments=tuple(answers),
        claims=_by_bearing(claims, answers),
        event_of=tuple((mention, each.event.id) for each in answers for mention in each.event.mentions),
        copy_of=links.copy_of,
        file=file,
    )


def _weigh_all(links: Links, told: Mapping[str, Sequence[Claim]], as_of: Day | None) -> list[Assessment]:
    """The answer for every event; one that needs others is weighed once theirs are known."""
    copy_of = dict(links.copy_of)
    alone = {event.id: weigh(event, told[event.id], as_of=as_of, copy_of=copy_of) for event in links.events}
    answers = []
    for event in links.events:
        required = [alone[id] for id in event.requires if id in alone]
        answer = alone[event.id]
        if required:
            answer = weigh(event, told[event.id], as_of=as_of, copy_of=copy_of, requires=required)
        answers.append(answer)
    return answers


def _with_standing(claim: Claim, event_of: Mapping[str, Event]) -> Claim:
    """The claim with its origin's standing toward the event it bears on."""
    event = event_of.get(claim.mention or "")
    return replace(claim, standing=standing_of(claim, event)) if event else claim


def extract_all(reports: Iterable[Report], reader: Reader, on_error: OnError) -> Iterator[Extraction]:
    """What each report says; one that cannot be worked on is told to `on_error` and left out."""
    for report in reports:
        try:
            with _within(LONGEST_S):
                extraction = extract(report, reader)
        except _OutOfTime:
            on_error("extract", report.file, ExtractError(f"it takes more than {LONGEST_S:g} s", about=report.file))
        except StillonError as error:
            on_error("extract", report.file, error)
        except Exception as error:  # a fault of ours in one report must not lose the answer over the others
            fault = ExtractError(f"{type(error).__name__}: {error}", about=report.file)
            fault.__cause__ = error
            on_error("extract", report.file, fault)
        else:
            yield extraction


class _OutOfTime(Exception):
    """The time allowed is over."""


@contextmanager
def _within(limit_s: float) -> Iterator[None]:
    """Ends what it holds, regular expressions too, after so many seconds of processor; other work does not count.

    Signals reach the main thread alone, so that in another there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _counts(report: Report, as_of: Day | None) -> bool:
    return report.published is None or as_of is None or report.published <= as_of


def _needed(assessments: Sequence[Assessment]) -> list[Assessment]:
    """The events with a status, and those without that one of them requires or prepares."""
    by_id = {each.event.id: each for each in assessments}
    needed: dict[str, Assessment] = {}
    waiting = [each for each in assessments if each.status is not None]
    while waiting:
        each = waiting.pop()
        if each.event.id not in needed:
            needed[each.event.id] = each
            others = (*each.event.requires, *each.event.prepares)
            waiting += [by_id[id] for id in others if id in by_id]
    return list(needed.values())


def _prominence(assessment: Assessment, told: Sequence[Claim]) -> tuple[bool, int, int, str]:
    """Sorts first what most reports, then most claims, speak of; events without a status last."""
    return (
        assessment.status is None,
        -len({claim.report for claim in told}),
        -len(told),
        assessment.event.id,
    )


def _by_bearing(claims: Iterable[Claim], assessments: Iterable[Assessment]) -> tuple[Claim, ...]:
    """The claims that decide an answer, then others that claim a status, then the rest; each in text order."""
    deciding = {id for assessment in assessments for id in assessment.because}
    return tuple(sorted(claims, key=lambda claim: (claim.id not in deciding, claim.status is None)))
