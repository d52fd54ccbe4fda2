"""The rules that need more than one row (claims/rules.py): what breaks each, and that no order of writing slips by.

Every way to break a rule is written past the ORM's validation and asked of the database at once, then through
`enforced()`, which must say it in an editor's words; where a model's clean() knows the rule, through full_clean().
"""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, models, transaction

from claims.choices import AnchorPart, CueClass, DateBasis, Mode, Pattern, SpeakerKind, Status
from claims.models import Anchor, Contradiction, Correction, Event, Position, Report, Speaker, Statement
from claims.models.workflow import Reviewed
from claims.rules import RULES
from sources.acting import acting
from sources.choices import Precision, Tier
from sources.models import Capture, Source
from sources.refusals import check_now, enforced, explain
from tests.constraints import approved, past_the_workflow, refusal, rewrite_row, update_row
from tests.factories import (
    AnchorFactory,
    CaptureFactory,
    ContradictionFactory,
    CorrectionFactory,
    FormerSlugFactory,
    OutletFactory,
    OutletSpeakerFactory,
    PositionFactory,
    QuestionFactory,
    ReplyFactory,
    ReportFactory,
    SourceFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    UnnamedSpeakerFactory,
    colleague,
    hand,
    published_pair,
)

PUBLISHED = Status.PUBLISHED


@dataclass(frozen=True)
class Break:
    """One way to break a rule: `make` saves rows that keep it, `write` breaks it past every check of ours.

    spoil: the same break as values set on the row that `make` returned, where its clean() knows the rule.
    """

    rule: str
    way: str
    make: Callable[[], Any]
    write: Callable[[Any], Any]
    spoil: Callable[[Any], dict[str, Any]] | None = None


def by_values(rule: str, way: str, make: Callable[[], Any], spoil: Callable[[Any], dict[str, Any]]) -> Break:
    """A break by values on one row that its clean() knows too."""
    write = lambda row: (rewrite_row if isinstance(row, Reviewed) else update_row)(row, **spoil(row))  # noqa: E731
    return Break(rule, way, make, write, spoil)


def rows(queryset: models.QuerySet[Any], **values: Any) -> None:
    """Write past clean() and save(): a bulk write."""
    assert queryset.update(**values), "the case should write something"


# What keeps the rules.


def direct() -> Statement:
    return StatementFactory(quotes=["never"], status=PUBLISHED, mode=Mode.DIRECT)


def published() -> Statement:
    return StatementFactory(status=PUBLISHED)


def draft_with_quote() -> Statement:
    return StatementFactory(quotes=["never"])


def content_anchor() -> Anchor:
    return AnchorFactory()


def publish_with_quote(statement: Statement, tier: str) -> None:
    """Publish a draft whose quotation was not found."""
    rows(statement.anchors.filter(part=AnchorPart.QUOTE), tier=tier)
    rewrite_row(statement, status=PUBLISHED)


def two_pieces() -> Statement:
    """A published paraphrase whose content leaves words out between two passages."""
    statement = StatementFactory(
        capture__text="We never, he said, discussed it.", anchored=False, content="never […] it", status=PUBLISHED
    )
    AnchorFactory(statement=statement, part=AnchorPart.CONTENT, order=0, start=3, end=8, exact="never")
    AnchorFactory(statement=statement, part=AnchorPart.CONTENT, order=1, start=29, end=31, exact="it")
    return statement


def joined(statement: Statement) -> Statement:
    statement.further_speakers.add(SpeakerFactory())
    return statement


def narrated() -> Statement:
    speaker = OutletSpeakerFactory()
    return StatementFactory(
        mode=Mode.NARRATOR,
        cue_class=CueClass.NONE,
        speaker=speaker,
        capture__source=SourceFactory(outlet=speaker.outlet),
    )


def unnamed() -> Statement:
    source = SourceFactory()
    return StatementFactory(speaker=UnnamedSpeakerFactory(only_in=source), capture__source=source)


def position() -> Position:
    return PositionFactory()


def chain() -> Speaker:
    """A ministry of a government."""
    return SpeakerFactory(kind=SpeakerKind.INSTITUTION, parent=SpeakerFactory(kind=SpeakerKind.GOVERNMENT))


def merged():
    return SpeakerFactory(merged_into=SpeakerFactory())


def dated(day: int, **values: Any) -> Statement:
    when = date(2024, 6, day)
    return StatementFactory(
        said_from=when, said_to=when, precision=Precision.DAY, date_basis=DateBasis.IN_TEXT, **values
    )


def reversal(**values: Any) -> Contradiction:
    """One speaker, two days apart."""
    speaker = SpeakerFactory()
    pair = {"first": dated(1, speaker=speaker), "second": dated(3, speaker=speaker)}
    return ContradictionFactory(pattern=Pattern.REVERSAL, **{**pair, **values})


def joint() -> Contradiction:
    """A self-contradiction that rests on a further speaker alone."""
    speaker = SpeakerFactory()
    return ContradictionFactory(
        pattern=Pattern.SELF_CONTRADICTION,
        first=StatementFactory(speaker=speaker),
        second=StatementFactory(further_speakers=[speaker]),
    )


def behalf() -> Contradiction:
    """A self-contradiction that rests on a ministry for which both speak."""
    body = SpeakerFactory(kind=SpeakerKind.INSTITUTION)
    return ContradictionFactory(
        pattern=Pattern.SELF_CONTRADICTION,
        first=StatementFactory(on_behalf_of=body),
        second=StatementFactory(on_behalf_of=body),
    )


def spoken_for() -> Contradiction:
    """A reversal: first somebody for an office, then the office itself."""
    office = SpeakerFactory(kind=SpeakerKind.OFFICE)
    return reversal(first=dated(1, on_behalf_of=office), second=dated(2, speaker=office))


def with_words() -> Contradiction:
    first, second = StatementFactory(content="The talks were halted"), StatementFactory(content="The talks go on")
    return ContradictionFactory(first=first, second=second, first_words="were halted", second_words="go on")


# Who writes, where the rule is about that. Each is made once in a test.


def at_work(name: str, role: str) -> User:
    return colleague(f"{name}-{role.lower()}", role)


