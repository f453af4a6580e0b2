import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stillon import __version__, cli
from stillon.publishing import formats

ARTICLE = (
    "Published: 2031-03-04\nPublisher: The Harbour Post\n\n"
    "The launch is scheduled, says Ada Lund. The ferry will take people to the islands in the summer.\n"
)
LATER = (
    "Published: 2031-03-10\nPublisher: Evening Echo\n\n"
    "The launch is postponed, says Ada Lund. The people of the islands will have to wait for the ferry.\n"
)


@pytest.fixture
def story(tmp_path: Path, plain_extraction: None) -> Path:
    (tmp_path / "a.txt").write_text(ARTICLE)
    (tmp_path / "b.txt").write_text(LATER)
    return tmp_path


def test_a_folder_is_read_into_one_dossier(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read", "--format", "json", str(story)]) == 0
    out, err = capsys.readouterr()
    dossier = json.loads(out)
    assert dossier["as_of"] == "2031-03-10T23:59:59Z"
    assert [report["file"] for report in dossier["reports"]] == ["a.txt", "b.txt"]
    assert dossier["events"][0]["status"] == "postponed"
    assert err == ""


def test_text_is_the_default(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read", str(story)]) == 0
    out = capsys.readouterr().out
    assert "POSTPONED" in out
    assert "\x1b" not in out


def test_each_as_of_is_a_dossier_of_its_own(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = ["--as-of", "2031-03-04", "--as-of", "2031-03-11"]
    assert cli.main(["read", "--format", "ndjson", *days, str(story)]) == 0
    dossiers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [dossier["events"][0]["status"] for dossier in dossiers] == ["scheduled", "postponed"]
    assert cli.main(["read", "--format", "json", *days, str(story)]) == 0
    assert len(json.loads(capsys.readouterr().out)["dossiers"]) == 2
    assert cli.main(["read", *days, str(story)]) == 0
    assert capsys.readouterr().out.count("Is it still on?") == 2


def test_each_report_has_a_dossier_with_its_file(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read", "--each", "--format", "ndjson", str(story)]) == 0
    dossiers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [dossier["file"] for dossier in dossiers] == ["a.txt", "b.txt"]
    assert cli.main(["read", "--each", "--format", "json", str(story)]) == 0
    assert len(json.loads(capsys.readouterr().out)["dossiers"]) == 2


def test_day_and_publisher_can_be_given_for_input_that_states_none(
    tmp_path: Path, plain_extraction: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE.partition("\n\n")[2])
    given = ["--published", "2031-03-05", "--publisher", "Evening Echo"]
    assert cli.main(["read", "--format", "json", *given, str(tmp_path / "a.txt")]) == 0
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert (report["published"], report["publisher"]) == ("2031-03-05", "Evening Echo")


def test_standard_input_is_read_as_a_dash(
    plain_extraction: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ARTICLE.encode())))
    assert cli.main(["read", "--format", "json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["events"][0]["status"] == "scheduled"


def test_bad_input_is_named_with_the_reason_and_the_rest_read(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (story / "empty.txt").write_text("")
    (story / "broken.jsonl.gz").write_bytes(gzip.compress(b'{"text": "one"}\n')[:12])
    (story / "no-text.json").write_text('{"title": "only a title"}')
    (story / "bytes.bin").write_bytes(bytes(range(256)))
    missing = str(story / "missing.txt")
    assert cli.main(["read", "--format", "json", missing, str(story)]) == 1
    out, err = capsys.readouterr()
    assert len(json.loads(out)["reports"]) == 2
    for name in ("missing.txt", "empty.txt", "broken.jsonl.gz", "no-text.json", "bytes.bin"):
        (line,) = [line for line in err.splitlines() if name in line]
        assert line.startswith("stillon: cannot read ")
    assert err.splitlines()[-1].startswith("stillon: 5 not done: ")


def test_a_fault_in_one_report_does_not_lose_the_rest(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (story / "c.txt").write_text("The launch is broken. And there are some more words here that say nothing at all.")
    assert cli.main(["read", "--format", "json", str(story)]) == 1
    out, err = capsys.readouterr()
    assert len(json.loads(out)["reports"]) == 2
    assert "cannot extract c.txt" in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["read"],
        ["read", "--format", "papyrus", "a.txt"],
        ["read", "--as-of", "tomorrow", "a.txt"],
        ["read", "--published", "2031-02-30", "a.txt"],
        ["inspect", "entrails", "a.txt"],
        ["divine", "a.txt"],
    ],
)
def test_wrong_use_ends_with_two_and_says_why(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert "stillon" in capsys.readouterr().err


def test_no_command_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "begin with:" in err


def test_a_command_misspelt_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["bord"])
    assert "there is no command 'bord'; did you mean board?" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["xyzzy"])
    assert "`stillon --help` names them all" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "words"), [("--kind", "meeting, call"), ("--status", "in doubt, on hold")])
def test_a_kind_or_status_that_is_none_is_answered_with_those_there_are(
    option: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["board", option, "summit"])
    assert ended.value.code == 2
    assert "'summit' is none of " in (said := capsys.readouterr().err)
    assert words in " ".join(said.split())


def test_where_nothing_can_be_read_no_answer_is_put_out_for_a_person(
    tmp_path: Path, plain_extraction: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["read", str(tmp_path / "missing.txt")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "missing.txt: no such file" in err


def test_a_wrong_setting_is_wrong_use(
    story: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STILLON_MAX_BYTES", "many")
    assert cli.main(["read", str(story)]) == 2
    assert "max_bytes" in capsys.readouterr().err.lower()


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"stillon {__version__}\n"


def test_dates_are_inspected_with_their_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": "x", "published": "2031-03-04", "text": "The vote is on March 18, 2031."}))
    assert cli.main(["inspect", "dates", str(path)]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert seen["id"] == "x"
    (date,) = seen["dates"]
    assert set(date) == {"span", "text", "type", "value", "start", "end", "precision"}
    assert (date["text"], date["value"], date["start"]) == ("March 18, 2031", "2031-03-18", "2031-03-18")


def test_copies_are_inspected_by_the_ids_of_the_inputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "The ferry Tidewater will not sail this month because its new engines failed their trial on Tuesday."
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(json.dumps({"id": id, "text": text}) for id in ("x", "y")))
    assert cli.main(["inspect", "copies", str(path)]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert {seen["a"], seen["b"]} == {"x", "y"}
    assert seen["containment"] == 1.0


def test_a_reader_that_stops_early_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    text = json.dumps({"id": "x", "published": "2031-03-04", "text": "The vote is on March 18, 2031. " * 40})
    path.write_text("\n".join([text] * 100))
    command = [sys.executable, "-m", "stillon", "inspect", "dates", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_json_is_utf_8_in_any_locale(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": "Ödegård", "text": "Nothing is said of any day here."}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "stillon", "inspect", "dates", str(path)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert json.loads(done.stdout.decode("utf-8"))["id"] == "Ödegård"


@pytest.mark.parametrize("format", formats.WHOLE)
def test_every_format_is_put_out_the_same_each_time(
    format: str, story: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    put_out = []
    for _ in range(2):
        assert cli.main(["read", "--format", format, str(story)]) == 0
        put_out.append(capsysbinary.readouterr())
    assert put_out[0] == put_out[1]
    if format in formats.PER_EVENT:
        assert put_out[0].err == b"stillon: left out, since no day is named: 1 event\n"
    else:
        assert b"launch of the ferry Tidewater" in put_out[0].out
        assert put_out[0].err == b""


def test_several_days_are_several_calendars_and_one_feed(
    story: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    days = ["--as-of", "2031-03-04", "--as-of", "2031-03-11"]
    assert cli.main(["read", "--format", "ics", *days, str(story)]) == 0
    assert capsysbinary.readouterr().out.count(b"BEGIN:VCALENDAR\r\n") == 2
    assert cli.main(["read", "--format", "atom", *days, str(story)]) == 0
    assert capsysbinary.readouterr().out.count(b"<entry>") == 2
