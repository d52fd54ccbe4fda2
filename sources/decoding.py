"""Bytes to text: which encoding a file is in, and a clear word where it cannot be read. Pure; no Django.

What an editor chose is believed first, then a byte order mark, then UTF-8 where the bytes are that, then what the file
or the server says, and UTF-16 that forgot its mark. Nothing is read with replacement characters: a quotation with a
hole in it is none.
"""

import codecs
import re
from dataclasses import dataclass

from sources.kept_text import normalise, unreasonable

# The encodings that may be declared or chosen: name as shown → Python's codec. Latin-1 is read as Windows-1252, as
# browsers do: nobody means the control characters in between.
ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF-16": "utf-16",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
    "Windows-1256": "cp1256",
    "ISO-8859-6": "iso8859-6",
    "Windows-1252": "cp1252",
    "Windows-1250": "cp1250",
    "Windows-1251": "cp1251",
    "KOI8-R": "koi8-r",
    "Windows-1253": "cp1253",
    "Windows-1254": "cp1254",
    "Windows-1255": "cp1255",
    "ISO-8859-15": "iso8859-15",
    "GB18030": "gb18030",
    "Big5": "big5",
    "Shift_JIS": "shift_jis",
    "EUC-KR": "euc-kr",
}
_BY_CODEC = {codecs.lookup(codec).name: name for name, codec in ENCODINGS.items()}
_ALSO = {
    "latin-1": "Windows-1252",
    "ascii": "Windows-1252",
    "gbk": "GB18030",
    "gb2312": "GB18030",
    "cp932": "Shift_JIS",
}
_BY_CODEC |= {codecs.lookup(label).name: name for label, name in _ALSO.items()}

# UTF-32's mark begins with UTF-16's: the longer first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HEAD = 4096  # Bytes in which a file says what it is in.
_SAMPLE = 200_000  # Bytes looked at to guess.


class DecodingError(ValueError):
    """A sentence for the editor: why these bytes cannot be read, and what to do."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text as it is kept, the encoding it was in, and where that was known from."""

    text: str
    encoding: str
    known_from: str


