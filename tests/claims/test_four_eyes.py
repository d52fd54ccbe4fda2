"""Four eyes cannot be got round: by service, loaded file, bulk write, or SQL written by hand as the application's role.

The role is made by the lines of docs/operating.md. Every way is tried on records as they are after the services have
published and withdrawn them; what may be done by right is tried as the same role, so that no refusal is for want of a
permission that the program needs.
"""

import contextlib
import copy
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from claims import corrections, services
from claims.models import Anchor, Correction, Event, Position, Question, Statement, Topic, Translation
from sources.acting import acting
from sources.refusals import check_now
from tests.conftest import member
from tests.factories import PositionFactory, QuestionFactory, StatementFactory, TopicFactory

pytestmark = pytest.mark.django_db

ROLE = "rashomon_app"
FORBIDDEN = "permission denied"


@dataclass
class Newsroom:
    """Two editors, two publishers; a draft that the first publisher edited last, one of an editor, what is public."""

    editor: User
    publisher: User
    second: User
    own: Statement  # In review; the publisher edited it last.
    others: Statement  # In review; the editor edited it last.
    shown: Statement
    gone: Statement
    topic: Topic


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def written_by(user: User) -> Statement:
    with acting(by=user):
        made = StatementFactory()
    services.submit(made, by=user)
    return made


def publish(record: Any, by: User) -> Any:
    services.publish(record, by=by, seen=record.version)
    return record


@pytest.fixture(scope="module")
def newsroom(role, django_db_blocker) -> Iterator[Newsroom]:
    """Made once, with what the application's role may do; every test undoes what it does."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = newsroom_at_work()
        for line in lines_of_the_manual()[1:]:
            run(line)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def room(db, newsroom) -> Newsroom:
    return copy.deepcopy(newsroom)


def newsroom_at_work() -> Newsroom:
    editor, publisher, second = (
        member("editor", "Editor"),
        member("publisher", "Publisher"),
        member("second_publisher", "Publisher"),
    )
    with acting(by=editor):
        topic = TopicFactory(status="draft")
        question = QuestionFactory(topic=topic)
        shown, gone = StatementFactory(topics=[topic]), StatementFactory()
        PositionFactory(statement=shown, question=question)
    for record in (topic, shown, gone):
        record.refresh_from_db()
        publish(record, publisher)
    proposal = corrections.propose_withdrawal(gone, reason="A forgery.", by=editor)
    corrections.apply(proposal, by=publisher)
    gone.refresh_from_db()
    own, others = written_by(publisher), written_by(editor)
    check_now()
    return Newsroom(editor, publisher, second, own, others, shown, gone, topic)


def lines_of_the_manual() -> list[str]:
    """The SQL of the section on roles, a statement each."""
    manual = (Path(settings.BASE_DIR) / "docs" / "operating.md").read_text(encoding="utf-8")
    section = re.search(r"^## Two database roles$(.*?)^## ", manual, re.MULTILINE | re.DOTALL)[1]
    code = "\n".join(line.strip() for line in section.splitlines() if line.startswith("    "))
    return [" ".join(line.split()) for line in code.split(";") if line.strip()]


@pytest.fixture(scope="session")
def role(django_db_setup, django_db_blocker) -> None:
    """The role of the first line, in this cluster: made by its superuser, because the owner of the tables is none.

    A private cluster lets its own user in as its superuser. Of another server somebody must make the role, and grant
    it to the owner; in CI that nobody did is a failure.
    """
    assert lines_of_the_manual()[0] == f"CREATE ROLE {ROLE} LOGIN"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, pg_has_role(rolname, 'MEMBER') FROM pg_roles WHERE rolname = %s", [ROLE])
        if (cursor.fetchone() or ("", False))[1]:
            return
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
        parameters = {**connection.get_connection_params(), "user": "postgres"}
    made = {name: parameters[name] for name in ("user", "host", "port", "dbname") if parameters.get(name)}
    try:
        with psycopg.connect(**made, autocommit=True) as superuser:
            with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                superuser.execute(f"CREATE ROLE {ROLE} NOLOGIN")
            superuser.execute(f"GRANT {ROLE} TO {owner}")
    except psycopg.OperationalError:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no role {ROLE}, and nobody here may make it")


@contextmanager
def application() -> Iterator[None]:
    """Inside, the connection is the application's role and not the owner of the tables."""
    run(f"SET LOCAL ROLE {ROLE}")
    yield
    run("RESET ROLE")


