"""Words that an editor selected in a captured text, on their way into the form that records them.

An address carries places, `content=START-END` in code points, half-open; or, where no script ran, the words themselves,
`content_words=…`. The words are always cut from the capture here, and nothing is stored: they only fill in the form.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.http import QueryDict

from claims.anchors import find_places
from claims.choices import AnchorPart
from claims.forms.statements import LONGEST, excerpt_of, passages_of
from sources.anchoring import Span
from sources.finding import folded_of
from sources.folding import Folded
from sources.kept_text import normalise
from sources.models import Capture
from sources.proposals import propose_mode
from sources.quotations import printed_quotations
from sources.words import cuts_in, cuts_off


@dataclass(frozen=True)
class Part:
    """A part of a statement that can be selected.

    `name` is its parameter and its anchor's part; `field` takes the words, `at` (with a number for each passage, where
    `numbered`) where they begin; `most` passages at most, `joiner` between two.
    """

    name: str
    field: str
    at: str
    label: str
    help: str
    most: int = 1
    joiner: str = ""
    numbered: bool = False
    longest: int = LONGEST
    one_line: bool = False

    def places(self, starts: Sequence[int | None]) -> dict[str, str]:
        """Where the passages begin, as the form posts it: hidden inputs by name; nothing for what is not settled."""
        if self.numbered:
            return {f"{self.at}{number}": str(at) for number, at in enumerate(starts) if at is not None}
        return {} if None in starts else {self.at: ",".join(str(at) for at in starts)}

    def posted(self, name: str) -> bool:
        """Whether a form posts a place of this part under the name."""
        return name == self.at or (self.numbered and name.removeprefix(self.at).isdecimal())


PARTS = (
    Part(AnchorPart.CONTENT, "content", "content_at", "Words", "the words that carry the claim"),
    Part(
        AnchorPart.QUOTE,
        "quoted",
        "quoted_at_",
        "Quoted words",
        "what stands between quotation marks",
        20,
        "\n\n",
        True,
    ),
    Part(AnchorPart.CUE, "cue", "cue_at", "Cue", "“denied”, “told”", 4, " … ", longest=100, one_line=True),
    Part(
        AnchorPart.SPEAKER,
        "attributed_as",
        "speaker_at",
        "Attributed as",
        "“he”, “Washington”",
        longest=300,
        one_line=True,
    ),
)

_PLACE = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_BEFORE = frozenset(" \t\n\r\u00a0\u202f,;:،؛.–—)]}”»")
_AFTER = frozenset(" \t\n\r\u00a0\u202f,;:،؛–—([{“«")


@dataclass(frozen=True)
class Chosen:
    """Selected words and where they stand; no place where the words stand nowhere or several times."""

    words: str
    span: Span | None = None


@dataclass
class Selection:
    """What was selected, by part, in the order of PARTS; and what could not be taken over, in an editor's words."""

    passages: dict[Part, list[Chosen]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def initial(self) -> dict[str, str]:
        """The selected words as the form's fields take them."""
        return {part.field: part.joiner.join(one.words for one in found) for part, found in self.passages.items()}

    def places(self) -> dict[str, str]:
        """Where they begin, as the form posts it."""
        named: dict[str, str] = {}
        for part, found in self.passages.items():
            named |= part.places([one.span.start if one.span else None for one in found])
        return named


def asks(asked: QueryDict) -> bool:
    """Whether an address brings selected words."""
    return any(_places(asked, part) or any(asked.getlist(f"{part.name}_words")) for part in PARTS)


def left_for_the_form(name: str, value: object) -> bool:
    """Whether a parameter is the form's own affair: `speaker=7` chooses a speaker, `speaker=0-7` selects words."""
    own = {key for part in PARTS for key in (part.name, f"{part.name}_words")}
    return name not in own or (name == AnchorPart.SPEAKER and str(value).isdecimal())


def read_selection(asked: QueryDict, capture: Capture) -> Selection:
    """What the address selects in this capture. A part that makes no sense is left out with a problem, never an error.

    Cost: a pass over its paragraph for each passage; words without a place cost what finding them costs.
    """
    selection = Selection()
    folded = cache(lambda: folded_of(capture))
    for part in PARTS:
        spans = sorted(set(_cut(asked, part, capture.text, selection.problems)))
        found = [Chosen(span.of(capture.text), span) for span in spans]
        typed = _typed(asked, part, selection.problems)
        for words in typed[: part.most]:
            if _fits(part, words, selection.problems):
                found += _find(words, part, capture.text, folded(), selection.problems)
        kept = [one for one in found if _fits(part, one.words, selection.problems)]
        if max(len(kept), len(typed), len(_places(asked, part))) > part.most:
            few = "one passage" if part.most == 1 else f"{part.most} passages"
            selection.problems.append(f"{part.label}: at most {few} can be taken over; the others were left out.")
        if kept:
            selection.passages[part] = kept[: part.most]
    return selection


def settle(text: str, span: Span, part: Part) -> list[Span]:
    """The passages that are meant by a selection: whole words, without what stands around them.

    A word or number cut in half is taken whole. Outer blanks, commas and dashes go. Where all of it is quoted, the
    quotation marks around go too, and with them the outlet's comma or full stop inside the closing one; where a part is
    quoted, a mark left out by a hair is taken in. Quoted words that reach over two quotations are two passages; [] when
    nothing is left. Raises ValueError when the span is not in the text.
    """
    words = span.of(text)
    if not words.strip():
        return []
    start, end = span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip())
    while cuts_in(text, start):
        start -= 1
    while cuts_off(text, end):
        end += 1
    around = _paragraphs_around(text, Span(start, end))
    near, shift = around.of(text), around.start
    if part.name in {AnchorPart.CONTENT, AnchorPart.QUOTE}:
        mode, quoted = propose_mode(near, Span(start, end).shifted(-shift))
        if quoted and part.name == AnchorPart.QUOTE:
            return [words.shifted(shift) for words in quoted]
        if mode == "direct":
            return [Span(quoted[0].start, quoted[-1].end).shifted(shift)]
    while start < end and text[start] in _BEFORE:
        start += 1
    while start < end and text[end - 1] in _AFTER:
        end -= 1
    return [_with_marks(near, Span(start, end).shifted(-shift)).shifted(shift)] if start < end else []


