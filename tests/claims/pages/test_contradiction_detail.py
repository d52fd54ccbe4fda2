"""A pair side by side: R1 of the seed story, and every other pair of the examples."""

import re

import pytest

from claims.models import Contradiction
from tests.factories import (
    ContextNoteFactory,
    ReplyFactory,
    TranslationFactory,
    published_pair,
)
from tests.markup import by_class, facts, links, main, one, text, texts, tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

R1 = "/contradictions/z8zaqp1317/"
ROWS = [
    "Who",
    "Words",
    "Form",
    "Role",
    "When",
    "Where",
    "Told to",
    "Checked",
    "Through whose hands",
    "Denies",
    "Source",
]


def page(reader, address=R1):
    answer = reader.get(address)
    assert answer.status_code == 200
    return main(answer)


def cells(page, name):
    """The two values of a row."""
    (row,) = by_class(page, f"row-{name}")
    found = row.findall("dd")
    assert len(found) == 2
    return found


def rows(page):
    """Row → both values, without whose they are, which each value says first, and without what is heard only."""
    found = {}
    for row in by_class(page, "beside-row"):
        values = []
        for cell in row.findall("dd"):
            for unseen in (*by_class(cell, "of"), *by_class(cell, "unseen")):
                unseen.text = ""
                for name in unseen:
                    name.text = ""
            values.append(text(cell))
        found[text(row.find("dt"))] = values
    return found


def marked(cell):
    """The marked words, without what is said of them to whoever only listens."""
    return [mark.find("span").tail for mark in by_class(cell, "conflict")]


def test_parts_stand_in_the_order_of_the_contract(reader):
    found = page(reader)
    order = [
        element
        for element in found.iter()
        if element.tag in {"h1", "h2"}
        or set(element.get("class", "").split()) & {"verdict", "explanation", "beside", "scope"}
    ]
    names = [element.get("class", "").split()[0] if element.get("class") else text(element) for element in order]
    assert names == [
        "Were the talks about the withdrawal of US forces?",
        "verdict",
        "Why this is a contradiction",
        "explanation",
        "Both accounts",
        "beside",
        "Do they speak of the same thing?",
        "scope",
        "Source",
        "Cite and share",
    ]


@pytest.mark.parametrize(
    ("finding", "values", "heading"),
    [
        ("contradicts", {"same_event": "yes", "same_referent": "yes"}, "Why this is a contradiction"),
        ("in_tension", {}, "Why they are in tension"),
        ("apparent_only", {"same_time": "no"}, "Why this is not a contradiction"),
    ],
)
def test_explanation_has_a_heading_that_says_what_it_explains(reader, finding, values, heading):
    pair = published_pair(finding=finding, explanation="One says this, the other that.", **values)
    assert text(next(page(reader, pair.get_absolute_url()).iter("h2"))) == heading


def test_notes_replies_and_corrections_come_after_the_sources(reader):
    pair = published_pair(first__allegation=True, first__reply_state="given")
    ContextNoteFactory(statement=pair.first)
    ReplyFactory(statement=pair.first, text="We took no part.")
    found = page(reader, pair.get_absolute_url())
    assert [text(h) for h in found.iter("h2")][-4:] == ["Sources", "Context", "Right of reply", "Cite and share"]
    assert text(one(by_class(found, "reply")).find("blockquote")) == "We took no part."


def test_finding_is_one_plain_sentence(reader):
    assert text(one(by_class(page(reader), "verdict"))) == (
        "Contradiction As they stand, both accounts cannot hold: "
        "they speak of the same event and the same people or things."
    )


def test_explanation_is_given_in_full(reader):
    explanation = Contradiction.objects.get(ref="z8zaqp1317").explanation
    assert text(one(by_class(page(reader), "explanation"))) == " ".join(explanation.split())


def test_paraphrase_has_no_quotation_marks_and_says_what_it_is(reader):
    first, _ = cells(page(reader), "words")
    assert rows(page(reader))["Words"][0] == (
        "Washington has halted the negotiations process over the pullout of its troops from Iraq"
    )
    assert list(first.iter("blockquote")) == []
    assert rows(page(reader))["Form"][0] == "Paraphrase introduced by “told”"


def test_quotation_stands_in_curly_marks(reader):
    _, second = cells(page(reader), "words")
    quotation = one(second.iter("blockquote"))
    assert (quotation.get("lang"), quotation.get("dir")) == ("en", "ltr")
    found = rows(page(reader))
    assert found["Words"][1] == "“At no time did we discuss the withdrawal of American forces from Iraq”"
    assert found["Form"][1] == "Quotation introduced by “noted”"


