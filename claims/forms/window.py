"""The stretch of time that a timeline shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.filtering import PlainEdtfField
from claims.timeline import Window


class WindowForm(forms.Form):
    """`from` and `to` as EDTF; either may be left empty."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["from"] = PlainEdtfField(bound="earliest", label=_("From"), required=False)
        self.fields["to"] = PlainEdtfField(bound="latest", label=_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, end = values.get("from"), values.get("to")
        if start and end and start.earliest > end.latest:
            self.add_error("to", _("This ends before it begins; swap the two dates."))
        return values

    def window(self) -> Window:
        """The days asked for, None where an end is left to the story; call after `is_valid`."""
        start, end = self.cleaned_data["from"], self.cleaned_data["to"]
        return Window(start.earliest if start else None, end.latest if end else None)
