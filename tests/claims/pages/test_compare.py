"""Any 2 to 6 statements side by side, speakers question by question, and the chooser."""

import pytest

from claims.models import Speaker, Statement, Topic
from tests.factories import PositionFactory, QuestionFactory, SpeakerFactory, StatementFactory, TopicFactory
from tests.markup import by_class, links, main, one, text, texts, tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

REFS = ["hhejaw7a5f", "m9qhcy0t9c", "5zk0dt6t15", "kb5p6zekx2", "yhk7ej67bb", "sy6667zhd2", "fkvq8ghpeh"]
TALKS = "us-iraq-coalition-talks"


def ask(reader, **parameters):
    return reader.get("/compare/", parameters)


def table(answer):
    """Row heading → the cells' texts."""
    found = one(main(answer).iter("table"))
    return {text(tr.find("th")): texts(tr.findall("td")) for tr in found.findall("./tbody/tr")}


def problem(answer):
    return text(one(by_class(main(answer), "problem")))


@pytest.mark.parametrize("number", range(2, 7))
def test_statements_stand_side_by_side_in_the_order_asked_for(reader, number):
    answer = ask(reader, statement=REFS[:number])
    assert answer.status_code == 200
    assert text(main(answer).find("h1")) == f"{number} statements side by side"
    found = table(answer)
    assert list(found) == ["Words", "Form", "Role", "When", "Where", "Answers", "Checked", "Source"]
    assert {len(cells) for cells in found.values()} == {number}
    source = next(tr for tr in main(answer).iter("tr") if text(tr.find("th")) == "Source")
    assert [links(td)[1] for td in source.findall("td")] == [f"/statements/{ref}/" for ref in REFS[:number]]


def test_statements_r1(reader):
    found = table(ask(reader, statement=REFS[:2]))
    assert found["Words"] == [
        "Washington has halted the negotiations process over the pullout of its troops from Iraq",
        "“At no time did we discuss the withdrawal of American forces from Iraq”",
    ]
    assert found["Form"] == ["Paraphrase introduced by “told”", "Quotation introduced by “noted”"]
    assert found["Role"] == ["not given", "US State Department spokesman"]
    assert found["When"] == ["undated: the source gives no date", "“On Thursday evening”, 15 August 2024, dated by us"]
    assert "Were the talks about the withdrawal of US forces? Takes it for granted" in found["Answers"][0]
    assert "Were the talks about the withdrawal of US forces? No" in found["Answers"][1]


def test_statements_in_the_other_order(reader):
    assert table(ask(reader, statement=REFS[1::-1]))["Role"] == ["US State Department spokesman", "not given"]


@pytest.mark.parametrize(
    ("refs", "number"),
    [(REFS[:1], 1), (REFS, 7), (REFS[:1] * 2, 1), (REFS[:1] * 7, 1), ([*REFS[:1], ""], 1)],
    ids=["one", "seven", "one twice", "one seven times", "one and an empty one"],
)
def test_too_few_or_too_many_statements(reader, refs, number):
    answer = ask(reader, statement=refs)
    assert answer.status_code == 400
    assert problem(answer) == f"Choose 2 to 6 different statements; this address names {number}."
    assert list(main(answer).iter("table")) == []


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
        text(one(by_class(tr, "question"))): [texts(by_class(td, "entry-words")) for td in tr.findall("td")]
        for tr in page.findall(".//tbody/tr")
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
    assert list(main(answer).iter("table")) == []
    assert text(one(by_class(main(answer), "empty"))) == (
        "None of these speakers has answered a question of this story. See who has"
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"topic": TALKS}, "Choose 2 to 6 speakers; this address names 0."),
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
        "no speaker",
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
    assert list(main(answer).iter("table")) == []


