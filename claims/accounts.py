"""From records to what a page shows: a statement as an account, a topic as a matrix.

Everything here starts from rows that `published()` has let through.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from claims.choices import AnchorPart, Mode, SpeakerKind
from claims.comparison import OTHERS, OUTLET, UNNAMED, Asked, Column, Entry, Matrix, Tie, matrix
from claims.models import Anchor, Contradiction, Position, Question, Side, Speaker, Statement, Topic
from sources import edtf
from sources.choices import Tier
from sources.marking import Mark, Segment, marks_of, segments

CONFLICT = "conflict"


@dataclass(frozen=True)
class Account:
    """A statement as a reader sees it: verified quotations as pieces, anything else as one paraphrase."""

    statement: Statement
    pieces: tuple[tuple[Segment, ...], ...]
    quoted: bool
    anchor: Anchor | None

    @property
    def when(self) -> str:
        return edtf.label(self.statement.said)


def quotes_of(statement: Statement) -> list[str]:
    """The statement's quoted passages that were found in the capture, in order."""
    return [a.exact for a in statement.anchors.all() if a.part == AnchorPart.QUOTE and a.tier in Tier.found()]


def is_quoted(statement: Statement, words: str) -> bool:
    """Whether words of a statement lie inside verified quotation marks."""
    return any(words in quote for quote in quotes_of(statement))


def account(statement: Statement, conflicting: str = "") -> Account:
    """One account, with its conflicting words marked. Costs no query after `with_words`.

    Quotation marks are drawn only around words that were found in the capture: a direct statement is shown by its
    quoted passages, any other by its content as it stands in the source.
    """
    quotes = quotes_of(statement)
    quoted = statement.mode == Mode.DIRECT and bool(quotes)
    texts = quotes if quoted else [statement.content]
    pieces = tuple(tuple(segments(text, _conflict(text, statement.content, conflicting))) for text in texts)
    place = next((a for a in statement.anchors.all() if a.part == AnchorPart.CONTENT and a.tier in Tier.found()), None)
    return Account(statement, pieces, quoted, place)


def _conflict(text: str, content: str, words: str) -> list[Mark]:
    """Marks of the conflicting words; where they run across quoted passages, of the part that stands in this one."""
    if words in text:
        return marks_of(text, words, CONFLICT)
    shift = content.find(words) - content.find(text)
    return [Mark(shift, shift + len(words), CONFLICT)] if words in content and text in content else []


def columns_of(statement: Statement) -> tuple[str, ...]:
    """In which columns of a topic's matrix a statement stands: a joint one in each of its speakers' sides."""
    if statement.speaker.kind == SpeakerKind.UNNAMED:
        return (UNNAMED,)
    if statement.speaker.kind == SpeakerKind.OUTLET:
        return (OUTLET,)
    sides = [s.side.slug for s in (statement.speaker, *statement.further_speakers.all()) if s.side]
    return tuple(dict.fromkeys(sides)) or (OTHERS,)


def entries(positions: Iterable[Position], pairs: Iterable[Contradiction], by_speaker: bool = False) -> list[Entry]:
    """Positions as cells show them, each with the pairs it takes part in."""
    ties: dict[tuple[int, int], list[Tie]] = defaultdict(list)
    for pair in pairs:
        for own, other in ((pair.first, pair.second), (pair.second, pair.first)):
            tie = Tie(pair.finding, pair.get_finding_display(), other.speakers_label, pair.get_absolute_url())
            ties[pair.question_id, own.pk].append(tie)
    return [
        _entry(position, _speakers_of(position.statement) if by_speaker else columns_of(position.statement), ties)
        for position in positions
    ]


def _speakers_of(statement: Statement) -> tuple[str, ...]:
    return tuple(s.slug for s in (statement.speaker, *statement.further_speakers.all()))


