"""The history that the database keeps: every way to write leaves its event, nothing else does, and none is lost."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction

from claims.models import Event, Speaker, Statement
from sources.acting import acting
from sources.models import Capture
from sources.refusals import check_now
from tests.constraints import refusal
from tests.factories import (
    AnchorFactory,
    CaptureFactory,
    ContextNoteFactory,
    ContradictionFactory,
    FormerSlugFactory,
    PositionFactory,
    QuestionFactory,
    ReplyFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    role,
)

pytestmark = pytest.mark.django_db


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def since(before: int) -> list[Event]:
    """The events after this one, oldest first."""
    return list(Event.objects.filter(pk__gt=before).order_by("pk"))


def newest() -> int:
    return Event.objects.values_list("pk", flat=True).first() or 0


def told(event: Event) -> tuple[Any, ...]:
    return event.action, event.record, event.record_id, event.row_table, event.row_id


# Every way to write a speaker: each is given one that stands, and leaves one event of one row.


def copied(speaker: Speaker) -> Speaker:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('claims_speaker', 'id'))")
        (key,) = cursor.fetchone()
        with cursor.copy(
            "COPY claims_speaker (id, version, kind, name, slug, wikidata, description) FROM STDIN"
        ) as copy:
            copy.write_row((key, 1, "person", "Copied", "copied", "", ""))
    return Speaker.objects.get(pk=key)


def loaded(tmp_path, speaker: Speaker, **values: Any) -> None:
    """loaddata of this speaker as it stands, but for the values given."""
    (row,) = json.loads(serializers.serialize("json", [speaker], use_natural_primary_keys=True))
    row["fields"].update(values)
    path = tmp_path / "speakers.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    call_command("loaddata", path, verbosity=0)


INSERTS: dict[str, Callable[[Any], Any]] = {
    "save": lambda _: Speaker(name="New", slug="new").save(),
    "bulk_create": lambda _: Speaker.objects.bulk_create([Speaker(name="New", slug="new")]),
    "COPY": lambda _: copied(_),
    "raw SQL": lambda _: run(
        "INSERT INTO claims_speaker (version, kind, name, slug, wikidata, description) "
        "VALUES (1, 'person', 'New', 'new', '', '')"
    ),
}
UPDATES: dict[str, Callable[[Speaker], Any]] = {
    "save": lambda row: (setattr(row, "name", "Renamed"), row.save()),
    "bulk_update": lambda row: (setattr(row, "name", "Renamed"), Speaker.objects.bulk_update([row], ["name"])),
    "update": lambda row: Speaker.objects.filter(pk=row.pk).update(name="Renamed"),
    "upsert": lambda row: Speaker.objects.bulk_create(
        [Speaker(name="Renamed", slug=row.slug)],
        update_conflicts=True,
        update_fields=["name"],
        unique_fields=["slug"],
    ),
    "raw SQL": lambda row: run("UPDATE claims_speaker SET name = 'Renamed' WHERE id = %s", row.pk),
}
DELETES: dict[str, Callable[[Speaker], Any]] = {
    "delete": lambda row: row.delete(),
    "queryset": lambda row: Speaker.objects.filter(pk=row.pk).delete(),
    "raw SQL": lambda row: run("DELETE FROM claims_speaker WHERE id = %s", row.pk),
}


@pytest.mark.parametrize("way", INSERTS)
def test_insert_leaves_the_whole_row(way):
    before = newest()
    INSERTS[way](None)
    row = Speaker.objects.get()
    (event,) = since(before)
    assert told(event) == ("insert", "speaker", row.pk, "claims_speaker", row.pk)
    assert (event.before, event.from_version, event.to_version) == (None, None, 1)
    assert (event.after["name"], event.after["slug"], event.after["parent_id"]) == (row.name, row.slug, None)


@pytest.mark.parametrize("way", UPDATES)
def test_update_leaves_what_changed_and_no_more(way):
    row = SpeakerFactory(name="Before")
    before = newest()
    UPDATES[way](row)
    (event,) = since(before)
    assert told(event) == ("update", "speaker", row.pk, "claims_speaker", row.pk)
    assert (event.before, event.after) == ({"name": "Before", "version": 1}, {"name": "Renamed", "version": 2})
    assert (event.from_version, event.to_version) == (1, 2)


@pytest.mark.parametrize("way", DELETES)
def test_delete_leaves_the_whole_row(way):
    row = SpeakerFactory(name="Before")
    key, before = row.pk, newest()
    DELETES[way](row)
    (event,) = since(before)
    assert told(event) == ("delete", "speaker", key, "claims_speaker", key)
    assert (event.before["name"], event.after, event.from_version, event.to_version) == ("Before", None, 1, None)


def test_loaddata_leaves_events_and_a_second_one_none(tmp_path):
    row = SpeakerFactory(name="Before")
    before = newest()
    loaded(tmp_path, row)
    assert since(before) == []
    loaded(tmp_path, row, name="Renamed")
    assert [(event.action, event.after) for event in since(before)] == [("update", {"name": "Renamed", "version": 2})]
    loaded(tmp_path, row, slug="another")
    assert [(event.action, event.record) for event in since(before)][1:] == [("insert", "speaker")]


def test_a_row_for_each_of_many():
    SpeakerFactory.create_batch(2)
    before = newest()
    Speaker.objects.update(description="Both.")
    Speaker.objects.bulk_create([Speaker(name=f"New {n}", slug=f"new-{n}") for n in range(3)])
    assert [event.action for event in since(before)] == ["update"] * 2 + ["insert"] * 3
    assert len({event.nonce for event in since(before)}) == 5


@pytest.mark.parametrize(
    "write",
    [
        lambda row: row.save(),
        lambda row: Speaker.objects.update(name=row.name),
        lambda row: Speaker.objects.bulk_update([row], ["name"]),
        lambda row: run("UPDATE claims_speaker SET version = 9"),
        lambda row: run("DELETE FROM claims_speaker WHERE false"),
    ],
)
def test_what_changes_nothing_leaves_nothing(write):
    row = SpeakerFactory()
    before = newest()
    write(row)
    assert since(before) == []


def test_who_whence_and_why(editor, publisher):
    origin = f"request {uuid4()}"
    with acting(by=editor, origin=origin, reason="The name was misspelt."):
        row = SpeakerFactory()
        with acting(by=publisher):
            Speaker.objects.update(name="Renamed")
        Speaker.objects.update(name="Again")
    Speaker.objects.update(name="By nobody")
    events = Event.objects.filter(record="speaker", record_id=row.pk)
    stamps = [(event.actor, event.origin, event.reason) for event in reversed(events)]
    reason = "The name was misspelt."
    assert stamps[:3] == [(editor, origin, reason), (publisher, origin, reason), (editor, origin, reason)]
    # The program's own name is told where nobody says more.
    run("SET LOCAL application_name = 'psql'")
    Speaker.objects.update(name="By hand")
    last = Event.objects.first()
    assert (last.actor, last.origin, last.reason) == (None, "psql", "")


def test_parts_belong_to_their_record():
    pair = ContradictionFactory()
    made = {
        "statement": [
            AnchorFactory(statement=pair.first, part="cue"),
            PositionFactory(statement=pair.first, question=QuestionFactory()),
            TranslationFactory(statement=pair.first),
            ReplyFactory(statement=pair.first),
            ContextNoteFactory(statement=pair.first),
        ],
        "contradiction": [ContextNoteFactory(statement=None, contradiction=pair)],
        "speaker": [SpeakerNameFactory(speaker=pair.first.speaker), FormerSlugFactory(speaker=pair.first.speaker)],
        "topic": [
            QuestionFactory(topic=pair.question.topic),
            FormerSlugFactory(speaker=None, topic=pair.question.topic),
        ],
    }
    owners = {
        "statement": pair.first_id,
        "contradiction": pair.pk,
        "speaker": pair.first.speaker_id,
        "topic": pair.question.topic_id,
    }
    for kind, rows in made.items():
        for row in rows:
            event = Event.objects.get(row_table=row._meta.db_table, row_id=row.pk)
            assert told(event)[:3] == ("insert", kind, owners[kind]), row


def test_relations_to_many_belong_to_their_statement(editor):
    statement = StatementFactory()
    before = newest()
    statement.topics.set([TopicFactory(status="draft")])
    statement.further_speakers.add(SpeakerFactory())
    statement.in_reply_to.add(StatementFactory())
    statement.topics.clear()
    found = [
        (event.action, event.row_table.removeprefix("claims_statement_"))
        for event in since(before)
        if event.record == "statement" and event.record_id == statement.pk and event.row_table != "claims_statement"
    ]
    assert found == [
        ("insert", "topics"),
        ("insert", "further_speakers"),
        ("insert", "in_reply_to"),
        ("delete", "topics"),
    ]


def test_a_changed_part_is_a_version_of_its_record():
    """The event of the part, and that of the record which it makes a new version of."""
    translation = TranslationFactory()
    before = newest()
    translation.text = "توقفت المحادثات"
    translation.save()
    events = {event.row_table: event for event in since(before)}
    assert set(events) == {"claims_translation", "claims_statement"}
    assert events["claims_statement"].to_version == events["claims_statement"].from_version + 1


def test_what_a_cascade_deletes_is_told_too():
    statement = StatementFactory(quotes=["never"])
    before = newest()
    statement.delete()
    tables = [event.row_table for event in since(before) if event.action == "delete"]
    assert sorted(tables) == ["claims_anchor", "claims_anchor", "claims_statement"]


def test_no_secret_enters_the_history():
    user = User.objects.create_user("somebody", "canary@example.org", "canarypassword")
    first = user.password
    user.set_password("canaryother")
    user.email = "canarytwo@example.org"
    user.save()
    User.objects.update(last_login="2026-01-01T00:00Z")
    user.groups.add(role("Editor"))
    events = Event.objects.filter(record="user", record_id=user.pk).order_by("pk")
    assert [(event.action, event.row_table) for event in events] == [
        ("insert", "auth_user"),
        ("update", "auth_user"),
        ("insert", "auth_user_groups"),
    ]
    told = {"email": "(secret)", "password": "(secret)"}
    assert (events[1].before, events[1].after) == (told, told)
    kept = json.dumps([[event.before, event.after] for event in events])
    user.refresh_from_db()
    assert not [word for word in ("canary", "last_login", "md5", first, user.password) if word in kept]


def test_text_of_a_capture_is_told_by_its_hash():
    capture = CaptureFactory(text="Words that would make the history as long as the archive.")
    event = Event.objects.get(row_table="sources_capture", row_id=capture.pk)
    assert event.after["sha256"] == capture.sha256
    assert {"text", "excerpt_map"} & set(event.after) == set()
    assert capture.text == Capture.objects.get(pk=capture.pk).text


def test_what_is_undone_leaves_nothing():
    SpeakerFactory()
    before = newest()
    with transaction.atomic():
        SpeakerFactory()
        assert len(since(before)) == 1
        transaction.set_rollback(True)
    assert refusal(lambda: (SpeakerFactory(), SpeakerFactory(wikidata="nonsense"))) == "speaker_wikidata_form"
    assert since(before) == []


@pytest.mark.parametrize(
    "write",
    [
        lambda: Event.objects.update(reason="Another."),
        lambda: Event.objects.all().delete(),
        lambda: run("TRUNCATE claims_event CASCADE"),
        lambda: Event.objects.bulk_create([Event(at="2026-01-01T00:00Z", record_id=1, row_id=1, nonce=uuid4())]),
        lambda: run("INSERT INTO claims_event SELECT * FROM claims_event"),
        lambda: (check_now(), run("TRUNCATE claims_speaker CASCADE")),
    ],
    ids=["update", "delete", "truncate", "bulk_create", "raw insert", "truncate of a record"],
)
def test_history_is_written_once(write):
    SpeakerFactory()
    before = list(Event.objects.values())
    assert refusal(write) == "history_is_kept"
    assert list(Event.objects.values()) == before


def test_all_events_of_a_transaction_are_at_once():
    before = newest()
    SpeakerFactory.create_batch(2)
    assert len({event.at for event in since(before)}) == 1


def test_every_change_of_a_statement_can_be_taken_back(editor):
    """The history is enough to make any earlier state: the changes, newest first, back to the first row."""
    with acting(by=editor):
        statement = StatementFactory(note="one")
    for note in ("two", "three"):
        Statement.objects.filter(pk=statement.pk).update(note=note)
    state = Statement.objects.filter(pk=statement.pk).values("note", "version").get()
    notes = [state["note"]]
    for event in Event.objects.filter(row_table="claims_statement", row_id=statement.pk, action="update"):
        assert event.to_version == state["version"]
        state |= {name: event.before[name] for name in ("note", "version") if name in event.before}
        notes.append(state["note"])
    first = Event.objects.get(row_table="claims_statement", row_id=statement.pk, action="insert")
    assert (first.after["note"], first.after["version"]) == (state["note"], state["version"]) == ("one", 1)
    assert list(dict.fromkeys(notes)) == ["three", "two", "one"]
