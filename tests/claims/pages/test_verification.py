"""The badge of each tier wherever words are shown, the page that explains it, and the way to the source itself."""

from urllib.parse import unquote

import pytest
from django.db import transaction

from claims.anchors import Passage, anchor_part
from claims.choices import AnchorPart
from claims.models import Anchor
from claims.reading import BADGES, badge_examples
from sources.anchoring import locate
from sources.choices import SourceState, Tier
from sources.models import Source
from tests.factories import CaptureFactory, PositionFactory, StatementFactory, TopicFactory, published_pair
from tests.markup import by_class, facts, links, main, one, text, texts

pytestmark = pytest.mark.django_db

PRINTED = "The minister said: “We didn’t   discuss it — and we never shall, as I told you on Monday, leave.”"
WRITTEN = {
    Tier.EXACT: "didn’t   discuss it",
    Tier.WHITESPACE: "didn’t discuss it",
    Tier.TYPOGRAPHY: "didn't discuss it -- and we never shall",
    Tier.CASE: "WE NEVER SHALL",
    Tier.ELIDED: "we never shall […] leave",
}


def recorded(content, url="https://news.example.org/a", **values):
    capture = CaptureFactory(text=PRINTED, source__url=url, rights="public_domain")
    with transaction.atomic():
        statement = StatementFactory(capture=capture, content=content, anchored=False, status="published", **values)
        anchor_part(statement, AnchorPart.CONTENT, [Passage(content)])
    return statement


def pages(statement):
    """Every page that shows a statement's words in full."""
    other = StatementFactory(status="published")
    return {
        statement.get_absolute_url(): 1,
        statement.capture.source.get_absolute_url(): 1,
        statement.speaker.get_absolute_url(): 1,
        f"/compare/?statement={statement.ref}&statement={other.ref}": 2,
        "/statements/": 2,
    }


def test_each_tier_has_a_badge_of_its_own():
    assert list(BADGES) == Tier.found()
    assert len({badge.sign for badge in BADGES.values()}) == len({badge.words for badge in BADGES.values()}) == 5


@pytest.mark.parametrize("tier", WRITTEN)
def test_badge_is_the_same_on_every_page(reader, tier):
    statement = recorded(WRITTEN[tier])
    assert {anchor.tier for anchor in statement.anchors.all()} == {tier}
    shown = f"{BADGES[tier].sign} Outlet’s wording verified, {BADGES[tier].words}"
    for address, count in pages(statement).items():
        badges = by_class(main(reader.get(address)), "badge")
        assert len(badges) == count, address
        badge = next(each for each in badges if text(each) == shown)
        assert (badge.get("href"), badge.get("class")) == (f"/about/verification/#{tier}", f"badge badge-{tier}"), (
            address
        )


def test_badge_tells_of_the_part_that_agrees_least(reader):
    statement = recorded("We didn’t   discuss it", mode="direct")
    quote = statement.anchors.get()
    with transaction.atomic():
        Anchor.objects.create(
            statement=statement, part="quote", start=quote.start, end=quote.end, exact=quote.exact, tier=Tier.TYPOGRAPHY
        )
    badge = one(by_class(main(reader.get(statement.get_absolute_url())), "badge"))
    assert text(badge) == "“” Quotation verified, only typography differs"


def test_pair_shows_both_badges(reader):
    pair = published_pair(first=recorded(WRITTEN[Tier.CASE]))
    badges = by_class(main(reader.get(pair.get_absolute_url())), "badge")
    assert [badge.get("class") for badge in badges] == ["badge badge-case", "badge badge-exact"]


@pytest.mark.parametrize(("badge", "copy", "written", "_meaning"), badge_examples(), ids=BADGES)
def test_example_of_each_badge_is_true(badge, copy, written, _meaning):
    assert locate(copy, written).tier == badge.tier