def _paragraphs_around(text: str, span: Span) -> Span:
    """The paragraphs of a span with the first character of the next, which is all that its quotations depend on."""
    low, high = text.rfind("\n\n", 0, span.start), text.find("\n\n", span.end)
    while 0 <= high < len(text) and text[high].isspace():
        high += 1
    return Span(max(0, low), len(text) if high < 0 else min(high + 1, len(text)))


def _with_marks(text: str, span: Span) -> Span:
    """The span with the quotation marks that belong to what is quoted at its two ends."""
    start, end = span.start, span.end
    for quotation in printed_quotations(text):
        if start < quotation.start < end <= quotation.end and not text[end : quotation.end].strip(",.،۔ "):
            end = min(quotation.end + 1, len(text))
        elif quotation.start == start and quotation.end < end:
            start -= 1
    return Span(start, end)


def _places(asked: QueryDict, part: Part) -> list[str]:
    return [value for value in asked.getlist(part.name) if value and not left_for_the_form(part.name, value)]


def _cut(asked: QueryDict, part: Part, text: str, problems: list[str]) -> Iterator[Span]:
    """The passages at the places that the address names."""
    for value in _places(asked, part)[: part.most + 1]:
        match = _PLACE.fullmatch(value)
        start, end = (int(match[1]), int(match[2])) if match else (0, 0)
        if not start < end <= len(text):
            problems.append(f"{part.label}: the selected place is not in the captured text; select the words again.")
            continue
        spans = settle(text, Span(start, end), part)
        if not spans:
            problems.append(f"{part.label}: no word was selected; select the words again.")
        yield from spans


def _typed(asked: QueryDict, part: Part, problems: list[str]) -> list[str]:
    """The passages that the address gives as words."""
    typed = normalise("\n\n".join(asked.getlist(f"{part.name}_words")).replace("\x00", "")).strip()
    if len(typed) > LONGEST:
        problems.append(f"{part.label}: these are {len(typed):,} characters; keep the shortest words that say it.")
        return []
    return passages_of(typed) if part.joiner == "\n\n" else [typed] if typed else []


def _find(words: str, part: Part, text: str, folded: Folded, problems: list[str]) -> list[Chosen]:
    """The passages that these words are: the source's own characters, where there is only one place."""
    places = find_places(text, words, folded=folded)
    if not places:
        problems.append(f"{part.label}: “{excerpt_of(words)}” is not in the captured text; copy it from there.")
    if len(places) != 1 or (len(places[0].pieces) > 1 and part.name != AnchorPart.CUE):
        return [Chosen(words, places[0].span if len(places) == 1 else None)]
    return [Chosen(span.of(text), span) for piece in places[0].pieces for span in settle(text, piece, part)]


def _fits(part: Part, words: str, problems: list[str]) -> bool:
    if len(words) <= part.longest and (not part.one_line or "\n" not in words):
        return True
    problems.append(f"{part.label}: “{excerpt_of(words)}” is too long for it; select fewer words.")
    return False
