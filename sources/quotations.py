"""What stands between quotation marks, and which marks hold a name only. Pure: no Django."""

import re

from sources.anchoring import Span
from sources.sentences import paragraphs

_CLOSING = {"“": "”", "«": "»", '"': '"'}
_TRAILING = (",", ".", "،", "۔")
_ABBREVIATED = re.compile(r"\w\.\w\.$")
# Quotation marks after these hold a name, not an utterance: calling itself “revolutionaries.”
_NAMING = re.compile(
    r"(?:\bcall(?:ing|s|ed)? (?:it|him|her|them)sel(?:f|ves)|\b(?:known as|so-called|named|dubbed|nicknamed|code-?named"
    r"|titled|entitled|under the name(?: of)?)|(?:تسمي نفسها|يسمي نفسه|المسماة|المسمى|باسم|بعنوان|يدعى|تدعى))\s*$",
    re.IGNORECASE,
)


def printed_quotations(text: str) -> list[Span]:
    """The spans between quotation marks, marks left out, in order: “…”, "…" and «…».

    A mark inside another pair is ignored, but an opening mark of the same kind starts afresh, so that a forgotten
    closing mark never turns a narrator's words into a quotation. No span crosses a paragraph; a quotation left open
    there counts to the end of its paragraph when the next one opens with the same mark (the English habit for long
    quotations). A straight mark opens after a space, a bracket or an Arabic one-letter prefix, which leaves 5" and
    rock 'n' roll alone; single marks are not read, as an apostrophe looks the same. Cost: one pass over the text.
    """
    spans: list[Span] = []
    parts = paragraphs(text)
    for part, following in zip(parts, [*(part.start for part in parts), len(text)][1:], strict=True):
        start, end = part.start, part.end
        begin: int | None = None
        mark = ""
        for at in range(start, end):
            character = text[at]
            if begin is not None and character == _CLOSING[mark]:
                if begin < at:
                    spans.append(Span(begin, at))
                begin = None
            elif (begin is None or character == mark) and character in _CLOSING and _opens(text, at):
                begin, mark = at + 1, character
        if begin is not None and begin < end and text[following : following + 1] == mark:
            spans.append(Span(begin, end))
    return spans


def holds_a_name(text: str, quotation: Span) -> bool:
    """Whether the words before the opening mark say that a name follows: calling itself “…”, so-called “…”."""
    return bool(_NAMING.search(text[max(0, quotation.start - 41) : quotation.start - 1]))


def without_outlet_mark(text: str, span: Span, *, at_mark: bool) -> Span | None:
    """The span without outer white space and, where it ends at the closing mark, without one comma or full stop."""
    words = span.of(text)
    start, words = span.start + len(words) - len(words.lstrip()), words.strip()
    kept = words.endswith("..") or _ABBREVIATED.search(words)
    if at_mark and words.endswith(_TRAILING) and not kept:
        words = words[:-1].rstrip()
    return Span(start, start + len(words)) if words else None


def _opens(text: str, at: int) -> bool:
    """Whether the mark at `at` can open: a curly one always, a straight one by what stands on its two sides."""
    if text[at] != '"':
        return True
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if not after or after.isspace():
        return False
    prefixed = before in ("و", "ف", "ب", "ل", "ك") and not text[max(0, at - 2) : at - 1].isalnum()
    return not before.isalnum() or prefixed
