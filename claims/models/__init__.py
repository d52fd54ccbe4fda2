"""Who said what, and where the accounts part."""

from claims.models.alerts import Alert
from claims.models.contradictions import Contradiction
from claims.models.corrections import ContextNote, Correction, FormerSlug, Reply
from claims.models.history import Checkpoint, Event, Seal
from claims.models.passages import Anchor, Position, Translation
from claims.models.rejections import Rejection
from claims.models.reports import Digest, Report, ReportAttempt, SavedFilter
from claims.models.speakers import Side, Speaker, SpeakerName
from claims.models.statements import Occasion, Statement
from claims.models.topics import Question, Topic

__all__ = [
    "Alert",
    "Anchor",
    "Checkpoint",
    "ContextNote",
    "Contradiction",
    "Correction",
    "Digest",
    "Event",
    "FormerSlug",
    "Occasion",
    "Position",
    "Question",
    "Rejection",
    "Reply",
    "Report",
    "ReportAttempt",
    "SavedFilter",
    "Seal",
    "Side",
    "Speaker",
    "SpeakerName",
    "Statement",
    "Topic",
    "Translation",
]