def as_a(role: str, write: Callable[[Any], Any], **stamp: Any) -> Callable[[Any], Any]:
    """The write, by somebody of this role."""

    def written(row: Any) -> None:
        with acting(by=at_work("some", role), **stamp):
            write(row)

    return written


def draft_of_an_editor() -> Statement:
    """A draft that another editor wrote and handed in."""
    with acting(by=at_work("other", "Editor")):
        made = StatementFactory(status=Status.IN_REVIEW)
    made.refresh_from_db()
    return made


def approval(row: Statement, **values: Any) -> dict[str, Any]:
    """Publishing as a publisher rightly does it, but for what is given."""
    return {
        "status": PUBLISHED,
        "approved_by": at_work("some", "Publisher"),
        "approved_version": row.version,
        **values,
    }


def proposal() -> Correction:
    """A withdrawal that waits for a second person."""
    return CorrectionFactory(proposed_by=at_work("other", "Publisher"))


def decision(state: str, **values: Any) -> dict[str, Any]:
    return {
        "state": state,
        "decided_by": at_work("some", "Publisher"),
        "decided_at": "2026-01-01T00:00Z",
        **values,
    }


def declined() -> Correction:
    made = proposal()
    as_a("Publisher", lambda row: update_row(row, **decision("declined")))(made)
    return made


def reopened(correction: Correction, *, status: str = Status.IN_REVIEW) -> None:
    """A published statement taken out of its state under a proposal about it."""
    with acting(by=at_work("some", "Publisher"), correction=correction):
        update_row(correction.statement, status=status)


def change_of(field: str, before: str, after: str) -> Correction:
    """A proposal to change one field of a published statement."""
    statement = StatementFactory(status=PUBLISHED, **{field: before})
    row = {
        "table": "claims_statement",
        "key": statement.pk,
        "action": "update",
        "before": {field: before},
        "after": {field: after},
        "record": "statement",
        "record_id": statement.pk,
    }
    return CorrectionFactory(
        statement=statement, kind="correction", rows=[row], proposed_by=at_work("other", "Publisher")
    )


def applied(correction: Correction, *, approved: bool = True, **values: Any) -> None:
    """The steps of applying a change, with what is really written left to the case."""
    statement, approver = correction.statement, at_work("some", "Publisher")
    with acting(by=approver, correction=correction):
        update_row(statement, status=Status.IN_REVIEW)
        update_row(statement, **values)
        statement.refresh_from_db()
        if approved:
            update_row(statement, **approval(statement))
        update_row(correction, **decision("applied"))


def decided_report() -> Report:
    made = ReportFactory()
    with acting(by=at_work("some", "Editor")):
        update_row(made, **decision("unchanged", decided_by=at_work("some", "Editor"), outcome="It says so."))
    return made


def own_group(user: User) -> None:
    with acting(by=user):
        user.groups.add(Group.objects.get(name="Publisher"))


def own_permission(user: User) -> None:
    with acting(by=user):
        user.user_permissions.add(Permission.objects.get(codename="approve_records"))


def own_group_left(user: User) -> None:
    with acting(by=user):
        user.groups.clear()