def test_conflicting_words_are_marked_in_both_and_said_to_be_to_listeners(reader):
    found = cells(page(reader), "words")
    assert [marked(cell) for cell in found] == [
        ["the negotiations process over the pullout of its troops"],
        ["At no time did we discuss the withdrawal of American forces"],
    ]
    assert [text(one(by_class(cell, "conflict")).find("span")) for cell in found] == ["[conflicting words:"] * 2


def test_rows_hold_both_values_and_each_says_whose_it_is(reader):
    """So a reader compares row by row, also where rows stack, and so does whoever listens."""
    found = page(reader)
    assert list(rows(page(reader))) == ROWS
    assert texts(by_class(found, "side-name")) == ["Unnamed source", "United States"]
    for row in by_class(found, "beside-row")[1:]:
        assert texts(by_class(row, "of")) == ["Official sources", "Matthew Miller"], text(row.find("dt"))


def test_two_accounts_of_one_speaker_are_told_apart_by_number(reader):
    row = by_class(page(reader, "/contradictions/f6zxgrw8ts/"), "row-form")[0]
    name = "Ministry of Foreign Affairs (Iraq), account"
    assert texts(by_class(row, "of")) == [f"{name} 1", f"{name} 2"]


def test_facts_of_the_paraphrase(reader):
    first = {name: values[0] for name, values in rows(page(reader)).items()}
    assert first["Role"] == "named as “Official sources”"
    assert first["When"] == "undated: the source gives no date"
    assert first["Where"] == "not stated"
    assert first["Told to"] == "Asharq Al-Awsat"
    assert first["Checked"] == ("✓ Outlet’s wording verified, character for character See the passage")
    assert first["Denies"] == "is no denial"
    assert first["Source"] == (
        "Two Missiles Delay International Coalition Withdrawal from Iraq , Asharq Al-Awsat · Full record"
    ).replace(" ,", ",")


def test_facts_of_the_quotation(reader):
    second = {name: values[1] for name, values in rows(page(reader)).items()}
    assert second["Role"] == "US State Department spokesman; speaks for Department of State (US)"
    assert second["When"].startswith("“On Thursday evening”, 15 August 2024, dated by us")
    assert "knowledge from outside the article" in second["When"]
    assert second["Checked"] == "✓ Quotation verified, character for character See the passage"


def test_date_is_machine_readable(reader):
    _, second = cells(page(reader), "when")
    assert [(t.get("datetime"), text(t)) for t in second.iter("time")] == [("2024-08-15", "15 August 2024")]


def test_original_stands_with_its_translation_and_who_made_it(reader):
    pair = published_pair(first__language="ar", first__content="أوقفت المحادثات")
    TranslationFactory(statement=pair.first, language="en", text="The talks were halted", by="outlet")
    found = page(reader, pair.get_absolute_url())
    words = by_class(cells(found, "words")[0], "words") + by_class(cells(found, "translation")[0], "words")
    assert [(w.get("lang"), w.get("dir"), text(w)) for w in words] == [
        ("ar", "rtl", "أوقفت المحادثات"),
        ("en", "ltr", "The talks were halted"),
    ]
    assert rows(found)["Translation"] == ["The talks were haltedTranslated by: the outlet", "none"]


def test_scope_answers_are_in_words(reader):
    assert facts(one(by_class(page(reader), "scope"))) == {
        "Do both speak of the same event?": "Yes",
        "Do both speak of the same time?": "Yes",
        "Do both speak of the same people or things?": "Yes",
        "Do both count or define in the same way?": "Does not apply",
    }


def test_links_lead_to_the_passages_and_the_records(reader):
    found = page(reader)
    for checked, source, ref in zip(
        cells(found, "checked"), cells(found, "source"), ("hhejaw7a5f", "m9qhcy0t9c"), strict=True
    ):
        passage = one(by_class(checked, "passage-link")).get("href")
        assert passage == f"/sources/v8rhmbxqs1/#s-{ref}"
        assert f"/statements/{ref}/" in links(source)
        ids = {element.get("id") for element in main(reader.get(passage)).iter()}
        assert f"s-{ref}" in ids
    assert links(by_class(found, "actions")[0]) == [
        "/compare/?statement=hhejaw7a5f&statement=m9qhcy0t9c",
        "/topics/us-iraq-coalition-talks/#were-the-talks-about-withdrawal",
        "/contradictions/z8zaqp1317/history/",
    ]


