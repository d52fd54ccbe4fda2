"""The desk's rooms for documents: outlets, sources, captures."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sources import edtf
from sources.desk import DeskAdmin, DeskInline
from sources.forms import CaptureForm, OutletForm, SourceForm
from sources.models import Capture, Outlet, Source


@admin.register(Outlet)
class OutletAdmin(DeskAdmin):
    form = OutletForm
    fieldsets = [
        (None, {"fields": ["name", "kind", "language", "country"]}),
        ("More", {"classes": ["collapse"], "fields": ["slug", "homepage", "wikidata"]}),
    ]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "kind", "language", "country"]
    list_filter = ["kind", "language"]
    search_fields = ["name", "slug", "homepage"]


class CaptureInline(DeskInline):
    """A new kept copy beside its source. Copies that are kept already are never edited here: they are listed above."""

    model = Capture
    form = CaptureForm
    verbose_name = "captured text"
    verbose_name_plural = "Captured text"
    fields = ["text", "rights", "archive_url"]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capture]:
        return super().get_queryset(request).none()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Source)
class SourceAdmin(DeskAdmin):
    form = SourceForm
    inlines = [CaptureInline]
    autocomplete_fields = ["outlet", "republishes"]
    list_display = ["title", "outlet", "kind", "date", "language", "state", "captures_kept"]
    list_select_related = ["outlet"]
    list_filter = ["kind", "state", "language", "outlet"]
    search_fields = ["title", "url", "ref", "outlet__name", "byline"]
    date_hierarchy = "published_from"
    # Said here once more, because counting rows makes Django forget the model's own order.
    ordering = ["-published_from", "pk"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        kept = [("Kept copies", {"fields": ["copies"]})] if obj else []
        return [
            (None, {"fields": ["title", "outlet", "kind", "url", "language", "published"]}),
            *kept,
            ("More", {"classes": ["collapse"], "fields": ["byline", "republishes", "state", "note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["copies"] if obj else [])]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).select_related("outlet").annotate(kept=Count("captures"))

    def option_label(self, source: Source) -> str:
        return f"{source.title} — {source.outlet.name}, {edtf.label(source.published)}"

    @admin.display(description="Published", ordering="published_from")
    def date(self, source: Source) -> str:
        return edtf.label(source.published)

    @admin.display(description="Published")
    def published(self, source: Source) -> str:
        return edtf.label(source.published)

    @admin.display(description="Copies", ordering="kept")
    def captures_kept(self, source: Source) -> int:
        return source.kept  # type: ignore[attr-defined]

    @admin.display(description="Copies")
    def copies(self, source: Source) -> SafeString:
        """Links to the kept copies, the newest first, and to a new statement from each."""
        rows = [
            (
                reverse("admin:sources_capture_change", args=[capture.pk]),
                f"{capture.captured_at:%Y-%m-%d %H:%M} UTC",
                f"{capture.characters:,} characters, {capture.get_rights_display().lower()}",
                CaptureAdmin.next_step(capture),
            )
            for capture in source.captures.defer("text", "excerpt_map").annotate(characters=Length("text"))
        ]
        add = format_html('<a href="{}?source={}">Add a capture</a>', reverse("admin:sources_capture_add"), source.pk)
        if not rows:
            return format_html("None yet. {}", add)
        items = format_html_join("", '<li><a href="{}">{}</a> ({}) {}</li>', rows)
        return format_html('<ul class="desk-list">{}</ul>{}', items, add)


@admin.register(Capture)
class CaptureAdmin(DeskAdmin):
    """Kept copies: made here or with their source, never changed but for rights and the archive's address."""

    form = CaptureForm
    autocomplete_fields = ["source"]
    list_display = ["source", "captured_at", "method", "rights", "length"]
    list_select_related = ["source__outlet"]
    list_filter = ["rights", "method", "is_excerpt"]
    search_fields = ["source__title", "source__outlet__name", "source__url", "ref"]
    date_hierarchy = "captured_at"

    # A link to what is recorded from a capture; the app that records it puts its own here.
    next_step: Callable[[Capture], str] = staticmethod(lambda _: "")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj:
            return [
                (None, {"fields": ["source", "words", "rights", "archive_url"]}),
                ("How it was kept", {"fields": ["ref", "captured_at", "method", "sha256", "is_excerpt"]}),
            ]
        return [
            (None, {"fields": ["source", "text", "rights", "archive_url"]}),
            (
                "How it was taken",
                {"classes": ["collapse"], "fields": ["captured_at", "method", "extractor", "extractor_version"]},
            ),
            ("Excerpt", {"classes": ["collapse"], "fields": ["is_excerpt", "whole_sha256", "excerpt_map"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if not obj:
            return []
        return ["source", "words", "ref", "captured_at", "method", "sha256", "is_excerpt"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capture]:
        captures = super().get_queryset(request).select_related("source__outlet")
        return captures.defer("text", "excerpt_map").annotate(characters=Length("text"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def option_label(self, capture: Capture) -> str:
        source = capture.source
        return f"{source.title} — {source.outlet.name}, kept {capture.captured_at:%Y-%m-%d} ({capture.ref})"

    @admin.display(description="Characters")
    def length(self, capture: Capture) -> str:
        return f"{capture.characters:,}"  # type: ignore[attr-defined]

    @admin.display(description="Text")
    def words(self, capture: Capture) -> SafeString:
        return format_html(
            '<div class="desk-text" dir="auto" lang="{}" tabindex="0" role="region" aria-label="Captured text">{}</div>'
            "<p>{}</p>",
            capture.source.language,
            capture.text,
            self.next_step(capture),
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.text_view)
        return [path("<int:pk>/text/", view, name="sources_capture_text"), *super().get_urls()]

    def text_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """The text of a capture, for the form that quotes from it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        capture = self.get_queryset(request).filter(pk=pk).first()
        if capture is None:
            raise Http404
        return JsonResponse(
            {"label": self.option_label(capture), "language": capture.source.language, "text": capture.text}
        )
