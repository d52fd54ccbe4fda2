"""What the check of a statement's words tells the editor: how they agree, what stands there instead, what follows."""

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.anchors import Place, find_places
from sources.anchoring import Span, context
from sources.choices import Tier
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
            },
        ).strip()
    )


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