def raw(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


BREAKS = [
    *(
        Break("capture_is_kept", way, CaptureFactory, write)
        for way, write in (
            ("text", lambda capture: update_row(capture, text="Another text.")),
            ("sha256", lambda capture: update_row(capture, sha256="0" * 64)),
            ("source", lambda capture: update_row(capture, source=SourceFactory())),
            ("ref", lambda capture: update_row(capture, ref="0000000000")),
            ("captured_at", lambda capture: raw("UPDATE sources_capture SET captured_at = now() - interval '1 day'")),
            ("excerpt", lambda capture: update_row(capture, is_excerpt=True)),
            ("queryset.update", lambda capture: Capture.objects.update(text="Another text.")),
            ("delete", lambda capture: capture.delete()),
            ("raw delete", lambda capture: raw("DELETE FROM sources_capture")),
        )
    ),
    by_values(
        "anchor_within_capture",
        "end past the text",
        content_anchor,
        lambda anchor: {"end": len(anchor.statement.capture.text) + 1},
    ),
    Break(
        "anchor_within_capture",
        "statement moved to a shorter capture",
        content_anchor,
        lambda anchor: update_row(anchor.statement, capture=CaptureFactory(text="Short.")),
    ),
    Break(
        "anchor_within_capture",
        "anchor moved to a statement of a shorter capture",
        lambda: AnchorFactory(part=AnchorPart.CUE),
        lambda anchor: update_row(
            anchor, statement=StatementFactory(anchored=False, content="No.", capture=CaptureFactory(text="No."))
        ),
    ),
    by_values(
        "anchor_exact_as_captured", "other words", content_anchor, lambda anchor: {"exact": anchor.exact.upper()}
    ),
    by_values(
        "anchor_exact_as_captured",
        "shifted",
        content_anchor,
        lambda anchor: {"start": anchor.start - 1, "end": anchor.end - 1},
    ),
    Break(
        "anchor_exact_as_captured",
        "tier raised to exact",
        lambda: AnchorFactory(part=AnchorPart.CUE, exact="The", start=0, end=3, tier=Tier.UNCHECKED),
        lambda anchor: update_row(anchor, tier=Tier.EXACT),
    ),
    Break(
        "anchor_exact_as_captured",
        "other words at a looser tier",
        lambda: AnchorFactory(part=AnchorPart.CUE, exact="said so", start=0, end=3, tier=Tier.NOT_FOUND),
        lambda anchor: update_row(anchor, tier=Tier.TYPOGRAPHY),
    ),
    Break(
        "anchor_exact_as_captured",
        "statement moved to another capture",
        content_anchor,
        lambda anchor: update_row(anchor.statement, capture=CaptureFactory(text="x" * 500)),
    ),
    Break(
        "statement_published_has_anchor",
        "published without anchors",
        lambda: StatementFactory(anchored=False),
        lambda statement: rewrite_row(statement, status=PUBLISHED),
    ),
    Break(
        "statement_published_has_anchor",
        "inserted as published without anchors",
        CaptureFactory,
        lambda capture: StatementFactory(anchored=False, capture=capture, status=PUBLISHED),
    ),
    Break(
        "statement_published_has_anchor",
        "anchor deleted",
        lambda: StatementFactory(status=PUBLISHED),
        lambda statement: statement.anchors.all().delete(),
    ),
    Break(
        "statement_published_has_anchor",
        "anchor moved away",
        lambda: StatementFactory(status=PUBLISHED),
        lambda statement: rows(
            statement.anchors, statement=StatementFactory(anchored=False, capture=statement.capture)
        ),
    ),
    Break(
        "statement_published_has_anchor",
        "anchor of another part",
        lambda: StatementFactory(status=PUBLISHED),
        lambda statement: rows(statement.anchors, part=AnchorPart.CUE),
    ),
    Break(
        "statement_published_has_anchor",
        "released while not found",
        lambda: StatementFactory(status=PUBLISHED, anchored=False, held_since="2024-01-01T00:00Z", held_reason="x"),
        lambda statement: rewrite_row(statement, held_since=None, held_reason=""),
    ),
    Break(
        "statement_published_has_quote",
        "published without quotes",
        lambda: StatementFactory(mode=Mode.DIRECT),
        lambda statement: rewrite_row(statement, status=PUBLISHED),
    ),
    Break(
        "statement_published_has_quote",
        "paraphrase made a quotation",
        lambda: StatementFactory(status=PUBLISHED),
        lambda statement: rewrite_row(statement, mode=Mode.MIXED),
    ),
    Break(
        "statement_published_has_quote",
        "quote deleted",
        direct,
        lambda statement: statement.anchors.filter(part=AnchorPart.QUOTE).delete(),
    ),
    Break(
        "statement_published_has_quote",
        "quote moved to another statement",
        direct,
        lambda statement: rows(
            statement.anchors.filter(part=AnchorPart.QUOTE),
            statement=StatementFactory(capture=statement.capture, content="never", mode=Mode.DIRECT),
        ),
    ),
    Break(
        "statement_published_has_quote",
        "quote made a cue",
        direct,
        lambda statement: rows(statement.anchors.filter(part=AnchorPart.QUOTE), part=AnchorPart.CUE),
    ),
    *(
        Break(
            "statement_published_quotes_found",
            tier,
            lambda: StatementFactory(quotes=["never"], mode=Mode.DIRECT),
            lambda statement, tier=tier: publish_with_quote(statement, tier),
        )
        for tier in Tier.values
        if tier not in Tier.found()
    ),
    Break(
        "statement_published_quotes_found",
        "unfound quote added",
        direct,
        lambda statement: AnchorFactory(
            statement=statement, part=AnchorPart.QUOTE, order=1, exact="nowhere", start=0, end=7, tier=Tier.NOT_FOUND
        ),
    ),
    Break(
        "statement_content_as_anchored",
        "other words under the anchor",
        lambda: StatementFactory(status=PUBLISHED),
        lambda statement: rewrite_row(statement, content="Nobody ever said this"),
    ),
    Break(
        "statement_content_as_anchored",
        "a piece that the content has not",
        two_pieces,
        lambda statement: rewrite_row(statement, content="never […] nothing"),
    ),
    Break(
        "statement_quotes_in_content",
        "quote beside the content",
        lambda: StatementFactory(
            capture__text="No, he said. We never discussed it.",
            content="We never discussed it",
            mode=Mode.DIRECT,
            quotes=["never"],
            status=PUBLISHED,
        ),
        lambda statement: rows(
            statement.anchors.filter(part=AnchorPart.QUOTE), start=0, end=2, exact="No", prefix="", suffix=""
        ),
    ),
    Break(
        "statement_paraphrase_has_no_quote",
        "quotation made a paraphrase",
        draft_with_quote,
        lambda statement: update_row(statement, mode=Mode.INDIRECT),
    ),
    Break(
        "statement_paraphrase_has_no_quote",
        "quote added",
        StatementFactory,
        lambda statement: rows(statement.anchors, part=AnchorPart.QUOTE),
    ),
    Break(
        "statement_paraphrase_has_no_quote",
        "quote moved to a paraphrase",
        draft_with_quote,
        lambda statement: rows(
            statement.anchors.filter(part=AnchorPart.QUOTE),
            statement=StatementFactory(capture=statement.capture, content=statement.content),
        ),
    ),
    by_values("statement_narrator_is_the_outlet", "another speaker", narrated, lambda _: {"speaker": SpeakerFactory()}),
    by_values(
        "statement_narrator_is_the_outlet", "another outlet", narrated, lambda _: {"speaker": OutletSpeakerFactory()}
    ),
    by_values(
        "statement_narrator_is_the_outlet",
        "statement made the outlet's own",
        StatementFactory,
        lambda _: {"mode": Mode.NARRATOR, "cue_class": CueClass.NONE},
    ),
    Break(
        "statement_narrator_is_the_outlet",
        "source given to another outlet",
        narrated,
        lambda statement: rows(Source.objects.filter(captures=statement.capture), outlet=OutletFactory()),
    ),
    Break(
        "statement_narrator_is_the_outlet",
        "speaker given another outlet",
        narrated,
        lambda statement: update_row(statement.speaker, outlet=OutletFactory()),
    ),
    Break(
        "statement_narrator_is_the_outlet",
        "speaker made a person",
        narrated,
        lambda statement: update_row(statement.speaker, kind=SpeakerKind.PERSON, outlet=None),
    ),
    by_values(
        "statement_unnamed_of_this_source",
        "speaker of another source",
        StatementFactory,
        lambda _: {"speaker": UnnamedSpeakerFactory()},
    ),
    Break(
        "statement_unnamed_of_this_source",
        "statement moved to another source",
        unnamed,
        lambda statement: update_row(statement, capture=CaptureFactory(text=statement.capture.text)),
    ),
    Break(
        "statement_unnamed_of_this_source",
        "joined by one of another source",
        StatementFactory,
        lambda statement: statement.further_speakers.add(UnnamedSpeakerFactory()),
    ),
    by_values(
        "statement_unnamed_of_this_source",
        "passes on the words of one of another source",
        StatementFactory,
        lambda _: {"relays": UnnamedSpeakerFactory(), "relay_certainty": "explicit"},
    ),
    by_values(
        "statement_unnamed_of_this_source",
        "speaks for one of another source",
        StatementFactory,
        lambda _: {"on_behalf_of": UnnamedSpeakerFactory()},
    ),
    Break(
        "statement_unnamed_of_this_source",
        "joint speaker made unnamed",
        lambda: joined(StatementFactory()),
        lambda statement: update_row(
            statement.further_speakers.get(), kind=SpeakerKind.UNNAMED, only_in=SourceFactory()
        ),
    ),
    Break(
        "statement_unnamed_of_this_source",
        "speaker moved to another source",
        unnamed,
        lambda statement: update_row(statement.speaker, only_in=SourceFactory()),
    ),
    Break(
        "statement_unnamed_of_this_source",
        "named speaker made unnamed",
        StatementFactory,
        lambda statement: update_row(statement.speaker, kind=SpeakerKind.UNNAMED, only_in=SourceFactory()),
    ),
    Break(
        "statement_reply_to_another", "add", StatementFactory, lambda statement: statement.in_reply_to.add(statement)
    ),
    Break(
        "statement_reply_to_another",
        "update",
        lambda: _reply(),
        lambda statement: raw("UPDATE claims_statement_in_reply_to SET to_statement_id = from_statement_id"),
    ),
    by_values("position_words_in_content", "other words", position, lambda _: {"words": "not in the content"}),
    Break(
        "position_words_in_content",
        "content changed",
        position,
        lambda position: update_row(position.statement, content="Other words."),
    ),
    Break(
        "position_words_in_content",
        "inserted",
        StatementFactory,
        lambda statement: PositionFactory(statement=statement, words="not in the content"),
    ),
    Break(
        "position_words_in_content",
        "moved to another statement",
        position,
        lambda position: update_row(position, statement=StatementFactory()),
    ),
    Break(
        "speaker_parents_end",
        "circle of two",
        chain,
        lambda ministry: update_row(ministry.parent, parent=ministry),
    ),
    Break(
        "speaker_parents_end",
        "circle of three",
        lambda: SpeakerFactory(parent=chain()),
        lambda office: update_row(office.parent.parent, parent=office),
    ),
    Break(
        "speaker_parents_end",
        "circle inserted",
        SpeakerFactory,
        lambda speaker: [
            SpeakerFactory(pk=speaker.pk + number, parent_id=speaker.pk + 3 - number) for number in (1, 2)
        ],
    ),
    Break(
        "speaker_parents_end",
        "circle in one statement",
        lambda: (SpeakerFactory(), SpeakerFactory()),
        lambda two: raw(
            "UPDATE claims_speaker SET parent_id = CASE id WHEN %s THEN %s ELSE %s END WHERE id IN (%s, %s)",
            *(two[number].pk for number in (0, 1, 0, 0, 1)),
        ),
    ),
    Break(
        "speaker_mergers_end",
        "circle of two",
        lambda: SpeakerFactory(merged_into=SpeakerFactory()),
        lambda speaker: update_row(speaker.merged_into, merged_into=speaker),
    ),
    Break(
        "speaker_mergers_end",
        "into themselves",
        SpeakerFactory,
        lambda speaker: update_row(speaker, merged_into=speaker),
    ),
    Break(
        "speaker_merged_is_unnamed",
        "merged while a statement is theirs",
        lambda: StatementFactory().speaker,
        lambda speaker: update_row(speaker, merged_into=SpeakerFactory()),
    ),
    *(
        Break("speaker_merged_is_unnamed", f"named: {way}", merged, write)
        for way, write in (
            ("speaker", lambda speaker: StatementFactory(speaker=speaker)),
            ("on behalf of", lambda speaker: update_row(StatementFactory(), on_behalf_of=speaker)),
            ("relays", lambda speaker: StatementFactory(relays=speaker, relay_certainty="explicit")),
            ("jointly", lambda speaker: StatementFactory(further_speakers=[speaker])),
            ("reply", lambda speaker: ReplyFactory(speaker=speaker)),
            ("parent", lambda speaker: SpeakerFactory(parent=speaker)),
        )
    ),
    Break(
        "contradiction_both_hold_positions",
        "inserted without positions",
        lambda: ContradictionFactory.build(
            positions=False, question=PositionFactory().question, first=StatementFactory(), second=StatementFactory()
        ),
        lambda pair: pair.save(),
        lambda _: {},
    ),
    by_values(
        "contradiction_both_hold_positions",
        "moved to another question",
        ContradictionFactory,
        lambda _: {"question": PositionFactory().question},
    ),
    by_values(
        "contradiction_both_hold_positions",
        "another statement",
        ContradictionFactory,
        lambda _: {"second": StatementFactory()},
    ),
    Break(
        "contradiction_both_hold_positions",
        "withdrawn pair revived",
        lambda: ContradictionFactory(positions=False, status=Status.WITHDRAWN),
        lambda pair: rewrite_row(pair, status=Status.DRAFT),
        lambda _: {"status": Status.DRAFT},
    ),
    *(
        Break("contradiction_both_hold_positions", way, ContradictionFactory, write)
        for way, write in (
            ("first position deleted", lambda pair: pair.first.positions.all().delete()),
            ("second position deleted", lambda pair: pair.second.positions.all().delete()),
            (
                "position moved to another question",
                lambda pair: rows(pair.second.positions, question=PositionFactory().question),
            ),
            (
                "position moved to another statement",
                lambda pair: rows(pair.first.positions, statement=StatementFactory(content=pair.first.content)),
            ),
        )
    ),
    *(
        broken
        for side in ("first", "second")
        for broken in (
            by_values(
                f"contradiction_{side}_words_in_content",
                "other words",
                with_words,
                lambda _, side=side: {f"{side}_words": "not in the content"},
            ),
            Break(
                f"contradiction_{side}_words_in_content",
                "content changed",
                with_words,
                lambda pair, side=side: update_row(getattr(pair, side), content="Other words"),
            ),
        )
    ),
    *(
        by_values(
            "contradiction_one_voice",
            f"{pattern} of two speakers",
            lambda: ContradictionFactory(first=dated(1), second=dated(3)),
            lambda _, pattern=pattern: {"pattern": pattern},
        )
        for pattern in (Pattern.REVERSAL, Pattern.SELF_CONTRADICTION)
    ),
    Break(
        "contradiction_one_voice",
        "speaker of one changed",
        reversal,
        lambda pair: update_row(pair.second, speaker=SpeakerFactory()),
    ),
    Break(
        "contradiction_one_voice",
        "further speaker removed",
        joint,
        lambda pair: pair.second.further_speakers.clear(),
    ),
    Break(
        "contradiction_one_voice",
        "further speaker replaced",
        joint,
        lambda pair: rows(Statement.further_speakers.through.objects.all(), speaker=SpeakerFactory()),
    ),
    Break(
        "contradiction_one_voice",
        "further speaker moved to another statement",
        joint,
        lambda pair: rows(Statement.further_speakers.through.objects.all(), statement=StatementFactory()),
    ),
    Break(
        "contradiction_one_voice",
        "body no longer spoken for",
        behalf,
        lambda pair: update_row(pair.first, on_behalf_of=None),
    ),
    Break(
        "contradiction_one_voice",
        "body made a government",
        behalf,
        lambda pair: update_row(pair.first.on_behalf_of, kind=SpeakerKind.GOVERNMENT),
    ),
    by_values(
        "contradiction_reversal_in_time",
        "undated",
        lambda: ContradictionFactory(first=(first := StatementFactory()), second=dated(3, speaker=first.speaker)),
        lambda _: {"pattern": Pattern.REVERSAL},
    ),
    by_values(
        "contradiction_reversal_in_time",
        "same day",
        lambda: ContradictionFactory(first=(first := dated(3)), second=dated(3, speaker=first.speaker)),
        lambda _: {"pattern": Pattern.REVERSAL},
    ),
    Break(
        "contradiction_reversal_in_time",
        "date of one lost",
        reversal,
        lambda pair: update_row(
            pair.first, precision=Precision.UNKNOWN, said_from=None, said_to=None, date_basis=DateBasis.UNRESOLVED
        ),
    ),
    Break(
        "contradiction_reversal_in_time",
        "date of one widened",
        reversal,
        lambda pair: update_row(pair.first, precision=Precision.MONTH, said_to=date(2024, 6, 30)),
    ),
    Break(
        "contradiction_reversal_in_time",
        "date of one left open",
        reversal,
        lambda pair: update_row(pair.first, precision=Precision.RANGE, said_to=None),
    ),
    *(
        by_values(
            "contradiction_published_statements",
            f"{side} statement not published",
            lambda side=side: ContradictionFactory(**{f"{side}__status": PUBLISHED}),
            lambda _: {"status": PUBLISHED},
        )
        for side in ("first", "second")
    ),
    *(
        Break(
            "contradiction_published_statements",
            f"{side} statement made {status}",
            published_pair,
            lambda pair, side=side, status=status: rewrite_row(getattr(pair, side), status=status),
        )
        for side in ("first", "second")
        for status in Status.values
        if status != PUBLISHED
    ),
    Break(
        "contradiction_published_statements",
        "published pair moved to a draft",
        published_pair,
        lambda pair: rewrite_row(
            pair, second=PositionFactory(question=pair.question, statement=StatementFactory()).statement
        ),
    ),
    Break(
        "contradiction_published_statements",
        "the last of three pairs of one statement",
        lambda: _three_pairs(),
        lambda statement: rewrite_row(statement, status=Status.WITHDRAWN),
    ),
    *(
        Break("record_edit_needs_right", way, make, write)
        for way, make, write in (
            ("an auditor writes", CaptureFactory, as_a("Auditor", lambda capture: StatementFactory(capture=capture))),
            ("an auditor changes", draft_of_an_editor, as_a("Auditor", lambda row: update_row(row, note="Mine."))),
            (
                "a contributor changes another's draft",
                draft_of_an_editor,
                as_a("Contributor", lambda row: update_row(row, note="Mine.")),
            ),
            (
                "a contributor changes a part of another's draft",
                draft_of_an_editor,
                as_a("Contributor", lambda row: TranslationFactory(statement=row)),
            ),
            (
                "an administrator changes",
                TopicFactory,
                as_a("Administrator", lambda row: update_row(row, title="Mine")),
            ),
        )
    ),
    Break(
        "record_editor_is_kept",
        "another is named",
        draft_of_an_editor,
        as_a("Publisher", lambda row: update_row(row, last_edited_by=at_work("third", "Editor"))),
    ),
    Break(
        "record_editor_is_kept",
        "nobody is named",
        draft_of_an_editor,
        as_a("Publisher", lambda row: update_row(row, last_edited_by=None)),
    ),
    *(
        Break("record_approval_is_own", way, make, write)
        for way, make, write in (
            ("another's", draft_of_an_editor, as_a("Editor", lambda row: update_row(row, **approval(row)))),
            (
                "an editor's",
                draft_of_an_editor,
                as_a("Editor", lambda row: update_row(row, **approval(row, approved_by=at_work("some", "Editor")))),
            ),
            ("nobody's", draft_of_an_editor, lambda row: update_row(row, **approval(row))),
            ("nobody's, before it is shown", draft_of_an_editor, lambda row: update_row(row, approved_by=hand("x"))),
            (
                "without a second reader",
                draft_of_an_editor,
                as_a("Publisher", lambda row: update_row(row, **approval(row, without_second_reader=True))),
            ),
            (
                "an older one",
                lambda: approved_then_sent_back(),
                as_a("Publisher", lambda row: update_row(row, status=PUBLISHED)),
            ),
            (
                "a proposal in another's name",
                published,
                as_a("Editor", lambda row: Correction.objects.create(**withdrawal(row, at_work("other", "Editor")))),
            ),
            (
                "a proposal by nobody",
                published,
                lambda row: Correction.objects.create(**withdrawal(row, at_work("other", "Editor"))),
            ),
            (
                "a decision in another's name",
                proposal,
                as_a(
                    "Publisher",
                    lambda row: update_row(row, **decision("declined", decided_by=at_work("third", "Publisher"))),
                ),
            ),
            (
                "a decision of an editor",
                proposal,
                as_a(
                    "Editor",
                    lambda row: update_row(row, **decision("applied", decided_by=at_work("some", "Editor"))),
                ),
            ),
        )
    ),
    *(
        Break("record_steps", way, make, write)
        for way, make, write in (
            (
                "inserted as published",
                CaptureFactory,
                as_a("Publisher", lambda capture: StatementFactory(capture=capture, status=PUBLISHED)),
            ),
            (
                "draft withdrawn",
                draft_of_an_editor,
                as_a("Publisher", lambda row: update_row(row, status=Status.WITHDRAWN)),
            ),
            ("by nobody", draft_of_an_editor, lambda row: update_row(row, status=Status.DRAFT)),
            ("withdrawn by one", published, as_a("Publisher", lambda row: update_row(row, status=Status.WITHDRAWN))),
            ("reopened by one", published, as_a("Publisher", lambda row: update_row(row, status=Status.IN_REVIEW))),
            (
                "under the own proposal",
                lambda: CorrectionFactory(proposed_by=at_work("some", "Publisher")),
                lambda row: reopened(row, status=Status.WITHDRAWN),
            ),
            ("a withdrawal that reopens", proposal, reopened),
            (
                "a change that withdraws",
                lambda: change_of("note", "", "New."),
                lambda row: reopened(row, status=Status.WITHDRAWN),
            ),
            (
                "shown again by an editor",
                lambda: StatementFactory(status=PUBLISHED, held_since="2024-01-01T00:00Z", held_reason="x"),
                as_a("Editor", lambda row: update_row(row, held_since=None, held_reason="")),
            ),
        )
    ),
    Break("record_public_stays", "deleted", published, lambda row: row.delete()),
    Break("record_public_stays", "raw delete", TopicFactory, lambda _: raw("DELETE FROM claims_topic")),
    Break(
        "record_public_stays",
        "withdrawn one deleted",
        lambda: StatementFactory(status=Status.WITHDRAWN),
        lambda row: raw("DELETE FROM claims_statement WHERE id = %s", row.pk),
    ),
    Break(
        "record_public_stays",
        "left in review",
        lambda: change_of("note", "", "New."),
        lambda row: applied(row, approved=False, note="New."),
    ),
    Break(
        "record_withdrawn_is_kept",
        "content",
        lambda: StatementFactory(status=Status.WITHDRAWN),
        lambda row: update_row(row, content="Other words"),
    ),
    Break(
        "record_withdrawn_is_kept",
        "by an editor",
        lambda: TopicFactory(status=Status.WITHDRAWN),
        as_a("Editor", lambda row: update_row(row, title="Another")),
    ),
    *(
        Break("correction_is_kept", way, make, write)
        for way, make, write in (
            ("decision changed", declined, lambda row: update_row(row, state="proposed", decided_by=None)),
            ("decided one deleted", declined, lambda row: row.delete()),
            ("reason of a decided one", declined, lambda row: update_row(row, reason="Another.")),
            ("reason of a waiting one", proposal, lambda row: update_row(row, reason="Another.")),
            ("proposer changed", proposal, lambda row: update_row(row, proposed_by=at_work("third", "Editor"))),
            ("rows changed", lambda: change_of("note", "", "New."), lambda row: update_row(row, rows=[{"table": "x"}])),
        )
    ),
    *(
        Break("correction_is_whole", way, make, write)
        for way, make, write in (
            (
                "withdrawn and not decided",
                proposal,
                lambda row: reopened(row, status=Status.WITHDRAWN),
            ),
            (
                "something else is written",
                lambda: change_of("note", "", "New."),
                lambda row: applied(row, note="Quite another."),
            ),
            ("nothing is written", lambda: change_of("note", "", "New."), lambda row: applied(row, note="")),
            (
                "more is written",
                lambda: change_of("note", "", "New."),
                lambda row: applied(row, note="New.", role_text="Minister"),
            ),
            (
                "a change of nothing",
                published,
                as_a(
                    "Editor",
                    lambda row: Correction.objects.create(
                        **{**withdrawal(row, at_work("some", "Editor")), "kind": "correction"}
                    ),
                ),
            ),
        )
    ),
    *(
        Break("history_is_kept", way, SpeakerFactory, write)
        for way, write in (
            ("event changed", lambda _: raw("UPDATE claims_event SET reason = 'Another.'")),
            ("events deleted", lambda _: Event.objects.all().delete()),
            ("events emptied", lambda _: raw("TRUNCATE claims_event CASCADE")),
            ("event forged", lambda _: raw("INSERT INTO claims_event SELECT * FROM claims_event LIMIT 1")),
            ("forged by no row", lambda _: raw("INSERT INTO claims_event SELECT * FROM claims_event WHERE false")),
            ("records emptied", lambda _: raw("TRUNCATE claims_speaker CASCADE")),
            ("users emptied", lambda _: raw("TRUNCATE auth_user CASCADE")),
        )
    ),
    *(
        Break("record_keeps_its_place", way, make, write)
        for way, make, write in (
            ("another copy", published, lambda row: update_row(row, capture=CaptureFactory())),
            ("another account", published_pair, lambda row: update_row(row, second=StatementFactory())),
            ("another question", published_pair, lambda row: update_row(row, question=QuestionFactory())),
            (
                "a question under another topic",
                QuestionFactory,
                lambda row: update_row(row, topic=TopicFactory()),
            ),
            (
                "an answer to another question",
                lambda: PositionFactory(statement=published()),
                lambda row: update_row(row, question=QuestionFactory()),
            ),
        )
    ),
    *(
        Break("former_address_is_kept", way, make, write)
        for way, make, write in (
            ("taken by a speaker", FormerSlugFactory, lambda row: SpeakerFactory(slug=row.slug)),
            ("taken by renaming", FormerSlugFactory, lambda row: update_row(SpeakerFactory(), slug=row.slug)),
            (
                "taken by a topic",
                lambda: FormerSlugFactory(speaker=None, topic=TopicFactory()),
                lambda row: TopicFactory(slug=row.slug),
            ),
            ("that of another speaker", SpeakerFactory, lambda row: FormerSlugFactory(slug=row.slug)),
        )
    ),
    Break("user_own_role", "own role", lambda: at_work("some", "Administrator"), own_group),
    Break("user_own_role", "own permission", lambda: at_work("some", "Administrator"), own_permission),
    Break("user_own_role", "own role left", lambda: at_work("some", "Administrator"), own_group_left),
    Break("report_is_kept", "deleted", ReportFactory, lambda row: row.delete()),
    Break("report_is_kept", "message changed", ReportFactory, lambda row: update_row(row, message="I am content.")),
    Break("report_is_kept", "decision changed", decided_report, lambda row: update_row(row, outcome="Another.")),
    Break(
        "report_decision_is_own",
        "in another's name",
        ReportFactory,
        as_a("Editor", lambda row: update_row(row, **decision("unchanged", outcome="It says so."))),
    ),
    Break(
        "report_decision_is_own",
        "inserted as decided",
        published,
        lambda row: ReportFactory(statement=row, **decision("unchanged", outcome="It says so.")),
    ),
    Break(
        "report_correction_is_applied",
        "one that waits",
        lambda: (ReportFactory(), proposal()),
        as_a(
            "Editor",
            lambda two: update_row(
                two[0], **decision("corrected", decided_by=at_work("some", "Editor"), correction=two[1])
            ),
        ),
    ),
]


def withdrawal(statement: Statement, proposer: User) -> dict[str, Any]:
    return {"statement": statement, "kind": "withdrawal", "reason": "Forged.", "proposed_by": proposer}


def approved_then_sent_back() -> Statement:
    """In review, with the approval of somebody else left on it."""
    made = draft_of_an_editor()
    rewrite_row(made, approved_by=at_work("third", "Publisher"), approved_version=made.version)
    return made


def _reply() -> Statement:
    statement = StatementFactory()
    statement.in_reply_to.add(StatementFactory())
    return statement


def _three_pairs() -> Statement:
    """A statement in three pairs, of which only the last is published."""
    statement = StatementFactory(status=PUBLISHED)
    ContradictionFactory(first=statement)
    ContradictionFactory(second=statement)
    published_pair(first=statement)
    return statement


def each(breaks: list[Break]) -> list[Any]:
    return [pytest.param(broken, id=f"{broken.rule}: {broken.way}") for broken in breaks]


def test_every_rule_has_a_break():
    """A rule that nobody tried to break is a wish."""
    assert {broken.rule for broken in BREAKS} == set(RULES)


@pytest.mark.django_db
@pytest.mark.parametrize("broken", each(BREAKS))
def test_database_refuses(broken):
    """The refusal carries the rule's name, and `enforced()` turns it into the editor's words and undoes the write."""
    row = broken.make()
    check_now()
    assert refusal(lambda: broken.write(row)) == broken.rule
    with pytest.raises(ValidationError) as refused, enforced():
        broken.write(row)
    assert (refused.value.messages, refused.value.code) == ([RULES[broken.rule][1]], broken.rule)


@pytest.mark.django_db
@pytest.mark.parametrize("broken", each([broken for broken in BREAKS if broken.spoil]))
def test_form_refuses(broken):
    """clean() says the same as the database, earlier and beside the rule's field."""
    row = broken.make()
    for name, value in broken.spoil(row).items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    field, message = RULES[broken.rule]
    assert message in refused.value.message_dict[field]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        direct,
        draft_with_quote,
        narrated,
        unnamed,
        position,
        chain,
        reversal,
        joint,
        behalf,
        with_words,
        published_pair,
        spoken_for,
        lambda: StatementFactory(mode=Mode.DIRECT, status=Status.IN_REVIEW),
        lambda: ContradictionFactory(positions=False, status=Status.WITHDRAWN),
        lambda: StatementFactory(status=PUBLISHED, anchored=False, held_since="2024-01-01T00:00Z", held_reason="x"),
    ],
)
def test_what_keeps_the_rules_is_let_through(make):
    """By the database, and by clean(): the two agree in what they let through as well."""
    row = make()
    check_now()
    type(row).objects.get(pk=row.pk).full_clean()


