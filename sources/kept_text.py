"""Pure: the form in which text is kept, what is too much to be text at all, and a text's hash."""

import hashlib
import re
import unicodedata

MOST_TEXT = 5_000_000  # Characters of text that are kept of one source.
MOST_MARKS = 50  # Combining marks on one letter; Unicode's own streams of text end at 30 (UAX 15).

# Where such a pile may be: no mark is a letter, a digit or a blank, and none stands before U+0300.
_PERHAPS = re.compile(rf"[^\w\s\x00-\u02ff]{{{MOST_MARKS + 1},}}")
# Tibetan vowels that count as letters and come apart into two marks.
_TWO_MARKS = "\u0f73\u0f75\u0f81"


def normalise(text: str) -> str:
    """Text as it is kept: Unicode NFC, lines ended by a line feed (browsers send CR LF from every text area).

    Costs time in proportion to the length, whatever the text: Python alone sorts a pile of n marks in n² steps, ten
    seconds for 80,000, so long piles are sorted beforehand, which NFC allows.
    """
    return unicodedata.normalize("NFC", _PERHAPS.sub(_in_order, text.replace("\r\n", "\n")))


def typed(text: str) -> str:
    """What was typed into a page that is no form: as it is kept, without blanks around it and without NUL, which no
    column takes."""
    return normalise(text.replace("\0", "")).strip()


def unreasonable(text: str) -> str:
    """A sentence for the editor where a text is no text but a heap of marks (more than MOST_MARKS on one letter), else
    "". Asks for no normalised text."""
    for found in _PERHAPS.finditer(text):
        run = 0
        for place, character in enumerate(found[0], found.start()):
            run = run + 1 if unicodedata.combining(character) or character in _TWO_MARKS else 0
            if run > MOST_MARKS:
                start = place - MOST_MARKS
                return (
                    f"At place {start:,} of the text more than {MOST_MARKS} accents or vowel marks are heaped on one "
                    "letter, which no script does; delete them."
                )
    return ""


def digest(text: str) -> str:
    """The sha256 of a text as it is kept: 64 lower-case hexadecimal digits over its UTF-8 bytes.

    Raises ValueError for text that UTF-8 cannot hold (lone surrogates).
    """
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def _in_order(found: re.Match[str]) -> str:
    """A pile taken apart, each run of its marks in canonical order; anything else as it is."""
    if not unreasonable(found[0]):
        return found[0]
    done: list[str] = []
    run: list[str] = []
    for character in "".join(unicodedata.normalize("NFD", each) for each in found[0]):
        if unicodedata.combining(character):
            run.append(character)
            continue
        done += [*sorted(run, key=unicodedata.combining), character]
        run = []
    return "".join([*done, *sorted(run, key=unicodedata.combining)])
