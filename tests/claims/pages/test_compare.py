"""Any 2 to 6 statements side by side, speakers question by question, and the chooser."""

import pytest

from claims import choosing
from claims.models import Statement, Topic
from claims.views import compare as view
from tests.constraints import rewrite_row
from tests.factories import (
    PositionFactory,
    QuestionFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    UnnamedSpeakerFactory,
    published_pair,
)
from tests.markup import by_class, links, main, one, text, texts, tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

REFS = ["hhejaw7a5f", "m9qhcy0t9c", "5zk0dt6t15", "kb5p6zekx2", "yhk7ej67bb", "sy6667zhd2", "fkvq8ghpeh"]
TALKS = "us-iraq-coalition-talks"


def ask(reader, **parameters):
    return reader.get("/compare/", parameters)


def table(answer):
    """Row heading → the values, without whose they are."""
    found = {}
    for row in by_class(main(answer), "beside-row"):
        values = []
        for cell in row.findall("dd"):
            names = texts(by_class(cell, "of"))
            values.append(text(cell).removeprefix(names[0]).strip() if names else text(cell))
        found[text(row.find("dt"))] = values
    return found


def problem(answer):
    return text(one(by_class(main(answer), "problem")))


@pytest.mark.parametrize("number", range(2, 7))
def test_statements_stand_side_by_side_in_the_order_asked_for(reader, number):
    answer = ask(reader, statement=REFS[:number])
    assert answer.status_code == 200
    assert text(main(answer).find("h1")) == f"{number} statements side by side"
    found = table(answer)
    rows = ["Who", "Words", "Form", "Role", "When", "Where", "Told to", "Checked", "Through whose hands", "Denies"]
    assert list(found) == [*rows, "Answers", "Meets the others", "Source"]
    assert {len(cells) for cells in found.values()} == {number}
    source = one(by_class(main(answer), "row-source"))
    assert [links(dd)[1] for dd in source.findall("dd")] == [f"/statements/{ref}/" for ref in REFS[:number]]


def test_statements_r1(reader):
    found = table(ask(reader, statement=REFS[:2]))
    assert found["Words"] == [
        "Washington has halted the negotiations process over the pullout of its troops from Iraq",
        "“At no time did we discuss the withdrawal of American forces from Iraq”",
    ]
    assert found["Form"] == ["Paraphrase introduced by “told”", "Quotation introduced by “noted”"]
    assert found["Role"] == [
        "named as “Official sources”",
        "US State Department spokesman; speaks for Department of State (US)",
    ]
    undated, dated = found["When"]
    assert undated == "undated: the source gives no date"
    assert dated.startswith("“On Thursday evening”, 15 August 2024, dated by us The article prints")
    assert "Were the talks about the withdrawal of US forces? Takes it for granted" in found["Answers"][0]
    assert "Were the talks about the withdrawal of US forces? No" in found["Answers"][1]


def test_statements_in_the_other_order(reader):
    assert table(ask(reader, statement=REFS[1::-1]))["Form"] == [
        "Quotation introduced by “noted”",
        "Paraphrase introduced by “told”",
    ]


@pytest.mark.parametrize(
    ("refs", "number"),
    [(REFS[:1], 1), (REFS, 7), (REFS[:1] * 2, 1), (REFS[:1] * 7, 1), ([*REFS[:1], ""], 1)],
    ids=["one", "seven", "one twice", "one seven times", "one and an empty one"],
)
def test_too_few_or_too_many_statements(reader, refs, number):
    answer = ask(reader, statement=refs)
    assert answer.status_code == 400
    assert problem(answer) == f"Choose 2 to 6 different statements; this address names {number}."
    assert by_class(main(answer), "beside") == list(main(answer).iter("table")) == []


def test_statement_named_twice_stands_once(reader):
    twice = main(ask(reader, statement=[*REFS[:2], REFS[0]]))
    assert text(twice) == text(main(ask(reader, statement=REFS[:2])))


def test_unknown_and_draft_statements_answer_alike(reader):
    draft = StatementFactory(content="a canarydraft of the minister")
    held = StatementFactory(status="published")
    Statement.objects.filter(pk=held.pk).update(held_since="2026-01-01T00:00Z", held_reason="canaryheld")
    unknown = reader.get("/compare/", {"statement": [REFS[0], "0000000000"]})
    assert unknown.status_code == 404
    assert text(main(unknown).find("h1")) == "There is no such page"
    for hidden in (draft.ref, held.ref, "x" * 5000, "\0", "محادثات", "m9qhcy0t9c\0", "M9QHCY0T9C"):
        answer = reader.get("/compare/", {"statement": [REFS[0], hidden]})
        assert (answer.status_code, answer.content) == (404, unknown.content), hidden


