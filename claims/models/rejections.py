"""Proposals that an editor turned down, so that they are not offered again."""

from django.db import models
from django.db.models import F, Q

from sources.models import Capture
from sources.records import Line


class Rejection(models.Model):
    """A passage of a capture that was proposed as an attribution and is none, or none worth recording."""

    capture = models.ForeignKey(
        Capture, on_delete=models.CASCADE, related_name="rejections", help_text="The kept copy that holds the words."
    )
    start = models.PositiveIntegerField(help_text="The first character of the proposed words, in code points from 0.")
    end = models.PositiveIntegerField(help_text="The character after the last.")
    by = Line(max_length=150, blank=True, help_text="Who turned it down; empty if that is not known.")
    at = models.DateTimeField(auto_now_add=True, help_text="When that was.")

    class Rejections(models.QuerySet["Rejection"]):
        def get_by_natural_key(self, capture: str, start: int, end: int) -> "Rejection":
            return self.get(capture__ref=capture, start=start, end=end)

    objects = Rejections.as_manager()

    class Meta:
        ordering = ["capture", "start", "end"]
        constraints = [
            models.UniqueConstraint(
                fields=["capture", "start", "end"],
                name="rejection_once",
                violation_error_message="These words were turned down already.",
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="rejection_span_forward",
                violation_error_message="A passage ends after it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end} of {self.capture_id}"

    def natural_key(self) -> tuple[str, int, int]:
        return (self.capture.ref, self.start, self.end)

    natural_key.dependencies = ["sources.capture"]  # type: ignore[attr-defined]
