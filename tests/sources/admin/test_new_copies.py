"""A new copy of a known source: the same text is the same copy, another one is compared before it is kept."""

import pytest

from sources.choices import SourceState
from sources.models import Capture
from tests.claims.admin.filling import told
from tests.factories import CaptureFactory, ExcerptFactory, StatementFactory
from tests.sources.admin.arriving import content, problems

pytestmark = pytest.mark.django_db

BEFORE = "The minister said that the talks were halted.\n\nNobody knew why."
AFTER = "The minister said that the talks were delayed.\n\nNobody knew why."


LONGER = f"{BEFORE} Somebody may ask."


@pytest.fixture
def capture():
    return CaptureFactory(text=BEFORE, rights="licensed")


def copy_of(capture):
    return f"sources/source/{capture.source_id}/copy/"


def test_the_same_text_writes_nothing_and_says_where_it_is(desk, capture):
    response = desk.arrive(BEFORE.replace("\n", "\r\n"), path=copy_of(capture))
    assert "this text is kept already" in told(response)[0]
    assert f'href="/admin/sources/capture/{capture.pk}/change/"' in told(response)[0]
    assert Capture.objects.count() == 1


def test_another_text_is_compared_before_it_is_kept(desk, capture):
    page = desk.arrive(AFTER, path=copy_of(capture))
    assert Capture.objects.count() == 1
    part = page.context["parts"][0]
    assert [(stretch.kind, stretch.text) for stretch in part.stretches if stretch.kind in {"removed", "added"}] == [
        ("removed", "halted"),
        ("added", "delayed"),
    ]
    assert (part.form["rights"].value(), part.about) == ("licensed", [])
    content(page)
    response = desk.send_parts(page, path=copy_of(capture))
    capture.source.refresh_from_db()
    assert (capture.source.state, capture.source.captures.count()) == (SourceState.CHANGED, 2)
    assert told(response)[0].endswith("The source is marked as changed.")


def test_what_a_copy_would_take_from_readers_is_told_before(desk, capture):
    StatementFactory(capture=capture, content="the talks were halted", status="published")
    told_before = [desk.arrive(text, path=copy_of(capture)).context["parts"][0].foretold for text in (AFTER, LONGER)]
    assert told_before == [
        ["Keeping it takes 1 published statement, whose words it does not have, from readers until an editor decides."],
        [],
    ]


@pytest.mark.parametrize("text", [BEFORE.replace(" ", "  "), BEFORE + "\n", BEFORE.replace("the", "the\u200b")])
def test_spaces_and_typography_change_no_source(desk, capture, text):
    desk.send_parts(desk.arrive(text, path=copy_of(capture)), path=copy_of(capture))
    capture.source.refresh_from_db()
    assert (capture.source.state, capture.source.captures.count()) == (SourceState.LIVE, 2)


@pytest.mark.parametrize("state", [SourceState.GONE, SourceState.RETRACTED])
def test_only_a_live_source_is_marked(desk, capture, state):
    capture.source.state = state
    capture.source.save()
    desk.send_parts(desk.arrive(AFTER, path=copy_of(capture)), path=copy_of(capture))
    capture.source.refresh_from_db()
    assert (capture.source.state, capture.source.captures.count()) == (state, 2)


def test_an_excerpt_says_nothing_about_the_rest(desk):
    excerpt = ExcerptFactory()
    page = desk.arrive(AFTER, path=copy_of(excerpt))
    assert page.context["parts"][0].stretches is None
    assert "an excerpt" in page.context["parts"][0].not_compared
    desk.send_parts(page, path=copy_of(excerpt))
    excerpt.source.refresh_from_db()
    assert (excerpt.source.state, excerpt.source.captures.count()) == (SourceState.LIVE, 2)


def test_a_text_that_was_changed_on_the_page_is_compared_again(desk, capture):
    page = desk.arrive(AFTER, path=copy_of(capture))
    page = desk.send_parts(page, path=copy_of(capture), button="_look", text=BEFORE)
    assert page.context["parts"][0].not_compared == (
        "It is the same text as the newest copy; to keep it again writes nothing."
    )
    desk.send_parts(page, path=copy_of(capture))
    assert Capture.objects.count() == 1


def test_an_empty_text_is_refused_and_nothing_is_lost(desk, capture):
    page = desk.send_parts(
        desk.arrive(AFTER, path=copy_of(capture)), path=copy_of(capture), text=" \n", rights="private"
    )
    assert problems(page) == ["Paste the text: an empty copy proves nothing."]
    assert page.context["parts"][0].form["rights"].value() == "private"
    assert Capture.objects.count() == 1


def test_a_source_links_to_its_new_copy_and_the_list_to_a_new_source(desk, capture):
    page = desk.get(f"sources/source/{capture.source_id}/change/").content.decode()
    assert f'href="/admin/{copy_of(capture)}"' in page
    for path in ("sources/source/", ""):
        assert 'href="/admin/sources/source/bring/"' in desk.get(path).content.decode()
    assert desk.get("sources/source/99999/copy/").status_code == 404
