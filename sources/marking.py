"""Pure: cut a text into segments, so that a template can mark words in place. Offsets are code points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sources.anchoring import Span


@dataclass(frozen=True)
class Mark:
    """Characters start to end (half-open) of a text, marked with a key: a statement's ref, "conflict"."""

    start: int
    end: int
    key: str


@dataclass(frozen=True)
class Segment:
    """A run of text under the same marks; `opens` are the keys whose mark begins here."""

    text: str
    keys: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


def segments(text: str, marks: Iterable[Mark]) -> list[Segment]:
    """The whole text, in order, cut wherever a mark begins or ends. Marks may overlap; O(n log n) in the marks.

    Marks outside the text are clipped to it; an empty one is left out.
    """
    kept = [Mark(max(0, m.start), min(len(text), m.end), m.key) for m in marks]
    kept = sorted((m for m in kept if m.start < m.end), key=lambda m: (m.start, -m.end, m.key))
    cuts = sorted({0, len(text), *(m.start for m in kept), *(m.end for m in kept)})
    found: list[Segment] = []
    active: list[Mark] = []
    waiting = iter([*kept, None])
    upcoming = next(waiting)
    for start, end in pairwise(cuts):
        active = [m for m in active if m.end > start]
        opens = []
        while upcoming is not None and upcoming.start == start:
            active.append(upcoming)
            opens.append(upcoming.key)
            upcoming = next(waiting)
        keys = tuple(dict.fromkeys(m.key for m in active))
        found.append(Segment(text[start:end], keys, tuple(dict.fromkeys(opens))))
    return found


def marks_by_part(parts: Sequence[Span], marks: Iterable[Mark]) -> list[list[Mark]]:
    """For each part of a text, the marks that reach into it, counted from its start; a mark may reach over several.

    The parts are in order and do not overlap. One walk over both: O(n log n) in the marks, linear in the parts.
    """
    waiting = sorted(marks, key=lambda mark: mark.start)
    found: list[list[Mark]] = []
    active: list[Mark] = []
    at = 0
    for part in parts:
        while at < len(waiting) and waiting[at].start < part.end:
            active.append(waiting[at])
            at += 1
        active = [mark for mark in active if mark.end > part.start]
        found.append([Mark(mark.start - part.start, mark.end - part.start, mark.key) for mark in active])
    return found


def marks_of(text: str, words: str, key: str) -> list[Mark]:
    """A mark at each place where the words stand in the text; none for empty words."""
    found: list[Mark] = []
    at = text.find(words) if words else -1
    while at >= 0:
        found.append(Mark(at, at + len(words), key))
        at = text.find(words, at + len(words))
    return found
