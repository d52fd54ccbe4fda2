"""The loosest form of a text: what folds, what never does, and the way back to the characters."""

import json
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import folding
from sources.folding import Folded, fold, fold_words, tier_of

AWKWARD = st.text(st.sampled_from("ab A-–—.…  \n\u00a0\u00ad\u200f\u202eﬁßİ“\"'’«»1,لَـﻻ\u064b🇮🇶👩\u200d"), max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a\n\n b", "a b"),
        ("a\u00a0b", "a b"),
        ("“it’s”", '"it\'s"'),
        ("« Oui »", "“Oui”"),
        ("x—y", "x — y"),
        ("x -- y", "x – y"),
        ("non‑binding", "non-binding"),
        ("2014–2015", "2014-2015"),
        ("so…", "so..."),
        ("so. . .", "so..."),
        ("oﬃce", "office"),
        ("co\u00adalition", "coalition"),
        ("\u2067العراق\u2069", "العراق"),
        ("مـــحادثات", "محادثات"),
        ("مُحَادَثَات", "محادثات"),
        ("ﻻ اتفاق", "لا اتفاق"),
        ("Straße", "STRASSE"),
    ],
)
def test_prints_of_the_same_words_fold_to_one_form(one, other):
    assert fold_words(one) == fold_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("coali-\ntion", "coalition"),  # A hyphen at the end of a line may be the word's own.
        ("re-sign", "resign"),
        ("man—eating", "man-eating"),
        ("man - eating", "man-eating"),
        ("-5", "5"),
        ("- 5", "-5"),
        ("10²", "102"),
        ("½", "1/2"),
        ("٣", "3"),
        ("1 000", "1000"),
        ("résumé", "resume"),
        ("على", "علي"),
        ("أن", "ان"),
        ("مدرسة", "مدرسه"),
        ("a b", "ab"),
        ("\u202eabc", "abc"),  # It reads cba.
        ("ﷺ", "صلى الله عليه وسلم"),
    ],
)
def test_words_and_numbers_never_fold(one, other):
    assert fold_words(one) != fold_words(other)


@pytest.mark.parametrize(
    ("printed", "quoted", "tier"),
    [
        ("the US forces", "the us forces", "not_found"),
        ("TALKS WITH US END", "talks with us end", "case"),
        ("The talks", "the talks", "case"),
        ("كَتَبَ", "كتب", "typography"),
        ("كَتَبَ", "كُتِبَ", "not_found"),  # He wrote; it was written.
        ("مُحَمَّد", "محمّد", "typography"),
    ],
)
def test_tier_of_what_folds_alike(printed, quoted, tier):
    assert fold_words(printed) == fold_words(quoted)
    assert tier_of(printed, quoted) == tier


def test_ligature_is_never_cut_in_half():
    folded = fold("oﬃce")
    assert folded.text == "office"
    assert folded.back(0, 6) == (0, 4)
    assert folded.back(0, 2) is None
    assert folded.back(3, 6) is None


def test_every_letter_that_grows_is_known():
    growing = {chr(code) for code in range(sys.maxunicode + 1) if len(chr(code).casefold()) > 1}
    assert growing <= set(folding._GROWING + folding._LONG_SHAPES)


@given(st.text(max_size=60) | AWKWARD)
def test_every_place_leads_back_and_the_map_survives_json(text):
    folded = fold(text)
    pieces = [folded.piece(position) for position in range(len(folded.text))]
    assert all(0 <= start <= end <= len(text) for start, end in pieces)
    assert all(left[0] <= right[0] and left[1] <= right[1] for left, right in pairwise(pieces))
    assert Folded.from_json(json.loads(json.dumps(folded.to_json()))) == folded
    assert folding._keep_case(text).casefold().strip(" ") == folded.text.strip(" ")


@given(st.text(max_size=60) | AWKWARD)
def test_what_folds_to_a_character_is_where_the_map_says(text):
    """Of text in NFC, as every capture is: elsewhere a slice may compose to another character."""
    text = unicodedata.normalize("NFC", text)
    folded = fold(text)
    for position, character in enumerate(folded.text):
        start, end = folded.piece(position)
        if character.isalnum():
            assert character in fold(unicodedata.normalize("NFC", text[start:end])).text


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"version": 0},
        {"version": 1, "text": "a", "length": 1, "runs": []},
        {"version": 1, "text": "a", "length": 1, "runs": [0, 0, 9]},
        {"version": 1, "text": "a", "length": True, "runs": [0, 0, 1]},
        {"version": 1, "text": "a", "length": 1, "runs": [0, -1, 1]},
        {"version": 1, "text": "a", "length": 1, "runs": [4, 0, 1]},
    ],
)
def test_kept_fold_that_is_not_ours_is_refused(value):
    with pytest.raises(ValueError, match="fold the text anew"):
        Folded.from_json(value)
