"""A card of words to a PNG of 1200 × 630 pixels, as link previews show it. Pure: texts in, bytes out.

Lines are shaped and put in order by HarfBuzz and FriBidi (libraqm, which Pillow's wheels hold), so that Arabic joins
and runs from the right, and Latin words within it from the left. The same card gives the same bytes.
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import PIL
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
MARGIN, GUTTER, FOOTER = 56, 48, 588  # Pixels; the last is the line on which the footer stands.
LARGEST, LARGEST_ALONE, SMALLEST = 44, 56, 22  # Sizes of what was said; all even.
PAPER, INK, QUIET, RULE, MARKED = "#fdfcf9", "#1b1a18", "#5a554c", "#d9d3c6", "#fbe9a6"
# Raise it when the drawing changes: it is part of what tells caches that a picture is another.
EDITION = f"1 {PIL.__version__}"

_FOLDER = Path(__file__).resolve().parent / "fonts"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff]")
# What the fonts have (claims/fonts/README.md); spaces, joiners and marks of direction draw nothing.
_DRAWN = re.compile(
    r"[\s\u0020-\u007e\u00a0-\u024f\u0259\u02bb-\u02bd\u02c6-\u02dd\u0300-\u0304\u0306-\u030c\u0323\u0327\u0328"
    r"\u0386-\u03ce\u0400-\u045f\u0490-\u0493\u1e00-\u1e9e\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026"
    r"\u2030\u2032\u2033\u2039\u203a\u2044\u20ac\u2116\u2122\u2212\u060c\u061b\u061f\u0620-\u065f\u0660-\u066d\u0670"
    r"\u0671\u0679-\u06d5\u06f0-\u06f9\ufdf2\ufd3e\ufd3f\u200b-\u200f\u2060\u2066-\u2069\ufeff]*"
)


@dataclass(frozen=True)
class Words:
    """What somebody said: its pieces, the quotation marks round each (“” for a paraphrase), the language's direction.

    `keep` are words of one piece (its number, start and end) that are marked, and stay where not all can be shown.
    """

    pieces: tuple[str, ...]
    marks: tuple[str, str] = ("", "")
    right_to_left: bool = False
    keep: tuple[int, int, int] | None = None

    @property
    def quoted(self) -> bool:
        return bool(self.marks[0])

    @property
    def text(self) -> str:
        return " […] ".join(f"{self.marks[0]}{piece}{self.marks[1]}" for piece in self.pieces)


@dataclass(frozen=True)
class Column:
    """One account: who, in what form, the words, when and where."""

    name: str
    label: str
    words: Words
    foot: str

    @property
    def face(self) -> str:
        return "italic" if self.label and not self.words.quoted else "regular"


@dataclass(frozen=True)
class Card:
    """All that stands on a picture, from its top to its foot; `tone` is the colour of the finding."""

    site: str
    kicker: str
    title: str
    finding: str
    tone: str
    columns: tuple[Column, ...]
    foot: str


@dataclass(frozen=True)
class _Token:
    """A word of a piece, whether it is marked."""

    text: str
    piece: int
    marked: bool


type _Line = tuple[_Token, ...]


def can_draw(text: str) -> bool:
    """Whether the fonts have every letter of it."""
    return _DRAWN.fullmatch(text) is not None


@cache
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FOLDER / f"{face}.ttf"), size, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=64)
def draw(card: Card) -> bytes:
    """The picture as PNG: about 50 ms, then kept for a while (some 40 kB each)."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    _line(pen, card.site, "bold", 28, (MARGIN, 62), INK, WIDTH // 3)
    _line(pen, card.kicker, "regular", 23, (WIDTH - MARGIN, 62), QUIET, WIDTH // 2, at_end=True)
    pen.line([(MARGIN, 84), (WIDTH - MARGIN, 84)], fill=INK, width=3)
    top = 104
    if card.title:
        size, lines = _fit_lines(card.title, "bold", (46, 43, 40), WIDTH - 2 * MARGIN, 1)
        if lines[-1].endswith("…"):
            size, lines = _fit_lines(card.title, "bold", (46, 42, 38, 34, 30), WIDTH - 2 * MARGIN, 2)
        for line in lines:
            top += round(size * 1.22)
            _line(pen, line, "bold", size, (MARGIN, top - round(size * 0.24)), INK, WIDTH - 2 * MARGIN)
        top += 14
    if card.finding:
        top = _finding(pen, card, top)
    count = max(len(card.columns), 1)
    width = (WIDTH - 2 * MARGIN - GUTTER * (count - 1)) // count
    heads = [
        _head(pen, column, (MARGIN + n * (width + GUTTER), top + 8), width) for n, column in enumerate(card.columns)
    ]
    rooms = [
        FOOTER - 40 - 26 * len(_foot(column, width)) - head for column, head in zip(card.columns, heads, strict=True)
    ]
    # One size for all accounts, that of the longest: none is to look weightier than the other.
    sizes = range(LARGEST if count > 1 else LARGEST_ALONE, SMALLEST - 1, -2)
    fitted = [_fit_words(each, width, room, sizes)[0] for each, room in zip(card.columns, rooms, strict=True)]
    size = min(fitted, default=SMALLEST)
    for number, column in enumerate(card.columns):
        start = MARGIN + number * (width + GUTTER)
        if number:
            pen.line([(start - GUTTER // 2, top + 10), (start - GUTTER // 2, FOOTER - 40)], fill=RULE, width=2)
        _account(pen, column, (start, heads[number]), width, size, rooms[number])
    pen.line([(MARGIN, FOOTER - 24), (WIDTH - MARGIN, FOOTER - 24)], fill=RULE, width=2)
    _line(pen, card.foot, "regular", 20, (MARGIN, FOOTER + 10), QUIET, WIDTH - 2 * MARGIN)
    out = io.BytesIO()
    # Sixty-four colours are more than text in six of them needs, and a third of the bytes.
    image.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _finding(pen: ImageDraw.ImageDraw, card: Card, top: int) -> int:
    """The finding in its box; returns where the next thing begins."""
    wide = font("bold", 24).getlength(card.finding)
    pen.rectangle([MARGIN, top, MARGIN + wide + 28, top + 42], outline=card.tone, width=3)
    _line(pen, card.finding, "bold", 24, (MARGIN + 14, top + 30), card.tone, WIDTH - 3 * MARGIN)
    return top + 56


def _head(pen: ImageDraw.ImageDraw, column: Column, at: tuple[int, int], width: int) -> int:
    """Who, and in what form; returns where the words begin."""
    left, top = at
    if column.name:
        size, (name,) = _fit_lines(column.name, "bold", (28, 26, 24, 22), width, 1)
        top += 30
        _line(pen, name, "bold", size, (left, top), INK, width)
        top += 8
    for line in _fit_lines(column.label, "regular", (20,), width, 2)[1] if column.label else ():
        top += 26
        _line(pen, line, "regular", 20, (left, top), QUIET, width)
    return top + 16


def _foot(column: Column, width: int) -> list[str]:
    return _fit_lines(column.foot, "regular", (20,), width, 2)[1] if column.foot else []


def _account(pen: ImageDraw.ImageDraw, column: Column, at: tuple[int, int], width: int, size: int, room: int) -> None:
    """The words of one account, and below them when and where."""
    left, top = at
    foot = _foot(column, width)
    for number, line in enumerate(foot):
        _line(pen, line, "regular", 20, (left, FOOTER - 40 - 26 * (len(foot) - number - 1)), QUIET, width)
    for tokens in _fit_words(column, width, room, (size,))[1]:
        top += _step(size)
        _words_line(pen, column.words, tokens, column.face, size, (left, top - round(size * 0.38)), width)


def _step(size: int) -> int:
    """From line to line: room for Arabic's marks above and below."""
    return round(size * 1.42)


def _line(
    pen: ImageDraw.ImageDraw,
    text: str,
    face: str,
    size: int,
    at: tuple[int, int],
    colour: str,
    width: int,
    *,
    at_end: bool = False,
) -> None:
    """One line on a base line, cut with “…” at a word where it is too long; `at_end`: it ends there."""
    set_in = font(face, size)
    shown = _cut(text, lambda words: set_in.getlength(words) <= width)
    pen.text(at, shown, colour, font=set_in, anchor="rs" if at_end else "ls", direction="ltr")


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    """As many whole words as fit, with “…” where some are left out; of a first word that does not fit, its letters."""
    words = text.split()
    if fits(" ".join(words)):
        return " ".join(words)
    for count in range(len(words) - 1, 0, -1):
        if fits(shown := f"{' '.join(words[:count])} …"):
            return shown
    return next(shown for end in range(len(text), -1, -1) if fits(shown := f"{text[:end]}…") or not end)


def _fit_lines(text: str, face: str, sizes: Sequence[int], width: int, most: int) -> tuple[int, list[str]]:
    """The largest of the sizes at which it fits into so many lines; at the smallest the last line ends with “…”."""
    for size in sizes:
        measure = font(face, size).getlength
        lines = [" ".join(token.text for token in line) for line in _wrapped(_tokens((text,)), measure, width)]
        if len(lines) <= most:
            return size, lines
    measure = font(face, sizes[-1]).getlength
    rest = _cut(" ".join(lines[most - 1 :]), lambda words: measure(words) <= width)
    return sizes[-1], [*lines[: most - 1], rest]


def _tokens(pieces: Sequence[str], keep: tuple[int, int, int] | None = None) -> list[_Token]:
    return [
        _Token(
            word[0],
            number,
            keep is not None and keep[0] == number and word.start() < keep[2] and word.end() > keep[1],
        )
        for number, piece in enumerate(pieces)
        for word in re.finditer(r"[^ \n\t]+", piece)
    ]


def _wrapped(tokens: Sequence[_Token], measure: Callable[[str], float], width: float) -> list[_Line]:
    """Lines of whole words; a word wider than a line stands alone in one."""
    lines: list[list[_Token]] = [[]]
    for token in tokens:
        if lines[-1] and measure(" ".join(each.text for each in (*lines[-1], token))) > width:
            lines.append([])
        lines[-1].append(token)
    return [tuple(line) for line in lines]


def _fit_words(column: Column, width: int, room: int, sizes: Sequence[int]) -> tuple[int, list[_Line]]:
    """The largest of the sizes at which all words fit; at the last as many as do, those to keep among them."""
    words, face, smallest = column.words, column.face, sizes[-1]
    tokens = _tokens(words.pieces, words.keep)

    def lines_of(some: Sequence[_Token], size: int) -> list[_Line] | None:
        lines = _wrapped(_set(words, tokens, some), font(face, size).getlength, width)
        too_wide = any(font(face, size).getlength(" ".join(t.text for t in line)) > width for line in lines)
        return None if too_wide or len(lines) * _step(size) > room else lines

    for size in sizes:
        if found := lines_of(tokens, size):
            return size, found
    kept = [place for place, token in enumerate(tokens) if token.marked] or [0]
    start, end = kept[0], kept[0]
    # From the first word as far as what must stay, if that fits; else what is around it.
    if lines_of(tokens[: kept[-1] + 1], smallest):
        start = 0
    best: list[_Line] = []
    while True:
        grown = [(start, end + 1)] if end < len(tokens) else []
        grown += [(start - 1, end)] if start else []
        for one in grown:
            if found := lines_of(tokens[one[0] : one[1]], smallest):
                (start, end), best = one, found
                break
        else:
            return smallest, best or [(_shortened(tokens[kept[0]], font(face, smallest).getlength, width),)]


def _shortened(token: _Token, measure: Callable[[str], float], width: int) -> _Token:
    """A word that is wider than a line, as far as it goes."""
    return _Token(_cut(token.text, lambda text: measure(text) <= width), token.piece, token.marked)


def _set(words: Words, every: Sequence[_Token], shown: Sequence[_Token]) -> list[_Token]:
    """These words with quotation marks round what is shown of each piece, “…” where words of it are left out."""
    found: list[_Token] = []
    for number in dict.fromkeys(token.piece for token in shown):
        here = [token for token in shown if token.piece == number]
        whole = [token for token in every if token.piece == number]
        first, last = here[0] is whole[0], here[-1] is whole[-1]
        parts = [
            *([] if first else [_Token("…", number, False)]),
            *here,
            *([] if last else [_Token("…", number, False)]),
        ]
        opened = _Token(words.marks[0] + parts[0].text, number, parts[0].marked)
        parts = [opened, *parts[1:]]
        parts[-1] = _Token(parts[-1].text + words.marks[1], number, parts[-1].marked)
        found += [_Token("[…]", number, False), *parts] if found else parts
    if shown and shown[0].piece != every[0].piece:
        found.insert(0, _Token("[…]", 0, False))
    if shown and shown[-1].piece != every[-1].piece:
        found.append(_Token("[…]", 0, False))
    return found


def _words_line(
    pen: ImageDraw.ImageDraw, words: Words, line: _Line, face: str, size: int, at: tuple[int, int], width: int
) -> None:
    """One line of what was said; the marked words before a ground of their own where the line runs one way."""
    set_in, (left, base) = font(face, size), at
    text = " ".join(token.text for token in line)
    against = _LEFT_TO_RIGHT if words.right_to_left else _RIGHT_TO_LEFT
    if any(token.marked for token in line) and not against.search(text):
        for start, end in _runs(line, set_in.getlength):
            ends = (left + width - end, left + width - start) if words.right_to_left else (left + start, left + end)
            pen.rectangle([ends[0] - 3, base - round(size * 0.95), ends[1] + 3, base + round(size * 0.32)], fill=MARKED)
    if words.right_to_left:
        pen.text((left + width, base), text, INK, font=set_in, anchor="rs", direction="rtl")
    else:
        pen.text((left, base), text, INK, font=set_in, anchor="ls", direction="ltr")


def _runs(line: _Line, measure: Callable[[str], float]) -> list[tuple[float, float]]:
    """Where runs of marked words begin and end, in pixels from the start of the line."""
    found: list[tuple[float, float]] = []
    for place, token in enumerate(line):
        if not token.marked:
            continue
        before = " ".join(each.text for each in line[:place])
        start = measure(f"{before} ") if before else 0.0
        end = start + measure(token.text)
        if place and line[place - 1].marked:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
