"""What a form asks beside the change itself, where readers see the record: what kind of change it is, and why."""

from typing import Any

from django import forms

from claims.choices import CorrectionKind

KINDS = (CorrectionKind.CORRECTION, CorrectionKind.CLARIFICATION, CorrectionKind.UPDATE, CorrectionKind.TYPO)
FIELDS = ["correction_kind", "correction_reason"]


def _kind() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Kind of change",
        required=False,
        choices=[("", "—"), *((kind.value, kind.label) for kind in KINDS)],
        help_text=(
            "“Correction” where something was wrong, “Clarification” where it could be misunderstood, “Update” where "
            "something new is known, “Typing error” where no meaning changes."
        ),
    )


def _reason() -> forms.CharField:
    return forms.CharField(
        label="Reason for readers",
        required=False,
        widget=forms.Textarea({"class": "vLargeTextField", "rows": 3, "dir": "auto"}),
        help_text="What was wrong or is new, in a sentence or two. It stands beside the record for ever.",
    )


class _Asks:
    """The two fields belong to no column, and are nothing that a colleague could have changed."""

    def compared(self) -> list[str]:
        return [name for name in super().compared() if name not in FIELDS]  # type: ignore[misc]


def with_reason(form: Any) -> Any:
    """The same form with the two questions."""
    fields = {"correction_kind": _kind(), "correction_reason": _reason(), "__module__": form.__module__}
    return type(form)(form.__name__, (_Asks, form), fields)
