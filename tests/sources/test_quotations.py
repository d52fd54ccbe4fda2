"""Quotations that are nearly right: what passes, at which tier, and what must never pass."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.anchoring import EXACT, Span, find_exact, locate
from sources.elision import bare
from sources.folding import fold
from sources.nearest import find_nearest

QUOTED = """\
The situation is very complicated due to the recent attack on Ain al-Asad
The announcement of the end of the military mission of the international coalition in Iraq has been postponed due to~
the recent developments
At no time did we discuss the withdrawal of American forces from Iraq
inaccurate
On this basis, the presence of international coalition advisors of all nationalities on Iraqi soil~
will be terminated
After ten years, Iraqi security forces are able to fully manage national sovereignty, and therefore the Supreme~
Military Committee has decisive meetings to set a timetable for ending the coalition’s mission
sort of
future free from the grip of Hezbollah terrorists
extensive global reach through its network of terrorist donors and supporters, particularly in Tehran
As part of our ongoing efforts to address Iran’s support for terrorism, Treasury will continue to intensify~
economic pressure on the key individuals in the Iranian regime and its proxies who enable these deadly activities.\
""".replace("~\n", " ").splitlines()
TEXT = "🕊️ قال الوزير: “لا اتفاق” 👩‍👧\n\n" + "\n\n".join(
    f"“{words},” it said – café, 120 soldiers in 2,500 tents and US officials." for words in QUOTED
)
FOLDED = fold(TEXT)
QUOTATIONS = st.sampled_from(QUOTED)


def tier(quotation, text=TEXT):
    return locate(text, quotation, folded=FOLDED if text is TEXT else None).tier


@pytest.mark.parametrize("words", QUOTED)
def test_quotation_as_printed_is_exact(words):
    match = locate(TEXT, words, folded=FOLDED)
    assert match.tier == "exact"
    assert match.span.of(TEXT) == words


@given(QUOTATIONS.filter(lambda words: len(words.split()) > 2), st.data())
def test_dropping_a_word_within_fails(words, data):
    split = words.split()
    del split[data.draw(st.integers(1, len(split) - 2))]
    assert tier(" ".join(split)) == "not_found"


@given(QUOTATIONS, st.data(), st.sampled_from(["not", "no", "never", "n't"]))
def test_adding_a_negation_fails(words, data, negation):
    split = words.split()
    split.insert(data.draw(st.integers(0, len(split))), negation)
    assert tier(" ".join(split)) == "not_found"


@pytest.mark.parametrize(
    "changed",
    [
        "At time did we discuss the withdrawal of American forces from Iraq",
        "At any time did we discuss the withdrawal of American forces from Iraq",
        "At […] time did we discuss the withdrawal of American forces from Iraq",
        "At [any] time did we discuss the withdrawal of American forces from Iraq",
        "At no time did we discuss the withdrawal of US forces from Iraq",
        "accurate",
        "in-accurate",
        "not inaccurate",
        "will [not] be terminated",
        "After twelve years, Iraqi security forces",
        "After 10 years, Iraqi security forces",
        "12",
        "20 soldiers",
        "130 soldiers",
        "500 tents",
        "2500 tents",
        "2.500 tents",
        "us officials",
        "American officials",
        "the coalitions mission",
        "cafe",
        "announce",
    ],
)
def test_other_words_numbers_and_negations_fail(changed):
    assert tier(changed) == "not_found"


@given(QUOTATIONS, st.data())
def test_one_changed_letter_or_digit_fails(words, data):
    at = data.draw(st.sampled_from([place for place, letter in enumerate(words) if letter.isalnum()]))
    assert tier(words[:at] + "ж" + words[at + 1 :]) == "not_found"


@given(QUOTATIONS.filter(lambda words: " " in words), st.data())
def test_typography_edits_pass_at_tier_typography(words, data):
    edits = [("’", "'"), ("-", "\u2011"), (" ", "\u00a0"), ("fi", "ﬁ"), ("e", "e\u00ad"), (" ", " \u200e")]
    old, new = data.draw(st.sampled_from([edit for edit in edits if edit[0] in words]))
    match = locate(TEXT, words.replace(old, new), folded=FOLDED)
    assert match.tier == "typography"
    assert match.span.of(TEXT) == words


@given(QUOTATIONS.filter(lambda words: " " in words), st.sampled_from(["  ", "\n", " \n\t", "\r\n"]))
def test_spacing_passes_at_tier_whitespace(words, space):
    match = locate(TEXT, words.replace(" ", space), folded=FOLDED)
    assert match.tier == "whitespace"
    assert match.span.of(TEXT) == words


def test_capitals_pass_at_tier_case():
    assert tier("at no time did we") == "case"
    assert tier("AT NO TIME DID WE") == "case"


def test_separate_accents_are_the_same_text():
    assert tier(unicodedata.normalize("NFD", "café, 120 soldiers"), TEXT.split("\n\n")[1]) == "exact"


def test_arabic_marks_may_be_left_out_but_not_changed():
    text = "أَكَّدَ الوَزِيرُ أَنَّ المُحَادَثَاتِ مُسْتَمِرَّةٌ 🇮🇶 وقال إن المحادثات تتواصل"
    match = locate(text, "أكد الوزير أن المحادثات مستمرة")
    assert (match.tier, match.span.of(text)) == ("typography", text[: text.index(" 🇮🇶")])
    assert locate(text, "أكد الوزيرُ أن").tier == "typography"
    assert locate(text, "أكد الوزيرَ أن").tier == "not_found"
    assert locate(text, "قال إن الْمحادثات تتواصل").tier == "not_found"  # It cuts the word وقال.
    assert locate(text, "وقال إن المُحادثات تتواصـل").tier == "typography"


def test_arabic_article_may_stand_without_the_particle_written_onto_it():
    assert locate("بدأت والمحادثات مستمرة", "المحادثات").tier == "exact"
    assert locate("لا اتفاق", "اتفاق").tier == "exact"
    assert locate("اللااتفاق", "اتفاق").tier == "not_found"


@pytest.mark.parametrize(
    ("text", "quotation", "found"),
    [
        ("Trump’s plan", "Trump", True),
        ("they didn’t go", "they did", False),
        ("a non-binding vote", "binding", False),
        ("the Al-Asad base", "Asad", True),
        ("about -5 degrees", "5 degrees", False),
        ("‘No deal’", "No deal", True),
        ("他说没有协议", "没有", True),
        ("US-led talks", "talks", True),
    ],
)
def test_where_a_word_begins_and_ends(text, quotation, found):
    assert (locate(text, quotation).tier == "exact") is found


@pytest.mark.parametrize("mark", ["[…]", "[...]", "…", "...", "(…)", ". . ."])
def test_omission_matches_pieces_in_order(mark):
    match = locate(TEXT, f"The announcement {mark} has been postponed", folded=FOLDED)
    assert match.tier == "elided"
    assert [piece.of(TEXT) for piece in match.pieces[0]] == ["The announcement", "has been postponed"]
    assert match.span == Span(match.pieces[0][0].start, match.pieces[0][1].end)
    assert tier(f"has been postponed {mark} The announcement") == "not_found"


def test_omission_takes_the_tightest_place_and_says_when_there_are_two():
    text = "One two. One two three. One, and three."
    match = locate(text, "One […] three")
    assert [span.of(text) for span in match.spans] == ["One two three", "One, and three"]
    assert locate(text, "One […] three", prefix="two three. ").span.of(text) == "One, and three"
    assert locate(text, "One […] three", within=Span(9, 23)).span.of(text) == "One two three"


def test_insertion_is_marked_and_not_looked_for():
    match = locate(TEXT, "[he] did we discuss the withdrawal of [US] forces [sic] from Iraq", folded=FOLDED)
    assert match.tier == "elided"
    assert match.span.of(TEXT) == "did we discuss the withdrawal of American forces from Iraq"
    assert match.insertions == (Span(0, 4), Span(38, 42), Span(50, 55))
    assert locate(TEXT, "[t]he announcement of", folded=FOLDED).tier == "elided"
    assert locate("killed 10 people", "killed [some] people").tier == "not_found"
    assert locate("He said [laughter] no", "said [laughter] no").tier == "exact"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("“Sort of,”", "Sort of"),
        ('"Sort of".', "Sort of"),
        ("Sort of.", "Sort of"),
        ("Sort of…", "Sort of…"),
        ("Sort of?", "Sort of?"),
        ("in the U.S.", "in the U.S."),
        ("“One,” he said, “two”", "“One,” he said, “two”"),
        ("قال،", "قال"),
    ],
)
def test_punctuation_inside_the_closing_mark_is_left_out(typed, words):
    assert bare(typed) == words


def test_quotation_with_its_marks_is_found_without_them():
    match = locate(TEXT, "“has been postponed due to the recent developments.”", folded=FOLDED)
    assert (match.tier, match.span.of(TEXT)) == (
        "typography",
        "has been postponed due to the recent developments",
    )
    assert tier("“On this basis […] will be terminated.”") == "elided"


def test_nearest_passage_shows_the_word_that_differs():
    wrong = "At no time did we discuss the withdrawal of US forces from Iraq"
    nearest = find_nearest(TEXT, wrong, folded=FOLDED)
    assert "withdrawal of American forces" in nearest.span.of(TEXT)
    assert [(c.quoted, c.printed) for c in nearest.changes if not c.same] == [("US", "American")]
    assert nearest.whole
    dropped = find_nearest(TEXT, "At time did we discuss the withdrawal", folded=FOLDED)
    assert [(c.quoted, c.printed) for c in dropped.changes if not c.same] == [("", "no")]
    first = find_nearest(TEXT, "Before ten years, Iraqi security forces", folded=FOLDED)
    assert first.changes[0].printed == "“After"
    assert find_nearest(TEXT, "wholly other matters entirely") is None
    assert find_nearest("", "words") is None
    assert find_nearest(TEXT, "—") is None


ANYTHING = st.text(max_size=80) | st.text(st.sampled_from("ab -—.…[]()“”'1,لَـﻻ🇮🇶 \n"), max_size=60)


def test_nearest_passage_does_not_reach_for_an_earlier_the():
    text = "Work in the northern province on the dam had been suspended. The talks were never suspended, he said."
    found = find_nearest(text, "the talks were never stopped")
    assert found.span.of(text) == "The talks were never suspended,"


@given(ANYTHING, ANYTHING)
@settings(max_examples=300)
def test_no_text_and_no_quotation_raises(text, quotation):
    text = unicodedata.normalize("NFC", text)
    for span in locate(text, quotation).spans:
        assert span.of(text)
    nearest = find_nearest(text, quotation)
    assert nearest is None or nearest.span.of(text)


@given(ANYTHING, st.data())
def test_piece_in_whole_words_is_always_found(text, data):
    text = unicodedata.normalize("NFC", text)
    words = data.draw(st.sampled_from(text.split() or [""]))
    match = locate(text, words, exactly=True)
    assert not words or find_exact(text, words)
    assert match.tier == EXACT or not words or not match.spans


@pytest.mark.parametrize("unit", ["word ", "a ", " ", "“", "… a ", "[x] a ", "أَنَّ ", "—", ". ", "0"])
def test_a_megabyte_of_either_is_answered(unit):
    long = (unit * (1_000_000 // len(unit)))[:1_000_000]
    locate(TEXT, long, folded=FOLDED)
    find_nearest(TEXT, long, folded=FOLDED)
    folded = fold(long)
    assert locate(long, "At no time […] did we", folded=folded).tier == "not_found"
    locate(long, long + "x", folded=folded)
    find_nearest(long, "At a word 0 did we", folded=folded)
