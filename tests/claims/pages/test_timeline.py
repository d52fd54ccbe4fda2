"""Who said what when, as a reader sees it: the drawing, and the list that says the same."""

from datetime import date

import pytest

from claims import story
from claims.models import Contradiction, Statement
from tests.factories import (
    PositionFactory,
    QuestionFactory,
    ReplyFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    published_pair,
)
from tests.markup import by_class, links, main, one, text, texts

pytestmark = pytest.mark.django_db

TALKS = "us-iraq-coalition-talks"
DAY = {"precision": "day", "date_basis": "in_text", "status": "published"}


def ask(reader, slug=TALKS, prefix="", **query):
    return reader.get(f"{prefix}/topics/{slug}/timeline/", query)


def page(reader, *args, **query):
    answer = ask(reader, *args, **query)
    assert answer.status_code == 200
    return main(answer)


def listed(page, heading="listed"):
    """References of the list under a heading, in its order."""
    part = [s for s in page.iter("section") if s.get("aria-labelledby") == heading]
    return [li.get("id").removeprefix("said-") for s in part for li in by_class(s, "line")]


def drawn(page):
    """References of the marks in the drawing."""
    return {a.get("href").removeprefix("#said-") for svg in page.iter("svg") for a in svg.iter("a")}


def on(day, topic, **values):
    return StatementFactory(said_from=day, said_to=day, topics=[topic], **DAY, **values)


@pytest.fixture
def topic():
    return TopicFactory()


@pytest.mark.usefixtures("story")
def test_every_statement_is_listed_once_dated_ones_by_day(reader):
    found = page(reader)
    rows = Statement.objects.published().filter(topics__slug=TALKS)
    dated = rows.exclude(said_from=None, said_to=None)
    assert sorted(listed(found)) == sorted(dated.values_list("ref", flat=True))
    days = dict(rows.values_list("ref", "said_from"))
    assert [days[ref] for ref in listed(found)] == sorted(days[ref] for ref in listed(found))
    undated = rows.filter(said_from=None, said_to=None)
    assert sorted(listed(found, "undated")) == sorted(undated.values_list("ref", flat=True))
    assert drawn(found) <= set(listed(found))
    assert len(drawn(found)) > 20


@pytest.mark.usefixtures("story")
def test_list_says_who_when_where_and_how(reader):
    line = one(li for li in by_class(page(reader), "line") if li.get("id") == "said-m9qhcy0t9c")
    assert "“on Thursday evening”" in text(one(by_class(line, "line-when"))) or "Thursday" in text(line)
    assert "15 August 2024" in text(one(by_class(line, "line-when")))
    assert "dated by us" in text(line)
    assert text(one(by_class(line, "line-who"))) == "Matthew Miller Asharq Al-Awsat"
    assert text(one(by_class(line, "entry-words"))).startswith("“At no time did we discuss")
    assert "/contradictions/z8zaqp1317/" in links(line)


@pytest.mark.usefixtures("story")
def test_every_zoom_leads_to_as_many_statements_as_it_says(reader):
    chips = one(by_class(page(reader), "chips"))
    assert len(chips) >= 4
    for chip in chips:
        address = chip.find("a").get("href")
        answer = reader.get(f"/topics/{TALKS}/timeline/{address}")
        assert answer.status_code == 200
        assert str(len(listed(main(answer)))) == text(one(by_class(chip, "tally"))), address
        assert text(one(a for a in main(answer).iter("a") if a.get("aria-current"))) == text(chip)


def test_from_and_to_narrow_the_story_to_what_may_have_been_said_then(reader, topic):
    january, june = on(date(2024, 1, 5), topic), on(date(2024, 6, 5), topic)
    spring = StatementFactory(
        said_from=date(2024, 3, 1),
        said_to=date(2024, 5, 31),
        topics=[topic],
        precision="range",
        date_basis="in_text",
        status="published",
    )
    assert listed(page(reader, topic.slug)) == [january.ref, spring.ref, june.ref]
    assert listed(page(reader, topic.slug, **{"from": "2024-02"})) == [spring.ref, june.ref]
    assert listed(page(reader, topic.slug, **{"from": "2024-02", "to": "2024-03-01"})) == [spring.ref]
    found = page(reader, topic.slug, to="2024-03")
    assert listed(found) == [january.ref, spring.ref]
    assert "1 statement lies before or after." in text(found)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"from": "soon"}, "soon"),
        ({"to": "2024-13"}, "2024-13"),
        ({"from": "2024-08", "to": "2024-01"}, "swap the two dates"),
        ({"from": "2024\0"}, ""),
        ({"from": "9" * 400}, ""),
    ],
)
def test_nonsense_is_refused_with_its_message_and_the_whole_story(reader, topic, query, words):
    statement = on(date(2024, 1, 5), topic)
    answer = ask(reader, topic.slug, **query)
    assert answer.status_code == 400
    assert "the whole story is shown" in text(one(by_class(main(answer), "problem")))
    assert words in text(one(by_class(main(answer), "errorlist")))
    assert listed(main(answer)) == [statement.ref]


