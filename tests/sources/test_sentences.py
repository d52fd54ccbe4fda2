"""How a text is counted in sentences: by rule, and nothing but white space and marks of omission left over."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("A headline\n\nThe talks were halted. He left.", ["A headline", "The talks were halted.", "He left."]),
        ("He said: “We go. We stay.” Nobody asked.", ["He said: “We go.", "We stay.”", "Nobody asked."]),
        (
            "Mr. Smith met J. Doe on Jan. 5 in the U.S. capital.",
            ["Mr. Smith met J. Doe on Jan. 5 in the U.S. capital."],
        ),
        ("“Why?” the minister asked.", ["“Why?” the minister asked."]),
        ("[…]\nThe talks were halted.\n[…]\nNobody said why.\n[…]", ["The talks were halted.", "Nobody said why."]),
        ("هل توقفت المحادثات؟ لا أحد يعلم. غادر الوزير.", ["هل توقفت المحادثات؟", "لا أحد يعلم.", "غادر الوزير."]),
        ("***\n\n– – –", []),
    ],
)
def test_sentences(text, expected):
    assert [" ".join(span.of(text).replace("[…]", "").split()) for span in sentences(text)] == expected


@given(st.text(st.sampled_from("aB. \n”“?!…[]ع؟"), max_size=60))
def test_sentences_are_in_order_apart_and_leave_no_letter_out(text):
    found = sentences(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    counted = [any(span.start <= at < span.end for span in found) for at in range(len(text))]
    assert [text[at] for at, inside in enumerate(counted) if text[at].isalnum() and not inside] == []
