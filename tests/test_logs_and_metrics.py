"""What is said of a run: without secrets, on one line, and in the text that Prometheus reads."""

from __future__ import annotations

import datetime
import json
import threading
from pathlib import Path

import pytest

from stillon import cli
from stillon.logs import as_line, as_words, without_secrets
from stillon.metrics import MOST_SERIES, Metrics
from stillon.progress import Pace, in_words

NOW = datetime.datetime(2031, 3, 4, 9, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "words",
    [
        "cannot read https://desk:hunter2@news.example/feed: 500",
        "postgresql://desk:hunter2@db.example/stillon does not answer",
        "https://news.example/feed?api_key=hunter2&page=1",
        "https://s3.example/x?X-Amz-Signature=hunter2",
        'the server said {"token": "hunter2"}',
        "Authorization: Bearer hunter2hunter2",
        "sent with bearer hunter2hunter2 and refused",
        "Set-Cookie: id=hunter2; path=/",
        "password = hunter2",
    ],
)
def test_no_secret_is_said(words: str) -> None:
    assert "hunter2" not in without_secrets(words)
    assert "hunter2" not in as_line(words, level="info", at=NOW, facts={"about": words})


def test_words_without_a_secret_are_left_as_they_are() -> None:
    words = "cannot read https://news.example/a?page=2: the token ring summit, at a@b.example, is off"
    assert without_secrets(words) == words


def test_a_line_for_machines_is_one_object() -> None:
    line = as_line("cannot read a\nb\u202e\x1b[2J", level="warning", at=NOW, facts={"stage": "read", "count": 3})
    assert "\n" not in line
    assert "\x1b" not in line
    data = json.loads(line)
    assert (data["at"], data["level"], data["stage"]) == ("2031-03-04T09:00:00.000000Z", "warning", "read")


def test_a_line_for_persons_moves_no_cursor() -> None:
    assert as_words("a\x1b[2J\r\nb\u202ec") == "a [2J  b c"


def test_the_command_line_says_it_as_json_where_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], plain_extraction: None
) -> None:
    monkeypatch.setenv("STILLON_LOG", "json")
    assert cli.main(["read", str(tmp_path / "missing.txt")]) == 1
    first, last = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["level"], first["stage"], first["error"]) == ("warning", "read", "NotFoundInput")
    assert "not done" in last["message"]
    monkeypatch.setenv("STILLON_LOG", "xml")
    assert cli.main(["read", str(tmp_path / "missing.txt")]) == 2


def test_metrics_are_put_out_as_prometheus_reads_them() -> None:
    metrics = Metrics()
    metrics.counter("reports_total", "Reports put in, by what became of them.")
    metrics.gauge("queue", 'What waits; "now".')
    metrics.add("reports_total", outcome="new")
    metrics.add("reports_total", 2, outcome="new")
    metrics.add("reports_total", outcome='a"b\\c\nd')
    metrics.put("queue", 2.5)
    assert metrics.render() == (
        '# HELP stillon_queue What waits; "now".\n'
        "# TYPE stillon_queue gauge\n"
        "stillon_queue 2.5\n"
        "# HELP stillon_reports_total Reports put in, by what became of them.\n"
        "# TYPE stillon_reports_total counter\n"
        'stillon_reports_total{outcome="a\\"b\\\\c\\nd"} 1\n'
        'stillon_reports_total{outcome="new"} 3\n'
    )


def test_labels_without_end_are_counted_together() -> None:
    metrics = Metrics()
    metrics.counter("x_total", "x")
    for number in range(MOST_SERIES + 50):
        metrics.add("x_total", of=str(number))
    assert metrics.value("x_total", of="other") == 50


def test_threads_lose_no_count() -> None:
    metrics = Metrics()
    metrics.counter("x_total", "x")
    threads = [threading.Thread(target=lambda: [metrics.add("x_total") for _ in range(500)]) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert metrics.value("x_total") == 4000


@pytest.mark.parametrize("name", ["Reports", "reports", "a-b_total", ""])
def test_a_name_that_the_format_does_not_allow_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        Metrics().counter(name, "x")


def test_progress_tells_rate_and_what_is_left() -> None:
    assert in_words(1200, 5000, 200, 20.0) == "1,200 of 5,000, 10.0 a second, 6 min left"
    assert in_words(0, 5000, 0, 20.0) == "0 of 5,000"
    said: list[str] = []
    at = iter(range(0, 1000, 4))
    pace = Pace(said.append, clock=lambda: float(next(at)), every_s=10.0)
    for done in range(6):
        pace.tick("read", 50 + done, 100)
    assert said == ["reading: 53 of 100, 0.2 a second, 188 s left".replace("188 s", "3 min")]
