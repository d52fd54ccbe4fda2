"""The steps at the desk: read as readers would and approve that version, return, hold back, show again."""

import re

import pytest

from claims import services
from claims.models import Event, Statement
from sources.acting import acting
from tests.claims.admin.filling import Desk, told
from tests.factories import CaptureFactory, SourceFactory, StatementFactory, TopicFactory, published_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(editor):
    with acting(by=editor):
        made = StatementFactory(quotes=["We go on"], role_text="minister")
    made.refresh_from_db()
    return made


@pytest.fixture
def reviewer(signed_in, publisher):
    return Desk(signed_in(publisher))


def address(record, step="publish"):
    return f"claims/{record._meta.model_name}/{record.pk}/step/{step}/"


def body_of(client, path):
    return client.get(path).content.decode()


def test_review_is_the_page_that_readers_get(reviewer, draft, reader):
    before = reviewer.get(address(draft)).content.decode()
    reviewer.post(address(draft), seen=draft.version)
    after = body_of(reader, draft.get_absolute_url())
    main = after.split('<main id="main">')[1].split("</main>")[0]
    # There is nothing to cite or to send on before it is published.
    main = re.sub(r'<section class="sharing".*?</section>', "", main, flags=re.DOTALL)
    # It says for itself that nobody has approved it yet.
    approved = before.replace("Not approved yet", "Approved by a second reader")
    assert " ".join(main.split()) in " ".join(approved.split())
    assert "noindex" in before


def test_approval_is_of_the_version_that_was_read(reviewer, draft, editor):
    seen = reviewer.get(address(draft)).context["record"].version
    with acting(by=editor):
        changed = Statement.objects.get(pk=draft.pk)
        changed.role_text = "envoy"
        changed.save()
    answer = reviewer.post(address(draft), seen=seen)
    draft.refresh_from_db()
    assert (answer.status_code, draft.status) == (409, "draft")
    told_of = [
        (event.actor, [(change.label, change.row) for change in found]) for event, found in answer.context["since"]
    ]
    assert told_of == [(editor, [("Role text", "")])]
    words = answer.content.decode()
    assert "envoy" in words
    assert f'name="seen" value="{draft.version}"' in words
    assert reviewer.post(address(draft), seen=draft.version).status_code == 200
    draft.refresh_from_db()
    assert (draft.status, draft.approved_version) == ("published", draft.version)


def test_publishing_without_having_read_is_refused(reviewer, draft):
    assert reviewer.post(address(draft)).status_code == 409
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_everything_missing_is_listed_with_its_place(reviewer, editor):
    with acting(by=editor):
        source = SourceFactory(locator="")
        draft = StatementFactory(
            capture=CaptureFactory(source=source, text="He said the talks were halted."),
            content="the talks were halted",
            anchored=False,
            mode="direct",
            undated=False,
            allegation=True,
        )
    found = {mend.url for mend in reviewer.get(address(draft)).context["missing"]}
    form = f"/admin/claims/statement/{draft.pk}/change/"
    assert found == {
        f"{form}#id_content",
        f"{form}#id_quoted",
        f"{form}#id_said",
        f"{form}#id_reply_state",
        f"/admin/sources/source/{source.pk}/change/#id_url",
    }
    for url in found:
        path, _, key = url.partition("#")
        assert f'id="{key}"' in body_of(reviewer.client, path), url
    answer = reviewer.post(address(draft), seen=1)
    assert len(answer.context["missing"]) == 5