@pytest.mark.django_db
def test_rules_wait_for_the_whole_transaction():
    """A fixture writes a statement before its anchors and a pair before its positions."""
    made = published_pair(first__quotes=["never"])
    kept = [*Anchor.objects.all()], [*Position.objects.all()], [*Statement.objects.all()]
    with past_the_workflow(Contradiction, Statement):
        Contradiction.objects.all().delete()
        Statement.objects.all().delete()
    for row in [made, *kept[2], *kept[1], *kept[0]]:
        row.save(force_insert=True)
    check_now()
    assert Contradiction.objects.published().get() == made


@pytest.mark.django_db
def test_cascade_of_a_deleted_statement_breaks_nothing():
    """A deleted row has nothing left to check, nor have the anchors that go with it."""
    statement = draft_with_quote()
    PositionFactory(statement=statement)
    assert refusal(statement.delete) is None


@pytest.mark.django_db
def test_error_that_is_no_rule_is_left_alone():
    """A column left null is a programmer's slip: no editor can mend it, so nothing may swallow it."""
    with pytest.raises(IntegrityError) as refused, enforced():
        SpeakerFactory(description=None)
    assert explain(refused.value) is None


@pytest.mark.django_db
def test_constraint_of_the_model_is_explained():
    """`enforced()` knows the model's own constraints too."""
    with pytest.raises(ValidationError) as refused, enforced():
        SpeakerFactory(wikidata="12345")
    assert refused.value.messages == ["A Wikidata item is a Q and a number: Q12345."]


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"rights": "public_domain"}, {"archive_url": "https://archive.example/1"}])
def test_capture_may_be_amended(values):
    """What may be shown of it and where an archive keeps it are not the copy itself."""
    capture = CaptureFactory()
    assert refusal(lambda: update_row(capture, **values)) is None
    capture.refresh_from_db()
    assert {name: getattr(capture, name) for name in values} == values


