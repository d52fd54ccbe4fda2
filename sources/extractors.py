"""Text and what a file says about itself, out of HTML, Markdown and PDF. Runs in a confined process; no Django.

The libraries are the extra `capture` of pyproject.toml; a missing one is a MissingLibrary with what to install. None of
them is ever asked to fetch.
"""

import contextlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import IO, Any

from sources.kept_text import MOST_TEXT

MOST_FRONT_MATTER = 65_536  # Characters of front matter that are looked at.

SCRAMBLED = (
    "PDF text in Arabic comes out scrambled by every extractor tried; compare it with the page, word by word. "
    "Numbers, quotation marks and the order of words suffer first."
)
_RIGHT_TO_LEFT = {"R", "AL"}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


class Unreadable(ValueError):
    """A sentence for the editor: why there is no text, and what to do."""


class MissingLibrary(Unreadable):
    def __init__(self, library: str) -> None:
        super().__init__(
            f"This site cannot read such files: {library} is not installed. Paste the text, or ask whoever runs the "
            "site to install the packages of requirements.txt."
        )


@dataclass(slots=True)
class Drawn:
    """What came out of a file: its text, the library that drew it, its own words about itself, and warnings."""

    text: str
    extractor: str = ""
    version: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    scrambled: bool = False


# --- HTML ------------------------------------------------------------------------------------------------------------

_BLOCKS = frozenset({"p", "head", "item", "row", "quote", "code", "ab", "figDesc", "dd", "dt"})


def from_html(text: str) -> Drawn:
    """The article's words: no menus, no comments. A blank line between paragraphs, cells parted by a tab."""
    try:
        import trafilatura
    except ImportError as error:
        raise MissingLibrary("trafilatura") from error
    if re.search("<!ENTITY", text[:20_000], re.IGNORECASE):
        raise Unreadable(
            "This page defines entities, as only files that are built to break programs do; paste its text."
        )
    try:
        found: Any = trafilatura.bare_extraction(
            text, include_comments=False, include_tables=True, favor_recall=True, with_metadata=False
        )
    except (RecursionError, MemoryError, ValueError, AssertionError) as error:
        raise Unreadable("This page is built in a way that cannot be read safely; paste its text.") from error
    body = getattr(found, "body", None)
    words = "\n\n".join(_paragraphs(body)) if body is not None else ""
    if not words:
        raise Unreadable("No article was found in this page; paste its text.")
    warning = (
        "The program that read the page leaves out menus, captions, comments and repetitions; compare it with the page."
    )
    return Drawn(words, "trafilatura", version("trafilatura"), warnings=[warning])


def _paragraphs(body: Any) -> Iterator[str]:
    """The blocks of trafilatura's tree in the order of the page; a block inside another is its own paragraph."""
    line: list[str] = []

    def ended() -> Iterator[str]:
        words = re.sub(r"[ \t\n\r]+", " ", "".join(line)).strip(" ").replace("\v", "\n").replace("\f", "\t")
        words = re.sub(r" ?([\n\t]) ?", r"\1", words).strip()
        line.clear()
        if words:
            yield words

    # lxml's own events, not recursion: a page may be as deep as it likes.
    from lxml import etree

    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            if element.tag in _BLOCKS:
                yield from ended()
            elif element.tag == "lb":
                line.append("\v")
            line.append(element.text or "")
        else:
            if element.tag == "cell":
                line.append("\f")
            elif element.tag in _BLOCKS:
                yield from ended()
            line.append(element.tail or "")
    yield from ended()


# --- Markdown --------------------------------------------------------------------------------------------------------


def from_markdown(text: str) -> Drawn:
    """The words without marks: paragraphs as they are broken into lines, link texts without addresses, no HTML."""
    try:
        from markdown_it import MarkdownIt
    except ImportError as error:
        raise MissingLibrary("markdown-it-py") from error
    facts, body = front_matter(text)
    pieces: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        if token.type == "inline":
            pieces.append("".join(_inline(token.children or [])))
        elif token.type in {"fence", "code_block"}:
            pieces.append(token.content.rstrip("\n"))
        elif token.type == "html_block":
            pieces.append(re.sub(r"<!--.*?-->|<[^>]*>", "", token.content, flags=re.DOTALL).strip())
    words = "\n\n".join(piece for piece in pieces if piece.strip())
    if not words:
        raise Unreadable("This file holds no words; choose another one.")
    return Drawn(words, "markdown-it-py", version("markdown-it-py"), facts)


