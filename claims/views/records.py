"""How a page finds its record: public, held back, withdrawn, or none that a reader may know of."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from claims.choices import Status
from claims.corrections_shown import tombstone
from claims.filters import ListFilter
from claims.models import Contradiction
from claims.views.moved import with_present_names


def find(request: HttpRequest, rows: QuerySet[Any], **lookup: Any) -> tuple[Any, HttpResponse | None]:
    """The record among the public `rows`, or the page to answer instead: 410 withdrawn, 404 held back.

    Raises Http404 otherwise, after two queries for a draft as for an unknown address: they answer alike.
    """
    if record := rows.filter(**lookup).first():
        return record, None
    kept = rows.model.objects.once_public().filter(**lookup).first()
    if kept is None:
        raise Http404
    topic = kept.question.topic if rows.model is Contradiction else kept
    gone = Status.WITHDRAWN in {kept.status, topic.status}
    name = rows.model._meta.verbose_name
    context = {"what": name, "withdrawn": gone, "tombstone": tombstone(kept) if gone else None}
    return None, render(request, "claims/not_shown.html", context, status=410 if gone else 404)


def listing(request: HttpRequest, found: ListFilter, template: str, **context: Any) -> HttpResponse:
    """A filtered, cursor-paged list; a bad parameter shows its message beside the field with status 400."""
    page, problem = None, ""
    if found.is_valid():
        try:
            page = found.page()
        except ValidationError as error:
            problem = error.messages[0]
    elif led := with_present_names(request):
        return led
    context |= {"filter": found, "page": page, "problem": problem, "chips": chips(found)}
    return render(request, template, context, status=200 if page is not None else 400)


def chips(found: ListFilter) -> list[tuple[str, str, str]]:
    """The filters in force: label, value in words, and the query string without it."""
    shown = []
    for name in found.filters:
        if name == "sort":
            continue
        values = [v for v in found.data.getlist(name) if v] if hasattr(found.data, "getlist") else []
        if not values:
            continue  # The choices of a field cost a query.
        choices = {str(k): str(v) for k, v in getattr(found.form.fields[name], "choices", ())}
        for value in values:
            rest = found.data.copy()
            rest.setlist(name, [v for v in values if v != value])
            rest.pop("cursor", None)
            shown.append((str(found.filters[name].label), choices.get(value, value), f"?{rest.urlencode()}"))
    return shown
