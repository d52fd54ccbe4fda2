"""What is made of each capture to check and search it. The database adds the row, so that no way to write one misses it."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import sources.records

ADD_INDEX = """
CREATE FUNCTION sources_index_capture() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sources_captureindex (capture_id, fold_version, of_sha256, folded, runs, words, fault)
        VALUES (NEW.id, 0, '', '', '[]', '{}', '') ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER index_capture AFTER INSERT ON sources_capture FOR EACH ROW EXECUTE FUNCTION sources_index_capture();
INSERT INTO sources_captureindex (capture_id, fold_version, of_sha256, folded, runs, words, fault)
    SELECT id, 0, '', '', '[]', '{}', '' FROM sources_capture;
"""

DROP_INDEX = "DROP FUNCTION sources_index_capture() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0002_keep_captures_count_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaptureIndex",
            fields=[
                (
                    "capture",
                    models.OneToOneField(
                        help_text="The capture that this is made of.",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="index",
                        serialize=False,
                        to="sources.capture",
                    ),
                ),
                (
                    "fold_version",
                    models.PositiveSmallIntegerField(
                        db_index=True,
                        default=0,
                        help_text="The version of the rules by which the text was folded; 0 before it was.",
                    ),
                ),
                (
                    "of_sha256",
                    models.CharField(
                        blank=True,
                        help_text="The sha256 of the text that was folded: a second witness of it.",
                        max_length=64,
                    ),
                ),
                ("folded", models.TextField(blank=True, help_text="The text in its loosest form (decision 0010).")),
                (
                    "runs",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="The way back from the folded text to the characters of the capture.",
                    ),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        help_text="A number for each word of the text, for the search.",
                    ),
                ),
                (
                    "checked_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When what rests on the source was held against this copy, once it came; empty before.",
                        null=True,
                    ),
                ),
                (
                    "fault",
                    sources.records.Words(
                        blank=True,
                        help_text="What the last check found wrong with the kept copy itself; empty if nothing.",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "capture indexes",
                "ordering": ["pk"],
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["words"], name="captureindex_words")],
            },
        ),
        migrations.RunSQL(ADD_INDEX, DROP_INDEX),
    ]
