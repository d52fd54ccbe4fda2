"""Feeds of what changed, as Atom (RFC 4287) and JSON Feed 1.1, with absolute addresses under SITE_URL."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed
from django.utils.text import Truncator

from claims.corrections_shown import Shown, corrections_shown
from claims.filtering import SortedFilter
from claims.filters import ContradictionFilter, StatementFilter, said_by, with_voice
from claims.models import Contradiction, Correction, Speaker, Statement, Topic

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


class AtomFeed(Atom1Feed):
    """Atom whose time is that of its newest entry; of an empty feed the beginning of time, not that of each reader."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


class OurFeed(Feed):
    """What all feeds share. Subclasses say the feed's name in the URLconf, and the template and title of an item."""

    feed_type: type[SyndicationFeed] = AtomFeed
    address: str
    template: str
    author_name = "Rashomon"
    language = "en"

    def feed_guid(self, obj: Any) -> str:
        return str(self.feed_url(obj))

    def title_of(self, item: Any) -> str:
        raise NotImplementedError

    def item_title(self, item: Any) -> str:
        return _NOT_IN_XML.sub(" ", self.title_of(item))

    def item_description(self, item: Any) -> str:
        return _NOT_IN_XML.sub(" ", render_to_string(self.template, {"each": item}))

    def item_guid(self, item: Any) -> str:
        return self.item_link(item)


class CorrectionsFeed(OurFeed):
    """The newest corrections and withdrawals; of records that readers may no longer see without a word of them."""

    address = "feed_corrections_atom"
    template = "claims/_correction_in_feed.html"
    title = "Corrections · Rashomon"
    subtitle = "What was corrected, clarified, updated or withdrawn, with the reason, before and after."

    def link(self) -> str:
        return _absolute(reverse("correction_list"))

    def feed_url(self, obj: Any = None) -> str:
        return _absolute(reverse(self.address))

    def items(self) -> list[Shown]:
        rows = Correction.objects.published().select_related("undoes").order_by("-decided_at", "-pk")
        return corrections_shown(rows[:NEWEST])

    def title_of(self, item: Shown) -> str:
        of = item.title or ("withdrawn since" if item.standing == "withdrawn" else "not shown now")
        return f"{item.correction.get_kind_display()} · {item.what}: {of}"

    def item_link(self, item: Shown) -> str:
        return _absolute(item.correction.get_absolute_url())

    def item_pubdate(self, item: Shown) -> datetime | None:
        return item.correction.decided_at

    def item_updateddate(self, item: Shown) -> datetime | None:
        return item.correction.decided_at

    def item_categories(self, item: Shown) -> list[str]:
        return [item.correction.kind]


class CorrectionsJson(CorrectionsFeed):
    feed_type = JsonFeed
    address = "feed_corrections_json"


@dataclass(frozen=True)
class Followed:
    """What a feed follows: its title, the page that shows the same, its own address, and the records."""

    title: str
    subtitle: str
    page: str
    address: str
    records: list[Statement | Contradiction]


