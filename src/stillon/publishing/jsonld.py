"""Answers as schema.org events in JSON-LD, each with our own answer and its claims beside theirs.

`startDate` is put out only where words name the day. `eventStatus` is left out where schema.org has none that is
true: to leave it out means EventScheduled to a reader that knows schema.org alone, so `stillon:status` is always there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from stillon.model import Assessment, Claim, Dossier, Kind, Report, Status, When
from stillon.publishing.editions import Editions
from stillon.publishing.ndjson import dump_json, source_data, when_data
from stillon.publishing.saying import answered
from stillon.publishing.standards import CALLED, fixed_days, instant_of, instant_text, uri_of
from stillon.publishing.terminal import PLAN_GONE, clean

Data = dict[str, Any]
UrlOf = Callable[[str], str]
SCHEMA = "https://schema.org"
OWN = "https://pypi.org/project/stillon#"
"""Namespace of our own properties."""
CONTEXT: list[Any] = [SCHEMA, {"stillon": OWN}]
_TYPES = {Kind.MATCH: "SportsEvent", Kind.CONFERENCE: "BusinessEvent"}
"""schema.org's types for kinds of event; Event for every other."""


def render(dossiers: Iterable[Dossier], *, url_of: UrlOf | None = None) -> str:
    """One dossier as one graph; several, or none, as a list of graphs."""
    graphs = [to_data(dossier, url_of=url_of) for dossier in dossiers]
    return dump_json(graphs[0] if len(graphs) == 1 else graphs)


def to_data(dossier: Dossier, *, url_of: UrlOf | None = None) -> Data:
    """The graph of a dossier: its events, their claims, and the reports that make them."""
    editions = Editions(dossier)
    events = answered(dossier)
    shown: dict[str, Claim] = {}
    graph: list[Data] = []
    for given in events:
        graph.append(_event(given, editions, url_of))
        against = (id for each in given.contradictions for id in each.claims)
        told = (id for step in given.history for id in step.claims)
        shown |= {id: editions.claims[id] for id in (*given.because, *told, *against) if id in editions.claims}
    event_of = dict(dossier.event_of)
    graph += [_claim(claim, event_of.get(claim.mention or "")) for claim in shown.values()]
    spoken = dict.fromkeys(claim.report for claim in shown.values())
    graph += [_article(editions.reports[id]) for id in spoken if id in editions.reports]
    data: Data = {
        "@context": CONTEXT,
        "@id": uri_of("dossier", str(dossier.as_of), *(each.event.id for each in events)),
    }
    if dossier.as_of:
        data["stillon:asOf"] = f"{dossier.as_of.isoformat()}T23:59:59Z"
    return data | {"@graph": graph}


def _event(given: Assessment, editions: Editions, url_of: UrlOf | None) -> Data:
    event, status = given.event, given.status
    assert status is not None
    data: Data = {
        "@id": uri_of("event", event.id),
        "@type": _TYPES.get(event.kind, "Event"),
        "identifier": event.id,
        "name": clean(event.name),
        "keywords": str(event.kind),
    }
    schema = CALLED[status].schema
    if schema:
        data["eventStatus"] = f"{SCHEMA}/{schema}"
    data |= _days(given)
    place = given.place or event.place
    if place:
        data["location"] = {"@type": "Place", "name": clean(place)}
    if event.host:
        data["organizer"] = [{"name": clean(name)} for name in event.host]
    if event.participants:
        data["attendee"] = [{"name": clean(name)} for name in event.participants]
    if url_of:
        data["url"] = url_of(event.id)
    told = dict.fromkeys(claim.report for claim in editions.deciding(given))
    if told:
        data["subjectOf"] = [{"@id": uri_of("report", id)} for id in told]
    return data | _own(given, editions)


def _days(given: Assessment) -> Data:
    """The day planned and those before it, where words name them.

    Of what is put off or on hold the last day planned is a former one, since there is no new one.
    """
    data: Data = {}
    former = [fixed_days(was) for was in given.was]
    if given.status in PLAN_GONE and given.status not in (Status.CANCELLED, Status.DENIED):
        former.append(fixed_days(given.when))
    else:
        start, days = _start(given.when), fixed_days(given.when)
        if start and days:
            data["startDate"] = start
            if days[1] > days[0]:
                data["endDate"] = days[1].isoformat()
    known = list(dict.fromkeys(each[0].isoformat() for each in former if each))  # schema.org wants a Date here
    if known:
        data["previousStartDate"] = known[0] if len(known) == 1 else known
    return data


def _start(when: When | None) -> str | None:
    """The day, or the instant where the clock time has a zone of one meaning."""
    days, instant = fixed_days(when), instant_of(when)
    if days is None:
        return None
    return instant_text(instant) if instant else days[0].isoformat()


def _own(given: Assessment, editions: Editions) -> Data:
    """Our own answer; what is not known is left out."""
    data: Data = {
        "stillon:status": str(given.status),
        "stillon:since": given.since.isoformat() if given.since else None,
        "stillon:likelihood": given.likelihood,
        "stillon:reliability": given.reliability,
        "stillon:credibility": given.credibility,
        "stillon:origins": given.origins,
        "stillon:version": editions.of(given).number,
        "stillon:because": [{"@id": uri_of("claim", claim.id)} for claim in editions.deciding(given)],
        "stillon:contradictedBy": [
            {"@id": uri_of("claim", id)}
            for id in dict.fromkeys(id for each in given.contradictions for id in each.claims)
            if id in editions.claims and id not in given.because
        ],
        "stillon:requires": [{"@id": uri_of("event", id)} for id in given.event.requires],
        "stillon:openQuestion": [clean(each.question) for each in given.open_questions],
    }
    if given.when:
        data["stillon:when"] = _own_when(given.when)
    if given.was:
        data["stillon:formerly"] = [_own_when(was) for was in given.was]
    return {name: value for name, value in data.items() if value not in (None, [])}


def _own_when(when: When) -> Data:
    given = when_data(when) or {}
    return {f"stillon:{name}": value for name, value in given.items() if value is not None}


def _claim(claim: Claim, event: str | None) -> Data:
    """A claim in its words, where they stand, and the chain that it comes from, the origin last."""
    data: Data = {
        "@id": uri_of("claim", claim.id),
        "@type": "Claim",
        "identifier": claim.id,
        "text": claim.text,
        "appearance": {"@id": uri_of("report", claim.report)},
        "stillon:start": claim.span.start,
        "stillon:end": claim.span.end,
        "stillon:inTitle": claim.in_title,
        "stillon:quote": claim.quote,
    }
    if event:
        data["about"] = {"@id": uri_of("event", event)}
    if claim.status:
        data["stillon:status"] = str(claim.status)
    if claim.said_on:
        data["stillon:on"] = claim.said_on.isoformat()
    if claim.sources:
        data["stillon:chain"] = {"@list": [_source(each) for each in map(source_data, claim.sources)]}
    return data


def _source(source: Data) -> Data:
    named = {"name": clean(source["resolved"] or source["name"]), "stillon:kind": source["kind"]}
    return named if source["resolved"] is None else named | {"alternateName": clean(source["name"])}


def _article(report: Report) -> Data:
    data: Data = {"@id": uri_of("report", report.id), "@type": "NewsArticle", "identifier": report.id}
    if report.title:
        data["headline"] = clean(report.title)
    if report.url:
        data["url"] = report.url
    if report.publisher:
        data["publisher"] = {"@type": "Organization", "name": clean(report.publisher)}
    if report.published_at:
        data["datePublished"] = instant_text(report.published_at)
    elif report.published:
        data["datePublished"] = report.published.isoformat()
    return data
