"""Every address of the site, read off the URLconf, for tests that must miss none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address pattern: its name with its namespace, the parameters it takes, and the view it calls."""

    name: str
    route: str
    parameters: tuple[str, ...]
    view: Any

    @property
    def is_desk(self) -> bool:
        return self.route.startswith("admin/")

    @property
    def room(self) -> Any:
        """The model whose room this is: “admin:claims_statement_change” → Statement; None for other pages."""
        app, _, rest = self.name.removeprefix("admin:").partition("_")
        for label in ("claims", "sources", "auth", "config", "otp_totp", "otp_static"):
            if self.name.startswith(f"admin:{label}_"):
                app, rest = label, self.name.removeprefix(f"admin:{label}_")
        model = rest.partition("_")[0]
        found = apps.all_models.get(app, {}).get(model)
        return found if self.is_desk else None


def routes() -> list[Route]:
    return list(_routes(get_resolver(), "", "", ()))


def _routes(resolver: URLResolver, prefix: str, namespace: str, above: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        parameters = (*above, *pattern.pattern.converters, *_groups(pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern, route, inner, parameters)
        elif isinstance(pattern, URLPattern):
            yield Route(namespace + (pattern.name or ""), route, parameters, pattern.callback)


def _groups(pattern: Any) -> tuple[str, ...]:
    """The named groups of a pattern that is a regular expression."""
    regex = getattr(pattern.pattern, "_regex", None)
    return tuple(pattern.pattern.regex.groupindex) if regex and not pattern.pattern.converters else ()
