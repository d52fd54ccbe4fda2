"""The desk's mails: once a period, of what their reader may read, and ended by one click."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims import digests, reports, services
from claims.models import Digest, Event, Report
from sources.acting import acting
from tests.factories import ReportFactory, StatementFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)


def wants(user, every="daily"):
    user.email = f"{user.username}@example.org"
    user.save()
    return Digest.objects.create(user=user, every=every)


def submitted(by, **values):
    with acting(by=by):
        made = StatementFactory(**values)
    made.refresh_from_db()
    services.submit(made, by=by)
    return made


def run(today):
    return sum(digests.send(digest, today) for digest in digests.due(today))


def test_mail_tells_how_much_waits_and_what_it_is_called(publisher, editor, mailoutbox):
    wants(publisher)
    submitted(editor, content="the talks were halted", note="canarynote")
    ReportFactory(message="canarywords", email="canary@example.org")
    assert run(MONDAY) == 1
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["publisher@example.org"], "2 things wait for you at the desk")
    assert "Waits for your approval (1)" in mail.body
    assert "the talks were halted" in mail.body
    assert "http://127.0.0.1:8000/admin/queue/approve/" in mail.body
    assert "canary" not in mail.message().as_string()
    assert mail.message().get_content_type() == "text/plain"


def test_mail_holds_no_draft_that_its_reader_may_not_read(contributor, editor, publisher, mailoutbox):
    wants(contributor)
    submitted(editor, content="canarydraft")
    assert run(MONDAY) == 0
    own = submitted(contributor, content="of the contributor")
    services.send_back(own, by=publisher, reason="canaryreason")
    assert run(MONDAY) == 1
    assert "of the contributor" in mailoutbox[0].body
    assert "canary" not in mailoutbox[0].body


PERIODS = [
    ("never", [0, 0, 0, 0]),
    ("daily", [1, 0, 1, 1]),
    ("weekly", [1, 0, 0, 1]),
]


@pytest.mark.parametrize(("every", "sent"), PERIODS)
def test_once_a_period_however_often_it_runs(publisher, editor, every, sent, mailoutbox):
    wants(publisher, every)
    submitted(editor)
    days = (MONDAY, MONDAY, MONDAY + timedelta(days=6), MONDAY + timedelta(days=7))
    assert [run(day) for day in days] == sent
    assert len(mailoutbox) == sum(sent)


def test_nothing_is_sent_while_nothing_waits(publisher, editor, mailoutbox):
    wants(publisher)
    assert run(MONDAY) == 0
    submitted(editor)
    assert run(MONDAY) == 1


@pytest.mark.parametrize("missing", [{"is_active": False}, {"is_staff": False}, {"email": ""}])
def test_who_has_left_or_has_no_address_gets_none(publisher, editor, missing):
    wants(publisher)
    submitted(editor)
    for name, value in missing.items():
        setattr(publisher, name, value)
    publisher.save()
    assert run(MONDAY) == 0


def test_mail_that_failed_is_tried_again_and_the_others_go_out(publisher, editor, settings, mailoutbox):
    wants(publisher)
    submitted(editor)
    backend = "django.core.mail.backends.smtp.EmailBackend"
    before = settings.MAILERS
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1}}}
    with pytest.raises(CommandError, match=r"0 digests.* 1 mails could not be sent"):
        call_command("send_digests")
    assert Digest.objects.get().sent_for is None
    settings.MAILERS = before
    call_command("send_digests", verbosity=0)
    assert len(mailoutbox) == 1


def test_command_sends_both_kinds_forgets_and_leaves_events(publisher, editor, mailoutbox, capsys):
    wants(publisher)
    submitted(editor)
    report = ReportFactory(email="reader@example.org")
    reports.decide(report, by=editor, state="unchanged", outcome="It stands.", seen=report.version)
    ReportFactory(email="old@example.org", received_at=timezone.now() - timedelta(days=91))
    call_command("send_digests")
    assert capsys.readouterr().out == "1 digests, 1 answers and 0 alerts to readers; 1 addresses or messages deleted.\n"
    assert [mail.to for mail in mailoutbox] == [["publisher@example.org"], ["reader@example.org"]]
    assert list(Report.objects.values_list("email", flat=True)) == ["", ""]
    last = Event.objects.filter(row_table="claims_digest").latest("id")
    assert (last.action, last.origin) == ("update", "manage.py send_digests")
    call_command("send_digests", verbosity=0)
    assert len(mailoutbox) == 2


def test_one_click_ends_them_without_signing_in(publisher, editor, reader, mailoutbox):
    wants(publisher)
    submitted(editor)
    run(MONDAY)
    headers = mailoutbox[0].message()
    link = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mailoutbox[0].body
    path = link.removeprefix("http://127.0.0.1:8000")
    page = reader.get(path)
    assert (page.status_code, page.cookies, "no-store" in page["Cache-Control"]) == (200, {}, True)
    assert Digest.objects.get().every == "daily"
    assert "Stopped." in reader.post(path, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert Digest.objects.get().every == "never"
    assert reader.post(path).status_code == 200
    assert reader.post(path.replace("/stop/", "/stop/x")).status_code == 404


def test_everybody_chooses_at_the_desk(signed_in, publisher):
    client = signed_in(publisher)
    page = client.get("/admin/mails/").content.decode()
    assert "There is no address with your name here" in page
    response = client.post("/admin/mails/", {"every": "weekly"}, follow=True)
    assert "Saved: once a week, if something waits." in response.content.decode()
    assert Digest.objects.get(user=publisher).every == "weekly"
    assert Event.objects.filter(row_table="claims_digest").latest("id").actor == publisher
    client.post("/admin/mails/", {"every": "hourly"})
    assert Digest.objects.get(user=publisher).every == "weekly"


def test_who_decides_nothing_is_offered_no_mails(signed_in, auditor, administrator, reader):
    for user in (auditor, administrator):
        assert signed_in(user).get("/admin/mails/").status_code == 403
        assert "/admin/mails/" not in signed_in(user).get("/admin/").content.decode()
    assert reader.get("/admin/mails/").status_code == 302


def test_site_without_mail_says_so(signed_in, publisher, settings):
    settings.MAIL = "off"
    assert "This site sends no mail" in signed_in(publisher).get("/admin/mails/").content.decode()