def outcome(role: Callable[[], Any], write: Callable[[], Any]) -> str | None:
    """The rule for which the database refuses this to a role, or that it has no right; None if it does it.

    Whatever was done is undone.
    """
    try:
        with transaction.atomic():
            with role():
                write()
                check_now()
            transaction.set_rollback(True)
    except DatabaseError as error:
        diag = error.__cause__.diag
        return diag.constraint_name or (FORBIDDEN if diag.sqlstate == "42501" else str(error))
    return None


def stamped(actor: User, sql: str, *parameters: Any, **stamp: Any) -> None:
    with acting(by=actor, **stamp):
        run(sql, *parameters)


# SQL by hand. The names of a newsroom stand in braces: {own}, {editor} …; `as` is who the program says it is for.
BY_HAND: dict[str, tuple[str, str, str]] = {
    "status alone, nobody": (
        "",
        "UPDATE claims_statement SET status = 'published' WHERE id = {others}",
        "record_steps",
    ),
    "an approval in a publisher's name, nobody": (
        "",
        (
            "UPDATE claims_statement SET status = 'published', approved_by_id = {publisher}, "
            "approved_version = version, "
            "approved_at = now() WHERE id = {others}"
        ),
        "record_approval_is_own",
    ),
    "an approval in a publisher's name, by an editor": (
        "editor",
        (
            "UPDATE claims_statement SET status = 'published', approved_by_id = {publisher}, "
            "approved_version = version "
            "WHERE id = {others}"
        ),
        "record_approval_is_own",
    ),
    "an editor approves": (
        "editor",
        (
            "UPDATE claims_statement SET status = 'published', approved_by_id = {editor}, approved_version = version "
            "WHERE id = {own}"
        ),
        "record_approval_is_own",
    ),
    "a publisher approves the own work": (
        "publisher",
        (
            "UPDATE claims_statement SET status = 'published', approved_by_id = {publisher}, "
            "approved_version = version "
            "WHERE id = {own}"
        ),
        "statement_four_eyes",
    ),
    "with the mark of single-editor mode": (
        "publisher",
        (
            "UPDATE claims_statement SET status = 'published', approved_by_id = {publisher}, "
            "approved_version = version, "
            "without_second_reader = true WHERE id = {own}"
        ),
        "record_approval_is_own",
    ),
    "edits and approves at once": (
        "publisher",
        (
            "UPDATE claims_statement SET note = 'Mine.', status = 'published', approved_by_id = {publisher}, "
            "approved_version = version + 1 WHERE id = {others}"
        ),
        "statement_four_eyes",
    ),
    "edits and approves at once, naming the editor": (
        "publisher",
        (
            "UPDATE claims_statement SET note = 'Mine.', last_edited_by_id = {editor}, status = 'published', "
            "approved_by_id = {publisher}, approved_version = version + 1 WHERE id = {others}"
        ),
        "statement_four_eyes",
    ),
    "names another as the last editor": (
        "publisher",
        "UPDATE claims_statement SET last_edited_by_id = {editor} WHERE id = {own}",
        "record_editor_is_kept",
    ),
    "clears the last editor": (
        "publisher",
        "UPDATE claims_statement SET last_edited_by_id = NULL WHERE id = {own}",
        "record_editor_is_kept",
    ),
    "approves a version to come": (
        "publisher",
        (
            "UPDATE claims_statement SET status = 'published', approved_by_id = {publisher}, "
            "approved_version = version + 1 WHERE id = {others}"
        ),
        "statement_approved_as_it_is",
    ),
    "sets the version by hand": (
        "publisher",
        (
            "UPDATE claims_statement SET version = 9, status = 'published', approved_by_id = {publisher}, "
            "approved_version = 9 WHERE id = {others}"
        ),
        "statement_approved_as_it_is",
    ),
    "changes what is public": (
        "second",
        "UPDATE claims_statement SET note = 'Mine.' WHERE id = {shown}",
        "statement_approved_as_it_is",
    ),
    "changes what is public, nobody": (
        "",
        "UPDATE claims_statement SET note = 'Mine.' WHERE id = {shown}",
        "statement_approved_as_it_is",
    ),
    "changes what is public and approves it": (
        "second",
        (
            "UPDATE claims_statement SET note = 'Mine.', approved_by_id = {second}, approved_version = version + 1 "
            "WHERE id = {shown}"
        ),
        "statement_four_eyes",
    ),
    "changes what is public and moves its approval along": (
        "editor",
        "UPDATE claims_statement SET note = 'Mine.', approved_version = version + 1 WHERE id = {shown}",
        "record_approval_is_own",
    ),
    "changes what is public and counts back": (
        "",
        "UPDATE claims_statement SET note = 'Mine.', version = approved_version - 1 WHERE id = {shown}",
        "statement_approved_as_it_is",
    ),
    "a public topic": (
        "editor",
        "UPDATE claims_topic SET title = 'Mine' WHERE id = {topic}",
        "topic_approved_as_it_is",
    ),
    "takes back to draft": (
        "publisher",
        "UPDATE claims_statement SET status = 'draft' WHERE id = {shown}",
        "record_steps",
    ),
    "deletes what is public": ("publisher", "DELETE FROM claims_statement WHERE id = {shown}", "record_public_stays"),
    "withdraws alone": (
        "publisher",
        "UPDATE claims_statement SET status = 'withdrawn' WHERE id = {shown}",
        "record_steps",
    ),
    "withdraws in two steps": (
        "publisher",
        "UPDATE claims_statement SET status = 'in_review' WHERE id = {shown}",
        "record_steps",
    ),
    "forgets that it was public": (
        "publisher",
        "UPDATE claims_statement SET published_at = NULL, status = 'draft' WHERE id = {shown}",
        "record_steps",
    ),
    "brings a withdrawn one back": (
        "second",
        (
            "UPDATE claims_statement SET status = 'published', approved_by_id = {second}, approved_version = version "
            "WHERE id = {gone}"
        ),
        "record_steps",
    ),
    "brings a withdrawn one back as a draft": (
        "second",
        "UPDATE claims_statement SET status = 'draft' WHERE id = {gone}",
        "record_steps",
    ),
    "changes a withdrawn one": (
        "second",
        "UPDATE claims_statement SET content = 'Mine' WHERE id = {gone}",
        "record_withdrawn_is_kept",
    ),
    "deletes a withdrawn one": ("", "DELETE FROM claims_statement WHERE id = {gone}", "record_public_stays"),
    "writes the draft anew as public": (
        "",
        (
            "WITH gone AS (DELETE FROM claims_anchor WHERE statement_id = {others}) "
            'INSERT INTO claims_topic (version, title, slug, summary, "order", status, without_second_reader, '
            "last_edited_by_id, approved_by_id, approved_version) "
            "VALUES (1, 'Mine', 'mine', '', 1, 'published', false, {editor}, {publisher}, 1)"
        ),
        "record_steps",
    ),
    "writes a withdrawn one": (
        "",
        (
            'INSERT INTO claims_topic (version, title, slug, summary, "order", status, without_second_reader) '
            "VALUES (1, 'Mine', 'mine', '', 1, 'withdrawn', false)"
        ),
        "record_steps",
    ),
    "writes it as public, by a publisher": (
        "publisher",
        (
            'INSERT INTO claims_topic (version, title, slug, summary, "order", status, without_second_reader, '
            "last_edited_by_id, approved_by_id, approved_version) "
            "VALUES (1, 'Mine', 'mine', '', 1, 'published', false, {editor}, {publisher}, 1)"
        ),
        "record_steps",
    ),
    "an answer added": (
        "editor",
        (
            "INSERT INTO claims_translation (version, statement_id, language, text, by) "
            "VALUES (1, {shown}, 'fr', 'Non', 'editor')"
        ),
        "statement_approved_as_it_is",
    ),
    "a position changed": (
        "editor",
        "UPDATE claims_position SET stance = 'denies' WHERE statement_id = {shown}",
        "statement_approved_as_it_is",
    ),
    "a position taken out": (
        "",
        "DELETE FROM claims_position WHERE statement_id = {shown}",
        "statement_approved_as_it_is",
    ),
    "an anchor moved": (
        "editor",
        "UPDATE claims_anchor SET suffix = 'Mine.' WHERE statement_id = {shown}",
        "statement_approved_as_it_is",
    ),
    "the anchors of another moved over": (
        "editor",
        "UPDATE claims_anchor SET statement_id = {shown}, part = 'cue' WHERE statement_id = {own}",
        "statement_approved_as_it_is",
    ),
    "a topic taken away": (
        "editor",
        "DELETE FROM claims_statement_topics WHERE statement_id = {shown}",
        "statement_approved_as_it_is",
    ),
    "another speaker added": (
        "editor",
        (
            "INSERT INTO claims_statement_further_speakers (statement_id, speaker_id) "
            "SELECT {shown}, speaker_id FROM claims_statement WHERE id = {own}"
        ),
        "statement_approved_as_it_is",
    ),
    "a reply forged": (
        "editor",
        (
            "INSERT INTO claims_reply (version, ref, statement_id, party, text, language, received_on, url) "
            "VALUES (1, '0000000000', {shown}, 'They', 'Yes.', 'en', '2026-01-01', '')"
        ),
        "statement_approved_as_it_is",
    ),
    "a note forged": (
        "editor",
        (
            'INSERT INTO claims_contextnote (version, ref, statement_id, text, url, "order") '
            "VALUES (1, '0000000000', {shown}, 'It is false.', '', 0)"
        ),
        "statement_approved_as_it_is",
    ),
    "a question reworded": (
        "editor",
        "UPDATE claims_question SET text = 'Mine?' WHERE topic_id = {topic}",
        "topic_approved_as_it_is",
    ),
    "a proposal in another's name": (
        "publisher",
        (
            "INSERT INTO claims_correction (version, ref, statement_id, kind, reason, changes, rows, state, "
            "proposed_by_id, proposed_at, decision_note, without_second_reader) "
            "VALUES (1, '0000000000', {shown}, 'withdrawal', 'Mine.', '[]', '[]', 'proposed', "
            "{editor}, now(), '', false)"
        ),
        "record_approval_is_own",
    ),
    "a decision without a proposal": (
        "publisher",
        (
            "INSERT INTO claims_correction (version, ref, statement_id, kind, reason, changes, rows, state, "
            "proposed_by_id, proposed_at, decided_by_id, decided_at, decision_note, without_second_reader) VALUES "
            "(1, '0000000000', {shown}, 'withdrawal', 'Mine.', '[]', '[]', 'applied', {publisher}, now(), {publisher}, "
            "now(), '', false)"
        ),
        "correction_four_eyes",
    ),
}


