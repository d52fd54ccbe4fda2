"""Statements: the searchable list, and one with everything that hangs on it."""

from typing import Any

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.accounts import account
from claims.choices import Status
from claims.corrections_shown import corrections_of_record
from claims.filters import StatementFilter
from claims.models import Contradiction, Position, Statement, Topic
from claims.views.past import shows_past
from claims.views.records import find, listing


@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    rows = Statement.objects.published().for_reading().with_words()
    return listing(request, StatementFilter(request.GET, queryset=rows), "claims/statement_list.html")


@require_safe
@shows_past(Statement, "ref")
def statement_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """One statement: its words, who, when, where, what it answers, and the pairs it takes part in."""
    statement, instead = find(request, for_page(Statement.objects.published()), ref=ref)
    return instead or render(request, "claims/statement_detail.html", page_of(statement))


def for_page(rows: Any) -> Any:
    """Statements with what their page names of other records, which is only what readers may see."""
    public = Statement.objects.published()
    answers = Position.objects.filter(question__topic__status=Status.PUBLISHED)
    return (
        rows.for_reading()
        .with_words()
        .select_related("relays")
        .prefetch_related(
            "translations",
            "right_of_reply",
            "context_notes",
            Prefetch("positions", answers.select_related("question__topic")),
            Prefetch("topics", Topic.objects.published()),
            Prefetch("in_reply_to", public.for_reading()),
            Prefetch("replies", public.for_reading()),
            Prefetch("other_reports", public.for_reading()),
        )
    )


def page_of(statement: Statement) -> dict[str, Any]:
    """What the page of a statement shows, to readers and to whoever reviews it."""
    public = Statement.objects.published()
    pairs = Contradiction.objects.published().filter(Q(first=statement) | Q(second=statement)).for_reading()
    same = public.filter(pk=statement.same_words_as_id).for_reading().first() if statement.same_words_as_id else None
    return {
        "statement": statement,
        "account": account(statement),
        "pairs": pairs.order_by("pk"),
        "same": same,
        "corrections": corrections_of_record(statement),
    }
