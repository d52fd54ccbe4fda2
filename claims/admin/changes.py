"""Changed rows in an editor's words: which field, with the words before and after as a difference."""

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
    """What these rows change, field by field. Costs a query for each record that a changed field names."""
    models_of = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return [change for row in _paired(list(rows)) if row["table"] in models_of for change in _of_row(row, models_of)]


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


def _of_row(row: Row, models_of: dict[str, Any]) -> list[Changed]:
    model, before, after = models_of[row["table"]], row["before"], row["after"]
    owner = f"{row['record']}_id"
    own = row["table"] == f"claims_{row['record']}" or model._meta.model_name == row["record"]
    name = "" if own else _name_of(model, before | after)
    found = []
    for field in model._meta.concrete_fields:
        key = field.attname
        if key in _SILENT or (not own and key in {owner, f"from_{owner}"}) or (key not in before and key not in after):
            continue
        old, new = _said(field, before.get(key)), _said(field, after.get(key))
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


def _said(field: Any, value: Any) -> str:
    """A column's value in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, models.ForeignKey):
        related = field.related_model._base_manager.filter(pk=value).first()
        return short(str(related), _LONGEST_NAME) if related else f"number {value}, which is gone"
    base = getattr(field, "base_field", field)
    labels = dict(base.flatchoices)
    if isinstance(value, list):
        return ", ".join(str(labels.get(one, one)) for one in value)
    return str(labels.get(value, value))
