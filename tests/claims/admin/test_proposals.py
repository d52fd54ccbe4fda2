"""Proposals on a capture's page: accepted, changed or rejected one by one; nothing is ever published by them."""

import re
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from claims.choices import NameKind, Status
from claims.models import Rejection, Statement
from tests.claims.admin.at_once import at_once
from tests.claims.admin.filling import Desk, told, values
from tests.factories import (
    CaptureFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    UnnamedSpeakerFactory,
)
from tests.markup import one, text, texts, tree

pytestmark = pytest.mark.django_db

MILLER = "On Friday, State Department spokesman Adam Miller said Oslo discussed the harbour with the council."
NOTED = "“At no time did we discuss the bridge,” he noted, but stressed that talks were underway."
REPLY = "The Foreign Ministry replied to the council by saying they were “inaccurate.”"
NAMED = "The yard was attacked by a group calling itself “gulls.”"
STORY = f"{MILLER}\n\n{NOTED}\n\n{REPLY}\n\n{NAMED}"
ARABIC = "وقال وزير الخارجية إن الميناء مفتوح أمام السفن. وأضاف أن «العمل مستمر» رغم العاصفة."
NOTED_WORDS = "At no time did we discuss the bridge"


@pytest.fixture
def capture():
    return CaptureFactory(text=STORY)


@pytest.fixture
def miller():
    return SpeakerFactory(name="Adam Miller")


def page(desk, capture, **asked):
    return desk.get(f"sources/capture/{capture.pk}/change/", **asked)


def panel(response):
    return tree(re.search(r'<div class="desk-proposals".*?</div>', response.content.decode(), re.DOTALL)[0])


def place(words, within=STORY):
    start = within.index(words)
    return f"{start}-{start + len(words)}"


def decide(desk, capture, decision, words, follow=True):
    within = capture.text
    path = f"claims/statement/proposals/{capture.pk}/"
    return desk.post(path, follow=follow, place=place(words, within), decision=decision)


def test_proposals_are_listed_in_the_order_of_the_text_with_speaker_cue_and_quoted_words(desk, capture):
    shown = panel(page(desk, capture))
    assert texts(shown.iter("blockquote")) == [
        "Oslo discussed the harbour with the council",
        NOTED_WORDS,
        "talks were underway",
        "they were “inaccurate.”",
    ]
    assert texts(shown.iter("mark")) == [NOTED_WORDS, "inaccurate"]
    assert [line.partition(" ·")[0] for line in texts(shown.iter("p")) if "·" in line] == [
        "State Department spokesman Adam Miller",
        "he: taken for State Department spokesman Adam Miller",
        "he: taken for State Department spokesman Adam Miller",
        "The Foreign Ministry",
    ]
    assert texts(shown.iter("em")) == ["said", "noted", "stressed", "replied … by saying"]
    assert [line for line in texts(shown.iter("li")) if "gulls" in line] == ["gulls: a name, not an utterance"]
    assert (Statement.objects.count(), Rejection.objects.count()) == (0, 0), "a GET should write nothing"


def test_accept_files_a_draft_with_its_places_where_one_speaker_is_named(desk, capture, miller):
    response = decide(desk, capture, "accept", NOTED_WORDS)
    statement = Statement.objects.get()
    assert (statement.status, statement.speaker, statement.attributed_as, statement.determinacy, statement.mode) == (
        Status.DRAFT,
        miller,
        "he",
        "coreference",
        "direct",
    )
    assert [(anchor.part, anchor.exact) for anchor in statement.anchors.order_by("start", "part")] == [
        ("content", NOTED_WORDS),
        ("quote", NOTED_WORDS),
        ("speaker", "he"),
        ("cue", "noted"),
    ]
    assert "Recorded as a draft" in " ".join(told(response))
    assert texts(panel(response).iter("a"))[1] == "Recorded"


def test_a_proposal_over_recorded_words_is_shown_as_recorded_and_not_offered(desk, capture, miller):
    StatementFactory(capture=capture, speaker=miller, content="discuss the bridge", anchored=True)
    shown = panel(page(desk, capture))
    assert [link for link in texts(shown.iter("a")) if link == "Recorded"] == ["Recorded"]
    decide(desk, capture, "accept", NOTED_WORDS)
    assert Statement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepted_twice_at_once_is_filed_once(capture, miller, signed_in, editor):
    desks = [Desk(signed_in(editor)) for _ in range(2)]
    accepts = [partial(decide, desk, capture, "accept", NOTED_WORDS, follow=False) for desk in desks]
    at_once(accepts, "INSERT ON claims_statement", 0.3)
    assert Statement.objects.count() == 1
    said = [" ".join(told(page(desk, capture))) for desk in desks]
    assert sorted("not offered any more" in words for words in said) == [False, True]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("they were “inaccurate.”", "No speaker is known as “The Foreign Ministry”"),
        (NOTED_WORDS, "No speaker is known as “State Department spokesman Adam Miller”"),
    ],
)
def test_accept_without_a_known_speaker_leads_to_the_prefilled_form_and_says_why(desk, capture, words, reason):
    response = decide(desk, capture, "accept", words)
    assert reason in " ".join(told(response))
    assert values(response)["content"] == words
    assert Statement.objects.count() == 0


