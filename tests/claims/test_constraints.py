"""Every constraint of claims, once through full_clean() and once past the ORM."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from claims.choices import AnchorPart, CueClass, DateBasis, Finding, Mode, ScopeAnswer, SpeakerKind, Stance
from claims.models import (
    Alert,
    Anchor,
    Checkpoint,
    ContextNote,
    Contradiction,
    Correction,
    Digest,
    Event,
    FormerSlug,
    Occasion,
    Position,
    Question,
    Rejection,
    Reply,
    Report,
    SavedFilter,
    Seal,
    Speaker,
    SpeakerName,
    Statement,
    Topic,
    Translation,
)
from claims.sealing import seal
from sources.choices import Precision
from tests.constraints import (
    NONSENSE,
    Case,
    assert_refused_by_the_database,
    assert_refused_in_a_form,
    each,
    missing,
    refusal,
    update_row,
    vocabularies,
)
from tests.factories import (
    AlertFactory,
    AnchorFactory,
    ContextNoteFactory,
    ContradictionFactory,
    CorrectionFactory,
    DigestFactory,
    FormerSlugFactory,
    OccasionFactory,
    OutletFactory,
    OutletSpeakerFactory,
    PositionFactory,
    QuestionFactory,
    RejectionFactory,
    ReplyFactory,
    ReportFactory,
    SavedFilterFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    UnnamedSpeakerFactory,
    hand,
    published_pair,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
JUNE = (date(2024, 6, 1), date(2024, 6, 30))


def sealed(model: type[Seal] | type[Checkpoint]) -> Seal | Checkpoint:
    SpeakerFactory()
    seal()
    return model.objects.latest("pk")


def dated() -> Statement:
    return StatementFactory(
        said_from=JUNE[0], said_to=JUNE[0], precision=Precision.DAY, date_basis=DateBasis.IN_TEXT, date_words="June 1"
    )


def two_quotes() -> Anchor:
    return StatementFactory(quotes=["never", "at no time"]).anchors.get(part=AnchorPart.QUOTE, order=1)


def said(precision: str, first: date | None, last: date | None) -> dict[str, object]:
    return {"precision": precision, "said_from": first, "said_to": last}


def scope(**answers: str) -> dict[str, str]:
    """What a strict contradiction needs, but for what is given."""
    strict = {
        "finding": Finding.CONTRADICTS,
        "same_event": ScopeAnswer.YES,
        "same_referent": ScopeAnswer.YES,
        "explanation": "One says yes, the other no.",
    }
    return strict | answers


def same_pair(swapped: bool):
    """The statements of another pair on the same question, in their order or the other."""

    def spoil(row: Contradiction) -> dict[str, object]:
        other = ContradictionFactory(question=row.question)
        first, second = (other.second, other.first) if swapped else (other.first, other.second)
        return {"first": first, "second": second}

    return spoil


def event() -> Event:
    """Of the row that a factory wrote last."""
    SpeakerFactory()
    return Event.objects.first()


def proposed_already(row: Correction, *, subject: str, make: Callable[[], Any]) -> dict[str, Any]:
    """The record of another proposal of the kind, which waits."""
    about = {"statement": None, subject: make()}
    CorrectionFactory(kind=row.kind, rows=row.rows, **about)
    return about


def published() -> Statement:
    return StatementFactory(status="published")


def workflow(model: type, make: Callable[[], Any]) -> list[Case]:
    """What nobody may write into a published row: the same hand twice, no hand, another version than the approved."""
    name = model._meta.model_name
    return [
        Case(model, f"{name}_four_eyes", make, lambda row: {"approved_by": row.last_edited_by}),
        Case(model, f"{name}_four_eyes", make, {"approved_by": None}),
        Case(model, f"{name}_four_eyes", make, {"last_edited_by": None}),
        Case(model, f"{name}_approved_as_it_is", make, {"approved_version": None}),
        Case(model, f"{name}_approved_as_it_is", make, lambda row: {"approved_version": row.version + 1}),
    ]


def decided(state: str, **values: Any) -> dict[str, Any]:
    return {"state": state, "decided_by": hand("second-reader"), "decided_at": NOW, **values}


CASES = [
    *vocabularies(
        {
            ContextNote: ContextNoteFactory,
            Correction: CorrectionFactory,
            Alert: AlertFactory,
            Digest: DigestFactory,
            Reply: ReplyFactory,
            Report: ReportFactory,
            Anchor: AnchorFactory,
            Contradiction: ContradictionFactory,
            Occasion: OccasionFactory,
            Position: PositionFactory,
            Question: QuestionFactory,
            Speaker: SpeakerFactory,
            SpeakerName: SpeakerNameFactory,
            Statement: StatementFactory,
            Topic: TopicFactory,
            Translation: TranslationFactory,
        }
    ),
    Case(Anchor, "anchor_order_once", two_quotes, {"order": 0}),
    Case(Anchor, "anchor_span_forward", AnchorFactory, {"start": -1}, said_by_field=True),
    Case(Anchor, "anchor_span_forward", AnchorFactory, lambda anchor: {"end": anchor.start}),
    Case(Anchor, "anchor_span_forward", AnchorFactory, lambda anchor: {"end": anchor.start - 1}),
    Case(
        Anchor,
        "anchor_quotes_apart",
        two_quotes,
        lambda anchor: {"start": anchor.statement.anchors.get(part=AnchorPart.QUOTE, order=0).end - 1},
    ),
    Case(Contradiction, "contradiction_of_two", ContradictionFactory, lambda pair: {"second": pair.first}),
    Case(Contradiction, "contradiction_once_per_pair_and_question", ContradictionFactory, same_pair(swapped=False)),
    Case(Contradiction, "contradiction_once_per_pair_and_question", ContradictionFactory, same_pair(swapped=True)),
    *(
        Case(Contradiction, "contradiction_contradicts_in_scope", ContradictionFactory, scope(**answers))
        for answers in (
            {"same_event": ScopeAnswer.UNCLEAR},
            {"same_event": ScopeAnswer.NOT_APPLICABLE},
            {"same_referent": ScopeAnswer.UNCLEAR},
            {"same_time": ScopeAnswer.NO},
            {"same_measure": ScopeAnswer.NO},
            {"explanation": ""},
        )
    ),
    Case(Contradiction, "contradiction_apparent_has_a_no", ContradictionFactory, {"finding": Finding.APPARENT_ONLY}),
    Case(Contradiction, "contradiction_held_with_reason", ContradictionFactory, {"held_since": NOW}),
    Case(Contradiction, "contradiction_held_with_reason", ContradictionFactory, {"held_reason": "Not found."}),
    Case(
        Position,
        "position_once_per_question",
        PositionFactory,
        lambda position: {"question": PositionFactory(statement=position.statement).question},
    ),
    Case(Position, "position_value_given", PositionFactory, {"stance": Stance.VALUE}),
    Case(Position, "position_unit_of_number", PositionFactory, {"unit": "soldiers"}),
    Case(
        Question,
        "question_slug_once_per_topic",
        QuestionFactory,
        lambda question: {"slug": QuestionFactory(topic=question.topic).slug},
    ),
    *(
        Case(Speaker, "speaker_wikidata_form", SpeakerFactory, {"wikidata": wrong})
        for wrong in ("12345", "Q0", "Q12 ", "http://Q12")
    ),
    Case(Speaker, "speaker_unnamed_is_of_one_source", UnnamedSpeakerFactory, {"only_in": None}),
    Case(Speaker, "speaker_unnamed_is_of_one_source", UnnamedSpeakerFactory, {"wikidata": "Q42"}),
    Case(Speaker, "speaker_only_in_is_unnamed", SpeakerFactory, lambda _: {"only_in": SourceFactory()}),
    Case(Speaker, "speaker_outlet_names_outlet", SpeakerFactory, lambda _: {"outlet": OutletFactory()}),
    Case(Speaker, "speaker_outlet_names_outlet", OutletSpeakerFactory, {"outlet": None}),
    Case(Speaker, "speaker_outlet_names_outlet", OutletSpeakerFactory, {"kind": SpeakerKind.PERSON}),
    Case(Speaker, "speaker_parent_is_another", SpeakerFactory, lambda speaker: {"parent": speaker}),
    Case(
        SpeakerName,
        "speakername_once",
        SpeakerNameFactory,
        lambda name: {"text": SpeakerNameFactory(speaker=name.speaker).text},
    ),
    Case(
        Statement,
        "statement_dates_in_order",
        dated,
        said(Precision.RANGE, JUNE[1], JUNE[0]),
        hidden_behind=("statement_dates_fit_precision",),
    ),
    *(
        Case(Statement, "statement_dates_fit_precision", dated, spoil)
        for spoil in (
            {**said(Precision.UNKNOWN, JUNE[0], JUNE[0]), "date_basis": DateBasis.UNRESOLVED},
            said(Precision.DAY, *JUNE),
            said(Precision.DAY, JUNE[0], None),
            said(Precision.MONTH, JUNE[0], date(2024, 6, 29)),
            said(Precision.MONTH, date(2024, 6, 2), JUNE[1]),
            said(Precision.YEAR, date(2024, 1, 1), date(2024, 12, 30)),
            said(Precision.RANGE, None, None),
            said(Precision.RANGE, JUNE[0], JUNE[0]),
            {**said(Precision.UNKNOWN, None, None), "date_basis": DateBasis.UNRESOLVED, "approximate": True},
        )
    ),
    Case(Statement, "statement_has_content", StatementFactory, {"content": ""}, said_by_field=True),
    Case(Statement, "statement_cue_has_class", StatementFactory, {"cue": "denied"}),
    Case(Statement, "statement_cue_has_class", StatementFactory, {"cue_class": CueClass.DENY}),
    Case(Statement, "statement_narrator_has_no_cue", StatementFactory, {"mode": Mode.NARRATOR}),
    Case(Statement, "statement_date_has_basis", dated, {"date_basis": DateBasis.UNRESOLVED}),
    Case(Statement, "statement_date_has_basis", StatementFactory, {"date_basis": DateBasis.IN_TEXT}),
    Case(Statement, "statement_outside_date_has_note", dated, {"date_basis": DateBasis.EXTERNAL}),
    Case(Statement, "statement_relay_is_whole", StatementFactory, {"relay_cue": "indicated"}),
    Case(Statement, "statement_relay_is_whole", StatementFactory, {"relay_certainty": "explicit"}),
    Case(Statement, "statement_relay_is_whole", StatementFactory, lambda _: {"relays": SpeakerFactory()}),
    Case(Statement, "statement_same_words_as_another", StatementFactory, lambda row: {"same_words_as": row}),
    Case(Statement, "statement_held_with_reason", StatementFactory, {"held_since": NOW}),
    Case(Statement, "statement_held_with_reason", StatementFactory, {"held_reason": "Not found."}),
    Case(
        Translation,
        "translation_once",
        TranslationFactory,
        lambda row: {"language": TranslationFactory(statement=row.statement, language="fr").language},
    ),
    Case(
        Rejection,
        "rejection_once",
        RejectionFactory,
        lambda row: {"start": RejectionFactory(capture=row.capture, start=1, end=row.end).start},
    ),
    Case(Seal, "seal_leaf_is_a_hash", lambda: sealed(Seal), {"position": 9, "leaf": b"short"}, kept=True),
    Case(Checkpoint, "checkpoint_root_is_a_hash", lambda: sealed(Checkpoint), {"size": 9, "root": b"short"}, kept=True),
    Case(Rejection, "rejection_span_forward", RejectionFactory, lambda row: {"end": row.start}),
    *workflow(Statement, published),
    *workflow(Contradiction, published_pair),
    *workflow(Topic, TopicFactory),
    Case(Statement, "statement_undated_has_no_date", dated, {"undated": True}),
    Case(Statement, "statement_published_has_date", published, {"undated": False}),
    Case(Statement, "statement_rank_has_note", StatementFactory, {"rank": "superseded"}),
    Case(Statement, "statement_reply_sought_when_and_how", StatementFactory, {"reply_state": "sought"}),
    *(
        Case(Statement, "statement_reply_sought_when_and_how", StatementFactory, {"reply_state": "sought", **half})
        for half in ({"reply_sought_on": JUNE[0]}, {"reply_sought_how": "by e-mail"})
    ),
    Case(Statement, "statement_reply_waived_for_a_reason", StatementFactory, {"reply_state": "waived"}),
    Case(Statement, "statement_published_allegation_has_reply", published, {"allegation": True}),
    Case(ContextNote, "contextnote_of_one_record", ContextNoteFactory, {"statement": None}),
    Case(
        ContextNote,
        "contextnote_of_one_record",
        ContextNoteFactory,
        lambda _: {"contradiction": ContradictionFactory()},
    ),
    Case(ContextNote, "contextnote_has_text", ContextNoteFactory, {"text": ""}, said_by_field=True),
    Case(Reply, "reply_has_text", ReplyFactory, {"text": ""}, said_by_field=True),
    Case(Correction, "correction_of_one_record", CorrectionFactory, {"statement": None}),
    Case(Correction, "correction_of_one_record", CorrectionFactory, lambda _: {"speaker": SpeakerFactory()}),
    Case(Correction, "correction_has_reason", CorrectionFactory, {"reason": ""}, said_by_field=True),
    Case(Correction, "correction_decided_by_somebody", CorrectionFactory, {"state": "declined"}),
    Case(Correction, "correction_decided_by_somebody", CorrectionFactory, {"decided_at": NOW}),
    Case(
        Correction,
        "correction_decided_by_somebody",
        CorrectionFactory,
        lambda _: decided("declined", decided_at=None),
    ),
    Case(
        Correction,
        "correction_four_eyes",
        CorrectionFactory,
        lambda row: decided("applied", decided_by=row.proposed_by),
    ),
    Case(
        Correction,
        "correction_undone_once",
        CorrectionFactory,
        lambda row: {"undoes": CorrectionFactory(undoes=(done := CorrectionFactory())) and done},
    ),
    *(
        Case(
            Correction,
            f"correction_one_{kind}_of_{subject}",
            partial(CorrectionFactory, kind=kind, rows=[] if kind == "withdrawal" else [{"table": "claims_speaker"}]),
            partial(proposed_already, subject=subject, make=make),
        )
        for subject, kind, make in (
            ("statement", "withdrawal", partial(StatementFactory, status="published")),
            ("contradiction", "withdrawal", published_pair),
            ("topic", "withdrawal", TopicFactory),
            ("speaker", "merge", SpeakerFactory),
        )
    ),
    Case(FormerSlug, "formerslug_of_one_record", FormerSlugFactory, {"speaker": None}),
    Case(FormerSlug, "formerslug_of_one_record", FormerSlugFactory, lambda _: {"topic": TopicFactory()}),
    Case(FormerSlug, "formerslug_once_for_speakers", FormerSlugFactory, lambda _: {"slug": FormerSlugFactory().slug}),
    Case(
        FormerSlug,
        "formerslug_once_for_topics",
        lambda: FormerSlugFactory(speaker=None, topic=TopicFactory()),
        lambda _: {"slug": FormerSlugFactory(speaker=None, topic=TopicFactory()).slug},
    ),
    Case(Event, "event_action_known", event, {"action": NONSENSE}, said_by_field=True),
    Case(Report, "report_of_one_record", ReportFactory, {"statement": None}),
    Case(Report, "report_of_one_record", ReportFactory, lambda _: {"speaker": SpeakerFactory()}),
    Case(Report, "report_has_message", ReportFactory, {"message": ""}),
    Case(Report, "report_decided_by_somebody", ReportFactory, {"state": "spam"}),
    Case(Report, "report_decided_by_somebody", ReportFactory, {"outcome": "Nothing."}),
    Case(Report, "report_unchanged_for_a_reason", ReportFactory, lambda _: decided("unchanged")),
    Case(Report, "report_corrected_by_a_correction", ReportFactory, lambda _: decided("corrected")),
    Case(Alert, "alert_once", AlertFactory, lambda _: {"email": AlertFactory().email}),
    Case(
        SavedFilter,
        "savedfilter_name_once",
        SavedFilterFactory,
        lambda row: {"name": SavedFilterFactory(user=row.user).name},
    ),
    Case(SavedFilter, "savedfilter_has_name", SavedFilterFactory, {"name": ""}, said_by_field=True),
]


def test_every_constraint_has_a_case():
    """A constraint that nobody tried is a wish."""
    assert missing("claims", CASES) == set()


@pytest.mark.parametrize("case", each(CASES))
def test_form_refuses(case):
    assert_refused_in_a_form(case)


@pytest.mark.parametrize("case", each(CASES))
def test_database_refuses(case):
    assert_refused_by_the_database(case)


@pytest.mark.parametrize(
    "values",
    [
        said(Precision.DAY, JUNE[1], JUNE[1]),
        said(Precision.MONTH, *JUNE),
        said(Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        said(Precision.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
        said(Precision.RANGE, *JUNE),
        said(Precision.RANGE, JUNE[0], None),
        said(Precision.RANGE, None, JUNE[1]),
        {**said(Precision.UNKNOWN, None, None), "date_basis": DateBasis.UNRESOLVED},
        {"date_basis": DateBasis.EXTERNAL, "date_note": "The ministry's own site."},
    ],
)
def test_date_that_fits_is_let_through(values):
    """The constraints on dates refuse no form that edtf can read."""
    statement = dated()
    assert refusal(lambda: update_row(statement, **values)) is None
    statement.refresh_from_db()
    statement.full_clean()


@pytest.mark.parametrize("field", ["same_event", "same_time", "same_referent", "same_measure"])
def test_one_no_makes_a_conflict_apparent(field):
    pair = ContradictionFactory()
    values = {"finding": Finding.APPARENT_ONLY, field: ScopeAnswer.NO}
    assert refusal(lambda: update_row(pair, **values)) is None


def test_strict_contradiction_in_scope_is_let_through():
    pair = ContradictionFactory()
    assert refusal(lambda: update_row(pair, **scope(same_measure=ScopeAnswer.NOT_APPLICABLE))) is None


def test_withdrawn_pair_makes_room_for_another():
    """Whoever withdrew a pair by mistake can record it again."""
    gone = ContradictionFactory(status="withdrawn")
    again = ContradictionFactory.build(question=gone.question, first=gone.second, second=gone.first)
    again.full_clean()
    assert refusal(again.save) is None


def test_pair_may_differ_on_two_questions():
    pair = ContradictionFactory()
    assert refusal(lambda: ContradictionFactory(first=pair.first, second=pair.second)) is None


def test_quotes_may_touch_and_unfound_ones_may_share_a_place():
    """Half-open spans that touch share nothing, and words that were not found have no place."""
    quote = two_quotes()
    first = quote.statement.anchors.get(part=AnchorPart.QUOTE, order=0)
    touching = {"start": first.end, "exact": quote.statement.capture.text[first.end : quote.end]}
    assert refusal(lambda: update_row(quote, **touching)) is None
    assert refusal(lambda: update_row(quote, start=first.start, tier="not_found")) is None


def test_value_is_given_in_words_or_as_a_number():
    position = PositionFactory()
    assert refusal(lambda: update_row(position, stance=Stance.VALUE, value="Tuesday")) is None
    assert refusal(lambda: update_row(position, stance=Stance.VALUE, value="", number=2500, unit="soldiers")) is None
