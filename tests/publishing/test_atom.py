from collections.abc import Callable
from dataclasses import replace
from datetime import date

import feedparser
from lxml import etree

from stillon.model import Dossier, Report
from stillon.publishing import atom

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_the_golden_one(dossier: Dossier, golden: Callable[[str, str], None]) -> None:
    golden("feed.atom", atom.render([dossier]).decode())


def test_every_feed_and_entry_has_what_the_standard_demands(dossier: Dossier, empty_dossier: Dossier) -> None:
    for each in (dossier, empty_dossier):
        feed = etree.fromstring(atom.render([each]))
        for element in (feed, *feed.iter(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(element.findall(f"{ATOM}{name}")) == 1
        assert feed.findtext(f"{ATOM}author/{ATOM}name") == "stillon"
        ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
        assert len(ids) == len(set(ids))


def test_dossiers_of_several_days_are_one_feed_without_doubles(ferry: Callable[[date], Dossier]) -> None:
    days = [ferry(date(2031, 3, day)) for day in (4, 10, 14)]
    assert atom.render(days) == atom.render(days[-1:])


def test_the_newest_changes_come_first_and_only_as_many_as_asked_for(ferry: Callable[[date], Dossier]) -> None:
    feed = feedparser.parse(atom.render([ferry(date(2031, 3, 14))], most=2))
    assert [entry.updated for entry in feed.entries] == ["2031-03-14T00:00:00Z", "2031-03-12T00:00:00Z"]


def test_a_feed_that_has_an_address_says_so_and_links_to_the_events_page(dossier: Dossier) -> None:
    url = "https://desk.example/changes.atom"
    body = atom.render([dossier], feed_url=url, url_of=lambda id: f"https://desk.example/events/{id}")
    feed = feedparser.parse(body)
    assert (feed.feed.id, feed.feed.links[0].rel, feed.feed.links[0].href) == (url, "self", url)
    assert feed.entries[0].link == "https://desk.example/events/launch"
    assert [link.href for link in feed.entries[0].links if link.rel == "via"][:1] == ["https://news.example/wire"]


def test_what_xml_cannot_carry_is_left_out_and_markup_is_escaped(dossier: Dossier) -> None:
    claims = (replace(dossier.claims[0], text="a \x0b\ud83d <script>alert(1)</script> & so on"), *dossier.claims[1:])
    feed = feedparser.parse(atom.render([replace(dossier, claims=claims)]), sanitize_html=False)
    assert not feed.bozo
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; so on" in feed.entries[0].content[0].value


def test_a_report_without_an_address_is_named_alone(dossier: Dossier) -> None:
    reports: tuple[Report, ...] = tuple(replace(report, url=None) for report in dossier.reports)
    feed = feedparser.parse(atom.render([replace(dossier, reports=reports)]))
    assert not [link for entry in feed.entries for link in entry.get("links", [])]
    assert "Coastline Press" in feed.entries[0].summary
