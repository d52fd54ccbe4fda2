"""Reports by readers: the limits, the decision, the one answer, and what is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from claims import corrections, reports
from claims.models import Correction, Event, Report, ReportAttempt
from sources.acting import acting
from sources.records import new_ref
from tests.factories import ReportFactory, StatementFactory, TopicFactory, published_pair

pytestmark = pytest.mark.django_db


def take(record, address="192.0.2.1", **values):
    given = {"ref": new_ref(), "kind": "words", "message": "It says otherwise.", "email": "", **values}
    return reports.receive(record, address=address, **given)


def withdrawn(record, *, proposer, approver):
    correction = corrections.propose_withdrawal(record, reason="Never said.", by=proposer)
    corrections.apply(correction, by=approver)
    return correction


def test_report_is_kept_and_the_address_it_came_from_is_not():
    statement = StatementFactory(status="published")
    report = take(statement, "192.0.2.77", message="Wrong.\u0301", email="reader@example.org")
    assert (report.statement, report.state, report.message) == (statement, "open", "Wrong.\u0301")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM claims_reportattempt a")
        assert "192.0.2" not in cursor.fetchone()[0]


def test_one_form_makes_one_report():
    statement, ref = StatementFactory(status="published"), new_ref()
    assert take(statement, ref=ref) == take(statement, ref=ref, message="Once more.")
    assert (Report.objects.count(), ReportAttempt.objects.count()) == (1, 1)


def test_one_address_is_stopped_and_another_is_not():
    statement = StatementFactory(status="published")
    for _ in range(reports.FROM_ONE):
        take(statement)
    with pytest.raises(reports.TooManyReports) as stopped:
        take(statement)
    assert 86_300 < stopped.value.wait <= 86_400
    take(statement, "192.0.2.2")
    assert Report.objects.count() == reports.FROM_ONE + 1


def test_all_addresses_together_are_stopped_too():
    ReportAttempt.objects.bulk_create(ReportAttempt(subject=f"{n}") for n in range(reports.FROM_ALL))
    with pytest.raises(reports.TooManyReports):
        take(StatementFactory(status="published"))


def test_attempts_are_forgotten_after_a_day():
    statement = StatementFactory(status="published")
    for _ in range(reports.FROM_ONE):
        take(statement)
    ReportAttempt.objects.update(at=timezone.now() - timedelta(hours=24, seconds=1))
    take(statement)
    assert ReportAttempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_those_that_come_at_once_are_counted_one_by_one():
    statement = StatementFactory(status="published")

    def try_once(_):
        try:
            take(statement)
        except reports.TooManyReports:
            return 0
        finally:
            connections.close_all()
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_once, range(reports.FROM_ONE + 6))) == reports.FROM_ONE
    assert Report.objects.count() == reports.FROM_ONE


def test_history_holds_neither_address_nor_words(editor):
    report = ReportFactory(email="canary@example.org", message="canarywords")
    reports.decide(report, by=editor, state="unchanged", outcome="The source says so.", seen=report.version)
    Report.objects.update(email="")
    events = Event.objects.filter(row_table="claims_report").order_by("id")
    assert [event.action for event in events] == ["insert", "update", "update"]
    assert events[1].actor == editor
    told = "".join(f"{event.before}{event.after}{event.reason}{event.origin}" for event in events)
    assert "canary" not in told
    assert "The source says so." in told


def test_decision_is_an_editors_own(editor, contributor, auditor):
    report = ReportFactory()
    for nobody in (contributor, auditor):
        with pytest.raises(ValidationError) as refused:
            reports.decide(report, by=nobody, state="spam", seen=report.version)
        assert refused.value.code == "not_allowed"
    reports.decide(report, by=editor, state="unchanged", outcome="It stands.", seen=report.version)
    assert (report.state, report.decided_by) == ("unchanged", editor)
    with pytest.raises(ValidationError) as refused:
        reports.decide(report, by=editor, state="spam", seen=report.version)
    assert refused.value.code == "stale"


def test_no_change_needs_a_reason(editor):
    report = ReportFactory()
    with pytest.raises(ValidationError, match="Say for readers why nothing changes"):
        reports.decide(report, by=editor, state="unchanged", seen=report.version)


def test_corrected_names_a_correction_that_was_applied(editor, publisher):
    statement = StatementFactory(status="published")
    report = ReportFactory(statement=statement)
    with pytest.raises(ValidationError, match="names the correction that was applied"):
        reports.decide(report, by=editor, state="corrected", seen=report.version)
    proposal = corrections.propose_withdrawal(statement, reason="Never said.", by=editor)
    with pytest.raises(ValidationError, match="was not applied"):
        reports.decide(report, by=editor, state="corrected", correction=proposal, seen=report.version)
    corrections.apply(proposal, by=publisher)
    reports.decide(report, by=editor, state="corrected", correction=proposal, seen=report.version)
    assert report.correction == proposal


def test_corrections_to_choose_from_are_those_of_what_the_record_shows(editor, publisher):
    pair, elsewhere = published_pair(), StatementFactory(status="published")
    own = withdrawn(pair.first, proposer=editor, approver=publisher)
    withdrawn(elsewhere, proposer=editor, approver=publisher)
    corrections.propose_withdrawal(pair.second, reason="Waits.", by=editor)
    for record in (pair, pair.first, pair.first.speaker, pair.first.capture.source):
        report = ReportFactory(**{"statement": None, record._meta.model_name: record})
        assert list(reports.corrections_for(report)) == [own]
    assert list(reports.corrections_for(ReportFactory(statement=None, topic=TopicFactory()))) == []


def test_answer_is_mailed_once_and_the_address_goes(editor, mailoutbox):
    report = ReportFactory(email="reader@example.org", message="canarywords")
    assert list(reports.answers_due()) == []
    reports.decide(report, by=editor, state="unchanged", outcome="The source says so.", seen=report.version)
    assert reports.answer(report)
    assert not reports.answer(report)
    (mail,) = mailoutbox
    assert mail.to == ["reader@example.org"]
    assert "The source says so." in mail.body
    assert f"http://127.0.0.1:8000/reports/{report.ref}/" in mail.body
    assert "canarywords" not in mail.body
    report.refresh_from_db()
    assert (report.email, report.answered_at is None) == ("", False)


def test_spam_is_not_answered_and_forgotten(editor):
    report = ReportFactory(email="spammer@example.org", message="Buy this.")
    reports.decide(report, by=editor, state="spam", seen=report.version)
    assert list(reports.answers_due()) == []
    assert reports.forget() == 1
    report.refresh_from_db()
    assert (report.email, report.message) == ("", "Buy this.")


@pytest.mark.parametrize(("days", "kept"), [(89, "reader@example.org"), (91, "")])
def test_address_is_forgotten_after_ninety_days(days, kept):
    report = ReportFactory(email="reader@example.org", received_at=timezone.now() - timedelta(days=days))
    reports.forget()
    report.refresh_from_db()
    assert (report.email, report.message) == (kept, "The source says something else.")


RAW = {
    "decided at once": "INSERT INTO claims_report (version, ref, kind, message, email, received_at, state, outcome, "
    "decided_by_id, decided_at, statement_id) SELECT 1, '0123456789', 'words', 'x', '', now(), 'unchanged', 'x', "
    "decided_by_id, now(), statement_id FROM claims_report",
    "deleted": "DELETE FROM claims_report",
    "words rewritten": "UPDATE claims_report SET message = 'other'",
    "address given": "UPDATE claims_report SET email = 'other@example.org'",
    "moved": "UPDATE claims_report SET ref = '0000000000'",
    "decision rewritten": "UPDATE claims_report SET outcome = 'Something else.' WHERE state = 'unchanged'",
    "decided by nobody": "UPDATE claims_report SET state = 'spam', decided_by_id = %s, decided_at = now() "
    "WHERE state = 'open'",
}


@pytest.mark.parametrize("statement", RAW.values(), ids=RAW)
def test_database_keeps_reports_whoever_writes(editor, statement):
    decided = ReportFactory()
    reports.decide(decided, by=editor, state="unchanged", outcome="It stands.", seen=decided.version)
    ReportFactory()
    values = [editor.pk] if "%s" in statement else []
    with pytest.raises(DatabaseError, match=r"report|decision"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_raw_decision_in_anothers_name_is_refused(editor, publisher):
    ReportFactory()
    with pytest.raises(DatabaseError, match="own"), acting(by=editor):
        Report.objects.update(state="spam", decided_by=publisher, decided_at=timezone.now())
    assert Correction.objects.count() == 0