def test_chooser_keeps_what_was_chosen(reader):
    page = main(ask(reader, topic="ain-al-asad-attack-2024", speaker=["matthew-miller"]))
    assert [o.get("value") for o in page.iter("option") if "selected" in o.attrib] == ["ain-al-asad-attack-2024"]
    assert [i.get("value") for i in page.iter("input") if "checked" in i.attrib] == ["matthew-miller"]


def test_unknown_and_draft_topics_and_speakers_answer_alike(reader):
    draft = TopicFactory(status="draft")
    unheard = StatementFactory().speaker
    unknown = ask(reader, topic=TALKS, speaker=[SPEAKERS[0], "nobody"])
    assert unknown.status_code == 404
    for topic, speaker in ((TALKS, unheard.slug), (draft.slug, SPEAKERS[1]), ("no-topic", SPEAKERS[1]), ("\0", "\0")):
        answer = ask(reader, topic=topic, speaker=[SPEAKERS[0], speaker])
        assert (answer.status_code, answer.content) == (404, unknown.content), (topic, speaker)


def test_bare_address_is_a_chooser(reader):
    answer = ask(reader)
    assert answer.status_code == 200
    page = main(answer)
    assert by_class(page, "problem") == []
    form = one(by_class(page, "chooser"))
    assert form.get("method") == "get"
    assert {o.get("value"): text(o) for o in form.iter("option")} == {t.slug: t.title for t in Topic.objects.all()}
    assert [i.get("value") for i in form.iter("input")] == [s.slug for s in Speaker.objects.published()]
    assert {i.get("name") for i in form.iter("input")} == {"speaker"}


def test_unknown_parameter_is_ignored(reader):
    assert text(main(ask(reader, utm_source="news"))) == text(main(ask(reader)))
    assert ask(reader, statement=REFS[:2], utm_source="news").status_code == 200


def two_reports(**values):
    first = StatementFactory(status="published", content="The date has been postponed")
    second = StatementFactory(status="published", content="The announcement has been postponed", same_words_as=first)
    return first.ref, second.ref


def changes(page):
    return [(element.tag, text(element)) for element in one(by_class(page, "diff"))]


def test_two_wordings_of_one_utterance_get_a_word_diff(reader):
    refs = two_reports()
    forth, back = (main(ask(reader, statement=order)) for order in (refs, refs[::-1]))
    assert changes(forth) == [("del", "date"), ("ins", "announcement")]
    assert changes(back) == [("del", "announcement"), ("ins", "date")]
    assert text(one(by_class(forth, "diff"))) == "The date announcement has been postponed"


def test_no_word_diff_of_other_statements(reader):
    refs = two_reports()
    assert by_class(main(ask(reader, statement=REFS[:2])), "diff") == []
    assert by_class(main(ask(reader, statement=[*refs, REFS[0]])), "diff") == []
    assert by_class(main(ask(reader, statement=[refs[0], REFS[0]])), "diff") == []


def test_answers_on_a_draft_topic_are_not_shown(reader):
    first, second = StatementFactory.create_batch(2, status="published")
    PositionFactory(statement=first, question=QuestionFactory(text="A canary question?", topic__status="draft"))
    PositionFactory(statement=first, question=QuestionFactory(text="A public question?"))
    found = table(ask(reader, statement=[first.ref, second.ref]))
    assert found["Answers"] == ["A public question? Yes", ""]


def test_comparisons_are_not_indexed(reader):
    for answer in (ask(reader, statement=REFS[:2]), ask(reader, topic=TALKS, speaker=SPEAKERS)):
        robots = [meta.get("content") for meta in tree(answer).iter("meta") if meta.get("name") == "robots"]
        assert robots == ["noindex"]


def test_speaker_of_two_names_in_a_joint_statement(reader):
    joint = StatementFactory(status="published", further_speakers=[SpeakerFactory(name="The other side")])
    answer = ask(reader, statement=[joint.ref, REFS[0]])
    heads = texts(by_class(main(answer).find(".//thead"), "column-name"))
    assert heads == [f"{joint.speaker.name} and The other side", "Official sources"]
