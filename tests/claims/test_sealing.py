"""The pass that seals: every committed event once, in an order that stays, with a checkpoint for each batch."""

import hashlib

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from claims import sealing
from claims.merkle import Note, Tree
from claims.models import Checkpoint, Event, Seal
from claims.sealing import newest_note, seal
from sources.refusals import check_now
from tests.claims.chronicle import write_history
from tests.constraints import refusal
from tests.factories import OutletFactory, SideFactory

pytestmark = pytest.mark.django_db


def rename(side):
    side.name += "!"
    side.save()


@pytest.fixture
def side():
    """One event more than is sealed: migrations leave some."""
    seal()
    return SideFactory()


def tree_of(seals):
    tree = Tree()
    for each in seals:
        tree.append(bytes(each.leaf))
    return tree


def test_pass_seals_every_event_once_in_the_order_of_their_keys():
    write_history()
    count = Event.objects.count()
    assert seal() == count
    seals = list(Seal.objects.all())
    assert [each.position for each in seals] == list(range(count))
    assert [each.event_id for each in seals] == sorted(Event.objects.values_list("pk", flat=True))
    assert (newest_note().size, newest_note().root) == (count, tree_of(seals).root())


def test_pass_without_anything_new_writes_nothing(side):
    assert seal() == 1
    before = newest_note()
    assert seal() == 0
    assert newest_note() == before
    assert Checkpoint.objects.filter(size=before.size).count() == 1


def test_tree_grows_from_the_last_checkpoint(side, monkeypatch):
    """Batches, passes and one pass over everything lead to the same tree."""
    monkeypatch.setattr(sealing, "BATCH", 3)
    for _ in range(6):
        rename(side)
    before = newest_note().size
    assert seal() == 7
    rename(side)
    assert seal() == 1
    sizes = Checkpoint.objects.filter(size__gt=before).values_list("size", flat=True)
    assert [size - before for size in sizes] == [8, 7, 6, 3]
    assert newest_note().root == tree_of(Seal.objects.all()).root()


def test_event_that_was_committed_late_gets_a_later_place(side):
    """Its key is lower than that of events sealed before it: its transaction took longer."""
    rename(side)
    rename(side)
    late, *others = Event.objects.filter(seal__isnull=True).order_by("pk")
    keys = [event.pk for event in others]
    assert sealing._seal(keys) == 2
    assert seal() == 1
    assert list(Seal.objects.values_list("event_id", flat=True))[-3:] == [*keys, late.pk]


def test_other_pass_that_was_first_is_no_trouble(side):
    """Two passes know of the same events; the lock lets one after the other, and the second finds nothing to do."""
    rename(side)
    keys = list(Event.objects.filter(seal__isnull=True).values_list("pk", flat=True))
    assert (sealing._seal(keys), sealing._seal(keys)) == (2, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_seal SET position = position + 10",
        "DELETE FROM claims_seal",
        "TRUNCATE claims_seal",
        "UPDATE claims_checkpoint SET size = size + 10",
        "DELETE FROM claims_checkpoint",
        "TRUNCATE claims_checkpoint",
    ],
)
def test_seals_and_checkpoints_are_never_changed_or_deleted(side, statement):
    seal()
    check_now()

    def write():
        with connection.cursor() as cursor:
            cursor.execute(statement)

    assert refusal(write) == "history_is_kept"


def test_event_has_one_place_and_a_place_one_event(side):
    seal()
    first = Seal.objects.get(position=0)
    for position, event in (
        (0, OutletFactory() and Event.objects.latest("pk").pk),
        (newest_note().size, first.event_id),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seal.objects.bulk_create([Seal(position=position, event_id=event, leaf=bytes(32))])


def test_command_says_what_it_did(side, capsys):
    call_command("seal_history")
    count = Event.objects.count()
    assert capsys.readouterr().out == f"1 events sealed; 127.0.0.1:8000/history has {count}.\n"
    call_command("seal_history", verbosity=0)
    assert capsys.readouterr().out == ""


def test_empty_history_has_the_checkpoint_of_an_empty_tree(reader):
    assert reader.get("/export/history.jsonl").getvalue() == b""
    assert Note.read(reader.get("/export/checkpoint.txt").text) == Note(
        "127.0.0.1:8000/history", 0, hashlib.sha256(b"").digest()
    )
