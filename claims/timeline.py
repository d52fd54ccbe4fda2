"""Pure: who said what when, in; where to draw it, out. No ORM, no HTTP.

Lengths are CSS pixels from the upper left corner. A lane is a speaker, a row of a lane has room for one mark, and marks
that would overlap stand in further rows; what finds no room is counted in a mark of its own.
"""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sources.edtf import UncertainDate

WIDTH = 960
MARGIN = 56  # Room for half the date of a tick.
AXIS = 30
GROUP = 28
NAME = 22  # The line above a lane's marks, with its name.
ROW = 26  # With its distance to the next, a mark is a target of 24 px.
PADDING = 7
MOST_ROWS = 5
MOST_LANES = 40
MOST_CURVES = 200
SHORTEST_BAR = 14
BIN = 52
MOST_TICKS = 7
MOST_CLUSTERS = 6


@dataclass(frozen=True)
class Window:
    """The days that are shown, both inclusive; None where the story decides."""

    first: date | None
    last: date | None

    @property
    def days(self) -> int:
        assert self.first is not None and self.last is not None  # noqa: S101, PT018
        return (self.last - self.first).days + 1

    def holds(self, earliest: date | None, latest: date | None) -> bool:
        """Whether one of the days may lie between these; open ends reach for ever, and without any there is no day."""
        starts = self.last is None or earliest is None or earliest <= self.last
        ends = self.first is None or latest is None or latest >= self.first
        return starts and ends and not (earliest is None and latest is None)


@dataclass(frozen=True)
class Lane:
    """A line of the drawing: a speaker, in a group (a side); groups stand by `order`."""

    key: str
    label: str
    group: str
    order: int = 0


@dataclass(frozen=True)
class Said:
    """What is drawn: a statement, or a reply to one (`is_reply`). Without any bound it is undated. `url` is where its
    mark leads.

    A joint statement stands in several lanes.
    """

    ref: str
    url: str
    title: str
    lanes: tuple[Lane, ...]
    earliest: date | None
    latest: date | None
    precision: str
    approximate: bool = False
    is_reply: bool = False


@dataclass(frozen=True)
class Bond:
    """Two of them that belong together: kind is reply (of the second to the first), reversal, or a finding."""

    kind: str
    first: str
    second: str
    title: str


@dataclass(frozen=True)
class Mark:
    """A point (width 0, x its middle) or a bar (x its left end), open where it may reach further; y is the middle."""

    said: Said
    x: float
    y: float
    width: float
    left_open: bool
    right_open: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def hit(self) -> tuple[float, float, float]:
        """Where a click counts: x, y and width of a box 24 px high."""
        wide = max(self.width, 24)
        return round(self.middle - wide / 2, 1), self.y - 12, round(wide, 1)

    @property
    def corner(self) -> tuple[float, float]:
        """Where the square of a reply begins."""
        return round(self.middle - 5, 1), self.y - 5

    @property
    def outline(self) -> str:
        """The points of a bar; an open end has a tip."""
        left, right, top, bottom = self.x, self.x + self.width, self.y - 6, self.y + 6
        start = (
            [(left + 6, bottom), (left, self.y), (left + 6, top)] if self.left_open else [(left, bottom), (left, top)]
        )
        end = (
            [(right - 6, top), (right, self.y), (right - 6, bottom)]
            if self.right_open
            else [(right, top), (right, bottom)]
        )
        return " ".join(f"{x:.1f},{y:g}" for x, y in (*start, *end))


@dataclass(frozen=True)
class More:
    """So many marks for which there was no room; `url` is where the first of them leads."""

    url: str
    count: int
    x: float
    y: float


@dataclass(frozen=True)
class DrawnLane:
    """A lane with its upper edge; `heads` where a group begins above it, `others` how many speakers share it."""

    lane: Lane
    top: float
    rows: int
    heads: bool
    others: int = 0

    @property
    def head_at(self) -> float:
        """The line on which the name of its group stands."""
        return self.top - 8

    @property
    def name_at(self) -> float:
        """The line on which its own name stands."""
        return self.top + 16

    @property
    def bottom(self) -> float:
        return self.top + NAME + self.rows * ROW + PADDING


@dataclass(frozen=True)
class Tick:
    x: float
    at: UncertainDate


@dataclass(frozen=True)
class Curve:
    bond: Bond
    path: str


