"""Keyset pages: a cursor names the last row seen, so that the last page costs what the first one does."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

PAGE_SIZE = 25
BROKEN = _("This page address is broken; start again from the first page.")


@dataclass(frozen=True)
class Page[M: Model]:
    rows: list[M]
    next_cursor: str


def page[M: Model](
    rows: QuerySet[M], *, cursor: str, by: str = "", descending: bool = False, size: int = PAGE_SIZE
) -> Page[M]:
    """One page of `size` rows in the order of a column (may be null) and then the key; nulls last. One query.

    Raises ValidationError where the cursor was not made by `page` for rows in this order.
    """
    sign, beyond = ("-", "lt") if descending else ("", "gt")
    column = F(by).desc(nulls_last=True) if descending else F(by).asc(nulls_last=True)
    rows = rows.order_by(*([column] if by else []), f"{sign}pk")
    order = f"{rows.model._meta.label_lower} {sign}{by}"
    if cursor:
        value, key = _read(cursor, order, _field(rows, by))
        after_key = Q(**{f"pk__{beyond}": key})
        if not by:
            rows = rows.filter(after_key)
        elif value is None:
            rows = rows.filter(after_key, **{f"{by}__isnull": True})
        else:
            after = Q(**{f"{by}__{beyond}": value}) | Q(**{f"{by}__isnull": True})
            rows = rows.filter(after | (Q(**{by: value}) & after_key))
    found = list(rows[: size + 1])
    shown, more = found[:size], len(found) > size
    return Page(shown, _write(order, getattr(shown[-1], by) if by else None, shown[-1].pk) if more else "")


def _field(rows: QuerySet[Any], by: str) -> Any:
    """The column of the order, or what was computed for it; None for the order of the keys."""
    if not by:
        return None
    computed = rows.query.annotations.get(by)
    return computed.output_field if computed else rows.model._meta.get_field(by)


def _write(order: str, value: Any, key: int) -> str:
    plain = json.dumps([order, None if value is None else str(value), key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _read(cursor: str, order: str, field: Any) -> tuple[Any, int]:
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        _, text, key = json.loads(plain)
        if not (isinstance(text, str | None) and type(key) is int and 0 < key < 2**63 and "\0" not in (text or "")):
            raise ValueError("not a cursor")
        value = field.to_python(text) if field and text is not None else None
        if _write(order, value, key) != cursor:
            raise ValueError("not a cursor of this list")
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError, ValidationError) as error:
        raise ValidationError(BROKEN, code="cursor") from error
    return value, key
