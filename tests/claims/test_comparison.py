from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.comparison import Answered, Asked, Cell, Column, Entry, Pair, balance, matrix, turns

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
    (agreement,) = row.agreements
    assert (agreement.letter, agreement.gist) == ("a", "Not about  withdrawal")
    assert agreement.names == ("Miller", "State Department")
    assert {e.agreement for cell in row.cells for e in cell.entries if e.agrees_with} == {agreement}
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


def pair(ref, first, second, finding="in_tension", **values):
    return Pair(
        ref, "withdrawal", first, second, (first, second), finding, finding, f"/contradictions/{ref}/", **values
    )


def test_pairs_are_counted_once_and_the_gravest_come_first():
    pairs = [pair("p", "a", "b"), pair("q", "b", "c", "apparent_only"), pair("r", "b", "c", "contradicts")]
    pairs += [replace(pair("s", "a", "b"), question="state"), pair("t", "x", "y")]
    row, other = matrix([ASKED, STATE], [IRAQ, US], [entry("a"), entry("b", ("us",)), entry("c")], pairs).rows
    assert [p.ref for p in row.pairs] == ["r", "p", "q"]
    assert {label: n for (_finding, label), n in row.findings.items()} == {
        "contradicts": 1,
        "in_tension": 1,
        "apparent_only": 1,
    }
    assert other.pairs == ()


def test_pairs_between_cells_have_a_number_that_both_ends_bear():
    entries = [entry("a"), entry("b", ("us",)), entry("c", ("iraq", "unnamed")), entry("d", ("us",), question="state")]
    entries.append(entry("e", question="state"))
    pairs = [pair("p", "b", "a"), pair("q", "c", "b", "contradicts"), replace(pair("r", "d", "e"), question="state")]
    table = matrix([ASKED, STATE], [IRAQ, US, UNNAMED], entries, pairs)
    drawn = [(link.number, link.pair.ref, link.start, link.end) for row in table.rows for link in row.links]
    assert drawn == [(1, "q", 1, 2), (2, "p", 1, 2), (3, "r", 1, 2)]
    shown = {e.ref: e for row in table.rows for cell in row.cells for e in cell.entries if e.place}
    for row in table.rows:
        for link in row.links:
            for own, other in ((link.pair.first, link.pair.second), (link.pair.second, link.pair.first)):
                (tie,) = (tie for tie in shown[own].ties if tie.url == link.pair.url)
                assert (tie.number, tie.to) == (link.number, shown[other].place)


def test_pair_whose_other_end_stands_in_no_cell_is_told_and_not_drawn():
    row = matrix([ASKED], [IRAQ], [entry("a"), entry("b", ("us",))], [pair("p", "a", "b")]).rows[0]
    assert row.links == ()
    assert [(t.number, t.to) for t in row.cells[0].entries[0].ties] == [(0, "")]
    assert [p.ref for p in row.pairs] == ["p"]


def test_place_of_a_joint_statement_is_in_its_first_column_only():
    cells = matrix([ASKED], [IRAQ, US], [entry("a", ("iraq", "us"))]).rows[0].cells
    assert [cell.entries[0].place for cell in cells] == ["a-withdrawal-a", ""]


def test_rows_that_part_come_gravest_first():
    pairs = [pair("p", "a", "b", "apparent_only"), replace(pair("q", "c", "d", "contradicts"), question="state")]
    entries = [entry("a"), entry("b"), entry("c", question="state"), entry("d", question="state")]
    table = matrix([ASKED, STATE], [IRAQ], entries, pairs)
    assert [row.question for row in table.parting] == ["state", "withdrawal"]
    assert matrix([ASKED], [IRAQ], entries).parting == []


def test_agreements_of_a_row_have_letters_past_the_alphabet():
    entries = [entry(f"{n}{who}", speaker=who, gist=f"gist {n:02}") for n in range(28) for who in "xy"]
    row = matrix([ASKED], [IRAQ], entries).rows[0]
    letters = [a.letter for a in row.agreements]
    assert letters[:2] + letters[25:] == ["a", "b", "z", "aa", "ab"]
    assert len({a.place for a in row.agreements}) == 28


JAN, AUG = date(2024, 1, 5), date(2024, 8, 15)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        pytest.param({"stance": "denies"}, {"b": "a"}, id="no after yes"),
        pytest.param({"stance": "qualified_no"}, {"b": "a"}, id="no, with a limit"),
        pytest.param({"stance": "affirms"}, {}, id="the same answer"),
        pytest.param({"stance": "unclear"}, {}, id="neither"),
        pytest.param({"stance": "denies", "voices": ("other",)}, {}, id="another speaker"),
        pytest.param({"stance": "denies", "voices": ("other", "allawi")}, {"b": "a"}, id="jointly with another"),
        pytest.param({"stance": "denies", "said_from": JAN, "said_to": JAN}, {}, id="on the same day"),
        pytest.param({"stance": "denies", "said_from": None, "said_to": None}, {}, id="undated"),
        pytest.param({"stance": "denies", "said_from": date(2024, 1, 1)}, {}, id="perhaps before"),
    ],
)
def test_turn_is_an_opposite_answer_on_a_later_day(later, expected):
    first = Answered("a", "affirms", ("allawi",), JAN, JAN)
    second = Answered("b", "denies", ("allawi",), AUG, AUG)._replace(**later)
    assert turns([second, first]) == expected


def test_turn_leads_to_the_last_opposite_answer():
    days = [date(2024, month, 1) for month in (1, 2, 3, 4)]
    stances = ["affirms", "affirms", "denies", "affirms"]
    said = [Answered(str(n), s, ("x",), d, d) for n, (s, d) in enumerate(zip(stances, days, strict=True))]
    assert turns(said) == {"2": "1", "3": "2"}


def test_turn_is_not_told_twice_where_the_pair_says_so():
    early = entry("a", voices=("x",), said_from=JAN, said_to=JAN)
    late = entry("b", stance="denies", voices=("x",), said_from=AUG, said_to=AUG)
    (cell,) = matrix([ASKED], [IRAQ], [early, late]).rows[0].cells
    assert [e.turn and e.turn.to for e in cell.entries] == [None, "a-withdrawal-a"]
    (cell,) = matrix([ASKED], [IRAQ], [early, late], [pair("p", "a", "b", turn="Reversal")]).rows[0].cells
    assert [e.turn for e in cell.entries] == [None, None]
    (cell,) = matrix([ASKED], [IRAQ], [replace(early, theirs=False), late]).rows[0].cells
    assert [e.turn for e in cell.entries] == [None, None]


def test_balance_is_measured_against_the_most():
    columns = [replace(IRAQ, statements=10, words=40), replace(US, statements=5, words=80), UNNAMED]
    assert [(s.statements, s.words) for s in balance(columns)] == [(100, 50), (50, 100), (0, 0)]
    assert balance([]) == []


def test_declined_is_a_cell_with_refusals_only():
    refusal = entry("a", stance="declines")
    assert Cell(IRAQ, (refusal,)).declined
    assert Cell(IRAQ, (refusal, refusal)).declined
    assert not Cell(IRAQ, (refusal, entry("b"))).declined
    assert not Cell(IRAQ, ()).declined


def test_matrix_of_nothing():
    assert matrix([], [IRAQ], [entry()]).rows == ()
    assert [refs(cell) for cell in matrix([ASKED], [IRAQ, US], []).rows[0].cells] == [[], []]
