"""Topics and questions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from claims.choices import Status
from claims.models import Question, Topic
from sources.forms import DeskForm, free_slug


class TopicForm(DeskForm):
    slug_from = "title"


class QuestionForm(DeskForm):
    """A question of a topic; its short name need only be free within that topic."""

    slug_from = "text"

    def clean_topic(self) -> Topic:
        topic: Topic = self.cleaned_data["topic"]
        moved = self.instance.pk is None or topic.pk != self.instance.topic_id
        if moved and topic.status == Status.PUBLISHED:
            raise ValidationError(
                "Readers see this topic: add the question in the topic's own form, which proposes it."
            )
        return topic

    def clean(self) -> dict[str, Any]:
        """A question that is written in its topic's form has no field for its short name: it is made there too."""
        data = super().clean()
        if "slug" not in self.fields and not self.instance.slug and data.get("text"):
            there = Question.objects.filter(topic=self.instance.topic_id).exclude(pk=self.instance.pk)
            self.instance.slug = free_slug(data["text"], there, "question")
        return data

    def slugs_taken(self, data: dict[str, Any]) -> models.QuerySet[Any]:
        return Question.objects.filter(topic=data.get("topic"))
