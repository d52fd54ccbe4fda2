"""The form in which text is kept, at a cost that no text can raise."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.kept_text import MOST_MARKS, normalise, unreasonable

# Above and below, so that they change places; Tibetan vowels that are two marks; what parts a pile, and what looks so.
PILES = st.text(st.sampled_from("\u0301\u0316\u0327\u064b\u0651\u0f73\u0f75ae\u034f—\u1100\u1161"), max_size=12)


@given(st.lists(PILES, max_size=4), st.integers(1, 40))
def test_a_text_comes_out_as_unicode_has_it(pieces, times):
    text = "".join(piece * times for piece in pieces)
    assert normalise(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("pile", ["\u0301\u0316", "\u0f73"])
def test_a_pile_of_marks_costs_no_more_than_its_length(pile):
    text = "a" + pile * (80_000 // len(pile))
    began = time.process_time()
    assert len(normalise(text)) >= 80_000
    assert time.process_time() - began < 1  # Python alone takes ten seconds.


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("“quoted”" + "—" * 200, None),
        ("a" + "\u0301" * MOST_MARKS, None),
        ("ab" + "\u0301" * (MOST_MARKS + 1), 2),
        ("a" + ("\u0301" * MOST_MARKS + "\u034f") * 3, None),
        ("word\n—" + "\u0f73" * (MOST_MARKS + 1), 6),
        ("كَتَّبَ " * 50, None),
    ],
)
def test_a_heap_of_marks_is_no_text(text, place):
    says = f"At place {place} of the text more than 50 accents or vowel marks are heaped on one letter"
    assert unreasonable(text)[: len(says)] == ("" if place is None else says)
