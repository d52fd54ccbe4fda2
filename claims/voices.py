"""What a speaker said over time: roles as given, own words and those of its spokespeople, reversals, two voices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q, QuerySet

from claims.accounts import Account, account
from claims.choices import Finding, Pattern, Rank, SpeakerKind
from claims.filters import said_by, with_voice
from claims.models import Contradiction, Position, Speaker, Statement
from claims.querysets import corrections_of
from claims.related import with_accounts
from claims.utterances import Utterance, grouped, reporting, utterance_of
from sources import edtf

# Statements on one page; the list of statements has them all.
SHOWN = 100


@dataclass(frozen=True)
class Role:
    """A role as sources of one outlet give it, with the first and last day of what was said in it."""

    text: str
    language: str
    outlet: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Said:
    """An utterance on a speaker's page, by the first of its reports there. `utterance` has all its public reports."""

    account: Account
    utterance: Utterance
    speaks_for: Speaker | None = None


@dataclass(frozen=True)
class Reversal:
    """A pair in which one voice says now other than before, in the order of time; `dated` where both have a day."""

    pair: Contradiction
    before: Account
    after: Account
    before_words: str
    after_words: str
    dated: bool


@dataclass(frozen=True)
class Voice:
    """All that a speaker's page shows of what was said. `more` says that only the newest are shown."""

    own: list[Said]
    spoken_for: list[Said]
    relayed: list[Said]
    more: bool
    pairs: list[Contradiction]
    reversals: list[Reversal]
    two_voices: list[Contradiction]


def roles(speaker: Speaker) -> list[Role]:
    """Roles as printed, oldest first, those of undated words last; none of misattributed words. 1 query."""
    own = Statement.objects.published().filter(speaker=speaker).exclude(role_text="").exclude(rank=Rank.MISATTRIBUTED)
    named = own.values_list("role_text", "capture__source__language", "capture__source__outlet__name")
    rows = named.annotate(first=Min("said_from"), last=Max("said_to")).order_by(
        "first", "role_text", "capture__source__outlet__name"
    )
    return [Role(*row) for row in rows]


def answers_over_time(speaker: Speaker) -> QuerySet[Position]:
    """The speaker's answers by question, oldest first, each with its statement's day and marks. 1 query."""
    said = Position.objects.published().filter(statement__in=said_by([speaker]))
    rows = said.select_related("question__topic", "statement__capture__source").annotate(
        corrected=corrections_of("statement", "statement_id")
    )
    rows = rows.defer("statement__search", "statement__capture__text", "statement__capture__excerpt_map")
    return rows.order_by("question__topic__order", "question__order", "question", "statement__said_from", "pk")


def voice(speaker: Speaker) -> Voice:
    """The newest statements by, for and through a speaker, oldest first, and the pairs. 7 queries."""
    for_it = Q(on_behalf_of=speaker)
    body = for_it | Q(speaker__parent=speaker) | Q(on_behalf_of__parent=speaker) | Q(pk__in=said_by([speaker]))
    voices = Statement.objects.published().filter(body).values("pk")
    both = Q(first__in=voices, second__in=voices)
    among = Contradiction.objects.published().filter(with_voice([speaker]) | both)
    pairs = list(among.select_related("question__topic").with_corrections().order_by("pk"))
    rows = Statement.objects.for_reading().with_words().select_related("relays")
    named = Q(pk__in=said_by([speaker])) | for_it | Q(relays=speaker)
    newest = list(rows.published().filter(named).order_by("-said_from", "-pk")[: SHOWN + 1])
    shown = sorted(newest[:SHOWN], key=lambda each: (each.said_from or date.max, each.pk))
    beside = {key for pair in pairs for key in (pair.first_id, pair.second_id)} | {each.pk for each in shown}
    reports = reporting(map(utterance_of, shown))
    around = rows.published().filter(Q(pk__in=beside - {each.pk for each in shown}) | reports)
    found = {each.pk: each for each in (*around, *shown)}
    pairs = list(with_accounts(pairs, found))
    groups = grouped(found.values())
    own = [each for each in shown if speaker in _makers(each)]
    spoken_for = [each for each in shown if each.on_behalf_of_id == speaker.pk and speaker not in _makers(each)]
    return Voice(
        _said(own, groups),
        _said(spoken_for, groups, speaker),
        _said([each for each in shown if each.relays_id == speaker.pk], groups),
        len(newest) > SHOWN,
        [pair for pair in pairs if speaker in _makers(pair.first) or speaker in _makers(pair.second)],
        [_reversal(pair) for pair in pairs if _reverses(pair, speaker)],
        [pair for pair in pairs if _two_voices(pair, speaker)],
    )


def _makers(statement: Statement) -> tuple[Speaker, ...]:
    return (statement.speaker, *statement.further_speakers.all())


def _said(rows: Iterable[Statement], groups: dict[int, Utterance], speaks_for: Speaker | None = None) -> list[Said]:
    """Each utterance once, by the first of its reports among the rows."""
    first: dict[int, Statement] = {}
    for statement in rows:
        first.setdefault(utterance_of(statement), statement)
    return [Said(account(statement), groups[key], speaks_for) for key, statement in first.items()]


def _reverses(pair: Contradiction, speaker: Speaker) -> bool:
    """Whether this speaker, and no other of the same body, said both, and they pull apart."""
    if Rank.MISATTRIBUTED in {pair.first.rank, pair.second.rank}:
        return False
    one_voice = pair.pattern in {Pattern.REVERSAL, Pattern.SELF_CONTRADICTION}
    return (
        one_voice
        and pair.finding != Finding.APPARENT_ONLY
        and all(speaker in _makers(each) for each in (pair.first, pair.second))
    )


def _reversal(pair: Contradiction) -> Reversal:
    """The earlier account first; in the order of the pair where the days do not tell."""
    sides = [(pair.first, pair.first_words), (pair.second, pair.second_words)]
    days = [each.said_from for each, _ in sides]
    apart = all(days) and not edtf.overlaps(pair.first.said, pair.second.said)
    if apart:
        sides.sort(key=lambda side: side[0].said_from or date.max)
    (before, before_words), (after, after_words) = sides
    return Reversal(pair, account(before, before_words), account(after, after_words), before_words, after_words, apart)


def _two_voices(pair: Contradiction, body: Speaker) -> bool:
    """Whether two of a body's voices, itself, its parts or who speaks for them, stand against each other in it."""
    if (
        body.kind in {SpeakerKind.PERSON, SpeakerKind.UNNAMED, SpeakerKind.OUTLET}
        or pair.finding == Finding.APPARENT_ONLY
    ):
        return False
    if Rank.MISATTRIBUTED in {pair.first.rank, pair.second.rank}:
        return False
    speakers = [{maker.pk for maker in _makers(each)} for each in (pair.first, pair.second)]
    return not speakers[0] & speakers[1] and all(_of_body(each, body) for each in (pair.first, pair.second))


def _of_body(statement: Statement, body: Speaker) -> bool:
    behind = [*_makers(statement), *([statement.on_behalf_of] if statement.on_behalf_of else [])]
    return any(body.pk in {each.pk, each.parent_id} for each in behind)
