"""What words beside a status make of it: a refusal, a decision, an open question, the verb that follows.

The encoder finds the words that carry a status, and overlooks now and then one far from them that turns it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from stillon.model import EventReading, Kind, Status

BEFORE_CHARACTERS, NEAR_CHARACTERS = 90, 70
"""How far before the words of a status, and of an event, what turns it may stand."""
DENIED_CHARACTERS = 30
"""How far before the words of its status a denial of a new day may stand."""


@dataclass(frozen=True, slots=True)
class _Beside:
    """The words of a reading and around it, in its sentence."""

    kind: Kind
    dated: bool
    event: str
    before: str
    """What the sentence says before the event."""
    behind: str
    """What it says behind it."""
    cue: str
    """The words of the status; empty where none were read."""
    led: str
    """Those up to the end of the cue, BEFORE_CHARACTERS at most in front of it."""
    round: str
    """The cue with a word or two on both sides."""
    after: str
    """What the sentence says behind the cue."""

    def reaches_cue(self, found: re.Match[str] | None) -> bool:
        """True when what was found in `led`, and what may follow it, reaches from before the cue's end into it."""
        return found is not None and found.start() < len(self.led) and found.end() >= len(self.led) - len(self.cue)


def by_its_words(reading: EventReading, text: str) -> EventReading:
    """The reading with the status that the words beside it make of the one that was read."""
    beside = _beside(reading, text)
    if _ASKING.fullmatch(beside.before) and beside.behind.startswith("?"):
        return replace(reading, status=Status.PROPOSED)  # "A third round?"
    if reading.status is None:
        return reading
    for turn in _TURNS:
        if reading.status in turn.of and turn.said(beside):
            return replace(reading, status=turn.to)
    return reading


