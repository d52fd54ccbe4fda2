"""Sources as readers see them: who is quoted where. They stand in claims because `sources` knows no statement."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.accounts import Account, account
from claims.choices import AnchorPart
from claims.filters import SourceFilter
from claims.models import Statement
from claims.querysets import captures_on_record, sources_on_record
from claims.views.records import listing
from sources.choices import Rights, Tier
from sources.marking import Mark, Segment, segments
from sources.models import Capture


@dataclass(frozen=True)
class ShownCapture:
    """A capture as far as its rights let readers see it: the whole text marked, or None for passages only."""

    capture: Capture
    accounts: list[Account]
    text: list[Segment] | None


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    rows = sources_on_record().select_related("outlet")
    return listing(request, SourceFilter(request.GET, queryset=rows), "claims/source_list.html")


@require_safe
def source_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """The citation, the kept copies, and every recorded passage in its place."""
    public = Statement.objects.published().for_reading().with_words().order_by("pk")
    captures = captures_on_record().prefetch_related(Prefetch("statements", public)).order_by("-captured_at", "-pk")
    sources = sources_on_record().select_related("outlet", "republishes")
    source = get_object_or_404(sources.prefetch_related(Prefetch("captures", captures)), ref=ref)
    original = sources_on_record().filter(pk=source.republishes_id).first() if source.republishes_id else None
    context = {"source": source, "captures": [_shown(c) for c in source.captures.all()], "original": original}
    return render(request, "claims/source_detail.html", context)


def _shown(capture: Capture) -> ShownCapture:
    accounts = sorted((account(s) for s in capture.statements.all()), key=lambda a: a.anchor.start if a.anchor else 0)
    whole = capture.rights in {Rights.PUBLIC_DOMAIN, Rights.LICENSED}
    marks = [
        Mark(anchor.start, anchor.end, found.statement.ref)
        for found in accounts
        for anchor in found.statement.anchors.all()
        if anchor.part == AnchorPart.CONTENT and anchor.tier in Tier.found()
    ]
    return ShownCapture(capture, accounts, segments(capture.text, marks) if whole else None)
