"""The desk's room for readers' reports: read one, look at its record, and decide with an outcome for readers."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from claims.admin.steps import form_of
from claims.choices import ReportState
from claims.forms.reports import OutcomeForm
from claims.models import Report
from claims.reports import decide
from claims.waiting import label_of
from sources.desk import DeskAdmin

DECIDED = "Somebody decided on it meanwhile; see below what came of it."
_RELATED = ("statement__speaker", "topic", "speaker", "source__outlet", "correction", "decided_by")
_PAIRS = ("contradiction__question", "contradiction__first__speaker", "contradiction__second__speaker")


@admin.register(Report)
class ReportAdmin(DeskAdmin):
    list_display = ["about", "kind", "received_at", "state"]
    list_filter = ["state", "kind"]
    search_fields = ["ref", "message"]
    ordering = ["-received_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).select_related(*_RELATED, *_PAIRS).defer("statement__search")

    @admin.display(description="About")
    def about(self, report: Report) -> str:
        return label_of(report.record)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def is_public(self, obj: Any) -> bool:
        return True

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One report. Only who decides sees the reader's address."""
        known = object_id.isascii() and object_id.isdigit() and len(object_id) < 19
        report = self.get_queryset(request).filter(pk=object_id).first() if known else None
        if report is None:
            raise Http404
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        decides = self.has_change_permission(request, report)
        form = None
        status = 200
        if decides and report.state == ReportState.OPEN:
            form = OutcomeForm(request.POST if request.method == "POST" else None, report=report)
        if request.method == "POST":
            if not decides:
                raise PermissionDenied
            if form is None:
                self.message_user(request, DECIDED, messages.ERROR)
                status = 409
            elif form.is_valid():
                if self._decide(request, report, form):
                    return HttpResponseRedirect(form_of(report))
                report.refresh_from_db()
                status, form = 409, None if report.state != ReportState.OPEN else form
            else:
                status = 400
        context = {
            **self.admin_site.each_context(request),
            "title": "Reader report",
            "opts": self.opts,
            "report": report,
            "record": label_of(report.record),
            "record_url": form_of(report.record),
            "form": form,
            "decides": decides,
        }
        return TemplateResponse(request, "admin/claims/report.html", context, status=status)

    def _decide(self, request: HttpRequest, report: Report, form: OutcomeForm) -> bool:
        try:
            decide(report, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            for message in error.messages:
                self.message_user(request, message, messages.ERROR)
            return False
        self.message_user(request, "Decided. The reader finds it at the address they were given.", messages.SUCCESS)
        return True
