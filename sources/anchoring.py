"""Find quoted words in the kept text of a source. Pure: text and quotation in, spans out; no Django, no ORM.

All offsets are CODE POINTS into the text as Python counts them, half-open (start is in, end is out), the same numbers
PostgreSQL's substr() and length() use on a UTF-8 database. They are neither bytes nor JavaScript's UTF-16 units.

This first form knows one tier, "exact". Later tiers (whitespace, typography, case, elided) go into `locate`, after it.
The idea of a quotation with a prefix and a suffix is the W3C Web Annotation Data Model's TextQuoteSelector.
"""

import unicodedata
from dataclasses import dataclass

EXACT = "exact"
NOT_FOUND = "not_found"

_JOINERS = "’'\u200c\u200d\u0640"  # Inside a word: apostrophes, zero-width (non-)joiner, the Arabic stretching stroke.


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text, in code points: 0 ≤ start < end, else ValueError. An empty piece anchors nothing."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"A span needs 0 ≤ start < end, not {self.start}–{self.end}.")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words themselves. Raises ValueError when the span reaches past the end: Python would cut it silently."""
        if self.end > len(text):
            raise ValueError(f"{self.start}–{self.end} reaches past the end of the text ({len(text)} characters).")
        return text[self.start : self.end]

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlap(self, other: "Span") -> "Span | None":
        """The part both share, or None; spans that only touch share nothing."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def shifted(self, by: int) -> "Span":
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Match:
    """What `locate` found: a tier and the candidate places in the order of the text (none for "not_found")."""

    tier: str
    spans: tuple[Span, ...]

    @property
    def ambiguous(self) -> bool:
        """Several places are equally good, so the editor must choose."""
        return len(self.spans) > 1

    @property
    def span(self) -> Span | None:
        """The one place, or None when there is none or a choice of several."""
        return self.spans[0] if len(self.spans) == 1 else None


def find_exact(text: str, quotation: str) -> list[Span]:
    """Every place where the text has exactly these code points, in order, overlapping ones too; [] for "".

    Cost: one str.find per occurrence, linear in the text unless the quotation repeats itself ("aaaa").
    """
    spans: list[Span] = []
    start = text.find(quotation) if quotation else -1
    while start != -1:
        spans.append(Span(start, start + len(quotation)))
        start = text.find(quotation, start + 1)
    return spans


def locate(text: str, quotation: str, prefix: str = "", suffix: str = "", within: Span | None = None) -> Match:
    """Find the quotation in the text, or in the part `within`; the words around it choose among several places.

    The place wins whose neighbourhood agrees longest with the end of `prefix` and the start of `suffix` together;
    places that tie are all returned. A hint that agrees only in part must agree in a letter or digit: sharing a space
    is chance. `text` is a capture's and so in NFC; quotation and hints are brought to NFC here, as keyboards and
    clipboards are not. Raises ValueError when `within` reaches past the end of the text.
    """
    quotation, prefix, suffix = (unicodedata.normalize("NFC", part) for part in (quotation, prefix, suffix))
    if within is None:
        spans = find_exact(text, quotation)
    else:
        spans = [span.shifted(within.start) for span in find_exact(within.of(text), quotation)]
    if not spans:
        return Match(NOT_FOUND, ())
    if len(spans) > 1 and (prefix or suffix):
        scores = [_agreement(text, span, prefix, suffix) for span in spans]
        best = max(scores)
        spans = [span for span, score in zip(spans, scores, strict=True) if score == best]
    return Match(EXACT, tuple(spans))


def context(text: str, span: Span, width: int = 32) -> tuple[str, str]:
    """The words before and after a span, at most `width` code points each: what an anchor keeps as prefix and suffix.

    The outer ends are moved inwards so that no word, accent or joined emoji is cut in half; a single word longer than
    `width` is cut between characters, as there is nothing else to keep. The inner ends are the span's own: joined
    together, prefix + span + suffix always stand in the text. Raises ValueError when the span is not in the text.
    """
    span.of(text)
    low = max(0, span.start - width)
    start = low
    while start < span.start and _splits_word(text, start):
        start += 1
    if not text[start : span.start].strip():
        start = low
    while start < span.start and _splits_character(text, start):
        start += 1
    high = min(len(text), span.end + width)
    end = high
    while end > span.end and _splits_word(text, end):
        end -= 1
    if not text[span.end : end].strip():
        end = high
    while end > span.end and _splits_character(text, end):
        end -= 1
    before, after = text[start : span.start], text[span.end : end]
    return (before.lstrip() if start else "") or before, (after.rstrip() if end < len(text) else "") or after


def _agreement(text: str, span: Span, prefix: str, suffix: str) -> int:
    """How many code points of the two hints agree with what stands around the span, counted outwards from it."""
    before = text[max(0, span.start - len(prefix)) : span.start]
    after = text[span.end : span.end + len(suffix)]
    return _common(prefix[::-1], before[::-1]) + _common(suffix, after)


def _common(hint: str, found: str) -> int:
    """Length of the common beginning, or 0 when only part of the hint agrees and that part holds no letter or digit."""
    length = 0
    for expected, actual in zip(hint, found, strict=False):
        if expected != actual:
            break
        length += 1
    if length < len(hint) and not any(character.isalnum() for character in hint[:length]):
        return 0
    return length


def _in_word(character: str) -> bool:
    return character.isalnum() or character in _JOINERS or unicodedata.category(character).startswith("M")


def _splits_word(text: str, at: int) -> bool:
    """Whether a cut before text[at] falls inside a word or a character."""
    return 0 < at < len(text) and ((_in_word(text[at - 1]) and _in_word(text[at])) or _splits_character(text, at))


def _splits_character(text: str, at: int) -> bool:
    """Whether a cut before text[at] falls inside what a reader sees as one character.

    A close guess at the grapheme clusters of Unicode annex 29 without its tables: marks, joined emoji, skin tones,
    tags, flags and CR LF, not Hangul jamo (NFC has composed those) and not Indic conjuncts.
    """
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if unicodedata.category(right).startswith("M") or right in "\u200c\u200d" or left == "\u200d":
        return True
    if "\U0001f3fb" <= right <= "\U0001f3ff" or "\U000e0020" <= right <= "\U000e007f" or left + right == "\r\n":
        return True
    if _is_flag_half(left) and _is_flag_half(right):
        run = at
        while run > 0 and _is_flag_half(text[run - 1]):
            run -= 1
        return (at - run) % 2 == 1
    return False


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
