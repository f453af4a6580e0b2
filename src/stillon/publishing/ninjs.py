"""Answers as IPTC ninjs 3.1 news objects of type "event": https://iptc.org/standards/ninjs/.

ninjs has dates of any precision (`expectedStartDate` may be a year or a month) and keeps versions of one uri. Its own
list of event statuses could not be had, so `eventStatus` is a code of eventoccurstatus, and our word stands in
`subjects` under the rel "status".
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from stillon.model import Assessment, Dossier, Precision, When
from stillon.publishing.editions import Editions
from stillon.publishing.ndjson import dump_json
from stillon.publishing.saying import answered, joined, lines
from stillon.publishing.standards import CALLED, EOCSTAT, fixed_days, instant_of, instant_text, uri_of
from stillon.publishing.terminal import chain_words, clean, when_words

Data = dict[str, Any]
UrlOf = Callable[[str], str]
STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}


def render(dossiers: Iterable[Dossier], *, url_of: UrlOf | None = None) -> str:
    """A list of the events of all dossiers, each a ninjs object; those of several days are versions of one uri."""
    return dump_json([each for dossier in dossiers for each in to_data(dossier, url_of=url_of)])


def to_data(dossier: Dossier, *, url_of: UrlOf | None = None) -> list[Data]:
    """The events of a dossier as ninjs objects."""
    editions = Editions(dossier)
    return [_event(given, editions, url_of) for given in answered(dossier)]


def _event(
    given: Assessment,
    editions: Editions,
    url_of: UrlOf | None,
) -> Data:
    assert given.status is not None
    event, edition = given.event, editions.of(given)
    data: Data = {
        "standard": STANDARD,
        "uri": uri_of("event", event.id),
        "type": "event",
        "representationType": "partial",
        "version": str(edition.number),
        "firstCreated": instant_text(edition.first_at),
        "versionCreated": instant_text(edition.at),
        "pubStatus": "usable",
        "language": "en",
        "title": clean(event.name),
        "headlines": [{"role": "name", "value": clean(event.name)}],
        "descriptions": _descriptions(given, editions),
        "eventDetails": _details(given),
        "subjects": _subjects(given),
        "altIds": [{"role": "stillon", "value": event.id}],
        "infoSources": _sources(given, editions),
    }
    place = given.place or event.place
    if place:
        data["places"] = [{"name": clean(place), "rel": "venue"}]
    people = [{"name": clean(name), "rel": "participant"} for name in event.participants]
    if people:
        data["subjects"] += people  # a name may be a person's or a body's, and no word says which
    if event.requires:
        data["events"] = [{"uri": uri_of("event", id), "id": id, "rel": "requires"} for id in event.requires]
    if url_of:
        data["renditions"] = [{"name": "page", "href": url_of(event.id), "contentType": "text/html"}]
    return {name: value for name, value in data.items() if value not in ([], {})}


def _details(given: Assessment) -> Data:
    assert given.status is not None
    data: Data = {"eventStatus": f"{EOCSTAT}{CALLED[given.status].eocstat}"}
    dates = dates_of(given.when)
    if dates:
        data["dates"] = dates
    if given.event.host:
        data["organiser"] = {"name": ", ".join(clean(name) for name in given.event.host)}
    return data


def dates_of(when: When | None) -> Data:
    """The dates, no more exact than the words: an instant, a day, a month or a year; days alone are bounds.

    A week, a part of a month and a season have no truncated form: their first and last days are the bounds within
    which it is expected, and the precision and the words stand in the subjects and descriptions. No dates where
    words give none.
    """
    if when is None or when.start is None or when.end is None:
        return {}
    instant = instant_of(when)
    if instant:
        last = fixed_days(when)
        more = {"expectedEndDate": last[1].isoformat()} if last and last[1] > last[0] else {}
        return {"startDate": instant_text(instant), **more}
    if when.precision is Precision.YEAR and _whole(when, year=True):
        return {"expectedStartDate": f"{when.start.year:04}"}
    if when.precision is Precision.MONTH and _whole(when, year=False):
        return {"expectedStartDate": f"{when.start:%Y-%m}"}
    data = {"expectedStartDate": when.start.isoformat()}
    return data if when.end == when.start else {**data, "expectedEndDate": when.end.isoformat()}


def _whole(when: When, *, year: bool) -> bool:
    """True where the days are one whole year, or one whole month."""
    assert when.start is not None
    assert when.end is not None
    after = when.end + datetime.timedelta(days=1)
    if year:
        return (when.start.month, when.start.day, after.month, after.day) == (1, 1, 1, 1) and (
            after.year == when.start.year + 1
        )
    return (
        when.start.day == 1
        and after.day == 1
        and (when.start.year, when.start.month)
        == (
            when.end.year,
            when.end.month,
        )
    )


def _descriptions(given: Assessment, editions: Editions) -> list[Data]:
    told = [{"role": "answer", "contentType": "text/plain", "value": joined(lines(given, editions))}]
    if given.when:
        told.append({"role": "when", "contentType": "text/plain", "value": when_words(given.when)})
    told += [{"role": "formerly", "contentType": "text/plain", "value": when_words(was)} for was in given.was]
    for claim in editions.deciding(given):
        where = f"{claim.report}#{'title' if claim.in_title else 'text'}={claim.span.start},{claim.span.end}"
        told.append({"role": f"because {where}", "contentType": "text/plain", "value": claim.text})
    return told


def _subjects(given: Assessment) -> list[Data]:
    """Our own answer, each part under its rel."""
    own = {
        "kind": str(given.event.kind),
        "status": str(given.status),
        "since": given.since.isoformat() if given.since else None,
        "likelihood": given.likelihood,
        "precision": str(given.when.precision) if given.when else None,
        "admiralty-scale": f"{given.reliability}{given.credibility}",
        "independent-origins": str(given.origins),
        "contradictions": str(len(given.contradictions)),
    }
    return [{"name": value, "rel": rel, "literal": f"{rel}:{value}"} for rel, value in own.items() if value is not None]


def _sources(given: Assessment, editions: Editions) -> list[Data]:
    """Who decides the answer, and the reports that say so."""
    deciding = editions.deciding(given)
    found = [
        {"name": words, "role": "origin"}
        for words in dict.fromkeys(chain_words(claim) for claim in deciding if claim.sources)
    ]
    for id in dict.fromkeys(claim.report for claim in deciding):
        report = editions.reports.get(id)
        if report is not None:
            source = {"name": clean(report.publisher or report.file), "role": "report", "literal": report.id}
            found.append(source | ({"uri": report.url} if report.url else {}))
    return found
