"""What a failed check holds back is shown again by a publisher's own decision, and only where its words are found."""

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


def test_a_held_statement_says_why_and_is_shown_again(signed_in, publisher, reader):
    statement = published_pair().first
    Source.objects.filter(pk=statement.capture.source_id).update(state=SourceState.RETRACTED)
    client = signed_in(publisher)
    assert "The source was retracted by its publisher." in form(client, statement)
    assert f'href="{step(statement)}"' in form(client, statement)
    assert "Readers will see this again" in client.get(step(statement)).content.decode()
    assert reader.get(statement.get_absolute_url()).status_code == 404, "a GET should decide nothing"
    client.post(step(statement))
    assert reader.get(statement.get_absolute_url()).status_code == 200
    assert f'href="{step(statement)}"' not in form(client, statement)


def test_words_that_only_a_newer_copy_lacks_are_shown_again(signed_in, publisher, reader):
    """The page that asks knows what the step will find: the words stand in the statement's own copy."""
    statement = published_pair().first
    keep(statement.capture.source, "Written anew.", method="pasted", rights="short_excerpts")
    client = signed_in(publisher)
    page = form(client, statement)
    assert "Held back: it is published, and readers do not see it until a publisher decides." in page
    assert "View on site" not in page
    asked = client.get(step(statement)).content.decode()
    assert "Put right first" not in asked
    assert ">Show again</button>" in asked
    assert reader.get(statement.get_absolute_url()).status_code == 404, "a GET should decide nothing"
    client.post(step(statement))
    assert reader.get(statement.get_absolute_url()).status_code == 200


def test_words_that_are_still_not_found_stay_back(signed_in, publisher):
    statement = published_pair().first
    statement.anchors.filter(part=AnchorPart.CONTENT).update(tier=Tier.CHANGED, exact="other words")
    answer = signed_in(publisher).post(step(statement))
    assert answer.status_code == 400
    assert "The statement&#x27;s words are not found in the captured text" in answer.content.decode()
    assert Statement.objects.get(pk=statement.pk).held_since is not None


def test_a_joint_speaker_is_not_deleted(signed_in, publisher):
    speaker = SpeakerFactory()
    StatementFactory(status="published").further_speakers.add(speaker)
    address = reverse("admin:claims_speaker_delete", args=[speaker.pk])
    assert signed_in(publisher).post(address, {"post": "yes"}).status_code == 403
    assert Statement.objects.get().further_speakers.get() == speaker
