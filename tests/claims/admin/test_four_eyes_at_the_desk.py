"""Four eyes cannot be got round at the desk: by form, by rows in a form, by a step, by an action on a list.

By SQL, files and services: tests/claims/test_four_eyes.py.
"""

import re

import pytest

from claims import services
from claims.models import Correction, Statement
from sources.acting import acting
from tests.claims.admin.filling import Desk
from tests.factories import PositionFactory, QuestionFactory, StatementFactory, TopicFactory

pytestmark = pytest.mark.django_db

WHY = {"correction_kind": "correction", "correction_reason": "The source says otherwise."}


def draft_by(user, **values):
    with acting(by=user):
        made = StatementFactory(**values)
    made.refresh_from_db()
    return made


def standing(record):
    """What must not move without a second person."""
    fields = ("status", "version", "approved_by", "approved_version", "last_edited_by", "without_second_reader")
    return type(record).objects.values(*fields).get(pk=record.pk)


def form_of(record):
    return f"claims/{record._meta.model_name}/{record.pk}/change/"


def publish_step(desk, record):
    """Read and approved, as far as the desk lets one."""
    return desk.post(f"claims/statement/{record.pk}/step/publish/", seen=standing(record)["version"])


@pytest.fixture
def shown(editor, publisher):
    """Published by the services, so that its parts are approved too; with an answer on a public topic."""
    with acting(by=editor):
        topic = TopicFactory(status="draft")
        statement = StatementFactory(role_text="minister")
        PositionFactory(statement=statement, question=QuestionFactory(topic=topic), words="", gist="as it was")
    for record in (topic, statement):
        record.refresh_from_db()
        services.publish(record, by=publisher, seen=record.version)
    return statement


@pytest.fixture
def writer(signed_in, second_publisher):
    """A publisher, who may do whatever one person may."""
    return Desk(signed_in(second_publisher))


def test_nobody_publishes_what_they_edited_last(writer, second_publisher):
    own = draft_by(second_publisher)
    before = standing(own)
    publish_step(writer, own)
    assert standing(own) == before


def test_saving_and_publishing_at_once_asks_a_second_person(writer, editor):
    """What was an editor's is the publisher's own from the save on."""
    others = draft_by(editor, role_text="minister")
    writer.send(form_of(others), role_text="envoy", _step="publish")
    publish_step(writer, others)
    assert Statement.objects.get(pk=others.pk).role_text == "envoy"
    assert standing(others)["status"] == "draft"


def test_a_row_in_the_form_makes_one_the_last_editor(writer, editor, second_publisher):
    """A changed answer is a change of the statement, though no field of its own moved."""
    others, question = draft_by(editor), QuestionFactory()
    with acting(by=editor):
        PositionFactory(statement=others, question=question, words="", gist="as it was")
    writer.send(form_of(others), **{"positions-0-gist": "as it is"})
    assert others.positions.get().gist == "as it is"
    assert standing(others)["last_edited_by"] == second_publisher.pk
    publish_step(writer, others)
    assert standing(others)["status"] == "draft"


def test_a_list_publishes_what_somebody_else_edited_alone(writer, editor, second_publisher):
    own, others = draft_by(second_publisher), draft_by(editor)
    chosen = {"action": "publish_them", "_selected_action": [own.pk, others.pk]}
    asked = writer.post("claims/statement/", **chosen)
    seen = dict(re.findall(r'name="(seen-[0-9]+)" value="([0-9]+)"', asked.content.decode()))
    seen = {f"seen-{record.pk}": record.version for record in (own, others)} | seen
    writer.post("claims/statement/", **chosen, **seen, _confirmed="yes")
    assert (standing(own)["status"], standing(others)["status"]) == ("draft", "published")


FORGED = {
    "status": "published",
    "approved_by": "1",
    "approved_version": "1",
    "approved_at_0": "2026-01-01",
    "approved_at_1": "00:00:00",
    "published_at_0": "2026-01-01",
    "published_at_1": "00:00:00",
    "last_edited_by": "1",
    "created_by": "1",
    "without_second_reader": "on",
}


def test_a_form_takes_no_approval(writer, second_publisher):
    """Fields that no form has, sent all the same."""
    own = draft_by(second_publisher)
    before = standing(own)
    writer.send(form_of(own), **FORGED)
    assert standing(own) == before


@pytest.mark.parametrize("forged", [{}, FORGED], ids=["as the form is", "with an approval"])
def test_saving_what_is_public_changes_nothing_of_it(writer, shown, second_publisher, forged):
    before = standing(shown)
    writer.send(form_of(shown), role_text="envoy", **WHY, **forged)
    assert (standing(shown), Statement.objects.get(pk=shown.pk).role_text) == (before, "minister")
    assert Correction.objects.get().proposed_by == second_publisher


@pytest.mark.parametrize(
    "typed",
    [
        {"positions-0-gist": "as it is"},
        {"positions-0-DELETE": "on"},
        {
            "context_notes-TOTAL_FORMS": "1",
            "context_notes-0-text": "It is false.",
            "context_notes-0-order": "0",
        },
    ],
    ids=["changed", "taken out", "added"],
)
def test_rows_of_what_is_public_change_nothing_of_it(writer, shown, typed):
    before = standing(shown)
    writer.send(form_of(shown), **WHY, **typed)
    assert standing(shown) == before
    assert [position.gist for position in shown.positions.all()] == ["as it was"]
    assert not shown.context_notes.exists()
    assert Correction.objects.count() == 1


def test_questions_of_a_public_topic_change_nothing_of_it(writer, shown):
    question = shown.positions.get().question
    before = standing(question.topic)
    writer.send(form_of(question.topic), **WHY, **{"questions-0-text": "Mine?"})
    writer.send(form_of(question), **WHY, text="Mine?")
    question.refresh_from_db()
    assert (standing(question.topic), question.text == "Mine?") == (before, False)


@pytest.mark.parametrize("decision", ["approve", "decline"])
def test_nobody_approves_the_own_proposal(writer, shown, decision):
    before = standing(shown)
    writer.send(form_of(shown), role_text="envoy", **WHY)
    proposal = Correction.objects.get()
    writer.post(f"claims/correction/{proposal.pk}/decide/", decision=decision, decision_note="So.")
    proposal.refresh_from_db()
    assert proposal.state == {"approve": "proposed", "decline": "declined"}[decision]
    assert standing(shown) == before


@pytest.mark.parametrize("step", ["withdraw", "publish", "submit", "return"])
def test_no_step_moves_what_is_public(writer, shown, step):
    before = standing(shown)
    writer.post(f"claims/statement/{shown.pk}/step/{step}/", seen=before["version"], reason="Mine.")
    assert standing(shown) == before
