"""Too much: a query that took too long answers 503, “come back later”; a form that is too large answers 413."""

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.views import defaults
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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's page for a request that makes no sense; a form with more words than DATA_UPLOAD_MAX_MEMORY_SIZE makes
    sense and is too large."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return defaults.bad_request(request, exception)