def decode(data: bytes, *, declared: str = "", chosen: str = "") -> Decoded:
    """Read bytes as text, NFC and with line feeds alone. Raises DecodingError.

    `declared` is the charset a server gave, `chosen` a name in ENCODINGS that the editor chose; both may be "".
    """
    if not data:
        raise DecodingError("The file is empty; choose another one.")
    encoding, known_from, start = _encoding_of(data, declared, chosen)
    codec = encoding if encoding.startswith("utf-") else ENCODINGS[encoding]
    try:
        text = data[start:].decode(codec)
    except UnicodeDecodeError as error:
        raise _unreadable(data, error, encoding, start, bool(chosen)) from error
    if "\0" in text:
        where = text.index("\0")
        raise DecodingError(
            f"There is a NUL character at place {where:,} of the text: this is no plain text, or not in the encoding "
            "it was read in. Choose the encoding, or paste the text."
        )
    if heaped := unreasonable(text):
        raise DecodingError(heaped)
    text = normalise(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise DecodingError("The file holds nothing but blanks; choose another one.")
    name = next((name for _, each, name in _MARKS if each == encoding), encoding)
    return Decoded(text, name, known_from)


def name_of(label: str) -> str:
    """The name in ENCODINGS for a label such as "latin1" or "windows-1256"; "" for one that is not taken."""
    try:
        return _BY_CODEC.get(codecs.lookup(label.strip()).name, "")
    except (LookupError, ValueError):
        return ""


def declared_in(data: bytes) -> str:
    """The charset that an XML declaration or a <meta> of the first 4,096 bytes names, as written; "" for none."""
    found = _DECLARED.search(data[:_HEAD])
    return (found[1] or found[2]).decode("ascii") if found else ""


def _encoding_of(data: bytes, declared: str, chosen: str) -> tuple[str, str, int]:
    """The encoding (a name in ENCODINGS, or the codec of a byte order mark), where from, and the length of its mark."""
    mark = next(((bom, codec) for bom, codec, _ in _MARKS if data.startswith(bom)), None)
    if chosen:
        return chosen, "as you chose", len(mark[0]) if mark and mark[1] == ENCODINGS[chosen] else 0
    if mark:
        return mark[1], "by its byte order mark", len(mark[0])
    if b"\0" in data:
        if wide := _wide(data):
            return wide, "by its bytes", 0
        where = data.index(b"\0")
        raise DecodingError(
            f"There is a NUL character at byte {where:,}: this is no text file. Choose the encoding if you know it, or "
            "paste the text."
        )
    if is_utf8(data):
        return "UTF-8", "by its bytes", 0
    says = name_of(declared) or name_of(declared_in(data))
    if says and not says.startswith("UTF-16"):
        return says, "as declared", 0
    if says or (wide := _wide(data)):
        return says or wide, "as declared" if says else "by its bytes", 0
    return "UTF-8", "as nothing else was declared", 0


def is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8; other encodings hardly ever are by chance, if they have anything but ASCII."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> str:
    """UTF-16LE or UTF-16BE where the bytes make words in it, else "".

    Other encodings read as UTF-16 are a scatter of rare characters; text is of a few blocks, with spaces.
    """
    if len(data) % 2:
        return ""
    for name in ("UTF-16LE", "UTF-16BE"):
        try:
            sample = data[:_SAMPLE].decode(ENCODINGS[name])
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                continue
            sample = data[: error.start].decode(ENCODINGS[name])
        common = sum(
            character in "\t\n\r" or " " <= character < "\u0700" or "\u2010" <= character <= "\u2027"
            for character in sample
        )
        if common >= 0.95 * len(sample) and any(character in sample for character in " \n"):
            return name
    return ""


def _unreadable(data: bytes, error: UnicodeDecodeError, encoding: str, start: int, chosen: bool) -> DecodingError:
    where = f"byte {error.start + start:,}"
    name = next((name for _, each, name in _MARKS if each == encoding), encoding)
    if error.reason.startswith(("unexpected end", "truncated")) and error.end == len(data) - start:
        return DecodingError(
            f"The file ends in the middle of a character ({name}, {where} of {len(data):,}): it was probably cut off. "
            "Get the whole file and try again."
        )
    if chosen:
        return DecodingError(
            f"This file is not in {name}, which you chose: {where} cannot be read in it. Choose another encoding."
        )
    likely = likely_encoding(data)
    hint = f" It looks like {likely}: choose that encoding and send the file again." if likely else ""
    also = "" if likely else " Choose the encoding it is in, or save it as UTF-8, and send it again."
    return DecodingError(
        f"This file is not in {name}: {where} (0x{data[error.start + start]:02X}) cannot be read.{hint}{also}"
    )


def likely_encoding(data: bytes) -> str:
    """The encoding in which bytes that are not UTF-8 make words, or "": a guess to offer, never one to act upon."""
    high = bytes(byte for byte in data[:_SAMPLE] if byte >= 0x80)
    if not high:
        return ""

    def share(codec: str, first: str, last: str) -> float:
        return sum(first <= character <= last for character in high.decode(codec, "replace")) / len(high)

    if wide := _wide(data):
        return wide
    letters = sum(byte < 0x80 and chr(byte).isalpha() for byte in data[:_SAMPLE])
    if letters > 2 * len(high):
        # A few accents among plain letters.
        return "Windows-1252" if share("cp1252", "\u0080", "\u009f") == 0 else ""
    if share("cp1256", "\u0600", "\u06ff") >= 0.85:
        return "Windows-1256"
    for name, codec in (("Windows-1251", "cp1251"), ("KOI8-R", "koi8-r")):
        if share(codec, "а", "я") >= 0.8:
            return name
    return ""
