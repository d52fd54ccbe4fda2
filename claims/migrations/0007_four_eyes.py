"""Four eyes, kept by the database: who edits, who approves, which version, and what becomes of what readers have seen.

The actor of a transaction is told by `SET LOCAL rashomon.actor` (claims/history.py). Who edited last is that actor,
whatever the write says; an approval is the actor's own. A change of what is published runs under a correction that
somebody else proposed (`rashomon.correction`): only then may a record leave its published state for a moment, within
the transaction. Without an actor (psql, loaddata, a restore) rows may be written as the file has them, under the
constraints alone; nobody can approve.
"""

from django.db import migrations, models

RECORDS = ("statement", "contradiction", "topic")
SEARCH = {"statement": "'search'"}  # A generated column (sources 0002).

BACKFILL = (
    """
INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
    SELECT '!no-password-can-match-this', false, name, '', '', '', false, false, now()
    FROM unnest(ARRAY['first-reader', 'second-reader']) AS name
    WHERE EXISTS (SELECT 1 FROM claims_topic WHERE status IN ('published', 'withdrawn'))
       OR EXISTS (SELECT 1 FROM claims_statement WHERE status IN ('published', 'withdrawn'))
    ON CONFLICT (username) DO NOTHING;
"""
    + "".join(
        f"""
DROP TRIGGER count_version ON claims_{table};
UPDATE claims_{table} SET
    last_edited_by_id = (SELECT id FROM auth_user WHERE username = 'first-reader'),
    approved_by_id = (SELECT id FROM auth_user WHERE username = 'second-reader'),
    approved_version = version, approved_at = now(), published_at = now()
    {", undated = (precision = 'unknown')" if table == "statement" else ""}
    WHERE status IN ('published', 'withdrawn');
"""
        for table in RECORDS
    )
    + """
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
)

FORGET = "".join(
    f"CREATE TRIGGER count_version BEFORE UPDATE ON claims_{table} "
    f"FOR EACH ROW EXECUTE FUNCTION rashomon_count_version({SEARCH.get(table, '')});\n"
    for table in RECORDS
)

WHO = """
CREATE FUNCTION claims_actor() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('rashomon.actor', true), '')::bigint
$$;

-- Whether somebody has a permission of claims, by a role or for themselves. A superuser has none.
CREATE FUNCTION claims_may(person bigint, permission text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
        JOIN auth_user u ON u.id = person AND u.is_active AND NOT u.is_superuser
        WHERE t.app_label = 'claims' AND p.codename = permission AND (
            EXISTS (SELECT 1 FROM auth_user_user_permissions x WHERE x.user_id = person AND x.permission_id = p.id)
            OR EXISTS (SELECT 1 FROM auth_user_groups g JOIN auth_group_permissions x ON x.group_id = g.group_id
                       WHERE g.user_id = person AND x.permission_id = p.id)))
$$;

-- Whether this connection is the owner of the tables, who may write rows as a file has them (loaddata, a restore).
CREATE FUNCTION claims_owner() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = 'public.claims_statement'::regclass
$$;

CREATE FUNCTION claims_single_editor() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('rashomon.single_editor', true), '') = 'on'
$$;

-- Who proposed the correction that is being applied; null where none is, or where the actor may not apply it.
CREATE FUNCTION claims_proposer() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT proposed_by_id FROM claims_correction
    WHERE id = nullif(current_setting('rashomon.correction', true), '')::bigint AND state = 'proposed'
        AND (proposed_by_id <> claims_actor() OR claims_single_editor())
        AND claims_may(claims_actor(), 'approve_records')
$$;
"""

# What a step changes, and no version counts.
STEPS_ONLY = (
    "version, status, held_since, held_reason, created_by_id, last_edited_by_id, approved_by_id, approved_version, "
    "approved_at, published_at, without_second_reader, search"
)

WRITTEN = f"""
-- Whether what is done under the proposal is held against it at the end of the transaction (claims_correction_done).
CREATE FUNCTION claims_opened() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT opened_at IS NOT NULL FROM claims_correction
        WHERE id = nullif(current_setting('rashomon.correction', true), '')::bigint), false)
