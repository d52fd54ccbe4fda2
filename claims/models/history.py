"""The record of every change, written by the database alone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact

from claims.choices import Action
from sources.records import choice_check


class Event(models.Model):
    """One change of one row: what, by whom, when, on whose request and why.

    Triggers write it in the transaction of the change (migration claims 0007), however that was made; nobody can
    change or delete it. `record` is the thing to which the row belongs: of an anchor its statement.
    """

    at = models.DateTimeField(help_text="The time of the transaction: all its changes are at once.")
    record = models.CharField(max_length=30, help_text="The kind of record that changed: statement, speaker.")
    record_id = models.BigIntegerField(help_text="The key of that record.")
    row_table = models.CharField(max_length=63, help_text="The table of the row that changed.")
    row_id = models.BigIntegerField(help_text="The key of that row.")
    action = models.CharField(max_length=10, choices=Action, help_text="What was done to the row.")
    from_version = models.IntegerField(null=True, help_text="The row's version before, if it counts versions.")
    to_version = models.IntegerField(null=True, help_text="The row's version after, if it counts versions.")
    before = models.JSONField(null=True, help_text="Of a change the columns that changed; of a deletion the row.")
    after = models.JSONField(null=True, help_text="Of a change the columns that changed; of an insertion the row.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        help_text="Who did it; empty for a command that nobody is known to have run.",
    )
    origin = models.TextField(help_text="The request, command or import run that did it.")
    reason = models.TextField(help_text="Why, where one was given.")
    nonce = models.UUIDField(help_text="Random, so that nobody can guess a hidden change from its hash.")

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        permissions = [("read_history", "Can read the history of every record")]
        indexes = [
            models.Index(fields=["row_table", "row_id", "id"], name="event_of_row"),
            models.Index(fields=["record", "record_id", "id"], name="event_of_record"),
            models.Index(fields=["row_table", "at"], condition=Q(action=Action.DELETE), name="event_of_deletion"),
        ]
        constraints = [choice_check("event", "action", Action)]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.row_table} {self.row_id}"


def _bytes_of(column: str) -> Func:
    return Func(F(column), function="octet_length", output_field=models.IntegerField())


class Seal(models.Model):
    """The place of an event in the tree of hashes, for ever: from it on, checkpoints vouch for the event.

    Written by claims/sealing.py after the change, never with it; append-only (migration claims 0009).
    """

    position = models.PositiveBigIntegerField(primary_key=True, help_text="The place in the tree, counted from 0.")
    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, related_name="seal", help_text="The event that has this place."
    )
    leaf = models.BinaryField(help_text="The hash of the event's leaf: 32 bytes.")

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Exact(_bytes_of("leaf"), 32),
                name="seal_leaf_is_a_hash",
                violation_error_message="The hash of a leaf has 32 bytes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class Checkpoint(models.Model):
    """The root of the tree when it had so many events. One that is kept elsewhere proves a rewritten history wrong."""

    size = models.PositiveBigIntegerField(primary_key=True, help_text="How many events the tree had.")
    root = models.BinaryField(help_text="The hash over all of them: 32 bytes.")
    peaks = models.BinaryField(help_text="The roots of the tree's perfect subtrees, from which it grows on.")
    at = models.DateTimeField(auto_now_add=True, help_text="When it was made.")

    class Meta:
        ordering = ["-size"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Exact(_bytes_of("root"), 32),
                name="checkpoint_root_is_a_hash",
                violation_error_message="A root has 32 bytes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.size}"
