"""News by mail: asked for, confirmed by the address itself, told once, ended by one click, kept nowhere else."""

import re
import time
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from claims import alerts, reports
from claims.models import Alert, Event, ReportAttempt
from tests.constraints import rewrite_row
from tests.factories import AlertFactory, SpeakerFactory, StatementFactory, published_pair
from tests.markup import by_class, main, text, texts

pytestmark = pytest.mark.django_db

READER = {"email": "reader@example.org"}
TOMORROW = timedelta(days=1)


def links_in(message):
    return re.findall(r"https?://\S+", message.body)


def path_of(link):
    return "/" + link.split("/", 3)[3]


def confirm_link(outbox):
    (link,) = links_in(outbox[-1])
    return path_of(link)


def run(now):
    return sum(alerts.send(alert, now) for alert in alerts.due(now))


def published(**values):
    return StatementFactory(status="published", **values)


def test_from_the_form_to_the_mail_and_out(mailoutbox):
    speaker = SpeakerFactory(name="The minister")
    old = published(speaker=speaker)
    reader = Client()
    address = f"/alerts/statements/?speaker={speaker.slug}&utm_source=x&sort=oldest"
    assert "Speaker: The minister" in text(main(reader.get(address)))
    assert reader.post(address, READER).status_code == 200
    assert Alert.objects.count() == 0
    assert mailoutbox[0].to == ["reader@example.org"]

    link = confirm_link(mailoutbox)
    assert reader.get(link).status_code == 200
    assert Alert.objects.count() == 0, "a program that looks at links confirms nothing"
    assert reader.post(link).status_code == 200
    assert reader.post(link).status_code == 200
    alert = Alert.objects.get()
    assert (alert.email, alert.room, alert.query) == ("reader@example.org", "statements", f"speaker={speaker.slug}")

    # In a test all is one transaction, and so one moment of publication.
    rewrite_row(old, published_at=timezone.now() - 3 * TOMORROW)
    Alert.objects.update(since=timezone.now() - timedelta(minutes=1))
    new, other = published(speaker=speaker), published()
    assert run(timezone.now()) == 0, "once a day at most"
    assert run(timezone.now() + TOMORROW) == 1
    assert run(timezone.now() + TOMORROW) == 0
    told = mailoutbox[1]
    assert new.ref in told.body
    assert old.ref not in told.body
    assert other.ref not in told.body
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = path_of(told.extra_headers["List-Unsubscribe"].strip("<>"))
    assert Client().get(way_out).status_code == 200
    assert Alert.objects.count() == 1, "GET writes nothing"
    assert Client().post(way_out, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Alert.objects.count() == 0
    assert Client().post(way_out).status_code == 200


def test_nothing_new_no_mail(mailoutbox):
    AlertFactory(since=timezone.now() - TOMORROW)
    assert run(timezone.now()) == 0
    assert mailoutbox == []
    assert alerts.due(timezone.now()).count() == 0


def test_only_what_readers_may_see(mailoutbox):
    AlertFactory(since=timezone.now() - TOMORROW)
    StatementFactory(status="draft", content="canary one")
    held = published(content="canary two")
    rewrite_row(held, held_since=timezone.now(), held_reason="Checked.")
    assert run(timezone.now() + TOMORROW) == 0
    assert mailoutbox == []


def test_pairs_in_arabic(mailoutbox):
    AlertFactory(room="contradictions", language="ar", since=timezone.now() - TOMORROW)
    pair = published_pair()
    assert run(timezone.now() + TOMORROW) == 1
    assert f"/ar/contradictions/{pair.ref}/" in mailoutbox[0].body
    assert "/ar/alerts/stop/" in mailoutbox[0].body
    assert re.search("[\u0600-\u06ff]", mailoutbox[0].subject)


def test_many_are_counted(mailoutbox, monkeypatch):
    monkeypatch.setattr(alerts, "MOST_TOLD", 2)
    AlertFactory(since=timezone.now() - TOMORROW)
    for _ in range(3):
        published()
    run(timezone.now() + TOMORROW)
    assert mailoutbox[0].subject == "Rashomon: 3 new records"
    assert mailoutbox[0].body.count("/statements/") == 3, "two records and the list"
    assert "1 more" in mailoutbox[0].body


def test_filter_that_names_nothing_any_longer_ends(mailoutbox):
    AlertFactory(query="speaker=nobody-here", since=timezone.now() - TOMORROW)
    assert run(timezone.now()) == 1
    assert "ended" in mailoutbox[0].subject
    assert Alert.objects.count() == 0


def test_mail_that_cannot_be_sent_is_tried_again(mailoutbox, settings):
    alert = AlertFactory(since=timezone.now() - TOMORROW)
    published()
    nowhere = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 1}}
    settings.MAILERS = {"default": nowhere}
    with pytest.raises(ConnectionRefusedError):
        alerts.send(alert, timezone.now() + TOMORROW)
    assert alerts.due(timezone.now()).count() == 1


