"""What was said: one attribution found in one source, and the occasion on which it was said."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from claims.choices import (
    CueClass,
    DateBasis,
    Determinacy,
    Mode,
    OccasionKind,
    Polarity,
    Rank,
    RelayCertainty,
    ReplyState,
    Sourcing,
    SpeakerKind,
    StatementKind,
    Status,
)
from claims.models.speakers import Speaker
from claims.models.topics import Topic
from claims.models.workflow import Reviewed, workflow_checks
from claims.querysets import StatementQuerySet
from claims.rules import complain
from claims.searching import vector_of
from sources import edtf
from sources.choices import Precision
from sources.models import Capture, Outlet
from sources.records import ByRefManager, Line, Referenced, Words, choice_check, date_checks, ref_check


class Occasion(Referenced):
    """The event at which something was said: a briefing, an interview, a written statement."""

    kind = models.CharField(
        max_length=20, choices=OccasionKind, default=OccasionKind.UNSPECIFIED, help_text="What sort of event it was."
    )
    name = Line(max_length=200, help_text="A short name: “State Department remarks, 15 August 2024”.")
    place = Line(max_length=200, blank=True, help_text="Where it was, if the source says so.")

    objects = ByRefManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [ref_check("occasion"), choice_check("occasion", "kind", OccasionKind)]

    def __str__(self) -> str:
        return self.name


class Statement(Referenced, Reviewed):
    """One attribution found in one source: a speaker, a cue (“denied”), a content.

    The content is the shortest span of the source that carries the claim, anchored (Anchor) to the characters of
    the capture. Public only through `Statement.objects.published()`.
    """

    capture = models.ForeignKey(
        Capture, on_delete=models.PROTECT, related_name="statements", help_text="The kept copy in which you read it."
    )
    speaker = models.ForeignKey(
        Speaker, on_delete=models.PROTECT, related_name="statements", help_text="Who said it, according to the source."
    )
    content = Words(
        help_text="The words of the source that carry the claim, copied exactly: the shortest span that says it."
    )
    mode = models.CharField(
        max_length=10,
        choices=Mode,
        default=Mode.INDIRECT,
        help_text="Whether the words are quoted, paraphrased, both, or the outlet's own. Proposed from the text.",
    )
    cue = Line(max_length=100, blank=True, help_text="The word that introduces it, as printed: “denied”, “told”.")
    cue_class = models.CharField(
        max_length=15,
        choices=CueClass,
        default=CueClass.IMPLICIT,
        help_text="What that word does. “None” for the outlet's own words, “implicit” where no word introduces it.",
    )
    polarity = models.CharField(
        max_length=10,
        choices=Polarity,
        default=Polarity.AFFIRM,
        help_text="“Denies” where the speaker rejects something, by the cue (“denied”) or in own words (“at no time”).",
    )
    topics = models.ManyToManyField(
        Topic, related_name="statements", blank=True, help_text="The stories it belongs to, with or without a question."
    )
    attributed_as = Line(
        max_length=300,
        blank=True,
        help_text="How the source names the speaker here: “he”, “Washington”, “Official sources”.",
    )
    role_text = Line(
        max_length=300, blank=True, help_text="The role as this source gives it: “US State Department spokesman”."
    )
    determinacy = models.CharField(
        max_length=12,
        choices=Determinacy,
        default=Determinacy.EXPLICIT,
        help_text="How the text tells who speaks: by name, by “he” or “it”, or only by what stands around.",
    )
    on_behalf_of = models.ForeignKey(
        Speaker,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="spoken_for",
        help_text="The body the speaker speaks for, if the source says so.",
    )
    further_speakers = models.ManyToManyField(
        Speaker,
        related_name="joint_statements",
        blank=True,
        help_text="For a joint statement: who else makes it.",
    )
    addressee = models.ForeignKey(
        Outlet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="told",
        help_text="The outlet it was told to, if the source says so.",
    )
    addressee_text = Line(max_length=200, blank=True, help_text="Another addressee, in the source's words.")
    occasion = models.ForeignKey(
        Occasion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text="Where it was said: briefing, interview, written statement.",
    )
    language = Line(max_length=35, default="en", help_text="The language of the words, as a BCP 47 tag: en, ar.")
    kind = models.CharField(
        max_length=20,
        choices=StatementKind,
        default=StatementKind.FACTUAL,
        help_text="Whether it says how things are, promises, predicts, demands, judges or names.",
    )
    sourcing = models.CharField(
        max_length=12, choices=Sourcing, default=Sourcing.ON_RECORD, help_text="On what terms it was said."
    )
    plural_claimed = models.BooleanField(
        default=False, help_text="Tick if an unnamed speaker is said to be several: “officials”, “sources”."
    )
    anonymity_reason = Line(
        max_length=300, blank=True, help_text="Why the speaker is not named, if the source gives a reason."
    )
    interpreted = models.BooleanField(
        default=False, help_text="Tick if the words are an interpreter's, spoken as they were said."
    )
    said_from = models.DateField(null=True, blank=True, help_text="The first day on which it can have been said.")
    said_to = models.DateField(null=True, blank=True, help_text="The last day on which it can have been said.")
    precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.UNKNOWN, help_text="How exactly the date is known."
    )
    approximate = models.BooleanField(default=False, help_text="Tick if even these bounds are only “about” right.")
    date_words = Line(max_length=100, blank=True, help_text="The date as printed: “on Thursday evening”.")
    date_basis = models.CharField(
        max_length=30,
        choices=DateBasis,
        default=DateBasis.UNRESOLVED,
        help_text="What the date rests on. “From outside” needs a note that says whence.",
    )
    undated = models.BooleanField(
        default=False, help_text="Tick to say to readers that the source gives no date and none could be found."
    )
    date_note = Words(blank=True, help_text="Shown to readers: how the date was found, where the source does not say.")
    relays = models.ForeignKey(
        Speaker,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="relayed",
        help_text="Whose words the speaker passes on: A says that B said.",
    )
    relay_cue = Line(max_length=100, blank=True, help_text="The word for that inner speech: “indicated”.")
    relay_certainty = models.CharField(
        max_length=10,
        choices=RelayCertainty,
        blank=True,
        help_text="Whether the text makes clear that the words are the other's.",
    )
    in_reply_to = models.ManyToManyField(
        "self", symmetrical=False, related_name="replies", blank=True, help_text="The statements it answers."
    )
    same_words_as = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="other_reports",
        help_text="The statement of another source that reports the same utterance.",
    )
    rank = models.CharField(
        max_length=15,
        choices=Rank,
        default=Rank.NORMAL,
        help_text="Whether it still stands as its speaker's word. What does not is kept, and labelled on every page.",
    )
    rank_note = Words(blank=True, help_text="Shown to readers: by what it was superseded, or whose words they are.")
    allegation = models.BooleanField(
        default=False, help_text="Tick if it accuses somebody who can be identified: they must be asked for a reply."
    )
    reply_state = models.CharField(
        max_length=12,
        choices=ReplyState,
        default=ReplyState.NOT_SOUGHT,
        help_text="Of an allegation: whether those concerned were asked, and what came of it.",
    )
    reply_sought_on = models.DateField(null=True, blank=True, help_text="The day on which they were asked.")
    reply_sought_how = Line(
        max_length=200,
        blank=True,
        help_text="How they were asked, for readers: “by e-mail to the ministry's press office”.",
    )
    reply_note = Words(blank=True, help_text="Shown to readers: why nobody was asked, or how they declined.")
    note = Words(blank=True, help_text="For editors only; never shown to readers.")
    held_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when a failed check keeps it from readers."
    )
    held_reason = Words(blank=True, editable=False, help_text="Why a failed check keeps it from readers.")
    search = models.GeneratedField(
        expression=vector_of("content"),
        output_field=SearchVectorField(),
        db_persist=True,
        serialize=False,  # The database computes it, so a fixture or export has no use for it.
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-said_from", "-pk"]
        indexes = [
            models.Index(fields=["-said_from", "-id"], name="statement_newest"),
            models.Index(fields=["speaker", "-said_from", "-id"], name="statement_by_speaker"),
            GinIndex(fields=["search"], name="statement_search"),
        ]
        permissions = [
            ("read_drafts", "Can read everybody's drafts"),
            ("submit_records", "Can hand drafts to a second reader"),
            ("approve_records", "Can approve what somebody else edited, and publish it"),
            ("propose_changes", "Can propose changes of what is public"),
            ("import_records", "Can write records through an import"),
        ]
        constraints = [
            ref_check("statement"),
            *(
                choice_check("statement", field, choices)
                for field, choices in (
                    ("mode", Mode),
                    ("cue_class", CueClass),
                    ("polarity", Polarity),
                    ("determinacy", Determinacy),
                    ("kind", StatementKind),
                    ("sourcing", Sourcing),
                    ("date_basis", DateBasis),
                    ("rank", Rank),
                    ("reply_state", ReplyState),
                )
            ),
            *workflow_checks("statement"),
            choice_check("statement", "relay_certainty", RelayCertainty, blank=True),
            *date_checks("statement", "said_from", "said_to"),
            models.CheckConstraint(
                condition=~Q(content=""),
                name="statement_has_content",
                violation_error_message="Copy the words that carry the claim.",
            ),
            models.CheckConstraint(
                condition=Q(cue="", cue_class__in=[CueClass.NONE, CueClass.IMPLICIT])
                | (~Q(cue="") & ~Q(cue_class__in=[CueClass.NONE, CueClass.IMPLICIT])),
                name="statement_cue_has_class",
                violation_error_message=(
                    "A cue needs what it does (reports, denies …); “none” and “implicit” are for statements "
                    "without a cue."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(mode=Mode.NARRATOR) | Q(cue_class=CueClass.NONE),
                name="statement_narrator_has_no_cue",
                violation_error_message="The outlet's own words have no cue: choose “None” and empty the cue.",
            ),
            models.CheckConstraint(
                condition=Q(precision=Precision.UNKNOWN, date_basis=DateBasis.UNRESOLVED)
                | (~Q(precision=Precision.UNKNOWN) & ~Q(date_basis=DateBasis.UNRESOLVED)),
                name="statement_date_has_basis",
                violation_error_message=(
                    "A date needs what it rests on, and an undated statement is “Undated”: set both or neither."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(date_basis=DateBasis.EXTERNAL) | ~Q(date_note=""),
                name="statement_outside_date_has_note",
                violation_error_message="A date from outside the source needs a note that says where it is known from.",
            ),
            models.CheckConstraint(
                condition=Q(undated=False) | Q(precision=Precision.UNKNOWN),
                name="statement_undated_has_no_date",
                violation_error_message="It has a date, so it is not undated: take the tick out, or the date.",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | ~Q(precision=Precision.UNKNOWN) | Q(undated=True),
                name="statement_published_has_date",
                violation_error_message="To publish, give the date, or tick “undated”, which tells readers so.",
            ),
            models.CheckConstraint(
                condition=Q(rank=Rank.NORMAL) | ~Q(rank_note=""),
                name="statement_rank_has_note",
                violation_error_message="Say for readers by what it was superseded, or whose words they are.",
            ),
            models.CheckConstraint(
                condition=~Q(reply_state=ReplyState.SOUGHT)
                | Q(reply_sought_on__isnull=False) & ~Q(reply_sought_how=""),
                name="statement_reply_sought_when_and_how",
                violation_error_message="Say when and how they were asked for a reply.",
            ),
            models.CheckConstraint(
                condition=~Q(reply_state=ReplyState.WAIVED) | ~Q(reply_note=""),
                name="statement_reply_waived_for_a_reason",
                violation_error_message="Say for readers why nobody was asked for a reply.",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(allegation=False) | ~Q(reply_state=ReplyState.NOT_SOUGHT),
                name="statement_published_allegation_has_reply",
                violation_error_message="An allegation is published when those concerned were asked for a reply.",
            ),
            models.CheckConstraint(
                condition=Q(relays__isnull=True, relay_cue="", relay_certainty="")
                | (Q(relays__isnull=False) & ~Q(relay_certainty="")),
                name="statement_relay_is_whole",
                violation_error_message=(
                    "Passing on another's words needs whose they are and how sure that is; otherwise empty all three."
                ),
            ),
            models.CheckConstraint(
                condition=Q(same_words_as__isnull=True) | ~Q(same_words_as=F("id")),
                name="statement_same_words_as_another",
                violation_error_message="A statement cannot repeat itself; choose the other report.",
            ),
            models.CheckConstraint(
                condition=Q(held_since__isnull=True, held_reason="")
                | (Q(held_since__isnull=False) & ~Q(held_reason="")),
                name="statement_held_with_reason",
                violation_error_message="Holding a statement back needs a reason.",
            ),
        ]

    def __str__(self) -> str:
        words = self.content if len(self.content) <= 60 else f"{self.content[:59]}…"
        denied = f" ({self.cue})" if self.cue_class == CueClass.DENY else ""  # Else a denial reads as an assertion.
        return f"{self.speaker.name}{denied}: {words}"

    def get_absolute_url(self) -> str:
        return reverse("statement_detail", args=[self.ref])

    def clean(self) -> None:
        """Say in the form what the database would refuse (migration claims 0002), beside the field."""
        errors: dict[str, list[str]] = {}
        if self.speaker_id and self.capture_id:
            source = self.capture.source
            if self.mode == Mode.NARRATOR and self.speaker.outlet_id != source.outlet_id:
                complain(errors, "statement_narrator_is_the_outlet")
            named = [voice for voice in (self.speaker, self.on_behalf_of, self.relays) if voice]
            if any(voice.kind == SpeakerKind.UNNAMED and voice.only_in_id != source.pk for voice in named):
                complain(errors, "statement_unnamed_of_this_source")
        if errors:
            raise ValidationError(errors)

    @property
    def speakers_label(self) -> str:
        """Who says it, jointly: “Joe Biden and Mohammed Shia al-Sudani”. One query unless prefetched."""
        return " and ".join(s.name for s in (self.speaker, *self.further_speakers.all()))

    @property
    def said(self) -> edtf.UncertainDate:
        """When it was said, as far as is known."""
        return edtf.UncertainDate(self.said_from, self.said_to, self.precision, self.approximate)