@pytest.mark.django_db
def test_capture_may_be_written_as_it_stands():
    """A second loaddata updates every row with itself."""
    capture = CaptureFactory()
    assert refusal(lambda: Capture.objects.get().save()) is None
    assert refusal(lambda: update_row(capture, text=capture.text)) is None


def by_save(row, value):
    row.refresh_from_db()
    row.note = value
    row.save()


def by_save_of_one_field(row, value):
    row.note = value
    row.save(update_fields=["note"])


def by_bulk_update(row, value):
    row.note = value
    type(row).objects.bulk_update([row], ["note"])


WRITERS = [
    by_save,
    by_save_of_one_field,
    by_bulk_update,
    lambda row, value: rows(type(row).objects.filter(pk=row.pk), note=value),
    lambda row, value: update_row(row, note=value),
]


@pytest.mark.django_db
@pytest.mark.parametrize("write", WRITERS, ids=["save", "update_fields", "bulk_update", "queryset.update", "raw SQL"])
@pytest.mark.parametrize("make", [SourceFactory, StatementFactory, ContradictionFactory])
def test_version_counts_changes_and_only_changes(make, write):
    """However it is written: no Python of ours counts. A statement's anchors were changes of it too."""
    row = make(note="before")
    row.refresh_from_db()
    first, seen = row.version, []
    for value in ("before", "after", "after", "before"):
        write(row, value)
        seen.append(type(row).objects.values_list("version", flat=True).get(pk=row.pk))
    assert [version - first for version in seen] == [0, 1, 1, 2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        (factory, field, value)
        for factory, field, value in (
            (OutletFactory, "name", "Another"),
            (SpeakerFactory, "description", "Another"),
            (content_anchor, "prefix", "Another"),
            (position, "gist", "Another"),
        )
    ],
)
def test_version_is_the_databases(make, field, value):
    """Nobody sets it: what a writer says of the version is not heard."""
    row = make()
    update_row(row, version=99)
    row.refresh_from_db()
    assert row.version == 1
    update_row(row, version=99, **{field: value})
    row.refresh_from_db()
    assert row.version == 2


