"""Time expressions of news: values, days and directions, on sentences of our own."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillon.extraction.holidays import HOLIDAYS, easter
from stillon.extraction.when import find_times, to_when, when_of
from stillon.model import Precision, Span, When

WEDNESDAY = datetime.date(2018, 11, 14)


def only(sentence: str, published: datetime.date | None = WEDNESDAY):
    times = find_times(sentence, published=published)
    assert len(times) == 1, [time.text for time in times]
    return times[0]


def whole(words: str, published: datetime.date | None = WEDNESDAY) -> When | None:
    return when_of(words, Span(0, len(words)), find_times(words, published=published))


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("The council will vote Tuesday on the bridge.", "2018-11-20"),
        ("The council voted Tuesday on the bridge.", "2018-11-13"),
        ("The mayor said Monday that the ferry would sail.", "2018-11-12"),
        ("On Friday, the minister will open the dam.", "2018-11-16"),
        ("On Friday, Mr. Abelard will open the dam.", "2018-11-16"),
        ("The hearing is scheduled for Monday.", "2018-11-19"),
        ("The hearing was held on Monday.", "2018-11-12"),
        ("A vote could come as early as Friday.", "2018-11-16"),
        ("The two leaders met on Wednesday.", "2018-11-14"),
        ("The two leaders will meet on Wednesday.", "2018-11-14"),
        ("The committee plans to hear her next Thursday.", "2018-11-22"),
        ("He flew in last Thursday.", "2018-11-08"),
        ("The strike begins this Saturday.", "2018-11-17"),
        ("She declined to appear Monday before the panel.", "2018-11-12"),
        ("They meet Thursday of next week.", "2018-11-22"),
        ("Talks resume a week from Friday.", "2018-11-23"),
        ("It was announced yesterday.", "2018-11-13"),
        ("The two would speak later in the day, he said.", "2018-11-14"),
        ("The launch is due the day after tomorrow.", "2018-11-16"),
        ("The final is set for the 20th.", "2018-11-20"),
        ("The treaty was signed on June 12.", "2018-06-12"),
        ("The summit is planned for Jan. 9.", "2019-01-09"),
        ("The summit took place on 9 January 2017.", "2017-01-09"),
        ("The court sits on Monday, December 3.", "2018-12-03"),
        ("The order takes effect 2019-01-05.", "2019-01-05"),
        ("The parade will be held on Christmas Day.", "2018-12-25"),
        ("Shops shut on Labor Day.", "2018-09-03"),
        ("The truce will start on Easter Monday.", "2019-04-22"),
        ("They will be home by Thanksgiving.", "2018-11-22"),
    ],
)
def test_a_day_is_the_one_its_words_and_verb_mean(sentence: str, day: str) -> None:
    time = only(sentence)
    assert (time.start, time.end) == (datetime.date.fromisoformat(day),) * 2
    assert time.precision is Precision.DAY


@pytest.mark.parametrize(
    ("sentence", "start", "end", "precision"),
    [
        ("The talks are planned for next week.", "2018-11-19", "2018-11-25", "week"),
        ("The talks failed last week.", "2018-11-05", "2018-11-11", "week"),
        ("The rally is set for this weekend.", "2018-11-17", "2018-11-18", "window"),
        ("The vote is expected later this month.", "2018-11-14", "2018-11-30", "window"),
        ("The vote is expected later this week.", "2018-11-14", "2018-11-18", "window"),
        ("The visit is planned for early December.", "2018-12-01", "2018-12-10", "window"),
        ("The visit is planned for mid-December.", "2018-12-11", "2018-12-20", "window"),
        ("The visit is planned for late December.", "2018-12-21", "2018-12-31", "window"),
        ("The visit is planned for next month.", "2018-12-01", "2018-12-31", "month"),
        ("The visit will take place in March.", "2019-03-01", "2019-03-31", "month"),
        ("The visit took place in March.", "2018-03-01", "2018-03-31", "month"),
        ("The fair opens in March 2020.", "2020-03-01", "2020-03-31", "month"),
        ("The election will be held next spring.", "2019-03-01", "2019-05-31", "season"),
        ("The election will be held in 2021.", "2021-01-01", "2021-12-31", "year"),
        ("The election will be held next year.", "2019-01-01", "2019-12-31", "year"),
        ("The board meets the week of December 10.", "2018-12-10", "2018-12-16", "week"),
        ("The court will rule in two weeks.", "2018-11-26", "2018-12-02", "week"),
        ("The court will rule within ten days.", "2018-11-14", "2018-11-24", "window"),
    ],
)
def test_a_window_has_the_bounds_of_its_words(sentence: str, start: str, end: str, precision: str) -> None:
    time = only(sentence)
    assert (str(time.start), str(time.end), time.precision.value) == (start, end, precision)


@pytest.mark.parametrize("words", ["in the coming weeks", "soon", "in the near future", "in the coming months"])
def test_words_without_bounds_give_no_days(words: str) -> None:
    when = whole(f"The two will meet {words}.")
    assert when is not None
    assert (when.start, when.end, when.precision) == (None, None, Precision.VAGUE)


@pytest.mark.parametrize(
    ("words", "type", "value"),
    [
        ("He waited for three days.", "DURATION", "P3D"),
        ("It took two and a half hours.", "DURATION", "PT2H30M"),
        ("A two-week strike ended.", "DURATION", "P2W"),
        ("He ruled for several years.", "DURATION", "PXY"),
        ("Sales rose over the past decade.", "DURATION", "P10Y"),
        ("They march every Monday.", "SET", "XXXX-WXX-1"),
        ("He writes every day.", "SET", "P1D"),
        ("He is now in office.", "DATE", "PRESENT_REF"),
        ("He recently resigned.", "DATE", "PAST_REF"),
        ("Nobody knows the future.", "DATE", "FUTURE_REF"),
        ("They spoke this morning.", "TIME", "2018-11-14TMO"),
        ("They spoke Monday night.", "TIME", "2018-11-12TNI"),
        ("Profit fell in the third quarter.", "DATE", "2018-Q3"),
        ("Prices rose last week.", "DATE", "2018-W45"),
        ("It was built in the 1990s.", "DATE", "199"),
        ("He left two years ago.", "DATE", "2016"),
        ("He left ten days ago.", "DATE", "2018-11-04"),
        ("They married last summer.", "DATE", "2018-SU"),
    ],
)
def test_durations_sets_and_references_have_timex3_values(words: str, type: str, value: str) -> None:
    time = only(words)
    assert (time.type, time.value) == (type, value)


@pytest.mark.parametrize(
    "words",
    [
        "He may march on the capital.",
        "The 45-year-old farmer spoke.",
        "It costs $1,990 or 2000 dollars.",
        "The second man won 3:15 of them.",
        "A hard fall hurt Jan Brook.",
    ],
)
def test_other_words_are_no_times(words: str) -> None:
    assert find_times(words, published=WEDNESDAY) == []


@pytest.mark.parametrize(
    ("words", "start", "end", "time", "zone"),
    [
        ("Tuesday at 8 p.m. EDT", "2018-11-13", "2018-11-13", "20:00", "EDT"),
        ("8:30 p.m. on Tuesday", "2018-11-13", "2018-11-13", "20:30", None),
        ("June 12 to 14, 2019", "2019-06-12", "2019-06-14", None, None),
        ("from June 12 to June 14", "2018-06-12", "2018-06-14", None, None),
        ("between Dec. 3 and Dec. 5", "2018-12-03", "2018-12-05", None, None),
        ("Dec. 3-5", "2018-12-03", "2018-12-05", None, None),
        ("noon on December 3, 2018", "2018-12-03", "2018-12-03", "12:00", None),
        ("midnight", "2018-11-14", "2018-11-14", "24:00", None),
    ],
)
def test_the_expressions_of_one_span_make_one_window(
    words: str, start: str, end: str, time: str | None, zone: str | None
) -> None:
    when = whole(words)
    assert when is not None
    assert (str(when.start), str(when.end), when.time, when.zone) == (start, end, time, zone)
    assert when.text == words


def test_a_span_without_a_time_has_no_when() -> None:
    assert when_of("after the vote on Friday", Span(0, 14), find_times("after the vote", published=WEDNESDAY)) is None


@pytest.mark.parametrize(
    ("words", "value"),
    [("on Friday", "XXXX-WXX-5"), ("next week", "XXXX-WXX"), ("in March", "XXXX-03"), ("June 12", "XXXX-06-12")],
)
def test_without_a_day_of_publication_relative_words_stay_unresolved(words: str, value: str) -> None:
    time = only(words, None)
    assert (time.value, time.start, time.end, time.precision) == (value, None, None, Precision.VAGUE)


def test_absolute_dates_need_no_day_of_publication() -> None:
    assert only("on June 12, 2018", None).start == datetime.date(2018, 6, 12)


def test_a_caller_that_knows_the_direction_is_believed() -> None:
    ahead = find_times("Tuesday", published=WEDNESDAY, ahead=True)
    behind = find_times("Tuesday", published=WEDNESDAY, ahead=False)
    assert [str(time.start) for time in (*ahead, *behind)] == ["2018-11-20", "2018-11-13"]


def test_easter_follows_the_gregorian_table() -> None:
    assert [str(easter(year)) for year in (1818, 2000, 2018, 2038)] == [
        "1818-03-22",
        "2000-04-23",
        "2018-04-01",
        "2038-04-25",
    ]


@pytest.mark.parametrize("name", HOLIDAYS)
def test_every_holiday_is_found_by_its_name(name: str) -> None:
    written = name.title().replace("'S", "'s")
    times = find_times(f"They met on {written}.", published=WEDNESDAY)
    assert times
    assert times[0].start is not None


WORDS = st.sampled_from(
    """the a in on at next last this early late mid- end of June May 12 31 2018 1999s 8 p.m. EDT Monday weekend
    week year
    years ago two several half an hour Christmas Easter quarter third spring now will voted , . - – to and 00:00 99:99
    2018-13-45 February 31 0 ² Ⅷ İ K \u00a0 \n “ ’s century every until""".split(" ")
)


@settings(deadline=None)
@given(
    text=st.one_of(st.text(), st.lists(WORDS, max_size=25).map(" ".join)),
    published=st.one_of(st.none(), st.dates()),
)
def test_spans_are_exact_ordered_and_apart_for_any_text(text: str, published: datetime.date | None) -> None:
    times = find_times(text, published=published)
    done = 0
    for time in times:
        assert done <= time.span.start < time.span.end <= len(text)
        assert time.span.of(text) == time.text
        assert (time.start is None) == (time.end is None)
        assert time.start is None or time.end is None or time.start <= time.end
        assert to_when(time).start == time.start
        done = time.span.end
    assert find_times(text, published=published) == times
    if text:
        when = when_of(text, Span(0, len(text)), times)
        assert (when is None) == (not times)
        assert when is None or when.start is None or when.end is None or when.start <= when.end


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("Tuesday through Thursday", "2018-11-13", "2018-11-15"),
        ("after the first of the year", "2019-01-01", "2019-12-31"),
        ("the first of the year", "2019-01-01", "2019-01-01"),
        ("in the new year", "2019-01-01", "2019-12-31"),
    ],
)
def test_a_range_of_weekdays_and_the_coming_year(words: str, first: str, last: str) -> None:
    found = whole(words)
    assert found is not None
    assert (str(found.start), str(found.end)) == (first, last)


def test_a_wish_for_the_new_year_is_no_day() -> None:
    assert find_times("Happy New Year to all.", published=WEDNESDAY) == []
