"""Transcripts: who has the floor. Pure: no Django.

A text is a transcript when paragraphs open with a name in capitals and a colon ("MR. KIRBY:"), or with "Q". A turn is
the direct speech of its speaker. One statement is one sentence of a turn: the shortest piece that an editor would
record. Not every sentence is worth one: questions, thanks, giving the floor, announcements of speech and sentences of
fewer than five words are passed over, and so is all that reporters and moderators say themselves.
"""

import re
from dataclasses import dataclass

from sources.anchoring import Span

FEWEST_WORDS = 5
_HEAD = re.compile(r"\s*(?:(?P<name>[A-Z][A-Z.’'’-]+(?: [A-Z][A-Z.’'-]*){0,5}):|(?P<asks>[QA])(?::|\s)\s*)\s*")
_NOBODY = re.compile(r"(?:MODERATOR|OPERATOR|INTERPRETER|REPORTER|QUESTION|STAFF|HOST|AIDE|PARTICIPANT)S?$")
_OMITTED = re.compile(r"\s*[\[(](?:…|\.\.\.)[\])]\s*$")
_STAGE = re.compile(r"\s*\([^()]{1,80}\)\s*")
_FORMULA = re.compile(
    r"(?:(?:Well|So|Okay|Yeah|Yes|No|And|But|Hey|Hi|Look|Right|Sorry|Again),?\s+)*(?:thank(?:s| you)\b"
    r"|good (?:morning|afternoon)|(?:please )?go ahead|hello|welcome\b|appreciate|hi,|hey,|I[’']m sorry, can you"
    r"|I[’']ll leave it|next question"
    r"|I[’']d say — I[’']d say a couple|here[’']s what I[’']ll say|what I will say is this|let me (?:finish|say)"
    r"|let[’']s talk about|think about|see you|forgive me|I have (?:one|two|another) )",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A paragraph of a transcript: the words of the head that has the floor, where the speech begins, who it is.

    `head` is None where the speaker is not known (after an omission); `states` tells whether the speaker answers for
    what is said; `opens` whether this paragraph carries the head itself.
    """

    part: Span
    head: Span | None
    states: bool


def read_turns(text: str, parts: list[Span]) -> list[Turn] | None:
    """The paragraphs of a transcript with their speakers, or None for a text that is none. Cost: one pass."""
    heads = [_HEAD.match(text, part.start, part.end) for part in parts]
    named = [head["name"] for head in heads if head and head["name"] and not head["name"].isdigit()]
    asked = sum(1 for head in heads if head and head["asks"])
    if len(named) < 2 and not (named and asked):
        return None
    turns: list[Turn] = []
    head_span: Span | None = None
    states = False
    for part, head in zip(parts, heads, strict=True):
        start = part.start
        if _OMITTED.match(text[part.start : part.end]):
            head_span, states = None, False
            continue
        if head:
            name = "name" if head["name"] else "asks"
            head_span = Span(*head.span(name))
            states = bool(head["name"]) and not _NOBODY.search(head["name"])
            start = head.end()
        if start < part.end and not _STAGE.fullmatch(text[start : part.end]):
            turns.append(Turn(Span(start, part.end), head_span, states))
    return turns


def is_statement(words: str) -> bool:
    """Whether a sentence of a turn states something of its own."""
    words = _STAGE.sub(" ", words).strip()
    if words.rstrip('”"’ ').endswith("?") or _FORMULA.match(words):
        return False
    return sum(1 for word in words.split() if any(character.isalnum() for character in word)) >= FEWEST_WORDS
