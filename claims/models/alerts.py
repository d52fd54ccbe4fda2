"""What readers follow by mail: a filter of a list, for an address that they have shown to be theirs."""

from django.db import models
from django.utils import timezone

from claims.choices import AlertList
from sources.records import Versioned, choice_check


class Alert(Versioned):
    """A reader's wish to be told by mail what a filter newly finds. Made when its address is confirmed, gone when its
    reader says so; address and filter stay out of the history."""

    email = models.EmailField(editable=False, help_text="Where the mails go; shown to nobody.")
    room = models.CharField(max_length=20, choices=AlertList, editable=False, help_text="The list that is followed.")
    query = models.CharField(
        max_length=1000, blank=True, editable=False, help_text="The filter: the part of the list's address after “?”."
    )
    language = models.CharField(max_length=10, editable=False, help_text="The language of the mails (BCP 47).")
    since = models.DateTimeField(
        default=timezone.now, editable=False, help_text="What was published up to then is no news."
    )

    class Alerts(models.QuerySet["Alert"]):
        def get_by_natural_key(self, email: str, room: str, query: str) -> "Alert":
            return self.get(email=email, room=room, query=query)

    objects = Alerts.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["since"], name="alert_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "room", "query"],
                name="alert_once",
                violation_error_message="This address follows this filter already.",
            ),
            choice_check("alert", "room", AlertList),
        ]

    def __str__(self) -> str:
        return f"{self.get_room_display()} {self.pk}"

    def natural_key(self) -> tuple[str, str, str]:
        return (self.email, self.room, self.query)