class RecordsFeed(OurFeed):
    """Public records, the newest published first."""

    template = "claims/_record_in_feed.html"

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The feed; 400 with the messages, a line each, where a filter cannot be used."""
        try:
            return super().__call__(request, *args, **kwargs)
        except ValidationError as error:
            return HttpResponseBadRequest("\n".join(error.messages), content_type="text/plain; charset=utf-8")

    def title(self, obj: Followed) -> str:
        return f"{_NOT_IN_XML.sub(' ', obj.title)} · Rashomon"

    def subtitle(self, obj: Followed) -> str:
        return obj.subtitle

    def link(self, obj: Followed) -> str:
        return _absolute(obj.page)

    def feed_url(self, obj: Followed) -> str:
        return _absolute(obj.address)

    def items(self, obj: Followed) -> list[Statement | Contradiction]:
        return obj.records

    def title_of(self, item: Statement | Contradiction) -> str:
        if isinstance(item, Contradiction):
            who = f"{item.first.speakers_label} / {item.second.speakers_label}"
            return f"{item.get_finding_display()} · {item.question.text} {who}"
        return f"{item.speakers_label}: {Truncator(item.content).words(12)}"

    def item_link(self, item: Statement | Contradiction) -> str:
        return _absolute(item.get_absolute_url())

    def item_pubdate(self, item: Statement | Contradiction) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Statement | Contradiction) -> datetime | None:
        """When it was published, or corrected last."""
        changed = [datetime.fromisoformat(each["at"]) for each in item.corrected]  # type: ignore[union-attr]
        return max([item.published_at, *changed]) if item.published_at else None

    def item_categories(self, item: Statement | Contradiction) -> list[str]:
        return [item.finding] if isinstance(item, Contradiction) else [item.mode]


class FilteredFeed(RecordsFeed):
    """A list with its filters, as a feed: whatever can be asked for can be followed."""

    filter_class: type[SortedFilter]
    page: str
    name: str

    def get_object(self, request: HttpRequest) -> Followed:
        rows = _for_feed(self.filter_class._meta.model.objects.published())
        found = self.filter_class(request.GET, queryset=rows)
        if not found.is_valid():
            raise ValidationError([f"{name}: {text}" for name, texts in found.errors.items() for text in texts])
        newest = list(found.qs.order_by("-published_at", "-pk")[:NEWEST])
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        words = "; ".join(f"{label}: {value}" for label, value, _ in found.chips())
        return Followed(
            f"{self.name}, {words}" if words else self.name,
            f"The {NEWEST} that were published last.",
            reverse(self.page) + asked,
            reverse(self.address) + asked,
            newest,
        )


class ContradictionsFeed(FilteredFeed):
    address, page, name = "feed_contradictions_atom", "contradiction_list", "Contradictions"
    filter_class = ContradictionFilter


class ContradictionsJson(ContradictionsFeed):
    feed_type = JsonFeed
    address = "feed_contradictions_json"


class StatementsFeed(FilteredFeed):
    address, page, name = "feed_statements_atom", "statement_list", "Statements"
    filter_class = StatementFilter


class StatementsJson(StatementsFeed):
    feed_type = JsonFeed
    address = "feed_statements_json"


class TopicFeed(RecordsFeed):
    """The pairs and statements of a topic."""

    address = "feed_topic_atom"

    def get_object(self, request: HttpRequest, slug: str) -> Followed:
        topic = Topic.objects.published().get(slug=slug)
        pairs = Contradiction.objects.published().filter(question__topic=topic)
        statements = Statement.objects.published().of_topic(topic)
        return Followed(
            topic.title,
            "New pairs and statements of this topic.",
            topic.get_absolute_url(),
            reverse(self.address, args=[slug]),
            _newest(pairs, statements),
        )


class TopicJson(TopicFeed):
    feed_type = JsonFeed
    address = "feed_topic_json"


class SpeakerFeed(RecordsFeed):
    """What a speaker says, alone or jointly, and the pairs it takes part in."""

    address = "feed_speaker_atom"

    def get_object(self, request: HttpRequest, slug: str) -> Followed:
        speaker = Speaker.objects.published().get(slug=slug)
        return Followed(
            speaker.name,
            "New statements of this speaker, and new pairs that they are part of.",
            speaker.get_absolute_url(),
            reverse(self.address, args=[slug]),
            _newest(
                Contradiction.objects.published().filter(with_voice([speaker])),
                Statement.objects.published().filter(pk__in=said_by([speaker])),
            ),
        )


class SpeakerJson(SpeakerFeed):
    feed_type = JsonFeed
    address = "feed_speaker_json"


def _for_feed(rows: Any) -> Any:
    """Records with what an item says of them."""
    return rows.for_reading().with_words() if rows.model is Statement else rows.for_reading()


def _newest(*kinds: Any) -> list[Statement | Contradiction]:
    """The newest of several kinds of records together."""
    rows = [row for kind in kinds for row in _for_feed(kind).order_by("-published_at", "-pk")[:NEWEST]]
    return sorted(rows, key=lambda row: (row.published_at, row.pk), reverse=True)[:NEWEST]


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
