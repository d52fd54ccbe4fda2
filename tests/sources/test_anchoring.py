"""Finding quoted words: code points, several places, hints, and context that cuts nothing in half."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.anchoring import Match, Span, context, find_exact, locate
from sources.words import cuts_in, cuts_off

MIXED = "🕊️ قال الوزير: “لا اتفاق”. The minister said: “No deal.” 🇮🇶"


def test_span_is_half_open_and_never_empty():
    assert Span(1, 3).of("abcd") == "bc"
    assert len(Span(1, 3)) == 2
    for start, end in [(3, 3), (3, 1), (-1, 2)]:
        with pytest.raises(ValueError, match="0 ≤ start < end"):
            Span(start, end)
    with pytest.raises(ValueError, match="past the end"):
        Span(1, 5).of("abcd")


def test_spans_that_touch_share_nothing():
    assert Span(0, 3).overlap(Span(3, 5)) is None
    assert Span(0, 3).overlap(Span(2, 5)) == Span(2, 3)
    assert Span(0, 5).contains(Span(2, 5))
    assert not Span(0, 5).contains(Span(2, 6))


def test_offsets_are_code_points_not_bytes_nor_utf16_units():
    assert find_exact(MIXED, "No deal") == [Span(47, 54)]
    assert find_exact(MIXED, "لا اتفاق") == [Span(16, 24)]
    assert MIXED[47:54] == "No deal"
    assert len(MIXED[:47].encode()) != 47
    assert len(MIXED[:47].encode("utf-16-le")) // 2 != 47


def test_overlapping_occurrences_are_found_in_order():
    assert find_exact("aaaa", "aa") == [Span(0, 2), Span(1, 3), Span(2, 4)]
    assert find_exact("abc", "d") == []
    assert find_exact("abc", "") == []


def test_missing_words_are_not_found_and_nothing_is_chosen():
    match = locate("He said no.", "yes")
    assert match == Match("not_found", ())
    assert match.span is None
    assert not match.ambiguous


def test_words_that_stand_once_are_found_whatever_the_hints_say():
    assert locate("He said no.", "said", prefix="She never ", suffix=" yes").span == Span(3, 7)


def test_words_that_stand_twice_are_the_editors_choice_without_a_hint():
    text = "The talks failed. Later the talks resumed."
    match = locate(text, "talks")
    assert match.tier == "exact"
    assert match.ambiguous
    assert match.span is None
    assert match.spans == (Span(4, 9), Span(28, 33))


@pytest.mark.parametrize(
    ("prefix", "suffix", "expected"),
    [
        ("Later the ", "", (Span(28, 33),)),
        ("", " failed", (Span(4, 9),)),
        ("failed. Later the ", " failed", (Span(28, 33),)),  # The longer agreement wins.
        (" ", " ", (Span(4, 9), Span(28, 33))),
        ("Moscow ", "!", (Span(4, 9), Span(28, 33))),  # To share a space is chance.
        ("he ", "", (Span(4, 9), Span(28, 33))),
    ],
)
def test_hint_chooses_the_place_that_agrees_longest(prefix, suffix, expected):
    assert locate("The talks failed. Later the talks resumed.", "talks", prefix, suffix).spans == expected


def test_search_can_be_kept_to_a_part_and_still_answers_in_whole_offsets():
    text = "The talks failed. Later the talks resumed."
    assert locate(text, "talks", within=Span(18, 42)).span == Span(28, 33)
    assert locate(text, "talks", within=Span(18, 32)).tier == "not_found"
    with pytest.raises(ValueError, match="past the end"):
        locate(text, "talks", within=Span(18, 99))


def test_quotation_typed_with_separate_accents_is_found():
    assert locate("Le café est fermé.", unicodedata.normalize("NFD", "café")).span == Span(3, 7)


def test_repeated_caption_needs_a_wider_context_to_be_told_apart():
    caption = "The minister and his counterpart (the media)"
    text = f"A headline\n\n{caption}\n{caption}\nTT\n\nA headline\n\n{caption}\n{caption}\n"
    places = find_exact(text, caption)
    assert len(places) == 4
    for place in places:
        wide = locate(text, caption, *context(text, place, width=120))
        assert wide.span == place


def test_context_keeps_words_whole():
    text = "Officials said that the situation is very complicated because of the attack."
    span = find_exact(text, "very")[0]
    assert context(text, span, width=16) == ("situation is ", " complicated")
    assert context(text, span, width=400) == (text[: span.start], text[span.end :])
    assert context("quote", Span(0, 5)) == ("", "")


def test_context_cuts_a_word_longer_than_its_width_but_no_accent_or_emoji():
    assert context("abcdefgh X", Span(9, 10), width=4) == ("fgh ", "")
    assert context("x̄x̄x̄x̄X", Span(8, 9), width=3) == ("x̄", "")
    family = "👩‍👩‍👧"
    assert context(f"{family}X{family}", Span(5, 6), width=4) == ("", "")
    assert context("🇮🇶🇺🇸X", Span(4, 5), width=3) == ("🇺🇸", "")


def test_context_of_arabic_keeps_vowel_signs_with_their_letters():
    text = "أَكَّدَ الوَزِيرُ أَنَّ المُحَادَثَاتِ مُسْتَمِرَّةٌ"
    span = find_exact(text, "المُحَادَثَاتِ")[0]
    before, after = context(text, span, width=12)
    assert before == "أَنَّ "
    assert " مُسْتَمِرَّةٌ".startswith(after)
    assert not unicodedata.category(text[span.end + len(after)]).startswith("M")


SOME_TEXT = st.text(st.sampled_from("ab é\u0301\u200d🇮🇶👩🏽لَ’\n.“"), max_size=60) | st.text(max_size=60)


@st.composite
def texts_with_a_span(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(SOME_TEXT.filter(bool))
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@given(texts_with_a_span(), st.integers(0, 20))
def test_context_stands_in_the_text_around_the_span(case, width):
    text, span = case
    prefix, suffix = context(text, span, width)
    assert text[: span.start].endswith(prefix)
    assert text[span.end :].startswith(suffix)
    assert max(len(prefix), len(suffix)) <= width


@given(texts_with_a_span())
def test_every_piece_of_a_text_is_found_where_it_was_taken_from(case):
    text = unicodedata.normalize("NFC", case[0])
    span = Span(case[1].start, min(case[1].end, len(text))) if case[1].start < len(text) else Span(0, len(text))
    assert span in find_exact(text, span.of(text))
    match = locate(text, span.of(text), *context(text, span, width=len(text)))
    # What cuts a word in half is no quotation; the same letters may stand elsewhere as a word of their own.
    assert span == match.span or cuts_in(text, span.start) or cuts_off(text, span.end)
