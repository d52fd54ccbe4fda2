"""The front page of the desk: what waits, for whom, with whom and since when."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import corrections, services
from claims.models import Statement
from claims.queues import queues, waiting
from sources.acting import acting
from sources.models import Source
from tests.claims.admin.desk_page import desk_tree
from tests.factories import CaptureFactory, ReportFactory, StatementFactory, TopicFactory, published_pair
from tests.markup import by_class, links, one, text

pytestmark = pytest.mark.django_db


def drafted(by, **values):
    with acting(by=by):
        made = StatementFactory(**values)
    made.refresh_from_db()
    return made


def submitted(by, **values):
    made = drafted(by, **values)
    services.submit(made, by=by)
    return made


def front(client):
    """Title → the section of the queue, as the front page shows it."""
    page = desk_tree(client.get("/admin/"))
    return {text(section.find("h2")): section for section in by_class(page, "desk-queue")}


def titles(client):
    """Those that hold something, without the copies that no check has seen: every factory makes one."""
    return [title for title in front(client) if "(" in title and "Copies" not in title]


def steps(section):
    return [text(a) for a in section.iter("a") if a.get("class") == "desk-step"]


def test_review_waits_for_whoever_did_not_edit_it_last(signed_in, editor, publisher, second_publisher):
    of_editor, of_publisher = submitted(editor, content="one"), submitted(publisher, content="two")
    section = front(signed_in(publisher))["Waits for your approval (1)"]
    assert of_editor.content in text(section)
    assert f"editor, {timezone.localdate():%-d %B %Y} (today)" in text(section)
    assert steps(section) == ["Read and publish…", "Return…"]
    others = front(signed_in(publisher))["In review, with somebody else (1)"]
    assert of_publisher.content in text(others)
    assert "Waits for your approval (2)" in titles(signed_in(second_publisher))
    assert titles(signed_in(editor)) == ["In review, with somebody else (2)"]


def test_every_link_of_the_front_page_leads_somewhere(signed_in, editor, publisher, second_publisher):
    submitted(editor)
    drafted(publisher)
    back = submitted(publisher)
    services.send_back(back, by=second_publisher, reason="Mend it.")
    pair = published_pair()
    corrections.propose_withdrawal(pair.second, reason="Never said.", by=editor)
    services.hold(pair.first, by=publisher, reason="A check failed.")
    ReportFactory(statement=pair.second)
    client = signed_in(publisher)
    page = desk_tree(client.get("/admin/"))
    found = [href for section in by_class(page, "desk-queue") for href in links(section)]
    assert len(found) > 15
    assert {href: client.get(href).status_code for href in found if client.get(href).status_code != 200} == {}


def test_returned_draft_comes_back_with_its_reason(signed_in, editor, publisher):
    back, own = submitted(editor, content="it came back"), drafted(editor, content="it was begun")
    services.send_back(back, by=publisher, reason="The cue is missing.")
    sections = front(signed_in(editor))
    returned, begun = sections["Came back to you (1)"], sections["Your drafts (1)"]
    assert back.content in text(returned)
    assert "The cue is missing." in text(returned)
    assert "publisher, " in text(returned)
    assert own.content in text(begun)
    services.submit(back, by=editor)
    assert "Came back to you (1)" not in front(signed_in(editor))


def test_drafts_of_others_are_not_ones_own(signed_in, editor, contributor):
    drafted(editor, content="of the editor")
    drafted(contributor, content="of the contributor")
    for user, own in ((contributor, "of the contributor"), (editor, "of the editor")):
        section = one(by_class(desk_tree(signed_in(user).get("/admin/queue/drafts/")), "desk-queue"))
        assert own in text(section)
        assert text(section).count("of the ") == 1


def test_proposals_wait_for_a_second_person(signed_in, editor, publisher, second_publisher):
    statement = StatementFactory(status="published")
    corrections.propose_withdrawal(statement, reason="Never said.", by=publisher)
    assert "Your proposals, with somebody else (1)" in titles(signed_in(publisher))
    section = front(signed_in(second_publisher))["Changes proposed by others (1)"]
    assert "Never said." in text(section)
    assert titles(signed_in(editor)) == []


def test_replies_stand_oldest_first_with_their_days(signed_in, editor):
    for days in (3, 40):
        StatementFactory(
            status="published",
            content=f"asked {days} days before",
            allegation=True,
            reply_state="sought",
            reply_sought_on=timezone.localdate() - timedelta(days=days),
            reply_sought_how="by letter",
        )
    rows = [text(li) for li in front(signed_in(editor))["Replies waited for (2)"].iter("li")]
    assert ["(40 days ago)" in row for row in rows] == [True, False]
    assert "Asked by letter" in rows[0]


def test_moved_source_says_what_rests_on_it_and_since_when(signed_in, editor, publisher):
    statement = StatementFactory(status="published")
    Source.objects.filter(pk=statement.capture.source_id).update(state="gone")
    CaptureFactory(source__state="gone")
    section = front(signed_in(editor))["Sources that changed, are gone or were retracted (1)"]
    assert "Gone; 1 published statement rests on it." in text(section)
    assert "(today)" in text(section)


def test_report_is_named_by_its_record_and_not_by_its_words(signed_in, editor):
    report = ReportFactory(message="canarywords", email="canary@example.org")
    page = signed_in(editor).get("/admin/").content.decode()
    assert report.statement.content in page
    assert "canary" not in page


def test_contributor_sees_the_own_work_alone(signed_in, contributor, editor, publisher):
    own = submitted(contributor, content="of the contributor")
    submitted(editor)
    pair = published_pair()
    services.hold(pair.first, by=publisher, reason="A check failed.")
    ReportFactory(statement=pair.second)
    assert titles(signed_in(contributor)) == ["In review, with somebody else (1)"]
    assert own.content in text(front(signed_in(contributor))["In review, with somebody else (1)"])
    for slug in ("approve", "proposals", "reports", "held-statements", "sources"):
        assert signed_in(contributor).get(f"/admin/queue/{slug}/").status_code == 404


def test_auditor_sees_everything_and_no_button(signed_in, auditor, editor, publisher):
    submitted(editor)
    drafted(editor)
    pair = published_pair()
    corrections.propose_withdrawal(pair.second, reason="Never said.", by=editor)
    services.hold(pair.first, by=publisher, reason="A check failed.")
    ReportFactory(statement=pair.second)
    sections = front(signed_in(auditor))
    assert [title for title in sections if "(1)" in title] == [
        "Changes proposed (1)",
        "Reports by readers (1)",
        "Statements held back (1)",
        "Pairs held back (1)",
        "Drafts (1)",
        "In review (1)",
    ]
    assert {label for section in sections.values() for label in steps(section)} == {"Preview"}
    assert waiting(auditor) == []


def test_administrator_sees_no_record(signed_in, administrator, reader):
    assert by_class(desk_tree(signed_in(administrator).get("/admin/")), "desk-front") == []
    for path in ("", "drafts/"):
        assert signed_in(administrator).get(f"/admin/queue/{path}").status_code == 403
        assert reader.get(f"/admin/queue/{path}").status_code == 302
    assert queues(administrator) == []


def test_empty_desk_says_so(signed_in, publisher):
    section = front(signed_in(publisher))["Nothing waits"]
    assert "nobody is waiting for you" in text(section)
    assert "changes proposed by others" in text(section)
    assert "Nothing waits here." in signed_in(publisher).get("/admin/queue/approve/").content.decode()


def fill(count, editor, publisher, second_publisher):
    for n in range(count):
        submitted(editor)
        services.send_back(submitted(publisher), by=second_publisher, reason="Mend it.")
        with acting(by=editor):
            topic = TopicFactory(status="draft")
        topic.refresh_from_db()
        services.submit(topic, by=editor)
        pair = published_pair()
        corrections.propose_withdrawal(pair.second, reason="Never said.", by=editor)
        services.hold(pair.first, by=publisher, reason="A check failed.")
        moved = StatementFactory(status="published")
        Source.objects.filter(pk=moved.capture.source_id).update(state="gone")
        ReportFactory(statement=moved)
        ReportFactory(statement=None, contradiction=published_pair())
        StatementFactory(
            status="published",
            allegation=True,
            reply_state="sought",
            reply_sought_on=date(2026, 1, 1 + n),
            reply_sought_how="by letter",
        )


@pytest.mark.parametrize("path", ["", "queue/", "queue/approve/"])
def test_front_page_costs_the_same_however_much_waits(
    signed_in, editor, publisher, second_publisher, path, django_assert_num_queries
):
    client = signed_in(publisher)
    fill(1, editor, publisher, second_publisher)
    with CaptureQueriesContext(connection) as first:
        assert client.get(f"/admin/{path}").status_code == 200
    fill(2, editor, publisher, second_publisher)
    with django_assert_num_queries(len(first)):
        assert client.get(f"/admin/{path}").status_code == 200


def test_long_queue_has_pages(signed_in, editor, publisher):
    statement = StatementFactory(status="published")
    ReportFactory.create_batch(51, statement=statement)
    client = signed_in(editor)
    section = front(client)["Reports by readers (51)"]
    assert len(list(section.iter("li"))) == 5
    assert "/admin/queue/reports/" in links(section)
    rows = [len(by_class(desk_tree(client.get(f"/admin/queue/reports/?p={p}")), "desk-since")) for p in (1, 2)]
    assert rows == [50, 1]
    assert Statement.objects.count() == 1


def test_preview_shows_a_draft_to_those_who_may_read_it(signed_in, editor, contributor):
    draft = drafted(editor, content="the talks went on")
    path = f"/admin/claims/statement/{draft.pk}/step/publish/"
    assert "the talks went on" in signed_in(editor).get(path).content.decode()
    assert signed_in(contributor).get(path).status_code == 404
