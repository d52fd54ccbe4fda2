"""What a check found and only an editor can decide: records held back, words not found, sources that moved."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from claims.choices import Status
from claims.models import Anchor, Contradiction, Event, Statement
from claims.roles import readable
from claims.waiting import Part, Queue, Row, label_of, text_of
from sources.choices import SourceState, Tier
from sources.forms import short
from sources.models import CaptureIndex, Source

_LARGE = ("folded", "runs", "words", "capture__text", "capture__excerpt_map")
_HELD = Q(status=Status.PUBLISHED, held_since__isnull=False)


def held_statements() -> QuerySet[Statement]:
    held = Statement.objects.filter(_HELD)
    return held.select_related("speaker").defer("search").order_by("held_since", "pk")


def held_pairs() -> QuerySet[Contradiction]:
    held = Contradiction.objects.filter(_HELD)
    return held.select_related("first__speaker", "second__speaker", "question").order_by("held_since", "pk")


def unfound_drafts() -> QuerySet[Statement]:
    lost = Anchor.objects.relied_on().exclude(tier__in=Tier.found()).filter(statement=OuterRef("pk"))
    drafts = Statement.objects.filter(Exists(lost), status__in=(Status.DRAFT, Status.IN_REVIEW))
    return drafts.select_related("speaker", "last_edited_by").defer("search").order_by("-pk")


def moved_sources() -> QuerySet[Source]:
    """Sources that no longer stand as they were captured, with how many published statements rest on each."""
    resting = Statement.objects.filter(status=Status.PUBLISHED, capture__source=OuterRef("pk")).order_by()
    last = Event.objects.filter(row_table="sources_source", row_id=OuterRef("pk"), after__has_key="state").order_by(
        "-id"
    )
    moved = Source.objects.exclude(state=SourceState.LIVE).annotate(
        resting=Coalesce(Subquery(resting.values("capture__source").annotate(n=Count("pk")).values("n")), 0),
        moved_at=Subquery(last.values("at")[:1]),
        moved_by=text_of(last.values("actor__username")),
    )
    return moved.filter(resting__gt=0).select_related("outlet").order_by("-resting", "pk")


def held(*, acts: bool, approves: bool) -> list[Queue]:
    steps = ("release", "withdraw") if approves else ("withdraw",) if acts else ()
    return [
        Queue(
            "held-statements",
            "Statements held back",
            "A check failed or the source was retracted: readers do not see them. Show them again, or withdraw them.",
            (Part(held_statements(), _held_row),),
            steps=steps,
        ),
        Queue(
            "held-pairs",
            "Pairs held back",
            "They rest on such a statement. Show the statement again first, then the pair.",
            (Part(held_pairs(), _held_row),),
            steps=steps,
        ),
    ]


def _held_row(record: Any) -> Row:
    return Row(record, label_of(record), record.held_reason, "", record.held_since, getattr(record, "language", ""))


def unfound(user: Any, *, acts: bool) -> Queue:
    return Queue(
        "unfound",
        "Drafts whose words are not found",
        "They cannot be published as they stand. Copy the words once more, or choose the right capture.",
        (Part(readable(user, unfound_drafts()), _unfound_row),),
        mine=acts,
    )


def _unfound_row(statement: Statement) -> Row:
    who = getattr(statement.last_edited_by, "username", "")
    why = "The check did not find its words in the captured text."
    return Row(statement, label_of(statement), why, who, None, statement.language)


def moved(*, acts: bool) -> Queue:
    return Queue(
        "sources",
        "Sources that changed, are gone or were retracted",
        "Readers are told so beside every statement. Look whether the statements still say what the source says.",
        (Part(moved_sources(), _moved_row),),
        mine=acts,
    )


def _moved_row(source: Any) -> Row:
    rests = "statement rests" if source.resting == 1 else "statements rest"
    why = f"{source.get_state_display()}; {source.resting} published {rests} on it."
    return Row(source, label_of(source), why, source.moved_by, source.moved_at, source.language)


def copies(*, acts: bool) -> list[Queue]:
    kept = CaptureIndex.objects.select_related("capture__source").defer(*_LARGE).order_by("pk")
    return [
        Queue(
            "faulty",
            "Kept copies with a fault",
            "The last check found something wrong with the copy itself. An operator restores it from a backup.",
            (Part(kept.exclude(fault=""), lambda index: _copy(index, index.fault)),),
            mine=acts,
        ),
        Queue(
            "unchecked",
            "Copies not checked yet",
            "They were loaded and not filed here. `manage.py recheck` holds what rests on the source against them.",
            (
                Part(
                    kept.filter(checked_at__isnull=True),
                    lambda index: _copy(index, "Nothing was held against this copy yet."),
                ),
            ),
            mine=False,
        ),
    ]


def _copy(index: CaptureIndex, why: str) -> Row:
    capture, source = index.capture, index.capture.source
    return Row(capture, f"{short(source.title)}, kept {capture.captured_at:%Y-%m-%d}", why, language=source.language)
