"""Where records name a speaker: what moves when two speakers are one, and what may not be left behind."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from claims.models import Speaker, Statement

# Beside saying it alone: the relation by which a statement names a speaker, and what the preview calls it.
WAYS = (
    ("speaker", "Statements"),
    ("further_speakers", "Joint statements, as a further speaker"),
    ("on_behalf_of", "Statements by somebody who speaks for them"),
    ("relays", "Statements that pass on their words"),
    ("right_of_reply__speaker", "Statements to which they replied"),
)


def naming(speaker: Speaker) -> set[int]:
    """The keys of the statements that name somebody in any way. One query."""
    named = Q()
    for way, _ in WAYS:
        named |= Q(**{way: speaker})
    return set(Statement.objects.filter(named).values_list("pk", flat=True))


def refuse_remains(speaker: Any) -> None:
    """Raise ValidationError where a merger that was just written leaves something behind, or leads to nobody."""
    speaker.refresh_from_db()
    if speaker.merged_into_id is None:
        return
    if speaker.merged_into.merged_into_id or naming(speaker) or speaker.parts.exists():
        raise ValidationError(
            f"“{speaker}” is named by other records now than when this was proposed, or whoever they are was merged "
            "too. Decline it, and propose it anew on what stands now.",
            code="stale",
        )
