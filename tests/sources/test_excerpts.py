"""Excerpts: the pieces stand where the map says, and a false map is found out."""

import hashlib
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.anchoring import Span, find_exact
from sources.excerpts import check_map, make_excerpt, share_kept, to_excerpt, to_whole, verify_excerpt
from sources.kept_text import digest

WHOLE = "One 🕊️ said no.\n\nTwo said yes.\n\nThree kept silent.\n"


def passage(words: str) -> Span:
    return find_exact(WHOLE, words)[0]


def test_excerpt_holds_the_passages_alone_in_their_order():
    excerpt = make_excerpt(WHOLE, [passage("Three"), passage("said no.")])
    assert excerpt.text == "[…]\nsaid no.\n[…]\nThree\n[…]"
    assert excerpt.excerpt_map == [{"start": 7, "end": 15, "at": 4}, {"start": 32, "end": 37, "at": 17}]
    assert excerpt.whole_sha256 == hashlib.sha256(WHOLE.encode()).hexdigest()
    assert json.loads(json.dumps(excerpt.excerpt_map)) == excerpt.excerpt_map
    assert verify_excerpt(excerpt.text, excerpt.excerpt_map, WHOLE, excerpt.whole_sha256) == []


def test_passages_with_only_white_space_between_them_become_one_piece():
    excerpt = make_excerpt(WHOLE, [passage("One 🕊️ said no."), passage("Two said"), passage("said yes.")])
    assert excerpt.text == "One 🕊️ said no.\n\nTwo said yes.\n[…]"
    assert excerpt.excerpt_map == [{"start": 0, "end": 30, "at": 0}]


def test_whole_text_as_one_passage_has_no_omission_mark():
    excerpt = make_excerpt(WHOLE, [Span(0, len(WHOLE) - 1)])
    assert excerpt.text == WHOLE.rstrip()
    assert verify_excerpt(excerpt.text, excerpt.excerpt_map, WHOLE) == []


def test_whole_text_that_has_omission_marks_of_its_own_is_no_trouble():
    whole = "A […] b.\n[…]\nC.\n\nD."
    excerpt = make_excerpt(whole, [Span(0, 3), find_exact(whole, "[…]")[1], Span(len(whole) - 2, len(whole))])
    assert excerpt.text == "A [\n[…]\n[…]\n[…]\nD."
    assert verify_excerpt(excerpt.text, excerpt.excerpt_map, whole) == []


def test_spans_are_carried_over_and_back_unless_they_cross_an_omission():
    excerpt = make_excerpt(WHOLE, [passage("said no."), passage("Three")])
    inside = to_excerpt(excerpt.excerpt_map, passage("no."))
    assert inside is not None
    assert inside.of(excerpt.text) == "no."
    assert to_whole(excerpt.excerpt_map, inside) == passage("no.")
    assert to_excerpt(excerpt.excerpt_map, Span(7, 37)) is None
    assert to_excerpt(excerpt.excerpt_map, passage("Two")) is None
    assert to_whole(excerpt.excerpt_map, Span(0, 3)) is None
    assert to_whole(excerpt.excerpt_map, Span(11, 18)) is None


def test_nothing_to_keep_or_a_text_of_another_form_is_refused():
    with pytest.raises(ValueError, match="at least one passage"):
        make_excerpt(WHOLE, [])
    with pytest.raises(ValueError, match="past the end"):
        make_excerpt(WHOLE, [Span(0, len(WHOLE) + 1)])
    for whole in (unicodedata.normalize("NFD", "café"), "a\r\nb"):
        with pytest.raises(ValueError, match="not in NFC"):
            make_excerpt(whole, [Span(0, 1)])


def test_digest_is_of_the_kept_form():
    assert digest("cafe\u0301\r\n") == hashlib.sha256("café\n".encode()).hexdigest()


def test_share_kept_is_by_code_points():
    excerpt = make_excerpt("abcd 🕊 efgh", [Span(0, 4), Span(7, 8)])
    assert share_kept(excerpt.excerpt_map, 11) == 5 / 11
    assert share_kept([], 0) == 0.0
    with pytest.raises(ValueError, match="more than the whole"):
        share_kept(excerpt.excerpt_map, 4)


