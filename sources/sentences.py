"""Paragraphs and sentences of a kept text, as spans. Pure: no Django."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from sources.anchoring import Span

_LINE_BREAK = re.compile(r"\n\s*")
PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_STOP = re.compile(r"(?:[.!?؟۔]|\.{3}|…)(?P<closed>[”»\"’)\]]*)\s+(?=[^\s])")
# Within a sentence no line begins with one of these in capitals.
_BEGINS = re.compile(r"(?:The|An|In|On|At|This|These|It|He|She|They|We|But)\b")
_SHORT_LINE = 120  # Code points.
_FITS = 0.8  # Of the longest line of its paragraph: text that is not justified has ragged ends.
_NO_STOP = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Sen|Rep|Gov|St|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$"
)


def paragraphs(text: str) -> list[Span]:
    """The paragraphs in order: parts between empty lines, or single lines where the text is not wrapped.

    Texts taken from web pages hold each paragraph in one long line; where most of a text stands in lines of more than
    120 characters, a line break ends a paragraph. Cost: two passes over the text.
    """
    lines = text.split("\n")
    unwrapped = sum(len(line) for line in lines if len(line) > 120) * 2 > len(text)
    breaks = list(_LINE_BREAK.finditer(text) if unwrapped else PARAGRAPH.finditer(text))
    starts, ends = [0, *(gap.end() for gap in breaks)], [*(gap.start() for gap in breaks), len(text)]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def unfinished_lines(text: str, part: Span) -> list[int]:
    """Where a line begins after one that ended without a stop, though there was room: a headline, a date.

    Texts out of a PDF have no empty line there. Only where a paragraph stands in lines of at most 120 characters, and
    the new line begins with a capital that would have fitted on the line before, or with “The” and its like.
    """
    lines = part.of(text).split("\n")
    width = max(len(line.rstrip()) for line in lines)
    if width > _SHORT_LINE:
        return []
    found, at = [], part.start
    for line, following in pairwise(lines):
        at += len(line) + 1
        before, word = line.rstrip(), (following.split(maxsplit=1) or [""])[0]
        unfinished = before[-1:].isalnum() or before.endswith(")")
        apart = len(before) + 1 + len(word) <= _FITS * width or _BEGINS.match(following.lstrip())
        if unfinished and word[:1].isupper() and apart:
            found.append(at)
    return found


def sentence_around(text: str, content: Span, quotations: list[Span]) -> Span:
    """The sentence or sentences around the content, never past an empty line; stops inside a quotation do not count."""
    low = max((gap.end() for gap in PARAGRAPH.finditer(text, 0, content.start)), default=0)
    gap = PARAGRAPH.search(text, content.end)
    high = gap.start() if gap else len(text)
    stops = [low, *stops_within(text, low, high, quotations), high]
    return Span(stops[bisect_right(stops, content.start) - 1], stops[bisect_left(stops, content.end)])


def stops_within(text: str, low: int, high: int, quotations: list[Span]) -> Iterator[int]:
    """Where a new sentence begins between two offsets: after a stop and space, before anything but a small letter.

    Not after an abbreviation, and not after “…?” or “…!”, which an attribution may follow (“Why?” Miller said).
    """
    starts = [quotation.start for quotation in quotations]
    for stop in _STOP.finditer(text, low, high):
        at = stop.end()
        around = bisect_right(starts, stop.start("closed")) - 1
        inside = around >= 0 and stop.start("closed") < quotations[around].end
        asked = stop["closed"] and text[stop.start()] in "?!؟"
        short = text[stop.start()] == "." and _NO_STOP.search(text[max(low, stop.start() - 6) : stop.start()])
        if not (inside or asked or short or text[at].islower()):
            yield at


def sentences(text: str) -> list[Span]:
    """The sentences in order, by rule: parts of a paragraph between stops, each with at least one letter or digit.

    A headline counts as one; so does each sentence of a quotation. Abbreviations that are not known here cut one in
    two, so a count of them is close, not exact. Cost: one pass over the text.
    """
    return [sentence for part in paragraphs(text) for sentence in sentences_of(text, part, [])]


def sentences_of(text: str, part: Span, quotations: list[Span]) -> list[Span]:
    """The sentences of a part of the text, in order; `quotations` are those within it."""
    stops = [part.start, *stops_within(text, part.start, part.end, quotations), part.end]
    return [
        Span(low, high) for low, high in pairwise(stops) if any(character.isalnum() for character in text[low:high])
    ]
