"""How many queries a page costs: the same for one row as for three, so that nothing is asked row by row."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Contradiction
from claims.sitemaps import SITEMAPS
from tests.claims.pages.test_corrections import applied
from tests.constraints import rewrite_row
from tests.factories import (
    CaptureFactory,
    OccasionFactory,
    OutletFactory,
    PositionFactory,
    QuestionFactory,
    SideFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db
DATED = {"said_from": date(2024, 8, 15), "said_to": date(2024, 8, 15), "precision": "day", "date_basis": "in_text"}


def full_pair(topic, n):
    """A pair whose every relation is filled, on a question and between speakers of its own."""
    body = SpeakerFactory(parent=SpeakerFactory())
    values = {}
    for account in ("first", "second"):
        values |= {
            f"{account}__speaker": SpeakerFactory(side=SideFactory(), parent=body),
            f"{account}__further_speakers": SpeakerFactory.create_batch(2, side=SideFactory()),
            f"{account}__on_behalf_of": body,
            f"{account}__relays": SpeakerFactory(),
            f"{account}__relay_certainty": "explicit",
            f"{account}__occasion": OccasionFactory(),
            f"{account}__addressee": OutletFactory(),
            f"{account}__quotes": [f"we said {n}", f"and again {n}"],
            f"{account}__topics": [topic],
        }
    pair = published_pair(question=QuestionFactory(topic=topic), **values)
    for statement in (pair.first, pair.second):
        TranslationFactory(statement=statement)
        PositionFactory(statement=statement, question=QuestionFactory(topic=topic), gist="the same gist")
        SpeakerNameFactory(speaker=statement.speaker)
    pair.first.in_reply_to.add(pair.second)
    rewrite_row(pair.second, same_words_as=pair.first)
    return pair


@pytest.fixture
def fill():
    """So many pairs of one topic, with as many statements that have no position."""

    def make(count):
        topic = TopicFactory()
        pairs = [full_pair(topic, n) for n in range(count)]
        StatementFactory.create_batch(count, status="published", topics=[topic])
        return topic, pairs

    return make


LISTS = {
    "front": 10,
    "topic_list": 1,
    "statement_list": 5,
    "contradiction_list": 8,
    "speaker_list": 3,
    "source_list": 2,
    "compare": 1,
    "about_corrections": 0,
    "about_method": 0,
    "about_verification": 0,
    "healthz": 1,
    "robots": 0,
    "vocabulary": 0,
    "vocabulary_linked": 0,
    "api_schema": 0,
    "api_topics": 1,
    "api_contradictions": 7,
    "api_statements": 14,
    "api_speakers": 3,
    "api_sources": 1,
    "api_corrections": 1,
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_lists(reader, django_assert_num_queries, fill, name, count):
    fill(count)
    with django_assert_num_queries(LISTS[name]):
        assert reader.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_statement_list_with_every_filter(reader, django_assert_num_queries, fill, count):
    topic, pairs = fill(count)
    statement = pairs[0].first
    query = {
        "q": "said",
        "topic": topic.slug,
        "question": pairs[0].question.slug,
        "side": statement.speaker.side.slug,
        "speaker": [pair.first.speaker.slug for pair in pairs],
        "outlet": statement.capture.source.outlet.slug,
        "stance": "affirms",
        "mode": "mixed",
        "language": "en",
        "disputed": "yes",
        "said_after": "",
    }
    with django_assert_num_queries(19):
        assert reader.get("/statements/", query).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_topic_detail(reader, django_assert_num_queries, fill, count):
    topic, _ = fill(count)
    with django_assert_num_queries(16):
        assert reader.get(topic.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_topic_timeline(reader, django_assert_num_queries, fill, count):
    topic, _ = fill(count)
    with django_assert_num_queries(13):
        assert reader.get(f"{topic.get_absolute_url()}timeline/").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_contradiction_detail(reader, django_assert_num_queries, fill, count):
    _, pairs = fill(count)
    with django_assert_num_queries(13):
        assert reader.get(pairs[0].get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_statement_detail(reader, django_assert_num_queries, fill, count):
    """One statement in so many pairs, with so many answers and replies."""
    topic, pairs = fill(count)
    statement = pairs[0].first
    for pair in pairs[1:]:
        published_pair(question=QuestionFactory(topic=topic), first=statement, second=pair.second)
        statement.in_reply_to.add(pair.second)
        pair.first.in_reply_to.add(statement)
        rewrite_row(pair.second, same_words_as=statement)
    with django_assert_num_queries(16):
        assert reader.get(statement.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_compare_statements(reader, django_assert_num_queries, fill, count):
    _, pairs = fill(count)
    refs = [statement.ref for pair in pairs for statement in (pair.first, pair.second)]
    with django_assert_num_queries(10):
        assert reader.get("/compare/", {"statement": refs}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_compare_speakers(reader, django_assert_num_queries, fill, count):
    topic, pairs = fill(count)
    slugs = [statement.speaker.slug for pair in pairs for statement in (pair.first, pair.second)]
    with django_assert_num_queries(10):
        assert reader.get("/compare/", {"topic": topic.slug, "speaker": slugs}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_what_to_compare_in_a_story(reader, django_assert_num_queries, fill, count):
    topic, _ = fill(count)
    with django_assert_num_queries(6):
        assert reader.get("/compare/", {"topic": topic.slug}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_speaker_detail(reader, django_assert_num_queries, fill, count):
    """One speaker with so many words of its own, for it and relayed, in so many pairs."""
    _, pairs = fill(count)
    speaker = pairs[0].first.speaker
    for pair in pairs:
        rewrite_row(pair.first, speaker=speaker, relays=speaker)
        rewrite_row(pair.second, on_behalf_of=speaker)
        SpeakerNameFactory(speaker=speaker)
    with django_assert_num_queries(14):
        assert reader.get(speaker.get_absolute_url()).status_code == 200
    assert Contradiction.objects.filter(first__speaker=speaker).count() == count


@pytest.mark.parametrize("rights", ["public_domain", "short_excerpts"])
@pytest.mark.parametrize("count", [1, 3])
def test_source_detail(reader, django_assert_num_queries, fill, count, rights):
    _, pairs = fill(count)
    capture = pairs[0].first.capture
    type(capture).objects.filter(pk=capture.pk).update(rights=rights)
    StatementFactory.create_batch(
        count, status="published", capture=capture, content=capture.text[:12], further_speakers=[SpeakerFactory()]
    )
    for n in range(count):
        CaptureFactory(source=capture.source, text=f"Copy {n}", rights=rights)
    with django_assert_num_queries(6):
        assert reader.get(capture.source.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("rights", ["public_domain", "short_excerpts", "private"])
@pytest.mark.parametrize("count", [1, 3])
def test_capture_changes(reader, django_assert_num_queries, fill, count, rights):
    _, pairs = fill(count)
    capture = pairs[0].first.capture
    type(capture).objects.filter(pk=capture.pk).update(rights=rights)
    later = CaptureFactory(source=capture.source, text="The talks went on.", rights=rights)
    StatementFactory.create_batch(
        count, status="published", capture=later, content="The talks", further_speakers=[SpeakerFactory()]
    )
    # One for the later copy's fold, in which the recorded words are looked for; private copies are not compared.
    with django_assert_num_queries(6 if rights == "private" else 7):
        address = reverse("capture_changes", args=[capture.source.ref, later.ref])
        assert reader.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_sitemap(reader, django_assert_num_queries, fill, count):
    fill(count)
    with django_assert_num_queries(6):
        assert reader.get("/sitemap.xml").status_code == 200
    for section in SITEMAPS:
        with django_assert_num_queries(0 if section == "pages" else 2):
            assert reader.get(f"/sitemaps/{section}.xml").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_records_for_machines(reader, django_assert_num_queries, fill, count):
    """Each in as many relations as `test_statement_detail` and `test_speaker_detail` give it."""
    topic, pairs = fill(count)
    statement, speaker, source = pairs[0].first, pairs[0].first.speaker, pairs[0].first.capture.source
    for pair in pairs[1:]:
        published_pair(question=QuestionFactory(topic=topic), first=statement, second=pair.second)
        statement.in_reply_to.add(pair.second)
        pair.first.in_reply_to.add(statement)
        rewrite_row(pair.second, same_words_as=statement)
        rewrite_row(pair.first, speaker=speaker)
        SpeakerNameFactory(speaker=speaker)
        CaptureFactory(source=source, text=f"Copy of round {pair.pk}")
    copy = statement.capture
    StatementFactory.create_batch(count, status="published", capture=copy, content=copy.text[:12])
    corrections = [applied(statement=statement, kind="typo") for _ in range(count)]
    for name, key, queries in (
        ("api_topic", [topic.slug], 2),
        ("api_questions", [topic.slug], 2),
        ("api_question", [topic.slug, pairs[0].question.slug], 2),
        ("api_contradiction", [pairs[0].ref], 8),
        ("api_statement", [statement.ref], 13),
        ("api_annotation", [statement.ref], 3),
        ("api_speaker", [speaker.slug], 3),
        ("api_source", [source.ref], 2),
        ("api_annotations", [source.ref], 2),
        ("api_annotation_page", [source.ref], 4),
        ("api_corrections", [], 3),
        ("api_correction", [corrections[0].ref], 3),
        ("linked_topic", [topic.slug], 1),
        ("linked_contradiction", [pairs[0].ref], 7),
        ("linked_statement", [statement.ref], 8),
        ("linked_speaker", [speaker.slug], 3),
    ):
        with django_assert_num_queries(queries, info=name):
            assert reader.get(reverse(name, args=key)).status_code == 200


MANY = [
    "/",
    "/topics/",
    "/topics/{topic}/",
    "/topics/{topic}/timeline/",
    "/statements/",
    "/statements/?q=said&topic={topic}&mode=indirect&disputed=yes&sort=relevance",
    "/contradictions/",
    "/contradictions/?topic={topic}&finding=in_tension",
    "/speakers/",
    "/speakers/?q=speaker",
    "/sources/",
    "/compare/?topic={topic}",
    "/feeds/statements.atom",
    "/feeds/statements.json?q=said",
    "/feeds/contradictions.atom",
    "/feeds/contradictions.json?topic={topic}",
    "/feeds/topics/{topic}.atom",
    "/feeds/speakers/{speaker}.json",
    "/sitemaps/statements.xml",
    "/api/v1/contradictions?topic={topic}",
]


def test_pages_and_feeds_cost_the_same_at_a_thousand(reader):
    """A thousand statements in a thousand pairs, against two statements in one."""
    copy = CaptureFactory(text=" ".join(f"Said {n}." for n in range(1001)))
    speaker, topic = SpeakerFactory(name="The speaker"), TopicFactory()
    question = QuestionFactory(topic=topic)
    shared = {"capture": copy, "speaker": speaker, "topics": [topic], "status": "published", **DATED}
    made = []

    def grow(count):
        with transaction.atomic():
            for n in range(len(made), count):
                made.append(StatementFactory(content=f"Said {n}.", **shared))
                if n:
                    ends = {"first": made[n - 1], "second": made[n]}
                    published_pair(question=question, finding="in_tension", **ends)

    def asked():
        found = {}
        for address in (each.format(topic=topic.slug, speaker=speaker.slug) for each in MANY):
            with CaptureQueriesContext(connection) as queries:
                assert reader.get(address).status_code == 200, address
            found[address] = len(queries)
        return found

    grow(2)
    few = asked()
    grow(1001)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # As the server does by itself, but never for rows of a transaction that is open.
    assert asked() == few


def test_lists_for_machines_cost_the_same_at_a_thousand(reader, django_assert_num_queries):
    """A page has at most a hundred rows, whatever the number behind it."""
    said = " ".join(f"Said {n}." for n in range(1000))
    shared = {"capture": CaptureFactory(text=said), "speaker": SpeakerFactory(), "topics": [TopicFactory()]}
    with transaction.atomic():
        for n in range(1000):
            StatementFactory(status="published", content=f"Said {n}.", **shared)
    for name, queries, rows in (("statements", 13, 100), ("speakers", 2, 1), ("sources", 1, 1), ("topics", 1, 1)):
        with django_assert_num_queries(queries, info=name):
            assert len(reader.get(f"/api/v1/{name}", {"limit": 100}).json()["results"]) == rows


@pytest.mark.parametrize("kind", ["statement", "contradiction", "topic", "speaker", "source"])
def test_unknown_and_draft_cost_the_same(reader, django_assert_num_queries, kind):
    """Else the time would tell them apart."""
    pair = published_pair(status="draft", question__topic__status="draft")
    draft = StatementFactory()
    hidden = {
        "statement": draft,
        "contradiction": pair,
        "topic": pair.question.topic,
        "speaker": draft.speaker,
        "source": draft.capture.source,
    }[kind].get_absolute_url()
    key = hidden.split("/")[2]
    for address in (hidden, hidden.replace(key, "zzzzzzzzzz")):
        with django_assert_num_queries({"source": 1, "topic": 3}.get(kind, 2)):
            assert reader.get(address).status_code == 404
