"""Pure: positions in, a side-by-side table out. No ORM, no HTTP.

The table is the matrix of a topic (columns are sides) and of a comparison of speakers (columns are speakers).
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from string import ascii_lowercase
from typing import NamedTuple

# Columns that are no side; no slug has a colon.
UNNAMED = ":unnamed"
OUTLET = ":outlet"
OTHERS = ":others"

# Stances that answer alike; any other agrees only with itself.
_SAYS = {
    "affirms": "yes",
    "presupposes_yes": "yes",
    "qualified_yes": "yes",
    "denies": "no",
    "presupposes_no": "no",
    "qualified_no": "no",
}
_OPPOSITE = {"yes": "no", "no": "yes"}

# Findings, the gravest first.
_GRAVITY = ("contradicts", "in_tension", "apparent_only")


@dataclass(frozen=True)
class Column:
    """One party: `statements` and `words` count what it has on record in the topic, `unnamed` those of unnamed sources.

    Misattributed ones are not counted: they turned out not to be the party's.
    """

    key: str
    label: str
    statements: int = 0
    unnamed: int = 0
    words: int = 0


@dataclass(frozen=True)
class Pair:
    """Two statements that editors have set against each other on a question; `names` are those of their speakers.

    `turn` is what the pair is called where one speaker said both (“Reversal”), else "". `since` is the first day of
    the later of the two, None where one of them is undated; `since_label` are the words for it.
    """

    ref: str
    question: str
    first: str
    second: str
    names: tuple[str, str]
    finding: str
    finding_label: str
    url: str
    turn: str = ""
    since: date | None = None
    since_label: str = ""
    corrected: str = ""


@dataclass(frozen=True)
class Tie:
    """A pair as one of its ends shows it: the other speaker, the finding, where the pair is shown.

    `number` and `to` are the mark that both ends bear and the place of the other; 0 and "" where the other stands in
    no cell of the table.
    """

    finding: str
    finding_label: str
    other: str
    url: str
    number: int = 0
    to: str = ""
    turn: str = ""


@dataclass(frozen=True)
class Turn:
    """An earlier answer of the same speaker to the same question, yes for no or no for yes."""

    stance_label: str
    when: str
    to: str


@dataclass(frozen=True)
class Agreement:
    """One gist by several speakers on one question; `letter` is the mark that they bear."""

    letter: str
    gist: str
    names: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Entry:
    """One position as a cell shows it. `form` is "" where the words are a verified quotation, else what they are.

    `voices` are the keys of those who say it, jointly. `source_state` is a short mark where the source no longer stands
    as it was captured, `corrected` where the statement was changed; `rank` and `rank_note` say that it does not stand
    as its speaker's word, and why. One that is not `theirs` (misattributed) agrees with nobody.

    What follows `theirs` is found by `matrix`. `place` is the entry's id on the page; "" where it stands in a further
    column, too.
    """

    question: str
    columns: tuple[str, ...]
    ref: str
    url: str
    speaker: str
    stance: str
    stance_label: str
    answer: str
    gist: str
    words: str
    form: str
    interpreted: bool
    language: str
    said_from: date | None
    when: str
    said_to: date | None = None
    voices: tuple[str, ...] = ()
    source_state: str = ""
    corrected: str = ""
    rank: str = ""
    rank_note: str = ""
    theirs: bool = True
    place: str = ""
    ties: tuple[Tie, ...] = ()
    turn: Turn | None = None
    agreement: Agreement | None = None
    agrees_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """What one party says to one question, in the order of the table. Without entries: no statement on record."""

    column: Column
    entries: tuple[Entry, ...]

    @property
    def declined(self) -> bool:
        """The party was asked and answered nothing else."""
        own = [entry for entry in self.entries if entry.theirs]
        return bool(own) and all(entry.stance == "declines" for entry in own)


@dataclass(frozen=True)
class Link:
    """A pair between two cells of a row: its number in the table, and the columns (from 1) from one to the other."""

    number: int
    pair: Pair
    to: tuple[str, str]
    start: int
    end: int


@dataclass(frozen=True)
class Row:
    """A question with its cells, and the pairs with an end in it, the gravest first; `findings` counts them.

    `links` are the pairs of which both ends stand in the row, so that they can be drawn between its cells.
    """

    question: str
    text: str
    url: str
    cells: tuple[Cell, ...]
    pairs: tuple[Pair, ...]
    agreements: tuple[Agreement, ...]
    links: tuple[Link, ...]

    @property
    def findings(self) -> dict[tuple[str, str], int]:
        return dict(Counter((pair.finding, pair.finding_label) for pair in self.pairs))


@dataclass(frozen=True)
class Matrix:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def parting(self) -> list[Row]:
        """Rows in which two accounts are set against each other, those with the gravest finding first."""
        return sorted((row for row in self.rows if row.pairs), key=lambda row: _gravity(row.pairs[0]))


@dataclass(frozen=True)
class Share:
    """How much a column has on record, and that in hundredths of the column that has most."""

    column: Column
    statements: int
    words: int


class Answered(NamedTuple):
    """An answer to a question as far as a change of it can be told: by whom and when."""

    ref: str
    stance: str
    voices: tuple[str, ...]
    said_from: date | None
    said_to: date | None


@dataclass(frozen=True)
class Asked:
    """A question as a row shows it."""

    key: str
    text: str
    url: str


def balance(columns: Sequence[Column]) -> list[Share]:
    most = max((c.statements for c in columns), default=0) or 1
    wordiest = max((c.words for c in columns), default=0) or 1
    return [Share(c, round(100 * c.statements / most), round(100 * c.words / wordiest)) for c in columns]


def matrix(
    questions: Sequence[Asked],
    columns: Sequence[Column],
    entries: Iterable[Entry],
    pairs: Iterable[Pair] = (),
    *,
    newest: bool = False,
) -> Matrix:
    """Questions × columns, each cell oldest (or newest) first and undated last. O(n log n) in entries and pairs.

    The same gist by two speakers on one question is an agreement, said at each of them and of the row. Pairs are
    numbered through the table, the gravest of a row first; each of their ends says so.
    """
    by_question: dict[str, list[Entry]] = defaultdict(list)
    pairs_of: dict[str, list[Pair]] = defaultdict(list)
    for entry in entries:
        by_question[entry.question].append(entry)
    for pair in sorted(pairs, key=_gravity):
        pairs_of[pair.question].append(pair)
    rows: list[Row] = []
    for asked in questions:
        found = sorted(by_question[asked.key], key=lambda e: (*_when(e, newest), e.speaker, e.ref))
        before = sum(len(row.links) for row in rows)
        rows.append(_row(asked, columns, found, pairs_of[asked.key], before))
    return Matrix(tuple(columns), tuple(rows))


def _gravity(pair: Pair) -> int:
    return _GRAVITY.index(pair.finding)


def _when(entry: Entry, newest: bool) -> tuple[bool, int]:
    day = entry.said_from.toordinal() if entry.said_from else 0
    return entry.said_from is None, -day if newest else day


def _row(asked: Asked, columns: Sequence[Column], found: list[Entry], pairs: list[Pair], before: int) -> Row:
    keys = [column.key for column in columns]
    stands = {e.ref: [n for n, key in enumerate(keys, 1) if key in e.columns] for e in found}
    places = {ref: f"a-{asked.key}-{ref}" for ref, where in stands.items() if where}
    links: list[Link] = []
    for pair in pairs:
        if pair.first in places and pair.second in places:
            start, end = min(
                ((one, other) for one in stands[pair.first] for other in stands[pair.second]),
                key=lambda ends: (abs(ends[0] - ends[1]), ends),
            )
            to = (places[pair.first], places[pair.second])
            links.append(Link(before + len(links) + 1, pair, to, min(start, end), max(start, end)))
    agreements, ties, turns = _agreements(asked.key, found), _ties(pairs, links), _turned(found, places)
    found = [_marked(e, agreements, ties[e.ref], turns.get(e.ref)) for e in found]
    cells = tuple(
        Cell(
            column,
            tuple(
                replace(e, place=places[e.ref] if stands[e.ref][0] == n else "") for e in found if n in stands[e.ref]
            ),
        )
        for n, column in enumerate(columns, 1)
    )
    shared = tuple(agreements.values())
    ends = tuple(pair for pair in pairs if pair.first in stands or pair.second in stands)
    return Row(asked.key, asked.text, asked.url, cells, ends, shared, tuple(links))


def _marked(entry: Entry, agreements: Mapping[tuple[str, str], Agreement], ties: list[Tie], turn: Turn | None) -> Entry:
    shared = agreements.get(_answer(entry)) if entry.theirs else None
    told = turn is not None and any(tie.turn and tie.to == turn.to for tie in ties)
    others = tuple(name for name in shared.names if name != entry.speaker) if shared else ()
    return replace(entry, ties=tuple(ties), turn=None if told else turn, agreement=shared, agrees_with=others)


def _ties(pairs: list[Pair], links: list[Link]) -> dict[str, list[Tie]]:
    """Statement → the pairs in which it takes part."""
    drawn = {link.pair.ref: link for link in links}
    ties: dict[str, list[Tie]] = defaultdict(list)
    for pair in pairs:
        link = drawn.get(pair.ref)
        for own, other in ((0, 1), (1, 0)):
            number, to = (link.number, link.to[other]) if link else (0, "")
            tie = Tie(pair.finding, pair.finding_label, pair.names[other], pair.url, number, to, pair.turn)
            ties[(pair.first, pair.second)[own]].append(tie)
    return ties


def turns(answers: Iterable[Answered]) -> dict[str, str]:
    """Statement → the statement in which one of its speakers last said the opposite, on days before. One question's."""
    said: dict[tuple[str, str], list[tuple[date, str]]] = defaultdict(list)
    plain = [each for each in answers if each.stance in _SAYS]
    for each in plain:
        for voice in each.voices if each.said_to else ():
            said[voice, _SAYS[each.stance]].append((each.said_to or date.max, each.ref))
    for before in said.values():
        before.sort()
    found = {}
    for each in plain:
        if each.said_from:
            opposite = [said[voice, _OPPOSITE[_SAYS[each.stance]]] for voice in each.voices]
            ends = [(before, bisect_left(before, (each.said_from, ""))) for before in opposite]
            if last := max((before[end - 1] for before, end in ends if end), default=None):
                found[each.ref] = last[1]
    return found


