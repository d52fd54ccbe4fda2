"""What readers may see, and the named query of each page.

`published()` is the only place where public visibility is decided: pages, feeds, exports, API, sitemap and search
all start from it. A record is public when its status is published and nothing holds it back.
"""

from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, Func, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject

from claims.choices import CorrectionKind, Rank, Status
from sources.models import Capture, Source
from sources.records import ByRef, BySlug


def _count(rows: QuerySet[Any], distinct: Any = None) -> Coalesce:
    """How many rows, or how many values of an expression, as a subquery: a join would multiply."""
    each = (
        Func(Value(1), function="count")
        if distinct is None
        else Func(distinct, template="count(DISTINCT %(expressions)s)")
    )
    counted = rows.order_by().annotate(n=each).values("n")
    return Coalesce(Subquery(counted), Value(0), output_field=models.IntegerField())


def _outer(value: Any) -> Any:
    """A reference to the row of an outer query, seen from one query further in."""
    return OuterRef(value) if isinstance(value, OuterRef) else value


def shown_moment() -> Func:
    """The end of what a page shows: the moment of history.as_of, else none."""
    then = "coalesce(nullif(current_setting('rashomon.as_of', true), '')::timestamptz, 'infinity')"
    return Func(template=then, output_field=models.DateTimeField())


def corrections_of(subject: str, key: str = "pk") -> ArraySubquery:
    """The applied changes of a record, newest first, as {"kind", "at"}: for the mark wherever it is used."""
    from claims.models import Correction

    changes = [
        CorrectionKind.CORRECTION,
        CorrectionKind.CLARIFICATION,
        CorrectionKind.UPDATE,
        CorrectionKind.TYPO,
    ]
    applied = Correction.objects.told().filter(kind__in=changes, decided_at__lte=shown_moment())
    rows = applied.filter(**{subject: OuterRef(key)}).order_by("-decided_at", "-pk")
    return ArraySubquery(rows.values(each=JSONObject(kind="kind", at="decided_at")))


class Marked(models.QuerySet[Any]):
    def with_corrections(self) -> Self:
        """Records with `corrected`, from which their mark is made (reading.correction_mark), as a subquery."""
        return self.annotate(corrected=corrections_of(str(self.model._meta.model_name)))


ON_RECORD = Q(status=Status.PUBLISHED, held_since__isnull=True)
ONCE_PUBLIC = (Status.PUBLISHED, Status.WITHDRAWN)


class TopicQuerySet(Marked, BySlug):  # type: ignore[override]
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def once_public(self) -> Self:
        """What readers may know to exist, seen or not: its address answers “withdrawn” or “being checked”."""
        return self.filter(status__in=ONCE_PUBLIC)

    def with_counts(self) -> Self:
        """Topics with `statement_count` (no misattributed ones) and `pair_count` of what is public, as subqueries."""
        from claims.models import Contradiction, Statement

        return self.annotate(
            statement_count=_count(
                Statement.objects.published().of_topic(OuterRef("pk")).exclude(rank=Rank.MISATTRIBUTED)
            ),
            pair_count=_count(Contradiction.objects.published().filter(question__topic=OuterRef("pk"))),
        )


class QuestionQuerySet(models.QuerySet[Any]):
    def get_by_natural_key(self, topic: str, slug: str) -> Any:
        return self.get(topic__slug=topic, slug=slug)

    def published(self) -> Self:
        return self.filter(topic__status=Status.PUBLISHED)


class StatementQuerySet(Marked, ByRef):  # type: ignore[override]
    def published(self) -> Self:
        return self.filter(ON_RECORD)

    def once_public(self) -> Self:
        return self.filter(status__in=ONCE_PUBLIC)

    def of_topic(self, topic: Any) -> Self:
        """Those that belong to a topic, or answer one of its questions."""
        placed = self.model.topics.through.objects.filter(statement=OuterRef("pk"), topic=_outer(topic))
        answers = self.model._meta.get_field("positions").related_model.objects.filter(
            statement=OuterRef("pk"), question__topic=_outer(topic)
        )
        return self.filter(Exists(placed) | Exists(answers))

    def for_reading(self) -> Self:
        """Each statement with what its line on a page names, without the captured text: one query."""
        rows = self.select_related("speaker__side", "on_behalf_of", "occasion", "addressee", "capture__source__outlet")
        return rows.defer("search", "capture__text", "capture__excerpt_map").with_corrections()

    def with_words(self) -> Self:
        """Statements with what an account of them needs: one query for anchors, one for further speakers."""
        from claims.models import Anchor

        return self.prefetch_related(Prefetch("anchors", Anchor.objects.order_by("part", "order")), "further_speakers")