@pytest.mark.parametrize("way", BY_HAND)
def test_sql_by_hand(room, way):
    by, sql, rule = BY_HAND[way]
    keys = {name: value.pk for name, value in vars(room).items()}
    actor = getattr(room, by) if by else None

    def write() -> None:
        stamped(actor, sql.format(**keys)) if actor else run(sql.format(**keys))

    assert outcome(application, write) == rule


def test_a_change_by_an_unknown_hand_is_not_laundered(room):
    """Edited past the program, in an editor's name: nobody can approve it before somebody answers for it."""

    def write() -> None:
        run(
            "UPDATE claims_statement SET note = 'Mine.', last_edited_by_id = %s WHERE id = %s",
            room.editor.pk,
            room.own.pk,
        )
        stamped(
            room.publisher,
            "UPDATE claims_statement SET status = 'published', approved_by_id = %s, approved_version = version "
            "WHERE id = %s",
            room.publisher.pk,
            room.own.pk,
        )

    assert outcome(application, write) == "statement_four_eyes"


def test_a_new_draft_names_no_editor_that_did_not_write_it(room):
    """Else a publisher writes a draft in an editor's name and approves it."""

    def write() -> None:
        topic = TopicFactory(status="draft", last_edited_by=room.editor)
        publish(topic, room.publisher)

    with pytest.raises(ValidationError, match="Nobody answers for its last change yet"):
        outcome(application, write)