def _turned(entries: Sequence[Entry], places: Mapping[str, str]) -> dict[str, Turn]:
    own = {e.ref: e for e in entries if e.theirs and e.ref in places}
    answers = (Answered(e.ref, e.stance, e.voices, e.said_from, e.said_to) for e in own.values())
    return {
        ref: Turn(own[before].stance_label, own[before].when, places[before]) for ref, before in turns(answers).items()
    }


def answer_of(stance: str, gist: str) -> tuple[str, str]:
    """What two answers to a question must share to agree: which way they go, and the gist."""
    return _SAYS.get(stance, stance), " ".join(gist.casefold().split())


def _answer(entry: Entry) -> tuple[str, str]:
    return answer_of(entry.stance, entry.gist)


def _agreements(question: str, entries: Sequence[Entry]) -> dict[tuple[str, str], Agreement]:
    """Answer → the speakers that share it, where they are at least two."""
    speakers: dict[tuple[str, str], list[str]] = defaultdict(list)
    gists: dict[tuple[str, str], str] = {}
    for entry in entries:
        if entry.theirs and entry.gist:
            gists.setdefault(_answer(entry), entry.gist)
            if entry.speaker not in speakers[_answer(entry)]:
                speakers[_answer(entry)].append(entry.speaker)
    shared = [(answer, tuple(names)) for answer, names in speakers.items() if len(names) > 1]
    marks = (_letter(n) for n in range(len(shared)))
    return {
        answer: Agreement(mark, gists[answer], names, f"g-{question}-{mark}")
        for mark, (answer, names) in zip(marks, shared, strict=True)
    }


def _letter(n: int) -> str:
    """a … z, aa, ab …"""
    return (_letter(n // 26 - 1) if n > 25 else "") + ascii_lowercase[n % 26]
