import io
import threading
from email.message import EmailMessage
from pathlib import Path

import pytest
from fpdf import FPDF

from stillon.errors import NotAnArticle, ReadError, TooLarge, UnknownFormat
from stillon.model import Report
from stillon.reading import pdf, read_source
from stillon.reading.lines import join_lines
from stillon.settings import Settings

WORDS = (
    "The vote on the new quay, planned for March 12, has been postponed,\n"
    "the mayor of Karlsvik said on Tuesday. The engineers have not yet\n"
    "finished their report on the ground below it.\n"
)


def _mail(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    given = {
        "Subject": "Fwd: Vote on the quay put off",
        "From": "Karlsvik Press <press@mail.karlsvik.example>",
        "Date": "Tue, 04 Mar 2031 23:30:00 -0500",
    }
    for name, value in {**given, **headers}.items():
        mail[name] = value
    return mail


def _read(path: Path) -> Report | ReadError:
    (found,) = read_source(str(path), Settings())
    return found


def _read_mail(tmp_path: Path, mail: EmailMessage) -> Report | ReadError:
    (tmp_path / "a.eml").write_bytes(bytes(mail))
    return _read(tmp_path / "a.eml")


def _page(words: str = WORDS) -> FPDF:
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=12)
    page.multi_cell(0, 8, words)
    return page


def test_a_mail_gives_its_day_title_sender_and_words(tmp_path: Path) -> None:
    mail = _mail()
    mail.set_content(WORDS)
    report = _read_mail(tmp_path, mail)
    assert isinstance(report, Report)
    assert report.published is not None
    assert report.published.isoformat() == "2031-03-04"
    assert report.published_at is not None
    assert (report.title, report.publisher, report.file) == ("Vote on the quay put off", "karlsvik.example", "a.eml")
    assert report.text.startswith("The vote on the new quay, planned for March 12, has been postponed, the mayor of")


def test_the_organisation_goes_before_the_domain(tmp_path: Path) -> None:
    mail = _mail(Organization="Town of Karlsvik")
    mail.set_content(WORDS)
    report = _read_mail(tmp_path, mail)
    assert isinstance(report, Report)
    assert report.publisher == "Town of Karlsvik"


def test_a_mail_without_a_day_has_none(tmp_path: Path) -> None:
    mail = _mail()
    del mail["Date"]
    mail.set_content(WORDS)
    report = _read_mail(tmp_path, mail)
    assert isinstance(report, Report)
    assert report.published is None


def test_a_mail_of_a_year_past_all_numbers_is_read_without_a_day(tmp_path: Path) -> None:
    head = f"From: Desk <desk@e.example>\nDate: Tue, 4 Mar {'9' * 40} 10:00:00 +0100"
    (tmp_path / "a.eml").write_text(f"{head}\n\n{WORDS}")
    (report,) = read_source(str(tmp_path / "a.eml"), Settings())
    assert isinstance(report, Report)
    assert report.published is None


def test_attachments_are_named_and_not_read(tmp_path: Path) -> None:
    mail = _mail()
    mail.set_content(WORDS)
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="agenda.pdf")
    report = _read_mail(tmp_path, mail)
    assert isinstance(report, Report)
    assert report.left_out == ("agenda.pdf",)


def test_a_mail_of_an_attachment_alone_says_so(tmp_path: Path) -> None:
    mail = _mail()
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="agenda.pdf")
    error = _read_mail(tmp_path, mail)
    assert isinstance(error, NotAnArticle)
    assert "agenda.pdf" in error.reason


def test_a_page_is_read_where_the_plain_part_only_points_to_it(tmp_path: Path) -> None:
    mail = _mail()
    mail.set_content("View this mail in your browser.\n")
    paragraphs = "".join(f"<p>{line}</p>" for line in [WORDS.replace("\n", " ")] * 2)
    mail.add_alternative(f"<html><body><article>{paragraphs}</article></body></html>", subtype="html")
    report = _read_mail(tmp_path, mail)
    assert isinstance(report, Report)
    assert "has been postponed" in report.text