@pytest.mark.django_db
def test_every_versioned_table_counts():
    """A table that is added later needs its trigger."""
    from django.apps import apps

    from sources.records import Versioned

    versioned = {model._meta.db_table for model in apps.get_models() if issubclass(model, Versioned)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname IN ('count_version', 'record_written')"
        )
        assert sorted(table for (table,) in cursor.fetchall()) == sorted(versioned)


# Two at once.


def race(*writers: Callable[[], None]) -> list[str]:
    """Run each writer in a transaction and connection of its own, all started together; who succeeded, who was refused.

    A deadlock is a refusal like another: one of the two is undone. PostgreSQL looks for one after a second, and only
    a superuser may have it look sooner, so there are few rounds.
    """
    start, written, outcomes = threading.Barrier(len(writers)), threading.Barrier(len(writers)), [""] * len(writers)

    def run(number: int, write: Callable[[], None]) -> None:
        try:
            with transaction.atomic():
                start.wait(timeout=10)
                write()
                with contextlib.suppress(threading.BrokenBarrierError):
                    written.wait(timeout=0.5)  # So that each is checked while the other is not yet committed.
            outcomes[number] = "done"
        except (IntegrityError, OperationalError) as error:
            outcomes[number] = getattr(error.__cause__.diag, "constraint_name", None) or "deadlock"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, write)) for number, write in enumerate(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return outcomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("inserted", [True, False], ids=["pair inserted", "pair updated"])
def test_pair_published_while_a_statement_goes(inserted):
    """Neither writer breaks the rule alone, so neither sees the other break it: the locks must."""
    for turn in range(2):
        with transaction.atomic():
            first, second = (StatementFactory(status=PUBLISHED) for _ in range(2))
            pair = ContradictionFactory(first=first, second=second)
        gone = (first, second)[turn % 2]
        values = {"status": PUBLISHED, **approved(pair)}
        if inserted:
            Contradiction.objects.filter(pk=pair.pk).delete()
            pair.pk = None
            for name, value in values.items():
                setattr(pair, name, value)
            publish = pair.save
        else:
            publish = lambda pair=pair, values=values: update_row(pair, **values)  # noqa: E731
        with past_the_workflow(Statement, Contradiction):
            outcomes = race(publish, lambda gone=gone: update_row(gone, status=Status.WITHDRAWN))
        assert outcomes.count("done") == 1, outcomes
        assert not Contradiction.objects.filter(status=PUBLISHED).exclude(
            first__status=PUBLISHED, second__status=PUBLISHED
        )


@pytest.mark.django_db(transaction=True)
def test_quote_deleted_while_its_statement_is_published():
    for _ in range(2):
        statement = StatementFactory(quotes=["never"])
        quotes = Anchor.objects.filter(statement=statement, part=AnchorPart.QUOTE)
        values = {"status": PUBLISHED, **approved(statement)}
        with past_the_workflow(Statement):
            outcomes = race(
                lambda statement=statement, values=values: update_row(statement, **values),
                lambda quotes=quotes: quotes.delete(),
            )
        statement.refresh_from_db()
        assert outcomes.count("done") == 1, outcomes
        assert (statement.status == PUBLISHED) == quotes.exists()


@pytest.mark.django_db(transaction=True)
def test_position_deleted_while_a_pair_is_recorded():
    for _ in range(2):
        first = PositionFactory(question__topic__status=Status.DRAFT)
        second = PositionFactory(question=first.question)
        pair = ContradictionFactory.build(question=first.question, first=first.statement, second=second.statement)
        outcomes = race(pair.save, lambda second=second: Position.objects.filter(pk=second.pk).delete())
        assert outcomes.count("done") == 1, outcomes
        assert Contradiction.objects.filter(pk=pair.pk).exists() == Position.objects.filter(pk=second.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_parents_at_once_make_no_circle():
    for _ in range(2):
        one, other = SpeakerFactory.create_batch(2)
        outcomes = race(
            lambda one=one, other=other: update_row(one, parent=other),
            lambda one=one, other=other: update_row(other, parent=one),
        )
        assert outcomes.count("done") == 1, outcomes


@pytest.mark.django_db(transaction=True)
def test_rules_hold_at_commit():
    """Whoever does not ask for the rules inside the transaction meets them at its end."""
    statement = StatementFactory(anchored=False)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        StatementFactory(anchored=False, capture=statement.capture, status=PUBLISHED)
    assert refused.value.__cause__.diag.constraint_name == "statement_published_has_anchor"
