"""The commands that need a store, from their arguments to what they print."""

import csv
import io
import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from stillon import cli

pytestmark = pytest.mark.usefixtures("plain_extraction")
FIRST = "Published: 2031-03-04\nPublisher: The Harbour Post\n\nThe launch is scheduled, says Ada Lund. {}\n"
SECOND = "Published: 2031-03-10\nPublisher: Evening Echo\n\nThe launch is postponed, says Ada Lund. {}\n"
REST = "The people of the islands will have to wait for the ferry."


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """A store with two reports, named by the environment."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(FIRST.format(REST))
    (tmp_path / "news" / "b.txt").write_text(SECOND.format(REST))
    url = f"sqlite:///{tmp_path / 's.db'}"
    monkeypatch.setenv("STILLON_STORE", url)
    assert cli.main(["add", str(tmp_path / "news")]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", "2 new, 0 edited, 0 known already\n")
    return url


def _out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(list(arguments)) == 0
    return capsys.readouterr().out


def test_what_is_added_again_is_known(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["add", str(tmp_path / "news"), str(tmp_path / "missing.txt")]) == 1
    err = capsys.readouterr().err
    assert "0 new, 0 edited, 2 known already" in err
    assert "cannot read" in err


def test_the_board_in_three_formats(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = _out(capsys, "board", "--as-of", "2031-03-12")
    assert "POSTPONED  launch of the ferry Tidewater" in text
    data = json.loads(_out(capsys, "board", "--as-of", "2031-03-12", "--format", "json"))
    assert (data["as_of"], data["total"]) == ("2031-03-12T23:59:59Z", 1)
    assert data["events"][0]["status"] == "postponed"
    (row,) = csv.DictReader(io.StringIO(_out(capsys, "board", "--as-of", "2031-03-12", "--format", "csv")))
    assert (row["status"], row["origins"]) == ("postponed", "1")


def test_an_empty_board_says_so(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _out(capsys, "board", "--status", "held") == "No event.\n"
    assert json.loads(_out(capsys, "board", "--status", "held", "--format", "json"))["events"] == []


def test_an_event_as_text_and_json_as_of_a_day(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "POSTPONED" in _out(capsys, "event", "launch", "ferry", "--as-of", "2031-03-12")
    data = json.loads(_out(capsys, "event", "launch", "--as-of", "2031-03-05", "--format", "json"))
    assert data["events"][0]["status"] == "scheduled"
    assert [each["file"] for each in data["reports"]] == ["a.txt"]


def test_an_event_that_is_not_there_is_an_error(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["event", "regatta"]) == 1
    assert "regatta: no event" in capsys.readouterr().err


def test_what_changed_is_told(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = _out(capsys, "changes", "--since", "2031-03-10", "--until", "2031-03-10")
    assert "is put off" in told
    assert "Ada Lund" in told
    data = json.loads(_out(capsys, "changes", "--since", "2031-03-10", "--until", "2031-03-10", "--format", "json"))
    assert (data["changes"][0]["what"], data["clock"]) == (["status"], "published")
    late = ["changes", "--since", "2031-03-10", "--until", "2031-03-10", "--format", "json"]
    assert json.loads(_out(capsys, *late, "--clock", "store"))["changes"] == data["changes"]
    assert json.loads(_out(capsys, *late, "--known-by", "2020-01-01"))["reports"] == 0
    assert cli.main(["changes", "--since", "2031-03-10", "--until", "2031-03-01"]) == 2


def test_a_correction_is_made_and_taken_back(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    event = json.loads(_out(capsys, "event", "launch", "--as-of", "2031-03-12", "--format", "json"))["events"][0]["id"]
    signed = ["--by", "Kim Berg", "--because", "they rang us", "--on", "2031-03-12"]
    assert cli.main(["correct", "set", event, "cancelled", *signed]) == 0
    made = capsys.readouterr().err.split()[1].rstrip(";")
    data = json.loads(_out(capsys, "event", event, "--as-of", "2031-03-12", "--format", "json"))
    assert data["events"][0]["status"] == "cancelled"
    assert cli.main(["correct", "undo", made, *signed]) == 0
    capsys.readouterr()
    data = json.loads(_out(capsys, "event", event, "--as-of", "2031-03-12", "--format", "json"))
    assert data["events"][0]["status"] == "postponed"
    assert cli.main(["correct", "status", event, "flying", *signed]) == 2
    assert cli.main(["correct", "withdraw", "nothing", *signed]) == 1


def test_a_correction_that_nobody_signs_is_wrong_use(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["correct", "status", "x", "held", "--because", "so"])
    assert ended.value.code == 2
    assert "--by" in capsys.readouterr().err


def test_a_store_is_taken_elsewhere(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _out(capsys, "export")
    (tmp_path / "all.jsonl").write_text(lines, encoding="utf-8")
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert cli.main(["import", "--store", other, str(tmp_path / "all.jsonl")]) == 0
    assert "2 new reports" in capsys.readouterr().err
    assert _out(capsys, "export", "--store", other) == lines
    assert cli.main(["import", "--store", other, str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl" in capsys.readouterr().err


def test_rows_per_day_go_up_to_the_day_asked_for(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(
        _out(capsys, "export", "--format", "csv", "--per-day", "--as-of", "2031-03-10")
    )))  # fmt: skip
    assert len(rows) == 7
    assert (rows[0]["status"], rows[-1]["status"]) == ("scheduled", "postponed")
    assert cli.main(["export", "--per-day"]) == 2


def test_the_doctor_finds_nothing(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = _out(capsys, "check")
    assert "2 reports" in told
    assert "nothing is wrong" in told


def test_reading_anew_does_nothing_where_nothing_has_improved(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["reread"]) == 0
    assert capsys.readouterr().err == "0 reports read anew\n"


def test_what_the_store_knew_is_asked_by_day_or_instant(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _out(capsys, "board", "--as-of", "2031-03-12", "--known-by", "2001-01-01") == "No event.\n"
    assert "POSTPONED" in _out(capsys, "board", "--as-of", "2031-03-12", "--known-by", "2099-01-01T00:00Z")
    for wrong in ("soon", "2031-03-04T10:00"):
        with pytest.raises(SystemExit):
            cli.main(["board", "--known-by", wrong])


@pytest.mark.parametrize("command", ["board", "check", "reread", "export"])
def test_a_store_that_is_not_there_is_an_error_and_is_not_made(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command, "--store", f"sqlite:///{tmp_path / 'none.db'}"]) == 1
    assert "stillon add" in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()


def test_a_url_of_no_store_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["board", "--store", "mysql://localhost/x"]) == 2
    assert "mysql" in capsys.readouterr().err


def _diary(tmp_path: Path) -> str:
    path = tmp_path / "desk.csv"
    path.write_text(
        "uid,title,day,place\n"
        "1,Launch of the ferry Tidewater,2031-03-18,Karlsvik\n"
        "2,Fair of boats,2031-03-25,Karlsvik\n"
    )
    return str(path)


def test_a_diary_is_put_in_and_asked(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diary", "import", _diary(tmp_path)]) == 0
    assert capsys.readouterr().err == "diary desk: 2 new, 0 changed, 0 as before, 0 taken out\n"
    assert cli.main(["diary", "--store", store, "import", _diary(tmp_path)]) == 0
    assert "2 as before" in capsys.readouterr().err
    text = _out(capsys, "diary", "--as-of", "2031-03-12")
    assert "of 2 entries to come, 1 is not as planned, and nobody reports on 1." in " ".join(text.split())
    assert "Put off, no new day:\n  18 Mar 2031: Launch of the ferry Tidewater, Karlsvik" in text
    assert "Ada Lund: “The launch is postponed, says Ada Lund.” (Evening Echo, 10 March)" in text
    assert "Nobody reports on:\n  25 Mar 2031: Fair of boats" in text
    data = json.loads(_out(capsys, "diary", "--as-of", "2031-03-12", "--format", "json"))
    assert [each["what"] for each in data["entries"]] == [["put off"], []]
    assert data["entries"][0]["claims"][0]["status"] == "postponed"
    assert data["entries"][0]["reports"][0]["publisher"] == "Evening Echo"


def test_an_entry_is_said_to_be_no_event(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diary", "import", _diary(tmp_path)]) == 0
    assert cli.main(["diary", "link", "1", "none", "--by", "Kim Berg", "--because", "another ferry"]) == 0
    assert "is no event of the store" in capsys.readouterr().err
    assert "nobody reports on 2" in " ".join(_out(capsys, "diary", "--as-of", "2031-03-12").split())


def test_a_bad_row_takes_nothing_out_of_the_diary(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(_diary(tmp_path))
    assert cli.main(["diary", "import", str(path)]) == 0
    path.write_text("uid,title,day\n1,Launch,3/4/2031\n")
    assert cli.main(["diary", "import", "--replace", str(path)]) == 2
    err = capsys.readouterr().err
    assert "desk.csv:2" in err
    assert "may be two days" in err
    assert cli.main(["diary", "import", str(tmp_path / "none.ics")]) == 1


def test_the_attachments_of_a_mail_are_named(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mail = EmailMessage()
    mail["Subject"] = "The ferry"
    mail["From"] = "press@yard.example"
    mail["Date"] = "Wed, 12 Mar 2031 10:00:00 +0100"
    mail.set_content("The launch is cancelled, says Ada Lund. " + REST)
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="plan.pdf")
    (tmp_path / "a.eml").write_bytes(bytes(mail))
    assert cli.main(["add", str(tmp_path / "a.eml")]) == 0
    assert capsys.readouterr().err.startswith("stillon: a.eml: attachments are not read: plan.pdf\n1 new")
    assert "CANCELLED" in _out(capsys, "board", "--as-of", "2031-03-12")