def test_accept_never_takes_a_metonym_nor_another_sources_unnamed_speaker_nor_one_of_two(desk):
    claims = {"Oslo": "the harbour is open", "Port officials": "the lock is shut", "Ann Lee": "the quay is closed"}
    capture = CaptureFactory(text=" ".join(f"{name} said {claim}." for name, claim in claims.items()))
    SpeakerNameFactory(text="Oslo", kind=NameKind.METONYM)
    UnnamedSpeakerFactory(name="Port officials")
    SpeakerFactory.create_batch(2, name="Ann Lee")
    for claim in claims.values():
        assert "Not recorded yet." in " ".join(told(decide(desk, capture, "accept", claim)))
    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    "printed",
    [
        "The water minister, Ann Lee,",
        "Ann Lee, a spokeswoman for the province,",
        "Mayor Ann Lee",
        "Mayor Ann Lee of the north",
        "Ministry of Trade spokeswoman Ann Lee",
    ],
)
def test_a_persons_whole_name_is_known_with_a_role_before_or_after_it_and_so_is_who_is_taken_for_it(desk, printed):
    capture = CaptureFactory(text=f"{printed} said the port is open.\n\n“We never closed it,” she said.")
    speaker = SpeakerFactory(name="Ann Lee")
    SpeakerNameFactory(speaker=speaker, text="A. Lee")
    for words in ("the port is open", "We never closed it"):
        decide(desk, capture, "accept", words)
    assert [one.speaker for one in Statement.objects.all()] == [speaker, speaker]


@pytest.mark.parametrize(
    "printed", ["A spokesman for Ann Lee", "An aide to Mayor Ann Lee", "Bo Ek and Ann Lee", "Ann Lee aide Bo Ek"]
)
def test_accept_never_takes_whom_the_words_only_mention(desk, printed):
    capture = CaptureFactory(text=f"{printed} said the port is open.")
    SpeakerFactory(name="Ann Lee")
    response = decide(desk, capture, "accept", "the port is open")
    assert (Statement.objects.count(), values(response).get("speaker", "")) == (0, "")


def test_the_form_that_accept_leads_to_has_the_one_likely_speaker_chosen(desk):
    capture = CaptureFactory(
        text="Ann Lee, a spokeswoman for Bo Ek, said the port is open.\n\n“We never closed it, and we never will.”"
    )
    SpeakerFactory(name="Bo Ek")
    speaker = SpeakerFactory(name="Ann Lee")
    for words in ("the port is open", "We never closed it, and we never will"):
        response = decide(desk, capture, "accept", words)
        assert "Not recorded yet." in " ".join(told(response))
        assert values(response)["speaker"] == str(speaker.pk)


def test_change_leads_to_the_form_with_every_part_selected(desk, capture):
    link = next(a for a in panel(page(desk, capture)).iter("a") if text(a).startswith("Change number 4"))
    asked = parse_qs(urlsplit(link.get("href")).query)
    assert asked == {
        "capture": [str(capture.pk)],
        "content": [place("they were “inaccurate.”")],
        "quote": [place("inaccurate")],
        "cue": [place("replied"), place("by saying")],
        "speaker": [place("The Foreign Ministry")],
    }
    filled = values(desk.client.get(link.get("href")))
    assert (filled["content"], filled["quoted"], filled["cue"], filled["attributed_as"]) == (
        "they were “inaccurate.”",
        "inaccurate",
        "replied … by saying",
        "The Foreign Ministry",
    )


def test_a_rejection_is_remembered_once_and_can_be_taken_back(desk, capture, editor):
    decide(desk, capture, "reject", NOTED_WORDS)
    decide(desk, capture, "reject", NOTED_WORDS)
    assert list(Rejection.objects.values_list("start", "by")) == [(STORY.index(NOTED_WORDS), editor.username)]
    assert "Offer again number 2" in texts(panel(page(desk, capture)).iter("button"))
    decide(desk, capture, "accept", NOTED_WORDS)
    assert Statement.objects.count() == 0
    decide(desk, capture, "undo", NOTED_WORDS)
    assert Rejection.objects.count() == 0


@pytest.mark.parametrize("sent", ["", "0-0", "5-2", "x", "0-99999999"])
def test_a_place_that_is_not_proposed_is_refused_with_a_reason(desk, capture, sent):
    response = desk.post(f"claims/statement/proposals/{capture.pk}/", place=sent, decision="accept")
    assert told(response) == ["This proposal is not offered any more; the page shows what is."]
    assert Statement.objects.count() == 0


def test_only_a_post_by_an_editor_decides(desk, capture, signed_in, reader, auditor, editor):
    path = reverse("admin:claims_statement_proposals", args=[capture.pk])
    assert desk.client.get(path).status_code == 405
    data = {"place": place(NOTED_WORDS), "decision": "reject"}
    assert reader.post(path, data).status_code == 302
    assert signed_in(auditor).post(path, data).status_code == 403
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(editor)
    assert forged.post(path, data).status_code == 403
    assert Rejection.objects.count() == 0


def test_an_arabic_text_is_offered_in_its_own_words(desk):
    capture = CaptureFactory(text=ARABIC, source__language="ar")
    shown = panel(page(desk, capture))
    assert texts(shown.iter("blockquote")) == ["الميناء مفتوح أمام السفن", "«العمل مستمر» رغم العاصفة"]
    assert texts(shown.iter("em")) == ["قال", "أضاف"]
    SpeakerFactory(name="وزير الخارجية")
    decide(desk, capture, "accept", "الميناء مفتوح أمام السفن")
    assert Statement.objects.get().content == "الميناء مفتوح أمام السفن"


def test_long_lists_come_in_pages(desk):
    capture = CaptureFactory(text="\n\n".join(f"The council said the gate {n} is open." for n in range(31)))
    first, second = panel(page(desk, capture)), panel(page(desk, capture, proposals=2))
    assert (len(texts(first.iter("blockquote"))), texts(second.iter("blockquote"))) == (30, ["the gate 30 is open"])
    assert one(second.iter("nav")).get("aria-label") == "Pages of proposals"
