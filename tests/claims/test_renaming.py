"""A new address: the old one leads on for ever, belongs to nobody else, and can be had back."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from claims import corrections
from claims.models import FormerSlug, Speaker, Topic
from claims.renaming import rename
from tests.factories import SpeakerFactory, StatementFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def speaker():
    return StatementFactory(status="published", speaker__slug="first-name").speaker


def test_speaker_is_renamed_and_renamed_back(speaker, editor, reader):
    rename(speaker, "second-name", by=editor)
    rename(speaker, "third-name", by=editor)
    for slug in ("first-name", "second-name"):
        answer = reader.get(f"/speakers/{slug}/?page=2")
        assert (answer.status_code, answer["Location"]) == (301, "/speakers/third-name/?page=2")
    rename(speaker, "first-name", by=editor)
    assert reader.get("/speakers/first-name/").status_code == 200
    assert reader.get("/speakers/third-name/")["Location"] == "/speakers/first-name/"


def test_former_address_is_nobody_elses(speaker, editor):
    rename(speaker, "second-name", by=editor)
    for slug in ("first-name", "second-name"):
        with pytest.raises(ValidationError, match="leads, or led, to another record"):
            rename(SpeakerFactory(), slug, by=editor)
    for write in (
        lambda: SpeakerFactory(slug="first-name"),
        lambda: Speaker.objects.bulk_create([Speaker(name="Other", slug="first-name")]),
        lambda: FormerSlug.objects.create(slug="second-name", speaker=SpeakerFactory()),
    ):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            write()
        assert refused.value.__cause__.diag.constraint_name == "former_address_is_kept"


def test_published_topic_is_renamed_by_two(editor, publisher, reader):
    topic = TopicFactory(slug="first-name")
    with pytest.raises(ValidationError):
        rename(topic, "second-name", by=editor)
    proposal = rename(topic, "second-name", by=editor, reason="The first was misleading.")
    assert Topic.objects.get().slug == "first-name"
    corrections.apply(proposal, by=publisher)
    for page in ("", "history/"):
        answer = reader.get(f"/topics/first-name/{page}?as_of=2026-01-01")
        assert (answer.status_code, answer["Location"]) == (301, f"/topics/second-name/{page}?as_of=2026-01-01")
    answer = reader.get("/statements/?topic=first-name&mode=direct")
    assert answer["Location"] == "/statements/?topic=second-name&mode=direct"
    topic.refresh_from_db()
    corrections.apply(rename(topic, "first-name", by=editor, reason="It was not."), by=publisher)
    assert reader.get("/topics/first-name/").status_code == 200


def test_former_address_of_a_draft_is_unknown(editor, reader):
    topic = TopicFactory(status="draft", slug="first-name")
    FormerSlug.objects.create(slug="older-name", topic=topic)
    assert reader.get("/topics/older-name/").status_code == 404
    assert reader.get("/topics/nobody-has-it/").status_code == 404


@pytest.mark.parametrize("slug", ["", "two words", "x" * 101, "first-name"])
def test_bad_address_is_refused(speaker, editor, slug):
    with pytest.raises(ValidationError):
        rename(speaker, slug, by=editor)


def test_auditor_renames_nobody(speaker, auditor):
    with pytest.raises(ValidationError, match="role"):
        rename(speaker, "second-name", by=auditor)
