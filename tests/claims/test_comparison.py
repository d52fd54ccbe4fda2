from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.comparison import Asked, Cell, Column, Entry, Tie, matrix

ASKED = Asked("withdrawal", "Were the talks about withdrawal?", "/topics/talks/#withdrawal")
STATE = Asked("state", "What is the state of the talks?", "/topics/talks/#state")
IRAQ, US, UNNAMED = Column("iraq", "Iraq"), Column("us", "United States"), Column("unnamed", "Unnamed sources")


def entry(ref="a", columns=("iraq",), **values):
    given_ = {
        "question": "withdrawal",
        "columns": columns,
        "ref": ref,
        "url": f"/statements/{ref}/",
        "speaker": f"Speaker {ref}",
        "stance": "affirms",
        "stance_label": "Yes",
        "answer": "",
        "gist": "",
        "words": "the talks were halted",
        "form": "paraphrase",
        "interpreted": False,
        "language": "en",
        "said_from": None,
        "when": "undated",
    }
    return Entry(**{**given_, **values})


def refs(cell):
    return [e.ref for e in cell.entries]


def test_matrix_places_each_entry_in_its_row_and_column():
    entries = [entry("a", ("iraq",)), entry("b", ("us",)), entry("c", ("us",), question="state")]
    table = matrix([ASKED, STATE], [IRAQ, US], entries)
    assert table.columns == (IRAQ, US)
    assert [(row.question, row.text, row.url) for row in table.rows] == [
        ("withdrawal", ASKED.text, ASKED.url),
        ("state", STATE.text, STATE.url),
    ]
    assert [[refs(cell) for cell in row.cells] for row in table.rows] == [[["a"], ["b"]], [[], ["c"]]]
    assert [cell.column for cell in table.rows[0].cells] == [IRAQ, US]


def test_matrix_shows_a_joint_statement_in_both_columns():
    table = matrix([ASKED], [IRAQ, US, UNNAMED], [entry("a", ("us", "iraq"))])
    assert [refs(cell) for cell in table.rows[0].cells] == [["a"], ["a"], []]


def test_matrix_leaves_out_entries_of_other_questions_and_columns():
    table = matrix([ASKED], [IRAQ], [entry("a", ("us",)), entry("b", question="state")])
    assert [refs(cell) for cell in table.rows[0].cells] == [[]]


@given(st.permutations(range(5)))
def test_matrix_cell_is_oldest_first_and_undated_last(order):
    days = [date(2024, 1, 7), date(2024, 8, 15), date(2024, 8, 15), None, None]
    entries = [entry(f"r{n}", said_from=day, speaker=f"Speaker {n}") for n, day in enumerate(days)]
    table = matrix([ASKED], [IRAQ], [entries[n] for n in order])
    assert refs(table.rows[0].cells[0]) == ["r0", "r1", "r2", "r3", "r4"]


def test_agreement_is_the_same_gist_by_two_speakers_on_one_question():
    entries = [
        entry("a", speaker="Miller", gist="Not about  withdrawal", said_from=date(2024, 8, 15)),
        entry("b", speaker="State Department", columns=("us",), gist="not about withdrawal"),
        entry("c", speaker="Allawi", gist="another gist"),
    ]
    row = matrix([ASKED], [IRAQ, US], entries).rows[0]
    assert row.agreements == (("Not about  withdrawal", ("Miller", "State Department")),)
    assert {e.ref: e.agrees_with for cell in row.cells for e in cell.entries} == {
        "a": ("State Department",),
        "b": ("Miller",),
        "c": (),
    }


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"speaker": "Speaker b", "gist": ""}, id="no gist"),
        pytest.param({"speaker": "Speaker a", "gist": "halted"}, id="the same speaker twice"),
        pytest.param({"speaker": "Speaker b", "gist": "halted", "question": "state"}, id="another question"),
        pytest.param({"speaker": "Speaker b", "gist": "halted for now"}, id="other words"),
    ],
)
def test_no_agreement(other):
    first = entry("a", gist=other["gist"] and "halted")
    table = matrix([ASKED, STATE], [IRAQ], [first, entry("b", **other)])
    assert [row.agreements for row in table.rows] == [(), ()]
    assert [e.agrees_with for row in table.rows for cell in row.cells for e in cell.entries] == [(), ()]


def test_findings_count_pairs_and_not_their_ends():
    tie = Tie("in_tension", "In tension", "Miller", "/contradictions/1/")
    back, second = replace(tie, other="Allawi"), replace(tie, url="/contradictions/2/")
    strict = Tie("contradicts", "Contradiction", "Miller", "/contradictions/3/")
    entries = [
        entry("a", ties=(tie, second)),
        entry("b", ("us",), ties=(back, second, strict)),
        entry("c", ties=(strict,)),
    ]
    row = matrix([ASKED], [IRAQ, US], entries).rows[0]
    assert dict(row.findings) == {"In tension": 2, "Contradiction": 1}


def test_declined_is_a_cell_with_refusals_only():
    refusal = entry("a", stance="declines")
    assert Cell(IRAQ, (refusal,)).declined
    assert Cell(IRAQ, (refusal, refusal)).declined
    assert not Cell(IRAQ, (refusal, entry("b"))).declined
    assert not Cell(IRAQ, ()).declined


def test_matrix_of_nothing():
    assert matrix([], [IRAQ], [entry()]).rows == ()
    assert [refs(cell) for cell in matrix([ASKED], [IRAQ, US], []).rows[0].cells] == [[], []]
