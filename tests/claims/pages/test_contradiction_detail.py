"""A pair side by side: R1 of the seed story, and every other pair of the examples."""

import re

import pytest

from claims.models import Contradiction
from tests.factories import published_pair
from tests.markup import by_class, facts, links, main, one, text, texts, tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

R1 = "/contradictions/z8zaqp1317/"
ROWS = ["Form", "Role", "When", "Where", "Told to", "Checked", "Source"]


def page(reader, address=R1):
    answer = reader.get(address)
    assert answer.status_code == 200
    return main(answer)


def sides(page):
    return by_class(page, "side")


def side_facts(side):
    """Each fact without the speaker's name that repeats at it on a narrow screen."""
    name = text(side.find(".//h2"))
    return {term.removesuffix(f": {name}"): value for term, value in facts(side).items()}


def test_parts_stand_in_the_order_of_the_contract(reader):
    found = page(reader)
    order = [
        element
        for element in found.iter()
        if element.tag in {"h1", "h2"}
        or set(element.get("class", "").split()) & {"verdict", "explanation", "pair", "words", "facts", "scope"}
    ]
    names = [element.get("class", "").split()[0] if element.get("class") else text(element) for element in order]
    assert names == [
        "Were the talks about the withdrawal of US forces?",
        "verdict",
        "explanation",
        "pair",
        "Official sources",
        "words",
        "facts",
        "Matthew Miller",
        "words",
        "facts",
        "Do they speak of the same thing?",
        "scope",
        "Cite and share",
    ]


def test_finding_is_one_plain_sentence(reader):
    assert text(one(by_class(page(reader), "verdict"))) == (
        "Contradiction As they stand, both accounts cannot hold: "
        "they speak of the same event and the same people or things."
    )


def test_explanation_is_given_in_full(reader):
    explanation = Contradiction.objects.get(ref="z8zaqp1317").explanation
    assert text(one(by_class(page(reader), "explanation"))) == " ".join(explanation.split())


def test_paraphrase_has_no_quotation_marks_and_says_what_it_is(reader):
    first, _ = sides(page(reader))
    assert text(one(by_class(first, "words"))) == (
        "Washington has halted the negotiations process over the pullout of its troops from Iraq"
    )
    assert list(first.iter("blockquote")) == []
    assert side_facts(first)["Form"] == "Paraphrase introduced by “told”"


def test_quotation_stands_in_curly_marks(reader):
    _, second = sides(page(reader))
    quotation = one(second.iter("blockquote"))
    assert text(quotation) == "“At no time did we discuss the withdrawal of American forces from Iraq”"
    assert (quotation.get("lang"), quotation.get("dir")) == ("en", "ltr")
    assert side_facts(second)["Form"] == "Quotation introduced by “noted”"


def test_conflicting_words_are_marked_in_both(reader):
    assert [texts(side.iter("mark")) for side in sides(page(reader))] == [
        ["the negotiations process over the pullout of its troops"],
        ["At no time did we discuss the withdrawal of American forces"],
    ]


def test_columns_have_the_same_rows(reader):
    first, second = map(side_facts, sides(page(reader)))
    assert list(first) == list(second) == ROWS
    assert [text(one(by_class(side, "side-name"))) for side in sides(page(reader))] == [
        "Unnamed source",
        "United States",
    ]


def test_facts_of_the_paraphrase(reader):
    first, _ = map(side_facts, sides(page(reader)))
    assert first["Role"] == "named as “Official sources”"
    assert first["When"] == "undated: the source gives no date"
    assert first["Where"] == "not stated"
    assert first["Told to"] == "Asharq Al-Awsat"
    assert first["Checked"] == ("✓ Outlet’s wording verified, character for character See the passage")
    assert first["Source"] == (
        "Two Missiles Delay International Coalition Withdrawal from Iraq, Asharq Al-Awsat · Full record"
    )


def test_facts_of_the_quotation(reader):
    _, second = map(side_facts, sides(page(reader)))
    assert second["Role"] == "US State Department spokesman; speaks for Department of State (US)"
    assert second["When"].startswith("“On Thursday evening”, 15 August 2024, dated by us")
    assert "knowledge from outside the article" in second["When"]
    assert second["Checked"] == "✓ Quotation verified, character for character See the passage"


def test_date_is_machine_readable(reader):
    _, second = sides(page(reader))
    assert [(t.get("datetime"), text(t)) for t in second.iter("time")] == [("2024-08-15", "15 August 2024")]


def test_scope_answers_are_in_words(reader):
    assert facts(one(by_class(page(reader), "scope"))) == {
        "Do both speak of the same event?": "Yes",
        "Do both speak of the same time?": "Yes",
        "Do both speak of the same people or things?": "Yes",
        "Do both count or define in the same way?": "Does not apply",
    }


def test_links_lead_to_the_passages_and_the_records(reader):
    found = page(reader)
    for side, ref in zip(sides(found), ("hhejaw7a5f", "m9qhcy0t9c"), strict=True):
        passage = one(by_class(side, "passage-link")).get("href")
        assert passage == f"/sources/v8rhmbxqs1/#s-{ref}"
        assert f"/statements/{ref}/" in links(side)
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
    shown = {p.ref: [texts(side.iter("mark")) for side in sides(page(reader, p.get_absolute_url()))] for p in pairs}
    expected = {p.ref: [[" ".join(words.split())] for words in (p.first_words, p.second_words)] for p in pairs}
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
    values = [side_facts(side) for side in sides(found)]
    assert [v["Role"] for v in values] == ["not given", "not given"]
    assert [v["When"] for v in values] == ["undated: the source gives no date"] * 2
    assert [v["Told to"] for v in values] == ["not stated", "not stated"]
    assert [v["Form"] for v in values] == ["Paraphrase", "Paraphrase with quoted words"]


def test_marked_words_that_cross_the_pieces_of_a_quotation_are_marked_in_each(reader):
    """What an editor marked must be seen to be marked, wherever the source interrupts the speaker."""
    content = "“We will stay,” he said, “and we will not discuss it.”"
    pair = published_pair(
        first__content=content,
        first__quotes=["We will stay,", "and we will not discuss it."],
        first__mode="direct",
        first_words="stay,” he said, “and we will not",
    )
    first, _ = sides(page(reader, pair.get_absolute_url()))
    assert texts(first.iter("mark")) == ["stay,", "and we will not"]


def test_title_names_question_and_speakers(reader):
    assert text(tree(reader.get(R1)).find("head/title")) == (
        "Were the talks about the withdrawal of US forces? Official sources and Matthew Miller · Rashomon"
    )
