"""One thing in three states: as somebody opened it, as a colleague left it, as it is wanted now. Pure; no Django."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Unknown(Enum):
    """What was opened, where nobody can tell any more: a page of long ago, a forged one."""

    OPENED = "unknown"


class Outcome(StrEnum):
    """Who changed it, seen from the one who saves second."""

    UNTOUCHED = "untouched"
    ALIKE = "alike"  # Both came to the same.
    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"  # Differently, so that a person has to choose.


@dataclass(frozen=True, slots=True)
class Merged[T]:
    """The value to go on with; where both changed it, it is what was typed, so that nothing typed is lost."""

    outcome: Outcome
    value: T


def merge[T](opened: T | Unknown, theirs: T, mine: T) -> Merged[T]:
    """Three states of a value as one. Where it is unknown what was opened, any difference counts as made by both.

    Any values that can be compared will do: the text of a field, or a whole row with None for one taken away.
    """
    if theirs == mine:
        return Merged(Outcome.UNTOUCHED if opened in (theirs, Unknown.OPENED) else Outcome.ALIKE, mine)
    if mine == opened:
        return Merged(Outcome.THEIRS, theirs)
    return Merged(Outcome.MINE if theirs == opened else Outcome.BOTH, mine)
