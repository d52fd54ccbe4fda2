"""What a source says in place of a quotation that is not in it: the nearest passage and a word diff. Pure.

Words are compared in their loosest form without punctuation; what is shown is as printed. A text is read once, and the
passage compared with at most MOST_WORDS words of the quotation, so a megabyte of either costs a second or so.
"""

import string
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sources.aligning import longest_common
from sources.anchoring import Span
from sources.folding import Folded, fold

MOST_WORDS = 300  # Of a quotation; a longer one is compared by its beginning.
LONGEST_WORD = 200  # Code points; what is longer without a space is no word, and is cut for comparing.
LEAST_SHARE = 0.4  # Of the quotation's words that a passage must share to be worth showing.

_PUNCTUATION = "".join(set(string.punctuation) - set("-+$%#@")) + "،؛؟۔…“”‘’«»–—"


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of the diff: the quotation's words and the source's, as printed; one is "" where it has none there."""

    quoted: str
    printed: str
    same: bool


@dataclass(frozen=True, slots=True)
class Nearest:
    """The passage most like a quotation, the diff of the two, and the share of the quotation's words that it has.

    `whole` is False when the quotation was too long and only its beginning was compared.
    """

    span: Span
    changes: tuple[Change, ...]
    share: float
    whole: bool


@dataclass(frozen=True, slots=True)
class _Word:
    key: str
    start: int  # In the folded text.
    end: int


def find_nearest(text: str, quotation: str, *, folded: Folded | None = None) -> Nearest | None:
    """The passage of the text that shares most words with the quotation, in order; None where none is worth showing.

    `folded` is fold(text), kept from before. Needs spaces between words: in Chinese or Thai nothing is near.
    """
    folded, quotation = folded or fold(text), unicodedata.normalize("NFC", quotation)
    asked = fold(quotation[: MOST_WORDS * LONGEST_WORD])
    every = list(_words(asked.text))
    quoted = every[:MOST_WORDS]
    if not quoted:
        return None
    window = _best_window(folded.text, quoted)
    if window is None:
        return None
    pairs = _together(quoted, window, longest_common([word.key for word in quoted], [word.key for word in window]))
    share = len(pairs) / len(quoted)
    if share < LEAST_SHARE:
        return None
    # Words of the source that stand where the quotation has others, before the first and after the last shared one.
    low = max(0, pairs[0][1] - pairs[0][0])
    high = min(len(window), pairs[-1][1] + len(quoted) - pairs[-1][0])
    pairs = [(ours, theirs - low) for ours, theirs in pairs]
    window = window[low:high]
    whole = len(every) == len(quoted) and asked.length == len(quotation)
    start, end = folded.piece(window[0].start)[0], folded.piece(window[-1].end - 1)[1]
    changes = _changes(_printed(quotation, asked, quoted), _printed(text, folded, window), pairs)
    return Nearest(Span(start, end), tuple(changes), share, whole)


def _together(quoted: Sequence[_Word], window: Sequence[_Word], pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs with each "the" matched beside its neighbour where it can be, not at the first one that comes."""
    moved = list(pairs)
    for at in range(len(moved) - 2, -1, -1):
        (ours, _), (next_ours, next_theirs) = moved[at], moved[at + 1]
        if next_ours == ours + 1 and window[next_theirs - 1].key == quoted[ours].key:
            moved[at] = (ours, next_theirs - 1)
    for at in range(1, len(moved)):
        (before_ours, before_theirs), (ours, _) = moved[at - 1], moved[at]
        if ours == before_ours + 1 and window[before_theirs + 1].key == quoted[ours].key:
            moved[at] = (ours, before_theirs + 1)
    return moved


def _words(folded: str) -> Iterator[_Word]:
    """The words of a folded text; a mark that stands alone, such as a dash, is none."""
    position = 0
    for token in folded.split(" "):
        key = token.strip(_PUNCTUATION)
        if any(map(str.isalnum, key)):
            yield _Word(key[:LONGEST_WORD], position, position + len(token))
        position += len(token) + 1


def _best_window(text: str, quoted: Sequence[_Word]) -> list[_Word] | None:
    """The stretch of the text, somewhat longer than the quotation, whose words and pairs of words weigh most.

    Rare words weigh more than common ones, and a pair in the quotation's order as much again.
    """
    words = list(_words(text))
    wanted = {word.key for word in quoted}
    frequency = Counter(word.key for word in words if word.key in wanted)
    if not frequency:
        return None
    wanted_pairs = {(left.key, right.key) for left, right in pairwise(quoted)}
    weights = [0.0] * len(words)
    for index, word in enumerate(words):
        if word.key in wanted:
            weight = 1 / (1 + frequency[word.key]) + 0.01
            paired = index > 0 and (words[index - 1].key, word.key) in wanted_pairs
            weights[index] = weight * 2 + 0.1 if paired else weight
    length = len(quoted) + len(quoted) // 4 + 4
    total = sum(weights[:length])
    best, best_end = total, min(length, len(words))
    for end in range(length, len(words)):
        total += weights[end] - weights[end - length]
        if total > best + 1e-9:
            best, best_end = total, end + 1
    # What weighed may lie at the very end of the stretch; a few words more let the diff find the rest.
    margin = len(quoted) // 4 + 4
    return words[max(0, best_end - length - margin) : best_end + margin]


def _printed(text: str, folded: Folded, words: Sequence[_Word]) -> list[str]:
    return [text[folded.piece(word.start)[0] : folded.piece(word.end - 1)[1]] for word in words]


def _changes(quoted: Sequence[str], printed: Sequence[str], pairs: Sequence[tuple[int, int]]) -> Iterator[Change]:
    """Shared stretches and, between them, what each of the two has instead."""
    i = j = 0
    same: list[tuple[str, str]] = []
    for ours, theirs in [*pairs, (len(quoted), len(printed))]:
        if ours > i or theirs > j:
            if same:
                yield _same(same)
                same = []
            yield Change(" ".join(quoted[i:ours]), " ".join(printed[j:theirs]), same=False)
        if ours < len(quoted):
            same.append((quoted[ours], printed[theirs]))
        i, j = ours + 1, theirs + 1
    if same:
        yield _same(same)


def _same(words: Sequence[tuple[str, str]]) -> Change:
    return Change(" ".join(ours for ours, _ in words), " ".join(theirs for _, theirs in words), same=True)
