"""Quick views of the past, also of a past that much has changed since; and a former address that stays its record's.

The views of 0008 gathered the changes of a whole table for every query that named it: a page took minutes with 100,000
events. These look the changes up row by row, by the index of events, and only of rows that a query is left with: a row's
key, its reference, and of a part of a record the columns that lead to its owner never change, so they stand in the view
as they are and a query finds its rows by the tables' own indexes. Rows deleted since are few, and have an index.

Of statements, their parts and pairs, which are many, the views have only those that concern the page: whoever opens the
past names the statements (`rashomon.within`). Else one join that PostgreSQL plans badly reads the past of every row.
"""

from importlib import import_module

from django.db import migrations, models

# Columns that never change once readers have seen the record, beside id and ref; until then nobody sees its past. For
# those that a form offers, the database holds it (PLACES).
STABLE = """
    claims_position.question_id claims_question.topic_id
    claims_contradiction.question_id claims_contradiction.first_id claims_contradiction.second_id
    claims_anchor.statement_id claims_translation.statement_id claims_position.statement_id claims_reply.statement_id
    claims_statement_further_speakers.statement_id claims_statement_further_speakers.speaker_id
    claims_statement_topics.statement_id claims_statement_topics.topic_id
    claims_statement_in_reply_to.from_statement_id claims_statement_in_reply_to.to_statement_id
    claims_contextnote.statement_id claims_contextnote.contradiction_id
    claims_statement.capture_id
"""

# How many rows a page must be able to ask for is the number of statements; of these tables only theirs are looked at.
WITHIN = {
    "claims_statement": ("id",),
    "claims_contradiction": ("first_id", "second_id"),
    "claims_anchor": ("statement_id",),
    "claims_translation": ("statement_id",),
    "claims_position": ("statement_id",),
    "claims_reply": ("statement_id",),
    "claims_statement_further_speakers": ("statement_id",),
    "claims_statement_topics": ("statement_id",),
    "claims_statement_in_reply_to": ("from_statement_id", "to_statement_id"),
}

# What was withdrawn since is withdrawn then too, and what is held back now was held back: no past leads round that.
VIEW = f"""
CREATE FUNCTION rashomon_past_column(target text, name text, type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before text := CASE
        WHEN type LIKE '%[]' THEN format('ARRAY(SELECT jsonb_array_elements_text(since.undone -> %L))::%s', name, type)
        WHEN type = 'jsonb' THEN format('nullif(since.undone -> %L, ''null'')', name)
        ELSE format('(since.undone ->> %L)::%s', name, type) END;
    kept text := CASE name
        WHEN 'status' THEN 'WHEN present.status = ''withdrawn'' THEN present.status'
        WHEN 'held_since' THEN 'WHEN present.held_since IS NOT NULL THEN present.held_since'
        WHEN 'held_reason' THEN 'WHEN present.held_reason <> '''' THEN present.held_reason'
        ELSE '' END;
BEGIN
    IF name IN ('id', 'ref') OR target || '.' || name = ANY (regexp_split_to_array('{
    " ".join(STABLE.split())
}', ' ')) THEN
        RETURN format('present.%I', name);
    END IF;
    RETURN format('CASE %s WHEN since.undone ? %L THEN %s ELSE present.%I END AS %I', kept, name, before, name, name);
END $$;

CREATE FUNCTION rashomon_within() RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT current_setting('rashomon.within')::bigint[]
$$;

CREATE FUNCTION rashomon_past_view(target text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    columns text;
    stored text;
    within text := CASE target
        {
    '''
        '''.join(
        f"WHEN '{table}' THEN '"
        + " AND ".join(f"present.{name} = ANY (public.rashomon_within())" for name in names)
        + "'"
        for table, names in WITHIN.items()
    )
}
        ELSE 'true' END;
BEGIN
    SELECT string_agg(rashomon_past_column(target, attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum),
        string_agg(format('gone.%I', attname), ', ' ORDER BY attnum)
    INTO columns, stored FROM pg_attribute
    WHERE attrelid = format('public.%I', target)::regclass AND attnum > 0 AND NOT attisdropped;
    EXECUTE format('DROP VIEW IF EXISTS as_of.%I', target);
    EXECUTE format('CREATE VIEW as_of.%1$I AS
        SELECT %2$s
        FROM (
            SELECT * FROM public.%1$I
            UNION ALL
            SELECT %3$s FROM public.claims_event e CROSS JOIN LATERAL jsonb_populate_record(NULL::public.%1$I, e.before) gone
            WHERE e.row_table = %1$L AND e.action = ''delete'' AND e.at > public.rashomon_as_of()
        ) present
        CROSS JOIN LATERAL (
            SELECT public.rashomon_merge(e.before ORDER BY e.id DESC) AS undone,
                count(*) FILTER (WHERE e.action = ''insert'') AS added
            FROM public.claims_event e
            WHERE e.row_table = %1$L AND e.row_id = present.id AND e.at > public.rashomon_as_of()
        ) since
        WHERE since.added = 0 AND %4$s', target, columns, stored, within);
END $$;
"""

EVERY_VIEW = """
DO $$ DECLARE seen text; BEGIN
    FOR seen IN SELECT table_name FROM information_schema.views WHERE table_schema = 'as_of' LOOP
        PERFORM rashomon_past_view(seen);
    END LOOP;
END $$;
"""

