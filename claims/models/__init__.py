"""Who said what, and where the accounts part."""

from claims.models.contradictions import Contradiction
from claims.models.passages import Anchor, Position, Translation
from claims.models.rejections import Rejection
from claims.models.speakers import Side, Speaker, SpeakerName
from claims.models.statements import Occasion, Statement
from claims.models.topics import Question, Topic

__all__ = [
    "Anchor",
    "Contradiction",
    "Occasion",
    "Position",
    "Question",
    "Rejection",
    "Side",
    "Speaker",
    "SpeakerName",
    "Statement",
    "Topic",
    "Translation",
]
