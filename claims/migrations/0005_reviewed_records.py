"""What records need that two people answer for, and what changes of them once readers have seen them."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sources.records


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0004_rejected_proposals"),
        ("sources", "0004_source_locator"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContextNote",
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
                    "text",
                    sources.records.Words(
                        help_text="What a reader must know to understand the words: facts, no judgement."
                    ),
                ),
                (
                    "url",
                    sources.records.WebAddress(blank=True, help_text="Where a reader can check it.", max_length=2000),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Notes stand in this order, smallest first."),
                ),
            ],
            options={
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Correction",
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
                            ("correction", "Correction"),
                            ("clarification", "Clarification"),
                            ("update", "Update"),
                            ("typo", "Typing error"),
                            ("withdrawal", "Withdrawal"),
                            ("merge", "Speakers merged"),
                        ],
                        help_text="What sort of change it is.",
                        max_length=15,
                    ),
                ),
                (
                    "reason",
                    sources.records.Words(help_text="For readers: what was wrong or new, in a sentence or two."),
                ),
                (
                    "changes",
                    models.JSONField(
                        blank=True,
                        default=list,
                        editable=False,
                        help_text="What readers are shown: label, before and after.",
                    ),
                ),
                (
                    "rows",
                    models.JSONField(blank=True, default=list, editable=False, help_text="The change, row by row."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("applied", "Applied"), ("declined", "Declined")],
                        default="proposed",
                        editable=False,
                        help_text="Whether it waits, was applied or was declined.",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField(auto_now_add=True, help_text="When it was proposed.")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, editable=False, help_text="When it was decided.", null=True),
                ),
                ("decision_note", sources.records.Words(blank=True, help_text="For editors: why it was declined.")),
                (
                    "opened_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="When its application began; the database fills it in.",
                        null=True,
                    ),
                ),
                (
                    "opened_event",
                    models.BigIntegerField(
                        editable=False,
                        help_text="The last event before that; the database holds what follows against it.",
                        null=True,
                    ),
                ),
                (
                    "without_second_reader",
                    models.BooleanField(
                        default=False, editable=False, help_text="Whether it was applied in single-editor mode."
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="The time of the transaction: all its changes are at once.")),
                (
                    "record",
                    models.CharField(help_text="The kind of record that changed: statement, speaker.", max_length=30),
                ),
                ("record_id", models.BigIntegerField(help_text="The key of that record.")),
                ("row_table", models.CharField(help_text="The table of the row that changed.", max_length=63)),
                ("row_id", models.BigIntegerField(help_text="The key of that row.")),
                (
                    "action",
                    models.CharField(
                        choices=[("insert", "Added"), ("update", "Changed"), ("delete", "Deleted")],
                        help_text="What was done to the row.",
                        max_length=10,
                    ),
                ),
                (
                    "from_version",
                    models.IntegerField(help_text="The row's version before, if it counts versions.", null=True),
                ),
                (
                    "to_version",
                    models.IntegerField(help_text="The row's version after, if it counts versions.", null=True),
                ),
                (
                    "before",
                    models.JSONField(
                        help_text="Of a change the columns that changed; of a deletion the row.", null=True
                    ),
                ),
                (
                    "after",
                    models.JSONField(
                        help_text="Of a change the columns that changed; of an insertion the row.", null=True
                    ),
                ),
                ("origin", models.TextField(help_text="The request, command or import run that did it.")),
                ("reason", models.TextField(help_text="Why, where one was given.")),
                (
                    "nonce",
                    models.UUIDField(help_text="Random, so that nobody can guess a hidden change from its hash."),
                ),
            ],
            options={
                "ordering": ["-id"],
                "permissions": [("read_history", "Can read the history of every record")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, editable=False, help_text="Counts the changes of this record; the database keeps it."
                    ),
                ),
                ("slug", models.SlugField(help_text="The name that stood in the address.", max_length=100)),
            ],
            options={
                "ordering": ["slug", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Reply",
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
                    "party",
                    sources.records.Line(help_text="Who answers, as they wish to be named to readers.", max_length=200),
                ),
                ("text", sources.records.Words(help_text="Their answer, word for word.")),
                (
                    "language",
                    sources.records.Line(
                        default="en", help_text="The language of the answer, as a BCP 47 tag: en, ar.", max_length=35
                    ),
                ),
                ("received_on", models.DateField(help_text="The day on which it came.")),
                (
                    "url",
                    sources.records.WebAddress(
                        blank=True, help_text="Where they published it, if they did.", max_length=2000
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "replies",
                "ordering": ["received_on", "pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="statement",
            options={
                "ordering": ["-said_from", "-pk"],
                "permissions": [
                    ("read_drafts", "Can read everybody's drafts"),
                    ("submit_records", "Can hand drafts to a second reader"),
                    ("approve_records", "Can approve what somebody else edited, and publish it"),
                    ("propose_changes", "Can propose changes of what is public"),
                    ("import_records", "Can write records through an import"),
                ],
            },
        ),
        migrations.AddField(
            model_name="contradiction",
            name="approved_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When it was approved; the database fills it.",
                null=True,
                serialize=False,
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who read that version and approved it: never who edited it last.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="approved_version",
            field=models.PositiveIntegerField(
                blank=True, editable=False, help_text="The version that was approved.", null=True
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who recorded it; the database fills it in.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                serialize=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="last_edited_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who changed its content last; the database fills it in.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="published_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When readers first saw it; from then on it cannot be deleted.",
                null=True,
                serialize=False,
            ),
        ),
        migrations.AddField(
            model_name="contradiction",
            name="without_second_reader",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Whether it was published in single-editor mode, which its page then says.",
            ),
        ),
        migrations.AddField(
            model_name="speaker",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The speaker who turned out to be the same; its address leads there.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_speakers",
                to="claims.speaker",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="allegation",
            field=models.BooleanField(
                default=False,
                help_text="Tick if it accuses somebody who can be identified: they must be asked for a reply.",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="approved_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When it was approved; the database fills it.",
                null=True,
                serialize=False,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who read that version and approved it: never who edited it last.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="approved_version",
            field=models.PositiveIntegerField(
                blank=True, editable=False, help_text="The version that was approved.", null=True
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who recorded it; the database fills it in.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                serialize=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="last_edited_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who changed its content last; the database fills it in.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="published_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When readers first saw it; from then on it cannot be deleted.",
                null=True,
                serialize=False,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="rank",
            field=models.CharField(
                choices=[("normal", "Stands"), ("superseded", "Superseded"), ("misattributed", "Misattributed")],
                default="normal",
                help_text="Whether it still stands as its speaker's word. What does not is kept, and labelled on every page.",
                max_length=15,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="rank_note",
            field=sources.records.Words(
                blank=True, help_text="Shown to readers: by what it was superseded, or whose words they are."
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="reply_note",
            field=sources.records.Words(
                blank=True, help_text="Shown to readers: why nobody was asked, or how they declined."
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="reply_sought_how",
            field=sources.records.Line(
                blank=True,
                help_text="How they were asked, for readers: “by e-mail to the ministry's press office”.",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="reply_sought_on",
            field=models.DateField(blank=True, help_text="The day on which they were asked.", null=True),
        ),
        migrations.AddField(
            model_name="statement",
            name="reply_state",
            field=models.CharField(
                choices=[
                    ("not_sought", "Not asked yet"),
                    ("sought", "Asked, no answer yet"),
                    ("given", "Answered"),
                    ("declined", "Declined to answer"),
                    ("waived", "Not asked, for the reason given"),
                ],
                default="not_sought",
                help_text="Of an allegation: whether those concerned were asked, and what came of it.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="undated",
            field=models.BooleanField(
                default=False, help_text="Tick to say to readers that the source gives no date and none could be found."
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="without_second_reader",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Whether it was published in single-editor mode, which its page then says.",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="approved_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When it was approved; the database fills it.",
                null=True,
                serialize=False,
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who read that version and approved it: never who edited it last.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="approved_version",
            field=models.PositiveIntegerField(
                blank=True, editable=False, help_text="The version that was approved.", null=True
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who recorded it; the database fills it in.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                serialize=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="last_edited_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who changed its content last; the database fills it in.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="published_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When readers first saw it; from then on it cannot be deleted.",
                null=True,
                serialize=False,
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="without_second_reader",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Whether it was published in single-editor mode, which its page then says.",
            ),
        ),
        migrations.AlterField(
            model_name="contradiction",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("in_review", "In review"),
                    ("published", "Published"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Only what is published is shown; use the buttons to change it.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("in_review", "In review"),
                    ("published", "Published"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Only what is published is shown; use the buttons to change it.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="topic",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("in_review", "In review"),
                    ("published", "Published"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Only what is published is shown; use the buttons to change it.",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__in", ["normal", "superseded", "misattributed"])),
                name="statement_rank_known",
                violation_error_message="Choose one of the listed values for “rank”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("reply_state__in", ["not_sought", "sought", "given", "declined", "waived"])),
                name="statement_reply_state_known",
                violation_error_message="Choose one of the listed values for “reply state”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("undated", False), ("precision", "unknown"), _connector="OR"),
                name="statement_undated_has_no_date",
                violation_error_message="It has a date, so it is not undated: take the tick out, or the date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank", "normal"), models.Q(("rank_note", ""), _negated=True), _connector="OR"),
                name="statement_rank_has_note",
                violation_error_message="Say for readers by what it was superseded, or whose words they are.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reply_state", "sought"), _negated=True),
                    models.Q(("reply_sought_on__isnull", False), models.Q(("reply_sought_how", ""), _negated=True)),
                    _connector="OR",
                ),
                name="statement_reply_sought_when_and_how",
                violation_error_message="Say when and how they were asked for a reply.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reply_state", "waived"), _negated=True),
                    models.Q(("reply_note", ""), _negated=True),
                    _connector="OR",
                ),
                name="statement_reply_waived_for_a_reason",
                violation_error_message="Say for readers why nobody was asked for a reply.",
            ),
        ),
        migrations.AddField(
            model_name="contextnote",
            name="contradiction",
            field=models.ForeignKey(
                blank=True,
                help_text="The pair beside which it stands.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="context_notes",
                to="claims.contradiction",
            ),
        ),
        migrations.AddField(
            model_name="contextnote",
            name="statement",
            field=models.ForeignKey(
                blank=True,
                help_text="The statement beside which it stands.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="context_notes",
                to="claims.statement",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="contradiction",
            field=models.ForeignKey(
                blank=True,
                help_text="What it changes; exactly one of the four is given.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="claims.contradiction",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who decided.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="proposed_by",
            field=models.ForeignKey(
                editable=False,
                help_text="Who proposed it.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="speaker",
            field=models.ForeignKey(
                blank=True,
                help_text="What it changes; exactly one of the four is given.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="claims.speaker",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="statement",
            field=models.ForeignKey(
                blank=True,
                help_text="What it changes; exactly one of the four is given.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="claims.statement",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                help_text="What it changes; exactly one of the four is given.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="claims.topic",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="undoes",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                help_text="The change that this one takes back.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="claims.correction",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="actor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="Who did it; empty for a command that nobody is known to have run.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="formerslug",
            name="speaker",
            field=models.ForeignKey(
                blank=True,
                help_text="The speaker to whom it leads.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_slugs",
                to="claims.speaker",
            ),
        ),
        migrations.AddField(
            model_name="formerslug",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                help_text="The topic to which it leads.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_slugs",
                to="claims.topic",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="speaker",
            field=models.ForeignKey(
                blank=True,
                help_text="The same as a speaker of this site, if there is one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies_sent",
                to="claims.speaker",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="statement",
            field=models.ForeignKey(
                help_text="The statement they answer.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="right_of_reply",
                to="claims.statement",
            ),
        ),
        migrations.AddConstraint(
            model_name="contextnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("ref__regex", "^[0123456789abcdefghjkmnpqrstvwxyz]{10}$")),
                name="contextnote_ref_form",
                violation_error_message="A reference is 10 characters of Crockford base32, lower case (no i, l, o, u).",
            ),
        ),
        migrations.AddConstraint(
            model_name="contextnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contradiction__isnull", True), ("statement__isnull", False)),
                    models.Q(("contradiction__isnull", False), ("statement__isnull", True)),
                    _connector="OR",
                ),
                name="contextnote_of_one_record",
                violation_error_message="A note stands beside one statement or one pair.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contextnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="contextnote_has_text",
                violation_error_message="Write the note, or take it out.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contextnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__regex", "^https?://[^\\s]+$"), _connector="OR"),
                name="contextnote_url_http",
                violation_error_message="Give an address that begins with http:// or https://, or leave it empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("ref__regex", "^[0123456789abcdefghjkmnpqrstvwxyz]{10}$")),
                name="correction_ref_form",
                violation_error_message="A reference is 10 characters of Crockford base32, lower case (no i, l, o, u).",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["correction", "clarification", "update", "typo", "withdrawal", "merge"])
                ),
                name="correction_kind_known",
                violation_error_message="Choose one of the listed values for “kind”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "applied", "declined"])),
                name="correction_state_known",
                violation_error_message="Choose one of the listed values for “state”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("contradiction__isnull", True),
                        ("speaker__isnull", True),
                        ("statement__isnull", False),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("contradiction__isnull", False),
                        ("speaker__isnull", True),
                        ("statement__isnull", True),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("contradiction__isnull", True),
                        ("speaker__isnull", True),
                        ("statement__isnull", True),
                        ("topic__isnull", False),
                    ),
                    models.Q(
                        ("contradiction__isnull", True),
                        ("speaker__isnull", False),
                        ("statement__isnull", True),
                        ("topic__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="correction_of_one_record",
                violation_error_message="A correction is of one statement, pair, topic or speaker.",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="correction_has_reason",
                violation_error_message="Say for readers why it changes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="correction_decided_by_somebody",
                violation_error_message="A decision has somebody who decided, and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "applied"), _negated=True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    ("without_second_reader", True),
                    _connector="OR",
                ),
                name="correction_four_eyes",
                violation_error_message="Whoever proposed a change cannot approve it; ask a second publisher.",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["row_table", "row_id", "id"], name="event_of_row"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["record", "record_id", "id"], name="event_of_record"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["insert", "update", "delete"])),
                name="event_action_known",
                violation_error_message="Choose one of the listed values for “action”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="formerslug",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("speaker__isnull", False), ("topic__isnull", True)),
                    models.Q(("speaker__isnull", True), ("topic__isnull", False)),
                    _connector="OR",
                ),
                name="formerslug_of_one_record",
                violation_error_message="A former address leads to one speaker or one topic.",
            ),
        ),
        migrations.AddConstraint(
            model_name="formerslug",
            constraint=models.UniqueConstraint(
                condition=models.Q(("speaker__isnull", False)),
                fields=("slug",),
                name="formerslug_once_for_speakers",
                violation_error_message="This address leads to a speaker already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="formerslug",
            constraint=models.UniqueConstraint(
                condition=models.Q(("topic__isnull", False)),
                fields=("slug",),
                name="formerslug_once_for_topics",
                violation_error_message="This address leads to a topic already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("ref__regex", "^[0123456789abcdefghjkmnpqrstvwxyz]{10}$")),
                name="reply_ref_form",
                violation_error_message="A reference is 10 characters of Crockford base32, lower case (no i, l, o, u).",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="reply_has_text",
                violation_error_message="Copy the answer word for word, or take the reply out.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__regex", "^https?://[^\\s]+$"), _connector="OR"),
                name="reply_url_http",
                violation_error_message="Give an address that begins with http:// or https://, or leave it empty.",
            ),
        ),
    ]
