"""Keyset pages over sources: the plainest rows with a date that may be missing."""

import base64
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.cursors import BROKEN, PAGE_SIZE, page
from sources.models import Source
from tests.factories import OutletFactory

pytestmark = pytest.mark.django_db

TITLES = ["a “quoted” title", "b/c", "ج عنوان"]  # In the same order in every collation.
FIRST = date(2024, 8, 1)
# Few days, so that many rows share one; None is undated. Enough rows for a third page.
DAYS = st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=2 * PAGE_SIZE + 5)
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def add(outlet, days, ref):
    rows = [
        Source(
            title=TITLES[n % len(TITLES)],
            outlet=outlet,
            ref=f"{ref}{n:09}",
            published_from=at,
            published_to=at,
            precision="day" if at else "unknown",
        )
        for n, at in enumerate(FIRST + timedelta(day) if day is not None else None for day in days)
    ]
    return Source.objects.bulk_create(rows)


def in_order(rows, by, descending):
    """The rows as a reader expects them: by the column, then by key; those without a value last in either direction."""
    keyed = sorted(rows, key=lambda r: r.pk, reverse=descending)
    if not by:
        return keyed
    known = [row for row in keyed if getattr(row, by) is not None]
    unknown = [row for row in keyed if getattr(row, by) is None]
    return sorted(known, key=lambda row: getattr(row, by), reverse=descending) + unknown


def walk(by, descending, between=lambda: None):
    """Every row met by following the cursors to the end, and the sizes of the pages."""
    met, sizes, cursor = [], [], ""
    while True:
        found = page(Source.objects.all(), cursor=cursor, by=by, descending=descending)
        met += found.rows
        sizes.append(len(found.rows))
        if not found.next_cursor:
            return met, sizes
        cursor = found.next_cursor
        between()


@pytest.mark.parametrize("by", ["published_from", "", "title"])
@pytest.mark.parametrize("descending", [True, False])
def test_walk_gives_every_row_once_in_order(descending, by):
    outlet = OutletFactory()

    @settings(suppress_health_check=SLOW, max_examples=15, deadline=None)
    @given(DAYS)
    def check(days):
        Source.objects.all().delete()
        rows = add(outlet, days, "a")
        met, sizes = walk(by, descending)
        assert met == in_order(rows, by, descending)
        assert sizes[:-1] == [PAGE_SIZE] * (len(sizes) - 1)
        assert sizes[-1] > 0 or not rows

    check()


@pytest.mark.parametrize("by", ["published_from", "", "title"])
@pytest.mark.parametrize("descending", [True, False])
def test_rows_added_meanwhile_neither_hide_nor_repeat_others(descending, by):
    outlet = OutletFactory()

    @settings(suppress_health_check=SLOW, max_examples=10, deadline=None)
    @given(DAYS, st.lists(st.one_of(st.none(), st.integers(-1, 4)), min_size=1, max_size=4))
    def check(days, later):
        Source.objects.all().delete()
        rows = add(outlet, days, "a")
        marks = iter("bcdefgh")
        met, _ = walk(by, descending, lambda: add(outlet, later, next(marks)))
        assert len({row.pk for row in met}) == len(met)
        kept = {row.pk for row in rows}
        assert [row for row in met if row.pk in kept] == in_order(rows, by, descending)

    check()


def test_exactly_one_page_has_no_next():
    add(OutletFactory(), [0] * PAGE_SIZE, "a")
    assert walk("published_from", True)[1] == [PAGE_SIZE]


@pytest.mark.parametrize("by", ["published_from", "", "title"])
def test_page_costs_one_query(django_assert_num_queries, by):
    add(OutletFactory(), [0, None] * PAGE_SIZE, "a")
    cursor = ""
    for _ in range(2):
        with django_assert_num_queries(1):
            cursor = page(Source.objects.all(), cursor=cursor, by=by, descending=True).next_cursor


def encoded(plain):
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


ORDER = '"sources.source -published_from"'

