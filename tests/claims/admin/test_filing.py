"""From nothing to a pair, through the admin alone."""

import pytest

from claims.choices import Mode, Status
from claims.models import Contradiction, Position, Question, Speaker, Statement, Topic
from sources.models import Capture, Outlet, Source
from tests.claims.admin.filling import errors, told
from tests.factories import CaptureFactory, QuestionFactory, SpeakerFactory

pytestmark = pytest.mark.django_db

TEXT = (
    "The minister said the talks were halted.\r\n\r\n"
    "The spokesman denied that the talks were halted. “We will go on,” he added.\r\n\r\nقال الوزير إن المُحادثات مستمرة."
)


def test_a_pair_is_filed_from_nothing(desk, boss):
    desk.send("sources/outlet/add/", name="Asharq Al-Awsat")
    outlet = Outlet.objects.get()
    desk.send(
        "sources/source/add/",
        title="Talks halted",
        outlet=outlet.pk,
        published="2024-08-15",
        locator="Print edition, page 3",
        **{"captures-0-text": TEXT, "captures-0-rights": "short_excerpts"},
    )
    source, capture = Source.objects.get(), Capture.objects.get()
    assert (outlet.slug, source.published_from.isoformat(), source.precision) == (
        "asharq-al-awsat",
        "2024-08-15",
        "day",
    )
    assert capture.text == TEXT.replace("\r\n", "\n")

    for name in ("The minister", "The spokesman"):
        desk.send("claims/speaker/add/", name=name)
    desk.send("claims/topic/add/", title="Talks")
    desk.send("claims/question/add/", topic=Topic.objects.get().pk, text="Were the talks halted?")
    question = Question.objects.get()
    assert question.slug == "were-the-talks-halted"

    answers = {"question": question.pk, "capture": capture.pk, "undated": "on"}
    first = {"speaker": Speaker.objects.get(name="The minister").pk, "content": "said the talks were halted"}
    response = desk.send(
        "claims/statement/add/", **answers, **first, stance="affirms", gist="halted", position_words="were halted"
    )
    assert errors(response) == []
    second = {"speaker": Speaker.objects.get(name="The spokesman").pk, "content": "that the talks were halted"}
    response = desk.send("claims/statement/add/", **answers, **second, stance="denies")
    assert errors(response) == []
    assert any("cue “denied” (denies)" in message and "rejects" not in message for message in told(response))

    one, other = Statement.objects.order_by("pk")
    assert (other.cue, other.cue_class, other.polarity, other.mode) == ("denied", "deny", "deny", Mode.INDIRECT)
    assert [(a.exact, a.tier, a.start) for a in other.anchors.filter(part="content")] == [
        ("that the talks were halted", "exact", capture.text.index("that the talks"))
    ]
    assert list(other.topics.values_list("title", flat=True)) == ["Talks"]
    assert list(Position.objects.values_list("stance", "words").order_by("pk")) == [
        ("affirms", "were halted"),
        ("denies", ""),
    ]

    response = desk.send(
        "claims/contradiction/add/",
        question=question.pk,
        first=one.pk,
        second=other.pk,
        first_words="the talks were halted",
        second_words="the talks were halted",
        finding="contradicts",
        same_event="yes",
        same_referent="yes",
        mechanisms=["negation"],
        pattern="denial",
        explanation="One says they were halted, the other denies it.",
    )
    assert errors(response) == []
    pair = Contradiction.objects.get()
    assert (pair.status, pair.same_time, pair.mechanisms) == (Status.DRAFT, "unclear", ["negation"])

    for record in (question.topic, one, other, pair):
        record.refresh_from_db()
        boss.post(f"claims/{record._meta.model_name}/{record.pk}/step/publish/", seen=record.version)
    pair.refresh_from_db()
    assert pair.status == Status.PUBLISHED


def test_quotation_marks_make_a_quotation(desk):
    capture = CaptureFactory(text=TEXT)
    desk.send("claims/statement/add/", capture=capture.pk, speaker=SpeakerFactory().pk, content="We will go on")
    statement = Statement.objects.get()
    assert (statement.mode, statement.cue) == (Mode.DIRECT, "added")
    assert [a.exact for a in statement.anchors.filter(part="quote")] == ["We will go on"]


def test_arabic_words_are_found_and_their_language_proposed(desk):
    capture = CaptureFactory(text=TEXT)
    words = "المُحادثات مستمرة"
    response = desk.send("claims/statement/add/", capture=capture.pk, speaker=SpeakerFactory().pk, content=words)
    assert errors(response) == []
    statement = Statement.objects.get()
    assert (statement.language, statement.anchors.get(part="content").exact) == ("ar", words)


def test_the_outlet_in_its_own_voice_is_a_narrator(desk):
    capture = CaptureFactory(text=TEXT)
    voice = SpeakerFactory(kind="outlet", outlet=capture.source.outlet)
    desk.send("claims/statement/add/", capture=capture.pk, speaker=voice.pk, content="The minister said")
    statement = Statement.objects.get()
    assert (statement.mode, statement.cue, statement.cue_class) == (Mode.NARRATOR, "", "none")


