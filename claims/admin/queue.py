"""The editors' queue: what a check found, and what only an editor can decide."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.choices import Status
from claims.models import Anchor, Contradiction, Statement
from sources import edtf
from sources.choices import SourceState, Tier
from sources.desk import short
from sources.models import CaptureIndex, Source

_LARGE = ("folded", "runs", "words", "capture__text", "capture__excerpt_map")
_HELD = Q(status=Status.PUBLISHED, held_since__isnull=False)
MOST_ROWS = 50  # Of one kind on the page; the rest is counted.


@dataclass(frozen=True)
class Row:
    """One thing that waits: what it is, why it waits, and where an editor decides."""

    label: str
    url: str
    why: str
    steps: tuple[tuple[str, str], ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Queue:
    """Things that wait for the same decision; `count` is of all of them, `rows` has the first."""

    title: str
    hint: str
    count: int
    rows: tuple[Row, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def held_statements() -> QuerySet[Statement]:
    held = Statement.objects.filter(_HELD)
    return held.select_related("speaker").defer("search").order_by("held_since", "pk")


def held_pairs() -> QuerySet[Contradiction]:
    held = Contradiction.objects.filter(_HELD)
    return held.select_related("first__speaker", "second__speaker", "question").order_by("held_since", "pk")


def unfound_drafts() -> QuerySet[Statement]:
    lost = Anchor.objects.relied_on().exclude(tier__in=Tier.found()).filter(statement=OuterRef("pk"))
    drafts = Statement.objects.filter(Exists(lost), status__in=(Status.DRAFT, Status.IN_REVIEW))
    return drafts.select_related("speaker").defer("search").order_by("-pk")


def moved_sources() -> QuerySet[Source]:
    """Sources that no longer stand as they were captured, with how many published statements rest on each."""
    resting = Count("captures__statements", filter=Q(captures__statements__status=Status.PUBLISHED))
    moved = Source.objects.exclude(state=SourceState.LIVE).annotate(resting=resting).filter(resting__gt=0)
    return moved.select_related("outlet").order_by("-resting", "pk")


def faulty_copies() -> QuerySet[CaptureIndex]:
    return _copies().exclude(fault="")


def unchecked_copies() -> QuerySet[CaptureIndex]:
    return _copies().filter(checked_at__isnull=True)


def _copies() -> QuerySet[CaptureIndex]:
    return CaptureIndex.objects.select_related("capture__source").defer(*_LARGE).order_by("pk")


def waiting() -> int:
    """How many things wait for a decision, for the link on the desk's front page: four counts.

    Sources that moved are shown beside them and not counted: readers are told already, and nothing need be done.
    """
    return sum(rows.count() for rows in (held_statements(), held_pairs(), unfound_drafts(), faulty_copies()))


def queues(user: Any) -> list[Queue]:
    """Every kind of thing that waits and that the user may see, the most urgent first. Two queries for each kind."""
    kinds: list[tuple[str, str, str, QuerySet[Any], Callable[[Any], Row]]] = [
        (
            "claims.view_statement",
            "Statements held back",
            "A check failed or the source was retracted: readers do not see them. Show them again, or withdraw them.",
            held_statements(),
            lambda s: Row(_said(s), _form(s), s.held_reason, _steps(s, user), s.language),
        ),
        (
            "claims.view_contradiction",
            "Pairs held back",
            "They rest on such a statement. Show the statement again first, then the pair.",
            held_pairs(),
            lambda p: Row(
                f"{p.first.speaker} / {p.second.speaker}: {p.question}", _form(p), p.held_reason, _steps(p, user)
            ),
        ),
        (
            "claims.view_statement",
            "Drafts whose words are not found",
            "They cannot be published as they stand. Copy the words once more, or choose the right capture.",
            unfound_drafts(),
            lambda s: Row(_said(s), _form(s), "The check did not find its words in the captured text.", (), s.language),
        ),
        (
            "sources.view_capture",
            "Kept copies with a fault",
            "The last check found something wrong with the copy itself. An operator restores it from a backup.",
            faulty_copies(),
            lambda i: _copy(i, i.fault),
        ),
        (
            "sources.view_source",
            "Sources that changed, are gone or were retracted",
            "Readers are told so beside every statement. Look whether the statements still say what the source says.",
            moved_sources(),
            _moved,
        ),
        (
            "sources.view_capture",
            "Copies not checked yet",
            "They were loaded and not filed here. `manage.py recheck` holds what rests on the source against them.",
            unchecked_copies(),
            lambda i: _copy(i, "Nothing was held against this copy yet."),
        ),
    ]
    return [_queue(title, hint, rows, row) for may, title, hint, rows, row in kinds if user.has_perm(may)]


def queue_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The page of the queue, for everybody who may see statements."""
    if not request.user.has_perm("claims.view_statement"):
        raise PermissionDenied
    kinds = [kind for kind in queues(request.user) if kind.count]
    context = {**site.each_context(request), "title": "What needs a look", "queues": kinds}
    return TemplateResponse(request, "admin/claims/queue.html", context)


def _queue(title: str, hint: str, rows: QuerySet[Any], row: Callable[[Any], Row]) -> Queue:
    shown = list(rows[: MOST_ROWS + 1])
    count = len(shown) if len(shown) <= MOST_ROWS else rows.count()
    return Queue(title, hint, count, tuple(row(record) for record in shown[:MOST_ROWS]))


def _said(statement: Statement) -> str:
    return f"{statement.speaker.name}: {short(statement.content)}"


def _form(record: Statement | Contradiction) -> str:
    return reverse(f"admin:claims_{record._meta.model_name}_change", args=[record.pk])


def _steps(record: Statement | Contradiction, user: Any) -> tuple[tuple[str, str], ...]:
    if not user.has_perm(f"claims.change_{record._meta.model_name}"):
        return ()
    name = f"admin:claims_{record._meta.model_name}_step"
    return tuple(
        (label, reverse(name, args=[record.pk, step]))
        for label, step in (("Show again…", "release"), ("Withdraw…", "withdraw"))
    )


def _moved(source: Any) -> Row:
    rests = "statement rests" if source.resting == 1 else "statements rest"
    return Row(
        f"{short(source.title)}, {source.outlet.name}, {edtf.label(source.published)}",
        reverse("admin:sources_source_change", args=[source.pk]),
        f"{source.get_state_display()}; {source.resting} published {rests} on it.",
        (),
        source.language,
    )


def _copy(index: CaptureIndex, why: str) -> Row:
    source = index.capture.source
    label = f"{short(source.title)}, kept {index.capture.captured_at:%Y-%m-%d}"
    return Row(label, reverse("admin:sources_capture_change", args=[index.pk]), why, (), source.language)