@dataclass(frozen=True)
class Drawing:
    """Everything in its place; `left_out` counts the bonds without a curve: too many, or an end has no mark.

    `start` is where lines of text begin: 0, or the width where time runs from right to left.
    """

    width: int
    height: float
    start: int
    lanes: tuple[DrawnLane, ...]
    marks: tuple[Mark, ...]
    more: tuple[More, ...]
    ticks: tuple[Tick, ...]
    curves: tuple[Curve, ...]
    left_out: int

    @property
    def kinds(self) -> list[str]:
        """The kinds of bonds that are drawn, in their order."""
        return list(dict.fromkeys(curve.bond.kind for curve in self.curves))

    @property
    def foot(self) -> float:
        return self.height - AXIS


def draw(said: Sequence[Said], bonds: Iterable[Bond], window: Window, *, mirrored: bool = False) -> Drawing:
    """Groups in their order, lanes within them as they first occur. O(n log n) in statements.

    mirrored: time runs from right to left.
    """
    shown = [each for each in said if window.holds(each.earliest, each.latest)]
    scale = _Scale(window, mirrored)
    drawn: list[DrawnLane] = []
    marks: list[Mark] = []
    more: list[More] = []
    top, group = float(AXIS), None
    for lane, others, of_lane in _lanes(shown):
        heads = lane.group != group
        top += GROUP if heads else 0
        placed, left, rows = _stack([scale.extent(each) for each in of_lane], top + NAME)
        drawn.append(DrawnLane(lane, top, rows, heads, others))
        marks += placed
        more += left
        top, group = drawn[-1].bottom, lane.group
    known = {each.ref for each in shown}
    between = [bond for bond in bonds if bond.first in known and bond.second in known]
    curves = _curves(between, marks)
    return Drawing(
        WIDTH,
        top + AXIS,
        WIDTH if mirrored else 0,
        tuple(drawn),
        tuple(marks),
        tuple(more),
        _ticks(window, scale),
        curves,
        len(between) - len(curves),
    )


class _Scale:
    """From days to lengths."""

    def __init__(self, window: Window, mirrored: bool) -> None:
        assert window.first is not None and window.last is not None  # noqa: S101, PT018
        self.first, self.last, self.mirrored = window.first, window.last, mirrored
        self.unit = (WIDTH - 2 * MARGIN) / window.days

    def at(self, ordinal: float) -> float:
        x = MARGIN + (ordinal - self.first.toordinal()) * self.unit
        return WIDTH - x if self.mirrored else x

    def extent(self, said: Said) -> Mark:
        """The mark as it would stand in an endless lane, at y = 0; cut off at the edges of the window."""
        early = max(said.earliest or self.first, self.first)
        late = min(said.latest or self.last, self.last)
        if said.precision == "day":
            return Mark(said, round(self.at(early.toordinal() + 0.5), 1), 0, 0, False, False)
        ends = sorted((self.at(early.toordinal()), self.at(late.toordinal() + 1)))
        width = max(ends[1] - ends[0], SHORTEST_BAR)
        before = said.earliest is None or said.earliest < self.first
        after = said.latest is None or said.latest > self.last
        left, right = (after, before) if self.mirrored else (before, after)
        x = (ends[0] + ends[1] - width) / 2
        return Mark(said, round(x, 1), 0, round(width, 1), left, right)


def _lanes(shown: Sequence[Said]) -> list[tuple[Lane, int, list[Said]]]:
    """Each lane with what stands in it; where there are too many, the quiet ones of a group share one."""
    of_lane: dict[Lane, list[Said]] = defaultdict(list)
    for said in shown:
        for lane in said.lanes:
            of_lane[lane].append(said)
    groups = {lane.group: lane.order for lane in sorted(of_lane, key=lambda lane: lane.order)}
    loudest = sorted(of_lane, key=lambda lane: -len(of_lane[lane]))[: max(MOST_LANES - len(groups), 0)]
    own = set(loudest if len(of_lane) > MOST_LANES else of_lane)
    found: list[tuple[Lane, int, list[Said]]] = []
    for group, order in groups.items():
        lanes = [lane for lane in of_lane if lane.group == group]
        found += [(lane, 0, of_lane[lane]) for lane in lanes if lane in own]
        if quiet := [lane for lane in lanes if lane not in own]:
            theirs = list(dict.fromkeys(said for lane in quiet for said in of_lane[lane]))
            found.append((Lane(f":others {group}", "", group, order), len(quiet), theirs))
    return found


