"""The drawing of a timeline: places from days, without records."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.timeline import (
    AXIS,
    MARGIN,
    MOST_CURVES,
    MOST_LANES,
    MOST_ROWS,
    MOST_TICKS,
    WIDTH,
    Bond,
    Lane,
    Said,
    Window,
    clusters,
    draw,
)

ALLAWI, MILLER = Lane("allawi", "Hussein Allawi", "Iraq", 0), Lane("miller", "Matthew Miller", "United States", 1)
YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))
AUGUST = date(2024, 8, 15)


def said(ref="a", first=AUGUST, last=None, lanes=(ALLAWI,), precision="day", **values):
    return Said(ref, f"/statements/{ref}/", ref, lanes, first, last or first, precision, **values)


days = st.dates(date(2023, 6, 1), date(2025, 6, 1))
spans = st.tuples(days, st.integers(0, 400)).map(lambda span: (span[0], span[0] + timedelta(span[1])))
lanes = st.sampled_from([(ALLAWI,), (MILLER,), (ALLAWI, MILLER)])
stories = st.lists(st.tuples(spans, lanes), max_size=60).map(
    lambda rows: [
        said(f"r{n}", first, last, where, "day" if first == last else "range")
        for n, ((first, last), where) in enumerate(rows)
    ]
)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param(date(2023, 12, 31), None, False, id="the day before"),
        pytest.param(date(2024, 1, 1), None, True, id="the first day"),
        pytest.param(date(2024, 12, 31), None, True, id="the last day"),
        pytest.param(date(2025, 1, 1), None, False, id="the day after"),
        pytest.param(date(2023, 1, 1), date(2024, 1, 1), True, id="reaches in"),
        pytest.param(date(2020, 1, 1), date(2030, 1, 1), True, id="reaches over"),
    ],
)
def test_window_holds_what_may_have_been_said_in_it(first, last, expected):
    assert YEAR.holds(first, last or first) == expected


def test_window_never_holds_what_has_no_date():
    assert not Window(None, None).holds(None, None)


def test_window_holds_what_has_one_open_end():
    assert YEAR.holds(None, date(2024, 2, 1))
    assert not YEAR.holds(date(2025, 2, 1), None)
    assert Window(None, date(2024, 1, 1)).holds(date(1900, 1, 1), date(1900, 1, 1))


@given(stories)
def test_everything_in_the_window_is_drawn_or_counted(story):
    drawing = draw(story, [], YEAR)
    expected = sum(len(each.lanes) for each in story if YEAR.holds(each.earliest, each.latest))
    assert len(drawing.marks) + sum(more.count for more in drawing.more) == expected


@given(stories)
def test_marks_stay_in_their_lanes_and_clear_of_each_other(story):
    drawing = draw(story, [], YEAR)
    boxes = [mark.hit for mark in drawing.marks]
    for n, (x, y, width) in enumerate(boxes):
        assert MARGIN - 12 <= x <= x + width <= WIDTH - MARGIN + 12
        assert any(lane.top < y < lane.bottom for lane in drawing.lanes)
        for other_x, other_y, other_width in boxes[n + 1 :]:
            assert y != other_y or x + width <= other_x or other_x + other_width <= x
    assert all(AXIS <= lane.top < lane.bottom <= drawing.foot for lane in drawing.lanes)
    assert all(lane.rows <= MOST_ROWS + 1 for lane in drawing.lanes)


@given(stories)
def test_mirrored_drawing_is_the_same_from_the_other_side(story):
    plain, mirrored = draw(story, [], YEAR), draw(story, [], YEAR, mirrored=True)
    # Which of too many has room depends on the side one begins from.
    if not plain.more and not mirrored.more:
        from_left = sorted((m.said.ref, m.middle, m.left_open, m.right_open) for m in plain.marks)
        from_right = sorted((m.said.ref, WIDTH - m.middle, m.right_open, m.left_open) for m in mirrored.marks)
        assert [mark[:1] + mark[2:] for mark in from_left] == [mark[:1] + mark[2:] for mark in from_right]
        assert [mark[1] for mark in from_left] == pytest.approx([mark[1] for mark in from_right], abs=0.2)
    assert (plain.start, mirrored.start) == (0, WIDTH)


def test_time_runs_in_the_direction_of_reading():
    story = [said("early", date(2024, 2, 1)), said("late", date(2024, 11, 1))]
    x = {mark.said.ref: mark.x for mark in draw(story, [], YEAR).marks}
    assert x["early"] < x["late"]
    x = {mark.said.ref: mark.x for mark in draw(story, [], YEAR, mirrored=True).marks}
    assert x["early"] > x["late"]


def test_day_is_a_point_and_anything_longer_a_bar_open_where_it_reaches_further():
    story = [
        said("day"),
        said("month", date(2024, 8, 1), date(2024, 8, 31), precision="month"),
        said("before", date(2023, 8, 1), date(2024, 8, 31), precision="range"),
        Said("since", "", "", (ALLAWI,), date(2024, 3, 1), None, "range"),
    ]
    marks = {mark.said.ref: mark for mark in draw(story, [], YEAR).marks}
    assert marks["day"].width == 0
    shape = {ref: (mark.left_open, mark.right_open) for ref, mark in marks.items()}
    assert shape == {
        "day": (False, False),
        "month": (False, False),
        "before": (True, False),
        "since": (False, True),
    }
    assert marks["before"].x == MARGIN
    assert marks["month"].outline.count(",") == 4
    assert marks["since"].outline.count(",") == 5


def test_lanes_stand_by_group_and_then_as_they_first_occur():
    second = Lane("ministry", "Ministry of Foreign Affairs", "Iraq", 0)
    story = [said("a", lanes=(MILLER,)), said("b", lanes=(second,)), said("c", lanes=(ALLAWI,))]
    drawn = draw(story, [], YEAR).lanes
    assert [(each.lane.key, each.heads) for each in drawn] == [("ministry", True), ("allawi", False), ("miller", True)]


def test_quiet_speakers_of_a_crowded_story_share_a_lane():
    many = [said(f"r{n}", lanes=(Lane(f"s{n}", f"S {n}", "Iraq"),)) for n in range(MOST_LANES + 20)]
    drawing = draw([*many, said("again", lanes=(Lane("s3", "S 3", "Iraq"),))], [], YEAR)
    assert len(drawing.lanes) == MOST_LANES
    (shared,) = (lane for lane in drawing.lanes if lane.others)
    assert shared.others == 21
    assert "s3" in {lane.lane.key for lane in drawing.lanes}


def test_bonds_join_two_marks_and_what_has_none_is_counted():
    crowd = [said(f"r{n}") for n in range(MOST_ROWS + 3)]
    bonds = [Bond("reply", "r0", "r1", ""), Bond("reply", "r0", f"r{MOST_ROWS + 2}", ""), Bond("reply", "r0", "no", "")]
    drawing = draw(crowd, bonds, YEAR)
    assert [curve.bond.second for curve in drawing.curves] == ["r1"]
    assert drawing.left_out == 1
    assert drawing.kinds == ["reply"]
    many = draw([said("a"), said("b")], [Bond("reply", "a", "b", "")] * (MOST_CURVES + 5), YEAR)
    assert (len(many.curves), many.left_out) == (MOST_CURVES, 5)


@given(days, st.integers(0, 40_000))
def test_ticks_are_few_and_within(first, length):
    drawing = draw([], [], Window(first, first + timedelta(length)))
    assert len(drawing.ticks) <= MOST_TICKS
    assert all(MARGIN <= tick.x <= WIDTH - MARGIN for tick in drawing.ticks)
    gaps = [later.x - tick.x for tick, later in zip(drawing.ticks, drawing.ticks[1:], strict=False)]
    assert all(gap > 60 for gap in gaps)


def test_clusters_are_stretches_with_more_than_one_statement():
    january, august = date(2024, 1, 16), date(2024, 8, 12)
    found = clusters([january, january + timedelta(2), date(2024, 4, 15), august, august, august + timedelta(3)])
    assert found == [(january, january + timedelta(2), 2), (august, august + timedelta(3), 3)]
    assert clusters([]) == []
    assert clusters([august, august + timedelta(1)]) == []
