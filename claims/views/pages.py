"""The front page, the method, and the addresses for machines."""

from django.contrib.sitemaps.views import SitemapIndexItem
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.addresses import to
from claims.disputes import disputes_of
from claims.models import Contradiction, Statement, Topic
from claims.reading import badge_examples
from claims.sitemaps import SITEMAPS
from claims.vocabulary import PREFIXES, TERMS, namespace, vocabularies

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
def vocabulary(request: HttpRequest) -> HttpResponse:
    """Our terms for machines, with what each means. No query."""
    context = {"vocabularies": vocabularies(), "terms": TERMS, "namespace": namespace(), "prefixes": PREFIXES}
    return render(request, "claims/vocabulary.html", context)


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
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The addresses of all sitemaps; Django's own index would name the host of the request. 5 queries."""
    listed = [
        SitemapIndexItem(to("sitemap_section", section) + (f"?p={page}" if page > 1 else ""))
        for section, site in SITEMAPS.items()
        for page in site.paginator.page_range
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": listed}, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {to('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
