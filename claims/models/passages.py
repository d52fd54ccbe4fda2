"""What belongs to one statement: the characters it stands on, its translations, its positions on questions."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q

from claims.choices import AnchorPart, Stance, TranslatedBy
from claims.models.statements import Statement
from claims.models.topics import Question
from claims.querysets import PositionQuerySet
from claims.rules import complain
from claims.searching import vector_of
from sources.choices import Tier
from sources.records import Line, Versioned, Words, choice_check


class Anchor(Versioned):
    """Where words of a statement stand in its capture: code points, half-open, as in W3C Web Annotation."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="anchors")
    part = models.CharField(
        max_length=10, choices=AnchorPart, default=AnchorPart.QUOTE, help_text="What these words are to the statement."
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Pieces of one part stand in this order.")
    start = models.IntegerField(
        validators=[MinValueValidator(0)], help_text="The first character, counted in code points from 0."
    )
    end = models.IntegerField(help_text="The character after the last.")
    exact = Words(help_text="The words as they stand in the capture, without the quotation marks.")
    prefix = Words(blank=True, help_text="A few words before, to find the place again.")
    suffix = Words(blank=True, help_text="A few words after, to find the place again.")
    tier = models.CharField(
        max_length=15, choices=Tier, default=Tier.UNCHECKED, help_text="How well the words agree with the capture."
    )
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When that was last checked.")
    checker = Line(max_length=50, blank=True, help_text="The version of the program that checked.")

    class Anchors(models.QuerySet["Anchor"]):
        def get_by_natural_key(self, statement: str, part: str, order: int) -> "Anchor":
            return self.get(statement__ref=statement, part=part, order=order)

        def relied_on(self) -> "Anchor.Anchors":
            """Of the words themselves and of what is quoted: what a statement cannot be published without."""
            return self.filter(part__in=(AnchorPart.CONTENT, AnchorPart.QUOTE))

    objects = Anchors.as_manager()

    class Meta:
        ordering = ["statement", "part", "order"]
        constraints = [
            choice_check("anchor", "part", AnchorPart),
            choice_check("anchor", "tier", Tier),
            models.UniqueConstraint(
                fields=["statement", "part", "order"],
                name="anchor_order_once",
                violation_error_message="Two pieces of one part have the same place in the order.",
            ),
            models.CheckConstraint(
                condition=Q(start__gte=0, end__gt=F("start")),
                name="anchor_span_forward",
                violation_error_message="A passage begins at 0 or later and ends after it begins.",
            ),
            ExclusionConstraint(
                expressions=[
                    ("statement", RangeOperators.EQUAL),
                    (
                        Func(
                            F("start"),
                            F("end"),
                            RangeBoundary(),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                # Words that were not found have no place of their own, so they cannot overlap.
                condition=Q(part=AnchorPart.QUOTE, tier__in=Tier.found(), end__gt=F("start")),
                name="anchor_quotes_apart",
                violation_error_message="Two quoted passages of one statement overlap; make them one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.start}–{self.end}"

    def natural_key(self) -> tuple[str, str, int]:
        return (self.statement.ref, self.part, self.order)

    natural_key.dependencies = ["claims.statement"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        errors: dict[str, list[str]] = {}
        if self.statement_id and None not in (self.start, self.end):
            text = self.statement.capture.text
            if self.tier in Tier.found() and self.end > len(text):
                complain(errors, "anchor_within_capture")
            elif self.tier in Tier.found() and text[self.start : self.end] != self.exact:
                complain(errors, "anchor_exact_as_captured")
        if errors:
            raise ValidationError(errors)


class Translation(Versioned):
    """A statement's content in another language. Quotations are checked on the original only."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="translations")
    language = Line(max_length=35, help_text="The language of the translation, as a BCP 47 tag: ar, en.")
    text = Words(help_text="The content in that language.")
    by = models.CharField(
        max_length=10, choices=TranslatedBy, default=TranslatedBy.EDITOR, help_text="Who translated it."
    )

    class Translations(models.QuerySet["Translation"]):
        def get_by_natural_key(self, statement: str, language: str, by: str) -> "Translation":
            return self.get(statement__ref=statement, language=language, by=by)

    objects = Translations.as_manager()

    class Meta:
        ordering = ["statement", "language", "by"]
        indexes = [GinIndex(vector_of("text"), name="translation_search")]
        constraints = [
            choice_check("translation", "by", TranslatedBy),
            models.UniqueConstraint(
                fields=["statement", "language", "by"],
                name="translation_once",
                violation_error_message="There is already a translation into this language by this translator.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:60]}"

    def natural_key(self) -> tuple[str, str, str]:
        return (self.statement.ref, self.language, self.by)

    natural_key.dependencies = ["claims.statement"]  # type: ignore[attr-defined]


class Position(Versioned):
    """What a statement answers to a question. One speaker may hold two positions: a reversal, not an error."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="positions")
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="positions", help_text="The question it speaks to."
    )
    stance = models.CharField(
        max_length=20, choices=Stance, default=Stance.AFFIRMS, help_text="What the statement answers."
    )
    words = Words(blank=True, help_text="The words of the content that carry the answer, copied exactly.")
    gist = Line(
        max_length=120,
        blank=True,
        help_text="The answer in a few words of your own; use the same words for speakers who agree.",
    )
    value = Line(max_length=200, blank=True, help_text="The answer, where the stance is “Says”: a name, a date.")
    number = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, blank=True, help_text="The answer as a figure."
    )
    unit = Line(max_length=50, blank=True, help_text="What the figure counts: soldiers, dollars.")

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["question", "statement"]
        constraints = [
            choice_check("position", "stance", Stance),
            models.UniqueConstraint(
                fields=["statement", "question"],
                name="position_once_per_question",
                violation_error_message="This statement already has a position on this question.",
            ),
            models.CheckConstraint(
                condition=~Q(stance=Stance.VALUE) | ~Q(value="") | Q(number__isnull=False),
                name="position_value_given",
                violation_error_message="The stance “Says” needs a value or a number.",
            ),
            models.CheckConstraint(
                condition=Q(unit="") | Q(number__isnull=False),
                name="position_unit_of_number",
                violation_error_message="A unit needs a number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.gist or self.value or self.words}"

    @property
    def answer(self) -> str:
        """The value or the figure with its unit; "" where the stance says it all."""
        figure = f"{self.number.normalize():f} {self.unit}".strip() if self.number is not None else ""
        return self.value or figure

    def natural_key(self) -> tuple[str, str, str]:
        return (self.statement.ref, *self.question.natural_key())

    natural_key.dependencies = ["claims.statement", "claims.question"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        errors: dict[str, list[str]] = {}
        if self.statement_id and self.words not in self.statement.content:
            complain(errors, "position_words_in_content")
        if errors:
            raise ValidationError(errors)
