"""From records to a topic's timeline: what was said in a stretch of time, as lines of a list and as marks to draw.

Everything here starts from rows that `published()` has let through.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from claims.choices import Finding, Rank
from claims.comparison import OTHERS, OUTLET, UNNAMED, Answered, turns
from claims.matrices import column_names, column_of, pairs_on, turn_of, words_and_form
from claims.models import Contradiction, Position, Reply, Speaker, Statement, Topic
from claims.reading import listed
from claims.timeline import Bond, Lane, Said, Window, clusters
from sources.edtf import UncertainDate
from sources.localising import day, label

# Statements on one page.
LISTED = 200


@dataclass(frozen=True)
class Tie:
    """A pair as the list tells it at one of its statements; `turn` is “Reversal” where one speaker said both."""

    pair: Contradiction
    other: Statement
    turn: str


@dataclass(frozen=True)
class Line:
    """One statement of the list. `form` is "" where the words are a verified quotation, else what they are.

    `befores` are the statements in which the same speaker answered the opposite, unless a pair tells that.
    """

    statement: Statement
    when: str
    words: str
    form: str
    answers: list[Position]
    replies_to: list[Statement]
    replies: list[Reply]
    ties: list[Tie]
    befores: list["Before"]


@dataclass(frozen=True)
class Before:
    """An earlier statement, and where it stands: on this page if it is listed."""

    statement: Statement
    url: str


@dataclass(frozen=True)
class Zoom:
    """A link to another stretch: its words, its query, how many statements it holds."""

    words: str
    query: str
    count: int
    current: bool = False


@dataclass(frozen=True)
class Story:
    """What a timeline shows. Without a window no statement has a date.

    `lines` and `undated` hold at most `LISTED` together; `left` counts the others, `outside` those of other days.
    """

    window: Window | None
    said: list[Said] = field(default_factory=list)
    bonds: list[Bond] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    undated: list[Line] = field(default_factory=list)
    zooms: list[Zoom] = field(default_factory=list)
    outside: int = 0
    left: int = 0

    @property
    def shown(self) -> str:
        """The stretch of time in words."""
        assert self.window is not None  # noqa: S101
        return _stretch(self.window)


def story_of(topic: Topic, asked: Window | None) -> Story:
    """A topic's statements within the days asked for, all of them without. 12 queries."""
    statements = _statements(topic)
    pairs = list(pairs_on(topic))
    by_ref = {s.ref: s for s in statements}
    befores = {ref: [by_ref[each] for each in found] for ref, found in _befores(statements).items()}
    window = _window(statements, asked)
    dated = [s for s in statements if s.said_from or s.said_to]
    undated = [s for s in statements if not (s.said_from or s.said_to)]
    shown = _held(window, dated) if window else []
    listing = _Listing(befores, _ties(pairs), [*shown[:LISTED], *undated[: max(LISTED - len(shown), 0)]])
    lanes = _Lanes(statements)
    return Story(
        window=window,
        said=[each for s in statements if s.rank != Rank.MISATTRIBUTED for each in _said(s, lanes, listing)],
        bonds=list(chain(_reversals(pairs, befores, by_ref), _replies(statements, by_ref), _conflicts(pairs))),
        lines=[listing.line(s) for s in listing.statements if s.said_from or s.said_to],
        undated=[listing.line(s) for s in listing.statements if not (s.said_from or s.said_to)],
        zooms=_zooms(dated, window, asked) if window else [],
        outside=len(dated) - len(shown),
        left=max(len(shown) + len(undated) - LISTED, 0),
    )


def _statements(topic: Topic) -> list[Statement]:
    public = Statement.objects.published()
    answers = Position.objects.published().filter(question__topic=topic).select_related("question__topic")
    return list(
        public.of_topic(topic)
        .for_reading()
        .with_words()
        .prefetch_related(
            "further_speakers__side",
            Prefetch("right_of_reply", Reply.objects.select_related("speaker__side")),
            Prefetch("positions", answers.order_by("question__order", "pk")),
            Prefetch("in_reply_to", public.select_related("speaker").prefetch_related("further_speakers")),
        )
        .order_by("said_from", "said_to", "pk")
    )


@dataclass(frozen=True)
class _Listing:
    """The statements that have room in the list, and what its lines tell of them."""

    befores: dict[str, list[Statement]]
    ties: dict[str, list[Tie]]
    statements: list[Statement]

    @cached_property
    def refs(self) -> set[str]:
        """What has a line, or stands in one."""
        return {each.ref for s in self.statements for each in (s, *s.right_of_reply.all())}

    def place(self, record: Statement | Reply, otherwise: Statement) -> str:
        """Where one finds it: in the list, else on the page of a statement."""
        return f"#said-{record.ref}" if record.ref in self.refs else otherwise.get_absolute_url()

    def line(self, statement: Statement) -> Line:
        words, form = words_and_form(statement)
        ties = self.ties[statement.ref]
        told = [tie.other for tie in ties if tie.turn]
        befores = [before for before in self.befores.get(statement.ref, ()) if before not in told]
        return Line(
            statement=statement,
            when=label(statement.said),
            words=words,
            form=form,
            answers=list(statement.positions.all()),
            replies_to=list(statement.in_reply_to.all()),
            replies=list(statement.right_of_reply.all()),
            ties=ties,
            befores=[Before(before, self.place(before, before)) for before in befores],
        )


