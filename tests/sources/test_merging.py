"""Three states of one value become one, and nothing that was typed is lost."""

from hypothesis import given
from hypothesis import strategies as st

from sources.merging import Outcome, Unknown, merge

# Few values, so that every way in which three can agree comes up; None is a row that was taken away.
VALUES = st.sampled_from(["", "yes", "no", None])


@given(VALUES, VALUES)
def test_what_only_one_changed_is_theirs_or_mine(opened, changed):
    other = opened != changed
    assert merge(opened, changed, opened).value == changed
    assert merge(opened, opened, changed).value == changed
    assert merge(opened, changed, opened).outcome is (Outcome.THEIRS if other else Outcome.UNTOUCHED)
    assert merge(opened, opened, changed).outcome is (Outcome.MINE if other else Outcome.UNTOUCHED)


@given(VALUES, VALUES)
def test_who_came_to_the_same_has_nothing_to_choose(opened, both):
    merged = merge(opened, both, both)
    assert merged.value == both
    assert merged.outcome is (Outcome.UNTOUCHED if opened == both else Outcome.ALIKE)


@given(VALUES, VALUES, VALUES)
def test_a_person_chooses_just_where_all_three_differ_and_keeps_what_was_typed(opened, theirs, mine):
    merged = merge(opened, theirs, mine)
    assert (merged.outcome is Outcome.BOTH) == (opened != theirs != mine != opened)
    assert (merged.outcome is Outcome.BOTH) == (merge(opened, mine, theirs).outcome is Outcome.BOTH)
    assert merged.value == mine or mine == opened
    assert merged.value in (theirs, mine)


@given(VALUES, VALUES)
def test_where_nobody_knows_what_was_opened_any_difference_is_asked_about(theirs, mine):
    merged = merge(Unknown.OPENED, theirs, mine)
    assert merged.value == mine
    assert merged.outcome is (Outcome.UNTOUCHED if theirs == mine else Outcome.BOTH)
