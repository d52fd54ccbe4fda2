"""Topics: the list, the matrix of one, and its timeline."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.corrections_shown import corrections_of_record
from claims.forms.window import WindowForm
from claims.matrices import ORDERS, topic_table
from claims.models import Topic
from claims.story import story_of
from claims.timeline import draw
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
    """The matrix of questions and sides, and what was said without answering any; `order` is that within a cell."""
    topic, instead = find(request, Topic.objects.published().with_corrections(), slug=slug)
    if instead:
        return instead
    asked = request.GET.get("order") or ORDERS[0]
    order = asked if asked in ORDERS else ORDERS[0]
    problem = "" if asked == order else _("“%(value)s” is no order; choose oldest or newest.") % {"value": asked}
    context = page_of(topic, newest=order == "newest") | {"order": order, "problem": problem}
    return render(request, "claims/topic_detail.html", context, status=400 if problem else 200)


def page_of(topic: Topic, *, newest: bool = False) -> dict[str, Any]:
    """What the page of a topic shows, to readers and to whoever reviews it."""
    return {
        "topic": topic,
        "table": topic_table(topic, newest=newest),
        "corrections": corrections_of_record(topic),
    }


@require_safe
@leads_on(Topic)
def topic_timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """Who said what when: a drawing and a list of what was said between `from` and `to`. 13 queries."""
    topic, instead = find(request, Topic.objects.published(), slug=slug)
    if instead:
        return instead
    form = WindowForm(request.GET)
    story = story_of(topic, form.window() if form.is_valid() else None)
    drawing = draw(story.said, story.bonds, story.window, mirrored=get_language_bidi()) if story.window else None
    context = {"topic": topic, "form": form, "story": story, "drawing": drawing}
    return render(request, "claims/topic_timeline.html", context, status=200 if form.is_valid() else 400)
