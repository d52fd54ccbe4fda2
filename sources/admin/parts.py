"""Page two of the way in, text by text: what is shown of each, what was sent for it, and where it is to be cut."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField
from django.http import QueryDict

from sources import splitting
from sources.differences import Stretch, difference
from sources.forms import short
from sources.intake import PartForm, TextOnItsWay
from sources.keeping import BEFORE_KEEPING
from sources.kept_text import digest, normalise
from sources.models import Capture, Source

MOST_PARTS = 20  # Texts on one page.
MOST_LINES = 300  # Beginnings of paragraphs that are listed with their numbers.
MOST_COMPARED = 2_000_000  # Characters of two texts together; longer ones are not compared on the page.


@dataclass(slots=True)
class Row:
    """A field of the form, and where its proposal was read."""

    field: BoundField
    origin: str = ""


@dataclass(slots=True)
class Shown:
    """One text on page two."""

    form: TextOnItsWay
    number: int
    about: list[Row]
    copy: list[Row]
    warnings: list[str]
    # Where another text may begin, and the numbers of the lines with which paragraphs do.
    places: list[splitting.Place] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)
    # What was asked for and refused: the places that were ticked, the numbers that were typed.
    ticked: list[str] = field(default_factory=list)
    typed: str = ""
    # The hash of the text, sent back when the editor keeps it as one though another seems to begin in it.
    one: str = ""
    # Other captures with this very text.
    elsewhere: list[Capture] = field(default_factory=list)
    # The source that the text would be another copy of, and how it differs from the newest one.
    known: Source | None = None
    stretches: list[Stretch] | None = None
    foretold: list[str] = field(default_factory=list)
    not_compared: str = ""


def shown(form: TextOnItsWay, source: Source | None, number: int, *, copies: bool) -> Shown:
    """A text with everything an editor wants to know before it is kept; what is kept already only where `copies` says
    that this editor may see it."""
    text = normalise(str(form["text"].value() or ""))
    note = form.found
    origins = note.origins if note else {}
    copy = [name for name in ("compared", "rights", "archive_url") if name in form.fields]
    hidden = {each.name for each in form.hidden_fields()}
    about = [name for name in form.fields if name not in {"text", "as_copy", *copy, *hidden}]
    page = Shown(
        form,
        number,
        _rows(form, [name for name in _ORDER if name in about], origins),
        _rows(form, copy, {}),
        note.warnings if note else [],
    )
    if copies:
        same = Capture.objects.filter(sha256=digest(text)).select_related("source").defer("text", "excerpt_map")
        page.elsewhere = list(same.exclude(source=source)[:3] if source else same[:3])
    if source is None:
        page.places = splitting.places(text)
        page.one = digest(text)
        page.lines = _lines(text)
        page.ticked, page.typed = form.get_initial("places") or [], form.get_initial("line")
    page.known = source or (form.twin if isinstance(form, PartForm) else None)
    if page.known and copies:
        _compare(page, page.known, text)
    elif page.known:
        page.not_compared = "You may not see the copies that are kept, so nothing is compared."
    return page


_ORDER = ("title", "byline", "outlet", "new_outlet", "kind", "url", "locator", "language", "published")


def _rows(form: TextOnItsWay, names: Sequence[str], origins: dict[str, str]) -> list[Row]:
    return [Row(form[name], origins.get(name, "")) for name in names]


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that follow a blank one, with their numbers from 1."""
    lines = text.split("\n")
    found = [
        (number, short(line, 80))
        for number, (before, line) in enumerate(zip(["", *lines], lines, strict=False), 1)
        if number > 1 and line.strip() and not before.strip()
    ]
    return found[:MOST_LINES]


def _compare(page: Shown, known: Source, text: str) -> None:
    latest = known.captures.first()
    if latest is None:
        page.not_compared = "No copy of it is kept yet."
    elif latest.is_excerpt:
        page.not_compared = "The copy that is kept is an excerpt; it cannot be compared with a whole text."
    elif len(latest.text) + len(text) > MOST_COMPARED:
        page.not_compared = "The texts are too long to be compared here."
    elif latest.text == text:
        page.not_compared = "It is the same text as the newest copy; to keep it again writes nothing."
    else:
        page.stretches = difference(latest.text, text)
        page.foretold = [words for tell in BEFORE_KEEPING if (words := tell(known, text))]


def count(data: QueryDict) -> int:
    """How many texts a form holds, by the texts that came, so that none is lost to a wrong number; one at least."""
    return next(number for number in itertools.count() if f"part-{number}-text" not in data) or 1


def as_typed(data: QueryDict, number: int) -> dict[str, Any]:
    """What the form of one text held when it was sent, to show it again as it was."""
    prefix = f"part-{number}-"
    typed: dict[str, Any] = {name.removeprefix(prefix): data[name] for name in data if name.startswith(prefix)}
    return typed | {"places": data.getlist(f"{prefix}places")}


def cut(data: QueryDict) -> list[list[str]]:
    """Each text in the pieces that the editor asked for: the ticked places and the numbers that were typed.

    Raises ValueError with what is wrong about a number, or where the page would hold more than MOST_PARTS.
    """
    pieces = [_cut(data, number) for number in range(count(data))]
    if (number := sum(len(each) for each in pieces)) > MOST_PARTS:
        raise ValueError(
            f"That would be {number} texts; at most {MOST_PARTS} are brought in at once. Nothing was parted or kept: "
            "part it in fewer places, and bring in the rest afterwards."
        )
    return pieces


def unanswered(data: QueryDict) -> str:
    """What is still to be asked before texts are kept: whether one in which another seems to begin is one, or ""."""
    for number in range(count(data)):
        text = data.get(f"part-{number}-text", "")
        if data.get(f"part-{number}-one") != digest(text) and (places := splitting.places(normalise(text))):
            lines = ", ".join(f"line {place.line}" for place in places)
            return (
                f"Nothing is kept yet: in text {number + 1} another text seems to begin ({lines}). Tick the place and "
                "press “Part it there”; or press “Keep” once more, and it is kept as one."
            )
    return ""


def _cut(data: QueryDict, number: int) -> list[str]:
    text = normalise(data.get(f"part-{number}-text", ""))
    asked = [*data.getlist(f"part-{number}-places"), *re.split(r"[\s,;،]+", data.get(f"part-{number}-line", ""))]
    numbers = [each for each in asked if each]
    if wrong := [each for each in numbers if not (each.isdecimal() and len(each) < 9)]:
        raise ValueError(f"“{short(wrong[0], 20)}” is no number of a line; write numbers, parted by commas.")
    return splitting.split(text, {int(each) for each in numbers})
