"""Which texts readers may see, a word for every field of the models, and where such words are found in bytes.

Every field that can hold text stands in `SHOWN` (with the place where readers see it), in `MADE` (no person's words
are in it), or it is private, and then tests/planting.py must have planted its word. So a new field fails until somebody
has decided on it.
"""

import base64
import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

PREFIX = "zqcanary"

# What readers see of a record that is public, and where.
SHOWN = {
    "claims.Side.name": "the matrix of a topic",
    "claims.Side.slug": "filters of /statements/",
    "claims.Speaker.name": "every page on which they speak",
    "claims.Speaker.slug": "the speaker's address",
    "claims.Speaker.description": "/speakers/<slug>/",
    "claims.SpeakerName.text": "/speakers/<slug>/",
    "claims.Topic.title": "/topics/",
    "claims.Topic.slug": "the topic's address",
    "claims.Topic.summary": "/topics/<slug>/",
    "claims.Question.text": "/topics/<slug>/",
    "claims.Question.slug": "the question's place in its topic's page",
    "claims.Occasion.name": "/statements/<ref>/",
    "claims.Occasion.place": "/statements/<ref>/",
    "claims.Statement.content": "/statements/<ref>/",
    "claims.Statement.cue": "/statements/<ref>/",
    "claims.Statement.attributed_as": "/statements/<ref>/",
    "claims.Statement.role_text": "/statements/<ref>/",
    "claims.Statement.addressee_text": "/statements/<ref>/",
    "claims.Statement.anonymity_reason": "/statements/<ref>/",
    "claims.Statement.date_words": "/statements/<ref>/",
    "claims.Statement.date_note": "/statements/<ref>/",
    "claims.Statement.relay_cue": "/statements/<ref>/",
    "claims.Statement.rank_note": "/statements/<ref>/",
    "claims.Statement.reply_sought_how": "/statements/<ref>/",
    "claims.Statement.reply_note": "/statements/<ref>/",
    "claims.Anchor.exact": "/statements/<ref>/",
    "claims.Translation.text": "/statements/<ref>/",
    "claims.Position.words": "/topics/<slug>/",
    "claims.Position.gist": "/topics/<slug>/",
    "claims.Position.value": "/topics/<slug>/",
    "claims.Position.unit": "/topics/<slug>/",
    "claims.Contradiction.first_words": "/contradictions/<ref>/",
    "claims.Contradiction.second_words": "/contradictions/<ref>/",
    "claims.Contradiction.explanation": "/contradictions/<ref>/",
    "claims.Correction.reason": "/corrections/",
    "claims.Correction.changes": "/corrections/, the labels, before and after of public fields",
    "claims.ContextNote.text": "/statements/<ref>/",
    "claims.ContextNote.url": "/statements/<ref>/",
    "claims.Reply.party": "/statements/<ref>/",
    "claims.Reply.text": "/statements/<ref>/",
    "claims.Reply.url": "/statements/<ref>/",
    "claims.FormerSlug.slug": "/export/history.jsonl, where it is a topic's",
    "claims.Report.outcome": "the record's page, where nothing changed",
    "sources.Outlet.name": "/sources/<ref>/",
    "sources.Outlet.slug": "filters of /statements/",
    "sources.Source.title": "/sources/<ref>/",
    "sources.Source.byline": "/sources/<ref>/",
    "sources.Source.url": "/sources/<ref>/",
    "sources.Capture.archive_url": "/sources/<ref>/",
    "sources.Capture.extractor": "/sources/<ref>/",
    "sources.Capture.extractor_version": "/sources/<ref>/",
}

# Numbers, hashes, codes and names that the program makes or that stand in a closed list.
MADE = frozenset(
    """
    claims.Alert.language
    claims.Anchor.checker claims.Checkpoint.peaks claims.Checkpoint.root claims.ContextNote.ref claims.Contradiction.ref
    claims.Contradiction.mechanisms claims.Correction.ref claims.Event.nonce claims.Event.record claims.Event.row_table
    claims.Occasion.ref claims.Reply.language claims.Reply.ref claims.Report.ref claims.SavedFilter.room
    claims.Seal.leaf claims.Speaker.wikidata claims.SpeakerName.language claims.Statement.language claims.Statement.ref
    claims.Statement.search claims.Translation.language sources.Capture.excerpt_map sources.Capture.ref
    sources.Capture.sha256 sources.Capture.whole_sha256 sources.CaptureIndex.of_sha256 sources.CaptureIndex.runs
    sources.CaptureIndex.words sources.Outlet.country sources.Outlet.language sources.Outlet.wikidata
    sources.Source.language sources.Source.ref admin.LogEntry.object_id auth.Group.name
    """.split()
)

