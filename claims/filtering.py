"""What every list of readers shares: fields with clear refusals, pages, results by value, filters in force."""

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.cursors import PAGE_SIZE, Page, page
from claims.facets import MOST_COUNTED, MOST_SHOWN, Count, CountedOptions, Facet, counts
from sources import edtf
from sources.forms import EdtfField

SORTS = (("newest", _("Newest first")), ("oldest", _("Oldest first")))


class PlainEdtfField(EdtfField):
    """A date as on the desk, without the desk's look; left empty, it asks for nothing."""

    help = ""
    attrs = {}

    def __init__(self, *, bound: str, **kwargs: Any) -> None:
        self.bound = bound
        super().__init__(**kwargs)

    def clean(self, value: Any) -> edtf.UncertainDate | None:  # type: ignore[override]
        try:
            date = super().clean(value)
        except forms.ValidationError as error:
            if get_language() == settings.LANGUAGE_CODE:
                raise
            # What exactly is wrong with a date, the desk says in its own language only.
            unread = _("“%(value)s” is no date that we can read. Write 2024-08-15, 2024-08 or 2024.")
            raise forms.ValidationError(unread, code="invalid", params={"value": value[:40]}) from error
        if value and getattr(date, self.bound) is None:
            raise forms.ValidationError(_("This date has no such end; write a day, a month or a year."), code="open")
        return None if date.precision == "unknown" else date


class EdtfFilter(filters.Filter):
    field_class = PlainEdtfField


def several(queryset: Any, field: str, label: Any, **kwargs: Any) -> filters.ModelMultipleChoiceFilter:
    return filters.ModelMultipleChoiceFilter(
        field_name=field,
        to_field_name="slug",
        queryset=queryset,
        label=label,
        widget=CountedOptions,
        distinct=False,
        error_messages={"invalid_choice": _("“%(value)s” is not on record here; choose from the list.")},
        **kwargs,
    )


def listed(choices: Any, field: str, label: Any, **kwargs: Any) -> filters.MultipleChoiceFilter:
    return filters.MultipleChoiceFilter(
        field_name=field,
        lookup_expr=kwargs.pop("lookup_expr", "exact"),
        choices=choices,
        label=label,
        widget=CountedOptions,
        distinct=False,
        error_messages={"invalid_choice": _("“%(value)s” is not one of the values; choose from the list.")},
        **kwargs,
    )


class ListFilter(filters.FilterSet):
    """What all lists share: one page of results, which is empty only when nothing matches.

    `by` is the column of the order, "" for the order in which rows were recorded.
    """

    by = ""
    descending = False
    names_people = False  # Whether its `q` finds speakers by their names.
    facets: ClassVar[Mapping[str, Facet]] = {}
    total: int | None = None  # Results on all pages, or MOST_COUNTED where there are more; known once they are counted.

    def page(self, size: int = PAGE_SIZE) -> Page[Any]:
        """The page that the cursor names. Raises ValidationError for a broken cursor; call after `is_valid`."""
        return page(self.qs, cursor=self.data.get("cursor", ""), by=self.by, descending=self.descending, size=size)

    @property
    def is_cut(self) -> bool:
        """Whether there are more results than were counted."""
        return self.total == MOST_COUNTED

    def count_results(self) -> None:
        """Gives each value its number of results, and takes away the values without; call after `is_valid`.

        Values of one filter add up, so the filter itself does not bound its own counts. 1 query, and 1 more for each
        filter in force.
        """
        chosen = {name: [v for v in self.data.getlist(name) if v] for name in self.facets}
        if not self.facets:
            return
        told = counts(self.qs, {name: facet for name, facet in self.facets.items() if not chosen[name]})
        self.total = told.pop("")[0].results
        for name in filter(chosen.get, chosen):
            told[name] = counts(self._without(name), {name: self.facets[name]})[name]
        for name, found in told.items():
            self._offer(name, found, chosen[name])

    def _without(self, name: str) -> QuerySet[Any]:
        """What the other filters let through."""
        given = self.form.cleaned_data
        self.form.cleaned_data = {**given, name: []}
        found = self.filter_queryset(self.queryset.all())
        self.form.cleaned_data = given
        return found

    def _offer(self, name: str, found: list[Count], chosen: list[str]) -> None:
        shown = [count for n, count in enumerate(found) if n < MOST_SHOWN or count.value in chosen]
        if self.facets[name].name:
            named = {c.value: c.name for c in shown} | {row.slug: str(row) for row in self.form.cleaned_data[name]}
        else:
            named = dict(self.form.fields[name].choices)
        missing = [value for value in chosen if value not in {count.value for count in shown}]
        widget = self.form.fields[name].widget
        widget.choices = [(value, named.get(value, value)) for value in [*(c.value for c in shown), *missing]]
        widget.results = {count.value: count.results for count in shown} | dict.fromkeys(missing, 0)

    def chips(self) -> list[tuple[str, str, str]]:
        """The filters in force: label, value in words, and the query string without it."""
        shown = []
        for name in self.filters:
            if name == "sort":
                continue
            values = [v for v in self.data.getlist(name) if v] if hasattr(self.data, "getlist") else []
            if not values:
                continue  # The choices of a field cost a query.
            field = self.form.fields[name]
            counted = getattr(field.widget, "results", None)
            offered = field.widget.choices if counted else getattr(field, "choices", ())
            choices = {str(k): str(v) for k, v in offered}
            for value in values:
                rest = self.data.copy()
                rest.setlist(name, [v for v in values if v != value])
                rest.pop("cursor", None)
                shown.append((str(self.filters[name].label), choices.get(value, value), f"?{rest.urlencode()}"))
        return shown


def order_of(*choices: tuple[str, Any]) -> filters.ChoiceFilter:
    names = ", ".join(value for value, _label in choices)
    return filters.ChoiceFilter(
        choices=choices,
        label=_("Order"),
        method="choose_order",
        empty_label=None,
        error_messages={
            "invalid_choice": format_lazy(_("“%(value)s” is no order; choose one of these: {orders}."), orders=names),
        },
    )


class SortedFilter(ListFilter):
    """A list whose reader chooses the order."""

    sort = order_of(*SORTS)
    descending = True

    def choose_order(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        self.descending = value != "oldest"
        return rows
