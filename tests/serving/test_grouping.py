"""Under which week an event stands, and which days of the strip are named."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from stillon.model import Assessment, Event, Kind, Precision, Status, When
from stillon.serving import drawing, grouping
from stillon.storing import AnswerRow

AS_OF = date(2031, 5, 7)  # a Wednesday


def row(id: str, start: date | None, end: date | None = None) -> AnswerRow:
    when = When(start=start, end=end or start, precision=Precision.WINDOW, text="") if start else None
    event = Event(id=id, name=id, kind=Kind.VOTE, mentions=(id,))
    given = Assessment(event=event, as_of=AS_OF, status=Status.SCHEDULED, when=when)
    return AnswerRow(component=1, assessment=given, reports=1, good_until=date.max)


def test_a_stretch_of_days_stands_where_it_may_begin() -> None:
    rows = [
        row("friday", date(2031, 5, 9)),
        row("next week", date(2031, 5, 14)),
        row("running", date(2031, 5, 1), date(2031, 5, 20)),
        row("june", date(2031, 6, 30)),
        row("some day", None),
        row("over", date(2031, 4, 2)),
    ]
    found = [(each.head, [r.assessment.event.id for _, rows in each.days for r in rows]) for each in
             grouping.by_week(rows, AS_OF)]  # fmt: skip
    assert found == [
        ("This week", ["friday", "running"]),
        ("Next week", ["next week"]),
        ("June 2031", ["june"]),
        ("No day named", ["some day"]),
        ("Past: April 2031", ["over"]),
    ]


@pytest.mark.parametrize("days", [5, 9, 14, 40, 90])
def test_the_day_chosen_is_named_and_no_two_names_touch(days: int) -> None:
    for chosen in (0, 1, 2, days // 2, days - 1):
        first = AS_OF - timedelta(days=chosen)
        strip = drawing.strip({AS_OF: 3}, first, first + timedelta(days=days - 1), AS_OF)
        places = [tick.x for tick in strip.ticks]
        assert chosen * strip.step in places
        assert all(b - a >= 2 * strip.step for a, b in pairwise(places))
