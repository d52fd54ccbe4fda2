"""The form in which an event goes into the tree, byte by byte (docs/data-format.md, "The public history").

A leaf holds what readers may ever see of an event in the open, and the rest as a digest that nobody can guess, because
the event's nonce goes into it. So one tree serves both: an event that readers may not see stands in the public history
as the hash of its leaf, and one that they may see as the leaf itself.

Leaves are kept only as hashes and made again to check them. Therefore nothing here may ever make another leaf of the
same event: not the form of JSON, and not a column's side in claims/history_columns.py.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from claims.history_columns import PUBLIC, RECORD_TABLES

FORM = 1  # Of the leaf.

type Columns = dict[str, Any]
type Key = str  # Of a row: "claims_anchor/31".
type State = dict[Key, Columns]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it is sealed: numbers with a fraction are text, as the database wrote them."""

    id: int
    at: datetime
    actor: int | None
    action: str
    record: str
    record_id: int
    row_table: str
    row_id: int
    from_version: int | None
    to_version: int | None
    before: Columns | None
    after: Columns | None
    origin: str
    reason: str
    nonce: UUID

    @property
    def key(self) -> Key:
        return f"{self.row_table}/{self.row_id}"

    @property
    def of(self) -> tuple[str, int]:
        """The record to which the row belongs: its kind and its key."""
        return self.record, self.record_id

    @property
    def shows_record(self) -> bool:
        """Whether from this event on readers see its record."""
        after = self.after or {}
        if self.row_table != RECORD_TABLES.get(self.record) or self.action == "delete":
            return False
        if self.record == "correction":
            return after.get("state") == "applied"
        return after.get("published_at") is not None

    @property
    def has_state(self) -> bool:
        """Whether its leaf must tell how the record stood: what came before it is a draft, which stays hidden."""
        return self.shows_record and self.action == "update"


def canonical(value: object) -> bytes:
    """JSON in its one form: keys sorted by code point, no blanks, nothing escaped but what must be, UTF-8.

    For what is written here (keys in ASCII, whole numbers below 2⁵³) these are the bytes of RFC 8785.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def columns(text: str | None) -> Columns | None:
    """The columns of an event from the database's JSON; a number with a fraction stays the text it is."""
    return None if text is None else json.loads(text, parse_float=str)


def fold(events: Iterable[Recorded]) -> State:
    """How a record stands after its events, in the order of the tree: the public columns of each of its rows."""
    state: State = {}
    for event in events:
        if event.action == "delete":
            state.pop(event.key, None)
        else:
            state.setdefault(event.key, {}).update(_part(event, event.after, public=True) or {})
    return state


def leaf(event: Recorded, state: Mapping[Key, Columns]) -> Columns:
    """What is hashed of an event, before it becomes canonical JSON.

    `state` is how its record stood with it, by `fold`; only an event that `has_state` has any.
    """
    hidden = {
        "after": _part(event, event.after, public=False),
        "before": _part(event, event.before, public=False),
        "origin": event.origin,
        "reason": event.reason,
    }
    made: Columns = {
        "form": FORM,
        "at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": event.actor,
        "action": event.action,
        "record": event.record,
        "record_id": event.record_id,
        "row_table": event.row_table,
        "row_id": event.row_id,
        "from_version": event.from_version,
        "to_version": event.to_version,
        "public": {
            "before": _part(event, event.before, public=True),
            "after": _part(event, event.after, public=True),
        },
        "private": hashlib.sha256(event.nonce.bytes + canonical(hidden)).hexdigest(),
    }
    if event.has_state:
        made["state"] = {
            _name(event, key): hashlib.sha256(_salt(event, key) + canonical(row)).hexdigest()
            for key, row in state.items()
        }
    return made


def shown(event: Recorded, state: Mapping[Key, Columns]) -> Columns:
    """The rows of a state that readers may see, each with the salt by which the leaf's digest of it can be checked."""
    return {key: {"row": row, "salt": _salt(event, key).hex()} for key, row in state.items()}


def _salt(event: Recorded, key: Key) -> bytes:
    """Its own for each row, so that one row can be shown and the row beside it stay hidden."""
    return hmac.digest(event.nonce.bytes, key.encode(), "sha256")


def _name(event: Recorded, key: Key) -> str:
    """What a row is called in a leaf: whoever is not shown the row does not learn of which table it is."""
    return hashlib.sha256(_salt(event, key) + key.encode()).hexdigest()


def _part(event: Recorded, values: Columns | None, *, public: bool) -> Columns | None:
    if values is None:
        return None
    open_to_readers = PUBLIC.get(event.row_table, frozenset())
    return {name: value for name, value in values.items() if (name in open_to_readers) == public}
