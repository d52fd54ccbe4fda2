"""Every change of every tracked table as an Event, written by the database; and the tables as they stood at a past time.

Statement-level triggers with transition tables see every row that an ORM save, a bulk write, COPY, loaddata or raw SQL
changes, and cost one INSERT … SELECT per statement (with OFFSET 0, lest PostgreSQL make a row's JSON anew for each of
its uses, which took twice as long). A row that is written with its own values has no event. Nothing is locked: an import
does not keep an editor waiting. Sealing (claims/sealing.py) runs afterwards for the same reason.

For each tracked table that a page reads, the schema as_of has a view of the same name that shows it as it stood at
`rashomon.as_of`: with that schema first in the search path, a page's own queries answer for the past.

`rashomon_track(table, …)` sets a table up, `rashomon_untrack(table)` lets it go: a later migration that changes a
tracked table's columns calls the second before and the first after.
"""

from django.db import migrations

EVENTS = """
CREATE FUNCTION claims_write_events() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    record_name text := TG_ARGV[0];
    record_key text := TG_ARGV[1];
    other_name text := TG_ARGV[2];
    other_key text := TG_ARGV[3];
    hidden text[] := string_to_array(TG_ARGV[4], ' ');
    secret text[] := string_to_array(TG_ARGV[5], ' ');
    actor bigint := claims_actor();
    origin text := coalesce(nullif(current_setting('rashomon.origin', true), ''), current_setting('application_name'));
    reason text := coalesce(current_setting('rashomon.reason', true), '');
BEGIN
    IF TG_TABLE_SCHEMA <> 'public' THEN
        PERFORM claims_break('history_is_kept', 'Only the tables of the site have a history.');
    END IF;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO claims_event (at, record, record_id, row_table, row_id, action, from_version, to_version,
            before, after, actor_id, origin, reason, nonce)
        SELECT now(), CASE WHEN n ->> record_key IS NULL THEN other_name ELSE record_name END,
            coalesce(n ->> record_key, n ->> other_key)::bigint, TG_TABLE_NAME, (n ->> 'id')::bigint, 'update',
            (o ->> 'version')::integer, (n ->> 'version')::integer, d.before, d.after, actor, origin, reason,
            gen_random_uuid()
        FROM (SELECT to_jsonb(old_rows) AS o, to_jsonb(new_rows) AS n FROM old_rows JOIN new_rows USING (id)
              WHERE old_rows *<> new_rows OFFSET 0) pairs
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(key, CASE WHEN key = ANY (secret) THEN '"(secret)"' ELSE o -> key END) AS before,
                jsonb_object_agg(key, CASE WHEN key = ANY (secret) THEN '"(secret)"' ELSE value END) AS after
            FROM jsonb_each(n) WHERE value IS DISTINCT FROM o -> key AND key <> ALL (hidden)) d
        WHERE d.after IS NOT NULL;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO claims_event (at, record, record_id, row_table, row_id, action, to_version,
            after, actor_id, origin, reason, nonce)
        SELECT now(), CASE WHEN n ->> record_key IS NULL THEN other_name ELSE record_name END,
            coalesce(n ->> record_key, n ->> other_key)::bigint, TG_TABLE_NAME, (n ->> 'id')::bigint, 'insert',
            (n ->> 'version')::integer, n, actor, origin, reason, gen_random_uuid()
        FROM (SELECT to_jsonb(new_rows) - hidden - secret AS n FROM new_rows OFFSET 0) added;
    ELSE
        INSERT INTO claims_event (at, record, record_id, row_table, row_id, action, from_version,
            before, actor_id, origin, reason, nonce)
        SELECT now(), CASE WHEN o ->> record_key IS NULL THEN other_name ELSE record_name END,
            coalesce(o ->> record_key, o ->> other_key)::bigint, TG_TABLE_NAME, (o ->> 'id')::bigint, 'delete',
            (o ->> 'version')::integer, o, actor, origin, reason, gen_random_uuid()
        FROM (SELECT to_jsonb(old_rows) - hidden - secret AS o FROM old_rows OFFSET 0) gone;
    END IF;
    RETURN NULL;
END $$;
-- A trigger that stands calls it for everybody; nobody else puts it on a table of their own.
REVOKE EXECUTE ON FUNCTION claims_write_events() FROM PUBLIC;
"""

# An event is written by the triggers of other tables alone, and then stands for ever.
KEPT = """
CREATE FUNCTION claims_history_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    PERFORM claims_break('history_is_kept', 'History is written by the database, and never changed or deleted.');
END $$;
CREATE TRIGGER history_kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON claims_event
    FOR EACH STATEMENT EXECUTE FUNCTION claims_history_kept();

-- A table that is emptied by TRUNCATE would leave no event of its rows.
CREATE FUNCTION claims_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_break('history_is_kept', 'TRUNCATE would leave no history; delete the rows.');
END $$;
"""

AS_OF = """
CREATE FUNCTION rashomon_as_of() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT current_setting('rashomon.as_of')::timestamptz
$$;

CREATE AGGREGATE rashomon_merge(jsonb) (SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '{}');

CREATE SCHEMA as_of;
"""

