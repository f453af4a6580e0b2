"""The records that pass between the stages, frozen and keyword-only.

Frames, everywhere: offsets are characters into the report's `text` (or its `title` where `in_title`
says so), start included, end not; instants are aware and in UTC; days are inclusive at both ends.
A record that does not know says so with None or an empty tuple, never with a guess.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Day = datetime.date


class Kind(StrEnum):
    """What sort of happening an event is; the glossary has the list."""

    MEETING = "meeting"
    CALL = "call"
    VISIT = "visit"
    TALKS = "talks"
    VOTE = "vote"
    HEARING = "hearing"
    TESTIMONY = "testimony"
    SPEECH = "speech"
    RALLY = "rally"
    DEBATE = "debate"
    TRIAL = "trial"
    ELECTION = "election"
    CONFERENCE = "conference"
    CEREMONY = "ceremony"
    PARADE = "parade"
    LAUNCH = "launch"
    STRIKE = "strike"
    MATCH = "match"
    DEADLINE = "deadline"
    MEASURE = "measure"
    PROTEST = "protest"
    OTHER = "other"


class Status(StrEnum):
    """The answer to "is it still on?", as the glossary has it; LAPSED is derived, never read."""

    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    SCHEDULED = "scheduled"
    GOING_AHEAD = "going ahead"
    IN_DOUBT = "in doubt"
    ON_HOLD = "on hold"
    POSTPONED = "postponed"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    DENIED = "denied"
    UNDER_WAY = "under way"
    HELD = "held"
    LAPSED = "lapsed"


class SourceKind(StrEnum):
    """Who is credited with a claim."""

    PERSON = "person"
    UNNAMED = "unnamed"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    OUTLETS = "outlets"
    DOCUMENT = "document"


class Precision(StrEnum):
    """How firm a date is: the precision of its words."""

    TIME = "time"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    WINDOW = "window"
    VAGUE = "vague"

    @property
    def fixes(self) -> bool:
        """True for a clock time, a day or a week: what is announced for it is scheduled."""
        return self in (Precision.TIME, Precision.DAY, Precision.WEEK)


class Standing(StrEnum):
    """How near a claim's origin stands to the event, nearest first (rule 3 of docs/rules.md)."""

    DECIDING = "deciding"
    OWN_VOICE = "own voice"
    INFORMED = "informed"
    COMMENT = "comment"


class CorrectionKind(StrEnum):
    """What a person's correction does."""

    MERGE = "merge"
    SPLIT = "split"
    STATUS = "status"
    DATE = "date"
    PLACE = "place"
    WITHDRAW = "withdraw"
    UNDO = "undo"


