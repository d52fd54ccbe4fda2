"""Where accounts part: two statements that cannot both hold, or seem so."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse

from claims.choices import (
    AssertedBy,
    Finding,
    Mechanism,
    Pattern,
    Resolution,
    ScopeAnswer,
    SpeakerKind,
    Status,
)
from claims.models.passages import Position
from claims.models.statements import Statement
from claims.models.topics import Question
from claims.models.workflow import Reviewed, workflow_checks
from claims.querysets import ContradictionQuerySet
from claims.rules import complain
from sources import edtf
from sources.records import Referenced, Words, choice_check, ref_check

SCOPE = ("same_event", "same_time", "same_referent", "same_measure")


def scope_field(help_text: str) -> models.CharField:
    return models.CharField(max_length=15, choices=ScopeAnswer, default=ScopeAnswer.UNCLEAR, help_text=help_text)


class Contradiction(Referenced, Reviewed):
    """Two statements on one question that conflict or seem to: typed, scoped, explained.

    The site says how the accounts part, never who is right.
    """

    question = models.ForeignKey(
        Question,
        on_delete=models.PROTECT,
        related_name="contradictions",
        help_text="The question on which they part; both statements must have a position on it.",
    )
    first = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="contradictions_as_first", help_text="One account."
    )
    second = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="contradictions_as_second", help_text="The other account."
    )
    first_words = Words(blank=True, help_text="Paste the words of the first account that conflict.")
    second_words = Words(blank=True, help_text="Paste the words of the second account that conflict.")
    finding = models.CharField(
        max_length=15,
        choices=Finding,
        default=Finding.IN_TENSION,
        help_text=(
            "“Contradiction” only if both cannot hold on the same event and people; “apparent only” if a difference "
            "of scope dissolves it wholly; “in tension” otherwise."
        ),
    )
    same_event = scope_field("Do both speak of the same event?")
    same_time = scope_field("Do both speak of the same time?")
    same_referent = scope_field("Do both speak of the same people or things?")
    same_measure = scope_field("Do both count or define in the same way?")
    mechanisms = ArrayField(
        models.CharField(max_length=20, choices=Mechanism),
        default=list,
        blank=True,
        help_text="What in the language makes them conflict; one or more.",
    )
    pattern = models.CharField(max_length=20, choices=Pattern, help_text="What the second account does to the first.")
    asserted_by = models.CharField(
        max_length=10,
        choices=AssertedBy,
        default=AssertedBy.EDITOR,
        help_text="Whether our editors set the two side by side or one speaker rejects the other's account.",
    )
    explanation = Words(
        blank=True,
        help_text="For readers: what each says, why they conflict or seem to, and on what reading both could hold.",
    )
    resolution = models.CharField(
        max_length=20, choices=Resolution, default=Resolution.UNRESOLVED, help_text="What has become of it."
    )
    note = Words(blank=True, help_text="For editors only; never shown to readers.")
    held_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when a failed check keeps it from readers."
    )
    held_reason = Words(blank=True, editable=False, help_text="Why a failed check keeps it from readers.")

    objects = ContradictionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            ref_check("contradiction"),
            *(choice_check("contradiction", field, ScopeAnswer) for field in SCOPE),
            *(
                choice_check("contradiction", field, choices)
                for field, choices in (
                    ("finding", Finding),
                    ("pattern", Pattern),
                    ("asserted_by", AssertedBy),
                    ("resolution", Resolution),
                )
            ),
            *workflow_checks("contradiction"),
            models.CheckConstraint(
                condition=Q(mechanisms__contained_by=Mechanism.values),
                name="contradiction_mechanisms_known",
                violation_error_message="Choose mechanisms from the list.",
            ),
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="contradiction_of_two",
                violation_error_message="A statement cannot contradict itself; choose another for the second account.",
            ),
            models.UniqueConstraint(
                Least("first", "second"),
                Greatest("first", "second"),
                "question",
                condition=~Q(status=Status.WITHDRAWN),
                name="contradiction_once_per_pair_and_question",
                violation_error_message="These two statements are already compared on this question.",
            ),
            models.CheckConstraint(
                condition=~Q(finding=Finding.CONTRADICTS)
                | (
                    Q(same_event=ScopeAnswer.YES, same_referent=ScopeAnswer.YES)
                    & ~Q(same_time=ScopeAnswer.NO)
                    & ~Q(same_measure=ScopeAnswer.NO)
                    & ~Q(explanation="")
                ),
                name="contradiction_contradicts_in_scope",
                violation_error_message=(
                    "“Contradiction” needs: same event yes, same people or things yes, no answer “no”, and an "
                    "explanation. Otherwise choose “in tension” or “apparent only”."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(finding=Finding.APPARENT_ONLY)
                | Q(same_event=ScopeAnswer.NO)
                | Q(same_time=ScopeAnswer.NO)
                | Q(same_referent=ScopeAnswer.NO)
                | Q(same_measure=ScopeAnswer.NO),
                name="contradiction_apparent_has_a_no",
                violation_error_message="“Apparent only” needs at least one scope answer “no”: say what differs.",
            ),
            models.CheckConstraint(
                condition=Q(held_since__isnull=True, held_reason="")
                | (Q(held_since__isnull=False) & ~Q(held_reason="")),
                name="contradiction_held_with_reason",
                violation_error_message="Holding a pair back needs a reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_finding_display()}: {self.first.speaker.name} / {self.second.speaker.name}"

    def natural_key(self) -> tuple[str]:
        return (self.ref,)

    natural_key.dependencies = ["claims.statement", "claims.question", "claims.position"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("contradiction_detail", args=[self.ref])

    def clean(self) -> None:
        """Say in the form what the database would refuse (migration claims 0002), all at once."""
        if not (self.first_id and self.second_id):
            return
        errors: dict[str, list[str]] = {}
        for name in self._broken_rules():
            complain(errors, name)
        if errors:
            raise ValidationError(errors)

    def _broken_rules(self) -> Iterator[str]:
        if self.first_words not in self.first.content:
            yield "contradiction_first_words_in_content"
        if self.second_words not in self.second.content:
            yield "contradiction_second_words_in_content"
        if self.status == Status.PUBLISHED and {self.first.status, self.second.status} != {Status.PUBLISHED}:
            yield "contradiction_published_statements"
        if self.question_id and self.status != Status.WITHDRAWN:
            placed = Position.objects.filter(question=self.question_id, statement__in=[self.first_id, self.second_id])
            if placed.count() < len({self.first_id, self.second_id}):
                yield "contradiction_both_hold_positions"
        one_speaker = self.pattern in {Pattern.REVERSAL, Pattern.SELF_CONTRADICTION}
        if one_speaker and not _voices(self.first) & _voices(self.second):
            yield "contradiction_one_voice"
        if self.pattern == Pattern.REVERSAL:
            first, second = self.first.said, self.second.said
            dated = first.precision != "unknown" and second.precision != "unknown"
            if not dated or edtf.overlaps(first, second):
                yield "contradiction_reversal_in_time"


def _voices(statement: Statement) -> set[Any]:
    """Who stands behind a statement: its speakers, and the body they speak for unless it is a whole government."""
    voices = {statement.speaker_id, *statement.further_speakers.values_list("pk", flat=True)}
    body = statement.on_behalf_of
    return voices | ({body.pk} if body and body.kind != SpeakerKind.GOVERNMENT else set())
