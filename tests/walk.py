"""Every address of the site, read off the URLconf, for tests that must miss none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address pattern: its name with its namespace, the pattern, and the parameters that it takes."""

    name: str
    pattern: str
    parameters: tuple[str, ...]

    @property
    def is_desk(self) -> bool:
        return self.pattern.startswith("admin/")

    @property
    def room(self) -> Any:
        """The room of the desk that it belongs to, as Django's ModelAdmin; None for a page of no one room."""
        for model, room in admin.site._registry.items():
            if self.pattern.startswith(f"admin/{model._meta.app_label}/{model._meta.model_name}/"):
                return room
        return None

    @property
    def page(self) -> str:
        """Which page of its room: “change” of “admin:claims_statement_change”; the whole name where there is none."""
        if (room := self.room) is None:
            return self.name
        return self.name.removeprefix(f"admin:{room.opts.app_label}_{room.opts.model_name}_")


def routes() -> list[Route]:
    return list(_routes(get_resolver(), "", "", ()))


def _routes(resolver: URLResolver, prefix: str, namespace: str, above: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        whole = prefix + str(pattern.pattern)
        parameters = (*above, *_parameters(pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern, whole, inner, parameters)
        elif isinstance(pattern, URLPattern):
            yield Route(namespace + (pattern.name or ""), whole, parameters)


def _parameters(pattern: Any) -> tuple[str, ...]:
    """The names in a pattern, be it a path or a regular expression."""
    return tuple(pattern.pattern.regex.groupindex)
