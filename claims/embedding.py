"""Records on other sites: what an address of ours leads to, and the frame that shows it there (oEmbed 1.0)."""

import json
import math
from dataclasses import dataclass
from html import escape as escaped
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from claims import drawing
from claims.accounts import shown_words
from claims.models import Contradiction, Statement
from claims.references import SITE, title_of
from sources.localising import label

WIDTH = 640  # Pixels.
AGE = 3600  # Seconds for which an answer may be kept.
NOT_IN_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], " ")
# The pages that can be embedded, by the name of their address: the model, and its part of the embed's address.
EMBEDDED: dict[str, Any] = {"contradiction_detail": Contradiction, "statement_detail": Statement}


@dataclass(frozen=True)
class Frame:
    """The card of a record in a frame of this size; `height` is what its words need at this width, about."""

    title: str
    src: str
    width: int
    height: int

    @property
    def html(self) -> str:
        """Needs no script and no rights of the page around it, but to open the full record beside it."""
        shown = " ".join(
            f'{name}="{escaped(str(value))}"'
            for name, value in {
                "src": self.src,
                "title": self.title,
                "width": self.width,
                "height": self.height,
                "style": "border:0;max-width:100%",
                "loading": "lazy",
                "referrerpolicy": "no-referrer",
                "sandbox": "allow-popups allow-popups-to-escape-sandbox",
            }.items()
        )
        return f"<iframe {shown}></iframe>"


def asked_for(address: str) -> tuple[Any, str, str]:
    """The model, reference and language of a page of ours that can be embedded.

    Raises ValidationError with code “invalid” where it is no address of this site, “unknown” where it leads to no such
    page. Only SITE_URL says what is ours.
    """
    try:
        asked, own = urlsplit(address), urlsplit(settings.SITE_URL)
        ours = asked.scheme in {"http", "https"} and asked.netloc.lower() == own.netloc.lower()
    except ValueError:
        ours = False
    if not ours:
        message = f"“url” must be the whole address of a page of this site: {settings.SITE_URL}/contradictions/…/"
        raise ValidationError(message, code="invalid")
    path = asked.path if asked.path.endswith("/") else f"{asked.path}/"
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    try:
        with translation.override(language):
            found = resolve(path)
    except Resolver404:
        found = None
    if found is None or found.url_name not in EMBEDDED:
        raise ValidationError("There is no statement or pair at this address.", code="unknown")
    if "as_of" in parse_qs(asked.query):
        raise ValidationError("A page as it stood cannot be embedded: leave “as_of” out.", code="unknown")
    return EMBEDDED[found.url_name], found.kwargs["ref"], language


def frame_of(record: Contradiction | Statement, width: int = WIDTH, most: int | None = None) -> Frame:
    """In the language that is spoken now. No query after `for_reading` (with words)."""
    src = settings.SITE_URL + reverse(f"embed_{record._meta.model_name}", args=[record.ref])
    needed = _height(record, width)
    return Frame(f"{title_of(record)} · {SITE}", src, width, min(needed, most) if most else needed)


def _height(record: Contradiction | Statement, width: int) -> int:
    """Pixels that the card takes: head and foot, and a line for so many characters. Too much rather than too little."""
    pair = isinstance(record, Contradiction)
    beside = pair and width >= 520
    accounts = [record.first, record.second] if isinstance(record, Contradiction) else [record]
    column = (width - 62) / 2 if beside else width - 38
    each = [_account_height(account, column) for account in accounts]
    title = len(record.question.text) if isinstance(record, Contradiction) else 0
    # The question, what was found in a sentence, the way to the full record, whose card it is.
    around = _lines(title, 11.5, width - 38) * 27 + (_lines(150, 7.8, width - 38) * 23 + 20 if pair else 0)
    return 65 + around + 46 * _lines(90, 7.8, width - 38) + (max(each) if beside else sum(each) + 16 * len(each))


def _account_height(statement: Statement, column: float) -> int:
    """Who, in what form, the words, what the check found, when and where."""
    source = statement.capture.source
    said = f"{label(statement.said)}{statement.date_words}{source.title}{source.outlet.name}"
    return (
        24 * _lines(len(statement.speakers_label), 10.5, column)
        + 23 * _lines(len(statement.cue) + 34, 7.8, column)
        + 28 * _lines(len(shown_words(statement)[0]), 9.8, column)
        + 23 * _lines(48, 7.8, column)
        + 23 * _lines(len(said) + 34, 7.8, column)
        + 34
        + _marks(statement)
    )


def _lines(characters: int, each: float, width: float) -> int:
    """How many lines so many characters take, `each` so many pixels wide."""
    return math.ceil(characters * each / width)


def _marks(statement: Statement) -> int:
    """Room for what is said of a statement that does not stand as it was."""
    marks = (statement.rank_note, statement.corrected, statement.capture.source.state != "live")  # type: ignore[attr-defined]
    return 30 * sum(map(bool, marks)) + len(statement.rank_note) // 2


def answer_of(
    record: Contradiction | Statement, *, thumbnail: str, max_width: int | None, max_height: int | None
) -> dict[str, str | int]:
    """The answer of oEmbed. A picture that is larger than asked for is left out, as the standard wants."""
    frame = frame_of(record, min(WIDTH, max_width or WIDTH), max_height)
    answer: dict[str, str | int] = {
        "type": "rich",
        "version": "1.0",
        "title": title_of(record),
        "provider_name": SITE,
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": AGE,
        "html": frame.html,
        "width": frame.width,
        "height": frame.height,
    }
    if (max_width or drawing.WIDTH) >= drawing.WIDTH and (max_height or drawing.HEIGHT) >= drawing.HEIGHT:
        answer |= {"thumbnail_url": thumbnail, "thumbnail_width": drawing.WIDTH, "thumbnail_height": drawing.HEIGHT}
    return answer


def as_json(answer: dict[str, str | int]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def as_xml(answer: dict[str, str | int]) -> str:
    fields = "".join(f"<{name}>{escape(str(value).translate(NOT_IN_XML))}</{name}>" for name, value in answer.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{fields}</oembed>\n'