# Under a proposal.


@pytest.fixture
def proposal(room) -> Correction:
    """An editor's proposal to change a note."""
    with corrections.trying(room.shown, kind="correction", reason="Missing.", by=room.editor) as tried:
        Statement.objects.filter(pk=room.shown.pk).update(role_text="Minister")
    return corrections.keep(room.shown, kind="correction", reason="Missing.", by=room.editor, rows=tried.rows)


def under(correction: Correction, by: User, statement: Statement, **values: Any) -> None:
    """The steps of corrections.apply, but for what is written."""
    with acting(by=by, correction=correction):
        Statement.objects.filter(pk=statement.pk).update(status="in_review")
        Statement.objects.filter(pk=statement.pk).update(**values)
        version = Statement.objects.values_list("version", flat=True).get(pk=statement.pk)
        Statement.objects.filter(pk=statement.pk).update(status="published", approved_by=by, approved_version=version)
        Correction.objects.filter(pk=correction.pk).update(state="applied", decided_by=by, decided_at=timezone.now())


def test_what_was_proposed_is_applied(room, proposal):
    assert outcome(application, lambda: under(proposal, room.publisher, room.shown, role_text="Minister")) is None


@pytest.mark.parametrize(
    ("by", "values", "rule"),
    [
        ("publisher", {"role_text": "Liar"}, "correction_is_whole"),
        ("publisher", {"role_text": "Minister", "cue": "claimed", "cue_class": "claim"}, "correction_is_whole"),
        ("editor", {"role_text": "Minister"}, "record_steps"),
    ],
    ids=["other words", "more", "the proposer"],
)
def test_a_proposal_covers_nothing_else(room, proposal, by, values, rule):
    assert outcome(application, lambda: under(proposal, getattr(room, by), room.shown, **values)) == rule


