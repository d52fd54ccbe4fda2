"""First guesses for the statement form, on the seed story's traps (short excerpts) and a few of other languages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.anchoring import Span, find_exact
from sources.cues import CUES
from sources.proposals import find_cue, propose_language, propose_mode
from sources.quotations import printed_quotations

CLASSES = {"report", "deny", "confirm", "rebut", "claim", "emphasise", "characterise", "promise"} | {
    *("demand", "warn", "predict", "decline")
}
REPLY = "The Iraqi Foreign Ministry swiftly replied to the American statements by saying they were “inaccurate.”"
NOTED = (
    "“At no time did we discuss the withdrawal of American forces from Iraq,” he noted, but pointed that talks were "
    "underway on the transition to what he described as a bilateral security partnership."
)
NAME = "The base was attacked by two missiles, claimed by an unknown group calling itself “revolutionaries.”"
NARRATED = "Washington is mulling to cancel understandings as Iraqi officials said that the attack was the reason."
DENIAL = "Meanwhile, the State Department denied that the negotiations were about the forces’ withdrawal."
STRAIGHT = 'Tehran had "sort of" agreed to the terms, Trump said on Thursday.'
AFTER_MARK = 'The action highlights its "extensive global reach, particularly in Tehran," said Michael Faulkender.'
ARABIC = "وقال الوزير إن بغداد أجلت الموعد. وأضاف: «نحن ملتزمون بالموعد.» ونفت الوزارة أن تكون المحادثات قد توقفت."


def place(text: str, words: str) -> Span:
    return find_exact(text, words)[0]


def quoted(text: str) -> list[str]:
    return [span.of(text) for span in printed_quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NOTED, ["At no time did we discuss the withdrawal of American forces from Iraq,"]),
        (STRAIGHT, ["sort of"]),
        (ARABIC, ["نحن ملتزمون بالموعد."]),
        ('وصفه ب"الكارثة" أمس', ["الكارثة"]),
        ("“One,” he said. “Two.”", ["One,", "Two."]),
        ('He used a 5" pipe and left.', []),
        ('“He said "no" twice,” she added.', ['He said "no" twice,']),
        ("“Left open. He went on. “Closed.”", ["Closed."]),
        ("“Left open.\n\nHe went on.”", []),
        ("“First part.\n\n“Second part,” he said.", ["First part.", "Second part,"]),
        ("“”", []),
        ("🕊️🕊️ “نعم”", ["نعم"]),
    ],
)
def test_words_between_marks_are_found_and_narration_is_not(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "content", "mode", "words"),
    [
        (NOTED, "At no time did we discuss the withdrawal of American forces from Iraq", "direct", None),
        (NOTED, "talks were underway on the transition", "indirect", []),
        (REPLY, "they were “inaccurate.”", "mixed", ["inaccurate"]),
        (NAME, "claimed by an unknown group calling itself “revolutionaries.”", "indirect", []),
        (STRAIGHT, 'Tehran had "sort of" agreed to the terms', "mixed", ["sort of"]),
        (AFTER_MARK, 'The action highlights its "extensive global reach, particularly in Tehran,"', "mixed", None),
        ("“It is bad.” So it was.", "“It is bad.”", "direct", ["It is bad"]),
        ("“It is in the U.S.” So it was.", "It is in the U.S.", "direct", ["It is in the U.S."]),
        ("“It is bad...” he said.", "It is bad...", "direct", ["It is bad..."]),
        ("“Is it bad?” he said.", "Is it bad?", "direct", ["Is it bad?"]),
        ("“One,” he said. “Two.”", "One,” he said. “Two.”", "mixed", ["One", "Two"]),
        (ARABIC, "نحن ملتزمون بالموعد.", "direct", ["نحن ملتزمون بالموعد"]),
    ],
)
def test_mode_is_proposed_with_the_quoted_words(text, content, mode, words):
    proposed, spans = propose_mode(text, place(text, content))
    expected = {
        NOTED: ["At no time did we discuss the withdrawal of American forces from Iraq"],
        AFTER_MARK: ["extensive global reach, particularly in Tehran"],
    }
    assert (proposed, [span.of(text) for span in spans]) == (mode, expected[text] if words is None else words)


@pytest.mark.parametrize(
    ("text", "content", "cue"),
    [
        (NOTED, "At no time did we discuss", ("noted", "report", "affirm")),
        (NOTED, "talks were underway", ("pointed", "report", "affirm")),
        (REPLY, "they were “inaccurate.”", ("replied … by saying", "rebut", "affirm")),
        (NAME, "claimed by an unknown group", ("claimed", "claim", "affirm")),
        (NAME, "The base was attacked by two missiles", None),
        (NARRATED, "Washington is mulling to cancel understandings", None),
        (NARRATED, "the attack was the reason", ("said", "report", "affirm")),
        (DENIAL, "the negotiations were about", ("denied", "deny", "deny")),
        (STRAIGHT, 'Tehran had "sort of" agreed to the terms', ("said", "report", "affirm")),
        (
            AFTER_MARK,
            'The action highlights its "extensive global reach, particularly in Tehran,"',
            ("said", "report", "affirm"),
        ),
        ("“One,” he warned. “Two.”", "Two", ("warned", "warn", "affirm")),
        ("The sources said: “It is bad.” He left.", "It is bad.", ("said", "report", "affirm")),
        ("“Is it bad?” Miller asked.\n\n“It is bad.”", "It is bad.", None),
        ("He did not deny that talks went on.", "talks went on", None),
        (
            "The U.S. did not say. Gen. Smith claimed that talks went on.",
            "talks went on",
            ("claimed", "claim", "affirm"),
        ),
        ("The minister never denied that talks went on.", "talks went on", None),
        ("Iran declined to confirm the talks.", "the talks", ("declined to confirm", "decline", "affirm")),
        ("Prices declined as talks went on.", "talks went on", None),
        ("Iran called for an end to strikes.", "an end to strikes", ("called for", "demand", "affirm")),
        ("He called the report baseless.", "the report baseless", ("called", "characterise", "affirm")),
        ("“He denied it,” she confirmed.", "He denied it", ("confirmed", "confirm", "affirm")),
        ("The so-called talks went on.", "talks went on", None),
        (ARABIC, "بغداد أجلت الموعد", ("قال", "report", "affirm")),
        (ARABIC, "نحن ملتزمون بالموعد", ("أضاف", "report", "affirm")),
        (ARABIC, "تكون المحادثات قد توقفت", ("نفت", "deny", "deny")),
        ("لم ينفي الوزير أن المحادثات توقفت.", "المحادثات توقفت", None),
    ],
)
def test_cue_is_proposed_from_the_sentence_around_the_content(text, content, cue):
    found = find_cue(text, place(text, content), "en ar-IQ")
    assert (tuple(found[0]) if found else None) == cue
    if found:
        assert " … ".join(span.of(text) for span in found[1]) == found[0].words


def test_cue_is_looked_for_in_the_languages_asked_for_only():
    assert find_cue(ARABIC, place(ARABIC, "بغداد"), "en") is None
    assert find_cue(ARABIC, place(ARABIC, "بغداد"), "fr") is None
    assert find_cue(DENIAL, place(DENIAL, "the negotiations"), "ar") is None


def test_table_of_cues_is_sound():
    forms = [(row.language, form.strip()) for row in CUES for form in row.forms.split(",")]
    assert len(forms) == len(set(forms))
    assert {row.cue_class for row in CUES} == CLASSES
    assert {row.polarity for row in CUES} == {"affirm", "deny"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("قال الوزير إن المحادثات مستمرة", "ar"),
        ("وزیر خارجه گفت که گفتگوها ادامه دارد", "fa"),
        ("وەزیری دەرەوە گوتی گفتوگۆکان بەردەوامن", "ckb"),
        ("وزیر خارجہ نے کہا کہ مذاکرات جاری ہیں", "ur"),
        ("שר החוץ אמר שהשיחות נמשכות", "he"),
        ("Министр сказал, что переговоры продолжаются", "ru"),
        ("Міністр сказав, що переговори тривають", ""),
        ("The minister said the talks go on", ""),
        ("He said نعم once", ""),
        ("123 “…” 🕊️", ""),
        ("", ""),
    ],
)
def test_language_is_proposed_by_script_or_left_open(text, language):
    assert propose_language(text) == language


ODD_TEXT = st.text(
    st.sampled_from('ab. ,"“”«»\n?!…و🕊') | st.sampled_from(["said", "U.S."]).map(lambda word: word[0]), max_size=80
)
WORDS = st.lists(
    st.sampled_from(
        [
            "“",
            "”",
            '"',
            "«",
            "»",
            " said ",
            " denied ",
            " by saying ",
            "replied ",
            "Talks",
            ".",
            ", ",
            "\n\n",
            "U.S.",
            "قال ",
        ]
    ),
    max_size=20,
).map("".join)


@given(ODD_TEXT | WORDS, st.data())
def test_proposals_for_any_text_hold_their_promises(text, data):
    spans = printed_quotations(text)
    assert all(a.end < b.start for a, b in pairwise(spans))
    propose_language(text)
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    content = Span(start, data.draw(st.integers(start + 1, len(text))))
    mode, quotes = propose_mode(text, content)
    assert (mode == "indirect") == (not quotes)
    assert all(content.contains(quote) for quote in quotes)
    found = find_cue(text, content, "en ar")
    if found:
        assert all(place.of(text) for place in found[1])
