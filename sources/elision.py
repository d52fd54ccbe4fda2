"""Quotations with words left out or put in by an editor, and the marks around a quotation. Pure.

An omission is `[…]`, `[...]`, `(…)`, `…`, `...` or `. . .`; an insertion is anything else in square brackets: `[he]`.
A letter in brackets at the head of a word, as in `[w]e left`, is that letter.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from sources.words import NEGATIONS

MOST_PIECES = 40  # A quotation in more pieces than that is a collage.
LONGEST_INSERTION = 80  # Code points in the brackets, and in the source in their place.
MOST_WORDS_REPLACED = 4

_DOTS = r"(?:…|\.{3,}|\.[ \u00a0]\.[ \u00a0]\.)"
_MARK = re.compile(
    rf"(?P<omission>\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS})"
    rf"|\[(?P<letter>\w)\](?=\w)|\[(?P<insertion>[^\[\]\n]{{1,{LONGEST_INSERTION}}})\]"
)
_SENTENCE_END = re.compile(r"[.!?؟۔]+[\"'”’»)]*\s|\n")
_ABBREVIATED = re.compile(r"(?:^|[\W_])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Jr|Sr|Inc|Ltd|Co|Corp|etc|vs|a\.m|p\.m)\.$")
_QUOTE_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", '"': '"', "‘": "’", "‚": "‘’", "'": "'", "‹": "›", "”": "”"}

_MARKS_OF_SPEECH = '“”„«»"'


class Gap(Enum):
    """What stands before a piece in the quotation."""

    NONE = "none"
    OMISSION = "omission"
    INSERTION = "insertion"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words between two marks, and what parts them from the piece before; an insertion where both would be."""

    words: str
    after: Gap


@dataclass(frozen=True, slots=True)
class Marked:
    """A quotation taken apart: its pieces in order, and where in it (code points) the editor's insertions stand."""

    pieces: tuple[Piece, ...]
    insertions: tuple[tuple[int, int], ...]


def read_pieces(quotation: str) -> Marked | None:
    """The pieces of a quotation with marks; None without marks, with too many, or with fewer than two words left.

    An insertion that denies ("[not]") is none of an editor's business: None too.
    """
    pieces: list[Piece] = []
    insertions: list[tuple[int, int]] = []
    words, gap, done, marked = "", Gap.NONE, 0, False
    for match in _MARK.finditer(quotation):
        marked = True
        words += quotation[done : match.start()]
        done = match.end()
        if match["letter"]:
            words += match["letter"]
            insertions.append(match.span())
            continue
        if match["insertion"]:
            if NEGATIONS.search(match["insertion"]):
                return None
            insertions.append(match.span())
        if _has_word(words):
            pieces.append(Piece(words.strip(), gap))
            gap = Gap.NONE
            if len(pieces) >= MOST_PIECES:
                return None
        words = ""
        if match["omission"]:
            gap = Gap.OMISSION
        elif gap is Gap.NONE:
            gap = Gap.INSERTION
    words += quotation[done:]
    if _has_word(words):
        pieces.append(Piece(words.strip(), gap))
    if not marked or sum(len(piece.words.split()) for piece in pieces) < 2:
        return None
    return Marked((Piece(pieces[0].words, Gap.NONE), *pieces[1:]), tuple(insertions))


def _has_word(words: str) -> bool:
    return any(character.isalnum() for character in words)


def may_omit(left_out: str) -> bool:
    """Whether these words of the source may be what `[…]` leaves out.

    Not where a negation goes that belongs to the words kept: one in the rest of the sentence before the mark or in the
    beginning of the sentence after it. Words that one sentence parts from both may say what they like.
    """
    ends = list(_SENTENCE_END.finditer(left_out))
    beside = [left_out] if not ends else [left_out[: ends[0].start()], left_out[ends[-1].end() :]]
    return not any(NEGATIONS.search(part) for part in beside)


