"""How well an answer is sourced, and how likely that makes the event: two tables.

Credibility is the Admiralty Code's number for information (NATO AJP-2.1): 1 confirmed by independent sources,
2 probably true, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot be judged. Likelihood words are those of
Intelligence Community Directive 203 (2015), which ties each to a band of per cent.
"""

from __future__ import annotations

from stillon.model import Standing, Status


def credibility(*, status: Status | None, standing: Standing | None, origins: int, contradicted: bool) -> int:
    """Admiralty number of an answer that `origins` independent roots state.

    1 needs two roots, one of them near the event, and no standing contradiction; a contradiction costs one
    grade. One root that decides gives 2, one with knowledge 3, comment alone 4, and 5 where it is
    contradicted. A lapsed event, or one of which nothing is claimed, cannot be judged: 6.
    """
    if status is None or status is Status.LAPSED or standing is None or origins == 0:
        return 6
    near = standing in (Standing.DECIDING, Standing.OWN_VOICE)
    if near:
        grade = 1 if origins > 1 else 2
    elif standing is Standing.INFORMED:
        grade = 2 if origins > 1 else 3
    else:
        grade = 3 if origins > 1 else 4
    return grade + contradicted


def likelihood(status: Status | None, credibility: int) -> str | None:
    """ICD 203 words for its taking place as planned, given the status and how credible it is.

    None where it is over or under way, or where nothing is claimed. The first word of a row stands for
    credibility 1 and 2, the second for 3, the third for 4 to 6: the less sure the status, the nearer to even.
    """
    if status is None or status not in _WORDS:
        return None
    return _WORDS[status][0 if credibility <= 2 else 1 if credibility == 3 else 2]


_EVEN = "roughly even chance"
_WORDS = {
    Status.PROPOSED: (_EVEN, _EVEN, "unlikely"),  # an offer that nobody took up yet; most are not
    Status.ANNOUNCED: ("likely", "likely", _EVEN),  # agreed, but no day: plans without one slip
    Status.SCHEDULED: ("very likely", "likely", _EVEN),
    Status.GOING_AHEAD: ("very likely", "likely", _EVEN),
    Status.RESCHEDULED: ("likely", "likely", _EVEN),  # what moved once moves more easily again
    Status.IN_DOUBT: (_EVEN, _EVEN, _EVEN),
    Status.ON_HOLD: ("unlikely", "unlikely", _EVEN),
    Status.POSTPONED: ("unlikely", "unlikely", _EVEN),  # as planned; a new day makes it rescheduled
    Status.CANCELLED: ("almost no chance", "very unlikely", "unlikely"),
    Status.DENIED: ("very unlikely", "unlikely", _EVEN),
    Status.LAPSED: (_EVEN, _EVEN, _EVEN),  # the day passed and nobody says
}
