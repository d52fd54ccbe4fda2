"""An anchor keeps the source's own characters in every tier that counts as found, and a damaged copy holds at once.

The rules of 0002 about anchors, made stricter (decision 0011): `exact` is what stands in the capture at its place for
tiers looser than exact too. Words that are no longer found have no place, so it may lie outside the text.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("claims.migrations.0002_enforce_rules").CHECK_STATEMENT.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
FOUND = "('exact', 'whitespace', 'typography', 'case', 'elided')"
CHANGES = {
    'IF a."end" > char_length(captured) THEN': f'IF a.tier IN {FOUND} AND a."end" > char_length(captured) THEN',
    "IF a.tier = 'exact' AND a.exact <>": f"IF a.tier IN {FOUND} AND a.exact <>",
}
AFTER = BEFORE
for old, new in CHANGES.items():
    AFTER = AFTER.replace(old, new)

# A capture's text never changes (sources 0002). Where somebody gets round that, what rested on the changed characters
# is held in the same transaction; claims/integrity.py finds what got round this too.
DAMAGED = """
CREATE FUNCTION claims_capture_damaged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE claims_anchor a SET tier = 'changed'
        FROM claims_statement s
        WHERE s.capture_id = NEW.id AND a.statement_id = s.id AND a.tier IN ('exact', 'whitespace', 'typography', 'case', 'elided')
            AND a.exact <> substr(NEW.text, a.start + 1, a."end" - a.start);
    RETURN NULL;
END $$;
CREATE TRIGGER capture_damaged AFTER UPDATE OF text ON sources_capture FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION claims_capture_damaged();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_enforce_rules"), ("sources", "0003_index_captures")]
    operations = [
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(DAMAGED, "DROP FUNCTION claims_capture_damaged() CASCADE;"),
    ]