def _ties(pairs: Iterable[Contradiction]) -> dict[str, list[Tie]]:
    ties: dict[str, list[Tie]] = defaultdict(list)
    for pair in pairs:
        turn = turn_of(pair)
        ties[pair.first.ref].append(Tie(pair, pair.second, turn))
        ties[pair.second.ref].append(Tie(pair, pair.first, turn))
    return ties


def _befores(statements: Iterable[Statement]) -> dict[str, list[str]]:
    """Statement → those in which the same speaker gave the opposite answer to a question before, by reference."""
    asked: dict[int, list[Answered]] = defaultdict(list)
    for s in statements:
        voices = tuple(voice.slug for voice in _voices(s))
        for position in s.positions.all() if s.rank != Rank.MISATTRIBUTED else ():
            answer = Answered(s.ref, position.stance, voices, s.said_from, s.said_to)
            asked[position.question_id].append(answer)
    found: dict[str, list[str]] = defaultdict(list)
    for answers in asked.values():
        for ref, before in turns(answers).items():
            if before not in found[ref]:
                found[ref].append(before)
    return found


def _voices(statement: Statement) -> list[Speaker]:
    return [statement.speaker, *statement.further_speakers.all()]


class _Lanes:
    """Who speaks in which lane: sides in their order, then others, then those without a name and the outlet."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        names = column_names()
        self.speakers = {voice for s in statements for voice in _voices(s)}
        last = {UNNAMED: len(names), OUTLET: len(names) + 1}
        self.groups = {key: (name, last.get(key, n)) for n, (key, name) in enumerate(names)}

    def of(self, statement: Statement) -> tuple[Lane, ...]:
        return tuple(self._lane(each) for each in _voices(statement))

    def of_reply(self, reply: Reply) -> Lane:
        """That of the speaker who answers, if this one speaks in the story, else one of the party's own."""
        if reply.speaker in self.speakers:
            return self._lane(reply.speaker)
        return Lane(f":{reply.party}", reply.party, *self.groups[OTHERS])

    def _lane(self, speaker: Speaker) -> Lane:
        group, order = self.groups[column_of(speaker)]
        return Lane(speaker.slug, speaker.name, group, order)


def _said(statement: Statement, lanes: _Lanes, listing: _Listing) -> Iterable[Said]:
    """The statement, and what was answered to it by right of reply."""
    what = {
        "speaker": statement.speakers_label,
        "cue": statement.cue,
        "when": label(statement.said),
        "words": _short(statement.content),
    }
    # With the cue: a reported denial must not read as an assertion.
    title = _("%(speaker)s (%(cue)s), %(when)s: %(words)s") if statement.cue else _("%(speaker)s, %(when)s: %(words)s")
    yield Said(
        statement.ref,
        listing.place(statement, statement),
        title % what,
        lanes.of(statement),
        statement.said_from,
        statement.said_to,
        statement.precision,
        statement.approximate,
    )
    for reply in statement.right_of_reply.all():
        title = _("Reply of %(party)s, received %(day)s") % {"party": reply.party, "day": day(reply.received_on)}
        on = reply.received_on
        where = listing.place(reply, statement)
        yield Said(reply.ref, where, title, (lanes.of_reply(reply),), on, on, "day", is_reply=True)


def _short(words: str) -> str:
    return words if len(words) <= 120 else f"{words[:119].rstrip()}…"


def _reversals(
    pairs: Iterable[Contradiction], befores: dict[str, list[Statement]], by_ref: dict[str, Statement]
) -> Iterable[Bond]:
    """Those that editors found, by the name that they gave them; of the others only that the answers differ."""
    found = {frozenset((ref, before.ref)): "" for ref, several in befores.items() for before in several}
    found |= {frozenset((pair.first.ref, pair.second.ref)): turn_of(pair) for pair in pairs if turn_of(pair)}
    for ends, turn in found.items():
        one, other = sorted(ends)
        if one in by_ref and other in by_ref:
            both = [voice.name for voice in _voices(by_ref[one]) if voice in _voices(by_ref[other])]
            names = {"turn": turn, "speaker": listed(both) or by_ref[one].speakers_label}
            title = _("%(turn)s: %(speaker)s") if turn else _("%(speaker)s answered otherwise")
            yield Bond("reversal", one, other, title % names)


