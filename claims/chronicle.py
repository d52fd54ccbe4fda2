"""What readers are told of a record's past: published, corrected, held back, shown again. Nobody is named.

Only what was done in their sight: nothing of the drafts before, no private reason, no column that a page never shows
(claims/history_columns.py). What a correction changed is told as the correction itself tells it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from claims.choices import CorrectionKind
from claims.history import written
from claims.history_columns import RECORD_TABLES
from claims.models import Contradiction, Correction, Event
from claims.public_labels import change_label
from sources.differences import Stretch, difference

type Wording = tuple[str, list[Stretch]]  # A label, and what changed under it, word by word.


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a record: in a few words, with what was said of it, and what of it changed."""

    at: datetime
    title: str
    says: str = ""
    correction: Correction | None = None
    closes: bool = False  # From then on it was not to be seen.
    changes: tuple[Wording, ...] = ()

    @property
    def written(self) -> str:
        return written(self.at)

    @property
    def anchor(self) -> str:
        """Its name on the page: a correction's reference, else the moment."""
        return self.correction.ref if self.correction else f"at-{self.at:%Y%m%d%H%M%S%f}"


def entries_of(record: Any) -> list[Entry]:
    """The public past of a public record, the newest first; a pair's with that of its accounts. 2 queries."""
    found = [*_steps(record), *_corrections(record)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _steps(record: Any) -> list[Entry]:
    """Its publication, and each time that it was held back and shown again."""
    name = record._meta.model_name
    events = Event.objects.filter(record=name, record_id=record.pk, row_table=RECORD_TABLES[name])
    events = events.filter(after__has_any_keys=["published_at", "held_since"])
    found, unread = [], None
    for at, was, now in events.order_by("pk").values_list("at", "before", "after"):
        before, after = was or {}, now or {}
        if after.get("published_at"):
            unread = bool(after.get("without_second_reader"))
        elif "held_since" in after and at >= record.published_at:
            if after["held_since"]:
                found.append(Entry(at, _("Held back"), _("It was not shown while we checked it."), closes=True))
            elif before.get("held_since"):
                found.append(Entry(at, _("Shown again"), _("We checked it.")))
    says = {
        None: "",
        False: _("Recorded by an editor, approved by a second reader."),
        True: _("Published without a second reader."),
    }
    return [Entry(record.published_at, _("Published"), says[unread]), *found]


def _corrections(record: Any) -> list[Entry]:
    """What was changed of it since, wherever the change began: two speakers who were one, its topic's new address."""
    name = record._meta.model_name
    of = {(name, record.pk): "%(change)s"}
    if isinstance(record, Contradiction):
        of |= {
            ("statement", record.first_id): _("The first account: %(change)s"),
            ("statement", record.second_id): _("The second account: %(change)s"),
        }
    touching = Q(**{name: record})
    for kind, key in of:
        touching |= Q(rows__contains=[{"record": kind, "record_id": key}])
    rows = Correction.objects.published().filter(touching).exclude(kind=CorrectionKind.WITHDRAWAL)
    rows = rows.select_related("statement", "contradiction", "topic", "speaker").order_by("pk")
    return [_correction(row, of) for row in rows if row.decided_at and row.decided_at >= record.published_at]


def _correction(row: Correction, of: dict[tuple[str, int], str]) -> Entry:
    touched = {of[key] for each in row.rows if (key := (each["record"], each["record_id"])) in of}
    shape = "%(change)s" if "%(change)s" in touched or len(touched) != 1 else touched.pop()
    title = row.get_kind_display()
    told = shape % {"change": title if shape == "%(change)s" else title.lower()}
    assert row.decided_at is not None  # noqa: S101
    return Entry(
        row.decided_at,
        _("%(title)s (a change taken back)") % {"title": told} if row.undoes_id else told,
        _("Decided without a second reader.") if row.without_second_reader else _("Approved by a second reader."),
        row,
        changes=tuple(
            (change_label(each["label"]), difference(each["before"], each["after"], words_kept=None))
            for each in row.changes
        ),
    )