@pytest.mark.parametrize("query", [{"from": "0001-01-01"}, {"to": "9999-12-31"}, {"from": "9999"}, {"to": "0001"}])
def test_ends_of_the_calendar_are_no_error(reader, topic, query):
    on(date(2024, 1, 5), topic)
    page(reader, topic.slug, **query)


def test_stretch_without_statements_says_so_and_leads_back(reader, topic):
    on(date(2024, 1, 5), topic)
    found = page(reader, topic.slug, **{"from": "2020", "to": "2021"})
    assert text(by_class(found, "empty")[0]) == "Nothing on record was said in this time. The whole story"
    assert listed(found) == []


def test_story_without_statements_and_one_without_dates(reader, topic):
    assert text(one(by_class(page(reader, topic.slug), "empty"))) == (
        "Nothing is on record in this story yet. To the story"
    )
    undated = StatementFactory(status="published", topics=[topic])
    found = page(reader, topic.slug)
    assert listed(found, "undated") == [undated.ref]
    assert list(found.iter("svg")) == []


def test_reversal_is_an_arc_and_told_at_the_later_words(reader, topic):
    speaker, question = SpeakerFactory(), QuestionFactory(topic=topic)
    before, after = on(date(2024, 1, 5), topic, speaker=speaker), on(date(2024, 8, 5), topic, speaker=speaker)
    PositionFactory(statement=before, question=question, stance="affirms")
    PositionFactory(statement=after, question=question, stance="denies")
    found = page(reader, topic.slug)
    (curve,) = by_class(one(by_class(found, "timeline-scroll")), "curve-reversal")
    assert text(curve) == f"Reversal: {speaker.name} answered otherwise"
    line = one(li for li in by_class(found, "line") if li.get("id") == f"said-{after.ref}")
    assert text(one(by_class(line, "turn"))) == "Answered otherwise before"
    assert one(by_class(line, "turn")).get("href") == f"#said-{before.ref}"


def test_answer_and_right_of_reply_are_drawn_and_listed(reader, topic):
    first, second = on(date(2024, 1, 5), topic), on(date(2024, 1, 9), topic)
    second.in_reply_to.add(first)
    reply = ReplyFactory(statement=first, received_on=date(2024, 1, 20), party="The ministry")
    found = page(reader, topic.slug)
    titles = texts(by_class(one(by_class(found, "timeline-scroll")), "curve-reply"))
    assert sorted(titles) == sorted(
        [
            f"{second.speaker.name} answers {first.speaker.name}",
            f"The ministry answers {first.speaker.name}",
        ]
    )
    assert len(by_class(one(by_class(found, "timeline-scroll")), "mark-reply")) == 1
    assert f"Answers {first.speaker.name}" in text(one(e for e in found.iter() if e.get("id") == f"said-{second.ref}"))
    assert text(one(e for e in found.iter() if e.get("id") == f"said-{reply.ref}")) == (
        "Reply of The ministry, received 20 January 2024"
    )


def test_pair_is_a_line_between_two_dated_statements(reader, topic):
    question = QuestionFactory(topic=topic)
    ends = {"first": on(date(2024, 1, 5), topic), "second": on(date(2024, 1, 9), topic)}
    pair = published_pair(question=question, finding="in_tension", **ends)
    found = page(reader, topic.slug)
    assert len(by_class(one(by_class(found, "timeline-scroll")), "curve-in_tension")) == 1
    assert links(found).count(pair.get_absolute_url()) == 2
    assert Contradiction.objects.published().filter(pk=pair.pk).exists()


def test_long_story_lists_so_many_and_says_how_many_are_left(reader, topic, monkeypatch):
    monkeypatch.setattr(story, "LISTED", 3)
    made = [on(date(2024, 1, n), topic) for n in range(1, 6)]
    StatementFactory(status="published", topics=[topic])
    found = page(reader, topic.slug)
    assert listed(found) == [s.ref for s in made[:3]]
    assert "3 more statements are not listed; choose a shorter time to see them." in text(found)
    assert listed(found, "undated") == []


@pytest.mark.usefixtures("story")
def test_arabic_page_is_mirrored_and_in_arabic(reader):
    plain, mirrored = (ask(reader, prefix=prefix).content.decode() for prefix in ("", "/ar"))
    assert 'class="lane-name" x="0"' in plain
    assert 'class="lane-name" x="960"' in mirrored
    found = main(ask(reader, prefix="/ar"))
    assert "من قال ماذا ومتى" in text(found.find(".//h1"))
    svg = one(by_class(found, "timeline-scroll")).find("svg")
    assert svg.get("viewbox").replace(".", "").replace(" ", "").isascii()


@pytest.mark.usefixtures("story")
def test_drawing_is_left_out_for_programs_that_read_aloud_and_by_the_keyboard(reader):
    svg = one(by_class(page(reader), "timeline-scroll")).find("svg")
    assert svg.get("aria-hidden") == "true"
    assert {a.get("tabindex") for a in svg.iter("a")} == {"-1"}
