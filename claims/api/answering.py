"""What every view of the API shares: JSON alone, no credentials, the filters of the pages, pages by cursor."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import NotAcceptable, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.pagination import BasePagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from claims.addresses import absolute
from claims.annotations import PROFILE
from claims.api.problems import Held, Moved, Withdrawn
from claims.corrections_shown import tombstone
from claims.cursors import PAGE_SIZE, Page, page
from claims.filtering import ListFilter
from claims.models import Speaker, Topic
from claims.renaming import leads_to
from claims.views.moved import KEPT, with_present_names
from claims.views.records import once_public

MOST = 100
LIMIT = f"Write a whole number from 1 to {MOST}."


class LinkedRenderer(JSONRenderer):
    media_type = "application/ld+json"


class AnnotationRenderer(JSONRenderer):
    media_type = PROFILE


class JsonAlone(BaseContentNegotiation):
    """The view's one form, for whoever takes it or plain JSON; others get 406 and no guess."""

    def select_parser(self, request: Request, parsers: Any) -> None:
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        one = renderers[0]
        offered = [one.media_type, one.media_type.partition(";")[0], "application/json", "application/problem+json"]
        http = request._request
        if http.accepted_types and http.get_preferred_type(offered) is None:
            raise NotAcceptable
        return one, one.media_type


class KeysetPages(BasePagination):
    """Pages by the project's own cursors (claims/cursors.py); the filter knows the order, if there is one."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Raises ValidationError for a limit or a cursor that cannot be used. One query."""
        self.request = request
        limit = _limit(request.query_params.get("limit", str(PAGE_SIZE)))
        try:
            self.found = view.page_of(queryset, limit)
        except DjangoValidationError as error:
            raise ValidationError({"cursor": error.messages}) from error
        return list(self.found.rows)

    def get_paginated_response(self, data: Any) -> Response:
        following = next_address(self.request, self.found)
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        return Response({"results": data, "next": following or None}, headers=headers)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {"type": ["string", "null"], "format": "uri", "description": "The next page; null on the last."}
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": following},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return []


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise ValidationError({"limit": [LIMIT]})
    return int(text)


def next_address(request: Request, found: Page[Any]) -> str:
    """The same list from where this page ends; "" on the last page."""
    if not found.next_cursor:
        return ""
    asked = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
    return absolute(f"{request.path}?{urlencode([*asked, ('cursor', found.next_cursor)])}")


class PageFilters(DjangoFilterBackend):
    """django-filter's backend with the filters of the pages; what they refuse is 400 here too."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        view.filterset = self.get_filterset(request, queryset, view)
        if view.filterset is None or view.filterset.is_valid():
            return queryset
        if led := with_present_names(request._request):
            raise Moved(led["Location"], led["Cache-Control"])
        raise ValidationError(dict(view.filterset.errors))


class MachineView(GenericAPIView[Any]):
    """Asked with GET or HEAD, and with OPTIONS by browsers that want to know whether they may."""

    # Its name in the description, and the form of its answer where no serializer tells it.
    name = ""
    answers: dict[str, Any] | None = None
    http_method_names = ["get", "head", "options"]
    content_negotiation_class = JsonAlone
    filter_backends: Sequence[Any] = ()
    filterset_class: type[ListFilter] | None = None
    pagination_class: type[KeysetPages] | None = None
    filterset: ListFilter | None = None
    # Where there are no filters: the column of the order.
    by = ""

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204)

    def page_of(self, rows: QuerySet[Any], limit: int) -> Page[Any]:
        if self.filterset is not None:
            return self.filterset.page(limit)
        return page(rows, cursor=self.request.query_params.get("cursor", ""), by=self.by, size=limit)

    def record(self, rows: Any, **lookup: str) -> Any:
        """The record among the public `rows`. Raises Withdrawn, Moved or Http404, which says “being checked” of a held
        one. At most two queries more where it is not public, for a draft as for an unknown address."""
        if found := rows.filter(**lookup).first():
            return found
        if hasattr(rows.model.objects.all(), "once_public"):
            kept, gone = once_public(rows, **lookup)
            if kept is not None and gone:
                raise Withdrawn(tombstone(kept))
            if kept is not None:
                raise Held
        if rows.model in {Speaker, Topic} and (now := leads_to(rows.model, list(lookup.values()))):
            (was,) = lookup.values()
            raise Moved(self._renamed(now[was]), f"max-age={KEPT}")
        raise Http404

    def _renamed(self, slug: str) -> str:
        """This address with the slug of today."""
        match = self.request.resolver_match
        assert match is not None  # noqa: S101
        asked = self.request.META.get("QUERY_STRING", "")
        path = reverse(match.view_name, kwargs={**self.kwargs, "slug": slug})
        return f"{path}?{asked}" if asked else path
