"""The public history: what readers see of it, and what not."""

import json

import pytest
from django.core.management import call_command

from claims import corrections
from claims.models import Event, Position, Seal, Statement, Topic
from claims.sealing import newest_note, seal
from claims.services import hold, publish, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chronicle")]


def read(reader):
    """The lines of the public file, as they came over the wire."""
    answer = reader.get("/export/history.jsonl")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/x-ndjson")
    return answer.getvalue().splitlines(keepends=True)


def events(lines, table=""):
    """The events that readers see, of one table or all."""
    seen = [json.loads(line)["event"] for line in lines if b'"event"' in line]
    return [event for event in seen if event["row_table"] == table or not table]


def test_every_event_has_its_line_in_the_order_of_the_tree(reader):
    lines = read(reader)
    assert [json.loads(line)["leaf"] for line in lines] == [bytes(seal.leaf).hex() for seal in Seal.objects.all()]
    assert len(lines) == Event.objects.count()


def test_nothing_of_drafts_and_of_what_editors_keep_to_themselves_is_in_it(reader):
    text = b"".join(read(reader))
    assert text.count("es gab keine Gespräche".encode()) == 1
    assert b"canary" not in text


def test_event_that_publishes_shows_the_rows_that_were_approved(reader):
    (line,) = [json.loads(line) for line in read(reader) if b'"claims_translation/' in line]
    assert line["event"]["public"]["after"]["status"] == "published"
    rows = {key.split("/")[0]: entry["row"] for key, entry in line["shown"].items()}
    assert rows.keys() == {
        "claims_statement",
        "claims_anchor",
        "claims_translation",
        "claims_position",
        "claims_statement_topics",
    }
    assert (rows["claims_statement"]["content"], rows["claims_statement"]["role_text"]) == (
        "there were no talks",
        "spokeswoman",
    )
    # Sealed beside them: a position on a question and a link to a topic that are drafts, and an answer to a draft.
    assert len(line["event"]["state"]) == len(line["shown"]) + 3 == 8


def test_correction_is_told_with_before_and_after(reader):
    lines = read(reader)
    (changed,) = events(lines, "claims_position")
    assert changed["public"]["before"]["gist"] == "no talks"
    assert changed["public"]["after"]["gist"] == "no talks ever"
    (applied,) = [line for line in lines if b'"state":"applied"' in line and b'"record":"correction"' in line]
    (row,) = json.loads(applied)["shown"].values()
    assert (row["row"]["kind"], row["row"]["reason"]) == ("correction", "She said “never”.")
    assert "rows" not in row["row"]


def test_record_that_is_held_leaves_only_hashes(chronicle, reader):
    hold(chronicle.statement, by=chronicle.publisher, reason="Somebody doubts it.")
    seal()
    lines = read(reader)
    assert {event["record"] for event in events(lines)} == {"topic", "correction"}
    assert len(lines) == Event.objects.count()


def test_what_leads_to_a_draft_is_shown_once_that_is_public(chronicle, reader):
    topic = Topic.objects.get(title="A canarytopic")
    submit(topic, by=chronicle.editor)
    publish(topic, by=chronicle.publisher, seen=topic.version)
    seal()
    text = b"".join(read(reader))
    assert text.count(b"a canarygist") == 1
    assert b"Canaryquestion?" in text
    assert b"canarynote" not in text


def test_published_but_not_yet_sealed_shows_no_draft(chronicle, reader):
    """Its drafts are in the tree, the event that shows it is not."""
    draft = Statement.objects.get(status="draft")
    submit(draft, by=chronicle.editor)
    seal()
    publish(draft, by=chronicle.publisher, seen=draft.version)
    assert b"canarydraft" not in b"".join(read(reader))
    seal()
    assert b"".join(read(reader)).count(b"a canarydraft") >= 1


def test_position_that_is_gone_keeps_its_public_history(chronicle, reader):
    """Its earlier changes do not name the question; that it was a public one is known from the deletion."""
    statement = chronicle.statement
    with corrections.trying(statement, kind="correction", reason="Not said.", by=chronicle.editor) as tried:
        Position.objects.get(statement=statement, gist="no talks ever").delete()
    proposal = corrections.keep(statement, kind="correction", reason="Not said.", by=chronicle.editor, rows=tried.rows)
    corrections.apply(proposal, by=chronicle.publisher)
    seal()
    assert [event["action"] for event in events(read(reader), "claims_position")] == ["update", "delete"]


def test_command_writes_the_same_bytes_and_their_checkpoint(reader, tmp_path):
    call_command("export_history", tmp_path / "h.jsonl", checkpoint=tmp_path / "c.txt", verbosity=0)
    assert (tmp_path / "h.jsonl").read_bytes() == b"".join(read(reader))
    assert (tmp_path / "c.txt").read_text() == reader.get("/export/checkpoint.txt").text == str(newest_note())
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["c.txt", "h.jsonl"]


def test_checkpoint_names_the_site(reader, settings):
    settings.SITE_URL = "https://rashomon.example"
    answer = reader.get("/export/checkpoint.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    origin, size, _, end = answer.text.split("\n")
    assert (origin, int(size), end) == ("rashomon.example/history", Event.objects.count(), "")
