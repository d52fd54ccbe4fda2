"""Several texts in one paste: where another seems to begin, and the cut."""

import time

import pytest

from sources.splitting import places, split

FIRST = "Talks halted after attack\n\nA photo of him\nTT\n20\n\nTalks halted after attack\n\nThe talks were halted."
SECOND = "New sanctions on two officials\n\nA photo of the parade\n\nNew sanctions on two officials\n\nTwo were named."
TWO = f"{FIRST}\n\n\n\n{SECOND}\n"


def test_a_headline_after_blank_lines_that_stands_twice_is_proposed():
    assert [(place.line, place.words, place.why) for place in places(TWO)] == [
        (13, "New sanctions on two officials", "after 3 blank lines, and it stands there twice")
    ]


def test_a_ruled_line_parts_texts():
    text = "One headline here\n\nIts text.\n\n* * *\n\nAnother headline here\n\nIts text."
    assert [place.line for place in places(text)] == [7]
    assert split(text, [7]) == ["One headline here\n\nIts text.", "Another headline here\n\nIts text."]


@pytest.mark.parametrize(
    "text", [FIRST, "", "A\n\n\nB", "A first line.\n\n\nA sentence that ends in a stop.", "\n\n\nA headline at the top"]
)
def test_one_text_is_left_alone(text):
    assert places(text) == []


def test_the_cut_loses_no_word():
    assert split(TWO, [13]) == [FIRST, SECOND]
    assert split(TWO, []) == [TWO]
    assert split("a\nb\nc", {2, 3}) == ["a", "b", "c"]


@pytest.mark.parametrize("line", [0, 1, 4, 900])
def test_a_line_that_is_none_is_refused(line):
    with pytest.raises(ValueError, match=f"There is no line {line} .* has 3 lines"):
        split("a\nb\nc", [line])


def test_blank_lines_cost_no_more_than_their_number():
    blank = "\n" * 200_000
    began = time.process_time()
    assert split(f"{blank}one\ntwo{blank}", {200_002}) == ["one", "two"]
    assert time.process_time() - began < 1
