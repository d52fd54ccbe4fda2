"""What a failed check holds back is shown again by an editor's own decision, and only where its words are found."""

import pytest
from django.urls import reverse

from claims.choices import AnchorPart
from claims.models import Statement
from sources.choices import SourceState, Tier
from sources.keeping import keep
from sources.models import Source
from tests.factories import SpeakerFactory, StatementFactory, published_pair

pytestmark = pytest.mark.django_db


def step(statement):
    return reverse("admin:claims_statement_step", args=[statement.pk, "release"])


def form(client, statement):
    return client.get(reverse("admin:claims_statement_change", args=[statement.pk])).content.decode()


def test_a_held_statement_says_why_and_is_shown_again(signed_in, editor, reader):
    statement = published_pair().first
    Source.objects.filter(pk=statement.capture.source_id).update(state=SourceState.RETRACTED)
    client = signed_in(editor)
    assert "The source was retracted by its publisher." in form(client, statement)
    assert 'name="_step" value="release"' in form(client, statement)
    assert "Readers will see this again:" in client.get(step(statement)).content.decode()
    assert reader.get(statement.get_absolute_url()).status_code == 404, "a GET should decide nothing"
    client.post(step(statement))
    assert reader.get(statement.get_absolute_url()).status_code == 200
    assert 'value="release"' not in form(client, statement)


def test_words_that_only_a_newer_copy_lacks_are_shown_again(signed_in, editor, reader):
    """The page that asks knows what the step will find: the words stand in the statement's own copy."""
    statement = published_pair().first
    keep(statement.capture.source, "Written anew.", method="pasted", rights="short_excerpts")
    client = signed_in(editor)
    page = form(client, statement)
    assert "Held back: it is published, and readers do not see it until you decide." in page
    assert "View on site" not in page
    asked = client.get(step(statement)).content.decode()
    assert "Before it can be published" not in asked
    assert 'name="_confirmed"' in asked
    assert reader.get(statement.get_absolute_url()).status_code == 404, "a GET should decide nothing"
    client.post(step(statement))
    assert reader.get(statement.get_absolute_url()).status_code == 200


def test_words_that_are_still_not_found_stay_back(signed_in, editor):
    statement = published_pair().first
    statement.anchors.filter(part=AnchorPart.CONTENT).update(tier=Tier.CHANGED, exact="other words")
    answer = signed_in(editor).post(step(statement), follow=True).content.decode()
    assert "Not done (show again): The statement&#x27;s words are not found in the captured text" in answer
    assert Statement.objects.get(pk=statement.pk).held_since is not None


def test_a_joint_speaker_is_not_deleted(signed_in, publisher):
    speaker = SpeakerFactory()
    StatementFactory(status="published").further_speakers.add(speaker)
    address = reverse("admin:claims_speaker_delete", args=[speaker.pk])
    assert signed_in(publisher).post(address, {"post": "yes"}).status_code == 403
    assert Statement.objects.get().further_speakers.get() == speaker
