"""Links that scroll a browser to the words in the source: `URL#:~:text=[prefix-,]start[,end][,-suffix]`. Pure.

The rules are those of https://wicg.github.io/scroll-to-text-fragment/, tried in Chromium. Browsers look for whole
words, whatever their capitals and white space; each part lies in one block of the page (here: a line of the text), but
prefix and start, or start and end, may lie in different ones. The first place that fits is the one shown.

A link is made from what an anchor keeps, so that no page needs the whole text for it. Whether the words stand more than
once is then not known, and the words around always go in, where they stand in the same block: what stands between two
blocks of a page (a picture, an advertisement) is not in the text.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

from sources.excerpts import OMISSION
from sources.words import splits_word

LONGEST_START = 240  # Code points; a longer passage is named by its first and last words, or the link grows too long.
WORDS_AT_ENDS = 6
SHORTEST_BLOCK = 100  # Code points; a shorter block, as a headline, may be printed twice: the block before tells which.

_BLOCK = re.compile(r"[^\n\u2028\u2029]+")
_BREAK = re.compile(r"[\n\u2028\u2029]")
_WORD = re.compile(r"\S+")


def fragment_of(exact: str, prefix: str = "", suffix: str = "") -> str:
    """The fragment `#:~:text=…` for words and what stands before and after them, as an anchor keeps the three.

    Words cut by the passage are taken whole as far as prefix and suffix have the rest. What stands beyond a mark of
    omission (`[…]` of an excerpt) is not used: it is not beside these words in the source. Raises ValueError when there
    are no words.
    """
    if not any(map(str.isalnum, exact)):
        raise ValueError("These characters hold no word that a link could name.")
    before, after = prefix.rpartition(OMISSION)[2], suffix.partition(OMISSION)[0]
    text, low, high = before + exact + after, len(before), len(before) + len(exact)
    while low > 0 and splits_word(text, low):
        low -= 1
    while high < len(text) and splits_word(text, high):
        high += 1
    blocks = [match.span() for match in _BLOCK.finditer(text, low, high) if any(map(str.isalnum, match[0]))]
    low, high = blocks[0][0], blocks[-1][1]
    start, end = _plain(text[low:high]), ""
    if len(blocks) > 1 or len(start) > LONGEST_START:
        start, end = _ends(text[slice(*blocks[0])], text[slice(*blocks[-1])], len(blocks) == 1)
    before, after = _last_line(text[:low]), _first_line(text[high:])
    if not before and not after and high - low < SHORTEST_BLOCK:
        before = _last_line(text[:low].rstrip())
    parts = [f"{_escaped(before)}-"] if before else []
    parts += [_escaped(start)] + ([_escaped(end)] if end else [])
    parts += [f"-{_escaped(after)}"] if after else []
    return "#:~:text=" + ",".join(parts)


def link_to_words(url: str, pieces: Iterable[tuple[str, str, str]]) -> str:
    """The address with a fragment for each piece (exact, prefix, suffix); an own fragment of the address stays.

    A browser marks all the pieces and scrolls to the first. "" where no piece has a word.
    """
    fragments = [fragment_of(*piece) for piece in pieces if any(map(str.isalnum, piece[0]))]
    if not fragments:
        return ""
    address, _, own = url.partition("#")
    directives = "&".join(fragment.removeprefix("#:~:") for fragment in fragments)
    return f"{address}#{own.partition(':~:')[0]}:~:{directives}"


def _ends(first: str, last: str, one_block: bool) -> tuple[str, str]:
    """The first words of the first block and the last words of the last; in one block the two may not overlap."""
    heads, tails = _WORD.findall(first), _WORD.findall(last)
    if one_block and len(heads) < 2:
        return _plain(first), ""
    most = min(WORDS_AT_ENDS, len(heads) // 2) if one_block else WORDS_AT_ENDS
    return " ".join(heads[:most]), " ".join(tails[-most:])


def _last_line(text: str) -> str:
    """What stands before a place in its own block, punctuation included."""
    return _plain(_BREAK.split(text)[-1])


def _first_line(text: str) -> str:
    return _plain(_BREAK.split(text)[0])


def _plain(text: str) -> str:
    return " ".join(text.split())


def _escaped(words: str) -> str:
    """Percent-encoded, with the three signs that the syntax itself uses."""
    return quote(words, safe="", errors="replace").replace("-", "%2D")
