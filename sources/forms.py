"""Forms of the editor's desk: uncertain dates in one field, addresses made from names, no work lost or saved twice."""

import unicodedata
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify

from sources import edtf
from sources.addresses import AddressError, canonical
from sources.choices import CaptureMethod
from sources.excerpts import check_map
from sources.keeping import keepable, lock
from sources.records import REF_PATTERN, new_ref
from sources.seen import SeenForm

DATE_HELP = (
    "Write 2024-08-15 for a day, 2024-08 for a month, 2024 for a year, 2024-08-15/2024-08-16 for a time between two "
    "days; add ~ for “about”. Leave it empty if it is not known."
)

# The usual English spelling of letters, Arabic vowels left out; enough for an address that a person can read.
_LATIN = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآئپچژگک" + "абвгдежзийклмнопрстуфхцчшщыэюяёіїєґ",
        [
            *"a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a a a i a y p ch zh g k".split(),
            *"a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch y e yu ya e i yi ye g".split(),
        ],
        strict=True,
    )
)


def short(text: str, length: int = 90) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def latin(text: str) -> str:
    """A text in Latin letters as far as we can: by table, then accents dropped; other scripts are left as they are."""
    return unicodedata.normalize("NFKD", "".join(_LATIN.get(character, character) for character in text.lower()))


def free_slug(text: str, taken: models.QuerySet[Any], fallback: str) -> str:
    """An address part for a name: its Latin letters, with -2, -3 … where another record has it already."""
    stem = slugify(latin(text))[:90].strip("-") or f"{fallback}-{new_ref()[:5]}"
    slug, number = stem, 1
    while taken.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug


class EdtfField(forms.CharField):
    """An uncertain date in one text field; its value is an `edtf.UncertainDate`."""

    help = DATE_HELP
    attrs = {"class": "vTextField", "dir": "ltr", "autocomplete": "off"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "help_text": self.help, **kwargs})
        self.widget.attrs.update(self.attrs)

    def clean(self, value: Any) -> edtf.UncertainDate:
        text = super().clean(value)
        try:
            return edtf.parse(text)
        except edtf.EdtfError as error:
            raise ValidationError(str(error), code="edtf") from error

    def prepare_value(self, value: Any) -> Any:
        return edtf.write(value) if isinstance(value, edtf.UncertainDate) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial) or ""
        return bool(super().has_changed(before, data))


class FormNumber(forms.RegexField):
    """The reference that a new record will have. No content: it never counts as a change."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class DeskForm(SeenForm):
    """A model form that loses nothing: saved twice it says so, saved over a colleague's change it says so too.

    `also_checked` names columns that are not fields of the form but are set by it, or that constraints read.
    """

    also_checked: tuple[str, ...] = ()
    # date field of the form → the columns of its first and last day
    dates: dict[str, tuple[str, str]] = {}
    slug_from = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = self._meta.model
        names = {field.name for field in model._meta.get_fields()}
        if not self.instance.pk and "ref" in names:
            self.fields["new_ref"] = FormNumber(REF_PATTERN, required=False, initial=new_ref)
        for name in self.dates:
            if name in self.fields and self.instance.pk:
                self.initial.setdefault(name, self._stored_date(name, self.instance))
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text += " Left empty, it is made from the name."

    def _stored_date(self, name: str, row: Any) -> edtf.UncertainDate:
        first, last = self.dates[name]
        return edtf.UncertainDate(getattr(row, first), getattr(row, last), row.precision, row.approximate)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._clean_twice(data)
        if "slug" in self.fields and not data.get("slug") and "slug" not in self.errors:
            text = data.get(self.slug_from, "")
            if text:
                data["slug"] = free_slug(text, self.slugs_taken(data), self._meta.model._meta.model_name or "record")
        return data

    def slugs_taken(self, data: dict[str, Any]) -> models.QuerySet[Any]:
        return self._meta.model._default_manager.all()

    def _clean_twice(self, data: dict[str, Any]) -> None:
        if ref := data.get("new_ref"):
            if self._meta.model._default_manager.filter(ref=ref).exists():
                self.add_error(
                    None,
                    "This form was saved already: find the record in the list. To record another one with these words, "
                    "press Save once more.",
                )
                self._show("new_ref", new_ref())
            else:
                self.instance.ref = ref

    def _show(self, name: str, value: str) -> None:
        """What the form shows in a field when it comes back."""
        shown = cast(QueryDict, self.data).copy()
        shown[self.add_prefix(name)] = value
        self.data = shown

    def add_error(self, field: str | None, error: Any) -> None:
        """As Django's; a complaint about a column that is no field of this form stands above the form instead of
        being a server error."""
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                known = name if name in self.fields else None
                super().add_error(self.error_field(known, errors), errors)
            return
        if field is None and isinstance(error, ValidationError):
            field = self.error_field(None, error.error_list)
        super().add_error(field, error)

    def error_field(self, name: str | None, errors: Iterable[ValidationError]) -> str | None:
        """The field beside which a complaint stands; None for above the form."""
        return None if name == NON_FIELD_ERRORS else name

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - set(self.also_checked)  # type: ignore[misc]

    def _post_clean(self) -> None:
        for name, (first, last) in self.dates.items():
            date = self.cleaned_data.get(name)
            if isinstance(date, edtf.UncertainDate):
                row = self.instance
                setattr(row, first, date.earliest)
                setattr(row, last, date.latest)
                row.precision, row.approximate = date.precision, date.approximate
        super()._post_clean()  # type: ignore[misc]


class OutletForm(DeskForm):
    slug_from = "name"


class SourceForm(DeskForm):
    published = EdtfField(label="Published")
    dates = {"published": ("published_from", "published_to")}
    also_checked = ("published_from", "published_to", "precision", "approximate")

    class Meta:
        labels = {"url": "Address"}

    def clean_url(self) -> str:
        """The address in its one spelling, which no other source may have. An address that stands is left alone."""
        url: str = self.cleaned_data["url"]
        if not url or (self.instance.pk and url == self.initial.get("url")):
            return url
        try:
            url = canonical(url)
        except AddressError as error:
            raise ValidationError(str(error), code="address") from error
        if twin := self._meta.model._default_manager.filter(url=url).exclude(pk=self.instance.pk).first():
            known = format_html(
                'There is already a source with this address; use that one: <a href="{}">{}</a>.',
                reverse("admin:sources_source_change", args=[twin.pk]),
                short(twin.title),
            )
            raise ValidationError(known, code="source_url_once")
        return url


class CaptureForm(DeskForm):
    """A new kept copy. Its text is taken as it is pasted: outer blanks are part of it."""

    also_checked = ("sha256",)

    class Meta:
        labels = {"archive_url": "Archived at"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text" in self.fields:
            cast(forms.CharField, self.fields["text"]).strip = False

    def clean_text(self) -> str:
        return keepable(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # Before Django looks for a capture of the same text.
        if (source := data.get("source")) and source.pk:
            lock(source)
        if data.get("is_excerpt") and data.get("excerpt_map"):
            for problem in check_map(data.get("text", ""), data["excerpt_map"]):
                self.add_error("excerpt_map", problem)
        if not self.instance.pk and "method" not in self.fields:
            self.instance.method = CaptureMethod.PASTED
        return data
