"""The desk's room for kept copies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import URLPattern, path

from sources.desk import DeskAdmin
from sources.forms import CaptureForm
from sources.keeping import after_keeping
from sources.marking import Mark, segments
from sources.models import Capture


@dataclass(frozen=True)
class Recorded:
    """A record that rests on a capture: what it is called, its form, its state, and its passages by part (`key`)."""

    title: str
    url: str
    state: str
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Flag:
    """Where a record's words begin: its number on the page, what they are to it, and the record's title and form."""

    number: int
    parts: str
    title: str
    url: str
    first: bool


@dataclass(frozen=True)
class Run:
    """Characters under the same marks: the parts they are, the numbers of their records, what begins at them."""

    text: str
    parts: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


@admin.register(Capture)
class CaptureAdmin(DeskAdmin):
    """Kept copies: made here or with their source, never changed but for rights and the archive's address."""

    form = CaptureForm
    change_form_template = "admin/sources/capture_change_form.html"
    autocomplete_fields = ["source"]
    list_display = ["source", "captured_at", "method", "rights", "length"]
    list_select_related = ["source__outlet"]
    list_filter = ["rights", "method", "is_excerpt"]
    search_fields = ["source__title", "source__outlet__name", "source__url", "ref"]
    date_hierarchy = "captured_at"

    class Media:
        js = ["sources/selectable.js", "sources/selecting.js"]

    # What the app that records words puts here. A link to record the first words of a capture:
    next_step: Callable[[Capture], str] = staticmethod(lambda _: "")
    # Each part that can be marked and what it is called, and what this user may see of what is recorded from a capture:
    parts: dict[str, str] = {}
    recorded: Callable[[HttpRequest, Capture], list[Recorded]] = staticmethod(lambda *_: [])
    # HTML beside the text (the tool for selected words) and below it, each from request and capture:
    beside: Callable[[HttpRequest, Capture], str] = staticmethod(lambda *_: "")
    below: Callable[[HttpRequest, Capture], str] = staticmethod(lambda *_: "")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj:
            return [
                (None, {"fields": ["source", "rights", "archive_url"]}),
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
        return ["source", "ref", "captured_at", "method", "sha256", "is_excerpt"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capture]:
        captures = super().get_queryset(request).select_related("source__outlet")
        return captures.defer("text", "excerpt_map").annotate(characters=Length("text"))

    def after_rows(self, request: HttpRequest, form: Any, change: bool) -> None:
        if not change:
            after_keeping(form.instance)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def option_label(self, capture: Capture) -> str:
        source = capture.source
        return f"{source.title} — {source.outlet.name}, kept {capture.captured_at:%Y-%m-%d} ({capture.ref})"

    @admin.display(description="Characters")
    def length(self, capture: Capture) -> str:
        return f"{capture.characters:,}"  # type: ignore[attr-defined]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        capture = context.get("original")
        if capture is not None:
            records = self.recorded(request, capture)
            context |= {
                "capture": capture,
                "runs": runs(capture.text, records, self.parts),
                "records": records,
                "parts": self.parts,
                "beside": self.beside(request, capture),
                "below": self.below(request, capture),
            }
        return super().render_change_form(request, context, *args, **kwargs)

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


def runs(text: str, records: Sequence[Recorded], parts: dict[str, str]) -> list[Run]:
    """The whole text in order, cut at every mark; the runs' texts joined are the text, character for character."""
    marks = [
        Mark(mark.start, mark.end, f"{number} {mark.key}")
        for number, record in enumerate(records, start=1)
        for mark in record.marks
    ]
    found, seen = [], set[int]()
    for segment in segments(text, marks):
        opening: dict[int, list[str]] = {}
        for key in segment.opens:
            number, _, part = key.partition(" ")
            opening.setdefault(int(number), []).append(parts.get(part, part))
        flags = [
            Flag(
                number, ", ".join(names).lower(), records[number - 1].title, records[number - 1].url, number not in seen
            )
            for number, names in opening.items()
        ]
        seen.update(opening)
        pairs = [key.partition(" ") for key in segment.keys]
        found.append(
            Run(
                segment.text,
                list(dict.fromkeys(part for _, _, part in pairs)),
                list(dict.fromkeys(int(number) for number, _, _ in pairs)),
                flags,
            )
        )
    return found
