"""Uncertain dates: what is read, what is refused and how, and that the columns survive being written."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.edtf import PRECISIONS, UNDATED, EdtfError, UncertainDate, overlaps, parse, write
from sources.localising import label


def day(text: str) -> date:
    return date.fromisoformat(text)


def dated(first: str, last: str, precision: str, approximate: bool = False) -> UncertainDate:
    return UncertainDate(day(first) if first else None, day(last) if last else None, precision, approximate)


READ = [
    # text, stored, written, label
    ("2024-08-15", dated("2024-08-15", "2024-08-15", "day"), "2024-08-15", "15 August 2024"),
    ("2024-08", dated("2024-08-01", "2024-08-31", "month"), "2024-08", "August 2024"),
    ("2024", dated("2024-01-01", "2024-12-31", "year"), "2024", "2024"),
    ("2024~", dated("2024-01-01", "2024-12-31", "year", True), "2024~", "c. 2024"),
    ("2024-08?", dated("2024-08-01", "2024-08-31", "month", True), "2024-08~", "c. August 2024"),
    ("2024-08-15%", dated("2024-08-15", "2024-08-15", "day", True), "2024-08-15~", "c. 15 August 2024"),
    ("0001", dated("0001-01-01", "0001-12-31", "year"), "0001", "1"),
    ("9999-12", dated("9999-12-01", "9999-12-31", "month"), "9999-12", "December 9999"),
    ("2024-02", dated("2024-02-01", "2024-02-29", "month"), "2024-02", "February 2024"),
    ("1900-02", dated("1900-02-01", "1900-02-28", "month"), "1900-02", "February 1900"),
    ("2000-02-29", dated("2000-02-29", "2000-02-29", "day"), "2000-02-29", "29 February 2000"),
    ("2024-XX", dated("2024-01-01", "2024-12-31", "year"), "2024", "2024"),
    ("2024-XX-XX", dated("2024-01-01", "2024-12-31", "year"), "2024", "2024"),
    ("2024-02-xx", dated("2024-02-01", "2024-02-29", "month"), "2024-02", "February 2024"),
    ("201X", dated("2010-01-01", "2019-12-31", "range"), "2010/2019", "2010–2019"),
    ("20XX~", dated("2000-01-01", "2099-12-31", "range", True), "2000~/2099~", "c. 2000–2099"),
    ("2024-08-15/2024-08-16", dated("2024-08-15", "2024-08-16", "range"), "2024-08-15/2024-08-16", "15–16 August 2024"),
    (
        "2024-07-30/2024-08-02",
        dated("2024-07-30", "2024-08-02", "range"),
        "2024-07-30/2024-08-02",
        "30 July – 2 August 2024",
    ),
    (
        "2023-12-30/2024-01-02",
        dated("2023-12-30", "2024-01-02", "range"),
        "2023-12-30/2024-01-02",
        "30 December 2023 – 2 January 2024",
    ),
    ("2024-07/2024-08", dated("2024-07-01", "2024-08-31", "range"), "2024-07/2024-08", "July–August 2024"),
    ("2024-07-01/2024-08-31", dated("2024-07-01", "2024-08-31", "range"), "2024-07/2024-08", "July–August 2024"),
    ("2023-12/2024-01", dated("2023-12-01", "2024-01-31", "range"), "2023-12/2024-01", "December 2023 – January 2024"),
    ("2023/2024", dated("2023-01-01", "2024-12-31", "range"), "2023/2024", "2023–2024"),
    ("2023?/2024", dated("2023-01-01", "2024-12-31", "range", True), "2023~/2024~", "c. 2023–2024"),
    ("2024-08/2024-08-15", dated("2024-08-01", "2024-08-15", "range"), "2024-08-01/2024-08-15", "1–15 August 2024"),
    ("2024-08-01/2024-08-31", dated("2024-08-01", "2024-08-31", "range"), "2024-08-01/2024-08-31", "1–31 August 2024"),
    ("2024-01-01/2024-12-31", dated("2024-01-01", "2024-12-31", "range"), "2024-01/2024-12", "January–December 2024"),
    ("2024-08/2024-08~", dated("2024-08-01", "2024-08-31", "month", True), "2024-08~", "c. August 2024"),
    ("2024-08-15/..", dated("2024-08-15", "", "range"), "2024-08-15/..", "from 15 August 2024"),
    ("2024-08-15~/", dated("2024-08-15", "", "range", True), "2024-08-15~/..", "from c. 15 August 2024"),
    ("../2024-08-15", dated("", "2024-08-15", "range"), "../2024-08-15", "until 15 August 2024"),
    ("2024-08/..", dated("2024-08-01", "", "range"), "2024-08/..", "from August 2024"),
    ("../2024", dated("", "2024-12-31", "range"), "../2024", "until the end of 2024"),
    ("", UNDATED, "", "undated"),
    ("XXXX", UNDATED, "", "undated"),
    ("XXXX-XX-XX", UNDATED, "", "undated"),
    ("  2024-08-15\n", dated("2024-08-15", "2024-08-15", "day"), "2024-08-15", "15 August 2024"),
    ("٢٠٢٤-٠٨-١٥", dated("2024-08-15", "2024-08-15", "day"), "2024-08-15", "15 August 2024"),
    ("\u200f۲۰۲۴-۰۸\u200f", dated("2024-08-01", "2024-08-31", "month"), "2024-08", "August 2024"),
]


@pytest.mark.parametrize(("text", "stored", "written", "words"), READ, ids=[ascii(row[0]) for row in READ])
def test_date_is_read_stored_written_and_labelled(text, stored, written, words):
    assert parse(text) == stored
    assert write(stored) == written
    assert parse(written) == stored
    assert label(stored) == words


REFUSED = [
    # text, what the message must tell the editor to write
    ("15/08/2024", "2024-08-15"),
    ("03/04/2024", "2024-04-03 or 2024-03-04"),
    ("15.8.2024", "2024-08-15"),
    ("2024/08/15", "2024-08-15"),
    ("20240815", "2024-08-15"),
    ("2024-8-5", "2024-08-05"),
    ("2024-8", "2024-08"),
    ("2024/08", "2024-08"),
    ("08/2024", "2024-08"),
    ("2024-2025", "slash"),
    ("2024–2025", "slash"),
    ("2024-08-15T20:30:00Z", "Leave out the time: 2024-08-15"),
    ("2024-08-15 20:30", "Leave out the time: 2024-08-15"),
    ("2024-02-30", "February 2024 has 29 days"),
    ("2023-02-29", "February 2023 has 28 days"),
    ("2024-08-00", "August 2024 has 31 days"),
    ("2024-13", "months go from 01 to 12"),
    ("2024-00", "months go from 01 to 12"),
    ("2024-21", "2024-03/2024-05"),
    ("2024-24", "Write the months"),
    ("0000", "0001 to 9999"),
    ("00XX", "0001 to 9999"),
    ("Y20240", "0001 to 9999"),
    ("-0100", "0001 to 9999"),
    ("12024", "0001 to 9999"),
    ("2024-XX-15", "Write the year alone: 2024"),
    ("201X-08", "Write the years alone: 201X"),
    ("2XXX", "Write 2024-08-15"),
    ("XXXX-08-15", "Write 2024-08-15"),
    ("~2024", "at the end"),
    ("2024~-08", "at the end"),
    ("2024~?", "at the end"),
    ("August 2024", "Write 2024-08-15"),
    ("c. 2024", "2024~"),
    ("2024-08-16/2024-08-15", "swap the two dates"),
    ("2024/2023", "swap the two dates"),
    ("2022/2023/2024", "more than one slash"),
    ("../..", "leave the field empty"),
    ("/", "leave the field empty"),
    ("2024²", "Write 2024-08-15"),
    ("२०२४", "Write 2024-08-15"),
    ("\x00", "Write 2024-08-15"),
    ("2" * 10_000, "too long"),
]


@pytest.mark.parametrize(("text", "advice"), REFUSED, ids=[ascii(row[0])[:30] for row in REFUSED])
def test_refused_date_says_what_to_write_instead(text, advice):
    with pytest.raises(EdtfError) as refusal:
        parse(text)
    message = str(refusal.value)
    assert advice in message
    assert message.isprintable()
    assert len(message) < 300


@pytest.mark.parametrize(
    ("first", "last", "precision", "approximate"),
    [
        ("2024-08-15", "2024-08-16", "day", False),
        ("2024-08-15", "", "day", False),
        ("2024-08-01", "2024-08-30", "month", False),
        ("2024-01-01", "2024-12-30", "year", False),
        ("2024-01-01", "2025-12-31", "year", False),
        ("", "", "range", False),
        ("2024-08-15", "2024-08-15", "range", False),
        ("2024-08-16", "2024-08-15", "range", False),
        ("2024-08-15", "", "unknown", False),
        ("", "", "unknown", True),
        ("", "", "decade", False),
    ],
)
def test_columns_that_disagree_are_no_date(first, last, precision, approximate):
    with pytest.raises(EdtfError):
        dated(first, last, precision, approximate)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2024-08-15", "2024-08-15", True),
        ("2024-08-15", "2024-08-16", False),
        ("2024-08", "2024-08-31", True),
        ("2024-08", "2024-09", False),
        ("2024", "2024-08-15/2025", True),
        ("../2024-08-15", "2024-08-15/..", True),
        ("../2024-08-14", "2024-08-15/..", False),
        ("2024-08-15/..", "2030", True),
        ("", "2024", True),
        ("", "", True),
    ],
)
def test_overlap_counts_both_ends_and_open_ends_reach_for_ever(a, b, expected):
    assert overlaps(parse(a), parse(b)) is expected
    assert overlaps(parse(b), parse(a)) is expected


@st.composite
def uncertain_dates(draw: st.DrawFn) -> UncertainDate:
    precision = draw(st.sampled_from(PRECISIONS))
    # Ends on the borders of months and years are where writing can go wrong, so half of the days are such.
    anywhere = draw(st.dates())
    month_end = calendar.monthrange(anywhere.year, anywhere.month)[1]
    first = draw(st.sampled_from([anywhere, anywhere.replace(day=1), anywhere.replace(month=1, day=1)]))
    approximate = draw(st.booleans())
    if precision == "unknown":
        return UNDATED
    if precision == "day":
        return UncertainDate(first, first, precision, approximate)
    if precision == "month":
        return UncertainDate(anywhere.replace(day=1), anywhere.replace(day=month_end), precision, approximate)
    if precision == "year":
        return UncertainDate(
            anywhere.replace(month=1, day=1), anywhere.replace(month=12, day=31), precision, approximate
        )
    later = draw(st.dates(min_value=anywhere))
    last = draw(
        st.sampled_from(
            [
                later,
                later.replace(month=12, day=31),
                later.replace(day=calendar.monthrange(later.year, later.month)[1]),
                anywhere.replace(day=month_end),
                anywhere.replace(month=12, day=31),
                None,
            ]
        )
    )
    open_start = last is not None and draw(st.booleans())
    if first == last:
        return UncertainDate(first, last, "day", approximate)
    return UncertainDate(None if open_start else first, last, "range", approximate)


@given(uncertain_dates())
def test_written_date_is_read_back_as_the_same_columns(stored):
    assert parse(write(stored)) == stored
    assert len(write(stored)) <= 23
    assert label(stored).strip()


NEAR_EDTF = st.text(st.sampled_from("0123456789X-/.~?%T:YZ ٢۲–"), max_size=24)


@given(
    st.text() | NEAR_EDTF | st.from_regex(r"[0-9X]{4}(-[0-9X]{2}){0,2}[~?%]?(/[0-9]{4}(-[0-9]{2})?)?", fullmatch=True)
)
def test_any_text_is_a_date_in_order_or_an_edtf_error(text):
    try:
        stored = parse(text)
    except EdtfError:
        return
    if stored.earliest and stored.latest:
        assert stored.earliest <= stored.latest
    assert parse(write(stored)) == stored


@given(uncertain_dates(), uncertain_dates())
def test_overlap_is_symmetric_and_every_date_overlaps_itself(a, b):
    assert overlaps(a, b) == overlaps(b, a)
    assert overlaps(a, a)
