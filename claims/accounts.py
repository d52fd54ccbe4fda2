"""From records to what a page shows: a statement as an account, a topic as a matrix.

Everything here starts from rows that `published()` has let through.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from claims.choices import AnchorPart, Mode, Rank, SpeakerKind
from claims.comparison import OTHERS, OUTLET, UNNAMED, Asked, Column, Entry, Matrix, Tie, matrix
from claims.models import Anchor, Contradiction, Position, Question, Side, Speaker, Statement, Topic
from claims.querysets import corrections_of
from claims.reading import BADGES, Badge, correction_mark, state_mark
from sources.anchoring import locate
from sources.choices import Rights, Tier
from sources.localising import label
from sources.marking import Mark, Segment, marks_of, segments
from sources.text_fragments import link_to_words

CONFLICT, RECORDED, QUOTED, FOUND = "conflict", "recorded", "quoted", "found"
OMITTED = " […] "


@dataclass(frozen=True)
class Account:
    """A statement as a reader sees it: verified quotations as pieces, anything else as one paraphrase.

    `anchors` are those of the content that were found, in their order: several where words are left out between them.
    """

    statement: Statement
    pieces: tuple[tuple[Segment, ...], ...]
    quoted: bool
    anchors: tuple[Anchor, ...]

    @property
    def when(self) -> str:
        return label(self.statement.said)

    @property
    def badge(self) -> Badge | None:
        """What the check found, at the part that agrees least of what is shown; None where the words were not found."""
        shown = () if self.quoted else self.anchors
        tiers = [anchor.tier for anchor in (*shown, *_found(self.statement, AnchorPart.QUOTE))]
        return BADGES[max(tiers, key=list(BADGES).index)] if self.anchors else None

    @property
    def in_source(self) -> list[Segment]:
        """The passage with a few words around it as far as rights allow; what is marked "recorded" or "quoted".

        Where words are left out between two pieces they stand there, shortened, without a mark.
        """
        shown: list[Segment] = []
        around = self.statement.capture.rights != Rights.PRIVATE
        quotes = _found(self.statement, AnchorPart.QUOTE)
        before: Anchor | None = None
        for anchor in self.anchors:
            between = _between(before, anchor) if around else " […] " if before else ""
            inside = [Mark(q.start - anchor.start, q.end - anchor.start, QUOTED) for q in quotes]
            marks = [Mark(0, len(anchor.exact), RECORDED), *inside]
            shown += [Segment(between)] if between else []
            shown += segments(anchor.exact, marks)
            before = anchor
        after = before.suffix if before and around else ""
        return [*shown, Segment(after)] if after else shown

    @property
    def deep_link(self) -> str:
        """The address at which a browser scrolls to the words in the source; "" without address or passage."""
        url, private = self.statement.capture.source.url, self.statement.capture.rights == Rights.PRIVATE
        pieces = [(a.exact, "", "") if private else (a.exact, a.prefix, a.suffix) for a in self.anchors]
        return link_to_words(url, pieces) if url else ""


def _found(statement: Statement, part: AnchorPart) -> list[Anchor]:
    return [anchor for anchor in statement.anchors.all() if anchor.part == part and anchor.tier in Tier.found()]


def _between(before: Anchor | None, anchor: Anchor) -> str:
    """The source's words between two pieces of a passage as far as the anchors keep them; before the first, its own."""
    if before is None:
        return anchor.prefix
    gap = anchor.start - before.end
    if gap <= len(before.suffix):
        return before.suffix[:gap]
    if (rest := gap - len(before.suffix)) <= len(anchor.prefix):
        return before.suffix + anchor.prefix[-rest:]
    return f"{before.suffix} … {anchor.prefix}"


def quotes_of(statement: Statement) -> list[str]:
    """The statement's quoted passages that were found in the capture, in order, as the source prints them."""
    return [anchor.exact for anchor in _found(statement, AnchorPart.QUOTE)]


def printed(statement: Statement) -> str:
    """The statement's words as the source prints them; as the editor wrote them where they were not found."""
    return OMITTED.join(anchor.exact for anchor in _found(statement, AnchorPart.CONTENT)) or statement.content


def shown_words(statement: Statement, words: str = "") -> tuple[str, bool]:
    """Some words of a statement (all if none are given), and whether they stand inside verified quotation marks.

    Then they are the source's own characters, even where the editor's differ in typography.
    """
    quotes = quotes_of(statement)
    if not words and statement.mode == Mode.DIRECT and quotes:
        return OMITTED.join(quotes), True
    for quote in quotes:
        if found := locate(quote, words or statement.content).spans:
            return found[0].of(quote), True
    return words or printed(statement), False


def account(statement: Statement, conflicting: str = "") -> Account:
    """One account, with its conflicting words marked, or those that a search found. Costs no query after `with_words`.

    Quotation marks are drawn only around words that were found in the capture: a direct statement is shown by its
    quoted passages, any other by its content, both as they stand in the source.
    """
    quotes = quotes_of(statement)
    quoted = statement.mode == Mode.DIRECT and bool(quotes)
    anchors = tuple(_found(statement, AnchorPart.CONTENT))
    texts = quotes if quoted else [anchor.exact for anchor in anchors] or [statement.content]
    found = [re.escape(word) for word in getattr(statement, "words_found", ())]
    words = re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else None
    pieces = tuple(
        tuple(
            segments(
                text,
                [
                    *_conflict(text, statement.content, conflicting),
                    *(Mark(*match.span(), FOUND) for match in (words.finditer(text) if words else ())),
                ],
            )
        )
        for text in texts
    )
    return Account(statement, pieces, quoted, anchors)


def _conflict(text: str, content: str, words: str) -> list[Mark]:
    """Marks of the conflicting words; where they run across quoted passages, of the part that stands in this one."""
    if not words or words in text:
        return marks_of(text, words, CONFLICT)
    if found := locate(text, words).spans:
        return [Mark(span.start, span.end, CONFLICT) for span in found]
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
    words, quoted = shown_words(statement, position.words)
    if quoted:
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
        source_state=state_mark(statement.capture.source),
        corrected=correction_mark(position.corrected),  # type: ignore[attr-defined]
        rank="" if statement.rank == Rank.NORMAL else statement.get_rank_display(),
        rank_note=statement.rank_note,
        theirs=statement.rank != Rank.MISATTRIBUTED,
        language=statement.language,
        said_from=statement.said_from,
        when=label(statement.said),
        ties=tuple(ties[position.question_id, statement.pk]),
    )


def _on_topic(topic: Topic) -> tuple[QuerySet[Position], QuerySet[Contradiction], list[Asked]]:
    positions = (
        Position.objects.published()
        .filter(question__topic=topic)
        .select_related("question", "statement__speaker__side", "statement__capture__source")
        .defer("statement__search", "statement__capture__text", "statement__capture__excerpt_map")
        .prefetch_related("statement__anchors", "statement__further_speakers__side")
        .annotate(corrected=corrections_of("statement", "statement_id"))
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
    """Every side with a statement in the topic, then unnamed sources, the outlet and others where they have any.

    A misattributed statement stands in its column and is not counted there.
    """
    total: dict[str, int] = defaultdict(int)
    unnamed: dict[str, int] = defaultdict(int)
    for statement in statements:
        own = statement.rank != Rank.MISATTRIBUTED
        for key in columns_of(statement):
            total[key] += own
        if statement.speaker.kind == SpeakerKind.UNNAMED and statement.speaker.side:
            total[statement.speaker.side.slug] += own
            unnamed[statement.speaker.side.slug] += own
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
