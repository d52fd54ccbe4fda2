"""Editors who opened one form at the same time and save it at the same time."""

import threading
from collections.abc import Callable, Iterable, Sequence

from django.db import connection
from django.test import Client

from sources.records import new_ref
from tests.claims.admin.as_sent import as_sent

WRITERS = 8


def one_round(
    clients: Sequence[Client], path: str, fields: Iterable[str], stored: Callable[[], Iterable[str]], number: int
) -> int:
    """How many of them were told that their form is saved (302); the others must be asked (409).

    All send the form at `path` over HTTP, each with words of its own in these fields; `stored` reads the same fields
    from the database. Raises AssertionError where it holds anything but the words of one winner.
    """
    opened = as_sent(clients[0].get(path))
    together = threading.Barrier(len(clients), timeout=60)
    answers: dict[int, int] = {}

    def words(writer: int) -> str:
        return f"round {number}, writer {writer}"

    def save(writer: int) -> None:
        typed = {**opened, "_opened": new_ref(), **dict.fromkeys(fields, words(writer))}
        try:
            together.wait()
            answers[writer] = clients[writer].post(path, typed).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[writer]) for writer in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    won = [words(writer) for writer, status in answers.items() if status == 302]
    assert sorted(answers.values()) == [302] * len(won) + [409] * (len(clients) - len(won)), answers
    assert set(stored()) == set(won), (stored(), won)
    return len(won)
