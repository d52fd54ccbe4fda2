"""Statements: the searchable list, and one with everything that hangs on it."""

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.accounts import account
from claims.filters import StatementFilter
from claims.models import Contradiction, Position, Statement, Topic
from claims.views.records import find, listing


@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    rows = Statement.objects.published().for_reading().with_words()
    return listing(request, StatementFilter(request.GET, queryset=rows), "claims/statement_list.html")


@require_safe
def statement_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """One statement: its words, who, when, where, what it answers, and the pairs it takes part in."""
    public = Statement.objects.published()
    rows = (
        public.for_reading()
        .with_words()
        .select_related("relays")
        .prefetch_related(
            "translations",
            Prefetch("positions", Position.objects.published().select_related("question__topic")),
            Prefetch("topics", Topic.objects.published()),
            Prefetch("in_reply_to", public.for_reading()),
            Prefetch("replies", public.for_reading()),
            Prefetch("other_reports", public.for_reading()),
        )
    )
    statement, instead = find(request, rows, ref=ref)
    if instead:
        return instead
    pairs = Contradiction.objects.published().filter(Q(first=statement) | Q(second=statement)).for_reading()
    same = public.filter(pk=statement.same_words_as_id).for_reading().first() if statement.same_words_as_id else None
    context = {"statement": statement, "account": account(statement), "pairs": pairs.order_by("pk"), "same": same}
    return render(request, "claims/statement_detail.html", context)
