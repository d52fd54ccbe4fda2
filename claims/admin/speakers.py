"""The desk's room for speakers and the sides they stand on."""

import unicodedata
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from claims.admin.addresses import Merges
from claims.choices import SpeakerKind
from claims.forms.speakers import SideForm, SpeakerForm
from claims.models import Side, Speaker, SpeakerName
from sources.desk import DeskAdmin, DeskInline


@admin.register(Side)
class SideAdmin(DeskAdmin):
    form = SideForm
    fieldsets = [(None, {"fields": ["name", "slug", "order"]})]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "order"]
    search_fields = ["name", "slug"]


class SpeakerNameInline(DeskInline):
    model = SpeakerName
    verbose_name = "other name"
    fields = ["text", "language", "kind"]


@admin.register(Speaker)
class SpeakerAdmin(Merges):
    form = SpeakerForm
    inlines = [SpeakerNameInline]
    autocomplete_fields = ["side", "parent", "outlet", "only_in"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "kind", "side", "description"]}),
        (
            "Belongs to",
            {
                "fields": ["parent", "only_in", "outlet"],
                "description": "An unnamed speaker needs “only in”; an outlet in its own voice needs “outlet”.",
            },
        ),
        ("More", {"classes": ["collapse"], "fields": ["slug", "wikidata"]}),
    ]
    list_display = ["name", "kind", "side", "parent", "only_in", "merged_into"]
    list_select_related = ["side", "parent", "only_in", "outlet", "merged_into"]
    list_filter = ["kind", "side"]
    search_fields = ["name", "slug", "names__text", "wikidata"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Speaker]:
        return super().get_queryset(request).select_related("side", "parent", "only_in__outlet", "outlet")

    def choices(self, request: HttpRequest) -> QuerySet[Speaker]:
        """Whom a record may name; who is merged into another is nobody of their own."""
        return self.get_queryset(request).filter(merged_into__isnull=True)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """In the room's list all; to be chosen only who is not merged into another."""
        rows, distinct = super().get_search_results(request, queryset, search_term)
        asked_by_a_form = request.path.endswith("/options/")
        return rows.filter(merged_into__isnull=True) if asked_by_a_form else rows, distinct

    def has_delete_permission(self, request: HttpRequest, obj: Speaker | None = None) -> bool:
        """Deleting one who joins in a statement would silently change what readers are told."""
        if obj is not None and obj.joint_statements.exists():
            return False
        return super().has_delete_permission(request, obj)

    def option_label(self, speaker: Speaker) -> str:
        """The name, and what tells it from another of the same name."""
        if speaker.kind == SpeakerKind.UNNAMED and speaker.only_in:
            return f"{speaker.name} (unnamed, in “{speaker.only_in.title}”, {speaker.only_in.outlet.name})"
        more = ", ".join(
            part for part in (speaker.get_kind_display().lower(), speaker.parent.name if speaker.parent else "") if part
        )
        return f"{speaker.name} ({more})"

    def is_public(self, obj: Any) -> bool:
        return Speaker.objects.published().filter(pk=obj.pk).exists()

    def after_rows(self, request: HttpRequest, form: Any, change: bool) -> None:
        speaker = form.instance
        if not change or "name" in form.changed_data:
            request.twins = list(probable_twins(speaker))  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        self._warn(request)
        return super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        self._warn(request)
        return super().response_change(request, obj)

    def _warn(self, request: HttpRequest) -> None:
        if twins := getattr(request, "twins", []):
            links = format_html_join(
                ", ",
                '<a href="{}">{}</a>',
                ((reverse("admin:claims_speaker_change", args=[twin.pk]), twin) for twin in twins),
            )
            text = "Saved, but there is a speaker of the same name already: {}. If it is the same, use that one."
            self.message_user(request, format_html(text, links), messages.WARNING)


def folded(name: str) -> str:
    """A name without capitals, accents, vowel signs and punctuation: what two spellings of it share."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in letters if character.isalnum())


def probable_twins(speaker: Speaker) -> QuerySet[Speaker]:
    """Other speakers with the same name, but for unnamed ones of other sources. Cost: every name is read once."""
    same = folded(speaker.name)
    others = Speaker.objects.filter(merged_into__isnull=True).exclude(pk=speaker.pk)
    if speaker.kind == SpeakerKind.UNNAMED:
        others = others.filter(Q(only_in=speaker.only_in_id) | Q(only_in__isnull=True))
    else:
        others = others.exclude(kind=SpeakerKind.UNNAMED)
    keys = {pk for pk, name in others.values_list("pk", "name") if folded(name) == same}
    names = SpeakerName.objects.exclude(speaker=speaker).values_list("speaker", "text")
    keys |= {pk for pk, name in names if folded(name) == same}
    return others.filter(pk__in=keys)
