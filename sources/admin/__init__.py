"""The desk's rooms for documents: outlets and sources, captures."""

from sources.admin.captures import CaptureAdmin
from sources.admin.documents import OutletAdmin, SourceAdmin

__all__ = ["CaptureAdmin", "OutletAdmin", "SourceAdmin"]
