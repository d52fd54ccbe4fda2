"""What changed between two texts, by words, as places in both. Pure; no Django.

Paragraphs are aligned first, then the words of those that differ, around words that stand once in both (patience
diff) and, in short stretches, along a longest common subsequence. The cost is bounded for any two texts: where neither
way finds a hold, the stretch counts as replaced. A few shared words between larger changes count as changed too, or a
rewritten paragraph would read as confetti. Offsets are code points, half-open.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sources.words import SPACELESS, splits_character, splits_word

_MOST_CELLS = 20_000  # Of the table of one longest common subsequence.
_DEEPEST = 24  # Rounds of looking for words that stand once; each costs no more than reading both texts.
_FURTHEST = 200  # Code points that an addition or removal is moved.
_SLIGHT = 3  # Shared words between larger changes that hold nothing together.

_PARAGRAPH = re.compile(r"[^\n]*(?:\n+|$)")
_RUN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Change:
    """old[start:end] gave way to new[new_start:new_end]; one of the two may be empty."""

    start: int
    end: int
    new_start: int
    new_end: int

    @property
    def size(self) -> int:
        return max(self.end - self.start, self.new_end - self.new_start)


def changes(old: str, new: str) -> list[Change]:
    """What changed, in order and apart from each other; [] for equal texts."""
    found: list[Change] = []
    before, after = _units(_PARAGRAPH, old), _units(_PARAGRAPH, new)
    paragraphs = _aligned([old[low:high] for low, high in before], [new[low:high] for low, high in after])
    for first, last, new_first, new_last in _gaps(paragraphs, len(before), len(after)):
        low, high = _bounds(before, first, last, len(old))
        new_low, new_high = _bounds(after, new_first, new_last, len(new))
        found += [
            Change(change.start + low, change.end + low, change.new_start + new_low, change.new_end + new_low)
            for change in _by_words(old[low:high], new[new_low:new_high])
        ]
    return _slid(old, new, _without_confetti(old, found))


def longest_common(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The longest common subsequence as pairs of indexes; a table of len(ours) × len(theirs), so for short rows."""
    table = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in range(len(ours) - 1, -1, -1):
        row, below, word = table[i], table[i + 1], ours[i]
        for j in range(len(theirs) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if word == theirs[j] else max(below[j], row[j + 1])
    pairs, i, j = [], 0, 0
    while i < len(ours) and j < len(theirs):
        if ours[i] == theirs[j] and table[i][j] == table[i + 1][j + 1] + 1:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _units(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text) if match.end() > match.start()]


def _bounds(units: Sequence[tuple[int, int]], first: int, last: int, length: int) -> tuple[int, int]:
    """The characters of units first to last (half-open), an empty place where there are none."""
    low = units[first][0] if first < len(units) else length
    return low, units[last - 1][1] if last > first else low


def _gaps(pairs: Sequence[tuple[int, int]], size: int, new_size: int) -> Iterator[tuple[int, int, int, int]]:
    """What lies between aligned units, on both sides."""
    i = j = 0
    for ours, theirs in [*pairs, (size, new_size)]:
        if ours > i or theirs > j:
            yield i, ours, j, theirs
        i, j = ours + 1, theirs + 1


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of indexes of equal units, both rising."""
    pairs: list[tuple[int, int]] = []
    waiting = [(0, len(ours), 0, len(theirs), 0)]
    while waiting:
        low, high, new_low, new_high, depth = waiting.pop()
        while low < high and new_low < new_high and ours[low] == theirs[new_low]:
            pairs.append((low, new_low))
            low, new_low = low + 1, new_low + 1
        while low < high and new_low < new_high and ours[high - 1] == theirs[new_high - 1]:
            high, new_high = high - 1, new_high - 1
            pairs.append((high, new_high))
        if low == high or new_low == new_high:
            continue
        if (high - low) * (new_high - new_low) <= _MOST_CELLS:
            short = longest_common(ours[low:high], theirs[new_low:new_high])
            pairs += [(low + i, new_low + j) for i, j in short]
            continue
        held = _held(ours[low:high], theirs[new_low:new_high]) if depth < _DEEPEST else []
        if held:
            held = [(low + i, new_low + j) for i, j in held]
            pairs += held
            for i, j in [*held, (high, new_high)]:
                waiting.append((low, i, new_low, j, depth + 1))
                low, new_low = i + 1, j + 1
    return sorted(pairs)


def _held(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The longest row, in the order of both, of units that stand once in each."""
    counts, new_counts = Counter(ours), Counter(theirs)
    places = {unit: at for at, unit in enumerate(theirs) if new_counts[unit] == 1}
    once = [(i, places[unit]) for i, unit in enumerate(ours) if counts[unit] == 1 and unit in places]
    ends: list[int] = []  # The smallest last place of a rising row of each length, and which pair that is.
    last: list[int] = []
    before: list[int] = []
    for number, (_, at) in enumerate(once):
        length = bisect_left(ends, at)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [at]
        last[length : length + 1] = [number]
    row: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        row.append(once[number])
        number = before[number]
    return row[::-1]


