"""`?as_of=`: a record's page as it stood at a past moment, marked as such and kept out of search engines."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from claims.choices import Action
from claims.chronicle import Entry, entries_of
from claims.history import as_of, moment_of, written
from claims.models import Contradiction, Event, Position, Statement
from claims.reading import kind_of_record

PARAMETER = "as_of"

# Links of a page to records. The way back to today's version has its `rel` first and so is none of them; marks of
# corrections lead to the corrections of today.
_TO_RECORDS = re.compile(
    r'<a (class="(?!corrected)[^"]*" )?href="((?:/ar)?/(?:statements|contradictions|topics)/[a-z0-9_-]+/)(#[^"]*)?"'
)


@dataclass(frozen=True)
class Past:
    """The moment that a page shows: what base.html says of it."""

    moment: datetime
    what: str
    today: str
    history: str
    since: tuple[Entry, ...]

    @property
    def written(self) -> str:
        return written(self.moment)

    @property
    def canonical(self) -> str:
        return f"{settings.SITE_URL}{self.today}"


def shows_past(model: Any, key: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Lets a record's page take `?as_of=`. Only a record that readers may see today is shown as it was: what is
    withdrawn or held back answers as it does without the parameter.

    Costs thirteen queries more than the page, whatever the record.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def shown(request: HttpRequest, **kwargs: str) -> HttpResponse:
            asked = request.GET.get(PARAMETER, "")
            if not asked:
                return view(request, **kwargs)
            try:
                moment = moment_of(asked)
            except ValidationError as error:
                context = {"problem": error.messages[0], "today": request.path}
                return _unlisted(render(request, "claims/history_no_moment.html", context, status=400))
            record = model.objects.published().filter(**kwargs).first()
            return _at(request, view, record, key, moment) if record else _unlisted(view(request, **kwargs))

        return shown

    return decorate


def _at(request: HttpRequest, view: Any, record: Any, key: str, moment: datetime) -> HttpResponse:
    name = record._meta.model_name
    since = tuple(entry for entry in entries_of(record) if entry.at > moment)
    history = reverse(f"{name}_history", args=[getattr(record, key)])
    request.past = Past(moment, kind_of_record(record), record.get_absolute_url(), history, since)  # type: ignore[attr-defined]
    try:
        with as_of(moment, within=_concerned(record, moment)):
            then = type(record).objects.filter(pk=record.pk).values_list(key, flat=True).first()
            if then is None:
                raise Http404
            response = view(request, **{key: then})
    except Http404:
        response = None
    if response is None or response.status_code not in {200, 400}:
        del request.past  # type: ignore[attr-defined]
        context = {"what": kind_of_record(record), "moment": moment, "record": record, "history": history}
        return _unlisted(render(request, "claims/history_not_public.html", context, status=404))
    response.content = _at_same_moment(response.content.decode(), moment).encode()
    return _unlisted(response)


def _concerned(record: Any, moment: datetime) -> set[int]:
    """The keys of every statement that the record's page may have named at that moment. 6 queries at most.

    Answers, topics and replies that were taken out since are found in the history. A report of the same words that is
    no longer counted as one is not.
    """
    if isinstance(record, Contradiction):
        return _around({record.first_id, record.second_id}, moment)
    if isinstance(record, Statement):
        return _around({record.pk}, moment)
    links, answers = Statement.topics.through.objects, Position.objects
    questions = list(record.questions.values_list("pk", flat=True))
    gone = _deleted("claims_statement_topics", moment, topic_id=[record.pk])
    gone += _deleted("claims_position", moment, question_id=questions)
    return {
        *links.filter(topic=record).values_list("statement", flat=True),
        *answers.filter(question__in=questions).values_list("statement", flat=True),
        *(row["statement_id"] for row in gone),
    }


def _around(keys: set[int], moment: datetime) -> set[int]:
    """These statements, those they were in a pair with, replied to or were answered by, and the other reports."""
    pairs = Contradiction.objects.filter(Q(first__in=keys) | Q(second__in=keys)).values_list("first", "second")
    replies = Statement.in_reply_to.through.objects
    ends = replies.filter(Q(from_statement__in=keys) | Q(to_statement__in=keys))
    some = sorted(keys)
    gone = _deleted("claims_statement_in_reply_to", moment, from_statement_id=some, to_statement_id=some)
    firsts = Statement.objects.filter(pk__in=keys, same_words_as__isnull=False)
    roots = keys | set(firsts.values_list("same_words_as", flat=True))
    return {
        *keys,
        *roots,
        *(key for pair in pairs for key in pair),
        *(key for pair in ends.values_list("from_statement", "to_statement") for key in pair),
        *(row[name] for row in gone for name in ("from_statement_id", "to_statement_id")),
        *Statement.objects.filter(same_words_as__in=roots).values_list("pk", flat=True),
    }


def _deleted(table: str, moment: datetime, **keys: list[int]) -> list[dict[str, Any]]:
    """Rows deleted since, as they were, of which one of these columns leads to one of its keys."""
    wanted = Q()
    for name, some in keys.items():
        wanted |= Q(**{f"before__{name}__in": some})
    rows = Event.objects.filter(row_table=table, action=Action.DELETE, at__gt=moment)
    return [before or {} for before in rows.filter(wanted).values_list("before", flat=True)]


def _at_same_moment(page: str, moment: datetime) -> str:
    """The page with its links to records leading to the same moment."""
    asked = f"?{PARAMETER}={quote(written(moment), safe=':')}"
    return _TO_RECORDS.sub(lambda link: f'<a {link[1] or ""}href="{link[2]}{asked}{link[3] or ""}"', page)


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Not for search engines; and asked for anew each time, since a record may be withdrawn meanwhile."""
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-cache"
    return response
