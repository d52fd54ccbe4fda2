"""The desk's rooms for who publishes and what they published: outlets and sources."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sources.admin.captures import CaptureAdmin
from sources.admin.incoming import BringsIn
from sources.desk import DeskAdmin, DeskInline
from sources.forms import CaptureForm, OutletForm, SourceForm
from sources.keeping import after_keeping
from sources.localising import label
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
class SourceAdmin(BringsIn):
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
            (None, {"fields": ["title", "outlet", "kind", "url", "locator", "language", "published"]}),
            *kept,
            ("More", {"classes": ["collapse"], "fields": ["byline", "republishes", "state", "note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["copies"] if obj else [])]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).select_related("outlet").annotate(kept=Count("captures"))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            if isinstance(row, Capture):
                after_keeping(row)

    def option_label(self, source: Source) -> str:
        return f"{source.title} — {source.outlet.name}, {label(source.published)}"

    @admin.display(description="Published", ordering="published_from")
    def date(self, source: Source) -> str:
        return label(source.published)

    @admin.display(description="Published")
    def published(self, source: Source) -> str:
        return label(source.published)

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
        add = format_html(
            '<a href="{}">Bring in a new copy</a>', reverse("admin:sources_source_copy", args=[source.pk])
        )
        if not rows:
            return format_html("None yet. {}", add)
        items = format_html_join("", '<li><a href="{}">{}</a> ({}) {}</li>', rows)
        return format_html('<ul class="desk-list">{}</ul>{}', items, add)
