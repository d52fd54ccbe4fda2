"""Filters of the public lists. Every parameter names its field and look-up; a bad value is an error with status 400."""

from collections.abc import Callable
from typing import Any

import django_filters as filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.choices import (
    CorrectionKind,
    CueClass,
    Finding,
    Mechanism,
    Mode,
    Pattern,
    Sourcing,
    SpeakerKind,
    Stance,
    Status,
)
from claims.corrections_shown import corrections_shown
from claims.cursors import PAGE_SIZE, Page
from claims.facets import Facet
from claims.filtering import SORTS, EdtfFilter, ListFilter, SortedFilter, listed, order_of, several
from claims.models import (
    Contradiction,
    Correction,
    Position,
    Question,
    Side,
    Speaker,
    SpeakerName,
    Statement,
    Topic,
    Translation,
)
from claims.searching import Query, WordsFound, check_words, fit, named, named_so, tells, vector_of
from sources import edtf
from sources.choices import SourceKind
from sources.localising import language_name
from sources.models import Outlet, Source

MOST_APART = 5
"""Words of a search that are looked for one by one, in what is said and in who says it."""
EXCLUDING = "-\u2010\u2011"
QUOTES = frozenset('"“”„‟″«»＂')
"""With these a search is more than a row of words, as `claims_query` reads it."""


def outlets_on_record() -> QuerySet[Outlet]:
    """Outlets in whose sources a public statement stands."""
    public = Statement.objects.published().filter(capture__source__outlet=OuterRef("pk"))
    return Outlet.objects.filter(Exists(public))


def sides_on_record() -> QuerySet[Side]:
    """Sides on which a speaker whom readers may see stands."""
    return Side.objects.filter(Exists(Speaker.objects.published().filter(side=OuterRef("pk"))))


def spoken_languages() -> list[tuple[str, str]]:
    """The languages of public statements, named in the language of the page. 1 query."""
    tags = Statement.objects.published().order_by("language").values_list("language", flat=True).distinct()
    return [(tag, language_name(tag)) for tag in tags]


def called(name: str, how: Callable[[str, str], Q] = named) -> Q:
    """The condition that a speaker's name, or another of its names, has this part (or however `how` looks for it)."""
    return how(name, "name") | Q(pk__in=SpeakerName.objects.filter(how(name, "text")).values("speaker"))


def said_by(speakers: QuerySet[Speaker] | list[Speaker]) -> QuerySet[Statement, dict[str, Any]]:
    """The keys of the statements that these speakers make, alone or jointly; to be used in a subquery."""
    joint = Statement.further_speakers.through.objects.filter(speaker__in=speakers).values("statement")
    return Statement.objects.filter(Q(speaker__in=speakers) | Q(pk__in=joint)).values("pk")


def with_voice(speakers: QuerySet[Speaker] | list[Speaker]) -> Q:
    """The condition that one of a pair's statements is made by these speakers, alone or jointly."""
    return Q(first__in=said_by(speakers)) | Q(second__in=said_by(speakers))


def _words_by_speaker(value: str) -> Q:
    """The condition that each of a few plain words is said, or begins a word of its speaker’s name: “Allawi mission”.

    Words that tell nothing, such as “the”, may be missing; one at least is in a name.
    """
    words = value.split()
    operators = any(word[0] in EXCLUDING or word.casefold() == "or" for word in words) or not QUOTES.isdisjoint(value)
    if operators or not 1 < len(words) <= MOST_APART:
        return Q(pk__in=[])
    found, somebody = Q(), Q()
    for word in words:
        by = Q(pk__in=said_by(Speaker.objects.filter(tells(word) & called(word, named_so))))
        found &= ~tells(word) | Q(search=Query(word)) | by
        somebody |= by
    return found & somebody


# Answers to questions that readers may see.
_ANSWERS = Q(positions__question__topic__status=Status.PUBLISHED)


