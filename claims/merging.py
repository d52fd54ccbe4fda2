"""Two speakers who are one: what would move, what stands against it, and the proposal that moves it.

Whoever turns out to be another keeps the row, which leads there (`merged_into`), so that the address answers and a
second person can take all of it back, row by row.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from claims import corrections
from claims.choices import CorrectionKind, NameKind, SpeakerKind, Status
from claims.models import Contradiction, Correction, Reply, Speaker, SpeakerName, Statement
from claims.naming import WAYS, naming
from sources.acting import acting
from sources.refusals import enforced

_JOINT = Statement.further_speakers.through.objects


@dataclass(frozen=True)
class Preview:
    """What a merger would do: under each label what moves; why it cannot be; and what to look at before."""

    moves: tuple[tuple[str, tuple[Any, ...]], ...]
    refusals: tuple[str, ...]
    notes: tuple[str, ...]


def preview(loser: Speaker, winner: Speaker) -> Preview:
    """What merging `loser` into `winner` would move. 9 queries; changes nothing."""
    statements = Statement.objects.select_related("speaker")
    moves = [(label, tuple(statements.filter(**{way: loser}).distinct())) for way, label in WAYS]
    moves.append(("Other names", tuple(loser.names.all())))
    moves.append(("Bodies and people that belong to them", tuple(loser.parts.exclude(pk=winner.pk))))
    return Preview(
        tuple((label, rows) for label, rows in moves if rows),
        tuple(refusals(loser, winner)),
        tuple(_notes(loser, winner)),
    )


def refusals(loser: Speaker, winner: Speaker) -> list[str]:
    """Why these two cannot be one, in an editor's words; [] where they can."""
    if loser.pk == winner.pk:
        return ["This is one and the same record; choose the other speaker."]
    found = []
    for speaker in (loser, winner):
        if speaker.kind == SpeakerKind.UNNAMED:
            found.append(
                f"“{speaker.name}” is unnamed: it is the descriptor of one source, and nobody knows who it is. Correct "
                "the speaker of the statement instead, if the source names them."
            )
        if speaker.kind == SpeakerKind.OUTLET:
            found.append(f"“{speaker.name}” is an outlet in its own voice, which belongs to the outlet.")
        if speaker.merged_into_id:
            found.append(f"“{speaker.name}” is merged into another already; choose that one.")
    if loser.kind != winner.kind and not found:
        found.append(
            f"One is of the kind “{loser.get_kind_display()}”, the other “{winner.get_kind_display()}”. If they are "
            "one, put the kind right first."
        )
    return found


def _notes(loser: Speaker, winner: Speaker) -> list[str]:
    both = _said_by_both(loser, winner).count()
    one, other = voiced_by(loser), voiced_by(winner)
    pairs = Contradiction.objects.filter(
        Q(first__in=one, second__in=other) | Q(first__in=other, second__in=one)
    ).exclude(status=Status.WITHDRAWN)
    found = []
    if both:
        found.append(f"Said by both jointly: {both}. They will be said by one, and each answer counts once.")
    if count := pairs.count():
        found.append(
            f"Pairs that set the two against each other: {count}. They will be of one speaker: look whether each is a "
            "reversal or a self-contradiction, and propose to correct it."
        )
    return found


def voiced_by(speaker: Speaker) -> QuerySet[Statement, dict[str, Any]]:
    """The keys of the statements that somebody makes, alone or jointly; for a subquery."""
    joint = _JOINT.filter(speaker=speaker).values("statement")
    return Statement.objects.filter(Q(speaker=speaker) | Q(pk__in=joint)).values("pk")


def _said_by_both(loser: Speaker, winner: Speaker) -> QuerySet[Statement]:
    return Statement.objects.filter(pk__in=voiced_by(loser)).filter(pk__in=voiced_by(winner))


def propose(loser: Speaker, winner: Speaker, *, reason: str, by: Any) -> Correction:
    """Propose that `loser` is `winner`; a second person decides. Raises ValidationError with every reason against it.

    Cost: a few queries for each statement that moves, since each is tried as it would be approved.
    """
    if found := refusals(loser, winner):
        raise ValidationError(found, code="not_one")
    opens = Statement.objects.filter(pk__in=naming(loser), status=Status.PUBLISHED).order_by("pk")
    kind = CorrectionKind.MERGE
    with enforced(), acting(by=by, reason=reason):
        corrections.refuse_twice(loser, lambda waiting: waiting.kind == kind)
        with corrections.trying(loser, kind=kind, reason=reason, by=by, opens=list(opens)) as tried:
            _merge(loser, winner)
        return corrections.keep(loser, kind=kind, reason=reason, by=by, rows=tried.rows)


def _merge(loser: Speaker, winner: Speaker) -> None:
    """The work itself, in the order in which the rules allow it."""
    # A link is never changed, only taken out and put in, so that the past of each stays simple.
    joined = list(_JOINT.filter(speaker=loser).values_list("statement", flat=True))
    _JOINT.filter(speaker=loser).delete()
    Statement.objects.filter(speaker=loser).update(speaker=winner)
    _JOINT.filter(speaker=winner, statement__speaker=winner).delete()
    present = set(Statement.objects.filter(pk__in=voiced_by(winner)).values_list("pk", flat=True))
    _JOINT.bulk_create([_JOINT.model(statement_id=key, speaker=winner) for key in sorted(joined) if key not in present])
    Statement.objects.filter(on_behalf_of=loser).update(on_behalf_of=winner)
    Statement.objects.filter(relays=loser).update(relays=winner)
    Reply.objects.filter(speaker=loser).update(speaker=winner)
    if winner.parent_id == loser.pk:
        Speaker.objects.filter(pk=winner.pk).update(parent=loser.parent_id)
    Speaker.objects.filter(parent=loser).exclude(pk=winner.pk).update(parent=winner)
    _move_names(loser, winner)
    Speaker.objects.filter(pk=loser.pk).update(merged_into=winner)


def _move_names(loser: Speaker, winner: Speaker) -> None:
    known = set(SpeakerName.objects.filter(speaker=winner).values_list("text", "language"))
    for name in loser.names.order_by("pk"):
        if (name.text, name.language) not in known:
            SpeakerName.objects.filter(pk=name.pk).update(speaker=winner)
            known.add((name.text, name.language))
    if loser.name != winner.name and (loser.name, "en") not in known:
        SpeakerName.objects.create(speaker=winner, text=loser.name, language="en", kind=NameKind.SHORT)
