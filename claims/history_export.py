"""The public history: one line of JSON for each sealed event, in the order of the tree.

Of a record that readers may see now, the line of each event since it was shown holds the leaf itself, and that of the
event that showed it the rows it was shown with. Of all others it holds the hash of the leaf, so that the tree can be
checked whole. The form is in docs/data-format.md; claims/static/claims/verify_history.py checks a file.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from claims.history_columns import LEADS_TO, RECORD_TABLES
from claims.leaves import Columns, Recorded, canonical, leaf, shown
from claims.models import Contradiction, Correction, Event, Position, Question, Statement, Topic
from claims.sealing import Sealed, of_records, recorded, sealed

MODELS: dict[str, Any] = {
    "statement": Statement,
    "contradiction": Contradiction,
    "topic": Topic,
    "question": Question,
    "correction": Correction,
}


def lines(size: int) -> Iterator[bytes]:
    """The lines of the first `size` events, each with its line feed. Constant memory; about 12 queries for 1,000.

    What readers may see is looked up 1,000 events at a time, so a record that is shown or held meanwhile may begin or
    end in the middle; every line fits the tree all the same.
    """
    for chunk in sealed(size):
        seen = _Sight(chunk)
        for place in chunk:
            line: Columns = {"leaf": place.leaf.hex()}
            if place.event and seen.event(place.event):
                line["event"] = leaf(place.event, place.state)
                if place.event.has_state:
                    rows = {key: row for key, row in place.state.items() if seen.row(key, row)}
                    line["shown"] = shown(place.event, rows)
            yield canonical(line) + b"\n"


class _Sight:
    """What of a stretch of the history readers may see now. Whether a record is public, `published()` alone says."""

    def __init__(self, places: Sequence[Sealed]) -> None:
        events = [place.event for place in places if place.event]
        self._records = _published((event.record, event.record_id) for event in events if event.record in RECORD_TABLES)
        # A record without such an event was public before there was a history.
        self._shown_by: dict[tuple[str, int], int] = {}
        steps = Event.objects.filter(of_records(self._records), row_table__in=RECORD_TABLES.values())
        for event in recorded(steps.filter(after__has_any_keys=["published_at", "state"]).order_by("-pk")):
            if event.shows_record:
                self._shown_by[event.of] = event.id
        # An event of a position names its question only where that changed, or the position came or went.
        answers = {event.row_id for event in events if event.row_table == "claims_position"}
        self._questions = dict(Position.objects.filter(pk__in=answers).values_list("pk", "question_id"))
        gone = Event.objects.filter(
            row_table="claims_position", row_id__in=answers - self._questions.keys(), action="delete"
        )
        self._questions |= dict(gone.values_list("row_id", "before__question_id"))
        led_to = [(event.row_table, self._leads_to(event)) for event in events]
        led_to += [(_table(key), _values(key, row)) for place in places for key, row in place.state.items()]
        self._targets = _published((LEADS_TO[table][1], value) for table, values in led_to for value in values)

    def event(self, event: Recorded) -> bool:
        if event.of not in self._records or event.id < self._shown_by.get(event.of, 0):
            return False
        if event.row_table not in LEADS_TO:
            return True
        targets = self._leads_to(event)
        # Without one nobody can tell whether what the row leads to is public.
        return bool(targets) and self._all_public(event.row_table, targets)

    def row(self, key: str, row: Columns) -> bool:
        return self._all_public(_table(key), _values(key, row))

    def _leads_to(self, event: Recorded) -> set[int]:
        """The keys of the records to which the row led and leads."""
        found = _values(event.key, event.before or {}) | _values(event.key, event.after or {})
        if not found and event.row_table == "claims_position" and event.row_id in self._questions:
            return {self._questions[event.row_id]}
        return found

    def _all_public(self, table: str, keys: Iterable[int]) -> bool:
        return all((LEADS_TO[table][1], key) in self._targets for key in keys)


def _published(records: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the given records that readers may see: one query for each kind that is named."""
    keys: dict[str, set[int]] = defaultdict(set)
    for kind, key in records:
        keys[kind].add(key)
    return {
        (kind, key)
        for kind, some in keys.items()
        for key in MODELS[kind].objects.published().filter(pk__in=some).values_list("pk", flat=True)
    }


def _table(key: str) -> str:
    return key.partition("/")[0]


def _values(key: str, row: Columns) -> set[int]:
    """What the row of that key leads to, of what readers may not always see: at most one key."""
    column, _ = LEADS_TO.get(_table(key), ("", ""))
    return {row[column]} if row.get(column) is not None else set()
