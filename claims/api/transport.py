"""How everything for machines travels: open to any origin, with an ETag, and never as HTML."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from claims.api.problems import MEDIA_TYPE, plain

METHODS = "GET, HEAD, OPTIONS"
# Seconds for which a browser need not ask again whether it may.
PREFLIGHT_KEPT = 86_400
# What a 304 repeats of the 200 (RFC 9110, section 15.4.5), and what lets another site read it.
_OF_304 = (
    *("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Cache-Control", "Content-Location"),
    *("ETag", "Vary"),
)


def is_for_machines(path: str) -> bool:
    """Whether an address is of the API or of a JSON-LD document."""
    return path.startswith("/api/") or path.endswith(".jsonld")


class MachineMiddleware:
    """CORS without credentials, conditional requests, and problem+json for whatever failed before or after a view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not is_for_machines(request.path_info) or not isinstance(response, HttpResponse):
            return response
        if response.status_code >= 400 and response.get("Content-Type", "").startswith("text/html"):
            response.content, response["Content-Type"] = plain(response.status_code), MEDIA_TYPE
        elif 300 <= response.status_code < 400:
            response.headers.pop("Content-Type", None)
        return _open(request, _conditional(request, response))


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """With an ETag of the very bytes, or 304 where the reader has them already."""
    patch_vary_headers(response, ["Accept"])
    if response.status_code != 200:
        return response
    response.headers.setdefault("Cache-Control", "no-cache")
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response.headers["ETag"] = etag
    kept = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    if request.method not in {"GET", "HEAD"} or not {"*", etag} & set(kept):
        return response
    same = HttpResponseNotModified()
    for name in _OF_304:
        if name in response.headers:
            same.headers[name] = response.headers[name]
    return same


def _open(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Any site may read it; never with the reader's cookies, of which no answer depends."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS" and response.status_code == 204:
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_KEPT)
    return response
