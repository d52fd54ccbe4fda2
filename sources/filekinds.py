"""What a file is, told by its first bytes. Pure; no Django. Its name only parts Markdown from plain text."""

import re
from pathlib import PurePath

PDF, HTML, MARKDOWN, TEXT = "pdf", "html", "markdown", "text"
HEAD = 4096  # Bytes that `kind_of` wants to see.

_PASTE = "Open it and paste the text, or save it as PDF or plain text."
_NOT_READ = (
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or PowerPoint file"),
    (b"{\\rtf", "a Rich Text (RTF) file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"%!PS", "a PostScript file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"OggS", "a sound recording"),
    (b"ID3", "a sound recording"),
    (b"fLaC", "a sound recording"),
    (b"SQLite format 3\x00", "a database"),
)
# What is named near the head of a zip archive → whose files are such archives.
_ZIPPED = (
    (b"word/", "a Word file (a zip archive)"),
    (b"xl/", "an Excel file (a zip archive)"),
    (b"ppt/", "a PowerPoint file (a zip archive)"),
    (b"application/epub", "an EPUB book (a zip archive)"),
    (b"application/vnd.oasis", "an OpenDocument file (a zip archive)"),
    (b"[Content_Types].xml", "a Word, Excel or PowerPoint file (a zip archive)"),
)
_READ = frozenset({".pdf", ".html", ".htm", ".xhtml", ".txt", ".md", ".markdown"})
_MARKUP = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)


class KindError(ValueError):
    """A sentence for the editor: what the file is, and what to do instead."""


def kind_of(head: bytes, *, name: str = "", content_type: str = "") -> str:
    """PDF, HTML, MARKDOWN or TEXT. Raises KindError for a file whose words are not read here.

    `head` is the first HEAD bytes, `name` the file's own name, `content_type` what a server called it.
    """
    if b"%PDF-" in head[:1024]:
        return PDF
    what = next((what for magic, what in _NOT_READ if head.startswith(magic) and _sure(magic, head)), "")
    if head.startswith(b"PK\x03\x04"):
        what = next((what for part, what in _ZIPPED if part in head), "a zip archive")
    if not what and head[4:8] == b"ftyp":
        what = "a film or a picture (MP4, HEIC)"
    if not what and head[:4] == b"RIFF":
        what = "a picture (WebP)" if head[8:12] == b"WEBP" else "a sound or film recording"
    suffix = PurePath(name.lower()).suffix
    if what:
        named = f", although its name ends in {suffix}" if suffix in _READ else ""
        raise KindError(f"This is {what}{named}. {_advice(what)}")
    if suffix == ".pdf" or content_type == "application/pdf":
        raise KindError("This is called a PDF and is none: its first bytes are not a PDF's. Save it again as PDF.")
    # The tags of UTF-16 stand between NULs.
    plain = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if _MARKUP.search(plain):
        return HTML
    if suffix in {".md", ".markdown"} or content_type == "text/markdown":
        return MARKDOWN
    if content_type in {"text/html", "application/xhtml+xml"} or suffix in {".html", ".htm", ".xhtml"}:
        return HTML
    return TEXT


def _sure(magic: bytes, head: bytes) -> bool:
    """Two letters may also begin a text: then bytes that no text has must follow."""
    return len(magic) > 3 or b"\0" in head[:64] or not magic.isascii()


def _advice(what: str) -> str:
    if "picture" in what:
        return "Words in a picture are not read: type them, or paste what a text recognition gives, and compare it."
    if "recording" in what:
        return "Sound is not read: paste a transcript."
    if what.endswith("archive"):
        return "Unpack it, and choose the file that is in it."
    return _PASTE
