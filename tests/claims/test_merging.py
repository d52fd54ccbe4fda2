"""Two speakers who are one: what moves, what is refused, where the old address leads, and all of it taken back."""

import json

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.urls import reverse

from claims import corrections, merging
from claims.choices import CorrectionKind, NameKind
from claims.models import Speaker, SpeakerName, Statement
from tests.factories import (
    OutletSpeakerFactory,
    PositionFactory,
    ReplyFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    UnnamedSpeakerFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db

BOOKKEEPING = ("version", "last_edited_by", "approved_by", "approved_version")


@pytest.fixture
def two():
    """A speaker found in every place that names one, and the speaker who they are."""
    loser = SpeakerFactory(name="Mohammed al-Sudani", slug="m-al-sudani")
    winner = SpeakerFactory(name="Mohammed Shia al-Sudani", slug="mohammed-shia-al-sudani", parent=loser)
    public = {"status": "published"}
    StatementFactory(speaker=loser, **public)
    StatementFactory(speaker=loser)
    StatementFactory(on_behalf_of=loser, **public)
    StatementFactory(relays=loser, relay_certainty="explicit", **public)
    StatementFactory(further_speakers=[loser], **public)
    joint = StatementFactory(speaker=winner, further_speakers=[loser], **public)
    StatementFactory(speaker=loser, further_speakers=[winner], **public)
    PositionFactory(statement=joint)
    ReplyFactory(statement=StatementFactory(**public), speaker=loser)
    SpeakerNameFactory(speaker=loser, text="Sudani")
    SpeakerNameFactory(speaker=loser, text="PM")
    SpeakerNameFactory(speaker=winner, text="PM")
    SpeakerFactory(parent=loser)
    published_pair(first__speaker=loser, second__speaker=winner)
    return loser, winner


def dump():
    """Every row of claims in a file's form, without what counts versions and names hands."""
    kinds = ("Speaker", "SpeakerName", "Statement", "Position", "Reply", "Contradiction", "Topic", "Anchor")
    from claims import models

    rows = [row for kind in kinds for row in getattr(models, kind).objects.order_by("pk")]
    told = json.loads(serializers.serialize("json", rows))
    for row in told:
        for name in BOOKKEEPING:
            row["fields"].pop(name, None)
    # Rows of links have keys of their own, which no file holds.
    return told


def merged(two, editor, publisher):
    proposal = merging.propose(*two, reason="They are one and the same.", by=editor)
    corrections.apply(proposal, by=publisher)
    return proposal


def test_everything_moves(two, editor, publisher):
    loser, winner = two
    proposal = merged(two, editor, publisher)
    loser.refresh_from_db()
    winner.refresh_from_db()
    assert (proposal.kind, proposal.subject, loser.merged_into) == (CorrectionKind.MERGE, loser, winner)
    assert winner.parent is None
    assert not Statement.objects.filter(
        merging.Q(speaker=loser) | merging.Q(on_behalf_of=loser) | merging.Q(relays=loser)
    )
    assert not loser.joint_statements.exists()
    assert not loser.replies_sent.exists()
    assert not loser.parts.exists()
    assert Statement.objects.filter(pk__in=merging.voiced_by(winner)).count() == 7
    # Who says it jointly with themselves says it alone.
    assert not Statement.objects.filter(speaker=winner, further_speakers=winner).exists()
    assert sorted(winner.names.values_list("text", "kind")) == [
        ("Mohammed al-Sudani", NameKind.SHORT),
        ("PM", NameKind.SHORT),
        ("Sudani", NameKind.SHORT),
    ]
    assert not Statement.objects.exclude(status="published").exclude(status="draft").exists()


def test_undo_brings_everything_back(two, editor, publisher):
    before = dump()
    proposal = merged(two, editor, publisher)
    assert dump() != before
    corrections.apply(corrections.propose_undo(proposal, reason="They are two.", by=editor), by=publisher)
    assert dump() == before


def test_proposal_changes_nothing(two, editor, publisher):
    before = dump()
    merging.propose(*two, reason="They are one and the same.", by=editor)
    assert dump() == before


def test_preview_lists_what_moves_and_what_to_look_at(two, django_assert_num_queries):
    with django_assert_num_queries(9):
        shown = merging.preview(*two)
    assert {label: len(rows) for label, rows in shown.moves} == {
        "Statements": 4,
        "Joint statements, as a further speaker": 2,
        "Statements by somebody who speaks for them": 1,
        "Statements that pass on their words": 1,
        "Statements to which they replied": 1,
        "Other names": 2,
        "Bodies and people that belong to them": 1,
    }
    assert shown.refusals == ()
    assert [note.split(":")[0] for note in shown.notes] == [
        "Said by both jointly",
        "Pairs that set the two against each other",
    ]


@pytest.mark.parametrize("make", [UnnamedSpeakerFactory, OutletSpeakerFactory])
def test_unnamed_speakers_and_outlets_are_not_merged(make, editor, publisher):
    other = SpeakerFactory()
    for pair in ((make(), other), (other, make())):
        with pytest.raises(ValidationError) as refused:
            merging.propose(*pair, reason="They are one.", by=editor)
        assert len(refused.value.messages) == 1


def test_who_is_merged_is_not_merged_again(two, editor, publisher):
    merged(two, editor, publisher)
    loser, winner = (Speaker.objects.get(pk=speaker.pk) for speaker in two)
    for pair in ((loser, SpeakerFactory()), (SpeakerFactory(), loser), (winner, loser), (winner, winner)):
        with pytest.raises(ValidationError):
            merging.propose(*pair, reason="They are one.", by=editor)


def test_speaker_without_statements_is_merged_too(editor, publisher):
    loser, winner = SpeakerFactory(name="Same", slug="same-1"), SpeakerFactory(name="Same", slug="same-2")
    merged((loser, winner), editor, publisher)
    loser.refresh_from_db()
    assert (loser.merged_into, SpeakerName.objects.exists()) == (winner, False)


def test_old_address_leads_on(two, editor, publisher, reader):
    loser, winner = two
    third = SpeakerFactory(slug="third")
    merged(two, editor, publisher)
    winner.refresh_from_db()
    merged((winner, third), editor, publisher)
    for slug in (loser.slug, winner.slug):
        answer = reader.get(reverse("speaker_detail", args=[slug]), {"utm_source": "x"})
        assert (answer.status_code, answer["Location"]) == (301, "/speakers/third/?utm_source=x")
        assert "max-age" in answer["Cache-Control"]
    answer = reader.get("/statements/", {"speaker": [loser.slug, "third"], "sort": "oldest"})
    assert (answer.status_code, answer["Location"]) == (301, "/statements/?speaker=third&sort=oldest")
    other = StatementFactory(status="published").speaker.slug
    topic = published_pair().question.topic.slug
    answer = reader.get("/compare/", {"topic": topic, "speaker": [loser.slug, other]})
    assert answer["Location"] == f"/compare/?topic={topic}&speaker=third&speaker={other}"


def test_who_is_merged_is_in_no_list(two, editor, publisher, reader, signed_in):
    merged(two, editor, publisher)
    for address in ("/speakers/", "/sitemaps/speakers.xml", "/api/v1/speakers", "/compare/", "/statements/"):
        assert "m-al-sudani" not in reader.get(address).content.decode()
    found = signed_in(editor).get(
        reverse("admin:claims_speaker_options"),
        {
            "term": "Sudani",
            "app_label": "claims",
            "model_name": "statement",
            "field_name": "speaker",
        },
    )
    assert [each["text"] for each in found.json()["results"]] == ["Mohammed Shia al-Sudani (person)"]


def test_contributor_who_may_not_propose_is_refused(two, auditor, publisher):
    with pytest.raises(ValidationError, match="role"):
        merging.propose(*two, reason="They are one.", by=auditor)
