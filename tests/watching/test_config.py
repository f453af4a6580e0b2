import datetime
from pathlib import Path

import pytest

from stillon.errors import SettingsError
from stillon.keeping.answering import Filter
from stillon.model import Kind, Status
from stillon.watching import FeedPlan, load_watch

WHOLE = """
every = "30m"
publisher = "The Harbour Post"

[[feed]]
url = "https://post.example/feed"

[[feed]]
url = "https://echo.example/sitemap.xml"
kind = "sitemap"
publisher = "Evening Echo"
every = "2h"
follow = 86400
include = ["/politics/"]
exclude = "*/live/"
since = 2031-01-01
most = 20

[[notify]]
name = "votes"
kind = "vote"
status = "postponed"
person = "Lund"
place = "Karlsvik"
words = "ferry line"
on = ["status", "when"]
command = ["notify-send", "stillon"]
webhook = "https://desk.example/hook"
to = "mailto://desk@post.example"
"""


def load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "feeds.toml"
    path.write_text(text)
    return load_watch(path)


def test_everything_that_may_be_said_is_read(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(WHOLE)
    watch = load_watch(path)
    half_an_hour = datetime.timedelta(minutes=30)
    assert watch.feeds == (
        FeedPlan(url="https://post.example/feed", publisher="The Harbour Post", every=half_an_hour),
        FeedPlan(
            url="https://echo.example/sitemap.xml",
            kind="sitemap",
            publisher="Evening Echo",
            every=datetime.timedelta(hours=2),
            follow=datetime.timedelta(days=1),
            include=("/politics/",),
            exclude=("*/live/",),
            since=datetime.date(2031, 1, 1),
            most=20,
        ),
    )
    (target,) = watch.targets
    assert target.rule.wanted == Filter(kind=Kind.VOTE, status=Status.POSTPONED, person="Lund", place="Karlsvik")
    assert (target.rule.name, target.rule.words, target.rule.what) == ("votes", ("ferry", "line"), ("status", "when"))
    assert (target.command, target.webhook) == (("notify-send", "stillon"), "https://desk.example/hook")
    assert target.to == ("mailto://desk@post.example",)


FEED = '[[feed]]\nurl = "https://post.example/feed"\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "names no feed"),
        ("[[feed]]\nurl = ", "Invalid value"),
        ('[[feed]]\nurl = "ftp://post.example"', "feed 1: it needs a url that begins with http"),
        (FEED + 'kind = "telex"', "kind 'telex' is none of rss, atom"),
        (FEED + 'every = "soon"', "every = 'soon' is no length of time"),
        (FEED + "most = 0", "most = 0 is no number from 1 on"),
        (FEED + 'since = "then"', "since = 'then' is no day"),
        (FEED + "include = [1]", "include is no list of strings"),
        (FEED + 'colour = "red"', "there is no colour"),
        (FEED + FEED, "stands in it twice"),
        ('feed = "https://post.example"', "must be written [[feed]]"),
        (FEED + '[[notify]]\nwords = "ferry"', "notify 1: it needs a command, a webhook or an address"),
        (FEED + '[[notify]]\nto = "x://y"\nstatus = "off"', "status 'off' is none of proposed"),
        (FEED + '[[notify]]\nto = "x://y"\non = ["doom"]', "on 'doom' is none of new"),
        (FEED + '[[notify]]\nname = "a"\nto = "x://y"\n' * 2, "two [[notify]]"),
    ],
)
def test_a_mistake_is_named_with_the_entry(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(SettingsError) as told:
        load(tmp_path, text)
    assert reason in str(told.value)
    assert "feeds.toml" in str(told.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load_watch(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("pattern", "url", "stands"),
    [
        ("/politics/", "https://a.example/politics/x", True),
        ("a.example*/x", "https://a.example/politics/x", True),
        ("*live*", "https://a.example/live/x", True),
        ("/x*/politics", "https://a.example/politics/x", False),
        ("/Politics/", "https://a.example/politics/x", False),
    ],
)
def test_a_pattern_is_part_of_a_url_with_gaps(pattern: str, url: str, stands: bool) -> None:
    assert FeedPlan(url="https://a.example", include=(pattern,)).admits(url, None) is stands
