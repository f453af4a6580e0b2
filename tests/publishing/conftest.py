"""A dossier built by hand: a port's launch of a ferry, put off, with two accounts of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from stillon.model import (
    Assessment,
    Claim,
    Contradiction,
    Dossier,
    Event,
    Extraction,
    Kind,
    Links,
    OpenQuestion,
    Precision,
    Reason,
    Report,
    Source,
    SourceKind,
    Span,
    Standing,
    Status,
    Step,
    When,
)
from stillon.pipeline import answer

DAY = When(start=date(2031, 3, 18), end=date(2031, 3, 18), precision=Precision.DAY, text="March 18")
WEEKS = When(start=None, end=None, precision=Precision.VAGUE, text="in the coming weeks")


def _report(id: str, publisher: str | None, day: date | None, title: str | None = None) -> Report:
    return Report(
        id=id,
        file=f"{id}.txt",
        text="…",
        publisher=publisher,
        published=day,
        title=title,
        url=f"https://news.example/{id}" if publisher else None,
    )


def _source(name: str, kind: SourceKind = SourceKind.PERSON, resolved: str | None = None) -> Source:
    return Source(name=name, kind=kind, resolved=resolved, span=Span(0, len(name)))


def _claim(
    id: str,
    report: Report,
    status: Status | None,
    text: str,
    *sources: Source,
    mention: str = "launch",
    on: date | None = None,
    when: When | None = None,
    standing: Standing = Standing.DECIDING,
) -> Claim:
    return Claim(
        id=id,
        report=report.id,
        mention=mention,
        status=status,
        text=text,
        span=Span(10, 10 + len(text)),
        cue="said" if sources else None,
        cue_span=Span(0, 4) if sources else None,
        sources=sources,
        on=on,
        when=when,
        published=report.published,
        publisher=report.publisher,
        standing=standing,
    )


POST = _report("post", "The Harbour Post", date(2031, 3, 4), "New ferry to be launched on March 18")
WIRE = _report("wire", "Coastline Press", date(2031, 3, 10), "Launch of ferry delayed")
ECHO = _report("echo", "Evening Echo", date(2031, 3, 10), "Ferry launch delayed, says yard")
NOTE = _report("note", None, None)

LUND = _source("She", resolved="Ada Lund")
OFFICIAL = _source("a senior yard official", SourceKind.UNNAMED)
CLAIMS = (
    _claim(
        "c2",
        WIRE,
        Status.POSTPONED,
        "the launch “will not happen this month,” and a new day is not set",
        _source("Coastline Press", SourceKind.OUTLET),
        OFFICIAL,
        on=date(2031, 3, 9),
        when=DAY,
    ),
    _claim("c3", ECHO, Status.POSTPONED, "the launch “will not happen this month,”", OFFICIAL, when=DAY),
    _claim("c1", POST, Status.SCHEDULED, "the ferry will be launched on March 18", LUND, when=DAY),
    _claim(
        "c4",
        ECHO,
        Status.GOING_AHEAD,
        "everything is on track for the launch",
        _source("Per Ödegård"),
        standing=Standing.INFORMED,
    ),
    _claim("c5", WIRE, None, "the new engines failed their trial", OFFICIAL),
    _claim("c6", POST, Status.HELD, "The keel was laid two years ago", mention="keel", standing=Standing.OWN_VOICE),
    _claim(
        "c7",
        NOTE,
        Status.ANNOUNCED,
        "a sea trial is to follow in the coming weeks",
        mention="trial",
        when=WEEKS,
        standing=Standing.OWN_VOICE,
    ),
)


@pytest.fixture
def dossier() -> Dossier:
    """Four reports, three events, one of them whole."""
    launch = Event(
        id="launch",
        name="Launch of the ferry Tidewater",
        kind=Kind.LAUNCH,
        mentions=("launch",),
        participants=("Ada Lund", "Lund & Daughters"),
        host=("Lund & Daughters",),
        place="Karlsvik",
        requires=("trial",),
    )
    trial = Event(
        id="trial", name="Sea trial of the Tidewater", kind=Kind.OTHER, mentions=("trial",), prepares=("launch",)
    )
    keel = Event(id="keel", name="Laying of the keel", kind=Kind.CEREMONY, mentions=("keel",), place="Karlsvik")
    return Dossier(
        as_of=date(2031, 3, 10),
        reports=(POST, WIRE, ECHO, NOTE),
        claims=CLAIMS,
        event_of=(("launch", "launch"), ("trial", "trial"), ("keel", "keel")),
        copy_of=(("echo", "wire"),),
        assessments=(
            Assessment(
                event=launch,
                as_of=date(2031, 3, 10),
                status=Status.POSTPONED,
                since=date(2031, 3, 9),
                when=DAY,
                standing=Standing.DECIDING,
                reliability="B",
                credibility=3,
                likelihood="unlikely",
                because=("c2", "c3"),
                origins=1,
                publishers=2,
                history=(
                    Step(status=Status.SCHEDULED, on=date(2031, 3, 4), claims=("c1",)),
                    Step(status=Status.POSTPONED, on=date(2031, 3, 9), claims=("c2", "c3")),
                ),
                contradictions=(
                    Contradiction(about="status", claims=("c2", "c4")),
                    Contradiction(about="status", claims=("c3", "c4")),
                ),
                reasons=(Reason(text="the new engines failed their trial", claim="c5"),),
                conditions=(Reason(text="if the second trial goes well", claim="c4"),),
                open_questions=(
                    OpenQuestion(question="When is the new day?", settled_by="a day named by Lund & Daughters."),
                ),
            ),
            Assessment(
                event=trial,
                as_of=date(2031, 3, 10),
                status=Status.ANNOUNCED,
                when=WEEKS,
                reliability="C",
                credibility=3,
                likelihood="likely",
                because=("c7",),
                origins=1,
                publishers=1,
                history=(Step(status=Status.ANNOUNCED, on=None, claims=("c7",)),),
            ),
            Assessment(
                event=keel,
                as_of=date(2031, 3, 10),
                status=Status.HELD,
                reliability="C",
                credibility=2,
                because=("c6",),
                origins=1,
                publishers=1,
                history=(Step(status=Status.HELD, on=date(2031, 3, 4), claims=("c6",)),),
            ),
        ),
    )


@pytest.fixture
def empty_dossier() -> Dossier:
    """A dossier of one report that speaks of no event."""
    return Dossier(as_of=date(2031, 3, 4), reports=(POST,))


@pytest.fixture
def long_dossier(dossier: Dossier) -> Dossier:
    """A dossier of thirty reports and as many small events beside the main one."""
    reports = [_report(f"n{number}", f"Paper {number}", date(2031, 3, 1), "One more") for number in range(30)]
    claims = [
        _claim(f"n{number}", report, Status.PROPOSED, "a fair is wanted", mention=f"n{number}")
        for number, report in enumerate(reports)
    ]
    events = [Event(id=f"n{n}", name=f"Fair {n}", kind=Kind.OTHER, mentions=(f"n{n}",)) for n in range(30)]
    assessments = [
        Assessment(event=event, as_of=date(2031, 3, 10), status=Status.PROPOSED, because=(event.id,), origins=1)
        for event in events
    ]
    return replace(
        dossier,
        reports=(*dossier.reports, *reports),
        claims=(*dossier.claims, *claims),
        event_of=(*dossier.event_of, *((event.id, event.id) for event in events)),
        assessments=(*dossier.assessments, *assessments),
    )


FERRY = Event(
    id="post.11",
    name="Launch of the ferry Tidewater",
    kind=Kind.LAUNCH,
    mentions=("post.11", "wire.7", "echo.3", "coast.5", "last.2"),
    participants=("Ada Lund",),
    host=("Lund & Daughters",),
    place="Karlsvik",
)
IN_SPRING = When(start=None, end=None, precision=Precision.VAGUE, text="in the coming weeks")
ON_25 = When(start=date(2031, 3, 25), end=date(2031, 3, 25), precision=Precision.TIME, text="March 25 at 2 p.m. GMT",
             time="14:00", zone="GMT")  # fmt: skip
FERRY_DAYS = (date(2031, 3, 4), date(2031, 3, 6), date(2031, 3, 10), date(2031, 3, 12), date(2031, 3, 14))


@pytest.fixture
def ferry() -> Callable[[date], Dossier]:
    """The answer as of a day for a launch announced on 4 March, given a day, moved, put in doubt and cancelled."""
    said = (
        ("post", Status.ANNOUNCED, "the ferry will be launched in the coming weeks", IN_SPRING, None),
        ("wire", Status.SCHEDULED, "the launch is set for March 18", DAY, None),
        ("echo", Status.RESCHEDULED, "the launch has moved to March 25 at 2 p.m. GMT", ON_25, DAY),
        ("coast", Status.IN_DOUBT, "it is “not sure at all” that the launch will go ahead", None, None),
        ("last", Status.CANCELLED, "the launch is off & will not be <made up for>", None, None),
    )
    extractions = []
    for (id, status, words, when, was), mention, day in zip(said, FERRY.mentions, FERRY_DAYS, strict=True):
        text = f"The yard, “quoted” & <bold>.\n\nAda Lund said {words}. More follows."
        report = Report(
            id=id, file=f"{id}.txt", text=text, publisher=f"The {id.title()}", published=day, title=f"Ferry: {status}",
            url=f"https://news.example/{id}",
        )  # fmt: skip
        at = text.index(words)
        claim = Claim(
            id=f"{id}:{at}", report=id, mention=mention, status=status, text=words, span=Span(at, at + len(words)),
            cue="said", sources=(_source("Ada Lund"),), when=when, was=was, published=day, publisher=report.publisher,
            standing=Standing.DECIDING, rank=at,
        )  # fmt: skip
        extractions.append(Extraction(report=report, claims=(claim,)))

    def as_of(day: date) -> Dossier:
        known = [each for each in extractions if each.report.published and each.report.published <= day]
        told = tuple(mention for mention, day_of in zip(FERRY.mentions, FERRY_DAYS, strict=True) if day_of <= day)
        return answer(known, Links(events=(replace(FERRY, mentions=told),)), as_of=day)

    return as_of
