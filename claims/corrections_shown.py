"""Corrections and withdrawals as readers see them, and what is told of a record that was withdrawn.

The list never shrinks: an entry stays when its record is withdrawn or held back later, without a word of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from claims.choices import CorrectionKind, Status
from claims.corrections import withdrawal_of
from claims.models import Contradiction, Correction, Speaker, Statement, Topic
from claims.public_labels import change_label
from claims.querysets import shown_moment
from sources.differences import Stretch, difference
from sources.localising import label

SHOWN, WITHDRAWN, HELD = "shown", "withdrawn", "held"


@dataclass(frozen=True)
class Change:
    """One thing that changed: what pages call it, the language of words that are not the editors', how it differs."""

    label: str
    before: str
    after: str
    language: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Shown:
    """A correction in a list: what it is of, and its changes as far as readers may see them now.

    `standing` is that of the record. `hidden` counts changes that name a story which was withdrawn since.
    """

    correction: Correction
    what: str
    title: str
    url: str
    standing: str
    changes: tuple[Change, ...]
    hidden: int

    @property
    def told(self) -> bool:
        """Whether the reason may be read: of a withdrawal always, it says why the record went."""
        return self.standing == SHOWN or self.correction.kind == CorrectionKind.WITHDRAWAL


def corrections_shown(corrections: Iterable[Correction]) -> list[Shown]:
    """These corrections as readers see them. Costs at most 12 queries, whatever their number."""
    rows = list(corrections)
    records = _Records(rows)
    slugs = {change["topic"] for row in rows for change in row.changes if "topic" in change}
    topics = _public_slugs(slugs) if slugs else set()
    return [_shown(row, records, topics) for row in rows]


def corrections_of_record(record: Any) -> list[Shown]:
    """The corrections of one public record, newest first."""
    name = record._meta.model_name
    applied = Correction.objects.published().filter(**{name: record}, decided_at__lte=shown_moment())
    rows = list(applied.select_related("undoes").order_by("-decided_at", "-pk"))
    slugs = {change["topic"] for row in rows for change in row.changes if "topic" in change}
    topics = _public_slugs(slugs) if slugs else set()
    return [Shown(row, "", "", "", SHOWN, *_changes(row, topics)) for row in rows]


def _public_slugs(slugs: set[str]) -> set[str]:
    """Those of these slugs, present and former, that lead to a topic which readers may see."""
    public = Topic.objects.published().filter(Q(slug__in=slugs) | Q(former_slugs__slug__in=slugs))
    return {slug for pair in public.values_list("slug", "former_slugs__slug") for slug in pair if slug}


class _Records:
    """What corrections are of: the public records, and how the others stand."""

    def __init__(self, rows: list[Correction]) -> None:
        statements = {row.statement_id for row in rows if row.statement_id}
        pairs = {row.contradiction_id for row in rows if row.contradiction_id}
        topics = {row.topic_id for row in rows if row.topic_id}
        speakers = {row.speaker_id for row in rows if row.speaker_id}
        named = Statement.objects.published().select_related("speaker").prefetch_related("further_speakers")
        self.statements = named.in_bulk(statements)
        accounts = ("first__further_speakers", "second__further_speakers")
        joined = Contradiction.objects.published().select_related("question", "first__speaker", "second__speaker")
        self.pairs = joined.prefetch_related(*accounts).in_bulk(pairs)
        self.topics = Topic.objects.published().in_bulk(topics)
        self.speakers = Speaker.objects.published().in_bulk(speakers)
        merged = Speaker.objects.filter(pk__in=speakers - set(self.speakers)).select_related("merged_into")
        self.merged = {speaker.pk: speaker.merged_into for speaker in merged} if speakers else {}
        self.kept_statements = Statement.objects.only("ref", "status").in_bulk(statements - set(self.statements))
        kept = Contradiction.objects.select_related("question__topic", "first", "second")
        self.kept_pairs = kept.in_bulk(pairs - set(self.pairs))
        self.kept_topics = Topic.objects.only("slug", "status").in_bulk(topics - set(self.topics))


