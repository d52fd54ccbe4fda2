"""The form of a reader who wants mails: an address, and a trap for programs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class AlertForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr", "aria-describedby": "email-about"}),
        help_text=_("We send one mail with a link to it. Only when you follow that link is your address kept."),
        error_messages={"required": _("Write the address that the mails should go to.")},
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, from_elsewhere: bool = False, **kwargs: Any) -> None:
        """from_elsewhere: the browser says that another site sent it."""
        super().__init__(*args, **kwargs)
        self.from_elsewhere = from_elsewhere
        if self.is_bound and "email" in self.errors:
            self.fields["email"].widget.attrs["aria-invalid"] = "true"

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Empty this field, please: it is there to catch programs."))
        return ""

    def clean(self) -> dict[str, Any] | None:
        if self.from_elsewhere:
            raise ValidationError(
                _("This was sent from a page of another site. If you meant to, press “Send” once more.")
            )
        return super().clean()
