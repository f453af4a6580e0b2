"""What a watcher stores of feeds that do what real ones do."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

import pytest

from stillon.keeping import answering, changing
from stillon.reading.fetching import fetch
from stillon.settings import Settings
from stillon.storing import Store, watched
from stillon.watching import FeedPlan, health_of, next_due
from tests.watching.conftest import BOMB, START, Answer, Site, Watcher

PLANNED = "The launch is scheduled, says Ada Lund."
PUT_OFF = "The launch is postponed, says Ada Lund."
Plan = Callable[..., FeedPlan]


def test_every_article_of_a_feed_is_stored_once(site: Site, watcher: Watcher, plan: Plan) -> None:
    """The feed repeats an item and reorders them, and another feed names the same with ornaments."""
    for name in "abc":
        site.article(f"/{name}", f"{PLANNED} This is article {name}.")
    site.rss("/feed", ["/a", "/b", "/a?utm_source=feed"])
    site.rss("/other", ["/b?utm_medium=rss", "/c"])
    assert watcher.outcomes(plan(), plan("/other")) == ["new", "new", "new"]
    site.rss("/feed", ["/c", "/b", "/a", "/b"])
    watcher.later(minutes=15)
    assert set(watcher.outcomes(plan(), plan("/other"))) == {"known"}
    assert len(watcher.texts()) == 3
    assert watcher.errors == []


@pytest.mark.parametrize("way", [{"gzip": True}, {"chunked": True}, {"gzip": True, "chunked": True}])
def test_packed_and_chunked_answers_are_read(site: Site, watcher: Watcher, plan: Plan, way: dict[str, bool]) -> None:
    site.article("/a", PLANNED, **way)
    site.rss("/feed", ["/a"], **way)
    assert watcher.outcomes(plan()) == ["new"]


def test_redirects_are_followed_for_feeds_and_articles(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.article("/a", PLANNED)
    site.put("/old-a", Answer(status=301, headers={"Location": "/a"}))
    site.rss("/new", ["/old-a", "/a"])
    site.put("/feed", Answer(status=302, headers={"Location": "/new"}))
    assert watcher.outcomes(plan()) == ["known", "new"]


def test_an_article_edited_three_times_has_four_texts(site: Site, watcher: Watcher, plan: Plan, store: Store) -> None:
    """Twice the feed says so, once nobody does."""
    site.rss("/feed", ["/a"])
    texts = [PLANNED, f"{PLANNED} More soon.", f"{PLANNED} More soon. Or later.", PUT_OFF]
    seen = []
    for number, text in enumerate(texts):
        site.article("/a", text)
        if number != 2:
            site.rss("/feed", ["/a"], updated=f"version {number}")
        seen += watcher.outcomes(plan())
        watcher.later(minutes=15)
    assert seen == ["new", "revised", "revised", "revised"]
    with store.read() as snapshot:
        assert [kept.revision for kept in snapshot.every_report()] == [1, 2, 3, 4]
    note = changing.note_of(store, since=START.date(), until=START.date(), today=START.date())
    assert len(note.edits) == 3
    found = answering.board(
        store,
        wanted=answering.Filter(),
        view=answering.View(as_of=START.date()),
        today=START.date(),
        most=None,
    )
    assert [str(each.status) for each in found.answers] == ["postponed"]


def test_an_edit_weeks_later_is_found_where_the_feed_tells_it(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.article("/a", PLANNED)
    site.rss("/feed", ["/a"])
    assert watcher.outcomes(plan()) == ["new"]
    watcher.later(days=30)
    assert watcher.outcomes(plan()) == ["known"]  # it was due in the first week, and is let go now
    watcher.later(days=1)
    assert watcher.outcomes(plan()) == []
    site.article("/a", PUT_OFF)
    site.rss("/feed", ["/a"], updated="put off")
    watcher.later(days=1)
    assert watcher.outcomes(plan()) == ["revised"]


def test_an_article_is_looked_at_ever_more_rarely(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.article("/a", PLANNED)
    site.rss("/feed", ["/a"])
    rarely = plan(every=datetime.timedelta(hours=4))
    asked_at = []
    for hour in range(0, 24 * 9, 4):
        if watcher.poll(rarely):
            asked_at.append(hour)
        watcher.later(hours=4)
    assert asked_at == [0, 4, 8, 16, 32, 64, 128]
    assert site.count("/feed") == 24 * 9 // 4


def test_nothing_is_sent_again_that_has_not_changed(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.article("/a", PLANNED, etag='"a1"')
    site.rss("/feed", ["/a"], etag='W/"f1"', headers={"Last-Modified": "Mon, 10 Mar 2031 08:00:00 GMT"})
    assert watcher.outcomes(plan()) == ["new"]
    watcher.later(minutes=15)
    assert watcher.outcomes(plan()) == ["unchanged"]
    path, headers, _ = site.asked[-2]
    assert (path, headers["If-None-Match"]) == ("/feed", 'W/"f1"')
    assert headers["If-Modified-Since"] == "Mon, 10 Mar 2031 08:00:00 GMT"
    (health,) = health_of(watcher.store, [plan()])
    assert (health.failures, health.items, health.changed_at, health.answered_at) == (0, 1, START, watcher.now)


def test_a_watcher_that_was_killed_finds_what_it_did_not_store(site: Site, watcher: Watcher, plan: Plan) -> None:
    for name in "abc":
        site.article(f"/{name}", f"{PLANNED} This is article {name}.")
    site.rss("/feed", ["/a", "/b", "/c"], etag='"f1"')

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    whole = watched.put_sightings
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(watched, "put_sightings", die)
        with pytest.raises(KeyboardInterrupt):
            watcher.poll(plan())
    assert watched.put_sightings is whole
    assert len(watcher.texts()) == 1
    watcher.later(minutes=15)
    assert watcher.outcomes(plan()) == ["known", "new", "new"]
    assert len(watcher.texts()) == 3


def test_a_server_that_asks_for_patience_gets_it(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.rss("/after", ["/a"])
    site.article("/a", PLANNED)
    site.put("/feed", Answer(status=429, headers={"Retry-After": "7200"}), *site.answers["/after"])
    assert watcher.outcomes(plan()) == []
    assert "Busy" in watcher.reasons()
    assert "429 and asks to wait 7200 s" in watcher.reasons()
    watcher.later(minutes=119)
    assert watcher.outcomes(plan(), everything=True) == []
    assert site.count("/feed") == 1
    assert next_due(watcher.store, [plan()], now=watcher.now) == START + datetime.timedelta(hours=2)
    watcher.later(minutes=1)
    assert watcher.outcomes(plan()) == ["new"]


def test_a_short_wait_is_waited_for_at_once(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.article("/a", PLANNED)
    site.rss("/feed", ["/a"])
    site.put("/a", Answer(status=503, headers={"Retry-After": "3"}), *site.answers["/a"])
    assert watcher.outcomes(plan()) == ["new"]
    assert 3.0 in watcher.slept


def test_articles_of_a_busy_host_wait_and_none_is_lost(site: Site, watcher: Watcher, plan: Plan) -> None:
    names = [f"/{name}" for name in "abcd"]
    for name in names:
        site.article(name, f"{PLANNED} This is article {name}.")
    site.rss("/feed", names, etag='"f1"')
    busy = Answer(status=429, headers={"Retry-After": "600"})
    site.put("/c", busy, *site.answers["/c"])
    assert watcher.outcomes(plan()) == ["failed", "failed", "new", "new"]
    assert len(watcher.errors) == 1
    assert site.count("/d") == 0
    watcher.later(minutes=9)
    assert watcher.outcomes(plan(), everything=True) == []
    watcher.later(minutes=1)
    assert watcher.outcomes(plan()).count("new") == 2
    assert len(watcher.texts()) == 4


def test_retry_after_may_be_an_instant_by_the_server_s_clock(
    site: Site, settings: Settings, http_date: Callable[[datetime.datetime], str]
) -> None:
    from stillon.errors import Busy

    then = START + datetime.timedelta(seconds=90)
    site.put("/a", Answer(status=503, headers={"Retry-After": http_date(then), "Date": http_date(START)}))
    with pytest.raises(Busy) as told:
        fetch(site.base + "/a", settings)
    assert told.value.retry_after_s is not None


def test_a_feed_that_fails_is_asked_ever_more_rarely(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.put("/feed", Answer(status=500))
    gaps = []
    for _ in range(5):
        watcher.poll(plan())
        (health,) = health_of(watcher.store, [plan()])
        assert health.next_at is not None
        gaps.append((health.next_at - watcher.now) / datetime.timedelta(minutes=15))
        watcher.now = health.next_at
    assert gaps == [1, 2, 4, 8, 16]
    (health,) = health_of(watcher.store, [plan()])
    assert (health.failures, health.error, health.paused) == (5, "the server answers 500", True)
    site.rss("/feed", [])
    watcher.poll(plan())
    (health,) = health_of(watcher.store, [plan()])
    assert (health.failures, health.error, health.paused) == (0, None, False)


def test_an_article_that_fails_is_tried_again_and_given_up_in_the_end(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.rss("/feed", ["/a", "/gone"])
    site.put("/a", Answer(status=500))
    failed = 0
    for _ in range(20):
        watcher.poll(plan())
        failed += len(watcher.errors)
        watcher.later(minutes=15)
    assert (site.count("/a"), site.count("/gone"), failed) == (5, 1, 6)
    site.article("/a", PLANNED)
    site.rss("/feed", ["/a"], updated="mended")
    assert watcher.outcomes(plan()) == ["new"]


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (Answer(body=b"<rss><channel><item>", media_type="text/xml"), "UnknownFormat", "broken XML"),
        (Answer(body=BOMB.encode(), media_type="text/xml"), "UnknownFormat", "declares entities"),
        (Answer(body=BOMB.encode("utf-16"), media_type="text/xml"), "UnknownFormat", "declares entities"),
        (Answer(body=b'<urlset><url><loc>/a</loc></url>', media_type="text/xml"), "UnknownFormat", "broken XML"),
        (Answer(body=b'{"items": [', media_type="application/json"), "UnknownFormat", "broken JSON"),
        (Answer(body=b'{"title": "x"}', media_type="application/json"), "UnknownFormat", "no items"),
        (Answer(body=b"\x1f\x8b\x08broken"), "UnknownFormat", "broken gzip"),
        (Answer(body=b"MZ\x00\x01", media_type="image/png"), "UnknownFormat", "no feed"),
        (Answer(body=b"  "), "NotAnArticle", "empty"),
        (Answer(body=b" " * 2_000_000, gzip=True), "TooLarge", "300000 bytes"),
        (Answer(endless=True), "TooLarge", "300000 bytes"),
        (Answer(body=b"<", drip_s=0.05), "TooLarge", "still sending after 2 s"),
        (Answer(status=302, headers={"Location": "/feed"}), "FetchFailed", "redirects"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused_with_the_reason_and_the_rest_goes_on(
    site: Site, watcher: Watcher, plan: Plan, answer: Answer, kind: str, reason: str
) -> None:
    site.put("/feed", answer)
    site.article("/a", PLANNED)
    site.rss("/good", ["/a"])
    began = time.monotonic()
    assert watcher.outcomes(plan(), plan("/good")) == ["new"]
    assert time.monotonic() - began < 10
    (told,) = watcher.errors
    assert type(told).__name__ == kind
    assert reason in told.reason
    assert told.about == plan().url
    bad, good = health_of(watcher.store, [plan(), plan("/good")])
    assert (bad.failures, good.failures) == (1, 0)
    assert bad.error == told.reason


def test_slow_and_endless_articles_do_not_hold_up_the_rest(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.put("/slow", Answer(body=b"<p>", drip_s=0.05))
    site.put("/endless", Answer(endless=True))
    site.article("/a", PLANNED)
    site.rss("/feed", ["/slow", "/endless", "/a"])
    assert watcher.outcomes(plan()) == ["failed", "failed", "new"]
    assert "still sending" in watcher.reasons()


def test_a_feed_of_another_charset_than_it_says_is_read(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.article("/k\u00f6r", PLANNED)
    site.answers["/k%C3%B6r"] = site.answers.pop("/k\u00f6r")
    text = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>K\u00f6r</title><item>'
        f"<title>\u00d6degaard</title><link>{site.base}/k%C3%B6r</link></item></channel></rss>"
    )
    site.put("/feed", Answer(body=text.encode("latin-1"), media_type="application/rss+xml; charset=utf-8"))
    assert watcher.outcomes(plan()) == ["new"]
    (health,) = health_of(watcher.store, [plan()])
    assert health.title == "K\u00f6r"


def test_atom_json_and_sitemaps_are_told_by_their_bytes(site: Site, watcher: Watcher, plan: Plan) -> None:
    for name in "abcd":
        site.article(f"/{name}", f"{PLANNED} This is article {name}.")
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><entry><id>x</id><title>A</title>'
        '<link href="/a"/><updated>2031-03-10T08:00:00Z</updated></entry></feed>'
    )
    site.put("/atom", Answer(body=atom.encode(), media_type="text/plain"))
    json_feed = '{"version": "https://jsonfeed.org/version/1.1", "title": "JSON", "items": [{"id": "1", "url": "/b"}]}'
    site.put("/json", Answer(body=json_feed.encode(), media_type="application/feed+json"))
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    index = f"<sitemapindex {spaces}><sitemap><loc>{site.base}/map.gz</loc></sitemap></sitemapindex>"
    site.put("/index", Answer(body=index.encode(), media_type="application/xml"))
    sitemap = f"<urlset {spaces}><url><loc>{site.base}/c</loc><lastmod>2031-03-10</lastmod></url></urlset>"
    import gzip

    site.put("/map.gz", Answer(body=gzip.compress(sitemap.encode()), media_type="application/gzip"))
    plans = [plan("/atom"), plan("/json"), plan("/index")]
    assert watcher.outcomes(*plans) == ["new", "new", "new"]
    assert [each.kind for each in health_of(watcher.store, plans)] == ["atom", "json", "sitemap"]
    assert watcher.errors == []


def test_a_page_is_an_article_that_is_edited(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.article("/agenda", PLANNED, etag='"1"')
    assert watcher.outcomes(plan("/agenda")) == ["new"]
    watcher.later(minutes=15)
    assert watcher.outcomes(plan("/agenda")) == []
    site.article("/agenda", PUT_OFF, etag='"2"')
    watcher.later(minutes=15)
    assert watcher.outcomes(plan("/agenda")) == ["revised"]
    assert health_of(watcher.store, [plan("/agenda")])[0].articles == 2


def test_the_links_of_a_page_are_followed_where_they_are_asked_for(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.article("/news/a", PLANNED)
    links = '<html><body><a href="/news/a#top">A</a> <a href="/news/a">A</a> <a href="/about">Us</a></body></html>'
    site.put("/front", Answer(body=links.encode()))
    assert watcher.outcomes(plan("/front", include=("/news/",))) == ["new"]
    assert site.count("/about") == 0


def test_patterns_and_days_choose_the_articles(site: Site, watcher: Watcher, plan: Plan) -> None:
    for path in ("/politics/a", "/politics/live/b", "/sport/c"):
        site.article(path, PLANNED + path)
    site.rss("/feed", ["/politics/a", "/politics/live/b", "/sport/c"])
    chosen = plan(include=("/politics/",), exclude=("politics/*/",))
    assert [each.url for each in watcher.poll(chosen)] == [site.base + "/politics/a"]
    late = plan(since=datetime.date(2031, 3, 11))
    watcher.later(minutes=15)
    assert all(each.outcome == "known" for each in watcher.poll(late))


def test_more_articles_than_the_limit_are_taken_the_next_time(site: Site, watcher: Watcher, plan: Plan) -> None:
    names = [f"/{name}" for name in "abcde"]
    for name in names:
        site.article(name, f"{PLANNED} This is article {name}.")
    site.rss("/feed", names, etag='"f1"')
    for _ in range(3):
        watcher.poll(plan(most=2))
        watcher.later(minutes=15)
    assert len(watcher.texts()) == 5


def test_robots_txt_is_kept_to(site: Site, watcher: Watcher, plan: Plan) -> None:
    robots = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 7\n"
    site.put("/robots.txt", Answer(body=robots, media_type="text/plain"))
    site.article("/private/a", PLANNED)
    site.article("/b", PLANNED)
    site.put("/round", Answer(status=302, headers={"Location": "/private/a"}))
    site.rss("/feed", ["/private/a", "/b", "/round"])
    assert watcher.outcomes(plan()) == ["failed", "failed", "new"]
    assert watcher.reasons().count("RefusedByRobots") == 2
    assert site.count("/private/a") == 0
    assert site.count("/robots.txt") == 1
    assert [round(each) for each in watcher.slept] == [7, 7, 7]  # for the feed, and for two of the three articles
    watcher.later(minutes=15)
    watcher.poll(plan())
    assert watcher.errors == []


def test_a_site_whose_robots_txt_cannot_be_had_is_left_alone(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.put("/robots.txt", Answer(status=500))
    site.rss("/feed", [])
    watcher.poll(plan())
    assert "robots.txt of its host cannot be had: the server answers 500" in watcher.reasons()
    assert site.count("/feed") == 0


def test_a_host_is_not_asked_twice_in_a_breath(site: Site, watcher: Watcher, plan: Plan) -> None:
    import threading

    for name in "ab":
        site.article(f"/{name}", f"{PLANNED} This is article {name}.")
    site.rss("/feed", ["/a", "/b"])
    watcher.delay = datetime.timedelta(seconds=0.2)
    watcher.slept = _Sleeping(threading.Event())  # type: ignore[assignment]
    watcher.poll(plan())
    gaps = [later - before for before, later in zip(site.at, site.at[1:], strict=False)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.2


class _Sleeping(list[float]):
    """Sleeps as long as it is told."""

    def __init__(self, event: object) -> None:
        self._event = event

    def append(self, seconds: float) -> None:
        """Sleeps."""
        self._event.wait(seconds)  # type: ignore[attr-defined]


def test_hosts_are_asked_side_by_side(site: Site, watcher: Watcher) -> None:
    """A host that hangs costs the others nothing: `localhost` and 127.0.0.1 are two hosts by name."""
    other = site.base.replace("127.0.0.1", "localhost")
    for name in "ab":
        site.put(f"/{name}", Answer(body=b"<", drip_s=0.05))
    began = time.monotonic()
    watcher.poll(FeedPlan(url=site.base + "/a"), FeedPlan(url=other + "/b"))
    assert time.monotonic() - began < 3.5
    assert len(watcher.errors) == 2


def test_an_article_of_which_nothing_can_be_made_is_told_once(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.article("/a", "The launch is broken.")
    site.article("/b", PLANNED)
    site.put("/menu", Answer(body=b"<html><body><p>Home</p></body></html>"))
    site.rss("/feed", ["/a", "/menu", "/b"])
    assert "new" in watcher.outcomes(plan())
    assert sorted(type(each).__name__ for each in watcher.errors) == ["ExtractError", "NotAnArticle"]
    watcher.later(minutes=15)
    watcher.poll(plan())
    assert watcher.errors == []


def test_a_feed_is_asked_when_it_is_due_and_not_before(site: Site, watcher: Watcher, plan: Plan) -> None:
    site.rss("/feed", [])
    often, rare = plan(every=datetime.timedelta(minutes=5)), plan("/rare", every=datetime.timedelta(hours=1))
    site.rss("/rare", [])
    for _ in range(13):
        watcher.poll(often, rare)
        watcher.later(minutes=5)
    assert (site.count("/feed"), site.count("/rare")) == (13, 2)
    watcher.poll(often, rare, everything=True)
    assert site.count("/rare") == 3
