"""What the API answers when it cannot answer: one shape for every error, problem+json (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from psycopg.errors import QueryCanceled
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from claims.addresses import page_of, to
from claims.corrections_shown import Tombstone

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 30  # Seconds, after a query that took too long.
UNKNOWN = "There is no such record, or it is not public."
HELD = "This record is being checked and is not shown until an editor has decided; please come back later."
DETAILS = {
    400: "The request makes no sense to this server.",
    404: "There is nothing at this address; docs/api.md lists what there is. Addresses of the API end without a slash.",
    405: "The API is read only: ask with GET, HEAD or OPTIONS.",
    406: "This address answers in JSON alone; ask for application/json or */*.",
    500: "Something is broken here; please try again later.",
    503: "The answer took too long to find; ask for less, or later.",
}


class Moved(Exception):
    """A former name: the record, or the list, is found at another address now."""

    def __init__(self, location: str, kept: str) -> None:
        self.location, self.kept = location, kept


class Held(Http404):
    """It was public, and is not shown while it is being checked."""


class Withdrawn(exceptions.APIException):
    """It was public and was taken back: what may be told of it is in `tombstone`."""

    status_code = 410
    default_detail = "This record was published here and was withdrawn."

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__()
        self.tombstone = tombstone


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}


def plain(status: int) -> bytes:
    """What is answered where no view of the API was reached."""
    detail = DETAILS.get(status, HTTPStatus(status).description or HTTPStatus(status).phrase)
    return bytes(JSONRenderer().render(problem(status, detail)))


def told(exc: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001
    """What is answered to an exception in a view; None for what nobody foresaw, which is logged and answered as 500."""
    if isinstance(exc, Moved):
        return Response(status=301, headers={"Location": exc.location, "Cache-Control": exc.kept})
    if isinstance(exc, OperationalError) and isinstance(exc.__cause__, QueryCanceled):
        return _answer(503, DETAILS[503], headers={"Retry-After": str(RETRY_AFTER)})
    if isinstance(exc, Http404):
        return _answer(404, HELD if isinstance(exc, Held) else UNKNOWN)
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return None
    if isinstance(exc, Withdrawn):
        return _answer(410, str(exc.detail), tombstone=_tombstone(exc.tombstone))
    if isinstance(exc, exceptions.ValidationError):
        return _answer(400, "A parameter has a bad value; `errors` says which and what to do.", errors=exc.detail)
    wait = getattr(exc, "wait", None)
    headers = {"Retry-After": f"{wait:.0f}"} if wait else {}
    return _answer(exc.status_code, DETAILS.get(exc.status_code, str(exc.detail)), headers=headers)


def _answer(status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> Response:
    return Response(problem(status, detail, **more), status=status, headers=headers, content_type=MEDIA_TYPE)


def _tombstone(stone: Tombstone) -> dict[str, Any]:
    """What readers are told at the address of a withdrawn record: never its words."""
    went = stone.withdrawal
    return {
        "withdrawn_at": went.decided_at if went else None,
        "reason": went.reason if went else "",
        "correction": to("api_correction", went.ref) if went else None,
        "with": stone.by,
        "question": stone.question,
        "speakers": [{"slug": s.slug, "name": s.name, "html": page_of(s)} for s in stone.speakers],
        "topics": [{"slug": t.slug, "title": t.title, "html": page_of(t)} for t in stone.topics],
    }
