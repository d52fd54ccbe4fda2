"""How much the history costs: statements a second, written with and without the triggers that record them.

    DATABASE_URL=… SECRET_KEY=… STATEMENT_TIMEOUT=0 .venv/bin/python manage.py shell --no-imports \
        --command 'import runpy; runpy.run_path("tests/measure_history.py", run_name="__main__")'

The database must be migrated; whatever is written is undone.

Each way of writing is measured in turns with and without the triggers, in one run, so that a busy machine slows both.
Prints the medians of five and their ratio: 1.00 means that the history costs nothing, 0.50 that it doubles the time.
"""

import statistics
import time
from collections.abc import Callable

from django.db import connection, transaction

from claims.models import Event, Statement
from sources.models import CaptureIndex
from sources.records import new_ref
from tests.factories import CaptureFactory, SpeakerFactory

ROWS, TURNS = 10_000, 5
TABLE = Statement._meta.db_table
TRIGGERS = ("event_insert", "event_update", "event_delete")


def switch(way: str, names: tuple[str, ...] = TRIGGERS) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"ALTER TABLE {TABLE} {way} TRIGGER {name}")


def statements() -> list[Statement]:
    capture, speaker = CaptureFactory(), SpeakerFactory()
    return [
        Statement(capture=capture, speaker=speaker, ref=new_ref(), content=f"the talks of round {n} were halted")
        for n in range(ROWS)
    ]


def by_bulk_create(rows: list[Statement]) -> None:
    Statement.objects.bulk_create(rows, batch_size=1000)


def by_copy(rows: list[Statement]) -> None:
    fields = [f for f in Statement._meta.local_concrete_fields if not f.primary_key and not getattr(f, "generated", 0)]
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {TABLE} ({columns}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def by_update(rows: list[Statement]) -> None:
    """All rows at once, a column each; they are written first, which is not measured."""
    Statement.objects.filter(capture=rows[0].capture_id).update(note="Looked at again.")


def seconds(write: Callable[[list[Statement]], None], recorded: bool) -> float:
    """One turn, undone at its end."""
    with transaction.atomic():
        rows = statements()
        if write is by_update:
            Statement.objects.bulk_create(rows, batch_size=1000)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        if not recorded:
            switch("DISABLE")
        before = Event.objects.count()
        start = time.perf_counter()
        write(rows)
        taken = time.perf_counter() - start
        written = Event.objects.count() - before
        if written != (ROWS if recorded else 0):
            raise SystemExit(f"{written} events were written for {ROWS} rows; the measure is of something else")
        transaction.set_rollback(True)
    return taken


def measure(write: Callable[[list[Statement]], None]) -> None:
    turns = [(seconds(write, recorded=False), seconds(write, recorded=True)) for _ in range(TURNS)]
    bare, recorded = (statistics.median(times) for times in zip(*turns, strict=True))
    print(
        f"{write.__name__.removeprefix('by_'):>12}: {ROWS / bare:8,.0f} rows/s bare, {ROWS / recorded:8,.0f} recorded, "
        f"ratio {bare / recorded:.2f}"
    )


if __name__ == "__main__":
    print(f"{ROWS:,} statements, medians of {TURNS}; {CaptureIndex.objects.count():,} captures beside them")
    for way in (by_bulk_create, by_copy, by_update):
        measure(way)
