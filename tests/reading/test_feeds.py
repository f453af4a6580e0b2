import datetime

import pytest

from stillon.reading.feeds import Entry, Feed, read_feed
from stillon.reading.fetching import Fetched
from stillon.settings import Settings

BASE = "https://post.example/feeds/main"


def feed(body: str | bytes, media_type: str = "", charset: str | None = None, **options: object) -> Feed:
    content = body.encode() if isinstance(body, str) else body
    answer = Fetched(url=BASE, body=content, media_type=media_type, charset=charset)
    return read_feed(answer, BASE, Settings(), **options)  # type: ignore[arg-type]


def test_an_rss_item_is_read_with_its_day_where_it_was_published() -> None:
    found = feed(
        "<!-- ours --><rss version='2.0'><channel><title> The  Post </title><item><title>A &amp; B</title>"
        "<link>/a</link><pubDate>Mon, 10 Mar 2031 22:30:00 -0500</pubDate></item></channel></rss>"
    )
    (entry,) = found.entries
    assert (found.kind, found.title, entry.title, entry.url) == ("rss", "The Post", "A & B", "https://post.example/a")
    assert entry.published == datetime.date(2031, 3, 10)
    assert entry.published_at == datetime.datetime(2031, 3, 11, 3, 30, tzinfo=datetime.UTC)


def test_rss_1_0_is_rss() -> None:
    found = feed(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<item rdf:about="https://post.example/a"><title>A</title><link>https://post.example/a</link></item></rdf:RDF>'
    )
    assert (found.kind, [each.url for each in found.entries]) == ("rss", ["https://post.example/a"])


def test_a_news_sitemap_gives_days_and_titles_and_any_links_but_those_of_the_web_are_left() -> None:
    found = feed(
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://post.example/a</loc><news:news>'
        "<news:publication><news:name>The Post</news:name></news:publication>"
        "<news:publication_date>2031-03-10</news:publication_date><news:title>A</news:title></news:news></url>"
        "<url><loc>ftp://post.example/b</loc></url></urlset>"
    )
    first, second = found.entries
    assert (first.url, first.title, first.published) == ("https://post.example/a", "A", datetime.date(2031, 3, 10))
    assert second.url is None


def test_the_sitemap_changed_last_comes_first() -> None:
    found = feed(
        "<sitemapindex><sitemap><loc>/1.xml</loc><lastmod>2031-01-01</lastmod></sitemap>"
        "<sitemap><loc>/2.xml</loc><lastmod>2031-02-01</lastmod></sitemap></sitemapindex>"
    )
    assert found.more == ("https://post.example/2.xml", "https://post.example/1.xml")


def test_an_item_that_the_feed_changes_has_another_mark() -> None:
    def mark(words: str, position: str = "") -> str:
        return feed(f"<rss><channel>{position}<item><link>/a</link><description>{words}</description></item>"
                    "</channel></rss>").entries[0].mark  # fmt: skip

    assert mark("one") == mark("one", "<ttl>5</ttl>") != mark("two")


@pytest.mark.parametrize(
    ("item", "entry"),
    [
        ('{"id": "https://post.example/a"}', "https://post.example/a"),
        ('{"id": "7", "external_url": "https://post.example/b"}', "https://post.example/b"),
        ('{"id": 7}', None),
        ('{"id": "7", "url": 5}', None),
    ],
)
def test_a_json_item_has_the_link_that_it_gives(item: str, entry: str | None) -> None:
    (found,) = feed(f'{{"items": [{item}, "odd"]}}').entries
    assert isinstance(found, Entry)
    assert found.url == entry


def test_a_feed_of_another_kind_than_it_should_be_is_refused() -> None:
    from stillon.errors import UnknownFormat

    with pytest.raises(UnknownFormat, match="a page, and not rss"):
        feed("<html><body><p>Gone fishing</p></body></html>", kind="rss")
