from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import NewsMLG2
import pytest
from lxml import etree
from NewsMLG2.catalogstore import CATALOG_STORE
from NewsMLG2.concepts import Concept
from NewsMLG2.link import RemoteInfo

from stillon.model import Dossier, Precision, When
from stillon.publishing import eventsml

NAR = "{http://iptc.org/std/nar/2006-10-01/}"
CONCEPT_ORDER = ["conceptId", "type", "name", "definition", "note", "remoteInfo", "related", "eventDetails"]
DETAILS_ORDER = ["dates", "occurStatus", "subject", "location", "participant", "organiser"]
META_ORDER = ["itemClass", "provider", "versionCreated", "firstCreated", "pubStatus", "edNote"]


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mends newsmlg2 1.1, which names the class of `remoteInfo` by a string and then calls the string."""
    mended = [
        (name, {**about, "element_class": RemoteInfo} if name == "remoteinfo" else about)
        for name, about in Concept.elements
    ]
    monkeypatch.setattr(Concept, "elements", mended)


def _concept(body: bytes) -> Any:
    """The concept of a file, as IPTC's own reader gives it."""
    item = NewsMLG2.NewsMLG2Document(body).get_item()
    return item.concept


def test_a_reader_of_newsml_follows_one_event_through_its_changes(ferry: Callable[[date], Dossier]) -> None:
    seen = []
    for day in (6, 10, 12, 14):
        ((id, body),) = eventsml.files(ferry(date(2031, 3, day)))
        assert id == "post.11"
        concept = _concept(body)
        details = concept.eventdetails[0] if isinstance(concept.eventdetails, list) else concept.eventdetails
        root = etree.fromstring(body)
        start = details.dates.start
        seen.append((root.get("guid"), int(root.get("version") or 0), str(start), details.occurstatus.qcode))
    assert len({guid for guid, *_ in seen}) == 1
    versions = [version for _, version, *_ in seen]
    assert versions == sorted(set(versions))
    assert versions[0] > 0
    assert [start for _, _, start, _ in seen] == ["2031-03-18", *["2031-03-25T14:00:00Z"] * 3]
    assert [code for *_, code in seen] == ["eocstat:eos5", "eocstat:eos5", "eocstat:eos2", "eocstat:eos6"]


def test_every_code_is_of_a_vocabulary_of_the_catalog(dossier: Dossier) -> None:
    for _, body in eventsml.files(replace(dossier, assessments=dossier.assessments[:1])):
        NewsMLG2.NewsMLG2Document(body)
        codes = {value for each in etree.fromstring(body).iter() for name, value in each.attrib.items()
                 if name in ("qcode", "rel")}  # fmt: skip
        assert {"eocstat:eos2", "cpnat:event", "cinat:concept", "stat:usable", "irel:seeAlso"} == codes
        for code in codes:
            scheme = CATALOG_STORE.get_scheme_for_alias(code.partition(":")[0])
            assert scheme.uri.startswith("http://cv.iptc.org/newscodes/")


def test_elements_stand_in_the_order_of_the_standard(dossier: Dossier) -> None:
    message = etree.fromstring(eventsml.render([dossier]))
    for parent, order in (("concept", CONCEPT_ORDER), ("eventDetails", DETAILS_ORDER), ("itemMeta", META_ORDER)):
        for element in message.iter(NAR + parent):
            names = [str(each.tag).removeprefix(NAR) for each in element]
            assert names == sorted(names, key=order.index)


def test_a_message_holds_every_event_with_bounds_and_counts_the_others(dossier: Dossier) -> None:
    message = etree.fromstring(eventsml.render([dossier]))
    assert [each.findtext(f"{NAR}concept/{NAR}name") for each in message.iter(f"{NAR}conceptItem")] == [
        "Launch of the ferry Tidewater"
    ]
    assert message.findtext(f"{NAR}header/{NAR}sent") == "2031-03-10T00:00:00Z"
    assert eventsml.left_out(dossier) == 2


def test_our_own_status_and_the_former_day_stand_in_notes(ferry: Callable[[date], Dossier]) -> None:
    ((_, body),) = eventsml.files(ferry(date(2031, 3, 14)))
    notes = {each.get("roleuri").partition("#")[2]: each.text for each in etree.fromstring(body).iter(f"{NAR}note")}
    assert (notes["status"], notes["formerly"]) == ("cancelled", "Tuesday 18 March 2031")


def test_a_month_is_a_month(dossier: Dossier) -> None:
    march = When(start=date(2031, 3, 1), end=date(2031, 3, 31), precision=Precision.MONTH, text="in March")
    first = replace(dossier.assessments[0], when=march)
    ((_, body),) = eventsml.files(replace(dossier, assessments=(first,)))
    assert etree.fromstring(body).findtext(f".//{NAR}start") == "2031-03"


def test_no_event_at_all_is_a_message_without_items(empty_dossier: Dossier) -> None:
    message = etree.fromstring(eventsml.render([empty_dossier]))
    assert [str(each.tag) for each in message] == [f"{NAR}header"]
