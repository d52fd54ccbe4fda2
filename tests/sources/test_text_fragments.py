"""Links to the words in the source; tests/browser/test_text_fragment.py tries them in Chromium."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.anchoring import Span, find_exact
from sources.text_fragments import link_to_words, text_fragment

TEXT = "He said: “We are done, R&D-wise.” She asked.\n\nThe talks failed.\n\nLater the talks resumed. The talks failed."


def fragment_of(words, number=0, text=TEXT):
    return text_fragment(text, find_exact(text, words)[number])


def test_signs_of_the_syntax_are_escaped():
    assert fragment_of("done, R&D-wise") == "#:~:text=done%2C%20R%26D%2Dwise"


def test_words_cut_by_the_span_are_taken_whole():
    assert fragment_of("ater the talks resum") == "#:~:text=Later%20the%20talks%20resumed"


def test_words_that_stand_twice_get_a_neighbour():
    assert fragment_of("We are done") == "#:~:text=We%20are%20done"
    first, second = fragment_of("The talks failed", 0), fragment_of("The talks failed", 1)
    assert unquote(first) == "#:~:text=She asked.-,The talks failed"
    assert unquote(second) == "#:~:text=talks resumed.-,The talks failed"


def test_prefix_reaches_up_to_the_words_with_its_punctuation():
    text = "Now: “No deal.” Then: “No deal.”"
    assert unquote(fragment_of("No deal", 1, text)) == "#:~:text=Then: “-,No deal"


def test_words_across_blocks_and_long_ones_are_named_by_their_ends():
    span = Span(TEXT.index("She"), TEXT.index(" resumed"))
    assert unquote(text_fragment(TEXT, span)) == "#:~:text=She asked.,Later the talks"
    long = " ".join(f"word{number}" for number in range(200))
    assert unquote(text_fragment(long, Span(0, len(long)))) == (
        "#:~:text=word0 word1 word2 word3,word196 word197 word198 word199"
    )


def test_own_fragment_of_the_address_stays():
    span = find_exact(TEXT, "Later")[0]
    assert link_to_words("https://example.org/a?b=1", TEXT, span) == "https://example.org/a?b=1#:~:text=Later"
    assert link_to_words("https://example.org/#top:~:text=x", TEXT, span) == "https://example.org/#top:~:text=Later"


def test_span_without_words_is_refused():
    with pytest.raises(ValueError, match="no word"):
        text_fragment("a … b", Span(2, 3))


@given(st.text(st.sampled_from("ab -,&.\n“لَ🇮🇶\ud800"), min_size=1, max_size=60), st.data())
def test_any_span_with_words_has_a_fragment(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    if any(character.isalnum() for character in span.of(text)):
        assert text_fragment(text, span).isascii()
