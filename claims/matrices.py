"""From records to the matrix of a topic, and to the one that lines up speakers.

Everything here starts from rows that `published()` has let through.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.accounts import shown_words
from claims.choices import Finding, Mode, Pattern, Rank, SpeakerKind
from claims.comparison import (
    OTHERS,
    OUTLET,
    UNNAMED,
    Asked,
    Column,
    Entry,
    Matrix,
    Pair,
    Share,
    balance,
    matrix,
)
from claims.models import Contradiction, Position, Question, Side, Speaker, Statement, Topic
from claims.querysets import corrections_of
from claims.reading import correction_mark, state_mark
from sources.localising import day, label

ORDERS = ("oldest", "newest")


@dataclass(frozen=True)
class TopicTable:
    """A topic's matrix, what its page says of it in a sentence, and the statements that stand in no cell.

    `statements` counts all that stand, `unnamed` those whose speaker the source does not name; `first` and `last` are
    the days between which they were said, in words.
    """

    matrix: Matrix
    unplaced: list[Statement]
    statements: int
    unnamed: int
    first: str
    last: str

    @property
    def balance(self) -> list[Share]:
        return balance(self.matrix.columns)


def column_of(speaker: Speaker) -> str:
    """In which column of a topic's matrix a speaker's own words stand."""
    if speaker.kind == SpeakerKind.UNNAMED:
        return UNNAMED
    if speaker.kind == SpeakerKind.OUTLET:
        return OUTLET
    return speaker.side.slug if speaker.side else OTHERS


def columns_of(statement: Statement) -> tuple[str, ...]:
    """In which columns of a topic's matrix a statement stands: a joint one in each of its speakers' sides."""
    own = column_of(statement.speaker)
    if own in {UNNAMED, OUTLET}:
        return (own,)
    sides = [s.side.slug for s in (statement.speaker, *statement.further_speakers.all()) if s.side]
    return tuple(dict.fromkeys(sides)) or (OTHERS,)


def column_names() -> list[tuple[str, str]]:
    """Every column that there may be, in its order: key and heading. One query."""
    labels = [(side.slug, side.name) for side in Side.objects.all()]
    return [*labels, (UNNAMED, _("Unnamed sources")), (OUTLET, _("The outlet itself")), (OTHERS, _("Others"))]


def words_and_form(statement: Statement, words: str = "") -> tuple[str, str]:
    """Some words of a statement (all if none are given), and what they are where they are no verified quotation."""
    shown, quoted = shown_words(statement, words)
    if quoted:
        return shown, ""
    if statement.mode == Mode.NARRATOR:
        return shown, _("the outlet’s own words")
    # With the cue: a reported denial must not read as an assertion.
    introduced = _("paraphrase, introduced by “%(cue)s”") % {"cue": statement.cue}
    return shown, introduced if statement.cue else _("paraphrase")


def pairs_on(topic: Topic) -> QuerySet[Contradiction]:
    """A topic's public pairs with the names of their speakers and their corrections: three queries."""
    return (
        Contradiction.objects.published()
        .filter(question__topic=topic)
        .select_related("question", "first__speaker", "second__speaker")
        .defer(*(f"{side}__{field}" for side in ("first", "second") for field in ("search", "content", "note")))
        .prefetch_related("first__further_speakers", "second__further_speakers")
        .with_corrections()
        .order_by("pk")
    )


def turn_of(pair: Contradiction) -> str:
    """“Reversal” or “Self-contradiction” where editors found that one speaker said both, else ""."""
    by_one = pair.pattern in {Pattern.REVERSAL, Pattern.SELF_CONTRADICTION} and pair.finding != Finding.APPARENT_ONLY
    theirs = Rank.MISATTRIBUTED not in {pair.first.rank, pair.second.rank}
    return str(pair.get_pattern_display()) if by_one and theirs else ""


def _pair(pair: Contradiction) -> Pair:
    first, second = pair.first.said_from, pair.second.said_from
    since = max(first, second) if first and second else None
    later = pair.first if since == first else pair.second
    return Pair(
        ref=pair.ref,
        question=pair.question.slug,
        first=pair.first.ref,
        second=pair.second.ref,
        names=(pair.first.speakers_label, pair.second.speakers_label),
        finding=pair.finding,
        finding_label=str(pair.get_finding_display()),
        url=pair.get_absolute_url(),
        turn=turn_of(pair),
        since=since,
        since_label=_since(later) if since else "",
        corrected=correction_mark(pair.corrected),  # type: ignore[attr-defined]
    )