BROKEN_CURSORS = {
    "garbage": "!!!",
    "letters": "cursor",
    "NUL": "WyIyMDI0\x00",
    "NUL inside": encoded(f'[{ORDER},"2024-08-15\x00",1]'),
    "NUL escaped": encoded(f'[{ORDER},"2024-08-15\\u0000",1]'),
    "half a character": encoded(f'[{ORDER},"\\ud800",1]'),
    "not ASCII": "محادثات",
    "only padding": "====",
    "padded": base64.urlsafe_b64encode(f'[{ORDER},"2024-08-15",12]'.encode()).decode() + "==",
    "huge": "A" * 100_000,
    "deep": encoded("[" * 50_000),
    "another's base64": encoded('{"page": 2}'),
    "a number": encoded("5"),
    "no key": encoded(f'[{ORDER},"2024-08-15"]'),
    "four parts": encoded(f'[{ORDER},"2024-08-15",1,2]'),
    "a list as day": encoded(f'[{ORDER},["2024-08-15"],1]'),
    "impossible day": encoded(f'[{ORDER},"2024-02-30",1]'),
    "no day": encoded(f'[{ORDER},"",1]'),
    "a title": encoded(f'[{ORDER},"Two Missiles",1]'),
    "a week": encoded(f'[{ORDER},"2024-W33-4",1]'),
    "spaces": encoded(f'[{ORDER},"2024-08-15", 1]'),
    "a fraction": encoded(f'[{ORDER},"2024-08-15",1.0]'),
    "true": encoded(f'[{ORDER},"2024-08-15",true]'),
    "a text as key": encoded(f'[{ORDER},"2024-08-15","1"]'),
    "zero": encoded(f'[{ORDER},"2024-08-15",0]'),
    "negative": encoded(f'[{ORDER},"2024-08-15",-1]'),
    "beyond bigint": encoded(f'[{ORDER},"2024-08-15",{2**63}]'),
    "thousands of digits": encoded(f'[{ORDER},"2024-08-15",' + "9" * 5000 + "]"),
    "not a number": encoded(f'[{ORDER},"2024-08-15",NaN]'),
}


@pytest.mark.parametrize("cursor", BROKEN_CURSORS.values(), ids=BROKEN_CURSORS)
def test_broken_cursor_is_refused(cursor):
    with pytest.raises(ValidationError) as refused:
        page(Source.objects.all(), cursor=cursor, by="published_from", descending=True)
    assert refused.value.messages == [BROKEN]


def test_cursor_of_a_dated_list_is_refused_by_an_undated_one():
    with pytest.raises(ValidationError) as refused:
        page(Source.objects.all(), cursor=encoded(f'[{ORDER},"2024-08-15",5]'), descending=True)
    assert refused.value.messages == [BROKEN]


@pytest.mark.parametrize(
    "order", ["claims.statement -said_from", "sources.source published_from", "sources.source -title"]
)
@pytest.mark.parametrize("value", ['"2024-08-15"', "null"])
def test_cursor_of_another_list_or_order_is_refused(order, value):
    with pytest.raises(ValidationError) as refused:
        page(Source.objects.all(), cursor=encoded(f'["{order}",{value},5]'), by="published_from", descending=True)
    assert refused.value.messages == [BROKEN]


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_no_text_breaks_the_reading_of_a_cursor(cursor):
    """Whatever stands in the address: a page, or the message; never a server error."""
    with suppress(ValidationError):
        found = page(Source.objects.none(), cursor=cursor, by="published_from", descending=True)
        assert (found.rows, found.next_cursor) == ([], "")


@given(st.dates(), st.integers(1, 2**63 - 1), st.booleans())
def test_cursor_made_by_us_is_read(day, key, dated):
    cursor = encoded(f'[{ORDER},"{day}",{key}]' if dated else f"[{ORDER},null,{key}]")
    assert page(Source.objects.none(), cursor=cursor, by="published_from", descending=True).rows == []
