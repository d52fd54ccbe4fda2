"""What readers tell us of a record, and what somebody at the desk keeps for themselves: saved filters, mails."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from claims.choices import DigestEvery, ReportKind, ReportState
from claims.models.contradictions import Contradiction
from claims.models.corrections import Correction, exactly_one
from claims.models.speakers import Speaker
from claims.models.statements import Statement
from claims.models.topics import Topic
from sources.models import Source
from sources.records import ByRef, Line, Referenced, Versioned, Words, choice_check, ref_check

REPORTED = ("statement", "contradiction", "topic", "speaker", "source")


def _about(model: Any) -> models.ForeignKey:
    return models.ForeignKey(
        model,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="reports",
        help_text="The record that it is about; exactly one of the five is given.",
    )


class ReportQuerySet(ByRef):
    def open(self) -> "ReportQuerySet":
        return self.filter(state=ReportState.OPEN)

    def about(self, record: Any) -> "ReportQuerySet":
        return self.filter(**{record._meta.model_name: record})


class Report(Referenced):
    """A reader's report that something is wrong with a record, and what came of it.

    Readers are shown the outcome alone: never the message, never the address, and of an open report nothing but to
    whoever has its reference. Message and address stay out of the history, so that they can be forgotten.
    """

    statement = _about(Statement)
    contradiction = _about(Contradiction)
    topic = _about(Topic)
    speaker = _about(Speaker)
    source = _about(Source)
    kind = models.CharField(
        max_length=20, choices=ReportKind, editable=False, help_text="What the reader says is the matter."
    )
    message = Words(blank=True, editable=False, help_text="The reader's words; emptied of spam after 90 days.")
    email = models.EmailField(
        blank=True, editable=False, help_text="Where the outcome is sent; emptied then, or after 90 days."
    )
    received_at = models.DateTimeField(default=timezone.now, editable=False, help_text="When it came.")
    state = models.CharField(
        max_length=10, choices=ReportState, default=ReportState.OPEN, editable=False, help_text="What came of it."
    )
    outcome = Words(blank=True, help_text="For readers: why nothing changes, or what was changed.")
    correction = models.ForeignKey(
        Correction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        help_text="The applied change that came of it.",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Who decided.",
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it was decided.")
    answered_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the outcome was sent to the reader."
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        verbose_name = "reader report"
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["received_at", "id"], name="report_open", condition=Q(state=ReportState.OPEN)),
        ]
        constraints = [
            ref_check("report"),
            choice_check("report", "kind", ReportKind),
            choice_check("report", "state", ReportState),
            models.CheckConstraint(
                condition=exactly_one(*REPORTED),
                name="report_of_one_record",
                violation_error_message="A report is about one statement, pair, topic, speaker or source.",
            ),
            models.CheckConstraint(
                condition=~Q(message="") | Q(state=ReportState.SPAM),
                name="report_has_message",
                violation_error_message="Say what is wrong.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.OPEN, decided_by__isnull=True, decided_at__isnull=True, outcome="")
                | ~Q(state=ReportState.OPEN) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="report_decided_by_somebody",
                violation_error_message="A decision has somebody who decided, and a time.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.UNCHANGED) | ~Q(outcome=""),
                name="report_unchanged_for_a_reason",
                violation_error_message="Say for readers why nothing changes.",
            ),
            models.CheckConstraint(
                condition=Q(correction__isnull=True) & ~Q(state=ReportState.CORRECTED)
                | Q(state=ReportState.CORRECTED)
                & (Q(correction__isnull=False) | Q(source__isnull=False) & ~Q(outcome="")),
                name="report_corrected_by_a_correction",
                violation_error_message=(
                    "“Corrected” names the correction that was applied; of a source, say what was changed."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.record}"

    @property
    def record(self) -> Any:
        """What it is about."""
        return self.statement or self.contradiction or self.topic or self.speaker or self.source

    def get_absolute_url(self) -> str:
        return reverse("report_outcome", args=[self.ref])


class ReportAttempt(models.Model):
    """That somebody sent a form, a report or a wish for mails, for the limits alone: kept for 24 hours."""

    subject = models.CharField(max_length=64, help_text="A keyed hash of the address; never the address itself.")
    at = models.DateTimeField(db_default=Now(), db_index=True, help_text="When it came, by the database's clock.")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["subject", "-at"], name="reportattempt_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject[:8]} {self.at}"


class SavedFilter(Versioned):
    """A filtered list of the desk, kept under a name by one person, for that person alone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_filters",
        editable=False,
        help_text="Whose it is.",
    )
    room = models.CharField(max_length=60, editable=False, help_text="The list: claims.statement.")
    name = Line(max_length=80, help_text="A few words that tell you what it finds.")
    query = models.CharField(
        max_length=2000, blank=True, editable=False, help_text="The part of the list's address after the “?”."
    )

    class SavedFilters(models.QuerySet["SavedFilter"]):
        def get_by_natural_key(self, user: str, room: str, name: str) -> "SavedFilter":
            return self.get(user__username=user, room=room, name=name)

    objects = SavedFilters.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "room", "name"],
                name="savedfilter_name_once",
                violation_error_message="You have a filter of this name for this list; choose another name.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="savedfilter_has_name",
                violation_error_message="Give the filter a name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str, str]:
        return (self.user.get_username(), self.room, self.name)

    natural_key.dependencies = ["auth.user"]  # type: ignore[attr-defined]


class Digest(Versioned):
    """How often somebody at the desk wants a mail of what waits for them, and which period was the last."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="digest",
        editable=False,
        help_text="Who gets it.",
    )
    every = models.CharField(
        max_length=10, choices=DigestEvery, default=DigestEvery.NEVER, help_text="How often you want it."
    )
    sent_for = models.DateField(
        null=True, blank=True, editable=False, help_text="The first day of the last period for which a mail was sent."
    )

    class Digests(models.QuerySet["Digest"]):
        def get_by_natural_key(self, user: str) -> "Digest":
            return self.get(user__username=user)

    objects = Digests.as_manager()

    class Meta:
        ordering = ["user"]
        default_permissions = ()
        constraints = [choice_check("digest", "every", DigestEvery)]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_every_display()}"

    def natural_key(self) -> tuple[str]:
        return (self.user.get_username(),)

    natural_key.dependencies = ["auth.user"]  # type: ignore[attr-defined]
