"""Contradictions: the list, and a pair side by side."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.choices import Pattern, ReplyState
from claims.corrections_shown import corrections_of_record
from claims.filters import ContradictionFilter
from claims.models import ContextNote, Contradiction, Reply, Statement
from claims.reading import finding_sentence, scope_answers
from claims.related import related
from claims.side_by_side import optional_rows, placed
from claims.stepping import steps
from claims.utterances import Wording, paraphrase_and_own_words, utterance_of, wording
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
    rows = Contradiction.objects.published().select_related("question__topic").with_corrections()
    pair, instead = find(request, rows, ref=ref)
    return instead or render(request, "claims/contradiction_detail.html", page_of(pair))


def page_of(pair: Contradiction) -> dict[str, Any]:
    """What the page of a pair shows, to readers and to whoever reviews it. 12 queries, whatever hangs on it."""
    rows = Statement.objects.for_reading().with_words().select_related("relays").prefetch_related("translations")
    around = related([pair.first_id, pair.second_id], rows)
    pair.first, pair.second = around.statements[pair.first_id], around.statements[pair.second_id]
    accounts = placed([pair.first, pair.second], around, [pair.first_words, pair.second_words])
    replies = list(Reply.objects.filter(statement__in=[pair.first_id, pair.second_id]))
    return {
        "pair": pair,
        "sentence": finding_sentence(pair),
        "placed": accounts,
        "rows": optional_rows(accounts),
        "marked": any(each.conflicts for each in accounts),
        "wording": _wording(pair),
        "scope": scope_answers(pair),
        "sources": {each.capture.source_id: each.capture.source for each in (pair.first, pair.second)}.values(),
        "replies": replies,
        "answered": replies or any(each.reply_state != ReplyState.NOT_SOUGHT for each in (pair.first, pair.second)),
        "notes": list(_notes(pair)),
        "corrections": corrections_of_record(pair),
        "steps": steps(pair),
    }


def _wording(pair: Contradiction) -> Wording | None:
    """Word by word, where the two give one utterance: a paraphrase and its speaker's own words, or two reports."""
    one_utterance = utterance_of(pair.first) == utterance_of(pair.second)
    if one_utterance or pair.pattern == Pattern.PARAPHRASE_DRIFT:
        own_words = paraphrase_and_own_words(pair.first, pair.second)
        return own_words or (wording(pair.first, pair.second) if one_utterance else None)
    return None


def _notes(pair: Contradiction) -> QuerySet[ContextNote]:
    """The notes on the pair, then those on its accounts."""
    notes = ContextNote.objects.filter(Q(contradiction=pair) | Q(statement__in=[pair.first_id, pair.second_id]))
    return notes.order_by(F("contradiction").asc(nulls_last=True), "order", "pk")
