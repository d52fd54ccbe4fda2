"""What was written against what the history tells: the events, replayed on the rows as they were, give those that are.

Every table of the database is looked at. One whose changes are told has the triggers of migration claims 0008; all
others stand in UNTOLD with the reason, and so does every column that a told table keeps to itself.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any

from django.db import connection

from claims.models import Event

# Table, or table.column of a table that is told otherwise → why no event tells of it.
UNTOLD = {
    "auth_permission": "made by migrations alone",
    "auth_user.last_login": "when somebody worked is theirs; signing in changes nothing that anybody sees",
    "claims_checkpoint": "the history's own bookkeeping, append-only",
    "claims_event": "the history itself",
    "claims_alert.email": "the reader's, who can have it deleted; that somebody follows something is told",
    "claims_alert.query": "the reader's, who can have it deleted; that somebody follows something is told",
    "claims_report.email": "the reader's; it must be possible to forget it, and the version tells that it was",
    "claims_report.message": "the reader's; it must be possible to forget it, and the version tells that it was",
    "claims_reportattempt": "counts requests for the limits; forgotten after a day",
    "claims_seal": "the history's own bookkeeping, append-only",
    "claims_statement.search": "made by the database of the columns beside it",
    "config_attempt": "counts wrong passwords and codes for the throttle; forgotten after minutes",
    "django_admin_log": "by this the desk knows a form that came twice; nothing is decided by it",
    "django_content_type": "made by migrations alone",
    "django_migrations": "made by migrations alone",
    "django_session": "who is signed in now",
    "otp_static_statictoken": "each is a secret; their making is told with their device, the use of one is a sign-in",
    "otp_totp_totpdevice.key": "the secret itself, which never changes: a new one is a new device",
    "sources_capture.excerpt_map": "never changes, like the text",
    "sources_capture.text": "never changes, and would make the history as long as the archive; its hash is told",
    "sources_captureindex": "made of the capture by the system, and made anew at any time",
} | {
    f"{table}.{column}": "moves with each use of a code, as last_login does"
    for table, columns in {
        "otp_totp_totpdevice": "drift last_t last_used_at throttling_failure_timestamp throttling_failure_count",
        "otp_static_staticdevice": "last_used_at throttling_failure_timestamp throttling_failure_count",
    }.items()
    for column in columns.split()
}
SECRET = "(secret)"


@dataclass(frozen=True)
class Told:
    """A table with triggers: the columns that no event has, and those of which one says only that they changed."""

    hidden: frozenset[str]
    secret: frozenset[str]


@cache
def told_tables() -> dict[str, Told]:
    """Read off the triggers in the database: only a table with all four, switched on, is told."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT tgrelid::regclass::text, array_agg(tgname::text ORDER BY tgname),
                   max(encode(tgargs, 'escape')) FILTER (WHERE tgname = 'event_update')
               FROM pg_trigger WHERE tgname LIKE 'event\\_%' AND tgenabled = 'O' GROUP BY 1"""
        )
        found = {}
        for table, names, arguments in cursor.fetchall():
            if names == ["event_delete", "event_insert", "event_truncate", "event_update"]:
                hidden, secret = (frozenset(words.split()) for words in arguments.split("\\000")[4:6])
                found[table] = Told(hidden, secret)
    return found


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def untold() -> set[str]:
    """Every table and column of the database whose changes leave no event, in the form of UNTOLD's keys."""
    told = told_tables()
    hidden = {f"{table}.{column}" for table, kept in told.items() for column in kept.hidden if _has(table, column)}
    return {table for table in tables() if table not in told} | hidden


@cache
def _has(table: str, column: str) -> bool:
    with connection.cursor() as cursor:
        return column in {found.name for found in connection.introspection.get_table_description(cursor, table)}


type Rows = dict[tuple[str, int], dict[str, Any]]


@dataclass(frozen=True)
class State:
    """The told rows, without what is kept to the table; of everything else a digest, by the name it has in UNTOLD."""

    rows: Rows
    digests: dict[str, str]


