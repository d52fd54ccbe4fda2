"""One statement with its chain; and the addresses of what was withdrawn, is held back or was never public."""

import pytest
from django.utils import timezone

from claims import corrections
from claims.models import Contradiction, Statement
from claims.related import denial_in
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
from tests.markup import by_class, facts, links, main, one, text, texts, tree

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


def hops(page):
    return texts(one(by_class(page, "chain")).findall("li"))


def test_chain_leads_from_the_outlet_to_whose_words_they_are(reader):
    """A14a: the newspaper, Allawi, the ministry; A14b: unclear whose words; A8: a denial; the outlet's own words."""
    found = page(reader, "v6wrgh7q29")
    assert one(by_class(found, "chain")).tag == "ol"
    assert hops(found) == [
        "Asharq Al-Awsat reports it in its own wording.",
        "Hussein Allawi is the speaker, introduced by “said”.",
        "Ministry of Foreign Affairs (Iraq) is whose words Hussein Allawi passes on, by “indicated”.",
    ]
    assert hops(page(reader, "d3jb7esvwe"))[2].endswith("by “indicated”: it is unclear whose words these are.")
    assert hops(page(reader, "5zk0dt6t15"))[1:] == [
        "Department of State (US) is the speaker, who according to the outlet “denied” what follows.",
        "Government of the United States is the body for which Department of State (US) speaks.",
    ]
    assert hops(page(reader, "92mp3bpfza")) == ["Asharq Al-Awsat says it in its own voice and names nobody else."]
    assert hops(page(reader, "e2y4d14ag0"))[1] == "An interpreter gave the words in this language."
    assert "as our editors infer" in hops(page(reader, "5ea33tq52d"))[1]


def test_cues_stand_in_the_language_of_their_source(reader):
    body = SpeakerFactory()
    statement = public(
        capture__source__language="ar",
        content="أوقفت المحادثات",
        cue="قال",
        cue_class="report",
        relays=body,
        relay_cue="أوضح",
        relay_certainty="explicit",
    )
    cues = [b for b in one(by_class(page(reader, statement.ref), "chain")).iter("bdi") if b.get("lang")]
    assert [(b.get("lang"), b.get("dir"), text(b)) for b in cues] == [("ar", "rtl", "قال"), ("ar", "rtl", "أوضح")]


# What a denial denies


def denied(page):
    (row,) = [div for div in page.iter("div") if div.find("dt") is not None and text(div.find("dt")) == "Denies"]
    return links(row)


def test_denial_points_to_what_it_denies(reader):
    """A10a denies A2 in the pair R1; A8 meets A12; A11 answers four statements."""
    assert denied(page(reader, "m9qhcy0t9c")) == ["/statements/hhejaw7a5f/", "/contradictions/z8zaqp1317/"]
    assert denied(page(reader, "5zk0dt6t15")) == ["/statements/rqvrsvghpz/", "/contradictions/yw6vhedw2y/"]
    found = denied(page(reader, "tcsndgy37b"))
    assert found[:2] == ["/statements/m9qhcy0t9c/", "/contradictions/pm1rmj8scp/"]
    assert set(found[2:]) == {f"/statements/{ref}/" for ref in ("5zk0dt6t15", "fkvq8ghpeh", "kb5p6zekx2")}
    assert "Denies" not in facts(page(reader, "hhejaw7a5f"))


def test_denial_of_nothing_on_record_says_so(reader):
    statement = public(cue="denied", cue_class="deny", polarity="deny")
    statement.in_reply_to.add(StatementFactory(content="canary"))
    assert facts(page(reader, statement.ref))["Denies"] == "Nothing that it denies is on record here."


@pytest.mark.parametrize(
    ("values", "denial"),
    [
        ({"pattern": "denial"}, "second"),
        ({"pattern": "denial", "first__polarity": "deny"}, "first"),
        ({"pattern": "denial", "first__polarity": "deny", "second__polarity": "deny"}, "second"),
        ({"pattern": "rebuttal", "asserted_by": "first", "second__polarity": "deny"}, "first"),
        ({"pattern": "framing", "first__cue": "denied", "first__cue_class": "deny"}, "first"),
        ({"pattern": "framing", "first__polarity": "deny"}, None),
        ({"pattern": "denial", "finding": "apparent_only", "same_time": "no"}, None),
    ],
    ids=["the pattern", "who denies", "both deny", "who rejects", "by cue", "polarity alone", "only seems to"],
)
def test_which_account_of_a_pair_is_the_denial(values, denial):
    pair = published_pair(**values)
    assert denial_in(pair) == (getattr(pair, denial) if denial else None)


# One utterance in several outlets


def test_reports_of_one_utterance_stand_as_one_group_with_their_differences(reader):
    first = public(content="The date has been postponed")
    second = public(content="The announcement has been postponed", same_words_as=first)
    third = public(content="The date has been postponed", same_words_as=first)
    StatementFactory(content="a canarydraft", same_words_as=first)
    for statement, others in ((first, [second, third]), (second, [first, third]), (third, [first, second])):
        found = section(page(reader, statement.ref), "same")
        assert text(by_class(found, "reported-by")[0]).startswith("Reported by 3 outlets: ")
        assert [links(each)[0] for each in by_class(found, "report-of")] == [o.get_absolute_url() for o in others]
        assert "canary" not in text(found)
    found = by_class(section(page(reader, first.ref), "same"), "wording")
    assert "only in the second wording: announcement" in text(found[0])
    assert "the same words, letter by letter" in text(found[1])


def test_two_reports_of_one_outlet_are_one_outlet(reader):
    first = public()
    public(same_words_as=first, capture__source__outlet=first.capture.source.outlet)
    shown = by_class(section(page(reader, first.ref), "same"), "reported-by")[0]
    assert text(shown).startswith("Reported twice by one outlet:")


def test_paraphrase_stands_word_by_word_beside_its_speakers_own_words(reader):
    speaker = SpeakerFactory()
    values = {"first__speaker": speaker, "second__speaker": speaker, "second__mode": "direct"}
    pair = published_pair(
        pattern="paraphrase_drift",
        first__content="the date of the end has been postponed",
        second__content="“the announcement of the end has been postponed”",
        second__quotes=["the announcement of the end has been postponed"],
        **values,
    )
    for address in (pair.get_absolute_url(), pair.first.get_absolute_url(), pair.second.get_absolute_url()):
        shown = one(by_class(main(reader.get(address)), "wording"))
        assert text(one(by_class(shown, "difference"))) == (
            "the [only in the paraphrase: date][only in the speaker’s own words: announcement] of the end has been "
            "postponed"
        )


def test_own_words_inside_a_paraphrase_are_named(reader):
    assert facts(page(reader, "tcsndgy37b"))["Quoted words"].startswith("“inaccurate”")


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
