import pytest

from claims.models import Contradiction, Topic
from tests.factories import QuestionFactory, StatementFactory, TopicFactory, published_pair
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
    assert texts(one(found) for each in line.iter("li") for found in [each.iter("bdi")]) == ["Washington", "Baghdad"]
    assert texts(by_class(line, "pair-said")) == [pair.first.content, "“we never halted them”"]


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


def certain(account, day):
    return {
        f"{account}__said_from": day,
        f"{account}__said_to": day,
        f"{account}__precision": "day",
        f"{account}__date_basis": "in_text",
    }


def test_a_story_names_its_disputed_questions_with_their_findings_and_since_when(reader):
    topic = TopicFactory()
    second, first = (
        QuestionFactory(topic=topic, text="Who?", order=2),
        QuestionFactory(topic=topic, text="Why?", order=1),
    )
    published_pair(
        question=second, finding="in_tension", **certain("first", "2024-08-15"), **certain("second", "2024-08-12")
    )
    published_pair(
        question=second, finding="in_tension", **certain("first", "2024-08-16"), **certain("second", "2024-08-13")
    )
    published_pair(
        question=second,
        finding="contradicts",
        same_event="yes",
        same_referent="yes",
        explanation="Not both.",
        **certain("first", "2024-08-01"),
        second__undated=True,
    )
    published_pair(question=second, status="draft", finding="apparent_only", same_event="no", explanation="Two things.")
    published_pair(
        question=first,
        finding="apparent_only",
        same_event="no",
        explanation="Two things.",
        first__undated=True,
        second__undated=True,
    )
    QuestionFactory(topic=topic, text="Undisputed?")
    disputes = one(by_class(main(reader.get("/")), "disputes"))
    assert texts(disputes) == ["Why? Apparent only: 1", "Who? Contradiction: 1 In tension: 2 since 15 August 2024"]
    assert links(disputes) == [f"{topic.get_absolute_url()}#{question.slug}" for question in (first, second)]


def test_at_most_twelve_stories_stand_on_the_front(reader):
    TopicFactory.create_batch(12)
    assert "/topics/" not in links(one(by_class(main(reader.get("/")), "front-stories")))
    TopicFactory()
    stories = one(by_class(main(reader.get("/")), "front-stories"))
    assert len(by_class(stories, "topic-line")) == 12
    assert links(stories)[-1] == "/topics/"
