"""The desk's room for kept copies."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sources.desk import DeskAdmin
from sources.forms import CaptureForm
from sources.models import Capture


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