def test_who_edited_last_is_told_why_not(signed_in, publisher, draft):
    with acting(by=publisher):
        changed = Statement.objects.get(pk=draft.pk)
        changed.role_text = "envoy"
        changed.save()
    desk = Desk(signed_in(publisher))
    shown = desk.get(address(draft))
    assert shown.context["reasons"] == [
        "You edited it last, so somebody else must read and approve it: submit it for review."
    ]
    words = shown.content.decode()
    assert ("Approve and publish" in words, "Submit for review" in words) == (False, True)
    assert "You edited it last" in desk.get(f"claims/statement/{draft.pk}/change/").content.decode()
    changed.refresh_from_db()
    assert desk.post(address(draft), seen=changed.version).status_code == 400
    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize(
    ("role", "status", "buttons", "links"),
    [
        ("contributor", "draft", [], []),
        ("editor", "draft", ["submit"], []),
        ("publisher", "draft", ["submit", "publish"], []),
        ("auditor", "draft", [], []),
        ("editor", "in_review", [], ["return"]),
        ("publisher", "in_review", ["publish"], ["return"]),
        ("contributor", "published", [], ["withdraw"]),
        ("editor", "published", [], ["withdraw"]),
        ("publisher", "published", [], ["hold", "withdraw"]),
        ("auditor", "published", [], []),
    ],
)
def test_buttons_are_shown_to_whom_they_serve(request, signed_in, second_publisher, role, status, buttons, links):
    with acting(by=None if status == "published" else second_publisher):
        record = StatementFactory(status=status)
    desk = Desk(signed_in(request.getfixturevalue(role)))
    shown = desk.get(f"claims/statement/{record.pk}/change/")
    if status == "draft" and role == "contributor":
        assert shown.status_code == 302
        return
    assert [step.name for step in shown.context["steps"]] == buttons
    assert [url.rsplit("/", 2)[1] for _, url in shown.context["step_links"]] == links


def test_return_asks_for_a_reason_and_keeps_it(reviewer, draft, editor):
    services.submit(draft, by=editor)
    assert reviewer.post(address(draft, "return"), reason=" ").status_code == 400
    reviewer.post(address(draft, "return"), reason="Name the office.")
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert Event.objects.filter(record="statement", record_id=draft.pk).first().reason == "Name the office."


def test_held_back_and_shown_again(reviewer, reader):
    pair = published_pair()
    assert reviewer.post(address(pair.first, "hold"), reason="").status_code == 400
    reviewer.post(address(pair.first, "hold"), reason="The speaker denies it.")
    assert reader.get(pair.first.get_absolute_url()).status_code == 404
    assert reader.get(pair.get_absolute_url()).status_code == 404
    shown = reviewer.get(f"claims/statement/{pair.first.pk}/change/")
    assert shown.context["held_reason"] == "The speaker denies it."
    reviewer.post(address(pair.first, "release"))
    assert reader.get(pair.first.get_absolute_url()).status_code == 200


def test_bulk_publishing_binds_to_the_versions_on_the_page(reviewer, editor):
    with acting(by=editor):
        first, second = StatementFactory(), StatementFactory()
    asked = reviewer.post("claims/statement/", action="publish_them", _selected_action=[first.pk, second.pk])
    hidden = dict(re.findall(r'name="(seen-[0-9]+)" value="([0-9]+)"', asked.content.decode()))
    assert set(hidden) == {f"seen-{first.pk}", f"seen-{second.pk}"}
    with acting(by=editor):
        changed = Statement.objects.get(pk=second.pk)
        changed.role_text = "envoy"
        changed.save()
    done = reviewer.post(
        "claims/statement/",
        action="publish_them",
        _confirmed="yes",
        _selected_action=[first.pk, second.pk],
        **hidden,
    )
    for record in (first, second):
        record.refresh_from_db()
    assert (first.status, second.status) == ("published", "draft")
    assert any("Somebody changed it" in message for message in told(done))


def test_topics_and_pairs_are_reviewed_on_their_pages(reviewer, editor):
    pair = published_pair()
    with acting(by=editor):
        topic = TopicFactory(status="draft", title="Harbour talks")
    assert "Harbour talks" in reviewer.get(address(topic)).content.decode()
    shown = reviewer.get(address(pair)).content.decode()
    assert pair.question.text in shown
    assert "Approve and publish" not in shown