def _shown(row: Correction, records: _Records, topics: set[str]) -> Shown:
    what, title, url, standing = _subject(row, records)
    changes, hidden = _changes(row, topics) if standing == SHOWN else ((), 0)
    return Shown(row, what, title, url, standing, changes, hidden)


def _subject(row: Correction, records: _Records) -> tuple[str, str, str, str]:
    """What a correction is of: the kind of record, its title, its address, how it stands. Of a hidden one no title."""
    if statement := records.statements.get(row.statement_id):
        title = _("%(who)s, %(when)s") % {"who": statement.speakers_label, "when": label(statement.said)}
        return _("Statement"), title, statement.get_absolute_url(), SHOWN
    if pair := records.pairs.get(row.contradiction_id):
        title = f"{pair.question.text} {pair.first.speakers_label} / {pair.second.speakers_label}"
        return _("Pair"), title, pair.get_absolute_url(), SHOWN
    if topic := records.topics.get(row.topic_id):
        return _("Topic"), topic.title, topic.get_absolute_url(), SHOWN
    if speaker := records.speakers.get(row.speaker_id):
        return _("Speaker"), speaker.name, speaker.get_absolute_url(), SHOWN
    if row.statement_id:
        kept = records.kept_statements[row.statement_id]
        return _("Statement"), "", kept.get_absolute_url(), WITHDRAWN if kept.status == Status.WITHDRAWN else HELD
    if row.contradiction_id:
        return _("Pair"), "", *_standing_of_pair(records.kept_pairs[row.contradiction_id])
    if row.topic_id:
        return _("Topic"), "", records.kept_topics[row.topic_id].get_absolute_url(), WITHDRAWN
    # A merged speaker's address leads to the one it turned out to be.
    other = records.merged[row.speaker_id]
    return (
        _("Speaker"),
        other.name if other else "",
        other.get_absolute_url() if other else "",
        SHOWN if other else HELD,
    )


def _standing_of_pair(pair: Contradiction) -> tuple[str, str]:
    parts = (pair, pair.question.topic, pair.first, pair.second)
    gone = any(part.status == Status.WITHDRAWN for part in parts)
    return pair.get_absolute_url(), WITHDRAWN if gone else HELD


def _changes(row: Correction, topics: set[str]) -> tuple[tuple[Change, ...], int]:
    """The changes that readers may see now, and how many are hidden since they name a story that was withdrawn."""
    told = [change for change in row.changes if "topic" not in change or change["topic"] in topics]
    return tuple(map(_change, told)), len(row.changes) - len(told)


def _change(told: dict[str, str]) -> Change:
    before, after = told["before"], told["after"]
    return Change(
        change_label(told["label"]), before, after, told.get("language", ""), tuple(difference(before, after))
    )


@dataclass(frozen=True)
class Tombstone:
    """What readers are told at the address of a withdrawn record: never its words.

    `by` says where the withdrawal was of something else on which the record stood: "statement", "topic", or "".
    """

    speakers: tuple[Speaker, ...]
    topics: tuple[Topic, ...]
    question: str
    withdrawal: Correction | None
    by: str


def tombstone(record: Statement | Contradiction | Topic) -> Tombstone:
    """What was there, as far as readers may see the things around it, and the withdrawal by which it went."""
    if isinstance(record, Topic):
        return Tombstone((), (), "", withdrawal_of(record), "")
    if isinstance(record, Statement):
        topics = tuple(Topic.objects.published().filter(statements=record).order_by("order", "title"))
        return Tombstone(_public([record.speaker_id]), topics, "", withdrawal_of(record), "")
    topic = record.question.topic
    if topic.status == Status.WITHDRAWN and record.status != Status.WITHDRAWN:
        return Tombstone((), (), "", withdrawal_of(topic), "topic")
    withdrawal = withdrawal_of(record)
    by = "statement" if withdrawal and withdrawal.statement_id else ""
    shown = topic.status == Status.PUBLISHED
    speakers = _public([record.first.speaker_id, record.second.speaker_id])
    return Tombstone(speakers, (topic,) if shown else (), record.question.text if shown else "", withdrawal, by)


def _public(keys: list[int]) -> tuple[Speaker, ...]:
    found = Speaker.objects.published().in_bulk(keys)
    return tuple(found[key] for key in dict.fromkeys(keys) if key in found)
