"""One statement with its chain; and the addresses of what was withdrawn, is held back or was never public."""

import pytest
from django.utils import timezone

from claims import corrections
from claims.models import Contradiction, Statement
from tests.factories import (
    OccasionFactory,
    PositionFactory,
    QuestionFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    UnnamedSpeakerFactory,
    published_pair,
)
from tests.markup import by_class, facts, links, main, one, text, tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]


def page(reader, ref):
    answer = reader.get(f"/statements/{ref}/")
    assert answer.status_code == 200
    return main(answer)


def public(**values):
    return StatementFactory(status="published", **values)


def section(page, name):
    """The part of a page under this heading; None where there is none."""
    return next((part for part in page.iter("section") if part.get("aria-labelledby") == name), None)


def test_paraphrase_of_the_unnamed_sources(reader):
    found = page(reader, "hhejaw7a5f")
    assert text(found.find("h1")) == "Official sources, undated"
    assert text(one(by_class(found, "words"))) == (
        "Washington has halted the negotiations process over the pullout of its troops from Iraq"
    )
    assert list(found.iter("blockquote")) == []
    shown = facts(found)
    assert shown["Speaker"] == "Official sources · named in the source as “Official sources”"
    assert shown["Unnamed"].startswith("The source speaks of several people and names none.")
    assert shown["When"] == "undated: the source gives no date"
    assert shown["Told to"] == "Asharq Al-Awsat"
    assert shown["Terms"] == "On background"
    assert shown["Permanent reference"] == "hhejaw7a5f"


def test_quotation_is_verified_and_in_its_place(reader):
    found = page(reader, "m9qhcy0t9c")
    assert text(found.find("h1")) == "Matthew Miller, 15 August 2024"
    assert text(one(found.iter("blockquote"))) == (
        "“At no time did we discuss the withdrawal of American forces from Iraq”"
    )
    shown = facts(found)
    assert shown["Role"] == "US State Department spokesman"
    assert shown["Speaks for"] == "Department of State (US)"
    assert shown["When"].startswith("“On Thursday evening”, 15 August 2024, dated by us")
    assert shown["Checked"].startswith("✓ Quotation verified, character for character")
    assert text(section(found, "passage").find(".//mark")) == (
        "At no time did we discuss the withdrawal of American forces from Iraq"
    )


def test_chain_leads_from_the_outlet_to_whose_words_they_are(reader):
    """A14a: the newspaper, Allawi, the ministry; A14b: unclear whose words."""
    assert facts(page(reader, "v6wrgh7q29"))["Chain"] == (
        "Asharq Al-Awsat ←quotes Hussein Allawi (“said”) "
        "←who passes on Ministry of Foreign Affairs (Iraq) (“indicated”)"
    )
    assert facts(page(reader, "d3jb7esvwe"))["Chain"].endswith("(“indicated”), unclear whose words")
    assert facts(page(reader, "92mp3bpfza"))["Chain"] == "Asharq Al-Awsat"


def test_answers_and_pairs(reader):
    found = page(reader, "hhejaw7a5f")
    assert list(facts(section(found, "answers"))) == [
        "Were the talks about the withdrawal of US forces?",
        "What is the state of the talks?",
        "Who put the timetable on hold?",
    ]
    refs = [links(line)[0].split("/")[2] for line in by_class(section(found, "pairs"), "pair-line")]
    pairs = Contradiction.objects.published()
    mine = [*pairs.filter(first__ref="hhejaw7a5f"), *pairs.filter(second__ref="hhejaw7a5f")]
    assert sorted(refs) == sorted(pair.ref for pair in mine)
    assert "z8zaqp1317" in refs


def test_replies_stand_at_both_ends(reader):
    """A11 answers the American statements."""
    answers = links(section(page(reader, "tcsndgy37b"), "replies"))
    assert set(answers) == {f"/statements/{ref}/" for ref in ("5zk0dt6t15", "fkvq8ghpeh", "m9qhcy0t9c", "kb5p6zekx2")}
    assert links(section(page(reader, "m9qhcy0t9c"), "replies")) == ["/statements/tcsndgy37b/"]


def test_what_was_inferred_says_so(reader):
    assert "(inferred by the editor)" in facts(page(reader, "5ea33tq52d"))["Speaker"]


def test_interpreted_words_say_so(reader):
    assert text(one(by_class(page(reader, "e2y4d14ag0"), "interpreted"))) == "As interpreted"


def test_original_stands_beside_its_translation(reader):
    statement = public(language="ar", content="أوقفت المحادثات")
    TranslationFactory(statement=statement, language="en", text="The talks were halted", by="machine")
    found = page(reader, statement.ref)
    words = by_class(found, "words")
    assert [(w.get("lang"), w.get("dir"), text(w)) for w in words] == [
        ("ar", "rtl", "أوقفت المحادثات"),
        ("en", "ltr", "The talks were halted"),
    ]
    assert text(one(by_class(found, "translation"))).endswith("Translated by: a machine")


def test_arabic_quotation_has_its_own_marks(reader):
    statement = public(language="ar-IQ", content="أوقفت المحادثات", quotes=["أوقفت المحادثات"], mode="direct")
    quotation = one(page(reader, statement.ref).iter("blockquote"))
    assert (quotation.get("lang"), quotation.get("dir"), text(quotation)) == ("ar-IQ", "rtl", "«أوقفت المحادثات»")


def test_pieces_of_a_quotation_are_joined_by_an_omission(reader):
    statement = public(content="“We stay,” he said, “and talk.”", quotes=["We stay,", "and talk."], mode="direct")
    assert text(one(page(reader, statement.ref).iter("blockquote"))) == "“We stay,” […] “and talk.”"