def _beside(reading: EventReading, text: str) -> _Beside:
    start, end = (reading.sentence.start, reading.sentence.end) if reading.sentence else (0, len(text))
    event, cue = reading.event, reading.cue
    return _Beside(
        kind=reading.kind,
        dated=reading.when is not None,
        event=event.of(text),
        before=text[start : event.start],
        behind=text[event.end : end],
        cue=cue.of(text).strip() if cue else "",
        led=text[max(start, cue.start - BEFORE_CHARACTERS) : cue.end] if cue else "",
        round=text[max(start, cue.start - 12) : min(end, cue.end + 25)] if cue else "",
        after=text[cue.end : end] if cue else "",
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """One rule: of these statuses it is another one where something is said."""

    of: frozenset[Status]
    said: Callable[[_Beside], object]
    to: Status


_ON = frozenset({Status.ANNOUNCED, Status.SCHEDULED, Status.GOING_AHEAD})
_OFF = frozenset({Status.ON_HOLD, Status.POSTPONED, Status.CANCELLED})
_ANY = frozenset(Status)

_DENIED = re.compile(r"\b(?:not|never|no|nor|without|neither)\b|n[’']t\b", re.IGNORECASE)
_REFUSED = re.compile(
    r"\b(?:refus(?:e|es|ed|ing|al)|reject(?:s|ed|ing)?|declin(?:e|es|ed|ing)|den(?:y|ies|ied)|rebuff(?:s|ed)?"
    r"|turn(?:s|ed) down|brush(?:es|ed) (?:off|aside))\b[^.;,]{0,50}?"
    r"\b(?:cancel|delay|postpon|put(?:ting)? off|push(?:ing)? back|call(?:ing)? off)\w*",
    re.IGNORECASE,
)
_AVERTED = re.compile(
    r"\b(?:deal|agreement|accord|pact)\b[^.;]{0,80}\b(?:averted|avoided|staved off|headed off)\b[^.;]{0,40}$"
    r"|\b(?:deal|agreement|accord|pact)\b[^.;]{0,40}\b(?:reached|struck|made|signed)\b[^.;]{0,40}"
    r"\bto (?:avert|avoid|stave off|head off|prevent)\b[^.;]{0,40}$"
)
_PAUSED = r",\s(?:which|that)\s(?:had|has|was|were)\s[^,;]{4,90},\s"
_ENDED = re.compile(_PAUSED + r"(?:ended|concluded|closed|wrapped up|finished|took place|came to an end)\b")
_BEGAN = re.compile(_PAUSED + r"(?:opened|began|started|kicked off)\b")
_TALLY = re.compile(r"\b\d{1,3}(?:\s?[-–]\s?|\sto\s)\d{1,3}\b")
_WAS_HELD = re.compile(r"\b(?:was|were) (?:still |also |eventually |finally )?held\b")
_OPEN = re.compile(r"\bup in the air\b|\b(?:uncertain|unclear)\b")
_NOBODY = re.compile(
    r"\b(?:[Nn]o|[Nn]one of|[Nn]either|[Nn]obody)\s(?:[\w’',.-]+\s){0,14}?ha(?:s|ve|d)\s(?:yet\s)?agreed\b[^.;]{0,20}$"
)
_NOT_AHEAD = re.compile(
    r"\b(?:(?:would|will|did|does|do|is|are) (?:still )?not|(?:wo|would|did|does|do|is|are)n[’']t) (?:going to )?"
    r"(?:(?:go|move|proceed|push) (?:ahead|forward)"
    r"|(?:happen|tak(?:e|ing) place)(?:ing)?(?! (?:until|till|if|unless|before)\b))"
)
_PULLED = re.compile(r"\bpulled (?:from|off)\b")
_NOT_OFF = re.compile(
    r"\b(?:(?:has|have|had) yet to be |(?:has|have|had|was|were) not (?:yet |\w+ly )?(?:been )?)(?:\w+ly )?"
    r"(?:postponed|cancell?ed|called off|scrapped|delayed)\b"
)
_BACK = r"(?:reinstated|restored|revived|put back on|uncancell?ed)\b"
_RESTORED = re.compile(
    rf",?\s(?:and\s|but\s)?(?:(?:was|were|is|are)\s)?(?:then|later|since|now|quickly)\s(?:been\s)?{_BACK}"
    rf"|,?\sbut\s(?:was|were)\s{_BACK}"
)
_ASKING = re.compile(r"[\s“\"‘'—–-]*(?:[Aa]n?\s|[Tt]he\s|[Aa]nother\s|[Aa]nd\s)?")
_DECIDED_NOT = re.compile(
    r"\b(?:decision (?:to not|not to)|(?:decided|opted|chose|chosen) (?:not to|against)|(?:agreed|promised) not to)\b"
)
_TRIES = r"attempt|effort|bid|push|drive|try|tries|trying|tried|seeks?|sought|seeking"
_HINDERED = re.compile(
    rf"\b(?:{_TRIES}|move)(?:s|ed|ing)? to "
    r"(?:cancel|call off|postpone|delay|block|stop|halt|derail|scuttle|prevent|scrap)\s"
    r"(?:(?!(?:until|till|after|before)\b)[\w’'.-]+\s){0,4}$"
)
_TO_HAVE_OFF = re.compile(
    rf"\b(?:{_TRIES}|lawsuit|suit|petition|appeal|wants?|wanted)\b"
    r"[^.;]{0,40}\bto (?:have|get|see)\s(?:[\w’'.-]+\s){0,4}$"
)
_THREATENED = re.compile(
    r"\bthreat(?:en(?:s|ed|ing)?)?\s(?:not\s)?to\s"
    r"(?:(?:cancel|call off|skip|boycott|pull out of|withdraw from|walk away from|refuse|postpone|scrap|abandon)\b)?"
    r"(?:[\w’'.-]+\s){0,4}$",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"(?:\bnot|n[’']t)\s(?:yet\s(?:been\s)?|been\s)(?:scheduled|set|planned|agreed)\b")
_UNANSWERED = re.compile(
    r"\b(?:not yet|yet to|did not|has not|hasn[’']t|have not)\s(?:\w+\s)?(?:respon|repl|answer|accept)[^.;]{0,40}"
    r"\b(?:invitation|request|offer)\b[^.;]{0,30}\sto\s$"
)
_MADE_OFFICIAL = re.compile(r"\b(?:(?:made|makes|making) official|finali[sz](?:ed?|es|ing)|formally announced)\b")
_ASKED = re.compile(
    r"(?<!agreed to )\b(?:ask|urg|press|implor|beg|plead|encourag|call(?:s|ed|ing)? (?:on|for|upon))\w*\s"
    r"[^.;“”]{1,60}?\sto\s(?=\w)"
)
_PRESENT = re.compile(
    r"testifies|meets|votes|hosts|speaks|appears|holds|visits|travels|takes place|opens|begins|starts|comes"
)

_TURNS = (
    # "has not been given a new date" is put off
    _Turn(
        frozenset({Status.RESCHEDULED}),
        lambda b: b.cue and not b.dated and _DENIED.search(b.led[-len(b.cue) - DENIED_CHARACTERS :]),
        Status.POSTPONED,
    ),
    # "rejected a motion to delay it"
    _Turn(
        frozenset({Status.IN_DOUBT, Status.POSTPONED, Status.CANCELLED}),
        lambda b: b.reaches_cue(_REFUSED.search(b.led + b.after[:40])),
        Status.GOING_AHEAD,
    ),
    # "a deal was reached to avert the tariffs"
    _Turn(_ON, lambda b: b.kind is Kind.MEASURE and _AVERTED.search(b.before), Status.CANCELLED),
    # "the fair, which had been put off, ended"
    _Turn(_ANY, lambda b: _ENDED.match(b.behind), Status.HELD),
    _Turn(_ANY, lambda b: _BEGAN.match(b.behind), Status.UNDER_WAY),
    # a vote of 52 to 47: so all 14 labelled ones are held
    _Turn(_ANY, lambda b: b.kind is Kind.VOTE and _TALLY.search(b.event), Status.HELD),
    _Turn(_ON, lambda b: _WAS_HELD.search(b.cue), Status.HELD),
    # 16 of 17 labelled ones that are "up in the air" or "unclear" are in doubt
    _Turn(_ON, lambda b: _OPEN.search(b.cue), Status.IN_DOUBT),
    # "no witness has agreed to appear"
    _Turn(_ON, lambda b: _NOBODY.search(b.before), Status.IN_DOUBT),
    _Turn(frozenset({Status.GOING_AHEAD}), lambda b: _NOT_AHEAD.search(b.round), Status.CANCELLED),
    _Turn(_ON, lambda b: _PULLED.search(b.cue), Status.CANCELLED),
    # "has yet to be cancelled", "cancelled, then reinstated"
    _Turn(_OFF, lambda b: b.reaches_cue(_NOT_OFF.search(b.led)) or _RESTORED.match(b.after), Status.GOING_AHEAD),
    # "a decision not to visit"
    _Turn(
        frozenset({Status.ANNOUNCED, Status.SCHEDULED}),
        lambda b: b.cue and _DECIDED_NOT.search(b.before[-NEAR_CHARACTERS:]),
        Status.CANCELLED,
    ),
    # of 15 labelled ones that somebody tries to put off or to stop 11 are in doubt
    _Turn(_ON | _OFF, lambda b: _HINDERED.search(b.before), Status.IN_DOUBT),
    # "filed suit in an effort to have the fair cancelled"
    _Turn(_OFF, lambda b: _TO_HAVE_OFF.search(b.before), Status.IN_DOUBT),
    # "threatened to cancel the meeting"
    _Turn(_OFF | {Status.DENIED}, lambda b: _THREATENED.search(b.before), Status.IN_DOUBT),
    # "is not yet scheduled to testify"
    _Turn(frozenset({Status.DENIED}), lambda b: _NOT_YET.search(b.round), Status.PROPOSED),
    # "has not yet responded to the invitation to speak"
    _Turn(_ON | {Status.DENIED}, lambda b: _UNANSWERED.search(b.before), Status.PROPOSED),
    # "made its tariffs official"
    _Turn(
        frozenset({Status.HELD}),
        lambda b: b.kind is Kind.MEASURE and _MADE_OFFICIAL.search(b.before[-NEAR_CHARACTERS:]),
        Status.ANNOUNCED,
    ),
    # who asks others to put it off does not put it off
    _Turn(_OFF, lambda b: b.reaches_cue(_ASKED.search(b.led)), Status.IN_DOUBT),
    # "the court meets on Monday" is to come: so 12 of 14 labelled ones are
    _Turn(frozenset({Status.HELD}), lambda b: b.dated and _PRESENT.fullmatch(b.cue), Status.SCHEDULED),
)
"""In the order in which they are asked; the first that holds decides."""