def _shown(position: Position) -> tuple[str, str]:
    """The words that carry a position, and what they are where they are no quotation."""
    statement = position.statement
    if not position.words and statement.mode == Mode.DIRECT and (quotes := quotes_of(statement)):
        return " […] ".join(quotes), ""
    words = position.words or statement.content
    if is_quoted(statement, words):
        return words, ""
    if statement.mode == Mode.NARRATOR:
        return words, "the outlet’s own words"
    # With the cue: a reported denial must not read as an assertion.
    return words, f"paraphrase, introduced by “{statement.cue}”" if statement.cue else "paraphrase"


def _entry(position: Position, columns: tuple[str, ...], ties: dict[tuple[int, int], list[Tie]]) -> Entry:
    statement = position.statement
    words, form = _shown(position)
    return Entry(
        question=position.question.slug,
        columns=columns,
        ref=statement.ref,
        url=statement.get_absolute_url(),
        speaker=statement.speakers_label,
        stance=position.stance,
        stance_label=position.get_stance_display(),
        answer=position.answer,
        gist=position.gist,
        words=words,
        form=form,
        interpreted=statement.interpreted,
        language=statement.language,
        said_from=statement.said_from,
        when=edtf.label(statement.said),
        ties=tuple(ties[position.question_id, statement.pk]),
    )


def _on_topic(topic: Topic) -> tuple[QuerySet[Position], QuerySet[Contradiction], list[Asked]]:
    positions = (
        Position.objects.published()
        .filter(question__topic=topic)
        .select_related("question", "statement__speaker__side")
        .prefetch_related("statement__anchors", "statement__further_speakers__side")
    )
    pairs = Contradiction.objects.published().filter(question__topic=topic)
    pairs = pairs.select_related("first__speaker", "second__speaker").prefetch_related(
        "first__further_speakers", "second__further_speakers"
    )
    questions = Question.objects.filter(topic=topic).select_related("topic")
    return positions, pairs, [Asked(q.slug, q.text, q.get_absolute_url()) for q in questions]


def topic_matrix(topic: Topic) -> tuple[Matrix, list[Statement]]:
    """A topic's questions × sides, and its statements without a position. 13 queries, whatever its size."""
    positions, pairs, questions = _on_topic(topic)
    statements = list(
        Statement.objects.published()
        .of_topic(topic)
        .for_reading()
        .prefetch_related("anchors", "further_speakers__side")
        .order_by("said_from", "pk")
    )
    found = entries(positions, pairs)
    placed = {entry.ref for entry in found}
    table = matrix(questions, _columns(statements, found), found)
    return table, [s for s in statements if s.ref not in placed]


def _columns(statements: Sequence[Statement], found: Sequence[Entry]) -> list[Column]:
    """Every side with a statement in the topic, then unnamed sources, the outlet and others where they have any."""
    total: dict[str, int] = defaultdict(int)
    unnamed: dict[str, int] = defaultdict(int)
    for statement in statements:
        for key in columns_of(statement):
            total[key] += 1
        if statement.speaker.kind == SpeakerKind.UNNAMED and statement.speaker.side:
            total[statement.speaker.side.slug] += 1
            unnamed[statement.speaker.side.slug] += 1
    used = set(total) | {key for entry in found for key in entry.columns}
    labels = [(side.slug, side.name) for side in Side.objects.all()]
    labels += [(UNNAMED, "Unnamed sources"), (OUTLET, "The outlet itself"), (OTHERS, "Others")]
    return [Column(key, label, total[key], unnamed[key]) for key, label in labels if key in used]


def speakers_matrix(topic: Topic, speakers: Sequence[Speaker]) -> Matrix:
    """What 2 to 6 speakers said, question by question; questions on which none of them spoke are left out."""
    positions, pairs, questions = _on_topic(topic)
    keys = {s.slug for s in speakers}
    found = [e for e in entries(positions, pairs, by_speaker=True) if keys & set(e.columns)]
    asked = {e.question for e in found}
    columns = [Column(s.slug, s.name) for s in speakers]
    return matrix([q for q in questions if q.key in asked], columns, found)