def test_a_proposal_covers_no_other_record(room, proposal):
    other = publish(room.others, room.publisher)
    write = lambda: under(proposal, room.second, other, role_text="Minister")  # noqa: E731
    assert outcome(application, write) == "correction_is_whole"


def test_the_own_proposal_covers_nothing(room):
    own = corrections.propose_withdrawal(room.shown, reason="I think so.", by=room.publisher)

    def write() -> None:
        with acting(by=room.publisher, correction=own):
            Statement.objects.filter(pk=room.shown.pk).update(status="withdrawn")

    assert outcome(application, write) == "record_steps"


# The ORM's writers that no form, clean() or save() sees.

BULK: dict[str, tuple[Callable[[Newsroom], Any], str]] = {
    "update of a status": (
        lambda room: Statement.objects.filter(pk=room.own.pk).update(status="withdrawn"),
        "record_steps",
    ),
    "update of approvals": (
        lambda room: Statement.objects.filter(pk=room.own.pk).update(
            status="published", approved_by=room.second, approved_version=room.own.version
        ),
        "record_approval_is_own",
    ),
    "update of what is public": (
        lambda room: Statement.objects.filter(pk=room.shown.pk).update(note="Mine."),
        "statement_approved_as_it_is",
    ),
    "bulk_update": (
        lambda room: Statement.objects.bulk_update(
            [Statement(pk=room.shown.pk, note="Mine.", version=9)], ["note", "version"]
        ),
        "statement_approved_as_it_is",
    ),
    "bulk_create": (
        lambda room: Topic.objects.bulk_create(
            [
                Topic(
                    title="Mine",
                    slug="mine",
                    status="published",
                    last_edited_by=room.editor,
                    approved_by=room.publisher,
                    approved_version=1,
                )
            ]
        ),
        "record_steps",
    ),
    "bulk_create over a record": (
        lambda room: Topic.objects.bulk_create(
            [Topic(title="Mine", slug=room.topic.slug)],
            update_conflicts=True,
            update_fields=["title"],
            unique_fields=["slug"],
        ),
        "topic_approved_as_it_is",
    ),
    "bulk_create of parts": (
        lambda room: Translation.objects.bulk_create([Translation(statement=room.shown, language="fr", text="Non")]),
        "statement_approved_as_it_is",
    ),
    "parts deleted": (lambda room: Anchor.objects.filter(statement=room.shown).delete(), "statement_approved_as_it_is"),
    "parts updated": (
        lambda room: Position.objects.filter(statement=room.shown).update(gist="Mine"),
        "statement_approved_as_it_is",
    ),
    "questions updated": (
        lambda room: Question.objects.filter(topic=room.topic).update(text="Mine?"),
        "topic_approved_as_it_is",
    ),
    "relations set": (lambda room: room.shown.topics.clear(), "statement_approved_as_it_is"),
    "relations of the other side": (
        lambda room: room.topic.statements.add(room.others, room.shown) or room.topic.statements.remove(room.shown),
        "statement_approved_as_it_is",
    ),
    "save": (
        lambda room: _saved(room),
        "statement_approved_as_it_is",
    ),
    "deleted, with its parts": (
        lambda room: Statement.objects.filter(pk=room.shown.pk).delete(),
        "statement_approved_as_it_is",
    ),
}


