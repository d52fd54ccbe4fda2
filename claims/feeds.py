"""Feeds of what changed, as Atom (RFC 4287) and JSON Feed 1.1, with absolute addresses under SITE_URL."""

import json
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed

from claims.corrections_shown import Shown, corrections_shown
from claims.models import Correction

NEWEST = 50
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1 out of what Django's feeds give."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["subtitle"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"]}],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(feed, ensure_ascii=False, indent=1).encode(encoding))

    @staticmethod
    def _item(item: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["description"],
            "date_published": item["pubdate"].isoformat(),
            "tags": list(item["categories"]),
        }


class CorrectionsFeed(Feed):
    """The newest corrections and withdrawals; of records that readers may no longer see without a word of them."""

    feed_type: type[SyndicationFeed] = Atom1Feed
    address = "feed_corrections_atom"
    title = "Corrections · Rashomon"
    subtitle = "What was corrected, clarified, updated or withdrawn, with the reason, before and after."
    author_name = "Rashomon"
    language = "en"

    def link(self) -> str:
        return _absolute(reverse("correction_list"))

    def feed_url(self) -> str:
        return _absolute(reverse(self.address))

    def feed_guid(self) -> str:
        return self.feed_url()

    def items(self) -> list[Shown]:
        rows = Correction.objects.published().select_related("undoes").order_by("-decided_at", "-pk")
        return corrections_shown(rows[:NEWEST])

    def item_title(self, item: Shown) -> str:
        of = item.title or ("withdrawn since" if item.standing == "withdrawn" else "not shown now")
        return _NOT_IN_XML.sub(" ", f"{item.correction.get_kind_display()} · {item.what}: {of}")

    def item_description(self, item: Shown) -> str:
        return _NOT_IN_XML.sub(" ", render_to_string("claims/_correction_in_feed.html", {"each": item}))

    def item_link(self, item: Shown) -> str:
        return _absolute(item.correction.get_absolute_url())

    def item_guid(self, item: Shown) -> str:
        return self.item_link(item)

    def item_pubdate(self, item: Shown) -> datetime | None:
        return item.correction.decided_at

    def item_updateddate(self, item: Shown) -> datetime | None:
        return item.correction.decided_at

    def item_categories(self, item: Shown) -> list[str]:
        return [item.correction.kind]


class CorrectionsJson(CorrectionsFeed):
    feed_type = JsonFeed
    address = "feed_corrections_json"


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
