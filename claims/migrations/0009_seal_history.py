"""Seals and checkpoints, which like the events they vouch for are written once and then stand for ever."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.lookups import Exact

KEPT = "".join(
    f"CREATE TRIGGER history_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION claims_history_kept();\n"
    for table in ("claims_seal", "claims_checkpoint")
)


def _is_hash(column):
    length = models.Func(models.F(column), function="octet_length", output_field=models.IntegerField())
    return Exact(length, 32)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "size",
                    models.PositiveBigIntegerField(
                        help_text="How many events the tree had.", primary_key=True, serialize=False
                    ),
                ),
                ("root", models.BinaryField(help_text="The hash over all of them: 32 bytes.")),
                (
                    "peaks",
                    models.BinaryField(help_text="The roots of the tree's perfect subtrees, from which it grows on."),
                ),
                ("at", models.DateTimeField(auto_now_add=True, help_text="When it was made.")),
            ],
            options={
                "ordering": ["-size"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=_is_hash("root"),
                        name="checkpoint_root_is_a_hash",
                        violation_error_message="A root has 32 bytes.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "position",
                    models.PositiveBigIntegerField(
                        help_text="The place in the tree, counted from 0.", primary_key=True, serialize=False
                    ),
                ),
                ("leaf", models.BinaryField(help_text="The hash of the event's leaf: 32 bytes.")),
                (
                    "event",
                    models.OneToOneField(
                        help_text="The event that has this place.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seal",
                        to="claims.event",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=_is_hash("leaf"),
                        name="seal_leaf_is_a_hash",
                        violation_error_message="The hash of a leaf has 32 bytes.",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
