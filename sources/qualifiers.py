"""Whether a source goes on, after a quotation, with words that limit it: “…, he noted, but pointed out …”. Pure.

Only a warning hangs on it, so it is generous: an editor who is asked once too often loses a second, one who is not
asked publishes half of what was said.
"""

import re

from sources.anchoring import Span
from sources.excerpts import OMISSION

REACH = 400  # Code points looked at after the quotation.

# The words of the issue, their common kin, and the Arabic ones with a joined "and" and pronouns.
_QUALIFIER = re.compile(
    r"(?<![\w’'-])(?:"
    r"but(?! also\b)|unless|however|except(?:ing)?|although|though|albeit|nevertheless|nonetheless"
    r"|provided that|only if"
    r"|[وف]?لك(?:نّ?|نه|نها|نهم|نني|ننا)|إلا|[وف]?غير أن(?:ه|ها|هم)?|[وف]?بيد أن(?:ه|ها|هم)?|[وف]?مع ذلك|ما لم|شريطة"
    r")(?![\w’'-])",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?؟۔…][”»\"’)\]]*(?=\s)|\n\s*\n")
_ABBREVIATED = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sen|Rep|Gov|St|No)\.$")


def qualified_by(text: str, span: Span) -> Span | None:
    """Where a limiting word stands after the span: in the rest of its sentence, or at the head of the next one.

    The rest of the sentence counts past a cue (“…,” he noted, but …). After a quotation with a full stop of its own
    the whole next sentence counts, as that may be the cue's (“….” He added, however, that …). None where nothing
    limits it, or not before an empty line. Raises ValueError when the span is not in the text.
    """
    end = min(len(text), span.end + REACH)
    # What an excerpt has after an omission is not what followed.
    gap = text.find(OMISSION, span.end, end)
    end = end if gap == -1 else gap
    if _ends_sentence(span.of(text) + text[span.end : span.end + 2]):
        found = _QUALIFIER.search(text, span.end, _sentence_end(text, _first_word(text, span.end), end))
        return _unless_after_gap(text, span.end, found)
    rest = _sentence_end(text, span.end, end)
    if found := _QUALIFIER.search(text, span.end, rest):
        return Span(*found.span())
    head = _first_word(text, rest)
    return _unless_after_gap(text, rest, _QUALIFIER.match(text, head, end))


def _ends_sentence(words: str) -> bool:
    """Whether the words, with the two characters after them, end in a full stop and closing marks only."""
    kept = words.rstrip('”»"’)] \n')
    return kept.endswith((".", "!", "?", "؟", "۔")) and not _ABBREVIATED.search(kept)


def _sentence_end(text: str, start: int, end: int) -> int:
    for stop in _STOP.finditer(text, start, end):
        if not _ABBREVIATED.search(text, max(0, stop.start() - 5), stop.start() + 1):
            return stop.end()
    return end


def _first_word(text: str, at: int) -> int:
    while at < len(text) and not text[at].isalnum():
        at += 1
    return at


def _unless_after_gap(text: str, start: int, found: re.Match[str] | None) -> Span | None:
    """The word found, unless an empty line parts it from the quotation."""
    return Span(*found.span()) if found and "\n\n" not in text[start : found.start()] else None
