"""Two to six accounts beside each other, row by row: what a pair and a comparison of statements show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from claims.accounts import Account, account
from claims.chains import Hop, chain
from claims.choices import Rank
from claims.comparison import answer_of
from claims.models import Contradiction, Position, Statement
from claims.related import Denied, Related, by_statement
from claims.utterances import Utterance


@dataclass(frozen=True)
class Meeting:
    """Where an account meets another of the same page: a recorded pair, or one answer that both give."""

    other: str
    pair: Contradiction | None = None
    agreed: Position | None = None


@dataclass(frozen=True)
class Placed:
    """An account in its place beside others. `name` tells it from those beside it, whoever speaks twice.

    `denied` is None where it is no denial. `conflicts` says whether the conflicting words are marked in it.
    """

    account: Account
    name: str
    hops: tuple[Hop, ...]
    denied: tuple[Denied, ...] | None
    utterance: Utterance
    others: tuple[Statement, ...]
    answers: tuple[Position, ...] = ()
    meets: tuple[Meeting, ...] = ()

    @property
    def conflicts(self) -> bool:
        return any(segment.keys for piece in self.account.pieces for segment in piece)


def placed(statements: Sequence[Statement], around: Related, conflicting: Sequence[str] = ()) -> list[Placed]:
    """Accounts in this order, with their conflicting words marked. No query."""
    found = []
    for number, statement in enumerate(statements):
        denied = around.denied(statement)
        utterance = around.utterance(statement)
        found.append(
            Placed(
                account(statement, conflicting[number] if conflicting else ""),
                statement.speakers_label,
                tuple(chain(statement)),
                None if denied is None else tuple(denied),
                utterance,
                utterance.others(statement),
            )
        )
    return _told_apart(found)


def _told_apart(found: list[Placed]) -> list[Placed]:
    """With a number at each name that stands twice."""
    names = [each.name for each in found]
    return [
        replace(each, name=_("%(who)s, account %(number)s") % {"who": each.name, "number": number})
        if names.count(each.name) > 1
        else each
        for number, each in enumerate(found, 1)
    ]


def optional_rows(found: Iterable[Placed]) -> set[str]:
    """The rows that have something to say at one account at least."""
    each = list(found)
    said = {
        "translations": any(one.account.statement.translations.all() for one in each),
        "denies": any(one.denied is not None for one in each),
        "reports": any(one.others for one in each),
        "meets": any(one.meets for one in each),
    }
    return {name for name, there in said.items() if there}


def met(found: Sequence[Placed], around: Related, positions: Iterable[Position]) -> list[Placed]:
    """The accounts with their answers, and with where two of them meet: in a recorded pair, or in one answer."""
    answers = by_statement(positions)
    names = {each.account.statement.pk: each.name for each in found}
    return [
        replace(
            each,
            answers=tuple(answers[each.account.statement.pk]),
            meets=(*_pairs(each, around, names), *_agreements(each, answers, names, found)),
        )
        for each in found
    ]


def _pairs(each: Placed, around: Related, names: dict[int, str]) -> list[Meeting]:
    meetings = []
    for pair in around.pairs_of(each.account.statement):
        other = pair.second if pair.first_id == each.account.statement.pk else pair.first
        if other.pk in names:
            meetings.append(Meeting(names[other.pk], pair=pair))
    return meetings


def _agreements(
    each: Placed, answers: dict[int, list[Position]], names: dict[int, str], found: Sequence[Placed]
) -> list[Meeting]:
    """The same answer with the same gist, by another speaker; a misattributed statement agrees with nobody."""
    own = each.account.statement
    meetings = []
    for other in (one.account.statement for one in found):
        if other.speaker_id == own.speaker_id or Rank.MISATTRIBUTED in {own.rank, other.rank}:
            continue
        theirs = {(p.question_id, answer_of(p.stance, p.gist)) for p in answers[other.pk] if p.gist}
        meetings += [
            Meeting(names[other.pk], agreed=position)
            for position in answers[own.pk]
            if (position.question_id, answer_of(position.stance, position.gist)) in theirs
        ]
    return meetings