class PositionQuerySet(models.QuerySet[Any]):
    def get_by_natural_key(self, statement: str, topic: str, question: str) -> Any:
        return self.get(statement__ref=statement, question__topic__slug=topic, question__slug=question)

    def published(self) -> Self:
        return self.filter(
            statement__status=Status.PUBLISHED,
            statement__held_since__isnull=True,
            question__topic__status=Status.PUBLISHED,
        )


class ContradictionQuerySet(Marked, ByRef):  # type: ignore[override]
    def published(self) -> Self:
        sides = {
            f"{side}__{field}": value
            for side in ("first", "second")
            for field, value in (("status", Status.PUBLISHED), ("held_since__isnull", True))
        }
        return self.filter(ON_RECORD, question__topic__status=Status.PUBLISHED, **sides)

    def once_public(self) -> Self:
        """Of a draft topic not even that a pair exists."""
        return self.filter(status__in=ONCE_PUBLIC, question__topic__status__in=ONCE_PUBLIC)

    def for_reading(self) -> Self:
        """Each pair with both statements, their speakers and anchors, and what their lines name: seven queries.

        Prefetched, not joined: a join of twenty tables leaves PostgreSQL's planner guessing.
        """
        from claims.models import Statement

        accounts = Statement.objects.for_reading().with_words()
        pairs = self.select_related("question__topic").with_corrections()
        return pairs.prefetch_related(Prefetch("first", accounts), Prefetch("second", accounts))


class SpeakerQuerySet(Marked, BySlug):  # type: ignore[override]
    def published(self) -> Self:
        """Speakers with a public statement of their own, jointly, on their behalf, or relayed."""
        from claims.models import Statement  # The model imports this module.

        public = Statement.objects.published()
        ways = (
            public.filter(speaker=OuterRef("pk")),
            public.filter(further_speakers=OuterRef("pk")),
            public.filter(on_behalf_of=OuterRef("pk")),
            public.filter(relays=OuterRef("pk")),
        )
        said = Exists(ways[0]) | Exists(ways[1]) | Exists(ways[2]) | Exists(ways[3])
        return self.filter(said, merged_into__isnull=True)

    def with_counts(self) -> Self:
        """Speakers with `statement_count`: the public statements they make, alone or jointly, as a subquery.

        A misattributed one is not theirs; one utterance counts once, however many outlets report it.
        """
        from claims.models import Statement

        joint = Statement.further_speakers.through.objects.filter(
            statement=OuterRef("pk"), speaker=OuterRef(OuterRef("pk"))
        )
        own = Statement.objects.published().exclude(rank=Rank.MISATTRIBUTED)
        own = own.filter(Q(speaker=OuterRef("pk")) | Exists(joint))
        return self.annotate(statement_count=_count(own, Coalesce("same_words_as", "pk")))

    def with_parent(self) -> Self:
        """Speakers with the body they belong to, where readers may know of it: one query more."""
        return self.prefetch_related(Prefetch("parent", self.model.objects.published()))


def sources_on_record() -> QuerySet[Source]:
    """Sources that readers may see: those with a public statement. `sources` cannot know this itself."""
    from claims.models import Statement

    return Source.objects.filter(Exists(Statement.objects.published().filter(capture__source=OuterRef("pk"))))


def captures_on_record() -> QuerySet[Capture]:
    """Kept copies of sources on record, newest first, with `shown_text`: "" unless a public statement rests on it.

    Without their own text, which may be a megabyte: that there is a later copy is told even where nothing of it is.
    """
    from claims.models import Statement

    public = Statement.objects.published()
    used = Case(
        When(Exists(public.filter(capture=OuterRef("pk"))), then="text"),
        default=Value(""),
        output_field=models.TextField(),
    )
    return (
        Capture.objects.filter(Exists(public.filter(capture__source=OuterRef("source"))))
        .defer("text", "excerpt_map")
        .annotate(shown_text=used)
        .order_by("-captured_at", "-pk")
    )
