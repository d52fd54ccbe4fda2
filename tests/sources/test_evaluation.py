"""The gold set: every annotation stands in its text, and the proposals keep the level that was measured."""

import json

import pytest

from sources.anchoring import Span
from sources.attributions import propose_attributions
from sources.evaluation import GOLD, Gold, evaluate, gold_cases, score, total

CASES = gold_cases()


def figures(held_out, turns):
    return total(evaluate(case, turns=turns) for case in CASES if case.held_out == held_out)


@pytest.mark.parametrize(
    ("held_out", "turns", "gold", "precision", "recall"),
    [
        (False, False, 24, 0.95, 0.90),
        (True, False, 39, 0.90, 0.77),
        (False, True, 35, 0.95, 0.95),
        (True, True, 58, 0.90, 0.95),
    ],
)
def test_proposals_keep_their_level_on_the_gold_set(held_out, turns, gold, precision, recall):
    found = figures(held_out, turns)
    assert found.gold == gold
    assert found.precision >= precision, found.spare
    assert found.recall >= recall, found.missed
    assert found.speakers >= 0.95
    assert found.quote_recall >= (0.75 if held_out else 1)


def test_no_reported_speech_is_proposed_for_a_trap():
    """All but one: imagined speech in a question, which the rules take for speech."""
    fallen = []
    for case in CASES:
        traps = json.loads((GOLD / f"{case.name}.json").read_text(encoding="utf-8"))["traps"]
        made = [one for one in propose_attributions(case.text) if one.origin == "reported"]
        for trap in traps:
            span = Span(trap["start"], trap["end"])
            assert span.of(case.text) == trap["words"]
            # A trap may stand in an answer beside speech; only a proposal within it falls into it.
            fallen += [trap["why"] for one in made if span.contains(one.content)]
    assert fallen == ["imagined speech in a question"]


TEXT = "The mayor said that the old port of Oslo is open to ships. The mayor said that it rains."
WORDS = "the old port of Oslo is open to ships"


@pytest.mark.parametrize(
    ("words", "speaker", "found", "placed"),
    [
        (WORDS, "The mayor", 1, 1),
        (WORDS, "Mayor", 1, 1),
        (WORDS, "The minister", 0, 1),
        ("old port of Oslo is open", "The mayor", 1, 1),
        ("open to ships", "The mayor", 0, 0),
        (TEXT, "The mayor", 0, 0),
    ],
)
def test_found_means_most_of_the_words_and_the_speaker(words, speaker, found, placed):
    start = TEXT.index(words)
    gold = [Gold(Span(start, start + len(words)), speaker)]
    counted = score(TEXT, gold, propose_attributions(TEXT))
    assert (counted.found, counted.placed, counted.proposed) == (found, placed, 2)


def test_a_proposal_counts_for_one_annotation_only():
    gold = [Gold(Span(20, 57), "The mayor"), Gold(Span(20, 56), "The mayor")]
    assert score(TEXT, gold, propose_attributions(TEXT)[:1]).found == 1


def test_an_annotation_that_does_not_stand_in_its_text_is_refused(tmp_path):
    (tmp_path / "one.txt").write_text("The mayor spoke.")
    entry = {"kind": "turn", "speaker": "X", "start": 0, "end": 3, "content": "A m", "quotes": []}
    record = {"language": "en", "held_out": False, "attributions": [entry]}
    (tmp_path / "one.json").write_text(json.dumps(record))
    with pytest.raises(ValueError, match="does not stand at 0"):
        gold_cases(tmp_path)