def _saved(room: Newsroom) -> None:
    statement = Statement.objects.get(pk=room.shown.pk)
    statement.content = "Mine"
    statement.save()


@pytest.mark.parametrize("actor", ["", "editor", "publisher"])
@pytest.mark.parametrize("way", BULK)
def test_bulk_writes(room, way, actor):
    """Whoever the program says it writes for."""
    write, rule = BULK[way]

    def written() -> None:
        if not actor:
            write(room)
            return
        with acting(by=getattr(room, actor)):
            write(room)

    assert outcome(application, written) == rule


# Files.


def file_of(tmp_path, *records: Any, **values: Any) -> Path:
    rows = json.loads(serializers.serialize("json", records, use_natural_primary_keys=True))
    for row in rows:
        row["fields"].update(values)
    path = tmp_path / "loaded.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def new_topic(**values: Any) -> Topic:
    return Topic(title="Loaded", slug="loaded", **values)


FILES: dict[str, tuple[Callable[[Newsroom], tuple[Any, dict[str, Any]]], str, str]] = {
    # What is loaded; why the owner of the tables is refused; why the application is.
    "the same person twice": (
        lambda room: (
            new_topic(
                status="published", last_edited_by=room.editor, approved_by=room.editor, approved_version=1, version=1
            ),
            {},
        ),
        "topic_four_eyes",
        "record_steps",
    ),
    "without an approval": (
        lambda room: (new_topic(status="published", last_edited_by=room.editor), {}),
        "topic_approved_as_it_is",
        "record_steps",
    ),
    "another version than the approved": (
        lambda room: (
            new_topic(status="published", last_edited_by=room.editor, approved_by=room.publisher, approved_version=2),
            {},
        ),
        "topic_approved_as_it_is",
        "record_steps",
    ),
    "a public record with other words": (
        lambda room: (room.topic, {"title": "Mine"}),
        "topic_approved_as_it_is",
        "topic_approved_as_it_is",
    ),
    "a public record with other words and their approval": (
        lambda room: (room.topic, {"title": "Mine", "version": 9, "approved_version": 9}),
        "record_approval_is_own",
        "record_approval_is_own",
    ),
    "a public record, unpublished": (
        lambda room: (room.topic, {"status": "draft", "title": "Mine"}),
        "record_steps",
        "record_steps",
    ),
    "a draft as published": (
        lambda room: (room.others, {"status": "published", "approved_by": ["publisher"], "approved_version": 2}),
        "record_approval_is_own",
        "record_approval_is_own",
    ),
    "a withdrawn record as published": (
        lambda room: (room.gone, {"status": "published"}),
        "record_steps",
        "record_steps",
    ),
}


