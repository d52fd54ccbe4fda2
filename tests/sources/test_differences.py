"""How two texts differ: nothing is lost, little is shown, and what may not be shown is not."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.aligning import changes, longest_common
from sources.anchoring import Span, find_exact
from sources.differences import LONGEST_CHANGE, Stretch, difference, difference_at
from sources.words import splits_word

# Few words and much white space, so that much is shared; marks, right-to-left letters, a script without spaces.
PIECES = st.sampled_from(
    ["a", "b", "the talks", "عمل", "كَتَبَ", "中文", "“No”,", "e\u0301", " ", "  ", "\n", "\n\n", "."]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)


def joined(stretches, *kinds):
    return "".join(stretch.text for stretch in stretches if stretch.kind in kinds)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_difference(old, new):
    found = difference(old, new, words_kept=None)
    assert joined(found, "same", "added") == new
    assert joined(found, "same", "removed") == old
    assert "left_out" not in {stretch.kind for stretch in found}


@given(TEXTS, TEXTS)
def test_changes_are_apart_and_in_order(old, new):
    found = changes(old, new)
    ends = [(0, 0), *((change.end, change.new_end) for change in found)]
    starts = [*((change.start, change.new_start) for change in found), (len(old), len(new))]
    for (end, new_end), (start, new_start) in zip(ends, starts, strict=True):
        assert old[end:start] == new[new_end:new_start]
    assert all(change.size > 0 for change in found)


@given(TEXTS)
def test_equal_texts_do_not_differ(text):
    assert changes(text, text) == []


@given(TEXTS, TEXTS)
def test_what_is_left_out_is_counted(old, new):
    short = difference(old * 4, new * 4, words_kept=2)
    kept = sum(len(s.text) + s.left_out for s in short if s.kind != "added")
    assert kept == len(old * 4)


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_longest_common_is_a_rising_row_of_equal_units(ours, theirs):
    pairs = longest_common(ours, theirs)
    assert all(ours[i] == theirs[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    brute = [""]
    for character in ours:
        brute += [row + character for row in brute]
    assert len(pairs) == max(len(row) for row in set(brute) if is_within(row, theirs))


def is_within(row, text):
    rest = iter(text)
    return all(character in rest for character in row)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("The talks were halted.", "The talks were postponed.", "The talks were -halted-+postponed+."),
        ("Five soldiers", "Seven soldiers", "-Five-+Seven+ soldiers"),
        ("He left.", "He left, and came back.", "He left+, and came back+."),
        ("one two", "one new two", "one +new +two"),
        ("one old two", "one two", "one -old -two"),
        ("", "words", "+words+"),
        ("words", "", "-words-"),
        ("لم نناقش الانسحاب أبدا", "لم نناقش العودة أبدا", "لم نناقش -الانسحاب-+العودة+ أبدا"),
        ("كَتَبَ الخبر", "كُتِبَ الخبر", "-كَتَبَ-+كُتِبَ+ الخبر"),
        ("会谈已经停止。", "会谈已经开始。", "会谈已经-停止-+开始+。"),
        ("US forces", "us forces", "-US-+us+ forces"),
        # A rewritten sentence is replaced, not peppered.
        (
            "The cat sat on the mat at home",
            "A dog lay on our rug in town",
            "-The cat sat on the mat at home-+A dog lay on our rug in town+",
        ),
        # What is added or removed begins where a reader would say.
        ("It ended.", "It ended.\n\nIt was amended.", "It ended.+\n\nIt was amended.+"),
        ("He left. She left. They left.", "He left. They left.", "He left. -She left. -They left."),
        # A paragraph between two is added whole.
        (
            "First one.\n\nLast one.",
            "First one.\n\nMiddle one.\n\nLast one.",
            "First one.\n\n+Middle one.\n\n+Last one.",
        ),
    ],
)
def test_difference_by_words(old, new, expected):
    marks = {"same": "", "removed": "-", "added": "+"}
    found = difference(old, new, words_kept=None)
    assert "".join(f"{marks[s.kind]}{s.text}{marks[s.kind]}" for s in found) == expected


LONG = " ".join(f"word{number}" for number in range(100))


def test_long_shared_stretches_are_shortened():
    found = difference(f"{LONG} halted. {LONG} end.", f"{LONG} postponed. {LONG} fin.", words_kept=3)
    assert found == [
        Stretch("left_out", "", len(LONG) + 1 - len("word97 word98 word99 ")),
        Stretch("same", "word97 word98 word99 "),
        Stretch("removed", "halted"),
        Stretch("added", "postponed"),
        Stretch("same", ". word0 word1"),
        Stretch("left_out", "", len(LONG) + 1 - len("word0 word1word97 word98 word99 ")),
        Stretch("same", "word97 word98 word99 "),
        Stretch("removed", "end"),
        Stretch("added", "fin"),
        Stretch("same", "."),
    ]


def test_white_space_alone_is_no_change_for_a_reader():
    old, new = "One line\nand another.\n\nA paragraph.", "One line and another.\n\n\nA paragraph."
    assert {s.kind for s in difference(old, new)} == {"same"}
    assert {s.kind for s in difference(old, new, words_kept=None)} == {"same", "removed", "added"}
    assert difference_at(old, new, [Span(0, len(old))]) == []


OLD = "Canaryone stood here. He said: “The talks were halted on Monday.” Nobody said more. Canarytwo stood there."
NEW = "Canarythree is here. He said: “The talks were postponed on Monday.” Nobody said more. Canaryfour was there."
PASSAGE = find_exact(OLD, "The talks were halted on Monday")


def test_only_changes_that_touch_a_passage_are_shown():
    (shown,) = difference_at(OLD, NEW, PASSAGE)
    assert joined(shown, "same", "removed") == " here. He said: “The talks were halted on Monday.” Nobody said more."
    assert joined(shown, "added") == "postponed"
    assert difference_at(OLD, NEW, []) == []
    assert difference_at(OLD, OLD, PASSAGE) == []


def test_words_put_into_a_passage_touch_it_and_words_before_it_do_not():
    assert difference_at("The talks were halted", "The talks were not halted", [Span(0, 21)])[0][1] == Stretch(
        "added", "not "
    )
    assert difference_at("The talks were halted", "All the talks were halted", [Span(4, 21)]) == []


def test_changes_of_one_passage_stand_in_one_row():
    old = "The five talks were halted on Monday. Nobody said anything more."
    new = "The six talks were halted on Sunday. Nobody said anything canary."
    (shown,) = difference_at(old, new, [Span(0, 36)])
    assert joined(shown, "same", "added") == "The six talks were halted on Sunday. Nobody said anything"


def test_passages_of_the_later_text_count_too():
    old, new = "The talks went on.", "The talks went on. They ended on Friday."
    assert difference_at(old, new, [], find_exact(new, "They ended on Friday"))[0][-1].kind == "added"
    assert difference_at(old, new, []) == []


def test_long_change_shows_no_more_than_the_passage_and_a_beginning():
    hidden = " ".join(f"canary{number}" for number in range(200))
    old, new = f"{hidden}. The talks were halted. {hidden}", " ".join(f"added{number}" for number in range(300))
    (shown,) = difference_at(old, new, find_exact(old, "The talks were halted"))
    assert joined(shown, "removed") == "The talks were halted"
    assert len(joined(shown, "added")) <= LONGEST_CHANGE
    assert sum(len(s.text) + s.left_out for s in shown) == len(old) + len(new)


@pytest.mark.parametrize("kind", ["edited", "unrelated", "repeated", "rewrapped"])
def test_long_texts_take_seconds_at_most(kind):
    """200,000 characters here; a megabyte takes five times as long, where difflib takes hours."""
    dice = random.Random(1)
    words = [f"word{dice.randrange(4000)}" for _ in range(24_000)]
    edited = [dice.choice(["new", word]) if dice.random() < 0.02 else word for word in words]
    texts = {
        "edited": (" ".join(words), " ".join(edited)),
        "unrelated": (" ".join(words), " ".join(f"word{dice.randrange(4000)}" for _ in range(24_000))),
        "repeated": ("a b " * 50_000, "b a " * 50_000 + "c"),
        "rewrapped": (" ".join(words), "\n".join(words)),
    }
    start = time.process_time()
    found = difference(*texts[kind], words_kept=None)
    assert time.process_time() - start < 5
    assert joined(found, "same", "added") == texts[kind][1]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [("foo barfoo", "foo", " barfoo"), ("قال وقال", "قال", " وقال"), ("قال", "قال وقال", " وقال")],
)
def test_a_change_is_never_moved_into_a_word(old, new, word):
    changed = [each.text for each in difference(old, new, words_kept=None) if each.kind != "same"]
    assert changed == [word]


ARABIC = st.lists(st.sampled_from(["قال", "وقال", "الوزير", "والوزير", "قَالَ", "لا", "«لا»", "إنّ"]), max_size=8)


@given(ARABIC, ARABIC)
def test_no_stretch_begins_or_ends_inside_a_word(before, after):
    """Words of which one is the end of another, and letters with marks."""
    old, new = " ".join(before), " ".join(after)
    for kind, text in (("removed", old), ("added", new)):
        at = 0
        for stretch in difference(old, new, words_kept=None):
            if stretch.kind in {"same", kind}:
                assert not splits_word(text, at), (text, at)
                at += len(stretch.text)
