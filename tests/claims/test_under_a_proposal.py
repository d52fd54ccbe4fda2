# ruff: noqa: F811 (the fixtures of test_four_eyes are imported by name)
"""A colleague's proposal opens nothing but what it proposes: neither drafts, nor other changes, nor the withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection

from claims import corrections, merging, services
from claims.models import Correction, Event, FormerSlug, Statement
from claims.renaming import rename
from sources.acting import acting
from tests.claims.test_four_eyes import (
    FORBIDDEN,
    Newsroom,
    application,
    newsroom,  # noqa: F401
    outcome,
    role,  # noqa: F401
    room,  # noqa: F401
    run,
    stamped,
)
from tests.factories import SpeakerFactory, StatementFactory

pytestmark = pytest.mark.django_db


def proposed(room: Newsroom, **values: Any) -> Correction:
    """A change of the public statement that the editor proposes."""
    with corrections.trying(room.shown, kind="correction", reason="Missing.", by=room.editor) as tried:
        Statement.objects.filter(pk=room.shown.pk).update(**values)
    return corrections.keep(room.shown, kind="correction", reason="Missing.", by=room.editor, rows=tried.rows)


def approve(room: Newsroom, record: Statement) -> None:
    run(
        "UPDATE claims_statement SET status = 'published', approved_by_id = %s, approved_version = version "
        "WHERE id = %s",
        room.publisher.pk,
        record.pk,
    )


def decide(room: Newsroom, proposal: Correction) -> None:
    """What apply() writes for a proposal of a new role."""
    approve(room, room.shown)
    run(
        "UPDATE claims_correction SET state = 'applied', decided_by_id = %s, decided_at = now() WHERE id = %s",
        room.publisher.pk,
        proposal.pk,
    )


def own_draft(room: Newsroom, proposal: Correction) -> None:
    with acting(by=room.publisher, correction=proposal):
        run("UPDATE claims_statement SET role_text = 'Mine' WHERE id = %s", room.own.pk)
    with pytest.raises(ValidationError, match="You edited it last"):
        services.publish(Statement.objects.get(pk=room.own.pk), by=room.publisher, seen=room.own.version + 1)
    approve(room, room.own)


def smuggled(between: Callable[[Newsroom, Correction], None]) -> Callable[[Newsroom, Correction], None]:
    """Approves the proposal with another change among its own."""

    def write(room: Newsroom, proposal: Correction) -> None:
        with acting(by=room.publisher, correction=proposal):
            between(room, proposal)
            run("UPDATE claims_statement SET status = 'in_review' WHERE id = %s", room.shown.pk)
            between(room, proposal)
            run("UPDATE claims_statement SET role_text = 'Minister' WHERE id = %s", room.shown.pk)
            decide(room, proposal)

    return write


def another_change(room: Newsroom, proposal: Correction) -> None:
    run("UPDATE claims_statement SET date_note = 'Mine' WHERE id = %s AND status = 'in_review'", room.shown.pk)


def a_change_by_nobody(room: Newsroom, proposal: Correction) -> None:
    run("SELECT set_config('rashomon.actor', '', true)")
    another_change(room, proposal)
    run("SELECT set_config('rashomon.actor', %s, true)", str(room.publisher.pk))


def counted_from_later(room: Newsroom, proposal: Correction) -> None:
    run("UPDATE claims_correction SET opened_at = now(), opened_event = opened_event + 1 WHERE id = %s", proposal.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 2 FROM claims_event")
        run(
            "UPDATE claims_correction SET opened_at = now(), opened_event = %s WHERE id = %s",
            cursor.fetchone()[0],
            proposal.pk,
        )
    another_change(room, proposal)


def the_withdrawn(room: Newsroom, proposal: Correction) -> None:
    stamped(
        room.publisher,
        "UPDATE claims_statement SET role_text = 'Mine' WHERE id = %s",
        room.gone.pk,
        correction=proposal,
    )


WAYS = {
    "one's own draft": (own_draft, "statement_four_eyes"),
    "another change": (smuggled(another_change), "correction_is_whole"),
    "a change by nobody": (smuggled(a_change_by_nobody), "correction_is_whole"),
    "changes counted from later on": (smuggled(counted_from_later), "correction_is_whole"),
    "a withdrawn record": (the_withdrawn, "record_withdrawn_is_kept"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_proposal_of_somebody_else_lets_nothing_else_through(room, way):
    write, rule = WAYS[way]
    proposal = proposed(room, role_text="Minister")

    def attempt() -> None:
        with acting(by=room.publisher):
            write(room, proposal)

    assert outcome(application, attempt) == rule


def test_the_same_proposal_alone_is_applied(room):
    """What is refused above is refused for what was added."""
    proposal = proposed(room, role_text="Minister")
    assert outcome(application, lambda: smuggled(lambda *_: None)(room, proposal)) is None
    assert outcome(application, lambda: corrections.apply(proposal, by=room.publisher)) is None


def test_who_approves_a_merger_edited_the_drafts_that_it_moves(room):
    one, other = SpeakerFactory(), SpeakerFactory()
    StatementFactory(speaker=one, status="published")
    with acting(by=room.publisher):
        draft = StatementFactory(speaker=one)
    corrections.apply(merging.propose(one, other, reason="One person.", by=room.editor), by=room.publisher)
    draft.refresh_from_db()
    assert (draft.speaker, draft.last_edited_by) == (other, room.publisher)
    assert any("You edited it last" in str(why) for why in services.not_allowed(draft, "publish", by=room.publisher))


def test_a_decision_has_the_time_of_its_transaction(room):
    """What stands in the list of corrections and what stands in the history agree, whatever the program says."""
    proposal = proposed(room, role_text="Minister")
    with acting(by=room.publisher):
        run(
            "UPDATE claims_correction SET state = 'declined', decided_by_id = %s, decided_at = '2015-01-01' "
            "WHERE id = %s",
            room.publisher.pk,
            proposal.pk,
        )
    proposal.refresh_from_db()
    assert proposal.decided_at == Event.objects.filter(row_table="claims_correction").latest("pk").at


@pytest.mark.parametrize(("who", "rule"), [("stranger", "record_approval_is_own"), ("editor", None), ("second", None)])
def test_a_proposal_is_turned_down_by_its_proposer_or_a_publisher(room, who, rule):
    stranger = User.objects.create_user("stranger")
    proposal, person = proposed(room, role_text="Minister"), stranger if who == "stranger" else getattr(room, who)
    sql = "UPDATE claims_correction SET state = 'declined', decided_by_id = %s, decided_at = now() WHERE id = %s"
    assert outcome(application, lambda: stamped(person, sql, person.pk, proposal.pk)) == rule


def test_a_former_address_leads_on_for_ever(room):
    speaker = SpeakerFactory(slug="the-first")
    StatementFactory(speaker=speaker, status="published")
    proposal = rename(speaker, "the-second", by=room.editor, reason="Misspelt.")
    if proposal:
        corrections.apply(proposal, by=room.publisher)
    assert FormerSlug.objects.filter(slug="the-first").exists()
    for write in (FormerSlug.objects.all().delete, lambda: FormerSlug.objects.update(slug="the-third")):
        assert outcome(application, write) == "former_address_is_kept"


def test_no_event_is_forged_from_a_table_of_ones_own(room):
    """The function that writes events is called by the site's tables only, whoever owns another of their name."""

    def write() -> None:
        run("CREATE TEMP TABLE claims_statement (id bigint, version integer, role_text text)")
        run("CREATE TRIGGER forged AFTER INSERT ON pg_temp.claims_statement REFERENCING NEW TABLE AS new_rows FOR EACH "
            "STATEMENT EXECUTE FUNCTION claims_write_events('statement', 'id', '', '', '', '')")  # fmt: skip
        run("INSERT INTO pg_temp.claims_statement VALUES (%s, 1, 'a convicted murderer')", room.shown.pk)

    assert outcome(application, write) == FORBIDDEN


def test_every_function_that_enforces_looks_into_our_tables_first():
    """A temporary table of the same name would be read instead: a new function must be pinned (0007, PINNED)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE lanname = 'plpgsql' "
            "AND proname ~ '^(claims|sources)_' "
            "AND NOT coalesce('search_path=public, pg_temp' = ANY (proconfig), false)"
        )
        assert [name for (name,) in cursor.fetchall()] == []