@pytest.mark.parametrize(
    ("body", "of_type", "reason"),
    [
        (b"nothing that is a mail\n", UnknownFormat, "no headers"),
        (b"Subject: a\nContent-Type: multipart/encrypted\n\nx\n", UnknownFormat, "encrypted"),
        (b"Subject: a\nContent-Type: text/plain; charset=odd-8\n\nWords of an odd charset\n", UnknownFormat, "decoded"),
        (b"Subject: a\nFrom: b@c.example\n\n\n", NotAnArticle, "no words"),
    ],
)
def test_what_is_no_mail_says_why(tmp_path: Path, body: bytes, of_type: type[ReadError], reason: str) -> None:
    (tmp_path / "a.eml").write_bytes(body)
    error = _read(tmp_path / "a.eml")
    assert isinstance(error, of_type)
    assert reason in error.reason
    assert error.about is not None
    assert "a.eml" in error.about


def test_a_mail_on_standard_input_is_told_by_its_headers() -> None:
    mail = EmailMessage()
    mail["Message-ID"] = "<1@karlsvik.example>"
    mail["From"] = "press@karlsvik.example"
    mail.set_content(WORDS)
    (report,) = read_source("-", Settings(), stdin=io.BytesIO(bytes(mail)))
    assert isinstance(report, Report)
    assert report.publisher == "karlsvik.example"


def test_the_text_of_a_pdf_is_read_with_its_title(tmp_path: Path) -> None:
    page = _page("For immediate release: March 4, 2031\n\n" + WORDS)
    page.set_title("Vote on the quay put off")
    page.output(str(tmp_path / "a.pdf"))
    report = _read(tmp_path / "a.pdf")
    assert isinstance(report, Report)
    assert report.title == "Vote on the quay put off"
    assert report.published is not None
    assert report.published.isoformat() == "2031-03-04"
    assert "has been postponed, the mayor of Karlsvik said" in report.text


def test_a_file_name_is_no_title(tmp_path: Path) -> None:
    page = _page()
    page.set_title("Microsoft Word - advisory final.docx")
    page.output(str(tmp_path / "a.pdf"))
    report = _read(tmp_path / "a.pdf")
    assert isinstance(report, Report)
    assert report.title is None


def test_an_encrypted_pdf_says_so(tmp_path: Path) -> None:
    page = _page()
    page.set_encryption("owner", "user")
    page.output(str(tmp_path / "a.pdf"))
    error = _read(tmp_path / "a.pdf")
    assert isinstance(error, UnknownFormat)
    assert "encrypted" in error.reason


def test_a_pdf_of_images_says_so(tmp_path: Path) -> None:
    page = FPDF()
    page.add_page()
    page.rect(10, 10, 50, 50)
    page.output(str(tmp_path / "a.pdf"))
    error = _read(tmp_path / "a.pdf")
    assert isinstance(error, NotAnArticle)
    assert "images" in error.reason


def test_a_pdf_that_is_cut_off_or_slow_or_long_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = _page()
    page.output(str(tmp_path / "a.pdf"))
    whole = (tmp_path / "a.pdf").read_bytes()
    with pytest.raises(UnknownFormat, match="broken PDF"):
        pdf.read_pdf(whole[:200], "a.pdf")
    monkeypatch.setattr(pdf, "MAX_PAGES", 0)
    with pytest.raises(TooLarge, match="pages"):
        pdf.read_pdf(whole, "a.pdf")
    monkeypatch.setattr(pdf, "TIMEOUT_S", 0.0)
    monkeypatch.setattr(pdf, "_read", lambda _body, _about: threading.Event().wait(5))
    with pytest.raises(TooLarge, match="seconds"):
        pdf.read_pdf(whole, "a.pdf")


def test_broken_lines_are_joined_and_lists_stay_apart() -> None:
    text = "The council of Karlsvik will meet on Tues-\nday at ten in the town hall by the\nharbour.\n\n- one\n- two\n"
    assert join_lines(text) == (
        "The council of Karlsvik will meet on Tuesday at ten in the town hall by the harbour.\n\n- one\n- two\n"
    )
