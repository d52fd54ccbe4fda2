"""Contradictions: the list, and a pair side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.accounts import account
from claims.filters import ContradictionFilter
from claims.models import Contradiction
from claims.reading import finding_sentence, scope_answers
from claims.views.records import find, listing


@require_safe
def contradiction_list(request: HttpRequest) -> HttpResponse:
    rows = Contradiction.objects.published().for_reading()
    return listing(request, ContradictionFilter(request.GET, queryset=rows), "claims/contradiction_list.html")


@require_safe
def contradiction_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """The question, the finding, why, both accounts with the conflicting words marked, the scope, the sources."""
    pair, instead = find(request, Contradiction.objects.published().for_reading(), ref=ref)
    if instead:
        return instead
    context = {
        "pair": pair,
        "sentence": finding_sentence(pair),
        "accounts": [account(pair.first, pair.first_words), account(pair.second, pair.second_words)],
        "scope": scope_answers(pair),
    }
    return render(request, "claims/contradiction_detail.html", context)
