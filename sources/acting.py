"""Who is at work: every write is stamped with its actor, its origin and its reason, for the length of a transaction.

The database writes the history itself (migration claims 0008) and reads the stamp there; it also decides by the actor
who may change, approve and withdraw (0007). The stamp stands here, on the lower floor, because every writer sets it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

STAMPS = ("actor", "origin", "reason", "correction")
_request: ContextVar[str] = ContextVar("request", default="")


@contextmanager
def answering(request: str) -> Iterator[None]:
    """Inside, this request is the origin of every stamp that has no other, so that no view need think of it."""
    before = _request.set(request)
    try:
        yield
    finally:
        _request.reset(before)


@contextmanager
def acting(*, by: Any = None, reason: str = "", origin: str = "", correction: Any = None) -> Iterator[None]:
    """A transaction (or a part of one) whose changes are `by` this user's hand; the stamp before it comes back after.

    origin: the command or import run, or what a request is called; left out, the one around it stays, and if there is
    none, it is the request that is answered now. Costs two small queries.
    """
    with transaction.atomic():
        before = _stamp()
        given = {
            "actor": str(by.pk) if by else before["actor"],
            "origin": origin or before["origin"] or _request.get(),
            "reason": reason or before["reason"],
            "correction": str(correction.pk) if correction else before["correction"],
        }
        _set(given)
        yield
        # After an error the savepoint takes the stamp back by itself.
        _set(before)


def _stamp() -> dict[str, str]:
    columns = ", ".join(f"coalesce(current_setting('rashomon.{name}', true), '')" for name in STAMPS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}")
        return dict(zip(STAMPS, cursor.fetchone(), strict=True))


def _set(stamp: dict[str, str]) -> None:
    calls = ", ".join(f"set_config('rashomon.{name}', %s, true)" for name in STAMPS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [stamp[name] for name in STAMPS])