@pytest.mark.parametrize("who", ["owner", "application"])
@pytest.mark.parametrize("way", FILES)
def test_loaded_files(room, tmp_path, way, who):
    make, owner, other = FILES[way]
    record, values = make(room)
    path = file_of(tmp_path, record, **values)
    keys = {"topics": [], "further_speakers": [], "in_reply_to": []} if isinstance(record, Statement) else {}
    if keys:
        path = file_of(tmp_path, record, **keys, **values)
    write = lambda: call_command("loaddata", path, verbosity=0)  # noqa: E731
    if who == "owner":
        assert outcome(contextlib.nullcontext, write) == owner
    else:
        assert outcome(application, write) == other


def test_only_the_owner_loads_what_is_public(room, tmp_path):
    """A restore and the fixtures name two people; the application may not write such a file itself."""
    approved = {"last_edited_by": room.editor, "approved_by": room.publisher, "approved_version": 1}
    path = file_of(tmp_path, new_topic(status="published", **approved))
    write = lambda: call_command("loaddata", path, verbosity=0)  # noqa: E731
    assert outcome(contextlib.nullcontext, write) is None
    assert outcome(application, write) == "record_steps"


# Services, as the same role.


def test_services_work_for_the_application(room):
    """Drafts, review, publishing, a correction and a withdrawal by the right people; the history has them all."""

    def write() -> None:
        draft = written_by(room.editor)
        draft.refresh_from_db()
        publish(draft, room.publisher)
        with corrections.trying(draft, kind="correction", reason="Missing.", by=room.editor) as tried:
            Statement.objects.filter(pk=draft.pk).update(role_text="Minister")
        change = corrections.keep(draft, kind="correction", reason="Missing.", by=room.editor, rows=tried.rows)
        corrections.apply(change, by=room.second)
        corrections.apply(corrections.propose_withdrawal(draft, reason="Forged.", by=room.editor), by=room.second)
        draft.refresh_from_db()
        assert draft.status == "withdrawn"
        steps = Event.objects.filter(row_table="claims_statement", row_id=draft.pk, after__has_key="status")
        assert [event.after["status"] for event in steps.order_by("pk")][-1] == "withdrawn"

    assert outcome(application, write) is None


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda room: publish(room.own, room.publisher), "You edited it last"),
        (lambda room: publish(room.own, room.editor), "Your role does not include this step"),
        (lambda room: publish(room.shown, room.second), "is published"),
        (lambda room: services.publish(room.others, by=room.publisher, seen=1), "not what you read"),
        (lambda room: services.submit(room.gone, by=room.editor), "is withdrawn"),
        (
            lambda room: corrections.apply(
                corrections.propose_withdrawal(room.shown, reason="So.", by=room.publisher), by=room.publisher
            ),
            "somebody else must approve it",
        ),
        (
            lambda room: corrections.apply(
                corrections.propose_withdrawal(room.shown, reason="So.", by=room.publisher), by=room.editor
            ),
            "Only a publisher decides",
        ),
    ],
)
def test_services_refuse(room, write, says):
    with pytest.raises(ValidationError, match=says):
        write(room)