SPEAKERS = ["official-sources", "matthew-miller"]


def test_speakers_line_up_question_by_question(reader):
    answer = ask(reader, topic=TALKS, speaker=SPEAKERS)
    assert answer.status_code == 200
    page = main(answer)
    assert texts(by_class(page.find(".//thead"), "column-name")) == ["Official sources", "Matthew Miller"]
    assert by_class(page.find(".//thead"), "tally") == []
    cells = {
        text(one(by_class(body, "question"))): [
            texts(by_class(td, "entry-words")) for td in body.findall("./tr/td[@data-column]")
        ]
        for body in page.findall(".//tbody")
    }
    assert cells["Were the talks about the withdrawal of US forces?"] == [
        ["the negotiations process over the pullout of its troops"],
        ["“At no time did we discuss the withdrawal of American forces”"],
    ]
    assert cells["What is the state of the talks?"] == [["has halted"], ["talks were underway"]]
    assert cells["Who put the timetable on hold?"][1] == []
    assert "Has Iraq asked the US-led forces to leave?" not in cells


def test_speakers_stand_in_the_order_asked_for(reader):
    page = main(ask(reader, topic=TALKS, speaker=SPEAKERS[::-1]))
    assert texts(by_class(page.find(".//thead"), "column-name")) == ["Matthew Miller", "Official sources"]


def test_joint_statement_stands_at_each_of_its_speakers(reader):
    page = main(ask(reader, topic=TALKS, speaker=["joe-biden", "mohammed-shia-al-sudani"]))
    shown = [["/statements/be3g8em849/" in links(td) for td in tr.findall("td")] for tr in page.findall(".//tbody/tr")]
    assert [both for both in shown if any(both)] == [[True, True]] * 3


def test_speakers_without_an_answer(reader):
    answer = ask(reader, topic=TALKS, speaker=["donald-trump", "michael-faulkender"])
    assert answer.status_code == 200
    assert by_class(main(answer), "beside") == list(main(answer).iter("table")) == []
    assert text(one(by_class(main(answer), "empty"))) == (
        "None of these speakers has answered a question of this story. See who has"
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"topic": TALKS, "speaker": SPEAKERS[:1]}, "Choose 2 to 6 speakers; this address names 1."),
        ({"topic": TALKS, "speaker": SPEAKERS[:1] * 2}, "Choose 2 to 6 speakers; this address names 1."),
        (
            {"topic": TALKS, "speaker": [f"speaker-{n}" for n in range(7)]},
            "Choose 2 to 6 speakers; this address names 7.",
        ),
        ({"speaker": SPEAKERS}, "Choose a topic to compare speakers on."),
        ({"statement": REFS[:2], "speaker": SPEAKERS}, "Compare statements or speakers, not both at once."),
        ({"statement": REFS[:2], "topic": TALKS}, "Compare statements or speakers, not both at once."),
    ],
    ids=[
        "one speaker",
        "one speaker twice",
        "seven speakers",
        "no topic",
        "both",
        "statements and topic",
    ],
)
def test_chooser_says_what_is_wrong(reader, parameters, message):
    answer = ask(reader, **parameters)
    assert answer.status_code == 400
    assert problem(answer) == message
    assert by_class(main(answer), "beside") == list(main(answer).iter("table")) == []


def test_chooser_keeps_what_was_chosen(reader):
    answer = ask(reader, topic=TALKS, speaker=["matthew-miller"])
    page = main(answer)
    assert answer.status_code == 400
    assert [i.get("value") for i in page.iter("input") if "checked" in i.attrib] == ["matthew-miller"]
    assert [i.get("value") for i in page.iter("input") if i.get("type") == "hidden"] == [TALKS]


def test_unknown_and_draft_topics_and_speakers_answer_alike(reader):
    draft = TopicFactory(status="draft")
    unheard = StatementFactory().speaker
    unknown = ask(reader, topic=TALKS, speaker=[SPEAKERS[0], "nobody"])
    assert unknown.status_code == 404
    for topic, speaker in ((TALKS, unheard.slug), (draft.slug, SPEAKERS[1]), ("no-topic", SPEAKERS[1]), ("\0", "\0")):
        answer = ask(reader, topic=topic, speaker=[SPEAKERS[0], speaker])
        assert (answer.status_code, answer.content) == (404, unknown.content), (topic, speaker)


