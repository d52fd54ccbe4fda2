"""What changes of a record that readers have seen: proposed by one, decided by another, listed for ever.

Beside it what was added to a record by others than its speaker: replies and notes on the context.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from claims.choices import CorrectionKind, CorrectionState, Status
from claims.models.contradictions import Contradiction
from claims.models.speakers import Speaker
from claims.models.statements import Statement
from claims.models.topics import Topic
from sources.records import (
    ByRef,
    ByRefManager,
    Line,
    Referenced,
    Versioned,
    WebAddress,
    Words,
    choice_check,
    ref_check,
    url_check,
)

SUBJECTS = ("statement", "contradiction", "topic", "speaker")


def exactly_one(*fields: str) -> Q:
    """True where one of these relations is given and the others are not."""
    return reduce(or_, (Q(**{f"{name}__isnull": name != given for name in fields}) for given in fields))


def _subject(model: Any, **kwargs: Any) -> models.ForeignKey:
    return models.ForeignKey(
        model,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        help_text="What it changes; exactly one of the four is given.",
        **kwargs,
    )


class CorrectionQuerySet(ByRef):
    def waiting(self) -> "CorrectionQuerySet":
        return self.filter(state=CorrectionState.PROPOSED)

    def told(self) -> "CorrectionQuerySet":
        """Applied ones that changed something for readers; of a private note they are told nothing."""
        whole = Q(kind__in=[CorrectionKind.WITHDRAWAL, CorrectionKind.MERGE])
        return self.filter(whole | ~Q(changes=[]), state=CorrectionState.APPLIED)

    def published(self) -> "CorrectionQuerySet":
        """Those that readers may know of: of what they have seen, where something of it changed for them."""
        topics = (Status.PUBLISHED, Status.WITHDRAWN)
        seen = (
            Q(statement__published_at__isnull=False)
            | Q(contradiction__published_at__isnull=False, contradiction__question__topic__status__in=topics)
            | Q(topic__published_at__isnull=False)
            | Q(speaker__isnull=False)
        )
        return self.told().filter(seen)


class Correction(Referenced):
    """A change of what is public, or its withdrawal, with a public reason; once decided it is never changed.

    `rows` is the change itself, row by row, as the database recorded it when it was tried; applying it writes exactly
    that, or nothing where a row has changed meanwhile (claims/changesets.py). `changes` is what readers are shown.
    """

    statement = _subject(Statement)
    contradiction = _subject(Contradiction)
    topic = _subject(Topic)
    speaker = _subject(Speaker)
    kind = models.CharField(max_length=15, choices=CorrectionKind, help_text="What sort of change it is.")
    reason = Words(help_text="For readers: what was wrong or new, in a sentence or two.")
    changes = models.JSONField(
        default=list, blank=True, editable=False, help_text="What readers are shown: label, before and after."
    )
    rows = models.JSONField(default=list, blank=True, editable=False, help_text="The change, row by row.")
    undoes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="undoings",
        help_text="The change that this one takes back.",
    )
    state = models.CharField(
        max_length=10,
        choices=CorrectionState,
        default=CorrectionState.PROPOSED,
        editable=False,
        help_text="Whether it waits, was applied or was declined.",
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        help_text="Who proposed it.",
    )
    proposed_at = models.DateTimeField(auto_now_add=True, help_text="When it was proposed.")
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
    decision_note = Words(blank=True, help_text="For editors: why it was declined.")
    without_second_reader = models.BooleanField(
        default=False, editable=False, help_text="Whether it was applied in single-editor mode."
    )
    opened_at = models.DateTimeField(
        null=True, editable=False, help_text="When its application began; the database fills it in."
    )
    opened_event = models.BigIntegerField(
        null=True, editable=False, help_text="The last event before that; the database holds what follows against it."
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            ref_check("correction"),
            choice_check("correction", "kind", CorrectionKind),
            choice_check("correction", "state", CorrectionState),
            models.CheckConstraint(
                condition=exactly_one(*SUBJECTS),
                name="correction_of_one_record",
                violation_error_message="A correction is of one statement, pair, topic or speaker.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="correction_has_reason",
                violation_error_message="Say for readers why it changes.",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state=CorrectionState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="correction_decided_by_somebody",
                violation_error_message="A decision has somebody who decided, and a time.",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.APPLIED)
                | ~Q(decided_by=F("proposed_by"))
                | Q(without_second_reader=True),
                name="correction_four_eyes",
                violation_error_message="Whoever proposed a change cannot approve it; ask a second publisher.",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=~Q(state=CorrectionState.DECLINED),
                name="correction_undone_once",
                violation_error_message="Somebody proposed to take this back already; look among the corrections.",
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject],
                    condition=Q(kind=kind, state=CorrectionState.PROPOSED),
                    name=f"correction_one_{kind}_of_{subject}",
                    violation_error_message="This is proposed already, and waits; look among the corrections.",
                )
                for subject, kind in (
                    ("statement", CorrectionKind.WITHDRAWAL),
                    ("contradiction", CorrectionKind.WITHDRAWAL),
                    ("topic", CorrectionKind.WITHDRAWAL),
                    ("speaker", CorrectionKind.MERGE),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def subject(self) -> Any:
        """The record that it changes."""
        return self.statement or self.contradiction or self.topic or self.speaker

    @property
    def undone_by(self) -> "Correction | None":
        """What takes it back, or is proposed to; a declined proposal does not. One query."""
        return Correction.objects.filter(undoes=self).exclude(state=CorrectionState.DECLINED).first()

    def get_absolute_url(self) -> str:
        # With the reference as a filter, since the list has pages.
        return f"{reverse('correction_list')}?ref={self.ref}#{self.ref}"


class ContextNote(Referenced):
    """What a reader must know beside a statement or a pair, with where it can be checked. It judges nobody."""

    statement = models.ForeignKey(
        Statement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="context_notes",
        help_text="The statement beside which it stands.",
    )
    contradiction = models.ForeignKey(
        Contradiction,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="context_notes",
        help_text="The pair beside which it stands.",
    )
    text = Words(help_text="What a reader must know to understand the words: facts, no judgement.")
    url = WebAddress(max_length=2000, blank=True, help_text="Where a reader can check it.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Notes stand in this order, smallest first.")

    objects = ByRefManager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            ref_check("contextnote"),
            models.CheckConstraint(
                condition=exactly_one("statement", "contradiction"),
                name="contextnote_of_one_record",
                violation_error_message="A note stands beside one statement or one pair.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="contextnote_has_text",
                violation_error_message="Write the note, or take it out.",
            ),
            url_check("contextnote", "url"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Reply(Referenced):
    """What somebody answered to a statement about them, in their own words."""

    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="right_of_reply", help_text="The statement they answer."
    )
    party = Line(max_length=200, help_text="Who answers, as they wish to be named to readers.")
    speaker = models.ForeignKey(
        Speaker,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies_sent",
        help_text="The same as a speaker of this site, if there is one.",
    )
    text = Words(help_text="Their answer, word for word.")
    language = Line(max_length=35, default="en", help_text="The language of the answer, as a BCP 47 tag: en, ar.")
    received_on = models.DateField(help_text="The day on which it came.")
    url = WebAddress(max_length=2000, blank=True, help_text="Where they published it, if they did.")

    objects = ByRefManager()

    class Meta:
        ordering = ["received_on", "pk"]
        verbose_name_plural = "replies"
        constraints = [
            ref_check("reply"),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="reply_has_text",
                violation_error_message="Copy the answer word for word, or take the reply out.",
            ),
            url_check("reply", "url"),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.text[:60]}"


class FormerSlug(Versioned):
    """An address that a speaker or topic had before it was renamed: it leads on for ever."""

    slug = models.SlugField(max_length=100, help_text="The name that stood in the address.")
    speaker = models.ForeignKey(
        Speaker,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="former_slugs",
        help_text="The speaker to whom it leads.",
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="former_slugs",
        help_text="The topic to which it leads.",
    )

    class FormerSlugs(models.QuerySet["FormerSlug"]):
        def get_by_natural_key(self, slug: str, speaker: str, topic: str) -> "FormerSlug":
            key = {"speaker__slug": speaker} if speaker else {"topic__slug": topic}
            return self.get(slug=slug, **key)

    objects = FormerSlugs.as_manager()

    class Meta:
        ordering = ["slug", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("speaker", "topic"),
                name="formerslug_of_one_record",
                violation_error_message="A former address leads to one speaker or one topic.",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(speaker__isnull=False),
                name="formerslug_once_for_speakers",
                violation_error_message="This address leads to a speaker already.",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(topic__isnull=False),
                name="formerslug_once_for_topics",
                violation_error_message="This address leads to a topic already.",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[str, str, str]:
        return (self.slug, self.speaker.slug if self.speaker else "", self.topic.slug if self.topic else "")

    natural_key.dependencies = ["claims.speaker", "claims.topic"]  # type: ignore[attr-defined]
