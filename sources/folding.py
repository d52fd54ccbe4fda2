"""Bring two ways to print the same words to one form, and lead back to the characters. Pure; no Django.

What may be folded, and what never, is decided in docs/decisions/0010-what-folding-may-fold.md: no word, number or
negation, and no two words become one or one two. `fold` makes the loosest form of a text once; it is kept with the
capture, so that a check is a str.find or two. How much of it a quotation needed is told afterwards by `tier_of`.

Offsets are code points of the text that was folded, half-open.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sources.words import ARABIC_MARKS

VERSION = 1  # A kept fold of another version is made anew; raise it with every change of what folds.

_PLAIN_SPACE = " \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029"
_SPACE = _PLAIN_SPACE + "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Soft hyphen, zero-width space and (non-)joiners, word joiner, byte order mark, variation selectors, and the controls
# of direction: marks, embeddings, isolates. The two overrides (U+202D, U+202E) change what a reader reads and stay.
_INVISIBLE = "\u00ad\u200b-\u200f\u061c\u202a-\u202c\u2060\u2066-\u2069\ufeff\ufe0e\ufe0f"
_DROPPED = _INVISIBLE + "\u0640" + "".join(sorted(ARABIC_MARKS)) + "\ufe70-\ufe7f"
_HYPHENS = "‐‑‒–−﹣－"
_LONG_DASHES = "—―⸺⸻﹘"

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′ʼ`´‹›＇"), "'") | dict.fromkeys(map(ord, "“”„‟″«»＂〝〞"), '"')
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# Letters that fold to more than one character when their case is folded, such as ß: the only blocks that have any.
_BLOCKS = ((0xDF, 0x150), (0x1F0, 0x1F1), (0x390, 0x3B1), (0x587, 0x588), (0x1E96, 0x1E9F), (0x1F50, 0x1FFD))
_GROWING = "".join(chr(code) for low, high in _BLOCKS for code in range(low, high) if len(chr(code).casefold()) > 1)
# Ligatures and the shapes of Arabic letters; not ﷺ and its like (U+FDFA–FDFC), which stand for several words.
_SHAPES = {
    code: shape
    for low, high in ((0x132, 0x134), (0xFB00, 0xFB18), (0xFB50, 0xFDFA), (0xFE80, 0xFEFD))
    for code in range(low, high)
    if (shape := unicodedata.normalize("NFKC", chr(code))) != chr(code) and not shape.startswith(" ")
}
_LONG_SHAPES = "".join(chr(code) for code, shape in _SHAPES.items() if len(shape) > 1)
_SAME_LENGTH = (
    dict.fromkeys(map(ord, "\t\n\r\f\v\x1c\x1d\x1e\x1f\x85\u2028\u2029\u00a0\u1680\u202f\u205f\u3000"), " ")
    | dict.fromkeys(range(0x2000, 0x200B), " ")
    | _WIDE
    | _QUOTES
    | dict.fromkeys(map(ord, _HYPHENS), "-")
    | {code: shape for code, shape in _SHAPES.items() if len(shape) == 1}
)
_GAP = f"[{_SPACE}{_DROPPED}]"
_IRREGULAR = re.compile(
    f"(?P<before>{_GAP}*)(?P<dash>[{_LONG_DASHES}]|--+|(?:(?<={_GAP})|\\A)[-{_HYPHENS}](?={_GAP}|\\Z))(?P<after>{_GAP}*)"
    f"|(?<!\\w)«(?P<open>[{_SPACE}]+)|(?P<close>[{_SPACE}]+)»(?!\\w)"
    f"|(?P<gap>{_GAP}{{2,}}|[{_DROPPED}])"
    f"|(?P<dots>…|\\.[{_SPACE}]\\.[{_SPACE}]\\.)"
    f"|(?P<grows>[{_GROWING}{_LONG_SHAPES}])"
)
_HAS_SPACE = re.compile(f"[{_SPACE}]")
_PLAIN_SPACES = re.compile(f"[{_PLAIN_SPACE}]+")
# In these an ASCII quotation folds by lower() alone.
_ASCII_TROUBLE = re.compile(r"\s\s|[^\S ]|-|`|\. \.")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """The loosest form of a text, and for each of its characters the piece of the text that it stands for.

    The map is kept as runs: from position at[i] on, the first character stands for width[i] code points from origin[i]
    (none for a space put in beside a dash), and each after it for the one that follows.
    """

    text: str
    length: int
    at: array[int]
    origin: array[int]
    width: array[int]

    def piece(self, position: int) -> tuple[int, int]:
        """Start and end in the text of what the character at this position stands for."""
        run = bisect_right(self.at, position) - 1
        inside = position - self.at[run]
        start, width = self.origin[run], self.width[run]
        return (start + width + inside - 1, start + width + inside) if inside else (start, start + width)

    def back(self, start: int, end: int) -> tuple[int, int] | None:
        """The piece of the text that folds to these positions; None where one end falls inside one character of it."""
        first, last = self.piece(start), self.piece(end - 1)
        if start and self.piece(start - 1)[1] > first[0]:
            return None
        if end < len(self.text) and self.piece(end)[0] < last[1]:
            return None
        return (first[0], last[1]) if first[0] < last[1] else None

    def to_json(self) -> dict[str, object]:
        """Plain values for a JSON column; the runs as differences, which are small numbers."""
        runs, position, place = [], 0, 0
        for at, origin, width in zip(self.at, self.origin, self.width, strict=True):
            runs += [at - position, origin - place, width]
            position, place = at, origin
        return {"version": VERSION, "length": self.length, "text": self.text, "runs": runs}

    @classmethod
    def from_json(cls, value: object) -> "Folded":
        """What `to_json` wrote. Raises ValueError for another version and for anything that `fold` would not write."""
        if not isinstance(value, Mapping) or value.get("version") != VERSION:
            raise ValueError(f"This is not a folded text of version {VERSION}; fold the text anew.")
        text, length, runs = value.get("text"), value.get("length"), value.get("runs")
        if not isinstance(text, str) or type(length) is not int or not isinstance(runs, list) or len(runs) % 3:
            raise ValueError("A folded text needs its text, its length and runs of three numbers; fold the text anew.")
        if not all(type(number) is int and 0 <= number < 2**31 for number in (length, *runs)):
            raise ValueError("The runs of a folded text are whole numbers of at least 0; fold the text anew.")
        at, origin, width = array("I"), array("I"), array("I")
        position = place = 0
        for step in range(0, len(runs), 3):
            position, place = position + runs[step], place + runs[step + 1]
            if (step and not runs[step]) or (not step and position) or place + runs[step + 2] > length:
                raise ValueError("The runs of a folded text do not fit it; fold the text anew.")
            at.append(position)
            origin.append(place)
            width.append(runs[step + 2])
        if bool(at) != bool(text) or (at and at[-1] >= len(text)):
            raise ValueError("The runs of a folded text do not fit it; fold the text anew.")
        return cls(text, length, at, origin, width)


def fold(text: str) -> Folded:
    """The loosest form of a text (in NFC, as captures are) with the way back. Linear in its length."""
    at, origin, width = array("I"), array("I"), array("I")
    parts: list[str] = []
    length = done = 0
    broken = True  # Whether the next plain character needs a run of its own.

    def put(characters: str, start: int, size: int) -> None:
        """Each of these characters stands for the same piece of the text."""
        nonlocal length, broken
        for character in characters:
            at.append(length)
            origin.append(start)
            width.append(size)
            parts.append(character)
            length += 1
        broken = True

    for match in _IRREGULAR.finditer(text):
        begin = match.start()
        if begin > done:
            if broken:
                at.append(length)
                origin.append(done)
                width.append(1)
            parts.append(text[done:begin].translate(_SAME_LENGTH).casefold())
            length += begin - done
            broken = False
        for characters, start, size in _replaced(match):
            put(characters, start, size)
        broken = True
        done = match.end()
    if done < len(text):
        if broken:
            at.append(length)
            origin.append(done)
            width.append(1)
        parts.append(text[done:].translate(_SAME_LENGTH).casefold())
    return Folded("".join(parts), len(text), at, origin, width)


def _replaced(match: re.Match[str]) -> list[tuple[str, int, int]]:
    """What an irregular place folds to: characters, with start and size of the piece that each of them stands for."""
    begin, kind, found = match.start(), match.lastgroup, match[0]
    if kind == "gap":
        return _spaced(found, begin)
    if kind == "dots":
        return [("...", begin, len(found))]
    if kind in {"open", "close"}:
        return [('"', begin, len(found))]
    if kind == "grows":
        return [(_SHAPES.get(ord(found), found).casefold(), begin, 1)]
    before, dash, after = match["before"], match["dash"], match["after"]
    place = match.start("dash")
    if dash in f"-{_HYPHENS}" and not _spaced_around(match):
        return [*_spaced(before, begin), ("-", place, 1), *_spaced(after, match.start("after"))]
    left = _spaced(before, begin) or [(" ", place, 0)]
    right = _spaced(after, match.start("after"))
    if not right or right[0][0] != " ":
        right = [(" ", place + len(dash), 0)]
    return [*left, ("-", place, len(dash)), *right]


def _spaced_around(match: re.Match[str]) -> bool:
    """Whether a short dash stands free: white space, or an end of the text, on either side."""
    left = match.start() == 0 or _HAS_SPACE.search(match["before"])
    return bool(left and (match.end() == len(match.string) or _HAS_SPACE.search(match["after"])))


def _spaced(gap: str, begin: int) -> list[tuple[str, int, int]]:
    """One space for a gap that holds white space, nothing for one that does not."""
    first = _HAS_SPACE.search(gap)
    if first is None:
        return []
    stop = len(gap)
    while not _HAS_SPACE.match(gap[stop - 1]):
        stop -= 1
    return [(" ", begin + first.start(), stop - first.start())]


def fold_words(quotation: str) -> str:
    """The loosest form of a quotation, without space at its ends: what to look for in a folded text."""
    if quotation.isascii() and not _ASCII_TROUBLE.search(quotation):
        return quotation.lower().strip(" ")
    return _keep_case(quotation).casefold()


@lru_cache(maxsize=8)  # A check asks for the quotation's form twice: to look for it, and to tell the tier.
def _keep_case(text: str) -> str:
    """The text of `fold` without the map and with its capitals, without space at the ends."""

    def replace(match: re.Match[str]) -> str:
        if match.lastgroup == "grows":
            return _SHAPES.get(ord(match[0]), match[0])
        return "".join(characters for characters, _, _ in _replaced(match))

    return _IRREGULAR.sub(replace, text).translate(_SAME_LENGTH).strip(" ")


def tier_of(passage: str, quotation: str) -> str:
    """How a passage and a quotation that fold to the same differ: exact, whitespace, typography, case or not_found.

    Not found all the same: capitals that make another word of it (US and us), and Arabic marks that say otherwise.
    """
    if passage == quotation:
        return "exact"
    if _PLAIN_SPACES.sub(" ", passage).strip(" ") == _PLAIN_SPACES.sub(" ", quotation).strip(" "):
        return "whitespace"
    if not _marks_agree(passage, quotation):
        return "not_found"
    printed, quoted = _keep_case(passage), _keep_case(quotation)
    if printed == quoted:
        return "typography"
    return "case" if _capitals_agree(printed, quoted) else "not_found"


def _capitals_agree(printed: str, quoted: str) -> bool:
    """Whether no abbreviation becomes a word: US is not us. Three words all in capitals may be either."""
    ours, theirs = _LETTERS.findall(printed), _LETTERS.findall(quoted)
    if (len(ours) > 2 and printed.isupper()) or (len(theirs) > 2 and quoted.isupper()):
        return True
    return all(
        left == right or left.isupper() == right.isupper() or max(len(left), len(right)) == 1
        for left, right in zip(ours, theirs, strict=False)
    )


def _marks_agree(printed: str, quoted: str) -> bool:
    """Whether each Arabic letter has in one text all marks that it has in the other: left out is fine, other is not."""
    if ARABIC_MARKS.isdisjoint(printed) or ARABIC_MARKS.isdisjoint(quoted):
        return True
    return all(a <= b or b <= a for a, b in zip(_marks(printed), _marks(quoted), strict=False))


def _marks(text: str) -> list[set[str]]:
    marks: list[set[str]] = []
    for character in text.translate(_SHAPES):
        if character in ARABIC_MARKS:
            if marks:
                marks[-1].add(character)
        elif "\u0620" <= character <= "\u06ff" and character != "\u0640" and character.isalpha():
            marks.append(set())
    return marks
