"""Topics: the list, and the matrix of one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.accounts import topic_matrix
from claims.corrections_shown import corrections_of_record
from claims.models import Contradiction, Topic
from claims.views.moved import leads_on
from claims.views.past import shows_past
from claims.views.records import find


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "claims/topic_list.html", {"topics": list(Topic.objects.published().with_counts().with_corrections())}
    )


@require_safe
@leads_on(Topic)
@shows_past(Topic, "slug")
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The matrix of questions and sides, and what was said without answering any."""
    topic, instead = find(request, Topic.objects.published().with_corrections(), slug=slug)
    return instead or render(request, "claims/topic_detail.html", page_of(topic))


def page_of(topic: Topic) -> dict[str, Any]:
    """What the page of a topic shows, to readers and to whoever reviews it."""
    table, unplaced = topic_matrix(topic)
    pairs = Contradiction.objects.published().filter(question__topic=topic).for_reading()
    return {
        "topic": topic,
        "matrix": table,
        "unplaced": unplaced,
        "pairs": list(pairs.order_by("question__order", "pk")),
        "corrections": corrections_of_record(topic),
    }
