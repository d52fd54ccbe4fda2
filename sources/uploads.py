"""Uploads, bounded while they come in, all files of a request together: onto the disk for the two pages that ask for a
file, nowhere for any other.

Django reads a form before it asks who sent it. So that a stranger's file costs nothing, the setting
FILE_UPLOAD_HANDLERS names the handler that keeps none, and `takes_files` gives the other to a view.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from sources.extraction import MOST_UPLOAD

PATIENCE = 4 * MOST_UPLOAD  # Bytes of files that are read away, so that the browser shows our answer.
UNASKED = 1024 * 1024  # The same where no file was asked for.

_TOO_LARGE = "sources.upload_too_large"


class UnaskedUploadHandler(FileUploadHandler):
    """Keeps no file. Beyond UNASKED bytes of files the connection is given up; the fields before them are there."""

    arrived = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.arrived += len(raw_data)
        if self.arrived > UNASKED:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> None:
        pass


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Counts the bytes of all files that arrive, since a Content-Length may lie or be missing.

    The file with which they grow too many is dropped, and so is each after it; `was_too_large(request)` says so, and
    the other fields of the form are there. Beyond PATIENCE the connection is given up.
    """

    arrived = 0
    dropped = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if not self.dropped:
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        self.arrived += len(raw_data)
        if self.arrived <= MOST_UPLOAD:
            return super().receive_data_chunk(raw_data, start)
        if not self.dropped:
            self.dropped = True
            self.upload_interrupted()
            if self.request is not None:
                self.request.META[_TOO_LARGE] = True
        if self.arrived > PATIENCE:
            raise StopUpload(connection_reset=True)
        return None

    def file_complete(self, file_size: int) -> Any:
        return None if self.dropped else super().file_complete(file_size)


def was_too_large(request: HttpRequest) -> bool:
    """Whether the files of this request were larger than MOST_UPLOAD. Ask after request.POST was read."""
    return _TOO_LARGE in request.META


def takes_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that may be sent files, MOST_UPLOAD bytes in all. Check who asks before: put admin_view around it.

    The middleware against forged forms would read the form before the view could choose how; so the check is made
    here, behind that choice.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def taking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [BoundedUploadHandler(request)]
        return protected(request, *args, **kwargs)

    return taking
