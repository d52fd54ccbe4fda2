"""Every public page, for search engines. What is not published is not here."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from claims.models import Contradiction, Speaker, Statement, Topic
from claims.querysets import sources_on_record


class OnThisSite(Sitemap):
    """Addresses under SITE_URL, whatever host the request names."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Records(OnThisSite):
    """The public rows of one model, by key."""

    limit = 5000

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def items(self) -> QuerySet[Any]:
        return self.rows().order_by("pk")


class Timelines(Records):
    def location(self, item: Topic) -> str:
        return reverse("topic_timeline", args=[item.slug])


class Pages(OnThisSite):
    def items(self) -> list[str]:
        return [
            "front",
            "topic_list",
            "contradiction_list",
            "statement_list",
            "speaker_list",
            "source_list",
            "correction_list",
            "about_corrections",
            "about_method",
            "about_verification",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {
    "pages": Pages(),
    "topics": Records(Topic.objects.published),
    "timelines": Timelines(Topic.objects.published),
    "contradictions": Records(Contradiction.objects.published),
    "statements": Records(Statement.objects.published),
    "speakers": Records(Speaker.objects.published),
    "sources": Records(sources_on_record),
}
