"""The pass that puts events into the tree of hashes, after the changes and never with them.

A chained hash inside the transaction of a change would make an import block every editor. So this runs beside them: it
reads what is committed and takes no lock that a writer meets. An event's place is the next free one when it is seen; of
two transactions at once the later may have the lower number and a later place, which changes nothing for a checkpoint.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from itertools import batched
from operator import or_
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from claims.leaves import Recorded, State, canonical, columns, fold, leaf
from claims.merkle import Note, Tree, leaf_hash
from claims.models import Checkpoint, Event, Seal

BATCH = 1_000  # Events of one transaction, and in memory at once.
LOCK = 0x5EA1  # Of the advisory lock: two passes at once take turns, batch by batch.


def seal(*, progress: Callable[[list[int]], Iterable[int]] = lambda keys: keys) -> int:
    """Seal every committed event that has no place yet, in the order of their keys; how many those were.

    A batch and its checkpoint are one transaction, so a pass can be killed at any time: what it had begun was never
    there. `progress` is given the keys and gives them back one by one. Needs memory for the keys of what waits.
    """
    waiting = Event.objects.filter(seal__isnull=True).order_by("pk").values_list("pk", flat=True)
    return sum(_seal(keys) for keys in batched(progress(list(waiting)), BATCH))


def _seal(keys: Sequence[int]) -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = Checkpoint.objects.order_by("-size").first()
        tree = Tree.unpack(last.size, bytes(last.peaks)) if last else Tree()
        # Another pass may have been first.
        events = list(recorded(Event.objects.filter(pk__in=keys, seal__isnull=True).order_by("pk")))
        seals = []
        for event, state in with_states(events, before=tree.size):
            hashed = leaf_hash(canonical(leaf(event, state)))
            seals.append(Seal(position=tree.size, event_id=event.id, leaf=hashed))
            tree.append(hashed)
        if seals:
            Seal.objects.bulk_create(seals)
            Checkpoint.objects.create(size=tree.size, root=tree.root(), peaks=tree.packed)
    return len(seals)


def newest_note() -> Note:
    """The newest checkpoint, as it travels; that of an empty tree before anything was sealed."""
    last = Checkpoint.objects.order_by("-size").first()
    origin = f"{urlsplit(settings.SITE_URL).netloc}/history"
    return Note(origin, last.size, bytes(last.root)) if last else Note(origin, 0, Tree().root())


def recorded(events: models.QuerySet[Event]) -> Iterator[Recorded]:
    """Events in the form in which they are sealed. JSON is read from its text: a float would change a number."""
    texts = {name: Cast(name, models.TextField()) for name in ("before", "after")}
    own = [field.name for field in fields(Recorded) if field.name not in texts]
    for row in events.values(*own, **{f"{name}_text": text for name, text in texts.items()}):
        values: dict[str, Any] = {name: columns(row.pop(f"{name}_text")) for name in texts} | row
        yield Recorded(**values)


def with_states(events: Sequence[Recorded], *, before: int) -> Iterator[tuple[Recorded, State]]:
    """Events that follow each other in the tree from position `before` on, each with how its record then stood.

    Only an event that shows its record to readers has a state; others come with an empty one. One query.
    """
    shown = {event.of for event in events if event.has_state}
    past: dict[tuple[str, int], list[Recorded]] = defaultdict(list)
    if shown:
        earlier = Event.objects.filter(of_records(shown), seal__position__lt=before).order_by("seal__position")
        for event in recorded(earlier):
            past[event.of].append(event)
    for event in events:
        if event.of in shown:
            past[event.of].append(event)
        yield event, fold(past[event.of]) if event.has_state else {}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A place of the tree with its event; None where the event is gone, which only tampering can do."""

    position: int
    leaf: bytes
    event_id: int
    event: Recorded | None
    state: State


def sealed(size: int) -> Iterator[list[Sealed]]:
    """The first `size` places of the tree in their order, BATCH at a time: three queries each, constant memory."""
    for start in range(0, size, BATCH):
        places = Seal.objects.filter(position__gte=start, position__lt=min(start + BATCH, size))
        rows = list(places.order_by("position").values_list("position", "leaf", "event_id"))
        found = {event.id: event for event in recorded(Event.objects.filter(pk__in=[key for *_, key in rows]))}
        ordered = [found[key] for *_, key in rows if key in found]
        states = {event.id: state for event, state in with_states(ordered, before=start)}
        yield [
            Sealed(position, bytes(hashed), key, found.get(key), states.get(key, {})) for position, hashed, key in rows
        ]


def of_records(records: Iterable[tuple[str, int]]) -> Q:
    """The events of any of these records, each given by its kind and key; of none, no event."""
    keys: dict[str, list[int]] = defaultdict(list)
    for record, key in records:
        keys[record].append(key)
    return reduce(or_, (Q(record=record, record_id__in=ids) for record, ids in keys.items()), Q(pk__in=[]))
