"""A file's bytes to a text with proposals, safely: the reading happens in a confined process (`python -m` this module).

`extract` is for the desk. The file is handed to the process as it lies on the disk and never read into the server's
memory; what comes back is at most MOST_TEXT characters, or a sentence.
"""

import json
import sys
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from sources.confinement import MEMORY, Broken, confine, refuse_the_network, run
from sources.decoding import DecodingError, decode, is_utf8
from sources.extractors import SCRAMBLED, Drawn, Unreadable, from_html, from_markdown, from_pdf
from sources.filekinds import HEAD, HTML, MARKDOWN, PDF, KindError, kind_of
from sources.kept_text import MOST_TEXT, normalise, unreasonable
from sources.metadata import Proposal, from_facts, from_text
from sources.metadata import from_html as proposals_of_page

MOST_UPLOAD = 50 * 1024 * 1024  # Bytes of a file.
MOST_PAGE = 10_000_000  # Characters of HTML; larger ones are built to hurt.
CPU_SECONDS = 20
WALL_SECONDS = 30
MOST_ANSWER = 8 * MOST_TEXT  # Bytes: four for the rarest character, and JSON's escapes.

TOO_LONG = (
    f"This text is longer than {MOST_TEXT:,} characters, the most that is kept of one source; part the file and bring "
    "in the parts."
)


class ExtractionError(ValueError):
    """A sentence for the editor: why there is no text, and what to do."""


@dataclass(slots=True)
class Extracted:
    """A file's text as it is kept (NFC, line feeds), what drew it out, warnings, and proposals for the source."""

    text: str
    extractor: str = ""
    version: str = ""
    warnings: list[str] = field(default_factory=list)
    scrambled: bool = False
    proposals: list[Proposal] = field(default_factory=list)


def extract(
    file: IO[bytes], *, name: str = "", content_type: str = "", charset: str = "", chosen: str = "", base: str = ""
) -> Extracted:
    """Read a file on the disk. Raises ExtractionError with what is wrong; costs up to WALL_SECONDS.

    `name` and `content_type` are what the file is called, `charset` what a server declared, `chosen` the encoding that
    the editor chose (a name in sources.decoding.ENCODINGS), `base` the address it came from.
    """
    asked = {"name": name, "content_type": content_type, "charset": charset, "chosen": chosen, "base": base}
    try:
        with run(
            "sources.extraction", json.dumps(asked), source=file, seconds=WALL_SECONDS, answer=MOST_ANSWER
        ) as answer:
            found = json.load(answer)
    except Broken as broken:
        spent = f"{WALL_SECONDS} seconds" if broken.late else f"{MEMORY >> 30} GB of memory, or broke its reader"
        raise ExtractionError(
            f"Reading this file took more than {spent}: it is too large, or built to break programs. Paste the text."
        ) from None
    if "error" in found:
        raise ExtractionError(found["error"])
    found["proposals"] = [Proposal(**proposal) for proposal in found["proposals"]]
    return Extracted(**found)


def read(file: IO[bytes], asked: dict[str, str]) -> Extracted:
    """What the confined process does: kind, text, proposals. Raises Unreadable, KindError or DecodingError."""
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Unreadable("The file is empty; choose another one.")
    kind = kind_of(head, name=asked["name"], content_type=asked["content_type"])
    file.seek(0)
    if kind == PDF:
        drawn = from_pdf(file)
        return _answer(drawn, [*from_facts(drawn.facts), *from_text(drawn.text)])
    data = file.read(MOST_UPLOAD + 1)
    # No encoding has more than four bytes a character.
    if len(data) > MOST_UPLOAD or (kind != HTML and len(data) > 4 * MOST_TEXT):
        raise Unreadable(TOO_LONG)
    decoded = decode(data, declared=asked["charset"], chosen=asked["chosen"])
    other = asked["chosen"] not in {"", "UTF-8"} and not decoded.text.isascii() and is_utf8(data)
    del data
    if kind == HTML:
        if len(decoded.text) > MOST_PAGE:
            raise Unreadable(f"This page is longer than {MOST_PAGE:,} characters; paste the article's text.")
        proposals = proposals_of_page(decoded.text, base=asked["base"])
        drawn = from_html(decoded.text)
        proposals += from_text(drawn.text)
    elif kind == MARKDOWN:
        drawn = from_markdown(decoded.text)
        proposals = [*from_facts(drawn.facts), *from_text(drawn.text)]
    else:
        drawn = Drawn(decoded.text)
        proposals = from_text(drawn.text)
    if other:
        drawn.warnings.append("The file is UTF-8, and was read in another encoding because you chose it; look closely.")
    elif decoded.encoding != "UTF-8":
        drawn.warnings.append(f"Read as {decoded.encoding}, {decoded.known_from}.")
    return _answer(drawn, proposals)


def _answer(drawn: Drawn, proposals: list[Proposal]) -> Extracted:
    text = normalise(drawn.text)
    if len(text) > MOST_TEXT:
        raise Unreadable(TOO_LONG)
    if heaped := unreasonable(text):
        raise Unreadable(heaped)
    if drawn.scrambled:
        drawn.warnings.insert(0, SCRAMBLED)
    once = {each.field: each for each in reversed(proposals)}
    return Extracted(text, drawn.extractor, drawn.version, drawn.warnings, drawn.scrambled, list(once.values()))


def main() -> int:
    """Answer in JSON on standard output; anything unforeseen ends with a code that is not 0."""
    confine(seconds=CPU_SECONDS, answer=MOST_ANSWER)
    asked: dict[str, str] = json.loads(sys.argv[1])
    refuse_the_network()
    answer: dict[str, Any]
    try:
        answer = asdict(read(sys.stdin.buffer, asked))
    except (Unreadable, KindError, DecodingError) as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
