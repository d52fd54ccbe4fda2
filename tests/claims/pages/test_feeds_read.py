"""The feeds of the example records as a program reads them that follows feeds for a living."""

import feedparser
import pytest

from claims import corrections
from claims.models import Statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]


@pytest.fixture
def withdrawn(editor, publisher):
    """An entry in the feed of corrections, with marks in its reason."""
    statement = Statement.objects.get(ref="m9qhcy0t9c")
    proposed = corrections.propose_withdrawal(statement, reason="<Not> his words & not ours.", by=editor)
    corrections.apply(proposed, by=publisher)


@pytest.mark.usefixtures("withdrawn")
@pytest.mark.parametrize(
    "address",
    [
        "corrections",
        "contradictions",
        "statements",
        "statements?topic=us-iraq-coalition-talks&q=withdrawal",
        "topics/us-iraq-coalition-talks",
        "speakers/matthew-miller",
    ],
)
def test_feed_is_well_formed_and_whole(reader, address):
    """By feedparser, which flags what is not well-formed; and the same entries as JSON Feed 1.1 wants them."""
    path, _, query = address.partition("?")
    answer = reader.get(f"/feeds/{path}.atom?{query}")
    parsed = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
    assert (parsed.bozo, parsed.version) == (False, "atom10"), parsed.get("bozo_exception")
    assert all(parsed.feed[field] for field in ("id", "title", "link", "updated"))
    for entry in parsed.entries:
        assert all(entry[field] for field in ("id", "title", "link", "published", "summary")), entry
        assert entry.updated_parsed >= entry.published_parsed
    found = [entry.id for entry in parsed.entries]
    assert 0 < len(set(found)) == len(found)
    feed = reader.get(f"/feeds/{path}.json?{query}").json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [each["id"] for each in feed["items"]] == found
    assert [each["title"] for each in feed["items"]] == [entry.title for entry in parsed.entries]
    assert all(each.get("content_text") or each.get("content_html") for each in feed["items"])
