"""What became of a public record since readers first saw it, with the way to each of its past states."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from claims.chronicle import entries_of
from claims.models import Contradiction, Statement, Topic
from claims.reading import kind_of_record
from claims.views.moved import leads_on
from claims.views.records import find


@require_safe
def statement_history(request: HttpRequest, ref: str) -> HttpResponse:
    return _history(request, Statement.objects.published().select_related("speaker"), ref=ref)


@require_safe
def contradiction_history(request: HttpRequest, ref: str) -> HttpResponse:
    rows = Contradiction.objects.published().select_related("question", "first__speaker", "second__speaker")
    return _history(request, rows, ref=ref)


@require_safe
@leads_on(Topic)
def topic_history(request: HttpRequest, slug: str) -> HttpResponse:
    return _history(request, Topic.objects.published(), slug=slug)


def _history(request: HttpRequest, rows: Any, **lookup: str) -> HttpResponse:
    """4 queries at most; what is not public answers as the record itself."""
    record, instead = find(request, rows, **lookup)
    if instead:
        return instead
    entries = entries_of(record)
    context = {
        "record": record,
        "what": kind_of_record(record),
        "entries": entries,
        "marks": any(entry.changes for entry in entries),
        "script": static("claims/verify_history.py"),
    }
    return render(request, "claims/history.html", context)
