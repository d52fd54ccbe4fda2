"""Proposals that something else overtook: another merger, a withdrawal, a second click, a refusal."""

import pytest
from django.core.exceptions import ValidationError

from claims import corrections, merging
from claims.choices import CorrectionState
from claims.models import Correction, FormerSlug, Speaker, Statement
from claims.renaming import rename
from sources.acting import acting
from sources.refusals import enforced
from tests.claims.admin.filling import Desk, errors
from tests.factories import CaptureFactory, ReplyFactory, SpeakerFactory, StatementFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    return StatementFactory(status="published", role_text="minister")


def changed(subject, *, by, **values):
    """A proposal that changes these columns."""
    told = {"kind": "correction", "reason": "It was wrong."}
    with corrections.trying(subject, by=by, **told) as tried:
        type(subject).objects.filter(pk=subject.pk).update(**values)
    return corrections.keep(subject, by=by, rows=tried.rows, **told)


def merger(one, other, *, by):
    return merging.propose(one, other, reason="They are one.", by=by)


def refused(work, code):
    with pytest.raises(ValidationError) as problem:
        work()
    assert problem.value.code == code
    return problem.value.messages[0]


def speakers(number):
    """Speakers, each with a public statement."""
    return [StatementFactory(status="published").speaker for _ in range(number)]


def decide(desk, proposal, decision, **typed):
    return desk.post(f"claims/correction/{proposal.pk}/decide/", decision=decision, **typed)


def test_opposite_mergers_make_no_circle(editor, publisher, reader):
    one, other = speakers(2)
    there, back = merger(one, other, by=editor), merger(other, one, by=editor)
    corrections.apply(there, by=publisher)
    refused(lambda: corrections.apply(back, by=publisher), "stale")
    assert reader.get(f"/speakers/{one.slug}/")["Location"] == f"/speakers/{other.slug}/"


def test_opposite_mergers_of_speakers_without_statements(editor, publisher):
    one, other = SpeakerFactory(name="Same"), SpeakerFactory(name="Same")
    there, back = merger(one, other, by=editor), merger(other, one, by=editor)
    corrections.apply(there, by=publisher)
    with pytest.raises(ValidationError):
        corrections.apply(back, by=publisher)
    assert list(Speaker.objects.filter(merged_into__isnull=False)) == [one]


def test_merger_into_who_was_merged_meanwhile_is_stale(editor, publisher):
    one, middle, last = speakers(3)
    early = merger(one, middle, by=editor)
    corrections.apply(merger(middle, last, by=editor), by=publisher)
    refused(lambda: corrections.apply(early, by=publisher), "stale")
    assert Statement.objects.filter(speaker=one).count() == 1


@pytest.mark.parametrize(
    "late",
    [
        lambda speaker: StatementFactory(speaker=speaker, status="published"),
        lambda speaker: StatementFactory(further_speakers=[speaker]),
        lambda speaker: ReplyFactory(speaker=speaker),
        lambda speaker: SpeakerFactory(parent=speaker),
    ],
    ids=["statement", "joint draft", "reply", "part"],
)
def test_merger_that_would_leave_something_behind_is_stale(editor, publisher, late):
    one, other = speakers(2)
    proposal = merger(one, other, by=editor)
    late(one)
    refused(lambda: corrections.apply(proposal, by=publisher), "stale")
    assert Speaker.objects.get(pk=one.pk).merged_into is None


@pytest.mark.parametrize("field", ["speaker", "on_behalf_of", "relays", "further_speakers"])
def test_statement_form_takes_nobody_who_was_merged(editor, publisher, signed_in, field):
    one, other = speakers(2)
    corrections.apply(merger(one, other, by=editor), by=publisher)
    typed = {"speaker": other.pk, field: one.pk}
    copy = CaptureFactory(text="We go on and on")
    answer = Desk(signed_in(editor)).send(
        "claims/statement/add/", capture=copy.pk, content="We go on and on", relay_certainty="explicit", **typed
    )
    assert any("not one of the available choices" in error for error in errors(answer)), errors(answer)
    assert not Statement.objects.filter(capture=copy).exists()


def test_what_was_withdrawn_since_is_only_declined(statement, editor, publisher, signed_in):
    correction = changed(statement, role_text="envoy", by=editor)
    corrections.apply(corrections.propose_withdrawal(statement, reason="Forged.", by=editor), by=publisher)
    assert refused(lambda: corrections.apply(correction, by=publisher), "stale") == corrections.GONE
    page = signed_in(publisher).get(f"/admin/claims/correction/{correction.pk}/change/").content.decode()
    assert (corrections.GONE in page, 'value="approve"' in page, 'value="decline"' in page) == (True, False, True)
    corrections.decline(correction, by=publisher, note="It went.")


def test_what_was_applied_to_a_withdrawn_record_is_not_undone(statement, editor, publisher, signed_in):
    correction = changed(statement, role_text="envoy", by=editor)
    corrections.apply(correction, by=publisher)
    corrections.apply(corrections.propose_withdrawal(statement, reason="Forged.", by=editor), by=publisher)
    refused(
        lambda: corrections.propose_undo(Correction.objects.get(pk=correction.pk), reason="No.", by=editor),
        "wrong_status",
    )
    page = signed_in(editor).get(f"/admin/claims/correction/{correction.pk}/change/").content.decode()
    assert 'value="undo"' not in page


