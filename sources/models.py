"""Outlets, what they published (sources), and the kept copies of it (captures). Knows nothing of claims."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from sources import edtf
from sources.choices import CaptureMethod, OutletKind, Precision, Rights, SourceKind, SourceState
from sources.records import (
    ByRefManager,
    BySlugManager,
    IsNFC,
    Line,
    Referenced,
    TextDigest,
    Versioned,
    WebAddress,
    Words,
    choice_check,
    date_checks,
    ref_check,
    ref_field,
    sha256_of,
    url_check,
)


class Outlet(Versioned):
    """Who publishes: a newspaper, a ministry's press office, a platform."""

    name = Line(max_length=200, help_text="The name as the outlet prints it: “Asharq Al-Awsat”.")
    slug = models.SlugField(
        max_length=100, unique=True, help_text="The name in the outlet's address on this site; never changed later."
    )
    kind = models.CharField(
        max_length=20, choices=OutletKind, default=OutletKind.NEWS, help_text="What sort of publisher this is."
    )
    language = Line(
        max_length=35, blank=True, help_text="The language it publishes in, as a BCP 47 tag: en, ar, pt-BR."
    )
    country = Line(max_length=2, blank=True, help_text="Its country as two capital letters (ISO 3166): IQ, US.")
    homepage = WebAddress(max_length=500, blank=True, help_text="Its front page, beginning with https://.")
    wikidata = Line(max_length=20, blank=True, help_text="Its Wikidata item, if you are sure of it: Q12345.")

    objects = BySlugManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            choice_check("outlet", "kind", OutletKind),
            url_check("outlet", "homepage"),
            models.CheckConstraint(
                condition=Q(wikidata="") | Q(wikidata__regex=r"^Q[1-9][0-9]*$"),
                name="outlet_wikidata_form",
                violation_error_message="A Wikidata item is a Q and a number: Q12345.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Source(Referenced):
    """One published thing in which people are quoted: an article, a transcript, a press release."""

    kind = models.CharField(
        max_length=20, choices=SourceKind, default=SourceKind.ARTICLE, help_text="What sort of publication this is."
    )
    title = Line(max_length=500, help_text="The headline or title as printed.")
    byline = Line(max_length=300, blank=True, help_text="The author as printed; empty if none is printed.")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="sources", help_text="Who published it.")
    url = WebAddress(
        max_length=2000,
        blank=True,
        help_text="Its address, without tracking parameters; empty if you do not know it. One source per address.",
    )
    locator = Line(
        max_length=300,
        blank=True,
        help_text="Where a reader can find it if it has no address: “print edition, 16 August 2024, page 3”.",
    )
    language = Line(max_length=35, default="en", help_text="The language of its text, as a BCP 47 tag: en, ar.")
    published_from = models.DateField(
        null=True, blank=True, help_text="The first day on which it can have been published."
    )
    published_to = models.DateField(
        null=True, blank=True, help_text="The last day on which it can have been published."
    )
    precision = models.CharField(
        max_length=10,
        choices=Precision,
        default=Precision.UNKNOWN,
        help_text="How exactly the date of publication is known.",
    )
    approximate = models.BooleanField(default=False, help_text="Tick if even these bounds are only “about” right.")
    republishes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="republications",
        help_text="The source whose text this one reprints, if it does.",
    )
    state = models.CharField(
        max_length=10,
        choices=SourceState,
        default=SourceState.LIVE,
        help_text="Whether the publication still stands as it was captured.",
    )
    note = Words(blank=True, help_text="For editors only; never shown to readers.")

    objects = ByRefManager()

    class Meta:
        ordering = ["-published_from", "pk"]
        constraints = [
            ref_check("source"),
            choice_check("source", "kind", SourceKind),
            choice_check("source", "state", SourceState),
            url_check("source", "url"),
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="source_url_once",
                violation_error_message="There is already a source with this address; use that one.",
            ),
            models.CheckConstraint(
                condition=Q(republishes__isnull=True) | ~Q(republishes=F("id")),
                name="source_republishes_another",
                violation_error_message="A source cannot republish itself; choose the original.",
            ),
            *date_checks("source", "published_from", "published_to"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("source_detail", args=[self.ref])

    @property
    def published(self) -> edtf.UncertainDate:
        return edtf.UncertainDate(self.published_from, self.published_to, self.precision, self.approximate)


class Capture(models.Model):
    """One kept copy of a source's text: the ground every quotation stands on.

    The text, its hash and where it came from never change and are never deleted (trigger, migration 0002);
    what may be shown of it (`rights`) and where an archive keeps it too (`archive_url`) can be amended.
    """

    ref = ref_field()
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="captures", help_text="The source this is a copy of."
    )
    captured_at = models.DateTimeField(default=timezone.now, help_text="When the copy was taken (UTC).")
    text = Words(help_text="The text as it stands in the source, whole or as excerpts. It cannot be changed later.")
    sha256 = TextDigest("text", help_text="The sha256 of the text in UTF-8, made by the system.")
    method = models.CharField(
        max_length=10, choices=CaptureMethod, default=CaptureMethod.PASTED, help_text="How the text got here."
    )
    extractor = Line(max_length=100, blank=True, help_text="The program that drew the text out of a file, if one did.")
    extractor_version = Line(max_length=50, blank=True, help_text="That program's version.")
    rights = models.CharField(
        max_length=20,
        choices=Rights,
        default=Rights.SHORT_EXCERPTS,
        help_text="How much of the text may be shown to readers.",
    )
    is_excerpt = models.BooleanField(default=False, help_text="Tick if the text is only pieces of the whole.")
    whole_sha256 = models.CharField(
        max_length=64, blank=True, help_text="For an excerpt: the sha256 of the whole text in UTF-8 and NFC."
    )
    excerpt_map = models.JSONField(
        default=list,
        blank=True,
        help_text="For an excerpt: where each piece stood in the whole text, as start, end and at (code points).",
    )
    archive_url = WebAddress(max_length=2000, blank=True, help_text="Where a public archive keeps a copy.")

    objects = ByRefManager()

    class Meta:
        ordering = ["-captured_at", "pk"]
        constraints = [
            ref_check("capture"),
            choice_check("capture", "method", CaptureMethod),
            choice_check("capture", "rights", Rights),
            url_check("capture", "archive_url"),
            models.UniqueConstraint(
                fields=["source", "sha256"],
                name="capture_once_per_text",
                violation_error_message="This text is already kept for this source; use that capture.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="capture_has_text",
                violation_error_message="Paste the text: an empty copy proves nothing.",
            ),
            models.CheckConstraint(
                condition=Q(sha256=sha256_of("text")),
                name="capture_sha256_of_text",
                violation_error_message="The hash does not belong to this text.",
            ),
            models.CheckConstraint(
                condition=IsNFC(F("text")),
                name="capture_text_nfc",
                violation_error_message="The text is not in Unicode normalisation form C.",
            ),
            models.CheckConstraint(
                condition=Q(is_excerpt=False, whole_sha256="", excerpt_map=[])
                | (Q(is_excerpt=True, whole_sha256__regex=r"^[0-9a-f]{64}$") & ~Q(excerpt_map=[])),
                name="capture_excerpt_is_mapped",
                violation_error_message=(
                    "An excerpt needs the hash of the whole text and the map of its pieces; a whole text has neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.captured_at:%Y-%m-%d})"

    def natural_key(self) -> tuple[str]:
        return (self.ref,)

    natural_key.dependencies = ["sources.source"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.text and not self.text.strip():
            raise ValidationError({"text": "Paste the text: blanks alone prove nothing."})


class CaptureIndex(models.Model):
    """What is made of a capture, to check and to search it quickly; never entered, and at any time made anew.

    The database adds the row, empty, with every capture, however that was written (migration 0003), so that none can
    be missed; sources/finding.py fills it.
    """

    capture = models.OneToOneField(
        Capture,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="index",
        help_text="The capture that this is made of.",
    )
    fold_version = models.PositiveSmallIntegerField(
        default=0, db_index=True, help_text="The version of the rules by which the text was folded; 0 before it was."
    )
    of_sha256 = models.CharField(
        max_length=64,
        blank=True,
        help_text="The sha256 of the text that was folded: a second witness of it.",
    )
    # Plain text: a folded text brought to NFC would no longer fit its map.
    folded = models.TextField(blank=True, help_text="The text in its loosest form (decision 0010).")
    runs = models.JSONField(
        default=list, blank=True, help_text="The way back from the folded text to the characters of the capture."
    )
    words = ArrayField(
        models.IntegerField(), default=list, blank=True, help_text="A number for each word of the text, for the search."
    )
    checked_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When what rests on the source was held against this copy, once it came; empty before.",
    )
    fault = Words(blank=True, help_text="What the last check found wrong with the kept copy itself; empty if nothing.")

    class Indexes(models.QuerySet["CaptureIndex"]):
        def get_by_natural_key(self, ref: str) -> "CaptureIndex":
            return self.get(capture__ref=ref)

    objects = Indexes.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "capture indexes"
        indexes = [GinIndex(fields=["words"], name="captureindex_words")]

    def __str__(self) -> str:
        return f"Index of {self.capture_id}"

    def natural_key(self) -> tuple[str]:
        return (self.capture.ref,)

    natural_key.dependencies = ["sources.capture"]  # type: ignore[attr-defined]