def _inline(tokens: list[Any]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"text", "code_inline", "text_special"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif token.type == "image":
            yield from _inline(token.children or [])


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The block between --- at the head of a file, as lower-case names and plain values, and the text after it.

    A block that is no YAML mapping is taken for text.
    """
    found = _FRONT_MATTER.match(text)
    if not found or len(found[1]) > MOST_FRONT_MATTER:
        return {}, text
    try:
        import yaml
    except ImportError as error:
        raise MissingLibrary("PyYAML") from error
    try:
        # The base loader knows no types: dates and numbers stay as they are written.
        values = yaml.load(found[1], Loader=yaml.BaseLoader)  # noqa: S506  It builds strings, lists and mappings alone.
    except (yaml.YAMLError, RecursionError):
        return {}, text
    if not isinstance(values, dict):
        return {}, text
    facts = {str(name).lower(): _plain(value) for name, value in values.items()}
    return {name: value for name, value in facts.items() if value}, text[found.end() :]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(each for each in value[:10] if isinstance(each, str))[:1000]
    return value[:1000] if isinstance(value, str) else ""


# --- PDF -------------------------------------------------------------------------------------------------------------


def from_pdf(file: IO[bytes]) -> Drawn:
    """The text of all pages, a blank line between them; facts are title, author and the day it was made."""
    try:
        import pypdf
    except ImportError as error:
        raise MissingLibrary("pypdf") from error
    from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

    broken = "This PDF is broken and cannot be read; get it again, or paste its text."
    try:
        reader = pypdf.PdfReader(file, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("This PDF is locked with a password; save a copy without it, or paste its text.")
        pages = len(reader.pages)
        texts, empty, length = [], [], 0
        for number, page in enumerate(reader.pages, 1):
            texts.append(page.extract_text().strip())
            length += len(texts[-1])
            if length > MOST_TEXT:
                break
            if not texts[-1]:
                empty.append(number)
        facts = _pdf_facts(reader)
    except (DependencyError, NotImplementedError) as error:
        raise Unreadable(
            "This PDF is encrypted in a way that is not read here; save a copy without protection, or paste its text."
        ) from error
    except LimitReachedError as error:
        raise Unreadable(
            "This PDF unpacks to more than is read here: it is too large, or built to break programs. Paste its text."
        ) from error
    except (PyPdfError, OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        if isinstance(error, Unreadable):
            raise
        # pypdf meets broken files with any of these: https://github.com/py-pdf/pypdf/issues
        raise Unreadable(broken) from error
    if not pages:
        raise Unreadable(broken)
    words, holes = _whole("\n\n".join(text for text in texts if text))
    if not words.strip():
        raise Unreadable(
            f"This PDF has {pages} {'page' if pages == 1 else 'pages'} and no text: it is probably a scan. Type the "
            "words, or paste what a text recognition gives, and compare it with the page."
        )
    drawn = Drawn(words, "pypdf", version("pypdf"), facts)
    if empty:
        drawn.warnings.append(f"Without text (a picture, or an empty page): {_pages(empty)} of {pages}.")
    if holes:
        drawn.warnings.append(f"{holes:,} characters could not be read and were left out; compare it with the page.")
    drawn.scrambled = is_right_to_left(words)
    return drawn


def is_right_to_left(text: str) -> bool:
    """Whether a text has more than a stray letter of a script that is written from the right."""
    found = 0
    for character in text:
        if character > "\u058f" and unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
            found += 1
            if found == 10:
                return True
    return False


def _whole(text: str) -> tuple[str, int]:
    """Without NUL and half characters, which some PDF fonts give; and how many there were."""
    whole = re.sub("[\0\ud800-\udfff]", "", text)
    return whole, len(text) - len(whole)


def _pages(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    return f"{'page' if len(numbers) == 1 else 'pages'} {shown}{' …' if len(numbers) > 10 else ''}"


def _pdf_facts(reader: Any) -> dict[str, str]:
    facts: dict[str, str] = {}
    # A PDF without a proper information table is still a PDF with words.
    with contextlib.suppress(Exception):
        info = reader.metadata
        if info:
            # Not the day on which the file was made: that is not the day on which anybody published it.
            facts = {"title": info.title or "", "author": info.author or ""}
    return {name: _whole(str(value))[0][:1000] for name, value in facts.items() if value}