QuoteType = Literal["direct", "indirect", "mixed"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of characters."""

    start: int
    """First character."""
    end: int
    """One past the last character; greater than `start`."""

    def of(self, text: str) -> str:
        """The words the span stands for in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True when the two share a character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """True when every character of `other` lies in this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One published article as read."""

    id: str
    """Stable id: digest of url and publisher (or of file) and text, so that the same input has the same id.

    A text that two publishers give under one url is two reports, the one a copy of the other."""
    file: str
    """The input object's own id, else the file's base name, else the url."""
    text: str
    """The text exactly as given; every offset points into it."""
    title: str | None = None
    """Headline, apart from the text."""
    url: str | None = None
    """Where it was published."""
    publisher: str | None = None
    """Who printed it."""
    published: Day | None = None
    """Day of publication; None when the input does not say."""
    published_at: datetime.datetime | None = None
    """Instant of publication, aware UTC, when the input gives one."""
    modified_at: datetime.datetime | None = None
    """Instant of the last edit that the page admits to, aware UTC."""
    authors: tuple[str, ...] = ()
    """Byline names."""
    agency: str | None = None
    """Wire agency credited in the text or byline ("AP", "Reuters"), None when there is none."""
    body_start: int = 0
    """Offset at which the prose starts, after a stated day, publisher or dateline in front."""
    cut: bool = False
    """True when the input's text went on after `text`, past the limit on length."""
    left_out: tuple[str, ...] = ()
    """Names of a mail's attachments, which are not read."""
    before: str | None = None
    """Sentence that stood before the text, where an input object of one sentence gives it ("before")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """One time expression of a text, resolved against the day of publication."""

    span: Span
    """Where it stands."""
    text: str
    """Its words."""
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    """TIMEX3 type (TimeML 1.2.1)."""
    value: str
    """TIMEX3 value; "XXXX-XX-XX" style where the day of publication is unknown and needed."""
    start: Day | None = None
    """First day it covers; None when the words give no bounds."""
    end: Day | None = None
    """Last day it covers, included."""
    precision: Precision = Precision.VAGUE
    """Precision of the words."""
    time: str | None = None
    """Clock time HH:MM when stated."""
    zone: str | None = None
    """Zone as written ("EDT", "GMT") when stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The days an event is (or was) planned for."""

    start: Day | None
    """First day, None when vague."""
    end: Day | None
    """Last day, included; None when vague."""
    precision: Precision
    """How firm."""
    text: str
    """The words that say it."""
    time: str | None = None
    """Clock time HH:MM when stated."""
    zone: str | None = None
    """Zone as written."""


def share_a_day(a: When | TimeExpression, b: When | TimeExpression) -> bool:
    """True when both give days and have one in common; what names no last day is of its first alone."""
    if a.start is None or b.start is None:
        return False
    return a.start <= (b.end or b.start) and b.start <= (a.end or a.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who said what, as spans alone: the raw finding before names are resolved."""

    source: tuple[Span, ...]
    """Pieces of the source's words; empty when the text names none."""
    cue: tuple[Span, ...]
    """Pieces of the words that attribute ("said", "according to")."""
    content: tuple[Span, ...]
    """Pieces of what is attributed."""
    score: float = 1.0
    """Probability the model gives it, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReading:
    """One event as one sentence speaks of it: the raw finding before mentions are joined.

    All spans are in the frame of the text that was read (title or body, see `in_title`).
    """

    event: Span
    """Words that name it."""
    kind: Kind
    """Most likely kind."""
    status: Status | None
    """What the sentence claims for it; None when it only names it."""
    cue: Span | None = None
    """Words that carry the status."""
    who: tuple[Span, ...] = ()
    """Participants named in the sentence."""
    where: Span | None = None
    """Place."""
    when: Span | None = None
    """The event's (new) time expression."""
    was: Span | None = None
    """Its former time."""
    why: Span | None = None
    """Reason given for a change or doubt."""
    condition: Span | None = None
    """Condition it hangs on."""
    hedged: bool = False
    """The sentence itself marks it as uncertain."""
    sentence: Span | None = None
    """The sentence it stands in."""
    in_title: bool = False
    """True when the spans point into the title."""
    score: float = 1.0
    """Probability the model gives to there being such an event with a status, 0 to 1."""
    status_scores: tuple[tuple[str, float], ...] = ()
    """Probability of each status (and "none", "other"), best first."""
    passing: bool = False
    """True when it is only named in passing, as over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One link of a chain: who is credited."""

    name: str
    """The words used."""
    kind: SourceKind
    """What sort of source."""
    span: Span | None = None
    """Where the words stand."""
    resolved: str | None = None
    """Full name that the words stand for, when they are a pronoun, short form or back-reference."""
    org: str | None = None
    """Body it speaks for, when the report says."""
    anonymity: str | None = None
    """Reason given for not naming it, in the report's words."""

    @property
    def known_as(self) -> str:
        """The fullest name the report gives."""
        return self.resolved or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a source says about an event, in the words of a report."""

    id: str
    """Stable id: report id and the place of the claim in it."""
    report: str
    """Id of the report."""
    mention: str | None
    """Id of the report's mention that it bears on; None when it bears on no event."""
    status: Status | None
    """What it claims; None for a reason, a condition or a comment."""
    text: str
    """Its content, exactly the span's text."""
    span: Span
    """Where the content stands."""
    in_title: bool = False
    """True when all spans of this claim point into the title."""
    cue: str | None = None
    """Words that attribute it ("said"); None for the report's own voice."""
    cue_span: Span | None = None
    """Where the cue stands."""
    status_cue: str | None = None
    """Words that carry the status ("postponed")."""
    status_span: Span | None = None
    """Where they stand."""
    implied: bool = False
    """True when its words claim a status and name no event: that of the event it bears on, which decides nothing."""
    quote: QuoteType = "indirect"
    """Direct, indirect or mixed."""
    sources: tuple[Source, ...] = ()
    """The chain, nearest to the publisher first, the origin last; empty for the report's own voice."""
    also: tuple[Source, ...] = ()
    """Who said it together with the origin (a joint statement)."""
    on: Day | None = None
    """Day it was said, when the report tells it."""
    hedged: bool = False
    """Marked as uncertain by the report."""
    when: When | None = None
    """Day that it gives for the event."""
    was: When | None = None
    """Former day that it gives."""
    reason: Span | None = None
    """Reason given in it."""
    reason_text: str | None = None
    """Words of the reason, where its span lies outside the claim's own."""
    condition: Span | None = None
    """Condition given in it."""
    condition_text: str | None = None
    """Words of the condition, where its span lies outside the claim's own."""
    place: str | None = None
    """Place that it gives for the event."""
    published: Day | None = None
    """Day of publication of its report."""
    published_at: datetime.datetime | None = None
    """Instant of publication of its report, aware UTC, when known."""
    publisher: str | None = None
    """Publisher of its report."""
    standing: Standing = Standing.COMMENT
    """How near its origin stands to the event it bears on."""
    rank: int = 0
    """Order of its place in the report, title first."""

    @property
    def origin(self) -> Source | None:
        """The last source of the chain, None for the report's own voice."""
        return self.sources[-1] if self.sources else None

    @property
    def said_on(self) -> Day | None:
        """Day from which the claim counts: the day it was said, else its report's publication."""
        return self.on or self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An event as one report speaks of it, all its readings in that report joined."""

    id: str
    """Stable id within the store: report id and the place of its first reading."""
    report: str
    """Id of the report."""
    name: str
    """Short natural name."""
    kind: Kind
    """What sort of happening."""
    participants: tuple[str, ...] = ()
    """Who takes part, full names as the report lets one know them, persons before offices."""
    host: tuple[str, ...] = ()
    """Who hosts, calls or organises it."""
    place: str | None = None
    """Most specific named place."""
    when: When | None = None
    """The last days planned (or held on) that the report gives."""
    was: tuple[When, ...] = ()
    """Former days that the report gives."""
    status: Status | None = None
    """Status by the report's own account at its end."""
    published: Day | None = None
    """Day of publication of the report."""
    spans: tuple[Span, ...] = ()
    """Where the text names it."""
    requires: tuple[str, ...] = ()
    """Ids of mentions of the same report that must come first."""
    prepares: tuple[str, ...] = ()
    """Ids of mentions of the same report that this one prepares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """Everything one report says of planned events."""

    report: Report
    """The report read."""
    mentions: tuple[Mention, ...] = ()
    """Its events."""
    claims: tuple[Claim, ...] = ()
    """Its claims, in the order of the text, title first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Two reports that share text."""

    a: str
    """Id of the one published first, as far as one can know (the original)."""
    b: str
    """Id of the other."""
    containment: float
    """Shared word 8-grams over the 8-grams of the shorter text, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The planned happening, over all reports that speak of it."""

    id: str
    """Stable id: that of its earliest mention."""
    name: str
    """Short natural name."""
    kind: Kind
    """What sort of happening."""
    mentions: tuple[str, ...]
    """Ids of its mentions, earliest report first."""
    participants: tuple[str, ...] = ()
    """Full names, persons before offices."""
    host: tuple[str, ...] = ()
    """Who hosts, calls or organises it."""
    place: str | None = None
    """Most specific named place."""
    requires: tuple[str, ...] = ()
    """Ids of events that must come first."""
    prepares: tuple[str, ...] = ()
    """Ids of events that this one prepares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What linking found among the extractions it was given."""

    events: tuple[Event, ...] = ()
    """Every event, each mention in exactly one."""
    copies: tuple[Copy, ...] = ()
    """Pairs of reports that share text."""
    copy_of: tuple[tuple[str, str], ...] = ()
    """(report id, id of the report whose copy it is), for reports copied for half or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an event's history."""

    status: Status
    """Status from this step on."""
    on: Day | None
    """Day from which it counts."""
    claims: tuple[str, ...]
    """Ids of the claims behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two claims that stand at the same time and cannot both be true."""

    about: Literal["status", "date", "place", "existence"]
    """What they differ on."""
    claims: tuple[str, str]
    """Ids of the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason or a condition, in a report's words."""

    text: str
    """The words."""
    claim: str
    """Id of the claim that gives it."""
    met: bool | None = None
    """For a condition: whether a later claim says it was met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """What nobody knows yet."""

    question: str
    """In plain words."""
    settled_by: str
    """What would settle it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The answer for an event as of a day."""

    event: Event
    """The event."""
    as_of: Day | None
    """The answer holds at the end of this day; None when no report has a day."""
    status: Status | None
    """The answer; None where no claim states one."""
    since: Day | None = None
    """Day from which it holds."""
    when: When | None = None
    """Last days planned; stays when held, cancelled, postponed or on hold."""
    was: tuple[When, ...] = ()
    """Former days, replaced by another, oldest first."""
    place: str | None = None
    """Place as of the day."""
    standing: Standing | None = None
    """Standing of the deciding claim."""
    reliability: str = "F"
    """Admiralty letter of the deciding source, A to F."""
    credibility: int = 6
    """Admiralty number of the answer, 1 to 6; 1 needs independent origins."""
    likelihood: str | None = None
    """ICD 203 words for whether it takes place."""
    because: tuple[str, ...] = ()
    """Ids of the claims that decide."""
    origins: int = 0
    """Independent origins behind the answer."""
    publishers: int = 0
    """Publishers of reports behind the answer."""
    history: tuple[Step, ...] = ()
    """Statuses in order of time."""
    contradictions: tuple[Contradiction, ...] = ()
    """Claims that part."""
    reasons: tuple[Reason, ...] = ()
    """Why it changed."""
    conditions: tuple[Reason, ...] = ()
    """What it depends on."""
    open_questions: tuple[OpenQuestion, ...] = ()
    """What nobody knows yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The answer over some reports as of a day: what `stillon read` puts out."""

    as_of: Day | None
    """The answers hold at the end of this day; None when no report has a day."""
    reports: tuple[Report, ...] = ()
    """Reports published by then."""
    assessments: tuple[Assessment, ...] = ()
    """One per event."""
    claims: tuple[Claim, ...] = ()
    """Claims of those reports in the order of their bearing."""
    event_of: tuple[tuple[str, str], ...] = ()
    """(mention id, event id)."""
    copy_of: tuple[tuple[str, str], ...] = field(default=())
    """(report id, id of the report whose copy it is)."""
    file: str | None = None
    """The report's `file` where the dossier is of one report alone; None for a dossier of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person says against the machine: signed, dated, and undone by a person alone."""

    id: str
    """Stable id: digest of what it says, who says it and when it was recorded."""
    kind: CorrectionKind
    """What it does."""
    by: str
    """Who signs it."""
    because: str
    """The reason given."""
    on: Day
    """Day from which it counts."""
    recorded_at: datetime.datetime
    """When it was recorded, aware UTC."""
    mentions: tuple[str, ...] = ()
    """Ids of mentions: the two to be one event, those split off, or the one that stands for the event."""
    apart: tuple[str, ...] = ()
    """For a split: ids of the mentions that those split off are kept apart from."""
    report: str | None = None
    """Id of the report withdrawn."""
    status: Status | None = None
    """Status set."""
    when: When | None = None
    """Day set."""
    place: str | None = None
    """Place set."""
    undoes: str | None = None
    """Id of the correction taken back."""


Clock = Literal["published", "store"]
"""By which of the two clocks something came in between: its publication, or the instant it was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one event between two days."""

    what: tuple[Literal["new", "status", "when", "place", "contradiction", "gone"], ...]
    """What changed; "gone" where no report that still counts speaks of it."""
    before: Assessment | None
    """The answer at the end of the day before; None for an event not known then."""
    after: Assessment | None
    """The answer at the end of the last day; None for one that is gone."""
    claims: tuple[Claim, ...] = ()
    """The claims that brought it, those that decide first."""
    reports: tuple[Report, ...] = ()
    """The reports of those claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A report whose text changed at its url."""

    before: Report
    """The text as it stood."""
    after: Report
    """The text that took its place."""
    counts_from: Day
    """Day of the edit as the page admits it, else the day on which it was seen."""
    recorded_at: datetime.datetime
    """When the new text was recorded, aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What changed between two days, as one editor tells another."""

    since: Day
    """First day of the changes."""
    until: Day
    """Last day of the changes, included."""
    changes: tuple[Change, ...] = ()
    """Events, those that weigh most first."""
    edits: tuple[Edit, ...] = ()
    """Reports edited."""
    corrections: tuple[Correction, ...] = ()
    """Corrections made."""
    reports: int = 0
    """Reports and revisions that came in."""
    clock: Clock = "published"
    """What was published between the days, or what came into the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How a watched feed does."""

    url: str
    """The feed as it is watched."""
    kind: str | None = None
    """rss, atom, json, sitemap, links or page; None until it was read once."""
    title: str | None = None
    """What it calls itself."""
    asked_at: datetime.datetime | None = None
    """When it was last asked."""
    answered_at: datetime.datetime | None = None
    """When it last answered as it should."""
    changed_at: datetime.datetime | None = None
    """When it last answered with anything but "not changed"."""
    next_at: datetime.datetime | None = None
    """When it is due again."""
    paused: bool = False
    """True where it is left alone until `next_at`: it failed, or its server asked for patience."""
    failures: int = 0
    """How many times in a row it failed."""
    error: str | None = None
    """Why it failed last, or what is odd about it; None when all is well."""
    items: int = 0
    """How many items it held when last read."""
    articles: int = 0
    """How many articles were stored from it in all, edits included."""
    stored_at: datetime.datetime | None = None
    """When the last of them was stored."""
    etag: str | None = None
    """Entity tag to ask with."""
    modified: str | None = None
    """Last-Modified to ask with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A change that somebody asked to be told of."""

    id: str
    """Digest of the rule and the change: no change is told twice by one rule."""
    rule: str
    """Name of the rule that asked for it."""
    change: Change
    """The change, with its claims and their reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a desk's own diary: what the desk expects, which is no claim."""

    id: str
    """Stable id: digest of the diary's name and the entry's uid."""
    diary: str
    """Name of the diary."""
    uid: str
    """What the planner's calendar calls it; an occurrence of a series has its day behind it."""
    title: str
    """What it is."""
    when: When
    """When the desk expects it."""
    place: str | None = None
    """Where."""
    names: tuple[str, ...] = ()
    """Who takes part, where the calendar has a field for it."""
    notes: str | None = None
    """What else the planner wrote, its beginning."""
    off: bool = False
    """True where the diary itself says that it is called off."""
    gone: bool = False
    """True where the planner took it out of the diary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLink:
    """A person's word on which event an entry is: signed, kept, and replaced by a later one alone."""

    entry: str
    """Id of the entry."""
    mention: str | None
    """Id of a mention of the event; None where it is said to be none of the store's."""
    by: str
    """Who signs it."""
    because: str
    """The reason given."""
    recorded_at: datetime.datetime
    """When it was recorded, aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAnswer:
    """What is reported of one entry of a diary."""

    entry: Entry
    """The entry."""
    what: tuple[Literal["off", "put off", "in doubt", "moved", "time", "place", "contradicted"], ...] = ()
    """How what is reported differs from the diary; empty where it does not."""
    answer: Assessment | None = None
    """The answer for its event; None where nobody reports on it."""
    score: float = 0.0
    """How surely the event is the entry's, 0 to 1; 1 where a person said so."""
    link: EntryLink | None = None
    """The person's word, where there is one."""
    claims: tuple[Claim, ...] = ()
    """The claims that bring the difference, those that decide first."""
    reports: tuple[Report, ...] = ()
    """The reports of those claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryNote:
    """What a desk asks of its diary in the morning."""

    as_of: Day
    """The answers hold at the end of this day."""
    first: Day | None
    """First day looked at; None for an empty diary."""
    last: Day | None
    """Last day of the diary."""
    entries: tuple[EntryAnswer, ...] = ()
    """The entries from `first` on, and those before it that moved past it; by day."""
    lacking: tuple[Assessment, ...] = ()
    """Events reported for the diary's days that it lacks, by day."""
    lacking_total: int = 0
    """How many of these there are in all."""
