"""What the database does by itself for sources: counts versions, keeps captures.

A version is counted by a trigger and not in save(), so that bulk writes, loaddata and raw SQL count too. A write
that changes nothing (a second loaddata updates every row with itself) keeps the number. A generated column is not
computed yet when the trigger runs, so a table that has one names it as the trigger's argument.
"""

from django.db import migrations

COUNT_VERSION = """
CREATE FUNCTION rashomon_count_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unseen text[] := TG_ARGV || 'version'::text;
BEGIN
    IF to_jsonb(NEW) - unseen = to_jsonb(OLD) - unseen THEN
        NEW.version := OLD.version;
    ELSE
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER count_version BEFORE UPDATE ON sources_outlet
    FOR EACH ROW EXECUTE FUNCTION rashomon_count_version();
CREATE TRIGGER count_version BEFORE UPDATE ON sources_source
    FOR EACH ROW EXECUTE FUNCTION rashomon_count_version();
"""

FORGET_VERSION = """
DROP TRIGGER count_version ON sources_source;
DROP TRIGGER count_version ON sources_outlet;
DROP FUNCTION rashomon_count_version();
"""

KEEP_CAPTURES = """
CREATE FUNCTION sources_keep_capture() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'rights' - 'archive_url') = (to_jsonb(OLD) - 'rights' - 'archive_url') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A capture is never changed or deleted; make a new one.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'capture_is_kept', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER keep_capture BEFORE UPDATE OR DELETE ON sources_capture
    FOR EACH ROW EXECUTE FUNCTION sources_keep_capture();
"""

LET_CAPTURES_GO = """
DROP TRIGGER keep_capture ON sources_capture;
DROP FUNCTION sources_keep_capture();
"""


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]
    operations = [
        migrations.RunSQL(COUNT_VERSION, FORGET_VERSION),
        migrations.RunSQL(KEEP_CAPTURES, LET_CAPTURES_GO),
    ]
