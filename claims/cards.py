"""What stands on a record’s picture: the words for claims/drawing.py, in English, and the same as alternative text."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from claims import drawing
from claims.accounts import CONFLICT, Account, account
from claims.choices import Finding, Mode, Rank
from claims.drawing import Card, Column, Words
from claims.models import Contradiction, Statement, Topic
from claims.reading import correction_mark, state_mark
from claims.templatetags.reading import closing, direction, opening

SITE = "Rashomon"
CREED = "Records who said what. Never says who is right."
TONES = {Finding.CONTRADICTS: "#9b1c1c", Finding.IN_TENSION: "#54418e", Finding.APPARENT_ONLY: "#4f5660"}


def card_of(record: Contradiction | Statement | Topic) -> Card:
    """The card of a public record. No query after `for_reading` (with words), of a topic after `with_counts`."""
    with translation.override(settings.LANGUAGE_CODE):
        if isinstance(record, Contradiction):
            columns = (_column(record.first, record.first_words), _column(record.second, record.second_words))
            mark = correction_mark(record.corrected)  # type: ignore[attr-defined]
            finding = f"{record.get_finding_display()} · {mark}" if mark else record.get_finding_display()
            tone = TONES[Finding(record.finding)]
            return _card(record.question.topic.title, record.question.text, finding, tone, columns)
        if isinstance(record, Topic):
            summary = Column("", "", Words((record.summary,) if record.summary else ()), _counts(record))
            return _card("Topic", record.title, "", "", (summary,))
        return _card("Statement", "", "", "", (_column(record),))


def alt_of(card: Card) -> str:
    """The card in one line, for those who do not see it."""
    said = [
        ", ".join(part for part in (each.name, each.label) if part) + (": " if each.name else "") + each.words.text
        for each in card.columns
    ]
    parts = [card.title, f"{card.finding}." if card.finding else "", " / ".join(said)]
    return " ".join(part for part in parts if part)


def tag_of(card: Card) -> str:
    """What tells a picture from every other, without drawing it."""
    return f'"{hashlib.sha256(f"{drawing.EDITION} {card!r}".encode()).hexdigest()[:32]}"'


def _card(kicker: str, title: str, finding: str, tone: str, columns: tuple[Column, ...]) -> Card:
    host = urlsplit(settings.SITE_URL).netloc
    return Card(SITE, kicker, title, finding, tone, columns, f"{host} · {CREED}")


def _column(statement: Statement, conflicting: str = "") -> Column:
    shown = account(statement, conflicting)
    outlet = statement.capture.source.outlet.name
    return Column(statement.speakers_label, form_of(shown), _words(shown), f"{shown.when} · {outlet}")


def form_of(shown: Account) -> str:
    """How the source gives the words, and every mark that a reader must know beside them."""
    statement = shown.statement
    # A quotation is what is shown between marks; else the words are somebody's wording of what was said.
    form = statement.get_mode_display() if shown.quoted or statement.mode != Mode.DIRECT else "Not found as quoted"
    parts = [
        f"{form}, introduced by “{statement.cue}”" if statement.cue else form,
        "as interpreted" if statement.interpreted else "",
        "" if statement.rank == Rank.NORMAL else statement.get_rank_display(),
        state_mark(statement.capture.source),
        correction_mark(statement.corrected),  # type: ignore[attr-defined]
    ]
    return " · ".join(part for part in parts if part)


def _words(shown: Account) -> Words:
    language = shown.statement.language
    pieces = tuple("".join(segment.text for segment in piece) for piece in shown.pieces)
    if not all(map(drawing.can_draw, pieces)):
        return Words((f"Words in another script ({language}): read them on the page.",))
    marks = (opening(language), closing(language)) if shown.quoted else ("", "")
    return Words(pieces, marks, direction(language) == "rtl", _conflict(shown))


def _conflict(shown: Account) -> tuple[int, int, int] | None:
    """The first run of words that pull apart: piece, start, end."""
    for number, piece in enumerate(shown.pieces):
        at = 0
        for segment in piece:
            if CONFLICT in segment.keys:
                return number, at, at + len(segment.text)
            at += len(segment.text)
    return None


def _counts(topic: Topic) -> str:
    statements, pairs = topic.statement_count, topic.pair_count  # type: ignore[attr-defined]
    said = f"{statements:,} statement{'' if statements == 1 else 's'}"
    return f"{said} · {pairs:,} comparison{'' if pairs == 1 else 's'}"
