"""Reader reports, saved filters and mails of the desk.

What a reader typed, and the address they left, stay out of the history (`hidden`): both can be forgotten, which an
append-only history cannot. A report itself is kept, and so is the decision on it, which is the decider's own.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import sources.records

REPORT_KEPT = """
CREATE FUNCTION claims_report_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    forgotten text[] := ARRAY['version', 'email', 'message', 'answered_at'];
    decision text[] := ARRAY['state', 'outcome', 'correction_id', 'decided_by_id', 'decided_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            PERFORM claims_break('report_decision_is_own', 'A report begins as an open one.');
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM claims_break('report_is_kept', 'A report is kept.');
    END IF;
    IF NEW.email NOT IN (OLD.email, '') OR NEW.message NOT IN (OLD.message, '')
        OR (OLD.answered_at IS NOT NULL AND NEW.answered_at IS DISTINCT FROM OLD.answered_at)
        OR to_jsonb(NEW) - forgotten - decision <> to_jsonb(OLD) - forgotten - decision
        OR (OLD.state <> 'open' AND to_jsonb(NEW) - forgotten <> to_jsonb(OLD) - forgotten) THEN
        PERFORM claims_break('report_is_kept', 'What a reader reported, and a decision on it, are kept.');
    END IF;
    IF NEW.state <> OLD.state THEN
        IF claims_actor() IS NULL OR NEW.decided_by_id IS DISTINCT FROM claims_actor()
            OR NOT claims_may(claims_actor(), 'change_report') THEN
            PERFORM claims_break('report_decision_is_own', 'A decision is the decider''s own.');
        END IF;
        IF NEW.correction_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM claims_correction WHERE id = NEW.correction_id AND state = 'applied') THEN
            PERFORM claims_break('report_correction_is_applied', 'The correction was not applied.');
        END IF;
        NEW.decided_at := transaction_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_kept BEFORE INSERT OR UPDATE OR DELETE ON claims_report
    FOR EACH ROW EXECUTE FUNCTION claims_report_kept();
