"""Two editors on one record: what each of them changed, side by side, and a form in which the second can settle it.

Whoever saves second gets the form back with what only the colleague changed already in it, with everything typed where
it was typed, and with a choice beside each field that both changed. The choice is a radio button, `take-` and the name
of the field or of the row, so that it works without a script.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import QueryDict

from sources.compared import TAKE, Compared, changed, compared_field, in_short, plain
from sources.merging import Merged, Outcome, Unknown, merge
from sources.seen import SeenForm, Values, put, sealed, unsealed

GONE = "No longer there."


def stale_among(forms_of: Sequence[Any], formsets: Sequence[Any]) -> bool:
    """Whether any of these cleaned forms was opened on what is stored no more."""
    rows = [row for formset in formsets for row in formset.forms]
    return any(form.stale for form in [*forms_of, *rows] if isinstance(form, SeenForm)) or any(
        _vanished(row) for formset in formsets for row in formset.initial_forms
    )


def _vanished(row: Any) -> bool:
    """A row that was there when the form was opened, is wanted, and is there no more."""
    return row.instance.pk is None and not row.taken_away


def resolved(data: QueryDict) -> QueryDict:
    """What the form sends once the choices are made: where theirs was taken, the values that it carries for them."""
    if not (taken := _taken(data)):
        return data
    chosen = data.copy()
    for name in taken:
        prefix, field = _parts(name, data)
        theirs = unsealed(data.get(f"{prefix}seen_values")).get("values", {})
        if field:
            if field in theirs:
                put(chosen, name, theirs[field])
        elif theirs:
            chosen.pop(f"{prefix}DELETE", None)
            for each, value in theirs.items():
                put(chosen, f"{prefix}{each}", value)
        else:
            _leave_out(chosen, prefix)
    return chosen


def _taken(data: QueryDict) -> list[str]:
    """The fields and rows of which theirs was chosen; rows from the last to the first, since the rest may move up."""
    names = [name.removeprefix(TAKE) for name in data if name.startswith(TAKE) and data[name] == "theirs"]
    return sorted(names, key=lambda name: [int(number) for number in re.findall(r"-(\d+)(?=-|$)", name)], reverse=True)


def _parts(name: str, data: QueryDict) -> tuple[str, str]:
    """The prefix of the form that a name belongs to, and the field; no field where it names a row."""
    found = re.fullmatch(r"(?P<row>[\w-]+-\d+)(?:-(?P<field>\w+))?", name)
    if found and f"{found['row'].rpartition('-')[0]}-TOTAL_FORMS" in data:
        return f"{found['row']}-", found["field"] or ""
    return "", name


def _leave_out(data: QueryDict, prefix: str) -> None:
    """Take a new row out of a form's data; those after it move up."""
    name, _, number = prefix.removesuffix("-").rpartition("-")
    total = f"{name}-TOTAL_FORMS"
    count = data.get(total, "")
    if not (count.isascii() and count.isdigit()) or int(number) >= int(count):
        return
    rows = [_row(data, f"{name}-{each}-") for each in range(min(int(count), 1000)) if each != int(number)]
    _write_rows(data, name, rows)
    data[total] = str(len(rows))


def _row(data: QueryDict, prefix: str) -> dict[str, list[str]]:
    return {key.removeprefix(prefix): data.getlist(key) for key in data if key.startswith(prefix)}


def _write_rows(data: QueryDict, name: str, rows: Sequence[dict[str, list[str]]]) -> None:
    for key in [key for key in data if re.match(rf"{re.escape(name)}-\d+-", key)]:
        del data[key]
    for number, row in enumerate(rows):
        for key, values in row.items():
            data.setlist(f"{name}-{number}-{key}", values)


