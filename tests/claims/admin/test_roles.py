"""Who sees and does what at the desk: lists, choices, hints and forms, for each role."""

import pytest
from django.urls import reverse

from claims.models import Contradiction, Event, Statement, Topic
from sources.acting import acting
from tests.claims.admin.filling import Desk, errors
from tests.factories import (
    CaptureFactory,
    ContradictionFactory,
    PositionFactory,
    QuestionFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db


def drafts_of(user, label):
    """A draft topic, statement and pair of this user's hand, each with `label` in it."""
    with acting(by=user):
        topic = TopicFactory(title=f"Topic {label}", status="draft")
        capture = CaptureFactory(text=f"He said the {label} talks were halted.")
        statement = StatementFactory(content=f"the {label} talks were halted", capture=capture)
        question = QuestionFactory(topic=topic, text=f"Question {label}?")
        pair = ContradictionFactory(question=question, first=statement, explanation=f"They part: {label}.")
    return topic, statement, pair


@pytest.fixture
def hidden(editor):
    return drafts_of(editor, "zebra")


@pytest.fixture
def shown():
    return published_pair()


ROOMS = ["claims/statement/", "claims/contradiction/", "claims/topic/", "claims/question/"]
LOOKS_FOR = [
    "claims/statement/options/?app_label=claims&model_name=contradiction&field_name=first&term=zebra",
    "claims/topic/options/?app_label=claims&model_name=statement&field_name=topics&term=zebra",
    "claims/question/options/?app_label=claims&model_name=position&field_name=question&term=zebra",
    "autocomplete/?app_label=claims&model_name=contradiction&field_name=first&term=zebra",
    "autocomplete/?app_label=claims&model_name=statement&field_name=topics&term=zebra",
]


def places(hidden):
    """Every page of the desk on which a draft could be named."""
    _, statement, _ = hidden
    return [
        *ROOMS,
        *LOOKS_FOR,
        f"sources/capture/{statement.capture_id}/change/",
        f"sources/source/{statement.capture.source_id}/change/",
        f"claims/speaker/{statement.speaker_id}/change/",
        "claims/statement/add/",
        "claims/contradiction/add/",
        f"claims/contradiction/add/?first={statement.pk}",
        "claims/correction/",
        "",
    ]


@pytest.mark.parametrize("role", ["contributor", "importer"])
def test_no_page_names_a_draft_of_somebody_else(request, signed_in, hidden, shown, role):
    client = signed_in(request.getfixturevalue(role))
    for place in places(hidden):
        response = client.get(f"/admin/{place}")
        body = response.content.decode()
        # The capture's own text is shared material; whoever reads it finds the words, and no record of them.
        if "sources/capture" not in place:
            assert "zebra" not in body.replace("term=zebra", ""), place
        assert hidden[1].ref not in body, place
        assert f"/statement/{hidden[1].pk}/" not in body, place


@pytest.mark.parametrize("role", ["editor", "publisher", "auditor"])
def test_who_reads_drafts_finds_them(request, signed_in, hidden, role):
    client = signed_in(request.getfixturevalue(role))
    seen = {place: "zebra" in client.get(f"/admin/{place}").content.decode() for place in [*ROOMS, *LOOKS_FOR]}
    assert seen == dict.fromkeys([*ROOMS, *LOOKS_FOR], True)


def addresses(record):
    """The pages of one record, and what it must answer to whoever may not know of it."""
    name = record._meta.model_name
    return [
        f"/admin/claims/{name}/{record.pk}/{page}/" for page in ("change", "history", "step/publish", "step/submit")
    ]


@pytest.mark.parametrize("role", ["contributor", "importer"])
def test_addresses_of_a_draft_of_somebody_else_answer_as_unknown_ones_do(request, signed_in, hidden, role):
    client = signed_in(request.getfixturevalue(role))
    for record in hidden:
        for address in addresses(record):
            unknown = client.get(address.replace(f"/{record.pk}/", "/987654/"))
            found = client.get(address)
            assert (found.status_code, found.headers.get("Location")) == (
                unknown.status_code,
                unknown.headers.get("Location"),
            ), address
            assert found.status_code in {302, 403, 404}, address
    words = client.get(f"/admin/claims/statement/{hidden[1].pk}/words/")
    assert words.status_code == 404


def test_administrator_sees_no_record_room(signed_in, administrator, hidden, shown):
    client = signed_in(administrator)
    for place in [*ROOMS, "sources/source/", "sources/capture/", "claims/correction/", "claims/speaker/"]:
        assert client.get(f"/admin/{place}").status_code == 403, place
    for record in (*hidden, shown):
        assert 200 not in {client.get(address).status_code for address in addresses(record)}


def test_superuser_gets_nothing(signed_in, django_user_model, hidden):
    client = signed_in(django_user_model.objects.create_superuser("root", password="root"))
    for place in ROOMS:
        assert client.get(f"/admin/{place}").status_code == 302, place


def test_auditor_reads_everything_and_changes_nothing(signed_in, auditor, hidden, shown):
    client = signed_in(auditor)
    before = Event.objects.count()
    for record in (*hidden, shown, shown.first):
        name = record._meta.model_name
        page = client.get(f"/admin/claims/{name}/{record.pk}/change/")
        assert page.status_code == 200
        assert b'name="_save"' not in page.content
        assert client.post(f"/admin/claims/{name}/{record.pk}/change/", {"note": "x"}).status_code == 403
        for step in ("publish", "submit", "hold", "withdraw"):
            assert client.post(f"/admin/claims/{name}/{record.pk}/step/{step}/", {"reason": "x"}).status_code == 403
    assert Event.objects.count() == before


def test_contributor_edits_own_draft_alone(signed_in, contributor, editor):
    other = drafts_of(editor, "zebra")[1]
    with acting(by=contributor):
        mine = StatementFactory()
    desk = Desk(signed_in(contributor))
    response = desk.send(f"claims/statement/{mine.pk}/change/", role_text="Minister")
    assert errors(response) == []
    mine.refresh_from_db()
    assert (mine.role_text, mine.created_by, mine.last_edited_by) == ("Minister", contributor, contributor)
    assert desk.get(f"claims/statement/{other.pk}/change/").status_code == 302


def test_contributor_chooses_no_draft_of_somebody_else(signed_in, contributor, hidden):
    with acting(by=contributor):
        mine = StatementFactory()
    desk = Desk(signed_in(contributor))
    response = desk.send(f"claims/statement/{mine.pk}/change/", in_reply_to=[hidden[1].pk], topics=[hidden[0].pk])
    assert response.status_code == 200
    assert set(response.context["adminform"].form.errors) == {"in_reply_to", "topics"}
    assert not Statement.objects.filter(in_reply_to=hidden[1].pk).exists()


def test_what_an_editor_linked_to_an_own_draft_stays_linked(signed_in, contributor, hidden):
    with acting(by=contributor):
        mine = StatementFactory(topics=[hidden[0]])
        PositionFactory(statement=mine, question=hidden[0].questions.get())
    Desk(signed_in(contributor)).send(f"claims/statement/{mine.pk}/change/", role_text="Minister")
    mine.refresh_from_db()
    assert (mine.role_text, list(mine.topics.all()), mine.positions.count()) == ("Minister", [hidden[0]], 1)


def test_hint_of_words_recorded_already_is_kept_from_who_may_not_read_them(signed_in, contributor, editor):
    capture, speaker = CaptureFactory(text="He said the talks were halted."), SpeakerFactory()
    with acting(by=editor):
        other = StatementFactory(capture=capture, speaker=speaker, content="the talks were halted")
    typed = {"capture": capture.pk, "speaker": speaker.pk, "content": "the talks were halted", "language": "en"}
    told = {}
    for user in (contributor, editor):
        response = Desk(signed_in(user)).send("claims/statement/add/", **typed)
        assert errors(response) == []
        told[user] = other.ref in "".join(str(message) for message in response.context["messages"])
    assert told == {contributor: False, editor: True}


def test_nothing_that_was_public_is_deleted(signed_in, publisher, shown, hidden):
    client = signed_in(publisher)
    for record in (shown, shown.first, shown.question.topic):
        url = reverse(f"admin:claims_{record._meta.model_name}_delete", args=[record.pk])
        assert client.post(url, {"post": "yes"}).status_code == 403
    pair = hidden[2]
    url = reverse("admin:claims_contradiction_delete", args=[pair.pk])
    pair.refresh_from_db()
    client.post(url, {"post": "yes", "seen_version": pair.version})
    assert not Contradiction.objects.filter(pk=pair.pk).exists()
    assert Topic.objects.filter(pk=shown.question.topic_id).exists()
