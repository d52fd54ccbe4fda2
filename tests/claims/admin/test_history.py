"""The desk's page of every change: who may read it, what it tells, and what it costs."""

import pytest
from django.urls import reverse

from claims import corrections
from claims.models import Event, Statement
from sources.acting import acting
from tests.claims.admin.desk_page import desk_tree
from tests.factories import OutletFactory, QuestionFactory, SpeakerFactory, StatementFactory, TopicFactory
from tests.markup import by_class, text, texts

pytestmark = pytest.mark.django_db


def page_of(record):
    return reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_history", args=[record.pk])


@pytest.fixture
def draft(contributor):
    with acting(by=contributor, origin="POST /somewhere", reason="It is new."):
        return StatementFactory(cue="said", cue_class="report", speaker__name="Firstname")


def resave(row, by, **values):
    with acting(by=by, origin=f"POST {by}"):
        fresh = type(row).objects.get(pk=row.pk)
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.save()


def test_changes_are_grouped_and_told_word_by_word(signed_in, draft, editor):
    resave(draft, editor, cue="insisted firmly", speaker=SpeakerFactory(name="Secondname"))
    works = by_class(desk_tree(signed_in(editor).get(page_of(draft))), "desk-work")
    assert [text(work.find("h2")).split(" · ")[1] for work in works] == ["editor", "contributor"]
    newest, first = works
    changed = dict(zip(texts(newest.iter("dt")), texts(newest.iter("dd")), strict=True))
    assert changed["Cue"] == "[removed: said][added: insisted firmly]"
    assert changed["Speaker"] == "[removed: Firstname][added: Secondname]"
    assert "POST /somewhere" in text(first)
    assert "It is new." in text(first)
    assert "Added: anchor" in text(first)
    assert "version 1" in text(first)


@pytest.mark.parametrize(
    ("name", "status"),
    [("contributor", 200), ("editor", 200), ("publisher", 200), ("auditor", 200), ("administrator", 403)],
)
def test_who_may_read(request, signed_in, draft, name, status):
    assert signed_in(request.getfixturevalue(name)).get(page_of(draft)).status_code == status


def test_contributor_reads_no_other_history(signed_in, contributor, editor):
    with acting(by=editor):
        others = StatementFactory()
    assert signed_in(contributor).get(page_of(others)).status_code == 403


def test_history_of_what_was_deleted_stays(signed_in, draft, auditor, publisher):
    address = page_of(draft)
    with acting(by=publisher):
        draft.delete()
    page = desk_tree(signed_in(auditor).get(address))
    assert "This statement was deleted; its history stays." in text(page)
    assert "Deleted" in text(by_class(page, "desk-work")[0])


def test_rooms_of_sources_and_of_parts_have_it_too(signed_in, editor):
    with acting(by=editor):
        rows = [OutletFactory(), QuestionFactory(topic=TopicFactory(status="draft"))]
    for row in rows:
        assert len(by_class(desk_tree(signed_in(editor).get(page_of(row))), "desk-work")) == 1


def test_proposal_tells_how_much_it_changes(signed_in, editor, publisher):
    statement = StatementFactory(status="published", cue="said", cue_class="report")
    with corrections.trying(statement, kind="correction", reason="Wrong.", by=editor) as tried:
        Statement.objects.filter(pk=statement.pk).update(cue="insisted")
    proposal = corrections.keep(statement, kind="correction", reason="Wrong.", by=editor, rows=tried.rows)
    (work,) = by_class(desk_tree(signed_in(editor).get(page_of(proposal))), "desk-work")
    told = dict(zip(texts(work.iter("dt")), texts(work.iter("dd")), strict=True))
    assert (told["Rows"], told["Changes"]) == ("[added: 1 entry]", "[added: 1 entry]")


@pytest.mark.parametrize("key", ["0", "999999", "9" * 30, "x"])
def test_unknown_record_has_none(signed_in, editor, key):
    address = page_of(OutletFactory()).replace("/history/", "")
    assert signed_in(editor).get(f"{address.rpartition('/')[0]}/{key}/history/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries(signed_in, draft, editor, django_assert_num_queries, count):
    for n in range(count):
        resave(draft, editor, cue=f"cue {n}", speaker=SpeakerFactory())
    client = signed_in(editor)
    assert Event.objects.filter(record="statement").count() > count
    with django_assert_num_queries(13):
        client.get(page_of(draft))