def test_command_sends_them(mailoutbox, capsys):
    AlertFactory(since=timezone.now() - 2 * TOMORROW)
    published()
    call_command("send_digests")
    assert "1 alerts to readers" in capsys.readouterr().out
    assert len(mailoutbox) == 1


# What the form refuses.


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/alerts/statements/?mode=loud", 400),
        ("/alerts/statements/?q=%3F%3F", 400),
        ("/alerts/speakers/", 404),
        ("/alerts/stop/nonsense/", 404),
        ("/alerts/confirm/nonsense/", 410),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nonsense(method, address, status, mailoutbox):
    answer = getattr(Client(), method)(address, READER if method == "post" else {})
    assert answer.status_code == status
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"email": ""}, "Write the address that the mails should go to."),
        ({"email": "nobody"}, "Enter a valid email address."),
        (READER | {"website": "spam"}, "Empty this field, please: it is there to catch programs."),
    ],
)
def test_form_says_what_is_wrong(sent, message, mailoutbox):
    answer = Client().post("/alerts/statements/", sent)
    assert answer.status_code == 400
    assert message in texts(by_class(main(answer), "errorlist"))
    assert mailoutbox == []


def test_other_sites_cannot_send_it(mailoutbox):
    answer = Client().post("/alerts/statements/", READER, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert mailoutbox == []


def test_nobody_is_flooded(mailoutbox):
    for _ in range(reports.FROM_ONE):
        assert Client().post("/alerts/statements/", READER).status_code == 200
    answer = Client().post("/alerts/statements/", {"email": "Reader@EXAMPLE.org"}, REMOTE_ADDR="192.0.2.9")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert len(mailoutbox) == reports.FROM_ONE
    assert "example" not in str(list(ReportAttempt.objects.values_list("subject", flat=True)))


def test_link_holds_three_days(mailoutbox, monkeypatch):
    Client().post("/alerts/statements/", READER)
    later = time.time() + alerts.ANSWERED_WITHIN.total_seconds() + 60
    monkeypatch.setattr(signing.time, "time", lambda: later)
    assert Client().post(confirm_link(mailoutbox)).status_code == 410
    assert Alert.objects.count() == 0


def test_site_without_mail_offers_none(settings, reader):
    settings.MAIL = "off"
    assert Client().get("/alerts/statements/").status_code == 404
    published()
    assert b"/alerts/" not in reader.get("/statements/").content


def test_history_knows_neither_address_nor_filter(mailoutbox):
    Client().post("/alerts/statements/?q=canaryword", {"email": "canary@example.org"})
    Client().post(confirm_link(mailoutbox))
    alerts.stop(Alert.objects.get().pk)
    told = list(Event.objects.filter(row_table="claims_alert").values())
    assert sorted(event["action"] for event in told) == ["delete", "insert"]
    assert "canary" not in str(told)


def test_same_answer_whoever_asks(mailoutbox):
    AlertFactory(**READER, query="")
    known = Client().post("/alerts/statements/", READER).content
    assert known == Client().post("/alerts/statements/", {"email": "new@example.org"}).content
    assert len(mail.outbox) == 2
