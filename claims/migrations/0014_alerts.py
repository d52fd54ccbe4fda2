"""Mails to readers. Who follows what stays out of the history (`hidden`): it can be forgotten."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0013_merges_and_proposals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, editable=False, help_text="Counts the changes of this record; the database keeps it."
                    ),
                ),
                (
                    "email",
                    models.EmailField(editable=False, help_text="Where the mails go; shown to nobody.", max_length=254),
                ),
                (
                    "room",
                    models.CharField(
                        choices=[("statements", "Statements"), ("contradictions", "Contradictions")],
                        editable=False,
                        help_text="The list that is followed.",
                        max_length=20,
                    ),
                ),
                (
                    "query",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="The filter: the part of the list's address after “?”.",
                        max_length=1000,
                    ),
                ),
                (
                    "language",
                    models.CharField(editable=False, help_text="The language of the mails (BCP 47).", max_length=10),
                ),
                (
                    "since",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="What was published up to then is no news.",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["since"], name="alert_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("email", "room", "query"),
                        name="alert_once",
                        violation_error_message="This address follows this filter already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("room__in", ["statements", "contradictions"])),
                        name="alert_room_known",
                        violation_error_message="Choose one of the listed values for “room”.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER count_version BEFORE UPDATE ON claims_alert "
            "FOR EACH ROW EXECUTE FUNCTION rashomon_count_version();"
            "SELECT rashomon_track('claims_alert', 'alert', 'id', hidden => 'email query', viewed => false);",
            "SELECT rashomon_untrack('claims_alert'); DROP TRIGGER count_version ON claims_alert;",
        ),
    ]
