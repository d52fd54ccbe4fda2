"""The desk's two pages about where a record is found: a new address, and two speakers who are one."""

import pytest
from django.urls import reverse

from claims.models import Correction, Speaker, Topic
from tests.claims.admin.desk_page import desk_tree
from tests.factories import SpeakerFactory, StatementFactory, TopicFactory, UnnamedSpeakerFactory
from tests.markup import by_class, links, text, texts

pytestmark = pytest.mark.django_db


def view(name, record):
    return reverse(f"admin:claims_{record._meta.model_name}_{name}", args=[record.pk])


@pytest.fixture
def two():
    loser = StatementFactory(status="published", speaker__name="M. al-Sudani").speaker
    return loser, SpeakerFactory(name="Mohammed Shia al-Sudani")


def test_room_leads_to_both(signed_in, editor, two):
    page = desk_tree(signed_in(editor).get(view("change", two[0])))
    assert {view("merge", two[0]), view("address", two[0])} <= set(links(page))
    topic = desk_tree(signed_in(editor).get(view("change", TopicFactory())))
    assert "New address…" in text(topic)


def test_merger_is_shown_first_and_then_proposed(signed_in, editor, publisher, two):
    loser, winner = two
    client = signed_in(editor)
    page = client.post(view("merge", loser), {"winner": winner.pk, "preview": "1"})
    assert page.status_code == 200
    assert "What moves to Mohammed Shia al-Sudani" in text(desk_tree(page))
    assert not Correction.objects.exists()
    told = {"winner": winner.pk, "reason": "One person, spelt twice."}
    answer = client.post(view("merge", loser), told, follow=True)
    assert "Proposed; a second person must approve it." in text(desk_tree(answer))
    assert [(c.kind, c.subject) for c in Correction.objects.all()] == [("merge", loser)]
    assert Speaker.objects.get(pk=loser.pk).merged_into is None


def test_merger_that_cannot_be_says_why(signed_in, editor, publisher, two):
    page = signed_in(editor).post(view("merge", two[0]), {"winner": UnnamedSpeakerFactory().pk, "preview": "1"})
    assert "is the descriptor of one source" in texts(by_class(desk_tree(page), "errornote"))[0]
    assert ">Propose<" not in page.content.decode()


def test_merger_needs_a_reason(signed_in, editor, publisher, two):
    page = signed_in(editor).post(view("merge", two[0]), {"winner": two[1].pk, "reason": " "})
    assert (page.status_code, Correction.objects.count()) == (200, 0)


def test_new_address_of_a_speaker(signed_in, editor, two):
    answer = signed_in(editor).post(view("address", two[0]), {"slug": "sudani"})
    assert answer.status_code == 302
    assert Speaker.objects.get(pk=two[0].pk).slug == "sudani"
    page = signed_in(editor).post(view("address", two[1]), {"slug": two[0].slug})
    assert "leads, or led, to another record" in text(desk_tree(page))


def test_new_address_of_a_topic_is_proposed(signed_in, editor, publisher):
    topic = TopicFactory(slug="before")
    page = signed_in(editor).post(view("address", topic), {"slug": "after"})
    assert "This field is required" in text(desk_tree(page))
    signed_in(editor).post(view("address", topic), {"slug": "after", "reason": "It was misleading."})
    assert (Topic.objects.get().slug, Correction.objects.get().subject) == ("before", topic)


@pytest.mark.parametrize("name", ["merge", "address"])
def test_others_are_refused(signed_in, auditor, administrator, two, name):
    for person in (auditor, administrator):
        assert signed_in(person).get(view(name, two[0])).status_code == 403
    assert signed_in(auditor).get(view(name, two[0]).replace(str(two[0].pk), "99999")).status_code == 404
