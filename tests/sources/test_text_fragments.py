"""Links to the words in the source; tests/browser/test_text_fragment.py tries them in Chromium."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.anchoring import Span, context, find_exact
from sources.text_fragments import fragment_of, link_to_words

TEXT = "He said: “We are done, R&D-wise.” She asked.\n\nThe talks failed.\n\nLater the talks resumed. The talks failed."


def fragment(words, number=0, text=TEXT):
    span = find_exact(text, words)[number]
    return fragment_of(words, *context(text, span))


def test_signs_of_the_syntax_are_escaped():
    assert fragment_of("done, R&D-wise") == "#:~:text=done%2C%20R%26D%2Dwise"


def test_words_cut_by_the_passage_are_taken_whole():
    assert unquote(fragment("ater the talks resum")) == "#:~:text=Later the talks resumed,-. The talks failed."


def test_words_around_tell_two_places_apart():
    first, second = fragment("talks failed", 0), fragment("talks failed", 1)
    assert unquote(first) == "#:~:text=The-,talks failed,-."
    assert unquote(second) == "#:~:text=Later the talks resumed. The-,talks failed,-."


def test_words_of_another_block_are_used_only_where_a_short_block_has_none_of_its_own():
    assert (
        unquote(fragment("We are done, R&D-wise.” She asked."))
        == "#:~:text=He said: “-,We are done, R&D-wise.” She asked."
    )
    assert unquote(fragment("The talks failed.", 0)) == "#:~:text=done, R&D-wise.” She asked.-,The talks failed."
    long = "A long paragraph is hardly printed twice, " * 3 + "as this one shows."
    assert unquote(fragment(long, 0, f"Before it.\n{long}\nAfter it.")) == f"#:~:text={long}"


def test_prefix_reaches_up_to_the_words_with_its_punctuation():
    assert unquote(fragment("No deal", 1, "Now: “No deal.” Then: “No deal.”")) == (
        "#:~:text=Now: “No deal.” Then: “-,No deal,-.”"
    )


def test_words_beyond_an_omission_are_not_beside_these():
    assert unquote(fragment_of("No deal", "he left.\n[…]\nShe said: “", ".” So\n[…]\nhe stayed")) == (
        "#:~:text=She said: “-,No deal,-.” So"
    )
    assert unquote(fragment_of("No deal", "he left.\n[…]\n", "\n[…]\nhe stayed")) == "#:~:text=No deal"


def test_words_across_blocks_and_long_ones_are_named_by_their_ends():
    across = "She asked.\n\nThe talks failed.\n\nLater the talks"
    assert (
        unquote(fragment(across))
        == "#:~:text=said: “We are done, R&D-wise.”-,She asked.,Later the talks,-resumed. The talks failed."
    )
    long = " ".join(f"word{number}" for number in range(200))
    assert unquote(fragment_of(long)) == (
        "#:~:text=word0 word1 word2 word3 word4 word5,word194 word195 word196 word197 word198 word199"
    )


def test_own_fragment_of_the_address_stays():
    piece = ("Later", "", "")
    assert link_to_words("https://example.org/a?b=1", [piece]) == "https://example.org/a?b=1#:~:text=Later"
    assert link_to_words("https://example.org/#top:~:text=x", [piece]) == "https://example.org/#top:~:text=Later"


def test_pieces_are_named_one_by_one():
    pieces = [("the talks", "of ", " on"), ("…", "", ""), ("failed", "", "")]
    assert link_to_words("https://example.org/", pieces) == (
        "https://example.org/#:~:text=of-,the%20talks,-on&text=failed"
    )


def test_passage_without_words_is_refused():
    with pytest.raises(ValueError, match="no word"):
        fragment_of("…")
    assert link_to_words("https://example.org/", [("…", "", "")]) == ""


@given(st.text(st.sampled_from("ab -,&.\n“لَ🇮🇶\ud800"), min_size=1, max_size=60), st.data())
def test_any_passage_with_words_has_a_fragment(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    if any(character.isalnum() for character in span.of(text)):
        assert fragment_of(span.of(text), *context(text, span, 8)).isascii()