def test_a_superuser_has_no_way_through(room):
    root = User.objects.create_superuser("root", password="root")
    with pytest.raises(ValidationError, match="Your role does not include this step"):
        publish(room.others, root)


# What only the owner of the tables may do.

OWNERS = {
    "triggers off": "ALTER TABLE claims_statement DISABLE TRIGGER ALL",
    "replica mode": "SET session_replication_role = replica",
    "a trigger dropped": "DROP TRIGGER record_written ON claims_statement",
    "a constraint dropped": "ALTER TABLE claims_statement DROP CONSTRAINT statement_four_eyes",
    "a rule rewritten": "CREATE OR REPLACE FUNCTION claims_may(bigint, text) RETURNS boolean LANGUAGE sql "
    "AS 'SELECT true'",
    "a table replaced": "CREATE TABLE public.mine (id bigint)",
    "records emptied": "TRUNCATE claims_statement CASCADE",
    "an event forged": "INSERT INTO claims_event SELECT * FROM claims_event LIMIT 1",
    "an event changed": "UPDATE claims_event SET actor_id = NULL",
    "the history emptied": "TRUNCATE claims_event CASCADE",
    "a seal changed": "UPDATE claims_seal SET position = 0",
    "a role widened": "INSERT INTO auth_group_permissions (group_id, permission_id) SELECT 1, 1",
}


@pytest.mark.parametrize("way", OWNERS)
def test_the_application_cannot_switch_the_rules_off(room, way):
    assert outcome(application, lambda: run(OWNERS[way])) == FORBIDDEN


# Tables of the writer's own, put before ours.


def shadow(room: Newsroom, table: str, values: str = "") -> None:
    run(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM public.{table} {values}")


SHADOWS: dict[str, tuple[str, Callable[[Newsroom], Any], str]] = {
    "a part that touches another table": (
        "claims_statement",
        lambda room: run(
            "INSERT INTO claims_translation (version, statement_id, language, text, by) VALUES (1, %s, 'fr', 'Non', "
            "'editor')",
            room.shown.pk,
        ),
        "statement_approved_as_it_is",
    ),
    "a role that is not there": (
        "auth_user_groups",
        lambda room: (
            run("UPDATE pg_temp.auth_user_groups SET user_id = %s WHERE user_id = %s", room.editor.pk, room.second.pk),
            stamped(
                room.editor,
                "UPDATE claims_statement SET status = 'published', approved_by_id = %s, approved_version = version "
                "WHERE id = %s",
                room.editor.pk,
                room.own.pk,
            ),
        ),
        "record_approval_is_own",
    ),
    "a proposal that is not there": (
        "claims_correction",
        lambda room: (
            run("UPDATE pg_temp.claims_correction SET state = 'proposed', statement_id = %s", room.shown.pk),
            run("SELECT set_config('rashomon.correction', max(id)::text, true) FROM pg_temp.claims_correction"),
            stamped(
                room.publisher,
                "UPDATE claims_statement SET status = 'withdrawn' WHERE id = %s",
                room.shown.pk,
            ),
        ),
        "record_steps",
    ),
}


@pytest.mark.parametrize("way", SHADOWS)
def test_rules_read_our_own_tables(room, way):
    """A temporary table of the same name is found before a table of the schema, unless a rule looks there first."""
    table, write, rule = SHADOWS[way]

    def written() -> None:
        shadow(room, table)
        write(room)

    assert outcome(application, written) == rule


def test_no_event_is_forged_from_a_trigger_of_ones_own(room):
    """The history takes rows from triggers alone; one's own trigger on one's own table is one too."""

    def write() -> None:
        run("CREATE TEMPORARY TABLE mine (id bigint)")
        run(
            "CREATE FUNCTION pg_temp.forge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO claims_event SELECT * FROM claims_event LIMIT 1; RETURN NULL; END $$"
        )
        run("CREATE TRIGGER forge AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.forge()")
        run("INSERT INTO mine VALUES (1)")

    assert outcome(application, write) == FORBIDDEN
