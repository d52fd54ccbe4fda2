"""Dates and numbers in the language of the page. What a form or file takes and gives is EDTF (sources/edtf.py)."""

from datetime import UTC, date, datetime
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils import formats
from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from sources.edtf import UncertainDate, grain_of

_MONTHS = (
    pgettext_lazy("month in a date", "January"),
    pgettext_lazy("month in a date", "February"),
    pgettext_lazy("month in a date", "March"),
    pgettext_lazy("month in a date", "April"),
    pgettext_lazy("month in a date", "May"),
    pgettext_lazy("month in a date", "June"),
    pgettext_lazy("month in a date", "July"),
    pgettext_lazy("month in a date", "August"),
    pgettext_lazy("month in a date", "September"),
    pgettext_lazy("month in a date", "October"),
    pgettext_lazy("month in a date", "November"),
    pgettext_lazy("month in a date", "December"),
)
# CLDR: the digits that Arabic writes by default, and its separators.
_ARABIC = str.maketrans("0123456789,.", "٠١٢٣٤٥٦٧٨٩٬٫")


def digits(text: Any) -> str:
    """Western digits as the page's language writes them, without separators: of years, days and clocks."""
    return str(text).translate(_ARABIC) if get_language() == "ar" else str(text)


def number(value: float) -> str:
    """A number as the page's language writes it: “1,204”, “١٬٢٠٤”."""
    if get_language() == "ar":
        return f"{value:,}".translate(_ARABIC)
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def language_name(tag: str) -> str:
    """A language by its name, where Django knows one; else its BCP 47 tag."""
    known = LANG_INFO.get(tag.lower()) or LANG_INFO.get(tag.partition("-")[0].lower()) or {}
    return gettext(known["name"]) if "name" in known else tag


def label(d: UncertainDate) -> str:
    """The date in words, never empty: "30 July – 2 August 2024", "c. 2024", "undated".

    "until the end of 2024" rather than "until 2024", which can be read as stopping on 31 December 2023.
    """
    first, last = d.earliest, d.latest
    if first is None and last is None:
        return _("undated")
    if d.precision == "range":
        return _range(d, first, last)
    assert first is not None  # noqa: S101
    return _about(d, _words(first, d.precision))


def _range(d: UncertainDate, first: date | None, last: date | None) -> str:
    grain = grain_of(d)
    if first is None or last is None:
        if first is not None:
            return _("from %(date)s") % {"date": _about(d, _words(first, grain))}
        assert last is not None  # noqa: S101
        end = _words(last, grain)
        if grain == "day":
            return _("until %(date)s") % {"date": _about(d, end)}
        return _("until %(date)s") % {"date": _about(d, _("the end of %(date)s") % {"date": end})}
    parts = {"first": _words(first, grain), "last": _words(last, grain)}
    close = first.year == last.year or grain == "year"
    if grain == "month" and close:
        parts["first"] = str(_MONTHS[first.month - 1])
    elif grain == "day" and close:
        day, month = digits(first.day), str(_MONTHS[first.month - 1])
        same = first.month == last.month
        parts["first"] = day if same else pgettext("a date", "%(day)s %(month)s") % {"day": day, "month": month}
        close = same
    shape = pgettext("from – to", "%(first)s–%(last)s") if close else pgettext("from – to", "%(first)s – %(last)s")
    return _about(d, shape % parts)


def _about(d: UncertainDate, words: str) -> str:
    return _("c. %(date)s") % {"date": words} if d.approximate else words


def _words(day: date, grain: str) -> str:
    year, month = digits(day.year), str(_MONTHS[day.month - 1])
    if grain == "year":
        return year
    if grain == "month":
        return pgettext("a date", "%(month)s %(year)s") % {"month": month, "year": year}
    return pgettext("a date", "%(day)s %(month)s %(year)s") % {"day": digits(day.day), "month": month, "year": year}


def day(moment: date) -> str:
    """A day in words: “23 November 2026”; of a moment its day in UTC."""
    return _words(moment.astimezone(UTC) if isinstance(moment, datetime) else moment, "day")


def minute(moment: datetime) -> str:
    """A moment to the minute: “23 November 2026, 14:05 UTC”."""
    return _moment(moment, "%H:%M")


def second(moment: datetime) -> str:
    """A moment to the second: “23 November 2026, 14:05:09 UTC”."""
    return _moment(moment, "%H:%M:%S")


def _moment(moment: datetime, clock: str) -> str:
    utc = moment.astimezone(UTC)
    return pgettext("a moment", "%(day)s, %(clock)s UTC") % {"day": day(utc), "clock": digits(utc.strftime(clock))}
