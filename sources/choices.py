"""The closed vocabularies of sources: each value with one comment that says what it means to a reader."""

from django.db import models


class OutletKind(models.TextChoices):
    NEWS = "news", "News"  # A newspaper, agency or news site.
    GOVERNMENT = "government", "Government"  # A government's own publication.
    INSTITUTION = "institution", "Institution"  # An organisation's own publication.
    BROADCASTER = "broadcaster", "Broadcaster"  # Radio or television.
    PLATFORM = "platform", "Platform"  # Where people post for themselves.
    COURT = "court", "Court"  # A court's own publication.
    OTHER = "other", "Other"  # None of these.


class SourceKind(models.TextChoices):
    ARTICLE = "article", "Article"  # Somebody reports.
    PRESS_RELEASE = "press_release", "Press release"  # A body's own written announcement.
    TRANSCRIPT = "transcript", "Transcript"  # Speech written down, speaker by speaker.
    SPEECH = "speech", "Speech"  # One speaker's address, written down.
    INTERVIEW = "interview", "Interview"  # Questions and answers.
    POST = "post", "Post"  # Published by its author on a platform.
    BROADCAST = "broadcast", "Broadcast"  # Sound or pictures.
    DOCUMENT = "document", "Document"  # Anything else written.


class SourceState(models.TextChoices):
    LIVE = "live", "Live"  # It stands where it stood when it was captured.
    CHANGED = "changed", "Changed"  # Its text differs from an earlier capture.
    GONE = "gone", "Gone"  # Its address no longer answers.
    RETRACTED = "retracted", "Retracted"  # Its publisher took it back.


class CaptureMethod(models.TextChoices):
    PASTED = "pasted", "Pasted"  # An editor pasted the text.
    UPLOADED = "uploaded", "Uploaded"  # An editor uploaded a file.
    FETCHED = "fetched", "Fetched"  # The site fetched the address.
    IMPORTED = "imported", "Imported"  # It came with a file of records.


class Rights(models.TextChoices):
    PUBLIC_DOMAIN = "public_domain", "Public domain"  # The whole text may be shown.
    LICENSED = "licensed", "Licensed"  # The whole text may be shown, under a licence.
    SHORT_EXCERPTS = "short_excerpts", "Short excerpts only"  # Only recorded passages with their context.
    PRIVATE = "private", "Private"  # Only the words of each statement, nothing around them.


class Precision(models.TextChoices):
    DAY = "day", "Day"  # One day.
    MONTH = "month", "Month"  # Some day of one month.
    YEAR = "year", "Year"  # Some day of one year.
    RANGE = "range", "Range"  # From one day to another, or open at one end.
    UNKNOWN = "unknown", "Unknown"  # Undated.


class Tier(models.TextChoices):
    EXACT = "exact", "Exact"  # Character for character.
    WHITESPACE = "whitespace", "Only spacing differs"  # Spaces and line breaks differ.
    TYPOGRAPHY = "typography", "Only typography differs"  # Curly or straight marks, dashes, ligatures differ.
    CASE = "case", "Only capitals differ"  # Capital letters differ.
    ELIDED = "elided", "Found with a marked omission"  # All pieces found in order around “[…]”.
    NOT_FOUND = "not_found", "Not found"  # The words are not in the capture.
    FOUND_ELSEWHERE = "found_elsewhere", "Found in another source"  # The words stand in another capture.
    CHANGED = "changed", "No longer there"  # They were found once and are not there now.
    UNCHECKED = "unchecked", "Not checked yet"  # Nobody has looked.

    @classmethod
    def found(cls) -> list[str]:
        """The tiers with which a quotation may be published."""
        return [cls.EXACT, cls.WHITESPACE, cls.TYPOGRAPHY, cls.CASE, cls.ELIDED]
