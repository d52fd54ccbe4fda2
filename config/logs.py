"""Log lines without the words of records: whoever reads the log may not be one who reads drafts and private notes."""

import logging
from collections.abc import Iterator
from typing import Any, override

import psycopg
from django.db import DatabaseError


class LineFormatter(logging.Formatter):
    """Tells of what PostgreSQL refused the first line alone.

    The lines after it quote what was written: “DETAIL: Failing row contains …” is the whole row, private notes
    included, and “LINE 1: …” a piece of the statement with its values.
    """

    @override
    def formatException(self, ei: Any) -> str:
        told = super().formatException(ei)
        for error in _chain(ei[1]):
            if isinstance(error, (DatabaseError, psycopg.Error)):
                whole = str(error)
                told = told.replace(whole, whole.partition("\n")[0])
        return told


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that stands behind it."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__]