def _since(statement: Statement) -> str:
    """The day, month or year in which it was said; of any other time the first day."""
    whole = statement.precision in {"day", "month", "year"} and not statement.approximate
    return label(statement.said) if whole or not statement.said_from else day(statement.said_from)


def _entry(position: Position, columns: tuple[str, ...]) -> Entry:
    statement = position.statement
    words, form = words_and_form(statement, position.words)
    return Entry(
        question=position.question.slug,
        columns=columns,
        ref=statement.ref,
        url=statement.get_absolute_url(),
        speaker=statement.speakers_label,
        stance=position.stance,
        stance_label=str(position.get_stance_display()),
        answer=position.answer,
        gist=position.gist,
        words=words,
        form=form,
        interpreted=statement.interpreted,
        language=statement.language,
        said_from=statement.said_from,
        when=label(statement.said),
        said_to=statement.said_to,
        voices=_voices(statement),
        source_state=state_mark(statement.capture.source),
        corrected=correction_mark(position.corrected),  # type: ignore[attr-defined]
        rank="" if statement.rank == Rank.NORMAL else str(statement.get_rank_display()),
        rank_note=statement.rank_note,
        theirs=statement.rank != Rank.MISATTRIBUTED,
    )


def _voices(statement: Statement) -> tuple[str, ...]:
    return tuple(s.slug for s in (statement.speaker, *statement.further_speakers.all()))


def _on_topic(topic: Topic) -> tuple[QuerySet[Position], list[Pair], list[Asked]]:
    positions = (
        Position.objects.published()
        .filter(question__topic=topic)
        .select_related("question", "statement__speaker__side", "statement__capture__source")
        .defer("statement__search", "statement__capture__text", "statement__capture__excerpt_map")
        .prefetch_related("statement__anchors", "statement__further_speakers__side")
        .annotate(corrected=corrections_of("statement", "statement_id"))
    )
    questions = Question.objects.filter(topic=topic).select_related("topic")
    return (
        positions,
        [_pair(p) for p in pairs_on(topic)],
        [Asked(q.slug, q.text, q.get_absolute_url()) for q in questions],
    )


def topic_table(topic: Topic, *, newest: bool = False) -> TopicTable:
    """A topic's questions × sides, and its statements without a position. 13 queries, whatever its size."""
    positions, pairs, questions = _on_topic(topic)
    statements = list(
        Statement.objects.published()
        .of_topic(topic)
        .for_reading()
        .prefetch_related("anchors", "further_speakers__side")
        .order_by("said_from", "pk")
    )
    found = [_entry(position, columns_of(position.statement)) for position in positions]
    placed = {entry.ref for entry in found}
    own = [s for s in statements if s.rank != Rank.MISATTRIBUTED]
    days: list[date] = [bound for s in own for bound in (s.said_from, s.said_to) if bound]
    return TopicTable(
        matrix=matrix(questions, _columns(statements, found), found, pairs, newest=newest),
        unplaced=[s for s in statements if s.ref not in placed],
        statements=len(own),
        unnamed=sum(s.speaker.kind == SpeakerKind.UNNAMED for s in own),
        first=day(min(days)) if days else "",
        last=day(max(days)) if days else "",
    )


def _columns(statements: Sequence[Statement], found: Iterable[Entry]) -> list[Column]:
    """Every side with a statement in the topic, then unnamed sources, the outlet and others where they have any.

    A misattributed statement stands in its column and is not counted there.
    """
    total, unnamed, words = (defaultdict[str, int](int) for _each in range(3))
    for statement in statements:
        own = statement.rank != Rank.MISATTRIBUTED
        for key in columns_of(statement):
            total[key] += own
            words[key] += len(statement.content.split()) if own else 0
        if statement.speaker.kind == SpeakerKind.UNNAMED and statement.speaker.side:
            total[statement.speaker.side.slug] += own
            unnamed[statement.speaker.side.slug] += own
            words[statement.speaker.side.slug] += len(statement.content.split()) if own else 0
    used = set(total) | {key for entry in found for key in entry.columns}
    return [Column(key, name, total[key], unnamed[key], words[key]) for key, name in column_names() if key in used]


def speakers_matrix(topic: Topic, speakers: Sequence[Speaker]) -> Matrix:
    """What 2 to 6 speakers said, question by question; questions on which none of them spoke are left out."""
    positions, pairs, questions = _on_topic(topic)
    keys = {s.slug for s in speakers}
    found = [_entry(position, _voices(position.statement)) for position in positions]
    found = [entry for entry in found if keys & set(entry.columns)]
    asked = {entry.question for entry in found}
    columns = [Column(s.slug, s.name) for s in speakers]
    return matrix([q for q in questions if q.key in asked], columns, found, pairs)
