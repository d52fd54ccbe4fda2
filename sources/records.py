"""What every recorded row is built from: references, versions, clean text, closed vocabularies, uncertain dates.

Constraints stand here as functions that return Django constraints, so that a rule such as "the first day is
not after the last" is written once for every model that has it.
"""

import re
import secrets
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Func, Q, Value

from sources.choices import Precision
from sources.kept_text import digest, normalise

REF_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base32, lower case: no i, l, o, u.
REF_LENGTH = 10
REF_PATTERN = f"^[{REF_ALPHABET}]{{{REF_LENGTH}}}$"

# Characters that reorder or hide text (Unicode TR36): overrides, embeddings, isolates, tags.
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def new_ref() -> str:
    """A new permanent public reference: 10 characters of Crockford base32, 50 random bits, never reused."""
    return "".join(secrets.choice(REF_ALPHABET) for _ in range(REF_LENGTH))


def refuse_unseen(value: str) -> None:
    """Refuse characters that reorder or hide text in a name, title or locator."""
    if found := _UNSEEN.search(value):
        name = unicodedata.name(found[0], f"U+{ord(found[0]):04X}")
        raise ValidationError(
            f"This text has an invisible control character ({name.lower()}); delete it and type the words again.",
            code="unseen",
        )


class NormalisedText:
    """A text field stored normalised, whoever writes it: form, bulk write, fixture.

    One speaker must not become two because one editor's keyboard composes accents and another's does not.
    """

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return normalise(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]
        return normalise(value) if isinstance(value, str) else value


class Line(NormalisedText, models.CharField):
    """One line of text in NFC, without characters that reorder or hide text: a name, a title, a locator."""

    default_validators = [refuse_unseen]


class Words(NormalisedText, models.TextField):
    """Verbatim or explanatory text in NFC, of any length and any script."""


class TextDigest(models.CharField):
    """The sha256 of another field's text, computed when the row is cleaned or saved.

    loaddata writes rows as they stand: there the CHECK on the column has the word.
    """

    def __init__(self, of: str = "text", **kwargs: Any) -> None:
        self.of = of
        super().__init__(**{"max_length": 64, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.of, *args], kwargs

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        return digest(getattr(model_instance, self.of))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = digest(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


class WebAddress(Line):
    """An http or https address; "" where there is none."""

    default_validators = [refuse_unseen, URLValidator(schemes=["http", "https"])]


class Versioned(models.Model):
    """A row that editors change. The database counts its versions (migration sources 0002): a write that
    changes nothing keeps the number, any other adds one, however it was written."""

    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Counts the changes of this record; the database keeps it."
    )

    class Meta:
        abstract = True


def ref_field() -> models.CharField:
    return models.CharField(
        max_length=REF_LENGTH,
        unique=True,
        default=new_ref,
        editable=False,
        validators=[RegexValidator(REF_PATTERN)],
        help_text="The permanent public reference, made by the system; never reused.",
    )


class Referenced(Versioned):
    """A row with a permanent public address."""

    ref = ref_field()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        return (self.ref,)


class ByRef(models.QuerySet[Any]):
    """Rows found by their public reference."""

    def get_by_natural_key(self, ref: str) -> Any:
        return self.get(ref=ref)


class BySlug(models.QuerySet[Any]):
    """Rows found by their slug."""

    def get_by_natural_key(self, slug: str) -> Any:
        return self.get(slug=slug)


ByRefManager = models.Manager.from_queryset(ByRef)
BySlugManager = models.Manager.from_queryset(BySlug)


def ref_check(model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(ref__regex=REF_PATTERN),
        name=f"{model}_ref_form",
        violation_error_message="A reference is 10 characters of Crockford base32, lower case (no i, l, o, u).",
    )


def choice_check(
    model: str, field: str, choices: type[models.TextChoices], *, blank: bool = False
) -> models.CheckConstraint:
    """The database's own copy of a closed vocabulary: loaddata and bulk writes never look at `choices`."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [*choices.values, *([""] if blank else [])]}),
        name=f"{model}_{field}_known",
        violation_error_message=f"Choose one of the listed values for “{field.replace('_', ' ')}”.",
    )


def url_check(model: str, field: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | Q(**{f"{field}__regex": r"^https?://[^\s]+$"}),
        name=f"{model}_{field}_http",
        violation_error_message="Give an address that begins with http:// or https://, or leave it empty.",
    )


class IsNFC(Func):
    """True where a text is in Unicode normalisation form C."""

    template = "(%(expressions)s IS NFC NORMALIZED)"
    output_field = models.BooleanField()
    conditional = True


def sha256_of(field: str) -> Func:
    """SQL: the lower-case hexadecimal sha256 of a text column's UTF-8 bytes."""
    as_bytes = Func(F(field), Value("UTF8"), function="convert_to", output_field=models.BinaryField())
    digest = Func(as_bytes, function="sha256", output_field=models.BinaryField())
    return Func(digest, Value("hex"), function="encode", output_field=models.TextField())


class _FirstDayOf(Func):
    template = "(date_trunc('%(unit)s', %(expressions)s::timestamp))::date"
    output_field = models.DateField()


class _LastDayOf(Func):
    template = "(date_trunc('%(unit)s', %(expressions)s::timestamp) + interval '1 %(unit)s - 1 day')::date"
    output_field = models.DateField()


def date_checks(model: str, earliest: str, latest: str) -> list[models.CheckConstraint]:
    """Hold an uncertain date (two days and a precision) together, as sources/edtf.py reads and writes it."""
    known = Q(**{f"{earliest}__isnull": False, f"{latest}__isnull": False})

    def whole(unit: str) -> Q:
        return known & Q(**{earliest: _FirstDayOf(F(earliest), unit=unit), latest: _LastDayOf(F(earliest), unit=unit)})

    forms = (
        (
            Q(precision=Precision.UNKNOWN, approximate=False)
            & Q(**{f"{earliest}__isnull": True, f"{latest}__isnull": True})
        )
        | (Q(precision=Precision.DAY) & known & Q(**{earliest: F(latest)}))
        | (Q(precision=Precision.MONTH) & whole("month"))
        | (Q(precision=Precision.YEAR) & whole("year"))
        | (Q(precision=Precision.RANGE) & known & Q(**{f"{earliest}__lt": F(latest)}))
        | Q(**{"precision": Precision.RANGE, f"{earliest}__isnull": False, f"{latest}__isnull": True})
        | Q(**{"precision": Precision.RANGE, f"{earliest}__isnull": True, f"{latest}__isnull": False})
    )
    return [
        models.CheckConstraint(
            condition=Q(**{f"{earliest}__isnull": True})
            | Q(**{f"{latest}__isnull": True})
            | Q(**{f"{earliest}__lte": F(latest)}),
            name=f"{model}_dates_in_order",
            violation_error_message="The first day is after the last; swap them.",
        ),
        models.CheckConstraint(
            condition=forms,
            name=f"{model}_dates_fit_precision",
            violation_error_message=(
                "The days do not fit the precision: a day is one day, a month or year runs from its first day to its "
                "last, a range has one end or two different ones, and unknown has none and is not “about”."
            ),
        ),
        choice_check(model, "precision", Precision),
    ]