def _stack(extents: list[Mark], top: float) -> tuple[list[Mark], list[More], int]:
    """Marks in the rows of a lane, what found no room, and how many rows it takes."""
    ends: list[float] = []
    placed: list[Mark] = []
    left: dict[int, list[Mark]] = defaultdict(list)
    for mark in sorted(extents, key=lambda each: (each.hit[0], each.width, each.said.ref)):
        start, _, width = mark.hit
        row = next((n for n, end in enumerate(ends) if end <= start), len(ends))
        if row == MOST_ROWS:
            left[int(mark.middle // BIN)].append(mark)
            continue
        ends[row:] = [start + width + 2, *ends[row + 1 :]]
        placed.append(_moved(mark, top + (row + 0.5) * ROW))
    foot = top + (MOST_ROWS + 0.5) * ROW
    more = [More(some[0].said.url, len(some), (n + 0.5) * BIN, foot) for n, some in left.items()]
    return placed, more, len(ends) + bool(more)


def _moved(mark: Mark, y: float) -> Mark:
    return Mark(mark.said, mark.x, y, mark.width, mark.left_open, mark.right_open)


def _curves(bonds: Sequence[Bond], marks: Sequence[Mark]) -> tuple[Curve, ...]:
    """A line for each bond whose two ends are drawn each in a mark of its own, as many as can be told apart."""
    where: dict[str, tuple[float, float]] = {}
    for mark in marks:
        where.setdefault(mark.said.ref, (mark.middle, mark.y))
    drawn = [bond for bond in bonds if bond.first in where and bond.second in where]
    return tuple(Curve(bond, _path(where[bond.first], where[bond.second])) for bond in drawn[:MOST_CURVES])


def _path(one: tuple[float, float], other: tuple[float, float]) -> str:
    """An arc above where both stand in one row, else a bow that swings aside where it would run through others."""
    (x1, y1), (x2, y2) = one, other
    if abs(y1 - y2) < ROW / 2:
        bend_x, bend_y = (x1 + x2) / 2, max(4, y1 - 10 - min(abs(x2 - x1) / 5, 36))
    else:
        aside = 26 if abs(x2 - x1) < 52 else 0
        bend_x, bend_y = (x1 + x2) / 2 + aside, (y1 + y2) / 2
    return f"M{x1:.1f} {y1:g}Q{bend_x:.1f} {bend_y:.1f} {x2:.1f} {y2:g}"


def _ticks(window: Window, scale: _Scale) -> tuple[Tick, ...]:
    """At most seven days, months or years, evenly chosen, each at its beginning."""
    first, last = scale.first, scale.last
    if window.days <= 62:
        step = -(-window.days // MOST_TICKS)
        days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1, step)]
        return tuple(Tick(round(scale.at(d.toordinal() + 0.5), 1), UncertainDate(d, d, "day")) for d in days)
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    if len(months) <= 30:
        step = next(n for n in (1, 2, 3, 6) if len(months) <= n * MOST_TICKS)
        chosen = [n for n in months if n % step == 0]
        starts = [(date(n // 12, n % 12 + 1, 1), "month") for n in chosen]
    else:
        years = range(first.year, last.year + 1)
        step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if len(years) <= n * MOST_TICKS)
        starts = [(date(year, 1, 1), "year") for year in years if year % step == 0]
    return tuple(Tick(round(scale.at(d.toordinal()), 1), _whole(d, grain)) for d, grain in starts if first <= d)


def _whole(day: date, grain: str) -> UncertainDate:
    if grain == "year":
        return UncertainDate(day, date(day.year, 12, 31), grain)
    return UncertainDate(day, day.replace(day=monthrange(day.year, day.month)[1]), grain)


def clusters(days: Iterable[date]) -> list[tuple[date, date, int]]:
    """Stretches in which statements crowd, as first day, last day and how many; none that is most of the story."""
    count = Counter(days)
    known = sorted(count)
    if not known:
        return []
    gap = max(3, (known[-1] - known[0]).days // 20)
    runs: list[list[date]] = [[known[0]]]
    for before, day in pairwise(known):
        if (day - before).days > gap:
            runs.append([])
        runs[-1].append(day)
    found = [(run[0], run[-1], sum(count[day] for day in run)) for run in runs]
    most = sorted((each for each in found if each[2] > 1), key=lambda each: -each[2])[:MOST_CLUSTERS]
    return sorted(most) if len(found) > 1 else []
