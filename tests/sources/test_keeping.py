"""The one writer of captures: once a text, whole or not at all, and everybody who must look at it does."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sources import keeping
from sources.choices import SourceState
from sources.keeping import keep
from sources.models import Capture
from tests.claims.admin.filling import Desk, errors
from tests.factories import CaptureFactory, SourceFactory

pytestmark = pytest.mark.django_db

HEAP = "\u0301\u0316" * 40_000
HOW = {"method": "pasted", "rights": "private"}


@pytest.fixture
def looked(monkeypatch):
    """What every function in AFTER_KEEPING was called with."""
    seen = []
    monkeypatch.setattr(keeping, "AFTER_KEEPING", [seen.append])
    return seen


def test_a_text_is_kept_once_and_looked_at_once(looked):
    source = SourceFactory()
    capture, new = keep(source, "Cafe\u0301 talks\r\nhalted", **HOW, extractor="pypdf", extractor_version="7")
    assert (capture.text, capture.extractor_version, new) == ("Café talks\nhalted", "7", True)
    assert keep(source, "Café talks\nhalted", **HOW) == (capture, False)
    assert keep(SourceFactory(), "Café talks\nhalted", **HOW)[1]
    assert [each.pk for each in looked] == list(Capture.objects.order_by("pk").values_list("pk", flat=True))


def test_who_looks_and_refuses_undoes_the_keeping(monkeypatch):
    def refuse(capture):
        raise ValidationError("Not so.")

    monkeypatch.setattr(keeping, "AFTER_KEEPING", [refuse])
    before = CaptureFactory(text="The talks were halted.")
    with pytest.raises(ValidationError, match="Not so"):
        keep(before.source, "The talks were delayed.", **HOW)
    before.source.refresh_from_db()
    assert (Capture.objects.count(), before.source.state) == (1, SourceState.LIVE)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty copy"),
        (" \n", "empty copy"),
        ("a\0b", "NUL character at place 1"),
        ("a" * 5_000_001, "at most"),
        ("a" + HEAP, "heaped"),
    ],
)
def test_what_can_be_no_capture_is_refused(text, says):
    with pytest.raises(ValidationError, match=says):
        keep(SourceFactory(), text, **HOW)
    assert not Capture.objects.exists()


def test_an_address_of_an_archive_is_checked():
    with pytest.raises(ValidationError, match="archive_url"):
        keep(SourceFactory(), "words", **HOW, archive_url="ftp://a.example/")


PLAIN_FORMS = ["inline", "add"]


def filled(desk, form, source, text):
    """A plain form that writes a capture, filled and sent."""
    if form == "add":
        return desk.send(f"sources/capture/add/?source={source.pk}", source=source.pk, text=text)
    typed = {"captures-TOTAL_FORMS": 1, "captures-0-text": text, "captures-0-rights": "private"}
    return desk.send(f"sources/source/{source.pk}/change/", **typed)


@pytest.mark.parametrize("form", PLAIN_FORMS)
def test_the_plain_forms_have_new_captures_looked_at_too(looked, signed_in, editor, form):
    # A form knows whole seconds.
    before = CaptureFactory(text="The talks were halted.", captured_at=timezone.now() - timedelta(hours=1))
    words = "The talks were delayed."
    filled(Desk(signed_in(editor)), form, before.source, words)
    before.source.refresh_from_db()
    assert ([each.text for each in looked], before.source.state) == ([words], SourceState.CHANGED)


@pytest.mark.parametrize("form", PLAIN_FORMS)
@pytest.mark.parametrize(("text", "says"), [("a" * 101, "at most 100 are kept"), ("a" + HEAP, "heaped")])
def test_the_plain_forms_refuse_what_can_be_no_capture(monkeypatch, signed_in, editor, form, text, says):
    if "most" in says:
        monkeypatch.setattr(keeping, "MOST_TEXT", 100)
    response = filled(Desk(signed_in(editor)), form, SourceFactory(), text)
    assert says in " ".join(errors(response))
    assert not Capture.objects.exists()


@pytest.mark.parametrize("form", PLAIN_FORMS)
def test_the_plain_forms_wait_for_who_keeps_the_same_text(signed_in, editor, form):
    source = SourceFactory()
    with CaptureQueriesContext(connection) as asked:
        filled(Desk(signed_in(editor)), form, source, "The talks were halted.")
    statements = [query["sql"] for query in asked.captured_queries]
    locks = [n for n, sql in enumerate(statements) if 'SELECT "sources_source"."id"' in sql and "FOR NO KEY" in sql]
    looks = [n for n, sql in enumerate(statements) if 'FROM "sources_capture"' in sql and '"sha256" = ' in sql]
    assert locks[0] < looks[0]
