"""Addresses that lead on: of a topic or speaker that was renamed, of a speaker who turned out to be another."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from claims.models import Speaker, Topic
from claims.renaming import leads_to

# Parameters of lists and comparisons that name a record by its slug.
_NAMED = {"speaker": Speaker, "topic": Topic}

# Seconds. A merger can be taken back, so nobody may keep it for ever.
KEPT = 3600


def leads_on(model: Any) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Lets a page by slug answer 301 where the slug is a former one. One query more where there is no such page."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view, updated=())
        def found(request: HttpRequest, slug: str, **others: str) -> HttpResponse:
            try:
                return view(request, slug=slug, **others)
            except Http404:
                if (now := leads_to(model, [slug]).get(slug)) is None:
                    raise
            assert request.resolver_match is not None  # noqa: S101
            return _permanently(
                reverse(request.resolver_match.view_name, kwargs={"slug": now, **others}), request.GET.urlencode()
            )

        return found

    return decorate


def with_present_names(request: HttpRequest) -> HttpResponse | None:
    """The same list or comparison by the slugs of today; None where the address names nobody by a former one."""
    asked, changed = request.GET.copy(), False
    for name, model in _NAMED.items():
        slugs = asked.getlist(name)
        if slugs and (now := leads_to(model, slugs)):
            asked.setlist(name, list(dict.fromkeys(now.get(slug, slug) for slug in slugs)))
            changed = True
    return _permanently(request.path, asked.urlencode()) if changed else None


def _permanently(path: str, query: str) -> HttpResponse:
    answer = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    answer["Cache-Control"] = f"max-age={KEPT}"
    return answer