def may_replace(replaced: str) -> bool:
    """Whether these words of the source may be what `[he]` stands for: few, no number, no negation."""
    return (
        len(replaced.split()) <= MOST_WORDS_REPLACED
        and not _SENTENCE_END.search(replaced)
        and not any(character.isnumeric() for character in replaced)
        and not NEGATIONS.search(replaced)
        and not any(mark in _MARKS_OF_SPEECH for mark in replaced)
    )


def bare(quotation: str) -> str:
    """The words alone: without quotation marks around them, and without the outlet's comma or full stop at the end.

    American printers put both inside the closing mark whoever they belong to. The dots of an ellipsis and of an
    abbreviation ("the U.S.") stay; so do question and exclamation marks, which the speaker may have meant.
    """
    words = quotation.strip()
    for _ in range(2):
        inner = words[1:-1]
        if len(words) > 2 and words[-1] in _QUOTE_PAIRS.get(words[0], ""):
            if words[0] in inner or (words[-1] in inner and words[0] not in "'‘"):
                break  # “One,” he said, “two”: the outer marks are not a pair.
            words = inner.strip()
        elif (
            len(words) > 3
            and words[-1] in ".,،"
            and words[-2] in "”’\"'»"
            and words[-2] in _QUOTE_PAIRS.get(words[0], "")
        ):
            words = words[:-1]
    if words.endswith((",", "،")) or (
        words.endswith(".") and not words.endswith("..") and not _ABBREVIATED.search(words)
    ):
        words = words[:-1].rstrip()
    return words


type Place = tuple[int, int]  # Start and end, in whatever `hits` counts.
type Hits = Callable[[str, int, int | None], Iterator[Place]]  # Words, from where, and the last start that will do.


def chains(marked: Marked, hits: Hits, between: Callable[[int, int], str], most: int = 100) -> list[tuple[Place, ...]]:
    """The places where all pieces stand in order, each as tight as it goes, at most `most` of them.

    Linear in what `hits` costs: the places of each piece are only ever looked for further on.
    """
    chunks: list[list[Piece]] = []
    for piece in marked.pieces:
        if piece.after is Gap.INSERTION:
            chunks[-1].append(piece)
        else:
            chunks.append([piece])
    known: dict[int, tuple[Place, ...]] = {}
    found: dict[tuple[Place, ...], tuple[Place, ...]] = {}
    for first in hits(chunks[0][0].words, 0, None):
        head = _follow(chunks[0][1:], (first,), hits, between)
        if head is None:
            continue
        chain, allowed = head, True
        for number, chunk in enumerate(chunks[1:], start=1):
            after = chain[-1][1]
            if number not in known or known[number][0][0] < after:
                following = _find_chunk(chunk, after, hits, between)
                if following is None:
                    return list(found.values())
                known[number] = following
            allowed = allowed and may_omit(between(after, known[number][0][0]))
            chain += known[number]
        if allowed:
            # A later beginning with the same continuation is the tighter one.
            found[chain[1:] or chain] = chain
            if len(found) >= most:
                break
    return list(found.values())


def _find_chunk(
    chunk: list[Piece], start: int, hits: Hits, between: Callable[[int, int], str]
) -> tuple[Place, ...] | None:
    for first in hits(chunk[0].words, start, None):
        if found := _follow(chunk[1:], (first,), hits, between):
            return found
    return None


def _follow(
    pieces: list[Piece], chain: tuple[Place, ...], hits: Hits, between: Callable[[int, int], str]
) -> tuple[Place, ...] | None:
    """The chain continued by the pieces, each close behind the one before; None where they do not follow."""
    for piece in pieces:
        end = chain[-1][1]
        near = hits(piece.words, end, end + LONGEST_INSERTION)
        place = next((place for place in near if may_replace(between(end, place[0]))), None)
        if place is None:
            return None
        chain += (place,)
    return chain
