"""The warning that a source goes on with “but”, “unless”, لكن: where it is due, and where it is not."""

import pytest

from sources.anchoring import Span, find_exact
from sources.qualifiers import REACH, qualified_by

HALTED = "The talks are halted"


def limited(text: str, words: str) -> str | None:
    found = qualified_by(text, find_exact(text, words)[0])
    return found.of(text) if found else None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"“{HALTED},” he noted, but pointed out that others go on.", "but"),
        (f"{HALTED} unless Baghdad asks for more.", "unless"),
        (f"“{HALTED},” he said. However, others go on.", "However"),
        (f"“{HALTED},” he said. “But not for good.”", "But"),
        (f"“{HALTED}.” He added, however, that others go on.", "however"),
        (f"“{HALTED},” said Mr. Ali of the U.S. mission, except in Erbil.", "except"),
        (f"{HALTED} — although nobody says so.", "although"),
    ],
)
def test_limiting_words_are_found_past_the_cue(text, word):
    assert limited(text, HALTED) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("قال إن المحادثات توقفت، لكن الوزير نفى.", "لكن"),
        ("قال إن المحادثات توقفت، ولكنها ستعود.", "ولكنها"),
        ("قال إن المحادثات توقفت إلا في أربيل.", "إلا"),
        ("قال إن المحادثات توقفت، غير أن الوزير نفى.", "غير أن"),
    ],
)
def test_limiting_words_are_found_in_arabic(text, word):
    assert limited(text, "المحادثات توقفت") == word


@pytest.mark.parametrize(
    "text",
    [
        f"“{HALTED},” he said. Others go on, but elsewhere.",
        f"“{HALTED},” he said.\n\nBut the other article begins here.",
        f"{HALTED}. But they go on."[: len(HALTED) + 1],
        f"{HALTED}\n[…]\nbut others go on.",
        f"{HALTED} in Butte, said the exceptional butler.",
        f"{HALTED}, not only here but also there.",
        f"“{HALTED}” " + "and so on " * (REACH // 10) + "but that is far away",
        "قال إن المحادثات توقفت",
    ],
)
def test_nothing_limits_these(text):
    words = HALTED if HALTED in text else "المحادثات توقفت"
    assert limited(text, words) is None


def test_span_past_the_end_is_refused():
    with pytest.raises(ValueError, match="past the end"):
        qualified_by("short", Span(0, 9))
