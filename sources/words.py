"""Where words begin and end, and which of them deny. Pure: why a quotation may not cut a word."""

import re
import unicodedata

# Marks over and under Arabic letters that writers may leave out: tanwin, vowels, shadda, sukun, small alef, Quranic
# signs. Not madda and hamza (U+0653–0655): they are part of the letter.
ARABIC_MARKS = frozenset(
    map(chr, (*range(0x0610, 0x061B), *range(0x064B, 0x0653), *range(0x0656, 0x0660), 0x0670, *range(0x06D6, 0x06DD)))
) | frozenset(map(chr, (*range(0x06DF, 0x06E5), 0x06E7, 0x06E8, *range(0x06EA, 0x06EE))))

_JOINERS = "’'\u200c\u200d\u0640"  # Inside a word: apostrophes, zero-width (non-)joiner, the Arabic stretching stroke.
_APOSTROPHES = "’'ʼ＇"
_INVISIBLE = "\u00ad\u200b\u200c\u2060\ufeff\u0640"
_LINKS = _APOSTROPHES + _INVISIBLE + "-‐‑−–"  # Between two letters these keep one word together.
_MINUS = "-−–"
_IN_NUMBERS = ".,:/٫٬'’\u00a0\u202f"  # Between two digits these keep one number together.
_ARABIC_PREFIXES = "وفبك"  # And, so, by, as: written onto the next word.
_ARTICLES = frozenset({"al", "el", "ar", "as", "ash", "at", "az", "an", "ad", "l", "d"})  # Al-Asad, l'accord.

# Scripts without spaces between words (or, Korean, with particles written on): no boundary can be told without a
# dictionary, so any place will do.
SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)

NEGATIONS = re.compile(
    r"\b(?:not?|never|none|nor|neither|nobody|nothing|nowhere|cannot|without|hardly|barely|rarely|ne|pas|jamais)\b"
    r"|n['’]t\b|\b[وف]?(?:لا|لم|لن|ليس\w*|غير|بدون|دون|عدم|كلا|لست\w*)\b",
    re.IGNORECASE,
)


def in_word(character: str) -> bool:
    return character.isalnum() or character in _JOINERS or unicodedata.category(character).startswith("M")


def splits_word(text: str, at: int) -> bool:
    """Whether a cut before text[at] falls inside a word or a character. Joiners count as letters."""
    return 0 < at < len(text) and ((in_word(text[at - 1]) and in_word(text[at])) or splits_character(text, at))


def cuts_in(text: str, start: int) -> bool:
    """Whether a quotation that begins at `start` leaves out the beginning of a word or number.

    Allowed all the same: after an article joined by a hyphen or apostrophe ("Al-Asad", "l'accord"), and after one of
    the Arabic prefixes and, so, by, as before the article ال.
    """
    if not _joined(text, start):
        return False
    left = text[start - 1]
    if left in _ARABIC_PREFIXES and text.startswith("ال", start) and not _joined(text, start - 1):
        return False
    if left in _APOSTROPHES or left in "-‐‑":
        begin = start - 1
        while begin and begin > start - 5 and text[begin - 1].isalpha():
            begin -= 1
        return text[begin : start - 1].lower() not in _ARTICLES or not text[start].isalpha() or _joined(text, begin)
    return True


def cuts_off(text: str, end: int) -> bool:
    """Whether a quotation that stops before `end` leaves out the rest of a word or number; a possessive 's may go."""
    if not _joined(text, end):
        return False
    return not (text[end] in _APOSTROPHES and text[end + 1 : end + 2] in {"s", "S"} and not _joined(text, end + 2))


def _joined(text: str, at: int) -> bool:
    """Whether the characters before and after `at` belong to one word, number or character."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if left == right == " " or left == "\n":
        return False
    if splits_character(text, at):
        return True
    beyond, behind = text[at + 1 : at + 2], text[at - 2 : at - 1] if at > 1 else ""
    if left.isalnum() or left in ARABIC_MARKS or unicodedata.category(left)[0] == "M":
        if right.isalnum():
            return not (SPACELESS.match(left) or SPACELESS.match(right))
        if right in _LINKS and beyond.isalnum():
            return True
        return right in _IN_NUMBERS and left.isdecimal() and beyond.isdecimal()
    if right.isalnum():
        if left in _LINKS and (behind.isalnum() or (behind and unicodedata.category(behind)[0] == "M")):
            return True
        if left in _MINUS and right.isdecimal():
            return not behind or behind.isspace() or behind in "($€£"
        return left in _IN_NUMBERS and right.isdecimal() and behind.isdecimal()
    return False


def splits_character(text: str, at: int) -> bool:
    """Whether a cut before text[at] falls inside what a reader sees as one character.

    A close guess at the grapheme clusters of Unicode annex 29 without its tables: marks, joined emoji, skin tones,
    tags, flags and CR LF, not Hangul jamo (NFC has composed those) and not Indic conjuncts.
    """
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if right.isascii():
        return left == "\u200d" or left + right == "\r\n"
    if unicodedata.category(right).startswith("M") or right in "\u200c\u200d" or left == "\u200d":
        return True
    if "\U0001f3fb" <= right <= "\U0001f3ff" or "\U000e0020" <= right <= "\U000e007f":
        return True
    if _is_flag_half(left) and _is_flag_half(right):
        run = at
        while run > 0 and _is_flag_half(text[run - 1]):
            run -= 1
        return (at - run) % 2 == 1
    return False


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
