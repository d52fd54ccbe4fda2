"""The past: every query of our tables as they stood at a moment. The history itself is models/history.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Inside, every query of our tables answers as they stood at that moment; what was withdrawn since stays withdrawn.

    Reading only. Cost: each query reads the events since that moment of the tables it names.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('rashomon.as_of', %s, true), set_config('search_path', 'as_of, public', true)",
            [moment.isoformat()],
        )
        yield
        cursor.execute("SELECT set_config('search_path', 'public', true)")
