"""Filters that somebody keeps: beside the list, on the front page, with what they find now."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.admin.saved_filters import MOST
from claims.models import Event, SavedFilter
from tests.claims.admin.desk_page import desk_tree
from tests.claims.admin.filling import told
from tests.factories import SavedFilterFactory, StatementFactory, TopicFactory
from tests.markup import by_class, one, text

pytestmark = pytest.mark.django_db

LIST = "/admin/claims/statement/"


def save(client, name="Drafts", query="status__exact=draft", room="claims.statement"):
    return client.post("/admin/filters/save/", {"room": room, "name": name, "query": query}, follow=True)


def shown(client, path="/admin/"):
    return [text(li) for ul in by_class(desk_tree(client.get(path)), "desk-filters") for li in ul.iter("li")]


def test_filtered_list_can_be_saved_under_a_name(signed_in, editor):
    StatementFactory.create_batch(2)
    client = signed_in(editor)
    form = one(by_class(desk_tree(client.get(f"{LIST}?status__exact=draft&p=1")), "desk-save"))
    sent = {field.get("name"): field.get("value", "") for field in form.iter("input")}
    assert (form.get("action"), sent["query"]) == ("/admin/filters/save/", "status__exact=draft")
    response = client.post(form.get("action"), {**sent, "name": "Drafts"}, follow=True)
    assert told(response) == ["Saved as “Drafts”: it stands here and on the front page of the desk."]
    assert response.request["QUERY_STRING"] == "status__exact=draft"
    assert shown(client) == ["Drafts (2) statements Delete"]
    StatementFactory()
    assert shown(client, LIST) == ["Drafts (3) Delete"]
    event = Event.objects.get(row_table="claims_savedfilter")
    assert (event.action, event.actor) == ("insert", editor)


def test_list_without_a_filter_offers_none(signed_in, editor):
    assert by_class(desk_tree(signed_in(editor).get(LIST)), "desk-save") == []


def test_filters_are_ones_own(signed_in, editor, publisher):
    saved = SavedFilterFactory(user=editor, name="Of the editor", query="")
    client = signed_in(publisher)
    assert shown(client) == shown(client, LIST) == []
    assert client.post(f"/admin/filters/{saved.pk}/delete/").status_code == 404
    assert SavedFilter.objects.count() == 1


@pytest.mark.parametrize(("back", "to"), [("list", LIST), ("desk", "/admin/")])
def test_own_filter_is_deleted_by_a_button(signed_in, editor, back, to):
    saved = SavedFilterFactory(user=editor)
    path = f"/admin/filters/{saved.pk}/delete/"
    assert signed_in(editor).get(path).status_code == 405
    assert signed_in(editor).post(path, {"back": back})["Location"] == to
    assert not SavedFilter.objects.exists()
    assert Event.objects.filter(row_table="claims_savedfilter", actor=editor).latest("id").action == "delete"


BROKEN = {
    "a field that is no more": "colour__exact=red",
    "a status that is no more": "status__exact=sung",
    "a topic that is gone": "topics__id__exact=999999",
    "what is no number": "topics__id__exact=x",
    "a forbidden path": "last_edited_by__password__startswith=m",
}


@pytest.mark.parametrize("query", BROKEN.values(), ids=BROKEN)
def test_filter_without_sense_says_so(signed_in, editor, query):
    TopicFactory()
    SavedFilterFactory(user=editor, name="Old", query=query)
    for path in ("/admin/", LIST):
        assert "Its filters no longer make sense" in one(shown(signed_in(editor), path))


def test_filter_of_a_list_that_one_may_not_see_is_left_out(signed_in, auditor, administrator):
    for user in (auditor, administrator):
        SavedFilterFactory(user=user, room="auth.user", query="")
        SavedFilterFactory(user=user, room="claims.nothing", query="")
        assert shown(signed_in(user)) == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": " "}, "This field cannot be blank."),
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"name": "Taken"}, "You have a filter of this name for this list; choose another name."),
        ({"query": f"q={'x' * 2000}"}, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_saved_is_said_above_the_list(signed_in, editor, typed, says):
    SavedFilterFactory(user=editor, name="Taken")
    assert says in told(save(signed_in(editor), **typed))[0]
    assert SavedFilter.objects.count() == 1


def test_nobody_keeps_more_than_the_front_page_can_count(signed_in, editor):
    SavedFilterFactory.create_batch(MOST, user=editor)
    assert told(save(signed_in(editor))) == [f"The filter was not saved. You have {MOST} filters; delete one first."]


def test_room_must_be_one_that_this_person_may_see(signed_in, administrator, editor, reader):
    assert save(signed_in(administrator)).status_code == 403
    assert save(signed_in(editor), room="auth.user").status_code == 403
    assert reader.post("/admin/filters/save/").status_code == 302
    assert not SavedFilter.objects.exists()


def test_count_of_a_filter_costs_the_same_for_one_row_and_for_three(signed_in, editor, django_assert_num_queries):
    SavedFilterFactory(user=editor, query="status__exact=draft")
    client = signed_in(editor)
    StatementFactory()
    with CaptureQueriesContext(connection) as first:
        client.get("/admin/")
    StatementFactory.create_batch(2)
    with django_assert_num_queries(len(first)):
        assert client.get("/admin/").status_code == 200