class Comparison:
    """What both changed, field by field, and the form's data with it merged.

    Takes the bound forms of a save that was refused, and unbound ones of what is stored now.
    """

    def __init__(self, data: QueryDict) -> None:
        self.typed = data
        self.data = data.copy()
        self.rows: list[Compared] = []

    def record(self, form: SeenForm, now: SeenForm) -> None:
        values = form.values()
        self._fields(form, now, form.opened(), values, row="", prefix="", typed_prefix="")

    def inline(self, formset: Any, now: Any) -> None:
        """The rows of one formset: those that are stored now, then those that only the typed form has."""
        name, one = formset.prefix, formset.row_name
        sent_rows = {str(row.instance.pk): row for row in formset.initial_forms if row.instance.pk}
        gone = [row for row in formset.initial_forms if row.instance.pk is None]
        new = [row for row in formset.extra_forms if row.has_changed() and not row.taken_away]
        stored = now.initial_forms
        rows: list[dict[str, list[str]]] = []
        for fresh in stored:
            label = f"{one} {len(rows) + 1}"
            prefix = f"{name}-{len(rows)}-"
            bound = sent_rows.pop(str(fresh.instance.pk), None)
            if bound is None:
                rows.append(self._added(fresh, label, prefix, new))
            else:
                rows.append(_row(self.typed, f"{bound.prefix}-"))
                rows[-1]["id"] = [str(fresh.instance.pk)]
        _write_rows(self.data, name, rows)
        for number, fresh in enumerate(stored):
            prefix = f"{name}-{number}-"
            bound = next((row for row in formset.initial_forms if row.instance.pk == fresh.instance.pk), None)
            if bound is not None:
                self._row_of_both(bound, fresh, f"{one} {number + 1}", prefix)
        kept: list[dict[str, list[str]]] = []
        for row in [*gone, *sent_rows.values()]:
            kept += self._taken_by_them(
                row, f"{one} {len(stored) + len(kept) + 1}", f"{name}-{len(stored) + len(kept)}"
            )
        kept += [_row(self.typed, f"{row.prefix}-") for row in new]
        for number, entries in enumerate(kept, start=len(stored)):
            for key, values in entries.items():
                self.data.setlist(f"{name}-{number}-{key}", values)
        self.data[f"{name}-INITIAL_FORMS"] = str(len(stored))
        self.data[f"{name}-TOTAL_FORMS"] = str(len(stored) + len(kept))

    def _added(self, fresh: SeenForm, label: str, prefix: str, new: list[Any]) -> dict[str, list[str]]:
        """A row that they added. Where the editor added the very same, it is one row."""
        values = fresh.values()
        twin = next((row for row in new if row.values() == values), None)
        if twin is not None:
            new.remove(twin)
        told = in_short(fresh, values)
        outcome = Outcome.ALIKE if twin is not None else Outcome.THEIRS
        mine = plain(told) if twin is not None else []
        self.rows.append(Compared(label, "Added", outcome, [], plain(told), mine, f"{prefix}{next(iter(values), '')}"))
        entries = {name: list(value) if isinstance(value, tuple) else [value] for name, value in values.items()}
        return {
            **entries,
            "id": [str(fresh.instance.pk)],
            "seen_version": [str(fresh["seen_version"].value())],
            "seen_values": [sealed(values)],
        }

    def _row_of_both(self, row: SeenForm, now: SeenForm, label: str, prefix: str) -> None:
        opened, mine, theirs = row.opened(), row.values(), now.values()
        if not row.taken_away:
            self._fields(row, now, opened, mine, row=label, prefix=prefix, typed_prefix=f"{row.prefix}-")
            return
        before: Values | Unknown | None = Unknown.OPENED if opened is None else opened
        merged = merge(before, theirs, None)
        self._seal(prefix, now, theirs, {})
        self.rows.append(
            Compared(
                label,
                "Taken away",
                merged.outcome,
                plain(in_short(now, opened)) if opened is not None else None,
                changed(in_short(now, opened) if opened is not None else None, in_short(now, theirs)),
                plain("You take this row away."),
                f"{prefix}DELETE",
                f"{TAKE}{prefix.removesuffix('-')}",
                self._chose(row.prefix or ""),
            )
        )

    def _taken_by_them(self, row: SeenForm, label: str, place: str) -> list[dict[str, list[str]]]:
        """A row that they took away: gone if it stands as it was opened, else kept as a new one."""
        if row.taken_away:
            return []
        opened, mine = row.opened(), row.values()
        merged: Merged[Values | None] = merge(Unknown.OPENED if opened is None else opened, None, mine)
        was = in_short(row, opened) if opened is not None else None
        wanted = merged.outcome is Outcome.BOTH
        self.rows.append(
            Compared(
                label,
                "Taken away",
                merged.outcome,
                plain(was) if was is not None else None,
                plain(GONE),
                changed(was, in_short(row, mine)),
                f"{place}-{next(iter(mine), '')}" if wanted else "",
                f"{TAKE}{place}" if wanted else "",
                wanted and self._chose(row.prefix or ""),
            )
        )
        if not wanted:
            return []
        entries = _row(self.typed, f"{row.prefix}-")
        return [{key: values for key, values in entries.items() if key not in {"id", "seen_version", "seen_values"}}]

    def _fields(
        self,
        form: SeenForm,
        now: SeenForm,
        opened: Values | None,
        mine: Values,
        *,
        row: str,
        prefix: str,
        typed_prefix: str,
    ) -> None:
        theirs = now.values()
        differing: Values = {}
        for name in [name for name in mine if name in theirs]:
            before = Unknown.OPENED if opened is None else opened.get(name, "")
            merged = merge(before, theirs[name], mine[name])
            if merged.outcome is Outcome.UNTOUCHED:
                continue
            if merged.outcome is Outcome.THEIRS:
                put(self.data, f"{prefix}{name}", merged.value)
            elif not isinstance(before, Unknown):
                differing[name] = before
            self.rows.append(
                compared_field(
                    form,
                    name,
                    (before, theirs[name], mine[name]),
                    merged.outcome,
                    row=row,
                    field=f"{prefix}{name}",
                    asked=merged.outcome is Outcome.BOTH or f"{TAKE}{typed_prefix}{name}" in self.typed,
                    takes_theirs=self._chose(f"{typed_prefix}{name}"),
                )
            )
        self._seal(prefix, now, theirs, differing)

    def _seal(self, prefix: str, now: SeenForm, theirs: Values, before: Values) -> None:
        """From here on the form was opened on what they saved."""
        self.data[f"{prefix}seen_version"] = str(now["seen_version"].value())
        self.data[f"{prefix}seen_values"] = sealed(theirs, before)

    def _chose(self, name: str) -> bool:
        return self.typed.get(f"{TAKE}{name}") == "theirs"


