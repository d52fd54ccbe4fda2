"""`manage.py verify_history`: whatever was done to the history behind the triggers' back is found, and named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from claims import sealing, verifying
from claims.merkle import Note
from claims.models import Event
from claims.sealing import newest_note, seal
from claims.verifying import verify
from sources.refusals import check_now
from tests.claims.chronicle import write_history
from tests.factories import SideFactory

pytestmark = pytest.mark.django_db


FOREIGN_KEY = "SELECT conname FROM pg_constraint WHERE conrelid = 'claims_seal'::regclass AND contype = 'f'"


def around_the_triggers(statement, *parameters):
    """As the owner of the tables can, and the application's own code never does. The test's transaction is undone."""
    check_now()
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEY)
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE claims_seal DROP CONSTRAINT "{name}"')
        for table in ("claims_event", "claims_seal", "claims_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker):
    """A history that is sealed in batches of seven, so that there are several checkpoints."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "BATCH", 7)
        write_history()
        seal()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def history(written):
    """Its events in the order of the tree."""
    return list(Event.objects.order_by("pk"))


def test_history_that_was_not_touched_passes(history):
    SideFactory()
    report = verify(kept=newest_note())
    assert report == verifying.Report(sealed=len(history), unsealed=1, checkpoints=-(-len(history) // 7), findings=[])


@pytest.mark.parametrize(
    "change",
    [
        'after = after || \'{"gist": "some talks"}\'',
        'after = after || \'{"note": "canary"}\'',
        "actor_id = coalesce(actor_id, 0) + 1",
        "at = at + interval '1 microsecond'",
        "reason = 'no reason'",
        "record_id = record_id + 1",
        "nonce = gen_random_uuid()",
    ],
)
def test_changed_event_is_named(history, change):
    event = next(event for event in history if event.row_table == "claims_position" and event.action == "update")
    place = history.index(event)
    around_the_triggers(f"UPDATE claims_event SET {change} WHERE id = %s", event.pk)
    (finding,) = verify().findings
    assert finding.startswith(
        f"Position {place}, event {event.pk} (update of claims_position {event.row_id}, statement "
    )
    assert finding.endswith("UTC): it is not the event that was sealed.")


def test_change_before_a_publication_shows_there_too(history):
    """What was published is sealed with the event that published it."""
    (translation,) = [event for event in history if event.row_table == "claims_translation"]
    around_the_triggers('UPDATE claims_event SET after = after || \'{"text": "x"}\' WHERE id = %s', translation.pk)
    findings = verify().findings
    assert len(findings) == 2
    assert "(insert of claims_translation " in findings[0]
    assert "(update of claims_statement " in findings[1]


def test_deleted_event_is_named(history):
    around_the_triggers("DELETE FROM claims_event WHERE id = %s", history[5].pk)
    assert f"Position 5, event {history[5].pk}: the event is gone." in verify().findings


def test_deleted_seal_is_named(history):
    around_the_triggers("DELETE FROM claims_seal WHERE position = 5")
    first, second = verify().findings[:2]
    assert first == "Position 5: the seal is gone."
    assert second == (
        "The checkpoint of 7 events does not fit the seals: of positions 0 to 6 one was changed, moved, added or left "
        "out."
    )


def test_events_that_changed_places_are_found_with_the_first_checkpoint_that_covers_them(history):
    around_the_triggers("UPDATE claims_seal SET position = position + 1000 WHERE position IN (15, 16)")
    around_the_triggers("UPDATE claims_seal SET position = 1031 - position WHERE position >= 1000")
    (finding,) = [finding for finding in verify().findings if "checkpoint" in finding]
    assert finding.startswith("The checkpoint of 21 events does not fit the seals: of positions 14 to 20 one ")


def test_cut_tail_is_found(history):
    size = len(history)
    around_the_triggers("DELETE FROM claims_seal WHERE position >= %s", size - 1)
    around_the_triggers("DELETE FROM claims_event WHERE id = %s", history[-1].pk)
    assert verify().findings == [
        f"The checkpoint of {size} events does not fit: only {size - 1} events are sealed, so the end was cut off."
    ]


def test_peaks_that_would_spoil_the_next_pass_are_found(history):
    around_the_triggers("UPDATE claims_checkpoint SET peaks = substr(peaks, 33) || substr(peaks, 1, 32) WHERE size = 7")
    assert [finding[:45] for finding in verify().findings] == ["The checkpoint of 7 events does not fit the s"]


def test_full_rewrite_is_found_by_a_checkpoint_from_elsewhere_alone(history, tmp_path, capsys):
    kept = newest_note()
    around_the_triggers("UPDATE claims_event SET actor_id = 4711")
    around_the_triggers("DELETE FROM claims_seal")
    around_the_triggers("DELETE FROM claims_checkpoint")
    seal()
    call_command("verify_history")
    assert "nothing was changed. 0 events wait to be sealed." in capsys.readouterr().out
    (tmp_path / "kept.txt").write_text(str(kept))
    with pytest.raises(CommandError, match=r"; 1 finding, see above\.$"):
        call_command("verify_history", checkpoint=tmp_path / "kept.txt")
    assert capsys.readouterr().err == (
        f"The checkpoint of {kept.size} events from elsewhere does not fit the seals: of positions "
        f"0 to {kept.size - 1} one was changed, moved, added or left out.\n"
    )


def test_checkpoint_from_elsewhere_of_a_longer_history_is_not_fitted(history):
    (finding,) = verify(kept=Note("x", len(history) + 1, bytes(32))).findings
    assert finding.endswith("the end was cut off.")


def test_history_grown_since_the_checkpoint_was_kept_passes(history):
    kept = newest_note()
    SideFactory()
    seal()
    assert verify(kept=kept).findings == []


@pytest.mark.parametrize("text", [None, "nothing of the kind\n"])
def test_file_that_is_no_checkpoint_is_refused(tmp_path, text):
    if text:
        (tmp_path / "kept.txt").write_text(text)
    with pytest.raises(CommandError, match=r"kept.txt(: This is no checkpoint| cannot be read)"):
        call_command("verify_history", checkpoint=tmp_path / "kept.txt")
