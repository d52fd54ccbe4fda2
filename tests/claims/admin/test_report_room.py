"""The desk's room for readers' reports: who sees what of them, and how they are decided."""

import pytest

from claims import corrections, reports
from claims.models import Report
from tests.claims.admin.filling import told
from tests.factories import ReportFactory, StatementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return ReportFactory(message="<b>He</b> never said it.", email="reader@example.org")


def at(report):
    return f"/admin/claims/report/{report.pk}/change/"


def decision(report, **typed):
    return {"seen": report.version, "state": "unchanged", "outcome": "It stands.", **typed}


def test_editor_reads_it_and_where_to_answer(signed_in, editor, report):
    page = signed_in(editor).get(at(report)).content.decode()
    assert "&lt;b&gt;He&lt;/b&gt; never said it." in page
    assert "reader@example.org" in page
    assert report.statement.get_absolute_url() in page


def test_auditor_reads_it_without_the_address_and_without_buttons(signed_in, auditor, report):
    client = signed_in(auditor)
    page = client.get(at(report)).content.decode()
    assert "never said it." in page
    assert "reader@example.org" not in page
    assert ">Decide<" not in page
    assert client.post(at(report), decision(report)).status_code == 403
    assert "reader@example.org" not in client.get("/admin/claims/report/").content.decode()


@pytest.mark.parametrize("role", ["contributor", "importer", "administrator"])
def test_others_see_none(request, signed_in, report, role):
    client = signed_in(request.getfixturevalue(role))
    for path in (at(report), "/admin/claims/report/"):
        assert client.get(path).status_code == 403
    assert client.post(at(report), decision(report)).status_code == 403


def test_editor_decides(signed_in, editor, report):
    response = signed_in(editor).post(at(report), decision(report), follow=True)
    assert told(response) == ["Decided. The reader finds it at the address they were given."]
    report.refresh_from_db()
    assert (report.state, report.outcome, report.decided_by) == ("unchanged", "It stands.", editor)
    assert ">Decide<" not in response.content.decode()


def test_correction_is_chosen_among_those_of_the_record(signed_in, editor, publisher, report):
    for statement in (report.statement, StatementFactory(status="published")):
        proposal = corrections.propose_withdrawal(statement, reason=f"Reason {statement.pk}.", by=editor)
        corrections.apply(proposal, by=publisher)
    own = report.statement.corrections.get()
    client = signed_in(editor)
    assert client.get(at(report)).content.decode().count("<option") == 2
    response = client.post(at(report), decision(report, state="corrected", correction=proposal.pk))
    assert response.status_code == 400
    client.post(at(report), decision(report, state="corrected", outcome="", correction=own.pk))
    assert Report.objects.get().correction == own


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"outcome": ""}, "Say for readers why nothing changes."),
        ({"state": ""}, "Choose what came of it."),
        ({"state": "open"}, "open is not one of the available choices"),
        ({"state": "corrected"}, "Link the change that was made"),
    ],
)
def test_refusal_stands_beside_its_field(signed_in, editor, report, typed, says):
    response = signed_in(editor).post(at(report), decision(report, **typed))
    assert response.status_code == 400
    assert says in response.content.decode()
    assert Report.objects.get().state == "open"


def test_second_decision_is_told_of_the_first(signed_in, editor, publisher, report):
    reports.decide(report, by=publisher, state="unchanged", outcome="First.", seen=report.version)
    response = signed_in(editor).post(at(report), decision(report, outcome="Second."))
    assert response.status_code == 409
    assert "Somebody decided on it meanwhile" in response.content.decode()
    assert Report.objects.get().outcome == "First."


def test_nothing_is_added_or_deleted(signed_in, publisher, report):
    client = signed_in(publisher)
    assert client.get("/admin/claims/report/add/").status_code == 403
    assert client.post(f"/admin/claims/report/{report.pk}/delete/", {"post": "yes"}).status_code == 403
    for key in ("0", "x", "9" * 30):
        assert client.get(f"/admin/claims/report/{key}/change/").status_code == 404