def test_same_words_elsewhere_stand_at_both(reader):
    first = public()
    second = public(same_words_as=first)
    StatementFactory(same_words_as=first)
    assert links(section(page(reader, first.ref), "same")) == [second.get_absolute_url()]
    assert links(section(page(reader, second.ref), "same")) == [first.get_absolute_url()]


def test_hidden_relatives_are_not_named(reader):
    draft = StatementFactory(content="a canarydraft was sung", speaker__name="Canaryspeaker")
    statement = public(same_words_as=draft, topics=[TopicFactory(status="draft", title="Canarytopic")])
    statement.in_reply_to.add(draft)
    draft.in_reply_to.add(statement)
    PositionFactory(statement=statement, question=QuestionFactory(text="Canaryquestion?", topic__status="draft"))
    answer = reader.get(statement.get_absolute_url()).content.decode()
    assert "canary" not in answer.casefold()
    assert "replies" not in {part.get("aria-labelledby") for part in tree(answer).iter("section")}


def test_occasion_place_and_addressee(reader):
    occasion = OccasionFactory(name="A press conference", place="Baghdad")
    statement = public(occasion=occasion, addressee_text="reporters")
    shown = facts(page(reader, statement.ref))
    assert (shown["Where"], shown["Told to"]) == ("A press conference, Baghdad", "reporters")


def test_unnamed_with_a_reason(reader):
    speaker = UnnamedSpeakerFactory()
    statement = public(speaker=speaker, capture__source=speaker.only_in, anonymity_reason="not allowed to speak")
    assert facts(page(reader, statement.ref))["Unnamed"] == (
        "The source names nobody. Reason given: not allowed to speak"
    )


def test_markup_in_words_is_text(reader):
    statement = public(content="<b>bold</b> & <script>alert(1)</script>", speaker__name="<i>Name</i>")
    found = page(reader, statement.ref)
    assert text(one(by_class(found, "words"))) == "<b>bold</b> & <script>alert(1)</script>"
    assert [script for script in found.iter("script") if not script.get("src")] + list(found.iter("i")) == []


# What is not shown

HELD = {"held_since": timezone.now(), "held_reason": "canaryreason"}


def record(kind, status="published"):
    """A record with canaries in whatever it has."""
    if kind == "statement":
        return StatementFactory(
            status=status, content="canarycontent", note="canarynote", speaker__name="Canaryspeaker"
        )
    if kind == "contradiction":
        return published_pair(
            status=status,
            explanation="canaryexplanation",
            first__content="canaryone",
        )
    return TopicFactory(status=status, title="Canarytitle", summary="canarysummary")


def withdraw(made, editor, publisher):
    proposal = corrections.propose_withdrawal(made, reason="The copy was a forgery.", by=editor)
    corrections.apply(proposal, by=publisher)


@pytest.mark.parametrize("kind", ["statement", "contradiction", "topic"])
def test_withdrawn_is_gone_with_a_page_that_says_so(reader, editor, publisher, kind):
    made = record(kind)
    withdraw(made, editor, publisher)
    answer = reader.get(made.get_absolute_url())
    assert answer.status_code == 410
    assert text(main(answer).find("h1")) == f"This {kind} was withdrawn"
    assert "taken back by the editors" in text(main(answer))
    assert "canary" not in answer.content.decode().casefold()
    assert [m.get("content") for m in tree(answer).iter("meta") if m.get("name") == "robots"] == ["noindex"]


@pytest.mark.parametrize("kind", ["statement", "contradiction"])
def test_held_is_a_notice_without_the_content(reader, kind):
    made = record(kind)
    type(made).objects.filter(pk=made.pk).update(**HELD)
    answer = reader.get(made.get_absolute_url())
    assert answer.status_code == 404
    assert text(main(answer).find("h1")) == f"This {kind} is being checked"
    assert "canary" not in answer.content.decode().casefold()


@pytest.mark.parametrize("account", ["first", "second"])
def test_pair_with_a_held_account_is_being_checked(reader, account):
    pair = record("contradiction")
    Statement.objects.filter(pk=getattr(pair, f"{account}_id")).update(**HELD)
    answer = reader.get(pair.get_absolute_url())
    assert (answer.status_code, text(main(answer).find("h1"))) == (404, "This contradiction is being checked")
    assert "canary" not in answer.content.decode().casefold()


@pytest.mark.parametrize("status", ["draft", "in_review"])
@pytest.mark.parametrize("kind", ["statement", "contradiction", "topic"])
def test_draft_answers_like_an_address_that_never_was(reader, kind, status):
    made = record(kind, status)
    address = made.get_absolute_url()
    name = address.split("/")[2]
    unknown = reader.get(address.replace(name, "z" * len(name)))
    answer = reader.get(address)
    assert unknown.status_code == answer.status_code == 404
    assert answer.content == unknown.content
    assert text(main(answer).find("h1")) == "There is no such page"


def test_pair_of_a_draft_topic_answers_like_an_address_that_never_was(reader):
    pair = published_pair(question__topic__status="draft")
    assert reader.get(pair.get_absolute_url()).content == reader.get("/contradictions/zzzzzzzzzz/").content


def test_held_draft_answers_like_an_address_that_never_was(reader):
    made = StatementFactory(**HELD)
    assert reader.get(made.get_absolute_url()).content == reader.get("/statements/zzzzzzzzzz/").content


def test_statement_of_a_withdrawn_pair_stays(reader, editor, publisher):
    pair = published_pair(first__speaker=SpeakerFactory(name="Who stays"))
    withdraw(pair, editor, publisher)
    found = page(reader, pair.first.ref)
    assert text(found.find("h1")) == "Who stays, undated"
    assert section(found, "pairs") is None
