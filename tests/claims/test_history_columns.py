"""Nobody forgets to decide whether readers may see a column in the history: each is on one side, once."""

import pytest
from django.apps import apps
from django.db import connection

from claims.history_columns import CLOSED, HIDDEN, LEADS_TO, PUBLIC, RECORD_TABLES

pytestmark = pytest.mark.django_db

TABLES = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}

# What a row is a part of, and what a pair is made of: without it the row is not shown either.
OWN_RECORD = {
    "claims_contradiction": {"question_id", "first_id", "second_id"},
    "claims_statement_further_speakers": {"statement_id"},
    "claims_statement_topics": {"statement_id"},
    "claims_statement_in_reply_to": {"from_statement_id"},
    "claims_anchor": {"statement_id"},
    "claims_translation": {"statement_id"},
    "claims_position": {"statement_id"},
    "claims_reply": {"statement_id"},
    "claims_contextnote": {"statement_id", "contradiction_id"},
    "claims_question": {"topic_id"},
    "claims_correction": {"statement_id", "contradiction_id", "topic_id"},
    "claims_formerslug": {"topic_id"},
}


def tracked():
    """The tables whose changes the database records."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'event\\_%'")
        return {table for (table,) in cursor.fetchall()}


def test_every_tracked_table_is_decided_on():
    assert PUBLIC.keys() & CLOSED == set()
    assert PUBLIC.keys() | CLOSED == tracked()


@pytest.mark.parametrize("table", PUBLIC)
def test_every_column_is_decided_on(table):
    open_to_readers, hidden = PUBLIC[table], HIDDEN.get(table, frozenset())
    columns = {field.column for field in TABLES[table]._meta.local_concrete_fields}
    assert columns - open_to_readers - hidden == set(), "Decide: PUBLIC or HIDDEN in claims/history_columns.py."
    assert open_to_readers & hidden == set()


def test_what_only_editors_see_is_hidden():
    """The help text of a field promises it."""
    promised = {
        (table, field.column)
        for table in PUBLIC
        for field in TABLES[table]._meta.local_concrete_fields
        if field.help_text.startswith("For editors")
    }
    assert promised
    assert {(table, column) for table, column in promised if column not in HIDDEN.get(table, ())} == set()


def test_records_and_what_leads_to_them_are_tables_with_these_columns():
    assert set(RECORD_TABLES.values()) <= PUBLIC.keys()
    assert {table: column for table, (column, _) in LEADS_TO.items() if column not in PUBLIC[table]} == {}


def test_every_relation_to_what_may_be_a_draft_is_hidden_or_looked_up():
    """A public row must not name a draft, not even by number."""
    drafts = {"claims_statement", "claims_topic", "claims_question", "claims_contradiction"}
    leading = {
        (table, field.column)
        for table in PUBLIC
        for field in TABLES[table]._meta.local_concrete_fields
        if field.remote_field and field.remote_field.model._meta.db_table in drafts and field.column in PUBLIC[table]
    }
    looked_up = {(table, column) for table, (column, _) in LEADS_TO.items()}
    assert leading == looked_up | {(table, column) for table, some in OWN_RECORD.items() for column in some}
