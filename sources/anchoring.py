"""Find quoted words in the kept text of a source. Pure: text and quotation in, spans out; no Django, no ORM.

All offsets are CODE POINTS into the text as Python counts them, half-open (start is in, end is out), the same numbers
PostgreSQL's substr() and length() use on a UTF-8 database. They are neither bytes nor JavaScript's UTF-16 units.

`locate` tries the tiers in the order exact, whitespace, typography, case, elided, and answers with the first that finds
anything; docs/decisions/0010-what-folding-may-fold.md says what each forgives and what none does. The idea of a
quotation with a prefix and a suffix is the W3C Web Annotation Data Model's TextQuoteSelector.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sources.elision import bare, chains, read_pieces
from sources.folding import Folded, fold, fold_words, tier_of
from sources.words import cuts_in, cuts_off, splits_character, splits_word

EXACT = "exact"
TYPOGRAPHY = "typography"
ELIDED = "elided"
NOT_FOUND = "not_found"

MOST_PLACES = 1_000  # Of a looser tier than exact: more places than that, and the words say nothing.
_LOOSER = ("whitespace", TYPOGRAPHY, "case")


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
    """What `locate` found: a tier and the candidate places in the order of the text (none for "not_found").

    For tier "elided" a span reaches from the first piece to the last, `pieces` has the pieces of each span, and
    `insertions` says where in the quotation (in NFC) an editor's words in brackets stand: they were not looked for.
    """

    tier: str
    spans: tuple[Span, ...]
    pieces: tuple[tuple[Span, ...], ...] = ()
    insertions: tuple[Span, ...] = ()

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


def locate(
    text: str,
    quotation: str,
    prefix: str = "",
    suffix: str = "",
    within: Span | None = None,
    *,
    folded: Folded | None = None,
    exactly: bool = False,
) -> Match:
    """Find the quotation in the text, or in the part `within`; the words around it choose among several places.

    A place that cuts a word or number in half is none ("accurate" in "inaccurate", "12" in "120"), in any tier. The
    place wins whose neighbourhood agrees longest with the end of `prefix` and the start of `suffix` together; places
    that tie are all returned. A hint that agrees only in part must agree in a letter or digit: sharing a space is
    chance. `text` is a capture's and so in NFC; quotation and hints are brought to NFC here, as keyboards and
    clipboards are not. `folded` is fold(text), kept from before: without it a quotation that is not exact costs a
    fold of the whole text. `exactly` stops after the first tier. Raises ValueError when `within` reaches past the end
    of the text, or when `folded` is of another text.
    """
    quotation, prefix, suffix = (unicodedata.normalize("NFC", part) for part in (quotation, prefix, suffix))
    if within is None:
        found = find_exact(text, quotation)
    else:
        found = [span.shifted(within.start) for span in find_exact(within.of(text), quotation)]
    if spans := [span for span in found if not _cuts(text, span)]:
        return Match(EXACT, _chosen(text, spans, prefix, suffix))
    if exactly or not any(character.isalnum() for character in quotation):
        return Match(NOT_FOUND, ())
    folded = folded or fold(text)
    if folded.length != len(text):
        raise ValueError("The folded text is not this text's; fold it anew.")
    tier, spans = _find_loosely(text, folded, quotation, within)
    words = quotation if spans else bare(quotation)
    if words != quotation:
        tier, spans = _find_loosely(text, folded, words, within)
        # Characters of the quotation are left out, so it is not exact even where the words are.
        tier = "case" if tier == "case" else TYPOGRAPHY
    if spans:
        return Match(tier, _chosen(text, spans, prefix, suffix, fold_words))
    match = _find_pieces(text, folded, quotation, prefix, suffix, within)
    if match.spans or words == quotation:
        return match
    match, shift = _find_pieces(text, folded, words, prefix, suffix, within), quotation.index(words)
    return replace(match, insertions=tuple(span.shifted(shift) for span in match.insertions))


def _cuts(text: str, span: Span) -> bool:
    return cuts_in(text, span.start) or cuts_off(text, span.end)


def _places(
    text: str, folded: Folded, words: str, start: int = 0, last: int | None = None
) -> Iterator[tuple[int, Span, str]]:
    """Where the words stand, however printed: position in the folded text, span, tier; MOST_PLACES at most."""
    needle = fold_words(words)
    stop = None if last is None else last + len(needle)
    position = folded.text.find(needle, start, stop) if needle else -1
    for _ in range(MOST_PLACES):
        if position == -1:
            return
        piece = folded.back(position, position + len(needle))
        if piece is not None:
            low, high = piece
            # Marks and the stretching stroke after the last letter belong to it, though folding drops them.
            while high < len(text) and (text[high] == "\u0640" or unicodedata.category(text[high])[0] == "M"):
                high += 1
            span = Span(low, high)
            if not _cuts(text, span) and (tier := tier_of(span.of(text), words)) != NOT_FOUND:
                yield position, span, tier
        position = folded.text.find(needle, position + 1, stop)


def _find_loosely(text: str, folded: Folded, words: str, within: Span | None) -> tuple[str, list[Span]]:
    """The strictest tier that finds the words, and its places."""
    found = [(tier, span) for _, span, tier in _places(text, folded, words) if not within or within.contains(span)]
    for tier in (EXACT, *_LOOSER):
        if spans := [span for kind, span in found if kind == tier]:
            return tier, spans
    return NOT_FOUND, []


def _find_pieces(text: str, folded: Folded, quotation: str, prefix: str, suffix: str, within: Span | None) -> Match:
    """The quotation's pieces in order around its marks of omission and insertion."""
    marked = read_pieces(quotation)
    if marked is None:
        return Match(NOT_FOUND, ())
    spans: dict[tuple[int, int], Span] = {}

    def hits(words: str, start: int, last: int | None) -> Iterator[tuple[int, int]]:
        size = len(fold_words(words))
        for position, span, _ in _places(text, folded, words, start, last):
            if within is None or within.contains(span):
                spans[position, position + size] = span
                yield position, position + size

    def between(start: int, end: int) -> str:
        return text[folded.piece(start - 1)[1] : folded.piece(end)[0]]

    pieces = {
        Span(chain[0].start, chain[-1].end): chain
        for found in chains(marked, hits, between)
        for chain in [tuple(spans[place] for place in found)]
    }
    if not pieces:
        return Match(NOT_FOUND, ())
    chosen = _chosen(text, list(pieces), prefix, suffix, fold_words)
    insertions = tuple(Span(start, end) for start, end in marked.insertions)
    return Match(ELIDED, chosen, tuple(pieces[span] for span in chosen), insertions)