def _replies(statements: Iterable[Statement], by_ref: dict[str, Statement]) -> Iterable[Bond]:
    for s in statements:
        for answered in s.in_reply_to.all():
            if answered.ref in by_ref:
                names = {"one": s.speakers_label, "other": answered.speakers_label}
                yield Bond("reply", answered.ref, s.ref, _("%(one)s answers %(other)s") % names)
        for reply in s.right_of_reply.all():
            names = {"one": reply.party, "other": s.speakers_label}
            yield Bond("reply", s.ref, reply.ref, _("%(one)s answers %(other)s") % names)


def _conflicts(pairs: Sequence[Contradiction]) -> Iterable[Bond]:
    for finding in (Finding.CONTRADICTS, Finding.IN_TENSION):
        for pair in pairs:
            if pair.finding == finding and not turn_of(pair):
                one, other = pair.first, pair.second
                what = {"finding": pair.get_finding_display(), "one": one.speakers_label, "other": other.speakers_label}
                title = _("%(finding)s: %(one)s and %(other)s") % what
                yield Bond(finding.value, one.ref, other.ref, title)


# Stretches of time.


def _window(statements: Iterable[Statement], asked: Window | None) -> Window | None:
    """The days asked for; where an end is open, as far as the story reaches, with some room. None without any date."""
    bounds = [bound for s in statements for bounds in _bounds(s) for bound in bounds if bound]
    if not bounds:
        return None
    first, last = (asked.first, asked.last) if asked else (None, None)
    room = max(1, (max(bounds) - min(bounds)).days // 40)
    start = first or min(_shifted(min(bounds), -room), last or date.max)
    return Window(start, last or max(_shifted(max(bounds), room), start))


def _shifted(moment: date, days: int) -> date:
    return date.fromordinal(min(max(moment.toordinal() + days, 1), date.max.toordinal()))


def _stretch(window: Window) -> str:
    if window.first == window.last:
        return label(UncertainDate(window.first, window.last, "day"))
    return label(UncertainDate(window.first, window.last, "range"))


def _zooms(dated: list[Statement], window: Window, asked: Window | None) -> list[Zoom]:
    """The whole story, its newest month, where statements crowd, and what lies before and after."""
    days = sorted(s.said_from for s in dated if s.said_from and s.said_to and (s.said_to - s.said_from).days < 31)
    narrowed = asked is not None and (asked.first is not None or asked.last is not None)
    zooms = [Zoom(_("The whole story"), "?", len(dated), not narrowed)]
    stretches = [Window(first, last) for first, last, _count in clusters(days)]
    zooms += [_zoom(_stretch(_roomy(each)), _roomy(each), dated, asked) for each in stretches]
    if days:
        month = _month(days[-1])
        if _held(Window(*month), dated) not in [dated, *(_held(_roomy(each), dated) for each in stretches)]:
            zooms.append(_zoom(label(UncertainDate(*month, "month")), Window(*month), dated, asked))
    if narrowed and window.first and window.last:
        for words, near in (
            (_("Earlier"), max((d for d in days if d < window.first), default=None)),
            (_("Later"), min((d for d in days if d > window.last), default=None)),
        ):
            if near:
                half = window.days // 2
                zooms.append(_zoom(words, Window(_shifted(near, -half), _shifted(near, half)), dated, asked))
    return zooms


def _month(moment: date) -> tuple[date, date]:
    start = moment.replace(day=1)
    following = _shifted(start, 31)
    return start, _shifted(following.replace(day=1), -1) if following.month != start.month else following


def _roomy(window: Window) -> Window:
    """With a day before and after."""
    assert window.first is not None and window.last is not None  # noqa: S101, PT018
    return Window(_shifted(window.first, -1), _shifted(window.last, 1))


def _held(window: Window, dated: Iterable[Statement]) -> list[Statement]:
    return [s for s in dated if _falls(s, window)]


def _zoom(words: str, window: Window, dated: Iterable[Statement], asked: Window | None) -> Zoom:
    ends = (("from", window.first), ("to", window.last))
    query = urlencode({name: end.isoformat() for name, end in ends if end})
    return Zoom(words, f"?{query}", len(_held(window, dated)), window == asked)


def _falls(statement: Statement, window: Window) -> bool:
    """Whether it may have been said within, or was answered within by right of reply."""
    return any(window.holds(*bounds) for bounds in _bounds(statement))


def _bounds(statement: Statement) -> list[tuple[date | None, date | None]]:
    """The first and last day of the statement, and of each answer to it by right of reply."""
    answered = ((reply.received_on, reply.received_on) for reply in statement.right_of_reply.all())
    return [(statement.said_from, statement.said_to), *answered]
