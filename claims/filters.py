"""Filters of the public lists. Every parameter names its field and look-up; a bad value is an error with status 400."""

from typing import Any

import django_filters as filters
from django import forms
from django.conf.locale import LANG_INFO
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from claims.choices import CorrectionKind, CueClass, Finding, Mechanism, Mode, Pattern, Sourcing, SpeakerKind, Stance
from claims.corrections_shown import corrections_shown
from claims.cursors import PAGE_SIZE, Page, page
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
from claims.searching import Query, WordsFound, check_words, fit, named, vector_of
from sources import edtf
from sources.choices import SourceKind
from sources.forms import EdtfField
from sources.models import Outlet, Source

SORTS = (("newest", "Newest first"), ("oldest", "Oldest first"))


class PlainEdtfField(EdtfField):
    """A date as on the desk, without the desk's look; left empty, it asks for nothing."""

    help = ""
    attrs = {}

    def __init__(self, *, bound: str, **kwargs: Any) -> None:
        self.bound = bound
        super().__init__(**kwargs)

    def clean(self, value: Any) -> edtf.UncertainDate | None:  # type: ignore[override]
        date = super().clean(value)
        if value and getattr(date, self.bound) is None:
            raise forms.ValidationError("This date has no such end; write a day, a month or a year.", code="open")
        return None if date.precision == "unknown" else date


class EdtfFilter(filters.Filter):
    field_class = PlainEdtfField


def _several(queryset: Any, field: str, label: str, **kwargs: Any) -> filters.ModelMultipleChoiceFilter:
    return filters.ModelMultipleChoiceFilter(
        field_name=field,
        to_field_name="slug",
        queryset=queryset,
        label=label,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
        error_messages={"invalid_choice": "“%(value)s” is not on record here; choose from the list."},
        **kwargs,
    )


def _listed(choices: Any, field: str, label: str, **kwargs: Any) -> filters.MultipleChoiceFilter:
    return filters.MultipleChoiceFilter(
        field_name=field,
        lookup_expr=kwargs.pop("lookup_expr", "exact"),
        choices=choices,
        label=label,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
        error_messages={"invalid_choice": "“%(value)s” is not one of the values; choose from the list."},
        **kwargs,
    )


def outlets_on_record() -> QuerySet[Outlet]:
    """Outlets in whose sources a public statement stands."""
    public = Statement.objects.published().filter(capture__source__outlet=OuterRef("pk"))
    return Outlet.objects.filter(Exists(public))


def sides_on_record() -> QuerySet[Side]:
    """Sides on which a speaker whom readers may see stands."""
    return Side.objects.filter(Exists(Speaker.objects.published().filter(side=OuterRef("pk"))))


def spoken_languages() -> list[tuple[str, str]]:
    """The languages of public statements, named in English. 1 query."""
    tags = Statement.objects.published().order_by("language").values_list("language", flat=True).distinct()
    return [(tag, LANG_INFO.get(tag.lower(), {}).get("name", tag)) for tag in tags]


def called(name: str) -> Q:
    """The condition that a speaker's name, or another of its names, has this part."""
    return named(name) | Q(pk__in=SpeakerName.objects.filter(named(name, "text")).values("speaker"))


def said_by(speakers: QuerySet[Speaker] | list[Speaker]) -> QuerySet[Statement, dict[str, Any]]:
    """The keys of the statements that these speakers make, alone or jointly; to be used in a subquery."""
    joint = Statement.further_speakers.through.objects.filter(speaker__in=speakers).values("statement")
    return Statement.objects.filter(Q(speaker__in=speakers) | Q(pk__in=joint)).values("pk")


def with_voice(speakers: QuerySet[Speaker] | list[Speaker]) -> Q:
    """The condition that one of a pair's statements is made by these speakers, alone or jointly."""
    return Q(first__in=said_by(speakers)) | Q(second__in=said_by(speakers))


class ListFilter(filters.FilterSet):
    """What all lists share: one page of results, which is empty only when nothing matches.

    `by` is the column of the order, "" for the order in which rows were recorded.
    """

    by = ""
    descending = False
    names_people = False  # Whether its `q` finds speakers by their names.

    def page(self, size: int = PAGE_SIZE) -> Page[Any]:
        """The page that the cursor names. Raises ValidationError for a broken cursor; call after `is_valid`."""
        return page(self.qs, cursor=self.data.get("cursor", ""), by=self.by, descending=self.descending, size=size)

    def chips(self) -> list[tuple[str, str, str]]:
        """The filters in force: label, value in words, and the query string without it."""
        shown = []
        for name in self.filters:
            if name == "sort":
                continue
            values = [v for v in self.data.getlist(name) if v] if hasattr(self.data, "getlist") else []
            if not values:
                continue  # The choices of a field cost a query.
            choices = {str(k): str(v) for k, v in getattr(self.form.fields[name], "choices", ())}
            for value in values:
                rest = self.data.copy()
                rest.setlist(name, [v for v in values if v != value])
                rest.pop("cursor", None)
                shown.append((str(self.filters[name].label), choices.get(value, value), f"?{rest.urlencode()}"))
        return shown