# What was decided is never changed, so what was known at a moment is what had been decided by then.
DECIDED = "".join(
    f"CREATE VIEW as_of.{table} AS SELECT * FROM public.{table} WHERE decided_at <= public.rashomon_as_of();\n"
    for table in ("claims_correction", "claims_report")
)
UNDECIDED = "DROP VIEW as_of.claims_correction;\nDROP VIEW as_of.claims_report;\n"

# After the row, when two who write at once have waited for each other.
FORMER = (
    "".join(
        f"""
CREATE FUNCTION claims_{record}_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM claims_formerslug WHERE slug = NEW.slug AND {record}_id <> NEW.id) THEN
        PERFORM claims_break('former_address_is_kept', 'This address leads to another record for ever.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER former_address AFTER INSERT OR UPDATE OF slug ON claims_{record}
    FOR EACH ROW EXECUTE FUNCTION claims_{record}_address();
"""
        for record in ("speaker", "topic")
    )
    + """
CREATE FUNCTION claims_former_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM claims_speaker WHERE slug = NEW.slug AND id <> NEW.speaker_id)
        OR EXISTS (SELECT 1 FROM claims_topic WHERE slug = NEW.slug AND id <> NEW.topic_id) THEN
        PERFORM claims_break('former_address_is_kept', 'This is the address of another record.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER former_address AFTER INSERT OR UPDATE ON claims_formerslug
    FOR EACH ROW EXECUTE FUNCTION claims_former_address();

CREATE FUNCTION claims_former_address_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF claims_proposer() IS NULL THEN
        PERFORM claims_break('former_address_is_kept', 'A former address leads on for ever.');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER former_address_kept BEFORE UPDATE OR DELETE ON claims_formerslug
    FOR EACH ROW EXECUTE FUNCTION claims_former_address_kept();
"""
)
FORGET = """
DROP FUNCTION claims_speaker_address() CASCADE;
DROP FUNCTION claims_topic_address() CASCADE;
DROP FUNCTION claims_former_address() CASCADE;
DROP FUNCTION claims_former_address_kept() CASCADE;
"""


# Table, columns, and the record to which the row belongs with the column that leads there.
PLACES = (
    ("claims_contradiction", "question_id, first_id, second_id", "claims_contradiction", "id"),
    ("claims_position", "question_id, statement_id", "claims_statement", "statement_id"),
    ("claims_question", "topic_id", "claims_topic", "topic_id"),
    ("claims_statement", "capture_id", "claims_statement", "id"),
)
KEEP_PLACE = """
CREATE FUNCTION claims_keep_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seen boolean;
BEGIN
    EXECUTE format('SELECT published_at IS NOT NULL FROM %I WHERE id = ($1).%I', TG_ARGV[0], TG_ARGV[1]) INTO seen USING OLD;
    IF seen THEN
        PERFORM claims_break('record_keeps_its_place', 'What readers know it by stays as it is.');
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"CREATE TRIGGER keep_place BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW "
    f"WHEN ({' OR '.join(f'OLD.{name} IS DISTINCT FROM NEW.{name}' for name in columns.split(', '))}) "
    f"EXECUTE FUNCTION claims_keep_place('{record}', '{column}');\n"
    for table, columns, record, column in PLACES
)


def _before(_apps, schema_editor):
    """The views of 0008 as they were."""
    history = import_module("claims.migrations.0008_history")
    schema_editor.execute(history.TRACK.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"), None)
    for table, arguments in history.TRACKED.items():
        schema_editor.execute(f"SELECT rashomon_untrack('{table}')", None)
        schema_editor.execute(f"SELECT rashomon_track('{table}', {arguments})", None)


def _track(_apps, schema_editor):
    """rashomon_track as it was, but for its view."""
    track = import_module("claims.migrations.0008_history").TRACK
    body, _, rest = track.partition("    IF EXISTS (SELECT 1 FROM information_schema.columns")
    _, _, untrack = rest.partition("CREATE FUNCTION rashomon_untrack")
    declared = "    since text := '';\n"
    if declared not in body or not untrack:
        raise ValueError("rashomon_track is not as this migration knows it")
    body = body.replace(declared, "").replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    schema_editor.execute(body + "    PERFORM rashomon_past_view(target);\nEND $$;\n", None)


class Migration(migrations.Migration):
    dependencies = [("claims", "0010_reports")]
    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["row_table", "at"], condition=models.Q(action="delete"), name="event_of_deletion"
            ),
        ),
        migrations.RunSQL(
            VIEW,
            "DROP FUNCTION rashomon_past_view(text);\nDROP FUNCTION rashomon_within();\nDROP FUNCTION rashomon_past_column(text, text, text);\n",
        ),
        migrations.RunPython(_track, _before),
        migrations.RunSQL(EVERY_VIEW, migrations.RunSQL.noop),
        migrations.RunSQL(DECIDED, UNDECIDED),
        migrations.RunSQL(FORMER, FORGET),
        migrations.RunSQL(KEEP_PLACE, "DROP FUNCTION claims_keep_place() CASCADE"),
        migrations.RunSQL(import_module("claims.migrations.0007_four_eyes").PINNED, migrations.RunSQL.noop),
    ]