def _chosen(
    text: str, spans: list[Span], prefix: str, suffix: str, form: Callable[[str], str] = str
) -> tuple[Span, ...]:
    """The places that the hints speak for: all that tie. `form` folds hints and neighbourhood alike."""
    if len(spans) > 1 and (prefix or suffix):
        scores = [_agreement(text, span, prefix, suffix, form) for span in spans]
        best = max(scores)
        spans = [span for span, score in zip(spans, scores, strict=True) if score == best]
    return tuple(spans)


def context(text: str, span: Span, width: int = 32) -> tuple[str, str]:
    """The words before and after a span, at most `width` code points each: what an anchor keeps as prefix and suffix.

    The outer ends are moved inwards so that no word, accent or joined emoji is cut in half; a single word longer than
    `width` is cut between characters, as there is nothing else to keep. The inner ends are the span's own: joined
    together, prefix + span + suffix always stand in the text. Raises ValueError when the span is not in the text.
    """
    span.of(text)
    low = max(0, span.start - width)
    start = low
    while start < span.start and splits_word(text, start):
        start += 1
    if not text[start : span.start].strip():
        start = low
    while start < span.start and splits_character(text, start):
        start += 1
    high = min(len(text), span.end + width)
    end = high
    while end > span.end and splits_word(text, end):
        end -= 1
    if not text[span.end : end].strip():
        end = high
    while end > span.end and splits_character(text, end):
        end -= 1
    before, after = text[start : span.start], text[span.end : end]
    return (before.lstrip() if start else "") or before, (after.rstrip() if end < len(text) else "") or after


def _agreement(text: str, span: Span, prefix: str, suffix: str, form: Callable[[str], str]) -> int:
    """How many code points of the two hints agree with what stands around the span, counted outwards from it."""
    before = text[max(0, span.start - len(prefix)) : span.start]
    after = text[span.end : span.end + len(suffix)]
    return _common(form(prefix)[::-1], form(before)[::-1]) + _common(form(suffix), form(after))


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
