"""Saving what readers see proposes it: through the form, its rows and its links, to the decision of a second person."""

import pytest
from django.contrib.admin.models import LogEntry

from claims.models import Contradiction, Correction, Question, Statement, Topic
from tests.claims.admin.filling import Desk, errors, told, values
from tests.factories import (
    CaptureFactory,
    PositionFactory,
    QuestionFactory,
    StatementFactory,
    TopicFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db

WHY = {"correction_kind": "correction", "correction_reason": "The source says otherwise."}


@pytest.fixture
def statement():
    text = "The minister said the talks of May were halted and “we go on with the work”, he added."
    return StatementFactory(
        status="published",
        capture=CaptureFactory(text=text),
        content="the talks of May were halted and “we go on with the work”",
        quotes=["we go on with the work"],
        role_text="minister",
    )


@pytest.fixture
def proposer(signed_in, editor, publisher):
    return Desk(signed_in(editor))


@pytest.fixture
def approver(signed_in, publisher):
    return Desk(signed_in(publisher))


def form_of(record):
    return f"claims/{record._meta.model_name}/{record.pk}/change/"


def decide(desk, correction, decision, **typed):
    seen = type(correction.subject).objects.get(pk=correction.subject.pk).version
    typed = {"seen": seen, "decision": decision, **typed}
    return desk.post(f"claims/correction/{correction.pk}/decide/", **typed)


def test_save_proposes_and_a_second_person_approves(proposer, approver, statement, editor, publisher, reader):
    answer = proposer.send(form_of(statement), role_text="envoy", **WHY)
    assert [message.split("<")[0].strip() for message in told(answer)] == ["Proposed; a second person must approve it."]
    proposal = Correction.objects.get()
    assert (proposal.proposed_by, proposal.kind, proposal.reason) == (
        editor,
        "correction",
        "The source says otherwise.",
    )
    assert [(row["before"], row["after"]) for row in proposal.rows] == [
        ({"role_text": "minister"}, {"role_text": "envoy"})
    ]
    statement.refresh_from_db()
    assert (statement.role_text, statement.version, statement.status) == ("minister", 1, "published")
    assert "envoy" not in reader.get(statement.get_absolute_url()).content.decode()
    decide(approver, proposal, "approve")
    statement.refresh_from_db()
    assert (statement.role_text, statement.last_edited_by, statement.approved_by) == ("envoy", editor, publisher)
    assert "envoy" in reader.get(statement.get_absolute_url()).content.decode()


def test_rows_words_and_links_are_proposed_and_applied(proposer, approver, statement):
    topic = TopicFactory(title="Harbour")
    question = QuestionFactory(topic=topic)
    kept = PositionFactory(statement=statement, question=QuestionFactory(topic=topic), words="", gist="as it was")
    opened = proposer.form(form_of(statement))
    answer = proposer.post(
        form_of(statement),
        **{
            **opened,
            **WHY,
            "topics": [topic.pk],
            "quoted": "we go on",
            "positions-TOTAL_FORMS": "2",
            "positions-0-gist": "as it is",
            "positions-1-question": question.pk,
            "positions-1-stance": "denies",
            "context_notes-TOTAL_FORMS": "1",
            "context_notes-0-text": "The talks began in April.",
            "context_notes-0-order": "0",
        },
    )
    assert errors(answer) == []
    proposal = Correction.objects.get()
    assert (statement.positions.count(), statement.topics.count(), statement.context_notes.count()) == (1, 0, 0)
    shown = [(change.row, change.label) for change in approver.get(form_of(proposal)).context["changes"]]
    assert ("Position", "Gist") in shown
    assert ("Place of the quoted words", "Exact") in shown or any(row.startswith("Place of the") for row, _ in shown)
    assert ("Context note", "Text") in shown
    assert ("Topics", "Topic") in shown
    decide(approver, proposal, "approve")
    kept.refresh_from_db()
    statement.refresh_from_db()
    assert (kept.gist, statement.positions.count()) == ("as it is", 2)
    assert list(statement.topics.all()) == [topic]
    assert [anchor.exact for anchor in statement.anchors.filter(part="quote")] == ["we go on"]
    assert statement.context_notes.get().text == "The talks began in April."
    assert statement.approved_version == statement.version


def test_two_questions_are_asked_only_where_something_changes(proposer, statement):
    unchanged = proposer.send(form_of(statement))
    assert told(unchanged) == ["Nothing was changed, so there is nothing to propose."]
    asked = proposer.send(form_of(statement), role_text="envoy", note="typed too")
    assert set(asked.context["adminform"].form.errors) == {"correction_kind", "correction_reason"}
    assert values(asked)["role_text"] == "envoy"
    assert values(asked)["note"] == "typed too"
    assert not Correction.objects.exists()
    draft = StatementFactory()
    assert "correction_kind" not in proposer.form(form_of(draft))


def test_a_typing_error_changes_no_meaning(proposer, statement):
    refused = proposer.send(form_of(statement), role_text="envoy", **{**WHY, "correction_kind": "typo"})
    assert set(refused.context["adminform"].form.errors) == {"correction_kind"}
    assert not Correction.objects.exists()


def test_what_the_rules_refuse_comes_back_with_everything_typed(proposer, statement):
    lost = proposer.send(form_of(statement), content="words that stand nowhere", quoted="", **WHY)
    assert lost.status_code == 200
    assert values(lost)["content"] == "words that stand nowhere"
    assert values(lost)["correction_reason"] == WHY["correction_reason"]
    assert any("not found in the captured text" in error for error in errors(lost))
    undated = proposer.send(form_of(statement), said="2024-13-45", **WHY)
    assert set(undated.context["adminform"].form.errors) == {"said"}
    assert not Correction.objects.exists()
    statement.refresh_from_db()
    assert (statement.status, statement.version) == ("published", 1)


def test_a_colleague_was_quicker(proposer, approver, statement):
    opened = proposer.form(form_of(statement))
    proposer.send(form_of(statement), role_text="envoy", **WHY)
    decide(approver, Correction.objects.get(), "approve")
    late = proposer.post(form_of(statement), **{**opened, "role_text": "prince", **WHY})
    assert late.status_code == 409
    assert values(late)["role_text"] == "prince"
    assert Correction.objects.count() == 1


def test_one_form_that_comes_twice_is_proposed_once(proposer, statement):
    opened = proposer.get(form_of(statement))
    sent = {**values(opened), "_opened": opened.context["opened_form"], "role_text": "envoy", **WHY}
    for _ in range(2):
        proposer.post(form_of(statement), **sent)
    assert Correction.objects.count() == 1
    assert LogEntry.objects.count() == 1


def test_contributor_proposes_too(signed_in, contributor, publisher, statement):
    Desk(signed_in(contributor)).send(form_of(statement), role_text="envoy", **WHY)
    assert Correction.objects.get().proposed_by == contributor


def test_nobody_approves_the_own_proposal(signed_in, publisher, second_publisher, approver, statement):
    approver.send(form_of(statement), role_text="envoy", **WHY)
    proposal = Correction.objects.get()
    shown = approver.get(form_of(proposal))
    assert (shown.context["may_approve"], shown.context["may_take_back"]) == (False, True)
    assert "another publisher must read and approve it" in shown.content.decode()
    assert decide(approver, proposal, "approve").status_code == 400
    decide(Desk(signed_in(second_publisher)), proposal, "approve")
    statement.refresh_from_db()
    assert statement.role_text == "envoy"


def test_declined_with_a_note_taken_back_or_undone(proposer, approver, statement):
    proposer.send(form_of(statement), role_text="envoy", **WHY)
    first = Correction.objects.get()
    assert decide(approver, first, "decline").status_code == 400
    decide(approver, first, "decline", note="He was minister then.")
    proposer.send(form_of(statement), role_text="consul", **WHY)
    second = Correction.objects.exclude(pk=first.pk).get()
    decide(proposer, second, "decline")
    proposer.send(form_of(statement), role_text="prince", **WHY)
    third = Correction.objects.exclude(pk__in=[first.pk, second.pk]).get()
    decide(approver, third, "approve")
    assert decide(proposer, third, "undo").status_code == 400
    decide(proposer, third, "undo", note="He is no prince.")
    undo = Correction.objects.get(undoes=third)
    decide(approver, undo, "approve")
    statement.refresh_from_db()
    states = list(Correction.objects.order_by("pk").values_list("state", "decision_note"))
    assert states == [("declined", "He was minister then."), ("declined", ""), ("applied", ""), ("applied", "")]
    assert statement.role_text == "minister"


def test_proposal_that_no_longer_fits_says_so(proposer, approver, statement):
    for role in ("envoy", "consul"):
        proposer.send(form_of(statement), role_text=role, **WHY)
    first, second = Correction.objects.order_by("pk")
    decide(approver, first, "approve")
    late = decide(approver, second, "approve")
    assert late.status_code == 409
    assert "no longer fits" in late.content.decode()
    statement.refresh_from_db()
    assert statement.role_text == "envoy"


def test_withdrawal_is_proposed_with_its_pairs_and_approved(proposer, approver, reader):
    pair = published_pair()
    asked = proposer.get(f"claims/statement/{pair.first.pk}/step/withdraw/")
    assert list(asked.context["pairs"]) == [pair]
    assert proposer.post(f"claims/statement/{pair.first.pk}/step/withdraw/").status_code == 400
    proposer.post(f"claims/statement/{pair.first.pk}/step/withdraw/", reason="It was never said.")
    proposal = Correction.objects.get()
    assert list(approver.get(form_of(proposal)).context["pairs"]) == [pair]
    assert reader.get(pair.get_absolute_url()).status_code == 200
    decide(approver, proposal, "approve")
    assert {reader.get(record.get_absolute_url()).status_code for record in (pair, pair.first)} == {410}
    assert approver.get(form_of(pair.first)).context["has_change_permission"] is False


def test_pairs_topics_and_questions_are_proposed_too(proposer, approver):
    pair = published_pair()
    topic, question = pair.question.topic, pair.question
    proposer.send(form_of(pair), explanation="They speak of one meeting.", **WHY)
    proposer.send(form_of(topic), summary="The talks in May.", **WHY)
    proposer.send(form_of(question), text="Were the talks halted?", **WHY)
    subjects = [correction.subject for correction in Correction.objects.order_by("pk")]
    assert subjects == [pair, topic, topic]
    for correction in Correction.objects.order_by("pk"):
        assert decide(approver, correction, "approve").status_code == 200
    assert Contradiction.objects.get().explanation == "They speak of one meeting."
    assert Topic.objects.get().summary == "The talks in May."
    assert Question.objects.get().text == "Were the talks halted?"


def test_question_is_added_to_a_public_topic_in_the_topics_form(proposer, approver):
    topic = TopicFactory()
    refused = proposer.send("claims/question/add/", topic=topic.pk, text="Who was asked?")
    assert set(refused.context["adminform"].form.errors) == {"topic"}
    opened = proposer.form(form_of(topic))
    rows = {"questions-TOTAL_FORMS": "1", "questions-0-text": "Who was asked?", "questions-0-answer_kind": "yes_no"}
    proposer.post(form_of(topic), **{**opened, **rows, "questions-0-order": "0", **WHY})
    assert not Question.objects.exists()
    decide(approver, Correction.objects.get(), "approve")
    assert Question.objects.get().topic == topic


def test_questions_in_the_topics_form_get_short_names_of_their_own(proposer, approver):
    texts = ["Who was asked?", "Were the talks halted?", "هل توقفت المحادثات؟"]
    rows = {"questions-TOTAL_FORMS": "3"}
    for number, text in enumerate(texts):
        rows |= {f"questions-{number}-text": text, f"questions-{number}-answer_kind": "yes_no"}
        rows[f"questions-{number}-order"] = str(number)
    proposer.send("claims/topic/add/", title="Talks", **rows)
    topic = Topic.objects.get()
    slugs = list(topic.questions.order_by("order").values_list("slug", flat=True))
    assert slugs == ["who-was-asked", "were-the-talks-halted", "hl-twqft-almhadthat"]
    assert topic.questions.first().get_absolute_url() == "/topics/talks/#who-was-asked"


def test_form_shows_what_waits_and_what_was_corrected(proposer, approver, statement):
    proposer.send(form_of(statement), role_text="envoy", **WHY)
    proposal = Correction.objects.get()
    assert proposer.get(form_of(statement)).context["waiting"] == [proposal]
    decide(approver, proposal, "approve")
    shown = proposer.get(form_of(statement))
    assert (shown.context["waiting"], list(shown.context["corrections"])) == ([], [proposal])


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_proposals_costs_the_same_for_any_number(count, proposer, django_assert_num_queries, editor, publisher):
    from claims import corrections

    for _ in range(count):
        corrections.propose_withdrawal(StatementFactory(status="published"), reason="Wrong.", by=editor)
    proposer.get("claims/correction/")
    with django_assert_num_queries(7):
        proposer.get("claims/correction/")


def test_single_editor_mode_applies_at_once_and_says_so(settings, signed_in, publisher, statement):
    from django.db import connection

    settings.SINGLE_EDITOR = True
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rashomon.single_editor = 'on'")
    desk = Desk(signed_in(publisher))
    shown = desk.get(form_of(statement)).content.decode()
    assert "Single-editor mode" in shown
    desk.send(form_of(statement), role_text="envoy", **WHY)
    statement.refresh_from_db()
    assert (statement.role_text, statement.without_second_reader) == ("envoy", True)
    assert Correction.objects.get().without_second_reader is True
    assert Statement.objects.published().get() == statement
