"""The desk's room for statements: little is asked, the rest is proposed; where the words stand is computed."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.permitted import ReadableFilter
from claims.admin.proposals import ProposingAdmin
from claims.anchors import Passage, anchor_part
from claims.choices import AnchorPart
from claims.forms.checking import recorded_already
from claims.forms.filing import NewStatementForm
from claims.forms.statements import ContextNoteForm, PositionForm, ReplyForm, StatementForm
from claims.models import ContextNote, Position, Reply, Statement, Translation
from claims.roles import readable
from claims.views.statements import for_page, page_of
from sources.desk import DeskInline, DeskSelect, short
from sources.localising import label
from sources.models import Capture

_FIRST = ["capture", "speaker", "content", "quoted"]
_ANSWER = ["question", "stance", "gist", "position_words"]
_SPEECH = ["mode", "cue", "cue_class", "polarity", "language", "kind", "sourcing"]
_WHO = [
    "attributed_as",
    "role_text",
    "determinacy",
    "on_behalf_of",
    "further_speakers",
    "plural_claimed",
    "anonymity_reason",
]
_WHEN = ["said", "undated", "date_basis", "date_words", "date_note"]
_WHERE = ["occasion", "addressee", "addressee_text", "interpreted"]
_LINKS = ["topics", "relays", "relay_cue", "relay_certainty", "in_reply_to", "same_words_as"]


_RANK = ["rank", "rank_note"]
_REPLY = ["allegation", "reply_state", "reply_sought_on", "reply_sought_how", "reply_note"]


class PositionInline(DeskInline):
    """What the statement answers; one for each question it speaks to."""

    model = Position
    form = PositionForm
    autocomplete_fields = ["question"]
    fields = ["question", "stance", "gist", "words", "value", "number", "unit"]


class TranslationInline(DeskInline):
    model = Translation
    rows = {"text": 4}
    fields = ["language", "text", "by"]


class ReplyInline(DeskInline):
    """What those concerned answered."""

    model = Reply
    form = ReplyForm
    autocomplete_fields = ["speaker"]
    rows = {"text": 4}
    fields = ["party", "speaker", "text", "language", "received_on", "url"]


class ContextNoteInline(DeskInline):
    """What a reader must know beside the record; on a statement and on a pair."""

    model = ContextNote
    form = ContextNoteForm
    rows = {"text": 3}
    fields = ["text", "url", "order"]


@admin.register(Statement)
class StatementAdmin(ProposingAdmin):
    autocomplete_fields = [
        "capture",
        "speaker",
        "on_behalf_of",
        "further_speakers",
        "addressee",
        "occasion",
        "topics",
        "relays",
        "in_reply_to",
        "same_words_as",
    ]
    list_display = ["words", "speaker", "state", "date", "mode", "of_topics"]
    list_select_related = ["speaker", "capture__source__outlet"]
    list_filter = [
        "status",
        "mode",
        ("topics", ReadableFilter),
        "speaker__side",
        "cue_class",
        "polarity",
        "language",
        "capture__source__outlet",
    ]
    search_fields = ["content", "speaker__name", "speaker__names__text", "ref", "capture__source__title"]
    date_hierarchy = "said_from"
    preview_template = "admin/claims/_statement.html"
    review_template = "admin/claims/review_statement.html"

    class Media:
        js = ["admin/js/jquery.init.js", "claims/desk.js", "sources/selectable.js", "sources/selecting.js"]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [PositionInline, TranslationInline, ReplyInline, ContextNoteInline] if obj else []

    def own_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        folded = {"classes": ["collapse"]}
        note = ("Note for editors", {**folded, "fields": ["note"]})
        if obj:
            return [
                (None, {"fields": _FIRST}),
                ("Where the words stand", {"fields": ["places"]}),
                ("Speech", {"fields": _SPEECH}),
                ("Who, in the source's words", {**folded, "fields": _WHO}),
                ("When", {**folded, "fields": _WHEN}),
                ("Where and to whom", {**folded, "fields": _WHERE}),
                ("Topics and links", {**folded, "fields": _LINKS}),
                ("An allegation, and the right of reply", {**folded, "fields": _REPLY}),
                ("Whether it still stands", {**folded, "fields": _RANK}),
                note,
            ]
        return [
            (None, {"fields": _FIRST}),
            ("The answer", {"fields": _ANSWER}),
            ("The answer as a name or figure", {**folded, "fields": ["value", "number", "unit"]}),
            (
                "Speech: proposed from the text",
                {
                    **folded,
                    "fields": _SPEECH,
                    "description": "Leave these open: they are proposed when you save, and you check them then.",
                },
            ),
            ("When", {**folded, "fields": _WHEN}),
            ("Who, in the source's words", {**folded, "fields": _WHO}),
            ("Where and to whom", {**folded, "fields": _WHERE}),
            ("Topics and links", {**folded, "fields": _LINKS}),
            ("An allegation, and the right of reply", {**folded, "fields": _REPLY}),
            note,
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["places"] if obj else [])]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        self_form = StatementForm if change else NewStatementForm
        kwargs["form"] = type(self_form.__name__, (self_form,), {})
        form = super().get_form(request, obj, change=change, **kwargs)
        if "question" in form.base_fields:
            db_field = Position._meta.get_field("question")
            rooms = self.admin_site.get_model_admin(db_field.remote_field.model)
            form.base_fields["question"].widget = RelatedFieldWidgetWrapper(
                DeskSelect(db_field, self.admin_site),
                db_field.remote_field,
                self.admin_site,
                can_add_related=rooms.has_add_permission(request),
            )
            form.base_fields["question"].widget.choices = form.base_fields["question"].choices
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        related = ("speaker", "capture__source__outlet")
        statements = super().get_queryset(request).select_related(*related).prefetch_related("topics")
        return statements.defer("search", "capture__text", "capture__excerpt_map")

    def option_label(self, statement: Statement) -> str:
        return f"{statement.speaker.name}: {short(statement.content)} — {label(statement.said)} ({statement.ref})"

    def page_of(self, obj: Any) -> dict[str, Any]:
        return page_of(for_page(Statement.objects.all()).get(pk=obj.pk))

    @admin.display(description="Words", ordering="content")
    def words(self, statement: Statement) -> SafeString:
        return format_html('<bdi lang="{}">{}</bdi>', statement.language, short(statement.content))

    @admin.display(description="Said", ordering="said_from")
    def date(self, statement: Statement) -> str:
        return label(statement.said)

    @admin.display(description="Topics")
    def of_topics(self, statement: Statement) -> str:
        return ", ".join(short(topic.title, 40) for topic in statement.topics.all())

    @admin.display(description="Quoted words")
    def quoted(self, statement: Statement) -> str:
        return "\n".join(anchor.exact for anchor in statement.anchors.all() if anchor.part == AnchorPart.QUOTE)

    @admin.display(description="Said on")
    def said(self, statement: Statement) -> str:
        return label(statement.said)

    @admin.display(description="Computed")
    def places(self, statement: Statement) -> str:
        """Each anchor in its context; computed, so nothing to fill in."""
        return render_to_string("admin/claims/_anchors.html", {"anchors": statement.anchors.order_by("start", "part")})

    # Saving.

    def after_rows(self, request: HttpRequest, form: Any, change: bool) -> None:
        statement = form.instance
        content = Passage(statement.content, form.content_span.start if form.content_span else None)
        anchor_part(statement, AnchorPart.CONTENT, [content], folded=form.folded)
        anchor_part(statement, AnchorPart.QUOTE, form.passages, form.content_place, folded=form.folded)
        self._anchor_others(statement, form, change)
        position = getattr(form, "position", None)
        if position is not None:
            position.statement = statement
            position.save()
            if not form.cleaned_data.get("topics"):
                statement.topics.add(position.question.topic)
        request.told = form  # type: ignore[attr-defined]

    def _anchor_others(self, statement: Statement, form: Any, change: bool) -> None:
        """The places of the cue and of the speaker's words, where they were found or selected or are to be forgotten;
        in another capture old places mean nothing."""
        changed = set(form.changed_data) if change else {"cue", "attributed_as"}
        if form.speaker_passages or changed & {"attributed_as", "capture"}:
            anchor_part(statement, AnchorPart.SPEAKER, form.speaker_passages, folded=form.folded)
        if changed & {"cue", "content", "capture"} and (form.cue_passages or changed & {"cue", "capture"}):
            anchor_part(statement, AnchorPart.CUE, form.cue_passages, folded=form.folded)

    def _tell(self, request: HttpRequest) -> None:
        """What the check found and what was proposed, once the statement is saved."""
        form = getattr(request, "told", None)
        if form is None:
            return
        for found in form.found:
            self.message_user(request, found, messages.SUCCESS)
        if form.proposed:
            self.message_user(request, f"Proposed: {', '.join(form.proposed)}. Check them below.", messages.INFO)
        if already := recorded_already(form.instance, by=request.user):
            form.cautions.append(already)
        for caution in form.cautions:
            self.message_user(request, caution, messages.WARNING)
        for warning in form.warnings:
            self.message_user(request, format_html("Kept as a draft. {}", warning), messages.WARNING)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        if not self.stays(request):
            response = super().response_add(request, obj, post_url_continue)
            self._tell(request)
            return response
        self.message_user(request, f"Recorded as a draft: {obj}", messages.SUCCESS)
        self._tell(request)
        return HttpResponseRedirect(self.form_url(obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._tell(request)
        return super().response_change(request, obj)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        key = form.data.get("capture") if form.is_bound else form.initial.get("capture")
        if key and str(key).isascii() and str(key).isdigit() and len(str(key)) < 19:
            context["captured"] = Capture.objects.select_related("source__outlet").filter(pk=key).first()
        context["captured_url"] = reverse("admin:sources_capture_text", args=[0])
        context["words_form"] = True
        obj = context.get("original")
        if obj:
            context["beside"] = [
                (
                    position.question,
                    f"{reverse('admin:claims_contradiction_add')}?question={position.question_id}&first={obj.pk}",
                )
                for position in obj.positions.select_related("question")
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.words_view)
        return [path("<int:pk>/words/", view, name="claims_statement_words"), *super().get_urls()]

    def words_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """One account, for the form that sets two side by side."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        accounts = readable(request.user, Statement.objects.for_reading())
        statement = accounts.prefetch_related("positions__question").filter(pk=pk).first()
        if statement is None:
            raise Http404
        account = render_to_string("admin/claims/_account_words.html", {"statement": statement})
        return JsonResponse({"html": account})