# Columns that hold the words of other fields, and so the canaries of those.
COPIES = frozenset(
    """
    claims.Correction.changes claims.Correction.rows claims.Event.before claims.Event.after claims.Rejection.by
    sources.CaptureIndex.folded admin.LogEntry.object_repr admin.LogEntry.change_message
    """.split()
)

# Of these tables the program alone writes every row.
NOBODYS = {"contenttypes.ContentType", "auth.Permission", "sessions.Session"}

_TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.UUIDField, ArrayField)
_TEXT += (models.FileField, models.GeneratedField, models.GenericIPAddressField)


def text_fields() -> Iterator[tuple[str, Any]]:
    """Every column of every table that can hold words: “claims.Statement.note” and the field."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, _TEXT) and not field.choices and model._meta.label not in NOBODYS:
                yield f"{model._meta.label}.{field.name}", field


def private_fields() -> set[str]:
    return {label for label, _ in text_fields()} - SHOWN.keys() - MADE


def word(label: str) -> str:
    """The canary of a field: letters alone, so that no escape for HTML, JSON or addresses changes it."""
    assert label in _LABELS.values(), label
    return _word(label)


def hidden(label: str) -> str:
    """The canary of a field that readers see, in a record that they do not see: a draft, a proposal."""
    assert label in SHOWN, label
    return f"{PREFIX}hidden{_word(label).removeprefix(PREFIX)}"


def _word(label: str) -> str:
    length = 16 if label == "otp_static.StaticToken.token" else 60
    return (PREFIX + re.sub("[^a-z]", "", label.partition(".")[2].lower()))[:length]


_LABELS = {_word(label): label for label, _ in text_fields()}
_LABELS |= {f"{PREFIX}hidden{found.removeprefix(PREFIX)}": f"hidden {label}" for found, label in _LABELS.items()}

# In base64 a word has one of three forms, by its place; the signs that depend on what stands around it are left out.
_IN_BASE64 = re.compile(
    "|".join(
        base64.b64encode(b"\0" * shift + form.encode()).decode()[-(-shift * 8 // 6) : (shift + len(form)) * 8 // 6]
        for form in (PREFIX, PREFIX.upper(), PREFIX.capitalize())
        for shift in range(3)
    )
)
_RUN = re.compile(r"[A-Za-z0-9+/_-]+")
_PLAIN = re.compile(f"{PREFIX}[a-z]+", re.IGNORECASE)
_HEX = re.compile(f"(?:{PREFIX.encode().hex()}(?:[46][1-9a-f]|[57][0-9a])+)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")


def found_in(content: bytes) -> set[str]:
    """The labels of the canaries in these bytes, in any case, plain or written for HTML, JSON, addresses, or as hex or
    base64. What is compressed or enciphered is not opened."""
    text = content.decode("utf-8", "replace")
    seen = {found.lower() for form in _forms(text) for found in _PLAIN.findall(form)}
    return {label for each in seen for label in _labels_of(each)}


def _labels_of(found: str) -> set[str]:
    """The fields of a word, which may have been cut short at its end."""
    if found in _LABELS:
        return {_LABELS[found]}
    return {label for each, label in _LABELS.items() if each.startswith(found)} or {f"unknown {found}"}


def _forms(text: str) -> Iterator[str]:
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield unquote(text)
    if "\\" in text:
        yield _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    for match in _HEX.finditer(text):
        yield bytes.fromhex(match[0]).decode("utf-8", "replace")
    if _IN_BASE64.search(text):
        for run in _RUN.findall(text):
            if _IN_BASE64.search(run):
                yield from _decoded(run.replace("-", "+").replace("_", "/"))


def _decoded(run: str) -> Iterator[str]:
    for start in range(4):
        piece = run[start:]
        yield base64.b64decode(piece[: len(piece) // 4 * 4]).decode("utf-8", "replace")
