"""Every constraint of sources, once through full_clean() and once past the ORM."""

import hashlib
from datetime import date

import pytest

from sources.choices import Precision
from sources.kept_text import digest
from sources.models import Capture, Outlet, Source
from tests.constraints import (
    NONSENSE,
    Case,
    assert_refused_by_the_database,
    assert_refused_in_a_form,
    copy_row,
    each,
    missing,
    refusal,
    vocabularies,
)
from tests.factories import CaptureFactory, ExcerptFactory, OutletFactory, SourceFactory

pytestmark = pytest.mark.django_db

COMPOSED, DECOMPOSED = "Le café.", "Le cafe\u0301."


def published(precision: str, first: date | None, last: date | None) -> dict[str, object]:
    return {"precision": precision, "published_from": first, "published_to": last}


def capture_values(**values):
    """What a copy of a capture needs to be another one, and the value to try."""
    return lambda capture: {"ref": "0000000000", "source": SourceFactory(), **values}


def same_text_of_another(capture):
    """What another capture of the same text already is."""
    twin = CaptureFactory(text=capture.text)
    return {"ref": "0000000000", "source": twin.source}


CASES = [
    *vocabularies({Outlet: OutletFactory, Source: SourceFactory}),
    *vocabularies({Capture: CaptureFactory}, kept=True),
    Case(Outlet, "outlet_wikidata_form", OutletFactory, {"wikidata": "12345"}),
    Case(Outlet, "outlet_wikidata_form", OutletFactory, {"wikidata": "Q0"}),
    Case(Source, "source_url_once", SourceFactory, lambda _: {"url": SourceFactory(url="https://news.example/1").url}),
    Case(Source, "source_republishes_another", SourceFactory, lambda source: {"republishes": source}),
    Case(
        Source,
        "source_dates_in_order",
        SourceFactory,
        published(Precision.RANGE, date(2024, 6, 2), date(2024, 6, 1)),
        hidden_behind=("source_dates_fit_precision",),
    ),
    *(
        Case(Source, "source_dates_fit_precision", SourceFactory, published(precision, first, last))
        for precision, first, last in (
            (Precision.UNKNOWN, date(2024, 6, 1), date(2024, 6, 1)),
            (Precision.DAY, date(2024, 6, 1), date(2024, 6, 2)),
            (Precision.MONTH, date(2024, 6, 1), date(2024, 6, 29)),
            (Precision.YEAR, date(2024, 2, 1), date(2025, 1, 31)),
            (Precision.RANGE, None, None),
            (Precision.RANGE, date(2024, 6, 1), date(2024, 6, 1)),
        )
    ),
    Case(
        Capture,
        "capture_once_per_text",
        CaptureFactory,
        same_text_of_another,
        kept=True,
    ),
    Case(
        Capture,
        "capture_has_text",
        CaptureFactory,
        capture_values(text="", sha256=digest("")),
        said_by_field=True,
        kept=True,
    ),
    *(
        Case(Capture, "capture_excerpt_is_mapped", make, capture_values(**values), kept=True)
        for make, values in (
            (CaptureFactory, {"is_excerpt": True}),
            (CaptureFactory, {"whole_sha256": digest("whole")}),
            (CaptureFactory, {"excerpt_map": [{"start": 0, "end": 1, "at": 0}]}),
            (ExcerptFactory, {"whole_sha256": ""}),
            (ExcerptFactory, {"whole_sha256": NONSENSE}),
            (ExcerptFactory, {"excerpt_map": []}),
            (ExcerptFactory, {"is_excerpt": False}),
        )
    ),
]
# A form puts these right before the database could refuse them.
HEALED = [
    Case(Capture, "capture_sha256_of_text", CaptureFactory, capture_values(sha256=digest("other")), kept=True),
    Case(
        Capture,
        "capture_text_nfc",
        CaptureFactory,
        capture_values(text=DECOMPOSED, sha256=hashlib.sha256(DECOMPOSED.encode()).hexdigest()),
        kept=True,
    ),
]


def test_every_constraint_has_a_case():
    """A constraint that nobody tried is a wish."""
    assert missing("sources", [*CASES, *HEALED]) == set()


@pytest.mark.parametrize("case", each(CASES))
def test_form_refuses(case):
    assert_refused_in_a_form(case)


@pytest.mark.parametrize("case", each([*CASES, *HEALED]))
def test_database_refuses(case):
    assert_refused_by_the_database(case)


@pytest.mark.parametrize("case", each(HEALED))
def test_form_puts_it_right(case):
    """An editor can do nothing about a hash or a composed accent, so the form does it."""
    capture, spoil = case.spoiled()
    for field, value in spoil.items():
        setattr(capture, field, value)
    capture.full_clean()
    assert capture.text == spoil.get("text", capture.text).replace(DECOMPOSED, COMPOSED)
    assert capture.sha256 == digest(capture.text)


@pytest.mark.parametrize("write", ["save", "bulk_create"])
def test_writes_compose_accents_and_hash(write):
    """Two keyboards, one text: whoever writes it, the same row is kept."""
    capture = CaptureFactory.build(source=SourceFactory(), text=DECOMPOSED)
    if write == "save":
        capture.save()
    else:
        Capture.objects.bulk_create([capture])
    kept = Capture.objects.get(ref=capture.ref)
    assert (kept.text, kept.sha256) == (COMPOSED, digest(COMPOSED))


def test_same_text_may_be_kept_for_two_sources():
    """A reprint is a source of its own."""
    capture = CaptureFactory()
    assert refusal(lambda: copy_row(capture, ref="0000000000", source=SourceFactory())) is None


def test_source_without_address_may_be_one_of_many():
    assert refusal(lambda: SourceFactory.create_batch(2, url="")) is None
