"""Pure: the form in which text is kept, and its hash."""

import hashlib
import unicodedata


def normalise(text: str) -> str:
    """Text as it is kept: Unicode NFC, lines ended by a line feed (browsers send CR LF from every text area)."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def digest(text: str) -> str:
    """The sha256 of a text as it is kept: 64 lower-case hexadecimal digits over its UTF-8 bytes.

    Raises ValueError for text that UTF-8 cannot hold (lone surrogates).
    """
    return hashlib.sha256(normalise(text).encode()).hexdigest()
