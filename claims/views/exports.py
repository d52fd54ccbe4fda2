"""The public record as files: its history, and the checkpoint by which a copy of it can be checked later."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from claims.history_export import lines
from claims.sealing import newest_note


@require_safe
def history(request: HttpRequest) -> HttpResponseBase:
    """Every sealed event, one line of JSON each, sent as it is made; a HEAD makes none."""
    form = {
        "content_type": "application/x-ndjson",
        "headers": {"Content-Disposition": 'attachment; filename="history.jsonl"'},
    }
    if request.method == "HEAD":
        return HttpResponse(**form)
    return StreamingHttpResponse(lines(newest_note().size), **form)


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse(str(newest_note()), content_type="text/plain; charset=utf-8")
