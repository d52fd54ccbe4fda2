"""What is spoken about: stories (topics) and the questions on which accounts part."""

from django.db import models
from django.urls import reverse

from claims.choices import AnswerKind
from claims.models.workflow import Reviewed, workflow_checks
from claims.querysets import QuestionQuerySet, TopicQuerySet
from sources.records import Line, Versioned, Words, choice_check


class Topic(Reviewed):
    """One story, with its questions."""

    title = Line(max_length=200, help_text="The story in a few words: “US–Iraq talks on the coalition's mission”.")
    slug = models.SlugField(
        max_length=100, unique=True, help_text="The name in its address; changed only by “New address…”."
    )
    summary = Words(blank=True, help_text="What the story is about, in two or three sentences that take no side.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Topics stand in this order, smallest first.")

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title"]
        constraints = [*workflow_checks("topic")]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("topic_detail", args=[self.slug])


class Question(Versioned):
    """A question to which statements give answers: one row of the matrix."""

    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="questions", help_text="The story it belongs to."
    )
    text = Line(max_length=300, help_text="The question, in words that no side would refuse: “Were the talks about …?”")
    slug = models.SlugField(max_length=100, help_text="A short name for addresses; never changed later.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Questions stand in this order, smallest first.")
    answer_kind = models.CharField(
        max_length=10, choices=AnswerKind, default=AnswerKind.YES_NO, help_text="What sort of answer it takes."
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["topic", "order", "pk"]
        constraints = [
            choice_check("question", "answer_kind", AnswerKind),
            models.UniqueConstraint(
                fields=["topic", "slug"],
                name="question_slug_once_per_topic",
                violation_error_message="This topic already has a question with this short name.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, str]:
        return (self.topic.slug, self.slug)

    natural_key.dependencies = ["claims.topic"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return f"{self.topic.get_absolute_url()}#{self.slug}"
