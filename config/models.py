"""The one table of the site itself: tries to sign in, for the throttle."""

from django.db import models
from django.db.models.functions import Now


class Attempt(models.Model):
    """One try to give a password or a code, of one name or from one address; taken back where it was right.

    The database has its own clock, so that several workers and machines count by the same one.
    """

    subject = models.CharField(
        max_length=64, help_text="A keyed hash of the name or the address: somebody may have typed a password as name."
    )
    at = models.DateTimeField(db_default=Now(), db_index=True, help_text="When it was made.")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["subject", "-at"], name="attempt_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject[:8]} {self.at}"
