"""The reader's form, which needs no session, and the editor's, which decides."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import ReportKind, ReportState
from claims.models import Correction, Report
from claims.reports import corrections_for
from sources.records import new_ref

QUICKEST = timedelta(seconds=3)
"""No person reads the form, chooses and writes in less."""
LONGEST = timedelta(hours=24)
LONGEST_MESSAGE = 5000


class ReportForm(forms.Form):
    """A reader's report on one record.

    `pass_` takes the place of a cookie: the reference of the report to come, signed, for this record and for a day. A
    program that sends one again and again makes one report; who wants another has to fetch the form.
    """

    kind = forms.ChoiceField(
        label=_("What is the matter?"),
        choices=ReportKind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is the matter."), "invalid_choice": _("Choose one of these.")},
    )
    message = forms.CharField(
        label=_("What is wrong, and how do you know?"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("Our editors read this, and nobody else. Name the source if you can."),
        error_messages={"required": _("Write what is wrong.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address, if you want an answer"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        help_text=_(
            "Only to send you what came of it. It is shown to nobody but our editors, and deleted once you have the "
            "answer, at the latest after 90 days."
        ),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    pass_ = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, of: tuple[str, str], from_elsewhere: bool = False, **kwargs: Any) -> None:
        """of: kind and key of the record (claims/reports.py). from_elsewhere: the browser says another site sent it."""
        super().__init__(*args, **kwargs)
        self.signer = TimestampSigner(salt=f"claims.reports:{':'.join(of)}")
        self.from_elsewhere = from_elsewhere
        if settings.MAIL == "off":
            del self.fields["email"]
        for name in ("message", "email"):
            if name in self.fields:
                self.fields[name].widget.attrs["aria-describedby"] = f"{name}-about"
        if self.is_bound:
            for name in self.errors:
                if name in self.fields:
                    self.fields[name].widget.attrs["aria-invalid"] = "true"

    @property
    def next_pass(self) -> str:
        """For the form that is shown now: the same where it still holds, so that its time runs on, else a new one."""
        sent = self.data.get("pass_", "") if self.is_bound else ""
        try:
            self.signer.unsign(sent, max_age=LONGEST)
        except BadSignature:
            return self.signer.sign(new_ref())
        return str(sent)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Empty this field, please: it is there to catch programs."))
        return ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.from_elsewhere:
            raise ValidationError(
                _("This was sent from a page of another site. If you meant to, press “Send” once more.")
            )
        try:
            data["ref"] = self.signer.unsign(data.get("pass_", ""), max_age=LONGEST)
        except SignatureExpired as error:
            raise ValidationError(
                _("This page was open for more than a day. Your words are still here: press “Send” once more.")
            ) from error
        except BadSignature as error:
            raise ValidationError(
                _("This form was not made for this page. Your words are still here: press “Send” once more.")
            ) from error
        try:
            self.signer.unsign(data["pass_"], max_age=QUICKEST)
        except SignatureExpired:
            return data
        raise ValidationError(_("That was very quick, as programs are. Look it over, then press “Send” once more."))


class OutcomeForm(forms.Form):
    """What came of a report, as its reader will be told."""

    state = forms.ChoiceField(
        label="What came of it",
        widget=forms.RadioSelect,
        choices=[choice for choice in ReportState.choices if choice[0] != ReportState.OPEN],
        error_messages={"required": "Choose what came of it."},
    )
    correction = forms.ModelChoiceField(
        Correction.objects.none(),
        label="The change that was made",
        required=False,
        empty_label="None",
        help_text="For “Corrected”: propose the change on the record's own form; once it is applied, link it here.",
    )
    outcome = forms.CharField(
        label="In public words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "class": "vLargeTextField"}),
        help_text=(
            "For “No change”: why. Readers see this on the record's page, so repeat nothing of what the reader wrote "
            "about themselves or others."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = report.version
        self.report = report
        field = self.fields["correction"]
        field.queryset = corrections_for(report)  # type: ignore[attr-defined]
        field.label_from_instance = (  # type: ignore[attr-defined]
            lambda change: f"{timezone.localdate(change.decided_at)}: {change} — {change.reason[:80]}"
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        state = data.get("state")
        if state == ReportState.UNCHANGED and not data.get("outcome"):
            self.add_error("outcome", "Say for readers why nothing changes.")
        if state == ReportState.CORRECTED:
            if self.report.source_id is None and not data.get("correction") and "correction" not in self.errors:
                self.add_error("correction", "Link the change that was made, or choose “No change” and say why.")
            if self.report.source_id and not data.get("correction") and not data.get("outcome"):
                self.add_error("outcome", "Say for readers what was changed.")
        elif state:
            data["correction"] = None
        if state == ReportState.SPAM:
            data["outcome"] = ""
        return data
