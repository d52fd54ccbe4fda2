"""Several texts in one paste: where another seems to begin, and the cut. Pure; no Django.

Lines are counted from 1, parted by line feeds, as an editor counts them.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

MOST_PROPOSED = 12
LONGEST_HEADLINE = 200  # Characters.
LOOK_AHEAD = 15  # Lines with words in which a headline that stands twice is looked for.

_RULE = re.compile(r"\s*(?:[-*_=~#]\s*){3,}\Z")
_END = (".", "!", "?", "؟", "…", ":", ";", ",", "،", "؛")


@dataclass(frozen=True, slots=True)
class Place:
    """A line with which another text seems to begin: its number, its words, and why."""

    line: int
    words: str
    why: str


def places(text: str) -> list[Place]:
    """Likely beginnings of further texts, in their order; at most MOST_PROPOSED, the surest ones.

    A headline after two or more blank lines or after a ruled line, surer where it stands there twice, as pages that
    were copied whole have it.
    """
    found = sorted(_candidates(text.split("\n")), key=lambda each: (-each[0], each[1].line))[:MOST_PROPOSED]
    return sorted((place for _, place in found), key=lambda place: place.line)


def _candidates(lines: list[str]) -> Iterator[tuple[int, Place]]:
    blank, ruled, begun = 0, False, False
    for index, line in enumerate(lines):
        words = line.strip()
        if not words:
            blank += 1
            continue
        if _RULE.fullmatch(words):
            ruled = True
            continue
        if begun and (blank >= 2 or ruled) and _is_headline(words):
            again = _again(lines, index, words)
            why = "after a ruled line" if ruled else f"after {blank} blank lines"
            sure = blank + 3 * ruled + 5 * again
            yield sure, Place(index + 1, words, f"{why}{', and it stands there twice' if again else ''}")
        blank, ruled, begun = 0, False, True


def _is_headline(words: str) -> bool:
    return len(words) <= LONGEST_HEADLINE and len(words.split()) >= 3 and not words.endswith(_END)


def _again(lines: list[str], index: int, words: str) -> bool:
    near = (line.strip() for line in lines[index + 1 : index + 1 + 2 * LOOK_AHEAD])
    return words in [line for line in near if line][:LOOK_AHEAD]


def split(text: str, begins: Collection[int]) -> list[str]:
    """The text cut before each of these lines; blank lines at a cut belong to neither side, empty pieces to nobody.

    Raises ValueError for a line that there is not, or that is the first.
    """
    if not begins:
        return [text]
    lines = text.split("\n")
    if wrong := [number for number in begins if not 1 < number <= len(lines)]:
        raise ValueError(
            f"There is no line {wrong[0]} with which another text could begin: the text has {len(lines):,} lines, and "
            "with the first it begins itself."
        )
    cuts = [1, *sorted(set(begins)), len(lines) + 1]
    pieces = ("\n".join(lines[start - 1 : end - 1]) for start, end in pairwise(cuts))
    return [without_rules for piece in pieces if (without_rules := _trimmed(piece))]


def _trimmed(piece: str) -> str:
    """Without blank and ruled lines at both ends."""
    lines = piece.split("\n")
    start, end = 0, len(lines)
    while start < end and _is_empty(lines[start]):
        start += 1
    while start < end and _is_empty(lines[end - 1]):
        end -= 1
    return "\n".join(lines[start:end])


def _is_empty(line: str) -> bool:
    return not line.strip() or bool(_RULE.fullmatch(line))
