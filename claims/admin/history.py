"""Every change of a record, for those who may read it: who, when, how, why, and what of each row, word by word.

Read from the events that the database writes, so it knows of every hand and every way; also of a record that is gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from claims.choices import Action
from claims.models import Event
from claims.roles import may
from sources.desk import DeskAdmin
from sources.differences import Stretch, difference

WORKS = 20  # On a page.
LONGEST = 4000  # Code points of a text that is compared word by word.

# Kept by the database beside every change, and told by the heading of the work.
_UNTOLD = frozenset({"version", "id", "approved_at", "approved_version"})


@dataclass(frozen=True)
class RowChange:
    """What was done to one row: the record itself or a part of it."""

    what: str
    did: str
    action: str
    versions: str
    changes: tuple[tuple[str, Sequence[Stretch]], ...]


@dataclass
class Work:
    """Everything that one transaction did to a record."""

    at: datetime
    by: str
    origin: str
    reason: str
    rows: list[RowChange] = field(default_factory=list)


def events_of(model: type[Model], key: int) -> QuerySet[Event]:
    """Every change of a record and of what belongs to it; of a part that has a room of its own its own changes."""
    opts = model._meta
    return Event.objects.filter(
        Q(record=opts.model_name, record_id=key) | Q(row_table=opts.db_table, row_id=key)
    ).order_by("-at", "-pk")


def works(events: Iterable[Event], *, own_table: str) -> list[Work]:
    """The events grouped by transaction, in their order. One query for each kind of record that they name."""
    rows = list(events)
    names = _names(rows)
    done: dict[tuple[Any, ...], list[Event]] = defaultdict(list)
    for event in rows:
        done[event.at, event.actor_id, event.origin].append(event)
    found = []
    for (at, _, origin), some in done.items():
        by = some[0].actor.get_username() if some[0].actor else "nobody who was signed in"
        told = [_row(event, names, own=event.row_table == own_table) for event in _in_sum(reversed(some))]
        shown = [row for row in told if row.changes or row.versions]
        found.append(Work(at, by, origin, some[0].reason, shown))
    return found


def _in_sum(events: Iterable[Event]) -> list[Event]:
    """One event for each row of a work: as it was before the first of them, and after the last."""
    found: dict[tuple[str, int], Event] = {}
    for event in events:
        key = (event.row_table, event.row_id)
        if (first := found.get(key)) is None:
            found[key] = event
            continue
        first.before = {**(event.before or {}), **(first.before or {})}
        first.after = {**(first.after or {}), **(event.after or {})}
        first.to_version = event.to_version
        if event.action == Action.DELETE:
            first.action, first.after = Action.DELETE, {}
    return list(found.values())


def _model(table: str) -> type[Model] | None:
    every = apps.get_models(include_auto_created=True)
    return next((model for model in every if model._meta.db_table == table), None)


def _field(model: type[Model] | None, column: str) -> Any:
    if model is None:
        return None
    try:
        return model._meta.get_field(column.removesuffix("_id"))
    except FieldDoesNotExist:
        return None


def _leads_to(model: type[Model] | None, column: str) -> Any:
    found = _field(model, column) if column.endswith("_id") else None
    return getattr(found, "related_model", None)


def _names(events: Sequence[Event]) -> dict[tuple[Any, int], str]:
    """What the records are called to which changed columns lead: one query for each of their models."""
    keys: dict[Any, set[int]] = defaultdict(set)
    for event in events:
        model = _model(event.row_table)
        for values in (event.before or {}, event.after or {}):
            for column, value in values.items():
                if value is not None and (target := _leads_to(model, column)):
                    keys[target].add(value)
    found: dict[tuple[Any, int], str] = {}
    for target, some in keys.items():
        rows = target._base_manager.filter(pk__in=some)
        named = {each.name for each in target._meta.fields}
        leads = {"speaker", "source", "outlet", "first__speaker", "second__speaker"}
        if led := [path for path in leads if path.partition("__")[0] in named]:
            rows = rows.select_related(*led)
        rows = rows.defer(*({"text", "excerpt_map", "search"} & named))
        found |= {(target, row.pk): str(row) for row in rows}
    return found


def _row(event: Event, names: dict[tuple[Any, int], str], *, own: bool) -> RowChange:
    model = _model(event.row_table)
    before, after = event.before or {}, event.after or {}
    told = []
    for column in {**before, **after}:
        leads_to_the_record = column == f"{event.record}_id" and not own
        if column in _UNTOLD or leads_to_the_record or before.get(column) == after.get(column):
            continue
        if event.action != Action.UPDATE and (before.get(column) is False or after.get(column) is False):
            continue  # What nobody ticked.
        one, other = (_words(model, column, values.get(column), names) for values in (before, after))
        if one != other:
            told.append((_label(model, column), _difference(one, other)))
    versions = ""
    if event.action == Action.UPDATE and event.from_version != event.to_version and event.from_version is not None:
        versions = f"version {event.from_version} → {event.to_version}"
    elif event.to_version is not None:
        versions = f"version {event.to_version}"
    what = "" if own else str(model._meta.verbose_name if model else event.row_table)
    return RowChange(what, event.get_action_display(), event.action, versions, tuple(told))


def _label(model: type[Model] | None, column: str) -> str:
    found = _field(model, column)
    return str(getattr(found, "verbose_name", column)).replace("_", " ").capitalize()


def _words(model: type[Model] | None, column: str, value: Any, names: dict[tuple[Any, int], str]) -> str:
    if value is None or value == "":
        return ""
    if target := _leads_to(model, column):
        return names.get((target, value), f"number {value}, which is gone")
    choices = dict(getattr(_field(model, column), "flatchoices", ()) or ())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        # What a proposal changes; its own page tells that field by field.
        return f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
    if isinstance(value, list):
        return ", ".join(str(choices.get(each, each)) for each in value)
    return str(choices.get(value, value)) if isinstance(value, str) else str(value)


def _difference(one: str, other: str) -> Sequence[Stretch]:
    if len(one) + len(other) > LONGEST:
        return [Stretch("added", f"{len(other):,} characters in place of {len(one):,}")]
    return difference(one, other)


def _may_read(request: HttpRequest, model: type[Model], key: int) -> bool:
    """The right to read every history, or having recorded it oneself."""
    if may(request.user, "claims.read_history"):
        return True
    made = Event.objects.filter(row_table=model._meta.db_table, row_id=key, action=Action.INSERT)
    return made.filter(actor=request.user.pk).exists()


def history_view(room: DeskAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """The page. 5 queries and one for each kind of record that is named, however many changes."""
    if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
        raise Http404
    key = int(object_id)
    if not room.has_view_permission(request) or not _may_read(request, room.model, key):
        raise PermissionDenied
    events = events_of(room.model, key)
    moments = events.values_list("at", flat=True).distinct().order_by("-at")
    page = Paginator(moments, WORKS).get_page(request.GET.get("page"))
    if not page.object_list:
        raise Http404
    record = room.model._default_manager.filter(pk=key).first()
    context = {
        **room.admin_site.each_context(request),
        "title": "Every change",
        "opts": room.opts,
        "record": record,
        "key": key,
        "page": page,
        "works": works(
            events.filter(at__in=list(page.object_list)).select_related("actor"), own_table=room.opts.db_table
        ),
    }
    return TemplateResponse(request, "admin/claims/history.html", context)


DeskAdmin.past = staticmethod(history_view)
