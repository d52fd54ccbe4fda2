"""The addresses of the API: lists with the filters of the pages, and records."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.answering import KeysetPages, MachineView, PageFilters
from claims.api.comparisons import (
    CorrectionData,
    PairData,
    PairDetail,
    QuestionData,
    SpeakerData,
    TopicData,
    TopicDetail,
)
from claims.api.sources import SourceData, SourceDetail
from claims.api.statements import StatementData
from claims.corrections_shown import corrections_shown
from claims.filters import ContradictionFilter, CorrectionFilter, SourceFilter, SpeakerFilter, StatementFilter
from claims.models import Contradiction, Correction, Question, Speaker, Statement, Topic
from claims.querysets import captures_on_record, sources_on_record
from claims.views.statements import for_page
from sources.models import Capture, Source


class ListView(ListModelMixin, MachineView):
    filter_backends = (PageFilters,)
    pagination_class = KeysetPages

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)


class DetailView(MachineView):
    """One record; `key` is the column that its address names."""

    key = "ref"

    def found(self) -> Any:
        return self.record(self.get_queryset(), **{self.key: self.kwargs[self.key]})

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.found()).data)


def _statements() -> QuerySet[Statement]:
    """Statements with everything that readers may see of them. 14 queries at most, whatever their number."""
    public = Statement.objects.published()
    around = public.only("ref", "same_words_as")  # The second leads back from another report.
    pairs = Contradiction.objects.published().only("ref", "first", "second")
    rows: QuerySet[Statement] = for_page(public).prefetch_related(
        *(Prefetch(name, around) for name in ("same_words_as", "other_reports", "in_reply_to", "replies")),
        Prefetch("contradictions_as_first", pairs),
        Prefetch("contradictions_as_second", pairs),
    )
    return rows


class Topics(ListView):
    """Topics, in the order of the site."""

    name = "topics"
    serializer_class = TopicData
    by = "order"

    def get_queryset(self) -> QuerySet[Topic]:
        return Topic.objects.published().with_counts().with_corrections()


class OneTopic(DetailView):
    """One topic, with its questions."""

    name = "topic"
    serializer_class = TopicDetail
    key = "slug"

    def get_queryset(self) -> QuerySet[Topic]:
        questions = Prefetch("questions", Question.objects.select_related("topic"))
        return Topic.objects.published().with_counts().with_corrections().prefetch_related(questions)


def _questions(view: MachineView) -> QuerySet[Question]:
    """The questions of the topic that the address names. 1 query before their own."""
    topic = view.record(Topic.objects.published(), slug=view.kwargs["slug"])
    return Question.objects.filter(topic=topic).select_related("topic")


class Questions(ListView):
    """The questions of a topic, in their order."""

    name = "questions"
    serializer_class = QuestionData
    by = "order"

    def get_queryset(self) -> QuerySet[Question]:
        return _questions(self)


class OneQuestion(DetailView):
    """One question of a topic."""

    name = "question"
    serializer_class = QuestionData

    def get_queryset(self) -> QuerySet[Question]:
        return _questions(self)

    def found(self) -> Question:
        question: Question = self.record(self.get_queryset(), slug=self.kwargs["question"])
        return question


class Contradictions(ListView):
    """Pairs of statements that conflict or seem to."""

    name = "contradictions"
    serializer_class = PairData
    filterset_class = ContradictionFilter

    def get_queryset(self) -> QuerySet[Contradiction]:
        return Contradiction.objects.published().for_reading()


class OneContradiction(DetailView):
    """One pair of statements."""

    name = "contradiction"
    serializer_class = PairDetail

    def get_queryset(self) -> QuerySet[Contradiction]:
        return Contradiction.objects.published().for_reading().prefetch_related("context_notes")


class Statements(ListView):
    """Statements, searched and filtered as on the page."""

    name = "statements"
    serializer_class = StatementData
    filterset_class = StatementFilter

    def get_queryset(self) -> QuerySet[Statement]:
        return _statements()


class OneStatement(DetailView):
    """One statement."""

    name = "statement"
    serializer_class = StatementData

    def get_queryset(self) -> QuerySet[Statement]:
        return _statements()


def _speakers() -> QuerySet[Speaker]:
    """3 queries, whatever their number."""
    rows = Speaker.objects.published().select_related("side").with_parent().prefetch_related("names")
    return rows.with_counts().with_corrections()


class Speakers(ListView):
    """Speakers with a public statement, and the bodies they speak for, in the order of their names."""

    name = "speakers"
    serializer_class = SpeakerData
    filterset_class = SpeakerFilter

    def get_queryset(self) -> QuerySet[Speaker]:
        return _speakers()


class OneSpeaker(DetailView):
    """One speaker."""

    name = "speaker"
    serializer_class = SpeakerData
    key = "slug"

    def get_queryset(self) -> QuerySet[Speaker]:
        return _speakers()


class Sources(ListView):
    """Sources with a public statement."""

    name = "sources"
    serializer_class = SourceData
    filterset_class = SourceFilter

    def get_queryset(self) -> QuerySet[Source]:
        return sources_on_record().select_related("outlet")


class OneSource(DetailView):
    """One source, with every copy that is kept of it."""

    name = "source"
    serializer_class = SourceDetail

    def get_queryset(self) -> QuerySet[Source]:
        public = sources_on_record()
        # Without the texts, each of which may be a megabyte.
        copies = Capture.objects.filter(pk__in=captures_on_record().order_by().values("pk"))
        copies = copies.defer("text", "excerpt_map").order_by("-captured_at", "-pk")
        return public.select_related("outlet").prefetch_related(
            Prefetch("captures", copies), Prefetch("republishes", public)
        )


class Corrections(ListView):
    """Every correction and withdrawal, newest first."""

    name = "corrections"
    serializer_class = CorrectionData
    filterset_class = CorrectionFilter

    def get_queryset(self) -> QuerySet[Correction]:
        return Correction.objects.published().select_related("undoes")


class OneCorrection(DetailView):
    """One correction or withdrawal."""

    name = "correction"
    serializer_class = CorrectionData

    def get_queryset(self) -> QuerySet[Correction]:
        return Correction.objects.published().select_related("undoes")

    def found(self) -> Any:
        (shown,) = corrections_shown([super().found()])
        return shown
