"""Where a statement's words stand in its capture: find the place, and keep it as anchors.

An anchor keeps the source's own characters at its place (`exact`), whatever the editor typed; its tier tells how the
two differ (decision 0011). Words with a marked omission have one anchor for each piece.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone

from claims.choices import AnchorPart
from claims.models import Anchor, Statement
from sources.anchoring import NOT_FOUND, Match, Span, context, locate
from sources.choices import Tier
from sources.finding import find_in_captures, folded_of
from sources.folding import VERSION, Folded

CHECKER = f"rashomon {VERSION}"


@dataclass(frozen=True)
class Passage:
    """Words to anchor: where they may stand is chosen by `at` where they occur more than once."""

    words: str
    at: int | None = None


@dataclass(frozen=True)
class Place:
    """Where words stand: the pieces in order (one, unless words are left out) and how well they agree."""

    tier: str
    pieces: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """From the first piece to the last."""
        return Span(self.pieces[0].start, self.pieces[-1].end)

    def holds(self, other: "Place") -> bool:
        """Whether each piece of the other lies within one of these: what a quotation must do in its statement."""
        return all(any(own.contains(piece) for own in self.pieces) for piece in other.pieces)


class Ambiguous(ValidationError):
    """The words stand more than once in the capture: `places` are those to choose from."""

    def __init__(self, words: str, places: Sequence[Place]) -> None:
        self.words, self.places = words, tuple(places)
        super().__init__(
            f"“{words}” stands {len(places)} times in the captured text; choose which place is meant.", code="ambiguous"
        )


def places_of(match: Match) -> list[Place]:
    """What `locate` found, each with its pieces."""
    pieces = match.pieces or tuple((span,) for span in match.spans)
    return [Place(match.tier, found) for found in pieces]


def find_places(text: str, words: str, within: Place | None = None, *, folded: Folded | None = None) -> list[Place]:
    """Every place at which the words stand, in the strictest tier that finds any; only those that `within` holds."""
    found = places_of(locate(text, words, within=within.span if within else None, folded=folded))
    return [place for place in found if within is None or within.holds(place)]


def find_passage(
    text: str, passage: Passage, within: Place | None = None, *, folded: Folded | None = None
) -> Place | None:
    """Where the words stand in the text; None where they do not. Raises Ambiguous where there is a choice."""
    places = find_places(text, passage.words, within, folded=folded)
    if passage.at is not None and (chosen := [place for place in places if place.span.start == passage.at]):
        return chosen[0]
    if len(places) > 1:
        raise Ambiguous(passage.words, places)
    return places[0] if places else None


def anchor_part(
    statement: Statement,
    part: AnchorPart,
    passages: Sequence[Passage],
    within: Place | None = None,
    *,
    folded: Folded | None = None,
) -> list[Place | None]:
    """Make these passages the statement's anchors of one part, in their order; those no longer named go.

    `folded` is folded_of(capture) where the caller has it; reading it costs a query and a large row.
    Words that are not in the capture are kept as an anchor at the start of the text, of tier found_elsewhere where
    another capture has them and else not_found, so that a draft loses nothing; such a quotation cannot be published.
    """
    text, folded = statement.capture.text, folded or folded_of(statement.capture)
    places = [find_passage(text, passage, within, folded=folded) for passage in passages]
    rows = [row for passage, place in zip(passages, places, strict=True) for row in _rows(statement, passage, place)]
    statement.anchors.filter(part=part).exclude(order__lt=len(rows)).delete()
    new = []
    for order, values in enumerate(rows):
        kept = statement.anchors.filter(part=part, order=order).first()
        # An anchor of the same words at the same place stays as it is, with what it keeps of its context.
        if kept is None or any(getattr(kept, name) != values[name] for name in ("start", "end", "exact", "tier")):
            new.append((order, values))
    # All that change go before any comes: two passages that swap places must not overlap half-way.
    statement.anchors.filter(part=part, order__in=[order for order, _ in new]).delete()
    for order, values in new:
        Anchor.objects.create(
            statement=statement, part=part, order=order, checked_at=timezone.now(), checker=CHECKER, **values
        )
    return places


def _rows(statement: Statement, passage: Passage, place: Place | None) -> list[dict[str, object]]:
    text = statement.capture.text
    if place is None:
        end = min(len(passage.words), len(text))
        elsewhere = find_in_captures(passage.words, besides=statement.capture)
        tier = Tier.FOUND_ELSEWHERE if elsewhere else Tier.NOT_FOUND
        return [{"start": 0, "end": end, "exact": passage.words, "prefix": "", "suffix": "", "tier": tier}]
    rows: list[dict[str, object]] = []
    for span in place.pieces:
        prefix, suffix = context(text, span)
        rows.append(
            {
                "start": span.start,
                "end": span.end,
                "exact": span.of(text),
                "prefix": prefix,
                "suffix": suffix,
                "tier": place.tier,
            }
        )
    return rows


def as_filed(quotes: Sequence[Anchor]) -> list[tuple[str, list[Anchor]]]:
    """The quoted passages as an editor would type them, each with its anchors: pieces around an omission are one."""
    passages: list[list[Anchor]] = []
    for anchor in quotes:
        if passages and passages[-1][-1].tier == anchor.tier == Tier.ELIDED:
            passages[-1].append(anchor)
        else:
            passages.append([anchor])
    return [(" […] ".join(anchor.exact for anchor in pieces), pieces) for pieces in passages]


def lost_in(statement: Statement, text: str, *, folded: Folded | None = None) -> list[Anchor]:
    """The anchors, of words and quotations, that another text of the source does not bear out.

    Words are looked for as they were filed: an omission as a whole, since what it leaves out may not deny the rest; a
    quotation within the words. Where the words are lost, so is all that is quoted from them.
    """
    anchors = [anchor for anchor in statement.anchors.all() if anchor.tier in Tier.found()]
    content = [anchor for anchor in anchors if anchor.part == AnchorPart.CONTENT]
    quotes = [anchor for anchor in anchors if anchor.part == AnchorPart.QUOTE]
    words = content[0].exact if len(content) == 1 else statement.content
    places = find_places(text, words, folded=folded)
    if not places:
        return [*content, *quotes]
    return [
        anchor
        for passage, pieces in as_filed(quotes)
        if not any(find_places(text, passage, place, folded=folded) for place in places)
        for anchor in pieces
    ]


def tier_between(printed: str, words: str) -> str:
    """How words agree with a passage that holds nothing else; "not_found" where they are not the same words."""
    match = locate(printed, words)
    return match.tier if any(_fills(printed, span) for span in match.spans) else NOT_FOUND


def _fills(printed: str, span: Span) -> bool:
    """Whether nothing but marks and spaces stands around the span."""
    return not any(character.isalnum() for character in printed[: span.start] + printed[span.end :])
