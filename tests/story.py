"""The example records (fixtures/), read once by loaddata and then copied in as raw rows, which is much quicker."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from claims.models import Event
from sources.models import CaptureIndex

FIXTURES = sorted((Path(settings.BASE_DIR) / "fixtures").glob("*.json"))


def _models():
    """Users and everything of our two apps, but for what the database adds with the others."""
    yield User
    for app in ("sources", "claims"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model not in {CaptureIndex, Event}:
                yield model


def _tables():
    """Each table with the columns that can be written, those of many-to-many relations too."""
    for model in _models():
        names = [field.column for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]
        yield model._meta.db_table, ", ".join(f'"{name}"' for name in names)


def read_story() -> dict[str, bytes]:
    """The rows of every table after loading the fixtures into an empty database; nothing of them is kept there."""
    with transaction.atomic():
        call_command("loaddata", *map(str, FIXTURES), verbosity=0)
        rows = {}
        with connection.cursor() as cursor:
            for table, columns in _tables():
                with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
                    rows[table] = b"".join(bytes(block) for block in copy)
        transaction.set_rollback(True)
    return rows


def copy_in(rows: dict[str, bytes]) -> None:
    """Write the story into a database that has none of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in _tables():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(rows[table])
        # The next keys come after these, whatever a loaded file has set them to since the rows were read.
        for reset in connection.ops.sequence_reset_sql(no_style(), list(_models())):
            cursor.execute(reset)
        # Check the deferred rules here, once, and not at the end of the first test.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
