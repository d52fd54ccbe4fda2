"""What the check of a statement's words tells the editor: how they agree, what stands there instead, what follows."""

import re
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.anchors import Place, find_places
from claims.choices import Status
from claims.models import Statement
from claims.roles import readable
from sources.anchoring import Span, context
from sources.choices import Tier
from sources.elision import read_pieces
from sources.finding import find_in_captures, folded_of
from sources.folding import Folded
from sources.models import Capture
from sources.nearest import find_nearest
from sources.qualifiers import qualified_by

AROUND = 60  # Code points of the source shown on either side.

_SAYS = {
    Tier.EXACT: "stand in the kept copy, character for character",
    Tier.WHITESPACE: "stand in the kept copy; only spaces or line breaks differ",
    Tier.TYPOGRAPHY: "stand in the kept copy; only typography differs (marks, dashes, ligatures)",
    Tier.CASE: "stand in the kept copy; only capital letters differ",
    Tier.ELIDED: "stand in the kept copy, in this order, around the words left out",
}


def found_words(name: str, text: str, place: Place) -> SafeString:
    """“The words stand in the kept copy …”, with the passage in its context."""
    before, after = context(text, place.span, AROUND)
    pieces = [(text[piece.start : piece.end],) for piece in place.pieces]
    passage = format_html_join(" […] ", "<mark>{}</mark>", pieces)
    return format_html('{} {}: <span dir="auto">…{}{}{}…</span>', name, _SAYS[Tier(place.tier)], before, passage, after)


def missing_words(name: str, capture: Capture, words: str, folded: Folded) -> SafeString:
    """That words are not in the copy, what it has instead, and which other copies do have them."""
    return SafeString(
        render_to_string(
            "admin/claims/_not_found.html",
            {
                "name": name,
                "words": words,
                "nearest": find_nearest(capture.text, words, folded=folded),
                "elsewhere": find_in_captures(words, besides=capture),
                "denied": denying_omission(capture.text, words, folded),
            },
        ).strip()
    )


def denying_omission(text: str, words: str, folded: Folded) -> str:
    """Why an omission is refused whose pieces all stand in the text; "" where that is not the reason."""
    marked = read_pieces(words)
    if marked is None or len(marked.pieces) < 2:
        return ""
    if not all(find_places(text, piece.words, folded=folded) for piece in marked.pieces):
        return ""
    return (
        "Each piece stands in the text, but they cannot be joined by “[…]”: they stand in another order, or what is "
        "left out between them denies the rest (not, never, no)."
    )


def cautions_of(record: Any, *, by: Any) -> list[SafeString]:
    """What an editor should see once more before a record is published; nothing here forbids it."""
    if not isinstance(record, Statement):
        return []
    capture, folded = record.capture, folded_of(record.capture)
    places = find_places(capture.text, record.content, folded=folded)
    found = [newer_copy_lacks(capture, record.content), limiting_words(capture.text, places[0]) if places else None]
    return [caution for caution in [*found, recorded_already(record, by=by)] if caution]


def recorded_already(statement: Statement, *, by: Any) -> SafeString | None:
    """A warning where the same words of the same copy are on record for the same speaker, as far as they may know."""
    same = (
        readable(by, Statement.objects.all())
        .filter(capture=statement.capture_id, speaker=statement.speaker_id, content=statement.content)
        .exclude(status=Status.WITHDRAWN)
    )
    other = same.exclude(pk=statement.pk).order_by("pk").first()
    if other is None:
        return None
    url = reverse("admin:claims_statement_change", args=[other.pk])
    return format_html(
        'These words of this speaker are recorded already: <a href="{}">{}</a> ({}).',
        url,
        other.ref,
        other.get_status_display().lower(),
    )


_TAKES_A_SIDE = re.compile(
    r"\b(?:claim(?:s|ed)?|admit(?:s|ted)?|conced(?:es|ed)|insinuat(?:es|ed)|alleg(?:es|ed))\b", re.IGNORECASE
)


def loaded_word(words: str, *sources: str) -> str:
    """A warning where our own words say that somebody “claimed” or “admitted” something; "" where a source says so."""
    own = " ".join(sources).casefold()
    found = next((word for word in _TAKES_A_SIDE.findall(words) if word.casefold() not in own), "")
    return f"“{found}” takes a side, and the source does not say so: write “said”, or its own word." if found else ""


def limiting_words(text: str, place: Place) -> SafeString | None:
    """A warning where the source goes on with “but”, “unless”, لكن …; None where it does not."""
    found = qualified_by(text, place.span)
    if found is None:
        return None
    end = min(len(text), found.end + AROUND)
    _, after = context(text, Span(place.span.start, found.end), end - found.end) if end > found.end else ("", "")
    return format_html(
        'The source goes on: <span dir="auto">“{}<mark>{}</mark>{}…”</span> Is the meaning whole without that?',
        text[place.span.end : found.start],
        text[found.start : found.end],
        after,
    )


def newer_copy_lacks(capture: Capture, words: str) -> SafeString | None:
    """A warning where the source has a newer whole copy in which these words are not found."""
    newer = Capture.objects.filter(source=capture.source_id, is_excerpt=False, captured_at__gt=capture.captured_at)
    latest = newer.order_by("-captured_at", "-pk").first()
    if latest is None or find_places(latest.text, words, folded=folded_of(latest)):
        return None
    return format_html(
        "The source has changed: its copy of {} no longer has these words. They stand in the copy of {}.",
        f"{latest.captured_at:%Y-%m-%d %H:%M} UTC",
        f"{capture.captured_at:%Y-%m-%d %H:%M} UTC",
    )
