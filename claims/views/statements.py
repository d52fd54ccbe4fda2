"""Statements: the searchable list, and one with everything that hangs on it."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.accounts import account, quotes_of
from claims.chains import chain
from claims.choices import Mode, Pattern, Status
from claims.corrections_shown import corrections_of_record
from claims.filters import StatementFilter
from claims.models import Position, Statement, Topic
from claims.related import Related, related
from claims.utterances import Wording, paraphrase_and_own_words, wording
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
        )
    )


def page_of(statement: Statement) -> dict[str, Any]:
    """What the page of a statement shows, to readers and to whoever reviews it."""
    around = related([statement.pk])
    own = around.statements[statement.pk]
    utterance = around.utterance(own)
    return {
        "statement": statement,
        "account": account(statement),
        "hops": chain(statement),
        "quoted_words": quotes_of(statement) if statement.mode == Mode.MIXED else [],
        "denied": around.denied(own),
        "pairs": around.pairs_of(own),
        "utterance": utterance,
        "wordings": [wording(own, other) for other in utterance.others(own)],
        "paraphrases": _paraphrases(own, around),
        "answers": around.answers(own),
        "answered_by": around.answered_by(own),
        "corrections": corrections_of_record(statement),
    }


def _paraphrases(own: Statement, around: Related) -> list[Wording]:
    """The statement and what its own speaker was quoted as saying, or the other way round, word by word."""
    drifts = [pair for pair in around.pairs_of(own) if pair.pattern == Pattern.PARAPHRASE_DRIFT]
    found = (paraphrase_and_own_words(pair.first, pair.second) for pair in drifts)
    return [each for each in found if each is not None]
