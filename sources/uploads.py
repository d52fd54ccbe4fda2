"""Uploads, bounded while they come in: onto the disk, never into memory, and no further than the limit."""

from typing import Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from sources.extraction import MOST_UPLOAD

PATIENCE = 4 * MOST_UPLOAD  # Bytes of one file that are read away, so that the browser shows our answer.

_TOO_LARGE = "sources.upload_too_large"


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Counts the bytes that arrive, since a Content-Length may lie or be missing.

    A file that grows too large is dropped, and `was_too_large(request)` says so; the other fields of the form are
    there. Beyond PATIENCE the connection is given up.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.dropped = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        if start + len(raw_data) <= MOST_UPLOAD:
            return super().receive_data_chunk(raw_data, start)
        if not self.dropped:
            self.dropped = True
            self.upload_interrupted()
            if self.request is not None:
                self.request.META[_TOO_LARGE] = True
        if start > PATIENCE:
            raise StopUpload(connection_reset=True)
        return None

    def file_complete(self, file_size: int) -> Any:
        return None if self.dropped else super().file_complete(file_size)


def was_too_large(request: HttpRequest) -> bool:
    """Whether a file of this request was larger than MOST_UPLOAD. Ask after request.POST was read."""
    return _TOO_LARGE in request.META
