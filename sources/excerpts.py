"""Keep only the passages of a source that we may keep, and still know where each of them stood. Pure; no Django.

Rights often allow short excerpts only (domain.md: Capture, rights short_excerpts). The capture then holds an excerpt,
the SHA-256 of the whole text it was cut from, and a map from one to the other, so that anybody who has the whole text
can check every piece. Offsets are code points, half-open, as in anchoring.py.

The form of an excerpt, which `check_map` holds it to: the pieces in the order of the whole, "\\n[…]\\n" between two
of them, "[…]\\n" before the first and "\\n[…]" after the last where words are left out there. Passages that touch,
overlap or have only white space between them are one piece, and white space alone at either end is not marked: no
words are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypedDict

from sources.anchoring import Span
from sources.kept_text import digest, normalise

OMISSION = "[…]"
_BETWEEN = f"\n{OMISSION}\n"
_HEAD = f"{OMISSION}\n"
_TAIL = f"\n{OMISSION}"


class Piece(TypedDict):
    """One kept piece: start and end in the whole text, `at` its first offset in the excerpt, all code points."""

    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The three columns of a capture that is an excerpt; whole_sha256 is 64 lower-case hex digits."""

    text: str
    whole_sha256: str
    excerpt_map: list[Piece]


def make_excerpt(whole: str, passages: Sequence[Span]) -> Excerpt:
    """Cut the passages, in any order, out of the whole text.

    Raises ValueError when there is no passage, when one reaches past the end of the text, and when the text is not as
    captures keep it: to normalise it here would move the passages' offsets under the caller's feet.
    """
    if not passages:
        raise ValueError("Choose at least one passage to keep.")
    if not _is_kept_form(whole):
        raise ValueError("The whole text is not in NFC with plain line feeds; normalise it before choosing passages.")
    merged: list[Span] = []
    for passage in sorted(passages):
        passage.of(whole)
        if merged and not whole[merged[-1].end : passage.start].strip():
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, passage.end))
        else:
            merged.append(passage)
    text = _HEAD if whole[: merged[0].start].strip() else ""
    pieces: list[Piece] = []
    for span in merged:
        text += _BETWEEN if pieces else ""
        pieces.append({"start": span.start, "end": span.end, "at": len(text)})
        text += span.of(whole)
    text += _TAIL if whole[merged[-1].end :].strip() else ""
    return Excerpt(text, digest(whole), pieces)


def to_excerpt(excerpt_map: Sequence[Piece], span: Span) -> Span | None:
    """Where a span of the whole text stands in the excerpt; None unless it lies in one piece wholly."""
    for piece in excerpt_map:
        if piece["start"] <= span.start and span.end <= piece["end"]:
            return span.shifted(piece["at"] - piece["start"])
    return None


def to_whole(excerpt_map: Sequence[Piece], span: Span) -> Span | None:
    """Where a span of the excerpt stood in the whole text; None when it touches an omission mark."""
    for piece in excerpt_map:
        if piece["at"] <= span.start and span.end <= piece["at"] + piece["end"] - piece["start"]:
            return span.shifted(piece["start"] - piece["at"])
    return None


def check_map(excerpt_text: str, excerpt_map: object) -> list[str]:
    """What is wrong with a map and its excerpt, without the whole text; [] when they fit together.

    Takes any value, because a map comes from JSON that anybody may have written.
    """
    if not isinstance(excerpt_map, list) or not excerpt_map:
        return ["The map is a list with at least one piece."]
    pieces: list[Piece] = []
    for number, entry in enumerate(excerpt_map, start=1):
        piece = _read_piece(entry)
        if piece is None:
            return [f"Piece {number} needs whole numbers with 0 ≤ start < end and 0 ≤ at, and nothing else."]
        pieces.append(piece)
    problems: list[str] = []
    for number, (before, after) in enumerate(pairwise(pieces), start=1):
        if after["start"] <= before["end"]:
            problems.append(f"Piece {number + 1} does not come after piece {number} in the whole text.")
        if excerpt_text[_after(before) : after["at"]] != _BETWEEN:
            problems.append(f"Between pieces {number} and {number + 1} the excerpt does not have {OMISSION} alone.")
    if _after(pieces[-1]) > len(excerpt_text):
        problems.append(f"Piece {len(pieces)} reaches past the end of the excerpt ({len(excerpt_text)} characters).")
    if excerpt_text[: pieces[0]["at"]] not in ("", _HEAD) or (pieces[0]["at"] and not pieces[0]["start"]):
        problems.append(f"Before piece 1 the excerpt has something that is not {OMISSION}, or an omission of nothing.")
    if excerpt_text[_after(pieces[-1]) :] not in ("", _TAIL):
        problems.append(f"After piece {len(pieces)} the excerpt has something that is not {OMISSION}.")
    return problems


def verify_excerpt(excerpt_text: str, excerpt_map: object, whole: str, sha256: str = "") -> list[str]:
    """What is wrong with an excerpt, held against the whole text; [] when every piece stands where the map says.

    Give the capture's whole_sha256 as `sha256` to check first that this is the same whole text.
    """
    problems = check_map(excerpt_text, excerpt_map)
    if not _is_kept_form(whole):
        problems.append("The whole text is not in NFC with plain line feeds, so offsets cannot be compared.")
    if sha256 and digest(whole) != sha256:
        problems.append("This is not the text the excerpt was cut from: the SHA-256 differs.")
    if problems or not isinstance(excerpt_map, list):
        return problems
    spans = [Span(piece["start"], piece["end"]) for piece in excerpt_map]
    for number, (span, piece) in enumerate(zip(spans, excerpt_map, strict=True), start=1):
        if span.end > len(whole):
            problems.append(f"Piece {number} reaches past the end of the whole text ({len(whole)} characters).")
        elif span.of(whole) != excerpt_text[piece["at"] : _after(piece)]:
            problems.append(f"Piece {number} does not have the words of the whole text at {span.start}–{span.end}.")
    if not problems and make_excerpt(whole, spans).text != excerpt_text:
        problems.append(f"{OMISSION} is missing, or stands where no words are left out.")
    return problems


def share_kept(excerpt_map: Sequence[Piece], whole_length: int) -> float:
    """The part of the whole text that is kept, 0.0 to 1.0, by code points; the number a rights note is judged by.

    Raises ValueError when the pieces are longer than the whole, which means the length belongs to another text.
    """
    kept = sum(piece["end"] - piece["start"] for piece in excerpt_map)
    if kept > whole_length:
        raise ValueError(f"The pieces hold {kept} characters, more than the whole text ({whole_length}).")
    return kept / whole_length if whole_length else 0.0


def _is_kept_form(text: str) -> bool:
    return normalise(text) == text


def _after(piece: Piece) -> int:
    """The offset in the excerpt just after the piece."""
    return piece["at"] + piece["end"] - piece["start"]


def _read_piece(entry: object) -> Piece | None:
    if not isinstance(entry, Mapping) or set(entry) != {"start", "end", "at"}:
        return None
    start, end, at = entry["start"], entry["end"], entry["at"]
    # type() rather than isinstance(): JSON's true is an int to Python, and is no offset.
    if not (type(start) is int and type(end) is int and type(at) is int):
        return None
    return {"start": start, "end": end, "at": at} if 0 <= start < end and at >= 0 else None
