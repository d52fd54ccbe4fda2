"""Keyset pages: a cursor names the last row seen, so that the last page costs what the first one does."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet

PAGE_SIZE = 25
BROKEN = "This page address is broken; start again from the first page."


@dataclass(frozen=True)
class Page[M: Model]:
    rows: list[M]
    next_cursor: str


def page[M: Model](rows: QuerySet[M], *, cursor: str, newest_first: bool, dated_by: str = "") -> Page[M]:
    """One page of rows in the order of a nullable date and the key; undated rows last. One query.

    Raises ValidationError where the cursor was not made by `page`.
    """
    sign, beyond = ("-", "lt") if newest_first else ("", "gt")
    dates = (
        [F(dated_by).desc(nulls_last=True) if newest_first else F(dated_by).asc(nulls_last=True)] if dated_by else []
    )
    rows = rows.order_by(*dates, f"{sign}pk")
    if cursor:
        day, key = _read(cursor)
        after_key = Q(**{f"pk__{beyond}": key})
        if not dated_by:
            rows = rows.filter(after_key)
        elif day is None:
            rows = rows.filter(after_key, **{f"{dated_by}__isnull": True})
        else:
            same_day = Q(**{dated_by: day}) & after_key
            rows = rows.filter(Q(**{f"{dated_by}__{beyond}": day}) | same_day | Q(**{f"{dated_by}__isnull": True}))
    found = list(rows[: PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    return Page(found, _write(getattr(found[-1], dated_by) if dated_by else None, found[-1].pk) if more else "")


def _write(day: date | None, key: int) -> str:
    return base64.urlsafe_b64encode(f"{day or ''}/{key}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[date | None, int]:
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        day, key = plain.split("/")
        found = (date.fromisoformat(day) if day else None, int(key))
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise ValidationError(BROKEN, code="cursor") from error
    if _write(*found) != cursor or found[1] >= 2**63:
        raise ValidationError(BROKEN, code="cursor")
    return found
