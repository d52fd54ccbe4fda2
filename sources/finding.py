"""Find words in every kept copy, and keep what makes that quick: the folded text and the numbers of its words.

The index is a GIN index over the numbers of a text's words: it leads to the few copies that have all the words of a
quotation, and only those are searched. Copies that were written without a fold (loaddata, raw SQL) get one first.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex

from sources.anchoring import NOT_FOUND, Match, locate
from sources.elision import bare, read_pieces
from sources.folding import VERSION, Folded, fold, fold_words
from sources.kept_text import digest
from sources.models import Capture, CaptureIndex
from sources.words import SPACELESS

MOST_FOUND = 20  # Copies named for one quotation; words that stand in more are no trace of anything.
MOST_CANDIDATES = 2_000  # Copies, the last kept first, whose text is looked at: four common words stand in nearly all.
MOST_FOLDED = 50  # Copies folded on the way of a search; `manage.py recheck` folds what a file brought.
MOST_WORDS = 12  # Of a quotation that the index is asked for: the longest, which are the rarest.

_WORD = re.compile(r"\w+")
_ARABIC = re.compile("[\u0620-\u06ff]")


@dataclass(frozen=True)
class Found:
    """A kept copy that has the words, and where and how well."""

    capture: Capture
    match: Match


def word_numbers(folded: str) -> set[int]:
    """A signed 32-bit number for each different word of a folded text; in scripts without spaces, for each letter."""
    numbers: set[int] = set()
    for word in set(_WORD.findall(folded)):
        parts = word if SPACELESS.search(word) else (word,)
        numbers.update(zlib.crc32(part.encode()) - 2**31 for part in parts)
    return numbers


def folded_of(capture: Capture) -> Folded:
    """The capture's folded text: as it was kept, where that still belongs to this text, else made now (not kept)."""
    index = CaptureIndex.objects.filter(pk=capture.pk, fold_version=VERSION, of_sha256=digest(capture.text)).first()
    return _read(index) if index else fold(capture.text)


def keep_folds(captures: Iterable[int] | None = None, most: int | None = None) -> int:
    """Fold and index every capture (of these keys, `most` of them) that has no fold of the rules we follow; how many.

    One whose text is not the one that was folded before is left alone: its old hash is the witness that the copy was
    tampered with (claims/integrity.py).
    """
    untouched = Q(of_sha256="") | Q(of_sha256=F("capture__sha256"))
    waiting = CaptureIndex.objects.filter(untouched, fold_version__lt=VERSION)
    if captures is not None:
        waiting = waiting.filter(pk__in=captures)
    count = 0
    for key in list(waiting.order_by("pk").values_list("pk", flat=True)[:most]):
        text, sha256 = Capture.objects.values_list("text", "sha256").get(pk=key)
        folded = fold(text)
        CaptureIndex.objects.filter(pk=key).update(
            fold_version=VERSION,
            of_sha256=sha256,
            folded=folded.text,
            runs=folded.to_json()["runs"],
            words=sorted(word_numbers(folded.text)),
        )
        count += 1
    return count


def find_in_captures(quotation: str, *, besides: Capture | None = None) -> list[Found]:
    """The kept copies, `besides` excepted, in which the words stand in any tier; the newest first, MOST_FOUND at most.

    One query by the index, however many copies are kept; docs/operating.md says what it takes. Of copies that have all
    the words somewhere, the MOST_CANDIDATES kept last are looked at: enough but for a few very common words.
    """
    words = bare(quotation)
    marked = read_pieces(words)
    pieces = [fold_words(piece.words) for piece in marked.pieces] if marked else [fold_words(words)]
    numbers = _asked_for(pieces)
    if not numbers:
        return []
    keep_folds(most=MOST_FOLDED)
    candidates = CaptureIndex.objects.filter(words__contains=numbers).order_by("-pk").values("pk")
    indexes: QuerySet[CaptureIndex] = CaptureIndex.objects.filter(pk__in=candidates[:MOST_CANDIDATES])
    for number, piece in enumerate(pieces):
        # Several alternatives of one name would overwrite each other.
        indexes = indexes.annotate(**{f"piece_{number}": StrIndex("folded", Value(piece))}).filter(
            **{f"piece_{number}__gt": 0}
        )
    if besides is not None:
        indexes = indexes.exclude(pk=besides.pk)
    indexes = indexes.select_related("capture__source__outlet").order_by("-capture__captured_at", "-pk")
    return list(_located(indexes[: MOST_FOUND * 2], quotation))[:MOST_FOUND]


def _located(indexes: Iterable[CaptureIndex], quotation: str) -> Iterator[Found]:
    """What the index and the folded text promise, checked by the same rules as every quotation."""
    for index in indexes:
        text = index.capture.text
        folded = _read(index) if index.of_sha256 == index.capture.sha256 else None
        match = locate(text, quotation, folded=folded)
        if match.tier != NOT_FOUND:
            yield Found(index.capture, match)


def _asked_for(pieces: Iterable[str]) -> list[int]:
    """The numbers of the longest words of the pieces."""
    words: set[str] = set()
    for piece in pieces:
        found = _WORD.findall(piece)
        # An Arabic quotation may begin after a prefix that the source writes onto its first word.
        words.update(found[1:] if len(found) > 1 and _ARABIC.match(found[0]) else found)
    longest = sorted(words, key=lambda word: (-len(word), word))[:MOST_WORDS]
    return sorted(word_numbers(" ".join(longest)))


def _read(index: CaptureIndex) -> Folded:
    length = len(index.capture.text)
    return Folded.from_json({"version": index.fold_version, "length": length, "text": index.folded, "runs": index.runs})
