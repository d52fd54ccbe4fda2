"""Topics and questions."""

from typing import Any

from django.db import models

from claims.models import Question
from sources.forms import DeskForm


class TopicForm(DeskForm):
    slug_from = "title"


class QuestionForm(DeskForm):
    """A question of a topic; its short name need only be free within that topic."""

    slug_from = "text"

    def slugs_taken(self, data: dict[str, Any]) -> models.QuerySet[Any]:
        return Question.objects.filter(topic=data.get("topic"))
