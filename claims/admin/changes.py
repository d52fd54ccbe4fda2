"""Changed rows in an editor's words: which field, with the words before and after as a difference."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from claims.changesets import KEPT_BY_DATABASE, Row
from claims.choices import Action, AnchorPart
from claims.models import Anchor, Event
from sources.differences import Stretch, difference
from sources.forms import short

# Columns that say nothing by themselves: keys, and what is computed from the words.
_SILENT = KEPT_BY_DATABASE | {"id", "ref", "prefix", "suffix", "tier", "checker", "checked_at", "order"}
_PLACES = {"start", "end"}  # Of a passage: told by its words, unless nothing else changed.
_CALLED = {("claims_statement", "content"): "Words", ("claims_position", "words"): "Answering words"}
_LONGEST_NAME = 60

type Names = dict[Any, dict[int, str]]  # Of records, by their model and key.


@dataclass(frozen=True, slots=True)
class Changed:
    """One field: the row of which it is ("" for the record itself), its name, and before and after in one."""

    row: str
    label: str
    stretches: list[Stretch]


def of_events(events: Iterable[Event]) -> list[Changed]:
    return of_rows(
        [
            {
                "table": event.row_table,
                "key": event.row_id,
                "action": event.action,
                "before": event.before or {},
                "after": event.after or {},
                "record": event.record,
                "record_id": event.record_id,
            }
            for event in events
        ]
    )


def of_rows(rows: Iterable[Row]) -> list[Changed]:
    """What these rows change, field by field. Costs a query for each kind of record that their fields name."""
    models_of = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    known = [(models_of[row["table"]], row) for row in _paired(list(rows)) if row["table"] in models_of]
    names = _names(known)
    return [change for model, row in known for change in _of_row(model, row, names)]


def _names(rows: Iterable[tuple[Any, Row]]) -> Names:
    """What the records that the rows lead to are called. A query for each kind of record."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for model, row in rows:
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                keys = {values.get(field.attname) for values in (row["before"], row["after"])}
                wanted[field.related_model] |= keys - {None}
    return {
        model: {key: short(str(found), _LONGEST_NAME) for key, found in model._base_manager.in_bulk(keys).items()}
        for model, keys in wanted.items()
    }


def _paired(rows: Sequence[Row]) -> list[Row]:
    """A passage that was taken out and put in anew is one that changed."""
    passages = Anchor._meta.db_table
    gone = {_place(row["before"]): row for row in rows if (row["table"], row["action"]) == (passages, Action.DELETE)}
    found = []
    for row in rows:
        if row["table"] != passages or row["action"] == Action.UPDATE:
            found.append(row)
        elif row["action"] == Action.INSERT:
            before = gone.pop(_place(row["after"]), None)
            found.append({**row, "before": before["before"] if before else {}})
    return [*found, *gone.values()]


def _place(anchor: dict[str, Any]) -> tuple[Any, ...]:
    return anchor.get("statement_id"), anchor.get("part"), anchor.get("order")


def _of_row(model: Any, row: Row, names: Names) -> list[Changed]:
    before, after = row["before"], row["after"]
    owner = f"{row['record']}_id"
    own = row["table"] == f"claims_{row['record']}" or model._meta.model_name == row["record"]
    name = "" if own else _name_of(model, before | after)
    found = []
    for field in model._meta.concrete_fields:
        key = field.attname
        if key in _SILENT or (not own and key in {owner, f"from_{owner}"}) or (key not in before and key not in after):
            continue
        old, new = _said(field, before.get(key), names), _said(field, after.get(key), names)
        if old != new and not (
            model is Anchor and key in {"part", *_PLACES} and before.get("exact") != after.get("exact")
        ):
            label = _CALLED.get((row["table"], field.name), str(field.verbose_name)).capitalize()
            found.append(Changed(name, label, difference(old, new, words_kept=None)))
    return found


def _name_of(model: Any, values: dict[str, Any]) -> str:
    """What a part of a record is called: “Answer”, “Quotation”, “Topics”."""
    if model is Anchor and values.get("part"):
        return f"Place of the {AnchorPart(values['part']).label.lower()}"
    if owner := model._meta.auto_created:
        fields = (field for field in owner._meta.many_to_many if field.remote_field.through is model)
        return next((str(field.verbose_name).capitalize() for field in fields), "")
    return str(model._meta.verbose_name).capitalize()


def _said(field: Any, value: Any, names: Names) -> str:
    """A column's value in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, models.ForeignKey):
        return names[field.related_model].get(value, f"number {value}, which is gone")
    base = getattr(field, "base_field", field)
    labels = dict(base.flatchoices)
    if isinstance(value, list):
        return ", ".join(str(labels.get(one, one)) for one in value)
    return str(labels.get(value, value))
