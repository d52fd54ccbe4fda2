"""How many results each value of a filter would leave, among what the other filters let through."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.forms import CheckboxSelectMultiple

MOST_COUNTED = 10_000
"""Results that are counted; of more, any that many, so that the cost has a bound."""
MOST_SHOWN = 20
"""Values that are offered of a filter, those with most results first."""


@dataclass(frozen=True)
class Facet:
    """The values of a filter: the paths that lead to them from a result, and the column of their names.

    paths: several where a result has the value in any of these ways; it counts once. name: "" where the filter's own
    choices name the values. where: what a value must be for readers to see it.
    """

    paths: tuple[str, ...]
    name: str = ""
    value: str = ""
    many: bool = False  # Whether the column is an array.
    where: Q = field(default_factory=Q)


@dataclass(frozen=True)
class Count:
    value: str
    name: str
    results: int


def counts(found: QuerySet[Any], facets: Mapping[str, Facet]) -> dict[str, list[Count]]:
    """Facet → its values with most results first, of any MOST_COUNTED of the rows found; "" → how many. 1 query."""
    base, values = found.order_by().values("pk")[:MOST_COUNTED].query.sql_with_params()
    parts: list[str] = ["SELECT '', '', '', count(*) FROM found"]
    params = [*values]
    for name, facet in facets.items():
        sql, some = _rows_of(found.model, facet)
        parts.append(f"SELECT %s, value, name, count(*) FROM ({sql}) AS rows (key, value, name) GROUP BY value, name")  # noqa: S608
        params += [name, *some]
    told: dict[str, list[Count]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH found (key) AS MATERIALIZED ({base}) {' UNION ALL '.join(parts)}", params)
        for facet_name, value, label, results in cursor.fetchall():
            told[facet_name].append(Count(value, label, results))
    return {name: sorted(told[name], key=lambda c: (-c.results, c.name, c.value)) for name in ("", *facets)}


def _rows_of(model: Any, facet: Facet) -> tuple[str, tuple[Any, ...]]:
    """Key, value and name of each result and each of its values, without doubles."""
    results = model._base_manager.filter(facet.where, pk__in=RawSQL("SELECT key FROM found", []))
    kinds = []
    for path in facet.paths:
        column = F(f"{path}__{facet.value}" if facet.value else path)
        value = Func(column, function="unnest", output_field=TextField()) if facet.many else Cast(column, TextField())
        label = Cast(F(f"{path}__{facet.name}") if facet.name else Value(""), TextField())
        # Joined, not excluded: PostgreSQL compared each of 5,000 results with each of 50,000 others, for half a minute.
        rows = results.filter(**{f"{path}__isnull": False}) if facet.value and not facet.where else results
        kinds.append(rows.order_by().values_list("pk", value, label).distinct())
    joined = kinds[0].union(*kinds[1:]) if kinds[1:] else kinds[0]
    return joined.order_by().query.sql_with_params()


class CountedOptions(CheckboxSelectMultiple):
    """Checkboxes, each with its number of results where they were counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.results: dict[str, int] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        return option | {"results": self.results.get(str(value))}
