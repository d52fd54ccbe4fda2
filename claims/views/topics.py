"""Topics: the list, and the matrix of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.accounts import topic_matrix
from claims.models import Contradiction, Topic
from claims.views.records import find


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    return render(request, "claims/topic_list.html", {"topics": list(Topic.objects.published().with_counts())})


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The matrix of questions and sides, and what was said without answering any."""
    topic, instead = find(request, Topic.objects.published(), slug=slug)
    if instead:
        return instead
    table, unplaced = topic_matrix(topic)
    pairs = Contradiction.objects.published().filter(question__topic=topic).for_reading()
    context = {
        "topic": topic,
        "matrix": table,
        "unplaced": unplaced,
        "pairs": list(pairs.order_by("question__order", "pk")),
    }
    return render(request, "claims/topic_detail.html", context)