GOOD = {"start": 7, "end": 15, "at": 4}
LAST = {"start": 32, "end": 37, "at": 17}
TEXT = "[…]\nsaid no.\n[…]\nThree\n[…]"


@pytest.mark.parametrize(
    ("excerpt_map", "problem"),
    [
        ([], "at least one piece"),
        (None, "at least one piece"),
        ({"start": 0}, "at least one piece"),
        ([1], "Piece 1 needs"),
        ([GOOD, {"start": 32, "end": 37}], "Piece 2 needs"),
        ([GOOD | {"start": True}], "Piece 1 needs"),
        ([GOOD | {"start": "7"}], "Piece 1 needs"),
        ([GOOD | {"end": 7}], "Piece 1 needs"),
        ([GOOD | {"at": -1}], "Piece 1 needs"),
        ([LAST | {"at": 4, "end": 40}, GOOD | {"at": 17, "end": 12}], "does not come after"),
        ([GOOD, LAST | {"start": 15, "end": 20}], "does not come after"),
        ([GOOD, LAST | {"at": 18, "end": 36}], "Between pieces 1 and 2"),
        ([GOOD, LAST | {"at": 13}], "Between pieces 1 and 2"),
        ([GOOD, LAST | {"end": 50}], "past the end of the excerpt"),
        ([GOOD | {"start": 8, "at": 5}, LAST], "Before piece 1"),
        ([GOOD | {"start": 0, "end": 8}, LAST], "Before piece 1"),
        ([GOOD, LAST | {"end": 36}], "After piece 2"),
    ],
)
def test_false_map_is_found_out_without_the_whole_text(excerpt_map, problem):
    assert check_map(TEXT, [GOOD, LAST]) == []
    assert any(problem in found for found in check_map(TEXT, excerpt_map)), check_map(TEXT, excerpt_map)
    assert verify_excerpt(TEXT, excerpt_map, WHOLE)


@pytest.mark.parametrize(
    ("text", "excerpt_map", "whole", "sha256", "problem"),
    [
        (TEXT.replace("no.", "so."), [GOOD, LAST], WHOLE, "", "Piece 1 does not have the words"),
        (TEXT, [GOOD, LAST], WHOLE[:34], "", "Piece 2 reaches past the end of the whole"),
        (TEXT, [GOOD, LAST], WHOLE + "More.", digest(WHOLE), "SHA-256 differs"),
        (TEXT, [GOOD, LAST], WHOLE + "e\u0301", "", "not in NFC"),
        (TEXT[:-4], [GOOD, LAST], WHOLE, "", "[…] is missing"),
    ],
)
def test_false_excerpt_is_found_out_against_the_whole_text(text, excerpt_map, whole, sha256, problem):
    assert any(problem in found for found in verify_excerpt(text, excerpt_map, whole, sha256))


@st.composite
def wholes_and_passages(draw: st.DrawFn) -> tuple[str, list[Span]]:
    alphabet = st.characters(exclude_categories=["Cs"]) | st.sampled_from("ab \n[…]é\u0301🕊")
    text = draw(st.text(alphabet, min_size=1, max_size=80))
    whole = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    starts = draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=5))
    return whole, [Span(start, draw(st.integers(start + 1, len(whole)))) for start in starts]


@given(wholes_and_passages())
def test_any_excerpt_verifies_stays_in_kept_form_and_carries_its_passages(case):
    whole, passages = case
    excerpt = make_excerpt(whole, passages)
    assert verify_excerpt(excerpt.text, excerpt.excerpt_map, whole, excerpt.whole_sha256) == []
    assert unicodedata.is_normalized("NFC", excerpt.text)
    assert 0 < share_kept(excerpt.excerpt_map, len(whole)) <= 1
    for kept in passages:
        there = to_excerpt(excerpt.excerpt_map, kept)
        assert there is not None
        assert there.of(excerpt.text) == kept.of(whole)
        assert to_whole(excerpt.excerpt_map, there) == kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["start", "end", "at"]), inner),
)


@given(st.text(max_size=20), JSON)
def test_any_json_as_a_map_gives_problems_not_an_exception(text, anything):
    assert isinstance(check_map(text, anything), list)
    assert isinstance(verify_excerpt(text, anything, "whole"), list)
