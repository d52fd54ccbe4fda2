"""Ten wrong tries in five minutes, by name and by address: the limit on passwords and on codes.

A try is written down before the password is looked at and taken back where it was right, under a lock of the database:
tries that come at once cannot all pass a count that none of them has yet raised.
"""

import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil

from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from config.models import Attempt
from sources.clients import address_of

LIMIT = 10
WINDOW = timedelta(minutes=5)
LONGEST_NAME = 300
"""Characters of a typed name that are looked at; no user has a longer one."""

logger = logging.getLogger(__name__)


class TooManyTries(Exception):
    """The limit is reached; `wait` is the number of seconds until the next try counts."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class Try:
    """A try under way: wrong until somebody says that it was right."""

    right = False

    def was_right(self) -> None:
        self.right = True


@contextmanager
def tried(request: HttpRequest, name: str) -> Iterator[Try]:
    """A try to show that one is the user of this name. Raises TooManyTries before anything is looked at.

    Costs seven small queries. Not to be called inside a transaction: what is undone would not count.
    """
    spelt = unicodedata.normalize("NFKC", name[:LONGEST_NAME].strip()).casefold()
    taken = _take(sorted([_subject("name", spelt), _subject("address", address_of(request))]))
    attempt = Try()
    yield attempt
    if attempt.right:
        Attempt.objects.filter(pk__in=taken).delete()


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """The page that says when to come back."""
    response = render(request, "429.html", {"minutes": ceil(wait / 60)}, status=429)
    response["Retry-After"] = str(wait)
    return response


def _subject(kind: str, value: str) -> str:
    return salted_hmac(f"config.throttle.{kind}", value, algorithm="sha256").hexdigest()


def _take(subjects: list[str]) -> list[int]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            for subject in subjects:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [subject])
        if waits := [wait for subject in subjects if (wait := _wait(subject))]:
            # Neither the name, which may be a password, nor the address: the proxy's log has it.
            logger.warning("Too many wrong passwords or codes for one name or from one address.")
            raise TooManyTries(max(waits))
        old = Attempt.objects.filter(at__lte=Now() - WINDOW).select_for_update(skip_locked=True)
        Attempt.objects.filter(pk__in=old.values("pk")).delete()
        return [Attempt.objects.create(subject=subject).pk for subject in subjects]


def _wait(subject: str) -> int:
    """Seconds until a further try is allowed; 0 where it is now."""
    left = ExpressionWrapper(F("at") + WINDOW - Now(), output_field=DurationField())
    recent = Attempt.objects.filter(subject=subject, at__gt=Now() - WINDOW).order_by("-at")
    tenth = recent.values_list(left, flat=True)[LIMIT - 1 : LIMIT]
    return max((ceil(wait.total_seconds()) for wait in tenth), default=0)
