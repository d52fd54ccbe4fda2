"""Kept copies of a source as far as their rights let readers see them: passages in their place, and what changed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from claims.accounts import QUOTED, Account, account
from claims.anchors import lost_in
from claims.choices import AnchorPart
from sources.anchoring import Span
from sources.choices import Rights, Tier
from sources.differences import ADDED, REMOVED, Stretch, difference, difference_at
from sources.excerpts import OMISSION
from sources.finding import folded_of
from sources.marking import Mark, marks_by_part, segments
from sources.models import Capture
from sources.sentences import paragraphs, sentences

WHOLE = {Rights.PUBLIC_DOMAIN, Rights.LICENSED}
MOST_PARAGRAPHS = 2_000  # Of a text on one page; of a longer one only those near a recorded passage.
PARAGRAPHS_AROUND = 3
MOST_STRETCHES = 4_000  # Of a comparison on one page.
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True)
class Voice:
    """A statement beside the passage it was found in; numbered in the order of the text, from 1."""

    number: int
    account: Account


@dataclass(frozen=True)
class Run:
    """Words under the same passages: as (words, whether between quotation marks), with the voice that names them.

    Where passages overlap that is the shortest; `voices` are all. `opens` are the refs of passages that begin here,
    `closes` the numbers of those that end here.
    """

    pieces: tuple[tuple[str, bool], ...]
    voice: Voice | None
    voices: tuple[Voice, ...]
    opens: tuple[str, ...]
    closes: tuple[int, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph of a copy, the voices whose passages begin in it, and whether it is a mark of omission alone.

    Or, with nothing else, how many paragraphs of a long text without a passage are not shown at this place.
    """

    runs: tuple[Run, ...]
    voices: tuple[Voice, ...]
    omission: bool
    left_out: int = 0


@dataclass(frozen=True)
class Share:
    """How many sentences of a copy hold a recorded passage."""

    recorded: int
    sentences: int

    @property
    def percent(self) -> int:
        return round(100 * self.recorded / self.sentences) if self.sentences else 0


@dataclass(frozen=True)
class ShownCapture:
    """A copy with its public statements: in their place (`blocks`), or without the text around (None)."""

    capture: Capture
    voices: tuple[Voice, ...]
    blocks: list[Block] | None
    share: Share | None  # None for an excerpt: what was cut for its passages is all recorded.


def shown_capture(capture: Capture) -> ShownCapture:
    """A row of `captures_on_record` with its public statements prefetched. No query; reads the text twice."""
    text = capture.shown_text  # type: ignore[attr-defined]
    accounts = sorted((account(statement) for statement in capture.statements.all()), key=_place)
    voices = tuple(Voice(number, found) for number, found in enumerate(accounts, start=1))
    whole = capture.rights in WHOLE
    return ShownCapture(
        capture,
        voices,
        _blocks(text, voices, capture.is_excerpt) if whole else None,
        None if capture.is_excerpt else _share(text, voices),
    )


def _share(text: str, voices: Iterable[Voice]) -> Share:
    """Sentences that overlap a recorded passage, of all; linear in the text."""
    passages = sorted((anchor.start, anchor.end) for voice in voices for anchor in voice.account.anchors)
    every = sentences(text)
    recorded, at = 0, 0
    reach = 0  # How far the passages that begin before this sentence's end go.
    for sentence in every:
        words = sentence.of(text)
        last = sentence.start + len(words.rstrip())
        while at < len(passages) and passages[at][0] < last:
            reach = max(reach, passages[at][1])
            at += 1
        recorded += reach > sentence.start
    return Share(recorded, len(every))


def _blocks(text: str, voices: Sequence[Voice], is_excerpt: bool) -> list[Block]:
    """The text by paragraphs, every recorded passage marked; of an excerpt by lines, as its pieces stand.

    Of more than MOST_PARAGRAPHS only those near a passage. Linear in the text and in what is marked.
    """
    by_ref = {voice.account.statement.ref: voice for voice in voices}
    marks = [Mark(anchor.start, anchor.end, ref) for ref, voice in by_ref.items() for anchor in voice.account.anchors]
    quotes = [
        Mark(anchor.start, anchor.end, QUOTED)
        for voice in voices
        for anchor in voice.account.statement.anchors.all()
        if anchor.part == AnchorPart.QUOTE and anchor.tier in Tier.found()
    ]
    parts = [Span(*line.span()) for line in _LINE.finditer(text)] if is_excerpt else paragraphs(text)
    inside = marks_by_part(parts, (*marks, *quotes))
    shown = _near(inside) if len(parts) > MOST_PARAGRAPHS else range(len(parts))
    seen: set[str] = set()
    found, before = [], -1
    for at in shown:
        if at > before + 1:
            found.append(Block((), (), False, at - before - 1))
        words = parts[at].of(text)
        runs = _runs(words, inside[at], by_ref, seen)
        opened = tuple(by_ref[ref] for run in runs for ref in run.opens)
        found.append(Block(tuple(runs), opened, is_excerpt and words == OMISSION))
        before = at
    if before + 1 < len(parts):
        found.append(Block((), (), False, len(parts) - before - 1))
    return found


