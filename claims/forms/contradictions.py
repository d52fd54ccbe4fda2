"""A pair: the two accounts in view, the conflicting words pasted from each."""

from typing import Any

from django import forms
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from claims.choices import (
    Mechanism,
)
from claims.models import Contradiction, Statement
from claims.roles import readable
from sources.forms import DeskForm
from sources.kept_text import normalise


class AccountTextarea(forms.Textarea):
    """A text area for the conflicting words, under the account from which they are pasted."""

    def __init__(self, side: str) -> None:
        super().__init__({"class": "vLargeTextField", "rows": 3, "dir": "auto"})
        self.side = side
        self.statement: Statement | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        area = super().render(name, value, attrs, renderer)
        return render_to_string(
            "admin/claims/_account.html", {"area": area, "side": self.side, "statement": self.statement}
        )


class ContradictionForm(DeskForm):
    """Two accounts side by side, the conflicting words pasted from each."""

    mechanisms = forms.MultipleChoiceField(
        required=False,
        choices=Mechanism.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="What in the language makes them conflict; one or more.",
    )

    also_checked = ("status",)
    # Who fills it in: only accounts that they may read are shown.
    by: Any = None

    class Meta:
        model = Contradiction
        fields = "__all__"
        labels = {"first": "First account", "second": "Second account"}
        widgets = {"first_words": AccountTextarea("first"), "second_words": AccountTextarea("second")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "pattern" in self.fields:
            self.fields["pattern"].initial = ""
        for side in ("first", "second"):
            if f"{side}_words" in self.fields:
                self.fields[f"{side}_words"].widget.statement = self._statement(side)

    def _statement(self, side: str) -> Statement | None:
        """The account that the form shows now: as chosen in the browser, as asked for in the address, as stored."""
        if side in self.fields:
            key = self.data.get(self.add_prefix(side)) if self.is_bound else self.initial.get(side)
        else:
            key = getattr(self.instance, f"{side}_id")
        if isinstance(key, models.Model):
            key = key.pk
        if not (key and str(key).isascii() and str(key).isdigit()):
            return None
        accounts: Any = Statement.objects.for_reading()
        if self.by is not None:
            accounts = readable(self.by, accounts)
        return accounts.prefetch_related("positions__question").filter(pk=key).first()

    def clean_first_words(self) -> str:
        return normalise(self.cleaned_data["first_words"]).strip()

    def clean_second_words(self) -> str:
        return normalise(self.cleaned_data["second_words"]).strip()
