"""Migrations are complete, and can be undone and done again: an operator who must go back loses no way forward."""

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from claims.models import Contradiction, Event, Statement, Topic
from sources.refusals import check_now
from tests.factories import CaptureFactory

pytestmark = pytest.mark.django_db


def schema() -> set[tuple[str, ...]]:
    """Everything that migrations make: columns, constraints, indexes, triggers, functions, views, schemas."""
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
            UNION ALL SELECT 'aggregate', p.oid::regprocedure::text, a.aggtransfn::text, a.agginitval
                FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT 'view', schemaname || '.' || viewname, '', definition
                FROM pg_views WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
            UNION ALL SELECT 'schema', nspname, '', '' FROM pg_namespace
                WHERE left(nspname, 3) <> 'pg_' AND nspname NOT IN ('information_schema', 'public')
            """
        )
        return set(cursor.fetchall())


def migrate(*target: str) -> None:
    call_command("migrate", *target, verbosity=0, interactive=False)
    ContentType.objects.clear_cache()


def ours(rows: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {row for row in rows if row[1].startswith(("claims_", "sources_", "rashomon_", "as_of"))}


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


BEFORE_FOUR_EYES = ("claims", "0004_rejected_proposals")


def as_before(text: str, **statuses: str) -> None:
    """A pair of one status on a topic, written when nobody was asked who had read it."""
    models = MigrationExecutor(connection).loader.project_state([BEFORE_FOUR_EYES]).apps
    topic, question, speaker, statement, anchor, position, pair = (
        models.get_model("claims", name)
        for name in ("Topic", "Question", "Speaker", "Statement", "Anchor", "Position", "Contradiction")
    )
    capture = CaptureFactory(text=f"He said {text}.")
    story = topic.objects.create(title=text, slug=text, order=1, status=statuses["topic"])
    asked = question.objects.create(topic=story, text=f"Is it {text}?", slug=text, order=1)
    accounts = [
        statement.objects.create(
            capture_id=capture.pk,
            speaker=speaker.objects.create(name=f"{text} {n}", slug=f"{text}-{n}"),
            content=text,
            status=statuses["statement"],
        )
        for n in (1, 2)
    ]
    for account in accounts:
        anchor.objects.create(statement=account, part="content", start=8, end=8 + len(text), exact=text, tier="exact")
        position.objects.create(statement=account, question=asked, stance="affirms")
    pair.objects.create(
        question=asked,
        first=accounts[0],
        second=accounts[1],
        pattern="denial",
        status=statuses["pair"],
    )


def test_what_was_published_before_four_eyes_stays_published():
    """Two people who cannot sign in stand for those who read it; drafts wait for somebody who answers for them."""
    migrate(*BEFORE_FOUR_EYES)
    as_before("gone", topic="published", statement="published", pair="withdrawn")
    as_before("seen", topic="published", statement="published", pair="published")
    as_before("draft", topic="draft", statement="in_review", pair="draft")
    Statement.objects.filter(content="seen").update(note="Changed once.")
    check_now()
    migrate()
    check_now()
    for model in (Topic, Statement, Contradiction):
        found = {
            (row.status, row.last_edited_by and row.last_edited_by.username, row.approved_by_id is not None)
            for row in model.objects.all()
        }
        assert found <= {
            ("published", "first-reader", True),
            ("withdrawn", "first-reader", True),
            ("draft", None, False),
            ("in_review", None, False),
        }
        for row in model.objects.filter(status__in=["published", "withdrawn"]):
            assert (row.approved_by.username, row.approved_version) == ("second-reader", row.version)
            assert row.published_at is not None
            row.full_clean()
    assert set(Statement.objects.values_list("content", "version")) == {("seen", 2), ("gone", 1), ("draft", 1)}
    assert set(Statement.objects.values_list("status", "undated")) == {("published", True), ("in_review", False)}
    assert not any(user.is_active or user.has_usable_password() for user in User.objects.all())
    assert not Event.objects.filter(row_table="claims_statement").exists(), "the history begins with the migration"
