"""What is disputed in a story: its questions on which pairs are recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Greatest

from claims.choices import Finding
from claims.models import Contradiction, Topic
from sources.choices import Precision


@dataclass(frozen=True)
class Dispute:
    """A question, how many pairs of each finding it has, and the day since when accounts of it part.

    That is the day of the later words of a pair, of the first pair; None where no pair has two days that are certain.
    """

    slug: str
    text: str
    findings: tuple[tuple[Finding, int], ...]
    since: date | None


def disputes_of(topics: Sequence[Topic]) -> dict[int, list[Dispute]]:
    """The public disputes of each topic, by its key, in the order of its questions. One query."""
    pairs = Contradiction.objects.published().filter(question__topic__in=topics)
    dated = Q()
    for account in ("first", "second"):
        dated &= Q(**{f"{account}__precision": Precision.DAY, f"{account}__approximate": False})
    since = Min(Greatest("first__said_to", "second__said_to"), filter=dated)
    question = ("question__topic_id", "question__order", "question_id")
    rows = pairs.order_by(*question).values(*question, "finding", slug=F("question__slug"), text=F("question__text"))
    found: dict[int, dict[str, Dispute]] = {}
    for row in rows.annotate(pairs=Count("pk"), since=since):
        of_topic = found.setdefault(row["question__topic_id"], {})
        before = of_topic.get(row["slug"], Dispute(row["slug"], row["text"], (), None))
        counted = [*before.findings, (Finding(row["finding"]), row["pairs"])]
        days = [day for day in (before.since, row["since"]) if day]
        of_topic[before.slug] = Dispute(
            before.slug,
            before.text,
            tuple(sorted(counted, key=lambda pair: list(Finding).index(pair[0]))),
            min(days, default=None),
        )
    return {topic: list(asked.values()) for topic, asked in found.items()}
