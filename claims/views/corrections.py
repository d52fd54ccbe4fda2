"""What changed of what readers have seen: the list of corrections and withdrawals, and the policy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.filters import CorrectionFilter
from claims.models import Correction
from claims.views.records import listing


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    """Every correction and withdrawal, newest first; it never gets shorter."""
    rows = Correction.objects.published().select_related("undoes")
    return listing(request, CorrectionFilter(request.GET, queryset=rows), "claims/correction_list.html")


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    return render(request, "claims/about_corrections.html")