def _words(text: str) -> list[tuple[int, int]]:
    """Words, and the punctuation around them apart; characters of scripts without spaces one by one."""
    found: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        low, high = run.span()
        if SPACELESS.search(run[0]):
            found += _characters(text, low, high)
            continue
        start, end = low, high
        while start < end and _is_mark(text[start]):
            start += 1
        while end > start and _is_mark(text[end - 1]):
            end -= 1
        found += [piece for piece in ((low, start), (start, end), (end, high)) if piece[0] < piece[1]]
    return found


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("P")


def _characters(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Each character with the marks that belong to it."""
    start = low
    for at in range(low + 1, high + 1):
        if at == high or not (unicodedata.category(text[at]).startswith("M") or text[at] in "\u200c\u200d"):
            yield start, at
            start = at


def _by_words(old: str, new: str) -> Iterator[Change]:
    """What changed between two stretches of text, white space included."""
    before, after = _words(old), _words(new)
    pairs = _aligned([old[low:high] for low, high in before], [new[low:high] for low, high in after])
    start = new_start = 0  # Where the last shared word ended.
    for i, j in [*pairs, (len(before), len(after))]:
        end = before[i][0] if i < len(before) else len(old)
        new_end = after[j][0] if j < len(after) else len(new)
        if old[start:end] != new[new_start:new_end]:
            yield _trimmed(old, new, Change(start, end, new_start, new_end))
        if i < len(before):
            start, new_start = before[i][1], after[j][1]


def _trimmed(old: str, new: str, change: Change) -> Change:
    """The change without the white space that both sides have at its ends."""
    start, end, new_start, new_end = change.start, change.end, change.new_start, change.new_end
    while start < end and new_start < new_end and old[start] == new[new_start] and old[start].isspace():
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1] == new[new_end - 1] and old[end - 1].isspace():
        end, new_end = end - 1, new_end - 1
    return Change(start, end, new_start, new_end)


def _without_confetti(old: str, found: Iterable[Change]) -> list[Change]:
    """The changes, those joined that only a few shared words of the same paragraph part."""
    kept: list[Change] = []
    for change in found:
        kept.append(change)
        while len(kept) > 1 and _slight(old[kept[-2].end : kept[-1].start], min(kept[-2].size, kept[-1].size)):
            last, before = kept.pop(), kept.pop()
            kept.append(Change(before.start, last.end, before.new_start, last.new_end))
    return kept


def _slid(old: str, new: str, found: Sequence[Change]) -> list[Change]:
    """The changes, each addition or removal moved to where a reader would say it is.

    “One.” made “One. Two.” by “. Two” before the last full stop is the same as by “ Two.” after the first.
    """
    kept: list[Change] = []
    for number, change in enumerate(found):
        low = change.start - (kept[-1].end if kept else 0)
        high = (found[number + 1].start if number + 1 < len(found) else len(old)) - change.end
        if change.end == change.start:
            by = _best_slide(new, change.new_start, change.new_end, low, high)
        elif change.new_end == change.new_start:
            by = _best_slide(old, change.start, change.end, low, high)
        else:
            by = 0
        kept.append(Change(change.start + by, change.end + by, change.new_start + by, change.new_end + by))
    return kept


def _best_slide(text: str, start: int, end: int, back: int, forth: int) -> int:
    """How far to move text[start:end] along equal characters: to the head of a paragraph, a sentence or a word.

    Never into a word: “foo” of “foo barfoo” is the word, not the end of another.
    """
    back, forth = (min(room, end - start, _FURTHEST) for room in (back, forth))
    places = [0]
    for by in range(1, back + 1):
        if text[start - by] != text[end - by]:
            break
        places.append(-by)
    for by in range(1, forth + 1):
        if text[start + by - 1] != text[end + by - 1]:
            break
        places.append(by)
    places = [by for by in places if not by or not (_inside(text, start + by) or _inside(text, end + by))]
    return max(places, key=lambda by: (_heads(text, start + by), -abs(by)))


def _inside(text: str, at: int) -> bool:
    """Whether a cut before text[at] falls inside a word, or inside a character where words have no spaces between."""
    if SPACELESS.search(text[max(0, at - 1) : at + 1]):
        return splits_character(text, at)
    return splits_word(text, at)


def _heads(text: str, at: int) -> int:
    """3 at the head of a paragraph, 2 of a sentence, 1 at the head of a word or the space before it, else 0."""
    before, character = text[max(0, at - 2) : at], text[at : at + 1]
    if not at or before[-1] == "\n" or character == "\n":
        return 3
    if before[-1].isspace():
        return 2 if before[0] in ".!?؟۔" else 1
    return int(character.isspace())


def _slight(shared: str, beside: int) -> bool:
    return len(shared) <= beside and "\n" not in shared and len(shared.split()) <= _SLIGHT