# The view: rows that nothing has changed since, and the others with the changes since taken back, newest first. What
# was withdrawn or is held back since is withdrawn or held then too: a tombstone is not got round by its past.
TRACK = """
CREATE FUNCTION rashomon_track(target text, record_name text, record_key text, other_name text DEFAULT '',
    other_key text DEFAULT '', hidden text DEFAULT '', secret text DEFAULT '', viewed boolean DEFAULT true)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    arguments text := format('%L, %L, %L, %L, %L, %L', record_name, record_key, other_name, other_key, hidden, secret);
    since text := '';
BEGIN
    EXECUTE format('CREATE TRIGGER event_insert AFTER INSERT ON public.%I REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION claims_write_events(%s)', target, arguments);
    EXECUTE format('CREATE TRIGGER event_update AFTER UPDATE ON public.%I REFERENCING OLD TABLE AS old_rows
        NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION claims_write_events(%s)', target, arguments);
    EXECUTE format('CREATE TRIGGER event_delete AFTER DELETE ON public.%I REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION claims_write_events(%s)', target, arguments);
    EXECUTE format('CREATE TRIGGER event_truncate BEFORE TRUNCATE ON public.%I
        FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_truncate()', target);
    IF NOT viewed THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT 1 FROM information_schema.columns
               WHERE table_schema = 'public' AND table_name = target AND column_name = 'status') THEN
        since := '|| CASE WHEN present.status = ''withdrawn'' THEN jsonb_build_object(''status'', ''withdrawn'') ELSE ''{}'' END';
    END IF;
    IF EXISTS (SELECT 1 FROM information_schema.columns
               WHERE table_schema = 'public' AND table_name = target AND column_name = 'held_since') THEN
        since := since || '|| CASE WHEN present.held_since IS NOT NULL THEN jsonb_build_object(
            ''held_since'', present.held_since, ''held_reason'', present.held_reason) ELSE ''{}'' END';
    END IF;
    EXECUTE format('CREATE VIEW as_of.%1$I AS
        SELECT present.* FROM public.%1$I present WHERE NOT EXISTS (
            SELECT 1 FROM public.claims_event e
            WHERE e.row_table = %1$L AND e.row_id = present.id AND e.at > public.rashomon_as_of())
        UNION ALL
        SELECT past.* FROM (
            SELECT e.row_id, (array_agg(e.action ORDER BY e.id))[1] AS began,
                public.rashomon_merge(e.before ORDER BY e.id DESC) AS undone
            FROM public.claims_event e WHERE e.row_table = %1$L AND e.at > public.rashomon_as_of() GROUP BY e.row_id
        ) changed
        LEFT JOIN public.%1$I present ON present.id = changed.row_id
        CROSS JOIN LATERAL jsonb_populate_record(NULL::public.%1$I,
            coalesce(to_jsonb(present), ''{}'') || changed.undone %2$s) past
        WHERE changed.began <> ''insert''', target, since);
END $$;

CREATE FUNCTION rashomon_untrack(target text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER event_insert ON public.%I', target);
    EXECUTE format('DROP TRIGGER event_update ON public.%I', target);
    EXECUTE format('DROP TRIGGER event_delete ON public.%I', target);
    EXECUTE format('DROP TRIGGER event_truncate ON public.%I', target);
    EXECUTE format('DROP VIEW IF EXISTS as_of.%I', target);
END $$;
"""

# Arguments of rashomon_track after the table's name. A capture's text is hidden: it never changes, and its sha256 says
# what it was. Of a user no time of the last sign-in is kept, and of address and password only that they changed.
TRACKED = {
    "sources_outlet": "'outlet', 'id'",
    "sources_source": "'source', 'id'",
    "sources_capture": "'capture', 'id', hidden => 'text excerpt_map', viewed => false",
    "claims_side": "'side', 'id'",
    "claims_speaker": "'speaker', 'id'",
    "claims_speakername": "'speaker', 'speaker_id'",
    "claims_occasion": "'occasion', 'id'",
    "claims_topic": "'topic', 'id'",
    "claims_question": "'topic', 'topic_id'",
    "claims_statement": "'statement', 'id', hidden => 'search'",
    "claims_statement_further_speakers": "'statement', 'statement_id'",
    "claims_statement_topics": "'statement', 'statement_id'",
    "claims_statement_in_reply_to": "'statement', 'from_statement_id'",
    "claims_anchor": "'statement', 'statement_id'",
    "claims_translation": "'statement', 'statement_id'",
    "claims_position": "'statement', 'statement_id'",
    "claims_reply": "'statement', 'statement_id'",
    "claims_contradiction": "'contradiction', 'id'",
    "claims_contextnote": "'statement', 'statement_id', 'contradiction', 'contradiction_id'",
    "claims_correction": "'correction', 'id', viewed => false",
    "claims_formerslug": "'speaker', 'speaker_id', 'topic', 'topic_id', viewed => false",
    "claims_rejection": "'capture', 'capture_id', viewed => false",
    "auth_user": "'user', 'id', hidden => 'last_login', secret => 'email password', viewed => false",
    "auth_user_groups": "'user', 'user_id', viewed => false",
    "auth_user_user_permissions": "'user', 'user_id', viewed => false",
    "auth_group": "'group', 'id', viewed => false",
    "auth_group_permissions": "'group', 'group_id', viewed => false",
}

DROP = """
DROP FUNCTION rashomon_untrack(text);
DROP FUNCTION rashomon_track(text, text, text, text, text, text, text, boolean);
DROP SCHEMA as_of;
DROP AGGREGATE rashomon_merge(jsonb);
DROP FUNCTION rashomon_as_of();
DROP FUNCTION claims_refuse_truncate();
DROP FUNCTION claims_history_kept() CASCADE;
DROP FUNCTION claims_write_events();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_four_eyes"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.RunSQL(EVENTS + KEPT + AS_OF + TRACK, DROP),
        migrations.RunSQL(
            "".join(f"SELECT rashomon_track('{table}', {arguments});\n" for table, arguments in TRACKED.items()),
            "".join(f"SELECT rashomon_untrack('{table}');\n" for table in TRACKED),
        ),
    ]