VERDICTS = {
    "truth",
    "true",
    "false",
    "falsehood",
    "lie",
    "lies",
    "lied",
    "lying",
    "liar",
    "wrong",
    "debunked",
    "misleading",
}


def test_no_pair_is_given_a_verdict_on_truth(reader):
    """Only what we write counts, so the accounts' own words are left out."""
    for pair in Contradiction.objects.published():
        found = page(reader, pair.get_absolute_url())
        ours = text(found).replace("Something wrong?", "")  # Asked of what we wrote.
        for quoted in texts(by_class(found, "words")):
            ours = ours.replace(quoted, "")
        assert set(re.findall(r"\w+", ours.casefold())) & VERDICTS == set(), pair.ref


def test_every_pair_marks_its_conflicting_words_in_both_accounts(reader):
    pairs = list(Contradiction.objects.published())
    shown = {p.ref: [marked(cell) for cell in cells(page(reader, p.get_absolute_url()), "words")] for p in pairs}
    expected = {p.ref: [[p.first_words], [p.second_words]] for p in pairs}
    assert len(pairs) == 17
    assert shown == expected


def test_every_pair_answers_its_scope_and_has_its_finding(reader):
    for pair in Contradiction.objects.published():
        found = page(reader, pair.get_absolute_url())
        assert text(one(by_class(found, "verdict")).find("span")) == pair.get_finding_display()
        assert list(facts(one(by_class(found, "scope"))).values()) == [
            pair.get_same_event_display(),
            pair.get_same_time_display(),
            pair.get_same_referent_display(),
            pair.get_same_measure_display(),
        ]


def test_pair_without_words_explanation_or_facts(reader):
    pair = published_pair(second__quotes=["we never said so"])
    found = page(reader, pair.get_absolute_url())
    assert list(found.iter("mark")) == []
    assert by_class(found, "explanation") == []
    values = rows(found)
    assert values["Role"] == ["not given", "not given"]
    assert values["When"] == ["undated: the source gives no date"] * 2
    assert values["Told to"] == ["not stated", "not stated"]
    assert values["Form"] == ["Paraphrase", "Paraphrase with quoted words"]


def test_marked_words_that_cross_the_pieces_of_a_quotation_are_marked_in_each(reader):
    """What an editor marked must be seen to be marked, wherever the source interrupts the speaker."""
    content = "“We will stay,” he said, “and we will not discuss it.”"
    pair = published_pair(
        first__content=content,
        first__quotes=["We will stay,", "and we will not discuss it."],
        first__mode="direct",
        first_words="stay,” he said, “and we will not",
    )
    first, _ = cells(page(reader, pair.get_absolute_url()), "words")
    assert marked(first) == ["stay,", "and we will not"]


def test_title_names_question_and_speakers(reader):
    assert text(tree(reader.get(R1)).find("head/title")) == (
        "Were the talks about the withdrawal of US forces? Official sources and Matthew Miller · Rashomon"
    )


# From pair to pair


def steps(reader, pair):
    nav = one(by_class(page(reader, pair.get_absolute_url()), "steps"))
    return {text(a): a.get("href") for a in nav.iter("a")} | {"": text(by_class(nav, "tally")[0])}


def test_steps_lead_through_the_story_in_the_order_of_its_questions(reader):
    later = published_pair(question__order=2).question
    earlier = published_pair(question__order=1, question__topic=later.topic).question
    one_, two = published_pair(question=earlier), published_pair(question=later)
    first = earlier.contradictions.order_by("pk").first()
    last_but_one = later.contradictions.order_by("pk").first()
    published_pair(question=earlier, status="draft")
    assert steps(reader, first) == {
        "": "Comparison 1 of 4 in this story",
        "Next pair on this question": one_.get_absolute_url(),
        "Go to both accounts": "#accounts",
    }
    assert steps(reader, one_) == {
        "": "Comparison 2 of 4 in this story",
        "Previous pair on this question": first.get_absolute_url(),
        "Next pair in this story": last_but_one.get_absolute_url(),
        "Go to both accounts": "#accounts",
    }
    assert list(steps(reader, two)) == ["Previous pair on this question", "Go to both accounts", ""]


def test_only_pair_of_a_story_leads_nowhere(reader):
    assert by_class(page(reader, published_pair().get_absolute_url()), "steps") == []
