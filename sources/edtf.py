"""Read and write uncertain dates: our own small EDTF (ISO 8601-2:2019, level 0 and the date parts of level 1).

Pure: text and dates only, no Django. The stored form is four columns: earliest and latest day (both inclusive, None
where that end is open), a precision and an "approximate" flag. EDTF is the written form in forms, filters and files
and is always computed from the columns, so the columns are the truth and `parse(write(d)) == d` for every valid `d`.

What one form means, where the standard leaves a choice:

- `~` (approximate), `?` (uncertain) and `%` (both) all set `approximate`: four columns cannot tell "about then" from
  "said to be then", and both tell a reader the same thing, "do not lean on this date". It is written back as `~`.
- A qualifier on one side of an interval makes the whole interval approximate, and is written back on every side.
- `201X` ("a year in the 2010s") becomes the range 2010–2019 and is written `2010/2019`; `2024-XX` is the year 2024 and
  `2024-08-XX` the month.
- `2024/` (end unknown) is read as `2024/..` (end open): neither gives a bound.
- A range keeps days only. It is written with whole years or whole months when both ends fall on such borders (the
  shortest text with the same bounds), because to print "1 July" for somebody's "July" would invent a day.
- Seasons (`2024-21`) are refused: spring lies in other months north and south of the equator, and "winter 2024"
  begins or ends in another year. Any bounds we stored would be our guess, not the source's words.
- Eastern Arabic and Persian digits are folded and bidirectional marks dropped: an editor with an Arabic keyboard types
  them, and they can mean one thing only. Nothing else is guessed: 03/04/2024 is refused with both readings spelt out.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

PRECISIONS = ("day", "month", "year", "range", "unknown")
MAX_LENGTH = 64  # Code points; the longest text we write is "YYYY-MM-DD~/YYYY-MM-DD~", 23.

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_HOW = "Write 2024-08-15, 2024-08, 2024, or two of them with a slash between: 2024-08-15/2024-08-16."
_FOLD = {0x0660 + digit: str(digit) for digit in range(10)} | {0x06F0 + digit: str(digit) for digit in range(10)}
_DROP: dict[int, None] = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_POINT = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?(?P<mark>[~?%]?)"
)
_SEASONS = {21: ("spring", "03", "05"), 22: ("summer", "06", "08"), 23: ("autumn", "09", "11")}


class EdtfError(ValueError):
    """A date that cannot be read or stored; the message tells an editor what is wrong and what to write instead."""


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """The four stored columns. Both days are inclusive; None is an open end (range) or no date at all (unknown).

    Raises EdtfError when the columns disagree: a day has one day, a month and a year are whole ones, a range has at
    least one end and more than one day, and an unknown date has neither ends nor "approximate".
    """

    earliest: date | None
    latest: date | None
    precision: str
    approximate: bool = False

    def __post_init__(self) -> None:
        problem = self._problem()
        if problem:
            raise EdtfError(problem)

    def _problem(self) -> str:
        first, last = self.earliest, self.latest
        if self.precision not in PRECISIONS:
            return f"‘{_shown(self.precision)}’ is no precision; use one of {', '.join(PRECISIONS)}."
        if self.precision == "unknown":
            return "An unknown date has no days and is not approximate." if first or last or self.approximate else ""
        if self.precision == "range":
            if first is None and last is None:
                return "A range needs at least one end; leave the field empty for an unknown date."
            if first and last and first > last:
                return f"The range ends ({last}) before it begins ({first}); swap the two dates."
            return "A range of one day is a day." if first == last else ""
        if first is None or last is None:
            return f"A {self.precision} has a first and a last day."
        if (first, last) != _bounds(first, self.precision):
            return f"{first} to {last} is not one whole {self.precision}."
        return ""


UNDATED = UncertainDate(None, None, "unknown")


def parse(text: str) -> UncertainDate:
    """Read one EDTF text; "" and XXXX mean unknown.

    Raises EdtfError, and nothing else, for any other text; the message is meant for the form field.
    """
    folded = unicodedata.normalize("NFC", text).translate(_FOLD).translate(_DROP).strip().replace("x", "X")
    if len(folded) > MAX_LENGTH:
        raise EdtfError(f"‘{_shown(folded)}’ is too long for a date. {_HOW}")
    if folded in ("", "XXXX", "XXXX-XX", "XXXX-XX-XX"):
        return UNDATED
    _refuse_other_notations(folded)
    if "/" not in folded:
        return _point(folded)
    left, right = (_side(side) for side in folded.split("/"))
    if left is None and right is None:
        raise EdtfError(f"‘{folded}’ has no end at all. Give one, as in 2024-08-15/.., or leave the field empty.")
    first = left.earliest if left else None
    last = right.latest if right else None
    approximate = bool((left and left.approximate) or (right and right.approximate))
    if left and right and replace(left, approximate=False) == replace(right, approximate=False):
        return replace(left, approximate=approximate)
    if first and first == last:
        return UncertainDate(first, last, "day", approximate)
    return UncertainDate(first, last, "range", approximate)


def write(d: UncertainDate) -> str:
    """The canonical EDTF text, at most 23 ASCII characters; "" for an unknown date."""
    if d.precision == "unknown":
        return ""
    mark = "~" if d.approximate else ""
    if d.precision != "range":
        return _iso(d.earliest, d.precision) + mark
    grain = grain_of(d)
    ends = (_iso(end, grain) + mark if end else ".." for end in (d.earliest, d.latest))
    return "/".join(ends)


def overlaps(a: UncertainDate, b: UncertainDate) -> bool:
    """Whether the two can be the same day: closed intervals, an open end reaches for ever.

    So an unknown date overlaps everything. A reversal (domain.md) needs two statements for which this is False.
    """
    a_before_b = a.latest is not None and b.earliest is not None and a.latest < b.earliest
    b_before_a = b.latest is not None and a.earliest is not None and b.latest < a.earliest
    return not (a_before_b or b_before_a)


def _point(text: str) -> UncertainDate:
    """One date without a slash, to its bounds. Raises EdtfError."""
    match = _POINT.fullmatch(text)
    if match is None:
        raise EdtfError(_explain(text))
    year, month, day = match["year"], match["month"], match["day"]
    approximate = bool(match["mark"])
    if month == "XX" and day not in (None, "XX"):
        raise EdtfError(f"‘{text}’ gives a day without its month. Write the year alone: {year}.")
    if "X" in year:
        if month is not None:
            raise EdtfError(f"‘{text}’ gives a month in an unknown year. Write the years alone: {year}.")
        first_year, last_year = int(year.replace("X", "0")), int(year.replace("X", "9"))
        if first_year == 0:
            raise EdtfError(f"‘{text}’ reaches back to the year 0; years go from 0001 to 9999.")
        return UncertainDate(date(first_year, 1, 1), date(last_year, 12, 31), "range", approximate)
    number = int(year)
    if number == 0:
        raise EdtfError(f"There is no year 0 in ‘{text}’; years go from 0001 to 9999.")
    if month is None or month == "XX":
        return UncertainDate(*_bounds(date(number, 1, 1), "year"), "year", approximate)
    in_year = int(month)
    if 21 <= in_year <= 41:
        name, begin, end = _SEASONS.get(in_year, ("season", "01", "03"))
        raise EdtfError(
            f"‘{text}’ names a {name if name == 'season' else 'season (' + name + ')'}, and seasons fall in different "
            f"months in different places. Write the months that are meant, for example {year}-{begin}/{year}-{end}."
        )
    if not 1 <= in_year <= 12:
        raise EdtfError(f"There is no month {month} in ‘{text}’; months go from 01 to 12, as in {year}-08.")
    if day is None or day == "XX":
        return UncertainDate(*_bounds(date(number, in_year, 1), "month"), "month", approximate)
    try:
        only = date(number, in_year, int(day))
    except ValueError:
        days = calendar.monthrange(number, in_year)[1]
        raise EdtfError(
            f"{_MONTHS[in_year - 1]} {number} has {days} days, so there is no ‘{text}’. Write {year}-{month}-{days} or "
            f"{year}-{month}."
        ) from None
    return UncertainDate(only, only, "day", approximate)


def _side(text: str) -> UncertainDate | None:
    """One side of an interval; None for an open ("..") or unknown ("") one."""
    stripped = text.strip()
    if stripped in ("", ".."):
        return None
    return _point(stripped)


def _refuse_other_notations(text: str) -> None:
    """Raise EdtfError, with the text to write instead, for the usual ways of writing a date that are not EDTF."""
    shown = _shown(text)
    if re.match(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:T| +)[0-9]", text):
        day = re.sub(r"^([0-9]{4})-?([0-9]{2})-?([0-9]{2}).*$", r"\1-\2-\3", text, flags=re.DOTALL)
        raise EdtfError(f"‘{shown}’ has a time of day. Leave out the time: {day}.")
    if numbers := re.fullmatch(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", text):
        one, other, year = numbers[1].zfill(2), numbers[3].zfill(2), numbers[4]
        orders = dict.fromkeys([(one, other), (other, one)])
        readings = [f"{year}-{m}-{d}" for d, m in orders if "01" <= m <= "12" and "01" <= d <= "31"]
        why = "can be read in two ways" if len(readings) > 1 else "does not begin with the year"
        raise EdtfError(f"‘{shown}’ {why}. Write the year first: {' or '.join(readings) or '2024-08-15'}.")
    if numbers := re.fullmatch(r"([0-9]{4})([/.-]?)([0-9]{1,2})\2([0-9]{1,2})", text):
        plain = f"{numbers[1]}-{numbers[3].zfill(2)}-{numbers[4].zfill(2)}"
        if plain != text and len(numbers[0]) >= 8:
            raise EdtfError(f"Write ‘{shown}’ with hyphens and two digits each for month and day: {plain}.")
    if numbers := re.fullmatch(r"([0-9]{4})/([0-9]{1,2})", text):
        raise EdtfError(f"‘{shown}’ is unclear. Write {numbers[1]}-{numbers[2].zfill(2)} or, for years, 2024/2025.")
    if numbers := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{4})", text):
        raise EdtfError(f"Write the year first in ‘{shown}’: {numbers[2]}-{numbers[1].zfill(2)}.")
    if re.match(r"Y?[-+−]?[0-9]{5,}|Y|[-+−]", text):
        raise EdtfError(f"‘{shown}’ lies outside the years 0001 to 9999, which is all this tracker keeps. {_HOW}")
    if text.count("/") > 1:
        raise EdtfError(f"‘{shown}’ has more than one slash. {_HOW}")


def _explain(text: str) -> str:
    """The message for one date (or one side of an interval) that has no shape we know."""
    shown = _shown(text)
    if re.search(r"[~?%].", text, flags=re.DOTALL):
        return f"Put ~ (about) or ? (uncertain) once, at the end of the date, in ‘{shown}’: 2024-08~."
    if re.fullmatch(r"[0-9]{4}(?:-[0-9]{2}){0,2} ?[–—−-] ?[0-9]{4}(?:-[0-9]{2}){0,2}", text):
        return f"Put a slash between the two dates in ‘{shown}’: 2024-08-15/2024-08-16."
    if re.fullmatch(r"[0-9]{4}-[0-9]{1,2}(?:-[0-9]{1,2})?", text):
        whole = "-".join(part.zfill(2) for part in text.split("-"))
        return f"Write month and day of ‘{shown}’ with two digits each: {whole}."
    if any(character.isalpha() and character != "X" for character in text):
        return f"‘{shown}’ has letters in it. {_HOW} For “about 2024” write 2024~."
    return f"‘{shown}’ is not a date we can read. {_HOW}"


def _shown(text: str) -> str:
    """The editor's own text for a message: short, on one line, nothing unprintable."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return "".join(character if character.isprintable() else "\ufffd" for character in short)


def _bounds(day: date, precision: str) -> tuple[date, date]:
    """First and last day of the day, month or year that `day` lies in."""
    if precision == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    if precision == "month":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day, day


def grain_of(d: UncertainDate) -> str:
    """The coarsest of year, month and day in which both ends of a range can be written without moving its bounds.

    A range inside one month (or year) is written finer: "2024-08" would be read back as a month, not as a range.
    """
    first, last = d.earliest, d.latest
    for grain in ("year", "month"):
        begins = first is None or _bounds(first, grain)[0] == first
        ends = last is None or _bounds(last, grain)[1] == last
        one = first is not None and last is not None and _bounds(first, grain) == _bounds(last, grain)
        if begins and ends and not one:
            return grain
    return "day"


def _iso(day: date | None, grain: str) -> str:
    return day.isoformat()[: {"year": 4, "month": 7}.get(grain, 10)] if day else ".."