def test_first_step_is_a_story(reader):
    answer = ask(reader)
    assert answer.status_code == 200
    page = main(answer)
    assert by_class(page, "problem") == []
    TopicFactory(status="draft")
    public = {f"/compare/?topic={t.slug}": t.title for t in Topic.objects.published()}
    assert {a.get("href"): text(a) for a in one(by_class(page, "further")).iter("a")} == public


def offered(page):
    """Legend → the names offered under it, with what tells them apart."""
    return {
        text(each.find("legend")): texts(each.iter("label"))
        for each in page.iter("fieldset")
        if each.find("legend").get("class") is None
    }


def test_second_step_offers_who_spoke_in_the_story_by_side(reader):
    page = main(ask(reader, topic=TALKS))
    assert offered(page) == {
        "Iraq": ["Hussein Allawi", "Ministry of Foreign Affairs (Iraq)", "Mohammed Shia al-Sudani"],
        "United States": [
            "Department of State (US)",
            "Government of the United States",
            "Jake Sullivan",
            "Joe Biden",
            "John Kirby",
            "Matthew Miller",
        ],
        "Unnamed sources": [
            "Iraqi officials Asharq Al-Awsat",
            "Official sources Asharq Al-Awsat",
            "Reporter The White House, 18 January 2024",
            "Reporter The White House, 12 August 2024",
        ],
        "The outlet itself": ["Asharq Al-Awsat"],
    }
    said = Statement.objects.published().of_topic(Topic.objects.get(slug=TALKS))
    chosen = [i.get("value") for i in page.iter("input") if i.get("name") == "statement"]
    assert sorted(chosen) == sorted(said.values_list("ref", flat=True))
    # Each form asks for one kind, as both at once are 400.
    assert [sorted({i.get("name") for i in form.iter("input")}) for form in page.iter("form")] == [
        ["speaker", "topic"],
        ["statement"],
    ]


def test_namesakes_are_told_apart(reader):
    topic = TopicFactory()
    for kind, parent in (("person", None), ("office", SpeakerFactory(name="The State"))):
        speaker = SpeakerFactory(name="The Spokesman", kind=kind, parent=parent)
        StatementFactory(status="published", speaker=speaker, topics=[topic])
    StatementFactory(status="published", speaker=parent)
    for title in ("First report", "Second report"):
        unnamed = UnnamedSpeakerFactory(name="A source", only_in__title=title, only_in__outlet__name="The Paper")
        StatementFactory(status="published", speaker=unnamed, capture__source=unnamed.only_in, topics=[topic])
    assert offered(main(ask(reader, topic=topic.slug))) == {
        "Others": ["The Spokesman Person", "The Spokesman Office, The State"],
        "Unnamed sources": ["A source The Paper, First report", "A source The Paper, Second report"],
    }


def test_chooser_shows_no_more_statements_than_fit_and_says_so(reader, monkeypatch):
    monkeypatch.setattr(choosing, "SHOWN", 1)
    monkeypatch.setattr(view, "SHOWN", 1)
    page = main(ask(reader, topic=TALKS))
    assert len([i for i in page.iter("input") if i.get("name") == "statement"]) == 1
    assert f"/statements/?topic={TALKS}" in links(page)


def test_unknown_parameter_is_ignored(reader):
    assert text(main(ask(reader, utm_source="news"))) == text(main(ask(reader)))
    assert ask(reader, statement=REFS[:2], utm_source="news").status_code == 200


def two_reports(**values):
    first = StatementFactory(status="published", content="The date has been postponed")
    second = StatementFactory(status="published", content="The announcement has been postponed", same_words_as=first)
    return first.ref, second.ref


def changes(element):
    """What is struck out and underlined, without what is said of it to whoever only listens."""
    return [
        (each.tag, each.find("span").tail.strip())
        for each in element.iter()
        if each.tag in {"del", "ins"} and each.find("span") is not None
    ]


def compared(answer):
    return [changes(each) for each in by_class(main(answer), "wording")]


