"""What may be called a typing error, and what never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.typos import refused, refused_as_typo

COMMON = ["talks", "between", "both", "delegations", "were", "about", "the", "future", "of", "mission", "and", "went"]
NEGATIONS = ["not", "no", "never", "nor", "without", "neither", "cannot", "didn't", "isn’t", "none", "nobody"]
ARABIC_NEGATIONS = ["لا", "لم", "لن", "ما", "ليس", "ليست", "غير", "بدون", "ولا", "وليس", "دون"]
NUMBERS = [
    "5",
    "7,200",
    "3.5",
    "٥",
    "٢٥٠٠",
    "five",
    "twenty-five",
    "hundred",
    "second",
    "half",
    "خمسة",
    "ثلاثون",
    "مليون",
]
texts = st.lists(st.sampled_from(COMMON), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("the talks of five days", "the talks of six days", "A number changes (“five” to “six”)"),
        ("some ٥ soldiers", "some ٦ soldiers", "A number changes (“٥” to “٦”)"),
        ("they lost 5% of it", "they lost 5 of it", "A number changes (“5%” to “5”)"),
        ("وصل خمسة جنود", "وصل ستة جنود", "A number changes (“خمسة” to “ستة”)"),
        ("they met on Monday", "they met on Tuesday", "A date changes (“Monday” to “Tuesday”)"),
        ("they met yesterday", "they met today", "A date changes (“yesterday” to “today”)"),
        ("it was Hussein", "it was Hussain", "A name, or what may be one, changes (“Hussein” to “Hussain”)"),
        ("Iraq rejects it", "Iran rejects it", "A name, or what may be one, changes (“Iraq” to “Iran”)"),
        ("they asked us", "they asked US", "A name, or what may be one, changes (“US” comes)"),
        ("we did not go", "we did go", "A negation changes (“not” goes)"),
        ("we did not come and stay", "we did come and not stay", "A negation changes (“not” goes)"),
        ("it is unlikley", "it is likely", "A negation changes (“unlikley” beside “likely”)"),
        ("it is legal", "it is illegal", "A negation changes (“illegal” beside “legal”)"),
        ("لا نعلم", "نعلم", "A negation changes (“لا” goes)"),
        ("what he said", "what he denied", "A word that says how it was said changes (“said” to “denied”)"),
        ("ما قاله", "قاله", "A negation changes (“ما” goes)"),
    ],
)
def test_what_may_change_the_meaning_is_refused(before, after, why):
    assert f"{why}. That is no typing error: choose “Correction” or another class." in refused_as_typo(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the tlaks were halted", "the talks were halted"),
        ("Teh talks went on", "The talks went on"),
        ("the the talks", "the talks"),
        ("untill then", "until then"),
        ("the uinted front", "the united front"),
        ("they didnt go", "they didn't go"),
        ("it went on , they wrote", "it went on, they wrote"),
        ("stopped. the talks were short", "stopped. The talks were short"),
        ("المحادثت مستمرة", "المحادثات مستمرة"),
        ("", ""),
    ],
)
def test_slip_that_changes_no_meaning_passes(before, after):
    assert refused_as_typo(before, after) == []


@given(texts, st.data())
def test_swapped_letter_in_a_common_word_passes(words, data):
    at = data.draw(st.sampled_from([n for n, word in enumerate(words) if len(word) > 3] or [0]))
    letter = data.draw(st.integers(0, max(len(words[at]) - 2, 0)))
    word = words[at]
    swapped = word[:letter] + word[letter + 1 : letter + 2] + word[letter : letter + 1] + word[letter + 2 :]
    wrong = [*words[:at], swapped, *words[at + 1 :]]
    if swapped not in {"no", "on"}:
        assert refused_as_typo(" ".join(wrong), " ".join(words)) == []


@given(texts, st.sampled_from([*NEGATIONS, *ARABIC_NEGATIONS, *NUMBERS]), st.data())
def test_dropped_or_added_negation_or_number_is_refused_both_ways(words, extra, data):
    at = data.draw(st.integers(0, len(words)))
    more = [*words[:at], extra, *words[at:]]
    assert refused_as_typo(" ".join(words), " ".join(more)) != []
    assert refused_as_typo(" ".join(more), " ".join(words)) != []


@given(st.text(alphabet="not un5٥ًabc ’'-.,لم", max_size=30), st.text(alphabet="not un5٥ًabc ’'-.,لم", max_size=30))
def test_what_is_refused_is_refused_the_other_way_round(one, other):
    assert bool(refused_as_typo(one, other)) == bool(refused_as_typo(other, one))


def row(table, before, after, action="update"):
    return {"table": table, "action": action, "before": before, "after": after}


def test_prose_alone_may_have_typing_errors():
    assert refused([row("claims_contradiction", {"explanation": "Teh one"}, {"explanation": "The one"})]) == []
    for table, column in (
        ("claims_statement", "cue"),
        ("claims_statement", "attributed_as"),
        ("claims_statement", "speaker_id"),
        ("claims_statement", "said_from"),
        ("claims_speaker", "name"),
        ("claims_position", "stance"),
        ("claims_contextnote", "url"),
    ):
        called = column.removesuffix("_id").replace("_", " ")
        assert refused([row(table, {column: "abc"}, {column: "acb"})]) == [
            f"“{called}” changes, not running text. That is no typing error: choose “Correction” or another class."
        ]


def test_added_part_is_no_typing_error():
    assert refused([row("claims_contextnote", {}, {"text": "New."}, "insert")]) == [
        "Something is added or taken out (contextnote). That is no typing error: choose “Correction” or another class."
    ]


def test_passage_put_in_anew_is_compared_with_the_one_taken_out():
    place = {"statement_id": 1, "part": "quote", "order": 0, "tier": "exact"}
    gone = row("claims_anchor", {**place, "exact": "teh talks", "start": 3, "end": 12}, {}, "delete")
    come = row("claims_anchor", {}, {**place, "exact": "the talks", "start": 20, "end": 29}, "insert")
    assert refused([gone, come]) == []
    assert refused([come, gone]) == []
    turned = row("claims_anchor", {}, {**place, "exact": "no talks", "start": 20, "end": 28}, "insert")
    assert refused([gone, turned]) != []
    assert refused([gone]) != []
