"""Sources as readers see them: who is quoted where. They stand in claims because `sources` knows no statement."""

from itertools import pairwise

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.captures import comparison, shown_capture
from claims.filters import SourceFilter
from claims.models import Statement
from claims.querysets import captures_on_record, sources_on_record
from claims.views.records import listing
from sources.models import Capture


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    rows = sources_on_record().select_related("outlet")
    return listing(request, SourceFilter(request.GET, queryset=rows), "claims/source_list.html")


@require_safe
def source_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """The citation, the kept copies, and every recorded passage in its place."""
    public = Statement.objects.published().for_reading().with_words().order_by("pk")
    captures = captures_on_record().prefetch_related(Prefetch("statements", public))
    sources = sources_on_record().select_related("outlet", "republishes")
    source = get_object_or_404(sources.prefetch_related(Prefetch("captures", captures)), ref=ref)
    original = sources_on_record().filter(pk=source.republishes_id).first() if source.republishes_id else None
    copies = list(source.captures.all())
    context = {
        "source": source,
        "original": original,
        "captures": [shown_capture(copy) for copy in copies if copy.statements.all()],
        # Each copy, newest first, and whether there is one before it to compare it with.
        "copies": [(copy, copy is not copies[-1]) for copy in copies],
    }
    return render(request, "claims/source_detail.html", context)


@require_safe
def capture_changes(request: HttpRequest, ref: str, capture: str) -> HttpResponse:
    """What changed between a copy of a source and the one before, as far as the rights of both allow."""
    source = get_object_or_404(sources_on_record().select_related("outlet"), ref=ref)
    copies = captures_on_record().filter(source=source).values_list("ref", flat=True)
    old = next((before for after, before in pairwise(copies) if after == capture), None)
    if old is None:
        raise Http404
    public = Statement.objects.published().for_reading().with_words().order_by("pk")
    both = Capture.objects.filter(ref__in=[old, capture]).prefetch_related(Prefetch("statements", public))
    found = {copy.ref: copy for copy in both}
    context = {
        "source": source,
        "old": found[old],
        "new": found[capture],
        "comparison": comparison(found[old], found[capture]),
    }
    return render(request, "claims/capture_changes.html", context)