def test_page_explains_each_badge_at_its_place(reader):
    page = main(reader.get("/about/verification/"))
    assert text(page.find("h1")) == "What “verified” means"
    shown = {e.get("id"): text(e.find("dt")) for e in page.iter("div") if e.find("dt") is not None}
    assert shown == {tier: f"{badge.sign} Verified, {badge.words}" for tier, badge in BADGES.items()}
    assert {e.get("id") for e in page.iter("h2")} == {"badges", "not", "yourself", "fails"}
    assert "Not that the source is right." in text(page)
    assert "sha256sum FILE" in texts(page.iter("code"))


# The way to the words in the source itself


def test_deep_link_stands_on_every_page_that_shows_the_statement_in_full(reader):
    statement = recorded("We didn’t   discuss it")
    pair = published_pair(first=statement)
    link = (
        "https://news.example.org/a#:~:text=The minister said: “-,We didn’t discuss it,-— and we never shall, as I told"
    )
    for address in (
        statement.get_absolute_url(),
        pair.get_absolute_url(),
        statement.capture.source.get_absolute_url(),
        f"/compare/?statement={statement.ref}&statement={pair.second.ref}",
    ):
        found = one(by_class(main(reader.get(address)), "deep-link"))
        assert (unquote(found.get("href")), found.get("rel")) == (link, "external noreferrer"), address
    shown = facts(main(reader.get(statement.get_absolute_url())))["Checked"]
    assert shown.endswith("See the passage Read it in the source (opens news.example.org)")


def test_deep_link_names_each_piece(reader):
    statement = recorded(WRITTEN[Tier.ELIDED])
    found = one(by_class(main(reader.get(statement.get_absolute_url())), "deep-link"))
    assert unquote(found.get("href")).split("text=")[1:] == [
        ": “We didn’t discuss it — and-,we never shall,-, as I told you on Monday, leave&",
        "shall, as I told you on Monday,-,leave,-.”",
    ]


def test_source_without_address_has_no_deep_link(reader):
    statement = recorded("We didn’t   discuss it")
    Source.objects.update(url="")
    for address in (statement.get_absolute_url(), statement.capture.source.get_absolute_url()):
        assert by_class(main(reader.get(address)), "deep-link") == []


# A source that no longer stands as it was captured


@pytest.mark.parametrize("state", ["changed", "gone"])
def test_state_of_a_source_marks_whatever_rests_on_it(reader, state):
    topic = TopicFactory()
    statement = recorded("We didn’t   discuss it", topics=[topic])
    pair = published_pair(first=statement, question__topic=topic)
    bare = recorded("we never shall", url="", topics=[topic])
    PositionFactory(statement=pair.second)
    Source.objects.filter(pk__in=[statement.capture.source_id, bare.capture.source_id]).update(state=state)
    notices = {
        statement.get_absolute_url(): 1,
        statement.capture.source.get_absolute_url(): 1,
        pair.get_absolute_url(): 1,
        f"/compare/?statement={statement.ref}&statement={pair.second.ref}": 1,
    }
    for address, count in notices.items():
        notice = by_class(main(reader.get(address)), f"source-state-{state}")
        assert len(notice) == count, address
        assert text(notice[0]).startswith(f"This source is marked “{SourceState(state).label.lower()}”."), address
    marks = {
        "/": 1,
        "/contradictions/": 1,
        "/statements/": 2,
        "/sources/": 2,
        # The pair among those of the topic has no words there; the matrix and the list of further statements have.
        topic.get_absolute_url(): 2,
        # Its words, the pair, and the answer.
        statement.speaker.get_absolute_url(): 3,
        f"/compare/?topic={topic.slug}&speaker={statement.speaker.slug}&speaker={pair.second.speaker.slug}": 1,
    }
    for address, count in marks.items():
        assert texts(by_class(main(reader.get(address)), "state-mark")) == [f"source {state}"] * count, address


def test_source_that_stands_marks_nothing(reader):
    statement = recorded("We didn’t   discuss it")
    for address in (*pages(statement), "/sources/"):
        page = main(reader.get(address))
        assert by_class(page, "state-mark") + by_class(page, "problem") == [], address
    assert links(main(reader.get("/sources/"))) != []
