import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sources.anchoring import Span
from sources.marking import Mark, Segment, marks_by_part, marks_of, segments

# Combining marks, an astral letter and right-to-left letters: offsets are code points, whatever is drawn.
TEXTS = st.text(alphabet="ab “”é\u0301\U0001d4b3ع\n", max_size=30)
MARKS = st.lists(
    st.builds(Mark, st.integers(-3, 33), st.integers(-3, 33), st.sampled_from(["x", "y", "z"])), max_size=6
)


@given(TEXTS, MARKS)
def test_segments_joined_give_the_text_back(text, marks):
    assert "".join(segment.text for segment in segments(text, marks)) == text


@given(TEXTS, MARKS)
def test_segments_carry_the_marks_of_each_character(text, marks):
    found = [frozenset(segment.keys) for segment in segments(text, marks) for _ in segment.text]
    assert found == [frozenset(m.key for m in marks if m.start <= at < m.end) for at in range(len(text))]


@given(TEXTS, MARKS)
def test_segments_open_each_mark_once_where_it_begins(text, marks):
    at, opened = 0, []
    for segment in segments(text, marks):
        opened += [(at, key) for key in segment.opens]
        at += len(segment.text)
    kept = [(max(0, m.start), min(len(text), m.end), m.key) for m in marks]
    assert sorted(opened) == sorted({(start, key) for start, end, key in kept if start < end})


@given(TEXTS, MARKS)
def test_segments_are_never_empty(text, marks):
    assert [segment for segment in segments(text, marks) if not segment.text] == []


@given(MARKS, st.sets(st.integers(0, 30), max_size=8))
def test_marks_by_part_are_those_that_reach_into_each(marks, cuts):
    cuts = sorted(cuts)
    parts = [Span(start, end) for start, end in pairwise(cuts)][::2]
    marks = [mark for mark in marks if mark.start < mark.end]
    expected = [
        [
            Mark(mark.start - part.start, mark.end - part.start, mark.key)
            for mark in sorted(marks, key=lambda mark: mark.start)
            if mark.start < part.end and part.start < mark.end
        ]
        for part in parts
    ]
    assert marks_by_part(parts, marks) == expected


def test_marks_by_part_walks_once_over_both():
    """Looking at every mark for every part would be four hundred million looks."""
    parts = [Span(at, at + 9) for at in range(0, 200_000, 10)]
    marks = [Mark(part.start, part.end, "x") for part in parts]
    began = time.process_time()
    assert marks_by_part(parts, marks) == [[Mark(0, 9, "x")]] * 20_000
    assert time.process_time() - began < 3


def test_segments_of_overlapping_marks():
    assert segments("abcdef", [Mark(1, 4, "one"), Mark(2, 6, "two")]) == [
        Segment("a"),
        Segment("b", ("one",), ("one",)),
        Segment("cd", ("one", "two"), ("two",)),
        Segment("ef", ("two",)),
    ]


def test_segments_name_a_key_once_where_its_marks_overlap():
    assert segments("abc", [Mark(0, 2, "x"), Mark(1, 3, "x")]) == [
        Segment("a", ("x",), ("x",)),
        Segment("b", ("x",), ("x",)),
        Segment("c", ("x",)),
    ]


def test_segments_of_nothing():
    assert segments("", [Mark(0, 3, "x")]) == []


def test_marks_of_words_that_stand_twice():
    assert marks_of("no, no and no", "no", "x") == [Mark(0, 2, "x"), Mark(4, 6, "x"), Mark(11, 13, "x")]


def test_marks_of_repeated_letters_do_not_overlap():
    assert marks_of("aaaaa", "aa", "x") == [Mark(0, 2, "x"), Mark(2, 4, "x")]


def test_marks_of_absent_or_no_words():
    assert marks_of("the talks", "withdrawal", "x") == []
    assert marks_of("the talks", "", "x") == []


@given(TEXTS, st.text(alphabet="ab ع", min_size=1, max_size=3))
def test_marks_of_are_the_words_themselves(text, words):
    found = marks_of(text, words, "x")
    assert [text[m.start : m.end] for m in found] == [words] * text.count(words)
