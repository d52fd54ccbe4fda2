"""The past: every query of our tables as they stood at a moment. The history itself is models/history.py."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?", re.ASCII)

# How many tables of a join PostgreSQL orders together. With its own default it joins a topic's statements to whole
# tables; with more the plan of every query costs more than a page of few statements wins by it.
JOINED, JOINED_FOR_MANY, FEW = 8, 12, 20

NO_MOMENT = _(
    "“%(text)s” is no moment. Write a day, as 2026-11-20, or a day and a time, as 2026-11-20T12:00Z or "
    "2026-11-20T14:00+02:00; without an offset the time is UTC."
)
FUTURE = _("“%(text)s” is not past yet. Choose an earlier moment, or read the page as it is now.")


def moment_of(text: str) -> datetime:
    """A moment in UTC as written in an address; a day alone means its end, and of today what is now.

    Raises ValidationError for what is no moment, and for the future.
    """
    # In an address a plus sign that was not escaped arrives as a blank.
    written = _MOMENT.fullmatch(text.strip().replace(" ", "+"))
    now = timezone.now()
    try:
        if written is None:
            raise ValueError
        day, clock, offset = written.groups()
        if clock is None:
            start = datetime.combine(datetime.fromisoformat(day), time(), UTC)
            return min(start + timedelta(days=1, microseconds=-1), now) if start <= now else _refuse_future(text)
        moment = datetime.fromisoformat(f"{day}T{clock}{offset or 'Z'}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValidationError(NO_MOMENT % {"text": text[:40]}, code="no_moment") from None
    return moment if moment <= now else _refuse_future(text)


def _refuse_future(text: str) -> datetime:
    raise ValidationError(FUTURE % {"text": text[:40]}, code="future")


def written(moment: datetime) -> str:
    """A moment as addresses have it, to the microsecond where that matters: 2026-11-20T12:00:05.123456Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@contextmanager
def as_of(moment: datetime, *, within: Iterable[int]) -> Iterator[None]:
    """Inside, every query of our tables answers as they stood at that moment; what was withdrawn since stays withdrawn.

    within: the keys of the statements that concern the reader; of all others, their parts and their pairs, the past
    is not looked at. Reading only: the database refuses to write. It all ends with the block, as the search path is set
    in a transaction (or a savepoint) that is always taken back. Cost: one small query, and for each row that a query
    looks at the events of it since that moment.
    """
    keys = sorted(within)
    joined = str(JOINED_FOR_MANY if len(keys) > FEW else JOINED)
    settings = {
        "rashomon.as_of": moment.isoformat(),
        "rashomon.within": f"{{{','.join(map(str, keys))}}}",
        "search_path": "as_of, public",
        "transaction_read_only": "on",
        # To compile these queries takes longer than to run them.
        "jit": "off",
        "join_collapse_limit": joined,
        "from_collapse_limit": joined,
    }
    calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [value for pair in settings.items() for value in pair])
        yield
        transaction.set_rollback(True)
