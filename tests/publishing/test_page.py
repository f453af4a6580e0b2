from collections.abc import Callable
from dataclasses import replace
from datetime import date

from lxml import html

from stillon.model import Dossier, Span, Status
from stillon.publishing import page
from stillon.publishing.page import _COLOURS


def _read(*dossiers: Dossier) -> html.HtmlElement:
    return html.document_fromstring(page.render(dossiers))


def test_the_page_is_the_golden_one(ferry: Callable[[date], Dossier], golden: Callable[[str, str], None]) -> None:
    golden("page.html", page.render([ferry(date(2031, 3, 14))]))


def test_every_quote_leads_to_its_words_in_the_text_of_its_report(ferry: Callable[[date], Dossier]) -> None:
    dossier = ferry(date(2031, 3, 14))
    read = _read(dossier)
    links = [each for each in read.iter("a") if each.get("href", "").startswith("#d0-claim-")]
    assert len(links) == 5
    for link in links:
        (anchor,) = read.xpath(f"//a[@id='{link.get('href')[1:]}']")
        marked = anchor.getnext()
        assert marked.tag == "mark"
        said = link.text_content().strip("“”").replace("‘", "“").replace("’", "”")
        assert marked.text_content() == said
        assert marked.getparent().get("class") == "text"
    texts = [each.text_content() for each in read.find_class("text")]
    assert texts == [report.text for report in dossier.reports]


def test_ids_are_unique_and_every_inner_link_leads_somewhere(
    dossier: Dossier, ferry: Callable[[date], Dossier]
) -> None:
    read = _read(dossier, ferry(date(2031, 3, 10)), ferry(date(2031, 3, 14)))
    ids = [each.get("id") for each in read.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    inner = [each.get("href")[1:] for each in read.iter("a") if each.get("href", "").startswith("#")]
    assert inner
    assert set(inner) <= set(ids)


def test_nothing_that_a_report_says_becomes_markup_or_script(ferry: Callable[[date], Dossier]) -> None:
    dossier = ferry(date(2031, 3, 6))
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>\' "'
    reports = tuple(
        replace(report, text=evil + report.text, title=evil, publisher=evil, url="javascript:alert(1)")
        for report in dossier.reports
    )
    event = replace(dossier.assessments[0].event, name=evil, participants=(evil,), place=evil)
    given = replace(dossier.assessments[0], event=event, place=evil)
    read = _read(replace(dossier, reports=reports, assessments=(given,)))
    assert not list(read.iter("script", "img", "iframe", "object"))
    assert not [each for each in read.iter("a") if (each.get("href") or "#")[0] != "#"]
    assert not [name for each in read.iter() for name in each.attrib if name.startswith("on")]
    assert evil.strip() in read.text_content()


def test_the_page_asks_for_nothing_beside_itself(ferry: Callable[[date], Dossier]) -> None:
    read = _read(ferry(date(2031, 3, 14)))
    assert not list(read.iter("script", "link", "img"))
    assert "url(" not in read.findtext(".//style")
    (policy,) = read.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_publishers_page_is_asked_to_show_the_same_words(ferry: Callable[[date], Dossier]) -> None:
    (link,) = [each for each in _read(ferry(date(2031, 3, 4))).iter("a") if each.get("href", "").startswith("https")]
    assert link.get("href") == (
        "https://news.example/post#:~:text=the%20ferry%20will%20be%20launched%20in%20the%20coming%20weeks"
    )


def test_claims_that_overlap_keep_the_text_whole(ferry: Callable[[date], Dossier]) -> None:
    dossier = ferry(date(2031, 3, 4))
    (claim,) = dossier.claims
    inner = replace(claim, id="inner", span=Span(claim.span.start + 4, claim.span.end + 8))
    step = replace(dossier.assessments[0].history[0], claims=(claim.id, "inner"))
    given = replace(dossier.assessments[0], history=(step,))
    read = _read(replace(dossier, claims=(claim, inner), assessments=(given,)))
    (text,) = [each.text_content() for each in read.find_class("text")]
    assert text == dossier.reports[0].text


def test_what_is_read_from_a_title_is_marked_in_the_title(ferry: Callable[[date], Dossier]) -> None:
    dossier = ferry(date(2031, 3, 4))
    claims = tuple(replace(claim, in_title=True, span=Span(0, 5), text="Ferry") for claim in dossier.claims)
    read = _read(replace(dossier, claims=claims))
    (marked,) = read.iter("mark")
    assert (marked.text_content(), marked.getparent().tag) == ("Ferry", "h3")


def test_a_correction_is_quoted_and_leads_nowhere(dossier: Dossier) -> None:
    claims = (replace(dossier.claims[0], report="correction:1"), *dossier.claims[1:])
    assert "a senior yard official" in _read(replace(dossier, claims=claims)).text_content()


def test_a_dossier_without_an_event_says_so(empty_dossier: Dossier) -> None:
    assert "No planned event is spoken of." in _read(empty_dossier).text_content()


def test_every_status_can_be_read_on_its_colour() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert set(_COLOURS) == set(Status)
    for status, colour in _COLOURS.items():
        assert 1.05 / (luminance(colour) + 0.05) >= 5, status
