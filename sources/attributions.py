"""Who is said to have said what: attributions proposed from a kept text, for an editor to accept, change or reject.

Pure: text in, proposals out; no Django. Nothing is stored or decided here. Rules of the language, not a model: each
proposal can be traced to a verb, a pair of marks, or the head of a turn. Where the text does not say who speaks,
nothing is proposed; quotation marks around a name or without a verb are flagged with the reason instead.
docs/decisions/0013-proposals.md says what the rules find and miss, with figures (`manage.py evaluate_proposals`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from sources.anchoring import Span
from sources.antecedents import Speakers
from sources.clauses import plain_of
from sources.proposals import quoted_within
from sources.quotations import holds_a_name, printed_quotations, without_outlet_mark
from sources.reported import Reported, Sentence, reported_in
from sources.reported_arabic import reported_in_arabic
from sources.sentences import paragraphs, sentences_of, unfinished_lines
from sources.turns import Turn, is_statement, read_turns

REPORTED, TURN, CONTINUED = "reported", "turn", "continued"
_CAPTION = re.compile(r"\s*(?:FILE\b|PHOTO\b|.{0,600}\((?:AP|AFP|Reuters|EPA|Getty|the government media)\b)")
_ENDS = re.compile(r"[.!?…:؟۔][”\"’»)\]]*\s*$|[”\"»]\s*$")
_HEADLINE_WORDS = 25


@dataclass(frozen=True, slots=True)
class Attribution:
    """One proposal. All spans are code points of the text.

    `content` is the shortest span with the words; `quoted` its parts between quotation marks (a whole sentence of a
    transcript's turn); `mode` "direct", "mixed" or "indirect"; `cue` the places of the verb ((), with class "implicit",
    where there is none); `speaker` the words for the speaker as printed, None where a bare quotation goes on or the
    verb holds it; `named` the earlier, fuller words that it stands for, or ""; `determinacy` "explicit", "coreference"
    or "inferred"; `origin` "reported", "turn" or "continued".
    """

    content: Span
    quoted: tuple[Span, ...]
    mode: str
    cue: tuple[Span, ...]
    cue_class: str
    polarity: str
    speaker: Span | None
    named: str
    determinacy: str
    origin: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Words between quotation marks that are not proposed as speech, and why."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Proposals:
    attributions: list[Attribution]
    flagged: list[Flag]


NAME = "a name, not an utterance"
NO_SPEAKER = "quoted words without a verb that says whose they are"
FEW_WORDS = "a word or two in quotation marks: a name, a label or distance"


def propose(text: str, languages: str = "en") -> Proposals:
    """Attributions and flagged quotations, each in the order of the text.

    `languages` are BCP 47 tags with spaces between. A paragraph that stands in the text again (a headline, a caption)
    is read once. Cost: linear in the text; a megabyte takes seconds.
    """
    return _Reader(text, languages).read()


def propose_attributions(text: str, languages: str = "en") -> list[Attribution]:
    """The attributions alone, in the order of the text."""
    return propose(text, languages).attributions


def _is_label(words: str) -> bool:
    """Whether quoted words are too few for an utterance: “safe zone”, but not “It was chaos” or “Why?”."""
    return len(words.split()) <= 3 and words[-1] not in "?!؟" and not (words[0].isupper() and len(words.split()) == 3)


class _Reader:
    """One reading of a text, paragraph by paragraph."""

    def __init__(self, text: str, languages: str) -> None:
        self.text = text
        self.languages = [*dict.fromkeys(tag.partition("-")[0].lower() for tag in languages.split())]
        self.quotations = printed_quotations(text)
        self.plain = plain_of(text, self.quotations)
        self.speakers = Speakers()
        self.made: list[Attribution] = []
        self.flagged: list[Flag] = []
        self.seen: set[tuple[str, str]] = set()

    def read(self) -> Proposals:
        parts = paragraphs(self.text)
        turns = read_turns(self.text, parts)
        quotations = iter([*self.quotations, None])
        upcoming = next(quotations)
        known: set[str] = set()
        for turn in turns if turns is not None else [Turn(part, None, states=False) for part in parts]:
            part, within = turn.part, []
            while upcoming and upcoming.start < part.end:
                if upcoming.start >= part.start:
                    within.append(upcoming)
                upcoming = next(quotations)
            words = " ".join(part.of(self.text).split())
            if turns is None and (words in known or (len(parts) > 1 and self._is_heading(words))):
                continue
            known.add(words)
            self._read_paragraph(turn, within, transcript=turns is not None)
        return Proposals(
            sorted(self.made, key=lambda made: (made.content.start, made.content.end)),
            sorted(self.flagged, key=lambda flag: flag.span.start),
        )

    def _is_heading(self, words: str) -> bool:
        return bool(_CAPTION.match(words)) or (len(words.split()) <= _HEADLINE_WORDS and not _ENDS.search(words))

    def _read_paragraph(self, turn: Turn, quotations: list[Span], *, transcript: bool) -> None:
        before = len(self.made)
        starts = [quotation.start for quotation in quotations]
        used: set[Span] = set()
        last: Reported | None = None
        for span in self._sentences(turn.part, quotations, lines=not transcript):
            inside = quotations[max(0, bisect_left(starts, span.start) - 1) : bisect_left(starts, span.end)]
            inside = [quotation for quotation in inside if quotation.overlap(span)]
            sentence = Sentence(self.text, self.plain, span, inside)
            found = [item for item in self._reported(sentence) if not transcript or self._from_others(item)]
            if not found and inside and last and last.speaker and self._is_all_quoted(sentence):
                content = sentence.content(span.start, span.end)
                found = [Reported(content, last.places, last.cue_class, last.polarity, last.speaker)] if content else []
            if transcript and turn.states and turn.head:
                self._add_turn(sentence, turn.head)
            last = None
            for item in found:
                self._add(item, inside, transcript=transcript)
                taken = [quotation for quotation in inside if quotation.overlap(item.content)]
                used.update(taken)
                last = item if taken else None
        if not transcript and len(self.made) == before and quotations:
            used.update(self._continue(turn.part, quotations))
        for quotation in quotations:
            self._flag(quotation, used=quotation in used)

    def _sentences(self, part: Span, quotations: list[Span], *, lines: bool) -> Iterator[Span]:
        """The sentences of a paragraph, without the headlines and dates that stand in lines of their own above one."""
        breaks = unfinished_lines(self.text, part) if lines else []
        breaks = [at for at in breaks if not any(quotation.start <= at < quotation.end for quotation in quotations)]
        for span in sentences_of(self.text, part, quotations):
            start = span.start
            for at in breaks[bisect_right(breaks, start) : bisect_left(breaks, span.end)]:
                line = Span(start, at)
                if not self._is_heading(" ".join(line.of(self.text).split())):
                    yield line
                start = at
            yield Span(start, span.end)

    def _reported(self, sentence: Sentence) -> list[Reported]:
        found: list[Reported] = []
        if "en" in self.languages:
            found += reported_in(sentence, "en")
        if "ar" in self.languages and not found:
            found += reported_in_arabic(sentence)
        return found

    def _from_others(self, item: Reported) -> bool:
        """In a transcript the speaker's own words are the turn's already."""
        return item.speaker is not None and item.speaker.of(self.text).lower() not in {"i", "we"}

    def _is_all_quoted(self, sentence: Sentence) -> bool:
        at = sentence.span.start
        for quotation in [*sentence.quotations, None]:
            stop = quotation.start if quotation else sentence.span.end
            if any(character.isalnum() for character in self.text[at:stop]):
                return False
            at = quotation.end if quotation else stop
        return True

    def _add(self, item: Reported, quotations: list[Span], *, transcript: bool) -> None:
        mode, quoted = quoted_within(self.text, item.content, quotations)
        printed = " ".join(item.speaker.of(self.text).split()) if item.speaker else ""
        if transcript and printed.lower() == "you":
            named, determinacy = self._addressed, "coreference"
        elif printed:
            named, determinacy = self.speakers.meant_by(printed)
        else:
            named, determinacy = self.speakers.last(), "coreference"
        self._keep(
            Attribution(
                item.content,
                tuple(quoted),
                mode,
                item.places,
                item.cue_class,
                item.polarity,
                item.speaker,
                named,
                determinacy,
                REPORTED,
            )
        )
        self.speakers.remember(named or (printed if determinacy == "explicit" else ""))

    _addressed = ""

    def _add_turn(self, sentence: Sentence, head: Span) -> None:
        self._addressed = head.of(self.text)
        content = sentence.content(sentence.span.start, sentence.span.end)
        if content and is_statement(sentence.span.of(self.text)):
            self._keep(Attribution(content, (content,), "direct", (), "implicit", "affirm", head, "", "explicit", TURN))

    def _continue(self, part: Span, quotations: list[Span]) -> list[Span]:
        """A paragraph that is a quotation and nothing else goes on with the last speaker."""
        named = self.speakers.last()
        sentence = Sentence(self.text, self.plain, part, quotations)
        if not named or not self.made or not self._is_all_quoted(sentence) or not self._follows(part):
            return []
        used = []
        for quotation in quotations:
            words = without_outlet_mark(self.text, quotation, at_mark=True)
            if words and not holds_a_name(self.text, quotation):
                made = Attribution(
                    words, (words,), "direct", (), "implicit", "affirm", None, named, "inferred", CONTINUED
                )
                self._keep(made)
                used.append(quotation)
        return used

    def _follows(self, part: Span) -> bool:
        """Whether the last proposal stands in the paragraph right before."""
        between = self.text[self.made[-1].content.end : part.start]
        return len(between) < 400 and between.strip().count("\n\n") == 0

    def _flag(self, quotation: Span, *, used: bool) -> None:
        span = without_outlet_mark(self.text, quotation, at_mark=True)
        if not span:
            return
        if holds_a_name(self.text, quotation):
            self.flagged.append(Flag(span, NAME))
        elif not used:
            self.flagged.append(Flag(span, FEW_WORDS if _is_label(span.of(self.text)) else NO_SPEAKER))

    def _keep(self, made: Attribution) -> None:
        words = (" ".join(made.content.of(self.text).split()), made.speaker.of(self.text) if made.speaker else "")
        if made.origin == TURN or words not in self.seen:
            self.seen.add(words)
            self.made.append(made)


def speakers_of(text: str, attributions: list[Attribution]) -> Iterator[str]:
    """The words for each speaker: as printed, or of the one before where nothing is printed."""
    for made in attributions:
        yield made.speaker.of(text) if made.speaker else made.named
