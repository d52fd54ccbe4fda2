"""The closed vocabularies of sources: each value with one comment that says what it means to a reader."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutletKind(models.TextChoices):
    NEWS = "news", _("News")  # A newspaper, agency or news site.
    GOVERNMENT = "government", _("Government")  # A government's own publication.
    INSTITUTION = "institution", _("Institution")  # An organisation's own publication.
    BROADCASTER = "broadcaster", _("Broadcaster")  # Radio or television.
    PLATFORM = "platform", _("Platform")  # Where people post for themselves.
    COURT = "court", _("Court")  # A court's own publication.
    OTHER = "other", _("Other")  # None of these.


class SourceKind(models.TextChoices):
    ARTICLE = "article", _("Article")  # Somebody reports.
    PRESS_RELEASE = "press_release", _("Press release")  # A body's own written announcement.
    TRANSCRIPT = "transcript", _("Transcript")  # Speech written down, speaker by speaker.
    SPEECH = "speech", _("Speech")  # One speaker's address, written down.
    INTERVIEW = "interview", _("Interview")  # Questions and answers.
    POST = "post", _("Post")  # Published by its author on a platform.
    BROADCAST = "broadcast", _("Broadcast")  # Sound or pictures.
    DOCUMENT = "document", _("Document")  # Anything else written.


class SourceState(models.TextChoices):
    LIVE = "live", _("Live")  # It stands where it stood when it was captured.
    CHANGED = "changed", _("Changed")  # Its text differs from an earlier capture.
    GONE = "gone", _("Gone")  # Its address no longer answers.
    RETRACTED = "retracted", _("Retracted")  # Its publisher took it back.


class CaptureMethod(models.TextChoices):
    PASTED = "pasted", _("Pasted")  # An editor pasted the text.
    UPLOADED = "uploaded", _("Uploaded")  # An editor uploaded a file.
    FETCHED = "fetched", _("Fetched")  # The site fetched the address.
    IMPORTED = "imported", _("Imported")  # It came with a file of records.


class Rights(models.TextChoices):
    PUBLIC_DOMAIN = "public_domain", _("Public domain")  # The whole text may be shown.
    LICENSED = "licensed", _("Licensed")  # The whole text may be shown, under a licence.
    SHORT_EXCERPTS = "short_excerpts", _("Short excerpts only")  # Only recorded passages with their context.
    PRIVATE = "private", _("Private")  # Only the words of each statement, nothing around them.


class Precision(models.TextChoices):
    DAY = "day", _("Day")  # One day.
    MONTH = "month", _("Month")  # Some day of one month.
    YEAR = "year", _("Year")  # Some day of one year.
    RANGE = "range", _("Range")  # From one day to another, or open at one end.
    UNKNOWN = "unknown", _("Unknown")  # Undated.


class Tier(models.TextChoices):
    EXACT = "exact", _("Exact")  # Character for character.
    WHITESPACE = "whitespace", _("Only spacing differs")  # Spaces and line breaks differ.
    TYPOGRAPHY = "typography", _("Only typography differs")  # Curly or straight marks, dashes, ligatures differ.
    CASE = "case", _("Only capitals differ")  # Capital letters differ.
    ELIDED = "elided", _("Found with a marked omission")  # All pieces found in order around “[…]”.
    NOT_FOUND = "not_found", _("Not found")  # The words are not in the capture.
    FOUND_ELSEWHERE = "found_elsewhere", _("Found in another source")  # The words stand in another capture.
    CHANGED = "changed", _("No longer there")  # They were found once and are not there now.
    UNCHECKED = "unchecked", _("Not checked yet")  # Nobody has looked.

    @classmethod
    def found(cls) -> list[str]:
        """The tiers with which a quotation may be published."""
        return [cls.EXACT, cls.WHITESPACE, cls.TYPOGRAPHY, cls.CASE, cls.ELIDED]
