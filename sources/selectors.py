"""Anchors as the W3C Web Annotation Data Model writes them, out and in: TextQuoteSelector, TextPositionSelector. Pure.

The recommendation counts characters as Unicode code points, as we do. Many tools in browsers count UTF-16 units all the
same, so on the way in the quotation decides and the position only chooses among several places.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from sources.anchoring import EXACT, NOT_FOUND, Match, Span, context, locate
from sources.folding import Folded

LONGEST = 1_000_000  # Code points of a selector's text.


class TextQuoteSelector(TypedDict):
    type: Literal["TextQuoteSelector"]
    exact: str
    prefix: str
    suffix: str


class TextPositionSelector(TypedDict):
    type: Literal["TextPositionSelector"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Selected:
    """What selectors say, read and checked: words with their hints, a span, or both."""

    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    span: Span | None = None


def write_selectors(text: str, span: Span, width: int = 32) -> tuple[TextQuoteSelector, TextPositionSelector]:
    """Both selectors of a span, for an annotation's target. Raises ValueError when the span is not in the text."""
    prefix, suffix = context(text, span, width)
    return (
        {"type": "TextQuoteSelector", "exact": span.of(text), "prefix": prefix, "suffix": suffix},
        {"type": "TextPositionSelector", "start": span.start, "end": span.end},
    )


def read_selectors(value: object) -> Selected:
    """One selector or a list of them, from JSON that anybody may have written. ValueError says what to mend.

    Other kinds of selector and other properties are passed over, as the recommendation asks.
    """
    selectors = value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]
    words: tuple[str, str, str] | None = None
    span: Span | None = None
    for selector in selectors:
        if not isinstance(selector, Mapping):
            raise ValueError("A selector is a JSON object with a type.")
        kind = selector.get("type")
        if kind == "TextQuoteSelector":
            if words is not None:
                raise ValueError("There are two TextQuoteSelectors; send one for each anchor.")
            words = (_text(selector, "exact"), _text(selector, "prefix"), _text(selector, "suffix"))
            if not words[0].strip():
                raise ValueError("The TextQuoteSelector's “exact” is empty; it needs the words as printed.")
        elif kind == "TextPositionSelector":
            if span is not None:
                raise ValueError("There are two TextPositionSelectors; send one for each anchor.")
            span = _span(selector)
    if words is None and span is None:
        raise ValueError("There is no TextQuoteSelector and no TextPositionSelector.")
    return Selected(*(words or ("", "", "")), span=span)


def resolve(text: str, selected: Selected, *, folded: Folded | None = None) -> Match:
    """Where selectors point in the text.

    With words, the words are located, and of several places the one at the position is taken; a position that
    disagrees with the words counts for nothing. A position alone is believed if it is in the text.
    """
    if not selected.exact:
        inside = selected.span is not None and selected.span.end <= len(text)
        return Match(EXACT, (selected.span,)) if selected.span and inside else Match(NOT_FOUND, ())
    match = locate(text, selected.exact, selected.prefix, selected.suffix, folded=folded)
    if selected.span in match.spans and match.ambiguous:
        chosen = match.spans.index(selected.span)
        return Match(match.tier, (match.spans[chosen],), match.pieces[chosen : chosen + 1], match.insertions)
    return match


def _text(selector: Mapping[object, object], name: str) -> str:
    value = selector.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"The TextQuoteSelector's “{name}” must be text.")
    if len(value) > LONGEST:
        raise ValueError(f"The TextQuoteSelector's “{name}” is longer than {LONGEST:,} characters.")
    return unicodedata.normalize("NFC", value)


def _span(selector: Mapping[object, object]) -> Span:
    start, end = selector.get("start"), selector.get("end")
    # type() rather than isinstance(): JSON's true is an int to Python, and is no offset.
    if not (type(start) is int and type(end) is int and 0 <= start < end):
        raise ValueError("The TextPositionSelector needs whole numbers with 0 ≤ start < end.")
    return Span(start, end)
