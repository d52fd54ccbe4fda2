"""Filtered lists that somebody keeps under a name: beside the list and on the front page, with what they find now."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims.models import SavedFilter
from sources.acting import acting
from sources.desk import DeskAdmin
from sources.refusals import enforced

MOST = 20
"""Filters of one person: each costs its list's count whenever the front page is opened."""

# What is about the page and not about what the list holds.
_PASSING = ("p", "e", "all", "_popup", "_to_field", "_facets")


@dataclass(frozen=True)
class Kept:
    """A saved filter with how many records it finds now; None where its parameters make no sense any more."""

    saved: SavedFilter
    room: str
    url: str
    count: int | None


def room_of(name: str) -> DeskAdmin | None:
    """The room of a list such as “claims.statement”."""
    rooms = {model._meta.label_lower: room for model, room in admin.site._registry.items()}
    room = rooms.get(name)
    return room if isinstance(room, DeskAdmin) else None


def kept(request: HttpRequest, saved: Iterable[SavedFilter]) -> list[Kept]:
    """These filters with their counts; those of lists that this person may see no longer are left out."""
    found = []
    for one in saved:
        room = room_of(one.room)
        if room is None or not room.has_view_permission(request):
            continue
        url = reverse(f"admin:{one.room.replace('.', '_')}_changelist")
        name = str(room.opts.verbose_name_plural)
        found.append(Kept(one, name, f"{url}?{one.query}" if one.query else url, _count(request, room, one.query)))
    return found


def _count(request: HttpRequest, room: DeskAdmin, query: str) -> int | None:
    """How many records the list has with these parameters. Costs its count, and the choices of its filters."""
    asked = copy.copy(request)
    asked.GET = QueryDict(query)
    try:
        shown = room.get_changelist_instance(asked)
    except (IncorrectLookupParameters, SuspiciousOperation, ValidationError):
        return None
    return None if any(_unknown(spec) for spec in shown.filter_specs) else int(shown.result_count)


def _unknown(spec: Any) -> bool:
    """Whether a filter asks for a value that it does not offer: a topic that was deleted, a status that is no more."""
    asked = getattr(spec, "lookup_val", None) or []
    asked = asked if isinstance(asked, list) else [asked]
    if hasattr(spec, "lookup_choices"):
        offered = {str(choice[0] if isinstance(choice, (list, tuple)) else choice) for choice in spec.lookup_choices}
    elif getattr(getattr(spec, "field", None), "choices", None):
        offered = {str(value) for value, _ in spec.field.flatchoices}
    else:
        return False
    return any(str(value) not in offered for value in asked)


def query_of(request: HttpRequest) -> str:
    """The parameters of the list that is looked at, without those that only turn its pages."""
    asked = request.GET.copy()
    for name in _PASSING:
        asked.pop(name, None)
    return asked.urlencode()


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the list that the form was on. One that cannot be kept is said above the same list."""
    name = request.POST.get("room", "")
    room = room_of(name)
    if room is None or not room.has_view_permission(request):
        raise PermissionDenied
    asked = QueryDict(request.POST.get("query", "").replace("\x00", ""), mutable=True)
    for passing in _PASSING:
        asked.pop(passing, None)
    saved = SavedFilter(
        user=request.user,  # type: ignore[misc]
        room=name,
        name=request.POST.get("name", "").replace("\x00", "").strip(),
        query=asked.urlencode(),
    )
    try:
        with enforced(), acting(by=request.user):
            if SavedFilter.objects.filter(user=request.user.pk).count() >= MOST:
                raise ValidationError(f"You have {MOST} filters; delete one first.")
            saved.full_clean()
            saved.save()
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, f"The filter was not saved. {message}")
    else:
        messages.success(request, f"Saved as “{saved.name}”: it stands here and on the front page of the desk.")
    url = reverse(f"admin:{name.replace('.', '_')}_changelist")
    return HttpResponseRedirect(f"{url}?{saved.query}" if saved.query else url)


@require_POST
def delete_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one's own filter. Another's is not found."""
    saved = get_object_or_404(SavedFilter, pk=pk, user=request.user.pk)
    with acting(by=request.user):
        saved.delete()
    messages.success(request, f"Deleted: “{saved.name}”. The records it found are as they were.")
    back = f"admin:{saved.room.replace('.', '_')}_changelist" if request.POST.get("back") == "list" else "admin:index"
    return HttpResponseRedirect(reverse(back))
