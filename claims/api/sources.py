"""Sources as the API writes them: the public columns under the names of docs/data-format.md, and where to go on."""

from typing import NotRequired, TypedDict

from rest_framework import serializers

from claims.addresses import page_of, to
from claims.api.shapes import ReadOnly, Ref, referred
from sources import edtf
from sources.models import Capture, Outlet, Source


class OutletData(ReadOnly[Outlet]):
    """Who publishes."""

    class Meta:
        model = Outlet
        fields = ["slug", "name", "kind", "language", "country", "wikidata"]
        read_only_fields = fields


class SourceLinks(TypedDict):
    """Where to go on; `source` is the outlet's own address, where it is known."""

    self: str
    html: str
    annotations: str
    source: NotRequired[str]


class SourceData(ReadOnly[Source]):
    """One published thing in which people are quoted."""

    outlet = OutletData(read_only=True, help_text="Who published it.")
    published = serializers.SerializerMethodField(help_text="The day of publication as EDTF; empty if not known.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields = [
            *("ref", "version", "kind", "title", "byline", "outlet", "url", "language", "published"),
            *("published_from", "published_to", "precision", "approximate", "state", "links"),
        ]
        read_only_fields = fields

    def get_published(self, source: Source) -> str:
        return edtf.write(source.published)

    def get_links(self, source: Source) -> SourceLinks:
        links: SourceLinks = {
            "self": to("api_source", source.ref),
            "html": page_of(source),
            "annotations": to("api_annotations", source.ref),
        }
        if source.url:
            links["source"] = source.url
        return links


class CaptureData(ReadOnly[Capture]):
    """One kept copy of a source. Its text is on the source's page, as far as its rights allow."""

    class Meta:
        model = Capture
        fields = [
            *("ref", "captured_at", "sha256", "method", "extractor", "extractor_version", "rights", "is_excerpt"),
            *("whole_sha256", "archive_url"),
        ]
        read_only_fields = fields


class SourceDetail(SourceData):
    """A source with every copy that is kept of it."""

    captures = CaptureData(many=True, read_only=True, help_text="The kept copies, newest first.")
    republishes = serializers.SerializerMethodField(help_text="The source whose text this one reprints, if on record.")

    class Meta(SourceData.Meta):
        fields = [*SourceData.Meta.fields, "captures", "republishes"]
        read_only_fields = fields

    def get_republishes(self, source: Source) -> Ref | None:
        return referred(source.republishes) if source.republishes else None
