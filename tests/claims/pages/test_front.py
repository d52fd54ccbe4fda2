import pytest

from claims.models import Contradiction, Topic
from tests.factories import StatementFactory, TopicFactory, published_pair
from tests.markup import by_class, links, main, one, text, texts

pytestmark = pytest.mark.django_db


def test_empty_site_says_so(reader):
    page = main(reader.get("/"))
    assert texts(by_class(page, "empty")) == ["No story is published yet.", "No comparison is published yet."]
    assert text(page.find(".//label")) == "Search 0 statements"


def test_two_sentences_say_what_this_is(reader):
    lead = one(by_class(main(reader.get("/")), "lead"))
    assert text(lead.find("h1")) == "Who said what, and where the accounts part"
    assert text(one(by_class(lead, "standfirst"))).count(".") == 2


def test_newest_pairs_come_first_and_at_most_six(reader):
    pairs = [published_pair() for _ in range(7)]
    published_pair(status="draft")
    page = main(reader.get("/"))
    shown = [links(line)[0] for line in by_class(page, "pair-line")]
    assert shown == [pair.get_absolute_url() for pair in pairs[:0:-1]]


def test_pair_line_has_question_finding_and_both_sides(reader):
    pair = published_pair(
        question__text="Were the talks halted?",
        first__speaker__name="Washington",
        second__speaker__name="Baghdad",
        second__quotes=["we never halted them"],
        second_words="we never halted them",
    )
    line = one(by_class(main(reader.get("/")), "pair-line"))
    assert text(line.find("h3")) == "Were the talks halted?"
    assert text(one(by_class(line, "finding"))) == "In tension"
    assert texts(line.iter("dt")) == ["Washington", "Baghdad"]
    assert texts(line.iter("dd")) == [pair.first.content, "“we never halted them”"]


def test_topics_are_listed_with_their_counts(reader):
    topic = TopicFactory(title="The talks", summary="What was said.", order=2)
    first = TopicFactory(title="Another story", order=1)
    TopicFactory(status="draft")
    StatementFactory.create_batch(2, status="published", topics=[topic])
    StatementFactory(topics=[topic])
    lines = by_class(main(reader.get("/")), "topic-line")
    assert [(text(line.find("h3")), text(one(by_class(line, "tally")))) for line in lines] == [
        ("Another story", "0 statements"),
        ("The talks", "2 statements"),
    ]
    assert [links(line) for line in lines] == [[first.get_absolute_url()], [topic.get_absolute_url()]]


def test_search_field_leads_to_the_statements(reader):
    StatementFactory(status="published", content="the withdrawal was discussed")
    page = main(reader.get("/"))
    form = one(page.iter("form"))
    assert (form.get("action"), form.get("role"), text(form.find("label"))) == (
        "/statements/",
        "search",
        "Search 1 statement",
    )
    field = one(form.iter("input"))
    assert (field.get("name"), form.find("label").get("for")) == ("q", field.get("id"))
    found = main(reader.get(form.get("action"), {"q": "withdrawal"}))
    assert len(by_class(found, "statements")) == 1


def test_front_has_nothing_of_a_draft(reader):
    pair = published_pair(question__topic__status="draft")
    page = main(reader.get("/"))
    assert by_class(page, "pair-line") + by_class(page, "topic-line") == []
    assert Contradiction.objects.get() == pair
    assert Topic.objects.get().title not in text(page)
