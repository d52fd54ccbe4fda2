"""Who was merged into another is named by nothing, and mergers make no circle; a proposal is made once at a time.

An undo that was declined may be proposed again.
"""

import django.db.models.deletion
from django.db import migrations, models

MERGED = """
-- Each speaker is locked while it is looked at: of two transactions, of which one names who the other merges, one waits
-- and sees what the other did.
CREATE FUNCTION claims_speaker_merged() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    next bigint := NEW.id;
    seen bigint[] := '{}';
BEGIN
    LOOP
        seen := seen || next;
        SELECT merged_into_id INTO next FROM claims_speaker WHERE id = next FOR SHARE;
        EXIT WHEN next IS NULL;
        IF next = ANY (seen) THEN
            PERFORM claims_break('speaker_mergers_end', 'These speakers are merged into each other in a circle.');
        END IF;
    END LOOP;
    IF cardinality(seen) > 1 AND (
        EXISTS (SELECT 1 FROM claims_statement WHERE NEW.id IN (speaker_id, on_behalf_of_id, relays_id))
        OR EXISTS (SELECT 1 FROM claims_statement_further_speakers WHERE speaker_id = NEW.id)
        OR EXISTS (SELECT 1 FROM claims_reply WHERE speaker_id = NEW.id)
        OR EXISTS (SELECT 1 FROM claims_speaker WHERE parent_id = NEW.id)) THEN
        PERFORM claims_break('speaker_merged_is_unnamed', 'Something still names this speaker.');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER merged_inserted AFTER INSERT ON claims_speaker DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION claims_speaker_merged();
CREATE CONSTRAINT TRIGGER merged_updated AFTER UPDATE OF merged_into_id ON claims_speaker DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION claims_speaker_merged();

CREATE FUNCTION claims_speaker_named() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    named bigint[];
BEGIN
    EXECUTE format('SELECT ARRAY[%s] FROM %I WHERE id = $1', TG_ARGV[0], TG_TABLE_NAME) INTO named USING NEW.id;
    PERFORM 1 FROM claims_speaker WHERE id = ANY (named) ORDER BY id FOR SHARE;
    IF EXISTS (SELECT 1 FROM claims_speaker WHERE id = ANY (named) AND merged_into_id IS NOT NULL) THEN
        PERFORM claims_break('speaker_merged_is_unnamed', 'This speaker was merged into another.');
    END IF;
    RETURN NULL;
END $$;
"""
# Table → the columns by which it names speakers.
NAMES = {
    "statement": "speaker_id, on_behalf_of_id, relays_id",
    "statement_further_speakers": "speaker_id",
    "reply": "speaker_id",
    "speaker": "parent_id",
}
MERGED += "".join(
    f"""
CREATE CONSTRAINT TRIGGER names_speaker AFTER INSERT OR UPDATE OF {columns} ON claims_{table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_speaker_named('{columns}');
"""
    for table, columns in NAMES.items()
)
FORGET = "DROP FUNCTION claims_speaker_named() CASCADE; DROP FUNCTION claims_speaker_merged() CASCADE;"

ONCE = "This is proposed already, and waits; look among the corrections."


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_search")]
    operations = [
        migrations.RunSQL(MERGED, FORGET),
        migrations.AlterField(
            "speaker",
            "slug",
            models.SlugField(
                help_text="The name in the speaker's address; changed only by “New address…”.",
                max_length=100,
                unique=True,
            ),
        ),
        migrations.AlterField(
            "topic",
            "slug",
            models.SlugField(
                help_text="The name in its address; changed only by “New address…”.", max_length=100, unique=True
            ),
        ),
        migrations.AlterField(
            "correction",
            "undoes",
            models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The change that this one takes back.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undoings",
                to="claims.correction",
            ),
        ),
        migrations.AddConstraint(
            "correction",
            models.UniqueConstraint(
                fields=["undoes"],
                condition=models.Q(("state", "declined"), _negated=True),
                name="correction_undone_once",
                violation_error_message="Somebody proposed to take this back already; look among the corrections.",
            ),
        ),
        *(
            migrations.AddConstraint(
                "correction",
                models.UniqueConstraint(
                    fields=[subject],
                    condition=models.Q(("kind", kind), ("state", "proposed")),
                    name=f"correction_one_{kind}_of_{subject}",
                    violation_error_message=ONCE,
                ),
            )
            for subject, kind in (
                ("statement", "withdrawal"),
                ("contradiction", "withdrawal"),
                ("topic", "withdrawal"),
                ("speaker", "merge"),
            )
        ),
    ]
