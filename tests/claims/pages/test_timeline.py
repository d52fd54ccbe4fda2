"""Who said what when, as a reader sees it: the drawing, and the list that says the same."""

from datetime import date

import pytest

from claims import story
from claims.models import Statement
from tests.constraints import rewrite_row
from tests.factories import (
    PositionFactory,
    QuestionFactory,
    ReplyFactory,
    SideFactory,
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
    assert text(one(by_class(line, "line-when"))).startswith("“On Thursday evening”, 15 August 2024")
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
        ({"from": "2024\0"}, "Null characters are not allowed."),
        ({"from": "9" * 400}, "is too long for a date"),
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
    assert text(curve) == f"{speaker.name} answered otherwise"
    line = one(li for li in by_class(found, "line") if li.get("id") == f"said-{after.ref}")
    assert text(one(by_class(line, "turn"))) == "Answered otherwise before"
    assert one(by_class(line, "turn")).get("href") == f"#said-{before.ref}"


def turned(topic, *, before=None, after=None):
    """Yes in January and no in August, by speakers of these; the question."""
    question = QuestionFactory(topic=topic)
    for statement, stance in ((before, "affirms"), (after, "denies")):
        PositionFactory(statement=statement, question=question, stance=stance)
    return question


def test_change_of_answer_is_told_of_those_who_gave_both(reader, topic):
    both, other = SpeakerFactory(name="Who gave both"), SpeakerFactory(name="Who joined once")
    before = on(date(2024, 1, 5), topic, speaker=other, further_speakers=[both])
    turned(topic, before=before, after=on(date(2024, 8, 5), topic, speaker=both))
    (curve,) = by_class(one(by_class(page(reader, topic.slug), "timeline-scroll")), "curve-reversal")
    assert text(curve) == "Who gave both answered otherwise"


def test_reversal_that_editors_found_is_told_once_and_by_its_name(reader, topic):
    speaker = SpeakerFactory(name="The minister")
    ends = [on(date(2024, 1, 5), topic, speaker=speaker), on(date(2024, 8, 5), topic, speaker=speaker)]
    question = turned(topic, before=ends[0], after=ends[1])
    published_pair(question=question, first=ends[0], second=ends[1], pattern="self_contradiction")
    found = page(reader, topic.slug)
    (curve,) = by_class(one(by_class(found, "timeline-scroll")), "curve-reversal")
    assert text(curve) == "Self-contradiction: The minister"
    assert "Self-contradiction" in text(one(e for e in found.iter() if e.get("id") == f"said-{ends[1].ref}"))
    assert by_class(found, "turn") == []


def test_what_is_not_listed_is_led_to_in_its_own_page(reader, topic, monkeypatch):
    speaker = SpeakerFactory()
    before, after = on(date(2024, 1, 5), topic, speaker=speaker), on(date(2024, 8, 5), topic, speaker=speaker)
    turned(topic, before=before, after=after)
    found = page(reader, topic.slug, **{"from": "2024-08"})
    assert one(by_class(found, "turn")).get("href") == before.get_absolute_url()
    monkeypatch.setattr(story, "LISTED", 1)
    found = page(reader, topic.slug)
    svg = one(by_class(found, "timeline-scroll")).find("svg")
    assert {a.get("href") for a in svg.iter("a")} == {f"#said-{before.ref}", after.get_absolute_url()}


def test_statement_is_listed_where_only_the_answer_to_it_falls(reader, topic):
    statement = on(date(2024, 8, 15), topic)
    on(date(2024, 6, 1), topic)
    reply = ReplyFactory(statement=statement, received_on=date(2024, 9, 20), party="The ministry")
    found = page(reader, topic.slug, **{"from": "2024-09"})
    assert listed(found) == [statement.ref]
    assert drawn(found) == {reply.ref}
    assert f"#said-{reply.ref}" in links(found)
    assert one(e for e in found.iter() if e.get("id") == f"said-{reply.ref}") is not None


def test_who_joins_in_stands_in_the_lane_of_their_own_side(reader, topic):
    alone, iraqi = SpeakerFactory(name="Alone"), SpeakerFactory(name="Iraqi", side=SideFactory(name="Iraq"))
    on(date(2024, 1, 5), topic, speaker=iraqi, further_speakers=[alone])
    on(date(2024, 8, 5), topic, speaker=alone)
    svg = one(by_class(page(reader, topic.slug), "timeline-scroll")).find("svg")
    names = [text(e) for e in svg.iter("text") if e.get("class") in {"group", "lane-name"}]
    assert names == ["Iraq", "Iraqi", "Others", "Alone"]


def test_newest_month_is_offered_though_another_time_holds_as_many(reader, topic):
    for day in (date(2024, 1, 2), date(2024, 1, 3), date(2024, 6, 1), date(2024, 6, 28)):
        on(day, topic)
    # Far apart within June, so that nothing crowds there.
    assert "June 2024 2" in texts(one(by_class(page(reader, topic.slug), "chips")))


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


def test_mark_says_the_cue_so_that_a_denial_reads_as_one(reader, topic):
    on(
        date(2024, 1, 5),
        topic,
        content="any agreement was reached",
        cue="denied",
        cue_class="deny",
        speaker__name="Ann Lee",
    )
    svg = one(by_class(page(reader, topic.slug), "timeline-scroll")).find("svg")
    assert text(svg.find(".//a/title")) == "Ann Lee (denied), 5 January 2024: any agreement was reached"


def test_words_that_were_not_the_speakers_are_listed_and_not_drawn(reader, topic):
    theirs, not_theirs = on(date(2024, 1, 5), topic), on(date(2024, 3, 5), topic)
    rewrite_row(not_theirs, rank="misattributed", rank_note="Somebody else said it.")
    found = page(reader, topic.slug)
    assert listed(found) == [theirs.ref, not_theirs.ref]
    assert drawn(found) == {theirs.ref}


def test_reply_stands_in_the_lane_of_who_replies(reader, topic):
    first, second = SpeakerFactory(name="First"), SpeakerFactory(name="Second")
    statement, _other = on(date(2024, 1, 5), topic, speaker=first), on(date(2024, 1, 9), topic, speaker=second)
    stranger = SpeakerFactory(name="Never on record")
    ReplyFactory(statement=statement, received_on=date(2024, 1, 20), party="Second itself", speaker=second)
    ReplyFactory(statement=statement, received_on=date(2024, 1, 21), party="A stranger", speaker=stranger)
    found = page(reader, topic.slug)
    svg = one(by_class(found, "timeline-scroll")).find("svg")
    lanes = [text(e) for e in svg.iter("text") if e.get("class") == "lane-name"]
    assert sorted(lanes) == ["A stranger", "First", "Second"]
    assert "Never on record" not in text(found)
    height = {text(e): float(e.get("y")) for e in svg.iter("text") if e.get("class") == "lane-name"}
    squares = sorted(float(e.get("y")) for e in by_class(svg, "mark-reply"))
    assert any(0 < y - height["Second"] < 60 for y in squares)
    assert any(0 < y - height["A stranger"] < 60 for y in squares)


def test_turns_on_two_questions_are_both_told(reader, topic):
    speaker = SpeakerFactory()
    one_before, other_before, after = (on(date(2024, n, 5), topic, speaker=speaker) for n in (1, 2, 8))
    turned(topic, before=one_before, after=after)
    turned(topic, before=other_before, after=after)
    found = page(reader, topic.slug)
    assert {a.get("href") for a in by_class(found, "turn")} == {f"#said-{one_before.ref}", f"#said-{other_before.ref}"}


def test_pair_is_a_line_between_two_dated_statements(reader, topic):
    question = QuestionFactory(topic=topic)
    ends = {"first": on(date(2024, 1, 5), topic), "second": on(date(2024, 1, 9), topic)}
    pair = published_pair(question=question, finding="in_tension", **ends)
    found = page(reader, topic.slug)
    assert len(by_class(one(by_class(found, "timeline-scroll")), "curve-in_tension")) == 1
    assert links(found).count(pair.get_absolute_url()) == 2


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
