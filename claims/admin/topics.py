"""The desk's room for topics, their questions, and occasions."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from claims.admin.addresses import Renames
from claims.admin.correcting import Corrects
from claims.admin.enforced import RecordAdmin
from claims.admin.permitted import ReadableFilter
from claims.choices import Status
from claims.forms.topics import QuestionForm, TopicForm
from claims.models import Occasion, Position, Question, Topic
from claims.roles import may, readable
from claims.views.topics import page_of
from sources.desk import DeskAdmin, DeskInline


class QuestionInline(DeskInline):
    model = Question
    form = QuestionForm
    fields = ["text", "answer_kind", "order"]
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A question is deleted from its own form, which says what stands on it."""
        return False


@admin.register(Topic)
class TopicAdmin(Renames, RecordAdmin):
    form = TopicForm
    inlines = [QuestionInline]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        ("More", {"classes": ["collapse"], "fields": ["slug", "order"]}),
    ]
    list_display = ["title", "state", "number_of_questions", "order"]
    list_filter = ["status"]
    search_fields = ["title", "slug", "summary", "questions__text"]
    preview_template = "admin/claims/_topic.html"
    review_template = "admin/claims/review_topic.html"
    # Said here once more, because counting rows makes Django forget the model's own order.
    ordering = ["order", "title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        return super().get_queryset(request).annotate(asked=Count("questions", distinct=True))

    def page_of(self, obj: Any) -> dict[str, Any]:
        return page_of(obj)

    @admin.display(description="Questions", ordering="asked")
    def number_of_questions(self, topic: Topic) -> int:
        return topic.asked  # type: ignore[attr-defined]


@admin.register(Question)
class QuestionAdmin(Corrects):
    form = QuestionForm
    autocomplete_fields = ["topic"]
    prepopulated_fields = {"slug": ["text"]}
    fieldsets = [
        (None, {"fields": ["topic", "text", "answer_kind"]}),
        ("More", {"classes": ["collapse"], "fields": ["slug", "order"]}),
    ]
    list_display = ["text", "topic", "answer_kind", "order"]
    list_select_related = ["topic"]
    list_filter = ["answer_kind", ("topic", ReadableFilter)]
    search_fields = ["text", "slug", "topic__title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return self._readable(request, super().get_queryset(request)).select_related("topic")

    def choices(self, request: HttpRequest) -> QuerySet[Question]:
        return self._readable(request, Question.objects.all())

    def _readable(self, request: HttpRequest, questions: QuerySet[Question]) -> QuerySet[Question]:
        """Those of topics that this user may read, and those that their own statements answer."""
        if may(request.user, "claims.read_drafts"):
            return questions
        topics = readable(request.user, Topic.objects.all()).values("pk")
        answered = Position.objects.filter(statement__created_by=request.user.pk).values("question")
        return questions.filter(Q(topic__in=topics) | Q(pk__in=answered))

    def opened_by(self, obj: Question) -> list[Topic]:
        return [obj.topic] if obj.topic.status == Status.PUBLISHED else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        gone = obj is not None and obj.topic.status == Status.WITHDRAWN
        return not gone and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A question that readers have seen stays with its topic."""
        seen = obj is not None and obj.topic.published_at is not None
        return not seen and super().has_delete_permission(request, obj)

    def option_label(self, question: Question) -> str:
        return f"{question.text} ({question.topic.title})"

    def is_public(self, obj: Any) -> bool:
        return bool(obj.topic.status == Status.PUBLISHED)


@admin.register(Occasion)
class OccasionAdmin(DeskAdmin):
    fieldsets = [(None, {"fields": ["name", "kind", "place"]})]
    list_display = ["name", "kind", "place"]
    list_filter = ["kind"]
    search_fields = ["name", "place", "ref"]