class StatementFilter(SortedFilter):
    """Public statements by what they say, who says it, where and when."""

    q = filters.CharFilter(
        label=_("Words or speaker"), method="search", field_name="search", max_length=200, validators=[check_words]
    )
    topic = several(lambda _: Topic.objects.published(), "topics__slug", _("Topic"), method="on_topic")
    question = several(
        lambda _: Question.objects.published(), "positions__question__slug", _("Question"), method="with_position"
    )
    side = several(lambda _: sides_on_record(), "speaker__side__slug", _("Side"), method="by_side")
    speaker = several(lambda _: Speaker.objects.published(), "speaker__slug", _("Speaker"), method="by_speaker")
    outlet = several(lambda _: outlets_on_record(), "capture__source__outlet__slug", _("Outlet"))
    stance = listed(Stance.choices, "positions__stance", _("Answer"), method="with_position")
    mode = listed(Mode.choices, "mode", _("Form"))
    cue_class = listed(CueClass.choices, "cue_class", _("Cue"))
    sourcing = listed(Sourcing.choices, "sourcing", _("Terms"))
    language = listed(spoken_languages, "language", _("Language"))
    said_after = EdtfFilter(label=_("Said on or after"), method="after", field_name="said_to", bound="earliest")
    said_before = EdtfFilter(label=_("Said on or before"), method="before", field_name="said_from", bound="latest")
    disputed = filters.ChoiceFilter(
        label=_("Disputed"),
        method="in_a_pair",
        field_name="contradictions_as_first",
        choices=(("yes", _("Yes")), ("no", _("No"))),
        empty_label=_("Either"),
        error_messages={"invalid_choice": _("“%(value)s” is no answer; choose yes or no.")},
    )
    sort = order_of(*SORTS, ("relevance", _("Best match first")))
    by = "said_from"
    names_people = True
    facets = {
        "topic": Facet(("topics",), "title", "slug", where=Q(topics__status=Status.PUBLISHED)),
        "question": Facet(("positions__question",), "text", "slug", where=_ANSWERS),
        "side": Facet(("speaker__side", "further_speakers__side"), "name", "slug"),
        "speaker": Facet(("speaker", "further_speakers"), "name", "slug"),
        "outlet": Facet(("capture__source__outlet",), "name", "slug"),
        "stance": Facet(("positions__stance",), where=_ANSWERS),
        "mode": Facet(("mode",)),
        "cue_class": Facet(("cue_class",)),
        "sourcing": Facet(("sourcing",)),
        "language": Facet(("language",)),
    }

    class Meta:
        model = Statement
        fields: list[str] = []

    def search(self, rows: QuerySet[Statement], name: str, value: str) -> QuerySet[Statement]:
        """By the words as recorded or translated, or by who says them; with `words_found` to mark, and `fit`."""
        query = Query(value)
        translated = Translation.objects.annotate(words=vector_of("text")).filter(words=query).values("statement")
        speakers = Speaker.objects.filter(called(value))
        found = rows.filter(
            Q(search=query) | Q(pk__in=translated) | Q(pk__in=said_by(speakers)) | _words_by_speaker(value)
        )
        return found.annotate(words_found=WordsFound(F("content"), query), fit=fit(query))

    def choose_order(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The best match first where there are words to match, else the newest."""
        self.by = "fit" if value == "relevance" and self.form.cleaned_data["q"] else type(self).by
        return super().choose_order(rows, name, value)

    def on_topic(self, rows: QuerySet[Statement], name: str, value: Any) -> QuerySet[Statement]:
        chosen = Statement.topics.through.objects.filter(statement=OuterRef("pk"), topic__in=value)
        return rows.filter(Exists(chosen)) if value else rows

    def with_position(self, rows: QuerySet[Statement], name: str, value: Any) -> QuerySet[Statement]:
        """Question and answer together mean one position that has both, so the pair is one condition."""
        chosen = Position.objects.published().filter(statement=OuterRef("pk"))
        if questions := self.form.cleaned_data["question"]:
            chosen = chosen.filter(question__in=questions)
        if stances := self.form.cleaned_data["stance"]:
            chosen = chosen.filter(stance__in=stances)
        return rows.filter(Exists(chosen)) if value else rows

    def by_side(self, rows: QuerySet[Statement], name: str, value: Any) -> QuerySet[Statement]:
        return rows.filter(pk__in=said_by(Speaker.objects.filter(side__in=value))) if value else rows

    def by_speaker(self, rows: QuerySet[Statement], name: str, value: Any) -> QuerySet[Statement]:
        return rows.filter(pk__in=said_by(value)) if value else rows

    def after(self, rows: QuerySet[Statement], name: str, value: edtf.UncertainDate) -> QuerySet[Statement]:
        open_end = Q(said_to__isnull=True, said_from__isnull=False)
        return rows.filter(Q(said_to__gte=value.earliest) | open_end)

    def before(self, rows: QuerySet[Statement], name: str, value: edtf.UncertainDate) -> QuerySet[Statement]:
        open_start = Q(said_from__isnull=True, said_to__isnull=False)
        return rows.filter(Q(said_from__lte=value.latest) | open_start)

    def in_a_pair(self, rows: QuerySet[Statement], name: str, value: str) -> QuerySet[Statement]:
        pairs = Contradiction.objects.published().filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))
        return rows.filter(Exists(pairs) if value == "yes" else ~Exists(pairs))


# The ways from a pair to those who speak in it.
_VOICES = ("first__speaker", "first__further_speakers", "second__speaker", "second__further_speakers")


class ContradictionFilter(SortedFilter):
    """Public pairs by topic, speaker and how they part."""

    topic = several(lambda _: Topic.objects.published(), "question__topic__slug", _("Topic"))
    side = several(lambda _: sides_on_record(), "first__speaker__side__slug", _("Side"), method="by_side")
    speaker = several(lambda _: Speaker.objects.published(), "first__speaker__slug", _("Speaker"), method="by_speaker")
    finding = listed(Finding.choices, "finding", _("Finding"))
    pattern = listed(Pattern.choices, "pattern", _("Pattern"))
    mechanism = listed(Mechanism.choices, "mechanisms", _("Mechanism"), method="by_mechanism")
    facets = {
        "topic": Facet(("question__topic",), "title", "slug"),
        "side": Facet(tuple(f"{way}__side" for way in _VOICES), "name", "slug"),
        "speaker": Facet(_VOICES, "name", "slug"),
        "finding": Facet(("finding",)),
        "pattern": Facet(("pattern",)),
        "mechanism": Facet(("mechanisms",), many=True),
    }

    class Meta:
        model = Contradiction
        fields: list[str] = []

    def by_side(self, rows: QuerySet[Contradiction], name: str, value: Any) -> QuerySet[Contradiction]:
        return rows.filter(with_voice(Speaker.objects.filter(side__in=value))) if value else rows

    def by_speaker(self, rows: QuerySet[Contradiction], name: str, value: Any) -> QuerySet[Contradiction]:
        return rows.filter(with_voice(value)) if value else rows

    def by_mechanism(
        self,
        rows: QuerySet[Contradiction],
        name: str,
        value: list[str],
    ) -> QuerySet[Contradiction]:
        return rows.filter(mechanisms__overlap=value) if value else rows


class SpeakerFilter(ListFilter):
    """Speakers on record by name, side and kind, in the order of their names."""

    q = filters.CharFilter(
        label=_("Name"), method="by_name", field_name="name", max_length=200, validators=[check_words]
    )
    side = several(lambda _: sides_on_record(), "side__slug", _("Side"))
    kind = listed(SpeakerKind.choices, "kind", _("Kind"))
    by = "name"
    names_people = True
    facets = {"side": Facet(("side",), "name", "slug"), "kind": Facet(("kind",))}

    class Meta:
        model = Speaker
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Speaker], name: str, value: str) -> QuerySet[Speaker]:
        return rows.filter(called(value))


class SourceFilter(SortedFilter):
    """Sources on record by title, outlet and kind, newest first."""

    q = filters.CharFilter(
        label=_("Title"), method="by_title", field_name="title", max_length=200, validators=[check_words]
    )
    outlet = several(lambda _: outlets_on_record(), "outlet__slug", _("Outlet"))
    kind = listed(SourceKind.choices, "kind", _("Kind"))
    by = "published_from"
    facets = {"outlet": Facet(("outlet",), "name", "slug"), "kind": Facet(("kind",))}

    class Meta:
        model = Source
        fields: list[str] = []

    def by_title(self, rows: QuerySet[Source], name: str, value: str) -> QuerySet[Source]:
        return rows.filter(named(value, "title"))


class CorrectionFilter(ListFilter):
    """Corrections and withdrawals by class and story, newest first."""

    kind = listed(CorrectionKind.choices, "kind", _("Class"))
    topic = several(lambda _: Topic.objects.published(), "topic__slug", _("Topic"), method="on_topic")
    ref = filters.CharFilter(label=_("Reference"), field_name="ref", lookup_expr="exact", max_length=10)
    by = "decided_at"
    descending = True
    facets = {"kind": Facet(("kind",))}

    class Meta:
        model = Correction
        fields: list[str] = []

    def on_topic(self, rows: QuerySet[Correction], name: str, value: Any) -> QuerySet[Correction]:
        if not value:
            return rows
        placed = Statement.topics.through.objects.filter(topic__in=value).values("statement")
        answers = Position.objects.filter(question__topic__in=value).values("statement")
        return rows.filter(
            Q(topic__in=value)
            | Q(contradiction__question__topic__in=value)
            | Q(statement__in=placed)
            | Q(statement__in=answers)
        )

    def page(self, size: int = PAGE_SIZE) -> Page[Any]:
        found = super().page(size)
        return Page(corrections_shown(found.rows), found.next_cursor)