def test_two_wordings_of_one_utterance_get_a_word_diff(reader):
    refs = two_reports()
    forth, back = (ask(reader, statement=order) for order in (refs, refs[::-1]))
    assert compared(forth) == [[("del", "date"), ("ins", "announcement")]]
    assert compared(back) == [[("del", "announcement"), ("ins", "date")]]
    shown = one(by_class(main(forth), "difference"))
    assert text(shown) == (
        "The [only in the first wording: date][only in the second wording: announcement] has been postponed"
    )


def test_every_further_wording_is_set_beside_the_first(reader):
    refs = two_reports()
    first = Statement.objects.get(ref=refs[0])
    third = StatementFactory(status="published", content="The date was postponed", same_words_as=first)
    asked = ask(reader, statement=[*refs, REFS[0], third.ref])
    assert compared(asked) == [
        [("del", "date"), ("ins", "announcement")],
        [("del", "has been"), ("ins", "was")],
    ]
    outlets = [first.capture.source.outlet.name, third.capture.source.outlet.name]
    assert table(asked)["Reported by"][0].startswith("Reported by 3 outlets:")
    assert all(name in table(asked)["Reported by"][3] for name in outlets)


def test_no_word_diff_across_languages_and_a_word_that_says_so(reader):
    first = StatementFactory(status="published", content="The date has been postponed")
    other = StatementFactory(status="published", content="تأجل الموعد", language="ar", same_words_as=first)
    (shown,) = by_class(main(ask(reader, statement=[first.ref, other.ref])), "wording")
    assert changes(shown) == []
    assert "in different languages" in text(shown)


def test_no_word_diff_of_other_statements(reader):
    refs = two_reports()
    assert compared(ask(reader, statement=REFS[:2])) == []
    assert compared(ask(reader, statement=[refs[0], REFS[0]])) == []


def test_pair_of_two_of_them_is_shown_at_both_and_others_are_not(reader):
    pair = published_pair(second__speaker__name="The minister")
    published_pair(first=pair.first, question=QuestionFactory())
    published_pair(
        first=pair.first, second=pair.second, status="draft", explanation="canary", question=QuestionFactory()
    )
    answer = ask(reader, statement=[pair.first.ref, pair.second.ref])
    met = one(by_class(main(answer), "row-meets"))
    assert [links(dd) for dd in met.findall("dd")] == [[pair.get_absolute_url()]] * 2
    assert table(answer)["Meets the others"][0] == f"In tension with The minister {pair.question.text}"
    assert "canary" not in answer.content.decode()


def test_agreement_by_gist_is_shown_and_a_misattributed_one_agrees_with_nobody(reader):
    question = QuestionFactory(text="Were they halted?")
    made = StatementFactory.create_batch(3, status="published")
    for statement, gist, stance in zip(
        made, ("on hold", "On  hold", "on hold"), ("affirms", "qualified_yes", "denies"), strict=True
    ):
        PositionFactory(statement=statement, question=question, gist=gist, stance=stance)
    refs = [statement.ref for statement in made]
    found = table(ask(reader, statement=refs))["Meets the others"]
    assert found == [
        f"Agrees with {made[1].speaker.name} Were they halted? on hold",
        f"Agrees with {made[0].speaker.name} Were they halted? On hold",
        "no pair with these on record",
    ]
    rewrite_row(made[0], rank="misattributed", rank_note="It was another's.")
    assert "Meets the others" not in table(ask(reader, statement=refs))


def test_answers_on_a_draft_topic_are_not_shown(reader):
    first, second = StatementFactory.create_batch(2, status="published")
    PositionFactory(statement=first, question=QuestionFactory(text="A canary question?", topic__status="draft"))
    PositionFactory(statement=first, question=QuestionFactory(text="A public question?"))
    found = table(ask(reader, statement=[first.ref, second.ref]))
    assert found["Answers"] == ["A public question? Yes", "answers no question on record"]


def test_comparisons_are_not_indexed(reader):
    for answer in (ask(reader, statement=REFS[:2]), ask(reader, topic=TALKS, speaker=SPEAKERS)):
        robots = [meta.get("content") for meta in tree(answer).iter("meta") if meta.get("name") == "robots"]
        assert robots == ["noindex"]


def test_speaker_of_two_names_in_a_joint_statement(reader):
    joint = StatementFactory(status="published", further_speakers=[SpeakerFactory(name="The other side")])
    answer = ask(reader, statement=[joint.ref, REFS[0]])
    heads = texts(by_class(main(answer), "beside-name"))
    assert heads == [f"{joint.speaker.name} and The other side", "Official sources"]
