"""A query that took too long answers 503, “come back later”, and not 500: the site is busy, not broken."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from psycopg.errors import QueryCanceled

RETRY_AFTER = 30  # Seconds.


class OverloadMiddleware(MiddlewareMixin):
    """Turns the database's statement timeout (setting STATEMENT_TIMEOUT) into a page with status 503."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError) and isinstance(exception.__cause__, QueryCanceled):
            response = render(request, "503.html", status=503)
            response["Retry-After"] = str(RETRY_AFTER)
            return response
        return None
