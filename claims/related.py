"""What hangs together around statements: the reports of their utterance, what they answer, the pairs they stand in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from claims.choices import AssertedBy, CueClass, Finding, Pattern, Polarity
from claims.models import Contradiction, Statement
from claims.querysets import StatementQuerySet
from claims.utterances import Utterance, grouped, reporting, utterance_of


@dataclass(frozen=True)
class Denied:
    """A statement that another denies: by a reply to it, or in a pair."""

    statement: Statement
    pair: Contradiction | None


@dataclass(frozen=True)
class Related:
    """Statements asked for, and of those around them what readers may see."""

    statements: dict[int, Statement]
    pairs: tuple[Contradiction, ...]
    links: tuple[tuple[int, int], ...]
    utterances: dict[int, Utterance]

    def utterance(self, statement: Statement) -> Utterance:
        """All public reports of what it reports, itself too."""
        return self.utterances[utterance_of(statement)]

    def answers(self, statement: Statement) -> list[Statement]:
        """What it answers."""
        return [self.statements[to] for at, to in self.links if at == statement.pk and to in self.statements]

    def answered_by(self, statement: Statement) -> list[Statement]:
        return [self.statements[at] for at, to in self.links if to == statement.pk and at in self.statements]

    def pairs_of(self, statement: Statement) -> list[Contradiction]:
        return [pair for pair in self.pairs if statement.pk in {pair.first_id, pair.second_id}]

    def denied(self, statement: Statement) -> list[Denied] | None:
        """What it denies, in the order of record: none where nothing of that is on record; None if it is no denial."""
        found: dict[int, Denied] = {}
        for pair in self.pairs_of(statement):
            if denial_in(pair) == statement:
                other = pair.second if pair.first_id == statement.pk else pair.first
                found.setdefault(other.pk, Denied(other, pair))
        if not found and not denies(statement):
            return None
        for other in self.answers(statement):
            found.setdefault(other.pk, Denied(other, None))
        return list(found.values())


def denies(statement: Statement) -> bool:
    """Whether it rejects something, by its cue or in its own words."""
    return statement.polarity == Polarity.DENY or statement.cue_class == CueClass.DENY


def denial_in(pair: Contradiction) -> Statement | None:
    """Which account of a pair denies the other.

    Of a denial or rebuttal whoever rejects the other's account, else the one that denies, and of two such the second,
    as the pattern says what the second does to the first. Of any other pair the one whose cue is a denial.
    """
    if pair.finding == Finding.APPARENT_ONLY:
        return None
    if pair.pattern in {Pattern.DENIAL, Pattern.REBUTTAL}:
        if pair.asserted_by != AssertedBy.EDITOR:
            return pair.first if pair.asserted_by == AssertedBy.FIRST else pair.second
        return pair.first if denies(pair.first) and not denies(pair.second) else pair.second
    by_cue = [each for each in (pair.first, pair.second) if each.cue_class == CueClass.DENY]
    return by_cue[0] if len(by_cue) == 1 else None


def related(keys: Iterable[int], rows: StatementQuerySet | None = None) -> Related:
    """These statements, which readers may see or the desk previews, and what is public around them. 6 queries.

    rows: statements with what the page needs of each; those with words unless said otherwise.
    """
    wanted = set(keys)
    roots = {root or key for key, root in Statement.objects.filter(pk__in=wanted).values_list("pk", "same_words_as")}
    through = Statement.in_reply_to.through.objects
    ends = through.filter(Q(from_statement__in=wanted) | Q(to_statement__in=wanted)).order_by("pk")
    links = tuple(ends.values_list("from_statement_id", "to_statement_id"))
    among = Contradiction.objects.published().filter(Q(first__in=wanted) | Q(second__in=wanted))
    pairs = tuple(among.select_related("question__topic").with_corrections().order_by("pk"))
    linked = {key for link in links for key in link} | {
        key for pair in pairs for key in (pair.first_id, pair.second_id)
    }
    rows = Statement.objects.for_reading().with_words() if rows is None else rows
    public = rows.published().filter(Q(pk__in=linked) | reporting(roots))
    found = {statement.pk: statement for statement in rows.filter(pk__in=wanted) | public}
    return Related(found, with_accounts(pairs, found), links, grouped(found.values()))


def with_accounts(pairs: Iterable[Contradiction], found: dict[int, Statement]) -> tuple[Contradiction, ...]:
    """The pairs with both accounts as they were read already; one whose account went meanwhile is left out."""
    kept = []
    for pair in pairs:
        if pair.first_id in found and pair.second_id in found:
            pair.first, pair.second = found[pair.first_id], found[pair.second_id]
            kept.append(pair)
    return tuple(kept)


def by_statement(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """Rows that belong to statements (answers, replies), by statement, in their order."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.statement_id].append(row)
    return found
