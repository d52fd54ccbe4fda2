"""Links that scroll a browser to the words in the source: `URL#:~:text=[prefix-,]start[,end][,-suffix]`. Pure.

The rules are those of https://wicg.github.io/scroll-to-text-fragment/, tried in Chromium. Browsers look for whole
words, whatever their capitals and white space; each part lies in one block of the page (here: a line of the text), but
prefix and start, or start and end, may lie in different ones. The first place that fits is the one shown.
"""

import re
from urllib.parse import quote

from sources.anchoring import Span
from sources.words import splits_word

LONGEST_START = 240  # Code points; a longer passage is named by its first and last words, or the link grows too long.
_WORDS_AT_ENDS = (4, 6, 9, 14, 20)
_WORDS_AROUND = (2, 3, 5, 8, 12, 20)

_BLOCK = re.compile(r"[^\n\u2028\u2029]+")
_WORD = re.compile(r"\S+")


def text_fragment(text: str, span: Span) -> str:
    """The fragment `#:~:text=…` for a span of a text; words cut by the span are taken whole.

    Words before and after are added until the text has one such place. Where even many do not tell the places apart (a
    caption printed twice), the first is shown. Raises ValueError when the span is not in the text or has no words.
    """
    if not any(character.isalnum() for character in span.of(text)):
        raise ValueError("These characters hold no word that a link could name.")
    low, high = span.start, span.end
    while low > 0 and splits_word(text, low):
        low -= 1
    while high < len(text) and splits_word(text, high):
        high += 1
    blocks = [match.span() for match in _BLOCK.finditer(text, low, high) if any(map(str.isalnum, match[0]))]
    page = _Page(text)
    low, high = blocks[0][0], blocks[-1][1]
    if len(blocks) == 1 and len(text[low:high].strip()) <= LONGEST_START:
        start, end = _plain(text[low:high]), ""
    else:
        start, end = _ends(page, text[slice(*blocks[0])], text[slice(*blocks[-1])], low, high, len(blocks) == 1)
    prefix, suffix = _around(page, start, end, low, high)
    parts = [f"{_escaped(prefix)}-"] if prefix else []
    parts += [_escaped(start)] + ([_escaped(end)] if end else [])
    parts += [f"-{_escaped(suffix)}"] if suffix else []
    return "#:~:text=" + ",".join(parts)


def link_to_words(url: str, text: str, span: Span) -> str:
    """The address with the fragment; an own fragment of the address stays before it."""
    address, _, own = url.partition("#")
    own = own.partition(":~:")[0]
    return f"{address}#{own}{text_fragment(text, span).removeprefix('#')}"


class _Page:
    """The text as a browser compares it: small letters, one space for each run of white space, blocks run together."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = _plain(text).casefold()

    def count(self, words: str, most: int = 2) -> int:
        needle, found, at = words.casefold(), 0, -1
        while found < most and (at := self.plain.find(needle, at + 1)) != -1:
            found += not (splits_word(self.plain, at) or splits_word(self.plain, at + len(needle)))
        return found


def _ends(page: _Page, first: str, last: str, low: int, high: int, one_block: bool) -> tuple[str, str]:
    """The first words of the first block and the last words of the last, as few as stand only once."""
    heads, tails = [match.end() for match in _WORD.finditer(first)], [match.start() for match in _WORD.finditer(last)]
    # In one block the two may not overlap.
    most_head, most_tail = (len(heads) // 2, len(tails) // 2) if one_block else (len(heads), len(tails))
    if one_block and len(heads) < 2:
        return _plain(first), ""
    start = end = ""
    for count in _WORDS_AT_ENDS:
        start = _plain(first[: heads[min(count, most_head) - 1]])
        if page.count(start) == 1:
            break
    inside = _Page(page.text[low:high])
    for count in _WORDS_AT_ENDS:
        end = _plain(last[tails[-min(count, most_tail)] :])
        if inside.count(end) == 1:
            break
    return start, end


def _around(page: _Page, start: str, end: str, low: int, high: int) -> tuple[str, str]:
    """Words before and, if that is not enough, after; none where the start stands once."""
    if page.count(start) < 2:
        return "", ""
    prefix = suffix = ""
    for count in _WORDS_AROUND:
        prefix, before = _before(page.text, low, count)
        if prefix and page.count(before + start) == 1:
            return prefix, ""
        if not end:
            suffix, after = _after(page.text, high, count)
            if suffix and page.count(start + after) == 1:
                return "", suffix
            if page.count(before + start + after) == 1:
                return prefix, suffix
    return prefix, suffix


def _before(text: str, low: int, count: int) -> tuple[str, str]:
    """The last words of the block before `low`, up to it, punctuation included: alone, and with the space after."""
    head = text[max(0, low - 1000) : low]
    stripped = head.rstrip()
    block = re.split(r"[\n\u2028\u2029]", stripped)[-1]
    words = list(_WORD.finditer(block))
    prefix = _plain(block[words[max(0, len(words) - count)].start() :]) if words else ""
    return prefix, prefix + (" " if len(stripped) < len(head) else "")


def _after(text: str, high: int, count: int) -> tuple[str, str]:
    tail = text[high : high + 1000]
    stripped = tail.lstrip()
    block = re.split(r"[\n\u2028\u2029]", stripped)[0]
    words = list(_WORD.finditer(block))
    suffix = _plain(block[: words[min(count, len(words)) - 1].end()]) if words else ""
    return suffix, (" " if len(stripped) < len(tail) else "") + suffix


def _plain(text: str) -> str:
    return " ".join(text.split())


def _escaped(words: str) -> str:
    """Percent-encoded, with the three signs that the syntax itself uses."""
    return quote(words, safe="", errors="replace").replace("-", "%2D")
