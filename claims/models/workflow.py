"""What records have that readers see only after two people have: who edited, who approved, and which version."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from claims.choices import Status
from sources.records import Versioned, choice_check


def _person(help_text: str, **kwargs: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=help_text,
        **kwargs,
    )


class Reviewed(Versioned):
    """A record that goes from draft through review to readers, and from them only to a tombstone.

    All of this is kept by the database (migration claims 0007): who edited last is the actor of the transaction, an
    approval is the actor's own and of the version that stands, and what was ever public stays public or withdrawn.
    `version` counts the changes of the content and of what belongs to it, never the steps.
    """

    status = models.CharField(
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        editable=False,
        help_text="Only what is published is shown; use the buttons to change it.",
    )
    created_by = _person("Who recorded it; the database fills it in.", serialize=False)
    last_edited_by = _person("Who changed its content last; the database fills it in.")
    approved_by = _person("Who read that version and approved it: never who edited it last.")
    approved_version = models.PositiveIntegerField(
        null=True, blank=True, editable=False, help_text="The version that was approved."
    )
    # In a row that is written as published (a fixture) this is the time of the transaction: its parts follow in it.
    approved_at = models.DateTimeField(
        null=True, blank=True, editable=False, serialize=False, help_text="When it was approved; the database fills it."
    )
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        serialize=False,
        help_text="When readers first saw it; from then on it cannot be deleted.",
    )
    without_second_reader = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whether it was published in single-editor mode, which its page then says.",
    )

    class Meta:
        abstract = True


def workflow_checks(model: str) -> list[models.CheckConstraint]:
    """Four eyes, row by row: whoever writes the row, by whatever way."""
    return [
        choice_check(model, "status", Status),
        models.CheckConstraint(
            condition=~Q(status=Status.PUBLISHED)
            | Q(last_edited_by__isnull=False, approved_by__isnull=False)
            & (~Q(approved_by=F("last_edited_by")) | Q(without_second_reader=True)),
            name=f"{model}_four_eyes",
            violation_error_message="What is published was approved by somebody other than its last editor.",
        ),
        models.CheckConstraint(
            condition=~Q(status=Status.PUBLISHED) | Q(approved_version__isnull=False, approved_version=F("version")),
            name=f"{model}_approved_as_it_is",
            violation_error_message=(
                "What readers see is changed by a correction, which a second person approves; propose one."
            ),
        ),
    ]
