"""What an editor saw when a form was opened: kept in the form itself, and held against what is stored at the save.

A form carries the version of its row (`seen_version`) and, signed, the values it was opened with (`seen_values`). A row
whose version is missing or is no longer the stored one is refused: see sources/conflicts.py for what the editor gets.
"""

import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.http import QueryDict

from sources.kept_text import normalise

# A field's value as its form sends it: of a choice of several their keys, sorted; "" for nothing and for not ticked.
type Sent = str | tuple[str, ...]
type Values = dict[str, Sent]

STALE = (
    "Somebody changed this record after you opened it. Nothing is saved yet, and what you typed is still here. Compare "
    "at the top, choose, then save once more."
)

_SIGNER = Signer(salt="sources.seen")


class SeenNumber(forms.IntegerField):
    """The version that was seen. No content: it never counts as a change."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SeenText(forms.CharField):
    """What the form is to remember until it comes back. No content: it never counts as a change."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SeenForm(forms.ModelForm):
    """A form of a row that knows what its editor saw."""

    # Whether the row is no longer what this form was opened on; known once the form is cleaned.
    stale = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen_version"] = SeenNumber(required=False, initial=partial(self._version_of, self.instance))
            self.fields["seen_values"] = SeenText(required=False, initial=lambda: sealed(self.values()))

    def fillable(self) -> list[str]:
        """The fields that an editor fills in."""
        hidden = {"DELETE", "seen_version", "seen_values", "new_ref"}
        return [name for name, field in self.fields.items() if name not in hidden and not field.widget.is_hidden]

    def values(self) -> Values:
        """What the form shows: of an unbound form what is stored, of a bound one what was typed."""
        return {name: sent(self.fields[name], self[name].value()) for name in self.fillable()}

    def opened(self) -> Values | None:
        """The values that a bound form was opened with; None where it does not tell."""
        return unsealed(self.data.get(self.add_prefix("seen_values"))).get("values")

    @property
    def taken_away(self) -> bool:
        """Whether the editor ticked the row to be taken away."""
        field = self.fields.get("DELETE")
        return bool(field and field.widget.value_from_datadict(self.data, self.files, self.add_prefix("DELETE")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_version(data)
        return data

    def _counted(self) -> list[str]:
        """The columns that tell one state of the row from another: its version, where it has one."""
        columns = {field.name for field in self._meta.model._meta.concrete_fields}
        return ["version"] if "version" in columns else sorted(columns & set(self.fillable()))

    def _version_of(self, row: models.Model | Mapping[str, Any]) -> int:
        values = [row[name] if isinstance(row, Mapping) else getattr(row, name) for name in self._counted()]
        # Rows that count no version can be told apart by what the form can change of them.
        return cast(int, values[0]) if self._counted() == ["version"] else zlib.crc32(repr(values).encode())

    def _clean_version(self, data: dict[str, Any]) -> None:
        """Refuse to overwrite what a colleague saved after this form was opened, and what was never seen.

        The row is locked until the form's transaction ends, so that of two who save at once the second waits here and
        then sees what the first one wrote.
        """
        if "seen_version" not in self.fields:
            return
        rows = self._meta.model._base_manager.filter(pk=self.instance.pk).order_by("pk")
        now = rows.select_for_update(no_key=True).values(*self._counted()).first()
        if now is None or data.get("seen_version") != self._version_of(now):
            self.stale = True
            self.add_error(None, ValidationError(STALE, code="stale"))


def sent(field: forms.Field, value: Any) -> Sent:
    """A field's value as text. Two spellings of one date or one number are the same text."""
    if isinstance(value, str) and not isinstance(field, forms.ModelChoiceField):
        with suppress(ValidationError):
            value = field.prepare_value(field.clean(value))
    if isinstance(value, list | tuple | set | models.QuerySet):
        return tuple(sorted(str(getattr(one, "pk", one)) for one in value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if value is None or isinstance(value, bool):
        return "on" if value else ""
    return normalise(str(value)).strip()


def sealed(values: Values, before: Values | None = None) -> str:
    """Values for a form to carry; `before` are those of an earlier opening that the editor is still choosing over."""
    return _SIGNER.sign_object({"values": values, **({"before": before} if before else {})}, compress=True)


def unsealed(text: str | None) -> dict[str, Values]:
    """The values that a form carried; {} where they are missing or not ours."""
    try:
        carried = _SIGNER.unsign_object(text or "")
    except (BadSignature, ValueError, zlib.error, json.JSONDecodeError):
        return {}
    return {
        kind: {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        for kind, values in carried.items()
    }


def put(data: QueryDict, name: str, value: Sent) -> None:
    """Let a form's data hold a value."""
    data.setlist(name, list(value) if isinstance(value, tuple) else [value])
