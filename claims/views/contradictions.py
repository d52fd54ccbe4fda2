"""Contradictions: the list, and a pair side by side."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.accounts import account
from claims.corrections_shown import corrections_of_record
from claims.filters import ContradictionFilter
from claims.models import ContextNote, Contradiction, Reply
from claims.reading import finding_sentence, scope_answers
from claims.views.past import shows_past
from claims.views.records import find, listing


@require_safe
def contradiction_list(request: HttpRequest) -> HttpResponse:
    rows = Contradiction.objects.published().for_reading()
    return listing(request, ContradictionFilter(request.GET, queryset=rows), "claims/contradiction_list.html")


@require_safe
@shows_past(Contradiction, "ref")
def contradiction_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """The question, the finding, why, both accounts with the conflicting words marked, the scope, the sources."""
    pair, instead = find(request, Contradiction.objects.published().for_reading(), ref=ref)
    return instead or render(request, "claims/contradiction_detail.html", page_of(pair))


def page_of(pair: Contradiction) -> dict[str, Any]:
    """What the page of a pair shows, to readers and to whoever reviews it."""
    return {
        "pair": pair,
        "sentence": finding_sentence(pair),
        "accounts": [account(pair.first, pair.first_words), account(pair.second, pair.second_words)],
        "scope": scope_answers(pair),
        "replies": list(Reply.objects.filter(statement__in=[pair.first_id, pair.second_id])),
        "notes": list(_notes(pair)),
        "corrections": corrections_of_record(pair),
    }


def _notes(pair: Contradiction) -> QuerySet[ContextNote]:
    """The notes on the pair, then those on its accounts."""
    notes = ContextNote.objects.filter(Q(contradiction=pair) | Q(statement__in=[pair.first_id, pair.second_id]))
    return notes.order_by(F("contradiction").asc(nulls_last=True), "order", "pk")
