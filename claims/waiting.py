"""What a queue of the desk is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Subquery, TextField, Value, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.models import Contradiction, Statement
from sources.forms import short
from sources.localising import label
from sources.models import Source


@dataclass(frozen=True)
class Row:
    """One thing that waits: what it is, why, through whom and since when."""

    record: Any
    label: str
    why: str = ""
    who: str = ""
    since: datetime | date | None = None
    language: str = ""

    @property
    def days(self) -> int | None:
        """Whole days since; None where nobody knows since when."""
        if self.since is None:
            return None
        day = timezone.localdate(self.since) if isinstance(self.since, datetime) else self.since
        return max(0, (timezone.localdate() - day).days)


@dataclass(frozen=True)
class Part:
    """Records of one kind within a queue, and how each becomes a row."""

    records: QuerySet[Any]
    row: Callable[[Any], Row]


@dataclass(frozen=True)
class Queue:
    """Things that wait for the same decision. `mine`: whether whoever it was made for can decide."""

    slug: str
    title: str
    hint: str
    parts: tuple[Part, ...]
    mine: bool = True
    steps: tuple[str, ...] = ()

    def first(self, most: int) -> tuple[int, list[Row]]:
        """How many wait in all, and the first of them. One query for each part, however many there are."""
        count, rows = 0, list[Row]()
        for part in self.parts:
            found = list(part.records.annotate(of_all=Window(Count("pk")))[:most])
            count += found[0].of_all if found else 0
            rows += [part.row(record) for record in found[: most - len(rows)]]
        return count, rows

    def slice(self, start: int, end: int) -> tuple[int, list[Row]]:
        """How many wait in all, and those from `start` to before `end`. At most two queries for each part."""
        before, rows = 0, list[Row]()
        for part in self.parts:
            count = part.records.count()
            low, high = max(0, start - before), min(count, end - before)
            if low < high:
                rows += [part.row(record) for record in part.records[low:high]]
            before += count
        return before, rows


def text_of(rows: QuerySet[Any]) -> Coalesce:
    """The one text that the first of these rows has, as a subquery; "" where there is no row."""
    return Coalesce(Subquery(rows[:1]), Value(""), output_field=TextField())


def label_of(record: Any) -> str:
    """A record's name on one line, as far as whoever may see the queue may read it."""
    if isinstance(record, Statement):
        return f"{record.speaker.name}: {short(record.content)}"
    if isinstance(record, Contradiction):
        return f"{record.first.speaker} / {record.second.speaker}: {record.question}"
    if isinstance(record, Source):
        return f"{short(record.title)}, {record.outlet.name}, {label(record.published)}"
    return short(str(record))
