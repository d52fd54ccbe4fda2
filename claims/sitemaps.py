"""Every public page in each of its languages, for search engines. What is not published is not here."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import translation

from claims.addresses import absolute
from claims.models import Contradiction, Correction, Speaker, Statement, Topic
from claims.querysets import sources_on_record

ADDRESSES = 5000  # In one file, every language counted.
LANGUAGES = [code for code, _ in settings.LANGUAGES]


class InEveryLanguage(Sitemap):
    """Each page once in every language, and each time all of them; under SITE_URL, whatever host the request names.

    Django's own `i18n` would read all rows for each file.
    """

    protocol = urlsplit(settings.SITE_URL).scheme
    limit = ADDRESSES // len(LANGUAGES)

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        return [each for item in self.paginator.page(page).object_list for each in self._of(item)]

    def _of(self, item: Any) -> list[dict[str, Any]]:
        found = {}
        for code in LANGUAGES:
            with translation.override(code):
                found[code] = absolute(str(self.location(item)))
        alternates = [{"lang_code": code, "location": address} for code, address in found.items()]
        alternates.append({"lang_code": "x-default", "location": found[settings.LANGUAGE_CODE]})
        lastmod = getattr(item, "changed_at", None)
        return [
            {"item": item, "location": address, "lastmod": lastmod, "alternates": alternates}
            for address in found.values()
        ]


class Records(InEveryLanguage):
    """The public rows of one model, by key."""

    def __init__(self, rows: Callable[[], QuerySet[Any]]) -> None:
        self.rows = rows

    def items(self) -> QuerySet[Any]:
        return self.rows().order_by("pk")


class Timelines(Records):
    def location(self, item: Topic) -> str:
        return reverse("topic_timeline", args=[item.slug])


class Pages(InEveryLanguage):
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
            "vocabulary",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


def _dated(model: Any) -> Callable[[], QuerySet[Any]]:
    """Public records with `changed_at`: when readers first saw them, or when they were corrected last."""

    def rows() -> QuerySet[Any]:
        told = Correction.objects.told().filter(**{model._meta.model_name: OuterRef("pk")}).order_by()
        last = told.values(model._meta.model_name).annotate(last=Max("decided_at")).values("last")
        public = model.objects.published().only("ref", "published_at")
        return public.annotate(changed_at=Greatest(F("published_at"), Subquery(last)))  # Of a null the other one.

    return rows


SITEMAPS = {
    "pages": Pages(),
    "topics": Records(Topic.objects.published),
    "timelines": Timelines(Topic.objects.published),
    "contradictions": Records(_dated(Contradiction)),
    "statements": Records(_dated(Statement)),
    "speakers": Records(Speaker.objects.published),
    "sources": Records(sources_on_record),
}