$$;

CREATE FUNCTION claims_record_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kind text := TG_ARGV[0];
    actor bigint := claims_actor();
    -- Asked only where it can matter: it costs more than all the rest. A draft is nobody's proposal: whoever changes it,
    -- be it by approving a merger, edited it last.
    proposer bigint := CASE WHEN TG_OP = 'UPDATE' AND current_setting('rashomon.correction', true) <> ''
        THEN CASE WHEN OLD.published_at IS NOT NULL THEN claims_proposer() END END;
    steps text[] := string_to_array('{STEPS_ONLY}', ', ');
    touched boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.approved_at := CASE WHEN NEW.approved_by_id IS NOT NULL THEN transaction_timestamp() END;
        NEW.published_at := CASE WHEN NEW.status IN ('published', 'withdrawn') THEN transaction_timestamp() END;
        IF actor IS NOT NULL THEN
            IF NOT (claims_may(actor, 'add_' || kind) OR claims_may(actor, 'import_records')) THEN
                PERFORM claims_break('record_edit_needs_right', 'This role may not write this record.');
            END IF;
            NEW.created_by_id := actor;
            NEW.last_edited_by_id := actor;
            IF NEW.status NOT IN ('draft', 'in_review') THEN
                PERFORM claims_break('record_steps', 'A record begins as a draft.');
            END IF;
        ELSIF (NEW.status NOT IN ('draft', 'in_review') OR NEW.approved_by_id IS NOT NULL) AND NOT claims_owner() THEN
            PERFORM claims_break('record_steps', 'Only the owner of the tables writes a public record from a file.');
        ELSIF NOT claims_owner() THEN
            NEW.last_edited_by_id := NULL;
        END IF;
        RETURN NEW;
    END IF;

    NEW.created_by_id := OLD.created_by_id;
    NEW.published_at := OLD.published_at;
    touched := pg_trigger_depth() > 1 AND NEW.version = OLD.version + 1;
    IF touched OR to_jsonb(NEW) - steps IS DISTINCT FROM to_jsonb(OLD) - steps THEN
        IF OLD.status = 'withdrawn' AND (proposer IS NULL OR NOT claims_opened()) THEN
            PERFORM claims_break('record_withdrawn_is_kept', 'What was withdrawn is kept as it was.');
        END IF;
        NEW.version := OLD.version + 1;
        IF proposer IS NOT NULL THEN
            NEW.last_edited_by_id := proposer;
        ELSIF actor IS NOT NULL THEN
            IF NOT (claims_may(actor, 'change_' || kind) OR claims_may(actor, 'import_records'))
                OR (OLD.created_by_id IS DISTINCT FROM actor AND NOT claims_may(actor, 'read_drafts')) THEN
                PERFORM claims_break('record_edit_needs_right', 'This role may not change this record.');
            END IF;
            NEW.last_edited_by_id := actor;
        ELSIF NEW.last_edited_by_id IS NOT DISTINCT FROM OLD.last_edited_by_id OR NOT claims_owner() THEN
            -- An unknown hand: nobody can approve it before somebody answers for it.
            NEW.last_edited_by_id := NULL;
        END IF;
    ELSE
        NEW.version := OLD.version;
        IF NEW.last_edited_by_id IS DISTINCT FROM OLD.last_edited_by_id
            AND (OLD.last_edited_by_id IS NOT NULL OR NEW.last_edited_by_id IS DISTINCT FROM actor) THEN
            PERFORM claims_break('record_editor_is_kept', 'Who edited last is kept by the database.');
        END IF;
    END IF;

    IF to_jsonb(OLD) ->> 'held_since' IS NOT NULL AND to_jsonb(NEW) ->> 'held_since' IS NULL
        AND NOT claims_may(actor, 'approve_records') THEN
        PERFORM claims_break('record_steps', 'Only a publisher shows a record again.');
    END IF;
    NEW.approved_at := OLD.approved_at;
    IF (NEW.approved_by_id, NEW.approved_version, NEW.without_second_reader)
        IS DISTINCT FROM (OLD.approved_by_id, OLD.approved_version, OLD.without_second_reader) THEN
        IF actor IS NULL OR NEW.approved_by_id IS DISTINCT FROM actor OR NOT claims_may(actor, 'approve_records') THEN
            PERFORM claims_break('record_approval_is_own', 'An approval is the approver''s own.');
        END IF;
        IF NEW.without_second_reader AND NOT claims_single_editor() THEN
            PERFORM claims_break('record_approval_is_own', 'A second reader is needed.');
        END IF;
        -- Later than the time of the transaction, which marks rows that were written as approved (Reviewed).
        NEW.approved_at := clock_timestamp();
    END IF;

    IF NEW.status <> OLD.status THEN
        IF actor IS NULL OR (OLD.status, NEW.status) NOT IN (
            ('draft', 'in_review'), ('in_review', 'draft'), ('draft', 'published'), ('in_review', 'published'),
            ('published', 'in_review'), ('published', 'withdrawn')) THEN
            PERFORM claims_break('record_steps', 'This step is not open.');
        END IF;
        IF OLD.status = 'published' THEN
            -- That proposal must be decided, and fit what is done, before the transaction ends (claims_correction_done).
            UPDATE claims_correction SET opened_at = clock_timestamp()
                WHERE id = nullif(current_setting('rashomon.correction', true), '')::bigint AND opened_at IS NULL;
            IF proposer IS NULL OR NOT EXISTS (
                SELECT 1 FROM claims_correction
                WHERE id = nullif(current_setting('rashomon.correction', true), '')::bigint
                    AND (claims_correction.kind = 'withdrawal') = (NEW.status = 'withdrawn')) THEN
                PERFORM claims_break('record_steps', 'What readers see is changed or withdrawn by two people.');
            END IF;
        END IF;
        IF NEW.status = 'published' THEN
            IF NEW.approved_by_id IS DISTINCT FROM actor THEN
                PERFORM claims_break('record_approval_is_own', 'An approval is the approver''s own.');
            END IF;
            NEW.published_at := coalesce(OLD.published_at, transaction_timestamp());
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION claims_record_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        PERFORM claims_break('record_public_stays', 'What readers have seen is never deleted.');
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION claims_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing text;
BEGIN
    EXECUTE format('SELECT status FROM %s WHERE id = $1', TG_RELID::regclass) INTO standing USING NEW.id;
    IF standing IN ('draft', 'in_review') THEN
        PERFORM claims_break('record_public_stays', 'What readers have seen stays published or is withdrawn.');
    END IF;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER record_written BEFORE INSERT OR UPDATE ON claims_{table}
    FOR EACH ROW EXECUTE FUNCTION claims_record_written('{table}');
