"""Who speaks: people, bodies, outlets and those whom a source does not name."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from claims.choices import NameKind, SpeakerKind
from claims.querysets import SpeakerQuerySet
from claims.searching import SearchForm
from sources.models import Outlet, Source
from sources.records import BySlugManager, Line, Versioned, Words, choice_check


class Side(Versioned):
    """A column of the comparison: the speakers of one party to the story."""

    name = Line(max_length=100, help_text="The heading of the column: “Iraq”.")
    slug = models.SlugField(max_length=100, unique=True, help_text="The name in addresses; never changed later.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Columns stand in this order, smallest first.")

    objects = BySlugManager()

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Speaker(Versioned):
    """Somebody to whom a source attributes words. Of an unnamed speaker only the source's own descriptor is kept."""

    kind = models.CharField(
        max_length=20, choices=SpeakerKind, default=SpeakerKind.PERSON, help_text="What sort of speaker this is."
    )
    name = Line(
        max_length=200,
        help_text="The name in English. For an unnamed speaker the descriptor as printed: “Official sources”.",
    )
    slug = models.SlugField(
        max_length=100, unique=True, help_text="The name in the speaker's address; changed only by “New address…”."
    )
    side = models.ForeignKey(
        Side,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="speakers",
        help_text="The column in which the speaker's statements stand; leave empty if the text states none.",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The body this one belongs to: of a ministry, its government.",
    )
    outlet = models.OneToOneField(
        Outlet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="speaker",
        help_text="Only for the kind “Outlet”: the outlet that speaks in its own voice.",
    )
    only_in = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="unnamed_speakers",
        help_text=(
            "Only for an unnamed speaker: the one source that uses the descriptor. "
            "“Official sources” of another article are other people."
        ),
    )
    wikidata = Line(max_length=20, blank=True, help_text="The Wikidata item, if you are sure of it: Q12345.")
    description = Words(blank=True, help_text="One sentence for readers: who this is.")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_speakers",
        help_text="The speaker who turned out to be the same; its address leads there.",
    )

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [GinIndex(OpClass(SearchForm("name"), name="gin_trgm_ops"), name="speaker_search")]
        constraints = [
            choice_check("speaker", "kind", SpeakerKind),
            models.CheckConstraint(
                condition=Q(wikidata="") | Q(wikidata__regex=r"^Q[1-9][0-9]*$"),
                name="speaker_wikidata_form",
                violation_error_message="A Wikidata item is a Q and a number: Q12345.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=SpeakerKind.UNNAMED) | Q(only_in__isnull=False, wikidata=""),
                name="speaker_unnamed_is_of_one_source",
                violation_error_message=(
                    "An unnamed speaker belongs to one source (“only in”) and has no Wikidata item: "
                    "choose the source and leave Wikidata empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind=SpeakerKind.UNNAMED) | Q(only_in__isnull=True),
                name="speaker_only_in_is_unnamed",
                violation_error_message="Only an unnamed speaker belongs to one source; empty “only in”.",
            ),
            models.CheckConstraint(
                condition=Q(kind=SpeakerKind.OUTLET, outlet__isnull=False)
                | (~Q(kind=SpeakerKind.OUTLET) & Q(outlet__isnull=True)),
                name="speaker_outlet_names_outlet",
                violation_error_message="A speaker of the kind “Outlet” names its outlet, and no other speaker does.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="speaker_parent_is_another",
                violation_error_message="A speaker cannot belong to itself; choose the body above it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (unnamed, in one source)" if self.kind == SpeakerKind.UNNAMED else self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["claims.side", "sources.outlet", "sources.source"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("speaker_detail", args=[self.slug])


class SpeakerName(Versioned):
    """Another name of a speaker. A metonym (“Baghdad”) is never resolved to its speaker automatically."""

    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="names")
    text = Line(max_length=200, help_text="The other name, as it is printed somewhere.")
    language = Line(max_length=35, default="en", help_text="Its language, as a BCP 47 tag: en, ar.")
    kind = models.CharField(
        max_length=20, choices=NameKind, default=NameKind.SHORT, help_text="What sort of name this is."
    )

    class Names(models.QuerySet["SpeakerName"]):
        def get_by_natural_key(self, speaker: str, text: str, language: str) -> "SpeakerName":
            return self.get(speaker__slug=speaker, text=text, language=language)

    objects = Names.as_manager()

    class Meta:
        ordering = ["text", "pk"]
        indexes = [GinIndex(OpClass(SearchForm("text"), name="gin_trgm_ops"), name="speakername_search")]
        constraints = [
            choice_check("speakername", "kind", NameKind),
            models.UniqueConstraint(
                fields=["speaker", "text", "language"],
                name="speakername_once",
                violation_error_message="This speaker already has this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, str, str]:
        return (self.speaker.slug, self.text, self.language)

    natural_key.dependencies = ["claims.speaker"]  # type: ignore[attr-defined]
