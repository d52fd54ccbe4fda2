"""A change as the rows it changes: tried and taken back, applied later exactly as it was tried, or undone.

The history (Event) says which rows a piece of work changed, however it was done. So a proposed change of what readers
see is tried in a savepoint, its rows are read from the history, and all of it is taken back; approved, those rows are
written as they were, or none of them where one no longer has the values that the change began from.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from claims.models import Event
from sources.acting import acting

type Row = dict[str, Any]  # table, key, action, before, after: as in Event.

# Kept by the database, and different each time; a row in which nothing else differs is left out.
KEPT_BY_DATABASE = frozenset(
    "version status held_since held_reason created_by_id last_edited_by_id approved_by_id approved_version approved_at "
    "published_at without_second_reader search".split()
)


@dataclass
class Trial:
    """A piece of work that is taken back; `rows` is what it changed, known when its block has ended."""

    origin: str
    rows: list[Row] = field(default_factory=list)

    def read(self) -> list[Row]:
        """The rows that were changed so far."""
        events = Event.objects.filter(origin=self.origin).exclude(row_table__startswith="auth_").order_by("pk")
        self.rows = [row for event in events if (row := _row(event))]
        return self.rows


@contextmanager
def trial(**stamp: Any) -> Iterator[Trial]:
    """Do the work of the block, read which rows it changed, and take everything back. `stamp` as in `acting`.

    New rows keep the keys they got here: the sequences do not go back, so the keys are theirs alone.
    """
    found = Trial(origin=f"trial {uuid4()}")
    with transaction.atomic():
        with acting(origin=found.origin, **stamp):
            yield found
        found.read()
        transaction.set_rollback(True)


def _row(event: Event) -> Row | None:
    before, after = event.before or {}, event.after or {}
    if event.action == "update":
        before, after = _content(before), _content(after)
    if event.row_table == "claims_correction" or not (before or after):
        return None
    return {
        "table": event.row_table,
        "key": event.row_id,
        "action": event.action,
        "before": before,
        "after": after,
        "record": event.record,
        "record_id": event.record_id,
    }


def _content(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in KEPT_BY_DATABASE}


def inverse(rows: Iterable[Row]) -> list[Row]:
    """The rows that take a change back, in the order in which they must be written."""
    opposite = {"insert": "delete", "delete": "insert", "update": "update"}
    return [
        {**row, "action": opposite[row["action"]], "before": row["after"], "after": row["before"]}
        for row in reversed(list(rows))
    ]


def write(rows: Iterable[Row]) -> None:
    """Write the rows as they were tried. Raises ValidationError where one has other values now; nothing is kept then.

    Cost: a statement for each row.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for row in rows:
            cursor.execute(*_sql(row))
            if cursor.rowcount != 1:
                raise ValidationError(
                    "The record was changed after this was proposed, so it no longer fits. Decline it, and propose it "
                    "anew on what stands now.",
                    code="stale",
                )


def _sql(row: Row) -> tuple[str, list[Any]]:
    """One row's statement. Table and column names come from the database's own history, and are quoted."""
    quote = connection.ops.quote_name
    table, columns = quote(row["table"]), ", ".join(quote(name) for name in row["after"])
    before, after = json.dumps(_content(row["before"])), json.dumps(row["after"])
    values = f"SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)"  # noqa: S608
    differs = f"FROM jsonb_each(%s) old WHERE old.value IS DISTINCT FROM to_jsonb({table}) -> old.key"
    same = f"{table}.id = %s AND NOT EXISTS (SELECT 1 {differs})"
    if row["action"] == "insert":
        return f"INSERT INTO {table} ({columns}) {values}", [after]
    if row["action"] == "delete":
        return f"DELETE FROM {table} WHERE {same}", [row["key"], before]  # noqa: S608
    return f"UPDATE {table} SET ({columns}) = ({values}) WHERE {same}", [after, row["key"], before]  # noqa: S608