def test_approval_is_of_the_version_that_was_read(statement, editor, publisher, signed_in):
    first, second = changed(statement, role_text="envoy", by=editor), changed(statement, note="Ask again.", by=editor)
    desk = Desk(signed_in(publisher))
    page = desk.get(f"claims/correction/{second.pk}/change/").content.decode()
    assert '<input type="hidden" name="seen" value="1">' in page
    corrections.apply(first, by=publisher)
    late = decide(desk, second, "approve", seen=1)
    assert (late.status_code, "Look at both again" in late.content.decode()) == (409, True)
    assert '<input type="hidden" name="seen" value="2">' in late.content.decode()
    assert decide(desk, second, "approve").status_code == 409
    assert decide(desk, second, "approve", seen=2).status_code == 200
    second.refresh_from_db()
    assert second.state == CorrectionState.APPLIED


@pytest.mark.parametrize("step", ["withdraw", "hold", "return"])
def test_no_reason_of_a_step_ends_in_an_error(statement, second_publisher, publisher, editor, signed_in, step):
    if step == "return":
        with acting(by=editor):
            statement = StatementFactory(status="in_review")
    desk = Desk(signed_in(second_publisher))
    assert desk.post(f"claims/statement/{statement.pk}/step/{step}/", reason="For\0ged.").status_code == 200
    if step == "withdraw":
        assert Correction.objects.get().reason == "Forged."


def test_no_note_of_a_decision_ends_in_an_error(statement, editor, publisher, signed_in):
    proposal = changed(statement, role_text="envoy", by=editor)
    assert decide(Desk(signed_in(publisher)), proposal, "decline", note="N\0o.").status_code == 200
    proposal.refresh_from_db()
    assert proposal.decision_note == "No."


def test_declined_undo_is_proposed_again(statement, editor, publisher, signed_in):
    correction = changed(statement, role_text="envoy", by=editor)
    corrections.apply(correction, by=publisher)
    corrections.decline(corrections.propose_undo(correction, reason="No.", by=editor), by=publisher, note="Why?")
    desk = Desk(signed_in(editor))
    assert 'value="undo"' in desk.get(f"claims/correction/{correction.pk}/change/").content.decode()
    undo = corrections.propose_undo(correction, reason="He was minister.", by=editor)
    assert correction.undone_by == undo
    assert 'value="undo"' not in desk.get(f"claims/correction/{correction.pk}/change/").content.decode()
    with pytest.raises(ValidationError, match="proposed to take this back already"):
        corrections.propose_undo(correction, reason="Once more.", by=editor)


def test_nothing_waits_twice(statement, editor, publisher):
    one, other = speakers(2)
    topic = TopicFactory(slug="before")
    for propose in (
        lambda: corrections.propose_withdrawal(statement, reason="Forged.", by=editor),
        lambda: merger(one, other, by=editor),
        lambda: rename(topic, "after", by=editor, reason="It was misleading."),
    ):
        waits = propose()
        told = refused(propose, "waits")
        assert f'<a href="/admin/claims/correction/{waits.pk}/change/">' in told
        corrections.decline(waits, by=publisher, note="No.")
        assert propose().pk != waits.pk


def test_desk_leads_to_what_waits(statement, editor, publisher, signed_in):
    waits = corrections.propose_withdrawal(statement, reason="Forged.", by=editor)
    answer = Desk(signed_in(editor)).post(f"claims/statement/{statement.pk}/step/withdraw/", reason="Forged.")
    link = f'<a href="/admin/claims/correction/{waits.pk}/change/">see the proposal</a>'
    assert (answer.status_code, link in answer.content.decode()) == (400, True)


def test_database_keeps_one_of_two_at_once(statement, editor, publisher):
    """As two would be kept that did not see each other."""
    told = {"kind": "withdrawal", "reason": "Forged.", "by": editor, "rows": []}
    corrections.keep(statement, **told)
    with pytest.raises(ValidationError, match="proposed already"), enforced():
        corrections.keep(statement, **told)


def test_new_address_is_not_taken_back(editor, publisher, reader, signed_in):
    topic = TopicFactory(slug="before")
    moved = rename(topic, "after", by=editor, reason="It was misleading.")
    corrections.apply(moved, by=publisher)
    assert "New address…" in refused(lambda: corrections.propose_undo(moved, reason="No.", by=editor), "address")
    page = signed_in(editor).get(f"/admin/claims/correction/{moved.pk}/change/").content.decode()
    assert 'value="undo"' not in page
    assert FormerSlug.objects.get().slug == "before"


def test_former_address_of_a_withdrawn_topic_leads_to_where_it_was(editor, publisher, reader):
    topic = TopicFactory(slug="before")
    corrections.apply(rename(topic, "after", by=editor, reason="It was misleading."), by=publisher)
    topic.refresh_from_db()
    corrections.apply(corrections.propose_withdrawal(topic, reason="Forged.", by=editor), by=publisher)
    for rest in ("", "history/"):
        answer = reader.get(f"/topics/before/{rest}")
        assert (answer.status_code, answer["Location"]) == (301, f"/topics/after/{rest}")
    assert reader.get("/topics/after/").status_code == 410


def test_readers_are_told_nothing_of_a_private_note(statement, editor, publisher, signed_in, reader):
    desk = Desk(signed_in(editor))
    desk.send(f"claims/statement/{statement.pk}/change/", note="Ask the archive.")
    correction = Correction.objects.get()
    assert correction.changes == []
    corrections.apply(correction, by=publisher)
    statement.refresh_from_db()
    assert (statement.note, statement.approved_by) == ("Ask the archive.", publisher)
    assert not Correction.objects.published().exists()
    assert Statement.objects.with_corrections().get().corrected == []
    for address in ("/corrections/", "/feeds/corrections.json", f"{statement.get_absolute_url()}history/"):
        assert correction.ref not in reader.get(address).content.decode()
    answer = desk.send(f"claims/statement/{statement.pk}/change/", note="Asked.", role_text="envoy")
    assert (Correction.objects.count(), errors(answer) != []) == (1, True)