def _near(inside: Sequence[Sequence[Mark]]) -> list[int]:
    """The numbers of the paragraphs that hold a passage, and of the few before and after each."""
    marked = (at for at, marks in enumerate(inside) if marks)
    near = {near for at in marked for near in range(at - PARAGRAPHS_AROUND, at + PARAGRAPHS_AROUND + 1)}
    return sorted(near.intersection(range(len(inside))))


def _runs(text: str, marks: Sequence[Mark], by_ref: dict[str, Voice], seen: set[str]) -> list[Run]:
    """One paragraph as runs; `seen` are the passages that have begun, and grows."""
    ends = {(mark.end, mark.key) for mark in marks}
    runs, at = [], 0
    for refs, group in groupby(segments(text, marks), lambda piece: tuple(key for key in piece.keys if key in by_ref)):
        pieces = tuple((piece.text, QUOTED in piece.keys) for piece in group)
        at += sum(len(words) for words, _ in pieces)
        voices = tuple(by_ref[ref] for ref in refs)
        opens = tuple(ref for ref in refs if ref not in seen)
        seen.update(opens)
        shortest = min(voices, key=lambda voice: sum(a.end - a.start for a in voice.account.anchors), default=None)
        closes = tuple(by_ref[ref].number for ref in refs if (at, ref) in ends)
        runs.append(Run(pieces, shortest, voices, opens, closes))
    return runs


class Told(StrEnum):
    """How much of a change readers are told: what the rights of both copies allow."""

    WHOLE = "whole"  # Every change.
    PASSAGES = "passages"  # Only changes that touch recorded passages, with a few words around.
    EXCERPT = "excerpt"  # One of the two is an excerpt, so the texts cannot be compared.
    NOTHING = "nothing"  # One of the two is private: only that the text changed.


@dataclass(frozen=True)
class Comparison:
    """What changed between a copy and the one before; each of `rows` is a place of its own.

    `lost` are the statements of the copy before, of `statements`, whose words the later one does not have; both are
    empty where that cannot be told. `further` counts changes past the most that a page shows; `alike` says that
    nothing but white space differs, `same_text` that two copies with an excerpt are of one and the same whole.
    """

    told: Told
    rows: tuple[Sequence[Stretch], ...] = ()
    statements: tuple[Account, ...] = ()
    lost: tuple[Account, ...] = ()
    further: int = 0
    alike: bool = False
    same_text: bool = False


def comparison(old: Capture, new: Capture) -> Comparison:
    """Both with their text, and their public statements prefetched. Takes seconds at most for texts of a megabyte."""
    rights = {old.rights, new.rights}
    if Rights.PRIVATE in rights:
        return Comparison(Told.NOTHING)
    before, after = ([account(statement) for statement in each.statements.all()] for each in (old, new))
    statements = tuple(sorted(before, key=_place)) if not new.is_excerpt else ()
    folded = folded_of(new)
    lost = tuple(found for found in statements if lost_in(found.statement, new.text, folded=folded))
    if old.is_excerpt or new.is_excerpt:
        same = (old.whole_sha256 or old.sha256) == (new.whole_sha256 or new.sha256)
        return Comparison(Told.EXCERPT, (), statements, lost, same_text=same)
    alike = old.text.split() == new.text.split()
    if rights <= WHOLE:
        every = difference(old.text, new.text)
        further = sum(stretch.kind in {REMOVED, ADDED} for stretch in every[MOST_STRETCHES:])
        return Comparison(Told.WHOLE, (every[:MOST_STRETCHES],), statements, lost, further, alike)
    rows = difference_at(old.text, new.text, _spans(before), _spans(after))
    return Comparison(Told.PASSAGES, tuple(rows), statements, lost, alike=alike)


def _place(found: Account) -> int:
    return found.anchors[0].start if found.anchors else 0


def _spans(accounts: Iterable[Account]) -> list[Span]:
    return [Span(anchor.start, anchor.end) for found in accounts for anchor in found.anchors]
