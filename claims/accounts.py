"""From records to what a page shows: a statement as an account.

Everything here starts from rows that `published()` has let through.
"""

import re
from dataclasses import dataclass

from claims.choices import AnchorPart, Mode
from claims.models import Anchor, Statement
from claims.reading import BADGES, Badge
from sources.anchoring import locate
from sources.choices import Rights, Tier
from sources.localising import label
from sources.marking import Mark, Segment, marks_of, segments
from sources.text_fragments import link_to_words

CONFLICT, RECORDED, QUOTED, FOUND = "conflict", "recorded", "quoted", "found"
OMITTED = " […] "


@dataclass(frozen=True)
class Account:
    """A statement as a reader sees it: verified quotations as pieces, anything else as one paraphrase.

    `anchors` are those of the content that were found, in their order: several where words are left out between them.
    """

    statement: Statement
    pieces: tuple[tuple[Segment, ...], ...]
    quoted: bool
    anchors: tuple[Anchor, ...]

    @property
    def when(self) -> str:
        return label(self.statement.said)

    @property
    def badge(self) -> Badge | None:
        """What the check found, at the part that agrees least of what is shown; None where the words were not found."""
        shown = () if self.quoted else self.anchors
        tiers = [anchor.tier for anchor in (*shown, *_found(self.statement, AnchorPart.QUOTE))]
        return BADGES[max(tiers, key=list(BADGES).index)] if self.anchors else None

    @property
    def in_source(self) -> list[Segment]:
        """The passage with a few words around it as far as rights allow; what is marked "recorded" or "quoted".

        Where words are left out between two pieces they stand there, shortened, without a mark.
        """
        shown: list[Segment] = []
        around = self.statement.capture.rights != Rights.PRIVATE
        quotes = _found(self.statement, AnchorPart.QUOTE)
        before: Anchor | None = None
        for anchor in self.anchors:
            between = _between(before, anchor) if around else " […] " if before else ""
            inside = [Mark(q.start - anchor.start, q.end - anchor.start, QUOTED) for q in quotes]
            marks = [Mark(0, len(anchor.exact), RECORDED), *inside]
            shown += [Segment(between)] if between else []
            shown += segments(anchor.exact, marks)
            before = anchor
        after = before.suffix if before and around else ""
        return [*shown, Segment(after)] if after else shown

    @property
    def deep_link(self) -> str:
        """The address at which a browser scrolls to the words in the source; "" without address or passage."""
        url, private = self.statement.capture.source.url, self.statement.capture.rights == Rights.PRIVATE
        pieces = [(a.exact, "", "") if private else (a.exact, a.prefix, a.suffix) for a in self.anchors]
        return link_to_words(url, pieces) if url else ""


def _found(statement: Statement, part: AnchorPart) -> list[Anchor]:
    return [anchor for anchor in statement.anchors.all() if anchor.part == part and anchor.tier in Tier.found()]


def _between(before: Anchor | None, anchor: Anchor) -> str:
    """The source's words between two pieces of a passage as far as the anchors keep them; before the first, its own."""
    if before is None:
        return anchor.prefix
    gap = anchor.start - before.end
    if gap <= len(before.suffix):
        return before.suffix[:gap]
    if (rest := gap - len(before.suffix)) <= len(anchor.prefix):
        return before.suffix + anchor.prefix[-rest:]
    return f"{before.suffix} … {anchor.prefix}"


def quotes_of(statement: Statement) -> list[str]:
    """The statement's quoted passages that were found in the capture, in order, as the source prints them."""
    return [anchor.exact for anchor in _found(statement, AnchorPart.QUOTE)]


def printed(statement: Statement) -> str:
    """The statement's words as the source prints them; as the editor wrote them where they were not found."""
    return OMITTED.join(anchor.exact for anchor in _found(statement, AnchorPart.CONTENT)) or statement.content


def shown_words(statement: Statement, words: str = "") -> tuple[str, bool]:
    """Some words of a statement (all if none are given), and whether they stand inside verified quotation marks.

    Then they are the source's own characters, even where the editor's differ in typography.
    """
    quotes = quotes_of(statement)
    if not words and statement.mode == Mode.DIRECT and quotes:
        return OMITTED.join(quotes), True
    for quote in quotes:
        if found := locate(quote, words or statement.content).spans:
            return found[0].of(quote), True
    return words or printed(statement), False


def account(statement: Statement, conflicting: str = "") -> Account:
    """One account, with its conflicting words marked, or those that a search found. Costs no query after `with_words`.

    Quotation marks are drawn only around words that were found in the capture: a direct statement is shown by its
    quoted passages, any other by its content, both as they stand in the source.
    """
    quotes = quotes_of(statement)
    quoted = statement.mode == Mode.DIRECT and bool(quotes)
    anchors = tuple(_found(statement, AnchorPart.CONTENT))
    texts = quotes if quoted else [anchor.exact for anchor in anchors] or [statement.content]
    found = [re.escape(word) for word in getattr(statement, "words_found", ())]
    words = re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else None
    pieces = tuple(
        tuple(
            segments(
                text,
                [
                    *_conflict(text, statement.content, conflicting),
                    *(Mark(*match.span(), FOUND) for match in (words.finditer(text) if words else ())),
                ],
            )
        )
        for text in texts
    )
    return Account(statement, pieces, quoted, anchors)


def _conflict(text: str, content: str, words: str) -> list[Mark]:
    """Marks of the conflicting words; where they run across quoted passages, of the part that stands in this one."""
    if not words or words in text:
        return marks_of(text, words, CONFLICT)
    if found := locate(text, words).spans:
        return [Mark(span.start, span.end, CONFLICT) for span in found]
    shift = content.find(words) - content.find(text)
    return [Mark(shift, shift + len(words), CONFLICT)] if words in content and text in content else []
