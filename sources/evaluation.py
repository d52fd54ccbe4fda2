"""How well proposals agree with a careful reading: gold files in, counts out. Pure but for reading the files.

A gold attribution counts as found when one proposal, used for no other, has its speaker and its words: at least 80 % of
the gold words in at most twice as many, or an intersection over union of 0.6; compared word by word, at their places.
The speaker agrees when the printed words are the same but for articles and case, or one is part of the other ("Miller",
"US State Department spokesman Matthew Miller"); a pronoun agrees only with itself.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sources.anchoring import Span
from sources.attributions import TURN, Attribution, propose

GOLD = Path(__file__).parent / "gold"
ENOUGH, AT_MOST, OVERLAP = 0.8, 2.0, 0.6
_WORD = re.compile(r"\w[\w’'-]*")
_ARTICLES = {"the", "a", "an"}


@dataclass(frozen=True, slots=True)
class Gold:
    """One attribution of a careful reading. `speaker` as printed ("" where nothing is), `named` who is meant, or ""."""

    content: Span
    speaker: str
    quotes: tuple[Span, ...] = ()
    named: str = ""
    turn: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A text with its reading; the rules were not changed because of `held_out` texts."""

    name: str
    text: str
    language: str
    gold: list[Gold]
    held_out: bool = False


@dataclass(slots=True)
class Score:
    """Counts that add up over texts."""

    gold: int = 0
    proposed: int = 0
    found: int = 0
    placed: int = 0
    quotes: int = 0
    quotes_found: int = 0
    missed: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        for name in ("gold", "proposed", "found", "placed", "quotes", "quotes_found", "missed", "spare"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def precision(self) -> float:
        return self.found / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.gold if self.gold else 1.0

    @property
    def speakers(self) -> float:
        """Of the attributions whose words were found, the share whose speaker was found too."""
        return self.found / self.placed if self.placed else 1.0

    @property
    def quote_recall(self) -> float:
        return self.quotes_found / self.quotes if self.quotes else 1.0


def gold_cases(folder: Path = GOLD) -> list[Case]:
    """The kept gold files, by name. Raises ValueError where an annotation does not stand in its text."""
    cases = []
    for path in sorted(folder.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        gold = []
        for entry in record["attributions"]:
            content = Span(entry["start"], entry["end"])
            if content.of(text) != entry["content"]:
                raise ValueError(f"{path.name}: “{entry['content'][:40]}” does not stand at {content.start}.")
            quotes = tuple(Span(quote["start"], quote["end"]) for quote in entry["quotes"])
            turn = entry["kind"] == "turn"
            gold.append(Gold(content, entry["speaker"], quotes, entry.get("named", ""), turn))
        cases.append(Case(path.stem, text, record["language"], gold, record["held_out"]))
    return cases


def evaluate(case: Case, *, turns: bool) -> Score:
    """Proposals against the reading: the sentences of turns if `turns`, else all other attributions.

    Reported speech may overlap a turn's sentence ("The President said that …" within an answer): the two are counted
    apart, each proposal once.
    """
    proposed = [made for made in propose(case.text, case.language).attributions if (made.origin == TURN) == turns]
    gold = [entry for entry in case.gold if entry.turn == turns]
    return score(case.text, gold, proposed)


def score(text: str, gold: list[Gold], proposed: list[Attribution]) -> Score:
    """Match each gold attribution with at most one proposal, the best first, and count."""
    words = [found.start() for found in _WORD.finditer(text)]
    pairs = []
    for number, entry in enumerate(gold):
        for at, made in enumerate(proposed):
            share = _agreement(words, entry.content, made.content)
            if share:
                pairs.append((agrees(text, entry, made), share, number, at))
    pairs.sort(key=lambda pair: (pair[0], pair[1]), reverse=True)
    result = Score(gold=len(gold), proposed=len(proposed))
    taken: set[int] = set()
    matched: set[int] = set()
    used: set[int] = set()
    for right, _, number, at in pairs:
        if number in taken or at in used:
            continue
        taken.add(number)
        used.add(at)
        result.placed += 1
        if right:
            result.found += 1
            matched.add(number)
    spans = [_tokens(span.of(text)) for made in proposed for span in made.quoted]
    quotes = [quote for entry in gold for quote in entry.quotes]
    result.quotes = len(quotes)
    result.quotes_found = sum(_tokens(quote.of(text)) in spans for quote in quotes)
    result.missed = [
        f"{entry.name or entry.speaker}: {_short(entry.content.of(text))}"
        for number, entry in enumerate(gold)
        if number not in matched
    ]
    right_ones = {at for right, _, number, at in pairs if right and number in matched and at in used}
    result.spare = [
        f"{made.speaker.of(text) if made.speaker else made.named}: {_short(made.content.of(text))}"
        for at, made in enumerate(proposed)
        if at not in right_ones
    ]
    return result


def _agreement(words: list[int], gold: Span, made: Span) -> float:
    """The share of words that both have (intersection over union), or 0 where the two do not agree."""
    expected = {at for at in words if gold.start <= at < gold.end}
    found = {at for at in words if made.start <= at < made.end}
    both = len(expected & found)
    if not both:
        return 0.0
    share = both / len(expected | found)
    covered = both >= ENOUGH * len(expected) and len(found) <= AT_MOST * len(expected)
    return share if covered or share >= OVERLAP else 0.0


def agrees(text: str, gold: Gold, made: Attribution) -> bool:
    """Whether the speakers are the same."""
    if made.speaker and gold.speaker:
        return _same(gold.speaker, made.speaker.of(text))
    expected = gold.named or gold.speaker
    return _same(expected, made.named) if expected and made.named else False


def _same(one: str, other: str) -> bool:
    first, second = set(_tokens(one)) - _ARTICLES, set(_tokens(other)) - _ARTICLES
    return bool(first) and bool(second) and (first <= second or second <= first)


def _tokens(words: str) -> tuple[str, ...]:
    return tuple(token.lower() for token in _WORD.findall(words))


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 90 else f"{words[:89]}…"


def total(scores: Iterable[Score]) -> Score:
    """The counts of several texts together."""
    result = Score()
    for each in scores:
        result.add(each)
    return result
