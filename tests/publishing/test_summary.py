"""A summary says nothing without its claims."""

from stillon.model import Dossier
from stillon.publishing.summary import footnotes, render_text, summarise


def test_each_sentence_rests_on_claims_but_for_what_nobody_knows(dossier: Dossier) -> None:
    known = {claim.id for claim in dossier.claims}
    for assessment in dossier.assessments:
        sentences = summarise(assessment, dossier)
        assert all(each.claims or each.text.startswith("Open: ") for each in sentences if assessment.status)
        assert {id for each in sentences for id in each.claims} <= known


def test_each_footnote_is_told_once_below(dossier: Dossier) -> None:
    for assessment in dossier.assessments:
        numbers = footnotes(summarise(assessment, dossier))
        below = [line for line in render_text(assessment, dossier).splitlines() if line.startswith("[")]
        assert [line.partition("]")[0] for line in below] == [f"[{number}" for number in numbers.values()]
