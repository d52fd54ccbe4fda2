"""One utterance, however many outlets report it: its reports stand as one group and count once.

The first report is the one that the others name in `same_words_as`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from claims.accounts import shown_words
from claims.choices import Mode
from claims.models import Statement
from sources.differences import Stretch, difference


def utterance_of(statement: Statement) -> int:
    """The key that all reports of one utterance share: that of the first, which they name."""
    return statement.same_words_as_id or statement.pk


def reporting(keys: Iterable[int]) -> Q:
    """The condition that a statement reports one of these utterances. To be asked of public statements."""
    wanted = set(keys)
    return Q(pk__in=wanted) | Q(same_words_as__in=wanted)


@dataclass(frozen=True)
class Utterance:
    """The public reports of one utterance, in the order in which they were recorded."""

    reports: tuple[Statement, ...]

    @property
    def outlets(self) -> int:
        """How many outlets report it: one may do so twice."""
        return len({report.capture.source.outlet_id for report in self.reports})

    def others(self, statement: Statement) -> tuple[Statement, ...]:
        return tuple(report for report in self.reports if report.pk != statement.pk)


def grouped(statements: Iterable[Statement]) -> dict[int, Utterance]:
    """Statements by the utterance that they report. No query."""
    groups: dict[int, list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[utterance_of(statement)].append(statement)
    return {key: Utterance(tuple(sorted(found, key=lambda each: each.pk))) for key, found in groups.items()}


@dataclass(frozen=True)
class Wording:
    """A statement's words beside those of another: `stretches` is empty where the two are of different languages.

    What is “removed” stands only in the other, what is “added” only here. `kind` says what is set beside what:
    "wording" of one utterance, or "own_words": the speaker's quoted words beside a paraphrase of them.
    """

    statement: Statement
    other: Statement
    stretches: tuple[Stretch, ...]
    kind: str

    @property
    def same(self) -> bool:
        """Word for word the same."""
        return bool(self.stretches) and {stretch.kind for stretch in self.stretches} == {"same"}

    @property
    def apart(self) -> bool:
        """Without a run of words in common: then there is nothing to compare word by word."""
        return bool(self.stretches) and not any(each.kind == "same" and each.text.strip() for each in self.stretches)


def wording(other: Statement, statement: Statement) -> Wording:
    """How a statement's words differ from another's, by words. No query after `with_words`."""
    (before, first_quoted), (after, quoted) = shown_words(other), shown_words(statement)
    one_language = _primary(other.language) == _primary(statement.language)
    stretches = difference(" ".join(before.split()), " ".join(after.split()), words_kept=None) if one_language else []
    own_words = quoted and not first_quoted and statement.speaker_id == other.speaker_id
    return Wording(statement, other, tuple(stretches), "own_words" if own_words else "wording")


def wordings(statements: Iterable[Statement]) -> list[Wording]:
    """Of these, each further report of an utterance beside the first of them that reports it."""
    first: dict[int, Statement] = {}
    found = []
    for statement in statements:
        kept = first.setdefault(utterance_of(statement), statement)
        if kept is not statement:
            found.append(wording(kept, statement))
    return found


def paraphrase_and_own_words(one: Statement, other: Statement) -> Wording | None:
    """What a speaker was quoted as saying beside the paraphrase of it; None where the two are not one of each."""
    quoted = [each for each in (one, other) if each.mode == Mode.DIRECT]
    paraphrases = [each for each in (one, other) if each.mode in {Mode.INDIRECT, Mode.MIXED}]
    if len(quoted) != 1 or len(paraphrases) != 1 or one.speaker_id != other.speaker_id:
        return None
    return wording(paraphrases[0], quoted[0])


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
