"""Two browsers that send at once, with writes so slow that both have read before either has written."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection


def at_once(actions: Sequence[Callable[[], object]], slow: str, seconds: float) -> None:
    """Run each in a thread of its own, all together; `slow` names the write: "UPDATE ON claims_speaker"."""
    together = threading.Barrier(len(actions), timeout=30)

    def run(action):
        try:
            together.wait()
            action()
        finally:
            connection.close()

    table = slow.rpartition(" ")[2]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END $$;"
            f"CREATE TRIGGER slow BEFORE {slow} FOR EACH ROW EXECUTE FUNCTION slow();"
        )
    try:
        threads = [threading.Thread(target=run, args=[action]) for action in actions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER slow ON {table}; DROP FUNCTION slow();")
