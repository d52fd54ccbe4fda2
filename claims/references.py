"""What a citation of a record names: the record on this site, in the version that is read, and where its words stand.

In the language of the records, whatever language the page around it speaks.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator

from claims.accounts import shown_words
from claims.choices import CueClass, Mode
from claims.citing import Entry
from claims.history import written
from claims.models import Contradiction, Statement, Topic
from claims.reading import state_mark
from claims.templatetags.reading import closing, opening
from sources.choices import OutletKind, SourceKind
from sources.edtf import UncertainDate
from sources.localising import label
from sources.models import Source

SITE = "Rashomon"
_PRESS = {OutletKind.NEWS, OutletKind.BROADCASTER}
# The types of CSL; an article of another outlet than the press is a web page.
_KINDS = {
    SourceKind.ARTICLE: "article-newspaper",
    SourceKind.PRESS_RELEASE: "webpage",
    SourceKind.TRANSCRIPT: "webpage",
    SourceKind.SPEECH: "speech",
    SourceKind.INTERVIEW: "interview",
    SourceKind.POST: "post",
    SourceKind.BROADCAST: "broadcast",
    SourceKind.DOCUMENT: "document",
}


def entries_of(record: Contradiction | Statement | Topic) -> list[Entry]:
    """A public record, then each source on which it rests, once. No query after `for_reading` (with words)."""
    with translation.override(settings.LANGUAGE_CODE):
        sources = {each.capture.source_id: each.capture.source for each in _statements(record)}
        return [_record(record), *(_source(source) for source in sources.values())]


def changed_at(record: Contradiction | Statement | Topic) -> datetime:
    """When what is read was last published or corrected: of a pair also in one of its accounts."""
    moments = [record.published_at, *(datetime.fromisoformat(each["at"]) for each in _corrected(record))]
    return max(moment for moment in moments if moment)


def title_of(record: Any) -> str:
    """A record in one line; quotation marks only round words that were verified."""
    if isinstance(record, Contradiction):
        return f"{record.question.text} {record.first.speakers_label} / {record.second.speakers_label}"
    if not isinstance(record, Statement):
        return str(record)
    words, quoted = shown_words(record)
    short = Truncator(words).words(30)
    if quoted:
        short = f"{opening(record.language)}{short}{closing(record.language)}"
    who = record.speakers_label
    if record.cue_class == CueClass.DENY:  # Else a denial reads as an assertion.
        who += f" ({record.cue})"
    elif not quoted and record.mode != Mode.NARRATOR:
        who += " (paraphrase)"
    return f"{who}: {short}"


def _statements(record: Any) -> list[Statement]:
    if isinstance(record, Contradiction):
        return [record.first, record.second]
    return [record] if isinstance(record, Statement) else []


def _corrected(record: Any) -> Iterator[dict[str, Any]]:
    for each in dict.fromkeys([record, *_statements(record)]):
        yield from each.corrected


def _record(record: Any) -> Entry:
    at = changed_at(record)
    # A whole second, at which it stood as it is read: as the history page's links, shorter.
    moment = at.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1 if at.microsecond else 0)
    key = record.slug if isinstance(record, Topic) else record.ref
    url = settings.SITE_URL + reverse(f"{record._meta.model_name}_detail", args=[key])
    what = {Contradiction: "Pair", Statement: "Statement", Topic: "Topic"}[type(record)]
    notes = [f"{what} {key}; in this version: {url}?as_of={written(moment)}"]
    if isinstance(record, Statement):
        notes.insert(0, f"Said: {label(record.said)}")
    if isinstance(record, Contradiction):
        notes.insert(0, f"Finding: {record.get_finding_display()}")
    day = at.astimezone(UTC).date()
    return Entry(
        key=f"rashomon-{record._meta.model_name}-{key}",
        kind="webpage",
        title=title_of(record),
        container=SITE,
        author=SITE,
        issued=UncertainDate(day, day, "day"),
        url=url,
        language=settings.LANGUAGE_CODE,
        version=written(moment),
        note="; ".join(notes),
    )


def _source(source: Source) -> Entry:
    kind = _KINDS[SourceKind(source.kind)]
    if kind == "article-newspaper" and source.outlet.kind not in _PRESS:
        kind = "webpage"
    return Entry(
        key=f"rashomon-source-{source.ref}",
        kind=kind,
        title=source.title,
        container=source.outlet.name,
        author=source.byline,
        genre="" if source.kind == SourceKind.ARTICLE else source.get_kind_display(),
        issued=source.published,
        url=source.url,
        language=source.language,
        # The outlet changed it, or took it back: whoever cites it must know. The locator is a note of the desk's.
        note=state_mark(source),
    )