def standing(form: SeenForm, formsets: Iterable[Any], data: QueryDict) -> list[Compared]:
    """The choices of a form that came back for another reason, as they were shown."""
    rows: list[Compared] = []
    every = [("", form)] + [
        (f"{formset.row_name} {number}", row)
        for formset in formsets
        for number, row in enumerate(formset.forms, start=1)
    ]
    for label, one in every:
        prefix = f"{one.prefix}-" if one.prefix else ""
        carried = unsealed(data.get(f"{prefix}seen_values"))
        theirs, before, mine = carried.get("values", {}), carried.get("before", {}), one.values()
        if prefix and f"{TAKE}{prefix[:-1]}" in data:
            told = plain(in_short(one, theirs) if theirs else GONE)
            own = plain("You take this row away." if one.taken_away else in_short(one, mine))
            takes = data[f"{TAKE}{prefix[:-1]}"] == "theirs"
            first = f"{prefix}{next(iter(mine), '')}"
            rows.append(
                Compared(label, "Taken away", Outcome.BOTH, None, told, own, first, f"{TAKE}{prefix[:-1]}", takes)
            )
        for name in mine:
            if f"{TAKE}{prefix}{name}" in data and name in theirs:
                opened = before.get(name, Unknown.OPENED)
                outcome = Outcome.MINE if opened == theirs[name] else Outcome.BOTH
                states = (opened, theirs[name], mine[name])
                takes = data[f"{TAKE}{prefix}{name}"] == "theirs"
                rows.append(
                    compared_field(
                        one, name, states, outcome, row=label, field=f"{prefix}{name}", asked=True, takes_theirs=takes
                    )
                )
    return rows