def test_words_that_stand_twice_need_a_choice_and_lose_nothing(desk):
    capture = CaptureFactory(text="First the talks were halted. Then the talks were halted.")
    typed = {
        "capture": capture.pk,
        "speaker": SpeakerFactory().pk,
        "content": "the talks were halted",
        "note": "my note",
        "role_text": "the minister",
    }
    response = desk.send("claims/statement/add/", **typed)
    assert [error for error in errors(response) if "stands 2 times" in error]
    page = response.content.decode()
    assert page.count('name="content_at"') == 2
    assert "my note" in page
    assert 'value="the minister"' in page
    assert not Statement.objects.exists()

    response = desk.send("claims/statement/add/", **typed, content_at="34")
    assert errors(response) == []
    assert Statement.objects.get().anchors.get(part="content").start == 34

    statement = Statement.objects.get()
    page = desk.get(f"claims/statement/{statement.pk}/change/").content.decode()
    assert 'value="34" checked' in page
    response = desk.send(f"claims/statement/{statement.pk}/change/", content_at="6", _continue="1")
    assert errors(response) == []
    assert statement.anchors.get(part="content").start == 6


def test_a_quoted_passage_that_stands_twice_needs_a_choice(desk):
    capture = CaptureFactory(text="He said “no” and again “no” to it.")
    typed = {
        "capture": capture.pk,
        "speaker": SpeakerFactory().pk,
        "content": "“no” and again “no”",
        "quoted": "no\r\n\r\nno",
    }
    response = desk.send("claims/statement/add/", **typed)
    assert response.content.decode().count('name="quoted_at_1"') == 2
    starts = [9, 24]
    response = desk.send("claims/statement/add/", **typed, quoted_at_0=starts[0], quoted_at_1=starts[0])
    assert any("overlaps another quoted passage" in error for error in errors(response))
    response = desk.send("claims/statement/add/", **typed, quoted_at_0=starts[0], quoted_at_1=starts[1])
    assert errors(response) == []
    statement = Statement.objects.get()
    quotes = statement.anchors.filter(part="quote").order_by("order")
    assert [quote.start for quote in quotes] == starts
    # Swapped, which must not trip over itself half-way.
    desk.send(f"claims/statement/{statement.pk}/change/", quoted_at_0=starts[1], quoted_at_1=starts[0])
    assert [quote.start for quote in quotes.all()] == starts[::-1]


def test_words_that_are_not_there_stay_a_draft(desk, boss):
    capture = CaptureFactory(text=TEXT)
    response = desk.send(
        "claims/statement/add/",
        capture=capture.pk,
        speaker=SpeakerFactory().pk,
        content="the talks never took place",
        quoted="never",
        mode="mixed",
    )
    assert errors(response) == []
    warnings = [message for message in told(response) if message.startswith("Kept as a draft")]
    assert len(warnings) == 2
    statement = Statement.objects.get()
    assert set(statement.anchors.values_list("tier", flat=True)) == {"not_found"}

    page = desk.get(f"claims/statement/{statement.pk}/step/publish/").content.decode()
    assert "are not found in the captured text" in page
    assert "“never” are not found" in page
    response = boss.post(f"claims/statement/{statement.pk}/step/publish/", seen=statement.version)
    assert [mend.url.partition("#")[2] for mend in response.context["missing"]][:2] == ["id_content", "id_quoted"]
    statement.refresh_from_db()
    assert statement.status == Status.DRAFT


def test_an_answer_without_its_question_is_asked_for(desk):
    capture = CaptureFactory(text=TEXT)
    typed = {"capture": capture.pk, "speaker": SpeakerFactory().pk, "content": "We will go on"}
    response = desk.send("claims/statement/add/", **typed, stance="affirms")
    assert errors(response) == ["Choose the question to which this is the answer, or empty the answer."]
    question = QuestionFactory()
    response = desk.send("claims/statement/add/", **typed, question=question.pk)
    assert errors(response) == ["Say what the words answer to this question."]
    response = desk.send(
        "claims/statement/add/", **typed, question=question.pk, stance="value", position_words="halted", unit="men"
    )
    assert len(errors(response)) == 3
    assert not Statement.objects.exists()


def test_a_date_needs_what_it_rests_on(desk):
    capture = CaptureFactory(text=TEXT)
    typed = {"capture": capture.pk, "speaker": SpeakerFactory().pk, "content": "We will go on", "said": "15/08/2024"}
    response = desk.send("claims/statement/add/", **typed)
    assert "Write the year first" in errors(response)[0]
    typed["said"] = "2024-08-15"
    response = desk.send("claims/statement/add/", **typed)
    assert errors(response) == ["Choose what this date rests on: printed in the source, resolved, or from outside."]
    response = desk.send("claims/statement/add/", **typed, date_basis="external")
    assert errors(response) == ["Say where the date is known from; readers see this note."]
    response = desk.send("claims/statement/add/", **typed, date_basis="in_text")
    assert errors(response) == []
    statement = Statement.objects.get()
    assert (statement.said_from.isoformat(), statement.precision) == ("2024-08-15", "day")
    assert desk.form(f"claims/statement/{statement.pk}/change/")["said"] == "2024-08-15"
