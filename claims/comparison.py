"""Pure: positions in, a side-by-side table out. No ORM, no HTTP.

The table is the matrix of a topic (columns are sides) and of a comparison of speakers (columns are speakers).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

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


@dataclass(frozen=True)
class Column:
    """One party: `statements` counts what it has on record in the topic, `unnamed` those of unnamed sources.

    Misattributed ones are not counted: they turned out not to be the party's.
    """

    key: str
    label: str
    statements: int = 0
    unnamed: int = 0


@dataclass(frozen=True)
class Tie:
    """A pair in which an entry takes part: the other speaker, the finding and where the pair is shown."""

    finding: str
    finding_label: str
    other: str
    url: str


@dataclass(frozen=True)
class Entry:
    """One position as a cell shows it. `form` is "" where the words are a verified quotation, else what they are.

    `source_state` is a short mark where the source no longer stands as it was captured, `corrected` where the statement
    was changed; `rank` and `rank_note` say that it does not stand as its speaker's word, and why. One that is not
    `theirs` (misattributed) agrees with nobody.
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
    source_state: str = ""
    corrected: str = ""
    rank: str = ""
    rank_note: str = ""
    theirs: bool = True
    ties: tuple[Tie, ...] = ()
    agrees_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """What one party says to one question, oldest first. Without entries: no statement on record."""

    column: Column
    entries: tuple[Entry, ...]

    @property
    def declined(self) -> bool:
        """The party was asked and answered nothing else."""
        own = [entry for entry in self.entries if entry.theirs]
        return bool(own) and all(entry.stance == "declines" for entry in own)


@dataclass(frozen=True)
class Row:
    question: str
    text: str
    url: str
    cells: tuple[Cell, ...]
    findings: tuple[tuple[str, int], ...]
    agreements: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Matrix:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Asked:
    """A question as a row shows it."""

    key: str
    text: str
    url: str


def matrix(questions: Sequence[Asked], columns: Sequence[Column], entries: Iterable[Entry]) -> Matrix:
    """Questions × columns, each cell oldest first and undated last. O(n log n) in the entries.

    The same gist by two speakers on one question is an agreement, said at each of them and of the row.
    """
    by_question: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_question[entry.question].append(entry)
    rows = []
    for asked in questions:
        found = sorted(by_question[asked.key], key=lambda e: (e.said_from or date.max, e.speaker, e.ref))
        gists = _agreements(found)
        found = [
            replace(e, agrees_with=tuple(name for name in gists.get(_answer(e), ()) if name != e.speaker))
            if e.theirs
            else e
            for e in found
        ]
        cells = tuple(Cell(column, tuple(e for e in found if column.key in e.columns)) for column in columns)
        rows.append(Row(asked.key, asked.text, asked.url, cells, _findings(found), _named(found, gists)))
    return Matrix(tuple(columns), tuple(rows))


def answer_of(stance: str, gist: str) -> tuple[str, str]:
    """What two answers to a question must share to agree: which way they go, and the gist."""
    return _SAYS.get(stance, stance), " ".join(gist.casefold().split())


def _answer(entry: Entry) -> tuple[str, str]:
    return answer_of(entry.stance, entry.gist)


def _agreements(entries: Sequence[Entry]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Answer → the speakers that share it, where they are at least two."""
    speakers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries:
        if entry.theirs and entry.gist and entry.speaker not in speakers[_answer(entry)]:
            speakers[_answer(entry)].append(entry.speaker)
    return {answer: tuple(names) for answer, names in speakers.items() if len(names) > 1}


def _named(
    entries: Sequence[Entry], gists: dict[tuple[str, str], tuple[str, ...]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    printed = {_answer(e): e.gist for e in reversed(entries)}
    return tuple((printed[gist], names) for gist, names in gists.items())


def _findings(entries: Sequence[Entry]) -> tuple[tuple[str, int], ...]:
    """How many pairs of each finding stand in the row; a pair has two ends."""
    pairs: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for tie in entry.ties:
            pairs[tie.finding_label].add(tie.url)
    return tuple((label, len(urls)) for label, urls in pairs.items())
