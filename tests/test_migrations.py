"""Migrations are complete, and can be undone and done again: an operator who must go back loses no way forward."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


def schema() -> set[tuple[str, ...]]:
    """Everything that migrations make: columns, constraints, indexes, triggers, functions."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 'column', table_name, column_name, data_type || is_nullable || is_generated
                FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
                FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT 'function', proname, '', pg_get_functiondef(p.oid) FROM pg_proc p
                WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
                AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
            """
        )
        return set(cursor.fetchall())


def migrate(*target: str) -> None:
    call_command("migrate", *target, verbosity=0, interactive=False)
    ContentType.objects.clear_cache()


def ours(rows: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {row for row in rows if row[1].startswith(("claims_", "sources_", "rashomon_"))}


def test_no_migration_is_missing():
    """A changed model without its migration works on the machine of whoever changed it."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_can_be_undone_and_done_again():
    """In one transaction, which the test rolls back: PostgreSQL's schema changes are part of it."""
    before = schema()
    migrate("sources", "zero")  # And with it claims, which stands on it.
    assert ours(schema()) == set()
    migrate()
    assert schema() == before
