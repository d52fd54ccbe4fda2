"""The desk's room for contradictions: two accounts in view, and what the editor finds between them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.enforced import RecordAdmin
from claims.admin.permitted import ReadableFilter
from claims.admin.statements import ContextNoteInline
from claims.forms.checking import loaded_word
from claims.forms.contradictions import ContradictionForm
from claims.models import Contradiction
from claims.models.contradictions import SCOPE
from claims.views.contradictions import page_of
from sources.desk import short


@admin.register(Contradiction)
class ContradictionAdmin(RecordAdmin):
    form = ContradictionForm
    autocomplete_fields = ["question", "first", "second"]
    radio_fields = dict.fromkeys(SCOPE, admin.HORIZONTAL)
    fieldsets = [
        (None, {"fields": ["question", "first", "second"]}),
        (
            "The conflicting words",
            {
                "fields": [("first_words", "second_words")],
                "description": "Paste from each account, which stands above its field, the words that conflict.",
                "classes": ["desk-accounts"],
            },
        ),
        ("What you find", {"fields": ["finding", *SCOPE]}),
        ("How they part", {"fields": ["pattern", "mechanisms", "asserted_by", "explanation"]}),
        ("What became of it, and notes", {"classes": ["collapse"], "fields": ["resolution", "note"]}),
    ]
    list_display = ["pair", "state", "finding", "pattern", "question"]
    list_filter = ["status", "finding", "pattern", "asserted_by", "resolution", ("question__topic", ReadableFilter)]
    inlines = [ContextNoteInline]
    search_fields = [
        "ref",
        "question__text",
        "first__content",
        "second__content",
        "first__speaker__name",
        "second__speaker__name",
        "explanation",
    ]
    preview_template = "admin/claims/_pair.html"
    review_template = "admin/claims/review_contradiction.html"

    class Media:
        js = ["admin/js/jquery.init.js", "claims/desk.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contradiction]:
        return super().get_queryset(request).select_related("question", "first__speaker", "second__speaker")

    def page_of(self, obj: Any) -> dict[str, Any]:
        return page_of(Contradiction.objects.for_reading().get(pk=obj.pk))

    @admin.display(description="Accounts")
    def pair(self, pair: Contradiction) -> SafeString:
        sides = [
            format_html("{}: <bdi>{}</bdi>", side.speaker.name, short(words or side.content, 60))
            for side, words in ((pair.first, pair.first_words), (pair.second, pair.second_words))
        ]
        return format_html("{} / {}", *sides)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: Any = "", extra_context: Any = None
    ) -> Any:
        """“Show the two accounts” brings the form back with both and everything typed; it saves nothing."""
        if request.method == "POST" and "_show" in request.POST and object_id is None:
            request.method = "GET"
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        if "_show" not in request.POST:
            return super().get_changeform_initial_data(request)
        typed = {name: request.POST[name].replace("\x00", "") for name in request.POST if not name.startswith("_")}
        return {**typed, "mechanisms": request.POST.getlist("mechanisms")}

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context["words_url"] = reverse("admin:claims_statement_words", args=[0])
        context["show_button"] = context.get("original") is None
        return super().render_change_form(request, context, *args, **kwargs)

    def after_rows(self, request: HttpRequest, form: Any, change: bool) -> None:
        pair = form.instance
        said = [text for side in (pair.first, pair.second) for text in (side.cue, side.content)]
        if loaded := loaded_word(pair.explanation, *said):
            self.message_user(request, loaded, messages.WARNING)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        if not self.stays(request):
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, f"Recorded as a draft: {obj}", messages.SUCCESS)
        return HttpResponseRedirect(self.form_url(obj))
