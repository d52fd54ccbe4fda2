"""How a text becomes a capture of its source, once.

`keep` writes captures. The desk's plain forms save theirs themselves, as Django's admin does, and hold to the same
rules: the text is `keepable`, `lock` holds the source before a twin is looked for, and `after_keeping` follows.

Whatever must look at a new capture (quotations to check again) adds its function to AFTER_KEEPING; it runs in the same
transaction, so a capture never stands beside records that nobody checked against it.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from sources.choices import CaptureMethod, SourceState
from sources.folding import fold
from sources.kept_text import MOST_TEXT, digest, normalise, unreasonable
from sources.models import Capture, Source
from sources.refusals import enforced

AFTER_KEEPING: list[Callable[[Capture], None]] = []
# What a new copy with this text would do to what rests on the source, in a sentence for the editor; "" for nothing.
BEFORE_KEEPING: list[Callable[[Source, str], str]] = []


def keep(
    source: Source,
    text: str,
    *,
    method: CaptureMethod | str,
    rights: str,
    extractor: str = "",
    extractor_version: str = "",
    archive_url: str = "",
) -> tuple[Capture, bool]:
    """Keep a text of a source: the capture, and whether it is new. The same text again is the same capture.

    Runs in a transaction of its own, or as a part of the one that is open. Raises ValidationError with what an editor
    can do; then nothing was written. The source may come out marked as changed.
    """
    text = keepable(text)
    with enforced():
        lock(source)
        if known := kept(source, text):
            return known, False
        capture = Capture(
            source=source,
            text=text,
            method=method,
            extractor=extractor,
            extractor_version=extractor_version,
            rights=rights,
            archive_url=archive_url,
        )
        capture.full_clean()
        capture.save()
        after_keeping(capture)
    return capture, True


def kept(source: Source, text: str) -> Capture | None:
    """The capture of a source with exactly this text, without its text."""
    return source.captures.filter(sha256=digest(text)).defer("text", "excerpt_map").first()


def lock(source: Source) -> None:
    """Of two editors who keep the same text at once, let the second wait here and then find the first one's.

    Holds until the transaction ends that is open.
    """
    Source.objects.select_for_update(no_key=True).only("pk").get(pk=source.pk)


def after_keeping(capture: Capture) -> None:
    """What follows from a new capture, however it was made; call it in the transaction that made it."""
    mark_changed(capture)
    for look in AFTER_KEEPING:
        look(capture)


def mark_changed(capture: Capture) -> None:
    """Mark a live source as changed where the new copy has other words than the one before.

    Spaces and typography are not words (sources/folding.py), and an excerpt says nothing about the rest.
    """
    source = capture.source
    if source.state != SourceState.LIVE or capture.is_excerpt:
        return
    before = source.captures.exclude(pk=capture.pk).filter(captured_at__lte=capture.captured_at).first()
    if before is None or before.is_excerpt or _words(before) == _words(capture):
        return
    source.state = SourceState.CHANGED
    source.save(update_fields=["state"])


def _words(capture: Capture) -> str:
    return fold(capture.text).text.strip()


def keepable(text: str) -> str:
    """A text that came in, as it is kept (NFC, line feeds). Raises ValidationError where it cannot be a capture's."""
    text = text.replace("\r\n", "\n")
    if not text.strip():
        raise ValidationError("Paste the text: an empty copy proves nothing.", code="empty")
    if "\0" in text:
        raise ValidationError(
            f"There is a NUL character at place {text.index(chr(0)):,} of the text; delete it.", code="nul"
        )
    if len(text) > MOST_TEXT:
        raise ValidationError(
            f"The text has {len(text):,} characters; at most {MOST_TEXT:,} are kept of one source. Part it.",
            code="long",
        )
    if heaped := unreasonable(text):
        raise ValidationError(heaped, code="heaped")
    return normalise(text)
