"""Whether the history is the one that was sealed: every leaf made again, every checkpoint held against the tree."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from claims.leaves import canonical, leaf
from claims.merkle import Note, Tree, leaf_hash
from claims.models import Checkpoint, Event, Seal
from claims.sealing import Sealed, sealed


@dataclass
class Report:
    """How much was looked at, and each finding in a sentence that names the event."""

    sealed: int = 0
    unsealed: int = 0
    checkpoints: int = 0
    findings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Point:
    """A checkpoint, our own or one from elsewhere; of our own the peaks from which the next pass goes on."""

    size: int
    root: bytes
    peaks: bytes | None = None

    @property
    def name(self) -> str:
        return f"The checkpoint of {self.size:,} events{' from elsewhere' if self.peaks is None else ''}"

    def fits(self, tree: Tree) -> bool:
        return self.root == tree.root() and self.peaks in {None, tree.packed}


def verify(
    *,
    kept: Note | None = None,
    progress: Callable[[Iterator[Sealed], int], Iterable[Sealed]] = lambda places, _: places,
) -> Report:
    """Go through the whole tree. `kept` is a checkpoint from elsewhere: without one, whoever can rewrite events,
    seals and checkpoints together is not found out.

    `progress` is given the places and their number, and gives them back one by one. Holds the checkpoints in memory,
    and a batch of events. Three queries for each batch.
    """
    points: dict[int, list[_Point]] = defaultdict(list)
    for size, root, peaks in Checkpoint.objects.values_list("size", "root", "peaks"):
        points[size].append(_Point(size, bytes(root), bytes(peaks)))
    report = Report(unsealed=Event.objects.filter(seal__isnull=True).count(), checkpoints=len(points))
    if kept:
        points[kept.size].append(_Point(kept.size, kept.root))
    last = Seal.objects.order_by("-position").values_list("position", flat=True).first()
    size = 0 if last is None else last + 1

    tree = Tree()
    agreed, broken = 0, False
    for place in _after_nothing(progress((place for chunk in sealed(size) for place in chunk), size)):
        if place:
            while tree.size < place.position:
                report.findings.append(f"Position {tree.size:,}: the seal is gone.")
                tree.append(bytes(32))
            report.findings += _differences(place)
            tree.append(place.leaf)
        for point in points.pop(tree.size, ()):
            if point.fits(tree):
                agreed = tree.size
            elif point.peaks is None or not broken:
                # After the first that does not fit, none of our own can.
                broken = broken or point.peaks is not None
                # One of our own that fits tells nothing to one from elsewhere.
                first = 0 if point.peaks is None else agreed
                report.findings.append(
                    f"{point.name} does not fit the seals: of positions {first:,} to {tree.size - 1:,} "
                    "one was changed, moved, added or left out."
                )
    report.sealed = size
    report.findings += [
        f"{point.name} does not fit: only {size:,} events are sealed, so the end was cut off."
        for _, beyond in sorted(points.items())
        for point in beyond
    ]
    return report


def _after_nothing(places: Iterable[Sealed]) -> Iterator[Sealed | None]:
    """None before the first place, for the checkpoint of an empty tree."""
    yield None
    yield from places


def _differences(place: Sealed) -> Iterator[str]:
    where = f"Position {place.position:,}, event {place.event_id}"
    event = place.event
    if event is None:
        yield f"{where}: the event is gone."
    elif leaf_hash(canonical(leaf(event, place.state))) != place.leaf:
        yield (
            f"{where} ({event.action} of {event.row_table} {event.row_id}, {event.record} {event.record_id}, "
            f"{event.at:%Y-%m-%d %H:%M:%S} UTC): it is not the event that was sealed."
        )
