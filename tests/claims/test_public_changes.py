"""What readers are told of a change, for each kind of row; and what they are never told."""

from datetime import date

import pytest

from claims import changesets
from claims.history_columns import PUBLIC
from claims.models import Anchor, ContextNote, Position, Reply, SpeakerName, Translation
from claims.public_changes import public_changes
from claims.public_labels import LABELS, SHOWN
from sources.acting import acting
from tests.factories import (
    AnchorFactory,
    ContextNoteFactory,
    PositionFactory,
    QuestionFactory,
    ReplyFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db

# Columns that are told with another one, or are no matter for readers.
UNTOLD = {
    "claims_statement": {"said_to", "precision", "approximate", "ref", "held_since"},
    "claims_contradiction": {"ref", "held_since"},
    "claims_topic": set(),
    "claims_question": {"topic_id", "order"},
    "claims_speaker": set(),
}
KEPT = {"id", "version", "status", "published_at", "without_second_reader"} | {
    f"{who}_by_id" for who in ("created", "last_edited", "approved")
}
KEPT |= {"approved_version", "approved_at"}


def told(work):
    """What is told of what this work would change."""
    with changesets.trial() as tried:
        work()
    return public_changes(tried.rows)


def update(table, key, before, after, record="statement", record_id=None):
    return {
        "table": table,
        "key": key,
        "action": "update",
        "before": before,
        "after": after,
        "record": record,
        "record_id": record_id or key,
    }


@pytest.mark.parametrize("table", LABELS)
def test_every_public_column_has_a_label_or_is_left_out_on_purpose(table):
    assert SHOWN[table] - LABELS[table].keys() - KEPT == UNTOLD[table]
    assert LABELS[table].keys() <= SHOWN[table]


def test_private_columns_are_never_told():
    statement, other = StatementFactory(status="published"), StatementFactory()
    before, after = {"note": "old", "same_words_as_id": None}, {"note": "secret", "same_words_as_id": other.pk}
    assert public_changes([update("claims_statement", statement.pk, before, after)]) == []
    anchor = statement.anchors.get()
    around = {"prefix": "secret", "suffix": "secret", "tier": "case", "checker": "secret"}
    row = update("claims_anchor", anchor.pk, dict.fromkeys(around, ""), around, record_id=statement.pk)
    assert public_changes([row]) == []
    assert "prefix" not in PUBLIC["claims_anchor"]


def test_columns_of_a_statement_in_readers_words():
    speaker, other = SpeakerFactory(name="Karim Nassar"), SpeakerFactory(name="Layla Haddad")
    statement = StatementFactory(status="published", speaker=speaker, capture__source__language="ar")
    row = update(
        "claims_statement",
        statement.pk,
        {"speaker_id": speaker.pk, "cue": "", "plural_claimed": False, "mode": "indirect", "reply_sought_on": None},
        {
            "speaker_id": other.pk,
            "cue": "نفى",
            "plural_claimed": True,
            "mode": "direct",
            "reply_sought_on": "2026-11-20",
        },
    )
    assert public_changes([row]) == [
        {"label": "Speaker", "before": "Karim Nassar", "after": "Layla Haddad"},
        {"label": "Form", "before": "Paraphrase", "after": "Quotation"},
        {"label": "Cue", "before": "", "after": "نفى", "language": "ar"},
        {"label": "Said to be several people", "before": "no", "after": "yes"},
        {"label": "Asked for a reply on", "before": "", "after": "20 November 2026"},
    ]


def test_columns_of_a_date_are_told_as_one_date():
    day = date(2024, 8, 15)
    statement = StatementFactory(
        status="published", said_from=day, said_to=day, precision="day", date_basis="in_text", approximate=False
    )
    row = update(
        "claims_statement",
        statement.pk,
        {"said_from": "2024-08-15", "said_to": "2024-08-15", "precision": "day"},
        {"said_from": "2024-08-01", "said_to": "2024-08-31", "precision": "month"},
    )
    assert public_changes([row]) == [{"label": "When", "before": "15 August 2024", "after": "August 2024"}]


def test_columns_of_a_pair():
    pair = published_pair()
    row = update(
        "claims_contradiction",
        pair.pk,
        {"finding": "in_tension", "mechanisms": [], "same_event": "unclear"},
        {"finding": "contradicts", "mechanisms": ["negation", "factive"], "same_event": "yes"},
        record="contradiction",
    )
    assert public_changes([row]) == [
        {"label": "Finding", "before": "In tension", "after": "Contradiction"},
        {"label": "Do both speak of the same event?", "before": "Unclear", "after": "Yes"},
        {"label": "What conflicts", "before": "", "after": "Negation; Presupposition"},
    ]


def test_position_is_told_under_its_question():
    statement = StatementFactory(status="published", content="we sent five men")
    question = QuestionFactory(text="How many were sent?", topic__slug="the-men")

    def answer():
        values = {"stance": "value", "number": 5, "unit": "men", "words": "five men", "gist": "a few"}
        PositionFactory(statement=statement, question=question, **values)

    assert told(answer) == [
        {
            "label": "Position on “How many were sent?”",
            "before": "",
            "after": "Says: 5 men: a few (“five men”)",
            "topic": "the-men",
        }
    ]
    answer()
    position = Position.objects.get()
    row = update("claims_position", position.pk, {"number": 5.0}, {"number": 7.5}, record_id=statement.pk)
    assert [(each["before"], each["after"]) for each in public_changes([row])] == [
        ("Says: 5 men: a few (“five men”)", "Says: 7.5 men: a few (“five men”)")
    ]


def test_position_on_a_question_that_the_change_adds():
    topic = TopicFactory(slug="added")
    statement = StatementFactory(status="published")
    changes = told(
        lambda: PositionFactory(statement=statement, question=QuestionFactory(topic=topic, text="New?"), words="")
    )
    assert {"label": "Position on “New?”", "before": "", "after": "Yes", "topic": "added"} in changes
    assert {"label": "Question", "before": "", "after": "New?"} in changes


def test_parts_with_words_of_their_own():
    statement = StatementFactory(status="published", content="the talks were halted", language="en")

    def work():
        TranslationFactory(statement=statement, text="أوقفت المحادثات")
        ReplyFactory(statement=statement, party="The ministry", text="لا", language="ar", url="https://m.example/")
        ContextNoteFactory(statement=statement, text="It met twice.", url="https://n.example/")
        AnchorFactory(statement=statement, part="quote", exact="halted")

    reply = {"label": "Reply of The ministry", "before": ""}
    assert told(work) == [
        {"label": "Translation (ar)", "before": "", "after": "أوقفت المحادثات", "language": "ar"},
        {**reply, "after": "لا", "language": "ar"},
        {**reply, "label": "Reply of The ministry, received", "after": "3 June 2024"},
        {**reply, "label": "Reply of The ministry, published at", "after": "https://m.example/"},
        {"label": "Context", "before": "", "after": "It met twice. (https://n.example/)"},
        {"label": "Quoted words", "before": "", "after": "halted", "language": "en"},
    ]
    assert (Translation.objects.count(), Reply.objects.count(), ContextNote.objects.count()) == (0, 0, 0)


def test_passage_put_in_anew_is_one_change():
    statement = StatementFactory(status="published", content="the talks were halted", quotes=["talks"])

    def work():
        Anchor.objects.filter(part="quote").delete()
        AnchorFactory(statement=statement, part="quote", exact="talks were")

    assert told(work) == [{"label": "Quoted words", "before": "talks", "after": "talks were", "language": "en"}]


def test_links_between_records():
    topic, joint, answered = TopicFactory(title="The story", slug="the-story"), SpeakerFactory(), StatementFactory()
    statement, public = StatementFactory(status="published"), StatementFactory(status="published")

    def work():
        statement.topics.add(topic, TopicFactory(status="draft", title="A draft"))
        statement.further_speakers.add(joint)
        statement.in_reply_to.add(answered, public)

    assert sorted(told(work), key=lambda each: each["label"]) == [
        {"label": "Answers", "before": "", "after": f"statement {public.ref}"},
        {"label": "Said jointly with", "before": "", "after": joint.name},
        {"label": "Topic", "before": "", "after": "The story", "topic": "the-story"},
    ]


def test_position_on_a_draft_topic_is_not_told():
    statement = StatementFactory(status="published")
    hidden = QuestionFactory(topic__status="draft", text="A canaryquestion?")
    assert told(lambda: PositionFactory(statement=statement, question=hidden)) == []


def test_drafts_that_a_merge_changes_are_not_told(editor):
    one, other = SpeakerFactory(name="One"), SpeakerFactory(name="Other")
    draft, public = StatementFactory(speaker=one), [StatementFactory(status="published", speaker=one) for _ in "ab"]
    rows = [
        update(
            "claims_statement",
            s.pk,
            {"speaker_id": one.pk, "content": s.content},
            {"speaker_id": other.pk, "content": words},
        )
        for s, words in [(draft, "a canary"), *((s, s.content) for s in public)]
    ]
    rows.append(update("claims_speaker", one.pk, {"merged_into_id": None}, {"merged_into_id": other.pk}, "speaker"))
    assert public_changes(rows) == [
        {"label": "Speaker", "before": "One", "after": "Other"},
        {"label": "The same as", "before": "", "after": "Other"},
    ]


def test_names_of_a_speaker():
    speaker = SpeakerFactory()
    with acting(), changesets.trial() as tried:
        SpeakerNameFactory(speaker=speaker, text="كريم", language="ar")
    assert public_changes(tried.rows) == [{"label": "Another name", "before": "", "after": "كريم", "language": "ar"}]
    assert not SpeakerName.objects.exists()
