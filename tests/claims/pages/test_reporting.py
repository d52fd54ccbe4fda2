"""“Something wrong?”: a form without a cookie, what it refuses, and what came of a report."""

import re
import time

import pytest
from django.core.signing import TimestampSigner

from claims import corrections, reports
from claims.models import Report, ReportAttempt
from tests.factories import ReportFactory, StatementFactory, TopicFactory, published_pair
from tests.markup import links, main, text, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    return StatementFactory(status="published")


def address_of(record):
    kind, key = reports.kind_of(record)
    return f"/report/{kind}/{key}/"


def signed(record, ago=60, ref="0123456789"):
    """The hidden field of a form that was opened so many seconds ago."""
    kind, key = reports.kind_of(record)
    signer = TimestampSigner(salt=f"claims.reports:{kind}:{key}")
    now = time.time
    try:
        time.time = lambda: now() - ago
        return signer.sign(ref)
    finally:
        time.time = now


def send(reader, record, *, ago=60, headers=None, **typed):
    data = {"kind": "words", "message": "It says “mulling”.", "pass_": signed(record, ago), **typed}
    return reader.post(address_of(record), data, headers=headers or {})


def problems(response):
    return texts(e for e in main(response).iter("p") if e.get("class") == "errorlist")


def test_every_kind_of_public_record_leads_to_its_form(reader):
    pair = published_pair()
    for record in (pair, pair.first, pair.question.topic, pair.first.speaker, pair.first.capture.source):
        assert address_of(record) in links(main(reader.get(record.get_absolute_url())))
        page = reader.get(address_of(record))
        assert page.status_code == 200
        assert record.get_absolute_url() in links(main(page))


def test_form_sets_no_cookie_and_is_not_kept(reader, statement):
    page = reader.get(address_of(statement))
    assert (page.cookies, "Cookie" in page.get("Vary", "")) == ({}, False)
    assert "no-store" in page["Cache-Control"]
    assert Report.objects.count() == 0


def test_report_is_sent_without_a_cookie(reader, statement):
    response = send(reader, statement, email="reader@example.org")
    assert (response.status_code, response["Location"], response.cookies) == (302, "/reports/0123456789/", {})
    report = Report.objects.get()
    assert (report.statement, report.kind, report.email) == (statement, "words", "reader@example.org")
    page = reader.get(response["Location"])
    assert "Received" in text(main(page))
    assert "We will also send it" in text(main(page))
    assert "reader@example.org" not in page.content.decode()
    assert "mulling" not in page.content.decode()


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(reader, statement):
    response = send(reader, statement, kind="", message="", email="nobody")
    assert response.status_code == 400
    assert problems(response) == ["Choose what is the matter.", "Write what is wrong.", "Enter a valid email address."]
    response = send(reader, statement, kind="sung", message="وقال المتحدث", email="nobody")
    assert problems(response) == ["Choose one of these.", "Enter a valid email address."]
    assert "وقال المتحدث" in response.content.decode()
    assert 'value="nobody"' in response.content.decode()
    assert signed(statement)[:10] in response.content.decode()
    assert Report.objects.count() == 0


REFUSED = {
    "a trap filled": ({"website": "https://buy.example"}, "Empty this field"),
    "too quick": ({"ago": 1}, "very quick"),
    "too late": ({"ago": 90_000}, "open for more than a day"),
    "not signed": ({"pass_": "0123456789:1abcde:nonsense"}, "not made for this page"),
    "nothing signed": ({"pass_": ""}, "not made for this page"),
    "from another site": ({"headers": {"Sec-Fetch-Site": "cross-site"}}, "from a page of another site"),
    "too long": ({"message": "x" * 5001}, "at most 5000 characters"),
    "NUL": ({"message": "x\x00"}, "Null characters are not allowed"),
}


@pytest.mark.parametrize(("typed", "says"), REFUSED.values(), ids=REFUSED)
def test_refusals_say_what_to_do(reader, statement, typed, says):
    response = send(reader, statement, **typed)
    assert response.status_code == 400
    assert says in text(main(response))
    assert Report.objects.count() == ReportAttempt.objects.count() == 0


def test_form_of_one_record_does_not_fit_another(reader, statement):
    other = StatementFactory(status="published")
    assert send(reader, statement, pass_=signed(other)).status_code == 400


