"""How two texts differ, by words: for showing a new copy of a source beside the one before. Pure; no Django."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sources.aligning import Change, changes
from sources.anchoring import Span

SAME, REMOVED, ADDED, LEFT_OUT = "same", "removed", "added", "left_out"

WORDS_KEPT = 12  # At each end of a shortened stretch.
LEAST_LEFT_OUT = 80  # Code points; to leave out less is not worth the reader's stumble.
LONGEST_CHANGE = 400  # Code points of one change that `difference_at` shows.

_RUN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of one kind: "same", "removed", "added", or "left_out", which has no text and says how long it is."""

    kind: str
    text: str
    left_out: int = 0  # Code points.


def difference(old: str, new: str, *, words_kept: int | None = WORDS_KEPT) -> list[Stretch]:
    """The two texts as one row of stretches, removed before added; [] of two empty texts.

    "same" and "added" joined are the new text, "same" and "removed" the old one, if `words_kept` is None. Else all but
    that many words at the ends of a long "same" are left out, and a change of white space alone is none. Seconds at
    most for texts of a megabyte.
    """
    found: list[Stretch] = []
    at = 0
    every = changes(old, new)
    for change in every if words_kept is None else _seen(old, new, every):
        found += _same(old[at : change.start], words_kept, first=at == 0, last=False)
        if change.end > change.start:
            found.append(Stretch(REMOVED, old[change.start : change.end]))
        if change.new_end > change.new_start:
            found.append(Stretch(ADDED, new[change.new_start : change.new_end]))
        at = change.end
    return found + list(_same(old[at:], words_kept, first=at == 0, last=True))


def difference_at(
    old: str, new: str, passages: Iterable[Span], new_passages: Iterable[Span] = (), *, words_kept: int = WORDS_KEPT
) -> list[list[Stretch]]:
    """Only the changes that touch a passage of either text, a few shared words around; each row is one place.

    For a source of which little may be shown: of a long change no more than the passages in it, or else its beginning.
    A change that touches no passage is not shown, not even as another's context.
    """
    kept, new_kept = sorted(passages), sorted(new_passages)
    every = _seen(old, new, changes(old, new))
    ends = [0, *(change.end for change in every)]
    starts = [*(change.start for change in every), len(old)]
    shown: list[list[Stretch]] = []
    for told, group in groupby(enumerate(every), lambda each: _told(each[1], kept, new_kept)):
        if not told:
            continue
        numbers, found = zip(*group, strict=True)
        row = list(_end(old[ends[numbers[0]] : starts[numbers[0]]], words_kept))
        for number, change in zip(numbers, found, strict=True):
            if number > numbers[0]:
                row += _same(old[ends[number] : change.start], words_kept, first=False, last=False)
            row += _within(REMOVED, old, change.start, change.end, kept)
            row += _within(ADDED, new, change.new_start, change.new_end, new_kept)
        row += _start(old[ends[numbers[-1] + 1] : starts[numbers[-1] + 1]], words_kept)
        shown.append(row)
    return shown


def _told(change: Change, passages: Sequence[Span], new_passages: Sequence[Span]) -> bool:
    return any(_touches(span, change.start, change.end) for span in passages) or any(
        _touches(span, change.new_start, change.new_end) for span in new_passages
    )


def _seen(old: str, new: str, every: Iterable[Change]) -> list[Change]:
    """The changes of more than white space."""
    return [
        change
        for change in every
        if old[change.start : change.end].strip() or new[change.new_start : change.new_end].strip()
    ]


def _same(text: str, words_kept: int | None, *, first: bool, last: bool) -> Iterator[Stretch]:
    """A shared stretch, shortened in its middle; of the first in a text only the end is kept, of the last the start."""
    if words_kept is None or not text:
        if text:
            yield Stretch(SAME, text)
        return
    runs = _RUN.finditer(text)
    head = 0
    if not first:
        for _, run in zip(range(words_kept), runs, strict=False):
            head = run.end()
    tail = len(text) if last else _last_words(text, words_kept)
    if tail - head < LEAST_LEFT_OUT:
        yield Stretch(SAME, text)
        return
    if head:
        yield Stretch(SAME, text[:head])
    yield Stretch(LEFT_OUT, "", tail - head)
    if tail < len(text):
        yield Stretch(SAME, text[tail:])


def _last_words(text: str, count: int) -> int:
    """Where the last words begin. Looks at the end alone: a stretch may be a megabyte."""
    low = max(0, len(text) - 60 * count)
    starts = [run.start() for run in _RUN.finditer(text, low)]
    if low and len(starts) <= count:
        return starts[1] if len(starts) > 1 else low  # Words too long to be any; the first is cut.
    return starts[-count] if len(starts) > count else 0


def _touches(span: Span, start: int, end: int) -> bool:
    """Whether one side of a change takes from a passage or, where that side is empty, stands inside it."""
    return start < span.end and span.start < end if end > start else span.start < start < span.end


def _end(text: str, words_kept: int) -> Iterator[Stretch]:
    """The last words of what stands before a change."""
    at = _last_words(text, words_kept)
    if text[:at].strip():
        yield Stretch(LEFT_OUT, "", at)
    if text[at:]:
        yield Stretch(SAME, text[at:])


def _start(text: str, words_kept: int) -> Iterator[Stretch]:
    """The first words of what stands after a change."""
    at = 0
    for _, run in zip(range(words_kept), _RUN.finditer(text), strict=False):
        at = run.end()
    if text[:at]:
        yield Stretch(SAME, text[:at])
    if text[at:].strip():
        yield Stretch(LEFT_OUT, "", len(text) - at)


def _within(kind: str, text: str, start: int, end: int, passages: Sequence[Span]) -> Iterator[Stretch]:
    """One side of a change: all of it where it is short, else the passages in it, or its first words."""
    if end - start <= LONGEST_CHANGE:
        if end > start:
            yield Stretch(kind, text[start:end])
        return
    if not any(_touches(span, start, end) for span in passages):
        stop = max((run.end() for run in _RUN.finditer(text, start, start + LONGEST_CHANGE)), default=start)
        passages = [Span(start, stop)] if stop > start else []
    at = start
    for passage in passages:
        low, high = max(at, passage.start), min(end, passage.end)
        if low >= high:
            continue
        if low > at:
            yield Stretch(LEFT_OUT, "", low - at)
        yield Stretch(kind, text[low:high])
        at = high
    if at < end:
        yield Stretch(LEFT_OUT, "", end - at)
