"""A record that readers do not see yet, as they will see it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from claims.admin.enforced import RecordAdmin
from claims.admin.queue import form_of
from claims.models import Contradiction, Statement, Topic

PREVIEWED = {"statement": Statement, "contradiction": Contradiction, "topic": Topic}


@require_safe
def preview(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """For whoever may read the record at the desk; another's draft is not found."""
    room = admin.site._registry.get(PREVIEWED.get(kind, object))  # type: ignore[arg-type]
    if not isinstance(room, RecordAdmin):
        raise Http404
    record = room.get_queryset(request).filter(pk=pk).first()
    if record is None:
        raise Http404
    if not room.has_view_permission(request, record):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "Preview",
        "opts": room.opts,
        "record": record,
        "preview_template": room.preview_template,
        "form_url": form_of(record),
    }
    return TemplateResponse(request, "admin/claims/preview.html", context)