CREATE TRIGGER record_deleted BEFORE DELETE ON claims_{table}
    FOR EACH ROW EXECUTE FUNCTION claims_record_deleted();
CREATE CONSTRAINT TRIGGER record_stays AFTER UPDATE ON claims_{table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.published_at IS NOT NULL AND NEW.status IN ('draft', 'in_review'))
    EXECUTE FUNCTION claims_record_stays();
"""
    for table in RECORDS
)

# The parts of a record: table, the record's table, the column that leads there, and what only a check changes.
PARTS = (
    ("anchor", "statement", "statement_id", "tier, checked_at, checker"),
    ("position", "statement", "statement_id", ""),
    ("translation", "statement", "statement_id", ""),
    ("reply", "statement", "statement_id", ""),
    ("statement_further_speakers", "statement", "statement_id", ""),
    ("statement_topics", "statement", "statement_id", ""),
    ("statement_in_reply_to", "statement", "from_statement_id", ""),
    ("contextnote", "statement", "statement_id", ""),
    ("contextnote", "contradiction", "contradiction_id", ""),
    ("question", "topic", "topic_id", ""),
)

PART_CHANGED = """
-- A changed part is a new version of its record; parts that come with a record written as published are its first.
CREATE FUNCTION claims_part_touches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text;
BEGIN
    changed := CASE TG_OP
        WHEN 'INSERT' THEN format('SELECT %1$I AS owner FROM new_rows', TG_ARGV[1])
        WHEN 'DELETE' THEN format('SELECT %1$I AS owner FROM old_rows', TG_ARGV[1])
        ELSE format('SELECT unnest(ARRAY[o.%1$I, n.%1$I]) AS owner FROM old_rows o JOIN new_rows n USING (id)
            WHERE to_jsonb(o) - string_to_array(%2$L, '', '') IS DISTINCT FROM to_jsonb(n) - string_to_array(%2$L, '', '')',
            TG_ARGV[1], 'version, ' || TG_ARGV[2])
    END;
    EXECUTE format('UPDATE %I SET version = version + 1
        WHERE id IN (SELECT owner FROM (%s) changed WHERE owner IS NOT NULL)
            AND approved_at IS DISTINCT FROM transaction_timestamp()', TG_ARGV[0], changed);
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER touches_{owner}_added AFTER INSERT ON claims_{table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_part_touches('claims_{owner}', '{column}', '{checks}');
CREATE TRIGGER touches_{owner}_changed AFTER UPDATE ON claims_{table} REFERENCING OLD TABLE AS old_rows
    NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION claims_part_touches('claims_{owner}', '{column}', '{checks}');
CREATE TRIGGER touches_{owner}_deleted AFTER DELETE ON claims_{table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claims_part_touches('claims_{owner}', '{column}', '{checks}');
"""
    for table, owner, column, checks in PARTS
)

KEEP_CORRECTIONS = (
    """
-- A proposal is its proposer's own and stays as it was made; a decision is the decider's own, and stands for ever.
CREATE FUNCTION claims_correction_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor bigint := claims_actor();
    decision text[] := ARRAY['version', 'state', 'decided_by_id', 'decided_at', 'decision_note',
        'without_second_reader', 'opened_at', 'opened_event'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'proposed' AND (NEW.proposed_by_id IS DISTINCT FROM actor
            OR NOT claims_may(actor, 'propose_changes')) THEN
            PERFORM claims_break('record_approval_is_own', 'A proposal is the proposer''s own.');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'proposed' AND (TG_OP = 'DELETE' OR to_jsonb(NEW) <> to_jsonb(OLD)) THEN
        PERFORM claims_break('correction_is_kept', 'A decided correction is never changed or deleted.');
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF OLD.opened_at IS NOT NULL THEN
        NEW.opened_at := OLD.opened_at;
        NEW.opened_event := OLD.opened_event;
    ELSIF NEW.opened_at IS NOT NULL THEN
        -- From where its changes are counted is not for whoever writes to say.
        NEW.opened_at := clock_timestamp();
        NEW.opened_event := (SELECT coalesce(max(id), 0) FROM claims_event);
    END IF;
    -- While it is tried (claims/corrections.py) a new proposal does not know its rows yet.
    IF OLD.rows = '[]' AND OLD.kind <> 'withdrawal' THEN
        decision := decision || 'rows'::text;
    END IF;
    IF to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        PERFORM claims_break('correction_is_kept', 'A proposal is never changed.');
    END IF;
    IF NEW.state <> 'proposed' AND (actor IS NULL OR NEW.decided_by_id <> actor
        OR (NEW.without_second_reader AND NOT claims_single_editor())
        OR ((NEW.state = 'applied' OR NEW.proposed_by_id <> actor) AND NOT claims_may(actor, 'approve_records'))) THEN
        PERFORM claims_break('record_approval_is_own', 'A decision is the decider''s own.');
    END IF;
    IF NEW.state <> 'proposed' AND OLD.state = 'proposed' THEN
        NEW.decided_at := transaction_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_kept BEFORE INSERT OR UPDATE OR DELETE ON claims_correction
    FOR EACH ROW EXECUTE FUNCTION claims_correction_kept();

-- What was changed under a proposal is what was proposed, all of it and nothing else.
CREATE FUNCTION claims_rows_of(changes jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_agg(change ORDER BY change::text), '[]') FROM (
        SELECT jsonb_build_array(r -> 'table', r -> 'key', r -> 'action',
            coalesce(nullif(r -> 'before', 'null'), '{}') - string_to_array('{STEPS_ONLY}', ', '),
            coalesce(nullif(r -> 'after', 'null'), '{}') - string_to_array('{STEPS_ONLY}', ', ')) AS change
        FROM jsonb_array_elements(changes) r) AS each_change
    WHERE change -> 3 <> '{}' OR change -> 4 <> '{}'
$$;
CREATE FUNCTION claims_correction_done() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    c claims_correction;
    done jsonb;
BEGIN
    SELECT * INTO c FROM claims_correction WHERE id = NEW.id;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF c.opened_at IS NOT NULL AND c.state <> 'applied' THEN
        PERFORM claims_break('correction_is_whole', 'A proposal that is applied is decided with it.');
    END IF;
    IF (c.kind = 'withdrawal') <> (c.rows = '[]') THEN
        PERFORM claims_break('correction_is_whole', 'A withdrawal changes no row, any other change does.');
    END IF;
    IF c.state = 'applied' AND c.opened_at IS NOT NULL THEN
        SELECT coalesce(jsonb_agg(jsonb_build_object('table', row_table, 'key', row_id, 'action', action,
            'before', before, 'after', after)), '[]') INTO done
        FROM claims_event WHERE id > c.opened_event AND at = transaction_timestamp()
            AND left(row_table, 5) <> 'auth_' AND row_table <> 'claims_correction';
        IF claims_rows_of(done) <> claims_rows_of(c.rows) THEN
            PERFORM claims_break('correction_is_whole', 'What was changed is not what was proposed.');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER correction_done AFTER INSERT OR UPDATE ON claims_correction DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claims_correction_done();
""".replace("{STEPS_ONLY}", STEPS_ONLY)
    + """
CREATE TRIGGER count_version BEFORE UPDATE ON claims_correction
    FOR EACH ROW EXECUTE FUNCTION rashomon_count_version();
CREATE TRIGGER count_version BEFORE UPDATE ON claims_reply FOR EACH ROW EXECUTE FUNCTION rashomon_count_version();
CREATE TRIGGER count_version BEFORE UPDATE ON claims_contextnote FOR EACH ROW EXECUTE FUNCTION rashomon_count_version();
CREATE TRIGGER count_version BEFORE UPDATE ON claims_formerslug FOR EACH ROW EXECUTE FUNCTION rashomon_count_version();
"""
)

OWN_ROLE = """
CREATE FUNCTION claims_user_own_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF claims_actor() = (CASE WHEN TG_OP = 'DELETE' THEN OLD.user_id ELSE NEW.user_id END) THEN
        PERFORM claims_break('user_own_role', 'Nobody changes the own roles.');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER own_role BEFORE INSERT OR UPDATE OR DELETE ON auth_user_groups
    FOR EACH ROW EXECUTE FUNCTION claims_user_own_role();
CREATE TRIGGER own_role BEFORE INSERT OR UPDATE OR DELETE ON auth_user_user_permissions
    FOR EACH ROW EXECUTE FUNCTION claims_user_own_role();
"""

# Whoever may make temporary tables could put one before a table of ours, and have a rule read that. So the functions
# that enforce, those of 0002 too, look for tables in the schema public first.
PINNED = """
DO $$ DECLARE enforcing regprocedure; BEGIN
    FOR enforcing IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = 'public'::regnamespace AND p.proname ~ '^(claims|sources)_'
            AND (l.lanname = 'plpgsql' OR p.proname IN ('claims_may', 'claims_proposer', 'claims_opened',
                'claims_voices', 'claims_check_pairs_of')) LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', enforcing);
    END LOOP;
END $$;
"""
LET_GO = """
DO $$ DECLARE enforcing regprocedure; BEGIN
    FOR enforcing IN SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname ~ '^(claims|sources)_' LOOP
        EXECUTE format('ALTER FUNCTION %s RESET search_path', enforcing);
    END LOOP;
END $$;
"""

UNDO = """
DROP FUNCTION claims_user_own_role() CASCADE;
DROP FUNCTION claims_correction_done() CASCADE;
DROP FUNCTION claims_rows_of(jsonb);
DROP FUNCTION claims_correction_kept() CASCADE;
DROP TRIGGER count_version ON claims_correction;
DROP TRIGGER count_version ON claims_reply;
DROP TRIGGER count_version ON claims_contextnote;
DROP TRIGGER count_version ON claims_formerslug;
DROP FUNCTION claims_part_touches() CASCADE;
DROP FUNCTION claims_record_stays() CASCADE;
DROP FUNCTION claims_record_deleted() CASCADE;
DROP FUNCTION claims_record_written() CASCADE;
DROP FUNCTION claims_opened();
DROP FUNCTION claims_proposer();
DROP FUNCTION claims_owner();
DROP FUNCTION claims_single_editor();
DROP FUNCTION claims_may(bigint, text);
DROP FUNCTION claims_actor();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_roles")]
    operations = [
        migrations.RunSQL(BACKFILL, FORGET),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(
                        ("approved_by__isnull", False),
                        ("last_edited_by__isnull", False),
                        models.Q(
                            models.Q(("approved_by", models.F("last_edited_by")), _negated=True),
                            ("without_second_reader", True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="contradiction_four_eyes",
                violation_error_message="What is published was approved by somebody other than its last editor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contradiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(("approved_version", models.F("version")), ("approved_version__isnull", False)),
                    _connector="OR",
                ),
                name="contradiction_approved_as_it_is",
                violation_error_message="What readers see is changed by a correction, which a second person approves; propose one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(
                        ("approved_by__isnull", False),
                        ("last_edited_by__isnull", False),
                        models.Q(
                            models.Q(("approved_by", models.F("last_edited_by")), _negated=True),
                            ("without_second_reader", True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="statement_four_eyes",
                violation_error_message="What is published was approved by somebody other than its last editor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(("approved_version", models.F("version")), ("approved_version__isnull", False)),
                    _connector="OR",
                ),
                name="statement_approved_as_it_is",
                violation_error_message="What readers see is changed by a correction, which a second person approves; propose one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(("precision", "unknown"), _negated=True),
                    ("undated", True),
                    _connector="OR",
                ),
                name="statement_published_has_date",
                violation_error_message="To publish, give the date, or tick “undated”, which tells readers so.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    ("allegation", False),
                    models.Q(("reply_state", "not_sought"), _negated=True),
                    _connector="OR",
                ),
                name="statement_published_allegation_has_reply",
                violation_error_message="An allegation is published when those concerned were asked for a reply.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(
                        ("approved_by__isnull", False),
                        ("last_edited_by__isnull", False),
                        models.Q(
                            models.Q(("approved_by", models.F("last_edited_by")), _negated=True),
                            ("without_second_reader", True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="topic_four_eyes",
                violation_error_message="What is published was approved by somebody other than its last editor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(("approved_version", models.F("version")), ("approved_version__isnull", False)),
                    _connector="OR",
                ),
                name="topic_approved_as_it_is",
                violation_error_message="What readers see is changed by a correction, which a second person approves; propose one.",
            ),
        ),
        migrations.RunSQL(WHO + WRITTEN + PART_CHANGED + KEEP_CORRECTIONS + OWN_ROLE, UNDO),
        migrations.RunSQL(PINNED, LET_GO),
    ]