def _order(*choices: tuple[str, str]) -> filters.ChoiceFilter:
    names = [value for value, _ in choices]
    return filters.ChoiceFilter(
        choices=choices,
        label="Order",
        method="choose_order",
        empty_label=None,
        error_messages={
            "invalid_choice": f"“%(value)s” is no order; choose {', '.join(names[:-1])} or {names[-1]}.",
        },
    )


class SortedFilter(ListFilter):
    """A list whose reader chooses the order."""

    sort = _order(*SORTS)
    descending = True

    def choose_order(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        self.descending = value != "oldest"
        return rows


class StatementFilter(SortedFilter):
    """Public statements by what they say, who says it, where and when."""

    q = filters.CharFilter(
        label="Words or speaker", method="search", field_name="search", max_length=200, validators=[check_words]
    )
    topic = _several(lambda _: Topic.objects.published(), "topics__slug", "Topic", method="on_topic")
    question = _several(
        lambda _: Question.objects.published(), "positions__question__slug", "Question", method="with_position"
    )
    side = _several(lambda _: sides_on_record(), "speaker__side__slug", "Side", method="by_side")
    speaker = _several(lambda _: Speaker.objects.published(), "speaker__slug", "Speaker", method="by_speaker")
    outlet = _several(lambda _: outlets_on_record(), "capture__source__outlet__slug", "Outlet")
    stance = _listed(Stance.choices, "positions__stance", "Answer", method="with_position")
    mode = _listed(Mode.choices, "mode", "Form")
    cue_class = _listed(CueClass.choices, "cue_class", "Cue")
    sourcing = _listed(Sourcing.choices, "sourcing", "Terms")
    language = _listed(spoken_languages, "language", "Language")
    said_after = EdtfFilter(label="Said on or after", method="after", field_name="said_to", bound="earliest")
    said_before = EdtfFilter(label="Said on or before", method="before", field_name="said_from", bound="latest")
    disputed = filters.ChoiceFilter(
        label="Disputed",
        method="in_a_pair",
        field_name="contradictions_as_first",
        choices=(("yes", "Yes"), ("no", "No")),
        empty_label="Either",
        error_messages={"invalid_choice": "“%(value)s” is no answer; choose yes or no."},
    )
    sort = _order(*SORTS, ("relevance", "Best match first"))
    by = "said_from"
    names_people = True

    class Meta:
        model = Statement
        fields: list[str] = []

    def search(self, rows: QuerySet[Statement], name: str, value: str) -> QuerySet[Statement]:
        """By the words as recorded or translated, or by who says them; with `words_found` to mark, and `fit`."""
        query = Query(value)
        translated = Translation.objects.annotate(words=vector_of("text")).filter(words=query).values("statement")
        speakers = Speaker.objects.filter(called(value))
        found = rows.filter(Q(search=query) | Q(pk__in=translated) | Q(pk__in=said_by(speakers)))
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


class ContradictionFilter(SortedFilter):
    """Public pairs by topic, speaker and how they part."""

    topic = _several(lambda _: Topic.objects.published(), "question__topic__slug", "Topic")
    side = _several(lambda _: sides_on_record(), "first__speaker__side__slug", "Side", method="by_side")
    speaker = _several(lambda _: Speaker.objects.published(), "first__speaker__slug", "Speaker", method="by_speaker")
    finding = _listed(Finding.choices, "finding", "Finding")
    pattern = _listed(Pattern.choices, "pattern", "Pattern")
    mechanism = _listed(Mechanism.choices, "mechanisms", "Mechanism", method="by_mechanism")

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

    q = filters.CharFilter(label="Name", method="by_name", field_name="name", max_length=200, validators=[check_words])
    side = _several(lambda _: sides_on_record(), "side__slug", "Side")
    kind = _listed(SpeakerKind.choices, "kind", "Kind")
    by = "name"
    names_people = True

    class Meta:
        model = Speaker
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Speaker], name: str, value: str) -> QuerySet[Speaker]:
        return rows.filter(called(value))


class SourceFilter(SortedFilter):
    """Sources on record by title, outlet and kind, newest first."""

    q = filters.CharFilter(
        label="Title", method="by_title", field_name="title", max_length=200, validators=[check_words]
    )
    outlet = _several(lambda _: outlets_on_record(), "outlet__slug", "Outlet")
    kind = _listed(SourceKind.choices, "kind", "Kind")
    by = "published_from"

    class Meta:
        model = Source
        fields: list[str] = []

    def by_title(self, rows: QuerySet[Source], name: str, value: str) -> QuerySet[Source]:
        return rows.filter(named(value, "title"))


class CorrectionFilter(ListFilter):
    """Corrections and withdrawals by class and story, newest first."""

    kind = _listed(CorrectionKind.choices, "kind", "Class")
    topic = _several(lambda _: Topic.objects.published(), "topic__slug", "Topic", method="on_topic")
    ref = filters.CharFilter(label="Reference", field_name="ref", lookup_expr="exact", max_length=10)
    by = "decided_at"
    descending = True

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
