"""The front page, the method, and the addresses for machines."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.disputes import disputes_of
from claims.models import Contradiction, Statement, Topic
from claims.reading import badge_examples

NEWEST = 6
STORIES = 12


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The first stories with what is disputed in each, and the newest pairs. 10 queries."""
    pairs = Contradiction.objects.published().for_reading().order_by("-pk")[:NEWEST]
    topics = list(Topic.objects.published().with_counts().with_corrections()[: STORIES + 1])
    disputes = disputes_of(topics[:STORIES])
    context = {
        "pairs": list(pairs),
        "stories": [(topic, disputes.get(topic.pk, [])) for topic in topics[:STORIES]],
        "more": len(topics) > STORIES,
        "statements": Statement.objects.published().count(),
    }
    return render(request, "claims/front.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    return render(request, "claims/about_method.html")


@require_safe
def verification(request: HttpRequest) -> HttpResponse:
    """What each badge means, by an example."""
    return render(request, "claims/about_verification.html", {"badges": badge_examples()})


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """“ok” where the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
