"""What is asked before two speakers become one, and before a record gets a new address."""

from typing import Any

from django import forms
from django.contrib.admin.sites import site

from claims.models import Speaker
from sources.desk import DeskSelect
from sources.kept_text import normalise


def _reason(help_text: str, *, required: bool) -> forms.CharField:
    widget = forms.Textarea({"class": "vLargeTextField", "rows": 3, "dir": "auto"})
    return forms.CharField(label="Reason for readers", help_text=help_text, required=required, widget=widget)


class MergeForm(forms.Form):
    """Who they are; and once the preview was seen, why."""

    winner = forms.ModelChoiceField(
        Speaker.objects.filter(merged_into__isnull=True),
        label="The same as",
        help_text="The speaker who keeps the address and gets everything.",
        error_messages={"invalid_choice": "Choose a speaker from the list."},
    )
    reason = _reason("How you know that they are one, in a sentence or two.", required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Any column that leads to a speaker gives the room's own suggestions.
        self.fields["winner"].widget = DeskSelect(Speaker._meta.get_field("parent"), site)
        self.fields["winner"].widget.choices = self.fields["winner"].choices  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        return normalise(self.cleaned_data["reason"]).strip()


class AddressForm(forms.Form):
    """A new slug; and where readers know the record, why."""

    slug = forms.SlugField(
        label="New address", max_length=100, help_text="Letters, digits and hyphens: what stands in the address."
    )
    reason = _reason("Why the address changes; it is listed among the corrections.", required=False)

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]
