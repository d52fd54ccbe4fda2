"""How a page finds its record: public, held back, withdrawn, or none that a reader may know of."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from claims.choices import Status
from claims.corrections_shown import tombstone
from claims.filtering import ListFilter
from claims.models import Contradiction, Speaker
from claims.reading import kind_of_record
from claims.searching import meant
from claims.views.moved import with_present_names


def find(
    request: HttpRequest, rows: QuerySet[Any], *, shown_in: str = "claims/not_shown.html", **lookup: Any
) -> tuple[Any, HttpResponse | None]:
    """The record among the public `rows`, or the page to answer instead (`shown_in`): 410 withdrawn, 404 held back.

    Raises Http404 otherwise, after two queries for a draft as for an unknown address: they answer alike.
    """
    if record := rows.filter(**lookup).first():
        return record, None
    kept, gone = once_public(rows, **lookup)
    if kept is None:
        raise Http404
    told = tombstone(kept) if gone else None
    context = {"what": kind_of_record(rows.model), "withdrawn": gone, "tombstone": told}
    return None, render(request, shown_in, context, status=410 if gone else 404)


def once_public(rows: QuerySet[Any], **lookup: Any) -> tuple[Any, bool]:
    """What readers saw once and may not see now, and whether it was withdrawn or is held back; None if nothing."""
    kept = rows.model.objects.once_public().filter(**lookup).first()
    topic = kept.question.topic if kept and rows.model is Contradiction else kept
    return kept, kept is not None and Status.WITHDRAWN in {kept.status, topic.status}


def listing(request: HttpRequest, found: ListFilter, template: str, **context: Any) -> HttpResponse:
    """A filtered, cursor-paged list; a bad parameter shows its message beside the field with status 400.

    Where a search finds nothing, one query more looks for names that were misspelt.
    """
    page, problem = None, ""
    if found.is_valid():
        try:
            page = found.page()
            found.count_results()
        except ValidationError as error:
            problem = error.messages[0]
    elif led := with_present_names(request):
        return led
    if page is not None and not page.rows and found.names_people and (words := found.form.cleaned_data["q"]):
        context["meant"] = meant(Speaker.objects.published(), words)
    context |= {"filter": found, "page": page, "problem": problem, "chips": found.chips()}
    return render(request, template, context, status=200 if page is not None else 400)
