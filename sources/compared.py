"""What two editors changed, as a page shows it: each field's three states in words, and how they differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms

from sources.differences import Stretch, difference
from sources.forms import short
from sources.merging import Outcome, Unknown
from sources.seen import SeenForm, Sent, Values

TAKE = "take-"


@dataclass(frozen=True, slots=True)
class Saved:
    """Who saved a record last, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """One field, or one row as a whole, as the page shows it."""

    row: str  # The row that the field is of; "" for the record itself.
    label: str
    outcome: Outcome
    opened: list[Stretch] | None  # None where it is not known.
    theirs: list[Stretch]
    mine: list[Stretch]
    field: str  # The name in the form of what stands below.
    choice: str = ""  # The name of the radio buttons; "" where there is nothing to choose.
    takes_theirs: bool = False

    @property
    def told(self) -> str:
        """What became of it, in a sentence."""
        if self.outcome is Outcome.THEIRS and not self.field:
            return "Only they changed this: it is gone."
        return _TOLD[self.outcome]


_TOLD = {
    Outcome.ALIKE: "You both came to the same.",
    Outcome.THEIRS: "Only they changed this: theirs stands in the form below.",
    Outcome.MINE: "Only you changed this: yours stands in the form below.",
    Outcome.BOTH: "You both changed this: choose.",
}


def compared_field(
    form: SeenForm,
    name: str,
    states: tuple[Sent | Unknown, Sent, Sent],
    outcome: Outcome,
    *,
    row: str,
    field: str,
    asked: bool,
    takes_theirs: bool,
) -> Compared:
    """One field as the page shows it: what was opened, and by how much theirs and mine differ from it.

    `asked` says that the editor has to choose, or has chosen before.
    """
    kind = form.fields[name]
    opened, theirs, mine = states
    before = None if isinstance(opened, Unknown) else in_words(kind, opened)
    told, own = in_words(kind, theirs), in_words(kind, mine)
    by_words = not isinstance(kind, forms.ChoiceField | forms.BooleanField) or isinstance(mine, tuple)
    base = before if by_words else None
    choice = f"{TAKE}{field}" if asked and outcome in (Outcome.MINE, Outcome.BOTH) else ""
    return Compared(
        row,
        str(form[name].label),
        outcome,
        None if before is None else plain(before),
        changed(base, told),
        changed(base if before is not None or not by_words else told, own),
        field,
        choice,
        bool(choice) and takes_theirs,
    )


def in_words(field: forms.Field, value: Sent) -> str:
    """A field's value as a person reads it; what is no choice of the field's is shown as it was sent."""
    keys = list(value) if isinstance(value, tuple) else [value]
    if isinstance(field, forms.ModelChoiceField):
        numbers = [key for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
        rows = field.queryset.filter(pk__in=numbers) if field.queryset is not None else []
        found = {str(row.pk): short(str(row), 200) for row in rows}
    elif isinstance(field, forms.BooleanField):
        found = {"on": "Yes", "": "No"}
    elif isinstance(field, forms.ChoiceField):
        found = {str(key): str(label) for key, label in _flat(cast(Iterable[Any], field.choices))}
    else:
        found = {}
    return ";\n".join(found.get(key, key) for key in keys)


def _flat(choices: Iterable[Any]) -> list[tuple[Any, Any]]:
    return [pair for key, label in choices for pair in (label if isinstance(label, list | tuple) else [(key, label)])]


def in_short(form: SeenForm, values: Values) -> str:
    """A whole row in a few lines: each field that says something."""
    return "\n".join(
        f"{form[name].label}: {short(in_words(form.fields[name], value), 300)}"
        for name, value in values.items()
        if value and name in form.fields
    )


def plain(text: str) -> list[Stretch]:
    return [Stretch("same", text)] if text else []


def changed(before: str | None, now: str) -> list[Stretch]:
    return plain(now) if before is None else difference(before, now)
