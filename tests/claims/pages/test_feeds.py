"""Feeds of records: what is new on a topic, of a speaker, and of whatever a list can be asked for."""

import json
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import corrections
from claims.models import Statement
from claims.renaming import rename
from tests.constraints import rewrite_row
from tests.factories import SpeakerFactory, StatementFactory, TopicFactory, published_pair
from tests.markup import links, main

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://127.0.0.1:8000"


def entries(reader, address):
    answer = reader.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    found = ET.fromstring(answer.content).findall(f"{ATOM}entry")
    return [{each.tag.removeprefix(ATOM): each.text for each in entry} for entry in found]


def ids(*records):
    return [f"{SITE}{record.get_absolute_url()}" for record in records]


def listed(reader, address):
    return [entry["id"] for entry in entries(reader, address)]


def public(hours, **values):
    """A statement published some hours ago."""
    made = StatementFactory(status="published", **values)
    rewrite_row(made, published_at=timezone.now() - timedelta(hours=hours))
    return made


def test_what_was_published_last_is_first(reader):
    old, new, middle = public(9), public(1), public(5)
    StatementFactory()
    assert listed(reader, "/feeds/statements.atom") == ids(new, middle, old)
    assert [each["id"] for each in reader.get("/feeds/statements.json").json()["items"]] == ids(new, middle, old)


def test_a_pair_says_both_accounts_and_the_finding(reader):
    pair = published_pair(first__content="the talks ended", second__content="the talks <go> on", explanation="Both.")
    (entry,) = entries(reader, "/feeds/contradictions.atom")
    first, second = pair.first.speaker.name, pair.second.speaker.name
    assert entry["title"] == f"{pair.get_finding_display()} · {pair.question.text} {first} / {second}"
    assert "the talks ended" in entry["summary"]
    assert "the talks &lt;go&gt; on" in entry["summary"]
    assert "Both." in entry["summary"]


def test_topic_and_speaker_have_pairs_and_statements(reader):
    speaker = SpeakerFactory(slug="the-minister")
    pair = published_pair(first__speaker=speaker)
    topic = pair.question.topic
    other = public(3, topics=[topic])
    joint = public(2, further_speakers=[speaker])
    public(1)
    records = ids(pair, pair.first, pair.second)
    assert sorted(listed(reader, f"/feeds/topics/{topic.slug}.atom")) == sorted([*records, *ids(other)])
    assert sorted(listed(reader, "/feeds/speakers/the-minister.atom")) == sorted([*ids(pair, pair.first, joint)])
    feed = json.loads(reader.get("/feeds/speakers/the-minister.json").content)
    assert feed["home_page_url"] == f"{SITE}/speakers/the-minister/"
    assert feed["feed_url"] == f"{SITE}/feeds/speakers/the-minister.json"


def test_whatever_can_be_asked_for_can_be_followed(reader):
    topic = TopicFactory(slug="one", title="The one")
    here = public(1, topics=[topic], content="the talks end")
    public(2, topics=[topic], content="nothing")
    public(3, content="the talks end")
    answer = reader.get("/feeds/statements.json?topic=one&q=talks").json()
    assert [each["id"] for each in answer["items"]] == ids(here)
    assert answer["title"] == "Statements, Words or speaker: talks; Topic: The one · Rashomon"
    assert answer["home_page_url"] == f"{SITE}/statements/?topic=one&q=talks"
    page = main(reader.get("/statements/?topic=one&q=talks&sort=oldest"))
    assert [link for link in links(page) if "/feeds/" in link] == [
        "/feeds/statements.atom?topic=one&q=talks",
        "/feeds/statements.json?topic=one&q=talks",
    ]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/feeds/statements.atom?mode=sung", "mode: “sung” is not one of the values; choose from the list."),
        ("/feeds/statements.json?q=%22", "q: Write a word, a name or a number to look for."),
        ("/feeds/contradictions.atom?topic=no-such", "topic: “no-such” is not on record here; choose from the list."),
    ],
)
def test_nonsense_is_400_with_its_message(reader, address, message):
    answer = reader.get(address)
    assert (answer.status_code, answer.content.decode()) == (400, message)


def test_a_correction_makes_an_entry_newer(reader, editor, publisher):
    statement = public(9)
    with corrections.trying(statement, kind="update", reason="New.", by=editor) as tried:
        Statement.objects.filter(pk=statement.pk).update(role_text="Minister")
    change = corrections.keep(statement, kind="update", reason="New.", by=editor, rows=tried.rows)
    corrections.apply(change, by=publisher)
    (entry,) = entries(reader, "/feeds/statements.atom")
    assert datetime.fromisoformat(entry["published"]) < datetime.fromisoformat(entry["updated"])


def test_a_former_address_leads_on(reader, editor, publisher):
    topic = published_pair().question.topic
    former = topic.slug
    corrections.apply(rename(topic, "another-name", by=editor, reason="Clearer."), by=publisher)
    answer = reader.get(f"/feeds/topics/{former}.atom")
    assert (answer.status_code, answer["Location"]) == (301, "/feeds/topics/another-name.atom")


def test_nobody_and_drafts_have_no_feed(reader):
    draft = TopicFactory(status="draft")
    speaker = StatementFactory().speaker
    for address in (f"topics/{draft.slug}", f"speakers/{speaker.slug}", "topics/no-such"):
        assert reader.get(f"/feeds/{address}.atom").status_code == 404


def test_an_empty_feed_is_the_same_at_each_asking(reader):
    assert reader.get("/feeds/corrections.atom").content == reader.get("/feeds/corrections.atom").content


def test_text_that_xml_cannot_hold_is_left_out(reader):
    public(1, content="one \x0b two")
    (entry,) = entries(reader, "/feeds/statements.atom")
    assert "one   two" in entry["summary"]


def test_as_many_queries_for_many_as_for_one(reader):
    topic = published_pair().question.topic
    addresses = ["/feeds/contradictions.atom", "/feeds/statements.atom", f"/feeds/topics/{topic.slug}.json"]

    def counted():
        found = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                reader.get(address)
            found.append(len(queries))
        return found

    before = counted()
    for _ in range(3):
        published_pair(question__topic=topic)
    assert counted() == before
