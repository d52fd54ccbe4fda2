"""Changes of what readers see: proposed, tried, approved by another, and undone."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims import corrections, services
from claims.choices import CorrectionState, Status
from claims.models import Correction, Event, Position, Statement
from sources.acting import acting
from tests.constraints import refusal
from tests.factories import PositionFactory, QuestionFactory, StatementFactory, TopicFactory, published_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    return StatementFactory(status="published", cue="said", cue_class="report")


def change_cue(statement, cue):
    def work():
        fresh = Statement.objects.get(pk=statement.pk)
        fresh.cue = cue
        fresh.save()

    return work


def propose(statement, cue="insisted", *, by):
    with corrections.trying(statement, kind="correction", reason="The cue was wrong.", by=by) as tried:
        change_cue(statement, cue)()
    return corrections.keep(statement, kind="correction", reason="The cue was wrong.", by=by, rows=tried.rows)


def test_proposal_changes_nothing_until_a_second_person_approves(statement, editor, publisher):
    proposal = propose(statement, by=editor)
    statement.refresh_from_db()
    assert (statement.cue, statement.status, statement.version) == ("said", Status.PUBLISHED, 1)
    assert [(row["before"], row["after"]) for row in proposal.rows] == [({"cue": "said"}, {"cue": "insisted"})]
    corrections.apply(proposal, by=publisher)
    statement.refresh_from_db()
    assert (statement.cue, statement.status, statement.version) == ("insisted", Status.PUBLISHED, 2)
    assert (statement.last_edited_by, statement.approved_by, statement.approved_version) == (editor, publisher, 2)
    assert (proposal.state, proposal.decided_by) == (CorrectionState.APPLIED, publisher)


def test_trial_leaves_nothing_behind(statement, editor, publisher):
    before = Event.objects.count()
    with corrections.trying(statement, kind="correction", reason="Wrong.", by=editor):
        change_cue(statement, "insisted")()
    assert (Event.objects.count(), Correction.objects.count()) == (before, 0)


def test_proposal_that_no_longer_fits_is_refused_whole(statement, editor, publisher, second_publisher):
    first, second = propose(statement, "insisted", by=editor), propose(statement, "claimed", by=editor)
    corrections.apply(first, by=publisher)
    with pytest.raises(ValidationError) as refused:
        corrections.apply(second, by=second_publisher)
    assert refused.value.code == "stale"
    statement.refresh_from_db()
    assert (statement.cue, statement.approved_by) == ("insisted", publisher)
    corrections.decline(second, by=publisher, note="It says so by now.")
    assert second.state == CorrectionState.DECLINED


def test_nobody_approves_the_own_proposal(statement, publisher, second_publisher):
    proposal = propose(statement, by=publisher)
    with pytest.raises(ValidationError) as refused:
        corrections.apply(proposal, by=publisher)
    assert refused.value.code == "four_eyes"
    corrections.apply(proposal, by=second_publisher)


def test_parts_are_added_and_taken_back(statement, editor, publisher):
    question = QuestionFactory(topic=TopicFactory())
    with corrections.trying(statement, kind="update", reason="It answers this too.", by=editor) as tried:
        PositionFactory(statement=statement, question=question)
    proposal = corrections.keep(statement, kind="update", reason="It answers this too.", by=editor, rows=tried.rows)
    assert not Position.objects.exists()
    corrections.apply(proposal, by=publisher)
    assert Position.objects.get().question == question
    undo = corrections.propose_undo(proposal, reason="It does not.", by=editor)
    corrections.apply(undo, by=publisher)
    assert not Position.objects.exists()
    assert proposal.undone_by == undo


def test_withdrawal_takes_the_pairs_first(editor, publisher):
    pair = published_pair()
    proposal = corrections.propose_withdrawal(pair.first, reason="The speaker never said it.", by=editor)
    corrections.apply(proposal, by=publisher)
    pair.refresh_from_db()
    assert (pair.status, pair.first.status, pair.second.status) == ("withdrawn", "withdrawn", "published")
    assert corrections.withdrawal_of(pair) == proposal


def test_publishing_binds_to_the_version_that_was_read(editor, publisher):
    with acting(by=editor):
        draft = StatementFactory()
    draft.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        services.publish(draft, by=publisher, seen=draft.version + 1)
    assert refused.value.code == "stale"
    draft.refresh_from_db()
    services.publish(draft, by=publisher, seen=draft.version)
    assert (draft.status, draft.approved_by, draft.approved_version) == ("published", publisher, draft.version)


def test_proposal_is_the_proposers_own_and_stays_as_it_was_made(statement, editor, publisher):
    proposal = propose(statement, by=editor)
    altered = [{**proposal.rows[0], "after": {"cue": "claimed"}}]
    with acting(by=publisher):
        assert refusal(lambda: Correction.objects.filter(pk=proposal.pk).update(rows=altered)) == "correction_is_kept"
        forged = Correction(statement=statement, kind="correction", reason="Mine.", rows=altered, proposed_by=editor)
        assert refusal(forged.save) == "record_approval_is_own"


def under(proposal, write):
    """Write something else than what was proposed, as the one who may apply it."""
    Statement.objects.filter(pk=proposal.statement_id).update(status="in_review")
    write()
    row = Statement.objects.get(pk=proposal.statement_id)
    Statement.objects.filter(pk=row.pk).update(
        status="published", approved_by=User.objects.get(username="publisher"), approved_version=row.version
    )


@pytest.mark.parametrize("decided", [True, False], ids=["decided", "left open"])
def test_nothing_else_is_changed_under_a_proposal(statement, editor, publisher, decided):
    proposal = propose(statement, by=editor)

    def forge():
        with acting(by=publisher, correction=proposal):
            under(proposal, lambda: Statement.objects.filter(pk=statement.pk).update(cue="lied"))
            if decided:
                decision = {"state": "applied", "decided_by": publisher, "decided_at": timezone.now()}
                Correction.objects.filter(pk=proposal.pk).update(**decision)

    assert refusal(forge) == "correction_is_whole"
    statement.refresh_from_db()
    assert statement.cue == "said"
