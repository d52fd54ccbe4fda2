"""Which request made a change: the history names it, whatever view wrote."""

from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sources.acting import answering

READING = {"GET", "HEAD", "OPTIONS"}


class OriginMiddleware:
    """Gives each request that may write a name: its method, its address, and a number that tells it from the next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in READING:
            return self.get_response(request)
        with answering(f"{request.method} {request.path} {uuid4().hex[:8]}"):
            return self.get_response(request)