def state() -> State:
    """One query over every table."""
    with connection.cursor() as cursor:
        cursor.execute(_query())
        rows, digests = {}, {}
        for name, key, row, digest in cursor.fetchall():
            if row is None:
                digests[name] = digest
            else:
                rows[name, key] = json.loads(row)
    return State(rows, digests)


@cache
def _query() -> str:
    told = told_tables()
    parts = []
    for table in tables():
        if table in told:
            hidden = " ".join(sorted(told[table].hidden))
            without = f"to_jsonb(t) - string_to_array('{hidden}', ' ')"
            parts.append(
                f"SELECT '{table}' AS name, t.id::bigint AS key, {without} AS kept, NULL AS digest FROM {table} t"
            )
    for name in sorted(untold() - {"claims_event"}):
        table, _, column = name.partition(".")
        row = f"t.id::text || coalesce(t.{column}::text, '')" if column else "t::text"
        digest = f"md5(string_agg(md5({row}), '' ORDER BY md5({row})))"
        parts.append(f"SELECT '{name}', NULL, NULL::jsonb, {digest} FROM {table} t")
    return " UNION ALL ".join(parts)


@dataclass
class Written:
    """What happened inside a block: the events, oldest first, and how what they tell differs from what is."""

    events: list[Event] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    changed: set[tuple[str, int]] = field(default_factory=set)
    """The told rows that are not as they were."""
    beside: set[str] = field(default_factory=set)
    """What changed without an event, by its name in UNTOLD."""

    @property
    def records(self) -> set[tuple[str, int]]:
        return {(event.record, event.record_id) for event in self.events}


@contextmanager
def watched() -> Iterator[Written]:
    """Fills in what it yields when the block ends."""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    before = state()
    written = Written()
    yield written
    after = state()
    written.events = list(Event.objects.filter(pk__gt=last).order_by("pk").select_related("actor"))
    written.faults = list(_faults(before.rows, after.rows, written.events))
    written.changed = {key for key in before.rows | after.rows if before.rows.get(key) != after.rows.get(key)}
    written.beside = {name for name in before.digests if before.digests[name] != after.digests[name]}
    written.beside = {name for name in written.beside if "." not in name or _of_standing_rows(name, written.events)}


def _of_standing_rows(name: str, events: list[Event]) -> bool:
    """Whether a kept column changed by itself: of rows that came or went their own events tell."""
    table, _, _ = name.partition(".")
    return not any(event.row_table == table and event.action != "update" for event in events)


def _faults(before: Rows, after: Rows, events: list[Event]) -> Iterator[str]:
    """Where the events, replayed, do not lead from one state to the other."""
    by_row = {
        key: list(some)
        for key, some in groupby(sorted(events, key=lambda e: (_row(e), e.pk)), key=lambda event: _row(event))
    }
    for key in sorted(before.keys() | after.keys() | by_row.keys()):
        secret = told_tables()[key[0]].secret
        row = _without(before.get(key), secret)
        told = set[str]()
        for event in by_row.get(key, []):
            told |= {name for name in secret if (event.after or {}).get(name) == SECRET}
            if event.before:
                whole = event.action == "delete"
                stood = {name: value for name, value in (row or {}).items() if whole or name in event.before}
                if stood != _without(event.before, secret):
                    yield f"{key}: an event tells of {event.before}, and {stood} stood there"
            row = None if event.action == "delete" else {**(row or {}), **_without(event.after, secret)}
        if row != _without(after.get(key), secret):
            yield f"{key}: {before.get(key)} became {after.get(key)}; the events tell of {row}"
        if before.get(key) and after.get(key):
            changed = {name for name in secret if before[key][name] != after[key][name]}
            if changed != told:
                yield f"{key}: {changed or 'nothing'} changed, which nobody may read; the events tell of {told}"


def _row(event: Event) -> tuple[str, int]:
    return event.row_table, event.row_id


def _without(row: dict[str, Any] | None, names: frozenset[str]) -> dict[str, Any] | None:
    return row and {name: value for name, value in row.items() if name not in names}