"""

# Who may see a report (without the reader's address), and who may decide on it.
MAY = {"Editor": ("view", "change"), "Publisher": ("view", "change"), "Auditor": ("view",)}

COUNTED = ("claims_report", "claims_savedfilter", "claims_digest")
TRACKED = {
    "claims_report": "'report', 'id', hidden => 'email message', viewed => false",
    "claims_savedfilter": "'user', 'user_id', viewed => false",
    "claims_digest": "'user', 'user_id', viewed => false",
}


def grant(apps, _schema_editor):
    Group, Permission, ContentType = (
        apps.get_model(*name) for name in (("auth", "Group"), ("auth", "Permission"), ("contenttypes", "ContentType"))
    )
    kind, _ = ContentType.objects.get_or_create(app_label="claims", model="report")
    for role, actions in MAY.items():
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=kind, codename=f"{action}_report", defaults={"name": f"Can {action} reader report"}
            )
            Group.objects.get(name=role).permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0009_seal_history"),
        ("sources", "0004_source_locator"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(help_text="A keyed hash of the address; never the address itself.", max_length=64),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        db_index=True,
                        help_text="When it came, by the database's clock.",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["subject", "-at"], name="reportattempt_of_subject")],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, editable=False, help_text="Counts the changes of this record; the database keeps it."
                    ),
                ),
                (
                    "every",
                    models.CharField(
                        choices=[
                            ("never", "No mail"),
                            ("daily", "Once a day, if something waits"),
                            ("weekly", "Once a week, if something waits"),
                        ],
                        default="never",
                        help_text="How often you want it.",
                        max_length=10,
                    ),
                ),
                (
                    "sent_for",
                    models.DateField(
                        blank=True,
                        editable=False,
                        help_text="The first day of the last period for which a mail was sent.",
                        null=True,
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        editable=False,
                        help_text="Who gets it.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digest",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["user"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("every__in", ["never", "daily", "weekly"])),
                        name="digest_every_known",
                        violation_error_message="Choose one of the listed values for “every”.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, editable=False, help_text="Counts the changes of this record; the database keeps it."
                    ),
                ),
                (
                    "ref",
                    models.CharField(
                        default=sources.records.new_ref,
                        editable=False,
                        help_text="The permanent public reference, made by the system; never reused.",
                        max_length=10,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[0123456789abcdefghjkmnpqrstvwxyz]{10}$")],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("words", "The words are wrong"),
                            ("speaker", "The wrong speaker"),
                            ("date", "The wrong date"),
                            ("context", "Something is missing"),
                            ("reply", "I am concerned and want to reply"),
                            ("other", "Something else"),
                        ],
                        editable=False,
                        help_text="What the reader says is the matter.",
                        max_length=20,
                    ),
                ),
                (
                    "message",
                    sources.records.Words(
                        blank=True, editable=False, help_text="The reader's words; emptied of spam after 90 days."
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        editable=False,
                        help_text="Where the outcome is sent; emptied then, or after 90 days.",
                        max_length=254,
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, help_text="When it came."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("corrected", "Corrected"),
                            ("unchanged", "No change"),
                            ("spam", "Not about the record"),
                        ],
                        default="open",
                        editable=False,
                        help_text="What came of it.",
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    sources.records.Words(
                        blank=True, help_text="For readers: why nothing changes, or what was changed."
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, editable=False, help_text="When it was decided.", null=True),
                ),
                (
                    "answered_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="When the outcome was sent to the reader.", null=True
                    ),
                ),
                (
                    "contradiction",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The record that it is about; exactly one of the five is given.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="claims.contradiction",
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        blank=True,
                        help_text="The applied change that came of it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="claims.correction",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="Who decided.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The record that it is about; exactly one of the five is given.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="sources.source",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The record that it is about; exactly one of the five is given.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="claims.speaker",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The record that it is about; exactly one of the five is given.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="claims.statement",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The record that it is about; exactly one of the five is given.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="claims.topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "reader report",
                "ordering": ["received_at", "pk"],
                "default_permissions": ("view", "change"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["received_at", "id"], name="report_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ref__regex", "^[0123456789abcdefghjkmnpqrstvwxyz]{10}$")),
                        name="report_ref_form",
                        violation_error_message="A reference is 10 characters of Crockford base32, lower case (no i, l, o, u).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["words", "speaker", "date", "context", "reply", "other"])),
                        name="report_kind_known",
                        violation_error_message="Choose one of the listed values for “kind”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "corrected", "unchanged", "spam"])),
                        name="report_state_known",
                        violation_error_message="Choose one of the listed values for “state”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("contradiction__isnull", True),
                                ("source__isnull", True),
                                ("speaker__isnull", True),
                                ("statement__isnull", False),
                                ("topic__isnull", True),
                            ),
                            models.Q(
                                ("contradiction__isnull", False),
                                ("source__isnull", True),
                                ("speaker__isnull", True),
                                ("statement__isnull", True),
                                ("topic__isnull", True),
                            ),
                            models.Q(
                                ("contradiction__isnull", True),
                                ("source__isnull", True),
                                ("speaker__isnull", True),
                                ("statement__isnull", True),
                                ("topic__isnull", False),
                            ),
                            models.Q(
                                ("contradiction__isnull", True),
                                ("source__isnull", True),
                                ("speaker__isnull", False),
                                ("statement__isnull", True),
                                ("topic__isnull", True),
                            ),
                            models.Q(
                                ("contradiction__isnull", True),
                                ("source__isnull", False),
                                ("speaker__isnull", True),
                                ("statement__isnull", True),
                                ("topic__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="report_of_one_record",
                        violation_error_message="A report is about one statement, pair, topic, speaker or source.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("message", ""), _negated=True), ("state", "spam"), _connector="OR"
                        ),
                        name="report_has_message",
                        violation_error_message="Say what is wrong.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("outcome", ""),
                                ("state", "open"),
                            ),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="report_decided_by_somebody",
                        violation_error_message="A decision has somebody who decided, and a time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "unchanged"), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="report_unchanged_for_a_reason",
                        violation_error_message="Say for readers why nothing changes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("correction__isnull", True), models.Q(("state", "corrected"), _negated=True)),
                            models.Q(
                                ("state", "corrected"),
                                models.Q(
                                    ("correction__isnull", False),
                                    models.Q(("source__isnull", False), models.Q(("outcome", ""), _negated=True)),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="report_corrected_by_a_correction",
                        violation_error_message="“Corrected” names the correction that was applied; of a source, say what was changed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, editable=False, help_text="Counts the changes of this record; the database keeps it."
                    ),
                ),
                ("room", models.CharField(editable=False, help_text="The list: claims.statement.", max_length=60)),
                ("name", sources.records.Line(help_text="A few words that tell you what it finds.", max_length=80)),
                (
                    "query",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="The part of the list's address after the “?”.",
                        max_length=2000,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        help_text="Whose it is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "room", "name"),
                        name="savedfilter_name_once",
                        violation_error_message="You have a filter of this name for this list; choose another name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="savedfilter_has_name",
                        violation_error_message="Give the filter a name.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            REPORT_KEPT
            + "".join(
                f"CREATE TRIGGER count_version BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION rashomon_count_version();\n"
                for table in COUNTED
            )
            + "".join(f"SELECT rashomon_track('{table}', {arguments});\n" for table, arguments in TRACKED.items()),
            "".join(f"SELECT rashomon_untrack('{table}');\n" for table in TRACKED)
            + "".join(f"DROP TRIGGER count_version ON {table};\n" for table in COUNTED)
            + "DROP FUNCTION claims_report_kept() CASCADE;",
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
