"""The public history of a record: what was done in readers' sight, and nobody's name."""

import pytest
from django.urls import reverse

from claims import corrections, services
from claims.models import Speaker, Statement
from sources.acting import acting
from tests.factories import StatementFactory, published_pair
from tests.markup import links, main, text, texts, tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement(editor, publisher):
    with acting(by=editor, reason="canaryreason", origin="canaryorigin"):
        draft = StatementFactory(cue="canarycue", cue_class="report", note="canarynote")
        Statement.objects.filter(pk=draft.pk).update(cue="said")
    draft.refresh_from_db()
    services.publish(draft, by=publisher, seen=draft.version)
    return draft


def history(record):
    key = record.slug if record._meta.model_name == "topic" else record.ref
    return reverse(f"{record._meta.model_name}_history", args=[key])


def correct(statement, by, second):
    with corrections.trying(statement, kind="correction", reason="The cue was wrong.", by=by) as tried:
        Statement.objects.filter(pk=statement.pk).update(cue="insisted", note="canarynote two")
    kept = corrections.keep(statement, kind="correction", reason="The cue was wrong.", by=by, rows=tried.rows)
    corrections.apply(kept, by=second)
    return kept


def test_what_happened_is_told_without_names(reader, statement, editor, publisher):
    correct(statement, editor, publisher)
    services.hold(statement, by=publisher, reason="canaryheld")
    services.release(statement, by=publisher)
    answer = reader.get(history(statement))
    page = main(answer)
    assert sorted(texts(page.find("ol").iter("h2"))) == ["Correction", "Held back", "Published", "Shown again"]
    assert "The cue was wrong." in text(page)
    assert "[removed: said][added: insisted]" in text(page)
    assert "Recorded by an editor, approved by a second reader." in text(page)
    for hidden in ("canary", editor.username + "<", publisher.username):
        assert hidden not in answer.content.decode()


def test_each_state_and_the_proof_are_linked(reader, statement, editor, publisher):
    correct(statement, editor, publisher)
    found = links(main(reader.get(history(statement))))
    states = [link for link in found if link.startswith(f"{statement.get_absolute_url()}?as_of=")]
    assert len(states) == 2
    assert {"/export/history.jsonl", "/export/checkpoint.txt"} <= set(found)
    assert any("verify_history" in link for link in found)


def test_speakers_merged_stand_in_the_history_of_their_statements(reader, statement, editor, publisher):
    from claims import merging

    winner = Speaker.objects.create(name="Winner", slug="winner")
    merged = merging.propose(statement.speaker, winner, reason="They are one.", by=editor)
    corrections.apply(merged, by=publisher)
    assert "Speakers merged" in texts(main(reader.get(history(statement))).find("ol").iter("h2"))


def test_pair_tells_of_its_accounts(reader, editor, publisher):
    pair = published_pair(first__cue="said", first__cue_class="report")
    correct(pair.first, editor, publisher)
    page = main(reader.get(history(pair)))
    assert "The first account: correction" in texts(page.find("ol").iter("h2"))


def test_draft_has_none_and_withdrawn_is_gone(reader, editor, publisher):
    draft = StatementFactory()
    assert reader.get(history(draft)).content == reader.get("/statements/0000000000/history/").content
    pair = published_pair()
    corrections.apply(corrections.propose_withdrawal(pair.first, reason="Never said.", by=editor), by=publisher)
    for record in (pair.first, pair):
        assert reader.get(history(record)).status_code == 410
    assert reader.get(history(pair.question.topic)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_queries(reader, statement, editor, publisher, django_assert_num_queries, count):
    for _ in range(count):
        services.hold(statement, by=publisher, reason="Looked at.")
        services.release(statement, by=publisher)
    with django_assert_num_queries(3):
        assert tree(reader.get(history(statement))) is not None
