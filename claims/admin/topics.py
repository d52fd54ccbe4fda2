"""The desk's room for topics, their questions, and occasions."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from claims.admin.enforced import RecordAdmin
from claims.choices import Status
from claims.forms.topics import QuestionForm, TopicForm
from claims.models import Occasion, Question, Topic
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
class TopicAdmin(RecordAdmin):
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
    # Said here once more, because counting rows makes Django forget the model's own order.
    ordering = ["order", "title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        return super().get_queryset(request).annotate(asked=Count("questions", distinct=True))

    @admin.display(description="Questions", ordering="asked")
    def number_of_questions(self, topic: Topic) -> int:
        return topic.asked  # type: ignore[attr-defined]


@admin.register(Question)
class QuestionAdmin(DeskAdmin):
    form = QuestionForm
    autocomplete_fields = ["topic"]
    prepopulated_fields = {"slug": ["text"]}
    fieldsets = [
        (None, {"fields": ["topic", "text", "answer_kind"]}),
        ("More", {"classes": ["collapse"], "fields": ["slug", "order"]}),
    ]
    list_display = ["text", "topic", "answer_kind", "order"]
    list_select_related = ["topic"]
    list_filter = ["answer_kind", "topic"]
    search_fields = ["text", "slug", "topic__title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).select_related("topic")

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
