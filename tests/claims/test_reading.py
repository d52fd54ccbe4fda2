import pytest

from claims.models import Contradiction
from claims.reading import finding_sentence, mechanism_words, scope_answers

HOLD = "The two accounts only seem to conflict: they speak of "


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"finding": "contradicts", "same_event": "yes", "same_referent": "yes"},
            "As they stand, both accounts cannot hold: they speak of the same event and the same people or things.",
        ),
        (
            {"finding": "in_tension", "same_event": "no"},
            "The two accounts pull apart, but there is a reading on which both can hold.",
        ),
        ({"finding": "apparent_only", "same_event": "no"}, f"{HOLD}different events, and both can hold."),
        ({"finding": "apparent_only", "same_time": "no"}, f"{HOLD}different times, and both can hold."),
        (
            {"finding": "apparent_only", "same_referent": "no", "same_measure": "no", "same_event": "yes"},
            f"{HOLD}different people or things and different measures, and both can hold.",
        ),
    ],
)
def test_finding_sentence(values, sentence):
    assert finding_sentence(Contradiction(**values)) == sentence


@pytest.mark.parametrize("finding", ["contradicts", "in_tension", "apparent_only"])
def test_finding_sentence_never_says_who_is_right(finding):
    words = set(finding_sentence(Contradiction(finding=finding, same_time="no")).casefold().split())
    assert words & {"true", "false", "lie", "lies", "lied", "liar", "wrong", "right", "correct", "fact"} == set()


def test_scope_answers_are_four_questions_in_order():
    pair = Contradiction(same_event="yes", same_time="no", same_referent="unclear", same_measure="not_applicable")
    assert scope_answers(pair) == [
        ("Do both speak of the same event?", "yes", "Yes"),
        ("Do both speak of the same time?", "no", "No"),
        ("Do both speak of the same people or things?", "unclear", "Unclear"),
        ("Do both count or define in the same way?", "not_applicable", "Does not apply"),
    ]


def test_mechanism_words():
    assert mechanism_words(Contradiction(mechanisms=["negation", "factive"])) == "Negation; Presupposition"
    assert mechanism_words(Contradiction(mechanisms=[])) == ""