def test_form_that_came_back_can_be_sent(reader, statement):
    """The time that it was open runs on; one that had no signature gets a new one."""
    page = send(reader, statement, message="").content.decode()
    again = re.search(r'name="pass_" value="([^"]+)"', page)[1]
    assert again == signed(statement) or again[:10] == "0123456789"
    assert send(reader, statement, pass_=again).status_code == 302
    page = send(reader, statement, pass_="").content.decode()
    fresh = re.search(r'name="pass_" value="([^"]+)"', page)[1]
    assert not fresh.startswith("0123456789")


def test_sent_twice_it_is_one_report(reader, statement):
    assert [send(reader, statement)["Location"] for _ in range(2)] == ["/reports/0123456789/"] * 2
    assert Report.objects.count() == 1


def test_too_many_are_told_when_to_come_back_and_keep_their_words(reader, statement):
    ReportAttempt.objects.bulk_create(ReportAttempt(subject=f"{n}") for n in range(reports.FROM_ALL))
    response = send(reader, statement)
    assert response.status_code == 429
    assert 86_000 < int(response["Retry-After"]) <= 86_400
    assert "It says “mulling”." in response.content.decode()
    assert Report.objects.count() == 0


def test_each_client_behind_the_proxy_is_counted_alone(reader, statement, settings):
    settings.TRUSTED_PROXIES = 1
    for n in range(reports.FROM_ONE + 1):
        reports_from = {"X-Forwarded-For": "192.0.2.1"}
        response = send(reader, statement, headers=reports_from, pass_=signed(statement, ref=f"{n:010}"))
    assert response.status_code == 429
    other = {"X-Forwarded-For": "192.0.2.2"}
    assert send(reader, statement, headers=other, pass_=signed(statement, ref="9999999999")).status_code == 302


def test_records_that_readers_do_not_see_have_no_form(reader):
    draft = StatementFactory()
    hidden = [address_of(r) for r in (draft, draft.speaker, draft.capture.source, TopicFactory(status="draft"))]
    for address in [*hidden, "/report/users/1/"]:
        kind = address.split("/")[2]
        answer, unknown = reader.get(address), reader.get(f"/report/{kind}/zzzzzzzzzz/")
        assert (answer.status_code, answer.content) == (404, unknown.content)
        assert reader.post(address).status_code == 404


def test_without_mail_no_address_is_asked_for(reader, statement, settings):
    settings.MAIL = "off"
    assert "e-mail" not in reader.get(address_of(statement)).content.decode()
    assert send(reader, statement, email="reader@example.org").status_code == 302
    assert Report.objects.get().email == ""


# What came of it.


def test_outcome_of_no_change_stands_on_the_record_too(reader, statement, editor):
    report = ReportFactory(statement=statement, message="canarywords", email="canary@example.org")
    ReportFactory(statement=statement, message="canarywords")
    spam = ReportFactory(statement=statement, message="canarywords")
    reports.decide(spam, by=editor, state="spam", seen=spam.version)
    assert "Reported by readers" not in text(main(reader.get(statement.get_absolute_url())))
    reports.decide(report, by=editor, state="unchanged", outcome="<b>The source</b> says so.", seen=report.version)
    for address in (report.get_absolute_url(), statement.get_absolute_url()):
        page = reader.get(address)
        assert "<b>The source</b> says so." in text(main(page))
        assert "canary" not in page.content.decode()
    assert text(main(reader.get(statement.get_absolute_url()))).count("No change.") == 1
    assert "it was not about this record" in text(main(reader.get(spam.get_absolute_url())))


def test_outcome_that_was_corrected_leads_to_the_correction(reader, statement, editor, publisher):
    report = ReportFactory(statement=statement)
    proposal = corrections.propose_withdrawal(statement, reason="The speaker never said it.", by=editor)
    corrections.apply(proposal, by=publisher)
    reports.decide(report, by=editor, state="corrected", correction=proposal, seen=report.version)
    page = main(reader.get(report.get_absolute_url()))
    assert proposal.get_absolute_url() in links(page)
    assert "The speaker never said it." in text(page)
    assert statement.content not in text(page)
    assert reader.get("/reports/0000000000/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_outcomes_cost_one_query_however_many(reader, editor, statement, count, django_assert_num_queries):
    for report in ReportFactory.create_batch(count, statement=statement):
        reports.decide(report, by=editor, state="unchanged", outcome="It stands.", seen=report.version)
    with django_assert_num_queries(1):
        assert len(list(reports.answered_in_public(statement))) == count
