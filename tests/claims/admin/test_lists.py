"""The desk's lists and steps: constant queries, who may do what, nothing by accident."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.choices import Status
from claims.models import Contradiction, Statement, Topic
from sources.acting import acting
from tests.claims.admin.filling import errors, told
from tests.factories import (
    CaptureFactory,
    ContradictionFactory,
    OccasionFactory,
    PositionFactory,
    QuestionFactory,
    SideFactory,
    SourceFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    UnnamedSpeakerFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db

ROOMS = {
    "sources/outlet": lambda: SourceFactory().outlet,
    "sources/source": lambda: CaptureFactory().source,
    "sources/capture": CaptureFactory,
    "claims/side": SideFactory,
    "claims/speaker": lambda: UnnamedSpeakerFactory(only_in=SourceFactory()),
    "claims/topic": lambda: QuestionFactory().topic,
    "claims/question": QuestionFactory,
    "claims/occasion": OccasionFactory,
    "claims/statement": lambda: StatementFactory(topics=[TopicFactory()]),
    "claims/contradiction": ContradictionFactory,
}

# Each room that others choose from, and a field that does.
CHOSEN_IN = {
    "sources/outlet": ("sources", "source", "outlet"),
    "sources/source": ("sources", "capture", "source"),
    "sources/capture": ("claims", "statement", "capture"),
    "claims/side": ("claims", "speaker", "side"),
    "claims/speaker": ("claims", "statement", "speaker"),
    "claims/topic": ("claims", "question", "topic"),
    "claims/question": ("claims", "position", "question"),
    "claims/occasion": ("claims", "statement", "occasion"),
    "claims/statement": ("claims", "contradiction", "first"),
}


@pytest.mark.parametrize("room", ROOMS)
def test_a_list_costs_the_same_for_one_row_and_for_three(boss, room, django_assert_num_queries):
    make = ROOMS[room]
    make()
    one = count(boss, f"{room}/")
    make()
    make()
    with django_assert_num_queries(one):
        assert boss.get(f"{room}/").status_code == 200
    assert boss.get(f"{room}/", q="a\x00'").status_code == 200


@pytest.mark.parametrize("room", CHOSEN_IN)
def test_choices_cost_the_same_for_one_row_and_for_three(boss, room, django_assert_num_queries):
    asked = dict(zip(("app_label", "model_name", "field_name"), CHOSEN_IN[room], strict=True))
    make = ROOMS[room]
    make()
    one = count(boss, f"{room}/options/", **asked)
    make()
    make()
    with django_assert_num_queries(one):
        response = boss.get(f"{room}/options/", **asked)
    assert len(response.json()["results"]) >= 3


def count(boss, path, **query):
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as made:
        boss.get(path, **query)
    return len(made)


def test_a_statement_is_offered_with_its_speaker_words_and_date(desk):
    statement = StatementFactory(speaker__name="John Kirby", content="We will go on")
    asked = {"app_label": "claims", "model_name": "contradiction", "field_name": "first", "term": statement.ref}
    results = desk.get("claims/statement/options/", **asked).json()["results"]
    assert results == [{"id": str(statement.pk), "text": f"John Kirby: We will go on — undated ({statement.ref})"}]


STEP_PATHS = ["claims/statement", "claims/contradiction", "claims/topic"]


@pytest.fixture
def drafts():
    pair = ContradictionFactory(question__topic__status=Status.DRAFT)
    return {"claims/statement": pair.first, "claims/contradiction": pair, "claims/topic": pair.question.topic}


@pytest.mark.parametrize("room", STEP_PATHS)
@pytest.mark.parametrize("step", ["publish", "submit", "return", "withdraw"])
def test_a_link_changes_nothing(desk, drafts, room, step):
    record = drafts[room]
    record.refresh_from_db()
    before = record.version
    assert desk.get(f"{room}/{record.pk}/step/{step}/").status_code == 200
    record.refresh_from_db()
    assert (record.status, record.version) == (Status.DRAFT, before)


@pytest.mark.parametrize("room", STEP_PATHS)
def test_who_has_no_permission_can_do_nothing(drafts, room, signed_in, administrator):
    client = signed_in(administrator)
    record = drafts[room]
    for path in ("", "add/"):
        assert client.get(f"/admin/{room}/{path}").status_code == 403
    assert client.post(f"/admin/{room}/{record.pk}/step/publish/").status_code == 403
    record.refresh_from_db()
    assert record.status == Status.DRAFT


def test_a_stranger_reads_no_words(reader, signed_in, administrator):
    statement = StatementFactory()
    for path in (f"claims/statement/{statement.pk}/words/", f"sources/capture/{statement.capture_id}/text/"):
        assert reader.get(f"/admin/{path}").status_code == 302
        assert signed_in(administrator).get(f"/admin/{path}").status_code == 403


def test_the_words_of_an_account_are_escaped(desk):
    statement = StatementFactory(content="<script>alert(1)</script>", speaker__name="<b>Bold</b>")
    html = desk.get(f"claims/statement/{statement.pk}/words/").json()["html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html
    assert "<b>" not in html
    assert desk.get("claims/statement/999999/words/").status_code == 404


def test_save_and_publish_saves_then_asks(boss, editor):
    with acting(by=editor):
        statement = StatementFactory()
    path = f"claims/statement/{statement.pk}"
    response = boss.send(f"{path}/change/", note="typed now", _step="publish")
    assert response.redirect_chain[-1][0].endswith(f"/{path}/step/publish/")
    statement.refresh_from_db()
    assert (statement.status, statement.note) == (Status.DRAFT, "typed now")
    assert "You edited it last" in response.content.decode()


def test_submit_is_one_press(desk):
    pair = ContradictionFactory()
    desk.send(f"claims/contradiction/{pair.pk}/change/", _step="submit")
    pair.refresh_from_db()
    assert pair.status == Status.IN_REVIEW


def test_a_pair_names_the_statements_it_waits_for(boss, editor):
    question = QuestionFactory()
    with acting(by=editor):
        pair = ContradictionFactory(question=question)
    pair.refresh_from_db()
    response = boss.post(f"claims/contradiction/{pair.pk}/step/publish/", seen=pair.version)
    assert [mend.url for mend in response.context["missing"]] == [
        f"/admin/claims/statement/{side.pk}/change/" for side in (pair.first, pair.second)
    ]


def test_many_are_published_after_one_question(boss, editor):
    with acting(by=editor):
        good, bad = StatementFactory(), StatementFactory(anchored=False)
    chosen = {"action": "publish_them", "index": 0, "_selected_action": [good.pk, bad.pk]}
    asked = boss.post("claims/statement/", **chosen)
    assert [row["record"] for row in asked.context["open"]] == [good]
    assert set(Statement.objects.values_list("status", flat=True)) == {Status.DRAFT}
    seen = {f"seen-{record.pk}": record.version for record in Statement.objects.all()}
    response = boss.post("claims/statement/", **chosen, **seen, _confirmed="yes")
    assert told(response)[-1] == "Publish: 1 statement."
    assert "not found in the captured text" in told(response)[0]
    assert list(Statement.objects.order_by("pk").values_list("status", flat=True)) == [Status.PUBLISHED, Status.DRAFT]


def test_a_form_says_what_readers_see(desk):
    page = desk.get(f"claims/statement/{StatementFactory().pk}/change/").content.decode()
    assert "Draft: readers do not see this." in page
    assert "viewsitelink" not in page
    statement = StatementFactory(status="published")
    page = desk.get(f"claims/statement/{statement.pk}/change/").content.decode()
    assert "What you change here is proposed; readers see it once a second person has approved it." in page
    assert f'href="/statements/{statement.ref}/" class="viewsitelink"' in page


def test_the_two_accounts_are_shown_without_a_script(desk):
    pair = ContradictionFactory()
    page = desk.get("claims/contradiction/add/", first=pair.first_id, second=pair.second_id).content.decode()
    assert pair.first.content in page
    assert pair.second.content in page
    response = desk.post(
        "claims/contradiction/add/",
        _show="1",
        first=pair.first_id,
        explanation="typed so far",
        mechanisms=["negation", "numeric"],
    )
    page = response.content.decode()
    assert pair.first.content in page
    assert "typed so far" in page
    assert page.count('type="checkbox" name="mechanisms"') == 8
    assert page.count(" checked") == 2 + 4
    assert errors(response) == []
    assert Contradiction.objects.count() == 1


def test_an_auditor_reads_every_form_and_changes_none(signed_in, auditor):
    client = signed_in(auditor)
    position = PositionFactory(statement__quotes=["we will go on"])
    pair = published_pair()
    for path in (
        f"claims/statement/{position.statement_id}",
        f"claims/contradiction/{pair.pk}",
        f"claims/topic/{position.question.topic_id}",
        f"claims/question/{position.question_id}",
        f"claims/speaker/{SpeakerFactory().pk}",
        f"sources/source/{position.statement.capture.source_id}",
        f"sources/capture/{position.statement.capture_id}",
    ):
        assert client.get(f"/admin/{path}/change/").status_code == 200
        assert client.post(f"/admin/{path}/change/", {"content": "forged", "title": "forged"}).status_code == 403
    assert Topic.objects.filter(title="forged").count() == 0


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_deleted_in_bulk(boss, room):
    record = ROOMS[room]()
    assert "delete_selected" not in boss.get(f"{room}/").content.decode()
    boss.post(f"{room}/", action="delete_selected", _selected_action=[record.pk], post="yes")
    assert type(record).objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize("room", ROOMS)
def test_an_address_with_nonsense_is_answered_with_the_list(boss, room):
    ROOMS[room]()
    for name in ("q", "status__exact", "kind__exact", "said_from__year", "published_from__year", "o", "a\x00"):
        response = boss.client.get(f"/admin/{room}/", {name: "\x00"}, follow=True)
        assert response.status_code == 200
        assert told(response) == ["A part of the address makes no sense and was left out."]


@pytest.mark.parametrize("room", STEP_PATHS)
@pytest.mark.parametrize("key", ["x", "\x00", "-1", "9" * 30, "٣"])
def test_a_ticked_record_that_is_nonsense_is_left_out(desk, drafts, room, key):
    drafts[room].refresh_from_db()
    for action in ("publish_them", "withdraw_them", "submit_them"):
        response = desk.post(f"{room}/", action=action, _selected_action=[key])
        assert response.status_code == 200
        assert "A record that you ticked is not known here; it was left out." in told(response)
    desk.post(f"{room}/", action="submit_them", _selected_action=[key, drafts[room].pk])
    drafts[room].refresh_from_db()
    assert drafts[room].status == Status.IN_REVIEW


CAPTURED = [
    ("claims/statement/", {}),
    ("claims/statement/options/", {"app_label": "claims", "model_name": "contradiction", "field_name": "first"}),
    ("sources/capture/options/", {"app_label": "claims", "model_name": "statement", "field_name": "capture"}),
    ("sources/capture/", {}),
]


@pytest.mark.parametrize(("path", "asked"), CAPTURED)
def test_a_list_leaves_the_captured_texts_where_they_are(desk, path, asked):
    StatementFactory()
    with CaptureQueriesContext(connection) as made:
        assert desk.get(path, **asked).status_code == 200
    for query in made:
        read = query["sql"].replace('LENGTH("sources_capture"."text")', "")
        assert '"sources_capture"."text"' not in read
        assert '"sources_capture"."excerpt_map"' not in read
        assert '"claims_statement"."search"' not in read


def test_the_copies_of_a_source_are_counted_not_read(desk):
    capture = CaptureFactory(text="Kept text")
    with CaptureQueriesContext(connection) as made:
        response = desk.get(f"sources/source/{capture.source_id}/change/")
    assert "9 characters" in response.content.decode()
    assert not [query for query in made if '"text",' in query["sql"].replace('LENGTH("sources_capture"."text")', "")]
